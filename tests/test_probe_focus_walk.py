"""The walk with Tab: what it does next, from recordings made by hand; what keys and focus changes mean; one real walk replayed."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from tests.browsing import Browsing
from tests.snapshots import snapshot
from wcag_audit.gather.probe import Action, Done, Recording, replays
from wcag_audit.gather.probes import focus_walk
from wcag_audit.gather.probes.focus_walk import BATCH, WAYS_OUT, FocusWalk, circle_of, heard, ways_told
from wcag_audit.rule import Evidence
from wcag_audit.rules.operable._walk import traps
from wcag_audit.rules.operable.keyboard_focus_can_leave import RULE
from wcag_audit.rules.understandable.moving_the_focus_starts_nothing import handed_over
from wcag_audit.serve import FolderSite, Served, serving

WALK = FocusWalk()


def element(number: int, **more: Any) -> dict[str, Any]:
    row = {"frame": [], "path": [1, number], "tag": "button", "id": f"b{number}", "html": f"<button id=b{number}>", "box": [0, 0, 9, 9]}
    return {**row, "seen": True, "text": f"Nút {number}", **more}


def stop(number: int, **more: Any) -> dict[str, Any]:
    return {"el": element(number, **more), "at": float(number), "script": False}


def start(**more: Any) -> dict[str, Any]:
    return {"active": None, "tabbable": 20, "told": [], "again": [], "walk": True, **more}


def tab(*numbers: int, left: bool = False, shift: bool = False, slow: bool = False, idle: int = 0, stops: Any = None) -> dict[str, Any]:
    changed = {"stops": stops or [stop(n) for n in numbers], "idle": idle, "left": left, "happened": [], "returned": False}
    args = {"count": 2 * focus_walk.PATIENCE if slow else BATCH, "shift": shift, "slow": slow}
    return {"action": "tab", "reason": "walk", "args": args, "at": 0, "changed": changed}


def attempt(*numbers: int, left: bool = False) -> dict[str, Any]:
    changed = {"stops": [stop(n) for n in numbers], "idle": 0, "left": left, "happened": [], "returned": False}
    args: dict[str, Any] = {"keys": [], "press": None, "shift": False, "count": 4}
    return {"action": "leave", "reason": "way_out", "args": args, "at": 0, "changed": changed}


def resume(found: int | None) -> dict[str, Any]:
    changed = {"el": element(found) if found else None}
    return {"action": "resume", "reason": "go_on_behind", "args": {"inside": []}, "at": 0, "changed": changed}


def then(*steps: dict[str, Any], **more: Any) -> Action | Done:
    return WALK.next(Recording(start(**more), list(steps)))


def test_walks_forward_then_back_then_ends() -> None:
    assert then() == Action(action="tab", reason="walk", args={"count": 22, "shift": False, "slow": False})
    assert then(tabbable=100) == Action(action="tab", reason="walk", args={"count": BATCH, "shift": False, "slow": False})
    there = tab(1, 2, 3, left=True)
    back = then(there)
    assert isinstance(back, Action) and back.args["shift"] is True
    assert then(there, tab(3, 2, 1, left=True, shift=True)) == Done(reason="end")


def test_there_is_no_way_back_where_all_was_reached() -> None:
    """Radio buttons aside, of which one in a group is reached."""
    places = [[[], [1, 1]], [[], [1, 2]]]
    assert then(tab(1, 2, left=True), places=places) == Done(reason="end")
    for less in (tab(1, left=True), tab(1, 3, left=True)):
        back = then(less, places=places)
        assert isinstance(back, Action) and back.args["shift"] is True


def test_where_nothing_takes_the_focus_there_is_no_way_back() -> None:
    nothing = tab(left=True)
    assert then(nothing, tabbable=0) == Done(reason="end")
    for more in ({"tabbable": 1}, {"tabbable": 0, "active": element(1)}):
        back = then(nothing, **more)
        assert isinstance(back, Action) and back.args["shift"] is True


def test_what_was_not_seen_is_looked_at_again_and_a_skip_link_is_pressed() -> None:
    link = {"tag": "a", "html": '<a href="#nd">', "text": "Bỏ qua tới nội dung chính", "seen": False}
    steps = [tab(left=True, stops=[stop(1, **link), stop(2)]), tab(2, 1, left=True, shift=True)]
    look = then(*steps)
    assert isinstance(look, Action) and look.action == "look" and look.args["elements"] == [{"frame": [], "path": [1, 1]}]
    steps.append({"action": "look", "reason": "not_seen", "args": look.args, "at": 0, "changed": {"seen": [True]}})
    press = then(*steps)
    assert isinstance(press, Action) and press.action == "skip" and press.args["el"]["path"] == [1, 1]
    pressed = {"next": None, "passed": 0, "behind": None}
    steps.append({"action": "skip", "reason": "skip_link", "args": press.args, "at": 0, "changed": pressed})
    assert then(*steps) == Done(reason="end")


def test_a_circle_is_gone_through_slowly_before_ways_out_are_tried() -> None:
    fast = tab(1, 2, *[3, 4, 5] * 5)
    slowly = then(fast)
    assert isinstance(slowly, Action) and slowly.args["slow"] is True
    first = then(fast, tab(*[3, 4, 5] * 5, slow=True))
    assert isinstance(first, Action) and (first.action, first.reason, first.args["shift"]) == ("leave", "focus_circles", True)


def test_every_way_out_is_tried_and_then_the_walk_goes_on_behind() -> None:
    steps = [tab(1, 2, *[3, 4] * 6), tab(*[3, 4] * 8, slow=True)]
    tried = []
    for _ in range(len(WAYS_OUT) + 3):
        action = then(*steps)
        assert isinstance(action, Action) and action.action == "leave"
        tried.append(tuple(action.args["keys"]) or (action.args["press"] and action.args["press"]["id"]))
        steps.append(attempt(3, 4, 3, 4))
    assert tried == [None, *WAYS_OUT, "b3", "b4"]
    behind = then(*steps)
    assert isinstance(behind, Action) and behind.args["untried"] == []
    assert isinstance(behind, Action) and behind.action == "resume" and [el["id"] for el in behind.args["inside"]] == ["b3", "b4"]
    assert isinstance(then(*steps, resume(7)), Action)
    assert then(*steps, resume(None)) == Done(reason="trapped")


def test_a_way_that_leads_out_ends_the_attempts() -> None:
    steps = [tab(1, 2, *[3, 4] * 6), tab(*[3, 4] * 8, slow=True), attempt(3, 4, 3), attempt(4, 5)]
    action = then(*steps)
    assert isinstance(action, Action) and action.action == "resume"


def test_what_the_page_tells_is_tried_first_and_a_closing_control_last() -> None:
    told = [tab(1, *[3, 4] * 6), tab(*[3, 4] * 8, slow=True), attempt(3, 4)]
    first = then(*told, told=[["Control+m"]])
    assert isinstance(first, Action) and first.args["keys"] == ["Control+m"]
    stops = [stop(1), *[stop(3), stop(4, text="Đóng")] * 6]
    closing = [tab(stops=stops), tab(stops=stops[1:], slow=True), *[attempt(3, 4)] * (len(WAYS_OUT) + 1)]
    last = then(*closing)
    assert isinstance(last, Action) and last.args["press"] is not None and last.args["press"]["id"] == "b4"


def test_a_button_that_may_do_harm_is_not_pressed_but_told() -> None:
    stops = [stop(1), *[stop(3, text="Đồng ý"), stop(4, tag="a", html='<a href="/chinh-sach">')] * 6]
    tried = [tab(stops=stops), tab(stops=stops[1:], slow=True), *[attempt(3, 4)] * (len(WAYS_OUT) + 1)]
    behind = then(*tried)
    assert isinstance(behind, Action) and behind.action == "resume" and [el["id"] for el in behind.args["untried"]] == ["b3"]


@pytest.mark.parametrize(
    ("tag", "html", "text", "button"),
    [
        ("button", "<button>", "", True),
        ("a", '<a href="#">', "Đồng ý", True),
        ("a", '<a class="nut">', "Đồng ý", True),
        ("a", '<a href="/chinh-sach">', "Chính sách", False),
        ("input", '<input type="submit" value="Lưu">', "Lưu", True),
        ("input", '<input type="text" tabindex="0">', "", False),
        ("div", '<div tabindex="0">', "Đồng ý", True),
        ("div", '<div tabindex="0">', "", False),
        ("div", '<div contenteditable="true" tabindex="0">', "Kính gửi", False),
    ],
)
def test_what_a_press_may_work(tag: str, html: str, text: str, button: bool) -> None:
    assert focus_walk.is_button(element(1, tag=tag, html=html, text=text)) is button


def test_one_element_that_keeps_the_focus_is_suspected_after_many_idle_keys() -> None:
    few, many = tab(1, 2, idle=7), tab(1, 2, idle=38)
    assert then(few) == Action(action="tab", reason="walk_on", args={"count": 20, "shift": False, "slow": False})
    action = then(many)
    assert isinstance(action, Action) and action.args["slow"] is True


def test_going_round_the_whole_page_is_no_trap() -> None:
    assert then(tab(*[1, 2, 3, 4, 5] * 3), tabbable=5) == Done(reason="wraps")
    many = [*range(1, 91)] * 2
    assert then(tab(*many), tabbable=90) == Done(reason="wraps")


def test_a_walk_that_began_in_a_trap_did_not_see_what_is_before_it() -> None:
    """The trap holds the way back as well."""
    forward = [tab(3, idle=39), tab(slow=True, idle=15), attempt(), *(attempt() for _ in WAYS_OUT), resume(4), tab(5, left=True)]
    back = [tab(5, 4, 3, shift=True), tab(shift=True, idle=21)]
    for first, reason in ((1, "trapped"), (3, "end")):
        assert then(*forward, *back, places=[[[], [1, n]] for n in (first, 3, 4, 5)]) == Done(reason=reason)


def test_where_nothing_took_the_focus_no_trap_can_be_named() -> None:
    """A frame edited as a whole may have it, and tells no element."""
    idle = tab(idle=39)
    assert traps({"steps": [idle, attempt(), resume(1)]}) == []


def test_second_tries_come_first_and_walk_only_where_a_trap_is_asked_for() -> None:
    action = then(again=[element(3)], walk=False)
    assert isinstance(action, Action) and (action.action, action.args["el"]["id"]) == ("focus", "b3")
    done = {"action": "focus", "reason": "second_try", "args": {"el": element(3)}, "at": 0, "changed": {}}
    assert then(done, again=[element(3)], walk=False) == Done(reason="end")
    assert then(done, again=[element(3)], walk=True) == Action(action="reload", reason="walk_from_the_start", args={})
    anew = {"action": "reload", "reason": "walk_from_the_start", "args": {}, "at": 0, "changed": None}
    first = then(done, anew, again=[element(3)], walk=True)
    assert isinstance(first, Action) and (first.action, first.reason) == ("tab", "walk")


def test_scripts_that_fetch_the_focus_back_and_forth_are_a_suspected_trap() -> None:
    quick = tab(1, 2, 3)
    swing = tab(1, 3, 1, 1, 3, 3, 1, 3, 1, slow=True)
    for stop in swing["changed"]["stops"]:
        stop["script"] = True
    action = then(quick, swing)
    assert isinstance(action, Action) and (action.action, action.reason) == ("leave", "focus_is_fetched_back")
    swing["changed"]["stops"][4]["script"] = False
    assert then(quick, swing) != action


@pytest.mark.parametrize(
    ("places", "size"),
    [("abcdef", 0), ("abcc", 0), ("a" * 8, 1), ("xyabababab", 2), ("abcabcabc", 3), ("abcabcab", 0), ("xabcdefabcdef", 6)],
)
def test_circles(places: str, size: int) -> None:
    assert circle_of([(place, "") for place in places]) == size


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Nhấn Ctrl+M để thoát khỏi khung soạn thảo", [["Control+m"]]),
        ("Press Shift + F10 to leave the editor", [["Shift+F10"]]),
        ("Nhấn Esc để ra khỏi khung", [["Escape"]]),
        ("Nhấn Ctrl+S để lưu", []),
    ],
)
def test_ways_out_that_the_page_tells(text: str, keys: list[list[str]]) -> None:
    assert ways_told([text]) == keys


def key(at: float) -> dict[str, Any]:
    return {"kind": "key", "key": "Tab", "at": at, "frame": []}


def focus(number: int, at: float) -> dict[str, Any]:
    return {"kind": "focus", "el": element(number), "at": at, "frame": []}


def test_focus_that_a_script_moves_on_is_one_stop_and_is_noted() -> None:
    told = heard([key(1), focus(1, 2), focus(2, 3), key(4), focus(3, 5)])
    assert [(one["el"]["id"], one["script"]) for one in told["stops"]] == [("b2", True), ("b3", False)]
    assert [(one["kind"], one["origin"]["id"]) for one in told["happened"]] == [("moved", "b1")]


def test_the_end_of_the_page_is_no_end_where_a_script_fetches_the_focus_back() -> None:
    leaves = {"kind": "leave", "active": "body", "at": 3, "frame": []}
    assert heard([key(1), focus(1, 1.5), key(2), leaves])["left"] is True
    back = heard([key(1), focus(1, 1.5), key(2), leaves, focus(1, 13)])
    assert back["left"] is False and back["returned"] is True


def test_what_was_held_back_is_told_with_the_stop_before_it() -> None:
    held = [{"kind": "popup", "detail": "/huong-dan", "at": 2.5}, {"kind": "request", "detail": "/dem", "at": 2.6}]
    told = heard([key(1), focus(1, 2), key(3), focus(2, 4)], held)
    assert [(one["kind"], one["after"]) for one in told["happened"]] == [("popup", 0)]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("walk")
    page = """<!DOCTYPE html><html lang="vi"><title>Thử</title><body><a href="/a">Một</a> <button>Hai</button>
    <div id="x"></div><iframe title="Khung" srcdoc="&lt;button&gt;Năm&lt;/button&gt;"></iframe> <a href="/b">Sáu</a>
    <script>document.getElementById("x").attachShadow({mode: "open"}).innerHTML = "<button>Ba</button><button>Bốn</button>";</script>"""
    (folder / "trang.html").write_text(page, "utf-8")
    frame = '<iframe title="Khung" srcdoc="&lt;button&gt;Một&lt;/button&gt; &lt;button&gt;Hai&lt;/button&gt;"></iframe>'
    (folder / "khung.html").write_text(f'<!DOCTYPE html><html lang="vi"><title>Thử</title>{frame}', "utf-8")
    members = ("id", "parentNode", "parentElement", "children", "previousElementSibling")
    fields = "".join(f'<input name="{name}" aria-label="{name}">' for name in members)
    form = f'<!DOCTYPE html><html lang="vi"><title>Thử</title><form id="f">{fields}<button>Gửi</button></form>'
    (folder / "bieu-mau.html").write_text(form, "utf-8")
    with serving(FolderSite(folder)) as served:
        yield served


def test_a_real_walk_goes_through_frames_and_shadow_trees_and_replays(site: Served, browsing: Browsing) -> None:
    found, _ = browsing.judge(site.url + "trang.html", [RULE], static=("source", "dom"))
    walk = found.snapshot.artifacts["focus_walk"].data
    assert walk["done"] == "end" and replays(WALK, walk)
    assert [one["el"]["text"] for one in walk["steps"][0]["changed"]["stops"]] == ["Một", "Hai", "Ba", "Bốn", "Năm", "Sáu"]
    assert len(walk["start"]["places"]) == 6 and [step["action"] for step in walk["steps"]] == ["tab"]
    other = copy.deepcopy(walk)
    other["start"]["places"][2][1][0] += 1
    assert not replays(WALK, other)


def test_a_walk_ends_where_the_focus_leaves_the_page_from_a_frame(site: Served, browsing: Browsing) -> None:
    found, _ = browsing.judge(site.url + "khung.html", [RULE], static=("source", "dom"))
    walk = found.snapshot.artifacts["focus_walk"].data
    assert walk["done"] == "end" and replays(WALK, walk)
    assert [[one["el"]["text"] for one in step["changed"]["stops"]] for step in walk["steps"]] == [["Một", "Hai"]]


def test_fields_that_stand_in_the_place_of_their_forms_members_stop_no_walk(site: Served, browsing: Browsing) -> None:
    found, _ = browsing.judge(site.url + "bieu-mau.html", [RULE], static=("source", "dom"))
    walk = found.snapshot.artifacts["focus_walk"].data
    assert walk["done"] == "end"
    assert [one["el"]["path"] for one in walk["steps"][0]["changed"]["stops"]] == [[1, 0, number] for number in range(6)]


def test_where_the_tree_was_cut_what_takes_the_focus_over_may_be_drawn_in_the_place_of_the_field() -> None:
    nodes = [
        {"p": -1, "t": "html"},
        {"p": 0, "t": "body"},
        {"p": 1, "t": "div"},
        {"p": 2, "t": "select", "f": 1, "b": [10, 10, 0.5, 34]},
    ]
    beyond = {"frame": [], "path": [1, 0, 1], "tag": "button", "id": ""}
    page = snapshot(nodes)
    handed = []
    for why in ("", "nodes: more than 25000"):
        page.artifacts["dom"].data["frames"][0]["truncated"] = why
        evidence = Evidence(page)
        handed.append(handed_over(evidence.dom.all("select")[0], beyond, evidence))
    assert handed == [False, True]
