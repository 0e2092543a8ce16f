"""Which text stands beside what on the screen: an index of visible texts by their place."""

from __future__ import annotations

from collections.abc import Iterator

from wcag_audit.dom import Node
from wcag_audit.model import Box, nfc
from wcag_audit.rule import Evidence
from wcag_audit.rules.perceivable._tables import Cell, Table, tables

#: Roles and tags of controls whose own text labels nothing else.
_OWN_TEXT = frozenset(
    ("button", "a", "select", "option", "textarea", "legend", "summary", "th", "title", "h1", "h2", "h3", "h4", "h5", "h6")
)
_OWN_ROLES = frozenset(("button", "link", "combobox", "textbox", "searchbox", "listbox", "option", "spinbutton", "tab", "menuitem"))
_DIALOGS = ("dialog", "alertdialog")
_BAND = 60
#: How far a label may stand: to the left, above, and from a radio button or checkbox (CSS pixels).
_LEFT, _ABOVE, _CHOICE = 260, 30, 40
#: How far above a ``label`` element may stand: a hint may come between.
_LABEL_ABOVE = 60
_LONGEST = 100


def right(box: Box) -> float:
    return box.x + box.width


def bottom(box: Box) -> float:
    return box.y + box.height


def same_line(a: Box, b: Box) -> bool:
    """Whether the middle of the lower of two boxes lies within the other's height."""
    low, high = (a, b) if a.height < b.height else (b, a)
    middle = low.y + low.height / 2
    return high.y - 2 <= middle <= bottom(high) + 2


