"""An instruction names what it points at

What it checks
    Sentences that tell people to operate something and say which only by its shape or size ("nút tròn", "the large button"), its place
    on the left, on the right or in a corner, its colour, or by a sound. A sentence that names the thing (in quotation marks, or by the
    name of a control, heading, label or picture of the page) is fine, and so are words about the order of reading ("dưới đây").

Why it matters
    Whoever cannot see the page does not know which button is round, and whoever magnifies it may not have the right half in view. A
    citizen who is told "bấm vào nút tròn bên phải" cannot file the dossier.

Fails
    ``<p>Khi soạn xong, bấm vào nút tròn ở bên phải.</p>``

Mended
    ``<p>Khi soạn xong, bấm nút “Gửi câu hỏi” (nút tròn ở bên phải).</p>``

References
    WCAG 2.0 success criteria 1.3.3 (shape, size, place, sound) and 1.4.1 (colour); technique G96; failures F14, F26; ACT rule 9bd38c.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from wcag_audit.model import Text, bare
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.perceivable._sentences import Sentence, any_of, sentences

_LONGEST = 400
#: What may follow a place and leave it the only thing that is said: the page or screen, a purpose, or the end of the clause.
_NAVIGATION = re.compile(r"menu|điều hướng|trình đơn|navigation")
_CLOSES = re.compile(
    r"^\s*(?:$|[.,;:!?)…]|(?:của|màn hình|trang|trình duyệt|biểu mẫu|cửa sổ|để|rồi|và|sau đó|khi|nếu|nhằm|hoặc)\b"
    r"|(?:to|and|then|for|when|if|of (?:the|this|your) (?:screen|page|form|window))\b)"
)


class _Patterns:
    """The sensory ways to point at a thing, as patterns over a case-folded sentence.

    In Vietnamese what is said of a thing follows it, in English it stands before it. Between the thing and its place only words that
    name nothing may stand: "nút tìm kiếm bên phải" and "the search button on the right" name the button.
    """

    def __init__(self) -> None:
        thing, thing_en, region = any_of("sensory_controls"), any_of("sensory_controls_en"), any_of("sensory_regions")
        shape, size, colour, place = (any_of(f"sensory_{name}") for name in ("shapes", "sizes", "colours", "places"))
        place_en = any_of("sensory_places_en")
        adjective = rf"(?:{any_of('sensory_adjectives')}|{colour})"
        said = rf"(?:\s+(?:{shape}|{size}|màu\s+{colour}|màu|có|dạng|nền|này|đó|kia|ở|nằm|tại|đặt|phía|trên))*"
        said_en = r"(?:\s+(?:that|which|is|are|you|see|located|shown|found|placed|displayed))*"
        article = rf"(?<![\w-])(?:the|a|an|this|that|these|those|any)\s+(?:{adjective},?\s+)*"
        self.operation = re.compile(any_of("sensory_operations"))
        self.elsewhere = re.compile(any_of("sensory_elsewhere"))
        self.sound = re.compile(any_of("sensory_sounds"))
        naming = "có tên|mang tên|có chữ|có ghi|ghi chữ|ghi là|có nhãn|labell?ed|called|named|marked|titled|with the text|that says"
        self.naming = re.compile(rf"(?<!\w)(?:{naming})(?!\w)")
        self.shape = re.compile(
            rf"{thing}{said}\s+{shape}|(?<!\w)(?:nút|nút bấm|biểu tượng)\s+{size}"
            rf"|{any_of('sensory_adjectives')},?\s+(?:{adjective},?\s+)*{thing_en}"
        )
        self.colour = re.compile(rf"{thing}{said}\s+màu\s+{colour}|{colour}\s+(?:{adjective},?\s+)*{thing_en}")
        self.place = re.compile(rf"{thing}{said}\s+{place}|{article}{thing_en}{said_en}\s+{place_en}")
        self.region = re.compile(rf"{region}{said}\s+{place}|{article}{region}{said_en}\s+{place_en}")
        self.content = re.compile(
            rf"^the \w+ {place_en} (?:is|was|won|has|shows|are|were|will|can)\b"
            rf"|(?<!\w)(?:hình|ảnh|người|đoạn)\s+{place}\s+(?:là|cho biết|thể hiện|nêu)\b"
        )


@cache
def _patterns() -> _Patterns:
    return _Patterns()


def _point(sentence: Sentence) -> tuple[str, str, bool]:
    """How a sentence points at a thing (``shape``, ``place``, ``region``, ``content``, ``colour``, ``both`` or ``sound``), by which
    words, and whether that is certainly all it says."""
    text, patterns = sentence.folded, _patterns()
    if content := patterns.content.search(text):
        return "content", content[0], False
    if not patterns.operation.search(text):
        return "", "", False
    shape, colour, place = patterns.shape.search(text), patterns.colour.search(text), patterns.place.search(text)
    if shape or colour:
        kind = "both" if colour and (shape or place) else "shape" if shape else "colour"
        # "Ô tròn" is what people call a radio button.
        return kind, (shape or colour or [""])[0], not (shape and re.match(r"ô (?:hình )?(?:tròn|vuông)", shape[0]))
    if place:
        return "place", place[0], bool(_CLOSES.match(text[place.end() :]))
    if region := patterns.region.search(text):
        return "region", region[0], bool(_CLOSES.match(text[region.end() :])) and bool(_NAVIGATION.search(region[0]))
    sound = patterns.sound.search(text)
    return ("sound", sound[0], True) if sound else ("", "", False)


def sensory_instruction(evidence: Evidence) -> Iterator[Sentence]:
    """Sentences that point at a thing of the page by the senses, to have it operated or looked at."""
    for sentence in sentences(evidence):
        if len(sentence.text) <= _LONGEST and _point(sentence)[0] and not _patterns().elsewhere.search(sentence.folded):
            yield sentence


def _names(evidence: Evidence) -> set[str]:
    """Names that the page gives to controls, headings, landmarks and pictures, as people may repeat them."""
    found: set[str] = set()
    for node in evidence.dom.elements:
        if node.exposed and node.name and not node.is_text:
            found.add(node.name)
        elif node.tag in ("label", "legend", "caption", "th", "dt") or node.role == "heading":
            found.add(node.text)
    return {name for name in (bare(name).strip(" .:*»>…?!") for name in found) if 2 <= len(name) <= 80}


def _named(sentence: Sentence, evidence: Evidence) -> bool:
    """Whether the sentence says the name of something on the page."""
    if sentence.quotes or _patterns().naming.search(sentence.folded):
        return True
    if next((n for n in sentence.block.elements("a", "button", "img") if n.visible and n.name), None) is not None:
        return True
    text, patterns = bare(sentence.text), _patterns()
    things = rf"(?:{any_of('sensory_controls')}|{any_of('sensory_controls_en')}|{any_of('sensory_regions')})"
    for name in evidence.share("names", _names):
        if name not in text or not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text):
            continue
        # One syllable ("Gửi", "Chọn") stands in many a sentence: as a name it is written with its capital, or follows the thing.
        alone = " " not in name
        is_thing = bool(re.fullmatch(things, name))
        capital = any(bare(word.strip("“”\"'.,;:()")) == name and word[:1].isupper() for word in sentence.text.split()[1:])
        if not alone or is_thing or (capital and not patterns.operation.fullmatch(name)):
            return True
    return False


def _only_one(words: str, evidence: Evidence) -> bool:
    """Whether the word for the region finds it anyway: the page has one navigation, one table or one list."""
    if _NAVIGATION.search(words):
        return len([node for node in evidence.dom.with_role("navigation", "menu", "menubar") if node.exposed and node.visible]) == 1
    if re.search(r"bảng|table", words):
        return len([node for node in evidence.dom.all("table") if node.visible]) == 1
    return False


def thing_is_named(sentence: Sentence, evidence: Evidence) -> Finding | None:
    """The sentence says the name of what it points at."""
    kind, words, alone = _point(sentence)
    if _named(sentence, evidence) or (kind == "region" and _only_one(words, evidence)):
        return PASSED
    values = {"sentence": sentence.text, "words": words}
    criteria = {"colour": ("1.4.1",), "both": ("1.3.3", "1.4.1")}.get(kind, ("1.3.3",))
    told = "by_colour" if kind == "colour" else "by_sense"
    if not alone:
        return cant_tell("perhaps", values, node=sentence.block, criteria=criteria)
    return failed(told, values, node=sentence.block, criteria=criteria)


RULE = Rule(
    name=Text("Lời hướng dẫn nêu tên phần tử được nói tới", "An instruction names what it points at"),
    why=Text(
        "Người mù không biết nút nào tròn, màu gì hoặc ở bên nào; người nhìn kém phóng to trang có thể không thấy phần đó trên màn hình. "
        "Họ không làm theo được lời hướng dẫn.",
        "Blind people do not know which button is round, what colour it has or on which side it stands, and people who magnify the page "
        "may not have that part in view. They cannot follow the instruction.",
    ),
    criteria=("1.3.3", "1.4.1"),
    needs=("dom",),
    applicability=sensory_instruction,
    expectation=thing_is_named,
    act=("9bd38c",),
    techniques=("G96", "F14", "F26"),
    messages={
        "by_sense": message(
            vi="Câu hướng dẫn chỉ nêu phần tử bằng hình dạng, kích thước, vị trí hoặc âm thanh (“{words}”): “{sentence}”",
            en="The instruction tells its target only by shape, size, place or sound (“{words}”): “{sentence}”",
            mend_vi="Nêu thêm tên của nút, ô hoặc đề mục, ví dụ: bấm nút “Gửi câu hỏi” ở bên phải.",
            mend_en="Add the name of the button, field or heading, such as: press “Send question” on the right.",
        ),
        "by_colour": message(
            vi="Câu hướng dẫn chỉ nêu phần tử bằng màu sắc (“{words}”): “{sentence}”",
            en="The instruction tells its target only by colour (“{words}”): “{sentence}”",
            mend_vi="Nêu thêm tên của nút, ô hoặc đề mục bên cạnh màu sắc.",
            mend_en="Add the name of the button, field or heading to the colour.",
        ),
        "perhaps": message(
            vi="Câu hướng dẫn có vẻ chỉ nêu phần tử bằng vị trí (“{words}”): “{sentence}”",
            en="The instruction seems to tell its target only by its place (“{words}”): “{sentence}”",
            mend_vi="Xem câu có nêu tên phần tử không; nếu chỉ có vị trí thì thêm tên.",
            mend_en="See whether the sentence names its target; where it tells only the place, add the name.",
        ),
    },
)
