"""The files of the national report, format by format; each lays out the same sections."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from wcag_audit.model import Text
from wcag_audit.reports import national
from wcag_audit.reports.texts import date, line, number, text

if TYPE_CHECKING:
    from wcag_audit.national import National
    from wcag_audit.reports.document import Block, Document
    from wcag_audit.reports.formats import File
    from wcag_audit.reports.tables import Cell

#: What ``--format`` can name of a batch; ``json`` is ``national.json`` itself.
NAMES = ("html", "docx", "pdf", "xlsx", "csv", "json")
#: Columns that a printed page has room for.
_PRINTED = 9


def write(made: National, formats: Sequence[str], langs: Sequence[str], print_pdf: Callable[[str], bytes]) -> Iterator[File]:
    """The files of the formats asked for, in each language where a format speaks one; formats of single portals are passed over."""
    if "html" in formats:
        yield "national.html", html(made, langs[0]).encode("utf-8")
    for lang in langs:
        if "docx" in formats:
            from wcag_audit.reports import docx

            yield f"national.{lang}.docx", docx.render(document(made, lang))
        if "pdf" in formats:
            from wcag_audit.reports import pdf

            yield f"national.{lang}.pdf", pdf.render(document(made, lang), print_pdf)
        if "xlsx" in formats:
            from wcag_audit.reports import xlsx

            yield f"national.{lang}.xlsx", xlsx.workbook(national.title(made)[lang], national.tables(made), lang)
        if "csv" in formats:
            from wcag_audit.reports import csv

            for table in national.tables(made):
                yield f"national.{table.id}.{lang}.csv", csv.file(table, lang)


# -- HTML ----------------------------------------------------------------------------------------------------------------------
def html(made: National, lang: str) -> str:
    """One self-contained file in both languages; charts have text alternatives and stand beside their tables."""
    facts = [(text("header", "date"), date(made.finished))]
    for block in made.blocks:
        counts = text("national", "assessed_of", assessed=block.assessed, units=block.units)
        facts.append((national.block_name(block.block), counts))
    return page(national.title(made), facts, national.sections(made), made.tool, lang)


def page(title: Text, facts: Sequence[tuple[Text, Text]], sections: Sequence[national.Section], tool: str, lang: str) -> str:
    """Sections as a page, with facts at its head."""
    from wcag_audit.reports.html import environment, own_code

    template = environment().get_template("national.html.j2")
    shown = {"title": title, "facts": facts, "sections": sections, "tool": tool}
    helpers = {"cell": _cell, "alternative": national.alternative}
    return template.render(lang="en" if lang == "en" else "vi", **shown, **helpers, **own_code())


def _cell(value: Cell) -> Markup:
    from wcag_audit.reports.html import both

    if isinstance(value, Text):
        return both(value)
    return both(number(value)) if isinstance(value, int | float) else both(Text(value, value))


# -- Word and PDF ----------------------------------------------------------------------------------------------------------------
def document(made: National, lang: str) -> Document:
    """The printed report."""
    from wcag_audit.reports.document import Document

    return Document("national", national.title(made)[lang], lang, list(_blocks(made, lang)))


def _blocks(made: National, lang: str) -> Iterator[Block]:
    from wcag_audit.reports.document import Heading, Paragraph

    yield Paragraph(text("documents", "nation")[lang], "nation")
    yield Paragraph(text("documents", "motto")[lang], "motto")
    yield Paragraph(text("national", "title")[lang].upper(), "title")
    yield Paragraph(text("national", "of_round", name=line(made.name, 100))[lang], "centred")
    yield Paragraph(text("documents", "draft")[lang], "centred")
    for place, section in enumerate(national.sections(made), 1):
        yield Heading(1, f"{place}. {section.title[lang]}")
        for part in section.parts:
            yield from _block(part, lang)


def _block(part: national.Part, lang: str) -> Iterator[Block]:
    from wcag_audit.reports.document import Bar, Chart, Heading, Items, Paragraph

    match part:
        case national.Para():
            yield Paragraph(part.said[lang], "note" if part.note else "body")
        case national.Sub():
            yield Heading(2, part.said[lang])
        case national.Bullets():
            yield Items([item[lang] for item in part.items])
        case national.Listing() if part.printed:
            if part.chart:
                bars = [Bar(bar.label[lang], bar.n, bar.share) for bar in part.chart]
                yield Chart(bars, national.alternative(part, lang), text("national", "chart", title=part.table.title)[lang])
            yield from _grids(part, lang)


def _grids(listing: national.Listing, lang: str) -> Iterator[Block]:
    """A table, in pieces that fit a page's width: each begins with the column that names the rows."""
    from wcag_audit.reports.document import Grid

    table = listing.table
    others = [place for place in range(len(table.columns)) if place != listing.header and not _linked(listing, place)]
    for start in range(0, len(others), _PRINTED - 1):
        places = [listing.header, *others[start : start + _PRINTED - 1]]
        rows = [[national.cell_text(row[place], lang) for place in places] for row in table.rows]
        widths = [min(table.columns[place].width, 40) for place in places]
        yield Grid(table.title[lang], [table.columns[place].head[lang] for place in places], rows, widths)


def _linked(listing: national.Listing, column: int) -> bool:
    return any(place == column for _, place in listing.links)


