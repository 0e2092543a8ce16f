from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from wcag_audit import conclude, score
from wcag_audit.model import CriterionResult, Outcome, PrincipleState, Review, Score, Text, Verdict
from wcag_audit.wcag import CRITERIA, PRINCIPLES

PASSED, FAILED, CANT_TELL = Verdict.PASSED, Verdict.FAILED, Verdict.CANT_TELL
INAPPLICABLE, UNTESTED = Verdict.INAPPLICABLE, Verdict.UNTESTED

NOT_MET, OPEN = PrincipleState.NOT_MET, PrincipleState.OPEN
NO_FAILURE_FOUND, MET = PrincipleState.NO_FAILURE_FOUND, PrincipleState.MET

P2024 = score.load_profile("mic-2024")
P2023 = score.load_profile("mic-2023")
TODAY = date(2026, 3, 9)

PLAIN = """
id = "ubnd"
year = 2026
name = { vi = "Tên", en = "Name" }
legal_act = { vi = "Văn bản", en = "Act" }
points = { perceivable = 1, operable = 1, understandable = 1, robust = 1 }
"""


def results(changes: dict[str, CriterionResult] | None = None, verdict: Verdict = PASSED, **more: Any) -> list[CriterionResult]:
    """All 25 criteria with one verdict on 10 pages, some replaced."""
    plain = {id: one(id, verdict, **more) for id in CRITERIA}
    return list({**plain, **(changes or {})}.values())


def one(id: str, verdict: Verdict, tested: bool | None = None, **more: Any) -> CriterionResult:
    tested = verdict is not UNTESTED if tested is None else tested
    return CriterionResult(**{"id": id, "verdict": verdict, "tested": tested, "pages": {verdict.value: 10}, **more})


def with_(*changes: CriterionResult) -> list[CriterionResult]:
    return results({change.id: change for change in changes})


def states(criteria: list[CriterionResult], profile: score.Profile = P2024, pages: int = 10) -> list[PrincipleState]:
    return [principle.state for principle in score.principles(criteria, profile, pages)]


def bounds(found: Score) -> tuple[float | None, float | None, float | None]:
    return found.lower, found.automatic, found.upper


def review(id: str, verdict: Verdict) -> Review:
    return Review(subject=f"criterion:{id}", verdict=verdict, who="Lan", why="đã xem", when="2026-03-01")


# Profiles


def test_the_profiles_that_ship() -> None:
    assert score.profile_names() == ("mic-2023", "mic-2024")
    for name in score.profile_names():
        profile = score.load_profile(name)
        assert profile.id == name
        assert not profile.confirmed
        assert not profile.errata
        assert (profile.criteria, profile.reading, profile.tolerance) == (tuple(CRITERIA), "all-or-nothing", Decimal(0))


def test_the_points_of_both_rounds() -> None:
    assert list(P2024.points.values()) == [Decimal("1.25")] * 4
    assert list(P2023.points.values()) == [3, 3, 3, 1]
    assert (P2024.year, P2023.year) == (2024, 2023)
    assert "473/QĐ-BTTTT" in P2024.legal_act.vi
    assert "1033/QĐ-BTTTT" in P2023.legal_act.vi


def test_both_guesses_at_the_15_criteria_hold_15() -> None:
    for name in ("h1", "h2"):
        guess = P2023.alternative(criteria_set=name)
        assert sum(len(guess.units(principle)) for principle in PRINCIPLES) == 15
        assert guess.criteria_set == name
        assert "chưa xác nhận" in P2023.criteria_sets[name].name.vi


def test_a_guideline_in_a_set_stands_for_its_criteria() -> None:
    guess = P2023.alternative(criteria_set="h1")
    assert guess.units("perceivable")[1] == ("1.2.1", "1.2.2", "1.2.3")
    assert guess.units("understandable") == (("3.1.1",), ("3.2.1",), ("3.2.2",), ("3.3.1",), ("3.3.2",))


def test_every_alternative_is_named_once_and_never_confirmed() -> None:
    confirmed = msgspec.structs.replace(P2023, confirmed=True)
    pairs = [(other.criteria_set, other.reading) for other in confirmed.alternatives()]
    assert pairs == [("", "share"), ("h1", "all-or-nothing"), ("h1", "share"), ("h2", "all-or-nothing"), ("h2", "share")]
    assert not any(other.confirmed for other in confirmed.alternatives())
    assert P2024.alternatives() == ()


