"""A whole audit of the demo portal: its verdicts, its run folder, and what the command line says of it."""


from __future__ import annotations

import asyncio
import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import msgspec
import pytest

from tests.audits import DEMO, files, main_code, run_audit
from wcag_audit import audit as work
from wcag_audit import schema
from wcag_audit.cli.showing import write_reports
from wcag_audit.model import PageState, Result, Snapshot, Verdict
from wcag_audit.rules import catalogue
from wcag_audit.score import load_profile
from wcag_audit.serve import Defect, PortalSite, Served, read_truth, serving
from wcag_audit.store import Run


def path_of(url: str, served: Served) -> str:
    return "/" + url.removeprefix(served.url).split("?")[0]


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Result, Path, Served]]:
    """The demo portal, audited once for all tests of this file that only look."""
    with serving(PortalSite(DEMO)) as served:
        folder = tmp_path_factory.mktemp("run") / "run"
        yield run_audit(served, folder), folder, served


def provable(root: Path) -> list[Defect]:
    return [defect for defect in read_truth(root) if defect.evidence == "axe"]


def assert_truth(result: Result, served: Served, whole: bool = True) -> None:
    """Every criterion that axe can decide has the truth file's verdict on every page that was audited: on all of the portal's, where it
    is ``whole``."""
    found = {path_of(page.page.loaded, served): page for page in result.pages if page.page.state is PageState.AUDITED}
    if whole:
        assert set(PortalSite(DEMO).pages) - {"/web/guest/trang-chu", "/robots.txt", "/sitemap.xml"} <= set(found)
    for defect in provable(DEMO):
        for path in set(defect.pages) & set(found):
            for criterion in defect.criteria:
                if criterion in {c for rule in result.rules.values() if rule.id == f"axe/{defect.axe}" for c in rule.criteria}:
                    assert found[path].criteria[criterion] is Verdict.FAILED, f"{defect.id}: {criterion} on {path}"
    broken = {(path, criterion) for defect in read_truth(DEMO) for path in defect.pages for criterion in defect.criteria}
    for page in result.pages:
        for criterion, verdict in page.criteria.items():
            if verdict is Verdict.FAILED:
                assert (path_of(page.page.loaded, served), criterion) in broken, f"{criterion} fails wrongly on {page.page.loaded}"


class Counted:
    """A browser that only says whether it is closed."""

    open = 0

    def __init__(self) -> None:
        Counted.open += 1

    async def close(self) -> None:
        Counted.open -= 1


