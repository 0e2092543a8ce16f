"""An audit of one portal, end to end: crawl, visit, judge, conclude, score; and the same from saved snapshots alone.

``conclude_run`` is the only way to a result: an audit and its replay both take it, so they cannot disagree.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, Protocol, TypeVar
from urllib.parse import urlsplit

import msgspec

from wcag_audit import __version__, conclude, score
from wcag_audit.agreement import agreed
from wcag_audit.browser.find import NoBrowser
from wcag_audit.browser.port import Browser, BrowserError, Options
from wcag_audit.browser.start import start_browser
from wcag_audit.crawl import urls
from wcag_audit.crawl.frontier import Found, Frontier, Known
from wcag_audit.crawl.robots import Robots, Web, read_robots, sitemap_urls
from wcag_audit.dom import Dom
from wcag_audit.engine import Evaluated, evaluate, evaluate_portal, rule_infos
from wcag_audit.gather.axe import axe_version
from wcag_audit.gather.probe import Probe
from wcag_audit.gather.probes import PROBES
from wcag_audit.gather.visit import STATIC, Limits, Visit, probed, visit
from wcag_audit.locale import word
from wcag_audit.model import (
    JSON,
    RESULT_VERSION,
    Environment,
    Outcome,
    Page,
    PageResult,
    PageState,
    Portal,
    Reason,
    Result,
    Review,
    Snapshot,
    Text,
    Verdict,
)
from wcag_audit.rule import Rule
from wcag_audit.score import Profile
from wcag_audit.store import CrawlInfo, Run, RunInfo

log = logging.getLogger(__name__)

T = TypeVar("T")

#: Pages that one browser serves before a fresh one takes over.
RECYCLE = 200
#: Seconds before each page of a portal; none on loopback. What robots.txt asks for goes before it, up to ``MAX_PAUSE``.
PAUSE = 1.0
MAX_PAUSE = 30.0
#: Pages of one host under way at once, at the most.
PER_HOST = 2
#: The level of pages that only a sitemap names: they come after all that links lead to.
_AFTER_LINKS = 1_000
SCHEMA = "result.schema.json"


class Progress(Protocol):
    """What an audit tells while it runs."""

    def page_done(self, page: Page, outcomes: Sequence[Outcome], total: int) -> None:
        """A page is done; ``total`` is how many are to come at the most, as far as known."""
        ...


@dataclass(frozen=True)
class Settings:
    """How to audit. ``jobs`` pages at once; ``max_pages`` in the sample; ``max_crawl`` pages known at the most;
    ``runs`` over each page."""

    profile: Profile
    driver: str = "playwright"
    browser: Options = field(default_factory=Options)
    limits: Limits = field(default_factory=Limits)
    depth: str = "full"
    jobs: int = 2
    max_pages: int = 30
    max_crawl: int = 2000
    seed: int = 0
    ignore_robots: bool = False
    runs: int = 1
    probes: Sequence[Probe] = PROBES
    static: Sequence[str] = STATIC

    @property
    def web(self) -> Web:
        return Web(self.browser.proxy, self.browser.ignore_tls_errors)


def now() -> str:
    """The time as results write it: ISO 8601 with the zone's offset, to the second."""
    return time.strftime("%Y-%m-%dT%H:%M:%S%z")


def environment(settings: Settings, browser: Browser) -> Environment:
    return Environment(
        tool=__version__,
        driver=browser.driver,
        browser=browser.version,
        axe=axe_version(),
        viewport=settings.browser.viewport,
        locale=settings.browser.locale,
        timezone=settings.browser.timezone,
        depth=settings.depth,
        seed=settings.seed,
    )


