"""How a command starts that needs a browser: the browser first, and the rest of the program while it starts."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from wcag_audit.browser.port import Browser, Options

T = TypeVar("T")


async def browser_and(load: Callable[[], T], driver: str, options: Options) -> tuple[Awaitable[Browser], T]:
    """A browser that starts, and what ``load`` gives meanwhile, in a thread: to start a browser takes longer than to load all of this
    program. Where ``load`` raises, the browser is closed first."""
    import asyncio

    from wcag_audit.browser.start import start_browser

    context = click.get_current_context()

    def load_in_context() -> T:
        # click keeps the command, whose --lang an error speaks, for each thread.
        with context.scope(cleanup=False):
            return load()

    with loading():
        starting = asyncio.ensure_future(start_browser(driver, options))
        try:
            await asyncio.sleep(0)
            return starting, await asyncio.to_thread(load_in_context)
        except BaseException:
            with contextlib.suppress(Exception):
                await (await starting).close()
            raise


@contextlib.contextmanager
def loading() -> Iterator[None]:
    """What is loaded in this block stays to the end: the collector need not look through it, neither now nor after every page."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
