"""What both drivers share: a page asked over the Chrome DevTools Protocol."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import math
from abc import ABC, abstractmethod
from typing import Any

from w3lib.encoding import html_to_unicode

from wcag_audit.browser.port import BrowserError, EvaluationTimeout, FrameRef

WORLD = "wcag-audit"

#: Requests remembered of one page; a page that asks for more is cut there.
MAX_REQUESTS = 2000
#: Requests that may stay open while a page counts as quiet: streams and media never end.
ENDLESS = frozenset(("media", "websocket", "eventsource", "ping", "texttrack"))
#: Seconds after which a request that is still open no longer keeps a page from counting as quiet.
STALE = 4.0

#: Resolves when no element came or went for a while; answers with what ended the wait. ``quiet`` and ``limit`` in milliseconds.
#: Quiet is counted in turns of the page's own thread as well as in time: where a busy machine gives the page no turn, nothing has
#: had the chance to change. A page whose body shows next to nothing is an application that still starts: it gets a longer quiet time.
_DOM_QUIET = """(({quiet, sparse, limit}) => new Promise(resolve => {
  const started = performance.now(), turn = 20;
  let last = started, turns = 0, changes = 0;
  const observer = new MutationObserver(list => {
    if (list.some(m => m.addedNodes.length || m.removedNodes.length)) { changes += 1; turns = 0; last = performance.now(); }
  });
  observer.observe(document, {childList: true, subtree: true});
  const look = () => {
    const now = performance.now();
    const calm = (needed) => now - last >= needed && turns >= needed / turn * 0.7;
    // What a large page shows takes long to tell: it is asked for at the end only.
    const empty = () => !document.body || document.scripts.length > 0 && (document.body.innerText || "").trim().length < 60;
    const done = calm(quiet) && (calm(sparse) || !empty());
    if (done || now - started >= limit) {
      observer.disconnect();
      resolve({reason: done ? "quiet" : "limit", changes, took: Math.round(now - started)});
    } else { turns += 1; setTimeout(look, turn); }
  };
  look();
}))"""

_OPEN_SHADOW = "open"

#: Seconds for a page to give back memory.
_FREEING = 10.0
#: Elements with listeners up to which each is looked up by itself; beyond, one walk over the whole tree is cheaper.
_FEW = 100
#: What is told of the window: the other listeners there are mostly of the page as a whole.
_KEYS = {"keydown", "keyup", "keypress"}
#: Elements → their ordinals, -1 for the document, null where the collector did not see it.
_ORDINALS = """(...nodes) => nodes.map(node => {
  const seen = globalThis.__wcagAudit, index = seen?.elements.get(node);
  return node === document ? -1 : index === undefined ? null : seen.byOrdinal.indexOf(index);
})"""


class CdpPage(ABC):
    """A page over CDP; drivers supply the connection, the navigation and the event side."""

    def __init__(self) -> None:
        self._worlds: dict[str, int] = {}
        self._loaded: set[tuple[int, str]] = set()
        self._main: str | None = None
        self.dialogs: list[dict[str, str]] = []

    @property
    @abstractmethod
    def requests(self) -> list[dict[str, Any]]:
        """The log of requests so far (see the port)."""

    @abstractmethod
    async def cdp(self, method: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
        """One protocol call. Raises BrowserError where the browser refuses or is gone."""

    @abstractmethod
    async def close(self) -> None:
        """Close the tab (see the port)."""

    async def leave(self) -> None:
        await self.close()

    async def _silence(self) -> None:
        """Take all listeners from the documents and their windows, from the innermost frame outwards: nothing hears that the page goes,
        and says good-bye. Raises BrowserError where a document does not answer."""
        # Not closed again: that would tell of one more load, which the next page could take for its own.
        for frame in reversed(await self.frames()):
            await self.evaluate("document.open(); 0", frame=frame.id)

    def forget(self) -> None:
        """The page has navigated: its worlds are gone."""
        self._worlds.clear()
        self._loaded.clear()
        self._main = None

    async def frames(self) -> list[FrameRef]:
        tree = (await self.cdp("Page.getFrameTree"))["frameTree"]
        found: list[FrameRef] = []

        def walk(node: dict[str, Any], parent: str | None) -> None:
            found.append(FrameRef(node["frame"]["id"], parent, node["frame"]["url"]))
            for child in node.get("childFrames", ()):
                walk(child, node["frame"]["id"])

        walk(tree, None)
        self._main = found[0].id
        return found

    async def _world(self, frame: str | None, timeout: float = 10.0) -> int:
        try:
            return await asyncio.wait_for(self._make_world(frame), timeout)
        except TimeoutError:
            await self._stop_script()
            raise EvaluationTimeout(f"no answer within {timeout:g} s") from None

    async def _make_world(self, frame: str | None) -> int:
        if frame is None:
            frame = self._main or (await self.frames())[0].id
        if frame not in self._worlds:
            answer = await self.cdp("Page.createIsolatedWorld", {"frameId": frame, "worldName": WORLD})
            self._worlds[frame] = answer["executionContextId"]
        return self._worlds[frame]

    async def evaluate(self, expression: str, *, frame: str | None = None, timeout: float = 10.0) -> Any:
        context = await self._world(frame, timeout)
        answer = await self._run_script(expression, context, timeout)
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise BrowserError(str(details.get("exception", {}).get("description") or details.get("text"))[:500])
        return answer["result"].get("value")

    async def _run_script(self, expression: str, context: int, timeout: float) -> dict[str, Any]:
        """What Runtime.evaluate answers, a promise awaited. Raises EvaluationTimeout after ``timeout`` seconds."""
        params = {"expression": expression, "contextId": context, "returnByValue": True, "awaitPromise": True}
        try:
            return await asyncio.wait_for(self.cdp("Runtime.evaluate", params), timeout)
        except TimeoutError:
            await self._stop_script()
            raise EvaluationTimeout(f"no answer within {timeout:g} s") from None

    async def _stop_script(self) -> None:
        try:
            await asyncio.wait_for(self.cdp("Runtime.terminateExecution"), 2)
        except (TimeoutError, BrowserError):
            return  # the page is beyond help; closing it ends the script

    async def load_script(self, key: str, source: str, *, frame: str | None = None, timeout: float = 10.0) -> None:
        context = await self._world(frame, timeout)
        if (context, key) not in self._loaded:
            await self.evaluate(source + "\n;0", frame=frame, timeout=timeout)
            self._loaded.add((context, key))

    async def owner_index(self, frame: FrameRef) -> int | None:
        found = await self._of_owner(frame, "function() { return globalThis.__wcagAudit?.elements.get(this) ?? null; }")
        return int(found) if found is not None else None

    async def _of_owner(self, frame: FrameRef, function: str) -> Any:
        """What a function says of the element (its ``this``) that holds a frame; None for the page itself."""
        if frame.parent is None:
            return None
        context = await self._world(frame.parent)
        owner = await self.cdp("DOM.getFrameOwner", {"frameId": frame.id})
        resolved = await self.cdp("DOM.resolveNode", {"backendNodeId": owner["backendNodeId"], "executionContextId": context})
        params = {"functionDeclaration": function, "objectId": resolved["object"]["objectId"], "returnByValue": True}
        return (await self.cdp("Runtime.callFunctionOn", params))["result"].get("value")

    async def listeners(self) -> dict[str, dict[int, list[str]]]:
        document = await self.cdp("DOM.getDocument", {"depth": 0})
        resolved = await self.cdp("DOM.resolveNode", {"nodeId": document["root"]["nodeId"]})
        found = await self.cdp("DOMDebugger.getEventListeners", {"objectId": resolved["object"]["objectId"], "depth": -1, "pierce": True})
        types: dict[int, set[str]] = {}
        for listener in found["listeners"]:
            if (backend := listener.get("backendNodeId")) is not None:
                types.setdefault(backend, set()).add(listener["type"])
        # What the window hears of the keys is told of the document: it hears each of them as well.
        window = await self.cdp("Runtime.evaluate", {"expression": "window"})
        heard = await self.cdp("DOMDebugger.getEventListeners", {"objectId": window["result"]["objectId"]})
        if keys := {listener["type"] for listener in heard["listeners"]} & _KEYS:
            types.setdefault(document["root"]["backendNodeId"], set()).update(keys)
        if not types:
            return {}
        if len(types) <= _FEW and len(await self.frames()) == 1:
            return {"": await self._ordinals(types)}
        # Only backend ids are told: one walk over the whole tree turns them into places.
        tree = await self.cdp("DOM.getDocument", {"depth": -1, "pierce": True})
        return _by_ordinal(tree["root"], types)

    async def _ordinals(self, types: dict[int, set[str]]) -> dict[int, list[str]]:
        """Listener types by ordinal, for few elements of the page itself: each is looked up where the collector left it."""
        context = await self._world(None)
        resolving = (self.cdp("DOM.resolveNode", {"backendNodeId": backend, "executionContextId": context}) for backend in types)
        nodes = [{"objectId": answer["object"]["objectId"]} for answer in await asyncio.gather(*resolving)]
        params = {"functionDeclaration": _ORDINALS, "executionContextId": context, "arguments": nodes, "returnByValue": True}
        places = (await self.cdp("Runtime.callFunctionOn", params))["result"]["value"]
        found = zip(places, types.values(), strict=True)
        return {place: sorted(kinds) for place, kinds in found if place is not None}

    async def settle(self, limit: float) -> dict[str, Any]:
        loop = asyncio.get_running_loop()
        started = loop.time()
        calm = await self._network_quiet(limit)
        rest = max(0.3, min(3.0, limit - (loop.time() - started)))
        # A page that fetched its content by script still has to build it: under load that takes longer than a short silence.
        fetched = any(request["type"] in ("xhr", "fetch") for request in self.requests)
        options = f"{{quiet: {400 if fetched else 120}, sparse: 600, limit: {int(rest * 1000)}}}"
        try:
            answer: dict[str, Any] = await self.evaluate(f"{_DOM_QUIET}({options})", timeout=rest + 5)
        except EvaluationTimeout:
            answer = {"reason": "busy", "changes": 0, "took": int(rest * 1000)}
        if answer["changes"]:
            calm = await self._network_quiet(max(0.0, limit - (loop.time() - started)))
        return {**answer, "network": calm, "took": int((loop.time() - started) * 1000)}

    @abstractmethod
    async def _network_quiet(self, limit: float) -> str:
        """Wait until no request is under way for a moment; ``quiet``, ``limit``, or ``unknown`` where the driver cannot see."""

    async def free_memory(self) -> None:
        with contextlib.suppress(BrowserError, TimeoutError):
            await asyncio.wait_for(self.cdp("HeapProfiler.collectGarbage"), _FREEING)

    async def draws_with_webgl(self) -> bool:
        for kind in ("WebGLRenderingContext", "WebGL2RenderingContext"):
            asked = {"expression": f"{kind}.prototype", "objectGroup": WORLD, "silent": True, "timeout": 1000}
            prototype = (await self.cdp("Runtime.evaluate", asked))["result"].get("objectId")
            if prototype is None:
                raise BrowserError(f"the page has put something else in the place of {kind}")
            found = await self.cdp("Runtime.queryObjects", {"prototypeObjectId": prototype, "objectGroup": WORLD})
            count = {"functionDeclaration": "function() { return this.length; }", "objectId": found["objects"]["objectId"]}
            held = (await self.cdp("Runtime.callFunctionOn", {**count, "returnByValue": True}))["result"]["value"]
            await self.cdp("Runtime.releaseObjectGroup", {"objectGroup": WORLD})
            if held:
                return True
        return False

    async def resize(self, width: int, height: int) -> None:
        """Give the viewport another size, in CSS pixels."""
        await self.cdp("Emulation.setDeviceMetricsOverride", viewport(width, height))

    async def screenshot(self, height: float) -> tuple[bytes, str]:
        metrics = await self.cdp("Page.getLayoutMetrics", {})
        window, shift = metrics["cssLayoutViewport"], metrics["cssVisualViewport"]
        clip = {"x": 0, "y": 0, "width": window["clientWidth"], "height": height, "scale": 1}
        wanted = {"format": "jpeg", "quality": 60, "optimizeForSpeed": True, "clip": clip}
        scrolled = shift["pageX"] or shift["pageY"]
        size = await self.evaluate("[innerWidth, innerHeight]") if height > window["clientHeight"] and not scrolled else None
        # The browser's own way to show what lies beyond the viewport styles and lays out the whole page twice more: a window that is as
        # tall as the picture costs a third of that. Above a page that has scrolled it shows nothing.
        try:
            if size is not None:
                await self.resize(size[0], math.ceil(height))
            answer = await self.cdp("Page.captureScreenshot", {**wanted, "captureBeyondViewport": bool(scrolled)})
        finally:
            if size is not None:
                await self.resize(*size)
        return base64.b64decode(answer["data"]), "image/jpeg"


def viewport(width: int, height: int) -> dict[str, Any]:
    """A viewport's size in CSS pixels, as the protocol is told it."""
    return {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}


