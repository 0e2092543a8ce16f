"""The page's language is the language of its text

What it checks
    The primary language that ``lang`` on the page's root names, against the language of the visible text. Vietnamese is certain by its
    letters and tone marks (in at least 60 letters, 8 different words and a third of all words), prose in English, French, German,
    Dutch, Spanish, Portuguese, Italian and some others by small words that no other of them has. Near relatives, as Danish and
    Norwegian, are not held against each other. A text nearly all in Chinese, Japanese, Korean, Khmer, Thai, Lao, Arabic or Cyrillic
    letters is in no language that is written in Latin letters. Text inside elements with a ``lang`` of their own does not count.

    Tày, Nùng, Mường and others are written in letters that Vietnamese has: a page that names a language which may have them is not
    failed. A page that lists Vietnamese titles beside a good part in the language that it names is a question: where its own
    language is the named one, only the titles want a ``lang`` (3.1.2).

Why it matters
    A screen reader takes its voice and its rules of pronunciation from ``lang``. Vietnamese read by an English voice is a stream of
    syllables that nobody understands: a blind citizen cannot use a single page of the portal.

Fails
    ``<html lang="en-US">`` on a page whose text is Vietnamese; ``<html lang="vi">`` on a page in Khmer.

Mended
    ``<html lang="vi">``

References
    WCAG 2.0 success criterion 3.1.1; technique H57; ACT rule ucwvc8. A missing or invalid ``lang`` is axe's html-has-lang and
    html-lang-valid; ``xml:lang`` is not judged, because ``lang`` wins in HTML.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from wcag_audit.dom import Node
from wcag_audit.language import (
    ENOUGH,
    Guess,
    Prose,
    guess,
    has_a_part_in,
    has_no_vietnamese_letters,
    is_written_in_latin_letters,
    letters,
    prose,
    script,
)
from wcag_audit.model import Text, nfc
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message

_NAMES = {
    "vi": Text("tiếng Việt", "Vietnamese"),
    "en": Text("tiếng Anh", "English"),
    "fr": Text("tiếng Pháp", "French"),
    "de": Text("tiếng Đức", "German"),
    "nl": Text("tiếng Hà Lan", "Dutch"),
    "es": Text("tiếng Tây Ban Nha", "Spanish"),
    "pt": Text("tiếng Bồ Đào Nha", "Portuguese"),
    "it": Text("tiếng Ý", "Italian"),
    "da": Text("tiếng Đan Mạch", "Danish"),
    "nb": Text("tiếng Na Uy", "Norwegian"),
    "sv": Text("tiếng Thụy Điển", "Swedish"),
    "fi": Text("tiếng Phần Lan", "Finnish"),
    "pl": Text("tiếng Ba Lan", "Polish"),
    "id": Text("tiếng Indonesia", "Indonesian"),
}
_SCRIPTS = {
    "han": Text("chữ Hán", "in Chinese characters"),
    "kana": Text("tiếng Nhật", "Japanese"),
    "hangul": Text("tiếng Hàn", "Korean"),
    "khmer": Text("chữ Khmer", "in Khmer letters"),
    "thai": Text("chữ Thái Lan", "in Thai letters"),
    "lao": Text("chữ Lào", "in Lao letters"),
    "arabic": Text("chữ Ả Rập", "in Arabic letters"),
    "cyrillic": Text("chữ Kirin", "in Cyrillic letters"),
}


def own_text(root: Node, evidence: Evidence) -> str:
    """The visible text that takes its language from the root."""
    return evidence.share("text-in-the-page-language", lambda _: _own_text(root))


def _own_text(root: Node) -> str:
    return nfc(" ".join(str(node.raw["x"]) for node in _own_texts(root)))


def _own_texts(root: Node) -> Iterator[Node]:
    others = {text.index for node in root.elements() if "lang" in node.attrs and node.get("lang").strip() for text in node.texts}
    return (node for node in root.texts if node.index not in others and node.visible)


def _blocks(root: Node) -> Iterator[str]:
    """The text of each paragraph, cell, item and so on."""
    table: defaultdict[Node | None, list[str]] = defaultdict(list)
    for node in _own_texts(root):
        table[node.block].append(str(node.raw["x"]))
    return map(" ".join, table.values())


def language_of_text(root: Node, evidence: Evidence) -> Guess:
    return evidence.share("page-language", lambda _: guess(own_text(root, evidence)))


def prose_of_page(root: Node, evidence: Evidence) -> Prose | None:
    return evidence.share("page-prose", lambda _: prose(own_text(root, evidence)))


def script_of_page(root: Node, evidence: Evidence) -> str:
    return evidence.share("page-script", lambda _: script(own_text(root, evidence)))


def root_with_language(evidence: Evidence) -> Iterator[Node]:
    """The root element where it names a language and the text's own, or its script, can be told."""
    root = evidence.dom.root
    if root is None or root.tag != "html" or not root.get("lang").strip():
        return
    if language_of_text(root, evidence).language or prose_of_page(root, evidence) is not None or script_of_page(root, evidence):
        yield root


