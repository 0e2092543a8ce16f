"""The nouns of an audit: frozen, serialisable, no input or output.

``Portal → Page → Snapshot → Outcome → Verdict → Score`` is the way through the program; see docs/architecture.md.
Every class here is a msgspec Struct: immutable, compared by value, encoded to JSON as it stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from threading import Lock
from typing import Any, TypeVar, dataclass_transform

import msgspec

#: Version of ``result.json``; docs/result-format.md tells what changed.
RESULT_VERSION = 1
#: Version of ``snapshot.json.gz``.
SNAPSHOT_VERSION = 1

JSON = Any
"""Plain JSON data: what an artifact holds. Its shape is documented where it is gathered."""


class Verdict(StrEnum):
    """EARL's outcome values, weakest evidence never turned into a pass."""

    PASSED = "passed"
    FAILED = "failed"
    CANT_TELL = "cantTell"
    INAPPLICABLE = "inapplicable"
    UNTESTED = "untested"


#: Roll-up order: the first that occurs stands for all.
ROLL_UP = (Verdict.FAILED, Verdict.CANT_TELL, Verdict.UNTESTED, Verdict.PASSED, Verdict.INAPPLICABLE)


def roll_up(verdicts: Iterable[Verdict]) -> Verdict:
    """One verdict for many: failed > cantTell > untested > passed > inapplicable; nothing at all is untested."""
    found = set(verdicts)
    return next((verdict for verdict in ROLL_UP if verdict in found), Verdict.UNTESTED)


class PageState(StrEnum):
    """Whether a page was audited, or why not. Only audited pages have outcomes."""

    AUDITED = "audited"
    BLOCKED = "blocked"
    MAINTENANCE = "maintenance"
    LOGIN = "login"
    HTTP_ERROR = "http_error"
    TIMEOUT = "timeout"
    NOT_HTML = "not_html"
    OFF_SITE = "off_site"
    CRASHED = "crashed"


class PrincipleState(StrEnum):
    """What may be said of a principle: chưa đạt, chưa kết luận, chưa phát hiện lỗi, đạt."""

    NOT_MET = "not_met"
    OPEN = "open"
    NO_FAILURE_FOUND = "no_failure_found"
    MET = "met"


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(msgspec.field,))
class Struct(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=False):
    """Base of all nouns."""


class Text(msgspec.Struct, frozen=True):
    """One text in both languages."""

    vi: str
    en: str

    def __getitem__(self, lang: str) -> str:
        return self.en if lang == "en" else self.vi


class BadInput(Exception):
    """What a person gave, or has here, cannot be used: ``text`` says what, where and what to do, in one line."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


class Box(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A rectangle in CSS pixels, in the coordinates of its frame's document: ``[x, y, width, height]``."""

    x: float
    y: float
    width: float
    height: float


class Portal(Struct):
    """A public-service portal; ``block`` is ``ministry``, ``province`` or ``other``."""

    id: str
    name: str
    url: str
    block: str = "other"
    vendor: str = ""


class Reason(Struct):
    """Why a page is in the sample: an id with words in ``locale/report.toml``, and what it speaks of."""

    id: str
    detail: str = ""


class Page(Struct):
    """One sampled page.

    ``requested`` is the address asked for, ``loaded`` the one that answered after redirects. ``name`` is how the user named it
    (a file of a manifest), if so. ``detail`` says more of a state that is not ``audited`` (a status code, the words of a WAF).
    """

    id: str
    requested: str
    loaded: str = ""
    name: str = ""
    title: str = ""
    reasons: tuple[Reason, ...] = ()
    state: PageState = PageState.AUDITED
    detail: str = ""
    order: int = 0


class Environment(Struct):
    """What an audit ran with; the same environment and page give the same outcomes."""

    tool: str
    driver: str
    browser: str
    axe: str
    viewport: tuple[int, int] = (1280, 800)
    locale: str = "vi-VN"
    timezone: str = "Asia/Ho_Chi_Minh"
    depth: str = "full"
    seed: int = 0


class Artifact(Struct):
    """One thing recorded of a page. Exactly one of ``data`` and ``error`` is set; ``took`` is in milliseconds."""

    version: int = 1
    data: JSON = None
    error: str | None = None
    took: int = 0


