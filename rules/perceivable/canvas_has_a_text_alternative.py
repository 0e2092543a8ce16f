"""A canvas drawing has a text alternative

What it checks
    Visible ``<canvas>`` elements on which something is drawn and that are not hidden from assistive technology: whether they have a
    name, a description or content inside that tells what is drawn; "trình duyệt không hỗ trợ" tells nothing. Without any it fails where
    the drawing is proven content: it is all that stands under a heading and the headings below that, or a script of the page writes
    words on it that assistive technology is told nowhere else. Another large drawing is asked of a person, and so is a chart that has a
    name and no table of its figures. A canvas on which nothing was drawn when the page had loaded shows nothing, and only keeps a place
    free.

Why it matters
    To a screen reader a canvas is an empty spot. The charts of the dossier statistics are drawn so.

Fails
    ``<h2>Hồ sơ theo tháng</h2> <canvas id="bieu-do"></canvas>``

Mended
    ``<h2>Hồ sơ theo tháng</h2> <canvas role="img" aria-label="Biểu đồ cột, số liệu ở bảng dưới"></canvas> <table>…</table>``

References
    WCAG 2.0 success criterion 1.1.1; ACT rules e88epe and 23a2a8 (a canvas with a role).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wcag_audit.dom import Node
from wcag_audit.model import Text, bare, cut, nfc
from wcag_audit.phrases import phrases
from wcag_audit.rule import PASSED, Evidence, Finding, Missing, Rule, cant_tell, failed, message
from wcag_audit.rules.perceivable._media import heading_above, rank
from wcag_audit.rules.perceivable._pictures import at_least, axe_fails, headed_section, page_words, readable

_SCRIPT = re.compile(r"<script\b(?![^>]*\bsrc\s*=)[^>]*>(.*?)</script", re.IGNORECASE | re.DOTALL)
_WRITES = re.compile(r"\b(?:fillText|strokeText)\s*\(\s*(?:(['\"`])(.*?)\1)?", re.DOTALL)
_CHART = re.compile(r"(?<!\w)(bieu do|do thi|chart|graph|histogram)(?!\w)")


def drawings(evidence: Evidence) -> Iterator[Node]:
    """Canvases of some size that assistive technology is told of, and whose missing name axe does not report."""
    for canvas in evidence.dom.all("canvas"):
        hidden = not canvas.visible or not canvas.exposed or canvas.get("role") in ("none", "presentation")
        nothing = canvas.state.get("blank") and not canvas.style.get("bi")
        if not hidden and not nothing and at_least(canvas, 30, 20) and not axe_fails(canvas):
            yield canvas


def drawing_is_told(canvas: Node, evidence: Evidence) -> Finding | None:
    """A name or content tells what is drawn."""
    fallback = "" if phrases("fallback_notices").found_in(canvas.text) else readable(canvas.text)
    described = " ".join(node.text for name in ("aria-describedby", "aria-details") for node in evidence.dom.referred(canvas, name))
    name = readable(canvas.name) or fallback or readable(described) or next((nfc(part.name) for part in canvas.elements() if part.name), "")
    if name:
        return _judge_chart(canvas, name)
    words = _written(canvas, evidence)
    if words:
        return failed("words_drawn", {"words": words})
    heading = heading_above(canvas, evidence)
    if heading is not None and _is_all_of(heading, canvas) and not _lies_behind_text(canvas, evidence):
        return failed("all_of_section", {"heading": heading.text})
    return cant_tell("perhaps_content", {}) if at_least(canvas, 100, 60) and not _lies_behind_text(canvas, evidence) else PASSED


def _lies_behind_text(canvas: Node, evidence: Evidence) -> bool:
    """Whether text of the page stands on the canvas, which then is its background."""
    box = canvas.box
    texts = (node for node in evidence.dom.nodes if node.is_text and node.visible and node.frame is canvas.frame)
    return box is not None and any(
        box.x < text.box.x + text.box.width / 2 < box.x + box.width and box.y < text.box.y + text.box.height / 2 < box.y + box.height
        for text in texts
        if text.box is not None
    )


def _judge_chart(canvas: Node, name: str) -> Finding | None:
    """A chart's figures stand in its name or in a table of its section."""
    if not _CHART.search(bare(name)) or len(re.findall(r"\d[\d.,]*", name)) >= 3:
        return PASSED
    section = headed_section(canvas)
    place = section[0] if section else canvas.parent
    table = place is not None and any(part.exposed or part.visible for part in place.elements("table", "dl", "ul", "ol"))
    return PASSED if table else cant_tell("chart_without_figures", {"name": name})


