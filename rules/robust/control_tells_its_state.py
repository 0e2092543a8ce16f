"""Controls made with a role tell their state

What it checks
    Elements with the role of a checkbox, switch, radio button, slider or movable separator that people can operate: whether
    ``aria-checked`` or ``aria-valuenow`` is there. Where another choice of the same group has it, absence means “not chosen”.

Why it matters
    Nothing but the attribute tells whether the box is ticked or where the slider stands. A screen reader says “not ticked” of every box
    and no value of any slider, whatever is seen.

Fails
    ``<div role="checkbox" tabindex="0" class="da-chon">Tôi cam đoan nội dung khai là đúng</div>``

Mended
    ``<div role="checkbox" tabindex="0" aria-checked="true">…</div>``, kept in step by the script; better ``<input type="checkbox">``

References
    WCAG 2.0 success criterion 4.1.2; failure F79; techniques ARIA4, ARIA5, G10; WAI-ARIA, required states and properties.
"""

from __future__ import annotations

from collections.abc import Iterator

from wcag_audit.dom import Node
from wcag_audit.model import Text
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, failed, message

_STATES = {
    **dict.fromkeys(("checkbox", "switch", "radio", "menuitemcheckbox", "menuitemradio"), "aria-checked"),
    **dict.fromkeys(("slider", "scrollbar", "separator"), "aria-valuenow"),
}
#: Elements that are no such control whatever their role: native ones with a state of their own, and embedded content.
_OTHERS = ("input", "hr", "object", "embed", "iframe", "audio", "video")
_GROUPS = ("radiogroup", "group", "menu", "menubar", "list", "listbox", "tree", "grid")
_PRESS = frozenset(("click", "mousedown", "pointerdown", "keydown", "keypress", "keyup"))


def operable_controls_with_a_state(evidence: Evidence) -> Iterator[Node]:
    """Exposed elements that were given such a role and that people can work: in the tab order, or listening for it."""
    for node in evidence.dom.elements:
        if node.role in _STATES and node.has("role") and node.tag not in _OTHERS and node.exposed and _is_operable(node):
            yield node


def _is_operable(node: Node) -> bool:
    if node.get("aria-disabled") == "true" or not node.visible:
        return False
    if node.role == "separator":
        return node.tabbable
    return node.focusable or node.has("onclick") or bool(_PRESS & set(node.listeners))


def state_is_told(node: Node, evidence: Evidence) -> Finding | None:
    """The state's attribute has a value, or that of another choice of the group tells this one's too."""
    attribute = _STATES[node.role or ""]
    if node.get(attribute).strip() or node.get("aria-valuetext").strip():
        return PASSED
    group = next((other for other in node.ancestors() if other.role in _GROUPS or other.tag in ("form", "fieldset", "body")), None)
    others = group.elements() if group is not None else ()
    if attribute == "aria-checked" and any(other.role == node.role and other.get(attribute).strip() for other in others):
        return PASSED
    return failed("no_state", {"name": node.name or node.html, "role": node.role or "", "attribute": attribute})


RULE = Rule(
    name=Text("Thành phần điều khiển dùng role cho biết trạng thái", "Controls made with a role tell their state"),
    why=Text(
        "Người mù dùng trình đọc màn hình không biết ô đã được chọn hay chưa, hoặc giá trị đang đặt là bao nhiêu, nên không kiểm tra lại "
        "được nội dung đã khai.",
        "Blind people who use a screen reader are not told whether the box is ticked or which value is set, so they cannot check what "
        "they have entered.",
    ),
    criteria=("4.1.2",),
    needs=("dom",),
    applicability=operable_controls_with_a_state,
    expectation=state_is_told,
    act=("4e8ab6",),
    techniques=("F79", "ARIA4", "ARIA5", "G10"),
    messages={
        "no_state": message(
            vi="“{name}” có vai trò {role} nhưng không có {attribute}, nên trạng thái hoặc giá trị không xác định được bằng chương trình.",
            en="“{name}” has the role {role} and no {attribute}, so its state or value cannot be determined by programs.",
            mend_vi="Thêm {attribute} và đổi giá trị theo trạng thái đang có, hoặc dùng phần tử gốc như <input type=\"checkbox\">.",
            mend_en="Add {attribute} and keep it in step with the state, or use a native element such as <input type=\"checkbox\">.",
        ),
    },
)
