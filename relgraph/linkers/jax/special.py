"""Special functions for the rows' ``lower["jax"]`` column."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np
from jax.scipy import special
from scipy.special import zetac


def gammaln(x: Any) -> Any:
    """Taylor's series at 2 (Abramowitz and Stegun 6.1.33), and the recurrence, for x from 1/2 to 7/2: XLA's approximation keeps
    no digits about the zeros at 1 and 2."""
    inside = (x >= 0.5) & (x <= 3.5)
    below, above = x < 1.5, x > 2.5
    z = jnp.where(inside, x - jnp.where(below, 1, jnp.where(above, 3, 2)), 0)
    series = jnp.zeros_like(z)
    for k in range(30, 1, -1):
        series = (series + (-1) ** k * float(zetac(k)) / k) * z
    series = (series + (1 - np.euler_gamma)) * z
    log = jnp.where(jnp.abs(z) < 0.25, jnp.log1p(z), jnp.log(1 + z))  # XLA's log1p is 100 units off at -0.41
    near = series + jnp.where(below, -log, jnp.where(above, jnp.log(2 + z), 0))
    return jnp.where(inside, near, special.gammaln(x))


def digamma(x: Any) -> Any:
    """An infinity of the side that zero is approached from."""
    return jnp.where(x == 0, -jnp.copysign(jnp.inf, x), special.digamma(x))


def trigamma(x: Any) -> Any:
    """Recurrence and asymptotic series for ``x > 0``, reflection below."""
    positive = special.polygamma(1, jnp.where(x > 0, x, 1 - x))
    s = jnp.sin(jnp.pi * (x - jnp.round(x)))
    return jnp.where(x == jnp.inf, 0, jnp.where(x > 0, positive, (jnp.pi / s) ** 2 - positive))


def polygamma(x: Any, order: int) -> Any:
    return jnp.where(x > 0, special.polygamma(order, jnp.where(x > 0, x, 1)), jnp.nan)


def log1mexp(x: Any) -> Any:
    return jnp.where(x > -np.log(2), jnp.log(-jnp.expm1(x)), jnp.log1p(-jnp.exp(x)))
