"""A positive tabindex does not turn the order round

What it checks
    Elements with a tabindex above 0: inside one list, field set, group or form, the Tab key must not take fields or links that follow
    each other, in the source and on the screen, the other way round. Elsewhere a positive tabindex that changes the page's order is a
    question.

Why it matters
    Who moves by keyboard through an address is asked for the house number, then the commune, then the province; who hears the page
    does not even see that fields were jumped over, and submits a form with holes.

Fails
    ``<fieldset><select tabindex="3"> tỉnh … <select tabindex="2"> xã … <input tabindex="1"> số nhà</fieldset>``

Mended
    The same without any tabindex: the order of the source:
    ``<fieldset><select> tỉnh … <select> xã … <input> số nhà</fieldset>``

References
    WCAG 2.0 success criterion 2.4.3; techniques C27, H4; failure F44.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from wcag_audit.dom import Node
from wcag_audit.model import Text
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message

_NUMBER = re.compile(r"\s*([+-]?\d+)")
_FIELDS = frozenset(("textbox", "searchbox", "combobox", "listbox", "checkbox", "radio", "spinbutton", "slider", "switch"))
_GROUP_ROLES = frozenset(("list", "group", "radiogroup", "toolbar", "menu", "menubar", "tablist", "navigation", "form"))
#: What a form that is the whole page's holds, and a part of a page does not.
_PAGE_PARTS = frozenset(("main", "navigation", "banner", "contentinfo"))
#: How far two boxes may stand apart and still be in line, in CSS pixels.
_IN_LINE = 4.0


def tabindex(node: Node) -> int:
    """The number of the tabindex attribute; 0 where there is none."""
    match = _NUMBER.match(node.get("tabindex"))
    return int(match[1]) if match else 0


def stops(evidence: Evidence) -> list[Node]:
    """What Tab stops at and people see, in document order; of the radio buttons of a group the first."""
    seen: set[tuple[int, str]] = set()
    found = []
    for node in evidence.dom.elements:
        if not (node.tabbable and node.visible):
            continue
        if node.state.get("type") == "radio" and node.get("name"):
            key = (node.frame.index, node.get("name"))
            if key in seen:
                continue
            seen.add(key)
        found.append(node)
    return found


def group_of(node: Node) -> Node | None:
    """The list, field set, group or form around an element; None where that is only the page."""
    for each in node.ancestors():
        if each.tag in ("ul", "ol", "fieldset") or (each.role in _GROUP_ROLES and each.tag != "form"):
            return each
        if each.tag == "form" or each.role == "form":
            return None if any(part.role in _PAGE_PARTS for part in each.elements()) else each
    return None


def kind_of(node: Node) -> str:
    return "field" if node.role in _FIELDS else node.role or node.tag


def positive_by_group(evidence: Evidence) -> Iterator[tuple[Node | None, tuple[Node, ...]]]:
    """The stops with a positive tabindex, by the group they stand in."""
    table: dict[int, tuple[Node | None, list[Node]]] = {}
    for node in evidence.share("tab-stops", stops):
        if tabindex(node) > 0:
            group = group_of(node)
            table.setdefault(group.index if group else -1 - node.frame.index, (group, []))[1].append(node)
    return ((group, tuple(nodes)) for group, nodes in table.values())


def turned_round(first: Node, second: Node) -> bool:
    """Whether Tab takes the second before the first, though it follows in the source and stands neither above nor left of it."""
    if kind_of(first) != kind_of(second) or tabindex(second) >= tabindex(first) or first.box is None or second.box is None:
        return False
    right, down = second.box.x - first.box.x, second.box.y - first.box.y
    if right >= -_IN_LINE and down >= -_IN_LINE:
        return max(right, down) > _IN_LINE
    # Fields behind labels of different lengths stand in no line, and still in one column.
    shared = min(first.box.x + first.box.width, second.box.x + second.box.width) - max(first.box.x, second.box.x)
    return down >= first.box.height - _IN_LINE and shared > _IN_LINE


def order_is_kept(target: tuple[Node | None, tuple[Node, ...]], evidence: Evidence) -> Finding | None:
    """Inside its group the order holds; on the page it is the order that there is without tabindex."""
    group, nodes = target
    turns = [pair for pair in pairwise(nodes) if turned_round(*pair)]
    if turns and group is not None:
        first, second = turns[0]
        values = {
            "first": label_of(first),
            "second": label_of(second),
            "order": ", ".join(str(tabindex(node)) for node in nodes),
        }
        # One exchange in a form may be meant: a field that most people skip.
        certain = len(turns) > 1 or group.tag != "form" or len(nodes) == 2
        return failed("turned_round", values, node=first) if certain else cant_tell("perhaps_turned_round", values, node=first)
    return PASSED if not turns and changes_nothing(nodes, evidence) else cant_tell("jumps", {"name": label_of(nodes[0])}, node=nodes[0])


def changes_nothing(nodes: tuple[Node, ...], evidence: Evidence) -> bool:
    """Whether Tab comes to these elements where it would without tabindex."""
    own = [node for node in evidence.share("tab-stops", stops) if node.frame is nodes[0].frame]
    order = sorted(own, key=lambda node: tabindex(node) or 40_000)
    return [node.index for node in order] == [node.index for node in own]


def label_of(node: Node) -> str:
    return node.name or node.text or node.get("id") or node.tag


RULE = Rule(
    name=Text("tabindex dương không làm đảo thứ tự tiêu điểm", "A positive tabindex does not turn the focus order round"),
    why=Text(
        "Người chỉ dùng bàn phím bị đưa qua các trường sai thứ tự; người mù dùng trình đọc màn hình không biết mình đã bỏ qua trường nào "
        "và gửi biểu mẫu còn thiếu.",
        "People who use only a keyboard are taken through the fields in the wrong order; blind people who use a screen reader do not "
        "notice which fields were jumped over and send an incomplete form.",
    ),
    criteria=("2.4.3",),
    needs=("dom",),
    applicability=positive_by_group,
    expectation=order_is_kept,
    techniques=("C27", "H4", "F44"),
    messages={
        "turned_round": message(
            vi="Phím Tab tới “{second}” trước “{first}”, ngược với thứ tự hiển thị và thứ tự trong mã nguồn (tabindex: {order}).",
            en="Tab reaches “{second}” before “{first}”, against the order on the screen and in the source (tabindex: {order}).",
            mend_vi="Bỏ các giá trị tabindex dương; sắp xếp thành phần trong mã nguồn theo đúng thứ tự đọc.",
            mend_en="Take the positive tabindex values off, and put the elements into the source in the order they are read.",
        ),
        "perhaps_turned_round": message(
            vi="Phím Tab tới “{second}” trước “{first}” (tabindex: {order}).",
            en="Tab reaches “{second}” before “{first}” (tabindex: {order}).",
            mend_vi="Xem thứ tự này có làm người dùng hiểu sai hoặc bỏ sót không; nếu có thì bỏ các giá trị tabindex dương.",
            mend_en="Decide whether this order misleads or skips something; where it does, take the positive tabindex values off.",
        ),
        "jumps": message(
            vi="tabindex dương (từ “{name}”) đưa tiêu điểm tới đây trước phần còn lại của trang.",
            en="A positive tabindex (from “{name}” on) brings the focus here before the rest of the page.",
            mend_vi="Dùng phím Tab đi hết trang: nếu thứ tự gây khó hiểu thì bỏ các giá trị tabindex dương.",
            mend_en="Go through the page with Tab: where the order makes no sense, take the positive tabindex values off.",
        ),
    },
)
