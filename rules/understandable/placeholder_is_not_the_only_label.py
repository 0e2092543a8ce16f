"""A placeholder is not a field's only label

What it checks
    Fields of a form that only a ``placeholder`` explains: no text, picture or button with words stands beside them. The title of a
    form is no label of its fields. A lone field with its button and search fields explain themselves.

Why it matters
    The placeholder is gone with the first letter typed. Whoever is interrupted, checks a long form or corrects an error has to empty
    the field to learn what it asks for; its pale grey is hard to read besides.

Fails
    ``<input placeholder="Số căn cước"> <input placeholder="Ngày cấp">``

Mended
    ``<label for="cc">Số căn cước</label> <input id="cc"> <label for="nc">Ngày cấp</label> <input id="nc" placeholder="ngày/tháng/năm">``

References
    WCAG 2.0 success criterion 3.3.2; techniques G131, H44, G167. One question a form: whether the label may vanish is for a person to
    decide, unless typing into the field has been recorded: then label-stays-when-typing judges.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from wcag_audit.dom import Node
from wcag_audit.model import Text
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, message
from wcag_audit.rules.understandable._fields import entry_fields, explains_itself, form_of, labels, surroundings


class Form(NamedTuple):
    """Fields with a placeholder in one form."""

    fields: tuple[Node, ...]


def forms_with_placeholders(evidence: Evidence) -> Iterator[Form]:
    """Per form, its fields with a placeholder, save search fields, lone fields and cells of a table; none where typing was recorded."""
    typed = evidence.artifact("typing")
    if typed is not None and typed.error is None:
        return  # label-stays-when-typing knows what becomes of them
    forms: dict[int, list[Node]] = {}
    for field in entry_fields(evidence):
        if field.get("placeholder").strip() and not explains_itself(field, evidence):
            forms.setdefault(form_of(field).index, []).append(field)
    yield from (Form(tuple(fields)) for fields in forms.values())


def another_label_is_seen(form: Form, evidence: Evidence) -> Finding | None:
    """Beside each of its fields stands something that stays when the placeholder is gone."""
    places = surroundings(evidence)
    bare_fields = [field for field in form.fields if not any(labels(near, field, evidence) for near in places.near(field))]
    if not bare_fields:
        return PASSED
    values = {"fields": "; ".join(field.get("placeholder").strip() for field in bare_fields[:6]), "count": str(len(bare_fields))}
    return cant_tell("placeholder_only", values, node=bare_fields[0])


RULE = Rule(
    name=Text("Chữ gợi ý trong trường không phải nhãn duy nhất", "A placeholder is not a field's only label"),
    why=Text(
        "Chữ gợi ý mất đi ngay khi bắt đầu gõ. Người hay quên, người bị gián đoạn, người phải kiểm tra hoặc sửa lỗi không còn biết trường "
        "hỏi gì.",
        "A placeholder is gone with the first letter typed. People who forget easily, are interrupted, or check and correct a form no "
        "longer know what the field asks for.",
    ),
    criteria=("3.3.2",),
    needs=("dom",),
    applicability=forms_with_placeholders,
    expectation=another_label_is_seen,
    techniques=("G131", "H44", "G167"),
    messages={
        "placeholder_only": message(
            vi="{count} trường chỉ có chữ gợi ý bên trong, mất khi bắt đầu nhập: {fields}",
            en="{count} fields are explained by their placeholders only, which vanish on typing: {fields}",
            mend_vi="Nhập thử một ký tự: nếu không còn nhãn và trường không tự rõ nghĩa, thêm nhãn nhìn thấy được bên ngoài trường.",
            mend_en="Type one character: if no label is left and the field is not self-evident, add a visible label outside it.",
        ),
    },
)
