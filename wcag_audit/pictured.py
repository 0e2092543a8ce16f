"""Which defects of a run have a picture: a page is pictured only as far down as it is the first to show something.

A picture of a whole page costs half of what axe-core does, and the pages of a portal mostly show the same defects.
"""

from __future__ import annotations

from collections.abc import Iterable

from wcag_audit.conclude import DISPUTABLE, place, subject
from wcag_audit.model import Box, Outcome, Page, Verdict

#: CSS pixels below an element that are pictured with it.
_BELOW = 400.0

_Place = tuple[int, str]


class Pictured:
    """The defects of a run that a page's picture shows. A defect's example is on the first page that has it, in the order of the sample:
    so no page relies on the picture of a later one."""

    def __init__(self) -> None:
        #: Subject and verdict of a defect → the place in the sample of the first page whose picture shows it.
        self._first: dict[tuple[str, Verdict], _Place] = {}
        self._pages: set[_Place] = set()

    def is_first(self, page: Page) -> bool:
        """Whether no earlier page is pictured: then all of it may be, without asking what is found there."""
        return min(self._pages, default=_place(page)) >= _place(page)

    def reach(self, page: Page, outcomes: Iterable[Outcome]) -> float:
        """How far down a page has to be pictured for what no earlier page shows, in CSS pixels from its top; 0 for not at all."""
        place = _place(page)
        bottoms = [box.y + box.height for key, box in _examples(outcomes) if self._first.get(key, place) >= place]
        return max((bottom + _BELOW for bottom in bottoms if bottom > 0), default=0.0)

    def note(self, page: Page, outcomes: Iterable[Outcome]) -> None:
        """A page is kept, with a picture of what was asked for."""
        place = _place(page)
        self._pages.add(place)
        for key, _ in _examples(outcomes):
            self._first[key] = min(place, self._first.get(key, place))


def _place(page: Page) -> _Place:
    return page.order, page.id


def _examples(outcomes: Iterable[Outcome]) -> list[tuple[tuple[str, Verdict], Box]]:
    """The defects that a page shows, each with the box of the outcome that a report would show of it."""
    first: dict[tuple[str, Verdict], Outcome] = {}
    for outcome in outcomes:
        if outcome.verdict in DISPUTABLE and outcome.target is not None:
            key = (subject(outcome), outcome.verdict)
            first[key] = min(first.get(key, outcome), outcome, key=place)
    return [(key, box) for key, outcome in first.items() if outcome.target is not None and (box := outcome.target.on_page) is not None]
