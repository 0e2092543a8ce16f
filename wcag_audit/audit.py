"""An audit of one portal, end to end: crawl, visit, judge, conclude, score; and the same from saved snapshots alone.

``conclude_run`` is the only way to a result: an audit and its replay both take it, so they cannot disagree.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import math
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple, Protocol, TypeVar
from urllib.parse import urljoin, urlsplit

import msgspec

from wcag_audit import __version__, conclude, score
from wcag_audit.agreement import agreed
from wcag_audit.browser.find import NoBrowser
from wcag_audit.browser.port import Browser, BrowserError, BrowserPage, Loaded, Options
from wcag_audit.browser.start import start_browser
from wcag_audit.crawl import urls
from wcag_audit.crawl.frontier import Frontier
from wcag_audit.crawl.look import Looked
from wcag_audit.crawl.pace import PER_HOST, Answer, retry_after
from wcag_audit.crawl.portal import Plan, PortalCrawl, Wanted, all_or_none
from wcag_audit.crawl.robots import AGENT, Robots, Web, read_robots
from wcag_audit.crawl.sample import likeness
from wcag_audit.crawl.states import sight_state
from wcag_audit.engine import Evaluated, evaluate, evaluate_portal, rule_infos
from wcag_audit.gather.axe import axe_version
from wcag_audit.gather.look import look_quickly
from wcag_audit.gather.probe import Claim, Context, Probe, Room, Shelf
from wcag_audit.gather.probes import PROBES
from wcag_audit.gather.visit import FULL, STATIC, Limits, Turn, Visit, context_of, look_at, probed, visit
from wcag_audit.locale import word
from wcag_audit.model import (
    JSON,
    RESULT_VERSION,
    Crawled,
    Environment,
    Listed,
    Outcome,
    Page,
    PageResult,
    PageState,
    Portal,
    Result,
    Review,
    Snapshot,
    Text,
    Unseen,
    Verdict,
    fill,
)
from wcag_audit.pictured import Pictured
from wcag_audit.rule import Rule
from wcag_audit.sampling import sampling
from wcag_audit.score import Profile
from wcag_audit.store import Run, RunInfo
from wcag_audit.timings import timed

log = logging.getLogger(__name__)

T = TypeVar("T")

#: Pages that one browser serves before a fresh one takes over.
RECYCLE = 200
#: Pages under way beyond those that load: their probes mostly wait.
WAITING = 2
SCHEMA = "result.schema.json"
#: How alike a page is before and after its scripts where they change nothing that matters to a crawl.
_SAME = 0.8
#: Pages after which quick looks that told what real ones told are trusted.
_TRUSTED = 5
#: Fewer audited pages, where more were tried: the portal is not assessed.
MINIMUM = 3
#: Documents, and actions that only a POST takes, listed in the result at the most; more are counted.
LISTED = 500


class Progress(Protocol):
    """What an audit tells while it runs."""

    def page_done(self, page: Page, outcomes: Sequence[Outcome], total: int) -> None:
        """A page is done; ``total`` is how many are to come at the most, as far as known."""
        ...


@dataclass(frozen=True, kw_only=True)
class Settings(Plan):
    """How to audit: the plan of the crawl, and how pages are visited and judged, ``runs`` times each."""

    profile: Profile
    driver: str = "playwright"
    browser: Options = field(default_factory=Options)
    limits: Limits = field(default_factory=Limits)
    depth: str = "full"
    runs: int = 1
    probes: Sequence[Probe] = PROBES
    static: Sequence[str] = STATIC

    @property
    def web(self) -> Web:
        options = self.browser
        return Web(options.proxy, options.ignore_tls_errors, options.agent or AGENT, options.lets or (lambda _: True))


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
        #: The browser started last.
        self.last: Browser | None = None
        self._served = 0
        self._users: dict[Browser, int] = {}
        self._lock = asyncio.Lock()
        #: Lets only so many pages load at once, those whose probes wait not counted, and one huge page stand.
        self.room = Room(max(1, min(settings.jobs, PER_HOST)))

    async def start(self) -> Browser:
        """The browser that serves the next page, started where none runs. Raises NoBrowser or BrowserError."""
        async with self._lock:
            return await self._take()

    async def _take(self) -> Browser:
        if self._current is not None and self._served >= RECYCLE:
            spent, self._current = self._current, None
            if self._users[spent] == 0:
                await self._close(spent)
        if self._current is None:
            starting, self._starting = self._starting or start_browser(self._settings.driver, self._settings.browser), None
            with timed("wait", "browser"):
                self._current = self.last = await starting
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
    pool: Pool,
    page: Page,
    settings: Settings,
    rules: Sequence[Rule],
    in_scope: Callable[[str], bool],
    *,
    isolated: bool = False,
    turn: Turn | None = None,
    shelf: Shelf | None = None,
    pictured: Pictured | None = None,
) -> tuple[Visit, Evaluated]:
    """Visit a page and judge it. Where the browser itself broke, once more in a fresh one; where rules want proof twice, with a
    second try of their probes in a fresh page; what other pages share of that is on the ``shelf``.

    With ``pictured``, a page that is judged from its snapshot alone is pictured only for what earlier pages do not show."""

    async def once() -> tuple[Visit, Evaluated]:
        judging: asyncio.Task[Evaluated] | None = None

        async def reach(snapshot: Snapshot) -> float:
            nonlocal judging
            judging = asyncio.create_task(asyncio.to_thread(judge, snapshot, rules))
            assert pictured is not None
            # The first page is pictured while it is judged, the others only once it is known for what.
            return math.inf if pictured.is_first(page) else pictured.reach(page, (await judging).outcomes)

        async with pool.use() as browser:
            around = environment(settings, browser)
            found = await visit(
                browser,
                page,
                around,
                settings.limits,
                in_scope,
                isolated=isolated,
                probes=settings.probes,
                static=settings.static,
                turn=turn,
                room=pool.room,
                reach=reach if pictured is not None and settings.depth != FULL else None,
            )
            if found.snapshot.page.state is PageState.CRASHED:
                pool.broken(browser)
            audited = found.snapshot.page.state is PageState.AUDITED
            judged = await (judging if judging is not None and audited else asyncio.to_thread(judge, found.snapshot, rules))
            if judged.again:
                again: dict[str, list[JSON]] = {}
                for request in judged.again:
                    again.setdefault(request.probe, []).append(request.what)
                probes = [probe for probe in settings.probes if probe.name in again]
                context = context_of(found.snapshot, settings.limits)
                found = await probed(
                    browser,
                    found,
                    probes,
                    settings.limits,
                    isolated=isolated,
                    context=context,
                    again=again,
                    # A huge page has the place that others may wait for, so it waits for none of them.
                    seconds=shelf.seconds(page.id, probes, context, again) if shelf is not None and not context.huge else None,
                    room=pool.room,
                )
                judged = await asyncio.to_thread(judge, found.snapshot, rules)
            return found, judged

    found, judged = await once()
    if found.snapshot.page.state is PageState.CRASHED:
        log.info("%s crashed, trying once more in a fresh browser", page.requested)
        found, judged = await once()
    if settings.runs > 1 and found.snapshot.page.state is PageState.AUDITED:
        repeats = tuple([(await once())[0].snapshot.artifacts for _ in range(1, settings.runs)])
        found = replace(found, snapshot=msgspec.structs.replace(found.snapshot, repeats=repeats))
        judged = await asyncio.to_thread(judge, found.snapshot, rules)
    return found, judged


class _Visits:
    """Who goes to a portal's pages for its crawl: looks, audits, and what is kept of them in the run."""

    def __init__(
        self,
        portal: Portal,
        run: Run,
        frontier: Frontier,
        settings: Settings,
        rules: Sequence[Rule],
        progress: Progress | None,
        pool: Pool,
    ) -> None:
        self._portal = portal
        self._run = run
        self._frontier = frontier
        self._settings = settings
        self._rules = rules
        self._progress = progress
        self._pool = pool
        self._scope = settings.scope(portal.url)
        self._shelf = Shelf()
        self._pictured = Pictured()
        self.judged: dict[str, Judged] = {}
        #: Whether quick looks have told what real ones told; the tab that takes them, and those not yet compared.
        self._plain = not frontier.fact("scripted")
        self._agreed = 0
        self._tab: tuple[Browser, BrowserPage] | None = None
        self._opening = asyncio.Lock()
        self._quick: dict[str, Looked] = {}

    async def look(self, url: str, *, quick: bool) -> tuple[Looked, Answer]:
        with timed("wait", "crawl-look"):
            return await self._look(url, quick)

    async def _look(self, url: str, quick: bool) -> tuple[Looked, Answer]:
        async with self._pool.use() as browser:
            if quick and self._plain and (found := await self._look_quickly(browser, url)) is not None:
                if found.quick:
                    self._quick[url] = found
                return found, Answer(url, 200)
            first = urls.key(url) == urls.key(self._portal.url)
            # Where scripts make the pages, they may make their menus too; those of the start page need no second click.
            pressed = () if first else None if self._plain else json.loads(self._frontier.fact("pressed") or "[]")
            looked, loaded = await look_at(browser, url, self._settings.limits, self._scope.site, pressed=pressed)
            if first:
                self._frontier.note("pressed", json.dumps(looked.pressed))
            if looked.state is PageState.CRASHED:
                self._pool.broken(browser)
            if (before := self._quick.pop(url, None)) is not None and not _told_the_same(before, looked):
                # Scripts make these pages what they are: from now on each is opened.
                self._plain = False
                self._frontier.note("scripted", "yes")
            elif before is not None:
                self._agreed += 1
            return looked, _answer(url, loaded)

    async def _look_quickly(self, browser: Browser, url: str) -> Looked | None:
        """What a page answers, where that seems to be the page: fetched by a tab that stays on the portal."""
        if urlsplit(url).fragment or not urls.same_site(url, self._portal.url):
            return None
        try:
            async with self._opening:
                if self._tab is None or self._tab[0] is not browser:
                    self._tab = (browser, await browser.new_page())
                    await self._tab[1].open(urljoin(self._portal.url, "/robots.txt"), self._settings.limits.load)
            found = await look_quickly(self._tab[1], url)
        except BrowserError:
            return None
        if found is None:
            return None
        status, headers, seen = found
        state, _ = sight_state(Loaded(url, url, status, headers), seen)
        return Looked(loaded=url, state=state, look=seen, quick=self._agreed < _TRUSTED) if state is PageState.AUDITED else None

    async def audit(self, page: Page, wanted: Wanted) -> tuple[Page, Answer]:
        keep = True

        async def turn(snapshot: Snapshot, context: Context) -> dict[str, Claim] | None:
            nonlocal keep
            if snapshot.page.state is not PageState.AUDITED:
                return {}
            keep = await wanted(snapshot.page)
            if not keep:
                return None
            return self._shelf.claim(page.id, self._settings.probes, context) if self._settings.depth == FULL else {}

        if self._run.has_snapshot(page.id):
            return await self._audited_before(page.id, turn), Answer(page.requested)
        started = time.monotonic()
        found, judged = await visit_and_judge(
            self._pool,
            page,
            self._settings,
            self._rules,
            self._scope.site,
            turn=turn,
            shelf=self._shelf,
            pictured=self._pictured,
        )
        answer = _answer(page.requested, found.loaded, time.monotonic() - started)
        if keep and not answer.refused:
            await self._keep(found, judged)
        return found.snapshot.page, answer

    async def _audited_before(self, page_id: str, turn: Turn) -> Page:
        """A page that an interrupted run visited; what it shares with others is told as it was then."""
        snapshot = await asyncio.to_thread(self._run.snapshot, page_id)
        judged = await asyncio.to_thread(judge, snapshot, self._rules)
        claims = await turn(snapshot, context_of(snapshot, self._settings.limits))
        for name, claim in (claims or {}).items():
            recorded = snapshot.artifacts.get(name)
            own = recorded is not None and recorded.error is None and "carried" not in recorded.data
            claim.settle(recorded.data if recorded is not None and own else None)
        if claims is not None:
            self._count(snapshot, judged)
        return snapshot.page

    async def _keep(self, found: Visit, judged: Evaluated) -> None:
        await asyncio.to_thread(save, self._run, found, judged)
        self._count(found.snapshot, judged)
        self._tell(found.snapshot.page, judged.outcomes)

    async def keep(self, page: Page) -> None:
        judged = Evaluated([], {})
        await self._keep(Visit(Snapshot(page=page, environment=self._environment(), taken=now())), judged)

    async def drop(self, page: Page) -> None:
        await asyncio.to_thread(self._run.drop, page.id)

    async def robots(self) -> Robots:
        return await asyncio.to_thread(read_robots, self._portal.url, self._settings.web)

    async def sitemap(self, robots: Robots, limit: int) -> list[str]:
        from wcag_audit.crawl.sitemap import sitemap_urls

        return await asyncio.to_thread(sitemap_urls, self._portal.url, robots, self._settings.web, limit)

    def _environment(self) -> Environment:
        browser = self._pool.last
        assert browser is not None, "a browser has run before a page is given up"
        return environment(self._settings, browser)

    def _count(self, snapshot: Snapshot, judged: Evaluated) -> None:
        if snapshot.page.state is PageState.AUDITED:
            self._pictured.note(snapshot.page, judged.outcomes)
        errors, times = artifact_errors(snapshot), took(snapshot)
        self.judged[snapshot.page.id] = Judged(snapshot.page, snapshot.environment, errors, times, snapshot.taken, judged)

    def _tell(self, page: Page, outcomes: Sequence[Outcome]) -> None:
        if self._progress is not None:
            self._progress.page_done(page, outcomes, self._settings.max_pages)


