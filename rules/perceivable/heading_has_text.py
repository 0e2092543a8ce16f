"""A heading has text

What it checks
    Headings (``h1`` to ``h6``, ``role="heading"``) that assistive technology is told of and that have neither text nor a name.

Why it matters
    People who use a screen reader jump from heading to heading. An empty one says "heading level 2" and nothing else: they cannot know
    whether something is missing there.

Fails
    ``<h2><span></span></h2>`` where a title was meant to stand

Mended
    ``<h2>Thành phần hồ sơ</h2>``, or no heading at all

References
    WCAG 2.0 success criterion 1.3.1; techniques G141, H42; ACT rule ffd0e9. Whether a title is missing or the element is only left
    over is for a person to see.
"""

from __future__ import annotations

from collections.abc import Iterator

from wcag_audit.dom import Node
from wcag_audit.model import Text
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, message


def exposed_heading(evidence: Evidence) -> Iterator[Node]:
    """Headings that assistive technology is told of."""
    return (node for node in evidence.dom.with_role("heading") if node.exposed and node.box is not None and not node.frame.truncated)


def has_text(heading: Node, evidence: Evidence) -> Finding | None:
    """It has a name or text; what a style sheet writes into it counts."""
    drawn = any(any(part.pseudo) for part in (heading, *heading.elements()))
    if heading.name or any(text.exposed for text in heading.texts) or drawn:
        return PASSED
    return cant_tell("empty", {"tag": heading.tag})


RULE = Rule(
    name=Text("Tiêu đề có chữ", "A heading has text"),
    why=Text(
        "Người mù dùng trình đọc màn hình chuyển qua trang theo các tiêu đề. Gặp tiêu đề không có chữ, họ chỉ nghe cấp tiêu đề và không "
        "biết ở đó có thiếu nội dung hay không.",
        "Blind people who use a screen reader go through a page by its headings. At an empty one they hear only its level and cannot know "
        "whether something is missing there.",
    ),
    criteria=("1.3.1",),
    needs=("dom",),
    applicability=exposed_heading,
    expectation=has_text,
    act=("ffd0e9",),
    techniques=("G141", "H42"),
    messages={
        "empty": message(
            vi="Tiêu đề <{tag}> không có chữ",
            en="The heading <{tag}> has no text",
            mend_vi="Ghi chữ cho tiêu đề, hoặc bỏ thẻ tiêu đề trống.",
            mend_en="Write its text, or remove the empty heading.",
        ),
    },
)
