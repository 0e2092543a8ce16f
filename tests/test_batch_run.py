"""A whole batch on a small farm: the command line, real workers and browsers, killed with ``kill -9`` in its middle and gone on with."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.batch_demo import command, environment
from bench.farm import Planted, differences, farm, plan, truth
from wcag_audit.batch import Batch
from wcag_audit.cli import main
from wcag_audit.national import National

#: Reduced for the tests; ``make batch-demo`` takes 84 portals, five pages each, at full depth.
MARK = "BATCH_OF_TESTS"
OPTIONS = ("--max-pages", "1", "--max-crawl", "3", "--depth", "static", "--workers", "2")


@pytest.fixture(scope="module")
def planted() -> list[Planted]:
    return plan(3, evidence=("axe", "snapshot"))


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory, planted: list[Planted]) -> Iterator[tuple[Path, list[str]]]:
    """A batch whose coordinator and workers are all killed after its first page, and which the same command then ends."""
    folder = tmp_path_factory.mktemp("batch")
    with farm(planted, folder) as roster:
        run = command(roster, folder / "out", *OPTIONS)
        # Whatever a batch starts inherits this: nothing that carries it may be left running.
        marked = {**environment(), MARK: str(folder)}
        with subprocess.Popen(run, env=marked, stderr=subprocess.PIPE, text=True, start_new_session=True) as first:
            assert first.stderr is not None
            seen = []
            for line in first.stderr:
                seen.append(json.loads(line))
                if seen[-1]["event"] == "page_done":
                    break
            os.killpg(first.pid, signal.SIGKILL)
        finished = {event["portal"] for event in seen if event["event"] == "portal_finished"}
        done = subprocess.run(run, env=marked, capture_output=True, text=True, timeout=240, check=False)
        assert done.returncode == 4, done.stderr
        again = [json.loads(line) for line in done.stderr.splitlines()]
        started = [event["portal"] for event in again if event["event"] == "portal_started"]
        assert not finished & set(started), "finished portals are not started again"
        assert again[0]["finished_before"] == len(planted) - len(started)
        yield folder / "out", done.stdout.splitlines()


@pytest.fixture(scope="module")
def made(killed: tuple[Path, list[str]]) -> National:
    return Batch(killed[0]).national()


def test_the_result_is_as_planted(made: National, planted: list[Planted]) -> None:
    assert differences(truth(planted), made, automatic=False) == []


def test_its_checks_hold(made: National) -> None:
    assert [check for check in made.checks if not check.ok] == []
    assert made.plan["max_pages"] == "1" and made.plan["depth"] == "static"


def test_every_portal_has_its_own_report(killed: tuple[Path, list[str]], made: National) -> None:
    assert all((killed[0] / unit.folder / "report.html").is_file() for unit in made.units)


def test_the_files_are_named(killed: tuple[Path, list[str]]) -> None:
    assert all(Path(line).is_file() for line in killed[1]) and str(killed[0] / "national.json") in killed[1]


def test_nothing_is_left_running(killed: tuple[Path, list[str]]) -> None:
    """The killed workers' browsers and drivers end by themselves."""
    end = time.monotonic() + 30
    while left := _marked(f"{MARK}={killed[0].parent}"):
        assert time.monotonic() < end, left
        time.sleep(0.2)


def _marked(mark: str) -> list[str]:
    """The command lines of processes with this in their environment."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (path / "environ").read_bytes().split(b"\0"):
                found.append((path / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")[:200])
        except OSError:  # it ended while we looked, or is another user's
            continue
    return found


def test_replay_gives_the_same_results_and_verifies_the_seal(killed: tuple[Path, list[str]], capsys: pytest.CaptureFixture[str]) -> None:
    out = killed[0]
    assert ended(["replay", str(out), "--lang", "en"]) == 0
    assert capsys.readouterr().out.splitlines() == ["3 of 3 portals give the same result from what was saved"]
    before = files(out)
    assert ended(["batch", str(out.parent / "roster.csv"), "--out", str(out), *OPTIONS, "--quiet", "--seal"]) == 4
    assert "SHA256SUMS: đã niêm phong" in capsys.readouterr().out
    assert ended(["replay", str(out), "--lang", "en"]) == 0
    assert capsys.readouterr().out.startswith("the seal holds\n3 of 3")
    assert {name: content for name, content in files(out).items() if name != "SHA256SUMS"} == before
    assert ended(["batch", str(out.parent / "roster.csv"), "--out", str(out), *OPTIONS, "--lang", "en"]) == 2
    assert "is sealed" in capsys.readouterr().err
    changed = out / "portals" / "bca" / "result.json"
    content = changed.read_bytes()
    try:
        changed.write_bytes(content + b"\n")
        assert ended(["replay", str(out), "--lang", "en"]) == 2
        assert "portals/bca/result.json: changed" in capsys.readouterr().err
    finally:
        changed.write_bytes(content)


def ended(arguments: list[str]) -> int:
    """The exit code of a command, run here."""
    try:
        main(arguments)
    except SystemExit as leave:
        return int(leave.code or 0)
    return 0


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.usefixtures("capsys")
def test_two_batches_compared_and_put_into_a_database(killed: tuple[Path, list[str]], tmp_path: Path) -> None:
    page, database = tmp_path / "compare.html", tmp_path / "rounds.db"
    assert ended(["compare", str(killed[0]), str(killed[0]), "--out", str(page)]) == 0
    assert "So sánh hai đợt kiểm tra" in page.read_text("utf-8")
    assert ended(["history", str(killed[0].parent), "--sqlite", str(database)]) == 0 and database.is_file()
    assert ended(["history", str(killed[0]), "--parquet", str(tmp_path / "rounds")]) == 0 and (tmp_path / "rounds/unit.parquet").is_file()
    assert ended(["history", str(killed[0].parent)]) == 2 and ended(["history", str(tmp_path), "--sqlite", str(database)]) == 2
