"""Frames with content to operate are in the tab order

What it checks
    ``<iframe>`` elements with a negative tabindex whose document holds visible controls that take the focus. A frame behind an open
    modal dialog does not count: nobody can use it at that moment, by mouse or by keyboard.

Why it matters
    A negative tabindex takes the frame and everything in it out of the walk with the Tab key. Whoever cannot use a mouse does not
    get at the map, form or player inside.

Fails
    ``<iframe src="tra-cuu.html" tabindex="-1"></iframe>`` with a search form inside.

Mended
    ``<iframe src="tra-cuu.html" title="Tra cứu hồ sơ"></iframe>``

References
    WCAG 2.0 success criterion 2.1.1; ACT rule akn7bn.
"""

from __future__ import annotations

from collections.abc import Iterator

from wcag_audit.dom import Frame, Node
from wcag_audit.model import Text
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, failed, message

#: Side (CSS pixels) below which nobody sees a control in a frame.
_SMALL = 10


def is_tiny(owner: Node) -> bool:
    return owner.box is None or min(owner.box.width, owner.box.height) < _SMALL


def behind_a_dialog(owner: Node) -> bool:
    """Whether a modal dialog is open in the frame's own document, and the frame stands outside it."""
    modal = owner.frame.document.get("modal")
    return modal is not None and all(node.index != modal for node in owner.ancestors())


def frames_with_controls(evidence: Evidence) -> Iterator[Frame]:
    """Visible frames that hold a visible control in their own tab order."""
    for frame in evidence.dom.frames:
        owner, root = frame.owner, frame.root
        if owner is None or root is None or not owner.visible or is_tiny(owner) or behind_a_dialog(owner):
            continue
        if any(node.tabbable and node.visible for node in root.elements()):
            yield frame


def tab_enters(frame: Frame, evidence: Evidence) -> Finding | None:
    """The frame's element has no negative tabindex."""
    owner, root = frame.owner, frame.root
    assert owner is not None
    assert root is not None
    tabindex = owner.get("tabindex").strip()
    if not tabindex.startswith("-"):
        return PASSED
    first = next(node for node in root.elements() if node.tabbable and node.visible)
    return failed("out_of_tab_order", {"tabindex": tabindex, "control": first.name or first.html}, node=owner)


RULE = Rule(
    name=Text("Khung có nội dung tương tác nằm trong thứ tự Tab", "Frames with content to operate are in the tab order"),
    why=Text(
        "Người chỉ dùng bàn phím không vào được khung này, nên không dùng được bản đồ, biểu mẫu hoặc trình phát ở bên trong.",
        "People who use only a keyboard cannot enter the frame, so they cannot use the map, form or player inside it.",
    ),
    criteria=("2.1.1",),
    needs=("dom",),
    applicability=frames_with_controls,
    expectation=tab_enters,
    act=("akn7bn",),
    messages={
        "out_of_tab_order": message(
            vi="Khung có tabindex=“{tabindex}” nhưng bên trong có nội dung phải thao tác ({control}), nên phím Tab không vào được.",
            en="The frame has tabindex=“{tabindex}”, yet holds content to operate ({control}), so Tab never enters it.",
            mend_vi="Bỏ thuộc tính tabindex trên <iframe>; nếu khung không dành cho người dùng thì ẩn hẳn khung (hidden).",
            mend_en="Take the tabindex off the <iframe>; where the frame is not meant for people, hide it (hidden).",
        ),
    },
)
