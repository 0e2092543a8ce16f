"""A time limit of the page can be extended

What it checks
    The page's clock is moved on by up to 20 hours, with every request held back. Where the page by itself goes to another page, reloads
    or logs out at some moment, the try is repeated in a fresh page (in real time for limits of up to a minute) and watched before the
    limit: a dialog or text has to offer more time. It fails where the page leaves both times and nothing offered more time before.
    A dialog or a button that came into view before, in whatever words, is a question.
    A page that had asked its server for something in the meantime is a question: the held-back request may be the reason.

Why it matters
    Who types with one finger, reads slowly or listens to the page needs several times as long for an e-form. A session that ends
    without a way to get more time throws everything away that they entered.

Fails
    ``<script>setTimeout(() => { location.href = "/dang-nhap?het-phien=1" }, 600000)</script>``

Mended
    Four minutes before the end a dialog asks "Ông/bà còn làm việc không?", and "Làm việc tiếp" gives ten minutes more, as often as wanted:
    ``<dialog>Ông/bà còn làm việc không? <button onclick="giaHan(10)">Làm việc tiếp</button></dialog>``

References
    WCAG 2.0 success criterion 2.2.1; techniques G133, G180, G198, F40, F41, F58. A meta refresh is axe's meta-refresh.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urldefrag

from wcag_audit.dom import Node
from wcag_audit.inline_script import is_file
from wcag_audit.model import JSON, Step, Text, cut
from wcag_audit.phrases import phrases
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, ask_again, cant_tell, failed, message, untested

#: Milliseconds up to which a redirect is part of the page's loading.
_AT_ONCE = 3_000
#: Limits that need no way to extend them (20 hours), and what a recording has to reach so that a page may pass.
_LONGEST, _ENOUGH = 72_000_000, 3_600_000
#: How far apart a meta refresh and what was recorded may be, in milliseconds.
_NEAR = 6_000
#: Kinds of requests whose answer a page's script waits for.
_ASKING = frozenset(("XHR", "Fetch", "EventSource", "WebSocket", "Script"))


def pages_that_leave(evidence: Evidence) -> Iterator[JSON]:
    """The page, where it left by itself, or where too little of its time could be seen."""
    data = evidence.data("timers")
    left = _departure(data)
    if left is None:
        if _reached(data) < _ENOUGH and data["start"].get("scripts", True):
            yield data
        return
    when, address = left
    if when > _AT_ONCE and not _by_meta(evidence, when) and not is_file(address):
        yield data


def _reached(data: JSON) -> int:
    """The page time in milliseconds that a recording came to."""
    last = data["steps"][-1]["changed"] if data["steps"] else data["start"]
    return int(last["look"]["now"])


def _departure(data: JSON) -> tuple[int, str] | None:
    """When (page time in ms) and where to the page tried to leave by itself; None where it stayed."""
    for step in data["steps"]:
        changed = step["changed"]
        if changed["left"]:
            leaves = changed["look"]["leaves"]
            return int(leaves[0] if leaves else changed["look"]["now"]), str(changed["left"][0]["url"])
    return None


def _by_meta(evidence: Evidence, when: int) -> bool:
    """Whether a meta refresh, which is axe's to judge, sends the page away at that time."""
    for meta in evidence.dom.all("meta"):
        delay = re.match(r"\s*(\d+)", meta.get("content"))
        if meta.get("http-equiv").casefold() == "refresh" and delay and abs(int(delay[1]) * 1000 - when) < _NEAR:
            return True
    return False


def more_time_is_offered(data: JSON, evidence: Evidence) -> Finding | None:
    """Before the page leaves, it offers more time."""
    left = _departure(data)
    if left is None:
        seconds = _reached(data) // 1000
        return untested(Text(f"mới quan sát được {seconds} giây của trang", f"only {seconds} seconds of the page could be watched"))
    when, address = left
    if when >= _LONGEST:
        return PASSED
    again = evidence.second_try("timers")
    if again is None:
        return ask_again("timers", {"limit": when})
    values = {"limit.vi": _span(when, "vi"), "limit.en": _span(when, "en"), "address": address}
    node = _countdown(evidence)
    if (second := _departure(again)) is None:
        return cant_tell("once", values, node=node)
    if asked := _asked(data) or _asked(again):
        return cant_tell("after_request", {**values, "request": asked}, node=node)
    offered, warned = _warnings(again)
    if offered:
        return PASSED
    if warned:
        return cant_tell("warned", {**values, "text": warned}, node=node)
    if control := _setting(evidence):
        return cant_tell("setting", {**values, "control": control.name}, node=control)
    reloads = urldefrag(address).url == urldefrag(str(data["start"]["look"]["url"])).url
    return failed("reloads" if reloads else "leaves", values, node=node, steps=_steps(second[0], address))


def _asked(data: JSON) -> str:
    """A request of a script that was held back before the page left; empty where there was none."""
    rows = (row for step in data["steps"] for row in step["changed"]["asked"] if row["type"] in _ASKING)
    sockets = (note["detail"] for note in data["held"] if note["kind"] == "websocket")
    return next((str(row["url"]) for row in rows), "") or next((str(detail) for detail in sockets), "")


def _warnings(data: JSON) -> tuple[str, str]:
    """What came into view before the page left: a text that offers more time, and any dialog or button at all; empty where there was
    none."""
    known = {dialog["text"] for dialog in data["start"]["look"].get("dialogs", ())}
    warned = next((str(note["detail"]) for note in data["held"] if note["kind"] == "dialog"), "")
    if warned.startswith("confirm"):
        return warned, warned
    for step in data["steps"]:
        look: dict[str, Any] = step["changed"]["look"]
        fresh = [dialog for dialog in look.get("dialogs", ()) if dialog["text"] not in known]
        for text in [*(" · ".join([dialog["text"], *dialog["buttons"]]) for dialog in fresh), *look.get("fresh", ())]:
            if phrases("more_time").found_in(text) or phrases("session_goes_on").found_in(text):
                return text, text
        warned = warned or next((str(text) for text in [*(dialog["text"] for dialog in fresh), *look.get("controls", ())]), "")
    return "", warned


