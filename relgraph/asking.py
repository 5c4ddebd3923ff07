"""Questions about what was compiled: why a term became what it is, why a rule did not apply, what a rule would change, what can
be proved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .errors import MisuseError
from .function import Compiled, default_pipeline
from .relations.asked import asked
from .relations.predicates import Predicate
from .relations.proofs import Proof
from .relations.relation import Relation
from .relations.theory import Theory
from .strategies import Cost, Derivation, cost
from .strategies.normalize import normalize
from .strategies.why import Why
from .strategies.why import why as _why
from .strategies.why_not import WhyNot
from .strategies.why_not import why_not as _why_not
from .terms.show import show
from .terms.term import Term, as_term

__all__ = ["Effect", "effect", "fact", "why", "why_fact", "why_not"]


def why(f: Compiled | Derivation, node: Term) -> Why:
    """What became of a node that was written, or which steps made a node of the result, with the reason for every guard.

    >>> f = rg.function([x], rnp.log(1 + x))
    >>> why(f, rnp.log(1 + x))
    log(1 + x) became log1p(x)
      log_one_plus             log(1 + x)  =  log1p(x)   [...]

    Raises MisuseError for a term that is part of neither.
    """
    derivation = f.derivation if isinstance(f, Compiled) else f
    if not isinstance(derivation, Derivation):
        raise MisuseError(f"why: {f!r} is no compiled function and no derivation; write rg.why(f, term) with "
                          "f = rg.function(...), or with the derivation of rg.rewrite(t, full=True)")
    return _why(derivation, node)


def why_not(rule: Relation | str, term: Term, theory: Theory | None = None) -> WhyNot:
    """Why a rule does not apply to a term: the position where most of it fits, and the part or the guard that is missing.

    >>> a, b = rg.vector("a", "n"), rg.assume(rg.vector("b", "n"), positive=True)
    >>> why_not("log_product", rnp.log(a * b))
    log_product did not apply: log(x*y) matches with x = a, y = assume(b, positive); the guard positive(a) is not proved:
    write rg.assume(a, positive=True)

    ``rule`` is a relation or its name; ``theory`` is what the term is rewritten with (default: that of the default pipeline).
    The answer is true if the rule applies.  Its ``suggestion`` is a change, tried, after which it does; None if none was found.
    """
    if theory is None:
        pipeline = default_pipeline()
        if not isinstance(pipeline, normalize):
            raise MisuseError("why_not: the default pipeline is no single theory; write why_not(rule, term, theory)")
        theory = pipeline.theory
    return _why_not(rule, as_term(term), theory)


@dataclass(frozen=True, eq=False)
class Effect:
    """A term before and after one step of a rule, with what each costs to compute."""

    rule: str
    before: Term
    after: Term
    cost_before: Cost
    cost_after: Cost

    def __str__(self) -> str:
        def lines(t: Term, c: Cost) -> str:
            return f"{show(t, 'dag')}\n  {c.flops:g} flops, {c.bytes} bytes"
        return f"{lines(self.before, self.cost_before)}\n= by {self.rule}\n{lines(self.after, self.cost_after)}"

    __repr__ = __str__


def effect(rule: Relation, term: Any, theory: Theory | None = None, **sizes: int) -> Effect | None:
    """What one step of a rule does to a term: both drawn, both with their costs; None if it does not apply.

    ``theory`` proves guards; ``sizes`` gives named axes their lengths (default 1000): ``effect(r, t, n=10)``.
    """
    if not isinstance(rule, Relation):
        raise MisuseError(f"effect: {rule!r} is no relation; write rg.effect(theory['name'], term), or "
                          "rg.effect(relation('name', lhs, rhs), term)")
    before = as_term(term)
    after = rule(before, theory)
    return None if after is None else Effect(rule.name, before, after, cost(before, sizes=sizes), cost(after, sizes=sizes))


def why_fact(predicate: Predicate | str, term: Term, *numbers: Any, theory: Theory | None = None) -> Proof:
    """The proof that a predicate holds of a term, or what is missing for one.

    >>> why_fact("positive", rnp.exp(x) + 1)
    positive(1 + exp(x)) by positive(x + y) if positive(x) and nonnegative(y)
      positive(1.0): a number
      nonnegative(exp(x)) by nonnegative(x) if positive(x)
        positive(exp(x)) by positive(exp(x))

    ``theory`` has the clauses to use (default: those of the default pipeline).  Raises MisuseError for an unknown name, and for
    numbers that the predicate does not take.
    """
    found = asked("why_fact", predicate, term, *numbers)
    return _theory(theory).why_fact(found, as_term(term), *numbers)


def fact(predicate: Any, *args: Any, theory: Theory | None = None) -> Any:
    """The goal that a predicate holds of a term; either may be open.

    >>> from relgraph.relations import run, var
    >>> q = var()
    >>> run(0, q, fact(q, rnp.exp(x)))
    (positive, nonnegative, above_minus_1, nonzero, real, floating)

    ``theory`` has the clauses to use (default: those of the default pipeline); see `Theory.fact`.
    """
    return _theory(theory).fact(predicate, *args)


def _theory(theory: Theory | None) -> Theory:
    default: Any = default_pipeline()
    return default.theory if theory is None else theory
