"""Printing: `show` in seven formats, ``repr`` (short mathematics), ``str`` (Python that rebuilds the term), notebooks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, overload

from ...errors import MisuseError
from ..term import Term
from .dag import dag
from .dot import dot, render
from .infix import infix, short
from .latex import latex
from .parts import type_text
from .source import source

__all__ = ["Image", "Text", "show"]

_TEXTS: Mapping[str, Callable[[Sequence[Term], int | None, bool], tuple[str, int, int]]] = {
    "infix": infix, "dag": dag, "dot": dot, "latex": latex}
_FORMATS = (*_TEXTS, "svg", "png", "html")
_NOTEBOOK = 40  # nodes in a notebook's output
_LATEX = 400  # characters that LaTeX of a notebook is worth reading at


class Text(str):
    """What `show` returns: a str that a prompt prints as it is and a notebook draws."""

    __slots__ = ("format",)
    format: str

    def __new__(cls, text: str, format: str) -> Text:
        out = super().__new__(cls, text)
        out.format = format
        return out

    def __repr__(self) -> str:
        return str(self)

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        kinds = {"svg": "image/svg+xml", "html": "text/html", "latex": "text/latex"}
        shown = f"$\\displaystyle {self}$" if self.format == "latex" else str(self)
        return {"text/plain": str(self), **({kinds[self.format]: shown} if self.format in kinds else {})}


class Image(bytes):
    """The bytes of a PNG; a notebook draws them."""

    def _repr_png_(self) -> bytes:
        return bytes(self)


@overload
def show(terms: Term | Sequence[Term], format: Literal["png"], *, types: bool = True, limit: int | None = 200) -> Image: ...
@overload
def show(terms: Term | Sequence[Term], format: str = "infix", *, types: bool = True, limit: int | None = 200) -> Text: ...
def show(terms: Term | Sequence[Term], format: str = "infix", *, types: bool = True, limit: int | None = 200) -> Text | Image:
    """Terms as mathematics, as a DAG, or as a drawing.

    >>> x = rg.vector("x", "n")
    >>> rg.show(rnp.log(rnp.sum(rnp.exp(x))))
    log(sum(exp(x)))  float64

    Formats: ``"infix"``, ``"dag"`` (indented, what is shared stands once), ``"dot"``, ``"latex"``, ``"svg"``, ``"png"``
    (these two need Graphviz), ``"html"``.  At most ``limit`` nodes are shown (None: all), those nearest to the roots, and
    what is cut says so.
    """
    roots: list[Any] = list(terms) if isinstance(terms, (list, tuple)) else [terms]
    if not roots or not all(isinstance(t, Term) for t in roots):
        raise MisuseError(f"show: {terms!r} is neither a term nor a sequence of terms; write rg.show(f.term) for a function")
    if format not in _FORMATS:
        raise MisuseError(f"show: format {format!r} is unknown; use one of {', '.join(_FORMATS)}")
    if limit is not None and limit < 1:
        raise MisuseError(f"show: limit {limit} shows nothing; use a positive number of nodes, or None for all")
    if format == "html":
        return Text(_page(roots, limit, types), format)
    if format in ("svg", "png"):
        drawing = render(dot(roots, limit, types)[0], format)
        return Image(drawing) if format == "png" else Text(drawing.decode(), format)
    text, shown, total = _TEXTS[format](roots, limit, types)
    if shown < total and format != "dot":
        text += f"\n{'%' if format == 'latex' else '…'} {shown} of {total} nodes"
    return Text(text, format)


def _escape(text: str) -> str:
    """What `html.escape` does; importing ``html`` would take longer than all of printing."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _page(roots: Sequence[Term], limit: int | None, types: bool) -> str:
    tree, shown, total = dag(roots, limit, types)
    note = f"{shown} of {total} nodes" if shown < total else f"{total} node{'s' * (total != 1)}"
    return (f"<details><summary><code>{'<br>'.join(_escape(repr(t)) for t in roots)}</code></summary>"
            f"<pre>{_escape(tree)}\n{note}</pre></details>")


def _repr(t: Term) -> str:
    return short(t) + type_text(t)


def _repr_html(t: Term) -> str:
    return _page([t], _NOTEBOOK, True)


def _repr_latex(t: Term) -> str | None:
    text, shown, total = latex([t], _NOTEBOOK, False)
    return f"$\\displaystyle {text}$" if shown == total and len(text) <= _LATEX else None


def install(cls: type[Term]) -> None:
    """Give the class its texts."""
    for name, fn in {"__repr__": _repr, "__str__": source, "_repr_html_": _repr_html, "_repr_latex_": _repr_latex}.items():
        setattr(cls, name, fn)


install(Term)
