"""A block that pages repeat can be bypassed

What it checks
    Over all sampled pages: a run of five or more links that pages repeat and that stands before the own content of two or more. There
    has to be one way past it: a main landmark, a heading after it, a skip link whose target lies behind it, or a control that collapses
    it. A page alone cannot show what is repeated: five or more links at its start with no way past them are a question, and fewer where
    the page has no heading, main landmark or skip link at all.

Why it matters
    Who uses the Tab key or a screen reader passes the whole menu on every page, thirty stops before the first word of the content.

Fails
    ``<div id="menu"> 20 liên kết … </div><div id="content"><p>Thủ tục …</p></div>``

Mended
    ``<a href="#content">Bỏ qua tới nội dung chính</a> <nav> … </nav><main id="content"><h1>Thủ tục …</h1></main>``

References
    WCAG 2.0 success criterion 2.4.1; techniques G1, G123, H69, ARIA11, SCR28; ACT rule cf77f2.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from operator import attrgetter
from typing import Any, NamedTuple
from urllib.parse import urldefrag
from zlib import crc32

import msgspec

from wcag_audit.dom import Node
from wcag_audit.model import JSON, Target, Text, convert
from wcag_audit.phrases import phrases
from wcag_audit.rule import PASSED, Evidence, Finding, PageDigest, Rule, cant_tell, failed, message

#: Links that make a run a block; characters of a text that make it content; what is kept of one page.
ENOUGH_LINKS, _ENOUGH_TEXT, _MAX_TOKENS, _MAX_TARGETS = 5, 12, 3000, 40
#: Texts of a page's own that may stand before its content: its title, the user's name, a date.
_BEFORE_CONTENT = 3
_LANDMARKS = frozenset(("region", "complementary", "search", "form", "contentinfo"))
_SEEN = ("main", "heading", "link", *_LANDMARKS)
#: What holds texts that are told as links or headings.
_TOLD_OTHERWISE = frozenset(("a", "h1", "h2", "h3", "h4", "h5", "h6"))
#: Counters and dates make no text another one.
_DIGITS = re.compile(r"\d+")
_QUERY = re.compile(r"[?#].*", re.S)
_STRING = re.compile(r"""['"]#?([\w:.-]+)['"]""")


class Block(NamedTuple):
    """A repeated block with the pages that have it and the way past it there: a word of ``way_past``."""

    way: str
    links: int
    pages: tuple[str, ...]
    target: Target | None


class _Scan:
    """One pass over a page: its links, headings and texts in order, and where things start among them."""

    def __init__(self, evidence: Evidence) -> None:
        self.tokens: list[list[Any]] = []
        #: The nodes that the tokens stand for, by index; and the end of what was looked at.
        self.places: list[int] = []
        self.end = len(evidence.dom.nodes)
        self.targets: dict[str, JSON] = {}
        self.main: int | None = None
        self.landmarks: list[int] = []
        speaking = sorted((*evidence.dom.visible_texts, *evidence.dom.with_role(*_SEEN)), key=attrgetter("index"))
        for node in speaking:
            if node.frame.index or len(self.tokens) >= _MAX_TOKENS:
                self.end = node.index
                break
            self._see(node)

    def _see(self, node: Node) -> None:
        if node.is_text:
            text = " ".join(str(node.raw["x"]).split())
            if len(text) >= _ENOUGH_TEXT and node.closest(*_TOLD_OTHERWISE) is None:
                self._add(node, "T", text)
        elif node.role == "main" and node.exposed and node.box is not None and self.main is None:
            self.main = len(self.tokens)
        elif node.role in _LANDMARKS and node.exposed and node.box is not None:
            self.landmarks.append(len(self.tokens))
        elif node.role == "heading" and node.exposed and (node.name or node.text):
            self._add(node, "H", node.name or node.text)
        elif node.role == "link" and node.tabbable and node.visible:
            # A block begins with the first link of several.
            if len(self.targets) < _MAX_TARGETS and (len(self.tokens) < ENOUGH_LINKS or self.tokens[-1][0] != "L"):
                self.targets[str(len(self.tokens))] = msgspec.to_builtins(node.target)
            self._add(node, "L", f"{node.name} {_QUERY.sub('', str(node.state.get('href', '')))}")
            self.tokens[-1].append(1 if node.closest_role("navigation", "banner") is not None else 0)

    def _add(self, node: Node, kind: str, text: str) -> None:
        self.places.append(node.index)
        self.tokens.append([kind, crc32(_DIGITS.sub("", text).casefold().encode(errors="replace"))])

    def span(self, node: Node) -> list[int]:
        """The tokens inside an element, as start and end."""
        return [self.start(node.index, len(self.tokens)), self.start(node.end, len(self.tokens))]

    def start(self, index: int, unseen: int) -> int:
        """How many tokens stand before a node; ``unseen`` where it was not looked at."""
        return bisect_left(self.places, index) if index < self.end else unseen


