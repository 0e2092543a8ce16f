"""What several commands show and write: reports, the verdict, the pages as they come, and where the time went."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wcag_audit.cli.common import LANGUAGES
from wcag_audit.reports import formats
from wcag_audit.timings import Timings, listening, timed

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress as Bar

    from wcag_audit.model import Outcome, Page, Result
    from wcag_audit.store import Run


def write_reports(run: Run, result: Result, wanted: Sequence[str], lang: str, browser: str | None = None) -> list[Path]:
    """Write the reports asked for; ``result.json`` is there already."""
    from wcag_audit.browser.printing import Printer
    from wcag_audit.reports.pictures import Album
    from wcag_audit.store import write_whole

    names = formats.NAMES if "all" in wanted else tuple(dict.fromkeys(wanted))
    written = [run.result_path]
    with timed("write", "reports"), Printer(browser) as printer:
        materials = formats.Materials(Album(run.screenshot_path), printer.print_pdf)
        for name, content in formats.write(result, names, LANGUAGES[lang], materials):
            write_whole(run.folder / name, content)
            written.append(run.folder / name)
    return written


def show(result: Result, files: Sequence[Path], lang: str, quiet: bool) -> None:
    """The verdict on one screen, and where the reports are."""
    if not quiet:
        from rich.console import Console

        from wcag_audit.reports.terminal import verdict

        Console(highlight=False).print(verdict(result, lang))
    for path in files:
        click.echo(path)


class Progress:
    """A line per page on stderr while an audit runs; a bar where stderr is a terminal."""

    def __init__(self, lang: str, quiet: bool) -> None:
        self._lang = lang
        self._console: Console | None = None
        self._bar: Bar | None = None
        if not quiet:
            from rich.console import Console

            self._console = Console(stderr=True, highlight=False)
            self._bar = _bar(self._console) if self._console.is_terminal else None

    def __enter__(self) -> Progress:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def page_done(self, page: Page, outcomes: Sequence[Outcome], total: int) -> None:
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], advance=1, total=total)
        if self._console is not None:
            from wcag_audit.reports.terminal import page_line

            self._console.print(page_line(page, outcomes, self._lang), soft_wrap=True)


def _bar(console: Console) -> Bar:
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (BarColumn(bar_width=24), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    bar = Bar(*columns, console=console, transient=True)
    bar.add_task("", total=None)
    return bar


@contextlib.contextmanager
def profiled(given: dict[str, Any]) -> Iterator[Timings | None]:
    """What the block tells of its times, where it was asked for."""
    timings = Timings() if given["profiled"] else None
    with listening(timings):
        yield timings


def tell_timings(timings: Timings | None, run: Run | None, lang: str) -> None:
    if timings is None:
        return
    from rich.console import Console

    from wcag_audit.reports.terminal import timings_table
    from wcag_audit.store import write_whole

    if run is not None:
        write_whole(run.folder / "timings.json", timings.encode())
    Console(stderr=True, highlight=False).print(timings_table(timings.rows(), lang))
