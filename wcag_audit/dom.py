"""The ``dom`` artifact as a tree that rules can read: elements, texts, roles, names, boxes and styles of all frames.

Pure and read-only. Parents lead through shadow roots to the host; frames are separate trees joined by ``Frame.owner``.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from itertools import chain
from operator import attrgetter
from typing import Any, TypeVar

from wcag_audit import identity
from wcag_audit.model import Box, Target, bare, cut, nfc

#: Characters of markup kept as an excerpt of an element.
EXCERPT = 400

_VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
#: An anchor without any of these leads nowhere: browsers tell a tabIndex of 0 of it, and never focus it.
_MAKES_AN_ANCHOR_FOCUSABLE = frozenset(["href", "xlink:href", "tabindex", "contenteditable"])
#: Of texts, which have neither: half of a page's nodes share them.
_NO_CHILDREN: list[Node] = []
_NO_ATTRIBUTES: dict[str, str] = {}
_BLOCK = frozenset(("block", "flex", "grid", "list-item", "table", "table-cell", "table-row", "table-caption", "flow-root"))
_STATE_CLASS = re.compile(
    r"^(active|open|show|shown|hidden|hover|focus(ed)?|selected|current|in|fade|collapsed?|expanded|first|last|odd|even|ng-.*|is-.*)$"
)
#: Numbers, prefixes of style-in-script libraries, and hashes at the end (CSS modules: ``Menu_item__x7Fk2``).
_VOLATILE_CLASS = re.compile(
    r"\d{2,}|^_ng|^(css|sc|jss|svelte|emotion|yui|aui)[-_]|^ext-gen|[-_](?=[A-Za-z]*\d)[A-Za-z0-9]{4,}$"
    r"|__?(?=[A-Za-z0-9]*[a-z])(?=[A-Za-z0-9]*[A-Z])[A-Za-z0-9]{5,8}$"
)
#: What else stands in a computed ``content``: pictures, counters and the like, some with strings of their own.
_FUNCTION = re.compile(r"[\w-]+\((?:\"[^\"]*\"|[^)\"])*\)")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"')
#: A word: one letter alone may be the picture that an icon font has for it.
_WORD = re.compile(r"[^\W\d_]{2}")


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


@lru_cache(4096)
def stable_classes(value: str) -> tuple[str, ...]:
    """The classes that name a component rather than a build, a state or a position, sorted."""
    return tuple(sorted({name for name in value.split() if not _STATE_CLASS.match(name) and not _VOLATILE_CLASS.search(name)}))


def left_out(data: Mapping[str, Any]) -> str:
    """Why parts of a page are not in its ``dom`` artifact, in the collector's words; empty where all are."""
    told = (frame.get("truncated", "") for frame in data["frames"])
    return next((why for why in told if why not in ("", "attributes")), "")


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


def _spoken(content: str) -> str:
    """What is read of a computed ``content``: its strings, or those behind the slash, which stand for it."""
    plain = _FUNCTION.sub("", content)
    return " ".join(_STRING.findall(plain.rpartition("/")[2] if "/" in _STRING.sub("", plain) else plain))


