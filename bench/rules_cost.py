"""What our rules cost beside axe, on the heaviest page of each fixture portal.

``python bench/rules_cost.py [--runs 5]`` loads each page with a real browser and judges its snapshot ``--runs`` times in a thread of
its own, as an audit does. Per page it prints

- ``axe``: the time of the axe artifact (``axe.run`` in the page, and the way there and back), the least of ``--runs`` visits;
- ``first`` and ``ours``: thread time of the whole judgement (tree, all rules, axe's outcomes, merging, fingerprints) on its first run,
  and the least of all runs; html5lib's parser is left out and stands by itself;
- the share of ``ours`` in ``axe``, and the ten rules that cost most. A rule pays for what later ones share with it.

The target is a share of less than 15 %. Times of a busy machine stretch both sides, though not alike: read the least of many runs.
"""

from __future__ import annotations

import asyncio
import copy
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import click
from heavy_pages import HEAVY, PORTALS

from wcag_audit.audit import Settings, environment
from wcag_audit.browser.port import Browser
from wcag_audit.browser.start import start_browser
from wcag_audit.engine import evaluate
from wcag_audit.gather.visit import visit
from wcag_audit.model import Page, Snapshot
from wcag_audit.rule import Evidence, Rule
from wcag_audit.rules import catalogue
from wcag_audit.rules.robust._parser import Parser
from wcag_audit.score import load_profile
from wcag_audit.serve import PortalSite, serving

#: What html5lib's parser is called in a table of times.
PARSER = "html5lib"
#: Rules printed per page.
HEAVIEST = 10


class Judgement(NamedTuple):
    """Seconds of thread time: the whole without html5lib, and each rule's part; html5lib under ``PARSER``."""

    whole: float
    parts: Counter[str]


def timed(rule: Rule, parts: Counter[str]) -> Rule:
    """The rule, which adds what its functions take to its place in ``parts``."""

    def clocked(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any) -> Any:
            started = time.thread_time()
            try:
                return function(*given)
            finally:
                parts[rule.id] += time.thread_time() - started

        return call

    def applicability(evidence: Evidence) -> Iterator[Any]:
        targets = clocked(lambda: iter(rule.applicability(evidence)))()
        following = clocked(lambda: next(targets, parts))
        while (target := following()) is not parts:
            yield target

    one = copy.copy(rule)
    one.applicability, one.expectation = applicability, clocked(rule.expectation)
    one.digest = None if rule.digest is None else clocked(rule.digest)
    return one


def judge(snapshot: Snapshot, rules: Sequence[Rule]) -> Judgement:
    """Judge a page once, by the clock."""
    parts: Counter[str] = Counter()
    parse = Parser.parse

    def parse_by_the_clock(parser: Any, *given: Any, **named: Any) -> Any:
        began = time.thread_time()
        try:
            return parse(parser, *given, **named)
        finally:
            parts[PARSER] += time.thread_time() - began

    Parser.parse = parse_by_the_clock
    try:
        started = time.thread_time()
        evaluate(snapshot, [timed(rule, parts) for rule in rules])
        whole = time.thread_time() - started
    finally:
        Parser.parse = parse
    parts["tags-are-complete-and-nested"] -= parts[PARSER]
    return Judgement(whole - parts[PARSER], parts)


async def snapshots(browser: Browser, portal: str, runs: int) -> list[Snapshot]:
    """A portal's heaviest page, visited ``runs`` times."""
    settings = Settings(profile=load_profile("mic-2024"), depth="static")
    with serving(PortalSite(PORTALS / portal)) as served:
        page = Page(id=portal, requested=served.url + HEAVY[portal])
        around = environment(settings, browser)
        return [(await visit(browser, page, around, settings.limits, lambda url: True)).snapshot for _ in range(runs)]


def report(portal: str, axe: int, nodes: int, judged: Sequence[Judgement]) -> str:
    """What is printed of one page; ``axe`` in milliseconds."""
    ours = min(one.whole for one in judged) * 1000
    parser = min(one.parts[PARSER] for one in judged) * 1000
    head = f"{portal}/{HEAVY[portal]}: {nodes} nodes, axe {axe} ms, first {judged[0].whole * 1000:.0f} ms, ours {ours:.0f} ms"
    lines = [f"{head} = {100 * ours / max(axe, 1):.0f} % of axe (html5lib {parser:.0f} ms)"]
    least = Counter({rule: min(one.parts[rule] for one in judged) * 1000 for rule in judged[0].parts if rule != PARSER})
    lines += [f"    {spent:5.1f} ms  {rule}" for rule, spent in least.most_common(HEAVIEST)]
    return "\n".join(lines)


async def measure(portals: Sequence[str], runs: int) -> None:
    browser = await start_browser("playwright", Settings(profile=load_profile("mic-2024")).browser)
    rules = catalogue()
    try:
        for portal in portals:
            seen = await snapshots(browser, portal, runs)
            judged = [await asyncio.to_thread(judge, seen[0], rules) for _ in range(runs)]
            axe = min(snapshot.artifacts["axe"].took for snapshot in seen)
            click.echo(report(portal, axe, len(seen[0].artifacts["dom"].data["nodes"]), judged))
    finally:
        await browser.close()


@click.command(help=__doc__)
@click.argument("portals", nargs=-1, type=click.Choice(list(HEAVY)))
@click.option("--runs", default=5, show_default=True, type=click.IntRange(1))
def main(portals: tuple[str, ...], runs: int) -> None:
    asyncio.run(measure(portals or tuple(HEAVY), runs))


if __name__ == "__main__":
    main()