class Step(Struct):
    """One step of a recording: what was done (with what), why, and what changed (``at`` in milliseconds from its start).

    ``action`` and ``reason`` are ids whose words stand in ``locale/words.toml``.
    """

    action: str
    reason: str
    args: dict[str, JSON] = {}
    at: int = 0
    changed: JSON = None


class Snapshot(Struct):
    """A page's artifacts, taken in one environment; what ``replay`` reads back. ``repeats`` are those of further runs."""

    page: Page
    environment: Environment
    artifacts: dict[str, Artifact] = {}
    taken: str = ""
    repeats: tuple[dict[str, Artifact], ...] = ()
    version: int = SNAPSHOT_VERSION


class Target(Struct):
    """An element: its selector inside its document or shadow root, the frames and shadow hosts on the way, and what it looks like.

    ``frames`` and ``hosts`` are selectors from the outside in; ``html`` is the start tag and a little more, bounded.
    ``path`` is its structure from the page's root down without ids, positions and volatile classes, ``name`` its accessible name or
    text, ``identity`` what it is known by from one build to the next (see identity.py): what a fingerprint is made of. ``shown`` is
    where an element in a frame stands on the page itself; None outside frames, and where it is not in sight.
    """

    selector: str
    frames: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    html: str = ""
    box: Box | None = None
    path: str = ""
    name: str = ""
    identity: str = ""
    shown: Box | None = None

    @property
    def on_page(self) -> Box | None:
        """Where it stands on the page itself; None where that is out of sight, or unknown."""
        return self.shown if self.frames else self.box

    def __str__(self) -> str:
        return " ⟫ ".join((*self.frames, *self.hosts, self.selector))


class Outcome(Struct):
    """What one rule says of one target (or of the whole page, where ``target`` is None).

    ``message`` names a text of the rule's closed list, ``values`` fill it and are the proof's compared values; ``steps`` are what
    to repeat where the proof is a recording. ``pages`` lists page ids where a portal rule speaks of several.
    ``sources`` are ``axe`` and ``wcag-audit``, or both where both found the same defect. ``agreement`` says in how many of how many
    runs it was seen.
    """

    rule: str
    criteria: tuple[str, ...]
    verdict: Verdict
    page: str = ""
    target: Target | None = None
    message: str = ""
    values: dict[str, str] = {}
    steps: tuple[Step, ...] = ()
    fingerprint: str = ""
    sources: tuple[str, ...] = ("wcag-audit",)
    pages: tuple[str, ...] = ()
    agreement: tuple[int, int] = (1, 1)


class Message(Struct):
    """What a rule can say: what is wrong (or open) and how to mend (or decide) it. ``{names}`` are filled from an outcome's values."""

    what: Text
    mend: Text


class Example(Struct):
    """Code that fails a rule, and the same code mended."""

    before: str
    after: str


class RuleInfo(Struct):
    """What a reader of results needs to know of a rule."""

    id: str
    name: Text
    criteria: tuple[str, ...]
    why: Text | None = None
    act: tuple[str, ...] = ()
    techniques: tuple[str, ...] = ()
    source: str = "wcag-audit"
    help_url: str = ""
    messages: dict[str, Message] = {}
    example: Example | None = None


class Review(Struct):
    """A person's answer, kept by fingerprint (or ``criterion:1.1.1`` for what no finding stands for) and applied again next time."""

    subject: str
    verdict: Verdict
    who: str
    why: str
    when: str


class Defect(Struct):
    """All outcomes with one fingerprint: one defect, or one open question, on however many pages; ``most`` are on one page,
    ``agreement`` is the least of its outcomes."""

    fingerprint: str
    rule: str
    criteria: tuple[str, ...]
    verdict: Verdict
    what: Text
    mend: Text
    pages: tuple[str, ...]
    count: int
    sources: tuple[str, ...]
    example: Outcome
    review: Review | None = None
    most: int = 1
    agreement: tuple[int, int] = (1, 1)


