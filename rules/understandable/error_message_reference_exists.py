"""The error message that a field names exists

What it checks
    Fields with ``aria-errormessage`` that are marked as wrong (``aria-invalid``): the id that they name belongs to an element of the
    page.

Why it matters
    The attribute ties an error to its field for people who do not see the red text beside it. Where it points nowhere, they hear that
    the entry is wrong and not what is wrong with it.

Fails
    ``<input aria-invalid="true" aria-errormessage="loi-ngay">`` with no element ``loi-ngay``

Mended
    ``<input aria-invalid="true" aria-errormessage="loi-ngay"> <span id="loi-ngay">Ngày cấp phải trước hôm nay.</span>``

References
    WCAG 2.0 success criterion 3.3.1; techniques ARIA21, G85; ACT rule 36b590. The text may be tied in another way or stand beside the
    field, so a person decides.
"""

from __future__ import annotations

from collections.abc import Iterator

from wcag_audit.dom import Node
from wcag_audit.model import Text
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, message


def wrong_fields_with_a_reference(evidence: Evidence) -> Iterator[Node]:
    """Exposed elements with aria-errormessage that say they are invalid."""
    for node in evidence.dom.elements:
        if node.get("aria-errormessage").strip() and node.get("aria-invalid").strip().lower() not in ("", "false") and node.exposed:
            yield node


def reference_exists(node: Node, evidence: Evidence) -> Finding | None:
    """The reference leads to an element with text, or a description of the field does."""
    told = [*evidence.dom.referred(node, "aria-errormessage"), *evidence.dom.referred(node, "aria-describedby")]
    if any(target.text for target in told):
        return PASSED
    return cant_tell("nowhere", {"reference": node.get("aria-errormessage"), "field": node.name or node.html})


RULE = Rule(
    name=Text("Thông báo lỗi mà trường trỏ tới có thật", "The error message that a field names exists"),
    why=Text(
        "Người mù dùng trình đọc màn hình nghe báo là nhập sai mà không nghe sai ở điểm nào, nên không sửa được.",
        "Blind people who use a screen reader hear that the entry is wrong and not what is wrong with it, so they cannot mend it.",
    ),
    criteria=("3.3.1",),
    needs=("dom",),
    applicability=wrong_fields_with_a_reference,
    expectation=reference_exists,
    act=("36b590",),
    techniques=("ARIA21", "G85"),
    messages={
        "nowhere": message(
            vi="Trường “{field}” báo sai nhưng thông báo lỗi mà nó trỏ tới (aria-errormessage=“{reference}”) không có hoặc trống.",
            en="The field “{field}” says it is wrong, but the message that it names (aria-errormessage=“{reference}”) is missing or empty.",
            mend_vi="Xem có chữ báo lỗi khác cạnh trường không; sửa aria-errormessage cho trỏ đúng id của thông báo.",
            mend_en="See whether another text tells the error beside the field; make aria-errormessage point at the message's id.",
        ),
    },
)
