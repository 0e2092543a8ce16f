"""The first driver: Playwright (async) with Chromium. Serves every gatherer."""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright import async_api as pw

from wcag_audit.browser.cdp import ENDLESS, MAX_REQUESTS, STALE, CdpPage, as_sent
from wcag_audit.browser.find import LAUNCH_ARGS, ONE_PROCESS, find_browser
from wcag_audit.browser.port import BrowserError, Capability, Loaded, LoadError, Options, ProbingPage, load_error

_SAFE_METHODS = frozenset(("GET", "HEAD", "OPTIONS"))
_BODY_TIMEOUT = 10.0
#: Pages that one tab shows, one after the other: its process, and what it has compiled of axe-core, serve them all.
_PAGES_A_TAB = 50
#: What a tab keeps from one page to the next: gone.
_FORGOTTEN = "try { window.name = ''; sessionStorage.clear(); } catch {} 0"
#: Addresses of documents that store nothing, or at the origin of the document around them.
_WITHOUT_STORAGE = ("about:", "data:", "blob:")
#: Seconds for a page to be left before its tab is closed.
_VACATING = 4.0
#: Milliseconds for joining a browser that runs elsewhere.
_JOINING = 30_000.0
_LENGTH = "performance.getEntriesByType('navigation')[0]?.decodedBodySize ?? 0"
#: Bytes of a page's answer up to which it is taken out of the browser.
_MAX_BODY = 12_000_000


class PlaywrightBrowser:
    """A running Chromium with one context, shared by its pages as a visitor's browser shares cookies and cache."""

    driver = "playwright"

    def __init__(self, runtime: pw.Playwright, browser: pw.Browser, options: Options, version: str) -> None:
        self._runtime = runtime
        self._browser = browser
        self._options = options
        self._shared: pw.BrowserContext | None = None
        self._starting = asyncio.Lock()
        #: Tabs that were left as they came: of the shared context, and with contexts of their own.
        self._spare: dict[bool, list[PlaywrightPage]] = {False: [], True: []}
        #: Tabs that are being left.
        self._leaving: set[asyncio.Future[None]] = set()
        self._agent = ""
        self.version = version

    async def _user_agent(self) -> str | None:
        """The browser's own name with ours behind it."""
        if not self._options.agent:
            return None
        if not self._agent:
            session = await self._browser.new_browser_cdp_session()
            self._agent = f"{(await session.send('Browser.getVersion'))['userAgent']} {self._options.agent}"
            await session.detach()
        return self._agent

    async def _context(self) -> pw.BrowserContext:
        width, height = self._options.viewport
        auth = self._options.auth
        storage: Any = auth.storage if auth is not None else None
        return await self._browser.new_context(
            viewport={"width": width, "height": height},
            locale=self._options.locale,
            timezone_id=self._options.timezone,
            user_agent=await self._user_agent(),
            storage_state=storage,
            ignore_https_errors=self._options.ignore_tls_errors,
            accept_downloads=False,
            service_workers="block",
            # One that runs here was started with it.
            proxy={"server": self._options.proxy} if self._options.proxy and self._options.browser_url else None,
        )

    async def _tab(self, isolated: bool) -> tuple[pw.Page, pw.CDPSession, pw.BrowserContext | None, Options]:
        try:
            own = await self._context() if isolated else None
            async with self._starting:
                if own is None and self._shared is None:
                    self._shared = await self._context()
            context = own or self._shared
            assert context is not None
            page = await context.new_page()
            return page, await context.new_cdp_session(page), own, self._options
        except pw.Error as error:
            raise BrowserError(_first_line(error)) from error

    async def new_page(self, *, isolated: bool = False) -> PlaywrightPage:
        spare = self._spare[isolated]
        while True:
            while spare:
                if not (page := spare.pop()).is_lost:
                    return page
            # One that is about to come costs less than a new one.
            if not self._leaving or not (await asyncio.wait(self._leaving, timeout=1, return_when=asyncio.FIRST_COMPLETED))[0]:
                break
        page = PlaywrightPage(*await self._tab(isolated))
        page.spare, page.leaving = spare, self._leaving
        return page

    async def new_probing_page(self, *, isolated: bool = False) -> ProbingPage:
        from wcag_audit.browser.probing import GuardedPage

        page = GuardedPage(*await self._tab(isolated))
        await page.prepare()
        return page

    async def close(self) -> None:
        if self._leaving:
            await asyncio.wait(self._leaving, timeout=2 * _VACATING)
        try:
            await self._browser.close()
        except pw.Error:
            pass  # it is gone already
        await self._runtime.stop()


