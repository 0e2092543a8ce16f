"""A control's script tells what it changes for the eye

What it checks
    Controls whose script for a click stands in the page itself. Where it rewrites the control's own text, and the control's name is an
    ``aria-label`` that no script of the page ever touches, the name stays behind. Where it only changes how the control or a part of
    the page looks, and ``aria-checked``, ``aria-pressed`` or ``aria-expanded`` stands in the markup and in no script, the state stays
    behind. Scripts that the page loads from elsewhere may do it, so with them it is a question. Of a control that was operated and
    recorded state-follows-what-is-seen decides.

Why it matters
    Blind people hear the name and the state, not the picture of a tick. What is never told has not happened for them: they press
    again, and undo what they did.

Fails
    ``<div role="checkbox" aria-checked="false" tabindex="0" onclick="this.classList.toggle('chon')">Tôi đồng ý</div>``

Mended
    the same script that also sets the state: ``this.setAttribute('aria-checked', String(chon))``; better ``<input type="checkbox">``

References
    WCAG 2.0 success criterion 4.1.2; failures F15, F79; techniques ARIA5, ARIA14, G108.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from wcag_audit.dom import Node, same_text
from wcag_audit.inline_script import Scripts, code, without_strings
from wcag_audit.model import Text
from wcag_audit.recorded import node_of
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.operable._handlers import attached, handlers, scripts_of

_CHECKED = frozenset(("checkbox", "switch", "menuitemcheckbox"))
_NAMED = frozenset(("button", "link", "tab", "menuitem", "switch", "checkbox"))
_EVENTS = ("click", "keydown", "keyup", "keypress", "mousedown")
#: Any way to change what is told: of these a script has to know one.
_TELLS = re.compile(r"aria|setAttribute|toggleAttribute|\.attr\(|\.prop\(|innerHTML|outerHTML|replaceWith|\.checked\b", re.IGNORECASE)
_CHANGES_LOOKS = re.compile(
    r"\.classList\.(?:add|remove|toggle|replace)\(|\.className\s*\+?=(?!=)|\.style\.[\w]+\s*=(?!=)|\.(?:addClass|removeClass|toggleClass)\("
)
_NAMES = re.compile(r"aria-?label|labelledby|setAttribute|\.attr\(|\.title\s*=|outerHTML|replaceWith", re.IGNORECASE)
_WRITTEN = re.compile(
    r"""(?<![\w$.])([\w$]+(?:\.(?:target|currentTarget))?)\.(?:innerText|textContent|innerHTML)\s*=(?!=)\s*(['"`])(.*?)\2"""
)
_CALL = re.compile(r"(?<![\w$.])([\w$]+)\(([^()]*)\)")


class Scripted(NamedTuple):
    """A control, and what its scripts for clicks and keys do, with the inline functions that they call."""

    node: Node
    script: str


def controls_with_a_known_script(evidence: Evidence) -> Iterator[Scripted]:
    """Visible controls with a state or a label in their markup that a script works, without those that were operated."""
    known, done = attached(evidence), operated_controls(evidence)
    for node in evidence.dom.with_attribute("aria-checked", "aria-pressed", "aria-expanded", "aria-label"):
        if node in done:
            continue
        if node.visible and node.exposed and node.focusable and (node.has("onclick") or node.index in known) and node.frame.owner is None:
            scripts = [script for event in _EVENTS for script in handlers(node, event, evidence)]
            if scripts:
                yield Scripted(node, "; ".join(scripts))


def operated_controls(evidence: Evidence) -> list[Node | None]:
    """The controls that a recording pressed: not those whose words forbid it ("Đồng ý")."""
    recorded = evidence.artifact("states")
    if recorded is None or recorded.error is not None:
        return []
    pressed = {step["args"]["index"] for step in recorded.data["steps"] if step["action"] == "press"}
    return [node_of(evidence.dom, control["el"]) for i, control in enumerate(recorded.data["start"]["controls"]) if i in pressed]


def what_is_told_follows(scripted: Scripted, evidence: Evidence) -> Finding | None:
    """What the script changes for the eye it changes for the ear, or another script of the page may."""
    node, scripts = scripted.node, scripts_of(evidence)
    outside = any(script.has("src") for script in evidence.dom.all("script"))
    text = text_left_behind(node, scripts)
    if text and not scripts.mention(_NAMES):
        values = {"name": node.name, "text": text}
        return cant_tell("perhaps_name", values, node=node) if outside else failed("name", values, node=node)
    state = _state(node)
    if state and _CHANGES_LOOKS.search(without_strings(scripted.script)) and not _tells_anywhere(node, scripted, scripts):
        values = {"name": node.name or node.html, "state": state, "script": code(node.get("onclick")) or code(scripted.script)}
        return cant_tell("perhaps_state", values, node=node) if outside else failed("state", values, node=node)
    return PASSED


def _state(node: Node) -> str:
    """The state that the control's markup tells; empty where it has none that a click would change."""
    if node.role in _CHECKED and node.tag != "input" and node.has("aria-checked"):
        return "aria-checked"
    return next((attribute for attribute in ("aria-pressed", "aria-expanded") if node.get(attribute) in ("true", "false")), "")


def _tells_anywhere(node: Node, scripted: Scripted, scripts: Scripts) -> bool:
    delegated = any("click" in each.listeners for each in node.ancestors())
    return delegated or scripts.mention(_TELLS) or _TELLS.search(scripted.script) is not None


def text_left_behind(node: Node, scripts: Scripts) -> str:
    """A text that the control's own script writes into it and that its ``aria-label`` does not say; empty where there is none."""
    label = node.get("aria-label").strip()
    if not label or node.role not in _NAMED or _NAMES.search(node.get("onclick")):
        return ""
    written = [text for script in (node.get("onclick"), *_called_with_itself(node, scripts)) for text in _texts(script)]
    return next((text for text in written if any(map(str.isalnum, text)) and not same_text(text, label)), "")


def _texts(script: str) -> Iterator[str]:
    """The texts that a script writes into its own element, called ``this``."""
    return (text for target, _, text in _WRITTEN.findall(code(script)) if target in ("this", "event.target", "event.currentTarget"))


def _called_with_itself(node: Node, scripts: Scripts) -> Iterator[str]:
    """The inline functions that the control's ``onclick`` hands itself to, with ``this`` in place of their parameter."""
    for name, handed in _CALL.findall(code(node.get("onclick"))):
        places = [place for place, value in enumerate(handed.split(",")) if value.strip() == "this"]
        parameters = scripts.parameters.get(name, ())
        if len(places) == 1 and places[0] < len(parameters) and parameters[places[0]]:
            yield re.sub(rf"(?<![\w$.]){re.escape(parameters[places[0]])}(?=\.)", "this", scripts.functions[name])


_MEND_STATE_VI = "Cập nhật {state} trong cùng tập lệnh, hoặc dùng phần tử có sẵn (<input type=\"checkbox\">, <details>)."
_MEND_STATE_EN = "Set {state} in the same script, or use a native element (<input type=\"checkbox\">, <details>)."
_MEND_NAME_VI = "Bỏ aria-label để chữ trên nút là tên, hoặc cập nhật aria-label cùng lúc với chữ."
_MEND_NAME_EN = "Take aria-label off so that the text is the name, or change it together with the text."

RULE = Rule(
    name=Text("Tập lệnh của nút báo cả điều nó thay đổi cho mắt", "A control's script tells what it changes for the eye"),
    why=Text(
        "Người mù dùng trình đọc màn hình chỉ nghe tên và trạng thái; điều không được báo thì với họ là chưa xảy ra, nên họ bấm lại và làm "
        "mất lựa chọn của mình.",
        "Blind people who use a screen reader hear only the name and the state. What is never told has not happened for them, so they "
        "press again and undo their choice.",
    ),
    criteria=("4.1.2",),
    needs=("dom", "source"),
    applicability=controls_with_a_known_script,
    expectation=what_is_told_follows,
    techniques=("F15", "F79", "ARIA5", "ARIA14", "G108"),
    messages={
        "name": message(
            vi="Bấm vào thì chữ trên nút đổi thành “{text}”, nhưng tên báo cho trình đọc màn hình vẫn là “{name}”.",
            en="A click changes the button's text to “{text}”, but the name that a screen reader is told stays “{name}”.",
            mend_vi=_MEND_NAME_VI,
            mend_en=_MEND_NAME_EN,
        ),
        "state": message(
            vi="Bấm vào “{name}” chỉ đổi hình thức ({script}); {state} không bao giờ được cập nhật.",
            en="A click on “{name}” only changes how it looks ({script}); {state} is never updated.",
            mend_vi=_MEND_STATE_VI,
            mend_en=_MEND_STATE_EN,
        ),
        "perhaps_name": message(
            vi="Bấm vào thì chữ trên nút đổi thành “{text}”, còn tên báo cho trình đọc màn hình có thể vẫn là “{name}”.",
            en="A click changes the button's text to “{text}”; the name that a screen reader is told may stay “{name}”.",
            mend_vi=_MEND_NAME_VI,
            mend_en=_MEND_NAME_EN,
        ),
        "perhaps_state": message(
            vi="Bấm vào “{name}” đổi hình thức ({script}); {state} có thể không được cập nhật.",
            en="A click on “{name}” changes how it looks ({script}); {state} may not be updated.",
            mend_vi=_MEND_STATE_VI,
            mend_en=_MEND_STATE_EN,
        ),
    },
)
