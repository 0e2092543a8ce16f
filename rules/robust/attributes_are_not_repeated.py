"""No tag has the same attribute twice

What it checks
    Every start tag of the page's source as it was sent: no attribute name stands in it twice. Comments, scripts and templates are
    left out.

Why it matters
    A browser keeps the first of two attributes of one name and drops the second without a word; other programs keep the last. A
    ``class``, an ``alt`` or an ``aria-label`` that the author wrote is then lost for some people and not for others.

Fails
    ``<a class="nut" href="/nop" class="nut-chinh">Nộp hồ sơ</a>``

Mended
    ``<a class="nut nut-chinh" href="/nop">Nộp hồ sơ</a>``

References
    WCAG 2.0 success criterion 4.1.1; ACT rule e6952f; techniques H94, G134.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from wcag_audit.model import Text
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, failed, message
from wcag_audit.rules.robust._source import Source, Tag, excerpt, shape, source_of, target_at


class Lot(NamedTuple):
    """Start tags with the same repeated attributes in the same markup; ``repeated`` is empty for the lot of all sound tags."""

    source: Source
    repeated: tuple[str, ...]
    tags: tuple[Tag, ...]


def lots_of_start_tags(evidence: Evidence) -> Iterator[Lot]:
    """The start tags that have attributes; those with a repeated one by their markup, the sound ones together."""
    source = source_of(evidence)
    if source is None:
        return
    lots: dict[tuple[tuple[str, ...], str], list[Tag]] = {}
    for tag in source.tags:
        if tag.attributes:
            names = [name for name, _ in tag.attributes]
            repeated = () if len(set(names)) == len(names) else tuple(name for name, count in Counter(names).items() if count > 1)
            lots.setdefault((repeated, shape(source.text[tag.start : tag.end]) if repeated else ""), []).append(tag)
    yield from (Lot(source, repeated, tuple(tags)) for (repeated, _), tags in lots.items())


def no_attribute_repeated(lot: Lot, evidence: Evidence) -> Finding | None:
    """None of the lot's attributes stands twice in its tag."""
    if not lot.repeated:
        return PASSED
    first = lot.tags[0]
    line, column = lot.source.place(first.start)
    markup = excerpt(lot.source, first.start, first.end)
    written = [f'{name}="{value}"' for name, value in first.attributes if name in lot.repeated]
    values = {
        "attribute": ", ".join(lot.repeated),
        "written": "; ".join(written),
        "tag": first.name,
        "line": str(line),
        "column": str(column),
        "count": str(len(lot.tags)),
    }
    return failed("repeated", values, target=target_at(evidence, lot.source, f"repeated>{first.name}", first.start, markup))


RULE = Rule(
    name=Text("Không thẻ nào có hai thuộc tính trùng tên", "No tag has the same attribute twice"),
    why=Text(
        "Trình duyệt bỏ thuộc tính thứ hai trùng tên. Nếu đó là văn bản thay thế hoặc nhãn thì người mù dùng trình đọc màn hình không "
        "nhận được.",
        "A browser drops the second attribute of the same name. Where that was a text alternative or a label, it never reaches blind "
        "people who use a screen reader.",
    ),
    criteria=("4.1.1",),
    needs=("source", "dom"),
    applicability=lots_of_start_tags,
    expectation=no_attribute_repeated,
    act=("e6952f",),
    techniques=("H94", "G134"),
    messages={
        "repeated": message(
            vi="Thẻ <{tag}> có thuộc tính viết hai lần: {attribute} ({written}). Mã nguồn dòng {line}, cột {column}; {count} thẻ như vậy.",
            en="The tag <{tag}> has an attribute twice: {attribute} ({written}). Source line {line}, column {column}; {count} such tags.",
            mend_vi="Giữ lại một thuộc tính {attribute} và gộp các giá trị cần dùng vào đó.",
            mend_en="Keep one attribute {attribute} and put the values that are needed into it.",
        ),
    },
)
