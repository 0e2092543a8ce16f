"""A layer over the page as it loads takes the focus

What it checks
    A layer that lies over nearly all of the window when the page has loaded (a dialog, a notice, a picture over a dark ground) and still
    does after the walk with Tab: whether Tab comes to it before it stops at what it hides. It fails where the layer is a dialog or has a
    control that closes it. Any other layer, and one that Tab never comes to, is a question.

Why it matters
    Who uses a keyboard goes through links that nobody can see, and Enter follows one of them. A screen reader reads the page behind, and
    whoever hears it does not learn that a notice is open at all.

Fails
    ``<main>… <a href="/tin">Tin tức</a> …</main> <div class="phu-kin" role="dialog"><button>Đóng</button></div>``

Mended
    ``<dialog id="thong-bao">…<button>Đóng</button></dialog> <script>thongBao.showModal()</script>``

References
    WCAG 2.0 success criterion 2.4.3; techniques G59, H102, SCR37. Dialogs that a control opens are judged by
    dialog-takes-and-returns-the-focus.
"""

from __future__ import annotations

from collections.abc import Iterator

from wcag_audit.dom import Node
from wcag_audit.model import JSON, Step, Text, cut
from wcag_audit.phrases import closes
from wcag_audit.recorded import node_of, target_of
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.operable._walk import name_of, stops

_DIALOGS = ("dialog", "alertdialog")


def layers_over_the_page(evidence: Evidence) -> Iterator[JSON]:
    """The layer, where it was there before the walk and after it, and in the static snapshot as well."""
    walk = evidence.data("focus_walk")
    over = walk["start"].get("over")
    last = next((step["changed"]["over"] for step in walk["steps"] if step["action"] == "covering"), None)
    if over is None or last is None or last["el"]["path"] != over["el"]["path"] or not over["behind"]:
        return
    node = node_of(evidence.dom, over["el"])
    if node is not None and node.visible:
        yield over


def focus_comes_to_it_first(over: JSON, evidence: Evidence) -> Finding | None:
    """Tab stops in the layer before it stops at what the layer hides."""
    row = stops(evidence.data("focus_walk"))
    inside = next((index for index, stop in enumerate(row) if _is_in(stop, over["el"])), None)
    hidden = [stop for stop in row[:inside] if not stop["frame"] and stop["path"] in over["behind"]]
    if not hidden:
        return PASSED
    node = node_of(evidence.dom, over["el"])
    values = {"layer": cut(over["el"]["text"] or over["el"]["html"], 80), "stop": name_of(hidden[0], evidence), "count": str(len(hidden))}
    steps = (Step(action="tab", reason="walk", at=0, changed={"stop": hidden[0]["html"]}),)
    sure = inside is not None and node is not None and _is_to_be_closed(node)
    answer = failed if sure else cant_tell
    return answer("behind" if sure else "perhaps_behind", values, target=target_of(evidence.dom, over["el"]), steps=steps)


def _is_in(stop: JSON, layer: JSON) -> bool:
    place = layer["path"]
    return bool((stop["frame"][0] if stop["frame"] else stop["path"])[: len(place)] == place)


def _is_to_be_closed(layer: Node) -> bool:
    """Whether it is a dialog, or holds a control that closes it."""
    for node in (layer, *layer.elements()):
        if node.role in _DIALOGS or node.get("aria-modal") == "true" or node.tag == "dialog":
            return True
        if node.tabbable and (closes(node.name) or closes(node.text)):
            return True
    return False


RULE = Rule(
    name=Text("Lớp che trang khi mở trang nhận tiêu điểm", "A layer over the page as it loads takes the focus"),
    why=Text(
        "Người dùng bàn phím đi qua những liên kết bị che; người nghe trình đọc màn hình không biết có thông báo đang mở.",
        "Keyboard users go through links that the layer hides; who listens to a screen reader does not learn that a notice is open.",
    ),
    criteria=("2.4.3",),
    needs=("dom", "focus_walk"),
    applicability=layers_over_the_page,
    expectation=focus_comes_to_it_first,
    techniques=("G59", "H102", "SCR37"),
    messages={
        "behind": message(
            vi="Khi mở trang, lớp “{layer}” che gần hết cửa sổ, nhưng phím Tab tới {count} thành phần nằm dưới lớp này trước, bắt đầu từ "
            "“{stop}”.",
            en="As the page loads the layer “{layer}” lies over nearly all of the window, but Tab comes to {count} elements behind it "
            "first, beginning with “{stop}”.",
            mend_vi="Mở lớp này bằng <dialog> và showModal(), hoặc đưa tiêu điểm vào lớp và đặt inert cho phần bị che tới khi đóng.",
            mend_en="Open the layer with <dialog> and showModal(), or move the focus into it and keep what it hides inert until it closes.",
        ),
        "perhaps_behind": message(
            vi="Khi mở trang, lớp “{layer}” che gần hết cửa sổ, còn phím Tab tới {count} thành phần nằm dưới, bắt đầu từ “{stop}”. Người "
            "dùng bàn phím có đóng được lớp này trước không?",
            en="As the page loads the layer “{layer}” lies over nearly all of the window, and Tab comes to {count} elements behind it, "
            "beginning with “{stop}”. Can keyboard users close it before?",
            mend_vi="Đưa tiêu điểm vào lớp khi lớp hiện ra và cho đóng bằng phím Esc, hoặc không che trang khi mở.",
            mend_en="Move the focus into the layer when it appears and let Esc close it, or do not cover the page as it loads.",
        ),
    },
)
