"""A crawl from its start to an audited sample, over portals that are invented, and over the fixture portals as a browser sees them."""

from __future__ import annotations

import asyncio
import os
import random
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import pytest

from wcag_audit.audit import Pool, Settings, _Visits
from wcag_audit.crawl import sample, urls
from wcag_audit.crawl.frontier import Frontier
from wcag_audit.crawl.kinds import kind_names
from wcag_audit.crawl.look import Look, Looked, Way
from wcag_audit.crawl.pace import Answer, Pace, retry_after
from wcag_audit.crawl.portal import Plan, PortalCrawl, Wanted
from wcag_audit.crawl.robots import Robots
from wcag_audit.crawl.sample import Candidate
from wcag_audit.model import Page, PageResult, PageState, Portal, Reason, Verdict
from wcag_audit.sampling import interval, sampling
from wcag_audit.score import load_profile
from wcag_audit.serve import PortalSite, Request, Response, serving
from wcag_audit.store import Run

START = "http://127.0.0.1:1/"
PORTALS = Path(__file__).parent.parent / "fixtures" / "portals"


class Killed(Exception):
    """Stands for the end of the process."""


class Invented:
    """A portal of ``pages`` pages; it refuses from its ``patience``-th visit on, and kills the visitor at the ``kill``-th."""

    def __init__(self, pages: int, *, patience: int = 10**9, kill: int = 10**9, blocked: Sequence[int] = ()) -> None:
        self.pages, self.patience, self.kill = pages, patience, kill
        self.blocked = frozenset(blocked)
        self.visits: Counter[str] = Counter()
        self.saved: dict[str, Page] = {}
        self._asked = 0

    def _answer(self, url: str) -> Answer:
        self._asked += 1
        if self._asked >= self.kill:
            raise Killed
        return Answer(url, 503 if self._asked > self.patience else 200, None, 0.0)

    def number(self, url: str) -> int:
        return int(urlsplit(url).path.removeprefix("/trang-").strip("/") or 0)

    async def look(self, url: str, *, quick: bool) -> tuple[Looked, Answer]:
        answer = self._answer(url)
        self.visits[f"look {url}"] += 1
        if answer.refused:
            return Looked(loaded=url, state=PageState.HTTP_ERROR, detail="503"), answer
        number = self.number(url)
        ways = tuple(Way(url=f"{START}trang-{n}") for n in range(number * 4 + 1, min(number * 4 + 5, self.pages)))
        paths = tuple(range((number % 3) * 10, (number % 3) * 10 + 10))
        heading = {1: "Đăng nhập", 2: "Tra cứu hồ sơ", 3: "Liên hệ"}.get(number, f"Trang {number}")
        return Looked(loaded=url, state=PageState.AUDITED, look=Look(heading=heading, title=heading, ways=ways, paths=paths)), answer

    async def audit(self, page: Page, wanted: Wanted) -> tuple[Page, Answer]:
        if page.id in self.saved:
            await wanted(self.saved[page.id])
            return self.saved[page.id], Answer(page.requested)
        answer = self._answer(page.requested)
        self.visits[f"audit {page.requested}"] += 1
        state = PageState.HTTP_ERROR if answer.refused else PageState.AUDITED
        if self.number(page.requested) in self.blocked:
            state = PageState.BLOCKED
        found = msgspec.structs.replace(page, loaded=page.requested, state=state)
        if state is PageState.AUDITED and not await wanted(found):
            return found, answer
        if not answer.refused:
            self.saved[page.id] = found
        return found, answer

    async def keep(self, page: Page) -> None:
        self.saved[page.id] = page

    async def drop(self, page: Page) -> None:
        self.saved.pop(page.id, None)

    async def sitemap(self, robots: Robots, limit: int) -> list[str]:
        return []

    async def robots(self) -> Robots:
        return Robots()


def crawl(portal: Invented, folder: Path, **plan: object) -> PortalCrawl:
    frontier = Frontier(folder / "frontier.sqlite")
    going = PortalCrawl(START, Plan(**{"backoff": 0.001, **plan}), frontier, portal)  # type: ignore[arg-type]
    try:
        asyncio.run(going.work())
    finally:
        frontier._db.commit()
    return going


