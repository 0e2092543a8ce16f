"""Headings made with a role tell their level

What it checks
    Elements with ``role="heading"`` and no valid ``aria-level``: browsers take them for level 2. That is wrong where the same page has
    headings of level 2 that are plainly smaller.

Why it matters
    The size of letters shows which part belongs to which. A screen reader goes by the level: it tells the title of the page and its
    parts as equals, and the outline is lost.

Fails
    ``<div role="heading" style="font-size: 30px">Cấp phép xây dựng</div> … <h2 style="font-size: 20px">Thành phần hồ sơ</h2>``

Mended
    ``<h1>Cấp phép xây dựng</h1> … <h2>Thành phần hồ sơ</h2>``

References
    WCAG 2.0 success criterion 1.3.1; techniques ARIA12, H42, G141; WAI-ARIA, aria-level.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wcag_audit.dom import Node
from wcag_audit.model import Text, cut
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, failed, message

_NATIVE = re.compile(r"h[1-6]")
_LEVEL = re.compile(r"\s*[1-9]\d*\s*")
#: How much larger letters have to be to show another rank.
_LARGER = 1.2


def headings_by_role(evidence: Evidence) -> Iterator[Node]:
    """Visible headings that are one by their role only and hold no native heading."""
    for node in evidence.dom.with_role("heading"):
        native = any(_NATIVE.fullmatch(part.tag) for part in (node, *node.elements()))
        if not native and node.visible and node.exposed and node.visible_text:
            yield node


def level_is_told(node: Node, evidence: Evidence) -> Finding | None:
    """A level is named, or the look does not contradict the second one that browsers assume."""
    if _LEVEL.fullmatch(node.get("aria-level")):
        return PASSED
    size = _size(node)
    for other in evidence.dom.with_role("heading"):
        if _is_second(other) and other.frame is node.frame and other.visible_text and size >= _LARGER * _size(other) > 0:
            texts = {"text": cut(node.visible_text, 120), "other": cut(other.visible_text, 120)}
            return failed("no_level", {**texts, "size": f"{size:g}", "smaller": f"{_size(other):g}"})
    return PASSED


def _size(node: Node) -> float:
    """The size of a heading's letters, in CSS pixels."""
    return max((float(text.style.get("fs", 0)) for text in node.texts if text.visible), default=0.0)


def _is_second(node: Node) -> bool:
    level = node.get("aria-level").strip()
    return level == "2" or (node.tag == "h2" and not level)


RULE = Rule(
    name=Text("Tiêu đề dùng role cho biết cấp", "Headings made with a role tell their level"),
    why=Text(
        "Người mù dùng trình đọc màn hình nghe tiêu đề chính và các mục con ở cùng một cấp, nên không nắm được bố cục của trang.",
        "Blind people who use a screen reader hear the main heading and its parts at one level and cannot follow the outline.",
    ),
    criteria=("1.3.1",),
    needs=("dom",),
    applicability=headings_by_role,
    expectation=level_is_told,
    techniques=("ARIA12", "H42", "G141"),
    messages={
        "no_level": message(
            vi="Tiêu đề “{text}” (cỡ chữ {size}px) không có aria-level nên được đọc là cấp 2, như mục nhỏ hơn “{other}” ({smaller}px).",
            en="The heading “{text}” ({size}px) has no aria-level and is told as level 2, like the smaller “{other}” ({smaller}px).",
            mend_vi="Dùng <h1>…<h6> đúng cấp, hoặc ghi aria-level=\"1\".",
            mend_en="Use <h1>…<h6> of the right level, or write aria-level=\"1\".",
        ),
    },
)
