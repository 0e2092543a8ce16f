"""A group of choices is tied to its question

What it checks
    Radio buttons of one name or with ``role="radio"``, checkboxes of one name, and at least three checkboxes that alone share one
    part of a form, whose question stands before them as text: whether a ``fieldset`` with a ``legend``, a ``role="radiogroup"`` or
    ``role="group"`` with a name, or the names or descriptions of the buttons themselves carry it.

Why it matters
    "Có" and "Không" mean nothing without what is asked. People who use a screen reader reach the buttons with Tab or arrow keys and
    hear only the answers.

Fails
    ``<p>Ông/bà có hài lòng không?</p> <label><input type="radio" name="c1"> Có</label> <label><input type="radio" name="c1"> Không``

Mended
    ``<fieldset><legend>Ông/bà có hài lòng không?</legend> <label><input type="radio" name="c1"> Có</label> …</fieldset>``

References
    WCAG 2.0 success criterion 1.3.1; techniques H71, ARIA17. A row of a table whose header is the question ties it too. A group with
    no visible question belongs to 3.3.2.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from wcag_audit.dom import Node
from wcag_audit.model import Text, bare
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.perceivable._beside import fields

_GROUPS = ("group", "radiogroup", "region", "listbox", "menu", "toolbar", "tabpanel", "dialog", "alertdialog")
#: Characters of the longest question.
_LONGEST = 250
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


class Group(NamedTuple):
    """Choices of one question; ``holder`` is the nearest element around all of them and their labels."""

    members: tuple[Node, ...]
    holder: Node
    kind: str


def _kind(node: Node) -> str:
    kind = node.state.get("type") if node.tag == "input" else node.get("role")
    return kind if kind in ("radio", "checkbox") else ""


def _is_seen(node: Node, evidence: Evidence) -> bool:
    return node.exposed and (node.visible or any(label.visible_text for label in evidence.dom.labels.get(node.index, ())))


def _holder(nodes: list[Node]) -> Node | None:
    chains = [list(node.ancestors()) for node in nodes]
    kept = set.intersection(*({node.index for node in chain} for chain in chains))
    return next((node for node in chains[0] if node.index in kept), None)


def _by_name(evidence: Evidence) -> list[tuple[str, list[Node]]]:
    """Native radio buttons and checkboxes of one form and name, at least two each."""
    table: dict[tuple[int, str, str], list[Node]] = {}
    for node in fields(evidence):
        kind = _kind(node)
        if kind and node.tag == "input" and node.get("name").strip() and _is_seen(node, evidence):
            form = node.closest("form")
            table.setdefault((form.index if form else -1 - node.frame.index, node.get("name"), kind), []).append(node)
    return [(kind, members) for (_, _, kind), members in table.items() if len(members) > 1]


def _by_place(evidence: Evidence, known: set[int]) -> list[tuple[str, list[Node]]]:
    """Scripted radio buttons of one radiogroup, and at least three checkboxes that share a part of the page with no other field."""
    table: dict[int, tuple[Node, list[Node]]] = {}
    inside: Counter[int] = Counter(around.index for node in fields(evidence) for around in node.ancestors())
    for node in fields(evidence):
        place = next((around for around in node.ancestors() if inside[around.index] > 1), None)
        scripted = node.tag != "input" and _kind(node) == "radio"
        if place is not None and node.index not in known and _is_seen(node, evidence) and (scripted or _kind(node) == "checkbox"):
            table.setdefault(place.index, (place, []))[1].append(node)
    found = []
    for place, members in table.values():
        kind = _kind(members[0])
        whole = len(members) == inside[place.index] and all(_kind(member) == kind for member in members)
        if whole and len(members) >= (2 if kind == "radio" else 3):
            found.append((kind, members))
    return found


def groups(evidence: Evidence) -> list[Group]:
    """The choices of the page that belong together by their name, role or place."""
    by_name = _by_name(evidence)
    known = {member.index for _, members in by_name for member in members}
    found = []
    for kind, members in (*by_name, *_by_place(evidence, known)):
        parts = [*members, *(label for member in members for label in evidence.dom.labels.get(member.index, ()))]
        holder = _holder(parts)
        if holder is not None and holder.tag not in ("html", "head"):
            found.append(Group(tuple(members), holder, kind))
    return found


def _limits(group: Group, evidence: Evidence) -> tuple[int, Node]:
    """Where its first choice (button or label) begins, by node index, and its outermost element below the holder."""
    first = min((*group.members, *evidence.dom.labels.get(group.members[0].index, ())), key=lambda node: node.index)
    top = first
    for node in (first, *first.ancestors()):
        if node is group.holder:
            break
        top = node
    return top.index, top


def _text_before(start: int, within: Node) -> list[Node]:
    """The visible texts inside an element and before an index; the words of links and buttons ask nothing."""
    return [text for text in within.texts if text.index < start and _may_ask(text)]


def _may_ask(text: Node) -> bool:
    return text.visible and text.closest("a", "button") is None


def _block_before(node: Node) -> Node | None:
    """What stands right before an element in its parent, if it is text without controls."""
    before: Node | None = None
    for child in node.parent.children if node.parent else []:
        if child is node:
            break
        if (child.is_text and child.visible) or child.visible_text:
            before = child
    if before is None or before.is_text:
        return before
    if not any(_may_ask(text) for text in before.texts):
        return None
    holds_controls = next(before.elements("input", "select", "textarea", "button"), None) is not None
    return None if before.tag in ("label", "form") or holds_controls else before


def question(group: Group, evidence: Evidence) -> tuple[str, Node | None]:
    """The question that the eye finds before the choices, and the element that it stands in."""
    start, _ = _limits(group, evidence)
    inside = _text_before(start, group.holder)
    # A wide holder (a form) may hold other fields before the group: then only what stands right before the first choice counts.
    if inside and not any(group.holder.index < other.index < start for other in fields(evidence)):
        text = inside[-1].closest("p", "div", "span", "label", "td", "th", "legend", "dt", "strong", *_HEADINGS)
        return " ".join(str(node.raw["x"]).strip() for node in inside), text
    node: Node = _limits(group, evidence)[1] if inside or group.holder.tag in ("form", "body") else group.holder
    for _ in range(3):
        before = _block_before(node)
        if before is not None:
            return (str(before.raw["x"]).strip(), before.parent) if before.is_text else (before.visible_text, before)
        if node.parent is None or node.parent.tag in ("form", "body", "main", "fieldset") or node.parent.role in _GROUPS:
            break
        node = node.parent
    return "", None


def choices_under_a_question(evidence: Evidence) -> Iterator[Group]:
    """Groups with a visible question."""
    for group in groups(evidence):
        asked, where = question(group, evidence)
        heading = where is not None and where.closest(*_HEADINGS) is not None
        asks = asked.rstrip(" *()").endswith(("?", ":"))
        if not asked or len(asked) > _LONGEST or not any(c.isalpha() for c in asked):
            continue
        # A heading is tied to what follows by its rank; checkboxes of one name may each be a question of their own.
        if (heading or group.kind == "checkbox") and not asks:
            continue
        yield group


def _says(text: str, asked: str) -> bool:
    """Whether a name or description carries the question, or a good part of it."""
    a, b = bare(text), bare(asked).strip(" *:?.()")
    return bool(a and b) and (b in a or (len(a) >= 8 and a in b))


def _is_tied(group: Group, asked: str, evidence: Evidence) -> bool:
    members = {node.index for node in group.members}
    for around in (group.holder, *group.holder.ancestors()):
        if around.role in _GROUPS and around.name:
            others = any(_kind(node) and node.index not in members for node in fields(evidence) if around.contains(node))
            if not others or _says(around.name, asked):
                return True
        if around.role in _GROUPS and any(_says(node.text, asked) for node in evidence.dom.referred(around, "aria-describedby")):
            return True
        if around.tag == "tr" and any(cell.tag == "th" and _says(cell.text, asked) for cell in around.children):
            return True
    first = group.members[0]
    return _says(first.name, asked) or any(_says(node.text, asked) for node in evidence.dom.referred(first, "aria-describedby"))


def question_is_tied(group: Group, evidence: Evidence) -> Finding | None:
    """A group, a name or a description carries the question."""
    asked, _ = question(group, evidence)
    if _is_tied(group, asked, evidence):
        return PASSED
    values = {"question": asked, "choices": " / ".join(node.name for node in group.members[:4] if node.name)}
    if len(asked) > 120 and asked.rstrip().endswith("."):
        return cant_tell("perhaps_untied", values, node=group.holder)
    return failed("untied", values, node=group.holder)


RULE = Rule(
    name=Text("Nhóm lựa chọn được gắn với câu hỏi của nó", "A group of choices is tied to its question"),
    why=Text(
        "Người mù dùng trình đọc màn hình khi tới các nút chọn chỉ nghe “Có”, “Không” mà không nghe câu hỏi, nên không biết mình đang trả "
        "lời điều gì.",
        "Blind people who use a screen reader reach the buttons and hear only “Yes” and “No”, not the question, so they do not know what "
        "they answer.",
    ),
    criteria=("1.3.1",),
    needs=("dom",),
    applicability=choices_under_a_question,
    expectation=question_is_tied,
    techniques=("H71", "ARIA17"),
    messages={
        "untied": message(
            vi="Câu hỏi “{question}” không được gắn với nhóm lựa chọn “{choices}”",
            en="The question “{question}” is not tied to its choices “{choices}”",
            mend_vi="Đặt nhóm trong <fieldset> với câu hỏi là <legend>, hoặc dùng role=\"radiogroup\" và aria-labelledby trỏ tới câu hỏi.",
            mend_en="Put the group into a <fieldset> with the question as its <legend>, or use role=\"radiogroup\" with aria-labelledby.",
        ),
        "perhaps_untied": message(
            vi="Đoạn “{question}” đứng trước nhóm lựa chọn “{choices}” và không được gắn với nhóm",
            en="The passage “{question}” stands before the choices “{choices}” and is not tied to them",
            mend_vi="Nếu đoạn này là câu hỏi của nhóm, đặt nhóm trong <fieldset> với câu hỏi là <legend>.",
            mend_en="If the passage asks what the choices answer, put the group into a <fieldset> with the question as its <legend>.",
        ),
    },
)