def links_and_content(evidence: Evidence) -> JSON:
    """What is compared between pages: links, headings and texts in order, landmarks, and what leads past a block or collapses it."""
    scan = _Scan(evidence)
    skips, dead_ends = [], 0
    for node in evidence.dom.with_role("link"):
        if not node.tabbable or node.frame.index:
            continue
        target = skip_target(node, evidence)
        if target is not None:
            skips.append([scan.start(node.index, _MAX_TOKENS), scan.start(target.index, 0)])
        elif phrases("skip_links").found_in(node.name) and (node.has("onclick") or "click" in node.listeners):
            dead_ends += 1
    return {
        "tokens": scan.tokens,
        "targets": scan.targets,
        "main": scan.main,
        "landmarks": scan.landmarks,
        "skips": skips,
        "scripted": dead_ends,
        "collapsible": [scan.span(node) for node in collapsible(evidence)],
    }


def skip_target(link: Node, evidence: Evidence) -> Node | None:
    """The element of the same page that a link leads to."""
    href = str(link.state.get("href", ""))
    if "#" not in href:
        return None
    address, fragment = urldefrag(href)
    if not fragment or address != urldefrag(link.frame.url)[0]:
        return None
    found = evidence.dom.with_id(fragment, link)
    return found or next((node for node in evidence.dom.all("a") if node.get("name") == fragment), None)


def collapsible(evidence: Evidence) -> Iterator[Node]:
    """Elements that a visible control shows and hides."""
    for node in evidence.dom.elements:
        if node.tag == "details":
            yield node
        elif node.role == "button" and node.tabbable and node.visible:
            for name in (*node.get("aria-controls").split(), *_STRING.findall(node.get("onclick"))):
                if (found := evidence.dom.with_id(name, node)) is not None and not found.contains(node):
                    yield found