@pytest.mark.parametrize("unknown", [{"criteria_set": "h3"}, {"reading": "half"}])
def test_an_unnamed_alternative_is_refused(unknown: dict[str, str]) -> None:
    with pytest.raises(KeyError):
        P2023.alternative(**unknown)


def test_a_profile_of_one_s_own(tmp_path: Path) -> None:
    path = tmp_path / "ubnd.toml"
    path.write_text('tolerance = 0.05\ncriteria = ["4.1", "1.1.1", "2.1.1", "3.1.1"]\nreading = "share"\n' + PLAIN, "utf-8")
    profile = score.load_profile(path)
    assert (profile.id, profile.tolerance, profile.reading, profile.readings) == ("ubnd", Decimal("0.05"), "share", ("share",))
    assert profile.criteria == ("1.1.1", "2.1.1", "3.1.1", "4.1")
    assert profile.minimum_pages == 1


@pytest.mark.parametrize(
    ("old", "new", "key", "expected"),
    [
        ("year = 2026", 'year = "2026"', "year", "whole number"),
        ("year = 2026", "year = true", "year", "whole number"),
        ("year = 2026", "", "year", "required"),
        ("year = 2026", "year = 2026\nyears = 1", "years", "no such key"),
        ("year = 2026", "year = 2026\nminimum_pages = 0", "minimum_pages", "from 1"),
        ("year = 2026", "year = 2026\nconfirmed = 1", "confirmed", "true or false"),
        ("year = 2026", "year = 2026\ntolerance = 1.5", "tolerance", "from 0 to 1"),
        ("year = 2026", "year = 2026\ntolerance = nan", "tolerance", "from 0 to 1"),
        ("year = 2026", "year = 2026\ntolerance = false", "tolerance", "from 0 to 1"),
        ("year = 2026", 'year = 2026\nreading = "half"', "reading", "all-or-nothing or share"),
        ("year = 2026", 'year = 2026\nreading = "share"\nreadings = ["all-or-nothing"]', "readings", "holds share"),
        ("year = 2026", "year = 2026\nreadings = [[]]", "readings", "list of strings"),
        ("year = 2026", "year = 2026\ncriteria = []", "criteria", "not empty"),
        ("year = 2026", 'year = 2026\ncriteria = ["1.4.3"]', "criteria", "not 1.4.3"),
        ("year = 2026", 'year = 2026\ncriteria = ["1.1.1", "1.1"]', "criteria", "only once"),
        ("year = 2026", 'year = 2026\ncriteria = ["1.1.1", "2.1.1", "3.1.1"]', "criteria", "Robust"),
        ("year = 2026", "year = 2026\ncriteria_sets = []", "criteria_sets", "a table"),
        ("year = 2026", 'year = 2026\ncriteria_sets.x.name = { vi = "X", en = "X" }', "criteria_sets.x.criteria", "list of strings"),
        ("year = 2026", "year = 2026\ncriteria_sets.x.title = 1", "criteria_sets.x.title", "no such key"),
        ('id = "ubnd"', 'id = " "', "id", "string"),
        ('en = "Name"', 'en = ""', "name.en", "string"),
        ('en = "Name"', 'en = "Name", fr = "Nom"', "name.fr", "no such key"),
        ('{ vi = "Văn bản", en = "Act" }', '"Act"', "legal_act", "a table"),
        ("operable = 1", "operable = -0.5", "points.operable", "from 0 to"),
        ("operable = 1", "operable = inf", "points.operable", "from 0 to"),
        ("operable = 1", 'operable = "1"', "points.operable", "from 0 to"),
        ("operable = 1,", "", "points.operable", "from 0 to"),
        ("operable = 1", "operable = 1, usable = 1", "points.usable", "no such key"),
    ],
)
def test_a_broken_profile_says_what_where_and_what_to_do(tmp_path: Path, old: str, new: str, key: str, expected: str) -> None:
    assert old in PLAIN
    path = tmp_path / "broken.toml"
    path.write_text(PLAIN.replace(old, new), "utf-8")
    with pytest.raises(score.ProfileError) as caught:
        score.load_profile(path)
    assert f"{path}, {key}:" in str(caught.value)
    assert expected in caught.value.text.en
    assert f"{path}, {key}: cần" in caught.value.text.vi
    assert "\n" not in caught.value.text.vi + caught.value.text.en


