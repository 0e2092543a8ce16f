"""``states``: controls that expand, check, select or open something, operated by keys; dialogs gone into and closed again.

Of controls alike only some are operated; dangerous words are never pressed, and no request of a script leaves the browser. Where a
press shows much that is new, or anything on a page with few controls, the page is gathered again in that state, as artifact ``state_1``
and so on::

    {"action": "press", "key", "control": element, "shown": [elements], "dom": as artifact dom, "axe": as artifact axe, of what was shown}

``start``: ``{"controls": [{"el", "kind": expand | check | select | open, "role", "alike": how many more are like it,
"shared": 1 where it stands in a header, menu or footer}], "left_out": controls
beyond the bound, "unsafe": controls whose words are dangerous, "again": a second try of what a rule asked for}``.
Steps, by action:

``press`` (args ``index``, ``key``, ``frame`` and ``path`` of the control)
    ``{"before": {"state": {attribute: value}, "near": states told around it, "name", "label": a name in the place of its words, or
    null, "words": what is seen in it, "look": its look as a number}, "after": the same and "there": it is still seen, "quiet": nothing
    at all changed, "shown": [{"el", "text", "content": controls, pictures and tables in it without plain links of menus, "buttons": their
    words, "hands": words of what only a mouse can press, "dialog", "modal", "fixed", "floats": over the middle of the window, "live",
    "role", "focusable", "controlled": named by its aria-controls, "distance": Tab stops between}], "veils": what was shown, with its
    layers without words, lies over nearly all of the window, "hidden": [{"path", "tag", "id", "text"}], "active": {"el", "inside":
    index into shown or -1, "opener"}, "held": [kinds]}``;
    null where the control was not there any more or took no focus. A second press of the same control tells the way back.
``gather`` (args ``index``, ``number``, ``key``, ``control``, ``shown``; in the page itself, not in its frames)
    ``{"artifact": name}`` or ``{"error"}``.
``walk`` (args ``index``, ``count``)
    ``{"stops": [{"el", "inside", "opener", "covered": it lies behind what was shown}], "left": the focus left the document, "entered":
    the stop that Tab comes to after that, or null, "stands": what was shown is still seen}``
``close`` (args ``index``, ``by``: "Escape", "button", "opener" (pressed again) or "mouse", ``frame``, ``key`` and ``path`` of the opener)
    ``{"closed", "pressed": words of the button, "inside": the focus was in it before, "active": as above or null, "next": the stop
    that Tab leads to then, or null, "rest": Tab stops after the control}``
``reload`` (args ``index``)
    the page opened again, because what was shown did not close.

Sources: success criteria 2.4.3, 4.1.2; failures F79, F85; techniques H102, SCR26.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

from wcag_audit.browser.port import BrowserError
from wcag_audit.components import elements_in
from wcag_audit.dom import Dom, Node
from wcag_audit.gather import axe, dom
from wcag_audit.gather.probe import Action, Context, Done, Probe, Recording, Tab
from wcag_audit.model import JSON
from wcag_audit.phrases import closes, phrases
from wcag_audit.recorded import place_of

#: Controls operated on one page, in all and of each kind.
MOST, MOST_OF_KIND = 24, {"expand": 12, "select": 8, "check": 8, "open": 8}
#: How many of a row of controls alike are operated.
ALIKE = 1
#: Words from which on a text with a question mark is a question and no command.
_QUESTION = 3
#: States gathered on one page, and how many controls, pictures, tables and frames must be new in one where there may be more states.
STATES, SUBSTANTIAL = 4, 3
#: Landmarks that stand on every page.
_SHARED = ("banner", "navigation", "contentinfo")
#: Tab stops looked at in an open dialog, and times that the page is opened again.
WALK, RELOADS = 5, 3
#: Page time that a press is given to show its effect, in milliseconds, the real seconds for it at the most, and the animation frames
#: that a script which waits for them is given: they come in real time.
_FOLLOWS_MS, _LIMIT, _FRAMES = 500, 1.5, 6

_CHECKED = frozenset(("checkbox", "switch", "menuitemcheckbox", "menuitemradio", "radio"))
_SELECTED = frozenset(("tab", "option", "treeitem"))
_BUTTONS = frozenset(("button", "link"))
#: Fields of their own kind keep the focus in the input and are theirs to judge.
_FIELDS = frozenset(("input", "select", "textarea", "option", "video", "audio", "iframe"))


class States(Probe):
    name = "states"
    version = 4
    time_box = 20.0
    needs_real_time = False
    silent = True

    def idle(self, context: Context) -> JSON | None:
        start = context.chosen(choose)
        return None if start is None or start["controls"] else start

    def acts_on(self, context: Context) -> list[Node] | None:
        return elements_in(context.tree, context.chosen(choose)) if context.tree is not None else None

    async def begin(self, tab: Tab, context: Context) -> JSON:
        await _load(tab)
        start = context.chosen(choose) or _start([], 0, 0)
        if not context.again:
            return start
        wanted = [{key: control["el"][key] for key in ("frame", "path")} for control in start["controls"]]
        chosen = [control for control, place in zip(start["controls"], wanted, strict=True) if place in context.again]
        return {**start, "controls": chosen, "again": True}

    def next(self, recording: Recording) -> Action | Done:
        controls = recording.start["controls"]
        index = max((int(step["args"]["index"]) for step in recording.steps), default=0)
        while index < len(controls):
            own = [step for step in recording.steps if step["args"]["index"] == index]
            if (action := _next_for(index, controls[index], own, recording)) is not None:
                return action
            index += 1
        return Done(reason="all_operated" if controls else "nothing_to_operate")

    async def perform(self, tab: Tab, action: Action) -> JSON:
        args = action.args
        if action.action == "press":
            return await _press(tab, args)
        if action.action == "walk":
            return await _walk(tab, args)
        if action.action == "close":
            return await _close(tab, args)
        if action.action == "gather":
            return await _gather(tab, args)
        await tab.reload()
        tab.page.keep_silent()
        await _load(tab)
        return {}


def _next_for(index: int, control: JSON, own: list[Any], recording: Recording) -> Action | None:
    """What comes next for one control, after its own steps; None where it is done."""
    presses = [step for step in own if step["action"] == "press"]
    key = " " if control["kind"] == "check" else "Enter"
    if not presses:
        return _pressing(index, control, key, f"does_it_{control['kind']}")
    first, last = presses[0]["changed"], own[-1]
    if first is None or last["changed"] is None or last["action"] == "reload":
        return None
    opened = dialog_of(first["after"])
    if first["after"]["quiet"]:
        return _pressing(index, control, " ", "other_key") if len(presses) == 1 and key == "Enter" and control["role"] != "link" else None
    if control["kind"] != "check" and substantial(first["after"], control, recording) and _may_gather(control, own, recording):
        return _gathering(index, control, presses[0], recording)
    if opened is None:
        toggles = control["kind"] != "select" and control["role"] not in ("radio", "menuitemradio")
        moves = first["after"]["shown"] or first["after"]["hidden"] or any(
            first["after"][part] != first["before"][part] for part in ("look", "words")
        )
        if len(presses) == 1 and toggles and moves and first["after"]["there"]:
            return _pressing(index, control, str(presses[0]["args"]["key"]), "and_back")
        return None
    return _next_for_dialog(index, control, own, presses, recording)


def _next_for_dialog(index: int, control: JSON, own: list[Any], presses: list[Any], recording: Recording) -> Action | None:
    """Go through it, close it with Esc, open it again and close it by its button; where it stays, the page is opened again."""
    place = {"index": index, "frame": control["el"]["frame"]}
    if not any(step["action"] == "walk" for step in own):
        return Action(action="walk", reason="is_focus_inside", args={**place, "count": WALK})
    closings = [step for step in own if step["action"] == "close"]
    if not closings:
        return Action(action="close", reason="escape_closes", args={**place, "by": "Escape"})
    if own[-1]["action"] == "press":
        again = presses[-1]["changed"]["after"]
        return Action(action="close", reason="its_button_closes", args={**place, "by": "button"}) if dialog_of(again) is not None else None
    if not closings[-1]["changed"]["closed"]:
        if closings[-1]["args"]["by"] == "Escape":
            return Action(action="close", reason="its_button_closes", args={**place, "by": "button"})
        if (by := _other_way(closings, presses[0]["changed"]["after"])) and not control["el"]["frame"]:
            opener = {"key": presses[0]["args"]["key"], "path": control["el"]["path"]}
            return Action(action="close", reason="what_else_closes", args={**place, "by": by, **opener})
        reloads = sum(step["action"] == "reload" for step in recording.steps)
        return Action(action="reload", reason="it_stays_open", args={"index": index}) if reloads < RELOADS else None
    if closings[-1]["args"]["by"] == "Escape":
        return _pressing(index, control, str(presses[-1]["args"]["key"]), "open_once_more")
    return None


def _other_way(closings: list[Any], after: JSON) -> str:
    """Where no key has closed it and something that only a mouse can press says that it would: the control pressed again, then that."""
    if any(step["changed"]["closed"] for step in closings) or not any(_closes_by_hand(root) for root in after["shown"]):
        return ""
    tried = [step["args"]["by"] for step in closings]
    return next((by for by in ("opener", "mouse") if by not in tried), "")


def _closes_by_hand(root: JSON) -> bool:
    return any(closes(words) or words.strip() in ("x", "X") for words in root.get("hands", ()))


def _pressing(index: int, control: JSON, key: str, reason: str) -> Action:
    place = {"frame": control["el"]["frame"], "path": control["el"]["path"]}
    return Action(action="press", reason=reason, args={"index": index, "key": key, **place})


def _may_gather(control: JSON, own: list[Any], recording: Recording) -> bool:
    gathered = sum(step["action"] == "gather" for step in recording.steps)
    free = gathered < STATES and not recording.start["again"] and not any(step["action"] == "gather" for step in own)
    return free and not control["el"]["frame"]


def _gathering(index: int, control: JSON, press: JSON, recording: Recording) -> Action:
    number = 1 + sum(step["action"] == "gather" for step in recording.steps)
    shown = [root["el"] for root in press["changed"]["after"]["shown"]]
    args = {"index": index, "number": number, "key": press["args"]["key"], "control": control["el"], "shown": shown}
    return Action(action="gather", reason="much_is_new", args=args)


def dialog_of(after: JSON) -> JSON | None:
    """What a press showed as a dialog: told so, or a layer over the page that the focus went into or that closes by a button."""
    shown = after.get("shown", [])
    return next((root for root in shown if root["dialog"]), None) or next(
        (root for root in shown if root["fixed"] and not root["controlled"] and _can_be_closed(root)), None
    )


def _can_be_closed(root: JSON) -> bool:
    return any(closes(words) for words in root["buttons"]) or _closes_by_hand(root)


def substantial(after: JSON, control: JSON, recording: Recording) -> bool:
    """Whether enough came into view to look at the page again: one thing, where every control of the page's own can have its state
    gathered. What a header shows would be gathered on every page."""
    own = sum(not other["shared"] for other in recording.start["controls"])
    least = SUBSTANTIAL if control["shared"] or own > STATES else 1
    return sum(int(root["content"]) for root in after.get("shown", [])) >= least


# -- which controls ----------------------------------------------------------------------------------------------------------
def choose(tree: Dom) -> dict[str, Any]:
    """The controls to operate, by the static snapshot alone: those that tell a state first, of controls alike the first harmless."""
    groups: dict[tuple[str, str, int], list[Node]] = {}
    unsafe = 0
    for node, kind in _candidates(tree):
        if not harmless(node):
            unsafe += 1
            continue
        row = _row_of(node) if kind in ("select", "check") else None
        groups.setdefault((kind, f"{node.role} {node.path}", -1 if row is None else row.index), []).append(node)
    chosen: list[dict[str, Any]] = []
    left_out = 0
    for kind, most in MOST_OF_KIND.items():
        own = [(nodes, _first_of(nodes)) for (what, *_), nodes in groups.items() if what == kind]
        room = max(0, min(most, MOST - len(chosen)))
        left_out += len(own[room:])
        for nodes, first in own[:room]:
            for node in first[:ALIKE]:
                shared = int(node.closest_role(*_SHARED) is not None)
                chosen.append({"el": place_of(node), "kind": kind, "role": node.role or "", "alike": len(nodes) - 1, "shared": shared})
    return _start(chosen, left_out, unsafe)


def _start(controls: list[dict[str, Any]], left_out: int, unsafe: int) -> dict[str, Any]:
    return {"controls": controls, "left_out": left_out, "unsafe": unsafe, "again": False}


def _first_of(nodes: list[Node]) -> list[Node]:
    """Of controls alike those first that are not chosen, checked or open already; of tabs that tell nothing the first seems chosen."""
    on = [any(node.get(state) == "true" for state in ("aria-selected", "aria-checked", "aria-expanded")) for node in nodes]
    if not any(on) and nodes[0].role == "tab":
        return [*nodes[1:], nodes[0]]
    return [node for _, node in sorted(zip(on, nodes, strict=True), key=lambda pair: pair[0])]


def _row_of(node: Node) -> Node | None:
    return node.closest_role("tablist", "radiogroup", "listbox", "tree", "menu", "group")


def _candidates(tree: Dom) -> Iterator[tuple[Node, str]]:
    for node in tree.elements:
        if node.focusable and node.visible and node.exposed and not node.state.get("disabled") and node.get("aria-disabled") != "true":
            kind = _kind(node)
            if kind:
                yield node, kind


def _kind(node: Node) -> str:
    """How a control is operated; empty where it is none of ours. Native fields tell their states by themselves."""
    if node.tag in _FIELDS or node.role in ("combobox", "textbox", "searchbox", "spinbutton", "slider") or _leads_away(node):
        return ""
    if node.role in _CHECKED or (node.has("aria-pressed") and node.role == "button"):
        return "check"
    if node.role in _SELECTED:
        return "select"
    if node.tag == "summary" or node.has("aria-expanded") or node.get("aria-haspopup", "false") not in ("false", ""):
        return "expand"
    if node.role in _BUTTONS and (node.tag != "a" or _goes_nowhere(node)) and not _submits(node):
        return "open"
    return ""


def _leads_away(node: Node) -> bool:
    link = node.tag in ("a", "area") and node.has("href") and node.role == "link"
    return link and not _goes_nowhere(node) and not node.has("aria-expanded")


def _goes_nowhere(node: Node) -> bool:
    """A link that scripts made into a button."""
    href = node.get("href").strip()
    return href in ("", "#") or (href.casefold().startswith("javascript:") and "dopostback" not in href.casefold())


def _submits(node: Node) -> bool:
    form = node.closest("form")
    return node.tag == "button" and form is not None and node.get("type", "submit").casefold() not in ("button", "menu")


def harmless(node: Node) -> bool:
    """Whether a control's words promise that a press sends, pays, signs or deletes nothing."""
    words = " ".join((node.name, node.text, node.get("value"), node.get("title"), node.get("onclick")))
    if not phrases("dangerous").found_in(words) or _asks(node):
        return True
    rest = words
    for phrase in sorted(phrases("first_step").phrases, key=len, reverse=True):
        rest = rest.casefold().replace(phrase, " ")
    return node.closest("form") is None and not phrases("dangerous").found_in(rest)


