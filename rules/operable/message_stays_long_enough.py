"""A message stays long enough to be read

What it checks
    Texts that come up when a field gets the focus or is changed, and go by themselves within half a second while the focus stays and
    nothing was asked of the server: six words or more cannot be read in that time. Tried again in a fresh page before it fails.

Why it matters
    Whoever reads slowly, magnifies the screen or listens to the page never learns what the message said, and nothing brings it back.

Fails
    ``<input onfocus="bao.hidden = false; setTimeout(() => bao.hidden = true, 500)">`` with the message “Phiên làm việc hết hạn sau 20 phút”

Mended
    ``<p id="bao">Phiên làm việc hết hạn sau 20 phút</p> <input aria-describedby="bao">``

References
    WCAG 2.0 success criterion 2.2.1: a change of content after a set time is a time limit; techniques G5, SCR16. Shorter texts, words that
    tell work under way, and texts of live regions are not failed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from wcag_audit.model import Step, Text, nfc
from wcag_audit.phrases import phrases
from wcag_audit.recorded import target_of
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, ask_again, cant_tell, failed, message

#: Words of the shortest text that nobody can read in half a second.
_LONG = 6
_WORD = re.compile(r"\w+")
#: "Đang …", with its diacritics or typed without any; "Đăng nhập …" is another word.
_UNDER_WAY = ("đang ", "dang ")


class Told(NamedTuple):
    """A text that went by itself, of at least ``_LONG`` words, and the field that brought it."""

    control: dict[str, Any]
    text: str
    live: bool
    at: int


def messages_that_went(evidence: Evidence) -> Iterator[Told]:
    """The texts that fields brought up and that went by themselves."""
    return _told(evidence.data("inputs"))


def _told(recording: Any) -> Iterator[Told]:
    for step in recording["steps"]:
        for row in step["changed"]["controls"]:
            control = recording["start"]["controls"][row["index"]]
            for one in row.get("fleeting", ()):
                if not _tells_work(one["text"]):
                    yield Told(control, one["text"], bool(one["live"]), step["at"])


def _tells_work(text: str) -> bool:
    """Whether a text tells of work under way, and goes when that is done; "đang" alone says of anything that it is under way."""
    return nfc(text).casefold().startswith(_UNDER_WAY) or phrases("work_under_way").begins(text)


def can_be_read(told: Told, evidence: Evidence) -> Finding | None:
    """It is short, or it stays the second time."""
    if len(_WORD.findall(told.text)) < _LONG:
        return PASSED
    target = target_of(evidence.dom, told.control["el"])
    values = {"text": told.text, "field": told.control["name"]}
    steps = (Step(action="change", reason="change_by_keys", args={"field": told.control["name"]}, at=told.at),)
    if told.live:
        return cant_tell("announced", values, target=target, steps=steps)
    place = {key: told.control["el"][key] for key in ("frame", "path")}
    second = evidence.second_try("inputs")
    if second is None:
        return ask_again("inputs", place)
    if not any(other.text == told.text and other.control["el"]["path"] == place["path"] for other in _told(second)):
        return cant_tell("once", values, target=target, steps=steps)
    return failed("too_short", values, target=target, steps=steps)


_MEND_VI = "Để thông báo luôn hiện cạnh trường, hoặc chỉ ẩn khi người dùng đóng."
_MEND_EN = "Leave the message beside the field for good, or hide it only when people close it."

RULE = Rule(
    name=Text("Thông báo hiện đủ lâu để đọc", "A message stays long enough to be read"),
    why=Text(
        "Người đọc chậm, người phóng to màn hình hoặc nghe trang không kịp biết thông báo nói gì, và không có cách nào xem lại.",
        "People who read slowly, magnify the screen or listen to the page never learn what the message said, and nothing brings it back.",
    ),
    criteria=("2.2.1",),
    needs=("dom", "inputs"),
    applicability=messages_that_went,
    expectation=can_be_read,
    techniques=("G5", "SCR16"),
    messages={
        "too_short": message(
            vi="Thông báo “{text}” ở trường “{field}” tự biến mất trong vòng nửa giây, không kịp đọc.",
            en="The message “{text}” at the field “{field}” goes by itself within half a second: nobody can read it.",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "announced": message(
            vi="Thông báo “{text}” ở trường “{field}” tự biến mất trong vòng nửa giây. Nội dung đó có ở chỗ khác không?",
            en="The message “{text}” at the field “{field}” goes by itself within half a second. Is it told elsewhere?",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "once": message(
            vi="Thông báo “{text}” ở trường “{field}” có lần tự biến mất trong vòng nửa giây, lần thử thứ hai thì không.",
            en="The message “{text}” at the field “{field}” went by itself within half a second once, and not when tried again.",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
    },
)
