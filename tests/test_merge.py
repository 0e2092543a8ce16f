"""axe and our rules report no defect twice, and no proof is lost when two findings become one."""

from __future__ import annotations

import pytest

from wcag_audit import axe
from wcag_audit.merge import MEANINGS, merge
from wcag_audit.model import Outcome, Target, Verdict
from wcag_audit.rules import catalogue

OURS = "captcha-picture-tells-its-purpose"
CONTROL = "picture-in-a-control-has-a-text-alternative"


def outcome(
    rule: str, verdict: Verdict = Verdict.FAILED, criteria: tuple[str, ...] = ("1.1.1",), selector: str = "#anh", page: str = "p"
) -> Outcome:
    sources = ("axe",) if rule.startswith("axe/") else ("wcag-audit",)
    return Outcome(rule=rule, criteria=criteria, verdict=verdict, page=page, target=Target(selector=selector), sources=sources)


def test_same_element_and_meaning_becomes_one_outcome_of_both_sources() -> None:
    (one,) = merge([outcome("axe/image-alt"), outcome(OURS)])
    assert (one.rule, one.sources) == (OURS, ("axe", "wcag-audit"))


def test_order_of_the_outcomes_does_not_matter() -> None:
    (one,) = merge([outcome(OURS), outcome("axe/image-alt")])
    assert (one.rule, one.sources) == (OURS, ("axe", "wcag-audit"))


@pytest.mark.parametrize(
    "other",
    [
        outcome("axe/image-alt", selector="#khac"),
        outcome("axe/image-alt", page="trang-khac"),
        outcome("axe/link-name"),
        outcome("axe/image-alt", criteria=("4.1.2",)),
        outcome("axe/image-alt", Verdict.PASSED),
    ],
    ids=["another element", "another page", "another meaning", "another criterion", "nothing said"],
)
def test_what_differs_stays_apart(other: Outcome) -> None:
    assert merge([other, outcome(OURS)]) == [other, outcome(OURS)]


def test_elements_in_different_frames_stay_apart() -> None:
    target = Target(selector="#anh", frames=("iframe",))
    inside = Outcome(rule="axe/image-alt", criteria=("1.1.1",), verdict=Verdict.FAILED, page="p", target=target)
    assert len(merge([inside, outcome(OURS)])) == 2


def test_a_proof_of_axe_outlives_a_question_of_ours() -> None:
    (one,) = merge([outcome("axe/image-alt"), outcome(OURS, Verdict.CANT_TELL)])
    assert (one.rule, one.verdict, one.sources) == ("axe/image-alt", Verdict.FAILED, ("axe", "wcag-audit"))


def test_a_proof_of_ours_settles_a_question_of_axe() -> None:
    (one,) = merge([outcome("axe/image-alt", Verdict.CANT_TELL), outcome(OURS)])
    assert (one.rule, one.verdict) == (OURS, Verdict.FAILED)


def test_equal_verdicts_keep_the_criteria_of_both() -> None:
    (one,) = merge([outcome("axe/input-image-alt", criteria=("1.1.1", "4.1.2")), outcome(CONTROL)])
    assert (one.rule, one.criteria) == (CONTROL, ("1.1.1", "4.1.2"))


def test_a_question_is_not_raised_to_a_failure_under_a_criterion_of_its_own() -> None:
    both = merge([outcome("axe/input-image-alt", Verdict.CANT_TELL, ("1.1.1", "4.1.2")), outcome(CONTROL)])
    assert {(o.rule, o.verdict, o.criteria) for o in both} == {
        (CONTROL, Verdict.FAILED, ("1.1.1",)),
        ("axe/input-image-alt", Verdict.CANT_TELL, ("4.1.2",)),
    }


def test_every_rule_named_exists() -> None:
    ours = {rule.id for rule in catalogue()}
    assert set(MEANINGS) <= ours, sorted(set(MEANINGS) - ours)
    named = {axe_rule for meaning in MEANINGS.values() for axe_rule in meaning.axe}
    runs = {id for id, rule in axe.RULES.items() if rule.run}
    assert named <= runs, sorted(named - runs)


def test_rules_of_one_meaning_share_a_criterion() -> None:
    criteria = {rule.id: set(rule.criteria) for rule in catalogue()}
    pairs = [(ours, theirs) for ours, meaning in MEANINGS.items() for theirs in meaning.axe]
    assert not [(ours, theirs) for ours, theirs in pairs if not criteria[ours] & set(axe.RULES[theirs].criteria)]


def test_a_question_of_axe_goes_where_a_rule_of_ours_has_answered() -> None:
    from wcag_audit.merge import settle

    question = Outcome(rule="axe/bypass", criteria=("2.4.1",), verdict=Verdict.CANT_TELL, page="p")
    for verdict, left in ((Verdict.PASSED, 1), (Verdict.INAPPLICABLE, 1), (Verdict.CANT_TELL, 1), (Verdict.UNTESTED, 2)):
        ours = Outcome(rule="repeated-block-can-be-bypassed", criteria=("2.4.1",), verdict=verdict, page="p")
        assert len(settle([question, ours])) == left
    assert settle([question]) == [question]
    assert settle([question], judged=["repeated-block-can-be-bypassed"]) == []
    failed = Outcome(rule="axe/bypass", criteria=("2.4.1",), verdict=Verdict.FAILED, page="p")
    assert settle([failed], judged=["repeated-block-can-be-bypassed"]) == [failed]
