"""``sound``: what sounds without anybody having touched the page, what stops it, and what the page's media hold when decoded.

``start``: ``{"media": [element + "src", "controls", "autoplay", "tracks", state], "others": [sounds without an element],
"controls": [elements that may stop a sound, each with "name"]}``; a second try waits for ``wait`` milliseconds of page time first, and a
little longer until something sounds. A state is ``at``, ``played`` (seconds), ``paused``, ``ended``,
``muted``, ``volume``, ``loop``, ``duration``.
Steps, by action:

``hear`` (args ``media``: places in the list, ``files``: addresses of sounds without an element, ``listen``)
    ``{"samples": [{"at": ms, "sounds": [state]}], "sources": {address: {"error"} or {"bytes", "complete", "sound": measures or null,
    "pictures": {"audio": tracks or null, "seconds", "frames": [{"at", "lines": [top, bottom, strokes]}]} or null}},
    "tracks": {address: {"error"} or {"cues", "words"}}}``
``press`` (args ``element``, ``key``)
    ``{"before": [state], "after": [state]}``

Sources: success criteria 1.2.1–1.2.3 and 1.4.2; techniques G60, G170, F23, F93.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import re
import time
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from wcag_audit.browser.port import BrowserError
from wcag_audit.dom import Dom, Node
from wcag_audit.gather.probe import Action, Context, Done, Probe, Recording, Tab
from wcag_audit.model import JSON, cut
from wcag_audit.phrases import phrases

#: Seconds beyond which a sound needs a control, and how long is listened where it is not known yet.
LONG, LISTEN = 3.0, 3.3
#: Seconds in which a page too busy to answer may still tell what sounds after ``LONG``, and how often it is asked at the most.
_PATIENCE, _SAMPLES = 12.0, 30
#: Loudness (of 1) below which a WebAudio graph is silent.
QUIET = 0.003
#: Media decoded, bytes of each, seconds for all of them, controls tried.
_MEDIA, _BYTES, _DECODING, _CONTROLS = 8, 8_000_000, 10.0, 8
_PACE = 0.4
#: Seconds that a second try waits beyond its time for something to sound: a page does not load equally fast each time.
_LATER = 5.0
#: After this many seconds a key has had its effect.
_EFFECT = 0.15
_MIDDLE = "(el.scrollIntoView({block: 'center'}), (r => [r.left + r.width / 2, r.top + r.height / 2])(el.getBoundingClientRect()))"
_KEYS = ("Enter", " ", "click")
_CUE = re.compile(r"(?:\d+:)?\d\d:\d\d\.\d{3}\s+-->\s+(?:\d+:)?\d\d:\d\d\.\d{3}")
_TYPES = {"mp4": "video/mp4", "m4v": "video/mp4", "webm": "video/webm", "ogv": "video/ogg", "mov": "video/mp4", "mp3": "audio/mpeg"}


@cache
def _script() -> str:
    return resources.files("wcag_audit.gather").joinpath("sound.js").read_text("utf-8")


def sounding(state: JSON) -> bool:
    """Whether a state is that of something that can be heard now."""
    if state["kind"] == "web-audio":
        return bool(state["running"]) and state["peak"] > QUIET
    return not state["paused"] and not state["ended"] and not state["muted"] and state["volume"] > 0


def has_sounded(state: JSON) -> bool:
    """Whether it can be heard now, or could be until it ended."""
    return sounding(state) or (state["kind"] != "web-audio" and state["ended"] and not state["muted"] and state["volume"] > 0)


def stopped(before: list[Any], after: list[Any]) -> bool:
    """Whether something that sounded before was stopped, muted or turned down, and did not just come to its end."""
    for old in before:
        new = next((state for state in after if _same(old, state)), None)
        if not sounding(old):
            continue
        if new is None:
            return True
        if old["kind"] == "web-audio":
            if not sounding(new):
                return True
        elif not new["ended"] and (not sounding(new) or new["volume"] < old["volume"]):
            return True
    return False


def _same(a: JSON, b: JSON) -> bool:
    return (a["kind"], a.get("frame"), a.get("path"), a.get("src")) == (b["kind"], b.get("frame"), b.get("path"), b.get("src"))


class Sound(Probe):
    name = "sound"
    time_box = 35.0

    def idle(self, context: Context) -> JSON | None:
        data = context.artifacts.get("dom")
        if data is None or any(row["t"] in ("script", "audio", "video", "embed", "object", "iframe", "frame") for row in data["nodes"]):
            return None
        return {"media": [], "others": [], "controls": []}

    async def begin(self, tab: Tab, context: Context) -> JSON:
        for frame in tab.frames:
            with contextlib.suppress(BrowserError):
                await tab.page.load_script("sound", _script(), frame=frame)
        if context.again:
            await _wait(tab, max(int(what["wait"]) for what in context.again))
        media = await _elements(tab)
        others = await tab.page.sounds()
        loud = any(has_sounded(state) for state in [*media, *others]) or any(row["autoplay"] and not row["muted"] for row in media)
        return {"media": media[:20], "others": others, "controls": _controls(context.tree) if loud and context.tree is not None else []}

    def next(self, recording: Recording) -> Action | Done:
        media, others = recording.start["media"], recording.start["others"]
        if not media and not others:
            return Done(reason="no_media")
        if not recording.steps:
            places = _worth_decoding(media)
            files = sorted({state["src"] for state in others if state["kind"] == "detached" and has_sounded(state)})[:_MEDIA]
            listen = _undecided([*media, *others])
            if not places and not files and not listen:
                return Done(reason="silent")
            return Action(action="hear", reason="media", args={"media": places, "files": files, "listen": listen})
        return self._stop(recording)

    def _stop(self, recording: Recording) -> Action | Done:
        """Try each control until one works, if what sounds needs one."""
        last = recording.steps[0]["changed"]["samples"][-1]["sounds"]
        if not any(sounding(state) for state in last) or all(_has_own_controls(recording, state) for state in last if sounding(state)):
            return Done(reason="heard")
        tried = recording.steps[1:]
        if any(stopped(step["changed"]["before"], step["changed"]["after"]) for step in tried):
            return Done(reason="stopped")
        place, key = divmod(len(tried), len(_KEYS))
        if place >= len(recording.start["controls"]):
            return Done(reason="no_control")
        element = recording.start["controls"][place]
        first = "Home" if element["role"] == "slider" and key == 0 else _KEYS[key]
        return Action(action="press", reason="control", args={"element": element, "key": first})

    async def perform(self, tab: Tab, action: Action) -> JSON:
        if action.action == "press":
            return await self._press(tab, action)
        start = await _states(tab)
        listening = asyncio.ensure_future(_listen(tab, start, bool(action.args["listen"])))
        try:
            sources, tracks = await _decode_all(tab, list(action.args["media"]), list(action.args["files"]))
            return {"samples": await listening, "sources": sources, "tracks": tracks}
        finally:
            listening.cancel()

    async def _press(self, tab: Tab, action: Action) -> JSON:
        element = action.args["element"]
        before = await _states(tab)
        key = str(action.args["key"])
        if key == "click":
            box = await tab.ask_of(element, _MIDDLE)
            if box is not None:
                await tab.page.click(*box)
        elif await tab.ask_of(element, "(el.focus(), __probe.deepActive() === el)"):
            await tab.page.press(key)
        await asyncio.sleep(_EFFECT)
        return {"before": before, "after": await _states(tab)}


def _worth_decoding(media: list[Any]) -> list[int]:
    """Places of the media to decode: each address once."""
    first = {row["src"]: place for place, row in reversed(list(enumerate(media))) if row["src"] and not row["src"].startswith("blob:")}
    return sorted(first.values())[:_MEDIA]


def _undecided(states: list[Any]) -> bool:
    """Whether something sounds, or is about to, of which it is not known yet whether it goes on for too long."""
    for state in states:
        about_to = bool(state.get("autoplay")) and not state["muted"] and not state["ended"]
        short = state.get("duration") is not None and state["duration"] <= LONG and not state.get("loop")
        if (sounding(state) or about_to) and not short and state.get("played", 0) <= LONG:
            return True
    return False


def _has_own_controls(recording: Recording, state: JSON) -> bool:
    return any(row["controls"] and row["seen"] and _same(row, state) for row in recording.start["media"])


async def _wait(tab: Tab, until: int) -> None:
    """Wait until the page is that many milliseconds old, and then for something to sound."""
    await asyncio.sleep(max(0, until - int(await tab.ask("Math.round(performance.now())"))) / 1000)
    started = time.perf_counter()
    while not any(map(sounding, await _states(tab))) and time.perf_counter() - started < _LATER:
        await asyncio.sleep(_PACE)


async def _states(tab: Tab) -> list[Any]:
    """What can be heard, or was until it ended. Raises BrowserError where the page does not answer."""
    found: list[Any] = []
    for frame in tab.frames:
        found.extend({**state, "frame": tab.place(frame)} for state in await tab.ask("__sound.states()", frame))
    return [state for state in [*found, *await tab.page.sounds()] if state["kind"] == "web-audio" or has_sounded(state)]


async def _listen(tab: Tab, first: list[Any], on: bool) -> list[Any]:
    """States again and again until it is clear how long it sounds."""
    started = time.perf_counter()
    samples: list[dict[str, Any]] = [{"at": 0, "sounds": first}]
    while on and _undecided(samples[-1]["sounds"]) and len(samples) < _SAMPLES:
        passed = time.perf_counter() - started
        if passed >= LISTEN and (samples[-1]["at"] > LONG * 1000 or passed >= _PATIENCE):
            break
        await asyncio.sleep(min(_PACE, max(0.0, LISTEN - passed)) + 0.01)
        with contextlib.suppress(BrowserError):  # a page too busy to answer is asked again
            samples.append({"at": int((time.perf_counter() - started) * 1000), "sounds": await _states(tab)})
    return samples


async def _decode_all(tab: Tab, places: list[int], files: list[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the media at these places of the page's list, and these files, hold, and the media's text tracks, by address."""
    until = time.perf_counter() + _DECODING
    sources: dict[str, Any] = {}
    tracks: dict[str, Any] = {}
    for element in [element for place, element in enumerate(await _elements(tab)) if place in places]:
        if time.perf_counter() > until:
            sources[element["src"]] = {"error": f"no time left after {_DECODING:g} s"}
            continue
        address = str(await tab.ask_of(element, "__sound.source(el)") or "")
        sources[element["src"]] = await _decode(tab, address, element["frame"], video=element["tag"] == "video")
        for track in element["tracks"]:
            if track["src"] and track["src"] not in tracks:
                tracks[track["src"]] = await _read_track(tab, track["src"])
    for address in files:
        sources[address] = await _decode(tab, address, [], video=False)
    return sources, tracks


