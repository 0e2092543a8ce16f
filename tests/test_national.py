"""The national result: ranks, ties, bounds, vendors, states and its own checks, from synthetic results."""

from __future__ import annotations

import json

import jsonschema
import msgspec
import pytest

from tests.national import ONE_OF_EACH, PROFILES, audited, blocked
from wcag_audit import schema
from wcag_audit.model import Portal, Result, Text
from wcag_audit.national import ALL, Audited, National, UnitState, checks, national, open_checks, timeless
from wcag_audit.roster import Unit, read_roster


def unit(id: str, block: str = "province", vendor: str = "") -> Unit:
    return Unit(id=id, name=Text(f"Đơn vị {id}", f"Unit {id}"), url=f"https://{id}.example.vn/", block=block, vendor=vendor)


def small() -> list[Audited]:
    """Seven provinces with points 5, 3.75, 3.75, 2.5 and 0, one blocked, one not yet audited; two ministries, one ended unit."""
    return [
        audited(unit("a", vendor="VNPT")),
        audited(unit("b", vendor="FPT"), ["1.1.1"]),
        audited(unit("c", vendor="VNPT"), ["4.1.2"]),
        audited(unit("d", vendor="VNPT"), ["4.1.2", "3.1.1"]),
        audited(unit("e", vendor="Tự xây dựng"), list(ONE_OF_EACH)),
        blocked(unit("f", vendor="VNPT")),
        Audited(unit=unit("g")),
        audited(unit("m", "ministry", "FPT"), ["1.1.1"]),
        audited(unit("n", "ministry", "FPT"), ["1.1.1", "2.4.2"], untested=("3.1.1",)),
        Audited(unit=msgspec.structs.replace(unit("z"), valid_to="2025-06-30", successor="a"), ended=True),
    ]


@pytest.fixture(scope="module")
def made() -> National:
    return national("2026-1", small(), PROFILES)


def by_id(made: National) -> dict[str, tuple[float, int] | None]:
    return {one.id: (one.points[0].automatic, one.points[0].rank) if one.points else None for one in made.units}


def test_ranks_with_ties_within_blocks(made: National) -> None:
    assert by_id(made) == {
        "a": (5.0, 1), "b": (3.75, 2), "c": (3.75, 2), "d": (2.5, 4), "e": (0.0, 5), "f": None, "g": None,
        "m": (3.75, 1), "n": (2.5, 2), "z": None,
    }  # fmt: skip


def test_states_and_reasons(made: National) -> None:
    states = {one.id: (one.state, one.cause) for one in made.units if one.state is not UnitState.ASSESSED}
    assert states == {"f": (UnitState.NOT_ASSESSED, "blocked"), "g": (UnitState.WAITING, ""), "z": (UnitState.ENDED, "")}
    assert all(one.reason for one in made.units if one.id in states)


def test_a_failed_audit_is_not_assessed_and_says_why() -> None:
    one = national("", [Audited(unit=unit("a"), failure=Text("vì sao", "why"))], PROFILES).units[0]
    assert (one.state, one.cause, one.reason) == (UnitState.NOT_ASSESSED, "crashed", Text("vì sao", "why"))


def test_one_denominator_and_a_bounded_mean(made: National) -> None:
    provinces = made.blocks[1]
    assert (provinces.block, provinces.units, provinces.assessed) == ("province", 7, 5)
    points = provinces.points[0]
    assert points.mean == 3.0 and (points.least, points.most) == (2.1429, 3.5714)
    assert (points.with_points.n, points.with_points.share) == (4, 57.1)
    assert (points.full_marks.n, points.full_marks.share) == (1, 14.3)
    assert {level.id: level.n for level in points.levels.levels} == {"5": 1, "3.75": 2, "2.5": 1, "1.25": 0, "0": 1, "not_assessed": 2}
    assert {level.id: level.n for level in provinces.causes.levels} == {"blocked": 1, "waiting": 1}


def test_both_schemes_from_the_same_scan(made: National) -> None:
    assert [scheme.id for scheme in made.schemes] == ["mic-2024", "mic-2023"]
    second = {one.id: one.points[1].automatic for one in made.units if one.points}
    assert second == {"a": 10, "b": 7, "c": 9, "d": 6, "e": 0, "m": 7, "n": 4}
    assert [points.maximum for points in made.blocks[0].points] == [5, 10]


def test_what_is_open_widens_the_possible_ranks(made: National) -> None:
    open_one = next(one for one in made.units if one.id == "n").points[0]
    assert (open_one.lower, open_one.automatic, open_one.upper) == (1.25, 2.5, 2.5)
    assert (open_one.best, open_one.rank, open_one.worst) == (2, 2, 2)
    unsure = [audited(unit("x"), untested=("3.1.1",)), audited(unit("y"), ["4.1.2"])]
    first, second = (one.points[0] for one in national("", unsure, PROFILES).units)
    assert (first.best, first.rank, first.worst) == (1, 1, 1) and (second.best, second.rank, second.worst) == (1, 2, 2)


