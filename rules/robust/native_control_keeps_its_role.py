"""Native controls keep the role of a control

What it checks
    Links, buttons and fields in the tab order that carry a ``role`` of their own: it must be the role of a control. ``none`` and
    ``presentation`` are ignored by browsers there and are not judged.

Why it matters
    The role in the markup takes the place of the native one. A screen reader then says “image” or “navigation” of a link, and nobody
    hears that it can be followed; it is also missing from the list of links.

Fails
    ``<a href="/thu-tuc" role="heading" aria-level="3">Thủ tục hành chính</a>``

Mended
    ``<h3><a href="/thu-tuc">Thủ tục hành chính</a></h3>``

References
    WCAG 2.0 success criterion 4.1.2; technique G108; ARIA in HTML, allowed roles.
"""

from __future__ import annotations

from collections.abc import Iterator

from wcag_audit.dom import Node
from wcag_audit.model import Text, cut
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, failed, message

_NATIVE = ("a", "area", "button", "input", "select", "textarea")
#: Roles of text, structure, landmarks and messages: none of them can be operated.
_NO_CONTROLS = frozenset(
    [
        "article",
        "banner",
        "blockquote",
        "caption",
        "code",
        "complementary",
        "document",
        "feed",
        "form",
        "group",
        "contentinfo",
        "definition",
        "directory",
        "figure",
        "heading",
        "image",
        "img",
        "list",
        "listitem",
        "log",
        "main",
        "math",
        "navigation",
        "note",
        "paragraph",
        "region",
        "search",
        "status",
        "table",
        "term",
        "time",
        "timer",
        "tooltip",
    ]
)


def native_controls_with_a_role(evidence: Evidence) -> Iterator[Node]:
    """Native controls that Tab reaches and whose markup names a role."""
    for node in evidence.dom.all(*_NATIVE):
        if node.get("role").strip() and node.tabbable and node.visible and node.exposed and node.role:
            yield node


def role_is_a_controls(node: Node, evidence: Evidence) -> Finding | None:
    """The role told is not one of text or structure."""
    if node.role not in _NO_CONTROLS:
        return PASSED
    return failed("other_role", {"name": cut(node.name or node.text or node.html, 120), "tag": node.tag, "role": node.role})


RULE = Rule(
    name=Text("Thành phần điều khiển gốc giữ vai trò điều khiển", "Native controls keep the role of a control"),
    why=Text(
        "Người mù dùng trình đọc màn hình nghe một hình ảnh hay tiêu đề thay vì liên kết, nút, nên không biết là bấm được.",
        "Blind people who use a screen reader hear an image or a heading in place of a link or button and do not know that it can be used.",
    ),
    criteria=("4.1.2",),
    needs=("dom",),
    applicability=native_controls_with_a_role,
    expectation=role_is_a_controls,
    techniques=("G108",),
    messages={
        "other_role": message(
            vi="“{name}” là thành phần điều khiển (<{tag}>) nhưng role=“{role}” thay vai trò đó, nên không được đọc đúng là vậy.",
            en="“{name}” is a control (<{tag}>), but role=“{role}” replaces that, so it is not announced as a link, button or field.",
            mend_vi="Bỏ thuộc tính role; cần tiêu đề, danh sách hay vùng thì đặt thẻ đó bên ngoài thành phần điều khiển.",
            mend_en="Take the role off; where a heading, list or region is needed, put that element around the control.",
        ),
    },
)
