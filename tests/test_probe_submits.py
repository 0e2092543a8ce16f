"""The probe ``submits``: which forms are sent with what, and what its rules make of hand-made recordings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.browsing import Browsing
from tests.snapshots import snapshot
from wcag_audit.gather.probe import Action, Done, Recording, replays
from wcag_audit.gather.probes._forms import may_be_pressed, may_not_be_touched
from wcag_audit.gather.probes.submits import Submits, right_value, wrong_value
from wcag_audit.model import Artifact, Verdict
from wcag_audit.rule import Evidence
from wcag_audit.rules.perceivable import error_is_shown_by_more_than_colour as colour
from wcag_audit.rules.understandable import errors_are_told_in_text as text
from wcag_audit.serve import FolderSite, serving

FIXTURES = Path(__file__).parent.parent / "fixtures" / "rules" / "errors-are-told-in-text"
GREY, RED = "rgb(118, 118, 118)", "rgb(211, 47, 47)"


def field(at: int, name: str, **more: Any) -> dict[str, Any]:
    el = {
        "path": [1, 0, at],
        "tag": "input",
        "id": "",
        "html": "<input>",
        "box": [0, 300 * at, 200, 30],
        "seen": True,
        "text": "",
        "frame": [],
    }
    return {"el": el, "name": name, "type": "text", "required": 1, "hint": "", "words": "", **more}


def form(*fields: dict[str, Any]) -> dict[str, Any]:
    el = {"path": [1, 0], "tag": "form", "id": "", "html": "<form>", "box": [0, 0, 900, 900], "seen": True, "text": "", "frame": []}
    return {"el": el, "at": 0, "press": 0, "button": {"el": el, "words": "Tra cứu"}, "fields": list(fields)}


def look(at: int, **more: Any) -> dict[str, Any]:
    same: dict[str, Any] = {"colours": {}, "shape": {}, "size": [[200, 30], [200, 30]], "class": ["", ""], "told": ["", ""]}
    return {**same, "box": [0, 300 * at, 200, 30], "invalid": "", "message": "", "off": 0, **more}


MARKED = {"colours": {"field border Top": [GREY, RED]}}
TWO = form(field(0, "Mã hồ sơ *"), field(1, "Số căn cước *"))


def came(*looks: dict[str, Any], **more: Any) -> dict[str, Any]:
    nothing: dict[str, Any] = {"news": [], "moved": [], "focus": -1, "away": 0, "bubble": None, "native": [], "held": []}
    return {**nothing, "pressed": "Enter", "complete": True, "fields": list(looks), **more}


def recorded(one: dict[str, Any], told: dict[str, Any] | None) -> dict[str, Any]:
    recording = Recording({"forms": [one]})
    action = Submits().next(recording)
    assert isinstance(action, Action)
    recording.steps.append({"action": action.action, "reason": action.reason, "args": action.args, "at": 0, "changed": told})
    return {"start": recording.start, "steps": recording.steps, "done": "all_sent", "held": [], "epoch": 0, "took": 1}


def judge(rule: Any, told: dict[str, Any] | None, one: dict[str, Any] = TWO) -> list[tuple[Verdict, str]]:
    nodes = [{"t": "html", "p": -1}, {"t": "head", "p": 0}, {"t": "body", "p": 0}]
    evidence = Evidence(snapshot(nodes, submits=Artifact(data=recorded(one, told))))
    findings = [rule.RULE.expectation(target, evidence) for target in rule.RULE.applicability(evidence)]
    return [(finding.verdict, finding.message) for finding in findings if finding is not None]


def test_a_form_is_sent_empty_and_then_wrong() -> None:
    date = field(1, "Ngày nộp", hint="Ngày/tháng/năm, ví dụ 05/02/2026")
    recording = Recording({"forms": [form(field(0, "Mã hồ sơ", hint="Ví dụ BN-2026-0081"), date)]})
    values = []
    while isinstance(action := Submits().next(recording), Action):
        values.append((action.reason, action.args["values"]))
        recording.steps.append({"action": action.action, "reason": action.reason, "args": action.args, "at": 0, "changed": came()})
    assert values == [("sent_empty", ["", ""]), ("sent_wrong", ["BN-2026-0081", "45/13/2026"])]
    assert action == Done(reason="all_sent")


def test_a_form_that_vanished_is_not_sent_again() -> None:
    data = recorded(form(field(0, "Ngày nộp"), field(1, "Tên")), None)
    assert Submits().next(Recording(data["start"], data["steps"])) == Done(reason="all_sent")


def test_no_form_is_the_end_at_once() -> None:
    assert Submits().next(Recording({"forms": []})) == Done(reason="nothing_to_send")


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ({"name": "Thư điện tử"}, "khong-phai-thu"),
        ({"name": "Từ ngày"}, "45/13/2026"),
        ({"name": "Số điện thoại"}, "abc"),
        ({"name": "Mã hồ sơ"}, None),
        ({"name": "Ngày nộp", "type": "date"}, None),
    ],
)
def test_wrong_values_fit_what_is_asked(given: dict[str, Any], value: str | None) -> None:
    assert wrong_value(field(0, **given)) == value


def test_right_values_are_the_page_s_own_examples() -> None:
    assert right_value(field(0, "Mã", hint="Ví dụ: 000.21.H25-260408-0030")) == "000.21.H25-260408-0030"
    assert right_value(field(0, "Tên")) == "thu"


@pytest.mark.parametrize("words", ["Nộp hồ sơ", "Gửi", "Thanh toán", "Đăng nhập", "Submit", "Xóa", "Ký số"])
def test_dangerous_buttons_are_never_pressed(words: str) -> None:
    assert not may_be_pressed(words)


def test_forms_that_file_or_ask_for_a_password_are_left_alone() -> None:
    assert may_not_be_touched({"buttons": ["Nộp hồ sơ"], "about": "", "secret": False})
    assert may_not_be_touched({"buttons": ["Tra cứu"], "about": "", "secret": True})
    assert not may_not_be_touched({"buttons": ["Tra cứu"], "about": "Tra cứu đăng ký kinh doanh", "secret": False})


def test_marked_fields_without_text_fail() -> None:
    assert judge(text, came(look(0, **MARKED), look(1, **MARKED))) == [(Verdict.FAILED, "no_text")]


@pytest.mark.parametrize(
    "told",
    [
        came(look(0, **MARKED), look(1), news=[{"text": "Hãy nhập.", "box": [0, 34, 90, 20], "live": 0}]),
        came(look(0, **MARKED), look(1), news=[{"text": "Chưa nhập mã hồ sơ", "box": [500, 800, 90, 20], "live": 1}]),
        came(look(0, **MARKED), look(1), held=[{"kind": "dialog", "detail": "alert: Hãy nhập mã hồ sơ"}]),
        came(look(0, **MARKED), look(1), bubble={"field": 0, "text": "Hãy điền."}, native=[0]),
        came(look(0, told=["", "Chưa nhập"], **MARKED), look(1)),
        came(look(0), look(1)),
        came(look(0, off=1, **MARKED), look(1)),
        came(look(0, colours={"field border Top": [GREY, "rgb(0, 0, 200)"]}), look(1)),
    ],
    ids=["beside", "by_name", "alert", "browser", "tied", "nothing", "switched_off", "not_alarming"],
)
def test_what_is_told_or_no_error_passes(told: dict[str, Any]) -> None:
    assert judge(text, told) == []


def test_a_text_that_names_no_field_is_for_a_person() -> None:
    summary = [{"text": "Thông tin chưa hợp lệ", "box": [500, 800, 90, 20], "live": 1}]
    assert judge(text, came(look(0, **MARKED), look(1, **MARKED), news=summary)) == [(Verdict.CANT_TELL, "unclear_text")]


def test_a_text_beside_one_of_many_silent_fields_is_for_a_person() -> None:
    three = form(field(0, "Mã hồ sơ"), field(1, "Số căn cước"), field(2, "Mã xác nhận"))
    told = came(look(0, **MARKED), look(1, **MARKED), look(2, **MARKED), news=[{"text": "Thiếu", "box": [0, 34, 90, 20], "live": 0}])
    assert judge(text, told, three) == [(Verdict.CANT_TELL, "unclear_text")]


def test_one_field_never_fails() -> None:
    assert judge(text, came(look(0, **MARKED)), form(field(0, "Mã hồ sơ"))) == []


def test_what_is_sent_is_for_the_server_to_judge() -> None:
    gone = came(look(0), look(1), moved=[{"kind": "navigate", "url": "http://x/kq", "post": 0}])
    assert judge(text, gone) == [(Verdict.CANT_TELL, "server_judges")]
    assert judge(text, gone, form(field(0, "Từ khóa", required=0), field(1, "Lĩnh vực", required=0))) == []


@pytest.mark.parametrize(
    ("change", "verdicts"),
    [
        (MARKED, [(Verdict.FAILED, "colour_only")]),
        ({"colours": {"field border Top": ["rgb(242, 242, 242)", "rgb(139, 0, 0)"]}}, [(Verdict.CANT_TELL, "clear_colour")]),
        ({"colours": {"field background": ["rgba(0, 0, 0, 0)", RED]}}, [(Verdict.CANT_TELL, "clear_colour")]),
        ({**MARKED, "shape": {"field border Top": ["1solid", "3double"]}}, []),
        ({**MARKED, "size": [[200, 30], [200, 34]]}, []),
        ({**MARKED, "told": ["", "Chưa nhập"]}, []),
    ],
    ids=["colour", "light_and_dark", "colour_unknown", "border", "size", "text"],
)
def test_colour_alone_fails_only_where_the_colours_are_alike(change: dict[str, Any], verdicts: list[tuple[Verdict, str]]) -> None:
    assert judge(colour, came(look(0, **change), look(1))) == verdicts


def test_a_recording_of_a_real_page_replays_and_nothing_is_sent(browsing: Browsing) -> None:
    with serving(FolderSite(FIXTURES)) as site:
        found, _ = browsing.judge(site.url + "failed_wrong-date-told-by-colour.html", [text.RULE])
    data = found.snapshot.artifacts["submits"].data
    assert [step["reason"] for step in data["steps"]] == ["sent_empty", "sent_wrong"]
    assert replays(Submits(), data)
