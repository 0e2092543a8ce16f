"""One portal's way from its address to audited pages: look at many, choose a sample, audit it. Knows no browser, rule or file.

Whatever was decided stands in the frontier, so that a killed run goes on with the same decisions. What a page becomes is told by
the ``Visitor``: an audit's visits pages with a browser, a test's invents them.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import msgspec

from wcag_audit.crawl import sample, urls
from wcag_audit.crawl.frontier import Found, Frontier, Known, Listed, Sampled, Taken
from wcag_audit.crawl.kinds import kinds
from wcag_audit.crawl.look import Look, Looked, Seen
from wcag_audit.crawl.pace import PER_HOST, Answer, Pace
from wcag_audit.crawl.robots import Robots
from wcag_audit.model import Page, PageState, decode

log = logging.getLogger(__name__)

T = TypeVar("T")

#: Pages leased at once. Links become known batch by batch: the number must not depend on how many pages are visited at once.
BATCH = 6
#: Looks that bring neither a page type nor a template that is new, after which a crawl has seen enough.
ENOUGH = 20
#: The depth of pages that only a sitemap names: they come after all that links lead to.
AFTER_LINKS = 1_000
#: Tries of a page that ended our process each time, or that was answered with 429 or 503.
TRIES = 3
#: Pages in a row that stay refused after all tries: the portal does not want to be asked any more.
GIVE_UP = 2
#: Share of the time for a portal that choosing the sample may take.
_LOOKING = 0.4
#: How alike a page is to one that was seen before when it brings no new template.
_KNOWN_TEMPLATE = 0.5
#: Templates remembered while looking.
_MOST_TEMPLATES = 200


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How a portal is crawled and sampled.

    ``jobs`` pages at once, ``max_pages`` in the sample, ``max_crawl`` pages known at the most; ``exhaustive``: look at all of them.
    ``rate`` is pages a minute at the most (0: no limit but the pause), ``max_time`` seconds for the portal (0: none).
    ``pages`` are addresses that make up the sample, ``quota`` pages by type. ``backoff`` is the first pause in seconds after 429 or 503.
    """

    jobs: int = 2
    max_pages: int = 30
    max_crawl: int = 2000
    seed: int = 0
    ignore_robots: bool = False
    exhaustive: bool = False
    rate: float = 0.0
    max_time: float = 0.0
    backoff: float = 2.0
    pages: tuple[str, ...] = ()
    quota: Mapping[str, int] | None = None
    hosts: tuple[str, ...] = ()
    path: str = "/"
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def scope(self, start: str) -> urls.Scope:
        return urls.Scope(start, self.hosts, self.path, self.include, self.exclude)


#: Hears of a page that stands, in the order of the sample; whether it is wanted, or is another page again.
Wanted = Callable[[Page], Awaitable[bool]]


class Visitor(Protocol):
    """Who goes to the pages."""

    async def look(self, url: str, *, quick: bool) -> tuple[Looked, Answer]:
        """Look at a page; ``quick``: at what it answers only, where that is known to tell the same."""
        ...

    async def audit(self, page: Page, wanted: Wanted) -> tuple[Page, Answer]:
        """Audit a page and keep what came of it, or take it as it was kept before. ``wanted`` hears of it once it stands."""
        ...

    async def keep(self, page: Page) -> None:
        """Keep a page that could not be visited, with its state."""
        ...

    async def drop(self, page: Page) -> None:
        """Forget a page that turned out to be another one again."""
        ...

    async def sitemap(self, robots: Robots, limit: int) -> list[str]:
        """Addresses that the portal's sitemaps name."""
        ...

    async def robots(self) -> Robots:
        """The portal's robots.txt."""
        ...


