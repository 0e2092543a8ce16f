"""The probe of routes: which links it follows, in which steps; its recording replays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.browsing import Browsing
from tests.snapshots import dom_data
from wcag_audit.dom import Dom
from wcag_audit.gather.probe import Action, Done, Recording, replays
from wcag_audit.gather.probes.routes import MOST, Routes, choose
from wcag_audit.rules import catalogue
from wcag_audit.serve import FolderSite, serving

FIXTURES = Path(__file__).parent.parent / "fixtures" / "rules"
PROBE = Routes()


def links(*hrefs: str, name: str = "Mục", body: dict[str, str] | None = None) -> list[str]:
    nodes = [{"p": -1, "t": "html"}, {"p": 0, "t": "body", "a": body or {}}]
    nodes += [{"p": 1, "t": "a", "f": 1, "r": "link", "n": name, "a": {"href": href}} for href in hrefs]
    return [link["href"] for link in choose(Dom(dom_data(nodes)))["links"]]


def test_routes_are_told_by_their_address() -> None:
    assert links("#/tra-cuu", "#noi-dung", "/lien-he", "#/", "http://khac.example/#/tra-cuu") == ["#/tra-cuu"]
    assert links("#!/tra-cuu") == ["#!/tra-cuu"]


def test_in_an_application_plain_links_are_routes_too() -> None:
    assert links("/tra-cuu", "/mau-01.docx", "http://khac.example/") == []
    assert links("/tra-cuu", "/mau-01.docx", "http://khac.example/", body={"ng-version": "17"}) == ["/tra-cuu"]


def test_dangerous_words_are_not_followed_and_the_number_is_bounded() -> None:
    assert links("#/xoa", name="Xóa hồ sơ") == []
    assert len(links(*(f"#/{i}" for i in range(9)))) == MOST


def start(count: int) -> dict[str, Any]:
    place = {"frame": [], "path": [1, 0]}
    return {"links": [{"el": place, "href": f"#/{i}"} for i in range(count)], "left_out": 0, "again": False}


def followed(index: int, *, within: bool, left: bool) -> dict[str, Any]:
    look = {"url": "http://x/", "title": "T", "headings": [], "lines": []}
    changed = {"before": look, "after": look, "within": within, "left": left}
    return {"action": "follow", "reason": "does_the_title_follow", "args": {"index": index}, "at": 0, "changed": changed}


def test_after_a_route_it_goes_back_and_follows_the_next() -> None:
    back = PROBE.next(Recording(start(2), [followed(0, within=True, left=False)]))
    assert isinstance(back, Action)
    assert back.action == "back"
    step = {"action": "back", "reason": back.reason, "args": back.args, "at": 0, "changed": {"by": "history"}}
    then = PROBE.next(Recording(start(2), [followed(0, within=True, left=False), step]))
    assert isinstance(then, Action)
    assert (then.action, then.args["index"]) == ("follow", 1)


def test_links_that_load_pages_end_it() -> None:
    assert PROBE.next(Recording(start(2), [followed(0, within=False, left=True)])) == Done(reason="links_load_pages")
    assert PROBE.next(Recording(start(0))) == Done(reason="no_routes")


def test_a_real_recording_replays(browsing: Browsing) -> None:
    rules = [rule for rule in catalogue() if rule.id == "title-follows-the-route"]
    with serving(FolderSite(FIXTURES)) as site:
        found, _ = browsing.judge(f"{site.url}title-follows-the-route/failed_title_stays_on_every_route.html", rules)
    data = found.snapshot.artifacts["routes"].data
    assert data is not None
    assert [step["action"] for step in data["steps"]] == ["follow", "back", "follow"]
    assert replays(PROBE, data)
