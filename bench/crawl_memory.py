"""The most memory that a crawl needs, as the portal grows: ``python bench/crawl_memory.py [--pages 500 --pages 5000]``.

A generated portal is looked at whole, three of its pages are audited, and the peaks of this program and of the whole process tree
(browser and its driver with it) are printed, in megabytes of memory that is shared with nobody twice.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import click
from measure import run
from resume_proof import GeneratedPortal

from wcag_audit.serve import serving


@click.command(help=__doc__)
@click.option("--pages", "sizes", type=int, multiple=True, default=(500, 5000), show_default=True)
def main(sizes: tuple[int, ...]) -> None:
    for pages in sizes:
        with serving(GeneratedPortal(pages)) as served, tempfile.TemporaryDirectory() as root:
            out = Path(root) / "run"
            limits = ["--max-pages", "3", "--max-crawl", str(pages), "--exhaustive", "--depth", "static", "--quiet", "--out", str(out)]
            done = run([sys.executable, "-m", "wcag_audit", "audit", served.url, *limits], memory=True)
            looked = json.loads((out / "crawl.json").read_text("utf-8"))["looked"]
        own, whole = (f"{peak / 1e6:.0f} MB" for peak in done.peaks)
        click.echo(f"{pages} pages: {looked} looked at in {done.seconds:.0f} s, peak {own}, with the browser {whole}")


if __name__ == "__main__":
    main()