class Pool:
    """Browsers for pages: one at a time, replaced after ``RECYCLE`` pages or when it breaks. A replaced one ends with its last page."""

    def __init__(self, settings: Settings, starting: Awaitable[Browser] | None = None) -> None:
        self._settings = settings
        self._starting = starting
        self._current: Browser | None = None
        self._served = 0
        self._users: dict[Browser, int] = {}
        self._lock = asyncio.Lock()

    async def start(self) -> Browser:
        """The browser that serves the next page, started where none runs. Raises NoBrowser or BrowserError."""
        async with self._lock:
            return await self._take()

    async def _take(self) -> Browser:
        if self._current is None or self._served >= RECYCLE:
            starting, self._starting = self._starting or start_browser(self._settings.driver, self._settings.browser), None
            self._current = await starting
            self._users[self._current] = 0
            self._served = 0
        return self._current

    @asynccontextmanager
    async def use(self) -> AsyncIterator[Browser]:
        """A browser for one page."""
        async with self._lock:
            browser = await self._take()
            self._served += 1
            self._users[browser] += 1
        try:
            yield browser
        finally:
            self._users[browser] -= 1
            if browser is not self._current and self._users[browser] == 0:
                await self._close(browser)

    def broken(self, browser: Browser) -> None:
        """The next page gets another browser."""
        if self._current is browser:
            self._current = None

    async def _close(self, browser: Browser) -> None:
        self._users.pop(browser, None)
        try:
            await asyncio.wait_for(browser.close(), 15)
        except (TimeoutError, BrowserError):
            log.warning("a browser did not close in time")

    async def close(self) -> None:
        if self._starting is not None:
            with contextlib.suppress(NoBrowser, BrowserError):
                await self.start()
        self._current = None
        for browser in list(self._users):
            await self._close(browser)


async def visit_and_judge(
    pool: Pool, page: Page, settings: Settings, rules: Sequence[Rule], in_scope: Callable[[str], bool], *, isolated: bool = False
) -> tuple[Visit, Evaluated]:
    """Visit a page and judge it. Where the browser itself broke, once more in a fresh one; where rules want proof twice, with a
    second try of their probes in a fresh page."""

    async def once() -> tuple[Visit, Evaluated]:
        async with pool.use() as browser:
            around = environment(settings, browser)
            found = await visit(
                browser, page, around, settings.limits, in_scope, isolated=isolated, probes=settings.probes, static=settings.static
            )
            if found.snapshot.page.state is PageState.CRASHED:
                pool.broken(browser)
            judged = await asyncio.to_thread(judge, found.snapshot, rules)
            if judged.again:
                again: dict[str, list[JSON]] = {}
                for request in judged.again:
                    again.setdefault(request.probe, []).append(request.what)
                probes = [probe for probe in settings.probes if probe.name in again]
                found = await probed(browser, found, probes, settings.limits, isolated=isolated, again=again)
                judged = await asyncio.to_thread(judge, found.snapshot, rules)
            return found, judged

    found, judged = await once()
    if found.snapshot.page.state is PageState.CRASHED:
        log.info("%s crashed, trying once more in a fresh browser", page.requested)
        found, judged = await once()
    if settings.runs > 1 and found.snapshot.page.state is PageState.AUDITED:
        repeats = tuple([(await once())[0].snapshot.artifacts for _ in range(1, settings.runs)])
        found = Visit(msgspec.structs.replace(found.snapshot, repeats=repeats), found.screenshot)
        judged = await asyncio.to_thread(judge, found.snapshot, rules)
    return found, judged


