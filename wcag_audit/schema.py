"""The JSON Schema of ``result.json``, made from the nouns; the package ships it as ``result.schema.json``."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec

from wcag_audit.model import RESULT_VERSION, Result

FILE = "result.schema.json"


def made() -> dict[str, Any]:
    """The schema as the nouns of this source tree give it."""
    (schema,), components = msgspec.json.schema_components([Result], ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"wcag-audit result.json, version {RESULT_VERSION}",
        **schema,
        "$defs": dict(sorted(components.items())),
    }


def shipped() -> dict[str, Any]:
    """The schema that ships, for whoever validates a result."""
    schema: dict[str, Any] = json.loads(resources.files("wcag_audit").joinpath(FILE).read_text("utf-8"))
    return schema


def write() -> None:
    """Write the shipped file anew (``python -m wcag_audit.schema``, after a change of the nouns)."""
    text = json.dumps(made(), ensure_ascii=False, indent=1)
    Path(__file__).with_name(FILE).write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    write()