def _told_the_same(quick: Looked, real: Looked) -> bool:
    """Whether a quick look led to the same places, and saw the page built the same way, as a real one."""
    if quick.look is None or real.look is None:
        return False
    ways = [frozenset(way.url for way in one.ways) for one in (quick.look, real.look)]
    paths = [frozenset(one.paths) for one in (quick.look, real.look)]
    return ways[0] >= ways[1] and likeness(paths[0], paths[1]) >= _SAME


def _answer(url: str, loaded: Loaded | None, seconds: float = 0.0) -> Answer:
    """How a portal answered, for its pace."""
    if loaded is None:
        return Answer(url, took=seconds)
    headers = {name.lower(): value for name, value in loaded.headers.items()}
    return Answer(url, loaded.status, retry_after(headers.get("retry-after")), loaded.took or seconds)


def under_way(settings: Settings) -> int:
    """Pages under way at once: those that load, and some whose probes wait meanwhile."""
    return max(1, settings.jobs) + (WAITING if settings.depth == FULL else 0)


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
        frontier = Frontier(run.frontier_path, settings.max_crawl)
        try:
            visits = _Visits(portal, run, frontier, settings, rules, progress, pool)
            # The browser starts while robots.txt is read.
            opening = asyncio.create_task(pool.start())
            try:
                crawl = PortalCrawl(portal.url, settings, frontier, visits, under_way(settings))
                await all_or_none([opening, crawl.work()])
            finally:
                opening.cancel()
            run.save_crawl(crawl_info(crawl))
            run.save_pages(pages_file(visits.judged.values()))
        finally:
            frontier.close()
        if aside is not None:
            await aside
    except BaseException:
        await pool.close()
        raise
    # The browser goes down while the result is made.
    closing = asyncio.create_task(pool.close())
    try:
        return await asyncio.to_thread(conclude_run, run, rules, settings.profile, visits.judged.values())
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
        with timed("write", "outcomes"):
            run.save_outcomes(found.snapshot.page.id, judged.outcomes)
    with timed("write", "snapshot"):
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
    with timed("judge", "conclusion"):
        defects = conclude.defects(outcomes, infos, reviews)
        criteria = conclude.criteria(on_pages, portal_wide, reviews)
    crawled = run.crawl()
    reason = _why_not_assessed(pages, crawled, profile)
    spoken = {defect.rule for defect in defects}
    finished = max((one.taken for one in pages), default=info.started)
    schemes = score.schemes(profile)
    scores = tuple(score.score(criteria, scheme, len(audited), reason) for scheme in schemes)
    day = date.fromisoformat(finished[:10])
    page_results = tuple(_page_result(one, portal_wide) for one in pages)
    result = Result(
        schema=SCHEMA,
        version=RESULT_VERSION,
        environment=pages[0].environment,
        portal=info.portal,
        profile=profile.id,
        started=info.started,
        finished=finished,
        pages=page_results,
        criteria=criteria,
        principles=score.principles(criteria, profile, len(audited)),
        scores=scores,
        statements=tuple(score.statement(one, len(audited), day, scheme) for one, scheme in zip(scores, schemes, strict=True)),
        defects=defects,
        rules={rule_id: infos[rule_id] for rule_id in sorted(spoken)},
        questions=conclude.needs_person(criteria, defects),
        seen=crawled.seen,
        sampling=sampling(page_results, crawled, info.seed),
        timings=_sum(one.took for one in pages),
    )
    with timed("write", "result"):
        run.save_result(result)
    return result


