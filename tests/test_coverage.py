"""The table of what is checked is true: its rules exist and judge the criterion, no rule is left out, its page is current."""

from __future__ import annotations

from pathlib import Path

import pytest

from wcag_audit import axe
from wcag_audit.coverage import Check, coverage, markdown
from wcag_audit.engine import rule_infos
from wcag_audit.rules import catalogue
from wcag_audit.wcag import CRITERIA

PAGE = Path(__file__).parent.parent / "docs" / "coverage.md"


@pytest.mark.parametrize("criterion", list(CRITERIA))
def test_rules_named_judge_the_criterion(criterion: str) -> None:
    judging = {id for id, info in rule_infos(catalogue()).items() if criterion in info.criteria}
    named = {rule for check in coverage()[criterion] for rule in check.rules}
    assert named == judging, f"named in vain: {sorted(named - judging)}; left out: {sorted(judging - named)}"


def test_the_page_is_current() -> None:
    assert PAGE.read_text("utf-8") == markdown(coverage()), "run: python scripts/coverage.py"


def test_a_check_tells_its_rules_and_its_reason() -> None:
    table = {"1.1.1": (Check("a", ("axe/image-alt", "x")), Check("b", reason="why")), "1.2.1": (Check("c", ("y",), "partly"),)}
    page = markdown(table)
    assert "| a | `axe/image-alt`, `x` |" in page and "| b | why |" in page and "| c | `y`; partly |" in page


def test_no_rule_of_axe_is_named_that_does_not_run() -> None:
    rules = [rule for checks in coverage().values() for check in checks for rule in check.rules]
    named = {rule.removeprefix(axe.PREFIX) for rule in rules if rule.startswith(axe.PREFIX)}
    assert named == {id for id, rule in axe.RULES.items() if rule.run}
