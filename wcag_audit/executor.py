"""Where jobs are done: an executor takes jobs and tells what becomes of them. Here: a pool of processes on this machine.

A worker that dies takes nobody with it: its job is told as ``lost`` and a fresh worker takes its place. When the coordinator dies,
its workers notice and end.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection, wait
from typing import NoReturn, Protocol

from wcag_audit.worker import Event, Job, work

#: Seconds of silence after which a worker counts as hung. Every step of an audit is bounded by far less.
SILENCE = 1800.0
#: Seconds that a worker has to close its browser before it is killed.
_GRACE = 20.0


class Executor(Protocol):
    """What the coordinator asks of wherever jobs are done."""

    @property
    def free(self) -> int:
        """How many jobs can be taken now."""
        ...

    def submit(self, job: Job) -> None:
        """Take a job. Only while ``free``."""
        ...

    def wait(self, timeout: float) -> Sequence[Event]:
        """What happened, as soon as anything did, or nothing after so many seconds."""
        ...

    def close(self) -> None:
        """Stop all workers: what they were at goes on with the next batch."""
        ...


class _Worker:
    """A worker process and what it is at."""

    def __init__(self, context: multiprocessing.context.SpawnContext, serve: Callable[[Connection], None]) -> None:
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=serve, args=(theirs,), daemon=False)
        self.process.start()
        theirs.close()
        self.job: Job | None = None
        self.heard = time.monotonic()

    def take(self, job: Job) -> None:
        self.job = job
        self.heard = time.monotonic()
        self.pipe.send(job)

    def read(self) -> list[Event]:
        """What it has told. Raises EOFError where it died."""
        events: list[Event] = []
        while self.pipe.poll():
            event: Event = self.pipe.recv()
            self.heard = time.monotonic()
            if event.kind != "page":
                self.job = None
            events.append(event)
        return events


class LocalPool:
    """So many worker processes, each with its own browser; they start when they are needed."""

    def __init__(self, workers: int, serve: Callable[[Connection], None] | None = None) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._serve = serve or serve_pipe
        self._most = workers
        self._workers: list[_Worker] = []

    @property
    def free(self) -> int:
        return self._most - sum(1 for worker in self._workers if worker.job is not None)

    @property
    def pids(self) -> list[int]:
        """The worker processes."""
        return [worker.process.pid for worker in self._workers if worker.process.pid is not None]

    def submit(self, job: Job) -> None:
        while True:
            worker = next((one for one in self._workers if one.job is None), None)
            if worker is None:
                worker = _Worker(self._context, self._serve)
                self._workers.append(worker)
            try:
                worker.take(job)
                return
            except OSError:  # it died while it had nothing to do
                self._bury(worker)

    def wait(self, timeout: float) -> Sequence[Event]:
        events: list[Event] = []
        ready = wait([worker.pipe for worker in self._workers], timeout)
        for worker in [one for one in self._workers if one.pipe in ready]:
            try:
                events += worker.read()
            except (EOFError, OSError):
                events += self._bury(worker)
        for worker in list(self._workers):
            if worker.job is not None and time.monotonic() - worker.heard > SILENCE:
                worker.process.kill()
                events += self._bury(worker)
        return events

    def _bury(self, worker: _Worker) -> list[Event]:
        worker.process.join(_GRACE)
        if worker.process.is_alive():
            worker.process.kill()
            worker.process.join()
        self._workers.remove(worker)
        worker.pipe.close()
        return [Event("lost", worker.job.portal.id, f"exit {worker.process.exitcode}")] if worker.job else []

    def close(self) -> None:
        for worker in self._workers:
            if worker.process.is_alive():
                worker.process.terminate()
        for worker in list(self._workers):
            self._bury(worker)


def serve_pipe(pipe: Connection, do: Callable[[Job, Callable[[Event], None]], None] = work) -> None:
    """A worker process: one job after the other, until the other end of the pipe is closed."""
    try:
        _serve(pipe, do)
    except (KeyboardInterrupt, BrokenPipeError):
        os._exit(0)


def _serve(pipe: Connection, do: Callable[[Job, Callable[[Event], None]], None]) -> None:
    signal.signal(signal.SIGTERM, _interrupt)
    # Ctrl-C goes to the whole group of processes; the coordinator decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    jobs: list[Job] = []
    given = threading.Semaphore(0)

    def listen() -> None:
        try:
            while True:
                jobs.append(pipe.recv())
                given.release()
        except (EOFError, OSError):
            # The coordinator is gone: end as after a polite kill, and if that takes too long, at once.
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(_GRACE)
            os._exit(1)

    threading.Thread(target=listen, daemon=True).start()
    sending = threading.Lock()

    def tell(event: Event) -> None:
        with sending:
            pipe.send(event)

    while True:
        given.acquire()
        do(jobs.pop(0), tell)


def _interrupt(*_: object) -> NoReturn:
    # Once: the pool asks a worker to end, and so does its own listener when the pool is gone.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt
