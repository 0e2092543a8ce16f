"""The probe ``inputs``: what it changes next, and what its rule makes of hand-made recordings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.browsing import Browsing
from tests.snapshots import snapshot
from wcag_audit.gather.probe import Action, Done, Recording, replays
from wcag_audit.gather.probes.inputs import BATCH, Inputs, kept, keys_for
from wcag_audit.model import Artifact, Verdict
from wcag_audit.rule import Evidence
from wcag_audit.rules.understandable.change_of_input_keeps_the_context import RULE, changed_fields, context_stays_as_it_is, followed
from wcag_audit.serve import FolderSite, serving

FIXTURES = Path(__file__).parent.parent / "fixtures" / "rules" / "change-of-input-keeps-the-context"
PAGE = "http://x/tin"


def control(at: int, name: str = "Chuyên mục") -> dict[str, Any]:
    el = {"path": [1, at], "tag": "select", "id": "", "html": "<select>", "box": [0, 0, 90, 20], "seen": True, "text": "", "frame": []}
    return {"el": el, "kind": "select", "name": name, "at": at}


def start(count: int, again: bool = False) -> dict[str, Any]:
    return {"url": PAGE, "controls": [control(at) for at in range(count)], "again": again, "left_out": 0, "untouched": 0}


def step(action: Action, heard: list[Any] | None = None, late: list[Any] | None = None) -> dict[str, Any]:
    rows = [
        {"index": row["index"], "keys": ["ArrowDown"], "changed": 1, "heard": heard or [] if row["index"] == 0 else []}
        for row in action.args["controls"]
    ]
    changed = {"controls": rows, "late": late or [], "complete": True}
    return {"action": action.action, "reason": action.reason, "args": action.args, "at": 0, "changed": changed}


def indices(action: Action | Done) -> list[int]:
    assert isinstance(action, Action)
    return [row["index"] for row in action.args["controls"]]


def test_fields_are_changed_in_batches_to_the_end() -> None:
    recording = Recording(start(BATCH + 1))
    first = Inputs().next(recording)
    assert indices(first) == list(range(BATCH))
    assert isinstance(first, Action)
    recording.steps.append(step(first))
    second = Inputs().next(recording)
    assert indices(second) == [BATCH]
    assert isinstance(second, Action)
    recording.steps.append(step(second))
    assert Inputs().next(recording) == Done(reason="all_changed")


def test_what_came_late_in_a_batch_is_found_out_one_by_one() -> None:
    recording = Recording(start(2))
    late = [{"kind": "popup", "url": "/moi"}]
    first = Inputs().next(recording)
    assert isinstance(first, Action)
    recording.steps.append(step(first, late=late))
    tried = []
    while isinstance(chosen := Inputs().next(recording), Action):
        assert chosen.reason == "which_one_was_it"
        tried.append(indices(chosen))
        recording.steps.append(step(chosen, late=late))
    assert tried == [[0], [1]]


def test_a_second_try_changes_each_field_alone() -> None:
    assert indices(Inputs().next(Recording(start(2, again=True)))) == [0]


def test_no_fields_is_the_end_at_once() -> None:
    assert Inputs().next(Recording(start(0))) == Done(reason="nothing_to_change")


def test_of_many_alike_some_are_tried_and_the_different_ones_first() -> None:
    many = [{"kind": "checkbox", "like": "row", "at": at} for at in range(30)]
    chosen = kept([*many, {"kind": "checkbox", "like": "other", "at": 99}, {"kind": "select", "like": "list", "at": 100}])
    assert [one["at"] for one in chosen] == [0, 1, 2, 3, 4, 5, 6, 99, 100]


@pytest.mark.parametrize(
    ("kind", "held", "keys"),
    [
        ("select", {"last": False}, ["ArrowDown"]),
        ("select", {"last": True}, ["ArrowUp"]),
        ("radio", {"any": 0, "of": 2}, [" ", "ArrowDown"]),
        ("radio", {"any": 1, "of": 3}, ["ArrowDown", "ArrowDown"]),
        ("checkbox", {}, [" "]),
        ("text", {"type": "tel", "room": 0}, ["1"]),
        ("text", {"type": "text", "room": 200}, ["a"]),
        ("text", {"type": "text", "room": 4}, ["1", "1", "1", "1"]),
    ],
)
def test_keys_are_those_that_people_press(kind: str, held: dict[str, Any], keys: list[str]) -> None:
    assert keys_for(kind, held) == keys


@pytest.mark.parametrize(
    ("heard", "kind"),
    [
        ({"kind": "navigate", "url": "http://x/khac", "post": 0}, "goes_elsewhere"),
        ({"kind": "navigate", "url": "http://x/tin?trang=2", "post": 0}, "sends_to_itself"),
        ({"kind": "navigate", "url": "http://y/tin", "post": 0}, "goes_elsewhere"),
        ({"kind": "popup", "url": "/moi"}, "opens_window"),
        ({"kind": "dialog", "url": "alert: Đã đổi"}, "shows_dialog"),
        ({"kind": "focus", "el": {"html": "<button>"}}, "moves_focus"),
        ({"kind": "print", "url": ""}, ""),
    ],
)
def test_what_followed_is_told_by_kind(heard: dict[str, Any], kind: str) -> None:
    assert list(followed([heard], PAGE)) == ([kind] if kind else [])


def recorded(heard: list[Any], done: str = "all_changed") -> dict[str, Any]:
    recording = Recording(start(1, again=True))
    action = Inputs().next(recording)
    assert isinstance(action, Action)
    recording.steps.append(step(action, heard))
    return {"start": recording.start, "steps": recording.steps, "done": done, "held": [], "epoch": 0, "took": 1}


def judge(first: dict[str, Any], second: dict[str, Any] | None) -> list[Verdict | None]:
    nodes = [{"t": "html", "p": -1}, {"t": "head", "p": 0}, {"t": "body", "p": 0}, {"t": "select", "p": 2}]
    again = {} if second is None else {"inputs_again": Artifact(data=second)}
    evidence = Evidence(snapshot(nodes, inputs=Artifact(data=first), **again))
    findings = [context_stays_as_it_is(target, evidence) for target in changed_fields(evidence)]
    return [finding.verdict if finding is not None else None for finding in findings]


AWAY = [{"kind": "navigate", "url": "http://x/khac", "post": 0}]


def test_a_failure_is_proved_twice() -> None:
    assert judge(recorded(AWAY), None) == [Verdict.UNTESTED]
    assert judge(recorded(AWAY), recorded(AWAY)) == [Verdict.FAILED]
    assert judge(recorded(AWAY), recorded([])) == [Verdict.CANT_TELL]


def test_a_recording_that_ended_early_is_untested() -> None:
    assert judge(recorded([], "time"), None) == [None, Verdict.UNTESTED]


def test_a_recording_of_a_real_page_replays(browsing: Browsing) -> None:
    with serving(FolderSite(FIXTURES)) as site:
        found, _ = browsing.judge(site.url + "failed_radio-goes-elsewhere-after-a-moment.html", [RULE])
    for name in ("inputs", "inputs_again"):
        data = found.snapshot.artifacts[name].data
        assert data["steps"]
        assert replays(Inputs(), data)
