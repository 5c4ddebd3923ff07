"""What decompositions and Fourier transforms mean in unlimited range and precision, as `reference` says it of the others."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np

from .reference import _array, _batched, _identity, _matrix, _mp

__all__ = ["eig", "eigh", "eigvals", "eigvalsh", "expm", "fft", "ifft", "irfft", "lu", "lu_factor", "pinv", "qr",
           "qz", "rfft", "schur", "solve_sylvester", "svd", "svdvals"]


def _is_complex(a: Any) -> bool:
    return any(isinstance(v, _mp().mpc) for v in a.flat)


def _conj(a: Any) -> Any:
    return np.frompyfunc(_mp().conj, 1, 1)(a) if a.size else a


def _vector(xs: Any) -> Any:
    out = np.empty(len(xs), object)
    for i in range(len(xs)):
        out[i] = xs[i]
    return out


def _eigh(a: Any) -> tuple[Any, Any]:
    """Of the lower triangle, whose diagonal counts as real."""
    if not a.size:
        return np.empty(0, object), a
    full = np.array(a, object)
    for i, j in np.ndindex(full.shape):
        if i <= j:
            full[i, j] = _mp().re(a[i, i]) if i == j else _mp().conj(a[j, i])
    w, v = (_mp().eighe if _is_complex(full) else _mp().eigsy)(_matrix(full))
    w, v = _vector(w), _array(v)
    for here in _ties(w):
        v[:, here] = _any_basis(v[:, here], w[here.start])
    return w, v


def _ties(values: Any) -> list[slice]:
    """Where neighbours are equal, up to what is left of the precision."""
    least = max(map(operator.abs, values)) * _mp().mpf(2) ** -(_mp().mp.prec // 2)
    ends = [i for i in range(1, len(values)) if operator.abs(values[i] - values[i - 1]) > least]
    return [slice(a, b) for a, b in zip([0, *ends], [*ends, len(values)], strict=True) if b - a > 1]


def _any_basis(v: Any, value: Any) -> Any:
    """An orthonormal basis of what columns span: the same at every precision, none of the usual ones, of each value another.

    LAPACK gives one of many where eigenvalues are equal, and an equation is not to rely on which.
    """
    n, d = v.shape
    space, basis = np.matmul(v, _conj(v).T), np.empty((n, d), object)
    for k in range(d):
        j = next(j for j in range(n) if _mp().re(space[j, j]) * 2 * n > 1)  # the largest is no less than 1/n
        basis[:, k] = space[:, j] / _mp().sqrt(_mp().re(space[j, j]))
        space = space - np.outer(basis[:, k], _conj(basis[:, k]))
    ratio = value / (1 + operator.abs(value))
    mirror = _vector([(k + 1) * (1 + k * ratio) for k in range(d)])
    return np.matmul(basis, _identity(d, d) - np.outer(mirror, mirror) * (2 / np.dot(mirror, mirror)))


def _svd(a: Any) -> tuple[Any, Any, Any]:
    (m, n), k = a.shape, min(a.shape)
    if not k:
        return _identity(m, k), np.empty(0, object), _identity(k, n)
    u, s, vh = (_mp().svd_c if _is_complex(a) else _mp().svd_r)(_matrix(a))
    u, s, vh = _array(u), _vector(s), _array(vh)
    for here in _ties(s):
        if s[here.start]:  # of zeros each side has a basis of its own
            turned = _conj(_any_basis(_conj(vh[here]).T, s[here.start])).T
            u[:, here] = np.matmul(u[:, here], np.matmul(vh[here], _conj(turned).T))
            vh[here] = turned
    return u, s, vh


def _pinv(a: Any) -> Any:
    """What is zero but for rounding counts as zero."""
    u, s, vh = _svd(a)
    if not len(s):
        return np.full(a.shape[::-1], _mp().mpf(0), object)
    least = s[0] * _mp().mpf(2) ** -(_mp().mp.prec // 2)
    return np.matmul(_conj(vh).T * _vector([1 / x if x > least else _mp().mpf(0) for x in s]), _conj(u).T)


def _expm(a: Any) -> Any:
    if not a.size:
        return a
    if max(operator.abs(v) for v in a.flat) * len(a) > 0.3 * _mp().mp.prec:
        raise OverflowError(f"expm: of too large a matrix for a precision of {_mp().mp.prec} bits")
    return _mp().expm(_matrix(a))


def _lu(a: Any) -> tuple[Any, Any, Any]:
    """By partial pivoting, with the size of a complex number as LAPACK takes it."""
    n = len(a)
    u, low, rows = np.array(a, object), _identity(n, n), list(range(n))
    for k in range(n):
        sizes = [operator.abs(_mp().re(u[i, k])) + operator.abs(_mp().im(u[i, k])) for i in range(k, n)]
        p = k + sizes.index(max(sizes))
        if p != k:
            u[[k, p]], low[[k, p], :k] = u[[p, k]], low[[p, k], :k]
            rows[k], rows[p] = rows[p], rows[k]
        for i in range(k + 1, n):
            if u[k, k] != 0:
                low[i, k] = u[i, k] / u[k, k]
                u[i, k:] = u[i, k:] - low[i, k] * u[k, k:]
                u[i, k] = _mp().mpf(0)
    return _permutation(rows), low, u


def _permutation(rows: list[int]) -> Any:
    """The matrix p with ``x = p @ l @ u`` where row k of ``l @ u`` is row ``rows[k]`` of x."""
    out = np.full((len(rows), len(rows)), _mp().mpf(0), object)
    for k, i in enumerate(rows):
        out[i, k] = _mp().mpf(1)
    return out


def _qr(a: Any) -> tuple[Any, Any]:
    """Of a wide matrix, that of its square part, which the other columns are expressed in."""
    m, n = a.shape
    q, r = map(_array, _mp().qr(_matrix(a[:, :m]), mode="skinny"))
    return (q, r) if m >= n else (q, np.concatenate([r, np.matmul(_conj(q).T, a[:, m:])], axis=1))


def _eig(a: Any) -> Any:
    """Eigenvalues and vectors of length 1."""
    w, v = _mp().eig(_matrix(a))
    v = _array(v)
    lengths = [_mp().sqrt(_mp().fsum(operator.abs(x) ** 2 for x in v[:, k])) for k in range(len(w))]
    return _vector(w), v * _conj(_phases(v)) / _vector(lengths)


def _phases(v: Any) -> Any:
    """Of the largest element of each column: mpmath's depend on the precision."""
    largest = [max(v[:, k], key=operator.abs) for k in range(v.shape[1])]
    return _vector([x / operator.abs(x) for x in largest])


