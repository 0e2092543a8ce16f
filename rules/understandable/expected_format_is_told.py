"""The expected format is told

What it checks
    Fields that accept one form of input only (a ``pattern`` that asks for more than a length or a number): their label, placeholder,
    title, description or a text beside them says how to write it.

Why it matters
    Who is not told that a number has twelve digits, or that a date is written day/month/year, learns it from an error, or never.

Fails
    ``<label for="cc">Số căn cước</label> <input id="cc" pattern="[0-9]{12}">``

Mended
    ``<label for="cc">Số căn cước (12 chữ số)</label> <input id="cc" pattern="[0-9]{12}">``

References
    WCAG 2.0 success criterion 3.3.2; techniques G89, G184. One question a form: whether the format is evident is for a person to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from wcag_audit.dom import Node
from wcag_audit.model import Text, bare
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, message
from wcag_audit.rules.understandable._fields import entry_fields, form_of, label_of, speaks_of, surroundings

#: A pattern that any text of some length fulfils, or any number: the label tells that one is asked for.
_ANYTHING = re.compile(
    r"\^?(?:(?:\.|\\S|\\w|\[\^?\\s(?:\\S)?\]|\.\*\\S\.)(?:[*+?]|\{\d+(?:,\d*)?\})?(?:\.\*)?|(?:\[0-9\]|\[?\\d\]?)[*+])\$?"
)
_TELLS = re.compile(
    r"\d|\b(dang|dinh dang|vi du|vd|mau|gom|chu so|so va chu|ky tu|chu cai|khong dau|ngay thang nam|dd|mm|yyyy|nn|tt|nam sinh"
    r"|format|example|e g|digits|letters|characters)\b"
)


class Form(NamedTuple):
    """Fields of one form that accept one format only."""

    fields: tuple[Node, ...]


def forms_with_formats(evidence: Evidence) -> Iterator[Form]:
    """Per form, its visible fields with a pattern that means something. E-mail and web addresses are known by their type."""
    forms: dict[int, list[Node]] = {}
    for field in entry_fields(evidence):
        pattern = field.get("pattern").strip()
        if pattern and field.state.get("type") not in ("email", "url") and not _ANYTHING.fullmatch(pattern):
            forms.setdefault(form_of(field).index, []).append(field)
    yield from (Form(tuple(fields)) for fields in forms.values())


def each_format_is_told(form: Form, evidence: Evidence) -> Finding | None:
    """Some text at each field says how to write it."""
    silent = [field for field in form.fields if not _told(field, evidence)]
    if not silent:
        return PASSED
    values = {"fields": "; ".join(f"{label_of(field, evidence)} ({field.get('pattern')})" for field in silent[:5])}
    return cant_tell("untold", values, node=silent[0])


def _told(field: Node, evidence: Evidence) -> bool:
    own = " ".join((field.get("placeholder"), field.get("title"), label_of(field, evidence)))
    described = " ".join(node.text for node in evidence.dom.referred(field, "aria-describedby"))
    texts = (near for near in surroundings(evidence).near(field) if near.is_text and speaks_of(near, field, evidence))
    beside = " ".join(str(text.raw["x"]) for text in texts)
    return bool(field.get("title").strip()) or _TELLS.search(bare(f"{own} {described} {beside}")) is not None


RULE = Rule(
    name=Text("Định dạng phải nhập được nói rõ", "The expected format is told"),
    why=Text(
        "Người khuyết tật trí tuệ, người ít dùng máy tính và người mù dùng trình đọc màn hình không biết phải viết thế nào, ví dụ "
        "ngày/tháng/năm hay 12 chữ số, cho đến khi bị báo lỗi.",
        "People with cognitive disabilities, people who seldom use a computer, and blind people who use a screen reader do not know how "
        "to write the entry, such as day/month/year or twelve digits, until it is refused.",
    ),
    criteria=("3.3.2",),
    needs=("dom",),
    applicability=forms_with_formats,
    expectation=each_format_is_told,
    techniques=("G89", "G184"),
    messages={
        "untold": message(
            vi="Trường chỉ nhận một định dạng nhưng không thấy nói định dạng đó: {fields}",
            en="Fields accept one format only, and it is not told: {fields}",
            mend_vi="Xem định dạng có hiển nhiên không; nếu không, ghi ở nhãn, ví dụ “Số căn cước (12 chữ số)”.",
            mend_en="Decide whether the format is evident; if not, tell it in the label, such as “ID number (12 digits)”.",
        ),
    },
)
