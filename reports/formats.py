"""All formats by name, and the files of each: the one place that knows which writer makes what.

A writer is loaded only when its format is asked for. Formats that speak one language give a file for each language asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from wcag_audit.model import Result
    from wcag_audit.reports.pictures import Album

File = tuple[str, bytes]
"""A file's name and content."""


class Materials(NamedTuple):
    """What writers need beside the result: the pictures of elements, and a browser's “print to PDF” for an HTML document."""

    album: Album
    print_pdf: Callable[[str], bytes]


def write(result: Result, formats: Sequence[str], langs: Sequence[str], materials: Materials) -> Iterator[File]:
    """The files of the formats asked for, each once. ``json`` is ``result.json`` itself, which every run has."""
    for name in formats:
        if name != "json":
            yield from _WRITERS[name](result, langs, materials)


def _html(result: Result, langs: Sequence[str], materials: Materials) -> Iterator[File]:
    from wcag_audit.reports import html

    yield "report.html", html.render(result, langs[0], materials.album).encode("utf-8")


def _pdf(result: Result, langs: Sequence[str], materials: Materials) -> Iterator[File]:
    from wcag_audit.reports import document, pdf

    for lang in langs:
        for one in document.documents(result, lang, materials.album):
            yield f"{one.name}.{lang}.pdf", pdf.render(one, materials.print_pdf)


def _docx(result: Result, langs: Sequence[str], materials: Materials) -> Iterator[File]:
    from wcag_audit.reports import document, docx

    for lang in langs:
        for one in document.documents(result, lang, materials.album):
            yield f"{one.name}.{lang}.docx", docx.render(one)


def _xlsx(result: Result, langs: Sequence[str], materials: Materials) -> Iterator[File]:
    from wcag_audit.reports import xlsx

    for lang in langs:
        yield f"report.{lang}.xlsx", xlsx.render(result, lang)


def _csv(result: Result, langs: Sequence[str], materials: Materials) -> Iterator[File]:
    from wcag_audit.reports import csv

    for lang in langs:
        for table, content in csv.render(result, lang):
            yield f"report.{table}.{lang}.csv", content


def _markdown(result: Result, langs: Sequence[str], materials: Materials) -> Iterator[File]:
    from wcag_audit.reports import markdown

    for lang in langs:
        yield f"report.{lang}.md", markdown.render(result, lang).encode("utf-8")


def _earl(result: Result, langs: Sequence[str], materials: Materials) -> Iterator[File]:
    from wcag_audit.reports import earl

    yield "report.earl.jsonld", earl.render(result)


def _wcag_em(result: Result, langs: Sequence[str], materials: Materials) -> Iterator[File]:
    from wcag_audit.reports import wcag_em

    for lang in langs:
        yield f"report.wcag-em.{lang}.json", wcag_em.render(result, lang)


def _openacr(result: Result, langs: Sequence[str], materials: Materials) -> Iterator[File]:
    from wcag_audit.reports import openacr

    for lang in langs:
        yield f"report.openacr.{lang}.yaml", openacr.render(result, lang).encode("utf-8")


_WRITERS: dict[str, Callable[[Result, Sequence[str], Materials], Iterator[File]]] = {
    "html": _html,
    "pdf": _pdf,
    "docx": _docx,
    "xlsx": _xlsx,
    "csv": _csv,
    "markdown": _markdown,
    "earl": _earl,
    "wcag-em": _wcag_em,
    "openacr": _openacr,
}
#: What ``--format`` takes, beside ``all``.
NAMES = (*_WRITERS, "json")
