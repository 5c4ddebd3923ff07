"""Every op row, every column: NumPy meaning, inferred types, linkers, pullbacks, batching; enumerated from the table."""

from __future__ import annotations

import importlib.util
import warnings
from typing import Any

import instances as examples
import numpy as np
import pytest
import scipy.linalg
import scipy.special
from instances import Instance, hostile_instances

from relgraph.errors import RelgraphError
from relgraph.linkers.jax.link import missing as missing_in_jax
from relgraph.terms import rows
from relgraph.terms.evaluate import evaluate
from relgraph.terms.linalg import nth
from relgraph.terms.term import Op, Term
from relgraph.terms.type import DTYPES, TupleType

Array = np.ndarray[Any, Any]
OPS = examples.testable()
IDS = [op.name for op in OPS]


def parts(t: Term) -> list[Term]:
    """The arrays a term stands for."""
    return [nth(t, i) for i in range(len(t.type.items))] if type(t.type) is TupleType else [t]


# -- the NumPy meaning --------------------------------------------------------------------------------------------------

def _index(x: Array, spec: Any) -> Array:
    for axis, (start, step, length) in zip(range(-len(spec), 0), spec, strict=True):
        at = np.asarray([start + step * i for i in range(1 if length is None else length)], int)
        x = np.take(x, at, axis)
    dropped = tuple(a for a, e in zip(range(-len(spec), 0), spec, strict=True) if e[2] is None)
    return np.squeeze(x, dropped)


def _place(g: Array, shape: Any, spec: Any) -> Array:
    kept = sum(e[2] is not None for e in spec)
    out = np.zeros(g.shape[: g.ndim - kept] + shape, g.dtype)
    where = np.arange(out.size).reshape(out.shape)
    out.flat[_index(where, spec).ravel()] = g.ravel()
    return out


def _take_add(g: Array, i: Array, axis: Any, size: int) -> Array:
    at = g.ndim - i.ndim + 1 + axis[0]
    basis = np.eye(size, dtype=g.dtype)[i.ravel()]
    flat = g.reshape(*g.shape[:at], i.size, *g.shape[at + i.ndim:])
    return np.moveaxis(np.tensordot(basis, flat, (0, at)), 0, at)


def _full_perm(x: Array, perm: Any) -> Array:
    return np.transpose(x, (*range(x.ndim - len(perm)), *(p + x.ndim for p in perm)))


def _float(x: Array) -> Array:
    return x if x.dtype.kind in "fc" else x.astype("float32" if x.dtype.itemsize <= 2 else "float64")


# What each row is, said with another function where its own column is not that function itself.
DIRECT: dict[str, Any] = {
    "reciprocal": lambda x: 1 / (x if x.dtype.kind in "fc" else x.astype("float64")), "abs": np.abs,
    "bitwise_invert": np.invert, "erf": scipy.special.erf, "erfc": scipy.special.erfc,
    "gammaln": lambda x: scipy.special.gammaln(_float(x)), "digamma": lambda x: scipy.special.digamma(_float(x)),
    "trigamma": lambda x: scipy.special.polygamma(1, _float(x)).astype(_float(x).dtype),
    "polygamma": lambda x, n: np.where(_float(x) > 0, scipy.special.polygamma(n, _float(x)), np.nan),
    "sigmoid": lambda x: scipy.special.expit(_float(x)), "softplus": lambda x: np.logaddexp(_float(x), _float(x).dtype.type(0)),
    "log1mexp": lambda x: np.where(_float(x) < -1, np.log1p(-np.exp(_float(x))), np.log(-np.expm1(_float(x)))), "conj": lambda x: x if x.dtype.kind == "b" else np.conj(x),
    "astype": lambda x, d: (x.real if x.dtype.kind == "c" and d.kind not in "cb" else x).astype(d), "stop_gradient": lambda x: x, "shared": lambda x: x, "assume": lambda x, f: x,
    "dim": np.int64, "sum": lambda x, a: np.sum(x, a), "prod": lambda x, a: np.prod(x, a), "max": lambda x, a: np.max(x, a),
    "min": lambda x, a: np.min(x, a), "all": lambda x, a: np.all(x, a), "any": lambda x, a: np.any(x, a),
    "mean": lambda x, a: np.mean(x, a), "logsumexp": lambda x, a: np.log(np.sum(np.exp(_float(x)), a)), "softmax": lambda x, a: scipy.special.softmax(_float(x), a) if x.size else _float(x),
    "transpose": _full_perm, "index": _index, "place": _place, "take": lambda x, i, a: np.take(x, i, a[0]), "take_add": _take_add,
    "concat": lambda *xs: np.concatenate(xs[:-1], xs[-1][0]), "diag": lambda v: v[..., None] * np.eye(v.shape[-1], dtype=v.dtype),
    "diagonal": lambda x, k: np.diagonal(x, k, -2, -1), "matvec": np.matvec if hasattr(np, "matvec") else None,
    "vecmat": lambda v, a: np.einsum("...k,...kn->...n", v, a), "vecdot": lambda a, b: np.einsum("...k,...k->...", a, b),
    "det": lambda a: np.linalg.det(a), "inv": lambda a: np.linalg.inv(a),
    "slogdet": lambda a: np.linalg.slogdet(a), "solve": lambda a, b: np.linalg.solve(a, b),
    "solve_triangular": lambda a, b, lower, unit: np.linalg.solve(_triangle(a, lower, unit), b),
    "cholesky": lambda a: np.linalg.cholesky(a), "qr": lambda a: tuple(np.linalg.qr(a)),
    "trace": lambda x: np.trace(x, axis1=-2, axis2=-1),
}