#: States of pages that the portal has and that nobody could be shown: unlike a dead link, they leave a gap.
_GAPS = (PageState.BLOCKED, PageState.MAINTENANCE, PageState.LOGIN, PageState.TIMEOUT, PageState.CRASHED)


def _why_not_assessed(pages: Sequence[Judged], crawled: Crawled, profile: Profile) -> Text | None:
    """Why too few pages could be audited; None where enough were, or all that there were."""
    audited = sum(1 for one in pages if one.page.state is PageState.AUDITED)
    sampled = [Unseen(state=one.page.state, pages=1, example=one.page.requested, detail=one.page.detail) for one in pages]
    lost = [one for one in (*sampled, *crawled.unseen) if one.state is not PageState.AUDITED]
    gaps = [one for one in lost if one.state in _GAPS or one.detail.startswith("5")]
    tried = audited + sum(one.pages for one in gaps)
    minimum = min(max(MINIMUM, profile.minimum_pages), tried)
    if not pages or (audited and audited >= minimum):
        return None
    first = (gaps or lost)[0]
    state = word("page_states", first.state)
    values = {
        "audited": str(audited),
        "tried": str(tried),
        "minimum": str(minimum),
        "example": first.example,
        "detail": first.detail,
        "state.vi": state.vi,
        "state.en": state.en,
    }
    return fill(word("not_assessed", "too_few" if audited else "none"), values)


