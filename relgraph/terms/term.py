"""The op row and the term, an interned typed tuple (over 300 lines because row, node and leaves define one another)."""

from __future__ import annotations

import hashlib
import importlib
import itertools
import struct
import sys
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Never, TypeAlias

import numpy as np

from ..errors import DTypeError, MisuseError, RelgraphError, ShapeError
from .keywords import OF_OPS, unexpected
from .origins import _origin, _where, lines, track_origins
from .type import ATTR, STATIC, UNKNOWN, Sizes, TupleType, Type, apply_signature, as_dtype, default_float, promote

__all__ = ["ATTRIBUTE", "BOUND", "CONST", "INPUT", "LVAR", "LVar", "Op", "Term", "as_term", "attr", "bound_variable",
           "const", "input_term", "intern", "is_const", "make", "rebuild", "toposort", "track_origins"]

Columns: TypeAlias = Mapping[str, Any]


def _defining_module() -> str:
    """The module whose top level is running: rows are defined at top level, pickle finds them there by name."""
    f = sys._getframe(1)
    while f.f_back is not None and f.f_code.co_name != "<module>":
        f = f.f_back
    return f.f_globals.get("__name__", "")


@dataclass(frozen=True, eq=False, kw_only=True)
class Op:
    """A row of the table of ops; each column is data that one layer reads.  Call it to build a term.

    >>> exp(rg.vector("x"))
    exp(x)  float64[x0]
    """

    name: str
    signature: str = "()->()"  # types, batching: core dims of the tensor operands and of the results
    dtype: Callable[..., Any] = promote  # types: dtypes of the operands -> dtype of the result
    operands: Callable[..., tuple[np.dtype[Any], ...]] | None = None  # (result dtype, *dtypes) -> dtypes computed with
    attrs: tuple[str, ...] = ()  # names of the attribute operands, which follow the tensor operands
    variadic: bool = False  # any number of tensor operands
    conditions: int = 0  # types: leading tensor operands that take no part in promotion
    binder: Callable[..., Any] | None = None  # types: (term, new operands) -> term, for a row that binds variables
    infer: Callable[..., Any] | None = None  # types: (Sizes, *Types, *attribute values) -> Type, instead of signature
    numpy: Callable[..., Any] | str | None = None  # meaning: (*arrays, *attribute values) -> array(s)
    reference: Callable[..., Any] | str | None = None  # verifier: `numpy` in unlimited range and precision, on mpmath numbers
    pullback: Callable[..., Sequence[Any]] | None = None  # autodiff: (g, y, *args) -> a term or None per tensor operand
    used: Callable[..., Sequence[Any]] | None = None  # autodiff: (*args) -> per operand None or a `Mask`: where it is used
    batch: Callable[..., Any] | None = None  # vectorize: (t, operands, batched, k) -> t over k leading axes
    lower: Columns = field(default_factory=dict)  # linkers: target -> template, routine or dotted name
    reduce: Any = None  # cgen: a `Reduce`, how values along the axes are combined
    access: Callable[..., Any] | None = None  # cgen: which operand elements an output element is made of
    definition: Callable[..., Any] | None = None  # (*args) -> an equal term of simpler ops, for linkers without lowering
    cost: float | Callable[..., float] = 1.0  # strategies: flops per element or core dim, or (*shapes of operands) -> flops
    laws: tuple[Any, ...] = ()  # relations: algebraic laws, see terms/laws.py
    kind: str = "opaque"  # elementwise | reduction | access | call | leaf | identity
    doc: str = ""
    module: str = field(default_factory=_defining_module)
    arity: int = field(default=1, init=False)  # tensor operands of a row that is not variadic, from the signature
    _types: dict[Any, Any] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "__name__", self.name)
        object.__setattr__(self, "arity", 0 if self.kind == "leaf" else self.signature.split("->")[0].count("("))
        object.__setattr__(self, "__doc__", self.doc or f"The op ``{self.name}``.")
        if self.reference is None and self.kind in ("access", "scatter", "identity", "projection"):  # they move numbers
            object.__setattr__(self, "reference", self.numpy)

    def __repr__(self) -> str:
        return self.name

    def __reduce__(self) -> Any:
        return _find_row, (self.module, self.name)

    def __call__(self, *operands: Any, **unknown: Never) -> Term:
        """Build the term of this op applied to operands (terms, arrays, numbers), attributes last."""
        if unknown:
            raise unexpected(self.name, unknown, (), OF_OPS if self.kind == "elementwise" else None)
        n = len(operands) - len(self.attrs)
        if n != self.arity and (not self.variadic or n < 1):
            wanted = "1 or more operands" if self.variadic else f"{self.arity} operand{'s' * (self.arity != 1)}"
            raise MisuseError(f"{self.name}: takes {wanted}{f' and {self.attrs}' if self.attrs else ''}, "
                              f"got {len(operands)}: {operands!r}")
        for x in operands:
            if not isinstance(x, Term):
                args = _coerce(self, operands[:n])
                if self.attrs:
                    args += tuple(a if isinstance(a, Term) else attr(a) for a in operands[n:])
                break
        else:
            args = operands
        key = (self, args)
        ref = _table.get(key)
        if ref is not None and (found := ref()) is not None:
            return found
        return _new(self, args, None, infer(self, args), key, _origin())

    def law(self, kind: type) -> Any:
        """The law of this kind that the row states, or None."""
        for x in self.laws:
            if isinstance(x, kind):
                return x
        return None


