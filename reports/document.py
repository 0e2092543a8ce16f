"""The two printed documents as blocks, in one language: the report, and the form with room for the unit's reply and signatures.

Writers of Word and PDF lay the same blocks out, so that both say the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from wcag_audit.locale import word
from wcag_audit.model import Text, Verdict
from wcag_audit.reports import tables
from wcag_audit.reports.facts import Facts, by_task, facts, questions
from wcag_audit.reports.pictures import Album, Picture
from wcag_audit.reports.texts import clean, counted, line, number, portal_name, text
from wcag_audit.wcag import CRITERIA, PRINCIPLES

if TYPE_CHECKING:
    from wcag_audit.model import PrincipleScore, Result, Score

#: Defects that are described one by one, and rows of a table; the rest stands in the spreadsheet.
DETAILED = 40
MAX_ROWS = 1_000
#: Defects that are named under each task.
BARRIERS = 6
#: Pictures in a printed document.
MAX_PICTURES = 30
#: Rows of the form in which a unit comments on defects.
REPLY_ROWS = 6


class Heading(NamedTuple):
    """A section's heading; levels 1 to 3."""

    level: int
    text: str


class Paragraph(NamedTuple):
    """A paragraph; ``style`` is one of ``body``, ``nation``, ``motto``, ``title``, ``centred``, ``right``,
    ``note``, ``code``."""

    text: str
    style: str = "body"


class Items(NamedTuple):
    """A list; a checklist has a box to tick before each item."""

    items: list[str]
    checklist: bool = False


class Grid(NamedTuple):
    """A table with a caption, a header row that is repeated on each page, and its first column as row headers.

    ``widths`` are shares of the line; ``room`` is the height of empty rows in lines.
    """

    caption: str
    heads: list[str]
    rows: list[list[str]]
    widths: list[int]
    room: int = 0


class Figure(NamedTuple):
    """A picture with its text alternative and caption."""

    picture: Picture
    alternative: str
    caption: str


class Bar(NamedTuple):
    """A bar of a chart: ``n`` is told beside it, its length is ``share`` of 100."""

    label: str
    n: int
    share: float


class Chart(NamedTuple):
    """Bars that show what the table after them says, with their text alternative."""

    bars: list[Bar]
    alternative: str
    caption: str


class Break(NamedTuple):
    """What follows begins on a new page."""


Block = Heading | Paragraph | Items | Grid | Figure | Chart | Break


class Document(NamedTuple):
    """A document to be laid out; ``name`` is the beginning of its file's name."""

    name: str
    title: str
    lang: str
    blocks: list[Block]


def documents(result: Result, lang: str, album: Album) -> list[Document]:
    """The report and the form."""
    portal = portal_name(result)
    title = f"{text('documents', 'report')[lang]}: {portal}"
    form_title = f"{text('documents', 'form_of')[lang]}: {portal}"
    writer = _Writer(result, lang, album)
    return [Document("report", title, lang, list(writer.report())), Document("form", form_title, lang, list(writer.form()))]


