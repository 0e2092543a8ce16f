"""The coordinator of a batch: what it starts, what it does when workers die, and what it leaves on disk. No browser."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import msgspec
import pytest

from tests import results
from wcag_audit import batch as work
from wcag_audit.batch import TRIES, Batch, Hopeless
from wcag_audit.model import Result, Text
from wcag_audit.national import UnitState
from wcag_audit.roster import Unit
from wcag_audit.store import RunError, RunInfo
from wcag_audit.worker import Event, How, Job

DAY = date(2026, 3, 1)


def unit(id: str, host: str = "", **more: str) -> Unit:
    return msgspec.convert({"id": id, "name": Text(f"Cổng {id}", f"Portal {id}"), "url": f"https://{host or id}.example.vn/", **more}, Unit)


class Workers:
    """An executor whose jobs are done at once, in the way that ``fate`` says; it keeps what was under way together."""

    def __init__(self, slots: int = 2, fate: Callable[[Job], Sequence[str]] = lambda _: ("page", "done")) -> None:
        self.slots = slots
        self.fate = fate
        self.jobs: list[Job] = []
        self.taken: list[str] = []
        self.together: list[set[str]] = []
        self.closed = False

    @property
    def free(self) -> int:
        return self.slots - len(self.jobs)

    def submit(self, job: Job) -> None:
        assert self.free
        self.jobs.append(job)
        self.taken.append(job.portal.id)
        self.together.append({one.portal.url for one in self.jobs})

    def wait(self, timeout: float) -> Sequence[Event]:
        if not self.jobs:
            return []
        job = self.jobs.pop(0)
        events = [Event(kind, job.portal.id, "audited" if kind == "page" else "exit -9") for kind in self.fate(job)]
        if events[-1].kind == "done":
            write_result(Path(job.folder), job)
        return events

    def close(self) -> None:
        self.closed = True


def write_result(folder: Path, job: Job) -> None:
    from wcag_audit.store import Run

    run = Run(folder)
    run.create(RunInfo(portal=job.portal, profile="mic-2024", started="2026-03-01T08:00:00+0700", max_pages=job.how.max_pages))
    run.save_result(msgspec.structs.replace(results.clean(), portal=job.portal, finished="2026-03-01T09:00:00+0700"))
    run.report_path.write_text("<!doctype html>", "utf-8")


class Looks:
    """A watch that keeps what it was told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []

    def begun(self, units: Sequence[Unit], finished: int) -> None:
        self.told.append(("begun", str(len(units))))

    def started(self, unit: Unit) -> None:
        self.told.append(("started", unit.id))

    def page(self, unit: Unit, state: str) -> None:
        self.told.append((state, unit.id))

    def finished(self, unit: Unit, result: Result | None) -> None:
        self.told.append(("finished" if result else "given up", unit.id))

    def lost(self, unit: Unit, detail: str) -> None:
        self.told.append(("lost", unit.id))

    def tick(self) -> None:
        pass


def batch_of(tmp_path: Path, *units: Unit, how: How | None = None) -> Batch:
    batch = Batch(tmp_path / "batch")
    batch.create("2026-1", DAY, how or How(max_pages=5), units)
    return batch


def go(batch: Batch, workers: Workers | None = None) -> Looks:
    looks = Looks()
    work.run(batch, batch.to_do(batch.info().units), workers or Workers(), looks)
    return looks


def test_every_portal_gets_its_result_once(tmp_path: Path) -> None:
    units = [unit(id) for id in "abcde"]
    batch, workers = batch_of(tmp_path, *units), Workers()
    looks = go(batch, workers)
    assert sorted(workers.taken) == list("abcde") and workers.closed
    assert [id for what, id in looks.told if what == "finished"] == list("abcde")
    again = Workers()
    go(batch, again)
    assert again.taken == [], "finished portals are never done again"


def test_portals_of_one_host_wait_for_each_other(tmp_path: Path) -> None:
    units = [unit("a", "shared"), unit("b", "shared"), unit("c"), unit("d", "shared")]
    workers = Workers(slots=4)
    go(batch_of(tmp_path, *units), workers)
    assert sorted(workers.taken) == list("abcd")
    assert all(sum("shared" in url for url in under_way) <= 1 for under_way in workers.together)


def test_a_lost_portal_is_gone_on_with(tmp_path: Path) -> None:
    fates = iter([["page", "lost"], ["lost"], ["busy"], ["broken"], ["lost"]])
    workers = Workers(fate=lambda _: next(fates))
    assert TRIES == 4
    looks = go(batch_of(tmp_path, unit("a")), workers)
    assert looks.told[-1] == ("given up", "a") and workers.taken == ["a"] * 5, "waiting for another worker is no try"


