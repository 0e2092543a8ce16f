"""A dialog takes the focus and gives it back

What it checks
    Dialogs, and boxes with a close button over the middle of the window, that open when a control is pressed by key. The focus has to
    be inside, or the next stops with Tab have to lie there; while a dialog lies over the whole page, Tab may not go on to what it
    covers. When the dialog is closed with Esc or by its button, Tab has to go on at the control that opened it. All is tried again in
    a fresh page before it fails. A dialog that Tab comes to only after other stops, another layer over the middle of the window, or over
    a stop, that lets the focus out while it stays open, and new content that stands far from its control, are asked about.

Why it matters
    Who uses a keyboard goes through the whole page behind the dialog before the dialog is reached, without seeing where. When
    the focus is lost on closing, they start at the top of the page again, each time.

Fails
    A button opens ``<div role="dialog">`` at the end of the page; Tab goes to the next link behind it.

Mended
    ``dialog.showModal()`` moves the focus in, keeps it there and gives it back; a script of one's own has to do the same three.

References
    WCAG 2.0 success criterion 2.4.3; failure F85; techniques H102, SCR26, SCR27. Fields with a list or a calendar of their own keep
    the focus in the field and are not judged here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wcag_audit.model import Step, Text
from wcag_audit.operated import Operated, cut_short, operated, same_again
from wcag_audit.recorded import target_of
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, ask_again, cant_tell, failed, message, untested

#: Tab stops between a control and what it showed from which on the two stand far apart: after it, and before it.
_FAR, _FAR_BEFORE = 8, -4
_QUESTIONS = frozenset(("behind_layer", "between", "leaves", "far"))


def controls_that_show_something(evidence: Evidence) -> Iterator[Operated | None]:
    """Controls whose press showed a dialog, or new content with controls; None stands for those that there was no time for."""
    data = evidence.data("states")
    for one in operated(data):
        if one.walk is not None or _content(one):
            yield one
    if cut_short(data):
        yield None


def focus_goes_in_and_back(one: Operated | None, evidence: Evidence) -> Finding | None:
    """The focus goes into what was opened and comes back when it is closed."""
    if one is None:
        return untested(Text("hết thời gian trước khi thử xong các nút", "time ran out before all controls were tried"))
    kind, values = fault(one)
    if not kind:
        return PASSED
    target = target_of(evidence.dom, one.control["el"])
    if kind in _QUESTIONS:
        return cant_tell(kind, values, target=target, steps=_steps(one))
    again = evidence.second_try("states")
    if again is None:
        return ask_again("states", one.place)
    second = same_again(again, one)
    if second is None or fault(second)[0] != kind:
        return cant_tell("once", values, target=target, steps=_steps(one))
    return failed(kind, values, target=target, steps=_steps(one))


def fault(one: Operated) -> tuple[str, dict[str, str]]:
    """What is wrong or open, and the values that show it; empty where nothing is."""
    press, walk = one.press, one.walk
    if press is None:
        return "", {}
    values = {"control": one.words, "key": {" ": "Space"}.get(press["args"]["key"], press["args"]["key"])}
    after = press["changed"]["after"]
    if walk is None:
        apart = (root for root in _content(one) if _is_far(root) and _goes_again(one, root) and not _is_swapped(after, root))
        root = next(apart, None)
        inside = (after["active"] or {}).get("inside", -1) >= 0
        return ("far", {**values, "text": root["text"]}) if root is not None and not inside else ("", {})
    shown = [root for root in after["shown"] if root["dialog"]] or after["shown"]
    values["text"] = next((root["text"] for root in shown if root["text"]), "")
    if outside := _behind(after, walk):
        named = any(root["dialog"] or (root.get("floats") and not root["live"]) for root in shown)
        return "behind" if named else "behind_layer", {**values, "stop": outside}
    if hidden := _under_the_veil(after, shown, walk):
        return "under", {**values, "stop": hidden}
    for closing in one.closings:
        if closing["closed"] and closing["inside"] and (where := _lost(closing)) is not None:
            by_vi = "phím Esc" if closing["by"] == "Escape" else f"nút “{closing['pressed']}”"
            by_en = "Esc" if closing["by"] == "Escape" else f"its button “{closing['pressed']}”"
            stop = {"stop.vi": where or "ra ngoài trang", "stop.en": where or "out of the page"}
            return "lost", {**values, "by.vi": by_vi, "by.en": by_en, **stop}
    if any(root["dialog"] for root in shown) and (between := _between(after, walk)):
        return "between", {**values, "stop": between}
    if not any(root["modal"] for root in shown) and walk["stands"] and _gets_out(walk) and _may_cover(after, shown, walk):
        return "leaves", values
    return "", {}


def _gets_out(walk: Any) -> bool:
    """Whether Tab leads out of the dialog; where it ends the page, a script may take the focus back as soon as it comes in again."""
    if walk["left"]:
        return bool((walk.get("entered") or {}).get("inside", -1) < 0)
    return bool(walk["stops"][-1]["inside"] < 0)


def _may_cover(after: Any, shown: list[Any], walk: Any) -> bool:
    """Whether it hides a stop that Tab goes on to, or lies over the middle of the window; a box in a corner or in the text does not."""
    stops = [*walk["stops"], *([walk["entered"]] if walk.get("entered") else [])]
    return bool(after.get("veils")) or any(root.get("floats", 1) for root in shown) or any(stop.get("covered") for stop in stops)


def _content(one: Operated) -> list[Any]:
    """New content with controls that is no dialog and no message."""
    press = one.press
    if press is None or one.walk is not None or one.control["kind"] not in ("expand", "open"):
        return []
    return [root for root in press["changed"]["after"]["shown"] if root["focusable"] and not root["live"]]


def _goes_again(one: Operated, root: Any) -> bool:
    """Whether a second press hides it: what comes and goes by itself is not the control's doing."""
    hidden = one.back["after"]["hidden"] if one.back is not None else []
    return any((gone["path"], gone["tag"]) == (root["el"]["path"], root["el"]["tag"]) for gone in hidden)


