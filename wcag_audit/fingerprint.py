"""Fingerprints: what makes two findings the same defect on another page, another day, another portal of the same vendor."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable

import msgspec

from wcag_audit import identity
from wcag_audit.model import Outcome, Target, Verdict

_SPOKEN = (Verdict.FAILED, Verdict.CANT_TELL)
#: Tags that a build writes for one another around the same part.
_DIVISION = re.compile(r"^(?:section|article)(?![\w-])")


#: What makes findings one defect wherever they stand, rather than the element that each concerns; () where nothing does.
Cause = Callable[[Outcome], tuple[str, ...]]


def _no_cause(outcome: Outcome) -> tuple[str, ...]:
    return ()


def with_fingerprints(outcomes: Iterable[Outcome], cause: Cause = _no_cause) -> list[Outcome]:
    """The outcomes of one page (or of the portal rules), every failed or open one with its fingerprint.

    Twins in one component share a fingerprint; the same element again in another component has one of its own. Which component
    has which depends neither on their order nor on how many twins they hold, and on what is around them only where all else is alike.
    Where one style sheet's line does the same to many elements, its ``cause`` makes them one.
    """
    outcomes = list(outcomes)
    places: dict[str, set[str]] = defaultdict(set)
    for outcome in outcomes:
        if outcome.verdict in _SPOKEN:
            places[_what(outcome, cause)].add(_where(outcome, cause))
    ranks = {what: {where: rank for rank, where in enumerate(sorted(found))} for what, found in places.items()}

    def marked(outcome: Outcome) -> Outcome:
        what = _what(outcome, cause)
        return msgspec.structs.replace(outcome, fingerprint=_digest(what, ranks[what][_where(outcome, cause)]))

    return [marked(outcome) if outcome.verdict in _SPOKEN else outcome for outcome in outcomes]


def fingerprint(outcome: Outcome) -> str:
    """The fingerprint of a failed or open outcome that is alone of its kind on its page: 16 hexadecimal digits."""
    return _digest(_what(outcome, _no_cause), 0)


def _what(outcome: Outcome, cause: Cause) -> str:
    """Rule, criteria, kind of message, and the element's identity or the cause. The page's address and who else found it do not count."""
    kind = "failed" if outcome.verdict is Verdict.FAILED else "open"
    about = cause(outcome) or (_of_target(outcome.target),)
    return "\x1f".join((outcome.rule, ",".join(outcome.criteria), kind, outcome.message, *about))


def _of_target(target: Target | None) -> str:
    if target is None:
        return ""
    return target.identity or identity.of_html(target.html, target.name)


def _where(outcome: Outcome, cause: Cause) -> str:
    """The way from the element up to the page's root: what is nearest to it, and moves with it, decides the order of components."""
    steps = outcome.target.path.split(">") if outcome.target is not None and not cause(outcome) else []
    return "<".join(_DIVISION.sub("div", step) for step in reversed(steps))


def _digest(what: str, rank: int) -> str:
    return hashlib.sha256(f"{what}\x1f{rank}".encode("utf-8", "replace")).hexdigest()[:16]
