"""Fingerprints: what makes two findings the same defect on another page, another day, another portal of the same vendor."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from types import MappingProxyType

import msgspec

from wcag_audit import identity
from wcag_audit.model import Outcome, Target, Verdict

_SPOKEN = (Verdict.FAILED, Verdict.CANT_TELL)
#: Tags that a build writes for one another around the same part.
_DIVISION = re.compile(r"^(?:section|article)(?![\w-])")
#: Rule → values of its findings that stand for the element.
OneBy = Mapping[str, tuple[str, ...]]
_ALONE: OneBy = MappingProxyType({})



def with_fingerprints(outcomes: Iterable[Outcome], one_by: OneBy = _ALONE) -> list[Outcome]:
    """The outcomes of one page (or of the portal rules), every failed or open one with its fingerprint.

    Twins in one component share a fingerprint; the same element again in another component has one of its own. Which component
    has which depends neither on their order nor on how many twins they hold, and on what is around them only where all else is alike.
    ``one_by`` are the values, by rule, that make findings one defect wherever they stand.
    """
    outcomes = list(outcomes)
    places: dict[str, set[str]] = defaultdict(set)
    for outcome in outcomes:
        if outcome.verdict in _SPOKEN:
            places[_what(outcome, one_by)].add(_where(outcome, one_by))
    ranks = {what: {where: rank for rank, where in enumerate(sorted(found))} for what, found in places.items()}

    def marked(outcome: Outcome) -> Outcome:
        what = _what(outcome, one_by)
        return msgspec.structs.replace(outcome, fingerprint=_digest(what, ranks[what][_where(outcome, one_by)]))

    return [marked(outcome) if outcome.verdict in _SPOKEN else outcome for outcome in outcomes]


def fingerprint(outcome: Outcome) -> str:
    """The fingerprint of a failed or open outcome that is alone of its kind on its page: 16 hexadecimal digits."""
    return _digest(_what(outcome, _ALONE), 0)


def _what(outcome: Outcome, one_by: OneBy) -> str:
    """Rule, criteria, kind of message, and the element's identity or the values that stand for it. The page's address and who else found
    it do not count."""
    kind = "failed" if outcome.verdict is Verdict.FAILED else "open"
    about = [outcome.values.get(name, "") for name in one_by.get(outcome.rule, ())] or [_of_target(outcome.target)]
    return "\x1f".join((outcome.rule, ",".join(outcome.criteria), kind, outcome.message, *about))


def _of_target(target: Target | None) -> str:
    if target is None:
        return ""
    return target.identity or identity.of_html(target.html, target.name)


def _where(outcome: Outcome, one_by: OneBy) -> str:
    """The way from the element up to the page's root: what is nearest to it, and moves with it, decides the order of components."""
    steps = outcome.target.path.split(">") if outcome.target is not None and outcome.rule not in one_by else []
    return "<".join(_DIVISION.sub("div", step) for step in reversed(steps))


def _digest(what: str, rank: int) -> str:
    return hashlib.sha256(f"{what}\x1f{rank}".encode("utf-8", "replace")).hexdigest()[:16]
