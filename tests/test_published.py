"""The published tables of 2023 and 2024, from the roster's data by the report's own code; the checks find the published misprints."""

from __future__ import annotations

import msgspec
import pytest

from wcag_audit.published import GRADES, PublishedRound, printed, published, vendor_tally
from wcag_audit.roster import read_roster
from wcag_audit.tally import adds_up, competition_ranks, rank_range, ranks, ranks_follow, share, shares_from_counts, tally

UNITS = read_roster()


@pytest.fixture(scope="module")
def rounds() -> dict[int, PublishedRound]:
    return {one.year: one for one in published(UNITS)}


@pytest.mark.parametrize(
    ("year", "block", "grades", "shares"),
    [
        (2023, "ministry", [2, 4, 10, 0, 4], [10.0, 20.0, 50.0, 0.0, 20.0]),
        (2023, "province", [9, 43, 10, 1, 0], [14.3, 68.3, 15.9, 1.6, 0.0]),
        (2024, "ministry", [0, 0, 5, 1, 15], [0.0, 0.0, 23.8, 4.8, 71.4]),
        (2024, "province", [0, 0, 39, 15, 9], [0.0, 0.0, 61.9, 23.8, 14.3]),
    ],
)
def test_grades(rounds: dict[int, PublishedRound], year: int, block: str, grades: list[int], shares: list[float]) -> None:
    (found,) = (one for one in rounds[year].blocks if one.block == block)
    assert [found.grades.n(grade) for grade in GRADES] == grades
    assert [level.share for level in found.grades.levels] == shares
    assert found.grades.total == sum(grades)


def test_ties(rounds: dict[int, PublishedRound]) -> None:
    tied = {(year, block.block): {one.rank: len(one.units) for one in block.tied} for year, one in rounds.items() for block in one.blocks}
    assert tied[2023, "ministry"] == {1: 2, 7: 2, 11: 2, 13: 2, 15: 2}
    assert tied[2024, "ministry"] == {15: 2}
    assert tied[2024, "province"][4] == 4 and tied[2023, "province"][4] == 6


def test_points_for_accessibility(rounds: dict[int, PublishedRound]) -> None:
    blocks = {(year, block.block): block for year, one in rounds.items() for block in one.blocks}
    told = {key: (block.with_points, block.full_marks, block.grades.total) for key, block in blocks.items()}
    assert told == {
        (2023, "ministry"): (17, 2, 20),
        (2023, "province"): (62, 9, 63),
        (2024, "ministry"): (19, 1, 21),
        (2024, "province"): (None, None, 63),
    }


def test_vendors_of_2023(rounds: dict[int, PublishedRound]) -> None:
    found = rounds[2023].vendors
    assert found is not None and found.total == 79 and rounds[2023].self_built == 4
    first = found.levels[0]
    assert (first.id, first.n, round(first.share)) == ("VNPT", 36, 46)
    named = {"VNPT": 36, "Viettel": 5, "Tân Dân": 5, "FPT": 5, "FDS": 4, "INET": 4, "DTT": 3, "Unitech": 3, "Viettel + FDS": 1}
    assert {name: found.n(name) for name in named} == named
    others = [level.n for level in found.levels if level.id not in named]
    assert (len(others), sum(others)) == (11, 13)
    assert rounds[2024].vendors is None


def test_the_checks_find_the_misprint_and_nothing_else(rounds: dict[int, PublishedRound]) -> None:
    wrong = {(check.id, check.about): check.found.en for one in rounds.values() for check in one.checks if check.found}
    assert wrong == {
        ("counts_add_up", "2024 province"): "0 + 0 + 39 + 24 + 9 = 72, not 63",
        ("counts_as_listed", "2024 province"): "D: 24 ≠ 15; 24 = 23.8 %",
    }


def test_other_misprints_are_found_too() -> None:
    given = [msgspec.to_builtins(one) for one in printed()]
    given[0]["vendors"]["shares"]["VNPT"] = 43  # 36 of 83: another denominator
    given[0]["vendors"]["units"] = 83
    rounds = published(UNITS, msgspec.convert(given, tuple[type(printed()[0]), ...]))
    wrong = {check.id for one in rounds for check in one.checks if not check.ok and check.about == "2023 vendors"}
    assert wrong == {"counts_add_up", "one_denominator"}
    ranked = {unit.id: msgspec.structs.replace(unit, published={"2024": unit.published["2024"]}) for unit in UNITS}
    swapped = ranked["bqp"].published["2024"], ranked["byt"].published["2024"]
    ranked["bqp"].published["2024"] = msgspec.structs.replace(swapped[0], rank=swapped[1].rank)
    found = [check for one in published(tuple(ranked.values())) for check in one.checks if check.about == "2024 ministry"]
    wrong = {check.id for check in found if not check.ok}
    assert wrong == {"competition_ranks", "ranks_follow_points"}


def test_a_roster_of_other_units_has_no_published_rounds() -> None:
    assert published(UNITS[:40]) == ()


def test_self_built_portals_have_no_vendor() -> None:
    assert vendor_tally(unit for unit in UNITS if unit.id in ("bct", "ubdt")).total == 0


def test_ranks() -> None:
    assert ranks({"a": 5.0, "b": 3.75, "c": 3.75, "d": 0.0}) == {"a": 1, "b": 2, "c": 2, "d": 4}
    assert ranks({}) == {}
    assert rank_range({"a": 0.0, "b": 2.0, "c": 5.0}, {"a": 5.0, "b": 3.0, "c": 5.0}) == {"a": (1, 3), "b": (2, 3), "c": (1, 1)}


def test_shares() -> None:
    assert (share(1, 8), share(1, 3), share(0, 0), share(1, 16)) == (12.5, 33.3, 0.0, 6.3)
    counted = tally(["b", "a", "x", "a"], ["a", "b", "c"])
    assert [(one.id, one.n, one.share) for one in counted.levels] == [("a", 2, 50.0), ("b", 1, 25.0), ("c", 0, 0.0), ("x", 1, 25.0)]
    assert shares_from_counts("", counted).ok
    wrong = msgspec.structs.replace(counted, total=5)
    assert not shares_from_counts("", wrong).ok


def test_checks_see_what_is_wrong() -> None:
    assert adds_up("", {"a": 1, "b": 2}, 3).ok and not adds_up("", {"a": 1, "b": 2}, 4).ok
    assert competition_ranks("", {"a": 1, "b": 2, "c": 2, "d": 4}).ok
    for wrong in ({"a": 1, "b": 2, "c": 2, "d": 3}, {"a": 1, "b": 3}, {"a": 2, "b": 2}):
        assert not competition_ranks("", wrong).ok
    assert ranks_follow("", {"a": 1, "b": 2}, {"a": 2.0, "b": 1.0}).ok
    assert not ranks_follow("", {"a": 1, "b": 2}, {"a": 1.0, "b": 2.0}).ok
