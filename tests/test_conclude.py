from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from wcag_audit import conclude
from wcag_audit.model import CriterionResult, Message, Outcome, Review, RuleInfo, Target, Text, Verdict
from wcag_audit.wcag import CRITERIA

PASSED, FAILED, CANT_TELL = Verdict.PASSED, Verdict.FAILED, Verdict.CANT_TELL
INAPPLICABLE, UNTESTED = Verdict.INAPPLICABLE, Verdict.UNTESTED

RULES = {
    "alt": RuleInfo(
        id="alt",
        name=Text("Ảnh có văn bản thay thế", "Images have alternatives"),
        criteria=("1.1.1",),
        messages={"missing": Message(what=Text("Ảnh {src} thiếu alt", "Image {src} lacks alt"), mend=Text("Thêm alt", "Add alt"))},
    )
}


def outcome(verdict: Verdict, fingerprint: str = "f", criterion: str = "1.1.1", **more: Any) -> Outcome:
    return Outcome(**{"rule": "alt", "criteria": (criterion,), "verdict": verdict, "fingerprint": fingerprint, "page": "p1", **more})


def review(subject: str, verdict: Verdict, when: str = "2026-01-02") -> Review:
    return Review(subject=subject, verdict=verdict, who="Lan", why="xem tận mắt", when=when)


def result(pages: dict[str, list[Outcome]], portal: list[Outcome] | None = None, *reviews: Review, id: str = "1.1.1") -> CriterionResult:
    return next(found for found in conclude.criteria(pages, portal or [], reviews) if found.id == id)


# Reviews of outcomes


@pytest.mark.parametrize("answer", [PASSED, FAILED, INAPPLICABLE])
@pytest.mark.parametrize("before", [CANT_TELL, FAILED])
def test_an_answer_replaces_the_verdict(before: Verdict, answer: Verdict) -> None:
    (after,) = conclude.apply_reviews([outcome(before)], [review("f", answer)])
    assert after.verdict is answer


@pytest.mark.parametrize("before", [UNTESTED, PASSED, INAPPLICABLE])
def test_an_answer_never_touches_what_was_not_in_question(before: Verdict) -> None:
    (after,) = conclude.apply_reviews([outcome(before)], [review("f", FAILED)])
    assert after.verdict is before


def test_an_answer_speaks_only_of_its_fingerprint() -> None:
    after = conclude.apply_reviews([outcome(FAILED, "f"), outcome(FAILED, "g")], [review("g", PASSED)])
    assert [one.verdict for one in after] == [FAILED, PASSED]


def test_the_latest_answer_counts_whatever_the_order() -> None:
    answers = [review("f", PASSED, "2026-01-01"), review("f", FAILED, "2026-03-01"), review("f", INAPPLICABLE, "2026-02-01")]
    for order in permutations(answers):
        (after,) = conclude.apply_reviews([outcome(CANT_TELL)], order)
        assert after.verdict is FAILED


@pytest.mark.parametrize("withdrawn", [CANT_TELL, UNTESTED])
def test_an_answer_can_be_taken_back(withdrawn: Verdict) -> None:
    reviews = [review("f", PASSED, "2026-01-01"), review("f", withdrawn, "2026-02-01")]
    (after,) = conclude.apply_reviews([outcome(FAILED)], reviews)
    assert after.verdict is FAILED


def test_applying_reviews_twice_changes_nothing() -> None:
    outcomes = [outcome(verdict, fingerprint) for verdict in Verdict for fingerprint in "fgh"]
    reviews = [review("f", PASSED), review("g", FAILED)]
    once = conclude.apply_reviews(outcomes, reviews)
    assert conclude.apply_reviews(once, reviews) == once


def test_a_review_without_a_subject_matches_no_outcome_without_a_fingerprint() -> None:
    (after,) = conclude.apply_reviews([outcome(FAILED, "")], [review("", PASSED)])
    assert after.verdict is FAILED


# Defects


def test_one_fingerprint_is_one_defect_on_all_its_pages() -> None:
    outcomes = [outcome(FAILED, page=f"p{n}", target=Target(selector="img")) for n in (2, 1, 1)]
    (defect,) = conclude.defects(outcomes, RULES)
    assert (defect.fingerprint, defect.verdict, defect.pages, defect.count) == ("f", FAILED, ("p1", "p2"), 3)


