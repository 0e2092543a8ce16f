"""One look at a page: enough to know where it leads, what it is and how it is built. The crawl looks at many to choose a few.

The artifact ``look`` (version 2) is ``crawl.look.Look`` without its ways, with the state that it tells and whether the page is ``huge``:
the evidence for the page's state.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection
from functools import cache
from importlib import resources

import msgspec

from wcag_audit.browser.port import BrowserError, BrowserPage, Loaded, ProbingPage
from wcag_audit.crawl.look import Look, Way
from wcag_audit.model import bare, decode
from wcag_audit.phrases import phrases

VERSION = 2
#: What a search form is asked once.
EXAMPLE = "giấy phép"
#: Elements, and bytes of the answer or characters of text, beyond which a page is huge.
HUGE_ELEMENTS, HUGE_TEXT = 20_000, 3_000_000
#: Seconds for a click to show where it leads.
_AFTER_PRESS = 0.15
_LIMITS = {"maxWays": 5_000, "maxText": 3_000, "maxPaths": 128, "maxElements": 150_000}

#: Fetches a page as it is sent; what is not plainly a page of HTML is left to a real visit.
_FETCH = """(async (url, options, look, limit) => {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), limit);
  try {
    const answer = await fetch(url, { redirect: "manual", credentials: "include", signal: stop.signal, headers: { Accept: "text/html" } });
    const type = answer.headers.get("content-type") || "";
    if (answer.status !== 200 || !/^text\\/html/i.test(type)) return null;
    const parts = [];
    let size = 0;
    for (const reader = answer.body.getReader(); ;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      if (size > 3000000) { stop.abort(); return null; }
      parts.push(value);
    }
    const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
    const told = /charset=["']?([\\w-]+)/i;
    const charset = (told.exec(type) || told.exec(new TextDecoder("latin1").decode(bytes.slice(0, 2048))) || [])[1] || "utf-8";
    const page = new DOMParser().parseFromString(new TextDecoder(charset).decode(bytes), "text/html");
    return { status: answer.status, headers: Object.fromEntries(answer.headers), look: look(options, page, url) };
  } catch { return null; } finally { clearTimeout(timer); }
})"""


@cache
def _script() -> str:
    return resources.files("wcag_audit.gather").joinpath("look.js").read_text("utf-8")


@cache
def _presses() -> str:
    return resources.files("wcag_audit.gather").joinpath("press.js").read_text("utf-8")


@cache
def _never() -> str:
    """What is never pressed."""
    return json.dumps([bare(phrase) for phrase in phrases("dangerous").phrases])


@cache
def _options() -> str:
    words = sorted({bare(phrase) for phrase in phrases("search_words").phrases})
    return json.dumps({"example": EXAMPLE, "searchWords": words, **_LIMITS})


async def look(page: BrowserPage, timeout: float = 15.0) -> Look:
    """Look at a page that stands. Raises BrowserError where it cannot be read."""
    raw = await page.evaluate(f"{_script()}({_options()})", timeout=timeout)
    try:
        return decode(raw, Look)
    except (msgspec.DecodeError, TypeError) as error:
        raise BrowserError(f"the page could not be read: {error}") from error


async def look_quickly(page: BrowserPage, url: str, timeout: float = 15.0) -> tuple[int, dict[str, str], Look] | None:
    """Look at what an address answers, fetched by a page of the same origin and not shown: status, headers, look. None where the
    answer is a redirect, no HTML, an error or too long. Raises BrowserError where the page cannot fetch."""
    asked = f"{_FETCH}({json.dumps(url)}, {_options()}, {_script().strip()}, {int(timeout * 1000)})"
    found = await page.evaluate(asked, timeout=timeout + 2)
    if found is None:
        return None
    return found["status"], found["headers"], decode(found["look"], Look)


async def press_for_ways(page: ProbingPage, seen: Look, known: Collection[str]) -> tuple[Look, tuple[str, ...]]:
    """The look with the ways that only a harmless click shows, and names of what was clicked: menus that open, and elements that lead
    on without being links, apart from those ``known`` by name.

    What a click would load or send is held back and noted; the page is of no further use. Words that send, pay or delete are not
    pressed. What was found stands where the page breaks.
    """
    ways = {way.url: way for way in seen.ways}
    pressed: list[str] = []
    try:
        await page.hold_back()
        await page.load_script("ways", _presses())
        names = await page.evaluate(f"__ways.list({_never()}, {json.dumps(list(known))})")
        if not names:
            return seen, ()
        here = str(await page.evaluate("location.href"))
        for number, name in enumerate(names):
            pressed.append(name)
            for way in await _press(page, number, here):
                ways.setdefault(way.url, way)
        for way in (await look(page)).ways:
            ways.setdefault(way.url, way)
    except BrowserError:
        pass
    return msgspec.structs.replace(seen, ways=tuple(ways.values())), tuple(pressed)


async def _press(page: ProbingPage, number: int, url: str) -> list[Way]:
    """Where one click leads: the navigations held back, or the route that the page now shows (and leaves again)."""
    before = len(page.held)
    words = await page.evaluate(f"__ways.press({number})")
    await asyncio.sleep(_AFTER_PRESS)
    here = str(await page.evaluate("location.href"))
    led = [str(note["detail"]) for note in page.held[before:] if note["kind"] in ("navigation", "popup")]
    if here != url:
        led.append(here)
        await page.evaluate("history.back()")
        await asyncio.sleep(_AFTER_PRESS)
    return [Way(url=to, words=str(words or ""), kind="route") for to in led if to.startswith(("http:", "https:"))]


def is_huge(loaded: Loaded, seen: Look | None = None) -> bool:
    """Whether a page takes so much memory that no other such page may stand beside it, as far as its answer and a look tell."""
    return loaded.length > HUGE_TEXT or (seen is not None and (seen.elements > HUGE_ELEMENTS or seen.characters > HUGE_TEXT))


def record(seen: Look) -> dict[str, object]:
    """What a snapshot keeps of a look."""
    kept: dict[str, object] = msgspec.to_builtins(msgspec.structs.replace(seen, ways=()))
    return kept
