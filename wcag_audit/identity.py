"""What an element is known by from one build of a page to the next: what it says, what it points at, and the part it stands in.

Ids, positions, generated class names, framework prefixes, counters and dates do not count: they change while the defect stays.
Pure; ``Node`` is the tree of the ``dom`` artifact.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from html.parser import HTMLParser
from itertools import islice, takewhile
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from wcag_audit.dom import Node

#: Characters kept of a text and of a structure.
_TEXT, _STRUCTURE = 120, 1_000
#: Descendants looked at for what an element without words shows, and for headings; children among which a heading begins a part.
_MARKS, _FIRST = 40, 6

# Texts: counters, dates and times are one sign, whatever their form or unit.
_WEEKDAY = re.compile(
    r"\b(?:thứ (?:hai|ba|tư|năm|sáu|bảy)|chủ nhật|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b[,\s]*(?:ngày\s*)?(?=\d)|"
    r"(?<=\d)\s*(?:january|february|march|april|may|june|july|august|september|october|november|december)\s*(?=\d)"
)
_NUMBER = re.compile(r"\d+(?:\s*[-.,:/–]\s*\d+)*(?:\s?%)?")
_AGO = re.compile(r"# (?:giây|phút|giờ|ngày|tuần|tháng|năm) trước|# (?:second|minute|hour|day|week|month|year)s? ago")

# Addresses and names: hashes of a build, sessions, prefixes of server frameworks.
_HASH = re.compile(r"(?<![a-z0-9])(?=[a-z]*\d)(?=\d*[a-z])[0-9a-f]{6,}(?![a-z0-9])|\d{4,}", re.IGNORECASE)
_HASHED_FILE = re.compile(r"[.-](?=[\w-]*[A-Z\d])[\w-]{8}(?=\.\w{2,5}$)")
_ASP_NET = re.compile(r"^(?:ctl\d+|m|g|c|ms|placeholder\w*|contentplaceholder\w*|content\d+)$", re.IGNORECASE)
_PORTLET = re.compile(r"^_(?:\w+_)?(?:INSTANCE_[A-Za-z0-9]+|\d+|\w+Portlet(?:_\w+)?|\w+_WAR_\w+?)_")
_GENERATED = re.compile(r"^(?:[:«]r\w+[:»]|\w*-\d+|j_idt\d+|[a-z]{2,}-input-\d+|\d+)$")

# Classes.
_STATE = re.compile(
    r"^(?:active|open|show|shown|hidden|hover|focus(?:ed)?|selected|current|in|fade|collapsed?|expanded|first|last|odd|even|ng-.*|is-.*"
    r"|.*[-_](?:active|open|selected|current|hover|focus|disabled|checked))$"
)
_BUILD = re.compile(
    r"\d{2,}|^_ng|^(?:css|sc|jss|jsx|svelte|emotion|yui|aui|astro|ember)[-_]?|^ext-gen"
    r"|^_?(?=\w*\d)(?=\w*[A-Z])[A-Za-z0-9]{4,10}$|^portlet-boundary_"
)
#: What Vite makes of a CSS module's class (``_item_x7f3k_12``, with the line), and JSS (``MuiButton-root-7``, with a counter).
_BUILD_FRAME = re.compile(r"^_(?P<module>.+)_[A-Za-z0-9+-]{5}_\d+$|^(?P<jss>(?:makeStyles|With|Mui)\S*)-\d+$")
#: A hash that a build sets behind a name: CSS modules (``Menu_item__x7Fk2``), Svelte, Vue (``menu-a1b2c3``).
_BUILD_SUFFIX = re.compile(r"(?:__?|-{1,3})(?=\w*[A-Z\d])[A-Za-z0-9+]{4,10}$|___?[A-Za-z0-9-]{5}$")
_STYLED = re.compile(r"^[a-zA-Z0-9]{5,7}$")
#: Classes that lay out and say nothing of what stands there.
_LAYOUT = re.compile(
    r"^(?:row|rows|col|cols|columns?|container|wrapper|wrap|inner|outer|content|body|box|block|item|items|list|group|left|right|center|main"
    r"|clearfix|form-group|control-group|form-control|input-group|controls|portlet|portlet-body|widget|panel|section|page|hidden-\w+"
    r"|(?:row|col|container|d|flex|grid|m|p|w|h|text|bg|border|float|align|justify|gap|order|position|font|rounded|shadow|span|offset"
    r"|mt|mb|ml|mr|mx|my|pt|pb|pl|pr|px|py|items|self|space|min|max|overflow|sm|md|lg|xl|ms|me|fs|fw)(?:[-:]\S*)?)$|^span\d+$"
)

#: Attributes that say what an element without words is for, in the order in which they are read.
_KEYS = ("src", "data", "href", "name", "action", "alt", "title", "aria-label", "placeholder", "http-equiv", "content")
_ADDRESSES = frozenset({"src", "data", "href", "action"})
_DOCUMENT = frozenset({"html", "head", "body"})
_HEADINGS = ("legend", "caption", "h2", "h3", "h4", "h5", "h6")
#: Tags whose text is what they are, even where it stands in elements of its own.
_SPOKEN = frozenset(("a", "button", "label", "legend", "caption", "th", "td", "dt", "summary", "title", "option", "h1", *_HEADINGS))
#: Their items come and go, and head only themselves.
_LISTS = frozenset(("ul", "ol", "dl", "menu"))
_ITEMS = frozenset(("li", "dd", "tr", "article"))
_LANDMARKS = frozenset(("header", "nav", "footer", "aside", "form", "table", "fieldset", "dialog", "figure"))


def normalised(text: str) -> str:
    """Text as it is compared: NFC, case-folded, white space folded, every number, date and time one sign."""
    text = _WEEKDAY.sub(" ", unicodedata.normalize("NFC", text).casefold())
    return _AGO.sub("#", " ".join(_NUMBER.sub("#", text).split()))


@lru_cache(4096)
def class_names(value: str) -> tuple[str, ...]:
    """The classes that name a component rather than a build, a state or a position, without what a build hung on them; sorted."""
    names = value.split()
    styled = any(name.startswith("sc-") for name in names)
    kept = set()
    for name in names:
        framed = _BUILD_FRAME.match(name)
        bare = framed["module"] or framed["jss"] if framed else _BUILD_SUFFIX.sub("", name)
        if bare and not _STATE.match(bare) and not _BUILD.search(bare) and not (styled and _STYLED.match(bare)):
            kept.add(bare)
    return tuple(sorted(kept))


def address(value: str) -> str:
    """Where an address points, without host, query, fragment, session and hashes; empty where it leads nowhere."""
    if value.startswith("data:"):
        return "data:" + hashlib.sha256(value.encode("utf-8", "replace")).hexdigest()[:12]
    try:
        parts = urlsplit(value.strip())
    except ValueError:
        return ""
    if parts.scheme in ("javascript", "blob", "about"):
        return ""
    path = unquote(parts.path).split(";")[0].rstrip("/")
    segment = _HASHED_FILE.sub("", path.rsplit("/", 1)[-1])
    outside = parts.hostname or "" if parts.scheme in ("http", "https") and not segment else ""
    return outside + _HASH.sub("#", segment).casefold()


def field_name(value: str) -> str:
    """A form field's name without the prefixes that ASP.NET, JSF and Liferay make up."""
    value = _PORTLET.sub("", value)
    parts = [part for part in re.split(r"[$:]", value) if part and not _ASP_NET.match(part) and not _GENERATED.match(part)]
    return (parts[-1] if parts else "").casefold()


