"""One visit: open a page, wait until it is there, and gather its artifacts into a snapshot."""

from __future__ import annotations

import asyncio
import contextlib
import math
import time
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import msgspec

from wcag_audit.browser.port import Browser, BrowserError, BrowserPage, Capability, Loaded, ProbingPage
from wcag_audit.crawl.look import Look, Looked
from wcag_audit.crawl.states import page_state, sight_state
from wcag_audit.gather import axe, dom, look, picture, source
from wcag_audit.gather.probe import Claim, Context, HugeBeside, Probe, Room, Second, close, run_all
from wcag_audit.gather.probes import PROBES
from wcag_audit.model import JSON, Artifact, Environment, Page, PageState, Snapshot, cut
from wcag_audit.timings import timed

#: Hears of a page's static snapshot, before its probes, in the order of the pages; answers with what it shares with earlier pages, or
#: None where the page is not wanted any more.
Turn = Callable[[Snapshot, Context], Awaitable[dict[str, Claim] | None]]

#: Asked once all but the picture is gathered: how far down the page is to be pictured, in CSS pixels; 0 for not at all.
Reach = Callable[[Snapshot], Awaitable[float]]

#: The depth at which probes run.
FULL = "full"
#: What every visit gathers; ``axe`` and ``screenshot`` need ``dom``.
STATIC = ("source", "dom", "axe", "screenshot", "network")
#: Those that take much of the page's own memory.
_LARGE = ("dom", "axe")
#: The same as ``STATIC`` where no report will show elements: the picture costs half of what axe-core does.
WITHOUT_PICTURE = tuple(name for name in STATIC if name != "screenshot")


@dataclass(frozen=True)
class Limits:
    """Time boxes, in seconds; ``patience`` stretches those of the single probes (1 is meant for an idle machine)."""

    load: float = 30.0
    look: float = 60.0
    settle: float = 10.0
    page: float = 120.0
    probes: float = 300.0
    patience: float = 1.0


@dataclass(frozen=True)
class Visit:
    """What a visit gave; ``screenshot`` is a JPEG picture of the page from its top, ``loaded`` what opening the page gave."""

    snapshot: Snapshot
    screenshot: bytes | None = None
    loaded: Loaded | None = None


async def visit(
    browser: Browser,
    page: Page,
    environment: Environment,
    limits: Limits,
    in_scope: Callable[[str], bool],
    *,
    isolated: bool = False,
    probes: Sequence[Probe] = PROBES,
    static: Sequence[str] = STATIC,
    turn: Turn | None = None,
    room: Room | None = None,
    reach: Reach | None = None,
) -> Visit:
    """Visit one page and gather the ``static`` artifacts; at full depth with probes.

    ``turn`` hears of the snapshot before probes run, unless the browser broke; pages of one ``room`` leave each other theirs;
    without ``reach`` the picture is of the whole page.
    Never raises for what a page or the browser does: the page's state or an artifact's error says it.
    """
    taken = time.strftime("%Y-%m-%dT%H:%M:%S%z")
    full = environment.depth == FULL
    room = room or Room()
    try:
        going = partial(_visit, browser, page, environment, limits, in_scope, taken, isolated, static, full, reach)
        try:
            async with room.loading, contextlib.AsyncExitStack() as place:
                found, standing = await asyncio.wait_for(going(place, room), limits.page)
        except HugeBeside:
            async with room.huge, room.loading, contextlib.AsyncExitStack() as place:
                found, standing = await asyncio.wait_for(going(place, None), limits.page)
    except TimeoutError:
        lost = msgspec.structs.replace(page, state=PageState.TIMEOUT, detail=f"{limits.page:g} s")
        found, standing = Visit(Snapshot(page=lost, environment=environment, taken=taken)), None
    except BrowserError as error:
        lost = msgspec.structs.replace(page, state=PageState.CRASHED, detail=str(error))
        return Visit(Snapshot(page=lost, environment=environment, taken=taken))
    context = context_of(found.snapshot, limits)
    claims: dict[str, Claim] | None = {}
    try:
        if turn is not None:
            claims = await turn(found.snapshot, context)
    except BaseException:
        claims = None
        raise
    finally:
        if claims is None and standing is not None:
            await close(standing)
    if claims is None or not full or found.snapshot.page.state is not PageState.AUDITED:
        return found
    if context.huge:
        # Nobody waits for what it records: it may have to wait for another huge page itself.
        for claim in claims.values():
            claim.settle(None)
    return await probed(browser, found, probes, limits, isolated=isolated, context=context, standing=standing, claims=claims, room=room)


