"""The page's source as it was sent: its tags with their places, and what a parser of the HTML standard says is wrong with them.

Two passes. ``read`` finds the tags with one cheap scan and notices whether anything could be wrong; only then does html5lib, which
is thorough and slow, parse the source and decide. Contents of ``template`` are left out: html5lib does not know that element.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import msgspec

from wcag_audit.dom import Node
from wcag_audit.model import Target, Text, cut
from wcag_audit.rule import Evidence, Missing

#: Levels of open elements that html5lib is asked to follow; its time grows with their square.
MAX_DEPTH = 1_000
#: Characters that html5lib parses (some 0.7 ms per thousand); of a longer source only so much is judged.
MAX_PARSED = 400_000

_NAME = re.compile(r"[a-zA-Z][^\s/>]*")
_ATTRIBUTE = re.compile(r"[\s/]*([^\s/>][^\s/>=]*)(\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>][^\s>]*)|))?")
#: A tag written as the standard asks, as nearly all are: closing slash and name, or name and attributes.
_SOUND = re.compile(
    r"<(?:(/)([a-zA-Z][^\s/>]*+)[ \t\n\f]*+"
    r"|([a-zA-Z][^\s/>]*+)((?:[ \t\n\f]++[^\s/>=\"'<]++(?:=(?:\"[^\"]*+\"|'[^']*+'|[^\s\"'>][^\s>]*+))?+)*+)[ \t\n\f]*+/?+)>"
)
_SOUND_ATTRIBUTE = re.compile(r"([^\s=]++)(?:=(?:\"([^\"]*+)\"|'([^']*+)'|(\S++)))?+")
_AFTER_VALUE = frozenset(" \n\t\f/>")
_OPENING = re.compile(r"<(?=[a-zA-Z/!?])")
_RAW = frozenset(["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript"])
_VOID = frozenset([
    "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen", "link", "meta", "param",
    "source", "track", "wbr",
])
#: Elements whose end tag the standard lets authors leave out.
_OPTIONAL_END = frozenset([
    "li", "dd", "dt", "p", "tr", "td", "th", "tbody", "thead", "tfoot", "option", "optgroup", "colgroup", "caption", "rb", "rt",
    "rtc", "rp", "html", "head", "body",
])
_CLOSES_P = frozenset(
    [
        "address", "article", "aside", "blockquote", "center", "details", "dialog", "dir", "div", "dl", "fieldset", "figcaption",
        "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "li", "main", "menu", "nav", "ol",
        "p", "pre", "section", "summary", "table", "ul", "dd", "dt",
    ]
)
_NEVER_INSIDE_ITSELF = frozenset(["a", "button", "form", "nobr", "body"])
#: Elements whose end tag does not take effect: what follows it still belongs to them. Templates are followed apart.
_LEFT_OPEN = frozenset(["html", "body"])
_LISTS = frozenset(["ul", "ol"])
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_TABLE_PARTS = frozenset(["caption", "col", "colgroup", "tbody", "td", "tfoot", "th", "thead", "tr"])
_MAY_HOLD = {
    "table": frozenset(["caption", "colgroup", "thead", "tbody", "tfoot", "tr", "script", "template", "style"]),
    "tbody": frozenset(["tr", "script", "template"]),
    "thead": frozenset(["tr", "script", "template"]),
    "tfoot": frozenset(["tr", "script", "template"]),
    "tr": frozenset(["td", "th", "script", "template"]),
}
_CLOSES = {
    "li": ("li",),
    "dd": ("dd", "dt"),
    "dt": ("dd", "dt"),
    "option": ("option",),
    "optgroup": ("option", "optgroup"),
    "td": ("td", "th"),
    "th": ("td", "th"),
    "tr": ("td", "th", "tr", "caption", "colgroup"),
    "tbody": ("td", "th", "tr", "tbody", "thead", "tfoot", "caption", "colgroup"),
    "tfoot": ("td", "th", "tr", "tbody", "thead", "caption", "colgroup"),
    "thead": ("caption", "colgroup"),
    "rt": ("rt", "rp", "rb"),
    "rp": ("rt", "rp", "rb"),
    "body": ("head",),
}
_IN_HEAD = frozenset(["base", "link", "meta", "noscript", "script", "style", "template", "title", "head", "body", "basefont", "bgsound"])


class Tag(NamedTuple):
    """A start tag: its name, its attributes as written (names in lower case), where it stands, and the id of the element round it."""

    name: str
    attributes: list[tuple[str, str]]
    start: int
    end: int
    within: str


class Slip(NamedTuple):
    """An error of the parser that breaks the criterion: its kind, the tag that it is about, and where that tag stands."""

    kind: str
    tag: str
    start: int
    end: int


class Source(msgspec.Struct):
    """What ``read`` gives. ``doubtful`` says that the quick scan saw something that html5lib should judge."""

    text: str
    tags: list[Tag]
    doubtful: bool
    templates: list[tuple[int, int]]
    lines: list[int]
    misplaced: list[Slip]
    depth: int = 0

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of a character, both from 1."""
        line = bisect_right(self.lines, offset)
        return line, offset - self.lines[line - 1] + 1

    def within(self, offset: int) -> str:
        """The id of the nearest element with one that was open at that character, as far as the quick scan can tell."""
        index = bisect_right(self.tags, offset, key=lambda tag: tag.start) - 1
        return "" if index < 0 else dict(self.tags[index].attributes).get("id", "") or self.tags[index].within


