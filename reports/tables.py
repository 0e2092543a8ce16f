"""The result as plain tables: what spreadsheets, CSV, Markdown and printed documents share. No table has merged cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from wcag_audit.locale import WORDS, word
from wcag_audit.model import PageState, Text, Verdict
from wcag_audit.reports import texts
from wcag_audit.reports.facts import Facts, facts
from wcag_audit.reports.texts import clean, counted, date, line, moment, number, portal_name, text
from wcag_audit.wcag import CRITERIA, PRINCIPLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from wcag_audit.model import CriterionResult, PageResult, Result, Score

Cell = str | int | float | Text
"""Text from a page (made harmless already), a number, or a fixed text in both languages."""

#: Addresses that one cell lists.
MAX_ADDRESSES = 50


class Column(NamedTuple):
    """A column: its head, and how wide it is in characters."""

    head: Text
    width: int


class Table(NamedTuple):
    """A table; ``id`` names its sheet or file."""

    id: str
    title: Text
    columns: list[Column]
    rows: list[tuple[Cell, ...]]


def said(cell: Cell, lang: str) -> str | int | float:
    """A cell in one language; a text in both is made harmless here, since a page's words may have filled it."""
    return clean(cell[lang]) if isinstance(cell, Text) else cell


def tables(result: Result) -> list[Table]:
    """Summary, criteria, defects with open questions, pages, method."""
    return [summary(result), criteria(result), defects(facts(result)), pages(result), method(result)]


def _columns(table: str, widths: dict[str, int]) -> list[Column]:
    return [Column(text(table, key), width) for key, width in widths.items()]


def _pairs(id: str, rows: list[tuple[Cell, ...]]) -> Table:
    return Table(id, text("sheets", id), _columns("columns", {"what": 44, "value": 80}), rows)


def summary(result: Result) -> Table:
    """What stands on the first sheet: the portal, the points with what must be read beside them, the four principles."""
    score = result.scores[0]
    rows: list[tuple[Cell, ...]] = [
        (text("header", "portal"), portal_name(result)),
        (text("header", "address"), line(result.portal.url)),
        (text("header", "date"), date(result.finished or result.started)),
        (text("header", "pages"), text("header", "pages_of", **sampled(result))),
        (text("score", "scheme"), line(score.profile, 80)),
    ]
    if score.assessed:
        rows += [(text("score", key), getattr(score, key)) for key in ("lower", "automatic", "upper")]
        rows.append((text("columns", "maximum"), score.maximum))
        for one in score.principles:
            points = {key: number(getattr(one, key)) for key in ("lower", "automatic", "upper", "maximum")}
            state = word("principle_states", one.state)
            rows.append((PRINCIPLES[one.id].name, _joined(state, text("score", "range", **points))))
    else:
        rows.append((text("score", "not_assessed"), score.reason or text("score", "no_points")))
    for key, verdict in (("failed_criteria", Verdict.FAILED), ("untested", Verdict.UNTESTED)):
        rows.append((text("facts", key), sum(1 for one in result.criteria if one.verdict is verdict)))
    rows.append((text("facts", "defects"), len(texts.failed_defects(result))))
    rows.append((text("facts", "questions"), len(result.questions)))
    rows.append((text("score", "statement"), result.statements[0]))
    rows += [(_joined(text("score", "others"), Text(line(one.profile, 80), line(one.profile, 80))), told) for one, told in _others(result)]
    return _pairs("summary", rows)


def _others(result: Result) -> Iterator[tuple[Score, Text]]:
    yield from list(zip(result.scores, result.statements, strict=False))[1:]


def _joined(first: Text, second: Text) -> Text:
    return Text(f"{first.vi}. {second.vi}", f"{first.en}. {second.en}")


def sampled(result: Result) -> dict[str, int]:
    """How many pages were audited, and how many are in the sample."""
    return {"audited": sum(1 for one in result.pages if one.page.state is PageState.AUDITED), "sampled": len(result.pages)}


def criteria(result: Result) -> Table:
    """The 25 criteria: state, pages, numbers of defects and questions, why not tested, a person's answer."""
    widths = {
        "criterion": 11,
        "name": 38,
        "principle": 26,
        "state": 26,
        "pages_failed": 12,
        "pages_open": 12,
        "defects": 12,
        "open": 12,
        "note": 60,
    }
    rows = [
        (
            one.id, CRITERIA[one.id].name, PRINCIPLES[CRITERIA[one.id].principle].name, criterion_state(one),
            one.pages.get(Verdict.FAILED, 0), one.pages.get(Verdict.CANT_TELL, 0), len(one.defects), len(one.open), _note(one),
        )
        for one in result.criteria
    ]  # fmt: skip
    return Table("criteria", text("sheets", "criteria"), _columns("columns", widths), list(rows))


def criterion_state(result: CriterionResult) -> Text:
    """The word for a criterion's verdict; what a person answered is told as such."""
    key = f"reviewed_{result.verdict}"
    if result.review is not None and result.review.verdict is result.verdict and key in texts.texts()["criteria"]:
        return text("criteria", key)
    return word("verdicts", result.verdict)


