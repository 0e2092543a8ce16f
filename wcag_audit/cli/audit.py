"""``audit`` and ``demo``: one portal, from its crawl to its report."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wcag_audit.cli.common import (
    EXIT_INTERRUPTED,
    EXIT_NOT_ASSESSED,
    Stop,
    browsing,
    crawling,
    language,
    logs,
    profiling,
    start_logging,
    web_address,
)
from wcag_audit.cli.settings import options_for, reviews_of, rules_of, secrets_of, settings_of
from wcag_audit.cli.showing import Progress, profiled, show, tell_timings, write_reports
from wcag_audit.cli.starting import browser_and
from wcag_audit.model import Portal, Text

if TYPE_CHECKING:
    from wcag_audit.audit import Settings
    from wcag_audit.model import Result
    from wcag_audit.rule import Rule


@click.command()
@click.argument("url")
@click.option("--name", default="", help="The portal's name in reports; its title otherwise.")
@crawling
@browsing
@profiling
@language
@logs
def audit(url: str, name: str, **given: Any) -> None:
    """Crawl, sample, audit, score and report one portal.

    Ends with 0 where pages were audited, with 3 where none could be.
    """
    parts = web_address(url)
    # A name and password in the address are for the log-in, not for anything that is written down.
    given["with_password"] = url
    host = parts.netloc.rpartition("@")[2]
    portal = Portal(id=_slug(host), name=name or host, url=parts._replace(netloc=host).geturl())
    _audit(portal, given)


@click.command()
@click.option("--clean", is_flag=True, help="Audit the demo portal's twin, which has no planted defect.")
@crawling
@browsing
@profiling
@language
@logs
def demo(clean: bool, **given: Any) -> None:
    """Serve the demo portal that ships with wcag-audit on this machine, and audit it."""
    from wcag_audit.demo import demo_portal
    from wcag_audit.serve import PortalSite, serving

    site = PortalSite(demo_portal(), () if clean else None)
    with serving(site) as served:
        portal = Portal(id="demo", name=str(site.config["title"]), url=served.url, block="province")
        _audit(portal, given)


def _audit(portal: Portal, given: dict[str, Any]) -> None:
    import asyncio

    from wcag_audit.store import Run

    start_logging(given["log_level"])
    given["options"] = options = options_for(portal.url, given)
    hidden = secrets_of(options)
    run = Run(given["out"] or _free_folder(Path("runs"), portal.id), hidden)
    folder = str(given["rules_folder"].resolve()) if given["rules_folder"] else ""
    reviews = reviews_of(given["reviews_path"])
    meanwhile = _prepare_html if {"html", "all"} & {*given["formats"]} else None

    async def go() -> Result:
        starting, (work, settings, rules, progress) = await browser_and(lambda: _load(given), given["driver"], options)
        with progress:
            result: Result = await work.audit(portal, run, settings, rules, progress, folder, meanwhile, starting, reviews)
            return result

    with profiled(given) as timings:
        try:
            result = asyncio.run(go())
        except KeyboardInterrupt:
            again = f"wcag-audit audit {portal.url} --out {run.folder}"
            raise Stop(
                Text(f"đã dừng theo yêu cầu; chạy tiếp bằng: {again}", f"interrupted; go on with: {again}"), EXIT_INTERRUPTED
            ) from None
        if hidden:
            result = run.result()
        files = write_reports(run, result, given["formats"], given["lang"], given["browser"])
    show(result, files, given["lang"], given["quiet"])
    tell_timings(timings, run, given["lang"])
    if not result.scores[0].assessed:
        raise SystemExit(EXIT_NOT_ASSESSED)


def _load(given: dict[str, Any]) -> tuple[Any, Settings, tuple[Rule, ...], Progress]:
    """Everything that an audit needs beside the browser."""
    from wcag_audit import audit as work

    return work, settings_of(given), rules_of(given["rules_folder"]), Progress(given["lang"], given["quiet"])


def _prepare_html() -> None:
    from wcag_audit.reports import html

    html.prepare()


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "portal"


def _free_folder(parent: Path, name: str) -> Path:
    """``runs/<name>``, or with a number where an earlier run stands."""
    number = 1
    while (folder := parent / (name if number == 1 else f"{name}-{number}")).exists():
        number += 1
    return folder
