"""A field keeps a visible label while people type

What it checks
    Fields whose only label is inside them, as a placeholder or as a label that lies over the field: one character is typed, and a
    label or instruction must still be seen. Search fields and a lone field with its button explain themselves.

Why it matters
    The hint is gone with the first letter. Whoever is interrupted, checks a form before sending it, or corrects an error has to empty
    the field to learn what it asks for; people with poor memory or attention lose their way.

Fails
    ``<input placeholder="Họ và tên"> <input placeholder="Tiêu đề câu hỏi">``

Mended
    ``<label for="ten">Họ và tên</label> <input id="ten"> <label for="tieu-de">Tiêu đề câu hỏi</label> <input id="tieu-de">``

References
    WCAG 2.0 success criterion 3.3.2; techniques G131, H44, G167. A label that moves up out of the field when people type passes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from wcag_audit.dom import Node
from wcag_audit.model import Step, Text, cut, nfc
from wcag_audit.recorded import node_of
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, failed, message, untested
from wcag_audit.rules.understandable._fields import explains_itself, form_of, labels, surroundings
from wcag_audit.rules.understandable._sent import cut_short


class Typed(NamedTuple):
    """A field that was typed into: the element, what was recorded of it at the start, and the step."""

    node: Node
    field: dict[str, Any]
    step: dict[str, Any]


def fields_typed_into(evidence: Evidence) -> Iterator[list[Typed] | Text]:
    """Per form, the fields that were typed into; and why some were not, where the recording ended early."""
    data = evidence.data("typing")
    forms: dict[int, list[Typed]] = {}
    for field, step in zip(data["start"]["fields"], data["steps"], strict=False):
        node = node_of(evidence.dom, field["el"])
        if node is not None and step["changed"] is not None and step["changed"]["typed"] and not explains_itself(node, evidence):
            forms.setdefault(form_of(node).index, []).append(Typed(node, field, step))
    yield from forms.values()
    if (reason := cut_short(data)) is not None:
        yield reason


def a_label_is_left(target: list[Typed] | Text, evidence: Evidence) -> Finding | None:
    """With a character in the field, a label or instruction is still seen beside it, or has moved out of it."""
    if isinstance(target, Text):
        return untested(target)
    bare = [typed for typed in target if not _is_labelled(typed, evidence)]
    if not bare:
        return PASSED
    names = "; ".join(typed.field["placeholder"] or typed.field["inside"] for typed in bare[:6])
    first = bare[0]
    changed = {"typed": first.step["args"]["key"], "beside it": first.step["changed"]["after"]}
    steps = (
        Step(action="type", reason=first.step["reason"], args={"key": first.step["args"]["key"]}, at=first.step["at"], changed=changed),
    )
    return failed("label_gone", {"fields": names, "count": str(len(bare))}, node=first.node, steps=steps)


def _is_labelled(typed: Typed, evidence: Evidence) -> bool:
    before, after = typed.step["changed"]["before"], typed.step["changed"]["after"]
    if typed.step["changed"]["hint"] or any(text not in before for text in after):
        return True
    beside = [near for near in surroundings(evidence).near(typed.node) if labels(near, typed.node, evidence)]
    left = {nfc(text) for text in after}
    return any(not near.is_text or cut(nfc(str(near.raw["x"])), 100) in left for near in beside)


RULE = Rule(
    name=Text("Trường vẫn có nhãn nhìn thấy được khi đang nhập", "A field keeps a visible label while people type"),
    why=Text(
        "Chữ gợi ý mất đi ngay khi bắt đầu gõ. Người hay quên, người khó tập trung, người bị gián đoạn, người phải kiểm tra hoặc sửa lỗi "
        "không còn biết trường hỏi gì.",
        "The hint is gone with the first letter. People who forget easily, find it hard to concentrate, are interrupted, or check and "
        "correct a form no longer know what the field asks for.",
    ),
    criteria=("3.3.2",),
    needs=("dom", "typing"),
    applicability=fields_typed_into,
    expectation=a_label_is_left,
    techniques=("G131", "H44", "G167"),
    messages={
        "label_gone": message(
            vi="Gõ một ký tự là không còn nhãn hay chỉ dẫn nào nhìn thấy được ở {count} trường: {fields}",
            en="With one character typed, no label or instruction is seen any more at {count} fields: {fields}",
            mend_vi="Đặt nhãn nhìn thấy được bên ngoài từng trường (label gắn với trường bằng for); chữ gợi ý chỉ để nêu ví dụ.",
            mend_en="Put a visible label outside each field (a label tied to it by for); keep the placeholder for an example.",
        ),
    },
)
