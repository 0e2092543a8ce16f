"""Visible main text is not hidden from assistive technology

What it checks
    Elements with ``aria-hidden="true"`` that show text on the screen, with no copy of it, as of a chart in a table, that
    assistive technology is told of. What lies behind an open dialog, and slides of a carousel, are left out.

Why it matters
    ``aria-hidden`` takes the text away from screen readers. A blind citizen opens a notice and finds its title, its date, and nothing.

Fails
    ``<div class="noi-dung" aria-hidden="true"><p>Cổng tạm dừng nhận hồ sơ từ 20 giờ …</p></div>``

Mended
    ``<div class="noi-dung"><p>Cổng tạm dừng nhận hồ sơ từ 20 giờ …</p></div>``

References
    WCAG 2.0 success criterion 1.3.1. ``aria-hidden`` on the body and on what can be focused are axe's aria-hidden-body and
    aria-hidden-focus.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from wcag_audit.dom import Node
from wcag_audit.model import Text, bare
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message

#: Letters of text that may be lost: from where it is asked about, and from where it is certain.
_SOME, _MUCH = 60, 120
_PROSE = ("p", "li", "td", "dd", "article")
_MOVING = re.compile(r"carousel|slide|slick|swiper|owl|ticker|marquee|tooltip|toast|backdrop|overlay", re.IGNORECASE)


def _letters(text: str) -> int:
    return sum(1 for c in text if c.isalpha())


def hidden_text(evidence: Evidence) -> Iterator[Node]:
    """The outermost elements with aria-hidden that show text, on a page without an open dialog."""
    if any(node.visible and (node.role in ("dialog", "alertdialog") or node.get("aria-modal") == "true") for node in evidence.dom.elements):
        return
    for node in evidence.dom.elements:
        if node.get("aria-hidden") != "true" or node.tag in ("body", "html", "svg") or not node.visible:
            continue
        outermost = node.parent is None or node.parent.exposed
        moving = any(_MOVING.search(around.get("class")) for around in (node, *node.ancestors()))
        if outermost and not moving and _letters(node.visible_text) >= _SOME:
            yield node


def _exposed_text(evidence: Evidence) -> str:
    parts = []
    for node in evidence.dom.nodes:
        if node.is_text and node.exposed:
            parts.append(str(node.raw["x"]))
        elif not node.is_text and node.exposed and node.get("aria-label"):
            parts.append(node.get("aria-label"))
    return bare(" ".join(parts))


class Words(NamedTuple):
    """The words of a text, and these two by two: single Vietnamese syllables stand in any text."""

    single: set[str]
    pairs: set[tuple[str, str]]


def _words(text: str) -> Words:
    words = re.findall(r"\w+", text)
    return Words(set(words), set(pairwise(words)))


def _is_told(text: str, told: str, words: Words) -> bool:
    """Whether the whole text, or all its words and most of them in their order, stand elsewhere: a chart and its table differ."""
    own = _words(text)
    return text in told or (own.single <= words.single and 2 * len(own.pairs & words.pairs) > len(own.pairs))


def text_is_told_elsewhere(node: Node, evidence: Evidence) -> Finding | None:
    """Most of what it shows stands elsewhere for assistive technology too."""
    told = evidence.share("exposed-text", _exposed_text)
    words = evidence.share("exposed-words", lambda e: _words(told))
    shown = [bare(str(text.raw["x"])) for text in node.texts if text.visible]
    lost = [text for text in shown if _letters(text) >= 15 and not _is_told(text, told, words)]
    missing = sum(_letters(text) for text in lost)
    if missing < _SOME:
        return PASSED
    values = {"letters": str(missing), "sample": node.visible_text[:120]}
    main = evidence.dom.main
    prose = node.tag in _PROSE or next(node.elements(*_PROSE), None) is not None
    if missing >= _MUCH and prose and main is not None and (node is main or main.contains(node)):
        return failed("lost", values)
    return cant_tell("perhaps_lost", values)


RULE = Rule(
    name=Text("Nội dung nhìn thấy được không bị ẩn khỏi công nghệ hỗ trợ", "Visible main text is not hidden from assistive technology"),
    why=Text(
        "Người mù dùng trình đọc màn hình không nghe được nội dung đang hiển thị trên màn hình, và không biết là nội dung đó có ở đó.",
        "Blind people who use a screen reader do not hear text that stands on the screen, and do not know that it is there.",
    ),
    criteria=("1.3.1",),
    needs=("dom",),
    applicability=hidden_text,
    expectation=text_is_told_elsewhere,
    messages={
        "lost": message(
            vi="Nội dung đang hiển thị bị ẩn khỏi trình đọc màn hình bằng aria-hidden=\"true\" và không có ở chỗ nào khác: “{sample}”",
            en="Visible content is hidden from screen readers by aria-hidden=\"true\" and stands nowhere else: “{sample}”",
            mend_vi="Bỏ aria-hidden khỏi phần tử này; chỉ dùng aria-hidden cho hình trang trí.",
            mend_en="Remove aria-hidden from this element; use it for decoration only.",
        ),
        "perhaps_lost": message(
            vi="Chữ đang hiển thị bị ẩn khỏi trình đọc màn hình bằng aria-hidden=\"true\": “{sample}”",
            en="Visible text is hidden from screen readers by aria-hidden=\"true\": “{sample}”",
            mend_vi="Nếu chữ này mang thông tin và không có ở chỗ khác, bỏ aria-hidden.",
            mend_en="If this text tells something that stands nowhere else, remove aria-hidden.",
        ),
    },
)
