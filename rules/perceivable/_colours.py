"""Computed colours: their contrast and their names."""

from __future__ import annotations

import colorsys
import re

RGB = tuple[int, int, int]
#: The hues that a Vietnamese word for a colour may mean, where it is not the English one.
_HUES = {
    "đỏ": ("red",),
    "xanh": ("green", "blue"),
    "vàng": ("yellow", "orange"),
    "cam": ("orange",),
    "da cam": ("orange",),
    "tím": ("purple",),
    "hồng": ("pink", "red"),
    "nâu": ("orange", "red"),
}
_RGB = re.compile(r"rgba?\(\s*(\d+(?:\.\d+)?)[ ,]+(\d+(?:\.\d+)?)[ ,]+(\d+(?:\.\d+)?)(?:\s*[,/]\s*([\d.]+))?\s*\)")


def rgb(css: str) -> RGB | None:
    """An opaque computed colour; None where it is transparent, half transparent or of another notation."""
    match = _RGB.fullmatch(css.strip())
    if match is None or (match[4] is not None and float(match[4]) < 0.99):
        return None
    return round(float(match[1])), round(float(match[2])), round(float(match[3]))


def luminance(colour: RGB) -> float:
    """Relative luminance as WCAG 2.0 defines it."""

    def one(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.03928 else float(((share + 0.055) / 1.055) ** 2.4)

    red, green, blue = (one(part) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a: RGB, b: RGB) -> float:
    """Contrast ratio of two colours, from 1 to 21."""
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


def hue(colour: RGB) -> str:
    """The name of a colour as people say it (``red``, ``green`` …); empty where it has none (black, grey, white)."""
    h, lightness, s = colorsys.rgb_to_hls(*(part / 255 for part in colour))
    if s < 0.35 or not 0.08 < lightness < 0.95 or max(colour) - min(colour) < 50:
        return ""
    degrees = h * 360
    names = ((15, "red"), (42, "orange"), (70, "yellow"), (165, "green"), (258, "blue"), (300, "purple"), (338, "pink"), (361, "red"))
    return next(name for limit, name in names if degrees < limit)


def hues(word: str) -> tuple[str, ...]:
    """The hues that a word for a colour may mean: "xanh" is green or blue, and so is each of its kinds here ("xanh lá", "xanh dương")."""
    return _HUES.get("xanh" if word.startswith("xanh") else word, (word,))
