"""The pipeline on one page: terms in, a callable out, with everything it was made of."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from . import linkers
from .arguments import converted, positional
from .autodiff.trees import flatten
from .checking import check_free, check_sizes, checked_inputs, checked_output, made
from .errors import MisuseError
from .relations.safety import check_level
from .relations.theory import Theory
from .sizes import SizeCheck, size_checks
from .strategies.normalize import normalize
from .strategies.pack import pack, unpack
from .terms.binders import substitute as replace_terms
from .terms.evaluate import bind_sizes
from .terms.keywords import advised
from .terms.term import Term, _short, as_term
from .terms.type import Type

if TYPE_CHECKING:
    from .debugging import Trace
    from .relations.equality import Joined
    from .strategies import AnyStrategy, Derivation

__all__ = ["Compiled", "default_pipeline", "equal", "function", "rewrite", "substitute"]


def default_pipeline() -> AnyStrategy:
    """The pipeline used when none is given: the one place where the kernel meets the library of relations."""
    return importlib.import_module("relations_library.default").default


@advised()
def rewrite(term: Term, strategy: AnyStrategy | Theory | None = None, *, full: bool = False, budget: int | None = None,
            safety: str = "domain") -> Any:
    """The normal form of a term; with ``full=True`` also the derivation.

    >>> rewrite(rnp.log(1 + x))
    log1p(x)  float64[n]

    ``strategy`` is any strategy or a theory (default: the default pipeline), ``safety`` how much it may change (see
    `function`).  Raises BudgetError, naming the last rules, if it does not come to an end.
    """
    chosen, start = _as_strategy(strategy, safety), as_term(term)
    if not full and budget is None:
        return _applied(chosen, start)
    from .strategies import derive
    derivation = derive(chosen, start, budget=budget)
    return (derivation.end, derivation) if full else derivation.end


@advised()
def equal(left: Any, right: Any, theory: Any = None, *, budget: int = 2000) -> Joined:
    """Search for a chain of steps of a theory that joins two terms; false, with the reason, if none was found.

    >>> equal(rnp.log(1 + rnp.exp(x)), rnp.softplus(x), stable)
    log(1 + exp(x))
    = log1p(exp(x))
    = softplus(x)

    A Python number takes the dtype of the other side.  Raises DTypeError if the terms have different types.
    """
    if not isinstance(theory, Theory):
        raise MisuseError(f"equal: {theory!r} is no theory; write relations_library.stable.stable, "
                          "or relgraph.relations.theory(...), as in rg.equal(x, y, stable)")
    from .relations.equality import join
    return join(_beside(left, right), _beside(right, left), theory, budget=budget)


def _beside(value: Any, other: Any) -> Term:
    """A term, or a Python number in the dtype that it has beside the other side."""
    if type(value) in (int, float, complex) and isinstance(other, Term) and other.type.dtype is not None:
        return as_term(value, np.result_type(other.type.dtype, value))
    return as_term(value)


def substitute(term: Term, replacement: Mapping[Term, Any]) -> Term:
    """The term with terms replaced by terms, arrays or numbers of the same type; bound variables are never captured.

    >>> substitute(rnp.exp(x), {x: y + 1})
    exp(y + 1)  float64[n]
    """
    given: dict[Term, Term] = {}
    for k, v in replacement.items():
        if not isinstance(k, Term):
            raise MisuseError(f"substitute: {k!r} is no term; write the term that is to be replaced, such as {{x: y}}")
        given[k] = as_term(v, k.type.dtype if type(k.type) is Type else None)
        if given[k].ground and k.ground and not _fits(given[k], k):
            raise MisuseError(f"substitute: {made(k)} would become {made(given[k])}, of another type; "
                              "convert it with astype or give it the same axes")
    return replace_terms([as_term(term)], given)[0]


def _fits(t: Term, place: Term) -> bool:
    """Whether a term has the type of another, names of sizes apart."""
    if type(t.type) is not Type or type(place.type) is not Type:
        return t.type is place.type
    return t.type.dtype == place.type.dtype and t.type.ndim == place.type.ndim and all(
        a == b or not (isinstance(a, int) and isinstance(b, int)) for a, b in zip(t.type.shape, place.type.shape, strict=True))


def _as_strategy(strategy: Any, safety: str) -> AnyStrategy:
    found: AnyStrategy = default_pipeline() if strategy is None else normalize(strategy) if isinstance(strategy, Theory) \
        else strategy
    if strategy is not None and not callable(found):
        raise MisuseError(f"strategy: {strategy!r} is neither a strategy nor a theory; "
                          "write relations_library.pipelines.stable, or combine the functions of relgraph.strategies")
    if check_level(safety) == "domain":
        return found
    from .strategies.levels import at_level
    return at_level(found, safety)


def _applied(strategy: AnyStrategy, term: Term) -> Term:
    """What a strategy makes of a term; a normaliser, which most functions are made by, needs nothing of what runs others."""
    if isinstance(strategy, normalize):
        return strategy.run(term)
    from .strategies import run_strategy
    return run_strategy(strategy, term).term


@advised()
def function(inputs: Sequence[Term], outputs: Any, *, linker: str | None = None, rewrite: Any = None,
             safety: str = "domain") -> Compiled:
    """Compile outputs (a term or a nested list, tuple or dict of terms) as a function of inputs.

    >>> f = function([x], rnp.log(rnp.sum(rnp.exp(x))))
    >>> f(np.arange(3.0))
    array(2.40760596)

    ``linker`` is "c", "numba", "jax" or "numpy" (default: C where a compiler exists).  ``rewrite`` is a strategy or a
    theory; ``relgraph.strategies.identity`` compiles the term as it stands.  ``safety`` is how much rewriting may
    change: "exact" no bit, "real" only rounding and overflow on the way, "domain" whatever the pipeline does, which names the
    few rules that turn NaN or infinities into numbers (docs/safety.md).  Arguments are converted without loss or
    refused with the input's name; they are never changed, and results never alias them.
    """
    inputs = checked_inputs(inputs)
    leaves, build = flatten(outputs)
    roots = [checked_output(x) for x in leaves]
    check_free(inputs, roots)
    check_sizes(inputs, roots)
    start = pack(roots) if roots else pack([as_term(0.0)])
    strategy = _as_strategy(rewrite, safety)
    end = _applied(strategy, start) if roots else start
    name = linker if linker is not None else linkers.default()
    executable = linkers.link(name, inputs, unpack(end) if roots else [])
    return Compiled(inputs, start, end, strategy, build, executable, name, size_checks(roots), len(roots))


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
            direct: Any = type("Compiled", (Compiled,), {"__call__": self._direct, "__doc__": Compiled.__doc__})
            self.__class__ = direct

    def __call__(self, *args: Any, **named: Any) -> Any:
        """Evaluate: arguments in the order of the inputs, or by name."""
        direct = self._direct
        if direct is not None:
            values = direct(*args, **named)
            return values if self._one else self._build((values,) if self._count == 1 else values)
        values = self.executable(*self._arrays(args, named))
        return values[0] if self._one else self._build(values)

    def _arrays(self, args: Sequence[Any], named: Mapping[str, Any]) -> list[np.ndarray[Any, Any]]:
        """An array per input; raises InputError for what does not fit, ShapeError, with the user's line, for sizes."""
        arrays = converted(self.inputs, positional(self.inputs, args, named) if named else args)
        if self.checks or self._named_sizes:
            sizes = bind_sizes(self.inputs, arrays)
            for check in self.checks:
                check.run(sizes, self.inputs, arrays)
        return arrays

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
        return make(self._arrays, lambda args: self._arrays(args, {}))

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
        from .strategies import derive
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
        from .debugging import trace
        return trace(unpack(self.start), dict(zip(self.inputs, self._arrays(args, named), strict=True)))

    def __repr__(self) -> str:
        shown = ", ".join(f"{t.data}: {t.type!r}" for t in self.inputs)
        return f"<function ({shown}) -> {_short(self.end)}, linker {self.linker}>"

    def __reduce__(self) -> Any:
        shape = self._build(list(range(self._count)))
        return _unpickled, (self.inputs, self.start, self.end, _strategy_name(self.strategy), shape, self.linker, self._count)


def _strategy_name(strategy: AnyStrategy) -> str | None:
    """The name of a pipeline of the library; other strategies are not pickled, only what they made."""
    if strategy is default_pipeline():
        return "default"
    module = importlib.import_module("relations_library.pipelines")
    return next((n for n, v in vars(module).items() if v is strategy), None)


def _unpickled(inputs: tuple[Term, ...], start: Term, end: Term, strategy: str | None, shape: Any, linker: str,
               count: int) -> Compiled:
    found: Any = Fixed(start, end)
    if strategy:
        found = default_pipeline() if strategy == "default" else \
            getattr(importlib.import_module("relations_library.pipelines"), strategy)
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