def _is_swapped(after: Any, root: Any) -> bool:
    """Whether it came in the place of another part of the same row, as the pictures of a carousel do."""
    row = root["el"]["path"][:-1]
    return any(gone["path"][:-1] == row for gone in after["hidden"])


def _is_far(root: Any) -> bool:
    return not root["controlled"] and not _FAR_BEFORE <= root["distance"] <= _FAR


def _behind(after: Any, walk: Any) -> str:
    """The first stop behind a dialog that stays open and that no stop lies in; empty where it is reached."""
    reachable = any(root["focusable"] for root in after["shown"])
    inside = (after["active"] or {}).get("inside", -1) >= 0 or any(stop["inside"] >= 0 for stop in walk["stops"])
    if inside or not reachable or not walk["stands"] or not walk["stops"]:
        return ""
    element = walk["stops"][0]["el"]
    return str(element["text"] or element["html"])


def _between(after: Any, walk: Any) -> str:
    """The first stop with Tab that lies before a dialog which only a later one reaches; empty where none does."""
    if (after["active"] or {}).get("inside", -1) >= 0 or not walk["stands"] or not walk["stops"] or walk["stops"][0]["inside"] >= 0:
        return ""
    return str(walk["stops"][0]["el"]["text"] or walk["stops"][0]["el"]["html"])


def _under_the_veil(after: Any, shown: list[Any], walk: Any) -> str:
    """The first stop that lies behind a dialog that covers the page, or says that it is modal, and stays open; empty where none does."""
    if not walk["stands"] or not (after.get("veils") or any(root["modal"] for root in shown)):
        return ""
    stop = next((stop for stop in walk["stops"] if stop.get("covered")), None)
    return "" if stop is None else str(stop["el"]["text"] or stop["el"]["html"])


def _lost(closing: Any) -> str | None:
    """Where Tab leads after closing (empty: out of the page), where that is not at the control; None where nothing is lost."""
    if closing["active"] is not None:
        return None
    stop = closing["next"]
    if stop is None:
        return "" if closing["rest"] > 1 else None
    if stop["opener"] or 0 <= stop["distance"] <= 1:
        return None
    return str(stop["el"]["text"] or stop["el"]["html"])


def _steps(one: Operated) -> tuple[Step, ...]:
    keys = {"press": "key", "walk": "count", "close": "by"}
    return tuple(
        Step(
            action=step["action"],
            reason=step["reason"],
            args={key: step["args"][key], "control": one.words},
            at=step["at"],
        )
        for step in one.steps
        if (key := keys.get(step["action"])) is not None
    )


_MEND_VI = "Khi mở, chuyển tiêu điểm vào hộp thoại và giữ ở trong; khi đóng, trả tiêu điểm về nút đã mở (như dialog.showModal())."
_MEND_EN = "Move the focus into the dialog when it opens, keep it there, and give it back when it closes (as dialog.showModal() does)."

