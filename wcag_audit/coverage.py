"""What is decided under each criterion and by which rules: ``coverage.toml`` as data and as docs/coverage.md."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib import resources

import msgspec

from wcag_audit.model import convert
from wcag_audit.wcag import CRITERIA

_HEAD = """# What is checked, criterion by criterion

Made from `wcag_audit/coverage.toml` by `python scripts/coverage.py`; `wcag-audit rules ID` prints a rule's page. Names that begin with
`axe/` are rules of axe-core. A rule can fail, or only ask a person: its page tells.
"""


class Check(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing to decide under a criterion: the rules that decide it, or the reason why none does."""

    check: str
    rules: tuple[str, ...] = ()
    reason: str = ""


def coverage() -> dict[str, tuple[Check, ...]]:
    """The checks by criterion, in the standard's order. ValueError names a check without rules and reason, and unknown criteria."""
    text = resources.files("wcag_audit").joinpath("coverage.toml").read_text("utf-8")
    tables = convert(tomllib.loads(text), dict[str, tuple[Check, ...]])
    if set(tables) != set(CRITERIA):
        raise ValueError(f"coverage.toml: criteria {sorted(set(tables) ^ set(CRITERIA))} are missing or unknown")
    for criterion, checks in tables.items():
        for check in checks:
            if not check.rules and not check.reason:
                raise ValueError(f"coverage.toml: {criterion}: “{check.check}” has neither rules nor a reason")
    return {criterion: tables[criterion] for criterion in CRITERIA}


def markdown(table: Mapping[str, tuple[Check, ...]]) -> str:
    """The table as the page docs/coverage.md."""
    parts = [_HEAD]
    for criterion, checks in table.items():
        parts += [f"## {criterion} {CRITERIA[criterion].name.en}", "", "| check | decided by |", "|--|--|"]
        parts += [f"| {check.check} | {_decided_by(check)} |" for check in checks]
        parts.append("")
    return "\n".join(parts)


def _decided_by(check: Check) -> str:
    rules = ", ".join(f"`{rule}`" for rule in check.rules)
    return "; ".join(part for part in (rules, check.reason) if part)
