"""Errors in a form are told in text

What it checks
    Forms that search or look something up are sent empty, and once more with a wrong date, number or e-mail address, while nothing
    leaves the browser. A field that is then marked as wrong (colour, border, icon) must be told in text: beside it, tied to it, by
    its name in a summary or an alert, or by the browser's own message. A text that says no more than that something is wrong fails
    where nothing at all changes at the fields and it stands far from all; nearer it is a question, as is a new sign beside a field
    without any text.

Why it matters
    A red border says nothing to blind people and little to those who do not see red. Without a text that names the field and the
    mistake, people send the form again and again and give up.

Fails
    ``<input id="ma" class="border-error"> <input id="ngay" class="border-error">``

Mended
    ``<input id="ma" aria-invalid="true" aria-describedby="loi-ma"> <p id="loi-ma">Lỗi: hãy nhập mã hồ sơ.</p>``

References
    WCAG 2.0 success criterion 3.3.1; techniques G83, G84, G85, SCR18, SCR32. Forms with one field only never fail, and forms that file,
    pay, sign or log in are not sent. What only the server judges is for a person.
"""

from __future__ import annotations

from collections.abc import Iterator

from wcag_audit.model import Box, Text
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message, untested
from wcag_audit.rules.understandable._errors import is_vague
from wcag_audit.rules.understandable._sent import Sent, Telling, cut_short, dialogs, is_marked, place, said_of, sent_forms, telling

#: Steps whose values are wrong by themselves, and not only missing.
_WRONG = "sent_wrong"
#: How close under a field its own message stands, and how far from all fields what is meant for none, in CSS pixels.
_UNDER, _FAR = 30.0, 90.0


def forms_that_were_sent(evidence: Evidence) -> Iterator[list[Sent] | Text]:
    """Per form, each time that it was sent; and why some were not, where the recording ended early."""
    yield from (times for times in sent_forms(evidence) if times)
    if (reason := cut_short(evidence.data("submits"))) is not None:
        yield reason


def marked_fields_are_told_in_text(target: list[Sent] | Text, evidence: Evidence) -> Finding | None:
    """Every field that is marked as wrong is told in text."""
    if isinstance(target, Text):
        return untested(target)
    questions: list[Finding] = []
    for sent in target:
        finding = _judge(sent, evidence)
        if finding is not None and finding.message in ("no_text", "vague_text"):
            return finding
        if finding is not None:
            questions.append(finding)
    # Where the page itself tells some mistakes in text, the server is not the only judge.
    told = any(told.fields or told.others for told in map(telling, target))
    return next((finding for finding in questions if not (told and finding.message == "server_judges")), PASSED)


def _judge(sent: Sent, evidence: Evidence) -> Finding | None:
    if len(sent.form["fields"]) < 2:
        return PASSED
    if sent.went_off:
        return _ask_the_server(sent, evidence)
    told = telling(sent)
    marked = [(field, look) for field, look in sent.fields if is_marked(look)]
    silent = [(field, look) for field, look in marked if place(field) not in told.fields]
    if silent:
        field, look = silent[0]
        names = "; ".join(one["name"] for one, _ in silent[:8])
        # Where most are silent, a text beside one of them may have been meant for all.
        unclear = (*told.others, *(told.beside if 2 * len(silent) > len(marked) else ()))
        values = {"fields": names, "shown": _shown(look), "button": sent.form["button"]["words"], "text": " / ".join(unclear[:3])}
        answer = cant_tell if unclear else failed
        return said_of(field, answer("unclear_text" if unclear else "no_text", values, steps=sent.told), evidence)
    # One text beside a field may be meant for all.
    alone = len(told.beside) < 2 and len(told.fields) <= len(told.beside)
    if not marked and alone and (finding := _nothing_points_at_a_field(sent, told)) is not None:
        return said_of(sent.form["fields"][0], finding, evidence)
    if sent.came["focus"] >= 0 and not told.fields and not told.others and not any(is_marked(look) for _, look in sent.fields):
        field = sent.form["fields"][sent.came["focus"]]
        values = {"fields": field["name"], "button": sent.form["button"]["words"]}
        return said_of(field, cant_tell("focus_only", values, steps=sent.told), evidence)
    return PASSED


