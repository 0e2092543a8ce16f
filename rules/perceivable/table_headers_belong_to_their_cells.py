"""Header cells belong to the cells that they head

What it checks
    ``headers`` attributes that name a header of another column or row than the cell's own, though the same header row or column has
    one for it; cells that name no header where every other cell of their row and column does; headers in one row under all their
    data, or in one column right of it, with no ``headers`` to tie them; and a ``scope`` that points away from the data: "row" on the
    headers above columns, "col" on those before rows.

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
        if cell.node.tag == "th" or not cell.node.has("headers"):
            continue
        named = [by_node[node.index] for node in evidence.dom.referred(cell.node, "headers") if node.index in by_node and node.text]
        for header in named:
            rival = _rival(cell, header, table)
            if rival is not None and rival not in named:
                return cell, header, rival
    return None


def _below(table: Table) -> list[Cell]:
    """The headers that stand after all they head: every header of the table is in one row under its data, or in one column right of it.

    A figure in such a place is a total.
    """
    headers = [cell for cell in table.cells if cell.node.tag == "th"]
    if len(headers) < 2:
        return []
    others = [cell for cell in table.cells if not cell.is_header]
    one_row, one_column = len({cell.row for cell in headers}) == 1, len({cell.column for cell in headers}) == 1
    below = one_row and not any(cell.row >= headers[0].row and cell.node.text for cell in others)
    right = one_column and len(headers) == table.height
    if not below and (not right or any(cell.column >= headers[0].column and cell.node.text for cell in others)):
        return []
    data = [cell for cell in others if cell.node.text]
    tied = any(cell.node.get("headers").strip() for cell in data)
    return [] if tied or len(data) < 2 or any(cell.is_number for cell in headers) else headers


def _untied(table: Table) -> Cell | None:
    """A data cell left of its row's only header that names none, where all others of its row and column name theirs."""
    if sum(cell.node.has("headers") for cell in table.cells) < 4:
        return None
    data = [cell for cell in table.cells if not cell.is_header and cell.node.text]
    bare = [cell for cell in data if not cell.node.get("headers").strip()]
    if not 1 <= len(bare) <= 2 or len(data) < 6:
        return None
    for cell in bare:
        heads = [other for other in table.cells if other.is_header and (other.shares_row(cell) or other.shares_column(cell))]
        mates = [other for other in data if other not in bare and (other.shares_row(cell) or other.shares_column(cell))]
        if len(heads) == 1 and heads[0].column > cell.column and not heads[0].shares_column(cell) and len(mates) >= 3:
            return cell
    return None


def _across(table: Table) -> list[Cell]:
    """The headers of the first row or column whose scope points along that row or column, which holds no data, and away from theirs."""
    if any(cell.node.get("headers").strip() for cell in table.cells):
        return []
    for line, scope in ((table.row(0), "row"), (table.column(0), "col")):
        named = [cell for cell in line if cell.node.text]
        heads = [cell for cell in named if cell.node.tag == "th" and cell.node.get("scope").strip().casefold() == scope]
        # The corner may head the line itself; another header for the data makes a scope that is wrong here harmless.
        corner = 1 if named and named[0] not in heads else 0
        if len(heads) < 2 or len(heads) + corner != len(named):
            continue
        others = [cell for cell in table.cells if cell not in line and cell.node.text]
        if others and not any(cell.is_header for cell in others):
            return heads
    return []


def headers_fit(table: Table, evidence: Evidence) -> Finding | None:
    """Every header named is of the cell's row or column, and headers come before what they head."""
    if (wrong := _wrong(table, evidence)) is not None:
        cell, named, rival = wrong
        return failed("other_header", {"cell": cell.node.text, "named": named.node.text, "own": rival.node.text}, node=cell.node)
    if (untied := _untied(table)) is not None:
        return failed("no_header", {"cell": untied.node.text}, node=untied.node)
    if across := _across(table):
        values = {"headers": " | ".join(cell.node.text for cell in across[:6]), "scope": across[0].node.get("scope")}
        return failed("scope_away", values, node=table.node)
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
        "no_header": message(
            vi="Ô “{cell}” không được gắn với tiêu đề nào, trong khi các ô khác cùng hàng và cùng cột đều có thuộc tính headers",
            en="The cell “{cell}” is tied to no header, while the other cells of its row and column have a headers attribute",
            mend_vi="Thêm headers=\"…\" với id của ô tiêu đề cùng hàng cho ô này.",
            mend_en="Give this cell headers=\"…\" with the id of its row's header.",
        ),
        "scope_away": message(
            vi="Các ô tiêu đề “{headers}” có scope=\"{scope}\" nên không được gắn với ô dữ liệu nào",
            en="The header cells “{headers}” have scope=\"{scope}\" and so belong to no cell of data",
            mend_vi="Dùng scope=\"col\" cho tiêu đề đứng trên cột, scope=\"row\" cho tiêu đề đứng đầu hàng.",
            mend_en="Use scope=\"col\" for headers above columns and scope=\"row\" for headers at the start of rows.",
        ),
        "below_data": message(
            vi="Các ô tiêu đề “{headers}” đứng sau toàn bộ dữ liệu (dưới cùng hoặc ở cột cuối) nên không gắn với ô nào",
            en="The header cells “{headers}” stand after all the data (in the last row or column) and belong to no cell",
            mend_vi="Đưa tiêu đề lên đầu bảng hoặc đầu hàng, hoặc gắn từng ô dữ liệu với tiêu đề bằng thuộc tính headers.",
            mend_en="Move the headers to the top of the table or the start of the rows, or tie each data cell to its header with headers.",
        ),
    },
)
