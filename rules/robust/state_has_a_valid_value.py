"""States of controls have valid values

What it checks
    ``aria-checked``, ``aria-selected``, ``aria-pressed`` and ``aria-expanded`` on exposed controls: the value is one that exists
    (``true``, ``false``, for some ``mixed``). An empty value means the same as none and is not judged here.

Why it matters
    Browsers drop a value that they do not know. A screen reader then says nothing of the state, or the wrong one: nobody hears which
    tab is chosen or whether the box is ticked.

Fails
    ``<button role="tab" aria-selected="chon">Hồ sơ</button>``

Mended
    ``<button role="tab" aria-selected="true">Hồ sơ</button>``

References
    WCAG 2.0 success criterion 4.1.2; failure F79; ACT rule 6a7281; technique ARIA5.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from wcag_audit.dom import Node
from wcag_audit.model import Text
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, failed, message

#: The values that a state may have, and the roles in which it is the state that people must hear (all roles where there is no list).
_STATES = {
    "aria-checked": (frozenset(("true", "false", "mixed", "undefined")), frozenset([
        "checkbox", "radio", "switch", "menuitemcheckbox", "menuitemradio", "option", "treeitem",
    ])),
    "aria-selected": (frozenset(("true", "false", "undefined")), frozenset([
        "tab", "option", "row", "gridcell", "treeitem", "columnheader", "rowheader",
    ])),
    "aria-pressed": (frozenset(("true", "false", "mixed", "undefined")), frozenset(("button",))),
    "aria-expanded": (frozenset(("true", "false", "undefined")), frozenset([
        "button", "link", "combobox", "tab", "menuitem", "treeitem", "row", "listbox", "checkbox", "gridcell",
    ])),
}


class State(NamedTuple):
    """A state of a control, as its attribute says it."""

    node: Node
    attribute: str


def states_of_controls(evidence: Evidence) -> Iterator[State]:
    """The states that exposed elements carry and that their role has."""
    for node in evidence.dom.with_attribute(*_STATES):
        for attribute, (_, roles) in _STATES.items() if node.exposed else ():
            if node.get(attribute).strip() and node.role in roles:
                yield State(node, attribute)


def value_exists(state: State, evidence: Evidence) -> Finding | None:
    """The value is one of those that the state has."""
    value = state.node.get(state.attribute)
    allowed, _ = _STATES[state.attribute]
    if value.strip().lower() in allowed:
        return PASSED
    choices = ", ".join(sorted(allowed - {"undefined"}))
    values = {"attribute": state.attribute, "value": value, "allowed": choices, "role": state.node.role or ""}
    return failed("unknown_value", values, node=state.node)


RULE = Rule(
    name=Text("Trạng thái của thành phần điều khiển có giá trị hợp lệ", "States of controls have valid values"),
    why=Text(
        "Người mù dùng trình đọc màn hình không được báo hoặc bị báo sai trạng thái, nên không biết ô nào đã chọn, thẻ nào đang mở.",
        "Blind people who use a screen reader are told no state or a wrong one, so they do not know which box is ticked or which tab is "
        "open.",
    ),
    criteria=("4.1.2",),
    needs=("dom",),
    applicability=states_of_controls,
    expectation=value_exists,
    act=("6a7281",),
    techniques=("F79", "ARIA5"),
    messages={
        "unknown_value": message(
            vi="Trạng thái {attribute}=“{value}” của vai trò {role} không phải giá trị có thật, nên trạng thái không xác định được.",
            en="The state {attribute}=“{value}” of a {role} is no value that exists, so the state cannot be determined.",
            mend_vi="Ghi một trong các giá trị {allowed} và đổi giá trị theo trạng thái đang có.",
            mend_en="Write one of {allowed} and keep it in step with the state.",
        ),
    },
)