def chosen(going: PortalCrawl) -> list[tuple[str, bool]]:
    return [(row.url, row.random) for row in going.frontier.sampled()]


def test_the_same_seed_chooses_the_same_pages_and_another_seed_others(tmp_path: Path) -> None:
    found = []
    for name, seed in (("a", 0), ("b", 0), ("c", 1)):
        going = crawl(Invented(200), tmp_path / name, max_pages=20, seed=seed, exhaustive=True)
        found.append(chosen(going))
        going.frontier.close()
    assert found[0] == found[1]
    assert len(found[0]) == 20
    assert [random for _, random in found[0]].count(True) == 2
    assert {url for url, drawn in found[0] if not drawn} == {url for url, drawn in found[2] if not drawn}
    assert {url for url, drawn in found[0] if drawn} != {url for url, drawn in found[2] if drawn}


def test_killed_at_any_moment_a_crawl_comes_to_the_same_sample(tmp_path: Path) -> None:
    whole = crawl(Invented(60), tmp_path / "whole", max_pages=15, exhaustive=True)
    expected = chosen(whole)
    whole.frontier.close()
    chance = random.Random(5)
    for number in range(12):
        portal = Invented(60, kill=chance.randint(1, 75))
        folder = tmp_path / str(number)
        frontier = Frontier(folder / "frontier.sqlite")
        with pytest.raises(Killed):
            asyncio.run(PortalCrawl(START, Plan(max_pages=15, exhaustive=True), frontier, portal).work())
        frontier.close()
        portal.kill = 10**9
        again = crawl(portal, folder, max_pages=15, exhaustive=True)
        assert chosen(again) == expected
        assert len(portal.saved) == 15
        assert set(portal.visits.values()) == {1}, "a page was visited twice"
        assert len(portal.visits) == 60 + 15, "a page was lost"
        again.frontier.close()


def test_blocked_pages_are_replaced_and_never_counted(tmp_path: Path) -> None:
    portal = Invented(60, blocked=(1, 2, 5))
    going = crawl(portal, tmp_path, max_pages=12, exhaustive=True)
    states = Counter(page.state for page in portal.saved.values())
    assert states[PageState.AUDITED] == 12
    going.frontier.close()


def test_a_portal_that_stops_answering_is_waited_for_and_then_left(tmp_path: Path) -> None:
    portal = Invented(60, patience=20)
    going = crawl(portal, tmp_path, max_pages=15)
    assert going.pace.refused >= 3, "each page is tried again"
    assert going.pace.waited > 0
    assert sum(portal.visits.values()) < 60, "but not for ever"
    assert any(page.state is PageState.AUDITED for page in portal.saved.values()), "what is certain was audited before"
    assert going.frontier.fact("looking_ended") == "refused"
    assert {row[0]: row[1] for row in going.frontier.fates()}["http_error"] >= 1
    going.frontier.close()


def test_looking_ends_when_nothing_new_turns_up(tmp_path: Path) -> None:
    going = crawl(Invented(2000), tmp_path, max_pages=10)
    assert going.frontier.count("looked") < 100
    going.frontier.close()


def test_a_given_sample_is_taken_as_it_is(tmp_path: Path) -> None:
    portal = Invented(60)
    pages = (START + "trang-7", START + "trang-9")
    going = crawl(portal, tmp_path, pages=pages)
    assert [url for url, _ in chosen(going)] == list(pages)
    assert not any(visit.startswith("look") for visit in portal.visits)
    going.frontier.close()


def test_a_quota_is_filled_or_named(tmp_path: Path) -> None:
    going = crawl(Invented(60), tmp_path, quota={"login": 1, "look-up": 2}, exhaustive=True)
    assert {url for url, drawn in chosen(going) if not drawn} == {START + "trang-1", START + "trang-2"}
    assert going.frontier.fact("missing") == '{"look-up":1}'
    going.frontier.close()


