"""The ``dom`` artifact as a tree that rules can read: elements, texts, roles, names, boxes and styles of all frames.

Pure and read-only. Parents lead through shadow roots to the host; frames are separate trees joined by ``Frame.owner``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from wcag_audit import identity
from wcag_audit.model import Box, Target, bare, cut, nfc

#: Characters of markup kept as an excerpt of an element.
EXCERPT = 400

_VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
_BLOCK = frozenset(("block", "flex", "grid", "list-item", "table", "table-cell", "table-row", "table-caption", "flow-root"))
_STATE_CLASS = re.compile(
    r"^(active|open|show|shown|hidden|hover|focus(ed)?|selected|current|in|fade|collapsed?|expanded|first|last|odd|even|ng-.*|is-.*)$"
)
#: Numbers, prefixes of style-in-script libraries, and hashes at the end (CSS modules: ``Menu_item__x7Fk2``).
_VOLATILE_CLASS = re.compile(
    r"\d{2,}|^_ng|^(css|sc|jss|svelte|emotion|yui|aui)[-_]|^ext-gen|[-_](?=[A-Za-z]*\d)[A-Za-z0-9]{4,}$"
    r"|__?(?=[A-Za-z0-9]*[a-z])(?=[A-Za-z0-9]*[A-Z])[A-Za-z0-9]{5,8}$"
)


def css_identifier(value: str) -> str:
    """A string as a CSS identifier (CSSOM's serialisation), for selectors built from ids."""
    if not value:
        return value
    escaped = "".join(
        c if c.isalnum() or c in "-_" or ord(c) >= 0x80 else f"\\{ord(c):x} " if ord(c) < 0x20 or ord(c) == 0x7F else "\\" + c
        for c in value
    )
    if value[0].isdigit():
        return f"\\3{value[0]} " + escaped[1:]
    if value[0] == "-" and len(value) > 1 and value[1].isdigit():
        return f"-\\3{value[1]} " + escaped[2:]
    return "\\-" if value == "-" else escaped


def css_string(value: str) -> str:
    """A string as a quoted CSS string."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\a ") + '"'


def stable_classes(value: str) -> list[str]:
    """The classes that name a component rather than a build, a state or a position, sorted."""
    return sorted({name for name in value.split() if not _STATE_CLASS.match(name) and not _VOLATILE_CLASS.search(name)})


class Frame:
    """One document: the page itself (index 0) or a frame in it."""

    def __init__(self, data: dict[str, Any], dom: Dom) -> None:
        self.index: int = data["index"]
        self.url: str = data.get("url", "")
        self.error: str | None = data.get("error")
        self.truncated: str = data.get("truncated", "")
        self.document: dict[str, Any] = data.get("document", {})
        self._owner: int | None = data.get("owner")
        self._first: int | None = data.get("first")
        self._dom = dom

    @property
    def root(self) -> Node | None:
        """The document element, or None where the frame could not be read."""
        return None if self._first is None else self._dom.nodes[self._first]

    @property
    def owner(self) -> Node | None:
        """The iframe, frame or object element that holds this document; None for the page itself."""
        return None if self._owner is None else self._dom.nodes[self._owner]

    @property
    def title(self) -> str:
        return str(self.document.get("title", ""))


class Node:
    """An element, or a text (``tag`` is ``#text``)."""

    __slots__ = ("__dict__", "_dom", "attrs", "box", "children", "frame", "index", "parent", "raw", "tag")

    def __init__(self, dom: Dom, index: int, raw: dict[str, Any], parent: Node | None, frame: Frame) -> None:
        self._dom = dom
        self.index = index
        self.raw = raw
        self.parent = parent
        self.frame = frame
        self.children: list[Node] = []
        self.tag: str = raw["t"]
        self.attrs: dict[str, str] = raw.get("a", {})
        box = raw.get("b")
        self.box: Box | None = Box(*box) if box else None

    def __repr__(self) -> str:
        return f"<{self.tag} #{self.index}>"

    # -- what it is ----------------------------------------------------------------------------------------------------
    @property
    def is_text(self) -> bool:
        return self.tag == "#text"

    @property
    def is_html(self) -> bool:
        return "ns" not in self.raw

    @property
    def role(self) -> str | None:
        """The role that assistive technology is told: explicit or native; None where there is none."""
        return self.raw.get("r")

    @property
    def name(self) -> str:
        """The accessible name; empty where there is none or the role takes none."""
        return str(self.raw.get("n", ""))

    @property
    def state(self) -> dict[str, Any]:
        """Live state: ``type``, ``filled``, ``checked``, ``disabled``, ``natural`` size, ``duration``, ``href`` and so on."""
        state: dict[str, Any] = self.raw.get("st", {})
        return state

    @property
    def listeners(self) -> tuple[str, ...]:
        """Types of the real event listeners on this element (not of delegated ones on its ancestors)."""
        return self._dom.listeners.get(self.index, ())

    def get(self, attribute: str, default: str = "") -> str:
        return self.attrs.get(attribute, default)

    def has(self, attribute: str) -> bool:
        return attribute in self.attrs

    # -- how it is seen ------------------------------------------------------------------------------------------------
    @property
    def visible(self) -> bool:
        """Sighted people can see it: rendered, of some size, not clipped away, transparent or outside the page."""
        return "v" in self.raw and (self.frame.owner is None or self.frame.owner.visible)

    @property
    def exposed(self) -> bool:
        """Assistive technology is told of it: rendered, not under aria-hidden or inert."""
        return "h" not in self.raw and (self.frame.owner is None or self.frame.owner.exposed)

    @property
    def tabbable(self) -> bool:
        """Tab reaches it."""
        return self.raw.get("f") == 1 and not self._is_bare_anchor

    @property
    def focusable(self) -> bool:
        """Tab or a script can focus it."""
        return "f" in self.raw and not self._is_bare_anchor

    @property
    def _is_bare_anchor(self) -> bool:
        """An anchor that leads nowhere: browsers tell a tabIndex of 0 of it, and never focus it."""
        return self.tag in ("a", "area") and not self.attrs.keys() & {"href", "xlink:href", "tabindex", "contenteditable"}

    @property
    def style(self) -> dict[str, Any]:
        """Computed style, short names: c colour, bg background colour, bi background image, fs font size (px), fw weight, it italic,
        td text-decoration line, d display, pos position, fl float, ord order, fd flex-direction, cur cursor, ls letter spacing (px),
        ws kept white space, ov overflow, an animation, dir direction, op opacity, bd border widths and colours, ff icon font family.
        Left out where it has the initial value; a text has its parent's."""
        if self.is_text:
            return self.parent.style if self.parent else {}
        index = self.raw.get("s")
        return {} if index is None else self._dom.styles[index]

    @property
    def pseudo(self) -> tuple[str, str]:
        """Content of ::before and ::after as CSS tells it; empty strings where there is none."""
        before, after = self.raw.get("pc", ("", ""))
        return before, after

    # -- where it stands -----------------------------------------------------------------------------------------------
    def ancestors(self) -> Iterator[Node]:
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    def closest(self, *tags: str) -> Node | None:
        """The nearest of itself and its ancestors that has one of the tags."""
        return next((node for node in (self, *self.ancestors()) if node.tag in tags), None)

    def closest_role(self, *roles: str) -> Node | None:
        return next((node for node in (self, *self.ancestors()) if node.role in roles), None)

    def descendants(self) -> Iterator[Node]:
        """Everything below it in document order, shadow trees before light children."""
        stack = list(reversed(self.children))
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))

    def elements(self, *tags: str) -> Iterator[Node]:
        return (node for node in self.descendants() if (node.tag in tags if tags else not node.is_text))

    def contains(self, other: Node) -> bool:
        return any(node is self for node in other.ancestors())

    @cached_property
    def texts(self) -> tuple[Node, ...]:
        """The text nodes below it, in document order; of a text, itself."""
        return (self,) if self.is_text else tuple(node for node in self.descendants() if node.is_text)

    @cached_property
    def text(self) -> str:
        """All text below it, white space folded, NFC; blocks are told apart by a space."""
        return self._join(self.texts)

    @cached_property
    def visible_text(self) -> str:
        """The text that sighted people see below it."""
        return self._join(tuple(node for node in self.texts if node.visible))

    def _join(self, texts: tuple[Node, ...]) -> str:
        parts: list[str] = []
        last_block: Node | None = None
        for node in texts:
            block = node.block
            if parts and block is not last_block:
                parts.append(" ")
            parts.append(str(node.raw.get("x", "")))
            last_block = block
        return nfc("".join(parts))

    @cached_property
    def block(self) -> Node | None:
        """The nearest ancestor that starts a block: the paragraph, cell or list item that holds it."""
        return next((node for node in self.ancestors() if node.style.get("d") in _BLOCK or node.tag in ("body", "html")), None)

    # -- how it is named in a report -----------------------------------------------------------------------------------
    @cached_property
    def selector(self) -> str:
        """A selector that finds this element and no other in its document or shadow root."""
        return self._dom.selector(self)

    @property
    def target(self) -> Target:
        """How an outcome names it."""
        return self._dom.target(self)

    @property
    def host(self) -> Node | None:
        """The host of the shadow root it stands in, if it does."""
        node: Node = self
        while node.parent is not None:
            if "sh" in node.raw:
                return node.parent
            node = node.parent
        return None

    @cached_property
    def html(self) -> str:
        """Its start tag with attributes, and its text where there is room; at most ``EXCERPT`` characters."""
        attributes = "".join(f' {name}="{value}"' if value else f" {name}" for name, value in self.attrs.items())
        start = f"<{self.tag}{attributes}>"
        if self.tag in _VOID:
            return cut(start, EXCERPT)
        inner = self.text
        if not inner and (child := next((c for c in self.children if not c.is_text), None)) is not None:
            inner = child.html
        return cut(f"{cut(start, EXCERPT - 60)}{cut(inner, 120)}</{self.tag}>", EXCERPT)

    @cached_property
    def path(self) -> str:
        """Its structure without ids, positions and volatile classes, from at most three ancestors down."""

        def one(node: Node) -> str:
            kind = "".join(f"[{name}={node.attrs[name]}]" for name in ("type", "role") if name in node.attrs)
            classes = "".join("." + name for name in stable_classes(node.get("class"))[:3])
            return node.tag + kind + classes

        chain: list[str] = [one(self)]
        for node in self.ancestors():
            if node.tag in ("body", "html") or len(chain) > 3:
                break
            chain.append(one(node))
        return ">".join(reversed(chain))


