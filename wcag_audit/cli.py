"""The command line: the only module that prints or chooses an exit code.

Exit codes: 0 done, 1 a gate is broken, 2 bad usage or input, 3 not assessed, 4 some of many not assessed, 70 a bug of ours,
130 interrupted; see docs/commands.md.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import re
import signal
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar
from urllib.parse import urlsplit

import click

from wcag_audit import __version__
from wcag_audit.model import Text

if TYPE_CHECKING:
    from wcag_audit.audit import Settings
    from wcag_audit.batch import Batch
    from wcag_audit.browser.port import Options
    from wcag_audit.executor import Executor
    from wcag_audit.model import Outcome, Page, Portal, Result, Review
    from wcag_audit.national import National
    from wcag_audit.roster import Unit
    from wcag_audit.rule import Rule
    from wcag_audit.store import Run
    from wcag_audit.timings import Timings
    from wcag_audit.worker import How

EXIT_OK, EXIT_GATE, EXIT_USAGE, EXIT_NOT_ASSESSED, EXIT_SOME_NOT_ASSESSED, EXIT_BUG, EXIT_INTERRUPTED = 0, 1, 2, 3, 4, 70, 130
FORMATS = ("html", "pdf", "docx", "xlsx", "csv", "markdown", "earl", "wcag-em", "openacr", "json")
LANGUAGES = {"vi": ("vi",), "en": ("en",), "both": ("vi", "en")}
#: Pages of one page type that a quota may ask for.
_MOST_OF_A_TYPE = 1_000
F = TypeVar("F", bound=Callable[..., Any])


class Stop(click.ClickException):
    """Ends the program with one line for people, in the language of ``--lang``, and a documented exit code."""

    def __init__(self, text: Text, code: int = EXIT_USAGE) -> None:
        super().__init__(text[_lang()])
        self.exit_code = code  # type: ignore[misc]  # click declares it on the class and reads it from the instance

    def show(self, file: Any = None) -> None:
        click.echo(f"wcag-audit: {self.message}", err=True)


def _lang() -> str:
    context = click.get_current_context(silent=True)
    while context is not None:
        if context.params.get("lang"):
            return str(context.params["lang"])
        context = context.parent
    return "vi"


def options(*decorators: Callable[[F], F]) -> Callable[[F], F]:
    """Several click options as one decorator."""

    def add(function: F) -> F:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

    return add


language = click.option(
    "--lang", type=click.Choice(["vi", "en"]), default="vi", show_default=True, help="Language of what is printed and of reports."
)
logs = options(
    click.option(
        "--log-level",
        type=click.Choice(["debug", "info", "warning", "error"]),
        default="error",
        show_default=True,
        help="What is logged to stderr.",
    ),
    click.option("--quiet", is_flag=True, help="Print nothing but the result and errors."),
)
elsewhere = click.option(
    "--browser-url",
    metavar="URL",
    help="A browser that runs elsewhere: DevTools (http://…:9222), Playwright's server (ws://…), with --driver selenium a Grid.",
)
browsing = options(
    click.option(
        "--driver",
        type=click.Choice(["playwright", "selenium"]),
        default="playwright",
        show_default=True,
        help="What drives the browser; Selenium serves static depth.",
    ),
    click.option("--browser", metavar="PATH", help="Browser to start instead of the one found."),
    elsewhere,
    click.option(
        "--axe-path", type=click.Path(path_type=Path, dir_okay=False), help="An axe-core script to run instead of the installed one."
    ),
    click.option(
        "--depth",
        type=click.Choice(["static", "full"]),
        default="full",
        show_default=True,
        help="static: what a snapshot shows; full: with probes.",
    ),
    click.option("--jobs", type=click.IntRange(1, 16), default=2, show_default=True, help="Pages at once."),
    click.option("--timeout", type=click.FloatRange(1, 600), default=30.0, show_default=True, help="Seconds for a page to load."),
    click.option("--proxy", metavar="URL", help="Proxy for the browser and for robots.txt and sitemaps."),
    click.option("--ignore-tls-errors", is_flag=True, help="Audit pages whose certificate is not valid."),
    click.option("--rules", "rules_folder", type=click.Path(path_type=Path), help="Folder with rules of your own."),
    click.option("--profile", default="mic-2024", show_default=True, help="Scheme of points: a name that ships, or a TOML file."),
    click.option("--seed", type=int, default=0, show_default=True, help="Seed of everything drawn by chance."),
)
profiling = click.option(
    "--profile-timings", "profiled", is_flag=True, help="Tell where the time goes: on stderr, and in the run folder as timings.json."
)
answers = click.option(
    "--reviews",
    "reviews_path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Answers of a person, from a filled-in “wcag-audit questions”.",
)
written = click.option(
    "--format",
    "formats",
    type=click.Choice([*FORMATS, "all"]),
    multiple=True,
    default=("html",),
    show_default=True,
    help="Reports to write.",
)
portal_options = options(
    click.option("--max-pages", type=click.IntRange(1, 10_000), default=30, show_default=True, help="Pages in the sample."),
    click.option("--max-crawl", type=click.IntRange(1, 1_000_000), default=2_000, show_default=True, help="Addresses known at the most."),
    click.option("--exhaustive", is_flag=True, help="Look at every address, also where nothing new turns up any more."),
    click.option("--pages", "pages_file", type=click.Path(path_type=Path), help="The sample: a file with an address a line."),
    click.option("--quota", metavar="TYPE=N,…|standard", help="As many pages of each page type for every portal."),
    click.option("--host", "hosts", multiple=True, metavar="HOST[:PORT]", help="Another host of the same portal."),
    click.option("--path", default="/", show_default=True, help="Where the portal's paths begin."),
    click.option("--include", multiple=True, metavar="PATTERN", help="Only paths like this (* and ?)."),
    click.option("--exclude", multiple=True, metavar="PATTERN", help="No paths like this (* and ?)."),
    click.option("--rate", type=click.FloatRange(0), default=0.0, help="Pages a minute at the most."),
    click.option("--max-time", type=click.FloatRange(0), default=0.0, help="Minutes for the portal at the most."),
    click.option("--contact", default="", metavar="MAIL|URL", help="Named in the User-Agent, for the portal's owner."),
    click.option("--auth", "auth_file", type=click.Path(path_type=Path), help="A log-in: what “login” saved, cookies, headers, basic."),
    click.option("--allow-private", is_flag=True, help="Follow links and redirects to private addresses as well."),
    click.option("--no-third-party", is_flag=True, help="Leave out what other organisations' hosts would add to pages."),
    click.option("--ignore-robots", is_flag=True, help="For the portal's owner: do not ask robots.txt."),
)
crawling = options(
    answers,
    portal_options,
    click.option(
        "--out", type=click.Path(path_type=Path, file_okay=True), help="Run folder; the same command goes on with an interrupted run there."
    ),
    written,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="wcag-audit")
def cli() -> None:
    """Audit public-service portals against WCAG 2.0 level A, with evidence that anyone can repeat."""


@cli.command()
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
    from wcag_audit.model import Portal

    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Stop(
            Text(f"{url}: địa chỉ phải bắt đầu bằng http:// hoặc https://.", f"{url}: the address must start with http:// or https://.")
        )
    # A name and password in the address are for the log-in, not for anything that is written down.
    given["with_password"] = url
    host = parts.netloc.rpartition("@")[2]
    portal = Portal(id=_slug(host), name=name or host, url=parts._replace(netloc=host).geturl())
    _audit(portal, given)


@cli.command()
@click.option("--clean", is_flag=True, help="Audit the demo portal's twin, which has no planted defect.")
@crawling
@browsing
@profiling
@language
@logs
def demo(clean: bool, **given: Any) -> None:
    """Serve the demo portal that ships with wcag-audit on this machine, and audit it."""
    from wcag_audit.demo import demo_portal
    from wcag_audit.model import Portal
    from wcag_audit.serve import PortalSite, serving

    site = PortalSite(demo_portal(), () if clean else None)
    with serving(site) as served:
        portal = Portal(id="demo", name=str(site.config["title"]), url=served.url, block="province")
        _audit(portal, given)


def _audit(portal: Portal, given: dict[str, Any]) -> None:
    from wcag_audit.browser.start import start_browser
    from wcag_audit.store import Run

    _logging(given["log_level"])
    given["options"] = options = _portal_options(portal.url, given)
    hidden = _secrets(options)
    run = Run(given["out"] or _free_folder(Path("runs"), portal.id), hidden)
    folder = str(given["rules_folder"].resolve()) if given["rules_folder"] else ""
    reviews = _reviews(given["reviews_path"])

    async def go() -> Result:
        # A browser takes longer to start than all of this program to load: it starts first.
        starting = asyncio.ensure_future(start_browser(given["driver"], options))
        try:
            await asyncio.sleep(0)
            work, settings, rules, progress = await asyncio.to_thread(_load, given)
        except BaseException:
            with contextlib.suppress(Exception):
                await (await starting).close()
            raise
        with progress:
            result: Result = await work.audit(portal, run, settings, rules, progress, folder, _prepare_reports, starting, reviews)
            return result

    with _profiled(given) as timings:
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
    _tell_timings(timings, run, given["lang"])
    if not result.scores[0].assessed:
        raise SystemExit(EXIT_NOT_ASSESSED)


@cli.command()
@click.argument("url")
@click.option("--out", type=click.Path(path_type=Path), default=Path("auth.json"), show_default=True, help="File for the log-in.")
@click.option("--browser", metavar="PATH", help="Browser to start instead of the one found; it must be able to show a window.")
@click.option("--ignore-tls-errors", is_flag=True, help="Open pages whose certificate is not valid.")
@language
def login(url: str, out: Path, browser: str | None, ignore_tls_errors: bool, lang: str) -> None:
    """Open a browser, let a person log in, and save the log-in for --auth.

    The file holds what lets anybody in: keep it as you keep a password, and delete it when the audit is done.
    """
    from wcag_audit.browser.auth import save_login
    from wcag_audit.browser.port import Options

    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise Stop(Text(f"{url}: địa chỉ phải bắt đầu bằng http:// hoặc https://.", f"{url}: the address must start with http:// or https://."))
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise Stop(
            Text(
                "login: cần màn hình để mở trình duyệt; hãy chạy trên máy có giao diện đồ họa rồi chép tệp sang.",
                "login: a browser window needs a display; run this on a desktop and copy the file here.",
            )
        )
    ask = Text("Hãy đăng nhập trong trình duyệt, rồi bấm Enter ở đây.", "Log in in the browser, then press Enter here.")
    click.echo(ask[lang], err=True)
    asyncio.run(save_login(url, out, Options(browser=browser, ignore_tls_errors=ignore_tls_errors), lambda: asyncio.to_thread(input)))
    click.echo(out)


@cli.command()
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
    from wcag_audit import pages as work
    from wcag_audit.model import PageState
    from wcag_audit.store import Run

    _logging(given["log_level"])
    settings = _settings({**given, "pictures": out is not None})
    rules = _rules(given["rules_folder"])
    wanted = work.given_pages(pages)
    for manifest in manifests:
        wanted.extend(work.read_manifest(manifest))
    if not wanted:
        raise Stop(Text("chưa cho biết trang nào: hãy ghi PAGE hoặc --manifest FILE.", "no page given: name a PAGE or --manifest FILE."))
    run = None
    if out is not None:
        run = Run(out)
        run.create(work.run_info(settings))
    audited = 0

    async def go(urls: list[str]) -> None:
        nonlocal audited
        async for line in work.check(wanted, urls, settings, rules, run):
            click.echo(work.encode(line))
            audited += line.state is PageState.AUDITED

    with work.addresses(wanted) as urls, _profiled(given) as timings:
        asyncio.run(go(urls))
    _tell_timings(timings, run, given["lang"])
    if not audited:
        raise SystemExit(EXIT_NOT_ASSESSED)


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


PIPELINE_FORMATS = ("text", "junit", "sarif", "gitlab", "github", "json")


@cli.command()
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

    _logging(given["log_level"])
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
    import dataclasses

    from wcag_audit import pages as checking
    from wcag_audit.model import Portal
    from wcag_audit.started import started
    from wcag_audit.store import Run

    rules = _rules(given["rules_folder"])
    folder = str(given["rules_folder"].resolve()) if given["rules_folder"] else ""
    # A server that is yet to start may serve what a build writes first, but files have to be there.
    wanted = checking.given_pages(pages)
    results = []
    with contextlib.ExitStack() as stack:
        if given["start"]:
            stack.enter_context(started(given["start"], given["wait_on"] or next(iter(pages)), given["start_timeout"]))
        urls = stack.enter_context(checking.addresses(wanted))
        portal = Portal(id="ci", name=urlsplit(urls[0]).netloc, url=urls[0])
        given["hosts"] = (*given["hosts"], *dict.fromkeys(urlsplit(url).netloc for url in urls[1:]))
        given["options"] = _portal_options(portal.url, given)
        hidden = _secrets(given["options"])
        settings = _settings(given)
        for size in given["viewports"]:
            out: Path = given["out"]
            run = Run(out / f"{size[0]}x{size[1]}" if len(given["viewports"]) > 1 else out / "run", hidden)
            sized = dataclasses.replace(settings, browser=dataclasses.replace(settings.browser, viewport=size))
            run.restart(checking.ci_info(sized, portal, folder))
            with _Progress(given["lang"], given["quiet"]) as progress:
                result = asyncio.run(_ci_audit(wanted, urls, sized, rules, run, progress, portal, given["crawl"]))
            results.append(run.result() if hidden else result)
    return results


async def _ci_audit(
    wanted: Any, urls: Sequence[str], settings: Settings, rules: Sequence[Rule], run: Run, progress: _Progress, portal: Portal, crawl: bool
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


@cli.command()
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


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--profile", default=None, help="Another scheme of points than the run's own.")
@click.option("--rules", "rules_folder", type=click.Path(path_type=Path), help="Folder with rules of your own.")
@written
@answers
@language
@logs
def replay(
    folder: Path, profile: str | None, rules_folder: Path | None, formats: Sequence[str], reviews_path: Path | None, **given: Any
) -> None:
    """Judge a finished run again from its snapshots alone: no network, no browser.

    Of a batch, its seal is verified where it has one, and every portal's result is compared with what its snapshots give.
    """
    from wcag_audit import audit as work
    from wcag_audit import pages as checking
    from wcag_audit.batch import Batch
    from wcag_audit.score import load_profile
    from wcag_audit.store import Run

    _logging(given["log_level"])
    if (batch_folder := Batch(folder)).exists:
        _replay_batch(batch_folder, rules_folder)
        return
    run = Run(folder)
    info = run.info()
    rules = _rules(rules_folder or (Path(info.rules) if info.rules else None))
    if info.command == "check":
        for line in checking.replay(run, rules):
            click.echo(checking.encode(line))
        return
    if reviews := _reviews(reviews_path):
        run.save_reviews(reviews)
    result = work.replay(run, rules, load_profile(profile or info.profile))
    files = write_reports(run, result, formats, given["lang"])
    show(result, files, given["lang"], given["quiet"])


@cli.command()
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

    _logging(given["log_level"])
    # Every run is read before the first report is written: a wrong folder stops the command at once.
    runs = [(run, run.result()) for run in map(Run, folders)]
    for run, result in runs:
        for path in write_reports(run, result, formats, given["lang"], browser):
            click.echo(path)


@cli.command()
@click.argument("folder", type=click.Path(path_type=Path))
def questions(folder: Path) -> None:
    """Print what a person still has to decide in a run, as a file to fill in and give to --reviews."""
    from wcag_audit.reviews import form
    from wcag_audit.store import Run

    run = Run(folder)
    click.echo(form(run.result(), run.reviews()).decode("utf-8"), nl=False)


@cli.command()
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

    _logging(given["log_level"])
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


@cli.command("rules")
@click.argument("rule_id", required=False)
@click.option("--rules", "rules_folder", type=click.Path(path_type=Path), help="Folder with rules of your own.")
@language
def list_rules(rule_id: str | None, rules_folder: Path | None, lang: str) -> None:
    """Print the catalogue of rules, or one rule's page."""
    from wcag_audit.engine import rule_infos
    from wcag_audit.reports.terminal import catalogue_lines, rule_page

    rules = _rules(rules_folder)
    if rule_id is None:
        for line in catalogue_lines(rules, rule_infos(rules), lang):
            click.echo(line)
        return
    page = rule_page(rule_id, rules, rule_infos(rules), lang)
    if page is None:
        raise Stop(Text(f"không có quy tắc {rule_id}; xem “wcag-audit rules”.", f"there is no rule {rule_id}; see “wcag-audit rules”."))
    click.echo(page)


