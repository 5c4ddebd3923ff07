"""Every op row, every column: NumPy meaning, inferred types, linkers, pullbacks, batching; enumerated from the table."""

from __future__ import annotations

import importlib.util
from typing import Any

import instances as examples
import numpy as np
import pytest
from instances import Instance, hostile_instances
from meaning import DIRECT_ULP, MORE_PRECISE, assert_close, difference, direct

from relgraph.autodiff import vectorize
from relgraph.cgen.expand import native
from relgraph.errors import RelgraphError
from relgraph.linkers.jax.link import missing as missing_in_jax
from relgraph.terms import rows
from relgraph.terms.evaluate import evaluate
from relgraph.terms.linalg import nth
from relgraph.terms.term import Op, Term, attr, input_term
from relgraph.terms.type import DTYPES, TupleType, Type

Array = np.ndarray[Any, Any]
OPS = examples.testable()
IDS = [op.name for op in OPS]


def parts(t: Term) -> list[Term]:
    """The arrays a term stands for."""
    return [nth(t, i) for i in range(len(t.type.items))] if type(t.type) is TupleType else [t]


# -- the NumPy meaning -----------------------------------------------------------------------------------------------------

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


@pytest.mark.parametrize("op", [op for op in OPS if op.definition is not None], ids=lambda op: op.name)
def test_definitions_mean_the_same(op: Op) -> None:
    for x in examples.instances(op):
        t, inputs = x.term()
        assert op.definition is not None
        meaning = op.definition(*t.args)
        assert meaning.type == t.type, x
        values = dict(zip(inputs, x.arrays, strict=True))
        found, wanted = evaluate([meaning, t], values)
        assert_close(found, wanted, 64, repr(x), tiny=4 * float(np.finfo(found.dtype).eps) if found.dtype.kind in "fc" else 0)


# -- linkers --------------------------------------------------------------------------------------------------------------

LINKERS = [name for name in ("numpy", "jax", "c", "numba") if importlib.util.find_spec(f"relgraph.linkers.{name}")]
CHUNK = {"numpy": 400, "jax": 250, "c": 400, "numba": 25}  # Numba takes more than twice as long for twice as much

# Units in the last place of the result's dtype that linkers may be off NumPy by; 4 unless said.
ULP: dict[str, float] = {
    "matmul": 16, "matvec": 16, "vecmat": 16, "vecdot": 16, "det": 16, "inv": 64, "solve": 64, "solve_triangular": 64,
    "cholesky": 16, "qr": 64, "slogdet": 16, "erfc": 8, "gammaln": 32, "digamma": 64, "trigamma": 16, "polygamma": 32,
    "log1mexp": 8, "logaddexp": 8, "softmax": 16, "logsumexp": 16, "power": 16, "tan": 8, "tanh": 8,
    "erfcx": 128, "log_ndtr": 600,  # SciPy's, near -16 and near 30
    "betaln": 32, "i0e": 16, "i1e": 16, "k0e": 16, "k1e": 16, "ive": 64, "kve": 64, "erfc_ratio": 128,
    "eigh": 256, "eigvalsh": 64, "svd": 256, "svdvals": 64, "lu": 64, "pinv": 256, "fft": 64, "ifft": 64, "rfft": 64,
    "irfft": 64, "eig": 256, "eigvals": 256, "schur": 256, "qz": 256, "lu_factor": 64, "solve_sylvester": 256,
    "expm": 64, "expm_frechet": 512,  # a corner of a larger exponential, whose error is one for the whole
}
# The same for complex numbers: exp(p log x) is as wrong as p log x is large.
COMPLEX_ULP: dict[str, float] = {"power": 600}
# The same for one linker, and why.
LINKER_ULP: dict[tuple[str, str], float] = {
    ("jax", "cosh"): 300, ("jax", "sinh"): 300,  # XLA computes exp(x - log 2), which rounds large x
    ("jax", "log1p"): 64, ("jax", "log1mexp"): 64,  # XLA's log1p near -0.4
    ("jax", "logit"): 128,
}
# Rows whose result passes through zero: the error is measured against 1 where the result is smaller.
ABSOLUTE = {"gammaln", "digamma", "logaddexp", "log1mexp", "slogdet", "logsumexp", "matmul", "matvec", "vecmat", "vecdot",
            "inv", "solve", "solve_triangular", "cholesky", "qr", "betaln",
            "eigh", "eigvalsh", "svd", "svdvals", "lu", "pinv", "expm", "eig", "eigvals", "schur", "qz", "lu_factor",
            "solve_sylvester",
            "expm_frechet", "fft", "ifft", "rfft", "irfft"}
