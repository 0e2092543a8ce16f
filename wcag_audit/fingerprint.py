"""Fingerprints: what makes two findings the same defect on another page, another day, another portal of the same vendor."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from wcag_audit.model import Outcome, Target, Verdict

_DIGITS = re.compile(r"\d+")
_KEY_ATTRIBUTES = re.compile(r'\s(?:src|href|name|for|alt|title|type|headers|onclick)="([^"]{0,200})"')


def normalised(text: str) -> str:
    """Text as a fingerprint compares it: NFC, case-folded, digits as one sign, white space folded."""
    return " ".join(_DIGITS.sub("#", unicodedata.normalize("NFC", text).casefold()).split())


def _of_target(target: Target) -> tuple[str, ...]:
    # A nameless element is told from its neighbours by what it points at, without host, query and numbers.
    keys = (
        () if target.name else tuple(normalised(value.split("?")[0].rsplit("/", 1)[-1]) for value in _KEY_ATTRIBUTES.findall(target.html))
    )
    return (target.path, normalised(target.name)[:120], *keys)


def fingerprint(outcome: Outcome) -> str:
    """16 hexadecimal digits for a failed or open outcome: rule, criteria, kind of message, structure and normalised name.

    Ids, positions, generated class names, numbers, the page's address and the other sources of an outcome do not count.
    """
    kind = "failed" if outcome.verdict is Verdict.FAILED else "open"
    parts = (outcome.rule, ",".join(outcome.criteria), kind, outcome.message, *(_of_target(outcome.target) if outcome.target else ()))
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]
