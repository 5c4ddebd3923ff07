"""The generated pages are current, and their mathematics is well formed; a relation shows itself in a notebook."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

import relgraph as rg
import relgraph.numpy as rnp
from relations_library.__main__ import formulas, modules, relations, safety
from relgraph.errors import MisuseError, RefusedRelation, TheoryError
from relgraph.relations import FOLDING, Relation, literals, lvars, relation, theory
from relgraph.relations.display import classes
from relgraph.relations.pages import formulas_page, sections
from relgraph.relations.predicates import PREDICATES, arity, positive

DOCS = Path(__file__).resolve().parent.parent / "docs"
RELATIONS = relations()
x, y = lvars("x y")
c, = literals("c")
log, exp = rnp.log, rnp.exp
log_product = relation("log_product", log(x * y), log(x) + log(y), positive(x) & positive(y))


@pytest.mark.parametrize(("name", "write"), [("formulas", formulas), ("safety", safety)])
def test_pages_are_current(name: str, write: Callable[[], str]) -> None:
    assert (DOCS / f"{name}.md").read_text(encoding="utf-8") == write(), f"run python -m relations_library --{name}"


def test_every_relation_stands_once() -> None:
    shown = re.findall(r"^\*\*(\w+)\*\*", formulas(), re.MULTILINE)
    assert sorted(shown) == sorted(RELATIONS)
    assert len([r for _, parts in sections(modules()) for _, new in parts for r in new]) == len(RELATIONS)


def test_relations_stand_in_the_file_that_states_them() -> None:
    """Not where theories are only joined, as in pipelines."""
    stated = [(m, t, r) for m, parts in sections(modules()) for t, new in parts for r in new]
    places = {r.name: (m.__name__.rpartition(".")[2], t.name) for m, t, r in stated}
    assert places["log_one_plus"] == ("stable", "logarithms") and places["sum_sum"] == ("reductions", "reductions")
    assert places["cancel"] == ("algebra", "arithmetic") and "pipelines" not in {file for file, _ in places.values()}


def test_a_page_of_nothing() -> None:
    assert "0 relations" in formulas_page([])


# -- LaTeX ------------------------------------------------------------------------------------------------------------------

def unbalanced(text: str) -> str:
    """What does not match in LaTeX: braces, ``\\left`` and ``\\right``, environments; "" if all is well."""
    depth = 0
    for token in re.findall(r"\\.|[{}]", text):
        depth += (token == "{") - (token == "}")
        if depth < 0:
            return "a } too many"
    pairs = [len(re.findall(rf"\\{word}(?![a-z])", text)) for word in ("left", "right", "begin", "end")]
    return "{" * depth or ("" if pairs[0] == pairs[1] and pairs[2] == pairs[3] else f"{pairs}")


@pytest.mark.parametrize("name", RELATIONS)
def test_latex_balances(name: str) -> None:
    text = RELATIONS[name].latex()
    assert unbalanced(text) == "" and "…" not in text and "$" not in text
    assert not re.search(r"(?<!\\)_(?!\{)|(?<!\\)\^(?!\{)", text), "a subscript without braces"


def test_the_test_of_balance_can_fail() -> None:
    assert unbalanced("{a") and unbalanced("}a{") and unbalanced(r"\left(a") and unbalanced(r"\begin{cases}")
    assert not unbalanced(r"\left\{a\right)")


@pytest.mark.parametrize(("name", "text"), {
    "log_product": r"\log\left(x \, y\right) = \log\left(x\right) + \log\left(y\right) \qquad \text{if } x > 0,\; y > 0",
    "cancel": r"\frac{x \, y}{x} = y \qquad \text{if } x \neq 0",
    "sqrt_sq": r"\sqrt{x^{2}} = \left|x\right|",
    "neg_right": r"x \, \left(-y\right) = -\left(x \, y\right)",
    "sum_neg": r"\sum_{\mathrm{axis}} \left(-u\right) = -\left(\sum_{\mathrm{axis}} u\right)",
    "sum_sum": r"\sum_{\mathrm{second}} \sum_{\mathrm{first}} x = "
               r"\sum_{\operatorname{union\_axes}\left(\mathrm{first}, \mathrm{second}\right)} x",
    "where_same": r"\begin{cases} u & p \\ u & \text{otherwise} \end{cases} = u",
    "pow_add": r"x^{c} \, x^{d} = x^{c + d} \qquad \text{if } c \in \mathbb{Z},\; d \in \mathbb{Z},\; c \, d \geq 0",
    "inv_orthogonal": r"x^{-1} = x^{\top} \qquad \text{if } \operatorname{orthogonal}\left(x\right)",
}.items())
def test_latex_of(name: str, text: str) -> None:
    assert RELATIONS[name].latex() == text


@pytest.mark.parametrize("name", PREDICATES)
def test_every_predicate_has_latex(name: str) -> None:
    wanted = arity(PREDICATES[name]) or 2
    r = relation("r", log(c * x), exp(c * x), PREDICATES[name](*(x, c, x, c, x, c)[:wanted]))
    assert unbalanced(r.latex()) == "" and "_{" not in r.latex()


# -- in a notebook ----------------------------------------------------------------------------------------------------------

def test_a_relation_shows_itself() -> None:
    assert log_product._repr_latex_() == f"$\\displaystyle {log_product.latex()}$"
    html = log_product._repr_html_()
    assert "<code>log_product</code>" in html and "$x &gt; 0$, $y &gt; 0$" in html
    assert "→ real, repairs<br>← real, worsens" in html  # the library ships the verdict of this equation


def test_what_was_not_judged_is_not_judged_to_be_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELGRAPH_CACHE", str(tmp_path))
    r = relation("triple", rnp.tanh(x + x + x), rnp.tanh(3 * x))
    assert "→ not judged yet" in r._repr_html_() and classes(r) == {"->": "", "<-": ""}
    assert classes(r, compute=True)["->"].startswith("exact")
    assert "→ exact" in r._repr_html_()
    wrong = relation("wrong", log(x + y), log(x) * log(y))
    assert classes(wrong, compute=True) == {"->": "refused", "<-": "refused"}


def test_a_theory_is_a_table() -> None:
    html = theory(log_product, FOLDING, log_exp=(log(exp(x)), x))._repr_html_()
    assert html.count("<tr>") == 4 and html.count("<td>") == 12 and "constant_fold" in html


def test_trying_a_rule() -> None:
    a, b = rg.scalar("a"), rg.scalar("b")
    claimed = [rg.assume(t, positive=True) for t in (a, b)]
    assert log_product(log(a * b)) is None
    assert log_product(1 + log(claimed[0] * claimed[1])) is 1 + log(a) + log(b)
    signs = theory(__import__("relations_library.facts", fromlist=["signs"]).signs)
    assert log_product(log(exp(a) * exp(b))) is None and log_product(log(exp(a) * exp(b)), signs) is not None
    with pytest.raises(MisuseError, match=r"log_product: .* of type Term is no theory; .*: log_product\(t\) or log_product"):
        log_product(log(x * y), rg.scalar("a"))
    with pytest.raises(MisuseError, match="constant_fold: is no equation between patterns"):
        FOLDING(a)


def test_the_matcher_is_text() -> None:
    assert log_product.matcher().startswith("def match_0_log_product(t):\n    # log_product: log(x*y) -> log(x) + log(y)")
    assert "holds(" in log_product.matcher()
    assert relation("turned", x - y, x + (-y)).matcher() == "# turned: holds by the normal form, and has no matcher"
    with pytest.raises(MisuseError, match=r"log_exp: has no matcher for <-; its directions are ->"):
        relation("log_exp", log(exp(x)), x).matcher("<-")


def test_checking_one() -> None:
    assert log_product.check().safety("->") == "real"
    with pytest.raises(RefusedRelation, match="log_sum: "):
        relation("log_sum", log(x + y), log(x) + log(y)).check()


def test_relation_says_what_is_wrong() -> None:
    with pytest.raises(TheoryError, match="r: 'reel' is no safety class"):
        relation("r", log(x), exp(x), "reel")
    with pytest.raises(TheoryError, match="r: no direction is left"):
        relation("r", log(x), exp(y))
    made = relation("r", log(x**2), 2 * log(x), positive(x), "domain")
    assert isinstance(made, Relation) and made.declared == "domain" and theory(made)["r"] is made
