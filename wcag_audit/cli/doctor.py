"""``doctor``: what is installed, and what to do."""

from __future__ import annotations

from pathlib import Path

import click

from wcag_audit.cli.common import EXIT_USAGE, language


@click.command()
@click.option("--browser", type=click.Path(path_type=Path), help="Browser to examine instead of the one found.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder that results would be written to.")
@language
def doctor(browser: Path | None, out: Path | None, lang: str) -> None:
    """Say what is installed, and what to do where something is missing."""
    from wcag_audit.doctor import examine

    bad = False
    for found in examine(out, browser):
        mark = "✓" if found.ok else ("✗" if found.required else "!")
        click.echo(f"{mark} {found.name[lang]}: {found.detail[lang]}")
        if not found.ok and found.todo[lang]:
            click.echo(f"    → {found.todo[lang]}")
        bad = bad or (found.required and not found.ok)
    if bad:
        raise SystemExit(EXIT_USAGE)
