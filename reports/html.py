"""The report as one self-contained HTML file: works offline and printed, in both languages, without any other file.

Everything from a page is hostile text: jinja2 escapes it, :mod:`wcag_audit.reports.texts` takes out what misleads, and only
http(s) addresses become links. A Content-Security-Policy of the file's own lets nothing run but the script that ships here.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shlex
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from wcag_audit.locale import WORDS, word
from wcag_audit.model import JSON, Box, CriterionResult, Defect, PageState, PrincipleResult, PrincipleScore, RuleInfo, Text, Verdict
from wcag_audit.reports import texts
from wcag_audit.reports.texts import clean, counted, date, line, moment, number, text
from wcag_audit.wcag import CRITERIA, PRINCIPLES

if TYPE_CHECKING:
    from wcag_audit.model import Page, PageResult, Result, Score

#: Pictures in a report, and bytes of each: a report has to fit into an e-mail.
MAX_PICTURES = 40
MAX_PICTURE = 200_000
#: Addresses listed at one defect, and characters of an address that is still a link.
MAX_ADDRESSES = 200
MAX_LINK = 2000
#: Steps of a recording that are printed.
MAX_STEPS = 60

# CSS pixels shown around an outlined element at least, and how wide the bar of points is in its own units.
_CROP = (760, 380)
_BAR = 1000

_WEB = re.compile(r"https?://[^\s\x00-\x20\x7f<>\"]+", re.IGNORECASE)
_ANCHOR = re.compile(r"[0-9a-f]{8,64}")
_TECHNIQUE = re.compile(r"(?:ARIA|[A-Z]{1,7})\d{1,3}")
_ACT = re.compile(r"[0-9a-z]{6}")
_PICTURES = ((b"RIFF", "image/webp"), (b"\x89PNG", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))

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


class Picture(NamedTuple):
    """A page's screenshot, embedded once: the id by which it is used, and its data address."""

    id: str
    data: str
    width: int
    height: int


class Outline(NamedTuple):
    """A part of a picture (``view``: x, y, width, height) with an element's box in it."""

    picture: Picture
    view: str
    box: Box


class DefectView(NamedTuple):
    """A defect or an open question as an article."""

    defect: Defect
    number: int
    anchor: str
    info: RuleInfo
    page: PageResult | None
    pages: list[Markup]
    more_pages: int
    values: list[tuple[str, Text]]
    command: str
    outline: Outline | None
    principles: str


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
        _environment().get_template(name)
    _own_code()


def render(result: Result, lang: str, screenshot: Callable[[str], Path | None]) -> str:
    """The whole file. ``screenshot`` gives the picture of a page id; one that cannot be read is left out."""
    audited = [one for one in result.pages if one.page.state is PageState.AUDITED]
    articles = list(_articles(result, screenshot))
    failed = [one for one in articles if one.defect.verdict is Verdict.FAILED]
    doubtful = [one for one in articles if one.defect.verdict is not Verdict.FAILED]
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            lang="en" if lang == "en" else "vi",
            result=result,
            score=result.scores[0],
            statement=result.statements[0],
            others=list(zip(result.scores, result.statements, strict=False))[1:],
            audited=audited,
            name=texts.portal_name(result),
            principles=_principles(result),
            criteria=_criteria(result, articles),
            failed=failed,
            doubtful=doubtful,
            asked=[one for one in result.questions if one.subject not in {view.defect.fingerprint for view in doubtful}],
            pictures=list({one.outline.picture.id: one.outline.picture for one in articles if one.outline}.values()),
            **_own_code(),
        )
    )


# -- what is shown -----------------------------------------------------------------------------------------------------
def _articles(result: Result, screenshot: Callable[[str], Path | None]) -> Iterator[DefectView]:
    pages = {one.page.id: one for one in result.pages}
    listed = {id: _listed(one.page) for id, one in pages.items()}
    album = _Album(result.environment.viewport, screenshot)
    in_order = sorted(result.defects, key=lambda defect: defect.verdict is not Verdict.FAILED)
    for place, defect in enumerate(in_order, 1):
        example = defect.example
        page = pages.get(example.page) or next((pages[id] for id in defect.pages if id in pages), None)
        known = [listed[id] for id in defect.pages if id in listed]
        yield DefectView(
            defect=defect,
            number=place,
            anchor=_anchor(defect.fingerprint),
            info=result.rules.get(defect.rule) or RuleInfo(id=defect.rule, name=Text(defect.rule, defect.rule), criteria=defect.criteria),
            page=page,
            pages=known[:MAX_ADDRESSES],
            more_pages=max(0, len(known) - MAX_ADDRESSES),
            values=_values(defect),
            command=_command(page.page) if page else "",
            outline=album.outline(defect),
            principles=" ".join(sorted({CRITERIA[id].principle for id in defect.criteria if id in CRITERIA})),
        )


def _anchor(fingerprint: str) -> str:
    """The id of a defect's article: its fingerprint, or a digest of what stands in its place."""
    digest = hashlib.sha256(fingerprint.encode("utf-8", "replace")).hexdigest()[:16]
    return f"d-{fingerprint if _ANCHOR.fullmatch(fingerprint) else digest}"


