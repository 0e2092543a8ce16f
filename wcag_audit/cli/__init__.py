"""The command line: the only package that prints or chooses an exit code. A file here holds commands that belong together.

The file of a command is imported when the command is called. At its top it imports only what costs next to nothing, and the rest
where the command needs it: help answers at once, and the browser of an audit starts before most of the program is loaded.

Exit codes: 0 done, 1 a gate is broken, 2 bad usage or input, 3 not assessed, 4 some of many not assessed, 70 a bug of ours,
130 interrupted; see docs/commands.md.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from typing import NoReturn

import click

from wcag_audit import __version__
from wcag_audit.cli.common import EXIT_BUG, EXIT_INTERRUPTED, EXIT_OK, EXIT_USAGE
from wcag_audit.model import BadInput, Text

#: Command → the module here that has it under the same name.
_HOMES = {
    "audit": "audit",
    "batch": "batch",
    "check": "check",
    "ci": "ci",
    "compare": "compare",
    "demo": "audit",
    "doctor": "doctor",
    "history": "batch",
    "init": "ci",
    "login": "login",
    "questions": "report",
    "replay": "replay",
    "report": "report",
    "rules": "catalogue",
    "worker": "batch",
}


#: New objects between two collections. A page's tree is many thousand objects that all live until the page is judged: looked through
#: every 700, as Python does by itself, they cost a tenth of all that judging does.
_COLLECTING = (20_000, 10, 10)


class _Commands(Mapping[str, click.Command]):
    """The commands by name, each imported when it is asked for."""

    def __getitem__(self, name: str) -> click.Command:
        command: click.Command = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(_HOMES)

    def __len__(self) -> int:
        return len(_HOMES)


@click.group(commands=_Commands(), context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="wcag-audit")
def cli() -> None:
    """Audit public-service portals against WCAG 2.0 level A, with evidence that anyone can repeat."""


def _bug(error: BaseException) -> NoReturn:
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile("w", prefix="wcag-audit-", suffix=".log", delete=False, encoding="utf-8") as file:
        file.write(f"wcag-audit {__version__}, Python {sys.version}\n{' '.join(sys.argv)}\n\n")
        traceback.print_exception(error, file=file)
    click.echo(f"wcag-audit: lỗi của chương trình ({error!r}); nhật ký: {file.name} | a bug of ours; log: {file.name}", err=True)
    raise SystemExit(EXIT_BUG)


def _interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with a documented exit code."""
    if threading.current_thread() is threading.main_thread():
        # A polite kill ends like Ctrl-C: browsers are closed, and the run goes on later.
        signal.signal(signal.SIGTERM, _interrupt)
    gc.set_threshold(*_COLLECTING)
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
    except BadInput as error:
        click.echo(f"wcag-audit: {error.text[lang]}", err=True)
        raise SystemExit(EXIT_USAGE) from None
    except Exception as error:
        from wcag_audit.browser.port import BrowserError

        if not isinstance(error, BrowserError):
            _bug(error)
        text = Text(
            f"trình duyệt không khởi động được: {error}; hãy chạy “wcag-audit doctor”.",
            f"the browser does not start: {error}; run “wcag-audit doctor”.",
        )
        click.echo(f"wcag-audit: {text[lang]}", err=True)
        raise SystemExit(EXIT_USAGE) from None