def way_past(page: dict[str, Any], start: int, end: int, own: Sequence[int]) -> str:
    """How the block is bypassed: ``main``, ``heading``, ``skip`` or ``collapse``; ``landmark`` or ``script`` if not sure; or ``none``."""
    if page["main"] is not None and page["main"] > start:
        return "main"
    if any(kind[0] == "H" for kind in page["tokens"][end : own[-1] + 1]):
        return "heading"
    if any(source <= end and end <= target <= own[-1] for source, target in page["skips"]):
        return "skip"
    if any(first <= start and last >= (start + end) // 2 for first, last in page["collapsible"]):
        return "collapse"
    links = [token for token in page["tokens"][start:end] if token[0] == "L"]
    if all(token[2] for token in links) or any(end <= place <= own[-1] for place in page["landmarks"]):
        return "landmark"
    return "script" if page["scripted"] else "none"


def block_of(page: dict[str, Any], repeated: Counter[tuple[str, int]]) -> tuple[int, int, list[int]] | None:
    """Start and end of the first repeated block before the page's own content, and where that content stands."""
    tokens = page["tokens"]
    own = [i for i, token in enumerate(tokens) if repeated[token[0], token[1]] < 2]
    for before, after in pairwise([-1, *own]):
        places = [i for i in range(before + 1, after) if tokens[i][0] == "L"]
        if len(places) >= ENOUGH_LINKS and not has_begun(page, own, places[0]) and after <= own[len(own) // 2]:
            return places[0], places[-1] + 1, own
    return None


def has_begun(page: dict[str, Any], own: Sequence[int], place: int) -> bool:
    """Whether the page's own content begins before a place: inside its main landmark, or with more than a title and a date."""
    earlier = [i for i in own if i < place]
    return len(earlier) > _BEFORE_CONTENT or (page["main"] is not None and any(i >= page["main"] for i in earlier))


def repeated_blocks(digests: list[PageDigest]) -> Iterator[Block]:
    """Blocks of five or more links before the page's own content that at least two pages have."""
    if len(digests) == 1:
        yield from leading_links(digests[0])
        return
    repeated = Counter(key for each in digests for key in {(token[0], token[1]) for token in each.digest["tokens"]})
    blocks = [(each, *found) for each in digests if (found := block_of(each.digest, repeated)) is not None]
    # Where one page alone begins so, the links are its own (the contents of a chapter), though another page lists them as well.
    begun = Counter(each.digest["tokens"][start][1] for each, start, _, _ in blocks)
    table: dict[tuple[str, int], list[tuple[str, int, Target | None]]] = {}
    for each, start, end, own in blocks:
        first = each.digest["tokens"][start][1]
        if begun[first] > 1:
            links = sum(token[0] == "L" for token in each.digest["tokens"][start:end])
            key = (way_past(each.digest, start, end, own), first)
            table.setdefault(key, []).append((each.page.id, links, _target(each.digest, start)))
    for (way, _), pages in table.items():
        yield Block(way, pages[0][1], tuple(page for page, _, _ in pages), pages[0][2])


def leading_links(page: PageDigest) -> Iterator[Block]:
    """The links with which a page alone begins, perhaps behind the site's name: other pages may repeat them."""
    tokens = page.digest["tokens"]
    start = next((i for i, token in enumerate(tokens) if token[0] == "L"), len(tokens))
    content = [i for i, token in enumerate(tokens) if token[0] != "L" and i > start]
    links = content[0] - start if content else 0
    nowhere = nowhere_to_go(page.digest)
    if start <= _BEFORE_CONTENT and (links >= ENOUGH_LINKS or (links and not start and nowhere)):
        way = way_past(page.digest, start, start + links, content)
        alone = way == "none" or (nowhere and way == "landmark")
        yield Block("alone" if alone else way, links, (page.page.id,), _target(page.digest, start))


def nowhere_to_go(page: dict[str, Any]) -> bool:
    """Whether a page has nothing at all that people could jump to or fold away."""
    headings = any(token[0] == "H" for token in page["tokens"])
    return not headings and page["main"] is None and not page["skips"] and not page["collapsible"] and not page["scripted"]


def _target(page: dict[str, Any], place: int) -> Target | None:
    found = page["targets"].get(str(place))
    return convert(found, Target) if found else None


def there_is_a_way_past(block: Block, digests: list[PageDigest]) -> Finding | None:
    """A landmark, heading, skip link or collapsing control leads past the block."""
    values = {"links": str(block.links), "pages": str(len(block.pages))}
    if block.way == "none":
        return failed("no_way_past", values, target=block.target, pages=block.pages)
    if block.way == "alone":
        return cant_tell("perhaps_repeated", values, target=block.target, pages=block.pages)
    if block.way in ("landmark", "script") and len(digests) > 1:
        return cant_tell("doubtful_way_past", values, target=block.target, pages=block.pages)
    return PASSED


_MEND_VI = "Đặt nội dung chính trong <main>, mở đầu bằng tiêu đề h1, và thêm liên kết “Bỏ qua tới nội dung chính” ở đầu trang."
_MEND_EN = "Put the main content in <main>, start it with an h1, and add a link “Skip to main content” at the top of the page."

RULE = Rule(
    name=Text("Khối lặp lại trên nhiều trang có cách bỏ qua", "A block that pages repeat can be bypassed"),
    why=Text(
        "Người chỉ dùng bàn phím và người mù dùng trình đọc màn hình phải đi qua toàn bộ trình đơn, có khi vài chục liên kết, ở mỗi trang "
        "rồi mới tới nội dung chính.",
        "On every page, people who use only a keyboard or a screen reader have to pass the whole menu, often dozens of links, before they "
        "reach the content.",
    ),
    criteria=("2.4.1",),
    needs=("dom",),
    applicability=repeated_blocks,
    expectation=there_is_a_way_past,
    digest=links_and_content,
    act=("cf77f2",),
    techniques=("G1", "G123", "H69", "ARIA11", "SCR28"),
    messages={
        "no_way_past": message(
            vi="Khối {links} liên kết lặp lại trên {pages} trang đứng trước nội dung chính mà không có cách nào bỏ qua nó.",
            en="A block of {links} links repeated on {pages} pages stands before the main content, and nothing leads past it.",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "perhaps_repeated": message(
            vi="Trang mở đầu bằng {links} liên kết và không có cách nào bỏ qua chúng.",
            en="The page begins with {links} links, and nothing leads past them.",
            mend_vi="Nếu các trang khác cũng có khối liên kết này thì thêm <main>, tiêu đề h1 và liên kết “Bỏ qua tới nội dung chính”.",
            mend_en="Where other pages have this block as well, add <main>, an h1 and a link “Skip to main content”.",
        ),
        "doubtful_way_past": message(
            vi="Khối {links} liên kết lặp lại trên {pages} trang đứng trước nội dung chính; chưa rõ có bỏ qua được không.",
            en="A block of {links} links repeated on {pages} pages stands before the main content; a way past it is not certain.",
            mend_vi="Thử đi thẳng tới nội dung chính bằng bàn phím và trình đọc màn hình; nếu không được thì thêm <main>, tiêu đề h1.",
            mend_en="Try to go straight to the main content by keyboard and screen reader; where you cannot, add <main> and an h1.",
        ),
    },
)
