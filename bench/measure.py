"""What all benches measure with: a command's cost, the memory of a process tree, pairs and their ratios, and the machine described.

Ratios of pairs and not seconds are what may be compared between machines and days: both of a pair share whatever else the machine does.
"""

from __future__ import annotations

import contextlib
import os
import platform
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from wcag_audit import __version__
from wcag_audit.browser.find import find_browser

ROOT = Path(__file__).resolve().parent.parent
#: Where the benches keep what they measured.
RESULTS = ROOT / "bench" / "results"
#: Seconds between two looks at the memory of a process tree.
_LOOK = 0.2
#: Changes smaller than this share are never called a change.
_LEAST = 0.05
#: How many times the spread of the runs a change has to be.
_BEYOND = 1.5


class Peaks(NamedTuple):
    """The most memory in bytes: of a process, and of all below it together with it."""

    own: int
    whole: int


#: Where memory was not watched.
NOTHING = Peaks(0, 0)


@dataclass(frozen=True)
class Done:
    """A command that ended. ``seconds`` by the clock, ``cpu`` of processor time with all children; ``code`` is None where time was up."""

    code: int | None
    seconds: float
    cpu: float
    out: str
    err: str
    peaks: Peaks = NOTHING


class Change(NamedTuple):
    """How a ratio moved: ``by`` is the share (0.1: a tenth more), ``noise`` what the runs differ by among themselves."""

    before: float
    now: float
    by: float
    noise: float

    @property
    def slower(self) -> bool:
        return self.by > self.noise

    @property
    def faster(self) -> bool:
        return -self.by > self.noise


def tree(pid: int) -> list[int]:
    """A process and all below it."""
    found = [pid]
    for one in found:
        with contextlib.suppress(OSError):  # it ends meanwhile
            for task in Path(f"/proc/{one}/task").glob("*/children"):
                found += [int(child) for child in task.read_text().split()]
    return found


def memory(pid: int) -> int:
    """Bytes of one process, shared pages in shares."""
    try:
        rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(row.split()[1]) * 1024 for row in rows if row.startswith("Pss:"))


def peaks(process: subprocess.Popen[Any], most: float | None = None) -> Peaks:
    """The most that a process, and all below it, had until it ended. Raises subprocess.TimeoutExpired after ``most`` seconds."""
    own = whole = 0
    until = None if most is None else time.monotonic() + most
    while process.poll() is None:
        sizes = [memory(one) for one in tree(process.pid)]
        own, whole = max(own, sizes[0]), max(whole, sum(sizes))
        if until is not None and time.monotonic() > until:
            raise subprocess.TimeoutExpired(process.args, most or 0)
        threading.Event().wait(_LOOK)
    return Peaks(own, whole)


def run(
    command: Sequence[str], *, env: Mapping[str, str] | None = None, cwd: Path | None = None, most: float = 3600.0, memory: bool = False
) -> Done:
    """Run a command to its end, or for ``most`` seconds. With ``memory`` its peaks are watched, which costs it some time."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        before, started = os.times(), time.perf_counter()
        process = subprocess.Popen(command, cwd=cwd or ROOT, env={**_around(), **(env or {})}, stdout=out, stderr=err)
        found, code = NOTHING, None
        try:
            if memory:
                found = peaks(process, most)
            code = process.wait(None if memory else most)
        except subprocess.TimeoutExpired:
            end(process)
        seconds, after = time.perf_counter() - started, os.times()
        cpu = after.children_user + after.children_system - before.children_user - before.children_system
        said = []
        for file in (out, err):
            file.seek(0)
            said.append(file.read().decode("utf-8", "replace"))
    return Done(code, seconds, cpu, said[0], said[1], found)


def _around() -> dict[str, str]:
    """The environment of a user, whose Python keeps its bytecode: compiling all modules anew would be most of a short run."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def end(process: subprocess.Popen[Any]) -> None:
    """End a process and all below it."""
    for pid in tree(process.pid):
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)
    process.wait()


def spread(values: Sequence[float]) -> float:
    """How far the values lie from their median: half of the range between the quartiles, as a share of it; 0 of a single value."""
    if len(values) < 2:
        return 0.0
    low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return (high - low) / 2 / statistics.median(values)


def change(before: Sequence[float], now: Sequence[float]) -> Change:
    """How the median of ratios moved between two measurements, and how much of that their own spread explains."""
    was, is_now = statistics.median(before), statistics.median(now)
    noise = max(_LEAST, _BEYOND * (spread(before) ** 2 + spread(now) ** 2) ** 0.5)
    return Change(was, is_now, is_now / was - 1, noise)


def slope(sizes: Sequence[float], costs: Sequence[float]) -> float:
    """The power of the size with which a cost grows between the two largest sizes: 1 is linear, 2 is quadratic.

    Start-up, which small sizes are made of, hides growth; so only the end of the curve counts.
    """
    from math import log

    return log(costs[-1] / costs[-2]) / log(sizes[-1] / sizes[-2])


def machine() -> dict[str, Any]:
    """What figures depend on. ``load`` tells whether the machine was busy with other things when the bench began."""
    told = Path("/etc/os-release")
    name = re.search(r'^PRETTY_NAME="?([^"\n]*)', told.read_text("utf-8"), re.M) if told.is_file() else None
    return {
        "wcag-audit": __version__,
        "commit": _first_line("git", "rev-parse", "--short", "HEAD"),
        "system": name[1] if name else platform.system(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "node": _first_line("node", "--version"),
        "browser": _first_line(browser_path(), "--version"),
    }


def browser_path() -> str:
    """The browser binary that everything is measured with. SystemExit where there is none that has a path."""
    path = find_browser().path
    if path is None:
        sys.exit("the bench needs a browser with a path of its own: python -m wcag_audit doctor")
    return str(path)


def _first_line(*command: str) -> str:
    try:
        said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=30).stdout
    except OSError:
        return ""
    return next(iter(said.splitlines()), "")
