"""The floor that everything is measured against: a bare Playwright loop over pages, two at a time, that loads each and runs axe-core.

``python bench/floor.py load|axe BROWSER URL…`` prints how many pages it loaded. axe-core runs all its rules of WCAG 2.0 level A, with what
it is asked for otherwise as we ask for it.
"""

from __future__ import annotations

import asyncio
import json
import sys
from importlib import resources

from playwright.async_api import Browser, async_playwright

from wcag_audit.axe import run_options

AT_ONCE = 2
_LEVEL_A = {**run_options(), "runOnly": {"type": "tag", "values": ["wcag2a"]}}
_ARGS = ("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")


async def one(browser: Browser, url: str, script: str, gate: asyncio.Semaphore) -> None:
    async with gate:
        page = await browser.new_page(viewport={"width": 1280, "height": 800}, locale="vi-VN")
        await page.goto(url)
        if script:
            await page.evaluate(script)
            await page.evaluate(f"axe.run(document, {json.dumps(_LEVEL_A)})")
        await page.close()


async def main(what: str, executable: str, *urls: str) -> None:
    source = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    gate = asyncio.Semaphore(AT_ONCE)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=_ARGS)
        done = await asyncio.gather(*(one(browser, url, source if what == "axe" else "", gate) for url in urls), return_exceptions=True)
        await browser.close()
    print(json.dumps({"pages": sum(result is None for result in done), "errors": [str(result) for result in done if result is not None]}))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
