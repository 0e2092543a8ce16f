"""The second driver: Selenium with chromedriver, for offices that have nothing else. Serves static depth.

chromedriver answers one question at a time and sends no events. Therefore every page has a WebDriver session (a Chromium) of its
own while it is in use, all calls of a session go through one thread, and what happened in a page is read from the performance
log. A page that no longer answers costs its session and nothing else. Sessions are used again, with a fresh tab, for pages that
share cookies; pages in use at the same time do not share them.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import os
import shutil
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, TypeVar

from selenium import webdriver
from selenium.common.exceptions import NoSuchDriverException, UnexpectedAlertPresentException, WebDriverException
from selenium.webdriver.chrome.remote_connection import ChromeRemoteConnection
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.chromium.webdriver import ChromiumDriver
from selenium.webdriver.remote.command import Command
from urllib3.exceptions import HTTPError

from wcag_audit.browser.cdp import ENDLESS, MAX_REQUESTS, STALE, CdpPage, as_sent, viewport
from wcag_audit.browser.find import (
    SELENIUM_ARGS,
    VARIABLE,
    NoBrowser,
    find_browser,
    find_chromedriver,
    find_chromium_for_selenium,
)
from wcag_audit.browser.port import BrowserError, Capability, EvaluationTimeout, Loaded, LoadError, Options, ProbingPage, load_error
from wcag_audit.model import Text

T = TypeVar("T")

_BODY_TIMEOUT = 10.0
#: Seconds between two looks into the performance log.
_LOOK = 0.05
#: Seconds within which every other question must be answered.
_ANSWER = 30.0
#: Seconds that chromedriver may take longer than a script was given before the page counts as hung.
_GRACE = 2.0
#: Seconds for a page's tab to be replaced; a page that takes longer loses its session.
_CLOSING = 4.0
#: Dialogs that one question to the page survives.
_DIALOGS = 10
#: Seconds for removing a session's folder.
_ENDING = 5.0

_NO_DRIVER = Text(
    "Không khởi động được chromedriver: hãy chạy “apt-get install chromium chromium-driver”, hoặc dùng --driver playwright.",
    "chromedriver does not start: run “apt-get install chromium chromium-driver”, or use --driver playwright.",
)

#: Refused as in a private window: a service worker could send requests that no page shows.
_NO_SERVICE_WORKERS = """if (globalThis.ServiceWorkerContainer)
  ServiceWorkerContainer.prototype.register = () => Promise.reject(new DOMException("The operation is insecure.", "SecurityError"));"""

#: The value of a promise (or object), or ``late`` where it does not come in time.
_WITHIN = """function(ms) {
  return Promise.race([
    Promise.resolve(this).then(value => ({value})),
    new Promise(resolve => setTimeout(resolve, ms, {late: true})),
  ]);
}"""

#: Keeps the document: what would replace it is prevented where it starts, be it a link, a form, a script or a refresh.
_STAY = """globalThis.navigation?.addEventListener("navigate", event => {
  if (!event.destination.sameDocument && event.cancelable) event.preventDefault();
}), 0"""


class SeleniumBrowser:
    """The sessions of one audit: one per page in use, kept for the next page."""

    driver = "selenium"

    def __init__(self, options: Options, first: _Session, version: str) -> None:
        self._options = options
        self._sessions = [first]
        self._idle = [first]
        self.version = version

    async def new_page(self, *, isolated: bool = False) -> SeleniumPage:
        self._sessions = [session for session in self._sessions if not session.cleaned]
        while self._idle and not isolated:
            session = self._idle.pop()
            try:
                return SeleniumPage(session, await session.prepare(), self._idle.append)
            except BrowserError:
                continue  # it was lost while nobody used it
        session = _Session(self._options)
        self._sessions.append(session)
        await session.start()
        return SeleniumPage(session, await session.prepare(), None if isolated else self._idle.append)

    async def new_probing_page(self, *, isolated: bool = False) -> ProbingPage:
        raise BrowserError("Selenium serves no probes: it tells no events while a page runs")

    async def close(self) -> None:
        for session in self._sessions:
            session.end()
        await asyncio.gather(*(session.clean() for session in self._sessions))
        self._sessions.clear()
        self._idle.clear()


async def start(options: Options) -> SeleniumBrowser:
    """Start a first session. Raises NoBrowser where there is no browser or chromedriver, BrowserError where it does not start."""
    session = _Session(options)
    try:
        kind, version = await session.start()
    except BaseException:
        await session.clean()
        raise
    return SeleniumBrowser(options, session, f"{kind}/{version}")


class GridDriver(webdriver.Remote):
    """A Chromium of a Selenium Grid, or of a chromedriver elsewhere, asked as one of this machine is."""

    def execute_cdp_cmd(self, cmd: str, cmd_args: Mapping[str, Any]) -> Any:
        return self.execute("executeCdpCommand", {"cmd": cmd, "params": cmd_args})["value"]

    def get_log(self, log_type: str) -> Any:
        return self.execute(Command.GET_LOG, {"type": log_type})["value"]


Driver = ChromiumDriver | GridDriver


def create_driver(options: Options, folder: Path, service: Service, binary: Path | None) -> ChromiumDriver:
    """A WebDriver whose Chromium keeps all its files in ``folder``."""
    wanted = _wanted(options)
    if binary is not None:
        wanted.binary_location = str(binary)
    wanted.add_argument(f"--user-data-dir={folder / 'profile'}")
    return webdriver.Chrome(options=wanted, service=service)


def _wanted(options: Options) -> webdriver.ChromeOptions:
    wanted = webdriver.ChromeOptions()
    for argument in (*SELENIUM_ARGS, "--hide-scrollbars", f"--lang={options.locale}"):
        wanted.add_argument(argument)
    if options.proxy:
        wanted.add_argument(f"--proxy-server={options.proxy}")
        wanted.add_argument("--proxy-bypass-list=<-loopback>")
    wanted.accept_insecure_certs = options.ignore_tls_errors
    # Loading is watched in the log: every other strategy leaves chromedriver waiting for pages that never finish.
    wanted.page_load_strategy = "none"
    wanted.unhandled_prompt_behavior = "dismiss"
    wanted.set_capability("goog:loggingPrefs", {"performance": "ALL"})
    # Without chromedriver's switch, Chromium opens no window that nobody asked for with a click.
    wanted.add_experimental_option("excludeSwitches", ["disable-popup-blocking"])
    wanted.add_experimental_option("prefs", {"plugins.always_open_pdf_externally": True})
    return wanted


def _chromium(options: Options) -> Path | None:
    if options.browser or os.environ.get(VARIABLE):
        return find_browser(Path(options.browser) if options.browser else None).path
    return find_chromium_for_selenium()


class _Session:
    """One chromedriver with one Chromium, in a process group and a folder of their own, or a session of a grid; asked from one thread."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._thread = ThreadPoolExecutor(1, "webdriver")
        self._folder: Path | None = None
        self._service: Service | None = None
        self._driver: Driver | None = None
        self._quitting: threading.Thread | None = None
        self.ended = False
        self.cleaned = False

    async def start(self) -> tuple[str, str]:
        """Start it; answers with the browser's kind and version. Raises NoBrowser, or BrowserError where it does not start."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._thread, self._start)
        except NoSuchDriverException as error:
            self.end()
            raise NoBrowser(_NO_DRIVER) from error
        except (WebDriverException, HTTPError, OSError) as error:
            self.end()
            raise BrowserError(_first_line(error)) from error
        except BaseException:
            self.end()
            raise

    def _start(self) -> tuple[str, str]:
        if self._options.browser_url:
            self._driver = GridDriver(self._options.browser_url, options=_wanted(self._options))
            if self.ended:
                self._kill()
            return "remote", str(self._driver.capabilities["browserVersion"])
        binary, program = _chromium(self._options), find_chromedriver()
        self._folder = Path(mkdtemp(prefix="wcag-audit-"))
        self._service = Service(
            str(program) if program else None,
            env={**os.environ, "TMPDIR": str(self._folder)},
            popen_kw={"start_new_session": True},
        )
        self._driver = create_driver(self._options, self._folder, self._service, binary)
        if self.ended:
            self._kill()
        kind = find_browser(binary).kind if binary else "chrome"
        return kind, str(self._driver.capabilities["browserVersion"])

    async def run(self, work: Callable[[Driver], T]) -> T:
        """Some work on the WebDriver. Raises BrowserError; with "crashed" in it where page or browser are gone."""
        driver = self._driver
        if self.ended or driver is None:
            raise BrowserError("the page crashed: its browser was ended")
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work, driver)
        except UnexpectedAlertPresentException as error:
            raise _DialogOpen from error
        except WebDriverException as error:
            raise BrowserError(_explain(error)) from error
        except (HTTPError, OSError) as error:
            self.end()
            raise BrowserError(f"the page crashed: {_first_line(error)}") from error

    async def prepare(self) -> str:
        """A fresh tab in place of the old one, looking as the options say; its id. Raises BrowserError; then the session is lost."""
        try:
            async with asyncio.timeout(30):
                return await self.run(lambda driver: _fresh_tab(driver, self._options))
        except TimeoutError:
            self.end()
            raise BrowserError("the browser crashed: no new tab within 30 s") from None
        except BaseException:
            self.end()
            raise

    def end(self) -> None:
        """Kill its processes; whoever waits for an answer gets an error. Never waits."""
        if self.ended:
            return
        self.ended = True
        self._kill()
        self._thread.shutdown(wait=False)

    def _kill(self) -> None:
        process = getattr(self._service, "process", None)
        if process is not None:
            with contextlib.suppress(ProcessLookupError):  # gone already
                os.killpg(process.pid, signal.SIGKILL)
        elif self._options.browser_url and self._driver is not None:
            self._quitting = threading.Thread(target=_quit, args=(self._options.browser_url, str(self._driver.session_id)), daemon=True)
            self._quitting.start()

    async def clean(self) -> None:
        """End it, wait for that, and remove its folder."""
        self.end()
        await asyncio.to_thread(self._clean)
        self.cleaned = True

    def _clean(self) -> None:
        if self._quitting is not None:
            self._quitting.join(_ENDING)
        self._thread.shutdown(wait=True)
        process = getattr(self._service, "process", None)
        if process is not None:
            process.wait()
        until = time.monotonic() + _ENDING
        # A killed Chromium may write for a moment longer.
        while self._folder is not None and self._folder.exists() and time.monotonic() < until:
            shutil.rmtree(self._folder, ignore_errors=True)
            time.sleep(0.02)


def _quit(url: str, session: str) -> None:
    """End a session of a grid over a connection of its own, because the session's may wait for a page that hangs."""
    with contextlib.suppress(WebDriverException, HTTPError, OSError):  # gone already; a grid ends what nobody asks any more
        ChromeRemoteConnection(url, keep_alive=False).execute(Command.QUIT, {"sessionId": session})  # type: ignore[no-untyped-call]


