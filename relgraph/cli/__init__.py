"""The command ``relgraph``: what can be asked, and what the exit code means.

Only the parser of the command line lives here; each command is a module beside it with ``command(arguments) -> exit code``,
imported when it is asked for, so that ``relgraph --help`` answers at once.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from ..errors import DerivationError, LinkError, RefusedRelation, RelgraphError
from ..terms.origins import track_origins
from ..version import __version__
from .errors import UsageError

__all__ = ["EXIT", "main"]

EXIT = {"ok": 0, "wrong": 1, "usage": 2, "missing": 3, "broken": 70, "interrupted": 130}
LINKERS = ["c", "numba", "jax", "numpy"]

_EXAMPLES = """\
examples:
  relgraph run examples/logistic.py              fit a model on real data, compare with plain NumPy
  relgraph explain examples/logistic.py          every rewrite: which rule, where, from which line
  relgraph query 'log(1 + exp(x))'               what the theory `stable` relates it to
  relgraph query 'log1p(x)' --backward -n 3      what leads to it
  relgraph show 'sum(x * x)' --type x=vector     the expression as a tree
  relgraph check                                 verify every relation of the library

exit codes:
  0  done            1  something is wrong: a relation was refused, values differ, a derivation does not replay
  2  bad input: the arguments, the file or the expression         3  a compiler or an optional package is missing
"""


def _file_argument(p: argparse.ArgumentParser, expression: bool = False) -> None:
    if expression:
        p.add_argument("what", metavar="FILE.py|EXPRESSION", help="a file with a function model(), or an expression")
        _type_argument(p)
    else:
        p.add_argument("what", metavar="FILE.py", help="a file with a function model(), see docs/tour.md")


def _type_argument(p: argparse.ArgumentParser) -> None:
    p.add_argument("--type", action="append", default=[], metavar="NAME=TYPE", dest="types",
                   help="type of a name: scalar, vector, matrix or like float32[n,3] (default: scalar); may be repeated")


def parser() -> argparse.ArgumentParser:
    """The parser of the command line."""
    p = argparse.ArgumentParser(prog="relgraph", description="A tensor compiler in which every rewrite is a relation.",
                                epilog=_EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--version", action="version", version=f"relgraph {__version__}")
    p.add_argument("--traceback", action="store_true", help="show Python's traceback with an error")
    commands = p.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def add(name: str, text: str, example: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.",
                                   epilog=f"example:\n  {example}", formatter_class=argparse.RawDescriptionHelpFormatter)

    run = add("run", "build, differentiate, rewrite, compile and evaluate the model of a file",
              "relgraph run examples/logistic.py --linker numba")
    _file_argument(run)
    run.add_argument("--linker", choices=LINKERS, help="default: c where a compiler exists")
    run.add_argument("--repeat", type=_count, default=20, metavar="N", help="calls that are timed (default: 20)")
    run.add_argument("--steps", type=_count, default=10, metavar="N", help="steps of the derivation to print (default: 10)")
    run.add_argument("--no-fit", action="store_true", help="do not call the file's fit(f, values)")

    explain = add("explain", "print the derivation: which rule, where, from which line",
                  "relgraph explain examples/logistic.py --rule log_one_plus")
    _file_argument(explain, expression=True)
    explain.add_argument("--rule", metavar="NAME", help="only the steps of this rule")
    explain.add_argument("--why-not", metavar="RULE",
                         help="why this rule of the default pipeline did not apply, and what would help")
    explain.add_argument("--json", action="store_true", help="as JSON, for programs")

    query = add("query", "ask a theory what an expression is related to",
                "relgraph query 'log(sum(exp(x)))' --type x=vector --theory stable")
    query.add_argument("what", metavar="EXPRESSION", help="NumPy's names: log(1 + x), sum(x * x), linalg.det(A)")
    _type_argument(query)
    query.add_argument("--theory", default="stable", metavar="NAME",
                       help="a theory of relations_library, or MODULE:NAME (default: stable)")
    query.add_argument("--backward", action="store_true", help="what leads to the expression, instead of where it leads")
    query.add_argument("-n", type=_count, default=5, metavar="N", help="at most so many answers (default: 5)")

    check = add("check", "verify every relation of a module against the reference, and lint its theories",
                "relgraph check relations_library.stable --audit")
    check.add_argument("module", nargs="?", default="relations_library", metavar="MODULE",
                       help="a module or a file.py with theories (default: relations_library)")
    check.add_argument("--anew", action="store_true", help="measure every relation, whatever was found before")
    check.add_argument("--audit", action="store_true", help="look for weaker guards that would do, too")
    check.add_argument("--pairs", type=_count_or_all, default=100, metavar="N|all",
                       help="overlaps of rules that are tried in each theory (default: 100)")
    check.add_argument("--mutations", type=_count_or_all, metavar="N|all",
                       help="damage equations in so many ways: the judge must refuse each or prove it true")
    check.add_argument("--json", action="store_true", help="as JSON, for programs")
    check.add_argument("--verbose", action="store_true", help="every remark of lint, notes too")

    show = add("show", "draw an expression, or print the C it becomes",
               "relgraph show examples/logistic.py --format svg > logistic.svg")
    _file_argument(show, expression=True)
    show.add_argument("--format", choices=["tree", "math", "latex", "dot", "svg", "c"], default="tree",
                      help="default: tree; svg needs Graphviz, c needs nothing")
    show.add_argument("--rewritten", action="store_true", help="after the default pipeline instead of as written")

    add("doctor", "say what this machine offers: compiler, cache, BLAS, optional packages", "relgraph doctor")
    cache = add("cache", "look at or empty the cache of compiled programs", "relgraph cache info")
    cache.add_argument("action", choices=["info", "clear"], help="info: where and how large; clear: remove everything")
    return p


def _count(text: str) -> int:
    try:
        n = int(text)
    except ValueError:
        n = 0
    if n < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no count; write a whole number from 1 on")
    return n


def _count_or_all(text: str) -> int | str:
    return text if text == "all" else _count(text)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; the exit codes are those that ``relgraph --help`` lists."""
    arguments = parser().parse_args(argv)
    before = track_origins(False)  # the lines of this command are of no interest to its user
    try:
        module = importlib.import_module(f"{__name__}.{arguments.command}")
        code = module.command(arguments)
        sys.stdout.flush()
        return code
    except BrokenPipeError:  # `relgraph show … | head` is no error; what is left would fail again at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT["ok"]
    except KeyboardInterrupt:
        print("relgraph: interrupted", file=sys.stderr)
        return EXIT["interrupted"]
    except RelgraphError as e:
        if arguments.traceback:
            raise
        print(f"relgraph {arguments.command}: {e}", file=sys.stderr)
        return EXIT[_meaning(e)]
    finally:
        track_origins(before)


def _meaning(e: RelgraphError) -> str:
    if isinstance(e, LinkError):
        return "missing"
    return "wrong" if isinstance(e, (RefusedRelation, DerivationError)) and not isinstance(e, UsageError) else "usage"
