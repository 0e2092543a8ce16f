"""The sentences that people read on a page, and words in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from wcag_audit.dom import Node
from wcag_audit.model import nfc
from wcag_audit.phrases import phrases
from wcag_audit.rule import Evidence

_END = re.compile(r"(?<=[.!?;…])\s+(?=\S)")
_WORD = re.compile(r"\w+")
_QUOTED = re.compile(r"[“\"«‘'„][^“”\"«»‘’']{1,80}[”\"»’']")
#: Without one of these no sentence speaks of a colour.
COLOUR_WORDS = ("màu", "red", "green", "blue", "yellow", "orange", "purple", "pink")
#: What tells things apart beside their colour.
SIGN = re.compile(r"[*✱＊†]|(?<!\w)(?:dấu|ký hiệu|kí hiệu|biểu tượng|hoa thị|asterisk|star|symbol|icon|marked with)(?!\w)")


class Sentence(NamedTuple):
    """A sentence as written (NFC) and the block that it stands in."""

    text: str
    block: Node

    @property
    def folded(self) -> str:
        return self.text.casefold()

    @property
    def quotes(self) -> bool:
        """Whether it names something in quotation marks."""
        return bool(_QUOTED.search(self.text))


def _blocks(evidence: Evidence) -> Iterator[tuple[Node, list[Node]]]:
    table: dict[int, tuple[Node, list[Node]]] = {}
    for node in evidence.dom.visible_texts:
        if (block := node.block) is not None:
            table.setdefault(block.index, (block, []))[1].append(node)
    return iter(table.values())


def _sentences(evidence: Evidence) -> list[Sentence]:
    found: list[Sentence] = []
    for block, texts in _blocks(evidence):
        whole = nfc("".join(str(node.raw["x"]) for node in texts))
        if len(whole) >= 12:
            found.extend(Sentence(part, block) for part in _END.split(whole)[:200] if len(part) >= 12)
    return found


def sentences(evidence: Evidence) -> list[Sentence]:
    """Every visible sentence of at least twelve characters."""
    return evidence.share("sentences", _sentences)


def _by_word(evidence: Evidence) -> dict[str, list[int]]:
    table: dict[str, list[int]] = {}
    for place, sentence in enumerate(sentences(evidence)):
        for word in set(_WORD.findall(sentence.folded)):
            table.setdefault(word, []).append(place)
    return table


def sentences_with(evidence: Evidence, words: Iterable[str]) -> list[Sentence]:
    """The sentences in which at least one of the words (case-folded) stands: few of a page, so that patterns need not try all."""
    table = evidence.share("sentences-by-word", _by_word)
    places = {place for word in words for place in table.get(word, ())}
    return [sentences(evidence)[place] for place in sorted(places)]


@cache
def any_of(name: str) -> str:
    """A pattern for the phrases of ``<name>.toml`` as whole words, with diacritics, longest first; for case-folded text."""
    words = sorted(phrases(name).phrases, key=len, reverse=True)
    return r"(?<![\w-])(?:" + "|".join(re.escape(word) for word in words) + r")(?![\w-])"
