"""What a terminal shows: the verdict on one screen, a line per audited page, and the catalogue of rules.

Everything here returns renderables or strings and prints nothing. Texts from pages are stripped of control characters and never
read as markup; every state has a word and a sign, so that nothing is lost without colour.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from rich.segment import Segment
from rich.table import Table
from rich.text import Text as Line

from wcag_audit.locale import word
from wcag_audit.model import PageState, PrincipleState, RuleInfo, Text, Verdict, fill
from wcag_audit.reports.facts import by_pattern, pages_of
from wcag_audit.reports.texts import counted, date, failed_defects, line, number, portal_name, signed, text, texts
from wcag_audit.wcag import CRITERIA, PRINCIPLES

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult

    from wcag_audit.model import Defect, Outcome, Page, Result
    from wcag_audit.reports.compare import Comparison
    from wcag_audit.timings import Spent

#: Lines for the failed criteria and for the most common defects, so that the whole fits 24 lines at 80 columns.
FAILED_LINES = 5
COMMON_DEFECTS = 5
#: Parts of each kind in a table of times.
TIMED_PARTS = 8
#: Columns of a page's address at most; a terminal wraps the rest of the line.
ADDRESS = 200

_SIGNS = {
    PrincipleState.NOT_MET: ("✕", "bold red"),
    PrincipleState.OPEN: ("?", "yellow"),
    PrincipleState.NO_FAILURE_FOUND: ("○", "cyan"),
    PrincipleState.MET: ("✓", "green"),
}


class Described(Protocol):
    """As much of a rule as the catalogue tells."""

    @property
    def id(self) -> str: ...

    @property
    def doc(self) -> str: ...

    @property
    def info(self) -> RuleInfo: ...


class VerdictScreen:
    """The verdict of one portal as a rich renderable: a screen of lines, none wider than the console."""

    def __init__(self, result: Result, lang: str) -> None:
        self._result = result
        self._lang = lang

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width = options.max_width
        for one in self._lines(console, width):
            one.rstrip()
            one.truncate(width, overflow="ellipsis")
            yield from one.render(console, end="")
            yield Segment.line()

    def _lines(self, console: Console, width: int) -> Iterator[Line]:
        result, score = self._result, self._result.scores[0]
        yield Line.assemble((portal_name(result), "bold"), " ", (line(result.portal.url, ADDRESS), "dim"))
        depth = texts()["terminal"].get(f"depth_{result.environment.depth}") or line(result.environment.depth, 20)
        yield Line(self._say("audited", date=date(result.finished or result.started), **self._sample(), depth=depth))
        if score.assessed:
            points = {name: number(getattr(score, name) or 0) for name in ("lower", "automatic", "upper", "maximum")}
            yield from _wrapped(Line(self._say("points", profile=line(score.profile, 20), **points), style="bold"), console, width)
        else:
            reason = self._say("not_assessed", reason=score.reason or Text("", ""))
            yield from _wrapped(Line(line(reason, 240), style="bold"), console, width)
        yield from _wrapped(Line(word("statement", "limits")[self._lang]), console, width)
        if score.assessed:
            yield from self._principles(width)
        yield from self._failed_criteria(console, width)
        yield from self._common_defects(width)
        yield from _wrapped(Line(self._left()), console, width)

    def _say(self, key: str, **values: str | int | Text) -> str:
        return text("terminal", key, **values)[self._lang]

    def _sample(self) -> dict[str, int]:
        audited = sum(1 for one in self._result.pages if one.page.state is PageState.AUDITED)
        return {"audited": audited, "sampled": len(self._result.pages)}

    def _principles(self, width: int) -> Iterator[Line]:
        scores = self._result.scores[0].principles
        names = [PRINCIPLES[one.id].name[self._lang] for one in scores]
        states = [word("principle_states", one.state)[self._lang] for one in scores]
        points = ["–".join(number(part)[self._lang] for part in (one.lower, one.automatic, one.upper)) for one in scores]
        scales = [f", {self._say('scale', maximum=number(one.maximum))}" for one in scores]
        columns = [max(map(len, column)) for column in (names, states, points, scales)]
        # The scale is the first to go where the window is narrow: the line of the total names the whole.
        fits = sum(columns) + 6 <= width
        for one, name, state, range_, scale in zip(scores, names, states, points, scales, strict=True):
            sign, style = _SIGNS[one.state]
            told = (f"{state:<{columns[1]}}", style)
            yield Line.assemble((f"{sign} ", style), f"{name:<{columns[0]}}  ", told, f"  {range_}{scale if fits else ''}")

    def _failed_criteria(self, console: Console, width: int) -> Iterator[Line]:
        failed = [one for one in self._result.criteria if one.verdict is Verdict.FAILED]
        if not failed:
            return
        yield Line(self._say("failed_criteria", n=len(failed)), style="bold")
        told = [(one.id, len(one.defects), one.pages.get(Verdict.FAILED, 0)) for one in failed]
        if len(told) <= FAILED_LINES:
            for id, defects, pages in told:
                yield Line.assemble(f"  {id} {CRITERIA[id].name[self._lang]}: ", self._numbers(defects, pages))
            return
        # Too many for a line each: side by side, and what does not fit is counted.
        parts = [f"{id} ({self._numbers(defects, pages)})" for id, defects, pages in told]
        for shown in range(len(parts), 0, -1):
            rest = [self._say("more_criteria", n=len(parts) - shown)] if shown < len(parts) else []
            lines = _flowed([*parts[:shown], *rest], width)
            if len(lines) <= FAILED_LINES or shown == 1:
                yield from (Line(one) for one in lines)
                return

    def _numbers(self, defects: int, pages: int) -> str:
        return ", ".join((counted("defect", defects)[self._lang], counted("page", pages)[self._lang]))

    def _common_defects(self, width: int) -> Iterator[Line]:
        found = by_pattern(failed_defects(self._result))[:COMMON_DEFECTS]
        if found:
            yield Line(self._say("common"), style="bold")
            yield from (self._defect(one) for one in found)
        elif self._result.scores[0].assessed:
            yield Line(self._say("no_defects"))

    def _defect(self, pattern: Sequence[Defect]) -> Line:
        defect, pages = pattern[0], counted("page", pages_of(pattern))[self._lang]
        if len(pattern) > 1:
            pages += f", {counted('defect', len(pattern))[self._lang]}"
        return Line.assemble(("  ✕ ", "red"), f"{pages}  {', '.join(defect.criteria)}  ", line(defect.what[self._lang], 300))

    def _left(self) -> str:
        result = self._result
        untested = sum(1 for one in result.criteria if one.verdict is Verdict.UNTESTED)
        skipped = self._sample()["sampled"] - self._sample()["audited"]
        counts = {"question": len(result.questions), "untested": untested, "skipped": skipped}
        parts = [counted(what, n) for what, n in counts.items() if n] or [text("page", "none")]
        return f"{self._say('left')} {'; '.join(part[self._lang] for part in parts)}"


def _wrapped(found: Line, console: Console, width: int) -> Iterable[Line]:
    return found.wrap(console, width, overflow="fold")


def _flowed(parts: Sequence[str], width: int) -> list[str]:
    """Parts side by side with two spaces between them, as many lines as they need."""
    lines = [""]
    for part in parts:
        joined = f"{lines[-1]}  {part}"
        if lines[-1] and len(joined) > width:
            lines.append(f"  {part}")
        else:
            lines[-1] = joined
    return lines


def verdict(result: Result, lang: str) -> VerdictScreen:
    """One screen: points, principles, failed criteria, the most common defects, and what is left; 24 lines at 80 columns at most."""
    return VerdictScreen(result, lang)


def comparison(found: Comparison, lang: str) -> Iterator[Line]:
    """Two audits compared: counts, points, criteria that changed, and the first defects that are new or mended."""
    counts = {kind: len(changes) for kind, changes in found.kinds.items()}
    yield Line(portal_name(found.after), style="bold")
    yield Line(text("compare", "counts", **counts)[lang], style="bold")
    if found.scores and all(score.assessed for score in found.scores):
        before, after = (score.automatic or 0 for score in found.scores)
        points = {"before": number(before), "after": number(after), "change": signed(after - before)}
        yield Line(text("compare", "score", profile=line(found.scores[0].profile, 20), **points)[lang])
    for old, new in found.criteria:
        states = " → ".join(word("verdicts", one.verdict)[lang] for one in (old, new))
        yield Line(f"  {old.id} {CRITERIA[old.id].name[lang]}: {states}")
    for kind, sign, style in (("new", "✕", "red"), ("mended", "✓", "green")):
        if found.kinds[kind]:
            yield Line(text("compare", kind)[lang], style="bold")
        for change in found.kinds[kind][:COMMON_DEFECTS]:
            told = f"{', '.join(change.defect.criteria)}  {line(change.defect.what[lang], 300)}"
            yield Line.assemble((f"  {sign} ", style), told)


def page_line(page: Page, outcomes: Sequence[Outcome], lang: str) -> Line:
    """One page of a running audit: what was found, or why it was not audited, and its address."""
    address = line(page.name or page.loaded or page.requested, ADDRESS)
    if page.state is not PageState.AUDITED:
        detail = f" ({line(page.detail, 60)})" if page.detail else ""
        return Line.assemble((f"– {word('page_states', page.state)[lang]}{detail}", "yellow"), f"  {address}")
    found = Counter(outcome.verdict for outcome in outcomes)
    failed, unsure = found[Verdict.FAILED], found[Verdict.CANT_TELL]
    sign, style = ("✕", "red") if failed else ("?", "yellow") if unsure else ("○", "cyan")
    told = f"{counted('failed', failed)[lang]}, {counted('open', unsure)[lang]}"
    return Line.assemble((f"{sign} {told}", style), f"  {address}")


def catalogue_lines(rules: Sequence[Described], infos: Mapping[str, RuleInfo], lang: str) -> list[str]:
    """The catalogue, each rule under every criterion that it judges: id, name, criteria, techniques, ACT rules."""
    known = {**infos, **{rule.id: rule.info for rule in rules}}
    lines: list[str] = []
    for criterion in CRITERIA.values():
        found = [info for info in known.values() if criterion.id in info.criteria]
        lines += ["", f"{criterion.id} {criterion.name[lang]}"] if lines else [f"{criterion.id} {criterion.name[lang]}"]
        lines += [_entry(info, lang) for info in found] or [f"  {text('page', 'none')[lang]}"]
    return lines


def _entry(info: RuleInfo, lang: str) -> str:
    act = [f"ACT {id}" for id in info.act]
    return f"  {info.id:<34} {'; '.join((info.name[lang], ', '.join(info.criteria), *info.techniques, *act))}"


def rule_page(rule_id: str, rules: Sequence[Described], infos: Mapping[str, RuleInfo], lang: str) -> str | None:
    """A rule's page, or None where there is no such rule; a rule of axe is found with and without ``axe/``."""
    own = next((rule for rule in rules if rule.id == rule_id), None)
    info = own.info if own else infos.get(rule_id) or infos.get(f"axe/{rule_id}")
    if info is None:
        return None
    parts = [f"{info.id}: {info.name[lang]}", *_facts(info, lang)]
    if own and own.doc:
        parts += ["", own.doc.rstrip()]
    if info.messages:
        parts += ["", text("terminal", "messages")[lang]]
        for name, message in info.messages.items():
            parts += [f"  {name}: {message.what[lang]}", *([f"    → {message.mend[lang]}"] if message.mend[lang] else [])]
    return "\n".join(parts)


