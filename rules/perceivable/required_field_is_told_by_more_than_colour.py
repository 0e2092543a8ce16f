"""A required field is told by more than colour

What it checks
    Forms whose required fields differ from the others by the colour of their labels alone: the labels carry no ``*``, no word such as
    "bắt buộc" or "required", no picture and no other weight. Where all other fields say that they are optional, the words tell them
    apart. A form that says itself that a colour means "required", or "wrong", fails at once, be it the colour of labels, or of the
    borders or the ground of fields that are alike otherwise.

Why it matters
    Whoever is colour blind, or prints the form, does not see which fields are required, and whoever hears the page is not told.

Fails
    ``<p>Trường có tên màu đỏ là bắt buộc.</p> <label class="red" for="ten">Họ và tên</label> <input id="ten" required>``

Mended
    ``<p>Trường có dấu * là bắt buộc.</p> <label class="red" for="ten">Họ và tên *</label> <input id="ten" required>``

References
    WCAG 2.0 success criterion 1.4.1; techniques G14, H90; failure F81. Two colours that differ in lightness by 3:1 or more are
    shown to a person (G183).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from wcag_audit.dom import Node
from wcag_audit.model import Text
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.perceivable._beside import fields, is_choice, visible_label
from wcag_audit.rules.perceivable._colours import RGB, contrast, hue, hues, rgb
from wcag_audit.rules.perceivable._sentences import COLOUR_WORDS, SIGN, Sentence, any_of, sentences_with

_REQUIRED = re.compile(r"(?<!\w)(?:bắt buộc|phải (?:nhập|điền|khai)|required|mandatory|must be (?:filled|completed))(?!\w)")
_WRONG = re.compile(
    r"(?<!\w)(?:(?:bị|có|báo) lỗi|nhập sai|chưa đúng|chưa hợp lệ|không hợp lệ|kiểm tra lại|sửa lại|nhập lại|errors?|incorrect|invalid|"
    r"wrong|correct the|fix the|check the)(?!\w)"
)
_MARK = re.compile(r"[*✱＊]|bắt buộc|required|mandatory|cần nhập", re.IGNORECASE)

_COLOUR = re.compile(r"rgba?\([^)]*\)")
_NAMED = re.compile(r"(?<!\w)(?:đỏ|xanh|vàng|cam|tím|hồng|nâu|red|green|blue|yellow|orange|purple|pink)(?!\w)")
_OPTIONAL = re.compile(r"không bắt buộc|tùy chọn|tuỳ chọn|nếu có|optional", re.IGNORECASE)


class Labelled(NamedTuple):
    """A field, the text that labels it, and how that text looks."""

    field: Node
    label: Node
    colour: RGB
    weight: tuple[object, ...]
    marked: bool
    tint: str

    @property
    def required(self) -> bool:
        return bool(self.field.state.get("required")) or self.field.get("aria-required") == "true"


def _labelled(field: Node, evidence: Evidence) -> Labelled | None:
    tied = (*evidence.dom.labels.get(field.index, ()), *evidence.dom.referred(field, "aria-labelledby"))
    labels = [label for label in tied if label.visible_text]
    label = labels[0] if labels else visible_label(field, evidence)
    texts = [text for text in label.texts if text.visible] if label is not None else []
    colour = rgb(str(texts[0].style.get("c", ""))) if texts else None
    if label is None or colour is None:
        return None
    around = [label, *label.elements()] if not label.is_text else [node for node in (label.parent,) if node]
    hints = [node.text for node in evidence.dom.referred(field, "aria-describedby") if node.visible]
    marks = " ".join((label.text, *(content for node in around for content in node.pseudo), *hints))
    pictures = any(node.tag in ("img", "svg", "i") for node in around) or any(node.style.get("bi") for node in around)
    beside = label.parent.visible_text if label.parent and len(label.parent.visible_text) < 120 else ""
    style = texts[0].style
    weight = (style.get("fw", 400) >= 600, style.get("it"), style.get("td"), style.get("tt"))
    marked = pictures or bool(_MARK.search(f"{marks} {beside} {field.get('placeholder')}"))
    return Labelled(field, label, colour, weight, marked, _tint(field))


def _tint(field: Node) -> str:
    """The hue of the field's ground or, where that has none, of its border; empty where neither has one."""
    grounds = [str(field.style.get("bg", "")), *_COLOUR.findall(str(field.style.get("bd", "")))[:1]]
    return next((name for css in grounds if (colour := rgb(css)) is not None and (name := hue(colour))), "")