def _keys(attributes: Mapping[str, str]) -> Iterator[str]:
    for key in _KEYS:
        if not (value := attributes.get(key, "").strip()):
            continue
        known = address(value) if key in _ADDRESSES else field_name(value) if key == "name" else normalised(value)[:_TEXT]
        if known:
            yield f"{key}={known}"
    if attributes.get("type", "") in ("radio", "checkbox") and (value := attributes.get("value", "")):
        yield f"value={_HASH.sub('#', value).casefold()[:_TEXT]}"


def _kind(tag: str, attributes: Mapping[str, str]) -> str:
    return tag + "".join(f"[{name}={attributes[name]}]" for name in ("type", "role") if name in attributes)


def of_parts(tag: str, attributes: Mapping[str, str], text: str) -> str:
    """The identity of an element of which no more is known than its start tag and its text."""
    words = normalised(text)[:_TEXT]
    return "|".join((_kind(tag, attributes), *((words,) if words else _keys(attributes))))


def of_html(html: str, text: str) -> str:
    """The identity of an element of which a report keeps an excerpt."""
    reader = _StartTag()
    reader.feed(html)
    return of_parts(reader.tag, reader.attributes, text)


class _StartTag(HTMLParser):
    """Reads the first start tag."""

    def __init__(self) -> None:
        super().__init__()
        self.tag = ""
        self.attributes: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self.tag:
            self.tag, self.attributes = tag, {name: value or "" for name, value in attrs}


def of_node(node: Node) -> str:
    """An element's identity: its kind with what it says; else what it points at; else the heading that it holds; else what it shows
    and the part it stands in."""
    kind = _kind(node.tag, node.attrs)
    if node.tag in _DOCUMENT:
        return kind
    if words := _words(node):
        return f"{kind}|{words}"
    if keys := tuple(_keys(node.attrs)):
        return "|".join((kind, *keys))
    if said := _said_inside(node):
        return f"{kind}|holds|{said}"
    return "|".join((kind, *class_names(node.get("class")), *_shown(node), "in", *_surroundings(node)))


def of_changing(node: Node) -> str:
    """The identity of an element that shows something else every few seconds (ticker, carousel): what it shows by chance is not it."""
    named = normalised(node.get("aria-label"))[:_TEXT]
    return "|".join((_kind(node.tag, node.attrs), *((named,) if named else (*class_names(node.get("class")), "in", *_surroundings(node)))))


