"""``operations``: what the mouse can do on the page, done with the mouse and with keys, and what came of it.

``start``: ``{"plan": [{"action", "reason", "args"}]}``, chosen from the static snapshot; nothing is done where it gives no reason.
In a second try, steps that another page has tried on the same component name that page (``carried``). Steps, by action:

``scroll`` (args ``el``, ``inside``: the first element in it that Tab reaches, or null): a scrolling region moved with keys
    ``{"found", "took": it or that element got the focus, "moved"}``
``submenu`` (args ``el``: what the pointer is moved over, ``links``: hidden links in it, ``controls``: what Tab reaches in it)
    ``{"found", "shown": the pointer shows the links, "by_key": the key that shows them too, or "", "tried": keys}``
``keys`` (args ``el``, ``keys``): a scripted control that takes the focus; keys, and where they do nothing a click
    ``{"found", "took", "keys": {key: effect}, "click": effect or null}``
``hover`` (args ``el``): short words and small pictures that take no focus, over which the pointer may show a text
    ``{"found", "shown": what it shows, as in an effect, or null where something lies over it}``
``mouse`` (args ``el``, ``ways``: keys that may do the same: ``[{"el": where the focus is, or null for nowhere, "key", "to": an item
    to which arrow keys lead from there, or null}]``; the key ``focus`` is none, the field only gets the focus; ``double``: it hears
    double clicks): something that listens to the mouse and takes no focus
    ``{"found", "click": effect or null where something lies over it}``
``ways`` (args as of ``mouse``; in a second try): the keys first, then the click
    ``{"found", "keys": [effect, one for each way], "click": effect or null}``
A second try of ``keys``, ``mouse`` and ``ways`` may have ``times``: for as long as something comes of it, it is clicked so often;
``"clicks"`` is how often something came of it.

An effect is ``{"changed": [{"path", "tag", "id", "text", "shown"}], "held": kinds of what was held back, "asked": the page sent for
something, "moved": the focus stands elsewhere}``; what changes by itself is left out. Controls whose words mean submit, pay, delete
or sign are left out.

Sources: success criterion 2.1.1; techniques G90, G202, SCR20, SCR35, F54; ACT rule 0ssw9k.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from functools import cache, partial
from importlib import resources
from itertools import islice, takewhile
from typing import Any
from urllib.parse import urldefrag

from wcag_audit.another_way import CLICKS, COMPOSITES, KEYS, Way, nested, own_events, pressed_inside
from wcag_audit.browser.port import BrowserError
from wcag_audit.components import elements_in
from wcag_audit.dom import Dom, Node
from wcag_audit.gather.probe import Action, Context, Done, Probe, Recording, Tab
from wcag_audit.model import JSON, bare, cut
from wcag_audit.phrases import phrases

#: At most so many of each, and so many alike.
SCROLLS, SUBMENUS, HOVERS, CONTROLS, ALIKE = 12, 8, 6, 20, 2
#: Seconds that the page gets after an action, and more where it asked its server for something.
PACE, ANSWER = 0.08, 0.4
#: Characters of what may still be a control; of a table row or card that shows the hand.
_LONG, _LONG_CARD = 150, 300
#: Pixels by which content has to be larger than its region, and a region at least high and wide.
_MORE, _REGION = 14, 30
#: Largest side of an icon, in CSS pixels.
_ICON = 100
#: Characters and height (CSS pixels) of the words that are hovered at the most, and characters of a text that they hide at least.
_WORDS, _TALL, _HELP = 80, 80.0, 20
#: How far around a control its field or the field before it may stand, and how many arrow keys may lead to an item.
_NEAR, _STEPS = 3, 4
#: How often it is looked whether all is gone that an earlier try left open.
_GOING = 6

_PRESSES = CLICKS - {"click"}
_HOVERS = frozenset(("mouseenter", "mouseover", "pointerenter", "pointerover"))
_ENTERED = frozenset(("text", "search", "tel", "number", "email", "url"))
_NATIVE = frozenset((
    "button", "input", "select", "textarea", "summary", "label", "option", "optgroup", "iframe", "object", "embed", "video", "audio",
    "details", "dialog", "canvas", "html", "body", "form", "main",
))
_TYPED = frozenset((
    "textbox", "searchbox", "combobox", "spinbutton", "slider", "scrollbar", "application", "listbox", "grid", "tree", "treegrid",
))
_ITEMS = frozenset(("tab", "menuitem", "menuitemcheckbox", "menuitemradio", "option", "treeitem", "radio", "gridcell", "row"))
_MENU_PARTS = frozenset(("li", "div", "nav", "ul", "td", "span", "dl", "dt", "dd"))
#: Native elements that take a click anywhere in them, and parts of a drawing.
_TAKES_CLICKS = frozenset(("label", "button", "summary", "a", "select", "option"))
_SHAPES = frozenset(("path", "g", "circle", "ellipse", "rect", "polygon", "polyline", "use", "text"))
_UNSEEN = frozenset(("script", "style", "template", "noscript", "dialog", "select", "datalist", "title", "desc"))
_EFFECTS = frozenset(("navigation", "popup", "dialog", "within-document", "download", "print"))


@cache
def _helper() -> str:
    return resources.files("wcag_audit.gather").joinpath("operations.js").read_text("utf-8")


# -- elements of the snapshot, as recordings name them -----------------------------------------------------------------
def place(node: Node) -> list[int | str]:
    """Indices among element children from the document element down; "s" enters a shadow root."""
    path: list[int | str] = []
    while (parent := node.parent) is not None:
        shadow = "sh" in node.raw
        twins = [child for child in parent.children if not child.is_text and ("sh" in child.raw) == shadow]
        path.insert(0, next(i for i, child in enumerate(twins) if child is node))
        if shadow:
            path.insert(0, "s")
        node = parent
    return path


def element(node: Node) -> dict[str, JSON]:
    """An element of the snapshot as a recording names it."""
    frames: list[JSON] = []
    owner = node.frame.owner
    while owner is not None:
        frames.insert(0, place(owner))
        owner = owner.frame.owner
    box = [node.box.x, node.box.y, node.box.width, node.box.height] if node.box is not None else [0, 0, 0, 0]
    return {
        "frame": frames, "path": place(node), "tag": node.tag, "id": node.get("id")[:100], "html": cut(node.html, 300),
        "box": box, "seen": node.visible, "text": cut(node.name or node.text, 80),
    }


# -- what there is to try ----------------------------------------------------------------------------------------------
def label_of(node: Node) -> str:
    own = node.name or node.visible_text or node.get("aria-label")
    return (own or " ".join(child.name for child in node.elements() if child.name) or node.get("title")).strip()


def harmless(node: Node) -> bool:
    words = f"{label_of(node)} {node.get('title')} {node.get('value')}"
    return not phrases("dangerous").found_in(words)


def heard(node: Node) -> frozenset[str]:
    """Kinds of events that something at or around the element listens to, in its markup or by script."""
    return frozenset(kind for each in (node, *node.ancestors()) for kind in own_events(each))


def is_native(node: Node) -> bool:
    return node.tag in _NATIVE or (node.tag in ("a", "area") and (node.has("href") or node.has("xlink:href")))


def few_alike(nodes: Iterator[Node]) -> Iterator[Node]:
    """The first of each kind: rows of one table and cards of one list are built alike."""
    count: dict[str, int] = {}
    for node in nodes:
        count[node.path] = count.get(node.path, 0) + 1
        if count[node.path] <= ALIKE:
            yield node


def scrolling(dom: Dom) -> Iterator[Node]:
    """Visible regions whose content is larger than they are and can be scrolled."""
    for node in dom.elements:
        size = node.raw.get("scroll")
        if size is None or not node.visible or node.tag in ("html", "body", "textarea", "select", "input"):
            continue
        across, down = (str(node.style.get("ov", "")) + " visible").split()[:2]
        width, height, own_width, own_height = size
        moves = (across in ("auto", "scroll") and width > own_width + _MORE) or (down in ("auto", "scroll") and height > own_height + _MORE)
        if moves and min(own_width, own_height) >= _REGION and (node.visible_text or any(True for _ in node.elements("img", "svg"))):
            yield node


def hover_candidates(dom: Dom) -> Iterator[tuple[Node, list[Node], list[Node]]]:
    """Visible parts with hidden links that lead where no other reachable link does: the part, its links, and what Tab reaches in it."""
    open_addresses = {address(node) for node in dom.all("a") if node.visible and node.tabbable}
    parts: dict[int, tuple[Node, list[Node]]] = {}
    for link in dom.all("a"):
        if link.visible or not link.has("href") or not (link.name or link.text) or address(link) in open_addresses or not address(link):
            continue
        root = link
        while root.parent is not None and not root.parent.visible:
            root = root.parent
        part = root.parent
        if part is None or part.tag not in _MENU_PARTS or root.tag in ("dialog", "template", "noscript"):
            continue
        parts.setdefault(part.index, (part, []))[1].append(link)
    for part, links in parts.values():
        inside = {link.index for link in links}
        controls = [node for node in (part, *part.elements()) if node.tabbable and node.visible and node.index not in inside]
        yield part, links, controls


def address(link: Node) -> str:
    """Where a link leads; of one that leads to its script or nowhere yet, its name; empty for a place on its own page."""
    target = str(link.state.get("href", ""))
    if target.startswith("javascript:") or link.get("href").strip() in ("", "#"):
        return bare(link.name or link.text)
    return target if urldefrag(target)[0] != urldefrag(link.frame.url)[0] or "#/" in target else ""


def scripted_stops(dom: Dom) -> Iterator[Node]:
    """Controls made by script that Tab reaches, and native buttons that hear the mouse's buttons only."""
    for node in dom.elements:
        if not (node.tabbable and node.visible) or node.state.get("disabled") or node.get("aria-disabled") == "true" or not harmless(node):
            continue
        if node.out_of_use:
            continue
        if node.tag == "button":
            if set(node.listeners) & _PRESSES and not heard(node) & {"click", "submit", *KEYS}:
                yield node
        elif not is_native(node) and node.role not in _TYPED and is_small_control(node) and heard(node) & CLICKS:
            yield node