def _values(defect: Defect) -> list[tuple[str, Text]]:
    """The proof's values in both languages, without those that the sentence itself tells."""
    raw = defect.example.values
    names = dict.fromkeys(name.removesuffix(".vi").removesuffix(".en") for name in raw)
    found = []
    for name in names:
        both = Text(raw.get(f"{name}.vi", raw.get(name, "")), raw.get(f"{name}.en", raw.get(name, "")))
        if both.vi not in defect.what.vi or len(both.vi) < 2:
            found.append((name, both))
    return found


def _command(page: Page) -> str:
    """The shell command that audits a page again."""
    address = line(page.name or page.requested, MAX_LINK)
    return f"wcag-audit check {'-- ' if address.startswith('-') else ''}{shlex.quote(address)}"


def _principles(result: Result) -> list[PrincipleView]:
    points = {one.id: one for one in result.scores[0].principles}
    return [PrincipleView(one.id, one, points.get(one.id)) for one in result.principles]


def _criteria(result: Result, articles: list[DefectView]) -> dict[str, list[CriterionView]]:
    """Principle → its rows."""
    by_fingerprint = {one.defect.fingerprint: one for one in articles}
    rows: dict[str, list[CriterionView]] = {id: [] for id in PRINCIPLES}
    for one in result.criteria:
        named = [by_fingerprint[name] for name in (*one.defects, *one.open) if name in by_fingerprint]
        state, icon = _criterion_state(one)
        rows[CRITERIA[one.id].principle].append(CriterionView(one, state, icon, sorted(named, key=lambda view: view.number)))
    return rows


def _criterion_state(result: CriterionResult) -> tuple[Text, str]:
    """The word and the shape; what a person answered is told as such."""
    if result.review is not None and result.review.verdict is result.verdict and f"reviewed_{result.verdict}" in texts.texts()["criteria"]:
        return text("criteria", f"reviewed_{result.verdict}"), "met" if result.verdict is Verdict.PASSED else _ICONS[result.verdict]
    return word("verdicts", result.verdict), _ICONS[result.verdict]


class _Album:
    """The screenshots of a report, each read once, within its bounds."""

    def __init__(self, viewport: tuple[int, int], screenshot: Callable[[str], Path | None]) -> None:
        self._width, self._height = viewport
        self._screenshot = screenshot
        self._pictures: dict[str, Picture | None] = {}
        self._taken = 0

    def outline(self, defect: Defect) -> Outline | None:
        """The example's element in the picture of its page, where it stands in the top frame and within the viewport."""
        target = defect.example.target
        if target is None or target.frames or target.box is None or not self._visible(target.box):
            return None
        picture = self._picture(defect.example.page)
        return Outline(picture, self._view(target.box), target.box) if picture else None

    def _visible(self, box: Box) -> bool:
        inside = box.x >= 0 and box.y >= 0 and box.x + box.width <= self._width and box.y + box.height <= self._height
        return inside and box.width > 0 and box.height > 0

    def _view(self, box: Box) -> str:
        """What is shown of the picture: the element in the middle of its surroundings."""
        width, height = (min(most, max(least, size * 1.3)) for most, least, size in zip(
            (self._width, self._height), _CROP, (box.width, box.height), strict=True
        ))  # fmt: skip
        x = min(max(0.0, box.x + box.width / 2 - width / 2), self._width - width)
        y = min(max(0.0, box.y + box.height / 2 - height / 2), self._height - height)
        return f"{x:.0f} {y:.0f} {width:.0f} {height:.0f}"

    def _picture(self, page: str) -> Picture | None:
        if page not in self._pictures:
            data = self._read(page) if self._taken < MAX_PICTURES else ""
            self._taken += bool(data)
            self._pictures[page] = Picture(f"picture-{self._taken}", data, self._width, self._height) if data else None
        return self._pictures[page]

    def _read(self, page: str) -> str:
        path = self._screenshot(page)
        try:
            if path is None or path.stat().st_size > MAX_PICTURE:
                return ""
            content = path.read_bytes()
        except OSError:  # a run folder that was tidied up still has its report
            return ""
        kind = next((kind for magic, kind in _PICTURES if content.startswith(magic)), "")
        return f"data:{kind};base64,{base64.b64encode(content).decode()}" if kind else ""


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
def _environment() -> Environment:
    """The templates, compiled once."""
    environment = Environment(
        loader=PackageLoader("wcag_audit.reports"),
        autoescape=select_autoescape(default=True, default_for_string=True, disabled_extensions=()),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "t": _fixed, "both": both, "w": _word, "text": text, "counted": counted, "number": number, "date": date, "moment": moment,
        "link": _link, "technique": _technique, "act": _act, "icon": _icon, "state": _state, "badge": _badge, "reason": _reason,
        "joined": _joined, "bar": _bar, "crit": CRITERIA, "prin": PRINCIPLES, "max_steps": MAX_STEPS, "bar_width": _BAR,
        "icon_of": _ICONS, "words": _words,
    }  # fmt: skip
    environment.filters |= {"clean": clean, "line": line, "plain": _plain}
    return environment


@cache
def _own_code() -> dict[str, Markup | str]:
    """Style and script as they stand in the file, and the policy that lets only these two in."""
    style, script = (Markup(_environment().get_template(name).render()) for name in ("report.css.j2", "report.js.j2"))
    sums = [base64.b64encode(hashlib.sha256(code.encode()).digest()).decode() for code in (style, script)]
    allowed = f"img-src data:; style-src 'sha256-{sums[0]}'; script-src 'sha256-{sums[1]}'"
    policy = f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"
    return {"style": style, "script": script, "policy": policy}
