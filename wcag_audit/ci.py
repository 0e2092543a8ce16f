"""The check in a pipeline: what is new against a baseline, and whether the gates hold. Pure, apart from reading and writing a baseline.

A baseline is a ratchet: what stands in it is known and breaks no gate; what is not in it is new. Findings are known by their
fingerprint, by how many twins there are on one page, and by their pages: on a page that was clean when the baseline was written,
a known defect is new.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from wcag_audit.model import BadInput, Defect, PageState, Result, Score, Struct, Text, Verdict, decode
from wcag_audit.wcag import CRITERIA, PRINCIPLES

BASELINE_VERSION = 1
_FORMAT = "wcag-audit baseline"


class CheckError(BadInput):
    """A baseline or gate that cannot be used."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(Text(vi, en))


class Known(Struct):
    """A defect of the baseline. ``count`` is the most on one page, ``pages`` where it stood (paths, without the host).

    ``reason`` and ``expires`` (the last day on which it is tolerated, ISO 8601) are written by people and kept.
    """

    fingerprint: str
    rule: str
    criteria: tuple[str, ...]
    what: str
    pages: tuple[str, ...]
    count: int = 1
    reason: str = ""
    expires: str = ""
    added: str = ""


class Baseline(Struct):
    """The file of known defects. ``pages`` are all that were audited when it was written."""

    format: str = _FORMAT
    version: int = BASELINE_VERSION
    depth: str = "full"
    pages: tuple[str, ...] = ()
    defects: tuple[Known, ...] = ()


class Newness(StrEnum):
    """Why a defect breaks the gate: it is not in the baseline, there are more of it on one page, it stands on pages that were
    clean, or the baseline tolerated it until a day that is over."""

    NEW = "new"
    MORE = "more"
    SPREAD = "spread"
    EXPIRED = "expired"


class Seen(Struct):
    """A failed defect of this check, over all its results: ``places`` are pages without the host."""

    defect: Defect
    places: tuple[str, ...]
    newness: Newness | None = None
    known: Known | None = None


class Gate(Struct):
    """A gate that was asked for, and whether it holds; ``detail`` says what it found, ``todo`` what to do where it is broken."""

    name: Text
    held: bool
    detail: Text
    todo: Text = Text("", "")


class Gates(Struct):
    """What is asked of a check. ``min_points`` by profile; ``criteria`` empty means all; ``max_defects`` counts all failed ones."""

    fail_on: str = "new"
    min_points: dict[str, float] = msgspec.field(default_factory=dict)
    criteria: tuple[str, ...] = ()
    max_defects: int | None = None


class Checked(Struct):
    """The outcome of one check, which every pipeline format prints."""

    results: tuple[Result, ...]
    seen: tuple[Seen, ...]
    mended: tuple[Known, ...] = ()
    unseen: tuple[Known, ...] = ()
    gates: tuple[Gate, ...] = ()
    missing: tuple[Text, ...] = ()

    @property
    def new(self) -> tuple[Seen, ...]:
        return tuple(one for one in self.seen if one.newness is not None)

    @property
    def held(self) -> bool:
        return all(gate.held for gate in self.gates)


def place(url: str) -> str:
    """A page as baselines name it: its address without the host, which differs from pipeline to pipeline."""
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")


def places(result: Result) -> dict[str, str]:
    """Audited pages by id, as baselines name them."""
    return {one.page.id: place(one.page.requested) for one in result.pages if one.page.state is PageState.AUDITED}


# -- the baseline ------------------------------------------------------------------------------------------------------------


