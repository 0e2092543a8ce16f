"""Scripted controls work without a mouse

What it checks
    Visible, named elements that do something on a click but are no native link or button: ``onclick`` (or a mouse-button event) on
    a span, div, picture, table row or an ``a`` without ``href``, or a click handler of an inline script where the pointer becomes a
    hand; elements with a control's role and a click listener; short texts that
    listen to clicks and keys and that no key reaches; buttons that listen to mouse buttons only. The Tab key has to reach them, keys
    have to work them, and they need the role of a control. A link, button or field of the same function beside them is enough, and so
    is one around or inside them that a click there comes from or goes to. Where a key in a field, or anywhere on the page, calls the
    same function, only the role is missing. A question remains where the same function is called with other arguments, where the
    only twin has a bare name (“Xem thêm”), where the control inside keeps its clicks, and where the text of the page tells of keys.
    What the pointer goes through, and what is inert, is left out.

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
from itertools import islice

from wcag_audit.another_way import CONTROL_ROLES, KEYS, Way, nested, own_events
from wcag_audit.dom import Node
from wcag_audit.inline_script import Call, calls, code, does_nothing, only_call, same_function
from wcag_audit.model import Text, bare
from wcag_audit.phrases import phrases
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.operable._handlers import attached, handlers, scripts_of

_BUTTON_EVENTS = ("onmousedown", "onmouseup", "ondblclick", "onpointerdown", "onpointerup")
_EVENTS = frozenset(("onclick", *_BUTTON_EVENTS))
_KEY_EVENTS = ("onkeydown", "onkeypress", "onkeyup")
#: What a field hears when keys fill it in.
_FIELD_EVENTS = (*KEYS, "change", "input")
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
_PICTURES = ("img", "svg", "i")
_FOLDED = frozenset(("dd", "div", "ul", "ol", "p", "section", "dl", "table"))
_PRESSED_KEYS = frozenset(("keydown", "keypress"))
_TEXT = frozenset(("span", "b", "i", "em", "strong", "small", "u", "img", "svg", "br", "path", "g", "use"))
_DELEGATED = re.compile(r"\b(?:e|ev|evt|event)\.(?:target|srcElement)\b")
_STRING = re.compile(r"""['"]([^'"]*)['"]""")
_TO_FIELD = re.compile(r"\.(?:click|focus|select|showPicker)\(|calendar|datepicker|date_?picker|showcal|lich|chon_?ngay", re.IGNORECASE)
_TYPED = frozenset((
    "text", "date", "datetime-local", "month", "time", "week", "file", "checkbox", "radio", "search", "tel", "number", "email", "url",
))
#: Characters of text beyond which an element is a part of the page rather than a control; largest side of an icon, in CSS pixels.
_LONG, _ICON = 150, 100
#: How far up a card reaches in which a link may stand for a picture, and what is no card.
_NEAR, _WIDE = 3, ("body", "main", "form", "html", "ul", "ol", "tbody", "table")
_ENTERED = frozenset(("text", "search", "tel", "number", "email", "url", "password", "date", "month", "time", "week", "datetime-local"))
_SUBMITS = frozenset(("submit", "image"))
#: An element that a script plays or presses: by id, by the id as a variable, or the one beside its own.
_WORKED = re.compile(
    r"""(?:getElementById\(\s*['"](?P<id>[^'"]+)['"]\s*\)|(?:querySelector|\$|jQuery)\(\s*['"]\#(?P<found>[\w-]+)['"]\s*\)(?:\[0\])?
        |(?<![\w$.])(?P<name>[\w$]+)|this\.(?P<beside>next|previous)ElementSibling)
        \.(?:play|pause|click|showPicker|stepUp|stepDown)\(""",
    re.VERBOSE,
)


def reachable(evidence: Evidence) -> dict[str, list[int]]:
    """The visible controls in the tab order by what they do: by script, by address and by name."""
    table: dict[str, list[int]] = {}
    for node in evidence.dom.tabbable:
        if not node.visible or node.tag == "iframe":
            continue
        href = node.get("href")
        functions = [f"script {same_function(script)}" for script in scripts_when_pressed(node)]
        for key in (*functions, f"address {href}", f"address {node.state.get('href', '')}", f"name {bare(label_of(node))}"):
            table.setdefault(key, []).append(node.index)
    return table


def scripts_when_pressed(node: Node) -> list[str]:
    """What the markup says a press of a control runs, that of its form with it where it sends it."""
    href = node.get("href")
    form = node.closest("form") if is_submit(node) else None
    own = [node.get("onclick"), href if href.lower().startswith("javascript:") else ""]
    return [script for script in (*own, form.get("onsubmit") if form is not None else "") if script]


def is_submit(node: Node) -> bool:
    return (node.tag == "input" and node.state.get("type") in _SUBMITS) or (node.tag == "button" and node.get("type", "submit") == "submit")


def calls_by_key(evidence: Evidence) -> frozenset[Call]:
    """The functions that keys call without a control to press: in a field, by sending its form, or wherever the focus stands."""
    found: set[Call] = set()
    for node in evidence.dom.tabbable:
        if node.tag not in ("input", "select", "textarea"):
            continue
        for event in _FIELD_EVENTS:
            for script in handlers(node, event, evidence):
                found |= calls(script)
        form = node.closest("form")
        if form is not None and node.state.get("type") in _ENTERED and enter_sends(form):
            found |= {call for script in handlers(form, "submit", evidence) for call in calls(script)}
    page = [one.body for one in scripts_of(evidence).of_the_page if one.event in KEYS]
    page += [script for body in evidence.dom.all("body") for event in KEYS for script in handlers(body, event, evidence)]
    return frozenset(found | {call for script in page for call in calls(script)})


def enter_sends(form: Node) -> bool:
    """Whether Enter in a field sends the form: it has a button for that, or this field alone."""
    fields = [each for each in form.elements("input", "button") if not each.state.get("disabled")]
    return any(map(is_submit, fields)) or sum(each.state.get("type") in _ENTERED for each in fields) == 1


def functions_called(evidence: Evidence) -> dict[str, set[Call]]:
    """What the controls in the tab order, and keys, call of the page's functions, by name."""
    pressed = (call for node in evidence.dom.tabbable if node.visible for script in scripts_when_pressed(node) for call in calls(script))
    table: dict[str, set[Call]] = {}
    for call in (*pressed, *evidence.share("calls-by-key", calls_by_key)):
        table.setdefault(call.function, set()).add(call)
    return table


def tells_of_keys(evidence: Evidence) -> bool:
    """Whether the page hears keys wherever the focus stands, by a script of which no more is known, and its text tells of them."""
    heard = {kind for node in evidence.dom.all("html", "body") for kind in own_events(node)}
    return bool(heard & KEYS) and any(phrases("key_instructions").found_in(text.text) for text in evidence.dom.visible_texts)


def label_of(node: Node) -> str:
    """What the element says of itself: its name, text, pictures' names or title."""
    own = node.name or node.visible_text or node.get("aria-label")
    return (own or " ".join(child.name for child in node.elements() if child.name) or node.get("title")).strip()


def script_of(node: Node, evidence: Evidence) -> str:
    """What a click does, as far as attributes tell, or an inline script, where the pointer becomes a hand there."""
    own = [node.get(event) for event in ("onclick", *_BUTTON_EVENTS) if node.has(event)]
    if not own and node.style.get("cur") == "pointer":
        own = [script for event, script in attached(evidence).get(node.index, ()) if event == "click"]
    return ";".join(own)


def is_native(node: Node) -> bool:
    return node.tag in _NATIVE or (node.tag in ("a", "area") and (node.has("href") or node.has("xlink:href")))


def mouse_buttons_only(node: Node, evidence: Evidence) -> bool:
    """A native button that hears mouse buttons and neither clicks nor keys, on itself or on anything around it."""
    if not any(node.has(event) for event in _BUTTON_EVENTS) or evidence.dom.listeners_error is not None:
        return False
    if node.tag == "a":
        idle = does_nothing(node.get("href"))
    else:
        idle = node.tag == "button" and (node.get("type") == "button" or node.closest("form") is None)
        idle = idle or (node.tag == "input" and node.get("type").lower() == "button")
    heard = {kind for each in (node, *node.ancestors()) for kind in each.listeners}
    return idle and not heard & {"click", "focus", "focusin", *KEYS} and not node.attrs.keys() & {"popovertarget", "commandfor"}


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
    """A short text with listeners of its own for clicks and for keys, which no key can reach: made to be pressed, and forgotten."""
    hears = _PRESSED_KEYS & set(node.listeners)
    return bool(hears) and not node.focusable and node.text != "" and all(part.tag in _TEXT for part in node.elements())


def is_part_of_the_page(node: Node) -> bool:
    """Too much text for a control, or nothing to see in it: a click there closes or counts something."""
    if len(node.visible_text) > _LONG:
        return node.style.get("cur") != "pointer"
    if any(c.isalpha() for c in label_of(node)):
        return False
    box = node.box
    drawn = node.visible_text or any(node.pseudo) or node.style.get("bi") or any(each.tag in _PICTURES for each in (node, *node.elements()))
    return not drawn or box is None or max(box.width, box.height) > _ICON


def has_another_way(node: Node, evidence: Evidence) -> bool:
    """Something else in the tab order does the same: around it, inside it, by the same script, address or name, a link of the same card,
    the field it serves, or the control that its script works."""
    labels = node.closest("label") is not None and node.tag not in ("input", "select", "textarea")
    if labels or nested(node, evidence.dom, is_tabbable) is Way.SURE:
        return True
    controls = evidence.share("reachable-controls", reachable)
    script, name = script_of(node, evidence), bare(label_of(node))
    texts = [text for text in _STRING.findall(script) if text]
    keys = [f"script {same_function(script)}" if script else "", *(f"address {text}" for text in texts)]
    if name and not phrases("generic_links").is_one(name):
        keys.append(f"name {name}")
    if any(index != node.index for key in keys for index in controls.get(key, ())):
        return True
    fields = (evidence.dom.with_id(text.lstrip("#"), node) for text in texts) if _TO_FIELD.search(script) else ()
    if any(field is not None and takes_typing(field) for field in fields):
        return True
    return any(map(is_tabbable, worked_by(node, evidence))) or leads_with_a_link(node, evidence) or is_drawn_for_a_select(node)


def may_have_another_way(node: Node, evidence: Evidence) -> bool:
    """Something that keys reach may do the same: a control inside it that keeps its clicks, a link of the same bare word, the same
    function called with what is chosen or typed, a field for files right behind it, or keys that the page tells of."""
    if nested(node, evidence.dom, is_tabbable) is Way.PERHAPS or evidence.share("page-tells-of-keys", tells_of_keys):
        return True
    named = evidence.share("reachable-controls", reachable).get(f"name {bare(label_of(node))}", ())
    if label_of(node) and any(index != node.index for index in named):
        return True
    behind = sibling(node, after=True)
    if behind is not None and behind.tabbable and behind.state.get("type") == "file":
        return True
    own = only_call(script_of(node, evidence))
    if own is None:
        return False
    others = evidence.share("functions-called-by-key", functions_called).get(own.function, ())
    return any(other != own and not (own.is_fixed and other.is_fixed) for other in others)


def keys_call_the_same(node: Node, evidence: Evidence) -> bool:
    """A key in a field or anywhere on the page calls the same function."""
    own = only_call(script_of(node, evidence))
    return own is not None and own in evidence.share("calls-by-key", calls_by_key)


def is_tabbable(node: Node) -> bool:
    return node.tabbable


def sibling(node: Node, after: bool) -> Node | None:
    """The element right behind it, or right before it."""
    row = [each for each in node.parent.children if not each.is_text] if node.parent is not None else [node]
    place = next(i for i, each in enumerate(row) if each is node) + (1 if after else -1)
    return row[place] if 0 <= place < len(row) else None


def worked_by(node: Node, evidence: Evidence) -> Iterator[Node]:
    """What its script plays or presses."""
    script = script_of(node, evidence)
    for match in _WORKED.finditer(scripts_of(evidence).unfolded(script) if node.frame.owner is None else script):
        name = match["id"] or match["found"] or match["name"]
        found = evidence.dom.with_id(name, node) if name else sibling(node, after=match["beside"] == "next")
        if found is not None:
            yield found


def leads_with_a_link(node: Node, evidence: Evidence) -> bool:
    """A link of the same card leads to the address that ends with what the script is given: ``moTin(12)`` beside ``/tin/12``."""
    call = only_call(script_of(node, evidence))
    given = call.arguments.strip("'") if call is not None and call.is_fixed else ""
    if not given or "," in given:
        return False
    address = re.compile(rf"(?<![^\W_]){re.escape(given)}(?:\.\w+)?/?$")
    return any(link.tabbable and address.search(link.get("href")) for around in card(node) for link in around.elements("a"))


def card(node: Node) -> Iterator[Node]:
    """What is around an element and still the same part of the page."""
    for around in islice(node.ancestors(), _NEAR):
        if around.tag in _WIDE:
            return
        yield around


def is_drawn_for_a_select(node: Node) -> bool:
    """A list box that is drawn over a real one, which keys reach beside it and nobody sees."""
    beside = (sibling(node, after=False), sibling(node, after=True))
    return any(each is not None and each.tag == "select" and each.tabbable and not each.visible for each in beside)


def takes_typing(field: Node) -> bool:
    return field.tabbable and not field.state.get("readonly") and field.state.get("type") in _TYPED


def hears_keys(node: Node, evidence: Evidence) -> bool:
    """Whether anything around it listens to keys, as far as it is known."""
    if any(node.has(event) for event in _KEY_EVENTS) or evidence.dom.listeners_error is not None:
        return True
    return any(KEYS & set(each.listeners) for each in (node, *node.ancestors()))


def keyboard_works_it(node: Node, evidence: Evidence) -> Finding | None:
    """The element can be reached and worked with keys and has a control's role, or something of the same function can and has."""
    label = label_of(node)
    values = {"name": label or "?", "script": code(script_of(node, evidence)) or "click"}
    if is_native(node):
        return failed("mouse_buttons_only", values, criteria=("2.1.1",))
    if has_another_way(node, evidence):
        return PASSED
    has_role = node.role in CONTROL_ROLES
    if keys_call_the_same(node, evidence):
        return PASSED if has_role else _judged("no_role", values, node, label, ("4.1.2",))
    if may_have_another_way(node, evidence) and not (node.tabbable and hears_keys(node, evidence)):
        return cant_tell("perhaps_mouse_only", values, criteria=("2.1.1",) if has_role else ("2.1.1", "4.1.2"))
    if node.tabbable:
        if hears_keys(node, evidence):
            return PASSED if has_role else _judged("no_role", values, node, label, ("4.1.2",))
        return _judged("no_keys", values, node, label, ("2.1.1",) if has_role else ("2.1.1", "4.1.2"))
    if node.focusable and (has_role and node.closest_role(*_COMPOSITES) is not None):
        return PASSED
    return _judged("not_reached", values, node, label, ("2.1.1",) if has_role else ("2.1.1", "4.1.2"))


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
    applicability=scripted_controls,
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
        "perhaps_mouse_only": message(
            vi="Thành phần “{name}” ({script}) có thể chỉ dùng được bằng chuột.",
            en="“{name}” ({script}) may work by mouse only.",
            mend_vi="Thử chỉ dùng bàn phím: nếu không làm được việc này bằng cách nào khác thì thay bằng nút hoặc liên kết thật.",
            mend_en="Try the keyboard alone: where the same cannot be done in any other way, use a real button or link.",
        ),
    },
)
