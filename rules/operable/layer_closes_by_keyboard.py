"""What opens over the page closes by keyboard

What it checks
    Dialogs and layers that a control opens when it is pressed by key, and that show a sign to close them which only a mouse can press.
    Esc, their own buttons or the control itself have to close them as well. Tried again in a fresh page before it fails.

Why it matters
    The layer stays over the page. People without a mouse cannot get rid of it, and what lies below stays out of their sight.

Fails
    ``<span class="dong" onclick="hop.hidden = true">×</span>`` in a layer that Esc does not close

Mended
    ``<button type="button" aria-label="Đóng" onclick="hop.hidden = true">×</button>``, and Esc closes the layer as well.

References
    WCAG 2.0 success criterion 2.1.1; failures F54, F59; techniques G90, SCR29.
"""

from __future__ import annotations

from collections.abc import Iterator

from wcag_audit.model import Step, Text
from wcag_audit.operated import Operated, operated, same_again
from wcag_audit.recorded import target_of
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, ask_again, cant_tell, failed, message


def layers_that_were_closed(evidence: Evidence) -> Iterator[Operated]:
    """Controls whose layer was tried to be closed."""
    return (one for one in operated(evidence.data("states")) if one.closings)


def keys_close_it(one: Operated, evidence: Evidence) -> Finding | None:
    """A key closes it, or nothing that was tried does."""
    pressed = closed_by_mouse_only(one)
    if pressed is None:
        return PASSED
    target = target_of(evidence.dom, one.control["el"])
    tried = [closing["by"] for closing in one.closings]
    values = {"control": one.words, "pressed": pressed}
    steps = (Step(action="close", reason="what_else_closes", args={"by": tried}, at=one.steps[-1]["at"]),)
    again = evidence.second_try("states")
    if again is None:
        return ask_again("states", one.place)
    second = same_again(again, one)
    if second is None or closed_by_mouse_only(second) is None:
        return cant_tell("once", values, target=target, steps=steps)
    return failed("mouse_only", values, target=target, steps=steps)


def closed_by_mouse_only(one: Operated) -> str | None:
    """The words of what a mouse closed it by, where no key did; else None."""
    closed = [closing for closing in one.closings if closing["closed"]]
    return str(closed[0]["pressed"]) if [closing["by"] for closing in closed] == ["mouse"] else None


RULE = Rule(
    name=Text("Lớp hiện trên trang đóng được bằng bàn phím", "What opens over the page closes by keyboard"),
    why=Text(
        "Người không dùng được chuột không đóng được lớp này, nên phần trang bên dưới bị che mãi.",
        "People who cannot use a mouse cannot get rid of the layer, so what lies below it stays hidden from them.",
    ),
    criteria=("2.1.1",),
    needs=("dom", "states"),
    applicability=layers_that_were_closed,
    expectation=keys_close_it,
    techniques=("F54", "F59", "G90", "SCR29"),
    messages={
        "mouse_only": message(
            vi="Lớp do “{control}” mở ra chỉ đóng được khi bấm chuột vào “{pressed}”; phím Esc, nút trong lớp và nút mở đều không đóng.",
            en="The layer that “{control}” opens closes by a click on “{pressed}” only; neither Esc nor its buttons nor the control do.",
            mend_vi="Làm dấu đóng thành <button>, và cho phím Esc đóng lớp này.",
            mend_en="Make the sign a <button>, and let Esc close the layer.",
        ),
        "once": message(
            vi="Lần đầu, lớp do “{control}” mở ra chỉ đóng được khi bấm chuột vào “{pressed}”; lần thử thứ hai thì không lặp lại.",
            en="The first time, the layer that “{control}” opens closed by a click on “{pressed}” only; the second try did not repeat it.",
            mend_vi="Mở và đóng lớp này vài lần chỉ bằng bàn phím.",
            mend_en="Open and close the layer several times with the keyboard alone.",
        ),
    },
)
