"""What only the Selenium driver must prove: it leaves nothing behind, survives pages that hang, and agrees with axe-selenium-python."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from axe_selenium_python import Axe

from tests.browsing import Browsing
from wcag_audit.axe import run_options
from wcag_audit.browser import selenium
from wcag_audit.browser.find import NoBrowser
from wcag_audit.browser.port import BrowserError, Capability, EvaluationTimeout, Options
from wcag_audit.browser.selenium import PageLog, SeleniumPage
from wcag_audit.gather import axe, dom
from wcag_audit.gather.visit import STATIC, Limits
from wcag_audit.model import PageState
from wcag_audit.serve import Request, Response, Served, serving

BAD = """<!doctype html><html><head><title></title></head><body><img src="/a.png"><a href="/b"></a><input type="text">
<button></button><p id="x">một</p><div role="checkbox" id="x"></div><iframe src="/fine"></iframe></body></html>"""
HANG = "setTimeout(() => { for (;;) {} }, 50)"
HANGS_AT_ONCE = "<!doctype html><title>Hangs</title><p>never<script>for (;;) {}</script>"


class Site:
    def respond(self, request: Request) -> Response:
        fine = "<!doctype html><html lang='vi'><title>Tốt</title><p>tốt</p></html>"
        pages = {"/bad": BAD, "/hangs-at-once": HANGS_AT_ONCE}
        return Response(body=pages.get(request.path, fine).encode())


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serving(Site()) as served:
        yield served


@pytest.fixture(scope="module")
def browsing() -> Iterator[Browsing]:
    browsing = Browsing("selenium")
    yield browsing
    browsing.close()


def processes_of(folder: Path) -> list[str]:
    """The living processes that were started with a session's folder for their temporary files."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str(folder).encode() in (process / "environ").read_bytes() + (process / "cmdline").read_bytes():
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"))
        except OSError:
            continue  # it has ended meanwhile
    return found


def folder_of(page: SeleniumPage) -> Path:
    folder = page.session._folder
    assert folder is not None
    return folder


def none_left(folder: Path) -> bool:
    """Whether a killed session's processes are gone within a moment."""
    until = time.monotonic() + 5
    while left := processes_of(folder):
        if time.monotonic() > until:
            raise AssertionError(left)
        time.sleep(0.05)
    return not folder.exists()


def test_a_closed_browser_leaves_nothing_behind(served: Served) -> None:
    async def run() -> list[Path]:
        browser = await selenium.start(Options())
        shared, own, hung = await asyncio.gather(browser.new_page(), browser.new_page(isolated=True), browser.new_page())
        folders = [folder_of(page) for page in (shared, own, hung)]
        assert len(set(folders)) == 3
        await asyncio.gather(shared.open(served.url, 20), own.open(served.url, 20), hung.open(served.url, 20))
        assert all(len(processes_of(folder)) > 2 for folder in folders)
        await hung.evaluate(HANG)
        asking = asyncio.ensure_future(hung.evaluate("new Promise(() => {})", timeout=30))
        await asyncio.sleep(1)
        await own.close()
        assert none_left(folders[1])
        await browser.close()
        with pytest.raises(BrowserError, match="crashed"):
            await asking
        return folders

    for folder in asyncio.run(run()):
        assert none_left(folder)


def test_a_hung_page_costs_its_session_only(browsing: Browsing, served: Served) -> None:
    browser = browsing.browser

    async def run() -> None:
        hung, other = await asyncio.gather(browser.new_page(isolated=True), browser.new_page())
        assert isinstance(hung, SeleniumPage)
        assert (await hung.open(served.url, 20)).error is None
        await other.open(served.url, 20)
        await hung.evaluate(HANG)
        await asyncio.sleep(0.2)
        started = time.monotonic()
        with pytest.raises(EvaluationTimeout):
            await hung.evaluate("1", timeout=1)
        assert time.monotonic() - started < 10
        with pytest.raises(BrowserError, match="crashed"):
            await hung.evaluate("1", timeout=1)
        assert await other.evaluate("document.title") == "Tốt"
        await hung.close()
        assert none_left(folder_of(hung))
        await other.close()

    browsing.run(run())


def test_a_page_that_hangs_while_it_loads_is_a_timeout(browsing: Browsing, served: Served) -> None:
    found = browsing.visit(served.url + "hangs-at-once", limits=Limits(load=2))
    assert found.snapshot.page.state is PageState.TIMEOUT


def test_a_session_serves_one_page_after_the_other(browsing: Browsing, served: Served) -> None:
    browser = browsing.browser

    async def run() -> None:
        first = await browser.new_page()
        assert isinstance(first, SeleniumPage)
        await first.open(served.url, 20)
        await first.hold_back()
        await first.close()
        second = await browser.new_page()
        assert isinstance(second, SeleniumPage)
        assert second.session is first.session
        assert (await second.open(served.url, 20)).status == 200
        assert [request["url"] for request in second.requests] == [served.url]
        await second.close()

    browsing.run(run())