async def _elements(tab: Tab) -> list[Any]:
    found: list[Any] = []
    for frame in tab.frames:
        with contextlib.suppress(BrowserError):
            found.extend({**row, "frame": tab.place(frame)} for row in await tab.ask("__sound.media()", frame))
    return found


async def _decode(tab: Tab, address: str, frame: list[Any], *, video: bool) -> dict[str, Any]:
    place = tab.frame_at(frame)
    try:
        size = await tab.ask(f"__sound.read({json.dumps(address)}, {_BYTES})", place, timeout=8.0)
        complete = size is not None
        if size is None:
            content, complete = await _bytes(tab, address)
            kind = _TYPES.get(urlsplit(address).path.rsplit(".", 1)[-1].lower(), "")
            size = await tab.ask(f"__sound.take('{base64.b64encode(content).decode('ascii')}', '{kind}')", place, timeout=8.0)
        sound = await tab.ask("__sound.decode()", place, timeout=12.0)
        pictures = await tab.ask("__sound.look()", place, timeout=12.0) if video else None
    except (BrowserError, ValueError) as error:
        return {"error": cut(str(error), 200)}
    told = None
    if sound is not None:
        told = {**await asyncio.to_thread(_measure, base64.b64decode(sound["pcm"])), "seconds": round(sound["seconds"], 2)}
    return {"bytes": size, "complete": complete, "sound": told, "pictures": pictures}