async def look_at(
    browser: Browser, url: str, limits: Limits, in_scope: Callable[[str], bool], *, pressed: Collection[str] | None = None
) -> tuple[Looked, Loaded | None]:
    """Look at a page for the crawl; with ``pressed``, names of what needs no click any more, also at what harmless clicks show.

    Never raises for what a page or the browser does: the state says it.
    """
    try:
        return await asyncio.wait_for(_look_at(browser, url, limits, in_scope, pressed), limits.look)
    except TimeoutError:
        return Looked(loaded=url, state=PageState.TIMEOUT, detail=f"{limits.look:g} s"), None
    except BrowserError as error:
        return Looked(loaded=url, state=PageState.CRASHED, detail=cut(str(error), 300)), None


async def _look_at(
    browser: Browser, url: str, limits: Limits, in_scope: Callable[[str], bool], pressed: Collection[str] | None
) -> tuple[Looked, Loaded]:
    guarded = await _guarded(browser, isolated=False) if pressed is not None else None
    tab: BrowserPage = guarded if guarded is not None else await browser.new_page()
    untouched = False
    try:
        loaded = await tab.open(url, limits.load)
        state, detail = await _state_of(tab, loaded, in_scope)
        if state is not PageState.AUDITED:
            return Looked(loaded=loaded.url, state=state, detail=cut(detail, 300)), loaded
        await tab.settle(limits.settle)
        try:
            seen = await look.look(tab)
        except BrowserError as error:
            # It stands and can be audited, though nothing is known of it.
            return Looked(loaded=loaded.url, state=PageState.AUDITED, detail=cut(str(error), 300), look=Look()), loaded
        state, detail = sight_state(loaded, seen)
        names: tuple[str, ...] = ()
        if guarded is not None and pressed is not None and state is PageState.AUDITED:
            seen, names = await look.press_for_ways(guarded, seen, pressed)
        untouched = not look.is_huge(loaded, seen)
        return Looked(loaded=loaded.url, state=state, detail=cut(detail, 300), look=seen, pressed=names), loaded
    finally:
        await close(tab, untouched=untouched)


async def _state_of(tab: BrowserPage, loaded: Loaded, in_scope: Callable[[str], bool]) -> tuple[PageState, str]:
    """The state of a page as far as its answer tells. Where a busy browser does not hand out the text of a refusal, what stands says it."""
    state, detail = page_state(loaded, in_scope)
    if state is PageState.HTTP_ERROR and loaded.error is None and loaded.body is None:
        with contextlib.suppress(BrowserError):
            seen = await look.look(tab)
            return page_state(replace(loaded, body=f"{seen.title} {seen.heading} {seen.text}".encode()), in_scope)
    return state, detail


def context_of(snapshot: Snapshot, limits: Limits) -> Context:
    """What probes may know of a page from its static snapshot."""
    data = {name: artifact.data for name, artifact in snapshot.artifacts.items() if artifact.error is None}
    return Context(data, patience=limits.patience)


