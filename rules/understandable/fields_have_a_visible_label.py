"""Fields have a visible label or instruction

What it checks
    Every visible field for typing: a text, a picture or a button with words stands beside it, above it or below it, or it has a
    placeholder or a ``title`` (H65). Fields in one line under the legend of their ``fieldset`` share it. A field with none of these is
    a bare box. Lists show what they offer: a person is asked only where a list has no name either, so that its first entry alone says
    what is asked, and that goes with the choice. Fields that are already filled show their value, and a cell of a table has headers:
    these are not judged.

Why it matters
    People who see the page, but read slowly, forget easily or use a screen magnifier, cannot know what a bare box asks for. They leave
    it empty or fill it wrongly, and the dossier comes back.

Fails
    ``<input type="text" name="tu-ngay"> <input type="text" name="den-ngay">``

Mended
    ``<label for="tu-ngay">Từ ngày</label> <input type="text" id="tu-ngay"> <label for="den-ngay">Đến ngày</label> <input …>``

References
    WCAG 2.0 success criterion 3.3.2; techniques G131, H44, H65, G167, G162. A label that is seen but not tied to its field is a
    matter of 1.3.1, a field without a name one of 4.1.2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wcag_audit.dom import Node
from wcag_audit.model import Text
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.understandable._fields import entry_fields, is_alone, lines_up_with_header, owner_of_text, speaks_of, surroundings

_WORDS = re.compile(r"\w")
#: Types whose empty field shows a pattern such as dd/mm/yyyy by itself.
_DATE_TYPES = ("date", "month", "week", "time", "datetime-local")


def bare_looking_fields(evidence: Evidence) -> Iterator[Node]:
    """Empty visible fields for typing, and lists without a name that show one entry, outside tables."""
    for field in entry_fields(evidence):
        if field.tag == "select":
            asks = not field.name and not field.has("multiple") and not field.has("size")
        else:
            asks = field.state.get("type") not in _DATE_TYPES and not field.state.get("filled")
        if asks and not lines_up_with_header(field):
            yield field


def something_tells_what_it_asks(field: Node, evidence: Evidence) -> Finding | None:
    """A label, an instruction, a picture or a button with words stands by it, or it says by itself what to write."""
    if field.get("placeholder").strip() or field.get("title").strip():
        return PASSED
    heading = ""
    for near in surroundings(evidence).near(field):
        if not speaks_of(near, field, evidence) or (field.tag == "select" and _is_mere_picture(near)):
            continue
        own = owner_of_text(evidence).get(near.index) == field.index
        if near.is_text and not own and (title := near.closest_role("heading")) is not None:
            heading = heading or _heading_over(title, field, evidence)
            continue
        return PASSED
    if any(_shows(node) for node in (field, *field.ancestors()) if node.tag != "form" and not _holds_other_fields(node, field, evidence)):
        return PASSED
    if _is_part_of_one_answer(field, evidence):
        return PASSED
    values = {"field": field.html, "heading": heading, "name": field.name}
    if field.tag == "select":
        return cant_tell("entry_only", values)
    if heading:
        return cant_tell("heading_only", values)
    return cant_tell("name_unseen", values) if field.name else failed("bare", values)


def _is_part_of_one_answer(field: Node, evidence: Evidence) -> bool:
    """Whether the fields of its group stand in one line under the group's legend, as day, month and year do: how far right of the
    legend the last one stands says nothing."""
    group = field.closest("fieldset")
    legend = next((child for child in group.children if child.tag == "legend" and child.visible), None) if group is not None else None
    if group is None or legend is None or not _WORDS.search(legend.visible_text):
        return False
    lines = [other.box for other in entry_fields(evidence) if group.contains(other) and other.box is not None]
    return len(lines) > 1 and max(box.y for box in lines) < min(box.y + box.height for box in lines)


def _is_mere_picture(near: Node) -> bool:
    """Whether what stands near a list is a frame, a spacer, or a picture that is a link of its own, and so says nothing of the list."""
    if near.is_text or near.tag in ("button", "input"):
        return False
    return near.tag in ("td", "th", "tr") or near.closest("a") is not None or (near.tag == "img" and not near.name)


def _heading_over(title: Node, field: Node, evidence: Evidence) -> str:
    """The heading's text where it may speak of this field: it stands above, and is not the page's own over several fields."""
    below = field.box is not None and title.box is not None and title.box.y >= field.box.y
    return "" if below or (title.tag == "h1" and not is_alone(field, evidence)) else title.text


def _shows(node: Node) -> bool:
    """Whether generated content or a background picture may serve as a label; that of a table's cells is its frame."""
    return any(_WORDS.search(content) for content in node.pseudo) or ("bi" in node.style and node.tag not in ("td", "th", "tr", "table"))


