"""``make batch-cost``: what a batch costs, and whether the cost grows with the number of portals only.

Farms of several sizes (the same mixture of portals: every n-th of the 84) are audited with 20 pages each at full depth, each as a fresh
batch. Prints wall time, pages a minute, peak memory of all processes (proportional set size, every three seconds) and bytes on disk
for each size, then what it means for 10,000 commune sites. With ``--write`` the table of docs/batch.md is replaced by these figures. Ends
with 1 where the largest batch takes 60 minutes or 2 GB, or the seconds for a page grow by more than a quarter from the smallest.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bench.batch_demo import command, measured
from bench.farm import Planted, farm, plan
from wcag_audit.batch import Batch

DOCS = Path(__file__).parent.parent / "docs" / "batch.md"
BEGIN, END = "<!-- figures: make batch-cost ARGS=--write -->", "<!-- end of figures -->"
#: The goal for the largest batch: seconds, and bytes of memory.
SECONDS, BYTES = 3600.0, 2e9
#: How much the seconds for a page may grow with the number of portals.
GROWTH = 1.25
#: The example: sites, and pages of each.
SITES, PAGES = 10_000, 10


@dataclass(frozen=True)
class Cost:
    """What one batch cost. ``seconds`` of wall time, ``peak`` memory and ``disk`` in bytes; ``pages`` were audited."""

    portals: int
    pages: int
    seconds: float
    peak: int
    disk: int

    @property
    def a_minute(self) -> float:
        return 60 * self.pages / self.seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 28, 84])
    parser.add_argument("--pages", type=int, default=20)
    parser.add_argument("--depth", choices=["static", "full"], default="full")
    parser.add_argument("--out", type=Path, default=Path("runs/batch-cost"))
    parser.add_argument("--write", action="store_true", help="put the figures into docs/batch.md")
    args = parser.parse_args()
    costs = []
    print("portals   pages  minutes  pages/min  s/page  peak MB  MB on disk  kB/page")
    for size in args.sizes:
        costs.append(cost(mixture(size), args.out / str(size), args.pages, args.depth))
        print(_row(costs[-1]), flush=True)
    small, large = costs[0], costs[-1]
    growth = small.a_minute / large.a_minute
    print(f"seconds for a page, {small.portals} → {large.portals} portals: × {growth:.2f}")
    print("\n".join(example(large)))
    if args.write:
        write(costs, args.pages, args.depth)
    raise SystemExit(1 if large.seconds > SECONDS or large.peak > BYTES or growth > GROWTH else 0)


def mixture(size: int) -> list[Planted]:
    """So many portals of the farm, spread over it evenly: every size has its share of vendors, and of portals that are dead or slow."""
    everything = sorted(plan(), key=lambda one: (one.behaviour, one.platform))
    return [everything[place * len(everything) // size] for place in range(min(size, len(everything)))]


def cost(planted: Sequence[Planted], folder: Path, pages: int, depth: str) -> Cost:
    """A fresh batch over a farm, measured."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with farm(planted, folder) as roster:
        seconds, peak = measured(command(roster, folder / "batch", "--max-pages", str(pages), "--depth", depth), folder / "batch.log")
    made = Batch(folder / "batch").national()
    disk = sum(path.stat().st_size for path in (folder / "batch").rglob("*") if path.is_file())
    return Cost(len(planted), sum(unit.pages.get("audited", 0) for unit in made.units), seconds, peak, disk)


def _row(one: Cost) -> str:
    return (
        f"{one.portals:7} {one.pages:7} {one.seconds / 60:8.1f} {one.a_minute:10.1f} {one.seconds / one.pages:7.2f} {one.peak / 1e6:8.0f} "
        f"{one.disk / 1e6:11.0f} {one.disk / 1e3 / one.pages:8.0f}"
    )


def example(one: Cost) -> Iterator[str]:
    """What the figures mean for a whole country of small sites, on machines like this one."""
    hours = SITES * PAGES / one.a_minute / 60
    yield f"{SITES:,} sites of {PAGES} pages at {one.a_minute:.1f} pages a minute: {SITES * PAGES:,} pages, {hours:,.0f} machine hours,"
    yield f"{SITES * PAGES * one.disk / one.pages / 1e9:,.0f} GB on disk; twenty such machines need {hours / 20:.1f} hours"


def write(costs: Sequence[Cost], pages: int, depth: str) -> None:
    """Replace the figures of docs/batch.md, with how they were measured."""
    head, _, rest = DOCS.read_text("utf-8").partition(BEGIN)
    _, _, tail = rest.partition(END)
    lines = [
        f"Measured on {date.today().isoformat()} with `make batch-cost` on {os.cpu_count()} cores ({platform.machine()}, Python "
        f"{platform.python_version()}): the farm of the fixture portals on the machine itself, {pages} pages each, depth {depth}, "
        f"{os.cpu_count()} workers. Wall time from the command's start to the national report; memory is the most that all processes "
        "had together (proportional set size, every three seconds), the farm's own server not counted.",
        "",
        "| portals | pages audited | minutes | pages a minute | peak memory | on disk | a page |",
        "|--:|--:|--:|--:|--:|--:|--:|",
        *(
            f"| {one.portals} | {one.pages} | {one.seconds / 60:.1f} | {one.a_minute:.1f} | {one.peak / 1e6:.0f} MB | "
            f"{one.disk / 1e6:.0f} MB | {one.disk / 1e3 / one.pages:.0f} kB |"
            for one in costs
        ),
        "",
        " ".join(example(costs[-1])) + ".",
    ]
    DOCS.write_text("\n".join([head + BEGIN, *lines, END]) + tail, "utf-8")
    sys.stdout.write(f"{DOCS}\n")


if __name__ == "__main__":
    main()
