"""A native control is in the tab order

What it checks
    Visible links, buttons that do something, summaries and fields (of radio buttons the whole group) that a negative ``tabindex``
    takes out of the tab order. It fails where nothing else that Tab reaches does the same: the same address (in one card also with
    more parameters), script or name, a control around it or inside it, a field that it serves at its side, or a group in which arrow
    keys move from one control to the next. What the pointer goes through, and what is inert, is left out.

Why it matters
    With the mouse the control works. Who uses the keyboard alone never comes to it, and is not told that it is there.

Fails
    ``<a href="/nop-ho-so" tabindex="-1">Nộp hồ sơ</a>``

Mended
    ``<a href="/nop-ho-so">Nộp hồ sơ</a>``

References
    WCAG 2.0 success criterion 2.1.1; techniques G202, H91. Controls of tab lists, menus, grids and carousels, and those behind an open
    dialog, have their own ways and are not judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from urllib.parse import parse_qsl, urlsplit

from wcag_audit.dom import Node
from wcag_audit.model import Text
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.operable._same_by_keys import card, has_another_way, label_of, may_have_another_way, reachable

_MANAGED = (
    "tablist", "menu", "menubar", "listbox", "tree", "grid", "treegrid", "radiogroup", "toolbar", "combobox", "feed", "application",
    "slider", "spinbutton", "scrollbar", "dialog", "alertdialog",
)  # fmt: skip
_DIALOGS = ("dialog", "alertdialog")
_KEYS = frozenset(("keydown", "keypress", "keyup"))
#: How far up the part reaches in which another control or a field may stand for it.
_NEAR = 3
_FIELDS = ("input", "select", "textarea")
_NO_LABELLED = ("hidden", "radio", "file", "range")


def controls_out_of_the_order(evidence: Evidence) -> Iterator[Node]:
    """Visible, exposed native controls with a negative tabindex; none on a page with an open dialog."""
    dom = evidence.dom
    if any(node.visible and node.exposed for node in dom.with_role(*_DIALOGS)):
        return
    for node in dom.with_attribute("tabindex"):
        if node.get("tabindex").strip().startswith("-") and _is_native(node) and node.visible and node.exposed and not _is_managed(node):
            yield node


def _is_native(node: Node) -> bool:
    leads = node.tag == "a" and node.has("href") and not node.get("href").strip().startswith("#")
    fills = node.tag in _FIELDS and node.state.get("type") not in _NO_LABELLED and not node.state.get("readonly")
    fills = fills or (node.state.get("type") == "radio" and not any(each.tabbable for each in _group(node)))
    acts = node.has("onclick") or "click" in node.listeners or node.closest("form") is not None
    does = node.tag == "summary" or (node.tag == "button" and acts)
    return node.focusable and not node.tabbable and not _is_off(node) and (leads or does or fills)


def _group(radio: Node) -> Iterator[Node]:
    """The radio buttons among which the arrow keys move, itself too."""
    around = radio.closest("form") or radio.frame.root or radio
    return (each for each in around.elements("input") if each.state.get("type") == "radio" and each.get("name") == radio.get("name"))


def _is_off(node: Node) -> bool:
    """Whether it is meant to do nothing for now, as “previous” on the first page of a list."""
    if node.out_of_use:
        return True
    around = (node, *islice(node.ancestors(), 1))
    marked = any(each.get("aria-disabled") == "true" or "disabled" in each.get("class").lower().split() for each in around)
    return marked or bool(node.state.get("disabled")) or bool(node.get("aria-current"))


def _is_managed(node: Node) -> bool:
    """Whether its role, or one around it, has arrow keys, or a part of a carousel holds it."""
    return node.closest_role(*_MANAGED) is not None or any(each.has("aria-roledescription") for each in (node, *node.ancestors()))


def tab_reaches_the_same(node: Node, evidence: Evidence) -> Finding | None:
    """Something in the tab order does what it does, or keys may move to it."""
    around = list(islice((each for each in node.ancestors() if each.tag not in ("body", "main", "form", "html")), _NEAR))
    if has_another_way(node, evidence) or leads_where_another_does(node, evidence):
        return PASSED
    if any(_stands_for(other) for each in around for other in each.elements()):
        return PASSED
    values = {"name": label_of(node) or node.html}
    heard = any(_KEYS & set(each.listeners) for each in (node, *node.ancestors()))
    if heard or may_have_another_way(node, evidence) or not any(map(str.isalpha, label_of(node))):
        return cant_tell("perhaps_not_reached", values)
    return failed("not_reached", values)


def leads_where_another_does(node: Node, evidence: Evidence) -> bool:
    """Whether another link in the tab order leads to the same address."""
    addresses = {node.get("href"), str(node.state.get("href", ""))} - {""}
    controls = evidence.share("reachable-controls", reachable)
    if any(f"address {address}" in controls for address in addresses):
        return True
    links = (link for around in card(node) for link in around.elements("a") if link.tabbable and link.visible)
    return node.tag == "a" and any(is_one_place(str(link.state.get("href", "")), str(node.state.get("href", ""))) for link in links)


def is_one_place(one: str, other: str) -> bool:
    """Whether two addresses differ only in that one is given more: ``/tin/1`` and ``/tin/1?ref=anh``."""
    first, second = urlsplit(one), urlsplit(other)
    given, more = ({*parse_qsl(each.query, keep_blank_values=True)} for each in (first, second))
    return bool(one) and (first[:3], first[4]) == (second[:3], second[4]) and (given <= more or more <= given)


def _stands_for(other: Node) -> bool:
    """A field at its side whose keys may do the same, or the one control of a group that Tab comes to."""
    return other.tabbable and other.visible and (other.tag in _FIELDS or other.has("tabindex"))


RULE = Rule(
    name=Text("Liên kết, nút, trường nằm trong thứ tự phím Tab", "A native control is in the tab order"),
    why=Text(
        "Người chỉ dùng bàn phím không bao giờ tới được thành phần này, dù dùng chuột thì bấm được.",
        "People who use only a keyboard never come to the control, though it works with a mouse.",
    ),
    criteria=("2.1.1",),
    needs=("dom",),
    applicability=controls_out_of_the_order,
    expectation=tab_reaches_the_same,
    techniques=("G202", "H91"),
    messages={
        "not_reached": message(
            vi="“{name}” có tabindex âm nên phím Tab không tới được, và không có thành phần nào khác làm cùng việc.",
            en="“{name}” has a negative tabindex, so the Tab key does not reach it, and nothing else does the same.",
            mend_vi="Bỏ tabindex=\"-1\".",
            mend_en="Take tabindex=\"-1\" away.",
        ),
        "perhaps_not_reached": message(
            vi="“{name}” có tabindex âm; chưa rõ bàn phím có tới được bằng cách nào khác không.",
            en="“{name}” has a negative tabindex; whether keys reach it in another way is not certain.",
            mend_vi="Thử chỉ dùng bàn phím: nếu không tới được thì bỏ tabindex=\"-1\".",
            mend_en="Try it with the keyboard alone: where it is out of reach, take tabindex=\"-1\" away.",
        ),
    },
)