def is_small_control(node: Node) -> bool:
    """Something with a name of its own, in which nothing is typed and nothing else takes the focus."""
    if node.get("contenteditable", "false") != "false" or not label_of(node) or len(node.visible_text) > _LONG:
        return False
    return not any(child.tabbable for child in node.elements())


def mouse_only(dom: Dom) -> Iterator[Node]:
    """What shows the hand or listens to clicks, takes no focus, and has no twin that does; a bare word names no twin."""
    names = {name for node in dom.elements if node.tabbable and node.visible and (name := bare(label_of(node)))}
    names = {name for name in names if not phrases("generic_links").is_one(name)}
    for node in dom.elements:
        if node.tabbable or not node.visible or node.has("onclick") or node.state.get("disabled") or node.get("aria-disabled") == "true":
            continue
        drawn = node.tag == "canvas" and node.style.get("cur") == "pointer"
        if is_native(node) and not drawn:
            continue
        hand = node.style.get("cur") == "pointer" and (node.parent is None or node.parent.style.get("cur") != "pointer")
        own = bool(set(node.listeners) & CLICKS)
        if not own and not (hand and heard(node) & CLICKS):
            continue
        label = label_of(node)
        pictured = drawn or any(child.tag in ("img", "svg", "i") for child in (node, *node.elements()))
        if not any(c.isalnum() for c in label) and not pictured and not (own and hand and is_drawn(node)):
            continue
        if len(node.visible_text) > (_LONG_CARD if hand else _LONG) or (label and bare(label) in names) or not harmless(node):
            continue
        if not any(c.isalnum() for c in label) and is_in_a_composite(node):
            continue
        native = any(each.tag in _TAKES_CLICKS and is_native(each) for each in (node, *node.ancestors()))
        if native or beside_a_field(node):
            continue
        if nested(node, dom, lambda other: other.tabbable) is Way.SURE or node.out_of_use:
            continue
        yield node