def _triangle(a: Array, lower: bool, unit: bool) -> Array:
    a = np.tril(a) if lower else np.triu(a)
    if unit:
        i = np.arange(a.shape[-1])
        a[..., i, i] = 1
    return a


def direct(x: Instance) -> list[Array]:
    fn = DIRECT.get(x.op.name) or getattr(np, x.op.name)
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        out = fn(*x.arrays, *x.attrs)
    return [np.asarray(o) for o in out] if isinstance(out, tuple) else [np.asarray(out)]


@pytest.mark.parametrize("op", OPS, ids=IDS)
def test_numpy_meaning_and_inferred_type(op: Op) -> None:
    for x in [*examples.instances(op), *hostile_instances(op)]:
        t, inputs = x.term()
        found = evaluate(parts(t), dict(zip(inputs, x.arrays, strict=True)))
        wanted = direct(x)
        assert len(found) == len(wanted), x
        for p, a, b in zip(parts(t), found, wanted, strict=True):
            assert a.dtype == p.type.dtype and a.shape == p.type.shape == b.shape, (x, p.type, a.dtype, a.shape, b.shape)
            if b.dtype != np.float16 and not (b.dtype.kind in "fc" and p.type.dtype.kind in "fc"):
                assert b.dtype == p.type.dtype, (x, p.type, b.dtype)
            elif b.dtype != np.float16:
                assert b.dtype.itemsize == p.type.dtype.itemsize or op.name in MORE_PRECISE, (x, p.type, b.dtype)
            assert_close(a, b, DIRECT_ULP.get(op.name, 4), repr(x), half=b.dtype == np.float16)


# Where the other function computes small integers in float64, and relgraph in the float that NumPy's own ufuncs take.
MORE_PRECISE = {"polygamma", "erf", "erfc", "mean"}
DIRECT_ULP = {"det": 16, "log1mexp": 8, "matmul": 16, "matvec": 16, "vecmat": 16, "vecdot": 16, "solve": 256, "solve_triangular": 64,
              "logsumexp": 16}


def assert_close(found: Array, wanted: Array, ulp: float, what: str, *, half: bool = False, tiny: float = 0.0) -> None:
    """Equal up to ``ulp`` units in the last place of the larger modulus in the array's dtype; NaN equals NaN."""
    problem = difference(found, wanted, ulp, half=half, tiny=tiny)
    assert problem is None, f"{what}: {problem}"


def difference(found: Array, wanted: Array, ulp: float, *, half: bool = False, tiny: float = 0.0) -> str | None:
    if found.dtype.kind not in "fc":
        ok = found == wanted
        return None if np.all(ok) else f"{found[~ok][:4]} instead of {wanted[~ok][:4]}, {np.count_nonzero(~ok)} of {ok.size}"
    eps = np.finfo(np.float16 if half else found.dtype).eps
    with np.errstate(all="ignore"):
        a, b = found.astype("complex128"), wanted.astype("complex128")
        same = (a == b) | (np.isnan(a) & np.isnan(b))
        if found.dtype.kind == "c":  # which part of an infinite or undefined number is infinite is nobody's promise
            same |= ~np.isfinite(a) & ~np.isfinite(b)
        close = np.isfinite(a) & np.isfinite(b) & (np.abs(a - b) <= ulp * eps * np.abs(b) + tiny)
        if half:
            close |= np.isinf(b) | (np.abs(b) < 1e-4)
        ok = same | close
        if np.all(ok):
            return None
        off = np.where(np.isfinite(a) & np.isfinite(b), np.abs(a - b) / (eps * np.abs(b) + 1e-300), 0)
    worst = np.max(off[~ok])
    return f"{found[~ok][:4]} instead of {wanted[~ok][:4]}, {np.count_nonzero(~ok)} of {ok.size}, {worst:.3g} ulp"


# -- linkers --------------------------------------------------------------------------------------------------------------

LINKERS = [name for name in ("numpy", "jax", "c", "numba") if importlib.util.find_spec(f"relgraph.linkers.{name}")]
CHUNK = {"numpy": 400, "jax": 250, "c": 400, "numba": 60}

