"""What the probes of forms share: the in-page helper ``forms.js``, and which forms may be touched."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

from wcag_audit.browser.port import BrowserError
from wcag_audit.dom import Node
from wcag_audit.gather.probe import Context, Tab
from wcag_audit.model import JSON
from wcag_audit.phrases import phrases

_FIELDS = frozenset(("input", "select", "textarea"))
_NO_ENTRY = frozenset(("hidden", "submit", "button", "image", "reset", "file"))
#: Page time given to timers after an action, and seconds for it at the most.
FOLLOWS_MS, _LIMIT = 500, 2.0
#: Page time for a function of the helper that waits for a task of the page, and seconds after which it is given.
_TASKS_MS, _TURN = 5, 0.02


@cache
def _helper() -> str:
    return resources.files("wcag_audit.gather").joinpath("forms.js").read_text("utf-8")


def fields_of(context: Context) -> Iterator[dict[str, Any]]:
    """The visible fields of the static snapshot, as raw nodes of its ``dom`` artifact; none where it has no such artifact."""
    for node in context.artifacts.get("dom", {}).get("nodes", ()):
        if node["t"] in _FIELDS and "v" in node and node.get("st", {}).get("type") not in _NO_ENTRY:
            yield node


def nodes_of(context: Context) -> list[Node] | None:
    """All elements that a probe of forms may act on: the fields that are seen, and what may send them."""
    if context.tree is None:
        return None
    return [node for node in context.tree.elements if node.visible and (node.tag in _FIELDS or node.tag == "button")]


async def load(tab: Tab) -> list[str]:
    """Put the helper into every frame; the frames that took it."""
    taken = []
    for frame in tab.frames:
        try:
            await tab.page.load_script("forms", _helper(), frame=frame)
            taken.append(frame)
        except BrowserError:
            continue
    return taken


def in_frame(tab: Tab, frame: str, elements: list[Any]) -> None:
    """Add to each recorded element where its frame stands."""
    for element in elements:
        element["frame"] = tab.place(frame)


async def call(tab: Tab, place: JSON, function: str, *given: JSON) -> Any:
    """What a function of the helper answers in the frame that stands there; where time is held, as much passes as it waits for."""
    asking = asyncio.ensure_future(tab.ask(f"__forms.{function}({json.dumps(given)[1:-1]})", tab.frame_at(place)))
    while tab.page.time_is_held and not (await asyncio.wait({asking}, timeout=_TURN))[0]:
        await tab.page.advance(_TASKS_MS, _LIMIT)
    return await asking


async def follow(tab: Tab) -> bool:
    """Let what was set off by an action happen; False where the page was too busy for it."""
    return await tab.page.advance(FOLLOWS_MS, _LIMIT)


def noted(tab: Tab, since: int) -> list[dict[str, Any]]:
    """What was held back since then that people would notice: windows, dialogs, downloads, printing."""
    kinds = ("popup", "dialog", "download", "print")
    return [{"kind": note["kind"], "url": note["detail"]} for note in tab.page.held[since:] if note["kind"] in kinds]


def may_not_be_touched(form: JSON) -> bool:
    """Whether a form logs in, pays or files."""
    words = " ".join((*form["buttons"], form["about"]))
    return bool(form["secret"] or (phrases("filing").found_in(words) and not searches(form)))


def searches(form: JSON) -> bool:
    """Whether a form's own button searches or looks something up."""
    return any(may_be_pressed(words) and phrases("search_words").found_in(words) for words in form["buttons"])


def may_be_pressed(words: str) -> bool:
    """Whether a button's words promise that nothing is sent, paid, signed or deleted."""
    return not phrases("dangerous").found_in(words)
