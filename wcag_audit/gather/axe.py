"""The ``axe`` artifact: axe-core's raw results for the level A rules, over all frames, with each element found again in ``dom``.

Shape (version 1): ``{"axe": version, "violations": [...], "incomplete": [...], "passes": [{"id", "count"}], "inapplicable": [ids]}``;
violations and incomplete are axe's own rule results, each node with ``"dom"``: its index in the ``dom`` artifact, or null.
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from wcag_audit.axe import run_options
from wcag_audit.browser.port import BrowserError, BrowserPage

VERSION = 1
TIMEOUT = 30.0
#: Nodes kept per rule; what lies beyond is counted.
MAX_NODES = 200

_KEY = "axe"
#: axe's selectors compare letter by letter, so that they miss TYPE="IMAGE" and HTTP-EQUIV="Refresh": look for such spellings too. A
#: selector that leaves a value out stays as it is: another spelling would let it in again.
_ANY_CASE = """
;axe.configure({rules: axe._audit.rules.map(({id, selector}) => {
  if (!selector || /:not\\([^)]*=/.test(selector)) return {id};
  const spell = (how) => selector.replace(/((?:role|type|http-equiv)=["']?)([\\w-]+)/g, (_, start, value) => start + how(value));
  const spellings = [(x) => x, (x) => x.toUpperCase(), (x) => x[0].toUpperCase() + x.slice(1)].map(spell);
  return {id, selector: [...new Set(spellings)].join(", ")};
})});
"""
_source_path: Path | None = None


def use_axe(path: Path | None) -> None:
    """Take axe-core from a file (``--axe-path``) instead of from the installed package."""
    global _source_path
    _source_path = path
    axe_source.cache_clear()
    axe_version.cache_clear()


@cache
def axe_source() -> str:
    """axe-core's script, set to find values that HTML compares without regard to case."""
    shipped = resources.files("axe_playwright_python").joinpath("axe.min.js")
    return (_source_path or shipped).read_text("utf-8") + _ANY_CASE


@cache
def axe_version() -> str:
    """The version that axe-core's script names in its first line."""
    found = re.search(r"axe v(\d[\w.-]*)", axe_source()[:300])
    return found[1] if found else "unknown"


async def load_axe(page: BrowserPage, frame: str | None) -> None:
    """Put axe-core into the isolated world of a frame, once."""
    await page.load_script(_KEY, axe_source(), frame=frame, timeout=TIMEOUT)


#: axe's own way of running over frames that share no world: a partial result per frame, finished in the page itself.
_PARTIAL = """(async (context, options) => {
  const partial = await axe.runPartial(context, options);
  const frames = axe.utils.getFrameContexts(context, options).map(({frameSelector, frameContext}) => {
    const owner = axe.utils.shadowSelect(frameSelector);
    return {index: owner ? globalThis.__wcagAudit?.elements.get(owner) ?? null : null, context: frameContext};
  });
  return JSON.stringify({partial, frames});
})"""

_SINGLE = """(async (options) => JSON.stringify(await axe.run(document, options)))"""
_PART = """(async (part, options) => JSON.stringify(await axe.run({include: part}, {...options, iframes: false})))"""
_FINISH = """(async (partials, options) => JSON.stringify(await axe.finishRun(partials, options)))"""

#: Selectors (shadow paths) of one frame → indices that the collector gave.
_LOCATE = """((paths) => paths.map((path) => {
  let root = document, found = null;
  for (const selector of path) {
    if (!root) return null;
    try { found = root.querySelector(selector); } catch { return null; }
    root = found && found.shadowRoot;
  }
  return found ? globalThis.__wcagAudit?.elements.get(found) ?? null : null;
}))"""


async def record(page: BrowserPage, dom: dict[str, Any], *, part: str = "") -> dict[str, Any]:
    """Gather the artifact; ``dom`` is the dom artifact's data, gathered just before. ``part`` is an expression for the elements of the
    page itself to which axe keeps, without frames; the whole page where it is empty.

    Raises BrowserError where axe could not run in the page itself, EvaluationTimeout where it took longer than ``TIMEOUT``.
    """
    options = json.dumps(run_options())
    refs = await page.frames()
    if part:
        await load_axe(page, refs[0].id)
        raw = json.loads(await page.evaluate(f"{_PART}({part}, {options})", timeout=TIMEOUT))
    elif len(refs) == 1:
        await load_axe(page, refs[0].id)
        raw = json.loads(await page.evaluate(f"{_SINGLE}({options})", timeout=TIMEOUT))
    else:
        owners = {row["owner"]: (ref.id, row["first"]) for (row, ref) in zip(dom["frames"], refs, strict=False) if row["error"] is None}
        partials: list[Any] = []
        await _partial(page, refs[0].id, 0, "document", options, owners, partials)
        raw = json.loads(await page.evaluate(f"{_FINISH}({json.dumps(partials)}, {options})", timeout=TIMEOUT))
    result = {
        "axe": raw["testEngine"]["version"],
        "violations": raw["violations"],
        "incomplete": raw["incomplete"],
        "passes": [{"id": rule["id"], "count": len(rule["nodes"])} for rule in raw["passes"]],
        "inapplicable": [rule["id"] for rule in raw["inapplicable"]],
    }
    for rule in (*result["violations"], *result["incomplete"]):
        rule["count"] = len(rule["nodes"])
        del rule["nodes"][MAX_NODES:]
    await _locate(page, result, dom)
    return result


async def _partial(
    page: BrowserPage, frame: str, base: int, context: str, options: str, owners: dict[Any, tuple[str, int]], partials: list[Any]
) -> None:
    """One frame and those below it, in axe's order; a frame that cannot be read counts as null, as axe asks."""
    await load_axe(page, frame)
    answer = json.loads(await page.evaluate(f"{_PARTIAL}({context}, {options})", frame=frame, timeout=TIMEOUT))
    partials.append(answer["partial"])
    for child in answer["frames"]:
        found = owners.get(base + child["index"]) if child["index"] is not None else None
        if found is None:
            partials.append(None)
            continue
        try:
            await _partial(page, found[0], found[1], json.dumps(child["context"]), options, owners, partials)
        except BrowserError:
            partials.append(None)


async def _locate(page: BrowserPage, result: dict[str, Any], dom: dict[str, Any]) -> None:
    """Give every node its place in the dom artifact, frame by frame from the outside in."""
    nodes = [node for rule in (*result["violations"], *result["incomplete"]) for node in rule["nodes"]]
    refs = await page.frames()
    owners = {row["owner"]: (ref.id, row["first"]) for row, ref in zip(dom["frames"], refs, strict=False) if row["first"] is not None}
    waiting = [(node, [part if isinstance(part, list) else [part] for part in node["target"]], owners[None]) for node in nodes]
    for node in nodes:
        node["dom"] = None
    while waiting:
        later = []
        by_frame: dict[str, list[Any]] = {}
        for item in waiting:
            by_frame.setdefault(item[2][0], []).append(item)
        for frame, items in by_frame.items():
            paths = json.dumps([item[1][0] for item in items])
            try:
                found = await page.evaluate(f"{_LOCATE}({paths})", frame=frame)
            except BrowserError:
                continue
            for (node, path, place), index in zip(items, found, strict=True):
                if index is None:
                    continue
                if len(path) == 1:
                    node["dom"] = place[1] + index
                elif (inner := owners.get(place[1] + index)) is not None:
                    later.append((node, path[1:], inner))
        waiting = later
