"""Animated pictures of a page (GIF, APNG, WebP), decoded from the bytes that the browser holds."""

from __future__ import annotations

import asyncio
import base64
import io
from collections.abc import Iterator
from typing import Any, NamedTuple

from PIL import Image

from wcag_audit.browser.port import BrowserError, ProbingPage

#: Media types of pictures that may be animated.
KINDS = frozenset(("image/gif", "image/webp", "image/png", "image/apng"))
#: Pictures asked for, bytes of one, and frames decoded of one, at most.
MOST, _BYTES, FRAMES = 60, 8_000_000, 240
#: Seconds that a browser shows a frame of 10 ms or less.
_SHORTEST, _INSTEAD = 0.011, 0.1


class Animated(NamedTuple):
    """An animated picture: its address, the seconds that it runs (None: for ever), and its bytes."""

    url: str
    seconds: float | None
    data: bytes


class Shown(NamedTuple):
    """One frame as it is shown, and for how many seconds."""

    picture: Image.Image
    seconds: float


async def animated_pictures(page: ProbingPage) -> list[Animated]:
    """The animated pictures among a page's resources. Those that the browser does not give are left out."""
    tree = (await page.cdp("Page.getResourceTree"))["frameTree"]
    wanted = [pair for pair in _pictures(tree) if pair[1]][:MOST]
    found = await asyncio.gather(*(_bytes(page, frame, url) for frame, url in wanted))
    decoded = await asyncio.to_thread(lambda: [_animated(url, data) for (_, url), data in zip(wanted, found, strict=True) if data])
    return [one for one in decoded if one is not None]


def _pictures(tree: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for resource in tree.get("resources", ()):
        if resource.get("mimeType") in KINDS and not resource.get("failed"):
            yield tree["frame"]["id"], resource["url"]
    for child in tree.get("childFrames", ()):
        yield from _pictures(child)


async def _bytes(page: ProbingPage, frame: str, url: str) -> bytes:
    try:
        answer = await page.cdp("Page.getResourceContent", {"frameId": frame, "url": url})
    except BrowserError:
        return b""
    content = answer["content"]
    return base64.b64decode(content) if answer.get("base64Encoded") and len(content) < _BYTES * 4 // 3 else b""


def _animated(url: str, data: bytes) -> Animated | None:
    try:
        with Image.open(io.BytesIO(data)) as image:
            if getattr(image, "n_frames", 1) < 2:
                return None
            # A GIF without a loop count is shown once; the count of a GIF is of repetitions, that of others of rounds.
            loop = image.info.get("loop", 1 if image.format == "GIF" else 0)
            rounds = (loop + 1 if "loop" in image.info else 1) if image.format == "GIF" else loop
        shown = frames(data)
    except (OSError, ValueError, SyntaxError, EOFError):
        return None
    if all(one.picture.tobytes() == shown[0].picture.tobytes() for one in shown[1:]):
        return None
    once = sum(one.seconds for one in shown)
    return Animated(url, None if loop == 0 else round(once * rounds, 2), data)


def frames(data: bytes) -> list[Shown]:
    """The first frames of a picture as they are shown, on white where it is transparent. Raises OSError where it cannot be read."""
    found: list[Shown] = []
    with Image.open(io.BytesIO(data)) as image:
        for index in range(min(getattr(image, "n_frames", 1), FRAMES)):
            image.seek(index)
            seconds = float(image.info.get("duration", 100)) / 1000
            shown = image.convert("RGBA")
            ground = Image.new("RGBA", shown.size, "white")
            found.append(Shown(Image.alpha_composite(ground, shown).convert("RGB"), _INSTEAD if seconds < _SHORTEST else seconds))
    return found
