"""From the options of a command to the settings of its work; what is wrong with them is told before anything starts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from wcag_audit import __version__
from wcag_audit.cli.common import Stop
from wcag_audit.given import is_address
from wcag_audit.model import Text

if TYPE_CHECKING:
    from wcag_audit.audit import Settings
    from wcag_audit.browser.port import Options
    from wcag_audit.model import Review
    from wcag_audit.rule import Rule

#: Pages of one page type that a quota may ask for.
_MOST_OF_A_TYPE = 1_000


def settings_of(given: dict[str, Any]) -> Settings:
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
        browser=given.get("options") or browser_options(given),
        limits=Limits(load=given["timeout"]),
        depth=given["depth"],
        jobs=given["jobs"],
        seed=given["seed"],
        runs=given.get("runs", 1),
        static=STATIC if given.get("pictures", True) else WITHOUT_PICTURE,
        **plan_of(given),
    )


def plan_of(given: dict[str, Any]) -> dict[str, Any]:
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
    bad = next((page for page in pages if not is_address(page)), None)
    if bad is not None or not pages:
        what = bad or "∅"
        raise Stop(
            Text(
                f"--pages {path}: mỗi dòng phải là một địa chỉ http(s), không phải: {what}.",
                f"--pages {path}: each line must be an http(s) address, not: {what}.",
            )
        )
    return pages


def browser_at(url: str | None) -> str | None:
    if url is not None and not is_address(url, ("http", "https", "ws", "wss")):
        raise Stop(Text(f"--browser-url {url}: cần địa chỉ http, https, ws hoặc wss.", f"--browser-url {url}: needs http(s) or ws(s)."))
    return url


def browser_options(given: dict[str, Any]) -> Options:
    from wcag_audit.browser.port import Options

    browser_at(given["browser_url"])
    same = ("browser", "browser_url", "proxy", "ignore_tls_errors")
    return Options(**{name: given[name] for name in same})


def options_for(url: str, given: dict[str, Any]) -> Options:
    """How the browser goes to one portal: what it says of itself, where it may be led, and with which log-in."""
    from dataclasses import replace

    from wcag_audit.crawl.private import Fence

    auth = None
    if given["auth_file"] is not None or urlsplit(given.get("with_password", "")).username is not None:
        from wcag_audit.browser.auth import read_auth, with_basic

        if given["driver"] != "playwright":
            raise Stop(Text("--auth chỉ dùng được với --driver playwright.", "--auth needs --driver playwright."))
        auth = read_auth(given["auth_file"], url) if given["auth_file"] is not None else None
        auth = with_basic(auth, given.get("with_password", ""))
    for host in given["hosts"]:
        if not is_address(f"http://{host}/"):
            raise Stop(Text(f"--host {host}: cần tên máy chủ, có thể kèm cổng.", f"--host {host}: needs a host, perhaps with a port."))
    contact = f" (+{given['contact']})" if given["contact"].isprintable() and given["contact"] else ""
    return replace(
        browser_options(given),
        agent=f"wcag-audit/{__version__}{contact}",
        lets=Fence([url, *(f"{urlsplit(url).scheme}://{host}" for host in given["hosts"])], allow_private=given["allow_private"]).lets,
        loads=_only_of(url) if given["no_third_party"] else None,
        auth=auth,
    )


def _only_of(url: str) -> Callable[[str], bool]:
    from wcag_audit.crawl.urls import same_owner

    return lambda address: same_owner(address, url)


def secrets_of(options: Options) -> tuple[str, ...]:
    if options.auth is None:
        return ()
    from wcag_audit.browser.auth import secrets

    return secrets(options.auth)


def rules_of(folder: Path | None) -> tuple[Rule, ...]:
    from wcag_audit.rules import catalogue, load_folder

    return (*catalogue(), *(load_folder(folder) if folder is not None else ()))


def reviews_of(path: Path | None) -> tuple[Review, ...]:
    from wcag_audit.reviews import read

    return read(path) if path is not None else ()
