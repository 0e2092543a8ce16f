"""What else on a page does by keys what a control does: by the same function, address or name, in the same card, in a field or anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from wcag_audit.another_way import CONTROL_ROLES, KEYS, Way, nested, own_events
from wcag_audit.dom import Node
from wcag_audit.inline_script import Call, calls, only_call, same_function
from wcag_audit.model import bare
from wcag_audit.phrases import phrases
from wcag_audit.rule import Evidence
from wcag_audit.rules.operable._handlers import attached, handlers, scripts_of

BUTTON_EVENTS = ("onmousedown", "onmouseup", "ondblclick", "onpointerdown", "onpointerup")
#: What a field hears when keys fill it in.
_FIELD_EVENTS = (*KEYS, "change", "input")
PICTURES = ("img", "svg", "i")
#: Elements that browsers work by keys once they have the focus.
_NATIVE = frozenset(("button", "input", "select", "textarea", "summary", "audio", "video", "object", "embed"))
_STRING = re.compile(r"""['"]([^'"]*)['"]""")
_TO_FIELD = re.compile(r"\.(?:click|focus|select|showPicker)\(|calendar|datepicker|date_?picker|showcal|lich|chon_?ngay", re.IGNORECASE)
_TYPED = frozenset((
    "text", "date", "datetime-local", "month", "time", "week", "file", "checkbox", "radio", "search", "tel", "number", "email", "url",
))
#: What a script does that typing in a field, or Enter there, does as well.
_FILLS = re.compile(r"\.value\s*[-+*]?=(?!=)|\.value\s*(?:\+\+|--)|\.val\([^)]|\.step(?:Up|Down)\(")
_SENDS = re.compile(r"\.(?:submit|requestSubmit)\(")
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


def reachable(evidence: Evidence) -> dict[str, list[Node]]:
    """The visible controls in the tab order that keys work, by what they do: by script, by address and by name."""
    table: dict[str, list[Node]] = {}
    for node in evidence.dom.tabbable:
        native = node.tag in _NATIVE or node.has("href") or node.has("xlink:href")
        if not node.visible or node.tag == "iframe" or not (native or hears_keys(node, evidence)):
            continue
        href = node.get("href")
        functions = [f"script {same_function(script)}" for script in scripts_when_pressed(node)]
        for key in (*functions, f"address {href}", f"address {node.state.get('href', '')}", f"name {bare(label_of(node))}"):
            table.setdefault(key, []).append(node)
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
    own = [node.get(event) for event in ("onclick", *BUTTON_EVENTS) if node.has(event)]
    if not own and node.style.get("cur") == "pointer":
        own = [script for event, script in attached(evidence).get(node.index, ()) if event == "click"]
    return ";".join(own)


def has_another_way(node: Node, evidence: Evidence, *, told: bool = False) -> bool:
    """Something else in the tab order does the same: around it, inside it, by the same script, address or name, a link of the same card,
    the field it serves or stands beside, or the control that its script works. ``told``: of its like, only what has the role of a
    control counts."""
    labels = node.closest("label") is not None and node.tag not in ("input", "select", "textarea")
    if labels or nested(node, evidence.dom, is_tabbable) is Way.SURE:
        return True
    controls = evidence.share("reachable-controls", reachable)
    script, name = script_of(node, evidence), bare(label_of(node))
    texts = [text for text in _STRING.findall(script) if text]
    keys = [f"script {same_function(script)}" if script else "", *(f"address {text}" for text in texts)]
    if name and not phrases("generic_links").is_one(name):
        keys.append(f"name {name}")
    alike = (each for key in keys for each in controls.get(key, ()) if each is not node)
    if any(not told or each.role in CONTROL_ROLES for each in alike):
        return True
    fields = (evidence.dom.with_id(text.lstrip("#"), node) for text in texts) if _TO_FIELD.search(script) else ()
    if any(field is not None and takes_typing(field) for field in fields):
        return True
    if any(map(is_tabbable, worked_by(node, evidence))) or serves_the_field_beside(node, script):
        return True
    return leads_with_a_link(node, evidence) or is_drawn_for_a_select(node)


def serves_the_field_beside(node: Node, script: str) -> bool:
    """A sign without words at a field that can be typed in: it fills or empties the field, sends its form, or is told to nobody."""
    if any(c.isalnum() for c in label_of(node)) or node.parent is None:
        return False
    fields = [each for each in node.parent.children if each.tag == "input" and each.state.get("type") in _ENTERED and takes_typing(each)]
    forms = [form for field in fields if (form := field.closest("form")) is not None]
    serves = _FILLS.search(script) or not node.exposed or (_SENDS.search(script) and any(map(enter_sends, forms)))
    return bool(fields and serves)


def may_have_another_way(node: Node, evidence: Evidence) -> bool:
    """Something that keys reach may do the same: a control inside it that keeps its clicks, a link of the same bare word, the same
    function called with what is chosen or typed, a field for files right behind it, or keys that the page tells of."""
    if nested(node, evidence.dom, is_tabbable) is Way.PERHAPS or evidence.share("page-tells-of-keys", tells_of_keys):
        return True
    named = evidence.share("reachable-controls", reachable).get(f"name {bare(label_of(node))}", ())
    if label_of(node) and any(each is not node for each in named):
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


def hears_keys(node: Node, evidence: Evidence) -> bool:
    """Whether anything around it listens to keys, as far as it is known."""
    if any(node.has(f"on{event}") for event in KEYS) or evidence.dom.listeners_error is not None:
        return True
    return any(KEYS & set(each.listeners) for each in (node, *node.ancestors()))


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
