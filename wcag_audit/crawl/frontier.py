"""The frontier: which pages are known, waiting or done, in SQLite, so that a killed run goes on where it stopped.

Pages are taken level by level and in the order of their discovery, so that the sample does not depend on which page answers first.
The first page of each path goes before further ones that differ in their query only: lists sorted and filtered in many ways must not
crowd out the rest of the portal.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

VERSION = 1

_SCHEMA = f"""
PRAGMA user_version = {VERSION};
CREATE TABLE IF NOT EXISTS page (
    key       TEXT PRIMARY KEY,      -- canonical address
    url       TEXT NOT NULL,         -- as first found
    depth     INTEGER NOT NULL,      -- clicks from the start page; sitemap entries come last
    place     INTEGER NOT NULL,      -- order of discovery
    path      TEXT NOT NULL,         -- the address without its query
    variant   INTEGER NOT NULL,      -- 0 for the first page of its path, 1 for the others
    reason    TEXT NOT NULL,         -- why it is known: start, link, sitemap, given
    detail    TEXT NOT NULL,         -- the page that links it
    state     TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'duplicate', 'excluded')),
    page_id   TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS page_next ON page (state, variant, depth, place);
CREATE INDEX IF NOT EXISTS page_path ON page (path);
"""


class Known(NamedTuple):
    """A known page."""

    key: str
    url: str
    depth: int
    place: int
    reason: str
    detail: str
    state: str
    page_id: str


class Found(NamedTuple):
    """A page to be known: its canonical key, its address, and why."""

    key: str
    url: str
    depth: int
    reason: str
    detail: str = ""


class Frontier:
    """One portal's frontier. Every call is one transaction."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;" + _SCHEMA)

    def close(self) -> None:
        self._db.close()

    def add(self, pages: Iterable[Found]) -> int:
        """Make pages known, each once; how many were new."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            (place,) = self._db.execute("SELECT coalesce(max(place), -1) FROM page").fetchone()
            new = 0
            for page in pages:
                path = page.key.partition("?")[0] if "#" not in page.key else page.key
                done = self._db.execute(
                    "INSERT OR IGNORE INTO page (key, url, depth, place, path, variant, reason, detail)"
                    " VALUES (?1, ?2, ?3, ?4, ?5, EXISTS (SELECT 1 FROM page WHERE path = ?5), ?6, ?7)",
                    (page.key, page.url, page.depth, place + 1 + new, path, page.reason, page.detail),
                )
                new += done.rowcount
            self._db.execute("COMMIT")
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        return new

    def waiting(self, limit: int, under_way: Iterable[str] = ()) -> list[Known]:
        """The next waiting pages, besides those under way: of the lowest level that has the first page of a path, in order of discovery."""
        rows = self._db.execute(
            "WITH next AS (SELECT * FROM page WHERE state = 'waiting' AND key NOT IN (SELECT value FROM json_each(?1)))"
            " SELECT key, url, depth, place, reason, detail, state, page_id FROM next WHERE (variant, depth) ="
            " (SELECT variant, depth FROM next ORDER BY variant, depth LIMIT 1) ORDER BY place LIMIT ?2",
            (json.dumps(list(under_way)), limit),
        )
        return [Known(*row) for row in rows]

    def mark(self, key: str, state: str, page_id: str = "") -> None:
        self._db.execute("UPDATE page SET state = ?, page_id = ? WHERE key = ?", (state, page_id, key))

    def count(self, state: str | None = None) -> int:
        if state is None:
            return int(self._db.execute("SELECT count(*) FROM page").fetchone()[0])
        return int(self._db.execute("SELECT count(*) FROM page WHERE state = ?", (state,)).fetchone()[0])

    def done(self) -> list[Known]:
        """The pages looked at, in order."""
        rows = self._db.execute(
            "SELECT key, url, depth, place, reason, detail, state, page_id FROM page WHERE state = 'done' ORDER BY variant, depth, place"
        )
        return [Known(*row) for row in rows]
