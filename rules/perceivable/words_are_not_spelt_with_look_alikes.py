"""Words are not spelt with letters of another alphabet that look alike

What it checks
    Every word that is told to assistive technology: whether it mixes Latin letters with Greek or Cyrillic letters that only look like
    Latin ones ("ѕ" for "s", "о" for "o"). Two such letters in a word, or three such words on a page, cannot be a slip: a failure. One
    alone is asked of a person.

Why it matters
    The word looks right and is read as a stutter of foreign letters, or not at all; it cannot be searched for or translated either.

Fails
    ``<p>ϲоοk</p>`` (Greek and Cyrillic letters)

Mended
    ``<p>cook</p>``

References
    WCAG 2.0 success criterion 1.1.1; failure F71.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wcag_audit.dom import Node
from wcag_audit.model import Text, nfc
from wcag_audit.rule import Evidence, Finding, Rule, cant_tell, failed, message

#: Greek and Cyrillic letters that a reader takes for Latin ones.
_LOOK_ALIKES = frozenset("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοϲϳАВЕЅІЈКМНОРСТУХаеорсухѕіјԁԛԝһӏ")
_OTHER = re.compile("[\u0370-\u03ff\u0400-\u052f]")
_WORD = re.compile(r"[^\W\d_]{3,}")


def _suspects(text: str) -> list[str]:
    """Words that mix Latin letters with look-alikes, and with no other letter of those alphabets (μ, Δ, Ω: units and symbols)."""
    found = []
    for word in _WORD.findall(nfc(text)):
        foreign = _OTHER.findall(word)
        if foreign and len(foreign) < len(word) and all(letter in _LOOK_ALIKES for letter in foreign):
            found.append(word)
    return found


def texts_in_two_alphabets(evidence: Evidence) -> Iterator[Node]:
    """Visible texts with Greek or Cyrillic letters."""
    for node in evidence.dom.nodes:
        if node.is_text and _OTHER.search(node.raw["x"]) and node.visible and node.exposed:
            yield node


def words_keep_to_one_alphabet(text: Node, evidence: Evidence) -> Finding | None:
    """No word of the text takes letters of another alphabet for Latin ones."""
    words = _suspects(text.raw["x"])
    if not words:
        return None
    on_page = evidence.share("words in look-alikes", _count)
    word = max(words, key=lambda word: len(_OTHER.findall(word)))
    letters = " ".join(f"{letter} (U+{ord(letter):04X})" for letter in dict.fromkeys(_OTHER.findall(word)))
    certain = len(_OTHER.findall(word)) >= 2 or on_page >= 3
    return (failed if certain else cant_tell)("look_alikes" if certain else "one_letter", {"word": word, "letters": letters})


def _count(evidence: Evidence) -> int:
    return sum(len(_suspects(text.raw["x"])) for text in texts_in_two_alphabets(evidence))


RULE = Rule(
    name=Text("Từ không được viết bằng ký tự của bảng chữ khác", "Words are not spelt with letters of another alphabet that look alike"),
    why=Text(
        "Người mù dùng trình đọc màn hình nghe từ bị đọc sai hoặc bị bỏ qua, dù nhìn trên màn hình thì đúng; từ đó cũng không tìm kiếm "
        "hay dịch được.",
        "Blind people who use a screen reader hear the word garbled or not at all, though it looks right; it cannot be searched for or "
        "translated either.",
    ),
    criteria=("1.1.1",),
    needs=("dom",),
    applicability=texts_in_two_alphabets,
    expectation=words_keep_to_one_alphabet,
    techniques=("F71",),
    messages={
        "look_alikes": message(
            vi="Từ “{word}” dùng ký tự của bảng chữ khác chỉ giống chữ Latinh về hình: {letters}.",
            en="The word “{word}” uses letters of another alphabet that only look Latin: {letters}.",
            mend_vi="Gõ lại từ này bằng chữ Latinh.",
            mend_en="Type the word anew in Latin letters.",
        ),
        "one_letter": message(
            vi="Từ “{word}” có một ký tự của bảng chữ khác: {letters}. Đó là lỗi gõ hay ký hiệu?",
            en="The word “{word}” has one letter of another alphabet: {letters}. Is it a slip or a symbol?",
            mend_vi="Nếu không phải ký hiệu thì gõ lại bằng chữ Latinh.",
            mend_en="If it is no symbol, type it anew in Latin letters.",
        ),
    },
)
