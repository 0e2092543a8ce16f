"""Worker processes for tests of the executor: they do as their job's portal name says, without a browser."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from wcag_audit.executor import serve_pipe
from wcag_audit.worker import Event, Job


def do(job: Job, tell: Callable[[Event], None]) -> None:
    """``die``: killed at its first try. ``die always``. ``wait``: until ended. Anything else: done after one page."""
    tries = Path(job.folder)
    tries.parent.mkdir(parents=True, exist_ok=True)
    with tries.open("a") as file:
        file.write(f"{os.getpid()}\n")
    first = len(tries.read_text().splitlines()) == 1
    if job.portal.name == "die always" or (job.portal.name == "die" and first):
        os.kill(os.getpid(), signal.SIGKILL)
    tell(Event("page", job.portal.id, "audited"))
    if job.portal.name == "wait":
        time.sleep(60)
    tell(Event("done", job.portal.id))


def serve(pipe: Connection) -> None:
    """What a worker process runs."""
    serve_pipe(pipe, do)
