"""Hostile numbers: where floats, wrapping integers and complex numbers are known to break equations."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np

__all__ = ["GROUPS", "MEMBERS", "SINGLE", "adjacent", "beside", "mildness", "points", "pool", "thirds"]

Array: TypeAlias = np.ndarray[Any, Any]

# Verifying takes one dtype of each group; the others of a group differ in nothing a relation could see.
MEMBERS: dict[str, tuple[str, ...]] = {
    "float64": ("float64",), "float32": ("float32",), "complex128": ("complex128",), "complex64": ("complex64",),
    "int64": ("int64",), "int8": ("int8", "int16", "int32"), "uint64": ("uint64",), "uint8": ("uint8", "uint16", "uint32"),
    "bool": ("bool",)}
GROUPS = tuple(np.dtype(n) for n in MEMBERS)
SINGLE = (np.dtype("float32"), np.dtype("complex64"))  # a dtype's name takes NumPy as long to make as a small op

_SIGNED = [5e-324, 2.3e-308, 1e-200, 1e-18, 2.0**-53, 1e-8, 0.5, 1 / 3, 1, 2, 3.7, 37, 709, 745, 1000, 1e16, 1e154, 1e200,
           1.7e308]
_SIGNED_32 = [1e-45, 1.2e-38, 1e-25, 1e-12, 2.0**-24, 1e-5, 0.5, 1 / 3, 1, 2, 3.7, 37, 88, 103, 1000, 1e8, 1e19, 1e25, 3.3e38]
_MANTISSAS = np.linspace(1, 2, 13)[1:-1]  # of numbers between powers of two
_BETWEEN = 24  # points between two marks
_NEAR = ((1, 0), (1 + 1e-8, 0), (1 - 1e-8, 0), (1.01, 0), (0.99, 0), (1, 0.5), (1, -0.5), (1, 1), (1, -1))  # m to a*m + b
_REAL_PARTS, _IMAGINARY_PARTS = (0.0, 1.0, -1.0, 0.5, -2.0, 3.7), (0.0, 1.0, -1.0, 0.5, -3.7)


@lru_cache(64)
def pool(dtype: np.dtype[Any]) -> Array:
    """The hostile numbers of a dtype, NaN and infinities included."""
    name = dtype.name
    if name in ("float64", "float32"):
        signed = _SIGNED if name == "float64" else _SIGNED_32
        values: Any = [0.0, -0.0, np.nan, np.inf, -np.inf, 3, -3, 0.25, *signed, *[-v for v in signed]]
    elif dtype.kind == "c":
        big = 1e200 if name == "complex128" else 1e25
        values = [complex(a, b) for a in _REAL_PARTS for b in _IMAGINARY_PARTS]
        values += [complex(a, b) for a in (big, -1 / big) for b in (0, 1, big)]
        values += [complex(np.nan, 0), complex(np.nan, np.nan), complex(np.inf, 0), complex(-np.inf, 1)]
    elif dtype.kind == "b":
        values = [False, True]
    else:
        info = np.iinfo(dtype)
        near = range(-5, 8) if dtype.kind == "i" else range(8)
        root = int(info.max**0.5)
        half = info.max // 2
        values = {info.min, info.min + 1, half - 1, half, half + 1, info.max - 1, info.max, root, root + 1, 100, *near}
        values = sorted(values | {*thirds(dtype).tolist()})
    out = np.array(values, dtype)
    out.flags.writeable = False
    return out


def thirds(dtype: np.dtype[Any]) -> Array:
    """Integers next to a third of all there are, or to two thirds: three times them is near zero again."""
    bits = np.iinfo(dtype).bits
    third = 2**bits // 3
    return np.array([third, third + 1, 2 * third, 2 * third + 1], f"uint{bits}").view(dtype)


@lru_cache(512)
def points(dtypes: tuple[np.dtype[Any], ...], literals: int = 0, marks: tuple[float, ...] = ()) -> tuple[Array, ...]:
    """Flat arrays of hostile points for variables of these dtypes: all pairs for two, samples for more; and random ones.

    The last ``literals`` of them are constants, which are finite.  Of one or two integers of 8 bits there is every point, so
    that a verdict is a proof.  ``marks``: numbers beside which, and between which, there are to be points as well.
    """
    every = 0 < len(dtypes) <= 2 and all(d.kind in "iu" and d.itemsize == 1 for d in dtypes)
    out = _grid([np.arange(256).astype(d) for d in dtypes]) if every else _some_points(dtypes, literals)
    if marks and not every:
        out = tuple([np.concatenate([a, b]) for a, b in zip(out, _marked(dtypes, marks), strict=True)])
    for a in out:
        a.flags.writeable = False
    return out


def _grid(numbers: Sequence[Array]) -> tuple[Array, ...]:
    """Every choice of a number for each variable."""
    return tuple([g.ravel() for g in np.meshgrid(*numbers, indexing="ij")])


def _some_points(dtypes: Sequence[np.dtype[Any]], literals: int) -> tuple[Array, ...]:
    rng = np.random.default_rng(20240229)
    pools = [pool(d) if i < len(dtypes) - literals else pool(d)[np.isfinite(pool(d))] for i, d in enumerate(dtypes)]
    if len(pools) <= 1:
        flat = pools
    elif len(pools) == 2:
        flat = [*_grid(pools)]
    else:
        flat = [p[rng.integers(0, len(p), 2000)] for p in pools]
        diagonal = [np.resize(p, max(map(len, pools))) for p in pools]
        alone = [[p if j == i else np.full(len(p), n, d) for j, d in enumerate(dtypes)]  # beside zeros, or ones
                 for i, p in enumerate(pools) for n in (0, 1)]
        flat = [np.concatenate([*parts]) for parts in zip(flat, diagonal, *alone, strict=True)]
    return tuple(np.concatenate([f, _random(rng, d)]) for f, d in zip(flat, dtypes, strict=True))


@lru_cache(16)
def adjacent(dtype: np.dtype[Any]) -> tuple[Array, Array]:
    """Floats and those next to them, above and below: a function may round both to one number, of which ``==`` is true."""
    some = pool(dtype)
    some = np.concatenate([some[np.isfinite(some)], _MANTISSAS.astype(dtype)])
    beyond = [np.nextafter(some, to, dtype=dtype) for to in (np.inf, -np.inf)]
    return np.tile(some, 2), np.concatenate(beyond)


@lru_cache(1024)
def beside(dtype: np.dtype[Any], marks: tuple[float, ...]) -> Array:
    """Numbers at, next to, near and between given ones."""
    some = sorted(marks)
    near = [m * f + d for m in some for f, d in _NEAR]
    rng = np.random.default_rng(577)
    between = [x for a, b in pairwise(some) for x in (a + (b - a) / 2, *(a + (b - a) * rng.random(_BETWEEN)))]
    if dtype.kind in "iu":
        info = np.iinfo(dtype)
        return np.array(sorted({round(x) for x in (*near, *between) if info.min <= round(x) <= info.max}), dtype)
    if dtype.kind == "b":
        return np.zeros(0, dtype)
    with np.errstate(all="ignore"):
        real = np.array([*near, *between], np.float32 if dtype in SINGLE else np.float64)
        at = real[: len(near): len(_NEAR)]
        real = np.concatenate([real, np.nextafter(at, np.inf, dtype=at.dtype), np.nextafter(at, -np.inf, dtype=at.dtype)])
    return real[np.isfinite(real)].astype(dtype)


def _marked(dtypes: Sequence[np.dtype[Any]], marks: tuple[float, ...]) -> tuple[Array, ...]:
    """Points of which one variable is beside a mark and the others are anything finite; points of which all are."""
    rng = np.random.default_rng(20240301)
    found = [beside(d, marks) for d in dtypes]
    n = max(map(len, found), default=0)
    usual = [pool(d)[np.isfinite(pool(d))] for d in dtypes]
    rows: list[list[Array]] = [[] for _ in dtypes]
    for one in range(len(dtypes) + (len(dtypes) > 1)):
        for i, (at, others) in enumerate(zip(found, usual, strict=True)):
            marked = len(at) and one in (i, len(dtypes))
            rows[i].append(rng.permutation(np.resize(at, n)) if marked else others[rng.integers(0, len(others), n)])
    return tuple([np.concatenate(r) for r in rows])


def _random(rng: np.random.Generator, dtype: np.dtype[Any]) -> Array:
    """Moderate numbers with full mantissas, which show rounding; small whole numbers; numbers of any size."""
    n = 120
    if dtype.kind == "b":
        return rng.integers(0, 2, 3 * n).astype(bool)
    if dtype.kind in "iu":
        info = np.iinfo(dtype)
        wide = rng.integers(info.min, info.max, 2 * n, dtype=dtype)
        return np.concatenate([wide, rng.integers(0 if dtype.kind == "u" else -9, 10, n).astype(dtype)])
    real = np.concatenate([rng.standard_normal(n) * 3, rng.integers(-4, 5, n // 2).astype(float), rng.random(n // 2),
                           rng.choice([-1, 1], n) * 10.0 ** rng.uniform(*((-300, 300) if dtype.itemsize == 8 else (-6, 6)), n)])
    if dtype.kind == "c":
        return np.asarray(np.clip(real, -50, 50) + 1j * rng.standard_normal(len(real)), dtype)
    return np.asarray(real, dtype)


def mildness(arrays: tuple[Array, ...]) -> Array:
    """How far a point is from everyday numbers: counterexamples are read by people, mildest first."""
    total = np.zeros(np.shape(arrays[0]) if arrays else ())
    for a in arrays:
        size = np.abs(np.asarray(a, complex if a.dtype.kind == "c" else float))
        with np.errstate(all="ignore"):
            step = np.where(size == 0, 1.0, np.abs(np.log2(np.where(size > 0, size, 1))))
        whole = np.floor(size) == size
        total = total + np.where(np.isfinite(size), step + np.where(whole, 0, 0.5), 1e9) + (np.real(a) < 0) * 0.25
    return total
