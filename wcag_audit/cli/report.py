"""``report`` and ``questions``: what is read of a finished run, and what a person still has to decide in it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from wcag_audit.cli.common import LANGUAGES, logs, start_logging, written
from wcag_audit.cli.showing import write_reports


@click.command()
@click.argument("folders", nargs=-1, required=True, metavar="RUN...", type=click.Path(path_type=Path))
@written
@click.option("--browser", metavar="PATH", help="Browser that prints PDF instead of the one found.")
@click.option(
    "--lang", type=click.Choice([*LANGUAGES]), default="vi", show_default=True, help="Language of reports; both: a file for each."
)
@logs
def report(folders: tuple[Path, ...], formats: Sequence[str], browser: str | None, **given: Any) -> None:
    """Write reports of finished runs, in any formats and both languages at once."""
    from wcag_audit.store import Run

    start_logging(given["log_level"])
    # Every run is read before the first report is written: a wrong folder stops the command at once.
    runs = [(run, run.result()) for run in map(Run, folders)]
    for run, result in runs:
        for path in write_reports(run, result, formats, given["lang"], browser):
            click.echo(path)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def questions(folder: Path) -> None:
    """Print what a person still has to decide in a run, as a file to fill in and give to --reviews."""
    from wcag_audit.reviews import form
    from wcag_audit.store import Run

    run = Run(folder)
    click.echo(form(run.result(), run.reviews()).decode("utf-8"), nl=False)
