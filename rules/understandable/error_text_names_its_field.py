"""An error text says which field it is about, and what is wrong

What it checks
    Short texts in a form, or called an error by the only form beside them, that say an entry was wrong. In a form of several fields
    they name a field by its label, by another name of it or by two of its syllables, stand beside one field only, or are tied to one
    by ``aria-describedby`` or ``aria-errormessage``; or another text or ``aria-invalid`` tells which field it is. It fails where the
    markup calls the text an error (``role="alert"``, a class or id such as ``error``), nothing tells the field, and the text says no
    more than that something is wrong; before or behind a form, only where something was entered there. A text that says no more than
    “X is invalid” is a question, and so is an error that is read out while it is not seen. A warning of what would be (“hồ sơ … sẽ bị
    trả lại”) that is not called an error is left alone.

Why it matters
    “Dữ liệu không hợp lệ” above ten fields leaves everybody searching. Whoever hears the page has to go through all of them again, and
    often gives up.

Fails
    ``<p class="loi">Dữ liệu không hợp lệ.</p>`` above a form with “Số căn cước” and “Ngày cấp”

Mended
    ``<p class="loi">Ngày cấp phải trước ngày hôm nay.</p>``

References
    WCAG 2.0 success criterion 3.3.1; techniques G83, G85, SCR32; ACT rule 36b590. Whether a text without such markup is an error or an
    advice is for a person to say, unless the form has been sent with mistakes and recorded. Log-in forms may keep to themselves which
    of two entries was wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from wcag_audit.dom import Node
from wcag_audit.model import Text, cut
from wcag_audit.phrases import phrases
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.understandable._errors import fields_named, fields_of, is_called_an_error, is_vague
from wcag_audit.rules.understandable._fields import label_of, owner_of_text

#: Characters of the longest message.
_LONGEST = 160


class ErrorText(NamedTuple):
    """An element whose own text says that an entry was wrong, and its form."""

    element: Node
    form: Node


def error_texts_of_forms(evidence: Evidence) -> Iterator[ErrorText]:
    """Elements in forms whose own text says that something was entered wrongly: seen; or called an error, and told though not seen.
    Outside, those that are called an error and seen by one form only."""
    return iter(evidence.share("error-texts", lambda e: list(_error_texts(e))))


def _error_texts(evidence: Evidence) -> Iterator[ErrorText]:
    words = phrases("error_words")
    for text in evidence.dom.texts if evidence.dom.all("form") else ():
        said, element = str(text.raw["x"]), text.parent
        if element is None or len(said) > _LONGEST or not words.found_in(said) or text.closest("label", "a", "button") is not None:
            continue
        form, called = _form_by(element, evidence), is_called_an_error(element)
        if form is None or not (text.visible or (form.contains(element) and _describes_something(element, evidence))):
            continue
        # A warning of what would be is none, unless it is marked as an error.
        told = text.visible and form.contains(element) and len(fields_of(form, evidence)) > 1 and not _is_advice(element)
        if called or told:
            yield ErrorText(element, form)


def _form_by(element: Node, evidence: Evidence) -> Node | None:
    """The form that holds the element; outside of forms, that of all fields in the nearest part of the page that has any."""
    own = element.closest("form")
    if own is not None:
        return own if fields_of(own, evidence) else None
    forms = next((found for node in element.ancestors() if (found := _forms_in(node, evidence))), set())
    return forms.pop() if len(forms) == 1 else None


def _forms_in(node: Node, evidence: Evidence) -> set[Node | None]:
    """The forms of the fields that it holds; None for a field without."""
    return {field.closest("form") for field in fields_of(node, evidence)}


def _is_advice(element: Node) -> bool:
    return bool(phrases("conditions").found_in(element.text))


def _describes_something(element: Node, evidence: Evidence) -> bool:
    described: set[int] = evidence.share("describing", lambda e: {
        other.index
        for node in e.dom.with_attribute("aria-describedby")
        if node.visible and node.exposed and node.get("aria-invalid") != "true"
        for other in e.dom.referred(node, "aria-describedby")
    })
    return bool(described) and any(node.index in described for node in (element, *element.ancestors()))


def field_is_named(error: ErrorText, evidence: Evidence) -> Finding | None:
    """The text names a label, stands with one field alone, or is tied to one, and says more than that something is wrong."""
    element, form = error
    fields = fields_of(form, evidence)
    values = {"text": cut(element.text, 160), "fields": ", ".join(label_of(field, evidence) for field in fields[:6])}
    if not element.visible:
        return cant_tell("not_seen", values, node=element)
    if tells_its_field(element, fields, evidence):
        labels = [label_of(field, evidence) for field in fields_named(element.text, fields, evidence)]
        vague = is_called_an_error(element) and is_vague(element.text, labels)
        return cant_tell("says_no_more", values, node=element) if vague else PASSED
    if len(fields) == 1 or _told_elsewhere(error, fields, evidence):
        return PASSED
    # What stands outside of a form in which nothing was entered may speak of something else.
    of_the_form = form.contains(element) or any(field.tag != "select" and field.state.get("filled") for field in fields)
    keeps_to_itself = any(field.state.get("type") == "password" for field in fields)
    more = any(not is_vague(other.text) for other in _of_its_look(error, evidence))
    vague = is_called_an_error(element) and is_vague(element.text) and not _is_advice(element)
    if vague and of_the_form and not keeps_to_itself and not more:
        return failed("names_no_field", values, node=element)
    return cant_tell("unnamed", values, node=element)


def tells_its_field(element: Node, fields: list[Node], evidence: Evidence) -> bool:
    """Whether the text names a field, is tied to one, or stands with one alone."""
    tied = any(text.index in owner_of_text(evidence) for text in element.texts)
    pointed_at = {target.index for field in fields for target in evidence.dom.referred(field, "aria-errormessage")}
    around = (element, *element.ancestors())
    told = tied or any(node.index in pointed_at for node in around) or _stands_with_one_field(element, fields)
    return told or bool(fields_named(element.text, fields, evidence))


def _stands_with_one_field(element: Node, fields: list[Node]) -> bool:
    """Whether the nearest ancestor with any field has exactly one."""
    for node in element.ancestors():
        inside = [field for field in fields if node.contains(field)]
        if inside:
            return len(inside) == 1
    return False


def _told_elsewhere(error: ErrorText, fields: list[Node], evidence: Evidence) -> bool:
    """Whether another error text of the form, a link to a field, or a field's own state, tells which field is wrong."""
    if any(field.get("aria-invalid") == "true" for field in fields):
        return True
    places = {f"#{field.get('id')}" for field in fields if field.get("id")}
    if any(link.visible and link.get("href") in places for link in evidence.dom.all("a")):
        return True
    others = (other.element for other in error_texts_of_forms(evidence) if other.form is error.form and other.element is not error.element)
    return any(other.visible and tells_its_field(other, fields, evidence) for other in (*others, *_of_its_look(error, evidence)))


