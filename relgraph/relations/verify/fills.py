"""The numbers of an array, by the kind of its fill: mild or hostile, of any scale, tied, singular, or all of these."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, TypeAlias

import numpy as np

from ..matrices import generator, normal, whole
from .values import SINGLE, beside, pool, thirds

__all__ = ["ALONE", "FILLS", "OUTSIDE", "drawn", "outside", "scaled", "tied"]

Array: TypeAlias = np.ndarray[Any, Any]

FILLS: tuple[str, ...] = (
    "mild", "steps", "positive", "integers", "nan", "inf", "zeros", "huge", "tiny", "hostile", "dominant", "outside", "beyond",
    "ties", "equals", "minus", "singular", "all singular", "absorbed", "crowd", "marked", "definite", "negative", "overflow",
    "nan in zeros", "first nan", "second nan", "third nan", "first nan beside zeros", "second nan beside zeros",
    "first nan in zeros")
# The one variable that has a NaN, what it is filled with, and what the others are.
ALONE = {"first nan": (0, "nan", "mild"), "second nan": (1, "nan", "mild"), "third nan": (2, "nan", "mild"),
         "first nan beside zeros": (0, "nan", "zeros"), "second nan beside zeros": (1, "nan", "zeros"),
         "first nan in zeros": (0, "nan in zeros", "mild")}
OUTSIDE = {"outside": 0, "beyond": -1}  # which position is made one of no axis: of every variable, or of the first alone
_LITERALS = np.array((2.0, 0.5, -1.0, 3.0, 1.0, 0.0, -2.5))
_EQUALS = np.array((0.0, 0.0, 0.0, -0.0, -0.0, -0.0, 1.0, 1.0, 1.0, np.nan))
_SHARES = {"positive": 0.8, "integers": 0.2}  # of bool that are true
_STEPS = {8: np.array((1.0, -1.0, 37.0, -37.0, 709.0, -709.0, 745.0, 1000.0, -1000.0)),
          4: np.array((1.0, -1.0, 37.0, 88.0, -88.0, 103.0, -103.0))}


def scaled(x: Array, kind: str, exactly: bool = False) -> Array:
    """Much larger or smaller; exactly so, that dependent rows stay dependent."""
    far = 15 if x.dtype in SINGLE else 120
    factor = {"huge": 10.0**far, "tiny": 10.0**-far, "overflow": 10.0 ** (far * 4 // 3)}  # of the last products overflow
    if exactly:
        factor = {k: 2.0 ** np.round(np.log2(f)) for k, f in factor.items()}
    with np.errstate(all="ignore"):
        return np.asarray(x * factor[kind], x.dtype) if kind in factor and x.dtype.kind in "fc" else x


def tied(shape: tuple[int, ...], dtype: np.dtype[Any]) -> Iterator[Array]:
    """Arrays with repeated numbers, of which the last is the least; matrices with repeated eigenvalues and singular values.

    Of several structures, that one may be what a guard asks for: positive definite, orthogonal, diagonal, the identity.
    """
    if len(shape) < 2:
        yield np.array([*[1] * (shape[-1] - 1), 0.5], dtype) if shape and shape[-1] else np.ones(shape, dtype)
        return
    one = np.eye(*shape[-2:], dtype=dtype)
    swap = np.array(one)
    swap[:2] = one[1::-1]
    least = np.array(one)
    least[:1] *= 2
    for x in (3 * one + swap, swap, least, one):
        yield np.array(np.broadcast_to(x, shape), dtype)


def outside(x: Array, kind: str) -> Array:
    """Positions of which one is outside of every axis that is tried, the others where they were."""
    if kind not in OUTSIDE or not x.size:
        return x
    x = np.array(x)
    x.flat[OUTSIDE[kind]] = -99 if x.dtype.kind == "i" and kind == "beyond" else 99
    return x


def _definite(x: Array) -> Array:
    """Positive definite matrices; of what is no matrix, positive numbers."""
    if x.ndim < 2 or x.shape[-1] != x.shape[-2]:
        return np.asarray(np.abs(x) + 0.1, x.dtype)
    return np.asarray(x @ np.conj(np.swapaxes(x, -1, -2)) + np.eye(x.shape[-1]), x.dtype)


@cache
def _hostile(dtype: np.dtype[Any]) -> dict[str, Array]:
    """Of which numbers an array that is not of floats is made, by fill: of those, most often, at which integers wrap."""
    if dtype.kind == "b":
        return {"hostile": pool(dtype)}
    info = np.iinfo(dtype)
    half, root = info.max // 2 + 1, int(info.max**0.5) + 1
    zero_doubled, zero_squared = info.min or half, 2 ** (info.bits // 2)
    some = {"huge": (info.min, info.max, half), "steps": (0, zero_doubled), "absorbed": (0, zero_squared, zero_doubled),
            "tiny": (half, 3), "inf": (root, 3, 0)}
    return {**dict.fromkeys(("hostile", "nan", "minus"), pool(dtype)), **{k: np.array(v, dtype) for k, v in some.items()}}


def _crowd(shape: tuple[int, ...], dtype: np.dtype[Any], rng: np.random.Generator) -> Array:
    """Along the first axis arrays of every kind, every other one of one number alone.

    The first half of them are of the kinds that those of other variables are of.
    """
    count, row = shape[0], (-1, *[1] * (len(shape) - 1))
    if dtype.kind == "b":
        return rng.random(shape) < rng.random(count).reshape(row)
    kinds = _kinds(dtype)
    kind = np.arange(count) // 2 % len(kinds)
    kind[count // 2:] = rng.permutation(kind[count // 2:])
    out = np.empty(shape, dtype)
    for k, numbers in enumerate(kinds):
        out[kind == k] = numbers[whole(rng, 0, len(numbers), (int(np.count_nonzero(kind == k)), *shape[1:]))]
    out[::2] = out[::2].reshape(len(out[::2]), -1)[:, :1].reshape(row)
    return out


@cache
def _kinds(dtype: np.dtype[Any]) -> list[Array]:
    """The numbers of the arrays of a crowd: integers that wrap or are small; of floats and complex numbers simple ones."""
    if dtype.kind in "fc":
        found = [(0, 1, -1), (0, 2, 3), (0.0, -0.0, 1), (1, -1, 2, -2, 0.5), (-1, -0.5, -3), (0.25, 0.5, -0.5), (3, 1, 2, -3),
                 (np.nan, 0, 1), (np.inf, -np.inf, 1), (*range(-4, 5),)]
        return [np.array(numbers, dtype) for numbers in found]
    info, known, rng = np.iinfo(dtype), pool(dtype), generator(0)
    return [*_hostile(dtype).values(), rng.integers(info.min, info.max, 64, dtype, endpoint=True),
            np.array([2**k for k in range(info.bits - 1)], dtype), np.arange(4).astype(dtype),
            np.array([info.max, 0, *known[known == -1], 1], dtype), np.array([0, *thirds(dtype)], dtype)]


def drawn(shape: tuple[int, ...], dtype: np.dtype[Any], kind: str, rng: np.random.Generator, *, place: int = 0,
          literal: bool = False, positions: bool = False, marks: tuple[float, ...] = ()) -> Array:
    """An array of a kind, for the variable at a place in the order of an equation's variables."""
    if literal:
        choice = _LITERALS[whole(rng, 0, len(_LITERALS), shape)]
        choice = -np.abs(choice) if kind == "negative" else choice
        choice = np.asarray(np.abs(np.round(choice)) if dtype.kind in "bu" else choice).astype(dtype)
        return scaled(choice, kind) if kind == "overflow" else choice
    if positions:  # in the others, which have at least two elements along an axis
        if kind in ("positive", "integers"):  # the third from either end, which the first plan most often has
            return np.asarray(np.where(whole(rng, 0, 2, shape) == 1, 2, 0 if dtype.kind == "u" else -3), dtype)
        return np.asarray(whole(rng, 0 if dtype.kind == "u" else -2, 2, shape), dtype)
    if kind == "crowd":
        return _crowd(shape, dtype, rng)
    if kind == "marked" and len(near := beside(dtype, marks)):
        at = near[np.isin(near, marks)]  # half of the elements, where the dtype has these numbers
        x = near[whole(rng, 0, len(near), shape)]
        return np.where(rng.random(shape) < 0.5, at[whole(rng, 0, len(at), shape)], x) if len(at) else x
    if kind in ALONE:
        its, own, others = ALONE[kind]
        kind = own if its == place else others
    x = normal(rng, shape, dtype)
    if dtype.kind == "b" and kind in _SHARES:
        return rng.random(shape) < _SHARES[kind] if x.size > 1 else np.full(shape, kind == "positive")
    if dtype.kind not in "fc":
        chosen = _hostile(dtype).get(kind)
        return x * (kind != "zeros") if chosen is None else chosen[whole(rng, 0, len(chosen), shape)]
    if kind == "absorbed":
        return np.asarray(x * (1e9 if np.finfo(dtype).bits == 32 else 1e18) ** place, dtype)
    if kind in ("zeros", "minus"):
        return np.full(shape, 0.0 if kind == "zeros" else -0.0, dtype)
    if kind == "dominant":  # what a factorisation that reads a half of a matrix takes, though it is not symmetric
        return np.asarray(x + shape[-1] * np.eye(shape[-1]) if len(shape) > 1 and shape[-1] == shape[-2] else x, dtype)
    if kind in ("definite", "negative"):
        return _definite(x) * (-1 if kind == "negative" else 1)
    if kind == "ties":
        return next(tied(shape, dtype), x)
    if kind == "positive":
        return np.asarray(np.abs(x) + 0.1, dtype)
    if kind in ("integers", "singular", "all singular"):
        x = np.asarray(np.round(2 * x), dtype)
        if kind != "integers" and (not place or kind == "all singular") and len(shape) > 1 and x.size:
            x[(0,) * (len(shape) - 2)][-1] = x[(0,) * (len(shape) - 2)][0]  # of a batch, the first one
        return x
    if kind == "equals":
        return np.asarray(_EQUALS[whole(rng, 0, len(_EQUALS), shape)], dtype)
    if kind == "steps":
        steps = _STEPS[4 if np.finfo(dtype).bits == 32 else 8]
        return np.asarray(steps[whole(rng, 0, len(steps), shape)], dtype)
    if kind == "hostile":
        good = pool(dtype)
        good = good[np.isfinite(good)]
        return good[whole(rng, 0, len(good), shape)]
    if kind in ("nan", "inf", "nan in zeros") and x.size:
        x = np.array(x * 0 if kind == "nan in zeros" else x)
        x.flat[int(rng.random() * x.size)] = (-np.inf, np.inf)[rng.random() < 0.5] if kind == "inf" else np.nan
        return x
    return scaled(x, kind)
