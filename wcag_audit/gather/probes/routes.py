"""``routes``: links that change the page without loading another (single-page applications), activated by Enter; what the title says then.

``start``: ``{"links": [{"el", "href"}], "left_out": links beyond the bound, "again": a second try of what a rule asked for}``.
Steps, by action:

``follow`` (args ``index``, ``frame`` and ``path`` of the link)
    ``{"before": look, "after": look, "within": the address changed without loading, "left": a navigation was held back}``; a look is
    ``{"url", "title", "headings": [{"level", "text"}] of the main content, "lines": its lines of text}``; null where the link was not there
    any more or took no focus.
``back`` (args ``index``, ``url``)
    ``{"by": "history" or, where that did not lead back, "reload"}``

Sources: success criterion 2.4.2; techniques G88, F25.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from wcag_audit.dom import Dom, Node
from wcag_audit.gather.probe import Action, Context, Done, Probe, Recording, Tab
from wcag_audit.model import JSON
from wcag_audit.phrases import phrases
from wcag_audit.recorded import place_of

#: Links followed on one page.
MOST = 2
#: Real seconds that a route is given to fetch what it shows, in steps; and page time for its timers.
_STEPS, _STEP, _FOLLOWS_MS, _LIMIT = 8, 0.05, 300, 1.5
#: What the frameworks of single-page applications leave in a page.
_FRAMEWORK = re.compile(r"^(?:ng-version|data-reactroot|data-v-app|data-server-rendered|data-n-head|router-?link|data-sveltekit\S*)$")
_ROUTE = re.compile(r"^#!?/")

_LOOK = """(() => {
  const shown = (el) => el.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const words = (text, limit) => text.replace(/\\s+/g, " ").trim().slice(0, limit);
  const main = [...document.querySelectorAll("main, [role=main]")].find(shown) || document.body;
  const headings = [...main.querySelectorAll("h1, h2, h3, [role=heading]")].filter(shown).slice(0, 8)
    .map((el) => ({ level: +(el.getAttribute("aria-level") || el.localName[1]) || 2, text: words(el.innerText, 200) }));
  const lines = main.innerText.split("\\n").map((line) => words(line, 160)).filter(Boolean).slice(0, 60);
  return { url: location.href.slice(0, 500), title: document.title.slice(0, 300), headings, lines };
})()"""


class Routes(Probe):
    name = "routes"
    time_box = 12.0
    needs_real_time = False

    def idle(self, context: Context) -> JSON | None:
        if context.tree is None:
            return None
        start = choose(context.tree)
        return None if start["links"] else start

    async def begin(self, tab: Tab, context: Context) -> JSON:
        if context.tree is None:
            return {"links": [], "left_out": 0, "again": False}
        start = choose(context.tree)
        if not context.again:
            return start
        return {**start, "links": [link for link in start["links"] if link["href"] in context.again], "again": True}

    def next(self, recording: Recording) -> Action | Done:
        links = recording.start["links"]
        followed = [step for step in recording.steps if step["action"] == "follow"]
        if len(followed) == len(links):
            return Done(reason="all_followed" if links else "no_routes")
        index = len(followed)
        last = recording.steps[-1] if recording.steps else None
        if last is not None and last["action"] == "follow":
            if last["changed"] is not None and last["changed"]["left"] and not last["changed"]["within"]:
                return Done(reason="links_load_pages")
            if last["changed"] is not None and last["changed"]["within"]:
                return Action(action="back", reason="from_the_start", args={"index": index, "url": last["changed"]["before"]["url"]})
        place = {key: links[index]["el"][key] for key in ("frame", "path")}
        return Action(action="follow", reason="does_the_title_follow", args={"index": index, **place})

    async def perform(self, tab: Tab, action: Action) -> JSON:
        if action.action == "back":
            return {"by": await _go_back(tab, action.args["url"])}
        if not await tab.ask_of(action.args, "(el.focus(), __probe.deepActive() === el)"):
            return None
        before = await tab.ask(_LOOK)
        since = len(tab.page.held)
        await tab.page.press("Enter")
        await tab.page.advance(_FOLLOWS_MS, _LIMIT)
        after = await tab.ask(_LOOK)
        for _ in range(_STEPS):
            if after["headings"] != before["headings"] and after["title"] != before["title"]:
                break
            await _wait(tab)
            after = await tab.ask(_LOOK)
        left = any(note["kind"] == "navigation" for note in tab.page.held[since:])
        return {"before": before, "after": after, "within": after["url"] != before["url"], "left": left}


async def _wait(tab: Tab) -> None:
    """Give an answer of the server time to come, and the page time to show it."""
    await asyncio.sleep(_STEP)
    await tab.page.advance(int(_STEP * 1000), _LIMIT)


async def _go_back(tab: Tab, url: str) -> str:
    await tab.ask("history.back()")
    for _ in range(_STEPS):
        await _wait(tab)
        if (await tab.ask(_LOOK))["url"] == url:
            return "history"
    await tab.reload()
    return "reload"


def choose(tree: Dom) -> dict[str, Any]:
    """Links of the page itself that look like routes: first those of its navigation, each address once."""
    found: dict[str, Node] = {}
    for node in sorted(_links(tree), key=lambda node: node.closest_role("navigation") is None):
        found.setdefault(node.get("href"), node)
    links = [{"el": place_of(node), "href": href} for href, node in found.items()]
    return {"links": links[:MOST], "left_out": max(0, len(links) - MOST), "again": False}


def _links(tree: Dom) -> Iterator[Node]:
    base = tree.page.url
    application = any(_FRAMEWORK.match(name) for node in tree.elements for name in node.attrs)
    for node in tree.all("a"):
        if node.frame.index or not node.focusable or not node.visible or not node.has("href") or node.get("target") not in ("", "_self"):
            continue
        href = node.get("href").strip()
        address = urljoin(base, href)
        if phrases("dangerous").found_in(" ".join((node.name, node.text))) or address == base:
            continue
        inside = urlsplit(address)[:2] == urlsplit(base)[:2]
        if _ROUTE.match(f"#{urlsplit(address).fragment}") and urldefrag(address).url == urldefrag(base).url:
            if (urlsplit(base).fragment or "/") != urlsplit(address).fragment:
                yield node
        elif application and inside and not urlsplit(address).fragment and not re.search(r"\.\w{2,4}$", urlsplit(address).path):
            yield node