def _find_row(module: str, name: str) -> Op:
    found = sys.modules.get(module) or importlib.import_module(module)
    names = vars(found)
    for value in (names.get(name), names.get(f"{name}_"), *names.values()):  # a row is mostly called what its op is
        if isinstance(value, Op) and value.name == name:
            return value
    raise RelgraphError(f"op {name!r}: module {module!r} has no row of that name; define it at top level there")


# -- the term ---------------------------------------------------------------------------------------------------------

_table: dict[Any, _Ref] = {}
_lock = threading.RLock()  # re-entrant: a collection inside an insertion may run `_forget` in the same thread
_NO_BOUND: frozenset[int] = frozenset()


class _Ref(weakref.ref["Term"]):
    __slots__ = ("key",)
    key: Any


def _forget(ref: Any) -> None:
    with _lock:
        found = _table.pop(ref.key, None)
        if found is not ref and found is not None:  # an equal term was made since
            _table[ref.key] = found


class Term:
    """An op applied to terms: ``term.op``, ``term.args``, ``term.type``.  Equal terms are one object.

    ``data`` is the payload of a leaf (a name, a read-only array, an attribute value, a number of a bound variable).
    """

    __slots__ = ("__weakref__", "args", "below", "bound", "data", "free", "ground", "key", "memo", "normal", "op", "origin",
                 "type")
    op: Op
    args: tuple[Term, ...]
    data: Any
    type: Any
    ground: bool  # no logic variable inside
    free: frozenset[int]  # numbers of the bound variables that are free in this term
    bound: int  # largest number bound by a `lam` inside, 0 if none
    origin: Any  # where the user made it: up to four (code, instruction), innermost first
    key: str | None  # structural sort key, filled in by the normal form
    below: int | None  # the operators in it, as bits, filled in by the index of rules; 0 of a leaf
    normal: int  # a theory in whose normal form the term is, 0 for none: most terms need no memo beside it
    memo: dict[Any, Any] | None  # normal forms and derivations, per theory; die with the term

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if isinstance(other, (bool, int, float, complex, np.ndarray, np.generic)):
            raise MisuseError(f"==: compares terms by identity, {_short(self)} is not compared with {other!r}; "
                              f"write rnp.equal(x, {other!r}) for the elementwise comparison")
        return False

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __reduce__(self) -> Any:
        return from_rows, (to_rows(self),)

    def __copy__(self) -> Term:
        return self

    def __deepcopy__(self, memo: Any) -> Term:
        return self

    if TYPE_CHECKING:  # installed from the table in operators.py
        def __add__(self, other: Any) -> Term: ...
        def __radd__(self, other: Any) -> Term: ...
        def __sub__(self, other: Any) -> Term: ...
        def __rsub__(self, other: Any) -> Term: ...
        def __mul__(self, other: Any) -> Term: ...
        def __rmul__(self, other: Any) -> Term: ...
        def __truediv__(self, other: Any) -> Term: ...
        def __rtruediv__(self, other: Any) -> Term: ...
        def __floordiv__(self, other: Any) -> Term: ...
        def __rfloordiv__(self, other: Any) -> Term: ...
        def __mod__(self, other: Any) -> Term: ...
        def __rmod__(self, other: Any) -> Term: ...
        def __pow__(self, other: Any) -> Term: ...
        def __rpow__(self, other: Any) -> Term: ...
        def __matmul__(self, other: Any) -> Term: ...
        def __rmatmul__(self, other: Any) -> Term: ...
        def __neg__(self) -> Term: ...
        def __pos__(self) -> Term: ...
        def __abs__(self) -> Term: ...
        def __invert__(self) -> Term: ...
        def __and__(self, other: Any) -> Term: ...
        def __rand__(self, other: Any) -> Term: ...
        def __or__(self, other: Any) -> Term: ...
        def __ror__(self, other: Any) -> Term: ...
        def __xor__(self, other: Any) -> Term: ...
        def __rxor__(self, other: Any) -> Term: ...
        def __lt__(self, other: Any) -> Term: ...
        def __le__(self, other: Any) -> Term: ...
        def __gt__(self, other: Any) -> Term: ...
        def __ge__(self, other: Any) -> Term: ...
        def __getitem__(self, index: Any) -> Term: ...
        def __len__(self) -> int: ...
        def __iter__(self) -> Iterator[Term]: ...
        @property
        def at(self) -> Any: ...
        @property
        def shape(self) -> tuple[Any, ...]: ...
        @property
        def ndim(self) -> int: ...
        @property
        def size(self) -> Any: ...
        @property
        def dtype(self) -> np.dtype[Any]: ...
        @property
        def T(self) -> Term: ...
        @property
        def mT(self) -> Term: ...
        @property
        def real(self) -> Term: ...
        @property
        def imag(self) -> Term: ...
        def astype(self, dtype: Any) -> Term: ...
        def sum(self, axis: Any = None, dtype: Any = None, keepdims: bool = False) -> Term: ...
        def prod(self, axis: Any = None, dtype: Any = None, keepdims: bool = False) -> Term: ...
        def mean(self, axis: Any = None, dtype: Any = None, keepdims: bool = False) -> Term: ...
        def max(self, axis: Any = None, keepdims: bool = False) -> Term: ...
        def min(self, axis: Any = None, keepdims: bool = False) -> Term: ...
        def var(self, axis: Any = None, correction: float = 0, keepdims: bool = False) -> Term: ...
        def std(self, axis: Any = None, correction: float = 0, keepdims: bool = False) -> Term: ...
        def reshape(self, *shape: Any) -> Term: ...
        def transpose(self, *axes: Any) -> Term: ...
        def squeeze(self, axis: Any = None) -> Term: ...
        def dot(self, other: Any) -> Term: ...
        def clip(self, min: Any = None, max: Any = None) -> Term: ...
        def ravel(self) -> Term: ...
        def eval(self, values: Mapping[Any, Any] | None = None) -> Any: ...
        def __bool__(self) -> bool: ...
        def _repr_html_(self) -> str: ...
        def _repr_latex_(self) -> str | None: ...


