"""The pool of worker processes: workers that die, a coordinator that dies, and nothing left behind. No browser."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.workers import serve
from wcag_audit.executor import LocalPool
from wcag_audit.model import Portal
from wcag_audit.worker import Event, How, Job


def job(tmp_path: Path, id: str, name: str = "") -> Job:
    portal = Portal(id=id, name=name, url="http://127.0.0.1:1/")
    return Job(portal=portal, folder=str(tmp_path / id), lock=str(tmp_path / f"{id}.lock"), how=How())


def until(pool: LocalPool, kinds: Sequence[str], seconds: float = 60) -> list[Event]:
    """What the pool tells until as many events of these kinds came."""
    events: list[Event] = []
    end = time.monotonic() + seconds
    while sorted(event.kind for event in events if event.kind in kinds) != sorted(kinds):
        assert time.monotonic() < end, events
        events += pool.wait(1)
    return events


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text()


def test_jobs_are_done_by_so_many_workers(tmp_path: Path) -> None:
    pool = LocalPool(2, serve)
    try:
        pool.submit(job(tmp_path, "a"))
        assert pool.free == 1
        pool.submit(job(tmp_path, "b"))
        assert pool.free == 0
        told = until(pool, ["done", "done"])
        assert {(event.kind, event.portal) for event in told} == {(kind, id) for kind in ("page", "done") for id in ("a", "b")}
        assert pool.free == 2
        pool.submit(job(tmp_path, "c"))
        until(pool, ["done"])
        assert len(pool.pids) == 2, "a worker does one job after the other"
    finally:
        pool.close()
    assert pool.pids == []


def test_a_killed_worker_loses_only_its_own_job(tmp_path: Path) -> None:
    pool = LocalPool(2, serve)
    try:
        pool.submit(job(tmp_path, "a", "die"))
        pool.submit(job(tmp_path, "b"))
        told = until(pool, ["lost", "done"])
        assert Event("lost", "a", "exit -9") in told and Event("done", "b") in told
        pool.submit(job(tmp_path, "a", "die"))
        assert Event("done", "a") in until(pool, ["done"])
    finally:
        pool.close()


def test_a_worker_that_died_idle_is_replaced(tmp_path: Path) -> None:
    pool = LocalPool(1, serve)
    try:
        pool.submit(job(tmp_path, "a"))
        until(pool, ["done"])
        os.kill(pool.pids[0], signal.SIGKILL)
        time.sleep(0.2)
        events: list[Event] = []
        for _ in range(2):  # the pipe may still take a job that nobody will read: then it is told as lost
            pool.submit(job(tmp_path, "b"))
            while not events or events[-1].kind not in ("lost", "done"):
                events += pool.wait(1)
            if events[-1].kind == "done":
                break
        assert events[-1] == Event("done", "b")
    finally:
        pool.close()


def test_a_silent_worker_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pool = LocalPool(1, serve)
    try:
        pool.submit(job(tmp_path, "a", "wait"))
        until(pool, ["page"])
        monkeypatch.setattr("wcag_audit.executor.SILENCE", 0.0)
        assert until(pool, ["lost"])[-1].portal == "a"
    finally:
        pool.close()


COORDINATOR = """
import sys, time
from pathlib import Path
from tests.test_executor import job
from tests.workers import serve
from wcag_audit.executor import LocalPool

if __name__ == "__main__":
    pool = LocalPool(1, serve)
    pool.submit(job(Path(sys.argv[1]), "a", "wait"))
    while not any(event.kind == "page" for event in pool.wait(1)):
        pass
    print(pool.pids[0], flush=True)
    time.sleep(60)
"""


def test_workers_end_with_a_killed_coordinator(tmp_path: Path, checkout: Path) -> None:
    script = tmp_path / "coordinator.py"
    script.write_text(COORDINATOR, "utf-8")
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    with subprocess.Popen([sys.executable, script, tmp_path], stdout=subprocess.PIPE, text=True, env=environment) as coordinator:
        assert coordinator.stdout is not None
        worker = int(coordinator.stdout.readline())
        coordinator.kill()
    end = time.monotonic() + 30
    while not gone(worker):
        assert time.monotonic() < end
        time.sleep(0.1)


def test_a_worker_that_is_asked_to_end_while_it_starts_ends_in_silence() -> None:
    script = """
import os, signal, threading
from multiprocessing import Pipe
from wcag_audit.executor import serve_pipe
begin = threading.Thread.start
def begin_and_end(thread):
    begin(thread)
    os.kill(os.getpid(), signal.SIGTERM)
threading.Thread.start = begin_and_end
ours, theirs = Pipe()
serve_pipe(theirs)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
