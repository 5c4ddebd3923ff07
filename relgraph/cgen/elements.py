"""Statements for the elements of terms, each placed in the outermost loop that has all it needs."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import numpy as np

from ..terms import dims
from ..terms.access import Compare, Index, Read, Select
from ..terms.access import Number as AccessNumber
from ..terms.dims import Dim
from ..terms.term import CONST, Term
from .ir import Apply, At, Block, Choose, Convert, DType, Expr, Let, Load, Number, Size, Stmt
from .layout import access, has_call, linear, operands, same_memory
from .roots import is_total
from .trace import broadcast_index

__all__ = ["Elements"]

Walk = Generator[tuple[Term, tuple[Dim, ...]], str, str]
INT64 = np.dtype("int64")


class _Scope:
    """A block being filled, and what is known in it."""

    __slots__ = ("block", "known")

    def __init__(self) -> None:
        self.block: Block = []
        self.known: list[Any] = []


class Elements:
    """Emits values into a stack of blocks: one per open loop, then one per branch that is open.

    ``buffer(t)`` is the buffer a term's elements lie in, or None; ``fail(t)`` is the code of an index out of range.
    """

    def __init__(self, buffer: Callable[[Term], int | None], place: Callable[[Term, tuple[Dim, ...]], Dim | None],
                 memory: dict[Term, Term], fail: Callable[[Term, Dim], int], start: int) -> None:
        self._buffer, self._place, self._memory, self._fail = buffer, place, memory, fail
        self._next = start
        self.scopes: list[_Scope] = [_Scope()]
        self.loops: dict[str, int] = {}  # loop variable -> depth of its body
        self._depth: dict[str, int] = {}  # value -> depth of its block
        self._memo: dict[Any, str] = {}
        self._branches = 0

    # -- blocks ---------------------------------------------------------------------------------------------------------

    def enter(self, index: str | None) -> None:
        """Open the body of a loop, or (None) of a branch."""
        self.scopes.append(_Scope())
        if index is None:
            self._branches += 1
        else:
            self.loops[index] = len(self.scopes) - 1

    def leave(self, index: str | None) -> tuple[Stmt, ...]:
        """Close the innermost block and forget what is known in it only."""
        scope = self.scopes.pop()
        for key in scope.known:
            del self._memo[key]
        if index is None:
            self._branches -= 1
        else:
            del self.loops[index]
        return tuple(scope.block)

    def emit(self, s: Stmt) -> None:
        """A statement at the end of the innermost block."""
        self.scopes[-1].block.append(s)

    def fresh(self) -> str:
        self._next += 1
        return f"%{self._next}"

    def know(self, t: Term, at: tuple[Dim, ...], name: str, depth: int) -> None:
        """A value that the caller defines, such as an accumulator."""
        self._depth[name] = depth
        key = (t, at)
        self._memo[key] = name
        self.scopes[depth].known.append(key)

    def _let(self, key: Any, dtype: DType, value: Expr, needs: tuple[str, ...]) -> str:
        found = self._memo.get(key)
        if found is not None:
            return found
        depth = len(self.scopes) - 1 if self._branches else max([self._depth[n] for n in needs], default=0)
        return self._named(key, depth, lambda name: Let(name, dtype, value))

    def _named(self, key: Any, depth: int, make: Callable[[str], Stmt]) -> str:
        name = self.fresh()
        scope = self.scopes[depth]
        scope.block.append(make(name))
        scope.known.append(key)
        self._memo[key] = name
        self._depth[name] = depth
        return name

    def _needs(self, at: Dim) -> int:
        """The depth of the block that an integer expression can stand in."""
        if isinstance(at, int):
            return 0
        return max((self.loops[n] if n in self.loops else self._depth.get(n, 0) for n in dims.names(at)), default=0)

    def _at_depth(self, key: Any, dtype: DType, value: Expr, at: Dim) -> str:
        found = self._memo.get(key)
        if found is not None:
            return found
        depth = len(self.scopes) - 1 if self._branches else self._needs(at)
        return self._named(key, depth, lambda name: Let(name, dtype, value))

    # -- values ---------------------------------------------------------------------------------------------------------

    def value(self, t: Term, at: tuple[Dim, ...], own: bool = False) -> str:
        """The name of an element; ``own`` computes it even if the term has a buffer."""
        answer = None if own else self._memo.get((t, at))
        stack: list[Walk] = [] if answer is not None else [self._walk(t, at, own)]
        while stack:
            try:
                ask = stack[-1].send(answer)  # type: ignore[arg-type]
            except StopIteration as done:
                answer = done.value
                stack.pop()
                continue
            answer = self._memo.get(ask)
            if answer is None:
                stack.append(self._walk(*ask, False))
        assert answer is not None
        return answer

    def converted(self, name: str, source: DType, dtype: DType) -> str:
        """A value in another dtype."""
        if source == dtype:
            return name
        return self._let((name, dtype), dtype, Convert(name, source), (name,))

    def _walk(self, t: Term, at: tuple[Dim, ...], own: bool) -> Walk:
        key = (t, at)
        if not own:
            if t.op is CONST:
                literal = uniform(t)
                if literal is not None:
                    return self._let((CONST, t.type.dtype, repr(literal)), t.type.dtype, Number(literal), ())
            base = t
            if any(map(has_call, at)) and self._buffer(t) is None:
                base = same_memory(t, self._memory)
            buffer = self._buffer(base)
            if buffer is not None:
                position = self._place(t, at) if base is t else None
                if position is None:
                    position = linear(t.type.shape, at)
                return self._at_depth(key, t.type.dtype, Load(buffer, position), position)
        if t.op.kind == "access":
            n = len(operands(t))
            tree = access(t, at)
            name = yield from self._tree(t, tree, n)
            if key not in self._memo:
                self._memo[key] = name
                depth = len(self.scopes) - 1 if self._branches else self._depth[name]
                self.scopes[depth].known.append(key)
            return name
        return (yield from self._elementwise(t, at))

    def _elementwise(self, t: Term, at: tuple[Dim, ...]) -> Walk:
        xs = operands(t)
        dtypes = [x.type.dtype for x in xs]
        names = []
        for x in xs:
            names.append((yield x, broadcast_index(at, x.type.shape)))
        wanted = dtypes if t.op.operands is None else t.op.operands(t.type.dtype, *dtypes)
        names = [self.converted(n, d, w) for n, d, w in zip(names, dtypes, wanted, strict=True)]
        computed = wanted[t.op.conditions] if wanted else t.type.dtype
        return self._let((t, at), t.type.dtype, Apply(t.op, tuple(names), computed), tuple(names))

    def _tree(self, t: Term, tree: Any, n: int) -> Walk:
        dtype = t.type.dtype
        if isinstance(tree, AccessNumber):
            value = np.array(tree.value).astype(dtype).item()
            return self._let((CONST, dtype, repr(value)), dtype, Number(value), ())
        if isinstance(tree, Index):
            return self._at_depth((Size, dtype, tree.value), dtype, Size(tree.value), tree.value)
        if isinstance(tree, Read):
            at = []
            x = operands(t)[tree.operand]
            for i, d in zip(tree.index, x.type.shape, strict=True):
                at.append((yield from self._position(t, i, d)) if isinstance(i, Read) else i)
            name = yield x, tuple(at)
            return self.converted(name, x.type.dtype, dtype)
        assert isinstance(tree, Select)
        if is_total(t, tree):
            then = yield from self._tree(t, tree.then, n)
            other = yield from self._tree(t, tree.otherwise, n)
            return self._choose(t, tree, (), then, (), other)
        self.enter(None)
        then = yield from self._tree(t, tree.then, n)
        then_block = self.leave(None)
        self.enter(None)
        other = yield from self._tree(t, tree.otherwise, n)
        return self._choose(t, tree, then_block, then, self.leave(None), other)

    def _position(self, t: Term, r: Read, size: Dim) -> Generator[tuple[Term, tuple[Dim, ...]], str, str]:
        x = operands(t)[r.operand]
        raw = yield x, r.index  # type: ignore[misc]
        return self.position(t, raw, x.type.dtype, size)

    def position(self, t: Term, raw: str, dtype: DType, size: Dim) -> str:
        """An index that was read, checked against the size of the axis it is for."""
        raw = self.converted(raw, dtype, INT64)
        return self._let((At, raw, size), INT64, At(raw, size, self._fail(t, size)), (raw,))

    def _choose(self, t: Term, tree: Select, then: tuple[Stmt, ...], a: str, other: tuple[Stmt, ...], b: str) -> str:
        depth = len(self.scopes) - 1
        if not self._branches:
            depth = max([self._needs(d) for c in tree.conditions for d in (c.left, c.right)], default=0)
            inside = [then, other]
            depth = max([depth, *(self._depth.get(n, 0) for n in (a, b) if self._depth.get(n, 0) < len(self.scopes))])
            depth = max([depth, *(self._block_depth(s) for block in inside for s in block)], default=depth)
        key = (Choose, self._next)
        conditions: tuple[Compare, ...] = tree.conditions
        return self._named(key, depth, lambda name: Choose(name, t.type.dtype, conditions, then, a, other, b))

    def _block_depth(self, s: Stmt) -> int:
        """The depth that a statement of a closed branch could stand at."""
        if isinstance(s, Choose):
            inner = [self._block_depth(x) for x in (*s.then, *s.otherwise)]
            return max([self._needs(d) for c in s.conditions for d in (c.left, c.right)] + inner, default=0)
        if not isinstance(s, Let):
            return 0
        e = s.value
        used = e.values if isinstance(e, Apply) else (e.value,) if isinstance(e, (At, Convert)) else ()
        found = [self._depth[n] for n in used if self._depth[n] < len(self.scopes)]
        if isinstance(e, (Load, Size)):
            at = e.at if isinstance(e, Load) else e.value
            found += [self.loops[n] if n in self.loops else self._depth.get(n, 0) for n in dims.names(at)
                      if n in self.loops or self._depth.get(n, 0) < len(self.scopes)]
        return max(found, default=0)


def uniform(t: Term) -> Any:
    """The one value of a constant, or None if it has several."""
    data = t.data
    if data.size == 0:
        return None
    first = data.reshape(-1)[:1]
    if data.size > 1 and data.tobytes() != first.tobytes() * data.size:
        return None
    return first[0].item()
