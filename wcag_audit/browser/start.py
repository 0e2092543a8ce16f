"""Starting a browser by its driver's name. Imports next to nothing, so that a browser can start before the rest is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wcag_audit.browser.port import Browser, Options


async def start_browser(driver: str, options: Options) -> Browser:
    """Start a browser (``playwright`` or ``selenium``). Raises NoBrowser where there is none, BrowserError where it does not start."""
    if driver == "selenium":
        from wcag_audit.browser import selenium

        return await selenium.start(options)
    from wcag_audit.browser import playwright

    return await playwright.start(options)
