"""Kill an audit with ``kill -9`` at random moments, go on with the same command, and compare with an undisturbed audit.

``python bench/resume_proof.py [--kills 30] [--pages 60] [--seed 1]`` audits a generated portal; it prints ``30/30`` where every resumed
audit came to the same result. The rest of the arguments of ``audit`` stay the same, so it is the same command each time.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import click

from wcag_audit.serve import Request, Response, Served, serving

#: What differs between two audits of the same portal: when, and how long.
TIMES = ("started", "finished", "timings", "statements")


class GeneratedPortal:
    """A portal of any size, cheap to serve: every page leads to ten others, in four templates, with a planted failure on each third."""

    def __init__(self, pages: int) -> None:
        self.pages = pages

    def respond(self, request: Request) -> Response:
        name = request.path.strip("/").removeprefix("trang-") or "0"
        if not name.isdigit() or int(name) >= self.pages:
            return Response(404, b"")
        number = int(name)
        ways = (number * 10 + step for step in range(1, 11))
        links = "".join(f'<li><a href="/trang-{way}">Trang số {way}</a></li>' for way in ways if way < self.pages)
        image = '<img src="/x.png" width="30" height="30">' if number % 3 == 0 else ""
        main = (
            f"<p>Nội dung của trang số {number}.</p>",
            f"<table><tr><th>Mã</th><th>Tên</th></tr><tr><td>{number}</td><td>Thủ tục</td></tr></table>",
            f"<dl><dt>Số</dt><dd>{number}</dd></dl><blockquote>Trích dẫn.</blockquote>",
            f'<form action="/trang-{number}"><label>Từ khóa <input name="q"></label><button>Gửi</button></form>',
        )[number % 4]
        body = f"<main><h1>Trang {number}</h1>{main}{image}<ul>{links}</ul></main>"
        page = f'<!doctype html><html lang="vi"><meta charset="utf-8"><title>Trang {number} - Cổng thử</title><body>{body}</body></html>'
        return Response(200, page.encode())


def command(served: Served, folder: Path, pages: int, depth: str) -> list[str]:
    options = ["--max-pages", str(pages), "--depth", depth, "--quiet", "--out", str(folder)]
    return [sys.executable, "-m", "wcag_audit", "audit", served.url, *options]


def outcome(folder: Path) -> dict[str, Any]:
    """A result without its times, and every page's outcomes."""
    data = json.loads((folder / "result.json").read_text("utf-8"))
    waited = data["sampling"]["crawled"]
    waited["refused"] = waited["waited"] = 0
    pages = {path.parent.name: json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("pages/*/outcomes.json"))}
    return {**{name: value for name, value in data.items() if name not in TIMES}, "outcomes": pages}


def killed_and_resumed(words: list[str], after: list[float]) -> int:
    """Run a command, kill it with all its processes after each of so many seconds, and let it end at last; how often it was killed."""
    kills = 0
    for seconds in after:
        process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        try:
            process.wait(seconds)
            return kills
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            kills += 1
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    return kills


@click.command(help=__doc__)
@click.option("--kills", default=30, show_default=True)
@click.option("--pages", default=60, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--depth", type=click.Choice(["static", "full"]), default="static", show_default=True)
def main(kills: int, pages: int, seed: int, depth: str) -> None:
    chance = random.Random(seed)
    with serving(GeneratedPortal(pages)) as served, tempfile.TemporaryDirectory() as root:
        whole = Path(root) / "whole"
        began = time.monotonic()
        subprocess.run(command(served, whole, pages, depth), check=True, stdout=subprocess.DEVNULL)
        took, expected = time.monotonic() - began, outcome(whole)
        click.echo(f"undisturbed: {len(expected['pages'])} pages in {took:.0f} s")
        equal = 0
        for number in range(kills):
            folder, moment = Path(root) / str(number), chance.uniform(0.3, took)
            killed = killed_and_resumed(command(served, folder, pages, depth), [moment])
            same = outcome(folder) == expected
            equal += same
            click.echo(f"killed {killed} time after {moment:.1f} s: {'equal' if same else 'DIFFERENT'}")
        click.echo(f"{equal}/{kills}")
    if equal < kills:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
