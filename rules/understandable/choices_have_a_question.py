"""Radio buttons have a question

What it checks
    Each group of radio buttons: something asks what is to be chosen, be it a ``legend``, a name of the group, or a visible text that is
    not another field's, a button's or a link's and stands before the choices, on their line, or behind them with a question mark or a
    colon. Answers that mean nothing alone (Có, Không, Hài lòng …) fail without it; other choices may explain themselves and are asked
    about, and so is any other text behind the choices.

Why it matters
    “Có” or “Không” to what? Without the question nobody can answer, and a person who meets the group by Tab hears only the answers.

Fails
    ``<label><input type="radio" name="q"> Có</label> <label><input type="radio" name="q"> Không</label>``

Mended
    ``<fieldset><legend>Có nhận kết quả qua bưu chính không?</legend> … </fieldset>``

References
    WCAG 2.0 success criterion 3.3.2; techniques H71, G131, ARIA17. A question that is seen but not tied to its group is a matter of
    1.3.1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from wcag_audit.dom import Node
from wcag_audit.model import Text
from wcag_audit.phrases import phrases
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.understandable._fields import lines_up_with_header, owner_of_text, takes_a_value

_WORDS = re.compile(r"\w")
_GROUPS = ("group", "radiogroup", "listbox", "menu", "toolbar", "row", "tablist")
#: What acts or leads away, and what is no part of the form: their words ask nothing.
_COMMANDS = ("button", "a")
_ELSEWHERE = ("option", "nav", "footer")


class Choice(NamedTuple):
    """Radio buttons of which one can be chosen, and what they say."""

    radios: tuple[Node, ...]
    answers: tuple[str, ...]


def groups_of_radios(evidence: Evidence) -> Iterator[Choice]:
    """Visible groups of two or more native radio buttons with labels, outside tables."""
    groups: dict[tuple[int, int, str], list[Node]] = {}
    for node in evidence.dom.all("input"):
        if node.state.get("type") == "radio" and node.get("name") and node.exposed:
            form = node.closest("form")
            groups.setdefault((node.frame.index, form.index if form else -1, node.get("name")), []).append(node)
    for radios in groups.values():
        answers = tuple(_answer(radio, evidence) for radio in radios)
        seen = all(radio.visible or any(label.visible for label in evidence.dom.labels.get(radio.index, ())) for radio in radios)
        if len(radios) > 1 and all(answers) and seen and not lines_up_with_header(radios[0]):
            yield Choice(tuple(radios), answers)


def _answer(radio: Node, evidence: Evidence) -> str:
    return " ".join(label.visible_text for label in evidence.dom.labels.get(radio.index, ())) or radio.name


def something_asks(choice: Choice, evidence: Evidence) -> Finding | None:
    """The group has a name, or a visible text by it is not another field's."""
    first = choice.radios[0]
    told = any(radio.get("aria-describedby") or radio.get("title") for radio in choice.radios)
    named = any(_named_group(node) for node in first.ancestors()) or _named_together(choice, evidence)
    if told or named or _text_beside(choice, evidence, _asks):
        return PASSED
    values = {"answers": ", ".join(choice.answers)}
    meaningless = all(phrases("bare_answers").is_one(answer) for answer in choice.answers)
    if meaningless and not _text_beside(choice, evidence, _may_ask):
        return failed("no_question", values, node=first)
    return cant_tell("perhaps_no_question", values, node=first)


def _named_group(node: Node) -> bool:
    return bool(node.name) and (node.role in _GROUPS or node.tag == "fieldset")


def _ends_like_a_question(text: Node) -> bool:
    return str(text.raw["x"]).rstrip(" *\n\t").endswith(("?", ":"))


def _asks(text: Node, choice: Choice, evidence: Evidence) -> bool:
    """Whether a text sounds like a question, or is no button's or link's and stands before the choices or on their line."""
    if _ends_like_a_question(text):
        return True
    return text.closest(*_COMMANDS) is None and (text.index < choice.radios[-1].index or _on_their_line(text, choice, evidence))


def _may_ask(text: Node, choice: Choice, evidence: Evidence) -> bool:
    """Whether a text stands before the choices, or behind them and is no button's or link's."""
    return text.index < choice.radios[-1].index or text.closest(*_COMMANDS) is None


def _on_their_line(text: Node, choice: Choice, evidence: Evidence) -> bool:
    seen = [node.box for radio in choice.radios for node in (radio, *evidence.dom.labels.get(radio.index, ())) if node.visible]
    own = text.box
    return own is not None and any(box is not None and own.y < box.y + box.height and box.y < own.y + own.height for box in seen)