# XLA reads denormal numbers as zero, and loses the sign of zero in complex functions.
FLUSHES = {"jax"}
# SciPy has a convention at -inf where the C library and XLA have another, and overflows next to the pole at zero.
GAMMA = {"gammaln", "digamma", "trigamma", "betaln"}


def usable(name: str, x: Instance) -> Instance:
    """The instance without the values at which a linker is known to differ."""
    keep = np.ones(x.arrays[0].shape, bool)
    for a in x.arrays:
        if x.op.name in GAMMA and a.dtype.kind == "f":
            keep &= (a != -np.inf) & ((a == 0) | (np.abs(a) >= 4 * np.finfo(a.dtype).tiny))
        if x.op.name == "power" and a.dtype.kind == "c":
            keep &= np.abs(a) < 40
        if name in FLUSHES and a.dtype.kind in "fc":
            tiny = np.finfo(a.dtype).tiny
            for part in (a.real, a.imag):
                keep &= (part == 0) | ~(np.abs(part) < tiny)
                if a.dtype.kind == "c":
                    keep &= ~((part == 0) & np.signbit(part))
    return Instance(x.op, tuple(a[keep] for a in x.arrays))


def linker(name: str) -> Any:
    module = importlib.import_module(f"relgraph.linkers.{name}")
    if not module.available():
        pytest.skip(f"{name} is not available here")
    return module


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
        if a.dtype.kind == "c":
            ulp = COMPLEX_ULP.get(x.op.name, ulp)
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


@pytest.mark.long
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


# -- batching ---------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("op", [op for op in OPS if op.arity or op.variadic], ids=lambda op: op.name)
def test_batching_is_a_loop(op: Op) -> None:
    for x in examples.instances(op, few=True):
        if x.arrays[-1].dtype.name not in ("float64", "int64", "bool", "complex128"):
            continue
        n = len(x.arrays)
        inputs = [input_term(f"b{i}", Type(a.dtype, a.shape)) for i, a in enumerate(x.arrays)]
        t = op(*inputs, *map(attr, x.attrs))
        if t is inputs[0]:
            continue
        lead = (2, 3)
        for chosen in sorted({(True,) * n, (True, *(False,) * (n - 1)), (*(False,) * (n - 1), True)}):
            stacked = [np.stack([shuffled(a, k) for k in range(6)]).reshape(lead + a.shape) if c else a
                       for a, c in zip(x.arrays, chosen, strict=True)]
            batches = [input_term(f"B{i}", Type(a.dtype, a.shape)) for i, a in enumerate(stacked)]
            replace = {i: b for i, b, c in zip(inputs, batches, chosen, strict=True) if c}
            values = {b if c else i: a for i, b, a, c in zip(inputs, batches, stacked, chosen, strict=True)}
            for p in parts(t):
                y = vectorize(p, replace)
                assert y.type.shape == lead + p.type.shape and y.type.dtype == p.type.dtype
                found = evaluate([y], values)[0]
                for k in np.ndindex(lead):
                    one = evaluate([p], {i: a[k] if c else a for i, a, c in zip(inputs, stacked, chosen, strict=True)})[0]
                    assert_close(found[k], one, 64, f"{x} batched {chosen}", tiny=1e-13)


def shuffled(a: Array, k: int) -> Array:
    """Other values of the same kind: matrices keep their structure."""
    return a if a.dtype.kind == "b" else (a * (k + 1)).astype(a.dtype) if a.dtype.kind in "fc" else np.roll(a, k)


# -- completeness -----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("op", list(rows().values()), ids=list(rows()))
def test_every_column_is_there(op: Op) -> None:
    assert op.doc or op.__doc__
    if op.name in examples.WITHOUT_VALUE and op.numpy is None:
        return
    assert op.numpy is not None, f"{op.name} has no NumPy meaning"
    assert op.pullback is not None or op.name in NO_PULLBACK, f"{op.name} has no pullback; add one, or a reason to NO_PULLBACK"
    assert "jax" in op.lower or op.definition is not None, f"{op.name} has no way to JAX"
    for target in ("c", "numba"):
        assert native(op, target) or op.definition is not None, f"{op.name} has no way to {target}"


NO_PULLBACK = {"nth": "the engine takes parts of cotangents", "lam": "is no array",
               **dict.fromkeys(["schur", "qz"], "vectors turn within invariant subspaces")}


def test_a_missing_lowering_is_reported() -> None:
    with pytest.raises(RelgraphError, match="odd"):
        importlib.import_module("relgraph.linkers.jax").link([], [odd()])
    assert missing_in_jax([odd()]) == ["odd"]


def odd() -> Term:
    return ODD(np.ones(3))


ODD = Op(name="odd", numpy=np.abs, kind="elementwise")
