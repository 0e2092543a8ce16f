"""``batch``, ``worker`` and ``history``: many portals."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from wcag_audit.cli.common import (
    EXIT_INTERRUPTED,
    EXIT_SOME_NOT_ASSESSED,
    LANGUAGES,
    Stop,
    browsing,
    crawling,
    elsewhere,
    language,
    logs,
    spoken,
    start_logging,
)
from wcag_audit.cli.settings import browser_at, plan_of, reviews_of, rules_of
from wcag_audit.model import Text

if TYPE_CHECKING:
    from wcag_audit.batch import Batch
    from wcag_audit.executor import Executor
    from wcag_audit.model import Result
    from wcag_audit.national import National
    from wcag_audit.roster import Unit
    from wcag_audit.worker import How


@click.command()
@click.argument("roster", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--only", metavar="ID", multiple=True, help="Only this portal of the roster; can be given several times.")
@click.option("--block", type=click.Choice(["ministry", "province", "other"]), help="Only portals of this block.")
@click.option("--vendor", metavar="NAME", help="Only portals of this vendor.")
@click.option("--since", metavar="DATE", type=click.DateTime(["%Y-%m-%d"]), help="Audit again what is older than this day.")
@click.option("--name", default="", help="The round's name in reports; the folder's otherwise.")
@click.option("--day", metavar="DATE", type=click.DateTime(["%Y-%m-%d"]), help="Day on which units have to exist; today otherwise.")
@click.option("--workers", type=click.IntRange(1, 256), help="Portals at once; as many as there are cores otherwise.")
@click.option("--cluster", metavar="redis://…", help="Hand the portals to workers of a cluster; --out is a folder that all share.")
@click.option("--store", default="", metavar="URL", help="Keep the batch here too (s3://bucket/folder …); workers then share no folder.")
@click.option("--seal", "sealing", is_flag=True, help="Write checksums of all files at the end: nothing can be added afterwards.")
@crawling
@browsing
@language
@logs
@click.pass_context
def batch(context: click.Context, /, roster: Path | None, **given: Any) -> None:
    """Audit every portal of a ROSTER (the 84 that ship otherwise), and make the national report.

    The same command goes on with a batch that was stopped. Ends with 0 where all portals were assessed, with 4 where some were not.
    """
    from datetime import date

    from wcag_audit import batch as work
    from wcag_audit.roster import choose, read_roster

    start_logging(given["log_level"])
    units = choose(read_roster(roster), given["only"], given["block"] or "", given["vendor"] or "")
    folder = work.Batch(given["out"] or Path("runs") / "batch", given["store"])
    if context.get_parameter_source("jobs") is click.core.ParameterSource.DEFAULT:
        given["jobs"] = 1
    how = _how(given, units)
    folder.create(given["name"], given["day"].date() if given["day"] else date.today(), how, units)
    folder.fetch()
    todo = folder.to_do(units, given["since"].strftime("%Y-%m-%d") if given["since"] else "")
    watch = _BatchWatch(given["lang"], given["quiet"])
    with watch:
        watch.begun(todo, len(units) - len(todo))
        try:
            work.run(folder, todo, _executor(given["cluster"], given["workers"]), watch, given["lang"])
        except KeyboardInterrupt:
            at = folder.folder
            text = Text(f"đã dừng theo yêu cầu; chạy lại đúng lệnh đó để tiếp tục ({at})", f"interrupted; the same command goes on ({at})")
            raise Stop(text, EXIT_INTERRUPTED) from None
    made = folder.conclude()
    for path in _write_national(folder, made, given["formats"], given["lang"], given["browser"]):
        click.echo(path)
    if given["sealing"]:
        folder.fetch_all()
        _seal(folder)
    if any(unit.state in ("not_assessed", "waiting") for unit in made.units):
        raise SystemExit(EXIT_SOME_NOT_ASSESSED)


@click.command()
@click.argument("cluster", metavar="redis://…")
@click.option("--workers", type=click.IntRange(1, 256), help="Portals at once; as many as there are cores otherwise.")
@click.option("--scratch", type=click.Path(path_type=Path, file_okay=False), help="Where portals of a batch with --store are done.")
@elsewhere
@language
@logs
def worker(cluster: str, workers: int | None, scratch: Path | None, browser_url: str | None, **given: Any) -> None:
    """Join a cluster: audit the portals that “batch --cluster” hands out, until a signal ends it."""
    from wcag_audit.cluster import Station, serve

    start_logging(given["log_level"])
    station = Station(browser_url=browser_at(browser_url), **({"scratch": scratch.resolve()} if scratch else {}))
    serve(cluster, workers or os.cpu_count() or 1, station)


@click.command()
@click.argument("folders", nargs=-1, required=True, metavar="BATCH...", type=click.Path(path_type=Path))
@click.option("--sqlite", type=click.Path(path_type=Path, dir_okay=False), help="Database to write, with all tables.")
@click.option("--parquet", type=click.Path(path_type=Path, file_okay=False), help="Folder to write a Parquet file a table into.")
@language
def history(folders: tuple[Path, ...], sqlite: Path | None, parquet: Path | None, lang: str) -> None:
    """Put many rounds into one SQLite database or Parquet files, for people who use other tools. A folder of batches will do."""
    from wcag_audit import history as work
    from wcag_audit.batch import Batch, batches

    if sqlite is None and parquet is None:
        raise Stop(Text("cần --sqlite TỆP hoặc --parquet THƯ-MỤC.", "--sqlite FILE or --parquet DIR is needed."))
    rounds = [Batch(path).national() for folder in folders for path in batches(folder)]
    work.distinct(rounds)
    tables = work.rounds_as_rows(rounds)
    if sqlite is not None:
        work.write_sqlite(sqlite, tables)
        click.echo(sqlite)
    for path in work.write_parquet(parquet, tables) if parquet is not None else ():
        click.echo(path)


def _how(given: dict[str, Any], units: Sequence[Unit]) -> How:
    """Settings as plain data, read once here so that what is wrong is told before anything starts."""
    from wcag_audit.worker import How, Job, settings

    for option, column in (("pages_file", "pages"), ("auth_file", "auth")):
        if given[option] is not None:
            vi, en = f"hãy ghi vào cột {column} của danh sách cổng", f"write it into the roster's column {column}"
            raise Stop(Text(f"--{column}: {vi}.", f"--{column}: {en}."))
    if given["hosts"] or given["path"] != "/":
        raise Stop(Text("--host, --path: không dùng được cho nhiều cổng.", "--host, --path: not for many portals at once."))
    if browser_at(given["browser_url"]) and (urlsplit(given["browser_url"]).username or urlsplit(given["browser_url"]).query):
        raise Stop(
            Text(
                "--browser-url: batch.json sẽ lưu mật khẩu này; hãy dùng --cluster và worker --browser-url.",
                "--browser-url: batch.json would keep this password; use --cluster and worker --browser-url.",
            )
        )
    plan = plan_of(given)
    same = (
        "profile", "driver", "browser", "browser_url", "depth", "jobs", "timeout", "proxy", "ignore_tls_errors", "allow_private",
        "no_third_party",
    )  # fmt: skip
    planned = ("max_pages", "max_crawl", "exhaustive", "rate", "ignore_robots", "include", "exclude", "max_time", "quota")
    how = How(
        **{name: given[name] for name in same},
        **{name: plan[name] for name in planned},
        seed=given["seed"],
        contact=given["contact"] if given["contact"].isprintable() else "",
        axe_path=str(given["axe_path"].resolve()) if given["axe_path"] else None,
        rules=str(given["rules_folder"].resolve()) if given["rules_folder"] else "",
        reviews=str(given["reviews_path"].resolve()) if given["reviews_path"] else "",
    )
    settings(Job(portal=units[0].portal, folder="", lock="", how=how))
    rules_of(given["rules_folder"])
    reviews_of(given["reviews_path"])
    return how


def _executor(cluster: str | None, workers: int | None) -> Executor:
    """Where the portals are audited: on this machine, or by the workers of a cluster."""
    if cluster:
        from wcag_audit.cluster import ClusterPool

        return ClusterPool(cluster)
    from wcag_audit.executor import LocalPool

    return LocalPool(workers or os.cpu_count() or 1)


def _write_national(folder: Batch, made: National, wanted: Sequence[str], lang: str, browser: str | None) -> list[Path]:
    """The national reports of a batch."""
    from wcag_audit.browser.printing import Printer
    from wcag_audit.reports import national_formats
    from wcag_audit.store import write_whole

    names = national_formats.NAMES if "all" in wanted else tuple(dict.fromkeys(wanted))
    written = [folder.national_path]
    with Printer(browser) as printer:
        for name, content in national_formats.write(made, names, LANGUAGES[lang], printer.print_pdf):
            write_whole(folder.folder / name, content)
            folder.keep(folder.folder / name)
            written.append(folder.folder / name)
    return written


def _seal(folder: Batch) -> None:
    from wcag_audit.reports.texts import text
    from wcag_audit.seal import seal

    click.echo(f"{folder.seal_path}: {text('rounds', 'sealed', digest=seal(folder.folder))[spoken()]}")
    folder.keep(folder.seal_path)


class _BatchWatch:
    """Shows a running batch on stderr: a panel where it is a terminal, a line per portal otherwise; JSON lines with --quiet."""

    def __init__(self, lang: str, quiet: bool) -> None:
        from rich.console import Console
        from rich.live import Live as Panel

        from wcag_audit.reports.live import Live

        self._quiet = quiet
        self._console = Console(stderr=True, highlight=False)
        self._live = Live(lang)
        shown = self._console.is_terminal and not quiet
        self._panel = Panel(console=self._console, auto_refresh=False, transient=True) if shown else None

    def __enter__(self) -> _BatchWatch:
        if self._panel is not None:
            self._panel.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._panel is not None:
            self._panel.stop()

    def _log(self, line: str) -> None:
        if self._quiet:
            click.echo(line, err=True)

    def begun(self, units: Sequence[Unit], finished: int) -> None:
        self._log(self._live.begun(units, finished))

    def started(self, unit: Unit) -> None:
        self._log(self._live.started(unit))

    def page(self, unit: Unit, state: str) -> None:
        self._log(self._live.page(unit, state))

    def lost(self, unit: Unit, detail: str) -> None:
        self._log(self._live.lost(unit, detail))

    def finished(self, unit: Unit, result: Result | None) -> None:
        self._log(self._live.finished(unit, result))
        if not self._quiet:
            self._console.print(self._live.said(unit, result), soft_wrap=True, markup=False)

    def tick(self) -> None:
        if self._panel is not None:
            self._panel.update(self._live.panel(), refresh=True)
