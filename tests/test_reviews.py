"""A person's answers: the form made from a run, filled in, read back, kept in the run and applied again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.results import typical
from wcag_audit import reviews
from wcag_audit.cli import main
from wcag_audit.model import Review, Verdict
from wcag_audit.store import Run

ANSWER = {"subject": "criterion:1.2.1", "verdict": "passed", "who": "Nguyễn A", "why": "Đã nghe từng tệp", "when": "2026-05-04"}


def written(path: Path, *rows: dict[str, object], **more: object) -> Path:
    path.write_text(json.dumps({"format": "wcag-audit reviews", "version": 1, "reviews": rows, **more}), "utf-8")
    return path


def test_a_form_asks_every_open_question_and_keeps_what_was_answered(tmp_path: Path) -> None:
    result = typical()
    known = Review(subject=next(q.subject for q in result.questions), verdict=Verdict.PASSED, who="B", why="đã xem", when="2026-01-01")
    path = tmp_path / "answers.json"
    path.write_bytes(reviews.form(result, [known]))
    rows = json.loads(path.read_text("utf-8"))["reviews"]
    assert {row["subject"] for row in rows} == {question.subject for question in result.questions}
    assert all(row["question"]["what"]["vi"] and row["question"]["what"]["en"] for row in rows[1:])
    assert reviews.read(path) == (known,)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    given = (Review(subject="f", verdict=Verdict.FAILED, who="B", why="thiếu phụ đề", when="2026-01-01T08:00:00+07:00"),)
    path = tmp_path / "r.json"
    path.write_bytes(reviews.encode(given))
    assert reviews.read(path) == given


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "not usable"),
        ("[]", "not usable"),
        ('{"reviews": [], "format": "other"}', "other 1"),
        ('{"reviews": [], "version": 9}', "reviews 9"),
        ('{"reviews": [{"subject": "x", "verdict": "fine"}]}', "fine"),
        (json.dumps({"reviews": [{**ANSWER, "who": " "}]}), "“who”"),
        (json.dumps({"reviews": [{**ANSWER, "why": ""}]}), "“why”"),
        (json.dumps({"reviews": [{**ANSWER, "subject": ""}]}), "“subject”"),
        (json.dumps({"reviews": [{**ANSWER, "when": "hôm qua"}]}), "ISO 8601"),
    ],
)
def test_a_file_that_is_none_gets_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, told: str) -> None:
    path = tmp_path / "r.json"
    path.write_text(text, "utf-8")
    with pytest.raises(SystemExit) as leave:
        main(["audit", "http://127.0.0.1:9/", "--lang", "en", "--out", str(tmp_path / "run"), "--reviews", str(path)])
    line = capsys.readouterr().err
    assert leave.value.code == 2
    assert told in line and str(path) in line and line.count("\n") == 1
    assert not (tmp_path / "run").exists()


def test_answers_change_the_verdict_and_stay_with_the_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from wcag_audit.serve import PortalSite, serving

    portal = Path(__file__).parent.parent / "fixtures" / "portals" / "so-van-hoa"
    out = tmp_path / "run"
    with serving(PortalSite(portal, ())) as served:
        main(["audit", served.url, "--max-pages", "1", "--depth", "static", "--quiet", "--out", str(out)])
    capsys.readouterr()
    main(["questions", str(out)])
    form = json.loads(capsys.readouterr().out)
    row = next(row for row in form["reviews"] if row["subject"] == ANSWER["subject"])
    row.update(ANSWER)
    path = written(tmp_path / "answers.json", *form["reviews"])
    main(["replay", str(out), "--quiet", "--reviews", str(path)])
    main(["replay", str(out), "--quiet"])
    answered = next(one for one in Run(out).result().criteria if one.id == "1.2.1")
    assert (answered.reviewed, answered.verdict, answered.review and answered.review.who) == (True, Verdict.PASSED, "Nguyễn A")
    capsys.readouterr()
    main(["questions", str(out)])
    again = json.loads(capsys.readouterr().out)["reviews"]
    assert [row["verdict"] for row in again if row["subject"] == ANSWER["subject"]] == ["passed"]
