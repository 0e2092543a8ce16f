"""From outcomes and human answers to defects, verdicts per criterion, and what a person still has to decide.

Pure functions over the nouns: nothing here knows a browser or what a rule does.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import msgspec

from wcag_audit.model import CriterionResult, Defect, Outcome, Question, Review, RuleInfo, Text, Verdict, roll_up, say
from wcag_audit.wcag import CRITERIA

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

#: What a person can answer; any other verdict in a review takes the answer back.
ANSWERS = frozenset({Verdict.PASSED, Verdict.FAILED, Verdict.INAPPLICABLE})
#: What a person can overrule in an outcome. Nobody has looked at what is untested.
DISPUTABLE = frozenset({Verdict.CANT_TELL, Verdict.FAILED})

_NOTHING_RAN = Text("Không có quy tắc nào chạy được cho tiêu chí này.", "No rule could run for this criterion.")
_NO_REASON = Text("Phần kiểm tra này không chạy được.", "This check could not run.")


def criterion_subject(criterion: str) -> str:
    """The subject of a review that answers for a whole criterion."""
    return f"criterion:{criterion}"


def subject(outcome: Outcome) -> str:
    """What a review calls an outcome: its fingerprint, or rule, criteria and message where it has none."""
    return outcome.fingerprint or " ".join((outcome.rule, *outcome.criteria, outcome.message)).strip()


def answers(reviews: Iterable[Review]) -> dict[str, Review]:
    """The review in force for each subject: the latest (``when`` in ISO 8601), unless it took the answer back."""
    latest = {review.subject: review for review in sorted(reviews, key=lambda review: review.when)}
    return {name: review for name, review in latest.items() if review.verdict in ANSWERS}


def apply_reviews(outcomes: Iterable[Outcome], reviews: Iterable[Review]) -> tuple[Outcome, ...]:
    """The outcomes with a person's answers in place of ``cantTell`` and disputed ``failed``; doing it twice changes nothing."""
    return _answered(outcomes, answers(reviews))


def _answered(outcomes: Iterable[Outcome], given: Mapping[str, Review]) -> tuple[Outcome, ...]:
    def one(outcome: Outcome) -> Outcome:
        review = given.get(subject(outcome)) if outcome.verdict in DISPUTABLE else None
        return msgspec.structs.replace(outcome, verdict=review.verdict) if review else outcome

    return tuple(one(outcome) for outcome in outcomes)


def defects(outcomes: Iterable[Outcome], rules: Mapping[str, RuleInfo], reviews: Iterable[Review] = ()) -> tuple[Defect, ...]:
    """Failures and open questions by fingerprint: failed first, then those on most pages.

    A fingerprint that failed somewhere is failed, and counts only where it failed; its example is on the first page, in the order of
    the outcomes, where it does. What a person has closed is left out.
    """
    given = answers(reviews)
    pages: dict[str, int] = {}
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in _answered(outcomes, given):
        pages.setdefault(outcome.page, len(pages))
        if outcome.verdict in DISPUTABLE:
            groups[subject(outcome)].append(outcome)
    found = [_defect(name, group, rules, given.get(name), pages) for name, group in groups.items()]
    return tuple(sorted((defect for defect in found if not _closed(defect, given)), key=_rank))


def _defect(
    name: str, group: list[Outcome], rules: Mapping[str, RuleInfo], review: Review | None, pages: Mapping[str, int]
) -> Defect:
    verdict = roll_up(outcome.verdict for outcome in group)
    counted = [outcome for outcome in group if outcome.verdict is verdict]
    first = min(pages[outcome.page] for outcome in counted)
    example = min((outcome for outcome in counted if pages[outcome.page] == first), key=place)
    criteria = tuple(sorted({criterion for outcome in counted for criterion in outcome.criteria}))
    info = rules.get(example.rule) or RuleInfo(id=example.rule, name=Text(example.rule, example.rule), criteria=criteria)
    message = say(info, example)
    return Defect(
        fingerprint=name,
        rule=example.rule,
        criteria=criteria,
        verdict=verdict,
        what=message.what,
        mend=message.mend,
        pages=tuple(sorted({page for outcome in counted for page in _named_pages(outcome)})),
        count=len(counted),
        sources=tuple(sorted({source for outcome in counted for source in outcome.sources})),
        example=example,
        review=review,
        most=max(Counter(outcome.page for outcome in counted).values()),
        agreement=min(outcome.agreement for outcome in counted),
    )


def place(outcome: Outcome) -> tuple[str, str, str, list[tuple[str, str]]]:
    """A total order on the outcomes of a page: the first of a defect is its example."""
    return outcome.rule, str(outcome.target or ""), outcome.message, sorted(outcome.values.items())


def _rank(defect: Defect) -> tuple[bool, int, tuple[str, ...], str]:
    return defect.verdict is not Verdict.FAILED, -len(defect.pages), defect.criteria, defect.fingerprint


def _closed(defect: Defect, given: Mapping[str, Review]) -> bool:
    """Whether an open question is settled because a person answered for all of its criteria."""
    if defect.verdict is Verdict.FAILED or not defect.criteria:
        return False
    return all(criterion_subject(criterion) in given for criterion in defect.criteria)


