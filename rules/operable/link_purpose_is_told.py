"""The purpose of a link is told by its text or its context

What it checks
    Links whose name says nothing of where they lead ("Xem thêm", "Chi tiết", "Tại đây", "click here"): something that belongs to the
    link must say it: the rest of its sentence, paragraph or list item, its table cell with headers, its description or title, or the
    heading before it. A heading serves one link; it does not tell several apart that read the same and lead to different places. An
    item of a menu such as "Tải về" names a part of the site, an entry of a table of contents the heading that it leads to, and a page's
    only "Tiếp tục" or "Thêm" says what it does.

Why it matters
    Screen reader users go through a page by its links. "Xem chi tiết, liên kết" six times over tells them nothing, and text that only
    stands near it on the screen is not found from the link.

Fails
    ``<div>Lịch nghỉ lễ 2 tháng 9</div><div><a href="/tin/7">Xem chi tiết</a></div>``

Mended
    ``<div><a href="/tin/7">Lịch nghỉ lễ 2 tháng 9</a></div>``

References
    WCAG 2.0 success criterion 2.4.4; techniques G53, G91, H33, H77, H78, H79, H80, H81; failure F63; ACT rule 5effbb. A link without
    any name is axe's link-name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from wcag_audit.dom import Node
from wcag_audit.model import Text
from wcag_audit.phrases import phrases
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.operable._link_context import (
    address_of,
    heading_before,
    is_page_heading,
    links,
    name_of,
    names_a_section,
    names_its_heading,
    own_context,
    row_text,
    same_name,
    same_page,
    says_something,
)


def generic_links(evidence: Evidence) -> list[Node]:
    """Links that assistive technology is told of and whose name says nothing."""
    generic = phrases("generic_links")
    return [node for node in links(evidence) if generic.is_one(name_of(node))]


def links_with_a_generic_name(evidence: Evidence) -> Iterator[Node]:
    """Links whose name alone does not tell where they lead."""
    yield from evidence.share("generic-links", generic_links)


class Alone(NamedTuple):
    """A generic link that nothing of its own explains: the heading before it, and the links of its name under that heading."""

    heading: Node | None
    alike: list[Node]


def without_own_context(evidence: Evidence) -> dict[int, Alone]:
    """The generic links without a context of their own, by index."""
    found: dict[int, Alone] = {}
    groups: dict[tuple[int, str], list[Node]] = {}
    for link in evidence.share("generic-links", generic_links):
        if not own_context(link, evidence):
            heading = heading_before(link, evidence)
            group = groups.setdefault((-1 if heading is None else heading.index, same_name(link)), [])
            group.append(link)
            found[link.index] = Alone(heading, group)
    return found


def told_elsewhere(evidence: Evidence) -> frozenset[str]:
    """Addresses that a link with a telling name leads to as well."""
    return frozenset(same_page(address_of(node)) for node in links(evidence) if says_something(name_of(node)))


def purpose_is_told(link: Node, evidence: Evidence) -> Finding | None:
    """Something that belongs to the link says where it leads."""
    alone = evidence.share("generic-links-alone", without_own_context).get(link.index)
    if alone is None or names_a_section(link) or names_its_heading(link, evidence) or is_the_only_step(link, evidence):
        return PASSED
    heading, alike = alone
    targets = {same_page(address_of(other)) for other in alike}
    values = {"name": name_of(link), "href": address_of(link), "count": str(len(alike)), "heading": heading.text if heading else ""}
    if heading is not None and len(targets) < 2:
        return cant_tell("only_page_heading", values) if is_page_heading(heading, evidence) else PASSED
    if row_text(link) or same_page(address_of(link)) in evidence.share("addresses-told", told_elsewhere):
        return cant_tell("told_nearby", values)
    return failed("same_heading" if heading is not None else "no_context", values)


def is_the_only_step(link: Node, evidence: Evidence) -> bool:
    """Whether a link names a step, such as "Tiếp tục", and no other of its name leads elsewhere."""
    if not phrases("single_steps").is_one(name_of(link)):
        return False
    alike = (other for other in evidence.share("generic-links", generic_links) if same_name(other) == same_name(link))
    return len({same_page(address_of(other)) for other in alike}) == 1


_MEND_VI = "Viết nơi liên kết dẫn tới vào chính liên kết, hoặc đặt liên kết vào cùng đoạn văn hay mục danh sách với phần chữ nói điều đó."
_MEND_EN = "Write where the link leads into the link itself, or put it into the same paragraph or list item as the text that says so."

RULE = Rule(
    name=Text("Mục đích của liên kết được nêu trong chữ hoặc ngữ cảnh của nó", "The purpose of a link is told by its text or its context"),
    why=Text(
        "Người mù dùng trình đọc màn hình thường chuyển từ liên kết này sang liên kết khác. Nghe nhiều lần “Xem chi tiết” mà không có gì "
        "phân biệt, họ không biết liên kết nào dẫn tới nội dung mình cần.",
        "Blind people who use a screen reader often go through a page by its links. When they hear “Details” many times with nothing to "
        "tell the links apart, they do not know which one to follow.",
    ),
    criteria=("2.4.4",),
    needs=("dom",),
    applicability=links_with_a_generic_name,
    expectation=purpose_is_told,
    act=("5effbb",),
    techniques=("G53", "G91", "H33", "H77", "H78", "H79", "H80", "H81", "F63"),
    messages={
        "no_context": message(
            vi="Liên kết “{name}” ({href}) đứng riêng; không có câu, đoạn văn, mục, ô bảng hay tiêu đề nào cho biết nó dẫn tới đâu.",
            en="The link “{name}” ({href}) stands alone: no sentence, paragraph, list item, table cell or heading says where it leads.",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "same_heading": message(
            vi="{count} liên kết cùng chữ “{name}” dẫn tới các nơi khác nhau mà chỉ có chung tiêu đề “{heading}”, không phân biệt được.",
            en="{count} links that read “{name}” lead to different places under the one heading “{heading}” and cannot be told apart.",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "only_page_heading": message(
            vi="Liên kết “{name}” ({href}) đứng riêng; trước nó chỉ có tiêu đề của cả trang “{heading}”.",
            en="The link “{name}” ({href}) stands alone; before it is only the heading of the whole page, “{heading}”.",
            mend_vi="Nếu tiêu đề trang không cho biết liên kết dẫn tới đâu thì viết điều đó vào chính liên kết.",
            mend_en="Where the page's heading does not tell where the link leads, write it into the link itself.",
        ),
        "told_nearby": message(
            vi="Liên kết “{name}” ({href}) không tự nói nó dẫn tới đâu; chỉ nội dung ở gần cho biết.",
            en="The link “{name}” ({href}) does not tell where it leads; only something near it does.",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
    },
)
