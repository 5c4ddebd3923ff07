"""The source of one matcher: nested ``if`` and ``for`` are the backtracking, guards are tested inside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..terms.term import ATTRIBUTE, CONST, LVar, Op, Term, toposort
from ..terms.type import UNKNOWN
from .algebra import Algebra, GroupOf
from .patterns import computes, is_attribute, is_literal, nothing_at_one, occurrences, split_literal, view_of
from .source import Source, also, identifier
from .template import template, variables

__all__ = ["Code"]


class Code(Source):
    """One function being written: lines, indentation, what is bound to which Python name."""

    def __init__(self, rule: Any, index: int, names: dict[str, Any], algebra_: Algebra, every: bool = False) -> None:
        super().__init__(index, names)
        self.answer = "yield" if every else "return"
        self.rule, self.algebra = rule, algebra_
        self.bound: dict[Term, str] = {}
        self.rest = "None"
        self.written = {v: i for i, v in enumerate(rule.written)}
        self.occurrences = occurrences(rule.lhs)
        self.visible = frozenset() if every else nothing_at_one(rule)
        self.inverses = [t for t in toposort(rule.lhs) if t.op in algebra_.inverses and isinstance(t.args[0], LVar)
                         and self.occurrences[t.args[0]] > 1]

    # -- patterns ---------------------------------------------------------------------------------------------------------

    def bind(self, p: Term, v: str, then: Callable[[], None]) -> None:
        self.bound[p] = v
        known = [q for q in self.inverses if q.args[0] is p and q not in self.bound]
        for q in known:  # built once, not once for each operand it is compared with, and where one may be it
            w = self.bound[q] = self.fresh()
            self.line(f"{w} = None")
        then()
        for q in (p, *known):
            del self.bound[q]

    def is_bound(self, p: Term) -> bool:
        return not p.ground and all(x in self.bound for x in variables(p))

    def match(self, p: Term, v: str, then: Callable[[], None]) -> None:
        """Lines that match pattern ``p`` against the term named ``v`` and go on with ``then``."""
        if isinstance(p, LVar):
            return self.variable(p, v, then)
        if p.op is CONST:
            test = f"same_number({v}, {self.number(p.data)})" if p.type is UNKNOWN else f"{v} is {self.name(p, 'constant')}"
            with self.block(f"if {test}:"):
                return then()
        if p.op is ATTRIBUTE:
            with self.block(f"if {v}.data == {self.name(p.data, 'attribute')}:"):
                return then()
        if not p.args:
            with self.block(f"if {v} is {self.name(p, 'leaf')}:"):
                return then()
        if self.is_bound(p):
            with self.block(f"if {v} is {self.known(p)}:"):
                return then()
        if p.op in self.algebra.inverses:
            return self.inverted(p, v, then)
        if p.op in self.algebra.groups:
            return self.flat(p, v, then)
        if p.op in self.algebra.powers and is_literal(p.args[1]):
            e = self.fresh("e")
            self.line(f"{e} = exponent({v}, {self.op(p.op)}{', True' if p.args[1] in self.visible else ''})")
            with self.block(f"if {e} is not None:"):
                return self.match(p.args[1], f"{e}[1]", lambda: self.match(p.args[0], f"{e}[0]", then))
        u = self.fresh()
        self.line(f"{u} = see({v}) if {v}.op is op_assume else {v}")
        with self.block(f"if {u}.op is {self.op(p.op)}{f' and len({u}.args) == {len(p.args)}' if p.op.variadic else ''}:"):
            self.operands(p, u, then)

    def number(self, value: Any) -> str:
        """A number of a pattern; one that Python does not write as a literal gets a name."""
        return repr(value) if value == value and abs(value) < float("inf") else self.name(value, "number")

    def operands(self, p: Term, u: str, then: Callable[[], None]) -> None:
        """The operands of an op that is no group; both orders of a commutative one."""
        names = [self.fresh() for _ in p.args]
        if p.op in self.algebra.commutative and p.args[0] is not p.args[1]:
            a, b = names
            with self.block(f"for {a}, {b} in ({u}.args, {u}.args[::-1]):"):
                return self.sequence(list(zip(p.args, names, strict=True)), then)
        for i, n in enumerate(names):
            self.line(f"{n} = {u}.args[{i}]")
        self.sequence(list(zip(p.args, names, strict=True)), then)

    def sequence(self, pairs: list[tuple[Term, str]], then: Callable[[], None]) -> None:
        """Compound parts first: a variable bound deep inside decides a bare one."""
        if not pairs:
            return then()
        pairs = sorted(pairs, key=lambda q: (isinstance(q[0], LVar) or self.is_bound(q[0]), not is_attribute(q[0])))
        (p, v), rest = pairs[0], pairs[1:]
        self.match(p, v, lambda: self.sequence(rest, then))

    def variable(self, p: LVar, v: str, then: Callable[[], None]) -> None:
        if p in self.bound:
            with self.block(f"if {v} is {self.bound[p]}:"):
                return then()
        sort, kinds = p.data[1], p.data[2]
        if sort == "attr":
            return self.bind(p, v, then)
        if sort == "literal":
            with self.block(f"if is_number({v}):"):
                return self.bind(p, v, then)
        with self.block(f"if {v}.type.dtype.kind in {kinds!r} if {v}.type is not UNKNOWN else may_be({v}, {kinds!r}):"):
            self.bind(p, v, then)

    def instance(self, p: Term) -> str:
        order = [x for x in self.bound if x in set(variables(p))]
        made = self.name(template(p, order), "template")
        return f"instantiate({made}, ({', '.join(self.bound[x] for x in order)},))"

    def known(self, p: Term) -> str:
        """The value of a part whose variables are all bound."""
        w = self.bound.get(p)
        if w is None:
            return self.instance(p)
        if p in self.inverses:
            with self.block(f"if {w} is None:"):
                self.line(f"{w} = {self.instance(p)}")
        return w

    def inverted(self, p: Term, v: str, then: Callable[[], None]) -> None:
        """``-x`` or ``1/x``: solved for an x that occurs elsewhere, else matched where the inverse is visible."""
        x = p.args[0]
        inv = self.op(p.op)
        if isinstance(x, LVar) and self.occurrences[x] > 1:
            self.line(f"{(w := self.fresh())} = invert({v}, {inv})")
            return self.match(x, w, then)
        w = self.fresh()
        self.line(f"{w} = visible_inverse({v}, {inv})")
        with self.block(f"if {w} is not None:"):
            self.match(x, w, then)

    # -- flat nodes --------------------------------------------------------------------------------------------------------

    def flat(self, p: Term, v: str, then: Callable[[], None]) -> None:
        """A flat node below the root: everything must be used."""
        g = self.algebra.groups[p.op]
        op = self.op(p.op)
        literals = [x for x in p.args if is_literal(x) and x not in self.bound]
        absorbing = self.absorbing(p, root=False)
        if g.sign is not None and len(p.args) == 2 and literals and isinstance(x := split_literal(p)[1], LVar):
            c = self.fresh("c")
            self.line(f"{c} = coefficient({v}, {op}{', True' if literals[0] in self.visible else ''})")
            with self.block(f"if {c} is not None:"):
                return self.match(literals[0], f"{c}[0]", lambda: self.match(x, f"{c}[1]", then))
        ops = self.fresh("ops")
        if g.sign is not None and absorbing is not None:
            both, neg = self.fresh("both"), self.fresh("neg")
            self.line(f"{both} = signed_operands({v}, {op})")
            with self.block(f"if {both} is not None:"):
                self.line(f"{ops}, {neg} = {both}")
                return self.parts(p, g, ops, neg, then, root=False)
        u = self.fresh()
        self.line(f"{u} = see({v}) if {v}.op is op_assume else {v}")
        size = f"== {len(p.args)}" if absorbing is None else f">= {len(p.args)}"
        with self.block(f"if {u}.op is {op} and len({u}.args) {size}:"):
            self.line(f"{ops} = {u}.args")
            self.parts(p, g, ops, "False", then, root=False)

    def absorbing(self, p: Term, root: bool) -> Term | None:
        """Of the variables that occur once, the one written last takes all that is left; below the root also the only one."""
        free = [x for x in p.args if isinstance(x, LVar) and x.data[1] == "term" and x not in self.bound]
        once = [x for x in free if self.occurrences[x] == 1]
        if not once and not root and len(free) == 1:
            return free[0]
        return max(once, key=lambda x: self.written[x]) if once else None

    def parts(self, p: Term, g: GroupOf, ops: str, neg: str, then: Callable[[], None], root: bool) -> None:
        """Match the operands of a flat pattern, each against one operand of the node, the absorbing one last."""
        absorbing = self.absorbing(p, root)
        todo = [x for x in p.args if x is not absorbing]
        op = self.op(p.op)

        def finish(used: str) -> None:
            if absorbing is not None:
                rest, x = self.fresh("rest"), self.fresh()
                self.line(f"{rest} = left_over({ops}, {used})")
                with self.block(f"if {rest}:"):
                    self.line(f"{x} = join({op}, {rest}, {neg})")
                    self.match(absorbing, x, then)
            elif root:
                self.rest = f"left_over({ops}, {used})"
                then()
            else:
                with self.block(f"if len({used}) == len({ops}):"):
                    then()
        self.take(todo, g, ops, "()", finish)

    def take(self, todo: list[Term], g: GroupOf, ops: str, used: str, finish: Callable[[str], None]) -> None:
        if not todo:
            return finish(used)
        p = min(todo, key=lambda x: (1, 1) if self.decides(x, todo) else self.rank(x))
        rest = [x for x in todo if x is not p]
        times = sum(x is p for x in todo)
        op = self.op(g.op)
        after = self.fresh("used")
        view = view_of(p, self.algebra, g)
        partners = [x for x in rest if view and view_of(x, self.algebra, g) == view
                    and split_literal(x)[1] is split_literal(p)[1]]
        if self.is_bound(p):
            def found() -> None:
                self.line(f"{after} = taken({ops}, {self.known(p)}, {op}, {used})")
                with self.block(f"if {after} is not None:"):
                    self.take(rest + [p] * (times - 1), g, ops, after, finish)
            if p in self.inverses and self.algebra.inverses[p.op] is g:
                with self.block(f"if may_hold_inverse({ops}, {self.bound[p.args[0]]}, {self.op(p.op)}):"):
                    return found()
            return found()
        i, x = self.fresh("i"), self.fresh()
        if is_literal(p):
            first = self.fresh()
            self.line(f"{first} = {ops}[0]")
            with self.block(f"if {'' if used == '()' else f'0 not in {used} and '}is_number({first}):"):
                return self.bind(p, first, lambda: self.take(rest, g, ops, also(used, "0"), finish))
        if times > 1:
            with self.block(f"for {x}, {after} in repeated({ops}, {times}, {used}):"):
                return self.match(p, x, lambda: self.take(rest, g, ops, after, finish))
        if view and partners:
            return self.multiples(p, partners[0], view, [x for x in rest if x is not partners[0]], g, ops, used, finish)
        with self.block(f"for {i}, {x} in enumerate({ops}):"):
            def one() -> None:
                self.match(p, x, lambda: self.take(rest, g, ops, also(used, i), finish))
            if used == "()":
                return one()
            with self.block(f"if {i} not in {used}:"):
                one()

    def multiples(self, p: Term, q: Term, view: tuple[str, Op], rest: list[Term], g: GroupOf, ops: str, used: str,
                  finish: Callable[[str], None]) -> None:
        """``c*x`` and ``d*x`` together: operands are grouped by x once, not compared pairwise."""
        kind, op = view
        literal, base = split_literal(p)
        other, _ = split_literal(q)
        x, entries = self.fresh(), self.fresh("entries")
        i, c, j, d = self.fresh("i"), self.fresh("c"), self.fresh("j"), self.fresh("d")
        with self.block(f"for {x}, {entries} in coefficients({ops}, {self.op(op)}, {kind!r}).items():"):
            with self.block(f"for ({i}, {c}), ({j}, {d}) in pairs({entries}, {used}):"):
                self.match(base, x, lambda: self.match(literal, c, lambda: self.match(
                    other, d, lambda: self.take(rest, g, ops, also(also(used, i), j), finish))))

    def decides(self, p: Term, todo: list[Term]) -> bool:
        """An operand ``x`` (or its inverse) of whose inverse a sum beside it speaks: cheaper to try than to solve for."""
        x = p.args[0] if p in self.inverses else p
        return isinstance(x, LVar) and x not in self.bound and any(
            q.op in self.algebra.groups and x in variables(q) and all(t in self.inverses for t in toposort(q) if x in t.args)
            for q in todo)

    def rank(self, p: Term) -> tuple[int, ...]:
        """Numbers, then what is known, then compound parts that share a bound variable, larger ones first; variables last."""
        if p.op is CONST:
            return 0, 0, 0, 0
        if self.is_bound(p):
            return 1, 0, 0, 0
        if not isinstance(p, LVar):
            shares = any(x in self.bound for x in variables(p))
            return 2, computes(p, self.algebra, self.bound), not shares, -len(toposort(p))
        return (3 if is_literal(p) else 4 if self.occurrences[p] > 1 else 5), self.written.get(p, 0), 0, 0

    # -- the function --------------------------------------------------------------------------------------------------------

    def function(self) -> list[str]:
        p = self.rule.lhs
        if p.op in self.algebra.groups:
            self.parts(p, self.algebra.groups[p.op], "t.args", "False", self.accept, root=True)
        elif p.op in self.algebra.inverses:
            self.match(p.args[0], "t.args[0]", self.accept)
        elif p.op.variadic:
            self.match(p, "t", self.accept)
        else:
            self.operands(p, "t", self.accept)
        last = ["    return None", ""] if self.answer == "return" else [""]
        return [f"def match_{self.index}_{identifier(self.rule.name)}(t):", f"    # {self.rule}", *self.lines, *last]

    def argument(self, a: Term) -> str:
        """What a guard speaks of, in the generated code."""
        if a.ground:
            return self.name(a, "argument")
        return self.bound[a] if a in self.bound else self.instance(a)

    def accept(self) -> None:
        values = ", ".join(self.bound[v] for v in self.rule.variables)
        tests = []
        for guard in self.rule.guards:
            args = ", ".join([self.argument(a) for a in guard.args])
            tests.append(f"holds({self.name(guard.predicate, 'predicate')}, ({args},))")
        result = f"{self.answer} ({values}{',' if values else ''}), {self.rest}"
        if tests:
            with self.block(f"if {' and '.join(tests)}:"):
                self.line(result)
        else:
            self.line(result)
