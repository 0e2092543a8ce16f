"""What a probe is, and how one runs: a gatherer that acts like a person and records what happened. It never judges.

A probe chooses its next action by a pure function of what it has recorded so far, so a replay comes to the same actions. Each
runs in a fresh page in which navigations, submits, windows, downloads, socket frames and requests that change something are held
back and recorded.

The data of every recording (an artifact's)::

    {"start": facts at the beginning, "steps": [{"action", "reason", "args", "at", "changed"}], "done": reason,
     "held": [{"kind", "detail", "at", …}], "took": milliseconds}

``at`` is in milliseconds from the recording's start. An element in a recording is ``{"frame": [places of the frames' elements
from the outside in], "path": place, "tag", "id", "html", "box", "seen", "text"}``; ``wcag_audit.recorded`` finds it in the tree.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Any

import msgspec

from wcag_audit.browser.port import Browser, BrowserError, EvaluationTimeout, ProbingPage
from wcag_audit.model import JSON, Artifact

#: Seconds for a probe's page to load and to become quiet.
_LOAD, _SETTLE = 20.0, 4.0
_MAX_STEPS = 2_000


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """What a probe does next: an id that ``perform`` knows, why (an id with words in ``words.toml``), and with what."""

    action: str
    reason: str
    args: dict[str, JSON] = {}


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """A probe is at its end, and why."""

    reason: str


class Recording:
    """What a probe has recorded so far: plain data."""

    def __init__(self, start: JSON, steps: list[dict[str, Any]] | None = None) -> None:
        self.start = start
        self.steps: list[dict[str, Any]] = steps if steps is not None else []


class Context:
    """What a probe may know beforehand: the static snapshot's data by artifact name, and which elements to try again, if any.

    ``patience`` stretches every probe's time box: a busy machine takes longer for the same recording.
    """

    def __init__(self, artifacts: Mapping[str, JSON], again: Sequence[JSON] = (), patience: float = 1.0) -> None:
        self.artifacts = artifacts
        self.again = tuple(again)
        self.patience = patience


class Tab:
    """A probe's page, with the in-page helper in every frame."""

    def __init__(self, page: ProbingPage) -> None:
        self.page = page
        #: What a probe gathered beside its recording, by the artifact's name.
        self.kept: dict[str, JSON] = {}
        self._url = ""
        self._frames: dict[str, list[list[int | str]]] = {}

    async def open(self, url: str) -> None:
        """Load the page, make it quiet, and hold back everything from then on. Raises BrowserError where it does not come."""
        loaded = await self.page.open(url, _LOAD)
        if loaded.error is not None:
            raise BrowserError(f"the page did not open again for the probe: {loaded.detail or loaded.error}")
        await self._ready(url)

    async def reload(self) -> None:
        """The page once more as it came, for what could not be undone. Raises BrowserError where it does not come."""
        await self.page.reopen(self._url, _LOAD)
        await self._ready(self._url)

    async def _ready(self, url: str) -> None:
        self._url = url
        await self.page.settle(_SETTLE)
        await self.page.hold_back()
        await self.find_frames()

    async def find_frames(self) -> None:
        """Put the helper into every frame and learn where each stands."""
        self._frames = {}
        for ref in await self.page.frames():
            with contextlib.suppress(BrowserError):
                await self.page.load_script("probe", _helper(), frame=ref.id)
                if ref.parent is None:
                    self._frames[ref.id] = []
                elif ref.parent in self._frames and (place := await self.page.owner_place(ref)) is not None:
                    self._frames[ref.id] = [*self._frames[ref.parent], place]

    @property
    def frames(self) -> list[str]:
        """Ids of the frames that can be asked, the page itself first."""
        return list(self._frames)

    def place(self, frame: str) -> list[list[int | str]]:
        """Where a frame stands: the places of its elements from the outside in; of the page itself, empty."""
        return self._frames[frame]

    def frame_at(self, place: Sequence[Sequence[int | str]]) -> str:
        """The frame that stands there. Raises BrowserError where there is none."""
        wanted = [list(part) for part in place]
        found = next((frame for frame, there in self._frames.items() if there == wanted), None)
        if found is None:
            raise BrowserError("the frame is not there any more")
        return found

    async def ask(self, expression: str, frame: str | None = None, timeout: float = 10.0) -> Any:
        """The value of an expression in a frame's isolated world; ``__probe`` is the helper."""
        return await self.page.evaluate(expression, frame=frame or self.frames[0], timeout=timeout)

    async def ask_of(self, element: JSON, expression: str, timeout: float = 10.0) -> Any:
        """The value of an expression in which ``el`` is a recorded element; null where it is not there any more."""
        path = json.dumps(element["path"])
        wrapped = f"(() => {{ const el = __probe.find({path}); return el ? ({expression}) : null; }})()"
        return await self.ask(wrapped, self.frame_at(element["frame"]), timeout)

    async def record_events(self) -> None:
        """Start (or start anew) the list of events in every frame."""
        for frame in self.frames:
            await self.ask("__probe.record()", frame)

    async def take_events(self) -> list[dict[str, Any]]:
        """The events of all frames since the last time, in order, each element with its frame's place."""
        found: list[dict[str, Any]] = []
        for frame in self.frames:
            with contextlib.suppress(BrowserError):
                for event in await self.ask("__probe.take()", frame):
                    if event.get("el"):
                        event["el"]["frame"] = self.place(frame)
                    found.append({**event, "frame": self.place(frame)})
        return sorted(found, key=lambda event: event["at"])

    async def active(self) -> dict[str, Any] | None:
        """The element that has the focus, in whichever frame; None where nothing or the body has it."""
        frame, place = self.frames[0], self.place(self.frames[0])
        while True:
            found: dict[str, Any] | None = await self.ask("__probe.describe(__probe.deepActive())", frame)
            if found is None or found["tag"] in ("body", "html"):
                return None
            if found["tag"] not in ("iframe", "frame", "object"):
                return {**found, "frame": place}
            inner = [*place, found["path"]]
            below = next((other for other, there in self._frames.items() if there == inner), None)
            if below is None:
                return {**found, "frame": place}
            frame, place = below, inner


