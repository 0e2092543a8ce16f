"""Printing HTML to PDF with the browser's own tags and bookmarks; what reports are handed instead of a browser."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from wcag_audit.browser.find import LAUNCH_ARGS, find_browser
from wcag_audit.browser.port import BrowserError

if TYPE_CHECKING:
    from types import TracebackType

    from playwright import sync_api as pw

#: Seconds for one document at the most: a thousand pages take about half a minute.
TIMEOUT = 300


class Printer:
    """A browser that is started at the first document and prints all of them; no page that it prints loads anything or runs a script."""

    def __init__(self, browser: str | None = None) -> None:
        self._path = browser
        self._open = ExitStack()
        self._context: pw.BrowserContext | None = None

    def __enter__(self) -> Printer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._open.close()

    def print_pdf(self, html: str) -> bytes:
        """An A4 PDF, tagged, with bookmarks from the headings. Raises NoBrowser or BrowserError."""
        from playwright import sync_api as pw  # every other report is written without it

        try:
            context = self._context = self._context or self._start()
            page = context.new_page()
            try:
                # A file, because a document given as text is sent through the driver's pipe in one piece.
                with tempfile.TemporaryDirectory() as folder:
                    file = Path(folder) / "document.html"
                    file.write_text(html, encoding="utf-8")
                    page.goto(file.as_uri(), timeout=TIMEOUT * 1000)
                    return page.pdf(format="A4", tagged=True, outline=True, print_background=True, prefer_css_page_size=True)
            finally:
                page.close()
        except pw.Error as error:
            raise BrowserError(str(error).splitlines()[0]) from error

    def _start(self) -> pw.BrowserContext:
        from playwright import sync_api as pw

        found = find_browser(Path(self._path) if self._path else None)
        runtime = self._open.enter_context(pw.sync_playwright())
        browser = runtime.chromium.launch(executable_path=found.path, args=list(LAUNCH_ARGS), handle_sigint=False)
        self._open.callback(browser.close)
        context = browser.new_context(java_script_enabled=False, offline=True, service_workers="block")
        context.set_default_timeout(TIMEOUT * 1000)
        return context
