"""Several runs over one page: what they agree on, and what happens to the rest."""

from __future__ import annotations

import msgspec

from tests.snapshots import snapshot
from wcag_audit.agreement import agreed
from wcag_audit.audit import judge
from wcag_audit.conclude import defects
from wcag_audit.model import Artifact, Outcome, Snapshot, Text, Verdict
from wcag_audit.rule import Rule, failed, message


def outcome(name: str, verdict: Verdict = Verdict.FAILED) -> Outcome:
    return Outcome(rule="r", criteria=("1.1.1",), verdict=verdict, page="p", fingerprint=name if verdict is not Verdict.PASSED else "")


def test_what_every_run_saw_stays_failed_and_the_rest_is_open() -> None:
    told = agreed([[outcome("a"), outcome("b")], [outcome("a"), outcome("c")], [outcome("b"), outcome("a")]])
    assert {one.fingerprint: (one.verdict, one.agreement) for one in told} == {
        "a": (Verdict.FAILED, (3, 3)),
        "b": (Verdict.CANT_TELL, (2, 3)),
        "c": (Verdict.CANT_TELL, (1, 3)),
    }
    (first, *_) = defects(told, {})
    assert (first.fingerprint, first.agreement) == ("a", (3, 3))


def test_a_pass_of_the_first_run_does_not_hide_a_failure_of_the_second() -> None:
    told = agreed([[outcome("", Verdict.PASSED)], [outcome("a")]])
    assert [one.verdict for one in told] == [Verdict.PASSED, Verdict.CANT_TELL]


def test_repeats_are_kept_in_the_snapshot_and_replayed() -> None:
    bad = [{"p": -1, "t": "html"}, {"p": 0, "t": "body"}, {"p": 1, "t": "input", "a": {"type": "text", "name": "q"}, "r": "textbox"}]
    first, second = snapshot(bad), snapshot(bad[:2])
    rules = [
        Rule(
            name=Text("t", "t"),
            why=Text("t", "t"),
            criteria=("1.1.1",),
            needs=("dom",),
            applicability=lambda evidence: evidence.dom.all("input"),
            expectation=lambda node, evidence: failed("bare"),
            messages={"bare": message(vi="v", en="e", mend_vi="v", mend_en="e")},
        )
    ]

    def found(*repeats: dict[str, Artifact]) -> list[tuple[Verdict, tuple[int, int]]]:
        whole = msgspec.structs.replace(first, repeats=repeats)
        kept = msgspec.json.decode(msgspec.json.encode(whole), type=Snapshot)
        outcomes = [one for one in judge(kept, rules).outcomes if one.rule == rules[0].id]
        return [(one.verdict, one.agreement) for one in outcomes]

    ((alone, _),) = found()
    assert alone is Verdict.FAILED
    assert found(first.artifacts) == [(Verdict.FAILED, (2, 2))]
    assert found(second.artifacts) == [(Verdict.CANT_TELL, (1, 2))]
