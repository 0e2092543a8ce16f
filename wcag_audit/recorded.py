"""Elements of a recording, found again in the tree of the static snapshot: the same page, opened a second time."""

from __future__ import annotations

from typing import Any

from wcag_audit.dom import Dom, Node
from wcag_audit.model import JSON, Box, Target, cut


def node_of(dom: Dom, element: JSON) -> Node | None:
    """The element of the snapshot that a recording names, by its place and its id; None where the page was another the second time."""
    frame = dom.page
    for place in element["frame"]:
        owner = _at(frame.root, place)
        inner = next((other for other in dom.frames if other.owner is owner), None) if owner is not None else None
        if inner is None:
            return None
        frame = inner
    found = _at(frame.root, element["path"] or [])
    if found is not None and found.tag == element["tag"] and found.get("id")[:100] == element["id"]:
        return found
    if not element["id"]:
        return None
    near = frame.root
    by_id = dom.with_id(element["id"], near) if near is not None else None
    return by_id if by_id is not None and by_id.tag == element["tag"] else None


def _at(root: Node | None, place: Any) -> Node | None:
    node = root
    inside_shadow = False
    for step in place:
        if node is None:
            return None
        if step == "s":
            inside_shadow = True
            continue
        children = [child for child in node.children if not child.is_text and ("sh" in child.raw) == inside_shadow]
        node = children[step] if step < len(children) else None
        inside_shadow = False
    return node


def node_at(dom: Dom, path: JSON) -> Node | None:
    """The element at a place of the page itself; None where there is none."""
    return _at(dom.page.root, path)


def place_of(node: Node) -> dict[str, Any]:
    """An element of the snapshot as recordings name elements: the way back from ``node_of``."""
    box = node.box or Box(0, 0, 0, 0)
    frames, path = where(node)
    return {
        "frame": frames,
        "path": path,
        "tag": node.tag,
        "id": node.get("id")[:100],
        "html": cut(node.html, 300),
        "box": [box.x, box.y, box.width, box.height],
        "seen": node.visible,
        "text": cut(node.name or node.visible_text, 80),
    }


def where(node: Node) -> tuple[list[list[int | str]], list[int | str]]:
    """Where an element of the snapshot stands: the places of its frames' elements from the outside in, and its own."""
    frames: list[list[int | str]] = []
    owner = node.frame.owner
    while owner is not None:
        frames.insert(0, _path(owner))
        owner = owner.frame.owner
    return frames, _path(node)


def _path(node: Node) -> list[int | str]:
    path: list[int | str] = []
    while node.parent is not None:
        in_shadow = "sh" in node.raw
        twins = [child for child in node.parent.children if not child.is_text and ("sh" in child.raw) == in_shadow]
        path.insert(0, twins.index(node))
        if in_shadow:
            path.insert(0, "s")
        node = node.parent
    return path


def target_of(dom: Dom, element: JSON, changing: bool = False) -> Target:
    """How an outcome names a recorded element: as the snapshot has it, or as the recording saw it where only that knows it.

    One that was seen ``changing`` by itself is not known by what it said or showed when the snapshot was taken.
    """
    node = node_of(dom, element)
    if node is not None:
        return dom.target(node, changing)
    path = "html" + "".join(" ⟫ shadow" if step == "s" else f" > :nth-child({step + 1})" for step in element["path"] or [])
    identifier = element["id"]
    selector = f"{element['tag']}#{identifier}" if identifier else path
    html = cut(element["html"], 400)
    known = element["tag"] if changing else ""
    return Target(selector=selector, html=html, box=Box(*element["box"]), path=element["tag"], name=element["text"], identity=known)