class Node:
    """An element, or a text (``tag`` is ``#text``).

    What rules ask most stands ready as plain attributes, set once by ``Dom``: a page has thousands of nodes and every rule looks
    at them.
    """

    __slots__ = (
        "__dict__", "_dom", "attrs", "block", "box", "children", "end", "exposed", "focusable", "frame", "host", "index", "is_text", "name",
        "parent", "raw", "role", "style", "tabbable", "tag", "visible",
    )

    _dom: Dom
    index: int
    #: The index after that of the last node below it: what it holds are the nodes from ``index + 1`` to ``end``.
    end: int
    raw: dict[str, Any]
    parent: Node | None
    frame: Frame
    children: list[Node]
    tag: str
    is_text: bool
    attrs: dict[str, str]
    box: Box | None
    #: The role that assistive technology is told: explicit or native; None where there is none.
    role: str | None
    #: The accessible name; empty where there is none or the role takes none.
    name: str
    #: Sighted people can see it: rendered, of some size, not clipped away, transparent or outside the page.
    visible: bool
    #: Assistive technology is told of it: rendered, not under aria-hidden or inert.
    exposed: bool
    #: Tab reaches it.
    tabbable: bool
    #: Tab or a script can focus it.
    focusable: bool
    #: Computed style, short names: c colour, bg background colour, bi background image, fs font size (px), fw weight, it italic,
    #: td text-decoration line, d display, pos position, fl float, ord order, fd flex-direction, cur cursor, pe pointer-events,
    #: ls letter spacing (px), ws kept white space, ov overflow, an animation, dir direction, bidi its override, op opacity,
    #: bd border widths and colours, bs box shadow and ft first font (of what holds text), ff icon font family.
    #: Left out where it has the initial value; a text has its parent's.
    style: dict[str, Any]
    #: The nearest ancestor that starts a block: the paragraph, cell or list item that holds it.
    block: Node | None
    #: The host of the shadow root it stands in, if it does.
    host: Node | None

    def __repr__(self) -> str:
        return f"<{self.tag} #{self.index}>"

    # -- what it is ----------------------------------------------------------------------------------------------------
    @property
    def is_html(self) -> bool:
        return "ns" not in self.raw

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

    @property
    def out_of_use(self) -> bool:
        """The mouse cannot press it: the pointer goes through it and all that it holds, or it is inert with what holds it."""
        through = self.style.get("pe") == "none" and all(each.style.get("pe") == "none" for each in self.elements() if each.visible)
        return through or any(each.has("inert") for each in (self, *self.ancestors()))

    @property
    def pseudo(self) -> tuple[str, str]:
        """Content of ::before and ::after as CSS tells it; empty strings where there is none."""
        before, after = self.raw.get("pc", ("", ""))
        return before, after

    @property
    def words_of_style(self) -> str:
        """The words that ::before and ::after write: browsers take them into the name, axe-core does not."""
        spoken = " ".join(map(_spoken, self.pseudo)) if "pc" in self.raw else ""
        return spoken if _WORD.search(spoken) else ""

    # -- where it stands -----------------------------------------------------------------------------------------------
    def ancestors(self) -> Iterator[Node]:
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    def closest(self, *tags: str) -> Node | None:
        """The nearest of itself and its ancestors that has one of the tags."""
        node: Node | None = self
        while node is not None and node.tag not in tags:
            node = node.parent
        return node

    def closest_role(self, *roles: str) -> Node | None:
        node: Node | None = self
        while node is not None and node.role not in roles:
            node = node.parent
        return node

    def descendants(self) -> Iterator[Node]:
        """Everything below it in document order, shadow trees before light children."""
        return iter(self._dom.nodes[self.index + 1 : self.end])

    def elements(self, *tags: str) -> Iterator[Node]:
        """The elements below it, or those of them with one of the tags, in document order."""
        return iter(self._dom.below(self, tags))

    @property
    def is_cut(self) -> bool:
        """Whether the tree ends within it, so that parts of it may be missing."""
        root = self.frame.root
        return self.frame.truncated.startswith(("nodes", "time")) and root is not None and self.end == root.end

    def contains(self, other: Node) -> bool:
        return self.index < other.index < self.end

    @property
    def texts(self) -> tuple[Node, ...]:
        """The text nodes below it, in document order; of a text, itself."""
        return (self,) if self.is_text else self._dom.texts_below(self)

    @cached_property
    def text(self) -> str:
        """All text below it, white space folded, NFC; blocks are told apart by a space."""
        if self.end == self.index + 2:
            return nfc(str(self.children[0].raw.get("x", "")))
        return _join(self.texts)

    @cached_property
    def visible_text(self) -> str:
        """The text that sighted people see below it."""
        texts = self.texts
        seen = [text for text in texts if text.visible]
        return self.text if len(seen) == len(texts) else _join(seen)

    # -- how it is named in a report -----------------------------------------------------------------------------------
    @cached_property
    def selector(self) -> str:
        """A selector that finds this element and no other in its document or shadow root."""
        return self._dom.selector(self)

    @property
    def target(self) -> Target:
        """How an outcome names it."""
        return self._dom.target(self)

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
    """All documents of a page. ``data`` is the ``dom`` artifact, version 1 (see gather/dom.py), whose nodes stand in document order.

    Tables of nodes (by tag, role, attribute, id) are made when first asked for and shared by all rules.
    """

    def __init__(self, data: dict[str, Any]) -> None:
        self.styles: list[dict[str, Any]] = data["styles"]
        self.listeners: dict[int, tuple[str, ...]] = {int(k): tuple(v) for k, v in data.get("listeners", {}).items()}
        #: Why listeners are not known, or None.
        self.listeners_error: str | None = data.get("listeners_error")
        #: Why parts of the page are not here; empty where all are.
        self.left_out = left_out(data)
        self.frames = [Frame(row, self) for row in data["frames"]]
        self.nodes: list[Node] = []
        self._steps: dict[int, tuple[str, bool]] = {}
        self._kinds: dict[int, dict[tuple[str, bool], dict[int, int]]] = {}
        frame_of = {row["first"]: frame for row, frame in zip(data["frames"], self.frames, strict=True) if row.get("first") is not None}
        self._grow(data["nodes"], frame_of)
        for node in reversed(self.nodes):
            if node.parent is not None and node.parent.end < node.end:
                node.parent.end = node.end

    def _grow(self, rows: list[dict[str, Any]], frame_of: dict[int, Frame]) -> None:
        """The nodes, in one loop that a page of thousands notices. Parents come before what they hold, and frames after their owners."""
        nodes, styles = self.nodes, self.styles
        starts_block = [style.get("d") in _BLOCK for style in styles]
        blocks: list[bool] = []
        frame, seen, told = self.frames[0], True, True
        for index, raw in enumerate(rows):
            if index in frame_of:
                frame = frame_of[index]
                owner = frame.owner
                seen, told = owner is None or owner.visible, owner is None or owner.exposed
            node = Node()
            parent = nodes[raw["p"]] if raw["p"] >= 0 else None
            tag, style = raw["t"], raw.get("s")
            node._dom = self
            node.index = index
            node.end = index + 1
            node.raw = raw
            node.parent = parent
            node.frame = frame
            node.tag = tag
            node.is_text = tag == "#text"
            node.children = _NO_CHILDREN if node.is_text else []
            node.attrs = attrs = raw.get("a", _NO_ATTRIBUTES)
            node.box = Box(*raw["b"]) if raw.get("b") else None
            node.role = raw.get("r")
            node.name = str(raw.get("n", ""))
            node.visible = seen and "v" in raw
            node.exposed = told and "h" not in raw
            node.focusable = "f" in raw and not (tag in ("a", "area") and attrs.keys().isdisjoint(_MAKES_AN_ANCHOR_FOCUSABLE))
            node.tabbable = node.focusable and raw["f"] == 1
            node.style = styles[style] if style is not None else {}
            node.block = node.host = None
            if parent is not None:
                parent.children.append(node)
                node.block = parent if blocks[parent.index] else parent.block
                node.host = parent if "sh" in raw else parent.host
                if node.is_text:
                    node.style = parent.style
            blocks.append((style is not None and starts_block[style]) or tag in ("body", "html"))
            nodes.append(node)

    @property
    def page(self) -> Frame:
        return self.frames[0]

    @property
    def root(self) -> Node | None:
        return self.page.root

    # -- finding nodes -------------------------------------------------------------------------------------------------
    @cached_property
    def elements(self) -> tuple[Node, ...]:
        """Every element of every frame in document order."""
        return tuple(node for node in self.nodes if not node.is_text)

    @cached_property
    def texts(self) -> tuple[Node, ...]:
        """Every text of every frame in document order."""
        return tuple(node for node in self.nodes if node.is_text)

    @cached_property
    def visible_texts(self) -> tuple[Node, ...]:
        """The texts that sighted people see."""
        return tuple(node for node in self.texts if node.visible)

    @cached_property
    def tabbable(self) -> tuple[Node, ...]:
        """The elements that Tab reaches, in document order."""
        return tuple(node for node in self.elements if node.tabbable)

    @cached_property
    def _by_tag(self) -> dict[str, list[Node]]:
        return _table((node.tag, node) for node in self.elements)

    @cached_property
    def _by_role(self) -> dict[str, list[Node]]:
        return _table((node.role, node) for node in self.elements if node.role is not None)

    @cached_property
    def _by_attribute(self) -> dict[str, list[Node]]:
        return _table((name, node) for node in self.elements for name in node.attrs)

    def all(self, *tags: str) -> list[Node]:
        """Every element with one of the tags, in document order."""
        return _together(self._by_tag[tag] for tag in dict.fromkeys(tags) if tag in self._by_tag)

    def with_role(self, *roles: str) -> list[Node]:
        """Every element with one of the roles, in document order."""
        return _together(self._by_role[role] for role in dict.fromkeys(roles) if role in self._by_role)

    def with_attribute(self, *names: str) -> list[Node]:
        """Every element that has at least one of the attributes, in document order."""
        found = _together(self._by_attribute[name] for name in dict.fromkeys(names) if name in self._by_attribute)
        return found if len(names) == 1 else list(dict.fromkeys(found))

    def below(self, node: Node, tags: tuple[str, ...]) -> list[Node]:
        """The elements below a node that have one of the tags (any, where none is given), in document order."""
        start, end = node.index + 1, node.end
        if not tags or end - start <= 8 * len(tags):
            found = self.nodes[start:end]
            return [each for each in found if each.tag in tags] if tags else [each for each in found if not each.is_text]
        return _together(_slice(self._by_tag[tag], start, end) for tag in dict.fromkeys(tags) if tag in self._by_tag)

    def texts_below(self, node: Node) -> tuple[Node, ...]:
        start, end = node.index + 1, node.end
        if end - start <= 8:
            return tuple(each for each in self.nodes[start:end] if each.is_text)
        return _slice(self.texts, start, end)

    def nearest(self, test: Callable[[Node], bool]) -> list[Node | None]:
        """For each node the nearest of itself and its ancestors of which ``test`` holds: cheaper than ``closest`` for most of a page."""
        found: list[Node | None] = []
        for node in self.nodes:
            found.append(node if test(node) else None if node.parent is None else found[node.parent.index])
        return found

    @cached_property
    def _ids(self) -> dict[tuple[int, int, str], list[Node]]:
        return _table(((*self._scope(node), node.attrs["id"]), node) for node in self.with_attribute("id") if node.attrs["id"])

    def _scope(self, node: Node) -> tuple[int, int]:
        return node.frame.index, -1 if node.host is None else node.host.index

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
        step, unique = self._step(node)
        parts = [step]
        current = node
        while not unique and current.parent is not None and "sh" not in current.raw:
            current = current.parent
            step, unique = self._step(current)
            parts.append(step)
        return " > ".join(reversed(parts))

    def _step(self, node: Node) -> tuple[str, bool]:
        """One step of a selector, and whether it is unique in its scope by itself."""
        if node.index not in self._steps:
            self._steps[node.index] = self._own_selector(node)
        return self._steps[node.index]

    def _own_selector(self, node: Node) -> tuple[str, bool]:
        scope = self._scope(node)
        identifier = node.attrs.get("id", "")
        if identifier and len(identifier) <= 100 and len(self._ids.get((*scope, identifier), ())) == 1:
            return "#" + css_identifier(identifier), True
        if node.parent is None:
            return node.tag, True
        if node.tag in ("body", "head", "main") and len([n for n in self.all(node.tag) if self._scope(n) == scope]) == 1:
            return node.tag, True
        twins = self._twins(node.parent)[node.tag, "sh" in node.raw]
        tag = css_identifier(node.tag)
        return (tag if len(twins) == 1 else f"{tag}:nth-of-type({twins[node.index]})"), False

    def _twins(self, parent: Node) -> dict[tuple[str, bool], dict[int, int]]:
        """The children of an element by tag and by the tree that they are in: index → place among those of the kind, from 1."""
        if parent.index not in self._kinds:
            kinds: defaultdict[tuple[str, bool], dict[int, int]] = defaultdict(dict)
            for child in parent.children:
                kind = kinds[child.tag, "sh" in child.raw]
                kind[child.index] = len(kind) + 1
            self._kinds[parent.index] = kinds
        return self._kinds[parent.index]

    def target(self, node: Node | int, changing: bool = False) -> Target:
        """What an outcome says of an element; ``changing``: of one that was seen to show something else every few seconds."""
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
            identity=identity.of_changing(node) if changing else identity.of_node(node),
            shown=_shown(node) if frames else None,
        )

    @cached_property
    def main(self) -> Node | None:
        """The main content: the main landmark, or body where there is none."""
        mains = [node for node in self.with_role("main") if node.exposed and node.frame.index == 0]
        return mains[0] if mains else next((node for node in self.all("body") if node.frame.index == 0), self.root)


