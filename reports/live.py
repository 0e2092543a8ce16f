"""The live view of a batch: what a terminal shows, and one JSON line an event for logs. Nothing here prints."""

from __future__ import annotations

import json
import time
from collections import Counter
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text as Styled

from wcag_audit.locale import WORDS
from wcag_audit.model import Text
from wcag_audit.reports.texts import line, number, text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wcag_audit.model import Result
    from wcag_audit.roster import Unit

#: Running portals that are named.
_NAMED = 8


class Live:
    """What is known of a running batch: told by the coordinator, shown as a panel or as lines."""

    def __init__(self, lang: str) -> None:
        self._lang = lang
        self._begun = time.monotonic()
        self._all = 0
        self._before = 0
        self._done = 0
        self._pages: Counter[str] = Counter()
        self._states: Counter[str] = Counter()
        self._running: dict[str, tuple[Unit, int]] = {}
        self._lost = 0

    # -- told by the coordinator -----------------------------------------------------------------------------------------
    def begun(self, units: Sequence[Unit], finished: int) -> str:
        self._all, self._before = len(units), finished
        return self._event("batch_begun", portals=len(units), finished_before=finished)

    def started(self, unit: Unit) -> str:
        self._running[unit.id] = (unit, 0)
        return self._event("portal_started", portal=unit.id, url=unit.url)

    def page(self, unit: Unit, state: str) -> str:
        self._pages[state] += 1
        _, pages = self._running.get(unit.id, (unit, 0))
        self._running[unit.id] = (unit, pages + 1)
        return self._event("page_done", portal=unit.id, state=state)

    def lost(self, unit: Unit, detail: str) -> str:
        self._running.pop(unit.id, None)
        self._lost += 1
        return self._event("worker_lost", portal=unit.id, detail=detail)

    def finished(self, unit: Unit, result: Result | None) -> str:
        self._running.pop(unit.id, None)
        self._done += 1
        state = outcome(result)
        self._states[state] += 1
        points = result.scores[0] if result is not None else None
        return self._event(
            "portal_finished",
            portal=unit.id,
            state=state,
            pages=len(result.pages) if result is not None else 0,
            points=points.automatic if points is not None else None,
            maximum=points.maximum if points is not None else None,
            done=self._done,
            waiting=self._waiting,
            pages_a_minute=round(self.pages_a_minute, 1),
            seconds_left=None if self._left is None else round(self._left),
        )

    def _event(self, event: str, **values: object) -> str:
        """One JSON line."""
        return json.dumps({"time": time.strftime("%Y-%m-%dT%H:%M:%S%z"), "event": event, **values}, ensure_ascii=False)

    # -- what follows from it --------------------------------------------------------------------------------------------
    @property
    def _waiting(self) -> int:
        return self._all - self._done - len(self._running)

    @property
    def _seconds(self) -> float:
        return time.monotonic() - self._begun

    @property
    def pages_a_minute(self) -> float:
        return 60 * self._pages.total() / self._seconds if self._seconds else 0.0

    @property
    def _left(self) -> float | None:
        """Seconds left at the speed so far; None before the first portal is done."""
        return self._seconds / self._done * (self._all - self._done) if self._done else None

    # -- the panel -------------------------------------------------------------------------------------------------------
    def panel(self) -> RenderableType:
        """A bar, the counts, and the portals that run now."""
        counts = Table.grid(padding=(0, 3))
        counts.add_row(
            self._count("done", f"{self._done + self._before}/{self._all + self._before}"),
            self._count("running", str(len(self._running))),
            self._count("waiting", str(self._waiting)),
            self._count("pages", str(self._pages.total())),
            self._count("speed", number(round(self.pages_a_minute, 1))[self._lang]),
            self._count("left", "–" if self._left is None else _clock(self._left)),
        )
        states = ", ".join(f"{_state(name)[self._lang]}: {n}" for name, n in sorted(self._states.items()))
        running = Table.grid(padding=(0, 2))
        for unit, pages in list(self._running.values())[:_NAMED]:
            running.add_row("▸", line(unit.name[self._lang], 60), text("live", "pages_of", n=pages)[self._lang])
        return Group(
            ProgressBar(total=max(1, self._all), completed=self._done, width=60), counts, *([Styled(states)] if states else []), running
        )

    def _count(self, key: str, value: str) -> Styled:
        return Styled.assemble((value, "bold"), " ", (text("live", key)[self._lang], "dim"))

    def said(self, unit: Unit, result: Result | None) -> str:
        """One line of text for a finished portal, where there is no terminal."""
        score = result.scores[0] if result is not None else None
        if score is None or score.automatic is None:
            return f"{line(unit.name[self._lang], 80)}: {_state(outcome(result))[self._lang]}"
        points = text("live", "points", points=number(score.automatic), maximum=number(score.maximum))
        return f"{line(unit.name[self._lang], 80)}: {points[self._lang]}"


def outcome(result: Result | None) -> str:
    """``assessed``, the state of the start page of a portal that was not, or ``crashed``."""
    if result is None:
        return "crashed"
    if result.scores[0].assessed:
        return "assessed"
    return min(result.pages, key=lambda page: page.page.order).page.state.value


def _state(name: str) -> Text:
    return WORDS["unit_states"]["assessed"] if name == "assessed" else WORDS["page_states"].get(name) or Text(name, name)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"
