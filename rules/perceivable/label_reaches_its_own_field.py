"""A label reaches its own field

What it checks
    Fields whose ``id`` stands on an earlier element too: every ``<label for>`` with that id belongs to the earlier one, so the later
    field is left without a name, unless it has one in another way.

Why it matters
    On screen each field has its label. A screen reader says nothing at the second one, and a click on its label goes to the first:
    people fill in the wrong field without noticing.

Fails
    ``<label for="ten">Họ tên cha</label> <input id="ten"> … <label for="ten">Họ tên mẹ</label> <input id="ten">``

Mended
    ``<label for="ten-me">Họ tên mẹ</label> <input id="ten-me">``: each id stands once on the page

References
    WCAG 2.0 success criteria 1.3.1 and 4.1.2; techniques H44, H93; failures F17, F68, F77.
"""

from __future__ import annotations

from collections.abc import Iterator

from wcag_audit.dom import Node
from wcag_audit.model import Text
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, failed, message

_BUTTONS = ("hidden", "submit", "button", "image", "reset")


def fields_with_a_label_by_id(evidence: Evidence) -> Iterator[tuple[Node, list[Node]]]:
    """Fields that are seen and exposed, with the visible labels that name their id."""
    named: dict[tuple[int, str], list[Node]] = {}
    for label in evidence.dom.all("label"):
        if label.get("for").strip() and label.visible_text:
            named.setdefault((label.frame.index, label.get("for")), []).append(label)
    for field in evidence.dom.all("input", "select", "textarea"):
        labels = [label for label in named.get((field.frame.index, field.get("id")), ()) if label.host is field.host]
        if labels and field.visible and field.exposed and field.state.get("type") not in _BUTTONS:
            yield field, labels


def label_belongs_to_it(target: tuple[Node, list[Node]], evidence: Evidence) -> Finding | None:
    """The browser ties the label to this field, or the field is named in another way."""
    field, labels = target
    first = evidence.dom.with_id(field.get("id"), field)
    if first is field or first is None or evidence.dom.labels.get(field.index) or _is_named_otherwise(field, evidence):
        return PASSED
    values = {"label": labels[min(1, len(labels) - 1)].visible_text, "id": field.get("id"), "first": first.html}
    return failed("other_field", values, node=field, criteria=("1.3.1", "4.1.2") if len(labels) > 1 else ("4.1.2",))


def _is_named_otherwise(field: Node, evidence: Evidence) -> bool:
    own = any(field.get(attribute).strip() for attribute in ("aria-label", "title", "placeholder", "alt"))
    return own or any(other.text or other.get("aria-label") for other in evidence.dom.referred(field, "aria-labelledby"))


RULE = Rule(
    name=Text("Nhãn được gắn với đúng trường của nó", "A label reaches its own field"),
    why=Text(
        "Người mù dùng trình đọc màn hình không nghe nhãn ở trường thứ hai; người bấm vào nhãn thì bị đưa tới trường khác và khai nhầm.",
        "Blind people who use a screen reader hear no label at the second field, and whoever clicks the label lands in another field and "
        "fills in the wrong one.",
    ),
    criteria=("1.3.1", "4.1.2"),
    needs=("dom",),
    applicability=fields_with_a_label_by_id,
    expectation=label_belongs_to_it,
    techniques=("H44", "H93", "F17", "F68", "F77"),
    messages={
        "other_field": message(
            vi="Nhãn “{label}” không gắn với trường này, vì id=“{id}” trùng với phần tử đứng trước: {first}",
            en="The label “{label}” does not reach this field, because id=“{id}” stands on an earlier element as well: {first}",
            mend_vi="Đặt id riêng cho từng trường và ghi đúng id đó vào thuộc tính for của nhãn.",
            mend_en="Give each field an id of its own and name that id in the for of its label.",
        ),
    },
)
