"""The port: all that a gatherer may ask of a browser. Drivers (playwright, selenium) implement it, tests may fake it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol


class Capability(StrEnum):
    """What a driver can do beyond opening a page and reading it; a gatherer that needs more is *untested* there."""

    SOURCE = "source"  # the response body as sent
    NETWORK = "network"  # the log of requests
    LISTENERS = "listeners"  # real event listeners
    EVENTS = "events"  # browser events while a recording runs: needed by probes
    HOLD_BACK = "hold_back"  # requests can be held back one by one


class LoadError(StrEnum):
    """Why a page did not open."""

    DNS = "dns"
    REFUSED = "refused"
    TLS = "tls"
    TIMEOUT = "timeout"
    DOWNLOAD = "download"
    CRASHED = "crashed"
    REDIRECTS = "redirects"
    PRIVATE = "private"  # it leads to an address inside somebody's network
    NETWORK = "network"


@dataclass(frozen=True)
class Loaded:
    """What opening a page gave. ``body`` is the response as sent, or None where the driver could not get it; ``error`` None where
    a document stands. ``complete`` is False where the load event did not come in time but a document stands; ``took`` is the seconds
    until the answer began, ``length`` how many bytes of it there were, unpacked: infinitely many where the page could not tell."""

    requested: str
    url: str
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    redirects: tuple[tuple[str, int], ...] = ()
    body: bytes | None = None
    error: LoadError | None = None
    detail: str = ""
    complete: bool = True
    took: float = 0.0
    length: float = 0.0


@dataclass(frozen=True)
class FrameRef:
    """A frame of the page: its id, its parent's (None for the page itself) and its address."""

    id: str
    parent: str | None
    url: str


class BrowserError(Exception):
    """The browser could not do what was asked of this page; the message says what. The page may be lost, the run is not."""


class EvaluationTimeout(BrowserError):
    """A script in the page did not answer in time."""


class BrowserPage(Protocol):
    """One page in one tab. All scripts run in an isolated world: nothing a page overwrites can change what is read."""

    @property
    def capabilities(self) -> frozenset[Capability]: ...

    @property
    def requests(self) -> list[dict[str, Any]]:
        """The log of requests so far: ``url``, ``method``, ``type``, and ``status``/``mime`` or ``failed``."""
        ...

    @property
    def dialogs(self) -> list[dict[str, str]]:
        """Dialogs (alert, confirm, prompt, beforeunload) that were dismissed: ``type`` and ``message``."""
        ...

    async def open(self, url: str, timeout: float) -> Loaded:
        """Go to an address and wait for its load event, at most ``timeout`` seconds. Never raises for what a site does."""
        ...

    async def settle(self, limit: float) -> dict[str, Any]:
        """Wait until the page is really there (network and DOM quiet), at most ``limit`` seconds; tells how long and why it stopped."""
        ...

    async def frames(self) -> list[FrameRef]:
        """All frames, the page itself first, parents before children."""
        ...

    async def evaluate(self, expression: str, *, frame: str | None = None, timeout: float = 10.0) -> Any:
        """The JSON value of an expression (promises awaited) in the isolated world of a frame.

        Raises EvaluationTimeout after ``timeout`` seconds, BrowserError where the script throws or the frame is gone.
        """
        ...

    async def load_script(self, key: str, source: str, *, frame: str | None = None, timeout: float = 10.0) -> None:
        """Run a script once per isolated world of a frame; later calls with the same key do nothing."""
        ...

    async def owner_index(self, frame: FrameRef) -> int | None:
        """The index that the collector gave the element which holds a frame, or None."""
        ...

    async def listeners(self) -> dict[str, dict[int, list[str]]]:
        """Event listener types by frame id and element ordinal (in document order, shadow trees before light children; -1 is the
        document, and the keys that the page's window hears are told of it).

        Raises BrowserError where the driver has no such thing.
        """
        ...

    async def draws_with_webgl(self) -> bool:
        """Whether scripts of the page itself hold a context for WebGL: what those draw cannot be read back. Raises BrowserError."""
        ...

    async def screenshot(self, height: float) -> tuple[bytes, str]:
        """A picture of the page from its top down to ``height`` CSS pixels, as wide as the viewport, and its media type."""
        ...

    async def free_memory(self) -> None:
        """Have the browser give back what the page does not need any more, which it puts off; never raises."""
        ...

    async def hold_back(self) -> None:
        """From now on no request other than GET, HEAD and OPTIONS leaves the browser, nor any navigation."""
        ...

    async def leave(self) -> None:
        """Be done with a page in which nothing was done: its tab may serve a later one, which cannot tell. Otherwise as ``close``."""
        ...

    async def close(self) -> None:
        """Close the tab. What the page sends at its end is held back where the driver can."""
        ...