def source_of(evidence: Evidence) -> Source | None:
    """The page's source where it was sent as HTML; None for XML and for what was not kept whole."""
    return evidence.share("source", _source)


def _source(evidence: Evidence) -> Source | None:
    data = evidence.data("source")
    kind = next((value for name, value in data["headers"].items() if name.lower() == "content-type"), "")
    if "xml" in kind.lower() or not data["text"].strip():
        return None
    return read(data["text"])


def read(text: str) -> Source:
    """Scan a source. Comments, scripts and other raw text hold no tags."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = [0, *(match.end() for match in re.finditer("\n", text))]
    source = Source(text=text, tags=[], doubtful=False, templates=[], lines=lines, misplaced=[])
    _Scan(source).run()
    return source


@lru_cache(4096)
def _misfits(parent: str, tag: str) -> bool:
    """Whether the standard lets no such tag stand right inside its parent."""
    allowed = _MAY_HOLD.get(parent)
    if allowed is not None:
        return tag not in allowed
    outside_a_table = tag in _TABLE_PARTS and parent != "colgroup"
    return outside_a_table or (tag in _HEADINGS and parent in _HEADINGS) or (parent == "head" and tag not in _IN_HEAD)


@lru_cache(4096)
def _is_plain(parent: str, tag: str) -> bool:
    """Whether such a tag in such a parent closes nothing, can be no error and holds tags: as most are, so this is asked first."""
    implies = parent in _CLOSES.get(tag, ()) or (parent == "p" and (tag in _CLOSES_P or tag in _CLOSES))
    special = tag in _RAW or tag in _NEVER_INSIDE_ITSELF or (tag in _LISTS and parent in _LISTS)
    return not (implies or special or _misfits(parent, tag))


class _Scan:
    """The quick scan. It follows open elements well enough to say that a page is in order, never that it is not."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.open: list[tuple[str, str]] = []
        self.names: dict[str, int] = {}
        self.template_depth = 0
        self.template_start = 0

    def run(self) -> None:
        at = 0
        while (match := _OPENING.search(self.text, at)) is not None:
            start = match.start()
            sound = _SOUND.match(self.text, start)
            if sound is None:
                at = self._odd(start)
            elif self.open and sound[2] == self.open[-1][0] and not self.template_depth and sound[2] not in _LEFT_OPEN:
                self._pop()
                at = sound.end()
            else:
                at = self._sound(sound)
        if self.open and any(name not in _OPTIONAL_END for name, _ in self.open):
            self.source.doubtful = True
        if self.template_depth:
            self.source.templates.append((self.template_start, len(self.text)))

    def _sound(self, match: re.Match[str]) -> int:
        """Take in a well-written tag; where to go on."""
        closing, closed, opened, written = match.groups()
        attributes = [(name.lower(), a or b or c) for name, a, b, c in _SOUND_ATTRIBUTE.findall(written)] if written else []
        return self._tag(closing is not None, (closed or opened).lower(), attributes, match.start(), match.end() - 1)

    def _odd(self, start: int) -> int:
        """Take in a comment, a declaration or a tag that is written in another way; where to go on."""
        text = self.text
        if text.startswith("<!--", start):
            at_once = re.compile(r"-?>").match(text, start + 4)
            return at_once.end() if at_once else self._after(start + 4, "-->")
        if text[start + 1] in "!?":
            return self._after(start, ">")
        closing = text[start + 1] == "/"
        name = _NAME.match(text, start + 1 + closing)
        if name is None:
            return self._after(start, ">")
        attributes, end, whole = self._attributes(name.end())
        if not whole or end >= len(text):
            self.source.doubtful = True
            return len(text)
        return self._tag(closing, name[0].lower(), attributes, start, end)

    def _tag(self, closing: bool, tag: str, attributes: list[tuple[str, str]], start: int, end: int) -> int:
        """Take a tag in; where to go on."""
        if tag == "template":
            self._template(closing, start, end + 1)
        elif self.template_depth:
            return end + 1 if closing or tag not in _RAW else self._raw_end(tag, end + 1)
        elif closing:
            self._close(tag)
        else:
            return self._start(tag, attributes, start, end)
        return end + 1

    def _after(self, start: int, mark: str) -> int:
        found = self.text.find(mark, start)
        return len(self.text) if found < 0 else found + len(mark)

    def _attributes(self, at: int) -> tuple[list[tuple[str, str]], int, bool]:
        """The attributes from ``at`` on, where the tag ends, and whether it is written soundly so far."""
        attributes = []
        while (match := _ATTRIBUTE.match(self.text, at)) is not None:
            name, rest = match[1], match[2]
            at = match.end()
            quoted = match[3] if match[3] is not None else match[4]
            attributes.append((name.lower(), quoted if quoted is not None else match[5] or ""))
            following = self.text[at : at + 1]
            if rest and quoted is None and not match[5] and following in ("'", '"'):
                return attributes, at, False
            if '"' in name or "'" in name or "<" in name or (quoted is not None and following not in _AFTER_VALUE):
                self.source.doubtful = True
        end = self.text.find(">", at)
        return attributes, len(self.text) if end < 0 else end, end >= 0

    def _template(self, closing: bool, start: int, end: int) -> None:
        if not closing:
            self.template_start = start if not self.template_depth else self.template_start
            self.template_depth += 1
        elif self.template_depth:
            self.template_depth -= 1
            if not self.template_depth:
                self.source.templates.append((self.template_start, end))

    def _foreign(self) -> bool:
        """Whether the place is inside svg or math, where other rules hold."""
        for name, _ in reversed(self.open):
            if name in ("svg", "math"):
                return True
            if name in ("foreignobject", "annotation-xml"):
                return False
        return False

    def _start(self, tag: str, attributes: list[tuple[str, str]], start: int, end: int) -> int:
        parent, identifier = self.open[-1] if self.open else ("", "")
        self.source.tags.append(Tag(tag, attributes, start, end + 1, identifier))
        names = self.names
        if (names.get("svg") or names.get("math")) and self._foreign():
            if self.text[end - 1] == "/":
                return end + 1
        elif not _is_plain(parent, tag) or (names.get("p") and tag in _CLOSES_P):
            self._imply_ends(tag)
            parent = self.open[-1][0] if self.open else ""
            self._check_place(tag, parent)
            if tag in _LISTS and parent in _LISTS:
                self.source.misplaced.append(Slip("misplaced", tag, start, end + 1))
            if tag in _RAW:
                return self._raw_end(tag, end + 1)
        if tag not in _VOID:
            self._descend(tag, attributes)
        return end + 1

    def _descend(self, tag: str, attributes: list[tuple[str, str]]) -> None:
        identifier = self.open[-1][1] if self.open else ""
        for name, value in attributes:
            if name == "id" and value:
                identifier = value
                break
        self.open.append((tag, identifier))
        self.names[tag] = self.names.get(tag, 0) + 1
        if len(self.open) > self.source.depth:
            self.source.depth = len(self.open)

    def _raw_end(self, tag: str, at: int) -> int:
        match = re.compile(rf"</{tag}[\s/>]", re.IGNORECASE).search(self.text, at)
        if match is None:
            self.source.doubtful = True
            return len(self.text)
        return self._after(match.start(), ">")

    def _imply_ends(self, tag: str) -> None:
        """Pop what a start tag closes by itself."""
        if tag in _CLOSES_P and self.open and self.open[-1][0] == "p":
            self._pop()
        siblings = _CLOSES.get(tag)
        while siblings is not None and self.open and (self.open[-1][0] in siblings or (self.open[-1][0] == "p" and tag != "body")):
            self._pop()

    def _check_place(self, tag: str, parent: str) -> None:
        """Doubt a start tag that its parent cannot hold, or that closes something which must be closed by its own tag."""
        twice = tag in _NEVER_INSIDE_ITSELF and self.names.get(tag, 0) > 0
        if twice or (tag in _CLOSES_P and self.names.get("p", 0) > 0) or _misfits(parent, tag):
            self.source.doubtful = True

    def _pop(self) -> None:
        self.names[self.open.pop()[0]] -= 1

    def _close(self, tag: str) -> None:
        if tag in _VOID or tag in _LEFT_OPEN:
            return
        while self.open and self.open[-1][0] != tag and self.open[-1][0] in _OPTIONAL_END and tag not in ("p", "li", "dd", "dt"):
            self._pop()
        if self.open and self.open[-1][0] == tag:
            self._pop()
            return
        self.source.doubtful = True
        while self.names.get(tag):
            self._pop()


