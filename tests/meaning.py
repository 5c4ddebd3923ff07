"""What rows mean, said with other functions of NumPy and SciPy, and how close two arrays are."""

from __future__ import annotations

import math
import warnings
from typing import Any

import mpmath
import numpy as np
import scipy.linalg
import scipy.special
from instances import Instance

Array = np.ndarray[Any, Any]


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


def _put(x: Array, v: Array, spec: Any) -> Array:
    out = np.array(x, np.result_type(x, v))
    out.flat[_index(np.arange(x.size).reshape(x.shape), spec).ravel()] = v.ravel()
    return out


def _take_set(x: Array, i: Array, v: Array, axis: Any) -> Array:
    at = x.ndim + axis[0]
    out = np.array(x, np.result_type(x, v))
    for k in np.ndindex(i.shape):
        out[(slice(None),) * at + (int(i[k]),)] = v[(slice(None),) * at + k]
    return out


def _running(fn: Any, x: Array) -> Array:
    """The reduction of every prefix."""
    parts = [fn(x[..., :k + 1], -1) for k in range(x.shape[-1])]
    return np.stack(parts, -1) if parts else fn(x[..., None], -1)


def _first_positions(x: Array, n: int) -> Array:
    """By comparing all elements with all: an element is new if no equal one stands before it."""
    a, b = x[..., :, None], x[..., None, :]
    same = (a == b) | ((a != a) & (b != b))
    new = ~np.any(same & np.tri(x.shape[-1], k=-1, dtype=bool), -1)
    order = np.argsort(x, -1, kind="stable")
    rank = np.where(new, np.argsort(order, -1), x.shape[-1])  # of what is not new none
    found = np.argsort(rank, -1, kind="stable")
    places = np.where(np.arange(n) < np.sum(new, -1)[..., None], np.arange(n), 0)
    return np.take_along_axis(found, places, -1)


def _ordered(x: Array) -> Array:
    return np.take_along_axis(x, np.argsort(x, -1), -1)


def _full_perm(x: Array, perm: Any) -> Array:
    return np.transpose(x, (*range(x.ndim - len(perm)), *(p + x.ndim for p in perm)))


def _float(x: Array) -> Array:
    return x if x.dtype.kind in "fc" else x.astype("float32" if x.dtype.itemsize <= 2 else "float64")


def _beta(a: Any, b: Any) -> Any:
    return np.vectorize(_betaln, otypes=["float64"])(a, b).astype(np.result_type(_float(a), _float(b)))


def _betaln(a: Any, b: Any) -> float:
    """SciPy's loses digits where an operand is large."""
    a, b = float(a), float(b)
    if not (a > 0 and b > 0):
        return np.nan
    if np.isinf(a + b) or min(a, b) < 5.6e-309 < 1e-20 <= max(a, b):  # next to its pole at zero SciPy's gammaln overflows
        return -np.inf if np.isinf(a + b) else np.inf
    with mpmath.workprec(100 + 2 * max(0, math.frexp(max(a, b))[1])):
        x, y = mpmath.mpf(a), mpmath.mpf(b)
        return float(mpmath.loggamma(x) + mpmath.loggamma(y) - mpmath.loggamma(x + y))


def _second_kind(order: int, x: Array) -> Array:
    """SciPy's halves its operand, of which a denormal number loses digits."""
    small = (x > 0) & (x < 1e-30)
    exact = np.vectorize(lambda v: float(mpmath.besselk(order, mpmath.mpf(v))), otypes=["float64"])
    with np.errstate(over="ignore"):
        return np.where(small, exact(np.where(small, x, 1).astype("float64")).astype(x.dtype),
                        getattr(scipy.special, f"k{order}e")(x))


def _parabolic_cylinders(x: Array, n: int) -> Array:
    """DLMF 7.18.11."""
    def one(v: float) -> float:
        z = mpmath.sqrt(2) * mpmath.mpf(v)
        return float(mpmath.pcfd(-n - 1, z) / mpmath.pcfd(-n, z) / mpmath.sqrt(2))
    return np.vectorize(one, otypes=["float64"])(x).astype(x.dtype)


def _exchanged(p: Array) -> Array:
    out = np.broadcast_to(np.arange(p.shape[-1], dtype=p.dtype), p.shape).copy()
    for i in np.ndindex(p.shape[:-1]):
        for k in range(p.shape[-1]):
            out[i][k], out[i][p[i][k]] = out[i][p[i][k]], out[i][k]
    return out


