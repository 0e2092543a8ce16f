"""The catalogue that the command line prints holds every rule, in both languages, from the rules' own source."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from wcag_audit import axe
from wcag_audit.cli import cli
from wcag_audit.rules import PRINCIPLES, catalogue
from wcag_audit.wcag import CRITERIA


def printed(*arguments: str) -> str:
    told = CliRunner().invoke(cli, ["rules", *arguments])
    assert told.exit_code == 0, told.output
    return told.output


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_rule_and_criterion_is_listed(lang: str) -> None:
    told = printed("--lang", lang)
    words = set(told.split())
    assert {rule.id for rule in catalogue()} <= words
    assert {axe.PREFIX + id for id, rule in axe.RULES.items() if rule.run} <= words
    assert all(f"{criterion.id} {criterion.name[lang]}" in told for criterion in CRITERIA.values())


@pytest.mark.parametrize("rule_id", [rule.id for rule in catalogue()])
def test_a_rules_page_is_its_docstring_with_its_messages(rule_id: str) -> None:
    rule = next(rule for rule in catalogue() if rule.id == rule_id)
    told = printed(rule_id, "--lang", "vi")
    assert rule.doc.rstrip() in told and rule.name.vi in told
    assert all(message.what.vi in told and message.mend.vi in told for message in rule.messages.values())


def test_ids_are_unique_and_stand_under_a_principle() -> None:
    ids = [rule.id for rule in catalogue()]
    assert len(ids) == len(set(ids))
    assert {rule.principle for rule in catalogue()} <= set(PRINCIPLES)


def test_a_rule_judges_criteria_of_the_principle_that_it_stands_under() -> None:
    number = {principle: str(place) for place, principle in enumerate(PRINCIPLES, 1)}
    strangers = [rule.id for rule in catalogue() if not any(criterion[0] == number[rule.principle] for criterion in rule.criteria)]
    assert not strangers
