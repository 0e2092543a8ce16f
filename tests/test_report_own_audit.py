"""Our own audit of our own HTML report finds no failure, leaves nothing untested, and asks nothing.

Here without probes, which take half a minute; ``make reports`` runs it with them (FULL_DEPTH=1).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tests import results
from tests.browsing import Browsing
from wcag_audit.model import Result, Verdict
from wcag_audit.reports import compare, html
from wcag_audit.reports.pictures import Album
from wcag_audit.rules import catalogue

FULL = bool(os.environ.get("FULL_DEPTH"))
#: Rules that judge a snapshot alone.
STATIC = {"source", "dom", "axe", "screenshot", "network"}
WRITERS: dict[str, Callable[[Result, Album], str]] = {
    "report": lambda result, album: html.render(result, "vi", album),
    "comparison": lambda result, album: compare.render(compare.compare(results.clean(), result), "vi"),
}


@pytest.mark.timeout(400)
@pytest.mark.parametrize("name", WRITERS)
def test_our_own_report_passes_our_own_audit(name: str, browsing: Browsing, tmp_path: Path) -> None:
    Image.new("RGB", (1280, 900), "#dde6ee").save(tmp_path / "screenshot.jpg")
    file = tmp_path / "report.html"
    file.write_text(WRITERS[name](results.typical(), Album(lambda page: tmp_path / "screenshot.jpg")), "utf-8")
    rules = [rule for rule in catalogue() if rule.scope == "page" and (FULL or {*rule.needs, *rule.uses} <= STATIC)]
    assert len(rules) > 40
    visit, judged = browsing.judge(file.as_uri(), rules)
    assert visit.snapshot.page.title.startswith(("Kết quả kiểm tra", "So sánh"))
    told = [
        (one.verdict, one.rule, one.message, one.target.html[:100] if one.target else "", one.values)
        for one in judged.outcomes
        if one.verdict in (Verdict.FAILED, Verdict.CANT_TELL, Verdict.UNTESTED)
    ]
    assert told == []
