"""Matrices of every structure as inputs of known values, for the tables of the field's equations."""

from __future__ import annotations

from typing import Any

import numpy as np

import relgraph as rg
from relgraph.terms.term import Term

RNG = np.random.default_rng(7)
VALUES: dict[Term, Any] = {}


def given(name: str, array: Any, **facts: Any) -> tuple[Any, Any]:
    """An input with these values: as it is, and with what is known of it."""
    array = np.asarray(array)
    plain = rg.tensor(name, shape=array.shape, dtype=array.dtype.name)
    VALUES[plain] = array
    return plain, rg.assume(plain, **facts) if facts else plain


def any_(name: str, *shape: int) -> Any:
    """An input of which nothing is known."""
    return given(name, RNG.normal(size=shape))[0]


def _diagonal(v: Any) -> Any:
    return v[..., :, None] * np.eye(v.shape[-1])


def _complex(*shape: int) -> Any:
    return RNG.normal(size=shape) + 1j * RNG.normal(size=shape)


regular = RNG.normal(size=(2, 3, 3)) + 4 * np.eye(3)
gram = regular @ regular.swapaxes(-1, -2)
turn = np.linalg.qr(RNG.normal(size=(2, 3, 3)))[0]
order = np.eye(4)[[2, 0, 3, 1]]

A, B, C = any_("A", 3, 3), any_("B", 3, 3), any_("C", 3, 3)
X, Y, Z = any_("X", 2, 3, 3), any_("Y", 2, 3, 3), any_("Z", 2, 3, 4)  # batches
F, G = any_("F", 2, 2), any_("G", 2, 2)
b, b1, b5 = any_("b", 3, 2), any_("b1", 2, 1, 4), any_("b5", 5, 2)
v, w, v2 = any_("v", 3), any_("w", 3), any_("v2", 2, 3)
b_complex = given("b_complex", _complex(3, 2))[0]

positive, positive_ = given("positive", [[0.5, 2.0, 3.0], [1.5, 0.3, 4.0]], positive=True)
nonzero, nonzero_ = given("nonzero", [[0.5, -2.0, 3.0], [-1.5, 0.3, 4.0]], nonzero=True)
with_zero = given("with_zero", [0.5, 0.0, -3.0])[0]
D, D_ = given("D", _diagonal(RNG.normal(size=3)), diagonal=True)
E, E_ = given("E", _diagonal(RNG.normal(size=(2, 3))), diagonal=True)
DI, DI_ = given("DI", _diagonal(np.array([0.5, -2.0, 3.0])), diagonal=True, invertible=True)
DP, DP_ = given("DP", _diagonal(np.array([[0.5, 2.0, 3.0], [1.5, 0.3, 4.0]])), diagonal=True, pd=True)
I, I_ = given("I", regular, invertible=True)
J, J_ = given("J", regular[0], invertible=True)
L, L_ = given("L", np.tril(regular), lower_triangular=True)
L1, L1_ = given("L1", np.tril(regular) + 9 * np.eye(3), lower_triangular=True, positive_diagonal=True)
LI, LI_ = given("LI", np.tril(regular), lower_triangular=True, invertible=True)
R, R_ = given("R", np.triu(regular), upper_triangular=True)
R1, R1_ = given("R1", np.triu(regular) + 9 * np.eye(3), upper_triangular=True, positive_diagonal=True)
RI, RI_ = given("RI", np.triu(regular), upper_triangular=True, invertible=True)
T1, T1_ = given("T1", np.tril(regular, -1) + np.eye(3), unit_triangular=True)
S, S_ = given("S", regular + regular.swapaxes(-1, -2), symmetric=True)
P, P_ = given("P", gram, pd=True)
P2, P2_ = given("P2", gram[0, :2, :2], pd=True)
P3, P3_ = given("P3", gram[1], pd=True)
Q, Q_ = given("Q", turn, orthogonal=True)
Q3, Q3_ = given("Q3", turn[0], orthogonal=True)
U, U_ = given("U", np.linalg.qr(_complex(3, 3))[0], unitary=True)
V = given("V", _complex(3, 3))[0]
H, H_ = given("H", np.linalg.qr(RNG.normal(size=(2, 4, 3)))[0], semi_orthogonal=True)
M, M_ = given("M", order, permutation=True)
N, N_ = given("N", np.eye(3)[[2, 0, 2, 1]], selection=True)
one = given("one", [[[2.0]], [[3.0]]])[0]
one_pos, one_pos_ = given("one_pos", [[[2.0]], [[3.0]]], positive=True)
positions = given("positions", [2, 0, 2, 1])[0]
