"""A real browser for tests that are not themselves asynchronous: one per test process, driven from a thread of its own."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

from wcag_audit.audit import Pool, Settings, visit_and_judge
from wcag_audit.browser.port import Browser
from wcag_audit.engine import Evaluated
from wcag_audit.gather.probes import PROBES
from wcag_audit.gather.visit import WITHOUT_PICTURE, Limits, Visit
from wcag_audit.model import Page
from wcag_audit.rule import Rule
from wcag_audit.score import load_profile

T = TypeVar("T")


class Browsing:
    """Starts the browser at its first use; ``close`` ends it."""

    def __init__(self, driver: str = "playwright") -> None:
        self._driver = driver
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._pool = Pool(self.settings())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of a coroutine, run in the browser's loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=280)

    def settings(self, **given: Any) -> Settings:
        # Tests share two cores with other tests: a recording may take longer than on an idle machine.
        given.setdefault("limits", Limits(page=240, probes=600, patience=4))
        return Settings(profile=load_profile("mic-2024"), driver=self._driver, **given)

    @property
    def browser(self) -> Browser:
        """The browser itself, for tests of drivers."""
        return self.run(self._pool.start())

    def judge(
        self, url: str, rules: Sequence[Rule], page_id: str = "page", order: int = 0, *, isolated: bool = True, **given: Any
    ) -> tuple[Visit, Evaluated]:
        """Visit an address as an audit does, with cookies of its own where ``isolated`` and with the probes that the rules need, and
        judge it; no picture is taken unless ``static`` names it."""
        needs = {need for rule in rules for need in (*rule.needs, *rule.uses)}
        probes = tuple(probe for probe in PROBES if probe.name in needs)
        settings = self.settings(depth="full" if probes else "static", probes=probes, **{"static": WITHOUT_PICTURE, **given})
        page = Page(id=page_id, requested=url, order=order)
        return self.run(visit_and_judge(self._pool, page, settings, rules, lambda _: True, isolated=isolated))

    def visit(self, url: str, **given: Any) -> Visit:
        """Visit an address at static depth; ``given`` are settings."""
        return self.judge(url, (), **given)[0]

    def close(self) -> None:
        self.run(self._pool.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