def _asks(node: Node) -> bool:
    """A question that unfolds its answer: the words are no command."""
    asks = node.text.rstrip().endswith("?") and node.closest("form") is None
    return asks and (node.tag == "summary" or node.has("aria-expanded") or len(node.text.split()) >= _QUESTION)


# -- what is done ------------------------------------------------------------------------------------------------------------
@cache
def _helper() -> str:
    return resources.files("wcag_audit.gather").joinpath("states.js").read_text("utf-8")


async def _load(tab: Tab) -> None:
    for frame in tab.frames:
        try:
            await tab.page.load_script("states", _helper(), frame=frame)
        except BrowserError:
            continue


async def _follow(tab: Tab, frame: str) -> None:
    await tab.page.advance(_FOLLOWS_MS, _LIMIT)
    # Only in a new frame the browser takes the focus off what faded out.
    faded = await tab.ask("__states.finish()", frame)
    if await tab.page.follow_frames(frame, int(faded), _FRAMES, _LIMIT):
        await tab.page.advance(_FOLLOWS_MS, _LIMIT)


def _in_frame(told: JSON, frame: Any) -> JSON:
    """Elements that the helper told, with where their frame stands."""
    for root in told.get("shown", ()):
        root["el"]["frame"] = frame
    if told.get("active"):
        told["active"]["el"]["frame"] = frame
    return told


