"""Snapshot × rules → outcomes. Pure: the same snapshot and rules give the same outcomes, with no browser in sight."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

import msgspec

from wcag_audit import axe
from wcag_audit.axe_facts import FACTS, holds
from wcag_audit.dom import Node
from wcag_audit.fingerprint import with_fingerprints
from wcag_audit.merge import merge, settle
from wcag_audit.model import JSON, Artifact, Outcome, Page, RuleInfo, Snapshot, Step, Target, Text, Verdict
from wcag_audit.rule import Evidence, Finding, Missing, PageDigest, ProbeRequest, Rule
from wcag_audit.states import rules_for_states, shown_in, states_of, step_of
from wcag_audit.timings import timed

log = logging.getLogger(__name__)

#: Findings kept of one rule on one page. A page beyond it has failed anyway, and a report of more helps nobody.
MAX_FINDINGS = 300


def rule_infos(rules: Iterable[Rule]) -> dict[str, RuleInfo]:
    """What reports need to know of every rule that may stand in an outcome."""
    return {**axe.rule_infos(), **{rule.id: rule.info for rule in rules}}


class Evaluated(msgspec.Struct, frozen=True):
    """What one audited page gave: its outcomes in a fixed order, what the portal rules keep of it, and what has to be tried again
    in a fresh page before the outcomes are final."""

    outcomes: list[Outcome]
    digests: dict[str, JSON]
    again: list[ProbeRequest] = []


def evaluate(snapshot: Snapshot, rules: Sequence[Rule]) -> Evaluated:
    """Judge one audited page."""
    evidence = Evidence(snapshot)
    with timed("judge", "axe"):
        outcomes = _axe(evidence)
    digests: dict[str, JSON] = {}
    for rule in rules:
        with timed("rule", rule.id):
            if rule.digest is None:
                outcomes.extend(_carried(rule, evidence, _run_on_page(rule, evidence)))
                continue
            try:
                for need in rule.needs:
                    evidence.data(need)
                if (reason := _left_out(rule, evidence)) is not None:
                    raise Missing(reason)
                digests[rule.id] = rule.digest(evidence)
            except Missing as missing:
                outcomes.append(_untested(rule, missing.text, evidence.page.id))
            except Exception as error:  # one rule's bug must not lose the page: the criterion is untested and says so
                outcomes.append(_bug(rule, error, evidence.page.id))
    with timed("judge", "merge"):
        first_sight = merge(settle(outcomes, digests))
    behind = _behind_first_sight(snapshot, rules, first_sight)
    one_by = {rule.id: rule.one_by for rule in rules if rule.one_by}
    with timed("judge", "fingerprints"):
        return Evaluated(with_fingerprints([*first_sight, *behind], one_by), digests, evidence.requests)


def _behind_first_sight(snapshot: Snapshot, rules: Sequence[Rule], known: Sequence[Outcome]) -> list[Outcome]:
    """What is wrong or open in the page's other states, of what they show only, and nothing twice."""
    found: list[Outcome] = []
    told = {(outcome.rule, str(outcome.target)) for outcome in known}
    for state, there in states_of(snapshot):
        evidence = Evidence(there)
        inside = {str(node.target) for shown in shown_in(state, evidence.dom) for node in (shown, *shown.elements())}
        # What axe cannot tell of an open layer is mostly the layer itself.
        with timed("judge", "axe"):
            outcomes = [outcome for outcome in _axe(evidence) if outcome.verdict is not Verdict.CANT_TELL]
        for rule in rules_for_states(rules):
            with timed("rule", rule.id):
                outcomes.extend(_run_on_page(rule, evidence))
        for outcome in merge(outcomes):
            place = (outcome.rule, str(outcome.target))
            if outcome.verdict in (Verdict.FAILED, Verdict.CANT_TELL) and place[1] in inside and place not in told:
                told.add(place)
                found.append(msgspec.structs.replace(outcome, steps=(step_of(state), *outcome.steps)))
    return found


def evaluate_portal(pages: Sequence[tuple[Page, dict[str, JSON]]], rules: Sequence[Rule]) -> list[Outcome]:
    """The outcomes of the portal rules over all audited pages and their digests."""
    outcomes: list[Outcome] = []
    for rule in rules:
        if rule.digest is None:
            continue
        digests = [PageDigest(page, kept[rule.id]) for page, kept in pages if rule.id in kept]
        if digests:
            with timed("rule", rule.id):
                outcomes.extend(_run(rule, digests, ""))
    return with_fingerprints(outcomes)