class LVar(Term):
    """A logic variable: a term that stands for any term (``sort`` "term", "literal" or "attr")."""

    __slots__ = ("stands_for",)
    stands_for: Any  # the foreign logic variable that this one is the same variable as, or None

    @property
    def sort(self) -> str:
        return self.data[1]

    __hash__ = object.__hash__

    def __reduce__(self) -> Any:
        return lvar, self.data

    def __eq__(self, other: object) -> bool:
        """Identity, for numbers too: logic engines compare a variable with whatever it may be bound to."""
        return self is other


def intern(op: Op, args: tuple[Term, ...], data: Any, type_: Any, key: Any, origin: Any = None,
           cls: type[Term] = Term) -> Term:
    """The one term with this key; made if there is none yet."""
    ref = _table.get(key)
    if ref is not None:
        found = ref()
        if found is not None:
            return found
    return _new(op, args, data, type_, key, origin, cls)


def _new(op: Op, args: tuple[Term, ...], data: Any, type_: Any, key: Any, origin: Any, cls: type[Term] = Term) -> Term:
    """`intern` of a key that was just looked up in vain."""
    t = object.__new__(cls)
    t.op = op
    t.args = args
    t.data = data
    t.type = type_
    t.origin = origin
    t.memo = t.key = None
    t.below = None if args else 0
    t.normal = 0
    ground, bound, free = cls is Term, 0, _NO_BOUND
    for a in args:
        if not a.ground:
            ground = False
        if a.bound > bound:
            bound = a.bound
        if a.free:
            free = free | a.free
    if op.binder is not None:
        bound = args[1].data + len(args[2].data) - 1
        free = free - frozenset(range(args[1].data, bound + 1))
    elif op is BOUND:
        free = frozenset((data,))
    t.ground = ground
    t.bound = bound
    t.free = free
    ref = _Ref(t, _forget)
    ref.key = key
    if _table.setdefault(key, ref) is not ref:  # another thread was faster, or what was there is dead and not forgotten yet
        with _lock:
            before = _table.setdefault(key, ref)
            found = before()
            if found is not None:
                return found
            _table[key] = ref
    return t


