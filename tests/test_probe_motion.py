"""The motion probe: what it does next, from hand-made recordings, and what the pure functions say of moving things."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.browsing import Browsing
from tests.snapshots import snapshot
from wcag_audit import motion
from wcag_audit.engine import evaluate
from wcag_audit.gather.probe import Action, Done, Recording, replays
from wcag_audit.gather.probes.flashes import Flashes
from wcag_audit.gather.probes.motion import FIRST, LONGER, SELDOM, Motion
from wcag_audit.model import Artifact, Verdict
from wcag_audit.rules import catalogue
from wcag_audit.serve import FolderSite, serving

FIXTURES = Path(__file__).parent.parent / "fixtures" / "rules"
START: dict[str, Any] = {"reasons": {"scripts": 1, "animations": 0, "others": 0, "listens": False}, "animated": [], "reduced": False}


def element(*path: int) -> dict[str, Any]:
    return {"frame": [], "path": list(path), "tag": "p", "id": "", "html": "<p>", "box": [0, 0, 200, 20], "seen": True, "text": "Tin"}


def thing(changes: list[int], *path: int, **more: Any) -> dict[str, Any]:
    return {"kind": "script", "el": element(*(path or (1, 0))), "changes": changes, "work": False, "content": True, **more}


def step(action: str, changed: Any, **args: Any) -> dict[str, Any]:
    return {"action": action, "reason": "", "args": args, "at": 0, "changed": changed}


def look(*things: dict[str, Any], ms: int = FIRST) -> dict[str, Any]:
    return {"ms": ms, "reached": True, "things": list(things)}


EVERY_SECOND = list(range(1000, FIRST, 1000))
STOP = {"el": element(1, 1), "why": "named", "name": "Tạm dừng", "space": False}


def chosen(*steps: dict[str, Any], start: dict[str, Any] = START) -> Action | Done:
    return Motion().next(Recording(start, list(steps)))


def test_a_page_where_nothing_can_move_is_not_watched() -> None:
    start = {**START, "reasons": dict.fromkeys(START["reasons"], 0)}
    assert chosen(start=start) == Done(reason="nothing_can_move")


def test_a_still_page_ends_after_one_look() -> None:
    first = chosen()
    assert isinstance(first, Action) and (first.action, first.args["ms"]) == ("watch", FIRST)
    assert chosen(step("watch", look())) == Done(reason="still")


def test_slow_changes_are_watched_for_longer() -> None:
    again = chosen(step("watch", look(thing([7000]))))
    assert isinstance(again, Action) and (again.reason, again.args["ms"]) == ("slow_changes", LONGER)
    assert chosen(step("watch", look(thing([7000]))), step("watch", look(ms=LONGER))) == Done(reason="still")


def test_what_a_timer_changes_seldom_is_watched_for_three_rounds() -> None:
    seldom = {**START, "seldom": True}
    again = chosen(step("watch", look()), start=seldom)
    assert isinstance(again, Action) and (again.reason, again.args["ms"]) == ("seldom_changes", SELDOM)
    assert chosen(step("watch", look()), step("watch", look(ms=SELDOM)), start=seldom) == Done(reason="still")
    other = chosen(step("watch", look(thing(EVERY_SECOND))), start=seldom)
    assert isinstance(other, Action) and other.action == "search"


def test_controls_are_searched_and_pressed_until_it_stops() -> None:
    watched = step("watch", look(thing(EVERY_SECOND)))
    search = chosen(watched)
    assert isinstance(search, Action) and search.action == "search"
    found = step("search", {"controls": [STOP, {**STOP, "why": "near"}], "slower": []})
    press = chosen(watched, found)
    assert isinstance(press, Action) and (press.action, press.reason, press.args["control"]) == ("press", "control_named", 0)
    stopped = step("press", {"focused": True, "look": look()})
    goes_on = step("press", {"focused": True, "look": look(thing(EVERY_SECOND))})
    assert chosen(watched, found, stopped) == Done(reason="stopped")
    second = chosen(watched, found, goes_on)
    assert isinstance(second, Action) and (second.reason, second.args["control"]) == ("control_near", 1)
    reduce = chosen(watched, found, goes_on, goes_on)
    assert isinstance(reduce, Action) and reduce.action == "reduce"
    assert chosen(watched, found, goes_on, goes_on, step("reduce", look())) == Done(reason="moves_on")


def test_each_thing_may_have_its_own_control() -> None:
    one, other = thing(EVERY_SECOND, 1, 0), thing(EVERY_SECOND, 1, 5)
    watched, found = step("watch", look(one, other)), step("search", {"controls": [STOP, STOP], "slower": []})
    first = step("press", {"focused": True, "look": look(other)})
    second = step("press", {"focused": True, "look": look(one)})
    assert isinstance(chosen(watched, found, first), Action)
    assert chosen(watched, found, first, second) == Done(reason="stopped")


@pytest.mark.parametrize(
    ("changes", "lasts"),
    [
        ([], False),
        ([500, 1000, 1500, 2000, 2500, 3000, 3500], False),
        (EVERY_SECOND, True),
        ([1000, 9000], False),
        ([4000, 8000, 12000], True),
        ([500, 1000, 1500, 6500], False),
    ],
)
def test_what_lasts(changes: list[int], lasts: bool) -> None:
    assert motion.lasts(thing(changes), FIRST) is lasts


def test_what_a_press_itself_changes_is_no_movement() -> None:
    assert motion.moves_on(thing(EVERY_SECOND), look(thing([370, 660]))) is False
    assert motion.moves_on(thing(EVERY_SECOND), look(thing([370, 4000], 1, 0, 2))) is True
    assert motion.moves_on(thing(EVERY_SECOND), look(thing([370, 4000], 1, 3))) is False


def test_flashes_are_only_looked_for_where_something_changes_fast() -> None:
    start = {"url": "http://127.0.0.1/", "fast": [], "pictures": [], "videos": []}
    assert Flashes().next(Recording(start)) == Done(reason="nothing_changes_fast")
    looked = Flashes().next(Recording({**start, "fast": ["div#bien"]}))
    assert isinstance(looked, Action) and looked.action == "frames"
    assert Flashes().next(Recording({**start, "fast": ["div#bien"]}, [step("frames", {})])) == Done(reason="end")
    later = Flashes().next(Recording({**start, "late": [{"name": "div", "at": 5000}]}))
    assert isinstance(later, Action) and (later.reason, later.args["skip"]) == ("changes_fast_later", 5000)


@pytest.mark.parametrize(
    ("page", "done"),
    [
        ("moving-content-can-be-stopped/passed_carousel-with-pause.html", "stopped"),
        ("moving-content-can-be-stopped/failed_marquee.html", "moves_on"),
        ("moving-content-can-be-stopped/inapplicable_still-page.html", "nothing_can_move"),
    ],
)
def test_a_recording_replays(page: str, done: str, browsing: Browsing) -> None:
    rules = [rule for rule in catalogue() if rule.id in ("moving-content-can-be-stopped", "nothing-flashes")]
    with serving(FolderSite(FIXTURES)) as site:
        artifacts = browsing.judge(site.url + page, rules)[0].snapshot.artifacts
    assert artifacts["motion"].data["done"] == done
    assert replays(Motion(), artifacts["motion"].data)
    assert replays(Flashes(), artifacts["flashes"].data)


def test_a_look_that_did_not_reach_its_time_proves_no_stop() -> None:
    moving = {"kind": "script", "el": {"frame": [], "path": [1, 2]}, "changes": [1_000, 2_000, 3_000]}
    assert motion.stopped(moving, {"ms": 12_500, "reached": True, "things": []})
    assert not motion.stopped(moving, {"ms": 12_500, "reached": False, "things": []})


@pytest.mark.parametrize(
    ("focused", "told"),
    [
        ((), "there is no control to stop it"),
        ((True,), "pressed by keyboard: “Tạm dừng”"),
        ((False,), "out of the keyboard's reach: “Tạm dừng”"),
        ((False, True), "pressed by keyboard: “Tạm dừng”; out of the keyboard's reach: “Tạm dừng”"),
    ],
)
def test_the_proof_tells_which_controls_keys_could_press(focused: tuple[bool, ...], told: str) -> None:
    moving = look(thing(EVERY_SECOND, 0, 0))
    presses = [step("press", {"focused": each, "look": moving}, of=STOP, ms=FIRST) for each in focused]
    recording = {"done": "moves_on", "start": START, "steps": [step("watch", moving, ms=FIRST), *presses]}
    beside = "Nội dung khác đứng bên cạnh bảng tin trên trang này."
    nodes = [{"p": -1, "t": "html"}, {"p": 0, "t": "body"}, {"p": 1, "t": "p"}, {"p": 1, "t": "p"}, {"p": 3, "t": "#text", "x": beside}]
    rules = [rule for rule in catalogue() if rule.id == "moving-content-can-be-stopped"]
    outcomes = evaluate(snapshot(nodes, motion=Artifact(data=recording)), rules).outcomes
    (found,) = [one for one in outcomes if one.verdict is Verdict.FAILED]
    assert found.values["tried.en"] == told


def test_a_ticker_stays_the_same_defect_whatever_it_says_when_it_is_looked_at() -> None:
    def identity(words: str, picture: str) -> str:
        ticker = [
            {"p": 1, "t": "section"},
            {"p": 2, "t": "h2"},
            {"p": 3, "t": "#text", "x": "Thông báo"},
            {"p": 2, "t": "p", "a": {"class": "bang-tin"}},
            {"p": 5, "t": "#text", "x": words},
            {"p": 5, "t": "img", "a": {"src": picture}},
            {"p": 1, "t": "p"},
            {"p": 8, "t": "#text", "x": "Nội dung khác đứng bên cạnh bảng tin trên trang này."},
        ]
        moving = thing(EVERY_SECOND, 0, 0, 1, texts=[words, "khác"])
        recording = {"done": "moves_on", "start": START, "steps": [step("watch", look(moving), ms=FIRST)]}
        nodes = [{"p": -1, "t": "html"}, {"p": 0, "t": "body"}, *ticker]
        rules = [rule for rule in catalogue() if rule.id == "moving-content-can-be-stopped"]
        outcomes = evaluate(snapshot(nodes, motion=Artifact(data=recording)), rules).outcomes
        (found,) = [one for one in outcomes if one.verdict is Verdict.FAILED]
        return found.fingerprint

    assert identity("Lịch tiếp công dân", "/1.jpg") == identity("Kết quả bốc thăm", "/2.jpg")