@cli.command()
@click.option("--browser", type=click.Path(path_type=Path), help="Browser to examine instead of the one found.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder that results would be written to.")
@language
def doctor(browser: Path | None, out: Path | None, lang: str) -> None:
    """Say what is installed, and what to do where something is missing."""
    from wcag_audit.doctor import examine

    bad = False
    for found in examine(out, browser):
        mark = "✓" if found.ok else ("✗" if found.required else "!")
        click.echo(f"{mark} {found.name[lang]}: {found.detail[lang]}")
        if not found.ok and found.todo[lang]:
            click.echo(f"    → {found.todo[lang]}")
        bad = bad or (found.required and not found.ok)
    if bad:
        raise SystemExit(EXIT_USAGE)


# -- many portals ------------------------------------------------------------------------------------------------------
@cli.command()
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

    _logging(given["log_level"])
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


def _seal(folder: Batch) -> None:
    from wcag_audit.reports.texts import text
    from wcag_audit.seal import seal

    click.echo(f"{folder.seal_path}: {text('rounds', 'sealed', digest=seal(folder.folder))[_lang()]}")
    folder.keep(folder.seal_path)


def _replay_batch(folder: Batch, rules_folder: Path | None) -> None:
    """Verify the seal of a batch, and judge all of its portals again in a place of their own: what was sealed stays as it is."""
    from wcag_audit import audit as work
    from wcag_audit import seal
    from wcag_audit.reports.texts import text
    from wcag_audit.score import load_profile

    if folder.seal_path.is_file():
        if wrong := seal.verify(folder.folder):
            raise Stop(Text(*("; ".join(one[lang] for one in wrong[:20]) for lang in ("vi", "en"))))
        click.echo(text("rounds", "verified")[_lang()])
    info = folder.info()
    rules = _rules(rules_folder or (Path(info.how.rules) if info.how.rules else None))
    profile = load_profile(info.how.profile)
    finished = [unit for unit in info.units if folder.result(unit) is not None]
    same = 0
    for unit in finished:
        with folder.run(unit.id).copied() as scratch:
            if work.replay(scratch, rules, profile) == folder.result(unit):
                same += 1
            else:
                click.echo(text("rounds", "differs", unit=unit.id)[_lang()])
    click.echo(text("rounds", "replayed", same=same, all=len(finished))[_lang()])


