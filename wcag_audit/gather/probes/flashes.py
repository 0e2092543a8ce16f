"""``flashes``: how often large parts of the page flash in a second, where something changes fast enough to flash at all.

``start``: ``{"url", "fast": what changed fast while the page loaded, "pictures": [{"el", "url"}], "videos": [{"el", "seconds",
"ready"}], "late": a fast animation that begins later, as [{"name", "at"}]}``; only pictures that are animated and media large enough
to matter. A second try has ``again`` alone: what a script begins later, as [{"name", "at"}], in ms of page time.
Steps, by action:

``decode`` (args ``of``: a picture)
    the picture's own frames: ``{"general": {"flashes", "share", "at"}, "red": the same, "complete": every frame was looked at}``
``play`` (args ``videos``)
    ``{"videos": the same of the frames of each, with "seconds": how much of it was looked at, and "error"}``
``frames`` (args ``ms``, ``fast``; ``skip``: page time in ms that animations are moved on before, ``wait``: that all is)
    the same of the page at 1024×768, opened again in a tab of its own; ``"el"`` is what changed fast. Animations, timers and the frames
    of scripts are moved on one by one, 60 a second; where time ran out before all were looked at, that can prove flashes but not their
    absence (``complete`` false).

Sources: success criterion 2.3.1; definitions of the general and red flash thresholds; techniques G19, G176, G15.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import io
import json
import time
from typing import Any

from wcag_audit.browser.port import BrowserError
from wcag_audit.gather.animated import FRAMES, Animated, animated_pictures, frames
from wcag_audit.gather.probe import Action, Context, Done, Probe, Recording, Tab
from wcag_audit.gather.probes.motion import may_move, script
from wcag_audit.model import JSON

#: Page time that is looked at frame by frame, from the page's loading.
LOOK = 3_000
#: How long before something was seen to change fast it is looked at, in ms of page time.
_BEFORE = 1_500
#: The viewport of the definition, and how small its pictures are taken.
_VIEW, _SCALE = (1024, 768), 0.25
#: Frames a second.
_RATE = 60
#: Real seconds for one page or video.
_LIMIT = 9.0
#: Seconds in which what began to change back and forth shows whether it does so fast.
_WAIT = 1.5
#: Things that changed fast that are kept.
_MOST = 10


class Flashes(Probe):
    name = "flashes"
    version = 3
    time_box = 30.0

    def idle(self, context: Context) -> JSON | None:
        return None if context.again or may_move(context) else {"url": "", "fast": [], "pictures": [], "videos": []}

    async def begin(self, tab: Tab, context: Context) -> JSON:
        if context.again:
            return {"url": tab.url, "fast": [], "pictures": [], "videos": [], "again": list(context.again)}
        fast = await _changed_fast(tab)
        animated = [one.url for one in await animated_pictures(tab.page)]
        start: dict[str, Any] = {"url": "", "fast": [], "late": [], "pictures": [], "videos": []}
        for frame in tab.frames:
            with contextlib.suppress(BrowserError):
                await tab.page.load_script("motion", script(), frame=frame)
                found = await tab.ask(f"__motion.flashing({json.dumps(animated)}, {json.dumps(fast)})", frame)
                start["url"] = start["url"] or found["url"]
                start["late"] = [*start["late"], *found["late"]][:1]
                start["fast"] = list(dict.fromkeys([*start["fast"], *found["large"], *found["fast"]]))[:_MOST]
                for kind in ("pictures", "videos"):
                    for row in found[kind]:
                        row["el"]["frame"] = tab.place(frame)
                    start[kind] += found[kind]
        return start

    def next(self, recording: Recording) -> Action | Done:
        start = recording.start
        waiting = [Action(action="decode", reason="animated_picture", args={"of": row}) for row in start["pictures"]]
        if start["videos"]:
            waiting.append(Action(action="play", reason="videos", args={"videos": start["videos"]}))
        if start["fast"]:
            args = {"ms": LOOK, "url": start["url"], "fast": start["fast"][0]}
            waiting.append(Action(action="frames", reason="changes_fast", args=args))
        for row in start.get("late", ()):
            args = {"ms": LOOK, "url": start["url"], "fast": row["name"], "skip": row["at"]}
            waiting.append(Action(action="frames", reason="changes_fast_later", args=args))
        for row in start.get("again", ()):
            args = {"ms": LOOK + _BEFORE, "url": start["url"], "fast": row["name"], "wait": max(0, row["at"] - _BEFORE)}
            waiting.append(Action(action="frames", reason="changes_fast_later", args=args))
        if not waiting:
            return Done(reason="nothing_changes_fast")
        return waiting[len(recording.steps)] if len(recording.steps) < len(waiting) else Done(reason="end")

    async def perform(self, tab: Tab, action: Action) -> JSON:
        args = action.args
        if action.action == "decode":
            return await _decode(tab, args["of"])
        if action.action == "play":
            return {"videos": await asyncio.gather(*(_play(tab, row) for row in args["videos"]))}
        return await _frames(tab, args["url"], args["fast"], args["ms"], args.get("skip", 0), args.get("wait", 0))


async def _changed_fast(tab: Tab) -> list[str]:
    """What the guard saw changing fast; where something began to go back and forth, it gets time to say so."""
    until = time.perf_counter() + _WAIT
    while True:
        found = list(dict.fromkeys(note["detail"] for note in tab.page.held if note["kind"] == "fast-change"))[:_MOST]
        restless = any(note["kind"] == "restless" for note in tab.page.held)
        if found or not restless or time.perf_counter() > until:
            return found
        await asyncio.sleep(0.05)


def _told(meter: Any, **more: JSON) -> dict[str, Any]:
    general, red = meter.general, meter.red
    told = {name: {"flashes": one.flashes, "share": one.share, "at": one.at} for name, one in (("general", general), ("red", red))}
    return {**told, **more}


async def _decode(tab: Tab, row: JSON) -> JSON:
    picture = next((one for one in await animated_pictures(tab.page) if one.url == row["url"]), None)
    if picture is None:
        raise BrowserError("the picture is not there any more")
    return await asyncio.to_thread(_measure_picture, picture, row["el"]["box"])


def _measure_picture(picture: Animated, box: list[float]) -> JSON:
    """The flashes of an animated picture as large as it is shown: of one round at least, and of a second where it goes on as long."""
    import numpy as np

    from wcag_audit.flash import FlashMeter

    meter, at = FlashMeter(_SCALE), 0.0
    size = (max(1, round(box[2] * _SCALE)), max(1, round(box[3] * _SCALE)))
    shown = frames(picture.data)
    once = [(np.asarray(frame.picture.resize(size)), frame.seconds) for frame in shown]
    end = min(picture.seconds or 2.0, 2.0)
    while at < end:
        for pixels, seconds in once:
            meter.feed(pixels, at)
            at += seconds
    return _told(meter, complete=len(shown) < FRAMES)


async def _play(tab: Tab, row: JSON) -> dict[str, Any]:
    """The flashes of a video, as far as its frames could be had."""
    import numpy as np

    from wcag_audit.flash import FlashMeter

    scale = _SCALE / 2
    meter = FlashMeter(scale)
    width, height = (max(1, round(side * scale)) for side in row["el"]["box"][2:])
    if not row["seconds"]:
        return _told(meter, complete=False, seconds=0.0, error="it did not load, or is live")
    milliseconds = int(_LIMIT * 1000)
    try:
        found = await tab.ask_of(row["el"], f"__motion.video(el, {milliseconds}, {width}, {height})", timeout=2 * _LIMIT)
    except BrowserError as error:
        return _told(meter, complete=False, seconds=0.0, error=str(error)[:200])
    if not found or not found["frames"]:
        return _told(meter, complete=False, seconds=0.0, error="its frames cannot be read")
    for at, text in found["frames"]:
        meter.feed(np.frombuffer(base64.b64decode(text), np.uint8).reshape(height, width, 4)[..., :3], at)
    return _told(meter, complete=found["whole"] and found["filled"], seconds=round(found["reached"], 1))


async def _frames(tab: Tab, url: str, fast: str, milliseconds: int, skip: int, wait: int) -> JSON:
    """Open the page again at the viewport of the definition, and look at its frames: animations and what scripts time are held from
    the first script on and moved on together."""
    async with tab.another() as still:
        await still.page.resize(*_VIEW)
        await still.page.hold_clock()
        await still.open(url)
        for frame in still.frames:
            await still.page.load_script("motion", script(), frame=frame)
        for frame in still.frames if wait else ():
            await still.page.tick(frame, wait * _RATE // 1000)
            await still.ask(f"__motion.frame({wait})", frame)
        return await _look(still, fast, milliseconds, skip, wait)


async def _look(tab: Tab, fast: str, milliseconds: int, skip: int, wait: int) -> JSON:
    """The frames of a page whose time is held, and was moved on by ``wait``; after the first, animations are by ``skip`` at once."""
    import numpy as np
    from PIL import Image

    from wcag_audit.flash import FlashMeter

    meter, began, element, complete = FlashMeter(_SCALE), time.perf_counter(), None, True
    for index in range(milliseconds * _RATE // 1000):
        if time.perf_counter() - began > _LIMIT:
            complete = False
            break
        if element is None and index % 6 == 0:
            element = await tab.ask(f"__motion.goTo({json.dumps(fast)})")
        changed = index == 0
        for frame in tab.frames:
            if index:
                await tab.page.tick(frame)
            elapsed = 1000 / _RATE + (skip if index == 1 else 0)
            changed = bool(await tab.ask(f"__motion.frame({elapsed})", frame)) or changed
        if changed:
            png = await asyncio.wait_for(tab.page.picture((0, 0, *_VIEW), _SCALE), 2.0)
            meter.feed(np.asarray(Image.open(io.BytesIO(png)).convert("RGB")), index / _RATE + (wait + (skip if index else 0)) / 1000)
        if index % _RATE == _RATE - 1 and (meter.general.over or meter.red.over):
            break
    if element:
        element["frame"] = []
    return _told(meter, complete=complete, el=element, seconds=milliseconds / 1000)
