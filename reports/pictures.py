"""Pictures of elements: cut out of their page's screenshot with what stands around them, outlined, bounded in number and size."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, lru_cache
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, UnidentifiedImageError

if TYPE_CHECKING:
    from wcag_audit.model import Box, Defect

#: Pictures in one report, and bytes of a screenshot that is still read: a report has to fit into an e-mail.
MAX_PICTURES = 60
MAX_SCREENSHOT = 12_000_000
MAX_PIXELS = 20_000_000

_AT_ONCE = 4
# CSS pixels that are shown at least and at most; of a larger element its top left part is.
_LEAST = (760, 380)
_MOST = (1280, 900)
_OFF = 4
_OUTLINE, _HALO = "#c3131f", "#ffffff"


class Picture:
    """An element in its surroundings: WebP, and its size in pixels."""

    def __init__(self, image: Image.Image) -> None:
        self.width, self.height = image.size
        written = io.BytesIO()
        image.save(written, "WEBP", quality=70, method=2)
        self.webp = written.getvalue()

    @cached_property
    def jpeg(self) -> bytes:
        """The same for what reads no WebP: Word, and PDF, which keeps a JPEG as it is."""
        with Image.open(io.BytesIO(self.webp)) as image:
            written = io.BytesIO()
            image.convert("RGB").save(written, "JPEG", quality=80)
        return written.getvalue()


class Album:
    """The pictures of one result's defects, each cut once for all formats and languages.

    A screenshot that cannot be read gives none, and neither does what is out of sight in a frame.
    """

    def __init__(self, screenshot: Callable[[str], Path | None]) -> None:
        # Defects of one page mostly follow each other: a few decoded screenshots are enough.
        self._image = lru_cache(4)(lambda page: _decoded(screenshot(page)))
        self._decoding = Lock()
        self._cut: dict[tuple[str, Box], Picture | None] = {}

    def pictures(self, defects: Iterable[Defect], most: int = MAX_PICTURES) -> dict[str, Picture]:
        """Fingerprint → picture of the defect's example, for the first ``most`` that have one."""
        found: dict[str, Picture] = {}
        rest = iter(defects)
        # Nearly all of the time is encoding, which threads can do at once.
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            while some := list(islice(rest, most - len(found))):
                pictures = zip(some, pool.map(self._of, some), strict=True)
                found.update((defect.fingerprint, picture) for defect, picture in pictures if picture)
        return found

    def _of(self, defect: Defect) -> Picture | None:
        target = defect.example.target
        box = target.on_page if target is not None else None
        if box is None:
            return None
        key = (defect.example.page, box)
        if key not in self._cut:
            with self._decoding:
                image = self._image(key[0])
            self._cut[key] = _outlined(image, box) if image else None
        return self._cut[key]


def _decoded(path: Path | None) -> Image.Image | None:
    try:
        if path is None or path.stat().st_size > MAX_SCREENSHOT:
            return None
        with Image.open(path, formats=("JPEG", "PNG", "WEBP")) as image:
            return image.convert("RGB") if image.width * image.height <= MAX_PIXELS else None
    except (OSError, UnidentifiedImageError):  # a run folder that was tidied up still has its report
        return None


def _outlined(image: Image.Image, box: Box) -> Picture | None:
    """The element in the middle of its surroundings, outlined; None where it is not in the picture or has no size."""
    inside = box.x >= 0 and box.y >= 0 and box.x + box.width <= image.width and box.y < image.height
    if not inside or box.width <= 0 or box.height <= 0:
        return None
    width, height = (
        round(min(whole, most, max(least, size * 1.3)))
        for whole, most, least, size in zip(image.size, _MOST, _LEAST, (box.width, box.height), strict=True)
    )
    left = round(min(max(0.0, box.x + box.width / 2 - width / 2), image.width - width))
    middle = box.y + min(box.height, height * 0.8) / 2
    top = round(min(max(0.0, middle - height / 2), image.height - height))
    part = image.crop((left, top, left + width, top + height))
    drawn = ImageDraw.Draw(part)
    x, y = box.x - left, box.y - top
    for off, wide, colour in ((_OFF + 2, 7, _HALO), (_OFF, 3, _OUTLINE)):
        drawn.rounded_rectangle((x - off, y - off, x + box.width + off, y + box.height + off), 4, outline=colour, width=wide)
    return Picture(part)