def _schur(a: Any) -> tuple[Any, Any]:
    """Of real matrices with eigenvalues that are not, mpmath has none with blocks of two rows."""
    z, t = map(_array, _mp().schur(_matrix(a)))
    if not _is_complex(a) and (_is_complex(t) or _is_complex(z)):
        raise OverflowError("schur: the real form of a real matrix is not computed in unlimited precision")
    turn = _conj(_phases(z))
    return _conj(turn)[:, None] * t * turn, z * turn


def _qz(a: Any, b: Any) -> tuple[Any, Any, Any, Any]:
    """By Schur's form of a @ inv(b) = q @ u @ q.mH: with q.mH @ b = t @ z.mH, the rows of a QR from below, s is u @ t."""
    if not a.size:
        return a, b, a, b
    try:
        u, q = _schur(_array(_matrix(a) * _matrix(b) ** -1))
    except ZeroDivisionError:
        raise OverflowError("qz: of a pair whose second matrix is singular it is not computed in unlimited precision") from None
    z, r = _qr(_conj(np.matmul(_conj(q).T, b)[::-1]).T)
    z, t = z[:, ::-1], _conj(r).T[::-1, ::-1]
    turn = _conj(_vector([x / operator.abs(x) for x in np.diagonal(t)]))
    return np.matmul(u, t * turn), t * turn, q, z * turn


def _lu_factor(a: Any) -> tuple[Any, Any]:
    """As `_lu`, and the exchanges that lead to its order of rows."""
    p, low, u = _lu(a)
    wanted, at, pivots = [int(np.argmax(p[:, k] != 0)) for k in range(len(a))], list(range(len(a))), []
    for k, row in enumerate(wanted):
        pivots.append(at.index(row))
        at[k], at[pivots[-1]] = at[pivots[-1]], at[k]
    return low - _identity(len(a), len(a)) + u, np.array(pivots, "int32")


def _solve_sylvester(a: Any, b: Any, q: Any) -> Any:
    """As one system for all elements, by row."""
    (m, n) = q.shape
    whole = np.kron(a, _identity(n, n)) + np.kron(_identity(m, m), b.T)
    return _array(_mp().lu_solve(_matrix(whole), _matrix(q.reshape(-1, 1)))).reshape(m, n) if q.size else q


lu_factor = _batched(_lu_factor, 2)
qz = _batched(_qz, 4)
schur = _batched(_schur, 2)
eig = _batched(_eig, 2)
eigvals = _batched(lambda a: _eig(a)[0])
solve_sylvester = _batched(_solve_sylvester)
eigh = _batched(_eigh, 2)
eigvalsh = _batched(lambda a: _eigh(a)[0])
svd = _batched(_svd, 3)
svdvals = _batched(lambda a: _svd(a)[1])
pinv = _batched(_pinv)
expm = _batched(_expm)
lu = _batched(_lu, 3)
qr = _batched(_qr, 2)


# -- Fourier transforms -----------------------------------------------------------------------------------------------------

def _sums(x: Any, sign: int) -> Any:
    """The sums over the last axis of x[j] exp(sign 2 pi i j k / n)."""
    n = x.shape[-1]
    turn = [_mp().expjpi(_mp().mpf(sign * 2 * j) / n) for j in range(n)]
    out = np.empty(x.shape, object)
    for i in np.ndindex(x.shape):
        out[i] = _mp().fsum(x[(*i[:-1], j)] * turn[(j * i[-1]) % n] for j in range(n))
    return out


def fft(x: Any) -> Any:
    return _sums(x, -1)


def ifft(x: Any) -> Any:
    return _sums(x, 1) / max(x.shape[-1], 1)


def rfft(x: Any) -> Any:
    return _sums(x, -1)[..., : x.shape[-1] // 2 + 1]


def irfft(x: Any, n: int) -> Any:
    mirror = _conj(x[..., n - x.shape[-1]:0:-1] if n - x.shape[-1] > 0 else x[..., :0])
    y = ifft(np.concatenate([x, mirror], axis=-1))
    return np.frompyfunc(_mp().re, 1, 1)(y) if y.size else y
