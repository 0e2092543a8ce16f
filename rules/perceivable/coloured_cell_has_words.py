"""A cell that is told by its colour has words too

What it checks
    Columns of a data table whose header has a text ("Trạng thái") and whose cells hold no text and no picture with a name, but patches
    of at least two different colours (a dot, a bar, or the ground of the cell itself) of one size and shape. Where another column has
    one text for each colour ("Đúng hạn", "Quá hạn", or the colour's name in a legend), the words are there. Patches that are all
    different beside texts that are all different are asked of a person.

Why it matters
    About one man in twelve does not see red and green as different, and a screen reader tells no colours. They cannot tell which
    dossier is late.

Fails
    ``<th scope="col">Tình trạng</th> … <td><span class="dot red"></span></td> … <td><span class="dot green"></span></td>``

Mended
    ``<td><span class="dot red"></span> Quá hạn</td> … <td><span class="dot green"></span> Đúng hạn</td>``

References
    WCAG 2.0 success criterion 1.4.1; technique G14; failure F13. A cell without colour beside coloured ones, and patches of
    different shapes, are not judged.
"""

from __future__ import annotations

from collections.abc import Iterator

from wcag_audit.dom import Node
from wcag_audit.model import Text
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.perceivable._colours import hue, hues, rgb
from wcag_audit.rules.perceivable._pictures import readable
from wcag_audit.rules.perceivable._tables import Cell, Table, says_the_same, tables

#: Data cells that make a column whose colours mean something.
_CELLS = 3


def columns_with_a_header(evidence: Evidence) -> Iterator[tuple[Table, Cell, list[Cell]]]:
    """The columns of data tables without a word in at least three data cells: the table, the header and those cells."""
    for table in tables(evidence):
        if table.is_presentational or table.height <= _CELLS:
            continue
        for index in range(table.width):
            yield from _wordless(table, index)


def _wordless(table: Table, index: int) -> Iterator[tuple[Table, Cell, list[Cell]]]:
    head, first = table.at.get((0, index)), table.at.get((1, index))
    if head is None or first is None or first.node.text or head.columns > 1 or not head.node.visible_text:
        return
    cells = [cell for cell in table.column(index) if cell.row > 0 and cell.node.visible]
    if len(cells) >= _CELLS and not any(_is_told(cell.node) for cell in cells):
        yield table, head, cells


def _is_told(cell: Node) -> bool:
    """Whether a cell says or shows anything but colour: a text, a name, a picture, a control."""
    for node in (cell, *cell.elements()):
        shows = node.tag in ("img", "svg", "canvas", "input", "select", "a", "button", "object") or node.style.get("bi") or any(node.pseudo)
        if shows or node.get("title") or node.get("aria-label") or node.has("aria-labelledby") or len(node.children) > 3:
            return True
    return bool(readable(cell.text))


def _patch(cell: Node) -> tuple[str, tuple[object, ...]] | None:
    """The colour that the cell shows, and what its patch looks like otherwise; None where it shows none."""
    for node in (cell, *cell.elements()):
        colour = rgb(str(node.style.get("bg", "")))
        if colour is not None and node.visible and node.box is not None and (name := hue(colour)):
            size = (round(node.box.width / 3), round(node.box.height / 3)) if node is not cell else ()
            return name, (node.tag, size)
    return None


def colours_are_not_alone(target: tuple[Table, Cell, list[Cell]], evidence: Evidence) -> Finding | None:
    """The cells do not differ, or by more than colour."""
    table, head, cells = target
    patches = [patch for cell in cells if (patch := _patch(cell.node)) is not None]
    colours = sorted({colour for colour, _ in patches})
    if len(patches) < len(cells) or len(colours) < 2 or len({look for _, look in patches}) > 1:
        return PASSED
    shown = [colour for colour, _ in patches]
    others = (column for column in range(table.width) if column != head.column)
    beside = [[at.node.text if (at := table.at.get((cell.row, column))) else "" for cell in cells] for column in others]
    told = [texts for texts in beside if says_the_same(shown, texts)]
    if told and (len(colours) < len(shown) or any(_names_colours(shown, texts) for texts in told)):
        return PASSED
    values = {"header": head.node.visible_text, "count": str(len(cells)), "colours": ", ".join(colours)}
    return cant_tell("perhaps_told", values, node=cells[0].node) if told else failed("colour_alone", values, node=cells[0].node)


def _names_colours(shown: list[str], texts: list[str]) -> bool:
    """Whether texts are the names of the colours."""
    return all(colour in hues(text.casefold()) for colour, text in zip(shown, texts, strict=True))


RULE = Rule(
    name=Text("Ô thể hiện bằng màu có cả chữ", "A cell that is told by its colour has words too"),
    why=Text(
        "Người mù màu không phân biệt được các ô màu, người mù không được báo màu: họ không biết hồ sơ nào quá hạn.",
        "People who are colour blind cannot tell the patches apart, and blind people are told no colours: they do not learn which dossier "
        "is late.",
    ),
    criteria=("1.4.1",),
    needs=("dom",),
    applicability=columns_with_a_header,
    expectation=colours_are_not_alone,
    techniques=("G14", "F13"),
    messages={
        "perhaps_told": message(
            vi="{count} ô của cột “{header}” không có chữ, chỉ khác nhau bằng màu ({colours}). Chữ bên cạnh đã nói điều đó chưa?",
            en="{count} cells of the column “{header}” hold no word and differ by colour only ({colours}). Do texts beside tell it?",
            mend_vi="Nếu chưa, ghi bằng chữ điều mà mỗi màu thể hiện bên cạnh màu.",
            mend_en="If not, write what each colour means beside the colour.",
        ),
        "colour_alone": message(
            vi="{count} ô của cột “{header}” không có chữ, chỉ khác nhau bằng màu ({colours})",
            en="{count} cells of the column “{header}” hold no word and differ by colour only ({colours})",
            mend_vi="Ghi bằng chữ điều mà mỗi màu thể hiện, ví dụ “Quá hạn”, bên cạnh màu.",
            mend_en="Write what each colour means, such as “Late”, beside the colour.",
        ),
    },
)