class _Crawl:
    """One portal's audit while it runs."""

    def __init__(self, portal: Portal, run: Run, settings: Settings, rules: Sequence[Rule], progress: Progress | None, pool: Pool) -> None:
        self.portal = portal
        self.run = run
        self.settings = settings
        self.rules = rules
        self.progress = progress
        self.frontier = Frontier(run.frontier_path)
        self.pool = pool
        self.robots = Robots()
        self.judged: dict[str, Judged] = {}
        self._landed: set[str] = set()

    def in_scope(self, url: str) -> bool:
        return urls.same_site(url, self.portal.url)

    @property
    def audited(self) -> int:
        return sum(1 for one in self.judged.values() if one.page.state is PageState.AUDITED)

    async def work(self) -> None:
        most = self.settings.max_pages
        self.frontier.add([Found(urls.key(self.portal.url), self.portal.url, 0, "start")])
        # The browser starts while robots.txt is read.
        starting = asyncio.create_task(self.pool.start())
        try:
            if not self.settings.ignore_robots:
                self.robots = await asyncio.to_thread(read_robots, self.portal.url, self.settings.web)
        finally:
            await starting
        for known in self.frontier.done():
            self._take(known, *self._from_disk(known))
        sitemap_read = most == 1
        # Pages that turn out blocked or broken do not use up the sample, but there is an end to trying.
        while self.audited < most and len(self.judged) < 2 * most + 10:
            batch = self.frontier.waiting(most - self.audited)
            if batch:
                await self._level(batch)
            elif sitemap_read:
                break
            else:
                sitemap_read = True
                await self._add_sitemap()

    async def _add_sitemap(self) -> None:
        room = max(0, self.settings.max_crawl - self.frontier.count())
        found = await asyncio.to_thread(sitemap_urls, self.portal.url, self.robots, self.settings.web, room)
        pages = [url for url in found if self.in_scope(url) and urls.crawlable(url)]
        self.frontier.add(Found(urls.key(url), url, _AFTER_LINKS, "sitemap") for url in pages)

    async def _level(self, batch: list[Known]) -> None:
        """Visit pages of one level, ``jobs`` at a time, and then make their links known in the order of the pages."""
        gate = asyncio.Semaphore(max(1, min(self.settings.jobs, PER_HOST)))
        allowed = [known for known in batch if self.robots.allows(known.url)]
        for known in batch:
            if known not in allowed:
                self.frontier.mark(known.key, "excluded")

        async def one(known: Known) -> tuple[Snapshot, Evaluated]:
            if self.run.has_snapshot(urls.page_id(known.url)):
                return await asyncio.to_thread(self._from_disk, known)
            async with gate:
                await asyncio.sleep(self._pause())
                page = Page(
                    id=urls.page_id(known.url),
                    requested=known.url,
                    reasons=(Reason(id=known.reason, detail=known.detail),),
                    order=known.place,
                )
                found, judged = await visit_and_judge(self.pool, page, self.settings, self.rules, self.in_scope)
                await asyncio.to_thread(save, self.run, found, judged)
                self._tell(found.snapshot.page, judged)
                return found.snapshot, judged

        for known, (snapshot, judged) in zip(allowed, await all_or_none(one(known) for known in allowed), strict=True):
            self._take(known, snapshot, judged)

    def _pause(self) -> float:
        host = urlsplit(self.portal.url).hostname or ""
        if host in ("localhost", "::1") or host.startswith("127."):
            return 0.0
        return max(PAUSE, min(self.robots.crawl_delay, MAX_PAUSE))

    def _from_disk(self, known: Known) -> tuple[Snapshot, Evaluated]:
        """A page that an interrupted run visited."""
        snapshot = self.run.snapshot(urls.page_id(known.url))
        return snapshot, judge(snapshot, self.rules)

    def _take(self, known: Known, snapshot: Snapshot, judged: Evaluated) -> None:
        """Count a visited page in, once per loaded address, and make its links known."""
        page = snapshot.page
        landed = urls.key(page.loaded or page.requested)
        if page.state is PageState.AUDITED and landed in self._landed:
            self.frontier.mark(known.key, "duplicate", page.id)
            self.run.drop(page.id)
            return
        self._landed.add(landed)
        self.judged[page.id] = Judged(page, snapshot.environment, artifact_errors(snapshot), took(snapshot), snapshot.taken, judged)
        if (tree := snapshot.artifacts.get("dom")) is not None and tree.error is None:
            room = max(0, self.settings.max_crawl - self.frontier.count())
            links = [url for url in urls.links(Dom(tree.data)) if self.in_scope(url) and urls.crawlable(url)]
            self.frontier.add(Found(urls.key(url), url, known.depth + 1, "link", page.loaded) for url in links[:room])
        self.frontier.mark(known.key, "done", page.id)

    def _tell(self, page: Page, judged: Evaluated) -> None:
        if self.progress is not None:
            self.progress.page_done(page, judged.outcomes, min(self.settings.max_pages, self.frontier.count()))


