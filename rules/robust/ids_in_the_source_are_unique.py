"""Ids in the source are unique

What it checks
    The ``id`` attributes of the page's source as it was sent: no two elements carry the same one. An id that is still double in the
    rendered page is axe's duplicate-id; this rule finds those that a script removes or renames after loading.

Why it matters
    Labels, table headers and ARIA references point at ids. Where two elements share one, each program may follow the reference to
    another element, so a field can be announced with the label of its neighbour. What scripts mend later is broken until then.

Fails
    ``<div id="muc">…</div> … <div id="muc">…</div>``

Mended
    ``<div id="muc-1">…</div> … <div id="muc-2">…</div>``

References
    WCAG 2.0 success criterion 4.1.1; failure F77; technique H93; ACT rule 3ea0c8.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from wcag_audit.model import Text
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, failed, message
from wcag_audit.rules.robust._source import Source, Tag, excerpt, source_of, target_at


class Bearers(NamedTuple):
    """The start tags that carry one id."""

    source: Source
    identifier: str
    tags: tuple[Tag, ...]


def ids_of_the_source(evidence: Evidence) -> Iterator[Bearers]:
    """Each id of the source, save those that axe finds double in the rendered page."""
    source = source_of(evidence)
    root = evidence.dom.root
    if source is None or root is None:
        return
    bearers: dict[str, list[Tag]] = {}
    for tag in source.tags:
        # Of two id attributes in one tag the first counts.
        identifier = next((value for name, value in tag.attributes if name == "id"), "")
        if identifier.strip():
            bearers.setdefault(identifier, []).append(tag)
    for identifier, tags in bearers.items():
        if len(tags) == 1 or len(evidence.dom.all_with_id(identifier, root)) < 2:
            yield Bearers(source, identifier, tuple(tags))


def one_bearer(bearers: Bearers, evidence: Evidence) -> Finding | None:
    """One element carries it."""
    if len(bearers.tags) == 1:
        return PASSED
    second = bearers.tags[1]
    lines = ", ".join(str(bearers.source.place(tag.start)[0]) for tag in bearers.tags[:8])
    values = {"id": bearers.identifier, "count": str(len(bearers.tags)), "lines": lines}
    markup = excerpt(bearers.source, second.start, second.end)
    return failed("double", values, target=target_at(evidence, bearers.source, f"double>{second.name}", second.start, markup))


RULE = Rule(
    name=Text("Các id trong mã nguồn không trùng nhau", "Ids in the source are unique"),
    why=Text(
        "Nhãn, tiêu đề bảng và thuộc tính ARIA trỏ tới phần tử theo id. Khi id trùng nhau, người mù dùng trình đọc màn hình có thể nghe "
        "nhãn của trường này ở trường khác và nhập sai.",
        "Labels, table headers and ARIA references point at ids. Where two elements share one, blind people who use a screen reader may "
        "hear the label of another field and enter the wrong thing.",
    ),
    criteria=("4.1.1",),
    needs=("source", "dom"),
    applicability=ids_of_the_source,
    expectation=one_bearer,
    act=("3ea0c8",),
    techniques=("F77", "H93"),
    messages={
        "double": message(
            vi="Mã nguồn có {count} phần tử cùng id “{id}” (dòng {lines}).",
            en="The source has {count} elements with the id “{id}” (lines {lines}).",
            mend_vi="Đặt cho mỗi phần tử một id riêng và sửa các chỗ trỏ tới id đó (for, headers, aria-labelledby).",
            mend_en="Give each element an id of its own and mend what points at it (for, headers, aria-labelledby).",
        ),
    },
)
