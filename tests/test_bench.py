"""The benches measure what they say; their figures are for a quiet machine and not tested."""

from __future__ import annotations

import importlib
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from tests.snapshots import snapshot
from wcag_audit.model import Artifact
from wcag_audit.rules import catalogue
from wcag_audit.serve import Request, serving
from wcag_audit.wcag import CRITERIA

BENCH = Path(__file__).parent.parent / "bench"


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], ModuleType]:
    """A module of bench/ by its name."""
    monkeypatch.syspath_prepend(BENCH)
    return importlib.import_module


@pytest.fixture
def rules_cost(bench: Callable[[str], ModuleType]) -> ModuleType:
    return bench("rules_cost")


def test_every_rule_is_timed_and_the_parser_by_itself(rules_cost: ModuleType) -> None:
    text = "<!DOCTYPE html><html><body>" + "<p><b>a</p>" * 500
    source = Artifact(data={"url": "http://x/", "headers": {"content-type": "text/html"}, "text": text})
    nodes = [{"p": -1, "t": "html"}, {"p": 0, "t": "body"}, {"p": 1, "t": "a", "a": {"href": "/"}, "r": "link"}]
    rules_cost.judge(snapshot(nodes, source=source), catalogue())
    judged = rules_cost.judge(snapshot(nodes, source=source), catalogue())
    assert judged.parts[rules_cost.PARSER] > judged.parts["tags-are-complete-and-nested"] > 0
    assert {rule.id for rule in catalogue() if rule.needs == ("dom",)} <= set(judged.parts)
    assert 0 < sum(judged.parts.values()) - judged.parts[rules_cost.PARSER] <= judged.whole


def test_every_fixture_portal_has_its_heavy_page(rules_cost: ModuleType) -> None:
    assert set(rules_cost.HEAVY) == {path.parent.name for path in rules_cost.PORTALS.glob("*/portal.toml")}


def test_every_page_of_a_heavy_portal_is_heavy_and_no_list_stands_twice(bench: Callable[[str], ModuleType]) -> None:
    heavy = bench("heavy_pages")
    for name in heavy.HEAVY:
        portal = heavy.HeavyPortal(name, 4)
        bodies = [portal.respond(Request("GET", path)).body.decode() for path in portal.paths]
        assert len(portal.paths) == 4, name
        assert all(len(re.findall(r"<[a-z]", body)) > 1_000 for body in bodies), name
        assert len({body[-5_000:] for body in bodies}) == len(bodies), name


def test_a_change_counts_only_beyond_the_spread_of_both_measurements(bench: Callable[[str], ModuleType]) -> None:
    measure = bench("measure")
    steady, noisy = [1.20, 1.22, 1.21, 1.19], [1.0, 1.6, 1.2, 1.5]
    assert measure.change(steady, [1.40, 1.41, 1.42]).slower
    assert measure.change([1.40, 1.41, 1.42], steady).faster
    assert not measure.change(steady, [1.23, 1.24, 1.22]).slower
    assert not measure.change(noisy, [1.40, 1.41, 1.42]).slower
    assert measure.change(steady, [1.3310]).by == pytest.approx(0.1045, abs=0.01)


def test_the_regression_guard_names_what_became_slower(bench: Callable[[str], ModuleType]) -> None:
    quick = bench("quick")
    lines, slower = quick.compare(
        {"static": [1.2, 1.2, 1.2], "full": [6.0, 6.1, 6.0]}, {"static": [1.2, 1.21, 1.2], "full": [8.0, 8.1, 8.2]}
    )
    assert slower
    assert lines[0].startswith("full: 6.00 → 8.10 × the floor, +35%") and lines[0].endswith("SLOWER")
    assert lines[1].endswith("no change beyond noise")
    assert not quick.compare({"static": [1.2]}, {"static": [1.0]})[1]


def test_what_was_recorded_last_is_found(bench: Callable[[str], ModuleType], tmp_path: Path) -> None:
    quick = bench("quick")
    assert quick.last(tmp_path) is None
    for day, pages, ratio in (("2026-02-01", quick.PAGES, 2.0), ("2026-01-01", quick.PAGES, 1.0), ("2026-03-01", quick.PAGES + 1, 3.0)):
        recorded = {"portal": quick.PORTAL, "pages": pages, "ratios": {"static": [ratio]}}
        (tmp_path / f"quick-{day}.json").write_text(json.dumps(recorded), "utf-8")
    assert quick.last(tmp_path)["ratios"] == {"static": [2.0]}