def _edge(field: Node) -> str:
    """How wide its borders are."""
    return _COLOUR.sub("", str(field.style.get("bd", "")))


def _labelled_fields(evidence: Evidence) -> list[Labelled]:
    found = [_labelled(node, evidence) for node in fields(evidence) if node.visible and node.exposed and not is_choice(node)]
    return [entry for entry in found if entry is not None]


def forms(evidence: Evidence) -> Iterator[list[Labelled]]:
    """The labelled fields of each form in which a label has a colour of its own."""
    table: dict[int, list[Labelled]] = {}
    for entry in evidence.share("labelled-fields", _labelled_fields):
        form = entry.field.closest("form")
        table.setdefault(form.index if form else -1 - entry.field.frame.index, []).append(entry)
    for entries in table.values():
        if any(hue(entry.colour) or entry.tint for entry in entries):
            yield entries


def _statement(evidence: Evidence, meaning: re.Pattern[str]) -> Sentence | None:
    """The sentence that says what a colour of fields means, with no sign beside the colour."""
    colour = re.compile(rf"màu\s+{any_of('sensory_colours')}|(?<!\w)(?:red|blue|green|yellow|orange|purple|pink)(?!\w)")
    for sentence in sentences_with(evidence, COLOUR_WORDS):
        text = sentence.folded
        if len(text) <= 250 and meaning.search(text) and colour.search(text) and not SIGN.search(text):
            return sentence
    return None


def _is_told_wrong(entry: Labelled) -> bool:
    """Whether text of its own stands at the field beside the label, as an error message would."""
    around = entry.field.parent
    return around is not None and len(around.visible_text) > len(entry.label.text) + 5 and len(around.visible_text) < 200


def colour_is_not_alone(entries: list[Labelled], evidence: Evidence) -> Finding | None:
    """Something beside colour tells the required fields from the others."""
    plain = [entry for entry in entries if not hue(entry.colour)]
    usual = Counter(entry.weight for entry in plain or entries).most_common(1)[0][0]
    bare = [entry for entry in entries if hue(entry.colour) and not entry.marked and entry.weight == usual]
    if not bare:
        return _tint_is_not_alone(entries, evidence)
    names = " | ".join(entry.label.text for entry in bare[:5])
    values = {"labels": names, "colour": str(bare[0].colour), "count": str(len(bare))}
    if (said := _statement(evidence, _REQUIRED)) is not None:
        return failed("said", {**values, "sentence": said.text}, node=bare[0].label)
    if (said := _statement(evidence, _WRONG)) is not None and plain and not any(_is_told_wrong(entry) for entry in bare):
        return failed("said_wrong", {**values, "sentence": said.text}, node=bare[0].label)
    coloured = {entry.colour for entry in bare}
    required, free = [e for e in entries if e.required], [e for e in plain if not e.required]
    apart = bool(required) and bool(free) and all(e in bare for e in required) and all(e.required for e in bare) and len(coloured) == 1
    if not apart or all(_OPTIONAL.search(entry.label.text) for entry in free):
        return PASSED
    ratio = min(contrast(bare[0].colour, entry.colour) for entry in free)
    values |= {"ratio": f"{ratio:.2f}", "other": str(free[0].colour)}
    return failed("colour_alone", values, node=bare[0].label) if ratio < 3 else cant_tell("perhaps_alone", values, node=bare[0].label)


