"""Controls made of neutral elements have a role

What it checks
    Elements that the Tab key reaches and that scripts made into controls by listeners for clicks: a ``div``, ``span``, ``li`` or
    custom element with ``tabindex="0"``, short text and no focusable content of its own. Such an element needs the role of a control.
    Those with an ``onclick`` in the markup are judged by scripted-control-works-by-keyboard.

    Frameworks listen further out, on the root of the application. An element without a role that looks made to be pressed there (the
    pointer becomes a hand, or its class says button) is asked about; what-keys-operate-has-a-role has the proof where a key was tried.

Why it matters
    A screen reader stops there and reads plain text. Nothing tells that it can be pressed, that it is one of three tabs, or which of
    them is chosen.

Fails
    ``<div class="the" tabindex="0">Nộp trực tuyến</div>`` with listeners for ``click`` and ``keydown``

Mended
    ``<button type="button" role="tab" aria-selected="true">Nộp trực tuyến</button>`` inside ``<div role="tablist">``

References
    WCAG 2.0 success criterion 4.1.2; failures F15, F59; technique G108. A click listener without one for keys may only count visits,
    and custom elements may tell their role in ways that markup does not show: these are asked about.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wcag_audit.dom import Node
from wcag_audit.model import Text, cut
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.robust._roles import CONTROLS, NEUTRAL, listens_to_clicks

_NATIVE = frozenset([
    "a", "area", "button", "input", "select", "textarea", "summary", "label", "option", "iframe", "object", "embed", "video", "audio",
    "canvas", "html", "body", "dialog", "form",
])
_KEYS = frozenset(("keydown", "keyup", "keypress"))
_BUTTON_CLASS = re.compile(r"(?<![a-z])(btn|button)(?![a-z])", re.IGNORECASE)
#: Size beyond which an element is a part of the page rather than a control: characters, and height in CSS pixels.
_LONG, _TALL = 120, 160


def focusable_scripted_elements(evidence: Evidence) -> Iterator[Node]:
    """Short visible elements in the tab order that listen to clicks, or look pressed further out, and are no native control."""
    for node in evidence.dom.tabbable:
        if node.tag in _NATIVE or node.has("onclick") or node.has("contenteditable") or not (node.visible and node.exposed):
            continue
        small = node.box is not None and node.box.height <= _TALL and len(node.visible_text) <= _LONG
        if small and "scroll" not in node.raw and (listens_to_clicks(node) or is_pressed_further_out(node)) and not _holds_more(node):
            yield node


def is_pressed_further_out(node: Node) -> bool:
    """Whether it has no role, looks made to be pressed, and something around it hears that, which is no control itself."""
    if node.has("role") or not (node.style.get("cur") == "pointer" or _BUTTON_CLASS.search(node.get("class"))):
        return False
    around = list(node.ancestors())
    inside = any(other.tabbable or other.tag == "label" or other.role in CONTROLS for other in around)
    shown = node.visible_text or any(child.tag in ("img", "svg", "i") for child in node.elements())
    return bool(shown) and not inside and any(map(listens_to_clicks, around))


def _holds_more(node: Node) -> bool:
    return any(child.tabbable or child.tag in ("video", "audio", "canvas", "iframe", "slot") for child in node.elements())


def has_a_controls_role(node: Node, evidence: Evidence) -> Finding | None:
    """Its role is that of a control."""
    if node.role in CONTROLS:
        return PASSED
    says = cut(node.visible_text or node.get("aria-label") or node.get("title"), 120)
    values = {"name": says, "role": node.role or node.get("role") or "generic", "listeners": ", ".join(node.listeners)}
    if not listens_to_clicks(node):
        return cant_tell("perhaps_pressed", values)
    certain = node.role in NEUTRAL and _KEYS & set(node.listeners) and "-" not in node.tag and any(c.isalnum() for c in says)
    return failed("no_role", values) if certain else cant_tell("perhaps_no_role", values)


RULE = Rule(
    name=Text("Thành phần điều khiển tự dựng có vai trò", "Controls made of neutral elements have a role"),
    why=Text(
        "Người mù dùng trình đọc màn hình tới đây chỉ nghe chữ thường, không được báo là bấm được, thuộc loại nào và đang ở trạng thái "
        "nào.",
        "Blind people who use a screen reader hear plain text here: they are not told that it can be pressed, what kind of control it is, "
        "and which state it is in.",
    ),
    criteria=("4.1.2",),
    needs=("dom",),
    applicability=focusable_scripted_elements,
    expectation=has_a_controls_role,
    techniques=("F15", "F59", "G108"),
    messages={
        "no_role": message(
            vi="“{name}” nhận tiêu điểm và xử lý thao tác ({listeners}) nhưng không có vai trò điều khiển (vai trò: {role}).",
            en="“{name}” takes focus and answers to {listeners}, but has no control's role (role: {role}).",
            mend_vi="Dùng <button> hoặc <a href>, hoặc thêm role (button, tab…) cùng trạng thái như aria-selected.",
            mend_en="Use <button> or <a href>, or add a role (button, tab…) with its state, such as aria-selected.",
        ),
        "perhaps_no_role": message(
            vi="“{name}” nhận tiêu điểm và nghe sự kiện {listeners} với vai trò {role}.",
            en="“{name}” takes focus and listens to {listeners} with the role {role}.",
            mend_vi="Nếu bấm vào đây có tác dụng, dùng <button> hoặc thêm role phù hợp; nếu không thì bỏ tabindex.",
            mend_en="If pressing it does something, use <button> or add the fitting role; if not, remove its tabindex.",
        ),
        "perhaps_pressed": message(
            vi="“{name}” nhận tiêu điểm, trông như bấm được và nằm trong vùng nghe thao tác bấm, nhưng có vai trò {role}.",
            en="“{name}” takes focus, looks made to be pressed and stands in a part that hears presses, but has the role {role}.",
            mend_vi="Nếu bấm vào đây có tác dụng, dùng <button> hoặc thêm role phù hợp; nếu không thì bỏ tabindex.",
            mend_en="If pressing it does something, use <button> or add the fitting role; if not, remove its tabindex.",
        ),
    },
)