class PortalCrawl:
    """One portal's crawl while it runs."""

    def __init__(
        self, start: str, plan: Plan, frontier: Frontier, visitor: Visitor, under_way: int = 2, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.start = start
        self.plan = plan
        self.scope = plan.scope(start)
        self.frontier = frontier
        self.visitor = visitor
        self.robots = Robots()
        self.pace = Pace(start, rate=plan.rate, backoff=plan.backoff)
        self._clock = clock
        self._until = clock() + plan.max_time if plan.max_time else math.inf
        self._begun = clock()
        self._refused = 0
        self._loading = asyncio.Semaphore(max(1, min(plan.jobs, PER_HOST)))
        self._slots = asyncio.Semaphore(under_way)
        self._going: list[asyncio.Task[None]] = []
        self._started: set[str] = set()
        self._landed: set[str] = set()
        self._last = asyncio.Event()
        self._last.set()

    async def work(self) -> None:
        """From the start to the end, or on from where an earlier run stopped."""
        self.frontier.add([Found(self.start, 0, "start")])
        if not self.plan.ignore_robots:
            self.robots = await self.visitor.robots()
            self.pace.ask_for(self.robots.crawl_delay)
        try:
            self._start_audits()
            if not self.frontier.fact("chosen"):
                await self._find_sample()
            self._start_audits()
            await self._finish_audits()
            while self._replace():
                self._start_audits()
                await self._finish_audits()
        finally:
            for task in self._going:
                task.cancel()
            await asyncio.gather(*self._going, return_exceptions=True)

    async def _find_sample(self) -> None:
        if self.plan.pages:
            self._take_given()
        elif self.plan.max_pages == 1 and self.plan.quota is None:
            self.frontier.choose([(urls.key(self.start), False, (sample.START,))], {"chosen": "start"})
        else:
            await self._explore()
            await self._finish_audits()
            self._choose()

    # -- looking -------------------------------------------------------------------------------------------------------
    async def _explore(self) -> None:
        """Look at pages until enough was seen. Sitemaps are read when links have led to all that they lead to, or to enough."""
        overview = _Overview(self.frontier)
        while not self.frontier.fact("looking_ended"):
            if self._clock() - self._begun > _LOOKING * self.plan.max_time > 0:
                self.frontier.note("looking_ended", "time")
                return
            self._audit_certain(overview)
            enough = not self.plan.exhaustive and overview.exhausted and not self.frontier.waits_first()
            batch = [] if enough else self.frontier.lease(BATCH)
            if batch:
                await self._look_at(batch, overview)
            elif self.frontier.fact("sitemap"):
                return
            else:
                room = max(0, self.plan.max_crawl - self.frontier.count())
                named = await self.visitor.sitemap(self.robots, room)
                self.frontier.add(Found(url, AFTER_LINKS, "sitemap") for url in named if self.scope.holds(url) and urls.crawlable(url))
                self.frontier.note("sitemap", str(len(named)))

    async def _look_at(self, batch: Sequence[Known], overview: _Overview) -> None:
        kept = self.frontier.kept()

        async def one(known: Known) -> Looked | None:
            if (earlier := kept.get(known.key)) is not None:
                return decode(earlier, Looked)
            if not self.robots.allows(known.url):
                self.frontier.exclude(known.key)
                return None
            if known.tries > TRIES:
                return Looked(loaded=known.url, state=PageState.CRASHED, detail=f"{TRIES}×")
            looked = await self._look(known, quick=True)
            if looked.quick and looked.look is not None and overview.is_new(self._seen(known, looked, looked.look)):
                # Nothing like it was seen before: scripts may make another page of it.
                looked = await self._look(known, quick=False)
            self.frontier.keep(known.key, msgspec.json.encode(looked))
            return looked

        looks = await all_or_none(one(known) for known in batch)
        pairs = [(known, looked) for known, looked in zip(batch, looks, strict=True) if looked is not None]
        taken = [self._taken(known, looked) for known, looked in pairs]
        self.frontier.take_in(taken)
        states = self.frontier.states(page.key for page in taken)
        for known, page in zip((known for known, _ in pairs), taken, strict=True):
            if states[page.key] == "looked":
                overview.notice(known, page.seen)

    def _taken(self, known: Known, looked: Looked) -> Taken:
        look = looked.look
        if look is None:
            return Taken(known.key, looked.loaded, looked.state, looked.detail, None)
        seen = self._seen(known, looked, look) if looked.state is PageState.AUDITED else None
        within = [way for way in look.ways if self.scope.holds(way.url)]
        depth = min(known.depth, AFTER_LINKS) + 1
        found = [
            Found(way.url, depth, way.kind, known.key, way.words)
            for way in within
            if urls.crawlable(way.url) and not (way.kind == "search" and known.reason == "search")
        ]
        listed = [Listed("document", way.url, looked.loaded, way.words) for way in look.ways if urls.is_document(way.url)]
        listed += [Listed("post", words, looked.loaded) for words in look.posts]
        return Taken(known.key, looked.loaded, looked.state, looked.detail, seen, found, listed)

    def _seen(self, known: Known, looked: Looked, look: Look) -> Seen:
        types = kinds(look, looked.loaded, known.words, known.reason) if known.reason != "frame" else {}
        return Seen(title=look.title, paths=look.paths, kinds=types)

    # -- choosing ------------------------------------------------------------------------------------------------------
    def _take_given(self) -> None:
        self.frontier.add(Found(url, 1, "given") for url in self.plan.pages)
        wanted = dict.fromkeys(urls.key(url) for url in self.plan.pages)
        self.frontier.choose([(key, False, (sample.GIVEN,)) for key in wanted], {"chosen": "given"})

    def _audit_certain(self, overview: _Overview) -> None:
        """Audit what will be in the sample whatever else turns up: a portal may stop answering before all was looked at."""
        if self.plan.quota is not None:
            return
        rows = self.frontier.sampled()
        covered = {reason.id.removeprefix("kind_").replace("_", "-") for row in rows for reason in row.reasons}
        taken = {row.key for row in rows}
        room = self.plan.max_pages - sample.random_number(self.plan.max_pages) - len(rows)
        sure = [one for one in sample.certain(overview.best.values(), covered) if one.key not in taken]
        if room > 0 and sure:
            self.frontier.choose([(one.key, one.random, one.reasons) for one in sure[:room]], {})
        self._start_audits()

    def _choose(self) -> None:
        already = {row.key: row.reasons for row in self.frontier.sampled() if row.fate == PageState.AUDITED}
        found = sample.choose(self._candidates(), self.plan.max_pages, self.plan.seed, self.plan.quota, already)
        facts = {
            "chosen": "sample",
            "templates": str(found.templates),
            "kinds": msgspec.json.encode(found.kinds).decode(),
            "missing": msgspec.json.encode(found.missing).decode(),
        }
        chosen = [(one.key, one.random, one.reasons) for one in found.chosen]
        if not chosen:
            # Nothing could be looked at: what the start page says of itself is the result.
            chosen = [(urls.key(self.start), False, (sample.START,))]
        self.frontier.choose(chosen, facts)

    def _candidates(self) -> list[sample.Candidate]:
        return [_candidate(known, seen) for known, seen in self.frontier.looked() if seen is not None]

    # -- auditing ------------------------------------------------------------------------------------------------------
    def _start_audits(self) -> None:
        """Start to audit those of the sample that are not under way; looking goes on meanwhile."""
        for task in self._going:
            if task.done():
                task.result()
        for row in self.frontier.sampled():
            if row.key in self._started:
                continue
            self._started.add(row.key)
            if row.state != "duplicate":
                before, self._last = self._last, asyncio.Event()
                self._going.append(asyncio.ensure_future(self._audit(row, before, self._last)))

    async def _finish_audits(self) -> None:
        await all_or_none(self._going)
        self._going.clear()

    async def _audit(self, row: Sampled, before: asyncio.Event, own: asyncio.Event) -> None:
        """Audit a page of the sample; ``own`` is set once it is known whether it is wanted, which is after ``before``."""
        again = False

        async def wanted(page: Page) -> bool:
            nonlocal again
            await before.wait()
            if not own.is_set():
                there = urls.key(page.loaded or page.requested)
                again = there in self._landed
                self._landed.add(there)
                own.set()
            return not again

        async with self._slots:
            page = await self._audit_one(row, wanted)
            await before.wait()
            own.set()
        if again:
            await self.visitor.drop(page)
        self.frontier.finish(row.key, page.state, duplicate=again)

    async def _audit_one(self, row: Sampled, wanted: Wanted) -> Page:
        page = Page(id=urls.page_id(row.url), requested=row.url, reasons=row.reasons, order=row.place)
        if row.state == "done":
            return (await self.visitor.audit(page, wanted))[0]
        if not self.robots.allows(row.url):
            return await self._not_visited(page, PageState.BLOCKED, "robots.txt")
        if row.tries >= TRIES:
            return await self._not_visited(page, PageState.CRASHED, f"{TRIES}×")
        if self._clock() > self._until:
            self.frontier.note("ended", "time")
        if ended := self.frontier.fact("ended"):
            return await self._not_visited(page, PageState.TIMEOUT if ended == "time" else PageState.BLOCKED, ended)
        self.frontier.lease_sampled(row.key)
        found, refused = await self._patiently(lambda: self.visitor.audit(page, wanted))
        if not refused:
            self._refused = 0
            return found
        self._refused += 1
        if self._refused >= GIVE_UP:
            self.frontier.note("ended", "refused")
        await self.visitor.keep(found)
        return found

    async def _not_visited(self, page: Page, state: PageState, detail: str) -> Page:
        lost = msgspec.structs.replace(page, state=state, detail=detail)
        await self.visitor.keep(lost)
        return lost

    def _replace(self) -> bool:
        """Further pages for those that could not be audited; False where nothing is to be replaced, or nothing is left."""
        rows = self.frontier.sampled()
        good = [row for row in rows if row.state == "done" and row.fate == PageState.AUDITED]
        lost = [row for row in rows if row not in good]
        wanted = sum((self.plan.quota or {}).values()) or self.plan.max_pages
        # Pages that turn out blocked or broken do not use up the sample, but there is an end to trying.
        short = min(wanted - len(good), 2 * wanted + 10 - len(rows))
        if self.frontier.fact("chosen") != "sample" or short <= 0 or self.frontier.fact("ended"):
            return False
        taken = {row.key for row in rows}
        left = [one for one in self._candidates() if one.key not in taken]
        drawn = min(short, sum(1 for row in lost if row.random))
        chosen = sample.replacements(left, short - drawn, drawn, self.plan.seed)
        self.frontier.choose([(one.key, one.random, one.reasons) for one in chosen], {})
        return bool(chosen)

    # -- going gently --------------------------------------------------------------------------------------------------
    async def _look(self, known: Known, *, quick: bool) -> Looked:
        async with self._loading:
            if self.frontier.fact("looking_ended"):
                return Looked(loaded=known.url, state=PageState.BLOCKED, detail="refused")
            looked, refused = await self._patiently(lambda: self.visitor.look(known.url, quick=quick))
        if refused:
            self.frontier.note("looking_ended", "refused")
        return looked

    async def _patiently(self, work: Callable[[], Awaitable[tuple[T, Answer]]]) -> tuple[T, bool]:
        """The result of a visit, tried again with growing pauses where the portal asks for patience; whether it still does."""
        attempt = 0
        while True:
            attempt += 1
            await self.pace.wait()
            result, answer = await work()
            self.pace.answered(answer)
            if not answer.refused:
                return result, False
            log.info("%s: %s, try %s of %s", answer.url, answer.status, attempt, TRIES)
            if attempt == TRIES or self.frontier.fact("ended") or self._clock() > self._until:
                return result, True


class _Overview:
    """What the looks have brought so far: the best page of each type, and how long ago a look brought a type or template that was new."""

    def __init__(self, frontier: Frontier) -> None:
        self.best: dict[str, sample.Candidate] = {}
        self._leaders: list[frozenset[int]] = []
        self._idle = 0
        # As they came: a resumed crawl has to have seen enough exactly where an undisturbed one has.
        for known, seen in frontier.looked(in_turn=True):
            self.notice(known, seen)

    def notice(self, known: Known, seen: Seen | None) -> None:
        if seen is None:
            self._idle += 1
            return
        self._idle = 0 if self.is_new(seen) else self._idle + 1
        if self._new_template(seen) and len(self._leaders) < _MOST_TEMPLATES:
            self._leaders.append(frozenset(seen.paths))
        page = _candidate(known, seen)
        for kind in seen.kinds:
            self.best[kind] = sample.best((self.best.get(kind, page), page), kind)

    def is_new(self, seen: Seen) -> bool:
        """Whether a page is of a type or a template that no look brought before."""
        return not self.best.keys() >= seen.kinds.keys() or self._new_template(seen)

    def _new_template(self, seen: Seen) -> bool:
        paths = frozenset(seen.paths)
        return all(sample.likeness(paths, leader) < _KNOWN_TEMPLATE for leader in self._leaders)

    @property
    def exhausted(self) -> bool:
        return self._idle >= ENOUGH


def _candidate(known: Known, seen: Seen) -> sample.Candidate:
    return sample.Candidate(
        known.key, known.place, known.depth, seen.kinds, seen.paths, known.reason == "frame", known.turn, known.referrer, known.words
    )


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
