"""What the reports tell of a defect beyond the result's own words: its number, which part of the page it is in, who can most likely
mend it, which task of citizens it bars, and how to see it with one's own hands. Pure functions over a Result."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

import msgspec

from wcag_audit.model import PageState, RuleInfo, Text, Verdict, convert
from wcag_audit.phrases import phrases
from wcag_audit.reports.texts import line, text

if TYPE_CHECKING:
    from wcag_audit.model import Defect, Page, Question, Result

#: Characters of an address that still goes into a command or a link.
MAX_LINK = 2000
#: What people come to a portal for, the most urgent first; ``other`` is every other page.
TASKS = ("look_up", "file", "log_in", "inform", "ask", "other")

#: The order in which a page's words are asked: "đăng nhập để nộp hồ sơ" is a page for logging in.
_BY_WORDS = ("log_in", "file", "look_up", "ask", "inform")
#: Hosts of services that many portals share.
_SHARED = ("vneid.gov.vn", "dichvucong.gov.vn", "xacthuc.dichvucong.gov.vn")
#: Share of the audited pages from which on a defect belongs to the template and not to what is written on a page.
_TEMPLATE_SHARE = 0.3
_PARTS = {
    "header": "header", "banner": "header", "nav": "nav", "footer": "footer", "contentinfo": "footer", "aside": "aside", "dialog": "dialog",
    "form": "form", "table": "table", "main": "main", "iframe": "frame",
}  # fmt: skip
_FIELDS = frozenset(("input", "select", "textarea", "button"))
#: Steps of a path that carry what differs from page to page.
_WHOLE = re.compile(r"(?:html|body)(?![\w-])")
_SEGMENT = re.compile(r"^([a-z][\w-]*)((?:[.\[].*)?)$")


class Proof(msgspec.Struct, frozen=True):
    """How a person sees a failure of a criterion: by keyboard and with a screen reader."""

    keyboard: Text
    reader: Text


class Facts(NamedTuple):
    """One defect or open question as every report tells it; ``number`` counts failures first, and goes on within a pattern. ``first``
    is the number of the first of its pattern."""

    defect: Defect
    number: int
    first: int
    info: RuleInfo
    page: Page | None
    pages: list[Page]
    tasks: tuple[str, ...]
    part: Text
    owner: Text
    command: str
    proof: Proof | None


@cache
def proofs() -> Mapping[str, Proof]:
    """Criterion → how to see its failure, from ``locale/proof.toml``."""
    data = tomllib.loads(resources.files("wcag_audit.locale").joinpath("proof.toml").read_text("utf-8"))
    return convert(data, dict[str, Proof])


def facts(result: Result) -> list[Facts]:
    """All defects and open questions: failures first, then what is on most pages; those of one pattern stand together."""
    pages = {one.page.id: one.page for one in result.pages}
    served = {id: task(page) for id, page in pages.items()}
    audited = sum(1 for one in result.pages if one.page.state is PageState.AUDITED)
    found: list[Facts] = []
    for first, defect in _numbered(result.defects):
        page = pages.get(defect.example.page) or next((pages[id] for id in defect.pages if id in pages), None)
        serving = {served[id] for id in defect.pages if id in served}
        found.append(
            Facts(
                defect=defect,
                number=len(found) + 1,
                first=first,
                info=result.rules.get(defect.rule)
                or RuleInfo(id=defect.rule, name=Text(defect.rule, defect.rule), criteria=defect.criteria),
                page=page,
                pages=[pages[id] for id in defect.pages if id in pages],
                tasks=tuple(name for name in TASKS if name in serving),
                part=part(defect),
                owner=owner(defect, page, result, audited),
                command=command(page) if page else "",
                proof=next((proofs()[id] for id in defect.criteria if id in proofs()), None),
            )
        )
    return found


def _numbered(defects: Iterable[Defect]) -> Iterator[tuple[int, Defect]]:
    """Defects in the order in which they are told, each with the number of the first of its pattern."""
    first = 1
    for pattern in by_pattern(defects):
        yield from ((first, defect) for defect in pattern)
        first += len(pattern)


def by_pattern(defects: Iterable[Defect]) -> list[list[Defect]]:
    """Defects by pattern, failures first, then those on most pages: what one rule says in one message of elements that stand in the same
    structure, such as the pictures of a list. One change of the template mends them all."""
    patterns: dict[tuple[object, ...], list[Defect]] = {}
    for defect in defects:
        patterns.setdefault(_pattern(defect), []).append(defect)
    return sorted(patterns.values(), key=lambda pattern: (pattern[0].verdict is not Verdict.FAILED, -pages_of(pattern)))


def pages_of(pattern: Iterable[Defect]) -> int:
    """On how many pages a pattern stands."""
    return len({page for defect in pattern for page in defect.pages})


def _pattern(defect: Defect) -> tuple[object, ...]:
    target = defect.example.target
    if target is None or not target.path:
        return (defect.fingerprint,)
    structure = tuple(step for step in target.path.split(">") if not _WHOLE.match(step))
    return (defect.verdict, defect.rule, defect.criteria, defect.example.message, target.frames, target.hosts, structure)


def questions(result: Result) -> list[Question]:
    """The questions that no open defect stands for: those of whole criteria."""
    told = {defect.fingerprint for defect in result.defects}
    return [one for one in result.questions if one.subject not in told]


def task(page: Page) -> str:
    """What people come to a page for, by the words of its address, and of its title where the address says nothing."""
    parts = urlsplit(page.loaded or page.requested)
    address = re.sub(r"[\W_]+", " ", unquote(f"{parts.path} {parts.query} {parts.fragment}"))
    for words in (address, page.title):
        for name in _BY_WORDS:
            if phrases(f"task_{name}").found_in(words[:MAX_LINK]):
                return name
    return "other"


def by_task(found: list[Facts]) -> dict[str, list[Facts]]:
    """Task → the proven defects on its pages, one of each pattern before the others, those that stand on most of all pages first; tasks
    without any are left out."""
    failed = [one for one in found if one.defect.verdict is Verdict.FAILED]
    barred = {name: [one for one in failed if name in one.tasks] for name in TASKS}
    return {name: _varied(one) for name, one in barred.items() if one}


def _varied(found: list[Facts]) -> list[Facts]:
    firsts = {one.first: one for one in reversed(found)}
    return sorted(found, key=lambda one: one is not firsts[one.first])


def part(defect: Defect) -> Text:
    """The part of the page that holds the example: the innermost landmark, form, table or dialog around it, and its structure."""
    target = defect.example.target
    if target is None:
        return text("parts", "page")
    if target.frames:
        return text("parts", "frame")
    for segment in reversed(target.path.split(">")):
        if (match := _SEGMENT.match(segment)) and (kind := _kind(match[1], match[2])):
            return text("parts", kind, code=line(segment, 80))
    return text("parts", "content")


def _kind(tag: str, rest: str) -> str | None:
    """The part that a step of a path stands for, by its tag or by a class that says so (``div.banner``)."""
    named = [name for name in re.findall(r"[.=]([a-z-]+)", rest) if name in _PARTS]
    return _PARTS.get(tag) or (_PARTS[named[0]] if named else None)


def owner(defect: Defect, page: Page | None, result: Result, audited: int) -> Text:
    """Who can most likely mend it: a shared service, whoever supplies a frame, the platform's vendor, or the unit's own editors."""
    target = defect.example.target
    if page is not None and _shared(page, result):
        return text("owners", "shared", host=urlsplit(page.loaded).hostname or "")
    if target is not None and target.frames:
        return text("owners", "framed")
    repeated = len(defect.pages) > 1 and len(defect.pages) >= _TEMPLATE_SHARE * audited
    around = set(re.findall(r"(?:^|>)([a-z]+)", target.path)) if target else set()
    if repeated or around & {"header", "nav", "footer"} or around & _FIELDS:
        vendor = line(result.portal.vendor, 80)
        return text("owners", "vendor", vendor=vendor) if vendor else text("owners", "platform")
    return text("owners", "unit")


def _shared(page: Page, result: Result) -> bool:
    host, own = (urlsplit(address).hostname or "" for address in (page.loaded, result.portal.url))
    return host != own and any(host == shared or host.endswith(f".{shared}") for shared in _SHARED)


def command(page: Page) -> str:
    """The shell command that audits a page again."""
    address = line(page.name or page.requested, MAX_LINK)
    return f"wcag-audit check {'-- ' if address.startswith('-') else ''}{shlex.quote(address)}"


def values(defect: Defect) -> list[tuple[str, Text]]:
    """The proof's compared values in both languages, without those that the sentence itself tells."""
    raw = defect.example.values
    names = dict.fromkeys(name.removesuffix(".vi").removesuffix(".en") for name in raw)
    found = []
    for name in names:
        both = Text(raw.get(f"{name}.vi", raw.get(name, "")), raw.get(f"{name}.en", raw.get(name, "")))
        if both.vi not in defect.what.vi or len(both.vi) < 2:
            found.append((name, both))
    return found