def test_growth_faster_than_linear_is_marked_where_it_matters(bench: Callable[[str], ModuleType]) -> None:
    scale = bench("scale")
    costs = {100: {"pairs": 0.1, "rows": 0.1, "small": 0.001}, 1_000: {"pairs": 9.0, "rows": 1.1, "small": 0.09}}
    table, steep = scale.report("elements", costs)
    marked = [line.split()[0] for line in table.splitlines() if "faster than linear" in line]
    assert steep and marked == ["pairs"]
    assert not scale.report("elements", {size: {"rows": cost["rows"]} for size, cost in costs.items()})[1]


def test_the_cost_of_a_command_is_measured_with_all_below_it(bench: Callable[[str], ModuleType]) -> None:
    measure = bench("measure")
    hold = "held = bytearray(60_000_000); import time; time.sleep(1)"
    parent = f"import subprocess, sys; print('said'); sys.exit(subprocess.call([sys.executable, '-c', {hold!r}]) + 3)"
    done = measure.run([sys.executable, "-c", parent], memory=True)
    assert (done.code, done.out) == (3, "said\n")
    assert done.seconds > 1 and done.cpu > 0
    assert done.peaks.whole > 60_000_000 > done.peaks.own > 0
    assert measure.run([sys.executable, "-c", "import time; time.sleep(60)"], most=0.2).code is None


def test_a_process_that_ends_while_it_is_looked_at_has_nothing_below_it(
    bench: Callable[[str], ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        raise FileNotFoundError

    monkeypatch.setattr(Path, "glob", gone)
    assert bench("measure").tree(7) == [7]


def test_the_floor_and_we_answer_a_page(bench: Callable[[str], ModuleType], tmp_path: Path) -> None:
    tools = bench("tools")
    with serving(bench("resume_proof").GeneratedPortal(1)) as served:
        urls = [served.url]
        for tool in (tools.FLOOR, tools.STATIC):
            measured = tool.measure(tools.Task(urls, tmp_path / tool.name))
            assert measured.lost == 0, measured.said
            assert measured.seconds > 0
    gone = tools.FLOOR.measure(tools.Task(["http://127.0.0.1:9/"], tmp_path / "gone"))
    assert gone.lost == 1


def test_what_each_of_us_can_fail_is_read_from_rules_and_fixtures(bench: Callable[[str], ModuleType]) -> None:
    criteria = bench("criteria")
    floor, static, full = (set(found) for found in (criteria.floor(), criteria.ours("static"), criteria.ours("full")))
    assert floor < static < full == set(CRITERIA)


def test_a_tool_that_cannot_run_is_told_with_its_reason(bench: Callable[[str], ModuleType]) -> None:
    table = bench("side_by_side")
    ran = table.Row("floor", "load and axe.run", pages=2, pairs=[(4.0, 4.0), (5.0, 5.0)], lost=[0, 0], peak=400_000_000)
    lost = table.Row("static", "ours", pages=2, pairs=[(5.0, 4.0), (6.5, 5.0)], lost=[1, 0], peak=600_000_000, criteria=["1.1.1"])
    absent = table.Row("ibm", "accessibility-checker", absent="it needs Node")
    text = table.table([ran, lost, absent])
    assert "| ours | 2.88 | 1.27 (1.25, 1.30) | 600 | 1 of 2 | 1 |" in text
    assert "did not run: it needs Node" in text
    assert {words: found for words, found, _ in table.held({row.name: row for row in (ran, lost, absent)})} == {
        "static / floor, time": pytest.approx(1.275),
        "static / floor, peak memory": 1.5,
    }


def test_the_peers_lock_names_the_public_registry_only() -> None:
    lock = json.loads((BENCH / "peers" / "package-lock.json").read_text("utf-8"))
    hosts = {package["resolved"].split("/")[2] for package in lock["packages"].values() if "resolved" in package}
    assert hosts == {"registry.npmjs.org"}
    wanted = json.loads((BENCH / "peers" / "package.json").read_text("utf-8"))["dependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