# What each row is, said with another function where its own column is not that function itself.
DIRECT: dict[str, Any] = {
    "reciprocal": lambda x: 1 / (x if x.dtype.kind in "fc" else x.astype("float64")),
    "abs": np.abs,
    "bitwise_invert": np.invert,
    "erf": scipy.special.erf,
    "erfc": scipy.special.erfc,
    "gammaln": lambda x: scipy.special.gammaln(_float(x)),
    "digamma": lambda x: scipy.special.digamma(_float(x)),
    "k0e": lambda x: _second_kind(0, _float(x)),
    "k1e": lambda x: _second_kind(1, _float(x)),
    "ive": lambda x, v: scipy.special.ive(v, _float(x)),
    "erfc_ratio": lambda x, n: _parabolic_cylinders(_float(x), n),
    "kve": lambda x, v: scipy.special.kve(v, _float(x)),
    "trigamma": lambda x: scipy.special.polygamma(1, _float(x)).astype(_float(x).dtype),
    "polygamma": lambda x, n: np.where(_float(x) > 0, scipy.special.polygamma(n, _float(x)), np.nan),
    "sigmoid": lambda x: scipy.special.expit(_float(x)),
    "softplus": lambda x: np.logaddexp(_float(x), _float(x).dtype.type(0)),
    **{name: lambda *xs, name=name: getattr(scipy.special, name)(*map(_float, xs))
       for name in ("erfcx", "erfinv", "i0e", "i1e", "log_ndtr", "logit", "xlogy", "xlog1py")},
    "betaln": _beta,
    "log1mexp": lambda x: np.where(_float(x) < -1, np.log1p(-np.exp(_float(x))), np.log(-np.expm1(_float(x)))),
    "conj": lambda x: x if x.dtype.kind == "b" else np.conj(x),
    "astype": lambda x, d: (x.real if x.dtype.kind == "c" and d.kind not in "cb" else x).astype(d),
    "stop_gradient": lambda x: x,
    "shared": lambda x: x,
    "assume": lambda x, facts: x,
    "dim": np.int64,
    "sum": lambda x, axes: np.sum(x, axes),
    "prod": lambda x, axes: np.prod(x, axes),
    "max": lambda x, axes: np.max(x, axes),
    "max_or_lowest": lambda x, axes: np.max(_float(x), axes, initial=-np.inf),
    "min": lambda x, axes: np.min(x, axes),
    "all": lambda x, axes: np.all(x, axes),
    "any": lambda x, axes: np.any(x, axes),
    "mean": lambda x, axes: np.mean(x, axes),
    "logsumexp": lambda x, axes: np.log(np.sum(np.exp(_float(x)), axes)),
    "softmax": lambda x, axes: scipy.special.softmax(_float(x), axes) if x.size else _float(x),
    "transpose": _full_perm,
    "index": _index,
    "place": _place, "put": _put, "take_set": _take_set,
    "cumsum": lambda x: _running(np.sum, x), "cumprod": lambda x: _running(np.prod, x),
    "take_along": lambda x, i: np.einsum("...mn,...n->...m", np.eye(x.shape[-1], dtype=x.dtype)[i], x),
    "add_along": lambda g, i, n: np.einsum("...m,...mn->...n", g, np.eye(n, dtype=g.dtype)[i]),
    "sort": _ordered, "argsort": lambda x: np.lexsort((np.broadcast_to(np.arange(x.shape[-1]), x.shape), x), -1),
    "unique": lambda x, n: np.take_along_axis(x, _first_positions(x, n), -1),
    "unique_index": lambda x, n: _first_positions(x, n),
    "argmax": lambda x: np.argmax(x, -1), "argmin": lambda x: np.argmin(x, -1),
    "take": lambda x, i, axis: np.take(x, i, axis[0]),
    "take_add": _take_add,
    "concat": lambda *xs: np.concatenate(xs[:-1], xs[-1][0]),
    "diag": lambda v: v[..., None] * np.eye(v.shape[-1], dtype=v.dtype),
    "diagonal": lambda x, k: np.diagonal(x, k, -2, -1),
    "matvec": lambda a, v: np.einsum("...mk,...k->...m", a, v),
    "vecmat": lambda v, a: np.einsum("...k,...kn->...n", v, a),
    "vecdot": lambda a, b: np.einsum("...k,...k->...", a, b),
    "det": np.linalg.det,
    "inv": np.linalg.inv,
    "slogdet": np.linalg.slogdet,
    "solve": np.linalg.solve,
    "solve_triangular": lambda a, b, lower, unit: np.linalg.solve(_triangle(a, lower, unit), b),
    "cholesky": np.linalg.cholesky,
    "qr": lambda a: tuple(np.linalg.qr(a)),
    "trace": lambda x: np.trace(x, axis1=-2, axis2=-1),
    "kron": lambda a, b: _batched(np.kron, a, b),
    "block_diag": lambda a, b: _batched(scipy.linalg.block_diag, a, b),
    "circulant": lambda c: _batched(lambda v: scipy.linalg.circulant(v[0]), c[..., None, :]),
    "toeplitz": lambda c, r: _batched(lambda v, w: scipy.linalg.toeplitz(v[0], w[0]), c[..., None, :], r[..., None, :]),
    "eigh": lambda a: tuple(np.linalg.eigh(a)),
    "eigvalsh": np.linalg.eigvalsh,
    "svd": lambda a: tuple(np.linalg.svd(a, full_matrices=False)),
    "svdvals": lambda a: np.linalg.svd(a, compute_uv=False),
    "lu": lambda a: tuple(_batched(lambda m, k=k: np.asarray(scipy.linalg.lu(m)[k], m.dtype), a.astype(_double(a)))
                          for k in range(3)),
    "eig": lambda a: tuple(_batched(lambda m, k=k: np.asarray(scipy.linalg.eig(m)[k], np.result_type(_double(a), "complex64")),
                                    a.astype(_double(a))) for k in range(2)),
    "eigvals": lambda a: _batched(lambda m: np.asarray(scipy.linalg.eigvals(m), np.result_type(_double(a), "complex64")),
                                  a.astype(_double(a))),
    "schur": lambda a: tuple(_batched(lambda m, k=k: scipy.linalg.schur(m)[k], a.astype(_double(a))) for k in range(2)),
    "qz": lambda a, b: tuple(_batched(lambda m, n, k=k: scipy.linalg.qz(m, n)[k], *[
        x.astype(np.result_type(_double(a), _double(b))) for x in (a, b)]) for k in range(4)),
    "lu_factor": lambda a: tuple(_batched(lambda m, k=k: np.asarray(scipy.linalg.lu_factor(m)[k]), a.astype(_double(a)))
                                 for k in range(2)),
    "pivot_order": _exchanged,
    "solve_sylvester": lambda *xs: _batched(scipy.linalg.solve_sylvester,
                                            *[x.astype(np.result_type(*map(_double, xs))) for x in xs]),
    "pinv": lambda a: np.linalg.pinv(a) if a.size else a.astype(_double(a)),
    "expm": lambda a: _batched(_exponential, a.astype(_double(a))),
    "expm_frechet": lambda a, e: _batched(
        lambda m, d: _exponential(np.block([[m, d], [0 * m, m]]))[: len(m), len(m):],
        a.astype(np.result_type(_double(a), _double(e))), e.astype(np.result_type(_double(a), _double(e)))),
    "fft": lambda x: np.fft.fft(x.astype(_double(x))), "ifft": lambda x: np.fft.ifft(x.astype(_double(x))),
    "rfft": lambda x: np.fft.rfft(x.astype(_double(x))),
    "irfft": lambda x, n: np.fft.irfft(x.astype(_double(x)), n),
}