async def all_or_none(work: Iterable[Awaitable[T]]) -> list[T]:
    """All results, in order; where one fails, the others are stopped before its error is raised."""
    tasks = [asyncio.ensure_future(item) for item in work]
    try:
        return list(await asyncio.gather(*tasks))
    except BaseException:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise


async def audit(
    portal: Portal,
    run: Run,
    settings: Settings,
    rules: Sequence[Rule],
    progress: Progress | None = None,
    rules_folder: str = "",
    meanwhile: Callable[[], None] | None = None,
    starting: Awaitable[Browser] | None = None,
    reviews: Sequence[Review] = (),
) -> Result:
    """Audit a portal into a run folder, or go on with an interrupted audit there.

    ``starting`` is a browser that starts already, ``meanwhile`` work of the caller's that is done while it starts and loads;
    ``reviews`` are a person's answers, kept in the run.
    Raises RunError (folder), NoBrowser and BrowserError (no browser starts). What a portal does is never an error.
    """
    pool = Pool(settings, starting)
    aside = asyncio.create_task(asyncio.to_thread(meanwhile)) if meanwhile is not None else None
    try:
        run.create(
            RunInfo(
                portal=portal,
                profile=settings.profile.id,
                started=now(),
                depth=settings.depth,
                max_pages=settings.max_pages,
                max_crawl=settings.max_crawl,
                seed=settings.seed,
                rules=rules_folder,
            )
        )
        if reviews:
            run.save_reviews(reviews)
        crawl = _Crawl(portal, run, settings, rules, progress, pool)
        try:
            await crawl.work()
            run.save_crawl(CrawlInfo(seen=crawl.frontier.count(), excluded=crawl.frontier.count("excluded")))
        finally:
            crawl.frontier.close()
        if aside is not None:
            await aside
    except BaseException:
        await pool.close()
        raise
    # The browser goes down while the result is made.
    closing = asyncio.create_task(pool.close())
    try:
        return await asyncio.to_thread(conclude_run, run, rules, settings.profile, crawl.judged.values())
    finally:
        await closing


def replay(run: Run, rules: Sequence[Rule], profile: Profile) -> Result:
    """The result of a run from its snapshots, and the answers kept there, alone: no browser, no network. Writes outcomes and result
    anew."""
    return conclude_run(run, rules, profile)


class Judged(NamedTuple):
    """What stays in memory of a visited page."""

    page: Page
    environment: Environment
    errors: dict[str, str]
    took: dict[str, int]
    taken: str
    evaluated: Evaluated


def judge(snapshot: Snapshot, rules: Sequence[Rule]) -> Evaluated:
    """A page's outcomes, as far as all its runs agree on them; a page that was not audited has none."""
    if snapshot.page.state is not PageState.AUDITED:
        return Evaluated([], {})
    first = evaluate(snapshot, rules)
    others = [evaluate(msgspec.structs.replace(snapshot, artifacts=one), rules).outcomes for one in snapshot.repeats]
    return msgspec.structs.replace(first, outcomes=agreed([first.outcomes, *others])) if others else first


def save(run: Run, found: Visit, judged: Evaluated) -> None:
    """Keep a visited page: its outcomes first, so that a snapshot that is there is complete."""
    if found.snapshot.page.state is PageState.AUDITED:
        run.save_outcomes(found.snapshot.page.id, judged.outcomes)
    run.save_snapshot(found.snapshot, found.screenshot)


def artifact_errors(snapshot: Snapshot) -> dict[str, str]:
    return {name: artifact.error for name, artifact in snapshot.artifacts.items() if artifact.error is not None}


def took(snapshot: Snapshot) -> dict[str, int]:
    return {name: artifact.took for name, artifact in snapshot.artifacts.items()}


