"""Flashes: generated sequences just over and just under every threshold of the definition, each judged right."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from wcag_audit.flash import Flashing, FlashMeter

WIDTH, HEIGHT = 1024, 768
SCALE = 0.25
RATE = 60
Picture = npt.NDArray[np.uint8]

BLACK, WHITE = (0, 0, 0), (255, 255, 255)


def grey(luminance: float) -> tuple[int, int, int]:
    """The grey of a relative luminance."""
    value = 12.92 * luminance if luminance <= 0.0031308 else 1.055 * luminance ** (1 / 2.4) - 0.055
    level = round(value * 255)
    return level, level, level


def page(box: tuple[float, float, float, float], colour: tuple[int, int, int], ground: tuple[int, int, int] = (128, 128, 128)) -> Picture:
    """A still page with one coloured box (x, y, width, height in CSS pixels)."""
    picture = np.full((round(HEIGHT * SCALE), round(WIDTH * SCALE), 3), ground, np.uint8)
    x, y, width, height = (round(value * SCALE) for value in box)
    picture[y : y + height, x : x + width] = colour
    return picture


def measured(at: Callable[[float], Picture], seconds: float = 2.0, rate: int = RATE) -> FlashMeter:
    meter = FlashMeter(SCALE)
    for frame in range(round(seconds * rate)):
        meter.feed(at(frame / rate), frame / rate)
    return meter


def flicker(
    first: tuple[int, int, int],
    second: tuple[int, int, int],
    hertz: float,
    box: tuple[float, float, float, float] = (100, 100, 680, 360),
    seconds: float = 2.0,
) -> FlashMeter:
    """A box that changes between two colours, ``hertz`` pairs of changes a second."""
    one, other = page(box, first), page(box, second)
    return measured(lambda time: one if int(time * 2 * hertz + 1e-9) % 2 == 0 else other, seconds)


@pytest.mark.parametrize(
    ("hertz", "over"), [(1, False), (2, False), (3, False), (3.3, False), (4, True), (5, True), (10, True), (15, True)]
)
def test_rate(hertz: float, over: bool) -> None:
    assert flicker(BLACK, WHITE, hertz).general.over is over


def test_counts_the_flashes_of_one_second() -> None:
    assert flicker(BLACK, WHITE, 5).general.flashes == 5
    assert flicker(BLACK, WHITE, 2).general.flashes == 2


@pytest.mark.parametrize("seconds_on", [0.6, 0.7])
def test_three_quick_flashes_and_no_more_are_allowed(seconds_on: float) -> None:
    box = (0, 0, 1024, 768)

    def at(time: float) -> Picture:
        return page(box, WHITE if time < seconds_on and int(time * 10 + 1e-9) % 2 else BLACK)

    assert measured(at).general.flashes == 3


@pytest.mark.parametrize(("side", "over"), [(120, False), (144, False), (148, True), (256, True), (700, True)])
def test_area_of_a_window(side: float, over: bool) -> None:
    """A quarter of a window is a square of 147.7 pixels."""
    assert flicker(BLACK, WHITE, 5, (300, 60, side, side)).general.over is over


def test_two_boxes_in_one_window_count_together_and_in_two_windows_do_not() -> None:
    def pair(gap: float) -> FlashMeter:
        def at(time: float) -> Picture:
            colour = WHITE if int(time * 10 + 1e-9) % 2 else BLACK
            first = page((40, 40, 120, 120), colour)
            second = page((40 + gap, 40, 120, 120), colour)
            return np.where(second != 128, second, first).astype(np.uint8)

        return measured(at)

    assert pair(130).general.over is True
    assert pair(500).general.over is False


@pytest.mark.parametrize(("change", "over"), [(0.08, False), (0.095, False), (0.105, True), (0.3, True)])
def test_change_of_luminance(change: float, over: bool) -> None:
    assert flicker(grey(0.2), grey(0.2 + change), 5).general.over is over


@pytest.mark.parametrize(("darker", "over"), [(0.70, True), (0.78, True), (0.82, False), (0.88, False)])
def test_the_darker_picture(darker: float, over: bool) -> None:
    assert flicker(grey(darker), grey(darker + 0.115), 5).general.over is over


@pytest.mark.parametrize(
    ("first", "second", "over"),
    [
        ((255, 0, 0), (0, 0, 0), True),
        ((200, 0, 0), (20, 0, 0), True),
        ((160, 0, 0), (90, 0, 0), True),
        ((255, 0, 0), (255, 0, 255), True),
        ((90, 0, 0), (80, 0, 0), False),
        ((255, 160, 0), (120, 75, 0), False),
        ((0, 0, 255), (0, 0, 0), False),
    ],
)
def test_saturated_red(first: tuple[int, int, int], second: tuple[int, int, int], over: bool) -> None:
    assert flicker(first, second, 5).red.over is over


def test_red_flashes_where_luminance_hardly_changes() -> None:
    meter = flicker((160, 0, 0), (100, 0, 0), 5)
    assert (meter.general.over, meter.red.over) == (False, True)


@pytest.mark.parametrize(("hertz", "over"), [(3, False), (4, True)])
def test_red_rate(hertz: float, over: bool) -> None:
    assert flicker((255, 0, 0), BLACK, hertz).red.over is over


def test_a_slow_fade_and_a_slide_show_are_no_flashes() -> None:
    box = (0, 0, 1024, 768)
    fade = measured(lambda time: page(box, grey(abs(1 - time % 2))), 4.0)
    slides = measured(lambda time: page(box, (WHITE, BLACK, (200, 30, 30), (0, 90, 160))[int(time / 0.4) % 4]), 4.0)
    assert fade.general.flashes <= 1
    assert slides.general.over is False


def test_a_rise_in_steps_is_one_change() -> None:
    box = (0, 0, 1024, 768)
    assert measured(lambda time: page(box, grey(min(1.0, int(time * 10) / 10)))).general == Flashing()


def test_a_fine_balanced_pattern_does_not_flash() -> None:
    def at(time: float) -> Picture:
        fine = np.indices((HEIGHT, WIDTH)).sum(0) % 2 ^ int(time * 10 + 1e-9) % 2
        averaged = fine.reshape(HEIGHT // 4, 4, WIDTH // 4, 4).mean((1, 3)) * 255
        return np.repeat(averaged[..., None], 3, 2).astype(np.uint8)

    assert measured(at, 1.2).general == Flashing()


def test_a_box_that_moves_across_the_page_does_not_flash() -> None:
    assert measured(lambda time: page((time * 400, 200, 200, 200), WHITE, BLACK)).general.over is False


def test_pictures_smaller_than_a_window() -> None:
    def gif(width: int, height: int) -> FlashMeter:
        meter = FlashMeter(1.0)
        for frame in range(20):
            meter.feed(np.full((height, width, 3), 255 * (frame % 2), np.uint8), frame / 10)
        return meter

    assert gif(200, 150).general.over is True
    assert gif(140, 140).general.over is False
