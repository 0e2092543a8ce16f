"""How fast a portal is asked: few pages at once, pauses between them, longer ones where it asks for patience or answers ever slower."""

from __future__ import annotations

import asyncio
import email.utils
import time
from collections import deque
from collections.abc import Callable
from statistics import median
from typing import NamedTuple
from urllib.parse import urlsplit

#: Seconds before each page of a portal; none on loopback. What robots.txt asks for goes before it, up to ``MAX_PAUSE``.
PAUSE = 1.0
MAX_PAUSE = 30.0
#: Pages of one host under way at once, at the most.
PER_HOST = 2
#: Seconds waited at the most where a portal asks for patience: as long as it says itself, or as we think.
MAX_WAIT = 120.0
MAX_BACKOFF = 30.0
#: Answers that ask for patience.
_REFUSALS = (429, 503)
#: Answers compared with the first ones; slower by this factor, and by so many seconds, counts as ever slower.
_RECENT, _SLOWER, _AT_LEAST = 5, 3.0, 1.0


class Answer(NamedTuple):
    """How a portal answered: its status, what its Retry-After says in seconds (None: nothing), and the seconds until the page stood."""

    url: str
    status: int | None = None
    retry_after: float | None = None
    took: float = 0.0

    @property
    def refused(self) -> bool:
        """Whether the portal asks for patience."""
        return self.status in _REFUSALS


def retry_after(value: str | None, now: Callable[[], float] = time.time) -> float | None:
    """Seconds that a Retry-After header asks for: a number, or a date. None where it says nothing that can be read."""
    if value is None:
        return None
    if value.strip().isdigit():
        return float(value.strip())
    try:
        return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - now())
    except ValueError:
        return None


def is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host in ("localhost", "::1") or host.endswith(".localhost") or host.startswith("127.")


class Pace:
    """The pace of one portal. ``rate`` is pages a minute at the most, 0 for none; ``backoff`` the first pause after a refusal."""

    def __init__(self, start: str, *, rate: float = 0.0, backoff: float = 5.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._loopback = is_loopback(start)
        self._pause = max(0.0 if self._loopback else PAUSE, 60 / rate if rate else 0.0)
        self._backoff = backoff
        self._clock = clock
        self._next = 0.0
        self._refusals = 0
        self._first: list[float] = []
        self._recent: deque[float] = deque(maxlen=_RECENT)
        #: How often the portal asked for patience, and the seconds given to it.
        self.refused = 0
        self.waited = 0.0

    def ask_for(self, delay: float) -> None:
        """robots.txt asks for so many seconds between pages; on loopback nobody has to be spared."""
        if not self._loopback:
            self._pause = max(self._pause, min(delay, MAX_PAUSE))

    async def wait(self) -> None:
        """Wait for a page's turn to be asked for."""
        # A refusal of the page before may move the turn while this one waits.
        while (left := self._next - self._clock()) > 0:
            await asyncio.sleep(left)
        self._next = self._clock() + self._pause + self._slower()

    def answered(self, answer: Answer) -> None:
        """Take note of an answer: a refusal moves everything that follows."""
        if not answer.refused:
            self._refusals = 0
            (self._first if len(self._first) < _RECENT else self._recent).append(answer.took)
            return
        self.refused += 1
        growing = min(self._backoff * 2**self._refusals, MAX_BACKOFF)
        wait = min(answer.retry_after, MAX_WAIT) if answer.retry_after is not None else growing
        self._refusals += 1
        moved = max(self._next, self._clock() + wait)
        self.waited += moved - max(self._next, self._clock())
        self._next = moved

    def _slower(self) -> float:
        """A further pause where the portal answers ever slower: as long as its answers now take."""
        if self._loopback or len(self._recent) < _RECENT:
            return 0.0
        now = median(self._recent)
        return min(now, MAX_PAUSE) if now > max(_AT_LEAST, _SLOWER * median(self._first)) else 0.0