def _named_pages(outcome: Outcome) -> set[str]:
    return {page for page in (outcome.page, *outcome.pages) if page}


def page_criteria(outcomes: Iterable[Outcome]) -> dict[str, Verdict]:
    """The verdict of every criterion on one page; a criterion of which no outcome speaks is untested."""
    by_criterion = _by_criterion(outcomes)
    return {criterion: roll_up(outcome.verdict for outcome in by_criterion[criterion]) for criterion in CRITERIA}


def _by_criterion(outcomes: Iterable[Outcome]) -> dict[str, list[Outcome]]:
    by_criterion: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        for criterion in outcome.criteria:
            by_criterion[criterion].append(outcome)
    return by_criterion


def criteria(
    pages: Mapping[str, Sequence[Outcome]], portal: Sequence[Outcome] = (), reviews: Iterable[Review] = ()
) -> tuple[CriterionResult, ...]:
    """The 25 criteria over all audited pages (by page id) and the outcomes of portal-wide rules.

    A portal-wide outcome speaks of the pages that it names, of all where it names none. Without pages everything is untested.
    """
    given = answers(reviews)
    on_pages = {page: _by_criterion(_answered(outcomes, given)) for page, outcomes in pages.items()}
    wide = _by_criterion(_answered(portal, given))
    per_page = {criterion: {page: found[criterion] for page, found in on_pages.items()} for criterion in CRITERIA}
    return tuple(_criterion(criterion, per_page[criterion], wide[criterion], given) for criterion in CRITERIA)


def _criterion(
    criterion: str, pages: Mapping[str, list[Outcome]], portal: list[Outcome], given: Mapping[str, Review]
) -> CriterionResult:
    spoken = {page: [*own, *(outcome for outcome in portal if _speaks_of(outcome, page))] for page, own in pages.items()}
    verdicts = {page: roll_up(outcome.verdict for outcome in outcomes) for page, outcomes in spoken.items()}
    outcomes = [outcome for own in pages.values() for outcome in own] + portal
    failed = {subject(outcome) for outcome in outcomes if outcome.verdict is Verdict.FAILED}
    unsure = {subject(outcome) for outcome in outcomes if outcome.verdict is Verdict.CANT_TELL} - failed
    verdict = roll_up([*verdicts.values(), *(outcome.verdict for outcome in portal)]) if pages else Verdict.UNTESTED
    review = given.get(criterion_subject(criterion))
    if review and verdict is not Verdict.FAILED:
        verdict = review.verdict
    return CriterionResult(
        id=criterion,
        verdict=verdict,
        tested=_tested(spoken, portal),
        pages={found.value: n for found, n in sorted(Counter(verdicts.values()).items())},
        defects=tuple(sorted(failed)),
        open=() if review else tuple(sorted(unsure)),
        reasons=_reasons(spoken, outcomes),
        reviewed=review is not None,
        review=review,
    )


def _speaks_of(outcome: Outcome, page: str) -> bool:
    named = _named_pages(outcome)
    return not named or page in named


def _tested(spoken: Mapping[str, list[Outcome]], portal: list[Outcome]) -> bool:
    """Whether the portal-wide rules ran and, on at least one page, everything else that speaks of the criterion ran."""

    def ran(outcomes: list[Outcome]) -> bool:
        return all(outcome.verdict is not Verdict.UNTESTED for outcome in outcomes)

    return ran(portal) and any(outcomes and ran(outcomes) for outcomes in spoken.values())


def _reasons(spoken: Mapping[str, list[Outcome]], outcomes: list[Outcome]) -> tuple[Text, ...]:
    """Every reason once, in the order of the pages."""
    reasons = [_reason(outcome) for outcome in outcomes if outcome.verdict is Verdict.UNTESTED]
    if not spoken or not all(spoken.values()):
        reasons.append(_NOTHING_RAN)
    return tuple(dict.fromkeys(reasons))


def _reason(outcome: Outcome) -> Text:
    values = outcome.values
    vi, en = values.get("reason.vi") or values.get("reason"), values.get("reason.en") or values.get("reason")
    return Text(vi or en or _NO_REASON.vi, en or vi or _NO_REASON.en)


def needs_person(results: Iterable[CriterionResult], found: Iterable[Defect]) -> tuple[Question, ...]:
    """What a person still has to decide: every open defect, then each criterion that neither failed nor was answered for.

    No criterion of level A can be decided by a machine alone, so even one without findings asks its closing question.
    """
    results = tuple(results)
    still_open = {name for result in results for name in result.open}
    open_defects = [
        Question(subject=defect.fingerprint, criteria=defect.criteria, what=defect.what, how=defect.mend, pages=defect.pages)
        for defect in found
        if defect.verdict is Verdict.CANT_TELL and defect.fingerprint in still_open
    ]
    unanswered = [
        Question(
            subject=criterion_subject(result.id),
            criteria=(result.id,),
            what=CRITERIA[result.id].name,
            how=CRITERIA[result.id].ask,
            why=result.reasons,
        )
        for result in results
        if not result.reviewed and result.verdict is not Verdict.FAILED
    ]
    return (*open_defects, *unanswered)