def _judged_from_disk(run: Run, rules: Sequence[Rule]) -> Iterator[Judged]:
    for page_id in run.page_ids():
        snapshot = run.snapshot(page_id)
        errors, times = artifact_errors(snapshot), took(snapshot)
        judged = judge(snapshot, rules)
        if snapshot.page.state is PageState.AUDITED:
            run.save_outcomes(page_id, judged.outcomes)
        yield Judged(snapshot.page, snapshot.environment, errors, times, snapshot.taken, judged)


def conclude_run(run: Run, rules: Sequence[Rule], profile: Profile, judged: Iterable[Judged] | None = None) -> Result:
    """From judged pages (in memory, or else from the run's snapshots) and the answers kept in the run to the result, saved there."""
    info, reviews = run.info(), run.reviews()
    pages = sorted(judged if judged is not None else _judged_from_disk(run, rules), key=lambda one: (one.page.order, one.page.id))
    audited = [one for one in pages if one.page.state is PageState.AUDITED]
    portal_wide = evaluate_portal([(one.page, one.evaluated.digests) for one in audited], rules)
    on_pages = {one.page.id: one.evaluated.outcomes for one in audited}
    outcomes: list[Outcome] = [*(outcome for found in on_pages.values() for outcome in found), *portal_wide]
    infos = rule_infos(rules)
    defects = conclude.defects(outcomes, infos, reviews)
    criteria = conclude.criteria(on_pages, portal_wide, reviews)
    reason = _why_not_assessed(pages)
    spoken = {defect.rule for defect in defects}
    finished = max((one.taken for one in pages), default=info.started)
    schemes = _schemes(profile)
    scores = tuple(score.score(criteria, scheme, len(audited), reason) for scheme in schemes)
    day = date.fromisoformat(finished[:10])
    result = Result(
        schema=SCHEMA,
        version=RESULT_VERSION,
        environment=pages[0].environment,
        portal=info.portal,
        profile=profile.id,
        started=info.started,
        finished=finished,
        pages=tuple(_page_result(one, portal_wide) for one in pages),
        criteria=criteria,
        principles=score.principles(criteria, profile, len(audited)),
        scores=scores,
        statements=tuple(score.statement(one, len(audited), day, scheme) for one, scheme in zip(scores, schemes, strict=True)),
        defects=defects,
        rules={rule_id: infos[rule_id] for rule_id in sorted(spoken)},
        questions=conclude.needs_person(criteria, defects),
        seen=run.crawl().seen,
        timings=_sum(one.took for one in pages),
    )
    run.save_result(result)
    return result


def _schemes(profile: Profile) -> list[Profile]:
    """The profile asked for first, then the others that ship."""
    return [profile, *(score.load_profile(name) for name in score.profile_names() if name != profile.id)]


def _why_not_assessed(pages: Sequence[Judged]) -> Text | None:
    """Why no page at all could be audited; None where one could."""
    if not pages or any(one.page.state is PageState.AUDITED for one in pages):
        return None
    first = pages[0].page
    state = word("page_states", first.state)
    return Text(
        f"không kiểm tra được trang nào; {first.requested}: {state.vi} ({first.detail})",
        f"no page could be audited; {first.requested}: {state.en} ({first.detail})",
    )


def _page_result(one: Judged, portal_wide: Sequence[Outcome]) -> PageResult:
    own = one.evaluated.outcomes
    about = [*own, *(outcome for outcome in portal_wide if not outcome.pages or one.page.id in outcome.pages)]
    return PageResult(
        page=one.page,
        criteria=conclude.page_criteria(about) if one.page.state is PageState.AUDITED else {},
        failed=sum(1 for outcome in own if outcome.verdict is Verdict.FAILED),
        open=sum(1 for outcome in own if outcome.verdict is Verdict.CANT_TELL),
        errors=one.errors,
    )


def _sum(times: Iterable[dict[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for one in times:
        total.update(one)
    return dict(sorted(total.items()))
