"""Which language a text is in, as far as it can be told: Vietnamese is nearly certain by its letters and tone marks, prose of some
other languages by small words that only they have. Of what is not written in Latin letters, the script."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

from wcag_audit.model import nfc

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

#: Letters that only Vietnamese has, among the languages written in Latin letters that matter on the web.
_ONLY_VIETNAMESE = frozenset("ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ")
_WORD = re.compile(r"[^\W\d_]+")
_VIETNAMESE_WORD = re.compile(rf"(?<![^\W\d_])[^\W\d_]*[{''.join(_ONLY_VIETNAMESE)}][^\W\d_]*")
#: A Vietnamese syllable without its marks: "the", "can" and "den" are words of others too.
_SYLLABLE = re.compile(r"(?:ngh?|[cgkt]h|ph|nh|tr|gi|qu|[bcdghklmnprstvx])?[aeiouy]{1,3}(?:ch|ng|nh|[cmnpt])?")
#: Letters that a text needs before its language is told, and where letters of its own, a script or small words make it certain.
ENOUGH, ENOUGH_CERTAIN = 200, 60
#: Different words with letters of its own that make Vietnamese certain, and the share of a text's words that carry them.
_MARKED, _MARKED_SHARE = 8, 1 / 3
#: The share of letters that makes a text one of a script.
_OF_A_SCRIPT = 0.8
#: Scripts by the first word of their letters' Unicode names; Japanese has Chinese characters and letters of its own.
_SCRIPTS = {
    "CJK": "han", "HIRAGANA": "kana", "KATAKANA": "kana", "HANGUL": "hangul", "KHMER": "khmer", "THAI": "thai", "LAO": "lao",
    "ARABIC": "arabic", "CYRILLIC": "cyrillic",
}
#: Characters of a text that are read for it.
MOST_PROSE = 10_000
#: Different small words of its own, the share of all its small words, and how many times fewer of its own another language has to have.
_DISTINCT, _SHARE, _FEWER = 3, 0.25, 3
#: Languages so near to each other that their small words do not tell them apart for certain.
_RELATED = (frozenset(("da", "nb", "no", "nn", "sv")), frozenset(("es", "pt", "gl", "ca")), frozenset(("id", "ms")))
#: Languages that are not written in Latin letters.
_OTHER_LETTERS = frozenset((
    "ar", "be", "bg", "bn", "el", "fa", "he", "hi", "hy", "ja", "ka", "km", "ko", "lo", "mk", "mr", "my", "ne", "ru", "ta", "te", "th",
    "uk", "ur", "zh",
))

class Guess(NamedTuple):
    """A language (``vi``, ``en`` or ``""`` for unknown), whether it is certain, and the share of words that show it."""

    language: str
    certain: bool
    share: float


@cache
def _frequent_words() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """By language, its frequent words, and those of them that no other of the languages has and that are no Vietnamese syllable
    without its marks."""
    table = tomllib.loads(resources.files("wcag_audit").joinpath("frequent_words.toml").read_text("utf-8"))
    words = {language: frozenset(listed.split()) for language, listed in table.items()}
    shared = Counter(word for listed in words.values() for word in listed)
    own = {
        language: frozenset(word for word in listed if shared[word] == 1 and not _SYLLABLE.fullmatch(word))
        for language, listed in words.items()
    }
    return {language: (listed, own[language]) for language, listed in words.items()}


class Prose(NamedTuple):
    """The language of a text by its small words, and how many words of its own each known language has in it."""

    language: str
    own: dict[str, int]

    def excludes(self, language: str) -> bool:
        """Whether the text is not in a language: one that is known and has next to none of its words, or that has other letters."""
        known = self.own.get(language)
        if known is None:
            return language in _OTHER_LETTERS
        related = any({language, self.language} <= family for family in _RELATED)
        return not related and known * _FEWER <= self.own[self.language]


def prose(text: str) -> Prose | None:
    """The language of prose of at least ``ENOUGH_CERTAIN`` letters, where its small words make it certain; else None.

    Names, menus and lists have few small words: nothing is told of them.
    """
    words = Counter(_WORD.findall(nfc(text[:MOST_PROSE]).casefold()))
    if sum(len(word) * count for word, count in words.items()) < ENOUGH_CERTAIN:
        return None
    found = {language: words.keys() & only for language, (_, only) in _frequent_words().items()}
    own = {language: sum(words[word] for word in only) for language, only in found.items()}
    best, second = sorted(own, key=lambda language: own[language], reverse=True)[:2]
    share = sum(words[word] for word in words.keys() & _frequent_words()[best][0]) / words.total()
    certain = len(found[best]) >= _DISTINCT and share >= _SHARE and own[second] * _FEWER <= own[best]
    return Prose(best, own) if certain else None


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(["vi", "en"])
    return identifier


def letters(text: str) -> int:
    return sum(map(str.isalpha, text))


def guess(text: str) -> Guess:
    """The language of a text of at least ``ENOUGH`` letters; of a shorter one, only whether it is certainly Vietnamese.

    Vietnamese is certain where at least a third of the words, and several different ones, carry letters that no other of the
    languages has. English is certain where nearly all letters are plain Latin and the classifier has no doubt; Vietnamese typed
    without diacritics never is.
    """
    text = nfc(text[:MOST_PROSE]).casefold()
    words, count = _WORD.findall(text), letters(text)
    if count < ENOUGH_CERTAIN or not words:
        return Guess("", False, 0.0)
    marked = _VIETNAMESE_WORD.findall(text)
    share = len(marked) / len(words)
    if share >= _MARKED_SHARE and len(set(marked)) >= _MARKED:
        return Guess("vi", True, share)
    if count < ENOUGH:
        return Guess("", False, share)
    language, certain = _classified(text)
    return Guess(language, certain, share)


def _classified(text: str) -> tuple[str, bool]:
    language, probability = _identifier().classify(text[:5000])
    foreign = sum(1 for c in text if c.isalpha() and not c.isascii()) / letters(text)
    return str(language), language == "en" and foreign < 0.03 and probability > 0.999


def script(text: str) -> str:
    """The script, other than Latin, that nearly all of at least ``ENOUGH_CERTAIN`` letters are of; else an empty string."""
    found = Counter("" if c < "\u0370" else _script_of(c) for c in text[:MOST_PROSE] if c.isalpha())
    count = found.total()
    if found["kana"]:
        found["kana"] += found.pop("han", 0)
    most = max(found, key=lambda each: found[each], default="")
    return most if count >= ENOUGH_CERTAIN and found[most] >= count * _OF_A_SCRIPT else ""


@cache
def _script_of(letter: str) -> str:
    return _SCRIPTS.get(unicodedata.name(letter, "").split(" ")[0], "")


def is_written_in_latin_letters(language: str) -> bool:
    """Whether a language is known to be."""
    return language == "vi" or language in _frequent_words()


def has_no_vietnamese_letters(language: str) -> bool:
    """Whether a language is known to do without the letters that make Vietnamese certain. Tày, Nùng and Mường have them, among others."""
    return language in _frequent_words() or language in _OTHER_LETTERS


def has_a_part_in(blocks: Iterable[str], language: str) -> bool:
    """Whether at least a quarter of a text that is Vietnamese otherwise is in another language: blocks without Vietnamese letters that
    have many of its small words, or that are English for certain."""
    parts = [nfc(block).casefold() for block in blocks]
    other = " ".join(part for part in parts if len(_VIETNAMESE_WORD.findall(part)) * 5 < len(_WORD.findall(part)))[:MOST_PROSE]
    count, words = letters(other), _WORD.findall(other)
    if count < ENOUGH_CERTAIN or count * 4 < sum(map(letters, parts)) or language not in _frequent_words():
        return False
    listed, _ = _frequent_words()[language]
    small = [word for word in words if word in listed]
    return (len(set(small)) >= _DISTINCT and len(small) >= len(words) * _SHARE) or _classified(other) == (language, True)
