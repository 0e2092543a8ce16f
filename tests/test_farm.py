"""The farm of portals with a known truth, and what is measured on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import batch_cost, farm


def test_a_farm_stands_where_it_stood(tmp_path: Path) -> None:
    planted = farm.plan(4)
    with farm.farm(planted, tmp_path) as roster:
        before = roster.read_bytes()
    with farm.farm(planted[::-1], tmp_path) as roster:
        assert sorted(roster.read_bytes().splitlines()) == sorted(before.splitlines())
    (elsewhere := tmp_path / "elsewhere").mkdir()
    with farm.farm(planted, elsewhere) as roster:
        assert roster.read_bytes() != before


def test_what_a_first_page_does_not_show_is_not_planted() -> None:
    planted = {defect.id for defect in farm._candidates("mot-cua-song-bach", ("axe", "snapshot", "recording"))}
    assert "tiles-mouse-only" in planted and "lookup-error-without-text" not in planted


def test_farms_of_every_size_are_alike_and_figures_are_put_in_their_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    troubled = [sum(one.behaviour != "plain" for one in batch_cost.mixture(size)) / size for size in (10, 28, 84)]
    assert max(troubled) - min(troubled) < 0.1 and len(batch_cost.mixture(84)) == 84
    docs = tmp_path / "batch.md"
    docs.write_text(f"before\n{batch_cost.BEGIN}\nold\n{batch_cost.END}\nafter\n", "utf-8")
    monkeypatch.setattr(batch_cost, "DOCS", docs)
    for _ in range(2):
        batch_cost.write([batch_cost.Cost(84, 1500, 3000.0, 10**9, 4 * 10**8)], 20, "full")
    text = docs.read_text("utf-8")
    assert "| 84 | 1500 | 50.0 | 30.0 | 1000 MB | 400 MB | 267 kB |" in text and "56 machine hours" in text and "27 GB" in text
    assert text.startswith("before\n") and text.endswith("\nafter\n") and "old" not in text and text.count("| 84 |") == 1
