"""Which language a text is in, as far as it can be told: Vietnamese is nearly certain by its letters and tone marks, prose of some
other languages by small words that only they have."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
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
#: Letters that a text needs before its language is told, and prose by its small words.
ENOUGH, ENOUGH_PROSE = 200, 60
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
    """The language of prose of at least ``ENOUGH_PROSE`` letters, where its small words make it certain; else None.

    Names, menus and lists have few small words: nothing is told of them.
    """
    words = Counter(_WORD.findall(nfc(text[:MOST_PROSE]).casefold()))
    if sum(len(word) * count for word, count in words.items()) < ENOUGH_PROSE:
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
    """The language of a text of at least ``ENOUGH`` letters; nothing is told of a shorter one.

    Vietnamese is certain where at least a third of the words carry letters that no other language has. English is certain where
    nearly all letters are plain Latin and the classifier has no doubt; Vietnamese typed without diacritics never is.
    """
    text = nfc(text[:MOST_PROSE]).casefold()
    words = _WORD.findall(text)
    if letters(text) < ENOUGH or not words:
        return Guess("", False, 0.0)
    marked = len(_VIETNAMESE_WORD.findall(text)) / len(words)
    if marked >= 1 / 3:
        return Guess("vi", True, marked)
    language, probability = _identifier().classify(text[:5000])
    foreign = sum(1 for c in text if c.isalpha() and not c.isascii()) / letters(text)
    certain = language == "en" and foreign < 0.03 and probability > 0.999
    return Guess(str(language), certain, marked)
