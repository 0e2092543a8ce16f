"""General and red flashes in a sequence of pictures, by the definition of WCAG 2.0. Pure arithmetic on arrays.

A *flash* is a pair of opposing changes of relative luminance of at least 10 % of its maximum, the darker below 0.80; a *red flash* is
such a pair that involves a saturated red. What counts is how many fall into one second over more than a quarter of any rectangle of
341×256 CSS pixels. Pictures may be given scaled down: that also averages fine balanced patterns out, as the definition wants.

Sources: definitions "general flash and red flash thresholds" and "relative luminance" of WCAG 2.0; R/(R+G+B) ≥ 0.8 and the change
of (R−G−B)×320 above 20 from the working definition of saturated red.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

#: The rectangle of 10 degrees of the visual field at 1024×768, in CSS pixels, and the share of it that may flash.
WINDOW = (341, 256)
SHARE = 0.25
#: More flashes than these in one second fail.
ALLOWED = 3
_SECOND = 1.0
_CHANGE, _DARK = 0.10, 0.80
_RED_CHANGE, _RED_SHARE = 20.0, 0.8
#: Absorbs the rounding of 8-bit channels and times, so that a change of exactly 10 % counts as one.
_TINY = 1e-4
#: Changes at most this far apart are concurrent, in seconds: two frames at 60 a second.
_TOGETHER = 0.034

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]

_LINEAR: Floats = np.array(
    [(c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4) for c in (value / 255 for value in range(256))], dtype=np.float32
)


@dataclass(frozen=True)
class Flashing:
    """The worst second: how many flashes over more than a quarter of a window, over which share of it, and when it began (seconds)."""

    flashes: int = 0
    share: float = 0.0
    at: float = 0.0

    @property
    def over(self) -> bool:
        return self.flashes > ALLOWED


class _Swings:
    """Opposing changes of one quantity at every pixel."""

    def __init__(self, change: float, ceiling: float | None) -> None:
        self._change = change
        self._ceiling = ceiling
        self._low: Floats | None = None
        self._high: Floats | None = None
        self._counts_high: Bools | None = None
        self._direction: npt.NDArray[np.int8] | None = None
        self.ups: list[Bools] = []
        self.downs: list[Bools] = []

    def feed(self, value: Floats, counts: Bools | None = None) -> None:
        """Take the next picture; ``counts`` marks where its value may be the upper end of a swing."""
        if self._low is None or self._high is None or self._direction is None:
            self._low, self._high = value.copy(), value.copy()
            self._direction = np.zeros(value.shape, np.int8)
            self._counts_high = counts
            nothing = np.zeros(value.shape, np.bool_)
            self.ups.append(nothing)
            self.downs.append(nothing)
            return
        low, high, direction = self._low, self._high, self._direction
        np.copyto(low, value, where=(direction <= 0) & (value < low))
        rises = (direction >= 0) & (value > high)
        np.copyto(high, value, where=rises)
        up = (direction <= 0) & (value - low >= self._change - _TINY)
        down = (direction >= 0) & (high - value >= self._change - _TINY)
        if self._ceiling is not None:
            up &= low < self._ceiling
            down &= value < self._ceiling
        if counts is not None and self._counts_high is not None:
            np.copyto(self._counts_high, counts, where=rises)
            up &= counts
            down &= self._counts_high
        both = up & down
        up &= ~both
        direction[up], direction[down] = 1, -1
        np.copyto(high, value, where=up)
        np.copyto(low, value, where=down)
        if counts is not None and self._counts_high is not None:
            np.copyto(self._counts_high, counts, where=up)
        self.ups.append(up)
        self.downs.append(down)


class FlashMeter:
    """Feed pictures with their times; ask for the worst second. ``scale`` is picture pixels per CSS pixel."""

    def __init__(self, scale: float = 1.0) -> None:
        self._window = (max(1, round(WINDOW[1] * scale)), max(1, round(WINDOW[0] * scale)))
        self._general = _Swings(_CHANGE, _DARK)
        self._red = _Swings(_RED_CHANGE, None)
        self._times: list[float] = []
        self._last: npt.NDArray[np.uint8] | None = None

    def feed(self, picture: npt.NDArray[np.uint8], at: float) -> None:
        """The next picture (height × width × RGB) and its time in seconds, later than the one before."""
        if self._last is not None and np.array_equal(picture, self._last):
            return
        self._last = picture
        linear = _LINEAR[self._padded(picture)]
        red, green, blue = linear[..., 0], linear[..., 1], linear[..., 2]
        self._general.feed((0.2126 * red + 0.7152 * green + 0.0722 * blue).astype(np.float32))
        total = red + green + blue
        saturated = red >= _RED_SHARE * np.maximum(total, _TINY)
        self._red.feed(np.clip((red - green - blue) * 320, 0, None).astype(np.float32), saturated)
        self._times.append(at)

    def _padded(self, picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        """A picture at least as large as a window: what is missing stands still."""
        height, width = picture.shape[:2]
        more = (max(0, self._window[0] - height), max(0, self._window[1] - width))
        return np.pad(picture, ((0, more[0]), (0, more[1]), (0, 0))) if any(more) else picture

    @property
    def general(self) -> Flashing:
        return self._worst(self._general)

    @property
    def red(self) -> Flashing:
        return self._worst(self._red)

    def _worst(self, swings: _Swings) -> Flashing:
        moves = [index for index, (up, down) in enumerate(zip(swings.ups, swings.downs, strict=True)) if up.any() or down.any()]
        worst = Flashing()
        for first in moves:
            second = [index for index in moves if 0 <= self._times[index] - self._times[first] < _SECOND - _TINY]
            if len(second) >= 2 * (worst.flashes + 1):
                worst = self._second(swings, second, worst)
        return worst

    def _second(self, swings: _Swings, second: list[int], worst: Flashing) -> Flashing:
        """The flashes of one second, where they are more than the worst so far."""
        counts: npt.NDArray[np.int16] = np.zeros(swings.ups[0].shape, np.int16)
        for index in second:
            counts += swings.ups[index]
            counts += swings.downs[index]
        for flashes in range(int(counts.max()) // 2, worst.flashes, -1):
            flashing: Bools = counts // 2 >= flashes
            share, top, left = _fullest(flashing, self._window)
            if share > SHARE + _TINY:
                part = np.s_[top : top + self._window[0], left : left + self._window[1]]
                together = self._together(swings, second, flashing[part], part)
                if together > worst.flashes:
                    return Flashing(min(flashes, together), round(share, 4), self._times[second[0]])
        return worst

    def _together(self, swings: _Swings, second: list[int], flashing: Bools, part: Any) -> int:
        """How many times more than a quarter of a window changed at the same time in one direction."""
        need = SHARE * self._window[0] * self._window[1]
        best = 0
        for masks in (swings.ups, swings.downs):
            times = 0
            gathered = np.zeros(flashing.shape, np.bool_)
            since = -_SECOND
            for index in second:
                if self._times[index] - since > _TOGETHER:
                    gathered[:] = False
                    since = self._times[index]
                before = int(gathered.sum()) > need
                gathered |= masks[index][part] & flashing
                if not before and int(gathered.sum()) > need:
                    times += 1
            best = max(best, times)
        return best


def _fullest(mask: Bools, window: tuple[int, int]) -> tuple[float, int, int]:
    """The window with the largest share of marked pixels: the share and its top left corner."""
    height, width = window
    sums = np.zeros((mask.shape[0] + 1, mask.shape[1] + 1), np.int64)
    sums[1:, 1:] = mask.cumsum(0).cumsum(1)
    inside = sums[height:, width:] - sums[:-height, width:] - sums[height:, :-width] + sums[:-height, :-width]
    place = int(inside.argmax())
    top, left = divmod(place, inside.shape[1])
    return float(inside[top, left]) / (height * width), top, left