class Dom:
    """All documents of a page. ``data`` is the ``dom`` artifact, version 1 (see gather/dom.py)."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.styles: list[dict[str, Any]] = data["styles"]
        self.listeners: dict[int, tuple[str, ...]] = {int(k): tuple(v) for k, v in data.get("listeners", {}).items()}
        #: Why listeners are not known, or None.
        self.listeners_error: str | None = data.get("listeners_error")
        self.frames = [Frame(row, self) for row in data["frames"]]
        self.nodes: list[Node] = []
        frame_of = {row["first"]: frame for row, frame in zip(data["frames"], self.frames, strict=True) if row.get("first") is not None}
        frame = self.frames[0]
        for index, raw in enumerate(data["nodes"]):
            frame = frame_of.get(index, frame)
            parent = self.nodes[raw["p"]] if raw["p"] >= 0 else None
            node = Node(self, index, raw, parent, frame)
            if parent is not None:
                parent.children.append(node)
            self.nodes.append(node)

    @property
    def page(self) -> Frame:
        return self.frames[0]

    @property
    def root(self) -> Node | None:
        return self.page.root

    @cached_property
    def elements(self) -> tuple[Node, ...]:
        """Every element of every frame in document order."""
        return tuple(node for node in self.nodes if not node.is_text)

    @cached_property
    def _by_tag(self) -> dict[str, list[Node]]:
        table: dict[str, list[Node]] = {}
        for node in self.elements:
            table.setdefault(node.tag, []).append(node)
        return table

    def all(self, *tags: str) -> list[Node]:
        """Every element with one of the tags, in document order."""
        if len(tags) == 1:
            return self._by_tag.get(tags[0], [])
        return sorted((node for tag in tags for node in self._by_tag.get(tag, ())), key=lambda node: node.index)

    def with_role(self, *roles: str) -> list[Node]:
        return [node for node in self.elements if node.role in roles]

    @cached_property
    def _ids(self) -> dict[tuple[int, int, str], list[Node]]:
        table: dict[tuple[int, int, str], list[Node]] = {}
        for node in self.elements:
            if value := node.attrs.get("id"):
                table.setdefault((*self._scope(node), value), []).append(node)
        return table

    def _scope(self, node: Node) -> tuple[int, int]:
        host = node.host
        return node.frame.index, -1 if host is None else host.index

    def with_id(self, value: str, near: Node) -> Node | None:
        """The first element with that id in the document or shadow root of ``near``: what an IDREF there points at."""
        found = self._ids.get((*self._scope(near), value))
        return found[0] if found else None

    def all_with_id(self, value: str, near: Node) -> list[Node]:
        """Every element with that id in the document or shadow root of ``near``; more than one is a fault of the page."""
        return self._ids.get((*self._scope(near), value), [])

    def referred(self, node: Node, attribute: str) -> list[Node]:
        """The elements that an IDREF list (aria-labelledby, headers …) points at, in its order."""
        return [target for value in node.get(attribute).split() if (target := self.with_id(value, node)) is not None]

    @cached_property
    def labels(self) -> dict[int, list[Node]]:
        """``label`` elements by the index of the control that they belong to."""
        table: dict[int, list[Node]] = {}
        for label in self.all("label"):
            control = (
                self.with_id(label.attrs["for"], label)
                if "for" in label.attrs
                else next(
                    (
                        n
                        for n in label.elements("input", "select", "textarea", "button", "meter", "output", "progress")
                        if n.state.get("type") != "hidden"
                    ),
                    None,
                )
            )
            if control is not None:
                table.setdefault(control.index, []).append(label)
        return table

    # -- targets -------------------------------------------------------------------------------------------------------
    def selector(self, node: Node) -> str:
        scope = self._scope(node)
        step = self._own_selector(node, scope)
        parts = [step[0]]
        current = node
        while not step[1] and current.parent is not None and "sh" not in current.raw:
            current = current.parent
            step = self._own_selector(current, scope)
            parts.append(step[0])
        return " > ".join(reversed(parts))

    def _own_selector(self, node: Node, scope: tuple[int, int]) -> tuple[str, bool]:
        """One step of a selector, and whether it is unique in its scope by itself."""
        identifier = node.attrs.get("id", "")
        if identifier and len(identifier) <= 100 and len(self._ids.get((*scope, identifier), ())) == 1:
            return "#" + css_identifier(identifier), True
        if node.parent is None:
            return node.tag, True
        if node.tag in ("body", "head", "main") and len([n for n in self.all(node.tag) if self._scope(n) == scope]) == 1:
            return node.tag, True
        in_shadow = "sh" in node.raw
        twins = [n for n in node.parent.children if n.tag == node.tag and ("sh" in n.raw) == in_shadow]
        tag = css_identifier(node.tag)
        return (tag if len(twins) == 1 else f"{tag}:nth-of-type({twins.index(node) + 1})"), False

    def target(self, node: Node | int) -> Target:
        """What an outcome says of an element."""
        node = self.nodes[node] if isinstance(node, int) else node
        if node.is_text and node.parent is not None:
            node = node.parent
        hosts: list[str] = []
        host = node.host
        while host is not None:
            hosts.append(host.selector)
            host = host.host
        frames: list[str] = []
        owner = node.frame.owner
        while owner is not None:
            frames.append(owner.selector)
            owner = owner.frame.owner
        return Target(
            selector=node.selector,
            frames=tuple(reversed(frames)),
            hosts=tuple(reversed(hosts)),
            html=node.html,
            box=node.box,
            path=identity.structure(node),
            name=cut(node.name or node.text, 200),
            identity=identity.of_node(node),
        )

    @cached_property
    def main(self) -> Node | None:
        """The main content: the main landmark, or body where there is none."""
        mains = [node for node in self.with_role("main") if node.exposed and node.frame.index == 0]
        return mains[0] if mains else next((node for node in self.all("body") if node.frame.index == 0), self.root)


def same_text(a: str, b: str) -> bool:
    """Whether two texts say the same, ignoring case, white space, diacritics and end punctuation."""
    return bare(a).strip(" .:*»>…") == bare(b).strip(" .:*»>…")
