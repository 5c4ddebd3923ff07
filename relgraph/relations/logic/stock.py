"""What is used of miniKanren, unification, etuples and cons: the one file that imports them."""

from __future__ import annotations

from typing import Any

import cons.core as _cons
import etuples.core as _etuple
import etuples.dispatch as _etuples
import kanren.constraints as _constraints
import unification.core as _unification
import unification.variable as _variable

# The packages are untyped, and what multipledispatch decorates has no useful inferred type.
Var: Any = _variable.Var
isvar: Any = _variable.isvar
declared: Any = _variable._glv  # what `variables(...)` declares to be a variable for a while
unify: Any = _unification.unify
reify: Any = _unification.reify
dispatch_unify: Any = _unification._unify
dispatch_reify: Any = _unification._reify
reify_sequence: Any = _unification._reify_Iterable_ctor
run_stream: Any = _unification.stream_eval
SENTINEL: Any = _unification.construction_sentinel
ConsPair: Any = _cons.ConsPair
ConsError: Any = _cons.ConsError
MaybeCons: Any = _cons.MaybeCons
NonCons: Any = _cons.NonCons
car: Any = _cons.car
cdr: Any = _cons.cdr
cons: Any = _cons.cons
dispatch_car: Any = _cons._car
dispatch_cdr: Any = _cons._cdr
ExpressionTuple: Any = _etuple.ExpressionTuple
apply: Any = _etuples.apply
etuplize: Any = _etuples.etuplize
etuplize_fn: Any = _etuples.etuplize_fn
ConstrainedState: Any = _constraints.ConstrainedState