def make(op: Op, args: tuple[Term, ...], origin: Any = None) -> Term:
    """The term of an op applied to terms, typed; what rewriters call: no coercion."""
    key = (op, args)
    ref = _table.get(key)
    if ref is not None:
        found = ref()
        if found is not None:
            return found
    return _new(op, args, None, infer(op, args), key, origin)


def rebuild(t: Term, args: tuple[Term, ...]) -> Term:
    """The term with other operands, keeping its origin; a binder is renumbered."""
    if t.op.binder is not None:
        return t.op.binder(t, args)
    return make(t.op, args, t.origin)


def infer(op: Op, args: tuple[Term, ...]) -> Any:
    """The type of an op applied to terms; UNKNOWN if it depends on a logic variable."""
    if op.attrs:
        key = tuple([a if a.type is ATTR else a.type for a in args])
    elif len(args) == 2:
        key = args[0].type, args[1].type
    else:
        key = tuple([a.type for a in args])
    cache = op._types
    found = cache.get(key)
    if found is None:
        found = infer_with(STATIC, op, args)
        if len(cache) > 2048:
            cache.clear()
        cache[key] = found
    return found


def infer_with(sizes: Sizes, op: Op, args: tuple[Term, ...]) -> Any:
    """`infer` under given assumptions about dims, uncached."""
    n = len(args) - len(op.attrs)
    if op.kind == "attribute_function" and op.infer is not None:
        return op.infer(sizes)
    unknown = False
    for i, a in enumerate(args):
        if a.type is UNKNOWN:
            unknown = True
        elif a.type is ATTR:
            if i < n:
                own = repr(_short(a))
                cure = f"lvars({own}) for an array, literals({own}) for a number" if a.op is LVAR else "the number"
                raise MisuseError(f"{op.name}: operand {i + 1}, {_short(a)}, is an attribute, as an axis, not a term; write "
                                  f"{cure}")
            unknown |= a.op is LVAR
    if unknown:
        return UNKNOWN
    types = [a.type for a in args[:n]]
    for i, x in enumerate(types):
        if type(x) is not Type and op.infer is None:
            raise DTypeError(f"{op.name}: operand {i + 1} is {x!r}, an array was expected; take a part with nth(x, i)")
    try:
        if op.infer is not None:
            return op.infer(sizes, *types, *[a.data for a in args[n:]])
        dtype = op.dtype(*[x.dtype for x in types])
        shapes = [x.shape for x in types]
        if op.kind == "elementwise":
            return Type(dtype, sizes.shapes(shapes))
        out = apply_signature(sizes, op.signature, shapes)
        if isinstance(dtype, tuple):
            return TupleType(Type(d, s) for d, s in zip(dtype, out, strict=True))
        return Type(dtype, out[0])
    except (ShapeError, DTypeError, IndexError) as e:
        if getattr(e, "placed", False):
            raise
        raise _placed(op, args, e) from None