def is_drawn(node: Node) -> bool:
    """A sign, an icon made of boxes (three bars), or a part of a drawing: it shows something without words or pictures."""
    small = node.box is not None and max(node.box.width, node.box.height) <= _ICON
    return small or (node.tag in _SHAPES and node.box is not None)


def is_in_a_composite(node: Node) -> bool:
    """A sign in a tree or menu with a stop of its own: the arrow keys of its items do what it does."""
    whole = node.closest_role(*COMPOSITES)
    return whole is not None and bool(heard(node) & KEYS) and any(each.tabbable for each in whole.elements())


def ways_by_key(node: Node, dom: Dom) -> Iterator[dict[str, JSON]]:
    """Keys that may do what a click on it does, and where: the arrows that lead to it from another item of its tab list or menu, those
    of the field that it is a part of, Enter in the field right before it, a press of what it holds, of the link or button beside a sign
    without words, and the keys that a page hears wherever the focus stands."""

    def way(other: Node | None, key: str, to: Node | None = None) -> dict[str, JSON]:
        return {"el": None if other is None else element(other), "key": key, "to": None if to is None else element(to)}

    item = item_of(node)
    stop = other_item(item) if item is not None else None
    if item is not None and stop is not None:
        yield way(stop, _press_of(item), item)
    part = field_around(node)
    if part is not None:
        yield from (way(part, key) for key in ("focus", "ArrowUp", "ArrowDown"))
    field = field_before(node, dom)
    if field is not None:
        yield way(field, "Enter")
    for inside in islice(filter(harmless, pressed_inside(node, dom)), ALIKE):
        yield way(inside, _press_of(inside))
    if not any(c.isalnum() for c in label_of(node)):
        yield from (way(other, "Enter") for other in beside(node) if is_pressed(other))
    if node.frame.owner is None and any(own_events(each) & KEYS for each in dom.all("html", "body")):
        yield from (way(None, key) for key in ("Escape", "ArrowRight", "ArrowLeft"))


