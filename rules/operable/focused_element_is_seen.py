"""What has the focus can be seen

What it checks
    Elements at which the Tab key stops and which are not seen: each gets the focus once more, and movements are brought to their end.
    A link or control that stays outside the page, clipped away or transparent, with nothing of it drawn, is a question. Skip links
    that appear on focus are seen; a transparent checkbox or radio button counts as seen where its label or drawing is, and an unseen
    field inside a list that a script has drawn in its place.

Why it matters
    Sighted people who use the keyboard lose their place: they press Tab, nothing moves, and Enter starts something that they did not
    see. Often it is a closed menu that was moved aside instead of being hidden.

Fails
    ``<ul class="menu-con" style="position: absolute; left: -9999px"><li><a href="/a">…</a></li></ul>``

Mended
    The closed menu with ``display: none`` or ``visibility: hidden``, so that the Tab key does not stop in it.

References
    WCAG 2.0 success criterion 2.4.3; techniques G59, H4, C27. That the focus itself is drawn is criterion 2.4.7, level AA.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from wcag_audit.dom import Node
from wcag_audit.model import JSON, Text
from wcag_audit.recorded import node_of, target_of
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, message
from wcag_audit.rules.operable._walk import hidden_sentinel, name_of, stops

#: How many ancestors up a drawn list stands round its field, and the height in CSS pixels up to which it is one line.
_NEAR, _LOW = 4, 80


def walk_with_stops(evidence: Evidence) -> Iterator[JSON]:
    """The walk, where it stopped anywhere."""
    walk = evidence.data("focus_walk")
    if stops(walk):
        yield walk


def every_stop_is_seen(walk: JSON, evidence: Evidence) -> Finding | None:
    """No stop that people are meant to use stays out of sight."""
    by_place = {(str(el["frame"]), str(el["path"])): el for el in stops(walk)}
    unseen = []
    for step in walk["steps"]:
        if step["action"] == "look":
            for element, seen in zip(step["args"]["elements"], step["changed"]["seen"], strict=True):
                found = by_place.get((str(element["frame"]), str(element["path"])))
                if seen is False and found is not None and is_meant_to_be_used(found, evidence):
                    unseen.append(found)
    if not unseen:
        return PASSED
    values = {"count": str(len(unseen)), "name": name_of(unseen[0], evidence)}
    return cant_tell("not_seen", values, target=target_of(evidence.dom, unseen[0]))


def is_meant_to_be_used(element: JSON, evidence: Evidence) -> bool:
    """A control with a name in a frame that is seen; not an element that only passes the focus on, nor a field behind a drawn one."""
    node = node_of(evidence.dom, element)
    if node is None or hidden_sentinel(node, element) or not node.exposed:
        return False
    if node.frame.owner is not None and not node.frame.owner.visible:
        return False
    if node.tag in ("input", "select", "textarea") and _is_drawn_otherwise(node):
        return False
    return node.tag not in ("iframe", "object", "embed", "audio", "video") and node.state.get("type") not in ("file", "checkbox", "radio")


def _is_drawn_otherwise(field: Node) -> bool:
    """Whether an unseen field takes the keys for what a script has drawn round it: a low box that is seen and holds no other stop."""
    for around in islice(field.ancestors(), _NEAR):
        if around.visible and around.box is not None and around.box.height > 0:
            low = around.box.height <= _LOW and around.visible_text.strip() != ""
            return low and not any(other.tabbable and other is not field for other in around.elements())
    return False


RULE = Rule(
    name=Text("Nhìn thấy được thành phần đang có tiêu điểm", "What has the focus can be seen"),
    why=Text(
        "Người dùng bàn phím nhìn màn hình không biết mình đang ở đâu, và có thể kích hoạt thứ họ không nhìn thấy.",
        "Sighted people who use a keyboard do not know where they are, and may start something that they cannot see.",
    ),
    criteria=("2.4.3",),
    needs=("dom", "focus_walk"),
    applicability=walk_with_stops,
    expectation=every_stop_is_seen,
    techniques=("G59", "H4", "C27"),
    messages={
        "not_seen": message(
            vi="Phím Tab dừng ở {count} thành phần không nhìn thấy được, kể cả khi có tiêu điểm, bắt đầu từ “{name}”.",
            en="Tab stops at {count} elements that are not seen even while they have the focus, beginning with “{name}”.",
            mend_vi="Dùng phím Tab đi qua chỗ này: ẩn phần đang đóng bằng display: none, cho phần cần dùng hiện ra khi nhận tiêu điểm.",
            mend_en="Go there with Tab: hide what is closed with display: none, and let what is needed appear when it gets the focus.",
        ),
    },
)
