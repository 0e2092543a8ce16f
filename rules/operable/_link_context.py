"""What surrounds a link in a way that assistive technology can tell: the context of criterion 2.4.4.

Sentence, paragraph, list item and the items around it, table cell with its headers, definition, caption, a named group, description,
title, and the heading before it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from operator import attrgetter
from urllib.parse import unquote

from wcag_audit.dom import Node
from wcag_audit.model import bare, nfc
from wcag_audit.phrases import phrases
from wcag_audit.rule import Evidence

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_PARAGRAPHS = ("p", "li", "dd", "dt", "figcaption", "caption", "summary", "legend", "label", "blockquote", "address", *_HEADINGS)
_GROUP_ROLES = frozenset((
    "region", "article", "group", "figure", "listitem", "row", "dialog", "alert", "alertdialog", "tabpanel", "form", "note",
))
_LANDMARKS = frozenset(("banner", "navigation", "contentinfo", "complementary", "search"))
#: Telling items of the shortest menu.
_MENU = 3
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|pptx?|odt|ods|rtf|txt|zip|rar|7z|apk|exe|msi)(?:[?#]|$)", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]")
#: The number of a part of a text, before its words.
_NUMBER = re.compile(r"^[\W\d_]+")


def is_link(node: Node) -> bool:
    return node.role == "link" or (node.role is None and node.tag in ("a", "area") and (node.has("href") or node.has("xlink:href")))


def links(evidence: Evidence) -> list[Node]:
    """Every link that assistive technology is told of, in document order."""
    return evidence.share("links", lambda e: [node for node in e.dom.elements if node.exposed and is_link(node)])


def name_of(link: Node) -> str:
    return link.name or ("" if link.is_html else link.text)


def address_of(link: Node) -> str:
    """Where a link leads, absolute where the browser told it; for an emulated link its script."""
    return str(link.state.get("href") or link.get("href") or link.get("xlink:href") or link.get("onclick")).strip()


def says_something(text: str) -> bool:
    """Whether a text tells more than a generic link text, a date or signs would."""
    return len(_LETTERS.findall(text)) >= 3 and not phrases("generic_links").is_one(text)


def headings(evidence: Evidence) -> list[Node]:
    """Headings that assistive technology is told of, in document order."""
    return [node for node in evidence.dom.with_role("heading") if node.exposed and says_something(node.name or node.text)]


def heading_before(link: Node, evidence: Evidence) -> Node | None:
    """The last heading before a link, unless it belongs to a landmark that the link is not in (the site's name in the banner)."""
    known = evidence.share("headings-that-say-something", headings)
    for heading in reversed(known[: bisect_right(known, link.index, key=attrgetter("index"))]):
        if heading.frame is link.frame:
            landmark = heading.closest_role(*_LANDMARKS)
            if landmark is None or landmark.contains(link):
                return heading
    return None


def _link_round(text: Node) -> Node | None:
    """The innermost link that a text stands in."""
    node = text.parent
    while node is not None and not is_link(node):
        node = node.parent
    return node


def text_beside(container: Node, link: Node, *, same_block: bool) -> str:
    """The text of a container without that of generic links; with ``same_block`` only what runs on in the container's own lines."""
    parts = []
    for text in container.texts:
        if "h" in text.raw or (same_block and text.block is not container):
            continue
        own = _link_round(text)
        if own is link or (own is not None and not says_something(name_of(own))):
            continue
        parts.append(str(text.raw.get("x", "")))
    images = (image for image in container.elements("img") if image.exposed and image.name and not same_block and not link.contains(image))
    return " ".join((*parts, *(image.name for image in images)))


def names_a_section(link: Node) -> bool:
    """Whether a text such as "Tải về" is an item of a menu: its list holds items that each begin with a link, most of them telling."""
    item = link.closest("li")
    menu = item.parent if item is not None else None
    if menu is None or not phrases("section_names").is_one(name_of(link)) or _FILE.search(address_of(link)):
        return False
    heads = [next((each for each in other.elements() if is_link(each)), None) for other in menu.children if other.tag == "li"]
    telling = [head for head in heads if head is not None and says_something(name_of(head))]
    return None not in heads and len(telling) >= _MENU


def names_its_heading(link: Node, evidence: Evidence) -> bool:
    """Whether it leads to a heading of this page that reads as it does, as an entry of a table of contents."""
    fragment = unquote(link.get("href").partition("#")[2]) if link.get("href").startswith("#") else ""
    target = evidence.dom.with_id(fragment, link) if fragment else None
    heading = next((each for each in (target, *target.ancestors()) if each.role == "heading"), None) if target is not None else None
    words = {nfc(each.text) for each in (target, heading) if each is not None}
    return heading is not None and _NUMBER.sub("", nfc(name_of(link))) in {_NUMBER.sub("", each) for each in words}


def own_context(link: Node, evidence: Evidence) -> bool:
    """Whether what belongs to this link alone tells its purpose: sentence, item, cell, definition, group or description."""
    if says_something(link.get("title")) or any(says_something(each.text) for each in evidence.dom.referred(link, "aria-describedby")):
        return True
    if says_something(link.get("aria-description")):
        return True
    block = link.block
    if block is not None and says_something(text_beside(block, link, same_block=True)):
        return True
    return any(tells(each, link, evidence) for each in link.ancestors())


def tells(container: Node, link: Node, evidence: Evidence) -> bool:
    """Whether an ancestor is a unit of text that gives the link its context."""
    if container.tag in ("body", "html", "main"):
        return False
    if container.tag in ("td", "th") or container.role in ("cell", "gridcell", "columnheader", "rowheader"):
        return says_something(text_beside(container, link, same_block=False)) or has_headers(container, evidence)
    if container.tag in _PARAGRAPHS or container.role in ("listitem", "paragraph"):
        if says_something(text_beside(container, link, same_block=False)):
            return True
        return container.tag == "dd" and any(each.tag == "dt" for each in (container.parent.children if container.parent else ()))
    return container.role in _GROUP_ROLES and says_something(container.name or container.get("aria-label"))


def has_headers(cell: Node, evidence: Evidence) -> bool:
    """Whether the cell's table has header cells."""
    table = next((each for each in cell.ancestors() if each.tag == "table" or each.role in ("table", "grid", "treegrid")), None)
    if table is None or table.role in ("presentation", "none"):
        return False
    known: dict[int, bool] = evidence.share("tables-with-headers", lambda _: {})
    if table.index not in known:
        heads = (each for each in table.elements() if each.tag == "th" or each.role in ("columnheader", "rowheader"))
        known[table.index] = any(says_something(each.text) for each in heads)
    return cell.has("headers") or known[table.index]


def row_text(link: Node) -> str:
    """The text of the table row that the link stands in, without the link's own."""
    row = link.closest("tr")
    return "" if row is None else text_beside(row, link, same_block=False)


def place(link: Node) -> Node | None:
    """The unit of text that a link stands in: its paragraph, item, cell or block."""
    unit = link.closest(*_PARAGRAPHS, "td", "th")
    return unit or link.block


def is_page_heading(heading: Node, evidence: Evidence) -> bool:
    """Whether a heading is that of the page as a whole, not that of one article among other headings of its level."""
    known = [each for each in evidence.share("headings-that-say-something", headings) if _is_topmost(each)]
    article = heading.closest_role("article")
    return _is_topmost(heading) and (article is None or all(article.contains(each) for each in known))


def _is_topmost(heading: Node) -> bool:
    return heading.get("aria-level") == "1" or (heading.tag == "h1" and not heading.has("aria-level"))


def same_page(address: str) -> str:
    """An address as far as it decides where a link leads: without scheme, www, fragment, default file and last slash."""
    rest = re.sub(r"^https?://(?:www\.)?", "", address.split("#")[0] if not re.search(r"#!?/", address) else address)
    return re.sub(r"/(?:index|default)\.\w+$", "/", rest).rstrip("/").casefold()


def same_name(link: Node) -> str:
    return bare(name_of(link))