RULE = Rule(
    name=Text("Hộp thoại nhận và trả lại tiêu điểm", "A dialog takes the focus and gives it back"),
    why=Text(
        "Người dùng bàn phím phải đi qua cả trang phía sau mới tới hộp thoại, hoặc bị đưa về đầu trang mỗi lần đóng hộp thoại.",
        "Keyboard users have to go through the whole page behind before they reach the dialog, or start at the top whenever they close it.",
    ),
    criteria=("2.4.3",),
    needs=("dom", "states"),
    applicability=controls_that_show_something,
    expectation=focus_goes_in_and_back,
    techniques=("F85", "H102", "SCR26", "SCR27"),
    messages={
        "behind": message(
            vi="Nhấn {key} trên “{control}” thì hộp thoại “{text}” mở ra, nhưng phím Tab lại đi tới “{stop}” phía sau hộp thoại.",
            en="{key} on “{control}” opens the dialog “{text}”, but Tab goes on behind it, to “{stop}”.",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "under": message(
            vi="Nhấn {key} trên “{control}” thì hộp thoại “{text}” mở ra và che trang; hộp thoại vẫn mở mà phím Tab đi tới “{stop}” bị nó "
            "che khuất.",
            en="{key} on “{control}” opens the dialog “{text}” over the page; while it stays open, Tab goes to “{stop}”, which it hides.",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "lost": message(
            vi="Mở hộp thoại “{text}” bằng “{control}” ({key}) rồi đóng bằng {by} thì tiêu điểm bị mất: phím Tab tiếp theo đi tới "
            "“{stop}”, không trở lại nút đã mở.",
            en="When the dialog “{text}” that “{control}” opens ({key}) is closed by {by}, the focus is lost: Tab goes to “{stop}” and "
            "not back to that control.",
            mend_vi="Khi đóng hộp thoại, gọi focus() trên nút đã mở hộp thoại.",
            mend_en="Call focus() on the control that opened the dialog when it closes.",
        ),
        "behind_layer": message(
            vi="Nhấn {key} trên “{control}” thì lớp nội dung “{text}” hiện trên trang, nhưng phím Tab đi tới “{stop}” ở ngoài lớp đó. "
            "Thứ tự này có hợp lý không?",
            en="{key} on “{control}” shows the layer “{text}”, but Tab goes on outside it, to “{stop}”. Does this order make sense?",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "between": message(
            vi="Nhấn {key} trên “{control}” thì hộp thoại “{text}” mở ra, nhưng phím Tab đi tới “{stop}” trước rồi mới vào hộp thoại. "
            "Thứ tự này có hợp lý không?",
            en="{key} on “{control}” opens the dialog “{text}”, but Tab comes to “{stop}” before it. Does this order make sense?",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "leaves": message(
            vi="Lớp nội dung “{text}” do “{control}” mở ra ({key}) vẫn mở khi phím Tab đã đi ra khỏi nó. Lớp này có che nội dung phía "
            "sau không?",
            en="The layer “{text}” that “{control}” opens ({key}) stays open when Tab has left it. Does it cover what lies behind?",
            mend_vi="Nếu lớp che nội dung phía sau thì giữ tiêu điểm ở trong cho tới khi đóng, hoặc đóng lớp khi tiêu điểm rời đi.",
            mend_en="Where it covers the content behind, keep the focus inside until it is closed, or close it when the focus leaves.",
        ),
        "far": message(
            vi="Nhấn {key} trên “{control}” thì nội dung “{text}” hiện ra ở xa nút này trong thứ tự phím Tab. Người dùng bàn phím có "
            "tìm được nội dung đó không?",
            en="{key} on “{control}” shows “{text}”, which stands far from it in the Tab order. Can keyboard users find it?",
            mend_vi="Đặt nội dung ngay sau nút trong mã nguồn, hoặc chuyển tiêu điểm tới nội dung vừa hiện.",
            mend_en="Put the content right after the control in the code, or move the focus to it.",
        ),
        "once": message(
            vi="Lần đầu, hộp thoại “{text}” do “{control}” mở ra ({key}) không nhận hoặc không trả lại tiêu điểm; lần thử thứ hai thì "
            "không lặp lại. Tiêu điểm có được xử lý đúng không?",
            en="The first time, the dialog “{text}” that “{control}” opens ({key}) did not take or give back the focus; the second try "
            "did not repeat it. Is the focus handled right?",
            mend_vi="Mở và đóng hộp thoại vài lần chỉ bằng bàn phím, xem tiêu điểm ở đâu sau mỗi bước.",
            mend_en="Open and close the dialog several times with the keyboard alone and see where the focus is after each step.",
        ),
    },
)