def _written(canvas: Node, evidence: Evidence) -> str:
    """The words that a script of the page writes on this canvas and that assistive technology is told nowhere else."""
    try:
        source = evidence.data("source")["text"]
    except Missing:
        return ""
    identifier = canvas.get("id")
    single = len(evidence.dom.all("canvas")) == 1
    for script in _SCRIPT.findall(source) if canvas.frame.index == 0 else ():
        if not (single or (identifier and re.search(rf"['\"`#]{re.escape(identifier)}['\"`]", script))):
            continue
        words = nfc(" ".join(match[2] or "" for match in _WRITES.finditer(script)))
        if readable(words) and any(bare(word) not in page_words(evidence).line for word in re.findall(r"[^\W\d_]{2,}", words)):
            return cut(words, 200)
    return ""


def _is_all_of(heading: Node, canvas: Node) -> bool:
    """Whether nothing but the canvas stands between a heading and the next one of its rank, or the end of the part that holds both."""
    section = next((part for part in canvas.ancestors() if part.contains(heading)), None)
    if section is None or section.tag in ("body", "html") or canvas.box is None or heading.box is None or canvas.box.y < heading.box.y:
        return False
    for part in section.descendants():
        if part.index < heading.end or part is canvas or canvas.contains(part):
            continue
        if part.role == "heading" and part.visible and rank(part) <= rank(heading):
            break
        if _tells(part):
            return False
    return True


def _tells(part: Node) -> bool:
    """Whether a part says something by itself: a text, a table, a picture, a frame."""
    if part.is_text:
        return bool(readable(part.raw["x"])) and (part.visible or part.exposed)
    return part.tag in ("table", "img", "svg", "canvas", "iframe", "object", "video", "audio") and (part.visible or part.exposed)


RULE = Rule(
    name=Text("Hình vẽ canvas có văn bản thay thế", "A canvas drawing has a text alternative"),
    why=Text(
        "Người mù dùng trình đọc màn hình không nhận được gì từ hình vẽ này, ví dụ biểu đồ thống kê hồ sơ.",
        "Blind people who use a screen reader get nothing from such a drawing, for example a chart of dossier statistics.",
    ),
    criteria=("1.1.1",),
    needs=("dom",),
    applicability=drawings,
    expectation=drawing_is_told,
    act=("e88epe",),
    techniques=("G94", "G95"),
    messages={
        "words_drawn": message(
            vi="Chữ “{words}” được vẽ trên canvas và không có ở nơi nào khác dưới dạng văn bản.",
            en="The words “{words}” are drawn on a canvas and stand nowhere else as text.",
            mend_vi="Thêm role=\"img\" và aria-label với nội dung ấy, hoặc viết nội dung bên trong thẻ <canvas>.",
            mend_en="Add role=\"img\" and an aria-label with that content, or write it inside the <canvas>.",
        ),
        "all_of_section": message(
            vi="Mục “{heading}” chỉ có hình vẽ canvas không tên, không có nội dung thay thế.",
            en="All that the section “{heading}” holds is a canvas drawing with no name and no content inside.",
            mend_vi="Thêm role=\"img\" và aria-label nói nội dung chính, và một bảng số liệu cạnh hình.",
            mend_en="Add role=\"img\" and an aria-label that tells the main point, and a table of the figures beside it.",
        ),
        "perhaps_content": message(
            vi="Hình vẽ canvas không có tên và không có nội dung thay thế. Hình có nội dung hay chỉ để trang trí?",
            en="A canvas drawing has no name and no content inside. Is it content or decoration?",
            mend_vi="Có nội dung thì thêm role=\"img\" và aria-label; chỉ để trang trí thì thêm aria-hidden=\"true\".",
            mend_en="For content add role=\"img\" and an aria-label; for decoration add aria-hidden=\"true\".",
        ),
        "chart_without_figures": message(
            vi="Biểu đồ có tên “{name}” nhưng không thấy số liệu của nó dưới dạng văn bản.",
            en="A chart is called “{name}”, but its figures were not found as text.",
            mend_vi="Nếu số liệu không có ở nơi khác, thêm bảng số liệu cạnh biểu đồ.",
            mend_en="If the figures stand nowhere else, add a table of them beside the chart.",
        ),
    },
)
