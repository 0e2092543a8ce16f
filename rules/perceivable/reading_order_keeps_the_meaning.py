"""The reading order keeps the meaning

What it checks
    Numbered steps, questions with their answers, and names with their values ("Người nộp:"), that stand in order on the screen but not
    in the document (CSS ``order``, floats, positions); tables without headers whose sentences run down the columns, or on from a
    cell that comes later in the document; layout tables with a row of headings over the rows of their texts; and text written
    backwards that the direction of writing turns round on the screen.

Why it matters
    Assistive technology reads in the order of the document. A blind citizen hears step 3 before step 1, or half a sentence of one
    note followed by half a sentence of the other.

Fails
    ``<div style="display:flex"><div style="order:2">Bước 2 …</div><div style="order:1">Bước 1 …</div></div>``

Mended
    ``<div style="display:flex"><div>Bước 1 …</div><div>Bước 2 …</div></div>``

References
    WCAG 2.0 success criterion 1.3.2; techniques G57, C27; failures F1, F49. An order that looks wrong on the screen and is right in
    the document is not judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from wcag_audit.dom import Node
from wcag_audit.model import Text, nfc
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.perceivable._beside import bottom, right
from wcag_audit.rules.perceivable._tables import Table, tables

_NUMBERED = re.compile(
    r"^(?:bước|bước thứ|giai đoạn|phần|câu|câu hỏi|step|part|question|stage)\s+(\d{1,2})\b|^(\d{1,2})\s*[.)/:](?!\d)", re.IGNORECASE
)
_QUESTION = re.compile(r"^(?:hỏi|câu hỏi|question|q)\s*(?:\d+\s*)?[:.]", re.IGNORECASE)
_ANSWER = re.compile(r"^(?:đáp|trả lời|answer|a)\s*(?:\d+\s*)?[:.]", re.IGNORECASE)
_CONTROLS = ("a", "button", "input", "select", "textarea", "label")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_ADDRESS = re.compile(r"(?:https?://)?[\w.+-]+(?:@[\w-]+)?(?:\.[\w-]+)*\.(?:vn|com|net|org|gov|edu|info)(?:/\S*)?", re.IGNORECASE)
_SENTENCE_END = (".", "!", "?", "…")


def _first_text(node: Node) -> str:
    return next((nfc(str(text.raw["x"])) for text in node.texts if text.visible), "")


def _rank(node: Node) -> tuple[str, int] | None:
    """Its place in a sequence that its own first words tell."""
    text = _first_text(node)
    if match := _NUMBERED.match(text):
        return "number", int(match[1] or match[2])
    return ("answer", 1) if _QUESTION.match(text) else ("answer", 2) if _ANSWER.match(text) else None


def _is_turned(text: Node) -> bool:
    """Whether an override shows its letters from right to left that are written from left to right."""
    inline = (node for node in text.ancestors() if node is text.block or text.block is None or text.block.contains(node))
    overridden = any(node.style.get("bidi") == "override" for node in inline)
    return overridden and sum(c.isascii() and c.isalpha() for c in str(text.raw["x"])) >= 4


def sequences(evidence: Evidence) -> Iterator[Node | Table]:
    """Parts with an order of their own: numbered children, a question and its answer, layout tables, and text that is turned round."""
    for text in evidence.dom.visible_texts:
        if "dir" in text.style and text.exposed and _is_turned(text):
            yield text
    for node in evidence.dom.elements:
        parts = [child for child in node.children if not child.is_text and child.visible and child.exposed]
        if len(parts) >= 2 and node.tag not in ("tr", "select", "svg") and _is_moved(parts):
            ranks = [rank for rank in map(_rank, parts) if rank]
            if (len(ranks) >= 2 and len({kind for kind, _ in ranks}) == 1) or any(_is_name(part) for part in parts):
                yield node
    for table in tables(evidence):
        data = table.width >= 2 and table.height >= 2 and not table.has_structure_in_cells
        if (data and not any(cell.is_header for cell in table.cells)) or _headings_over_texts(table) or _titles_over_texts(table):
            yield table


def _is_moved(parts: list[Node]) -> bool:
    """Whether the places of neighbours show them in another order than the document's: the only parts worth reading."""
    boxes = [part.box for part in parts if part.box is not None]
    return any(b.y < a.y - 4 or (abs(b.y - a.y) <= 4 and b.x < a.x - 4) for a, b in pairwise(boxes))