#: html5lib's errors that are one of the criterion's kinds. All others (doctype, entities, misplaced text …) are no matter of 4.1.1.
_KINDS = {
    "expected-closing-tag-but-got-eof": "unclosed",
    "expected-one-end-tag-but-got-another": "unclosed",
    "expected-named-closing-tag-but-got-eof": "unclosed",
    "end-tag-too-early": "unclosed",
    "end-tag-too-early-named": "unclosed",
    "end-tag-too-early-ignored": "crossed",
    "unexpected-cell-end-tag": "unclosed",
    "eof-in-table": "unclosed",
    "adoption-agency-1.2": "crossed",
    "adoption-agency-1.3": "crossed",
    "adoption-agency-4.4": "crossed",
    "unexpected-end-tag": "unopened",
    "unexpected-end-tag-implies-table-voodoo": "unopened",
    "unexpected-end-tag-in-table-body": "unopened",
    "unexpected-end-tag-in-table-row": "unopened",
    "unexpected-start-tag": "misplaced",
    "unexpected-start-tag-ignored": "misplaced",
    "unexpected-start-tag-implies-end-tag": "misplaced",
    "unexpected-start-tag-implies-table-voodoo": "misplaced",
    "unexpected-cell-in-table-body": "misplaced",
    "unexpected-form-in-table": "misplaced",
    "unexpected-character-after-attribute-value": "garbled",
    "invalid-character-in-attribute-name": "garbled",
    "eof-in-attribute-name": "garbled",
    "eof-in-attribute-value-double-quote": "garbled",
    "eof-in-attribute-value-single-quote": "garbled",
    "eof-in-tag-name": "garbled",
}
#: Tags of which the parser's complaint is no proof: their rules changed after it was written, or nothing is lost.
_NOT_JUDGED = frozenset([
    "html", "head", "body", "frameset", "rb", "rt", "rtc", "rp", "ruby", "search", "keygen", "menuitem", "template", "selectedcontent",
]) | _VOID


