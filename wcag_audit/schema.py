"""The JSON Schemas of ``result.json`` and ``national.json``, made from the nouns; the package ships both."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec

from wcag_audit.model import RESULT_VERSION, Result
from wcag_audit.national import NATIONAL_VERSION, National

FILE = "result.schema.json"
NATIONAL_FILE = "national.schema.json"
#: Schema file → the noun that it describes, and its title.
_NOUNS: dict[str, tuple[type, str]] = {
    FILE: (Result, f"wcag-audit result.json, version {RESULT_VERSION}"),
    NATIONAL_FILE: (National, f"wcag-audit national.json, version {NATIONAL_VERSION}"),
}


def made(file: str = FILE) -> dict[str, Any]:
    """A schema as the nouns of this source tree give it."""
    noun, title = _NOUNS[file]
    (schema,), components = msgspec.json.schema_components([noun], ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **schema,
        "$defs": dict(sorted(components.items())),
    }


def shipped(file: str = FILE) -> dict[str, Any]:
    """A schema that ships, for whoever validates a result."""
    schema: dict[str, Any] = json.loads(resources.files("wcag_audit").joinpath(file).read_text("utf-8"))
    return schema


def write() -> None:
    """Write the shipped files anew (``python -m wcag_audit.schema``, after a change of the nouns)."""
    for file in _NOUNS:
        text = json.dumps(made(file), ensure_ascii=False, indent=1)
        Path(__file__).with_name(file).write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    write()