def _press_of(control: Node) -> str:
    return " " if control.role in ("checkbox", "radio", "switch") else "Enter"


def beside(node: Node) -> list[Node]:
    """The elements right before and right behind it."""
    row = [each for each in node.parent.children if not each.is_text] if node.parent is not None else [node]
    at = next(i for i, each in enumerate(row) if each is node)
    return [*row[max(at - 1, 0) : at], *row[at + 1 : at + 2]]


def is_pressed(node: Node) -> bool:
    """A link or button that may be pressed and sends no form."""
    sends = node.tag in ("button", "input") and node.get("type") != "button" and node.closest("form") is not None
    return node.tabbable and node.visible and node.role in ("button", "link") and harmless(node) and not sends


def item_of(node: Node) -> Node | None:
    """The item of a composite that it is, or that it is drawn around."""
    return next((each for each in (node, *node.elements()) if each.role in _ITEMS and each.focusable), None)


def other_item(item: Node) -> Node | None:
    """The item of the same composite that Tab reaches, where it is one that hands the focus on with arrow keys."""
    whole = item.closest_role(*COMPOSITES)
    return next((each for each in whole.elements() if each.role in _ITEMS and each.tabbable and each.visible), None) if whole else None


def field_around(node: Node) -> Node | None:
    """The field that it is drawn in or at, and that is the only stop there: of a date, a number, a list to choose from."""
    for around in takewhile(lambda each: each.tag != "body", islice(node.ancestors(), _NEAR)):
        stops = [each for each in around.elements() if each.tabbable and each.visible]
        if stops:
            return stops[0] if len(stops) == 1 and stops[0].role in _TYPED else None
    return None


def field_before(node: Node, dom: Dom) -> Node | None:
    """The text field to which Tab comes last before it, near by; none of a form that would send more than a question."""
    field = next((each for each in reversed(dom.tabbable) if each.index < node.index), None)
    if field is None or not field.visible or field.tag != "input" or field.state.get("type") not in _ENTERED:
        return None
    form = field.closest("form")
    if form is not None and (form.get("method", "get").lower() != "get" or not form.contains(node)):
        return None
    around = takewhile(lambda each: each.tag != "body", islice(node.ancestors(), _NEAR))
    return field if any(each.contains(field) for each in around) else None


