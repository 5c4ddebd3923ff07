"""Every elementwise relation that is said to repair: its right side at extreme inputs, in every linker, against mpmath."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from functools import cache
from typing import Any

import mpmath as mp
import numpy as np
import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relations_library.__main__ import relations
from relations_library.pipelines import default
from relgraph.relations import Relation
from relgraph.relations.predicates import all_of
from relgraph.relations.verify import verdict
from relgraph.relations.verify.admission import admitted
from relgraph.relations.verify.exact import Beyond, evaluate_exactly
from relgraph.relations.verify.pattern import ERRORS, instantiate
from relgraph.strategies import identity
from relgraph.terms.term import LVar, Term, const, toposort

from .extremes import ULP, WIDE, inf

LINKERS = ("numpy", "c", "numba", "jax")
PAIRS = [0.0, 1.0, -1.0, 0.5, -3.0, 1e-18, -1e-18, 2.0**-55, 37.0, 1000.0, -1000.0, inf, -inf]
LITERALS = (3.0, 2.0, -2.0, -3.0)
SLOW = {"gammaln", "digamma", "betaln", "ive", "kve", "i0e", "i1e", "k0e", "k1e", "erfinv"}  # mpmath takes seconds
EPS, TINY = 2.0**-52, 2.0**-1022
Array = np.ndarray[Any, Any]


def inputs(n: int) -> list[Term]:
    """Relations of as many variables share their inputs, so that one function computes them all."""
    return [rg.vector(f"x{n}{i}", f"n{n}") for i in range(n)]


@cache
def points(n: int) -> tuple[Array, ...]:
    if n <= 2:
        return tuple(a.ravel() for a in np.meshgrid(*[WIDE if n == 1 else PAIRS] * n, indexing="ij"))
    return tuple(np.random.default_rng(n).choice(PAIRS, (n, 60)))


@dataclass(frozen=True)
class Row:
    """A relation between elements: both sides over inputs, and at which points its guards admit it."""

    left: Term
    right: Term
    inputs: list[Term]
    admitted: Array
    movable: tuple[Array, ...]  # where an operand may move, of an integer it may not


def row(r: Relation) -> Row | None:
    """None of what is not a relation between elements that are real numbers."""
    order = toposort(r.lhs, r.rhs)
    if any(t.args and t.op.kind != "elementwise" for t in order):
        return None
    literals = [t for t in order if isinstance(t, LVar) and t.sort == "literal"]
    terms = [t for t in order if isinstance(t, LVar) and t.sort == "term"]
    if not terms or any("f" not in t.data[2] for t in terms):
        return None
    for c in LITERALS:
        xs = inputs(len(terms))
        binding = dict(zip(terms, xs, strict=True)) | {v: const(c + i, "float64") for i, v in enumerate(literals)}
        values = dict(zip(xs, points(len(terms)), strict=True)) | {binding[v]: np.array(binding[v].data) for v in literals}
        try:
            left, right = (instantiate(side, binding, "float64") for side in (r.lhs, r.rhs))
        except ERRORS:
            continue
        def ok(moved: dict[Term, Array], binding: Any = binding, values: Any = values, n: int = len(terms)) -> Array:
            return np.broadcast_to(admitted(all_of(r.guards), binding, values | moved), points(n)[0].shape)

        if np.any(ok({})):
            return Row(left, right, xs, ok({}), tuple(
                ok({x: np.nextafter(values[x], inf)}) | ok({x: np.nextafter(values[x], -inf)}) for x in xs))
    return None


REPAIRS = {n: r for n, r in relations().items() if verdict(r).mark("->") == "repairs"}
ROWS = {n: found for n, r in REPAIRS.items() if (found := row(r)) is not None}


def slopes(t: Term, xs: list[Term]) -> list[Term]:
    return [rg.grad(rnp.sum(t), x, disconnected="zero") for x in xs] if t.dtype.kind == "f" else []


@cache
def programs() -> dict[str, list[Term]]:
    """What a relation makes of its left side, and its derivatives in the default pipeline."""
    out = {}
    for name, r in ROWS.items():
        outputs = slopes(r.right, r.inputs)
        out[name] = [r.right, *(rg.function(r.inputs, outputs, linker="numpy", rewrite=default).term if outputs else ())]
    return out


@cache
def computed(linker: str) -> dict[Term, Array]:
    wanted = list(dict.fromkeys(t for ts in programs().values() for t in ts))
    sizes = sorted({len(r.inputs) for r in ROWS.values()})
    f = rg.function([x for n in sizes for x in inputs(n)], wanted, linker=linker, rewrite=identity)
    return dict(zip(wanted, f(*[a for n in sizes for a in points(n)]), strict=True))


def exact(t: Term, xs: list[Term], at: list[Any], infinite: bool) -> Any:
    """The value at a point; None where there is none."""
    try:
        y = evaluate_exactly(t, {x: np.array([v], object) for x, v in zip(xs, at, strict=True)}, infinite=infinite).flat[0]
    except (Beyond, OverflowError, ValueError, ZeroDivisionError):
        return None
    return None if y != y else y


def slope(t: Term, xs: list[Term], at: list[Any], k: int, y: Any, bits: int) -> Any:
    """A difference quotient that the step does not change; None at a kink, a jump, and where nothing but rounding is left."""
    quotients = []
    for h in (mp.mpf(2)**-(bits // 8) * (mp.fabs(at[k]) or 1), mp.mpf(2)**-(bits // 6) * (mp.fabs(at[k]) or 1)):
        a, c = (exact(t, xs, [*at[:k], at[k] + s * h, *at[k + 1:]], False) for s in (-1, 1))
        if a is None or c is None:
            return None
        quotients += [(c - y) / h, (c - a) / (2 * h)]
    g = quotients[-1]
    return g if all(mp.fabs(q - g) <= mp.mpf(2)**-30 * mp.fabs(g) for q in quotients) else None


@cache
def truth(name: str) -> list[tuple[Any, list[Any]] | None]:
    """Value and derivatives of the left side at every point that is admitted."""
    r = ROWS[name]
    bits = 400 if any(t.op.name in SLOW for t in toposort(r.left)) else 2500
    out: list[tuple[Any, list[Any]] | None] = []
    with mp.workprec(bits):
        for i, ok in enumerate(r.admitted):
            at = [mp.mpf(float(a[i])) for a in points(len(r.inputs))]
            finite = all(map(mp.isfinite, at))
            y = exact(r.left, r.inputs, at, not finite) if ok else None
            real = finite and r.right.dtype.kind == "f" and all(bits > 2000 or not v or mp.mag(v) > -100 for v in at)
            out.append(None if y is None else (y, [
                slope(r.left, r.inputs, at, k, y, bits) if real and r.movable[k][i] else None for k in range(len(at))]))
    return out


def bend(name: str, at: list[float], k: int, g: Any) -> Any:
    """How far a derivative moves, in units in the last place of its inputs, when these are rounded once."""
    r, out = ROWS[name], mp.mpf(0)
    with mp.workprec(bits := 400 if any(t.op.name in SLOW for t in toposort(r.left)) else 2500):
        for j, v in enumerate(at):
            moved = [mp.mpf(float(a)) * (1 + EPS * (i == j)) for i, a in enumerate(at)]
            there = slope(r.left, r.inputs, moved, k, exact(r.left, r.inputs, moved, False), bits) if v else g
            out += 0 if there is None else mp.fabs(there - g) / EPS
    return out


def near(a: Any, t: Any, size: Any) -> bool:
    if not isinstance(t, mp.mpf):
        return bool(a == t)
    if not mp.isfinite(t) or mp.fabs(t) > np.finfo("float64").max:
        return bool(a == (inf if t > 0 else -inf))
    return bool(mp.fabs(mp.mpf(float(a)) - t) <= ULP * EPS * (mp.fabs(t) + size) + 2 * TINY)


def wrong(name: str, linker: str) -> dict[str, list[tuple[Any, ...]]]:
    """Where values and derivatives are not the true ones."""
    return wrong_of(name, [computed(linker)[t] for t in programs()[name]])


def wrong_of(name: str, values: list[Array]) -> dict[str, list[tuple[Any, ...]]]:
    """Where results are not the true ones; they may move as far as the inputs rounded once move them."""
    found = [np.broadcast_to(a, points(len(ROWS[name].inputs))[0].shape) for a in values]
    out: dict[str, list[tuple[Any, ...]]] = {"value": [], "slope": []}
    for i, true in enumerate(truth(name)):
        if true is None:
            continue
        y, gs = true
        at = [float(a[i]) for a in points(len(gs))]
        moved = mp.fsum(mp.fabs(g * v) for g, v in zip(gs, at, strict=True) if g is not None)
        if not near(found[0][i], y, moved):
            out["value"].append((("value", *at), found[0][i], mp.nstr(y, 17)))
        size = max((mp.fabs(g) for g in gs if g is not None), default=mp.mpf(0))
        for k, g in enumerate(gs):
            if g is not None and not near(found[1 + k][i], g, size) and not near(found[1 + k][i], g, bend(name, at, k, g)):
                out["slope"].append(((f"in operand {k}", *at), found[1 + k][i], mp.nstr(g, 17)))
    return out


LOSES = {  # what is not true, and why; as written it is no better, save for `WORSE`
    "value": {
        **dict.fromkeys(["sigmoid_into", "sigmoid_balanced"], "an infinite weight times sigmoid(-1000), which underflows"),
        "gammaln_step": "gammaln(1 + 1e-18): 1 + x is 1; as a sum of two logarithms it is wrong by 1e-14",
        "arctanh_bend": "x/(1 - x)**4 at infinity, where the function whose derivative it is has no value",
        "log_power": "1**inf and inf**0 are 1 by convention, their logarithm is no limit of y*log(x)",
    },
    "slope": {
        **dict.fromkeys(["sin_arctan2", "sin_arctan2_pos", "cos_arctan2", "cos_arctan2_pos"],
                        "1/r - y**2/r**3; as x**2/r**3 it would be NaN at infinity"),
        "mills_slope": "a second derivative, in which two ratios cancel far out",
        **dict.fromkeys(["sqrt_product", "cbrt_product"], "at (0, 0) one factor has an infinite slope and the other is zero"),
    },
}
WORSE = {"value": {"arctanh_bend", "log_power"}, "slope": {"sin_arctan2", "sin_arctan2_pos", "cos_arctan2", "cos_arctan2_pos"}}


def test_most_repairs_are_of_elements() -> None:
    assert len(ROWS) >= 200 and len(ROWS) >= 0.7 * len(REPAIRS)


@pytest.mark.parametrize("linker", LINKERS)
def test_values_and_slopes_of_repaired_sides(linker: str) -> None:
    if not importlib.import_module(f"relgraph.linkers.{linker}").available():
        pytest.skip(f"{linker} is not available here")
    found = {(what, name): at for name in ROWS for what, at in wrong(name, linker).items() if at}
    assert not {k: v[:2] for k, v in found.items() if k[1] not in LOSES[k[0]]}
    if linker == "numpy":
        assert {(what, n) for what, names in LOSES.items() for n in names} <= set(found), "true after all"


@pytest.mark.parametrize("what", LOSES)
def test_what_is_lost_was_lost_before(what: str) -> None:
    """As written, and differentiated so, the left side is wrong wherever the right side is."""
    worse = {}
    for name in LOSES[what]:
        r = ROWS[name]
        as_written = [r.left, *slopes(r.left, r.inputs)]
        values = rg.function(r.inputs, as_written, linker="numpy", rewrite=identity)(*points(len(r.inputs)))
        before = {at for at, *_ in wrong_of(name, values)[what]}
        worse[name] = [at for at in wrong(name, "numpy")[what] if at[0] not in before]
    assert {n for n, at in worse.items() if at} == WORSE[what], worse
