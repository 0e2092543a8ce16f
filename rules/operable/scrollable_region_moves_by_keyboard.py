"""A scrolling region can be moved by keyboard

What it checks
    Visible regions whose content is larger than they are. The walk with Tab has to stop at the region or at something in it, and
    keys have to move it then: arrows, Page Down, End.

Why it matters
    Who cannot use a mouse wheel or touch reads only what is in sight: the first three of forty regulations, the first columns of a
    table.

Fails
    ``<div class="toan-van" style="height: 300px; overflow: auto" tabindex="-1"> 40 điều </div>``

Mended
    ``<div class="toan-van" role="region" aria-label="Toàn văn quy chế" tabindex="0"> … </div>``

References
    WCAG 2.0 success criterion 2.1.1; techniques G202; ACT rule 0ssw9k. Settles axe's scrollable-region-focusable, which cannot press keys.
"""

from __future__ import annotations

from collections.abc import Iterator

from wcag_audit.model import JSON, Text
from wcag_audit.recorded import node_of
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message, untested
from wcag_audit.rules.operable._walk import complete, reached


def regions(evidence: Evidence) -> Iterator[JSON]:
    """Regions that were tried and still stand where they stood in the snapshot."""
    for step in evidence.data("operations")["steps"]:
        if step["action"] == "scroll" and step["changed"]["found"] and node_of(evidence.dom, step["args"]["el"]) is not None:
            yield step


def keys_move_it(step: JSON, evidence: Evidence) -> Finding | None:
    """Tab stops at it or in it, and keys move it."""
    node = node_of(evidence.dom, step["args"]["el"])
    if node is None:
        return PASSED
    stops = evidence.share("reached-by-tab", reached)
    inside = any(each.index in stops for each in (node, *node.elements()))
    if inside and (step["changed"]["moved"] or node.index not in stops):
        return PASSED
    if not step["changed"]["took"] and behind_a_dialog(evidence):
        return PASSED
    if not inside and not complete(evidence.data("focus_walk")):
        return untested(Text("lượt đi bằng phím Tab chưa tới cuối trang", "the walk with Tab did not come to the end of the page"))
    width, height, own_width, own_height = node.raw["scroll"]
    values = {"shown": f"{own_width} × {own_height}", "whole": f"{width} × {height}"}
    if not node.visible_text or not node.exposed:
        return cant_tell("perhaps", values, node=node)
    return failed("not_reached" if not inside else "not_moved", values, node=node)


def behind_a_dialog(evidence: Evidence) -> bool:
    """Whether a dialog lies over the page, so that nothing behind it can be used in any way."""
    dialogs = (node for node in evidence.dom.elements if node.tag == "dialog" or node.get("aria-modal") == "true")
    return any(node.visible for node in dialogs)


_MEND_VI = "Thêm tabindex=\"0\" cùng role=\"region\" và aria-label cho vùng này, hoặc bỏ chiều cao cố định để không phải cuộn."
_MEND_EN = "Add tabindex=\"0\" with role=\"region\" and an aria-label to the region, or drop its fixed height."

RULE = Rule(
    name=Text("Vùng cuộn di chuyển được bằng bàn phím", "A scrolling region can be moved by keyboard"),
    why=Text(
        "Người không dùng được chuột chỉ đọc được phần đang hiện; phần còn lại của nội dung bị khuất.",
        "People who cannot use a mouse read only what is in sight; the rest of the content stays hidden from them.",
    ),
    criteria=("2.1.1",),
    needs=("dom", "operations", "focus_walk"),
    applicability=regions,
    expectation=keys_move_it,
    act=("0ssw9k",),
    techniques=("G202",),
    messages={
        "not_reached": message(
            vi="Vùng cuộn hiện {shown} trong {whole} điểm ảnh; phím Tab không dừng ở nó hay ở thành phần nào bên trong.",
            en="The region shows {shown} of {whole} pixels; Tab stops neither at it nor at anything inside.",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "not_moved": message(
            vi="Vùng cuộn hiện {shown} trong {whole} điểm ảnh; nhận tiêu điểm nhưng phím mũi tên, Page Down và End không di chuyển được.",
            en="The region shows {shown} of {whole} pixels; it takes the focus, but arrows, Page Down and End do not move it.",
            mend_vi="Bỏ đoạn mã chặn các phím mũi tên trong vùng này.",
            mend_en="Take off the script that holds back the arrow keys in it.",
        ),
        "perhaps": message(
            vi="Vùng cuộn hiện {shown} trong {whole} điểm ảnh và bàn phím không di chuyển được nó.",
            en="The region shows {shown} of {whole} pixels, and keys do not move it.",
            mend_vi="Xem phần bị khuất có nội dung không; nếu có thì thêm tabindex=\"0\" cho vùng này.",
            mend_en="See whether the hidden part has content; where it has, add tabindex=\"0\" to the region.",
        ),
    },
)
