"""Word documents: real headings, lists, captions and table headers, alternative texts, language and title, laid out as official papers are.

Set in Times New Roman on A4 with the margins of Decree 30/2020/NĐ-CP on clerical work.
"""

from __future__ import annotations

import io
from functools import singledispatchmethod
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from docx import Document as new_document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from wcag_audit.reports.document import Break, Chart, Figure, Grid, Heading, Items, Paragraph

if TYPE_CHECKING:
    from wcag_audit.reports.document import Document

_FONT = "Times New Roman"
_LANGUAGES = {"vi": "vi-VN", "en": "en-GB"}
#: Width of the line, in twentieths of a point: A4 less the margins.
_LINE = 9_354
_MARGINS = {"top_margin": 20, "bottom_margin": 20, "left_margin": 30, "right_margin": 15}
_TICK = "☐ "
_ALIGNED = {
    "nation": WD_ALIGN_PARAGRAPH.CENTER, "motto": WD_ALIGN_PARAGRAPH.CENTER, "centred": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}  # fmt: skip

_CHART_HELD = (
    '<wp:inline {ns} distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/>'
    '<wp:docPr id="{id}" name="Chart {id}" title="{name}" descr="{alternative}"/><wp:cNvGraphicFramePr/>'
    '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
    '<c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" r:id="{relation}"/>'
    "</a:graphicData></a:graphic></wp:inline>"
)
_CHART = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout/>'
    '<c:barChart><c:barDir val="bar"/><c:grouping val="clustered"/><c:varyColors val="0"/><c:ser><c:idx val="0"/><c:order val="0"/>'
    '<c:spPr><a:solidFill><a:srgbClr val="1F4E8C"/></a:solidFill></c:spPr><c:invertIfNegative val="0"/>'
    '<c:dLbls><c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/><c:showPercent val="0"/>'
    '<c:showBubbleSize val="0"/></c:dLbls>'
    "<c:cat><c:strRef><c:f>Sheet1!$A$2:$A${rows}</c:f><c:strCache>"
    '<c:ptCount val="{size}"/>{labels}</c:strCache></c:strRef></c:cat>'
    "<c:val><c:numRef><c:f>Sheet1!$B$2:$B${rows}</c:f><c:numCache><c:formatCode>General</c:formatCode>"
    '<c:ptCount val="{size}"/>{numbers}</c:numCache></c:numRef></c:val></c:ser><c:gapWidth val="40"/><c:axId val="1"/><c:axId val="2"/>'
    '</c:barChart><c:catAx><c:axId val="1"/><c:scaling><c:orientation val="maxMin"/></c:scaling><c:delete val="0"/><c:axPos val="l"/>'
    '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:crossAx val="2"/></c:catAx>'
    '<c:valAx><c:axId val="2"/><c:scaling><c:orientation val="minMax"/><c:min val="0"/></c:scaling><c:delete val="1"/><c:axPos val="t"/>'
    '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/><c:crossAx val="1"/></c:valAx></c:plotArea>'
    '<c:plotVisOnly val="1"/></c:chart><c:txPr><a:bodyPr/><a:p><a:pPr><a:defRPr sz="1000"><a:solidFill><a:srgbClr val="000000"/>'
    '</a:solidFill><a:latin typeface="Times New Roman"/></a:defRPr></a:pPr><a:endParaRPr lang="vi-VN"/></a:p></c:txPr></c:chartSpace>'
)


def render(document: Document) -> bytes:
    """The file."""
    return _Paper(document).written()