def _nothing_points_at_a_field(sent: Sent, told: Telling) -> Finding | None:
    """Texts that say no more than that something is wrong, or signs beside fields without any text."""
    texts = (*told.beside, *told.others)
    names = [field["name"] for field in sent.form["fields"]]
    values = {"fields": "; ".join(names[:8]), "button": sent.form["button"]["words"], "text": " / ".join(texts[:3])}
    vague = [text for text in texts if is_vague(text, names)]
    boxes = [Box(*new["box"]) for new in sent.came["news"] if new["text"] in vague]
    fields = [Box(*look["box"]) for _, look in sent.fields]
    if any(_is_right_under(box, field) for box in boxes for field in fields):
        return None
    if vague and all(text in vague for text in told.beside):
        changed = bool(told.beside) or sent.came["focus"] >= 0 or any(look["colours"] or look["shape"] for _, look in sent.fields)
        far = all(all(box.y + box.height + _FAR < field.y or box.y > field.y + field.height + _FAR for field in fields) for box in boxes)
        sure = len(texts) == 1 and far and not changed
        return (failed if sure else cant_tell)("vague_text" if sure else "perhaps_vague", values, steps=sent.told)
    signed = [field["name"] for field, look in sent.fields if _has_a_new_sign(look)]
    if signed and not texts:
        return cant_tell("sign_only", {**values, "fields": "; ".join(signed[:8])}, steps=sent.told)
    return None


def _is_right_under(text: Box, field: Box) -> bool:
    """Whether a text stands on a field's line or right under it, as a field's own message does, be the label left of the field."""
    return -text.height < text.y - (field.y + field.height) <= _UNDER or (field.y <= text.y < field.y + field.height)


def _has_a_new_sign(look: dict[str, dict[str, list[str]]]) -> bool:
    before, after = look["shape"].get("signs", ("0", "0"))
    return int(after) > int(before)


def _ask_the_server(sent: Sent, evidence: Evidence) -> Finding | None:
    """A mistake that the page let pass, where there was one: what the server says of it cannot be seen."""
    if dialogs(sent.came) or sent.came["native"]:
        return PASSED
    wrong = sent.step["reason"] == _WRONG
    missing = [field for field in sent.form["fields"] if field["required"]]
    if not wrong and not missing:
        return PASSED
    field = sent.form["fields"][0] if wrong else missing[0]
    values = {"fields": field["name"], "button": sent.form["button"]["words"]}
    return said_of(field, cant_tell("server_judges", values, steps=sent.told), evidence)


def _shown(look: dict[str, dict[str, list[str]]]) -> str:
    """The changes that people saw, as computed style tells them."""
    changes = {**look["colours"], **look["shape"]}
    return "; ".join(f"{part}: {before or '–'} → {after or '–'}" for part, (before, after) in list(changes.items())[:4])


