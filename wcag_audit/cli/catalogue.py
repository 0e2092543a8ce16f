"""``rules``: the catalogue of rules."""

from __future__ import annotations

from pathlib import Path

import click

from wcag_audit.cli.common import Stop, language
from wcag_audit.cli.settings import rules_of
from wcag_audit.model import Text


@click.command()
@click.argument("rule_id", required=False)
@click.option("--rules", "rules_folder", type=click.Path(path_type=Path), help="Folder with rules of your own.")
@language
def rules(rule_id: str | None, rules_folder: Path | None, lang: str) -> None:
    """Print the catalogue of rules, or one rule's page."""
    from wcag_audit.engine import rule_infos
    from wcag_audit.reports.terminal import catalogue_lines, rule_page

    known = rules_of(rules_folder)
    if rule_id is None:
        for line in catalogue_lines(known, rule_infos(known), lang):
            click.echo(line)
        return
    page = rule_page(rule_id, known, rule_infos(known), lang)
    if page is None:
        raise Stop(Text(f"không có quy tắc {rule_id}; xem “wcag-audit rules”.", f"there is no rule {rule_id}; see “wcag-audit rules”."))
    click.echo(page)
