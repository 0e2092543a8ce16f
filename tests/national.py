"""A national result of the 84 units for tests of its reports: from synthetic results, without a browser."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache

import msgspec

from tests.results import HOSTILE, failure, page, passing, result
from wcag_audit.model import PageState, Text, Verdict
from wcag_audit.national import Audited, National, national
from wcag_audit.roster import Unit, read_roster
from wcag_audit.score import load_profile

PROFILES = (load_profile("mic-2024"), load_profile("mic-2023"))
PLAN = {"max_pages": "2", "depth": "full", "seed": "0"}
#: One criterion of each principle, failed as axe would.
ONE_OF_EACH = {"1.1.1": "axe/image-alt", "2.4.2": "axe/document-title", "3.1.1": "axe/html-has-lang", "4.1.2": "axe/button-name"}


def audited(one: Unit, failed: Sequence[str] = (), *, untested: Sequence[str] = (), pages: int = 2) -> Audited:
    """A unit whose portal failed the criteria given, by a defect of its vendor's platform each."""
    shown = [page(number) for number in range(1, pages + 1)]
    outcomes = passing(shown)
    for criterion in failed:
        fingerprint = f"{one.vendor}-{criterion}"
        outcomes += [failure(ONE_OF_EACH[criterion], criterion, fingerprint, each.id) for each in shown]
    outcomes = [msgspec.structs.replace(o, verdict=Verdict.CANT_TELL) if set(o.criteria) & set(untested) else o for o in outcomes]
    return Audited(unit=one, result=result(shown, outcomes, portal=one.portal), plan=PLAN, folder=f"portals/{one.id}")


def blocked(one: Unit) -> Audited:
    shown = [page(1, state=PageState.BLOCKED, detail="403", title="", loaded="")]
    return Audited(unit=one, result=result(shown, [], portal=one.portal, assessed=False), plan=PLAN, folder=f"portals/{one.id}")


@cache
def whole(count: int = 84) -> National:
    """The 84, or the first of them: vendors with defects of their own; some blocked, one not audited, one given up, one merged."""
    chance = random.Random(7)
    found = []
    for place, unit in enumerate(read_roster()[:count]):
        if place % 17 == 3:
            found.append(blocked(unit))
        elif place == 40:
            found.append(Audited(unit=unit))
        elif place == 41:
            found.append(Audited(unit=unit, failure=Text("chương trình dừng 4 lần", "the audit broke 4 times")))
        elif place == 83:
            found.append(Audited(unit=msgspec.structs.replace(unit, successor="khanhhoa", valid_to="2025-06-30"), ended=True))
        else:
            own = [criterion for criterion in ONE_OF_EACH if chance.random() < 0.3]
            found.append(audited(unit, own, untested=("3.3.1",) if place % 5 == 0 else ()))
    return national("Đợt 1 năm 2026", found, PROFILES)


@cache
def hostile() -> National:
    """Units and vendors whose every text attacks."""
    named = enumerate(HOSTILE)
    units = [Unit(id=f"u{place}", name=Text(words, words), url="https://x.example.vn/", vendor=words) for place, words in named]
    found = [audited(unit, list(ONE_OF_EACH)) for unit in units]
    again = [msgspec.structs.replace(one, unit=msgspec.structs.replace(one.unit, id=f"{one.unit.id}-2")) for one in found]
    broken = Audited(unit=units[0], failure=Text(HOSTILE[0], HOSTILE[0]))
    return national(HOSTILE[0], [*found, *again, msgspec.structs.replace(broken, unit=msgspec.structs.replace(units[0], id="z"))], PROFILES)


@cache
def empty() -> National:
    """A batch of which nothing was audited yet."""
    return national("", [Audited(unit=unit) for unit in read_roster()[:3]], PROFILES)
