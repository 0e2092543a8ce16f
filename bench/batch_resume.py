"""``make batch-resume-proof``: kill a batch with ``kill -9`` at random moments, run the same command again, and compare.

A farm is audited once undisturbed. Then, ``--times`` times over in a fresh folder: at a random moment a worker, the coordinator or both
are killed, and the same command goes on until it ends. The national result, without its times, has to be equal every time.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from bench.batch_demo import command, environment
from bench.farm import farm, plan
from wcag_audit.batch import Batch
from wcag_audit.national import National, timeless


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--portals", type=int, default=6)
    parser.add_argument("--pages", type=int, default=3)
    parser.add_argument("--depth", choices=["static", "full"], default="static")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("runs/batch-resume"))
    parser.add_argument("options", nargs="*", help="after --: further options of wcag-audit batch")
    args = parser.parse_args()
    chance = random.Random(args.seed)
    shutil.rmtree(args.out, ignore_errors=True)
    args.out.mkdir(parents=True)
    options = ("--max-pages", str(args.pages), "--depth", args.depth, "--workers", "2", *args.options)
    good = 0
    with farm(plan(args.portals, seed=args.seed), args.out) as roster:
        begun = time.monotonic()
        expected = undisturbed(command(roster, args.out / "undisturbed", *options, "--name", "proof"), args.out / "undisturbed")
        took = time.monotonic() - begun
        for number in range(1, args.times + 1):
            folder = args.out / f"killed-{number}"
            target = ("worker", "coordinator", "both")[number % 3]
            after = chance.uniform(1, max(2.0, took))
            found = disturbed(command(roster, folder, *options, "--name", "proof"), folder, target, after)
            equal = timeless(found) == timeless(expected)
            good += equal
            print(f"{number}: {target} killed after {after:.1f} s: {'equal' if equal else 'DIFFERENT'}", flush=True)
            for line in [] if equal else differences(expected, found):
                print(f"   {line}")
            shutil.rmtree(folder)
    print(f"{good}/{args.times}")
    raise SystemExit(0 if good == args.times else 1)


def undisturbed(run: list[str], folder: Path) -> National:
    """The result of a command that runs to its end."""
    done = subprocess.run(run, env=environment(), capture_output=True, text=True, check=False)
    if done.returncode not in (0, 4):
        sys.exit(done.stderr)
    return Batch(folder).national()


def disturbed(run: list[str], folder: Path, target: str, after: float) -> National:
    """The same with a kill in between; where the coordinator died, the same command again."""
    with subprocess.Popen(run, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as batch:
        time.sleep(after)
        workers = children(batch.pid)
        if target != "coordinator" and workers:
            kill(workers[0])
        if target != "worker":
            batch.kill()
        batch.wait()
    return undisturbed(run, folder)


def kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:  # it ended by itself just then
        pass


def children(pid: int) -> list[int]:
    """The worker processes of a coordinator: its children that Python spawned for jobs."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
            line = (path.parent / "cmdline").read_bytes()
        except OSError:  # it ended while we looked
            continue
        if int(fields[1]) == pid and b"spawn_main" in line:
            found.append(int(path.parent.name))
    return sorted(found)


def differences(expected: National, found: National) -> list[str]:
    """Which units differ, and in what."""
    told = []
    for one, other in zip(timeless(expected).units, timeless(found).units, strict=True):
        for name in type(one).__struct_fields__:
            old, new = getattr(one, name), getattr(other, name)
            told += [f"{one.id}.{name}: {old} | {new}"[:400]] if old != new else []
    return told or ["outside the units"]


if __name__ == "__main__":
    main()