def helps(dom: Dom) -> Iterator[Node]:
    """Short words and small pictures, out of the keyboard's reach, that hear the pointer come, or words that hold a text not shown."""
    for node in dom.elements:
        if not node.visible or is_native(node):
            continue
        hears = bool(own_events(node) & _HOVERS)
        if not hears and (not any(map(is_hidden_text, node.children)) or heard(node) & {"click"}):
            continue
        small = node.box is not None and node.box.height <= _TALL and (0 if hears else 1) <= len(node.visible_text) <= _WORDS
        # What holds links is a menu, which is tried as such.
        if not small or any(True for _ in node.elements("a", "button", "input", "select")):
            continue
        if node.closest("label", "a", "button") is not None or node.out_of_use:
            continue
        if not any(each.tabbable for each in (node, *node.ancestors(), *node.elements())):
            yield node


def is_hidden_text(node: Node) -> bool:
    """A text of some length that nobody sees or hears for now, without links."""
    if node.is_text or node.tag in _UNSEEN or (node.exposed and node.style.get("op", 1) >= 0.02):
        return False
    return len(node.text) >= _HELP and not any(True for _ in node.elements("a", "button", "input"))


def beside_a_field(node: Node) -> bool:
    """Whether it stands with a field in which the same can be typed or chosen, or alone and without words in what stands with a field
    of plain text; what shows a password cannot be typed."""
    parent = node.parent
    if any(field.tabbable and field.state.get("type") != "password" for field in _fields_of(parent)):
        return True
    alone = parent is not None and not parent.text and sum(not each.is_text for each in parent.children) == 1
    return alone and parent is not None and any(map(_is_typed, _fields_of(parent.parent)))


def _fields_of(around: Node | None) -> list[Node]:
    return [each for each in around.children if each.tag in ("input", "select", "textarea")] if around is not None else []


def _is_typed(field: Node) -> bool:
    return field.tabbable and field.state.get("type") in _ENTERED and not (field.has("role") or field.state.get("readonly"))


def plan(dom: Dom) -> list[dict[str, JSON]]:
    """Everything to try, what changes the page least first."""
    found: list[dict[str, JSON]] = []
    tabs: list[dict[str, JSON]] = []

    def add(action: str, node: Node, **args: JSON) -> None:
        # A tab hides what others would have to be tried on.
        item = item_of(node)
        row = tabs if item is not None and item.role == "tab" else found
        row.append({"action": action, "reason": action, "args": {"el": element(node), **args}})

    for node in [*few_alike(scrolling(dom))][:SCROLLS]:
        inside = next((child for child in (node, *node.elements()) if child.tabbable), None)
        add("scroll", node, inside=element(inside) if inside is not None else None)
    for part, links, controls in [*hover_candidates(dom)][:SUBMENUS]:
        add("submenu", part, links=[element(link) for link in links[:3]], controls=[element(control) for control in controls[:3]])
    for node in [*few_alike(helps(dom))][:HOVERS]:
        add("hover", node)
    for node in [*few_alike(scripted_stops(dom))][:CONTROLS]:
        keys: JSON = ["Enter", " ", *(("ArrowDown", "ArrowRight") if node.role in _ITEMS else ())]
        add("keys", node, keys=keys)
    for node in [*few_alike(mouse_only(dom))][:CONTROLS]:
        add("mouse", node, ways=[*ways_by_key(node, dom)], double="dblclick" in own_events(node) and not heard(node) & {"click"})
    return [*found, *tabs]


class Operations(Probe):
    name = "operations"
    version = 2
    time_box = 20.0
    independent = True

    def idle(self, context: Context) -> JSON | None:
        return {"plan": []} if not context.again and context.chosen(plan) == [] else None

    def acts_on(self, context: Context) -> list[Node] | None:
        return elements_in(context.tree, context.chosen(plan)) if context.tree is not None else None

    async def begin(self, tab: Tab, context: Context) -> JSON:
        planned = (context.chosen(plan) or []) if not context.again else []
        todo = [*context.again, *planned]
        if todo:
            for frame in tab.frames:
                try:
                    await tab.page.load_script("operations", _helper(), frame=frame)
                    await tab.ask("__operations.before()", frame)
                except BrowserError:
                    continue
        return {"plan": todo}

    def next(self, recording: Recording) -> Action | Done:
        todo = recording.start["plan"]
        done = len(recording.steps)
        return Action(**todo[done]) if done < len(todo) else Done(reason="end" if todo else "nothing_to_try")

    async def perform(self, tab: Tab, action: Action) -> JSON:
        args = action.args
        try:
            if await tab.ask_of(args["el"], "1") is None:
                return {"found": False}
        except BrowserError:
            return {"found": False}
        return {"found": True, **await _DOES[action.action](tab, **args)}


