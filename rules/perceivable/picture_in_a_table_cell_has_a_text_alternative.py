"""A picture that is a table cell's whole content has a text alternative

What it checks
    Columns with a header, in which some cells hold nothing but a picture that has no text alternative (an image with an empty ``alt``,
    an SVG drawing, an icon font character), while other cells of the column hold another such picture, or nothing. The difference is
    then told by the pictures alone. A column of one and the same picture is passed over, and so are pictures whose meaning another
    column tells: portraits beside names, flags beside countries, icons beside the names of files. Two icons beside different texts, and
    large pictures some of which repeat, are asked of a person.

Why it matters
    "Đúng hạn" and "quá hạn" shown by a green and a red icon, or a tick under "Có", are empty cells to a blind person.

Fails
    ``<td><img src="dat.png" alt=""></td>`` above ``<td><img src="khong-dat.png" alt=""></td>``

Mended
    ``<td><img src="dat.png" alt="Đạt"></td>`` above ``<td><img src="khong-dat.png" alt="Không đạt"></td>``

References
    WCAG 2.0 success criterion 1.1.1; failures F26, F39; technique G94. Images with no ``alt`` at all are axe's image-alt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from wcag_audit.dom import Node
from wcag_audit.model import Text
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.perceivable._pictures import KINDS, at_least, axe_fails, is_readable, pictures_in, readable
from wcag_audit.rules.perceivable._tables import says_the_same

#: CSS pixels on each side from which a picture is more than an icon: a portrait, a flag, a product.
_LARGE = 40
#: The kinds of files, of which an icon beside a name tells one.
_FILE = re.compile(r"(?<![a-z])(pdf|docx?|xlsx?|pptx?|odt|ods|txt|xml|zip|rar|jpe?g|png|mp[34])(?![a-z])", re.IGNORECASE)


class Column(NamedTuple):
    """A column of a data table: its header's text, its cells below, those that hold a picture without an alternative,
    and what the other cells of their rows say."""

    header: str
    cells: list[Node]
    pictures: list[tuple[Node, str]]
    beside: list[list[str]]


def columns_with_silent_pictures(evidence: Evidence) -> Iterator[Column]:
    """Columns with a header in which at least one cell is a picture without a text alternative."""
    for table in evidence.dom.all("table"):
        if table.visible and table.exposed and table.get("role") not in ("none", "presentation"):
            yield from _columns(table)


def _columns(table: Node) -> Iterator[Column]:
    rows = [row for row in table.elements("tr") if row.visible and row.closest("table") is table]
    grid = [[cell for cell in row.children if cell.tag in ("td", "th")] for row in rows]
    spans = any(cell.has("colspan") or cell.has("rowspan") for row in grid for cell in row)
    if len(grid) < 3 or spans or len({len(row) for row in grid}) != 1:
        return
    for place, head in enumerate(grid[0]):
        found = [(row, picture) for row in grid[1:] if (picture := _only_picture(row[place])) is not None] if head.tag == "th" else []
        if found and (header := readable(head.visible_text)):
            beside = [[cell.text for cell in row if cell is not row[place]] for row, _ in found]
            yield Column(header, [row[place] for row in grid[1:]], [picture for _, picture in found], beside)


def _only_picture(cell: Node) -> tuple[Node, str] | None:
    """The one picture without an alternative that is all the cell holds; None where the cell has text, a name or a control."""
    if all(child.is_text for child in cell.children) or any(is_readable(text.raw["x"]) for text in cell.texts):
        return None
    if any(part.tabbable or (part.exposed and is_readable(part.name)) for part in cell.elements()):
        return None
    pictures = [found for found in pictures_in(cell) if found[0] is not cell]
    return pictures[0] if len(pictures) == 1 and not axe_fails(pictures[0][0]) and not readable(pictures[0][0].get("title")) else None


def pictures_do_not_tell_cells_apart(column: Column, evidence: Evidence) -> Finding | None:
    """The column's cells do not differ by pictures alone."""
    looks = [_look(picture) for picture, _ in column.pictures]
    empty = any(not cell.children for cell in column.cells)
    if len(set(looks)) < 2 and not empty:
        return PASSED
    large = all(at_least(picture, _LARGE) for picture, _ in column.pictures)
    told = _is_told(looks, column.beside) and (large or not empty)
    if told and (large or len(set(looks)) > 2 or len(set(looks)) < len(looks)):
        return PASSED
    picture, kind = column.pictures[0]
    values = {"header": column.header, "count": str(len(column.pictures)), "kind.vi": KINDS[kind].vi, "kind.en": KINDS[kind].en}
    if told or (large and len(set(looks)) > len(looks) / 2):
        return cant_tell("perhaps_told", values, node=picture)
    return failed("told_by_pictures", values, node=picture)


def _is_told(looks: list[str], beside: list[list[str]]) -> bool:
    """Whether another column says what the pictures tell: a text for each look, or the kinds of the files."""
    types = [" ".join(match.lower() for match in _FILE.findall(" ".join(texts))) for texts in beside]
    return any(says_the_same(looks, texts) for texts in (*zip(*beside, strict=True), types))


def _look(picture: Node) -> str:
    """What a picture looks like, as far as its markup tells."""
    drawn = " ".join(part.get("d") or part.get("href") or part.get("points") for part in picture.elements())
    texts = " ".join(str(text.raw["x"]) for text in picture.texts)
    return "|".join((picture.get("src"), picture.style.get("bi", ""), *picture.pseudo, drawn, texts, picture.style.get("c", "")))


RULE = Rule(
    name=Text(
        "Hình là toàn bộ nội dung của ô trong bảng có văn bản thay thế",
        "A picture that is a table cell's whole content has a text alternative",
    ),
    why=Text(
        "Người mù dùng trình đọc màn hình nghe các ô này như ô trống, nên không biết thông tin chỉ được cho biết bằng hình, ví dụ hồ sơ "
        "đúng hạn hay quá hạn.",
        "To blind people who use a screen reader these cells are empty, so they do not learn what the pictures tell, for example whether "
        "a dossier is on time or late.",
    ),
    criteria=("1.1.1",),
    needs=("dom",),
    applicability=columns_with_silent_pictures,
    expectation=pictures_do_not_tell_cells_apart,
    techniques=("G94", "F39"),
    messages={
        "perhaps_told": message(
            vi="Cột “{header}” có {count} ô chỉ chứa hình ({kind}) không có văn bản thay thế. Chữ ở các cột khác đã nói điều đó chưa?",
            en="{count} cells of the column “{header}” hold only a picture ({kind}) with no text alternative. Do other columns tell it?",
            mend_vi="Nếu chưa, viết alt nói điều hình cho biết, ví dụ alt=\"Đã trả kết quả\".",
            mend_en="If not, write an alt that tells what the picture says, such as alt=\"Returned\".",
        ),
        "told_by_pictures": message(
            vi="Cột “{header}” có {count} ô chỉ chứa hình ({kind}) không có văn bản thay thế; các ô khác nhau chỉ bằng hình.",
            en="{count} cells of the column “{header}” hold only a picture ({kind}) with no text alternative; cells differ by it alone.",
            mend_vi="Viết alt nói điều hình cho biết, ví dụ alt=\"Đã trả kết quả\"; với biểu tượng phông chữ thì thêm chữ trong ô.",
            mend_en="Write an alt that tells what the picture says, such as alt=\"Returned\"; for icon fonts add text to the cell.",
        ),
    },
)
