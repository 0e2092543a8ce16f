"""Different images have different text alternatives

What it checks
    Whether three or more different images of some size (64 CSS pixels and more) on a page carry one and the same text alternative in words.
    Whether it fits all of them only a person can see.

Why it matters
    "Tin tức", "Tin tức", "Tin tức": a blind person hears that there are pictures and is not told what sets them apart.

Fails
    ``<img src="a.jpg" alt="Ảnh hoạt động"> <img src="b.jpg" alt="Ảnh hoạt động"> <img src="c.jpg" alt="Ảnh hoạt động">``

Mended
    ``<img src="a.jpg" alt="Lễ khai trương Bộ phận Một cửa"> …``

References
    WCAG 2.0 success criterion 1.1.1; technique G94; failure F30.
"""

from __future__ import annotations

from collections.abc import Iterator

from wcag_audit.dom import Node
from wcag_audit.model import Text, bare
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, message
from wcag_audit.rules.perceivable._pictures import at_least, images, readable, source_of

_LARGE = 64
_MANY = 3


def images_by_alternative(evidence: Evidence) -> Iterator[list[Node]]:
    """The large visible images with a name, grouped by it."""
    groups: dict[str, list[Node]] = {}
    for image in images(evidence):
        name = bare(readable(image.name))
        if image.tag in ("img", "input") and image.visible and at_least(image, _LARGE) and source_of(image) and any(map(str.isalnum, name)):
            groups.setdefault(name, []).append(image)
    yield from groups.values()


def alternatives_tell_images_apart(group: list[Node], evidence: Evidence) -> Finding | None:
    """Fewer than three different images share the name."""
    sources = {source_of(image) for image in group}
    if len(sources) < _MANY:
        return PASSED
    return cant_tell("same_name", {"name": readable(group[0].name), "count": str(len(sources))}, node=group[0])


RULE = Rule(
    name=Text("Các ảnh khác nhau có văn bản thay thế khác nhau", "Different images have different text alternatives"),
    why=Text(
        "Người mù dùng trình đọc màn hình nghe cùng một câu ở nhiều hình khác nhau, nên biết là có hình mà không biết các hình khác nhau "
        "ở điểm nào.",
        "Blind people who use a screen reader hear the same words for several pictures: they know that there are pictures and not what "
        "sets them apart.",
    ),
    criteria=("1.1.1",),
    needs=("dom",),
    applicability=images_by_alternative,
    expectation=alternatives_tell_images_apart,
    techniques=("G94", "F30"),
    messages={
        "same_name": message(
            vi="{count} ảnh khác nhau cùng có văn bản thay thế “{name}”. Văn bản này có đúng với từng ảnh không?",
            en="{count} different images share the text alternative “{name}”. Does it fit each of them?",
            mend_vi="Nếu không, viết cho mỗi ảnh điều mà riêng ảnh đó cho thấy.",
            mend_en="If not, write for each image what it alone shows.",
        ),
    },
)
