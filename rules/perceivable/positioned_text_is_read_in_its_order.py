"""Positioned text is read in the order in which it is seen

What it checks
    At least four texts side by side in one parent that CSS places by absolute positions in rows and columns, and whose order in the
    document is neither row by row nor column by column; or one below the other, with a heading among them, in another order.

Why it matters
    Assistive technology reads in the order of the document: the head of one column, the head of another, then the items of the first.
    Which item belongs under which head is lost.

Fails
    ``<span class="c1 r1">Sản phẩm</span><span class="c2 r1">Địa điểm</span><span class="c1 r2">Tờ khai</span> …``

Mended
    Each column in an element of its own: ``<div class="c1"><h3>Sản phẩm</h3><p>Tờ khai</p>…</div>``, or a table.

References
    WCAG 2.0 success criterion 1.3.2; technique C27; failure F1. More than one order can be right: a person decides.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from wcag_audit.dom import Node
from wcag_audit.model import Text
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, message

#: Texts that make a layout, and pixels within which two of them stand in one row or column.
_TEXTS, _SAME = 4, 6


def positioned_texts(evidence: Evidence) -> Iterator[list[Node]]:
    """The visible texts among an element's children that stand by absolute position, in rows and columns or under headings."""
    table: dict[int, list[Node]] = {}
    for node in evidence.dom.elements:
        if node.style.get("pos") != "absolute" or not node.visible or not node.exposed or node.parent is None:
            continue
        if sum(c.isalpha() for c in node.visible_text) >= 2:
            table.setdefault(node.parent.index, []).append(node)
    for texts in table.values():
        columns = {round(node.box.x / _SAME) for node in texts if node.box}
        rows = {round(node.box.y / _SAME) for node in texts if node.box}
        grid = 2 <= len(columns) < len(texts) and 2 <= len(rows) < len(texts)
        if len(texts) >= _TEXTS and (grid or (len(columns) == 1 and _are_one_below_the_other(texts))):
            yield texts


def _are_one_below_the_other(texts: list[Node]) -> bool:
    """Whether no text covers another, and one of them heads what stands below it."""
    boxes = [[text.box for text in node.texts if text.visible and text.box is not None] for node in texts]
    spans = sorted((min(box.y for box in own), max(box.y + box.height for box in own)) for own in boxes if own)
    apart = all(bottom <= top + _SAME for (_, bottom), (top, _) in pairwise(spans))
    return apart and any(part.role == "heading" for node in texts for part in (node, *node.elements()))


def _order(texts: list[Node], by_row: bool) -> list[int]:
    def place(node: Node) -> tuple[int, int]:
        assert node.box is not None
        row, column = round(node.box.y / _SAME), round(node.box.x / _SAME)
        return (row, column) if by_row else (column, row)

    return [node.index for node in sorted(texts, key=place)]


def order_is_seen(texts: list[Node], evidence: Evidence) -> Finding | None:
    """Read row by row or column by column, the document has them in that order."""
    written = [node.index for node in texts]
    if written in (_order(texts, by_row=True), _order(texts, by_row=False)):
        return PASSED
    return cant_tell("other_order", {"texts": " | ".join(node.visible_text[:40] for node in texts[:8])}, node=texts[0].parent)


RULE = Rule(
    name=Text("Chữ đặt theo tọa độ được đọc đúng thứ tự nhìn thấy", "Positioned text is read in the order in which it is seen"),
    why=Text(
        "Người mù dùng trình đọc màn hình nghe chữ theo thứ tự trong mã nguồn, khác với thứ tự nhìn thấy, nên không biết mục nào thuộc "
        "đầu cột nào.",
        "Blind people who use a screen reader hear the text in the order of the source, not in the order in which it is seen, and cannot "
        "tell which item belongs under which head.",
    ),
    criteria=("1.3.2",),
    needs=("dom",),
    applicability=positioned_texts,
    expectation=order_is_seen,
    techniques=("C27", "F1"),
    messages={
        "other_order": message(
            vi="Các đoạn chữ đặt theo tọa độ được đọc theo thứ tự khác với hàng và cột nhìn thấy: {texts}",
            en="Texts placed by coordinates are read in another order than the rows and columns that are seen: {texts}",
            mend_vi="Nếu thứ tự đọc làm sai nghĩa, xếp lại mã nguồn theo cột hoặc dùng bảng.",
            mend_en="If that order changes the meaning, put the document into the order of the columns, or use a table.",
        ),
    },
)
