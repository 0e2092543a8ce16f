"""The printed documents: structure of the Word files by python-docx, tags of the PDF files by pikepdf and pdfua."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx as word
import pdfua
import pikepdf
import pytest
from docx.oxml.ns import qn
from PIL import Image

from tests import results
from wcag_audit.browser.printing import Printer
from wcag_audit.model import Result, Verdict
from wcag_audit.reports import document, docx, pdf
from wcag_audit.reports.document import Document
from wcag_audit.reports.pictures import Album
from wcag_audit.reports.texts import number, text
from wcag_audit.wcag import CRITERIA

RESULTS = {"typical": results.typical, "hostile": results.hostile, "not_assessed": results.not_assessed, "clean": results.clean}
both_languages = pytest.mark.parametrize("lang", ["vi", "en"])


@pytest.fixture(scope="module")
def typical() -> Result:
    return results.typical()


@pytest.fixture(scope="module")
def album(tmp_path_factory: pytest.TempPathFactory) -> Album:
    path = tmp_path_factory.mktemp("pictures") / "screenshot.jpg"
    Image.new("RGB", (1280, 2000), "#dde6ee").save(path, "JPEG")
    return Album(lambda page: path)


def opened(one: Document) -> Any:
    return word.Document(io.BytesIO(docx.render(one)))


def words_of(paper: Any) -> str:
    cells = (cell.text for table in paper.tables for row in table.rows for cell in row.cells)
    return "\n".join((*(paragraph.text for paragraph in paper.paragraphs), *cells))


# Word


@both_languages
def test_word_documents_tell_the_score_the_criteria_and_every_defect(typical: Result, album: Album, lang: str) -> None:
    report, form = (words_of(opened(one)) for one in document.documents(typical, lang, album))
    failed = [defect for defect in typical.defects if defect.verdict is Verdict.FAILED]
    for told in (report, form):
        assert all(f"{id} {criterion.name[lang]}" in told for id, criterion in CRITERIA.items())
        assert typical.statements[0][lang] in told and number(typical.scores[0].upper or 0)[lang] in told
        assert all(defect.fingerprint in told and defect.what[lang] in told for defect in failed)
    assert all(defect.fingerprint in report for defect in typical.defects)
    assert all(" ".join(question.how[lang].split()) in " ".join(report.split()) for question in typical.questions)
    assert typical.rules["axe/image-alt"].example is not None and typical.rules["axe/image-alt"].example.after in report


@both_languages
def test_word_documents_have_headings_table_headers_alternatives_language_and_title(typical: Result, album: Album, lang: str) -> None:
    for one in document.documents(typical, lang, album):
        paper = opened(one)
        assert paper.core_properties.title == one.title and results.PORTAL.name in one.title
        language = {"vi": "vi-VN", "en": "en-GB"}[lang]
        assert paper.core_properties.language == language
        (told,) = paper.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr/w:lang")
        assert told.get(qn("w:val")) == language
        levels = [int(p.style.name.split()[1]) for p in paper.paragraphs if p.style.name.startswith("Heading")]
        assert levels[0] == 1 and all(after <= before + 1 for before, after in pairwise(levels))
        assert paper.tables and sum(p.style.name == "Title" for p in paper.paragraphs) == 1
        for table in paper.tables:
            assert table.rows[0]._tr.xpath("w:trPr/w:tblHeader") and all(cell.text for cell in table.rows[0].cells)
            assert table._tbl.tblPr.xpath("w:tblCaption") and table._tbl.tblPr.xpath("w:tblLook")[0].get(qn("w:firstRow")) == "1"
            assert not table._tbl.xpath(".//w:gridSpan | .//w:vMerge")
        for shape in paper.inline_shapes:
            assert "khung đỏ" in shape._inline.docPr.get("descr") or "red frame" in shape._inline.docPr.get("descr")
    assert len(opened(document.documents(typical, lang, album)[0]).inline_shapes) == 2


def test_the_form_has_room_for_reply_and_signatures(typical: Result, album: Album) -> None:
    form = opened(document.documents(typical, "vi", album)[1])
    told = words_of(form)
    assert "PHIẾU ĐÁNH GIÁ" in told and "Độc lập - Tự do - Hạnh phúc" in told
    for words in ("Ý kiến phản hồi của đơn vị được đánh giá", "NGƯỜI ĐÁNH GIÁ", "(Ký, ghi rõ họ tên)"):
        assert words in told
    reply, signatures = form.tables[-2:]
    assert len(reply.rows) == document.REPLY_ROWS + 1 and all(not cell.text for row in reply.rows[1:] for cell in row.cells)
    assert all(int(row._tr.xpath("w:trPr/w:trHeight")[0].get(qn("w:val"))) > 500 for row in (reply.rows[1], signatures.rows[1]))


@pytest.mark.parametrize("name", RESULTS)
@both_languages
def test_hostile_and_empty_results_are_documents_too(name: str, lang: str, album: Album) -> None:
    for one in document.documents(RESULTS[name](), lang, album):
        told = words_of(opened(one))
        assert not any(character in told for character in "\x00\x1b\u202e\ud800\ufffe")
    if name == "hostile":
        assert "<script>window.injected = 1</script>" in told


def test_a_document_says_what_it_leaves_to_the_spreadsheet() -> None:
    many = document.MAX_ROWS + 20
    outcomes = [results.failure("axe/image-alt", "1.1.1", f"{number:016x}", "p001") for number in range(many)]
    report, form = document.documents(results.result([results.page(1)], outcomes), "vi", Album(lambda page: None))
    more = text("documents", "more", n=20).vi
    for one in (report, form):
        assert more in [block.text for block in one.blocks if isinstance(block, document.Paragraph)]
    assert sum(isinstance(block, document.Heading) and block.level == 2 for block in report.blocks) <= document.DETAILED + 6


def test_a_document_tells_a_pattern_once_and_the_others_by_their_numbers() -> None:
    report, _ = document.documents(results.patterned(), "vi", Album(lambda page: None))
    told = [item for block in report.blocks if isinstance(block, document.Items) for item in block.items]
    assert [item for item in told if item.startswith("Tương tự")] == ["Tương tự, ở phần tử có cùng cấu trúc: 2–4"]
    assert [item for item in told if item.startswith("6. ") and item.endswith("Tương tự, ở phần tử có cùng cấu trúc: 7.")]
    assert not [item for item in told if item.startswith("7. ")]


# PDF


def elements(node: Any) -> Iterator[Any]:
    """Structure elements from the root down."""
    if "/S" in node:
        yield node
    kids = node.get("/K")
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary):
            yield from elements(kid)


@pytest.fixture(scope="module")
def printed(typical: Result, album: Album, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Document, Path]]:
    """The typical report in Vietnamese, its form in English, and the hostile report, printed once for all tests."""
    folder = tmp_path_factory.mktemp("pdf")
    wanted = {
        "report": document.documents(typical, "vi", album)[0],
        "form": document.documents(typical, "en", album)[1],
        "hostile": document.documents(results.hostile(), "vi", album)[0],
    }
    files = {}
    with Printer() as printer:
        for name, one in wanted.items():
            files[name] = (one, folder / f"{name}.pdf")
            files[name][1].write_bytes(pdf.render(one, printer.print_pdf))
    return files


@pytest.mark.parametrize("name", ["report", "form", "hostile"])
def test_pdf_is_tagged_titled_and_has_language_and_bookmarks(printed: dict[str, tuple[Document, Path]], name: str) -> None:
    one, path = printed[name]
    with pikepdf.open(path) as file:
        root: Any = file.Root
        assert str(root.Lang) == {"vi": "vi-VN", "en": "en-GB"}[one.lang]
        assert root.MarkInfo.Marked is True and root.ViewerPreferences.DisplayDocTitle is True
        with file.open_metadata() as metadata:
            assert metadata["dc:title"] == one.title and not any("pdfuaid" in key for key in metadata)
        with file.open_outline() as outline:
            told = [entry.title for entry in outline.root]
        assert told == [" ".join(block.text.split()) for block in one.blocks if isinstance(block, document.Heading) and block.level == 1]
        kinds = Counter(str(element.S) for element in elements(root.StructTreeRoot))
        grids = sum(isinstance(block, document.Grid) for block in one.blocks)
        assert kinds["/Table"] == kinds["/Caption"] == grids and kinds["/TH"] > grids and kinds["/H1"] == len(told)
        figures = [element for element in elements(root.StructTreeRoot) if str(element.S) == "/Figure"]
        assert len(figures) == sum(isinstance(block, document.Figure) for block in one.blocks)
        assert all(str(figure.Alt) for figure in figures)


@pytest.mark.parametrize("name", ["report", "form", "hostile"])
def test_pdfua_finds_nothing_and_no_conformance_is_claimed(printed: dict[str, tuple[Document, Path]], name: str) -> None:
    assert [(finding.rule_id, finding.message) for finding in pdfua.validate(str(printed[name][1])).findings] == []
    with pikepdf.open(printed[name][1]) as file, file.open_metadata() as metadata:
        assert "PDF/UA" in metadata["dc:description"], "it says that nothing is claimed"
        assert not any("pdfuaid" in key for key in metadata)


def test_page_numbers_are_mended_because_the_browser_leaves_them_untagged(typical: Result, album: Album, tmp_path: Path) -> None:
    printed_as_is: list[bytes] = []

    def keep(html: str) -> bytes:
        printed_as_is.append(printer.print_pdf(html))
        return printed_as_is[0]

    with Printer() as printer:
        pdf.render(document.documents(typical, "vi", album)[1], keep)
    path = tmp_path / "as-is.pdf"
    path.write_bytes(printed_as_is[0])
    assert "UA-01-003" in {finding.rule_id for finding in pdfua.validate(str(path)).findings}
