"""The probe of operations: what it chooses to try on a page, what it does next, and one real recording replayed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browsing import Browsing
from tests.snapshots import dom_data, snapshot
from wcag_audit.dom import Dom
from wcag_audit.engine import evaluate
from wcag_audit.gather.probe import Action, Done, Recording, replays
from wcag_audit.gather.probes.operations import Operations, element, place, plan
from wcag_audit.model import Artifact, Verdict
from wcag_audit.recorded import node_of
from wcag_audit.rules import catalogue
from wcag_audit.rules.operable.what_the_mouse_does_keys_do import RULE
from wcag_audit.serve import FolderSite, serving

PROBE = Operations()


def tree(*nodes: dict[str, Any], listeners: dict[str, list[str]] | None = None) -> Dom:
    """A page of these nodes; those without a parent stand in the body."""
    rows = [{"p": -1, "t": "html"}, {"p": 0, "t": "body"}, *({"p": 1, **node} for node in nodes)]
    data = dom_data(rows, listeners=listeners or {})
    data["styles"] = [{"d": "block"}, {"d": "block", "cur": "pointer"}, {"d": "block", "ov": "auto auto"}]
    return Dom(data)


def tried(dom: Dom) -> list[tuple[str, str]]:
    return [(item["action"], item["args"]["el"]["tag"]) for item in plan(dom)]


def text(parent: int, words: str) -> dict[str, Any]:
    return {"p": parent, "t": "#text", "x": words}


def test_a_page_of_native_controls_gives_no_reason_to_try_anything() -> None:
    dom = tree({"t": "button", "f": 1, "r": "button", "n": "Tra cứu"}, {"t": "a", "a": {"href": "/x"}, "f": 1, "r": "link", "n": "X"})
    assert tried(dom) == []
    assert PROBE.next(Recording({"plan": []})) == Done(reason="nothing_to_try")


def test_what_listens_to_clicks_and_takes_no_focus_is_clicked() -> None:
    assert tried(tree({"t": "span"}, text(2, "Xem thêm"), listeners={"2": ["click"]})) == [("mouse", "span")]
    assert tried(tree({"t": "div", "s": 1}, text(2, "Hộ tịch"), listeners={"1": ["click"]})) == [("mouse", "div")]


@pytest.mark.parametrize(
    "nodes",
    [
        [{"t": "span"}, text(2, "Xóa hồ sơ")],
        [{"t": "span"}, text(2, "Bản đồ"), {"t": "a", "a": {"href": "/x"}, "f": 1, "r": "link", "n": "Bản đồ"}],
        [{"t": "div"}, text(2, "Tin"), {"p": 2, "t": "a", "a": {"href": "/x"}, "f": 1, "r": "link", "n": "Lễ hội"}],
        [{"t": "span"}, text(2, "Lịch"), {"t": "p"}, {"p": 1, "t": "input", "f": 1, "r": "textbox"}],
        [{"t": "div"}],
    ],
    ids=["dangerous word", "same name elsewhere", "round a link", "beside a field", "nothing to see"],
)
def test_what_is_left_alone(nodes: list[dict[str, Any]]) -> None:
    assert tried(tree(*nodes, listeners={"2": ["click"]})) == []


def test_of_rows_built_alike_the_first_two_are_tried() -> None:
    nodes = [part for i in range(5) for part in ({"t": "tr", "a": {"class": "bam"}}, text(2 + 2 * i, f"H25-{i}"))]
    assert tried(tree(*nodes, listeners={str(2 + 2 * i): ["click"] for i in range(5)})) == [("mouse", "tr")] * 2


def test_scripted_controls_get_keys_and_items_of_composites_arrows_too() -> None:
    role = {"f": 1, "a": {"role": "button", "tabindex": "0"}, "r": "button", "n": "Mở"}
    dom = tree({"t": "span", **role}, {"t": "div", **role, "r": "tab", "n": "Hồ sơ"}, listeners={"1": ["click"]})
    assert [item["args"]["keys"] for item in plan(dom)] == [["Enter", " "], ["Enter", " ", "ArrowDown", "ArrowRight"]]


def test_hidden_links_that_stand_elsewhere_are_no_reason_to_hover() -> None:
    hidden: dict[str, Any] = {"t": "a", "a": {"href": "/a"}, "st": {"href": "http://x/a"}, "n": "A", "v": 0}
    menu: list[dict[str, Any]] = [{"t": "li"}, {"p": 2, "t": "ul", "v": 0}, {"p": 3, **hidden}]
    assert tried(tree(*menu)) == [("submenu", "li")]
    shown = {"t": "a", "a": {"href": "/a"}, "st": {"href": "http://x/a"}, "f": 1, "n": "A"}
    assert tried(tree(*menu, shown)) == []


def test_regions_that_scroll() -> None:
    region = {"t": "div", "s": 2, "scroll": [300, 900, 300, 200]}
    assert tried(tree(region, text(2, "Điều 1"))) == [("scroll", "div")]
    assert tried(tree({**region, "scroll": [300, 205, 300, 200]}, text(2, "Điều 1"))) == []


def test_a_place_leads_back_to_its_element() -> None:
    dom = tree({"t": "div", "host": 1}, {"p": 2, "t": "p", "sh": 1}, {"p": 2, "t": "p"}, {"p": 3, "t": "b"})
    for node in dom.elements:
        assert node_of(dom, element(node)) is node
    assert place(dom.nodes[5]) == [0, 0, "s", 0, 0]


def test_the_plan_is_done_in_its_order() -> None:
    one, two = (dict[str, Any](action="mouse", reason="mouse", args={"el": {"id": name}}) for name in ("a", "b"))
    start = {"plan": [one, two]}
    assert PROBE.next(Recording(start)) == Action(**one)
    assert PROBE.next(Recording(start, [one])) == Action(**two)
    assert PROBE.next(Recording(start, [one, two])) == Done(reason="end")


def test_a_real_recording_replays_and_tells_what_came_of_a_click(tmp_path: Any, browsing: Browsing) -> None:
    page = """<!DOCTYPE html><html lang="vi"><title>Thử</title><body><p id="dong-ho">0</p><h2>Làm ở đâu?</h2><p hidden>Tại quầy 3.</p>
    <script>setInterval(() => { document.getElementById("dong-ho").textContent = Date.now(); }, 20);
    document.querySelector("h2").addEventListener("click", (e) => { e.target.nextElementSibling.hidden = false; });</script>"""
    (tmp_path / "trang.html").write_text(page, "utf-8")
    with serving(FolderSite(tmp_path)) as site:
        found, _ = browsing.judge(site.url + "trang.html", [RULE])
    data = found.snapshot.artifacts["operations"].data
    assert replays(PROBE, data)
    (step,) = data["steps"]
    assert [one["text"] for one in step["changed"]["click"]["changed"]] == ["Tại quầy 3."]


def test_a_control_whose_script_stands_in_its_markup_is_judged_once() -> None:
    rule = next(one for one in catalogue() if one.id == "what-keys-operate-has-a-role")
    effect = {"changed": [{"path": [1], "tag": "p", "text": "", "shown": 1}], "held": [], "asked": False, "moved": False}
    verdicts = []
    for attributes in ({"tabindex": "0"}, {"tabindex": "0", "onclick": "mo()"}):
        nodes = [{"p": -1, "t": "html"}, {"p": 0, "t": "body"}, {"p": 1, "t": "div", "a": attributes, "f": 1}, text(2, "Toàn trình")]
        done = {"found": True, "took": True, "keys": {"Enter": effect}, "click": None}
        step = {"action": "keys", "reason": "keys", "args": {"el": element(Dom(dom_data(nodes)).nodes[2])}, "at": 0, "changed": done}
        page = snapshot(nodes, operations=Artifact(data={"steps": [step]}))
        verdicts += [one.verdict for one in evaluate(page, [rule]).outcomes if one.rule == rule.id]
    assert verdicts == [Verdict.FAILED, Verdict.INAPPLICABLE]


def test_a_bare_word_names_no_twin() -> None:
    nodes = [{"t": "span"}, text(2, "Xem thêm"), {"t": "a", "a": {"href": "/x"}, "f": 1, "r": "link", "n": "Xem thêm"}]
    assert tried(tree(*nodes, listeners={"2": ["click"]})) == [("mouse", "span")]


def test_keys_that_may_do_the_same_are_named_for_the_second_try() -> None:
    nodes: list[dict[str, Any]] = [
        {"t": "main"},
        {"p": 2, "t": "input", "f": 1, "r": "textbox", "st": {"type": "text"}},
        {"p": 2, "t": "div"},
        {"p": 4, "t": "span"},
        text(5, "Tra cứu"),
    ]
    (row,) = plan(tree(*nodes, listeners={"5": ["click"], "0": ["keydown"]}))
    ways = [(way["el"] and way["el"]["tag"], way["key"]) for way in row["args"]["ways"]]
    part = [("input", "focus"), ("input", "ArrowUp"), ("input", "ArrowDown")]
    assert ways == [*part, ("input", "Enter"), (None, "Escape"), (None, "ArrowRight"), (None, "ArrowLeft")]


def test_an_item_is_come_to_by_arrows_from_the_item_that_tab_reaches_and_tabs_come_last() -> None:
    dom = tree(
        {"t": "div", "a": {"role": "tablist"}, "r": "tablist"},
        {"p": 2, "t": "div", "a": {"role": "tab", "tabindex": "0"}, "f": 1, "r": "tab", "n": "Thủ tục"},
        text(3, "Thủ tục"),
        {"p": 2, "t": "div", "a": {"role": "tab", "tabindex": "-1"}, "f": 2, "r": "tab", "n": "Lệ phí"},
        text(5, "Lệ phí"),
        {"t": "span"},
        text(7, "Xem thêm"),
        listeners={"5": ["click"], "7": ["click"]},
    )
    first, last = plan(dom)
    assert first["args"]["el"]["tag"] == "span"
    ((stop, key, to),) = [(way["el"]["text"], way["key"], way["to"]["text"]) for way in last["args"]["ways"]]
    assert (stop, key, to) == ("Thủ tục", "Enter", "Lệ phí")


def test_a_click_that_did_something_once_is_a_question_only_of_what_looks_like_a_control() -> None:
    effect = {"changed": [{"path": [1, 3], "tag": "div", "text": "Tin", "shown": 1}], "held": [], "asked": False, "moved": False}
    quiet = {**effect, "changed": []}
    verdicts = []
    for style in (0, 1):
        nodes = [{"p": -1, "t": "html"}, {"p": 0, "t": "body"}, {"p": 1, "t": "div", "s": style}, text(2, "02/QĐ-UBND")]
        data = dom_data(nodes, listeners={"2": ["click"]})
        data["styles"] = [{"d": "block"}, {"d": "block", "cur": "pointer"}]
        args = {"el": element(Dom(data).nodes[2]), "ways": [], "double": False}
        step = {"action": "mouse", "reason": "mouse", "args": args, "at": 0}
        first = {"steps": [{**step, "changed": {"found": True, "click": effect}}]}
        again = {"steps": [{**step, "changed": {"found": True, "click": quiet}}]}
        walk = Artifact(data={"steps": [], "done": "end", "start": {}})
        recorded = {"operations": Artifact(data=first), "operations_again": Artifact(data=again), "focus_walk": walk}
        page = snapshot(nodes, **recorded)
        page.artifacts["dom"].data.update(data)
        verdicts += [one.verdict for one in evaluate(page, [RULE]).outcomes if one.rule == RULE.id]
    assert verdicts == [Verdict.PASSED, Verdict.CANT_TELL]


@pytest.mark.parametrize(("clicks", "verdict"), [(3, Verdict.FAILED), (1, Verdict.CANT_TELL)])
def test_what_moves_by_itself_has_to_answer_to_each_click(clicks: int, verdict: Verdict) -> None:
    effect = {"changed": [{"path": [1, 0, 2], "tag": "div", "text": "Tin", "shown": 1}], "held": [], "asked": False, "moved": False}
    nodes = [{"p": -1, "t": "html"}, {"p": 0, "t": "body"}, {"p": 1, "t": "div"}, {"p": 2, "t": "span", "s": 1}, text(3, "Sang tin tiếp")]
    data = dom_data(nodes, listeners={"3": ["click"]})
    data["styles"] = [{"d": "block"}, {"d": "block", "cur": "pointer"}]
    args = {"el": element(Dom(data).nodes[3]), "ways": [], "double": False}
    step = {"action": "mouse", "reason": "mouse", "args": args, "at": 0}
    carousel = {"kind": "script", "el": {"frame": [], "path": [1, 0]}, "changes": [2_000, 4_500, 7_000]}
    watch = {"action": "watch", "changed": {"ms": 8_000, "reached": True, "things": [carousel]}}
    recorded = {
        "operations": Artifact(data={"steps": [{**step, "changed": {"found": True, "click": effect, "clicks": 1}}]}),
        "focus_walk": Artifact(data={"steps": [], "done": "end", "start": {}}),
        "motion": Artifact(data={"steps": [watch]}),
    }
    page = snapshot(nodes, **recorded)
    page.artifacts["dom"].data.update(data)
    (asked,) = evaluate(page, [RULE]).again
    assert asked.what["args"] == {**args, "times": 3}
    second = {"steps": [{**step, "args": asked.what["args"], "changed": {"found": True, "click": effect, "clicks": clicks}}]}
    page.artifacts["operations_again"] = Artifact(data=second)
    assert [one.verdict for one in evaluate(page, [RULE]).outcomes if one.rule == RULE.id] == [verdict]


def test_words_over_which_a_text_may_show_are_hovered() -> None:
    assert tried(tree({"t": "span"}, text(2, "Giải thích"), listeners={"2": ["mouseover"]})) == [("hover", "span")]
    hidden: list[dict[str, Any]] = [{"p": 2, "t": "i", "h": 1, "v": 0}, {**text(3, "Là dãy 12 số in trên thẻ căn cước."), "h": 1, "v": 0}]
    assert tried(tree({"t": "span"}, *hidden, text(2, "Giải thích"))) == [("hover", "span")]
    assert tried(tree({"t": "span", "f": 1}, *hidden, text(2, "Giải thích"))) == []
