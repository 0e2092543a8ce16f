"""A batch kept in a store: fsspec's memory, and a folder of the disk behind ``file://``. ``make store-proof`` takes a server that
speaks S3."""

from __future__ import annotations

import sqlite3
import sys
import uuid
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import msgspec
import pytest

from tests import results
from tests.test_batch import Looks, Workers, unit, write_result
from wcag_audit import batch as work
from wcag_audit import worker
from wcag_audit.batch import Batch
from wcag_audit.depot import Depot, Keeper, portal_url
from wcag_audit.roster import Unit
from wcag_audit.store import Run, RunError, RunInfo
from wcag_audit.worker import Event, How, Job

DAY = date(2026, 3, 1)
UNITS = [unit("a"), unit("b"), unit("c")]


@pytest.fixture(params=["memory", "file"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return f"memory://{uuid.uuid4().hex}" if request.param == "memory" else f"file://{tmp_path}/store"


class Elsewhere(Workers):
    """Workers of other machines: what they do is to be had from the store alone."""

    def __init__(self, scratch: Path, fate: Callable[[Job], Sequence[str]] = lambda _: ("done",)) -> None:
        super().__init__(2, fate)
        self.scratch = scratch

    def submit(self, job: Job) -> None:
        super().submit(msgspec.structs.replace(job, folder=str(self.scratch / uuid.uuid4().hex)))

    def wait(self, timeout: float) -> Sequence[Event]:
        jobs = self.jobs[:1]
        events = super().wait(timeout)
        for job in jobs:
            if events[-1].kind == "done":
                worker.write_report(Run(Path(job.folder)), job.lang)
                Keeper(job.store, Run(Path(job.folder))).finish()
        return events


def coordinate(folder: Path, url: str, executor: Workers, units: Sequence[Unit] = UNITS, since: str = "") -> Batch:
    """What the command does, without reports."""
    batch = Batch(folder, url)
    batch.create("round", DAY, How(), units)
    batch.fetch()
    work.run(batch, batch.to_do(units, since), executor, Looks())
    batch.conclude()
    return batch


def test_workers_share_no_folder_and_another_machine_goes_on(url: str, tmp_path: Path) -> None:
    class Stopped(Exception):
        pass

    def stops_at_the_third(job: Job) -> Sequence[str]:
        if job.portal.id == "c":
            raise Stopped
        return ("done",)

    with pytest.raises(Stopped):
        coordinate(tmp_path / "first", url, Elsewhere(tmp_path / "w1", stops_at_the_third))
    executor = Elsewhere(tmp_path / "w2")
    made = coordinate(tmp_path / "second", url, executor)
    assert executor.taken == ["c"], "what is finished in the store is never done again"
    plain = coordinate(tmp_path / "plain", "", Workers())
    assert made.national().units == plain.national().units
    kept = Depot(url).names()
    assert kept == sorted(
        ["batch.json", "national.json", *(f"portals/{id}/{name}" for id in "abc" for name in ("report.html", "result.json", "run.json"))]
    )
    assert coordinate(tmp_path / "second", url, Elsewhere(tmp_path / "w3")) and Depot(url).names() == kept


def test_what_is_older_goes_aside_in_the_store_too(url: str, tmp_path: Path) -> None:
    coordinate(tmp_path / "out", url, Elsewhere(tmp_path / "w"))
    executor = Elsewhere(tmp_path / "w")
    coordinate(tmp_path / "out", url, executor, UNITS[:1], "2026-03-02")
    assert executor.taken == ["a"]
    assert "earlier/a/2026-03-01T090000+0700/result.json" in Depot(url).names("earlier")


def test_a_failure_is_kept_until_the_portal_is_tried_again(url: str, tmp_path: Path) -> None:
    coordinate(tmp_path / "out", url, Elsewhere(tmp_path / "w", lambda job: ("broken",) if job.portal.id == "b" else ("done",)))
    assert Depot(url).names("failures") == ["failures/b.json"]
    coordinate(tmp_path / "again", url, Elsewhere(tmp_path / "w"))
    assert Depot(url).names("failures") == []


def test_a_run_goes_on_at_page_level_on_another_machine(url: str, tmp_path: Path) -> None:
    here, there = Run(tmp_path / "here"), Run(tmp_path / "there")
    portal = unit("a").portal
    here.create(RunInfo(portal=portal, profile="mic-2024", started="2026-03-01T08:00:00+0700"))
    frontier = sqlite3.connect(here.frontier_path)
    frontier.execute("PRAGMA journal_mode = WAL")
    frontier.execute("CREATE TABLE page (key)")
    for page in ("one", "two"):
        here.page_folder(page).mkdir(parents=True)
        (here.page_folder(page) / "snapshot.json.gz").write_bytes(page.encode())
    frontier.execute("INSERT INTO page VALUES ('one'), ('two')")
    frontier.commit()
    keeper = Keeper(url, here)
    keeper.page_done()
    here.drop("two")
    keeper.page_done()
    keeper.give_up()
    keeper = Keeper(url, here)
    keeper.fetch()
    keeper.page_done()
    (here.folder / ".half.part").write_bytes(b"")
    here.save_result(msgspec.structs.replace(results.clean(), portal=portal))
    assert "result.json" not in Depot(url).names()
    other = Keeper(url, there)
    other.fetch()
    assert there.info() == here.info() and there.page_ids() == ["one"]
    with sqlite3.connect(there.frontier_path) as copied:
        assert copied.execute("SELECT key FROM page").fetchall() == [("one",), ("two",)], "also what was in the journal only"
    copied.close()
    keeper.finish()
    assert Depot(url).names() == ["frontier.sqlite", "pages/one/snapshot.json.gz", "result.json", "run.json"]
    frontier.close()


def test_a_page_that_was_dropped_while_nobody_kept_the_run_is_dropped_there_too(url: str, tmp_path: Path) -> None:
    run = Run(tmp_path / "here")
    run.create(RunInfo(portal=unit("a").portal, profile="mic-2024", started="2026-03-01T08:00:00+0700"))
    for page in ("one", "two"):
        run.page_folder(page).mkdir(parents=True)
        (run.page_folder(page) / "snapshot.json.gz").write_bytes(page.encode())
    first = Keeper(url, run)
    first.page_done()
    first._thread.submit(lambda: None).result()
    first.give_up()
    run.drop("two")
    second = Keeper(url, run)
    second.fetch()
    second.page_done()
    second._thread.submit(lambda: None).result()
    second.give_up()
    assert Depot(url).names() == ["pages/one/snapshot.json.gz", "run.json"]


def test_a_finished_run_of_which_only_the_result_is_here_loses_no_page_there(url: str, tmp_path: Path) -> None:
    page = tmp_path / "page"
    page.write_bytes(b"one")
    Depot(url).put(page, "pages/one/snapshot.json.gz")
    write_result(tmp_path / "run", Job(portal=unit("a").portal, folder="", lock="", how=How()))
    keeper = Keeper(url, Run(tmp_path / "run"))
    keeper.fetch()
    keeper.finish()
    assert "pages/one/snapshot.json.gz" in Depot(url).names()


def test_what_is_here_is_not_fetched_over(url: str, tmp_path: Path) -> None:
    write_result(tmp_path / "run", Job(portal=unit("a").portal, folder="", lock="", how=How()))
    Keeper(url, Run(tmp_path / "run")).finish()
    before = (tmp_path / "run" / "run.json").stat().st_mtime_ns
    Keeper(url, Run(tmp_path / "run")).fetch()
    assert (tmp_path / "run" / "run.json").stat().st_mtime_ns == before


def test_a_store_that_cannot_be_used_is_told_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RunError, match="--store nowhere://x: Protocol not known"):
        Depot("nowhere://x")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(RunError, match=r"--store file://.*Not a directory|--store file://.*File exists"):
        Depot(f"file://{tmp_path}/file").put(tmp_path / "file", "folder/name")
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    with pytest.raises(RunError, match=r"wcag-audit\[store\]"):
        Depot("memory://x")


def test_a_portal_has_a_place_of_its_own() -> None:
    assert portal_url("s3://bucket/2026-1/", "hanoi") == "s3://bucket/2026-1/portals/hanoi" and portal_url("", "hanoi") == ""
    job = Job(portal=unit("a").portal, folder="/here", lock="", how=How())
    assert job.place == "/here" and msgspec.structs.replace(job, store="s3://b/a").place == "s3://b/a"
