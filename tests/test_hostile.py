"""Hostile pages: each ends in an audit or its named state in time, and the pages after it are audited as if nothing had happened.

``make hostile`` takes all of them, ``make test`` a few.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from wcag_audit.audit import Pool, Settings, visit_and_judge
from wcag_audit.browser.port import Options
from wcag_audit.engine import Evaluated
from wcag_audit.gather.visit import STATIC, WITHOUT_PICTURE, Limits, Visit
from wcag_audit.model import Page, PageState, Verdict
from wcag_audit.rules import catalogue
from wcag_audit.score import load_profile

FOLDER = Path(__file__).parent.parent / "fixtures" / "hostile"
ALL = bool(os.environ.get("ALL_HOSTILE"))
#: What ``make test`` takes.
FEW = ("/while-true", "/gzip-hong", "/vong-lap", "/refresh-0", "/ten", "/tai-ve")
#: Bytes of the whole process tree at the most.
MOST_MEMORY = 2_000_000_000
#: Seconds for a page to load, to be gathered, and for everything about it.
LIMITS = Limits(load=8 if ALL else 4, settle=3, page=45, probes=60)
TIME_BOX = 150.0 if ALL else 60.0


def _server() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hostile_server", FOLDER / "server.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


SERVER = _server()


@pytest.fixture(scope="module")
def hostile() -> Iterator[str]:
    with SERVER.serving() as url:
        yield url


def descendants(pid: int) -> list[int]:
    """Every process below one, as far as they still are."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[0] != "Z":
                parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found, waiting = [], [pid]
    while waiting:
        below = parents.get(waiting.pop(), [])
        found += below
        waiting += below
    return found


def memory(pid: int) -> int:
    """Bytes of a process and all below it, shared pages counted once in all."""
    total = 0
    for one in (pid, *descendants(pid)):
        try:
            rows = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(row.split()[1]) * 1024 for row in rows if row.startswith("Pss:"))
    return total


class Watch:
    """Remembers the most memory that this process and those below it had at once."""

    def __init__(self) -> None:
        self.most = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def _look(self) -> None:
        while not self._over.wait(0.5):
            self.most = max(self.most, memory(os.getpid()))

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()


def settings(depth: str = "static", static: Sequence[str] = STATIC if ALL else WITHOUT_PICTURE, **options: Any) -> Settings:
    return Settings(profile=load_profile("mic-2024"), depth=depth, limits=LIMITS, static=static, browser=Options(**options))


async def visit(pool: Pool, url: str, given: Settings) -> tuple[Visit, Evaluated]:
    page = Page(id="page", requested=url)
    return await visit_and_judge(pool, page, given, catalogue(), lambda _: True, isolated=True)


async def states(urls: Sequence[str], **options: Any) -> list[PageState]:
    """What becomes of pages of which nothing is gathered, in one browser."""
    given = settings(static=(), **options)
    pool = Pool(given)
    try:
        return [(await visit(pool, url, given))[0].snapshot.page.state for url in urls]
    finally:
        await pool.close()


def failed(judged: Evaluated) -> set[tuple[str, tuple[str, ...], str]]:
    return {
        (outcome.rule, outcome.criteria, str(outcome.target)) for outcome in judged.outcomes if outcome.verdict is Verdict.FAILED
    }


def test_every_hostile_page_ends_in_its_state_and_harms_no_other(hostile: str) -> None:
    given = settings("full" if ALL else "static")

    async def go() -> list[str]:
        pool, wrong = Pool(given), []
        try:
            usual = failed((await visit(pool, hostile + "thuong/0", given))[1])
            assert any("1.1.1" in criteria for _, criteria, _ in usual)
            for path in SERVER.PAGES if ALL else FEW:
                began = time.monotonic()
                found, _ = await visit(pool, hostile.rstrip("/") + path, given)
                took, page = time.monotonic() - began, found.snapshot.page
                after, judged = await visit(pool, hostile + "thuong/0", given)
                if ALL:
                    print(f"{path}: {page.state} {page.detail[:60]} {took:.1f} s", flush=True)  # noqa: T201  # what make hostile shows
                if page.state not in SERVER.PAGES[path].states or took > TIME_BOX:
                    wrong.append(f"{path}: {page.state} ({page.detail}) after {took:.0f} s")
                if failed(judged) != usual:
                    wrong.append(f"after {path}: {after.snapshot.page.state} {failed(judged) ^ usual}")
        finally:
            await pool.close()
        return wrong

    before = set(descendants(os.getpid()))
    with Watch() as watch:
        assert asyncio.run(go()) == []
    until = time.monotonic() + 15
    while (left := set(descendants(os.getpid())) - before) and time.monotonic() < until:
        time.sleep(0.2)
    assert left == set(), "a browser is left behind"
    if ALL:
        print(f"peak memory of the process tree: {watch.most / 1e6:.0f} MB")  # noqa: T201  # what make hostile shows
    assert watch.most <= MOST_MEMORY


def test_what_a_page_does_to_scripts_changes_no_outcome(hostile: str) -> None:
    given = settings()

    async def go() -> list[set[tuple[str, tuple[str, ...], str]]]:
        pool = Pool(given)
        try:
            return [failed((await visit(pool, hostile + path, given))[1]) for path in ("doi", "csp", "doi-prototype")]
        finally:
            await pool.close()

    plain, protected, polluted = asyncio.run(go())
    assert plain
    assert protected == plain
    assert polluted == plain


def test_tls_that_nobody_vouches_for_and_old_tls(tmp_path: Path) -> None:
    with SERVER.serving(tls=tmp_path) as unknown, SERVER.serving(tls=tmp_path, old=True) as old:
        assert asyncio.run(states([unknown + "thuong/1"])) == [PageState.HTTP_ERROR]
        found = asyncio.run(states([unknown + "thuong/1", old + "thuong/1"], ignore_tls_errors=True))
        assert found == [PageState.AUDITED, PageState.HTTP_ERROR]