RULE = Rule(
    name=Text("Lỗi khi nhập được báo bằng chữ", "Errors in a form are told in text"),
    why=Text(
        "Người mù không nhận được gì từ viền đỏ hay biểu tượng, người mù màu khó nhận ra. Không có chữ nêu trường sai và lỗi sai, họ gửi "
        "lại nhiều lần rồi bỏ cuộc.",
        "A red border or an icon says nothing to blind people and little to colour blind people. Without a text that names the field and "
        "the mistake, they send the form again and again and give up.",
    ),
    criteria=("3.3.1",),
    needs=("dom", "submits"),
    applicability=forms_that_were_sent,
    expectation=marked_fields_are_told_in_text,
    techniques=("G83", "G84", "G85", "SCR18", "SCR32"),
    messages={
        "no_text": message(
            vi="Bấm “{button}” khi nhập thiếu hoặc sai: không có chữ nào báo lỗi, chỉ có dấu hiệu ({shown}) ở trường: {fields}.",
            en="Pressing “{button}” with missing or wrong values only marks fields ({shown}), and no text tells the error: {fields}.",
            mend_vi="Ghi bằng chữ, ngay cạnh từng trường, trường nào sai và cần nhập thế nào; gắn chữ đó với trường bằng aria-describedby.",
            mend_en="Tell in text beside each field which one is wrong and what to enter; tie it to the field with aria-describedby.",
        ),
        "unclear_text": message(
            vi="Bấm “{button}” khi nhập thiếu hoặc sai: chữ hiện ra (“{text}”) không rõ nói về trường nào. Trường: {fields} ({shown}).",
            en="Pressing “{button}” with missing or wrong values shows “{text}”, which names no field. Fields: {fields} ({shown}).",
            mend_vi="Gửi lại như các bước đã ghi; nếu chữ báo lỗi không chỉ ra trường sai thì ghi tên trường vào lời báo lỗi.",
            mend_en="Send it again as recorded; where the message does not tell the wrong field, name the field in it.",
        ),
        "vague_text": message(
            vi="Bấm “{button}” khi nhập thiếu hoặc sai: chỉ hiện “{text}”, không nói trường nào sai ({fields}).",
            en="Pressing “{button}” with missing or wrong values only shows “{text}”, and not which field is wrong ({fields}).",
            mend_vi="Nêu tên trường và lỗi của trường, ví dụ “Ngày cấp phải trước ngày hôm nay”, ngay cạnh trường đó.",
            mend_en="Name the field and what is wrong with it, such as “Date of issue must be before today”, beside that field.",
        ),
        "perhaps_vague": message(
            vi="Bấm “{button}” khi nhập thiếu hoặc sai: hiện “{text}”; có gì cho biết trường nào sai không ({fields})?",
            en="Pressing “{button}” with missing or wrong values shows “{text}”; does anything tell which field is wrong ({fields})?",
            mend_vi="Gửi lại như các bước đã ghi; nếu không có chữ nào cho biết trường sai thì ghi tên trường vào lời báo lỗi.",
            mend_en="Send it again as recorded; where no text tells the wrong field, name the field in the message.",
        ),
        "sign_only": message(
            vi="Bấm “{button}” khi nhập thiếu hoặc sai: cạnh trường chỉ hiện dấu hoặc biểu tượng, không có chữ. Trường: {fields}.",
            en="Pressing “{button}” with missing or wrong values shows a sign beside fields and no text. Fields: {fields}.",
            mend_vi="Gửi lại như các bước đã ghi; nếu dấu đó báo lỗi thì ghi lỗi bằng chữ ngay cạnh trường.",
            mend_en="Send it again as recorded; where the sign tells an error, tell it in text beside the field.",
        ),
        "focus_only": message(
            vi="Bấm “{button}” khi nhập thiếu hoặc sai: con trỏ chuyển về trường “{fields}” và không có chữ nào hiện ra.",
            en="Pressing “{button}” with missing or wrong values moves the focus to “{fields}” and shows no text.",
            mend_vi="Gửi lại như các bước đã ghi; nếu trang coi đó là lỗi thì ghi lời báo lỗi bằng chữ cạnh trường.",
            mend_en="Send it again as recorded; where the page takes it for an error, tell it in text beside the field.",
        ),
        "server_judges": message(
            vi="Bấm “{button}” khi nhập thiếu hoặc sai (trường “{fields}”): trang gửi ngay lên máy chủ, nên không thấy được lời báo lỗi.",
            en="Pressing “{button}” with missing or wrong values (field “{fields}”) sends them to the server; its answer was not seen.",
            mend_vi="Gửi thử bằng tay như các bước đã ghi và xem trang trả về có nêu trường sai và lỗi bằng chữ hay không.",
            mend_en="Send it by hand as recorded, and see whether the answer tells the wrong field and the error in text.",
        ),
    },
)