# -- how it is done ----------------------------------------------------------------------------------------------------
async def _scroll(tab: Tab, el: JSON, inside: JSON) -> dict[str, Any]:
    target = inside or el
    await tab.ask_of(el, "(el.scrollTop = 0, el.scrollLeft = 0, 1)")
    took = await tab.ask_of(target, "(el.focus({ preventScroll: true }), [__probe.deepActive() === el])")
    first = await tab.ask_of(el, "__operations.scrolled(el)")
    for key in ("ArrowDown", "ArrowRight", "PageDown", "End"):
        await tab.page.press(key)
        await asyncio.sleep(PACE)
        if await tab.ask_of(el, "__operations.scrolled(el)") != first:
            return {"took": bool(took and took[0]), "moved": True}
    return {"took": bool(took and took[0]), "moved": False}


async def _submenu(tab: Tab, el: JSON, links: list[JSON], controls: list[JSON]) -> dict[str, Any]:
    paths = json.dumps([link["path"] for link in links])
    frame = tab.frame_at(el["frame"])

    async def shown() -> bool:
        await asyncio.sleep(PACE)
        return bool(await tab.ask(f"__operations.anySeen({paths})", frame))

    at = await _point(tab, controls[0] if controls else el)
    if at is None:
        return {"shown": False, "by_key": "", "tried": []}
    await tab.page.hover(at["x"], at["y"])
    if not await shown():
        return {"shown": False, "by_key": "", "tried": []}
    await tab.page.hover(1, 1)
    if await shown():
        # It stays open once it was opened: a key that opens it could not be told.
        return {"shown": True, "by_key": "stays open", "tried": []}
    tried: list[str] = []
    for control in controls:
        await tab.ask_of(control, "(el.focus(), 1)")
        for key in ("focus", "ArrowDown", "Enter", " "):
            if key != "focus":
                await tab.page.press(key)
            tried.append(key)
            if await shown():
                return {"shown": True, "by_key": key, "tried": tried}
    return {"shown": True, "by_key": "", "tried": tried}


async def _keys(tab: Tab, el: JSON, keys: list[str], times: int = 1) -> dict[str, Any]:
    took = await tab.ask_of(el, "(el.focus(), [__probe.deepActive() === el])")
    effects: dict[str, Any] = {}
    if took and took[0]:
        # What the focus alone changes is not the key's doing.
        await asyncio.sleep(PACE)
        for key in keys:
            effects[key] = await _effect(tab, el, partial(tab.page.press, key))
            if worked(effects[key]):
                return {"took": True, "keys": effects, "click": None}
    return {"took": bool(took and took[0]), "keys": effects, **await _clicks(tab, el, times)}


async def _mouse(tab: Tab, el: JSON, ways: JSON, double: bool, times: int = 1) -> dict[str, Any]:
    await _leave(tab)
    return await _clicks(tab, el, times, double)


async def _clicks(tab: Tab, el: JSON, times: int, double: bool = False) -> dict[str, Any]:
    """The first click's effect, and of how many clicks in a row something came."""
    first = effect = await _click(tab, el, double)
    count = 0
    while effect is not None and worked(effect):
        count += 1
        if count >= times:
            break
        effect = await _click(tab, el, double)
    return {"click": first, "clicks": count}


async def _ways(tab: Tab, el: JSON, ways: list[JSON], double: bool, times: int = 1) -> dict[str, Any]:
    effects = []
    for way in ways:
        await tab.ask("(document.activeElement && document.activeElement.blur(), 1)")
        act = partial(tab.page.press, way["key"])
        if way["to"] is not None:
            act = partial(_to_the_item, tab, way)
        elif way["key"] == "focus":
            act = partial(_focus, tab, way["el"])
        elif way["el"] is not None:
            await _focus(tab, way["el"])
        await asyncio.sleep(PACE)
        effects.append(await _effect(tab, way["el"] or el, act))
    return {"keys": effects, **await _clicks(tab, el, times, double)}


