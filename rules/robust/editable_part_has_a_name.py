"""Editable parts have a name

What it checks
    Elements that ``contenteditable`` made into fields for typing and that have no role of their own: a ``div`` or ``span`` that Tab
    reaches. Each needs a name: ``aria-label``, ``aria-labelledby`` or ``title``; a ``label`` does not reach it. Browsers tell only that
    its text can be edited. An empty one without a name fails; one with words of its own is asked about. Those with
    ``role="textbox"`` are axe's aria-input-field-name.

Why it matters
    A screen reader says “edit” and nothing more. Who cannot see the words above it does not know what to write there.

Fails
    ``<p>Nội dung phản ánh</p> <div contenteditable="true"></div>``

Mended
    ``<p id="nd">Nội dung phản ánh</p> <div contenteditable="true" role="textbox" aria-multiline="true" aria-labelledby="nd"></div>``

References
    WCAG 2.0 success criterion 4.1.2; failures F59, F68; techniques ARIA14, ARIA16.
"""

from __future__ import annotations

from collections.abc import Iterator

from wcag_audit.dom import Node
from wcag_audit.model import Text, cut
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.robust._roles import NEUTRAL

_EDITABLE = ("", "true", "plaintext-only")
#: Of an editor in a frame, the frame's title tells what is written there.
_DOCUMENT = ("html", "body")


def is_editable(node: Node) -> bool:
    return node.has("contenteditable") and node.get("contenteditable").strip().lower() in _EDITABLE


def editable_parts(evidence: Evidence) -> Iterator[Node]:
    """Visible editable elements without a role in the tab order, the outermost of each."""
    for node in evidence.dom.with_attribute("contenteditable"):
        plain = is_editable(node) and node.role in NEUTRAL and node.tag not in _DOCUMENT
        if plain and node.tabbable and node.visible and node.exposed and not any(map(is_editable, node.ancestors())):
            yield node


def has_a_name(node: Node, evidence: Evidence) -> Finding | None:
    """Something names it."""
    named = any(other.text or other.name or other.get("aria-label") for other in evidence.dom.referred(node, "aria-labelledby"))
    if named or node.get("aria-label").strip() or node.get("title").strip():
        return PASSED
    words = node.text or " ".join(node.pseudo).strip() or node.get("aria-placeholder")
    values = {"code": node.html, "words": cut(words, 120)}
    if words or any(child.name for child in node.elements()) or node.closest_role("textbox", "combobox", "searchbox") is not None:
        return cant_tell("perhaps_no_name", values)
    return failed("no_name", values)


RULE = Rule(
    name=Text("Vùng soạn thảo có tên", "Editable parts have a name"),
    why=Text(
        "Người mù dùng trình đọc màn hình chỉ nghe “soạn thảo”, không biết phải viết gì vào đây; người điều khiển bằng giọng nói không gọi "
        "tên vùng này được.",
        "Blind people who use a screen reader hear “edit” and are not told what to write here; people who use voice control cannot call "
        "it by name.",
    ),
    criteria=("4.1.2",),
    needs=("dom",),
    applicability=editable_parts,
    expectation=has_a_name,
    techniques=("F59", "F68", "ARIA14", "ARIA16"),
    messages={
        "no_name": message(
            vi="Vùng soạn thảo trống không có vai trò và không có tên: {code}",
            en="An empty editable part has neither a role nor a name: {code}",
            mend_vi="Dùng <textarea> có <label>, hoặc thêm role=\"textbox\" và aria-labelledby trỏ tới chữ nêu phải viết gì.",
            mend_en="Use a <textarea> with a <label>, or add role=\"textbox\" and an aria-labelledby that points at the words that ask.",
        ),
        "perhaps_no_name": message(
            vi="Vùng soạn thảo có sẵn chữ “{words}” không có vai trò và không có tên. Người nghe có biết đây là gì không?",
            en="An editable part that says “{words}” has neither a role nor a name. Does a listener know what it is?",
            mend_vi="Thêm role=\"textbox\" và aria-label hoặc aria-labelledby nói phải viết gì vào đây.",
            mend_en="Add role=\"textbox\" and an aria-label or aria-labelledby that tells what to write here.",
        ),
    },
)
