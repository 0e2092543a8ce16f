"""Composite controls are in the tab order

What it checks
    Visible tab lists, menu bars, trees and groups of radio buttons made with roles: the Tab key has to reach the whole or at least one
    of its items, or something that controls it. Items that the mouse cannot press either are left out. Items without ``tabindex``
    that listen to clicks are judged one by one by scripted-control-works-by-keyboard.

Why it matters
    Inside such a control people move with arrow keys, but Tab has to lead into it first. Where every item has ``tabindex="-1"``, only a
    mouse gets there.

Fails
    ``<div role="tablist"><div role="tab" tabindex="-1">Hồ sơ</div> <div role="tab" tabindex="-1">Kết quả</div></div>``

Mended
    ``<div role="tab" tabindex="0" aria-selected="true">Hồ sơ</div>``: the chosen item has ``tabindex="0"``, and the script moves it.

References
    WCAG 2.0 success criterion 2.1.1; techniques G202, SCR29. A list of steps that nothing can press is no control: where nothing shows
    that it can be pressed, the rule asks.
"""

from __future__ import annotations

from collections.abc import Iterator

from wcag_audit.dom import Node
from wcag_audit.model import Text, cut
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message

_ITEMS = {
    "tablist": ("tab",),
    "menubar": ("menuitem", "menuitemcheckbox", "menuitemradio"),
    "tree": ("treeitem",),
    "radiogroup": ("radio",),
}
_KEYS = frozenset(("keydown", "keypress", "keyup"))
_PRESS = frozenset(("click", "mousedown", "mouseup", "pointerdown", "pointerup", "touchstart"))


def composites_with_items(evidence: Evidence) -> Iterator[tuple[Node, list[Node]]]:
    """Exposed composites with visible items that are not disabled and that take clicks: at least two, or one that its keys choose."""
    for node in evidence.dom.with_role(*_ITEMS):
        if not (node.visible and node.exposed) or node.get("aria-disabled") == "true":
            continue
        roles = _ITEMS[node.role or ""]
        used = (item for item in node.elements() if item.role in roles and item.visible and not item.out_of_use)
        items = [item for item in used if item.get("aria-disabled") != "true"]
        native = any(item.state.get("disabled") for item in node.elements("input", "button"))
        alone = any(_is_pressed(item) and not item.focusable for item in items)
        if len(items) > (0 if _takes_keys(node) else 1) and not native and not alone:
            yield node, items


def _is_pressed(node: Node) -> bool:
    return node.has("onclick") or bool(_PRESS & set(node.listeners))


def _takes_keys(node: Node) -> bool:
    """Whether it is made to have the focus itself and be worked by keys, its items only being pointed at."""
    listens = bool(_KEYS & set(node.listeners)) or any(node.has(f"on{event}") for event in _KEYS)
    return node.focusable and node.has("aria-activedescendant") and listens


def tab_leads_in(target: tuple[Node, list[Node]], evidence: Evidence) -> Finding | None:
    """Tab reaches the composite, something in or around it, or what controls it."""
    node, items = target
    if node.tabbable or any(part.tabbable for part in node.elements()) or _is_controlled(node, items, evidence):
        return PASSED
    values = {"name": cut(" | ".join(item.text or item.name for item in items), 150), "role": node.role or ""}
    pressed = _takes_keys(node) or any(_is_pressed(part) or part.style.get("cur") == "pointer" for part in (node, *items))
    return failed("no_stop", values, node=node) if pressed else cant_tell("perhaps_no_control", values, node=node)


def _is_controlled(node: Node, items: list[Node], evidence: Evidence) -> bool:
    own = {part.index for part in (node, *items)}
    for other in evidence.dom.elements:
        if not (other.attrs.keys() & {"aria-controls", "aria-owns", "aria-activedescendant"} and other.tabbable):
            continue
        for attribute in ("aria-controls", "aria-owns", "aria-activedescendant"):
            if own & {part.index for part in evidence.dom.referred(other, attribute)}:
                return True
    return False


RULE = Rule(
    name=Text("Phím Tab tới được nhóm thẻ, trình đơn, cây, nhóm lựa chọn", "Composite controls are in the tab order"),
    why=Text(
        "Người không dùng được chuột không tới được nhóm này, nên không mở được các thẻ hay mục bên trong.",
        "People who cannot use a mouse do not get into the group, so its tabs or items stay closed to them.",
    ),
    criteria=("2.1.1",),
    needs=("dom",),
    applicability=composites_with_items,
    expectation=tab_leads_in,
    techniques=("G202", "SCR29"),
    messages={
        "no_stop": message(
            vi="Phím Tab không tới được mục nào trong nhóm {role}: {name}",
            en="The Tab key reaches no item of the {role}: {name}",
            mend_vi="Đặt tabindex=\"0\" cho mục đang chọn, \"-1\" cho các mục khác, và xử lý phím mũi tên; hoặc dùng <button>, <input>.",
            mend_en="Give the chosen item tabindex=\"0\" and the others \"-1\", and handle the arrow keys; or use <button>, <input>.",
        ),
        "perhaps_no_control": message(
            vi="Phím Tab không tới được mục nào trong nhóm {role}, và không rõ có bấm được không: {name}",
            en="The Tab key reaches no item of the {role}, and nothing shows whether it can be pressed: {name}",
            mend_vi="Nếu bấm chuột được vào các mục thì cho mục đang chọn tabindex=\"0\"; nếu chỉ để xem thì bỏ các role này.",
            mend_en="Where the items can be clicked, give the chosen one tabindex=\"0\"; where they are only shown, take the roles off.",
        ),
    },
)
