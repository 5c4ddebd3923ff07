"""Nested lists, tuples and dicts of terms: what `grad` and its kin take and return."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..errors import MisuseError
from ..terms.term import Term, as_term

__all__ = ["flatten", "like"]


def flatten(tree: Any) -> tuple[list[Any], Callable[[Sequence[Any]], Any]]:
    """The leaves of a nest, left to right, and a function that builds the same nest from other leaves."""
    if isinstance(tree, dict):
        keys, items = list(tree), list(tree.values())
        leaves, build = _flatten_items(items)
        return leaves, lambda new: dict(zip(keys, build(new), strict=True))
    if isinstance(tree, (list, tuple)):
        kind: Any = type(tree)
        leaves, build = _flatten_items(list(tree))
        if hasattr(kind, "_fields"):  # a named tuple
            return leaves, lambda new: kind(*build(new))
        return leaves, lambda new: kind(build(new))
    return [tree], lambda new: new[0]


def _flatten_items(items: list[Any]) -> tuple[list[Any], Callable[[Sequence[Any]], list[Any]]]:
    parts = [flatten(i) for i in items]

    def build(new: Sequence[Any]) -> list[Any]:
        out, at = [], 0
        for leaves, one in parts:
            out.append(one(new[at:at + len(leaves)]))
            at += len(leaves)
        return out
    return [leaf for leaves, _ in parts for leaf in leaves], build


def like(name: str, tree: Any, model: Any, what: str) -> list[Any]:
    """The leaves of a nest that must be shaped as another; a missing leaf may be None."""
    if isinstance(model, dict):
        if not isinstance(tree, dict) or set(tree) != set(model):
            raise MisuseError(f"{name}: {what} is {tree!r}, a dict with the keys {list(model)} was expected")
        return [leaf for k in model for leaf in like(name, tree[k], model[k], f"{what}[{k!r}]")]
    if isinstance(model, (list, tuple)):
        if not isinstance(tree, (list, tuple)) or len(tree) != len(model):
            raise MisuseError(f"{name}: {what} is {tree!r}, a sequence of {len(model)} was expected")
        return [leaf for i, (x, m) in enumerate(zip(tree, model, strict=True)) for leaf in like(name, x, m, f"{what}[{i}]")]
    return [tree]


def terms(name: str, tree: Any) -> tuple[list[Term], Callable[[Sequence[Any]], Any]]:
    """As `flatten`, with every leaf a term."""
    leaves, build = flatten(tree)
    if not leaves:
        raise MisuseError(f"{name}: got {tree!r}, at least one term was expected")
    return [as_term(leaf) for leaf in leaves], build