def slips(source: Source) -> Iterator[Slip]:
    """What breaks the criterion; nothing is parsed where the quick scan found all in order.

    A list right inside a list, which parsers accept without a word, is told by the scan: only an item may hold it. Raises Missing
    where elements are nested too deeply to parse.
    """
    yield from source.misplaced
    if not source.doubtful:
        return
    if source.depth > MAX_DEPTH:
        vi, en = f"mã nguồn: hơn {MAX_DEPTH} phần tử lồng nhau", f"source: more than {MAX_DEPTH} elements inside each other"
        raise Missing(Text(vi, en))
    from wcag_audit.rules.robust._parser import Parser

    text = _without_templates(source)[:MAX_PARSED]
    parser = Parser()
    parser.parse(text, scripting=True)
    whole = len(text) == len(source.text)
    for (line, column), code, values, opened in parser.complaints:
        kind = _KINDS.get(code)
        if kind is None or (not whole and "eof" in code):
            continue
        end = min(source.lines[min(line, len(source.lines)) - 1] + column, len(text))
        start = max(text.rfind("<", 0, max(end, 1)), 0)
        if kind == "garbled":
            yield _garbled(source, start, end)
            continue
        innermost = opened[-1] if opened else ""
        named = str(values.get("name") or values.get("startName") or values.get("gotName") or innermost)
        if code == "end-tag-too-early" and named not in opened:
            kind = "unopened"
        tag = innermost if kind == "unclosed" else named
        if tag in _NOT_JUDGED and not (kind == "misplaced" and tag == "body"):
            continue
        yield Slip(kind, tag, start, end)