def test_time_for_a_portal_is_bounded(tmp_path: Path) -> None:
    now = [0.0]

    def clock() -> float:
        now[0] += 1.0
        return now[0]

    portal = Invented(2000)
    frontier = Frontier(tmp_path / "frontier.sqlite")
    asyncio.run(PortalCrawl(START, Plan(max_pages=30, max_time=60, exhaustive=True), frontier, portal, clock=clock).work())
    assert frontier.fact("looking_ended") == "time"
    assert frontier.count("looked") < 200
    frontier.close()


# -- the parts ----------------------------------------------------------------------------------------------------------


def candidate(number: int, kinds: dict[str, int] | None = None, paths: Sequence[int] = (1, 2, 3), **more: object) -> Candidate:
    return Candidate(f"http://x/{number}", number, 1, kinds or {}, tuple(paths), **more)  # type: ignore[arg-type]


def test_each_type_each_template_and_the_steps_of_a_process_are_in_a_sample() -> None:
    pages = [
        candidate(0, {"home": 100}, range(10)),
        candidate(1, {"e-form": 9}, range(20, 30)),
        candidate(2, {}, range(20, 30), referrer="http://x/1", words="Bước tiếp theo"),
        candidate(3, {}, range(20, 30), referrer="http://x/2", words="Tiếp tục"),
        candidate(4, {}, range(40, 50)),
        *(candidate(number, {}, range(60, 70)) for number in range(5, 30)),
    ]
    found = sample.choose(pages, 12, seed=3)
    reasons = {one.key.removeprefix("http://x/"): [reason.id for reason in one.reasons] for one in found.chosen}
    assert reasons["0"][0] == "kind_home"
    assert reasons["1"][0] == "kind_e_form"
    assert reasons["2"] == reasons["3"] == ["process"]
    assert reasons["4"] == ["template"]
    assert found.templates == 4
    assert len(found.chosen) == 12
    assert [one.random for one in found.chosen].count(True) == 2


def test_templates_that_a_sample_cannot_hold_count_as_one_with_the_most_alike() -> None:
    pages = [candidate(number, {}, [*range(number * 10, number * 10 + 6), *range(1000, 1004)]) for number in range(8)]
    assert len(sample.templates(pages, 8)) == 8
    assert len(sample.templates(pages, 5)) == 5
    assert sorted(one.key for group in sample.templates(pages, 5) for one in group) == sorted(one.key for one in pages)


def test_frames_come_last() -> None:
    pages = [candidate(0, {}, (1,), frame=True), *(candidate(number) for number in range(1, 9))]
    structured = [one.key for one in sample.choose(pages, 8, seed=0).chosen if not one.random]
    assert "http://x/0" not in structured


@pytest.mark.parametrize(
    ("failing", "sampled", "population", "bounds"),
    [
        (0, 30, 10**6, (0.0, 0.1)),
        (0, 2, 100, (0.0, 0.98)),
        (0, 3, 3, (0.0, 0.0)),
        (2, 2, 2, (1.0, 1.0)),
        (5, 50, 10**7, (0.0333, 0.2181)),  # Clopper–Pearson of 5 in 50
        (1, 10, 10**7, (0.0025, 0.4450)),
    ],
)
def test_sampling_uncertainty(failing: int, sampled: int, population: int, bounds: tuple[float, float]) -> None:
    assert interval(failing, sampled, population) == pytest.approx(bounds, abs=2e-4)


def test_a_finite_population_narrows_the_bounds() -> None:
    small, large = interval(5, 50, 60), interval(5, 50, 10_000)
    assert large[0] < small[0] <= 5 / 50 <= small[1] < large[1]
    with pytest.raises(ValueError, match="6 of 5"):
        interval(6, 5, 10)


