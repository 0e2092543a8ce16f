"""Moving the focus starts nothing by itself

What it checks
    Everything that happened while the Tab key went through the page, with all requests held back: a new window, a navigation, a
    form sent, a dialog of the browser, the focus moved on or dropped by a script. Each element that may have caused it gets the focus
    once more by itself in a fresh page, and half a second passes.

Why it matters
    Who moves by keyboard has to pass an element in order to reach the next one. Where passing it opens a window or leaves the page,
    they lose their place and what they had entered, and screen reader users do not know what happened.

Fails
    ``ma.addEventListener("focus", () => window.open("/huong-dan"))``

Mended
    A link or button beside the field opens the help: ``<a href="/huong-dan">Hướng dẫn tìm mã hồ sơ</a>``

References
    WCAG 2.0 success criteria 3.2.1 and 2.1.1; techniques G107, G200; failure F55. Menus and hints that open on focus are no change of
    context; elements that only pass the focus on inside a dialog, unseen fields that pass it to what is drawn in their place, and a
    dialog open from the start that fetches the focus back, are left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from wcag_audit.dom import Node
from wcag_audit.model import JSON, Step, Text, Verdict
from wcag_audit.recorded import node_of, target_of
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, ask_again, cant_tell, failed, message
from wcag_audit.rules.operable._handlers import Focused, handlers
from wcag_audit.rules.operable._walk import Event, events, hidden_sentinel, name_of, place, stops
from wcag_audit.rules.operable.focus_is_not_removed import focus_stays
from wcag_audit.rules.understandable.focus_alone_changes_no_context import context_stays

#: Roles of parts in which the focus of the whole is handed to one of its items.
_COMPOSITES = ("tablist", "menu", "menubar", "listbox", "tree", "grid", "treegrid", "radiogroup", "toolbar", "combobox")
#: Sides in CSS pixels that nobody sees.
_UNSEEN = 2.0
_WIDE = ("body", "form", "main")
#: Kinds that a second try has to show on the same element.
_MESSAGES = {
    "popup": "window", "navigate": "navigates", "submit": "submits", "ask": "asks", "print": "prints", "moved": "moves", "lost": "drops",
}


def events_on_the_way(evidence: Evidence) -> Iterator[Event | None]:
    """What happened on the way, each kind once for the same element; nothing where the walk stopped at elements and nothing did."""
    walk = evidence.data("focus_walk")
    if not stops(walk):
        return
    yield None
    seen: set[tuple[str, str]] = set()
    for event in events(walk):
        key = (event.kind, place(event.candidates[0]) if event.candidates else "")
        if event.candidates and key not in seen and not is_meant(event, evidence):
            seen.add(key)
            yield event


def is_meant(event: Event, evidence: Evidence) -> bool:
    """Whether the event is no change of context, or its markup alone proves it already."""
    first = event.candidates[0]
    node = node_of(evidence.dom, first)
    if event.kind in ("moved", "lost") and hidden_sentinel(node, first):
        return True
    if node is not None:
        focused = [Focused(node, script) for script in handlers(node, "focus", evidence)]
        told = [rule(one, evidence) for one in focused for rule in (context_stays, focus_stays)]
        if any(finding is not None and finding.verdict is Verdict.FAILED for finding in told):
            return True
    if event.kind != "moved":
        return False
    to = json.loads(event.detail)
    # A cell that becomes a field where it stands, and a part that hands the focus to what it holds, stay the same place to be at.
    inside = to["frame"] == first["frame"] and to["path"][: len(first["path"])] == first["path"]
    return inside or handed_over(node, to, evidence) or fetched_back(node, to, evidence)


def fetched_back(node: Node | None, to: JSON, evidence: Evidence) -> bool:
    """Whether a dialog that stood open over the page from the start fetched the focus back, whatever had got it."""
    other = node_of(evidence.dom, to)
    dialog = other.closest_role("dialog", "alertdialog") if other is not None else None
    return dialog is not None and dialog.visible and node is not None and not dialog.contains(node)


def handed_over(node: Node | None, to: JSON, evidence: Evidence) -> bool:
    """Whether the focus was handed to an item of the same part: of a tab list, a menu, a group of radio buttons."""
    other = node_of(evidence.dom, to)
    if node is None or other is None:
        return node is None or bool(node.frame.truncated)  # it may stand where the tree was cut
    if node is other or node.contains(other) or other.contains(node) or stands_in(other, node):
        return True
    part = node.closest_role(*_COMPOSITES)
    same_radio = node.state.get("type") == "radio" and other.get("name") == node.get("name")
    return same_radio or (part is not None and part.contains(other))


def stands_in(seen: Node, unseen: Node) -> bool:
    """Whether what gets the focus is what people see of an unseen field: scripts that draw lists anew leave the field beside it."""
    box = unseen.box
    hidden = not unseen.visible or box is None or min(box.width, box.height) <= _UNSEEN
    return hidden and seen.visible and unseen.parent is not None and unseen.parent.tag not in _WIDE and unseen.parent.contains(seen)


def nothing_starts(event: Event | None, evidence: Evidence) -> Finding | None:
    """What happened on the way does not happen again when the element gets the focus by itself."""
    if event is None:
        return PASSED
    again = evidence.second_try("focus_walk")
    if again is None:
        return ask_again("focus_walk", {"focus": event.candidates[:1] if event.certain else event.candidates})
    for element in event.candidates:
        step = next((step for step in again["steps"] if step["action"] == "focus" and place(step["args"]["el"]) == place(element)), None)
        if step is not None and happened_again(event, step):
            return _failed(event, element, step, evidence)
    if not event.certain:
        return PASSED
    first = event.candidates[0]
    values = {"name": name_of(first, evidence), "kind": event.kind}
    return cant_tell("not_again", values, target=target_of(evidence.dom, first))


def happened_again(event: Event, step: JSON) -> bool:
    """Whether a single focus had the same consequence."""
    changed = step["changed"]
    kinds = {one["kind"] for one in changed["happened"]}
    active = changed["active"]
    elsewhere = active is None or place(active) != place(step["args"]["el"])
    if event.kind == "lost":
        return "lost" in kinds and active is None
    if event.kind == "moved":
        return elsewhere and active is not None and bool(changed["took"] or "moved" in kinds)
    return event.kind in kinds


def _failed(event: Event, element: JSON, step: JSON, evidence: Evidence) -> Finding:
    detail = event.detail
    if event.kind == "moved":
        detail = name_of(step["changed"]["active"], evidence)
    values = {"name": name_of(element, evidence), "detail": detail or "?"}
    criteria = ("2.1.1", "3.2.1") if event.kind == "lost" else ("3.2.1",)
    kinds = [one["kind"] for one in step["changed"]["happened"]]
    steps = (Step(action="focus", reason="second_try", at=step["at"], changed={"happened": kinds}),)
    return failed(_MESSAGES[event.kind], values, target=target_of(evidence.dom, element), criteria=criteria, steps=steps)


_MEND_VI = "Chỉ thực hiện khi người dùng kích hoạt: chuyển lệnh sang một nút hoặc liên kết riêng đặt cạnh thành phần này."
_MEND_EN = "Do it only when users activate something: move the command to a button or link of its own beside this element."

RULE = Rule(
    name=Text("Chuyển tiêu điểm không tự gây ra việc gì", "Moving the focus starts nothing by itself"),
    why=Text(
        "Người dùng bàn phím phải đi qua thành phần này; việc xảy ra ngoài ý muốn làm họ lạc chỗ hoặc mất dữ liệu đã nhập.",
        "People who use a keyboard have to pass this element; what starts unasked makes them lose their place or their entries.",
    ),
    criteria=("3.2.1", "2.1.1"),
    needs=("dom", "focus_walk"),
    applicability=events_on_the_way,
    expectation=nothing_starts,
    techniques=("G107", "G200", "F55"),
    messages={
        "window": message(
            vi="“{name}” vừa nhận tiêu điểm đã mở cửa sổ mới ({detail}); thử hai lần đều như vậy.",
            en="“{name}” opens a new window ({detail}) as soon as it gets the focus; so it did twice.",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "navigates": message(
            vi="“{name}” vừa nhận tiêu điểm đã chuyển sang trang khác ({detail}); thử hai lần đều như vậy.",
            en="“{name}” goes to another page ({detail}) as soon as it gets the focus; so it did twice.",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "submits": message(
            vi="“{name}” vừa nhận tiêu điểm đã gửi biểu mẫu; thử hai lần đều như vậy.",
            en="“{name}” submits its form as soon as it gets the focus; so it did twice.",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "asks": message(
            vi="“{name}” vừa nhận tiêu điểm đã hiện hộp thoại “{detail}”; thử hai lần đều như vậy.",
            en="“{name}” shows the dialog “{detail}” as soon as it gets the focus; so it did twice.",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "prints": message(
            vi="“{name}” vừa nhận tiêu điểm đã mở hộp in; thử hai lần đều như vậy.",
            en="“{name}” opens the print dialog as soon as it gets the focus; so it did twice.",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "moves": message(
            vi="“{name}” vừa nhận tiêu điểm, tập lệnh đã chuyển tiêu điểm sang “{detail}”, nên bàn phím không dùng được nó.",
            en="As soon as “{name}” gets the focus a script moves it on to “{detail}”, so the keyboard cannot use it.",
            mend_vi="Bỏ lệnh chuyển tiêu điểm; thành phần nào không dùng nữa thì thêm thuộc tính disabled hoặc hidden.",
            mend_en="Take the command off; where the element is not to be used, give it the attribute disabled or hidden.",
        ),
        "drops": message(
            vi="“{name}” tự bỏ tiêu điểm ngay khi nhận được, nên bàn phím không dùng được nó; thử hai lần đều như vậy.",
            en="“{name}” drops its focus as soon as it gets it, so the keyboard cannot use it; so it did twice.",
            mend_vi="Bỏ lệnh blur() khi nhận tiêu điểm; nếu không muốn đường viền mặc định thì thể hiện tiêu điểm bằng CSS theo cách khác.",
            mend_en="Take blur() out of the focus handler; where the outline is not wanted, show the focus in another way with CSS.",
        ),
        "not_again": message(
            vi="Lần đầu có việc xảy ra khi “{name}” nhận tiêu điểm ({kind}); lần thứ hai thì không.",
            en="The first time something happened when “{name}” got the focus ({kind}); the second time nothing did.",
            mend_vi="Dùng phím Tab đi tới thành phần này vài lần; nếu ngữ cảnh thay đổi thì chuyển lệnh sang một nút riêng.",
            mend_en="Move to it with the Tab key several times; where the context changes, move the command to a button of its own.",
        ),
    },
)