@pytest.mark.parametrize("content", [b"id = ", b"\xff\xfe", b'id = "a"\nid = "b"', b"id = " + b"[" * 5000])
def test_a_file_that_is_not_toml_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.toml"
    path.write_bytes(content)
    with pytest.raises(score.ProfileError, match="is not valid TOML") as caught:
        score.load_profile(path)
    assert str(path) in caught.value.text.vi


@pytest.mark.parametrize("name", ["mic-2031", "", "no/such/file.toml", "a\0b", "."])
def test_an_unknown_profile_names_those_that_exist(name: str) -> None:
    with pytest.raises(score.ProfileError, match="use mic-2023, mic-2024 or the path of a TOML file") as caught:
        score.load_profile(name)
    assert "hãy dùng mic-2023, mic-2024" in caught.value.text.vi


# States


def test_nothing_failed_and_everything_tested_is_no_failure_found() -> None:
    assert states(results()) == [NO_FAILURE_FOUND] * 4
    assert states(results(verdict=INAPPLICABLE)) == [NO_FAILURE_FOUND] * 4


@pytest.mark.parametrize(("verdict", "state"), [(FAILED, NOT_MET), (CANT_TELL, OPEN), (UNTESTED, OPEN)])
def test_one_criterion_decides_its_principle_only(verdict: Verdict, state: PrincipleState) -> None:
    assert states(with_(one("2.4.2", verdict))) == [NO_FAILURE_FOUND, state, NO_FAILURE_FOUND, NO_FAILURE_FOUND]


def test_a_failure_outweighs_open_questions() -> None:
    assert states(with_(one("4.1.1", FAILED), one("4.1.2", UNTESTED)))[3] is NOT_MET


def test_met_needs_a_person_s_answer_for_every_criterion() -> None:
    assert states(results(reviewed=True)) == [MET] * 4
    criteria = results({"3.3.2": one("3.3.2", PASSED)}, reviewed=True)
    assert states(criteria) == [MET, MET, NO_FAILURE_FOUND, MET]
    assert states(results({"3.3.2": one("3.3.2", FAILED, reviewed=True)}, reviewed=True))[2] is NOT_MET
    assert states(results({"3.3.2": one("3.3.2", CANT_TELL, reviewed=True)}, reviewed=True))[2] is OPEN


def test_a_principle_names_what_failed_is_open_and_untested() -> None:
    criteria = with_(one("1.1.1", FAILED), one("1.2.1", CANT_TELL), one("1.2.2", UNTESTED), one("1.2.3", CANT_TELL, tested=False))
    found = score.principles(criteria, P2024, 10)[0]
    assert (found.failed, found.open, found.untested) == (("1.1.1",), ("1.2.1", "1.2.3"), ("1.2.2", "1.2.3"))


# Points


def test_full_marks_are_exactly_five_and_ten() -> None:
    assert bounds(score.score(results(), P2024, 10)) == (5.0, 5.0, 5.0)
    assert bounds(score.score(results(), P2023, 10)) == (10.0, 10.0, 10.0)


def test_all_or_nothing_gives_one_of_five_sums() -> None:
    failing = [one("1.1.1", FAILED), one("2.1.1", FAILED), one("3.1.1", FAILED), one("4.1.2", FAILED)]
    sums = [score.score(with_(*failing[:n]), P2024, 10).automatic for n in range(5)]
    assert sums == [5.0, 3.75, 2.5, 1.25, 0.0]


def test_open_questions_keep_the_automatic_points_and_lower_the_bound() -> None:
    assert bounds(score.score(with_(one("1.1.1", CANT_TELL)), P2024, 10)) == (3.75, 5.0, 5.0)


def test_a_criterion_that_nothing_tested_withholds_the_automatic_points() -> None:
    assert bounds(score.score(with_(one("1.1.1", UNTESTED)), P2024, 10)) == (3.75, 3.75, 5.0)
    assert bounds(score.score(with_(one("1.1.1", CANT_TELL, tested=False)), P2024, 10)) == (3.75, 3.75, 5.0)


def test_a_criterion_tested_on_some_page_only_keeps_the_automatic_points() -> None:
    partly = one("1.1.1", UNTESTED, tested=True, pages={"passed": 3, "untested": 7})
    assert bounds(score.score(with_(partly), P2024, 10)) == (3.75, 5.0, 5.0)


def test_a_failure_takes_the_points_from_every_bound() -> None:
    assert bounds(score.score(with_(one("1.1.1", FAILED)), P2024, 10)) == (3.75, 3.75, 3.75)


