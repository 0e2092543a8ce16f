"""The ``screenshot`` artifact: a picture of the page from its top, in which nothing shows that stands in a field.

Reports cut elements out of it. Shape (version 2)::

    {"file": "screenshot.jpg", "type": "image/jpeg", "bytes": 123, "size": [width, height in CSS pixels], "covered": fields painted over}
"""

from __future__ import annotations

import io
import math
from typing import Any

from PIL import Image, ImageDraw

from wcag_audit.browser.port import BrowserError, BrowserPage
from wcag_audit.dom import left_out

VERSION = 2
#: CSS pixels from the top that are kept: what lies deeper is told without a picture.
MAX_HEIGHT = 5_000

_QUALITY = 60
_COVER = "#8a94a0"
#: CSS pixels around a field that are covered too: borders and shadows of frames are not in its coordinates.
_MARGIN = 6


async def record(page: BrowserPage, tree: dict[str, Any], reach: float = math.inf) -> tuple[bytes, dict[str, Any]]:
    """Gather the artifact and the picture itself; ``tree`` is the data of ``dom``, ``reach`` how far down is wanted, in CSS pixels.

    Raises BrowserError, also where the tree is not whole: a field that is not in it could not be covered.
    """
    if why := left_out(tree):
        raise BrowserError(f"fields of a page that was not read to its end cannot be covered ({why})")
    height = min(max(tree["frames"][0]["document"]["size"][1], 1), MAX_HEIGHT, reach)
    picture, kind = await page.screenshot(height)
    filled = filled_fields(tree)
    if filled:
        picture = covered(picture, filled)
    with Image.open(io.BytesIO(picture)) as image:
        size = image.size
    return picture, {"file": "screenshot.jpg", "type": kind, "bytes": len(picture), "size": list(size), "covered": len(filled)}


def filled_fields(tree: dict[str, Any]) -> list[tuple[float, float, float, float]]:
    """Boxes (x, y, width, height) of fields that hold something, in the coordinates of the page itself."""
    firsts = [(frame["first"], frame["owner"]) for frame in tree["frames"] if frame["first"] is not None]
    found = []
    for index, node in enumerate(tree["nodes"]):
        if node.get("st", {}).get("filled") and "b" in node:
            x, y, width, height = node["b"]
            owner = max((one for one in firsts if one[0] <= index), key=lambda one: one[0])[1]
            while owner is not None:
                base = tree["nodes"][owner].get("b", (0, 0, 0, 0))
                x, y = x + base[0], y + base[1]
                owner = max((one for one in firsts if one[0] <= owner), key=lambda one: one[0])[1]
            found.append((x, y, width, height))
    return found


def covered(picture: bytes, boxes: list[tuple[float, float, float, float]]) -> bytes:
    """The picture with boxes painted over."""
    with Image.open(io.BytesIO(picture)) as image:
        drawn = ImageDraw.Draw(image)
        for x, y, width, height in boxes:
            drawn.rectangle((x - _MARGIN, y - _MARGIN, x + width + _MARGIN, y + height + _MARGIN), fill=_COVER)
        written = io.BytesIO()
        image.save(written, "JPEG", quality=_QUALITY)
    return written.getvalue()
