"""A visible label is tied to its field

What it checks
    Fields without any accessible name, or with a role and only their own value for a name, that have a text right beside them: on the
    left, above, or (radio buttons and checkboxes) on the right. Texts that belong to another field, to a link, a button or a heading
    do not count, nor does a value below another header of a table, unless the row begins with it; beside a field named by its value
    only a ``label`` counts.
    A box round a field or round slides that only bears the role of a list is no field.

Why it matters
    Whoever sees the page knows that the box after "Số căn cước" takes that number. A screen reader only says "edit": in an e-form with
    thirty such boxes a blind citizen cannot file anything.

Fails
    ``<span>Số căn cước</span> <input name="cccd">``

Mended
    ``<label for="cccd">Số căn cước</label> <input id="cccd" name="cccd">``

References
    WCAG 2.0 success criterion 1.3.1; techniques H44, ARIA16; failures F68, F111. That the field has no name is axe's finding under
    4.1.2; a field without any text beside it is not judged here, and a header cell is tied to its row by the table.
"""

from __future__ import annotations

from collections.abc import Iterator

from wcag_audit.dom import Node
from wcag_audit.model import Text, bare, nfc
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, failed, message
from wcag_audit.rules.perceivable._beside import fields, visible_label


def nameless_field(evidence: Evidence) -> Iterator[Node]:
    """Fields that are seen, that assistive technology is told of and that have no name but their value."""
    for node in fields(evidence):
        # Where names could not be computed nothing may be said of their absence.
        nameless = not node.name or is_named_by_its_value(node, evidence)
        told = node.visible and node.exposed and not node.frame.truncated and node.role not in ("presentation", "none")
        if nameless and told and is_entered(node) and not _has_label(node, evidence):
            yield node


def is_entered(field: Node) -> bool:
    """Whether something can be chosen in it itself: the box around a field, or around slides, may only bear the role of a list, and
    what a combobox shows of its value that of a field."""
    if field.get("role") == "textbox" and not field.focusable and field.closest_role("combobox") is not None:
        return False
    if field.get("role") not in ("listbox", "combobox") or field.focusable:
        return True
    return any(part.role == "option" and part.tag != "option" for part in field.elements())


def is_named_by_its_value(field: Node, evidence: Evidence) -> bool:
    """Whether a field made with a role points for its name only at what it shows itself: what is chosen, not what is asked."""
    if field.get("role") not in ("combobox", "listbox", "textbox", "spinbutton") or field.get("aria-label").strip():
        return False
    named = evidence.dom.referred(field, "aria-labelledby")
    return bool(named) and all(field.contains(each) for each in named)


def _has_label(field: Node, evidence: Evidence) -> bool:
    """Whether a label is tied to it that says something, be it by ``aria-label`` or ``aria-labelledby`` of its own."""
    return any(label.text or label.get("aria-label") or label.get("aria-labelledby") for label in evidence.dom.labels.get(field.index, ()))


def label_is_tied(field: Node, evidence: Evidence) -> Finding | None:
    """No text stands beside it that ought to be its name."""
    label = visible_label(field, evidence)
    if label is None:
        return PASSED
    # The words that a field shows itself may be its label as well as its value: only a label element beside it proves the latter.
    if field.name and (label.closest("label") is None or bare(str(label.raw["x"])).strip(" *:") in bare(field.name)):
        return PASSED
    values = {"label": nfc(str(label.raw["x"])), "field": field.get("type") or field.tag, "name": field.name}
    return failed("value_only" if field.name else "not_tied", values)


RULE = Rule(
    name=Text("Nhãn nhìn thấy được gắn với trường của nó", "A visible label is tied to its field"),
    why=Text(
        "Người mù dùng trình đọc màn hình tới trường chỉ nghe “ô nhập” mà không nghe nhãn, nên không biết phải nhập gì và không nộp được "
        "hồ sơ.",
        "Blind people who use a screen reader hear only “edit” at the field and not its label, so they do not know what to enter and "
        "cannot file their dossier.",
    ),
    criteria=("1.3.1",),
    needs=("dom",),
    applicability=nameless_field,
    expectation=label_is_tied,
    techniques=("H44", "ARIA16", "F68", "F111"),
    messages={
        "not_tied": message(
            vi="Trường ({field}) có chữ “{label}” ngay bên cạnh nhưng không được gắn nhãn, không có tên hỗ trợ tiếp cận",
            en="The text “{label}” stands beside a field ({field}), but is not tied to it: the field has no accessible name",
            mend_vi="Đặt chữ ấy trong <label for=\"…\"> trỏ tới id của trường, hoặc dùng aria-labelledby.",
            mend_en="Put that text into a <label for=\"…\"> that names the field's id, or use aria-labelledby.",
        ),
        "value_only": message(
            vi="Trường ({field}) có chữ “{label}” ngay bên cạnh nhưng không được gắn nhãn: tên của trường chỉ là giá trị của nó, “{name}”",
            en="The text “{label}” stands beside a field ({field}), but is not tied to it: its name is only its value, “{name}”",
            mend_vi="Cho aria-labelledby trỏ tới cả nhãn lẫn giá trị: aria-labelledby=\"nhan gia-tri\".",
            mend_en="Let aria-labelledby point at the label as well as the value: aria-labelledby=\"label value\".",
        ),
    },
)
