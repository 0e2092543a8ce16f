"""Pages of very many elements: never two at once, opened anew for their probes, and told as far as they were read."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.browsing import Browsing
from wcag_audit.audit import Pool, visit_and_judge
from wcag_audit.engine import Evaluated
from wcag_audit.gather import dom, look, visit
from wcag_audit.gather.probes.focus_walk import FocusWalk
from wcag_audit.gather.visit import Visit
from wcag_audit.model import Page, PageState, Verdict
from wcag_audit.rules import catalogue


@pytest.fixture(autouse=True)
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand elements are huge here, so that the tests are not."""
    monkeypatch.setattr(look, "HUGE_ELEMENTS", 1_000)
    monkeypatch.setattr(dom, "MAX_NODES", 1_200)


def page_of(folder: Path, elements: int) -> str:
    """The address of a page of so many elements, with a button and a picture without alternative before them."""
    file = folder / f"{elements}.html"
    start = '<!doctype html><html lang="vi"><title>Danh mục</title><h1>Danh mục</h1><button>Tra cứu</button><img src="x.png">'
    file.write_text(f"{start}<p>{'<i></i>' * elements}<p>hết", "utf-8")
    return file.as_uri()


@pytest.mark.parametrize(("elements", "at_once"), [(1_100, 1), (100, 2)])
def test_of_huge_pages_one_is_read_at_a_time(
    elements: int, at_once: int, browsing: Browsing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, now, most = page_of(tmp_path, elements), 0, 0

    async def record(page: Any) -> Any:
        nonlocal now, most
        now, most = now + 1, max(most, now + 1)
        await asyncio.sleep(0.5)
        try:
            return await real(page)
        finally:
            now -= 1

    real = dom.record
    monkeypatch.setattr(visit.dom, "record", record)

    async def both() -> list[PageState]:
        given = browsing.settings(depth="static", static=("dom",), jobs=2)
        pool = Pool(given)
        try:
            pages = [Page(id=str(number), requested=url) for number in range(2)]
            found = await asyncio.gather(*(visit_and_judge(pool, page, given, (), lambda _: True) for page in pages))
            return [one.snapshot.page.state for one, _ in found if one.snapshot.artifacts["dom"].error is None]
        finally:
            await pool.close()

    assert browsing.run(both()) == [PageState.AUDITED] * 2
    assert most == at_once


def test_a_huge_page_is_probed_and_what_was_not_read_of_it_is_not_passed(browsing: Browsing, tmp_path: Path) -> None:
    url = page_of(tmp_path, dom.MAX_NODES)
    given = browsing.settings(depth="full", probes=(FocusWalk(),))
    page = Page(id="p", requested=url)

    async def go() -> tuple[Visit, Evaluated]:
        pool = Pool(given)
        try:
            return await visit_and_judge(pool, page, given, catalogue(), lambda _: True)
        finally:
            await pool.close()

    found, judged = browsing.run(go())
    walk = found.snapshot.artifacts["focus_walk"]
    assert walk.error is None
    assert (walk.data["done"], [stop["el"]["tag"] for stop in walk.data["steps"][0]["changed"]["stops"]]) == ("end", ["button"])
    assert found.screenshot is None
    assert "too large" in str(found.snapshot.artifacts["screenshot"].error)
    own = {rule.id for rule in catalogue()}
    assert {one.verdict for one in judged.outcomes if one.rule in own} <= {Verdict.FAILED, Verdict.CANT_TELL, Verdict.UNTESTED}
    assert any(one.verdict is Verdict.FAILED and "1.1.1" in one.criteria for one in judged.outcomes)