def _setting(evidence: Evidence) -> Node | None:
    """A visible control that speaks of more time."""
    controls = evidence.dom.with_role("button", "link", "checkbox", "radio", "switch")
    return next((node for node in controls if node.visible and phrases("more_time").found_in(node.name)), None)


def _countdown(evidence: Evidence) -> Node | None:
    """The text that tells the limit, or else the page's body."""
    for text in evidence.dom.nodes:
        if text.is_text and text.visible and text.block is not None and phrases("countdowns").found_in(str(text.raw["x"])):
            return text.block
    return next((node for node in evidence.dom.all("body") if node.frame.index == 0), None)


def _span(milliseconds: int, language: str) -> str:
    seconds = round(milliseconds / 1000)
    minutes, hours = ("phút", "giờ") if language == "vi" else ("minutes", "hours")
    if seconds < 120:
        return f"{seconds} {'giây' if language == 'vi' else 'seconds'}"
    return f"{round(seconds / 60)} {minutes}" if seconds < 7200 else f"{seconds / 3600:.1f} {hours}"


def _steps(when: int, address: str) -> tuple[Step, ...]:
    return (
        Step(action="open", reason="time_passes", at=0),
        Step(action="wait", reason="time_passes", at=when, changed={"address": cut(address, 200)}),
    )


RULE = Rule(
    name=Text("Giới hạn thời gian của trang có thể kéo dài", "A time limit of the page can be extended"),
    why=Text(
        "Người gõ chậm, người đọc chậm, người mù dùng trình đọc màn hình cần nhiều thời gian gấp mấy lần để điền biểu mẫu. Trang tự thoát "
        "mà không cho gia hạn thì họ mất toàn bộ thông tin đã nhập.",
        "People who type or read slowly, or who listen to the page, need several times as long to fill in a form. When the page ends by "
        "itself and offers no more time, they lose everything they entered.",
    ),
    criteria=("2.2.1",),
    needs=("dom", "timers"),
    applicability=pages_that_leave,
    expectation=more_time_is_offered,
    techniques=("G133", "G180", "G198", "F40", "F41", "F58"),
    messages={
        "leaves": message(
            vi="Sau {limit} trang tự chuyển tới {address}; trước đó không có thông báo nào cho người dùng xin thêm thời gian.",
            en="After {limit} the page goes to {address} by itself; nothing offered more time before.",
            mend_vi="Bỏ giới hạn, hoặc báo trước ít nhất 20 giây và cho gia hạn bằng một thao tác đơn giản, ít nhất mười lần.",
            mend_en="Take the limit away, or warn at least 20 seconds before and let users extend it by a simple action, at "
            "least ten times.",
        ),
        "reloads": message(
            vi="Sau {limit} trang tự tải lại ({address}); trước đó không có thông báo nào cho người dùng hoãn lại.",
            en="After {limit} the page reloads by itself ({address}); nothing let users put it off before.",
            mend_vi="Để người dùng tự tải lại bằng một nút, hoặc chỉ cập nhật phần dữ liệu mà không tải lại trang.",
            mend_en="Let users reload by a button, or update the data in place without reloading the page.",
        ),
        "after_request": message(
            vi="Sau {limit} trang tự chuyển tới {address}, nhưng trước đó có yêu cầu {request} bị giữ lại khi kiểm tra. Ngoài "
            "thực tế trang có tự chuyển mà không cho gia hạn không?",
            en="After {limit} the page goes to {address}, but its request {request} had been held back by the check. Does it "
            "really leave without offering more time?",
            mend_vi="Mở trang và chờ đủ thời gian; nếu trang tự chuyển thì báo trước và cho gia hạn.",
            mend_en="Open the page and wait that long; where it leaves, warn before and let users extend the limit.",
        ),
        "once": message(
            vi="Sau {limit} trang tự chuyển tới {address}, nhưng lần thử thứ hai thì không. Trang có giới hạn thời gian không?",
            en="After {limit} the page went to {address}, but not at a second try. Has it a time limit?",
            mend_vi="Mở trang và chờ đủ thời gian; nếu trang tự chuyển thì báo trước và cho gia hạn.",
            mend_en="Open the page and wait that long; where it leaves, warn before and let users extend the limit.",
        ),
        "warned": message(
            vi="Sau {limit} trang tự chuyển tới {address}; trước đó có thông báo “{text}”. Thông báo ấy có cho gia hạn không?",
            en="After {limit} the page goes to {address}; before, it tells “{text}”. Can users extend the limit there?",
            mend_vi="Thêm vào thông báo một nút gia hạn, hiện ít nhất 20 giây trước khi hết giờ.",
            mend_en="Add a button that extends the limit, shown at least 20 seconds before the end.",
        ),
        "setting": message(
            vi="Sau {limit} trang tự chuyển tới {address}. Nút “{control}” có cho tắt hoặc kéo dài giới hạn này không?",
            en="After {limit} the page goes to {address}. Does “{control}” turn this limit off or extend it?",
            mend_vi="Nếu không, báo trước ít nhất 20 giây và cho gia hạn bằng một thao tác đơn giản.",
            mend_en="If not, warn at least 20 seconds before and let users extend it by a simple action.",
        ),
    },
)
