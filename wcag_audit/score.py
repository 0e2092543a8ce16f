"""The official arithmetic: a year's scheme (profile), the state of each principle, and points as lower, automatic and upper.

Automatic checks can only find failures, so a score is a range; see docs/architecture.md and :func:`statement`.
Points are added as decimals and rounded to four places, halves up.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, TypeVar

import msgspec

from wcag_audit.locale import word
from wcag_audit.model import BadInput, CriterionResult, PrincipleResult, PrincipleScore, PrincipleState, Score, Struct, Text, Verdict, fill
from wcag_audit.wcag import CRITERIA, GUIDELINES, PRINCIPLES

if TYPE_CHECKING:
    from datetime import date

ALL_OR_NOTHING = "all-or-nothing"
SHARE = "share"
READINGS = (ALL_OR_NOTHING, SHARE)
#: The criterion that the errata of WCAG 2.0 declare always satisfied for HTML.
SATISFIED_BY_ERRATA = "4.1.1"
ROBUST = "robust"

_MET = frozenset({Verdict.PASSED, Verdict.INAPPLICABLE})
_PLACES = Decimal("0.0001")
_MOST_POINTS = 1000
_Value = TypeVar("_Value")


class CriteriaSet(Struct):
    """A named alternative set of criteria; an entry is a criterion, or a guideline that counts as one (met as a whole)."""

    name: Text
    criteria: tuple[str, ...]


class Profile(Struct):
    """A year's scheme.

    ``criteria`` are the entries that count (see :class:`CriteriaSet`), ``criteria_set`` the name of the alternative they come
    from, empty for the profile's own. ``errata`` False means WCAG 2.0 as published. ``tolerance`` is the share of audited pages
    (0 to 1) on which a criterion may fail. With fewer audited pages than ``minimum_pages`` a portal is not assessed.
    ``confirmed`` says whether the ministry's own annex backs criteria and reading.
    """

    id: str
    name: Text
    year: int
    legal_act: Text
    points: dict[str, Decimal]
    confirmed: bool = False
    errata: bool = False
    criteria: tuple[str, ...] = tuple(CRITERIA)
    criteria_set: str = ""
    criteria_sets: dict[str, CriteriaSet] = msgspec.field(default_factory=dict)
    reading: str = ALL_OR_NOTHING
    readings: tuple[str, ...] = (ALL_OR_NOTHING,)
    tolerance: Decimal = Decimal(0)
    minimum_pages: int = 1

    def units(self, principle: str) -> tuple[tuple[str, ...], ...]:
        """What counts as one in a principle: the level A criteria that stand behind each entry."""
        units = (_expand(entry) for entry in self.criteria)
        return tuple(unit for unit in units if CRITERIA[unit[0]].principle == principle)

    def alternative(self, *, criteria_set: str | None = None, reading: str | None = None) -> Profile:
        """The scheme with another of its criteria sets or readings; never confirmed. Raises KeyError where it names none such."""
        chosen = self
        if criteria_set is not None:
            criteria = self.criteria_sets[criteria_set].criteria
            chosen = msgspec.structs.replace(chosen, criteria=criteria, criteria_set=criteria_set, confirmed=False)
        if reading is not None:
            if reading not in self.readings:
                raise KeyError(reading)
            chosen = msgspec.structs.replace(chosen, reading=reading, confirmed=False)
        return chosen

    def alternatives(self) -> tuple[Profile, ...]:
        """Every other combination of criteria set and reading that the scheme names."""
        sets = (None, *self.criteria_sets)
        readings = (None, *(reading for reading in self.readings if reading != self.reading))
        pairs = [(chosen, reading) for chosen in sets for reading in readings if chosen or reading]
        return tuple(self.alternative(criteria_set=chosen, reading=reading) for chosen, reading in pairs)


def _expand(entry: str) -> tuple[str, ...]:
    """The criteria behind an entry: itself, or all of a guideline."""
    return (entry,) if entry in CRITERIA else tuple(id for id, criterion in CRITERIA.items() if criterion.guideline == entry)


class ProfileError(BadInput):
    """A profile that is unknown or broken."""


class _WrongError(Exception):
    """A key of a profile whose value is not what is expected there."""

    def __init__(self, key: str, expected: Text) -> None:
        super().__init__(key)
        self.key = key
        self.expected = expected


def profile_names() -> tuple[str, ...]:
    """The profiles that ship."""
    files = resources.files(__package__).joinpath("profiles").iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")))


def load_profile(name_or_path: str | Path) -> Profile:
    """A profile that ships, by name, or one's own, by the path of its TOML file. Raises ProfileError."""
    name = str(name_or_path)
    if name in profile_names():
        content = resources.files(__package__).joinpath("profiles", f"{name}.toml").read_bytes()
    else:
        content = _read_file(name)
    try:
        data = tomllib.loads(content.decode("utf-8"), parse_float=Decimal)
        return _profile(data)
    except _WrongError as error:
        where = f"{name}, {error.key}"
        vi = f"Tệp cách tính điểm {where}: cần {error.expected.vi}."
        raise _profile_error(vi, f"Profile {where}: expected {error.expected.en}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        vi = f"Tệp cách tính điểm {name} không phải TOML hợp lệ ({error}): hãy sửa tại vị trí đó."
        raise _profile_error(vi, f"Profile {name} is not valid TOML ({error}): mend it there.") from error


def schemes(profile: Profile) -> list[Profile]:
    """Under what a result is scored: the profile asked for first, then the others that ship."""
    return [profile, *(load_profile(name) for name in profile_names() if name != profile.id)]


def _read_file(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except (OSError, ValueError) as error:
        known = ", ".join(profile_names())
        vi = f"Không có cách tính điểm hoặc tệp {name}: hãy dùng {known} hoặc đường dẫn của một tệp TOML đọc được."
        raise _profile_error(vi, f"No profile and no readable file {name}: use {known} or the path of a TOML file.") from error


def _profile_error(vi: str, en: str) -> ProfileError:
    return ProfileError(Text(" ".join(vi.split()), " ".join(en.split())))


_REQUIRED = object()


def _profile(data: dict[str, Any]) -> Profile:
    """Every key read and checked; raises _WrongError at the first that is not right."""
    rest = dict(data)

    def take(key: str, read: Callable[[Any, str], _Value], default: Any = _REQUIRED) -> _Value:
        value = rest.pop(key, default)
        if value is _REQUIRED:
            _refuse(key, "khóa bắt buộc này", "this key, which is required")
        return read(value, key)

    reading = take("reading", _reading, ALL_OR_NOTHING)
    profile = Profile(
        id=take("id", _string),
        name=take("name", _text),
        year=take("year", _count),
        legal_act=take("legal_act", _text),
        points=take("points", _points),
        confirmed=take("confirmed", _flag, False),
        errata=take("errata", _flag, False),
        criteria=take("criteria", _criteria, list(CRITERIA)),
        criteria_sets=take("criteria_sets", _criteria_sets, {}),
        reading=reading,
        readings=take("readings", _readings, [reading]),
        tolerance=take("tolerance", _share, 0),
        minimum_pages=take("minimum_pages", _count, 1),
    )
    if reading not in profile.readings:
        _refuse("readings", f"một danh sách có {reading}", f"a list that holds {reading}")
    _no_other_keys(rest, "")
    return profile


def _refuse(key: str, vi: str, en: str) -> NoReturn:
    raise _WrongError(key, Text(vi, en))


def _no_other_keys(rest: Mapping[str, Any], prefix: str) -> None:
    for key in rest:
        _refuse(f"{prefix}{key}", "bỏ khóa này vì không có nghĩa trong tệp cách tính điểm", "no such key (remove it or mend its spelling)")


def _string(value: Any, key: str) -> str:
    if not isinstance(value, str) or not value.strip():
        _refuse(key, "một chuỗi không rỗng", "a string that is not empty")
    return value


def _flag(value: Any, key: str) -> bool:
    if not isinstance(value, bool):
        _refuse(key, "true hoặc false", "true or false")
    return value


def _count(value: Any, key: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        _refuse(key, "một số nguyên từ 1 trở lên", "a whole number from 1 upwards")
    return value


def _number(value: Any, key: str, most: int) -> Decimal:
    number = Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None
    if number is None or not number.is_finite() or not 0 <= number <= most:
        _refuse(key, f"một số từ 0 đến {most}", f"a number from 0 to {most}")
    return number


def _share(value: Any, key: str) -> Decimal:
    return _number(value, key, 1)


def _table(value: Any, key: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        _refuse(key, "một bảng (các cặp khóa và giá trị)", "a table (keys and values)")
    return value


def _list(value: Any, key: str) -> list[str]:
    if not isinstance(value, list) or not value or not all(isinstance(item, str) for item in value):
        _refuse(key, "một danh sách chuỗi không rỗng", "a list of strings that is not empty")
    return value


def _text(value: Any, key: str) -> Text:
    table = _table(value, key)
    _no_other_keys({name: None for name in table if name not in ("vi", "en")}, f"{key}.")
    return Text(_string(table.get("vi"), f"{key}.vi"), _string(table.get("en"), f"{key}.en"))


def _reading(value: Any, key: str) -> str:
    if value not in READINGS:
        _refuse(key, " hoặc ".join(READINGS), " or ".join(READINGS))
    return _string(value, key)


def _readings(value: Any, key: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_reading(item, key) for item in _list(value, key)))


def _points(value: Any, key: str) -> dict[str, Decimal]:
    table = _table(value, key)
    _no_other_keys({name: None for name in table if name not in PRINCIPLES}, f"{key}.")
    return {principle: _number(table.get(principle), f"{key}.{principle}", _MOST_POINTS) for principle in PRINCIPLES}


def _criteria(value: Any, key: str) -> tuple[str, ...]:
    entries = _list(value, key)
    for entry in entries:
        if entry not in CRITERIA and entry not in GUIDELINES:
            _refuse(key, f"tiêu chí cấp độ A (như 1.1.1), không phải {entry}", f"level A criteria (such as 1.1.1), not {entry}")
    expanded = [criterion for entry in entries for criterion in _expand(entry)]
    if len(set(expanded)) != len(expanded):
        _refuse(key, "mỗi tiêu chí chỉ một lần", "each criterion only once")
    missing = [principle for principle in PRINCIPLES if all(CRITERIA[criterion].principle != principle for criterion in expanded)]
    if missing:
        vi, en = PRINCIPLES[missing[0]].name.vi, PRINCIPLES[missing[0]].name.en
        _refuse(key, f"ít nhất một tiêu chí của nguyên tắc {vi}", f"at least one criterion of {en}")
    return tuple(sorted(entries))


def _criteria_sets(value: Any, key: str) -> dict[str, CriteriaSet]:
    return {name: _criteria_set(table, f"{key}.{name}") for name, table in _table(value, key).items()}


def _criteria_set(value: Any, key: str) -> CriteriaSet:
    table = _table(value, key)
    _no_other_keys({name: None for name in table if name not in ("name", "criteria")}, f"{key}.")
    return CriteriaSet(name=_text(table.get("name"), f"{key}.name"), criteria=_criteria(table.get("criteria"), f"{key}.criteria"))


class _Standing(NamedTuple):
    """A criterion under a profile: its verdict once tolerance and errata are applied, and what that rests on."""

    id: str
    verdict: Verdict
    tested: bool
    answered: bool

    @property
    def upper(self) -> bool:
        """Not failed."""
        return self.verdict is not Verdict.FAILED

    @property
    def automatic(self) -> bool:
        """Not failed, and tested somewhere or answered by a person."""
        return self.upper and (self.tested or self.answered)

    @property
    def lower(self) -> bool:
        """Nothing left to decide."""
        return self.automatic and self.verdict in _MET


def _standings(criteria: Sequence[CriterionResult], profile: Profile, audited_pages: int) -> dict[str, _Standing]:
    return {result.id: _standing(result, profile, audited_pages) for result in criteria}


def _standing(result: CriterionResult, profile: Profile, audited_pages: int) -> _Standing:
    if profile.errata and result.id == SATISFIED_BY_ERRATA:
        return _Standing(result.id, Verdict.PASSED, tested=True, answered=True)
    verdict = result.verdict
    if verdict is Verdict.FAILED and _tolerated(result, profile, audited_pages):
        verdict = _beside_failures(result)
    return _Standing(result.id, verdict, result.tested, result.reviewed)


def _tolerated(result: CriterionResult, profile: Profile, audited_pages: int) -> bool:
    """Whether the failing pages are few enough. A failure that is tied to no page, or a person's word, is never tolerated."""
    failing = result.pages.get(Verdict.FAILED, 0)
    if not failing or (result.review and result.review.verdict is Verdict.FAILED):
        return False
    return failing <= profile.tolerance * audited_pages


def _beside_failures(result: CriterionResult) -> Verdict:
    """The verdict of a criterion whose failures are tolerated: what the other pages and a person's answer say."""
    if result.review:
        return result.review.verdict
    if result.open or result.pages.get(Verdict.CANT_TELL):
        return Verdict.CANT_TELL
    return Verdict.UNTESTED if result.pages.get(Verdict.UNTESTED) else Verdict.PASSED


def principles(criteria: Sequence[CriterionResult], profile: Profile, audited_pages: int) -> tuple[PrincipleResult, ...]:
    """The four principles under a profile, from all 25 criteria."""
    standings = _standings(criteria, profile, audited_pages)
    return tuple(_principle(id, [standings[criterion] for unit in profile.units(id) for criterion in unit]) for id in PRINCIPLES)


def _principle(id: str, standings: list[_Standing]) -> PrincipleResult:
    return PrincipleResult(
        id=id,
        state=_state(standings),
        failed=tuple(one.id for one in standings if one.verdict is Verdict.FAILED),
        open=tuple(one.id for one in standings if one.verdict is Verdict.CANT_TELL),
        untested=tuple(one.id for one in standings if one.verdict is Verdict.UNTESTED or (one.upper and not one.automatic)),
    )


def _state(standings: list[_Standing]) -> PrincipleState:
    if not all(one.upper for one in standings):
        return PrincipleState.NOT_MET
    if not all(one.lower for one in standings):
        return PrincipleState.OPEN
    return PrincipleState.MET if all(one.answered for one in standings) else PrincipleState.NO_FAILURE_FOUND


def score(
    criteria: Sequence[CriterionResult], profile: Profile, audited_pages: int, not_assessed_reason: Text | None = None
) -> Score:
    """The points of a portal under a profile, from all 25 criteria.

    ``lower`` counts what is open or untested as failed, ``upper`` as met; ``automatic`` gives points where nothing failed and
    everything was tested somewhere. Too few audited pages, or a reason given, mean: not assessed, no points.
    """
    reason = not_assessed_reason or _too_few_pages(profile, audited_pages)
    result = Score(
        profile=profile.id,
        reading=profile.reading,
        criteria_set=profile.criteria_set,
        confirmed=profile.confirmed,
        errata=profile.errata,
        tolerance=float(profile.tolerance),
        assessed=reason is None,
        reason=reason,
        maximum=_rounded(sum(profile.points.values(), Decimal(0))),
    )
    if reason:
        return result
    standings = _standings(criteria, profile, audited_pages)
    parts = tuple(_principle_score(id, profile, standings) for id in PRINCIPLES)
    return msgspec.structs.replace(
        result,
        lower=_sum(part.lower for part in parts),
        automatic=_sum(part.automatic for part in parts),
        upper=_sum(part.upper for part in parts),
        principles=parts,
        robust_published=_robust(criteria, profile, audited_pages, errata=False),
        robust_errata=_robust(criteria, profile, audited_pages, errata=True),
    )


def _too_few_pages(profile: Profile, audited_pages: int) -> Text | None:
    if audited_pages >= profile.minimum_pages:
        return None
    return fill(word("statement", "too_few_pages"), {**_pages("pages", audited_pages), **_pages("minimum", profile.minimum_pages)})


def _pages(name: str, n: int) -> dict[str, str]:
    return {f"{name}.vi": f"{n} trang", f"{name}.en": f"{n} page" if n == 1 else f"{n} pages"}


def _principle_score(id: str, profile: Profile, standings: Mapping[str, _Standing]) -> PrincipleScore:
    units = [[standings[criterion] for criterion in unit] for unit in profile.units(id)]
    maximum = profile.points[id]

    def points(counts: Callable[[_Standing], bool]) -> float:
        met = sum(all(counts(one) for one in unit) for unit in units)
        if profile.reading == ALL_OR_NOTHING:
            return _rounded(maximum if met == len(units) else Decimal(0))
        return _rounded(maximum * met / len(units))

    return PrincipleScore(
        id=id,
        state=_state([one for unit in units for one in unit]),
        lower=points(lambda one: one.lower),
        automatic=points(lambda one: one.automatic),
        upper=points(lambda one: one.upper),
        maximum=_rounded(maximum),
    )


def _rounded(points: Decimal) -> float:
    return float(points.quantize(_PLACES, ROUND_HALF_UP))


def _sum(points: Iterable[float]) -> float:
    """The sum of rounded points, so that the parts of a report add up to its total."""
    return _rounded(sum((Decimal(str(part)) for part in points), Decimal(0)))


def _robust(criteria: Sequence[CriterionResult], profile: Profile, audited_pages: int, *, errata: bool) -> PrincipleState:
    found = principles(criteria, msgspec.structs.replace(profile, errata=errata), audited_pages)
    return next(principle.state for principle in found if principle.id == ROBUST)


def statement(score: Score, n_pages: int, date: date, profile: Profile) -> Text:
    """What must stand beside every score: on what it rests, under which scheme, and what it does not say."""
    values = {
        **_pages("pages", n_pages),
        "date.vi": f"{date:%d/%m/%Y}",
        "date.en": date.isoformat(),
        **_both("method", method(score, profile)),
        **_both("confirmed", word("statement", "confirmed" if score.confirmed else "unconfirmed")),
        **_both("reason", score.reason or Text("", "")),
    }
    first = fill(word("statement", "possible" if score.assessed else "not_assessed"), values)
    parts = (first, word("statement", "limits"), word("statement", "level"))
    return Text(" ".join(part.vi for part in parts), " ".join(part.en for part in parts))


def method(score: Score, profile: Profile) -> Text:
    """The scheme in words: profile, legal act, reading, and whatever departs from its plain form."""
    parts = [Text(profile.id, profile.id), profile.legal_act, word("readings", score.reading)]
    if score.criteria_set:
        chosen = profile.criteria_sets[score.criteria_set].name
        parts.append(fill(word("statement", "criteria_set"), _both("name", chosen)))
    if score.tolerance:
        share = f"{(Decimal(str(score.tolerance)) * 100).normalize():f}"
        parts.append(fill(word("statement", "tolerance"), {"share.vi": f"{share.replace('.', ',')}%", "share.en": f"{share}%"}))
    if score.errata:
        parts.append(word("statement", "errata"))
    return Text(", ".join(part.vi for part in parts), ", ".join(part.en for part in parts))


def _both(name: str, text: Text) -> dict[str, str]:
    return {f"{name}.vi": text.vi, f"{name}.en": text.en}
