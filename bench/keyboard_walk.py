"""How long the keyboard walk takes for a page of many stops: links, fields, buttons and frames (``python bench/keyboard_walk.py``).

Prints, for each of several walks, the stops that were told, the seconds from the first key to the end of the document, and those of as
many keys sent to the same page without any recording right afterwards: on a busy machine only the quotient says something.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from wcag_audit.audit import Pool, Settings, visit_and_judge
from wcag_audit.gather.probes.focus_walk import FocusWalk
from wcag_audit.model import Page
from wcag_audit.score import load_profile
from wcag_audit.serve import FolderSite, serving

_ROW = (
    '<p><a href="#m{0}">Thủ tục {0}</a> <input aria-label="Mã {0}"> <button type="button">Xem {0}</button> '
    "<select><option>A</option></select></p>"
)


def page_of(stops: int) -> str:
    """A page with so many stops, four to a row."""
    rows = "".join(_ROW.format(number) for number in range(stops // 4))
    return f'<!doctype html><html lang="vi"><meta charset="utf-8"><title>Nhiều điểm dừng</title><main><h1>Thủ tục</h1>{rows}</main>'


def measured(walk: dict[str, Any]) -> tuple[int, float]:
    """Stops of the way forward, and its seconds."""
    forward = [step for step in walk["steps"] if step["action"] == "tab" and not step["args"]["shift"]]
    after = next((step["at"] for step in walk["steps"] if step["action"] != "tab" or step["args"]["shift"]), walk["took"])
    return sum(len(step["changed"]["stops"]) for step in forward), (after - forward[0]["at"]) / 1000


async def bare(pool: Pool, url: str, keys: int) -> float:
    """Seconds for so many keys, sent without waiting, until the page has taken the last."""
    async with pool.use() as browser:
        page = await browser.new_probing_page(isolated=True)
        await page.open(url, 30)
        started = time.perf_counter()
        await page.press(*["Tab"] * keys)
        await page.evaluate("document.activeElement.tagName")
        took = time.perf_counter() - started
        await page.close()
        return took


async def walks(url: str, times: int) -> list[tuple[int, float, float]]:
    settings = Settings(profile=load_profile("mic-2024"), depth="full", probes=(FocusWalk(),), static=("source", "dom"))
    pool = Pool(settings)
    try:
        found = []
        for number in range(times):
            page = Page(id=f"{number}", requested=url)
            visit, _ = await visit_and_judge(pool, page, settings, (), lambda _: True, isolated=True)
            stops, seconds = measured(visit.snapshot.artifacts["focus_walk"].data)
            found.append((stops, seconds, await bare(pool, url, stops)))
        return found
    finally:
        await pool.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stops", type=int, default=500)
    parser.add_argument("--times", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "page.html").write_text(page_of(given.stops), "utf-8")
        with serving(FolderSite(Path(folder))) as site:
            found = asyncio.run(walks(f"{site.url}page.html", given.times))
    for stops, walked, keys in found:
        print(f"{stops} stops in {walked:.2f} s; as many keys alone in {keys:.2f} s; quotient {walked / keys:.2f}")
    quotient = statistics.median(walked / keys for _, walked, keys in found)
    print(f"median {statistics.median(walked for _, walked, _ in found):.2f} s, quotient {quotient:.2f}")


if __name__ == "__main__":
    main()
