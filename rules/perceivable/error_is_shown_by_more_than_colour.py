"""An error is shown by more than colour

What it checks
    Fields that change their look when a search or look-up form is sent empty or with wrong values: besides its colour, something
    else must change (the width or style of a border, an icon, weight, text), or the two colours must differ clearly in lightness.

Why it matters
    People who do not see colours, and one man in twelve who confuses red and green, cannot find the field that has to be mended.

Fails
    ``.border-error { border-color: #d32f2f }`` in place of ``border: 2px solid #767676``, and no text or icon

Mended
    ``.border-error { border: 4px double #d32f2f }`` with ``<p id="loi-ma">Lỗi: hãy nhập mã hồ sơ.</p>``

References
    WCAG 2.0 success criterion 1.4.1; techniques G14, G182, G205; failure F81. Fails only where the contrast between the two colours is
    below 3:1; where it is higher, a person decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wcag_audit.model import Text
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message, untested
from wcag_audit.rules.perceivable._colours import contrast, rgb
from wcag_audit.rules.understandable._sent import Sent, cut_short, is_marked, place, said_of, sent_forms, telling

_ENOUGH = 3.0


def forms_with_marked_fields(evidence: Evidence) -> Iterator[list[Sent] | Text]:
    """Per form, each time that sending it marked a field; and why some were not sent, where the recording ended early."""
    for times in sent_forms(evidence):
        marked = [sent for sent in times if not sent.went_off and any(is_marked(look) for _, look in sent.fields)]
        if marked:
            yield marked
    if (reason := cut_short(evidence.data("submits"))) is not None:
        yield reason


def something_but_colour_changes(target: list[Sent] | Text, evidence: Evidence) -> Finding | None:
    """Each marked field changed in more than colour."""
    if isinstance(target, Text):
        return untested(target)
    questions: list[Finding] = []
    for sent in target:
        told = telling(sent)
        for field, look in sent.fields:
            if not is_marked(look) or look["shape"] or place(field) in told.fields or told.others or _grew(look):
                continue
            ratio = _contrast(look)
            part, (before, after) = next(iter(look["colours"].items()))
            seen = "" if ratio is None else f"{ratio:.2f}:1"
            values = {"field": field["name"], "part": part, "before": before, "after": after, "contrast": seen or "?"}
            if ratio is not None and ratio < _ENOUGH:
                return said_of(field, failed("colour_only", values, steps=sent.told), evidence)
            questions.append(said_of(field, cant_tell("clear_colour", values, steps=sent.told), evidence))
    return questions[0] if questions else PASSED


def _grew(look: dict[str, Any]) -> bool:
    before, after = look["size"]
    return any(abs(a - b) > 1 for a, b in zip(before, after, strict=True))


def _contrast(look: dict[str, Any]) -> float | None:
    """The highest contrast between a colour before and after; None where one of them cannot be told."""
    pairs = [(rgb(before), rgb(after)) for before, after in look["colours"].values()]
    known = [contrast(before, after) for before, after in pairs if before is not None and after is not None]
    return max(known) if known and len(known) == len(pairs) else None


RULE = Rule(
    name=Text("Lỗi được cho biết không chỉ bằng màu", "An error is shown by more than colour"),
    why=Text(
        "Người mù màu và người không nhìn thấy màu không tìm ra trường cần sửa, nên không gửi được biểu mẫu.",
        "Colour blind people, and people who do not see colours at all, cannot find the field that has to be mended and cannot get the "
        "form sent.",
    ),
    criteria=("1.4.1",),
    needs=("dom", "submits"),
    applicability=forms_with_marked_fields,
    expectation=something_but_colour_changes,
    techniques=("G14", "G182", "G205", "F81"),
    messages={
        "colour_only": message(
            vi="Khi nhập thiếu hoặc sai, trường “{field}” chỉ đổi màu ({part}: {before} → {after}, tương phản {contrast}).",
            en="With missing or wrong values “{field}” changes only its colour ({part}: {before} → {after}, contrast {contrast}).",
            mend_vi="Thêm dấu hiệu không phải màu: lời báo lỗi bằng chữ, biểu tượng có tên, hoặc viền dày hơn.",
            mend_en="Add a cue that is no colour: an error message in text, an icon with a name, or a thicker border.",
        ),
        "clear_colour": message(
            vi="Khi nhập thiếu hoặc sai, trường “{field}” chỉ đổi màu ({part}: {before} → {after}, tương phản {contrast}).",
            en="With missing or wrong values “{field}” changes only its colour ({part}: {before} → {after}, contrast {contrast}).",
            mend_vi="Xem ở ảnh đen trắng: nếu không nhận ra trường bị lỗi thì thêm dấu hiệu không phải màu.",
            mend_en="Look at it in black and white: where the wrong field cannot be told, add a cue that is no colour.",
        ),
    },
)
