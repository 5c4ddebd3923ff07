"""Operand examples for every op row (over 300 lines because it is one table).

Plain and hostile values of every dtype; broadcast, empty, 0-d and batched shapes.

An elementwise row needs no entry here.  Any other row has its shapes and attributes in `SHAPES`; a row that is not
defined everywhere has its values in `VALUES`.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from relgraph.errors import DTypeError
from relgraph.terms import rows
from relgraph.terms.term import Op, Term, attr, input_term
from relgraph.terms.type import DTYPES, Type

Array = np.ndarray[Any, Any]
DTYPE = {d.name: d for d in DTYPES}


@dataclass(frozen=True, eq=False)
class Instance:
    """One application of a row: arrays for the operands, values for the attributes."""

    op: Op
    arrays: tuple[Array, ...]
    attrs: tuple[Any, ...] = ()

    def __repr__(self) -> str:
        shown = [f"{a.dtype}{list(a.shape)}" for a in self.arrays] + [repr(a) for a in self.attrs]
        return f"{self.op.name}({', '.join(shown)})"

    def term(self, symbolic: bool = False) -> tuple[Term, list[Term]]:
        """The term over inputs, and the inputs; ``symbolic`` gives sizes above 1 a name."""
        inputs = [as_input(a, symbolic) for a in self.arrays]
        return self.op(*inputs, *map(attr, self.attrs)), inputs


def as_input(a: Array, symbolic: bool = False) -> Term:
    """An input for an array; equal arrays are the same input."""
    shape = tuple(f"n{d}" if symbolic and d > 1 else d for d in a.shape)
    mark = zlib.crc32(a.tobytes() + repr((a.dtype.name, shape)).encode())
    return input_term(f"x{mark:08x}", Type(a.dtype, shape))


# -- values ---------------------------------------------------------------------------------------------------------------

def plain(dtype: Any, shape: Sequence[int], seed: int = 0) -> Array:
    """Values of moderate size, different for different seeds."""
    rng = np.random.default_rng([seed, *map(ord, np.dtype(dtype).name), *shape])
    d = np.dtype(dtype)
    shape = tuple(shape)
    if d.kind == "b":
        return rng.integers(0, 2, shape).astype(d)
    if d.kind in "iu":
        return rng.integers(-4 if d.kind == "i" else 0, 6, shape).astype(d)
    if d.kind == "c":
        return (rng.normal(0, 1.5, shape) + 1j * rng.normal(0, 1.5, shape)).astype(d)
    return rng.normal(0, 1.5, shape).astype(d)


@cache
def hostile(dtype: Any) -> Array:
    """The values that break formulas."""
    d = np.dtype(dtype)
    if d.kind == "b":
        return np.array([False, True])
    if d.kind in "iu":
        info = np.iinfo(d)
        some = [info.min, info.max, 0, 1, 2, 3, 7, 100] + ([-1, -2, -7, info.min + 1] if d.kind == "i" else [info.max - 1])
        return np.array(some, d)
    f = np.finfo(d)
    reals = [0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 3.0, 1e-9, -1e-9, 30.0, -30.0, 88.0, -104.0, 710.0, -750.0, 1e5, -1e5,
             float(f.tiny), -float(f.tiny), float(f.max), float(f.min), np.nan, np.inf, -np.inf]
    reals += [float(f.smallest_subnormal), -float(f.smallest_subnormal)]
    with np.errstate(over="ignore"):
        if d.kind == "c":
            parts = [0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 30.0, -1e5, 1e-9]
            return np.array([complex(a, b) for a in parts for b in parts], d)
        return np.array(reals, d)


def _regular(dtype: Any, shape: Sequence[int], seed: int) -> Array:
    """Matrices far from singular; entries are small integers for integer dtypes."""
    a = plain(dtype, shape, seed)
    if a.dtype.kind == "b":
        return np.broadcast_to(np.eye(shape[-2], shape[-1], dtype=bool), shape).copy()
    with np.errstate(over="ignore"):
        return (a + np.asarray(9 * np.eye(shape[-2], shape[-1])).astype(a.dtype)).astype(a.dtype)


def _positive_definite(dtype: Any, shape: Sequence[int], seed: int) -> Array:
    a = plain(dtype, shape, seed)
    if a.dtype.kind == "b":
        return np.broadcast_to(np.eye(shape[-1], dtype=bool), shape).copy()
    big = a.astype("complex128" if a.dtype.kind == "c" else "float64")
    out = big @ np.conj(np.swapaxes(big, -1, -2)) + 2 * np.eye(shape[-1])
    if np.any(np.abs(out) > 120):  # int8 must hold it
        out = np.broadcast_to(2 * np.eye(shape[-1]), shape)
    return out.astype(a.dtype)


def _below(high: int) -> Any:
    return lambda dtype, shape, seed: np.random.default_rng(seed).integers(0, high, tuple(shape)).astype(dtype)


def _signed_below(high: int) -> Any:
    def make(dtype: Any, shape: Sequence[int], seed: int) -> Array:
        low = -high if np.dtype(dtype).kind == "i" else 0
        return np.random.default_rng(seed).integers(low, high, tuple(shape)).astype(dtype)
    return make


def _well_apart(dtype: Any, shape: Sequence[int], seed: int) -> Array:
    """Hermitian matrices of distinct eigenvalues; small integers for integer dtypes."""
    a = plain(dtype, shape, seed)
    spread = np.asarray(9 * np.diag(np.arange(shape[-1]) + 1))
    if a.dtype.kind == "b":
        return np.broadcast_to(np.eye(shape[-1], dtype=bool), shape).copy()
    if a.dtype.kind == "u":
        return np.broadcast_to(spread, shape).astype(a.dtype)
    return ((a + np.conj(np.swapaxes(a, -1, -2))) / 2 + spread).astype(a.dtype)


def _distinct(dtype: Any, shape: Sequence[int], seed: int) -> Array:
    """Matrices of distinct singular values."""
    a = plain(dtype, shape, seed)
    if a.dtype.kind == "b":
        return np.broadcast_to(np.eye(shape[-2], shape[-1], dtype=bool), shape).copy()
    spread = np.eye(shape[-2], shape[-1]) * 7 * (1 + np.arange(shape[-1]))
    return (a + spread.astype(a.dtype)).astype(a.dtype)


# Values per operand, where `plain` ones are outside the op's domain.
VALUES: dict[str, tuple[Any, ...]] = {
    "det": (_regular,), "inv": (_regular,), "slogdet": (_regular,), "solve": (_regular, plain),
    "solve_triangular": (_regular, plain), "cholesky": (_positive_definite,), "qr": (_regular,),
    "eigh": (_well_apart,), "eigvalsh": (_well_apart,), "svd": (_distinct,), "svdvals": (_distinct,), "lu": (_regular,),
    "pinv": (_distinct,), "eig": (_distinct,), "eigvals": (_distinct,), "schur": (_distinct,), "lu_factor": (_regular,),
    "solve_sylvester": (_regular, _regular, plain), "qz": (_distinct, _regular), "pivot_order": (_below(4),),
    "take": (plain, _signed_below(3)), "take_add": (plain, _signed_below(3)),
    "take_along": (plain, _signed_below(3)), "add_along": (plain, _signed_below(3)),
    "take_set": (plain, _signed_below(3), plain),
    **dict.fromkeys(["polygamma", "kve"], (lambda dtype, shape, seed: np.abs(plain(dtype, shape, seed)),)),
}
INTEGER_POWER = (plain, _below(5))  # NumPy refuses negative powers of integers

# -- shapes and attributes -----------------------------------------------------------------------------------------------------

_REDUCED: list[tuple[Any, Any]] = [
            (((3,),), ((-1,),)), (((2, 3),), ((-2,),)), (((2, 3),), ((-2, -1),)), (((),), ((),)),
            (((2, 0, 3),), ((-1,),)),
            (((2, 3, 2),), ((-3, -1),))]
_EMPTY_REDUCED: list[tuple[Any, Any]] = [(((0,),), ((-1,),)), (((2, 0),), ((-1,),))]

_LAST: list[tuple[Any, Any]] = [(((5,),), ()), (((2, 3),), ()), (((2, 1, 4),), ()), (((0, 3),), ()), (((1,),), ())]
_DISTINCT: list[tuple[Any, Any]] = [(((6,),), (3,)), (((2, 4),), (6,)), (((0, 3),), (2,)), (((3,),), (0,)),
                                    (((2, 1, 1),), (2,))]
_EMPTY_LAST: list[tuple[Any, Any]] = [(((0,),), ()), (((2, 0),), ())]

SHAPES: dict[str, Sequence[tuple[Any, Any]]] = {
    "cumsum": _LAST + _EMPTY_LAST, "cumprod": _LAST + _EMPTY_LAST, "sort": _LAST + _EMPTY_LAST, "argsort": _LAST + _EMPTY_LAST,
    "argmax": _LAST, "argmin": _LAST,
    "unique": _DISTINCT, "unique_index": _DISTINCT,
    "take_along": [(((4,), (3,)), ()), (((2, 4), (2, 3)), ()), (((2, 1, 4), (3, 2)), ()), (((4,), (0,)), ()),
                   (((3,), (2, 5)), ())],
    "add_along": [(((3,), (3,)), (4,)), (((2, 3), (2, 3)), (4,)), (((2, 1, 5), (2, 1, 5)), (3,)), (((0,), (0,)), (4,)),
                  (((0, 2), (0, 2)), (3,))],
    "put": [(((5,), (3,)), (((1, 1, 3),),)), (((5,), (3,)), (((4, -2, 3),),)), (((4, 5), (3,)), (((2, 0, None), (0, 2, 3)),)),
            (((2, 5), (2,)), (((4, 0, None),),)), (((4,), (0,)), (((1, 1, 0),),))],
    "take_set": [(((4,), (3,), (3,)), ((-1,),)), (((3, 4), (2, 2), (2, 2, 4)), ((-2,),)), (((2, 3, 2), (), (2, 2)), ((-2,),)),
                 (((3, 2), (0,), (0, 2)), ((-2,),)), (((3,), (5,), (5,)), ((-1,),))],
    "astype": [(((3,),), (d,)) for d in DTYPES] + [(((),), (DTYPE["float32"],)), (((0, 2),), (DTYPE["int16"],))],
    "ive": [(((3,),), (0.5,)), (((2, 3),), (0.0,)), (((),), (-1.0,)), (((0,),), (1.0,))],
    "erfc_ratio": [(((3,),), (1,)), (((2, 3),), (2,)), (((),), (3,)), (((0,),), (1,))],
    "kve": [(((3,),), (0.5,)), (((2, 3),), (2.0,)), (((),), (-1.5,)), (((0,),), (3.0,))],
    "polygamma": [(((3,),), (2,)), (((2, 3),), (3,)), (((),), (1,)), (((0,),), (2,))],
    "assume": [(((2, 3),), (("positive",),))],
    "stop_gradient": [(((2, 3),), ()), (((),), ())],
    "shared": [(((2, 3),), ())],
    "dim": [((), (5,)), ((), (0,))],
    "arange": [((), (4,)), ((), (0,)), ((), (1,))],
    "eye": [((), (2, 3, 0, DTYPE["float64"])), ((), (3, 3, 1, DTYPE["int8"])), ((), (3, 2, -1, DTYPE["bool"])),
            ((), (0, 2, 0, DTYPE["complex64"]))],
    "sum": _REDUCED + _EMPTY_REDUCED, "prod": _REDUCED + _EMPTY_REDUCED, "all": _REDUCED + _EMPTY_REDUCED,
    "any": _REDUCED + _EMPTY_REDUCED, "max": _REDUCED, "min": _REDUCED, "mean": _REDUCED,
    "logsumexp": _REDUCED + _EMPTY_REDUCED, "max_or_lowest": _REDUCED + _EMPTY_REDUCED,
    "softmax": _REDUCED + _EMPTY_REDUCED,
    "expand_dims": [(((3,),), ((-1,),)), (((2, 3),), ((-4, -2),)), (((),), ((-2, -1),)), (((0, 3),), ((-3,),))],
    "squeeze": [(((1, 3),), ((-2,),)), (((2, 1, 3, 1),), ((-3, -1),)), (((1,),), ((-1,),)), (((0, 1),), ((-1,),))],
    "transpose": [(((2, 3),), ((-1, -2),)), (((2, 3, 4),), ((-1, -3, -2),)), (((2, 3, 4),), ((-1, -2),)),
                  (((0, 3),), ((-1, -2),))],
    "broadcast_to": [(((3,),), ((2, 3),)), (((2, 1),), ((2, 3),)), (((),), ((2, 2),)), (((1,),), ((0,),)),
                     (((0, 1),), ((0, 3),))],
    "reshape": [(((6,),), ((2, 3),)), (((2, 3),), ((3, 1, 2),)), (((1, 1),), ((),)), (((),), ((1,),)), (((0, 2),), ((3, 0),))],
    "index": [(((5,),), (((1, 1, 3),),)), (((5,),), (((4, -2, 3),),)), (((4, 5),), (((2, 0, None), (0, 2, 3)),)),
              (((2, 5),), (((4, 0, None),),)), (((4,),), (((4, 1, 0),),)), (((3, 4),), (((2, -1, 3), (1, 1, 2)),))],
    "place": [(((3,),), ((5,), ((1, 1, 3),))), (((3,),), ((5,), ((4, -2, 3),))), (((3,),), ((4, 5), ((2, 0, None), (0, 2, 3)))),
              (((2,),), ((5,), ((4, 0, None),))), (((0,),), ((4,), ((0, 1, 0),)))],
    "take": [(((4,), (3,)), ((-1,),)), (((3, 4), (2, 2)), ((-2,),)), (((2, 3, 2), ()), ((-2,),)), (((3, 2), (0,)), ((-2,),)),
             (((3,), (5,)), ((-1,),))],
    "take_add": [(((3,), (3,)), ((-1,), 4)), (((2, 2, 4), (2, 2)), ((-2,), 3)), (((2, 2), ()), ((-2,), 3)),
                 (((0, 2), (0,)), ((-2,), 3)), (((2, 5), (5,)), ((-1,), 3))],
    "concat": [(((2,), (3,)), ((-1,),)), (((2, 3), (1, 3), (2, 3)), ((-2,),)), (((2, 3),), ((-1,),)), (((0,), (2,)), ((-1,),))],
    "diag": [(((3,),), ()), (((2, 3),), ()), (((0,),), ()), (((1,),), ())],
    "diagonal": [(((3, 3),), (0,)), (((2, 3, 4),), (1,)), (((4, 2),), (-1,)), (((2, 2),), (2,))],
    "matmul": [(((2, 3), (3, 4)), ()), (((5, 2, 3), (3, 2)), ()), (((2, 1, 2, 3), (3, 3, 2)), ()), (((0, 3), (3, 2)), ()),
               (((2, 0), (0, 3)), ())],
    "matvec": [(((2, 3), (3,)), ()), (((4, 2, 3), (3,)), ()), (((2, 3), (4, 3)), ()), (((2, 0), (0,)), ())],
    "vecmat": [(((3,), (3, 2)), ()), (((4, 3), (3, 2)), ()), (((3,), (4, 3, 2)), ()), (((0,), (0, 2)), ())],
    "vecdot": [(((3,), (3,)), ()), (((2, 3), (3,)), ()), (((2, 1, 3), (4, 3)), ()), (((0,), (0,)), ())],
    "det": [(((3, 3),), ()), (((2, 2, 2),), ()), (((1, 1),), ()), (((0, 0),), ())],
    "inv": [(((3, 3),), ()), (((2, 2, 2),), ()), (((1, 1),), ()), (((0, 2, 2),), ())],
    "slogdet": [(((3, 3),), ()), (((2, 2, 2),), ()), (((1, 1),), ())],
    "solve": [(((3, 3), (3, 2)), ()), (((2, 3, 3), (3, 1)), ()), (((2, 2), (4, 2, 3)), ()), (((2, 2), (2, 0)), ())],
    "solve_triangular": [(((3, 3), (3, 2)), (True, False)), (((2, 3, 3), (3, 1)), (False, False)),
                         (((2, 2), (3, 2, 2)), (True, True)), (((2, 2), (2, 0)), (False, True))],
    "cholesky": [(((3, 3),), ()), (((2, 2, 2),), ()), (((1, 1),), ()), (((0, 2, 2),), ())],
    "qr": [(((3, 3),), ()), (((2, 2, 2),), ()), (((1, 1),), ()), (((3, 2),), ()), (((2, 3),), ())],
    "tril": [(((3, 3),), (0,)), (((2, 2, 4),), (1,)), (((4, 2),), (-1,))],
    "triu": [(((3, 3),), (0,)), (((2, 2, 4),), (1,)), (((4, 2),), (-1,))],
    "trace": [(((3, 3),), ()), (((2, 2, 4),), ()), (((0, 2),), ())],
    "kron": [(((2, 3), (3, 2)), ()), (((2, 2, 1), (3, 2)), ()), (((2, 2), (3, 1, 2)), ()), (((0, 2), (2, 2)), ())],
    "block_diag": [(((2, 3), (3, 2)), ()), (((2, 2, 1), (3, 2)), ()), (((2, 2), (3, 1, 2)), ()), (((0, 2), (2, 2)), ())],
    "circulant": [(((4,),), ()), (((2, 3),), ()), (((1,),), ()), (((0,),), ())],
    "toeplitz": [(((4,), (3,)), ()), (((2, 3), (4,)), ()), (((2,), (3, 5)), ()), (((0,), (2,)), ())],
    "eigh": [(((3, 3),), ()), (((2, 2, 2),), ()), (((1, 1),), ()), (((0, 2, 2),), ())],
    "eigvalsh": [(((3, 3),), ()), (((2, 2, 2),), ()), (((1, 1),), ()), (((0, 2, 2),), ())],
    "svd": [(((3, 3),), ()), (((2, 3, 2),), ()), (((2, 3),), ()), (((1, 1),), ()), (((0, 2, 2),), ())],
    "svdvals": [(((3, 3),), ()), (((2, 3, 2),), ()), (((2, 3),), ()), (((0, 2, 2),), ())],
    "lu": [(((3, 3),), ()), (((2, 4, 4),), ()), (((1, 1),), ()), (((0, 2, 2),), ())],
    "pinv": [(((3, 3),), ()), (((2, 3, 2),), ()), (((2, 3),), ()), (((0, 2, 2),), ())],
    "expm": [(((3, 3),), ()), (((2, 2, 2),), ()), (((1, 1),), ()), (((0, 2, 2),), ())],
    "eig": [(((3, 3),), ()), (((2, 2, 2),), ()), (((1, 1),), ()), (((0, 2, 2),), ())],
    "eigvals": [(((3, 3),), ()), (((2, 2, 2),), ()), (((1, 1),), ()), (((0, 2, 2),), ())],
    "schur": [(((3, 3),), ()), (((2, 2, 2),), ()), (((1, 1),), ()), (((0, 2, 2),), ())],
    "qz": [(((3, 3), (3, 3)), ()), (((2, 2, 2), (2, 2)), ()), (((1, 1), (3, 1, 1)), ()), (((0, 2, 2), (2, 2)), ())],
    "lu_factor": [(((3, 3),), ()), (((2, 4, 4),), ()), (((1, 1),), ()), (((0, 2, 2),), ())],
    "pivot_order": [(((4,),), ()), (((2, 4),), ()), (((0, 4),), ()), (((0,),), ())],
    "solve_sylvester": [(((3, 3), (2, 2), (3, 2)), ()), (((2, 3, 3), (3, 3), (3, 3)), ()), (((1, 1), (1, 1), (3, 1, 1)), ()),
                        (((2, 2), (2, 2), (0, 2, 2)), ())],
    "expm_frechet": [(((3, 3), (3, 3)), ()), (((2, 2, 2), (2, 2)), ()), (((1, 1), (3, 1, 1)), ()), (((0, 2, 2), (2, 2)), ())],
    "fft": [(((4,),), ()), (((2, 3),), ()), (((1,),), ()), (((7,),), ()), (((0, 4),), ())],
    "ifft": [(((4,),), ()), (((2, 3),), ()), (((1,),), ()), (((7,),), ()), (((0, 4),), ())],
    "rfft": [(((4,),), ()), (((2, 3),), ()), (((1,),), ()), (((7,),), ())],
    "irfft": [(((3,),), (4,)), (((2, 3),), (5,)), (((1,),), (1,)), (((2,),), (2,))],
}
_ELEMENTWISE = {1: [((3,),), ((),), ((0,),), ((2, 3),)],
                2: [((3,), (3,)), ((2, 3), (3,)), ((2, 1), (1, 3)), ((), (3,)), ((0, 3), (1, 3)), ((), ())],
                3: [((3,), (3,), (3,)), ((2, 1), (3,), ()), ((), (2, 3), (3,)), ((0,), (), (0,))]}
MIXED = [("int64", "float32"), ("bool", "int8"), ("uint8", "int8"), ("float32", "complex128"), ("float64", "complex64"),
         ("int32", "uint32"), ("bool", "float32"), ("int16", "float32")]

# A binder has no value of its own; a part of a tuple is tested with the rows that give tuples.
WITHOUT_VALUE = {"lam", "nth"}


def testable() -> list[Op]:
    """Every row that has a value."""
    return [op for name, op in rows().items() if name not in WITHOUT_VALUE]


def dtypes_of(op: Op, n: int) -> Iterator[tuple[str, ...]]:
    """Every choice of operand dtypes to be tried: the same for all, and some mixtures."""
    if op.name == "take_set":
        yield from ((d.name, "int64", d.name) for d in DTYPES)
        yield from (("float64", d.name, "float32") for d in DTYPES if d.kind in "iu")
        return
    if op.name in ("take", "take_add", "take_along", "add_along"):
        yield from ((d.name, "int64") for d in DTYPES)
        yield from (("float64", d.name) for d in DTYPES if d.kind in "iu" and d.name != "int64")
        return
    if op.conditions:
        yield from (("bool", *[d.name] * (n - 1)) for d in DTYPES)
        yield from (("bool", a, b) for a, b in MIXED)
        yield ("float32", "float64", "float64")
        return
    yield from ((d.name,) * n for d in DTYPES) if n else [()]
    if n == 2:
        yield from MIXED
        yield from ((b, a) for a, b in MIXED[:3])


def accepts(op: Op, arrays: Sequence[Array], attrs: Sequence[Any]) -> bool:
    """Is the row defined for these dtypes?"""
    try:
        Instance(op, tuple(arrays), tuple(attrs)).term()
    except DTypeError:
        return False
    return True


def values_for(op: Op, dtypes: Sequence[str]) -> Sequence[Any]:
    if op.name == "power" and np.result_type(*dtypes).kind in "iu":
        return INTEGER_POWER
    return VALUES.get(op.name, (plain,) * len(dtypes))


def instances(op: Op, *, few: bool = False) -> list[Instance]:
    """Plain examples of a row over shapes and dtypes.

    ``few``: all shapes for float64, of which positions are int64, and one shape for other dtypes.
    """
    out = []
    if op.kind == "elementwise" and not op.attrs:
        shaped = [(s, ()) for s in _ELEMENTWISE[op.arity]]
    elif op.name in SHAPES:
        shaped = SHAPES[op.name]
    else:
        raise KeyError(f"{op.name}: has no examples; add its shapes and attributes to SHAPES in tests/instances.py")
    for dtypes in dtypes_of(op, len(shaped[0][0]) if not op.variadic else 1):
        main = "float64" in dtypes[:2] and (op.kind == "elementwise" or dtypes[1:2] in ((), ("float64",), ("int64",)))
        for shapes, attrs in shaped if main or not few or not dtypes else shaped[:1]:
            names = dtypes if not op.variadic else (dtypes * len(shapes))[: len(shapes)]
            kinds = values_for(op, names)
            kinds = kinds if len(kinds) >= len(shapes) else (plain,) * len(shapes)
            arrays = tuple(make(d, s, i + 1) for i, (make, d, s) in enumerate(zip(kinds, names, shapes, strict=False)))
            if not accepts(op, arrays, attrs):
                break
            out.append(Instance(op, arrays, attrs))
    return out


def hostile_instances(op: Op) -> list[Instance]:
    """An elementwise row over hostile values, all pairs for two operands."""
    if op.kind != "elementwise" or op.attrs:
        return []
    out = []
    for dtypes in dtypes_of(op, op.arity):
        if len(set(dtypes[op.conditions:])) > 1:
            continue
        columns = [hostile(np.dtype(d)) for d in dtypes]
        if op.name == "power" and np.dtype(dtypes[0]).kind in "iu":
            columns[1] = columns[1][columns[1] >= 0]
        grid = np.meshgrid(*columns, indexing="ij") if len(columns) < 3 else [
            np.resize(c, 60) for c in columns]
        arrays = tuple(np.ascontiguousarray(g.ravel()) for g in grid)
        if accepts(op, arrays, ()):
            out.append(Instance(op, arrays))
    return out


__all__ = ["DTYPE", "SHAPES", "Instance", "accepts", "as_input", "hostile", "hostile_instances", "instances", "plain",
           "testable"]
