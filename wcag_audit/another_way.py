"""Whether keys can do what the mouse does with an element by way of something inside it or around it: pure, on the static tree."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import IntEnum

from wcag_audit.dom import Dom, Node

CLICKS = frozenset(("click", "mousedown", "mouseup", "pointerdown", "pointerup", "dblclick"))
KEYS = frozenset(("keydown", "keypress", "keyup"))
CONTROL_ROLES = frozenset((
    "button", "link", "checkbox", "radio", "switch", "tab", "menuitem", "menuitemcheckbox", "menuitemradio", "option", "treeitem",
    "combobox", "textbox", "searchbox", "slider", "spinbutton", "gridcell", "listbox",
))
#: Roles of what is worked with arrow keys as a whole.
COMPOSITES = frozenset(("tablist", "menu", "menubar", "tree", "grid", "treegrid", "radiogroup", "toolbar", "application", "feed"))
_PRESSED = frozenset(("button", "checkbox", "radio", "switch", "tab", "menuitem", "option"))


class Way(IntEnum):
    """How sure it is that there is another way."""

    NONE = 0
    PERHAPS = 1
    SURE = 2


def own_events(node: Node) -> frozenset[str]:
    """Kinds of events that the element itself listens to, in its markup or by script."""
    return frozenset((*node.listeners, *(name[2:] for name in node.attrs if name.startswith("on"))))


def nested(node: Node, dom: Dom, is_reached: Callable[[Node], bool]) -> Way:
    """What of that which keys reach stands around the element or inside it, and whether it does the same."""
    around = (_around(each, dom) for each in node.ancestors() if is_reached(each))
    return max((*around, *(_inside(each, dom) for each in node.elements() if is_reached(each))), default=Way.NONE)


def pressed_inside(node: Node, dom: Dom) -> Iterator[Node]:
    """The controls inside of which it is open whether they do the same."""
    return (each for each in node.elements() if each.tabbable and each.visible and _inside(each, dom) is Way.PERHAPS)


def _around(other: Node, dom: Dom) -> Way:
    """A control takes what is pressed in it for its own; a region that is reached only to be scrolled does not."""
    works = other.role in CONTROL_ROLES | COMPOSITES or own_events(other) & (CLICKS | KEYS)
    if works or other.tag in ("a", "button", "summary", "label"):
        return Way.SURE
    heard = dom.listeners_error is not None or any(own_events(each) & KEYS for each in other.ancestors())
    return Way.PERHAPS if heard else Way.NONE


def _inside(other: Node, dom: Dom) -> Way:
    """A key on a control is a click, which what holds it hears as well, unless the control keeps its clicks for itself."""
    keeps = dom.listeners_error is None and "click" in own_events(other)
    return Way.PERHAPS if keeps and other.role in _PRESSED else Way.SURE