class Places:
    """Nodes by the horizontal bands of the page that they touch."""

    def __init__(self, nodes: Iterator[Node]) -> None:
        self._bands: dict[tuple[int, int], list[Node]] = {}
        for node in nodes:
            if node.box is not None and node.box.height < 2_000:
                for band in range(int(node.box.y // _BAND), int(bottom(node.box) // _BAND) + 1):
                    self._bands.setdefault((node.frame.index, band), []).append(node)

    def between(self, frame: int, top: float, low: float) -> list[Node]:
        """The nodes that touch the strip from ``top`` to ``low``, each once, in document order."""
        bands = range(int(top // _BAND), int(low // _BAND) + 1)
        found = {node.index: node for band in bands for node in self._bands.get((frame, band), ())}
        return [found[index] for index in sorted(found)]


def _label_texts(evidence: Evidence) -> Iterator[Node]:
    another_thing = evidence.dom.nearest(lambda node: node.tag in _OWN_TEXT or node.role in _OWN_ROLES)
    for text in evidence.dom.visible_texts:
        if another_thing[text.index] is None and sum(map(str.isalpha, str(text.raw["x"]))) >= 2:
            yield text


def label_texts(evidence: Evidence) -> Places:
    """The visible texts that may label a control: of at least two letters, not inside a control, link, legend, heading or header cell."""
    return evidence.share("label-texts", lambda e: Places(_label_texts(e)))


def is_field(node: Node) -> bool:
    """Whether it is a control that takes a value: a native field, or an element with the role of one."""
    if node.tag in ("select", "textarea"):
        return True
    if node.tag == "input":
        return node.state.get("type", "text") not in ("hidden", "button", "submit", "reset", "image")
    return node.get("role") in ("textbox", "searchbox", "combobox", "listbox", "spinbutton", "slider", "checkbox", "radio", "switch")


def fields(evidence: Evidence) -> list[Node]:
    return evidence.share("fields", lambda e: [node for node in e.dom.elements if is_field(node)])


def field_places(evidence: Evidence) -> Places:
    return evidence.share("field-places", lambda e: Places(node for node in fields(e) if node.visible))


def is_choice(node: Node) -> bool:
    return node.state.get("type") in ("radio", "checkbox") or node.get("role") in ("radio", "checkbox", "switch")


def _belongs_elsewhere(text: Node, field: Node, evidence: Evidence) -> bool:
    """Whether the text labels another control (in markup, or because that stands right after it) or stands in another table or behind
    the dialog of the field."""
    if text.closest_role(*_DIALOGS) is not field.closest_role(*_DIALOGS):
        return True
    label = text.closest("label")
    if label is not None:
        control = evidence.dom.with_id(label.get("for"), label) if label.has("for") else next(filter(is_field, label.elements()), None)
        if control is not None and control is not field and not _is_replaced(control, field):
            return True
    table = text.closest("table")
    if table is not None and (not table.contains(field) or _is_another_value(text, field, evidence)):
        return True
    assert text.box is not None
    near = field_places(evidence).between(text.frame.index, text.box.y, bottom(text.box))
    others = [n.box for n in near if n is not field and n.box is not None and same_line(n.box, text.box)]
    return any(0 <= box.x - right(text.box) <= _CHOICE for box in others) and not _follows(text.box, field.box)


def _is_replaced(control: Node, field: Node) -> bool:
    """Whether the field is what a script draws beside a control that nobody is told of any more."""
    return not control.exposed and control.parent is not None and control.parent.contains(field)


def _is_another_value(text: Node, field: Node, evidence: Evidence) -> bool:
    """Whether the text stands in the field's row below a header of its own, as the field does, and is not what the row begins with."""
    at, around, own = evidence.share("cells", _cells), text.closest("td", "th"), field.closest("td", "th")
    if around is None or own is None or around.index not in at or own.index not in at:
        return False
    (table, value), (_, box) = at[around.index], at[own.index]
    if value is box or not value.shares_row(box):
        return False
    first = next((cell for cell in table.row(value.row) if any(map(str.isalpha, cell.node.visible_text))), value)
    return value is not first and all(any(map(_heads, table.column(cell.column))) for cell in (value, box))


def _cells(evidence: Evidence) -> dict[int, tuple[Table, Cell]]:
    return {cell.node.index: (table, cell) for table in tables(evidence) for cell in table.cells}


def _heads(cell: Cell) -> bool:
    return cell.is_header and bool(cell.node.text)


def _follows(text: Box, field: Box | None) -> bool:
    """Whether the field is the next thing on the text's line."""
    return field is not None and same_line(text, field) and -2 <= field.x - right(text) <= _LEFT


def _is_beside(text: Box, field: Box, choice: bool, above: float) -> bool:
    if choice:
        return same_line(text, field) and (-2 <= text.x - right(field) <= _CHOICE or -2 <= field.x - right(text) <= _CHOICE)
    if _follows(text, field) and text.height <= 3 * field.height:
        return True
    overlap = min(right(text), right(field)) - max(text.x, field.x)
    return -4 <= field.y - bottom(text) <= above and overlap > 0 and text.x <= field.x + field.width / 2


def _is_inside(text: Node, field: Box) -> bool:
    """Whether a label stands where the field is filled in, as one that moves up when somebody types."""
    place = text.box
    within = place is not None and same_line(place, field) and field.x - 2 <= place.x <= field.x + field.width / 2
    return within and place is not None and right(place) <= right(field) + 2 and text.closest("label") is not None


def _is_outside_its_form(text: Node, field: Node) -> bool:
    """Whether it stands above the form of the field, as a greeting does, and does not ask for anything by a colon or a mark."""
    form = field.closest("form") or field.closest_role("form", "search")
    outside = form is not None and not form.contains(text) and text.closest("label") is None
    assert text.box is not None
    return outside and not _follows(text.box, field.box) and nfc(str(text.raw["x"]))[-1:] not in (":", "*", "?")


def _between(text: Node, field: Node, evidence: Evidence) -> bool:
    """Whether another field stands between a text and a field on one line."""
    assert text.box is not None and field.box is not None
    for other in field_places(evidence).between(field.frame.index, field.box.y, bottom(field.box)):
        box = other.box
        if other is not field and box is not None and same_line(box, field.box) and right(text.box) - 2 <= box.x < field.box.x:
            return True
    return False


def visible_label(field: Node, evidence: Evidence) -> Node | None:
    """The nearest text that labels the field to the eye, if there is one."""
    box = field.box
    if box is None:
        return None
    best: tuple[float, Node] | None = None
    hints, choice = evidence.dom.referred(field, "aria-describedby"), is_choice(field)
    for text in label_texts(evidence).between(field.frame.index, box.y - _LABEL_ABOVE - 10, bottom(box)):
        place = text.box
        inside = not choice and _is_inside(text, box)
        if place is None or not (inside or _is_beside(place, box, choice, _LABEL_ABOVE)):
            continue
        if len(nfc(str(text.raw["x"]))) > _LONGEST or any(node.contains(text) for node in (field, *hints)):
            continue
        if not text.closest("label") and not _is_beside(place, box, choice, _ABOVE):
            continue
        if _belongs_elsewhere(text, field, evidence) or _is_outside_its_form(text, field) or _between(text, field, evidence):
            continue
        distance = -1.0 if inside else max(0.0, box.x - right(place), place.x - right(box)) + max(0.0, box.y - bottom(place))
        if best is None or distance < best[0]:
            best = distance, text
    return best[1] if best else None