def read_baseline(path: Path) -> Baseline:
    """Raises CheckError where there is no baseline, or none that this version reads."""
    try:
        found = decode(path.read_bytes(), Baseline)
    except OSError as error:
        raise CheckError(
            f"{path}: không đọc được ({error.strerror}); hãy tạo bằng --update-baseline.",
            f"{path}: cannot be read ({error.strerror}); make one with --update-baseline.",
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise CheckError(f"{path}: không phải baseline hợp lệ ({error}).", f"{path}: not a valid baseline ({error}).") from error
    if (found.format, found.version) != (_FORMAT, BASELINE_VERSION):
        raise CheckError(
            f"{path}: {found.format} phiên bản {found.version}; bản này chỉ đọc {_FORMAT} phiên bản {BASELINE_VERSION}.",
            f"{path}: {found.format} version {found.version}; this release reads {_FORMAT} version {BASELINE_VERSION}.",
        )
    for known in found.defects:
        _expiry(path, known)
    return found


def _expiry(path: Path, known: Known) -> None:
    try:
        date.fromisoformat(known.expires or "2000-01-01")
    except ValueError as error:
        raise CheckError(
            f"{path}: {known.fingerprint}: “expires” phải là ngày dạng 2026-12-31, không phải “{known.expires}”.",
            f"{path}: {known.fingerprint}: “expires” must be a day such as 2026-12-31, not “{known.expires}”.",
        ) from error


def encode_baseline(baseline: Baseline) -> bytes:
    """As it is kept in a repository: sorted, one field a line, so that two of them can be compared."""
    return msgspec.json.format(msgspec.json.encode(baseline), indent=1) + b"\n"


def updated(checked: Checked, before: Baseline | None, today: date) -> Baseline:
    """The baseline that knows exactly what this check found, and what it could not look at. Reasons and expiry dates are kept,
    except dates that are over."""
    audited = {name for result in checked.results for name in places(result).values()}
    if before is not None and checked.unseen:
        audited |= set(before.pages)
    return known_now(checked.seen, checked.unseen, audited, checked.results[0].environment.depth, before, today)


def known_now(
    seen: Iterable[Seen], unseen: Iterable[Known], audited: Iterable[str], depth: str, before: Baseline | None, today: date
) -> Baseline:
    """A baseline of what was seen, and of entries that are kept as they are."""
    old = {known.fingerprint: known for known in before.defects} if before else {}

    def entry(one: Seen) -> Known:
        kept = old.get(one.defect.fingerprint)
        defect = one.defect
        return Known(
            fingerprint=defect.fingerprint,
            rule=defect.rule,
            criteria=defect.criteria,
            what=defect.what.en,
            pages=one.places,
            count=defect.most,
            reason=kept.reason if kept else "",
            expires=kept.expires if kept and not _expired(kept, today) else "",
            added=kept.added if kept and kept.added else today.isoformat(),
        )

    known = [*(entry(one) for one in seen), *unseen]
    return Baseline(
        depth=depth,
        pages=tuple(sorted(audited)),
        defects=tuple(sorted(known, key=lambda one: (one.criteria, one.rule, one.fingerprint))),
    )


def _expired(known: Known, today: date) -> bool:
    return bool(known.expires) and date.fromisoformat(known.expires) < today


# -- the comparison ----------------------------------------------------------------------------------------------------------


def check(results: Sequence[Result], gates: Gates, baseline: Baseline | None, today: date) -> Checked:
    """Compare results (one, or one per viewport) with a baseline, and try the gates."""
    audited = {name for result in results for name in places(result).values()}
    seen = compare(_merged(results), baseline, audited, today)
    known = {one.fingerprint: one for one in baseline.defects} if baseline else {}
    absent = [one for name, one in known.items() if name not in {one.defect.fingerprint for one in seen}]
    shallower = baseline is not None and baseline.depth != "static" and results[0].environment.depth == "static"
    mended = tuple(one for one in absent if not shallower and audited & set(one.pages))
    checked = Checked(results=tuple(results), seen=seen, mended=mended, unseen=tuple(one for one in absent if one not in mended))
    return msgspec.structs.replace(checked, gates=tuple(_gates(checked, gates)), missing=tuple(_missing(results)))


def compare(found: Iterable[Seen], baseline: Baseline | None, audited: set[str], today: date) -> tuple[Seen, ...]:
    """Failed defects with why they are new, or the entry that knows them; ``audited`` are the pages looked at."""
    known = {one.fingerprint: one for one in baseline.defects} if baseline else {}
    before = set(baseline.pages) if baseline else set()
    return tuple(
        msgspec.structs.replace(one, newness=_newness(one, entry, before, audited, today), known=entry)
        for one in found
        for entry in [known.get(one.defect.fingerprint)]
    )


def _merged(results: Sequence[Result]) -> list[Seen]:
    """Failed defects of all results, each once, in the order of the results."""
    found: dict[str, Seen] = {}
    for result in results:
        names = places(result)
        for defect in result.defects:
            if defect.verdict is not Verdict.FAILED:
                continue
            here = {names[page] for page in defect.pages if page in names}
            earlier = found.get(defect.fingerprint)
            if earlier is not None:
                here |= set(earlier.places)
                pages = tuple(dict.fromkeys((*earlier.defect.pages, *defect.pages)))
                defect = msgspec.structs.replace(earlier.defect, pages=pages, most=max(earlier.defect.most, defect.most))
            found[defect.fingerprint] = Seen(defect=defect, places=tuple(sorted(here)))
    return list(found.values())


def _newness(one: Seen, known: Known | None, before: set[str], audited: set[str], today: date) -> Newness | None:
    if known is None:
        return Newness.NEW
    if _expired(known, today):
        return Newness.EXPIRED
    if one.defect.most > known.count:
        return Newness.MORE
    spread = (set(one.places) & before) - set(known.pages)
    left = (set(known.pages) & audited) - set(one.places)
    # A component that moved from one page to another is still one component.
    return Newness.SPREAD if len(spread) > len(left) else None


# -- the gates ---------------------------------------------------------------------------------------------------------------


def criteria_of(names: Iterable[str]) -> tuple[str, ...]:
    """Criteria by number or by principle (``1.1.1``, ``perceivable``). Raises CheckError."""
    chosen: list[str] = []
    for name in names:
        here = [id for id, criterion in CRITERIA.items() if name in (id, criterion.principle)]
        if not here:
            raise CheckError(
                f"{name}: không phải tiêu chí cấp độ A hay nguyên tắc ({', '.join(PRINCIPLES)}).",
                f"{name}: neither a level A criterion nor a principle ({', '.join(PRINCIPLES)}).",
            )
        chosen.extend(here)
    return tuple(dict.fromkeys(chosen))


def points_of(given: Iterable[str], profile: str) -> dict[str, float]:
    """``5`` or ``mic-2024=5``: the least points by profile. Raises CheckError."""
    wanted = {}
    for one in given:
        name, _, points = one.rpartition("=")
        try:
            wanted[name or profile] = float(points.replace(",", "."))
        except ValueError as error:
            raise CheckError(
                f"--min-points {one}: cần một số, hoặc TÊN=SỐ.", f"--min-points {one}: a number is needed, or NAME=NUMBER."
            ) from error
    return wanted


def _gates(checked: Checked, gates: Gates) -> Iterable[Gate]:
    def counts(one: Seen) -> bool:
        return not gates.criteria or bool(set(one.defect.criteria) & set(gates.criteria))

    of = f" ({', '.join(gates.criteria)})" if gates.criteria else ""
    if gates.fail_on == "any":
        found = [one for one in checked.seen if counts(one)]
        name = Text(f"không có lỗi nào{of}", f"no defect at all{of}")
        todo = Text("hãy sửa các lỗi trên", "mend the defects above")
    else:
        found = [one for one in checked.new if counts(one)]
        name = Text(f"không có lỗi mới{of}", f"no new defect{of}")
        todo = Text(
            "hãy sửa các lỗi mới, hoặc chấp nhận chúng bằng --baseline TỆP --update-baseline",
            "mend the new defects, or accept them with --baseline FILE --update-baseline",
        )
    yield Gate(name=name, held=not found, detail=Text(f"có {len(found)} lỗi", f"{len(found)} found"), todo=todo)
    if gates.max_defects is not None:
        number = sum(map(counts, checked.seen))
        yield Gate(
            name=Text(f"nhiều nhất {gates.max_defects} lỗi{of}", f"at most {gates.max_defects} defects{of}"),
            held=number <= gates.max_defects,
            detail=Text(f"có {number} lỗi", f"{number} found"),
            todo=Text("hãy sửa bớt lỗi", "mend some of them"),
        )
    for profile, points in gates.min_points.items():
        yield from (_points_gate(profile, points, result.scores) for result in checked.results)


def _points_gate(profile: str, points: float, scores: Sequence[Score]) -> Gate:
    score = next((one for one in scores if one.profile == profile), None)
    if score is None:
        names = ", ".join(one.profile for one in scores)
        raise CheckError(f"--min-points: không có cách tính điểm {profile}; có: {names}.", f"--min-points: no {profile}; use {names}.")
    found = score.automatic
    name = Text(f"ít nhất {points:g} điểm theo {profile}", f"at least {points:g} points by {profile}")
    if found is None:
        # Nothing was assessed: that has an exit code of its own.
        return Gate(name=name, held=True, detail=Text("chưa đánh giá", "not assessed"))
    failed = ", ".join(one.id for one in score.principles if one.automatic < one.maximum)
    return Gate(
        name=name,
        held=found >= points,
        detail=Text(f"được {found:g} theo cách đọc tự động", f"{found:g} by the automatic reading"),
        todo=Text(f"hãy sửa lỗi của nguyên tắc {failed}", f"mend the defects of {failed}"),
    )


def _missing(results: Sequence[Result]) -> Iterable[Text]:
    """Why something was not assessed: pages that could not be audited, and scores that are none."""
    for result in results:
        for one in result.pages:
            if one.page.state is not PageState.AUDITED:
                said = f"{one.page.name or one.page.requested}: {one.page.state} ({one.page.detail})"
                yield Text(said, said)
        if not result.scores[0].assessed and result.scores[0].reason is not None:
            yield result.scores[0].reason


def without_missing(checked: Checked) -> Checked:
    """The check of someone who allows that pages are not assessed."""
    return msgspec.structs.replace(checked, missing=())


def by_criterion(checked: Checked) -> Mapping[str, list[Seen]]:
    """The seen defects under each of the 25 criteria."""
    return {id: [one for one in checked.seen if id in one.defect.criteria] for id in CRITERIA}
