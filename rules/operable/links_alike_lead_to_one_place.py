"""Links that read the same in one context lead to the same place

What it checks
    Links of the same name in one paragraph, list item, cell or block, with no text between them that tells them apart: they should
    lead to the same address.

Why it matters
    People who hear a page cannot see that one "Liên hệ" stands below a telephone and the other below a speech balloon. They take one,
    arrive at the wrong place and do not know that there was another.

Fails
    ``<p><img src="thoai.png" alt=""> <img src="thu.png" alt=""> <a href="/goi">Liên hệ</a> <a href="/thu">Liên hệ</a></p>``

Mended
    ``<p><a href="/goi">Liên hệ qua điện thoại</a> <a href="/thu">Liên hệ qua thư</a></p>``

References
    WCAG 2.0 success criterion 2.4.4; techniques G91, H30; ACT rule fd3a94. Two addresses may be one place, so this is always a question.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from wcag_audit.dom import Node
from wcag_audit.model import Text
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, message
from wcag_audit.rules.operable._link_context import address_of, links, name_of, place, same_name, same_page, says_something


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
            return cant_tell("different_places", {"name": name_of(first), "first": one, "second": other}, node=first)
    return PASSED


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
    techniques=("G91", "H30"),
    messages={
        "different_places": message(
            vi="Các liên kết cùng chữ “{name}” đứng cạnh nhau dẫn tới “{first}” và “{second}”.",
            en="Links that read “{name}” stand side by side and lead to “{first}” and “{second}”.",
            mend_vi="Nếu hai địa chỉ là hai nội dung khác nhau thì viết rõ từng nơi trong chữ của liên kết.",
            mend_en="Where the two addresses hold different content, tell each place in the link's own text.",
        ),
    },
)
