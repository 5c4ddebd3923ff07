"""The pipeline on one page: terms in, a callable out, with everything it was made of."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from . import linkers
from .arguments import converted, positional
from .autodiff.trees import flatten
from .debugging import Trace, trace
from .errors import InputError, MisuseError
from .relations.equality import Joined, join
from .relations.theory import Theory
from .sizes import SizeCheck, size_checks
from .strategies import AnyStrategy, Derivation, derive, normalize
from .strategies.pack import pack, unpack
from .terms.binders import substitute as replace_terms
from .terms.evaluate import bind_sizes
from .terms.inputs import tensor
from .terms.operators import free_inputs
from .terms.term import INPUT, Term, _short, _where, as_term

__all__ = ["Compiled", "default_pipeline", "equal", "function", "jit", "rewrite", "substitute"]


def default_pipeline() -> AnyStrategy:
    """The pipeline used when none is given: the one place where the kernel meets the library of relations."""
    return importlib.import_module("relations_library.pipelines").default


def rewrite(term: Term, strategy: AnyStrategy | None = None, *, full: bool = False, budget: int | None = None) -> Any:
    """The normal form of a term; with ``full=True`` also the derivation.

    >>> rewrite(rnp.log(1 + x))
    log1p(x)  float64[n]

    ``strategy`` is any strategy or a theory (default: the default pipeline).  Raises BudgetError, naming the last rules,
    if it does not come to an end.
    """
    derivation = derive(_as_strategy(strategy), as_term(term), budget=budget)
    return (derivation.end, derivation) if full else derivation.end


def equal(left: Term, right: Term, theory: Any, *, budget: int = 2000) -> Joined:
    """Search for a chain of steps of a theory that joins two terms; false, with the reason, if none was found.

    >>> equal(rnp.log(1 + rnp.exp(x)), rnp.softplus(x), stable)
    log(1 + exp(x))
    = log1p(exp(x))
    = softplus(x)

    Raises DTypeError if the terms have different types.
    """
    return join(as_term(left), as_term(right), theory, budget=budget)


def substitute(term: Term, replacement: Mapping[Term, Any]) -> Term:
    """The term with terms replaced by terms, arrays or numbers of the same type; bound variables are never captured.

    >>> substitute(rnp.exp(x), {x: y + 1})
    exp(y + 1)  float64[n]
    """
    given = {k: as_term(v, k.type.dtype) for k, v in replacement.items()}
    return replace_terms([term], given)[0]


def _as_strategy(strategy: Any) -> AnyStrategy:
    if strategy is None:
        return default_pipeline()
    if isinstance(strategy, Theory):
        return normalize(strategy)
    if not callable(strategy):
        raise MisuseError(f"strategy: {strategy!r} is neither a strategy nor a theory; see relgraph.strategies")
    return strategy


def function(inputs: Sequence[Term], outputs: Any, *, linker: str | None = None, rewrite: Any = None) -> Compiled:
    """Compile outputs (a term or a nested list, tuple or dict of terms) as a function of inputs.

    >>> f = function([x], rnp.log(rnp.sum(rnp.exp(x))))
    >>> f(np.arange(3.0))
    array(2.40760596)

    ``linker`` is "c", "numba", "jax" or "numpy" (default: C where a compiler exists).  ``rewrite`` is a strategy or a
    theory; ``relgraph.strategies.identity`` compiles the term as it stands.  Arguments are converted without loss or
    refused with the input's name; they are never changed, and results never alias them.
    """
    inputs = _checked_inputs(inputs)
    leaves, build = flatten(outputs)
    roots = [as_term(x) for x in leaves]
    _check_free(inputs, roots)
    start = pack(roots) if roots else pack([as_term(0.0)])
    strategy = _as_strategy(rewrite)
    end = derive(strategy, start).end if roots else start
    name = linker if linker is not None else linkers.default()
    executable = linkers.link(name, inputs, unpack(end) if roots else [])
    return Compiled(inputs, start, end, strategy, build, executable, name, size_checks(roots), len(roots))


def _checked_inputs(inputs: Any) -> tuple[Term, ...]:
    if isinstance(inputs, Term):
        raise MisuseError(f"function: inputs is the single term {_short(inputs)}; write function([{_short(inputs)}], ...)")
    out = tuple(inputs)
    names: dict[str, Term] = {}
    for t in out:
        if not isinstance(t, Term) or t.op is not INPUT:
            shown = f"{_short(t)}, a term of op {t.op.name}" if isinstance(t, Term) else repr(t)
            raise MisuseError(f"function: the input {shown} is no input; write rg.scalar, rg.vector, rg.matrix or rg.tensor")
        if t.data in names:
            other = names[t.data]
            raise MisuseError(f"function: two inputs are called {t.data!r}: {other.type!r} made at {_where(other.origin)} and "
                              f"{t.type!r} made at {_where(t.origin)}; give them different names")
        names[t.data] = t
    return out


def _check_free(inputs: Sequence[Term], roots: Sequence[Term]) -> None:
    names = {t.data: t for t in inputs}
    for t in free_inputs(*roots):
        if t not in inputs:
            same = names.get(t.data)
            hint = f"; the input given under this name is {same.type!r}" if same is not None else ""
            raise MisuseError(f"function: the output depends on {t.data}: {t.type!r}, made at {_where(t.origin)}, which is not "
                              f"among the inputs {', '.join(names) or '(none)'}{hint}; add it to the inputs")


class Compiled:
    """A compiled function.  ``f.term`` is what runs, ``f.derivation`` how it was found, ``f.program`` and ``f.source`` how it
    is run, ``f.explain()`` says it all; it pickles, and may be called from several threads."""

    def __init__(self, inputs: tuple[Term, ...], start: Term, end: Term, strategy: AnyStrategy, build: Callable[..., Any],
                 executable: Any, linker: str, checks: tuple[SizeCheck, ...], count: int) -> None:
        self.inputs, self.start, self.end, self.strategy = inputs, start, end, strategy
        self.executable, self.linker, self.checks = executable, linker, checks
        self._build, self._count = build, count
        self._one = count == 1 and build([0]) == 0
        if self._one and self._direct is not None:  # calling then costs no Python code: the class's __call__ is the program
            self.__class__ = type("Compiled", (Compiled,), {"__call__": self._direct, "__doc__": Compiled.__doc__})

    def __call__(self, *args: Any, **named: Any) -> Any:
        """Evaluate: arguments in the order of the inputs, or by name."""
        direct = self._direct
        if direct is not None:
            values = direct(*args, **named)
            return values if self._one else self._build((values,) if self._count == 1 else values)
        arrays = self._arrays(args, named)
        self._check(arrays)
        values = self.executable(*arrays)
        return values[0] if self._one else self._build(values)

    def _arrays(self, args: Sequence[Any], named: Mapping[str, Any]) -> list[np.ndarray[Any, Any]]:
        return converted(self.inputs, positional(self.inputs, args, named) if named else args)

    def _check(self, arrays: Sequence[np.ndarray[Any, Any]]) -> None:
        """Raise ShapeError, naming inputs, shapes and the user's line, if the sizes do not fit."""
        if self.checks or self._named_sizes:
            sizes = bind_sizes(self.inputs, arrays)
            for check in self.checks:
                check.run(sizes, self.inputs, arrays)

    @cached_property
    def _direct(self) -> Any:
        """What calls the program without Python in between, where the program itself checks all sizes; else None."""
        make = getattr(self.executable, "direct", None)
        if make is None:
            return None
        checked = {(c.condition.sign, c.condition.left, c.condition.right) for c in self.program.checks}
        mine = {("==", c.left, c.right) if c.sign == "==" else ("<=", c.right, c.left) for c in self.checks}
        if not mine <= checked:
            return None
        return make(self._arrays, lambda args: self._check(self._arrays(args, {})))

    @cached_property
    def _named_sizes(self) -> bool:
        return any(t.type.shape for t in self.inputs)

    @property
    def term(self) -> Any:
        """What is computed: the outputs after rewriting, in the nest they were given in."""
        return self._build(unpack(self.end)) if self._count else self._build([])

    @property
    def normal(self) -> Any:
        """The same as ``term``."""
        return self.term

    @cached_property
    def derivation(self) -> Derivation:
        """Which relation turned what into what."""
        return derive(self.strategy, self.start)

    @property
    def program(self) -> Any:
        """The kernels and library calls, one a line; None for linkers without a program."""
        return self.executable.program

    @property
    def source(self) -> Any:
        """The source text that is compiled, None where there is none."""
        return self.executable.source

    def explain(self) -> str:
        """How the function was made: the derivation, the linker, the program."""
        program = f"\n\nprogram ({self.linker}):\n{self.program}" if self.program is not None else f"\n\nlinker: {self.linker}"
        return f"{self.derivation}{program}"

    def debug(self, *args: Any, **named: Any) -> Trace:
        """The value of every node of the term as it was written, and the first one that is NaN or infinite."""
        arrays = converted(self.inputs, positional(self.inputs, args, named))
        return trace(unpack(self.start), dict(zip(self.inputs, arrays, strict=True)))

    def __repr__(self) -> str:
        shown = ", ".join(f"{t.data}: {t.type!r}" for t in self.inputs)
        return f"<function ({shown}) -> {_short(self.end)}, linker {self.linker}>"

    def __reduce__(self) -> Any:
        shape = self._build(list(range(self._count)))
        return _unpickled, (self.inputs, self.start, self.end, _strategy_name(self.strategy), shape, self.linker, self._count)


