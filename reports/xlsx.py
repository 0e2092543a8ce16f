"""Excel: a sheet a table, with filters, frozen headers and widths, no merged cells. Every text is written as a text, never as a formula."""

from __future__ import annotations

import io
import itertools
import re
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from wcag_audit.reports.tables import said, tables
from wcag_audit.reports.texts import portal_name, text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wcag_audit.model import Result
    from wcag_audit.reports.tables import Cell, Table

# Sheets and cells are Any: the published types do not know what a write-only sheet has.

#: Characters of a cell; Excel refuses more than 32,767.
MAX_CELL = 32_000
#: Characters of a sheet's name, and those that Excel reserves.
_NAME = 31
_RESERVED = re.compile(r"[\[\]:*?/\\']")

_HEAD = Font(bold=True, color="FFFFFF")
_HEAD_FILL = PatternFill("solid", fgColor="123A66")
_FIRST = Font(bold=True)
_TOP = Alignment(vertical="top", wrap_text=True)


def render(result: Result, lang: str) -> bytes:
    """The workbook of one portal."""
    return workbook(text("page", "title", portal=portal_name(result))[lang], tables(result), lang)


def workbook(title: str, sheets: Iterable[Table], lang: str) -> bytes:
    """A workbook of tables, a sheet each."""
    book = Workbook(write_only=True)
    book.properties.title = title
    book.properties.creator = "wcag-audit"
    book.properties.language = lang
    for table in sheets:
        _sheet(book.create_sheet(_sheet_name(table.title[lang], book.sheetnames)), table, lang)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _sheet_name(title: str, taken: Iterable[str]) -> str:
    """A title as Excel takes it: 31 characters, none of those that it reserves, each once."""
    plain = _RESERVED.sub(" ", title).strip()
    names = (plain[:_NAME] if not number else f"{plain[: _NAME - 4]} ({number})" for number in itertools.count())
    used = {name.casefold() for name in taken}
    return next(name for name in names if name.casefold() not in used)


def _sheet(sheet: Any, table: Table, lang: str) -> None:
    sheet.freeze_panes = "B2"
    sheet.sheet_view.zoomScale = 100
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    for place, column in enumerate(table.columns, 1):
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{len(table.rows) + 1}"
    sheet.append([_cell(sheet, column.head, lang, font=_HEAD, fill=_HEAD_FILL) for column in table.columns])
    for row in table.rows:
        sheet.append([_cell(sheet, cell, lang, font=None if place else _FIRST) for place, cell in enumerate(row)])


def _cell(sheet: Any, cell: Cell, lang: str, *, font: Font | None = None, fill: PatternFill | None = None) -> Any:
    value: Any = said(cell, lang)
    written = WriteOnlyCell(sheet, value=value[:MAX_CELL] if isinstance(value, str) else value)
    if isinstance(value, str):
        # openpyxl takes “=…” for a formula and “#N/A” for an error; here both are what a page wrote.
        written.data_type = "s"
    written.alignment = _TOP
    if font is not None:
        written.font = font
    if fill is not None:
        written.fill = fill
    return written
