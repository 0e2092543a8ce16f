"""One visit: open a page, wait until it is there, and gather its artifacts into a snapshot."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from wcag_audit.browser.port import Browser, BrowserError, BrowserPage, Capability, Loaded
from wcag_audit.crawl.states import page_state
from wcag_audit.gather import axe, dom, source
from wcag_audit.gather.probe import Probe, run_all
from wcag_audit.gather.probes import PROBES
from wcag_audit.model import JSON, Artifact, Environment, Page, PageState, Snapshot, cut

#: The depth at which probes run.
FULL = "full"
#: What every visit gathers; ``axe`` needs ``dom``.
STATIC = ("source", "dom", "axe", "screenshot", "network")


@dataclass(frozen=True)
class Limits:
    """Time boxes, in seconds; ``patience`` stretches those of the single probes (1 is meant for an idle machine)."""

    load: float = 30.0
    settle: float = 10.0
    page: float = 120.0
    probes: float = 300.0
    patience: float = 1.0


@dataclass(frozen=True)
class Visit:
    """What a visit gave; ``screenshot`` is a JPEG picture of the viewport."""

    snapshot: Snapshot
    screenshot: bytes | None = None


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
) -> Visit:
    """Visit one page and gather the ``static`` artifacts; at full depth with probes.

    Never raises for what a page or the browser does: the page's state or an artifact's error says it.
    """
    taken = time.strftime("%Y-%m-%dT%H:%M:%S%z")
    try:
        going = _visit(browser, page, environment, limits, in_scope, taken, isolated, static)
        found = await asyncio.wait_for(going, limits.page)
    except TimeoutError:
        lost = msgspec.structs.replace(page, state=PageState.TIMEOUT, detail=f"{limits.page:g} s")
        return Visit(Snapshot(page=lost, environment=environment, taken=taken))
    except BrowserError as error:
        lost = msgspec.structs.replace(page, state=PageState.CRASHED, detail=str(error))
        return Visit(Snapshot(page=lost, environment=environment, taken=taken))
    if environment.depth != FULL or found.snapshot.page.state is not PageState.AUDITED:
        return found
    return await probed(browser, found, probes, limits, isolated=isolated)


async def probed(
    browser: Browser,
    found: Visit,
    probes: Sequence[Probe],
    limits: Limits,
    *,
    isolated: bool,
    again: Mapping[str, Sequence[JSON]] | None = None,
) -> Visit:
    """A visit with the recordings of probes added; with ``again`` (what to try a second time, by probe) as second tries."""
    snapshot = found.snapshot
    data = {name: artifact.data for name, artifact in snapshot.artifacts.items() if artifact.error is None}
    asked = {} if again is None else again
    suffix = "" if again is None else "_again"
    artifacts: dict[str, Artifact] = {}
    url, patience = snapshot.page.requested, limits.patience
    running = run_all(browser, url, probes, data, asked, artifacts, isolated=isolated, suffix=suffix, patience=patience)
    error = ""
    try:
        await asyncio.wait_for(running, limits.probes)
    except TimeoutError:
        error = f"no time left after {limits.probes:g} s"
    except BrowserError as failure:
        error = str(failure)
    for probe in probes:
        artifacts.setdefault(probe.name + suffix, Artifact(version=probe.version, error=error or "not run"))
    return Visit(msgspec.structs.replace(snapshot, artifacts={**snapshot.artifacts, **artifacts}), found.screenshot)


async def look(tab: BrowserPage, page: Page, environment: Environment) -> Snapshot:
    """A page that stands in somebody else's tab, as it is now: nothing is opened, waited for or held back."""
    artifacts, _ = await _gather(tab, Loaded(page.requested, page.loaded), {}, ("dom", "axe"))
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
) -> Visit:
    tab = await browser.new_page(isolated=isolated)
    try:
        loaded = await tab.open(page.requested, limits.load)
        state, detail = page_state(loaded, in_scope)
        page = msgspec.structs.replace(page, loaded=loaded.url, state=state, detail=cut(detail, 300))
        if state is not PageState.AUDITED:
            return Visit(Snapshot(page=page, environment=environment, taken=taken))
        settled = await _settle(tab, limits.settle)
        await tab.hold_back()
        artifacts, picture = await _gather(tab, loaded, settled, static)
        if (tree := artifacts.get("dom")) is not None and tree.error is None:
            page = msgspec.structs.replace(page, title=cut(str(tree.data["frames"][0]["document"]["title"]), 300))
        return Visit(Snapshot(page=page, environment=environment, artifacts=artifacts, taken=taken), picture)
    finally:
        # Closing must end even where the renderer hangs; the browser is recycled with what is left.
        await asyncio.wait({asyncio.ensure_future(tab.close())}, timeout=5)


async def _settle(tab: BrowserPage, limit: float) -> dict[str, Any]:
    """Wait until the page is there; axe-core, which every page needs, is loaded while nothing else happens."""

    async def load() -> None:
        # Where it does not load, whoever needs it tries again, and says why.
        with contextlib.suppress(BrowserError):
            await axe.load_axe(tab, None)

    waiting = asyncio.ensure_future(tab.settle(limit))
    await asyncio.gather(waiting, load())
    return waiting.result()


async def _gather(
    tab: BrowserPage, loaded: Loaded, settled: dict[str, Any], static: Sequence[str]
) -> tuple[dict[str, Artifact], bytes | None]:
    async def read_source() -> Any:
        if Capability.SOURCE not in tab.capabilities:
            raise BrowserError("this driver does not give the response as sent")
        return source.record(loaded)

    async def read_axe() -> Any:
        tree = artifacts["dom"]
        if tree.error is not None:
            raise BrowserError(f"dom: {tree.error}")
        return await axe.record(tab, tree.data)

    picture: bytes | None = None

    async def take_picture() -> Any:
        nonlocal picture
        picture, kind = await tab.screenshot()
        return {"file": "screenshot.jpg", "type": kind, "bytes": len(picture)}

    async def read_network() -> Any:
        if Capability.NETWORK not in tab.capabilities:
            raise BrowserError("this driver does not log requests")
        return {"requests": tab.requests, "dialogs": tab.dialogs, "settled": settled, "complete": loaded.complete}

    artifacts: dict[str, Artifact] = {}
    for name, version, work in (
        ("source", source.VERSION, read_source),
        ("dom", dom.VERSION, lambda: dom.record(tab)),
        ("axe", axe.VERSION, read_axe),
        ("screenshot", 1, take_picture),
        ("network", 1, read_network),
    ):
        if name in static:
            artifacts[name] = await _artifact(version, work)
    return artifacts, picture


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
