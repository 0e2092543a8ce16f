"""``motion``: what moves, blinks, scrolls or changes by itself, for how long, and whether the keyboard can stop it.

``start``: ``{"reasons": what could move at all, "animated": [{"url", "seconds"}], "reduced": the page asks for prefers-reduced-motion,
"seldom": a script set a timer of 12 to 25 seconds}``.
Steps, by action:

``watch`` (args ``ms``)
    A *look*: the page's timers, frames and animations are moved on by so many milliseconds, which takes no real time, while every
    element that changes is sampled at irregular steps. ``{"ms", "reached": the time was reached, "things": [see wcag_audit.motion]}``
``search``
    ``{"controls": [{"el", "why": named | near, "name", "space"}], "slower": controls that set how often it changes, "elsewhere": controls
    that are called so as to stop movement, but are hidden or lead to another address}``
``press`` (args ``control``: its place in that list, ``ms``)
    ``{"focused": it took the focus, "look": a look after Enter (Space) on it, with the focus moved away again}``
``reduce`` (args ``ms``, ``anew``)
    a look after the browser told that reduced motion is preferred; ``anew``: at the page opened once more, because a script of it asks.

Sources: success criterion 2.2.2; failures F4, F7, F16, F50; techniques G4, G186, SCR33, SCR36; ACT rule efbfc7.
"""

from __future__ import annotations

import contextlib
import json
from functools import cache
from importlib import resources
from typing import Any

from wcag_audit import motion
from wcag_audit.browser.port import BrowserError
from wcag_audit.gather.animated import KINDS, animated_pictures
from wcag_audit.gather.probe import Action, Context, Done, Probe, Recording, Tab
from wcag_audit.model import JSON
from wcag_audit.phrases import phrases

#: Milliseconds of page time for the first look, and for a second one where something slow was seen.
FIRST, LONGER = 12_500, 45_000
#: The same where only a timer that comes seldom may move something: three times of it.
SELDOM = 77_000
#: Real seconds that one look may take.
_LIMIT = 10.0
#: Elements that may move by themselves, or let something move.
_MOVING = frozenset(
    ("script", "marquee", "video", "canvas", "object", "embed", "iframe", "frame", "animate", "animateTransform", "animateMotion")
)
_REDUCED = {"features": [{"name": "prefers-reduced-motion", "value": "reduce"}]}
#: Presses that are tried.
_MOST = 12


@cache
def script() -> str:
    """The in-page part, for the isolated world of a frame."""
    return resources.files("wcag_audit.gather").joinpath("motion.js").read_text("utf-8")


def may_move(context: Context) -> bool:
    """Whether anything in the static snapshot could move by itself: scripts, animations, moving media, pictures that may be animated."""
    data, network = context.artifacts.get("dom"), context.artifacts.get("network")
    if data is None or network is None or any(style.get("an") for style in data["styles"]):
        return True
    if any(row["t"] in _MOVING or any(name.startswith("on") for name in row.get("a", ())) for row in data["nodes"]):
        return True
    return any(request.get("mime") in KINDS or request["url"].startswith("data:") for request in network["requests"])


class Motion(Probe):
    name = "motion"
    version = 3
    time_box = 40.0

    def idle(self, context: Context) -> JSON | None:
        reasons = {"scripts": 0, "animations": 0, "others": 0, "listens": False}
        return None if may_move(context) else {"reasons": reasons, "animated": [], "reduced": False}

    async def begin(self, tab: Tab, context: Context) -> JSON:
        reasons = {"scripts": 0, "animations": 0, "others": 0, "listens": False}
        await _prepare(tab)
        for frame in tab.frames:
            with contextlib.suppress(BrowserError):
                for name, value in (await tab.ask("__motion.reasons()", frame)).items():
                    reasons[name] = reasons[name] + value
        animated = [{"url": one.url, "seconds": one.seconds} for one in await animated_pictures(tab.page)]
        reduced = any(note["kind"] == "reduced-motion" for note in tab.page.held)
        seldom = any(note["kind"] == "slow-timer" for note in tab.page.held)
        return {"reasons": reasons, "animated": animated, "reduced": reduced, "seldom": seldom}

    def next(self, recording: Recording) -> Action | Done:
        if not any(recording.start["reasons"].values()) and not recording.start["animated"]:
            return Done(reason="nothing_can_move")
        looks = [step for step in recording.steps if step["action"] == "watch"]
        if not looks:
            return self._watch(recording, "first_look", FIRST)
        look = looks[-1]["changed"]
        if len(looks) == 1 and any(motion.undecided(thing, look["ms"]) for thing in look["things"]):
            return self._watch(recording, "slow_changes", LONGER)
        if len(looks) == 1 and recording.start.get("seldom") and not motion.lasting(look):
            return self._watch(recording, "seldom_changes", SELDOM)
        things = motion.lasting(look)
        if not things:
            return Done(reason="still" if not look["things"] else "nothing_lasts")
        return self._search(recording, things)

    def _watch(self, recording: Recording, reason: str, milliseconds: int) -> Action:
        return Action(action="watch", reason=reason, args={"ms": milliseconds, "animated": recording.start["animated"]})

    def _search(self, recording: Recording, things: list[Any]) -> Action | Done:
        """Look for controls, and press one after the other until everything that moves has been stopped by one of them."""
        search = next((step["changed"] for step in recording.steps if step["action"] == "search"), None)
        if search is None:
            return Action(action="search", reason="moves_too_long", args={"places": [thing["el"] for thing in things]})
        presses = [step for step in recording.steps if step["action"] == "press"]
        left = [thing for thing in things if not any(motion.stopped(thing, step["changed"]["look"]) for step in presses)]
        if not left:
            return Done(reason="stopped")
        ms = max(FIRST, *(3 * motion.widest_gap(thing) for thing in left))
        animated = recording.start["animated"]
        if len(presses) < min(len(search["controls"]), _MOST):
            control = search["controls"][len(presses)]
            return Action(
                action="press",
                reason=f"control_{control['why']}",
                args={"control": len(presses), "of": control, "ms": ms, "animated": animated},
            )
        if not any(step["action"] == "reduce" for step in recording.steps):
            return Action(action="reduce", reason="moves_on", args={"ms": ms, "animated": animated, "anew": recording.start["reduced"]})
        return Done(reason="moves_on")

    async def perform(self, tab: Tab, action: Action) -> JSON:
        args = action.args
        if action.action == "search":
            return await _controls(tab, args["places"])
        if action.action == "press":
            focused = await _press(tab, args["of"])
            return {"focused": focused, "look": await _look(tab, args["ms"], args["animated"])}
        if action.action != "reduce":
            return await _look(tab, args["ms"], args["animated"])
        if not args["anew"]:
            await tab.page.cdp("Emulation.setEmulatedMedia", _REDUCED)
            return await _look(tab, args["ms"], args["animated"])
        # A script asks when the page comes, and may never ask again.
        async with tab.another() as other:
            await other.page.cdp("Emulation.setEmulatedMedia", _REDUCED)
            await other.open(tab.url)
            await _prepare(other)
            return await _look(other, args["ms"], args["animated"])


