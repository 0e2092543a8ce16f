"""A limit that counts down can be extended

What it checks
    Visible text that tells a time limit with its clock ("còn lại 05:00", "phiên làm việc hết hạn sau 10:00"): something on the page
    should offer more time. This is a question; where the page was recorded to leave when time was up, time-limit-can-be-extended
    answers it.

Why it matters
    Who types with one finger, reads slowly or listens to the page needs several times as long for an e-form. A session that ends
    without a way to get more time throws everything away that they entered.

Fails
    ``<p>Phiên làm việc sẽ hết hạn sau 05:00</p>`` and after five minutes the log-in page.

Mended
    ``<p>Phiên làm việc sẽ hết hạn sau 05:00 <button>Gia hạn thêm 20 phút</button></p>``

References
    WCAG 2.0 success criterion 2.2.1; techniques G133, G180, G198. A meta refresh is axe's meta-refresh.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wcag_audit.dom import Node
from wcag_audit.model import Text, cut
from wcag_audit.phrases import phrases
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, message

_DIGITS = r"(?<![\d:])(?:\d{1,2}:)?\d{1,2}:[0-5]\d(?![\d:])"
_CLOCK = re.compile(rf"{_DIGITS}|\b\d{{1,3}}\s*(?:phút|giây|minutes?|seconds?|min|sec|s)\b", re.IGNORECASE)
_DIGIT = re.compile(r"\d")
#: Characters of a block beyond which a time in it is prose.
_LONG = 200


def texts_that_count_down(evidence: Evidence) -> Iterator[Node]:
    """Short visible blocks that tell a limit and hold a clock."""
    seen: set[int] = set()
    for text in evidence.dom.visible_texts:
        # The words and their clock may stand in different elements of one block.
        if _DIGIT.search(str(text.raw["x"])) is None:
            continue
        block = text.block
        if block is None or block.index in seen or block.tag in ("body", "html"):
            continue
        seen.add(block.index)
        words = block.visible_text
        if len(words) <= _LONG and _CLOCK.search(words) and phrases("countdowns").found_in(words):
            yield block


def more_time_is_offered(block: Node, evidence: Evidence) -> Finding | None:
    """A control of the page offers more time, or the text says that one will. Where the page was seen to leave by itself,
    time-limit-can-be-extended judges it."""
    timers = evidence.artifact("timers")
    if timers is not None and timers.data is not None and any(step["changed"]["left"] for step in timers.data["steps"]):
        return PASSED
    words = phrases("more_time")
    controls = (node.name for node in evidence.dom.with_role("button", "link", "checkbox") if node.tabbable)
    if any(words.found_in(text) for text in (block.visible_text, *controls)):
        return PASSED
    return cant_tell("limit", {"text": cut(block.visible_text, 160)})


RULE = Rule(
    name=Text("Giới hạn thời gian đếm ngược có thể kéo dài", "A limit that counts down can be extended"),
    why=Text(
        "Người gõ chậm, người đọc chậm, người mù dùng trình đọc màn hình cần nhiều thời gian gấp mấy lần để điền biểu mẫu. Hết giờ mà "
        "không gia hạn được thì họ mất toàn bộ thông tin đã nhập.",
        "People who type or read slowly, or who listen to the page, need several times as long to fill in a form. When the time runs out "
        "and cannot be extended, they lose everything they entered.",
    ),
    criteria=("2.2.1",),
    needs=("dom",),
    uses=("timers",),
    applicability=texts_that_count_down,
    expectation=more_time_is_offered,
    techniques=("G133", "G180", "G198"),
    messages={
        "limit": message(
            vi="Trang đếm ngược một giới hạn thời gian (“{text}”) mà không thấy nút nào để xin thêm thời gian.",
            en="The page counts down a time limit (“{text}”), and no control that offers more time is seen.",
            mend_vi="Nếu hết giờ người dùng mất dữ liệu hay bị chuyển trang thì cho họ tắt, chỉnh hoặc kéo dài thời gian.",
            mend_en="Where users lose data or are sent away when time is up, let them turn off, adjust or extend the limit.",
        ),
    },
)