def _measure(pcm: bytes) -> dict[str, Any]:
    """Measures of decoded sound. NumPy is loaded only where there is some: it takes a tenth of a second."""
    import numpy as np

    from wcag_audit.gather.hearing import measure

    return measure(np.frombuffer(pcm, dtype="<i2").astype(np.float32) / np.float32(32768))


async def _bytes(tab: Tab, address: str) -> tuple[bytes, bool]:
    """The bytes behind an address. Raises BrowserError or ValueError where there are none."""
    if not address.startswith("data:"):
        return await tab.page.fetch(address, _BYTES)
    head, _, body = address.partition(",")
    content = base64.b64decode(unquote_to_bytes(body)) if head.endswith(";base64") else unquote_to_bytes(body)
    return content[:_BYTES], len(content) <= _BYTES


async def _read_track(tab: Tab, address: str) -> dict[str, Any]:
    try:
        content, _ = await _bytes(tab, address)
    except (BrowserError, ValueError) as error:
        return {"error": cut(str(error), 200)}
    return read_webvtt(content.decode("utf-8", "replace"))


def read_webvtt(text: str) -> dict[str, Any]:
    """How many cues a WebVTT file has, and how many words they say; what stands in brackets ("[nhạc]") is no word."""
    if not text.lstrip("\ufeff").startswith("WEBVTT"):
        return {"error": "no WebVTT file"}
    cues, words = 0, 0
    for block in re.split(r"\r?\n[ \t]*\r?\n", text):
        rows = block.splitlines()
        at = next((place for place, row in enumerate(rows) if _CUE.search(row)), None)
        if at is None:
            continue
        said = re.sub(r"<[^>]*>|\[[^\]]*\]|\([^)]*\)", " ", " ".join(rows[at + 1 :]))
        cues += bool(" ".join(rows[at + 1 :]).strip())
        words += len(re.findall(r"[^\W_]+", said))
    return {"cues": cues, "words": words}