@cli.command()
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


def _executor(cluster: str | None, workers: int | None) -> Executor:
    """Where the portals are audited: on this machine, or by the workers of a cluster."""
    if cluster:
        from wcag_audit.cluster import ClusterPool

        return ClusterPool(cluster)
    from wcag_audit.executor import LocalPool

    return LocalPool(workers or os.cpu_count() or 1)


@cli.command()
@click.argument("cluster", metavar="redis://…")
@click.option("--workers", type=click.IntRange(1, 256), help="Portals at once; as many as there are cores otherwise.")
@click.option("--scratch", type=click.Path(path_type=Path, file_okay=False), help="Where portals of a batch with --store are done.")
@elsewhere
@language
@logs
def worker(cluster: str, workers: int | None, scratch: Path | None, browser_url: str | None, **given: Any) -> None:
    """Join a cluster: audit the portals that “batch --cluster” hands out, until a signal ends it."""
    from wcag_audit.cluster import Station, serve

    _logging(given["log_level"])
    station = Station(browser_url=_browser_at(browser_url), **({"scratch": scratch.resolve()} if scratch else {}))
    serve(cluster, workers or os.cpu_count() or 1, station)


def _how(given: dict[str, Any], units: Sequence[Unit]) -> How:
    """Settings as plain data, read once here so that what is wrong is told before anything starts."""
    from wcag_audit.worker import How, Job, settings

    for option, column in (("pages_file", "pages"), ("auth_file", "auth")):
        if given[option] is not None:
            vi, en = f"hãy ghi vào cột {column} của danh sách cổng", f"write it into the roster's column {column}"
            raise Stop(Text(f"--{column}: {vi}.", f"--{column}: {en}."))
    if given["hosts"] or given["path"] != "/":
        raise Stop(Text("--host, --path: không dùng được cho nhiều cổng.", "--host, --path: not for many portals at once."))
    if _browser_at(given["browser_url"]) and (urlsplit(given["browser_url"]).username or urlsplit(given["browser_url"]).query):
        raise Stop(
            Text(
                "--browser-url: batch.json sẽ lưu mật khẩu này; hãy dùng --cluster và worker --browser-url.",
                "--browser-url: batch.json would keep this password; use --cluster and worker --browser-url.",
            )
        )
    plan = _plan(given)
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
    _rules(given["rules_folder"])
    _reviews(given["reviews_path"])
    return how


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


