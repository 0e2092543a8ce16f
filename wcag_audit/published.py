"""The published rounds of 2023 and 2024: counts, shares, ties and vendors from the roster's ranks and grades, beside what was printed."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources

import msgspec

from wcag_audit.model import Struct, Text, convert
from wcag_audit.roster import SELF_BUILT, Unit
from wcag_audit.tally import (
    Check,
    Level,
    Tally,
    adds_up,
    check,
    competition_ranks,
    one_denominator,
    ranks_follow,
    shares_from_counts,
    tally,
)

GRADES = ("A", "B", "C", "D", "E")


class PrintedBlock(Struct):
    """A block as printed: units, how many have points for accessibility and full marks (None: no number told), units per grade."""

    block: str
    units: int
    grades: dict[str, int]
    with_points: int | None = None
    full_marks: int | None = None


class PrintedVendors(Struct):
    """Vendors as printed: portals in all, those that units built themselves, by vendor, of all others together, and shares in per cent."""

    units: int
    self_built: int
    others: int
    counts: dict[str, int]
    shares: dict[str, float] = msgspec.field(default_factory=dict)


class Printed(Struct):
    """A round as printed; ``maximum`` is the points of its accessibility group."""

    year: int
    maximum: float
    act: Text
    blocks: tuple[PrintedBlock, ...] = msgspec.field(name="block", default=())
    vendors: PrintedVendors | None = None


class Tied(Struct):
    """Units that share a rank."""

    rank: int
    units: tuple[str, ...]


class PublishedBlock(Struct):
    """A block of a published round, counted from the roster."""

    block: str
    grades: Tally
    tied: tuple[Tied, ...]
    with_points: int | None = None
    full_marks: int | None = None


class PublishedRound(Struct):
    """A published round, counted from the roster, with what the checks found in the printed numbers."""

    year: int
    maximum: float
    act: Text
    blocks: tuple[PublishedBlock, ...]
    vendors: Tally | None
    self_built: int
    checks: tuple[Check, ...]


@cache
def printed() -> tuple[Printed, ...]:
    """The rounds as printed, from ``published.toml``."""
    data = tomllib.loads(resources.files("wcag_audit").joinpath("published.toml").read_text("utf-8"))
    return convert(data["round"], tuple[Printed, ...])


def published(units: Sequence[Unit], rounds: Iterable[Printed] | None = None) -> tuple[PublishedRound, ...]:
    """Every printed round of which the roster knows all blocks whole; a roster of other units has none."""
    found = (_round(one, units) for one in (printed() if rounds is None else rounds))
    return tuple(one for one in found if one is not None)


def _round(told: Printed, units: Sequence[Unit]) -> PublishedRound | None:
    year = str(told.year)
    ranked = [unit for unit in units if year in unit.published]
    blocks = tuple(_block(one, [unit for unit in ranked if unit.block == one.block], year) for one in told.blocks)
    if any(one.grades.total != block.units for one, block in zip(blocks, told.blocks, strict=True)):
        return None
    vendors = vendor_tally(ranked) if told.vendors else None
    self_built = sum(1 for unit in ranked if unit.vendor == SELF_BUILT)
    checks = [found for one, block in zip(blocks, told.blocks, strict=True) for found in _checks(told.year, one, block, ranked)]
    if vendors and told.vendors:
        checks += _vendor_checks(told.year, vendors, told.vendors, self_built)
    return PublishedRound(
        year=told.year, maximum=told.maximum, act=told.act, blocks=blocks, vendors=vendors, self_built=self_built, checks=tuple(checks)
    )


def _block(told: PrintedBlock, ranked: Sequence[Unit], year: str) -> PublishedBlock:
    by_rank: dict[int, list[str]] = {}
    for unit in ranked:
        if (rank := unit.published[year].rank) is not None:
            by_rank.setdefault(rank, []).append(unit.id)
    return PublishedBlock(
        block=told.block,
        grades=tally((unit.published[year].grade for unit in ranked), GRADES),
        tied=tuple(Tied(rank=rank, units=tuple(ids)) for rank, ids in sorted(by_rank.items()) if len(ids) > 1),
        with_points=told.with_points,
        full_marks=told.full_marks,
    )


def vendor_tally(units: Iterable[Unit]) -> Tally:
    """Portals by vendor, the largest first; portals that units built themselves, or of which no vendor is known, stand outside."""
    names = [unit.vendor for unit in units if unit.vendor not in ("", SELF_BUILT)]
    return tally(names, [name for name, _ in sorted(Counter(names).items(), key=lambda one: (-one[1], one[0]))])


def _checks(year: int, counted: PublishedBlock, told: PrintedBlock, ranked: Sequence[Unit]) -> Iterable[Check]:
    about = f"{year} {told.block}"
    own = [unit for unit in ranked if unit.block == told.block]
    standing = {unit.id: unit.published[str(year)] for unit in own}
    rank = {id: one.rank for id, one in standing.items() if one.rank is not None}
    yield adds_up(about, told.grades, told.units)
    yield _as_counted(about, told.grades, counted.grades)
    yield one_denominator(about, {"units": told.units, "ranked": len(rank), "graded": counted.grades.total})
    yield competition_ranks(about, rank)
    yield ranks_follow(about, rank, {id: -float(GRADES.index(standing[id].grade)) for id in rank})


def _as_counted(about: str, told: dict[str, int], counted: Tally) -> Check:
    """Printed counts are those of the list of units."""
    wrong = [f"{name}: {n} ≠ {counted.n(name)}" for name, n in told.items() if n != counted.n(name)]
    hints = [f"{n} = {level.share:g} %" for name, n in told.items() for level in counted.levels if level.id == name and _is_share(n, level)]
    told_text = "; ".join((*wrong, *hints))
    return check("counts_as_listed", about, Text(told_text, told_text) if wrong else None)


def _is_share(n: int, level: Level) -> bool:
    """Whether a percentage was printed in place of a count."""
    return n != level.n and n == round(level.share)


def _vendor_checks(year: int, counted: Tally, told: PrintedVendors, self_built: int) -> Iterable[Check]:
    about = f"{year} vendors"
    yield adds_up(about, {**told.counts, "others": told.others}, told.units)
    yield _as_counted(about, told.counts, counted)
    yield one_denominator(about, {"printed": told.units, "listed": counted.total})
    printed_shares = Tally(
        total=told.units, levels=tuple(Level(id=name, n=told.counts[name], share=one) for name, one in told.shares.items())
    )
    yield shares_from_counts(about, printed_shares, places=0)
    yield adds_up(f"{about}, self-built", {"self_built": self_built}, told.self_built)
