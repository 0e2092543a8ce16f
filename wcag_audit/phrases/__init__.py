"""Vietnamese and English words that rules look for, as data: one TOML file per kind, matched with and without diacritics.

A file ``<name>.toml`` holds ``phrases = [...]`` (and ``never = [...]``: look-alikes that must not match).
"""

from __future__ import annotations

import re
import tomllib
from functools import cache, cached_property, lru_cache
from importlib import resources

from wcag_audit.model import bare, nfc

_EDGES = re.compile(r"^[\s\W_]+|[\s\W_]+$")
_WORD = re.compile(r"\w+")
#: Characters of a text whose answer is kept for the next time.
_SHORT = 200


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
        #: A text that holds none of these holds none of the phrases; with their diacritics, and without.
        self.first_words = frozenset(_WORD.findall(phrase)[0] for phrase in self.phrases)
        self._first = frozenset(_WORD.findall(bare(phrase))[0] for phrase in self.phrases)

    @cached_property
    def _inside(self) -> re.Pattern[str]:
        words = sorted((re.escape(bare(phrase)) for phrase in self.phrases), key=len, reverse=True)
        return re.compile(r"(?<!\w)(?:" + "|".join(words) + r")(?!\w)") if words else re.compile(r"(?!)")

    def is_one(self, text: str) -> bool:
        """Whether the whole text is one of the phrases. "xem" matches "Xem »", "XEM…" and, typed without diacritics, "Tai day"."""
        return _is_one(self, text) if len(text) <= _SHORT else self._is(text)

    def _is(self, text: str) -> bool:
        own = plain(text)
        bared = bare(own)
        if not own or bared in self._never or bared not in self._all:
            return False
        return own in self._accented or own == bared

    def found_in(self, text: str) -> str:
        """The first phrase that stands in the text as whole words, without diacritics; empty where none does."""
        bared = bare(text)
        # Most texts hold no word that a phrase begins with, and a set tells that sooner than the pattern.
        if self._first.isdisjoint(_WORD.findall(bared)):
            return ""
        match = self._inside.search(bared)
        return match[0] if match else ""


@lru_cache(4096)
def _is_one(phrases: Phrases, text: str) -> bool:
    """Pages repeat their short texts: names of links, labels of fields."""
    return phrases._is(text)


@cache
def phrases(name: str) -> Phrases:
    """The phrases of ``<name>.toml``. Raises FileNotFoundError where there is no such file."""
    data = tomllib.loads(resources.files(__package__).joinpath(f"{name}.toml").read_text("utf-8"))
    return Phrases(data["phrases"], data.get("never", []))