def crawl_info(crawl: PortalCrawl) -> Crawled:
    """What a finished crawl learned, from its frontier."""
    frontier = crawl.frontier
    documents, posts = (frontier.listed(kind, LISTED) for kind in ("document", "post"))
    fates = [row for row in frontier.fates() if row[0] != PageState.AUDITED]
    return Crawled(
        seen=frontier.count() - frontier.count("duplicate"),
        looked=frontier.count("looked"),
        excluded=frontier.count("excluded"),
        templates=int(frontier.fact("templates") or 0),
        kinds=json.loads(frontier.fact("kinds") or "{}"),
        missing=json.loads(frontier.fact("missing") or "{}"),
        unseen=tuple(Unseen(state=PageState(fate), pages=n, example=url, detail=detail) for fate, n, url, detail in fates),
        documents=tuple(Listed(what=row.what, page=row.page, words=row.words) for row in documents[1]),
        document_count=documents[0],
        posts=tuple(Listed(what=row.what, page=row.page) for row in posts[1]),
        post_count=posts[0],
        ended=frontier.fact("ended") or frontier.fact("looking_ended"),
        refused=crawl.pace.refused,
        waited=round(crawl.pace.waited),
    )


def pages_file(judged: Iterable[Judged]) -> str:
    """The audited sample as ``--pages`` reads it: an address a line, and behind ``#`` why it was chosen."""
    pages = sorted((one.page for one in judged if one.page.state is PageState.AUDITED), key=lambda page: page.order)
    return "".join(f"{page.requested}  # {', '.join(reason.id for reason in page.reasons)}\n" for page in pages)


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
