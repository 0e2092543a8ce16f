"""``replay``: a finished run or batch judged again from its snapshots."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wcag_audit.cli.common import Stop, answers, language, logs, spoken, start_logging, written
from wcag_audit.cli.settings import reviews_of, rules_of
from wcag_audit.cli.showing import show, write_reports
from wcag_audit.cli.starting import loading
from wcag_audit.model import Text

if TYPE_CHECKING:
    from wcag_audit.batch import Batch


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--profile", default=None, help="Another scheme of points than the run's own.")
@click.option("--rules", "rules_folder", type=click.Path(path_type=Path), help="Folder with rules of your own.")
@written
@answers
@language
@logs
def replay(
    folder: Path, profile: str | None, rules_folder: Path | None, formats: Sequence[str], reviews_path: Path | None, **given: Any
) -> None:
    """Judge a finished run again from its snapshots alone: no network, no browser.

    Of a batch, its seal is verified where it has one, and every portal's result is compared with what its snapshots give.
    """
    with loading():
        from wcag_audit import audit as work
        from wcag_audit import pages as checking
        from wcag_audit.batch import Batch
        from wcag_audit.score import load_profile
        from wcag_audit.store import Run

    start_logging(given["log_level"])
    if (batch_folder := Batch(folder)).exists:
        _replay_batch(batch_folder, rules_folder)
        return
    run = Run(folder)
    info = run.info()
    rules = rules_of(rules_folder or (Path(info.rules) if info.rules else None))
    if info.command == "check":
        for line in checking.replay(run, rules):
            click.echo(checking.encode(line))
        return
    if reviews := reviews_of(reviews_path):
        run.save_reviews(reviews)
    result = work.replay(run, rules, load_profile(profile or info.profile))
    files = write_reports(run, result, formats, given["lang"])
    show(result, files, given["lang"], given["quiet"])


def _replay_batch(folder: Batch, rules_folder: Path | None) -> None:
    """Verify the seal of a batch, and judge all of its portals again in a place of their own: what was sealed stays as it is."""
    from wcag_audit import audit as work
    from wcag_audit import seal
    from wcag_audit.reports.texts import text
    from wcag_audit.score import load_profile

    if folder.seal_path.is_file():
        if wrong := seal.verify(folder.folder):
            raise Stop(Text(*("; ".join(one[lang] for one in wrong[:20]) for lang in ("vi", "en"))))
        click.echo(text("rounds", "verified")[spoken()])
    info = folder.info()
    rules = rules_of(rules_folder or (Path(info.how.rules) if info.how.rules else None))
    profile = load_profile(info.how.profile)
    finished = [unit for unit in info.units if folder.result(unit) is not None]
    same = 0
    for unit in finished:
        with folder.run(unit.id).copied() as scratch:
            if work.replay(scratch, rules, profile) == folder.result(unit):
                same += 1
            else:
                click.echo(text("rounds", "differs", unit=unit.id)[spoken()])
    click.echo(text("rounds", "replayed", same=same, all=len(finished))[spoken()])
