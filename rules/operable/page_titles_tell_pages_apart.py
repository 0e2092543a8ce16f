"""Page titles tell the pages of a portal apart

What it checks
    Over all sampled pages: one title on pages of three or more different templates under different addresses, and the start page's
    title on another page. Pages of one template whose headings differ and whose title is the same are a question.

Why it matters
    With one title for the whole portal, a screen reader says the same words on every page, and nobody can tell which of ten browser
    tabs holds the dossier form.

Fails
    ``<title>Cổng dịch vụ công tỉnh An Hải</title>`` on the procedure list, the e-form and the look-up page.

Mended
    ``<title>Tra cứu hồ sơ – Cổng dịch vụ công tỉnh An Hải</title>`` on the look-up page, and so on.

References
    WCAG 2.0 success criterion 2.4.2; techniques G88, H25; failure F25. Lists that go on over several pages may share a title.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from zlib import crc32

from wcag_audit.dom import stable_classes
from wcag_audit.model import JSON, Text, bare, cut
from wcag_audit.phrases import phrases
from wcag_audit.rule import PASSED, Evidence, Finding, PageDigest, Rule, cant_tell, failed, message
from wcag_audit.rules.operable._titles import is_placeholder, title_parts

#: Templates that have to share a title; how alike pages of one template are; how common a part of all pages is; parts kept of a page.
_TEMPLATES, _ALIKE, _COMMON, _MAX_PARTS = 3, 0.5, 0.8, 500
#: Steps of an address that name a language or a platform's part, not a section of the portal.
_NO_SECTION = frozenset(("", "!", "vi", "vn", "en", "web", "guest", "portal", "site", "sites", "index.html", "default.aspx"))


class Namesakes(NamedTuple):
    """Pages of one title: their ids, of how many templates and sections, their headings, whether it is the start page's title."""

    title: str
    pages: tuple[str, ...]
    templates: int
    sections: int
    headings: tuple[str, ...]
    home: bool


def title_and_shape(evidence: Evidence) -> JSON:
    """Title, address, first heading, and the page's structure as numbers: each element's kind and classes with its parent's."""
    dom = evidence.dom
    body = next((node for node in dom.all("body") if node.frame.index == 0), None)
    heading = next((node for node in dom.all("h1") if node.exposed and node.text), None)
    shown = [node for node in body.elements() if node.box is not None] if body else []
    kinds = {node.index: ".".join((node.tag, *stable_classes(node.get("class"))[:2])) for node in shown}
    parts = {f"{kinds.get(node.parent.index, '')}>{kinds[node.index]}" for node in shown if node.parent is not None}
    return {
        "title": cut(" ".join(dom.page.title.split()), 300),
        "address": dom.page.url,
        "heading": cut(heading.text, 200) if heading else "",
        "shape": sorted(crc32(part.encode()) for part in parts)[:_MAX_PARTS],
    }


def sections_of(address: str) -> tuple[str, ...]:
    """The steps of an address; those of a single-page application stand in its fragment."""
    url = urlsplit(address)
    route = url.fragment if url.fragment.startswith(("/", "!/")) else ""
    return tuple(step for step in f"{url.path}/{route}".casefold().split("/") if step not in _NO_SECTION)


def templates(shapes: list[set[int]]) -> int:
    """How many different structures there are: each shape joins the first that it resembles."""
    kinds: list[set[int]] = []
    for shape in shapes:
        if not any(len(shape & kind) >= _ALIKE * len(shape | kind) for kind in kinds):
            kinds.append(shape)
    return len(kinds)


def pages_of_one_title(digests: list[PageDigest]) -> Iterator[Namesakes]:
    """The pages of every title that somebody wrote, where there are pages of different addresses."""
    count = Counter(part for each in digests for part in each.digest["shape"])
    common = {part for part, n in count.items() if n >= max(_COMMON * len(digests), 2)} if len(digests) > _TEMPLATES else set()
    table: dict[str, list[PageDigest]] = {}
    for each in digests:
        title = each.digest["title"]
        if title and not is_placeholder(title):
            table.setdefault(bare(title), []).append(each)
    paths = {sections_of(each.digest["address"]) for each in digests}
    if len(paths) > 1:
        base = next((i for i, steps in enumerate(zip(*paths, strict=False)) if len(set(steps)) > 1), min(map(len, paths)))
        yield from (namesakes(group, common, base) for group in table.values())


def namesakes(group: list[PageDigest], common: set[int], base: int) -> Namesakes:
    rows: list[dict[str, Any]] = [each.digest for each in group]
    paths = [sections_of(row["address"])[base:] for row in rows]
    return Namesakes(
        title=rows[0]["title"],
        pages=tuple(each.page.id for each in group),
        templates=templates([set(row["shape"]) - common for row in rows]),
        sections=len({path[:1] for path in paths}),
        headings=tuple(sorted({row["heading"] for row in rows if row["heading"]})),
        home=any(not path for path in paths) and phrases("home_titles").is_one(title_parts(rows[0]["title"])[0]),
    )


def titles_differ(group: Namesakes, digests: list[PageDigest]) -> Finding | None:
    """Pages that differ in topic differ in title."""
    values = {"title": group.title, "pages": str(len(group.pages)), "templates": str(group.templates)}
    values["headings"] = "; ".join(group.headings[:4])
    if group.templates >= _TEMPLATES and group.sections >= _TEMPLATES:
        return failed("one_title_for_all", values, pages=group.pages)
    if group.home and group.templates > 1 and len(group.headings) > 1:
        return failed("title_of_the_start_page", values, pages=group.pages)
    if len(group.headings) >= _TEMPLATES:
        return cant_tell("perhaps_not_apart", values, pages=group.pages)
    return PASSED


_MEND_VI = "Đặt cho mỗi trang một tiêu đề nêu nội dung của chính trang đó, rồi đến tên cổng, ví dụ “Tra cứu hồ sơ – Cổng Dịch vụ công”."
_MEND_EN = "Give every page a title with its own topic first and the portal's name after it, such as “Find a dossier – Service Portal”."

RULE = Rule(
    name=Text("Tiêu đề trang phân biệt được các trang của cổng", "Page titles tell the pages of a portal apart"),
    why=Text(
        "Khi mọi trang có cùng tiêu đề, người mù dùng trình đọc màn hình nghe cùng một câu ở mọi trang, và không ai biết biểu mẫu hồ sơ "
        "đang mở ở thẻ nào của trình duyệt.",
        "With one title for all pages, blind people who use a screen reader hear the same words on each of them, and nobody can tell "
        "which browser tab holds the dossier form.",
    ),
    criteria=("2.4.2",),
    needs=("dom",),
    applicability=pages_of_one_title,
    expectation=titles_differ,
    digest=title_and_shape,
    techniques=("G88", "H25", "F25"),
    messages={
        "one_title_for_all": message(
            vi="Tiêu đề “{title}” dùng chung cho {pages} trang thuộc {templates} loại khác nhau, không nói nội dung của trang nào.",
            en="The title “{title}” stands on {pages} pages of {templates} different kinds and tells the content of none of them.",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "title_of_the_start_page": message(
            vi="Trang khác mang tiêu đề của trang chủ: “{title}” (tiêu đề trong nội dung: {headings}).",
            en="Another page carries the start page's title: “{title}” (headings in the content: {headings}).",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "perhaps_not_apart": message(
            vi="{pages} trang có nội dung khác nhau ({headings}) cùng mang tiêu đề “{title}”.",
            en="{pages} pages of different content ({headings}) carry the one title “{title}”.",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
    },
)