def test_what_only_the_random_part_found_is_told() -> None:
    from wcag_audit.model import Crawled

    def page(id: str, reason: str, **criteria: Verdict) -> PageResult:
        verdicts = {name.replace("_", ".").removeprefix("c"): verdict for name, verdict in criteria.items()}
        return PageResult(page=Page(id=id, requested=id, reasons=(Reason(id=reason),)), criteria=verdicts)

    drawn = page("b", "random", c1_1_1=Verdict.FAILED, c2_4_4=Verdict.FAILED)
    pages = [page("a", "kind_home", c1_1_1=Verdict.FAILED), drawn, page("c", "random")]
    found = sampling(pages, Crawled(seen=50, looked=40), seed=7)
    assert (found.structured, found.random, found.random_failing, found.random_only) == (1, 2, 1, ("2.4.4",))
    assert found.share == 0.06
    assert found.least is not None and found.most is not None
    assert 0 < found.least < 0.5 < found.most < 1
    assert any("2.4.4" in text.en and "2.4.4" in text.vi for text in found.statements)
    assert any("seed 7" in text.en for text in found.statements)


# -- the pace -----------------------------------------------------------------------------------------------------------


def test_retry_after_is_a_number_or_a_date() -> None:
    now: Callable[[], float] = lambda: 1_700_000_000.0  # noqa: E731
    assert retry_after("120", now) == 120
    assert retry_after("Tue, 14 Nov 2023 22:14:20 GMT", now) == 60
    assert retry_after("soon", now) is None
    assert retry_after(None, now) is None


def test_pauses_grow_with_refusals_and_slow_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]

    async def sleep(seconds: float) -> None:
        now[0] += seconds

    monkeypatch.setattr(asyncio, "sleep", sleep)

    def pause(pace: Pace) -> float:
        began = now[0]
        asyncio.run(pace.wait())
        return now[0] - began

    pace = Pace("https://dvc.gov.vn/", backoff=5, clock=lambda: now[0])
    assert [pause(pace) for _ in range(3)] == [0, 1, 1]
    pace.answered(Answer("u", 503))
    assert pause(pace) == 5
    pace.answered(Answer("u", 429))
    assert pause(pace) == 10
    pace.answered(Answer("u", 503, 60))
    assert pause(pace) == 60
    for took in (0.5,) * 5 + (4.0,) * 5:
        pace.answered(Answer("u", 200, None, took))
    pause(pace)
    assert pause(pace) == 5, "as long as an answer now takes, beside the usual pause"
    assert pace.refused == 3
    rate = Pace("https://dvc.gov.vn/", rate=6, clock=lambda: now[0])
    assert [pause(rate) for _ in range(2)] == [0, 10]
    asked = Pace("https://dvc.gov.vn/", clock=lambda: now[0])
    asked.ask_for(100)
    assert [pause(asked) for _ in range(2)] == [0, 30]
    loopback = Pace("http://127.0.0.1:8000/", clock=lambda: now[0])
    loopback.ask_for(100)
    assert [pause(loopback) for _ in range(2)] == [0, 0]


# -- what only a rendered page shows -------------------------------------------------------------------------------------


class _Application:
    """A single-page application: its menu is made by script, leads on without links, and opens by a click."""

    page = """<!doctype html><html lang="vi"><title>Cổng</title><style>nav li { cursor: pointer }</style>
      <body><nav></nav><main></main><script>
      const nav = document.querySelector("nav"), main = document.querySelector("main");
      const show = () => { main.innerHTML = "<h1>" + (location.hash || "Trang chủ") + "</h1><p>Nội dung của trang.</p>" };
      addEventListener("hashchange", show); show();
      setTimeout(() => {
        nav.innerHTML = '<ul><li id="a">Tra cứu</li><li id="b">Thống kê</li><li id="x">Xóa hồ sơ</li></ul>' +
          '<button aria-expanded="false">Menu</button><a href="#/lien-he">Liên hệ</a>';
        for (const [id, to] of [["a", "#/tra-cuu"], ["x", "#/xoa"]])
          document.getElementById(id).addEventListener("click", () => location.hash = to);
        document.getElementById("b").addEventListener("click", () => location.href = "/thong-ke");
        nav.querySelector("button").addEventListener("click", () => nav.insertAdjacentHTML("beforeend", '<a href="/an">Mục ẩn</a>'));
      }, 100);
    </script>"""

    def respond(self, request: Request) -> Response:
        return Response(200, self.page.encode()) if request.path == "/" else Response(404, b"")