def test_nothing_tested_hands_out_nothing() -> None:
    assert bounds(score.score(results(verdict=UNTESTED), P2024, 10)) == (0.0, 0.0, 5.0)


def test_a_person_s_answer_stands_for_a_test() -> None:
    answered = one("1.1.1", PASSED, tested=False, reviewed=True)
    assert bounds(score.score(with_(answered), P2024, 10)) == (5.0, 5.0, 5.0)


def test_the_share_reading_counts_criteria() -> None:
    shares = P2023.alternative(reading="share")
    found = score.score(with_(one("1.1.1", FAILED), one("1.2.1", FAILED), one("2.1.1", CANT_TELL)), shares, 10)
    assert [part.automatic for part in found.principles] == [2.3333, 3.0, 3.0, 1.0]
    assert bounds(found) == (9.0, 9.3333, 9.3333)
    assert (found.reading, found.maximum) == ("share", 10.0)


def test_a_guideline_counts_as_one_in_the_share_reading() -> None:
    guess = P2023.alternative(criteria_set="h1", reading="share")
    found = score.score(with_(one("1.2.1", FAILED), one("1.2.3", FAILED)), guess, 10)
    assert found.principles[0].automatic == 2.25


def test_a_criterion_outside_the_set_never_counts() -> None:
    guess = P2023.alternative(criteria_set="h2")
    outside = [id for id in CRITERIA if id not in guess.criteria]
    assert len(outside) == 10
    assert bounds(score.score(with_(*(one(id, FAILED) for id in outside)), guess, 10)) == (10.0, 10.0, 10.0)
    assert score.score(with_(one("1.1.1", FAILED)), guess, 10).automatic == 7.0


def test_the_parts_add_up_to_the_total() -> None:
    thirds = msgspec.structs.replace(P2023.alternative(reading="share"), points=dict.fromkeys(PRINCIPLES, Decimal("0.1")))
    found = score.score(with_(one("1.1.1", FAILED), one("2.1.1", FAILED), one("3.1.1", FAILED)), thirds, 10)
    assert found.maximum == 0.4
    for name in ("lower", "automatic", "upper"):
        assert sum(Decimal(str(getattr(part, name))) for part in found.principles) == Decimal(str(getattr(found, name)))


def test_points_carry_no_binary_noise() -> None:
    odd = dict(zip(PRINCIPLES, map(Decimal, ("0.1", "0.2", "0.3", "0.1")), strict=True))
    assert bounds(score.score(results(), msgspec.structs.replace(P2024, points=odd), 10)) == (0.7, 0.7, 0.7)


def test_the_bounds_never_cross() -> None:
    rng = random.Random(20)
    for _ in range(400):
        profile = rng.choice([P2024, P2023, *P2023.alternatives()])
        profile = msgspec.structs.replace(
            profile, errata=rng.random() < 0.3, tolerance=rng.choice([Decimal(0), Decimal("0.1"), Decimal("0.5"), Decimal(1)])
        )
        weights = rng.choice([[8, 1, 1, 1, 1], [30, 0, 1, 1, 5], [1, 1, 1, 1, 1]])
        criteria = [
            one(
                id,
                rng.choices([PASSED, FAILED, CANT_TELL, UNTESTED, INAPPLICABLE], weights)[0],
                tested=rng.random() < 0.9,
                reviewed=rng.random() < 0.2,
                pages={verdict.value: rng.randint(0, 5) for verdict in Verdict},
            )
            for id in CRITERIA
        ]
        found = score.score(criteria, profile, 10)
        assert found.lower is not None
        assert found.automatic is not None
        assert found.upper is not None
        assert 0 <= found.lower <= found.automatic <= found.upper <= found.maximum
        for part in found.principles:
            assert 0 <= part.lower <= part.automatic <= part.upper <= part.maximum
            assert part.state is not MET or part.lower == part.maximum
            assert part.state is not NO_FAILURE_FOUND or part.lower == part.maximum
            assert part.state is not NOT_MET or part.upper < part.maximum
        assert [part.state for part in found.principles] == states(criteria, profile)


