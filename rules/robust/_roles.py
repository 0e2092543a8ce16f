"""Which roles are those of controls, which tell nothing, and what hears that it is pressed."""

from __future__ import annotations

from wcag_audit.dom import Node

#: Roles of what is no control and tells nothing.
NEUTRAL = (None, "generic", "none", "presentation")
CONTROLS = frozenset(
    [
        "button", "link", "checkbox", "radio", "switch", "tab", "menuitem", "menuitemcheckbox", "menuitemradio", "option", "treeitem",
        "combobox", "textbox", "searchbox", "slider", "spinbutton", "gridcell", "listbox", "scrollbar", "application", "grid", "tree",
        "treegrid", "tablist", "menu", "menubar", "radiogroup", "toolbar", "columnheader", "rowheader",
    ]
)
_PRESS = frozenset(("click", "mousedown", "mouseup", "pointerdown", "pointerup"))


def listens_to_clicks(node: Node) -> bool:
    """Whether the element itself hears when it is pressed."""
    return bool(_PRESS & set(node.listeners))