def _facts(info: RuleInfo, lang: str) -> Iterator[str]:
    """The lines that name criteria, techniques, ACT rules, whom it concerns and where more is told, where there are any."""
    criteria = ", ".join(f"{id} {CRITERIA[id].name[lang]}" for id in info.criteria if id in CRITERIA)
    facts = {
        "criteria": criteria,
        "techniques": ", ".join(info.techniques),
        "act": ", ".join(info.act),
        "why": info.why[lang] if info.why else "",
        "help": info.help_url,
    }
    for key, told in facts.items():
        if told:
            yield f"{text('terminal', key)[lang]}: {told}"


def timings_table(parts: Sequence[Spent], lang: str) -> Table:
    """Where the time went: the kinds and in each the parts that took most; what took most first."""
    heads = [word("timings", key)[lang] for key in ("part", "times", "seconds", "longest")]
    table = Table(box=None, caption=word("timings", "note")[lang], caption_justify="left")
    for place, head in enumerate(heads):
        table.add_column(head, justify="right" if place else "left")
    kinds: dict[str, list[Spent]] = {}
    for part in parts:
        kinds.setdefault(part.kind, []).append(part)
    for kind, members in sorted(kinds.items(), key=lambda item: -sum(one.seconds for one in item[1])):
        shown, rest = members[:TIMED_PARTS], members[TIMED_PARTS:]
        table.add_row(word("time_kinds", kind)[lang], "", f"{sum(one.seconds for one in members):.2f}", "", style="bold")
        for one in shown:
            table.add_row(f"  {_part_name(one, lang)}", str(one.times), f"{one.seconds:.2f}", f"{one.longest:.2f}")
        if rest:
            others = fill(word("timings", "others"), {"n": str(len(rest))})[lang]
            table.add_row(f"  {others}", str(sum(one.times for one in rest)), f"{sum(one.seconds for one in rest):.2f}", "")
    return table


def _part_name(part: Spent, lang: str) -> str:
    return word("waits", part.name)[lang] if part.kind == "wait" else part.name