def _fresh_tab(driver: Driver, options: Options) -> str:
    old = driver.window_handles
    driver.switch_to.window(old[0])
    tab: str = driver.execute_cdp_cmd("Target.createTarget", {"url": "about:blank"})["targetId"]
    for handle in old:
        driver.switch_to.window(handle)
        driver.close()
    driver.switch_to.window(tab)
    agent = f"{driver.execute_cdp_cmd('Browser.getVersion', {})['userAgent']} {options.agent}".strip()
    for method, params in (
        ("Emulation.setDeviceMetricsOverride", viewport(*options.viewport)),
        ("Emulation.setLocaleOverride", {"locale": options.locale}),
        ("Emulation.setTimezoneOverride", {"timezoneId": options.timezone}),
        ("Emulation.setUserAgentOverride", {"userAgent": agent, "acceptLanguage": options.locale}),
        ("Browser.setDownloadBehavior", {"behavior": "deny"}),
        ("Network.setBypassServiceWorker", {"bypass": True}),
        ("Page.addScriptToEvaluateOnNewDocument", {"source": _NO_SERVICE_WORKERS}),
    ):
        driver.execute_cdp_cmd(method, params)
    return tab


class SeleniumPage(CdpPage):
    """One tab, the only one of its session."""

    #: Requests cannot be held back one by one, and no event tells what a recording would need.
    capabilities = frozenset((Capability.SOURCE, Capability.NETWORK, Capability.LISTENERS))

    def __init__(self, session: _Session, tab: str, give_back: Callable[[_Session], None] | None) -> None:
        super().__init__()
        self.session = session
        self._give_back = give_back
        self._log = PageLog(tab, self.dialogs)
        self._entries: deque[str] = deque()
        self._held = False

    # -- the log -------------------------------------------------------------------------------------------------------
    @property
    def requests(self) -> list[dict[str, Any]]:
        return self._log.requests

    def _read_log(self, driver: Driver) -> None:
        # Asking for the log neither dismisses an open dialog nor tells of a crash; whatever else is asked does. Asked first, so that
        # a dialog dismissed here is in the log that is read.
        driver.execute_cdp_cmd("Browser.getVersion", {})
        # Entries are kept here even where nobody waits for the answer any more: chromedriver tells each of them once.
        self._entries.extend(entry["message"] for entry in driver.get_log("performance"))

    async def _look(self) -> None:
        """Take in what the performance log has."""
        try:
            await self.session.run(self._read_log)
        finally:
            now = time.monotonic()
            while self._entries:
                entry = json.loads(self._entries.popleft())
                if entry.get("webview") == self._log.tab:
                    self._log.feed(entry["message"], now)

    # -- opening -------------------------------------------------------------------------------------------------------
    async def open(self, url: str, timeout: float) -> Loaded:
        self.forget()
        log = self._log
        try:
            async with asyncio.timeout(timeout):
                await self._look()
                log.expect()
                await self.session.run(lambda driver: driver.get(url))
                while not (log.failure or log.loaded):
                    await self._look()
                    await asyncio.sleep(_LOOK)
        except TimeoutError:
            if not log.parsed:
                return Loaded(url, log.url or url, error=LoadError.TIMEOUT, detail=f"{timeout:g} s")
        except BrowserError as error:
            return Loaded(url, url, error=load_error(str(error)), detail=str(error))
        if log.failure:
            return Loaded(url, url, error=load_error(log.failure), detail=log.failure)
        document = log.document
        return Loaded(
            requested=url,
            url=log.url,
            status=document.status,
            headers=dict(list(document.headers.items())[:100]),
            redirects=tuple(document.redirects[:30]),
            body=await self._body(document),
            complete=log.loaded,
        )

    async def _body(self, document: Document) -> bytes | None:
        if document.status is None:
            return None
        try:
            answer = await asyncio.wait_for(self.cdp("Network.getResponseBody", {"requestId": document.request}), _BODY_TIMEOUT)
        except (BrowserError, TimeoutError):
            return None
        if answer["base64Encoded"]:
            return base64.b64decode(answer["body"])
        return as_sent(answer["body"].encode("utf-8", "replace"), document.headers.get("content-type", ""))

    async def _network_quiet(self, limit: float) -> str:
        until = time.monotonic() + limit
        try:
            async with asyncio.timeout(limit + _GRACE):
                while True:
                    await self._look()
                    now = time.monotonic()
                    if not self._log.busy(now):
                        return "quiet"
                    if now >= until:
                        return "limit"
                    await asyncio.sleep(_LOOK)
        except TimeoutError:
            return "limit"

    # -- asking --------------------------------------------------------------------------------------------------------
    async def cdp(self, method: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
        """One protocol call; a page that keeps it waiting too long has hung, and its session is ended."""
        try:
            return await asyncio.wait_for(self._ask(method, params), _ANSWER)
        except TimeoutError:
            await self._stop_script()
            raise BrowserError(f"{method}: the page crashed: no answer within {_ANSWER:g} s") from None

    async def _ask(self, method: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
        def ask(driver: Driver) -> dict[str, Any] | None:
            answer: dict[str, Any] | None = driver.execute_cdp_cmd(method, params or {})
            return answer

        for _ in range(_DIALOGS):
            try:
                # Where a dialog comes in between, chromedriver refuses or answers with nothing.
                if (answer := await self.session.run(ask)) is not None:
                    return answer
            except _DialogOpen:
                pass
            except BrowserError as error:
                raise BrowserError(f"{method}: {error}") from error
            await self._look()
        raise BrowserError(f"{method}: the page opens one dialog after the other")

    async def _run_script(self, expression: str, context: int, timeout: float) -> dict[str, Any]:
        """chromedriver is deaf while it waits for a script. So the time limit goes into the page, for a script's own run and for
        what it promises; a page that does not even keep that has hung, and its session is ended."""
        limit = int(timeout * 1000)
        try:
            async with asyncio.timeout(timeout + _GRACE):
                answer = await self._ask("Runtime.evaluate", {"expression": expression, "contextId": context, "timeout": limit})
                if (found := answer["result"].get("objectId")) is None or "exceptionDetails" in answer:
                    return answer
                answer = await self._ask(
                    "Runtime.callFunctionOn",
                    {
                        "functionDeclaration": _WITHIN,
                        "objectId": found,
                        "arguments": [{"value": limit}],
                        "returnByValue": True,
                        "awaitPromise": True,
                    },
                )
        except TimeoutError:
            await self._stop_script()
            raise EvaluationTimeout(f"no answer within {timeout:g} s") from None
        except BrowserError as error:
            if "Execution was terminated" in str(error):
                raise EvaluationTimeout(f"no answer within {timeout:g} s") from None
            raise
        # A dialog that stood before the script was dismissed without a word: only the log tells of it.
        await self._look()
        if "exceptionDetails" in answer:
            return answer
        settled = answer["result"]["value"]
        if settled.get("late"):
            raise EvaluationTimeout(f"no answer within {timeout:g} s")
        return {"result": settled}

    async def _stop_script(self) -> None:
        # chromedriver answers nothing more before the script does.
        self.session.end()

    async def hold_back(self) -> None:
        """More than the port asks: requests cannot be let through one by one here, so none leaves the page at all."""
        if self._held:
            return
        self._held = True
        await self._look()
        for frame in await self.frames():
            try:
                await self.evaluate(_STAY, frame=frame.id)
            except BrowserError:
                # A frame may be gone meanwhile; the page itself must not be lost.
                if frame.parent is None:
                    raise
        await self.cdp("Network.setBlockedURLs", {"urls": ["*"]})

    async def close(self) -> None:
        """Give the session back for the next page; one that is not shared, or no longer answers, ends here."""
        if self._give_back is not None and not self.session.ended:
            try:
                async with asyncio.timeout(_CLOSING):
                    self.forget()
                    # What listeners send when their page goes could not be held back here.
                    await self._silence()
                    await self.session.run(_leave)
                self._give_back(self.session)
                return
            except (BrowserError, TimeoutError):
                pass  # it has hung or crashed
            except asyncio.CancelledError:
                self.session.end()
                raise
        await self.session.clean()


def _leave(driver: Driver) -> None:
    """Go where nothing runs: an idle session must not keep a page busy."""
    driver.get("about:blank")
    driver.get_log("performance")
    driver.execute_cdp_cmd("Browser.getVersion", {})  # refused where the page has crashed


@dataclass
class Document:
    """The answer to the request for a document; ``redirects`` are the answers before it, address and status."""

    request: str = ""
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    redirects: list[tuple[str, int]] = field(default_factory=list)
    error: str = ""


class PageLog:
    """What the performance log tells of one tab: its requests, its dialogs, and how far its document has come.

    ``failure`` is the browser's error text where no document came; ``parsed`` and ``loaded`` are the document's two events.
    """

    def __init__(self, tab: str, dialogs: list[dict[str, str]]) -> None:
        self.tab = tab
        self.requests: list[dict[str, Any]] = []
        self._dialogs = dialogs
        self._records: dict[str, dict[str, Any]] = {}
        self._open: dict[str, float] = {}
        self._documents: dict[str, Document] = {}
        self.expect()

    def expect(self) -> None:
        """A navigation starts: nothing of it has come yet."""
        self.url = ""
        self.failure = ""
        self.document = Document()
        self.parsed = self.loaded = False
        self._committed = False
        self._open.clear()

    def busy(self, now: float) -> bool:
        """Whether requests are under way, streams and what is stale apart."""
        return any(now - since < STALE for since in self._open.values())

    def feed(self, event: dict[str, Any], now: float) -> None:
        """Take in one event of the domains Network and Page."""
        known = _EVENTS.get(event["method"])
        if known is not None:
            known(self, event["params"], now)

    def _request(self, params: dict[str, Any], now: float) -> None:
        request, kind = params["request"], params.get("type", "Other")
        # Neither a data: address nor the tab's icon is a request of the page's.
        if request["url"].startswith("data:") or (kind == "Other" and params["initiator"]["type"] == "other"):
            return
        key = params["requestId"]
        if (earlier := params.get("redirectResponse")) is not None:
            self._answered(key, earlier)
        if params["frameId"] == self.tab and key == params["loaderId"]:
            document = self._documents.setdefault(key, Document(key))
            if earlier is not None:
                document.redirects.append((earlier["url"][:2000], earlier["status"]))
        if kind.lower() not in ENDLESS:
            self._open[key] = now
        if len(self.requests) < MAX_REQUESTS:
            self._records[key] = {"url": request["url"][:2000], "method": request["method"], "type": kind.lower()}
            self.requests.append(self._records[key])
        else:
            self._records.pop(key, None)

    def _answered(self, key: str, response: dict[str, Any]) -> None:
        if (record := self._records.get(key)) is not None:
            record["status"] = response["status"]
            record["mime"] = _lower(response["headers"]).get("content-type", "").split(";")[0]

    def _response(self, params: dict[str, Any], now: float) -> None:
        key, response = params["requestId"], params["response"]
        self._answered(key, response)
        if (document := self._documents.get(key)) is not None:
            document.status = response["status"]
            document.headers = _lower(response["headers"])

    def _finished(self, params: dict[str, Any], now: float) -> None:
        self._open.pop(params["requestId"], None)

    def _failed(self, params: dict[str, Any], now: float) -> None:
        key = params["requestId"]
        self._open.pop(key, None)
        text = params.get("errorText") or params.get("blockedReason") or "failed"
        if (record := self._records.get(key)) is not None:
            record["failed"] = text
        if (document := self._documents.get(key)) is not None:
            document.error = text
            if not self._committed:
                self.failure = text

    def _navigated(self, params: dict[str, Any], now: float) -> None:
        frame = params["frame"]
        if frame["id"] != self.tab:
            return
        self.document = self._documents.get(frame["loaderId"], Document())
        if "unreachableUrl" in frame:
            self.failure = self.failure or self.document.error or "net::ERR_FAILED"
            return
        self.url = frame["url"] + frame.get("urlFragment", "")
        self._committed = True
        self.parsed = self.loaded = False

    def _navigated_within(self, params: dict[str, Any], now: float) -> None:
        if params["frameId"] != self.tab:
            return
        self.url = params["url"]
        if not self._committed:
            # The address differed by its fragment only: the document that stands is the one asked for.
            self._committed = self.parsed = self.loaded = True

    def _parsed(self, params: dict[str, Any], now: float) -> None:
        self.parsed = self._committed

    def _loaded(self, params: dict[str, Any], now: float) -> None:
        self.parsed = self.loaded = self._committed

    def _dialog(self, params: dict[str, Any], now: float) -> None:
        if len(self._dialogs) < 100:
            self._dialogs.append({"type": params["type"], "message": params["message"][:500]})


_EVENTS: dict[str, Callable[[PageLog, dict[str, Any], float], None]] = {
    "Network.requestWillBeSent": PageLog._request,
    "Network.responseReceived": PageLog._response,
    "Network.loadingFinished": PageLog._finished,
    "Network.loadingFailed": PageLog._failed,
    "Page.frameNavigated": PageLog._navigated,
    "Page.navigatedWithinDocument": PageLog._navigated_within,
    "Page.domContentEventFired": PageLog._parsed,
    "Page.loadEventFired": PageLog._loaded,
    "Page.javascriptDialogOpening": PageLog._dialog,
}


class _DialogOpen(BrowserError):
    """A dialog stood in the way; chromedriver has dismissed it."""

    def __init__(self) -> None:
        super().__init__("a dialog of the page stood in the way")


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _explain(error: WebDriverException) -> str:
    """chromedriver's message in one line, the protocol's own where it wraps one; told as a crash where page or browser are gone."""
    text = _first_line(error.msg or error)
    _, found, wrapped = text.partition("unhandled inspector error: ")
    if found:
        with contextlib.suppress(ValueError):
            text = str(json.loads(wrapped)["message"])
    gone = ("session deleted", "invalid session id", "disconnected", "not reachable", "no such window", "target window already closed")
    return f"the page crashed: {text}" if "crashed" not in text and any(words in text for words in gone) else text


def _first_line(error: object) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].removeprefix("Message: ")[:300]
