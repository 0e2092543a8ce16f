"""The mark of required fields is explained

What it checks
    Forms whose labels carry an asterisk: somewhere on the page it is said that ``*`` means required or what else it means, or the label, a
    ``title`` or the mark's own text says so.

Why it matters
    Not everybody knows the convention, and a screen reader says "star" or nothing. Whoever misses it sends the form incomplete.

Fails
    ``<label for="ten">Họ và tên *</label>`` and no word about ``*``

Mended
    ``<p>Mục có dấu * là bắt buộc.</p>`` before the form

References
    WCAG 2.0 success criterion 3.3.2; techniques H90, G83. One question a page: whether the mark is understood is for a person to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wcag_audit.dom import Node
from wcag_audit.model import Text, bare, cut
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, message
from wcag_audit.rules.understandable._fields import entry_fields

_REQUIRED = re.compile(r"\b(bat buoc|required|mandatory|obligatory|khong duoc (de trong|bo trong)|phai (nhap|dien|khai)|can (nhap|dien))\b")
#: A text that speaks of the mark itself: "(*) là …", "* : …", "marked with * …".
_OF_THE_MARK = re.compile(
    r"\*\W*(?:la|nghia|phai|can|means?|indicates?|denotes?|are|is|must)\b|\*\W*[:=]\W*\w"
    r"|\b(?:dau|ky hieu|sao|with|by|mark|sign|asterisk)\W*\*"
)


def first_starred_label(evidence: Evidence) -> Iterator[Node]:
    """The first visible label of a field that has an asterisk in it."""
    for field in entry_fields(evidence):
        for label in evidence.dom.labels.get(field.index, ()):
            stars = "*" in label.visible_text or any("*" in content for node in (label, *label.elements()) for content in node.pseudo)
            if label.visible and stars:
                yield label
                return


def somewhere_explained(label: Node, evidence: Evidence) -> Finding | None:
    """A visible text says what the mark means."""
    if any(_REQUIRED.search(bare(f"{node.get('title')} {node.get('aria-label')} {node.name}")) for node in (label, *label.elements())):
        return PASSED
    root = label.frame.root
    if root is not None and _REQUIRED.search(bare(root.visible_text)):
        return PASSED
    starred = {text.block for text in evidence.dom.visible_texts if "*" in str(text.raw["x"]) and text.closest("label") is None}
    if any(block is not None and _OF_THE_MARK.search(bare(block.visible_text)) for block in starred):
        return PASSED
    return cant_tell("unexplained", {"label": cut(label.visible_text, 100)})


RULE = Rule(
    name=Text("Dấu của trường bắt buộc được giải thích", "The mark of required fields is explained"),
    why=Text(
        "Không phải ai cũng biết dấu * nghĩa là bắt buộc, và trình đọc màn hình chỉ đọc “sao” hoặc không đọc gì. Người không biết sẽ gửi "
        "biểu mẫu còn thiếu.",
        "Not everybody knows that * means required, and a screen reader says “star” or nothing. Whoever does not know sends the form "
        "incomplete.",
    ),
    criteria=("3.3.2",),
    needs=("dom",),
    applicability=first_starred_label,
    expectation=somewhere_explained,
    techniques=("H90", "G83"),
    messages={
        "unexplained": message(
            vi="Nhãn “{label}” có dấu * nhưng trang không nói dấu đó nghĩa là gì.",
            en="The label “{label}” has an asterisk, and nothing on the page says what it means.",
            mend_vi="Ghi trước biểu mẫu: “Mục có dấu * là bắt buộc”, hoặc ghi “(bắt buộc)” ở nhãn.",
            mend_en="Say before the form that fields marked * are required, or write “(required)” into the label.",
        ),
    },
)
