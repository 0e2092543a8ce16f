"""What our rules cost beside axe, on the heaviest page of each fixture portal.

``python bench/rules_cost.py [--runs 5]`` visits each page ``--runs`` times with a real browser and judges each snapshot in a thread, as
an audit does. Per page it prints

- ``axe``: the time of the axe artifact (``axe.run`` of the rules that we ask for, and the way there and back);
- ``ours``: the whole judgement (tree, all rules, axe's outcomes, merging, fingerprints), and what the first one took, which also fills
  caches; html5lib's parser is left out and stands by itself;
- the share of ``ours`` in ``axe``, and the ten rules that cost most. A rule pays for what later ones share with it.

The target is a share of less than 15 %. All are wall times, each the least of its runs: what else the machine does stretches them all.
"""

from __future__ import annotations

import asyncio
import gc
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import click
from heavy_pages import HEAVY, PORTALS

from wcag_audit.audit import Settings, environment
from wcag_audit.browser.port import Browser
from wcag_audit.browser.start import start_browser
from wcag_audit.engine import evaluate
from wcag_audit.gather.visit import visit
from wcag_audit.model import Page, Snapshot
from wcag_audit.rule import Rule
from wcag_audit.rules import catalogue
from wcag_audit.rules.robust._parser import Parser
from wcag_audit.score import load_profile
from wcag_audit.serve import PortalSite, serving
from wcag_audit.timings import Timings, listening

#: What html5lib's parser is called in a table of times.
PARSER = "html5lib"
#: Rules printed per page.
HEAVIEST = 10


class Judgement(NamedTuple):
    """Seconds: the whole without html5lib, and each rule's part; html5lib under ``PARSER``."""

    whole: float
    parts: Counter[str]


def judge(snapshot: Snapshot, rules: Sequence[Rule]) -> Judgement:
    """Judge a page once, by the clock."""
    parsing = 0.0
    parse = Parser.parse

    def parse_by_the_clock(parser: Any, *given: Any, **named: Any) -> Any:
        nonlocal parsing
        began = time.perf_counter()
        try:
            return parse(parser, *given, **named)
        finally:
            parsing += time.perf_counter() - began

    Parser.parse = parse_by_the_clock
    timings = Timings()
    try:
        started = time.perf_counter()
        with listening(timings):
            evaluate(snapshot, rules)
        whole = time.perf_counter() - started
    finally:
        Parser.parse = parse
    parts = Counter({part.name: part.seconds for part in timings.rows() if part.kind == "rule"})
    parts["tags-are-complete-and-nested"] -= parsing
    parts[PARSER] = parsing
    return Judgement(whole - parsing, parts)


async def visit_and_judge(browser: Browser, portal: str, rules: Sequence[Rule], runs: int) -> tuple[list[Snapshot], list[Judgement]]:
    """A portal's heaviest page, visited and judged ``runs`` times in turn."""
    settings = Settings(profile=load_profile("mic-2024"), depth="static")
    snapshots, judged = [], []
    with serving(PortalSite(PORTALS / portal)) as served:
        page = Page(id=portal, requested=served.url + HEAVY[portal])
        for _ in range(runs):
            found = await visit(browser, page, environment(settings, browser), settings.limits, lambda url: True)
            snapshots.append(found.snapshot)
            judged.append(await asyncio.to_thread(judge, found.snapshot, rules))
    return snapshots, judged


def report(portal: str, snapshots: Sequence[Snapshot], judged: Sequence[Judgement]) -> str:
    """What is printed of one page."""
    axe = min(snapshot.artifacts["axe"].took for snapshot in snapshots)
    nodes = len(snapshots[0].artifacts["dom"].data["nodes"])
    ours = min(one.whole for one in judged) * 1000
    parser = min(one.parts[PARSER] for one in judged) * 1000
    head = f"{portal}/{HEAVY[portal]}: {nodes} nodes, axe {axe} ms, ours {ours:.0f} ms (first {judged[0].whole * 1000:.0f})"
    lines = [f"{head} = {100 * ours / max(axe, 1):.0f} % of axe (html5lib {parser:.0f} ms)"]
    least = Counter({rule: min(one.parts[rule] for one in judged) * 1000 for rule in judged[0].parts if rule != PARSER})
    lines += [f"    {spent:5.1f} ms  {rule}" for rule, spent in least.most_common(HEAVIEST)]
    return "\n".join(lines)


async def measure(portals: Sequence[str], runs: int) -> None:
    browser = await start_browser("playwright", Settings(profile=load_profile("mic-2024")).browser)
    rules = catalogue()
    gc.freeze()
    try:
        for portal in portals:
            click.echo(report(portal, *await visit_and_judge(browser, portal, rules, runs)))
    finally:
        await browser.close()


@click.command(help=__doc__)
@click.argument("portals", nargs=-1, type=click.Choice(list(HEAVY)))
@click.option("--runs", default=5, show_default=True, type=click.IntRange(1))
def main(portals: tuple[str, ...], runs: int) -> None:
    asyncio.run(measure(portals or tuple(HEAVY), runs))


if __name__ == "__main__":
    main()