def _of_its_look(error: ErrorText, evidence: Evidence) -> Iterator[Node]:
    """Other texts of the form that its markup calls errors, or in the error's colour, which no label has: messages in words of their own
    (“Hãy nhập ngày cấp”)."""
    shown = [text for text in error.form.texts if text.visible and text.parent is not None and not error.element.contains(text)]
    labels = {str(text.style.get("c")) for text in shown if text.closest("label") is not None}
    colours = {str(text.style.get("c")) for text in error.element.texts} - labels
    for text in shown:
        says = any(c.isalpha() for c in str(text.raw["x"])) and text.closest("label", "legend", "button", "a", "option") is None
        if says and text.parent is not None and (is_called_an_error(text.parent) or (labels and str(text.style.get("c")) in colours)):
            yield text.parent


RULE = Rule(
    name=Text("Thông báo lỗi nói rõ trường nào sai, sai gì", "An error text says which field it is about, and what is wrong"),
    why=Text(
        "Mọi người phải dò từng trường để tìm chỗ sai. Người mù dùng trình đọc màn hình phải nghe lại cả biểu mẫu và thường bỏ cuộc.",
        "Everybody has to search for the wrong field. Blind people who use a screen reader have to listen to the whole form again, and "
        "often give up.",
    ),
    criteria=("3.3.1",),
    needs=("dom",),
    applicability=error_texts_of_forms,
    expectation=field_is_named,
    act=("36b590",),
    techniques=("G83", "G85", "SCR32"),
    messages={
        "names_no_field": message(
            vi="Biểu mẫu báo lỗi “{text}” nhưng không nói trường nào sai ({fields}).",
            en="The form tells an error, “{text}”, and not which field is wrong ({fields}).",
            mend_vi="Nêu tên trường và lỗi của trường, ví dụ “Ngày cấp phải trước ngày hôm nay”, ngay cạnh trường đó.",
            mend_en="Name the field and what is wrong with it, such as “Date of issue must be before today”, beside that field.",
        ),
        "says_no_more": message(
            vi="Thông báo lỗi “{text}” có cho biết sai ở điểm nào không?",
            en="Does the error “{text}” tell what is wrong with the entry?",
            mend_vi="Nói rõ lỗi và giá trị được nhận, ví dụ “Tuổi phải từ 1 đến 120”.",
            mend_en="Tell what is wrong and which values are taken, such as “Age must be from 1 to 120”.",
        ),
        "not_seen": message(
            vi="Thông báo lỗi “{text}” bị ẩn nhưng trình đọc màn hình vẫn đọc. Khi có lỗi thật, nó có hiện ra cho mọi người không?",
            en="The error “{text}” is hidden, yet a screen reader reads it out. Is it shown to everybody when there is an error?",
            mend_vi="Chỉ trỏ aria-describedby tới thông báo khi có lỗi, và khi đó hiện nó bằng chữ cạnh trường.",
            mend_en="Point aria-describedby at the message only while there is an error, and show it in text beside the field then.",
        ),
        "unnamed": message(
            vi="Biểu mẫu có thông báo “{text}” nhưng không nói trường nào sai ({fields}).",
            en="The form says “{text}” and does not tell which field is wrong ({fields}).",
            mend_vi="Nếu đây là thông báo lỗi, nêu tên trường và lỗi của trường, ví dụ “Ngày cấp phải trước ngày hôm nay”.",
            mend_en="If this is an error, name the field and what is wrong with it, such as “Date of issue must be before today”.",
        ),
    },
)