def test_routes_and_menus_that_only_a_click_shows(tmp_path: Path) -> None:
    with serving(_Application()) as served:
        settings = Settings(profile=load_profile("mic-2024"), depth="static")

        async def go() -> tuple[Looked, Looked, Looked]:
            pool, frontier = Pool(settings), Frontier(tmp_path / "frontier.sqlite")
            frontier.note("scripted", "yes")
            visits = _Visits(Portal(id="x", name="x", url=served.url), Run(tmp_path), frontier, settings, (), None, pool)
            try:
                first, _ = await visits.look(served.url, quick=False)
                again, _ = await visits.look(served.url, quick=False)
                other, _ = await visits.look(served.url + "?trang=2", quick=False)
            finally:
                await pool.close()
                frontier.close()
            return first, again, other

        first, again, other = asyncio.run(go())
        assert first.look is not None
        assert {way.url.removeprefix(served.url) for way in first.look.ways} == {"#/lien-he", "#/tra-cuu", "thong-ke", "an"}
        assert first.pressed
        assert again.look == first.look and again.pressed == first.pressed, "a start page that a killed crawl looked at is pressed again"
        assert not other.pressed, "what the start page showed is not pressed again"
        assert {request.path for request in served.log} <= {"/", "/favicon.ico", "/robots.txt"}, "no click left the page"


# -- the fixture portals ------------------------------------------------------------------------------------------------

#: ``make test`` takes one portal, ``make hostile`` all of them.
ALL = bool(os.environ.get("ALL_HOSTILE"))
NAMES = sorted(path.name for path in PORTALS.iterdir() if path.is_dir()) if ALL else ["thanh-pho-binh-cang"]


class OnlyLooking(_Visits):
    """Looks as an audit does, and audits nothing."""

    async def audit(self, page: Page, wanted: Wanted) -> tuple[Page, Answer]:
        await wanted(page)
        return page, Answer(page.requested)


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_of_15_pages_has_each_page_type_of_a_fixture_portal(name: str, tmp_path: Path) -> None:
    site = PortalSite(PORTALS / name)
    rows = [*site.config["page"], *site.config.get("route", ())]

    async def go(url: str, folder: Path) -> list[tuple[str, bool]]:
        settings = Settings(profile=load_profile("mic-2024"), max_pages=15, depth="static")
        pool, frontier = Pool(settings), Frontier(folder / "frontier.sqlite")
        visits = OnlyLooking(Portal(id="x", name="x", url=url), Run(folder), frontier, settings, (), None, pool)
        try:
            going = PortalCrawl(url, settings, frontier, visits)
            await going.work()
            templates = sample.templates(going._candidates(), 1000)
            kinds = {row["path"]: row.get("template") for row in rows}
            for group in templates:
                files = {kinds.get(urlsplit(one.key).path) for one in group if not urlsplit(one.key).fragment}
                assert len(files - {None}) <= 2, "a template is a cluster of pages built alike"
            return chosen(going)
        finally:
            await pool.close()
            frontier.close()

    with serving(site) as served:
        first = asyncio.run(go(served.url, tmp_path / "a"))
        if ALL:
            assert asyncio.run(go(served.url, tmp_path / "b")) == first
    assert len(first) == 15

    def place(url: str) -> str:
        parts = urlsplit(url)
        return (parts.path or "/") + (f"#{parts.fragment}" if parts.fragment else "")

    kinds = {row["path"]: row.get("kind", "") for row in rows}
    # What robots.txt keeps out, and what no link leads to, is no part of a sample.
    hidden = {"login"} if name == "mot-cua-song-bach" else set()
    wanted = {kind for kind in kinds.values() if kind in kind_names()} - hidden
    assert wanted <= {kinds.get(place(url), "") for url, _ in first}
    assert urls.key(served.url) in {urls.key(url) for url, _ in first}
