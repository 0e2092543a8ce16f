"""What our own tree tells of an element that axe-core asks about or fails: facts that settle it, by the names of ``axe_rules.toml``."""

from __future__ import annotations

import re

from wcag_audit.dom import Dom, Node
from wcag_audit.model import bare
from wcag_audit.rule import Evidence

_NATIVE = frozenset(("a", "area", "button", "input", "select", "textarea", "label", "summary", "option", "iframe"))
_PAGE = ("html", "body")
_NEUTRAL = (None, "", "generic", "none", "presentation")
#: Items by the lists that they belong to.
_ITEMS = {**dict.fromkeys(("ul", "ol", "menu"), ("li",)), "dl": ("dt", "dd")}
#: Roles of items by those of what owns them.
_OWNERS = {
    "tab": ("tablist",),
    **dict.fromkeys(("menuitem", "menuitemcheckbox", "menuitemradio"), ("menu", "menubar", "group")),
    "option": ("listbox", "group"),
    "treeitem": ("tree", "group"),
}
#: A refresh to another address without a delay.
_AT_ONCE = re.compile(r"\s*(?:0+(?:\.\d*)?|\.\d+)\s*[;,\s]\s*\S")


def _works(node: Node) -> bool:
    return bool(node.focusable or node.listeners or any(attribute.startswith("on") for attribute in node.attrs))


def _loses_nothing_with_its_name(node: Node, dom: Dom) -> bool:
    """Whether an element is no component, and what it shows or its ``aria-labelledby`` points at is read anyway, if it is there."""
    label = bare(node.get("aria-label"))
    read = any(map(str.isalnum, node.visible_text)) or any(part.exposed and bare(part.name) == label for part in node.elements())
    silent = node.has("aria-label") and not read
    named = silent or any(not other.exposed for other in dom.referred(node, "aria-labelledby"))
    return not (_works(node) or named or node.get("role").strip()) and node.role in (None, "", "generic")


def _is_plain_content(node: Node, dom: Dom) -> bool:
    """Whether nothing can be done with an element, nor with what it holds other than native controls: nothing takes focus, shows the
    hand or hears anything, and no part of the page round it hears clicks for it."""
    made = (child for child in node.elements() if child.tag not in _NATIVE or child.has("role"))
    pressed = node.style.get("cur") == "pointer" or any("click" in each.listeners for each in node.ancestors() if each.tag not in _PAGE)
    return not (pressed or _works(node) or any(map(_works, made)))


def _is_named_by_its_words(node: Node, dom: Dom) -> bool:
    """Whether an element has a name all the same, with the words of all its visible labels. Of several labels, one that stands in
    another block may be meant for a group of fields."""
    name, labels = bare(node.name), dom.labels.get(node.index, [])
    told = all(bare(label.visible_text) in name for label in labels)
    return bool(name) and told and (len(labels) < 2 or all(label.block is node.block for label in labels))


def _is_wrapped_in_its_words(node: Node, dom: Dom) -> bool:
    """Whether a control stands in two labels, of which only the outer one has words: browsers take both, axe-core the inner one."""
    labels = dom.labels.get(node.index, [])
    told = [label for label in labels if any(text.exposed and any(map(str.isalnum, text.raw["x"])) for text in label.texts)]
    return len(labels) > len(told) == 1 and told[0].contains(node)


def _belongs_to_a_list(node: Node, dom: Dom) -> bool:
    """Whether an item is told within its list, or a list holds nothing but such items: between them stand elements that tell nothing."""
    items = _ITEMS.get(node.tag)
    if items is None:
        return _is_item(node)
    told = [part for part in node.descendants() if part.exposed and (part.text if part.is_text else part.role not in _NEUTRAL)]
    return bool(told) and all((item := part.closest(*items)) is not None and node.contains(item) and _is_item(item) for part in told)


def _is_item(node: Node) -> bool:
    for around in node.ancestors():
        if around.tag in _ITEMS:
            return node.tag in _ITEMS[around.tag] and around.role in ("list", None, "")
        if around.role not in _NEUTRAL:
            break
    return False


def _is_owned(node: Node, dom: Dom) -> bool:
    """Whether an item by its role is told within its owner, or a part holds nothing but such items: browsers tell no ``li`` whose
    ``ul`` has another role than that of a list."""
    if node.role in _OWNERS:
        return _has_owner(node)
    told = [part for part in node.descendants() if part.exposed and (part.text if part.is_text else not _tells_nothing(part))]
    items = [next((each for each in (part, *part.ancestors()) if each.role in _OWNERS), None) for part in told]
    return bool(told or node.tag == "li") and all(item is not None and node.contains(item) and _has_owner(item) for item in items)


