"""``make batch-resume-proof``: kill a batch with ``kill -9`` at random moments, run the same command again, and compare.

A farm is audited once undisturbed. Then, ``--times`` times over in a fresh folder: at a random moment a worker, the coordinator or both
are killed, and the same command goes on until it ends. The national result, without its times, has to be equal every time.
With ``--cluster`` two workers on Celery and Redis (Debian's redis-server) do the portals.
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
from contextlib import ExitStack
from pathlib import Path

from bench.batch_demo import command, descendants, environment
from bench.cluster import redis_server, worker
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
    parser.add_argument("--cluster", action="store_true")
    parser.add_argument("options", nargs="*", help="after --: further options of wcag-audit batch")
    args = parser.parse_args()
    chance = random.Random(args.seed)
    shutil.rmtree(args.out, ignore_errors=True)
    args.out.mkdir(parents=True)
    options = ["--max-pages", str(args.pages), "--depth", args.depth, "--workers", "2", *args.options]
    good = 0
    with ExitStack() as around:
        roster = around.enter_context(farm(plan(args.portals, seed=args.seed), args.out))
        workers: list[int] = []
        if args.cluster:
            url = around.enter_context(redis_server(args.out))
            workers = [around.enter_context(worker(url)).pid for _ in range(2)]
            options += ["--cluster", url]
        begun = time.monotonic()
        expected = undisturbed(command(roster, args.out / "undisturbed", *options, "--name", "proof"), args.out / "undisturbed")
        took = time.monotonic() - begun
        for number in range(1, args.times + 1):
            folder = args.out / f"killed-{number}"
            target = ("worker", "coordinator", "both")[number % 3]
            after = chance.uniform(1, max(2.0, took))
            found = disturbed(command(roster, folder, *options, "--name", "proof"), folder, target, after, workers)
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


def disturbed(run: list[str], folder: Path, target: str, after: float, cluster: list[int]) -> National:
    """The same with a kill in between, and then the same command again. Killed is a process that does jobs: a child of the coordinator,
    or of one of the cluster's workers."""
    with subprocess.Popen(run, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as batch:
        time.sleep(after)
        at_work = [child for pid in cluster or [batch.pid] for child in children(pid) if len(descendants(child)) > 1]
        if target != "coordinator" and at_work:
            kill(at_work[0])
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
    """The processes that a process started itself."""
    tasks = Path(f"/proc/{pid}/task")
    try:
        return sorted(int(child) for task in tasks.iterdir() for child in (task / "children").read_text().split())
    except OSError:  # it ended while we looked
        return []


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