def _placed(op: Op, args: tuple[Term, ...], e: Exception) -> Exception:
    shown = ", ".join(f"{_short(a)}: {a.type!r}" if a.type is not ATTR else repr(a.data) for a in args)
    made = "".join(f"\n  operand {i + 1} was made at {where}" for i, a in enumerate(args)
                   if (where := _where(a.origin)))
    here = _where(_origin())
    hint = ""
    if isinstance(e, ShapeError) and op.kind == "elementwise":
        hint = "\n  axes broadcast from the right; write x[:, None] or rnp.expand_dims(x, axis) to line them up"
    elif isinstance(e, ShapeError) and op.signature != "()->()":
        hint = f"\n  its signature is {op.signature}"
    out = type(e)(f"{op.name}: {e} in {op.name}({shown}){f' at {here}' if here else ''}{made}{hint}")
    out.placed = True  # type: ignore[attr-defined]
    return out


def _short(t: Term, limit: int = 60) -> str:
    """A few characters for an error message; printing proper is `show`."""
    if t.op is INPUT or t.op is LVAR:
        return str(t.data if t.op is INPUT else t.data[0])
    if t.op is CONST:
        if t.type is UNKNOWN:
            return repr(t.data)
        return "const" if t.data.ndim else repr(t.data.item())
    if t.op is ATTRIBUTE:
        return repr(t.data)
    inner = ", ".join(_short(a) if not a.args else a.op.name + "(…)" for a in t.args)
    text = f"{t.op.name}({inner})"
    return text if len(text) <= limit else f"{t.op.name}(…)"


# -- leaves -----------------------------------------------------------------------------------------------------------

INPUT = Op(name="input", kind="leaf", module=__name__, doc="An argument of a function, identified by name and type.")
CONST = Op(name="const", kind="leaf", module=__name__, doc="A captured array, copied once; equal by dtype, shape, bytes.")
LVAR = Op(name="lvar", kind="leaf", module=__name__, doc="A logic variable.")
ATTRIBUTE = Op(name="attribute", kind="leaf", module=__name__, doc="A static parameter: an axis, a dtype, a shape.")
BOUND = Op(name="bound", kind="leaf", module=__name__, doc="A variable bound by a `lam`, by number.")
LEAVES = {op.name: op for op in (INPUT, CONST, LVAR, ATTRIBUTE, BOUND)}
_fresh = itertools.count()
_DOUBLE = Type("float64")
_DOUBLE_NUMBER = _DOUBLE.dtype.num
_double_bytes = struct.Struct("d").pack


def input_term(name: str | None, type_: Type) -> Term:
    """An input: the same name and type are the same term; no name gets a fresh one."""
    if name is None:
        name = f"_{next(_fresh)}"
    return intern(INPUT, (), name, type_, (INPUT, name, type_), _origin())


