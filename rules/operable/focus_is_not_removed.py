"""Controls keep the focus they are given

What it checks
    Elements that the Tab key reaches and whose script for focus stands in the page itself, as an attribute or in an inline script: it
    must not take the focus away again with ``blur()``.

Why it matters
    People who use a keyboard cannot press a link or fill in a field that drops its focus at once. Often the focus is lost for the
    rest of the page as well, and screen reader users do not even hear that there was something.

Fails
    ``<a href="/bieu-mau.pdf" onfocus="this.blur()">Tải biểu mẫu</a>``

Mended
    ``<a href="/bieu-mau.pdf">Tải biểu mẫu</a>``; where the outline is not wanted, another visible mark of focus in CSS.

References
    WCAG 2.0 success criteria 2.1.1 and 3.2.1; failure F55. Scripts in files of their own are judged from the walk with Tab.
"""

from __future__ import annotations

import re

from wcag_audit.inline_script import code, without_strings
from wcag_audit.model import Text
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.operable._handlers import Focused, scripts_on_focus

_ITSELF = r"(?:this|event\.(?:target|currentTarget|srcElement)|document\.activeElement)"
_BLUR = re.compile(rf"(?<![\w$.])(?:{_ITSELF}\.)?blur\(\)")
_OWN_TEST = re.compile(r"if\s*\(\s*this\.blur\s*\)|this\.blur\s*&&")
_CONDITION = re.compile(r"\bif\b|\?|&&|\|\||\bswitch\b")


def focus_stays(target: Focused, evidence: Evidence) -> Finding | None:
    """The script on focus does not remove the focus."""
    node, script = target.node, without_strings(target.script)
    if not _BLUR.search(script):
        return PASSED
    values = {"script": code(target.script)}
    # A field that only shows a value has nothing to operate, and a condition may never hold.
    if node.state.get("readonly") or _CONDITION.search(_OWN_TEST.sub("", script)):
        return cant_tell("may_lose_focus", values, node=node)
    return failed("loses_focus", values, node=node)


RULE = Rule(
    name=Text("Thành phần không tự bỏ tiêu điểm vừa nhận", "Controls keep the focus they are given"),
    why=Text(
        "Người chỉ dùng bàn phím không bấm được liên kết hoặc không nhập được vào trường vừa nhận tiêu điểm đã mất; người mù dùng trình "
        "đọc màn hình không biết ở đó có thành phần này.",
        "People who use only a keyboard cannot press a link or fill in a field that drops its focus at once, and screen reader users do "
        "not even hear that it is there.",
    ),
    criteria=("2.1.1", "3.2.1"),
    needs=("dom",),
    applicability=scripts_on_focus,
    expectation=focus_stays,
    techniques=("F55",),
    messages={
        "loses_focus": message(
            vi="Thành phần này tự bỏ tiêu điểm ngay khi nhận được (focus: “{script}”), nên bàn phím không dùng được nó.",
            en="This control drops its focus as soon as it gets it (focus: “{script}”), so the keyboard cannot use it.",
            mend_vi="Bỏ lệnh blur() trong onfocus; nếu không muốn đường viền mặc định thì dùng CSS để thể hiện tiêu điểm theo cách khác.",
            mend_en="Take blur() out of onfocus; where the default outline is not wanted, show the focus in another way with CSS.",
        ),
        "may_lose_focus": message(
            vi="Thành phần này có thể tự bỏ tiêu điểm khi nhận được (focus: “{script}”).",
            en="This control may drop its focus when it gets it (focus: “{script}”).",
            mend_vi="Dùng phím Tab đi tới thành phần này: nếu tiêu điểm biến mất mà người dùng cần thao tác tại đây thì bỏ lệnh blur().",
            mend_en="Move to it with the Tab key: where the focus vanishes and users have something to do there, take blur() out.",
        ),
    },
)
