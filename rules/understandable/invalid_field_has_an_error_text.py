"""A field that is marked as wrong has an error text

What it checks
    Visible fields with ``aria-invalid="true"``: a text that the field refers to, that stands at it and is no label, or that speaks of
    errors in its form tells what is wrong; so does a part of its label that is called an error (a class such as ``error``), and a
    message anywhere on the page (``role="alert"``, ``aria-live``, such a class) that names the field or has a link to it.

Why it matters
    A red border, or a reader that says “invalid”, tells that something is wrong and keeps back what. People try again and again, and
    give up.

Fails
    ``<label>Ngày cấp <input value="31/02/2025" aria-invalid="true"></label>`` in a form of several fields, and no text about it

Mended
    ``<input id="nc" value="31/02/2025" aria-invalid="true" aria-describedby="loi"> <p id="loi">Ngày cấp không có thật.</p>``

References
    WCAG 2.0 success criterion 3.3.1; techniques G83, G85, G139, SCR32, ARIA19, ARIA21; ACT rule 36b590. Some libraries mark empty
    fields before anybody has typed: without a value, and for an only field, this is a question. So it is where the label holds other
    text, where only a word or two stand beside the field (a unit, perhaps), and where a message does not say which field it is about.
"""

from __future__ import annotations

from collections.abc import Iterator

from wcag_audit.dom import Node
from wcag_audit.model import Text, cut
from wcag_audit.phrases import phrases
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.understandable._errors import fields_named, fields_of, is_called_an_error, messages
from wcag_audit.rules.understandable._fields import entry_fields, form_of, is_alone, label_of, owner_of_text, surroundings

#: Words of a unit beside a field: "mét vuông", "VND".
_UNIT = 2


def fields_marked_as_wrong(evidence: Evidence) -> Iterator[Node]:
    """Visible fields whose entry is marked as invalid."""
    return (field for field in entry_fields(evidence) if field.get("aria-invalid").strip().lower() == "true")


def a_text_tells_what_is_wrong(field: Node, evidence: Evidence) -> Finding | None:
    """The field refers to a text, one stands at it, or the form speaks of errors."""
    tied = [other.text for name in ("aria-errormessage", "aria-describedby") for other in evidence.dom.referred(field, name)]
    if any(text.strip() for text in tied) or field.get("title").strip():
        return PASSED
    if phrases("error_words").found_in(form_of(field).visible_text):
        return PASSED
    hints = [near for near in surroundings(evidence).near(field) if is_a_hint(near, evidence)]
    others = [element for element in messages(evidence) if element.frame is field.frame]
    told = any(len(near.text.split()) > _UNIT or (near.parent is not None and is_called_an_error(near.parent)) for near in hints)
    if told or any(_is_told_in(element, field, evidence) for element in others):
        return PASSED
    values = {"field": cut(label_of(field, evidence), 120)}
    doubtful = bool(hints or others) or _label_says_more(field, evidence)
    sure = field.state.get("filled") and not is_alone(field, evidence) and not doubtful
    return failed("no_text", values) if sure else cant_tell("perhaps", values)


def _is_told_in(element: Node, field: Node, evidence: Evidence) -> bool:
    """Whether a message stands at the field or in its label, has a link to it, or names it."""
    labels = evidence.dom.labels.get(field.index, ())
    if is_called_an_error(element) and any(label is element or label.contains(element) for label in labels):
        return True
    if any(link.get("href") == f"#{field.get('id')}" for link in element.elements("a")):
        return True
    return field in fields_named(element.visible_text, fields_of(form_of(field), evidence), evidence)


def _label_says_more(field: Node, evidence: Evidence) -> bool:
    """Whether more than one part of the labels has words, one of which may be the error."""
    texts = [text for label in evidence.dom.labels.get(field.index, ()) for text in label.texts if text.visible]
    return len({text.parent for text in texts if any(c.isalpha() for c in text.text)}) > 1


def is_a_hint(near: Node, evidence: Evidence) -> bool:
    """Whether what stands near is a text of its own: no label, heading, button or link."""
    return (
        near.is_text
        and any(c.isalpha() for c in str(near.raw["x"]))
        and near.index not in owner_of_text(evidence)
        and near.closest("label", "legend", "button", "a", "h1", "h2", "h3", "h4", "h5", "h6", "option", "textarea") is None
    )


RULE = Rule(
    name=Text("Trường bị báo sai có văn bản nêu lỗi", "A field that is marked as wrong has an error text"),
    why=Text(
        "Người mù và người khuyết tật trí tuệ biết trường này sai mà không biết sai ở đâu, nên không sửa được.",
        "Blind people and people with cognitive disabilities learn that the field is wrong and not what is wrong with it, so they cannot "
        "mend it.",
    ),
    criteria=("3.3.1",),
    needs=("dom",),
    applicability=fields_marked_as_wrong,
    expectation=a_text_tells_what_is_wrong,
    act=("36b590",),
    techniques=("G83", "G85", "G139", "SCR32", "ARIA19", "ARIA21"),
    messages={
        "no_text": message(
            vi="Trường “{field}” bị đánh dấu sai (aria-invalid) nhưng không có văn bản nào nói sai ở đâu.",
            en="The field “{field}” is marked as wrong (aria-invalid), and no text tells what is wrong.",
            mend_vi="Viết lỗi bằng chữ cạnh trường và nối bằng aria-describedby, ví dụ “Ngày cấp không có thật”.",
            mend_en="Write the error in words beside the field and tie it by aria-describedby, such as “There is no such date”.",
        ),
        "perhaps": message(
            vi="Trường “{field}” bị đánh dấu sai (aria-invalid) mà không thấy văn bản nêu lỗi.",
            en="The field “{field}” is marked as wrong (aria-invalid), and no error text is seen.",
            mend_vi="Nếu chưa ai nhập gì thì bỏ aria-invalid; nếu đã kiểm tra dữ liệu thì nêu lỗi bằng chữ cạnh trường.",
            mend_en="Where nothing was entered yet, take aria-invalid off; where the entry was checked, tell the error in words beside it.",
        ),
    },
)
