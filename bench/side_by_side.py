"""Us and others over the same heavy pages, in one run: ``make bench [ARGS='--rounds 1 --pages 2 --tools static,full,axe-cli']``.

Every round runs each tool once, and right before it the floor (a bare Playwright loop that loads the same pages and runs axe-core): the
pair shares whatever else the machine does, so the ratio of the two is what counts. A first round, which is not timed, warms caches and
watches the memory of each tool's process tree. What is printed is kept in ``bench/results``, with the machine it was measured on.

A tool that cannot run here is listed with the reason, and a page that it gave no answer for is counted as lost.
"""

from __future__ import annotations

import statistics
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import click
import criteria
import msgspec
from heavy_pages import HEAVY, HeavyPortal
from measure import RESULTS, machine
from tools import FLOOR, RIVALS, TOOLS, Absent, Measured, Task, Tool, install_peers

from wcag_audit.serve import serving


@dataclass
class Row:
    """What is known of one tool. ``pairs`` are seconds of the tool and of the floor right before it."""

    name: str
    what: str
    version: str = ""
    pages: int = 0
    pairs: list[tuple[float, float]] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    peak: int = 0
    lost: list[int] = field(default_factory=list)
    criteria: list[str] = field(default_factory=list)
    absent: str = ""
    said: str = ""

    @property
    def ratios(self) -> list[float]:
        return [own / floor for own, floor in self.pairs]

    @property
    def ratio(self) -> float:
        return statistics.median(self.ratios)

    @property
    def seconds(self) -> float:
        """Of one page."""
        return statistics.median(own for own, _ in self.pairs) / self.pages

    def add(self, own: Measured, floor: Measured) -> None:
        self.pairs.append((round(own.seconds, 3), round(floor.seconds, 3)))
        self.cpu.append(round(own.cpu, 2))
        self.note(own)

    def note(self, own: Measured) -> None:
        self.lost.append(own.lost)
        self.peak = max(self.peak, own.peak)
        self.said = self.said or own.said


#: What is wanted of us: who, beside whom, of what, and how much at the most.
WANTED = (
    ("static", "floor", "time", 1.25),
    ("full", "axe-cli", "time", 1.0),
    ("full", "pa11y-ci", "time", 0.5),
    ("full", "lighthouse", "time", 1 / 12),
    ("static", "floor", "memory", 1.3),
    ("full", "floor", "memory", 1.3),
)


def held(rows: dict[str, Row]) -> list[tuple[str, float, float]]:
    """The wanted quotients that the rows allow: what of whom, how much it is, and how much it may be."""
    found = []
    for us, them, what, most in WANTED:
        own, other = rows.get(us), rows.get(them)
        if own is None or other is None:
            continue
        if what == "memory" and own.peak and other.peak:
            found.append((f"{us} / {them}, peak memory", own.peak / other.peak, most))
        elif what == "time" and own.pairs and other.pairs and not (min(own.lost) or min(other.lost)):
            found.append((f"{us} / {them}, time", own.ratio / other.ratio, most))
    return found


def table(rows: Sequence[Row]) -> str:
    """The rows as a table in Markdown."""
    lines = [
        "| tool | seconds a page | over the floor (each round) | peak MB | pages lost | level A criteria it can fail |",
        "|--|--|--|--|--|--|",
    ]
    for row in rows:
        name = f"{row.what} {row.version}".strip()
        if row.absent:
            lines.append(f"| {name} | did not run: {row.absent} | | | | {len(row.criteria) or ''} |")
            continue
        lost = f"{max(row.lost)} of {row.pages}"
        ratios = ", ".join(f"{one:.2f}" for one in row.ratios)
        peak = f"{row.peak / 1e6:.0f}"
        lines.append(f"| {name} | {row.seconds:.2f} | {row.ratio:.2f} ({ratios}) | {peak} | {lost} | {len(row.criteria) or 'none'} |")
    return "\n".join(lines)


