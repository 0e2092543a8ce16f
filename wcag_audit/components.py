"""Components: parts that stand on several pages with the same structure and text (header, menu, footer), and what was recorded of
them on one page, said of another. Pure: the same trees and recording always give the same answer.

A probe that acts only on elements inside components does the same on every page that has them. Its recording is *carried*: every
element in it is named by its counterpart, and ``carried`` says from which page. Where one element has no counterpart (a dialog that
opened elsewhere, another frame, a state that was gathered), nothing is carried, and the page is probed itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from wcag_audit.dom import Dom, Node
from wcag_audit.model import JSON, nfc
from wcag_audit.recorded import node_at, node_of, place_of

#: Landmarks that are components as they stand, and the part of a page's elements that another component is at the most.
_LANDMARKS = frozenset(("banner", "navigation", "contentinfo", "complementary", "search"))
_PART = 3
#: What differs between pages although the part is the same: the mark of the current page, and an address to come back to.
_VOLATILE = frozenset(("class", "style", "aria-current"))
#: Steps whose outcome belongs to the page they were made on.
_OWN = frozenset(("gather", "reload"))


class Standing:
    """Where a probe's elements stand on one page: the components that hold them, in document order, and what they are together."""

    def __init__(self, page: str, dom: Dom, elements: Iterable[Node]) -> None:
        self.page = page
        self.dom = dom
        nodes = sorted({node.index: node for node in elements}.values(), key=lambda node: node.index)
        homes = {home.index: home for home in (component_of(dom, node) for node in nodes)}
        self.components = [homes[index] for index in sorted(homes)]
        digest = hashlib.sha256()
        for component in self.components:
            for part in _print(component):
                digest.update(part.encode("utf-8", "replace") + b"\x1e")
        for node in nodes:
            home = component_of(dom, node)
            digest.update(f"{self.components.index(home)} {place_of(node)['path'][len(place_of(home)['path']) :]}\x1e".encode())
        #: The same for the same elements in the same components, on whatever page.
        self.key = digest.hexdigest()


def component_of(dom: Dom, node: Node) -> Node:
    """The outermost landmark around an element; else the largest part that is neither the page, nor its main content, nor much of it."""
    around_it = [*node.ancestors()]
    landmark = next((around for around in reversed(around_it) if around.role in _LANDMARKS), None)
    if landmark is not None:
        return landmark
    most = len(dom.elements) // _PART
    found = node
    for around in around_it:
        if around.tag in ("body", "html") or around.role == "main" or sum(1 for _ in around.elements()) > most:
            break
        found = around
    return found


def _print(node: Node) -> Iterator[str]:
    """A part's structure and text, element by element."""
    for each in (node, *node.descendants()):
        if each.is_text:
            yield nfc(str(each.raw.get("x", "")))
            continue
        attributes = (f"{name}={_steady(name, value)}" for name, value in sorted(each.attrs.items()) if name not in _VOLATILE)
        yield "\x1f".join((f"<{each.tag}", each.role or "", str(each.visible), *each.listeners, *attributes))


def _steady(name: str, value: str) -> str:
    return value.partition("?")[0] if name in ("href", "action", "src") else value


def elements_in(dom: Dom, recorded: JSON) -> list[Node] | None:
    """All elements that a recording names, as nodes of the static tree; None where one of them is not there."""
    found: list[Node] = []
    for element in _named(recorded):
        node = node_of(dom, element)
        if node is None or node.frame.index:
            return None
        found.append(node)
    return found


def _named(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        if "path" in value and "frame" in value and "tag" in value:
            yield value
        for inner in value.values():
            yield from _named(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _named(inner)


class _NoCounterpart(Exception):
    """An element of the recording that the other page does not have."""


def carry(recording: JSON, there: Standing, here: Standing) -> JSON | None:
    """A recording of the page ``there``, said of the page ``here``; None where that cannot be said. Their keys are the same."""
    if recording["done"] == "time" or recording["done"].startswith("lost") or any(step["action"] in _OWN for step in recording["steps"]):
        return None
    try:
        said = _said_of(recording, there, here)
    except _NoCounterpart:
        return None
    return {**said, "took": 0, "carried": {"page": there.page}}


def _said_of(value: Any, there: Standing, here: Standing) -> Any:
    if isinstance(value, list):
        return [_said_of(inner, there, here) for inner in value]
    if not isinstance(value, dict):
        return value
    said = {name: _said_of(inner, there, here) for name, inner in value.items()}
    if "path" in value:
        if value["path"] is None or value.get("frame"):
            raise _NoCounterpart
        node = node_at(there.dom, value["path"])
        if node is None or node.tag != value.get("tag", node.tag) or node.get("id")[:100] != value.get("id", node.get("id")[:100]):
            raise _NoCounterpart
        place = place_of(_counterpart(node, there.components, here))
        said["path"] = place["path"]
        if "box" in value:
            said["box"] = place["box"]
    return said


def _counterpart(node: Node, components: Sequence[Node], here: Standing) -> Node:
    """The same element of the same component; outside them, the element at the same place, if it is the same."""
    for component, other in zip(components, here.components, strict=True):
        if component is node or component.contains(node):
            found = node_at(here.dom, [*place_of(other)["path"], *place_of(node)["path"][len(place_of(component)["path"]) :]])
            break
    else:
        found = node_at(here.dom, place_of(node)["path"])
    if found is None or found.tag != node.tag or found.get("id") != node.get("id"):
        raise _NoCounterpart
    return found