def _has_owner(item: Node) -> bool:
    owner = next((around for around in item.ancestors() if not _tells_nothing(around)), None)
    return owner is not None and owner.role in _OWNERS[item.role or ""]


def _tells_nothing(node: Node) -> bool:
    holder = node.parent
    unlisted = node.tag == "li" and not node.has("role") and holder is not None and holder.tag in _ITEMS and holder.role != "list"
    return node.role in _NEUTRAL or unlisted


def _is_worded_by_style(node: Node, dom: Dom) -> bool:
    """Whether a style sheet writes words in an element or its labels, which browsers take into its name and axe-core does not."""
    parts = (part for whole in (node, *dom.labels.get(node.index, ())) for part in (whole, *whole.elements()))
    return any(part.words_of_style for part in parts if part.exposed)


def _is_drawn_in_a_named_button(node: Node, dom: Dom) -> bool:
    """Whether a picture is part of a button, which is read as one, by a name that is not the picture's."""
    button = node.closest_role("button")
    return button is not None and button is not node and bool(button.name) and not node.name


def _keeps_headers_apart(table: Node, dom: Dom) -> bool:
    """Whether the header cells of a table stand in its head or foot or beside data, and there is data: one over an empty or missing
    column, or one that is repeated below, is no header of something else."""
    cells = [cell for cell in table.elements() if cell.tag in ("td", "th") or cell.get("role") in ("columnheader", "rowheader")]
    own = [cell for cell in cells if cell.closest("table") is table]
    heads = [cell for cell in own if cell.tag != "td" and cell.text and cell.closest("thead", "tfoot") is None]
    filled = any(cell.tag == "td" and cell.closest("thead", "tfoot") is None for cell in own)
    beside = all(head.parent is not None and any(cell.tag == "td" for cell in head.parent.children) for head in heads)
    return filled and beside and not any(cell.has("headers") or (cell.tag != "th" and cell.has("role")) for cell in own)


def _is_part_of_a_named_field(node: Node, dom: Dom) -> bool:
    """Whether it only shows what is chosen in a combobox around it that takes the focus and has a name."""
    field = node.closest_role("combobox")
    return field is not None and field is not node and field.focusable and bool(field.name) and not _works(node)


def _is_overtaken(node: Node, dom: Dom) -> bool:
    """Whether another ``meta`` before it leaves the page at once, so that it never comes to this one."""
    before = (meta for meta in dom.all("meta") if meta.index < node.index and meta.frame is node.frame)
    return any(meta.get("http-equiv") == "refresh" and _AT_ONCE.match(meta.get("content")) for meta in before)


def _holds_what_is_told(node: Node, dom: Dom) -> bool:
    """Whether an element without a role that takes no focus is drawn round a checkbox or radio button, which is told with its state."""
    drawn = any(each.state.get("type") in ("checkbox", "radio") and each.exposed and each.focusable for each in node.elements("input"))
    return drawn and not node.focusable and node.role in (None, "generic")


def _holds_itself_again(node: Node, dom: Dom) -> bool:
    """Whether what may be focused in a control, out of the order of Tab, says just what the control is called."""
    inner = [each for each in node.elements() if each.focusable]
    return bool(node.name and inner) and all(not each.tabbable and bare(each.text) == bare(node.name) for each in inner)


#: What may be asked of an element, by the names that ``axe_rules.toml`` uses.
FACTS = {
    "idle": _loses_nothing_with_its_name,
    "plain": _is_plain_content,
    "named": _is_named_by_its_words,
    "wrapped": _is_wrapped_in_its_words,
    "listed": _belongs_to_a_list,
    "owned": _is_owned,
    "worded": _is_worded_by_style,
    "pressed": _is_drawn_in_a_named_button,
    "sectioned": _keeps_headers_apart,
    "chosen": _is_part_of_a_named_field,
    "overtaken": _is_overtaken,
    "drawn": _holds_what_is_told,
    "twin": _holds_itself_again,
}


def holds(fact: str, evidence: Evidence, index: int) -> bool:
    """Whether a fact is true of the element with an index in the dom artifact; of a tree that was cut nothing is told."""
    node = evidence.dom.nodes[index]
    return not node.frame.truncated and FACTS[fact](node, evidence.dom)
