"""The national report as sections of paragraphs, lists, tables and charts, in both languages at once.

All formats lay the same sections out, so that they say the same. Nothing here judges: every number stands in ``national.json``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from wcag_audit.locale import WORDS, word
from wcag_audit.model import PrincipleState, Text, Verdict
from wcag_audit.national import ALL, NOT_ASSESSED, BlockResult, UnitResult, UnitState
from wcag_audit.published import GRADES
from wcag_audit.reports.tables import NOT_TESTED, Column, Table, said
from wcag_audit.reports.texts import LANGUAGES, clean, line, moment, number, text, texts
from wcag_audit.roster import SELF_BUILT
from wcag_audit.tally import share
from wcag_audit.wcag import CRITERIA, PRINCIPLES

if TYPE_CHECKING:
    from wcag_audit.national import BlockPoints, Common, National, Points, Scheme, VendorResult
    from wcag_audit.reports.tables import Cell
    from wcag_audit.tally import Level

#: Defects listed of the whole round, of each unit and of each vendor; all stand in the spreadsheet.
MOST_COMMON = 30
OF_A_UNIT = 6
OF_A_VENDOR = 8


class Para(NamedTuple):
    """A paragraph; a ``note`` is one that must not be overlooked."""

    said: Text
    note: bool = False


class Sub(NamedTuple):
    """A heading within a section; ``href`` leads to a portal's own report."""

    said: Text
    href: str = ""


class Bullets(NamedTuple):
    """A list."""

    items: list[Text]


class Bar(NamedTuple):
    """A bar of a chart."""

    label: Text
    n: int
    share: float


class Listing(NamedTuple):
    """A table, the column that names its rows, a chart of it, and links: (row, column) → address of a file beside the report.

    ``printed`` False: too wide for paper, it stands in HTML and in the spreadsheet.
    """

    table: Table
    header: int = 0
    chart: tuple[Bar, ...] = ()
    links: dict[tuple[int, int], str] = {}  # noqa: RUF012 - never changed
    printed: bool = True


Part = Para | Sub | Bullets | Listing


class Section(NamedTuple):
    """A section of the report."""

    id: str
    title: Text
    parts: list[Part]


def title(made: National) -> Text:
    return joined(": ", text("national", "title"), plain(line(made.name, 100)))


def sections(made: National) -> list[Section]:
    """The report, in the order of the ministry's own."""
    return list(_Writer(made).sections())


def tables(made: National) -> list[Table]:
    """Every table of the report, and the whole list of defects: what a spreadsheet holds."""
    writer = _Writer(made)
    found = [part.table for section in writer.sections() for part in section.parts if isinstance(part, Listing)]
    return [*(table for table in found if table.id != "defects"), writer.defects(made.defects).table]


def alternative(listing: Listing, lang: str) -> str:
    """The text alternative of a chart: all that it shows."""
    bars = "; ".join(
        text("national", "bar", label=bar.label, n=bar.n, share=number(bar.share))[lang] for bar in listing.chart
    )
    return text("national", "chart_of", title=listing.table.title, bars=bars)[lang]




def plain(value: str) -> Text:
    return Text(value, value)


def joined(sign: str, *parts: Text) -> Text:
    return Text(*(sign.join(filter(None, (part[lang] for part in parts))) for lang in LANGUAGES))


def column_heads(*keys: str | tuple[str, int]) -> list[Column]:
    pairs = [(key, 14) if isinstance(key, str) else key for key in keys]
    return [Column(text("national_columns", key), width) for key, width in pairs]


def block_name(block: str) -> Text:
    return text("national_blocks", block)


