"""Two rounds beside each other: points as shares of the maximum, defects mended, new and remaining, per unit and vendor.

What became of a defect is decided per portal as :mod:`wcag_audit.reports.compare` decides it: mended only where somebody looked again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from wcag_audit.model import Text
from wcag_audit.national import UnitState
from wcag_audit.reports.compare import KINDS, compare
from wcag_audit.reports.national import (
    Listing,
    Para,
    Part,
    Section,
    block_name,
    column_heads,
    joined,
    plain,
    state_name,
    unit_name,
    vendor_name,
)
from wcag_audit.reports.tables import Table
from wcag_audit.reports.texts import date, line, text

if TYPE_CHECKING:
    from wcag_audit.model import Result
    from wcag_audit.national import BlockPoints, BlockResult, National, UnitResult
    from wcag_audit.reports.tables import Cell


class UnitChange(NamedTuple):
    """A unit in both rounds, or in one of them; ``kinds`` counts defects, empty where one round has no result of it."""

    before: UnitResult | None
    after: UnitResult | None
    kinds: dict[str, int]

    @property
    def unit(self) -> UnitResult:
        found = self.after or self.before
        assert found is not None
        return found


class Rounds(NamedTuple):
    """The comparison of two rounds."""

    before: National
    after: National
    units: list[UnitChange]


def rounds(before: National, after: National, results: Callable[[str], tuple[Result | None, Result | None]]) -> Rounds:
    """Compare two rounds. ``results`` gives both results of a unit's portal, by its id."""
    then, now = ({unit.id: unit for unit in one.units} for one in (before, after))
    changes = []
    for id in dict.fromkeys([*now, *then]):
        pair = (then.get(id), now.get(id))
        kinds: dict[str, int] = {}
        if all(unit is not None and unit.state is UnitState.ASSESSED for unit in pair):
            old, new = results(id)
            if old is not None and new is not None:
                kinds = {kind: len(found) for kind, found in compare(old, new).kinds.items()}
        changes.append(UnitChange(*pair, kinds))
    return Rounds(before, after, changes)


def percent(unit: UnitResult | None) -> float | None:
    """Points by the automatic reading of the leading scheme, as a percentage of its maximum."""
    if unit is None or not unit.points:
        return None
    return round(100 * unit.points[0].automatic / unit.points[0].maximum, 1)


def title(found: Rounds) -> Text:
    names = plain(f"{line(found.before.name, 60)} → {line(found.after.name, 60)}")
    return joined(": ", text("rounds", "title"), names)


def facts(found: Rounds) -> list[tuple[Text, Text]]:
    """What stands at the head: both rounds with their days."""
    both = (("before", found.before), ("after", found.after))
    return [(text("rounds", key), text("rounds", "facts_of", name=plain(line(one.name, 60)), date=date(one.finished))) for key, one in both]


def sections(found: Rounds) -> list[Section]:
    """The comparison as sections of the national report."""
    return [
        Section("blocks", text("rounds", "blocks"), list(_blocks(found))),
        Section("units", text("rounds", "units"), list(_units(found))),
        Section("vendors", text("rounds", "vendors"), list(_vendors(found))),
    ]


def _blocks(found: Rounds) -> Iterator[Part]:
    after = {block.block: block for block in found.after.blocks}
    rows: list[tuple[Cell, ...]] = []
    for old in found.before.blocks:
        if (new := after.get(old.block)) is not None:
            rows.append((block_name(old.block), *_block(old), *_block(new)))
    keys = ("n", "assessed", "mean_share", "full_marks")
    heads = [joined(" ", _head(key), plain(f"({place})")) for place in (1, 2) for key in keys]
    columns = [*column_heads(("block", 20)), *(column_heads("n")[0]._replace(head=head) for head in heads)]
    yield Listing(Table("blocks", text("rounds", "blocks"), columns, rows))
    first, second = found.before.schemes[0], found.after.schemes[0]
    if first.maximum != second.maximum or first.id != second.id:
        yield Para(text("rounds", "other_scheme"))


def _head(key: str) -> Text:
    return text("national_columns", key)


def _block(block: BlockResult) -> tuple[Cell, ...]:
    points: BlockPoints = block.points[0]
    mean: Cell = "–" if points.mean is None else round(100 * points.mean / points.maximum, 1)
    return block.units, block.assessed, mean, points.full_marks.n


def _units(found: Rounds) -> Iterator[Part]:
    rows: list[tuple[Cell, ...]] = [
        (
            unit_name(one.unit), block_name(one.unit.block), _told(one.before), _told(one.after),
            *(one.kinds.get(kind, "–") for kind in KINDS), _what_became(one),
        )
        for one in found.units
    ]  # fmt: skip
    columns = column_heads(("unit", 40), ("block", 14))
    columns += [columns[1]._replace(head=joined(" ", _head("mean_share_of"), plain(f"({place})"))) for place in (1, 2)]
    columns += [columns[1]._replace(head=text("compare", kind)) for kind in KINDS] + column_heads(("state", 40))
    yield Listing(Table("units", text("rounds", "units"), columns, rows))
    yield Para(text("rounds", "mended_note"))


def _told(unit: UnitResult | None) -> Cell:
    share = percent(unit)
    return "–" if share is None else share


def _what_became(one: UnitChange) -> Text:
    """Why a unit is not compared, or which unit took its place."""
    if one.before is None:
        return text("rounds", "only_after")
    if one.after is None:
        return text("rounds", "only_before")
    if one.after.successor:
        return text("rounds", "successor", unit=plain(line(one.after.successor, 80)))
    for unit in (one.before, one.after):
        if unit.state is not UnitState.ASSESSED:
            return state_name(unit)
    return plain("")


def _vendors(found: Rounds) -> Iterator[Part]:
    groups: dict[str, list[UnitChange]] = defaultdict(list)
    for one in found.units:
        groups[one.unit.vendor].append(one)
    rows: list[tuple[Cell, ...]] = [
        (
            vendor_name(vendor), len(units), _mean([percent(one.before) for one in units]), _mean([percent(one.after) for one in units]),
            *(sum(one.kinds.get(kind, 0) for one in units) for kind in KINDS),
        )
        for vendor, units in sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    ]  # fmt: skip
    columns = column_heads(("vendor", 30), "units")
    columns += [columns[1]._replace(head=joined(" ", _head("mean_share"), plain(f"({place})"))) for place in (1, 2)]
    columns += [columns[1]._replace(head=text("compare", kind)) for kind in KINDS]
    yield Listing(Table("vendors", text("rounds", "vendors"), columns, rows))


def _mean(shares: list[float | None]) -> Cell:
    known = [one for one in shares if one is not None]
    return round(sum(known) / len(known), 1) if known else "–"
