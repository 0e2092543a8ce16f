"""A page that somebody else's test suite has open, with Playwright's sync API or Selenium, as gatherers may ask it.

The suite's library can only be called from the suite's own thread, and its thread may already run an event loop. Therefore the
gatherers run in a thread of their own, and every question to the page is answered by the suite's thread.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from wcag_audit.browser.cdp import CdpPage
from wcag_audit.browser.port import BrowserError, Capability, Loaded

T = TypeVar("T")

Send = Callable[[str, dict[str, Any]], dict[str, Any]]
_Question = tuple[str, dict[str, Any], "asyncio.Future[dict[str, Any]]"]


def sender(page: Any) -> Send:
    """How to send DevTools calls to a page of Playwright (sync) or to a WebDriver. Raises BrowserError where it takes none."""
    if hasattr(page, "execute_cdp_cmd"):
        return lambda method, params: page.execute_cdp_cmd(method, params) or {}
    if not hasattr(page, "context"):
        raise BrowserError(f"{type(page).__name__} is neither a page of Playwright's sync API nor a WebDriver of Chromium")
    try:
        session = page.context.new_cdp_session(page)
    except Exception as error:  # Playwright's own error, which this module does not import
        raise BrowserError(f"only Chromium can be asked: {error}") from error
    if asyncio.iscoroutine(session):
        session.close()
        raise BrowserError("a page of Playwright's async API cannot be asked; use the sync API")
    return lambda method, params: session.send(method, params) or {}


class BorrowedPage(CdpPage):
    """A page of which only the present state can be asked."""

    capabilities = frozenset((Capability.LISTENERS,))

    def __init__(self, ask: Callable[[_Question], None]) -> None:
        super().__init__()
        self._ask = ask

    @property
    def requests(self) -> list[dict[str, Any]]:
        return []

    async def cdp(self, method: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._ask((method, params or {}, answer))
        return await answer

    async def open(self, url: str, timeout: float) -> Loaded:
        raise BrowserError("a borrowed page is not sent elsewhere")

    async def hold_back(self) -> None:
        raise BrowserError("a borrowed page is left as it is")

    async def close(self) -> None:
        """It belongs to somebody else."""

    async def _network_quiet(self, limit: float) -> str:
        return "unknown"


def with_page(send: Send, work: Callable[[BorrowedPage], Awaitable[T]]) -> T:
    """What ``work`` makes of the page; questions to it are asked from this thread."""
    questions: queue.SimpleQueue[_Question | None] = queue.SimpleQueue()
    done: list[T] = []
    failed: list[BaseException] = []

    def gather() -> None:
        async def go() -> T:
            return await work(BorrowedPage(questions.put))

        try:
            done.append(asyncio.run(go()))
        except BaseException as error:  # told in the suite's thread
            failed.append(error)
        finally:
            questions.put(None)

    thread = threading.Thread(target=gather, daemon=True)
    thread.start()
    while (question := questions.get()) is not None:
        _answer(send, *question)
    thread.join()
    if failed:
        raise failed[0]
    return done[0]


def _answer(send: Send, method: str, params: dict[str, Any], future: asyncio.Future[dict[str, Any]]) -> None:
    loop = future.get_loop()
    try:
        found = send(method, params)
    except Exception as error:  # whatever the suite's library raises
        told = BrowserError(f"{method}: {error}")
        loop.call_soon_threadsafe(lambda: None if future.done() else future.set_exception(told))
        return
    loop.call_soon_threadsafe(lambda: None if future.done() else future.set_result(found))
