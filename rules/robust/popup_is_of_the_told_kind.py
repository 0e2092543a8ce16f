"""What pops up is of the kind that was told

What it checks
    Controls whose ``aria-haspopup`` names a kind (``menu``, ``listbox``, ``tree``, ``grid``, ``dialog``) and that name by
    ``aria-controls`` or ``aria-owns`` a part that can pop up: this part, something inside it or something round it is of that kind.
    ``true`` is not judged: much older markup says it of any kind.

    ``aria-controls`` need not name what pops up: a button that opens a dialog may name the list that the dialog fills. So only a part
    that surely is the popup fails: that of a combobox, or the only one, hidden while ``aria-expanded`` is ``false``. What stands there
    while nothing is unfolded does not pop up; other parts are asked about.

Why it matters
    Each kind has keys of its own: arrows and Enter in a list, Right and Left in a tree, Tab in a dialog. Who hears “tree” and gets a
    list presses the wrong keys.

Fails
    ``<input role="combobox" aria-haspopup="tree" aria-controls="tinh" …> <ul role="listbox" id="tinh">…</ul>``

Mended
    ``<input role="combobox" aria-haspopup="listbox" aria-controls="tinh" …>``

References
    WCAG 2.0 success criterion 4.1.2; technique ARIA5; WAI-ARIA, aria-haspopup.
"""

from __future__ import annotations

from collections.abc import Iterator

from wcag_audit.dom import Node
from wcag_audit.model import Text
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message

_KINDS = ("menu", "listbox", "tree", "grid", "dialog")
#: Roles that are a kind of another.
_KIND_OF = {"treegrid": "grid", "alertdialog": "dialog", "menubar": "menu"}
_REFER = ("aria-controls", "aria-owns")
_CONTROLS = frozenset((
    "combobox", "button", "link", "textbox", "searchbox", "menuitem", "tab", "gridcell", "option", "treeitem", "listitem",
))


def kind_of(node: Node) -> str:
    """The kind of popup that an element is; empty where it is none."""
    role = node.role or node.get("role")
    kind = _KIND_OF.get(role, role)
    return kind if kind in _KINDS else ""


def popups(node: Node, evidence: Evidence) -> list[Node]:
    """The parts that a control names as its own, among those that can pop up."""
    return [other for attribute in _REFER for other in evidence.dom.referred(node, attribute) if kind_of(other)]


def controls_that_tell_a_kind(evidence: Evidence) -> Iterator[Node]:
    """Visible controls that name a kind of popup and a part that can pop up."""
    for node in evidence.dom.with_attribute("aria-haspopup"):
        told = node.get("aria-haspopup").strip().lower()
        if told in _KINDS and node.visible and node.exposed and node.role in _CONTROLS and popups(node, evidence):
            yield node


def kind_is_right(node: Node, evidence: Evidence) -> Finding | None:
    """One of the parts is of that kind, or may not be what pops up."""
    told, parts = node.get("aria-haspopup").strip().lower(), popups(node, evidence)
    if any(kind_of(other) == told for part in parts for other in (part, *part.elements(), *part.ancestors())):
        return PASSED
    values = {"name": node.name or node.html, "told": told, "found": ", ".join(dict.fromkeys(map(kind_of, parts)))}
    expanded, seen = node.get("aria-expanded"), any(part.visible for part in parts)
    if node.role == "combobox" or (expanded == "false" and len(parts) == 1 and not seen):
        return failed("other_kind", values)
    return PASSED if seen and expanded != "true" else cant_tell("perhaps_other_kind", values)


RULE = Rule(
    name=Text("Phần bật ra đúng loại đã báo", "What pops up is of the kind that was told"),
    why=Text(
        "Người mù dùng trình đọc màn hình nghe báo một loại, gặp một loại khác nên bấm nhầm phím và không chọn được.",
        "Blind people who use a screen reader hear of one kind and meet another, so they press the wrong keys and cannot choose.",
    ),
    criteria=("4.1.2",),
    needs=("dom",),
    applicability=controls_that_tell_a_kind,
    expectation=kind_is_right,
    techniques=("ARIA5",),
    messages={
        "other_kind": message(
            vi="“{name}” báo aria-haspopup=\"{told}\" nhưng phần bật ra có vai trò {found}.",
            en="“{name}” says aria-haspopup=\"{told}\", but what pops up has the role {found}.",
            mend_vi="Ghi aria-haspopup đúng vai trò của phần bật ra.",
            mend_en="Let aria-haspopup name the role of what pops up.",
        ),
        "perhaps_other_kind": message(
            vi="“{name}” báo aria-haspopup=\"{told}\" nhưng phần mà nó trỏ tới có vai trò {found}.",
            en="“{name}” says aria-haspopup=\"{told}\", but the part that it names has the role {found}.",
            mend_vi="Xem phần nào bật ra; nếu đó là phần được trỏ tới thì ghi aria-haspopup đúng vai trò của nó.",
            mend_en="See what pops up; if it is the part named, let aria-haspopup tell its role.",
        ),
    },
)
