"""The probe ``timers``: how it moves the clock on, and what its rule makes of hand-made recordings."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tests.browsing import Browsing
from tests.snapshots import snapshot
from wcag_audit.browser.probing import GuardedPage
from wcag_audit.gather.probe import Action, Context, Done, Recording, Tab, replays
from wcag_audit.gather.probes.timers import STAGES, Timers
from wcag_audit.model import Artifact, Verdict
from wcag_audit.rule import Evidence
from wcag_audit.rules.operable.time_limit_can_be_extended import RULE, more_time_is_offered, pages_that_leave
from wcag_audit.serve import FolderSite, serving

FIXTURES = Path(__file__).parent.parent / "fixtures" / "rules" / "time-limit-can-be-extended"
LOG_IN = {"url": "http://x/dang-nhap", "method": "GET", "type": "Document"}


def look(now: int, leaves: list[int] | None = None, dialogs: list[Any] | None = None, fresh: list[str] | None = None) -> dict[str, Any]:
    return {"now": now, "url": "http://x/to-khai", "leaves": leaves or [], "dialogs": dialogs or [], "fresh": fresh or []}


def step(
    action: Action, seen: dict[str, Any], left: list[Any] | None = None, asked: list[Any] | None = None, took: int = 20
) -> dict[str, Any]:
    changed = {"complete": not left, "left": left or [], "asked": asked or [], "took": took, "look": seen}
    return {"action": action.action, "reason": action.reason, "args": action.args, "at": 0, "changed": changed}


def start(again: list[int] | None = None, dialogs: list[Any] | None = None) -> dict[str, Any]:
    return {"again": again or [], "look": look(500, dialogs=dialogs)}


def chosen(recording: Recording) -> Action:
    action = Timers().next(recording)
    assert isinstance(action, Action)
    return action


def test_the_clock_goes_on_in_growing_steps_to_twenty_hours() -> None:
    recording = Recording(start())
    reached = []
    for _ in STAGES:
        action = chosen(recording)
        reached.append(action.args["to"])
        recording.steps.append(step(action, look(action.args["to"])))
    assert tuple(reached) == STAGES
    assert Timers().next(recording) == Done(reason="end")


def test_it_ends_where_the_page_leaves_or_is_slow() -> None:
    recording = Recording(start())
    action = chosen(recording)
    recording.steps.append(step(action, look(4_000, [4_000]), [LOG_IN]))
    assert Timers().next(recording) == Done(reason="left")
    recording.steps[-1] = step(action, look(3_000))
    recording.steps[-1]["changed"]["complete"] = False
    assert Timers().next(recording) == Done(reason="slow")


def test_a_second_try_looks_before_the_limit_and_goes_past_it() -> None:
    recording = Recording(start([600_000]))
    points = []
    while isinstance(action := Timers().next(recording), Action):
        points.append(action.args["to"])
        recording.steps.append(step(action, look(action.args["to"])))
    assert points == sorted(points)
    assert {580_000, 595_000} <= set(points)
    assert points[-1] > 600_000
    assert action == Done(reason="stayed")


def test_a_short_limit_is_waited_for() -> None:
    assert chosen(Recording(start([45_000]))).action == "wait"
    assert chosen(Recording(start([75_000]))).action == "advance"


def test_a_page_without_scripts_needs_no_browser() -> None:
    nothing = Timers().idle(Context({"dom": {"nodes": [{"t": "html"}, {"t": "p", "a": {"class": "x"}}]}}))
    assert nothing is not None
    assert Timers().next(Recording(nothing)) == Done(reason="no_scripts")
    assert Timers().idle(Context({"dom": {"nodes": [{"t": "body", "a": {"onload": "x()"}}]}})) is None
    assert judge({"start": nothing, "steps": [], "done": "no_scripts", "held": []}) == []


def recorded(when: int | None, again: bool = False, **seen: Any) -> dict[str, Any]:
    """A recording of a page that leaves at that page time; ``seen`` tells what the last look showed, and what was asked before."""
    recording = Recording(start([when] if again and when else None))
    action = chosen(recording)
    asked = seen.pop("asked", None)
    end = look(when or STAGES[-1], [when] if when else None, **seen)
    recording.steps.append(step(action, end, [LOG_IN] if when else None, asked))
    return {"start": recording.start, "steps": recording.steps, "done": "left", "held": [], "epoch": 0, "took": 1}


def judge(first: dict[str, Any], second: dict[str, Any] | None = None, head: list[dict[str, Any]] | None = None) -> list[Verdict | None]:
    nodes = [{"t": "html", "p": -1}, {"t": "head", "p": 0}, {"t": "body", "p": 0}, *(head or [])]
    again = {} if second is None else {"timers_again": Artifact(data=second)}
    evidence = Evidence(snapshot(nodes, timers=Artifact(data=first), **again))
    findings = [more_time_is_offered(target, evidence) for target in pages_that_leave(evidence)]
    return [finding.verdict if finding is not None else None for finding in findings]


def test_a_failure_is_proved_twice() -> None:
    limit = 600_000
    assert judge(recorded(limit)) == [Verdict.UNTESTED]
    assert judge(recorded(limit), recorded(limit, True)) == [Verdict.FAILED]
    assert judge(recorded(limit), recorded(None, True)) == [Verdict.CANT_TELL]


def test_a_warning_that_offers_more_time_passes() -> None:
    limit = 600_000
    dialog = {"text": "Phiên sắp kết thúc.", "buttons": ["Gia hạn"]}
    assert judge(recorded(limit), recorded(limit, True, dialogs=[dialog])) == [None]
    assert judge(recorded(limit), recorded(limit, True, fresh=["Ông/bà còn làm việc không?"])) == [None]
    assert judge(recorded(limit), recorded(limit, True, dialogs=[{**dialog, "buttons": ["Đóng"]}])) == [Verdict.CANT_TELL]


def test_a_request_that_was_held_back_makes_it_a_question() -> None:
    limit = 600_000
    ping = [{"url": "http://x/giu-phien", "method": "GET", "type": "XHR"}]
    picture = [{"url": "http://x/anh.png", "method": "GET", "type": "Image"}]
    assert judge(recorded(limit, asked=ping), recorded(limit, True)) == [Verdict.CANT_TELL]
    assert judge(recorded(limit, asked=picture), recorded(limit, True)) == [Verdict.FAILED]


def test_a_meta_refresh_is_left_to_axe() -> None:
    refresh = {"t": "meta", "p": 1, "a": {"http-equiv": "refresh", "content": "300"}}
    assert judge(recorded(300_200), head=[refresh]) == []
    assert judge(recorded(900_000), head=[refresh]) == [Verdict.UNTESTED]


def test_too_little_time_is_untested_and_no_pass() -> None:
    slow = recorded(None)
    slow["steps"][0]["changed"].update(complete=False, look=look(90_000))
    assert judge(slow) == [Verdict.UNTESTED]


def test_a_recording_of_a_real_page_replays_and_asks_the_server_nothing(browsing: Browsing) -> None:
    with serving(FolderSite(FIXTURES)) as site:
        found, _ = browsing.judge(site.url + "cantTell_request-held-back-before.html", [RULE])
        paths = {request.path for request in site.log}
    for name in ("timers", "timers_again"):
        data = found.snapshot.artifacts[name].data
        assert data["steps"]
        assert replays(Timers(), data)
    assert not {path for path in paths if "giu-phien" in path or "dang-nhap" in path}


def test_what_is_told_after_a_leap_belongs_to_the_next_and_changes_no_recorded_step(monkeypatch: pytest.MonkeyPatch) -> None:
    async def nothing(*_: object) -> dict[str, Any]:
        return {}

    page = object.__new__(GuardedPage)
    page.__dict__.update(_leaving=None, _leaps={"left": [], "asked": []}, _main="chinh")
    monkeypatch.setattr(page, "cdp", nothing)

    async def leaps() -> tuple[dict[str, Any], dict[str, Any]]:
        first = await page.leap(1, 1, real=True)
        request = {"url": "http://cong.vn/dang-nhap", "method": "GET"}
        assert await page._hold_in_leap({"requestId": "1", "frameId": "chinh"}, request, "Document")
        return first, await page.leap(10_000, 1, real=True)

    first, second = asyncio.run(leaps())
    assert first == {"complete": True, "left": [], "asked": []}
    assert (second["complete"], [row["url"] for row in second["left"]]) == (False, ["http://cong.vn/dang-nhap"])


TICKERS = """<!doctype html><html lang="vi"><title>Chạy chữ</title><p id="chu">Tin mới<script>
const dem = {nhanh: 0, chuoi: 0, giay: 0, cham: 0, dung: 0};
setInterval(() => { dem.nhanh += 1; }, 20);
const chuoi = () => { dem.chuoi += 1; setTimeout(chuoi, 30); };
setTimeout(chuoi, 30);
const giay = () => { dem.giay += 1; setTimeout(giay, 1000); };
setTimeout(giay, 1000);
setInterval(() => { dem.cham += 1; }, 5000);
const id = setInterval(() => { dem.dung += 1; if (performance.now() > 600000) clearInterval(id); }, 50);
setInterval(() => { document.title = JSON.stringify(dem); }, 10000);
</script>"""


def test_quick_timers_are_slowed_down_once_hours_pass_and_can_still_be_taken_back(tmp_path: Path, browsing: Browsing) -> None:
    (tmp_path / "index.html").write_text(TICKERS, "utf-8")

    browser = browsing.browser

    async def counted(url: str) -> tuple[dict[str, int], dict[str, int]]:
        page = await browser.new_probing_page(isolated=True)
        try:
            await page.open(url, 30)
            await page.hold_back()
            assert (await page.leap(60_000, 20))["complete"]
            quick = json.loads(await page.evaluate("document.title"))
            await page.slow_timers()
            assert (await page.leap(3_600_000, 20))["complete"]
            return quick, json.loads(await page.evaluate("document.title"))
        finally:
            await page.close()

    with serving(FolderSite(tmp_path)) as site:
        quick, hour = browsing.run(counted(site.url))
    assert quick["nhanh"] > 2000 and quick["chuoi"] > 1200
    assert 55 < hour["nhanh"] - quick["nhanh"] < 70
    assert 55 < hour["chuoi"] - quick["chuoi"] < 70
    assert 700 < hour["cham"] < 750 and 3600 < hour["giay"] < 3700
    assert 8 < hour["dung"] - quick["dung"] < 15


def test_sound_that_a_timer_started_while_other_probes_had_the_page_is_told(tmp_path: Path, browsing: Browsing) -> None:
    page_of = '<!doctype html><title>Chờ</title><script>setTimeout(() => new Audio("nhac.mp3").play().catch(() => 0), 50);</script>'
    (tmp_path / "cho.html").write_text(page_of, encoding="utf-8")

    async def started(url: str) -> list[str]:
        page = await browser.new_probing_page(isolated=True)
        await page.open(url, 20)
        while not any(note["kind"] == "timed-sound" for note in page.held):
            await asyncio.sleep(0.02)
        tab = Tab(page, lambda: browser.new_probing_page(isolated=True))
        await tab.adopt(url)
        begun = await Timers().begin(tab, Context({}))
        await page.close()
        return [str(row).rsplit("/", 1)[-1] for row in begun["sounds"]]

    browser = browsing.browser
    with serving(FolderSite(tmp_path)) as site:
        assert browsing.run(asyncio.wait_for(started(site.url + "cho.html"), 60)) == ["nhac.mp3"]
