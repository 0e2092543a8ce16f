"""Keys need no timing

What it checks
    Sentences that tell people to hold a key down for some seconds, or to press it several times within a time, in order to work
    something of the page. Keys of the system (Shift, Ctrl, Alt and the like) and keys held without a time are left out.

Why it matters
    People with tremor, weak muscles or a switch instead of a keyboard cannot hold a key for three seconds, or press it twice within
    one. What works only so does not work for them.

Fails
    ``<p>Nhấn và giữ phím cách trong 3 giây trên nút “Gửi lại mã”.</p> <button>Gửi lại mã</button>``

Mended
    ``<p>Nhấn phím cách trên nút “Gửi lại mã”.</p> <button>Gửi lại mã</button>``

References
    WCAG 2.0 success criterion 2.1.1: "without requiring specific timings for individual keystrokes". Fails where the text names a
    control of the same page; a text that may speak of other things, or tells another way, is for a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wcag_audit.dom import Node
from wcag_audit.model import Text, bare, nfc
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.perceivable._sentences import Sentence, sentences_with

_TIME = (
    r"(?:\d+(?:[.,]\d+)?|một|hai|ba|bốn|năm|mười|vài|one|two|three|four|five|ten|a few|several)\s*"
    r"(?:giây|mili giây|seconds?|milliseconds?|ms|s)\b"
)
_KEY = r"(?:phím|space ?bar|enter\b|return key|arrow keys?|\bkeys?\b)"
#: Words of which each such key has one.
_KEYS = ("phím", "space", "spacebar", "enter", "return", "arrow", "key", "keys")
_HOLD = (
    r"(?:(?:nhấn|bấm|ấn)(?:\s+và)?\s+giữ|giữ\s+phím"
    r"|(?:press|push)\s+and\s+hold|hold(?:ing)?\s+(?:down\s+)?(?:the|a|any)\b|keep\s+holding)"
)
_HELD = re.compile(rf"{_HOLD}.{{0,60}}?{_KEY}.{{0,60}}", re.IGNORECASE)
_REPEATED = re.compile(rf"(?:nhấn|bấm|ấn|press|hit)\b.{{0,60}}?{_KEY}.{{0,40}}?(?:lần|times|twice)\b.{{0,40}}", re.IGNORECASE)
_WITHIN = re.compile(rf"(?:trong|within|in|for|tối thiểu|ít nhất|at least)\s+(?:vòng\s+)?{_TIME}", re.IGNORECASE)
#: Keys of the system: what holding them does is not the page's.
_SYSTEM = re.compile(
    r"\b(?:shift|ctrl|control|alt|option|cmd|command|windows|fn|caps ?lock|num ?lock|esc|nguồn|power|volume|home)\b", re.IGNORECASE
)
_OTHERWISE = re.compile(r"(?<!\w)(?:hoặc|hay|cũng có thể|or|alternatively|instead)(?!\w)", re.IGNORECASE)
_CONTROLS = frozenset(("button", "link", "checkbox", "radio", "tab", "menuitem", "switch", "slider", "textbox", "combobox", "option"))
#: Characters of the shortest name that tells a control apart in a text.
_TELLING = 4


def texts_that_ask_for_keys(evidence: Evidence) -> Iterator[tuple[Sentence, str]]:
    """Visible sentences that ask for a key held or pressed several times, with the words that do."""
    for sentence in sentences_with(evidence, _KEYS):
        text = nfc(sentence.text)
        found = _HELD.search(text) or _REPEATED.search(text)
        if found is not None:
            yield sentence, found[0]


def keys_need_no_time(target: tuple[Sentence, str], evidence: Evidence) -> Finding | None:
    """No time is asked for, or by a key of the system. Else a failure where the text names a control of the page and offers no other
    way, and a question elsewhere."""
    sentence, words = target
    if _WITHIN.search(words) is None or _SYSTEM.search(words) is not None:
        return PASSED
    around = bare(sentence.block.visible_text)
    named = next((node for node in _controls(evidence) if bare(node.name) in around), None)
    values = {"text": sentence.text, "control": named.name if named is not None else ""}
    if named is None or _OTHERWISE.search(sentence.text):
        return cant_tell("perhaps", values, node=sentence.block)
    return failed("timed", values, node=named)


def _controls(evidence: Evidence) -> list[Node]:
    return [
        node
        for node in evidence.dom.with_role(*_CONTROLS)
        if node.visible and len(node.name) >= _TELLING and not node.state.get("disabled")
    ]


RULE = Rule(
    name=Text("Thao tác bằng phím không đòi hỏi thời gian", "Keys need no timing"),
    why=Text(
        "Người run tay, yếu cơ hoặc dùng công tắc thay bàn phím không giữ được phím trong vài giây, nên không dùng được chức năng này.",
        "People with tremor, weak muscles or a switch instead of a keyboard cannot hold a key for seconds, so the function stays closed to "
        "them.",
    ),
    criteria=("2.1.1",),
    needs=("dom",),
    applicability=texts_that_ask_for_keys,
    expectation=keys_need_no_time,
    messages={
        "timed": message(
            vi="Trang yêu cầu giữ phím hoặc nhấn lại phím trong một khoảng thời gian để dùng “{control}”: “{text}”",
            en="The page asks people to hold or repeat a key within a time to use “{control}”: “{text}”",
            mend_vi="Cho chức năng chạy ngay khi nhấn phím một lần, hoặc thêm một nút riêng cho chức năng đó.",
            mend_en="Let the function run at one press of a key, or give it a button of its own.",
        ),
        "perhaps": message(
            vi="Văn bản yêu cầu giữ phím hoặc nhấn lại phím trong một khoảng thời gian: “{text}”",
            en="A text asks people to hold or repeat a key within a time: “{text}”",
            mend_vi="Xem đây có phải chức năng của trang và có cách khác không; nếu không có cách khác thì cho chạy khi nhấn một lần.",
            mend_en="See whether it is a function of the page and has another way; where it has none, let one press of a key do it.",
        ),
    },
)
