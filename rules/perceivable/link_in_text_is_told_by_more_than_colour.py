"""Links in text are told by more than colour

What it checks
    Links that stand in a line of other words, more of them than of words in links, and not as items of a list or between signs such
    as “»” and “|”. What tells such a link from the words around it has to be more than its colour: a line under or around it, a
    picture or icon, another font, weight, slant or size, a place above the line (the mark of a note), a sign instead of words, or a
    colour or background that is lighter or darker by a contrast of 3:1. A link that looks like the words around it tells nothing by
    colour and is no matter of this criterion. Colours that are half transparent are a question.

Why it matters
    Who sees no colours, or few, does not find the link in the paragraph.

Fails
    ``p a { color: #1f4fa0; text-decoration: none; }``

Mended
    ``p a { color: #1f4fa0; text-decoration: underline; }``

References
    WCAG 2.0 success criterion 1.4.1; techniques G182, G183; failure F73.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple, TypeVar

from wcag_audit.dom import Node
from wcag_audit.model import Text
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.perceivable._colours import contrast, rgb

_Look = TypeVar("_Look")
#: The contrast from which a difference in lightness counts as more than colour (G183).
ENOUGH = 3.0
#: What people operate: its words are not those of the text around it.
_OPERATED = frozenset(
    ("link", "button", "checkbox", "radio", "switch", "textbox", "searchbox", "combobox", "listbox", "option", "slider", "spinbutton",
     "tab", "treeitem", "menuitem", "menuitemcheckbox", "menuitemradio")
)  # fmt: skip
#: Signs between items, such as those of a way through the site.
_BETWEEN = "|/\\›»>‹«<•·–—→▸"
_WHITE = "rgb(255, 255, 255)"
#: The colour of a computed shadow and its lengths; a colour that is not seen.
_SHADOW = re.compile(r"(rgba?\([^)]*\))((?: -?[\d.]+px)+)")
_UNSEEN = re.compile(r"rgba\([^)]*[,/] ?0\)")


class Line:
    """A line of text of one block, up to where a block or a line break begins: its texts in order, those that are no part of a link or
    control, and those that are, by the index of the link or control."""

    def __init__(self) -> None:
        self.texts: list[Node] = []
        self.plain: list[Node] = []
        self.operated: dict[int, list[Node]] = {}
        self._places: dict[int, int] = {}

    def add(self, text: Node, operated: Node | None) -> None:
        self._places[text.index] = len(self.texts)
        self.texts.append(text)
        (self.plain if operated is None else self.operated.setdefault(operated.index, [])).append(text)

    def is_item(self, link: Node, words: Sequence[Node]) -> bool:
        """Whether a link is a whole item of a list whose items stand in one line, or nothing but signs stands right before and after it."""
        item = link.closest("li")
        if item is not None and item.text == link.text:
            return True
        first, last = self._places[words[0].index], self._places[words[-1].index]
        before = _plain(self.texts[first - 1]) if first else ""
        after = _plain(self.texts[last + 1]) if last + 1 < len(self.texts) else ""
        return bool(before or after) and before[-1:] in _BETWEEN and after[:1] in _BETWEEN

    @cached_property
    def font(self) -> tuple[object, ...]:
        """The font of most words around links and controls."""
        return _most(self.plain, _font)

    @cached_property
    def colour(self) -> str:
        """Their colour."""
        return _most(self.plain, _colour)


class InText(NamedTuple):
    """A link in a line of text, and its words as text nodes."""

    link: Node
    words: list[Node]
    line: Line


def links_in_text(evidence: Evidence) -> Iterator[InText]:
    """Links whose line has more words outside links and controls than in them."""
    dom = evidence.dom
    for line in _lines([*dom.visible_texts, *dom.all("br", "hr")]):
        if not line.operated or _length(line.plain) <= sum(map(_length, line.operated.values())):
            continue
        for index, words in line.operated.items():
            link = dom.nodes[index]
            if _is_link(link) and link.style.get("d", "inline") == "inline" and not line.is_item(link, words):
                yield InText(link, words, line)


def _lines(nodes: Iterable[Node]) -> Iterable[Line]:
    """Texts and line breaks as lines."""
    lines: dict[tuple[int, int], Line] = {}
    begun: Counter[int] = Counter()
    for node in sorted(nodes, key=lambda node: node.index):
        block = node.block
        if block is None:
            continue
        if not node.is_text:
            begun[block.index] += 1
        elif str(node.raw["x"]).strip():
            # A block that begins ends the line of the block around it.
            if block.index not in begun and block.block is not None:
                begun[block.block.index] += 1
            begun[block.index] += 0
            _put(node, block, lines.setdefault((block.index, begun[block.index]), Line()))
    return lines.values()


def _put(text: Node, block: Node, line: Line) -> None:
    """A text among the words of its line, or of the link or control in it; not what is taken out of the line."""
    inside = text.parent
    operated = None
    while inside is not None and inside is not block:
        if inside.style.get("pos") in ("absolute", "fixed") or "fl" in inside.style:
            return
        if inside.role in _OPERATED or _is_link(inside):
            operated = inside
        inside = inside.parent
    line.add(text, operated)


def _is_link(node: Node) -> bool:
    return node.role == "link" or (node.tag == "a" and node.has("href") and not node.has("role"))


def _length(texts: Iterable[Node]) -> int:
    return sum(map(len, map(_plain, texts)))


def _plain(text: Node) -> str:
    return " ".join(str(text.raw["x"]).split())


def more_than_colour_tells(target: InText, evidence: Evidence) -> Finding | None:
    """The link has a line, a picture or a font of its own, or a contrast of 3:1 to the words around it."""
    link = target.link
    parts = [part for part in (link, *link.elements()) if part.visible]
    around = [part for part in link.ancestors() if part.style.get("d", "inline") == "inline" and part.text == link.text]
    if _is_drawn_otherwise(link, parts, around) or target.line.font not in map(_font, target.words):
        return PASSED
    base, own = target.line.colour, sorted({_colour(text) for text in target.words})
    faded = any("op" in part.style for part in (*parts, *around))
    ratio = None if faded else _highest(own, base)
    if ratio is not None and ratio >= ENOUGH:
        return PASSED
    ground = _of_backgrounds(link, [*parts, *around])
    if ground is not None and ground >= ENOUGH:
        return PASSED
    values = {"link": link.text, "colour": ", ".join(map(_code, own)), "text_colour": _code(base)}
    if ratio is None or ground is None:
        return cant_tell("colours_unknown", values, node=link)
    if ratio == ground == 1:
        return PASSED
    return failed("colour_alone", {**values, "ratio": f"{math.floor(ratio * 100) / 100:g}"}, node=link)


def _is_drawn_otherwise(link: Node, parts: Sequence[Node], around: Sequence[Node]) -> bool:
    """Whether a link has a picture, an icon, a shadow or a line of its own, within it or around it alone, stands above the line, or is a
    sign without letters and figures."""
    whole = (*parts, *around)
    raised = link.closest("sup") is not None or any(part.tag == "sup" and part.text == link.text for part in parts)
    lined = any("line" in str(part.style.get("td", "")) or _is_bordered(part) for part in whole)
    pictured = any(part.tag in ("img", "svg", "canvas", "picture") or any(map(_draws, part.pseudo)) for part in parts)
    sign = not any(map(str.isalnum, link.text))
    return raised or lined or pictured or sign or any("bi" in part.style for part in whole) or any(map(_casts, parts))


def _is_bordered(part: Node) -> bool:
    """Whether a line is seen above or below."""
    top, _, bottom, _, *colours = str(part.style.get("bd", "0 0 0 0")).split(maxsplit=4)
    return (float(top) > 0 or float(bottom) > 0) and not any(map(_UNSEEN.match, colours))


def _casts(part: Node) -> bool:
    """Whether a ``box-shadow`` is seen: a style sheet's defaults are transparent, or of no size."""
    shadows = _SHADOW.findall(str(part.style.get("bs", "")))
    return any(not _UNSEEN.match(colour) and re.search(r"[1-9]", lengths) for colour, lengths in shadows)