# -- shared ------------------------------------------------------------------------------------------------------------


def _load(given: dict[str, Any]) -> tuple[Any, Settings, tuple[Rule, ...], _Progress]:
    """Everything that an audit needs beside the browser."""
    from wcag_audit import audit as work

    settings = _settings(given)
    rules = _rules(given["rules_folder"])
    # What is loaded by now stays to the end: the collector need not look through it again after every page.
    gc.freeze()
    return work, settings, rules, _Progress(given["lang"], given["quiet"])


def _browser_at(url: str | None) -> str | None:
    if url is not None and not (urlsplit(url).scheme in ("http", "https", "ws", "wss") and urlsplit(url).hostname):
        raise Stop(Text(f"--browser-url {url}: cần địa chỉ http, https, ws hoặc wss.", f"--browser-url {url}: needs http(s) or ws(s)."))
    return url


def _browser_options(given: dict[str, Any]) -> Options:
    from wcag_audit.browser.port import Options

    _browser_at(given["browser_url"])
    same = ("browser", "browser_url", "proxy", "ignore_tls_errors")
    return Options(**{name: given[name] for name in same})


def _portal_options(url: str, given: dict[str, Any]) -> Options:
    """How the browser goes to one portal: what it says of itself, where it may be led, and with which log-in."""
    from dataclasses import replace

    from wcag_audit.crawl.private import Fence
    from wcag_audit.crawl.urls import same_owner

    auth = None
    if given["auth_file"] is not None or urlsplit(given.get("with_password", "")).username is not None:
        from wcag_audit.browser.auth import read_auth, with_basic

        if given["driver"] != "playwright":
            raise Stop(Text("--auth chỉ dùng được với --driver playwright.", "--auth needs --driver playwright."))
        auth = read_auth(given["auth_file"], url) if given["auth_file"] is not None else None
        auth = with_basic(auth, given.get("with_password", ""))
    contact = f" (+{given['contact']})" if given["contact"].isprintable() and given["contact"] else ""
    return replace(
        _browser_options(given),
        agent=f"wcag-audit/{__version__}{contact}",
        lets=Fence([url, *(f"{urlsplit(url).scheme}://{host}" for host in given["hosts"])], allow_private=given["allow_private"]).lets,
        loads=(lambda address: same_owner(address, url)) if given["no_third_party"] else None,
        auth=auth,
    )


