"""A page for probes: fresh, guarded before its first script, able to press keys, to move time on, and to tell what it held back."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import secrets
from functools import cache
from importlib import resources
from typing import Any

from playwright import async_api as pw

from wcag_audit.browser.playwright import PlaywrightPage
from wcag_audit.browser.port import BrowserError, FrameRef, Options

_SAFE_METHODS = frozenset(("GET", "HEAD", "OPTIONS"))
_MAX_HELD = 500
#: Types of requests by which a page asks or tells its server something, rather than loads a part of itself.
_ASKING = frozenset(("XHR", "Fetch", "EventSource", "Ping", "Other"))

#: Key → (code, virtual key code, text). A key that is not here is a character and types itself.
KEYS: dict[str, tuple[str, int, str]] = {
    "Tab": ("Tab", 9, ""),
    "Enter": ("Enter", 13, "\r"),
    "Escape": ("Escape", 27, ""),
    " ": ("Space", 32, " "),
    "ArrowLeft": ("ArrowLeft", 37, ""),
    "ArrowUp": ("ArrowUp", 38, ""),
    "ArrowRight": ("ArrowRight", 39, ""),
    "ArrowDown": ("ArrowDown", 40, ""),
    "Home": ("Home", 36, ""),
    "End": ("End", 35, ""),
    "PageDown": ("PageDown", 34, ""),
    "PageUp": ("PageUp", 33, ""),
    "Backspace": ("Backspace", 8, ""),
    "Delete": ("Delete", 46, ""),
    "F6": ("F6", 117, ""),
}
_SHIFT = 8
_MODIFIERS = {"Alt": 1, "Control": 2, "Shift": _SHIFT}


@cache
def _guard() -> str:
    return resources.files("wcag_audit.browser").joinpath("guard.js").read_text("utf-8")


class GuardedPage(PlaywrightPage):
    """One tab for probes. ``held`` lists what was held back or noticed: ``kind`` (navigation, request, popup, print, websocket,
    download, dialog, within-document), ``detail``, ``at`` (milliseconds since the epoch, by the browser's clock)."""

    def __init__(self, page: pw.Page, session: pw.CDPSession, own_context: pw.BrowserContext | None, options: Options) -> None:
        super().__init__(page, session, own_context, options)
        self.held: list[dict[str, Any]] = []
        self._binding = "_" + secrets.token_hex(8)
        self._hold_event = secrets.token_hex(8)
        self._virtual = asyncio.Event()
        self._silent = False
        #: Whether time has been moved on: it stands still between moves then, and never passes by itself again.
        self.time_is_held = False
        self._sounds: list[dict[str, Any]] = []
        self._leaving: asyncio.Event | None = None
        self._leaps: dict[str, list[dict[str, Any]]] = {"left": [], "asked": []}

    async def prepare(self) -> None:
        """Install the guard; before the page is opened."""
        self._session.on("Runtime.bindingCalled", self._on_binding)
        self._session.on("Page.navigatedWithinDocument", self._on_within)
        self._session.on("Emulation.virtualTimeBudgetExpired", lambda _: self._virtual.set())
        await self.cdp("Page.enable")
        await self.cdp("Runtime.enable")
        await self.cdp("Runtime.addBinding", {"name": self._binding})
        source = f"{_guard().strip()}({json.dumps(self._binding)}, {json.dumps(self._hold_event)});"
        await self.cdp("Page.addScriptToEvaluateOnNewDocument", {"source": source})
        self._page.on("download", lambda download: self._note("download", download.url))

    def _note(self, kind: str, detail: str, at: float | None = None, **more: Any) -> None:
        if len(self.held) < _MAX_HELD:
            self.held.append({"kind": kind, "detail": detail[:500], "at": at, **more})

    def _on_binding(self, event: dict[str, Any]) -> None:
        if event.get("name") != self._binding:
            return
        with contextlib.suppress(ValueError, TypeError, AttributeError):
            told = json.loads(event["payload"])
            if told["kind"] == "sounds":
                self._sounds.extend(told["detail"])
                return
            self._note(str(told["kind"]), str(told["detail"]), float(told["at"]), frame=str(told["url"]))

    def _on_within(self, event: dict[str, Any]) -> None:
        self._note("within-document", str(event.get("url", "")))

    async def _on_popup(self, popup: pw.Page) -> None:
        self._note("popup", popup.url)
        await super()._on_popup(popup)

    async def _on_dialog(self, dialog: pw.Dialog) -> None:
        self._note("dialog", f"{dialog.type}: {dialog.message}")
        await super()._on_dialog(dialog)

    async def hold_back(self) -> None:
        if self._held:
            return
        await super().hold_back()
        for frame in await self.frames():
            with contextlib.suppress(BrowserError):
                await self.evaluate(f"window.dispatchEvent(new Event({json.dumps(self._hold_event)}))", frame=frame.id)

    async def _on_paused(self, event: dict[str, Any]) -> None:
        request, kind = event["request"], event.get("resourceType")
        if not self._held:
            await super()._on_paused(event)
            return
        if self._leaving is not None and await self._hold_in_leap(event, request, str(kind)):
            return
        if kind == "Document":
            self._note("navigation", request["url"], method=request["method"], frame=event.get("frameId", ""))
        elif request["method"] not in _SAFE_METHODS or (self._silent and kind in _ASKING):
            self._note("request", request["url"], method=request["method"], type=str(kind))
        if self._silent and kind in _ASKING:
            with contextlib.suppress(BrowserError):
                await self.cdp("Fetch.failRequest", {"requestId": event["requestId"], "errorReason": "BlockedByClient"})
            return
        await super()._on_paused(event)

    def keep_silent(self, silent: bool = True) -> None:
        """From now on not even a GET request of a script leaves the browser; parts of the page (pictures, styles) still load."""
        self._silent = silent

    async def owner_place(self, frame: FrameRef) -> list[int | str] | None:
        place = await self._of_owner(frame, "function() { return globalThis.__probe?.pathOf(this) ?? null; }")
        return list(place) if place is not None else None

    # -- keys and pointer ----------------------------------------------------------------------------------------------
    async def press(self, *keys: str, shift: bool = False) -> None:
        """Press keys one after the other, without waiting for the page between them."""
        events = [event for key in keys for event in _events(key, shift)]
        try:
            await self._unless_crashed(asyncio.gather(*(self._session.send("Input.dispatchKeyEvent", event) for event in events)))
        except pw.Error as error:
            raise BrowserError(f"Input.dispatchKeyEvent: {error.message.splitlines()[0][:300]}") from error

    async def click(self, x: float, y: float, *, double: bool = False) -> None:
        """Click at a point of the viewport, in CSS pixels, twice in a row where it is a double click."""
        await self.cdp("Input.dispatchMouseEvent", {"type": "mouseMoved", "x": x, "y": y})
        for count in (1, 2) if double else (1,):
            at = {"x": x, "y": y, "button": "left", "clickCount": count}
            await self.cdp("Input.dispatchMouseEvent", {"type": "mousePressed", **at})
            await self.cdp("Input.dispatchMouseEvent", {"type": "mouseReleased", **at})

    async def hover(self, x: float, y: float) -> None:
        """Move the pointer to a point of the viewport."""
        await self.cdp("Input.dispatchMouseEvent", {"type": "mouseMoved", "x": x, "y": y})

    # -- sound ---------------------------------------------------------------------------------------------------------
    async def sounds(self) -> list[dict[str, Any]]:
        """What plays, or could, without a media element in the document: detached ones, and the loudness of WebAudio now."""
        self._sounds = []
        for frame in await self.frames():
            with contextlib.suppress(BrowserError):
                await self.evaluate(f"window.dispatchEvent(new Event({json.dumps(self._hold_event + '-sound')}))", frame=frame.id)
        return self._sounds[:20]

    async def fetch(self, url: str, most: int) -> tuple[bytes, bool]:
        """The bytes of a resource as the page would get them, at most ``most``, and whether that is all. Raises BrowserError."""
        main = self._main or (await self.frames())[0].id
        options = {"disableCache": False, "includeCredentials": True}
        told = (await self.cdp("Network.loadNetworkResource", {"frameId": main, "url": url, "options": options}))["resource"]
        if not told.get("success") or "stream" not in told:
            raise BrowserError(f"{told.get('netErrorName') or told.get('httpStatusCode') or 'no answer'}")
        parts: list[bytes] = []
        size, complete = 0, False
        try:
            while size < most and not complete:
                chunk = await self.cdp("IO.read", {"handle": told["stream"], "size": 1 << 20})
                part = chunk["data"]
                parts.append(base64.b64decode(part) if chunk.get("base64Encoded") else part.encode("utf-8"))
                size, complete = size + len(parts[-1]), bool(chunk["eof"])
        finally:
            await self.cdp("IO.close", {"handle": told["stream"]})
        return b"".join(parts)[:most], complete

    # -- time and pictures ---------------------------------------------------------------------------------------------
    async def advance(self, milliseconds: int, limit: float) -> bool:
        """Let the page's timers run on by so many milliseconds without waiting for them; False where ``limit`` seconds ran out."""
        self._virtual.clear()
        self.time_is_held = True
        await self.cdp("Emulation.setVirtualTimePolicy", {"policy": "advance", "budget": milliseconds})
        try:
            await asyncio.wait_for(self._virtual.wait(), limit)
        except TimeoutError:
            await self.stop_time()
            return False
        return True

    async def follow_frames(self, frame: str, least: int, most: int, limit: float) -> bool:
        """Wait for ``least`` animation frames, and ``most`` while scripts of a frame wait for some, ``limit`` seconds; whether any came."""
        event = f"new Event({json.dumps(self._hold_event + '-waits')}, {{ cancelable: true }})"
        script = f"""new Promise((done) => {{
          let come = 0;
          const next = () => {{
            if (come < {least} || (come < {most} && !window.dispatchEvent({event}))) {{ come += 1; requestAnimationFrame(next); }}
            else done(come > 0);
          }};
          next();
        }})"""
        try:
            return bool(await asyncio.wait_for(self.evaluate(script, frame=frame), limit))
        except TimeoutError:
            return True

    async def step_frames(self) -> None:
        """From now on ``advance`` moves the scripts' animation frames on too, 16 ms each."""
        for frame in await self.frames():
            with contextlib.suppress(BrowserError):
                await self.evaluate(self._telling("-frames"), frame=frame.id)

    async def slow_timers(self) -> None:
        """From now on timers of scripts that came oftener than once a second come once a minute, as in a tab in the background."""
        for frame in await self.frames():
            with contextlib.suppress(BrowserError):
                await self.evaluate(self._telling("-slow"), frame=frame.id)

    async def hold_clock(self) -> None:
        """From its next opening on, what scripts time stands still, and is moved on by ``tick`` only."""
        await self.cdp("Page.addScriptToEvaluateOnNewDocument", {"source": self._telling("-clock")})

    async def tick(self, frame: str, count: int = 1) -> None:
        """Move on what scripts of a frame time, ``count`` times by a sixtieth of a second."""
        await self.evaluate(f"for (let i = 0; i < {count}; i += 1) {self._telling('-tick')}", frame=frame)

    def _telling(self, what: str) -> str:
        """The expression that tells something to the guard."""
        return f"window.dispatchEvent(new Event({json.dumps(self._hold_event + what)}));"

    async def reopen(self, url: str, timeout: float) -> None:
        """Open the page again in this tab; nothing is held back until it stands, but the last words of the one before. Raises
        BrowserError where it does not come."""
        await self._vacate()
        await self.cdp("Fetch.disable")
        self._held = False
        loaded = await self.open(url, timeout)
        if loaded.error is not None:
            raise BrowserError(f"the page did not open again: {loaded.detail or loaded.error}")

    async def run_time(self) -> None:
        """Let time run as fast as it can, for what waits for timers of its own, until the next ``advance`` or ``stop_time``."""
        self.time_is_held = True
        await self.cdp("Emulation.setVirtualTimePolicy", {"policy": "advance", "budget": 0})

    async def stop_time(self) -> None:
        """Let time stand still."""
        await self.cdp("Emulation.setVirtualTimePolicy", {"policy": "pause"})

    async def leap(self, milliseconds: int, limit: float, *, real: bool = False) -> dict[str, Any]:
        """Let the page's timers run on by so many milliseconds (``real``: by waiting), with every request held back, until it tries
        to leave. ``complete``: the time was reached; ``left``: where to, each address once; ``asked``: requests held back, likewise. What
        is told after its end belongs to the next leap: what was answered stays as it was."""
        self._leaving = asyncio.Event()
        if self._leaps["left"]:
            self._leaving.set()
        leaving = asyncio.ensure_future(self._leaving.wait())
        try:
            if real:
                await asyncio.wait({leaving}, timeout=milliseconds / 1000)
                return {"complete": not leaving.done(), **self._told_in_leap()}
            self._virtual.clear()
            self.time_is_held = True
            passed = asyncio.ensure_future(self._virtual.wait())
            await self.cdp("Emulation.setVirtualTimePolicy", {"policy": "advance", "budget": milliseconds})
            await asyncio.wait({leaving, passed}, timeout=limit, return_when=asyncio.FIRST_COMPLETED)
            complete = passed.done()
            passed.cancel()
            if not complete:
                await self.stop_time()
            if complete and not leaving.done():
                # What was asked for at the very end is told only now.
                await asyncio.wait({leaving}, timeout=0.02)
            return {"complete": complete and not leaving.done(), **self._told_in_leap()}
        finally:
            leaving.cancel()

    def _told_in_leap(self) -> dict[str, list[dict[str, Any]]]:
        told, self._leaps = self._leaps, {"left": [], "asked": []}
        return told

    async def _hold_in_leap(self, event: dict[str, Any], request: dict[str, Any], kind: str) -> bool:
        """Hold back a request while time leaps: hours of polling would otherwise reach the server within seconds."""
        document = kind == "Document" and event.get("frameId") == self._main
        rows = self._leaps["left" if document else "asked"]
        row = {"url": request["url"][:500], "method": request["method"], "type": kind}
        if len(rows) < 20 and row not in rows:
            rows.append(row)
        if document and self._leaving is not None:
            self._leaving.set()
        with contextlib.suppress(BrowserError):
            if kind == "Document":
                await self.cdp("Fetch.fulfillRequest", {"requestId": event["requestId"], "responseCode": 204})
            else:
                await self.cdp("Fetch.failRequest", {"requestId": event["requestId"], "errorReason": "BlockedByClient"})
        return True

    async def picture(self, clip: tuple[float, float, float, float] | None = None, scale: float = 1.0) -> bytes:
        """A PNG of the viewport or of a rectangle of the page (x, y, width, height in CSS pixels)."""
        params: dict[str, Any] = {"format": "png", "optimizeForSpeed": True}
        if clip is not None:
            x, y, width, height = clip
            params.update(clip={"x": x, "y": y, "width": width, "height": height, "scale": scale}, captureBeyondViewport=False)
        return base64.b64decode((await self.cdp("Page.captureScreenshot", params))["data"])


def _events(key: str, shift: bool) -> list[dict[str, Any]]:
    """A key down and up again; ``Control+m`` is a key with modifiers."""
    *held, key = key.split("+") if len(key) > 1 else [key]
    code, number, text = KEYS.get(key, ("", ord(key.upper()[0]) if key else 0, key))
    modifiers = sum(_MODIFIERS[name] for name in held) | (_SHIFT if shift else 0)
    text = "" if held else text
    down = {
        "type": "keyDown" if text else "rawKeyDown",
        "key": "Enter" if key == "Enter" else key,
        "code": code,
        "windowsVirtualKeyCode": number,
    }
    if text:
        down["text"] = text
    up = {"type": "keyUp", "key": key, "code": code, "windowsVirtualKeyCode": number, "modifiers": modifiers}
    return [{**down, "modifiers": modifiers}, up]