def _holds_other_fields(node: Node, field: Node, evidence: Evidence) -> bool:
    return any(other is not field and node.contains(other) for other in entry_fields(evidence)) or node.tag in ("body", "html", "main")


RULE = Rule(
    name=Text("Trường nhập liệu có nhãn hoặc chỉ dẫn nhìn thấy được", "Fields have a visible label or instruction"),
    why=Text(
        "Người đọc chậm, người hay quên, người nhìn kém phóng to trang không biết ô trống này hỏi gì; họ bỏ trống hoặc nhập sai và hồ sơ "
        "bị trả lại.",
        "People who read slowly, forget easily or magnify the page cannot know what a bare box asks for; they leave it empty or fill it "
        "in wrongly, and the dossier comes back.",
    ),
    criteria=("3.3.2",),
    needs=("dom",),
    applicability=bare_looking_fields,
    expectation=something_tells_what_it_asks,
    techniques=("G131", "H44", "H65", "G167", "G162"),
    messages={
        "bare": message(
            vi="Trường nhập liệu không có nhãn, chỉ dẫn hay chữ gợi ý nào ở gần: {field}",
            en="The field has no label, instruction or hint anywhere near it: {field}",
            mend_vi="Đặt nhãn nhìn thấy được cạnh trường và gắn với trường: <label for=\"…\">Từ ngày</label>.",
            mend_en="Put a visible label beside the field and tie it: <label for=\"…\">From date</label>.",
        ),
        "heading_only": message(
            vi="Gần trường nhập liệu chỉ có tiêu đề “{heading}”, không có nhãn riêng: {field}",
            en="Near the field stands only the heading “{heading}”, no label of its own: {field}",
            mend_vi="Xem tiêu đề có nói rõ phải nhập gì không; nếu không thì thêm nhãn cạnh trường.",
            mend_en="Decide whether the heading tells what to enter; if not, add a label beside the field.",
        ),
        "entry_only": message(
            vi="Danh sách chọn không có nhãn; chỉ mục đầu tiên cho biết hỏi gì, và mục đó mất đi khi đã chọn: {field}",
            en="The list has no label; only its first entry tells what is asked, and that is gone once something is chosen: {field}",
            mend_vi="Đặt nhãn nhìn thấy được cạnh danh sách và gắn với nó: <label for=\"…\">Lĩnh vực</label>.",
            mend_en="Put a visible label beside the list and tie it: <label for=\"…\">Field of work</label>.",
        ),
        "name_unseen": message(
            vi="Trường nhập liệu chỉ có tên dành cho trình đọc màn hình (“{name}”), không thấy nhãn trên màn hình: {field}",
            en="The field has only a name for screen readers (“{name}”), no label is seen: {field}",
            mend_vi="Xem hình vẽ hay vị trí có nói rõ phải nhập gì không; nếu không thì thêm nhãn nhìn thấy được.",
            mend_en="Decide whether pictures or position tell what to enter; if not, add a visible label.",
        ),
    },
)
