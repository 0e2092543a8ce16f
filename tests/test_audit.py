"""Whole audits: a real browser, a real server, a run folder on disk, and what the command line says of it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from wcag_audit import audit as work
from wcag_audit import schema
from wcag_audit.cli import main, write_reports
from wcag_audit.model import PageState, Portal, Result, Snapshot, Verdict
from wcag_audit.rules import catalogue
from wcag_audit.score import load_profile
from wcag_audit.serve import Defect, PortalSite, Served, read_truth, serving
from wcag_audit.store import Run

PORTALS = Path(__file__).parent.parent / "fixtures" / "portals"
DEMO = PORTALS / "tinh-an-hai"


def run_audit(served: Served, folder: Path, driver: str = "playwright", max_pages: int = 30, max_crawl: int = 2000) -> Result:
    settings = work.Settings(profile=load_profile("mic-2024"), driver=driver, max_pages=max_pages, max_crawl=max_crawl, depth="static")
    portal = Portal(id="test", name="test", url=served.url)
    return asyncio.run(work.audit(portal, Run(folder), settings, catalogue()))


def files(folder: Path, name: str) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob(name))}


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


def assert_truth(result: Result, served: Served) -> None:
    """Every criterion that axe can decide has the truth file's verdict on every page, and on the portal."""
    found = {path_of(page.page.loaded, served): page for page in result.pages if page.page.state is PageState.AUDITED}
    assert set(PortalSite(DEMO).pages) - {"/web/guest/trang-chu", "/robots.txt", "/sitemap.xml"} <= set(found)
    for defect in provable(DEMO):
        for path in defect.pages:
            for criterion in defect.criteria:
                if criterion in {c for rule in result.rules.values() if rule.id == f"axe/{defect.axe}" for c in rule.criteria}:
                    assert found[path].criteria[criterion] is Verdict.FAILED, f"{defect.id}: {criterion} on {path}"
    broken = {(path, criterion) for defect in read_truth(DEMO) for path in defect.pages for criterion in defect.criteria}
    for page in result.pages:
        for criterion, verdict in page.criteria.items():
            if verdict is Verdict.FAILED:
                assert (path_of(page.page.loaded, served), criterion) in broken, f"{criterion} fails wrongly on {page.page.loaded}"


def test_demo_portal_has_the_verdicts_of_its_truth_file(finished: tuple[Result, Path, Served]) -> None:
    result, _, served = finished
    assert_truth(result, served)
    assert result.scores[0].assessed
    untested = [c.id for c in result.criteria if c.verdict is Verdict.UNTESTED]
    for principle in result.principles:
        assert set(principle.untested) >= {c for c in untested if c[0] == str(1 + list("pour").index(principle.id[0]))}


def test_clean_twin_has_no_failed_outcome(tmp_path: Path) -> None:
    """Half of its pages; all pages of all twins are audited by ``make agreement``."""
    with serving(PortalSite(DEMO, ())) as served:
        result = run_audit(served, tmp_path / "run", max_pages=12)
    failed = [(defect.rule, defect.what.en, defect.example.target) for defect in result.defects if defect.verdict is Verdict.FAILED]
    assert failed == []


def test_selenium_gives_the_verdicts_of_the_truth_file_too(tmp_path: Path, finished: tuple[Result, Path, Served]) -> None:
    with serving(PortalSite(DEMO)) as served:
        result = run_audit(served, tmp_path / "run", "selenium")
        assert_truth(result, served)
    ours, theirs = ({(d.fingerprint, d.verdict, len(d.pages)) for d in one.defects} for one in (finished[0], result))
    assert ours == theirs


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


def without_clock(folder: Path) -> dict[str, list[object]]:
    """The outcomes of each page without what tells when something happened, or how high the page was just then."""

    def told(outcome: dict[str, Any]) -> object:
        steps = [{key: value for key, value in step.items() if key not in ("at", "changed")} for step in outcome["steps"]]
        target = {key: value for key, value in (outcome["target"] or {}).items() if key not in ("box", "shown")}
        return {**outcome, "steps": steps, "target": target, "values": sorted(outcome["values"])}

    return {name: [told(outcome) for outcome in json.loads(text)] for name, text in files(folder, "outcomes.json").items()}


@pytest.mark.parametrize(("portal", "pages"), [("thanh-pho-binh-cang", 4), ("mot-cua-song-bach", 2)])
def test_same_portal_twice_gives_the_same_outcomes(portal: str, pages: int, tmp_path: Path) -> None:
    with serving(PortalSite(PORTALS / portal)) as served:
        one, two = (run_audit(served, tmp_path / name, max_pages=pages, max_crawl=12) for name in ("one", "two"))
    assert [d.fingerprint for d in one.defects] == [d.fingerprint for d in two.defects]
    assert without_clock(tmp_path / "one") == without_clock(tmp_path / "two")


