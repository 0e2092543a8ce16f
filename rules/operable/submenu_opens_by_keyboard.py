"""A submenu opens by keyboard as well

What it checks
    Parts with hidden links that lead where no other reachable link of the page leads. Where moving the pointer over the part shows
    them, the controls in it get the focus, the down arrow, Enter and Space, and the walk with Tab tells whether it stopped at one of
    the links. Where only the mouse opens the submenu, in two fresh pages, it fails.

Why it matters
    Who cannot use a mouse does not find these pages: the menu shows a word, and nothing they press opens it.

Fails
    ``.menu li:hover > ul { display: block }`` with ``<li><span>Công khai</span><ul hidden> … </ul></li>``

Mended
    ``<li><button type="button" aria-expanded="false" aria-controls="m1">Công khai</button><ul id="m1" hidden> … </ul></li>``

References
    WCAG 2.0 success criterion 2.1.1; techniques G90, G202, SCR2; failure F54.
"""

from __future__ import annotations

from collections.abc import Iterator

from wcag_audit.model import JSON, Step, Text, cut
from wcag_audit.recorded import node_of, target_of
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, ask_again, cant_tell, failed, message, untested
from wcag_audit.rules.operable._walk import complete, reached


def menus_that_open(evidence: Evidence) -> Iterator[JSON]:
    """Parts whose hidden links the pointer shows."""
    for step in evidence.data("operations")["steps"]:
        if step["action"] == "submenu" and step["changed"]["found"] and step["changed"]["shown"]:
            yield step


def keys_open_it(step: JSON, evidence: Evidence) -> Finding | None:
    """A key shows the links as well, or Tab stops at them."""
    if step["changed"]["by_key"] or links_are_reached(step, evidence):
        return PASSED
    if not complete(evidence.data("focus_walk")):
        return untested(Text("lượt đi bằng phím Tab chưa tới cuối trang", "the walk with Tab did not come to the end of the page"))
    again = evidence.second_try("operations")
    if again is None:
        return ask_again("operations", {name: step[name] for name in ("action", "reason", "args")})
    links = step["args"]["links"]
    values = {"links": ", ".join(cut(link["text"], 50) for link in links), "name": name_of(step, evidence)}
    target = target_of(evidence.dom, step["args"]["el"])
    steps = (Step(action="submenu", reason="submenu", args={"keys": step["changed"]["tried"]}, at=step["at"], changed={"shown": False}),)
    second = next((other for other in again["steps"] if other["args"]["el"] == step["args"]["el"]), None)
    if second is None or not second["changed"]["found"] or not second["changed"]["shown"] or second["changed"]["by_key"]:
        return cant_tell("not_again", values, target=target, steps=steps)
    return failed("mouse_only", values, target=target, steps=steps)


def links_are_reached(step: JSON, evidence: Evidence) -> bool:
    stops = evidence.share("reached-by-tab", reached)
    nodes = (node_of(evidence.dom, link) for link in step["args"]["links"])
    return any(node is not None and node.index in stops for node in nodes)


def name_of(step: JSON, evidence: Evidence) -> str:
    """The word that the menu shows while it is closed."""
    node = node_of(evidence.dom, step["args"]["el"])
    return cut((node.visible_text if node is not None else "") or step["args"]["el"]["text"], 60)


RULE = Rule(
    name=Text("Trình đơn con mở được bằng bàn phím", "A submenu opens by keyboard as well"),
    why=Text(
        "Người không dùng được chuột không mở được trình đơn này nên không tìm thấy các trang trong đó.",
        "People who cannot use a mouse cannot open this menu, so they do not find the pages in it.",
    ),
    criteria=("2.1.1",),
    needs=("dom", "operations", "focus_walk"),
    applicability=menus_that_open,
    expectation=keys_open_it,
    techniques=("G90", "G202", "SCR2", "F54"),
    messages={
        "mouse_only": message(
            vi="Trình đơn “{name}” chỉ mở khi rê chuột; các liên kết trong đó ({links}) không có ở chỗ nào khác mà bàn phím tới được.",
            en="The menu “{name}” opens under the mouse only; its links ({links}) stand nowhere else that the keyboard reaches.",
            mend_vi="Cho mở bằng một nút (<button aria-expanded>), hoặc hiện trình đơn khi tiêu điểm vào trong (:focus-within).",
            mend_en="Let a button (<button aria-expanded>) open it, or show the menu while the focus is inside (:focus-within).",
        ),
        "not_again": message(
            vi="Lần đầu trình đơn “{name}” ({links}) chỉ mở khi rê chuột; lần thứ hai kết quả khác.",
            en="The first time the menu “{name}” ({links}) opened under the mouse only; the second time it was otherwise.",
            mend_vi="Thử mở trình đơn chỉ bằng bàn phím; nếu không mở được thì cho mở bằng một nút.",
            mend_en="Try to open the menu by keyboard alone; where it does not open, let a button open it.",
        ),
    },
)