class CriterionResult(Struct):
    """One success criterion over all audited pages.

    ``pages`` counts pages per verdict. ``tested`` says whether on at least one page everything that we normally run for it ran.
    ``reasons`` says why it is untested where it is. ``open`` are fingerprints that a person has to decide.
    ``reviewed`` and ``review``: a person answered for the whole criterion, and how.
    """

    id: str
    verdict: Verdict
    tested: bool
    pages: dict[str, int]
    defects: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    reasons: tuple[Text, ...] = ()
    reviewed: bool = False
    review: Review | None = None


class Question(Struct):
    """What a person still has to decide: an open defect, or (``criterion:1.1.1``) a criterion that nobody has answered for.

    A Review with the same ``subject`` closes it. ``why`` are reasons for which the machine could not test.
    """

    subject: str
    criteria: tuple[str, ...]
    what: Text
    how: Text
    pages: tuple[str, ...] = ()
    why: tuple[Text, ...] = ()


class PrincipleResult(Struct):
    """One principle over all audited pages, under the criteria set and tolerance of one profile.

    ``failed``, ``open`` (a person has to decide) and ``untested`` are criteria; an open one that nothing tested is in both.
    """

    id: str
    state: PrincipleState
    failed: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    untested: tuple[str, ...] = ()


class PrincipleScore(Struct):
    """Points of one principle: at least, by the automatic reading, at most, of ``maximum``."""

    id: str
    state: PrincipleState
    lower: float
    automatic: float
    upper: float
    maximum: float


class Score(Struct):
    """The official arithmetic over one profile. ``assessed`` False means: no points at all, with the reason.

    ``criteria_set`` names one of the profile's alternative sets of criteria; empty for the profile's own.
    """

    profile: str
    reading: str
    confirmed: bool
    errata: bool
    tolerance: float
    assessed: bool
    criteria_set: str = ""
    reason: Text | None = None
    lower: float | None = None
    automatic: float | None = None
    upper: float | None = None
    maximum: float = 0
    principles: tuple[PrincipleScore, ...] = ()
    robust_published: PrincipleState | None = None
    robust_errata: PrincipleState | None = None


class PageResult(Struct):
    """A sampled page in the result: the page, its verdict per criterion, and how many targets failed or are open."""

    page: Page
    criteria: dict[str, Verdict] = {}
    failed: int = 0
    open: int = 0
    errors: dict[str, str] = {}


class Listed(Struct):
    """What was found and not audited: a document (``what`` is its address) or what only a POST reaches (its words), with the page
    that leads there and the words of the link."""

    what: str
    page: str
    words: str = ""


class Unseen(Struct):
    """Pages that could not be seen: their state, how many, and one of them with its detail."""

    state: PageState
    pages: int
    example: str
    detail: str = ""


class Crawled(Struct):
    """What a crawl learned of a portal: ``crawl.json``, and part of ``result.json``.

    ``seen`` addresses became known, ``looked`` were looked at, ``excluded`` were kept out by robots.txt. ``templates`` is how many
    sorts of page were told apart, ``kinds`` the pages found by page type, ``missing`` what a quota could not fill. ``documents`` and
    ``posts`` are the first of ``document_count`` and ``post_count``. ``ended`` says what cut it short: ``time``, ``refused``.
    ``refused`` is how often the portal asked for patience, ``waited`` the seconds given to it.
    """

    seen: int = 0
    looked: int = 0
    excluded: int = 0
    templates: int = 0
    kinds: dict[str, int] = {}
    missing: dict[str, int] = {}
    unseen: tuple[Unseen, ...] = ()
    documents: tuple[Listed, ...] = ()
    document_count: int = 0
    posts: tuple[Listed, ...] = ()
    post_count: int = 0
    ended: str = ""
    refused: int = 0
    waited: int = 0


class Sampling(Struct):
    """What the sample says of the portal.

    ``share`` is the audited share of the pages that the portal seemed to have; ``random`` the audited pages drawn by chance,
    ``random_failing`` those on which something failed, ``random_only`` the criteria that failed on them and on no page of the
    structured part. ``least`` and ``most`` bound the share of pages with a failure among those that were not chosen for what they
    are (95 %), None where chance drew none. ``statements`` say it in words.
    """

    crawled: Crawled
    structured: int = 0
    random: int = 0
    random_failing: int = 0
    random_only: tuple[str, ...] = ()
    share: float | None = None
    least: float | None = None
    most: float | None = None
    statements: tuple[Text, ...] = ()


