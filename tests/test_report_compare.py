"""Two results compared: nothing counts as mended that nobody looked at again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import html5lib
import msgspec
import pytest

from tests import results
from wcag_audit.cli import main
from wcag_audit.model import PageState, Result, Verdict
from wcag_audit.reports import compare
from wcag_audit.reports.compare import KINDS
from wcag_audit.store import Run, RunInfo

PAGES = [results.page(number) for number in range(1, 4)]


def outcome(fingerprint: str, page: str = "p001", **more: Any) -> Any:
    return results.failure("axe/image-alt", "1.1.1", fingerprint * 16, page, target=results.target(f"anh-{fingerprint}"), **more)


def result(*outcomes: Any, pages: Any = PAGES, **changes: Any) -> Result:
    made = results.result(pages, [*results.passing([one for one in pages if one.state is PageState.AUDITED]), *outcomes])
    return msgspec.structs.replace(made, **changes)


def kinds(before: Result, after: Result) -> dict[str, list[str]]:
    found = compare.compare(before, after)
    return {kind: [change.defect.fingerprint[0] for change in found.kinds[kind]] for kind in KINDS}


def test_defects_are_new_remaining_or_mended() -> None:
    before, after = result(outcome("a"), outcome("b"), outcome("b", "p002")), result(outcome("b"), outcome("c", "p003"))
    assert kinds(before, after) == {"new": ["c"], "remaining": ["b"], "mended": ["a"], "unknown": []}
    (remaining,) = compare.compare(before, after).kinds["remaining"]
    assert remaining.before and remaining.after and (len(remaining.before.pages), len(remaining.after.pages)) == (2, 1)
    assert kinds(before, before) == {"new": [], "remaining": ["b", "a"], "mended": [], "unknown": []}


def test_a_page_that_was_not_audited_again_leaves_its_defects_unknown() -> None:
    before = result(outcome("a"), outcome("b", "p002"))
    lost = [results.page(1, state=PageState.BLOCKED, detail="403"), *PAGES[1:]]
    assert kinds(before, result(pages=lost)) == {"new": [], "remaining": [], "mended": ["b"], "unknown": ["a"]}
    assert kinds(before, result(pages=PAGES[1:]))["unknown"] == ["a"]


def test_a_recording_that_failed_the_second_time_leaves_the_defects_of_its_page_unknown() -> None:
    after = result()
    broken = tuple(msgspec.structs.replace(one, errors={"axe": "timed out"}) if one.page.id == "p001" else one for one in after.pages)
    assert kinds(result(outcome("a")), msgspec.structs.replace(after, pages=broken))["unknown"] == ["a"]


def test_a_shallower_audit_mends_only_what_axe_finds() -> None:
    ours = results.failure(results.OWN.id, "2.1.1", "d" * 16, "p001", message="mouse-only", sources=("wcag-audit",))
    shallow = msgspec.structs.replace(results.ENVIRONMENT, depth="static")
    assert kinds(result(outcome("a"), ours), result(environment=shallow)) == {"new": [], "remaining": [], "mended": ["a"], "unknown": ["d"]}


def test_a_failure_that_is_a_question_now_remains() -> None:
    before = result(outcome("a"))
    asked = results.failure(
        "axe/image-alt", "1.1.1", "e" * 16, "p001", verdict=Verdict.CANT_TELL, message="open", target=results.target("anh-a")
    )
    assert kinds(before, result(asked)) == {"new": [], "remaining": ["e"], "mended": [], "unknown": []}


def test_a_portal_on_another_host_is_matched_by_path() -> None:
    def moved(page: Any) -> Any:
        address = page.requested.replace("dichvucong.anhai.gov.vn", "127.0.0.1:9000")
        return msgspec.structs.replace(page, requested=address, loaded=address)

    portal = msgspec.structs.replace(results.PORTAL, url="http://127.0.0.1:9000/")
    after = results.result([moved(page) for page in PAGES], results.passing(PAGES), portal=portal)
    moved_pages = tuple(
        msgspec.structs.replace(one, page=msgspec.structs.replace(one.page, loaded=one.page.loaded.replace("https:", "http:")))
        for one in after.pages
    )
    assert kinds(result(outcome("a")), msgspec.structs.replace(after, pages=moved_pages))["mended"] == ["a"]


def test_points_and_criteria_that_changed() -> None:
    found = compare.compare(result(outcome("a")), result())
    assert found.scores is not None and (found.scores[0].automatic or 0) < (found.scores[1].automatic or 0)
    assert [(old.id, old.verdict, new.verdict) for old, new in found.criteria] == [("1.1.1", Verdict.FAILED, Verdict.PASSED)]
    other = msgspec.structs.replace(result(), scores=())
    assert compare.compare(result(outcome("a")), other).scores is None


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_file_is_valid_html_and_tells_every_defect(lang: str) -> None:
    found = compare.compare(result(outcome("a"), outcome("b")), result(outcome("b"), outcome("c")))
    text = compare.render(found, lang)
    html5lib.HTMLParser(strict=True).parse(text)
    assert all(letter * 16 in text for letter in "abc")
    assert "mới 1, còn lại 1" not in text and ("<script src" not in text)


def test_hostile_results_stay_texts() -> None:
    text = compare.render(compare.compare(results.hostile(), results.typical()), "vi")
    html5lib.HTMLParser(strict=True).parse(text)
    assert "<script>window" not in text and "onerror='" not in text and "\u202e" not in text


def test_the_command_tells_on_the_terminal_and_writes_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, made in (("before", result(outcome("a"))), ("after", result(outcome("c")))):
        run = Run(tmp_path / name)
        run.create(RunInfo(portal=made.portal, profile=made.profile, started=made.started))
        run.save_result(made)
    main(["compare", str(tmp_path / "before"), str(tmp_path / "after"), "--lang", "en"])
    told = capsys.readouterr().out
    assert "1 mended, 1 new, 0 remaining, 0 not tested again" in told and "Points mic-2024: " in told
    assert (tmp_path / "after" / "compare.html").is_file()
    main(["compare", str(tmp_path / "before"), str(tmp_path / "after"), "--out", str(tmp_path / "x.html"), "--quiet"])
    assert capsys.readouterr().out.strip() == str(tmp_path / "x.html")
    with pytest.raises(SystemExit) as left:
        main(["compare", str(tmp_path / "before"), str(tmp_path / "none")])
    assert left.value.code == 2