def language_is_the_texts(root: Node, evidence: Evidence) -> Finding | None:
    """The primary language named is that of the text."""
    named, *more = root.get("lang").strip().lower().split("-")
    if other := script_of_page(root, evidence):
        # A script of its own is named beside the language: vi-Hani.
        told_apart = is_written_in_latin_letters(named) and not any(len(part) == 4 and part != "latn" for part in more)
        return failed("other_language", _values(root, _SCRIPTS[other], evidence)) if told_apart else PASSED
    found = language_of_text(root, evidence)
    if found.language == "vi" and found.certain:
        return PASSED if named == "vi" else _of_vietnamese(root, named, evidence)
    told = prose_of_page(root, evidence)
    # English under lang="vi" may be the part of a Vietnamese page that was there when it was recorded.
    if named == "vi":
        foreign = "en" if found.language == "en" and found.certain else told.language if told is not None else ""
        ask = foreign and _is_long(root, evidence)
        return cant_tell("perhaps_other_language", _values(root, _NAMES[foreign], evidence)) if ask else PASSED
    if told is None or not told.excludes(named):
        return PASSED
    return failed("other_language", _values(root, _NAMES[told.language], evidence))


def _of_vietnamese(root: Node, named: str, evidence: Evidence) -> Finding | None:
    """Text in Vietnamese letters on a page that names another language."""
    values = _values(root, _NAMES["vi"], evidence)
    if has_no_vietnamese_letters(named) and not has_a_part_in(_blocks(root), named):
        return failed("other_language", values)
    # The peoples beside the Vietnamese who share their letters have codes of three letters: tyz, mtq, nut.
    return cant_tell("perhaps_other_language", values) if len(named) == 2 else PASSED


def _is_long(root: Node, evidence: Evidence) -> bool:
    return letters(own_text(root, evidence)) >= ENOUGH


def _values(root: Node, name: Text, evidence: Evidence) -> dict[str, str]:
    return {"lang": root.get("lang"), "language.vi": name.vi, "language.en": name.en, "sample": own_text(root, evidence)[:120]}


RULE = Rule(
    name=Text("Ngôn ngữ khai báo của trang đúng với ngôn ngữ của nội dung", "The page's language is the language of its text"),
    why=Text(
        "Trình đọc màn hình chọn giọng đọc theo ngôn ngữ khai báo. Khai báo sai thì người mù nghe tiếng Việt bằng giọng nước ngoài, không "
        "hiểu được nội dung của trang.",
        "A screen reader chooses its voice by the declared language. Where it is wrong, blind people hear Vietnamese in a foreign voice "
        "and cannot understand the page.",
    ),
    criteria=("3.1.1",),
    needs=("dom",),
    applicability=root_with_language,
    expectation=language_is_the_texts,
    act=("ucwvc8",),
    techniques=("H57",),
    messages={
        "other_language": message(
            vi="Trang khai báo lang=“{lang}” nhưng nội dung là {language}: “{sample}”",
            en="The page says lang=“{lang}”, but its text is {language}: “{sample}”",
            mend_vi="Ghi đúng ngôn ngữ, với trang tiếng Việt là <html lang=\"vi\">; đoạn bằng ngôn ngữ khác thì ghi lang riêng.",
            mend_en="Name the text's language, such as <html lang=\"vi\">; give a passage in another language a lang of its own.",
        ),
        "perhaps_other_language": message(
            vi="Trang khai báo lang=“{lang}” nhưng nội dung có vẻ là {language}: “{sample}”",
            en="The page says lang=“{lang}”, but its text seems to be {language}: “{sample}”",
            mend_vi="Xem ngôn ngữ chính của nội dung trang là gì; nếu không phải “{lang}” thì sửa thuộc tính lang.",
            mend_en="Decide which language most of the page is in; where it is not “{lang}”, mend the lang attribute.",
        ),
    },
)
