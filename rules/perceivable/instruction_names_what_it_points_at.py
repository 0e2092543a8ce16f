"""An instruction names what it points at

What it checks
    Sentences that tell people to operate something and say which only by its shape or size ("nút tròn", "the large button"), its place
    on the left, on the right or in a corner, its colour, or by a sound. A sentence that names the thing (in quotation marks, or by the
    name of a control, heading, label or picture of the page) is fine, and so are words about the order of reading ("dưới đây").
    Sentences that describe ("trang dùng nút lớn") and instructions for other things (a lift, a telephone, a mouse) are none. Where the
    page shows no control of that kind, or none of that colour, and where a named control is to be used at a sound, a person is asked.

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
from functools import cache, cached_property

from wcag_audit.dom import Node
from wcag_audit.model import Text, bare
from wcag_audit.phrases import phrases
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.perceivable._colours import hue, hues, rgb
from wcag_audit.rules.perceivable._pictures import pictures_in
from wcag_audit.rules.perceivable._sentences import Sentence, any_of, sentences_with

_LONGEST = 400
_WORD = re.compile(r"\w+")
#: What may follow a place and leave it the only thing that is said: the page or screen, a purpose, or the end of the clause.
_NAVIGATION = re.compile(r"menu|điều hướng|trình đơn|navigation")
_CLOSES = re.compile(
    r"^\s*(?:$|[.,;:!?)…]|(?:của|màn hình|trang|trình duyệt|biểu mẫu|cửa sổ|để|rồi|và|sau đó|khi|nếu|nhằm|hoặc)\b"
    r"|(?:to|and|then|for|when|if|of (?:the|this|your) (?:screen|page|form|window))\b)"
)
#: What stands before a verb that asks for something to be done; after another word it tells what somebody or something does.
_ASKS = (
    r"(?:^|[,;:.!?()“”\"–—-]\s*|(?<!\w)(?:hãy|vui lòng|xin|mời|rồi|và|hoặc|bạn|quý vị|quý khách|người dân|công dân|cần|phải"
    r"|please|then|and|or|you|you (?:can|may|must|should|need to|have to)|simply|just|now|first|next|finally)\s+)"
)
_FIELD, _LINK = re.compile(r"(?<!\w)(?:ô|hộp|trường|box|checkbox|fields?)(?!\w)"), re.compile(r"liên kết|đường dẫn|links?(?!\w)")
#: What lets people without hearing know that a sound was given.
_SEEN = re.compile(r"(?<!\w)(?:thấy|hiện|hiển thị|xuất hiện|thông báo|dòng chữ|see|appears?|shown|message|notice)(?!\w)")


class _Patterns:
    """The sensory ways to point at a thing, as patterns over a case-folded sentence.

    In Vietnamese what is said of a thing follows it, in English it stands before it. Between the thing and its place only words that
    name nothing may stand: "nút tìm kiếm bên phải" and "the search button on the right" name the button. Each pattern is large, and
    compiled when a sentence first holds a word without which it cannot match.
    """

    def __init__(self) -> None:
        self._thing, self._thing_en, self._region = any_of("sensory_controls"), any_of("sensory_controls_en"), any_of("sensory_regions")
        self._shape, self._size, self._colour = any_of("sensory_shapes"), any_of("sensory_sizes"), any_of("sensory_colours")
        self._place, self._place_en = any_of("sensory_places"), any_of("sensory_places_en")
        self._adjective = rf"(?:{any_of('sensory_adjectives')}|{self._colour})"
        looks = rf"{self._shape}|{self._size}|màu\s+{self._colour}|màu"
        self._said = rf"(?:\s+(?:{looks}|có|dạng|nền|này|đó|kia|ở|nằm|tại|đặt|phía|trên))*"
        self._said_en = r"(?:\s+(?:that|which|is|are|you|see|located|shown|found|placed|displayed))*"
        self._article = rf"(?<![\w-])(?:the|a|an|this|that|these|those|any)\s+(?:{self._adjective},?\s+)*"

    @cached_property
    def operation(self) -> re.Pattern[str]:
        return re.compile(rf"{any_of('sensory_operations')}|{_ASKS}{any_of('sensory_requests')}")

    @cached_property
    def verb(self) -> re.Pattern[str]:
        return re.compile(rf"{any_of('sensory_operations')}|{any_of('sensory_requests')}")

    @cached_property
    def colour_word(self) -> re.Pattern[str]:
        return re.compile(self._colour)

    @cached_property
    def elsewhere(self) -> re.Pattern[str]:
        return re.compile(any_of("sensory_elsewhere"))

    @cached_property
    def sound(self) -> re.Pattern[str]:
        return re.compile(any_of("sensory_sounds"))

    @cached_property
    def naming(self) -> re.Pattern[str]:
        naming = "có tên|mang tên|có chữ|có ghi|ghi chữ|ghi là|có nhãn|labell?ed|called|named|marked|titled|with the text|that says"
        return re.compile(rf"(?<!\w)(?:{naming})(?!\w)")

    @cached_property
    def shape(self) -> re.Pattern[str]:
        return re.compile(
            rf"{self._thing}{self._said}\s+{self._shape}|(?<!\w)(?:nút|nút bấm|biểu tượng)\s+{self._size}"
            rf"|{any_of('sensory_adjectives')},?\s+(?:{self._adjective},?\s+)*{self._thing_en}"
        )

    @cached_property
    def colour(self) -> re.Pattern[str]:
        vietnamese = rf"{self._thing}{self._said}\s+màu\s+{self._colour}"
        return re.compile(rf"{vietnamese}|{self._colour}\s+(?:{self._adjective},?\s+)*{self._thing_en}")

    @cached_property
    def place(self) -> re.Pattern[str]:
        english = rf"{self._article}{self._thing_en}{self._said_en}\s+{self._place_en}"
        return re.compile(rf"{self._thing}{self._said}\s+{self._place}|{english}")

    @cached_property
    def region(self) -> re.Pattern[str]:
        english = rf"{self._article}{self._region}{self._said_en}\s+{self._place_en}"
        return re.compile(rf"{self._region}{self._said}\s+{self._place}|{english}")

    @cached_property
    def content(self) -> re.Pattern[str]:
        return re.compile(
            rf"^the \w+ {self._place_en} (?:is|was|won|has|shows|are|were|will|can)\b"
            rf"|(?<!\w)(?:hình|ảnh|người|đoạn)\s+{self._place}\s+(?:là|cho biết|thể hiện|nêu)\b"
        )


@cache
def _patterns() -> _Patterns:
    return _Patterns()


def _point(sentence: Sentence) -> tuple[str, str, bool]:
    """How a sentence points at a thing (``shape``, ``place``, ``region``, ``content``, ``colour``, ``both`` or ``sound``), by which
    words, and whether that is certainly all it says."""
    text, patterns = sentence.folded, _patterns()
    words = set(_WORD.findall(text))

    def holds(*kinds: str) -> bool:
        return any(not words.isdisjoint(phrases(f"sensory_{kind}").first_words) for kind in kinds)

    placed = holds("places", "places_en")
    if placed and (content := patterns.content.search(text)):
        return "content", content[0], False
    if not (holds("operations", "requests") and patterns.operation.search(text)):
        return "", "", False
    shape = patterns.shape.search(text) if holds("shapes", "sizes", "adjectives") else None
    colour = patterns.colour.search(text) if holds("colours") else None
    place = patterns.place.search(text) if placed else None
    if shape or colour:
        kind = "both" if colour and (shape or place) else "shape" if shape else "colour"
        # "Ô tròn" is what people call a radio button.
        return kind, (shape or colour or [""])[0], not (shape and re.match(r"ô (?:hình )?(?:tròn|vuông)", shape[0]))
    if place:
        return "place", place[0], bool(_CLOSES.match(text[place.end() :]))
    if placed and (region := patterns.region.search(text)):
        return "region", region[0], bool(_CLOSES.match(text[region.end() :])) and bool(_NAVIGATION.search(region[0]))
    sound = patterns.sound.search(text) if holds("sounds") else None
    return ("sound", sound[0], True) if sound else ("", "", False)


def sensory_instruction(evidence: Evidence) -> Iterator[Sentence]:
    """Sentences that point at a thing of the page by the senses, to have it operated or looked at."""
    words = (word for kind in ("places", "places_en", "operations", "requests") for word in phrases(f"sensory_{kind}").first_words)
    for sentence in sentences_with(evidence, words):
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
        if not alone or is_thing or (capital and not patterns.verb.fullmatch(name)):
            return True
    return False


def _only_one(words: str, evidence: Evidence) -> bool:
    """Whether the word for the region finds it anyway: the page has one navigation, one table or one list."""
    if _NAVIGATION.search(words):
        return len([node for node in evidence.dom.with_role("navigation", "menu", "menubar") if node.exposed and node.visible]) == 1
    if re.search(r"bảng|table", words):
        return len([node for node in evidence.dom.all("table") if node.visible]) == 1
    return False


def _is_shown(words: str, evidence: Evidence) -> bool:
    """Whether the page shows a control of the kind that the words say, and of their colour: else they may speak of another thing."""
    dom = evidence.dom
    if _FIELD.search(words):
        found = [*dom.all("input", "select", "textarea"), *dom.with_role("textbox", "searchbox", "combobox", "checkbox", "radio", "switch")]
    elif _LINK.search(words):
        found = dom.with_role("link")
    else:
        found = [*dom.with_role("button", "tab", "menuitem"), *(link for link in dom.with_role("link") if _looks_like_a_button(link))]
    shown = [node for node in found if node.visible]
    named = [name for match in _patterns().colour_word.finditer(words) for name in hues(match[0])]
    return any(not _COLOURED.intersection(named) or not _hues(node).isdisjoint(named) for node in shown)


#: The hues that ``hue`` tells; black, white and grey are none.
_COLOURED = frozenset(("red", "orange", "yellow", "green", "blue", "purple", "pink"))


def _looks_like_a_button(link: Node) -> bool:
    """A link with a ground of its own, or a picture and no text."""
    return rgb(str(link.style.get("bg", ""))) is not None or (not link.visible_text and any(pictures_in(link)))


def _hues(control: Node) -> set[str]:
    """The hues of a control's grounds and letters."""
    styles = (part.style for part in (control, *control.descendants()) if part.visible)
    colours = (rgb(str(style.get(name, ""))) for style in styles for name in ("bg", "c"))
    return {hue(colour) for colour in colours if colour is not None} - {""}


def thing_is_named(sentence: Sentence, evidence: Evidence) -> Finding | None:
    """The sentence says the name of what it points at."""
    kind, words, alone = _point(sentence)
    if _named(sentence, evidence):
        if kind != "sound" or _SEEN.search(sentence.folded):
            return PASSED
        alone = False
    if kind == "region" and _only_one(words, evidence):
        return PASSED
    if kind in ("shape", "colour", "both", "place"):
        alone = alone and _is_shown(words, evidence)
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
            vi="Câu hướng dẫn có vẻ chỉ dựa vào hình dạng, kích thước, vị trí, màu sắc hoặc âm thanh (“{words}”): “{sentence}”",
            en="The instruction seems to rely on shape, size, place, colour or sound alone (“{words}”): “{sentence}”",
            mend_vi="Xem câu có nói về trang này và có nêu tên phần tử không; với âm thanh thì thêm dấu hiệu nhìn thấy được.",
            mend_en="See whether it speaks of this page and names its target; where it waits for a sound, add a sign that is seen.",
        ),
    },
)
