"""Sound that starts by itself can be stopped

What it checks
    The page is opened and nobody touches it. Where something can be heard for more than three seconds (audio and video elements, also
    those outside the document, and WebAudio; the files are decoded, so that a silent track does not count), the whole page is searched
    for a way to pause, stop, mute or turn it down: native controls, or any control that does it when it is pressed by key. It fails
    where there is none. A control that by its words may do it, and did not when it was pressed, is asked of a person.
    What a timer of the page starts later is found as the page's clock is moved on, and listened to in a fresh page where that takes no
    more than twenty seconds; otherwise it is a question.

Why it matters
    Sound drowns the screen reader: blind people cannot hear the page, and so cannot find out how to stop it.

Fails
    ``<audio src="nhac-nen.mp3" autoplay loop></audio>``

Mended
    ``<audio src="nhac-nen.mp3" controls></audio>``, which plays when somebody asks for it.

References
    WCAG 2.0 success criterion 1.4.2; techniques G60, G170, G171, F23, F93; ACT rule 80f0bf.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from wcag_audit.dom import Node
from wcag_audit.model import JSON, Step, Target, Text
from wcag_audit.recorded import node_of
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, ask_again, cant_tell, failed, message, untested
from wcag_audit.rules.perceivable._sound import heard

_LONG = 3.0
#: Stops of the Tab key before a control beyond which it is found late.
_LATE = 60
#: Milliseconds of page time up to which a second try waits for a sound.
_WAITED = 20_000
#: Characters of an address by which sounds are told apart: files that a script writes have long ones, and recordings cut them.
_ADDRESS = 400
_BRIEF = Text("chưa nghe được đủ 3 giây", "it could not be listened to for 3 seconds")
_MUST = Text("không giải mã được tệp âm thanh {src}", "the sound file {src} could not be decoded")


class Started(NamedTuple):
    """A sound that a timer started: page time in ms, whether it repeats, its seconds where they were known, its address ("": WebAudio)."""

    at: int
    loops: bool
    seconds: float | None
    source: str


def sounds_without_a_gesture(evidence: Evidence) -> Iterator[JSON | Started]:
    """Everything that could be heard without a gesture, by element, file or WebAudio; and what timers start later."""
    at_once = list(_sounds(evidence.data("sound")))
    yield from at_once
    known = {_source(state) for state in at_once}
    timers = evidence.data("timers")
    told = [*timers["start"].get("sounds", ()), *(note["detail"] for note in timers["held"] if note["kind"] == "timed-sound")]
    for started in map(_started, told):
        if started.source not in known:
            known.add(started.source)
            yield started


def _sounds(data: JSON) -> Iterator[JSON]:
    told = heard(data)
    known: set[tuple[str, ...]] = set()
    for sample in told["samples"] if told is not None else ():
        for state in sample["sounds"]:
            if _key(state) not in known and _can_be_heard(state):
                known.add(_key(state))
                yield state


def _started(detail: str) -> Started:
    at, loops, seconds, source = detail.split(" ", 3)
    return Started(int(at), loops == "1", float(seconds) if seconds else None, source)


def _source(state: JSON) -> str:
    return (state.get("src") or "")[:_ADDRESS]


def _key(state: JSON) -> tuple[str, ...]:
    return state["kind"], str(state.get("frame")), str(state.get("path")), str(state.get("src"))


def _can_be_heard(state: JSON) -> bool:
    if state["kind"] == "web-audio":
        return bool(state["running"]) and state["peak"] > 0.003
    return not state["muted"] and state["volume"] > 0


def sound_ends_or_can_be_stopped(sound: JSON | Started, evidence: Evidence) -> Finding | None:
    """It ends within three seconds, or something on the page stops it by key."""
    if not isinstance(sound, Started):
        return _judge(sound, evidence.data("sound"), evidence)
    if sound.seconds is not None and sound.seconds <= _LONG and not sound.loops:
        return PASSED
    values = {"at": f"{sound.at / 1000:.0f}", "source": sound.source or "WebAudio"}
    if sound.at <= _WAITED:
        second = evidence.second_try("sound")
        if second is None:
            return ask_again("sound", {"wait": sound.at})
        state = next((state for state in _sounds(second) if _source(state) == sound.source), None)
        if state is not None:
            return _judge(state, second, evidence)
    return cant_tell("delayed", values, target=_page(evidence))


def _judge(state: JSON, data: JSON, evidence: Evidence) -> Finding | None:
    """The verdict on a sound of a recording."""
    seconds = _seconds(state, data)
    if seconds <= _LONG:
        return untested(_BRIEF) if _goes_on(state, data) else PASSED
    row = next((row for row in data["start"]["media"] if row["kind"] == state["kind"] and _key(row) == _key(state)), None)
    if row is not None and row["controls"] and row["seen"]:
        return PASSED
    if state["kind"] != "web-audio":
        decoded: dict[str, Any] = (heard(data) or {})["sources"].get(state["src"], {"error": ""})
        sound = decoded.get("sound")
        if sound is None and (decoded.get("pictures") or {}).get("audio") == 0:
            return PASSED
        if sound is None and state["kind"] == "element":
            return untested(Text(_MUST.vi.format(src=state["src"]), _MUST.en.format(src=state["src"])))
        if sound is None:
            return cant_tell("not_decoded", {"source": state["src"]}, target=_page(evidence))
        if sound["loud"] < 0.3 or (sound["loud"] <= _LONG and not state["loop"]):
            return PASSED
    return _judge_controls(state, seconds, data, evidence)


def _seconds(state: JSON, data: JSON) -> float:
    """For how long it was heard: what had been played, or how long it was listened to."""
    samples = [s for s in (heard(data) or {})["samples"] if any(_key(o) == _key(state) and _can_be_heard(o) for o in s["sounds"])]
    first, last = (next(o for o in s["sounds"] if _key(o) == _key(state)) for s in (samples[0], samples[-1]))
    listened = (samples[-1]["at"] - samples[0]["at"]) / 1000
    if state["kind"] != "web-audio":
        return float(max(listened, last.get("played", 0.0)))
    # Its clock runs from the page's first sound on, heard or not.
    return float(max(listened, last["at"] - (first["at"] if first["at"] > _LONG else 0.0)))


def _goes_on(state: JSON, data: JSON) -> bool:
    """Whether it still sounded when listening ended, and may go on for too long."""
    last = next((o for o in (heard(data) or {})["samples"][-1]["sounds"] if _key(o) == _key(state)), None)
    short = state.get("duration") is not None and state["duration"] <= _LONG and not state["loop"]
    return last is not None and _plays(last) and not short


def _judge_controls(state: JSON, seconds: float, data: JSON, evidence: Evidence) -> Finding | None:
    node = node_of(evidence.dom, state_element(state, data)) if state["kind"] == "element" else None
    target: Target | None = None if node is not None else _page(evidence)
    values = {"seconds": f"{seconds:.1f}", "source": state.get("src") or "WebAudio"}
    presses = data["steps"][1:]
    worked = next((step for step in presses if _stopped(step["changed"]["before"], step["changed"]["after"])), None)
    if worked is not None:
        name = worked["args"]["element"]["name"] or worked["args"]["element"]["html"]
        if worked["args"]["key"] == "click":
            return cant_tell("mouse_only", {**values, "control": name}, node=node, target=target)
        late = _stops_before(worked["args"]["element"], evidence) > _LATE
        return cant_tell("late", {**values, "control": name}, node=node, target=target) if late else PASSED
    spoken = next((control for control in data["start"]["controls"] if control["name"] or control["text"]), None)
    if spoken is not None:
        return cant_tell("unproven", {**values, "control": spoken["name"] or spoken["text"]}, node=node, target=target)
    steps = tuple(Step(action=step["action"], reason=step["reason"], at=step["at"]) for step in data["steps"][:20])
    return failed("no_control", values, node=node, target=target, steps=steps)


def state_element(state: JSON, data: JSON) -> JSON:
    """The recorded element of a state."""
    return next(row for row in data["start"]["media"] if _key(row) == _key(state))


def _stopped(before: list[Any], after: list[Any]) -> bool:
    """Whether something that could be heard before was stopped, muted or turned down, and did not just come to its end."""
    for old in before:
        new = next((state for state in after if _key(state) == _key(old)), None)
        if not _plays(old):
            continue
        if new is None or (not new.get("ended") and not _plays(new)) or new.get("volume", 1) < old.get("volume", 1):
            return True
    return False


def _plays(state: JSON) -> bool:
    return _can_be_heard(state) and not state.get("paused") and not state.get("ended")


def _stops_before(element: JSON, evidence: Evidence) -> int:
    node = node_of(evidence.dom, element)
    return 0 if node is None else sum(1 for other in evidence.dom.elements if other.tabbable and other.index < node.index)


def _page(evidence: Evidence) -> Target | None:
    body: Node | None = next((node for node in evidence.dom.all("body") if node.frame.index == 0), None)
    return body.target if body is not None else None


RULE = Rule(
    name=Text("Âm thanh tự phát có thể dừng được", "Sound that starts by itself can be stopped"),
    why=Text(
        "Người mù nghe trang bằng trình đọc màn hình; âm thanh tự phát át tiếng đọc nên họ không tìm được cả nút tắt.",
        "Blind people hear the page by a screen reader; sound that starts by itself drowns it, so that they cannot even find "
        "what stops it.",
    ),
    criteria=("1.4.2",),
    needs=("dom", "sound", "timers"),
    applicability=sounds_without_a_gesture,
    expectation=sound_ends_or_can_be_stopped,
    act=("80f0bf",),
    techniques=("G60", "G170", "G171", "F23", "F93"),
    messages={
        "no_control": message(
            vi="Mở trang mà không bấm gì, âm thanh ({source}) tự phát {seconds} giây chưa dứt; không nút nào trên trang dừng hay tắt được.",
            en="The page is opened and not touched, and sound ({source}) goes on for {seconds} seconds; nothing on the page "
            "stops or mutes it.",
            mend_vi="Bỏ tự phát, hoặc đặt ở đầu trang nút dừng hay tắt tiếng dùng được bằng bàn phím.",
            mend_en="Do not start it by itself, or put a control at the start of the page that stops or mutes it by keyboard.",
        ),
        "unproven": message(
            vi="Âm thanh ({source}) tự phát {seconds} giây chưa dứt. Nút “{control}” có dừng hay tắt được âm thanh ấy không (khi "
            "thử bằng máy thì không)?",
            en="Sound ({source}) goes on for {seconds} seconds by itself. Does “{control}” stop or mute it (pressed by the "
            "check, it did not)?",
            mend_vi="Nếu không, bỏ tự phát hoặc thêm nút dừng hay tắt tiếng dùng được bằng bàn phím.",
            mend_en="If not, do not start it by itself, or add a control that stops or mutes it by keyboard.",
        ),
        "mouse_only": message(
            vi="Âm thanh ({source}) tự phát {seconds} giây chưa dứt. Nút “{control}” tắt được bằng chuột mà không bằng phím: còn "
            "cách nào khác không?",
            en="Sound ({source}) goes on for {seconds} seconds by itself. “{control}” stops it by mouse and not by key: is there "
            "another way?",
            mend_vi="Làm nút ấy bằng thẻ button để dùng được bằng bàn phím.",
            mend_en="Make it a button element, so that it works by keyboard.",
        ),
        "late": message(
            vi="Âm thanh ({source}) tự phát {seconds} giây chưa dứt. Nút “{control}” tắt được, nhưng đứng rất xa đầu trang: có "
            "tìm ra kịp không?",
            en="Sound ({source}) goes on for {seconds} seconds by itself. “{control}” stops it, but stands far down the page: is "
            "it found in time?",
            mend_vi="Đặt nút ấy ở đầu trang.",
            mend_en="Put that control at the start of the page.",
        ),
        "delayed": message(
            vi="Trang tự phát âm thanh ({source}) sau khi mở chừng {at} giây. Có nghe thấy tiếng quá 3 giây và có nút tắt không?",
            en="The page starts sound ({source}) by itself about {at} seconds after it was opened. Is it heard for more than 3 seconds, "
            "and can it be stopped?",
            mend_vi="Bỏ tự phát, hoặc thêm nút dừng hay tắt tiếng dùng được bằng bàn phím.",
            mend_en="Do not start it by itself, or add a control that stops or mutes it by keyboard.",
        ),
        "not_decoded": message(
            vi="Trang tự phát tệp {source} mà không giải mã được. Có nghe thấy tiếng quá 3 giây và có nút tắt không?",
            en="The page plays {source} by itself, and it could not be decoded. Is it heard for more than 3 seconds, and can it "
            "be stopped?",
            mend_vi="Bỏ tự phát, hoặc thêm nút dừng hay tắt tiếng dùng được bằng bàn phím.",
            mend_en="Do not start it by itself, or add a control that stops or mutes it by keyboard.",
        ),
    },
)
