"""Scripted controls work without a mouse

What it checks
    Visible, named elements that do something on a click but are no native link or button: ``onclick`` (or a mouse-button event) on
    a span, div, picture, table row or an ``a`` without ``href``, or a click handler of an inline script where the pointer becomes a
    hand; elements with a control's role and a click listener; short texts that
    listen to clicks and keys and that no key reaches; buttons that listen to mouse buttons only. The Tab key has to reach them, keys
    have to work them, and they need the role of a control. A link, button or field of the same function that keys work is enough, and
    so is one around or inside them that a click there comes from or goes to; elements without a role do not excuse each other. Where a
    key in a field, or anywhere on the page, calls the same function, only the role is missing. A question remains where something is
    moved by dragging (``draggable``, or a knob that hears the mouse's button) and Tab comes to nothing near it, where the same function
    is called with other arguments, where the only twin has a bare name (“Xem thêm”), where the control inside keeps its clicks, and
    where the text of the page tells of keys.
    What the pointer goes through, and what is inert, is left out; so are table cells that only listen, without the hand, days of a
    calendar of which one takes the focus for all, and signs without words at a text field that only fill it, empty it or send it.

Why it matters
    People who cannot use a mouse do not reach such a control at all, and a screen reader reads it as plain text: they are not told
    that there is something to press.

Fails
    ``<span onclick="location.href='/nop-ho-so'">Nộp hồ sơ</span>``

Mended
    ``<a href="/nop-ho-so">Nộp hồ sơ</a>``; for an action on the page ``<button type="button" onclick="moBang()">…</button>``.

References
    WCAG 2.0 success criteria 2.1.1 and 4.1.2; failures F42, F54, F59; techniques G90, G202, H91, SCR35. A listener for clicks alone
    (added by a script in a file of its own, without a role) is no proof: the walk with Tab judges it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, takewhile

from wcag_audit.another_way import CONTROL_ROLES, KEYS, own_events
from wcag_audit.dom import Node
from wcag_audit.inline_script import code, does_nothing
from wcag_audit.model import Text
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.operable._handlers import attached
from wcag_audit.rules.operable._same_by_keys import (
    BUTTON_EVENTS,
    PICTURES,
    has_another_way,
    hears_keys,
    keys_call_the_same,
    label_of,
    may_have_another_way,
    script_of,
)

_EVENTS = frozenset(("onclick", *BUTTON_EVENTS))
#: Elements that have keys and roles of their own, and elements on which a script listens for what lies inside.
_NATIVE = frozenset((
    "button", "input", "select", "textarea", "summary", "label", "option", "optgroup", "iframe", "object", "embed", "video", "audio",
    "details", "dialog",
))
_DELEGATES = frozenset((
    "html", "body", "form", "main", "nav", "table", "thead", "tbody", "tfoot", "ul", "ol", "dl", "fieldset", "header", "footer",
    "article", "menu", "map",
))
#: Roles whose elements are often reached with arrow keys inside a composite that manages their focus.
_COMPOSITES = ("tablist", "menu", "menubar", "listbox", "tree", "grid", "treegrid", "radiogroup", "toolbar", "combobox")
_FOLDED = frozenset(("dd", "div", "ul", "ol", "p", "section", "dl", "table"))
_PRESSED_KEYS = frozenset(("keydown", "keypress"))
_TEXT = frozenset(("span", "b", "i", "em", "strong", "small", "u", "img", "svg", "br", "path", "g", "use"))
_DELEGATED = re.compile(r"\b(?:e|ev|evt|event)\.(?:target|srcElement)\b")
_GRABBED = frozenset(("mousedown", "pointerdown"))
#: How many ancestors around what is dragged may hold buttons for the same, and what is no such part.
_NEAR, _WHOLE = 3, ("body", "main", "form", "html")
#: Characters of text beyond which an element is a part of the page rather than a control; largest side of an icon, in CSS pixels.
_LONG, _ICON = 150, 100


def is_native(node: Node) -> bool:
    return node.tag in _NATIVE or (node.tag in ("a", "area") and (node.has("href") or node.has("xlink:href")))


def mouse_buttons_only(node: Node, evidence: Evidence) -> bool:
    """A native button that hears mouse buttons and neither clicks nor keys, on itself or on anything around it."""
    if not any(node.has(event) for event in BUTTON_EVENTS) or evidence.dom.listeners_error is not None:
        return False
    if node.tag == "a":
        idle = does_nothing(node.get("href"))
    else:
        idle = node.tag == "button" and (node.get("type").lower() == "button" or node.closest("form") is None)
        idle = idle or (node.tag == "input" and node.get("type").lower() == "button")
    heard = {kind for each in (node, *node.ancestors()) for kind in each.listeners}
    return idle and not heard & {"click", "focus", "focusin", *KEYS} and not node.attrs.keys() & {"popovertarget", "commandfor"}


def judged(evidence: Evidence) -> Iterator[Node]:
    """Scripted controls, and what is moved by dragging, of a row built alike the first."""
    yield from scripted_controls(evidence)
    yield from {node.path: node for node in reversed(evidence.dom.elements) if is_only_dragged(node, evidence)}.values()


def is_only_dragged(node: Node, evidence: Evidence) -> bool:
    """Something seen that hears how it is dragged, by itself and not by keys, with no stop of the Tab key in it or near it."""
    draggable, hand = node.get("draggable") == "true", node.style.get("cur") == "pointer"
    if not (draggable or hand):
        return False
    events = own_events(node)
    item = draggable and "dragstart" in events
    small = node.box is not None and max(node.box.width, node.box.height) <= _ICON
    knob = small and hand and bool(events & _GRABBED)
    if not (item or knob) or not node.visible or node.out_of_use or events & {"click", *KEYS} or any(map(node.has, _EVENTS)):
        return False
    near = (node, *takewhile(lambda each: each.tag not in _WHOLE, islice(node.ancestors(), _NEAR)))
    return evidence.dom.listeners_error is None and not any(each.tabbable for part in near for each in (part, *part.elements()))


def scripted_controls(evidence: Evidence) -> Iterator[Node]:
    """Visible elements that do something for a mouse and are no native control, or a native one that hears mouse buttons only."""
    known = attached(evidence).keys() | evidence.dom.listeners.keys()
    for node in evidence.dom.elements:
        if node.index not in known and _EVENTS.isdisjoint(node.attrs):
            continue
        scripted = not does_nothing(script_of(node, evidence))
        if not scripted and not ("click" in node.listeners and is_plainly_a_control(node)):
            continue
        if not node.visible or node.state.get("disabled") or node.get("aria-disabled") == "true" or node.tag in _DELEGATES:
            continue
        if node.out_of_use:
            continue
        if is_native(node):
            if scripted and mouse_buttons_only(node, evidence):
                yield node
        elif not _DELEGATED.search(script_of(node, evidence)) and not is_part_of_the_page(node):
            yield node


def is_plainly_a_control(node: Node) -> bool:
    """An element that hears clicks by a script of which nothing else is known, and that by its make is there to be pressed."""
    return node.get("role") in CONTROL_ROLES or is_built_for_keys(node) or heads_a_folded_part(node)


def heads_a_folded_part(node: Node) -> bool:
    """A short text right before a part of the page that is folded away: pressing it unfolds that part."""
    if node.parent is None or not any(c.isalpha() for c in node.visible_text) or len(node.visible_text) > _LONG:
        return False
    if any(other.tabbable and other.visible for other in (*node.elements(), *node.parent.children)):
        return False
    after = next((other for other in node.parent.children if other.index > node.index and not other.is_text), None)
    return after is not None and after.tag in _FOLDED and not after.exposed and after.box is None and after.text != ""


def is_built_for_keys(node: Node) -> bool:
    """A short text with listeners of its own for clicks and for keys, which no key can reach: made to be pressed, and forgotten.
    Libraries of tables listen on every cell, whatever comes of it: a cell is one only where the pointer becomes a hand."""
    hears = _PRESSED_KEYS & set(node.listeners) and (node.tag not in ("td", "th") or node.style.get("cur") == "pointer")
    return bool(hears) and not node.focusable and node.text != "" and all(part.tag in _TEXT for part in node.elements())


def is_part_of_the_page(node: Node) -> bool:
    """Too much text for a control, or nothing to see in it: a click there closes or counts something."""
    if len(node.visible_text) > _LONG:
        return node.style.get("cur") != "pointer"
    if any(c.isalpha() for c in label_of(node)):
        return False
    box = node.box
    drawn = node.visible_text or any(node.pseudo) or node.style.get("bi") or any(each.tag in PICTURES for each in (node, *node.elements()))
    return not drawn or box is None or max(box.width, box.height) > _ICON


def keyboard_works_it(node: Node, evidence: Evidence) -> Finding | None:
    """The element can be reached and worked with keys and has a control's role, or something of the same function can and has."""
    label = label_of(node)
    if is_only_dragged(node, evidence):
        return cant_tell("dragged", {"name": label or "?"}, criteria=("2.1.1",))
    values = {"name": label or "?", "script": code(script_of(node, evidence)) or "click"}
    if is_native(node):
        return failed("mouse_buttons_only", values, criteria=("2.1.1",))
    has_role = node.role in CONTROL_ROLES
    # What keys reach and work must itself tell what it is: another neutral element of its kind does not tell it.
    if has_another_way(node, evidence, told=node.tabbable and not has_role and hears_keys(node, evidence)):
        return PASSED
    if keys_call_the_same(node, evidence):
        return PASSED if has_role else _judged("no_role", values, node, label, ("4.1.2",))
    if may_have_another_way(node, evidence) and not (node.tabbable and hears_keys(node, evidence)):
        return cant_tell("perhaps_mouse_only", values, criteria=("2.1.1",) if has_role else ("2.1.1", "4.1.2"))
    if node.tabbable:
        if hears_keys(node, evidence):
            return PASSED if has_role else _judged("no_role", values, node, label, ("4.1.2",))
        return _judged("no_keys", values, node, label, ("2.1.1",) if has_role else ("2.1.1", "4.1.2"))
    if is_gone_through_by_keys(node) or (node.focusable and has_role and node.closest_role(*_COMPOSITES) is not None):
        return PASSED
    return _judged("not_reached", values, node, label, ("2.1.1",) if has_role else ("2.1.1", "4.1.2"))


