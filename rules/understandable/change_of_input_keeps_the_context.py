"""Changing a field does not change the context

What it checks
    Each select, group of radio buttons, checkbox and text field is changed by keys and left again, a short field of a fixed length is
    filled: no window may open, the page may not go to another address, a form may not be sent by its last field, and a choice may not
    carry the focus to another part of the page, unless a text before the field or its label warns of it; where one speaks of choosing
    and of going elsewhere, a person says whether it does. Forms that log in, pay or file are left out.

Why it matters
    With the keyboard, every option of a list is passed on the way to the next one. People are thrown onto another page or into a new
    window before they have chosen, and those who do not see the screen do not learn why.

Fails
    ``<select onchange="location.href = this.value">``

Mended
    ``<select id="muc" name="muc"> … </select> <button>Đến chuyên mục đã chọn</button>``

References
    WCAG 2.0 success criterion 3.2.2 and its definition of "changes of context", which names the focus; failures F36, F37; techniques
    G80, G13, H84. Fails only after a second try in a fresh page. A list that asks the page's own address for other results, a dialog,
    and a focus that goes on within the same group, to something just shown or while text is typed are for a person.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urljoin, urlsplit

import msgspec

from wcag_audit.dom import Node
from wcag_audit.model import Step, Text
from wcag_audit.phrases import phrases
from wcag_audit.recorded import node_of, target_of
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, ask_again, cant_tell, failed, message, untested
from wcag_audit.rules.understandable._fields import perhaps_warned_before, warned_before
from wcag_audit.rules.understandable._sent import cut_short

#: What may follow, the graver first.
_KINDS = ("opens_window", "goes_elsewhere", "sends_the_form", "reloads", "sends_to_itself", "shows_dialog", "carries_off", "moves_focus")
#: What is for a person; everything else must be proved twice.
_OPEN = frozenset(("sends_to_itself", "shows_dialog", "moves_focus"))
#: Fields that are set by one key, as against typed.
_CHOICES = frozenset(("select", "radio", "checkbox"))
_BUTTONS = frozenset(("submit", "image", "button"))


class Tried(NamedTuple):
    """A field that was changed: how it was recorded, the keys, what followed, by kind, and where the focus was carried."""

    control: dict[str, Any]
    keys: list[str]
    at: int
    followed: dict[str, str]
    carried: dict[str, Any] | None


def changed_fields(evidence: Evidence) -> Iterator[Tried | Text]:
    """Fields whose value was changed, or that something followed; and why some were not tried, where the recording ended early."""
    data = evidence.data("inputs")
    yield from tries(data)
    if (reason := cut_short(data)) is not None:
        yield reason


def tries(data: Any) -> list[Tried]:
    """The last try of each field of a recording, in order."""
    found: dict[int, Tried] = {}
    for step in data["steps"]:
        for row in step["changed"]["controls"]:
            control = data["start"]["controls"][row["index"]]
            # What came later is known to be a field's own only where it was changed alone.
            heard = [*row["heard"], *(step["changed"]["late"] if len(step["changed"]["controls"]) == 1 else [])]
            if row["changed"] or heard:
                carried = next((one["el"] for one in heard if one["kind"] == "focus" and one["el"]), None)
                found[row["index"]] = Tried(control, row["keys"], step["at"], followed(heard, data["start"]["url"]), carried)
    return [found[index] for index in sorted(found)]


def followed(heard: list[dict[str, Any]], page: str) -> dict[str, str]:
    """What was heard after a change, as kinds of this rule's messages with what proves each."""
    kinds: dict[str, str] = {}
    for one in heard:
        if one["kind"] == "popup":
            kinds.setdefault("opens_window", urljoin(page, one["url"]))
        elif one["kind"] == "navigate":
            kinds.setdefault("sends_to_itself" if _same_page(one["url"], page) else "goes_elsewhere", one["url"])
        elif one["kind"] == "dialog":
            kinds.setdefault("shows_dialog", one["url"])
        elif one["kind"] == "focus" and one["el"]:
            kinds.setdefault("moves_focus", one["el"]["html"])
    return kinds


def _same_page(address: str, page: str) -> bool:
    """Whether an address differs from the page's in its query at the most."""
    one, other = urlsplit(address), urlsplit(page)
    return (one.scheme, one.netloc, one.path) == (other.scheme, other.netloc, other.path)