class Result(Struct):
    """``result.json``: everything that the reports print. Its JSON Schema ships as ``result.schema.json``.

    ``scores`` are one per profile, the one asked for first; ``statements`` are what must stand beside each. ``seen`` is how many
    addresses of the portal became known; ``timings`` are milliseconds per artifact over all pages.
    """

    schema: str
    version: int
    environment: Environment
    portal: Portal
    profile: str
    started: str
    finished: str
    pages: tuple[PageResult, ...]
    criteria: tuple[CriterionResult, ...]
    principles: tuple[PrincipleResult, ...]
    scores: tuple[Score, ...]
    statements: tuple[Text, ...]
    defects: tuple[Defect, ...]
    rules: dict[str, RuleInfo]
    questions: tuple[Question, ...] = ()
    seen: int = 0
    sampling: Sampling = Sampling(crawled=Crawled())
    timings: dict[str, int] = {}


_T = TypeVar("_T")
_known: set[Any] = set()
_learning = Lock()


def _prepared(kind: type[_T]) -> type[_T]:
    """A type whose fields msgspec knows. It reads them when it first meets the type, and two threads that have it do so at once bring
    the whole program down: here one does, before any of them goes on."""
    if kind not in _known:
        with _learning:
            msgspec.json.Decoder(kind)
            _known.add(kind)
    return kind


def convert(data: object, kind: type[_T]) -> _T:
    """Plain data as a type, in any thread. Raises msgspec.ValidationError."""
    return msgspec.convert(data, _prepared(kind))


def decode(raw: bytes | str, kind: type[_T]) -> _T:
    """JSON as a type, in any thread. Raises msgspec.DecodeError, msgspec.ValidationError."""
    return msgspec.json.decode(raw, type=_prepared(kind))


def nfc(text: str) -> str:
    """Text in NFC with white space folded: the form in which Vietnamese is compared."""
    return " ".join(unicodedata.normalize("NFC", text).split())


class _Bare(dict[int, str]):
    """Characters case-folded and without diacritics, by code point, as they are first met."""

    def __missing__(self, code: int) -> str:
        decomposed = unicodedata.normalize("NFD", chr(code).casefold().replace("đ", "d"))
        self[code] = "".join(c for c in decomposed if not unicodedata.combining(c))
        return self[code]


_BARE = _Bare()


def bare(text: str) -> str:
    """Case-folded text without diacritics ("Đăng nhập" → "dang nhap"), for matching words typed without them."""
    return _bare_again(text) if len(text) <= 200 else _bare(text)


def _bare(text: str) -> str:
    return " ".join((text.casefold() if text.isascii() else text.translate(_BARE)).split())


#: Many rules compare the same names and labels.
_bare_again = lru_cache(4096)(_bare)


_SURROGATE = re.compile("[\ud800-\udfff]")


def cut(text: str, limit: int) -> str:
    """Text of at most ``limit`` characters, with an ellipsis where something was left out. Lone surrogates become question marks."""
    text = _SURROGATE.sub("?", text)
    return text if len(text) <= limit else text[: limit - 1] + "…"


_FIELD = re.compile(r"\{(\w+)\}")


def fill(text: Text, values: dict[str, str]) -> Text:
    """A text with its ``{names}`` filled from ``values``, in both languages.

    A value that differs by language stands under ``name.vi`` and ``name.en``. Unlike str.format this never interprets what a
    page wrote: braces inside a value stay as they are, and an unknown name stays visible.
    """

    def one(template: str, lang: str) -> str:
        return _FIELD.sub(lambda match: values.get(f"{match[1]}.{lang}", values.get(match[1], match[0])), template)

    return Text(one(text.vi, "vi"), one(text.en, "en"))


def say(info: RuleInfo, outcome: Outcome) -> Message:
    """The message of an outcome, filled, in both languages; the rule's name where the rule has no such message."""
    message = info.messages.get(outcome.message) or Message(what=info.name, mend=Text("", ""))
    return Message(what=fill(message.what, outcome.values), mend=fill(message.mend, outcome.values))