async def probed(
    browser: Browser,
    found: Visit,
    probes: Sequence[Probe],
    limits: Limits,
    *,
    isolated: bool,
    context: Context | None = None,
    again: Mapping[str, Sequence[JSON]] | None = None,
    standing: ProbingPage | None = None,
    claims: Mapping[str, Claim] | None = None,
    seconds: Mapping[str, Sequence[Second]] | None = None,
    room: Room | None = None,
) -> Visit:
    """A visit with the recordings of probes added; with ``again`` (what to try a second time, by probe) as second tries.

    ``standing`` is the page of the snapshot, where it still stands as it came; ``claims`` are what it shares with other pages, ``seconds``
    the same of what is tried again.
    """
    snapshot = found.snapshot
    whole = context or context_of(snapshot, limits)
    asked = {} if again is None else again
    suffix = "" if again is None else "_again"
    artifacts: dict[str, Artifact] = {}
    room = room or Room()
    running = partial(
        run_all,
        browser,
        snapshot.page.requested,
        probes,
        whole,
        asked,
        artifacts,
        isolated=isolated,
        suffix=suffix,
        standing=standing,
        claims=claims,
        seconds=seconds,
        loading=room.loading,
    )
    error = ""
    try:
        async with room.huge if whole.huge else contextlib.nullcontext():
            await asyncio.wait_for(running(), limits.probes)
    except TimeoutError:
        error = f"no time left after {limits.probes:g} s"
    except BrowserError as failure:
        error = str(failure)
    for probe in probes:
        artifacts.setdefault(probe.name + suffix, Artifact(version=probe.version, error=error or "not run"))
    return Visit(msgspec.structs.replace(snapshot, artifacts={**snapshot.artifacts, **artifacts}), found.screenshot, found.loaded)


async def as_it_stands(tab: BrowserPage, page: Page, environment: Environment) -> Snapshot:
    """A page that stands in somebody else's tab, as it is now: nothing is opened, waited for or held back."""
    artifacts = await _gather(tab, Loaded(page.requested, page.loaded), {}, ("dom", "axe"), huge=False)
    return Snapshot(page=page, environment=environment, artifacts=artifacts, taken=time.strftime("%Y-%m-%dT%H:%M:%S%z"))


async def _visit(
    browser: Browser,
    page: Page,
    environment: Environment,
    limits: Limits,
    in_scope: Callable[[str], bool],
    taken: str,
    isolated: bool,
    static: Sequence[str],
    keep: bool,
    reach: Reach | None,
    place: contextlib.AsyncExitStack,
    room: Room | None,
) -> tuple[Visit, ProbingPage | None]:
    """A visit without probes; with ``keep`` the page of the snapshot, left open as it came, where the driver can probe it and the page
    is not huge. A huge one takes its place in the ``room`` into ``place``, or has it already (None). Raises HugeBeside where another has
    it."""
    with timed("wait", "tab"):
        guarded = await _guarded(browser, isolated) if keep else None
        tab: BrowserPage = guarded if guarded is not None else await browser.new_page(isolated=isolated)
    kept: ProbingPage | None = None
    untouched = False
    try:
        with timed("wait", "load"):
            loaded = await tab.open(page.requested, limits.load)
        state, detail = await _state_of(tab, loaded, in_scope)
        page = msgspec.structs.replace(page, loaded=loaded.url, state=state, detail=cut(detail, 300))
        if state is not PageState.AUDITED:
            return Visit(Snapshot(page=page, environment=environment, taken=taken), loaded=loaded), None
        with timed("wait", "settle"):
            settled = await _settle(tab, limits.settle)
        await tab.hold_back()
        huge = look.is_huge(loaded)
        if huge:
            await tab.free_memory()
        with timed("gatherer", "look"):
            sight = await _artifact(look.VERSION, lambda: _look(tab, loaded))
        if sight.data is not None and sight.data["state"] != PageState.AUDITED:
            page = msgspec.structs.replace(page, state=PageState(sight.data["state"]), detail=cut(sight.data["detail"], 300))
            return Visit(Snapshot(page=page, environment=environment, artifacts={"look": sight}, taken=taken), loaded=loaded), None
        huge = huge or (sight.data is not None and sight.data["huge"])
        if huge and room is not None:
            await place.enter_async_context(room.place())
        artifacts = await _gather(tab, loaded, settled, static, huge=huge)
        artifacts["look"] = sight
        if (tree := artifacts.get("dom")) is not None and tree.error is None:
            page = msgspec.structs.replace(page, title=cut(str(tree.data["frames"][0]["document"]["title"]), 300))
        snapshot = Snapshot(page=page, environment=environment, artifacts=artifacts, taken=taken)
        shot: bytes | None = None
        if "screenshot" in static:
            snapshot, shot = await _with_picture(tab, snapshot, reach, huge=huge)
        # A huge page is rather opened again than left open beside those that come first.
        kept = guarded if not huge else None
        untouched = not huge and all(artifact.error is None for artifact in artifacts.values())
        return Visit(snapshot, shot, loaded), kept
    finally:
        if kept is None:
            await close(tab, untouched=untouched)


