"""The report as one self-contained HTML file: works offline and printed, in both languages, without any other file.

Everything from a page is hostile text: jinja2 escapes it, :mod:`wcag_audit.reports.texts` takes out what misleads, and only
http(s) addresses become links. A Content-Security-Policy of the file's own lets nothing run but the script that ships here.

Of a large result only the first defects stand in the page itself; the others lie beside it as data, which a browser neither lays out
nor styles before somebody looks for them.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, NamedTuple

from jinja2 import Environment
from markupsafe import Markup, escape

from wcag_audit.locale import WORDS
from wcag_audit.model import JSON, CriterionResult, PageState, PrincipleResult, PrincipleScore, Text, Verdict, bare
from wcag_audit.reports import texts
from wcag_audit.reports.document import alternative
from wcag_audit.reports.facts import MAX_LINK, TASKS, Facts, by_task, facts, questions, values
from wcag_audit.reports.tables import criterion_state
from wcag_audit.reports.texts import clean, counted, date, line, moment, number, signed, text
from wcag_audit.templates import report_templates
from wcag_audit.wcag import CRITERIA, PRINCIPLES

if TYPE_CHECKING:
    from wcag_audit.model import Page, Result, Score
    from wcag_audit.reports.pictures import Album, Picture

#: Defects, and open questions, that stand in the page itself; further ones are kept as data, so many in a piece.
MAX_ARTICLES = 60
CHUNK = 50
#: Characters that are searched of one article in the page.
MAX_WORDS = 20_000
#: Addresses listed at one defect, in a report of the usual size and in one with more than ``MAX_ARTICLES``.
MAX_ADDRESSES = 200
MAX_ADDRESSES_OF_MANY = 20
#: Defects linked from one criterion and from one task.
MAX_LINKED = 60
#: Steps of a recording that are printed.
MAX_STEPS = 60

# How wide the bar of points is in its own units.
_BAR = 1000

_WEB = re.compile(r"https?://[^\s\x00-\x20\x7f<>\"]+", re.IGNORECASE)
_ANCHOR = re.compile(r"[0-9a-f]{8,64}")
_TECHNIQUE = re.compile(r"(?:ARIA|[A-Z]{1,7})\d{1,3}")
_ACT = re.compile(r"[0-9a-z]{6}")

#: The shape that stands for a verdict or a state, beside its word.
_ICONS = {
    "failed": "failed",
    "cantTell": "open",
    "untested": "untested",
    "passed": "clear",
    "inapplicable": "none",
    "not_met": "failed",
    "open": "open",
    "no_failure_found": "clear",
    "met": "met",
}


class Shown(NamedTuple):
    """A picture, embedded once: the id by which it is used, its data address, and what it shows."""

    id: str
    data: str
    width: int
    height: int


class DefectView(NamedTuple):
    """A defect or an open question as an article; ``alike`` are the others of its pattern, folded into it."""

    fact: Facts
    anchor: str
    pages: list[Markup]
    more_pages: int
    values: list[tuple[str, Text]]
    picture: Shown | None
    alternative: Text
    principles: str
    tasks: tuple[str, ...]
    words: str
    alike: Sequence[DefectView] = ()

    @property
    def size(self) -> int:
        """How many defects it tells."""
        return 1 + len(self.alike)


class Articles(NamedTuple):
    """Articles that stand in the page, and those beside it: how many defects they tell, what is searched of them, their HTML in pieces."""

    shown: list[DefectView]
    rest: int
    register: str
    pieces: list[str]


class PrincipleView(NamedTuple):
    """A principle's card."""

    id: str
    result: PrincipleResult
    score: PrincipleScore | None


class CriterionView(NamedTuple):
    """A row of the table of criteria; ``state`` is the word told, ``icon`` its shape."""

    result: CriterionResult
    state: Text
    icon: str
    articles: list[DefectView]


