"""What inline scripts do on an event of an element: by its own attribute, or attached by a script of the page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from wcag_audit.dom import Node
from wcag_audit.inline_script import Scripts, change_of_context, without_strings
from wcag_audit.rule import Evidence

_COMPOUND = re.compile(r"(?P<tag>[a-zA-Z][\w-]*)?(?P<rest>(?:[#.][\w-]+|\[[\w-]+(?:=[\"']?[^\"'\]]*[\"']?)?\])*)")
_PART = re.compile(r"([#.])([\w-]+)|\[([\w-]+)(?:=[\"']?([^\"'\]]*)[\"']?)?\]")
#: Elements that one handler is followed to.
_MOST = 50


def scripts_of(evidence: Evidence) -> Scripts:
    """The page's inline scripts; none where its source was not gathered."""
    return evidence.share("inline-scripts", _scripts_of)


def _scripts_of(evidence: Evidence) -> Scripts:
    return Scripts(_source(evidence))


def scripts_and(script: str, evidence: Evidence) -> Scripts:
    """The page's inline scripts and one of an attribute, which runs when the page loads."""
    return Scripts(f"{_source(evidence)}<script>{script}</script>")


def _source(evidence: Evidence) -> str:
    source = evidence.artifact("source")
    return str(source.data["text"]) if source is not None and source.error is None else ""


def attached(evidence: Evidence) -> dict[int, list[tuple[str, str]]]:
    """Handlers by the index of their element in the page's own document: event (``focus``) and script, as attribute or attached."""
    return evidence.share("inline-handlers", _attached)


def _attached(evidence: Evidence) -> dict[int, list[tuple[str, str]]]:
    table: dict[int, list[tuple[str, str]]] = {}
    scripts = scripts_of(evidence)
    for one in scripts.attached:
        for node in selected(one.selector, evidence):
            table.setdefault(node.index, []).append((one.event, one.body))
    return table


def handlers(node: Node, event: str, evidence: Evidence) -> Iterator[str]:
    """The scripts that run on an event of an element, with the inline functions that they call behind them."""
    found = [node.get("on" + event)] if node.has("on" + event) else []
    found.extend(script for kind, script in attached(evidence).get(node.index, ()) if kind == event)
    # The functions are those of the page's own source, not of a frame's.
    scripts = scripts_of(evidence)
    return (scripts.unfolded(script) if node.frame.owner is None else script for script in found)


def changes_context(script: str, node: Node, evidence: Evidence) -> str:
    """Which change of context a script of an element's event asks for; empty where none, as where it calls the page's own ``open``."""
    by_attribute = " ".join(value for name, value in node.attrs.items() if name.startswith("on"))
    # In an attribute these names are the document's and the form's, whatever the page declares.
    own = {name for name in scripts_of(evidence).own if f"{name}(" not in by_attribute}
    return change_of_context(without_strings(script), own)


class Focused(NamedTuple):
    """An element that Tab reaches, and a script that runs when it gets the focus."""

    node: Node
    script: str


def scripts_on_focus(evidence: Evidence) -> Iterator[Focused]:
    """What the page's own markup and scripts say happens on focus."""
    known = attached(evidence)
    for node in evidence.dom.elements:
        if (node.index in known or node.has("onfocus")) and node.tabbable:
            yield from (Focused(node, script) for script in handlers(node, "focus", evidence))


class _Compound(NamedTuple):
    """One step of a selector: ``input.so[name=x]``."""

    tag: str
    id: str
    classes: tuple[str, ...]
    attributes: tuple[tuple[str, str], ...]


def _compound(text: str) -> _Compound | None:
    match = _COMPOUND.fullmatch(text)
    if match is None or not match[0]:
        return None
    parts = _PART.findall(match["rest"])
    return _Compound(
        tag=(match["tag"] or "").lower(),
        id=next((name for kind, name, _, _ in parts if kind == "#"), ""),
        classes=tuple(name for kind, name, _, _ in parts if kind == "."),
        attributes=tuple((attribute, value) for _, _, attribute, value in parts if attribute),
    )


def selected(selector: str, evidence: Evidence) -> list[Node]:
    """The elements of the page's own document that a selector finds, at most ``_MOST``; none for what is more than names, classes,
    ids and attributes with spaces between them."""
    found: dict[int, Node] = {}
    for one in selector.split(","):
        steps = [_compound(part) for part in one.split()]
        known = [step for step in steps if step is not None]
        if not known or len(known) < len(steps):
            continue
        for node in _candidates(known[-1], evidence):
            if node.frame.owner is None and _fits(node, known[-1]) and _stands_in(node, known[:-1]):
                found[node.index] = node
                if len(found) >= _MOST:
                    return list(found.values())
    return list(found.values())


def _candidates(step: _Compound, evidence: Evidence) -> Iterable[Node]:
    root = evidence.dom.root
    if step.id:
        return evidence.dom.all_with_id(step.id, root) if root is not None else ()
    if step.classes:
        return evidence.share("elements-by-class", _by_class).get(step.classes[0], ())
    return evidence.dom.all(step.tag) if step.tag else evidence.dom.elements


def _by_class(evidence: Evidence) -> dict[str, list[Node]]:
    table: dict[str, list[Node]] = {}
    for node in evidence.dom.elements:
        for name in node.get("class").split():
            table.setdefault(name, []).append(node)
    return table


def _fits(node: Node, step: _Compound) -> bool:
    if (step.tag and node.tag != step.tag) or (step.id and node.get("id") != step.id):
        return False
    classes = node.get("class").split() if step.classes else ()
    return all(name in classes for name in step.classes) and all(
        node.has(name) and (not value or node.get(name) == value) for name, value in step.attributes
    )


def _stands_in(node: Node, steps: list[_Compound]) -> bool:
    ancestors = node.ancestors()
    return all(any(_fits(ancestor, step) for ancestor in ancestors) for step in reversed(steps))