def _exponential(m: Array) -> Array:
    """In sixty digits: SciPy's is wrong by thousands of units in the last place for matrices of norm 10."""
    if not m.size or not np.isfinite(m).all():
        return np.full(m.shape, np.nan, m.dtype)
    with mpmath.workdps(60):
        rows = mpmath.expm(mpmath.matrix(m.tolist())).tolist()
    return np.array([[complex(v) if m.dtype.kind == "c" else float(v) for v in row] for row in rows]).astype(m.dtype)


def _double(x: Array) -> Any:
    return x.dtype if x.dtype.kind in "fc" else np.dtype("float64")


def _batched(fn: Any, *arrays: Array) -> Array:
    """A function of matrices over leading axes."""
    lead = np.broadcast_shapes(*[a.shape[:-2] for a in arrays])
    wide = [np.broadcast_to(a, lead + a.shape[-2:]) for a in arrays]
    one = np.asarray(fn(*[np.ones(a.shape[-2:], a.dtype) for a in arrays]))
    out = np.empty(lead + one.shape, one.dtype)
    for i in np.ndindex(lead):
        out[i] = fn(*[a[i] for a in wide])
    return out


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


# Where the other function computes small integers in float64, and relgraph in the float that NumPy's own ufuncs take.
MORE_PRECISE = {"polygamma", "erf", "erfc", "mean"}
DIRECT_ULP = {"erfc_ratio": 256, "betaln": 32, "fft": 64, "ifft": 64, "rfft": 64, "irfft": 64, "expm": 64,
              "expm_frechet": 512,  # a corner of a larger exponential, whose error is one for the whole
              "pinv": 64, "lu": 16, "eigh": 64, "svd": 64,
              "solve_sylvester": 4096,  # of an element that is small beside the others
              "det": 16, "log1mexp": 8, "matmul": 16, "matvec": 16, "vecmat": 16, "vecdot": 16, "solve": 256,
              "solve_triangular": 64, "logsumexp": 16}


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
