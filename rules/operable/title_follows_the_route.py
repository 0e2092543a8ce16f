"""The title follows the route

What it checks
    Links of single-page applications, which show other content without loading a page, are activated by key. Where the main
    heading and the content have become another topic, the document's title has to change too. It is tried again in a fresh page
    before it fails.

Why it matters
    A screen reader reads the title first, and it names the tab, the history and the bookmark. Where it stays "Trang chủ" on every
    route, people cannot tell where they are, nor find the page again.

Fails
    ``<title>Trang chủ – Một cửa điện tử</title>`` while ``#/tra-cuu`` shows "Tra cứu hồ sơ"

Mended
    ``document.title = "Tra cứu hồ sơ – Một cửa điện tử"`` whenever the route changes

References
    WCAG 2.0 success criterion 2.4.2; technique G88; failure F25. Further pages of one list keep their topic and are not judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wcag_audit.model import Step, Text, bare
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, ask_again, cant_tell, failed, message, untested

#: The share of the characters shown that has to be new on a route of another topic: where the first-level heading changed, and else.
_NEW_UNDER_HEADING, _NEW = 0.3, 0.6


def routes_of_another_topic(evidence: Evidence) -> Iterator[Any]:
    """The routes followed that came to another topic, of those with an old title the first; None where time ran out."""
    data = evidence.data("routes")
    routes = list(changes(data))
    old = [route for route in routes if stale(route)]
    yield from (route for route in routes if route not in old[1:])
    if data["done"] == "time" or data["done"].startswith("lost"):
        yield None


def changes(data: Any) -> Iterator[Any]:
    """The link, and what the page was before and after, of each route that came to another topic."""
    for step in data["steps"]:
        changed = step["changed"]
        if step["action"] != "follow" or changed is None or not changed["within"]:
            continue
        before, after = changed["before"], changed["after"]
        heading = _new_heading(before, after)
        if heading and _new(before["lines"], after["lines"]) >= (_NEW_UNDER_HEADING if heading["level"] == 1 else _NEW):
            link = data["start"]["links"][step["args"]["index"]]
            yield {"link": link, "before": before, "after": after, "heading": heading["text"], "at": step["at"]}


def _new_heading(before: Any, after: Any) -> Any:
    """The heading that tells the new topic: a first-level one that was not there, else the first that was not; None where none is."""
    known = {bare(heading["text"]) for heading in before["headings"]}
    fresh = [heading for heading in after["headings"] if heading["text"] and bare(heading["text"]) not in known]
    gone = len({bare(heading["text"]) for heading in after["headings"]} & known) < len(known)
    return min(fresh, key=lambda heading: heading["level"] != 1, default=None) if gone else None


def _new(before: list[str], after: list[str]) -> float:
    """The share of the characters shown that was not there before."""
    fresh = sum(len(line) for line in set(after) - set(before))
    return fresh / max(1, sum(len(line) for line in set(after)))


def title_changes(route: Any, evidence: Evidence) -> Finding | None:
    """The title changes with the topic, or names the new one already."""
    if route is None:
        return untested(Text("hết thời gian trước khi thử xong các liên kết", "time ran out before all links were tried"))
    if not stale(route):
        return PASSED
    again = evidence.second_try("routes")
    link = route["link"]["href"]
    if again is None:
        return ask_again("routes", link)
    values = {"title": route["after"]["title"], "link": link, "heading": route["heading"]}
    step = Step(action="follow", reason="does_the_title_follow", args={"link": link, "key": "Enter"}, at=route["at"])
    node = next((node for node in evidence.dom.all("title") if node.frame.index == 0 and node.is_html), None)
    if not any(other["link"]["href"] == link and stale(other) for other in changes(again)):
        return cant_tell("once", values, node=node, steps=(step,))
    return failed("unchanged", values, node=node, steps=(step,))


def stale(route: Any) -> bool:
    """Whether the title stayed and does not tell the new topic."""
    before, after = route["before"], route["after"]
    named = bare(route["heading"]) in bare(after["title"])
    return before["title"] == after["title"] and not named


RULE = Rule(
    name=Text("Tiêu đề thay đổi theo nội dung", "The title follows the route"),
    why=Text(
        "Trình đọc màn hình đọc tiêu đề trước tiên; tiêu đề đứng yên làm người mù không biết mình đang ở mục nào.",
        "A screen reader reads the title first; where it stays the same, blind people do not know which part they are in.",
    ),
    criteria=("2.4.2",),
    needs=("dom", "routes"),
    applicability=routes_of_another_topic,
    expectation=title_changes,
    techniques=("G88", "F25"),
    messages={
        "unchanged": message(
            vi="Nhấn Enter trên liên kết “{link}” thì nội dung chuyển sang “{heading}”, nhưng tiêu đề vẫn là “{title}”.",
            en="Enter on the link “{link}” brings “{heading}”, but the title stays “{title}”.",
            mend_vi="Gán document.title theo nội dung mỗi lần chuyển mục, ví dụ “{heading} – tên cổng”.",
            mend_en="Set document.title whenever the route changes, for example “{heading} – name of the portal”.",
        ),
        "once": message(
            vi="Lần đầu nhấn Enter trên liên kết “{link}”, nội dung chuyển sang “{heading}” mà tiêu đề vẫn là “{title}”; lần thử thứ "
            "hai thì không lặp lại. Tiêu đề có thay đổi không?",
            en="The first time, Enter on the link “{link}” brought “{heading}” and the title stayed “{title}”; the second try did not "
            "repeat it. Does the title change?",
            mend_vi="Chuyển qua các mục vài lần và xem tiêu đề của cửa sổ; nếu không đổi thì gán document.title.",
            mend_en="Go to several routes and watch the window's title; where it stays, set document.title.",
        ),
    },
)
