"""A farm of public-service portals on 127.0.0.1 with a known truth: one for each unit of the roster.

Every portal is one of the five fixture portals with some of its planted defects. A vendor's portals share a platform and the defects
of its first page; each unit may have one more of its own. Some are dead, blocked, under maintenance, redirect elsewhere, or are slow.
The truth follows from what was planted, by arithmetic of its own: it knows nothing of the audit or of the report.
"""

from __future__ import annotations

import csv
import json
import random
import socket
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from wcag_audit.roster import Unit, read_roster
from wcag_audit.serve import Defect, PortalSite, Request, Response, read_truth, serving

PORTALS = Path(__file__).parent.parent / "fixtures" / "portals"
PLATFORMS = ("tinh-an-hai", "so-van-hoa", "bo-nong-thon-so", "mot-cua-song-bach", "thanh-pho-binh-cang")
#: What becomes of portals that cannot be audited, and the page state that a report has to tell.
STATES = {"dead": "http_error", "blocked": "blocked", "maintenance": "maintenance", "elsewhere": "off_site"}
#: Seconds that a slow portal takes for each page.
SLOW = 1.5
_PRINCIPLES = {"1": "perceivable", "2": "operable", "3": "understandable", "4": "robust"}
_POINTS = {"mic-2024": dict.fromkeys("1234", 1.25), "mic-2023": {"1": 3.0, "2": 3.0, "3": 3.0, "4": 1.0}}

_MAINTENANCE = """<!doctype html><html lang="vi"><title>Thông báo</title><h1>Hệ thống đang bảo trì</h1>
<p>Cổng dịch vụ công tạm dừng để bảo trì. Xin lỗi vì sự bất tiện này.</p>"""
_BLOCKED = """<!doctype html><html lang="en"><title>Request Rejected</title>
<p>The requested URL was rejected. Please consult with your administrator. Your support ID is: 42"""


@cache
def _defects(platform: str) -> tuple[Defect, ...]:
    return read_truth(PORTALS / platform)


@dataclass(frozen=True)
class Planted:
    """A unit of the farm: its platform, what is wrong on its first page, and how it behaves."""

    unit: Unit
    platform: str
    defects: tuple[str, ...]
    behaviour: str = "plain"

    @property
    def assessed(self) -> bool:
        return self.behaviour not in STATES

    def failed(self) -> set[str]:
        """The criteria that fail."""
        return {criterion for defect in _defects(self.platform) if defect.id in self.defects for criterion in defect.criteria}

    def points(self, profile: str) -> float:
        """Points when each principle gives all or nothing."""
        broken = {criterion[0] for criterion in self.failed()}
        return sum(points for principle, points in _POINTS[profile].items() if principle not in broken)


def plan(count: int = 84, *, seed: int = 2026, evidence: Sequence[str] = ("axe", "snapshot", "recording")) -> list[Planted]:
    """The farm's units: of the roster's first ``count`` in a seeded order, so that a small farm has vendors in common too."""
    chance = random.Random(seed)
    units = sorted(read_roster(), key=lambda unit: unit.vendor != "VNPT") if count < 84 else list(read_roster())
    units = units[:count]
    vendors = list(dict.fromkeys(unit.vendor for unit in units))
    platform = {vendor: PLATFORMS[place % len(PLATFORMS)] for place, vendor in enumerate(vendors)}
    shared = {vendor: _some(platform[vendor], chance, evidence) for vendor in vendors}
    behaviours = _behaviours(len(units), chance)
    planted = []
    for unit, behaviour in zip(units, behaviours, strict=True):
        # Portals that units built themselves share no platform.
        own = unit.vendor in ("", "Tự xây dựng")
        kind = chance.choice(PLATFORMS) if own else platform[unit.vendor]
        defects = set(_some(kind, chance, evidence) if own else shared[unit.vendor])
        if chance.random() < 0.3 and (more := _candidates(kind, evidence)):
            defects.add(chance.choice(more).id)
        planted.append(Planted(unit, kind, tuple(sorted(defects)), behaviour))
    return planted


