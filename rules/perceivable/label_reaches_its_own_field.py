"""A label reaches its own field

What it checks
    Fields whose ``id`` stands on an earlier element too: every ``<label for>`` with that id belongs to the earlier one, so the later
    field is left without a name, unless it has one in another way. Fields inside a ``<label>`` that belongs to another: the first field
    or button in it, or the one that its ``for`` names. And labels alone in one part of a form with one field to write in, whose ``for``
    names the field of another part that has a label of its own there.

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
from wcag_audit.model import Text, bare
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, failed, message

_FIELDS = ("input", "select", "textarea")
_BUTTONS = ("hidden", "submit", "button", "image", "reset")


def fields_with_labels(evidence: Evidence) -> Iterator[tuple[Node, list[Node]]]:
    """Fields that are seen and exposed, with the visible labels that name their id, or stand around them and are not theirs."""
    named: dict[tuple[int, str], list[Node]] = {}
    for label in evidence.dom.all("label"):
        if label.get("for").strip() and label.visible_text:
            named.setdefault((label.frame.index, label.get("for")), []).append(label)
    for field in evidence.dom.all(*_FIELDS):
        labels = [label for label in named.get((field.frame.index, field.get("id")), ()) if label.host is field.host]
        around = field.closest("label")
        own = evidence.dom.labels.get(field.index, ())
        if around is not None and around not in (*own, *labels) and around.host is field.host and around.visible_text:
            labels.append(around)
        if labels and field.visible and field.exposed and field.state.get("type") not in _BUTTONS:
            yield field, labels


def _part(node: Node, *tags: str) -> tuple[Node | None, list[Node]]:
    """The nearest element around a node that holds one of the tags, and all that it holds."""
    for around in node.ancestors():
        found = [each for each in around.elements(*tags) if each.visible and each.state.get("type") not in _BUTTONS]
        if found:
            return around, found
    return None, []


def _beside(label: Node, field: Node) -> Node | None:
    """The only field of the label's part of the form, where the label names a field that has its own part with a label of its own."""
    own, near = _part(label, *_FIELDS)
    other, labels = _part(field, "label")
    if own is None or other is None or len(near) != 1 or len(labels) != 1 or near[0] is field or labels[0] is label:
        return None
    alone = len(list(own.elements("label"))) == 1 and len([node for node in other.elements(*_FIELDS) if node.visible]) == 1
    written = all(node.state.get("type") not in ("radio", "checkbox") and node.exposed for node in (field, near[0]))
    return near[0] if alone and written and label.host is near[0].host else None


def label_belongs_to_it(target: tuple[Node, list[Node]], evidence: Evidence) -> Finding | None:
    """The browser ties the label to this field, and the label stands beside it; or the field is named in another way."""
    field, labels = target
    for label in labels:
        beside = None if label.contains(field) else _beside(label, field)
        if beside is not None and beside.name and bare(label.visible_text).strip(" *:") not in bare(beside.name):
            return failed("beside_another", {"label": label.visible_text, "name": beside.name}, node=beside, criteria=("1.3.1",))
    first = evidence.dom.with_id(field.get("id"), field)
    if evidence.dom.labels.get(field.index) or _is_named_otherwise(field, evidence):
        return PASSED
    if labels[-1].contains(field):
        return failed("around_another", {"label": labels[-1].visible_text}, node=field, criteria=("4.1.2",))
    if first is field or first is None:
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
    applicability=fields_with_labels,
    expectation=label_belongs_to_it,
    techniques=("H44", "H93", "F17", "F68", "F77"),
    messages={
        "beside_another": message(
            vi="Nhãn “{label}” đứng cạnh trường này nhưng gắn với trường khác; trường này được đọc là “{name}”",
            en="The label “{label}” stands beside this field, but is tied to another one; this field is read as “{name}”",
            mend_vi="Ghi id của trường này vào thuộc tính for của nhãn đứng cạnh nó.",
            mend_en="Name the id of this field in the for of the label that stands beside it.",
        ),
        "other_field": message(
            vi="Nhãn “{label}” không gắn với trường này, vì id=“{id}” trùng với phần tử đứng trước: {first}",
            en="The label “{label}” does not reach this field, because id=“{id}” stands on an earlier element as well: {first}",
            mend_vi="Đặt id riêng cho từng trường và ghi đúng id đó vào thuộc tính for của nhãn.",
            mend_en="Give each field an id of its own and name that id in the for of its label.",
        ),
        "around_another": message(
            vi="Trường này nằm trong nhãn “{label}”, nhưng nhãn chỉ thuộc về một trường khác, nên trường này không có tên",
            en="This field stands in the label “{label}”, but the label belongs to another field alone, so this one has no name",
            mend_vi="Đặt mỗi trường trong nhãn riêng của nó, hoặc thêm aria-label cho trường này.",
            mend_en="Put each field into a label of its own, or give this one an aria-label.",
        ),
    },
)
