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
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from functools import cache, partial
from importlib import resources
from itertools import chain
from typing import Any, TypeVar

import msgspec

from wcag_audit.browser.port import Browser, BrowserError, BrowserPage, EvaluationTimeout, ProbingPage
from wcag_audit.components import Standing, carry, elements_in
from wcag_audit.dom import Dom, Node, left_out
from wcag_audit.model import JSON, Artifact
from wcag_audit.timings import timed

_T = TypeVar("_T")
#: Seconds for a probe's page to load and to become quiet.
_LOAD, _SETTLE = 20.0, 4.0
_MAX_STEPS = 2_000
#: Kinds of notes that tell of nothing held back.
NOTICED = frozenset(
    ("fast-change", "restless", "reduced-motion", "marquee", "slow-timer", "play-detached", "timed-sound", "flicker", "within-document")
)


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
        self._tree: Dom | None = None
        self._chosen: dict[Callable[[Dom], Any], Any] = {}

    @property
    def tree(self) -> Dom | None:
        """The static snapshot's tree, read once; None where there is none."""
        if self._tree is None and "dom" in self.artifacts:
            self._tree = Dom(self.artifacts["dom"])
        return self._tree

    @property
    def huge(self) -> bool:
        """Whether the page takes so much memory that it is probed alone, and gives back what it can between the steps."""
        look, tree = self.artifacts.get("look"), self.artifacts.get("dom")
        return (look is not None and bool(look.get("huge"))) or (tree is not None and left_out(tree) != "")

    def for_probe(self, again: Sequence[JSON]) -> Context:
        """The same for one probe, with what it is to try again."""
        context = Context(self.artifacts, again, self.patience)
        context._tree, context._chosen = self.tree, self._chosen
        return context

    def chosen(self, choose: Callable[[Dom], _T]) -> _T | None:
        """What a probe chooses from the tree, chosen once for all who ask; None where there is no tree."""
        if self.tree is None:
            return None
        if choose not in self._chosen:
            self._chosen[choose] = choose(self.tree)
        found: _T = self._chosen[choose]
        return found


class Tab:
    """A probe's page, with the in-page helper in every frame."""

    def __init__(self, page: ProbingPage, another: Callable[[], Awaitable[ProbingPage]] | None = None) -> None:
        self.page = page
        self._another = another
        #: What a probe gathered beside its recording, by the artifact's name.
        self.kept: dict[str, JSON] = {}
        #: Whether no second tab of the page may stand beside this one.
        self.alone = False
        #: The address that it was opened at.
        self.url = ""
        self._frames: dict[str, list[list[int | str]]] = {}

    async def open(self, url: str) -> None:
        """Load the page, make it quiet, and hold back everything from then on. Raises BrowserError where it does not come."""
        loaded = await self.page.open(url, _LOAD)
        if loaded.error is not None:
            raise BrowserError(f"the page did not open again for the probe: {loaded.detail or loaded.error}")
        await self._ready(url)

    async def reload(self) -> None:
        """The page once more as it came, for what could not be undone, in a fresh tab where time was moved on in this one: it cannot
        be given back. Raises BrowserError where it does not come."""
        if not self.page.time_is_held or self._another is None:
            await self.page.reopen(self.url, _LOAD)
            await self._ready(self.url)
            return
        left, self.page = self.page, await self._another()
        self.page.held.extend(left.held)
        await close(left)
        await self.open(self.url)

    @contextlib.asynccontextmanager
    async def another(self) -> AsyncIterator[Tab]:
        """A second tab of the same page, not opened yet; closed in the end. Where it may not stand beside this one, this one is closed
        and done with. Raises BrowserError where the driver has none."""
        if self._another is None:
            raise BrowserError("there is no second tab")
        if self.alone:
            await close(self.page)
        tab = Tab(await self._another(), self._another)
        try:
            yield tab
        finally:
            self.page.held.extend(tab.page.held)
            await close(tab.page)

    async def adopt(self, url: str) -> None:
        """Go on in a page that stands already and in which nothing was done yet: the one that the static snapshot was taken of."""
        self.url = url
        await self.page.hold_back()
        await self.find_frames()

    async def _ready(self, url: str) -> None:
        self.url = url
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

    async def looks(self) -> str:
        """What tells whether the page is as it was: its structure, texts and what its fields hold, without numbers, which clocks and
        counters change by themselves. The focus and the pointer are taken away from it first."""
        if not self.page.time_is_held:
            await self.page.hover(0, 0)
        return json.dumps([await self.ask("__probe.looks()", frame) for frame in self.frames])

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

    async def show_ring(self, shown: bool) -> None:
        """Draw the ring around what has the focus, or leave it out while many keys are pressed."""
        for frame in self.frames:
            with contextlib.suppress(BrowserError):
                await self.ask(f"__probe.ring({json.dumps(shown)})", frame)

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
            found: dict[str, Any] | None = await self.ask("__probe.stop()", frame)
            if found is None:
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
    #: Whether time has to pass by itself in its page, as it does until a probe has moved it on.
    needs_real_time: bool = True
    #: Whether its page is of no use to others afterwards, even where it looks the same.
    spoils_page: bool = False
    #: Whether no request of a script leaves the browser meanwhile.
    silent: bool = False
    #: Whether ``start`` is a ``plan`` whose rows become the steps, each of which stands for itself, and second tries are such rows.
    independent: bool = False

    def idle(self, context: Context) -> JSON | None:
        """Where the static snapshot gives no reason to act: the facts to start from, and no page is opened for it. Else None."""
        return None

    def acts_on(self, context: Context) -> list[Node] | None:
        """All elements that it may act on, where the static snapshot tells them; None where it acts on the page as a whole."""
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


