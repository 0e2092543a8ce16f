"""What moves by itself can be paused, stopped or hidden

What it checks
    Everything that moves, blinks, scrolls or changes by itself for more than five seconds beside other content: script tickers and
    carousels, CSS animations, marquees, animated pictures, videos, drawings. The page's time is moved on and each box is sampled at
    irregular steps; then every control that may stop it is pressed by keyboard and the boxes are sampled again. A mere sign that work
    is under way ("Đang tải…") may go on. A clock or count, with whatever words around it, is a question; so is a control that is
    called so as to stop movement but is hidden at first or leads to another address.

Why it matters
    Movement at the edge of the eye keeps people with attention or reading difficulties from reading the rest, and slow readers lose a
    text that goes on without them. Stopping under the mouse helps nobody who uses a keyboard or a touch screen.

Fails
    ``<div id="tin">…</div> <script>setInterval(sangTinSau, 4000)</script>`` with no control that stops it.

Mended
    ``<button type="button" onclick="clearInterval(dem)">Tạm dừng tin chạy</button>`` beside it.

References
    WCAG 2.0 success criterion 2.2.2; techniques G4, G11, G152, G186, SCR33, SCR36; failures F4, F7, F16, F50; ACT rule efbfc7.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from wcag_audit import motion
from wcag_audit.dom import Node
from wcag_audit.model import JSON, Step, Text, cut, nfc
from wcag_audit.recorded import node_of, target_of
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message, untested

#: Characters of visible text elsewhere on the page that make it "beside other content".
_BESIDE = 10
#: CSS pixels up to which a moving line is a caret.
_CARET = 4
#: Milliseconds of one round up to which a change of colour is blinking rather than a slow shade.
_BLINK = 3_000
#: A time of day, as clocks write it.
_TIME = re.compile(r"\d{1,2}\s*(?:[:hg]|giờ)\s*\d{2}", re.IGNORECASE)
_NOT_WATCHED = Text("chưa theo dõi đủ thời gian để biết có nội dung tự chuyển động hay không", "the page was not watched long enough")
_NOT_TRIED = Text("chưa thử hết các nút có thể dừng nội dung chuyển động", "not every control that may stop the movement was tried")

#: What a thing is called, by its kind.
_KINDS = {
    "script": Text("Nội dung", "Content"),
    "animation": Text("Nội dung có hiệu ứng CSS", "Content with a CSS animation"),
    "marquee": Text("Chữ chạy (marquee)", "A marquee"),
    "video": Text("Video tự phát", "A video that plays by itself"),
    "svg": Text("Hình vẽ động", "An animated drawing"),
    "picture": Text("Ảnh động", "An animated picture"),
    "canvas": Text("Hình vẽ trên canvas", "A drawing on a canvas"),
}


def lasting_movements(evidence: Evidence) -> Iterator[JSON]:
    """What was seen to move by itself for more than five seconds; None where the watch itself did not come to its end."""
    recording = evidence.data("motion")
    if recording["done"] == "nothing_can_move":
        return
    look = motion.decisive(recording["steps"])
    if look is None or (not look["reached"] and not look["things"]):
        yield None
        return
    yield from (thing for thing in look["things"] if motion.lasts(thing, look["ms"]))


def can_be_stopped(thing: JSON, evidence: Evidence) -> Finding | None:
    """A control that works by keyboard pauses, stops or hides it; or nothing else stands beside it, or it is a sign of work."""
    if thing is None:
        return untested(_NOT_WATCHED)
    if motion.signals_work(thing) or thing.get("controls") or _is_caret(thing) or not _stands_beside_content(thing, evidence):
        return PASSED
    recording = evidence.data("motion")
    presses = [step for step in recording["steps"] if step["action"] == "press"]
    if any(motion.stopped(thing, step["changed"]["look"]) for step in presses):
        return PASSED
    later = [*(step["changed"]["look"] for step in presses), *(step["changed"] for step in _reductions(recording))]
    if recording["done"] not in ("moves_on", "stopped") or not all(look["reached"] or motion.moves_on(thing, look) for look in later):
        return untested(_NOT_TRIED)
    target, values = target_of(evidence.dom, thing["el"], changing="changes" in thing), _values(thing, recording, presses)
    steps = _steps(recording)
    if doubt := _doubt(thing, recording):
        return cant_tell(doubt, values, target=target, steps=steps)
    return failed("not_stopped", values, target=target, steps=steps)


def _is_caret(thing: JSON) -> bool:
    _, _, width, height = thing["el"]["box"]
    return min(width, height) <= _CARET or nfc(thing["el"]["text"]) in ("|", "_", "▌", "▍", "█")


def _stands_beside_content(thing: JSON, evidence: Evidence) -> bool:
    node = node_of(evidence.dom, thing["el"])
    root = evidence.dom.root
    text = sum(len(text.raw["x"].strip()) for text in (root.texts if root else ()) if text.visible and not _belongs(text, node))
    return text >= _BESIDE


def _belongs(text: Node, node: Node | None) -> bool:
    return node is not None and node.contains(text)


def _doubt(thing: JSON, recording: JSON) -> str:
    """Why only a person can decide, as a message; empty where it is proven."""
    steps = recording["steps"]
    if counted := _counted(thing):
        return counted
    if _elsewhere(steps):
        return "elsewhere"
    if any(step["changed"]["slower"] for step in steps if step["action"] == "search"):
        return "frequency"
    if _may_heed(thing, recording):
        return "reduced"
    return "decoration" if _may_decorate(thing) else ""


def _may_heed(thing: JSON, recording: JSON) -> bool:
    """Whether a thing may keep still where reduced motion is preferred: it did, or a script asks for that and was not given the answer
    when it came, as in recordings of version 1."""
    asks = bool(recording["start"]["reduced"])
    if not (steps := _reductions(recording)):
        return asks
    return (asks and not steps[-1]["args"].get("anew")) or not motion.moves_on(thing, steps[-1]["changed"])


def _reductions(recording: JSON) -> list[JSON]:
    """The step in which the browser told that reduced motion is preferred, if there was one."""
    return [step for step in recording["steps"] if step["action"] == "reduce"]


def _counted(thing: JSON) -> str:
    """``clock`` or ``counter`` where nothing but the figures in a text changes, whatever words stand with them; else empty."""
    rows = [[text for text in row if text] for row in motion.series_of(thing)]
    if thing.get("moves") or not any(len(set(row)) > 1 for row in rows) or not motion.only_numbers_change(thing):
        return ""
    if not all(re.search(r"\d", text) for row in rows for text in row):
        return ""
    longest = max(rows, key=len)
    numbers = [int(re.sub(r"\D", "", text)) for text in longest]
    down = all(after < before for before, after in pairwise(numbers))
    return "clock" if all(map(_TIME.search, longest)) and not down else "counter"


def _elsewhere(steps: list[Any]) -> str:
    """Controls that are called so as to stop movement, and could not be pressed here: they are hidden, or lead to another address."""
    rows = (row for step in steps if step["action"] == "search" for row in step["changed"].get("elsewhere", ()))
    return "; ".join(f"“{row['name'] or row['el']['tag']}”" for row in rows)


def _may_decorate(thing: JSON) -> bool:
    """Movement without content of its own, or a mere glow or slow shade of it."""
    how = set(thing.get("how", ()))
    if not thing["content"] or (how and how <= {"glow"}):
        return True
    return thing["kind"] == "animation" and how <= {"glow", "colour"} and (thing.get("period") or 0) > _BLINK


def _values(thing: JSON, recording: JSON, presses: list[Any]) -> dict[str, str]:
    lasted = motion.seconds(thing)
    kind = _KINDS[thing["kind"]]
    tried = _tried(presses)
    endless = lasted is None
    return {
        "kind.vi": kind.vi,
        "kind.en": kind.en,
        "name": cut(nfc(thing["el"]["text"]), 60) or thing.get("url", "") or thing["el"]["tag"],
        "long.vi": "không ngừng" if endless else f"trong ít nhất {lasted:.0f} giây",
        "long.en": "without end" if endless else f"for at least {lasted:.0f} seconds",
        "tried.vi": tried.vi,
        "tried.en": tried.en,
        **({"elsewhere": elsewhere} if (elsewhere := _elsewhere(recording["steps"])) else {}),
        "changes": ", ".join(str(at) for at in thing.get("changes", ())[:12]),
    }


def _tried(presses: list[Any]) -> Text:
    """Which controls keys pressed, and which did not even take the focus."""
    pressed = _names(step for step in presses if step["changed"]["focused"])
    missed = _names(step for step in presses if not step["changed"]["focused"])
    told = []
    if pressed:
        told.append(Text(f"đã bấm bằng bàn phím: {pressed}", f"pressed by keyboard: {pressed}"))
    if missed:
        told.append(Text(f"bàn phím không tới được: {missed}", f"out of the keyboard's reach: {missed}"))
    if not told:
        return Text("không có nút nào để dừng", "there is no control to stop it")
    return Text("; ".join(text.vi for text in told), "; ".join(text.en for text in told))


def _names(presses: Iterable[Any]) -> str:
    controls = (step["args"]["of"] for step in presses)
    return "; ".join(f"“{control['name'] or control['el']['tag']}”" for control in controls)


def _steps(recording: JSON) -> tuple[Step, ...]:
    return tuple(
        Step(
            action=step["action"],
            reason=step["reason"],
            at=step["at"],
            args={"ms": step["args"]["ms"], **({"control": step["args"]["of"]["name"]} if "of" in step["args"] else {})},
        )
        for step in recording["steps"]
        if "ms" in step["args"]
    )


_MEND_VI = "Thêm nút tạm dừng, dừng hoặc ẩn dùng được bằng bàn phím ở gần nội dung đó, hoặc để nội dung tự dừng trong 5 giây."
_MEND_EN = "Add a control near it that pauses, stops or hides it and works by keyboard, or let it stop by itself within 5 seconds."

RULE = Rule(
    name=Text("Nội dung tự chuyển động có thể tạm dừng, dừng hoặc ẩn", "What moves by itself can be paused, stopped or hidden"),
    why=Text(
        "Người khó tập trung, người đọc khó khăn bị nội dung chuyển động làm phân tán nên không đọc được phần còn lại của trang; người "
        "đọc chậm không kịp đọc. Chỉ dừng khi đưa chuột vào thì người dùng bàn phím hoặc màn hình cảm ứng không dừng được.",
        "Movement keeps people with attention or reading difficulties from reading the rest of the page, and slow readers lose a text "
        "that goes on without them. Stopping under the mouse does not help people who use a keyboard or a touch screen.",
    ),
    criteria=("2.2.2",),
    needs=("dom", "motion"),
    applicability=lasting_movements,
    expectation=can_be_stopped,
    act=("efbfc7",),
    techniques=("G4", "G11", "G152", "G186", "SCR33", "SCR36", "F4", "F7", "F16", "F50"),
    messages={
        "not_stopped": message(
            vi="{kind} “{name}” tự chuyển động hoặc thay đổi {long} bên cạnh nội dung khác và không dừng được bằng bàn phím ({tried}).",
            en="{kind} “{name}” moves or changes by itself {long} beside other content and cannot be stopped by keyboard ({tried}).",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "clock": message(
            vi="Đồng hồ “{name}” tự cập nhật {long} và không có cách ẩn. Thời gian thực có cần thiết trên trang này không?",
            en="The clock “{name}” updates itself {long} and cannot be hidden. Is the running time essential on this page?",
            mend_vi="Nếu không cần thiết, cho phép ẩn đồng hồ hoặc chỉ hiển thị ngày giờ khi tải trang.",
            mend_en="Where it is not, let it be hidden, or show the time of loading only.",
        ),
        "counter": message(
            vi="Số đếm “{name}” tự thay đổi {long} và không có cách dừng. Việc đếm liên tục có cần thiết không?",
            en="The counter “{name}” changes by itself {long} and cannot be stopped. Is it essential that it goes on?",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "elsewhere": message(
            vi="{kind} “{name}” tự chuyển động {long}. Nút {elsewhere} chưa hiện ngay trên trang hoặc dẫn tới địa chỉ khác: nút đó có "
            "dừng được nội dung này và có dễ tìm không?",
            en="{kind} “{name}” moves by itself {long}. The control {elsewhere} is not in sight at first or leads to another address: "
            "does it stop this content, and is it easily found?",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "frequency": message(
            vi="{kind} “{name}” tự thay đổi {long}. Trang có nút đặt tần suất hoặc tốc độ: nút đó có điều khiển được nội dung này không?",
            en="{kind} “{name}” changes by itself {long}. A control sets a frequency or speed: does it govern this content?",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "reduced": message(
            vi="{kind} “{name}” tự chuyển động {long} và không có nút dừng, nhưng trang có xét tùy chọn giảm chuyển động của hệ thống. "
            "Người dùng có được báo về cách dừng này không?",
            en="{kind} “{name}” moves by itself {long} and no control stops it, but the page heeds the system's wish for reduced motion. "
            "Are people told of this way to stop it?",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "decoration": message(
            vi="{kind} “{name}” có hiệu ứng lặp lại {long} và không có nút dừng. Hiệu ứng này có thu hút mắt khi đọc phần còn lại không?",
            en="{kind} “{name}” has an effect that repeats {long} and cannot be stopped. Does it draw the eye while reading the rest?",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
    },
)