def test_a_visit_records_every_artifact_of_static_depth(browsing: Browsing, served: Served) -> None:
    assert browsing.browser.driver == "selenium"
    assert browsing.browser.version.startswith(("chromium/", "chrome/"))
    found = browsing.visit(served.url + "bad", static=STATIC)
    assert found.snapshot.page.state is PageState.AUDITED
    assert {name: artifact.error for name, artifact in found.snapshot.artifacts.items() if artifact.error} == {}
    assert found.screenshot is not None and found.screenshot.startswith(b"\xff\xd8\xff")


def test_axe_finds_what_axe_selenium_python_finds(browsing: Browsing, served: Served) -> None:
    browser = browsing.browser

    async def run() -> tuple[list[str], list[str]]:
        page = await browser.new_page()
        assert isinstance(page, SeleniumPage)
        try:
            await page.open(served.url + "bad", 20)
            await page.settle(5)
            ours = await axe.record(page, await dom.record(page))
            theirs = await page.session.run(_run_axe)
        finally:
            await page.close()
        return sorted(rule["id"] for rule in ours["violations"]), sorted(rule["id"] for rule in theirs["violations"])

    ours, theirs = browsing.run(run())
    assert ours == theirs
    assert {"image-alt", "document-title", "html-has-lang", "button-name", "label"} <= set(ours)


def _run_axe(driver: Any) -> dict[str, Any]:
    with resources.as_file(resources.files("axe_playwright_python") / "axe.min.js") as script:
        runner = Axe(driver, script_url=str(script))
        runner.inject()
    results: dict[str, Any] = runner.run(options=json.dumps(run_options()))
    return results


def test_only_static_depth_is_promised() -> None:
    assert SeleniumPage.capabilities == {Capability.SOURCE, Capability.NETWORK, Capability.LISTENERS}


def test_a_browser_that_cannot_be_started_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoBrowser):
        asyncio.run(selenium.start(Options(browser=str(tmp_path / "none"))))
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 3\n", "utf-8")
    broken.chmod(0o755)
    with pytest.raises(BrowserError):
        asyncio.run(selenium.start(Options(browser=str(broken))))


def event(method: str, **params: Any) -> dict[str, Any]:
    return {"method": method, "params": params}


def sent(key: str, url: str, kind: str = "Fetch") -> dict[str, Any]:
    where = {"requestId": key, "loaderId": "L", "frameId": "T"}
    return event("Network.requestWillBeSent", **where, type=kind, request={"url": url, "method": "GET"}, initiator={"type": "script"})


class TestPageLog:
    def test_streams_and_stale_requests_do_not_keep_a_page_busy(self) -> None:
        log = PageLog("T", [])
        log.feed(sent("1", "http://x.vn/stream", "EventSource"), 0)
        assert not log.busy(0)
        log.feed(sent("2", "http://x.vn/api"), 0)
        assert log.busy(1)
        assert not log.busy(60)
        log.feed(sent("3", "http://x.vn/api"), 60)
        log.feed(event("Network.loadingFinished", requestId="3"), 61)
        assert not log.busy(61)

    def test_a_log_has_an_end(self) -> None:
        log = PageLog("T", [])
        for number in range(selenium.MAX_REQUESTS + 5):
            log.feed(sent(str(number), f"http://x.vn/{number}"), 0)
        assert len(log.requests) == selenium.MAX_REQUESTS

    def test_another_frame_s_document_is_not_the_page(self) -> None:
        log = PageLog("T", [])
        log.feed(event("Page.frameNavigated", frame={"id": "F", "loaderId": "M", "url": "http://x.vn/frame"}), 0)
        log.feed(event("Page.loadEventFired"), 0)
        assert (log.url, log.loaded) == ("", False)
        log.feed(event("Page.frameNavigated", frame={"id": "T", "loaderId": "L", "url": "http://x.vn/", "urlFragment": "#a"}), 0)
        log.feed(event("Page.loadEventFired"), 0)
        assert (log.url, log.loaded) == ("http://x.vn/#a", True)

    def test_a_failed_document_is_a_failure_only_before_one_stands(self) -> None:
        log = PageLog("T", [])
        failed = event("Network.loadingFailed", requestId="L", errorText="net::ERR_CONNECTION_RESET")
        log.feed(sent("L", "http://x.vn/", "Document"), 0)
        log.feed(event("Page.frameNavigated", frame={"id": "T", "loaderId": "L", "url": "http://x.vn/"}), 0)
        log.feed(failed, 0)
        assert log.failure == ""
        log.expect()
        log.feed(sent("L", "http://x.vn/", "Document"), 0)
        log.feed(failed, 0)
        assert log.failure == "net::ERR_CONNECTION_RESET"
