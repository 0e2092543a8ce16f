"""Nothing flashes more than three times a second

What it checks
    What changes fast over a large enough part of the page: animated pictures and videos frame by frame, and the page itself at
    1024×768 and 60 frames a second from its loading, from the beginning of a CSS animation that begins later, and in a fresh page
    from where a script was seen to change a large part fast and back within the first minute. General and red flashes are counted by
    the definition of WCAG 2.0. What a canvas shows later, or a press does, is not measured.

Why it matters
    Flashing can cause epileptic seizures within a second, before anybody can look away.

Fails
    ``.canh-bao { width: 680px; height: 360px; animation: nhay .2s steps(1) infinite }`` between black and white.

Mended
    A still warning, or one that changes at most three times a second:
    ``.canh-bao { width: 680px; height: 360px; animation: none }``

References
    WCAG 2.0 success criterion 2.3.1; techniques G19, G176, G15; definition of the general flash and red flash thresholds.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from wcag_audit.model import JSON, Step, Text
from wcag_audit.recorded import target_of
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, ask_again, cant_tell, failed, message, untested

#: Flashes that one second may have.
_ALLOWED = 3
#: Page time in ms that is measured at once, and how many things that begin later are.
_MEASURED, _MOST = 3_000, 3
_NOT_MEASURED = Text("chưa lấy được đủ khung hình để đo nhấp nháy", "not enough frames could be had to measure flashes")


class Later(NamedTuple):
    """Something large that a script began to change fast and back: page time in ms, and what tells it."""

    at: int
    name: str


def what_changes_fast(evidence: Evidence) -> Iterator[JSON | Later]:
    """The measurements of what changes fast, each with its step, and what begins later; None where the recording came to no end.
    Videos of which only a part could be measured are one question, asked of the first."""
    recording = evidence.data("flashes")
    asked = False
    for step in recording["steps"]:
        for measured, element in _measured(step):
            in_part = step["action"] == "play" and not measured["complete"] and not _flashes(measured)
            if not (in_part and asked):
                yield step, measured, element
            asked = asked or in_part
    if recording["done"] not in ("end", "nothing_changes_fast"):
        yield None
    yield from islice(_later(recording, evidence.data("timers")), _MOST)


def _later(recording: JSON, timers: JSON) -> Iterator[Later]:
    """What began to change fast after the page's first seconds, each once."""
    known = set(recording["start"]["fast"])
    for told in (*timers["start"].get("flickers", ()), *(note["detail"] for note in timers["held"] if note["kind"] == "flicker")):
        at, _, name = told.partition(" ")
        if name not in known and int(at) > _MEASURED:
            known.add(name)
            yield Later(int(at), name)


def _measured(step: JSON) -> Iterator[tuple[JSON, JSON]]:
    """The measurements of one step with the element of each, where it has one."""
    if step["action"] == "play":
        yield from ((measured, row["el"]) for row, measured in zip(step["args"]["videos"], step["changed"]["videos"], strict=True))
    else:
        yield step["changed"], step["args"]["of"]["el"] if "of" in step["args"] else step["changed"].get("el")


def _flashes(measured: JSON) -> str:
    """``general`` or ``red``, where there is too much of it; else empty."""
    return next((kind for kind in ("general", "red") if measured[kind]["flashes"] > _ALLOWED), "")


def does_not_flash(found: JSON, evidence: Evidence) -> Finding | None:
    """At most three general and three red flashes in any second, or over a small area only."""
    if found is None:
        return untested(_NOT_MEASURED)
    if not isinstance(found, Later):
        return _judge(found, evidence)
    again = evidence.second_try("flashes")
    if again is None:
        return ask_again("flashes", {"name": found.name, "at": found.at})
    step = next((step for step in again["steps"] if step["args"]["fast"] == found.name), None)
    return _judge((step, *next(_measured(step))), evidence) if step is not None else untested(_NOT_MEASURED)


def _judge(found: JSON, evidence: Evidence) -> Finding | None:
    step, measured, element = found
    target = target_of(evidence.dom, element) if element else None
    if kind := _flashes(measured):
        worst = measured[kind]
        values = {"count": str(worst["flashes"]), "share": f"{worst['share'] * 100:.0f}", "at": f"{worst['at']:.1f}"}
        proof = Step(action=step["action"], reason=step["reason"], at=step["at"], changed={kind: worst})
        return failed(f"flashes_{kind}", values, target=target, steps=(proof,))
    if measured["complete"]:
        return PASSED
    if step["action"] == "play":
        return cant_tell("video_in_part", {"seconds": f"{measured['seconds']:g}"}, target=target)
    return cant_tell("scripts_change_fast", {"seconds": f"{measured['seconds']:g}"}, target=target)


_MEND_VI = "Bỏ nhấp nháy, hoặc giảm còn nhiều nhất ba lần mỗi giây, hoặc thu nhỏ và giảm tương phản vùng nhấp nháy."
_MEND_EN = "Take the flashing away, or slow it to three times a second at most, or make the area smaller and its contrast lower."

RULE = Rule(
    name=Text("Không có gì nhấp nháy quá ba lần mỗi giây", "Nothing flashes more than three times a second"),
    why=Text(
        "Nhấp nháy nhanh trên vùng lớn có thể gây co giật ở người bị động kinh nhạy cảm ánh sáng chỉ trong một giây, trước khi kịp nhìn đi "
        "chỗ khác.",
        "Fast flashing of a large area can cause a seizure in people with photosensitive epilepsy within a second, before they can look "
        "away.",
    ),
    criteria=("2.3.1",),
    needs=("dom", "flashes", "timers"),
    applicability=what_changes_fast,
    expectation=does_not_flash,
    techniques=("G19", "G176", "G15"),
    messages={
        "flashes_general": message(
            vi="Nội dung nhấp nháy {count} lần trong một giây (từ giây {at}), trên {share} % một vùng "
            "341×256 điểm ảnh; mức cho phép là 3 lần "
            "hoặc 25 %.",
            en="Content flashes {count} times in one second (from second {at}), over {share} % of an area "
            "of 341×256 pixels; 3 times or 25 % "
            "are allowed.",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "flashes_red": message(
            vi="Nội dung chớp màu đỏ đậm {count} lần trong một giây (từ giây {at}), trên {share} % một "
            "vùng 341×256 điểm ảnh; mức cho phép là "
            "3 lần hoặc 25 %.",
            en="Content flashes in saturated red {count} times in one second (from second {at}), over "
            "{share} % of an area of 341×256 pixels; "
            "3 times or 25 % are allowed.",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "scripts_change_fast": message(
            vi="Tập lệnh thay đổi nhanh một vùng lớn của trang trong {seconds} giây đầu. Vùng này có nhấp nháy quá ba lần mỗi giây không?",
            en="A script changes a large part of the page fast in its first {seconds} seconds. Does it "
            "flash more than three times a second?",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "video_in_part": message(
            vi="Chỉ đo được {seconds} giây đầu của video này. Phần còn lại có nhấp nháy quá ba lần mỗi giây không?",
            en="Only the first {seconds} seconds of this video could be measured. Does the rest flash more than three times a second?",
            mend_vi="Xem phần còn lại, hoặc kiểm tra tệp video bằng công cụ phân tích nhấp nháy.",
            mend_en="Look at the rest, or run the file through a flash analysis tool.",
        ),
    },
)
