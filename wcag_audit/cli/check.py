"""``check``: the given pages only."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wcag_audit.cli.common import EXIT_NOT_ASSESSED, Stop, browsing, language, logs, profiling, start_logging
from wcag_audit.cli.settings import browser_options, rules_of, settings_of
from wcag_audit.cli.showing import profiled, tell_timings
from wcag_audit.cli.starting import browser_and
from wcag_audit.model import PageState, Text

if TYPE_CHECKING:
    from wcag_audit.audit import Settings
    from wcag_audit.rule import Rule
    from wcag_audit.store import Run


@click.command()
@click.argument("pages", nargs=-1, metavar="PAGE...")
@click.option(
    "--manifest", "manifests", type=click.Path(path_type=Path), multiple=True, help="JSON list of objects with “file”, relative to it."
)
@click.option("--out", type=click.Path(path_type=Path), help="Keep the snapshots in this run folder, for replay.")
@browsing
@profiling
@language
@logs
def check(pages: tuple[str, ...], manifests: tuple[Path, ...], out: Path | None, **given: Any) -> None:
    """Check the given pages, files or folders only: one JSON line per page on stdout.

    Ends with 0, and with 3 only where no page was assessed.
    """
    import asyncio

    from wcag_audit.given import addresses, given_pages, read_manifest
    from wcag_audit.store import Run

    start_logging(given["log_level"])
    wanted = given_pages(pages)
    for manifest in manifests:
        wanted.extend(read_manifest(manifest))
    if not wanted:
        raise Stop(Text("chưa cho biết trang nào: hãy ghi PAGE hoặc --manifest FILE.", "no page given: name a PAGE or --manifest FILE."))
    given |= {"options": browser_options(given), "pictures": out is not None}
    run = Run(out) if out is not None else None

    async def go(urls: list[str]) -> int:
        starting, (work, settings, rules) = await browser_and(lambda: _load(given, run), given["driver"], given["options"])
        audited = 0
        async for line in work.check(wanted, urls, settings, rules, run, starting):
            click.echo(work.encode(line))
            audited += line.state is PageState.AUDITED
        return audited

    with addresses(wanted) as urls, profiled(given) as timings:
        audited = asyncio.run(go(urls))
    tell_timings(timings, run, given["lang"])
    if not audited:
        raise SystemExit(EXIT_NOT_ASSESSED)


def _load(given: dict[str, Any], run: Run | None) -> tuple[Any, Settings, tuple[Rule, ...]]:
    """Everything that a check needs beside the browser."""
    from wcag_audit import pages as work

    settings = settings_of(given)
    if run is not None:
        run.create(work.run_info(settings))
    return work, settings, rules_of(given["rules_folder"])
