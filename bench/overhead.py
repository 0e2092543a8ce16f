"""What an audit of one page costs beside a bare Playwright script that loads it and runs the same axe rules: whole processes, in pairs.

``python bench/overhead.py [--runs 7] [--depth static]`` on the heaviest page of the demo portal. Quote the median of the ratios: pairs
share whatever else the machine does.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import click
from heavy_pages import HEAVY

from wcag_audit.axe import run_options
from wcag_audit.browser.find import find_browser
from wcag_audit.demo import demo_portal
from wcag_audit.serve import PortalSite, serving


def seconds(command: Sequence[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


@click.command(help=__doc__)
@click.option("--runs", default=7, show_default=True)
@click.option("--depth", type=click.Choice(["static", "full"]), default="static", show_default=True)
def main(runs: int, depth: str) -> None:
    with serving(PortalSite(demo_portal())) as served, tempfile.TemporaryDirectory() as folder:
        options = Path(folder) / "options.json"
        options.write_text(json.dumps(run_options()), "utf-8")
        url = served.url + HEAVY["tinh-an-hai"]
        bare = [sys.executable, str(Path(__file__).with_name("bare_playwright.py")), url, str(options), str(find_browser().path or "")]
        pairs = []
        for number in range(runs + 1):
            out = str(Path(folder) / str(number))
            ours = [sys.executable, "-m", "wcag_audit", "audit", url, "--max-pages", "1", "--depth", depth, "--quiet", "--out", out]
            pair = seconds(ours), seconds(bare)
            if number:  # the first pair warms caches
                pairs.append(pair)
                click.echo(f"audit {pair[0]:.2f} s, bare {pair[1]:.2f} s, ratio {pair[0] / pair[1]:.2f}")
    ratios = [ours / bare for ours, bare in pairs]
    medians = [statistics.median(column) for column in zip(*pairs, strict=True)]
    click.echo(f"medians: audit {medians[0]:.2f} s, bare {medians[1]:.2f} s; ratio of the pairs {statistics.median(ratios):.2f}")


if __name__ == "__main__":
    main()