def test_progress_gives_new_tries(tmp_path: Path) -> None:
    fates = iter([["lost"], ["lost"], ["lost"], ["page", "lost"], ["lost"], ["lost"], ["page", "done"]])
    looks = go(batch_of(tmp_path, unit("a")), Workers(fate=lambda _: next(fates)))
    assert looks.told[-1] == ("finished", "a")


def test_a_portal_that_kills_every_worker_is_not_assessed_and_tried_again_next_time(tmp_path: Path) -> None:
    batch = batch_of(tmp_path, unit("a"), unit("b"))
    go(batch, Workers(fate=lambda job: ["lost"] if job.portal.id == "a" else ["page", "done"]))
    made = batch.conclude()
    first, second = made.units
    assert (first.state, first.cause, second.state) == (UnitState.NOT_ASSESSED, "crashed", UnitState.ASSESSED)
    assert first.reason is not None and f"{TRIES} times" in first.reason.en and "exit -9" in first.reason.en
    again = Workers()
    go(batch, again)
    assert again.taken == ["a"] and batch.conclude().units[0].state is UnitState.ASSESSED


def test_no_browser_ends_the_batch(tmp_path: Path) -> None:
    workers = Workers(fate=lambda _: ["hopeless"])
    with pytest.raises(Hopeless, match="exit -9"):
        go(batch_of(tmp_path, unit("a"), unit("b")), workers)
    assert workers.closed


def test_a_unit_that_ended_is_not_audited(tmp_path: Path) -> None:
    batch, workers = batch_of(tmp_path, unit("a", valid_to="2025-06-30"), unit("b", valid_from="2025-07-01")), Workers()
    go(batch, workers)
    assert workers.taken == ["b"]
    assert [one.state for one in batch.conclude().units] == [UnitState.ENDED, UnitState.ASSESSED]


def test_what_is_older_than_asked_for_is_set_aside_and_done_again(tmp_path: Path) -> None:
    batch = batch_of(tmp_path, unit("a"))
    go(batch)
    assert batch.to_do(batch.info().units, "2026-03-01") == []
    assert [one.id for one in batch.to_do(batch.info().units, "2026-03-02")] == ["a"]
    assert (batch.folder / "earlier" / "a" / "2026-03-01T090000+0700" / "result.json").is_file()
    assert batch.result(batch.info().units[0]) is None


def test_a_result_without_its_report_is_not_finished(tmp_path: Path) -> None:
    """The worker died between the two."""
    batch = batch_of(tmp_path, unit("a"), unit("b"))
    go(batch)
    batch.run("a").report_path.unlink()
    assert [one.id for one in batch.to_do(batch.info().units)] == ["a"]
    assert batch.result(batch.info().units[0]) is not None


def test_units_can_be_added_later(tmp_path: Path) -> None:
    batch = batch_of(tmp_path, unit("a"))
    batch.create("", DAY, How(max_pages=5), [unit("b"), unit("a", vendor="VNPT")])
    assert [(one.id, one.vendor) for one in batch.info().units] == [("a", "VNPT"), ("b", "")]


def test_other_options_other_files_and_other_versions_are_refused(tmp_path: Path) -> None:
    batch = batch_of(tmp_path, unit("a"))
    with pytest.raises(RunError, match="max_pages"):
        batch.create("", DAY, How(max_pages=6), [unit("a")])
    (tmp_path / "else").mkdir()
    (tmp_path / "else" / "file").touch()
    with pytest.raises(RunError, match="other files"):
        Batch(tmp_path / "else").create("", DAY, How(), [unit("a")])
    with pytest.raises(RunError, match="not a batch folder"):
        Batch(tmp_path / "nothing").info()
    path = batch.folder / "batch.json"
    path.write_text(path.read_text("utf-8").replace('"version": 1', '"version": 9'), "utf-8")
    with pytest.raises(RunError, match="version 9"):
        batch.info()
    path.write_text("[", "utf-8")
    with pytest.raises(RunError, match="not valid"):
        batch.info()


def test_the_national_result_is_saved(tmp_path: Path) -> None:
    batch = batch_of(tmp_path, unit("a"), unit("b"))
    with pytest.raises(RunError, match=r"no national\.json"):
        batch.national()
    go(batch)
    made = batch.conclude()
    assert batch.national() == made and made.name == "2026-1" and made.plan["max_pages"] == "5"
    assert [check for check in made.checks if not check.ok] == []