def _candidates(platform: str, evidence: Sequence[str]) -> list[Defect]:
    """Defects that the first page shows: every sample holds it. A route of it is a page of its own."""
    found = _defects(platform)
    return [defect for defect in found if "/" in defect.pages and not defect.route and defect.evidence in evidence]


def _some(platform: str, chance: random.Random, evidence: Sequence[str]) -> list[str]:
    found = _candidates(platform, evidence)
    return [defect.id for defect in chance.sample(found, min(len(found), chance.choice((0, 1, 1, 2))))]


def _behaviours(count: int, chance: random.Random) -> list[str]:
    if count < 8:
        special = ["dead", "blocked"][: max(0, count - 2)]
    else:
        special = [behaviour for behaviour in (*STATES, "slow") for _ in range(max(1, count // 28))]
    behaviours = special + ["plain"] * (count - len(special))
    chance.shuffle(behaviours)
    return behaviours


@dataclass
class FarmSite:
    """One portal of the farm."""

    planted: Planted
    elsewhere: str
    inner: PortalSite = field(init=False)

    def __post_init__(self) -> None:
        self.inner = PortalSite(PORTALS / self.planted.platform, self.planted.defects)

    def respond(self, request: Request) -> Response:
        behaviour = self.planted.behaviour
        if behaviour == "blocked":
            return Response(403, _BLOCKED.encode())
        if behaviour == "maintenance":
            return Response(503, _MAINTENANCE.encode())
        if behaviour == "elsewhere":
            return Response(302, headers={"Location": self.elsewhere})
        if behaviour == "slow" and not request.path.startswith("/assets/"):
            time.sleep(SLOW)
        return self.inner.respond(request)


class _National:
    """The national portal, to which some portals redirect."""

    def respond(self, request: Request) -> Response:
        return Response(200, '<!doctype html><html lang="vi"><title>Cổng Dịch vụ công quốc gia</title><h1>Cổng quốc gia</h1>'.encode())


@contextmanager
def farm(planted: Sequence[Planted], folder: Path) -> Iterator[Path]:
    """Serve the farm; the path of its roster, with the addresses of its portals. In a folder where it was served before, every portal
    stands where it stood: an interrupted batch finds it again. Raises OSError where another program has taken such a port."""
    path = folder / "roster.csv"
    before = _ports(path)
    with ExitStack() as servers:
        national = servers.enter_context(serving(_National(), before.get("", 0)))
        ports = {"": national.port}
        for one in planted:
            port = before.get(one.unit.id, 0)
            if one.behaviour == "dead":
                ports[one.unit.id] = port or _closed_port()
            else:
                ports[one.unit.id] = servers.enter_context(serving(FarmSite(one, national.url), port)).port
        rows = [_row(one.unit, f"http://127.0.0.1:{ports[one.unit.id]}/") for one in planted]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        path.with_name("ports.json").write_text(json.dumps({**before, **ports}, indent=1), "utf-8")
        yield path


def _ports(roster: Path) -> dict[str, int]:
    """Where the portals of an earlier farm stood, and under the empty name the national portal."""
    path = roster.with_name("ports.json")
    found: dict[str, int] = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    return found


def _row(unit: Unit, url: str) -> dict[str, Any]:
    row = {
        "id": unit.id, "name_vi": unit.name.vi, "name_en": unit.name.en, "block": unit.block, "vendor": unit.vendor, "url": url,
        "url_status": "checked",
    }  # fmt: skip
    for year in ("2023", "2024"):
        standing = unit.published.get(year)
        row[f"rank_{year}"] = standing.rank if standing else ""
        row[f"grade_{year}"] = standing.grade if standing else ""
    return row


def _closed_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def truth(planted: Sequence[Planted]) -> dict[str, Any]:
    """What a national report of the farm has to say: per unit, per block, per vendor."""
    units = {one.unit.id: _unit_truth(one) for one in planted}
    for profile in _POINTS:
        for block in {one.unit.block for one in planted}:
            ranked = [one for one in planted if one.assessed and one.unit.block == block]
            ranked.sort(key=lambda one: -one.points(profile))
            for place, one in enumerate(ranked):
                tied = place > 0 and ranked[place - 1].points(profile) == one.points(profile)
                before = units[ranked[place - 1].unit.id]["rank"][profile] if tied else place + 1
                units[one.unit.id]["rank"][profile] = before
    return {"units": units, "blocks": {block: _block_truth(planted, block) for block in sorted({one.unit.block for one in planted})}}


def _unit_truth(one: Planted) -> dict[str, Any]:
    if not one.assessed:
        return {"state": "not_assessed", "cause": STATES[one.behaviour], "rank": {}}
    failed = one.failed()
    return {
        "state": "assessed",
        "failed": sorted(failed),
        "not_met": sorted({_PRINCIPLES[criterion[0]] for criterion in failed}),
        "points": {profile: one.points(profile) for profile in _POINTS},
        "rank": {},
    }


def _block_truth(planted: Sequence[Planted], block: str) -> dict[str, Any]:
    own = [one for one in planted if one.unit.block == block]
    assessed = [one for one in own if one.assessed]
    points = [one.points("mic-2024") for one in assessed]
    failed = Counter(criterion for one in assessed for criterion in one.failed())
    return {
        "units": len(own),
        "assessed": len(assessed),
        "with_points": sum(1 for one in points if one > 0),
        "full_marks": sum(1 for one in points if one == 5),
        "levels": {f"{level:g}": points.count(level) for level in (5, 3.75, 2.5, 1.25, 0)},
        "mean": round(sum(points) / len(points), 4) if points else None,
        "least": round(sum(points) / len(own), 4),
        "most": round((sum(points) + 5 * (len(own) - len(assessed))) / len(own), 4),
        "failed": dict(sorted(failed.items())),
    }


def differences(told: dict[str, Any], made: Any, *, automatic: bool = True) -> list[str]:
    """Where a national result says other than the truth. Without ``automatic`` (static depth leaves much untested) points and ranks are
    compared at their upper end only."""
    found = []
    by_id = {unit.id: unit for unit in made.units}
    for id, unit in told["units"].items():
        found += [f"{id}: {one}" for one in _unit_differences(unit, by_id[id], automatic)]
    for name, block in told["blocks"].items():
        own = next(one for one in made.blocks if one.block == name)
        points = own.points[0]
        said = {
            "units": own.units, "assessed": own.assessed, "with_points": points.with_points.n, "full_marks": points.full_marks.n,
            "levels": {level.id: level.n for level in points.levels.levels if level.id != "not_assessed"},
            "mean": points.mean, "least": points.least, "most": points.most,
            "failed": {id: tally.n("failed") for id, tally in own.criteria.items() if tally.n("failed")},
        }  # fmt: skip
        compared = said if automatic else {key: said[key] for key in ("units", "assessed", "failed")}
        found += [f"{name}, {key}: {value} instead of {block[key]}" for key, value in compared.items() if value != block[key]]
    return found


def _unit_differences(told: dict[str, Any], unit: Any, automatic: bool) -> Iterator[str]:
    if unit.state != told["state"]:
        yield f"{unit.state} ({unit.cause or unit.reason}) instead of {told['state']}"
        return
    if told["state"] == "not_assessed":
        if unit.cause != told["cause"]:
            yield f"{unit.cause} instead of {told['cause']}"
        return
    failed = sorted(id for id, verdict in unit.criteria.items() if verdict == "failed")
    if failed != told["failed"]:
        yield f"failed {failed} instead of {told['failed']}"
    not_met = sorted(id for id, state in unit.principles.items() if state == "not_met")
    if not_met != told["not_met"]:
        yield f"not met {not_met} instead of {told['not_met']}"
    for points in unit.points:
        reached = points.automatic if automatic else points.upper
        if reached != told["points"][points.profile]:
            yield f"{points.profile}: {reached} points instead of {told['points'][points.profile]}"
        if automatic and points.rank != told["rank"][points.profile]:
            yield f"{points.profile}: rank {points.rank} instead of {told['rank'][points.profile]}"