def context_stays_as_it_is(target: Tried | Text, evidence: Evidence) -> Finding | None:
    """Nothing follows the change that people would have to be warned of, or they were warned."""
    if isinstance(target, Text):
        return untested(target)
    what = known(target, evidence)
    kind = next((kind for kind in _KINDS if kind in what), "")
    if not kind or is_warned(target, evidence):
        return PASSED
    values = {"field": target.control["name"], "keys": " ".join(target.keys), "proof": what[kind]}
    steps = (
        Step(action="change", reason="change_by_keys", args={"keys": target.keys}, at=target.at, changed={"followed": target.followed}),
    )
    if kind in _OPEN:
        return _said_of(target, cant_tell(kind, values, steps=steps), evidence)
    node = node_of(evidence.dom, target.control["el"])
    if node is not None and perhaps_warned_before(node, evidence):
        return cant_tell("perhaps_warned", values, node=node, steps=steps)
    place = {key: target.control["el"][key] for key in ("frame", "path")}
    second = evidence.second_try("inputs")
    if second is None:
        return _said_of(target, ask_again("inputs", place), evidence)
    again = next((tried for tried in tries(second) if all(tried.control["el"][key] == place[key] for key in place)), None)
    if again is None or kind not in known(again, evidence):
        return _said_of(target, cant_tell("not_again", values, steps=steps), evidence)
    return _said_of(target, failed(kind, values, steps=steps), evidence)


def known(tried: Tried, evidence: Evidence) -> dict[str, str]:
    """What followed a change, told more exactly where the snapshot knows more of the field: a form sent by its last field (F36), a
    reload that asks for nothing else, a focus carried off to another part of the page."""
    node = node_of(evidence.dom, tried.control["el"])
    if node is None:
        return tried.followed
    found = dict(tried.followed)
    address = found.get("sends_to_itself")
    if address is not None and _has_no_button(node):
        if _ends_its_form(node):
            found["sends_the_form"] = address
        elif urlsplit(address)._replace(fragment="") == urlsplit(evidence.data("inputs")["start"]["url"])._replace(fragment=""):
            found["reloads"] = address
    if "moves_focus" in found and tried.control["kind"] in _CHOICES and _carried_off(node, tried, evidence):
        found["carries_off"] = found["moves_focus"]
    return found


def _has_no_button(field: Node) -> bool:
    """Whether the field has a form of its own in which nothing else can send it."""
    form = field.closest("form")
    return form is not None and not any(
        node.tag == "button" or node.role in ("button", "link") or node.state.get("type") in _BUTTONS for node in form.elements()
    )


def _ends_its_form(field: Node) -> bool:
    """Whether people fill in other fields of the form before this one, and none after it."""
    form = field.closest("form")
    fields = [] if form is None else [node for node in form.elements("input", "select", "textarea") if node.visible]
    return len({node.get("name") or str(node.index) for node in fields}) > 1 and fields[-1] is field


def _carried_off(field: Node, tried: Tried, evidence: Evidence) -> bool:
    """Whether the focus went to something that stood there before, outside the group of the field."""
    there = node_of(evidence.dom, tried.carried) if tried.carried is not None else None
    if there is None or not there.visible or there.closest("dialog") or there.closest_role("dialog", "alertdialog", "alert", "status"):
        return False
    group = next((node for node in field.ancestors() if node.tag == "fieldset" or node.role in ("group", "radiogroup", "toolbar")), None)
    return group is None or not group.contains(there)


def is_warned(tried: Tried, evidence: Evidence) -> bool:
    """Whether a text of the field's label or description, or near and before it, tells what changing it does."""
    node = node_of(evidence.dom, tried.control["el"])
    named = bool(phrases("context_warnings").found_in(tried.control["name"]))
    return named or (node is not None and warned_before(node, evidence))


def _said_of(tried: Tried, finding: Finding, evidence: Evidence) -> Finding:
    node = node_of(evidence.dom, tried.control["el"])
    target = None if node is not None else target_of(evidence.dom, tried.control["el"])
    return msgspec.structs.replace(finding, node=node, target=target)


_MEND_VI = "Để người dùng tự chuyển: thêm nút thực hiện bên cạnh trường, hoặc báo trước bằng chữ đặt trước trường."
_MEND_EN = "Leave the step to people: put a button beside the field, or warn of it in a text before the field."