def start(tools: Sequence[Tool], pages: int) -> dict[str, Row]:
    """A row for each tool, with its version and what it can fail, or why it cannot run."""
    rows = {tool.name: Row(tool.name, tool.what, pages=pages) for tool in tools}
    rivals = [tool for tool in tools if tool in RIVALS]
    known = {"floor": criteria.floor(), "static": criteria.ours("static"), "full": criteria.ours("full")}
    try:
        if rivals:
            install_peers()
            known |= criteria.peers()
    except (Absent, OSError, subprocess.CalledProcessError) as error:
        for tool in rivals:
            rows[tool.name].absent = str(error)
    for tool in tools:
        row = rows[tool.name]
        row.criteria = known.get(tool.name, [])
        if not row.absent:
            try:
                row.version = tool.version
            except Absent as absent:
                row.absent = str(absent)
    return rows


def measure(tools: Sequence[Tool], rows: dict[str, Row], urls: Sequence[str], rounds: int, folder: Path) -> None:
    """Fill the rows: a round for memory, then the timed ones, in which each tool begins once in a while."""
    for tool in tools:
        row = rows[tool.name]
        if row.absent:
            continue
        try:
            warm = tool.measure(Task(urls, folder / tool.name), memory=True)
        except Absent as absent:
            row.absent = str(absent)
            continue
        row.note(warm)
        click.echo(f"  {tool.name}: peak {warm.peak / 1e6:.0f} MB, lost {warm.lost} {warm.said}".rstrip(), err=True)
        if warm.lost == len(urls):
            row.absent = f"no page was answered: {warm.said}"
    for number in range(rounds):
        going = [tool for tool in tools if not rows[tool.name].absent]
        first = number % len(going)
        for tool in [*going[first:], *going[:first]]:
            floor = FLOOR.measure(Task(urls, folder / "floor"))
            own = floor if tool is FLOOR else tool.measure(Task(urls, folder / tool.name))
            rows[tool.name].add(own, floor)
            click.echo(f"  round {number + 1}, {tool.name}: {own.seconds:.1f} s, {own.seconds / floor.seconds:.2f} × the floor", err=True)


def keep(name: str, what: dict[str, Any]) -> Path:
    """Keep what was measured in a file of today's."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}-{time.strftime('%Y-%m-%d')}.json"
    what = {"measured": time.strftime("%Y-%m-%dT%H:%M:%S%z"), **what}
    path.write_bytes(msgspec.json.format(msgspec.json.encode(what), indent=1) + b"\n")
    return path


@click.command(help=__doc__)
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(1), help="Timed rounds.")
@click.option("--pages", default=20, show_default=True, type=click.IntRange(1), help="Heavy pages of the portal, at the most.")
@click.option("--portal", default="tinh-an-hai", show_default=True, type=click.Choice(list(HEAVY)))
@click.option("--tools", "names", default=",".join(TOOLS), show_default=True, help="Which tools; the floor is always there.")
@click.option("--keep/--no-keep", "kept", default=True, show_default=True, help="Write bench/results.")
def main(rounds: int, pages: int, portal: str, names: str, kept: bool) -> None:
    wanted = dict.fromkeys(["floor", *names.split(",")])
    if unknown := sorted(set(wanted) - set(TOOLS)):
        raise click.BadParameter(f"no such tool: {', '.join(unknown)}; there are {', '.join(TOOLS)}", param_hint="--tools")
    tools = [tool for name, tool in TOOLS.items() if name in wanted]
    site = HeavyPortal(portal, pages)
    around = machine()
    rows = start(tools, len(site.paths))
    with serving(site) as served, tempfile.TemporaryDirectory(prefix="wcag-audit-bench-") as folder:
        measure(tools, rows, [served.url.rstrip("/") + path for path in site.paths], rounds, Path(folder))
    click.echo(f"{len(site.paths)} heavy pages of {portal}, {rounds} rounds, {around}\n")
    click.echo(table(list(rows.values())) + "\n")
    for words, found, most in held(rows):
        click.echo(f"{words}: {found:.2f} (wanted: at most {most:.2f}){'' if found <= most else '  <-- missed'}")
    if kept:
        told = [{**asdict(row), "ratios": [round(one, 3) for one in row.ratios]} for row in rows.values()]
        path = keep("side-by-side", {"environment": around, "portal": portal, "rows": told})
        click.echo(f"\nkept in {path}")


if __name__ == "__main__":
    main()