def _draws(content: str) -> bool:
    """Whether the content of ::before or ::after shows anything."""
    return content not in ("", "none", "normal") and bool(content.strip("\"' \u200b\xa0"))


def _font(text: Node) -> tuple[object, ...]:
    return tuple(text.style.get(name) for name in ("fs", "fw", "it", "ft"))


def _colour(text: Node) -> str:
    return str(text.style.get("c", ""))


def _most(texts: Sequence[Node], look: Callable[[Node], _Look]) -> _Look:
    """How most of the words look."""
    letters: Counter[_Look] = Counter()
    for text in texts:
        letters[look(text)] += _length([text])
    return letters.most_common(1)[0][0]


def _highest(own: Iterable[str], base: str) -> float | None:
    """The highest contrast of a link's colours to that of the words around it; None where one of them cannot be told."""
    colours, other = [rgb(colour) for colour in own], rgb(base)
    found = [contrast(colour, other) for colour in colours if colour is not None and other is not None]
    return max(found) if len(found) == len(colours) else None


def _of_backgrounds(link: Node, parts: Iterable[Node]) -> float | None:
    """The contrast of a link's own background to what is behind its block: 1 where it has none, None where one cannot be told."""
    own = next((str(part.style["bg"]) for part in parts if "bg" in part.style), None)
    if own is None:
        return 1.0
    painted = (node.style for node in link.ancestors() if node.style.get("d", "inline") != "inline")
    behind = next((style for style in painted if "bg" in style or "bi" in style), {"bg": _WHITE})
    return None if "bi" in behind else _highest([own], str(behind["bg"]))


