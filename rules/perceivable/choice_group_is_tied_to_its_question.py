"""A group of choices is tied to its question

What it checks
    Radio buttons of one name or with ``role="radio"``, checkboxes of one name, and at least three checkboxes that alone share one
    part of a form, whose question stands before them as text: whether a ``fieldset`` with a ``legend``, a ``role="radiogroup"`` or
    ``role="group"`` with a name, or the names or descriptions of the buttons themselves carry it. A ``legend`` that is no child of the
    ``fieldset`` is not its legend. A question ends in "?" or ":", or is, in a form, the short name of what is asked; a text that only
    tells one to choose is shown to a person, and a statement, a count, a heading or the words of a control ask nothing.

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
from wcag_audit.phrases import phrases
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.perceivable._beside import fields

_GROUPS = ("group", "radiogroup", "region", "listbox", "menu", "toolbar", "tabpanel", "dialog", "alertdialog")
#: Characters of the longest question, and of the longest one that is only the name of what is asked.
_LONGEST, _LONGEST_LABEL = 250, 60
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


class Group(NamedTuple):
    """Choices of one question; ``holder`` is the nearest element around all of them and their labels."""

    members: tuple[Node, ...]
    holder: Node
    kind: str


class Question(NamedTuple):
    """The text that asks, and whether it does so for certain."""

    text: str
    is_certain: bool


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


def _may_ask(text: Node) -> bool:
    return text.visible and text.closest("a", "button", "summary") is None


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


def _texts_before(group: Group, evidence: Evidence) -> list[Node]:
    """The visible texts before the choices that the eye takes for theirs; the words of links, buttons and disclosures ask nothing."""
    start, top = _limits(group, evidence)
    inside = [text for text in group.holder.texts if text.index < start and _may_ask(text)]
    # A wide holder (a form) may hold other fields before the group: then only what stands right before the first choice counts.
    if inside and not any(group.holder.index < other.index < start for other in fields(evidence)):
        return inside
    node: Node = top if inside or group.holder.tag in ("form", "body") else group.holder
    for _ in range(3):
        before = _block_before(node)
        if before is not None:
            return [before] if before.is_text else [text for text in before.texts if _may_ask(text)]
        if node.parent is None or node.parent.tag in ("form", "body", "main", "fieldset") or node.parent.role in _GROUPS:
            break
        node = node.parent
    return []


def _blocks(texts: list[Node]) -> list[tuple[str, bool]]:
    """The words of each block and whether it is a heading; remarks in brackets and marks without letters are left out."""
    table: dict[int, list[Node]] = {}
    for text in texts:
        table.setdefault(text.block.index if text.block else -1, []).append(text)
    found = [(" ".join(str(part.raw["x"]).strip() for part in parts).strip(), parts[0]) for parts in table.values()]
    return [
        (words, first.closest(*_HEADINGS) is not None)
        for words, first in found
        if any(c.isalpha() for c in words) and not (words.startswith("(") and words.endswith(")"))
    ]


def _asks(text: str) -> bool:
    return text.rstrip(" *()").endswith(("?", ":"))


def _is_label(text: str) -> bool:
    """Whether it is a short name of what is asked, not a sentence, a greeting or a count."""
    short = len(text) <= _LONGEST_LABEL and not any(c.isdigit() for c in text) and text[-1:] not in ".,;!…"
    return short and not phrases("sentence_words").found_in(text)


def question(group: Group, evidence: Evidence) -> Question | None:
    """What the eye takes for the question of the choices: the block of text before them, or the one before that where it is a hint."""
    *others, (asked, heading) = _blocks(_texts_before(group, evidence)) or [("", False)]
    if others and asked.endswith(".") and _asks(others[-1][0]):
        asked, heading = others[-1]
    if not asked or len(asked) > _LONGEST:
        return None
    # A heading is tied to what follows by its rank; checkboxes of one name may each be a question of their own.
    if _asks(asked):
        return Question(asked, True)
    if heading or group.kind == "checkbox":
        return None
    if _is_label(asked):
        # Outside a form a name before buttons is as often that of the list that they sort or show.
        return Question(asked, group.holder.tag == "form" or group.holder.closest("form") is not None)
    return Question(asked, False) if phrases("choose_words").found_in(asked) else None


def choices_under_a_question(evidence: Evidence) -> Iterator[tuple[Group, Question]]:
    """Groups with a visible question."""
    for group in groups(evidence):
        if (asked := question(group, evidence)) is not None:
            yield group, asked


def _says(text: str, asked: str) -> bool:
    """Whether a name or description carries the question, or a good part of it."""
    a, b = bare(text), bare(asked).strip(" *:?.()")
    return bool(a and b) and (b in a or (len(a) >= 8 and a in b))


def _is_named(group: Node) -> bool:
    """Whether a group has a name: a legend is that of its fieldset only as a child of it."""
    own = any(group.get(name).strip() for name in ("aria-label", "aria-labelledby", "title"))
    legend = group.tag != "fieldset" or own or any(child.tag == "legend" for child in group.children)
    return bool(group.name) and legend


def _is_tied(group: Group, asked: str, evidence: Evidence) -> bool:
    members = {node.index for node in group.members}
    for around in (group.holder, *group.holder.ancestors()):
        if around.role in _GROUPS and _is_named(around):
            others = any(_kind(node) and node.index not in members for node in fields(evidence) if around.contains(node))
            if not others or _says(around.name, asked):
                return True
        if around.role in _GROUPS and any(_says(node.text, asked) for node in evidence.dom.referred(around, "aria-describedby")):
            return True
        heads = [cell for cell in around.children if cell.tag == "th" or cell.role == "rowheader"] if around.role == "row" else []
        if any(_says(cell.text, asked) for cell in heads):
            return True
    first = group.members[0]
    return _says(first.name, asked) or any(_says(node.text, asked) for node in evidence.dom.referred(first, "aria-describedby"))


def question_is_tied(target: tuple[Group, Question], evidence: Evidence) -> Finding | None:
    """A group, a name or a description carries the question."""
    group, asked = target
    if _is_tied(group, asked.text, evidence):
        return PASSED
    values = {"question": asked.text, "choices": " / ".join(node.name for node in group.members[:4] if node.name)}
    return (failed if asked.is_certain else cant_tell)("untied" if asked.is_certain else "perhaps_untied", values, node=group.holder)


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