@pytest.mark.parametrize("at_once", [1, 2])
def test_a_browser_that_served_its_pages_ends(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    async def started(*_: object) -> Counted:
        return Counted()

    monkeypatch.setattr(work, "start_browser", started)
    monkeypatch.setattr(work, "RECYCLE", 2)
    most = 0

    async def page(pool: work.Pool) -> None:
        nonlocal most
        async with pool.use():
            await asyncio.sleep(0)
            most = max(most, Counted.open)

    async def go() -> None:
        pool = work.Pool(work.Settings(profile=load_profile("mic-2024")))
        for _ in range(6):
            await asyncio.gather(*(page(pool) for _ in range(at_once)))
        await pool.close()

    asyncio.run(go())
    assert (most, Counted.open) == (1, 0)


def test_demo_portal_has_the_verdicts_of_its_truth_file(finished: tuple[Result, Path, Served]) -> None:
    result, _, served = finished
    assert_truth(result, served)
    assert result.scores[0].assessed
    untested = [c.id for c in result.criteria if c.verdict is Verdict.UNTESTED]
    for principle in result.principles:
        assert set(principle.untested) >= {c for c in untested if c[0] == str(1 + list("pour").index(principle.id[0]))}


def test_selenium_gives_the_verdicts_of_the_truth_file_too(tmp_path: Path, finished: tuple[Result, Path, Served]) -> None:
    """And finds the same on every page, told in the same words. Six pages; ``make fixtures`` does it with all of them."""
    whole = bool(os.environ.get("ALL_FIXTURES"))
    with serving(PortalSite(DEMO)) as served:
        result = run_audit(served, tmp_path / "run", "selenium", **({} if whole else {"max_pages": 6, "max_crawl": 8}))
        assert_truth(result, served, whole=whole)
        theirs = told_by_page(result, tmp_path / "run", served)
    ours = told_by_page(finished[0], finished[1], finished[2])
    assert len(theirs) >= 5
    assert theirs == {path: ours[path] for path in theirs}


def told_by_page(result: Result, folder: Path, served: Served) -> dict[str, list[tuple[str, str, str, str]]]:
    """Path → what the rules of single pages fail or ask there: rule, verdict, message, selector."""
    found = {}
    for page in (one.page for one in result.pages if one.page.state is PageState.AUDITED):
        rows = json.loads((folder / "pages" / page.id / "outcomes.json").read_text("utf-8"))
        found[path_of(page.loaded, served)] = sorted(
            (row["rule"], row["verdict"], row["message"], str((row["target"] or {}).get("selector")))
            for row in rows
            if row["verdict"] in ("failed", "cantTell")
        )
    return found


def test_result_validates_and_the_shipped_schema_is_current(finished: tuple[Result, Path, Served]) -> None:
    _, folder, _ = finished
    assert schema.shipped() == json.loads(json.dumps(schema.made()))
    data = json.loads((folder / "result.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema.shipped()).validate(data)
    data["criteria"][0]["verdict"] = "fine"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema.shipped()).validate(data)


def test_replay_gives_the_same_bytes_without_a_browser(
    finished: tuple[Result, Path, Served], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import shutil

    folder = tmp_path / "copy"
    shutil.copytree(finished[1], folder)
    before = {**files(folder, "result.json"), **files(folder, "outcomes.json")}
    for name in before:
        (folder / name).unlink()

    def no_browser(*_: object) -> None:
        raise AssertionError("replay started a browser")

    monkeypatch.setattr(work, "start_browser", no_browser)
    monkeypatch.setattr(subprocess, "Popen", no_browser)
    main_code(["replay", str(folder), "--quiet"], 0)
    assert {**files(folder, "result.json"), **files(folder, "outcomes.json")} == before

    page = next(p for p in finished[0].pages if p.criteria["2.2.1"] is Verdict.FAILED).page.id
    run = Run(folder)
    snapshot = run.snapshot(page)
    axe = snapshot.artifacts["axe"]
    mended = [rule for rule in axe.data["violations"] if rule["id"] != "meta-refresh"]
    data = {**axe.data, "violations": mended, "inapplicable": [*axe.data["inapplicable"], "meta-refresh"]}
    altered = msgspec.structs.replace(axe, data=data)
    run.save_snapshot(msgspec.structs.replace(snapshot, artifacts={**snapshot.artifacts, "axe": altered}), None)
    result = work.replay(run, catalogue(), load_profile("mic-2024"))
    assert next(c for c in result.criteria if c.id == "2.2.1").verdict is not Verdict.FAILED


def test_the_audit_only_reads(finished: tuple[Result, Path, Served]) -> None:
    assert {request.method for request in finished[2].log} <= {"GET", "HEAD"}


def test_snapshots_keep_what_the_docs_say_of_persons(finished: tuple[Result, Path, Served]) -> None:
    """Values typed into fields, cookies and log-in headers are not in a snapshot (docs/privacy.md)."""
    run = Run(finished[1])
    snapshots: list[Snapshot] = [run.snapshot(page_id) for page_id in run.page_ids()]
    for snapshot in snapshots:
        assert "set-cookie" not in {name.lower() for name in snapshot.artifacts["source"].data["headers"]}
        for node in snapshot.artifacts["dom"].data["nodes"]:
            kind = node.get("st", {}).get("type")
            if kind in ("text", "password", "email", "hidden", "search"):
                assert "value" not in node.get("a", {})


def test_our_own_audit_finds_no_failure_in_our_report(finished: tuple[Result, Path, Served], capsys: pytest.CaptureFixture[str]) -> None:
    result, folder, _ = finished
    write_reports(Run(folder), result, ("html",), "vi")
    main_code(["check", str(folder / "report.html"), "--depth", "static"], 0)
    line = json.loads(capsys.readouterr().out)
    failed = [
        (outcome["rule"], outcome["message"], outcome["target"], outcome["values"])
        for outcome in line["outcomes"]
        if outcome["verdict"] == "failed"
    ]
    assert line["state"] == "audited"
    assert failed == []
