"""How cost grows: with the elements of a page, the pages of a portal, and the outcomes of a result. ``make bench-scale``.

For every size it prints what each part took, and for every part the slope: the power of the size with which its cost grows between the two
largest sizes. 1 is linear. A part that takes long and grows clearly faster is marked.

- ``elements``: one page of 100 to 100,000 elements; visiting it in seconds, judging it in processor seconds, by part, as
  ``--profile-timings`` tells them.
- ``pages``: an audit of 1 to 2,000 cheap pages; seconds and peak memory of the whole process tree.
- ``outcomes``: from 1,000 to 100,000 outcomes to defects, criteria and result; processor seconds.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import click
import msgspec
from measure import run, slope
from resume_proof import GeneratedPortal

from wcag_audit import conclude
from wcag_audit.audit import Pool, Settings, judge, save, visit_and_judge
from wcag_audit.engine import rule_infos
from wcag_audit.model import Outcome, Page, Target, Verdict
from wcag_audit.rules import catalogue
from wcag_audit.score import load_profile
from wcag_audit.serve import Request, Response, serving
from wcag_audit.store import Run
from wcag_audit.timings import Timings, listening

#: A slope from which on a part grows faster than linearly, beyond what a busy machine does to it, and seconds from which on it matters.
STEEP, MATTERS = 1.2, 1.0
#: Parts printed of each series.
_DEAREST = 20
ELEMENTS, PAGES, OUTCOMES = (100, 1_000, 10_000, 100_000), (1, 20, 200, 2_000), (1_000, 10_000, 100_000)

#: Parts → cost, for each size.
Costs = Mapping[int, Mapping[str, float]]


class LongPage:
    """A page of so many elements: rows with a picture, a link, a field and texts, every tenth with a defect."""

    _ROW = (
        '<tr><td>{n}</td><th scope="row"><a href="/thu-tuc/{n}">Thủ tục số {n}</a></th>'
        '<td><img src="/anh.png" width="9" height="9"{alt}></td><td><label>Ghi chú <input name="o{n}"></label></td>'
        "<td><span>Toàn trình</span> <em>đang mở</em></td></tr>"
    )
    _PER_ROW = 12

    def __init__(self, elements: int) -> None:
        rows = max(1, elements // self._PER_ROW)
        table = "".join(self._ROW.format(n=n, alt="" if n % 10 == 0 else ' alt="Biểu tượng"') for n in range(rows))
        head = '<!doctype html><html lang="vi"><meta charset="utf-8"><title>Danh mục thủ tục - Cổng thử</title>'
        self._page = f"{head}<body><main><h1>Danh mục</h1><table>{table}</table></main></body></html>".encode()

    def respond(self, request: Request) -> Response:
        return Response(200, self._page) if request.path == "/" else Response(404, b"")


def by_elements(sizes: Sequence[int], depth: str) -> Costs:
    return {size: asyncio.run(_visited(size, depth)) for size in sizes}


async def _visited(size: int, depth: str) -> dict[str, float]:
    settings = Settings(profile=load_profile("mic-2024"), depth=depth)
    pool, timings = Pool(settings), Timings()
    try:
        with serving(LongPage(size)) as served, tempfile.TemporaryDirectory() as folder:
            page = Page(id="page", requested=served.url)
            await pool.start()
            started = time.perf_counter()
            with listening(timings):
                found, _ = await visit_and_judge(pool, page, settings, (), lambda _: True)
            judging = Timings(time.thread_time)
            with listening(judging):
                judged = judge(found.snapshot, catalogue())
                save(Run(Path(folder)), found, judged)
            whole = time.perf_counter() - started
    finally:
        await pool.close()
    lost = {name: artifact.error for name, artifact in found.snapshot.artifacts.items() if artifact.error is not None}
    click.echo(f"  {size} elements: {whole:.1f} s, {found.snapshot.page.state}{f', without {lost}' if lost else ''}", err=True)
    parts = {f"{part.kind} {part.name}": part.seconds for part in (*timings.rows(), *judging.rows())}
    return {"whole page": whole, **parts}


def by_pages(sizes: Sequence[int], depth: str) -> Costs:
    costs = {}
    for size in sizes:
        with serving(GeneratedPortal(size)) as served, tempfile.TemporaryDirectory() as root:
            pages = Path(root) / "pages.txt"
            pages.write_text("".join(f"{served.url}trang-{n}\n" for n in range(size)), "utf-8")
            options = ["--pages", str(pages), "--max-pages", str(size), "--depth", depth, "--quiet", "--out", str(Path(root) / "run")]
            done = run([sys.executable, "-m", "wcag_audit", "audit", served.url, *options], memory=True)
        if done.code != 0:
            sys.exit(f"{size} pages: ended with {done.code}: {done.err[-500:]}")
        costs[size] = {
            "seconds": done.seconds,
            "processor seconds": done.cpu,
            "peak MB of the program": done.peaks.own / 1e6,
            "peak MB with the browser": done.peaks.whole / 1e6,
        }
        click.echo(f"  {size} pages: {done.seconds:.0f} s, {done.seconds / size:.2f} a page, {done.peaks.whole / 1e6:.0f} MB", err=True)
    return costs


def by_outcomes(sizes: Sequence[int], depth: str) -> Costs:
    infos = rule_infos(catalogue())
    rules = sorted(infos)
    costs = {}
    for size in sizes:
        outcomes = [_outcome(n, rules[n % len(rules)], infos[rules[n % len(rules)]].criteria) for n in range(size)]
        on_pages: dict[str, list[Outcome]] = {}
        for outcome in outcomes:
            on_pages.setdefault(outcome.page, []).append(outcome)
        spent = {}
        started = time.thread_time()
        defects = conclude.defects(outcomes, infos, ())
        spent["defects"] = time.thread_time() - started
        started = time.thread_time()
        conclude.criteria(on_pages, [], ())
        spent["criteria"] = time.thread_time() - started
        started = time.thread_time()
        msgspec.json.encode(defects, order="deterministic")
        spent["encoded"] = time.thread_time() - started
        costs[size] = {**spent, "whole": sum(spent.values())}
    return costs


def _outcome(number: int, rule: str, criteria: tuple[str, ...]) -> Outcome:
    """A failure; every tenth stands on a page of its own kind, the others are the same on many pages."""
    page, what = f"{number // 40:05d}", number if number % 10 == 0 else number % 400
    target = Target(selector=f"#muc-{what}", html=f"<a id=muc-{what}>Xem</a>")
    return Outcome(rule=rule, criteria=criteria, verdict=Verdict.FAILED, page=page, target=target, fingerprint=f"{rule}-{what}")


def report(what: str, costs: Costs) -> tuple[str, bool]:
    """The table of one series, dearest part first, and whether a part that matters grows faster than linearly."""
    sizes = sorted(costs)
    largest = costs[sizes[-1]]
    lines, steep = [f"{what:<48}" + "".join(f"{size:>12,}" for size in sizes) + "   slope"], False
    for part in sorted(largest, key=lambda name: -largest[name])[:_DEAREST]:
        row = [costs[size].get(part, 0.0) for size in sizes]
        grown = slope(sizes, row) if len(row) > 1 and row[-2] > 0 else None
        mark = grown is not None and grown > STEEP and row[-1] >= MATTERS
        steep = steep or mark
        told = f"{grown:8.2f}" if grown is not None else f"{'':8}"
        lines.append(f"{part:<48}" + "".join(f"{cost:>12.3f}" for cost in row) + told + ("  <-- faster than linear" if mark else ""))
    return "\n".join(lines), steep


SERIES = {"elements": (by_elements, ELEMENTS), "pages": (by_pages, PAGES), "outcomes": (by_outcomes, OUTCOMES)}


@click.command(help=__doc__)
@click.argument("series", nargs=-1, type=click.Choice(list(SERIES)))
@click.option("--sizes", help="Sizes instead of the usual ones, with commas between.")
@click.option("--depth", type=click.Choice(["static", "full"]), default="static", show_default=True)
def main(series: tuple[str, ...], sizes: str | None, depth: str) -> None:
    """Ends with 1 where a part that matters grows faster than linearly."""
    found = []
    for name in series or SERIES:
        measure, usual = SERIES[name]
        wanted = tuple(int(size) for size in sizes.split(",")) if sizes else usual
        table, steep = report(name, measure(sorted(wanted), depth))
        found.append(steep)
        click.echo(f"{table}\n")
    sys.exit(int(any(found)))


if __name__ == "__main__":
    main()