def test_only_failures_and_questions_are_defects() -> None:
    outcomes = [outcome(verdict, verdict.value) for verdict in Verdict]
    assert [defect.fingerprint for defect in conclude.defects(outcomes, RULES)] == ["failed", "cantTell"]


def test_defects_stand_failed_first_then_by_pages_criterion_and_fingerprint() -> None:
    outcomes = [
        *(outcome(CANT_TELL, "question", page=f"p{n}") for n in range(9)),
        outcome(FAILED, "b"),
        outcome(FAILED, "a"),
        outcome(FAILED, "z", "1.1.1"),
        outcome(FAILED, "0", "4.1.2"),
        *(outcome(FAILED, "wide", "4.1.2", page=f"p{n}") for n in range(3)),
    ]
    found = [defect.fingerprint for defect in conclude.defects(outcomes, RULES)]
    assert found == ["wide", "a", "b", "z", "0", "question"]
    assert [defect.fingerprint for defect in conclude.defects(reversed(outcomes), RULES)] == found


def test_the_example_is_on_the_first_page_and_there_does_not_depend_on_the_order() -> None:
    first, later = ([outcome(FAILED, page=page, target=Target(selector=selector)) for selector in "cba"] for page in ("p2", "p1"))
    examples = [conclude.defects([*order, *later], RULES)[0].example for order in permutations(first)]
    assert {(one.page, str(one.target)) for one in examples} == {("p2", "a")}


def test_a_defect_says_its_filled_message_in_both_languages() -> None:
    (defect,) = conclude.defects([outcome(FAILED, message="missing", values={"src": "a.png"})], RULES)
    assert defect.what == Text("Ảnh a.png thiếu alt", "Image a.png lacks alt")
    assert defect.mend == Text("Thêm alt", "Add alt")


def test_a_rule_that_is_no_longer_known_is_named_by_its_id() -> None:
    (defect,) = conclude.defects([outcome(FAILED, rule="own-rule")], RULES)
    assert defect.what == Text("own-rule", "own-rule")


def test_a_defect_that_failed_once_counts_only_where_it_failed() -> None:
    (defect,) = conclude.defects([outcome(CANT_TELL, page="p1"), outcome(FAILED, page="p2"), outcome(CANT_TELL, page="p3")], RULES)
    assert (defect.verdict, defect.pages, defect.count, defect.example.page) == (FAILED, ("p2",), 1, "p2")


def test_a_defect_names_every_source_and_criterion() -> None:
    outcomes = [outcome(FAILED, sources=("wcag-audit",)), outcome(FAILED, sources=("axe",), criteria=("4.1.2", "1.1.1"))]
    (defect,) = conclude.defects(outcomes, RULES)
    assert defect.sources == ("axe", "wcag-audit")
    assert defect.criteria == ("1.1.1", "4.1.2")


def test_a_portal_wide_defect_stands_on_the_pages_it_names() -> None:
    (defect,) = conclude.defects([outcome(FAILED, page="", pages=("p3", "p1"))], RULES)
    assert (defect.pages, defect.count) == (("p1", "p3"), 1)


def test_outcomes_without_a_fingerprint_are_not_thrown_together() -> None:
    outcomes = [outcome(FAILED, "", "1.1.1"), outcome(FAILED, "", "4.1.2")]
    assert len(conclude.defects(outcomes, RULES)) == 2


def test_what_a_person_closed_is_no_defect_and_what_they_confirmed_carries_their_name() -> None:
    outcomes = [outcome(CANT_TELL, "closed"), outcome(FAILED, "disputed"), outcome(CANT_TELL, "confirmed")]
    reviews = [review("closed", PASSED), review("disputed", INAPPLICABLE), review("confirmed", FAILED)]
    (defect,) = conclude.defects(outcomes, RULES, reviews)
    assert (defect.fingerprint, defect.verdict, defect.review) == ("confirmed", FAILED, reviews[2])


def test_an_answer_for_all_its_criteria_closes_a_question_and_never_a_failure() -> None:
    outcomes = [outcome(CANT_TELL, "q", criteria=("1.1.1", "4.1.2")), outcome(FAILED, "f")]
    one, both = [review("criterion:1.1.1", PASSED)], [review("criterion:1.1.1", PASSED), review("criterion:4.1.2", PASSED)]
    assert [defect.fingerprint for defect in conclude.defects(outcomes, RULES, one)] == ["f", "q"]
    assert [defect.fingerprint for defect in conclude.defects(outcomes, RULES, both)] == ["f"]


