"""Tables as grids: which cell stands in which rows and columns. Several rules about tables read them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from wcag_audit.dom import Node
from wcag_audit.rule import Evidence

#: Cells beyond this are not laid out: a table of this size is read by its first rows.
_MAX_CELLS = 4_000
_NUMBER = re.compile(r"^[\W\d]*\d[\d\s.,:/%–-]*\s*(?:%|đ|₫|đồng|vnđ|vnd|km|kg|cm|m|ngày|giờ|phút|năm)?\W*$", re.IGNORECASE)

_SECTIONS = ("thead", "tbody", "tfoot")
_CELLS = ("cell", "gridcell", "columnheader", "rowheader")


class Cell:
    """A th or td with its place: first row and column, and how many of each it spans."""

    def __init__(self, node: Node, row: int, column: int, rows: int, columns: int) -> None:
        self.node = node
        self.row, self.column, self.rows, self.columns = row, column, rows, columns

    @property
    def is_header(self) -> bool:
        """Whether its markup makes it a header: th, a header role, or scope on a td; not where its role takes that away."""
        role = self.node.get("role").strip().lower()
        if role in ("none", "presentation"):
            return False
        return self.node.tag == "th" or role in ("columnheader", "rowheader") or bool(self.node.get("scope").strip())

    @property
    def is_number(self) -> bool:
        return bool(_NUMBER.match(self.node.text))

    def shares_row(self, other: Cell) -> bool:
        return self.row < other.row + other.rows and other.row < self.row + self.rows

    def shares_column(self, other: Cell) -> bool:
        return self.column < other.column + other.columns and other.column < self.column + self.columns


def _span(node: Node, attribute: str, most: int) -> int:
    match = re.match(r"\s*(\d+)", node.get(attribute)) if node.has(attribute) else None
    return min(max(int(match[1]), 1), most) if match else 1


class Table:
    """A table by its element or by its role, its rows and its cells by place."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.sections = [child for child in node.children if child.tag in _SECTIONS or child.get("role") == "rowgroup"]
        groups = [part.children if part in self.sections else [part] for part in node.children]
        self.trs = [row for group in groups for row in group if row.tag == "tr" or (node.tag != "table" and row.get("role") == "row")]
        self.at: dict[tuple[int, int], Cell] = {}
        self.cells: list[Cell] = []
        for row, tr in enumerate(self.trs):
            self._place(row, tr)

    def _place(self, row: int, tr: Node) -> None:
        column = 0
        for node in tr.children:
            if (node.tag not in ("td", "th") and node.get("role") not in _CELLS) or len(self.at) > _MAX_CELLS:
                continue
            while (row, column) in self.at:
                column += 1
            rows = min(_span(node, "rowspan", 1_000), len(self.trs) - row)
            cell = Cell(node, row, column, rows, _span(node, "colspan", 100))
            self.cells.append(cell)
            for r in range(row, row + cell.rows):
                for c in range(column, column + cell.columns):
                    self.at.setdefault((r, c), cell)
            column += cell.columns

    @cached_property
    def height(self) -> int:
        return len(self.trs)

    @cached_property
    def width(self) -> int:
        return max((column for _, column in self.at), default=-1) + 1

    @property
    def is_presentational(self) -> bool:
        return self.node.get("role").split()[:1] in (["presentation"], ["none"]) and self.node.role in ("presentation", "none", None)

    @cached_property
    def caption(self) -> Node | None:
        return next((child for child in self.node.children if child.tag == "caption" and child.text), None)

    def row(self, index: int) -> list[Cell]:
        return self._distinct((index, column) for column in range(self.width))

    def column(self, index: int) -> list[Cell]:
        return self._distinct((row, index) for row in range(self.height))

    def _distinct(self, places: Iterator[tuple[int, int]]) -> list[Cell]:
        return list(dict.fromkeys(self.at[place] for place in places if place in self.at))

    @cached_property
    def is_regular(self) -> bool:
        """At least two rows and columns, every row as wide as the table."""
        return self.height >= 2 and self.width >= 2 and len(self.at) == self.height * self.width

    @cached_property
    def has_structure_in_cells(self) -> bool:
        """Whether cells hold what a data cell rarely does: headings, landmarks, forms, fields, frames or other tables."""
        return next(self.node.elements(*STRUCTURE), None) is not None


STRUCTURE = (
    *("h1", "h2", "h3", "h4", "h5", "h6", "nav", "main", "header", "footer", "aside", "section", "article"),
    *("form", "input", "select", "textarea", "iframe", "video", "table", "fieldset"),
)


def says_the_same(shown: Sequence[str], texts: Sequence[str]) -> bool:
    """Whether the texts beside what some cells show tell it: one text for each look, and another for each other look."""
    return all(texts) and len(set(shown)) == len(set(texts)) == len(set(zip(shown, texts, strict=True)))


def tables(evidence: Evidence) -> list[Table]:
    """Every table that is seen and that assistive technology is told of."""
    return evidence.share("tables", lambda e: [Table(node) for node in e.dom.all("table") if node.visible and node.exposed])


def is_plain(table: Table) -> bool:
    """Whether its cells hold nothing but short texts: the content of data, not of a page's layout."""
    return not table.has_structure_in_cells and all(len(cell.node.text) <= 300 for cell in table.cells)


def layout_tables(evidence: Evidence) -> frozenset[int]:
    """Tables that certainly lay out the page: told to, or without any mark of data and of one row, or holding parts of a page."""
    return evidence.share("layout-tables", lambda e: frozenset(table.node.index for table in tables(e) if _lays_out(table)))


def _lays_out(table: Table) -> bool:
    if table.is_presentational or table.node.has("role"):
        return table.is_presentational
    marked = table.caption is not None or table.node.get("border").strip() not in ("", "0") or any(cell.is_header for cell in table.cells)
    return not marked and (table.height == 1 or table.has_structure_in_cells)
