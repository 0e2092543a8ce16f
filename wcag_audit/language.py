"""Which language a text is in, as far as it can be told: Vietnamese is nearly certain by its letters and tone marks."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from wcag_audit.model import nfc

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

#: Letters that only Vietnamese has, among the languages written in Latin letters that matter on the web.
_ONLY_VIETNAMESE = frozenset("ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ")
_WORD = re.compile(r"[^\W\d_]+")
_VIETNAMESE_WORD = re.compile(rf"(?<![^\W\d_])[^\W\d_]*[{''.join(_ONLY_VIETNAMESE)}][^\W\d_]*")
#: Letters that a text needs before its language is told.
ENOUGH = 200


#: Frequent words of English that its neighbours in Latin letters do not have.
_ONLY_ENGLISH = frozenset(
    ["the", "and", "this", "that", "with", "are", "from", "your", "has", "you", "which", "will", "these", "their", "about", "been"]
)


class Guess(NamedTuple):
    """A language (``vi``, ``en`` or ``""`` for unknown), whether it is certain, and the share of words that show it."""

    language: str
    certain: bool
    share: float


def is_english_prose(text: str) -> bool:
    """Whether a text is English beyond doubt: at least three of its own frequent words, which make up a good share."""
    words = _WORD.findall(nfc(text).casefold())
    own = [word for word in words if word in _ONLY_ENGLISH]
    return len(set(own)) >= 3 and len(own) >= 0.06 * len(words)


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
    text = nfc(text).casefold()
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