def _controls(dom: Dom) -> list[Any]:
    """The page's controls that may stop a sound, by their words first; then buttons that have none."""
    roles = ("button", "link", "checkbox", "switch", "slider", "menuitem")
    likely: list[Node] = []
    nameless: list[Node] = []
    for node in dom.elements:
        if not node.visible or not (node.role in roles or "click" in node.listeners or node.has("onclick")) or node.tag in ("body", "html"):
            continue
        told = f"{node.name} {node.get('title')} {node.get('value')} {'' if node.name else node.visible_text[:80]}".strip()
        hints = re.sub(r"[-_.]|(?<=[a-z])(?=[A-Z])", " ", f"{node.get('id')} {node.get('class')}")
        if phrases("dangerous").found_in(told) or (node.role == "link" and not re.match(r"#|javascript:|$", node.get("href"))):
            continue
        words = phrases("sound_controls")
        if words.found_in(told) or words.found_in(hints):
            likely.append(node)
        elif not told and node.closest("form") is None:
            nameless.append(node)
    return [_recorded(node) for node in [*likely, *nameless][:_CONTROLS]]


def _recorded(node: Node) -> dict[str, Any]:
    """An element of the static tree as recordings name one."""
    box = node.box
    return {
        "frame": _frames(node),
        "path": _place(node),
        "tag": node.tag,
        "id": node.get("id")[:100],
        "html": cut(node.html, 300),
        "box": [box.x, box.y, box.width, box.height] if box is not None else [0, 0, 0, 0],
        "seen": True,
        "text": cut(node.visible_text, 80),
        "name": cut(node.name or node.get("title"), 80),
        "role": node.role or "",
    }


def _frames(node: Node) -> list[Any]:
    owner = node.frame.owner
    return [] if owner is None else [*_frames(owner), _place(owner)]


def _place(node: Node) -> list[int | str]:
    place: list[int | str] = []
    while node.parent is not None:
        shadow = "sh" in node.raw
        twins = [child for child in node.parent.children if not child.is_text and ("sh" in child.raw) == shadow]
        place[:0] = ["s", twins.index(node)] if shadow else [twins.index(node)]
        node = node.parent
    return place
