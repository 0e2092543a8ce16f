"""Links that read the same in one context lead to the same place

What it checks
    Links of the same name in one paragraph, list item, cell or block, with no text between them that tells them apart: they should
    lead to the same address. Where each stands under, over or beside a picture of its own, those who see the page can tell them
    apart; where the pictures do not stand between the links in the page's order, those who hear it cannot.

Why it matters
    People who hear a page cannot see that one "Liên hệ" stands below a telephone and the other below a speech balloon. They take one,
    arrive at the wrong place and do not know that there was another.

Fails
    ``<p><img src="thoai.png" alt=""> <img src="thu.png" alt=""> <a href="/goi">Liên hệ</a> <a href="/thu">Liên hệ</a></p>``

Mended
    ``<p><a href="/goi">Liên hệ qua điện thoại</a> <a href="/thu">Liên hệ qua thư</a></p>``

References
    WCAG 2.0 success criterion 2.4.4; failure F63; techniques G91, H30; ACT rule fd3a94. Two addresses may be one place, and what tells
    nobody which is which is ambiguous to users in general: without the pictures it is a question.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, pairwise

from wcag_audit.dom import Node
from wcag_audit.model import Box, Text
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.operable._link_context import address_of, links, name_of, place, same_name, same_page, says_something

#: How far from its link a picture may stand that tells what the link is for, in CSS pixels, and the largest side of such a picture.
_NEAR, _LARGEST = 100.0, 300.0
_LEVELS = 3


def groups(evidence: Evidence) -> dict[tuple[int, str], list[Node]]:
    """Links by the unit of text that they stand in and by their name."""
    table: dict[tuple[int, str], list[Node]] = {}
    for node in links(evidence):
        if (name := same_name(node)) and any(map(str.isalpha, name)):
            unit = place(node)
            if unit is not None and unit.tag not in ("body", "html", "main"):
                table.setdefault((unit.index, name), []).append(node)
    return table


def links_that_read_the_same(evidence: Evidence) -> Iterator[tuple[Node, ...]]:
    """Two or more links of one name in one unit of text."""
    return (tuple(alike) for alike in groups(evidence).values() if len(alike) > 1)


def one_place(alike: tuple[Node, ...], evidence: Evidence) -> Finding | None:
    """All lead to the same address, or text between them tells them apart."""
    for first, second in pairwise(alike):
        one, other = address_of(first), address_of(second)
        if same_page(one) != same_page(other) and not says_something(text_between(first, second, evidence)):
            values = {"name": name_of(first), "first": one, "second": other}
            pictures = own_pictures(first, second)
            if pictures is None:
                return cant_tell("different_places", values, node=first)
            told = [picture.name or picture.html for picture in pictures]
            return failed("told_by_pictures", {**values, "first_picture": told[0], "second_picture": told[1]}, node=first)
    return PASSED


def own_pictures(first: Node, second: Node) -> tuple[Node, Node] | None:
    """The two different pictures that tell two links apart to the eye alone: each at its own link, and none between the links in the
    page's order. None where it is not so."""
    pictures = pictures_around(first, second)
    if any(first.index < picture.index < second.index for picture in pictures):
        return None
    one, other = _beside(first, pictures), _beside(second, pictures)
    if one is None or other is None or one is other or _shows(one) == _shows(other):
        return None
    return one, other


def pictures_around(first: Node, second: Node) -> list[Node]:
    """The small pictures in the nearest part that holds both links and any picture, at most ``_LEVELS`` above the links."""
    parts = (each for each in first.ancestors() if each.contains(second) and each.tag not in ("body", "html", "main"))
    for part in islice(parts, _LEVELS):
        if pictures := [node for node in part.elements("img", "svg") if node.visible and _is_cue(node)]:
            return pictures
    return []


def _is_cue(picture: Node) -> bool:
    return picture.box is not None and max(picture.box.width, picture.box.height) <= _LARGEST


def _shows(picture: Node) -> str:
    return str(picture.state.get("src")) if picture.tag == "img" else picture.html


def _beside(link: Node, pictures: list[Node]) -> Node | None:
    """The one picture at a link: over or under its middle, or on its line; None where there is none or more than one."""
    box = link.box
    if box is None:
        return None
    at = [picture for picture in pictures if picture.box is not None and _at(picture.box, box)]
    return at[0] if len(at) == 1 else None


def _at(picture: Box, link: Box) -> bool:
    """Whether a picture's middle stands over or under a link, or at its side, not far away."""
    x, y = picture.x + picture.width / 2, picture.y + picture.height / 2
    same_column = link.x <= x <= link.x + link.width
    same_line = link.y <= y <= link.y + link.height
    over = max(link.y - (picture.y + picture.height), picture.y - (link.y + link.height))
    aside = max(link.x - (picture.x + picture.width), picture.x - (link.x + link.width))
    return (same_column and 0 <= over <= _NEAR) or (same_line and 0 <= aside <= _NEAR)


def text_between(first: Node, second: Node, evidence: Evidence) -> str:
    nodes = evidence.dom.nodes[first.index + 1 : second.index]
    return " ".join(str(node.raw["x"]) for node in nodes if node.is_text and not first.contains(node))


RULE = Rule(
    name=Text("Liên kết cùng chữ trong một ngữ cảnh dẫn tới cùng một nơi", "Links that read the same in one context lead to one place"),
    why=Text(
        "Người mù dùng trình đọc màn hình nghe các liên kết giống hệt nhau mà không thấy hình ảnh hay vị trí giúp phân biệt, nên dễ tới "
        "nhầm trang và không biết còn có trang khác.",
        "Blind people who use a screen reader hear links that sound the same and do not see the picture or place that tells them apart. "
        "They arrive at the wrong page and do not know that there was another.",
    ),
    criteria=("2.4.4",),
    needs=("dom",),
    applicability=links_that_read_the_same,
    expectation=one_place,
    act=("fd3a94",),
    techniques=("F63", "G91", "H30"),
    messages={
        "told_by_pictures": message(
            vi="Các liên kết cùng chữ “{name}” dẫn tới “{first}” và “{second}”; chỉ hình đặt cạnh ({first_picture} | {second_picture}) cho "
            "biết liên kết nào đi đâu.",
            en="Links that read “{name}” lead to “{first}” and “{second}”; only the pictures by them ({first_picture} | {second_picture}) "
            "tell which leads where.",
            mend_vi="Viết rõ từng nơi trong chữ của liên kết, hoặc đưa hình kèm alt vào bên trong chính liên kết.",
            mend_en="Tell each place in the link's own text, or put the picture with its alt inside the link itself.",
        ),
        "different_places": message(
            vi="Các liên kết cùng chữ “{name}” đứng cạnh nhau dẫn tới “{first}” và “{second}”.",
            en="Links that read “{name}” stand side by side and lead to “{first}” and “{second}”.",
            mend_vi="Nếu hai địa chỉ là hai nội dung khác nhau thì viết rõ từng nơi trong chữ của liên kết.",
            mend_en="Where the two addresses hold different content, tell each place in the link's own text.",
        ),
    },
)
