"""WCAG 2.0 level A as data: 4 principles, 12 guidelines, 25 success criteria, in Vietnamese and English.

The data stand in ``criteria.toml``; they are checked when this module is imported, so a wrong edit fails at once.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from importlib import resources
from types import MappingProxyType
from typing import Any, TypeVar

import msgspec

from wcag_audit.model import Struct, Text, convert

#: Links of the Recommendation and of its explanation, each followed by a slug.
RECOMMENDATION = "https://www.w3.org/TR/WCAG20/#"
UNDERSTANDING = "https://www.w3.org/TR/UNDERSTANDING-WCAG20/"


class NameStatus(StrEnum):
    """Where a Vietnamese name comes from: a ministry's act, the draft standard of 2011 (as it is or adapted), or this project."""

    OFFICIAL = "official"
    DRAFT = "draft-2011"
    DRAFT_ADAPTED = "draft-2011-adapted"
    PROPOSED = "proposed"


class Principle(Struct):
    """One of the four principles; ``id`` is its English adjective, ``number`` the first part of its criteria's ids."""

    id: str
    number: str
    slug: str
    name: Text
    status: NameStatus

    @property
    def url(self) -> str:
        """Where WCAG 2.0 states it."""
        return RECOMMENDATION + self.slug


class Guideline(Struct):
    """A guideline that has level A criteria; ``principle`` is the id of its principle."""

    id: str
    principle: str
    slug: str
    name: Text
    status: NameStatus

    @property
    def url(self) -> str:
        """Where WCAG 2.0 states it."""
        return RECOMMENDATION + self.slug

    @property
    def understanding(self) -> str:
        """Where the W3C explains it."""
        return f"{UNDERSTANDING}{self.slug}.html"


class Criterion(Struct):
    """A level A success criterion.

    ``summary`` tells an official what it asks; ``ask`` is the question that remains for a person after the automatic checks.
    """

    id: str
    principle: str
    guideline: str
    slug: str
    name: Text
    status: NameStatus
    summary: Text
    ask: Text

    @property
    def url(self) -> str:
        """Where WCAG 2.0 states it."""
        return RECOMMENDATION + self.slug

    @property
    def understanding(self) -> str:
        """Where the W3C explains it."""
        return f"{UNDERSTANDING}{self.slug}.html"


_Entry = TypeVar("_Entry", Principle, Guideline, Criterion)


def _in_order(entries: list[_Entry], numbers: list[str], expected: int) -> Mapping[str, _Entry]:
    """The entries by id, in the standard's order. Raises ValueError where one is missing, doubled, misplaced or not in NFC."""
    if numbers != sorted(set(numbers)) or len(entries) != expected:
        raise ValueError(f"criteria.toml: {expected} different entries in order expected, got {numbers}")
    for entry in entries:
        values = msgspec.structs.astuple(entry)
        texts = [text for value in values for text in ((value.vi, value.en) if isinstance(value, Text) else (value,))]
        if not all(text.strip() and unicodedata.is_normalized("NFC", text) for text in texts):
            raise ValueError(f"criteria.toml: {entry.id}: every text must be in NFC and not empty")
    return MappingProxyType({entry.id: entry for entry in entries})


def _ids(rows: list[dict[str, Any]]) -> list[str]:
    return [row["id"] for row in rows]


def _read(text: str) -> tuple[Mapping[str, Principle], Mapping[str, Guideline], Mapping[str, Criterion]]:
    data: dict[str, list[dict[str, Any]]] = tomllib.loads(text)
    heads = convert(data["principles"], list[Principle])
    principles = _in_order(heads, [head.number for head in heads], 4)
    number = {head.number: head.id for head in heads}
    rows = [{**row, "principle": number[row["id"].split(".")[0]]} for row in data["guidelines"]]
    guidelines = _in_order(convert(rows, list[Guideline]), _ids(rows), 12)
    parents = {id: guidelines[id.rpartition(".")[0]] for id in _ids(data["criteria"])}
    rows = [{**row, "guideline": parents[row["id"]].id, "principle": parents[row["id"]].principle} for row in data["criteria"]]
    return principles, guidelines, _in_order(convert(rows, list[Criterion]), _ids(rows), 25)


PRINCIPLES: Mapping[str, Principle]
"""The principles by id, in order."""
GUIDELINES: Mapping[str, Guideline]
"""The guidelines that have level A criteria by id, in order."""
CRITERIA: Mapping[str, Criterion]
"""The level A success criteria by id, in order."""
PRINCIPLES, GUIDELINES, CRITERIA = _read(resources.files(__package__).joinpath("criteria.toml").read_text("utf-8"))