class HugeBeside(Exception):
    """A huge page came while another one stands; it has to come again once there is room."""


class Room:
    """What of an audit stands in its browser at once: so many pages load, and of huge ones there is one.

    Whoever waits for the place of the huge one has no other: pages that load go on, and nobody waits in a circle.
    """

    def __init__(self, loading: int = 1) -> None:
        self.loading = asyncio.Semaphore(loading)
        self.huge = asyncio.Semaphore(1)

    def place(self) -> asyncio.Semaphore:
        """The place of the huge page, for one that does not wait for it. Raises HugeBeside where it is taken."""
        if self.huge.locked():
            raise HugeBeside
        return self.huge


@cache
def _helper() -> str:
    return resources.files("wcag_audit.gather").joinpath("probe.js").read_text("utf-8")


async def run(probe: Probe, tab: Tab, context: Context) -> dict[str, Any]:
    """Run a probe to its end or to the end of its time. Raises BrowserError where the page is lost before anything was recorded."""
    tab.alone = context.huge
    if tab.alone:
        await tab.page.free_memory()
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
        if tab.alone:
            await tab.page.free_memory()
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
    whole: Context,
    again: Mapping[str, Sequence[JSON]],
    artifacts: dict[str, Artifact],
    *,
    isolated: bool = False,
    suffix: str = "",
    standing: ProbingPage | None = None,
    claims: Mapping[str, Claim] | None = None,
    seconds: Mapping[str, Sequence[Second]] | None = None,
    loading: AbstractAsyncContextManager[Any] | None = None,
) -> None:
    """Run probes one after the other, in a fresh page wherever the one before did not leave the page as it was; second tries always.

    ``again`` is what to try again by probe, ``standing`` a page that stands already and in which nothing was done yet; it is closed
    here. ``claims`` are what the page shares with others, ``seconds`` the same of what is tried again, ``loading`` lets only so many
    pages load at once. The recordings are put into ``artifacts`` as they come, so that nothing is lost where time runs out. Raises
    BrowserError where the driver has no probes.
    """
    shared = _SharedTab(url, lambda: browser.new_probing_page(isolated=isolated), standing, loading or contextlib.nullcontext())
    claims = claims or {}
    seconds = seconds or {}

    async def try_again(probe: Probe, rows: Sequence[JSON]) -> dict[str, Any]:
        recorded = await run(probe, await shared.for_probe(probe), whole.for_probe(rows))
        await shared.close()
        return recorded

    try:
        for probe in probes:
            started = time.perf_counter()
            recorded, error = None, None
            context = whole.for_probe(again.get(probe.name, ()))
            if (nothing := probe.idle(context)) is not None and isinstance(done := probe.next(Recording(nothing)), Done):
                artifacts[probe.name + suffix] = Artifact(version=probe.version, data=_still(nothing, done.reason))
                continue
            claim, carried = claims.get(probe.name), None
            if claim is not None:
                with timed("wait", "carried"):
                    carried = await claim.carried()
            if carried is not None:
                artifacts[probe.name + suffix] = Artifact(version=probe.version, data=carried)
                continue
            kept: dict[str, JSON] = {}
            try:
                if probe.name in seconds:
                    with timed("probe", probe.name + suffix):
                        recorded = await each_once(seconds[probe.name], partial(try_again, probe))
                else:
                    with timed("wait", "probe-page"):
                        tab = await shared.for_probe(probe)
                    with timed("probe", probe.name):
                        recorded = await run(probe, tab, context)
                    kept = tab.kept
            except BrowserError as failure:
                error = str(failure)[:300]
            took = int((time.perf_counter() - started) * 1000)
            artifacts[probe.name + suffix] = Artifact(version=probe.version, data=recorded, error=error, took=took)
            artifacts.update((name, Artifact(version=probe.version, data=one)) for name, one in kept.items())
            if claim is not None:
                claim.settle(recorded)
            with timed("wait", "as-it-was"):
                await shared.after(recorded, used_up=probe.spoils_page or bool(suffix))
    finally:
        for claim in claims.values():
            claim.settle(None)
        for second in chain.from_iterable(seconds.values()):
            second.settle(None)
        await shared.close()