def _secrets(options: Options) -> tuple[str, ...]:
    if options.auth is None:
        return ()
    from wcag_audit.browser.auth import secrets

    return secrets(options.auth)


def _settings(given: dict[str, Any]) -> Settings:
    from wcag_audit.audit import Settings
    from wcag_audit.gather.axe import use_axe
    from wcag_audit.gather.visit import STATIC, WITHOUT_PICTURE, Limits
    from wcag_audit.score import load_profile

    if (axe_path := given["axe_path"]) is not None:
        if not axe_path.is_file():
            raise Stop(Text(f"--axe-path {axe_path}: không có tệp này.", f"--axe-path {axe_path}: no such file."))
        use_axe(axe_path)
    return Settings(
        profile=load_profile(given["profile"]),
        driver=given["driver"],
        browser=given.get("options") or _browser_options(given),
        limits=Limits(load=given["timeout"]),
        depth=given["depth"],
        jobs=given["jobs"],
        seed=given["seed"],
        runs=given.get("runs", 1),
        static=STATIC if given.get("pictures", True) else WITHOUT_PICTURE,
        **_plan(given),
    )


def _plan(given: dict[str, Any]) -> dict[str, Any]:
    """What the options of a command say of the crawl and the sample, as far as it has them."""
    same = ("max_pages", "max_crawl", "exhaustive", "rate", "ignore_robots", "hosts", "path", "include", "exclude")
    plan = {name: given[name] for name in same if name in given}
    plan["max_time"] = given.get("max_time", 0.0) * 60
    plan["quota"] = _quota(given.get("quota"))
    plan["pages"] = _pages(given.get("pages_file"))
    return plan


