"""The lines of a list are a list

What it checks
    At least three lines in one block, divided by line breaks, that begin with bullets ("•", "●", "▪", "*") or with the numbers 1, 2, 3
    in turn, and at least three paragraphs in a row that begin with bullets, outside any list and any table but one that lays out the
    page: a person is asked. Lines that begin with one small picture without a name fail: nothing in their text shows the list. Lines
    that begin with a dash are ordinary prose in administrative writing and are not judged.

Why it matters
    A screen reader says how many items a list has and which one is being read, and lets people skip it. Lines that only look like a
    list are one long run of words.

Fails
    ``<p>1. Tờ khai<br>2. Bản sao căn cước<br>3. Giấy ủy quyền</p>``

Mended
    ``<ol><li>Tờ khai</li><li>Bản sao căn cước</li><li>Giấy ủy quyền</li></ol>``

References
    WCAG 2.0 success criterion 1.3.1; technique H48; failure F2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from wcag_audit.dom import Node
from wcag_audit.model import Text, cut
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.perceivable._pictures import readable, size, source_of
from wcag_audit.rules.perceivable._tables import layout_tables

_BULLET = re.compile(r"^\s*[•●◦▪▫■□►▶➢➤✓✔*]\s*\S")
_NUMBER = re.compile(r"^\s*(\d{1,2})\s*[.)]\s+\S")
_LINES = 3
#: What begins a line and is no mark of a footnote.
_POINT = re.compile(r"^\s*[•●◦▪▫■□►▶➢➤✓✔]\s*\S?")
#: CSS pixels up to which a picture may be a bullet.
_SMALL = 24


class Lines(NamedTuple):
    """Lines that may be a list, the element to name, and whether a picture begins each of them."""

    block: Node
    lines: list[str]
    pictures: bool = False


def _lines(block: Node) -> list[str]:
    parts = ["\n" if node.tag == "br" else str(node.raw["x"]) if node.is_text and node.visible else "" for node in block.descendants()]
    text = "".join(parts) if "ws" in block.style else "".join(re.sub(r"[ \t\r\n]+", " ", part) if part != "\n" else part for part in parts)
    return [line.strip() for line in text.split("\n") if line.strip()]


def _is_inside_list(block: Node, evidence: Evidence) -> bool:
    tables = (node for node in block.ancestors() if node.tag == "table")
    of_data = any(table.index not in layout_tables(evidence) for table in tables)
    return of_data or block.closest("ul", "ol", "dl", "code", "address") is not None or block.closest_role("list") is not None


def _broken_blocks(evidence: Evidence) -> Iterator[Lines]:
    """Blocks of at least three lines, divided by ``br`` or in ``pre``, outside lists, tables and code."""
    seen: set[int] = set()
    for node in (*evidence.dom.all("br"), *evidence.dom.all("pre")):
        block = node if node.tag == "pre" else node.parent
        if block is None or block.index in seen or not block.visible or not block.exposed:
            continue
        seen.add(block.index)
        holds = next(block.elements("code", "ul", "ol", "table"), None) is not None
        if not _is_inside_list(block, evidence) and not holds and len(lines := _lines(block)) >= _LINES:
            yield Lines(block, lines)


def _paragraphs(evidence: Evidence) -> Iterator[Lines]:
    """At least three neighbours whose text begins with a bullet, outside lists and tables."""
    run: list[Node] = []
    for text in evidence.dom.nodes:
        if not text.is_text or not text.visible or not text.exposed or not _POINT.match(str(text.raw["x"])):
            continue
        block = text.block
        if block is None or block.parent is None or not block.text.startswith(str(text.raw["x"]).strip()):
            continue
        if _is_inside_list(block, evidence):
            continue
        if run and not (block.parent is run[-1].parent and _are_neighbours(run[-1], block)):
            if len(run) >= _LINES:
                yield Lines(run[0], [node.visible_text for node in run])
            run = []
        if not run or run[-1] is not block:
            run.append(block)
    if len(run) >= _LINES:
        yield Lines(run[0], [node.visible_text for node in run])


def _are_neighbours(before: Node, after: Node) -> bool:
    between = (node for node in before.parent.children if before.index < node.index < after.index) if before.parent else iter(())
    return not any(node.visible and node.text for node in between)


def _pictured(evidence: Evidence) -> Iterator[Lines]:
    """Blocks in which one small picture without a name begins at least three lines, one after the other."""
    table: dict[tuple[int, str], list[Node]] = {}
    for image in evidence.dom.all("img"):
        small = image.visible and 0 < max(size(image)) <= _SMALL and not readable(image.name)
        if small and image.parent is not None and _begins_a_line(image):
            table.setdefault((image.parent.index, source_of(image)), []).append(image)
    for images in table.values():
        block = images[0].parent
        if len(images) < _LINES or block is None or block.closest("ul", "ol", "dl", "nav") is not None:
            continue
        lines = [_line_after(image) for image in images]
        if all(sum(c.isalpha() for c in line) >= 3 for line in lines) and block.closest_role("list", "navigation", "menu") is None:
            yield Lines(block, lines, pictures=True)


def _begins_a_line(image: Node) -> bool:
    """Whether a line break, or nothing, stands right before it."""
    assert image.parent is not None
    before = [node for node in image.parent.children if node.index < image.index and not (node.is_text and not node.visible)]
    before = [node for node in before if not (node.is_text and not str(node.raw["x"]).strip())]
    return not before or before[-1].tag in ("br", "hr")


def _line_after(image: Node) -> str:
    """What stands between a picture and the next line break."""
    assert image.parent is not None
    parts: list[str] = []
    for node in image.parent.children:
        if node.index > image.index and node.tag == "br":
            break
        if node.index > image.index:
            parts.append(node.visible_text)
    return " ".join(part for part in parts if part)


def lines_like_items(evidence: Evidence) -> Iterator[Lines]:
    """Lines of one block, and paragraphs in a row, that may be the items of a list."""
    pictured = list(_pictured(evidence))
    yield from pictured
    shown = {lines.block.index for lines in pictured}
    yield from (lines for lines in _broken_blocks(evidence) if lines.block.index not in shown)
    yield from _paragraphs(evidence)


def lines_are_no_list(target: Lines, evidence: Evidence) -> Finding | None:
    """Fewer than three lines in a row begin like the items of a list."""
    block, lines, pictures = target
    if pictures:
        return failed("picture_bullets", {"count": str(len(lines)), "lines": _sample(lines)}, node=block)
    run: list[str] = []
    for line in lines:
        number = _NUMBER.match(line)
        if _BULLET.match(line) or (number and int(number[1]) == len(run) + 1):
            run.append(line)
        elif len(run) < _LINES:
            run = []
    if len(run) < _LINES:
        return PASSED
    return cant_tell("looks_like_a_list", {"count": str(len(run)), "lines": _sample(run)}, node=block)


def _sample(lines: list[str]) -> str:
    return " | ".join(cut(line, 50) for line in lines[:4])


RULE = Rule(
    name=Text("Các dòng của danh sách nằm trong danh sách", "The lines of a list are a list"),
    why=Text(
        "Người mù dùng trình đọc màn hình không được báo danh sách có bao nhiêu mục, đang nghe mục nào, và không bỏ qua danh sách được.",
        "Blind people who use a screen reader are not told how many items the list has or which one is being read, and cannot skip it.",
    ),
    criteria=("1.3.1",),
    needs=("dom",),
    applicability=lines_like_items,
    expectation=lines_are_no_list,
    techniques=("H48", "F2"),
    messages={
        "picture_bullets": message(
            vi="{count} dòng có cùng một hình nhỏ ở đầu như gạch đầu dòng nhưng không nằm trong danh sách: “{lines}”",
            en="{count} lines begin with the same small picture as their bullet, but are in no list: “{lines}”",
            mend_vi="Dùng <ul> với các mục <li> và đặt hình bằng CSS (list-style-image).",
            mend_en="Use <ul> with <li> items, and set the picture with CSS (list-style-image).",
        ),
        "looks_like_a_list": message(
            vi="{count} dòng trình bày như danh sách nhưng không nằm trong danh sách: “{lines}”",
            en="{count} lines look like a list, but are in none: “{lines}”",
            mend_vi="Nếu là danh sách, dùng <ul> hoặc <ol> với các mục <li>.",
            mend_en="If they are a list, use <ul> or <ol> with <li> items.",
        ),
    },
)
