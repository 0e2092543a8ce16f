"""The probe ``typing``: which field comes next, and what its rule makes of hand-made recordings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.browsing import Browsing
from tests.snapshots import snapshot
from wcag_audit.gather.probe import Action, Done, Recording, replays
from wcag_audit.gather.probes.typing_in_fields import TypingInFields
from wcag_audit.model import Artifact, Verdict
from wcag_audit.rule import Evidence
from wcag_audit.rules.understandable.label_stays_when_typing import RULE, a_label_is_left, fields_typed_into
from wcag_audit.serve import FolderSite, serving

FIXTURES = Path(__file__).parent.parent / "fixtures" / "rules" / "label-stays-when-typing"


def field(at: int, kind: str = "text") -> dict[str, Any]:
    el = {"path": [1, 0, at], "tag": "input", "id": "", "html": "<input>", "box": [0, 0, 90, 20], "seen": True, "text": "", "frame": []}
    return {"at": at, "el": el, "placeholder": f"Trường {at}", "inside": "", "type": kind}


def recorded(changes: list[Any], done: str = "all_typed") -> dict[str, Any]:
    recording = Recording({"fields": [field(at) for at in range(len(changes))]})
    for changed in changes:
        action = TypingInFields().next(recording)
        assert isinstance(action, Action)
        recording.steps.append({"action": action.action, "reason": action.reason, "args": action.args, "at": 0, "changed": changed})
    return {"start": recording.start, "steps": recording.steps, "done": done, "held": [], "epoch": 0, "took": 1}


def judge(data: dict[str, Any]) -> list[Verdict | None]:
    fields: list[dict[str, Any]] = [
        {"t": "input", "p": 3, "b": [0, 400 * at, 100, 20], "a": {"placeholder": f"Trường {at}"}, "st": {"type": "text"}} for at in range(2)
    ]
    nodes = [{"t": "html", "p": -1}, {"t": "head", "p": 0}, {"t": "body", "p": 0}, {"t": "form", "p": 2}, *fields]
    evidence = Evidence(snapshot(nodes, typing=Artifact(data=data)))
    findings = [a_label_is_left(target, evidence) for target in fields_typed_into(evidence)]
    return [finding.verdict if finding is not None else None for finding in findings]


GONE: dict[str, Any] = {"before": [], "after": [], "typed": True, "hint": False}


def test_each_field_is_typed_into_once() -> None:
    data = recorded([GONE, GONE])
    assert [step["args"]["at"] for step in data["steps"]] == [0, 1]
    assert TypingInFields().next(Recording(data["start"], data["steps"])) == Done(reason="all_typed")
    assert TypingInFields().next(Recording({"fields": []})) == Done(reason="nothing_to_type")


def test_fields_for_numbers_get_a_digit() -> None:
    action = TypingInFields().next(Recording({"fields": [field(0, "tel")]}))
    assert isinstance(action, Action)
    assert action.args["key"] == "1"


@pytest.mark.parametrize(
    ("second", "verdicts"),
    [
        (GONE, [Verdict.FAILED]),
        ({**GONE, "hint": True}, [None]),
        ({**GONE, "after": ["Trường 1"]}, [None]),
        ({**GONE, "typed": False}, [None]),
    ],
    ids=["gone", "placeholder_stays", "label_appears", "nothing_typed"],
)
def test_a_label_that_is_gone_fails(second: dict[str, Any], verdicts: list[Verdict | None]) -> None:
    assert judge(recorded([{**GONE, "hint": True}, second])) == verdicts


def test_a_recording_that_ended_early_is_untested() -> None:
    assert judge(recorded([], "time")) == [Verdict.UNTESTED]


def test_a_recording_of_a_real_page_replays(browsing: Browsing) -> None:
    with serving(FolderSite(FIXTURES)) as site:
        found, _ = browsing.judge(site.url + "failed_placeholders-only.html", [RULE])
    data = found.snapshot.artifacts["typing"].data
    assert data["done"] == "all_typed"
    assert replays(TypingInFields(), data)
