"""PDF: the printed documents as the browser prints and tags them, mended where its tagging falls short.

What is mended was found with pdfua and by hand; no file claims to conform to PDF/UA, which only a person can say.
"""

from __future__ import annotations

import base64
import io
from functools import cache
from typing import TYPE_CHECKING, Any

import pikepdf
from jinja2 import Environment

from wcag_audit.templates import report_templates

if TYPE_CHECKING:
    from collections.abc import Callable

    from wcag_audit.reports.document import Document

_BEGIN = pikepdf.ContentStreamInstruction([pikepdf.Name.Artifact], pikepdf.Operator("BMC"))
_END = pikepdf.ContentStreamInstruction([], pikepdf.Operator("EMC"))
_LANGUAGES = {"vi": "vi-VN", "en": "en-GB"}
#: Stands in each file's metadata, where programs look for a claim.
_NO_CLAIM = {
    "vi": "Tài liệu có gắn thẻ. Không tuyên bố phù hợp PDF/UA: chưa có người kiểm tra.",
    "en": "A tagged document. No conformance to PDF/UA is claimed: no person has checked it.",
}


def render(document: Document, print_pdf: Callable[[str], bytes]) -> bytes:
    """The file. ``print_pdf`` prints an HTML document, tagged and with bookmarks."""
    return mended(print_pdf(_environment().get_template("document.html.j2").render(document=document)), document)


@cache
def _environment() -> Environment:
    environment = report_templates()
    environment.filters |= {"kind": lambda block: type(block).__name__, "base64": lambda data: base64.b64encode(data).decode()}
    return environment


def _mark_artifacts(pdf: pikepdf.Pdf, page: pikepdf.Page) -> None:
    """Texts that the browser left outside its tags (the page numbers) become artifacts, which no screen reader reads."""
    marked: list[Any] = []
    depth = 0
    for instruction in pikepdf.parse_content_stream(page):
        name = str(instruction.operator)
        outside = depth == 0
        depth += (name in ("BDC", "BMC")) - (name == "EMC")
        if outside and name == "BT":
            marked.append(_BEGIN)
        marked.append(instruction)
        if outside and name == "ET":
            marked.append(_END)
    if any(one is _BEGIN for one in marked):
        page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(marked))


def mended(printed: bytes, document: Document) -> bytes:
    """The browser's PDF with title, language and what else a reader of tags needs."""
    with pikepdf.open(io.BytesIO(printed)) as pdf:
        root: Any = pdf.Root
        root.Lang = pikepdf.String(_LANGUAGES[document.lang])
        root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        with pdf.open_metadata(set_pikepdf_as_editor=False) as metadata:
            metadata["dc:title"] = document.title
            metadata["dc:language"] = [_LANGUAGES[document.lang]]
            metadata["dc:description"] = _NO_CLAIM[document.lang]
            metadata["dc:creator"] = ["wcag-audit"]
            metadata["pdf:Producer"] = "wcag-audit"
        pdf.docinfo["/Title"] = document.title
        for page in pdf.pages:
            _mark_artifacts(pdf, page)
        written = io.BytesIO()
        pdf.save(written)
        return written.getvalue()
