"""The most memory that a crawl needs, as the portal grows: ``python bench/crawl_memory.py [--pages 500 --pages 5000]``.

A generated portal is looked at whole, three of its pages are audited, and the peaks of this program and of the whole process tree
(browser and its driver with it) are printed, in megabytes of memory that is shared with nobody twice.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import click
from resume_proof import GeneratedPortal

from wcag_audit.serve import serving


def tree(pid: int) -> list[int]:
    """A process and all below it."""
    found = [pid]
    for one in found:
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                found += [int(child) for child in task.read_text().split()]
            except OSError:
                continue
    return found


def memory(pid: int) -> int:
    """Bytes of one process, shared pages in shares."""
    try:
        rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(row.split()[1]) * 1024 for row in rows if row.startswith("Pss:"))


def peaks(process: subprocess.Popen[bytes]) -> tuple[int, int]:
    """The most that a process, and all below it, had until it ended."""
    own = whole = 0
    while process.poll() is None:
        sizes = [memory(one) for one in tree(process.pid)]
        own, whole = max(own, sizes[0]), max(whole, sum(sizes))
        threading.Event().wait(0.5)
    return own, whole


@click.command(help=__doc__)
@click.option("--pages", "sizes", type=int, multiple=True, default=(500, 5000), show_default=True)
def main(sizes: tuple[int, ...]) -> None:
    for pages in sizes:
        with serving(GeneratedPortal(pages)) as served, tempfile.TemporaryDirectory() as root:
            out = Path(root) / "run"
            limits = ["--max-pages", "3", "--max-crawl", str(pages), "--exhaustive", "--depth", "static", "--quiet", "--out", str(out)]
            began = time.monotonic()
            process = subprocess.Popen([sys.executable, "-m", "wcag_audit", "audit", served.url, *limits], stdout=subprocess.DEVNULL)
            own, whole = peaks(process)
            looked = json.loads((out / "crawl.json").read_text("utf-8"))["looked"]
            took = time.monotonic() - began
        click.echo(f"{pages} pages: {looked} looked at in {took:.0f} s, peak {own / 1e6:.0f} MB, with the browser {whole / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
