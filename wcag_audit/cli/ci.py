"""``ci`` and ``init``: pages against gates and a baseline, for pipelines."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from wcag_audit.cli.common import EXIT_GATE, EXIT_NOT_ASSESSED, Stop, browsing, language, logs, portal_options, start_logging
from wcag_audit.cli.settings import options_for, rules_of, secrets_of, settings_of
from wcag_audit.cli.showing import Progress
from wcag_audit.cli.starting import loading
from wcag_audit.model import Portal, Text

if TYPE_CHECKING:
    from wcag_audit.audit import Settings
    from wcag_audit.model import Result
    from wcag_audit.rule import Rule
    from wcag_audit.store import Run

PIPELINE_FORMATS = ("text", "junit", "sarif", "gitlab", "github", "json")


def _configured(context: click.Context, parameter: click.Parameter, value: Path | None) -> Path | None:
    """Takes what a configuration says as the defaults of all other options."""
    from wcag_audit.config import FILE, read_config

    path = value or (Path(FILE) if Path(FILE).is_file() else None)
    if path is not None:
        names = {
            name.removeprefix("--"): str(one.name)
            for one in context.command.params
            if isinstance(one, click.Option) and one is not parameter
            for name in one.opts
        }
        # Here the pages of the command line, not the file of --pages.
        names["pages"] = "pages"
        given = read_config(path, names)
        context.default_map = {names[name]: value for name, value in given.items()}
        if (lang := given.get("lang")) in ("vi", "en"):
            context.params["lang"] = lang
    return path


def _viewport(context: click.Context, parameter: click.Parameter, values: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
    """``1280x800`` as width and height."""
    sizes = []
    for value in values:
        found = re.fullmatch(r"(\d{2,5})x(\d{2,5})", value)
        if found is None:
            raise Stop(Text(f"--viewport {value}: cần dạng 1280x800.", f"--viewport {value}: write it like 1280x800."))
        sizes.append((int(found[1]), int(found[2])))
    return tuple(dict.fromkeys(sizes))


@click.command()
@click.argument("pages", nargs=-1, metavar="PAGE...")
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    callback=_configured,
    is_eager=True,
    help="TOML file with these options; wcag-audit.toml is read where there is one.",
)
@click.option("--start", metavar="COMMAND", help="Server of yours to run during the check.")
@click.option("--wait-on", metavar="URL", help="Address that answers once the server is up; the first page otherwise.")
@click.option("--start-timeout", type=click.FloatRange(1, 3600), default=60.0, show_default=True, help="Seconds for it to answer.")
@click.option("--crawl", is_flag=True, help="Follow links from the first page, as “audit” does, instead of checking only the pages given.")
@portal_options
@click.option("--viewport", "viewports", multiple=True, default=("1280x800",), callback=_viewport, show_default=True, help="Repeatable.")
@click.option("--baseline", type=click.Path(path_type=Path, dir_okay=False), help="File of known defects, which break no gate.")
@click.option("--update-baseline", is_flag=True, help="Write the baseline anew: what was found is known, what was mended falls out.")
@click.option("--fail-on", type=click.Choice(["new", "any"]), default="new", show_default=True, help="Which defects break the gate.")
@click.option("--min-points", multiple=True, metavar="[PROFILE=]POINTS", help="Least points by the automatic reading; repeatable.")
@click.option("--max-defects", type=click.IntRange(0), help="Defects at the most, known ones included.")
@click.option("--only", multiple=True, metavar="CRITERION|PRINCIPLE", help="Gate these defects only (1.1.1, operable); repeatable.")
@click.option("--runs", type=click.IntRange(1, 10), default=1, show_default=True, help="Runs over each page; what not all see is open.")
@click.option("--allow-not-assessed", is_flag=True, help="End with 0 where pages could not be audited and no gate is broken.")
@click.option("--source", "sources", multiple=True, metavar="PATTERN=FILE", help="File behind addresses, for SARIF, GitLab and GitHub.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("wcag-audit-report"), show_default=True, help="Folder of results.")
@click.option("--pictures", is_flag=True, help="Keep a picture of each page, for “wcag-audit report”.")
@click.option(
    "--format",
    "formats",
    type=click.Choice(PIPELINE_FORMATS),
    multiple=True,
    default=("text", "junit", "sarif"),
    show_default=True,
    help="Files to write; github also writes annotations and the step summary.",
)
@browsing
@language
@logs
def ci(pages: tuple[str, ...], **given: Any) -> None:
    """Check pages against gates and a baseline, for pipelines.

    Ends with 0 where every gate holds, 1 where one is broken, else with 3 where something could not be assessed.
    """
    from datetime import date

    from wcag_audit import ci as work
    from wcag_audit.reports import pipeline
    from wcag_audit.store import write_whole

    start_logging(given["log_level"])
    if not pages:
        raise Stop(Text("chưa cho biết trang nào: hãy ghi PAGE, hoặc pages trong tệp cấu hình.", "no page given: name a PAGE."))
    gates = work.Gates(
        fail_on=given["fail_on"],
        min_points=work.points_of(given["min_points"], given["profile"]),
        criteria=work.criteria_of(given["only"]),
        max_defects=given["max_defects"],
    )
    path: Path | None = given["baseline"]
    if given["update_baseline"] and path is None:
        raise Stop(Text("--update-baseline cần --baseline TỆP.", "--update-baseline needs --baseline FILE."))
    before = work.read_baseline(path) if path is not None and (path.exists() or not given["update_baseline"]) else None
    sources = _sources(given["sources"])
    checked = work.check(_ci_results(pages, given), gates, before, date.today())
    if path is not None and given["update_baseline"]:
        now_known = work.updated(checked, before, date.today())
        write_whole(path, work.encode_baseline(now_known))
        checked = work.check(checked.results, gates, now_known, date.today())
    _write_pipeline(checked, given, sources)
    if not given["quiet"]:
        for said in pipeline.summary(checked, given["lang"]):
            click.echo(said)
    assessed = not checked.missing or given["allow_not_assessed"]
    shown = checked if not given["allow_not_assessed"] else work.without_missing(checked)
    click.echo(pipeline.last_line(shown, given["lang"]))
    if not checked.held:
        raise SystemExit(EXIT_GATE)
    if not assessed:
        raise SystemExit(EXIT_NOT_ASSESSED)


def _sources(given: Sequence[str]) -> dict[str, str]:
    sources = {}
    for one in given:
        pattern, sign, file = one.rpartition("=")
        if not (pattern and sign and file):
            raise Stop(Text(f"--source {one}: cần dạng MẪU=TỆP.", f"--source {one}: write it like PATTERN=FILE."))
        sources[pattern] = file
    return sources


def _ci_results(pages: Sequence[str], given: dict[str, Any]) -> list[Result]:
    """The results of a check, one per viewport, while a server of theirs runs."""
    import asyncio
    import dataclasses

    with loading():
        from wcag_audit import pages as checking
        from wcag_audit.given import addresses, given_pages
        from wcag_audit.started import started
        from wcag_audit.store import Run

        rules = rules_of(given["rules_folder"])
    folder = str(given["rules_folder"].resolve()) if given["rules_folder"] else ""
    # A server that is yet to start may serve what a build writes first, but files have to be there.
    wanted = given_pages(pages)
    results = []
    with contextlib.ExitStack() as stack:
        if given["start"]:
            stack.enter_context(started(given["start"], given["wait_on"] or next(iter(pages)), given["start_timeout"]))
        urls = stack.enter_context(addresses(wanted))
        portal = Portal(id="ci", name=urlsplit(urls[0]).netloc, url=urls[0])
        given["hosts"] = (*given["hosts"], *dict.fromkeys(urlsplit(url).netloc for url in urls[1:]))
        given["options"] = options_for(portal.url, given)
        hidden = secrets_of(given["options"])
        settings = settings_of(given)
        for size in given["viewports"]:
            out: Path = given["out"]
            run = Run(out / f"{size[0]}x{size[1]}" if len(given["viewports"]) > 1 else out / "run", hidden)
            sized = dataclasses.replace(settings, browser=dataclasses.replace(settings.browser, viewport=size))
            run.restart(checking.ci_info(sized, portal, folder))
            with Progress(given["lang"], given["quiet"]) as progress:
                result = asyncio.run(_ci_audit(wanted, urls, sized, rules, run, progress, portal, given["crawl"]))
            results.append(run.result() if hidden else result)
    return results


async def _ci_audit(
    wanted: Any, urls: Sequence[str], settings: Settings, rules: Sequence[Rule], run: Run, progress: Progress, portal: Portal, crawl: bool
) -> Result:
    from wcag_audit import audit as auditing
    from wcag_audit import pages as checking

    if crawl:
        return await auditing.audit(portal, run, settings, rules, progress)
    return await checking.audit_pages(wanted, urls, settings, rules, run, progress)


def _write_pipeline(checked: Any, given: dict[str, Any], sources: dict[str, str]) -> None:
    """The files of a check, and what GitHub reads from its log and its summary."""
    from wcag_audit.reports import codequality, github, junit, pipeline, sarif
    from wcag_audit.store import write_whole

    lang, out = given["lang"], given["out"]
    files: dict[str, tuple[str, Callable[[], bytes]]] = {
        "text": ("wcag-audit.txt", lambda: "\n".join([*pipeline.summary(checked, lang), pipeline.last_line(checked, lang), ""]).encode()),
        "junit": ("junit.xml", lambda: junit.render(checked, lang)),
        "sarif": ("wcag-audit.sarif", lambda: sarif.render(checked, lang, sources)),
        "gitlab": ("gl-code-quality-report.json", lambda: codequality.render(checked, lang, sources)),
        "github": ("step-summary.md", lambda: github.summary(checked, lang).encode()),
    }
    for name in dict.fromkeys(given["formats"]):
        if name in files:
            file, content = files[name]
            write_whole(out / file, content())
    if "github" in given["formats"]:
        for command in github.commands(checked, lang, sources):
            click.echo(command)
        if place := os.environ.get("GITHUB_STEP_SUMMARY"):
            with Path(place).open("a", encoding="utf-8") as summary:
                summary.write(github.summary(checked, lang))


@click.command()
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False), default=Path("wcag-audit.toml"))
@language
def init(path: Path, lang: str) -> None:
    """Write a commented wcag-audit.toml for “wcag-audit ci”."""
    from wcag_audit.config import TEMPLATE
    from wcag_audit.store import write_whole

    if path.exists():
        raise Stop(Text(f"{path}: đã có tệp này; hãy đặt tên khác.", f"{path}: this file is there already; name another."))
    write_whole(path, TEMPLATE[lang].encode("utf-8"))
    click.echo(path)