class Probe(ABC):
    """One probe; stateless, so that one instance serves every page."""

    #: The artifact's name and version.
    name: str
    version: int = 1
    #: Seconds for the whole recording.
    time_box: float = 20.0
    #: Whether the page is as it was when the probe ends, so that another may go on in it.
    leaves_page_clean: bool = False

    def idle(self, context: Context) -> JSON | None:
        """Where the static snapshot gives no reason to act: the facts to start from, and no page is opened for it. Else None."""
        return None

    @abstractmethod
    async def begin(self, tab: Tab, context: Context) -> JSON:
        """Facts to start from: plain data, bounded."""

    @abstractmethod
    def next(self, recording: Recording) -> Action | Done:
        """What to do next. Pure: the same recording gives the same action."""

    @abstractmethod
    async def perform(self, tab: Tab, action: Action) -> JSON:
        """Do it, and tell what changed: plain data, bounded."""


@cache
def _helper() -> str:
    return resources.files("wcag_audit.gather").joinpath("probe.js").read_text("utf-8")


async def run(probe: Probe, tab: Tab, context: Context) -> dict[str, Any]:
    """Run a probe to its end or to the end of its time. Raises BrowserError where the page is lost before anything was recorded."""
    started = time.perf_counter()
    epoch = await tab.ask("__probe.clock()")
    first_held = len(tab.page.held)
    recording = Recording(await probe.begin(tab, context))
    done = "time"
    box = probe.time_box * context.patience
    while (left := box - (time.perf_counter() - started)) > 0 and len(recording.steps) < _MAX_STEPS:
        chosen = probe.next(recording)
        if isinstance(chosen, Done):
            done = chosen.reason
            break
        at = int((time.perf_counter() - started) * 1000)
        try:
            changed = await asyncio.wait_for(probe.perform(tab, chosen), max(1.0, left + 2))
        except (TimeoutError, EvaluationTimeout):
            done = "time"
            break
        except BrowserError as error:
            done = f"lost: {error}"[:200]
            break
        recording.steps.append({"action": chosen.action, "reason": chosen.reason, "args": chosen.args, "at": at, "changed": changed})
    held = [{**note, "at": round(note["at"] - epoch, 1) if note["at"] is not None else None} for note in tab.page.held[first_held:]]
    took = int((time.perf_counter() - started) * 1000)
    return {"start": recording.start, "steps": recording.steps, "done": done, "held": held, "epoch": epoch, "took": took}


def replays(probe: Probe, data: Mapping[str, Any]) -> bool:
    """Whether ``next`` chooses the recorded actions again from the recording alone."""
    recording = Recording(data["start"])
    for step in data["steps"]:
        chosen = probe.next(recording)
        if isinstance(chosen, Done) or (chosen.action, chosen.reason, chosen.args) != (step["action"], step["reason"], step["args"]):
            return False
        recording.steps.append(dict(step))
    if data["done"] == "time" or data["done"].startswith("lost"):
        return True
    chosen = probe.next(recording)
    return isinstance(chosen, Done) and chosen.reason == data["done"]


async def run_all(
    browser: Browser,
    url: str,
    probes: Iterable[Probe],
    data: Mapping[str, JSON],
    again: Mapping[str, Sequence[JSON]],
    artifacts: dict[str, Artifact],
    *,
    isolated: bool = False,
    suffix: str = "",
    patience: float = 1.0,
) -> None:
    """Run probes one after the other, in a fresh page wherever the one before did not leave the page as it was.

    ``data`` is the static snapshot's by artifact name, ``again`` what to try again by probe. The recordings are put into
    ``artifacts`` as they come, so that nothing is lost where time runs out. Raises BrowserError where the driver has no probes.
    """
    tab: Tab | None = None
    try:
        for probe in probes:
            started = time.perf_counter()
            recorded, error = None, None
            context = Context(data, again.get(probe.name, ()), patience)
            if (nothing := probe.idle(context)) is not None and isinstance(done := probe.next(Recording(nothing)), Done):
                still = {"start": nothing, "steps": [], "done": done.reason, "held": [], "epoch": 0, "took": 0}
                artifacts[probe.name + suffix] = Artifact(version=probe.version, data=still)
                continue
            try:
                if tab is None:
                    tab = Tab(await browser.new_probing_page(isolated=isolated))
                    await tab.open(url)
                recorded = await run(probe, tab, context)
            except BrowserError as failure:
                error = str(failure)[:300]
            took = int((time.perf_counter() - started) * 1000)
            artifacts[probe.name + suffix] = Artifact(version=probe.version, data=recorded, error=error, took=took)
            if tab is not None:
                artifacts.update((name, Artifact(version=probe.version, data=kept)) for name, kept in tab.kept.items())
                tab.kept = {}
            clean = recorded is not None and recorded["done"] != "time" and (probe.leaves_page_clean or not recorded["steps"])
            if tab is not None and not clean:
                await _close(tab.page)
                tab = None
    finally:
        if tab is not None:
            await _close(tab.page)


async def _close(page: ProbingPage) -> None:
    await asyncio.wait({asyncio.ensure_future(page.close())}, timeout=5)