class _Writer:
    """Sections from a national result."""

    def __init__(self, made: National) -> None:
        self._made = made
        self._units = {unit.id: unit for unit in made.units}
        self._defects = {defect.fingerprint: defect for defect in made.defects}
        self._blocks = [block for block in made.blocks if block.block != ALL]

    def sections(self) -> Iterator[Section]:
        yield Section("scope", text("national_sections", "scope"), list(self._scope()))
        yield Section("access", text("national_sections", "access"), list(self._access()))
        for block in self._blocks:
            heading = text("national_sections", "ranking", block=block_name(block.block))
            yield Section(f"ranking-{block.block}", heading, list(self._ranking(block)))
        yield Section("not-assessed", text("national_sections", "not_assessed"), list(self._not_assessed()))
        yield Section("criteria", text("national_sections", "criteria"), list(self._criteria()))
        yield Section("defects", text("national_sections", "defects"), list(self._common()))
        yield Section("vendors", text("national_sections", "vendors"), list(self._vendors()))
        yield Section("units", text("national_sections", "units"), list(self._of_units()))
        if self._made.published:
            yield Section("published", text("national_sections", "published"), list(self._published()))
        yield Section("untested", text("national_sections", "untested"), list(self._untested()))
        yield Section("checks", text("national_sections", "checks"), list(self._checks()))

    # -- 1. scope and method ---------------------------------------------------------------------------------------------
    def _scope(self) -> Iterator[Part]:
        made = self._made
        leading = made.schemes[0]
        counts = [joined(" ", block_name(block.block), plain(str(block.units))) for block in made.blocks]
        versions = [plain(line(f"wcag-audit {one.tool}; {one.browser}; axe-core {one.axe}", 200)) for one in made.environments]
        depth = texts()["method"].get(f"depth_{made.plan.get('depth', '')}") or plain(made.plan.get("depth", "–"))
        rows: list[tuple[Cell, ...]] = [
            (text("national_scope", "act"), joined("; ", *(scheme.legal_act for scheme in made.schemes))),
            (text("national_scope", "units"), joined("; ", *counts)),
            (text("national_scope", "period"), joined(" – ", moment(made.started), moment(made.finished))),
            (text("national_scope", "plan"), made.plan.get("max_pages", "–")),
            (text("national_scope", "depth"), depth),
            (text("national_scope", "seed"), made.plan.get("seed", "–")),
            (text("national_scope", "criteria"), text("national_scope", "criteria_text")),
        ]
        rows += [(text("national_scope", "points", scheme=plain(scheme.id)), _scheme(scheme)) for scheme in made.schemes]
        rows += [
            (text("national_scope", "ranks"), text("national_scope", "ranks_text")),
            (text("national_scope", "versions"), joined("; ", *versions) if versions else "–"),
        ]
        yield Listing(Table("scope", text("national_sections", "scope"), column_heads(("what", 40), ("value", 90)), rows))
        yield Para(joined(" ", _statement(leading), word("statement", "limits"), word("statement", "level")), note=True)
        yield Para(text("national_scope", "census"))
        yield Para(text("national_scope", "reply"))

    # -- 2. with points, full marks --------------------------------------------------------------------------------------
    def _access(self) -> Iterator[Part]:
        leading = self._made.schemes[0].id
        for block in self._made.blocks:
            points = _points_of(block, leading)
            told = text(
                "national_text",
                "access",
                block=_capital(block_name(block.block)),
                with_points=_of(points.with_points, block.units),
                full_marks=_of(points.full_marks, block.units),
            )
            yield Para(told)
        rows = [
            self._access_row(str(one.year), old.block, old.grades.total, "–", one.maximum, old.with_points, old.full_marks)
            for one in self._made.published
            for old in one.blocks
        ]
        for scheme in self._made.schemes:
            for block in self._made.blocks:
                points = _points_of(block, scheme.id)
                name = f"{line(self._made.name, 60)}, {scheme.id}"
                n = (points.with_points.n, points.full_marks.n)
                rows.append(self._access_row(name, block.block, block.units, block.assessed, points.maximum, *n, points))
        columns = column_heads(("scheme", 26), ("block", 14), "n", "assessed", "maximum", "with_points", "share", "full_marks", "share")
        columns += column_heads("mean_share", "least", "most")
        yield Listing(Table("access", text("national_sections", "access"), columns, rows))
        yield Para(text("national_text", "access_note"))

    def _access_row(
        self, name: str, block: str, total: int, assessed: Cell, maximum: float, with_points: int | None, full: int | None,
        points: BlockPoints | None = None,
    ) -> tuple[Cell, ...]:  # fmt: skip
        """A row of a published round, or (with ``points``) of this one; what was not told is a dash."""
        counts = [one for n in (with_points, full) for one in (("–", "–") if n is None else (n, share(n, total)))]
        mean: tuple[Cell, ...] = ("–", "–", "–")
        if points is not None:
            mean = ("–" if points.mean is None else round(100 * points.mean / maximum, 1), points.least, points.most)
        return (plain(name), block_name(block), total, assessed, maximum, *counts, *mean)

    # -- 3. results and ranking of a block -------------------------------------------------------------------------------
    def _ranking(self, block: BlockResult) -> Iterator[Part]:
        leading = self._made.schemes[0]
        points = _points_of(block, leading.id)
        if points.mean is None:
            yield Para(text("national_text", "no_mean", block=block_name(block.block), units=block.units))
        else:
            means = {"lower": points.mean_lower, "mean": points.mean, "upper": points.mean_upper}
            ends = {key: number(value or 0) for key, value in means.items()}
            yield Para(
                text(
                    "national_text", "mean", block=block_name(block.block), units=block.units, assessed=block.assessed,
                    maximum=number(points.maximum), **ends,
                )
            )  # fmt: skip
        if block.assessed < block.units:
            yield Para(text("national_text", "ends", least=number(points.least), most=number(points.most)))
        yield self._levels(block, points)
        yield self._ranks(block, leading)
        for scheme in self._made.schemes[1:]:
            yield self._other_ranks(block, scheme)

    def _levels(self, block: BlockResult, points: BlockPoints) -> Listing:
        bars = tuple(Bar(_level(level), level.n, level.share) for level in points.levels.levels)
        rows: list[tuple[Cell, ...]] = [(bar.label, bar.n, bar.share) for bar in bars]
        about = joined(": ", text("national_columns", "level"), block_name(block.block))
        return Listing(Table(f"levels-{block.block}", about, column_heads(("level", 26), "n", "share"), rows), chart=bars)

    def _ranks(self, block: BlockResult, scheme: Scheme) -> Listing:
        ranked = self._ranked(block, scheme.id)
        rows: list[tuple[Cell, ...]] = [
            (
                points.rank, unit_name(unit), vendor_name(unit.vendor), points.automatic, points.lower, points.upper,
                plain(str(points.best) if points.best == points.worst else f"{points.best}–{points.worst}"),
                *(word("principle_states", unit.principles[id]) for id in PRINCIPLES),
                unit.pages.get("audited", 0), len(unit.defects), unit.questions, text("national", "own_report"),
            )
            for unit, points in ranked
        ]  # fmt: skip
        columns = column_heads("rank", ("unit", 40), ("vendor", 20), "automatic", "lower", "upper", "possible")
        columns += [Column(PRINCIPLES[id].name, 18) for id in PRINCIPLES]
        columns += column_heads("pages", "defects", "questions", ("report", 18))
        links = {(row, len(columns) - 1): f"{unit.folder}/report.html" for row, (unit, _) in enumerate(ranked)}
        about = joined(": ", text("national_columns", "rank"), block_name(block.block), plain(scheme.id))
        return Listing(Table(f"ranks-{block.block}", about, columns, rows), header=1, links=links)

    def _other_ranks(self, block: BlockResult, scheme: Scheme) -> Listing:
        rows: list[tuple[Cell, ...]] = [
            (points.rank, unit_name(unit), points.automatic, points.lower, points.upper) for unit, points in self._ranked(block, scheme.id)
        ]
        about = joined(": ", text("national_columns", "rank"), block_name(block.block), plain(scheme.id))
        columns = column_heads("rank", ("unit", 40), "automatic", "lower", "upper")
        return Listing(Table(f"ranks-{block.block}-{scheme.id}", about, columns, rows), header=1, printed=False)

    def _ranked(self, block: BlockResult, profile: str) -> list[tuple[UnitResult, Points]]:
        found = [(unit, one) for unit in self._made.units if unit.block == block.block for one in unit.points if one.profile == profile]
        return sorted(found, key=lambda pair: (pair[1].rank, pair[0].id))

    # -- 4. not assessed -------------------------------------------------------------------------------------------------
    def _not_assessed(self) -> Iterator[Part]:
        missing = [unit for unit in self._made.units if unit.state is not UnitState.ASSESSED]
        if not missing:
            yield Para(text("national", "none"))
            return
        rows: list[tuple[Cell, ...]] = [
            (unit_name(unit), block_name(unit.block), state_name(unit), _reason(unit), line(unit.url), unit.url_status or "–")
            for unit in missing
        ]
        columns = column_heads(("unit", 40), ("block", 14), ("state", 30), ("reason", 60), ("address", 40), ("url_status", 16))
        yield Listing(Table("not-assessed", text("national_sections", "not_assessed"), columns, rows))
        if any(unit.state is UnitState.ENDED for unit in missing):
            yield Para(text("national_text", "ended"))

    # -- 5. principles and criteria --------------------------------------------------------------------------------------
    def _criteria(self) -> Iterator[Part]:
        if not self._made.blocks:
            return
        whole = self._made.blocks[-1]
        states = list(PrincipleState)
        rows: list[tuple[Cell, ...]] = [
            (block_name(block.block), PRINCIPLES[id].name, *(block.principles[id].n(state) for state in states), block.assessed)
            for block in self._made.blocks
            for id in PRINCIPLES
        ]
        columns = column_heads(("block", 14), ("principle", 30))
        columns += [Column(_capital(word("principle_states", state)), 16) for state in states] + column_heads("assessed")
        about = text("national_columns", "principle")
        yield Listing(Table("principles", about, columns, rows), header=1)
        verdicts = list(Verdict)
        failed_by = {id: whole.criteria[id].n(Verdict.FAILED) for id in CRITERIA}
        bars = tuple(Bar(plain(id), n, share(n, whole.assessed)) for id, n in failed_by.items())
        rows = [(id, CRITERIA[id].name, *map(whole.criteria[id].n, verdicts), share(failed_by[id], whole.assessed)) for id in CRITERIA]
        columns = column_heads("criterion", ("what", 40)) + [Column(_capital(word("verdicts", verdict)), 16) for verdict in verdicts]
        failed = joined(": ", text("national_columns", "criterion"), word("verdicts", Verdict.FAILED))
        yield Listing(Table("criteria", failed, [*columns, *column_heads("share")], rows), chart=bars)

    # -- 6. defects ------------------------------------------------------------------------------------------------------
    def _common(self) -> Iterator[Part]:
        if not self._made.defects:
            yield Para(text("national_text", "no_defects"))
            return
        yield self.defects(self._made.defects[:MOST_COMMON])
        if len(self._made.defects) > MOST_COMMON:
            yield Para(text("national", "more", n=len(self._made.defects) - MOST_COMMON))

    def defects(self, found: Sequence[Common]) -> Listing:
        """Defects, one row each."""
        rows: list[tuple[Cell, ...]] = [
            (
                ", ".join(one.criteria), _harmless(one.what), len(one.units), one.pages, one.places, _harmless(one.mend),
                _names(map(vendor_name, one.vendors)), _names(unit_name(self._units[id]) for id in one.units), line(one.fingerprint, 120),
            )
            for one in found
        ]  # fmt: skip
        columns = column_heads(
            ("criteria", 12), ("defect", 60), "units", "pages_failed", "places", ("mend", 60), ("vendor", 24), ("units_named", 60),
            ("fingerprint", 20),
        )  # fmt: skip
        return Listing(Table("defects", text("national_sections", "defects"), columns, rows), header=1)

    # -- 7. vendors ------------------------------------------------------------------------------------------------------
    def _vendors(self) -> Iterator[Part]:
        rows: list[tuple[Cell, ...]] = [
            (
                vendor_name(one.vendor), len(one.units), one.assessed, "–" if one.mean is None else round(one.mean, 1), one.full_marks,
                len(one.everywhere), len(one.repeated),
            )
            for one in self._made.vendors
        ]  # fmt: skip
        columns = column_heads(("vendor", 30), "units", "assessed", "mean_share", "full_marks", ("everywhere", 20), ("repeated", 20))
        yield Listing(Table("vendors", text("national_sections", "vendors"), columns, rows))
        yield Para(text("national_text", "vendors_note"))
        for one in self._made.vendors:
            if one.repeated:
                how = text("national_columns", "everywhere" if one.everywhere else "repeated")
                yield Sub(joined(": ", vendor_name(one.vendor), how))
                yield from self._of_vendor(one)

    def _of_vendor(self, one: VendorResult) -> Iterator[Part]:
        named = one.everywhere or one.repeated
        yield Bullets([self._defect(self._defects[name], one.units) for name in named[:OF_A_VENDOR]])
        if len(named) > OF_A_VENDOR:
            yield Para(text("national", "more", n=len(named) - OF_A_VENDOR))

    def _defect(self, one: Common, units: Iterable[str]) -> Text:
        on = sum(1 for id in units if one.fingerprint in self._units[id].defects)
        told = joined(" · ", plain(", ".join(one.criteria)), _harmless(one.what))
        return joined(" ", told, joined("", plain("("), text("national", "units_of", n=on), plain(")")))

    # -- 8. units --------------------------------------------------------------------------------------------------------
    def _of_units(self) -> Iterator[Part]:
        for unit in self._made.units:
            if unit.state is UnitState.ASSESSED:
                yield Sub(unit_name(unit), f"{unit.folder}/report.html")
                yield from self._of_unit(unit)

    def _of_unit(self, unit: UnitResult) -> Iterator[Part]:
        points = unit.points[0]
        failed = [PRINCIPLES[id].name for id in PRINCIPLES if unit.principles[id] is PrincipleState.NOT_MET]
        not_met = _names(failed) if failed else text("page", "none")
        told = {"points": number(points.automatic), "maximum": number(points.maximum), "failed": not_met}
        yield Para(text("national_text", "unit_points", rank=points.rank, block=block_name(unit.block), **told))
        if not unit.defects:
            yield Para(text("national_text", "no_defects"))
            return
        worst = sorted(unit.defects.items(), key=lambda one: (-one[1].pages, -one[1].places, one[0]))
        items = []
        for fingerprint, stand in worst[:OF_A_UNIT]:
            one = self._defects[fingerprint]
            filled = {"criteria": plain(", ".join(one.criteria)), "what": _harmless(one.what), "mend": _harmless(one.mend)}
            items.append(text("national_text", "unit_defects", pages=stand.pages, **filled))
        yield Bullets(items)
        if len(worst) > OF_A_UNIT:
            yield Para(text("national", "more", n=len(worst) - OF_A_UNIT))

    # -- 9. published rounds ---------------------------------------------------------------------------------------------
    def _published(self) -> Iterator[Part]:
        grades: list[tuple[Cell, ...]] = []
        for one in self._made.published:
            for block in one.blocks:
                tied = plain("; ".join(f"{tie.rank}: {len(tie.units)}" for tie in block.tied) or "–")
                counts = [level.n for level in block.grades.levels]
                grades.append((str(one.year), block_name(block.block), *counts, block.grades.total, tied))
        names = [joined(" ", text("national_columns", "grade"), plain(grade)) for grade in GRADES]
        columns = [*column_heads("year", ("block", 14)), *(Column(name, 12) for name in names)]
        yield Listing(Table("published", text("national_sections", "published"), [*columns, *column_heads("n", ("tied", 40))], grades))
        for one in self._made.published:
            if one.vendors is not None:
                bars = tuple(Bar(plain(level.id), level.n, level.share) for level in one.vendors.levels)
                rows: list[tuple[Cell, ...]] = [(bar.label, bar.n, bar.share) for bar in bars]
                about = joined(" ", text("national_sections", "vendors"), plain(str(one.year)))
                yield Listing(Table(f"vendors-{one.year}", about, column_heads(("vendor", 30), "n", "share"), rows), chart=bars)
        wrong = [check for one in self._made.published for check in one.checks if check.found]
        if wrong:
            yield Sub(text("national_text", "published_checks"))
            yield Bullets([joined(": ", plain(check.about), _check(check.id), check.found or plain("")) for check in wrong])

    # -- 10. the rest ----------------------------------------------------------------------------------------------------
    def _untested(self) -> Iterator[Part]:
        yield Bullets([text("method", key) for key in NOT_TESTED])
        yield Para(text("national_text", "contact"))

    def _checks(self) -> Iterator[Part]:
        made = self._made
        yield Para(text("national_text", "checks_ok", ok=sum(one.ok for one in made.checks), all=len(made.checks)))
        by_id: dict[str, list[Text]] = {}
        for one in made.checks:
            found = by_id.setdefault(one.id, [])
            if one.found is not None:
                found.append(joined(": ", plain(one.about), one.found))
        times = Counter(one.id for one in made.checks)
        holds = text("national_checks", "holds")
        rows: list[tuple[Cell, ...]] = [(_check(id), times[id], joined("; ", *found) if found else holds) for id, found in by_id.items()]
        columns = column_heads(("check", 44), "times", ("outcome", 80))
        yield Listing(Table("checks", text("national_sections", "checks"), columns, rows))


# -- words -------------------------------------------------------------------------------------------------------------------
def _statement(scheme: Scheme) -> Text:
    return joined(" ", _capital(word("points", "automatic")), plain(f"({scheme.id})."))


def _scheme(scheme: Scheme) -> Text:
    points = [joined(" ", PRINCIPLES[id].name, number(scheme.principles[id])) for id in PRINCIPLES]
    confirmed = word("statement", "confirmed" if scheme.confirmed else "unconfirmed")
    told = {"points": joined(", ", *points), "maximum": number(scheme.maximum), "reading": word("readings", scheme.reading)}
    return text("national_scope", "points_text", confirmed=confirmed, **told)


def _points_of(block: BlockResult, profile: str) -> BlockPoints:
    return next(points for points in block.points if points.profile == profile)


def _of(level: Level, total: int) -> Text:
    return text("national", "share", n=level.n, total=total, share=number(level.share))


def _level(level: Level) -> Text:
    if level.id == NOT_ASSESSED:
        return word("unit_states", "not_assessed")
    return text("national", "points_level", points=number(float(level.id)))


def vendor_name(name: str) -> Text:
    if not name:
        return text("national", "unknown_vendor")
    return text("national", "self_built") if name == SELF_BUILT else plain(line(name, 80))


def unit_name(unit: UnitResult) -> Text:
    return Text(*(line(unit.name[lang], 120) for lang in LANGUAGES))


def state_name(unit: UnitResult) -> Text:
    return WORDS["page_states"].get(unit.cause) or word("unit_states", unit.state)


def _reason(unit: UnitResult) -> Text:
    return _harmless(unit.reason) if unit.reason else plain("–")


def _check(id: str) -> Text:
    return text("national_checks", id)


def _names(names: Iterable[Text]) -> Text:
    return joined(", ", *names)


def _harmless(found: Text) -> Text:
    return Text(*(clean(found[lang]) for lang in LANGUAGES))


def _capital(found: Text) -> Text:
    return Text(*(found[lang][:1].upper() + found[lang][1:] for lang in LANGUAGES))


def cell_text(cell: Cell, lang: str) -> str:
    """A cell as a reader sees it in one language."""
    value = said(cell, lang)
    return value if isinstance(value, str) else number(value)[lang]
