"""What keys operate has a role

What it checks
    Elements made into controls by scripts whose listeners stand further out, on the document for instance: they take the focus, and
    in the recording a key changed something on the page. Such an element needs the role of a control. Those that listen to clicks
    themselves are judged by focusable-control-has-a-role, those with an ``onclick`` by scripted-control-works-by-keyboard.

Why it matters
    A screen reader stops there and reads plain text. Nothing tells that it can be pressed, or that a list opens from it.

Fails
    ``<div class="nice-select" tabindex="0"><span>Toàn trình</span>…</div>``, opened by a listener on the document

Mended
    The native ``<select>``, or ``role="combobox"`` with ``aria-expanded`` and ``aria-controls``

References
    WCAG 2.0 success criterion 4.1.2; failures F15, F59; technique G108. Only what a key was seen to do counts as proof.
"""

from __future__ import annotations

from collections.abc import Iterator

from wcag_audit.dom import Node
from wcag_audit.model import Step, Text, cut
from wcag_audit.recorded import node_of
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.robust._roles import CONTROLS, NEUTRAL, listens_to_clicks


def elements_that_keys_operate(evidence: Evidence) -> Iterator[tuple[Node, Step]]:
    """Visible elements at which a key did something, each with the key."""
    for step in evidence.data("operations")["steps"]:
        if step["action"] != "keys" or not step["changed"]["found"]:
            continue
        key = next((key for key, effect in step["changed"]["keys"].items() if effect["changed"] or effect["held"]), None)
        node = node_of(evidence.dom, step["args"]["el"])
        if key is None or node is None or listens_to_clicks(node) or node.has("onclick"):
            continue
        if node.exposed and node.visible:
            yield node, Step(action="press", reason="keys", args={"key": key}, at=step["at"])


def has_a_controls_role(target: tuple[Node, Step], evidence: Evidence) -> Finding | None:
    """Its role is that of a control."""
    node, step = target
    if node.role in CONTROLS:
        return PASSED
    says = cut(node.visible_text or node.get("aria-label") or node.get("title"), 120)
    values = {"name": says, "role": node.role or node.get("role") or "generic", "key": str(step.args["key"]).replace(" ", "Space")}
    if node.role in NEUTRAL and "-" not in node.tag and any(c.isalnum() for c in says):
        return failed("no_role", values, node=node, steps=(step,))
    return cant_tell("perhaps_no_role", values, node=node, steps=(step,))


RULE = Rule(
    name=Text("Thành phần dùng được bằng phím có vai trò", "What keys operate has a role"),
    why=Text(
        "Người mù dùng trình đọc màn hình tới đây chỉ nghe chữ thường, không được báo là bấm được hay mở ra danh sách.",
        "Blind people who use a screen reader hear plain text here: they are not told that it can be pressed or opens a list.",
    ),
    criteria=("4.1.2",),
    needs=("dom", "operations"),
    applicability=elements_that_keys_operate,
    expectation=has_a_controls_role,
    techniques=("F15", "F59", "G108"),
    messages={
        "no_role": message(
            vi="“{name}” nhận tiêu điểm và phản ứng khi bấm phím {key} nhưng không có vai trò điều khiển (vai trò: {role}).",
            en="“{name}” takes the focus and reacts to the key {key}, but has no control's role (role: {role}).",
            mend_vi="Dùng thẻ HTML sẵn có (select, button), hoặc thêm role (combobox, button…) cùng trạng thái như aria-expanded.",
            mend_en="Use the native element (select, button), or add a role (combobox, button…) with its state, such as aria-expanded.",
        ),
        "perhaps_no_role": message(
            vi="“{name}” nhận tiêu điểm và phản ứng khi bấm phím {key} với vai trò {role}. Người dùng có được báo là bấm được không?",
            en="“{name}” takes the focus and reacts to the key {key} with the role {role}. Are people told that it can be pressed?",
            mend_vi="Nếu bấm vào đây có tác dụng, dùng <button> hoặc thêm role phù hợp.",
            mend_en="If pressing it does something, use <button> or add the fitting role.",
        ),
    },
)
