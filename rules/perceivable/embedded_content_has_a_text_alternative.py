"""Embedded pictures, sounds and animations have a text alternative

What it checks
    Visible ``<embed>`` elements without a name, and ``<object>`` elements without a name whose content inside only says that the
    browser does not support them, or stands in for a photograph or drawing that is shown: a browser hands out that content only where
    it shows it, so nobody is told of the picture. A link with a name to the same file, or ``<noembed>`` text, is an alternative.
    Embedded documents (PDF, HTML, SVG) are text themselves and are asked of a person.

Why it matters
    A screen reader comes upon the embedded part and has nothing to say about it.

Fails
    ``<embed src="quy-trinh.svg" type="image/svg+xml">``

Mended
    ``<embed src="quy-trinh.svg" type="image/svg+xml" title="Quy trình một cửa: nộp, thẩm định, trả kết quả">``

References
    WCAG 2.0 success criterion 1.1.1; techniques H46, H53; ACT rule 8fc3b6 (failed example 5). An ``<object>`` with nothing inside is
    axe's object-alt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wcag_audit.dom import Node
from wcag_audit.model import Text
from wcag_audit.phrases import phrases
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.perceivable._pictures import at_least, base_name, readable, source_of

_MEDIA = re.compile(r"(?:image|audio|video)/.*|application/(?:x-shockwave-flash|x-silverlight.*|vnd\.ms-.*|x-ms.*)", re.IGNORECASE)
#: Pictures that are no documents of their own, as SVG is.
_PICTURE = re.compile(r"image/(?!svg)[^;]+|.*\.(?:png|jpe?g|gif|webp|bmp|avif)", re.IGNORECASE)
_FILE = re.compile(r".*\.(?:png|jpe?g|gif|svg|webp|bmp|swf|mp3|ogg|oga|wav|m4a|mp4|webm|ogv|mov|avi|wmv|flv|mid)", re.IGNORECASE)


def embedded_content(evidence: Evidence) -> Iterator[Node]:
    """Embedded content that is seen or heard and that assistive technology is told of, outside axe's object-alt."""
    for node in evidence.dom.all("embed", "object"):
        if not node.visible or not node.exposed or not at_least(node, 8) or node.get("role") in ("none", "presentation"):
            continue
        notice = readable(node.text) and phrases("fallback_notices").found_in(node.text)
        if node.tag == "embed" or notice or _stands_in_for_a_picture(node):
            yield node


def _stands_in_for_a_picture(node: Node) -> bool:
    """Whether an object has content for want of its picture, and shows the picture instead."""
    if not _PICTURE.fullmatch(node.get("type") or base_name(source_of(node))):
        return False
    inside = [part for part in node.elements() if part.tag not in ("param", "embed")]
    return bool(inside or readable(node.text)) and not node.visible_text and not any(part.visible for part in inside)


def content_is_told(node: Node, evidence: Evidence) -> Finding | None:
    """A name, text in its place, or a link to the same file tells what is embedded."""
    if readable(node.name):
        return PASSED
    unused = node.tag == "object" and _stands_in_for_a_picture(node)
    if not unused and any(readable(part.name) for part in node.elements("img", "a")):
        return PASSED
    file = base_name(source_of(node))
    if file and any(readable(link.name) and base_name(str(link.state.get("href", ""))) == file for link in evidence.dom.all("a")):
        return PASSED
    around = node.parent
    if around is not None and any(readable(part.text) for part in around.elements("noembed")):
        return PASSED
    values = {"source": source_of(node) or node.html}
    if unused and not phrases("fallback_notices").found_in(node.text):
        return failed("content_not_told", values)
    is_media = bool(_MEDIA.fullmatch(node.get("type")) if node.get("type") else _FILE.fullmatch(file))
    return failed("no_alternative", values) if is_media else cant_tell("document", values)


RULE = Rule(
    name=Text("Hình, âm thanh, hoạt hình nhúng có văn bản thay thế", "Embedded pictures, sounds and animations have a text alternative"),
    why=Text(
        "Người mù dùng trình đọc màn hình gặp phần nhúng này mà không được cho biết đó là gì.",
        "Blind people who use a screen reader come upon the embedded part and are not told what it is.",
    ),
    criteria=("1.1.1",),
    needs=("dom",),
    applicability=embedded_content,
    expectation=content_is_told,
    act=("8fc3b6",),
    techniques=("H46", "H53"),
    messages={
        "no_alternative": message(
            vi="Nội dung nhúng không có văn bản thay thế: {source}",
            en="The embedded content has no text alternative: {source}",
            mend_vi="Thêm title hoặc aria-label nói nội dung, và một liên kết tới bản chữ hoặc tới chính tệp ấy.",
            mend_en="Add a title or aria-label that tells what it is, and a link to a text version or to the file itself.",
        ),
        "content_not_told": message(
            vi="Hình nhúng bằng <object> hiện ra mà không có tên; nội dung thay thế bên trong không được dùng tới: {source}",
            en="The picture embedded with <object> is shown and has no name; the alternative inside it is not used: {source}",
            mend_vi="Đặt aria-label hoặc title nói nội dung hình ngay trên <object>, hoặc dùng <img> có alt.",
            mend_en="Put an aria-label or title that tells what it shows on the <object> itself, or use an <img> with an alt.",
        ),
        "document": message(
            vi="Tài liệu nhúng không có tên và không có liên kết mở riêng: {source}. Người dùng trình đọc màn hình có đọc được không?",
            en="An embedded document has no name and no link that opens it by itself: {source}. Can screen reader users read it?",
            mend_vi="Thêm title nói đây là tài liệu gì và một liên kết tải tài liệu.",
            mend_en="Add a title that tells which document it is, and a link to download it.",
        ),
    },
)
