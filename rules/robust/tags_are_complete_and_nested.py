"""Tags in the source are complete and nested

What it checks
    The page's source as it was sent, read by the parsing rules of the HTML standard: elements without the end tag that they need, end
    tags without a start, elements that overlap, elements where their parent cannot hold them, tags with a lost quote or bracket, and
    values of several words without quotes (where a later word has Vietnamese letters, which no attribute's name has).
    End tags that the standard lets authors leave out (``</li>``, ``</p>``, ``</td>`` …) are not asked for.

Why it matters
    Each program repairs broken markup in its own way. Browsers agree with each other, but a screen reader, a reading mode or a
    converter of e-forms may close a table or a field group elsewhere, and then reads other content than the one that is shown.

Fails
    ``<b>Lưu ý: <i>hạn nộp</b> là 15/6</i>``

Mended
    ``<b>Lưu ý: <i>hạn nộp</i></b> <i>là 15/6</i>``

References
    WCAG 2.0 success criterion 4.1.1; failure F70; techniques G134, G192, H74, H88. The W3C's later errata count the criterion as met
    by every HTML page; a profile's ``errata`` switch decides which text is scored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from wcag_audit.model import Text
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, failed, message
from wcag_audit.rules.robust._source import Slip, Source, excerpt, shape, slips, source_of, target_at, unquoted

#: A paragraph followed by a bare, empty one that nothing closes: the second tag was meant as the end tag (F70, example 2).
_SLASHLESS = re.compile(r"<p(?:\s[^<>]*)?>[^<]*\S[^<]*(<p>)\s*(?=</(?!p\b))", re.IGNORECASE)
_PARAGRAPH = re.compile(r"<p[\s>]", re.IGNORECASE)
_PARAGRAPH_END = re.compile(r"</p\s*>", re.IGNORECASE)


class Lot(NamedTuple):
    """Slips of one kind in the same markup: one defect of a template, wherever it repeats. No slips at all: the source is in order."""

    source: Source
    slips: tuple[Slip, ...]


def lots_of_tags(evidence: Evidence) -> Iterator[Lot]:
    """The source's slips, alike ones together; one lot without slips where there are none."""
    source = source_of(evidence)
    if source is None or not source.tags:
        return
    lots: dict[tuple[str, str, str], list[Slip]] = {}
    for slip in (*slips(source), *_slashless(source), *unquoted(source)):
        lots.setdefault((slip.kind, slip.tag, shape(source.text[slip.start : slip.end])), []).append(slip)
    yield from (Lot(source, tuple(found)) for found in lots.values())
    if not lots:
        yield Lot(source, ())


def _slashless(source: Source) -> Iterator[Slip]:
    """Only where every other paragraph is closed: an author who leaves end tags out means a new paragraph."""
    matches = list(_SLASHLESS.finditer(source.text))
    unclosed = len(_PARAGRAPH.findall(source.text)) - len(_PARAGRAPH_END.findall(source.text))
    if matches and unclosed == 2 * len(matches):
        yield from (Slip("slashless", "p", match.start(), match.end(1)) for match in matches)


def no_slips(lot: Lot, evidence: Evidence) -> Finding | None:
    """The lot holds none."""
    if not lot.slips:
        return PASSED
    first = lot.slips[0]
    line, column = lot.source.place(first.start)
    markup = excerpt(lot.source, first.start, first.end)
    values = {"tag": first.tag, "line": str(line), "column": str(column), "code": markup, "count": str(len(lot.slips))}
    return failed(first.kind, values, target=target_at(evidence, lot.source, f"{first.kind}>{first.tag}", first.start, markup))


def _where(vi: str, en: str, mend_vi: str, mend_en: str) -> dict[str, str]:
    return {
        "vi": f"{vi} Mã nguồn dòng {{line}}, cột {{column}}: {{code}} ({{count}} chỗ giống nhau)",
        "en": f"{en} Source line {{line}}, column {{column}}: {{code}} ({{count}} alike)",
        "mend_vi": mend_vi,
        "mend_en": mend_en,
    }


RULE = Rule(
    name=Text("Các thẻ trong mã nguồn được đóng mở đủ và lồng nhau đúng", "Tags in the source are complete and nested"),
    why=Text(
        "Mỗi chương trình tự sửa mã sai theo cách riêng. Người dùng công nghệ hỗ trợ có thể nhận được nội dung, bảng hoặc nhóm trường "
        "khác với nội dung hiển thị trên màn hình.",
        "Each program repairs broken markup in its own way. People who use assistive technology may get content, tables or groups of "
        "fields other than those on the screen.",
    ),
    criteria=("4.1.1",),
    needs=("source", "dom"),
    applicability=lots_of_tags,
    expectation=no_slips,
    techniques=("F70", "G134", "G192", "H74", "H88"),
    messages={
        "unclosed": message(
            **_where(
                "Phần tử <{tag}> không có thẻ đóng trước khi phần tử chứa nó kết thúc.",
                "The element <{tag}> has no end tag before the element round it ends.",
                "Thêm </{tag}> vào đúng chỗ phần tử kết thúc.",
                "Add </{tag}> where the element ends.",
            )
        ),
        "unopened": message(
            **_where(
                "Thẻ đóng </{tag}> không có thẻ mở tương ứng đang mở ở chỗ đó.",
                "The end tag </{tag}> has no start tag that is open there.",
                "Bỏ thẻ đóng thừa, hoặc thêm <{tag}> vào chỗ phần tử bắt đầu.",
                "Remove the spare end tag, or add <{tag}> where the element starts.",
            )
        ),
        "crossed": message(
            **_where(
                "Phần tử <{tag}> đóng chéo với phần tử khác.",
                "The element <{tag}> overlaps another one.",
                "Đóng phần tử mở sau trước, rồi mới đóng </{tag}>.",
                "Close the element that was opened last first, then </{tag}>.",
            )
        ),
        "misplaced": message(
            **_where(
                "Thẻ <{tag}> đứng ở chỗ mà chuẩn HTML không cho phép.",
                "The tag <{tag}> stands where HTML does not allow it.",
                "Đưa <{tag}> vào đúng phần tử cha (ví dụ td trong tr), hoặc đóng phần tử trước nó.",
                "Move <{tag}> into a parent that may hold it (td in tr, for example), or close the element before it.",
            )
        ),
        "garbled": message(
            **_where(
                "Thẻ <{tag}> viết hỏng: thiếu dấu nháy, dấu > hoặc khoảng trắng giữa các thuộc tính.",
                "The tag <{tag}> is badly written: a quote, a > or the space between attributes is missing.",
                "Viết lại thẻ với đủ dấu nháy, dấu > và khoảng trắng giữa các thuộc tính.",
                "Write the tag again with its quotes, its > and spaces between its attributes.",
            )
        ),
        "unquoted": message(
            **_where(
                "Thẻ <{tag}> có giá trị nhiều từ mà không có dấu nháy, nên chỉ từ đầu còn lại.",
                "The tag <{tag}> has a value of several words without quotes, so that only its first word is left.",
                "Đặt giá trị trong dấu nháy, ví dụ alt=\"Bản đồ hành chính\".",
                "Put the value in quotes, such as alt=\"Bản đồ hành chính\".",
            )
        ),
        "slashless": message(
            **_where(
                "Thẻ <{tag}> thứ hai đứng ở chỗ của thẻ đóng nhưng thiếu dấu gạch chéo.",
                "The second <{tag}> stands where the end tag belongs, but lacks its slash.",
                "Viết </{tag}> thay cho thẻ <{tag}> thứ hai.",
                "Write </{tag}> in place of the second <{tag}>.",
            )
        ),
    },
)
