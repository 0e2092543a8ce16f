"""No defect twice: where axe and a rule of ours say the same of one element, one outcome stands and names both sources. And no
question twice: where a rule of ours has answered what axe only asks, axe's question goes.

Which rules mean the same stands in ``merge.toml``. Pure; a fingerprint is computed afterwards and does not count sources.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from importlib import resources
from types import MappingProxyType

import msgspec

from wcag_audit.model import ROLL_UP, Outcome, Verdict, convert

_AXE = "axe/"
_SPOKEN = (Verdict.FAILED, Verdict.CANT_TELL)


class Meaning(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of ``merge.toml``: axe's rules that mean the same as one of ours, axe's questions that ours answers, and what they
    have in common."""

    why: str
    axe: tuple[str, ...] = ()
    settles: tuple[str, ...] = ()


def _table() -> dict[str, Meaning]:
    text = resources.files("wcag_audit").joinpath("merge.toml").read_text("utf-8")
    return {rule: convert(table, Meaning) for rule, table in tomllib.loads(text).items()}


#: Our rules with the rules of axe that mean the same, by our id.
MEANINGS = MappingProxyType(_table())


def settle(outcomes: Iterable[Outcome], judged: Iterable[str] = ()) -> list[Outcome]:
    """The outcomes of one page without those questions of axe that a rule of ours has answered, whatever its answer.

    ``judged`` are portal rules that will judge the page together with others. A rule that is untested answers nothing.
    """
    found = list(outcomes)
    open_rules = {outcome.rule for outcome in found if outcome.verdict is Verdict.UNTESTED}
    spoke = {outcome.rule for outcome in found} - open_rules | set(judged)
    answered = {_AXE + axe for rule, meaning in MEANINGS.items() if rule in spoke for axe in meaning.settles}
    return [outcome for outcome in found if not (outcome.rule in answered and outcome.verdict is Verdict.CANT_TELL)]


def merge(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """The outcomes with each defect once, in their order.

    Of two that mean the same the graver verdict stands, and between equals ours, whose proof tells more. The one that stands gets
    the other's sources, and where the verdicts are equal its criteria too; of the other only criteria that it alone judged stay.
    """
    merged = list(outcomes)
    places: dict[tuple[str, str, str], list[int]] = {}
    for index, outcome in enumerate(merged):
        if outcome.rule.startswith(_AXE) and outcome.verdict in _SPOKEN and outcome.target is not None:
            places.setdefault((outcome.page, str(outcome.target), outcome.rule.removeprefix(_AXE)), []).append(index)
    gone: set[int] = set()
    for index in range(len(merged)):
        ours = merged[index]
        meaning = MEANINGS.get(ours.rule)
        if meaning is None or ours.verdict not in _SPOKEN or ours.target is None:
            continue
        for axe_rule in meaning.axe:
            for other in places.get((ours.page, str(ours.target), axe_rule), ()):
                if other not in gone and set(merged[other].criteria) & set(merged[index].criteria):
                    _join(merged, index, other, gone)
    return [outcome for index, outcome in enumerate(merged) if index not in gone]


def _join(merged: list[Outcome], ours: int, theirs: int, gone: set[int]) -> None:
    """Join two outcomes of one meaning in place; an index in ``gone`` has nothing left to say."""
    stays, goes = (theirs, ours) if _grave(merged[theirs]) < _grave(merged[ours]) else (ours, theirs)
    standing, other = merged[stays], merged[goes]
    left = tuple(criterion for criterion in other.criteria if criterion not in standing.criteria)
    criteria = standing.criteria
    if standing.verdict is other.verdict:
        criteria, left = (*criteria, *left), ()
    sources = tuple(sorted({*standing.sources, *other.sources}))
    merged[stays] = msgspec.structs.replace(standing, criteria=criteria, sources=sources)
    if left:
        merged[goes] = msgspec.structs.replace(other, criteria=left)
    else:
        gone.add(goes)


def _grave(outcome: Outcome) -> int:
    return ROLL_UP.index(outcome.verdict)
