"""Did we become slower? ``make bench-quick``: our ratios to the floor over a few heavy pages, beside the last ones recorded.

Seconds differ between machines, ratios hardly: each is of a pair that ran one after the other. Pairs are run for ``--seconds`` and at least
twice. A ratio counts as grown only where it grew by more than the spread of both measurements explains, and by a twentieth.

Ends with 0 where nothing grew beyond noise, 1 where something did, 2 where nothing was recorded before (``--record`` records).
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import click
import msgspec
from heavy_pages import HeavyPortal
from measure import RESULTS, change, machine
from side_by_side import keep
from tools import FLOOR, FULL, STATIC, Task, Tool

from wcag_audit.serve import serving

#: The pages; the same in every measurement, as ratios depend on how often a start is paid.
PORTAL, PAGES = "tinh-an-hai", 4
_NAME = "quick"
#: Full depth takes much longer: it is measured once while static depth is measured so many times.
_STATIC_PER_FULL = 2
_LEAST_ROUNDS = 2


def measure(seconds: float) -> dict[str, list[float]]:
    """The ratios of the pairs, by tool. SystemExit where a page is lost: then there is nothing to compare."""
    ratios: dict[str, list[float]] = {STATIC.name: [], FULL.name: []}
    site = HeavyPortal(PORTAL, PAGES)
    with serving(site) as served, tempfile.TemporaryDirectory(prefix="wcag-audit-bench-") as folder:
        urls = [served.url.rstrip("/") + path for path in site.paths]

        def pair(tool: Tool) -> float:
            floor, own = (one.measure(Task(urls, Path(folder) / one.name)) for one in (FLOOR, tool))
            if floor.lost or own.lost:
                sys.exit(f"{tool.name}: {own.lost} of {PAGES} pages lost, the floor lost {floor.lost}: {own.said}{floor.said}")
            return own.seconds / floor.seconds

        pair(STATIC)
        began = time.monotonic()
        rounds = 0
        longest = 0.0
        while rounds < _LEAST_ROUNDS or time.monotonic() - began + longest < seconds:
            started = time.monotonic()
            for tool in (*[STATIC] * _STATIC_PER_FULL, FULL):
                ratios[tool.name].append(round(pair(tool), 3))
                click.echo(f"  {tool.name}: {ratios[tool.name][-1]:.2f} × the floor", err=True)
            rounds += 1
            longest = max(longest, time.monotonic() - started)
    return ratios


def last(folder: Path) -> dict[str, Any] | None:
    """What was recorded last over the same pages, or None."""
    files = [msgspec.json.decode(path.read_bytes()) for path in sorted(folder.glob(f"{_NAME}-*.json"))]
    return next((one for one in reversed(files) if (one["portal"], one["pages"]) == (PORTAL, PAGES)), None)


def compare(before: dict[str, list[float]], now: dict[str, list[float]]) -> tuple[list[str], bool]:
    """A line for each tool that both measured, and whether any became slower beyond noise."""
    lines, slower = [], False
    for name in before.keys() & now.keys():
        found = change(before[name], now[name])
        verdict = "SLOWER" if found.slower else "faster" if found.faster else "no change beyond noise"
        slower = slower or found.slower
        lines.append(f"{name}: {found.before:.2f} → {found.now:.2f} × the floor, {found.by:+.0%} (noise {found.noise:.0%}): {verdict}")
    return sorted(lines), slower


@click.command(help=__doc__)
@click.option("--seconds", default=120.0, show_default=True, help="How long pairs are run.")
@click.option("--record", is_flag=True, help="Keep what was measured in bench/results, to compare with from now on.")
def main(seconds: float, record: bool) -> None:
    around = machine()
    now, before = measure(seconds), last(RESULTS)
    lines, slower = compare(before["ratios"], now) if before is not None else ([], False)
    for line in lines:
        click.echo(line)
    if record:
        kept = keep(_NAME, {"environment": around, "portal": PORTAL, "pages": PAGES, "ratios": now})
        click.echo(f"kept in {kept}")
    elif before is None:
        click.echo(f"nothing was recorded yet: {now}; --record keeps it")
        sys.exit(2)
    sys.exit(int(slower))


if __name__ == "__main__":
    main()
