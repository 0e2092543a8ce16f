"""Nothing calls the focus back that has left

What it checks
    Controls whose script for ``blur`` or ``focusout`` stands in the page itself, as an attribute or in an inline script: it must not
    give the focus back to the same control, nor to another whose own script gives it back in turn. A script for ``keydown`` must not
    refuse every key, Tab included. A script that does so under a condition, that leaves keys a way out or that is not known, is a
    question. Where the walk with the Tab key was recorded, keyboard-focus-can-leave decides.

Why it matters
    Who uses the keyboard alone stays on that control for ever: the rest of the page, the form and its button are out of reach.

Fails
    ``<input aria-label="Mã hồ sơ" onblur="setTimeout(() => this.focus(), 10)">``

Mended
    ``<input aria-label="Mã hồ sơ" onblur="kiemTra(this)">``, which shows its message beside the field and lets the focus go

References
    WCAG 2.0 success criterion 2.1.2; failure F10; ACT rule 80af7b.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from wcag_audit.dom import Node
from wcag_audit.inline_script import code, without_strings
from wcag_audit.model import Text
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.operable._handlers import handlers, scripts_of

_LEAVING = ("blur", "focusout")
_KEYS = frozenset(("keydown", "keypress", "keyup"))
_TO_ITSELF = re.compile(r"(?<![\w$.])(?:this|(?:e|ev|evt|event)\.(?:target|srcElement|currentTarget))\.focus\(")
_TO_ANOTHER = re.compile(
    r"""(?:getElementById\(\s*|querySelector\(\s*|\$\(\s*)['"]#?([\w-]+)['"]\s*\)\s*(?:\.\s*get\(0\)|\[0\])?\.focus\("""
)
#: ``chuyen('nut-2')``
_HANDS_ON = re.compile(r"""(?<![\w$.])([\w$]+)\(\s*['"]#?([\w-]+)['"]\s*\)""")
#: Inside a function of its own, ``this`` is the window.
_OWN_THIS = re.compile(r"\bfunction\b")
_CONDITION = re.compile(r"\bif\b|&&|\|\||\bswitch\b|\?(?![.?])|\b(?:confirm|for|while)\s*\(")
#: The whole of a script that refuses whatever key it hears.
_REFUSES = re.compile(r"\s*(?:(?:e|ev|evt|event)\.preventDefault\(\)\s*;?\s*)?(?:return\s+false\s*;?\s*)?")


class Leaving(NamedTuple):
    """A control, the event (``blur``) and the script that then runs, with the inline functions that it calls."""

    node: Node
    event: str
    script: str


def controls_that_hear_leaving(evidence: Evidence) -> Iterator[Leaving]:
    """Visible controls in the tab order with a known script for leaving them, or for the keys that would; none where the walk was
    recorded."""
    walk = evidence.artifact("focus_walk")
    if walk is not None and walk.error is None:
        return
    for node in evidence.dom.tabbable:
        if node.visible:
            for event in (*_LEAVING, "keydown"):
                yield from (Leaving(node, event, script) for script in handlers(node, event, evidence))


def focus_may_go(leaving: Leaving, evidence: Evidence) -> Finding | None:
    """The script lets the focus go and the keys through."""
    node, event, script = leaving
    values = {"name": node.name or node.html, "event": "on" + event, "script": code(script)}
    if event == "keydown":
        return failed("refuses_keys", values, node=node) if _refuses_all(script) else PASSED
    if not calls_back(node, script, evidence):
        return cant_tell("perhaps", values, node=node) if names_each_other(node, script, evidence) else PASSED
    if _CONDITION.search(without_strings(script)) or has_keys(node):
        return cant_tell("perhaps", values, node=node)
    return failed("called_back", values, node=node)


def _refuses_all(script: str) -> bool:
    plain = without_strings(script).strip()
    return bool(plain) and _REFUSES.fullmatch(plain) is not None


def calls_back(node: Node, script: str, evidence: Evidence) -> bool:
    """Whether a script for leaving a control gives it the focus again: at once, or by way of another that sends it back."""
    plain = without_strings(script)
    if (found := _TO_ITSELF.search(plain)) is not None and ("this" not in found[0] or not _OWN_THIS.search(plain[: found.start()])):
        return True
    others = [other for name in _TO_ANOTHER.findall(code(script)) if (other := evidence.dom.with_id(name, node)) is not None]
    return any(other is node or (other.tabbable and other.visible and _sends_to(other, node, evidence)) for other in others)


def _sends_to(other: Node, node: Node, evidence: Evidence) -> bool:
    scripts = (script for event in _LEAVING for script in handlers(other, event, evidence))
    return any(node.get("id") in _TO_ANOTHER.findall(code(script)) for script in scripts)


def names_each_other(node: Node, script: str, evidence: Evidence) -> bool:
    """Whether a script for leaving hands the id of another control to a function that is not known here, and that one's script for
    leaving this one's id in turn."""
    functions = scripts_of(evidence).functions
    for function, id in _HANDS_ON.findall(code(script)):
        other = evidence.dom.with_id(id, node) if function not in functions else None
        if other is not None and other is not node and other.tabbable and other.visible:
            backs = (back for event in _LEAVING for back in handlers(other, event, evidence))
            if any(node.get("id") == back_id for back in backs for _, back_id in _HANDS_ON.findall(code(back))):
                return True
    return False


def has_keys(node: Node) -> bool:
    """Whether a script hears keys there, so that one of them may lead out."""
    return any(_KEYS & set(each.listeners) for each in (node, *node.ancestors()))


_MEND_VI = "Bỏ lệnh focus() khi rời thành phần; báo lỗi bằng chữ cạnh trường và để người dùng tự quay lại."
_MEND_EN = "Take focus() out of the script for leaving; tell an error in text beside the field and let people go back by themselves."

RULE = Rule(
    name=Text("Tiêu điểm đã rời đi không bị kéo trở lại", "Nothing calls the focus back that has left"),
    why=Text(
        "Người chỉ dùng bàn phím bị giữ mãi ở một chỗ, không tới được phần còn lại của trang, kể cả nút gửi hồ sơ.",
        "People who use only a keyboard are held in one place for ever and cannot reach the rest of the page, the button that sends the "
        "dossier included.",
    ),
    criteria=("2.1.2",),
    needs=("dom", "source"),
    applicability=controls_that_hear_leaving,
    expectation=focus_may_go,
    act=("80af7b",),
    techniques=("F10", "G21"),
    messages={
        "called_back": message(
            vi="Mỗi khi tiêu điểm rời “{name}”, tập lệnh lại kéo nó trở về ({event}=“{script}”), nên phím Tab không bao giờ ra khỏi đó.",
            en="Whenever the focus leaves “{name}”, a script calls it back ({event}=“{script}”), so Tab never gets out.",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "refuses_keys": message(
            vi="“{name}” chặn mọi phím, kể cả Tab ({event}=“{script}”), nên người dùng bàn phím không ra khỏi đó được.",
            en="“{name}” refuses every key, Tab included ({event}=“{script}”), so people with a keyboard cannot get out.",
            mend_vi="Để phím Tab đi qua; nếu trường không được gõ tay thì dùng readonly thay cho tập lệnh chặn phím.",
            mend_en="Let Tab through; where nothing may be typed use readonly in place of a script that blocks keys.",
        ),
        "perhaps": message(
            vi="Khi tiêu điểm rời “{name}”, tập lệnh có thể kéo nó trở lại ({event}=“{script}”).",
            en="When the focus leaves “{name}”, a script may call it back ({event}=“{script}”).",
            mend_vi="Thử chỉ dùng bàn phím: nếu không rời được trường khi chưa điền hoặc điền sai thì bỏ lệnh focus().",
            mend_en="Try it with the keyboard alone: where an empty or wrong field cannot be left, take focus() out.",
        ),
    },
)
