"""A field is read beside its words

What it checks
    Fields, radio buttons and checkboxes that have no name in the markup, so that only what is read before and after them tells what
    they ask. Each is paired with the words that stand on its line: at its left, of a choice at its right. Where others of these fields
    or their words are read in between, for two fields or more, the order read does not give the pairs that are seen.

Why it matters
    A layout with one column of boxes and one of words looks right and is read as “box, box, box, Có, Không, Khác”. Who hears it
    ticks the wrong box.

Fails
    ``<table><tr><td><input type="radio"><br><input type="radio"></td><td>Có<br>Không</td></tr></table>``

Mended
    ``<label><input type="radio" name="co"> Có</label> <label><input type="radio" name="co"> Không</label>``

References
    WCAG 2.0 success criterion 1.3.2; failures F1, F49. Fields with a name tell by it what they ask, whatever the order; that fields
    lack one is a matter of 1.3.1 and 4.1.2.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from wcag_audit.dom import Node
from wcag_audit.model import Box, Text
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, failed, message
from wcag_audit.rules.understandable._fields import owner_of_text, surroundings, takes_a_value

_CHOICES = ("radio", "checkbox")
#: How far at the side of its field a word may stand that is plainly the field's, in CSS pixels.
_CLOSE = 60.0
_MOST = 300


class Pair(NamedTuple):
    """A field without a name and the text that stands on its line."""

    field: Node
    words: Node


class Pairs(tuple[Pair, ...]):
    """The pairs of one page, in the order of their fields."""

    __slots__ = ()


def nameless_fields(evidence: Evidence) -> Iterator[Pairs]:
    """The visible fields without a name, with their words, where there are two or more."""
    fields = [node for node in evidence.dom.all("input", "select", "textarea") if node.visible and node.exposed and takes_a_value(node)]
    nameless = [node for node in fields if not node.name and not node.get("title") and not node.get("placeholder")][:_MOST]
    if len(nameless) < 2:
        return
    found = Pairs(Pair(field, words) for field in nameless if (words := words_of(field, fields, evidence)) is not None)
    if len(found) > 1:
        yield found


def words_of(field: Node, fields: list[Node], evidence: Evidence) -> Node | None:
    """The nearest text on the field's line, with no other field between; of a choice at its right, of others at its left."""
    box = field.box
    if box is None:
        return None
    right = field.state.get("type") in _CHOICES
    near = [
        (gap, text)
        for text in surroundings(evidence).near(field)
        if text.is_text
        and text.box is not None
        and any(map(str.isalnum, str(text.raw["x"])))
        and text.closest("a", "button", "option", "select") is None
        and text.index not in owner_of_text(evidence)
        and _on_one_line(box, text.box)
        and 0 <= (gap := _gap(box, text.box, right)) <= _CLOSE
    ]
    if not near:
        return None
    gap, text = min(near, key=lambda each: each[0])
    between = (
        other
        for other in fields
        if other is not field and other.box is not None and _on_one_line(box, other.box) and 0 <= _gap(box, other.box, right) <= gap
    )
    return None if any(between) else text


def _on_one_line(field: Box, other: Box) -> bool:
    """Whether the middle of each stands within the other's height."""
    middle, others = field.y + field.height / 2, other.y + other.height / 2
    return other.y <= middle <= other.y + other.height and abs(middle - others) <= max(field.height, 16)


def _gap(field: Box, other: Box, right: bool) -> float:
    return other.x - (field.x + field.width) if right else field.x - (other.x + other.width)


def read_in_pairs(pairs: Pairs, evidence: Evidence) -> Finding | None:
    """Nothing of another pair is read between a field and its words; or of one alone, which may be a slip of the eye."""
    places = sorted(node.index for node in {node.index: node for pair in pairs for node in pair}.values())
    apart = [pair for pair in pairs if _between(pair, places)]
    if len({pair.words.index for pair in apart}) < 2:
        return PASSED
    first = apart[0]
    order = sorted({node.index: node for pair in apart[:4] for node in pair}.values(), key=lambda node: node.index)
    told = " | ".join(str(node.raw["x"]).strip() if node.is_text else f"[{node.state.get('type') or node.tag}]" for node in order)
    return failed("apart", {"count": str(len(apart)), "words": str(first.words.raw["x"]).strip(), "order": told}, node=first.field)


def _between(pair: Pair, places: list[int]) -> bool:
    """Whether another of the fields, or its words, stand between a field and its own in the page's order."""
    start, end = sorted((pair.field.index, pair.words.index))
    return bisect_left(places, end) - bisect_right(places, start) > 0


RULE = Rule(
    name=Text("Trường được đọc ngay cạnh chữ của nó", "A field is read beside its words"),
    why=Text(
        "Người mù dùng trình đọc màn hình nghe một loạt ô trống rồi mới tới một loạt chữ, không biết chữ nào của ô nào nên chọn nhầm.",
        "Blind people who use a screen reader hear a run of boxes and then a run of words, do not know which belongs to which, and choose "
        "the wrong one.",
    ),
    criteria=("1.3.2",),
    needs=("dom",),
    applicability=nameless_fields,
    expectation=read_in_pairs,
    techniques=("F1", "F49", "G57"),
    messages={
        "apart": message(
            vi="{count} trường không có tên bị đọc tách khỏi chữ đứng cạnh, như “{words}”. Thứ tự đọc: {order}.",
            en="{count} fields without a name are read apart from the words at their side, such as “{words}”. The order read: {order}.",
            mend_vi="Đặt mỗi trường liền với chữ của nó trong mã nguồn và gắn bằng <label>.",
            mend_en="Put each field next to its words in the source, and tie them with <label>.",
        ),
    },
)
