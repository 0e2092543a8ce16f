"""Nothing inside a control is a stop of its own

What it checks
    Controls and pictures whose inside assistive technology is not told of (buttons, tabs, checkboxes, options and others made with a
    role, and native buttons): no element with a text or name inside them is made a stop of the Tab key by ``tabindex`` alone. Links,
    buttons and fields inside are axe's nested-interactive.

Why it matters
    The outer control is read as one thing. The focus then rests on something inside it that has no role and is often not spoken at
    all, and Enter presses now the one, now the other.

Fails
    ``<button type="button">Nộp hồ sơ <span tabindex="0">(xem điều kiện)</span></button>``

Mended
    ``<button type="button">Nộp hồ sơ</button> <a href="/dieu-kien">Xem điều kiện</a>``

References
    WCAG 2.0 success criterion 4.1.2; ACT rule 307n5z; WAI-ARIA, children presentational.
"""

from __future__ import annotations

from collections.abc import Iterator

from wcag_audit.dom import Node
from wcag_audit.model import Text, cut
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, failed, message

#: Roles whose children are presentational.
_CLOSED = frozenset((
    "button", "checkbox", "img", "image", "math", "menuitemcheckbox", "menuitemradio", "meter", "option", "progressbar", "radio",
    "scrollbar", "separator", "slider", "switch", "tab",
))
#: What axe finds there by itself.
_NATIVE = frozenset(("a", "area", "button", "input", "select", "textarea", "summary", "iframe", "audio", "video", "object", "embed"))


def stops_by_tabindex(evidence: Evidence) -> Iterator[Node]:
    """Exposed controls with children that are presentational and of which at least one has a ``tabindex``."""
    seen: set[int] = set()
    for node in evidence.dom.elements:
        if not node.has("tabindex") or node.tag in _NATIVE:
            continue
        outer = next((other for other in node.ancestors() if other.role in _CLOSED), None)
        if outer is not None and outer.exposed and outer.visible and outer.index not in seen:
            seen.add(outer.index)
            yield outer


def holds_no_stop(outer: Node, evidence: Evidence) -> Finding | None:
    """None of what is inside and says something is in the tab order by its own ``tabindex``."""
    for node in outer.elements():
        says = cut(node.visible_text or node.name, 80)
        if node.has("tabindex") and node.tag not in _NATIVE and node.tabbable and node.visible and says:
            values = {"outer": cut(outer.name or outer.text, 80), "role": outer.role or "", "inner": says}
            return failed("inner_stop", values, node=node)
    return PASSED


RULE = Rule(
    name=Text("Bên trong một thành phần điều khiển không có điểm dừng riêng", "Nothing inside a control is a stop of its own"),
    why=Text(
        "Người mù dùng trình đọc màn hình dừng ở một chỗ không được đọc thành gì, vì phần bên trong nút hay ô chọn không có vai trò riêng.",
        "Blind people who use a screen reader stop at something that is not announced as anything, since what is inside such a control has "
        "no role of its own.",
    ),
    criteria=("4.1.2",),
    needs=("dom",),
    applicability=stops_by_tabindex,
    expectation=holds_no_stop,
    act=("307n5z",),
    messages={
        "inner_stop": message(
            vi="“{inner}” là điểm dừng của phím Tab nằm trong “{outer}” (vai trò {role}), nên không được đọc là thành phần riêng.",
            en="“{inner}” is a stop of the Tab key inside “{outer}” (role {role}), so it is not announced as anything.",
            mend_vi="Bỏ tabindex ở phần bên trong; nếu nó có việc riêng thì đưa ra ngoài thành <button> hoặc <a href>.",
            mend_en="Take the tabindex off the inner part; where it does something of its own, move it out as a <button> or <a href>.",
        ),
    },
)
