"""Components: the same part on two pages, and a recording of it said of the other page."""

from __future__ import annotations

import copy
from typing import Any

from tests.snapshots import dom_data
from wcag_audit.components import Standing, carry, elements_in
from wcag_audit.dom import Dom
from wcag_audit.gather.probe import Context, replays
from wcag_audit.gather.probes.states import States, choose


def page(*before: dict[str, Any], label: str = "Danh mục", current: str = "") -> Dom:
    """A page whose header holds one button that expands a list; ``before`` stands before the header."""
    base = 2 + len(before)
    button = {"p": base, "t": "button", "f": 1, "r": "button", "n": label, "a": {"type": "button", "aria-expanded": "false"}}
    nodes = [
        {"p": -1, "t": "html"}, {"p": 0, "t": "body"}, *before,
        {"p": 1, "t": "header", "r": "banner"}, button, {"p": base + 1, "t": "#text", "x": label},
        {"p": base, "t": "ul", "a": {"id": "muc", "class": current}, "v": 0},
        {"p": 1, "t": "main", "r": "main"}, {"p": base + 4, "t": "p"},
    ]  # fmt: skip
    return Dom(dom_data(nodes))


PARAGRAPH = {"p": 1, "t": "p"}


def standing(dom: Dom, name: str) -> Standing:
    nodes = elements_in(dom, choose(dom))
    assert nodes
    return Standing(name, dom, nodes)


def recording(dom: Dom) -> dict[str, Any]:
    """As the probe would record it: the button shows the list, and hides it again."""
    probe, start = States(), choose(dom)
    shown = {"el": elements_dict(dom, "ul"), "text": "Mục", "content": 0, "buttons": [], "dialog": 0, "fixed": 0, "controlled": 0}
    look = {"state": {}, "near": "", "name": "Danh mục", "look": 1}
    after = {**look, "look": 2, "quiet": 0, "there": 1, "shown": [shown], "hidden": [], "active": None}
    steps: list[dict[str, Any]] = []
    for reason in ("does_it_expand", "and_back"):
        place = {key: start["controls"][0]["el"][key] for key in ("frame", "path")}
        args = {"index": 0, "key": "Enter", **place}
        steps.append({"action": "press", "reason": reason, "args": args, "at": 5, "changed": {"before": look, "after": after, "held": []}})
    told = {"start": start, "steps": steps, "done": "all_operated", "held": [], "epoch": 0, "took": 40}
    assert replays(probe, told)
    return told


def elements_dict(dom: Dom, tag: str) -> dict[str, Any]:
    from wcag_audit.recorded import place_of

    return place_of(dom.all(tag)[0])


def test_the_same_header_at_another_place_is_the_same_component() -> None:
    here, there = page(), page(PARAGRAPH, PARAGRAPH, current="dang-xem")
    assert standing(here, "a").key == standing(there, "b").key
    assert standing(here, "a").key != standing(page(label="Mục khác"), "b").key


def test_a_recording_is_said_of_the_other_page_and_replays_there() -> None:
    here, there = page(), page(PARAGRAPH, PARAGRAPH)
    told = recording(here)
    said = carry(told, standing(here, "a"), standing(there, "b"))
    assert said is not None
    assert said["carried"] == {"page": "a"}
    assert said["start"]["controls"][0]["el"]["path"] == [0, 2, 0]
    assert said["steps"][0]["args"]["path"] == [0, 2, 0]
    assert said["steps"][0]["changed"]["after"]["shown"][0]["el"]["path"] == [0, 2, 1]
    assert replays(States(), said)
    assert carry(told, standing(here, "a"), standing(there, "b")) == said


def test_what_has_no_counterpart_is_not_carried() -> None:
    here, there = page(), page(PARAGRAPH)
    told = recording(here)
    elsewhere = copy.deepcopy(told)
    elsewhere["steps"][0]["changed"]["after"]["shown"][0]["el"] = {**elements_dict(here, "ul"), "path": [0, 7]}
    assert carry(elsewhere, standing(here, "a"), standing(there, "b")) is None
    for action in ("gather", "reload"):
        own = copy.deepcopy(told)
        own["steps"].append({"action": action, "reason": "x", "args": {"index": 0}, "at": 9, "changed": {}})
        assert carry(own, standing(here, "a"), standing(there, "b")) is None
    assert carry({**told, "done": "time"}, standing(here, "a"), standing(there, "b")) is None


def test_a_probe_acts_on_all_that_it_would_touch() -> None:
    dom = page()
    nodes = States().acts_on(Context({"dom": {"nodes": [node.raw for node in dom.nodes], **_rest(dom)}}))
    assert nodes is not None
    assert [node.tag for node in nodes] == ["button"]


def _rest(dom: Dom) -> dict[str, Any]:
    plain = dom_data([])
    return {key: value for key, value in plain.items() if key != "nodes"}
