"""Options that several commands take, and how the program ends with a line for people."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import SplitResult, urlsplit

import click

from wcag_audit.given import is_address
from wcag_audit.model import Text
from wcag_audit.reports.formats import NAMES

EXIT_OK, EXIT_GATE, EXIT_USAGE, EXIT_NOT_ASSESSED, EXIT_SOME_NOT_ASSESSED, EXIT_BUG, EXIT_INTERRUPTED = 0, 1, 2, 3, 4, 70, 130
LANGUAGES = {"vi": ("vi",), "en": ("en",), "both": ("vi", "en")}
F = TypeVar("F", bound=Callable[..., Any])


class Stop(click.ClickException):
    """Ends the program with one line for people, in the language of ``--lang``, and a documented exit code."""

    def __init__(self, text: Text, code: int = EXIT_USAGE) -> None:
        super().__init__(text[spoken()])
        self.exit_code = code  # type: ignore[misc]  # click declares it on the class and reads it from the instance

    def show(self, file: Any = None) -> None:
        click.echo(f"wcag-audit: {self.message}", err=True)


def web_address(url: str) -> SplitResult:
    """The parts of an address that a person gave."""
    if not is_address(url):
        raise Stop(
            Text(
                f"{url}: địa chỉ phải bắt đầu bằng http:// hoặc https://, rồi đến tên máy chủ (và cổng, nếu có).",
                f"{url}: the address must start with http:// or https://, then a host (and a port, if any).",
            )
        )
    return urlsplit(url)


def spoken() -> str:
    """The language of ``--lang``, in whatever command."""
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
    type=click.Choice([*NAMES, "all"]),
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


def start_logging(level: str) -> None:
    logging.basicConfig(level=level.upper(), format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
