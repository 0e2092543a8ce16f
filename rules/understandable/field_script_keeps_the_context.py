"""A field's own script keeps the context

What it checks
    Lists, radio buttons, checkboxes and text fields whose script for ``change``, ``input`` or ``click`` stands in the page itself, as
    an attribute or in an inline script: it must not open a window, go to another page, send the form to one or give the focus to
    another control, unless a text before the field warns of it; where one speaks of choosing and of going elsewhere, a person says
    whether it does. A list that sends a form which has other fields and no button is that too, wherever it is sent (F36). A field
    that the recording has changed by keys is judged by change-of-input-keeps-the-context.

Why it matters
    With the keyboard, every option of a list is passed on the way to the next one. People are thrown onto another page or into a new
    window before they have chosen, and those who do not see the screen do not learn why.

Fails
    ``<select aria-label="Chuyên mục" onchange="location.href = this.value"> … </select>``

Mended
    ``<select aria-label="Chuyên mục" id="muc"> … </select> <button type="button" onclick="toi()">Đến chuyên mục</button>``

References
    WCAG 2.0 success criterion 3.2.2 and the definition of changes of context, which names the focus; failures F36, F37; techniques
    G80, G13, H84. A script that leads back to the page's own address, that asks first, that runs on leaving the field or that
    moves the focus on when the field is full is for a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from wcag_audit.dom import Node
from wcag_audit.inline_script import code, without_strings
from wcag_audit.model import Text
from wcag_audit.recorded import node_of
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.operable._handlers import changes_context, handlers, scripts_of, selected
from wcag_audit.rules.understandable._fields import perhaps_warned_before, takes_a_value, warned_before
from wcag_audit.rules.understandable.change_of_input_keeps_the_context import tries

_CHOICES = ("radio", "checkbox")
_NO_FIELD = ("hidden", "submit", "button", "image", "reset")
_EVENTS = ("change", "input", "keyup")
#: ASP.NET's way to fetch a page's own next state.
_POSTBACK = re.compile(r"PostBack|WebForm_")
_SENDS = ("submit", "image", "button")
_ASKS = re.compile(r"(?<![\w$.])(?:window\.)?(?:confirm|prompt)\(")
#: The script looks at the key that was pressed (Enter sends), so setting a value alone does nothing.
_KEY = re.compile(r"\b(?:keyCode|which|charCode)\b|(?<!dataset)\.(?:key|code)\b")
#: A condition that only asks which value was set.
_OF_VALUE = re.compile(r"\bif\s*\([^{};]*?(?:value|selectedIndex|checked|options|selected|length|val\(\))")
#: A condition that asks how much was typed: the focus goes on by itself when the field is full.
_FULL = re.compile(r"\bif\s*\([^{};]*?\blength\b")
#: Whether it comes to it is open: another condition, or a function inside that may never be called.
_CONDITION = re.compile(r"\bif\b|&&|\|\||\bswitch\b|\?(?![.?])|\bfunction\b|=>")
_MOVES = re.compile(r"(?<!this)\.focus\(\)")
#: What gets the focus: an element that is looked for on the spot, or a variable.
_MOVED_TO = re.compile(r"""(?:getElementById\(\s*['"]([\w-]+)['"]\s*\)|(?<![\w$.])(?!this\b)([\w$]+))\.focus\(\)""")
_TO_ITSELF = re.compile(
    r"location(?:\.href)?\s*=\s*(?:(?:window|document|self)\.)*(?:location|URL)\b|location(?:\.href)?\s*=\s*[^;]*"
    r"(?:location\.(?:href|pathname|search)|URLSearchParams|searchParams)|location\.(?:reload|search)|history\.|__doPostBack|WebForm_"
)
_ADDRESS = re.compile(r"""location(?:\.href)?\s*(?:=|\.(?:assign|replace)\()\s*['"`]([^'"`]*)['"`]""")


class Scripted(NamedTuple):
    """A field, the event (``change``) and the script that then runs, with the inline functions that it calls."""

    field: Node
    event: str
    script: str


def fields_with_a_script(evidence: Evidence) -> Iterator[Scripted]:
    """Fields that people can set and whose script for it is known and changes the context in some way."""
    recorded = _recorded(evidence)
    for node in evidence.dom.all("select", "input", "textarea"):
        if not _is_field(node) or node.index in recorded:
            continue
        for event in _events(node):
            yield from (Scripted(node, event, script) for script in handlers(node, event, evidence) if _changes(script, node, evidence))


def _changes(script: str, node: Node, evidence: Evidence) -> bool:
    return bool(changes_context(script, node, evidence)) or _MOVES.search(without_strings(script)) is not None


def _recorded(evidence: Evidence) -> set[int]:
    """The fields that were changed by keys, where that was recorded."""
    artifact = evidence.artifact("inputs")
    if artifact is None or artifact.error is not None:
        return set()
    nodes = [node for tried in tries(artifact.data) if (node := node_of(evidence.dom, tried.control["el"])) is not None]
    # Of radio buttons the recording names the first; the keys went through the whole group.
    groups = {(node.frame.index, node.get("name")) for node in nodes if node.state.get("type") == "radio" and node.get("name")}
    radios = [node for node in evidence.dom.all("input") if (node.frame.index, node.get("name")) in groups]
    return {node.index for node in (*nodes, *radios)}


def _is_field(node: Node) -> bool:
    usable = node.tabbable or node.state.get("type") == "radio"
    return node.tag in ("select", "input", "textarea") and node.state.get("type") not in _NO_FIELD and usable and node.visible


def _events(node: Node) -> tuple[str, ...]:
    """Events that come with setting the field, and with leaving it."""
    return ("click", "change", "blur") if node.state.get("type") in _CHOICES else (*_EVENTS, "blur")


def context_is_kept(scripted: Scripted, evidence: Evidence) -> Finding | None:
    """The script opens nothing and leads nowhere, or people were warned."""
    field, script = scripted.field, scripted.script
    plain = without_strings(script)
    kind = changes_context(script, field, evidence)
    if _KEY.search(plain) or warned_before(field, evidence):
        return PASSED
    values = {"field": field.name or field.html, "event": "on" + scripted.event, "script": code(script)}
    if not kind:
        if scripted.event in ("input", "keyup") and _FULL.search(plain):
            return cant_tell("perhaps_moves_focus", values, node=field)
        if scripted.event != "change" or _CONDITION.search(plain):
            return PASSED
        other = gets_the_focus(script, field, evidence) if field.tag == "select" or field.state.get("type") == "radio" else None
        if other is None:
            return cant_tell("perhaps_moves_focus", values, node=field)
        if perhaps_warned_before(field, evidence):
            return cant_tell("perhaps_warned", values, node=field)
        return failed("moves_focus", {**values, "other": other.name or other.html}, node=field)
    if scripted.event == "blur":
        return cant_tell("on_leaving", values, node=field) if kind != "submits" else PASSED
    if perhaps_warned_before(field, evidence):
        return cant_tell("perhaps_warned", values, node=field)
    if kind == "submits" and sends_a_whole_form(field, plain):
        return failed("submits_last", values, node=field)
    conditional = len(_CONDITION.findall(plain)) > len(_OF_VALUE.findall(plain))
    if conditional or _ASKS.search(plain) or _stays_here(kind, script, field, evidence):
        return cant_tell("perhaps", values, node=field)
    return failed(kind, values, node=field)


def gets_the_focus(script: str, field: Node, evidence: Evidence) -> Node | None:
    """The one other control that a script gives the focus to; None where it is not known or not another."""
    scripts = scripts_of(evidence)
    selectors = {f"#{id}" if id else scripts.variables.get(variable, "") for id, variable in _MOVED_TO.findall(code(script))}
    found = [node for selector in selectors for node in (selected(selector, evidence) if selector else ())]
    known = len(selectors) == 1 and len(found) == 1 and found[0] is not field and found[0].tabbable and found[0].visible
    return found[0] if known else None


def sends_a_whole_form(field: Node, plain: str) -> bool:
    """Whether setting this field, the last of several, is the only way to send its form (F36): no button, and no condition."""
    form = field.closest("form")
    if form is None or field.tag != "select" or _POSTBACK.search(plain) or _CONDITION.search(plain) or _ASKS.search(plain):
        return False
    pressed = [node for node in form.elements("button", "input") if node.tag == "button" or node.state.get("type") in _SENDS]
    buttons = [node for node in pressed if node.visible]
    fields = [node for node in form.elements("input", "select", "textarea") if node.visible and takes_a_value(node)]
    return not buttons and len(fields) > 1 and fields[-1] is field and any(node.tag != "select" for node in fields)


def _stays_here(kind: str, script: str, field: Node, evidence: Evidence) -> bool:
    """Whether the script may lead to the page's own address, with other values at the most."""
    own = urlsplit(field.frame.url or evidence.page.loaded).path
    if kind == "navigates":
        told = _ADDRESS.search(code(script))
        address = told[1] if told is not None else "/"
        return bool(_TO_ITSELF.search(code(script))) or address[:1] in ("?", "#") or (own != "/" and address.startswith(own))
    if kind == "submits":
        form = field.closest("form")
        action = form.get("action").strip() if form is not None else ""
        path = urlsplit(action).path
        return action[:1] in ("", "?", "#") or path == own or own.endswith("/" + path.removeprefix("./")) or "__doPost" in script
    return False


_MEND_VI = "Để người dùng tự chuyển: thêm nút thực hiện bên cạnh trường, hoặc báo trước bằng chữ đặt trước trường."
_MEND_EN = "Leave the step to people: put a button beside the field, or warn of it in a text before the field."

RULE = Rule(
    name=Text("Tập lệnh của trường không làm thay đổi ngữ cảnh", "A field's own script keeps the context"),
    why=Text(
        "Người chỉ dùng bàn phím phải đi qua từng mục của danh sách nên bị đưa sang trang khác hoặc cửa sổ mới khi chưa kịp chọn; người "
        "mù không biết vì sao.",
        "People who use only a keyboard pass every option of a list on the way to the next, and are thrown onto another page or into a "
        "new window before they have chosen; blind people do not learn why.",
    ),
    criteria=("3.2.2",),
    needs=("dom", "source"),
    applicability=fields_with_a_script,
    expectation=context_is_kept,
    techniques=("F36", "F37", "G13", "G80", "H84"),
    messages={
        "navigates": message(
            vi="Đổi giá trị của “{field}” là chuyển ngay sang trang khác, không báo trước ({event}=“{script}”).",
            en="Changing “{field}” goes to another page at once, without warning ({event}=“{script}”).",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "submits": message(
            vi="Đổi giá trị của “{field}” là gửi ngay biểu mẫu sang trang khác, không báo trước ({event}=“{script}”).",
            en="Changing “{field}” sends the form to another page at once, without warning ({event}=“{script}”).",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "opens": message(
            vi="Đổi giá trị của “{field}” là mở ngay cửa sổ hoặc hộp thoại, không báo trước ({event}=“{script}”).",
            en="Changing “{field}” opens a window or dialog at once, without warning ({event}=“{script}”).",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "perhaps": message(
            vi="Đổi giá trị của “{field}” có thể tải lại, gửi hoặc chuyển trang ({event}=“{script}”).",
            en="Changing “{field}” may reload, send or leave the page ({event}=“{script}”).",
            mend_vi="Thử bằng bàn phím: nếu nội dung hoặc vị trí đang đọc thay đổi ngoài ý muốn thì thêm nút, hoặc báo trước bằng chữ.",
            mend_en="Try it with the keyboard: where content or reading position change unexpectedly, add a button, or warn of it before.",
        ),
        "perhaps_warned": message(
            vi="Đổi giá trị của “{field}” làm thay đổi ngữ cảnh ngay; chữ đặt trước trường có báo trước điều đó không?",
            en="Changing “{field}” changes the context at once; does the text before the field warn of it?",
            mend_vi="Đọc chữ đặt trước trường: nếu chưa nói rõ chọn xong là mở hoặc chuyển trang thì nói rõ, hoặc thêm nút thực hiện.",
            mend_en="Read the text before the field: where it does not say that choosing opens or leaves a page, say so, or add a button.",
        ),
        "submits_last": message(
            vi="Chọn “{field}” là gửi ngay cả biểu mẫu, không báo trước; biểu mẫu không có nút gửi ({event}=“{script}”).",
            en="Choosing “{field}” sends the whole form at once, without warning; the form has no button ({event}=“{script}”).",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "moves_focus": message(
            vi="Mỗi lần đổi “{field}”, tiêu điểm bị chuyển ngay sang “{other}” ({event}=“{script}”).",
            en="Every change of “{field}” moves the focus to “{other}” at once ({event}=“{script}”).",
            mend_vi="Bỏ lệnh focus() để người dùng chọn xong rồi tự đi tiếp, hoặc báo trước bằng chữ đặt trước trường.",
            mend_en="Take focus() out and let people go on when they have chosen, or warn of it in a text before the field.",
        ),
        "perhaps_moves_focus": message(
            vi="Đổi giá trị của “{field}” là tiêu điểm có thể chuyển sang chỗ khác ({event}=“{script}”).",
            en="Changing “{field}” may move the focus elsewhere ({event}=“{script}”).",
            mend_vi="Thử bằng bàn phím: nếu chưa chọn xong mà đã rời khỏi trường thì bỏ lệnh focus(), để người dùng tự đi tiếp.",
            mend_en="Try it with the keyboard: where the focus leaves before the choice is made, take focus() out and let people move on.",
        ),
        "on_leaving": message(
            vi="Rời khỏi “{field}” là mở cửa sổ hoặc sang trang khác ({event}=“{script}”).",
            en="Leaving “{field}” opens a window or goes to another page ({event}=“{script}”).",
            mend_vi="Thử bằng phím Tab: nếu chỉ đi qua trường mà ngữ cảnh đã thay đổi thì chuyển lệnh sang một nút.",
            mend_en="Try it with the Tab key: where merely passing the field changes the context, move the command to a button.",
        ),
    },
)