def test_a_question_beyond_level_a_is_closed_by_no_criterion_s_answer() -> None:
    reviews = [review("criterion:1.1.1", PASSED)]
    assert len(conclude.defects([outcome(CANT_TELL, criteria=())], RULES, reviews)) == 1


# One page


def test_a_page_has_a_verdict_for_every_criterion() -> None:
    found = conclude.page_criteria([outcome(PASSED), outcome(CANT_TELL), outcome(INAPPLICABLE, criterion="2.4.2")])
    assert list(found) == list(CRITERIA)
    assert (found["1.1.1"], found["2.4.2"], found["4.1.2"]) == (CANT_TELL, INAPPLICABLE, UNTESTED)


def test_a_page_without_outcomes_is_untested_throughout() -> None:
    assert set(conclude.page_criteria([]).values()) == {UNTESTED}


def test_an_outcome_counts_for_each_of_its_criteria_and_only_level_a() -> None:
    found = conclude.page_criteria([outcome(FAILED, criteria=("1.1.1", "4.1.2", "1.4.3"))])
    assert {criterion for criterion, verdict in found.items() if verdict is FAILED} == {"1.1.1", "4.1.2"}


# The portal


def test_without_pages_everything_is_untested_with_a_reason() -> None:
    results = conclude.criteria({})
    assert [one.id for one in results] == list(CRITERIA)
    assert {(one.verdict, one.tested, tuple(one.pages)) for one in results} == {(UNTESTED, False, ())}
    assert all(one.reasons for one in results)


def test_even_a_portal_wide_outcome_tests_nothing_without_pages() -> None:
    found = result({}, [outcome(PASSED, page="")])
    assert (found.verdict, found.tested) == (UNTESTED, False)


def test_the_worst_page_decides_and_pages_are_counted() -> None:
    found = result({"a": [outcome(PASSED)], "b": [outcome(FAILED), outcome(CANT_TELL, "q")], "c": [outcome(CANT_TELL, "q")], "d": []})
    assert found.verdict is FAILED
    assert found.pages == {"passed": 1, "failed": 1, "cantTell": 1, "untested": 1}
    assert (found.defects, found.open) == (("f",), ("q",))


def test_a_question_whose_fingerprint_failed_elsewhere_is_no_longer_open() -> None:
    found = result({"a": [outcome(CANT_TELL)], "b": [outcome(FAILED)]})
    assert (found.defects, found.open) == (("f",), ())


def test_tested_means_that_everything_ran_on_some_page() -> None:
    assert result({"a": [outcome(PASSED), outcome(UNTESTED)], "b": [outcome(CANT_TELL)]}).tested
    assert not result({"a": [outcome(PASSED), outcome(UNTESTED)], "b": []}).tested
    assert not result({"a": [outcome(FAILED), outcome(UNTESTED)]}).tested


def test_a_portal_wide_rule_that_did_not_run_leaves_its_criterion_untested() -> None:
    found = result({"a": [outcome(PASSED)]}, [outcome(UNTESTED, page="")])
    assert (found.verdict, found.tested) == (UNTESTED, False)
    assert result({"a": [outcome(PASSED)]}, [outcome(PASSED, page="")]).tested
    assert not result({"a": [outcome(PASSED)], "b": [outcome(PASSED)]}, [outcome(UNTESTED, page="", pages=("a",))]).tested


def test_a_page_named_by_a_portal_wide_failure_counts_as_failed() -> None:
    pages = {page: [outcome(PASSED, page=page)] for page in "abc"}
    found = result(pages, [outcome(FAILED, "wide", page="", pages=("a", "c", "not audited"))])
    assert (found.verdict, found.pages, found.defects) == (FAILED, {"failed": 2, "passed": 1}, ("wide",))


def test_a_portal_wide_outcome_that_names_no_page_speaks_of_all() -> None:
    pages = {page: [outcome(PASSED, page=page)] for page in "abc"}
    assert result(pages, [outcome(FAILED, page="")]).pages == {"failed": 3}


