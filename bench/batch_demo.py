"""``make batch-demo``: serve a farm of 84 portals, audit it as a batch, and compare the national result with what was planted.

Prints every difference, then wall time, pages a minute, peak memory and bytes on disk. Ends with 1 where anything differs.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

from bench.farm import differences, farm, plan, truth
from wcag_audit.batch import Batch

CHECKOUT = Path(__file__).parent.parent


def command(roster: Path, out: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "wcag_audit", "batch", str(roster), "--out", str(out), "--quiet", *options]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(CHECKOUT)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--portals", type=int, default=84)
    parser.add_argument("--pages", type=int, default=5)
    parser.add_argument("--depth", choices=["static", "full"], default="full")
    parser.add_argument("--out", type=Path, default=Path("runs/batch-demo"))
    parser.add_argument("options", nargs="*", help="after --: further options of wcag-audit batch")
    args = parser.parse_args()
    evidence = ("axe", "snapshot") if args.depth == "static" else ("axe", "snapshot", "recording")
    planted = plan(args.portals, evidence=evidence)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    told = truth(planted)
    with farm(planted, args.out.parent) as roster:
        (args.out.parent / "truth.json").write_text(json.dumps(told, ensure_ascii=False, indent=1), "utf-8")
        begun = time.monotonic()
        options = ("--max-pages", str(args.pages), "--depth", args.depth, *args.options)
        done = subprocess.run(command(roster, args.out, *options), env=environment(), check=False)
        took = time.monotonic() - begun
    if done.returncode not in (0, 4):
        raise SystemExit(done.returncode)
    made = Batch(args.out).national()
    found = differences(told, made, automatic=args.depth == "full")
    for one in found:
        print(f"differs: {one}")
    pages = sum(n for unit in made.units for n in unit.pages.values())
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    size = sum(path.stat().st_size for path in args.out.rglob("*") if path.is_file()) / 1e6
    wrong = [check for check in made.checks if not check.ok]
    agree = "every score, rank, tie, count and state as planted" if not found else f"{len(found)} differences"
    print(f"{len(planted)} portals, {pages} pages, {took:.0f} s, {60 * pages / took:.1f} pages a minute")
    print(f"largest process {peak:.0f} MB, {size:.0f} MB on disk")
    print(f"{len(made.checks) - len(wrong)}/{len(made.checks)} consistency checks hold")
    print(f"{len(told['units'])} units: {agree}")
    raise SystemExit(1 if found or wrong else 0)


if __name__ == "__main__":
    main()
