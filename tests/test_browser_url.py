"""A browser that runs elsewhere: of DevTools, of Playwright's own server, of a Selenium Grid (here chromedriver, which speaks the same)."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest
from playwright._impl._driver import compute_driver_executable, get_driver_env

from tests.browsing import Browsing
from wcag_audit.browser.find import LAUNCH_ARGS, ONE_PROCESS, find_browser, find_chromedriver
from wcag_audit.browser.port import BrowserError, Options
from wcag_audit.browser.start import start_browser
from wcag_audit.cli import main
from wcag_audit.model import PageState
from wcag_audit.rules import catalogue
from wcag_audit.serve import Request, Response, Served, serving

PAGE = """<!doctype html><html lang="vi"><title>Cổng dịch vụ công</title><h1>Tra cứu</h1><a href="/"><img src="/a.png" alt=""></a>
<iframe src="http://localhost:PORT/frame" title="Bảng"></iframe><button onclick="this.textContent='Đã mở'">Mở</button>"""

FRAME = "<!doctype html><html lang='vi'><title>Bảng</title><p>trong khung"


class Site:
    port = 0

    def respond(self, request: Request) -> Response:
        page = PAGE.replace("PORT", str(self.port)) if request.path == "/" else FRAME
        return Response(body=page.encode())


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    site = Site()
    with serving(site) as served:
        site.port = served.port
        yield served


@contextmanager
def told(run: Sequence[str | Path], pattern: str, env: dict[str, str] | None = None) -> Iterator[str]:
    """What a program says once it listens; it ends with all that it started (Debian's browser is a script that starts the real one)."""
    with subprocess.Popen(
        run, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env, start_new_session=True
    ) as process:
        assert process.stdout is not None
        try:
            yield next(match[1] for line in process.stdout if (match := re.search(pattern, line)))
        finally:
            os.killpg(process.pid, signal.SIGTERM)


@contextmanager
def devtools(folder: Path, *arguments: str) -> Iterator[str]:
    shell = find_browser().path
    assert shell is not None
    run = [shell, "--no-sandbox", "--remote-debugging-port=0", f"--user-data-dir={folder}", *arguments]
    with told(run, r"DevTools listening on ws://([\d.:]+)/") as address:
        yield f"http://{address}"


async def join_and_leave(url: str) -> None:
    browser = await start_browser("playwright", Options(browser_url=url))
    await browser.close()


def judged(served: Served, driver: str, url: str | None) -> tuple[str, str, set[tuple[str, str, str]]]:
    """The state of the page, the browser, and what was found in it."""
    browsing = Browsing(driver)
    try:
        options = Options(browser_url=url)
        browsing._pool._settings = browsing.settings(browser=options)
        found, evaluated = browsing.judge(served.url, [rule for rule in catalogue() if set(rule.needs) <= {"dom", "axe"}])
        frames = len(found.snapshot.artifacts["dom"].data["frames"])
        assert frames == 2
        outcomes = {(one.rule, one.verdict.value, one.fingerprint) for one in evaluated.outcomes}
        return found.snapshot.page.state.value, found.snapshot.environment.browser, outcomes
    finally:
        browsing.close()


def test_what_is_found_is_the_same_by_devtools_and_by_playwrights_server(served: Served, tmp_path: Path) -> None:
    here = judged(served, "playwright", None)
    assert here[0] == PageState.AUDITED and any(verdict == "failed" for _, verdict, _ in here[2])
    with devtools(tmp_path / "profile", *LAUNCH_ARGS) as url:
        there = judged(served, "playwright", url)
        assert there[1].startswith("remote/") and (there[0], there[2]) == (here[0], here[2])
        asyncio.run(join_and_leave(url))  # it stays for the next audit
    config = tmp_path / "launch.json"
    config.write_text(json.dumps({"executablePath": str(find_browser().path), "args": LAUNCH_ARGS, "headless": True}))
    run = [*compute_driver_executable(), "launch-server", "--browser", "chromium", "--config", str(config)]
    with told(run, r"(ws://\S+)", get_driver_env()) as url:
        there = judged(served, "playwright", url)
        assert (there[0], there[2]) == (here[0], here[2])


def test_what_is_found_is_the_same_by_a_grid(served: Served) -> None:
    here = judged(served, "selenium", None)
    program = find_chromedriver()
    assert program is not None
    with told([program, "--port=0"], r"started successfully on port (\d+)") as port:
        url = f"http://127.0.0.1:{port}"
        there = judged(served, "selenium", url)
        assert there[1].startswith("remote/") and (there[0], there[2]) == (here[0], here[2])
        with urlopen(f"{url}/sessions") as answer:
            assert json.load(answer)["value"] == [], "no session is left on the grid"


def test_a_browser_that_would_hide_frames_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "page.html").write_text(FRAME)
    with devtools(tmp_path / "profile") as url, pytest.raises(SystemExit) as left:
        main(["check", str(tmp_path / "page.html"), "--browser-url", url, "--lang", "en"])
    assert left.value.code == 2 and ONE_PROCESS in capsys.readouterr().err


@pytest.mark.parametrize("driver", ["playwright", "selenium"])
def test_no_browser_there_is_told(driver: str) -> None:
    with pytest.raises(BrowserError):
        asyncio.run(start_browser(driver, Options(browser_url="http://127.0.0.1:1")))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check", "http://127.0.0.1:1/", "--browser-url", "9222"], "needs http"),
        (["batch", "--browser-url", "ftp://host"], "needs http"),
        (["worker", "redis://127.0.0.1:1/0", "--browser-url", "ftp://host"], "needs http"),
        (["batch", "--browser-url", "http://me:secret@grid:4444"], "batch.json would keep"),
    ],
)
def test_bad_addresses(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as left:
        main([*arguments, "--lang", "en"])
    assert left.value.code == 2 and said in capsys.readouterr().err and not list(tmp_path.iterdir())
