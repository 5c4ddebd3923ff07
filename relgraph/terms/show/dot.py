"""The DAG as a drawing: DOT text, and SVG or PNG through the Graphviz program ``dot``."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence

from ...errors import LinkError
from ..term import CONST, INPUT, Term, toposort
from .parts import CUT, label, nearest, operands, type_text

__all__ = ["dot", "render"]

_WIDEST = 40


def _quoted(text: str) -> str:
    text = text if len(text) <= _WIDEST else text[:_WIDEST - 1] + CUT
    return text.replace("\\", "\\\\").replace('"', '\\"')


def dot(roots: Sequence[Term], limit: int | None, types: bool) -> tuple[str, int, int]:
    """A digraph, an edge from each term to its operands in their order; with the number of nodes shown and of all."""
    shown, total = nearest(roots, limit)
    order = [t for t in toposort(*roots) if t in shown][::-1]
    at = {t: f"n{i}" for i, t in enumerate(order)}
    lines = ["digraph {", '  graph [ordering=out, nodesep=0.2, ranksep=0.3]',
             '  node [shape=box, style="rounded,filled", fillcolor=white, fontname="Helvetica", fontsize=10]']
    cut = False
    for t in order:
        text = _quoted(label(t)) + ("\\n" + _quoted(type_text(t).strip()) if types and type_text(t) else "")
        color = ', fillcolor="#dbe9f6"' if t.op is INPUT else ', fillcolor="#eeeeee"' if t.op is CONST else ""
        lines.append(f'  {at[t]} [label="{text}"{color}]')
    for t in order:
        for a in operands(t):
            cut = cut or a not in at
            lines.append(f"  {at[t]} -> {at.get(a, 'cut')}")
    if cut:
        lines.append(f'  cut [label="{CUT} {len(shown)} of {total} nodes", style=dashed]')
    return "\n".join([*lines, "}"]), len(shown), total


def render(text: str, format: str) -> bytes:
    """The drawing Graphviz makes of DOT text."""
    program = shutil.which("dot")
    if program is None:
        raise LinkError(f"show: format {format!r} needs the Graphviz program `dot`, which is not on the PATH; install it "
                        "(apt install graphviz, brew install graphviz, conda install graphviz), or use format='dot' or 'dag'")
    done = subprocess.run([program, f"-T{format}"], input=text.encode(), capture_output=True, check=False)
    if done.returncode:
        raise LinkError(f"show: dot -T{format} failed: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout
