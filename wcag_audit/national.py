"""The national result: many portals' results as one, per block, principle, criterion and vendor, with its own consistency checks.

Pure functions from the units' results. Units are a census: no confidence interval; units that were not assessed bound the mean instead.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

import msgspec

from wcag_audit.locale import word
from wcag_audit.model import Defect, Environment, PageState, PrincipleState, Result, Score, Struct, Text, Verdict, cut
from wcag_audit.published import PublishedRound, published
from wcag_audit.roster import BLOCKS, SELF_BUILT, Unit
from wcag_audit.score import ALL_OR_NOTHING, Profile
from wcag_audit.tally import (
    Check,
    Level,
    Tally,
    adds_up,
    check,
    competition_ranks,
    one_denominator,
    rank_range,
    ranks,
    shares_from_counts,
    tally,
)
from wcag_audit.wcag import CRITERIA, PRINCIPLES

#: Version of ``national.json``.
NATIONAL_VERSION = 1
SCHEMA = "national.schema.json"
#: All blocks together, beside the blocks themselves.
ALL = "all"
#: The level of a unit without points, beside the numbers of points.
NOT_ASSESSED = "not_assessed"
#: Characters of a defect's text.
_TEXT = 600
_PLACES = Decimal("0.0001")


class UnitState(StrEnum):
    """``waiting``: not audited yet. ``ended``: the unit no longer exists on the batch's day; it counts nowhere."""

    ASSESSED = "assessed"
    NOT_ASSESSED = "not_assessed"
    WAITING = "waiting"
    ENDED = "ended"


class Points(Struct):
    """A unit's points under one profile, and its rank in its block by the automatic reading.

    ``best`` and ``worst`` are the ranks that remain possible until persons have answered every open question.
    """

    profile: str
    lower: float
    automatic: float
    upper: float
    maximum: float
    principles: dict[str, float]
    rank: int = 0
    best: int = 0
    worst: int = 0


class Stand(Struct):
    """How one defect stands on one portal: on how many pages and at how many places."""

    pages: int
    places: int


class UnitResult(Struct):
    """One unit: its points, states and defects (by fingerprint), or why it has none.

    ``pages`` counts pages per state, ``cause`` is the state of its start page where it was not assessed. ``folder`` is its run folder,
    relative to the batch. ``plan`` says how it was audited: what has to be the same for all.
    """

    id: str
    name: Text
    block: str
    vendor: str
    url: str
    state: UnitState
    url_status: str = ""
    successor: str = ""
    reason: Text | None = None
    cause: str = ""
    pages: dict[str, int] = msgspec.field(default_factory=dict)
    finished: str = ""
    points: tuple[Points, ...] = ()
    principles: dict[str, PrincipleState] = msgspec.field(default_factory=dict)
    criteria: dict[str, Verdict] = msgspec.field(default_factory=dict)
    defects: dict[str, Stand] = msgspec.field(default_factory=dict)
    questions: int = 0
    folder: str = ""
    plan: dict[str, str] = msgspec.field(default_factory=dict)


class BlockPoints(Struct):
    """A block's points under one profile. ``mean`` is over the assessed units; ``least`` and ``most`` are the means of all units with
    those that were not assessed at 0 and at the maximum. ``levels`` counts units by points, "not_assessed" among them."""

    profile: str
    maximum: float
    mean_lower: float | None
    mean: float | None
    mean_upper: float | None
    least: float
    most: float
    with_points: Level
    full_marks: Level
    levels: Tally


class BlockResult(Struct):
    """A block, or all of them (``all``): one denominator ``units`` for every share of points, ``assessed`` for principles and criteria."""

    block: str
    units: int
    assessed: int
    causes: Tally
    points: tuple[BlockPoints, ...]
    principles: dict[str, Tally]
    criteria: dict[str, Tally]


class Common(Struct):
    """A proven defect by its fingerprint, on one portal or several; the texts are those of the first one in the roster."""

    fingerprint: str
    rule: str
    criteria: tuple[str, ...]
    what: Text
    mend: Text
    units: tuple[str, ...]
    vendors: tuple[str, ...]
    pages: int
    places: int


class VendorResult(Struct):
    """A vendor's portals. ``mean`` is the mean share of the maximum (per cent, automatic reading) of those assessed.

    ``everywhere`` are defects on all of its assessed portals (two at least), ``repeated`` those on two or more, the most frequent first.
    """

    vendor: str
    units: tuple[str, ...]
    assessed: int
    mean: float | None
    full_marks: int
    everywhere: tuple[str, ...]
    repeated: tuple[str, ...]


class Scheme(Struct):
    """A profile as the report prints it."""

    id: str
    name: Text
    legal_act: Text
    reading: str
    confirmed: bool
    errata: bool
    tolerance: float
    maximum: float
    principles: dict[str, float]


class National(Struct):
    """``national.json``: everything that the national reports print."""

    schema: str
    version: int
    name: str
    tool: str
    started: str
    finished: str
    schemes: tuple[Scheme, ...]
    plan: dict[str, str]
    environments: tuple[Environment, ...]
    units: tuple[UnitResult, ...]
    blocks: tuple[BlockResult, ...]
    vendors: tuple[VendorResult, ...]
    defects: tuple[Common, ...]
    published: tuple[PublishedRound, ...]
    checks: tuple[Check, ...]


class Audited(Struct):
    """What a batch hands over of a unit: its result (None: none yet), how it was audited, and why it has no result."""

    unit: Unit
    result: Result | None = None
    plan: dict[str, str] = msgspec.field(default_factory=dict)
    folder: str = ""
    ended: bool = False
    failure: Text | None = None


def national(name: str, audited: Iterable[Audited], profiles: Sequence[Profile]) -> National:
    """The national result under the profiles that the results were scored by, the leading one first; the order of units is the roster's.

    ``audited`` is gone through once, so that no more than one portal's result has to be in memory.
    """
    leading = profiles[0].id
    seen = _Seen()
    units = _ranked([seen.take(one, leading) for one in audited])
    counted = [unit for unit in units if unit.state is not UnitState.ENDED]
    schemes = tuple(_scheme(one) for one in profiles)
    blocks = [block for block in BLOCKS if any(unit.block == block for unit in counted)]
    plans = Counter(tuple(sorted(unit.plan.items())) for unit in units if unit.plan)
    made = National(
        schema=SCHEMA,
        version=NATIONAL_VERSION,
        name=name,
        tool=next((one.tool for one in seen.environments), ""),
        started=min(seen.started, default=""),
        finished=max((unit.finished for unit in units), default=""),
        schemes=schemes,
        plan=dict(plans.most_common(1)[0][0]) if plans else {},
        environments=tuple(seen.environments),
        units=units,
        blocks=tuple(
            _block(block, [unit for unit in counted if block in (unit.block, ALL)], schemes)
            for block in (*blocks, *([ALL] if len(blocks) > 1 else []))
        ),
        vendors=_vendors(counted, leading),
        defects=tuple(sorted(seen.defects.values(), key=_most_first)),
        published=published(seen.roster),
        checks=(),
    )
    return msgspec.structs.replace(made, checks=checks(made))


class _Seen:
    """What is kept of results beyond their units."""

    def __init__(self) -> None:
        self.roster: list[Unit] = []
        self.started: list[str] = []
        self.environments: dict[Environment, None] = {}
        self.defects: dict[str, Common] = {}

    def take(self, one: Audited, profile: str) -> UnitResult:
        """The unit's part of the national result."""
        unit = _unit(one, profile)
        self.roster.append(one.unit)
        if one.result is not None:
            self.started.append(one.result.started)
            self.environments.setdefault(one.result.environment)
            if unit.state is UnitState.ASSESSED:
                for defect in _failed(one.result):
                    self.defects[defect.fingerprint] = _common(self.defects.get(defect.fingerprint), defect, one.unit)
        return unit


def timeless(made: National) -> National:
    """The same without its times: what two runs of the same batch must agree on."""
    units = tuple(msgspec.structs.replace(unit, finished="") for unit in made.units)
    return msgspec.structs.replace(made, started="", finished="", units=units)


# -- units -------------------------------------------------------------------------------------------------------------------
def _unit(one: Audited, profile: str) -> UnitResult:
    unit, result = one.unit, one.result
    bare = UnitResult(
        id=unit.id,
        name=unit.name,
        block=unit.block,
        vendor=unit.vendor,
        url=unit.url,
        url_status=unit.url_status,
        successor=unit.successor,
        state=UnitState.WAITING,
        folder=one.folder,
        plan=one.plan,
    )
    if one.ended:
        return msgspec.structs.replace(bare, state=UnitState.ENDED, reason=_reason("ended"))
    if result is None:
        state = UnitState.NOT_ASSESSED if one.failure else UnitState.WAITING
        cause = PageState.CRASHED.value if one.failure else ""
        return msgspec.structs.replace(bare, state=state, cause=cause, reason=one.failure or _reason("waiting"))
    scores = sorted(result.scores, key=lambda score: score.profile != profile)
    assessed = bool(scores) and scores[0].assessed
    first = min(result.pages, key=lambda page: page.page.order, default=None)
    filled = msgspec.structs.replace(
        bare,
        state=UnitState.ASSESSED if assessed else UnitState.NOT_ASSESSED,
        reason=None if assessed else scores[0].reason,
        cause="" if assessed or first is None else first.page.state.value,
        pages=dict(sorted(Counter(page.page.state.value for page in result.pages).items())),
        finished=result.finished,
    )
    if not assessed:
        return filled
    return msgspec.structs.replace(
        filled,
        points=tuple(_points(score) for score in scores if score.assessed),
        principles={part.id: part.state for part in scores[0].principles},
        criteria={criterion.id: criterion.verdict for criterion in result.criteria},
        defects={one.fingerprint: Stand(pages=len(one.pages), places=one.count) for one in _failed(result)},
        questions=len(result.questions),
    )


def _reason(key: str) -> Text:
    return word("unit_states", key)


def _points(score: Score) -> Points:
    return Points(
        profile=score.profile,
        lower=score.lower or 0.0,
        automatic=score.automatic or 0.0,
        upper=score.upper or 0.0,
        maximum=score.maximum,
        principles={part.id: part.automatic for part in score.principles},
    )


def _failed(result: Result) -> list[Defect]:
    return [defect for defect in result.defects if defect.verdict is Verdict.FAILED]


def _ranked(units: Sequence[UnitResult]) -> tuple[UnitResult, ...]:
    """The same units with their ranks in their blocks, under every profile."""
    placed: dict[tuple[str, str], tuple[int, int, int]] = {}
    groups: dict[tuple[str, str], dict[str, Points]] = defaultdict(dict)
    for unit in units:
        for points in unit.points:
            groups[unit.block, points.profile][unit.id] = points
    for (_, profile), group in groups.items():
        own = ranks({id: points.automatic for id, points in group.items()})
        possible = rank_range({id: one.lower for id, one in group.items()}, {id: one.upper for id, one in group.items()})
        placed |= {(id, profile): (own[id], *possible[id]) for id in group}

    def one(unit: UnitResult) -> UnitResult:
        points = []
        for given in unit.points:
            rank, best, worst = placed[unit.id, given.profile]
            points.append(msgspec.structs.replace(given, rank=rank, best=best, worst=worst))
        return msgspec.structs.replace(unit, points=tuple(points))

    return tuple(one(unit) for unit in units)


def _scheme(profile: Profile) -> Scheme:
    return Scheme(
        id=profile.id,
        name=profile.name,
        legal_act=profile.legal_act,
        reading=profile.reading,
        confirmed=profile.confirmed,
        errata=profile.errata,
        tolerance=float(profile.tolerance),
        maximum=float(sum(profile.points.values())),
        principles={id: float(points) for id, points in profile.points.items()},
    )


# -- blocks ------------------------------------------------------------------------------------------------------------------
def _block(block: str, units: Sequence[UnitResult], schemes: Sequence[Scheme]) -> BlockResult:
    assessed = [unit for unit in units if unit.state is UnitState.ASSESSED]
    return BlockResult(
        block=block,
        units=len(units),
        assessed=len(assessed),
        causes=tally(unit.cause or unit.state.value for unit in units if unit.state is not UnitState.ASSESSED),
        points=tuple(_block_points(units, scheme) for scheme in schemes),
        principles={id: tally((unit.principles[id].value for unit in assessed), list(PrincipleState)) for id in PRINCIPLES},
        criteria={id: tally((unit.criteria[id].value for unit in assessed), list(Verdict)) for id in CRITERIA},
    )


def _block_points(units: Sequence[UnitResult], scheme: Scheme) -> BlockPoints:
    points = [one for unit in units for one in unit.points if one.profile == scheme.id]
    missing = len(units) - len(points)
    reached = sum((Decimal(str(one.automatic)) for one in points), Decimal(0))
    level_of = [_level(one.automatic) for one in points] + [NOT_ASSESSED] * missing
    possible = sorted({one.automatic for one in points} | set(_possible(scheme)), reverse=True)
    levels = tally(level_of, [*map(_level, possible), NOT_ASSESSED])
    with_points = sum(1 for one in points if one.automatic > 0)
    full = sum(1 for one in points if one.automatic == one.maximum)
    total = len(units)
    return BlockPoints(
        profile=scheme.id,
        maximum=scheme.maximum,
        mean_lower=_mean([one.lower for one in points]),
        mean=_mean([one.automatic for one in points]),
        mean_upper=_mean([one.upper for one in points]),
        least=_rounded(reached / total) if total else 0.0,
        most=_rounded((reached + missing * Decimal(str(scheme.maximum))) / total) if total else 0.0,
        with_points=_level_of("with_points", with_points, total),
        full_marks=_level_of("full_marks", full, total),
        levels=levels,
    )


def _possible(scheme: Scheme) -> list[float]:
    """Every number of points that a portal can have when principles give all or nothing; no more than the four ends otherwise."""
    if scheme.reading != ALL_OR_NOTHING:
        return [0.0, scheme.maximum]
    sums = {Decimal(0)}
    for points in scheme.principles.values():
        sums |= {one + Decimal(str(points)) for one in sums}
    return [float(one) for one in sums]


def _level(points: float) -> str:
    return f"{points:.4f}".rstrip("0").rstrip(".")


def _level_of(id: str, n: int, total: int) -> Level:
    return tally([id] * n + [""] * (total - n), [id]).levels[0]


def _mean(points: Sequence[float]) -> float | None:
    return _rounded(sum((Decimal(str(one)) for one in points), Decimal(0)) / len(points)) if points else None


def _rounded(points: Decimal) -> float:
    return float(points.quantize(_PLACES, ROUND_HALF_UP))


# -- defects and vendors -------------------------------------------------------------------------------------------------------
def _common(before: Common | None, defect: Defect, unit: Unit) -> Common:
    """A defect in common, with one more unit."""
    if before is None:
        before = Common(
            fingerprint=defect.fingerprint,
            rule=defect.rule,
            criteria=(),
            what=_bounded(defect.what),
            mend=_bounded(defect.mend),
            units=(),
            vendors=(),
            pages=0,
            places=0,
        )
    return msgspec.structs.replace(
        before,
        criteria=tuple(sorted({*before.criteria, *defect.criteria})),
        units=(*before.units, unit.id),
        vendors=tuple(sorted({*before.vendors, unit.vendor} - {""})),
        pages=before.pages + len(defect.pages),
        places=before.places + defect.count,
    )


def _most_first(defect: Common) -> tuple[int, int, str]:
    return -len(defect.units), -defect.pages, defect.fingerprint


def _bounded(text: Text) -> Text:
    return Text(cut(text.vi, _TEXT), cut(text.en, _TEXT))


def _vendors(units: Sequence[UnitResult], profile: str) -> tuple[VendorResult, ...]:
    """Every vendor, those with most portals first; portals built by their unit stand together, those without a vendor last."""
    groups: dict[str, list[UnitResult]] = defaultdict(list)
    for unit in units:
        groups[unit.vendor].append(unit)
    names = sorted(groups, key=lambda name: (name == "", name == SELF_BUILT, -len(groups[name]), name))
    return tuple(_vendor(name, groups[name], profile) for name in names)


def _vendor(name: str, units: Sequence[UnitResult], profile: str) -> VendorResult:
    assessed = [unit for unit in units if unit.state is UnitState.ASSESSED]
    points = [one for unit in assessed for one in unit.points if one.profile == profile]
    shares = [Decimal(str(one.automatic)) / Decimal(str(one.maximum)) * 100 for one in points]
    times = Counter(fingerprint for unit in assessed for fingerprint in unit.defects)
    # Portals without a common vendor share no platform: what they have in common says nothing of one.
    shared = [] if name in ("", SELF_BUILT) else [one for one, n in times.items() if n > 1]
    repeated = sorted(shared, key=lambda one: (-times[one], one))
    return VendorResult(
        vendor=name,
        units=tuple(unit.id for unit in units),
        assessed=len(assessed),
        mean=_rounded(sum(shares, Decimal(0)) / len(shares)) if shares else None,
        full_marks=sum(1 for one in points if one.automatic == one.maximum),
        everywhere=tuple(one for one in repeated if times[one] == len(assessed)),
        repeated=tuple(repeated),
    )


# -- checks ------------------------------------------------------------------------------------------------------------------
def checks(made: National) -> tuple[Check, ...]:
    """Count everything again from the units, by other ways than it was made."""
    counted = [unit for unit in made.units if unit.state is not UnitState.ENDED]
    found = [one for block in made.blocks for one in _block_checks(block, counted)]
    by_block = {block.block: block.units for block in made.blocks if block.block != ALL}
    found.append(adds_up("blocks", by_block, len(counted)))
    found.append(adds_up("vendors", {vendor.vendor: len(vendor.units) for vendor in made.vendors}, len(counted)))
    for scheme in made.schemes:
        for block in by_block:
            found.extend(_rank_checks(scheme.id, [unit for unit in counted if unit.block == block], block))
        found.append(_sums(scheme.id, counted))
    found.append(_same_plan(made))
    found.append(_same_environment(made))
    return tuple(found)


def _block_checks(block: BlockResult, counted: Sequence[UnitResult]) -> Iterable[Check]:
    units = [unit for unit in counted if block.block in (unit.block, ALL)]
    assessed = [unit for unit in units if unit.points]
    told = {"assessed": block.assessed, **{level.id: level.n for level in block.causes.levels}}
    yield adds_up(f"{block.block}, states", told, len(units))
    yield one_denominator(f"{block.block}, principles", {id: one.total for id, one in block.principles.items()} | {"": len(assessed)})
    yield one_denominator(f"{block.block}, criteria", {id: one.total for id, one in block.criteria.items()} | {"": len(assessed)})
    for tallies in (block.principles, block.criteria):
        for id, one in tallies.items():
            yield adds_up(f"{block.block}, {id}", {level.id: level.n for level in one.levels}, len(assessed))
            yield shares_from_counts(f"{block.block}, {id}", one)
    for points in block.points:
        about = f"{block.block}, {points.profile}"
        yield adds_up(about, {level.id: level.n for level in points.levels.levels}, len(units))
        yield shares_from_counts(about, points.levels)
        yield shares_from_counts(about, Tally(total=len(units), levels=(points.with_points, points.full_marks)))
        yield one_denominator(about, {"units": block.units, "levels": points.levels.total, "listed": len(units)})
        yield _ends(about, points, block.assessed == block.units)


def _ends(about: str, points: BlockPoints, whole: bool) -> Check:
    """The mean lies between its ends, and those meet where every unit was assessed."""
    told = f"{points.least} – {points.mean} – {points.most}"
    inside = points.least <= points.most and (points.mean is None or points.least <= points.mean <= points.most)
    met = not whole or points.least == points.most
    return check("mean_within_ends", about, None if inside and met else Text(told, told))


def _rank_checks(profile: str, units: Sequence[UnitResult], block: str) -> Iterable[Check]:
    about = f"{block}, {profile}"
    points = {unit.id: one for unit in units for one in unit.points if one.profile == profile}
    given = {id: one.rank for id, one in points.items()}
    yield competition_ranks(about, given)
    wrong = [
        id
        for id, one in points.items()
        if not one.best <= one.rank <= one.worst or one.rank != 1 + sum(1 for other in points.values() if other.automatic > one.automatic)
    ]
    yield check("ranks_follow_points", about, Text(", ".join(wrong), ", ".join(wrong)) if wrong else None)


def _sums(profile: str, units: Sequence[UnitResult]) -> Check:
    """Every unit's points are the sum of its principles' points, and lie between its ends."""
    wrong = [
        unit.id
        for unit in units
        for one in unit.points
        if one.profile == profile
        and (
            _rounded(sum((Decimal(str(part)) for part in one.principles.values()), Decimal(0))) != one.automatic
            or not 0 <= one.lower <= one.automatic <= one.upper <= one.maximum
        )
    ]
    return check("points_add_up", profile, Text(", ".join(wrong), ", ".join(wrong)) if wrong else None)


def _same_plan(made: National) -> Check:
    """All units that have points were audited in the same way: quota of pages, depth, seed, rules."""
    wrong = [unit.id for unit in made.units if unit.points and unit.plan != made.plan]
    return check("same_plan", "", Text(", ".join(wrong), ", ".join(wrong)) if wrong else None)


def _same_environment(made: National) -> Check:
    """One tool, browser and axe-core for all."""
    told = "; ".join(f"{one.tool}, {one.browser}, axe {one.axe}, {one.depth}" for one in made.environments)
    return check("same_environment", "", Text(told, told) if len(made.environments) > 1 else None)


def open_checks(made: National) -> Mapping[str, list[Check]]:
    """The checks that found something, by id: of the result itself, and of the published rounds."""
    found: dict[str, list[Check]] = defaultdict(list)
    for one in (*made.checks, *(each for published_round in made.published for each in published_round.checks)):
        if not one.ok:
            found[one.id].append(one)
    return found
