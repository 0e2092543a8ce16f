"""Focus alone does not change the context

What it checks
    Elements that the Tab key reaches and whose script for focus stands in the page itself, as an attribute or in an inline script: it
    must not go to another page, submit a form, or open a window or a dialog.

Why it matters
    People who use a keyboard have to pass over every control on their way. A field that opens a window or leaves the page when it is
    merely reached throws blind people and people with cognitive disabilities out of what they were doing.

Fails
    ``<input id="ma" onfocus="window.open('/huong-dan')">``

Mended
    ``<input id="ma"> <a href="/huong-dan" target="_blank">Hướng dẫn nhập mã (mở cửa sổ mới)</a>``

References
    WCAG 2.0 success criterion 3.2.1; technique G107. ``blur()`` on focus is judged by focus-is-not-removed; scripts in files of
    their own are judged from the walk with Tab. A page's own function called ``open`` or ``submit`` is judged by what it does.
"""

from __future__ import annotations

import re

from wcag_audit.inline_script import code, without_strings
from wcag_audit.model import Text
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.operable._handlers import Focused, changes_context, scripts_on_focus

_ASKS = re.compile(r"(?<![\w$.])(?:window\.)?(?:alert|confirm|prompt)\(")
_CONDITION = re.compile(r"\bif\b|\?|&&|\|\||\bswitch\b|\bfunction\b|=>")


def context_stays(target: Focused, evidence: Evidence) -> Finding | None:
    """The script on focus neither navigates nor submits nor opens anything."""
    script, values = without_strings(target.script), {"script": code(target.script)}
    kind = changes_context(target.script, target.node, evidence)
    if kind and not _CONDITION.search(script):
        return failed(kind, values, node=target.node)
    if kind or _ASKS.search(script):
        return cant_tell("may_change", values, node=target.node)
    return PASSED


_MEND_VI = "Chỉ thực hiện khi người dùng kích hoạt: chuyển lệnh sang một nút hoặc liên kết riêng đặt cạnh thành phần này."
_MEND_EN = "Do it only when users activate something: move the command to a button or link of its own beside this control."

RULE = Rule(
    name=Text("Nhận tiêu điểm không làm thay đổi ngữ cảnh", "Focus alone does not change the context"),
    why=Text(
        "Người chỉ dùng bàn phím phải đi qua từng thành phần. Mới tới một trường mà trang đã chuyển đi hoặc mở cửa sổ thì người mù và "
        "người khuyết tật trí tuệ không biết mình đang ở đâu.",
        "People who use only a keyboard have to pass over every control. Where merely reaching one leaves the page or opens a window, "
        "blind people and people with cognitive disabilities lose their place.",
    ),
    criteria=("3.2.1",),
    needs=("dom",),
    applicability=scripts_on_focus,
    expectation=context_stays,
    techniques=("G107",),
    messages={
        "navigates": message(
            vi="Thành phần này chuyển sang trang khác ngay khi nhận tiêu điểm (focus: “{script}”).",
            en="This control goes to another page as soon as it gets focus (focus: “{script}”).",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "submits": message(
            vi="Thành phần này gửi biểu mẫu ngay khi nhận tiêu điểm (focus: “{script}”).",
            en="This control submits a form as soon as it gets focus (focus: “{script}”).",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "opens": message(
            vi="Thành phần này mở cửa sổ hoặc hộp thoại ngay khi nhận tiêu điểm (focus: “{script}”).",
            en="This control opens a window or dialog as soon as it gets focus (focus: “{script}”).",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "may_change": message(
            vi="Thành phần này có thể chuyển trang, gửi biểu mẫu hoặc mở hộp thoại khi nhận tiêu điểm (focus: “{script}”).",
            en="This control may navigate, submit or open a dialog when it gets focus (focus: “{script}”).",
            mend_vi="Dùng phím Tab đi tới thành phần này nhiều lần; nếu ngữ cảnh thay đổi thì chuyển lệnh sang một nút riêng.",
            mend_en="Move to it with the Tab key several times; where the context changes, move the command to a button of its own.",
        ),
    },
)
