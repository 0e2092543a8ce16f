"""The national report in all formats: everything that it has to hold, the same in each, accessible, and hostile texts tamed."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Callable
from html.parser import HTMLParser

import lxml.etree
import msgspec
import pikepdf
import pytest
from docx import Document as open_docx
from docx.oxml.ns import qn
from openpyxl import load_workbook

from tests import national as made
from tests.browsing import Browsing
from wcag_audit.browser.printing import Printer
from wcag_audit.model import Verdict
from wcag_audit.national import National
from wcag_audit.reports import national, national_formats
from wcag_audit.reports.document import Chart, Grid
from wcag_audit.rules import catalogue
from wcag_audit.serve import Request, Response, serving

RESULTS: dict[str, Callable[[], National]] = {"whole": made.whole, "hostile": made.hostile, "empty": made.empty}


def no_printer(html: str) -> bytes:
    raise AssertionError("nothing but PDF is printed")


def files(result: National, formats: tuple[str, ...], lang: str = "vi") -> dict[str, bytes]:
    return dict(national_formats.write(result, formats, (lang,), no_printer))


class Page(HTMLParser):
    """Texts, addresses and ids of a page, and whether anything of it would run."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.handlers: list[str] = []
        self._quiet = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._quiet += tag in ("script", "style")
        self.links += [given["href"] or ""] if "href" in given and tag == "a" else []
        self.ids += [given["id"] or ""] if "id" in given else []
        self.handlers += [name for name in given if name.startswith("on")]

    def handle_endtag(self, tag: str) -> None:
        self._quiet -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._quiet and data.strip():
            self.texts.append(data.strip())


@pytest.fixture(scope="module")
def html() -> str:
    return national_formats.html(made.whole(), "vi")


def test_it_holds_everything_in_order(html: str) -> None:
    ids = [section.id for section in national.sections(made.whole())]
    assert ids == [
        "scope", "access", "ranking-ministry", "ranking-province", "not-assessed", "criteria", "defects", "vendors", "units", "published",
        "untested", "checks",
    ]  # fmt: skip
    told = " ".join(Page(html).texts)
    for words in (
        "Quyết định 473/QĐ-BTTTT", "19/21 (90,5%) đơn vị đạt điểm", "Không phải kết quả chính thức", "chưa xác nhận",
        "không có khoảng tin cậy", "bị tường lửa", "đơn vị không còn tồn tại", "0 + 0 + 39 + 24 + 9 = 72", "quyền phản hồi",
        "Mạnh mẽ, chắc chắn",
    ):  # fmt: skip
        assert words in told, words
    assert not re.search("tuân thủ|đạt chuẩn|chứng nhận", told)


def test_every_assessed_unit_is_ranked_and_linked_to_its_own_report(html: str) -> None:
    links = Page(html).links
    for unit in made.whole().units:
        at = f"{unit.folder}/report.html"
        assert links.count(at) == (2 if unit.points else 0), unit.id


def test_ids_are_unique_and_every_anchor_leads_somewhere(html: str) -> None:
    page = Page(html)
    assert len(page.ids) == len(set(page.ids))
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)


def test_every_chart_says_in_words_what_its_table_says(html: str) -> None:
    listings = [part for section in national.sections(made.whole()) for part in section.parts if isinstance(part, national.Listing)]
    charts = [one for one in listings if one.chart]
    assert len(charts) == 4
    told = " ".join(Page(html).texts)
    for listing in charts:
        alternative = national.alternative(listing, "vi")
        assert alternative in told and all(str(bar.n) in alternative for bar in listing.chart)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_all_formats_say_the_same(lang: str) -> None:
    result = made.whole()
    written = files(result, ("docx", "xlsx", "csv"), lang)
    ranked = {unit.name[lang] for unit in result.units if unit.points and unit.block == "ministry"}
    book = load_workbook(io.BytesIO(written[f"national.{lang}.xlsx"]))
    sheet = next(sheet for sheet in book if sheet["A1"].value == national.column_heads("rank")[0].head[lang])
    assert {row[1].value for row in sheet.iter_rows(min_row=2)} == ranked
    rows = list(csv.reader(io.StringIO(written[f"national.ranks-ministry.{lang}.csv"].decode("utf-8-sig"))))
    assert {row[1] for row in rows[1:]} == ranked
    paper = open_docx(io.BytesIO(written[f"national.{lang}.docx"]))
    cells = {cell.text for table in paper.tables for cell in table._cells}
    assert ranked <= cells
    headings = [one.text for one in paper.paragraphs if one.style is not None and one.style.name == "Heading 1"]
    assert headings == [f"{place}. {section.title[lang]}" for place, section in enumerate(national.sections(result), 1)]


