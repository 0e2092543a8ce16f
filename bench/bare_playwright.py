"""The floor that an audit is measured against: a bare Playwright script that loads one page and runs the same axe rules.

``python bench/bare_playwright.py URL OPTIONS.json BROWSER``; ``bench/overhead.py`` runs it beside an audit. It knows nothing of ours.
"""

from __future__ import annotations

import asyncio
import sys
from importlib import resources
from pathlib import Path

from playwright.async_api import async_playwright


async def main(url: str, options: str, executable: str) -> None:
    source = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable or None, args=["--disable-gpu", "--disable-quic"])
        page = await browser.new_page(viewport={"width": 1280, "height": 800})
        await page.goto(url)
        await page.evaluate(source)
        result = await page.evaluate(f"axe.run(document, {Path(options).read_text('utf-8')})")
        print(len(result["violations"]), "violations")
        await browser.close()


asyncio.run(main(*sys.argv[1:]))