_Key = TypeVar("_Key")
_Nodes = TypeVar("_Nodes", list[Node], tuple[Node, ...])


def _table(pairs: Iterable[tuple[_Key, Node]]) -> dict[_Key, list[Node]]:
    """Nodes by key, in their order."""
    table: defaultdict[_Key, list[Node]] = defaultdict(list)
    for key, node in pairs:
        table[key].append(node)
    return dict(table)


def _shown(node: Node) -> Box | None:
    """Where an element in a frame begins on the page itself; None where that is outside of what the frames show."""
    box, owner = node.box, node.frame.owner
    while owner is not None and box is not None:
        around = owner.box
        if around is None or not (-box.width < box.x < around.width and -box.height < box.y < around.height):
            return None
        top, _, _, left = (float(part) for part in owner.style.get("bd", "0 0 0 0").split()[:4])
        box = Box(around.x + left + box.x, around.y + top + box.y, box.width, box.height)
        owner = owner.frame.owner
    return box


_place = attrgetter("index")


def _slice(nodes: _Nodes, start: int, end: int) -> _Nodes:
    """Those with an index from ``start`` to before ``end``, of nodes in document order."""
    return nodes[bisect_left(nodes, start, key=_place) : bisect_left(nodes, end, key=_place)]


def _together(lists: Iterable[list[Node]]) -> list[Node]:
    """Lists in document order as one."""
    found = [each for each in lists if each]
    return found[0] if len(found) == 1 else sorted(chain.from_iterable(found), key=_place)


def _join(texts: Iterable[Node]) -> str:
    """What texts say, white space folded, NFC; a space between blocks."""
    parts: list[str] = []
    last_block: Node | None = None
    for node in texts:
        if parts and node.block is not last_block:
            parts.append(" ")
        parts.append(str(node.raw.get("x", "")))
        last_block = node.block
    return nfc("".join(parts))


def same_text(a: str, b: str) -> bool:
    """Whether two texts say the same, ignoring case, white space, diacritics and end punctuation."""
    return bare(a).strip(" .:*»>…") == bare(b).strip(" .:*»>…")
