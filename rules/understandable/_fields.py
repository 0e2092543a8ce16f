"""Form fields as people see them: which there are, and what stands beside them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from wcag_audit.dom import Node
from wcag_audit.model import Box, bare
from wcag_audit.phrases import phrases
from wcag_audit.rule import Evidence

#: Types of input that take typed or picked values, and so need a label.
ENTRY_TYPES = frozenset(["text", "search", "tel", "url", "email", "password", "number", "date", "month", "week", "time", "datetime-local"])
_CONTROLS = frozenset(["input", "select", "textarea"])
_CONTROL_ROLES = frozenset(["combobox", "textbox", "listbox", "slider", "spinbutton"])
#: How far from a field its label or instruction may stand, in CSS pixels: left of it, above, right, below.
LEFT, ABOVE, RIGHT, BELOW = 400.0, 60.0, 250.0, 40.0
_CELL = 100.0
#: How far behind its field a button stands that belongs to it.
_GAP = 24.0
#: Largest side of an icon, in CSS pixels.
_ICON = 64.0
_BUTTON_TYPES = ("submit", "button", "image")
_SENTENCE_END = re.compile(r"[.!?;]\s|\n")
_WORDS = re.compile(r"\w")
_WORD = re.compile(r"\w{2,}")
_SEARCH = re.compile(r"\b(tim|tim kiem|tra cuu|tu khoa|search|keyword|find|query|loc|filter)\b")


def takes_a_value(node: Node) -> bool:
    """Whether people enter or choose something there; buttons do not count."""
    native = node.tag in _CONTROLS and node.state.get("type") not in ("hidden", "reset", *_BUTTON_TYPES)
    return native or node.role in _CONTROL_ROLES


def entry_fields(evidence: Evidence) -> list[Node]:
    """Visible fields for typing or choosing from a list that people may fill in, in document order."""
    return evidence.share("entry-fields", _entry_fields)


def _entry_fields(evidence: Evidence) -> list[Node]:
    return [
        node
        for node in evidence.dom.all("input", "select", "textarea")
        if node.visible
        and node.exposed
        and not node.state.get("disabled")
        and not node.state.get("readonly")
        and (node.tag != "input" or node.state.get("type") in ENTRY_TYPES)
    ]


def owner_of_text(evidence: Evidence) -> dict[int, int]:
    """Texts that are another thing's: index of a text node → index of the control that it labels or describes."""
    return evidence.share("owner-of-text", _owner_of_text)


def _owner_of_text(evidence: Evidence) -> dict[int, int]:
    table: dict[int, int] = {}
    for control, labels in evidence.dom.labels.items():
        for label in labels:
            table.update((text.index, control) for text in label.texts)
    for node in evidence.dom.with_attribute("aria-labelledby", "aria-describedby"):
        for attribute in ("aria-labelledby", "aria-describedby"):
            if node.has(attribute) and takes_a_value(node):
                for other in evidence.dom.referred(node, attribute):
                    table.update((text.index, node.index) for text in other.texts if text.index not in table)
    return table


def _may_speak(node: Node) -> bool:
    """A picture, a button, or an icon or words in a line that a style sheet draws."""
    if node.tag in ("img", "svg", "canvas", "button") or node.state.get("type") in _BUTTON_TYPES:
        return True
    if node.box is None or node.box.height > _ICON:
        return False
    return any(map(_WORD.search, node.pseudo)) or (node.box.width <= _ICON and ("bi" in node.style or any(node.pseudo)))