def fresh_name(prefix: str = "_") -> str:
    """A name no unnamed input has been given before."""
    return f"{prefix}{next(_fresh)}"


def const(value: Any, dtype: Any = None) -> Term:
    """A constant: an array captured by value (copied once), float64 or int64 for Python numbers unless ``dtype``."""
    if isinstance(value, Term):
        raise MisuseError(f"const: {_short(value)} is a term already")
    if type(value) is float:
        dtype = default_float() if dtype is None else as_dtype(dtype)
        if dtype is _DOUBLE.dtype:
            return _double(value)
    array = np.array(value, dtype=None if dtype is None else as_dtype(dtype), order="C")
    as_dtype(array.dtype)
    if array.dtype.byteorder == ">":
        array = array.astype(array.dtype.newbyteorder("="))
    array.flags.writeable = False
    raw = array.tobytes()
    key = (CONST, array.dtype.num, array.shape, raw if len(raw) <= 64 else hashlib.sha256(raw).digest())
    return intern(CONST, (), array, Type(array.dtype, array.shape), key)


def _double(value: float) -> Term:
    """A float64 number, found by its bytes before an array is made of it: `const` for what rewriters compute."""
    key = (CONST, _DOUBLE_NUMBER, (), _double_bytes(value))
    ref = _table.get(key)
    if ref is not None and (found := ref()) is not None:
        return found
    array = np.array(value)
    array.flags.writeable = False
    return _new(CONST, (), array, _DOUBLE, key, None)


def weak(value: complex) -> Term:
    """A number in a pattern: it has no type of its own and matches a constant of its value at any dtype and shape."""
    key = (CONST, "weak", type(value), str(value))  # as text, NaN is equal to itself
    return intern(CONST, (), value, UNKNOWN, key)


def is_const(t: Term) -> bool:
    return t.op is CONST


def attr(value: Any) -> Term:
    """An attribute operand: a leaf around a hashable value."""
    convert = getattr(type(value), "__relgraph_term__", None)
    if convert is not None:
        return convert(value, "attr")
    return intern(ATTRIBUTE, (), value, ATTR, (ATTRIBUTE, type(value), value, str(value)))


def bound_variable(number: int, type_: Any) -> Term:
    """The variable with this number; it is free until a `lam` of that number binds it."""
    return intern(BOUND, (), number, type_, (BOUND, number, type_))


def lvar(name: str, sort: str = "term", kinds: str = "f", stands_for: Any = None) -> LVar:
    """A logic variable; the same name, sort and kinds of dtypes are the same variable."""
    type_ = ATTR if sort == "attr" else UNKNOWN
    data = (name, sort, kinds)
    t: Any = intern(LVAR, (), data, type_, (LVAR, data) if stands_for is None else (LVAR, data, stands_for), None, LVar)
    t.stands_for = stands_for
    return t


# -- coercion ---------------------------------------------------------------------------------------------------------

def as_term(value: Any, dtype: Any = None) -> Term:
    """A term for a term, an array or a number; ``dtype`` types a Python number."""
    if isinstance(value, Term):
        return value
    convert = getattr(type(value), "__relgraph_term__", None)
    if convert is not None:
        return convert(value)
    if isinstance(value, (bool, int, float, complex, np.ndarray, np.generic)):
        return const(value, dtype)
    if isinstance(value, (list, tuple)):
        if any(isinstance(v, Term) for v in value):
            raise MisuseError(f"operand: a {type(value).__name__} of terms is not an array: write rnp.stack([...])")
        return const(value, dtype)
    raise MisuseError(f"operand: {value!r} of type {type(value).__name__} is neither a term, an array nor a number")


_PYTHON_NUMBERS = (bool, int, float, complex)