def _seen_order(parts: list[Node]) -> list[Node]:
    return sorted(parts, key=lambda node: (round(node.box.y / 8), node.box.x) if node.box else (0, 0.0))


def _sequence(holder: Node) -> Finding | None:
    shown = [child for child in holder.children if not child.is_text and child.visible and child.exposed]
    parts = [(child, rank[1]) for child in shown if (rank := _rank(child))]
    written = [number for _, number in parts]
    by_node = {child.index: number for child, number in parts}
    seen = [by_node[child.index] for child in _seen_order([child for child, _ in parts])]
    is_ordered = len(seen) >= 2 and all(b - a == 1 for a, b in pairwise(seen))
    if written == seen or not is_ordered or written == sorted(written):
        return PASSED
    values = {"written": ", ".join(map(str, written)), "seen": ", ".join(map(str, seen)), "first": _first_text(parts[0][0])[:80]}
    return failed("sequence", values, node=holder)


def _is_name(part: Node) -> bool:
    """Whether it is a name before a value: a few words that end with a colon."""
    text = part.visible_text
    return text.endswith(":") and len(text) <= 60


def _reversed_pair(holder: Node) -> tuple[Node, Node] | None:
    """The value and its name, where every name in a row of short texts stands left of a value that the document has before it."""
    parts = [child for child in holder.children if not child.is_text and child.visible and child.exposed]
    other = any(child.is_text and child.visible for child in holder.children) or next(holder.elements(*_CONTROLS), None) is not None
    if other or len(parts) % 2 or holder.style.get("dir") == "rtl":
        return None
    pairs = list(zip(parts[::2], parts[1::2], strict=True))
    for value, name in pairs:
        a, b = value.box, name.box
        short = 0 < len(value.visible_text) <= 100 and not value.visible_text.endswith(":")
        if not short or not _is_name(name) or a is None or b is None or abs(a.y - b.y) > 4 or not 0 <= a.x - right(b) <= 60:
            return None
    # A count set at the right of its list item is told with its name, for the item holds nothing else.
    counts = holder.tag == "li" and len(pairs) == 1 and not any(c.isalpha() for c in pairs[0][0].visible_text)
    return None if counts else pairs[0]


def _goes_on(a: str, b: str) -> bool:
    """Whether ``b`` carries on the sentence that ``a`` leaves open."""
    return len(a.split()) >= 3 and a[-1:] not in (*_SENTENCE_END, ":", ";") and b[:1].islower()


def _columns_of_sentences(table: Table) -> bool:
    """At least two columns hold one sentence each, cut into the cells of the rows; cut once only, each part is of some length."""
    columns = [[cell.node.text for cell in table.column(index)] for index in range(table.width)]
    least = 4 if table.height == 2 else 1
    if any(len(part.split()) < least for column in columns for part in column):
        return False
    if any(not all(column) or len(column) != table.height for column in columns):
        return False
    whole = all(column[0][:1].isupper() and column[-1][-1:] in _SENTENCE_END for column in columns)
    return whole and all(_goes_on(a, b) for column in columns for a, b in pairwise(column))


def _broken_line(table: Table) -> tuple[str, str] | None:
    """A cell that opens a sentence, and the one right of it on the same line that ends it and comes earlier in the document."""
    cells = [cell for cell in table.cells if cell.node.text]
    for early in cells:
        for late in cells:
            if early.node.index >= late.node.index or not late.node.text[:1].isupper() or not _goes_on(late.node.text, early.node.text):
                continue
            a, b = (next((t.box for t in cell.node.texts if t.visible), None) for cell in (late, early))
            on_line = a is not None and b is not None and min(bottom(a), bottom(b)) - max(a.y, b.y) > 0.5 * min(a.height, b.height)
            if a is not None and b is not None and on_line and 0 <= b.x - right(a) <= 60 and early.node.text[-1:] in _SENTENCE_END:
                return late.node.text, early.node.text
    return None