async def start(options: Options) -> PlaywrightBrowser:
    """Start the browser that find.py prefers, or join the one that runs elsewhere. Raises NoBrowser where there is none, BrowserError
    where it does not start."""
    if options.browser_url:
        return await _join(options.browser_url, options)
    found = find_browser(Path(options.browser) if options.browser else None)
    runtime = await pw.async_playwright().start()
    try:
        browser = await runtime.chromium.launch(
            executable_path=found.path,
            args=list(LAUNCH_ARGS),
            proxy={"server": options.proxy} if options.proxy else None,
            handle_sigint=False,
        )
    except pw.Error as error:
        await runtime.stop()
        raise BrowserError(f"{found}: {_first_line(error)}") from error
    return PlaywrightBrowser(runtime, browser, options, f"{found.kind}/{browser.version}")


async def _join(url: str, options: Options) -> PlaywrightBrowser:
    """A browser that runs elsewhere: of DevTools by its address over http or its socket, of Playwright's server by its socket."""
    runtime = await pw.async_playwright().start()
    try:
        if url.startswith("http") or "/devtools/" in url:
            browser = await runtime.chromium.connect_over_cdp(url, timeout=_JOINING)
        else:
            launched = json.dumps({"args": list(LAUNCH_ARGS)})
            browser = await runtime.chromium.connect(url, timeout=_JOINING, headers={"x-playwright-launch-options": launched})
        await _refuse_split_frames(browser)
    except (pw.Error, BrowserError) as error:
        await runtime.stop()
        raise BrowserError(f"{_without_secrets(url)}: {_first_line(error)}") from error
    return PlaywrightBrowser(runtime, browser, options, f"remote/{browser.version}")


async def _refuse_split_frames(browser: pw.Browser) -> None:
    """Raises BrowserError where frames of other sites would run in processes of their own: one session would not read them."""
    session = await browser.new_browser_cdp_session()
    try:
        started = (await session.send("SystemInfo.getInfo")).get("commandLine", "")
    finally:
        await session.detach()
    if ONE_PROCESS not in started:
        raise BrowserError(f"it was started without {ONE_PROCESS}, so frames of other sites would not be read")


