"""What is told to be a control takes the focus

What it checks
    Visible elements that a ``role`` makes a button, link, checkbox, switch, field or slider and that have no script of their own: the
    Tab key has to reach them, something in or around them, or what controls them. Those with a click handler of their own are judged
    by scripted-control-works-by-keyboard, those inside tab lists, menus and the like by composite-is-in-the-tab-order.

Why it matters
    A screen reader says “button” there. Whoever uses only a keyboard never gets to it, while a script further out may well answer to
    the mouse.

Fails
    ``<div role="button">In giấy hẹn</div>``

Mended
    ``<button type="button">In giấy hẹn</button>``

References
    WCAG 2.0 success criterion 2.1.1; techniques G202, SCR29, H91; failure F54. That a click does something is not seen in the markup,
    so this is one question a page; pressing it with mouse and keys settles it.
"""

from __future__ import annotations

from collections.abc import Iterator

from wcag_audit.dom import Node
from wcag_audit.model import Text, cut
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, message

_ROLES = ("button", "link", "checkbox", "switch", "textbox", "searchbox", "combobox", "slider", "spinbutton", "doc-backlink", "doc-noteref")
#: Roles inside which arrow keys move, or whose items are reached through another control.
_COMPOSITES = ("tablist", "menu", "menubar", "listbox", "tree", "grid", "treegrid", "radiogroup", "toolbar", "combobox", "application")
_PRESS = frozenset(("click", "mousedown", "mouseup", "pointerdown", "pointerup"))


class Controls(tuple[Node, ...]):
    """The controls of one page that are made by a role alone."""

    __slots__ = ()


def controls_by_role(evidence: Evidence) -> Iterator[Controls]:
    """The visible elements that only a role makes a control; none where operations were recorded."""
    recorded = evidence.artifact("operations")
    if recorded is not None and recorded.error is None:
        return
    found = Controls(node for node in evidence.dom.with_role(*_ROLES) if is_control_by_role(node))
    if found:
        yield found


def is_control_by_role(node: Node) -> bool:
    if node.get("role").split()[:1] != [node.role] or not (node.visible and node.exposed) or node.get("aria-disabled") == "true":
        return False
    own_script = node.has("onclick") or bool(_PRESS & set(node.listeners))
    return not own_script and not node.state.get("disabled") and node.closest_role(*_COMPOSITES) in (None, node)


def tab_reaches_them(controls: Controls, evidence: Evidence) -> Finding | None:
    """Each takes the focus, or something in it, around it or referring to it does."""
    missed = [node for node in controls if not node.focusable and not is_worked_elsewhere(node, evidence)]
    if not missed:
        return PASSED
    first = missed[0]
    values = {"name": cut(first.name or first.text or first.html, 80), "role": first.role or "", "count": str(len(missed))}
    return cant_tell("not_reached", values, node=first)


def is_worked_elsewhere(node: Node, evidence: Evidence) -> bool:
    """Whether a stop of the Tab key lies in it or around it, or owns or controls it."""
    if any(other.tabbable for other in (*node.ancestors(), *node.elements())):
        return True
    own = {part.index for part in (node, *node.ancestors())}
    managers = evidence.share("managed-elements", managed)
    return bool(own & managers)


def managed(evidence: Evidence) -> frozenset[int]:
    """What stops of the Tab key own, control or name as active."""
    found: set[int] = set()
    for node in evidence.dom.elements:
        for attribute in node.attrs.keys() & {"aria-owns", "aria-controls", "aria-activedescendant"}:
            if node.tabbable:
                found.update(other.index for other in evidence.dom.referred(node, attribute))
    return frozenset(found)


RULE = Rule(
    name=Text("Thành phần mang vai trò điều khiển nhận được tiêu điểm", "What is told to be a control takes the focus"),
    why=Text(
        "Người chỉ dùng bàn phím không tới được thành phần này; người mù nghe báo là nút hay liên kết mà không bấm được.",
        "People who use only a keyboard do not get to it, and blind people hear of a button or link that they cannot press.",
    ),
    criteria=("2.1.1",),
    needs=("dom",),
    applicability=controls_by_role,
    expectation=tab_reaches_them,
    techniques=("G202", "H91", "SCR29"),
    messages={
        "not_reached": message(
            vi="“{name}” được báo là {role} nhưng phím Tab không tới được ({count} thành phần như vậy trên trang).",
            en="“{name}” is told to be a {role}, but the Tab key does not reach it ({count} of that kind on the page).",
            mend_vi="Nếu bấm chuột có tác dụng thì dùng <button> hoặc <a href>; nếu không phải thành phần điều khiển thì bỏ role.",
            mend_en="Where a click does something, use <button> or <a href>; where it is no control, take the role off.",
        ),
    },
)
