"""A layout table carries no markup of data tables

What it checks
    Tables that lay out a page (their cells hold headings, lists, forms, landmarks or other tables) and are not declared
    ``role="presentation"``: whether they use ``th``, a ``caption`` or a ``summary``. A table whose own summary or caption says that it
    is there for layout is one whatever it holds.

Why it matters
    Markup of data makes a screen reader announce rows, columns and headers that mean nothing. People lose the thread of the page
    while they look for data that is not there.

Fails
    ``<table summary="Bố cục trang"><tr><th><h2>Chuyên mục</h2><ul>…</ul></th><th><h2>Tin mới</h2>…</th></tr></table>``

Mended
    ``<table role="presentation"><tr><td><h2>Chuyên mục</h2><ul>…</ul></td><td><h2>Tin mới</h2>…</td></tr></table>``, or CSS.

References
    WCAG 2.0 success criterion 1.3.1; failure F46. Lists and pictures in the cells of a comparison under short headers are data, not
    layout.
"""

from __future__ import annotations

from collections.abc import Iterator

from wcag_audit.model import Text
from wcag_audit.phrases import phrases
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, failed, message
from wcag_audit.rules.perceivable._tables import Cell, Table, tables

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_REGIONS = ("nav", "main", "header", "footer", "aside", "section", "article", "form", "iframe", "table")


def _is_region(cell: Cell) -> bool:
    """Whether the cell holds a part of a page: a landmark, a form, a frame, a table, or a heading with a body."""
    if next(cell.node.elements(*_REGIONS), None) is not None:
        return True
    heading = next(cell.node.elements(*_HEADINGS), None)
    return heading is not None and next(cell.node.elements("ul", "ol", "p", "div", "dl"), None) is not None


def layout_table(evidence: Evidence) -> Iterator[Table]:
    """Tables in which at least two cells, and at least half of those that are not empty, hold a part of a page, or that say it."""
    for table in tables(evidence):
        if table.is_presentational or table.node.role not in ("table", None):
            continue
        filled = [cell for cell in table.cells if cell.node.children]
        regions = sum(1 for cell in filled if _is_region(cell)) if table.has_structure_in_cells else 0
        if (regions >= 2 and regions * 2 >= len(filled)) or _says_that_it_is_for_layout(table):
            yield table


def _says_that_it_is_for_layout(table: Table) -> bool:
    return any(phrases("for_layout").found_in(text) for text in (table.node.get("summary"), table.caption.text if table.caption else ""))


def has_no_data_markup(table: Table, evidence: Evidence) -> Finding | None:
    """Neither header cells that hold a part of the page, nor a caption or summary."""
    signs, says = [], _says_that_it_is_for_layout(table)
    if any(cell.node.tag == "th" and (says or _is_region(cell)) for cell in table.cells):
        signs.append("th")
    # Short headers over rich cells are a comparison, and then a caption or summary is right.
    has_short_headers = any(cell.node.tag == "th" and not _is_region(cell) and cell.node.text for cell in table.cells)
    if not has_short_headers or signs:
        signs += ["caption"] if table.caption else []
        signs += ["summary"] if table.node.get("summary").strip() else []
    return failed("data_markup", {"signs": ", ".join(signs)}, node=table.node) if signs else PASSED


RULE = Rule(
    name=Text("Bảng dàn trang không dùng thẻ của bảng dữ liệu", "A layout table carries no markup of data tables"),
    why=Text(
        "Người mù dùng trình đọc màn hình nghe báo hàng, cột và tiêu đề không có ý nghĩa, mất mạch nội dung vì đi tìm dữ liệu không có.",
        "Blind people who use a screen reader hear rows, columns and headers that mean nothing, and lose the thread of the page while "
        "they look for data that is not there.",
    ),
    criteria=("1.3.1",),
    needs=("dom",),
    applicability=layout_table,
    expectation=has_no_data_markup,
    techniques=("F46",),
    messages={
        "data_markup": message(
            vi="Bảng dùng để chia bố cục trang nhưng có {signs} như bảng dữ liệu",
            en="The table lays out the page, yet carries {signs} as if it held data",
            mend_vi="Bỏ th, caption, summary và thêm role=\"presentation\" cho bảng, hoặc chia cột bằng CSS.",
            mend_en="Remove th, caption and summary and give the table role=\"presentation\", or make the columns with CSS.",
        ),
    },
)