class _Paper:
    """One document while it is written."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._paper: Any = new_document()
        self._charts = 0
        self._set_up()
        for block in document.blocks:
            self.add(block)

    def written(self) -> bytes:
        file = io.BytesIO()
        self._paper.save(file)
        return file.getvalue()

    # -- page, styles, properties ----------------------------------------------------------------------------------------
    def _set_up(self) -> None:
        properties = self._paper.core_properties
        properties.title = self._document.title[:255]
        properties.subject = self._document.title[:255]
        properties.author = "wcag-audit"
        properties.comments = ""
        properties.language = _LANGUAGES[self._document.lang]
        section = self._paper.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        for name, size in _MARGINS.items():
            setattr(section, name, Mm(size))
        self._styles()
        self._page_numbers(section.footer.paragraphs[0])

    def _styles(self) -> None:
        styles = self._paper.styles
        for name, size, bold in (
            ("Normal", 13, False),
            ("Title", 16, True),
            ("Heading 1", 14, True),
            ("Heading 2", 13, True),
            ("Heading 3", 13, True),
        ):
            style = styles[name]
            style.font.size, style.font.bold, style.font.color.rgb = Pt(size), bold, RGBColor(0, 0, 0)
            self._typeface(style)
        for name, size in (("Caption", 12), ("List Bullet", 13), ("Intense Quote", 12)):
            styles[name].font.size, styles[name].font.color.rgb = Pt(size), RGBColor(0, 0, 0)
            self._typeface(styles[name])
        normal = styles["Normal"]
        normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(6), 1.15
        styles["Caption"].paragraph_format.keep_with_next = True
        styles["Intense Quote"].font.bold = False
        styles["Title"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
        styles["Title"].paragraph_format.space_before = Pt(12)
        for border in styles["Title"].element.iter(qn("w:pBdr")):
            border.getparent().remove(border)
        code = styles.add_style("Code", 1)
        code.base_style, code.font.name, code.font.size = normal, "Courier New", Pt(10)
        code.element.get_or_add_rPr().append(parse_xml(f"<w:noProof {nsdecls('w')}/>"))
        # The language of every run that names none: what a screen reader takes its voice from.
        language = _LANGUAGES[self._document.lang]
        for run in styles.element.iter(qn("w:rPrDefault")):
            for old in run.iter(qn("w:lang")):
                for kind in ("w:val", "w:eastAsia"):
                    old.set(qn(kind), language)

    def _typeface(self, style: Any) -> None:
        style.font.name = _FONT
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in list(fonts.attrib):
            del fonts.attrib[kind]
        for kind in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(qn(kind), _FONT)

    def _page_numbers(self, paragraph: Any) -> None:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        field = f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
        paragraph._p.append(parse_xml(field))

    # -- blocks ----------------------------------------------------------------------------------------------------------
    @singledispatchmethod
    def add(self, block: Any) -> None:
        """Lay out one block."""
        raise TypeError(f"no way to lay out {block!r}")

    @add.register
    def _(self, block: Heading) -> None:
        self._paper.add_heading(block.text, block.level)

    @add.register
    def _(self, block: Paragraph) -> None:
        style = {"title": "Title", "code": "Code", "note": "Intense Quote"}.get(block.style)
        paragraph = self._paper.add_paragraph(style=style)
        run = paragraph.add_run(block.text)
        run.bold = True if block.style in ("nation", "motto") else None
        if block.style in _ALIGNED:
            paragraph.alignment = _ALIGNED[block.style]

    @add.register
    def _(self, block: Items) -> None:
        for item in block.items:
            if block.checklist:
                self._paper.add_paragraph(_TICK + item)
            else:
                self._paper.add_paragraph(item, style="List Bullet")

    @add.register
    def _(self, block: Figure) -> None:
        self._paper.add_picture(io.BytesIO(block.picture.jpeg), width=Mm(120))
        shape = self._paper.inline_shapes[-1]
        shape._inline.docPr.set("descr", block.alternative)
        shape._inline.docPr.set("title", block.caption)
        self._paper.paragraphs[-1].paragraph_format.keep_with_next = True
        self._paper.add_paragraph(block.caption, style="Caption")

    @add.register
    def _(self, block: Chart) -> None:
        self._paper.add_paragraph(block.caption, style="Caption")
        self._charts += 1
        name = PackURI(f"/word/charts/chart{self._charts}.xml")
        whole = self._paper.part
        part = Part(name, "application/vnd.openxmlformats-officedocument.drawingml.chart+xml", _chart(block).encode("utf-8"), whole.package)
        held = _CHART_HELD.format(
            ns=nsdecls("wp", "a", "r"),
            relation=whole.relate_to(part, RELATIONSHIP_TYPE.CHART),
            id=10_000 + self._charts,
            width=Mm(160),
            height=Mm(10 + 7 * len(block.bars)),
            name=_attribute(block.caption),
            alternative=_attribute(block.alternative),
        )
        self._paper.add_paragraph().add_run()._r.append(parse_xml(f"<w:drawing {nsdecls('w')}>{held}</w:drawing>"))

    @add.register
    def _(self, block: Break) -> None:
        self._paper.add_page_break()

    @add.register
    def _(self, block: Grid) -> None:
        self._paper.add_paragraph(block.caption, style="Caption")
        # Written as one piece of XML: python-docx takes seconds for a table of a thousand rows.
        table = parse_xml(_table(block))
        body = self._paper.element.body
        body.insert(len(body) - 1, table)
        self._paper.add_paragraph()


def _attribute(text: str) -> str:
    return escape(text, {'"': "&quot;"})


def _chart(block: Chart) -> str:
    """Lying bars, the first one on top, drawn by Word in its own letters."""
    size = len(block.bars)
    labels = "".join(f'<c:pt idx="{place}"><c:v>{escape(bar.label)}</c:v></c:pt>' for place, bar in enumerate(block.bars))
    numbers = "".join(f'<c:pt idx="{place}"><c:v>{bar.n}</c:v></c:pt>' for place, bar in enumerate(block.bars))
    return _CHART.format(size=size, labels=labels, numbers=numbers, rows=size + 1)


def _table(block: Grid) -> str:
    widths = [_LINE * share // sum(block.widths) for share in block.widths]
    caption = _attribute(block.caption)
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    head = (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        '<w:tblLayout w:type="fixed"/><w:tblLook w:val="00A0" w:firstRow="1" w:lastRow="0" w:firstColumn="1" w:lastColumn="0" '
        f'w:noHBand="1" w:noVBand="1"/><w:tblCaption w:val="{caption}"/><w:tblDescription w:val="{caption}"/></w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>"
    )
    heads = "".join(_cell(text, width, bold=True, shaded=True) for text, width in zip(block.heads, widths, strict=True))
    height = f'<w:trHeight w:val="{block.room * 360}" w:hRule="atLeast"/>' if block.room else "<w:cantSplit/>"
    rows = [f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{heads}</w:tr>"]
    for row in block.rows:
        texts = enumerate(zip(row, widths, strict=True))
        cells = "".join(_cell(text, width, bold=not place and not block.room) for place, (text, width) in texts)
        rows.append(f"<w:tr><w:trPr>{height}</w:trPr>{cells}</w:tr>")
    return f"{head}{''.join(rows)}</w:tbl>"


def _cell(text: str, width: int, *, bold: bool = False, shaded: bool = False) -> str:
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="E5EEF8"/>' if shaded else ""
    weight = "<w:b/>" if bold else ""
    run = f'<w:r><w:rPr>{weight}<w:sz w:val="22"/></w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>' if text else ""
    spacing = '<w:pPr><w:spacing w:before="20" w:after="20" w:line="240" w:lineRule="auto"/></w:pPr>'
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}</w:tcPr><w:p>{spacing}{run}</w:p></w:tc>'