# Units in the last place of the result's dtype that linkers may be off NumPy by; 4 unless said.
ULP: dict[str, float] = {
    "matmul": 16, "matvec": 16, "vecmat": 16, "vecdot": 16, "det": 16, "inv": 64, "solve": 64, "solve_triangular": 64,
    "cholesky": 16, "qr": 64, "slogdet": 16, "gammaln": 32, "digamma": 64, "trigamma": 16, "polygamma": 32, "log1mexp": 8,
    "logaddexp": 8, "softmax": 16, "logsumexp": 16, "power": 16, "tan": 8, "tanh": 8,
}
# The same for one linker, and why.
LINKER_ULP: dict[tuple[str, str], float] = {
    ("jax", "cosh"): 300, ("jax", "sinh"): 300,  # XLA computes exp(x - log 2), which rounds large x
    ("jax", "log1p"): 64, ("jax", "log1mexp"): 64,  # XLA's log1p near -0.4
}
# Rows whose result passes through zero: the error is measured against 1 where the result is smaller.
ABSOLUTE = {"gammaln", "digamma", "logaddexp", "log1mexp", "slogdet", "logsumexp", "matmul", "matvec", "vecmat", "vecdot", "inv",
            "solve", "solve_triangular", "cholesky", "qr"}
# XLA reads denormal numbers as zero, and loses the sign of zero in complex functions.
FLUSHES = {"jax"}
# SciPy has a convention where the C library and XLA have another.
CONVENTION = {"gammaln": -np.inf, "trigamma": -np.inf}


def usable(name: str, x: Instance) -> Instance:
    """The instance without the values at which a linker is known to differ."""
    keep = np.ones(x.arrays[0].shape, bool)
    for a in x.arrays:
        if x.op.name in CONVENTION:
            keep &= a != CONVENTION[x.op.name]
        if x.op.name == "power" and a.dtype.kind == "c":
            keep &= np.abs(a) < 40  # exp(p log x) is as wrong as p log x is large
        if name in FLUSHES and a.dtype.kind in "fc":
            tiny = np.finfo(a.dtype).tiny
            for part in (a.real, a.imag):
                keep &= (part == 0) | ~(np.abs(part) < tiny)
                if a.dtype.kind == "c":
                    keep &= ~((part == 0) & np.signbit(part))
    return Instance(x.op, tuple(a[keep] for a in x.arrays))


def linker(name: str) -> Any:
    try:
        return importlib.import_module(f"relgraph.linkers.{name}")
    except ImportError as e:
        pytest.skip(f"{name}: {e}")


def compare(name: str, tried: list[Instance]) -> list[str]:
    """What differs from NumPy in one compiled function of many rows."""
    outputs: list[Term] = []
    of: list[Instance] = []
    values: dict[Term, Array] = {}
    for k, x in enumerate(tried):
        t, inputs = x.term(symbolic=bool(k % 2))
        values.update(zip(inputs, x.arrays, strict=True))
        for p in parts(t):
            outputs.append(p)
            of.append(x)
    inputs = list(values)
    found = linker(name).link(inputs, outputs)(*values.values())
    wanted = evaluate(outputs, values)
    problems = []
    for x, t, a, b in zip(of, outputs, found, wanted, strict=True):
        if not isinstance(a, np.ndarray) or a.dtype != t.type.dtype or a.shape != b.shape:
            problems.append(f"{x}: {type(a).__name__} {a.dtype} {a.shape} instead of {t.type}")
            continue
        tiny = float(np.finfo(a.dtype).tiny) if a.dtype.kind in "fc" else 0.0
        ulp = LINKER_ULP.get((name, x.op.name), ULP.get(x.op.name, 4))
        if x.op.name in ABSOLUTE and a.dtype.kind in "fc":
            tiny = ulp * float(np.finfo(a.dtype).eps)
        problem = difference(a, b, ulp, tiny=tiny)
        if problem:
            problems.append(f"{x}: {problem}")
    return problems


def chunks(tried: list[Instance], size: int) -> list[list[Instance]]:
    return [tried[i:i + size] for i in range(0, len(tried), size)]


def by_dtype(dtype: str, make: Any) -> list[Instance]:
    return [x for op in OPS for x in make(op) if (x.arrays[-1].dtype.name if x.arrays else "float64") == dtype]


@pytest.mark.parametrize("dtype", [d.name for d in DTYPES])
@pytest.mark.parametrize("name", LINKERS)
def test_linkers_agree_with_numpy(name: str, dtype: str) -> None:
    tried = by_dtype(dtype, lambda op: examples.instances(op, few=True))
    problems = [p for some in chunks(tried, CHUNK[name]) for p in compare(name, some)]
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("dtype", [d.name for d in DTYPES])
@pytest.mark.parametrize("name", LINKERS)
def test_linkers_agree_with_numpy_on_hostile_values(name: str, dtype: str) -> None:
    tried = [usable(name, x) for x in by_dtype(dtype, hostile_instances)]
    problems = [p for some in chunks(tried, CHUNK[name]) for p in compare(name, some)]
    assert not problems, "\n".join(problems)
