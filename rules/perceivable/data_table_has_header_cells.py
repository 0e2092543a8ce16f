"""A data table has header cells

What it checks
    Tables (elements or roles) whose first row (below a title in one cell) or first column is seen as a header (it stands in a
    ``thead``, it is bold or shaded unlike the rest, or it holds words above columns of numbers) and that have no ``th``, no ``scope``,
    no ``headers`` and no header role at all (a ``th`` with ``role="presentation"`` is told as plain text); header rows in which a cell
    looks like the header cells beside it and is none; and a second row of names under header cells that is made of data cells. Two
    columns without lines, a caption or amounts, and tables whose only sign is their caption, are shown to a person.

Why it matters
    A screen reader names the header of each cell as people move through a table. Without header cells a blind citizen who looks up
    a fee hears "20.000" and is not told which procedure or which way of filing it belongs to.

Fails
    ``<tr class="head"><td><b>Hình thức nộp</b></td><td><b>Lệ phí</b></td></tr><tr><td>Trực tuyến</td><td>20.000 đồng</td></tr>…``

Mended
    ``<tr><th scope="col">Hình thức nộp</th><th scope="col">Lệ phí</th></tr><tr><th scope="row">Trực tuyến</th><td>20.000 đồng</td></tr>…``

References
    WCAG 2.0 success criterion 1.3.1; techniques H51, H63; failure F91. Tables with role=presentation, with fields, headings or other
    tables in their cells, and tables of one row or column are not judged. The national motto and the places for signatures of an
    official letter are set in tables that hold no data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from wcag_audit.dom import Node
from wcag_audit.model import Text
from wcag_audit.phrases import phrases
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.perceivable._tables import Cell, Table, is_plain, tables

_PHONE = re.compile(r"0\d{8,}$")


def plain_table(evidence: Evidence) -> Iterator[Table]:
    """Tables of short texts with at least two columns and two rows that are not declared to be layout."""
    by_role = [Table(node) for node in evidence.dom.with_role("table", "grid") if node.tag != "table" and node.visible and node.exposed]
    for table in (*tables(evidence), *by_role):
        if table.is_presentational or table.node.role not in ("table", "grid", "treegrid") or not table.is_regular:
            continue
        if _has_headers(table) or is_plain(table):
            yield table


def _has_headers(table: Table) -> bool:
    return any(cell.is_header or cell.node.get("headers").strip() for cell in table.cells)


def _look(cell: Cell) -> tuple[bool, str]:
    """Whether all its text is bold, and the background that it stands on."""
    texts = [text for text in cell.node.texts if text.visible]
    bold = bool(texts) and all(text.style.get("fw", 400) >= 600 for text in texts)
    parent = cell.node.parent
    ground = (cell.node, parent, parent.parent if parent else None)
    return bold, next((str(node.style["bg"]) for node in ground if isinstance(node, Node) and "bg" in node.style), "")


def _is_words(cell: Cell) -> bool:
    return bool(cell.node.text) and not cell.is_number and len(cell.node.text) <= 60


def _stands_out(heads: Sequence[Cell], others: Sequence[Cell], width: int) -> bool:
    """All heads are words and look alike, and no other cell looks like them."""
    if not heads or not all(_is_words(cell) for cell in heads):
        return False
    looks = {_look(cell) for cell in heads}
    # A row that is one cell is a title within the table, often made to look like the headers.
    filled = [cell for cell in others if cell.node.text and cell.columns < width]
    rest = {_look(cell) for cell in filled}
    if len(looks) != 1 or not filled or looks & rest:
        return False
    bold, ground = next(iter(looks))
    return (bold and not any(other for other, _ in rest)) or (bool(ground) and ground not in {other for _, other in rest})


def _first_row(table: Table) -> int:
    """The first row that is not one cell: a title stands in those above it."""
    return next((index for index in range(table.height) if len(table.row(index)) > 1), 0)


def _columns_of_numbers(table: Table, top: int) -> int:
    """Under how many cells of a first row of words stand numbers alone, at least two; telephone numbers are none."""
    first = table.row(top)
    if len(first) != table.width or table.height < top + 3 or not all(_is_words(cell) for cell in first):
        return 0
    columns = ([cell for cell in table.column(column) if cell.row > top and cell.node.text] for column in range(table.width))
    return sum(1 for cells in columns if len(cells) >= 2 and all(map(_is_figure, cells)))


def _is_figure(cell: Cell) -> bool:
    return cell.is_number and not _PHONE.match(re.sub(r"\D", "", cell.node.text))


def _is_letter(table: Table) -> bool:
    """Whether it sets the head or the end of an official letter: motto, recipients, signatures."""
    return any(phrases("letter_parts").found_in(cell.node.text) for cell in table.cells)


def header_row(table: Table) -> tuple[str, bool]:
    """What shows the first row to be a header, and whether it does so for certain; empty where nothing does."""
    top = _first_row(table)
    first = table.row(top)
    if len(first) < 2:
        return "", False
    filled = [cell for cell in first if cell.node.text]
    if first[0].node.parent and first[0].node.parent.parent in table.sections[:1] and table.sections[0].tag == "thead" and len(filled) >= 2:
        return "thead", True
    numbers = _columns_of_numbers(table, top)
    if table.height >= top + 3 and _stands_out(first, [cell for cell in table.cells if cell.row > top], table.width):
        # Two columns with a bold title each are as often two texts side by side.
        return "look", table.width >= 3 or numbers > 0 or table.caption is not None or all("bd" in cell.node.style for cell in table.cells)
    if numbers * 2 >= table.width and table.width >= 3:
        return "numbers", True
    return ("caption", numbers > 0) if table.caption and table.height >= 3 else ("", False)


def _left_out(table: Table) -> Cell | None:
    """A cell of the first row that looks like the header cells around it, unlike the cells below, and is no header cell itself."""
    first = table.row(0)
    heads = [cell for cell in first if cell.node.tag == "th" and cell.node.text]
    plain = [cell for cell in first if not cell.is_header and cell.node.text]
    if len(heads) < 2 or len(plain) != 1 or not _is_words(plain[0]) or table.height < 3:
        return None
    if any(cell.node.get("headers").strip() for cell in table.cells):
        return None
    below = [cell for cell in table.cells if cell.row > 0 and cell.node.text and not cell.is_header]
    column = [cell for cell in below if cell.shares_column(plain[0])]
    look = _look(plain[0])
    alike = {_look(cell) for cell in heads} == {look} and look not in {_look(cell) for cell in below}
    return plain[0] if alike and len(column) >= 2 and all(cell.columns == 1 for cell in first) else None


def _second_row(table: Table) -> list[Cell]:
    """The data cells of a second row that name the columns under wider header cells and look unlike all cells below."""
    names = [cell for cell in table.row(1) if cell.row == 1]
    wide = [cell for cell in table.row(0) if cell.node.tag == "th" and cell.columns > 1 and cell.rows == 1]
    below = [cell for cell in table.cells if cell.row > 1 and not cell.is_header]
    if len(names) < 2 or table.height < 4 or any(cell.is_header for cell in names) or any(c.node.get("headers") for c in table.cells):
        return []
    covered = all(any(head.shares_column(cell) for head in wide) for cell in names)
    return names if covered and _stands_out(names, below, table.width) else []


def has_header_cells(table: Table, evidence: Evidence) -> Finding | None:
    """A visible header row or column is made of header cells."""
    if _has_headers(table):
        if (left_out := _left_out(table)) is not None:
            return failed("left_out", {"cell": left_out.node.text}, node=left_out.node)
        if second := _second_row(table):
            return failed("second_row", {"cells": " | ".join(cell.node.text for cell in second[:6])}, node=second[0].node.parent)
        return PASSED
    if _is_letter(table):
        return PASSED
    sign, certain = header_row(table)
    cells = " | ".join(cell.node.text for cell in table.row(_first_row(table))[:6])
    values = {"rows": str(table.height), "columns": str(table.width), "cells": cells}
    if sign:
        values["sign"] = sign
        return failed("no_header_cells", values, node=table.node) if certain else cant_tell("perhaps_headers", values, node=table.node)
    first = table.column(0)
    if table.height >= 3 and _stands_out(first, [cell for cell in table.cells if cell.column > 0], table.width):
        values["cells"] = " | ".join(cell.node.text for cell in first[:6])
        # In pairs of two columns the order of reading already says what belongs together.
        return failed("no_header_cells", values, node=table.node) if table.width >= 3 else cant_tell("pairs", values, node=table.node)
    return PASSED


RULE = Rule(
    name=Text("Bảng dữ liệu có ô tiêu đề", "A data table has header cells"),
    why=Text(
        "Người mù dùng trình đọc màn hình nghe từng ô mà không biết ô thuộc hàng nào, cột nào; ví dụ nghe “20.000” mà không biết đó là lệ "
        "phí của thủ tục nào.",
        "Blind people who use a screen reader hear a cell without the row and column that it belongs to: “20,000”, for example, without "
        "the procedure whose fee it is.",
    ),
    criteria=("1.3.1",),
    needs=("dom",),
    applicability=plain_table,
    expectation=has_header_cells,
    techniques=("H51", "H63", "F91"),
    messages={
        "no_header_cells": message(
            vi="Bảng dữ liệu {rows} hàng, {columns} cột có tiêu đề nhìn thấy được (“{cells}”) nhưng không có ô <th> nào",
            en="A data table of {rows} rows and {columns} columns shows headers (“{cells}”), but has no <th> at all",
            mend_vi="Đổi các ô tiêu đề thành <th scope=\"col\"> (tiêu đề cột) hoặc <th scope=\"row\"> (tiêu đề hàng).",
            mend_en="Make the header cells <th scope=\"col\"> (of a column) or <th scope=\"row\"> (of a row).",
        ),
        "left_out": message(
            vi="Ô “{cell}” trình bày như các ô tiêu đề bên cạnh nhưng là ô <td>, nên cột bên dưới không có tiêu đề",
            en="The cell “{cell}” looks like the header cells beside it, but is a <td>, so its column has no header",
            mend_vi="Đổi ô này thành <th scope=\"col\">.",
            mend_en="Make it <th scope=\"col\">.",
        ),
        "second_row": message(
            vi="Hàng thứ hai đặt tên cho các cột (“{cells}”) bên dưới ô tiêu đề gộp nhưng chỉ gồm ô <td>",
            en="The second row names the columns (“{cells}”) under wider header cells, but is made of <td>",
            mend_vi="Đổi các ô này thành <th scope=\"col\">, và ô gộp bên trên thành <th scope=\"colgroup\">.",
            mend_en="Make them <th scope=\"col\">, and the wider cell above <th scope=\"colgroup\">.",
        ),
        "perhaps_headers": message(
            vi="Hàng đầu của bảng {rows} hàng, {columns} cột có thể là tiêu đề (“{cells}”) nhưng bảng không có ô <th>",
            en="The first row of a table of {rows} rows and {columns} columns may be headers (“{cells}”), but the table has no <th>",
            mend_vi="Nếu hàng đầu đặt tên cho các cột, đổi các ô thành <th scope=\"col\">; nếu không, thêm role=\"presentation\".",
            mend_en="If it names the columns, make its cells <th scope=\"col\">; if the table is layout only, add role=\"presentation\".",
        ),
        "pairs": message(
            vi="Bảng hai cột có cột đầu trình bày như tiêu đề (“{cells}”) nhưng không có ô <th>",
            en="A table of two columns shows its first one as headers (“{cells}”), but has no <th>",
            mend_vi="Nếu là bảng dữ liệu, đổi ô của cột đầu thành <th scope=\"row\">; nếu chỉ để dàn trang, thêm role=\"presentation\".",
            mend_en="If it holds data, make the first column <th scope=\"row\"> cells; if it is layout only, add role=\"presentation\".",
        ),
    },
)
