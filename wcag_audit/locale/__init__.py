"""Words with a fixed meaning (states, verdicts, readings, …) in Vietnamese and English, from ``words.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib import resources
from types import MappingProxyType

from wcag_audit.model import Text, convert


def _read() -> Mapping[str, Mapping[str, Text]]:
    data = tomllib.loads(resources.files(__package__).joinpath("words.toml").read_text("utf-8"))
    tables = convert(data, dict[str, dict[str, Text]])
    return MappingProxyType({name: MappingProxyType(table) for name, table in tables.items()})


WORDS: Mapping[str, Mapping[str, Text]] = _read()
"""Table (``principle_states``, ``verdicts``, ``page_states``, …) → key → text."""


def word(table: str, key: str) -> Text:
    """A fixed word. Raises KeyError where ``words.toml`` has no such entry."""
    return WORDS[table][key]
