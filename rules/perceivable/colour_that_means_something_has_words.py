"""A colour that means something has words beside it

What it checks
    Sentences that give a meaning to at least two colours ("hồ sơ màu đỏ là quá hạn, màu xanh là đúng hạn"), where three neighbours or
    more in a list or table of the same section differ by just these colours, one of which comes back, and by nothing else: neither
    weight nor picture nor a word of the meaning. Fewer items, and links, below the sentence are asked of a person: it may speak of
    something else. A sentence that speaks of one colour ("các mục màu đỏ phải nộp bản chính") and of no sign beside it is held
    against the items of its own part of the page.

Why it matters
    About one man in twelve does not see red and green as different, and a screen reader tells no colours. They cannot tell which
    dossier is late.

Fails
    ``<p>Màu đỏ là quá hạn, màu xanh là đúng hạn.</p> <ul><li class="red">HS-01</li> <li class="green">HS-02</li></ul>``

Mended
    ``<ul><li class="red">HS-01 (quá hạn)</li> <li class="green">HS-02 (đúng hạn)</li></ul>``

References
    WCAG 2.0 success criterion 1.4.1; techniques G14, G111; failure F13.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wcag_audit.dom import Node
from wcag_audit.model import Text, bare
from wcag_audit.phrases import phrases
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.perceivable._colours import hue, hues, rgb
from wcag_audit.rules.perceivable._media import heading_above, rank
from wcag_audit.rules.perceivable._sentences import COLOUR_WORDS, SIGN, Sentence, sentences_with

_WORDS = re.compile(
    r"màu\s+(?P<vi>đỏ|xanh|vàng|cam|da cam|tím|hồng)(?!\w)|(?<!\w)(?P<en>red|green|blue|yellow|orange|purple|pink)(?!\w)"
)
_MEANS = re.compile(
    r"(?<!\w)(?:là|thể hiện|chỉ|cho biết|nghĩa là|biểu thị|còn|đã|đang|chưa|hết|(?<!bên )phải"
    r"|is|are|means?|shows?|indicates?|will|can|must|have|has)(?!\w)|[:=]"
)
_LISTED = ("li", "tr", "td", "dt", "dd")
_ITEMS = ("li", "td", "tr", "span", "p", "dt", "dd", "div")


#: A colour that things are shown in, where only one is named: "red" alone may be part of a name.
_SHOWN_IN = re.compile(
    r"màu\s+\w|(?<!\w)(?:in|coloured|colored|marked|highlighted)\s+(?:in\s+)?(?:red|green|blue|yellow|orange|purple|pink)(?!\w)"
)
#: What the rule of required fields judges.
_REQUIRED = re.compile(r"(?<!\w)(?:bắt buộc|required|mandatory)(?!\w)")


def _named(sentences_: list[Sentence]) -> set[str]:
    words = [match["vi"] or match["en"] for sentence in sentences_ for match in _WORDS.finditer(sentence.folded)]
    return set(words)


def _speaks_of_items(sentence: Sentence) -> bool:
    shown = _SHOWN_IN.search(sentence.folded) is not None
    return shown and not _REQUIRED.search(sentence.folded) and not SIGN.search(sentence.folded)


def colour_key(evidence: Evidence) -> Iterator[tuple[Node, list[Sentence]]]:
    """Blocks whose sentences give a meaning to colours."""
    table: dict[int, tuple[Node, list[Sentence]]] = {}
    for sentence in sentences_with(evidence, COLOUR_WORDS):
        if len(sentence.text) <= 400 and _WORDS.search(sentence.folded) and _MEANS.search(sentence.folded):
            table.setdefault(sentence.block.index, (sentence.block, []))[1].append(sentence)
    for block, said in table.values():
        if len(_named(said)) >= 2 or any(_speaks_of_items(sentence) for sentence in said):
            yield block, said


def _colour(node: Node) -> str:
    """The hue of all its text, or of its ground where the text has none."""
    shown = {hue(colour) for text in node.texts if text.visible and (colour := rgb(str(text.style.get("c", "")))) is not None}
    if len(shown) == 1 and (name := shown.pop()):
        return name
    ground = rgb(str(node.style.get("bg", "")))
    return hue(ground) if ground is not None else ""


def _looks(node: Node) -> tuple[object, ...]:
    text = next((text for text in node.texts if text.visible), node)
    around = (node, *node.elements())
    picture = any(n.tag in ("img", "svg", "i") or n.style.get("bi") or any(n.pseudo) for n in around)
    return text.style.get("fw", 400) >= 600, text.style.get("it"), text.style.get("td"), picture


def _coloured_neighbours(evidence: Evidence) -> list[tuple[Node, dict[str, list[Node]]]]:
    """Parents whose short children of one tag differ by hue: the children by hue."""
    found = []
    for parent in evidence.dom.elements:
        children = [child for child in parent.children if child.tag in _ITEMS and child.visible and len(child.children) <= 12]
        if len(children) < 2 or len({child.tag for child in children}) > 1:
            continue
        by_hue: dict[str, list[Node]] = {}
        for child in children:
            by_hue.setdefault(_colour(child), []).append(child)
        coloured = [child for name, items in by_hue.items() if name for child in items]
        if len(by_hue) >= 2 and len({_looks(child) for child in coloured}) == 1:
            found.append((parent, by_hue))
    return found


def _stand_together(block: Node, parent: Node, items: list[Node]) -> bool:
    """Whether items of the one colour that a sentence speaks of stand under it, beside others that look alike but for the colour."""
    others = [child for child in parent.children if child.tag == items[0].tag and child.visible and child not in items]
    after = block.parent is not None and block.parent.contains(parent) and items[0].index > block.index
    alike = bool(others) and {_looks(other) for other in others} == {_looks(items[0])}
    return after and alike and items[0].tag in _LISTED


def _of_one_section(block: Node, parent: Node, evidence: Evidence) -> bool:
    """Whether no heading parts a sentence from items, but for one below the heading that both stand under."""
    heading = heading_above(block, evidence)
    below = rank(heading) if heading is not None else 0
    first, second = sorted((block, parent), key=lambda node: node.index)
    between = (node for node in evidence.dom.with_role("heading") if first.end <= node.index < second.index)
    return block.frame is parent.frame and not any(node.exposed and rank(node) <= below for node in between)


def _is_key_of(block: Node, parent: Node, items: list[Node], evidence: Evidence) -> bool | None:
    """Whether a sentence about several colours is certainly the key to items; None where nothing tells that it is one."""
    below = parent.index > block.index
    if not _of_one_section(block, parent, evidence) or parent.closest_role("navigation", "menu", "menubar", "banner", "contentinfo"):
        return None
    if any(item.tag == "a" or any(item.elements("a")) for item in items):
        return False if below and len(items) > 2 else None
    repeats = len(items) > 2 and len({_colour(item) for item in items}) < len(items)
    return True if repeats else False if below else None


def _meaning(sentence: Sentence, colours: int) -> str:
    """What a sentence says that its colours mean; of a single colour that follows it: before it stands what all the items are."""
    shown = _SHOWN_IN.search(sentence.folded) if colours == 1 else None
    return sentence.text[shown.end() :] if shown else sentence.text


def _words(item: Node) -> set[str]:
    return set(re.findall(r"\w{3,}", bare(item.text)))


def words_stand_beside(target: tuple[Node, list[Sentence]], evidence: Evidence) -> Finding | None:
    """No neighbours differ by the colours of the key alone."""
    block, said = target
    named = _named(said)
    words = (word for sentence in said for word in re.findall(r"\w{3,}", bare(_meaning(sentence, len(named)))))
    key = {word for word in words if not phrases("small_words").is_one(word)}
    doubtful: Finding | None = None
    for parent, by_hue in evidence.share("coloured-neighbours", _coloured_neighbours):
        if parent is block or block.contains(parent) or parent.contains(block):
            continue
        matched = [word for word in sorted(named) if any(name in by_hue for name in hues(word))]
        items = [item for word in matched for name in hues(word) for item in by_hue.get(name, ())]
        # What all of them say ("phòng", "room"), of whatever colour, tells none from another.
        all_say = set[str].intersection(*(_words(child) for children in by_hue.values() for child in children))
        if not items or any(key & _words(item) - all_say for item in items):
            continue
        certain: bool | None = None
        if len({hues(word) for word in matched}) >= 2:
            certain = _is_key_of(block, parent, items, evidence)
        elif len(named) == 1 and _stand_together(block, parent, items):
            certain = True
        sample = " | ".join(f"{item.text[:30]} ({_colour(item)})" for item in items[:4])
        values = {"sentence": said[0].text, "items": sample}
        if certain:
            return failed("colour_alone", values, node=parent)
        if certain is False:
            doubtful = doubtful or cant_tell("perhaps", values, node=parent)
    return doubtful or PASSED


RULE = Rule(
    name=Text("Màu mang ý nghĩa có chữ đi kèm", "A colour that means something has words beside it"),
    why=Text(
        "Người mù màu không phân biệt được các màu, người mù dùng trình đọc màn hình không được báo màu. Họ không biết mục nào mang ý "
        "nghĩa gì, ví dụ hồ sơ nào quá hạn.",
        "Colour blind people do not see the colours as different, and a screen reader does not tell them to blind people. They cannot "
        "know what each item means, for example which dossier is late.",
    ),
    criteria=("1.4.1",),
    needs=("dom",),
    applicability=colour_key,
    expectation=words_stand_beside,
    techniques=("G14", "G111", "F13"),
    messages={
        "perhaps": message(
            vi="“{sentence}”: câu này có nói về các mục chỉ khác nhau ở màu sau đây không? {items}",
            en="“{sentence}”: does this speak of the following items, which differ by nothing but colour? {items}",
            mend_vi="Nếu có, ghi ý nghĩa bằng chữ ở từng mục, hoặc thêm biểu tượng có văn bản thay thế.",
            mend_en="If so, write the meaning at each item, or add an icon with a text alternative.",
        ),
        "colour_alone": message(
            vi="Ý nghĩa chỉ được cho biết bằng màu: “{sentence}”; các mục chỉ khác nhau ở màu: {items}",
            en="The meaning is told by colour alone: “{sentence}”; the items differ by nothing but colour: {items}",
            mend_vi="Ghi ý nghĩa bằng chữ ở từng mục, hoặc thêm biểu tượng có văn bản thay thế.",
            mend_en="Write the meaning at each item, or add an icon with a text alternative.",
        ),
    },
)
