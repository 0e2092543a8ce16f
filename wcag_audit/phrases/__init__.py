"""Vietnamese and English words that rules look for, as data: one TOML file per kind, matched with and without diacritics.

A file ``<name>.toml`` holds ``phrases = [...]`` (and ``never = [...]``: look-alikes that must not match); ``other_names.toml`` holds
``alike = [[...]]``: names of the same thing.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache, lru_cache
from importlib import resources

from wcag_audit.model import bare, nfc

_EDGES = re.compile(r"^[\s\W_]+|[\s\W_]+$")
_WORD = re.compile(r"\w+")
_LETTERS = re.compile(r"[^\W_]+")
#: Characters of a text whose answer is kept for the next time, and of the words of a control that closes something.
_SHORT, _BRIEF = 200, 40
#: Signs that close something; a phrase has letters.
_CROSSES = ("×", "✕", "✖", "✗")


def plain(text: str) -> str:
    """Text as phrases are compared: NFC, case-folded, without punctuation, arrows and white space at its ends."""
    return _EDGES.sub("", nfc(text).casefold())


class Phrases:
    """One kind of phrases."""

    def __init__(self, phrases: list[str], never: list[str]) -> None:
        self.phrases = tuple(own for phrase in phrases if (own := plain(phrase)))
        self._never = frozenset(bare(plain(phrase)) for phrase in never)
        self._all = frozenset(bare(phrase) for phrase in self.phrases)
        # Without diacritics a text is compared with phrases without them; with them, it must have the right ones.
        self._accented = frozenset(self.phrases)
        #: A text that holds none of these holds none of the phrases.
        self.first_words = frozenset(_WORD.findall(phrase)[0] for phrase in self.phrases)
        #: By their first word without diacritics, the longest first: the phrases without diacritics, and the words of all that read so.
        self._inside: dict[str, list[tuple[str, list[list[str]]]]] = {}
        readings: dict[str, list[list[str]]] = {}
        for phrase in self.phrases:
            readings.setdefault(bare(phrase), []).append(_spelt(phrase))
        for phrase in sorted(readings, key=len, reverse=True):
            self._inside.setdefault(_WORD.findall(phrase)[0], []).append((phrase, readings[phrase]))

    def is_one(self, text: str) -> bool:
        """Whether the whole text is one of the phrases. "xem" matches "Xem »", "XEM…" and, typed without diacritics, "Tai day"."""
        return _is_one(self, text) if len(text) <= _SHORT else self._is(text)

    def _is(self, text: str) -> bool:
        own = plain(text)
        bared = bare(own)
        if not own or bared in self._never or bared not in self._all:
            return False
        return own in self._accented or own == bared

    def begins(self, text: str) -> bool:
        """Whether the text begins with one of the phrases as whole words, with the right diacritics or without any."""
        own = plain(text)
        return bool(self._at(0, bare(own), own))

    def found_in(self, text: str) -> str:
        """The first phrase that stands in the text as whole words, without diacritics; empty where none does.

        A word that was typed with diacritics must have the right ones: "nội dung" holds no "dừng". One typed without them counts in a
        text without any, and in a phrase of several words.
        """
        bared = bare(text)
        # Most texts hold no word that a phrase begins with, and a set tells that sooner than looking for each.
        if self._inside.keys().isdisjoint(_WORD.findall(bared)):
            return ""
        own = nfc(text).casefold()
        return next((phrase for word in _WORD.finditer(bared) if (phrase := self._at(word.start(), bared, own))), "")

    def _at(self, start: int, bared: str, own: str) -> str:
        """The longest phrase that begins at a word of a text, given without diacritics and as it is; empty where none does."""
        first = _WORD.match(bared, start)
        for phrase, readings in self._inside.get(first[0] if first else "", ()):
            end = start + len(phrase)
            if not bared.startswith(phrase, start) or _WORD.match(bared, end):
                continue
            # Marks that stand by themselves part the two texts' places: then the letters have to do.
            if len(own) != len(bared) or own == bared or _reads(own[start:end], readings):
                return phrase
        return ""


#: The five tones; where they stand in a syllable is a matter of taste ("hoà", "hòa").
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")


def _spelt(phrase: str) -> list[str]:
    """Words with their tones at their ends."""
    return [_tone_last(word) for word in _WORD.findall(phrase)]


@lru_cache(4096)
def _tone_last(word: str) -> str:
    parts = unicodedata.normalize("NFD", word)
    return "".join(sorted(parts, key=_TONES.__contains__))


def _reads(said: str, readings: list[list[str]]) -> bool:
    """Whether words are those of a phrase, some perhaps without their diacritics, where there are several."""
    words = _WORD.findall(said)
    typed_bare = [word == bare(word) for word in words]
    if len(words) > 1 and all(typed_bare):
        return True
    spelt = [_tone_last(word) for word in words]
    return any(
        all(word == right or (plainly and len(words) > 1) for word, right, plainly in zip(spelt, reading, typed_bare, strict=True))
        for reading in readings
        if len(reading) == len(spelt)
    )


@lru_cache(4096)
def _is_one(phrases: Phrases, text: str) -> bool:
    """Pages repeat their short texts: names of links, labels of fields."""
    return phrases._is(text)


@cache
def phrases(name: str) -> Phrases:
    """The phrases of ``<name>.toml``. Raises FileNotFoundError where there is no such file."""
    data = tomllib.loads(resources.files(__package__).joinpath(f"{name}.toml").read_text("utf-8"))
    return Phrases(data["phrases"], data.get("never", []))


@cache
def _one_name() -> tuple[re.Pattern[str], dict[str, str]]:
    groups = tomllib.loads(resources.files(__package__).joinpath("other_names.toml").read_text("utf-8"))["alike"]
    first = {_only_words(name): _only_words(group[0]) for group in groups for name in group}
    return re.compile(r"\b(?:" + "|".join(sorted(first, key=len, reverse=True)) + r")\b"), first


def _only_words(text: str) -> str:
    return " ".join(_LETTERS.findall(bare(text)))


def in_one_name(text: str) -> str:
    """The words of a text without diacritics and marks, each thing by one name: "SĐT:" and "Số điện thoại" are the same."""
    names, first = _one_name()
    return names.sub(lambda found: first[found[0]], _only_words(text))


def closes(words: str) -> bool:
    """Whether these are the words of a control that closes something and does nothing else: "Đóng", "Đóng cửa sổ hỗ trợ", "×"; not
    "Đồng ý" nor "Đóng lệ phí"."""
    text = words.strip()
    named = len(text) < _BRIEF and phrases("close_beginnings").begins(text) and not phrases("dangerous").found_in(text)
    return named or text in _CROSSES or phrases("close_words").is_one(text)
