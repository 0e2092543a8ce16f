"""Data in rows and columns is a table

What it checks
    Elements other than tables that CSS lays out as one: a first row of words that stands out by weight or ground, at least two rows
    of short texts below it, at least three columns whose parts begin or end at the same place, and at least one column of numbers or
    dates. It fails where no ``role="table"`` or ``role="grid"`` holds it and the rows do not repeat what the header says.

Why it matters
    A screen reader reads such rows as one run of words and figures, and names the column of none: a blind citizen hears "30.000" and
    does not learn whether it is the fee or the fine.

Fails
    ``<div class="row head"><div>Thủ tục</div><div>Lệ phí</div><div>Thời hạn</div></div> <div class="row"><div>Kết hôn</div>…</div>``

Mended
    ``<table><tr><th scope="col">Thủ tục</th><th scope="col">Lệ phí</th>…</tr> <tr><td>Kết hôn</td>…</tr></table>``

References
    WCAG 2.0 success criterion 1.3.1; technique H51. Cards without a header row, and lists whose items name their own parts, are no
    tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from wcag_audit.dom import Node
from wcag_audit.model import Text, bare
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, failed, message

Row = Sequence[Node]
#: Rows (the header's included) and columns of a table, at least; columns at most; pixels within which parts stand in line.
_ROWS, _COLUMNS, _MOST, _LINE = 3, 3, 12, 4
_OTHER = frozenset(("table", "thead", "tbody", "tfoot", "tr", "select", "datalist", "svg", "math", "head", "body", "html", "nav", "form"))
_HOLDS = (
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "dl", "table"),
    *("form", "input", "select", "textarea", "img", "video", "iframe"),
)
_FIGURE = re.compile(r"[\d.,:/%–()-]*\d[\d.,:/%–()-]*\s*(?:%|đ|₫|đồng|vnđ|vnd|ngày|giờ|phút|tháng|năm|days?|hours?)?", re.IGNORECASE)
_TABLES = ("table", "grid", "treegrid")


def _shown(node: Node) -> list[Node]:
    return [child for child in node.children if not child.is_text and child.visible]


def _rows(node: Node) -> list[Row]:
    """The rows of an element that may be laid out as a table; empty where it cannot be one."""
    parts = _shown(node)
    if len(parts) < _ROWS or any(part.tag != parts[0].tag for part in parts) or any(c.is_text and c.visible for c in node.children):
        return []
    if node.style.get("d") in ("grid", "inline-grid") and len(parts) >= _ROWS * _COLUMNS:
        by_line = groupby((part for part in parts if part.box), key=lambda part: round(part.box.y) if part.box else 0)
        return [list(line) for _, line in by_line]
    return [_shown(part) for part in parts]


def _is_regular(rows: Sequence[Row]) -> bool:
    """Every row has as many cells, all of them below the cell of its column, and none holds more than a short text."""
    width = len(rows[0])
    if not _COLUMNS <= width <= _MOST or any(len(row) != width for row in rows):
        return False
    for column in zip(*rows, strict=True):
        boxes = [cell.box for cell in column if cell.box is not None]
        starts, ends = {round(box.x / _LINE) for box in boxes}, {round((box.x + box.width) / _LINE) for box in boxes}
        if len(boxes) < len(column) or (len(starts) > 1 and len(ends) > 1):
            return False
    return all(len(cell.text) <= 80 and next(cell.elements(*_HOLDS), None) is None for row in rows for cell in row)


def _look(cell: Node) -> tuple[bool, str]:
    """Whether all its text is bold, and the ground that its row or cell has."""
    texts = [text for text in cell.texts if text.visible]
    bold = bool(texts) and all(text.style.get("fw", 400) >= 600 for text in texts)
    return bold, str(cell.style.get("bg") or (cell.parent.style.get("bg", "") if cell.parent else ""))


def _has_header(rows: Sequence[Row]) -> bool:
    """The first row is words of one look that no other row has, above at least one column of numbers or dates."""
    head, data = rows[0], rows[1:]
    if not all(any(c.isalpha() for c in cell.visible_text) and not any(c.isdigit() for c in cell.visible_text) for cell in head):
        return False
    looks, rest = {_look(cell) for cell in head}, {_look(cell) for row in data for cell in row if cell.visible_text}
    if len(looks) > 1 or looks & rest:
        return False
    return any(all(_FIGURE.fullmatch(row[i].visible_text) for row in data) for i in range(1, len(head)))


def laid_out_as_a_table(evidence: Evidence) -> Iterator[tuple[Node, list[Row]]]:
    """Elements other than tables with a header row and rows of data below it."""
    for node in evidence.dom.elements:
        if len(node.children) < _ROWS or node.tag in _OTHER or not node.visible or not node.exposed:
            continue
        rows = _rows(node)
        if len(rows) >= _ROWS and _is_regular(rows) and _has_header(rows):
            yield node, rows


def columns_are_told(target: tuple[Node, list[Row]], evidence: Evidence) -> Finding | None:
    """A table's role holds the rows, or each row says itself what the header says."""
    node, rows = target
    if node.closest_role(*_TABLES) is not None:
        return PASSED
    head, first = rows[0], rows[1]
    said = " ".join(bare(" ".join((cell.text, cell.name, cell.get("aria-label")))) for cell in first)
    if sum(bare(cell.visible_text) in said for cell in head) * 2 >= len(head):
        return PASSED
    values = {
        "headers": " | ".join(cell.visible_text for cell in head),
        "row": " | ".join(cell.visible_text for cell in first),
        "rows": str(len(rows)),
        "columns": str(len(head)),
    }
    return failed("no_table", values, node=node)


RULE = Rule(
    name=Text("Dữ liệu xếp theo hàng và cột nằm trong bảng", "Data in rows and columns is a table"),
    why=Text(
        "Người mù dùng trình đọc màn hình nghe một dãy chữ và số liền nhau, không biết số nào thuộc cột nào; ví dụ nghe “30.000” mà không "
        "biết đó là lệ phí.",
        "Blind people who use a screen reader hear one run of words and figures and not which column each belongs to: “30,000”, for "
        "example, and not that it is the fee.",
    ),
    criteria=("1.3.1",),
    needs=("dom",),
    applicability=laid_out_as_a_table,
    expectation=columns_are_told,
    techniques=("H51",),
    messages={
        "no_table": message(
            vi="{rows} hàng, {columns} cột trình bày như bảng có tiêu đề (“{headers}”) nhưng không phải bảng; hàng đầu tiên: “{row}”",
            en="{rows} rows and {columns} columns look like a table with headers (“{headers}”), but are none; first row: “{row}”",
            mend_vi="Dùng <table> với các ô <th scope=\"col\">, hoặc role=\"table\", \"row\", \"columnheader\" và \"cell\".",
            mend_en="Use <table> with <th scope=\"col\"> cells, or the roles table, row, columnheader and cell.",
        ),
    },
)
