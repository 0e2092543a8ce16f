"""The frontier: which pages are known, waiting, looked at, sampled and done, in SQLite, so that a killed run goes on where it stopped.

Every change of state is one transaction. Pages are leased in batches, and what was seen of them is taken in batch by batch, in the
order of discovery, so that neither the number of pages at once nor a kill at any moment changes which pages become known in which
order. The first pages of each shape of address and of each folder go before further ones: an endless calendar, or a list sorted in
many ways, must not crowd out the rest of the portal.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import msgspec

from wcag_audit.crawl import urls
from wcag_audit.crawl.look import Seen
from wcag_audit.model import BadInput, PageState, Reason, Text, decode

VERSION = 2
#: Pages of one folder after which further ones wait for the rest of the portal.
_FOLDER_SHARE = 10
#: Rows kept of documents and of pages that only a POST reaches; more are counted only.
MAX_LISTED = 10_000

_SCHEMA = f"""
PRAGMA user_version = {VERSION};
CREATE TABLE IF NOT EXISTS page (
    key       TEXT PRIMARY KEY,      -- canonical address
    url       TEXT NOT NULL,         -- as first found
    place     INTEGER NOT NULL,      -- order of discovery
    depth     INTEGER NOT NULL,      -- clicks from the start page; sitemap entries come last
    turn      INTEGER NOT NULL,      -- how many pages like it were known before
    shape     TEXT NOT NULL,
    folder    TEXT NOT NULL,
    reason    TEXT NOT NULL,         -- why it is known: start, link, frame, search, route, redirect, sitemap, given
    referrer  TEXT NOT NULL,         -- the page that leads there
    words     TEXT NOT NULL,         -- the words of the link
    state     TEXT NOT NULL DEFAULT 'waiting'
              CHECK (state IN ('waiting', 'leased', 'looked', 'duplicate', 'excluded')),
    tries     INTEGER NOT NULL DEFAULT 0,
    loaded    TEXT NOT NULL DEFAULT '',
    landed    TEXT NOT NULL DEFAULT '',   -- the canonical address of the page that came, of a page looked at
    fate      TEXT NOT NULL DEFAULT '',   -- the page state that the look found
    detail    TEXT NOT NULL DEFAULT '',
    seen      BLOB,                  -- what stays of the look: JSON of crawl.look.Seen
    looked    INTEGER NOT NULL DEFAULT 0  -- 1, 2, 3 … in the order of the looks
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS page_next ON page (state, turn, depth, place);
CREATE INDEX IF NOT EXISTS page_shape ON page (shape);
CREATE INDEX IF NOT EXISTS page_folder ON page (folder);
CREATE INDEX IF NOT EXISTS page_landed ON page (landed);
CREATE TABLE IF NOT EXISTS found (   -- looks of the batch under way, until the batch is taken in
    key       TEXT PRIMARY KEY,
    look      BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sample (
    key       TEXT PRIMARY KEY,
    place     INTEGER NOT NULL,
    random    INTEGER NOT NULL,
    reasons   BLOB NOT NULL,
    state     TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'leased', 'done', 'duplicate')),
    tries     INTEGER NOT NULL DEFAULT 0,
    fate      TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS listed (  -- what is listed but not audited: documents, and what only a POST reaches
    kind      TEXT NOT NULL CHECK (kind IN ('document', 'post')),
    what      TEXT NOT NULL,
    page      TEXT NOT NULL,
    words     TEXT NOT NULL,
    PRIMARY KEY (kind, what)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
_COLUMNS = "key, url, place, depth, turn, reason, referrer, words, state, tries, loaded, fate, detail"


class FrontierError(BadInput):
    """A frontier that cannot be used."""


class Known(NamedTuple):
    """A known page."""

    key: str
    url: str
    place: int
    depth: int
    turn: int
    reason: str
    referrer: str
    words: str
    state: str
    tries: int
    loaded: str
    fate: str
    detail: str


class Found(NamedTuple):
    """A page to be known: its address, and why."""

    url: str
    depth: int
    reason: str
    referrer: str = ""
    words: str = ""


class Listed(NamedTuple):
    """A document (``what`` is its address), or what only a POST reaches (its words), and the page where it was first seen."""

    kind: str
    what: str
    page: str
    words: str = ""


class Taken(NamedTuple):
    """What a look made of a page: its fate (a page state), what stays of it, and what it leads to."""

    key: str
    loaded: str
    fate: str
    detail: str
    seen: Seen | None
    found: Sequence[Found] = ()
    listed: Sequence[Listed] = ()


class Sampled(NamedTuple):
    """A page of the sample."""

    key: str
    url: str
    place: int
    random: bool
    reasons: tuple[Reason, ...]
    state: str
    tries: int
    fate: str


class Frontier:
    """One portal's frontier; one process at a time. Raises FrontierError where another one works on it, or another version wrote it."""

    def __init__(self, path: Path, most: int = 1_000_000) -> None:
        """``most``: pages known at the most."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._most = most
        self._lock = path.with_suffix(".lock").open("w")
        self._hold(path)
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version not in (0, VERSION):
            self.close()
            raise FrontierError(
                Text(
                    f"{path}: định dạng phiên bản {version}, bản này chỉ đọc được phiên bản {VERSION}; hãy kiểm tra lại vào thư mục khác.",
                    f"{path}: format version {version}, this release reads version {VERSION}; audit again into another folder.",
                )
            )
        self._db.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;" + _SCHEMA)

    def _hold(self, path: Path) -> None:
        if sys.platform == "win32":
            return  # one run folder, one command, on the user's word
        import fcntl

        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._lock.close()
            raise FrontierError(
                Text(
                    f"{path.parent}: một lệnh khác đang chạy trên thư mục này; hãy đợi hoặc chọn thư mục khác bằng --out.",
                    f"{path.parent}: another command is at work in this folder; wait, or choose another with --out.",
                )
            ) from None

    def close(self) -> None:
        if hasattr(self, "_db"):
            self._db.close()
        self._lock.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            self._db.execute("ROLLBACK")
            raise

    # -- finding out ---------------------------------------------------------------------------------------------------
    def add(self, pages: Iterable[Found]) -> None:
        """Make pages known, each once."""
        with self._transaction():
            self._add(pages)

    def _add(self, pages: Iterable[Found]) -> None:
        (place, known) = self._db.execute("SELECT coalesce(max(place), -1) + 1, count(*) FROM page").fetchone()
        for page in pages:
            key = urls.key(page.url)
            if known >= self._most:
                return
            if self._db.execute("SELECT 1 FROM page WHERE key = ?1 OR landed = ?1", (key,)).fetchone():
                continue
            shape, folder = urls.shape(page.url), urls.folder(page.url)
            (alike,) = self._db.execute("SELECT count(*) FROM page WHERE shape = ?", (shape,)).fetchone()
            if page.reason == "search" and alike:
                continue  # one example query is enough
            (beside,) = self._db.execute("SELECT count(*) FROM page WHERE folder = ?", (folder,)).fetchone()
            turn = alike + beside // _FOLDER_SHARE
            self._db.execute(
                "INSERT INTO page (key, url, place, depth, turn, shape, folder, reason, referrer, words)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (key, page.url, place, page.depth, turn, shape, folder, page.reason, page.referrer, page.words),
            )
            place += 1
            known += 1

    def lease(self, limit: int) -> list[Known]:
        """The batch under way where one was interrupted, or else the next waiting pages, from now on leased; in order of discovery."""
        with self._transaction():
            if not self._db.execute("SELECT 1 FROM page WHERE state = 'leased' LIMIT 1").fetchone():
                self._db.execute(
                    "UPDATE page SET state = 'leased' WHERE key IN"
                    " (SELECT key FROM page WHERE state = 'waiting' ORDER BY turn, depth, place LIMIT ?)",
                    (limit,),
                )
            self._db.execute("UPDATE page SET tries = tries + 1 WHERE state = 'leased' AND key NOT IN (SELECT key FROM found)")
            rows = self._db.execute(f"SELECT {_COLUMNS} FROM page WHERE state = 'leased' ORDER BY turn, depth, place").fetchall()
        return [Known(*row) for row in rows]

    def keep(self, key: str, look: bytes) -> None:
        """Keep the look at a leased page until its batch is taken in."""
        self._db.execute("INSERT OR REPLACE INTO found VALUES (?, ?)", (key, look))

    def kept(self) -> dict[str, bytes]:
        """The looks of the batch under way, by key."""
        return dict(self._db.execute("SELECT key, look FROM found"))

    def take_in(self, batch: Iterable[Taken]) -> None:
        """What the looks at a batch found, all at once: fates, and what the pages lead to. A page that is another one is a duplicate."""
        with self._transaction():
            (looked,) = self._db.execute("SELECT coalesce(max(looked), 0) FROM page").fetchone()
            for number, page in enumerate(batch, looked + 1):
                seen = msgspec.json.encode(page.seen) if page.seen is not None else None
                self._db.execute(
                    "UPDATE page SET state = ?, loaded = ?, landed = ?, fate = ?, detail = ?, seen = ?, looked = ? WHERE key = ?",
                    (self._settled(page), page.loaded, urls.key(page.loaded), page.fate, page.detail, seen, number, page.key),
                )
                self._add(page.found)
                self._list(page.listed)
            self._db.execute("DELETE FROM found")

    def _settled(self, page: Taken) -> str:
        """Whether a page that was looked at is one of its own; the address at which it was found is then no further page."""
        if page.fate != PageState.AUDITED:
            return "looked"
        landed = urls.key(page.loaded)
        sql = "SELECT 1 FROM page WHERE landed = ? AND fate = ? AND state = 'looked' AND key != ?"
        if self._db.execute(sql, (landed, page.fate, page.key)).fetchone():
            return "duplicate"
        self._db.execute("UPDATE page SET state = 'duplicate' WHERE key = ? AND key != ? AND state = 'waiting'", (landed, page.key))
        return "looked"

    def exclude(self, key: str) -> None:
        """robots.txt keeps this page out."""
        self._db.execute("UPDATE page SET state = 'excluded' WHERE key = ?", (key,))

    def _list(self, rows: Iterable[Listed]) -> None:
        (room,) = self._db.execute("SELECT ? - count(*) FROM listed", (MAX_LISTED,)).fetchone()
        for row in rows:
            if room <= 0:
                return
            room -= self._db.execute("INSERT OR IGNORE INTO listed VALUES (?, ?, ?, ?)", row).rowcount

    # -- what is known -------------------------------------------------------------------------------------------------
    def count(self, state: str | None = None) -> int:
        where, given = ("", ()) if state is None else (" WHERE state = ?", (state,))
        return int(self._db.execute("SELECT count(*) FROM page" + where, given).fetchone()[0])

    def states(self, keys: Iterable[str]) -> dict[str, str]:
        """The states of pages by key."""
        found = (self._db.execute("SELECT key, state FROM page WHERE key = ?", (key,)).fetchone() for key in keys)
        return dict(found)

    def waits_first(self) -> bool:
        """Whether the first page of a shape still waits."""
        return self._db.execute("SELECT 1 FROM page WHERE state = 'waiting' AND turn = 0 LIMIT 1").fetchone() is not None

    def looked(self, *, in_turn: bool = False) -> Iterator[tuple[Known, Seen | None]]:
        """The pages looked at, each with what stays of the look; in the order of discovery, or ``in_turn`` as they were looked at."""
        order = "looked" if in_turn else "place"
        rows = self._db.execute(f"SELECT {_COLUMNS}, seen FROM page WHERE state = 'looked' ORDER BY {order}")
        for *row, seen in rows:
            yield Known(*row), decode(seen, Seen) if seen is not None else None

    def fates(self) -> list[tuple[str, int, str, str]]:
        """What became of the pages looked at: fate, how many, and the first of them with its detail; errors by their status."""
        return list(
            self._db.execute(
                "SELECT fate, number, url, detail FROM (SELECT fate, count(*) AS number, url, detail, min(place) FROM page"
                " WHERE state = 'looked' GROUP BY fate, CASE fate WHEN 'http_error' THEN substr(detail, 1, 3) ELSE '' END)"
                " ORDER BY fate, detail"
            )
        )

    def listed(self, kind: str, limit: int) -> tuple[int, list[Listed]]:
        """How many are listed, and the first ``limit``."""
        (number,) = self._db.execute("SELECT count(*) FROM listed WHERE kind = ?", (kind,)).fetchone()
        rows = self._db.execute("SELECT * FROM listed WHERE kind = ? ORDER BY page, what LIMIT ?", (kind, limit))
        return number, [Listed(*row) for row in rows]

    def fact(self, name: str) -> str:
        """A fact about the whole crawl, empty where it was not noted."""
        row = self._db.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def note(self, name: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (name, value))

    # -- the sample ----------------------------------------------------------------------------------------------------
    def choose(self, pages: Iterable[tuple[str, bool, tuple[Reason, ...]]], facts: dict[str, str]) -> None:
        """Add pages (key, whether drawn by chance, why) to the sample, and note facts with it."""
        with self._transaction():
            (place,) = self._db.execute("SELECT coalesce(max(place), -1) + 1 FROM sample").fetchone()
            for number, (key, random, reasons) in enumerate(pages):
                row = (key, place + number, random, msgspec.json.encode(reasons))
                self._db.execute("INSERT OR IGNORE INTO sample (key, place, random, reasons) VALUES (?, ?, ?, ?)", row)
            for name, value in facts.items():
                self.note(name, value)

    def lease_sampled(self, key: str) -> None:
        self._db.execute("UPDATE sample SET state = 'leased', tries = tries + 1 WHERE key = ?", (key,))

    def sampled(self) -> list[Sampled]:
        rows = self._db.execute(
            "SELECT s.key, p.url, p.place, s.random, s.reasons, s.state, s.tries, s.fate FROM sample s JOIN page p USING (key)"
            " ORDER BY s.place"
        )
        return [
            Sampled(key, url, place, bool(random), decode(reasons, tuple[Reason, ...]), state, tries, fate)
            for key, url, place, random, reasons, state, tries, fate in rows
        ]

    def finish(self, key: str, fate: str, *, duplicate: bool = False) -> None:
        """A page of the sample is done, or turned out to be another one again."""
        self._db.execute("UPDATE sample SET state = ?, fate = ? WHERE key = ?", ("duplicate" if duplicate else "done", fate, key))
