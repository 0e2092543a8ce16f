"""The lines of a list are a list

What it checks
    At least three lines in one block, divided by line breaks, that begin with bullets ("•", "●", "▪", "*") or with the numbers 1, 2, 3
    in turn, outside any list. Lines that begin with a dash are ordinary prose in administrative writing and are not judged.

Why it matters
    A screen reader says how many items a list has and which one is being read, and lets people skip it. Lines that only look like a
    list are one long run of words.

Fails
    ``<p>1. Tờ khai<br>2. Bản sao căn cước<br>3. Giấy ủy quyền</p>``

Mended
    ``<ol><li>Tờ khai</li><li>Bản sao căn cước</li><li>Giấy ủy quyền</li></ol>``

References
    WCAG 2.0 success criterion 1.3.1; technique H48; failure F2. Whether the lines make a list is for a person to see.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wcag_audit.dom import Node
from wcag_audit.model import Text, cut
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, message

_BULLET = re.compile(r"^\s*[•●◦▪▫■□►▶➢➤✓✔*]\s*\S")
_NUMBER = re.compile(r"^\s*(\d{1,2})\s*[.)]\s+\S")
_LINES = 3


def _lines(block: Node) -> list[str]:
    parts = ["\n" if node.tag == "br" else str(node.raw["x"]) if node.is_text and node.visible else "" for node in block.descendants()]
    text = "".join(parts) if "ws" in block.style else "".join(re.sub(r"[ \t\r\n]+", " ", part) if part != "\n" else part for part in parts)
    return [line.strip() for line in text.split("\n") if line.strip()]


def broken_block(evidence: Evidence) -> Iterator[tuple[Node, list[str]]]:
    """Blocks of at least three lines, divided by ``br`` or in ``pre``, outside lists, tables and code."""
    seen: set[int] = set()
    for node in (*evidence.dom.all("br"), *evidence.dom.all("pre")):
        block = node if node.tag == "pre" else node.parent
        if block is None or block.index in seen or not block.visible or not block.exposed:
            continue
        seen.add(block.index)
        inside = block.closest("ul", "ol", "dl", "table", "code", "address") is not None or block.closest_role("list") is not None
        if not inside and next(block.elements("code", "ul", "ol", "table"), None) is None and len(lines := _lines(block)) >= _LINES:
            yield block, lines


def lines_are_no_list(target: tuple[Node, list[str]], evidence: Evidence) -> Finding | None:
    """Fewer than three lines in a row begin like the items of a list."""
    block, lines = target
    run: list[str] = []
    for line in lines:
        number = _NUMBER.match(line)
        if _BULLET.match(line) or (number and int(number[1]) == len(run) + 1):
            run.append(line)
        elif len(run) < _LINES:
            run = []
    if len(run) < _LINES:
        return PASSED
    return cant_tell("looks_like_a_list", {"count": str(len(run)), "lines": " | ".join(cut(line, 50) for line in run[:4])}, node=block)


RULE = Rule(
    name=Text("Các dòng của danh sách nằm trong danh sách", "The lines of a list are a list"),
    why=Text(
        "Người mù dùng trình đọc màn hình không được báo danh sách có bao nhiêu mục, đang nghe mục nào, và không bỏ qua danh sách được.",
        "Blind people who use a screen reader are not told how many items the list has or which one is being read, and cannot skip it.",
    ),
    criteria=("1.3.1",),
    needs=("dom",),
    applicability=broken_block,
    expectation=lines_are_no_list,
    techniques=("H48", "F2"),
    messages={
        "looks_like_a_list": message(
            vi="{count} dòng trình bày như danh sách nhưng không nằm trong danh sách: “{lines}”",
            en="{count} lines look like a list, but are in none: “{lines}”",
            mend_vi="Nếu là danh sách, dùng <ul> hoặc <ol> với các mục <li>.",
            mend_en="If they are a list, use <ul> or <ol> with <li> items.",
        ),
    },
)