def test_random_outcomes_give_bounds_that_never_cross() -> None:
    rng = random.Random(7)
    verdicts = [PASSED] * 20 + [INAPPLICABLE] * 10 + [CANT_TELL, UNTESTED, FAILED]
    for _ in range(100):
        pages = {
            f"p{n}": [
                Outcome(rule="r", criteria=(id,), verdict=rng.choice(verdicts), fingerprint=f"{id}{n}")
                for id in CRITERIA
                if rng.random() < 0.99
            ]
            for n in range(rng.randint(1, 4))
        }
        portal = [Outcome(rule="w", criteria=(rng.choice(list(CRITERIA)),), verdict=rng.choice(verdicts), pages=("p0",), fingerprint="w")]
        reviews = [review(id, rng.choice([PASSED, FAILED])) for id in CRITERIA if rng.random() < 0.3]
        found = score.score(conclude.criteria(pages, portal, reviews), P2024, len(pages))
        assert found.lower is not None
        assert found.automatic is not None
        assert found.upper is not None
        assert found.lower <= found.automatic <= found.upper


# Tolerance


def tolerant(share: str) -> score.Profile:
    return msgspec.structs.replace(P2024, tolerance=Decimal(share))


@pytest.mark.parametrize(
    ("failing", "audited", "share", "state"),
    [
        (1, 10, "0", NOT_MET),
        (1, 10, "0.1", NO_FAILURE_FOUND),
        (2, 10, "0.1", NOT_MET),
        (1, 9, "0.1", NOT_MET),
        (3, 30, "0.1", NO_FAILURE_FOUND),
        (7, 100, "0.07", NO_FAILURE_FOUND),
        (29, 100, "0.29", NO_FAILURE_FOUND),
        (10, 10, "1", NO_FAILURE_FOUND),
    ],
)
def test_the_border_of_tolerance_is_exact(failing: int, audited: int, share: str, state: PrincipleState) -> None:
    pages = {"failed": failing, "passed": audited - failing}
    assert states(with_(one("1.1.1", FAILED, pages=pages)), tolerant(share), audited)[0] is state


def test_tolerated_failures_leave_the_other_pages_questions_open() -> None:
    asked = one("1.1.1", FAILED, pages={"failed": 1, "cantTell": 1, "passed": 8})
    on_a_failed_page = one("1.1.1", FAILED, pages={"failed": 1, "passed": 9}, open=("q",))
    unrun = one("1.1.1", FAILED, pages={"failed": 1, "untested": 1, "passed": 8})
    for criterion in (asked, on_a_failed_page, unrun):
        assert states(with_(criterion), tolerant("0.1"))[0] is OPEN
    assert bounds(score.score(with_(asked), tolerant("0.1"), 10)) == (3.75, 5.0, 5.0)
    nowhere = one("1.1.1", FAILED, tested=False, pages={"failed": 1, "passed": 9})
    assert bounds(score.score(with_(nowhere), tolerant("0.1"), 10)) == (3.75, 3.75, 5.0)


def test_a_failure_tied_to_no_page_is_never_tolerated() -> None:
    assert states(with_(one("1.1.1", FAILED, pages={"passed": 10})), tolerant("1"))[0] is NOT_MET


def test_tolerance_and_a_person_s_answer() -> None:
    pages = {"failed": 1, "cantTell": 9}

    def answered(verdict: Verdict) -> list[CriterionResult]:
        return results({"1.1.1": one("1.1.1", FAILED, pages=pages, reviewed=True, review=review("1.1.1", verdict))}, reviewed=True)

    assert states(answered(PASSED), tolerant("0.1"))[0] is MET
    assert states(answered(FAILED), tolerant("0.1"))[0] is NOT_MET
    assert states(answered(PASSED), P2024)[0] is NOT_MET


# Errata


def test_the_errata_satisfy_parsing_and_robust_is_told_both_ways() -> None:
    errata = msgspec.structs.replace(P2024, errata=True)
    criteria = with_(one("4.1.1", FAILED))
    published, mended = score.score(criteria, P2024, 10), score.score(criteria, errata, 10)
    assert (published.automatic, mended.automatic) == (3.75, 5.0)
    for found in (published, mended):
        assert (found.robust_published, found.robust_errata) == (NOT_MET, NO_FAILURE_FOUND)


def test_the_errata_need_no_person_for_parsing() -> None:
    errata = msgspec.structs.replace(P2024, errata=True)
    criteria = with_(one("4.1.1", UNTESTED), one("4.1.2", PASSED, reviewed=True))
    assert states(criteria, errata)[3] is MET
    assert states(criteria, P2024)[3] is OPEN


# Not assessed