class _Writer:
    """Blocks of both documents."""

    def __init__(self, result: Result, lang: str, album: Album) -> None:
        self._result = result
        self._lang = lang
        self._album = album
        self._found = facts(result)

    def _t(self, table: str, key: str, **values: str | int | Text) -> str:
        return text(table, key, **values)[self._lang]

    def _said(self, found: Text, limit: int = 600) -> str:
        return clean(found[self._lang], limit)

    # -- the report ------------------------------------------------------------------------------------------------------
    def report(self) -> Iterator[Block]:
        yield from self._front("report")
        yield Heading(1, f"1. {self._t('documents', 'scope')}")
        yield Paragraph(self._t("documents", "scope_text"))
        yield Paragraph(self._t("method", "how"))
        yield Heading(1, f"2. {self._t('documents', 'results')}")
        yield from self._points()
        yield Heading(1, f"3. {self._t('sections', 'criteria')}")
        yield self._criteria(with_conclusion=False)
        yield Heading(1, f"4. {self._t('sections', 'tasks')}")
        yield from self._barriers()
        yield Heading(1, f"5. {self._t('sections', 'defects')}")
        yield from self._defects()
        yield Heading(1, f"6. {self._t('sections', 'questions')}")
        yield from self._questions()
        yield Heading(1, f"7. {self._t('sections', 'pages')}")
        yield from self._pages()
        yield Heading(1, f"8. {self._t('sections', 'method')}")
        yield self._pairs(tables.method(self._result), self._t("documents", "method_caption"))
        yield Break()
        yield Heading(1, self._t("documents", "annex"))
        yield from self._annex(self._found)

    # -- the form --------------------------------------------------------------------------------------------------------
    def form(self) -> Iterator[Block]:
        failed = [one for one in self._found if one.defect.verdict is Verdict.FAILED]
        yield from self._front("form")
        yield Heading(1, f"I. {self._t('documents', 'results')}")
        yield from self._points()
        yield Heading(1, f"II. {self._t('sections', 'criteria')}")
        yield self._criteria(with_conclusion=True)
        yield Heading(1, f"III. {self._t('sections', 'defects')}")
        yield from self._annex(failed) if failed else [Paragraph(self._none())]
        yield Heading(1, f"IV. {self._t('documents', 'reply')}")
        yield Paragraph(self._t("documents", "reply_hint"))
        yield Items([self._t("documents", "agree"), self._t("documents", "disagree")], checklist=True)
        heads = [self._t("documents", key) for key in ("reply_number", "reply_comment", "reply_deadline")]
        yield Grid(self._t("documents", "reply_caption"), heads, [["", "", ""]] * REPLY_ROWS, [15, 60, 25], room=2)
        yield Heading(1, f"V. {self._t('documents', 'signatures')}")
        yield Paragraph(self._t("documents", "place_date"), "right")
        heads = [self._t("documents", key) for key in ("assessor", "unit")]
        yield Grid(self._t("documents", "signatures_caption"), heads, [[self._t("documents", "sign")] * 2], [50, 50], room=6)

    # -- what both are made of -------------------------------------------------------------------------------------------
    def _front(self, name: str) -> Iterator[Block]:
        yield Paragraph(self._t("documents", "nation"), "nation")
        yield Paragraph(self._t("documents", "motto"), "motto")
        yield Paragraph(self._t("documents", "report" if name == "report" else "form").upper(), "title")
        under = portal_name(self._result) if name == "report" else f"{self._t('documents', 'form_of')}: {portal_name(self._result)}"
        yield Paragraph(under, "centred")
        yield Paragraph(self._t("documents", "draft"), "centred")
        yield Heading(1, self._t("documents", "general"))
        summary = tables.summary(self._result)
        yield self._pairs(summary._replace(rows=summary.rows[:5]), self._t("documents", "general_caption"))

    def _pairs(self, table: tables.Table, caption: str) -> Grid:
        rows = [[str(tables.said(cell, self._lang)) for cell in row] for row in table.rows]
        return Grid(caption, [column.head[self._lang] for column in table.columns], rows, [30, 70])

    def _none(self) -> str:
        return self._t("documents", "nothing") if self._result.scores[0].assessed else self._t("defects", "none_not_assessed")

    def _points(self) -> Iterator[Block]:
        score = self._result.scores[0]
        if score.assessed:
            heads = [self._t("columns", "principle"), self._t("columns", "state")]
            heads += [self._t("score", key) for key in ("lower", "automatic", "upper")]
            rows = []
            for one in score.principles:
                state = word("principle_states", one.state)[self._lang]
                rows.append([PRINCIPLES[one.id].name[self._lang], state, *self._range(one)])
            whole = self._t("score", "of_maximum", maximum=number(score.maximum))
            rows.append([self._t("documents", "total"), whole, *self._range(score)])
            yield Grid(self._t("documents", "points_caption"), heads, rows, [30, 25, 15, 15, 15])
        else:
            reason = self._t("score", "reason", reason=score.reason or Text("", ""))
            yield Paragraph(f"{self._t('score', 'not_assessed')}. {self._t('score', 'no_points')} {reason}")
        yield Paragraph(self._said(self._result.statements[0], 2000), "note")
        if score.robust_published and score.robust_errata:
            published, errata = (word("principle_states", state) for state in (score.robust_published, score.robust_errata))
            told = self._t("score", "robust_both", published=published, errata=errata)
            yield Paragraph(f"{PRINCIPLES['robust'].name[self._lang]}: {told}")

    def _range(self, one: Score | PrincipleScore) -> list[str]:
        return [number(points or 0)[self._lang] for points in (one.lower, one.automatic, one.upper)]

    def _criteria(self, with_conclusion: bool) -> Grid:
        heads = [*(self._t("criteria", key) for key in ("criterion", "state", "pages_failed")), self._t("columns", "defects")]
        rows = [
            [
                f"{one.id} {CRITERIA[one.id].name[self._lang]}", tables.criterion_state(one)[self._lang],
                str(one.pages.get(Verdict.FAILED, 0)), str(len(one.defects)), *([""] if with_conclusion else []),
            ]
            for one in self._result.criteria
        ]  # fmt: skip
        if with_conclusion:
            heads.append(self._t("documents", "conclusion"))
        return Grid(self._t("documents", "criteria_caption"), heads, rows, [34, 20, 11, 11, 24] if with_conclusion else [46, 26, 14, 14])

    def _barriers(self) -> Iterator[Block]:
        barred = by_task(self._found)
        if not barred:
            yield Paragraph(self._none())
        for name, defects in barred.items():
            yield Heading(2, f"{self._t('tasks', name)}: {counted('defect', len(defects))[self._lang]}")
            yield Items([f"{one.number}. {self._said(one.defect.what, 160)}" for one in defects[:BARRIERS]])
            if len(defects) > BARRIERS:
                yield Paragraph(self._t("barriers", "others", numbers=", ".join(str(one.number) for one in defects[BARRIERS:][:200])))

    def _defects(self) -> Iterator[Block]:
        failed = [one for one in self._found if one.defect.verdict is Verdict.FAILED]
        if not failed:
            yield Paragraph(self._none())
            return
        shown = [one for one in failed if one.number == one.first][:DETAILED]
        yield Paragraph(self._t("documents", "detail_of", n=len(shown)))
        seen = self._album.pictures((one.defect for one in shown), MAX_PICTURES)
        for one in shown:
            yield from self._defect(one, seen.get(one.defect.fingerprint))

    def _defect(self, one: Facts, picture: Picture | None) -> Iterator[Block]:
        defect, target = one.defect, one.defect.example.target
        yield Heading(2, self._t("documents", "defect", number=one.number, criteria=", ".join(defect.criteria)))
        yield Paragraph(self._said(defect.what))
        told = [
            ("defects", "why", self._said(one.info.why) if one.info.why else ""),
            ("defects", "mend", self._said(defect.mend)),
            ("defects", "found_on", tables.found_on(one)[self._lang]),
            ("columns", "part", self._said(one.part)),
            ("columns", "owner", self._said(one.owner)),
            ("columns", "tasks", tables.tasks(one)[self._lang]),
            ("documents", "keyboard", one.proof.keyboard[self._lang] if one.proof else ""),
            ("documents", "reader", one.proof.reader[self._lang] if one.proof else ""),
            ("columns", "example", line(one.page.name or one.page.loaded or one.page.requested, 500) if one.page else ""),
            ("columns", "selector", line(str(target), 300) if target else self._t("defects", "whole_page")),
            ("columns", "fingerprint", line(defect.fingerprint, 120)),
            ("defects", "alike_numbers", self._others(one)),
        ]
        yield Items([f"{self._t(table, key)}: {words}" for table, key, words in told if words])
        if target and target.html:
            yield Paragraph(clean(target.html, 300), "code")
        if one.info.example:
            yield Paragraph(f"{self._t('documents', 'example')}. {self._t('documents', 'before')}:")
            yield Paragraph(one.info.example.before, "code")
            yield Paragraph(f"{self._t('documents', 'after')}:")
            yield Paragraph(one.info.example.after, "code")
        if picture:
            yield Figure(picture, alternative(one)[self._lang], self._t("documents", "picture_caption"))

    def _others(self, one: Facts) -> str:
        """The numbers of the others of a pattern, which go on from its first."""
        last = max(each.number for each in self._found if each.first == one.first)
        return "" if last == one.number else str(last) if last == one.number + 1 else f"{one.number + 1}–{last}"

    def _questions(self) -> Iterator[Block]:
        doubtful = [one for one in self._found if one.defect.verdict is not Verdict.FAILED]
        yield Paragraph(self._t("questions", "intro" if doubtful or questions(self._result) else "none"))
        told = []
        for one in [one for one in doubtful if one.number == one.first][:DETAILED]:
            criteria = ", ".join(one.defect.criteria)
            others = f" {self._t('defects', 'alike_numbers')}: {numbers}." if (numbers := self._others(one)) else ""
            told.append(f"{one.number}. {criteria}: {self._said(one.defect.what)} {self._said(one.defect.mend)}{others}")
        told += [f"{', '.join(one.criteria)} {self._said(one.what)}: {self._said(one.how)}" for one in questions(self._result)]
        if told:
            yield Items(told, checklist=True)
        if len(doubtful) > DETAILED:
            yield Paragraph(self._t("documents", "more", n=len(doubtful) - DETAILED))

    def _pages(self) -> Iterator[Block]:
        rows = [[str(tables.said(cell, self._lang)) for cell in row] for row in tables.pages(self._result).rows]
        heads = [self._t("columns", key) for key in ("title", "address", "state", "why_sampled", "failed")]
        shown = [[title or address, address, state, clean(why, 120), failed] for title, address, state, why, failed, *_ in rows[:MAX_ROWS]]
        yield Grid(self._t("documents", "pages_caption"), heads, shown, [26, 30, 14, 20, 10])
        if len(rows) > MAX_ROWS:
            yield Paragraph(self._t("documents", "more", n=len(rows) - MAX_ROWS))

    def _annex(self, found: list[Facts]) -> Iterator[Block]:
        heads = [self._t("columns", key) for key in ("number", "criterion", "what", "pages", "owner", "fingerprint")]
        rows = [
            [
                str(one.number), ", ".join(one.defect.criteria), self._said(one.defect.what, 300), str(len(one.defect.pages)),
                self._said(one.owner), line(one.defect.fingerprint, 40),
            ]
            for one in found[:MAX_ROWS]
        ]  # fmt: skip
        yield Grid(self._t("documents", "annex_caption"), heads, rows, [7, 9, 42, 8, 17, 17])
        if len(found) > MAX_ROWS:
            yield Paragraph(self._t("documents", "more", n=len(found) - MAX_ROWS))


def alternative(one: Facts) -> Text:
    """The text alternative of a defect's picture. The element itself is told beside it: its words here would pass for the picture's own."""
    page = line(one.page.title or one.page.requested, 100) if one.page else ""
    return text("documents", "picture", page=page, number=one.number)
