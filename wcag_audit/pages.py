"""The given pages, files or folders only, without a crawl: for ``check`` one line of JSON per page, for ``ci`` a result."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

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
from wcag_audit.engine import Evaluated, evaluate_portal
from wcag_audit.gather.visit import Visit
from wcag_audit.model import Outcome, Page, PageState, Portal, Result, Struct, Text, Verdict
from wcag_audit.pictured import Pictured
from wcag_audit.rule import Rule
from wcag_audit.serve import FolderSite, serving
from wcag_audit.store import Run, RunInfo
from wcag_audit.wcag import CRITERIA

T = TypeVar("T")

_PAGES = (".html", ".htm", ".xhtml")


class InputError(Exception):
    """A page, folder or manifest that cannot be used; ``text`` says what, where and what to do, in one line."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(vi, en)


@dataclass(frozen=True)
class Given:
    """A page as the user named it: an address, or a file below a folder that has to be served."""

    name: str
    url: str = ""
    root: Path | None = None
    path: str = ""


class Line(Struct):
    """What ``check`` says of one page. ``criteria`` has all 25; of a page that was not audited, all untested."""

    page: str
    state: PageState
    detail: str
    criteria: dict[str, Verdict]
    outcomes: list[Outcome]


def given_pages(arguments: Iterable[str]) -> list[Given]:
    """The pages that arguments name: URLs, HTML files, or folders (every HTML file in them). Raises InputError."""
    found: list[Given] = []
    for argument in arguments:
        if urlsplit(argument).scheme in ("http", "https"):
            found.append(Given(argument, url=argument))
            continue
        path = Path(argument)
        if path.is_dir():
            files = sorted(file for file in path.rglob("*") if file.suffix.lower() in _PAGES)
            if not files:
                raise InputError(f"{path}: thư mục không có tệp HTML nào.", f"{path}: there is no HTML file in this folder.")
            found.extend(Given(str(file), root=path, path=file.relative_to(path).as_posix()) for file in files)
        elif path.is_file():
            # A page in or below the working folder may refer to files beside and above it.
            root = Path.cwd() if path.resolve().is_relative_to(Path.cwd().resolve()) else path.resolve().parent
            found.append(Given(argument, root=root, path=path.resolve().relative_to(root.resolve()).as_posix()))
        else:
            raise InputError(
                f"{argument}: không có tệp, thư mục này, cũng không phải địa chỉ http(s).",
                f"{argument}: no such file or folder, and no http(s) URL.",
            )
    return found


def read_manifest(path: Path) -> list[Given]:
    """The distinct files of a manifest: a JSON list of objects with ``file``, relative to the manifest. Raises InputError."""
    try:
        rows: Any = json.loads(path.read_text("utf-8"))
        if not isinstance(rows, list) or not rows:
            raise TypeError("not a list, or an empty one")
        files = list(dict.fromkeys(row["file"] for row in rows))
    except OSError as error:
        raise InputError(f"{path}: không đọc được ({error.strerror}).", f"{path}: cannot be read ({error.strerror}).") from error
    except (ValueError, TypeError, KeyError) as error:
        raise InputError(
            f"{path}: tệp kê khai phải là danh sách JSON gồm các đối tượng có “file” ({error}).",
            f"{path}: a manifest must be a JSON list of objects with “file” ({error}).",
        ) from error
    if not all(isinstance(file, str) for file in files):
        raise InputError(f"{path}: “file” phải là chuỗi ký tự.", f"{path}: “file” must be a string.")
    return [Given(file, root=path.parent, path=file) for file in files]


@contextmanager
def addresses(pages: Sequence[Given]) -> Iterator[list[str]]:
    """Serve the folders that pages lie in, and give every page's address."""
    with ExitStack() as stack:
        roots = {page.root for page in pages if page.root is not None}
        bases = {root: stack.enter_context(serving(FolderSite(root))).url for root in sorted(roots)}
        yield [page.url if page.root is None else bases[page.root] + quote(page.path, safe="/?=&#%") for page in pages]


async def check(
    pages: Sequence[Given], urls: Sequence[str], settings: Settings, rules: Sequence[Rule], run: Run | None
) -> AsyncIterator[Line]:
    """Check pages, ``jobs`` at a time, while the probes of some others wait; the lines come in the order of the pages.

    With ``run``, snapshots are kept there.
    """

    def finish(found: Visit, judged: Evaluated) -> Line:
        if run is not None:
            save(run, found, judged)
        return line(found.snapshot.page, judged, rules)

    async for one in _visited(pages, urls, settings, rules, finish):
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

    judged = [one async for one in _visited(pages, urls, settings, rules, finish)]
    return await asyncio.to_thread(conclude_run, run, rules, settings.profile, judged)


async def _visited(
    pages: Sequence[Given], urls: Sequence[str], settings: Settings, rules: Sequence[Rule], finish: Callable[[Visit, Evaluated], T]
) -> AsyncIterator[T]:
    """What ``finish`` makes of each page, in their order."""
    pool = Pool(settings)
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