def _named_together(choice: Choice, evidence: Evidence) -> bool:
    """Whether all of the radio buttons are named by one visible text, besides each by its own."""
    named_by = [{node.index: node for node in evidence.dom.referred(radio, "aria-labelledby")} for radio in choice.radios]
    return any(all(index in others for others in named_by) and node.visible_text for index, node in named_by[0].items())


_Test = Callable[[Node, Choice, Evidence], bool]


def _text_beside(choice: Choice, evidence: Evidence, test: _Test) -> bool:
    """Whether a text of which ``test`` holds stands round the choices before any other field begins.

    Climbs from the first choice as long as an ancestor holds this group only; in the first that holds more, only what stands
    between the neighbouring fields and the group counts.
    """
    own = {radio.index for radio in choice.radios}
    for node in choice.radios[0].ancestors():
        if not any(takes_a_value(other) and other.index not in own for other in node.elements()):
            if _speaks(node, choice, evidence, test):
                return True
            continue
        places = [i for i, child in enumerate(node.children) if any(child is radio or child.contains(radio) for radio in choice.radios)]
        outward = (reversed(node.children[: places[0]]), node.children[places[-1] + 1 :])
        return any(_speaks_first(siblings, choice, evidence, test) for siblings in outward)
    return False


def _speaks_first(siblings: Iterable[Node], choice: Choice, evidence: Evidence, test: _Test) -> bool:
    """Whether words come before any other field."""
    for sibling in siblings:
        if takes_a_value(sibling) or any(takes_a_value(node) for node in sibling.elements()):
            return _ends_in_a_question(sibling, evidence)
        if _speaks(sibling, choice, evidence, test):
            return True
    return False


def _ends_in_a_question(node: Node, evidence: Evidence) -> bool:
    """Whether something after the last field in it sounds like a question."""
    owners = owner_of_text(evidence)
    last = max((field.index for field in (node, *node.elements()) if takes_a_value(field)), default=-1)
    return any(text.index > last and text.visible and text.index not in owners and _ends_like_a_question(text) for text in node.texts)


def is_free(text: Node, choice: Choice, evidence: Evidence) -> bool:
    """Whether a text is no field's, or the label of the element that holds these choices."""
    owner = owner_of_text(evidence).get(text.index)
    return owner is None or evidence.dom.nodes[owner].contains(choice.radios[0])


def _speaks(node: Node, choice: Choice, evidence: Evidence, test: _Test) -> bool:
    """Whether visible words of which ``test`` holds, or a picture with an alternative, stand in it that are neither an answer nor
    another field's."""
    texts = (text for text in node.texts if text.visible and is_free(text, choice, evidence) and text.closest(*_ELSEWHERE) is None)
    if any(_WORDS.search(str(text.raw["x"])) and test(text, choice, evidence) for text in texts):
        return True
    pictures = (picture for picture in node.elements("img", "svg") if picture.closest(*_COMMANDS, *_ELSEWHERE) is None)
    return any(picture.visible and picture.name for picture in pictures) or any(_WORDS.search(p) for p in node.pseudo)


RULE = Rule(
    name=Text("Nhóm nút chọn có câu hỏi", "Radio buttons have a question"),
    why=Text(
        "Không ai trả lời được “Có” hay “Không” khi không biết câu hỏi; người khuyết tật trí tuệ và người mù dùng trình đọc màn hình càng "
        "khó đoán từ những phần xung quanh.",
        "Nobody can answer “Yes” or “No” without the question; people with cognitive disabilities and blind people who use a screen "
        "reader can guess it least from what stands around.",
    ),
    criteria=("3.3.2",),
    needs=("dom",),
    applicability=groups_of_radios,
    expectation=something_asks,
    techniques=("H71", "G131", "ARIA17"),
    messages={
        "no_question": message(
            vi="Nhóm nút chọn “{answers}” không có câu hỏi nào.",
            en="The radio buttons “{answers}” have no question.",
            mend_vi="Đặt nhóm trong <fieldset> và viết câu hỏi trong <legend>.",
            mend_en="Put the group into a <fieldset> and write the question into its <legend>.",
        ),
        "perhaps_no_question": message(
            vi="Nhóm nút chọn “{answers}” không có câu hỏi hay tên nhóm.",
            en="The radio buttons “{answers}” have no question and no name of the group.",
            mend_vi="Xem các lựa chọn có tự nói rõ phải chọn gì không; nếu không thì thêm <fieldset> và <legend>.",
            mend_en="Decide whether the choices tell what is asked; if not, add a <fieldset> with a <legend>.",
        ),
    },
)