def _quota(text: str | None) -> dict[str, int] | None:
    """``home=1,e-form=2``, or ``standard``."""
    from wcag_audit.crawl.kinds import kind_names
    from wcag_audit.crawl.sample import STANDARD_QUOTA

    if text is None or text == "standard":
        return dict(STANDARD_QUOTA) if text else None
    rows = [row.strip().partition("=") for row in text.split(",")]
    if not all(kind in kind_names() and number.isdigit() and 0 < int(number) <= _MOST_OF_A_TYPE for kind, _, number in rows):
        kinds = ", ".join(kind_names())
        raise Stop(
            Text(
                f"--quota {text}: hãy ghi “standard” hoặc LOẠI=SỐ (1–{_MOST_OF_A_TYPE}), với LOẠI là một trong: {kinds}.",
                f"--quota {text}: write “standard” or TYPE=N (1–{_MOST_OF_A_TYPE}), with TYPE one of: {kinds}.",
            )
        )
    return {kind: int(number) for kind, _, number in rows}


def _pages(path: Path | None) -> tuple[str, ...]:
    """The addresses of ``--pages``: one a line; what follows `` #`` is a remark."""
    if path is None:
        return ()
    try:
        lines = [line.partition(" #")[0].strip() for line in path.read_text("utf-8").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise Stop(Text(f"--pages {path}: không đọc được ({error}).", f"--pages {path}: cannot be read ({error}).")) from error
    pages = tuple(dict.fromkeys(line for line in lines if line and not line.startswith("#")))
    bad = next((page for page in pages if urlsplit(page).scheme not in ("http", "https")), None)
    if bad is not None or not pages:
        what = bad or "∅"
        raise Stop(
            Text(
                f"--pages {path}: mỗi dòng phải là một địa chỉ http(s), không phải: {what}.",
                f"--pages {path}: each line must be an http(s) address, not: {what}.",
            )
        )
    return pages


def _rules(folder: Path | None) -> tuple[Rule, ...]:
    from wcag_audit.rules import catalogue, load_folder

    return (*catalogue(), *(load_folder(folder) if folder is not None else ()))


def _reviews(path: Path | None) -> tuple[Review, ...]:
    from wcag_audit.reviews import read

    return read(path) if path is not None else ()


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "portal"


def _free_folder(parent: Path, name: str) -> Path:
    """``runs/<name>``, or with a number where an earlier run stands."""
    number = 1
    while (folder := parent / (name if number == 1 else f"{name}-{number}")).exists():
        number += 1
    return folder


def _logging(level: str) -> None:
    logging.basicConfig(level=level.upper(), format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)


@contextlib.contextmanager
def _profiled(given: dict[str, Any]) -> Iterator[Timings | None]:
    """What the block tells of its times, where it was asked for."""
    from wcag_audit.timings import Timings, listening

    timings = Timings() if given["profiled"] else None
    with listening(timings):
        yield timings


def _tell_timings(timings: Timings | None, run: Run | None, lang: str) -> None:
    if timings is None:
        return
    from rich.console import Console

    from wcag_audit.reports.terminal import timings_table
    from wcag_audit.store import write_whole

    if run is not None:
        write_whole(run.folder / "timings.json", timings.encode())
    Console(stderr=True, highlight=False).print(timings_table(timings.rows(), lang))


def _prepare_reports() -> None:
    from wcag_audit.reports import html

    html.prepare()


def write_reports(run: Run, result: Result, wanted: Sequence[str], lang: str, browser: str | None = None) -> list[Path]:
    """Write the reports asked for; ``result.json`` is there already."""
    from wcag_audit.browser.printing import Printer
    from wcag_audit.reports import formats
    from wcag_audit.reports.pictures import Album
    from wcag_audit.store import write_whole
    from wcag_audit.timings import timed

    names = FORMATS if "all" in wanted else tuple(dict.fromkeys(wanted))
    written = [run.result_path]
    with timed("write", "reports"), Printer(browser) as printer:
        materials = formats.Materials(Album(run.screenshot_path), printer.print_pdf)
        for name, content in formats.write(result, names, LANGUAGES[lang], materials):
            write_whole(run.folder / name, content)
            written.append(run.folder / name)
    return written


def show(result: Result, files: Sequence[Path], lang: str, quiet: bool) -> None:
    """The verdict on one screen, and where the reports are."""
    from rich.console import Console

    from wcag_audit.reports.terminal import verdict

    console = Console(highlight=False)
    if not quiet:
        console.print(verdict(result, lang))
    for path in files:
        click.echo(path)


class _Progress:
    """A line per page on stderr while an audit runs; a bar where stderr is a terminal."""

    def __init__(self, lang: str, quiet: bool) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        self._lang = lang
        self._quiet = quiet
        self._console = Console(stderr=True, highlight=False)
        self._bar = Progress(
            BarColumn(bar_width=24), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"),
            console=self._console, transient=True, disable=quiet or not self._console.is_terminal,
        )  # fmt: skip
        self._task = self._bar.add_task("", total=None)

    def __enter__(self) -> _Progress:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def page_done(self, page: Page, outcomes: Sequence[Outcome], total: int) -> None:
        from wcag_audit.reports.terminal import page_line

        self._bar.update(self._task, advance=1, total=total)
        if not self._quiet:
            self._console.print(page_line(page, outcomes, self._lang), soft_wrap=True)


def _our_errors() -> tuple[type[Exception], ...]:
    """Errors that carry a line for people in ``text``: bad input, not bugs."""
    from wcag_audit.batch import Hopeless
    from wcag_audit.browser.auth import AuthError
    from wcag_audit.browser.find import NoBrowser
    from wcag_audit.ci import CheckError
    from wcag_audit.config import ConfigError
    from wcag_audit.crawl.frontier import FrontierError
    from wcag_audit.pages import InputError
    from wcag_audit.reviews import ReviewsError
    from wcag_audit.roster import RosterError
    from wcag_audit.rules import BadRule
    from wcag_audit.score import ProfileError
    from wcag_audit.started import StartError
    from wcag_audit.store import RunError

    return (
        AuthError, BadRule, CheckError, ConfigError, FrontierError, Hopeless, InputError, NoBrowser, ProfileError, ReviewsError,
        RosterError, RunError, StartError,
    )


def _bug(error: BaseException) -> NoReturn:
    with tempfile.NamedTemporaryFile("w", prefix="wcag-audit-", suffix=".log", delete=False, encoding="utf-8") as file:
        file.write(f"wcag-audit {__version__}, Python {sys.version}\n{' '.join(sys.argv)}\n\n")
        traceback.print_exception(error, file=file)
    click.echo(f"wcag-audit: lỗi của chương trình ({error!r}); nhật ký: {file.name} | a bug of ours; log: {file.name}", err=True)
    raise SystemExit(EXIT_BUG)


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with a documented exit code."""
    from wcag_audit.browser.port import BrowserError

    if threading.current_thread() is threading.main_thread():
        # A polite kill ends like Ctrl-C: browsers are closed, and the run goes on later.
        signal.signal(signal.SIGTERM, _interrupt)
    words = list(sys.argv[1:] if arguments is None else arguments)
    lang = "en" if any(a == "--lang=en" or (a == "--lang" and words[i + 1 : i + 2] == ["en"]) for i, a in enumerate(words)) else "vi"
    try:
        cli.main(args=words, prog_name="wcag-audit", standalone_mode=False)
    except click.exceptions.Exit as leave:
        raise SystemExit(leave.exit_code) from None
    except click.ClickException as error:
        error.show()
        raise SystemExit(error.exit_code) from None
    except (KeyboardInterrupt, click.Abort):
        click.echo("wcag-audit: đã dừng theo yêu cầu | interrupted", err=True)
        raise SystemExit(EXIT_INTERRUPTED) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(EXIT_OK) from None
    except BrowserError as error:
        text = Text(
            f"trình duyệt không khởi động được: {error}; hãy chạy “wcag-audit doctor”.",
            f"the browser does not start: {error}; run “wcag-audit doctor”.",
        )
        click.echo(f"wcag-audit: {text[lang]}", err=True)
        raise SystemExit(EXIT_USAGE) from None
    except Exception as error:
        if isinstance(error, _our_errors()):
            click.echo(f"wcag-audit: {error.text[lang]}", err=True)  # type: ignore[attr-defined]
            raise SystemExit(EXIT_USAGE) from None
        _bug(error)


if __name__ == "__main__":
    main()
