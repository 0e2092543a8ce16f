"""Which of the 25 level A criteria each tool can call failed, read from what is installed. A question to a person does not count."""

from __future__ import annotations

import json
import subprocess

from measure import ROOT
from tools import PEERS

from wcag_audit.axe import RULES as AXE_RULES
from wcag_audit.coverage import coverage
from wcag_audit.wcag import CRITERIA

#: Rules that axe calls experimental or deprecated: its tag of level A does not select them.
_NOT_SELECTED = frozenset(("audio-caption", "p-as-heading", "table-fake-caption", "td-has-header", "aria-roledescription"))
_FIXTURES = ROOT / "fixtures" / "rules"


def ours(depth: str) -> list[str]:
    """Ours: a rule can fail where one of its fixtures shows a failure, and at static depth where it needs no recording."""
    from wcag_audit.gather.visit import STATIC
    from wcag_audit.rules import catalogue

    can_fail = {rule.id for rule in catalogue() if any((_FIXTURES / rule.id).glob("failed_*"))}
    if depth == "static":
        can_fail &= {rule.id for rule in catalogue() if set(rule.needs) <= set(STATIC)}
    can_fail |= {f"axe/{id}" for id, rule in AXE_RULES.items() if rule.run and not rule.review}
    return [criterion for criterion, checks in coverage().items() if any(can_fail & set(check.rules) for check in checks)]


def floor() -> list[str]:
    """axe's rules as the floor runs them: those of its tag of level A."""
    fail = (rule for id, rule in AXE_RULES.items() if id not in _NOT_SELECTED and not rule.review)
    found = {criterion for rule in fail for criterion in rule.criteria}
    return [criterion for criterion in CRITERIA if criterion in found]


def peers() -> dict[str, list[str]]:
    """By the peer's name. Raises OSError or subprocess.CalledProcessError where Node or the peers are not there."""
    said = subprocess.run(["node", str(PEERS / "criteria.cjs")], capture_output=True, text=True, check=True).stdout
    return {name: [criterion for criterion in CRITERIA if criterion in found] for name, found in json.loads(said).items()}
