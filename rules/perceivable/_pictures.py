"""Pictures and what a screen reader can read of them: shared by the rules of 1.1.1."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from wcag_audit.dom import Node
from wcag_audit.model import Text, bare, nfc
from wcag_audit.phrases import phrases, plain
from wcag_audit.rule import Evidence

#: Characters that no voice can read: private use (icon fonts), zero width, controls.
_NO_VOICE = "\ue000-\uf8ff\U000f0000-\U0010fffd\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff\x00-\x1f\x7f-\x9f"
_SILENT = re.compile(f"[{_NO_VOICE}]")
_SPOKEN = re.compile(rf"[^\s{_NO_VOICE}]")
#: A word or number.
WORD = re.compile(r"[^\W_]+")
_PRIVATE_USE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010fffd]")
#: What CSS writes for such a character in ``content``, where it was not decoded.
_PRIVATE_USE_ESCAPED = re.compile(r"\\(e[0-9a-f]{3}|f[0-8][0-9a-f]{2})\b", re.IGNORECASE)

_IMAGES = frozenset(("img", "area", "svg", "canvas", "object", "embed"))
#: How a picture is told in a message.
KINDS = {
    "img": Text("ảnh", "image"),
    "svg": Text("hình vẽ SVG", "SVG drawing"),
    "canvas": Text("hình vẽ canvas", "canvas drawing"),
    "background": Text("ảnh nền CSS", "CSS background image"),
    "glyph": Text("ký tự của phông chữ biểu tượng", "icon font character"),
}


def readable(text: str) -> str:
    """The text without what no voice can read."""
    return nfc(text if text.isascii() and text.isprintable() else _SILENT.sub("", text))


def is_readable(text: str) -> bool:
    """Whether anything is left of a text without what no voice can read: cheaper than ``readable``."""
    return _SPOKEN.search(text) is not None


def is_private_use(text: str) -> bool:
    """Whether a text holds characters of an icon font."""
    return _PRIVATE_USE.search(text) is not None


def size(node: Node) -> tuple[float, float]:
    """Width and height on the page, in CSS pixels."""
    return (node.box.width, node.box.height) if node.box else (0.0, 0.0)


def at_least(node: Node, width: float, height: float | None = None) -> bool:
    w, h = size(node)
    return w >= width and h >= (width if height is None else height)


def picture_kind(node: Node) -> str:
    """Which kind of picture an element shows by itself, a key of ``KINDS``; empty where it shows none."""
    if node.is_text or not node.visible:
        return ""
    if node.tag == "img":
        return "img" if at_least(node, 3) and min(node.state.get("natural", (2, 2))) > 1 else ""
    if node.tag in ("svg", "canvas"):
        return node.tag if at_least(node, 3) else ""
    if node.raw.get("ns"):
        return ""
    if "pc" in node.raw and any(_PRIVATE_USE.search(content) or _PRIVATE_USE_ESCAPED.search(content) for content in node.pseudo):
        return "glyph"
    if any(child.is_text and child.visible and is_private_use(child.raw["x"]) for child in node.children):
        return "glyph"
    drawn = "url(" in node.style.get("bi", "") or any("url(" in content for content in node.pseudo)
    return "background" if drawn and at_least(node, 8) else ""


def pictures_in(node: Node) -> Iterator[tuple[Node, str]]:
    """The visible pictures of an element and below it, with their kinds."""
    for part in (node, *node.elements()):
        kind = picture_kind(part)
        if kind:
            yield part, kind


def axe_fails(picture: Node) -> bool:
    """Whether a missing alternative of this picture is already a failure of axe's (image-alt, role-img-alt, svg-img-alt)."""
    if is_readable(picture.name) or not picture.exposed:
        return False
    if picture.tag == "img" and not picture.has("alt"):
        return picture.get("role") not in ("none", "presentation")
    return picture.get("role") in ("img", "image", "graphics-document", "graphics-symbol")


def control_of(node: Node) -> Node | None:
    """The link, button or other control whose content the element is, itself included."""
    return node.closest_role("link", "button", "menuitem", "tab", "option", "checkbox", "radio", "switch", "treeitem")


def _is_exposed_area(area: Node) -> bool:
    """Whether an image map's area can be reached: it has no box of its own, but its map's parent is told."""
    place = area.closest("map")
    return area.has("href") and place is not None and place.parent is not None and place.parent.exposed


def images(evidence: Evidence) -> list[Node]:
    """Every element that assistive technology is told of as an image with a name: img, image button, area, svg, role=img and so on."""

    def find(evidence: Evidence) -> list[Node]:
        found = []
        for node in evidence.dom.elements:
            is_image = node.role in ("img", "image") or node.tag in _IMAGES or node.state.get("type") == "image"
            if is_image and is_readable(node.name) and (_is_exposed_area(node) if node.tag == "area" else node.exposed):
                found.append(node)
        return found

    return evidence.share("images with names", find)


def base_name(address: str) -> str:
    """The file name in an address, decoded: ``/a/b%20c.png?x`` → ``b c.png``."""
    return nfc(unquote(urlsplit(address).path.rsplit("/", 1)[-1])) if not address.startswith("data:") else ""


def source_of(image: Node) -> str:
    """The address of what an image shows, as far as its markup tells."""
    return image.get("src") or image.get("data") or str(image.state.get("src", ""))


def is_phrase(kind: str, text: str) -> bool:
    """Whether a text is one of the phrases. A single word must have its diacritics: "Anh" (England) is not "ảnh" (picture)."""
    words = phrases(kind)
    own = plain(text)
    return words.is_one(own) and (" " in own or own in words.phrases)


class Told(NamedTuple):
    """All that assistive technology is told on a page: in one line without diacritics, and its words with and without them."""

    line: str
    words: frozenset[str]


def page_words(evidence: Evidence) -> Told:
    """The texts, names and titles of a page."""

    def join(evidence: Evidence) -> Told:
        dom = evidence.dom
        texts = [str(text.raw["x"]) for text in dom.texts if text.exposed]
        names = [node.name for node in dom.elements if node.exposed and node.name]
        told = nfc(" ".join((*texts, *names, *(frame.title for frame in dom.frames)))).casefold()
        return Told(bare(told), frozenset((*WORD.findall(told), *WORD.findall(bare(told)))))

    return evidence.share("words of the page", join)


def visible_words(evidence: Evidence) -> str:
    """All text that is seen on the page, for comparison by ``in``."""
    return evidence.share(
        "visible words of the page", lambda e: bare(" ".join(str(text.raw["x"]) for text in e.dom.visible_texts))
    )


def headed_section(node: Node) -> tuple[Node, Node] | None:
    """The nearest ancestor that has a heading before the element, and that heading."""
    for ancestor in node.ancestors():
        if ancestor.tag in ("body", "html"):
            break
        for part in ancestor.elements():
            if part.index >= node.index:
                break
            if part.role == "heading" and part.visible and part.text:
                return ancestor, part
    return None