def as_sent(body: bytes, content_type: str) -> bytes:
    """The bytes that were sent, from a body as the protocol tells it: text that the browser has decoded, written as UTF-8."""
    encoding, _ = html_to_unicode(content_type, body, default_encoding="utf-8")
    if encoding == "utf-8":
        return body
    try:
        return body.decode("utf-8").encode(encoding, "replace")
    except UnicodeDecodeError:
        return body  # the browser left it as it was


def _by_ordinal(root: dict[str, Any], types: dict[int, set[str]]) -> dict[str, dict[int, list[str]]]:
    """Listener types by frame and ordinal of the element among all elements, in the collector's order: shadow tree, then children."""
    found: dict[str, dict[int, list[str]]] = {}
    documents: list[tuple[dict[str, Any], str]] = [(root, root.get("frameId", ""))]
    main = True
    while documents:
        document, frame = documents.pop()
        key, main = ("" if main else frame), False
        ordinal = -1
        stack = [child for child in reversed(document.get("children", ())) if child["nodeType"] == 1]
        own = types.get(document["backendNodeId"])
        table = found.setdefault(key, {})
        if own:
            table[-1] = sorted(own)
        while stack:
            node = stack.pop()
            ordinal += 1
            if (kinds := types.get(node["backendNodeId"])) is not None:
                table[ordinal] = sorted(kinds)
            if "contentDocument" in node:
                documents.append((node["contentDocument"], node.get("frameId", "")))
            below = [root for root in node.get("shadowRoots", ()) if root.get("shadowRootType") == _OPEN_SHADOW]
            inner = [child for shadow in below for child in shadow.get("children", ())] + node.get("children", [])
            stack.extend(child for child in reversed(inner) if child["nodeType"] == 1)
    return found