class Surroundings:
    """Visible texts and pictures of all frames, found by place."""

    def __init__(self, evidence: Evidence) -> None:
        self._cells: dict[tuple[int, int], list[tuple[Node, Box]]] = {}
        for node in evidence.dom.nodes:
            if node.visible and node.box is not None and (node.is_text or _may_speak(node)):
                top, bottom = int(node.box.y // _CELL), int((node.box.y + node.box.height) // _CELL)
                for row in range(top, min(bottom, top + 40) + 1):
                    self._cells.setdefault((node.frame.index, row), []).append((node, node.box))

    def near(self, field: Node) -> Iterator[Node]:
        """Texts, pictures and buttons on the field's line or close above and below it; its own inside is left out."""
        box = field.box
        if box is None:
            return
        seen: set[int] = set()
        for row in range(int((box.y - ABOVE) // _CELL), int((box.y + box.height + BELOW) // _CELL) + 1):
            for node, other in self._cells.get((field.frame.index, row), ()):
                if node.index not in seen and field is not node.parent and _is_near(box, other):
                    seen.add(node.index)
                    yield node


def _is_near(field: Box, other: Box) -> bool:
    gap_left, gap_right = field.x - (other.x + other.width), other.x - (field.x + field.width)
    gap_above, gap_below = field.y - (other.y + other.height), other.y - (field.y + field.height)
    same_line = gap_above < 0 and gap_below < 0
    same_column = gap_left < 0 and gap_right < 0
    if same_line:
        return gap_left <= LEFT and gap_right <= RIGHT
    # A label above may start a little left of its field.
    return gap_above <= ABOVE and gap_below <= BELOW and (same_column or max(gap_left, gap_right) <= 30)


def surroundings(evidence: Evidence) -> Surroundings:
    return evidence.share("surroundings", Surroundings)


def lines_up_with_header(field: Node) -> bool:
    """Whether the field stands in a table whose headers or other cells can label it; a cell of a table for layout alone has none."""
    if field.closest_role("grid", "treegrid") is not None:
        return True
    cell = field.closest("td", "th")
    if cell is None:
        return field.closest_role("table") is not None
    while cell is not None and (table := cell.closest("table")) is not None:
        if any(_labels_cell(other, cell) for other in table.elements("td", "th") if other is not cell and other.closest("table") is table):
            return True
        cell = table.closest("td", "th")
    return False


def _labels_cell(other: Node, cell: Node) -> bool:
    """Whether a cell with words stands in the other's row, or above it in its column."""
    if other.box is None or cell.box is None or not _WORDS.search(other.visible_text):
        return False
    above = other.box.y < cell.box.y
    same_row = other.parent is cell.parent
    same_column = other.box.x < cell.box.x + cell.box.width and cell.box.x < other.box.x + other.box.width
    return same_row or (above and same_column)


def speaks_of(near: Node, field: Node, evidence: Evidence) -> bool:
    """Whether what stands near may speak of the field: a picture, a lone field's button, or words that are no other control's."""
    if near.tag == "button" or near.state.get("type") in _BUTTON_TYPES:
        return is_alone(field, evidence) or _searches_right_of(near, field)
    if not near.is_text:
        return near.closest("button", "a") is None or is_alone(field, evidence)
    if not _WORDS.search(str(near.raw["x"])) or near.closest("button", "a", "option", "textarea", "select") is not None:
        return False
    elsewhere = near.closest_role("navigation")
    return owner_of_text(evidence).get(near.index) in (None, field.index) and (elsewhere is None or elsewhere.contains(field))


def _searches_right_of(button: Node, field: Node) -> bool:
    """Whether it is the search button right behind a field that is called one to search with."""
    if field.box is None or button.box is None or not all(_SEARCH.search(bare(node.name)) for node in (button, field)):
        return False
    same_line = abs(field.box.y + field.box.height / 2 - button.box.y - button.box.height / 2) < field.box.height / 2
    return same_line and -2 <= button.box.x - field.box.x - field.box.width <= _GAP


def labels(near: Node, field: Node, evidence: Evidence) -> bool:
    """Whether what stands near speaks of this field and is not merely the title over several."""
    return speaks_of(near, field, evidence) and not _heads_several(near, field, evidence)


def _heads_several(near: Node, field: Node, evidence: Evidence) -> bool:
    """Whether words stand in a heading over several fields and share no word with this one's hint or name: a title, no label."""
    title = near.closest_role("heading") if near.is_text and owner_of_text(evidence).get(near.index) != field.index else None
    if title is None or _words_of(title.text) & _words_of(f"{field.get('placeholder')} {field.name}"):
        return False
    end = next((other.index for other in evidence.dom.with_role("heading") if other.index > title.index), math.inf)
    return any(other is not field and title.index < other.index < end for other in entry_fields(evidence))


def _words_of(text: str) -> set[str]:
    return set(_WORD.findall(bare(text)))


def is_alone(field: Node, evidence: Evidence) -> bool:
    """Whether it is the only field of its form, so that the button beside it tells what it is for (G167)."""
    form = field.closest("form", "fieldset") or field.closest_role("search", "form")
    return form is None or not any(other is not field and form.contains(other) for other in entry_fields(evidence))


def explains_itself(field: Node, evidence: Evidence) -> bool:
    """Whether it needs no label that stays: a search field, a lone field with its button, a cell of a table, a field with a title."""
    words = bare(" ".join((field.get("placeholder"), field.name, field.get("name"), field.get("id"))))
    searches = field.state.get("type") == "search" or _SEARCH.search(words) is not None or field.closest_role("search") is not None
    return searches or is_alone(field, evidence) or lines_up_with_header(field) or bool(field.get("title").strip())


def form_of(field: Node) -> Node:
    """The form round a field; where there is none, the page's body or its outermost element."""
    chain = [field, *field.ancestors()]
    return next((node for node in chain if node.tag == "form" or node.role in ("form", "search") or node.tag == "body"), chain[-1])


def label_of(field: Node, evidence: Evidence) -> str:
    """What a field is called: its visible labels, else its name or placeholder."""
    seen = " ".join(label.visible_text for label in evidence.dom.labels.get(field.index, ()))
    return seen.strip() or field.name or field.get("placeholder") or field.get("name")


def warned_before(field: Node, evidence: Evidence) -> bool:
    """Whether a text of the field's label or description, or near and before it, tells what changing it does (G13)."""
    return bool(phrases("context_warnings").found_in(_told_before(field, evidence)))


def perhaps_warned_before(field: Node, evidence: Evidence) -> bool:
    """Whether a sentence there speaks of choosing and of what opens, leaves or goes elsewhere: a person says whether it warns."""
    sentences = _SENTENCE_END.split(_told_before(field, evidence))
    return any(all(phrases(kind).found_in(sentence) for kind in ("choosing", "going_elsewhere")) for sentence in sentences)


def _told_before(field: Node, evidence: Evidence) -> str:
    """The texts of a field's label and description, and those before it near by or in its group; not of links, buttons and lists."""
    group = next(
        (part for part in field.ancestors() if part.tag == "fieldset" or part.role in ("group", "radiogroup", "search", "form")), None
    )
    near = [text for text in surroundings(evidence).near(field) if text.is_text]
    # A sentence may begin near and end far, in parts.
    lines = [text for near_by in near if near_by.block is not None for text in near_by.block.texts if text.block is near_by.block]
    before: dict[Node | None, dict[int, str]] = {}
    for text in (*(group.texts if group is not None else ()), *near, *lines):
        if text.index < field.index and text.visible and text.closest("a", "button", "option") is None:
            before.setdefault(text.block, {})[text.index] = str(text.raw["x"])
    own = (*evidence.dom.referred(field, "aria-describedby"), *evidence.dom.labels.get(field.index, ()))
    first_option = next((option.text for option in field.elements("option")), "")
    said = ("".join(parts[index] for index in sorted(parts)) for parts in before.values())
    return " . ".join((field.name, *(other.visible_text for other in own), *said, field.get("title"), first_option))
