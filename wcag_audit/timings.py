"""Where the time of an audit goes: gatherers, probes, rules and writers tell it to whoever listens (``--profile-timings``).

Pages run beside each other and wait for each other, so the sums of all parts are more than the clock shows.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal

import msgspec

from wcag_audit.model import Struct

VERSION = 1

#: What time is spent on: waiting for the browser and the page, recording, probing, judging by a rule or for all of them, writing.
Kind = Literal["wait", "gatherer", "probe", "rule", "judge", "write"]


class Spent(Struct):
    """The time that one part took: how often it ran, seconds altogether, and seconds of the longest time."""

    kind: Kind
    name: str
    times: int
    seconds: float
    longest: float


class Timings:
    """What was told so far, by the ``clock`` given; threads may tell it things at once."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self.clock = clock
        self._lock = threading.Lock()
        self._spent: dict[tuple[Kind, str], list[float]] = {}
        self._started = clock()

    def add(self, kind: Kind, name: str, seconds: float) -> None:
        with self._lock:
            known = self._spent.setdefault((kind, name), [0, 0.0, 0.0])
            known[:] = known[0] + 1, known[1] + seconds, max(known[2], seconds)

    def rows(self) -> list[Spent]:
        """All parts, what took most first."""
        with self._lock:
            told = [(part, list(spent)) for part, spent in self._spent.items()]
        found = [Spent(kind=kind, name=name, times=int(n), seconds=all_, longest=most) for (kind, name), (n, all_, most) in told]
        return sorted(found, key=lambda one: -one.seconds)

    def encode(self) -> bytes:
        """``timings.json``: seconds by the clock so far, and all parts."""
        told = {"version": VERSION, "seconds": self.clock() - self._started, "parts": self.rows()}
        return msgspec.json.format(msgspec.json.encode(told), indent=1) + b"\n"


_listening: ContextVar[Timings | None] = ContextVar("_listening", default=None)


@contextmanager
def listening(timings: Timings | None) -> Iterator[None]:
    """Have everything that starts in this block tell where its time goes; with None nobody listens."""
    token = _listening.set(timings)
    try:
        yield
    finally:
        _listening.reset(token)


@contextmanager
def timed(kind: Kind, name: str) -> Iterator[None]:
    """Tell whoever listens what the block took, also where it fails."""
    timings = _listening.get()
    if timings is None:
        yield
        return
    started = timings.clock()
    try:
        yield
    finally:
        timings.add(kind, name, timings.clock() - started)
