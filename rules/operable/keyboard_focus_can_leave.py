"""The keyboard focus can leave every part of the page

What it checks
    The walk with the Tab key over the whole page: where the focus stays on one element, or goes round in a circle smaller than what
    the page has, Shift+Tab, Esc, the arrow keys, F6, every key that the page's text offers as a way out, and the buttons inside are
    tried. Where nothing leads out, in two fresh pages, it is a trap. A dialog that keeps the focus is a question, and so is a circle
    with a button that is never pressed here, because it agrees, sends or deletes something ("Đồng ý").

Why it matters
    Who uses the keyboard alone is caught there: the rest of the page, the form and even the address bar are out of reach, and only
    closing the window helps.

Fails
    ``<div contenteditable onkeydown="if (event.key === 'Tab') { event.preventDefault(); chenTab(); }">…</div>``

Mended
    The same, and Esc moves the focus to the next control; the text beside it says so: "Nhấn Esc để ra khỏi khung soạn thảo":
    ``<div contenteditable onkeydown="if (event.key === 'Escape') nutGui.focus();">…</div>``

References
    WCAG 2.0 success criterion 2.1.2; technique G21; failure F10; ACT rule 80af7b.
"""

from __future__ import annotations

from collections.abc import Iterator

from wcag_audit.model import JSON, Text
from wcag_audit.recorded import node_of, target_of
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, ask_again, cant_tell, failed, message, untested
from wcag_audit.rules.operable._walk import Trap, complete, keys_of, name_of, place, steps_of, stops, traps

_DIALOGS = ("dialog", "alertdialog")


def walks(evidence: Evidence) -> Iterator[JSON]:
    """The walk itself, where it stopped anywhere, and each suspected trap in it."""
    walk = evidence.data("focus_walk")
    if stops(walk):
        yield walk
        yield from traps(walk)


def focus_leaves(target: JSON, evidence: Evidence) -> Finding | None:
    """Something leads out of each suspected trap, and the walk came to the end."""
    if not isinstance(target, Trap):
        return PASSED if complete(target) or any(trap.held for trap in traps(target)) else _unfinished(target)
    if not target.held:
        return PASSED
    again = evidence.second_try("focus_walk")
    if again is None:
        return ask_again("focus_walk", {"trap": [place(element) for element in target.inside]})
    first = target.inside[0]
    where = target_of(evidence.dom, first)
    values = {"name": name_of(first, evidence), "count": str(len(target.inside)), "keys": keys_of(target)}
    places = {place(element) for element in target.inside}
    confirmed = any(trap.held and any(place(element) in places for element in trap.inside) for trap in traps(again))
    if not confirmed:
        return cant_tell("not_again", values, target=where, steps=steps_of(target))
    node = node_of(evidence.dom, first)
    if node is not None and (node.closest_role(*_DIALOGS) is not None or node.closest("dialog") is not None):
        return cant_tell("dialog", values, target=where, steps=steps_of(target))
    if target.untried:
        names = "; ".join(f"“{name_of(button, evidence)}”" for button in target.untried)
        return cant_tell("untried", {**values, "buttons": names}, target=where, steps=steps_of(target))
    return failed("stays" if target.stays else "circles", values, target=where, steps=steps_of(target))


def _unfinished(walk: JSON) -> Finding:
    vi, en = "lượt đi bằng phím Tab chưa tới cuối trang", "the walk with Tab did not come to the end of the page"
    return untested(Text(f"{vi} ({walk['done']})", f"{en} ({walk['done']})"))


_MEND_VI = "Để Tab và Shift+Tab đi tiếp ra ngoài; nếu thành phần cần phím Tab thì cho Esc đưa tiêu điểm ra và ghi rõ điều đó cạnh nó."
_MEND_EN = "Let Tab and Shift+Tab go on; where the part needs the Tab key, let Esc lead out and say so beside it."

RULE = Rule(
    name=Text("Tiêu điểm bàn phím rời được mọi phần của trang", "The keyboard focus can leave every part of the page"),
    why=Text(
        "Người chỉ dùng bàn phím bị giữ lại ở đây: không tới được phần còn lại của trang, chỉ còn cách đóng cửa sổ.",
        "People who use only a keyboard are caught here: they cannot reach the rest of the page, and can only close the window.",
    ),
    criteria=("2.1.2",),
    needs=("dom", "focus_walk"),
    applicability=walks,
    expectation=focus_leaves,
    act=("80af7b",),
    techniques=("G21", "F10"),
    messages={
        "stays": message(
            vi="Tiêu điểm vào “{name}” rồi không ra được: đã thử {keys}, hai lần trên trang mới mở.",
            en="The focus goes into “{name}” and does not get out: {keys} were tried, twice in a fresh page.",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "circles": message(
            vi="Tiêu điểm chỉ đi vòng giữa {count} thành phần, từ “{name}”, không ra được: đã thử {keys}, hai lần trên trang mới mở.",
            en="The focus only goes round among {count} elements, from “{name}” on, and does not get out: {keys} were tried, twice.",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "dialog": message(
            vi="Hộp thoại giữ tiêu điểm trong {count} thành phần, từ “{name}”; Esc và nút đóng không đưa ra được (đã thử {keys}).",
            en="A dialog keeps the focus among {count} elements, from “{name}” on; neither Esc nor a closing button leads out ({keys}).",
            mend_vi="Nếu chọn một nút là đóng được hộp thoại thì không phải lỗi; nếu không đóng được bằng phím thì thêm nút đóng.",
            mend_en="Where one of its buttons closes it, nothing is wrong; where keys cannot close it, add a close button.",
        ),
        "untried": message(
            vi="Tiêu điểm chỉ đi vòng giữa {count} thành phần, từ “{name}” (đã thử {keys}); chưa bấm {buttons}. Bấm nút đó thì có ra được "
            "không?",
            en="The focus only goes round among {count} elements, from “{name}” on ({keys} were tried); {buttons} was not pressed. Does "
            "pressing it lead out?",
            mend_vi="Nếu bấm nút bằng bàn phím là ra được thì không phải lỗi; nếu không thì thêm nút đóng dùng được bằng bàn phím.",
            mend_en="Where pressing it by keyboard leads out, nothing is wrong; where it does not, add a close button that keys can press.",
        ),
        "not_again": message(
            vi="Lần đầu tiên tiêu điểm không ra khỏi “{name}” ({count} thành phần, đã thử {keys}); lần thứ hai thì ra được.",
            en="The first time the focus did not get out of “{name}” ({count} elements, {keys} tried); the second time it did.",
            mend_vi="Dùng phím Tab đi qua chỗ này vài lần; nếu bị giữ lại thì sửa như lỗi bẫy bàn phím.",
            mend_en="Go through this place with Tab several times; where the focus is held, mend it as a keyboard trap.",
        ),
    },
)