def _without_secrets(url: str) -> str:
    """An address without what may be a password or a token."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


class PlaywrightPage(CdpPage):
    """One tab."""

    capabilities = frozenset(Capability)

    def __init__(self, page: pw.Page, session: pw.CDPSession, own_context: pw.BrowserContext | None, options: Options) -> None:
        super().__init__()
        self._options = options
        self._page = page
        self._session = session
        self._own_context = own_context
        #: Where the tab is put once it is left, for a later page; None where it is of no use to others.
        self.spare: list[PlaywrightPage] | None = None
        #: What the browser waits for before it ends.
        self.leaving: set[asyncio.Future[None]] | None = None
        self._opened = 0
        self._records: dict[pw.Request, dict[str, Any]] = {}
        self._open_requests: dict[pw.Request, float] = {}
        self._crashed = asyncio.Event()
        self._held = False
        #: Whether the page has loaded: from then on it stays, and is audited as loaded.
        self._stands = False
        self._watched = ""
        #: Requests that a name and password were given for: they are not asked twice.
        self._named: set[str] = set()
        self._refused = ""
        self._answer: pw.Response | None = None
        page.on("load", self._on_load)
        page.on("request", self._on_request)
        page.on("response", self._on_response)
        page.on("requestfinished", self._on_finished)
        page.on("requestfailed", self._on_failed)
        page.on("dialog", self._on_dialog)
        page.on("popup", self._on_popup)
        page.on("crash", lambda _: self._crashed.set())

    # -- the log -------------------------------------------------------------------------------------------------------
    @property
    def requests(self) -> list[dict[str, Any]]:
        return list(self._records.values())

    def _on_request(self, request: pw.Request) -> None:
        if request.resource_type not in ENDLESS:
            self._open_requests[request] = asyncio.get_running_loop().time()
        if len(self._records) < MAX_REQUESTS:
            self._records[request] = {"url": request.url[:2000], "method": request.method, "type": request.resource_type}

    def _on_response(self, response: pw.Response) -> None:
        record = self._records.get(response.request)
        if record is not None:
            record["status"] = response.status
            record["mime"] = response.headers.get("content-type", "").split(";")[0]
        if 300 <= response.status < 400:
            self._open_requests.pop(response.request, None)

        if response.request.is_navigation_request() and response.frame == self._page.main_frame:
            self._answer = response

    def _on_load(self, _: pw.Page) -> None:
        # Before anything has answered it is the page before this one.
        self._stands = self._stands or self._answer is not None

    def _on_finished(self, request: pw.Request) -> None:
        self._open_requests.pop(request, None)

    def _on_failed(self, request: pw.Request) -> None:
        self._open_requests.pop(request, None)
        if (record := self._records.get(request)) is not None:
            record["failed"] = request.failure or "failed"

    async def _on_dialog(self, dialog: pw.Dialog) -> None:
        if len(self.dialogs) < 100:
            self.dialogs.append({"type": dialog.type, "message": dialog.message[:500]})
        try:
            await dialog.dismiss()
        except pw.Error:
            pass  # the page closed it, or went away with it

    async def _on_popup(self, popup: pw.Page) -> None:
        try:
            await popup.close()
        except pw.Error:
            pass

    # -- opening -------------------------------------------------------------------------------------------------------
    async def open(self, url: str, timeout: float) -> Loaded:
        self.forget()
        self._opened += 1
        self._stands, self._refused, self._answer = False, "", None
        loop = asyncio.get_running_loop()
        began = loop.time()
        until = began + timeout
        try:
            await self._watch()
            await self._unless_crashed(self._go(url, until))
        except pw.TimeoutError:
            return Loaded(url, self._page.url, error=LoadError.TIMEOUT, detail=f"{timeout:g} s")
        except (pw.Error, BrowserError) as error:
            if self._refused:
                return Loaded(url, self._refused, error=LoadError.PRIVATE, detail=self._refused)
            line = _first_line(error)
            kind = LoadError.CRASHED if self._crashed.is_set() else load_error(line)
            return Loaded(url, url, error=kind, detail=line)
        took = loop.time() - began
        complete = True
        try:
            rest = max(0.1, until - loop.time())
            await self._unless_crashed(self._page.wait_for_load_state("load", timeout=rest * 1000))
        except pw.TimeoutError:
            complete = False
        except (pw.Error, BrowserError) as error:
            return Loaded(
                url, self._page.url, error=LoadError.CRASHED if self._crashed.is_set() else LoadError.NETWORK, detail=_first_line(error)
            )
        self._stands = True
        response = self._main_answer()
        if response is None:
            return Loaded(url, self._page.url, complete=complete, took=took)
        length = await self._length()
        return Loaded(
            requested=url,
            url=self._page.url,
            status=response.status,
            headers=dict(list(response.headers.items())[:100]),
            redirects=self._redirects(response.request),
            body=await self._body(response) if length <= _MAX_BODY else None,
            complete=complete,
            took=took,
            length=length,
        )

    def _main_answer(self) -> pw.Response | None:
        """What answered with the document that stands."""
        return self._answer

    async def _go(self, url: str, until: float) -> None:
        """Go to an address until its document stands. A script that leads elsewhere while the page loads is a redirect like others."""
        loop = asyncio.get_running_loop()
        try:
            await self._page.goto(url, wait_until="domcontentloaded", timeout=max(1.0, (until - loop.time()) * 1000))
        except pw.TimeoutError:
            raise
        except pw.Error as error:
            if "interrupted by another navigation" not in str(error):
                raise
            await self._page.wait_for_load_state("domcontentloaded", timeout=max(1.0, (until - loop.time()) * 1000))

    def _redirects(self, request: pw.Request) -> tuple[tuple[str, int], ...]:
        chain: list[tuple[str, int]] = []
        earlier = request.redirected_from
        while earlier is not None and len(chain) < 30:
            chain.append((earlier.url[:2000], self._records.get(earlier, {}).get("status", 0)))
            earlier = earlier.redirected_from
        return tuple(reversed(chain))

    async def _length(self) -> float:
        """How many bytes the answer has; a page that cannot say how long it is may be of any length."""
        try:
            return float(await self.evaluate(_LENGTH, timeout=_BODY_TIMEOUT))
        except BrowserError:
            return math.inf

    async def _body(self, response: pw.Response) -> bytes | None:
        try:
            body = await asyncio.wait_for(response.body(), _BODY_TIMEOUT)
        except (pw.Error, TimeoutError):
            return None
        return as_sent(body, response.headers.get("content-type", ""))

    async def _unless_crashed(self, work: Any) -> Any:
        """The result of some work, or BrowserError as soon as the renderer crashes (Playwright would wait for its timeout)."""
        task = asyncio.ensure_future(work)
        crash = asyncio.ensure_future(self._crashed.wait())
        try:
            done, _ = await asyncio.wait({task, crash}, return_when=asyncio.FIRST_COMPLETED)
            if task in done:
                return task.result()
            raise BrowserError("the page crashed")
        finally:
            crash.cancel()
            # Given up, be it for a crash or because the caller was cancelled: nobody is left to hear how it ended.
            if not task.done():
                task.cancel()
                task.add_done_callback(_hear)

    async def _network_quiet(self, limit: float) -> str:
        loop = asyncio.get_running_loop()
        end = loop.time() + limit
        while True:
            now = loop.time()
            if not any(now - since < STALE for since in self._open_requests.values()):
                return "quiet"
            if now >= end:
                return "limit"
            await asyncio.sleep(0.02)

    # -- asking --------------------------------------------------------------------------------------------------------
    async def cdp(self, method: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = await self._unless_crashed(self._session.send(method, params or {}))
        except pw.Error as error:
            raise BrowserError(f"{method}: {_first_line(error)}") from error
        return answer

    async def resize(self, width: int, height: int) -> None:
        # Playwright keeps the size itself, and would not give back one that it was not told of.
        try:
            await self._unless_crashed(self._page.set_viewport_size({"width": width, "height": height}))
        except pw.Error as error:
            raise BrowserError(_first_line(error)) from error

    async def hold_back(self) -> None:
        if self._held:
            return
        self._held = True
        await self._watch()

    async def _watch(self) -> None:
        """Have those requests told that are judged one by one: what leads to a document; where need be, all."""
        if not self._watched:
            self._watched = (await self.frames())[0].id
            self._session.on("Fetch.requestPaused", self._on_paused)
            self._session.on("Fetch.authRequired", self._on_asked_for_a_name)
        patterns: list[dict[str, str]] = [{"urlPattern": "*", "resourceType": "Document"}]
        auth = self._options.auth
        if self._held or self._options.loads is not None:
            patterns = [{"urlPattern": "*"}]
        elif auth is not None and (auth.headers or auth.basic):
            patterns.append({"urlPattern": f"{auth.origin}/*"})
        await self.cdp("Fetch.enable", {"patterns": patterns, "handleAuthRequests": auth is not None and auth.basic is not None})

    async def _on_paused(self, event: dict[str, Any]) -> None:
        request, url = event["request"], event["request"]["url"]
        try:
            if event.get("resourceType") == "Document":
                main = event.get("frameId") == self._watched
                if self._held or (main and self._stands):
                    # Answering a navigation with 204 keeps the page; aborting it would put an error page in its place.
                    await self._session.send("Fetch.fulfillRequest", {"requestId": event["requestId"], "responseCode": 204})
                elif self._options.lets is not None and not await asyncio.to_thread(self._options.lets, url):
                    self._refused = url if main else self._refused
                    await self._refuse(event)
                else:
                    await self._let(event)
            else:
                held = self._held and request["method"] not in _SAFE_METHODS
                wanted = self._options.loads is None or self._options.loads(url)
                await (self._let(event) if wanted and not held else self._refuse(event))
        except pw.Error:
            pass  # the page closed meanwhile, and the request with it

    async def _on_asked_for_a_name(self, event: dict[str, Any]) -> None:
        """Answer a server's question for name and password, once per request. Playwright's own way would not be heard: of two sessions
        that hold requests of a page, some browsers ask only the newer one."""
        auth, request = self._options.auth, event["request"]
        answer: dict[str, str] = {"response": "Default"}
        if auth is not None and auth.basic is not None and request["url"].startswith(f"{auth.origin}/"):
            named = event["authChallenge"].get("source") != "Proxy" and event["requestId"] not in self._named
            name, password = auth.basic
            answer = {"response": "ProvideCredentials", "username": name, "password": password} if named else {"response": "CancelAuth"}
            self._named.add(event["requestId"])
        with contextlib.suppress(pw.Error):  # the page may have closed meanwhile, and the request with it
            await self._session.send("Fetch.continueWithAuth", {"requestId": event["requestId"], "authChallengeResponse": answer})

    async def _refuse(self, event: dict[str, Any]) -> None:
        await self._session.send("Fetch.failRequest", {"requestId": event["requestId"], "errorReason": "BlockedByClient"})

    async def _let(self, event: dict[str, Any]) -> None:
        auth, request = self._options.auth, event["request"]
        params: dict[str, Any] = {"requestId": event["requestId"]}
        if auth is not None and auth.headers and request["url"].startswith(f"{auth.origin}/"):
            headers = {**request["headers"], **auth.headers}
            params["headers"] = [{"name": name, "value": value} for name, value in headers.items()]
        await self._session.send("Fetch.continueRequest", params)

    async def _vacate(self) -> None:
        """Leave the document, with its listeners taken from it and all that it sends held back: a tab that is closed lets its last
        words through, and so does one whose words wait for an answer when it is closed."""
        self._held = True
        await self._watch()
        with contextlib.suppress(BrowserError):
            await self._silence()
        await self.cdp("Page.navigate", {"url": "about:blank"})
        await self.cdp("Runtime.evaluate", {"expression": "0"})  # what it tried is told by now, and refused

    @property
    def is_lost(self) -> bool:
        """Whether the tab crashed or was closed."""
        return self._crashed.is_set() or self._page.is_closed()

    async def leave(self) -> None:
        """Leaving goes on while its visitor does other things."""
        if self.leaving is None:
            await self.close()
            return
        task = asyncio.ensure_future(self._be_left())
        self.leaving.add(task)
        task.add_done_callback(self.leaving.discard)
        task.add_done_callback(_hear)

    async def _be_left(self) -> None:
        if self._opened >= _PAGES_A_TAB or not await self._made_new():
            await self.close()

    async def _made_new(self) -> bool:
        """Leave the document and all by which a later one could tell that it was there; whether that worked."""
        try:
            async with asyncio.timeout(_VACATING):
                frames = await self.frames()
                for frame in frames:
                    await self.evaluate(_FORGOTTEN, frame=frame.id)
                await self._vacate()
                if self._own_context is not None:
                    await self._empty(self._own_context, {frame.url for frame in frames})
                await self.cdp("Page.resetNavigationHistory")
                await self.cdp("Fetch.disable")
        except (BrowserError, TimeoutError, pw.Error):
            return False
        self._records.clear()
        self._open_requests.clear()
        self._named.clear()
        self.dialogs = []
        self._held = False
        assert self.spare is not None
        self.spare.append(self)
        return True

    async def _empty(self, context: pw.BrowserContext, shown: set[str]) -> None:
        """Take from a context of its own what documents stored there. Raises BrowserError where that may not be all: a log-in that came
        with it would be gone too, and frames of other sites store by the site around them."""
        shown |= {row["url"] for row in self._records.values() if row["type"] == "document"}
        origins = {"://".join(urlsplit(url)[:2]) for url in shown if not url.startswith(_WITHOUT_STORAGE)}
        if self._options.auth is not None or len(origins) > 1 or len(self._records) >= MAX_REQUESTS:
            raise BrowserError("what was stored is not known")
        for origin in origins:
            await self.cdp("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
        await context.clear_cookies()

    async def close(self) -> None:
        with contextlib.suppress(BrowserError, TimeoutError):
            await asyncio.wait_for(self._vacate(), _VACATING)
        try:
            await (self._own_context.close() if self._own_context else self._page.close(run_before_unload=False))
        except pw.Error:
            pass  # the browser is gone, and the page with it


def _hear(task: asyncio.Future[Any]) -> None:
    """Take note of how abandoned work ended, or asyncio reports an error that nobody waits for."""
    if not task.cancelled():
        task.exception()


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
