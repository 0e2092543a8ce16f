"""How long every report format takes, how much memory, and how soon the HTML report opens, for a large synthetic result.

    PYTHONPATH=. python bench/reports.py [--pages 1000] [--shared 15] [--own 5] [--out FOLDER]

Each page has ``--shared`` defects that stand on all pages and ``--own`` that stand nowhere else. Memory is the peak of this process; the
browser that prints PDF is not in it. Ends with 1 where the formats together take more than 60 s of this machine's time or 500 MB.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests import results
from wcag_audit.browser.find import LAUNCH_ARGS, find_browser
from wcag_audit.browser.printing import Printer
from wcag_audit.reports import formats
from wcag_audit.reports.pictures import Album

MOST_SECONDS, MOST_MEGABYTES, MOST_TO_OPEN = 60, 500, 2


def opens_in(file: Path) -> tuple[float, float]:
    """Seconds from asking for the file until its first screen is drawn, and those in which the page was at work; best of three."""
    with sync_playwright() as runtime:
        browser = runtime.chromium.launch(executable_path=find_browser().path, args=list(LAUNCH_ARGS))
        found = []
        for _ in range(3):
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            session = page.context.new_cdp_session(page)
            session.send("Performance.enable", {"timeDomain": "threadTicks"})
            started = time.perf_counter()
            page.goto(file.as_uri(), wait_until="load")
            page.evaluate("new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))")
            took = time.perf_counter() - started
            metrics = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
            found.append((took, metrics["TaskDuration"]))
            page.close()
        browser.close()
    return min(found)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--shared", type=int, default=15)
    parser.add_argument("--own", type=int, default=5)
    parser.add_argument("--out", type=Path, default=None)
    given = parser.parse_args()
    folder = given.out or Path(tempfile.mkdtemp(prefix="wcag-audit-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    result = results.scaled(given.pages, given.shared, given.own)
    picture = folder / "screenshot.jpg"
    Image.new("RGB", (1280, 3000), "#dde6ee").save(picture)
    album = Album(lambda page: picture)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"pages": given.pages, "defects": len(result.defects), "MB before": before // 1024}))
    total = 0.0
    with Printer() as printer:
        for name in formats.NAMES:
            started, worked = time.perf_counter(), time.process_time()
            sizes = {}
            for file, content in formats.write(result, (name,), ("vi",), formats.Materials(album, printer.print_pdf)):
                (folder / file).write_bytes(content)
                sizes[file] = len(content)
            took = time.perf_counter() - started
            total += took
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            print(
                json.dumps({"format": name, "s": round(took, 1), "cpu s": round(time.process_time() - worked, 1), "peak MB": peak, **sizes})
            )
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    opened, at_work = opens_in(folder / "report.html")
    print(json.dumps({"all formats s": round(total, 1), "printing browser cpu s": round(children.ru_utime + children.ru_stime, 1)}))
    print(json.dumps({"peak MB": peak, "HTML opens in s": round(opened, 2), "of it cpu s": round(at_work, 2), "folder": str(folder)}))
    return int(total > MOST_SECONDS or peak > MOST_MEGABYTES or opened > MOST_TO_OPEN)


if __name__ == "__main__":
    sys.exit(main())