async def _focus(tab: Tab, el: JSON) -> None:
    await tab.ask_of(el, "(el.focus(), 1)")


async def _to_the_item(tab: Tab, way: JSON) -> None:
    """From one item of a composite to another with arrow keys, and the key that presses it there."""
    for key in ("ArrowRight", "ArrowDown"):
        await _focus(tab, way["el"])
        for _ in range(_STEPS):
            await tab.page.press(key)
            await asyncio.sleep(PACE)
            if await tab.ask_of(way["to"], "__probe.deepActive() === el"):
                await tab.page.press(way["key"])
                return


async def _leave(tab: Tab) -> None:
    """What an earlier try left open goes, as it does when people press beside it; what goes slowly is waited for."""
    await tab.ask("__operations.before()")
    await tab.ask("__operations.leave()")
    for _ in range(_GOING):
        await asyncio.sleep(PACE)
        if not await tab.ask("__operations.after()"):
            return


async def _hover(tab: Tab, el: JSON) -> dict[str, Any]:
    at = await _point(tab, el)
    if at is None:
        return {"shown": None}
    await tab.page.hover(1, 1)
    effect = await _effect(tab, el, partial(tab.page.hover, at["x"], at["y"]))
    await tab.page.hover(1, 1)
    return {"shown": [one for one in effect["changed"] if one["shown"]]}


def worked(effect: JSON) -> bool:
    """Whether anything came of an action."""
    return bool(effect["changed"] or effect["held"] or effect["moved"] or effect["asked"])


async def _point(tab: Tab, el: JSON) -> dict[str, Any] | None:
    """Where to move the pointer, in the viewport of the page; None where something lies over the element, or over its frame there."""
    at: dict[str, Any] | None = await tab.ask_of(el, "__operations.point(el)")
    place = el["frame"]
    while place and at is not None and at["hit"]:
        owner = {"frame": place[:-1], "path": place[-1]}
        at = await tab.ask_of(owner, f"__operations.pointIn(el, {at['x']}, {at['y']})")
        place = place[:-1]
    return at if at is not None and at["hit"] else None


async def _at_rest(tab: Tab, el: JSON) -> dict[str, Any] | None:
    """The point once it moves no more: a key may have set off scrolling."""
    at = await _point(tab, el)
    for _ in range(5):
        await asyncio.sleep(PACE)
        before, at = at, await _point(tab, el)
        if at == before:
            break
    return at


async def _click(tab: Tab, el: JSON, double: bool = False) -> dict[str, Any] | None:
    at = await _at_rest(tab, el)
    if at is None:
        await tab.page.press("Escape")
        at = await _at_rest(tab, el)
    if at is None:
        return None
    # What changes under the pointer, or by itself, is not the click's doing.
    await tab.ask("__operations.before()", tab.frame_at(el["frame"]))
    await tab.page.hover(at["x"], at["y"])
    await asyncio.sleep(PACE)
    return await _effect(tab, el, partial(tab.page.click, at["x"], at["y"], double=double))


async def _effect(tab: Tab, el: JSON, act: Callable[[], Awaitable[None]]) -> dict[str, Any]:
    """Do something and tell what came of it in the element's document, and what was held back."""
    frame = tab.frame_at(el["frame"])
    await tab.ask("__operations.before()", frame)
    held, asked = len(tab.page.held), len(tab.page.requests)
    await act()
    await asyncio.sleep(PACE)
    if len(tab.page.requests) > asked:
        await asyncio.sleep(ANSWER)
    changed = await tab.ask("__operations.after()", frame)
    active = await tab.active()
    return {
        "changed": changed,
        "held": sorted({note["kind"] for note in tab.page.held[held:]} & _EFFECTS),
        "asked": len(tab.page.requests) > asked,
        "moved": active is not None and [active["frame"], active["path"]] != [el["frame"], el["path"]],
    }


_DOES: dict[str, Callable[..., Awaitable[dict[str, Any]]]] = {
    "scroll": _scroll, "submenu": _submenu, "hover": _hover, "keys": _keys, "mouse": _mouse, "ways": _ways,
}
