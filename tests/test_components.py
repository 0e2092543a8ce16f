"""Components: the same part on two pages, and a recording of it said of the other page."""

from __future__ import annotations

import asyncio
import copy
from collections.abc import Sequence
from typing import Any

from tests.snapshots import dom_data
from wcag_audit.components import Standing, carry, elements_in
from wcag_audit.dom import Dom
from wcag_audit.gather.probe import Context, Shelf, each_once, replays
from wcag_audit.gather.probes.operations import Operations
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


def row(dom: Dom, tag: str = "button", action: str = "mouse") -> dict[str, Any]:
    """A step that a rule wants tried again, as ``operations`` plans it."""
    return {"action": action, "reason": action, "args": {"el": elements_dict(dom, tag)}}


class Tried:
    """The second tries of one page; ``rows`` are those that it made itself."""

    def __init__(self) -> None:
        self.rows: list[Any] = []

    async def act(self, rows: Sequence[Any]) -> dict[str, Any]:
        self.rows += rows
        await asyncio.sleep(0)
        steps = [{**one, "at": 3, "changed": {"found": True, "click": None}} for one in rows]
        return {"start": {"plan": [*rows]}, "steps": steps, "done": "end", "held": [], "epoch": 1, "took": 9}


def context(dom: Dom) -> Context:
    return Context({"dom": {"nodes": [node.raw for node in dom.nodes], **_rest(dom)}})


async def again(shelf: Shelf, name: str, dom: Dom, *rows: dict[str, Any], tried: Tried) -> dict[str, Any]:
    wanted = shelf.seconds(name, [Operations()], context(dom), {"operations": rows})["operations"]
    return await each_once(wanted, tried.act)


def test_what_two_pages_share_is_tried_again_on_the_first_only() -> None:
    async def work() -> None:
        here, there, shelf = page(), page(PARAGRAPH, PARAGRAPH), Shelf()
        first, second = Tried(), Tried()
        told = [row(there), row(there, "main")]
        one, other = await asyncio.gather(
            again(shelf, "a", here, row(here), tried=first), again(shelf, "b", there, *told, tried=second)
        )
        assert (first.rows, second.rows) == ([row(here)], [row(there, "main")])
        assert "carried" not in one["steps"][0]
        carried = next(step for step in other["steps"] if step["args"] == row(there)["args"])
        assert (carried["carried"], carried["changed"]) == ("a", {"found": True, "click": None})
        assert replays(Operations(), one) and replays(Operations(), other)

    asyncio.run(work())


def test_pages_that_take_from_each_other_do_not_wait_forever() -> None:
    async def work() -> None:
        here, there, shelf = page(), page(PARAGRAPH), Shelf()
        tried = Tried(), Tried()
        rows = [shelf.seconds(name, [Operations()], context(dom), {"operations": [row(dom, tag)]}) for name, dom, tag in (
            ("a", here, "button"), ("b", there, "ul"), ("a", here, "ul"), ("b", there, "button"),
        )]  # fmt: skip
        own, others = [[*rows[one]["operations"], *rows[two]["operations"]] for one, two in ((0, 2), (1, 3))]
        done = await asyncio.wait_for(asyncio.gather(each_once(own, tried[0].act), each_once(others, tried[1].act)), 5)
        assert [len(each.rows) for each in tried] == [1, 1]
        assert [len(each["steps"]) for each in done] == [2, 2]

    asyncio.run(work())


def test_what_the_first_page_could_not_try_is_tried_by_the_next() -> None:
    async def work() -> None:
        here, there, shelf = page(), page(PARAGRAPH), Shelf()
        lost = shelf.seconds("a", [Operations()], context(here), {"operations": [row(here)]})["operations"]
        lost[0].settle(None)
        tried = Tried()
        told = await again(shelf, "b", there, row(there), tried=tried)
        assert tried.rows == [row(there)]
        assert replays(Operations(), told)

    asyncio.run(work())


def test_a_probe_acts_on_all_that_it_would_touch() -> None:
    dom = page()
    nodes = States().acts_on(Context({"dom": {"nodes": [node.raw for node in dom.nodes], **_rest(dom)}}))
    assert nodes is not None
    assert [node.tag for node in nodes] == ["button"]


def _rest(dom: Dom) -> dict[str, Any]:
    plain = dom_data([])
    return {key: value for key, value in plain.items() if key != "nodes"}
