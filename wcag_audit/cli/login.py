"""``login``: a log-in that a person does, saved for ``--auth``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from wcag_audit.cli.common import Stop, language, web_address
from wcag_audit.model import Text


@click.command()
@click.argument("url")
@click.option("--out", type=click.Path(path_type=Path), default=Path("auth.json"), show_default=True, help="File for the log-in.")
@click.option("--browser", metavar="PATH", help="Browser to start instead of the one found; it must be able to show a window.")
@click.option("--ignore-tls-errors", is_flag=True, help="Open pages whose certificate is not valid.")
@language
def login(url: str, out: Path, browser: str | None, ignore_tls_errors: bool, lang: str) -> None:
    """Open a browser, let a person log in, and save the log-in for --auth.

    The file holds what lets anybody in: keep it as you keep a password, and delete it when the audit is done.
    """
    import asyncio

    from wcag_audit.browser.auth import save_login
    from wcag_audit.browser.port import Options

    web_address(url)
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
