"""The ``dom`` artifact: the rendered tree of every frame, through open shadow roots, in one pass per frame.

Shape (version 1)::

    {"nodes": [{"p": parent index or -1, "t": tag or "#text", "a": {attributes}, "x": text, "o": ordinal among the frame's elements,
                "sh": 1 inside a shadow root, "host": 1, "sl": slot index, "ns": "svg" | "other",
                "b": [x, y, width, height], "v": 1 visible, "h": 1 hidden from assistive technology,
                "s": index into styles, "pc": [::before, ::after], "st": {live state},
                "f": 1 tabbable | 2 focusable, "r": role, "n": accessible name, "scroll": [content w, h, client w, h]}],
     "styles": [{short names, see wcag_audit.dom.Node.style}],
     "frames": [{"index", "first": index of the root or null, "owner": index of the frame element, "url", "document": {…},
                 "truncated": "", "error": null}],
     "listeners": {"index": ["click", …]}, "listeners_error": null}

A canvas of the page itself on which nothing was drawn has ``"blank": 1`` among its live state.

Roles and names are computed by axe-core in the page, which is loaded there anyway. Values that a person typed are not recorded.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

from wcag_audit.browser.port import BrowserError, BrowserPage, Capability, FrameRef
from wcag_audit.gather.axe import load_axe

VERSION = 1
MAX_NODES = 25_000
MAX_FRAMES = 60
_MAX_TEXT = 4_000
_MAX_VALUE = 1_000
_UNTIL_MS = 15_000
#: Canvases of the page itself that are asked whether anything was drawn on them.
_MAX_BLANK = 30


@cache
def _collector() -> str:
    return resources.files("wcag_audit.gather").joinpath("collect.js").read_text("utf-8")


async def record(page: BrowserPage) -> dict[str, Any]:
    """Gather the artifact. Raises BrowserError where the page itself cannot be read; a frame that cannot is kept as its error."""
    nodes: list[dict[str, Any]] = []
    styles: list[dict[str, Any]] = []
    frames: list[dict[str, Any]] = []
    data: dict[str, Any] = {"nodes": nodes, "styles": styles, "frames": frames, "listeners": {}, "listeners_error": None}
    first_of: dict[str, int] = {}
    totals: dict[str, int] = {}
    refs = await page.frames()
    for ref in refs[:MAX_FRAMES]:
        row: dict[str, Any] = {"index": len(frames), "first": None, "owner": None, "url": ref.url[:2000], "error": None}
        try:
            await _frame(page, ref, row, data, first_of, totals)
        except BrowserError as error:
            if ref.parent is None:
                raise
            row["error"] = str(error)
        frames.append(row)
    if len(refs) > MAX_FRAMES:
        frames[0]["truncated"] = f"frames: more than {MAX_FRAMES}"
    await _only_blank(page, nodes)
    await _listeners(page, refs[0].id, data, first_of, totals)
    return data


async def _only_blank(page: BrowserPage, nodes: list[dict[str, Any]]) -> None:
    """Take the mark of a blank canvas from all where one may be drawn by WebGL, which reads as blank."""
    blank = [node for node in nodes if node.get("st", {}).get("blank")]
    if not blank:
        return
    try:
        unread = await page.draws_with_webgl()
    except BrowserError:
        unread = True
    for node in blank if unread else ():
        del node["st"]  # a canvas has no other


async def _frame(
    page: BrowserPage, ref: FrameRef, row: dict[str, Any], data: dict[str, Any], first_of: dict[str, int], totals: dict[str, int]
) -> None:
    owner = await page.owner_index(ref)
    if ref.parent is not None:
        if owner is None or ref.parent not in first_of:
            raise BrowserError("the element that holds this frame was not found")
        row["owner"] = first_of[ref.parent] + owner
    await load_axe(page, ref.id)
    options = {"maxNodes": MAX_NODES - len(data["nodes"]), "maxText": _MAX_TEXT, "maxValue": _MAX_VALUE, "until": _UNTIL_MS}
    options["maxBlank"] = _MAX_BLANK if ref.parent is None else 0
    raw = json.loads(await page.evaluate(f"{_collector()}({json.dumps(options)})", frame=ref.id, timeout=_UNTIL_MS / 1000 + 10))
    base, style_base = len(data["nodes"]), len(data["styles"])
    for node in raw["nodes"]:
        if node["p"] >= 0:
            node["p"] += base
        if "s" in node:
            node["s"] += style_base
        if "sl" in node:
            node["sl"] += base
    for fact in ("active", "modal"):
        if raw["document"][fact] is not None:
            raw["document"][fact] += base
    data["nodes"].extend(raw["nodes"])
    data["styles"].extend(raw["styles"])
    row.update(first=base if raw["nodes"] else None, document=raw["document"], truncated=raw["truncated"])
    first_of[ref.id] = base
    totals[ref.id] = -1 if raw["truncated"] else raw["elements"]


async def _listeners(page: BrowserPage, main: str, data: dict[str, Any], first_of: dict[str, int], totals: dict[str, int]) -> None:
    if Capability.LISTENERS not in page.capabilities:
        data["listeners_error"] = "this driver does not tell event listeners"
        return
    try:
        found = await page.listeners()
    except BrowserError as error:
        data["listeners_error"] = str(error)
        return
    firsts = sorted(first_of.values())
    for frame, table in found.items():
        if (base := first_of.get(frame or main)) is None:
            continue
        end = next((first for first in firsts if first > base), len(data["nodes"]))
        places = {node["o"]: index for index, node in enumerate(data["nodes"][base:end], base) if "o" in node}
        if totals[frame or main] != -1 and len(places) != totals[frame or main]:
            data["listeners_error"] = "the page changed while its listeners were read"
        for ordinal, types in table.items():
            index = base if ordinal == -1 else places.get(ordinal)
            if index is not None:
                data["listeners"][str(index)] = sorted({*data["listeners"].get(str(index), ()), *types})