async def _press(tab: Tab, args: JSON) -> JSON:
    try:
        frame = tab.frame_at(args["frame"])
        path = json.dumps(args["path"])
        before = await tab.ask(f"__states.hold({path})", frame)
        if before is None:
            return None
        since = len(tab.page.held)
        await tab.page.press(args["key"])
        await _follow(tab, frame)
        after = _in_frame(await tab.ask(f"__states.look({path})", frame), args["frame"])
    except BrowserError as error:
        if "crashed" in str(error):
            raise
        return None
    return {"before": before, "after": after, "held": [note["kind"] for note in tab.page.held[since:]][:10]}


async def _walk(tab: Tab, args: JSON) -> JSON:
    """Tab on from where the focus is while a dialog is open, looking after each stop."""
    frame = tab.frame_at(args["frame"])
    stops: list[Any] = []
    left, entered = False, None
    for _ in range(args["count"]):
        await tab.page.press("Tab")
        now = await tab.ask("__states.focusNow()", frame)
        if now is None:
            left = True
            # Past the last element lies the browser's own window; from there Tab comes in again at the top.
            await tab.page.press("Tab")
            if (entered := await tab.ask("__states.focusNow()", frame)) is not None:
                entered["el"]["frame"] = args["frame"]
            break
        now["el"]["frame"] = args["frame"]
        stops.append(now)
    return {"stops": stops, "left": left, "entered": entered, "stands": await tab.ask("__states.stands()", frame)}


