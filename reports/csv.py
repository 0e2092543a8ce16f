"""CSV: one file a table, UTF-8 with a byte order mark so that Excel reads Vietnamese, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from wcag_audit.reports.tables import said, tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wcag_audit.model import Result
    from wcag_audit.reports.tables import Table

# What Excel, LibreOffice and Google Sheets take for the start of a formula, also after white space and in full width.
_FORMULA = re.compile(r"^[\s'\"]*[=+\-@＝＋－＠|%]")


def render(result: Result, lang: str) -> Iterator[tuple[str, bytes]]:
    """Table id and file content, one after the other."""
    for table in tables(result):
        yield table.id, file(table, lang)


def file(table: Table, lang: str) -> bytes:
    """One table as a file."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow([column.head[lang] for column in table.columns])
    writer.writerows([[harmless(said(cell, lang)) for cell in row] for row in table.rows])
    return written.getvalue().encode("utf-8-sig")


def harmless(cell: str | int | float) -> str | int | float:
    """A text that begins like a formula gets an apostrophe before it, as spreadsheets themselves mark texts."""
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell
