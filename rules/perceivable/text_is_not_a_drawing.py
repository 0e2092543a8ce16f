"""A drawing made of characters has a text alternative

What it checks
    Preformatted text whose characters draw a picture or a chart (ASCII art): several lines, mostly signs and gaps, few words, or hardly
    a letter. It fails where neither ``role="img"`` with a name nor any text directly before or after it could tell what is drawn; with
    such text it is asked of a person. Emoticons typed with punctuation (":-)") are asked of a person too.

Why it matters
    A screen reader reads the signs one by one: "percent, underscore, underscore, vertical bar" for minutes.

Fails
    ``<pre>  |    *\n  |  *   *\n  +---------</pre>``

Mended
    ``<div role="img" aria-label="Đồ thị: số hồ sơ tăng từ 10 lên 90"><pre>…</pre></div>``

References
    WCAG 2.0 success criterion 1.1.1; failure F72; technique H86. Code, poems and tables laid out with spaces (1.3.1) are not judged here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wcag_audit.dom import Node
from wcag_audit.model import Text, cut, nfc
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message

_EMOTICON = re.compile(r"(?<![\w:;=])[:;=]-[()DPp|/](?![\w)(])")
_SIGNS = re.compile(r"[^\w\s.,;:!?()\"'’“”…-]|_{2}|-{2,}")
#: What is left to be filled in by hand: "Họ tên: ........".
_LEADERS = re.compile(r"[.…_]{3,}")
_WORD = re.compile(r"[^\W\d_]{3,}")
#: Signs of program code and of tables: what holds them is read as such.
_CODE = re.compile(r"[{};]\s*$|^\s*(?:\$|>|#|//|<\w)|=\s*[\"'\w]|\w\(", re.MULTILINE)
_TABLE = re.compile(r"^\s*\|.*\w.*\|.*\w.*\|\s*$", re.MULTILINE)
_MIN_LINES, _MIN_SIGNS = 4, 12
#: Signs of several kinds that draw something small where there are hardly any letters.
_FEW_SIGNS = 6


def drawings_of_characters(evidence: Evidence) -> Iterator[Node]:
    """Exposed preformatted blocks that are mostly signs and gaps, and texts with emoticons."""
    for node in evidence.dom.nodes:
        if node.is_text:
            if "-" in node.raw["x"] and node.visible and node.exposed and _EMOTICON.search(node.raw["x"]) and not _preformatted(node):
                yield node
        elif node.tag == "pre" and node.visible and node.exposed and _is_drawing("".join(str(text.raw["x"]) for text in node.texts)):
            yield node


def _preformatted(text: Node) -> bool:
    return text.closest("pre", "code", "abbr", "textarea", "samp", "kbd") is not None


def _is_drawing(text: str) -> bool:
    text = _LEADERS.sub(" ", text)
    lines = [line for line in text.splitlines() if line.strip()]
    found = _SIGNS.findall(text)
    signs, in_words = sum(map(len, found)), sum(map(len, _WORD.findall(text)))
    if len(lines) >= 2 and len(found) >= _FEW_SIGNS and len(set(found)) >= 3 and 2 * sum(map(str.isalnum, text)) < len(found):
        return len(_CODE.findall(text)) < 2
    if len(lines) < _MIN_LINES or signs < _MIN_SIGNS or _TABLE.search(text) or len(_CODE.findall(text)) >= 2:
        return False
    return signs > in_words


def drawing_is_told(node: Node, evidence: Evidence) -> Finding | None:
    """A name or a text beside it could tell what the characters draw."""
    if node.is_text:
        return cant_tell("emoticon", {"text": cut(nfc(node.raw["x"]), 100)})
    if any(part.role in ("img", "image") and part.name for part in (node, *node.ancestors())):
        return PASSED
    values = {"text": cut("".join(str(text.raw["x"]) for text in node.texts), 200)}
    return cant_tell("drawing_with_text", values) if _neighbour_text(node) else failed("drawing", values)


def _neighbour_text(node: Node) -> bool:
    """Whether text of some length stands in the same part of the page."""
    place = next((a for a in node.ancestors() if a.tag in ("section", "article", "main", "figure", "body", "td", "li")), node.parent)
    return place is not None and len(place.text) - len(node.text) >= 20


RULE = Rule(
    name=Text("Hình vẽ bằng ký tự có văn bản thay thế", "A drawing made of characters has a text alternative"),
    why=Text(
        "Người mù dùng trình đọc màn hình phải nghe đọc từng dấu, từng ký hiệu và không biết chúng vẽ nên hình gì.",
        "Blind people who use a screen reader have to listen to the signs one by one and do not learn what they draw.",
    ),
    criteria=("1.1.1",),
    needs=("dom",),
    applicability=drawings_of_characters,
    expectation=drawing_is_told,
    techniques=("H86", "F72"),
    messages={
        "drawing": message(
            vi="Hình được vẽ bằng ký tự, không có văn bản thay thế: {text}",
            en="A picture is drawn with characters and has no text alternative: {text}",
            mend_vi="Bọc hình trong role=\"img\" với aria-label nói nội dung, hoặc thay bằng ảnh có alt.",
            mend_en="Wrap it in role=\"img\" with an aria-label that tells what it shows, or use an image with an alt.",
        ),
        "drawing_with_text": message(
            vi="Hình được vẽ bằng ký tự: {text}. Chữ trước hoặc sau hình có nói đủ nội dung không?",
            en="A picture is drawn with characters: {text}. Does the text before or after it tell what it shows?",
            mend_vi="Nếu không, bọc hình trong role=\"img\" với aria-label nói nội dung.",
            mend_en="If not, wrap it in role=\"img\" with an aria-label that tells what it shows.",
        ),
        "emoticon": message(
            vi="Biểu tượng cảm xúc bằng dấu câu trong “{text}”. Mất nó thì câu có đổi nghĩa không?",
            en="An emoticon of punctuation stands in “{text}”. Does the sentence lose its meaning without it?",
            mend_vi="Nếu có, thay bằng chữ hoặc <abbr title=\"cười\">:-)</abbr>.",
            mend_en="If so, use words or <abbr title=\"smile\">:-)</abbr>.",
        ),
    },
)