async def _prepare(tab: Tab) -> None:
    """Put the in-page part into every frame, before anything moves by what we do."""
    for frame in tab.frames:
        with contextlib.suppress(BrowserError):
            await tab.page.load_script("motion", script(), frame=frame)
            await tab.ask("__motion.lookAtMarquees()", frame)


async def _look(tab: Tab, milliseconds: int, animated: JSON) -> JSON:
    """Move the page's time on, and tell what changed meanwhile."""
    await tab.page.step_frames()
    for frame in tab.frames:
        with contextlib.suppress(BrowserError):
            await tab.ask(f"__motion.start({milliseconds})", frame)
    reached = await tab.page.advance(milliseconds + 500, _LIMIT)
    things: list[Any] = []
    for frame in tab.frames:
        with contextlib.suppress(BrowserError):
            things += [_placed(tab, frame, row) for row in await tab.ask("__motion.groups()", frame)]
    return {"ms": milliseconds, "reached": reached, "things": things + await _others(tab, animated)}


async def _others(tab: Tab, animated: JSON) -> list[Any]:
    """Marquees, videos, drawings and animated pictures: what timers do not move."""
    things: list[Any] = []
    for frame in tab.frames:
        with contextlib.suppress(BrowserError):
            things += [_placed(tab, frame, row) for row in await tab.ask(f"__motion.others({json.dumps(animated)})", frame)]
    stopped = {note["detail"].split()[0]: note["detail"].endswith("stop") for note in tab.page.held if note["kind"] == "marquee"}
    for thing in things:
        if thing["kind"] == "marquee" and stopped.get(str(thing["index"])):
            thing["moving"] = False
    return things


async def _controls(tab: Tab, places: Any) -> JSON:
    """Controls that may stop the things at these places, in all frames; dangerous ones are left out."""
    words, dangerous = list(phrases("pause").phrases), list(phrases("dangerous").phrases)
    moving = list(phrases("motion_words").phrases)
    found: dict[str, list[Any]] = {"controls": [], "slower": [], "elsewhere": []}
    for frame in tab.frames:
        here = [place["path"] for place in places if place["frame"] == tab.place(frame)]
        with contextlib.suppress(BrowserError):
            asked = ", ".join(json.dumps(one) for one in (words, dangerous, here, moving))
            rows = await tab.ask(f"__motion.controls({asked})", frame)
            for name, some in rows.items():
                for row in some:
                    row["el"]["frame"] = tab.place(frame)
                found[name] += some
    found["controls"].sort(key=lambda row: row["why"] != "named")
    return found


async def _press(tab: Tab, control: JSON) -> bool:
    """Focus a control, press it by keyboard, and take the focus away again."""
    focused = await tab.ask_of(control["el"], "(el.focus(), el.matches(':focus'))")
    if focused:
        await tab.page.press(" " if control["space"] else "Enter")
        await tab.ask_of(control["el"], "el.blur()")
    return bool(focused)


def _placed(tab: Tab, frame: str, row: dict[str, Any]) -> dict[str, Any]:
    for name in ("el", "part"):
        if row.get(name):
            row[name]["frame"] = tab.place(frame)
    return row