RULE = Rule(
    name=Text("Đổi giá trị của trường không làm thay đổi ngữ cảnh", "Changing a field does not change the context"),
    why=Text(
        "Người chỉ dùng bàn phím phải đi qua từng mục của danh sách nên bị đưa sang trang khác hoặc cửa sổ mới khi chưa kịp chọn; người "
        "mù không biết vì sao.",
        "People who use only a keyboard pass every option of a list on the way to the next, and are thrown onto another page or into a "
        "new window before they have chosen; blind people do not learn why.",
    ),
    criteria=("3.2.2",),
    needs=("dom", "inputs"),
    applicability=changed_fields,
    expectation=context_stays_as_it_is,
    techniques=("F36", "F37", "G13", "G80", "H84"),
    messages={
        "opens_window": message(
            vi="Đổi giá trị của “{field}” bằng phím ({keys}) thì mở ngay cửa sổ mới, không báo trước: {proof}",
            en="Changing “{field}” by keys ({keys}) opens a new window at once, without warning: {proof}",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "goes_elsewhere": message(
            vi="Đổi giá trị của “{field}” bằng phím ({keys}) thì chuyển ngay sang trang khác, không báo trước: {proof}",
            en="Changing “{field}” by keys ({keys}) goes to another page at once, without warning: {proof}",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "sends_the_form": message(
            vi="Đổi giá trị của “{field}”, trường cuối của biểu mẫu, bằng phím ({keys}) thì biểu mẫu bị gửi ngay, không báo trước: {proof}",
            en="Changing “{field}”, the last field of its form, by keys ({keys}) sends the form at once, without warning: {proof}",
            mend_vi="Thêm nút gửi cho biểu mẫu và chỉ gửi khi người dùng bấm nút đó.",
            mend_en="Give the form a button that sends it, and send it only when people press it.",
        ),
        "reloads": message(
            vi="Đổi giá trị của “{field}” bằng phím ({keys}) thì trang tải lại ngay từ đầu, không báo trước: {proof}",
            en="Changing “{field}” by keys ({keys}) loads the page anew at once, without warning: {proof}",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "carries_off": message(
            vi="Chọn giá trị của “{field}” bằng phím ({keys}) thì tiêu điểm bị chuyển ngay sang chỗ khác, không báo trước: {proof}",
            en="Choosing a value of “{field}” by keys ({keys}) carries the focus off at once, without warning: {proof}",
            mend_vi="Giữ tiêu điểm ở trường đang chọn; người dùng tự đi tiếp bằng phím Tab.",
            mend_en="Leave the focus in the field; people go on with Tab themselves.",
        ),
        "perhaps_warned": message(
            vi="Đổi giá trị của “{field}” bằng phím ({keys}) làm thay đổi ngữ cảnh ngay; chữ đặt trước trường có báo trước điều đó không?",
            en="Changing “{field}” by keys ({keys}) changes the context at once; does the text before the field warn of it?",
            mend_vi="Đọc chữ đặt trước trường: nếu chưa nói rõ chọn xong là mở hoặc chuyển trang thì nói rõ, hoặc thêm nút thực hiện.",
            mend_en="Read the text before the field: where it does not say that choosing opens or leaves a page, say so, or add a button.",
        ),
        "sends_to_itself": message(
            vi="Đổi giá trị của “{field}” bằng phím ({keys}) thì trang được gửi hoặc tải lại ngay: {proof}",
            en="Changing “{field}” by keys ({keys}) sends or reloads the page at once: {proof}",
            mend_vi="Thử lại: nếu nội dung hoặc vị trí đang đọc thay đổi ngoài ý muốn thì thêm nút thực hiện, hoặc báo trước bằng chữ.",
            mend_en="Try it: where content or reading position change unexpectedly, add a button, or warn of it before the field.",
        ),
        "shows_dialog": message(
            vi="Đổi giá trị của “{field}” bằng phím ({keys}) thì hiện hộp thoại: {proof}",
            en="Changing “{field}” by keys ({keys}) shows a dialog: {proof}",
            mend_vi="Thử lại: nếu hộp thoại hiện ra ngoài ý muốn của người dùng thì chỉ hiện khi họ bấm nút.",
            mend_en="Try it: where the dialog comes unexpectedly, show it only when people press a button.",
        ),
        "moves_focus": message(
            vi="Đổi giá trị của “{field}” bằng phím ({keys}) thì tiêu điểm bị chuyển sang thành phần khác: {proof}",
            en="Changing “{field}” by keys ({keys}) moves the focus elsewhere: {proof}",
            mend_vi="Thử lại bằng bàn phím: nếu không ngờ tới thì giữ tiêu điểm ở trường đang nhập.",
            mend_en="Try it with the keyboard: where it is unexpected, leave the focus in the field.",
        ),
        "not_again": message(
            vi="Đổi giá trị của “{field}” bằng phím ({keys}) có lần làm thay đổi ngữ cảnh ({proof}), lần thử thứ hai thì không.",
            en="Changing “{field}” by keys ({keys}) changed the context once ({proof}) and not when it was tried again.",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
    },
)