def test_all_blocks_together(made: National) -> None:
    whole = made.blocks[-1]
    assert (whole.block, whole.units, whole.assessed) == (ALL, 9, 7)
    assert whole.principles["perceivable"].n("not_met") == 4
    assert whole.criteria["1.1.1"].n("failed") == 4 and whole.criteria["1.1.1"].total == 7


def test_one_block_is_not_summed_up_with_itself() -> None:
    assert [block.block for block in national("", [audited(unit("a"))], PROFILES).blocks] == ["province"]


def test_defects_over_units_and_vendors(made: National) -> None:
    common = {one.fingerprint: (one.units, one.pages) for one in made.defects}
    assert common["FPT-1.1.1"] == (("b", "m", "n"), 6) and common["VNPT-4.1.2"] == (("c", "d"), 4)
    assert made.defects[0].fingerprint == "FPT-1.1.1"
    vendors = {one.vendor: one for one in made.vendors}
    assert list(vendors) == ["VNPT", "FPT", "Tự xây dựng", ""]
    assert vendors["FPT"].everywhere == ("FPT-1.1.1",) and vendors["VNPT"].everywhere == ()
    assert vendors["VNPT"].repeated == ("VNPT-4.1.2",) and (len(vendors["VNPT"].units), vendors["VNPT"].assessed) == (4, 3)
    assert vendors["VNPT"].mean == 75.0 and vendors["Tự xây dựng"].repeated == ()


def test_its_own_checks_hold(made: National) -> None:
    assert [one for one in made.checks if not one.ok] == []
    assert {"counts_add_up", "shares_from_counts", "one_denominator", "competition_ranks", "points_add_up", "same_plan"} <= {
        one.id for one in made.checks
    }


def test_checks_find_what_was_changed(made: National) -> None:
    def wrong(**changed: object) -> set[str]:
        return {one.id for one in checks(msgspec.structs.replace(made, **changed)) if not one.ok}

    first, *rest = made.units
    points = first.points[0]
    assert wrong(units=(msgspec.structs.replace(first, points=(msgspec.structs.replace(points, rank=2), *first.points[1:])), *rest)) == {
        "competition_ranks", "ranks_follow_points",
    }  # fmt: skip
    assert "points_add_up" in wrong(
        units=(msgspec.structs.replace(first, points=(msgspec.structs.replace(points, automatic=4.0), *first.points[1:])), *rest)
    )
    assert "counts_add_up" in wrong(units=tuple(rest))
    assert wrong(units=(msgspec.structs.replace(first, plan={"max_pages": "30", "depth": "full"}), *rest)) == {"same_plan"}
    block = made.blocks[0]
    assert {"counts_add_up", "one_denominator"} <= wrong(blocks=(msgspec.structs.replace(block, units=3), *made.blocks[1:]))


def test_published_rounds_stand_in_the_result_of_the_84() -> None:
    made = national("", [Audited(unit=one) for one in read_roster()], PROFILES)
    assert [one.year for one in made.published] == [2023, 2024]
    assert {check.about for check in open_checks(made)["counts_add_up"]} == {"2024 province"}


def test_it_survives_json_and_time(made: National) -> None:
    assert msgspec.json.decode(msgspec.json.encode(made), type=National) == made
    later = [msgspec.structs.replace(one, result=_later(one.result)) if one.result else one for one in small()]
    again = national("2026-1", later, PROFILES)
    assert again != made and timeless(again) == timeless(made)


def _later(one: Result) -> Result:
    return msgspec.structs.replace(one, started="2027-01-01T00:00:00+0700", finished="2027-01-01T01:00:00+0700")


def test_it_is_valid_under_the_schema_that_ships(made: National) -> None:
    assert schema.shipped(schema.NATIONAL_FILE) == json.loads(json.dumps(schema.made(schema.NATIONAL_FILE)))
    assert made.schema == schema.NATIONAL_FILE
    for one in (made, national("", [Audited(unit=unit("a"))], PROFILES)):
        jsonschema.Draft202012Validator(schema.shipped(schema.NATIONAL_FILE)).validate(json.loads(msgspec.json.encode(one)))


def test_an_empty_batch_has_a_result() -> None:
    made = national("", [Audited(unit=unit("a"))], PROFILES)
    assert made.blocks[0].points[0].mean is None and (made.blocks[0].points[0].least, made.blocks[0].points[0].most) == (0.0, 5.0)
    assert all(one.ok for one in made.checks)


def test_portals_carry_their_vendor() -> None:
    assert unit("a", vendor="VNPT").portal == Portal(id="a", name="Đơn vị a", url="https://a.example.vn/", block="province", vendor="VNPT")