def prepare() -> None:
    """Compile the templates, which takes longer than filling them: something to do while a browser loads."""
    for name in ("report.html.j2", "parts.html.j2"):
        environment().get_template(name)
    own_code()


def render(result: Result, lang: str, album: Album) -> str:
    """The whole file."""
    found = facts(result)
    pictures = _pictures(album.pictures(one.defect for one in found))
    articles = list(_articles(result, found, pictures))
    told = [one for first in articles for one in (first, *first.alike)]
    failed = [one for one in articles if one.fact.defect.verdict is Verdict.FAILED]
    doubtful = [one for one in articles if one.fact.defect.verdict is not Verdict.FAILED]
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            lang="en" if lang == "en" else "vi",
            result=result,
            score=result.scores[0],
            statement=result.statements[0],
            others=list(zip(result.scores, result.statements, strict=False))[1:],
            audited=[one for one in result.pages if one.page.state is PageState.AUDITED],
            name=texts.portal_name(result),
            principles=_principles(result),
            criteria=_criteria(result, told),
            barriers=_barriers(told),
            failed=_split(failed, 3),
            doubtful=_split(doubtful, 4),
            defects=sum(one.size for one in failed),
            doubts=sum(one.size for one in doubtful),
            asked=questions(result),
            pictures=list({one.id: one for one in pictures.values()}.values()),
            **own_code(),
        )
    )


# -- what is shown -----------------------------------------------------------------------------------------------------
def _articles(result: Result, found: list[Facts], pictures: dict[str, Shown]) -> Iterator[DefectView]:
    """An article for each pattern."""
    for _, pattern in groupby(_views(result, found, pictures), key=lambda view: view.fact.first):
        first, *alike = pattern
        tasks = tuple(name for name in TASKS if any(name in one.tasks for one in (first, *alike)))
        yield first._replace(alike=alike, tasks=tasks, words=" ".join(one.words for one in (first, *alike)))


def _views(result: Result, found: list[Facts], pictures: dict[str, Shown]) -> Iterator[DefectView]:
    listed = {one.page.id: _listed(one.page) for one in result.pages}
    most = MAX_ADDRESSES if len(found) <= MAX_ARTICLES else MAX_ADDRESSES_OF_MANY
    for one in found:
        yield DefectView(
            fact=one,
            anchor=_anchor(one.defect.fingerprint),
            pages=[listed[page.id] for page in one.pages[:most]],
            more_pages=max(0, len(one.pages) - most),
            values=values(one.defect),
            picture=pictures.get(one.defect.fingerprint),
            alternative=alternative(one),
            principles=" ".join(sorted({CRITERIA[id].principle for id in one.defect.criteria if id in CRITERIA})),
            tasks=one.tasks,
            words=_words_of(one, most),
        )


def _words_of(one: Facts, most: int) -> str:
    """What the search looks through: what a defect is and where it stands, not the texts that many defects share."""
    defect, target = one.defect, one.defect.example.target
    criteria = [f"{id} {CRITERIA[id].name.vi} {CRITERIA[id].name.en}" for id in defect.criteria if id in CRITERIA]
    places = [f"{line(page.title, 160)} {line(page.name or page.loaded or page.requested, 300)}" for page in one.pages[:most]]
    told = [f"{line(target.name, 200)} {line(str(target), 300)}"] if target else []
    own = [clean(defect.what.vi), clean(defect.what.en), line(defect.rule, 100), one.part.vi, line(defect.fingerprint, 120)]
    return bare(" ".join((*own, *criteria, *told, *places)))


def _split(articles: list[DefectView], level: int) -> Articles:
    """The first articles for the page, the others as data: what is searched in one piece, their HTML in pieces of ``CHUNK``, each packed
    by itself."""
    shown, kept = articles[:MAX_ARTICLES], articles[MAX_ARTICLES:]
    if not kept:
        return Articles(shown, 0, "", [])
    write = environment().get_template("parts.html.j2").make_module().article  # type: ignore[attr-defined]
    anchors = [" ".join(each.anchor for each in (one, *one.alike)) for one in kept]
    index = [[ids, one.principles, " ".join(one.tasks), one.words, one.size] for ids, one in zip(anchors, kept, strict=True)]
    pieces = [_packed([str(write(one, level)) for one in kept[start : start + CHUNK]]) for start in range(0, len(kept), CHUNK)]
    return Articles(shown, sum(one.size for one in kept), _packed(index), pieces)


