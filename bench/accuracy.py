"""How much of what is wrong do we find, and how often do we cry wolf? A score over labelled cases of third parties.

``python bench/accuracy.py CASES [options]``, where CASES is a folder with ``<source>/manifest.json`` files: JSON lists of objects with
``id``, ``source``, ``sc`` (criteria), ``level``, ``expected`` (failed, passed, inapplicable) and ``file`` (relative to the manifest);
``certainty``, ``mapping`` and ``axe_same_sc`` are read where they stand.

A failed case is *found* where one of its criteria is ``failed``, *surfaced* where one is ``failed`` or ``cantTell``. Another case is a
*false alarm* where one of its criteria is ``failed``. Figures are raw: cases whose expectation is not WCAG 2.0 level A stay counted;
``bench/accuracy_notes.md`` names them.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import click

from wcag_audit import pages as check
from wcag_audit.audit import Settings
from wcag_audit.given import Given, addresses, read_manifest
from wcag_audit.rules import catalogue
from wcag_audit.score import load_profile
from wcag_audit.store import Run

#: The criteria that show in behaviour rather than in a snapshot; their total is printed by itself.
DYNAMIC = ("1.4.2", "2.1.1", "2.1.2", "2.2.1", "2.2.2", "2.4.3", "3.2.1", "3.2.2", "3.3.1")


class Case(NamedTuple):
    """One labelled case and where its page lies."""

    id: str
    source: str
    criteria: tuple[str, ...]
    failed: bool
    manifest: Path
    file: str
    title: str


def read_cases(folder: Path, *, exclude: Iterable[str], clear: bool, primary: bool, drop_axe_flagged: bool) -> list[Case]:
    """The cases of level A with an expectation, in the order of their manifests."""
    cases = []
    for manifest in sorted(folder.glob("*/manifest.json")) or [folder / "manifest.json"]:
        rows: list[dict[str, Any]] = json.loads(manifest.read_text("utf-8"))
        for row in rows:
            failed = row["expected"] == "failed"
            if row.get("level") != "A" or not row.get("sc") or row["expected"] not in ("failed", "passed", "inapplicable"):
                continue
            if (
                row["source"] in exclude
                or (clear and row.get("certainty") == "disputed")
                or (primary and row.get("mapping") == "secondary")
            ):
                continue
            if drop_axe_flagged and not failed and row.get("axe_same_sc"):
                continue
            cases.append(Case(row["id"], row["source"], tuple(row["sc"]), failed, manifest, row["file"], row.get("title", "")))
    return cases


def judge(case: Case, verdicts: dict[str, str] | None, criteria: Iterable[str]) -> str:
    """found, surfaced or missed for a failed case; alarm, question or quiet for another; lost where its page gave no line."""
    if verdicts is None:
        return "lost"
    told = {verdicts[criterion] for criterion in criteria if criterion in verdicts}
    if "failed" in told:
        return "found" if case.failed else "alarm"
    if "cantTell" in told:
        return "surfaced" if case.failed else "question"
    return "missed" if case.failed else "quiet"


def share(part: int, whole: int) -> str:
    return f"{100 * part / whole:6.1f}" if whole else "     -"


def row(name: str, kinds: Counter[str]) -> str:
    bad = sum(kinds[kind] for kind in ("found", "surfaced", "missed", "lost bad"))
    good = sum(kinds[kind] for kind in ("alarm", "question", "quiet", "lost good"))
    shown = kinds["found"] + kinds["surfaced"]
    return (
        f"{name:<18} {bad:5} {kinds['found']:6} {share(kinds['found'], bad)} {share(shown, bad)} |"
        f" {good:5} {kinds['alarm']:6} {share(kinds['alarm'], good)} {share(kinds['question'], good)}"
    )


HEAD = f"{'':<18} {'bad':>5} {'found':>6} {'%':>6} {'surf.%':>6} | {'good':>5} {'alarms':>6} {'%':>6} {'open %':>6}"


@click.command(help=__doc__)
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--exclude", multiple=True, help="Leave out a source.")
@click.option("--sc", "only", multiple=True, help="Only cases of this criterion, as 2.1.1.")
@click.option("--clear-only", is_flag=True, help="Leave out disputed cases.")
@click.option("--primary-only", is_flag=True, help="Leave out cases whose rule maps to its criterion only as secondary.")
@click.option("--drop-axe-flagged", is_flag=True, help="Leave out good cases on which axe reports a violation of the same criterion.")
@click.option("--depth", type=click.Choice(["static", "full"]), default="full", show_default=True)
@click.option("--jobs", type=int, default=2, show_default=True)
@click.option("--list/--no-list", "listed", default=True, help="List misses and false alarms.")
@click.option("--out", type=click.Path(path_type=Path), help="Keep the snapshots here, a run folder per manifest.")
def main(
    folder: Path,
    exclude: tuple[str, ...],
    only: tuple[str, ...],
    clear_only: bool,
    primary_only: bool,
    drop_axe_flagged: bool,
    depth: str,
    jobs: int,
    listed: bool,
    out: Path | None,
) -> None:
    cases = read_cases(folder, exclude=exclude, clear=clear_only, primary=primary_only, drop_axe_flagged=drop_axe_flagged)
    cases = [case for case in cases if not only or set(only) & set(case.criteria)]
    settings = Settings(profile=load_profile("mic-2024"), depth=depth, jobs=jobs)
    started = time.perf_counter()
    results: dict[tuple[Path, str], dict[str, str]] = {}
    for manifest in dict.fromkeys(case.manifest for case in cases):
        wanted = {case.file for case in cases if case.manifest == manifest}
        pages = [page for page in read_manifest(manifest) if page.name in wanted]
        results.update(asyncio.run(gather(manifest, pages, settings, out)))
        click.echo(f"{manifest.parent.name}: {len(pages)} pages", err=True)
    took = time.perf_counter() - started
    report(cases, results, listed)
    click.echo(f"\n{len(results)} pages in {took:.0f} s, {60 * len(results) / took:.0f} pages a minute, depth {depth}")


async def gather(manifest: Path, pages: list[Given], settings: Settings, out: Path | None) -> dict[tuple[Path, str], dict[str, str]]:
    run = None
    if out is not None:
        run = Run(out / manifest.parent.name)
        run.create(check.run_info(settings))
    found: dict[tuple[Path, str], dict[str, str]] = {}
    with addresses(pages) as urls:
        async for line in check.check(pages, urls, settings, catalogue(), run):
            found[manifest, line.page] = {criterion: verdict.value for criterion, verdict in line.criteria.items()}
    return found


def report(cases: list[Case], results: dict[tuple[Path, str], dict[str, str]], listed: bool) -> None:
    by_source: dict[str, Counter[str]] = {}
    by_criterion: dict[str, Counter[str]] = {}
    total: Counter[str] = Counter()
    dynamic: Counter[str] = Counter()
    kinds: dict[str, list[Case]] = {}
    for case in cases:
        verdicts = results.get((case.manifest, case.file))
        lost = "lost bad" if case.failed else "lost good"

        def kind(criteria: Iterable[str], case: Case = case, verdicts: dict[str, str] | None = verdicts, lost: str = lost) -> str:
            told = judge(case, verdicts, criteria)
            return lost if told == "lost" else told

        told = kind(case.criteria)
        kinds.setdefault(told, []).append(case)
        total[told] += 1
        by_source.setdefault(case.source, Counter())[told] += 1
        if set(case.criteria) & set(DYNAMIC):
            dynamic[kind([criterion for criterion in case.criteria if criterion in DYNAMIC])] += 1
        for criterion in case.criteria:
            by_criterion.setdefault(criterion, Counter())[kind([criterion])] += 1
    for name, rows in (("criterion", by_criterion), ("source", by_source)):
        click.echo(f"\nby {name}\n{HEAD}")
        for key in sorted(rows, key=lambda text: [int(part) if part.isdigit() else 0 for part in text.split(".")] + [text]):
            click.echo(row(key, rows[key]))
    click.echo(f"\n{HEAD}\n{row('dynamic criteria', dynamic)}\n{row('TOTAL', total)}")
    if listed:
        for told in ("missed", "alarm", "lost bad", "lost good"):
            for case in kinds.get(told, ()):
                click.echo(f"{told:<9} {case.id:<32} {','.join(case.criteria):<18} {case.title[:80]}")


if __name__ == "__main__":
    sys.exit(main())