def _note(result: CriterionResult) -> Text:
    if result.review is not None:
        who = line(f"{result.review.who}: {result.review.why}", 400)
        return Text(who, who)
    reasons = result.reasons[:4]
    return Text(*("; ".join(clean(reason[lang], 200) for reason in reasons) for lang in texts.LANGUAGES))


def defects(found: Sequence[Facts]) -> Table:
    """Every defect and open question, one row each."""
    widths = {
        "number": 8, "state": 20, "criterion": 12, "what": 60, "mend": 60, "why": 50, "pages": 8, "places": 8, "part": 30, "owner": 34,
        "tasks": 30, "example": 50, "selector": 40, "code": 50, "rule": 34, "fingerprint": 20, "command": 50, "addresses": 60,
    }  # fmt: skip
    return Table("defects", text("sheets", "defects"), _columns("columns", widths), [_defect(one) for one in found])


def _defect(one: Facts) -> tuple[Cell, ...]:
    defect, target = one.defect, one.defect.example.target
    shown = [line(page.name or page.loaded or page.requested, 500) for page in one.pages[:MAX_ADDRESSES]]
    return (
        one.number, word("verdicts", defect.verdict), ", ".join(defect.criteria), defect.what, defect.mend, one.info.why or Text("", ""),
        len(defect.pages), defect.count, one.part, one.owner, tasks(one), shown[0] if shown else "",
        line(str(target), 400) if target else text("defects", "whole_page"), clean(target.html) if target else "",
        line(defect.rule, 100), line(defect.fingerprint, 120), one.command, "\n".join(shown),
    )  # fmt: skip


def tasks(one: Facts) -> Text:
    """The names of the tasks that a defect bars."""
    return Text(*(", ".join(text("tasks", name)[lang] for name in one.tasks) for lang in texts.LANGUAGES))


def pages(result: Result) -> Table:
    """The sampled pages: state, why sampled, how many failed and open elements, criteria failed."""
    widths = {"title": 50, "address": 60, "state": 26, "why_sampled": 40, "failed": 10, "open": 10, "criteria_failed": 40}
    return Table("pages", text("sheets", "pages"), _columns("columns", widths), [_page(one) for one in result.pages])


def _page(one: PageResult) -> tuple[Cell, ...]:
    page = one.page
    state = WORDS["page_states"].get(page.state) or Text(page.state, page.state)
    detail = line(page.detail, 200)
    failed = [id for id, verdict in one.criteria.items() if verdict is Verdict.FAILED]
    return (
        line(page.title, 160), line(page.name or page.loaded or page.requested, 500),
        Text(f"{state.vi} ({detail})", f"{state.en} ({detail})") if detail else state, reasons(one),
        one.failed, one.open, ", ".join(failed),
    )  # fmt: skip


def reasons(one: PageResult) -> Text:
    """Why a page was sampled."""
    words = texts.texts()["reasons"]
    told = [(words.get(why.id) or Text(why.id, why.id), line(why.detail, 200)) for why in one.page.reasons]
    return Text(*("; ".join(f"{found[lang]}: {detail}" if detail else found[lang] for found, detail in told) for lang in texts.LANGUAGES))


def method(result: Result) -> Table:
    """How the audit was made, with which versions, and what it did not test."""
    used = result.environment
    size = f"{used.viewport[0]} × {used.viewport[1]}"
    depth = texts.texts()["method"].get(f"depth_{used.depth}") or Text(line(used.depth, 40), line(used.depth, 40))
    rows: list[tuple[Cell, ...]] = [
        (text("method", "tool"), f"wcag-audit {line(used.tool, 60)}"),
        (text("method", "browser"), line(used.browser, 100)),
        (text("method", "driver"), line(used.driver, 60)),
        (text("method", "axe"), line(used.axe, 60)),
        (text("method", "viewport"), size),
        (text("method", "locale"), line(f"{used.locale}, {used.timezone}", 100)),
        (text("method", "depth"), depth),
        (text("method", "seed"), used.seed),
        (text("method", "time"), text("method", "time_range", started=moment(result.started), finished=moment(result.finished))),
        (text("method", "sample"), text("method", "sample_of", **sampled(result))),
    ]
    if result.seen:
        rows.append((text("method", "seen"), result.seen))
    rows += [(text("method", "sample"), statement) for statement in result.sampling.statements]
    rows += [(text("method", "how_label"), text("method", "how"))]
    rows += [(text("method", "not_tested"), text("method", key)) for key in NOT_TESTED]
    rows += [(text("method", "limits"), word("statement", key)) for key in ("limits", "level")]
    return _pairs("method", rows)


#: What no audit tests; keys of the table ``method``.
NOT_TESTED = ("login", "documents", "mobile", "people", "submit", "sample_only")


def found_on(one: Facts) -> Text:
    """On how many pages and at how many places."""
    on, at = counted("page", len(one.defect.pages)), counted("place", one.defect.count)
    return Text(f"{on.vi}, {at.vi}", f"{on.en}, {at.en}")
