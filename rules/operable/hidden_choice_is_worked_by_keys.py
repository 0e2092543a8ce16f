"""A choice that only its label shows can be made with keys

What it checks
    Checkboxes, radio buttons and fields for files that are not rendered (``display: none`` or ``visibility: hidden``) while their label
    is seen and can be clicked: the label, something in it or around it, or a control of the same name or the same id has to be in the
    tab order. A label without letters is asked about, and so is a field for files with another button near by, which may open it.

Why it matters
    A field that is not rendered takes no focus and is told to no screen reader. The label still ticks it for a mouse; for everybody
    else the choice does not exist.

Fails
    ``<input type="checkbox" id="dy" style="display: none"><label for="dy">Tôi đồng ý</label>``

Mended
    The field stays rendered and is only made invisible: ``.o-chon { position: absolute; opacity: 0 }``, with a mark of focus on the label.

References
    WCAG 2.0 success criteria 2.1.1 and 4.1.2; techniques G202, G90, H91; failures F15, F54.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, takewhile
from typing import NamedTuple

from wcag_audit.dom import Node
from wcag_audit.model import Text, bare, cut
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.operable._same_by_keys import is_submit

_CHOICES = ("checkbox", "radio", "file")
#: How many ancestors up a button may stand that opens a field for files, and what is no part.
_NEAR, _WIDE = 3, ("body", "main", "html")
_KEYS = frozenset(("keydown", "keyup", "keypress"))


class Choice(NamedTuple):
    """A field that is not rendered, and the label that stands for it."""

    field: Node
    label: Node


def choices_shown_by_their_label(evidence: Evidence) -> Iterator[Choice]:
    """Native choices that are not rendered and can be set, with a label that people see."""
    dom = evidence.dom
    for field in dom.all("input"):
        if field.state.get("type") not in _CHOICES or field.box is not None or field.focusable or field.state.get("disabled"):
            continue
        label = next((label for label in dom.labels.get(field.index, ()) if label.visible and (label.visible_text or drawn(label))), None)
        if label is not None:
            yield Choice(field, label)


def drawn(label: Node) -> bool:
    """Whether a label without text shows a picture or icon."""
    return any(each.visible and (each.tag in ("img", "svg", "i") or any(each.pseudo)) for each in (label, *label.elements()))


def keys_make_it(choice: Choice, evidence: Evidence) -> Finding | None:
    """The label or something in or around it is in the tab order, or something of the same name is."""
    field, label = choice
    said = label.visible_text or label.name
    if any(each.tabbable for each in (label, *label.elements(), *label.ancestors())):
        return PASSED
    if bare(said) in evidence.share("names-in-the-tab-order", names_in_the_tab_order) or has_a_twin(field, evidence):
        return PASSED
    values = {"label": cut(said or label.html, 120), "type": str(field.state["type"])}
    certain = evidence.dom.listeners_error is None and label.exposed and any(c.isalpha() for c in label.text)
    certain = certain and not (field.state["type"] == "file" and may_be_opened(field))
    heard = any(_KEYS & set(each.listeners) for each in (label, *label.ancestors()) if each.tag not in ("html", "body"))
    return failed("mouse_only", values, node=label) if certain and not heard else cant_tell("perhaps", values, node=label)


def may_be_opened(field: Node) -> bool:
    """Whether a button near a field for files, which sends nothing, may open it by script."""
    around = takewhile(lambda each: each.tag not in _WIDE, islice(field.ancestors(), _NEAR))
    return any(each.tabbable and each.role == "button" and not is_submit(each) for part in around for each in part.elements())


def has_a_twin(field: Node, evidence: Evidence) -> bool:
    """Whether a choice with the same id is in the tab order: a label is tied to the first of them, and may stand beside the other."""
    same = (other for other in evidence.dom.all("input") if other is not field and other.tabbable)
    return any(other.get("id") == field.get("id") != "" and other.state.get("type") == field.state.get("type") for other in same)


def names_in_the_tab_order(evidence: Evidence) -> frozenset[str]:
    """What the visible stops of the Tab key are called, without case and diacritics."""
    return frozenset(bare(node.name) for node in evidence.dom.elements if node.tabbable and node.visible and node.name)


RULE = Rule(
    name=Text("Lựa chọn chỉ thấy qua nhãn vẫn chọn được bằng bàn phím", "A choice that only its label shows can be made with keys"),
    why=Text(
        "Người chỉ dùng bàn phím và người mù không chọn được mục này, vì ô chọn thật bị ẩn hẳn và chỉ bấm chuột vào nhãn mới có tác dụng.",
        "People who use only a keyboard and blind people cannot make this choice: the real field is hidden altogether, and only a click on "
        "its label sets it.",
    ),
    criteria=("2.1.1", "4.1.2"),
    needs=("dom",),
    applicability=choices_shown_by_their_label,
    expectation=keys_make_it,
    techniques=("G90", "G202", "H91", "F15", "F54"),
    messages={
        "mouse_only": message(
            vi="“{label}” chọn được bằng chuột, nhưng ô {type} của nó bị ẩn hẳn (display: none), nên phím Tab không tới và không được đọc.",
            en="“{label}” can be chosen by mouse, but its {type} is not rendered: Tab does not reach it and nothing reads it.",
            mend_vi="Không dùng display: none cho ô chọn: ẩn bằng opacity: 0 hoặc clip-path và thể hiện tiêu điểm trên nhãn.",
            mend_en="Do not use display: none on the field: hide it with opacity: 0 or clip-path, and show its focus on the label.",
        ),
        "perhaps": message(
            vi="Ô {type} của “{label}” bị ẩn hẳn (display: none); có thể chỉ chọn được bằng chuột.",
            en="The {type} of “{label}” is not rendered (display: none); perhaps it can be chosen by mouse only.",
            mend_vi="Thử bằng bàn phím: nếu không chọn được thì ẩn ô chọn bằng opacity: 0 thay cho display: none.",
            mend_en="Try it with the keyboard: where it cannot be chosen, hide the field with opacity: 0 in place of display: none.",
        ),
    },
)
