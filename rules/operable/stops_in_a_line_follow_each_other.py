"""Stops in a line follow each other

What it checks
    Links, buttons and fields of one kind in one container that stand in one line: where style sheets put them in another order than
    the source has (``float``, ``order``, ``row-reverse``), Tab jumps to and fro in the line.

Why it matters
    Whoever looks at the line while pressing Tab loses the place; whoever magnifies the screen does not see where the focus has gone.

Fails
    ``<a style="float: left">Bước 1</a> <a style="float: right">Bước 2</a> <a style="float: left">Bước 3</a>``

Mended
    The same links in the source in the order in which they are seen, without ``float: right`` in between.

References
    WCAG 2.0 success criterion 2.4.3; techniques C27, G59. Several orders can make sense: the rule asks. A line that is turned round as a
    whole, and parts moved to the right that the source has first, are not asked about.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from wcag_audit.dom import Node
from wcag_audit.model import Text, cut
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, message

#: Stops of the shortest line that has an order, and of the longest that is looked at.
_LEAST, _MOST = 3, 40
#: How many times higher than the lowest stop an inline one is that takes two lines.
_WRAPPED = 1.6


def lines_of_stops(evidence: Evidence) -> Iterator[list[Node]]:
    """Stops of one kind in one container and one line, in the order of Tab. Where a positive tabindex orders them, another rule asks."""
    groups: dict[tuple[int, str], list[Node]] = {}
    for node in evidence.dom.elements:
        if node.tabbable and node.visible and node.box is not None and node.box.width and node.box.height:
            holder = _item(node).parent
            if holder is not None:
                groups.setdefault((holder.index, node.role or node.tag), []).append(node)
    for nodes in groups.values():
        if _LEAST <= len(nodes) <= _MOST and _in_one_line(nodes) and not any(node.get("tabindex", "0").strip("+0 ") for node in nodes):
            yield nodes


def _item(node: Node) -> Node:
    """The list item or cell that holds no other stop, else the stop itself."""
    parent = node.parent
    single = parent is not None and parent.tag in ("li", "td") and sum(1 for each in parent.elements() if each.tabbable) == 1
    return parent if parent is not None and single else node


def _in_one_line(nodes: list[Node]) -> bool:
    boxes = [node.box for node in nodes if node.box is not None]
    wrapped = min(box.height for box in boxes) * _WRAPPED
    # A link that goes on in the next line has a box round both lines, which begins at the left.
    if any(node.box.height >= wrapped for node in nodes if node.box is not None and node.style.get("d") in (None, "inline")):
        return False
    return max(box.y for box in boxes) < min(box.y + box.height for box in boxes)


def tab_goes_along(nodes: list[Node], evidence: Evidence) -> Finding | None:
    """Tab goes along the line, or back along it."""
    places = [_left(node) for node in nodes]
    turns = {later > earlier for earlier, later in pairwise(places)}
    if len(turns) == 1 or _right_ones_first(nodes):
        return PASSED
    seen = sorted(nodes, key=_left)
    return cant_tell("jumps", {"order": _names(nodes), "seen": _names(seen)}, node=nodes[0])


def _left(node: Node) -> float:
    return node.box.x if node.box is not None else 0.0


def _right_ones_first(nodes: list[Node]) -> bool:
    """Whether only what floats on the right, and comes first in the source as it has to, is out of order."""
    right = [_item(node).style.get("fl") == "right" for node in nodes]
    rest = [_left(node) for node, floats in zip(nodes, right, strict=True) if not floats]
    return right == sorted(right, reverse=True) and any(right) and rest == sorted(rest)


def _names(nodes: list[Node]) -> str:
    return " → ".join(cut(node.name or node.text or node.tag, 30) for node in nodes[:6])


RULE = Rule(
    name=Text("Phím Tab đi lần lượt theo hàng", "Stops in a line follow each other"),
    why=Text(
        "Người dùng bàn phím mất dấu vị trí khi tiêu điểm nhảy qua lại trong một hàng; người phóng to màn hình không thấy nó ở đâu.",
        "Keyboard users lose the place when the focus jumps to and fro in a line; people who magnify the screen do not see where it is.",
    ),
    criteria=("2.4.3",),
    needs=("dom",),
    applicability=lines_of_stops,
    expectation=tab_goes_along,
    techniques=("C27", "G59"),
    messages={
        "jumps": message(
            vi="Trong hàng này phím Tab đi theo thứ tự {order}, còn thứ tự nhìn thấy là {seen}. Thứ tự này có hợp lý không?",
            en="In this line Tab goes {order}, while the order that is seen is {seen}. Does this order make sense?",
            mend_vi="Nếu không, xếp các thành phần trong mã nguồn theo thứ tự nhìn thấy.",
            mend_en="Where it does not, put the elements into the source in the order in which they are seen.",
        ),
    },
)
