"""What ``--depth static`` costs over a bare loop of Playwright and axe-core on the same pages (``make cost``).

Ten pages of a fixture portal; pairs of both, one after the other, in one process each, timed as a whole; the median of the quotients.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from wcag_audit.browser.find import find_browser
from wcag_audit.serve import PortalSite, serving

ROOT = Path(__file__).resolve().parent.parent

_BARE = """
import sys
from importlib import resources
from playwright.sync_api import sync_playwright
axe = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
with sync_playwright() as playwright:
    browser = playwright.chromium.launch(executable_path=sys.argv[1], args=["--no-sandbox"])
    for url in sys.argv[2:]:
        page = browser.new_page(locale="vi-VN")
        page.goto(url)
        page.evaluate(axe)
        page.evaluate("axe.run()")
        page.close()
    browser.close()
"""


def timed(words: list[str]) -> tuple[float, float]:
    """Seconds on the clock, and of processor time with all children, of one command."""
    before, started = os.times(), time.perf_counter()
    subprocess.run(words, cwd=ROOT, check=True, capture_output=True)
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - started, cpu


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--portal", default="tinh-an-hai")
    given = parser.parse_args()
    site = PortalSite(ROOT / "fixtures" / "portals" / given.portal, ())
    rows = [row["path"] for row in site.config["page"] if not {"redirect", "status", "type"} & set(row)][:10]
    clock, cpu = [], []
    with serving(site) as served, tempfile.TemporaryDirectory() as folder:
        urls = [served.url.rstrip("/") + path for path in rows]
        ours = [sys.executable, "-m", "wcag_audit", "ci", *urls, "--depth", "static", "--out", folder, "--quiet", "--fail-on", "new"]
        bare = [sys.executable, "-c", _BARE, find_browser().path, *urls]
        for number in range(given.pairs):
            # Each goes first in turn.
            first, second = (ours, bare) if number % 2 else (bare, ours)
            times = {words[2]: timed([*words]) for words in (first, second)}
            a, b = times[ours[2]], times[bare[2]]
            clock.append(a[0] / b[0])
            cpu.append(a[1] / b[1])
            print(f"pair {number + 1}: ours {a[0]:.1f} s ({a[1]:.1f} s CPU), bare {b[0]:.1f} s ({b[1]:.1f} s CPU)", flush=True)
    print(f"static depth over bare Playwright and axe, {len(urls)} pages: {statistics.median(clock):.2f} by the clock, "
          f"{statistics.median(cpu):.2f} by processor time")  # fmt: skip


if __name__ == "__main__":
    main()