def _axe(evidence: Evidence) -> list[Outcome]:
    artifact = evidence.artifact("axe") or Artifact(error=f"not gathered at depth {evidence.snapshot.environment.depth}")

    def locate(index: int) -> Target:
        return evidence.dom.target(index)

    facts = {name: partial(holds, name, evidence) for name in FACTS}
    return axe.outcomes(artifact, locate, evidence.page.id, facts)


def _run_on_page(rule: Rule, evidence: Evidence) -> list[Outcome]:
    try:
        for need in rule.needs:
            evidence.data(need)
    except Missing as missing:
        return [_untested(rule, missing.text, evidence.page.id)]
    outcomes = _run(rule, evidence, evidence.page.id)
    reason = _left_out(rule, evidence)
    if reason is None or outcomes[0].verdict not in (Verdict.PASSED, Verdict.INAPPLICABLE):
        return outcomes
    return [_untested(rule, reason, evidence.page.id)]


def _left_out(rule: Rule, evidence: Evidence) -> Text | None:
    """Why what a rule reads is not the whole page, so that it may fail a page but not pass it; None where it is."""
    return next((reason for name in (*rule.needs, *rule.uses) if (reason := evidence.left_out(name)) is not None), None)


def _carried(rule: Rule, evidence: Evidence, outcomes: list[Outcome]) -> list[Outcome]:
    """Outcomes with the note that the recording they rest on was made on another page that has the same components."""
    recordings = [artifact for need in rule.needs if (artifact := evidence.artifact(need)) is not None and isinstance(artifact.data, dict)]
    page = next((artifact.data["carried"]["page"] for artifact in recordings if "carried" in artifact.data), None)
    if page is None:
        return outcomes
    note = Step(action="carried", reason="same_component", args={"page": page})
    return [msgspec.structs.replace(outcome, steps=(note, *outcome.steps)) for outcome in outcomes]


def _run(rule: Rule, evidence: Any, page: str) -> list[Outcome]:
    outcomes: list[Outcome] = []
    targets = 0
    try:
        for target in rule.applicability(evidence):
            targets += 1
            finding = rule.expectation(target, evidence)
            if finding is not None and not _half_read(finding.node or target):
                outcomes.append(_outcome(rule, target, finding, page))
                if finding.again is not None:
                    evidence.requests.append(finding.again)
            if len(outcomes) >= MAX_FINDINGS:
                break
    except Missing as missing:
        return [_untested(rule, missing.text, page)]
    except Exception as error:  # one rule's bug must not lose the page: the criterion is untested and says so
        return [_bug(rule, error, page)]
    if not outcomes:
        verdict = Verdict.PASSED if targets else Verdict.INAPPLICABLE
        values = {"count": str(targets)} if targets else {}
        outcomes = [Outcome(rule=rule.id, criteria=rule.criteria, verdict=verdict, page=page, values=values)]
    return outcomes


def _half_read(target: object) -> bool:
    """Whether a target may have parts that were not read: what seems wrong with it proves nothing."""
    return isinstance(target, Node) and target.is_cut


def _outcome(rule: Rule, target: object, finding: Finding, page: str) -> Outcome:
    if finding.message != "untested" and finding.message not in rule.messages:
        raise ValueError(f"message {finding.message!r} is not in the rule's list")
    node = finding.node or (target if isinstance(target, Node) else None)
    return Outcome(
        rule=rule.id,
        criteria=finding.criteria or rule.criteria,
        verdict=finding.verdict,
        page=page,
        target=finding.target or (node.target if node is not None else None),
        message=finding.message,
        values=finding.values,
        steps=finding.steps,
        pages=finding.pages,
    )


def _untested(rule: Rule, reason: Text, page: str) -> Outcome:
    values = {"reason.vi": reason.vi, "reason.en": reason.en}
    return Outcome(rule=rule.id, criteria=rule.criteria, verdict=Verdict.UNTESTED, page=page, message="untested", values=values)


def _bug(rule: Rule, error: Exception, page: str) -> Outcome:
    log.error("rule %s failed on %s", rule.id, page or "the portal", exc_info=error)
    return _untested(rule, Text(f"lỗi trong quy tắc {rule.id}: {error!r}", f"error in rule {rule.id}: {error!r}"), page)

