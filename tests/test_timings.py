"""Where the time goes, told to whoever listens and to nobody else."""

from __future__ import annotations

import asyncio
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from tests.snapshots import snapshot
from wcag_audit.cli import cli
from wcag_audit.engine import evaluate
from wcag_audit.reports.terminal import timings_table
from wcag_audit.rules import catalogue
from wcag_audit.timings import Spent, Timings, listening, timed


def test_parts_are_counted_and_summed_by_the_clock_given() -> None:
    timings = Timings(iter((0.0, 1.0, 3.0, 10.0, 11.5, 20.0)).__next__)
    with listening(timings):
        with timed("probe", "motion"):
            pass
        with pytest.raises(RuntimeError, match="gone"), timed("probe", "motion"):
            raise RuntimeError("gone")
    told = json.loads(timings.encode())
    assert told == {
        "version": 1,
        "seconds": 20.0,
        "parts": [{"kind": "probe", "name": "motion", "times": 2, "seconds": 3.5, "longest": 2.0}],
    }


def test_threads_and_tasks_of_the_block_tell_it_and_others_do_not() -> None:
    timings = Timings()

    async def page(name: str) -> None:
        def judge() -> None:
            with timed("rule", name):
                pass

        await asyncio.to_thread(judge)

    async def pages() -> None:
        await asyncio.gather(page("one"), page("two"), page("two"))

    with listening(timings):
        asyncio.run(pages())
    with timed("rule", "afterwards"):
        pass
    assert {part.name: part.times for part in timings.rows()} == {"one": 1, "two": 2}


def test_every_rule_tells_its_time() -> None:
    timings = Timings()
    with listening(timings):
        evaluate(snapshot([{"p": -1, "t": "html"}, {"p": 0, "t": "body"}]), catalogue())
    assert {part.name for part in timings.rows() if part.kind == "rule"} == {rule.id for rule in catalogue()}


@pytest.mark.parametrize(
    ("lang", "head", "kind", "rest"), [("vi", "phần việc", "chờ", "2 mục khác"), ("en", "part", "waiting", "2 others")]
)
def test_the_table_tells_the_dearest_parts_of_each_kind(lang: str, head: str, kind: str, rest: str) -> None:
    rules = [Spent(kind="rule", name=f"rule-{n}", times=1, seconds=n / 10, longest=n / 10) for n in range(10, 0, -1)]
    load = Spent(kind="wait", name="load", times=3, seconds=9.0, longest=4.0)
    out = io.StringIO()
    Console(file=out, width=100).print(timings_table([load, *rules], lang))
    lines = [" ".join(line.split()) for line in out.getvalue().splitlines()]
    assert lines[0].startswith(head)
    assert lines[1] == f"{kind} 9.00"
    assert "rule-10 1 1.00 1.00" in lines and f"{rest} 2 0.30" in lines
    assert not any("rule-2 " in line for line in lines)


def test_check_tells_its_times_on_stderr_and_keeps_them(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<!doctype html><html lang=vi><title>Trang thử</title><p>Chào", "utf-8")
    run = tmp_path / "run"
    done = CliRunner().invoke(cli, ["check", str(page), "--depth", "static", "--out", str(run), "--profile-timings"])
    assert done.exit_code == 0, done.output
    assert [json.loads(line)["state"] for line in done.stdout.splitlines()] == ["audited"]
    assert "thu thập" in done.stderr and "trang ổn định" in done.stderr
    told = json.loads((run / "timings.json").read_text("utf-8"))
    parts = {(part["kind"], part["name"]) for part in told["parts"]}
    assert {("gatherer", "dom"), ("gatherer", "axe"), ("wait", "load"), ("wait", "settle"), ("write", "snapshot")} <= parts
    assert told["seconds"] > max(part["longest"] for part in told["parts"])
