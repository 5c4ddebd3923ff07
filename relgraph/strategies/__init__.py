"""In what order: combinators, traversals, limits, cost."""

from __future__ import annotations

from .combinators import all_ as all_
from .combinators import attempt as attempt
from .combinators import choice as choice
from .combinators import congruence as congruence
from .combinators import fail as fail
from .combinators import identity as identity
from .combinators import not_ as not_
from .combinators import one as one
from .combinators import repeat as repeat
from .combinators import rule as rule
from .combinators import seq as seq
from .combinators import some as some
from .combinators import where as where
from .cost import Cost as Cost
from .cost import cost as cost
from .derivation import Derivation as Derivation
from .derivation import derive as derive
from .limits import Outcome as Outcome
from .limits import limit as limit
from .limits import run_strategy as run_strategy
from .machine import AnyStrategy as AnyStrategy
from .machine import Strategy as Strategy
from .normalize import normalize as normalize
from .sharing import sharing as sharing
from .trail import Fired as Fired
from .traversals import alltd as alltd
from .traversals import bottomup as bottomup
from .traversals import innermost as innermost
from .traversals import oncebu as oncebu
from .traversals import oncetd as oncetd
from .traversals import outermost as outermost
from .traversals import topdown as topdown
