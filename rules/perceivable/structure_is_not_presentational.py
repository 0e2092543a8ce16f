"""Headings and lists keep their structure

What it checks
    Headings and bulleted or numbered lists with ``role="presentation"`` or ``role="none"``, and lists all of whose items have it: what
    looks like a heading or list must not be told as plain text. Headings that only hold a control, and lists without markers, are left
    out.

Why it matters
    The role takes the structure away. People who use a screen reader no longer find the heading when they jump from one to the next,
    and are not told where a list begins and how long it is.

Fails
    ``<h2 role="presentation">Thành phần hồ sơ</h2>``

Mended
    ``<h2>Thành phần hồ sơ</h2>``

References
    WCAG 2.0 success criterion 1.3.1; failure F92; techniques H42, H48. Tables are judged by data-table-is-not-presentational.
"""

from __future__ import annotations

from collections.abc import Iterator

from wcag_audit.dom import Node
from wcag_audit.model import Text, cut
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, failed, message

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LISTS = ("ul", "ol")
_CONTROLS = ("a", "button", "input", "select", "textarea", "summary")
#: Weight from which text is bold; how much larger than the text around it a heading's letters are.
_BOLD, _LARGER = 600, 1.15


def headings_and_lists_with_a_role(evidence: Evidence) -> Iterator[Node]:
    """Visible headings with words, and lists of at least two items, where they or all the items have a role in the markup."""
    for node in evidence.dom.all(*_HEADINGS, *_LISTS):
        if not (node.visible and node.exposed and any(c.isalpha() for c in node.visible_text)):
            continue
        items = _items(node) if node.tag in _LISTS else []
        if (node.has("role") or (items and all(item.has("role") for item in items))) and (node.tag in _HEADINGS or len(items) > 1):
            yield node


def _items(node: Node) -> list[Node]:
    return [child for child in node.children if child.tag == "li" and child.visible_text]


def _holds_a_control(node: Node) -> bool:
    return any(part.tag in _CONTROLS or part.focusable for part in (*node.elements(), *node.ancestors()) if part.tag != "body")


def structure_is_kept(node: Node, evidence: Evidence) -> Finding | None:
    """The role is not one that takes the structure away, or nothing looks like structure."""
    if node.tag in _LISTS and not node.has("role"):
        parts, kind, seen = _items(node), "list", _shows_markers(node)
    elif node.tag in _LISTS:
        parts, kind, seen = [node], "list", _shows_markers(node) and not any(item.get("role") for item in _items(node))
    else:
        parts, kind, seen = [node], "heading", _looks_like_a_heading(node)
    if not (seen and all(_has_lost_its_role(part) for part in parts)):
        return PASSED
    return failed(kind, {"text": cut(node.visible_text, 150), "tag": parts[0].tag, "role": parts[0].get("role")})


def _has_lost_its_role(node: Node) -> bool:
    return node.get("role").split()[:1] in (["presentation"], ["none"]) and node.role in (None, "presentation", "none")


def _looks_like_a_heading(node: Node) -> bool:
    body = node.closest("body")
    size = float(node.style.get("fs", 0)) / float(body.style.get("fs", 16) or 16) if body is not None else 1
    return (node.style.get("fw", 400) >= _BOLD or size >= _LARGER) and not _holds_a_control(node)


def _shows_markers(node: Node) -> bool:
    return all(item.style.get("d") == "list-item" and item.style.get("lst") != "none" for item in _items(node))


_MEND_VI = "Bỏ role=“{role}” khỏi <{tag}>."
_MEND_EN = "Take role=“{role}” off the <{tag}>."

RULE = Rule(
    name=Text("Tiêu đề và danh sách không bị mất cấu trúc", "Headings and lists keep their structure"),
    why=Text(
        "Người mù dùng trình đọc màn hình không tìm được tiêu đề khi chuyển nhanh giữa các mục, và không biết danh sách bắt đầu ở đâu.",
        "Blind people who use a screen reader do not find the heading when they jump between parts, nor hear where a list begins.",
    ),
    criteria=("1.3.1",),
    needs=("dom",),
    applicability=headings_and_lists_with_a_role,
    expectation=structure_is_kept,
    techniques=("F92", "H42", "H48"),
    messages={
        "heading": message(
            vi="“{text}” trông là tiêu đề nhưng role=“{role}” làm mất vai trò tiêu đề.",
            en="“{text}” looks like a heading, but role=“{role}” takes the heading away.",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "list": message(
            vi="Danh sách có dấu đầu dòng nhưng role=“{role}” làm mất cấu trúc danh sách: {text}",
            en="The list shows its markers, but role=“{role}” takes the list away: {text}",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
    },
)