def _coerce(op: Op, operands: Sequence[Any]) -> tuple[Term, ...]:
    """Terms for all operands; Python numbers are weak: they take the dtype of the others (NEP 50)."""
    fixed = [x if type(x) in _PYTHON_NUMBERS else as_term(x) for x in operands]
    terms = [x for x in fixed if isinstance(x, Term)]
    if not terms:
        return tuple(as_term(x) for x in fixed)
    if any(t.type is UNKNOWN for t in terms):
        return tuple(x if isinstance(x, Term) else weak(x) for x in fixed)
    dtypes = [t.type.dtype for t in terms if type(t.type) is Type]
    if op.conditions:
        dtypes = [t.type.dtype for t in fixed[op.conditions:] if isinstance(t, Term) and type(t.type) is Type]
    return tuple(x if isinstance(x, Term) else const(x, _weak_dtype(op, x, dtypes)) for x in fixed)


def _weak_dtype(op: Op, x: Any, dtypes: list[np.dtype[Any]]) -> Any:
    if not dtypes:
        return None
    if type(x) is bool:
        return "bool"
    try:
        found = np.result_type(*dtypes, x)
        if type(x) is int:
            found.type(x)
            if found.kind in "iu" and not np.iinfo(found).min <= x <= np.iinfo(found).max:
                raise OverflowError
    except OverflowError:
        names = ", ".join(d.name for d in dtypes)
        raise DTypeError(f"{op.name}: the Python integer {x} does not fit {names}; "
                         f"write x.astype('int64') or rnp.asarray({x}, dtype=...)") from None
    return found


# -- walking ----------------------------------------------------------------------------------------------------------

def toposort(*roots: Term, into_binders: bool = True) -> list[Term]:
    """Every term below the roots once, operands before what uses them; iterative."""
    out: list[Term] = []
    seen: set[Term] = set()
    stack: list[tuple[Term, Iterator[Term]]] = []  # nodes whose operands are being walked, each with those still to come
    for t in roots:
        if t in seen:
            continue
        seen.add(t)
        left = iter(t.args if t.op.binder is None or into_binders else ())
        while True:
            for a in left:
                if a not in seen:
                    seen.add(a)
                    if not a.args:
                        out.append(a)
                        continue
                    stack.append((t, left))
                    t, left = a, iter(a.args if a.op.binder is None or into_binders else ())
                    break
            else:
                out.append(t)
                if not stack:
                    break
                t, left = stack.pop()
    return out


def transform(roots: Sequence[Term], leaf: Mapping[Term, Term]) -> list[Term]:
    """Rebuild the terms with some subterms replaced; iterative, what is unchanged stays the same object."""
    memo: dict[Term, Term] = dict(leaf)
    for t in toposort(*roots):
        if t in memo:
            continue
        args = tuple([memo[a] for a in t.args])
        memo[t] = t if args == t.args or not t.args else rebuild(t, args)
    return [memo[r] for r in roots]


# -- pickling as a flat table ----------------------------------------------------------------------------------------

def to_rows(root: Term, origins: bool = True) -> list[tuple[Any, ...]]:
    """A term as a table: op, operands by position, data, type of a leaf, and where it was made, of each node."""
    order = toposort(root)
    at = {t: i for i, t in enumerate(order)}
    return [(t.op, tuple(at[a] for a in t.args), t.data, t.type if not t.args else None,
             lines(t.origin) if origins else None) for t in order]


def from_rows(rows: list[tuple[Any, ...]]) -> Term:
    """The term that a table says."""
    made: list[Term] = []
    for op, args, data, type_, origin in rows:
        operands = tuple(made[i] for i in args)
        if op is INPUT:
            t = intern(INPUT, (), data, type_, (INPUT, data, type_), origin)
        elif op is CONST:
            t = weak(data) if type_ is UNKNOWN else const(data)
        elif op is LVAR:
            t = lvar(*data)
        elif op is ATTRIBUTE:
            t = attr(data)
        elif op is BOUND:
            t = bound_variable(data, type_)
        else:
            t = make(op, operands, origin)
        made.append(t)
    return made[-1]
