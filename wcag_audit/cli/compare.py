"""``compare``: two runs or two batches beside each other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wcag_audit.cli.common import language, logs, start_logging

if TYPE_CHECKING:
    from wcag_audit.batch import Batch
    from wcag_audit.model import Result


@click.command()
@click.argument("before", type=click.Path(path_type=Path), metavar="RUN")
@click.argument("after", type=click.Path(path_type=Path), metavar="LATER-RUN")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="HTML file to write instead of LATER-RUN/compare.html.")
@language
@logs
def compare(before: Path, after: Path, out: Path | None, **given: Any) -> None:
    """Compare two finished runs or two batches: defects mended, new and remaining, and the change of points."""
    from rich.console import Console

    from wcag_audit.batch import Batch
    from wcag_audit.reports import compare as work
    from wcag_audit.reports.terminal import comparison
    from wcag_audit.store import Run, write_whole

    start_logging(given["log_level"])
    if Batch(before).exists and Batch(after).exists:
        click.echo(_compare_batches(Batch(before), Batch(after), out, given["lang"]))
        return
    found = work.compare(Run(before).result(), Run(after).result())
    path = out or after / "compare.html"
    write_whole(path, work.render(found, given["lang"]).encode("utf-8"))
    console = Console(highlight=False)
    if not given["quiet"]:
        for one in comparison(found, given["lang"]):
            console.print(one, overflow="ellipsis", no_wrap=True)
    click.echo(path)


def _compare_batches(before: Batch, after: Batch, out: Path | None, lang: str) -> Path:
    from wcag_audit.reports import national_formats, rounds
    from wcag_audit.store import write_whole

    first, second = before.national(), after.national()

    def results(id: str) -> tuple[Result | None, Result | None]:
        old, new = before.run(id), after.run(id)
        return old.result() if old.result_path.is_file() else None, new.result() if new.result_path.is_file() else None

    found = rounds.rounds(first, second, results)
    page = national_formats.page(rounds.title(found), rounds.facts(found), rounds.sections(found), second.tool, lang)
    path = out or after.folder / "compare.html"
    write_whole(path, page.encode("utf-8"))
    return path
