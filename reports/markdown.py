"""A summary in Markdown, for an issue or a chat: verdict, principles, criteria, every defect on a line. Texts from pages cannot mark up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from wcag_audit.locale import word
from wcag_audit.model import Verdict
from wcag_audit.reports.facts import by_task, facts, questions
from wcag_audit.reports.tables import criterion_state, found_on, sampled
from wcag_audit.reports.texts import date, line, number, portal_name, text
from wcag_audit.wcag import CRITERIA, PRINCIPLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wcag_audit.model import Result, Text
    from wcag_audit.reports.facts import Facts

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~!&])")
_WEB = re.compile(r"https?://[^\s<>|`]+", re.IGNORECASE)


def plain(words: str) -> str:
    """Words on one line that Markdown shows as they are."""
    return _MARKUP.sub(r"\\\1", line(words))


def _address(address: str) -> str:
    """An address as a link, where it is one of the web."""
    shown = line(address)
    return f"<{shown}>" if _WEB.fullmatch(shown) else plain(shown)


def render(result: Result, lang: str) -> str:
    """The whole file."""
    return "\n".join(_lines(result, lang)) + "\n"


def _lines(result: Result, lang: str) -> Iterator[str]:
    score = result.scores[0]
    yield f"# {plain(text('page', 'title', portal=portal_name(result))[lang])}"
    yield ""
    pages = text("header", "pages_of", **sampled(result))[lang]
    yield f"{_address(result.portal.url)} · {date(result.finished or result.started)[lang]} · {pages}"
    yield ""
    if score.assessed:
        points = {name: number(getattr(score, name) or 0) for name in ("lower", "automatic", "upper", "maximum")}
        yield f"**{plain(text('terminal', 'points', profile=line(score.profile, 20), **points)[lang])}**"
    else:
        reason = score.reason[lang] if score.reason else ""
        yield f"**{plain(text('terminal', 'not_assessed', reason=reason)[lang])}**"
    yield ""
    yield f"> {plain(result.statements[0][lang])}"
    yield from _section("principles", lang)
    yield from _rows([text("columns", "principle"), text("columns", "state")], lang)
    states = {one.id: one.state for one in score.principles} or {one.id: one.state for one in result.principles}
    for id, state in states.items():
        told = word("principle_states", state) if score.assessed else text("score", "not_assessed")
        yield f"| {plain(PRINCIPLES[id].name[lang])} | {told[lang]} |"
    yield from _section("criteria", lang)
    yield from _rows([text("columns", key) for key in ("criterion", "state", "defects", "open")], lang)
    for one in result.criteria:
        name = f"{one.id} {CRITERIA[one.id].name[lang]}"
        yield f"| {name} | {criterion_state(one)[lang]} | {len(one.defects)} | {len(one.open)} |"
    found = facts(result)
    yield from _barriers(found, lang)
    yield from _section("defects", lang)
    yield from (_defect(one, lang, "- ") for one in found if one.defect.verdict is Verdict.FAILED)
    yield from _section("questions", lang)
    yield from (_defect(one, lang, "- [ ] ") for one in found if one.defect.verdict is not Verdict.FAILED)
    yield from (f"- [ ] {', '.join(one.criteria)} {plain(one.how[lang])}" for one in questions(result))


def _barriers(found: list[Facts], lang: str) -> Iterator[str]:
    barred = by_task(found)
    if barred:
        yield from _section("tasks", lang)
        for name, defects in barred.items():
            yield f"- {text('tasks', name)[lang]}: {', '.join(str(one.number) for one in defects[:20])}"


def _section(name: str, lang: str) -> Iterator[str]:
    yield from ("", f"## {text('sections', name)[lang]}", "")


def _rows(heads: list[Text], lang: str) -> Iterator[str]:
    yield f"| {' | '.join(head[lang] for head in heads)} |"
    yield f"|{'--|' * len(heads)}"


def _defect(one: Facts, lang: str, sign: str) -> str:
    """A line; what is of one pattern is mended like its first, below which it stands."""
    criteria = ", ".join(one.defect.criteria)
    alike = one.number != one.first
    mend = f" → {plain(one.defect.mend[lang])}" if one.defect.mend[lang] and not alike else ""
    fingerprint = plain(line(one.defect.fingerprint, 120))
    indent = "  " if alike else ""
    return f"{indent}{sign}{one.number}. **{criteria}** {plain(one.defect.what[lang])} ({found_on(one)[lang]}, {fingerprint}){mend}"
