"""The probe of states: which controls it operates and in which steps; its recording replays; states are judged by rules."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browsing import Browsing
from tests.snapshots import dom_data
from wcag_audit.dom import Dom, Node
from wcag_audit.engine import evaluate
from wcag_audit.gather.probe import Action, Done, Recording, replays
from wcag_audit.gather.probes.states import STATES, States, choose, harmless
from wcag_audit.model import Artifact, Environment, Page, Snapshot, Text, Verdict
from wcag_audit.operated import operated
from wcag_audit.phrases import closes
from wcag_audit.recorded import node_of, place_of
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, failed, message
from wcag_audit.rules import catalogue
from wcag_audit.serve import FolderSite, serving

FIXTURES = Path(__file__).parent.parent / "fixtures" / "rules"
PROBE = States()


def tree(*bodies: dict[str, Any]) -> Dom:
    return Dom(dom_data([{"p": -1, "t": "html"}, {"p": 0, "t": "body"}, *bodies]))


def button(name: str, **attributes: str) -> dict[str, Any]:
    return {"p": 1, "t": "button", "f": 1, "r": "button", "n": name, "a": {"type": "button", **attributes}}


def element(tag: str = "button", path: tuple[int, ...] = (1, 0)) -> dict[str, Any]:
    return {"frame": [], "path": list(path), "tag": tag, "id": "", "html": f"<{tag}>", "box": [0, 0, 9, 9], "seen": True, "text": "Mở"}


def start(*kinds: str, again: bool = False) -> dict[str, Any]:
    controls = [{"el": element(path=(1, i)), "kind": kind, "role": "button", "alike": 0, "shared": 0} for i, kind in enumerate(kinds)]
    return {"controls": controls, "left_out": 0, "unsafe": 0, "again": again}


def root(**more: Any) -> dict[str, Any]:
    plain = {"el": element("div", (1, 5)), "text": "Nội dung", "content": 0, "dialog": 0, "role": "div", "modal": 0, "fixed": 0, "live": 0}
    return {**plain, "focusable": 0, "controlled": 0, "buttons": [], "distance": 0, **more}


def pressed(index: int, shown: tuple[dict[str, Any], ...] = (), *, reason: str = "does_it_expand", quiet: int = 0) -> dict[str, Any]:
    look = {"state": {}, "near": "", "name": "Mở", "look": 1}
    after = {**look, "quiet": quiet, "there": 1, "shown": list(shown), "hidden": [], "active": None, "look": 1 if quiet else 2}
    args = {"index": index, "key": "Enter", "frame": [], "path": [1, index]}
    return {"action": "press", "reason": reason, "args": args, "at": 0, "changed": {"before": look, "after": after, "held": []}}


def chosen(given: dict[str, Any], *steps: dict[str, Any]) -> Action | Done:
    return PROBE.next(Recording(given, list(steps)))


def test_controls_alike_are_operated_once_and_dangerous_ones_never() -> None:
    bodies = [button("Lệ phí bao nhiêu?"), button("Thời hạn bao lâu?"), button("Nộp hồ sơ"), button("Ký số và nộp")]
    found = choose(tree(*({**body, "a": {**body["a"], "aria-expanded": "false"}} for body in bodies)))
    assert [control["el"]["text"] for control in found["controls"]] == ["Lệ phí bao nhiêu?"]
    assert found["controls"][0]["alike"] == 1
    assert found["unsafe"] == 2


def test_of_tabs_one_that_is_not_selected_is_operated() -> None:
    tabs = [{**button(name, role="tab", **{"aria-selected": state}), "p": 2, "r": "tab"} for name, state in (("A", "true"), ("B", "false"))]
    found = choose(tree({"p": 1, "t": "div", "r": "tablist", "a": {"role": "tablist"}}, *tabs))
    assert [(control["kind"], control["el"]["text"]) for control in found["controls"]] == [("select", "B")]


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [({"type": "submit"}, 0), ({"type": "button"}, 1), ({"type": "submit", "aria-expanded": "false"}, 1)],
    ids=["submits", "plain", "tells a state"],
)
def test_buttons_that_submit_are_left_alone(attributes: dict[str, str], expected: int) -> None:
    inside = {"p": 2, "t": "button", "f": 1, "r": "button", "n": "Tiếp", "a": attributes}
    assert len(choose(tree({"p": 1, "t": "form"}, inside))["controls"]) == expected


@pytest.mark.parametrize(
    ("name", "parent", "expected"),
    [
        ("Đặt lịch", "div", True), ("Đăng nhập", "div", True), ("Đặt lịch", "form", False), ("Đăng nhập", "form", False),
        ("Thanh toán", "div", False), ("Đặt lịch và thanh toán", "div", False),
    ],
)
def test_a_first_step_is_harmless_outside_a_form_only(name: str, parent: str, expected: bool) -> None:
    nodes = tree({"p": 1, "t": parent}, {**button(name), "p": 2})
    assert harmless(nodes.all("button")[0]) is expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Đóng", True), ("Đóng cửa sổ trợ giúp", True), ("dong cua so", True), ("×", True), ("✗", True), ("Xem thêm", False),
        ("Đồng ý", False), ("dong y", False), ("Đóng lệ phí", False), ("Đông Anh", False),
    ],
)
def test_words_of_a_button_that_closes(words: str, expected: bool) -> None:
    assert closes(words) is expected


def test_a_place_leads_back_to_its_element() -> None:
    nodes = tree({"p": 1, "t": "div", "host": 1}, {**button("A"), "p": 2, "sh": 1}, {**button("B"), "p": 2})
    for node in nodes.all("button"):
        assert node_of(nodes, place_of(node)) is node


def test_an_expander_is_pressed_and_pressed_back() -> None:
    given = start("expand")
    first = chosen(given)
    assert isinstance(first, Action)
    assert (first.action, first.args["key"]) == ("press", "Enter")
    back = chosen(given, pressed(0, (root(),)))
    assert isinstance(back, Action)
    assert back.reason == "and_back"
    assert chosen(given, pressed(0, (root(),)), pressed(0, reason="and_back")) == Done(reason="all_operated")


def test_where_enter_does_nothing_the_space_bar_is_tried() -> None:
    other = chosen(start("open"), pressed(0, quiet=1))
    assert isinstance(other, Action)
    assert (other.reason, other.args["key"]) == ("other_key", " ")


def test_a_dialog_is_gathered_gone_through_and_closed_in_both_ways() -> None:
    given = start("open")
    dialog = root(dialog=1, content=4, focusable=1)
    steps = [pressed(0, (dialog,))]
    seen = []
    answers = {
        "gather": {"artifact": "state_1"},
        "walk": {"stops": [], "left": True, "stands": True},
        "close": {"closed": True, "pressed": "", "inside": True, "active": None, "next": None, "rest": 0},
    }
    while isinstance(action := chosen(given, *steps), Action):
        seen.append(action.args.get("by", action.action))
        again = pressed(0, (dialog,), reason=action.reason)
        changed = again["changed"] if action.action == "press" else answers[action.action]
        steps.append({"action": action.action, "reason": action.reason, "args": action.args, "at": 0, "changed": changed})
    assert seen == ["gather", "walk", "Escape", "press", "button"]


def test_no_more_states_are_gathered_than_the_bound_and_none_in_a_second_try() -> None:
    gathered = [{"action": "gather", "reason": "much_is_new", "args": {"index": i}, "at": 0, "changed": {}} for i in range(STATES)]
    given = start(*["expand"] * (STATES + 1))
    after = chosen(given, *gathered, pressed(STATES, (root(content=9),)))
    assert isinstance(after, Action)
    assert after.action == "press"
    second = chosen(start("expand", again=True), pressed(0, (root(content=9),)))
    assert isinstance(second, Action)
    assert second.action == "press"


@pytest.mark.parametrize(("controls", "expected"), [(STATES, "gather"), (STATES + 1, "press")], ids=["few", "many"])
def test_of_few_controls_each_state_is_gathered_that_shows_anything(controls: int, expected: str) -> None:
    after = chosen(start(*["expand"] * controls), pressed(0, (root(content=1),)))
    assert isinstance(after, Action)
    assert after.action == expected


def test_what_a_header_shows_is_gathered_only_where_it_is_much() -> None:
    given = start("expand")
    given["controls"][0]["shared"] = 1
    few, much = (chosen(given, pressed(0, (root(content=content),))) for content in (1, 3))
    assert isinstance(few, Action) and isinstance(much, Action)
    assert (few.action, much.action) == ("press", "gather")


def images(evidence: Evidence) -> Iterator[Node]:
    yield from evidence.dom.all("img")


def has_alt(node: Node, evidence: Evidence) -> Finding | None:
    return PASSED if node.get("alt") else failed("wrong")


def test_a_state_is_judged_by_rules_inside_what_it_showed_only() -> None:
    text = Text("a", "b")
    messages = {"wrong": message(vi="sai", en="wrong", mend_vi="sửa", mend_en="mend")}
    rule = Rule(name=text, why=text, criteria=("1.1.1",), needs=("dom",), applicability=images, expectation=has_alt, messages=messages)
    rule.id = "images-have-alt"
    hidden = [{"p": -1, "t": "html"}, {"p": 0, "t": "body"}, button("Mở"), {"p": 1, "t": "div", "v": 0, "h": 1}]
    shown = [{"p": -1, "t": "html"}, {"p": 0, "t": "body"}, button("Mở"), {"p": 1, "t": "div"}, {"p": 3, "t": "img"}, {"p": 1, "t": "img"}]
    axe = {"axe": "4", "violations": [], "incomplete": [], "passes": [], "inapplicable": []}
    state = {"action": "press", "key": "Enter", "control": element(), "shown": [element("div", (0, 1))], "dom": dom_data(shown), "axe": axe}
    artifacts = {"dom": Artifact(data=dom_data(hidden)), "axe": Artifact(data=axe), "state_1": Artifact(data=state)}
    around = Environment(tool="t", driver="none", browser="none", axe="4")
    outcomes = evaluate(Snapshot(page=Page(id="p", requested="http://x/"), environment=around, artifacts=artifacts), [rule]).outcomes
    (failure,) = [outcome for outcome in outcomes if outcome.verdict is Verdict.FAILED]
    assert failure.target is not None
    assert failure.target.selector.endswith("div > img")
    assert failure.steps[0].args == {"key": "Enter", "control": "Mở"}


@pytest.mark.parametrize(
    ("page", "closed_by"),
    [
        ("dialog-takes-and-returns-the-focus/failed_button_loses_what_esc_gives_back.html", ["Escape", "button"]),
        ("layer-closes-by-keyboard/failed_sign_for_the_mouse_only.html", ["Escape", "button", "opener", "mouse"]),
    ],
    ids=["Esc and its button", "mouse only"],
)
def test_a_real_recording_replays(page: str, closed_by: list[str], browsing: Browsing) -> None:
    rules = [rule for rule in catalogue() if rule.id == page.partition("/")[0]]
    with serving(FolderSite(FIXTURES)) as site:
        found, _ = browsing.judge(f"{site.url}{page}", rules)
    for name in ("states", "states_again"):
        data = found.snapshot.artifacts[name].data
        assert data is not None
        assert replays(PROBE, data)
        (one,) = operated(data)
        assert [closing["by"] for closing in one.closings] == closed_by


@pytest.mark.parametrize(("words", "verdict"), [("Tôi đồng ý nhận tin", Verdict.FAILED), ("Nhận tin", Verdict.INAPPLICABLE)])
def test_of_controls_that_are_not_pressed_their_script_tells(words: str, verdict: Verdict, tmp_path: Path, browsing: Browsing) -> None:
    page = (FIXTURES / "script-tells-what-it-changes" / "failed_tick-without-a-state.html").read_text("utf-8")
    (tmp_path / "tin.html").write_text(page.replace("Tôi đồng ý nhận tin", words), "utf-8")
    rules = [rule for rule in catalogue() if rule.id in ("script-tells-what-it-changes", "state-follows-what-is-seen")]
    with serving(FolderSite(tmp_path)) as site:
        found = browsing.judge(site.url + "tin.html", rules)[1].outcomes
    assert [outcome.verdict for outcome in found if outcome.rule == "script-tells-what-it-changes"] == [verdict]


@pytest.mark.parametrize("host", ["{}", "<x-muc><template shadowrootmode=open>{}</template></x-muc>"], ids=["page", "shadow root"])
def test_what_stands_in_closed_details_is_judged(host: str, tmp_path: Path, browsing: Browsing) -> None:
    picture = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='90' height='60'/%3E"
    body = f'<details><summary>Đường đi</summary><p>Rẽ phải.</p><img src="{picture}" alt="IMG_0123.jpg" width="90" height="60"></details>'
    page = f'<!DOCTYPE html><html lang="vi"><meta charset="utf-8"><title>Đường đi</title>{host.format(body)}'
    (tmp_path / "duong-di.html").write_text(page, "utf-8")
    rules = [rule for rule in catalogue() if rule.id in ("image-alt-is-not-a-file-name", "state-follows-what-is-seen")]
    with serving(FolderSite(tmp_path)) as site:
        found = browsing.judge(site.url + "duong-di.html", rules)[1].outcomes
    (failure,) = [outcome for outcome in found if outcome.verdict is Verdict.FAILED]
    assert failure.steps[0].args["control"] == "Đường đi"
