"""The given pages, files or folders only, without a crawl: for ``check`` one line of JSON per page, for ``ci`` a result."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from typing import TypeVar

import msgspec

from wcag_audit import conclude
from wcag_audit.audit import (
    Judged,
    Pool,
    Progress,
    Settings,
    artifact_errors,
    conclude_run,
    judge,
    now,
    save,
    took,
    under_way,
    visit_and_judge,
)
from wcag_audit.browser.port import Browser
from wcag_audit.engine import Evaluated, evaluate_portal
from wcag_audit.gather.visit import Visit
from wcag_audit.given import Given
from wcag_audit.model import Outcome, Page, PageState, Portal, Result, Struct, Verdict
from wcag_audit.pictured import Pictured
from wcag_audit.rule import Rule
from wcag_audit.store import Run, RunInfo
from wcag_audit.wcag import CRITERIA

T = TypeVar("T")


class Line(Struct):
    """What ``check`` says of one page. ``criteria`` has all 25; of a page that was not audited, all untested."""

    page: str
    state: PageState
    detail: str
    criteria: dict[str, Verdict]
    outcomes: list[Outcome]


async def check(
    pages: Sequence[Given],
    urls: Sequence[str],
    settings: Settings,
    rules: Sequence[Rule],
    run: Run | None,
    starting: Awaitable[Browser] | None = None,
) -> AsyncIterator[Line]:
    """Check pages, ``jobs`` at a time, while the probes of some others wait; the lines come in the order of the pages.

    With ``run``, snapshots are kept there; ``starting`` is a browser that starts already.
    """

    def finish(found: Visit, judged: Evaluated) -> Line:
        if run is not None:
            save(run, found, judged)
        return line(found.snapshot.page, judged, rules)

    async for one in _visited(pages, urls, settings, rules, finish, Pool(settings, starting)):
        yield one


async def audit_pages(
    pages: Sequence[Given], urls: Sequence[str], settings: Settings, rules: Sequence[Rule], run: Run, progress: Progress | None = None
) -> Result:
    """The result of the given pages and no others, as an audit concludes it; everything is kept in the run, which was created.

    Raises NoBrowser and BrowserError (no browser starts). What a page does is never an error.
    """

    def finish(found: Visit, judged: Evaluated) -> Judged:
        save(run, found, judged)
        page, snapshot = found.snapshot.page, found.snapshot
        if progress is not None:
            progress.page_done(page, judged.outcomes, len(pages))
        return Judged(page, snapshot.environment, artifact_errors(snapshot), took(snapshot), snapshot.taken, judged)

    judged = [one async for one in _visited(pages, urls, settings, rules, finish, Pool(settings))]
    return await asyncio.to_thread(conclude_run, run, rules, settings.profile, judged)


async def _visited(
    pages: Sequence[Given],
    urls: Sequence[str],
    settings: Settings,
    rules: Sequence[Rule],
    finish: Callable[[Visit, Evaluated], T],
    pool: Pool,
) -> AsyncIterator[T]:
    """What ``finish`` makes of each page, in their order. Closes the pool."""
    pictured = Pictured()
    gate = asyncio.Semaphore(under_way(settings))

    async def one(number: int, page: Given, url: str) -> T:
        async with gate:
            asked = Page(id=f"{number:05d}", requested=url, name=page.name, order=number)
            found, judged = await visit_and_judge(pool, asked, settings, rules, lambda _: True, isolated=True, pictured=pictured)
            if found.snapshot.page.state is PageState.AUDITED:
                pictured.note(asked, judged.outcomes)
            return await asyncio.to_thread(finish, found, judged)

    tasks = [asyncio.ensure_future(one(number, page, url)) for number, (page, url) in enumerate(zip(pages, urls, strict=True))]
    try:
        for task in tasks:
            yield await task
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await pool.close()


def line(page: Page, judged: Evaluated, rules: Sequence[Rule]) -> Line:
    """What is said of one page: page rules, and portal rules as far as one page goes."""
    outcomes: list[Outcome] = []
    if page.state is PageState.AUDITED:
        outcomes = [*judged.outcomes, *evaluate_portal([(page, judged.digests)], rules)]
    verdicts = conclude.page_criteria(outcomes) if outcomes else dict.fromkeys(CRITERIA, Verdict.UNTESTED)
    return Line(page=page.name or page.requested, state=page.state, detail=page.detail, criteria=verdicts, outcomes=outcomes)


def run_info(settings: Settings) -> RunInfo:
    """What the run folder of a check says of itself."""
    portal = Portal(id="check", name="check", url="")
    return RunInfo(portal=portal, profile=settings.profile.id, started=now(), command="check", depth=settings.depth, seed=settings.seed)


def ci_info(settings: Settings, portal: Portal, rules: str) -> RunInfo:
    """What the run folder of a check in a pipeline says of itself."""
    return RunInfo(
        portal=portal, profile=settings.profile.id, started=now(), command="ci", depth=settings.depth, seed=settings.seed, rules=rules
    )


def replay(run: Run, rules: Sequence[Rule]) -> Iterator[Line]:
    """The lines of an earlier ``check`` again, from its snapshots alone."""
    for page_id in run.page_ids():
        snapshot = run.snapshot(page_id)
        yield line(snapshot.page, judge(snapshot, rules), rules)


def encode(one: Line) -> str:
    """A line as ``check`` prints it."""
    return msgspec.json.encode(one).decode()