def _is_named(entry: Labelled, evidence: Evidence) -> bool:
    """Whether a text elsewhere names the field, or it bears a picture."""
    root = evidence.dom.root
    return "bi" in entry.field.style or root is None or root.visible_text.casefold().count(entry.label.text.casefold()) > 1


def _tint_is_not_alone(entries: list[Labelled], evidence: Evidence) -> Finding | None:
    """No sentence gives a meaning to the colour by whose border or ground alone some of the fields differ."""
    for kind, meaning in (("said", _REQUIRED), ("said_wrong", _WRONG)):
        said = _statement(evidence, meaning)
        named = {name for word in _NAMED.findall(said.folded) for name in hues(word)} if said is not None else ()
        tinted = [entry for entry in entries if entry.tint in named]
        alike = len({(_edge(entry.field), entry.weight) for entry in entries}) == 1 and 0 < len(tinted) < len(entries)
        if said is not None and alike and not any(entry.marked or _is_told_wrong(entry) or _is_named(entry, evidence) for entry in tinted):
            names = " | ".join(entry.label.text for entry in tinted[:5])
            return failed(kind, {"labels": names, "count": str(len(tinted)), "sentence": said.text}, node=tinted[0].field)
    return PASSED


RULE = Rule(
    name=Text("Trường bắt buộc không chỉ được phân biệt bằng màu", "A required field is told by more than colour"),
    why=Text(
        "Người mù màu không thấy trường nào bắt buộc, người mù dùng trình đọc màn hình không được báo; họ gửi biểu mẫu còn thiếu và bị "
        "trả lại.",
        "Colour blind people do not see which fields are required and blind people who use a screen reader are not told; they send the "
        "form incomplete and get it back.",
    ),
    criteria=("1.4.1",),
    needs=("dom",),
    applicability=forms,
    expectation=colour_is_not_alone,
    techniques=("G14", "H90", "F81"),
    messages={
        "said": message(
            vi="Trường bắt buộc chỉ được cho biết bằng màu của nhãn hoặc của ô ({labels}): “{sentence}”",
            en="Required fields are told only by the colour of their labels or boxes ({labels}): “{sentence}”",
            mend_vi="Thêm dấu * hoặc chữ “(bắt buộc)” vào nhãn của trường bắt buộc và giải thích dấu đó.",
            mend_en="Add * or “(required)” to the labels of required fields, and explain the sign.",
        ),
        "said_wrong": message(
            vi="Trường nhập sai chỉ được cho biết bằng màu của nhãn hoặc của ô ({labels}): “{sentence}”",
            en="Fields with errors are told only by the colour of their labels or boxes ({labels}): “{sentence}”",
            mend_vi="Ghi lỗi bằng chữ ở từng trường, ví dụ “Ngày sinh chưa hợp lệ”.",
            mend_en="Write the error at each field, such as “The date of birth is not valid”.",
        ),
        "colour_alone": message(
            vi="{count} trường bắt buộc chỉ khác trường khác ở màu nhãn ({colour} so với {other}, tương phản {ratio}:1): {labels}",
            en="{count} required fields differ only by their labels' colour ({colour}, others {other}, contrast {ratio}:1): {labels}",
            mend_vi="Thêm dấu * hoặc chữ “(bắt buộc)” vào nhãn của trường bắt buộc.",
            mend_en="Add * or “(required)” to the labels of required fields.",
        ),
        "perhaps_alone": message(
            vi="{count} trường bắt buộc khác các trường khác ở màu của nhãn ({colour} so với {other}, tương phản {ratio}:1): {labels}",
            en="{count} required fields differ by their labels' colour ({colour}, others {other}, contrast {ratio}:1): {labels}",
            mend_vi="Xem trang ở thang xám: nếu không nhận ra trường bắt buộc, thêm dấu * hoặc chữ “(bắt buộc)”.",
            mend_en="Look at the page in greyscale: if the required fields cannot be told, add * or “(required)”.",
        ),
    },
)
