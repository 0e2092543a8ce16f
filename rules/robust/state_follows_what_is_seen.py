"""The state that is told follows what is seen

What it checks
    Controls that expand, check or select something are operated by keys. Where a part of the page comes and goes, a tick changes or
    another tab's content appears, the state that assistive technology is told (``aria-expanded``, ``aria-checked``, ``aria-pressed``,
    ``aria-selected``) or the control's name has to change with it. Where the words in a control change with each press and back again,
    its ``aria-label`` may not go on saying the first ones. It is tried again in a fresh page before it fails. A button whose look alone
    changes with each press and back again, and that tells no state, is asked about: it may be one that is on or off.

Why it matters
    Blind people do not see the answer open or the tick appear. They hear the state; where it stays the same, the control seems to do
    nothing, and they press it again and undo what they did.

Fails
    ``<button aria-expanded="false">Lệ phí nộp bằng cách nào?</button>`` that stays at ``false`` while the answer is open;
    ``<button aria-label="Theo dõi">`` whose words become “Đang theo dõi” and whose label does not

Mended
    ``<button aria-expanded="true" aria-controls="dap-3">Lệ phí nộp bằng cách nào?</button>`` as long as the answer is open

References
    WCAG 2.0 success criterion 4.1.2; failure F79; techniques ARIA5, G108. Native controls (``details``, ``input``, ``select``) tell
    their states by themselves. Values that do not exist are judged by state-has-a-valid-value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from wcag_audit.model import Step, Text, bare
from wcag_audit.operated import Operated, cut_short, operated, same_again
from wcag_audit.recorded import target_of
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, ask_again, cant_tell, failed, message, untested

_CHECKED = {"button": "aria-pressed"}
#: A word; numbers count, and change nothing of what a control is for.
_WORD = re.compile(r"[^\W\d_]+")


def controls_that_change_something(evidence: Evidence) -> Iterator[Operated | None]:
    """Controls whose press changed what is seen; None stands for those that there was no time for."""
    data = evidence.data("states")
    yield from operated(data)
    if cut_short(data):
        yield None


def state_is_told(one: Operated | None, evidence: Evidence) -> Finding | None:
    """What changes for the eye changes in what is told as well."""
    if one is None:
        return untested(Text("hết thời gian trước khi thử xong các nút", "time ran out before all controls were tried"))
    kind = fault(one)
    if not kind:
        return PASSED
    if kind == "look_only":
        return cant_tell(kind, _values(one, kind), target=target_of(evidence.dom, one.control["el"]), steps=_steps(one))
    again = evidence.second_try("states")
    if again is None:
        return ask_again("states", one.place)
    second = same_again(again, one)
    target = target_of(evidence.dom, one.control["el"])
    if second is None or fault(second) != kind:
        return cant_tell("once", _values(one, kind), target=target, steps=_steps(one))
    return failed(kind, _values(one, kind), target=target, steps=_steps(one))


def fault(one: Operated) -> str:
    """Which state stayed while what is seen changed; empty where none did."""
    press = one.press
    if press is None or one.walk is not None:
        return ""
    changed, back = press["changed"], one.back
    before, after = changed["before"], changed["after"]
    looks = [before, after, *([back["after"]] if back is not None else [])]
    if not all(look.get("there", 1) for look in looks):
        return ""
    if _keeps_its_first_name(looks):
        return "name"
    if any(_heard(look) != _heard(before) for look in looks):
        return ""
    if one.control["kind"] == "check":
        return _check(one, before, after, back)
    if one.control["kind"] == "select":
        swapped = after["shown"] and (after["hidden"] or any(root["controlled"] for root in after["shown"]))
        return "selected" if one.control["role"] == "tab" and before["state"].get("aria-selected") != "true" and swapped else ""
    return _expand(one, before, after, back)


def _keeps_its_first_name(looks: list[Any]) -> bool:
    """Whether the words in a control change and change back, while the name in their place goes on saying the first ones, and no state
    tells it either."""
    if len(looks) != 3 or len({(look.get("label"), look["near"]) for look in looks}) > 1 or not looks[0].get("label"):
        return False
    label = f" {' '.join(_WORD.findall(bare(looks[0]['label'])))} "
    first, then, last = (" ".join(_WORD.findall(bare(look["words"]))) for look in looks)
    return first == last != then and bool(first and then) and f" {first} " in label and f" {then} " not in label


def _heard(look: Any) -> tuple[str, str]:
    """What is told of a control; its own words are not where a label stands in their place."""
    label, words = look.get("label"), str(look.get("words") or "")
    return str(look["name"]).replace(words, "", 1) if label and words else str(look["name"]), str(look["near"])


def _seen(look: Any) -> tuple[Any, Any]:
    """What is seen of a control: its look, and signs that only its look tells."""
    return look["look"], look.get("words") if look.get("label") else None


def _check(one: Operated, before: Any, after: Any, back: Any) -> str:
    attribute = _attribute(one)
    if attribute not in before["state"] or after["look"] is None or _seen(after) == _seen(before):
        return ""
    undone = one.control["role"] in ("radio", "menuitemradio") and before["state"][attribute] != "true"
    if not undone and (back is None or _seen(back["after"]) != _seen(before)):
        return ""
    return "pressed" if attribute == "aria-pressed" else "checked"


def _attribute(one: Operated) -> str:
    return {"check": _CHECKED.get(one.control["role"], "aria-checked"), "select": "aria-selected"}.get(one.control["kind"], "aria-expanded")


def _expand(one: Operated, before: Any, after: Any, back: Any) -> str:
    """A part of the page comes by one press and goes by the next, or the other way round, and neither is told."""
    if one.control["el"]["tag"] == "summary" or back is None or (after["active"] or {}).get("inside", -1) >= 0:
        return ""
    came = [_place(root["el"]) for root in after["shown"] if not root["live"] and not root["dialog"]]
    went = [_place(root) for root in after["hidden"]]
    undone = set(came) & {_place(root) for root in back["after"]["hidden"]}
    redone = set(went) & {_place(root["el"]) for root in back["after"]["shown"]}
    if "aria-expanded" in before["state"]:
        return "expanded" if undone or redone else ""
    # A slide show brings one part and takes another; an expander without a state only brings.
    if undone and not went:
        return "untold"
    is_button = one.control["kind"] == "open" and one.control["role"] == "button" and not before["state"]
    flips = before["look"] is not None and before["look"] == back["after"]["look"] != after["look"]
    return "look_only" if is_button and flips and not after["shown"] and not went else ""


def _place(element: Any) -> str:
    return f"{element['path']} {element['tag']} {element['id']}"


def _values(one: Operated, kind: str) -> dict[str, str]:
    press = one.press
    assert press is not None
    before, after = press["changed"]["before"], press["changed"]["after"]
    attribute = _attribute(one)
    text = next((root["text"] for root in [*after["shown"], *after["hidden"]] if root["text"]), "")
    key = {" ": "Space"}.get(press["args"]["key"], press["args"]["key"])
    state = f"{attribute}={before['state'].get(attribute, '–')}"
    told = {"label": str(before.get("label") or ""), "words": str(after.get("words", ""))} if kind == "name" else {}
    alike = str(one.control["alike"])
    return {"control": one.words, "key": key, "state": state, "attribute": attribute, "text": text, "alike": alike, **told}


def _steps(one: Operated) -> tuple[Step, ...]:
    return tuple(
        Step(action="press", reason=step["reason"], args={"key": step["args"]["key"], "control": one.words}, at=step["at"])
        for step in one.steps
        if step["action"] == "press"
    )


_MEND_VI = "Cập nhật {attribute} (true hoặc false) mỗi lần trạng thái thay đổi, hoặc dùng thành phần có sẵn của HTML (details, input)."
_MEND_EN = "Set {attribute} to true or false whenever the state changes, or use an element of HTML (details, input)."

RULE = Rule(
    name=Text("Trạng thái được thông báo đúng như nhìn thấy", "The state that is told follows what is seen"),
    why=Text(
        "Người mù chỉ biết ô đã chọn, mục đã mở qua trạng thái mà trình đọc màn hình đọc lên; trạng thái đứng yên làm họ tưởng nút hỏng.",
        "Blind people know that a box is ticked or a section open only by the state they hear; where it stays, the control seems broken.",
    ),
    criteria=("4.1.2",),
    needs=("dom", "states"),
    applicability=controls_that_change_something,
    expectation=state_is_told,
    techniques=("F79", "ARIA5", "G108"),
    messages={
        "expanded": message(
            vi="Nhấn {key} trên “{control}” thì nội dung “{text}” hiện ra hoặc ẩn đi, nhưng trạng thái vẫn là {state}. Số nút cùng kiểu "
            "khác trên trang: {alike}.",
            en="{key} on “{control}” shows or hides “{text}”, but the state stays {state}. Other controls alike on the page: {alike}.",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "untold": message(
            vi="Nhấn {key} trên “{control}” thì nội dung “{text}” hiện ra, nhấn lần nữa thì ẩn đi, nhưng nút không cho biết đang mở hay "
            "đóng. Số nút cùng kiểu khác trên trang: {alike}.",
            en="{key} on “{control}” shows “{text}” and hides it again, but the control never tells whether it is open. Other controls "
            "alike on the page: {alike}.",
            mend_vi="Thêm {attribute}=“false” hoặc “true” vào nút và cập nhật mỗi lần mở, đóng; hoặc dùng details và summary.",
            mend_en="Give the control {attribute} “false” or “true” and set it whenever it opens or closes; or use details and summary.",
        ),
        "look_only": message(
            vi="Nhấn {key} trên “{control}” thì hình thức của nút thay đổi, nhấn lần nữa thì trở lại như cũ; không trạng thái nào được "
            "báo. Nút này có đang bật hay tắt một điều gì không?",
            en="{key} on “{control}” changes the look of the button and a second press changes it back; no state is told. Does the button "
            "switch something on and off?",
            mend_vi="Nếu có, thêm aria-pressed=“false” hoặc “true” và cập nhật mỗi lần nhấn.",
            mend_en="If so, give it aria-pressed “false” or “true” and set it with each press.",
        ),
        "checked": message(
            vi="Nhấn {key} trên “{control}” thì dấu chọn trên màn hình thay đổi, nhưng trạng thái vẫn là {state}. Số ô cùng kiểu khác "
            "trên trang: {alike}.",
            en="{key} on “{control}” changes its tick on the screen, but the state stays {state}. Other controls alike on the page: "
            "{alike}.",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "pressed": message(
            vi="Nhấn {key} trên “{control}” thì nút đổi hình thức bật, tắt, nhưng trạng thái vẫn là {state}. Số nút cùng kiểu khác trên "
            "trang: {alike}.",
            en="{key} on “{control}” makes it look on or off, but the state stays {state}. Other controls alike on the page: {alike}.",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "selected": message(
            vi="Nhấn {key} trên thẻ “{control}” thì nội dung “{text}” hiện ra, nhưng trạng thái vẫn là {state}. Số thẻ cùng kiểu khác "
            "trên trang: {alike}.",
            en="{key} on the tab “{control}” shows “{text}”, but the state stays {state}. Other tabs alike on the page: {alike}.",
            mend_vi="Đặt {attribute}=“true” cho thẻ đang mở và “false” cho các thẻ khác mỗi lần chuyển thẻ.",
            mend_en="Set {attribute} to true on the open tab and to false on the others whenever the tab changes.",
        ),
        "name": message(
            vi="Nhấn {key} thì chữ trên nút đổi từ “{control}” sang “{words}”, nhấn lần nữa thì trở lại, nhưng tên được đọc lên vẫn là "
            "“{label}”. Số nút cùng kiểu khác trên trang: {alike}.",
            en="{key} changes the words on the control from “{control}” to “{words}” and back, but the name that is read out stays "
            "“{label}”. Other controls alike on the page: {alike}.",
            mend_vi="Bỏ aria-label (aria-labelledby) để tên là chữ trên nút, hoặc cập nhật nó mỗi lần chữ đổi.",
            mend_en="Take off aria-label (aria-labelledby), so that the words on the control are its name, or change it with them.",
        ),
        "once": message(
            vi="Lần đầu nhấn {key} trên “{control}”, phần nhìn thấy thay đổi mà trạng thái vẫn là {state}; lần thử thứ hai thì không "
            "lặp lại. Trạng thái có được thông báo đúng không?",
            en="The first time, {key} on “{control}” changed what is seen and the state stayed {state}; the second try did not repeat "
            "it. Is the state told right?",
            mend_vi="Bật trình đọc màn hình, nhấn nút vài lần và nghe trạng thái; nếu không đổi thì cập nhật {attribute}.",
            mend_en="Press the control several times with a screen reader on; where the state does not change, keep {attribute} up to "
            "date.",
        ),
    },
)