async def each_once(seconds: Sequence[Second], act: Callable[[Sequence[JSON]], Awaitable[dict[str, Any]]]) -> dict[str, Any]:
    """A recording of second tries: what no other page tries is tried here first, so that no two pages wait for each other; the rest is
    taken from the others. Raises BrowserError where the page is lost."""
    own = [second for second in seconds if second.is_first]
    recorded = await act([second.row for second in own]) if own else _still({"plan": []}, "")
    for second, step in zip(own, recorded["steps"], strict=False):
        second.settle(step)
    for second in own:
        second.settle(None)
    found = [(second, await second.carried()) for second in seconds if not second.is_first]
    if left := [second.row for second, step in found if step is None]:
        recorded = _joined(recorded, await act(left))
    taken = [step for _, step in found if step is not None]
    return _joined(recorded, {**_still({"plan": [second.row for second, step in found if step is not None]}, "end"), "steps": taken})


def _joined(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Two recordings of independent steps as one; where the first ended early, its plan ends with its steps."""
    plan = [*one["start"]["plan"][: len(one["steps"])], *other["start"]["plan"]]
    both = {"steps": [*one["steps"], *other["steps"]], "held": [*one["held"], *other["held"]], "took": one["took"] + other["took"]}
    return {**one, **both, "start": {"plan": plan}, "done": other["done"], "epoch": one["epoch"] or other["epoch"]}


def _still(start: JSON, done: str) -> dict[str, Any]:
    """A recording in which nothing was done."""
    return {"start": start, "steps": [], "done": done, "held": [], "epoch": 0, "took": 0}


class Claim:
    """What a page has of a recording that others with the same components need too: its own, or the one of the page before them."""

    def __init__(self, standing: Standing, first: Claim | None) -> None:
        self._standing = standing
        self._first = first
        self._recorded: asyncio.Future[JSON | None] = asyncio.get_running_loop().create_future()

    async def carried(self) -> JSON | None:
        """The recording of the first page that has these components, said of this one; None where this page has to be probed."""
        if self._first is None:
            return None
        recorded = await self._first._recorded
        return carry(recorded, self._first._standing, self._standing) if recorded is not None else None

    def settle(self, recorded: JSON | None) -> None:
        """What this page has recorded, for those that wait for it; None where nothing came of it."""
        if not self._recorded.done():
            self._recorded.set_result(recorded)


class Second:
    """A step that one page wants tried again, on parts that other pages may have too: the first that wants it tries it for all."""

    def __init__(self, row: JSON, standing: Standing | None, first: Second | None) -> None:
        self.row = row
        self._standing = standing
        self._first = first
        self._tried: asyncio.Future[JSON | None] = asyncio.get_running_loop().create_future()

    @property
    def is_first(self) -> bool:
        return self._first is None

    def is_of(self, page: str) -> bool:
        """Whether this page is the one that wants it."""
        return self._standing is not None and self._standing.page == page

    async def carried(self) -> JSON | None:
        """The step as another page has tried it, said of this one; None where nothing came of it there, or this is the first."""
        step = await self._first._tried if self._first is not None else None
        if step is None or self._first is None or self._first._standing is None or self._standing is None:
            return None
        said = carry({**_still({"plan": []}, "end"), "steps": [step]}, self._first._standing, self._standing)
        return {**said["steps"][0], **self.row, "carried": self._first._standing.page} if said is not None else None

    def settle(self, step: JSON | None) -> None:
        """What came of it here, for those that wait for it."""
        if not self._tried.done():
            self._tried.set_result(step)


class Shelf:
    """Recordings of components by what they are; of pages that claim in their order, the first records and the others carry over."""

    def __init__(self) -> None:
        self._first: dict[tuple[str, str], Claim] = {}
        self._seconds: dict[tuple[str, str, str], Second] = {}

    def seconds(self, page: str, probes: Iterable[Probe], context: Context, again: Mapping[str, Sequence[JSON]]) -> dict[str, list[Second]]:
        """What one page wants tried again, by probe: of those whose steps stand each for itself."""
        wanted: dict[str, list[Second]] = {}
        for probe in probes:
            for row in again.get(probe.name, ()) if probe.independent and context.tree is not None else ():
                nodes = elements_in(context.tree, row["args"]) if context.tree is not None else None
                standing = Standing(page, context.tree, nodes) if nodes and context.tree is not None else None
                key = (probe.name, str(row["action"]), standing.key if standing is not None else "")
                first = self._seconds.get(key)
                second = Second(row, standing, first if first is not None and not first.is_of(page) else None)
                if standing is not None:
                    self._seconds.setdefault(key, second)
                wanted.setdefault(probe.name, []).append(second)
        return wanted

    def claim(self, page: str, probes: Iterable[Probe], context: Context) -> dict[str, Claim]:
        """The claims of one page, by probe: of those that act on components only."""
        claims: dict[str, Claim] = {}
        tree = context.tree
        for probe in probes:
            nodes = probe.acts_on(context)
            if tree is None or not nodes or any(node.frame.index for node in nodes):
                continue
            standing = Standing(page, tree, nodes)
            key = (probe.name, standing.key)
            claims[probe.name] = Claim(standing, self._first.get(key))
            self._first.setdefault(key, claims[probe.name])
        return claims


class _SharedTab:
    """The page in which probes follow each other for as long as each leaves it as it was."""

    def __init__(
        self,
        url: str,
        another: Callable[[], Awaitable[ProbingPage]],
        standing: ProbingPage | None,
        loading: AbstractAsyncContextManager[Any],
    ) -> None:
        self._url = url
        self._loading = loading
        self._another = another
        self._tab = Tab(standing, another) if standing is not None else None
        self._looked = ""

    async def for_probe(self, probe: Probe) -> Tab:
        """A page that is as it came. Raises BrowserError where there is none."""
        if self._tab is not None and probe.needs_real_time and self._tab.page.time_is_held:
            await self.close()
        if self._tab is None:
            async with self._loading:
                self._tab = Tab(await self._another(), self._another)
                await self._tab.open(self._url)
            self._looked = ""
        elif not self._looked:
            await self._tab.adopt(self._url)
        self._looked = self._looked or await self._tab.looks()
        self._tab.kept = {}
        self._tab.page.keep_silent(probe.silent)
        return self._tab

    async def after(self, recorded: JSON, *, used_up: bool) -> None:
        """Keep the page for the next probe where it is as it was."""
        if self._tab is None or (recorded is not None and not recorded["steps"] and not recorded["held"]):
            return
        try:
            clean = not used_up and recorded is not None and _over(recorded) and await self._tab.looks() == self._looked
        except BrowserError:
            clean = False
        if not clean:
            await self.close()

    async def close(self) -> None:
        tab, self._tab = self._tab, None
        if tab is not None:
            await close(tab.page)


def _over(recorded: JSON) -> bool:
    """Whether a probe came to its own end, and the page tried nothing that was held back."""
    if recorded["done"] == "time" or recorded["done"].startswith("lost"):
        return False
    return not any(note["kind"] not in NOTICED for note in recorded["held"])


async def close(page: BrowserPage, *, untouched: bool = False) -> None:
    """Close a page, or leave an ``untouched`` one. That must end even where the renderer hangs; the browser is recycled with what is
    left."""
    with timed("wait", "close"):
        await asyncio.wait({asyncio.ensure_future(page.leave() if untouched else page.close())}, timeout=5)
