"""`suggest_guard`: the weakest condition of the vocabulary of predicates under which an equation is true.

Both sides are computed once, at hostile points.  A condition is a mask over these points; one that covers a known
counterexample is out without being tried, the weakest that is left is given to the judge, and what it finds is one more
counterexample.  Which condition implies which is read off the masks.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations, islice
from typing import Any, TypeAlias

import numpy as np

from ...errors import RefusedRelation, TheoryError
from ...terms.show import show
from ...terms.term import Term, track_origins
from ...terms.type import as_dtype
from ..predicates import Guard, Guards, all_of
from ..relation import check_no_inputs
from .candidates import BOUNDS, RANGES, STRUCTURES, Points, atoms, gather
from .findings import LEVELS, Counterexample, Verdict
from .second import second_look
from .verifier import as_pattern, evidence_for, groups_of, measure

__all__ = ["Alternative", "Suggestion", "suggest_guard"]

Array: TypeAlias = np.ndarray[Any, Any]
Combination: TypeAlias = tuple[int, ...]
SHOWN = 3  # weaker conditions that are shown with their counterexamples
ALTERNATIVES = 4
ROUNDS = 200
_LOOSEST, _FEW = "domain", 0.9  # the class that is tried too where conditions admit a smaller part of the points
_LEAST = 6  # points without NaN that a condition must admit


@dataclass(frozen=True)
class Alternative:
    """A condition that makes an equation true, and what is wrong with each next weaker one."""

    guards: Guards
    admits: float  # the part of the points tried that it admits
    verdict: Verdict
    weaker: tuple[tuple[Guards, Counterexample], ...] = ()

    def __str__(self) -> str:
        lines = [f"{written(self.guards)}: admits {self.admits:.0%} of the points, {self.verdict.safety()}, "
                 f"{self.verdict.mark()}"]
        for guards, example in self.weaker:
            lines += [f"  not {written(guards) or 'without a guard'}, since", _indented(example, 4)]
        return "\n".join(lines)


@dataclass(frozen=True)
class Suggestion:
    """The weakest conditions that make an equation true: none is implied by another.  False if there is none.

    ``guard`` is the one that admits most points; ``alternatives`` are all of them; ``remaining`` is a counterexample that no
    condition of the vocabulary excludes.  ``looser``: what was found for the class "domain", where that admits
    more points.
    """

    equation: str
    declared: str
    needed: bool
    alternatives: tuple[Alternative, ...] = ()
    remaining: Counterexample | None = None
    looser: Suggestion | None = None

    @property
    def guard(self) -> Guards:
        """The condition to write; no condition if none is needed."""
        if not self:
            raise TheoryError(f"{self.equation}: no conjunction of three guards of the vocabulary makes it {self.declared}; "
                              "restate the equation")
        return self.alternatives[0].guards if self.needed else Guards()

    def __bool__(self) -> bool:
        return not self.needed or bool(self.alternatives)

    def __str__(self) -> str:
        return "\n".join([self.equation, *self._lines()])

    def _lines(self) -> Iterator[str]:
        if not self.needed:
            yield "  needs no guard"
        elif not self.alternatives:
            example = f"; there remains\n{_indented(self.remaining, 4)}" if self.remaining else ""
            yield f"  no conjunction of three guards of the vocabulary makes it {self.declared}{example}"
        yield from (_indented(a, 2) for a in self.alternatives)
        if self.looser:
            yield f'  declared "{self.looser.declared}", which also changes what is NaN or infinite:'
            yield from (_indented(line, 2) for line in self.looser._lines())

    __repr__ = __str__


def written(guards: Sequence[Guard]) -> str:
    """Guards as they are written in a theory."""
    return " & ".join(map(repr, guards))


def _indented(what: object, n: int) -> str:
    return "\n".join(" " * n + line for line in str(what).splitlines())


def suggest_guard(lhs: Any, rhs: Any, *, dtypes: Sequence[Any] | None = None, declared: str = "real") -> Suggestion:
    """The weakest conditions under which ``lhs = rhs`` is at least of a safety class, found by trying.

    >>> print(suggest_guard(rnp.sqrt(x)**2, x).guard)
    (nonnegative(x),)

    Conjunctions of up to three predicates about the variables of the left side are tried; each answer was confirmed by
    `judge`.  Raises TheoryError where the equation has no type.
    """
    left, right = as_pattern(lhs), as_pattern(rhs)
    text = f"{show(left, types=False)} = {show(right, types=False)}"
    check_no_inputs("suggest_guard", text, left, right)
    found: Verdict | None = None
    with contextlib.suppress(RefusedRelation):  # a condition about shapes may give both sides one type
        found = measure("equation", left, right, (), dtypes)
        if LEVELS.index(found.safety()) <= LEVELS.index(declared):
            return Suggestion(text, declared, False)
    hunt = Hunt(left, right, declared, dtypes)
    alternatives = tuple(islice(hunt.weakest(), ALTERNATIVES))
    most = max([a.admits for a in alternatives], default=0.0)
    looser = suggest_guard(left, right, dtypes=dtypes, declared=_LOOSEST) if declared != _LOOSEST and most < _FEW else None
    if looser and looser.needed and looser.alternatives[0].admits <= most:
        looser = None
    return Suggestion(text, declared, True, alternatives, found.example() if found and not alternatives else None, looser)


class Hunt:
    """The search for the weakest conditions of one equation; ``above`` asks for conditions weaker than known ones."""

    def __init__(self, left: Term, right: Term, declared: str, dtypes: Sequence[Any] | None = None, above: Any = (),
                 rounds: int = ROUNDS) -> None:
        self.left, self.right, self.declared, self.dtypes = left, right, declared, dtypes
        self.above, self.rounds = all_of(above), rounds
        groups = [as_dtype(d) for d in dtypes] if dtypes is not None else groups_of(left, right)
        self.atoms = atoms(left, right, groups[0], self.above)
        self.kinds = list({g.kind: g for g in reversed(groups)}.values())[::-1]  # one of each; the judge takes all dtypes
        tracked = track_origins(False)
        try:
            self.points: Points = gather(left, right, self.atoms, self.kinds, declared,
                                         lambda d: evidence_for(left, right, Guards(), d))
        finally:
            track_origins(tracked)
        self.masks: list[Array] = self.points.masks
        self.refuted: list[int] = []

    def weakest(self, accept: Callable[[Verdict], bool] = lambda v: True) -> Iterator[Alternative]:
        """Every condition that the judge confirms and no weaker one does, weakest first."""
        if not self.masks:
            return
        whole = np.ones(len(self.points.suspect), bool)
        floor = self._mask(tuple(range(len(self.above)))) if self.above else None
        accepted: list[Array] = []
        refused: set[bytes] = set()
        self._learn(whole)
        for _ in range(self.rounds):
            best = self._best(accepted, refused, floor)
            if best is None:
                return
            mask = self._mask(best)
            if self._learn(mask):
                continue
            guards = Guards(self.atoms[i] for i in best)
            verdict = self._confirmed(guards)
            if verdict is None or not accept(verdict):
                refused.add(mask.tobytes())
                continue
            accepted.append(mask)
            yield Alternative(guards, float(np.mean(mask)), verdict, tuple(self._weaker(best, mask)))

    # -- what is known --------------------------------------------------------------------------------------------------------

    def _mask(self, chosen: Combination) -> Array:
        return np.logical_and.reduce([np.ones(len(self.points.suspect), bool), *[self.masks[i] for i in chosen]])

    def _learn(self, mask: Array) -> bool:
        """Ask the reference about suspect points of a mask; whether one is a counterexample, which is remembered."""
        found = False
        for i in self.points.suspects(mask):
            if self.points.refutation(i) is not None:
                if i not in self.refuted:
                    self.refuted.append(i)
                found = True
                if len(self.refuted) >= 24:  # enough to begin with; later ones come singly
                    break
        return found

    def _confirmed(self, guards: Guards) -> Verdict | None:
        try:
            verdict = measure("suggestion", self.left, self.right, guards, self.dtypes)
        except (RefusedRelation, TheoryError):
            return None
        if LEVELS.index(verdict.safety()) > LEVELS.index(self.declared):
            return None
        tracked = track_origins(False)
        try:
            return verdict if not any(map(partial(self._again, guards), self.kinds)) else None
        finally:
            track_origins(tracked)

    def _again(self, guards: Guards, dtype: Any) -> Counterexample | None:
        evidence = evidence_for(self.left, self.right, guards, dtype)
        return second_look(self.left, self.right, guards, dtype, self.declared, evidence)

    # -- combinations ---------------------------------------------------------------------------------------------------------

    def _best(self, accepted: list[Array], refused: set[bytes], floor: Array | None) -> Combination | None:
        """The combination that admits most, covers no known counterexample and adds to what is accepted."""
        best: tuple[int, Combination] | None = None
        for chosen in self._clean(floor):
            mask = self._mask(chosen)
            size = int(np.count_nonzero(mask & ~self.points.nan))
            if size < _LEAST or (best is not None and size <= best[0]) or mask.tobytes() in refused:
                continue
            if floor is not None and (not bool(np.all(mask | ~floor)) or bool(np.all(mask == floor))):
                continue
            if any(bool(np.all(a | ~mask)) for a in accepted):
                continue
            best = size, chosen
        return best[1] if best is not None else None

    def _clean(self, floor: Array | None) -> Iterator[Combination]:
        """The conjunctions of up to three atoms that exclude every known counterexample, and none of whose parts can go."""
        usable: dict[bytes, int] = {}
        for i, m in enumerate(self.masks):
            if bool(np.any(~m)) and (floor is None or bool(np.all(m | ~floor))):
                usable.setdefault(m.tobytes(), i)
        if floor is not None and not self.refuted:
            yield ()
        ids = list(usable.values())
        out = np.array([~self.masks[i][self.refuted] for i in ids], bool).reshape(len(ids), len(self.refuted))
        alone: Array = np.all(out, axis=1)
        yield from ((ids[k],) for k in np.flatnonzero(alone))
        helps = [k for k in range(len(ids)) if not alone[k] and bool(out[k].any())]
        bounds = [k for k in helps if self.atoms[ids[k]].predicate in BOUNDS]
        helps = [k for k in helps if self.atoms[ids[k]].predicate not in RANGES]
        pairs = {(a, b) for ks in (helps, bounds) for a, b in combinations(ks, 2)
                 if bool((out[a] | out[b]).all()) and self._apart(ids[a], ids[b])}
        yield from ((ids[a], ids[b]) for a, b in sorted(pairs))
        for a, b, c in combinations(helps[:60], 3):
            if not pairs & {(a, b), (a, c), (b, c)} and bool((out[a] | out[b] | out[c]).all()) \
                    and all(self._apart(i, j) for i, j in combinations((ids[a], ids[b], ids[c]), 2)):
                yield ids[a], ids[b], ids[c]

    def _apart(self, i: int, j: int) -> bool:
        """May two atoms be combined?  Not two structures of one matrix: few matrices have both, and samples are not typical."""
        a, b = self.atoms[i], self.atoms[j]
        return a.args != b.args or a.predicate not in STRUCTURES or b.predicate not in STRUCTURES

    def _weaker(self, chosen: Combination, mask: Array) -> Iterator[tuple[Guards, Counterexample]]:
        """The next weaker conditions, each with a counterexample that it still admits."""
        found: list[tuple[int, Combination, Counterexample]] = []
        pool = [(i,) for i in range(len(self.masks))] + [c for n in range(len(chosen)) for c in combinations(chosen, n)]
        for c in pool:
            wider = self._mask(c) if c else np.ones(len(mask), bool)
            if bool(np.all(wider | ~mask)) and bool(np.any(wider & ~mask)):
                example = next((self.points.refutation(i) for i in self.refuted if bool(wider[i])), None)
                if example is not None:
                    found.append((int(np.count_nonzero(wider)), c, example))
        shown: list[Array] = []
        for _, c, example in sorted(found, key=lambda f: (f[0], f[1])):
            wider = self._mask(c) if c else np.ones(len(mask), bool)
            if len(shown) < SHOWN and not any(bool(np.all(wider | ~s)) for s in shown):
                shown.append(wider)
                yield Guards(self.atoms[i] for i in c), example
