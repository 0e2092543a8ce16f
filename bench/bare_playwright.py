"""The floor that an audit is measured against: a bare Playwright script that loads one page and runs the same axe rules.

``python bench/bare_playwright.py URL``; compare with ``wcag-audit audit URL --max-pages 1 --depth static --quiet --out DIR``.
"""

from __future__ import annotations

import asyncio
import json
import sys
from importlib import resources

from playwright.async_api import async_playwright

from wcag_audit.axe import run_options
from wcag_audit.browser.find import LAUNCH_ARGS, find_browser


async def main(url: str) -> None:
    source = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_browser().path, args=list(LAUNCH_ARGS))
        page = await browser.new_page()
        await page.goto(url)
        await page.evaluate(source)
        result = await page.evaluate(f"axe.run(document, {json.dumps(run_options())})")
        print(len(result["violations"]), "violations")
        await browser.close()


asyncio.run(main(sys.argv[1]))
