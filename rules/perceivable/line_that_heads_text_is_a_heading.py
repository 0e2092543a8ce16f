"""A line that heads text is a heading

What it checks
    Short lines of their own (in a block, in a cell of a table that lays out the page, or between line breaks) that are larger or bolder
    than the text that follows them and have no heading role. Three or more alike that are both larger and bold are headings for
    certain, and so is one that looks like the real headings around it. Three or more bold ones over sentences that are set in under
    them head these for certain, be it as headings or as terms. Other lines that are only bold, and single ones, are shown to a person;
    so are key figures, and bold names over text in a bubble or name by name, as in comments.

Why it matters
    People who use a screen reader jump from heading to heading to find their place. A long guide whose headings are only big letters
    is one block to them: they have to listen to all of it.

Fails
    ``<p class="big">Chuẩn bị giấy tờ</p><p>Người nộp chụp …</p><p class="big">Nộp lệ phí</p><p>…</p>`` and a third such line

Mended
    ``<h2>Chuẩn bị giấy tờ</h2><p>Người nộp chụp …</p><h2>Nộp lệ phí</h2><p>…</p>``

References
    WCAG 2.0 success criterion 1.3.1; techniques H40, H42; failure F2. Bold words inside a sentence, labels, captions, links, subtitles in
    an ``hgroup``, messages of a ``log``, a line whose sentence goes on in the text below, and lines of the page's header, footer and
    navigation are not judged.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from wcag_audit.dom import Node
from wcag_audit.model import Text
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.perceivable._tables import layout_tables

_HOLDERS = frozenset(("p", "div", "span", "b", "strong", "font", "center", "em", "i", "u", "section", "article", "main", "body", "form"))
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LISTS = ("table", "ul", "ol", "dl", "figure", "figcaption", "blockquote")
_OUTSIDE = frozenset((*_HEADINGS, "hgroup", *_LISTS, "header", "footer", "nav", "aside", "label", "legend", "button", "a", "summary"))
_REGIONS = ("banner", "contentinfo", "navigation", "complementary", "dialog", "alertdialog", "alert", "status", "log")
_OUTSIDE_ROLES = frozenset((*_REGIONS, "heading", "tab", "button", "link", "radiogroup", "group"))
#: Characters of the longest heading, and letters of the text that follows, at least.
_LONGEST, _BODY = 100, 40
#: How far a text is set in that is plainly under the line above it, in CSS pixels.
_INDENT = 8.0
_FIGURE = re.compile(r"[+~<>≈]?\d[\d.,]*\s*(?:[%+/]|(?P<unit>[^\W\d_]))")
#: The first words of what is not the rest of a sentence: "a) …".
_POINT = re.compile(r"\w{1,3}[.)]\s")


class Line(NamedTuple):
    """A block of one short line, how it looks, and the block of text that follows it."""

    block: Node
    size: float
    bold: bool
    body: Node
    body_size: float
    #: How much further right than the line the text after it begins, in CSS pixels.
    indent: float

    @property
    def is_larger(self) -> bool:
        return self.size >= 1.15 * self.body_size

    @property
    def is_part(self) -> bool:
        """Whether it is a line of a block, between line breaks."""
        return self.block.style.get("d") in (None, "inline")

    @property
    def is_figure(self) -> bool:
        """Whether it is a figure that the text tells of ("98,5% hồ sơ"), not a numbered title."""
        match = _FIGURE.match(self.block.visible_text)
        return match is not None and (match["unit"] is None or match["unit"].islower())

    @property
    def is_over_bubble(self) -> bool:
        """Whether the text has a ground of its own, as messages have."""
        around = (self.body, *self.body.ancestors())
        return any("bg" in node.style for node in around if not node.is_text and not node.contains(self.block))

    @property
    def look(self) -> tuple[float, bool, str, str]:
        """What lines have in common that are meant to be of one kind."""
        return self.size, self.bold, self.block.tag, str(self.block.style.get("c", ""))


def _texts_by_line(evidence: Evidence) -> list[tuple[Node, list[Node]]]:
    """Blocks with text of their own in document order; of blocks divided by ``br``, the element or text of each part."""
    table: dict[tuple[int, int], tuple[Node, list[Node]]] = {}
    breaks: Counter[int] = Counter()
    for node in evidence.dom.nodes:
        block = node.block if node.tag in ("#text", "br") and node.frame.index == 0 else None
        if block is not None and node.tag == "br":
            breaks[block.index] += 1
        elif block is not None and node.visible and node.exposed:
            table.setdefault((block.index, breaks.get(block.index, 0)), (block, []))[1].append(node)
    parts = {index for index, part in table if part}
    lines = [(_holder(block, texts) if block.index in parts else block, texts) for block, texts in table.values()]
    return sorted(lines, key=lambda line: line[0].index)


def _holder(block: Node, texts: list[Node]) -> Node:
    """The outermost element that holds the texts of one line in a block and nothing else; the first text where there is none."""
    holder = texts[0]
    for around in texts[0].ancestors():
        if around is block or len(around.texts) != len(texts):
            break
        holder = around
    return holder


def _look(texts: list[Node]) -> tuple[float, bool] | None:
    """Font size and boldness, where all texts share them."""
    looks = {(float(text.style.get("fs", 16)), text.style.get("fw", 400) >= 600) for text in texts}
    return looks.pop() if len(looks) == 1 else None


def _outside(block: Node, evidence: Evidence) -> bool:
    """Whether it stands where a line is no heading of text: in a list, table of data, form label, header, footer or control."""
    layout = layout_tables(evidence)
    chain = (node for node in (block, *block.ancestors()) if node.index not in layout)
    return any(node.tag in _OUTSIDE or node.role in _OUTSIDE_ROLES for node in chain)


def _is_line(block: Node, texts: list[Node], evidence: Evidence) -> bool:
    if block.tag not in _HOLDERS or sum(len(str(node.raw["x"])) for node in texts) > 3 * _LONGEST:
        return False
    text = block.visible_text
    if not 3 <= len(text) <= _LONGEST or text.rstrip()[-1:] in ".,;…" or not any(c.isalpha() for c in text):
        return False
    one_line = block.box is not None and block.box.height <= 3.2 * float(texts[0].style.get("fs", 16))
    plain = next(block.elements("input", "select", "textarea", "button", "a", "img"), None) is None
    return one_line and plain and not _outside(block, evidence)


def _lines(evidence: Evidence) -> list[Line]:
    blocks = _texts_by_line(evidence)
    found = []
    for (block, texts), (after, body) in pairwise(blocks):
        if not _is_line(block, texts, evidence) or block.contains(after) or after.contains(block):
            continue
        if _outside(after, evidence):
            continue
        if (look := _look(texts)) is None:
            continue
        size, bold = look
        body_size = max(float(text.style.get("fs", 16)) for text in body)
        # Between line breaks a bold line is as often a name before its value.
        line = Line(block, size, bold, after, body_size, _left(body) - _left(texts))
        if line.is_part and not line.is_larger:
            continue
        plain = any(text.style.get("fw", 400) < 600 for text in body)
        letters = sum(1 for text in body for c in str(text.raw["x"]) if c.isalpha())
        near = block.box is not None and after.box is not None and -2 <= after.box.y - (block.box.y + block.box.height) <= 60
        longer = letters >= _BODY and letters > len(block.visible_text)
        text = after.visible_text
        goes_on = text[:1].islower() and not _POINT.match(text)
        if near and plain and longer and not goes_on and body_size <= size and (bold or size >= 1.15 * body_size):
            found.append(line)
    return found


def _left(texts: list[Node]) -> float:
    return min((text.box.x for text in texts if text.box is not None), default=0.0)


def groups_of_lines(evidence: Evidence) -> Iterator[list[Line]]:
    """Lines that look like headings of the text after them, those of one look together."""
    table: dict[tuple[float, bool, str, str], list[Line]] = {}
    for line in evidence.share("heading-lines", _lines):
        table.setdefault(line.look, []).append(line)
    yield from table.values()


def _headings(evidence: Evidence) -> list[Node]:
    return [node for node in evidence.dom.with_role("heading") if node.exposed and node.visible and node.frame.index == 0 and node.text]


def _peer(line: Line, headings: list[Node]) -> Node | None:
    """A real heading of the same weight and about the same size, with one of them before and one after the line."""
    alike = [
        node for node in headings
        if (texts := [t for t in node.texts if t.visible]) and abs(float(texts[0].style.get("fs", 16)) - line.size) <= 1.5
        and (texts[0].style.get("fw", 400) >= 600) == line.bold
    ]  # fmt: skip
    before = [node for node in alike if node.index < line.block.index]
    return before[-1] if before and len(before) < len(alike) else None


def _is_over_indented_text(line: Line) -> bool:
    return line.bold and line.indent >= _INDENT and line.body.visible_text.endswith(".") and not line.is_over_bubble


def _may_be_authors(lines: list[Line]) -> bool:
    """Whether they look like names of those who speak: each word with a capital, or one line again and again."""
    words = [line.block.visible_text.split() for line in lines]
    capital = all(2 <= len(name) <= 5 and all(word[:1].isupper() for word in name) for name in words)
    return capital or len({line.block.visible_text for line in lines}) < len(lines)


def lines_are_headings(lines: list[Line], evidence: Evidence) -> Finding | None:
    """They are no headings for certain: too few, too little unlike the text, or unlike the real headings."""
    first, headings = lines[0], _headings(evidence)
    sample = " | ".join(line.block.visible_text for line in lines[:4])
    values = {"count": str(len(lines)), "lines": sample, "size": f"{first.size:g}", "body": f"{first.body_size:g}"}
    figures = all(line.is_figure for line in lines)
    if len(lines) >= 3 and all(line.bold and line.is_larger for line in lines) and not figures:
        return failed("fake", values, node=first.block)
    if len(lines) >= 3 and all(map(_is_over_indented_text, lines)) and not figures and not _may_be_authors(lines):
        return failed("over_indented_text", values, node=first.block)
    if first.bold and first.is_larger and not figures and (peer := _peer(first, headings)) is not None:
        return failed("among_headings", {**values, "heading": peer.text}, node=first.block)
    # One line between line breaks, or in a table that lays out the page, may be the name over an address.
    is_title = len(lines) >= 2 or not (first.is_part or first.block.closest("table"))
    if not headings and not figures and first.bold and first.size >= 1.5 * first.body_size and is_title:
        return failed("fake", values, node=first.block)
    # One question a page: the lines that are most like headings.
    if (len(lines) >= 3 or (len(lines) == 2 and first.bold and first.is_larger)) and _is_foremost(lines, evidence):
        return cant_tell("perhaps_headings", values, node=first.block)
    return PASSED


def _is_foremost(lines: list[Line], evidence: Evidence) -> bool:
    weights = [(group[0].bold and group[0].is_larger, len(group), -group[0].block.index) for group in groups_of_lines(evidence)]
    return (lines[0].bold and lines[0].is_larger, len(lines), -lines[0].block.index) == max(weights)


RULE = Rule(
    name=Text("Dòng đứng đầu một phần nội dung là tiêu đề", "A line that heads text is a heading"),
    why=Text(
        "Người mù dùng trình đọc màn hình chuyển từ tiêu đề này sang tiêu đề khác để tìm nội dung. Tiêu đề chỉ là chữ to, chữ đậm thì họ "
        "phải nghe cả trang từ đầu đến cuối.",
        "Blind people who use a screen reader jump from heading to heading to find their place. Where headings are only large or bold "
        "letters, they have to listen to the whole page.",
    ),
    criteria=("1.3.1",),
    needs=("dom",),
    applicability=groups_of_lines,
    expectation=lines_are_headings,
    techniques=("F2", "H40", "H42"),
    messages={
        "fake": message(
            vi="{count} dòng trình bày như tiêu đề ({size}px, đậm; nội dung {body}px) nhưng không phải tiêu đề: “{lines}”",
            en="{count} lines look like headings ({size}px, bold; text {body}px), but are none: “{lines}”",
            mend_vi="Dùng thẻ tiêu đề <h2>, <h3>… cho các dòng này.",
            mend_en="Make these lines headings: <h2>, <h3> and so on.",
        ),
        "over_indented_text": message(
            vi="{count} dòng in đậm đứng trên đoạn văn lùi vào bên dưới nhưng không phải tiêu đề hay thuật ngữ của danh sách: “{lines}”",
            en="{count} bold lines stand over text that is set in under them, but are no headings and no terms of a list: “{lines}”",
            mend_vi="Dùng thẻ tiêu đề <h2>, <h3>…, hoặc danh sách <dl> với <dt> cho dòng đậm và <dd> cho phần giải nghĩa.",
            mend_en="Use headings <h2>, <h3> and so on, or a list <dl> with <dt> for the bold line and <dd> for what explains it.",
        ),
        "among_headings": message(
            vi="Dòng “{lines}” trình bày như các tiêu đề quanh nó (ví dụ “{heading}”) nhưng không phải tiêu đề",
            en="The line “{lines}” looks like the headings around it (such as “{heading}”), but is none",
            mend_vi="Dùng thẻ tiêu đề cùng cấp với các tiêu đề quanh nó.",
            mend_en="Make it a heading of the same level as those around it.",
        ),
        "perhaps_headings": message(
            vi="{count} dòng có thể là tiêu đề nhưng không có thẻ tiêu đề: “{lines}”",
            en="{count} lines may be headings, but are not marked as such: “{lines}”",
            mend_vi="Nếu mỗi dòng đặt tên cho phần nội dung sau nó, dùng thẻ <h2>, <h3>…",
            mend_en="Where each line names the text after it, make it <h2>, <h3> and so on.",
        ),
    },
)