def test_too_few_pages_are_not_assessed_and_say_why() -> None:
    five = msgspec.structs.replace(P2024, minimum_pages=5)
    found = score.score(results(), five, 4)
    assert (found.assessed, bounds(found), found.principles) == (False, (None, None, None), ())
    assert (found.maximum, found.robust_published, found.robust_errata) == (5.0, None, None)
    assert found.reason == Text(
        "chỉ kiểm tra được 4 trang, cách tính này cần ít nhất 5 trang.",
        "only 4 pages could be audited; this scheme needs at least 5 pages.",
    )
    assert score.score(results(), five, 5).assessed


def test_no_pages_are_never_zero_points() -> None:
    found = score.score(conclude.criteria({}), P2024, 0)
    assert (found.assessed, found.automatic) == (False, None)


def test_a_given_reason_means_not_assessed() -> None:
    blocked = Text("Cổng chặn truy cập tự động.", "The portal blocks automatic access.")
    found = score.score(results(), P2024, 10, blocked)
    assert (found.assessed, found.reason, found.automatic) == (False, blocked, None)


def test_a_score_names_its_scheme() -> None:
    found = score.score(results(), msgspec.structs.replace(P2023.alternative(criteria_set="h2"), tolerance=Decimal("0.05")), 10)
    assert (found.profile, found.criteria_set, found.reading) == ("mic-2023", "h2", "all-or-nothing")
    assert (found.confirmed, found.errata, found.tolerance, found.assessed, found.reason) == (False, False, 0.05, True, None)


# The statement


def said(profile: score.Profile = P2024, criteria: list[CriterionResult] | None = None, pages: int = 12) -> Text:
    return score.statement(score.score(criteria or results(), profile, pages), pages, TODAY, profile)


def test_the_statement_says_what_it_must() -> None:
    text = said()
    assert text.vi.startswith("Điểm tối đa có thể theo kiểm tra tự động trên 12 trang, ngày 09/03/2026, cách tính mic-2024, ")
    assert "mỗi nguyên tắc được trọn điểm hoặc không có điểm (chưa xác nhận). Không phải kết quả chính thức, " in text.vi
    assert "không phải tuyên bố phù hợp WCAG 2.0. Chưa phát hiện lỗi không có nghĩa là không có lỗi." in text.vi
    assert "độ tương phản và tiêu điểm nhìn thấy được (cấp độ AA)" in text.vi
    assert text.en.startswith("Highest points possible by automatic checks on 12 pages, 2026-03-09, scheme mic-2024, Decision 473/QĐ-BTTTT")
    assert "(unconfirmed). Not an official result" in text.en
    assert "contrast and visible focus (level AA)" in text.en


def test_the_statement_never_claims_conformance_or_shows_bare_marks() -> None:
    for profile in (P2024, P2023, *P2023.alternatives()):
        for criteria in (results(), results(reviewed=True), results(verdict=UNTESTED)):
            text = said(profile, criteria)
            vietnamese = text.vi.lower().replace("chưa phát hiện lỗi không có nghĩa là không có lỗi", "")
            assert not [word for word in ("tuân thủ", "đạt chuẩn", "chứng nhận", "không có lỗi", "mức độ a") if word in vietnamese]
            assert "5/5" not in text.vi + text.en
            assert "10/10" not in text.vi + text.en
            assert "{" not in text.vi + text.en


def test_the_statement_tells_whatever_departs_from_the_plain_scheme() -> None:
    changed = msgspec.structs.replace(P2023.alternative(criteria_set="h2", reading="share"), tolerance=Decimal("0.125"), errata=True)
    text = said(changed)
    for part in ("chia theo tỷ lệ tiêu chí", "bộ tiêu chí: giả thuyết H2", "tối đa 12,5% số trang", "bản đính chính của WCAG 2.0"):
        assert part in text.vi
        assert part not in said().vi
    for part in ("share of criteria", "criteria set: guess H2", "up to 12.5% of the pages", "errata"):
        assert part in text.en
    assert "tối đa 100% số trang" in said(tolerant("1")).vi


def test_a_confirmed_scheme_says_so() -> None:
    text = said(msgspec.structs.replace(P2024, confirmed=True))
    assert "(đã xác nhận)" in text.vi
    assert "(confirmed)" in text.en


def test_a_portal_not_assessed_is_told_without_points() -> None:
    text = said(pages=0)
    assert text.vi.startswith("Chưa đánh giá, không có điểm")
    assert "chỉ kiểm tra được 0 trang" in text.vi
    assert "Điểm tối đa" not in text.vi
    assert text.en.startswith("Not assessed, no points")


def test_one_page_is_one_page() -> None:
    assert "on 1 page, " in said(pages=1).en
