"""Audits of the fixture portals, for the tests of several files."""


from __future__ import annotations

import asyncio
from pathlib import Path

from wcag_audit import audit as work
from wcag_audit.cli import main
from wcag_audit.model import Portal, Result
from wcag_audit.rules import catalogue
from wcag_audit.score import load_profile
from wcag_audit.serve import Served
from wcag_audit.store import Run

PORTALS = Path(__file__).parent.parent / "fixtures" / "portals"
DEMO = PORTALS / "tinh-an-hai"


def run_audit(served: Served, folder: Path, driver: str = "playwright", max_pages: int = 30, max_crawl: int = 2000) -> Result:
    settings = work.Settings(profile=load_profile("mic-2024"), driver=driver, max_pages=max_pages, max_crawl=max_crawl, depth="static")
    portal = Portal(id="test", name="test", url=served.url)
    return asyncio.run(work.audit(portal, Run(folder), settings, catalogue()))


def files(folder: Path, name: str) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob(name))}


def main_code(words: list[str], code: int) -> None:
    ended = 0
    try:
        main(words)
    except SystemExit as leave:
        ended = int(leave.code or 0)
    assert ended == code
