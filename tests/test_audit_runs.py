"""Audits beside each other: of a clean twin, of the same portal twice, of one that was interrupted."""


from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.audits import DEMO, PORTALS, files, main_code, run_audit
from wcag_audit.model import Verdict
from wcag_audit.serve import PortalSite, serving


def test_clean_twin_has_no_failed_outcome(tmp_path: Path) -> None:
    """A quarter of its pages; all pages of all twins are audited by ``make agreement``."""
    with serving(PortalSite(DEMO, ())) as served:
        result = run_audit(served, tmp_path / "run", max_pages=6, max_crawl=12)
    failed = [(defect.rule, defect.what.en, defect.example.target) for defect in result.defects if defect.verdict is Verdict.FAILED]
    assert failed == []


def without_clock(folder: Path) -> dict[str, list[object]]:
    """The outcomes of each page without what tells when something happened, or how high the page was just then."""

    def told(outcome: dict[str, Any]) -> object:
        steps = [{key: value for key, value in step.items() if key not in ("at", "changed")} for step in outcome["steps"]]
        target = {key: value for key, value in (outcome["target"] or {}).items() if key not in ("box", "shown")}
        return {**outcome, "steps": steps, "target": target, "values": sorted(outcome["values"])}

    return {name: [told(outcome) for outcome in json.loads(text)] for name, text in files(folder, "outcomes.json").items()}


def test_same_portal_twice_gives_the_same_outcomes(tmp_path: Path) -> None:
    """The portal that its scripts write; ``make repeat`` does it twenty times with all."""
    with serving(PortalSite(PORTALS / "mot-cua-song-bach")) as served:
        one, two = (run_audit(served, tmp_path / name, max_pages=2, max_crawl=6) for name in ("one", "two"))
    assert [d.fingerprint for d in one.defects] == [d.fingerprint for d in two.defects]
    assert without_clock(tmp_path / "one") == without_clock(tmp_path / "two")


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
        words = ["audit", served.url, "--max-pages", "5", "--max-crawl", "8", "--depth", "static", "--quiet", "--out"]
        main_code([*words, str(tmp_path / "whole")], 0)
        broken = tmp_path / "broken"
        for pages, how in ((1, signal.SIGKILL), (3, signal.SIGINT)):
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
