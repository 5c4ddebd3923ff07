"""Predicates: what a guard can claim about a value (over 300 lines because it is one table).

Here stands only what verification needs: whether a predicate holds for given numbers, and how to make numbers for
which it does.  Proving that it holds for a term is the business of facts, keyed by the predicate's name.
A predicate about numbers says nothing about NaN: ``positive(exp(x))`` is a fact although x may be NaN, so that the
verifier lets NaN through every guard except `finite`.  It speaks of the exact value, which may underflow, and at an
infinite operand of the limit: ``exp(-1000)`` and ``exp(-inf)`` are zero, and count as positive (see ``closure``).
`finite` alone speaks of the floats themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from inspect import signature
from typing import Any, Literal, NoReturn

import numpy as np

from ..errors import TheoryError
from ..terms.term import LVar, Term, as_term, attr, weak
from . import bands, layouts, matrices, meeting, places, regrouping, scales


@dataclass(frozen=True, eq=False)
class Predicate:
    """A named property of an operand: call it on pattern terms to get a `Guard`.

    >>> positive(x)
    positive(x)

    ``holds`` maps the operands' values to a mask (scope "element") or to a bool ("matrix", "array", "shape", "dtype");
    in scope "term" it gets the terms themselves, of which the first ``known`` must have values that are known beforehand.
    ``sample(rng, shape, dtype)``, with the numbers if it takes any, makes an array of which it holds, or returns None where
    there is none.
    """

    name: str
    holds: Callable[..., Any]
    scope: Literal["element", "matrix", "array", "shape", "dtype", "term"] = "element"
    sample: Callable[[np.random.Generator, tuple[int, ...], np.dtype[Any]], Any] | None = None
    nan: bool = True  # scope "element": the fact may be proved of a term that is NaN at run time
    rounded: bool = False  # no array of floats but trivial ones has it exactly
    closure: Callable[..., Any] | None = None  # what limits of such numbers satisfy; None: the same
    known: int = 0  # scope "term": how many operands, the first ones, are read when a rule is tried
    numbers: int = 0  # how many numbers are claimed with it, as in at_least(x, 2)
    tightest: Literal["", "largest", "smallest"] = ""  # of the numbers for which it holds, the one that implies the others
    measure: Callable[..., Any] | None = None  # an array to that number
    doc: str = field(default="", repr=False)

    def __call__(self, *args: Any) -> Guard:
        wanted = arity(self)
        if wanted is not None and len(args) != wanted:
            raise TheoryError(f"{self.name}: takes {wanted} operand{'s' * (wanted > 1)}, found {len(args)}; write "
                              f"{self.name}({', '.join(('x', 'c', 'd')[:wanted] if self.numbers else 'xyzuvw'[:wanted])})")
        return Guard(self, tuple(a if isinstance(a, Term) else _operand(a) for a in args))

    def admits(self, *values: Any) -> Any:
        """As ``holds``, and true where the fact cannot exclude NaN."""
        mask = self.holds(*values)
        return mask | np.isnan(values[0]) if self.nan and self.scope == "element" else mask

    def __repr__(self) -> str:
        return self.name

    def __reduce__(self) -> Any:
        """A predicate of the table pickles by name; one made elsewhere has functions, which do not."""
        if PREDICATES.get(self.name) is not self:
            raise TypeError(f"predicate {self.name}: is not in the table of relgraph.relations.predicates and does not pickle")
        return _named, (self.name,)


@cache
def arity(p: Predicate) -> int | None:
    """How many operands a predicate is asked of; None where it may be asked of more or fewer."""
    if p.scope in ("element", "matrix"):
        return 1 + p.numbers
    given = signature(p.holds).parameters.values()
    fixed = all(q.kind is q.POSITIONAL_OR_KEYWORD and q.default is q.empty for q in given)
    return len(given) if fixed else None


def _named(name: str) -> Predicate:
    return PREDICATES[name]


def _operand(value: Any) -> Term:
    if isinstance(value, tuple):  # axes
        return attr(value)
    return weak(value) if isinstance(value, (bool, int, float, complex)) else as_term(value)


@dataclass(frozen=True)
class Guard:
    """A predicate about pattern terms, a condition of a relation; several combine with ``&``."""

    predicate: Predicate
    args: tuple[Term, ...]

    @property
    def name(self) -> str:
        return self.predicate.name

    def __and__(self, other: Any) -> Guards:
        return Guards((self, *all_of(other)))

    def __rand__(self, other: Any) -> Guards:
        return Guards((*all_of(other), self))

    def __invert__(self) -> NoReturn:
        raise TheoryError(f"~{self.name}: negated guards are refused: unknown means no; state the opposite fact, "
                          "as in negative(x) for ~nonnegative(x)")

    def __or__(self, other: Any) -> NoReturn:
        raise TheoryError(f"{self.name} | …: alternatives are two relations; state the equation once per guard")

    def __bool__(self) -> NoReturn:
        raise TheoryError(f"{self.name}: a guard is no Python condition; combine guards with &, not with `and`, `not`")

    def __repr__(self) -> str:
        return f"{self.name}({', '.join(map(_text, self.args))})"


class Guards(tuple[Guard, ...]):
    """Several guards that must hold together."""

    __slots__ = ()

    def __and__(self, other: Any) -> Guards:
        return Guards((*self, *all_of(other)))

    __invert__, __or__ = Guard.__invert__, Guard.__or__
    name = "guards"


def all_of(guards: Any) -> Guards:
    """The guards of a relation: None, one guard, or a sequence of them."""
    if guards is None:
        return Guards()
    if isinstance(guards, Guard):
        return Guards((guards,))
    if not isinstance(guards, (tuple, list)) or not all(isinstance(g, Guard) for g in guards):
        raise TheoryError(f"guard: {guards!r} is no guard; write positive(x), or positive(x) & integer(n)")
    return Guards(guards)


def _text(t: Term) -> str:
    if t.args:
        return repr(t)
    one = isinstance(t.data, tuple) and (isinstance(t, LVar) or len(t.data) == 1)
    return str(t.data[0] if one else t.data)


# -- about numbers --------------------------------------------------------------------------------------------------------

def _real(test: Callable[..., Any]) -> Callable[..., Any]:
    """A test of real numbers; a complex number must be real to pass."""
    def holds(x: Any, *others: Any) -> Any:
        if np.iscomplexobj(x):
            return (np.imag(x) == 0) & test(np.real(x), *map(np.real, others))
        return test(x, *others)
    return holds


def _element(name: str, test: Callable[..., Any], doc: str, closure: Callable[..., Any] | None = None) -> Predicate:
    return Predicate(name, _real(test), doc=doc, closure=None if closure is None else _real(closure))


def _bound(name: str, test: Callable[..., Any], tightest: Literal["largest", "smallest"], doc: str,
           measure: Callable[..., Any] | None = None, closure: Callable[..., Any] | None = None) -> Predicate:
    return Predicate(name, _real(test), doc=doc, closure=None if closure is None else _real(closure), numbers=1,
                     tightest=tightest, measure=measure)


def _always(x: Any, *others: Any) -> Any:
    return np.ones(np.shape(x), bool)


def _infinite(x: Any) -> Any:
    return np.isinf(x)


def _left_by_two(x: Any) -> Any:
    """What division by two leaves, exactly and of the sign of x; NaN of an infinity.

    `remainder` has the sign of 2 instead, and rounds: of what is just above -1 it is 1.
    """
    x = np.asarray(x)
    with np.errstate(invalid="ignore"):
        if x.dtype.kind == "O":  # integers of any size
            return np.remainder(x, 2)
        return np.fmod(x.astype("int8") if x.dtype.kind == "b" else x, 2)


positive = _element("positive", lambda x: x > 0, "Every element is greater than zero.", lambda x: x >= 0)
negative = _element("negative", lambda x: x < 0, "Every element is less than zero.", lambda x: x <= 0)
nonnegative = _element("nonnegative", lambda x: x >= 0, "No element is less than zero.")
nonpositive = _element("nonpositive", lambda x: x <= 0, "No element is greater than zero.")
integer = _element("integer", lambda x: np.isfinite(x) & (np.floor(x) == x), "Every element is a whole number.", _infinite)
even = _element("even", lambda x: _left_by_two(x) == 0, "Every element is an even number.", _infinite)
odd = _element("odd", lambda x: abs(_left_by_two(x)) == 1, "Every element is an odd number.", _infinite)
between_0_1 = _element("between_0_1", lambda x: (x >= 0) & (x <= 1), "Every element lies in [0, 1].")
between_minus_1_1 = _element("between_minus_1_1", lambda x: (x >= -1) & (x <= 1), "Every element lies in [-1, 1].")
inside_minus_1_1 = _element("inside_minus_1_1", lambda x: (x > -1) & (x < 1), "Every element lies in (-1, 1).",
                            lambda x: (x >= -1) & (x <= 1))
inside_0_1 = _element("inside_0_1", lambda x: (x > 0) & (x < 1), "Every element lies in (0, 1).", lambda x: (x >= 0) & (x <= 1))
above_minus_1 = _element("above_minus_1", lambda x: x > -1, "Every element is greater than -1.", lambda x: x >= -1)
at_least_1 = _element("at_least_1", lambda x: x >= 1, "No element is less than 1.")
greater_than = _bound("greater_than", lambda x, c: x > c, "largest", "Every element is greater than a number.",
                      closure=lambda x, c: x >= c)
less_than = _bound("less_than", lambda x, c: x < c, "smallest", "Every element is less than a number.",
                   closure=lambda x, c: x <= c)
at_least = _bound("at_least", lambda x, c: x >= c, "largest", "No element is less than a number.", np.min)
at_most = _bound("at_most", lambda x, c: x <= c, "smallest", "No element is greater than a number.", np.max)
nonzero = Predicate("nonzero", lambda x: x != 0, doc="No element is zero.", closure=_always)
finite = Predicate("finite", lambda x: np.isfinite(x), nan=False, doc="No element is NaN or infinite.")
equal_to = Predicate("equal_to", lambda x, c: x == c, doc="Every element is this number.", numbers=1)
differs = Predicate("differs", lambda x, c: x != c, doc="No element is this number.", closure=_always, numbers=1)
unique_indices = Predicate("unique_indices", matrices.is_unique, "array", matrices.distinct,
                           doc="Distinct integers, none of them negative: as positions, each means another place.")

# -- about dtypes and shapes ----------------------------------------------------------------------------------------------

real = Predicate("real", lambda x: x.dtype.kind != "c", "dtype", doc="Of a dtype without imaginary part.")
floating = Predicate("floating", lambda x: x.dtype.kind in "fc", "dtype", doc="Of a floating (or complex) dtype.")
integral = Predicate("integral", lambda x: x.dtype.kind in "iu", "dtype", doc="Of an integer dtype.")
boolean = Predicate("boolean", lambda x: x.dtype.kind == "b", "dtype", doc="Of the dtype bool.")


def _kept(given: np.dtype[Any], wide: np.dtype[Any]) -> bool:
    """NumPy calls a cast from int64 to float64 safe, although it rounds."""
    exact = given.kind not in "iu" or wide.kind not in "fc" or np.iinfo(given).bits <= np.finfo(wide).nmant + 1
    return exact and np.can_cast(given, wide)


widened = Predicate("widened", lambda x, dtype: _kept(x.dtype, dtype), "dtype",
                    doc="Of a dtype all of whose values another dtype has.")
of_dtype = Predicate("of_dtype", lambda x, dtype: x.dtype == dtype, "dtype", doc="Of that dtype already.")
square = Predicate("square", lambda x: x.ndim >= 2 and x.shape[-1] == x.shape[-2], "shape", doc="As many rows as columns.")


def _not_wide(x: Any) -> bool:
    if x.ndim < 2:
        return False
    m, n = x.shape[-2:]
    return m == n or (isinstance(m, int) and isinstance(n, int) and m >= n)  # of names nothing is known


not_wide = Predicate("not_wide", _not_wide, "shape", doc="No fewer rows than columns.")


def _size_one(x: Any, axes: tuple[int, ...] | int) -> bool:
    shape = x.shape
    for a in (axes,) if isinstance(axes, int) else axes:  # asked at every sum
        if -a <= len(shape) and shape[a] != 1:
            return False
    return True


size_one = Predicate("size_one", _size_one, "shape", doc="Axes that are missing or have length 1: it does not vary along them.")
same_shape = Predicate("same_shape", lambda x, y: x.shape == y.shape, "shape", doc="Two operands of one shape.")


def _same_dtype(x: Any, y: Any) -> bool:
    """A number of a pattern takes the dtype of what stands beside it."""
    return not (hasattr(x, "dtype") and hasattr(y, "dtype")) or bool(x.dtype == y.dtype)


same_dtype = Predicate("same_dtype", _same_dtype, "dtype",
                       doc="Two operands of one dtype: integers of two widths wrap at different numbers.")
scalar = Predicate("scalar", lambda x: x.ndim == 0, "shape", doc="No axes.")
nonempty = Predicate("nonempty", lambda x: all(isinstance(d, int) and d > 0 for d in x.shape), "shape",
                     doc="At least one element.")
all_axes = Predicate("all_axes", lambda x, axes: len(axes) == x.ndim, "shape", doc="Axes that are all the axes of x.")
new_leading = Predicate("new_leading", lambda x, axes: all(-a > x.ndim for a in axes), "shape",
                        doc="Axes that all stand before those of x, as broadcasting puts them there by itself.")
at_most_rank = Predicate("at_most_rank", lambda x, n: x.ndim <= int(n), "shape", doc="At most so many axes.")
at_least_rank = Predicate("at_least_rank", lambda x, n: x.ndim >= int(n), "shape", doc="At least so many axes.")
above_rank = Predicate("above_rank", lambda x, n: x.ndim > int(n), "shape", doc="More than so many axes.")
same_rank = Predicate("same_rank", lambda x, y: x.ndim == y.ndim, "shape", doc="Two operands with equally many axes.")
of_rank = Predicate("of_rank", lambda x, n: x.ndim == int(n), "shape", doc="Exactly so many axes.")


# -- about reads: of what is read, and how ----------------------------------------------------------------------------------

def _layout(name: str, home: Any = layouts) -> Predicate:
    holds = getattr(home, name)
    return Predicate(name, holds, "shape", doc=holds.__doc__)


cheap_left = Predicate("cheap_left", regrouping.cheap_left, "shape", doc=regrouping.cheap_left.__doc__ or "")
cheap_right = Predicate("cheap_right", regrouping.cheap_right, "shape", doc=regrouping.cheap_right.__doc__ or "")
adjacent, complement, element_read, empty_along = map(_layout, ("adjacent", "complement", "element_read", "empty_along"))
has_shape, joined_read, last_read, neighbours = map(_layout, ("has_shape", "joined_read", "last_read", "neighbours"))
prefix_alone, prefix_read, reverses, untouched, whole = map(
    _layout, ("prefix_alone", "prefix_read", "reverses", "untouched", "whole"))
differs_by_ones, reads_ones = map(_layout, ("differs_by_ones", "reads_ones"))
spread_across, spread_along, reopens, partly = map(_layout, ("spread_across", "spread_along", "reopens", "partly"))
no_longer, same_positions, readable, off_main = map(_layout, ("no_longer", "same_positions", "readable", "off_main"))
own_axis, repeated_axis, same_matrices = map(_layout, ("own_axis", "repeated_axis", "same_matrices"))
repeated_before, merges_matrices, principal, submatrix = map(
    _layout, ("repeated_before", "merges_matrices", "principal", "submatrix"))
turned, at_least_as_long, copied = map(_layout, ("turned", "at_least_as_long", "copied"))


covers, disjoint, overlaps = (_layout(name, meeting) for name in ("covers", "disjoint", "overlaps"))


def _of_terms(name: str, count: int = 1) -> Predicate:
    holds = getattr(places, name)
    return Predicate(name, holds, "term", known=count, doc=holds.__doc__)


counts, runs_diagonally, parted, written_rows = map(_of_terms, ("counts", "runs_diagonally", "parted", "written_rows"))
counts_in = _of_terms("counts_in")
rows_put, rows_read, rows_placed, added_rows = map(_of_terms, ("rows_put", "rows_read", "rows_placed", "added_rows"))
known_positions = Predicate("known_positions", places.known, "term", known=1, doc=places.known.__doc__ or "")
written_before, read_apart = _of_terms("written_before", 2), _of_terms("read_apart", 2)
apart = Predicate("apart", scales.apart, "term", doc=scales.apart.__doc__ or "")
in_range = Predicate("in_range", places.in_range, "array", places.positions_in, doc=places.in_range.__doc__ or "")


def _chains(x: Any, y: Any) -> bool:
    return x.ndim >= 2 and y.ndim >= 2 and x.shape[-1] == y.shape[-2]


chains = Predicate("chains", _chains, "shape", doc="As many columns as another matrix has rows.")
has_length = Predicate("has_length", lambda x, n: x.ndim >= 1 and x.shape[-1] == n, "shape", doc="A last axis of this length.")
same_length = Predicate("same_length", lambda x, y: x.ndim >= 1 and y.ndim >= 1 and x.shape[-1] == y.shape[-1], "shape",
                        doc="Two operands whose last axes have one length.")
tall = Predicate("tall", lambda x: x.ndim >= 2 and type(x.shape[-1]) is type(x.shape[-2]) is int and x.shape[-1] < x.shape[-2],
                 "shape", doc="More rows than columns.")

# -- about matrices -------------------------------------------------------------------------------------------------------


_ROUNDED = ("unitary", "singular", "stochastic", "idempotent")


def _matrix(name: str, doc: str) -> Predicate:
    holds, sample = (matrices.STRUCTURES | bands.ZEROS_AND_SUMS)[name]
    return Predicate(name, holds, "matrix", sample, rounded="orthogonal" in name or name in _ROUNDED, doc=doc)


symmetric = _matrix("symmetric", "Equal to its transpose.")
hermitian = _matrix("hermitian", "Equal to its conjugate transpose.")
psd = _matrix("psd", "Hermitian without negative eigenvalues.")
pd = _matrix("pd", "Hermitian with positive eigenvalues.")
diagonal = _matrix("diagonal", "Zero off the diagonal.")
lower_triangular = _matrix("lower_triangular", "Zero above the diagonal.")
upper_triangular = _matrix("upper_triangular", "Zero below the diagonal.")
unit_triangular = _matrix("unit_triangular", "Lower or upper triangular with ones on the diagonal.")
orthogonal = _matrix("orthogonal", "Square, and its transpose (not conjugated) is its inverse.")
unitary = _matrix("unitary", "Square, and its conjugate transpose is its inverse.")
semi_orthogonal = _matrix("semi_orthogonal", "Orthonormal columns: x.mT @ x is the identity; square or tall.")
permutation = _matrix("permutation", "Exactly one 1 in each row and column, else 0.")
invertible = _matrix("invertible", "Square with an inverse.")
positive_diagonal = _matrix("positive_diagonal", "Square, with positive numbers on the diagonal.")

tridiagonal = _matrix("tridiagonal", "Square, and zero beyond the diagonals beside the main one.")
skew_symmetric = _matrix("skew_symmetric", "Square, and equal to minus its transpose.")
circulant = _matrix("circulant", "Square, each row the one above it moved on by one.")
idempotent = _matrix("idempotent", "Square, and equal to its square: a projection.")
toeplitz = _matrix("toeplitz", "Square, each diagonal one number.")
stochastic = _matrix("stochastic", "No element is less than zero, and each row sums to one.")
selection = _matrix("selection", "Exactly one 1 in each row, else 0: rows of an identity matrix.")
singular = _matrix("singular", "Square without an inverse.")


def _measured(name: str, doc: str) -> Predicate:
    holds, sample = bands.MEASURED[name]
    return Predicate(name, holds, "matrix", sample, doc=doc, numbers=1, tightest="smallest", measure=bands.WIDTHS.get(name))


lower_band = _measured("lower_band", "Zero below so many diagonals under the main one; 0: upper triangular.")
upper_band = _measured("upper_band", "Zero above so many diagonals over the main one; 0: lower triangular.")
rank_at_most = _measured("rank_at_most", "No more linearly independent rows than this number.")
banded = Predicate("banded", bands.is_banded, "matrix", bands.banded, numbers=2,
                   doc="Zero beyond so many diagonals under the main one, and so many over it.")
split_at = Predicate("split_at", bands.is_split, "matrix", bands.split, numbers=1,
                     doc="Square, of two blocks on the diagonal, of which the first has so many rows; zero elsewhere.")

PREDICATES: dict[str, Predicate] = {p.name: p for p in list(globals().values()) if isinstance(p, Predicate)}

OF_TYPES = ("shape", "dtype")  # scopes that are read off a type
READ_OFF = (*OF_TYPES, "term")  # scopes of which nothing is proved
LOWER, UPPER = ("at_least", "greater_than"), ("at_most", "less_than")
BOUNDS = tuple(n for n, p in PREDICATES.items() if p.numbers)  # facts with a number, or two
PARTS = {"banded": ("lower_band", "upper_band")}  # facts with two numbers that are two facts


def implied_bound(predicate: Predicate, numbers: Sequence[Any], facts: Sequence[Any]) -> bool:
    """Do facts, names or pairs of a name and a number, say that a predicate holds, by themselves or by a tighter bound?"""
    name = predicate.name
    # Python's 0.1 is compared with the number 0.1 of float32, which is another one, as if it were one of float32 too.
    numbers = [n.item() if isinstance(n, (np.generic, np.ndarray)) and n.ndim == 0 else n for n in numbers]
    for f in facts:
        if isinstance(f, str):
            if f == name and not numbers:
                return True
            continue
        known, bound = f
        if known == "equal_to" and predicate.scope == "element" and bool(predicate.holds(np.asarray(bound), *numbers)):
            return True
        if any(np.ndim(c) for c in numbers):
            continue
        if len(numbers) == 2 and known == name and bool(bound[0] <= numbers[0]) and bool(bound[1] <= numbers[1]):
            return True
        if len(numbers) != 1 or isinstance(bound, tuple):
            continue
        c = numbers[0]
        if known == name and not predicate.tightest and bound == c:
            return True
        strict = known in ("at_least", "at_most") and name in ("greater_than", "less_than")
        if known in LOWER and name in LOWER and (bound > c if strict else bound >= c):
            return True
        if known in UPPER and name in UPPER and (bound < c if strict else bound <= c):
            return True
        if known == name and predicate.scope == "matrix" and predicate.tightest and bound <= c:
            return True
    return False


def claimed_number(predicate: Predicate, facts: Sequence[Any]) -> Any:
    """The tightest number for which facts say that a predicate holds by themselves; None if they do not."""
    same = {"at_least": ("at_least", "greater_than", "equal_to"), "at_most": ("at_most", "less_than", "equal_to")}
    names = same.get(predicate.name, (predicate.name,))
    found = [f[1] for f in facts if not isinstance(f, str) and f[0] in names]
    found += [f[1][PARTS[f[0]].index(predicate.name)] for f in facts if predicate.name in PARTS.get(f[0], ())]
    return None if not found else max(found) if predicate.tightest == "largest" else min(found)
