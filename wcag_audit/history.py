"""Rounds beside each other as flat tables, in SQLite or Parquet, for people who use other tools."""

from __future__ import annotations

import importlib
import io
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from wcag_audit.model import Text
from wcag_audit.national import National
from wcag_audit.store import RunError, write_whole

Row = tuple[str | int | float | None, ...]

#: Table → column → SQL type. Every row begins with the round's name, so that rounds can be joined and compared.
TABLES: Mapping[str, Mapping[str, str]] = {
    "round": {"round": "TEXT", "place": "INTEGER", "started": "TEXT", "finished": "TEXT", "tool": "TEXT", "max_pages": "INTEGER"},
    "block": {
        "round": "TEXT", "block": "TEXT", "profile": "TEXT", "units": "INTEGER", "assessed": "INTEGER", "mean": "REAL", "least": "REAL",
        "most": "REAL", "maximum": "REAL", "with_points": "INTEGER", "full_marks": "INTEGER",
    },
    "unit": {
        "round": "TEXT", "unit": "TEXT", "name_vi": "TEXT", "name_en": "TEXT", "block": "TEXT", "vendor": "TEXT", "url": "TEXT",
        "state": "TEXT", "cause": "TEXT", "pages": "INTEGER", "defects": "INTEGER", "questions": "INTEGER",
    },
    "points": {
        "round": "TEXT", "unit": "TEXT", "profile": "TEXT", "lower": "REAL", "automatic": "REAL", "upper": "REAL", "maximum": "REAL",
        "rank": "INTEGER", "best": "INTEGER", "worst": "INTEGER",
    },
    "criterion": {"round": "TEXT", "unit": "TEXT", "criterion": "TEXT", "verdict": "TEXT"},
    "defect": {
        "round": "TEXT", "unit": "TEXT", "fingerprint": "TEXT", "rule": "TEXT", "criteria": "TEXT", "pages": "INTEGER", "places": "INTEGER",
    },
}  # fmt: skip


def rounds_as_rows(rounds: Sequence[National]) -> dict[str, list[Row]]:
    """Every table's rows, the earliest round first."""
    in_order = sorted(rounds, key=lambda one: one.started)
    found: dict[str, list[Row]] = {name: [] for name in TABLES}
    for place, one in enumerate(in_order, 1):
        found["round"].append((one.name, place, one.started, one.finished, one.tool, int(one.plan.get("max_pages", 0))))
        found["block"] += [
            (
                one.name, block.block, points.profile, block.units, block.assessed, points.mean, points.least, points.most, points.maximum,
                points.with_points.n, points.full_marks.n,
            )
            for block in one.blocks
            for points in block.points
        ]  # fmt: skip
        rules = {defect.fingerprint: (defect.rule, ", ".join(defect.criteria)) for defect in one.defects}
        for unit in one.units:
            pages, state = unit.pages.get("audited", 0), unit.state.value
            found["unit"].append(
                (
                    one.name, unit.id, unit.name.vi, unit.name.en, unit.block, unit.vendor, unit.url, state, unit.cause, pages,
                    len(unit.defects), unit.questions,
                )
            )  # fmt: skip
            found["points"] += [
                (one.name, unit.id, p.profile, p.lower, p.automatic, p.upper, p.maximum, p.rank, p.best, p.worst) for p in unit.points
            ]
            found["criterion"] += [(one.name, unit.id, id, verdict.value) for id, verdict in unit.criteria.items()]
            found["defect"] += [(one.name, unit.id, name, *rules[name], stand.pages, stand.places) for name, stand in unit.defects.items()]
    return found


def distinct(rounds: Iterable[National]) -> None:
    """Raises RunError where two rounds have one name: their rows could not be told apart."""
    seen: set[str] = set()
    for one in rounds:
        if one.name in seen:
            raise RunError(
                Text(
                    f"hai đợt cùng tên {one.name}: hãy đặt tên khác bằng “wcag-audit batch --name”.",
                    f"two rounds are named {one.name}: name them apart with “wcag-audit batch --name”.",
                )
            )
        seen.add(one.name)


def write_parquet(folder: Path, tables: Mapping[str, Sequence[Row]]) -> list[Path]:
    """A file ``<table>.parquet`` for each table, in place of what stood there. Raises RunError where the extra ``parquet`` is missing."""
    try:
        arrow, parquet = importlib.import_module("pyarrow"), importlib.import_module("pyarrow.parquet")
    except ImportError as error:
        raise RunError(
            Text("--parquet cần: pip install 'wcag-audit[parquet]'.", "--parquet needs: pip install 'wcag-audit[parquet]'.")
        ) from error
    kinds = {"TEXT": arrow.string(), "INTEGER": arrow.int64(), "REAL": arrow.float64()}
    written = []
    for name, columns in TABLES.items():
        schema = arrow.schema([(column, kinds[kind]) for column, kind in columns.items()])
        values = [arrow.array([row[place] for row in tables[name]], one.type) for place, one in enumerate(schema)]
        file = io.BytesIO()
        parquet.write_table(arrow.Table.from_arrays(values, schema=schema), file)
        path = folder / f"{name}.parquet"
        write_whole(path, file.getvalue())
        written.append(path)
    return written


def write_sqlite(path: Path, tables: Mapping[str, Sequence[Row]]) -> None:
    """One database with all tables, in place of what stood there."""
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    with sqlite3.connect(part) as database:
        for name, columns in TABLES.items():
            database.execute(f"CREATE TABLE {name} ({', '.join(f'{column} {kind}' for column, kind in columns.items())})")
            database.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(columns))})", tables[name])
    database.close()
    part.replace(path)