def _strategy_name(strategy: AnyStrategy) -> str | None:
    """The name of a pipeline of the library; other strategies are not pickled, only what they made."""
    module = importlib.import_module("relations_library.pipelines")
    return next((n for n, v in vars(module).items() if v is strategy), None)


def _unpickled(inputs: tuple[Term, ...], start: Term, end: Term, strategy: str | None, shape: Any, linker: str,
               count: int) -> Compiled:
    found: Any = getattr(importlib.import_module("relations_library.pipelines"), strategy) if strategy else Fixed(start, end)
    _, build = flatten(shape)
    outputs = unpack(end) if count else []
    return Compiled(inputs, start, end, found, build, linkers.link(linker, inputs, outputs), linker,
                    size_checks(unpack(start)), count)


class Fixed:
    """Stands for the strategy of a function that came through pickle: it knows the one result."""

    def __init__(self, start: Term, end: Term) -> None:
        self.start, self.end = start, end

    def __call__(self, t: Term) -> Term | None:
        return self.end if t is self.start else None

    def __repr__(self) -> str:
        return "pickled"


class jit:
    """Trace a Python function of arrays when it is first called with arrays of some dtypes and numbers of axes.

    >>> @jit
    ... def f(x, y):
    ...     return rnp.sum(x * y)
    >>> f(np.ones(3), np.ones(3))
    array(3.)

    Sizes are symbolic: other lengths need no new trace.  ``f.debug(...)`` gives the value of every node.
    """

    def __init__(self, fn: Callable[..., Any], *, linker: str | None = None, rewrite: Any = None) -> None:
        self.fn, self.linker, self.rewrite = fn, linker, rewrite
        self.__name__, self.__doc__ = getattr(fn, "__name__", "jit"), fn.__doc__
        self._made: dict[Any, Compiled] = {}
        self._lock = threading.Lock()

    def __call__(self, *args: Any) -> Any:
        return self.compiled(*args)(*args)

    def debug(self, *args: Any) -> Trace:
        """As `Compiled.debug`."""
        return self.compiled(*args).debug(*args)

    def compiled(self, *args: Any) -> Compiled:
        """The compiled function for arguments like these."""
        arrays = [np.asarray(a) for a in args]
        key = tuple((a.dtype, a.ndim) for a in arrays)
        with self._lock:
            found = self._made.get(key)
            if found is None:
                names = _argument_names(self.fn, len(arrays))
                inputs = [tensor(n, (None,) * a.ndim, a.dtype) for n, a in zip(names, arrays, strict=True)]
                found = self._made[key] = function(inputs, self.fn(*inputs), linker=self.linker, rewrite=self.rewrite)
            return found

    def __repr__(self) -> str:
        return f"<jit {self.__name__}>"


def _argument_names(fn: Callable[..., Any], n: int) -> list[str]:
    code = getattr(fn, "__code__", None)
    names = list(code.co_varnames[: code.co_argcount]) if code is not None else []
    if len(names) != n:
        if code is not None and not code.co_flags & 0x04 and len(names) < n:
            raise InputError(f"{getattr(fn, '__name__', fn)}: takes {len(names)} arguments, got {n}")
        names = [*names[:n], *[f"arg{i}" for i in range(len(names), n)]]
    return names
