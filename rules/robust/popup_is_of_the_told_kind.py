"""What pops up is of the kind that was told

What it checks
    Controls whose ``aria-haspopup`` names a kind (``menu``, ``listbox``, ``tree``, ``grid``, ``dialog``) and that name by
    ``aria-controls`` or ``aria-owns`` what pops up: the role of one of these parts is that kind. ``true`` is not judged: much older
    markup says it of any kind.

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
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, failed, message

_KINDS = ("menu", "listbox", "tree", "grid", "dialog")
#: Roles that are a kind of another.
_KIND_OF = {"treegrid": "grid", "alertdialog": "dialog", "menubar": "menu"}
_REFER = ("aria-controls", "aria-owns")
_CONTROLS = frozenset((
    "combobox", "button", "link", "textbox", "searchbox", "menuitem", "tab", "gridcell", "option", "treeitem", "listitem",
))


def popups(node: Node, evidence: Evidence) -> list[str]:
    """The kinds of the parts that a control names as its own, among those that can pop up."""
    roles = (other.role or other.get("role") for attribute in _REFER for other in evidence.dom.referred(node, attribute))
    return [kind for role in roles if (kind := _KIND_OF.get(role, role)) in _KINDS]


def controls_that_tell_a_kind(evidence: Evidence) -> Iterator[Node]:
    """Visible controls that name a kind of popup and the part that pops up."""
    for node in evidence.dom.with_attribute("aria-haspopup"):
        told = node.get("aria-haspopup").strip().lower()
        if told in _KINDS and node.visible and node.exposed and node.role in _CONTROLS and popups(node, evidence):
            yield node


def kind_is_right(node: Node, evidence: Evidence) -> Finding | None:
    """One of the parts is of that kind."""
    told, found = node.get("aria-haspopup").strip().lower(), popups(node, evidence)
    if told in found:
        return PASSED
    return failed("other_kind", {"name": node.name or node.html, "told": told, "found": ", ".join(dict.fromkeys(found))})


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
    },
)