async def _close(tab: Tab, args: JSON) -> JSON:
    frame = tab.frame_at(args["frame"])
    nothing = {"closed": False, "pressed": "", "inside": False, "active": None, "next": None, "rest": 0}
    pressed, inside = "", True
    if args["by"] == "Escape":
        inside = await tab.ask("__states.back()", frame)
        await tab.page.press("Escape")
    elif args["by"] == "opener":
        if not await tab.ask(f"__states.press({json.dumps(args['path'])})", frame):
            return nothing
        inside = False
        await tab.page.press(args["key"])
    elif args["by"] == "mouse":
        hand = next((one for one in await tab.ask("__states.hands()", frame) if _closes_by_hand({"hands": [one["words"]]})), None)
        if hand is None:
            return nothing
        pressed, inside = hand["words"], False
        await tab.page.click(hand["x"], hand["y"])
    else:
        closers = await tab.ask("__states.closers()", frame)
        button = next((one for one in closers if closes(one["words"])), None)
        if button is None or not await tab.ask(f"__states.press({json.dumps(button['path'])})", frame):
            return nothing
        pressed = button["words"] or "×"
        await tab.page.press("Enter")
    await _follow(tab, frame)
    told = await tab.ask("({stands: __states.stands(), now: __states.focusNow(), next: null, rest: __states.rest()})", frame)
    if not told["stands"] and told["now"] is None:
        await tab.page.press("Tab")
        told["next"] = await tab.ask("__states.focusNow()", frame)
    for key in ("now", "next"):
        if told[key]:
            told[key]["el"]["frame"] = args["frame"]
    focus = {"inside": inside, "active": told["now"], "next": told["next"], "rest": told["rest"]}
    return {"closed": not told["stands"], "pressed": pressed, **focus}


async def _gather(tab: Tab, args: JSON) -> JSON:
    name = f"state_{args['number']}"
    try:
        await tab.page.run_time()
        tree = await dom.record(tab.page)
        found = await axe.record(tab.page, tree, part="globalThis.__states ? __states.roots() : []")
    except BrowserError as error:
        return {"error": str(error)[:200]}
    finally:
        await tab.page.stop_time()
    state = {"action": "press", "key": args["key"], "control": args["control"], "shown": args["shown"]}
    tab.kept[name] = {**state, "dom": tree, "axe": found}
    return {"artifact": name}