def _headings_over_texts(table: Table) -> bool:
    """Whether a layout table has a row of headings alone, side by side, and the text of each in the rows below."""
    first = table.row(0)
    if not table.is_presentational or table.width < 2 or table.height < 2:
        return False
    alone = all((head := next(cell.node.elements(*_HEADINGS), None)) and head.text == cell.node.text for cell in first)
    texts = sum(1 for column in range(table.width) if any(len(cell.node.text) >= 12 for cell in table.column(column)[1:]))
    return len(first) >= 2 and alone and texts >= 2 and not any(next(c.node.elements(*_HEADINGS), None) for c in table.cells if c.row)


def _titles_over_texts(table: Table) -> bool:
    """Whether a layout table of two rows has lines like titles side by side, and sentences under them."""
    if not table.is_presentational or table.height != 2 or len(table.row(0)) < 2 or len(table.row(0)) != len(table.row(1)):
        return False
    titles, texts = ([cell.node.text for cell in table.row(index)] for index in (0, 1))
    return all(2 <= len(title.split()) <= 12 and title[-1].isalnum() and title[0].isupper() for title in titles) and all(
        len(text) >= 40 and text[-1:] in _SENTENCE_END and text[0].isupper() for text in texts
    )


def _turned(text: Node) -> Finding:
    """Certain where the letters make an address or a sentence only from their end."""
    written = nfc(str(text.raw["x"]))
    shown = written[::-1]
    address = _ADDRESS.fullmatch(shown) is not None and _ADDRESS.fullmatch(written) is None
    sentence = shown[:1].isupper() and shown[-1:] in _SENTENCE_END and written[-1:] not in _SENTENCE_END
    certain = address or sentence
    values = {"written": written[:80], "seen": shown[:80]}
    return failed("backwards", values, node=text.parent) if certain else cant_tell("perhaps_backwards", values, node=text.parent)


def order_is_told(target: Node | Table, evidence: Evidence) -> Finding | None:
    """The document has the parts in the order that their own words give them."""
    if isinstance(target, Node) and target.is_text:
        return _turned(target)
    if isinstance(target, Node):
        if (pair := _reversed_pair(target)) is not None:
            value, name = pair
            return failed("value_first", {"name": name.visible_text, "value": value.visible_text}, node=target)
        return _sequence(target)
    if _headings_over_texts(target):
        return failed("headings_first", {"row": " | ".join(cell.node.text for cell in target.row(0))}, node=target.node)
    if _columns_of_sentences(target):
        return failed("cut_sentences", {"row": " | ".join(cell.node.text for cell in target.row(0))}, node=target.node)
    if _titles_over_texts(target):
        return cant_tell("perhaps_headings_first", {"row": " | ".join(cell.node.text for cell in target.row(0))}, node=target.node)
    if len(target.cells) <= 40 and (broken := _broken_line(target)) is not None:
        return failed("cut_sentence", {"begin": broken[0], "end": broken[1]}, node=target.node)
    return PASSED