def _words(node: Node) -> str:
    """What an element says by itself: its accessible name, or its own text. The text of all that stands in it is not its own."""
    if node.name and node.tag != "table":
        return normalised(node.name)[:_TEXT]
    own = " ".join(str(child.raw.get("x", "")) for child in node.children if child.is_text)
    words = normalised(own)
    if not words and (node.tag in _SPOKEN or _takes_clicks(node)):
        words = normalised(node.text)
    return words[:_TEXT] if re.search(r"\w|#", words) else ""


def _takes_clicks(node: Node) -> bool:
    """Whether an element is a control by its own attribute: not a list, nor much of a page, whose handler waits for what stands in it."""
    return node.has("onclick") and node.tag not in _LISTS and len(node.text) <= _TEXT


def _said_inside(node: Node) -> str:
    """What a container is known by: its first heading, or the first cell of a table. What a list holds changes from day to day."""
    if node.tag in _LISTS:
        return ""
    tags = (*_HEADINGS, "h1", "th", *(("td",) if node.tag == "table" else ()))
    return next((normalised(one.text)[:_TEXT] for one in node.elements(*tags) if one.text), "")


def _shown(node: Node) -> Iterable[str]:
    """What an element without words shows; of a list, what its items have in common, however many there are today."""
    return dict.fromkeys(_marks(node, files=False)) if node.tag in _LISTS else _marks(node, files=True)


def _marks(node: Node, files: bool) -> Iterator[str]:
    """Icons, drawings and, where ``files`` count, pictures and fields below an element."""
    for number, inner in enumerate(node.elements()):
        if number >= _MARKS:
            return
        if inner.tag in ("i", "span", "em", "b", "svg"):
            yield from (f".{name}" for name in class_names(inner.get("class")))
        if drawn := inner.get("d") or inner.get("points"):
            yield hashlib.sha256(drawn.encode("utf-8", "replace")).hexdigest()[:8]
        if files and inner.tag in ("img", "use", "image", "input"):
            yield from _keys(inner.attrs)


def _surroundings(node: Node) -> Iterator[str]:
    """The nearest part around an element that has a name of its own, with its heading; or one that begins with a heading."""
    for around in node.ancestors():
        if around.tag in _DOCUMENT or around.tag == "main":
            return
        names = [name for name in class_names(around.get("class")) if not _LAYOUT.match(name)]
        if names or around.tag in _LANDMARKS or "-" in around.tag or around.has("role"):
            # Where a part has a class, its tag may differ from page to page: <header class="banner">, <div class="banner">.
            yield from (f".{name}" for name in names) if names else (_kind(around.tag, around.attrs), *_keys(around.attrs))
            yield from (normalised(one.text)[:_TEXT] for one in islice(_headings(around, node), 1))
            return
        heading = _begins_with(around)
        # An h2 heads a part of the page; lower ones may head items of a row.
        if heading is not None and heading is not node and (heading.tag == "h2" or not _repeated(around)):
            yield normalised(heading.text)[:_TEXT]
            return


def _headings(part: Node, node: Node) -> Iterator[Node]:
    """The headings in a part, but neither of an element in it nor of items of a list or table there: those come and go."""
    for heading in islice(part.elements(*_HEADINGS), _MARKS):
        if heading.text and heading is not node and not node.contains(heading):
            inside = takewhile(lambda one: one is not part, heading.ancestors())
            if not any(one.tag in _ITEMS for one in inside):
                yield heading


def _begins_with(part: Node) -> Node | None:
    """The heading among the first children of a section or division, or of the bar that one of them is."""
    if part.tag not in ("section", "div"):
        return None
    for child in part.children[:_FIRST]:
        beginning = child.children[:_FIRST] if child.tag in ("div", "header", "hgroup") else [child]
        heading = next((one for one in beginning if one.tag in _HEADINGS and one.text), None)
        if heading is not None and (heading is child or beginning == [heading] or not _repeated(child)):
            return heading
    return None


def _repeated(part: Node) -> bool:
    """Whether a division is one of a row: an element of its kind stands right beside it. Sections are parts however many there are."""
    if part.tag == "section" or part.parent is None:
        return False
    row, own = part.parent.children, class_names(part.get("class"))
    at = row.index(part)
    # Two to either side: white space may stand between.
    return any(one is not part and one.tag == part.tag and class_names(one.get("class")) == own for one in row[max(at - 2, 0) : at + 3])


def structure(node: Node) -> str:
    """The way from the page's root down to an element, without ids and positions: twins in one component have the same."""
    chain: list[str] = []
    current: Node | None = node
    while current is not None:
        chain.append(_kind(current.tag, current.attrs) + "".join("." + name for name in class_names(current.get("class"))))
        current = current.parent if current.parent is not None else current.frame.owner
    return ">".join(reversed(chain))[-_STRUCTURE:]