def _packed(data: JSON) -> str:
    """JSON, compressed, in letters: two thousand articles of one portal repeat each other, and nobody reads most of them."""
    return base64.b64encode(gzip.compress(json.dumps(data, ensure_ascii=False).encode("utf-8"), 6, mtime=0)).decode()


def _pictures(found: dict[str, Picture]) -> dict[str, Shown]:
    """Fingerprint → its picture; the same picture of two defects is embedded once."""
    known: dict[bytes, Shown] = {}
    for picture in found.values():
        data = f"data:image/webp;base64,{base64.b64encode(picture.webp).decode()}"
        known.setdefault(picture.webp, Shown(f"picture-{len(known) + 1}", data, picture.width, picture.height))
    return {fingerprint: known[picture.webp] for fingerprint, picture in found.items()}


def _anchor(fingerprint: str) -> str:
    """The id of a defect's article: its fingerprint, or a digest of what stands in its place."""
    digest = hashlib.sha256(fingerprint.encode("utf-8", "replace")).hexdigest()[:16]
    return f"d-{fingerprint if _ANCHOR.fullmatch(fingerprint) else digest}"


def _principles(result: Result) -> list[PrincipleView]:
    points = {one.id: one for one in result.scores[0].principles}
    return [PrincipleView(one.id, one, points.get(one.id)) for one in result.principles]


def _criteria(result: Result, articles: list[DefectView]) -> dict[str, list[CriterionView]]:
    """Principle → its rows."""
    by_fingerprint = {one.fact.defect.fingerprint: one for one in articles}
    rows: dict[str, list[CriterionView]] = {id: [] for id in PRINCIPLES}
    for one in result.criteria:
        named = [by_fingerprint[name] for name in (*one.defects, *one.open) if name in by_fingerprint]
        met = one.review is not None and one.review.verdict is one.verdict is Verdict.PASSED
        icon = "met" if met else _ICONS[one.verdict]
        rows[CRITERIA[one.id].principle].append(
            CriterionView(one, criterion_state(one), icon, sorted(named, key=lambda view: view.fact.number))
        )
    return rows


def _barriers(articles: list[DefectView]) -> dict[str, list[DefectView]]:
    """Task → the defects that bar it."""
    by_fingerprint = {one.fact.defect.fingerprint: one for one in articles}
    barred = by_task([one.fact for one in articles])
    return {name: [by_fingerprint[one.defect.fingerprint] for one in found] for name, found in barred.items()}


# -- how it is written ---------------------------------------------------------------------------------------------------
@lru_cache(2048)
def both(found: Text) -> Markup:
    """A text in both languages, one of which the page hides; once where they are the same."""
    vi, en = escape(clean(found.vi)), escape(clean(found.en))
    if vi == en:
        return Markup(f"<bdi>{vi}</bdi>")
    return Markup(f'<span class="t" lang="vi">{vi}</span><span class="t" lang="en">{en}</span>')


def _fixed(table: str, key: str, **values: str | int | Text) -> Markup:
    return both(text(table, key, **values))


def _words(table: str, key: str) -> Text:
    """A fixed word, or the key itself where the table does not have it: an artifact or a state of a later release."""
    return WORDS[table].get(key) or Text(key, key)


def _word(table: str, key: str) -> Markup:
    return both(_words(table, key))


def _reason(id: str) -> Markup:
    found = texts.texts()["reasons"].get(id)
    return both(found or Text(id, id))


