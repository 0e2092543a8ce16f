"""One portal's audit as a job of plain data, done by a worker of its own: another process here, or another machine.

A job is done by one worker at a time (a lock that its death releases), goes on where a killed worker stopped, and is done when
``result.json`` stands. Doing it again changes nothing.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from wcag_audit import __version__, reviews
from wcag_audit.audit import Settings, audit
from wcag_audit.browser.auth import read_auth, secrets
from wcag_audit.browser.find import NoBrowser
from wcag_audit.browser.port import Auth, BrowserError, Options
from wcag_audit.crawl.private import Fence
from wcag_audit.crawl.urls import same_owner
from wcag_audit.depot import Keeper
from wcag_audit.gather.axe import use_axe
from wcag_audit.gather.visit import Limits
from wcag_audit.model import Outcome, Page, Portal, Struct
from wcag_audit.reports import html
from wcag_audit.reports.pictures import Album
from wcag_audit.rules import catalogue, load_folder
from wcag_audit.score import load_profile
from wcag_audit.store import Run, write_whole

log = logging.getLogger(__name__)

#: Seconds that a worker waits for another one that still holds the portal (one that is ending, as a rule).
BUSY = 60.0
_PAUSE = 0.5


class How(Struct):
    """How every portal of a batch is audited; what ``audit`` takes as options. ``patience`` stretches the time boxes of probes, because
    several workers share the machine; ``rate`` is pages a minute and ``max_time`` seconds for each portal, 0 for no limit."""

    profile: str = "mic-2024"
    driver: str = "playwright"
    browser: str | None = None
    browser_url: str | None = None
    axe_path: str | None = None
    depth: str = "full"
    jobs: int = 1
    timeout: float = 30.0
    patience: float = 2.0
    proxy: str | None = None
    contact: str = ""
    ignore_tls_errors: bool = False
    ignore_robots: bool = False
    allow_private: bool = False
    no_third_party: bool = False
    rules: str = ""
    reviews: str = ""
    max_pages: int = 30
    max_crawl: int = 2000
    quota: dict[str, int] | None = None
    exhaustive: bool = False
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    rate: float = 0.0
    max_time: float = 0.0
    seed: int = 0


class Job(Struct):
    """A portal to audit into a run folder; ``lock`` is the file that says who is at it. ``rate``, ``auth`` and ``pages`` are the
    portal's own: pages a minute, the file of a log-in, and the addresses to audit instead of a crawl. ``store`` is where the run is kept
    beside its folder, by its address; ``lang`` the language of the portal's own report."""

    portal: Portal
    folder: str
    lock: str
    how: How
    rate: float = 0.0
    auth: str = ""
    pages: tuple[str, ...] = ()
    store: str = ""
    lang: str = "vi"

    @property
    def place(self) -> str:
        """Names the run among all: where it is kept."""
        return self.store or self.folder


class Event(NamedTuple):
    """What a worker tells: ``page`` (state of a page that is done), ``done``, ``busy`` (another worker has the portal), ``broken`` (what
    broke), ``hopeless`` (no browser starts: no portal could be audited), ``begun``; or what an executor tells of it: ``lost``."""

    kind: str
    portal: str
    detail: str = ""


class _Busy(Exception):
    """Another worker holds the portal."""


def work(job: Job, tell: Callable[[Event], None]) -> None:
    """Do a job, and tell what happens. Raises nothing but KeyboardInterrupt."""
    try:
        with _held(Path(job.lock)):
            _do(job, tell)
    except _Busy:
        tell(Event("busy", job.portal.id))
    except (NoBrowser, BrowserError) as error:
        tell(Event("hopeless", job.portal.id, str(error)))
    except Exception as error:  # one portal must not end a batch of 84
        log.exception("%s broke", job.portal.id)
        tell(Event("broken", job.portal.id, repr(error)[:500]))
    else:
        tell(Event("done", job.portal.id))


def _do(job: Job, tell: Callable[[Event], None]) -> None:
    """What a portal lacks: its audit, its report, and keeping both in the store."""
    run = Run(Path(job.folder))
    keeper = Keeper(job.store, run) if job.store else None
    try:
        if keeper is not None:
            keeper.fetch()
        # A job that is delivered twice, or was done just before its worker died, is done.
        if not run.result_path.is_file():
            asyncio.run(_audit(job, _Teller(job.portal.id, tell, keeper)))
        write_report(run, job.lang)
        if keeper is not None:
            keeper.finish()
    finally:
        if keeper is not None:
            keeper.give_up()


def write_report(run: Run, lang: str) -> None:
    """The HTML report of a finished run that has none."""
    if not run.report_path.is_file():
        write_whole(run.report_path, html.render(run.result(), lang, Album(run.screenshot_path)).encode("utf-8"))


async def _audit(job: Job, teller: _Teller) -> None:
    how = job.how
    if how.axe_path:
        use_axe(Path(how.axe_path))
    rules = (*catalogue(), *(load_folder(Path(how.rules)) if how.rules else ()))
    answers = reviews.read(Path(how.reviews)) if how.reviews else ()
    auth = read_auth(Path(job.auth), job.portal.url) if job.auth else None
    run = Run(Path(job.folder), secrets(auth) if auth else ())
    await audit(job.portal, run, settings(job, auth), rules, teller, how.rules, reviews=answers)


def settings(job: Job, auth: Auth | None = None) -> Settings:
    """Raises ProfileError."""
    how = job.how
    return Settings(
        profile=load_profile(how.profile),
        driver=how.driver,
        browser=_options(job.portal.url, how, auth),
        limits=Limits(load=how.timeout, patience=how.patience),
        depth=how.depth,
        jobs=how.jobs,
        max_pages=how.max_pages,
        max_crawl=how.max_crawl,
        quota=how.quota,
        exhaustive=how.exhaustive,
        include=how.include,
        exclude=how.exclude,
        pages=job.pages,
        rate=job.rate or how.rate,
        max_time=how.max_time,
        seed=how.seed,
        ignore_robots=how.ignore_robots,
    )


def _options(url: str, how: How, auth: Auth | None) -> Options:
    """How the browser goes to a portal."""
    return Options(
        browser=how.browser,
        browser_url=how.browser_url,
        proxy=how.proxy,
        agent=f"wcag-audit/{__version__}{f' (+{how.contact})' if how.contact else ''}",
        ignore_tls_errors=how.ignore_tls_errors,
        lets=Fence([url], allow_private=how.allow_private).lets,
        loads=(lambda address: same_owner(address, url)) if how.no_third_party else None,
        auth=auth,
    )


class _Teller:
    """An audit's progress as events, and as what is kept of it."""

    def __init__(self, portal: str, tell: Callable[[Event], None], keeper: Keeper | None) -> None:
        self._portal = portal
        self._tell = tell
        self._keeper = keeper

    def page_done(self, page: Page, outcomes: Sequence[Outcome], total: int) -> None:
        if self._keeper is not None:
            self._keeper.page_done()
        self._tell(Event("page", self._portal, page.state.value))


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """The lock of a portal. The system releases it when its holder dies, however that happens. Raises _Busy."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        until = time.monotonic() + BUSY
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except OSError:
                if time.monotonic() > until:
                    raise _Busy from None
                time.sleep(_PAUSE)
        yield