async def _guarded(browser: Browser, isolated: bool) -> ProbingPage | None:
    """A page that can be probed after its snapshot; None where the driver has none."""
    try:
        return await browser.new_probing_page(isolated=isolated)
    except BrowserError:
        return None


async def _look(tab: BrowserPage, loaded: Loaded) -> dict[str, Any]:
    """What a look at the page tells of its state, and the state."""
    seen = await look.look(tab)
    state, detail = sight_state(loaded, seen)
    return {"state": str(state), "detail": detail, "huge": look.is_huge(loaded, seen), **look.record(seen)}


async def _settle(tab: BrowserPage, limit: float) -> dict[str, Any]:
    """Wait until the page is there; axe-core, which every page needs, is loaded while nothing else happens."""

    async def load() -> None:
        # Where it does not load, whoever needs it tries again, and says why.
        with contextlib.suppress(BrowserError):
            await axe.load_axe(tab, None)

    settled: dict[str, Any]
    settled, _ = await asyncio.gather(tab.settle(limit), load())
    return settled


async def _gather(
    tab: BrowserPage, loaded: Loaded, settled: dict[str, Any], static: Sequence[str], *, huge: bool
) -> dict[str, Artifact]:
    """All that is wanted but the picture."""

    async def read_source() -> Any:
        if Capability.SOURCE not in tab.capabilities:
            raise BrowserError("this driver does not give the response as sent")
        return source.record(loaded)

    async def read_axe() -> Any:
        tree = artifacts["dom"]
        if tree.error is not None:
            raise BrowserError(f"dom: {tree.error}")
        return await axe.record(tab, tree.data)

    async def read_network() -> Any:
        if Capability.NETWORK not in tab.capabilities:
            raise BrowserError("this driver does not log requests")
        return {"requests": tab.requests, "dialogs": tab.dialogs, "settled": settled, "complete": loaded.complete}

    artifacts: dict[str, Artifact] = {}
    for name, version, work in (
        ("source", source.VERSION, read_source),
        ("dom", dom.VERSION, lambda: dom.record(tab)),
        ("axe", axe.VERSION, read_axe),
        ("network", 1, read_network),
    ):
        if name in static:
            if huge and name in _LARGE:
                await tab.free_memory()
            with timed("gatherer", name):
                artifacts[name] = await _artifact(version, work)
    return artifacts


async def _with_picture(tab: BrowserPage, snapshot: Snapshot, reach: Reach | None, *, huge: bool) -> tuple[Snapshot, bytes | None]:
    """The snapshot with a picture of the page as it stands; as it was where none is wanted."""
    height = await reach(snapshot) if reach is not None and not huge else math.inf
    if height <= 0:
        return snapshot, None
    tree = snapshot.artifacts["dom"]
    taken: bytes | None = None

    async def take() -> Any:
        nonlocal taken
        if tree.error is not None:
            raise BrowserError(f"dom: {tree.error}")
        if huge:
            raise BrowserError("the page is too large to be laid out once more for a picture")
        taken, data = await picture.record(tab, tree.data, height)
        return data

    with timed("gatherer", "screenshot"):
        made = await _artifact(picture.VERSION, take)
    return msgspec.structs.replace(snapshot, artifacts={**snapshot.artifacts, "screenshot": made}), taken


async def _artifact(version: int, work: Callable[[], Awaitable[Any]]) -> Artifact:
    """An artifact, or its error; a crash of the page is left to the visit."""
    started = time.perf_counter()
    try:
        data, error = await work(), None
    except BrowserError as failure:
        if "crashed" in str(failure):
            raise
        data, error = None, str(failure)
    return Artifact(version=version, data=data, error=error, took=int((time.perf_counter() - started) * 1000))