def test_no_printed_table_is_wider_than_its_page() -> None:
    grids = [block for block in national_formats.document(made.whole(), "vi").blocks if isinstance(block, Grid)]
    assert grids and all(len(grid.heads) <= 9 and all(len(row) == len(grid.heads) for row in grid.rows) for grid in grids)


def charts_and_tables(lang: str) -> list[tuple[str, str]]:
    """The text alternative of each chart of the printed report, and the caption of the table after it."""
    blocks = national_formats.document(made.whole(), lang).blocks
    pairs = [(one, after) for one, after in itertools.pairwise(blocks) if isinstance(one, Chart)]
    assert len(pairs) == 4 and all(isinstance(after, Grid) for _, after in pairs)
    return [(one.alternative, after.caption) for one, after in pairs if isinstance(after, Grid)]


def test_charts_in_word_are_charts_with_text_alternatives_before_their_tables() -> None:
    paper = open_docx(io.BytesIO(files(made.whole(), ("docx",))["national.vi.docx"]))
    held = list(paper.element.body.iter(qn("wp:inline")))
    assert [one.find(qn("wp:docPr")).get("descr") for one in held] == [alternative for alternative, _ in charts_and_tables("vi")]
    for one in held:
        relation = next(part.get(qn("r:id")) for part in one.iter() if part.tag.endswith("}chart"))
        chart = lxml.etree.fromstring(paper.part.rels[relation].target_part.blob)
        texts = [text.text for text in chart.iter("{http://schemas.openxmlformats.org/drawingml/2006/chart}v")]
        labels, numbers = texts[: len(texts) // 2], texts[len(texts) // 2 :]
        alternative = one.find(qn("wp:docPr")).get("descr")
        assert texts and all(label in alternative and number in alternative for label, number in zip(labels, numbers, strict=True))


def test_pdf_is_made_of_the_same_document_and_its_charts_are_figures_with_alternatives() -> None:
    with Printer() as printer:
        (content,) = dict(national_formats.write(made.whole(), ("pdf",), ("vi",), printer.print_pdf)).values()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        told = [str(one.Alt) for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure"]
    assert sorted(told) == sorted(alternative for alternative, _ in charts_and_tables("vi"))


@pytest.mark.parametrize("name", RESULTS)
def test_every_result_has_a_report(name: str) -> None:
    written = files(RESULTS[name](), ("html", "docx", "xlsx", "csv", "markdown"), "en")
    assert {file.split(".")[-1] for file in written} == {"html", "docx", "xlsx", "csv"}


def test_hostile_texts_stay_texts() -> None:
    written = files(made.hostile(), ("html", "xlsx", "csv"))
    page = Page(written["national.html"].decode("utf-8"))
    assert page.handlers == [] and not any(link.startswith("javascript") for link in page.links)
    assert "window.injected" in " ".join(page.texts)
    for cell in (cell for sheet in load_workbook(io.BytesIO(written["national.vi.xlsx"])) for row in sheet for cell in row):
        assert cell.data_type != "f"
    for name in written:
        if name.endswith(".csv"):
            cells = [cell for row in csv.reader(io.StringIO(written[name].decode("utf-8-sig"))) for cell in row]
            assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "@"))], name


def test_a_broken_check_is_told() -> None:
    result = made.whole()
    broken = msgspec.structs.replace(result.checks[0], ok=False, found=made.Text("1 ≠ 2", "1 ≠ 2"))
    told = " ".join(Page(national_formats.html(msgspec.structs.replace(result, checks=(broken, *result.checks[1:])), "vi")).texts)
    assert "1 ≠ 2" in told


class _Report:
    """A site of one page."""

    def __init__(self, html: str) -> None:
        self._html = html

    def respond(self, request: Request) -> Response:
        return Response(200, self._html.encode("utf-8"))


def test_our_own_audit_finds_no_failure_in_it(browsing: Browsing) -> None:
    """Static depth here; ``make batch-demo`` audits the report that it makes at full depth."""
    static = [rule for rule in catalogue() if not set(rule.needs) - {"source", "dom", "axe", "screenshot", "network"}]
    with serving(_Report(national_formats.html(made.whole(16), "vi"))) as served:
        _, judged = browsing.judge(served.url, static)
    assert [(one.rule, str(one.target)) for one in judged.outcomes if one.verdict is Verdict.FAILED] == []
    assert any(one.verdict is Verdict.PASSED for one in judged.outcomes)