def unquoted(source: Source) -> Iterator[Slip]:
    """Tags in which a value of several words has no quotes, so that all but its first became attributes: certain where one of these
    has letters that no attribute's name has."""
    for tag in source.tags:
        if all(name.isascii() for name, _ in tag.attributes):
            continue
        name = _NAME.match(source.text, tag.start + 1)
        bare = False
        for match in _ATTRIBUTE.finditer(source.text, name.end() if name else tag.start, tag.end - 1):
            if bare and not match[2] and not match[1].isascii():
                yield Slip("unquoted", tag.name, tag.start, tag.end)
                break
            bare = match[5] is not None or (bare and not match[2])


def _garbled(source: Source, start: int, end: int) -> Slip:
    """A badly written tag as a whole: the parser complains at the sign where it lost the thread."""
    index = bisect_right(source.tags, end - 1, key=lambda tag: tag.start) - 1
    if index >= 0 and end <= source.tags[index].end:
        tag = source.tags[index]
        return Slip("garbled", tag.name, tag.start, tag.end)
    name = _NAME.match(source.text, start + 1) or _NAME.match(source.text, start + 2)
    return Slip("garbled", name[0].lower() if name else "", start, max(source.text.find(">", end) + 1, end))


def _without_templates(source: Source) -> str:
    text = source.text
    for start, end in reversed(source.templates):
        blank = "".join("\n" if c == "\n" else " " for c in text[start:end])
        text = text[:start] + blank + text[end:]
    return text


def excerpt(source: Source, start: int, end: int, limit: int = 160) -> str:
    """The source from one place to another, white space folded, bounded."""
    return cut(" ".join(source.text[start:end].split()), limit)


def target_at(evidence: Evidence, source: Source, kind: str, start: int, markup: str) -> Target:
    """A place in the source as a target: the nearest element with an id round it that the page still has, else the page's root."""
    root = evidence.dom.root
    identifier = source.within(start)
    near: Node | None = evidence.dom.with_id(identifier, root) if root is not None and identifier else root
    near = near or root
    return Target(
        selector=near.selector if near is not None else "html",
        html=markup,
        box=near.box if near is not None else None,
        path=f"source>{kind}",
        name=shape(markup),
    )


def shape(markup: str) -> str:
    """Markup without the text and values that differ from page to page: what makes a template's error one defect."""
    tags = re.findall(r"</?[a-zA-Z][^>]*>?", markup)
    return cut("".join(re.sub(r'\s(?!class)[\w:-]+\s*=\s*("[^"]*"|\'[^\']*\'|\S+)', "", tag) for tag in tags), 120)