RULE = Rule(
    name=Text("Thứ tự đọc giữ nguyên ý nghĩa", "The reading order keeps the meaning"),
    why=Text(
        "Người mù dùng trình đọc màn hình nghe nội dung sai thứ tự, ví dụ bước 3 trước bước 1 hoặc hai câu bị trộn vào nhau, nên không "
        "hiểu hoặc làm sai.",
        "Blind people who use a screen reader hear the content in the wrong order, for example step 3 before step 1 or two sentences "
        "mixed, so they do not understand it or do the wrong thing.",
    ),
    criteria=("1.3.2",),
    needs=("dom",),
    applicability=sequences,
    expectation=order_is_told,
    techniques=("G57", "C27", "F1", "F49"),
    messages={
        "sequence": message(
            vi="Trên màn hình các phần đứng theo thứ tự {seen}, nhưng trong mã nguồn là {written} (bắt đầu bằng “{first}”)",
            en="On the screen the parts stand in the order {seen}, in the document in the order {written} (beginning with “{first}”)",
            mend_vi="Xếp các phần trong mã nguồn đúng thứ tự đọc, không đảo bằng CSS.",
            mend_en="Put the parts into the document in the order in which they are read; do not turn them round with CSS.",
        ),
        "value_first": message(
            vi="Trên màn hình “{name}” đứng trước “{value}”, nhưng trong mã nguồn “{value}” đứng trước và được đọc trước",
            en="On the screen “{name}” stands before “{value}”, but in the document “{value}” comes first and is read first",
            mend_vi="Đặt tên mục trước giá trị trong mã nguồn; dùng CSS để căn phải cả nhóm.",
            mend_en="Put the name before its value in the document; align the whole with CSS.",
        ),
        "headings_first": message(
            vi="Bảng dàn trang để các tiêu đề ở hàng đầu, nội dung ở hàng sau; đọc lần lượt thì mọi tiêu đề đứng trước nội dung: “{row}”",
            en="The layout table has its headings in the first row and their texts below; read in turn, all headings come first: “{row}”",
            mend_vi="Đặt mỗi tiêu đề cùng nội dung của nó trong một ô, hoặc chia cột bằng CSS.",
            mend_en="Keep each heading and its text in one cell, or make the columns with CSS.",
        ),
        "perhaps_headings_first": message(
            vi="Bảng dàn trang có thể để các tiêu đề ở hàng đầu và nội dung của chúng ở hàng sau: “{row}”",
            en="A layout table may have titles in the first row and their texts in the next: “{row}”",
            mend_vi="Nếu mỗi dòng đầu là tiêu đề của đoạn bên dưới, đặt cả hai trong một ô.",
            mend_en="Where each line of the first row is the title of the text below it, keep both in one cell.",
        ),
        "backwards": message(
            vi="Chữ viết ngược “{written}” chỉ được CSS hoặc <bdo> đảo lại trên màn hình thành “{seen}”; trình đọc màn hình đọc chữ ngược",
            en="Text is written backwards (“{written}”) and only CSS or <bdo> turns it into “{seen}”; screen readers read it backwards",
            mend_vi="Viết chữ theo đúng thứ tự và bỏ unicode-bidi: bidi-override.",
            mend_en="Write the text in its order and drop unicode-bidi: bidi-override.",
        ),
        "perhaps_backwards": message(
            vi="Chữ “{written}” bị CSS hoặc <bdo> đảo trên màn hình thành “{seen}”",
            en="CSS or <bdo> turns the text “{written}” round on the screen: “{seen}”",
            mend_vi="Nếu chữ trên màn hình mới là chữ đúng, viết chữ theo đúng thứ tự và bỏ unicode-bidi: bidi-override.",
            mend_en="If what is seen is the right text, write it in that order and drop unicode-bidi: bidi-override.",
        ),
        "cut_sentences": message(
            vi="Bảng dàn trang cắt câu theo cột; đọc theo hàng thì lẫn nội dung: “{row}”",
            en="The layout table cuts sentences into columns of cells; read row by row they are mixed: “{row}”",
            mend_vi="Đặt mỗi câu trọn trong một ô, hoặc chia cột bằng CSS.",
            mend_en="Keep each sentence in one cell, or make the columns with CSS.",
        ),
        "cut_sentence": message(
            vi="Câu “{begin} … {end}” bị cắt: phần cuối đứng trước phần đầu trong mã nguồn",
            en="The sentence “{begin} … {end}” is cut: its end comes before its beginning in the document",
            mend_vi="Đặt cả câu trong một ô, hoặc xếp các ô theo thứ tự đọc.",
            mend_en="Keep the sentence in one cell, or put the cells into the order in which they are read.",
        ),
    },
)
