"""What is hidden from assistive technology takes no focus

What it checks
    Stops of the Tab key under ``aria-hidden="true"`` that axe leaves open: those beside an open modal dialog, and empty ones. They may
    stand there to hand the focus on (a script listens for it); where nothing hears the focus, it stays on something that is told to
    nobody. And stops that axe does not look for: editable parts, players with controls, and what takes the focus inside a frame.

Why it matters
    Who uses a screen reader stands on something that has no name, role or text for them. The reader falls silent, and many believe
    that the page has crashed.

Fails
    ``<div role="dialog" aria-modal="true">…</div> <div aria-hidden="true"><a href="#">Về đầu hộp thoại</a></div>``

Mended
    ``<div aria-hidden="true" inert>…</div>``, or a ``<dialog>`` that is opened with ``showModal()``

References
    WCAG 2.0 success criterion 4.1.2; ACT rule 6cfa84. Where the dialog itself or the page listens to keys or focus, a script may keep
    the focus inside: a question.
"""

from __future__ import annotations

from collections.abc import Iterator

from wcag_audit.dom import Node
from wcag_audit.model import Text, cut
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.operable._handlers import handlers
from wcag_audit.rules.robust.editable_part_has_a_name import is_editable

_FOCUS = frozenset(("focus", "focusin"))
_KEYS = frozenset(("keydown", "keyup", "keypress"))
_FRAMES = ("iframe", "frame")


def stops_left_open(evidence: Evidence) -> Iterator[Node]:
    """Stops of the Tab key under aria-hidden beside an open modal dialog, and empty ones and those that axe passes over anywhere."""
    modal = modal_dialogs(evidence)
    for hidden in evidence.dom.elements:
        if hidden.get("aria-hidden") != "true" or hidden.frame.document.get("modal") is not None:
            continue
        if any(other.get("aria-hidden") == "true" for other in hidden.ancestors()):
            continue
        for node in (hidden, *hidden.elements()):
            empty = not node.text and node.tag in ("div", "span", "a", "i")
            stops = _axe_passes_over(node, evidence) or (node.tabbable and (modal or empty))
            if stops and not any(dialog.contains(node) for dialog in modal):
                yield node


def _axe_passes_over(node: Node, evidence: Evidence) -> bool:
    """Whether Tab stops in an element that axe takes for none: an editable part, a player, a frame with stops of its own."""
    if node.tag in _FRAMES:
        inside = (stop for stop in evidence.dom.tabbable if stop.frame.owner is node and stop.visible)
        return node.visible and not node.get("tabindex").strip().startswith("-") and next(inside, None) is not None
    return node.tabbable and node.visible and not node.has("tabindex") and (is_editable(node) or node.has("controls"))


def modal_dialogs(evidence: Evidence) -> list[Node]:
    """Visible dialogs that say that they are modal."""
    return [node for node in evidence.dom.with_role("dialog", "alertdialog") if node.get("aria-modal") == "true" and node.visible]


def hands_the_focus_on(node: Node, evidence: Evidence) -> Finding | None:
    """A script hears the focus there; where one may keep it away, a person tries."""
    if _FOCUS & set(node.listeners) or any(handlers(node, "focus", evidence)):
        return PASSED
    values = {"element": cut(node.html, 160)}
    if not modal_dialogs(evidence) and _axe_passes_over(node, evidence):
        return failed("takes_focus", values)
    around = [*node.ancestors(), *modal_dialogs(evidence)]
    heard = any((_FOCUS | _KEYS) & set(each.listeners) or each.attrs.keys() & {"onkeydown", "onfocusin"} for each in around)
    if heard or evidence.dom.listeners_error is not None or not modal_dialogs(evidence):
        return cant_tell("perhaps", values)
    return failed("takes_focus", values)


RULE = Rule(
    name=Text("Phần bị ẩn với công nghệ hỗ trợ không nhận tiêu điểm", "What is hidden from assistive technology takes no focus"),
    why=Text(
        "Người mù dùng trình đọc màn hình dừng ở chỗ không được đọc gì, tưởng trang bị treo và không biết mình đang ở đâu.",
        "Blind people who use a screen reader stop where nothing is read out; they believe that the page hangs and lose their place.",
    ),
    criteria=("4.1.2",),
    needs=("dom",),
    applicability=stops_left_open,
    expectation=hands_the_focus_on,
    act=("6cfa84",),
    messages={
        "takes_focus": message(
            vi="Phím Tab tới được {element} trong vùng aria-hidden=“true”, và không có tập lệnh nào chuyển tiêu điểm đi.",
            en="Tab reaches {element} under aria-hidden=“true”, and no script hands the focus on.",
            mend_vi="Thêm inert (hoặc tabindex=\"-1\") cho phần bị ẩn, hoặc bỏ aria-hidden.",
            mend_en="Give the hidden part inert (or tabindex=\"-1\"), or take aria-hidden off.",
        ),
        "perhaps": message(
            vi="Phím Tab có thể tới được {element} trong vùng aria-hidden=“true”.",
            en="Tab may reach {element} under aria-hidden=“true”.",
            mend_vi="Đi bằng phím Tab: nếu tiêu điểm dừng ở đây thì thêm inert (hoặc tabindex=\"-1\") cho phần bị ẩn.",
            mend_en="Go there with Tab: where the focus stays, give the hidden part inert (or tabindex=\"-1\").",
        ),
    },
)