def test_a_criterion_that_only_a_portal_wide_rule_judges() -> None:
    found = result({"a": [], "b": []}, [outcome(PASSED, page="")])
    assert (found.verdict, found.tested, found.pages) == (PASSED, True, {"passed": 2})


def test_reasons_are_told_once_and_in_both_languages() -> None:
    values = [{"reason.vi": "hết giờ", "reason.en": "timed out"}] * 2 + [{"reason": "HTTP 500"}, {"reason.vi": "chỉ tiếng Việt"}, {}]
    found = result({"a": [outcome(UNTESTED, values=value) for value in values]})
    assert found.reasons[:3] == (Text("hết giờ", "timed out"), Text("HTTP 500", "HTTP 500"), Text("chỉ tiếng Việt", "chỉ tiếng Việt"))
    assert len(found.reasons) == 4
    assert all(reason.vi and reason.en for reason in found.reasons)


def test_a_fully_tested_criterion_has_no_reasons() -> None:
    assert result({"a": [outcome(PASSED)]}).reasons == ()


def test_reviews_of_outcomes_reach_the_criterion() -> None:
    pages = {"a": [outcome(FAILED)], "b": [outcome(CANT_TELL)]}
    found = result(pages, [outcome(CANT_TELL, page="")], review("f", PASSED))
    assert (found.verdict, found.pages, found.defects, found.open, found.reviewed) == (PASSED, {"passed": 2}, (), (), False)


@pytest.mark.parametrize("answer", [PASSED, FAILED, INAPPLICABLE])
@pytest.mark.parametrize("before", [[outcome(CANT_TELL, "q")], [outcome(UNTESTED)], [], [outcome(PASSED)]])
def test_an_answer_for_a_criterion_closes_it(before: list[Outcome], answer: Verdict) -> None:
    given = review("criterion:1.1.1", answer)
    found = result({"a": before}, [], given)
    assert (found.verdict, found.open, found.reviewed, found.review) == (answer, (), True, given)
    assert not result({"a": before}, [], given, id="1.2.1").reviewed


def test_an_answer_for_a_criterion_never_hides_a_proven_failure() -> None:
    found = result({"a": [outcome(FAILED), outcome(CANT_TELL, "q")]}, [], review("criterion:1.1.1", PASSED))
    assert (found.verdict, found.defects, found.open, found.reviewed) == (FAILED, ("f",), (), True)


# What needs a person


def test_open_questions_come_before_the_criteria_nobody_answered_for() -> None:
    pages = {"a": [outcome(CANT_TELL, "q", message="missing", values={"src": "x"})], "b": [outcome(FAILED, "f", "4.1.2")]}
    outcomes = [one for found in pages.values() for one in found]
    reviews = [review("criterion:2.1.1", PASSED)]
    questions = conclude.needs_person(conclude.criteria(pages, [], reviews), conclude.defects(outcomes, RULES, reviews))
    assert questions[0].subject == "q"
    assert questions[0].what.vi == "Ảnh x thiếu alt"
    asked = [question.subject.removeprefix("criterion:") for question in questions[1:]]
    assert asked == [criterion for criterion in CRITERIA if criterion not in ("2.1.1", "4.1.2")]
    assert questions[1].how == CRITERIA["1.1.1"].ask
    assert next(question for question in questions if question.subject == "criterion:1.2.1").why


def test_answering_every_question_leaves_none() -> None:
    pages = {"a": [outcome(CANT_TELL, "q"), outcome(UNTESTED, criterion="2.1.1")]}
    first = conclude.needs_person(conclude.criteria(pages), conclude.defects(pages["a"], RULES))
    reviews = [review(question.subject, PASSED) for question in first]
    results = conclude.criteria(pages, [], reviews)
    assert conclude.needs_person(results, conclude.defects(pages["a"], RULES, reviews)) == ()
    assert {one.verdict for one in results} == {PASSED}


def test_a_question_that_is_open_for_no_criterion_is_not_asked() -> None:
    pages = {"a": [outcome(CANT_TELL, "answered"), outcome(CANT_TELL, "best practice", criteria=())]}
    reviews = [review("answered", PASSED)]
    asked = conclude.needs_person(conclude.criteria(pages, [], reviews), conclude.defects(pages["a"], RULES))
    assert not {"answered", "best practice"} & {question.subject for question in asked}
