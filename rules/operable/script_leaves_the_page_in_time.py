"""No script leaves the page after a time

What it checks
    Inline scripts, the ``onload`` of the body among them, that go to another page, reload or send a form by ``setTimeout`` or
    ``setInterval`` after 3 seconds to 20 hours, where nothing on the page offers more time. A timer that a script clears, or beside
    a hidden control that speaks of more time, is a question. Going to a place on the page or downloading a file leaves nothing.
    Where the page's time was recorded, time-limit-can-be-extended judges.

Why it matters
    People who read slowly, hear the page or type with one hand are thrown out in the middle of it, and lose what they have entered.

Fails
    ``<script>setTimeout("location.href = '/het-gio'", 20000)</script>``

Mended
    A dialog that warns at least 20 seconds before and offers more time, or no limit at all:
    ``<dialog>Trang sắp chuyển đi. <button onclick="clearTimeout(hen)">Ở lại trang này</button></dialog>``

References
    WCAG 2.0 success criterion 2.2.1; techniques G133, G180, G198; failures F40, F58. A call inside a function may never run and may be
    warned of, so it is a question; one that the script itself makes unconditionally runs on every visit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from wcag_audit.inline_script import change_of_context, code, without_stays, without_strings
from wcag_audit.model import Text
from wcag_audit.phrases import phrases
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.operable._handlers import scripts_and, scripts_of

#: Milliseconds: what is still part of loading, and limits that need no way to extend them (20 hours).
_AT_ONCE, _LONGEST = 3_000, 72_000_000
_SETS = re.compile(r"\bset(?:Timeout|Interval)\s*\(")
_CONDITION = re.compile(r"\bif\b|\?|&&|\|\||\bconfirm\b|\bfunction\b.*\bfunction\b")


class Limit(NamedTuple):
    """A timer that leaves the page: after how many milliseconds, by which script, and whether it surely starts and comes to its end."""

    after: int
    script: str
    sure: bool


def timers_that_leave(evidence: Evidence) -> Iterator[Limit]:
    """Timers of inline scripts whose code navigates, reloads or submits; none where the page's time was recorded."""
    recorded = evidence.artifact("timers")
    if recorded is not None and recorded.error is None:
        return
    on_load = next((body.get("onload") for body in evidence.dom.all("body")), "")
    scripts = scripts_and(on_load, evidence) if _SETS.search(on_load) else scripts_of(evidence)
    for timer in scripts.timers:
        script = scripts.unfolded(timer.script)
        change = change_of_context(without_strings(without_stays(script)), scripts.own)
        if _AT_ONCE < timer.after < _LONGEST and change in ("navigates", "submits"):
            yield Limit(timer.after, script, scripts.starts(timer, on_load) and not timer.cleared)


def more_time_is_offered(limit: Limit, evidence: Evidence) -> Finding | None:
    """Something offers more time; a timer that may not start, may be cleared, asks first or has a condition is for a person."""
    words = phrases("more_time")
    controls = (node for node in evidence.dom.elements if node.tabbable and node.visible and node.name)
    if any(words.found_in(node.name) for node in controls):
        return PASSED
    hidden = any(words.found_in(node.text) for tag in ("button", "a") for node in evidence.dom.all(tag))
    values = {"seconds": str(limit.after // 1000), "script": code(limit.script)}
    sure = limit.sure and not hidden and not _CONDITION.search(without_strings(limit.script))
    return failed("leaves", values) if sure else cant_tell("perhaps", values)


_MEND_VI = "Bỏ giới hạn thời gian, hoặc báo trước ít nhất 20 giây kèm nút xin thêm thời gian."
_MEND_EN = "Take the limit away, or warn at least 20 seconds before and offer more time by a button."

RULE = Rule(
    name=Text("Tập lệnh không tự rời trang sau một thời gian", "No script leaves the page after a time"),
    why=Text(
        "Người đọc chậm, người mù dùng trình đọc màn hình và người gõ chậm bị đưa khỏi trang khi đang đọc hoặc đang nhập, mất nội dung đã "
        "nhập.",
        "People who read or type slowly and blind people who use a screen reader are taken off the page in the middle of it and lose what "
        "they have entered.",
    ),
    criteria=("2.2.1",),
    needs=("dom", "source"),
    applicability=timers_that_leave,
    expectation=more_time_is_offered,
    techniques=("F40", "F58", "G133", "G180", "G198"),
    messages={
        "leaves": message(
            vi="Sau {seconds} giây trang tự chuyển đi, tải lại hoặc gửi biểu mẫu, không có cách xin thêm thời gian ({script}).",
            en="After {seconds} seconds the page leaves, reloads or sends a form by itself, and nothing offers more time ({script}).",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "perhaps": message(
            vi="Sau {seconds} giây trang có thể tự chuyển đi, tải lại hoặc gửi biểu mẫu ({script}).",
            en="After {seconds} seconds the page may leave, reload or send a form by itself ({script}).",
            mend_vi="Chờ trên trang: nếu trang tự rời đi mà không báo trước thì bỏ giới hạn, hoặc cho người dùng xin thêm thời gian.",
            mend_en="Wait on the page: where it leaves without a warning, take the limit away or offer more time.",
        ),
    },
)