class ProbingPage(BrowserPage, Protocol):
    """A page for probes: guarded before its first script. What it held back, it tells."""

    @property
    def held(self) -> list[dict[str, Any]]:
        """What was held back or noticed: ``kind`` (navigation, request, popup, print, websocket, download, dialog,
        within-document, slow-timer, play-detached, timed-sound, flicker), ``detail``, ``at`` (milliseconds since the epoch, or null)."""
        ...

    async def press(self, *keys: str, shift: bool = False) -> None:
        """Press keys one after the other, without waiting for the page between them."""
        ...

    def keep_silent(self, silent: bool = True) -> None:
        """From now on not even a GET request of a script leaves the browser; parts of the page (pictures, styles) still load."""
        ...

    async def click(self, x: float, y: float, *, double: bool = False) -> None:
        """Click at a point of the viewport, in CSS pixels, twice in a row where it is a double click."""
        ...

    async def hover(self, x: float, y: float) -> None:
        """Move the pointer to a point of the viewport."""
        ...

    async def sounds(self) -> list[dict[str, Any]]:
        """What plays, or could, without a media element in the document: ``kind`` detached (``src``, ``at``, ``played``, ``paused``,
        ``ended``, ``muted``, ``volume``, ``loop``, ``duration``) or web-audio (``running``, ``at``, ``peak``)."""
        ...

    async def fetch(self, url: str, most: int) -> tuple[bytes, bool]:
        """The bytes of a resource as the page would get them, at most ``most``, and whether that is all. Raises BrowserError."""
        ...

    @property
    def time_is_held(self) -> bool:
        """Whether time has been moved on in this page: it stands still between moves then, and never passes by itself again."""
        ...

    async def advance(self, milliseconds: int, limit: float) -> bool:
        """Let the page's timers run on without waiting for them; False where ``limit`` seconds ran out first."""
        ...

    async def follow_frames(self, frame: str, least: int, most: int, limit: float) -> bool:
        """Wait for ``least`` animation frames, and ``most`` while scripts of a frame wait for some, ``limit`` seconds; whether any came."""
        ...

    async def step_frames(self) -> None:
        """From now on ``advance`` moves the scripts' animation frames on too."""
        ...

    async def slow_timers(self) -> None:
        """From now on timers of scripts that came oftener than once a second come once a minute, as in a tab in the background."""
        ...

    async def hold_clock(self) -> None:
        """From its next opening on, what scripts time stands still, and is moved on by ``tick`` only."""
        ...

    async def tick(self, frame: str, count: int = 1) -> None:
        """Move on what scripts of a frame time, ``count`` times by a sixtieth of a second."""
        ...

    async def reopen(self, url: str, timeout: float) -> None:
        """Open the page again in this tab. What is held back is held back again only after ``hold_back``."""
        ...

    async def run_time(self) -> None:
        """Let time run as fast as it can, for what waits for timers of its own, until the next ``advance`` or ``stop_time``."""
        ...

    async def stop_time(self) -> None:
        """Let time stand still."""
        ...

    async def leap(self, milliseconds: int, limit: float, *, real: bool = False) -> dict[str, Any]:
        """Like ``advance`` (``real``: by waiting), with every request held back, until the page tries to leave: ``complete`` where
        the time was reached, ``left`` where to, ``asked`` what else it requested (``url``, ``method``, ``type``, each once)."""
        ...

    async def picture(self, clip: tuple[float, float, float, float] | None = None, scale: float = 1.0) -> bytes:
        """A PNG of the viewport, or of a rectangle of the page (x, y, width, height in CSS pixels)."""
        ...

    async def resize(self, width: int, height: int) -> None:
        """Give the viewport another size, in CSS pixels."""
        ...

    async def owner_place(self, frame: FrameRef) -> list[int | str] | None:
        """Where the element that holds a frame stands in its parent's document, as the probes' helper names places."""
        ...

    async def cdp(self, method: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
        """One DevTools call, for what has no method of its own here."""
        ...


class Browser(Protocol):
    """A running browser."""

    @property
    def driver(self) -> str: ...

    @property
    def version(self) -> str:
        """Name and version as the browser tells them, e.g. ``HeadlessChrome/156.0.8078.73``."""
        ...

    async def new_page(self, *, isolated: bool = False) -> BrowserPage:
        """A fresh tab; ``isolated`` gives it cookies and storage of its own."""
        ...

    async def new_probing_page(self, *, isolated: bool = False) -> ProbingPage:
        """A fresh tab for probes. Raises BrowserError where the driver cannot serve them."""
        ...

    async def close(self) -> None: ...


@dataclass(frozen=True)
class Auth:
    """A log-in for one origin (scheme, host, port): a browser's storage, headers and a name with its password. Never shown or kept."""

    origin: str
    storage: Mapping[str, Any] | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    basic: tuple[str, str] | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Options:
    """How a browser is started and what its pages look like."""

    browser: str | None = None
    #: A browser that runs elsewhere: of DevTools (http://…:9222), of Playwright's server (ws://…), or of a Selenium Grid.
    browser_url: str | None = None
    viewport: tuple[int, int] = (1280, 800)
    locale: str = "vi-VN"
    timezone: str = "Asia/Ho_Chi_Minh"
    proxy: str | None = None
    #: Named at the end of the browser's own User-Agent.
    agent: str = ""
    ignore_tls_errors: bool = False
    #: Whether a page, a frame or a redirect may lead to an address; None: everywhere. May take the time of a name look-up.
    lets: Callable[[str], bool] | None = None
    #: Whether resources of an address are loaded at all; None: all of them.
    loads: Callable[[str], bool] | None = None
    auth: Auth | None = None


def load_error(message: str) -> LoadError:
    """The kind of failure behind a browser's net:: error text."""
    upper = message.upper()
    table = (
        (("NAME_NOT_RESOLVED", "DNS", "ADDRESS_INVALID"), LoadError.DNS),
        (("CONNECTION_REFUSED", "ADDRESS_UNREACHABLE", "UNSAFE_PORT", "INTERNET_DISCONNECTED", "PROXY_CONNECTION"), LoadError.REFUSED),
        (("ERR_CERT", "ERR_SSL", "CERTIFICATE"), LoadError.TLS),
        (("TOO_MANY_REDIRECTS",), LoadError.REDIRECTS),
        (("DOWNLOAD", "ERR_ABORTED"), LoadError.DOWNLOAD),
        (("TIMEOUT", "TIMED_OUT"), LoadError.TIMEOUT),
        (("CRASH",), LoadError.CRASHED),
    )
    return next((kind for words, kind in table if any(word in upper for word in words)), LoadError.NETWORK)
