"""Counting as a national report counts: shares of one denominator, standard competition ranks, and checks that printed numbers agree.

Pure arithmetic, used for our own results and for the published rounds alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import TypeVar

from wcag_audit.model import Struct, Text

_Key = TypeVar("_Key")
_TENTH = Decimal("0.1")


class Level(Struct):
    """How many units are at a level; ``share`` is the percentage of all, to one place, halves up."""

    id: str
    n: int
    share: float


class Tally(Struct):
    """Units by level over one denominator."""

    total: int
    levels: tuple[Level, ...]

    def n(self, level: str) -> int:
        """How many are at a level; 0 for one that nobody is at."""
        return next((one.n for one in self.levels if one.id == level), 0)


class Check(Struct):
    """One consistency check: what it says about which numbers, and whether they agree (``found`` tells what disagrees)."""

    id: str
    about: str
    ok: bool
    found: Text | None = None


def share(n: int, total: int) -> float:
    """The percentage to one place, halves up; 0 of nothing is 0."""
    return float((Decimal(100 * n) / total).quantize(_TENTH, ROUND_HALF_UP)) if total else 0.0


def tally(values: Iterable[str], levels: Sequence[str] = ()) -> Tally:
    """Values counted by level: the levels named first, in their order, then every other that occurs."""
    counts = Counter(values)
    total = sum(counts.values())
    names = (*levels, *sorted(name for name in counts if name not in levels))
    return Tally(total=total, levels=tuple(Level(id=name, n=counts[name], share=share(counts[name], total)) for name in names))


def ranks(points: Mapping[_Key, float]) -> dict[_Key, int]:
    """Standard competition ranks ("1224"): one more than the number of those with more points."""
    return {key: 1 + sum(1 for other in points.values() if other > own) for key, own in points.items()}


def rank_range(lower: Mapping[_Key, float], upper: Mapping[_Key, float]) -> dict[_Key, tuple[int, int]]:
    """The best and the worst rank that is possible when each one's points may lie anywhere between its lower and its upper end."""
    return {
        key: (
            1 + sum(1 for other, low in lower.items() if other != key and low > upper[key]),
            1 + sum(1 for other, high in upper.items() if other != key and high > lower[key]),
        )
        for key in lower
    }


# -- checks: each looks at numbers as printed and knows nothing of how they were made -----------------------------------------
def check(id: str, about: str, found: Text | None) -> Check:
    """A check that found something, or nothing."""
    return Check(id=id, about=about, ok=found is None, found=found)


def adds_up(about: str, parts: Mapping[str, int], total: int) -> Check:
    """Counts add up to the number of units."""
    summed = sum(parts.values())
    told = " + ".join(str(n) for n in parts.values())
    wrong = Text(f"{told} = {summed}, không phải {total}", f"{told} = {summed}, not {total}")
    return check("counts_add_up", about, None if summed == total else wrong)


def shares_from_counts(about: str, printed: Tally, places: int = 1) -> Check:
    """Every share is the percentage of its count over the one denominator, to so many places."""
    step = Decimal(1).scaleb(-places)
    wrong = [
        f"{level.id}: {level.n}/{printed.total} = {own} %, ≠ {level.share:g} %"
        for level in printed.levels
        if printed.total
        and (own := (Decimal(100 * level.n) / printed.total).quantize(step, ROUND_HALF_UP)) != Decimal(str(level.share)).quantize(step)
    ]
    return check("shares_from_counts", about, Text("; ".join(wrong), "; ".join(wrong)) if wrong else None)


def one_denominator(about: str, totals: Mapping[str, int]) -> Check:
    """All shares of a block are of the same number of units."""
    told = ", ".join(f"{name}: {n}" for name, n in totals.items())
    return check("one_denominator", about, Text(told, told) if len(set(totals.values())) > 1 else None)


def competition_ranks(about: str, given: Mapping[str, int]) -> Check:
    """Every rank is one more than the number of units before it: ties share the better rank, and the next one is skipped."""
    wrong = [f"{name}: {rank}" for name, rank in given.items() if rank != 1 + sum(1 for other in given.values() if other < rank)]
    told = ", ".join(wrong)
    return check("competition_ranks", about, Text(told, told) if wrong else None)


def ranks_follow(about: str, given: Mapping[str, int], order: Mapping[str, float]) -> Check:
    """Nobody has a better rank than someone with more points (or a better grade)."""
    names = sorted(given, key=lambda name: (given[name], -order[name], name))
    wrong = [f"{one} ({given[one]}) – {two} ({given[two]})" for one, two in pairwise(names) if order[one] < order[two]]
    told = "; ".join(wrong)
    return check("ranks_follow_points", about, Text(told, told) if wrong else None)
