"""An error text says which field it is about

What it checks
    Short visible texts in a form of several fields that say an entry was wrong: they name a field's label, stand beside one field only,
    or are tied to one by ``aria-describedby`` or ``aria-errormessage``.

Why it matters
    “Dữ liệu không hợp lệ” above ten fields leaves everybody searching. Whoever hears the page has to go through all of them again, and
    often gives up.

Fails
    ``<p class="loi">Dữ liệu không hợp lệ.</p>`` above a form with “Số căn cước” and “Ngày cấp”

Mended
    ``<p class="loi">Ngày cấp phải trước ngày hôm nay.</p>``

References
    WCAG 2.0 success criterion 3.3.1; techniques G83, G85, SCR32; ACT rule 36b590. Whether the text is an error or an advice is for a
    person to say, unless the form has been sent with mistakes and recorded.
"""

from __future__ import annotations

from collections.abc import Iterator

from wcag_audit.dom import Node
from wcag_audit.model import Text, bare, cut
from wcag_audit.phrases import phrases
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, message
from wcag_audit.rules.understandable._fields import entry_fields, label_of, owner_of_text

#: Characters of the longest message.
_LONGEST = 160


def fields_of(form: Node, evidence: Evidence) -> list[Node]:
    return [field for field in entry_fields(evidence) if form.contains(field)]


def error_texts_in_forms(evidence: Evidence) -> Iterator[Node]:
    """Elements in forms of several fields whose own visible text says that something was entered wrongly."""
    words = phrases("error_words")
    for form in evidence.dom.all("form"):
        if len(fields_of(form, evidence)) < 2:
            continue
        for text in form.texts:
            said, element = str(text.raw["x"]), text.parent
            if element is None or not text.visible or len(said) > _LONGEST or not words.found_in(said):
                continue
            if text.closest("label", "a", "button") is None:
                yield element


def field_is_named(element: Node, evidence: Evidence) -> Finding | None:
    """The text names a label, stands with one field alone, or is tied to one."""
    form = element.closest("form")
    fields = fields_of(form, evidence) if form is not None else []
    said = bare(element.text)
    labels = [bare(label_of(field, evidence)).strip(" *:().") for field in fields]
    named = any(label and label in said for label in labels)
    tied = any(text.index in owner_of_text(evidence) for text in element.texts)
    pointed_at = {target.index for field in fields for target in evidence.dom.referred(field, "aria-errormessage")}
    around = (element, *element.ancestors())
    if named or tied or any(node.index in pointed_at for node in around) or _stands_with_one_field(element, fields):
        return PASSED
    return cant_tell("unnamed", {"text": cut(element.text, 160), "fields": ", ".join(label_of(field, evidence) for field in fields[:6])})


def _stands_with_one_field(element: Node, fields: list[Node]) -> bool:
    """Whether the nearest ancestor with any field has exactly one."""
    for node in element.ancestors():
        inside = [field for field in fields if node.contains(field)]
        if inside:
            return len(inside) == 1
    return False


RULE = Rule(
    name=Text("Thông báo lỗi nói rõ trường nào sai", "An error text says which field it is about"),
    why=Text(
        "Mọi người phải dò từng trường để tìm chỗ sai. Người mù dùng trình đọc màn hình phải nghe lại cả biểu mẫu và thường bỏ cuộc.",
        "Everybody has to search for the wrong field. Blind people who use a screen reader have to listen to the whole form again, and "
        "often give up.",
    ),
    criteria=("3.3.1",),
    needs=("dom",),
    applicability=error_texts_in_forms,
    expectation=field_is_named,
    act=("36b590",),
    techniques=("G83", "G85", "SCR32"),
    messages={
        "unnamed": message(
            vi="Biểu mẫu có thông báo “{text}” nhưng không nói trường nào sai ({fields}).",
            en="The form says “{text}” and does not tell which field is wrong ({fields}).",
            mend_vi="Nếu đây là thông báo lỗi, nêu tên trường và lỗi của trường, ví dụ “Ngày cấp phải trước ngày hôm nay”.",
            mend_en="If this is an error, name the field and what is wrong with it, such as “Date of issue must be before today”.",
        ),
    },
)
