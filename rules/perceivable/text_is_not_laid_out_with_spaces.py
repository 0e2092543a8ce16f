"""Columns and tables are not made of spaces

What it checks
    Text whose columns are made with runs of spaces, tabs or no-break spaces: at least three lines in ``pre`` (or with white space
    kept) whose parts begin at the same place, and lines divided by ``br`` with long runs of no-break spaces. Program code is left out,
    and so are lines that read well in line: each part after a gap has a name of its own ("Fax: …"), comes
    right after its name, or is a blank or box to fill in.

Why it matters
    A screen reader reads such lines from left to right and across the columns: half a sentence of one, half a sentence of the other,
    and no header with any of the numbers.

Fails
    ``<pre>Quận        Ngày trực      Địa điểm ⏎ Hải Khẩu    29/11/2025     Nhà văn hóa ⏎ Đông Bình   30/11/2025     Trường học</pre>``

Mended
    ``<table><tr><th scope="col">Quận</th><th scope="col">Ngày trực</th>…</tr>…</table>``; columns of text with CSS.

References
    WCAG 2.0 success criteria 1.3.1 and, where lines run on inside a column, 1.3.2; failures F33, F34, F48.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from wcag_audit.dom import Node
from wcag_audit.model import Text, cut, nfc
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, failed, message

#: Spaces between two columns, at least; and lines that show a column, at least.
_GAP = re.compile(r"(?<=\S)(?: {3,}|[ ]*\t[ \t]*)(?=\S)")
_NBSP_GAP = re.compile(r"(?<=\S)[ \u00a0\u2002\u2003\u3000]*(?:\u00a0 ?|[\u2002\u2003\u3000]){4,}(?=\S)")
_LINES = 3
_CODE = re.compile(r"[{};=<>]|\$ |//|^\s*#|\(\)", re.MULTILINE)
#: A part of a line that needs no column: it names its own value, or is to be filled in.
_OWN_NAME = re.compile(r"[^\W\d_][^:]{0,40}:(?:\s|$)")
_BLANK = re.compile(r"[._…]{3,}|…|[☐☑☒□▢■○◯]")
_WORDS = re.compile(r"[^\W\d_]{2,}")


def _lines(node: Node) -> list[str]:
    """The lines of an element as they are written, ``br`` ending one."""
    parts: list[str] = []
    for child in node.descendants():
        if child.is_text and child.visible:
            parts.append(str(child.raw["x"]))
        elif child.tag == "br":
            parts.append("\n")
    return [line.expandtabs(8).rstrip() for line in "".join(parts).split("\n")]


def _is_code(node: Node) -> bool:
    if next(node.elements("code", "samp", "kbd"), None) is not None or node.closest("code", "samp") is not None:
        return True
    return len(_CODE.findall(node.text)) >= 3


def spaced_text(evidence: Evidence) -> Iterator[Node]:
    """Elements that keep white space, and blocks with no-break spaces and line breaks, that hold at least three lines of words."""
    seen: set[int] = set()
    for text in evidence.dom.nodes:
        if not text.is_text or not text.visible or not text.exposed or text.parent is None:
            continue
        raw = str(text.raw["x"])
        kept = "ws" in text.style
        if not ((kept and ("\n" in raw or "   " in raw)) or "\u00a0" in raw or "\u3000" in raw):
            continue
        block = text.closest("pre") or text.block
        if block is None or block.index in seen or block.tag in ("textarea", "body", "html"):
            continue
        seen.add(block.index)
        lines = [line for line in _lines(block) if _WORDS.search(line)]
        if len(lines) >= _LINES and not _is_code(block):
            yield block


def _columns(lines: list[str]) -> int:
    """At how many places beside the first the parts of at least three lines begin (give or take one character)."""
    starts = Counter(match.end() for line in lines for match in _GAP.finditer(line))
    ends = Counter(match.start() + len(match[0].rstrip()) for line in lines for match in re.finditer(r"(?<= {3})\S+(?: \S+)*", line))
    places = max((sum(counts[at + shift] for shift in (-1, 0, 1)) for counts in (starts, ends) for at in counts), default=0)
    return sum(1 for count in starts.values() if count >= _LINES) or (1 if places >= _LINES else 0)


def _runs_on(lines: list[str]) -> bool:
    """Whether the text of a column goes on in the next line: a line without its first part, or one that goes on in small letters."""
    second = min((gap.end() for line in lines if (gap := re.search(r"(?<=\S) {3,}(?=\S)", line))), default=0)
    hanging = sum(1 for line in lines if len(line) - len(line.lstrip()) >= max(second - 1, 4))
    parts = [re.split(r" {3,}", line.strip()) for line in lines]
    going_on = sum(1 for a, b in pairwise(parts) if a[0][-1:] not in ".:;!?" and b[0][:1].islower())
    return hanging >= 2 or going_on >= 2


def _is_read_in_line(parts: list[str]) -> bool:
    """Whether every part after a gap is a value after its name, names its own value, or is to be filled in."""
    return all(before.endswith(":") or _OWN_NAME.match(part) or _BLANK.search(part) for before, part in pairwise(parts))


def has_no_columns_of_spaces(block: Node, evidence: Evidence) -> Finding | None:
    """Fewer than three lines have a part that begins, after a run of spaces, where a part of the others begins."""
    kept = "ws" in block.style or block.tag == "pre"
    lines = [nfc_line for line in _lines(block) if (nfc_line := line if kept else line.strip()) and _WORDS.search(line)]
    gap = _GAP if kept else _NBSP_GAP
    split = [(line, gap.split(line)) for line in lines if gap.search(line)]
    divided = [line for line, parts in split if all(re.search(r"\w", part) for part in parts) and not _is_read_in_line(parts)]
    if len(divided) < _LINES or len(divided) * 2 < len(lines) or (kept and not _columns(divided)):
        return PASSED
    values = {"lines": str(len(divided)), "sample": cut(" ⏎ ".join(re.sub(r"\s{3,}", " … ", line.strip()) for line in divided[:3]), 200)}
    criteria = ("1.3.1", "1.3.2") if _runs_on([line.replace("\u00a0", " ") for line in lines]) else ("1.3.1",)
    return failed("columns", {**values, "sample": nfc(values["sample"])}, criteria=criteria)


RULE = Rule(
    name=Text("Cột chữ và bảng không được dàn bằng dấu cách", "Columns and tables are not made of spaces"),
    why=Text(
        "Người mù dùng trình đọc màn hình nghe từng dòng ngang qua các cột, câu của cột này lẫn vào cột kia, số liệu không có tiêu đề.",
        "Blind people who use a screen reader hear each line across the columns: the sentences of one mix with those of the other, and no "
        "header comes with any figure.",
    ),
    criteria=("1.3.1", "1.3.2"),
    needs=("dom",),
    applicability=spaced_text,
    expectation=has_no_columns_of_spaces,
    techniques=("F33", "F34", "F48"),
    messages={
        "columns": message(
            vi="{lines} dòng chữ được dàn thành cột bằng dấu cách: “{sample}”",
            en="{lines} lines of text are laid out in columns with spaces: “{sample}”",
            mend_vi="Dùng bảng (<table> với <th>) cho số liệu, dùng CSS để chia cột văn bản.",
            mend_en="Use a table (<table> with <th>) for data, and CSS for columns of text.",
        ),
    },
)