def test_the_audit_only_reads(finished: tuple[Result, Path, Served]) -> None:
    assert {request.method for request in finished[2].log} <= {"GET", "HEAD"}


def main_code(words: list[str], code: int) -> None:
    ended = 0
    try:
        main(words)
    except SystemExit as leave:
        ended = int(leave.code or 0)
    assert ended == code


def start_cli(words: list[str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "wcag_audit", *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)


def wait_for_pages(folder: Path, number: int) -> None:
    until = time.monotonic() + 60
    while len(list(folder.glob("pages/*/snapshot.json.gz"))) < number:
        assert time.monotonic() < until, "the audit does not come forward"
        time.sleep(0.02)


def snapshots(folder: Path) -> dict[str, int]:
    """When each page's snapshot was written."""
    return {path.parent.name: path.stat().st_mtime_ns for path in folder.glob("pages/*/snapshot.json.gz")}


def assert_not_again(before: dict[str, int], folder: Path) -> None:
    now = snapshots(folder)
    assert {page: now.get(page, written) for page, written in before.items()} == before, "a page was visited twice"


def without_times(folder: Path) -> dict[str, object]:
    data = json.loads((folder / "result.json").read_text("utf-8"))
    return {name: value for name, value in data.items() if name not in ("started", "finished", "timings", "statements")}


def test_an_interrupted_audit_goes_on_with_the_same_command(tmp_path: Path) -> None:
    """First killed, then ended with Ctrl-C."""
    with serving(PortalSite(PORTALS / "so-van-hoa")) as served:
        words = ["audit", served.url, "--max-pages", "6", "--max-crawl", "12", "--depth", "static", "--quiet", "--out"]
        main_code([*words, str(tmp_path / "whole")], 0)
        broken = tmp_path / "broken"
        for pages, how in ((2, signal.SIGKILL), (4, signal.SIGINT)):
            kept = snapshots(broken)
            process = start_cli([*words, str(broken)])
            wait_for_pages(broken, pages)
            if how is signal.SIGKILL:
                os.killpg(process.pid, how)
            else:
                process.send_signal(how)
            _, said = process.communicate(timeout=30)
            assert process.returncode == (130 if how is signal.SIGINT else -9)
            assert not (broken / "result.json").exists()
            if how is signal.SIGINT:
                assert "--out" in said
                assert "Traceback" not in said
            assert_not_again(kept, broken)
        kept = snapshots(broken)
        main_code([*words, str(broken)], 0)
        assert_not_again(kept, broken)
    assert without_times(broken) == without_times(tmp_path / "whole")


def test_check_prints_a_line_per_page_in_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pages = {"b.html": "<html lang=vi><title>B</title><img src=x.png>", "a.html": "<html lang=vi><title>A</title><p>xin chào", "c.html": ""}
    for name, text in pages.items():
        (tmp_path / name).write_text("<!doctype html>" + text if text else "", "utf-8")
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps([{"file": name} for name in [*pages, "b.html"]]), "utf-8")
    main_code(["check", "--manifest", str(manifest), "--depth", "static", "--jobs", "2"], 0)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["page"], line["state"]) for line in lines] == [("b.html", "audited"), ("a.html", "audited"), ("c.html", "not_html")]
    assert all(len(line["criteria"]) == 25 for line in lines)
    assert lines[0]["criteria"]["1.1.1"] == "failed"
    assert lines[1]["criteria"]["1.1.1"] != "failed"
    assert set(lines[2]["criteria"].values()) == {"untested"}
    assert lines[2]["outcomes"] == []


def test_check_takes_files_folders_and_urls(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "trang"
    (folder / "sub").mkdir(parents=True)
    for name in ("x.html", "sub/y.html"):
        (folder / name).write_text("<!doctype html><html lang=vi><title>Trang</title><p>Nội dung", "utf-8")
    with serving(PortalSite(PORTALS / "so-van-hoa", ())) as served:
        url = served.url + "lien-he"
        main_code(["check", str(folder), str(folder / "x.html"), url, "--depth", "static"], 0)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["page"] for line in lines] == [str(folder / "sub/y.html"), str(folder / "x.html"), str(folder / "x.html"), url]
    assert {line["state"] for line in lines} == {"audited"}


def test_check_keeps_snapshots_and_replays_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.html").write_text("<!doctype html><html><title>A</title><img src=x.png>", "utf-8")
    main_code(["check", str(tmp_path / "a.html"), "--depth", "static", "--out", str(tmp_path / "run")], 0)
    first = capsys.readouterr().out
    main_code(["replay", str(tmp_path / "run")], 0)
    assert capsys.readouterr().out == first


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
