"""Header cells belong to the cells that they head

What it checks
    ``headers`` attributes that name a header of another column or row than the cell's own, though the same header row or column has
    one for it; and header rows that stand under all their data, with no ``headers`` to tie them.

Why it matters
    A screen reader says with each cell the header that the markup gives it. A wrong one makes a blind citizen take the fee of one
    procedure for another's.

Fails
    ``<th id="a">Trực tuyến</th><th id="b">Trực tiếp</th> … <td headers="b">0 đồng</td><td headers="a">50.000 đồng</td>``

Mended
    ``<td headers="a">0 đồng</td><td headers="b">50.000 đồng</td>``

References
    WCAG 2.0 success criterion 1.3.1; techniques H43, H63; failure F90. References to nowhere are axe's td-headers-attr.
"""

from __future__ import annotations

from collections.abc import Iterator

from wcag_audit.model import Text
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, failed, message
from wcag_audit.rules.perceivable._tables import Cell, Table, tables


def table_with_headers(evidence: Evidence) -> Iterator[Table]:
    """Tables with header cells that are told to assistive technology."""
    for table in tables(evidence):
        if not table.is_presentational and any(cell.node.tag == "th" and cell.node.text for cell in table.cells):
            yield table


def _rival(cell: Cell, named: Cell, table: Table) -> Cell | None:
    """The header that stands where ``named`` would have to stand to head this cell, if there is another one there."""
    if cell.shares_row(named) or cell.shares_column(named):
        return None
    places = (table.at.get((named.row, cell.column)), table.at.get((cell.row, named.column)))
    return next((other for other in places if other is not None and other.node.tag == "th" and other.node.text), None)


def _wrong(table: Table, evidence: Evidence) -> tuple[Cell, Cell, Cell] | None:
    """A cell, the header that it names and the one that it should name."""
    by_node = {cell.node.index: cell for cell in table.cells}
    for cell in table.cells:
        if cell.node.tag == "th":
            continue
        named = [by_node[node.index] for node in evidence.dom.referred(cell.node, "headers") if node.index in by_node and node.text]
        for header in named:
            rival = _rival(cell, header, table)
            if rival is not None and rival not in named:
                return cell, header, rival
    return None


def _below(table: Table) -> list[Cell]:
    """The header row under all its data: every header of the table stands in one row at its end, and data above it."""
    headers = [cell for cell in table.cells if cell.node.tag == "th"]
    data = [cell for cell in table.cells if not cell.is_header and cell.node.text]
    rows = {cell.row for cell in headers}
    tied = any(cell.node.get("headers").strip() for cell in data)
    if tied or len(headers) < 2 or len(rows) != 1 or len(data) < 2 or any(cell.row >= headers[0].row for cell in data):
        return []
    return headers


def headers_fit(table: Table, evidence: Evidence) -> Finding | None:
    """Every header named is of the cell's row or column, and headers come before what they head."""
    if (wrong := _wrong(table, evidence)) is not None:
        cell, named, rival = wrong
        return failed("other_header", {"cell": cell.node.text, "named": named.node.text, "own": rival.node.text}, node=cell.node)
    if below := _below(table):
        return failed("below_data", {"headers": " | ".join(cell.node.text for cell in below[:6])}, node=table.node)
    return PASSED


RULE = Rule(
    name=Text("Ô tiêu đề của bảng gắn đúng với ô dữ liệu", "Header cells belong to the cells that they head"),
    why=Text(
        "Người mù dùng trình đọc màn hình nghe ô dữ liệu kèm tiêu đề sai, nên hiểu nhầm số liệu, ví dụ lấy lệ phí của thủ tục này cho thủ "
        "tục khác.",
        "Blind people who use a screen reader hear a cell with the wrong header and take one figure for another, for example the fee of "
        "one procedure for that of the next.",
    ),
    criteria=("1.3.1",),
    needs=("dom",),
    applicability=table_with_headers,
    expectation=headers_fit,
    techniques=("H43", "H63", "F90"),
    messages={
        "other_header": message(
            vi="Ô “{cell}” trỏ headers tới “{named}”, trong khi tiêu đề của hàng, cột chứa ô là “{own}”",
            en="The cell “{cell}” names the header “{named}”, while the header of its own row or column is “{own}”",
            mend_vi="Sửa headers cho trỏ tới tiêu đề của đúng hàng, cột, hoặc bỏ headers và dùng scope trên <th>.",
            mend_en="Let headers name the headers of the cell's own row and column, or drop it and use scope on the <th>.",
        ),
        "below_data": message(
            vi="Hàng tiêu đề “{headers}” nằm dưới toàn bộ dữ liệu nên không gắn với ô nào",
            en="The header row “{headers}” stands under all the data and belongs to no cell",
            mend_vi="Đưa hàng tiêu đề lên đầu bảng, hoặc gắn từng ô dữ liệu với tiêu đề bằng thuộc tính headers.",
            mend_en="Move the header row to the top, or tie each data cell to its header with headers.",
        ),
    },
)
