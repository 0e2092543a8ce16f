"""Do audits agree with each other, and do clean portals stay clean? The clean twins of the fixture portals, audited again and again.

``python bench/agreement.py [--runs 10] [--portal NAME] [--max-pages 40]`` audits each twin at full depth and tells of each: failed
outcomes, criteria left untested on a page, pages with more than one open question, and pages whose outcomes differ from the first run.
Every request that the servers saw is checked as well: nothing but GET and HEAD, and no socket.

The last line counts the runs in which nothing failed, nothing was untested, no page had more than one question, and every outcome was
that of the first run. Exit code 1 where not all are.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from wcag_audit.audit import Settings, audit
from wcag_audit.gather.visit import Limits
from wcag_audit.model import PageState, Portal, Result, Verdict
from wcag_audit.rules import catalogue
from wcag_audit.score import load_profile
from wcag_audit.serve import PortalSite, Request, serving
from wcag_audit.store import Run

PORTALS = Path(__file__).parent.parent / "fixtures" / "portals"
#: Open questions that a clean page may have.
QUESTIONS = 1

#: Outcomes of a page as they are compared, by the page's address on its portal.
Outcomes = dict[str, list[str]]


def run(name: str, folder: Path, pages: int, *, clean: bool = True) -> tuple[Result, list[Request], str]:
    """One audit of a fixture portal at full depth into a run folder: its result, every request the server saw, and its address."""
    with serving(PortalSite(PORTALS / name, () if clean else None)) as served:
        # The machine may be busy: a recording gets more time, and comes to the same.
        settings = Settings(profile=load_profile("mic-2024"), max_pages=pages, limits=Limits(page=240, probes=900, patience=4))
        portal = Portal(id=name, name=name, url=served.url)
        result = asyncio.run(audit(portal, Run(folder), settings, catalogue()))
        return result, list(served.log), served.url


def told(outcome: dict[str, Any]) -> str:
    """What two runs have to agree on, of one outcome: all but its times, sizes and measured values."""
    target = outcome["target"] or {}
    kept = [outcome[key] for key in ("rule", "criteria", "verdict", "message", "fingerprint", "sources")]
    place = [target.get("selector", ""), target.get("frames", []), target.get("hosts", [])]
    return json.dumps([*kept, place, sorted(outcome["values"]), [step["action"] for step in outcome["steps"]]])


def outcomes_of(result: Result, folder: Path, address: str) -> Outcomes:
    found: Outcomes = {}
    for page in result.pages:
        kept = folder / "pages" / page.page.id / "outcomes.json"
        rows = json.loads(kept.read_text("utf-8")) if kept.exists() else []
        found["/" + page.page.requested.removeprefix(address)] = sorted(told(row) for row in rows)
    return found


def faults(result: Result, requests: Iterable[Request], address: str) -> list[str]:
    """What must not be on a clean portal."""
    wrong = [f"not audited: {page.page.requested}" for page in result.pages if page.page.state is not PageState.AUDITED]
    for defect in result.defects:
        if defect.verdict is Verdict.FAILED:
            wrong.append(f"failed: {defect.rule} on {len(defect.pages)} pages, {defect.example.target}")
    for page in result.pages:
        path = "/" + page.page.requested.removeprefix(address)
        untested = sorted(criterion for criterion, verdict in page.criteria.items() if verdict is Verdict.UNTESTED)
        if untested:
            wrong.append(f"untested on {path}: {', '.join(untested)} {page.errors or ''}")
        if page.open > QUESTIONS:
            wrong.append(f"{page.open} questions on {path}")
    return [*wrong, *requests_that_change(requests)]


def requests_that_change(requests: Iterable[Request]) -> list[str]:
    """Requests that an audit must not send."""
    return [
        f"request: {request.method} {request.path}"
        for request in requests
        if request.method not in ("GET", "HEAD") or any(name.lower() == "upgrade" for name in request.headers)
    ]


def differences(first: Outcomes, other: Outcomes) -> list[str]:
    """The pages on which two runs do not say the same, with the rules that differ."""
    wrong = [f"visited in one run only: {path}" for path in sorted(first.keys() ^ other.keys())]
    for path in sorted(first.keys() & other.keys()):
        if first[path] != other[path]:
            rules = {json.loads(row)[0] for row in set(first[path]) ^ set(other[path])}
            wrong.append(f"differs on {path}: {', '.join(sorted(rules))}")
    return wrong


@click.command(help=__doc__)
@click.option("--runs", default=10, show_default=True, help="Audits of each portal.")
@click.option("--portal", "names", multiple=True, help="Only these portals.")
@click.option("--max-pages", default=40, show_default=True)
def main(runs: int, names: tuple[str, ...], max_pages: int) -> None:
    good = total = 0
    for name in names or sorted(path.parent.name for path in PORTALS.glob("*/portal.toml")):
        first: Outcomes | None = None
        for number in range(1, runs + 1):
            with tempfile.TemporaryDirectory() as folder:
                result, requests, address = run(name, Path(folder) / "run", max_pages)
                outcomes = outcomes_of(result, Path(folder) / "run", address)
            first = first or outcomes
            wrong = [*faults(result, requests, address), *differences(first, outcomes)]
            questions = max((page.open for page in result.pages), default=0)
            total, good = total + 1, good + (not wrong)
            click.echo(
                f"{name} {number}/{runs}: {len(result.pages)} pages, at most {questions} questions on a page, "
                + (f"{len(wrong)} faults" if wrong else "clean and equal")
            )
            for line in wrong:
                click.echo(f"  {line}")
    click.echo(f"agreement: {good}/{total} runs clean and equal")
    sys.exit(good != total)


if __name__ == "__main__":
    main()