def _code(colour: str) -> str:
    """A computed colour as it stands in style sheets, where it is opaque."""
    known = rgb(colour)
    return colour if known is None else "#{:02x}{:02x}{:02x}".format(*known)


RULE = Rule(
    name=Text("Liên kết trong đoạn văn không chỉ phân biệt bằng màu", "Links in text are told by more than colour"),
    why=Text(
        "Người mù màu, người nhìn kém không nhận ra liên kết giữa đoạn văn bản.",
        "People who are colour blind or have low vision do not see the link in the text.",
    ),
    criteria=("1.4.1",),
    needs=("dom",),
    applicability=links_in_text,
    expectation=more_than_colour_tells,
    techniques=("G182", "G183", "F73"),
    one_by=("colour", "text_colour"),
    messages={
        "colour_alone": message(
            vi="Liên kết trong đoạn văn chỉ phân biệt với chữ xung quanh bằng màu: “{link}” màu {colour}, chữ xung quanh "
            "{text_colour}, tương phản {ratio}:1 (dưới mức 3:1), không gạch chân và không có dấu hiệu nào khác.",
            en="A link in text is told from the words around it by colour alone: “{link}” is {colour}, the words around it "
            "{text_colour}, a contrast of {ratio}:1 (below 3:1), without a line under it or any other sign.",
            mend_vi="Gạch chân liên kết trong đoạn văn (text-decoration: underline), hoặc chọn màu tương phản ít nhất 3:1 với chữ "
            "xung quanh và thêm dấu hiệu khi trỏ chuột, nhận tiêu điểm.",
            mend_en="Underline links in text (text-decoration: underline), or give them a contrast of at least 3:1 with the words "
            "around and a further cue on hover and focus.",
        ),
        "colours_unknown": message(
            vi="Chưa rõ liên kết “{link}” ({colour}) có khác chữ xung quanh ({text_colour}) nhiều hơn ở màu không.",
            en="Whether more than colour tells the link “{link}” ({colour}) from the words around it ({text_colour}) is not certain.",
            mend_vi="Nhìn trang ở thang xám: liên kết này có phân biệt được với chữ xung quanh không (gạch chân, đậm, biểu tượng, "
            "sáng tối)? Không phân biệt được là lỗi.",
            mend_en="Look at the page in greyscale: can this link be told from the words around it (underline, weight, icon, "
            "lightness)? If not, it fails.",
        ),
    },
)