def is_gone_through_by_keys(node: Node) -> bool:
    """Whether one of its make in the same table is the stop for all: keys move it from day to day, as in a calendar."""
    table = node.closest("table") or node.closest_role("grid")
    if table is None or not KEYS & set(node.listeners):
        return False
    return any(each.tabbable and each.path == node.path and KEYS & set(each.listeners) for each in table.elements(node.tag))


def _judged(failure: str, values: dict[str, str], node: Node, label: str, criteria: tuple[str, ...]) -> Finding:
    """A failure where the element plainly is a control that people are meant to use, else a question."""
    plain = any(c.isalpha() for c in label) and len(node.visible_text) <= _LONG and node.exposed
    if plain and (node.tabbable or not node.focusable):
        return failed(failure, values, criteria=criteria)
    return cant_tell("perhaps_mouse_only", values, criteria=criteria)


_MEND_VI = "Dùng <a href=\"…\"> cho liên kết hoặc <button type=\"button\"> cho nút thay cho thẻ này."
_MEND_EN = "Use <a href=\"…\"> for a link or <button type=\"button\"> for a button in place of this element."

RULE = Rule(
    name=Text("Thành phần điều khiển bằng tập lệnh dùng được không cần chuột", "Scripted controls work without a mouse"),
    why=Text(
        "Người chỉ dùng bàn phím không tới được hoặc không bấm được thành phần này; người mù dùng trình đọc màn hình chỉ nghe chữ thường, "
        "không biết ở đó có thứ bấm được.",
        "People who use only a keyboard cannot reach or press the control, and blind people who use a screen reader hear plain text and "
        "are not told that there is something to press.",
    ),
    criteria=("2.1.1", "4.1.2"),
    needs=("dom",),
    applicability=judged,
    expectation=keyboard_works_it,
    techniques=("F42", "F54", "F59", "G90", "G202", "H91", "SCR35"),
    messages={
        "not_reached": message(
            vi="“{name}” bấm được bằng chuột ({script}) nhưng phím Tab không tới được, và không có thành phần nào khác làm cùng việc.",
            en="“{name}” can be clicked ({script}), but the Tab key does not reach it, and nothing else does the same.",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "no_keys": message(
            vi="“{name}” nhận tiêu điểm nhưng chỉ có lệnh cho chuột ({script}), không có lệnh nào cho phím Enter hay phím cách.",
            en="“{name}” takes focus but hears the mouse only ({script}); nothing listens to Enter or Space.",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "no_role": message(
            vi="“{name}” là thành phần điều khiển ({script}) nhưng không có vai trò nút hay liên kết; trình đọc màn hình đọc như chữ.",
            en="“{name}” is a control ({script}) without the role of a button or link, so a screen reader reads it as plain text.",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "mouse_buttons_only": message(
            vi="“{name}” chỉ nghe phím chuột ({script}); phím Enter và phím cách không có tác dụng.",
            en="“{name}” listens to mouse buttons only ({script}); Enter and Space do nothing.",
            mend_vi="Chuyển lệnh sang sự kiện click, là sự kiện mà cả chuột và bàn phím đều tạo ra.",
            mend_en="Move the command to the click event, which mouse and keyboard both produce.",
        ),
        "dragged": message(
            vi="“{name}” kéo được bằng chuột, và không có chỗ nào ở gần mà phím Tab tới được. Có làm được việc này bằng bàn phím không?",
            en="“{name}” can be dragged by mouse, and Tab comes to nothing near it. Can the same be done by keyboard?",
            mend_vi="Thêm nút (ví dụ “Lên”, “Xuống”) hoặc ô nhập làm được cùng việc ấy.",
            mend_en="Add buttons (“Up” and “Down”) or a field that does the same.",
        ),
        "perhaps_mouse_only": message(
            vi="Thành phần “{name}” ({script}) có thể chỉ dùng được bằng chuột.",
            en="“{name}” ({script}) may work by mouse only.",
            mend_vi="Thử chỉ dùng bàn phím: nếu không làm được việc này bằng cách nào khác thì thay bằng nút hoặc liên kết thật.",
            mend_en="Try the keyboard alone: where the same cannot be done in any other way, use a real button or link.",
        ),
    },
)
