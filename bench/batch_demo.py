"""``make batch-demo``: serve a farm of 84 portals, audit it as a batch, and compare the national result with what was planted.

Prints every difference, then wall time, pages a minute, peak memory and bytes on disk, and what our own audit says of the national
report. Ends with 1 where anything differs or fails.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path

from bench.farm import differences, farm, plan, truth
from wcag_audit.batch import Batch

CHECKOUT = Path(__file__).parent.parent


def command(roster: Path, out: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "wcag_audit", "batch", str(roster), "--out", str(out), "--quiet", *options]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (str(CHECKOUT), os.environ.get("PYTHONPATH"))))}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--portals", type=int, default=84)
    parser.add_argument("--pages", type=int, default=5)
    parser.add_argument("--depth", choices=["static", "full"], default="full")
    parser.add_argument("--out", type=Path, help="runs/batch-demo otherwise, runs/batch-demo-only with --only")
    parser.add_argument("--only", metavar="ID", action="append", default=[], help="only these portals of the farm")
    parser.add_argument("options", nargs="*", help="after --: further options of wcag-audit batch")
    args = parser.parse_args()
    args.out = args.out or Path("runs/batch-demo-only" if args.only else "runs/batch-demo")
    evidence = ("axe", "snapshot") if args.depth == "static" else ("axe", "snapshot", "recording")
    planted = [one for one in plan(args.portals, evidence=evidence) if not args.only or one.unit.id in args.only]
    args.out.parent.mkdir(parents=True, exist_ok=True)
    told = truth(planted)
    (args.out.parent / "truth.json").write_text(json.dumps(told, ensure_ascii=False, indent=1), "utf-8")
    options = ("--max-pages", str(args.pages), "--depth", args.depth, *args.options)
    with farm(planted, args.out.parent) as roster:
        took, peak = measured(command(roster, args.out, *options))
    made = Batch(args.out).national()
    found = differences(told, made, automatic=args.depth == "full")
    for one in found:
        print(f"differs: {one}")
    pages = sum(n for unit in made.units for n in unit.pages.values())
    size = sum(path.stat().st_size for path in args.out.rglob("*") if path.is_file()) / 1e6
    wrong = [check for check in made.checks if not check.ok]
    agree = "every score, rank, tie, count and state as planted" if not found else f"{len(found)} differences"
    print(f"{len(planted)} portals, {pages} pages, {took:.0f} s, {60 * pages / took:.1f} pages a minute")
    print(f"peak memory of all processes {peak / 1e6:.0f} MB, {size:.0f} MB on disk")
    print(f"{len(made.checks) - len(wrong)}/{len(made.checks)} consistency checks hold")
    print(f"{len(told['units'])} units: {agree}")
    failures = own_audit(args.out / "national.html", args.depth)
    print(f"our own audit of national.html: {f'{len(failures)} failures: {failures}' if failures else 'no failure'}")
    raise SystemExit(1 if found or wrong or failures else 0)


def measured(run: list[str], log: Path | None = None) -> tuple[float, int]:
    """The seconds that a batch takes, and the most memory of all its processes together. Ends with its code where it breaks."""
    begun = time.monotonic()
    with ExitStack() as around:
        told = around.enter_context(log.open("w")) if log is not None else None
        batch = around.enter_context(subprocess.Popen(run, env=environment(), stdout=told, stderr=told))
        memory = around.enter_context(Memory(batch.pid))
        batch.wait()
    if batch.returncode not in (0, 4):
        raise SystemExit(batch.returncode)
    return time.monotonic() - begun, memory.peak


class Memory:
    """The memory of a process and all that it started: what each has for itself and its share of what is shared. Asked every three
    seconds: to count the pages of thirty processes takes a tenth of a second of a core."""

    def __init__(self, pid: int) -> None:
        self.peak = 0
        self._pid = pid
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(3):
            self.peak = max(self.peak, sum(map(_memory, descendants(self._pid))))


def _memory(pid: int) -> int:
    """Bytes of one process (its proportional set size); 0 where it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def descendants(pid: int) -> list[int]:
    """A process and all that it started, as far as they run."""
    found = [pid]
    for one in found:
        try:
            tasks = list(Path(f"/proc/{one}/task").iterdir())
            found += [int(child) for task in tasks for child in (task / "children").read_text().split()]
        except OSError:  # it ended while we looked
            continue
    return found


def own_audit(page: Path, depth: str) -> list[str]:
    """The criteria that our own audit finds failed in a page."""
    run = [sys.executable, "-m", "wcag_audit", "check", str(page), "--depth", depth]
    done = subprocess.run(run, env=environment(), capture_output=True, text=True, check=True)
    return [id for id, verdict in json.loads(done.stdout)["criteria"].items() if verdict == "failed"]


if __name__ == "__main__":
    main()
