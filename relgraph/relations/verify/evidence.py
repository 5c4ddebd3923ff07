"""What speaks for and against an equation in one dtype: every comparison is entered here, and the findings drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeAlias

import numpy as np

from ...terms.elementwise import astype_
from ...terms.term import LVar, Term, toposort
from ...terms.type import Type
from .compare import apart, at_infinity, close, errors, settle, tolerance
from .exact import PRECISIONS, Beyond, evaluate_all_exactly, exactly, workprec
from .findings import LEVELS, Counterexample, Finding
from .shapes import Plan

__all__ = ["Evidence"]

Array: TypeAlias = np.ndarray[Any, Any]
Why: TypeAlias = Callable[[], Counterexample]
_MANY = 40  # elements, of which only the first and the last are shown


class Evidence:
    """The evidence for one group of dtypes."""

    def __init__(self, dtype: str, *, bits: int | None = None, normwise: bool = False, spreads: bool = False,
                 rounded: bool = False) -> None:
        self.dtype = dtype
        self.computes: np.dtype[Any] | None = None  # the dtype of the left side, where it is one of floats
        self.bits = bits  # sides that agree to so many bits are equal
        self.normwise = normwise
        self.spreads = spreads  # where in a matrix a NaN comes out depends on the algorithm
        self.rounded = rounded  # the guards hold of arrays up to rounding, and then the equation does
        self.level = {"->": "exact", "<-": "exact"}
        self.example: dict[str, Counterexample | None] = {"->": None, "<-": None}
        self._doubt: tuple[float, tuple[Plan, Mapping[Term, Array], Array, Array] | None] = 0.0, None
        self.better = self.worse = 0
        self.points = self.admitted = self.judged = self.undecided = self.refuted = 0

    def findings(self) -> list[Finding]:
        """One per direction."""
        marks = ("neutral", "neutral")
        if self.better >= 2 + 2 * self.worse:  # else it is as often nearer the truth as farther, or chance
            marks = ("repairs", "worsens")
        elif self.worse >= 2 + 2 * self.better:
            marks = ("worsens", "repairs")
        return [Finding(self.dtype, d, self.level[d], m, self.example[d]) for d, m in zip(("->", "<-"), marks, strict=True)]

    def lower(self, level: str, example: Counterexample | Why | None, *directions: str) -> None:
        """A direction is no better than a level; the first example of the weakest level is kept, and the others not written."""
        for d in directions or ("->", "<-"):
            if not self.at_most(level, d):
                self.level[d] = level
                self.example[d] = example = example() if callable(example) else example

    def at_most(self, level: str, *directions: str) -> bool:
        """Whether directions are known to be no better than a level."""
        return all(LEVELS.index(self.level[d]) >= LEVELS.index(level) for d in directions)

    def narrowed(self, wider: Evidence) -> None:
        """What rounding or the domain changes in a wider dtype, or in the one computed in, they change here, found or not."""
        for d, level in wider.level.items():
            if level != "false":
                self.lower(level, wider.example[d], d)

    @property
    def enough(self) -> bool:
        """Whether more points would tell nothing new: how near the truth a false equation is."""
        return self.refuted >= 3 and self.level["->"] == "false"

    @property
    def doubts(self) -> bool:
        """Whether sides are held against the reference where they are near to one another: rounding, or nearly the formula."""
        return self.dtype in ("float64", "complex128") and not self.rounded and not self.enough

    def doubt(self, plan: Plan, values: Mapping[Term, Array], left: Array, right: Array) -> None:
        """Sides that are near to one another: of all of them the reference is asked about those that are farthest apart."""
        if not self.doubts or left.dtype.kind not in "fc" or not left.size:
            return
        size = float(np.abs(left).max())
        far = float(np.abs(left - right).max()) / size if 0 < size < np.inf else 0.0
        if far > self._doubt[0]:
            self._doubt = far, (plan, values, left, right)

    def settle_doubt(self) -> None:
        """Ask the reference."""
        if self._doubt[1] is not None and self.doubts:
            self.compare(*self._doubt[1])
        self._doubt = 0.0, None

    def casts(self, plan: Plan, values: Mapping[Term, Array]) -> None:
        """A side that rounds to a narrower dtype than its operand has, which the other does not, is another function."""
        if not any(t.op is astype_ for t in plan.order):
            return
        narrow = [{t.type.dtype for t in toposort(side) if _narrows(t)} if side is not None else set()
                  for side in (plan.left, plan.right)]
        for d, more, which in (("->", narrow[1] - narrow[0], "right"), ("<-", narrow[0] - narrow[1], "left")):
            for dtype in more:
                inputs = [(_name(v), text(values[plan.binding[v]])) for v, _ in plan.shapes if plan.binding[v] in values]
                self.lower("false", Counterexample(tuple(inputs), repr(plan.left.type), repr(plan.left.type),
                                                   why=f"the {which} side rounds to {dtype}, the other does not: cast both, "
                                                       "or neither"), d)

    # -- one comparison ---------------------------------------------------------------------------------------------------

    def compare(self, plan: Plan, values: Mapping[Term, Array], left: Array, right: Array) -> None:
        """Both computed values at admitted inputs, which differ."""
        left, right = np.asarray(left), np.asarray(right)
        one, other = _is_error(plan.left, left), _is_error(plan.right, right)
        if one != other:
            self._error(plan, values, left, right, one)
            return
        inputs = list(values.values())
        numbers = [a for a in inputs if a.dtype.kind in "fc"]
        nan = any(bool(np.any(np.isnan(a))) for a in numbers)
        inf = any(bool(np.any(np.isinf(a))) for a in numbers)
        if self.normwise and inf:
            return
        if self.spreads and nan and bool(np.any(np.isnan(left))) == bool(np.any(np.isnan(right))):
            return
        if nan and _overflows(left, right):
            return
        if nan:
            why = "a NaN among the inputs comes out of one side only"
            self.lower("domain", self.why(plan, values, left, right, why=why))
        elif inf:
            self._at_infinity(plan, values, left, right)
        elif all(a.dtype.kind in "biu" for a in (*inputs, np.asarray(left), np.asarray(right))):
            self.lower("false", self.why(plan, values, left, right, why="integers and bool are compared exactly"))
        else:
            self._judge(plan, values, left, right)

    def _error(self, plan: Plan, values: Mapping[Term, Array], left: Array, right: Array, first: bool) -> None:
        """One side of integers is an error, as an integer to a negative power: shown as NaN."""
        why = f"the {'left' if first else 'right'} side is an error here, the other is not"
        self.lower("domain" if first else "false", self.why(plan, values, left, right, why=why), "->")
        self.lower("false" if first else "domain", self.why(plan, values, left, right, why=why), "<-")

    def _at_infinity(self, plan: Plan, values: Mapping[Term, Array], left: Array, right: Array) -> None:
        """NaN on one side is an overflow that began at the input, unless infinities themselves make it; different numbers
        are none."""
        assert plan.right is not None
        one, other = np.isnan(left), np.isnan(right)
        numbers = bool(np.any(~one & ~other & ~close(left, right)))
        real = plan.left.type.dtype.kind != "c"
        gains = [d for d, here in (("<-", one & ~other), ("->", other & ~one)) if real and here.any()]
        if not self.at_most("domain", *(("->", "<-") if numbers else gains)):
            exact = {t: exactly(a, t.type.dtype) for t, a in values.items()}
            differ, *gone = at_infinity(plan.left, plan.right, exact)
            if numbers and differ:
                why = "the sides differ at an infinite input"
                self.lower("domain", self.why(plan, values, left, right, why=why))
            for direction, side, more, g in (("<-", "left", one & ~other, gone[0]), ("->", "right", other & ~one, gone[1])):
                if g and bool(np.any(more)):
                    why = f"at this infinite input the {side} side is undefined, the other is not"
                    self.lower("domain", self.why(plan, values, left, right, why=why), direction)
        self.better += bool(np.any(one & ~other))
        self.worse += bool(np.any(other & ~one))

    def _judge(self, plan: Plan, values: Mapping[Term, Array], left: Array, right: Array) -> None:
        exact = {t: exactly(a, t.type.dtype) for t, a in values.items()}
        assert plan.right is not None
        found = settle(plan.left, plan.right, exact, bits=self.bits, normwise=self.normwise)
        if found is None:
            self.undecided += 1
            return
        self.judged += 1
        a, b, equal = found
        if not equal:
            self.refuted += 1
            self._false(plan, values, left, right, a, b)
            return
        if self._numbers_where_undefined(left, right, a) or _decides_of_nothing(plan, exact):
            why = "both sides are undefined here; one of them gives a number nevertheless"
            self.lower("domain", self.why(plan, values, left, right, a, b, why))
        if plan.right.type.dtype.kind in "fc" and _rounded(values, np.asarray(left).dtype):
            return
        allowed = max(tolerance(np.asarray(left).dtype), tolerance(np.asarray(right).dtype))
        one, other = errors(left, a, self.normwise), errors(right, b, self.normwise)
        self.better += other <= allowed < one
        self.worse += one <= allowed < other

    def _false(self, plan: Plan, values: Mapping[Term, Array], left: Array, right: Array, a: Array, b: Array) -> None:
        """Sides that truly differ: where only one is defined, the step towards the defined one changes only the domain."""
        undefined, other = _undefined(a), _undefined(b)
        both = ~undefined & ~other
        differ = [apart(p, q, self.bits or 200) if w else False for p, q, w in zip(a.flat, b.flat, both.flat, strict=True)]
        for d, source, target in (("->", undefined, other), ("<-", other, undefined)):
            gone = bool(np.any(target & ~source))
            if gone or any(differ) or not bool(np.any(source)):
                why = ("the other side is undefined here" if gone and not any(differ) else "")
                self.lower("false", self.why(plan, values, left, right, a, b, why), d)
            else:
                why = f"the {'left' if d == '->' else 'right'} side is undefined here, the other is not"
                self.lower("domain", self.why(plan, values, left, right, a, b, why), d)

    def _numbers_where_undefined(self, left: Array, right: Array, true: Array) -> bool:
        """A factorisation of a singular matrix gives a number or none by rounding; other ops by what they are."""
        if self.normwise or true.dtype != object or np.asarray(left).dtype.kind not in "fc":
            return False
        nowhere = _undefined(true)
        return bool(np.any(nowhere & (np.isfinite(left) != np.isfinite(right))))

    def why(self, *args: Any, **kwargs: Any) -> Why:
        """A counterexample, to be written where it is kept."""
        return partial(self.counterexample, *args, **kwargs)

    def counterexample(self, plan: Plan, values: Mapping[Term, Array], left: Array, right: Array, a: Any = None, b: Any = None,
                       why: str = "") -> Counterexample:
        """The inputs and both sides as text."""
        arrays = [(v, values[plan.binding[v]]) for v, _ in plan.shapes if plan.binding[v] in values]
        dtypes = {a.dtype for v, a in arrays if v.sort == "term"}
        several = any(len([d for d in dtypes if d.kind in kinds]) > 1 for kinds in ("biu", "fc"))
        inputs = [(_name(v), text(a) + (f" ({a.dtype})" if several and v.sort == "term" else "")) for v, a in arrays]
        inputs += [(_name(v), str(value)) for v, value in plan.attrs]
        return Counterexample(tuple(inputs), text(left), text(right), exact_text(a), exact_text(b), why)


def _is_error(side: Term | None, value: Array) -> bool:
    """Whether what stands for the integers of a side says that there are none."""
    return side is not None and value.dtype.kind == "f" and side.type.dtype.kind in "biu" and bool(np.isnan(value).all())


def _decides_of_nothing(plan: Plan, exact: Mapping[Term, Array]) -> bool:
    """Whether a side that is no float, and not the same in floats, is about a number that is undefined, as 1/0 < 1."""
    assert plan.right is not None
    if plan.left.type.dtype.kind not in "biu":
        return False
    parts = [t for t in toposort(plan.left, plan.right) if t.args and type(t.type) is Type and t.type.dtype.kind in "fc"]
    with workprec(PRECISIONS[0]):
        try:
            return any(bool(_undefined(a).any()) for a in evaluate_all_exactly(parts, exact))
        except (Beyond, OverflowError):
            return False


def _narrows(t: Term) -> bool:
    """Whether a term is a cast to a float of fewer digits."""
    if t.op is not astype_ or t.type.dtype.kind not in "fc" or t.args[0].type.dtype.kind not in "fc":
        return False
    return np.finfo(t.type.dtype).nmant < np.finfo(t.args[0].type.dtype).nmant


def _overflows(left: Array, right: Array) -> bool:
    """Whether sides differ only where one of them is infinite and neither is NaN."""
    left, right = np.broadcast_arrays(left, right)
    differ = ~close(left, right)
    infinite = (np.isinf(left) | np.isinf(right)) & ~np.isnan(left) & ~np.isnan(right)
    return bool(infinite[differ].all()) and bool(differ.any())


def _rounded(values: Mapping[Term, Array], dtype: Any) -> bool:
    """Whether an integer among the inputs has no float: of how near the truth both sides come it decides, and no formula."""
    whole = [np.asarray(a) for a in values.values() if np.asarray(a).dtype.kind in "iu"] if dtype.kind in "fc" else []
    return any(bool(np.any(np.abs(a.astype("float64")) > 2.0**(np.finfo(dtype).nmant + 1))) for a in whole)


def _name(v: LVar) -> str:
    return str(v.data[0])


def _undefined(a: Array) -> Array:
    return np.array([x != x for x in a.flat], bool).reshape(a.shape)


def text(a: Any) -> str:
    """An array in a few lines."""
    a = np.asarray(a)
    if a.ndim == 0:
        return repr(a.item())
    if a.size > _MANY:
        some = np.array2string(a, precision=17, separator=", ", threshold=_MANY, max_line_width=110)
        return some.replace("\n", "\n          ")
    whole = repr(a.tolist())
    return whole if len(whole) < 100 else whole.replace("], [", "],\n           [")


def exact_text(a: Any) -> str:
    """Exact values to a few digits, NaN as undefined."""
    if a is None:
        return ""
    import mpmath
    numbers = (mpmath.mpf, mpmath.mpc)
    shown = ["undefined" if v != v else mpmath.nstr(v, 12) if isinstance(v, numbers) else str(v) for v in a.flat]
    if len(shown) > 9:
        shown = shown[:9] + ["…"]
    return shown[0] if a.ndim == 0 else f"[{', '.join(shown)}]"
