"""``focus_walk``: Tab through the whole page and its frames to the end, Shift+Tab back where not all was reached, the ways out of a
suspected trap, a second look at stops that were not seen, and skip links pressed.

``start``: ``{"active": element or null, "tabbable": how many elements Tab should reach, "places": where they stand, as [frame, path],
but for radio buttons; null where they are too many, "told": keys that the page's text offers as a way out, "again": elements that are
to be focused one by one, "walk": whether to walk, "over": {"el": the layer over nearly all of the window, "behind": places of stops
that it hides}, or null}``.
Steps, by action:

``tab`` (args ``count``, ``shift``, ``slow``: one key at a time, with a pause in which the page may move the focus)
    ``{"stops": [{"el", "at", "script": moved on by script after the key}], "idle": keys that moved no focus, "left": the focus left
    the document (its end, or its start with Shift), "happened": [{"kind", "detail", "at", "after": index of the stop before it}],
    "returned": script moved the focus after it had left}``
``leave`` (args ``keys``, ``press``: element that is pressed with Enter, ``shift``, ``count``)
    the same, after the keys that may lead out (Esc, arrows, F6, what the page tells), or after a closing control was pressed.
``resume`` (args ``inside``: elements of the suspected trap, which are to be left behind; ``untried``: its buttons that were not pressed)
    ``{"el": the first element behind them that took the focus, or null}``
``look`` (args ``elements``)
    ``{"seen": one boolean or null per element, after it was focused again and movements had ended}``
``skip`` (args ``el``)
    ``{"next": the stop of the first Tab after Enter, or null, "passed": stops that lie between the link and it in the source,
    "behind": whether it stands at or behind the link's target; null where there is no target}``
``focus`` (args ``el``; second try)
    ``{"found", "took": it got the focus, "active": what has it after ``WAIT`` ms, "happened": […]}``

``covering``
    ``{"over": the same of the page after the walk}``
``reload`` (second try)
    null: the page as it came, so that the walk begins where a person begins

``kind`` in ``happened``: navigate, submit, popup, ask (alert, confirm, prompt), print, lost (the element that had just got the focus
lost it), moved (script moved it on from ``origin``; ``detail`` is the new element as JSON text).

Sources: success criteria 2.1.1, 2.1.2, 2.4.1, 2.4.3, 3.2.1; techniques G21, G1, G123, F10, F55; ACT rule 80af7b.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from typing import Any

from wcag_audit.dom import Dom
from wcag_audit.gather.probe import Action, Context, Done, Probe, Recording, Tab
from wcag_audit.model import JSON, bare
from wcag_audit.phrases import phrases
from wcag_audit.recorded import where

#: Keys sent at once. The page handles them one by one; only the questions between batches cost time.
BATCH = 40
#: Stops after which a walk ends even without an end in sight.
MOST = 1_000
#: Keys that go round before a trap is suspected, and keys of a slow batch.
PATIENCE = 8
#: Keys that move no focus before a trap is suspected: media and date fields have that many stops inside.
IDLE = 20
#: The largest circle that is recognised, but for the one through the whole page.
CIRCLE = 60
#: Elements among which scripts bring the focus back after every key, at the most.
SWING = 4
#: Suspected traps after which a walk ends.
TRAPS = 4
#: Seconds that a page gets after each slow key, and milliseconds after a single focus.
PACE, WAIT = 0.06, 500
#: Buttons of a suspected trap that are pressed, beside those that say that they close something.
PRESSES = 4
#: Stops that are looked at again, skip links that are pressed, second tries.
LOOKS, SKIPS, TRIES = 60, 2, 12
#: Stops among which a skip link stands.
EARLY = 12
#: What is tried to leave a suspected trap, in this order; each is followed by Tab.
WAYS_OUT: tuple[tuple[str, ...], ...] = (("Escape",), ("ArrowRight",), ("ArrowDown",), ("F6",), ("Escape", "Escape"))

_TOLD = re.compile(
    r"\b((?:(?:ctrl|control|alt|shift)\s*[+\-]\s*)+)([a-z0-9]|f\d{1,2}|esc(?:ape)?|tab)\b|\b(esc(?:ape)?|f\d{1,2})\b", re.IGNORECASE
)
_OUT = re.compile(r"\b(?:thoat|roi|ra khoi|exit|leave|escape|quit|get out|move out)\b")
_BUTTON = re.compile(r"""^[^>]*\s(?:role="?(?:button|link|menuitem)|type="?(?:button|submit|reset|image))\b""", re.IGNORECASE)
_FIELDS = frozenset(("input", "select", "textarea", "iframe", "frame", "audio", "video", "object", "embed"))
_ELSEWHERE = re.compile(r"""\shref="?(?!\s*(?:#|javascript:|["\s>]))""", re.IGNORECASE)
_NAMES = {"ctrl": "Control", "control": "Control", "alt": "Alt", "shift": "Shift", "esc": "Escape", "escape": "Escape", "tab": "Tab"}
_ENDED = frozenset(("body", "html", ""))

_LOOK = """((paths) => paths.map((path) => {
  const el = __probe.find(path);
  if (!el) return null;
  el.focus({ preventScroll: true });
  for (const animation of document.getAnimations()) { try { animation.finish(); } catch { /* without end */ } }
  const around = [el, ...el.querySelectorAll("*"), ...(el.labels || []), el.nextElementSibling, el.previousElementSibling];
  const own = /^(input|select|textarea)$/.test(el.localName) ? around : around.slice(0, -2);
  return own.slice(0, 60).some((part) => part && __probe.seen(part));
}))"""
_RESUME = """((paths) => {
  const inside = paths.map(__probe.find).filter(Boolean);
  const stops = "a[href], area[href], button, input, select, textarea, summary, iframe, [tabindex], [contenteditable], audio, video";
  const all = [...document.querySelectorAll(stops)]
    .filter((el) => el.tabIndex >= 0 && !el.disabled && el.checkVisibility({ visibilityProperty: true }));
  const last = Math.max(...inside.map((el) => all.findLastIndex((other) => other === el || el.contains(other) || other.contains(el))), -1);
  const next = all.slice(last + 1).find((el) => !inside.some((part) => part === el || part.contains(el)));
  if (!next) return null;
  next.focus();
  return __probe.describe(next);
})"""
_SKIP = """((path, nextPath) => {
  const link = __probe.find(path), next = nextPath && __probe.find(nextPath);
  if (!link || !next) return null;
  const id = decodeURIComponent((link.hash || "").slice(1));
  const target = id ? document.getElementById(id) || document.getElementsByName(id)[0] : null;
  const after = (a, b) => a === b || a.contains(b) || !!(a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING);
  const between = [...document.querySelectorAll("a[href], button, input, select, textarea, [tabindex]")]
    .filter((el) => el.tabIndex >= 0 && el !== link && el !== next && el.checkVisibility() && after(link, el) && !after(next, el));
  return { passed: between.length, behind: target ? after(target, next) : null };
})"""


def place_of(stop: JSON) -> tuple[str, str]:
    """What tells one stop's element from another's."""
    element = stop["el"]
    return repr(element["frame"]), repr(element["path"])


def places_of(steps: list[Any]) -> list[tuple[str, str]]:
    """Where the focus stood after each key of these steps, in order."""
    return [place_of(stop) for step in steps for stop in step["changed"]["stops"]]


def circle_of(places: list[tuple[str, str]], most: int = CIRCLE) -> int:
    """How many places the last stops go round in, where they went round at least twice; 0 where they do not."""
    for size in range(1, min(most, len(places) // 2) + 1):
        rounds = max(2, -(-PATIENCE // size))
        tail = places[-size * rounds :]
        if len(tail) == size * rounds and all(tail[i] == tail[i % size] for i in range(len(tail))):
            return size
    return 0


def ways_told(texts: list[str]) -> list[list[str]]:
    """Keys that texts offer as a way out: "Nhấn Ctrl+M để thoát" gives ``["Control+m"]``."""
    found: list[list[str]] = []
    for text in texts:
        if not _OUT.search(bare(text)):
            continue
        for match in _TOLD.finditer(text):
            parts = [part for part in re.split(r"[\s+\-]+", match[1] or "") if part]
            key = match[2] or match[3]
            last = _NAMES.get(key.lower(), key.upper() if len(key) > 1 else key.lower())
            keys = ["+".join([*(_NAMES[part.lower()] for part in parts), last])]
            if keys not in found:
                found.append(keys)
    return found[:5]


class FocusWalk(Probe):
    name = "focus_walk"
    version = 4
    # A trap takes long: every way out of it is tried, key by key.
    time_box = 30.0

    async def begin(self, tab: Tab, context: Context) -> JSON:
        await tab.record_events()
        again = list({repr(element["path"]): element for what in context.again for element in what.get("focus", ())}.values())
        facts = _facts(context.tree) if context.tree is not None else {"tabbable": 0, "places": None, "told": []}
        walk = not again or any("trap" in what for what in context.again)
        return {"active": await tab.active(), **facts, "again": again[:TRIES], "walk": walk, **await _covering(tab)}

    def next(self, recording: Recording) -> Action | Done:
        again, steps = recording.start["again"], recording.steps
        if len(steps) < len(again):
            return Action(action="focus", reason="second_try", args={"el": again[len(steps)]})
        if not recording.start["walk"]:
            return Done(reason="end")
        if again and len(steps) == len(again):
            return Action(action="reload", reason="walk_from_the_start")
        return _walk(recording.start, steps[len(again) + 1 if again else 0 :])

    async def perform(self, tab: Tab, action: Action) -> JSON:
        await tab.take_events()
        return await _DOES[action.action](tab, **action.args)


def _facts(dom: Dom) -> dict[str, JSON]:
    """How many elements Tab should reach and where they stand, and the ways out that the page tells."""
    groups: set[tuple[int, str]] = set()
    places: list[JSON] = []
    count = 0
    for node in dom.elements:
        if not node.tabbable or node.tag in ("iframe", "frame"):
            continue
        if node.state.get("type") == "radio" and node.get("name"):
            if (key := (node.frame.index, node.get("name"))) in groups:
                continue
            groups.add(key)
        elif len(places) <= MOST:
            places.append(list(where(node)))
        count += 1
    texts = [str(node.raw["x"])[:300] for node in dom.nodes if node.is_text and node.visible]
    return {"tabbable": count, "places": places if len(places) <= MOST else None, "told": ways_told(texts)}


# -- what to do next ---------------------------------------------------------------------------------------------------
def _walk(start: JSON, steps: list[Any]) -> Action | Done:
    """The walk forward with its suspected traps, then what comes after it."""
    forward = [step for step in steps if step["action"] in ("leave", "resume") or (step["action"] == "tab" and not step["args"]["shift"])]
    last = forward[-1] if forward else None
    expected = int(start["tabbable"]) - sum(len(step["changed"]["stops"]) for step in forward if step["action"] == "tab")
    if last is None:
        return _keys("walk", expected)
    if len(forward) < len(steps):
        return _afterwards(start, steps, forward)
    if last["action"] == "leave":
        return _way_out(start, forward)
    if last["action"] == "resume":
        return _afterwards(start, steps, forward) if last["changed"]["el"] is None else _keys("walk_on_behind_it", expected)
    run = run_of(forward)
    if last["changed"]["left"] or wraps(start, run):
        return _afterwards(start, steps, forward)
    if stuck := stuck_in(run):
        if not last["args"]["slow"]:
            return _keys("stuck_so_slowly", slow=True)
        if sum(step["action"] == "resume" for step in forward) >= TRAPS:
            return _afterwards(start, steps, forward)
        return Action(action="leave", reason=stuck, args={"keys": [], "press": None, "shift": True, "count": round_of(run) + 2})
    if not last["args"]["slow"] and (last["changed"]["returned"] or any(one["kind"] == "moved" for one in last["changed"]["happened"])):
        return _keys("focus_moves_by_itself", slow=True)
    if sum(len(step["changed"]["stops"]) for step in forward if step["action"] == "tab") >= MOST:
        return _afterwards(start, steps, forward)
    return _keys("walk_on", expected)


def _keys(reason: str, expected: int = BATCH, *, shift: bool = False, slow: bool = False) -> Action:
    """Some keys: a batch, or fewer where only so many stops are expected before the end."""
    count = 2 * PATIENCE if slow else max(2 * PATIENCE, min(BATCH, expected + 2))
    return Action(action="tab", reason=reason, args={"count": count, "shift": shift, "slow": slow})


def run_of(forward: list[Any]) -> list[Any]:
    """The batches of the walk since it last went on behind a suspected trap."""
    run: list[Any] = []
    for step in reversed(forward):
        if step["action"] != "tab":
            break
        run.insert(0, step)
    return run


def stuck_in(run: list[Any]) -> str:
    """Why a trap is suspected after these batches, or an empty string."""
    if not run or run[-1]["changed"]["left"]:
        return ""
    idle = 0
    for step in reversed(run):
        idle += step["changed"]["idle"]
        if step["changed"]["stops"]:
            break
    if idle >= IDLE or (run[-1]["args"]["slow"] and run[-1]["changed"]["idle"] >= PATIENCE and idle >= PATIENCE):
        return "focus_stays"
    if circle_of(places_of(run)):
        return "focus_circles"
    return "focus_is_fetched_back" if swings(run) else ""


def swings(run: list[Any]) -> int:
    """How many stops of a slow batch lie among few elements to which scripts bring the focus back after every key, in whatever order;
    0 where it is not so."""
    last = run[-1] if run and run[-1]["args"].get("slow") else None
    row = last["changed"]["stops"] if last is not None else []
    fetched = len(row) >= PATIENCE and all(stop["script"] for stop in row) and len({place_of(stop) for stop in row}) <= SWING
    return len(row) if fetched else 0


def held_stops(run: list[Any]) -> int:
    """How many of the last stops lie in what seems to hold the focus: one round of a circle, or all of a swing; 0 for neither."""
    return circle_of(places_of(run)) or swings(run)


def round_of(run: list[Any]) -> int:
    """How many keys go once through what seems to hold the focus."""
    places = places_of(run)
    return circle_of(places) or len(set(places[len(places) - swings(run) :]))


def wraps(start: JSON, run: list[Any]) -> bool:
    """Whether the circle is the whole page: the focus goes on from its end to its beginning."""
    places = places_of(run)
    size = circle_of(places, MOST)
    return size > 0 and len(set(places[-size:])) >= start["tabbable"] > 3


def inside_of(forward: list[Any]) -> list[Any]:
    """The elements of the trap that is suspected now: of the circle, or the one that keeps the focus."""
    tabs = [step for step in forward if step["action"] == "tab"]
    stops = [stop["el"] for step in tabs for stop in step["changed"]["stops"]]
    size = held_stops(tabs) or 1
    return list({repr((el["frame"], el["path"])): el for el in stops[-size:]}.values())


def attempts_of(forward: list[Any]) -> list[Any]:
    """The attempts to leave the last suspected trap."""
    found: list[Any] = []
    for step in reversed(forward):
        if step["action"] != "leave":
            break
        found.insert(0, step)
    return found


def got_out(step: JSON, inside: list[Any]) -> bool:
    """Whether an attempt ended outside the circle."""
    if step["changed"]["left"]:
        return True
    stops = step["changed"]["stops"]
    return bool(stops) and place_of(stops[-1]) not in {place_of({"el": el}) for el in inside}


def _way_out(start: JSON, forward: list[Any]) -> Action | Done:
    """The next way out that is to be tried; behind the trap once one leads out or none does."""
    attempts, inside = attempts_of(forward), inside_of(forward)
    buttons = [el for el in inside if is_button(el)]
    others = [el for el in buttons if not closes(el) and not phrases("dangerous").found_in(_name(el))]
    pressed = [*filter(closes, inside), *others[:PRESSES]]
    ways: list[tuple[list[str], JSON]] = [
        *((list(keys), None) for keys in start["told"]),
        *((list(keys), None) for keys in WAYS_OUT),
        *(([], el) for el in pressed),
    ]
    if got_out(attempts[-1], inside) or len(attempts) > len(ways):
        untried = [el for el in buttons if el not in pressed]
        return Action(action="resume", reason="go_on_behind", args={"inside": inside, "untried": untried})
    keys, press = ways[len(attempts) - 1]
    return Action(action="leave", reason="way_out", args={"keys": keys, "press": press, "shift": False, "count": len(inside) + 2})


def closes(element: JSON) -> bool:
    """Whether a control says that it closes something."""
    name = _name(element)
    return phrases("leaving").is_one(name) or name.strip() in ("×", "✕", "✖")


def is_button(element: JSON) -> bool:
    """Whether a press of Enter on an element may do something on the page: a button by its tag, type or role, a link that leads to no
    other address, or a text that takes the focus."""
    tag, html = element["tag"], element["html"]
    if tag == "a":
        return _ELSEWHERE.search(html) is None
    if tag == "button" or _BUTTON.search(html):
        return True
    return tag not in _FIELDS and bool(element["text"]) and " tabindex=" in html and " contenteditable" not in html


def _name(element: JSON) -> str:
    return str(element["text"] or _label(element["html"]))


def _label(html: str) -> str:
    match = re.search(r'(?:aria-label|title)="([^"]*)"', html)
    return match[1] if match else ""


def _afterwards(start: JSON, steps: list[Any], forward: list[Any]) -> Action | Done:
    """Back with Shift+Tab, a second look at what was not seen, and the skip links; then the reason for the end of the way forward."""
    back = [step for step in steps if step["action"] == "tab" and step["args"]["shift"]]
    there, passed = places_of([step for step in forward if step["action"] == "tab"]), places_of(back)
    end = ending(forward)
    going_back = not back or not (back[-1]["changed"]["left"] or stuck_in(back))
    # Where nothing took the focus there is nothing to come back over, and each key goes through the whole page to find that out.
    nowhere = not start["tabbable"] and start["active"] is None and not there
    if end == "end" and going_back and not nowhere and not all_reached(start, there) and len(passed) < MOST:
        return _keys("walk_back", len(there) - len(passed), shift=True)
    stops = [stop["el"] for step in forward if step["action"] == "tab" for stop in step["changed"]["stops"]]
    unseen = {repr((el["frame"], el["path"])): el for el in stops if not el["seen"]}
    if unseen and not any(step["action"] == "look" for step in steps):
        elements = [{"frame": el["frame"], "path": el["path"]} for el in unseen.values()][:LOOKS]
        return Action(action="look", reason="not_seen", args={"elements": elements})
    early = (el for el in stops[:EARLY] if el["tag"] == "a" and not el["frame"])
    links = [el for el in early if phrases("skip_links").found_in(el["text"] or _label(el["html"]))]
    pressed = sum(step["action"] == "skip" for step in steps)
    if pressed < min(len(links), SKIPS):
        return Action(action="skip", reason="skip_link", args={"el": links[pressed]})
    if start.get("over") and steps[-1]["action"] != "covering":
        return Action(action="covering", reason="still_there")
    behind = [place_of({"el": step["changed"]["el"]}) for step in forward if step["action"] == "resume" and step["changed"]["el"]]
    if end == "end" and behind and stuck_in(back) and not all_reached(start, [*there, *passed, *behind]):
        return Done(reason="trapped")  # the walk began in the trap, and nothing before it was seen
    return Done(reason=end)


def all_reached(start: JSON, there: list[tuple[str, str]]) -> bool:
    """Whether the way forward stopped at all that Tab should reach: the way back could find nothing more."""
    places, stopped = start.get("places"), set(there)
    return places is not None and all((repr(frame), repr(path)) in stopped for frame, path in places)


def ending(forward: list[Any]) -> str:
    """How the way forward ended: ``end``, ``wraps``, ``trapped`` (nothing behind a suspected trap could be reached; nor before it, where
    the walk back ended in it) or ``no_end``."""
    last = forward[-1]
    if last["action"] == "resume":
        return "trapped"
    if last["changed"]["left"]:
        return "end"
    return "wraps" if circle_of(places_of(run_of(forward)), MOST) else "no_end"


# -- how it is done ----------------------------------------------------------------------------------------------------
async def _tab(tab: Tab, count: int, shift: bool, slow: bool) -> dict[str, Any]:
    held = len(tab.page.held)
    events: list[dict[str, Any]] = []
    if slow:
        for _ in range(count):
            await tab.page.press("Tab", shift=shift)
            await asyncio.sleep(PACE)
            events += await tab.take_events()
            if heard(events)["left"]:
                break
    else:
        await tab.show_ring(False)
        await tab.page.press(*["Tab"] * count, shift=shift)
        events = await tab.take_events()
        await tab.show_ring(True)
        if heard(events)["left"]:
            # A script may fetch the focus back.
            await asyncio.sleep(PACE)
            events += await tab.take_events()
    told = heard(events, tab.page.held[held:])
    return told if not shift else {**told, "stops": [{**stop, "el": _brief(stop["el"])} for stop in told["stops"]]}


def _brief(element: JSON) -> dict[str, JSON]:
    """An element on the way back, which the way forward has described."""
    return {name: element[name] for name in ("frame", "path", "tag", "id")}


async def _leave(tab: Tab, keys: list[str], press: JSON, shift: bool, count: int) -> dict[str, Any]:
    if press is not None:
        await tab.ask_of(press, "el.focus()")
        await tab.page.press("Enter")
    elif keys:
        await tab.page.press(*keys)
    await asyncio.sleep(PACE)
    await tab.take_events()
    return await _tab(tab, count, shift, True)


async def _resume(tab: Tab, inside: list[JSON], untried: list[JSON]) -> dict[str, Any]:
    """Go on behind a suspected trap; where that stands in a frame, behind the frame. ``untried`` is told to the rules only."""
    frame = inside[0]["frame"] if inside else []
    paths = [frame[0]] if frame else [element["path"] for element in inside]
    found = await tab.ask(f"{_RESUME}({json.dumps(paths)})")
    await asyncio.sleep(PACE)
    active = await tab.active()
    places = {place_of({"el": element}) for element in inside}
    return {"el": active if found is not None and active is not None and place_of({"el": active}) not in places else None}


def _by_frame(elements: list[JSON]) -> list[list[JSON]]:
    """Neighbours in one frame together, in their order."""
    parts: list[list[JSON]] = []
    for element in elements:
        if parts and parts[-1][0]["frame"] == element["frame"]:
            parts[-1].append(element)
        else:
            parts.append([element])
    return parts


async def _look(tab: Tab, elements: list[JSON]) -> dict[str, Any]:
    seen: list[bool | None] = []
    for part in _by_frame(elements):
        paths = json.dumps([element["path"] for element in part])
        seen += await tab.ask(f"{_LOOK}({paths})", tab.frame_at(part[0]["frame"]))
    return {"seen": seen}


async def _skip(tab: Tab, el: JSON) -> dict[str, Any]:
    await tab.ask_of(el, "el.focus()")
    await tab.page.press("Enter")
    await asyncio.sleep(PACE)
    await tab.take_events()
    await tab.page.press("Tab")
    await asyncio.sleep(PACE)
    after = await tab.active()
    found = None
    if after is not None and not after["frame"]:
        found = await tab.ask(f"{_SKIP}({json.dumps(el['path'])}, {json.dumps(after['path'])})")
    return {"next": after, **(found or {"passed": None, "behind": None})}


async def _covering(tab: Tab) -> dict[str, Any]:
    over = await tab.ask("__probe.covering()")
    if over is not None:
        over["el"]["frame"] = []
    return {"over": over}


async def _reload(tab: Tab) -> None:
    await tab.reload()
    await tab.record_events()


async def _focus(tab: Tab, el: JSON) -> dict[str, Any]:
    held = len(tab.page.held)
    took = await tab.ask_of(el, "(document.activeElement?.blur(), __probe.take(), el.focus(), [__probe.deepActive() === el])")
    await asyncio.sleep(WAIT / 1000)
    events = await tab.take_events()
    told = heard([{"kind": "key", "key": "Tab", "at": 0, "frame": []}, *events], tab.page.held[held:])
    return {"found": took is not None, "took": bool(took and took[0]), "active": await tab.active(), "happened": told["happened"]}


def heard(events: list[dict[str, Any]], held: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """Keys and focus changes as stops, one per key that moved the focus. The walk ends where the focus leaves the document, no frame
    has it, and no script fetches it back."""
    stops: list[dict[str, Any]] = []
    happened: list[dict[str, Any]] = []
    idle, moves = 0, 1
    left = returned = False

    def note(kind: str, detail: str, at: float, **more: JSON) -> None:
        if len(happened) < 100:
            happened.append({"kind": kind, "detail": detail[:500], "at": at, "after": len(stops) - 1, **more})

    notes = [row for row in held or () if row["at"] is not None and row["kind"] in ("popup", "ask", "print")]
    rows = sorted([*events, *({"kind": row["kind"], "at": row["at"], "url": row["detail"]} for row in notes)], key=lambda row: row["at"])
    for event in rows:
        kind = event["kind"]
        if kind == "key" and event["key"] == "Tab":
            idle = 0 if moves else idle + 1
            moves = 0
        elif kind == "focus" and event.get("el") and (event["el"]["tag"] not in ("body", "html") or event["frame"]):
            # The body of a frame takes the focus only where text is edited in it: a stop like any other.
            el, at = event["el"], event["at"]
            if left:
                left, returned = False, True
            if moves and stops and place_of(stops[-1]) != place_of({"el": el}):
                note("moved", json.dumps(_brief(el)), at, origin=stops[-1]["el"])
                stops[-1] = {"el": el, "at": at, "script": True}
            elif not moves or not stops:
                stops.append({"el": el, "at": at, "script": False})
            moves += 1
        elif kind == "leave" and not event["frame"] and event["active"] in _ENDED:
            left = True
        elif kind == "lost" and moves == 1 and stops and not left and event["path"] == stops[-1]["el"]["path"]:
            note("lost", "", event["at"])
        elif (kind == "navigate" and not event["hash"]) or kind in ("popup", "ask", "print"):
            note(kind, str(event["url"]), event["at"])
        elif kind == "submit":
            note("submit", "", event["at"])
    return {"stops": stops, "idle": idle, "left": left, "happened": happened, "returned": returned}


_DOES: dict[str, Callable[..., Awaitable[JSON]]] = {
    "tab": _tab, "leave": _leave, "resume": _resume, "look": _look, "skip": _skip, "focus": _focus, "covering": _covering,
    "reload": _reload,
}
