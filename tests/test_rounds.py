"""Round on round: what became of units, defects and vendors; the seal; flat tables for other tools. No browser."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet
import pytest

from tests.national import PROFILES, audited, blocked, whole
from wcag_audit import history, seal
from wcag_audit.model import Result, Text
from wcag_audit.national import Audited, National, national
from wcag_audit.reports import national_formats
from wcag_audit.reports.rounds import Rounds, facts, percent, rounds, sections, title
from wcag_audit.roster import Unit
from wcag_audit.store import RunError


def unit(id: str, vendor: str = "VNPT", **more: str) -> Unit:
    return Unit(id=id, name=Text(f"Cổng {id}", f"Portal {id}"), url=f"https://{id}.example.vn/", block="province", vendor=vendor, **more)


FIRST = [
    audited(unit("a"), ["1.1.1", "4.1.2"]),
    audited(unit("b"), ["1.1.1"]),
    audited(unit("c", "FPT")),
    blocked(unit("d")),
    audited(unit("old")),
]
SECOND = [
    audited(unit("a"), ["4.1.2"]),
    audited(unit("b"), ["1.1.1", "3.1.1"]),
    blocked(unit("c", "FPT")),
    audited(unit("d")),
    Audited(unit=unit("old", valid_to="2026-02-01", successor="new"), ended=True),
    audited(unit("new")),
]


def made(name: str, of: list[Audited]) -> National:
    return national(name, of, PROFILES)


@pytest.fixture(scope="module")
def found() -> Rounds:
    by_id = [{one.unit.id: one.result for one in of} for of in (FIRST, SECOND)]

    def results(id: str) -> tuple[Result | None, Result | None]:
        return by_id[0].get(id), by_id[1].get(id)

    return rounds(made("2026-1", FIRST), made("2026-2", SECOND), results)


def test_defects_mended_new_and_remaining(found: Rounds) -> None:
    kinds = {one.unit.id: one.kinds for one in found.units}
    assert kinds["a"] == {"new": 0, "remaining": 1, "mended": 1, "unknown": 0}
    assert kinds["b"] == {"new": 1, "remaining": 1, "mended": 0, "unknown": 0}
    assert [id for id, one in kinds.items() if not one] == ["c", "d", "old", "new"]


def test_points_are_compared_as_shares_of_the_maximum(found: Rounds) -> None:
    shares = {one.unit.id: (percent(one.before), percent(one.after)) for one in found.units}
    assert shares["a"] == (50.0, 75.0) and shares["b"] == (75.0, 50.0) and shares["c"] == (100.0, None) and shares["new"] == (None, 100.0)


def test_it_is_told_as_a_page(found: Rounds) -> None:
    page = national_formats.page(title(found), facts(found), sections(found), "0.1.0", "vi")
    for words in ("2026-1 → 2026-2", "thay bằng new", "chỉ có ở đợt sau", "bị tường lửa", "đã khắc phục khi đợt sau kiểm tra lại"):
        assert words in page, words


def test_flat_tables_in_sqlite(tmp_path: Path) -> None:
    both = [made("2026-2", SECOND), made("2026-1", FIRST)]
    history.distinct(both)
    history.write_sqlite(tmp_path / "rounds.db", history.rounds_as_rows(both))
    with sqlite3.connect(tmp_path / "rounds.db") as database:
        by_round = database.execute("SELECT round, count(*) FROM unit GROUP BY round ORDER BY round").fetchall()
        assert by_round == [("2026-1", 5), ("2026-2", 6)]
        worse = database.execute(
            "SELECT p.unit, p.automatic, q.automatic FROM points p JOIN points q USING (unit, profile)"
            " WHERE p.round = '2026-1' AND q.round = '2026-2' AND profile = 'mic-2024' AND q.automatic < p.automatic"
        ).fetchall()
        assert worse == [("b", 3.75, 2.5)]
        assert database.execute("SELECT count(*) FROM criterion WHERE verdict = 'failed' AND round = '2026-1'").fetchone() == (3,)


def test_parquet_holds_the_tables_of_the_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = history.rounds_as_rows([made("2026-1", FIRST), made("2026-2", SECOND)])
    for _ in range(2):
        written = history.write_parquet(tmp_path / "rounds", tables)
    assert [path.name for path in written] == [f"{name}.parquet" for name in history.TABLES]
    for path in written:
        read = pyarrow.parquet.read_table(path)
        assert read.column_names == list(history.TABLES[path.stem])
        assert list(zip(*(column.to_pylist() for column in read.columns), strict=True)) == tables[path.stem]
    assert read.schema.field("pages").type == pyarrow.int64()
    empty = history.write_parquet(tmp_path / "empty", {name: [] for name in history.TABLES})
    assert pyarrow.parquet.read_table(empty[0]).num_rows == 0
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(RunError, match=r"wcag-audit\[parquet\]"):
        history.write_parquet(tmp_path / "rounds", tables)


def test_flat_tables_of_84(tmp_path: Path) -> None:
    tables = history.rounds_as_rows([whole()])
    assert all(len(row) == len(history.TABLES[name]) for name, rows in tables.items() for row in rows)
    assert len(tables["unit"]) == 84


def test_two_rounds_of_one_name_are_refused() -> None:
    with pytest.raises(RunError, match="named 2026-1"):
        history.distinct([made("2026-1", FIRST), made("2026-1", SECOND)])


def test_the_seal_tells_what_was_changed_missing_or_added(tmp_path: Path) -> None:
    for name in ("a.json", "portals/x/result.json", "locks/x"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    first = seal.seal(tmp_path)
    assert seal.verify(tmp_path) == [] and first == seal.digest(tmp_path / seal.NAME)
    assert subprocess.run(["sha256sum", "--quiet", "-c", seal.NAME], cwd=tmp_path, check=False).returncode == 0
    (tmp_path / "locks" / "x").write_text("somebody else")
    assert seal.verify(tmp_path) == []
    (tmp_path / "a.json").write_text("A.json")
    (tmp_path / "portals" / "x" / "result.json").unlink()
    (tmp_path / "b.json").touch()
    assert {one.en for one in seal.verify(tmp_path)} == {"a.json: changed", "portals/x/result.json: missing", "b.json: added after sealing"}


@pytest.mark.parametrize("content", ["", "no seal\n", "\xff"])
def test_a_broken_seal_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / seal.NAME).write_bytes(content.encode("latin-1"))
    with pytest.raises(RunError, match="SHA256SUMS"):
        seal.verify(tmp_path)
