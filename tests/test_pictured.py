"""A page is pictured only as far down as it is the first to show something."""

from __future__ import annotations

import msgspec
import pytest

from wcag_audit.model import Box, Outcome, Page, Target, Verdict
from wcag_audit.pictured import Pictured


def page(order: int) -> Page:
    """Ids do not follow the order in which pages stand."""
    return Page(id=str(9 - order), requested="", order=order)


def outcome(page: str, fingerprint: str, bottom: float, verdict: Verdict = Verdict.FAILED) -> Outcome:
    target = Target("p", box=Box(0, bottom - 20, 100, 20))
    return Outcome(rule="r", criteria=("1.1.1",), verdict=verdict, page=page, target=target, fingerprint=fingerprint)


def test_what_no_earlier_page_shows_is_reached_with_what_stands_around_it() -> None:
    pictured = Pictured()
    assert pictured.reach(page(1), [outcome("1", "a", 1000), outcome("1", "b", 3000), outcome("1", "c", 4000, Verdict.PASSED)]) == 3400
    pictured.note(page(1), [outcome("1", "a", 1000), outcome("1", "b", 3000)])
    assert pictured.reach(page(2), [outcome("2", "a", 2000), outcome("2", "b", 2500)]) == 0
    assert pictured.reach(page(2), [outcome("2", "a", 2000), outcome("2", "new", 1500)]) == 1900


def test_a_page_does_not_rely_on_a_later_one_whose_picture_came_first() -> None:
    pictured = Pictured()
    pictured.note(page(2), [outcome("2", "a", 1000)])
    assert pictured.reach(page(1), [outcome("1", "a", 1000)]) == 1400
    assert pictured.reach(page(3), [outcome("3", "a", 1000)]) == 0


def test_the_example_of_a_failure_may_stand_behind_that_of_the_question() -> None:
    pictured = Pictured()
    pictured.note(page(1), [outcome("1", "a", 1000, Verdict.CANT_TELL)])
    assert pictured.reach(page(2), [outcome("2", "a", 1000)]) == 1400


def test_a_page_that_was_not_kept_shows_nothing() -> None:
    pictured = Pictured()
    pictured.reach(page(1), [outcome("1", "a", 1000)])
    assert pictured.reach(page(2), [outcome("2", "a", 2000)]) == 2400


def test_the_first_page_need_not_ask() -> None:
    pictured = Pictured()
    assert pictured.is_first(page(2))
    pictured.note(page(2), [])
    assert pictured.is_first(page(1)) and not pictured.is_first(page(3))


@pytest.mark.parametrize("frames", [(), ("iframe",)])
def test_out_of_sight_is_not_pictured(frames: tuple[str, ...]) -> None:
    pictured = Pictured()
    pictured.note(page(1), [])
    hidden = outcome("2", "a", -500)
    assert hidden.target is not None
    target = msgspec.structs.replace(hidden.target, frames=frames)
    assert pictured.reach(page(2), [msgspec.structs.replace(hidden, target=target)]) == 0
