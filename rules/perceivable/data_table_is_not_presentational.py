"""A data table is not declared to be layout

What it checks
    Tables with ``role="presentation"`` or ``role="none"`` whose markup says that they hold data: a row or column of ``th`` cells with
    text over plain data cells, a caption, ``scope`` or ``headers``.

Why it matters
    The role takes rows, columns and headers away. A blind citizen hears the fees of a procedure as one run of words and cannot tell
    which fee belongs to which way of filing.

Fails
    ``<table role="presentation"><tr><th scope="col">Hình thức</th><th scope="col">Lệ phí</th></tr>
    <tr><td>Trực tuyến</td><td>0 đồng</td></tr></table>``

Mended
    ``<table><tr><th scope="col">Hình thức</th><th scope="col">Lệ phí</th></tr><tr><td>Trực tuyến</td><td>0 đồng</td></tr></table>``

References
    WCAG 2.0 success criterion 1.3.1; failure F92. A ``th`` in a table that really is layout loses its meaning through the role and is
    not judged.
"""

from __future__ import annotations

from collections.abc import Iterator

from wcag_audit.model import Text
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, failed, message
from wcag_audit.rules.perceivable._tables import Table, is_plain, tables


def presentational_table(evidence: Evidence) -> Iterator[Table]:
    """Tables whose role takes their meaning away."""
    return (table for table in tables(evidence) if table.is_presentational)


def holds_no_data(table: Table, evidence: Evidence) -> Finding | None:
    """Neither header cells over plain data cells nor a caption of theirs."""
    headers = [cell for cell in table.cells if cell.is_header and cell.node.text]
    data = [cell for cell in table.cells if not cell.is_header and cell.node.text]
    in_line = any(a is not b and (a.row == b.row or a.column == b.column) for a in headers[:20] for b in headers[:20])
    captioned = table.caption is not None and table.is_regular
    if not ((in_line or captioned) and data and is_plain(table)):
        return PASSED
    signs = [cell.node for cell in headers] or [part for part in (table.caption,) if part is not None]
    values = {"role": table.node.get("role"), "headers": " | ".join(node.text for node in signs[:6])}
    return failed("data_as_layout", values, node=table.node)


RULE = Rule(
    name=Text("Bảng dữ liệu không bị khai báo là bảng dàn trang", "A data table is not declared to be layout"),
    why=Text(
        "Người mù dùng trình đọc màn hình nghe cả bảng như một chuỗi chữ liền nhau, không còn hàng, cột và tiêu đề, nên không biết số "
        "liệu nào thuộc về đâu.",
        "Blind people who use a screen reader hear the table as one run of words without rows, columns and headers, and cannot tell which "
        "figure belongs where.",
    ),
    criteria=("1.3.1",),
    needs=("dom",),
    applicability=presentational_table,
    expectation=holds_no_data,
    techniques=("F92",),
    messages={
        "data_as_layout": message(
            vi="Bảng có ô tiêu đề hoặc tiêu đề bảng “{headers}” nhưng mang role=“{role}”, nên mất quan hệ hàng, cột",
            en="The table has header cells or a caption “{headers}”, and its role=“{role}” takes rows and columns away",
            mend_vi="Bỏ thuộc tính role khỏi bảng dữ liệu.",
            mend_en="Remove the role attribute from the data table.",
        ),
    },
)