def _link(address: str) -> Markup:
    """An address from a page: a link where it is http(s), text otherwise."""
    shown = escape(line(address, 300))
    if len(address) <= MAX_LINK and _WEB.fullmatch(address) and clean(address, MAX_LINK) == address:
        return Markup(f'<a href="{escape(address)}" rel="noreferrer noopener"><bdi>{shown}</bdi></a>')
    return Markup(f"<bdi>{shown}</bdi>")


def _technique(id: str) -> Markup:
    return _reference(f"https://www.w3.org/TR/WCAG20-TECHS/{id}.html", id) if _TECHNIQUE.fullmatch(id) else escape(line(id, 40))


def _act(id: str) -> Markup:
    return _reference(f"https://www.w3.org/WAI/standards-guidelines/act/rules/{id}/", id) if _ACT.fullmatch(id) else escape(line(id, 40))


def _reference(address: str, name: str) -> Markup:
    return Markup(f'<a href="{address}" rel="noreferrer noopener">{name}</a>')


def _listed(page: Page) -> Markup:
    """A page in a list of addresses: its title above its address."""
    title = escape(line(page.title, 160))
    shown = Markup(f'<bdi class="title" lang="vi">{title}</bdi>') if title else Markup()
    return shown + _link(page.name or page.loaded or page.requested)


def _icon(key: str) -> Markup:
    return Markup(f'<svg class="icon" aria-hidden="true" focusable="false"><use href="#i-{escape(_ICONS.get(key, key))}"/></svg>')


def _state(table: str, key: str) -> Markup:
    """A state as shape and word."""
    return _badge(WORDS[table][key], _ICONS[key])


def _badge(found: Text, icon: str) -> Markup:
    return Markup(f'<span class="badge {escape(icon)}">{_icon(icon)}{both(found)}</span>')


def _plain(changed: JSON) -> str:
    """What a step changed, as text."""
    return changed if isinstance(changed, str) else json.dumps(changed, ensure_ascii=False, default=str)


def _joined(parts: Iterable[str]) -> str:
    return ", ".join(parts)


def _bar(score: Score | PrincipleScore) -> list[tuple[str, int, int]]:
    """The parts of a bar of points: class, start and width, of ``_BAR``."""
    whole = score.maximum or 1
    ends = [round(_BAR * (points or 0) / whole) for points in (0, score.lower, score.automatic, score.upper)]
    parts = zip(("sure", "read", "possible"), pairwise(ends), strict=True)
    return [(name, start, end - start) for name, (start, end) in parts if end > start]


@cache
def environment() -> Environment:
    """The templates, compiled once."""
    environment = report_templates()
    environment.globals |= {
        "t": _fixed, "both": both, "w": _word, "text": text, "counted": counted, "number": number, "date": date, "moment": moment,
        "link": _link, "technique": _technique, "act": _act, "icon": _icon, "state": _state, "badge": _badge, "reason": _reason,
        "joined": _joined, "bar": _bar, "crit": CRITERIA, "prin": PRINCIPLES, "max_steps": MAX_STEPS, "bar_width": _BAR,
        "icon_of": _ICONS, "signed": signed, "words": _words, "tasks": TASKS, "most": MAX_ARTICLES, "max_words": MAX_WORDS,
        "max_linked": MAX_LINKED,
    }  # fmt: skip
    environment.filters |= {"clean": clean, "line": line, "plain": _plain, "kind": lambda part: type(part).__name__}
    return environment


@cache
def own_code() -> dict[str, Markup | str]:
    """Style and script as they stand in the file, and the policy that lets only these two in."""
    style, script = (Markup(environment().get_template(name).render()) for name in ("report.css.j2", "report.js.j2"))
    sums = [base64.b64encode(hashlib.sha256(code.encode()).digest()).decode() for code in (style, script)]
    allowed = f"img-src data:; style-src 'sha256-{sums[0]}'; script-src 'sha256-{sums[1]}'"
    policy = f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"
    return {"style": style, "script": script, "policy": policy}
