"""Run folders: what an audit leaves on disk, written whole or not at all, and read back by ``replay`` and ``report``.

::

    run.json                        what was asked: portal, profile, rules, limits
    crawl.json                      how large the portal seemed, and what was found and not audited
    pages.txt                       the sample, for --pages
    frontier.sqlite                 which pages are known, visited or waiting: a killed run goes on there
    pages/<page id>/snapshot.json.gz
    pages/<page id>/outcomes.json
    pages/<page id>/screenshot.jpg
    reviews.json                    what persons answered, where they did
    timings.json                    where the time went, with --profile-timings
    result.json, report.*
"""

from __future__ import annotations

import gzip
import os
import shutil
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import msgspec

from wcag_audit import reviews
from wcag_audit.model import (
    RESULT_VERSION,
    SNAPSHOT_VERSION,
    BadInput,
    Crawled,
    Outcome,
    Portal,
    Result,
    Review,
    Snapshot,
    Struct,
    Text,
    decode,
)

T = TypeVar("T")

RUN_VERSION = 1
_FORMAT = "wcag-audit run"
#: Stands where a page showed a secret of the log-in.
HIDDEN = "•••"
#: A snapshot larger than this when unpacked is none of ours.
_MAX_SNAPSHOT = 400_000_000


class RunError(BadInput):
    """A run folder that cannot be used."""


class RunInfo(Struct):
    """``run.json``: all that ``replay`` needs beside the snapshots."""

    portal: Portal
    profile: str
    started: str
    depth: str = "full"
    command: str = "audit"
    max_pages: int = 0
    max_crawl: int = 0
    seed: int = 0
    rules: str = ""
    format: str = _FORMAT
    version: int = RUN_VERSION


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all. Raises RunError where the folder cannot be written."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        if part.parent.is_dir():
            part.unlink(missing_ok=True)
        raise RunError(
            Text(
                f"Không ghi được {path}: {error.strerror}; hãy chọn thư mục khác bằng --out.",
                f"Cannot write {path}: {error.strerror}; choose another folder with --out.",
            )
        ) from error


def _pretty(value: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value, order="deterministic"), indent=1) + b"\n"


def _escaped(secret: str) -> bytes:
    """A secret as it stands in JSON."""
    return msgspec.json.encode(secret)[1:-1]


class CrawlInfo(Crawled):
    """``crawl.json``."""

    version: int = RUN_VERSION


class Run:
    """One run folder."""

    def __init__(self, folder: Path, secrets: Sequence[str] = ()) -> None:
        """``secrets`` are never written: not even where a page shows them."""
        self.folder = folder
        self._secrets = [(_escaped(secret), HIDDEN.encode()) for secret in secrets]

    def _hide(self, data: bytes) -> bytes:
        for secret, hidden in self._secrets:
            data = data.replace(secret, hidden)
        return data

    @property
    def result_path(self) -> Path:
        return self.folder / "result.json"

    @property
    def report_path(self) -> Path:
        """The HTML report, where one was asked for."""
        return self.folder / "report.html"

    @property
    def reviews_path(self) -> Path:
        return self.folder / "reviews.json"

    @property
    def frontier_path(self) -> Path:
        return self.folder / "frontier.sqlite"

    def page_folder(self, page_id: str) -> Path:
        return self.folder / "pages" / page_id

    # -- writing -------------------------------------------------------------------------------------------------------
    def create(self, info: RunInfo) -> None:
        """Start a run here, or go on with the one that is here already. Raises RunError where another run or other files stand here."""
        if (self.folder / "run.json").exists():
            there = self.info()
            if there.portal.url != info.portal.url:
                raise RunError(
                    Text(
                        f"{self.folder}: thư mục này chứa kết quả của {there.portal.url}; hãy chọn thư mục khác bằng --out.",
                        f"{self.folder}: this folder holds a run of {there.portal.url}; choose another with --out.",
                    )
                )
            return
        if self.folder.exists() and (not self.folder.is_dir() or any(self.folder.iterdir())):
            raise RunError(
                Text(
                    f"{self.folder}: đã có tệp khác ở đây, không phải một lần kiểm tra; hãy chọn thư mục khác bằng --out.",
                    f"{self.folder}: other files stand here, not a run; choose another folder with --out.",
                )
            )
        write_whole(self.folder / "run.json", _pretty(info))

    def restart(self, info: RunInfo) -> None:
        """Start anew, in place of an earlier run of the same command. Raises RunError where anything else stands here."""
        if (self.folder / "run.json").is_file() and self.info().command == info.command:
            shutil.rmtree(self.folder / "pages", ignore_errors=True)
            for name in ("run.json", "crawl.json", "result.json", "frontier.sqlite"):
                (self.folder / name).unlink(missing_ok=True)
            write_whole(self.folder / "run.json", _pretty(info))
            return
        self.create(info)

    def save_snapshot(self, snapshot: Snapshot, screenshot: bytes | None) -> None:
        """The screenshot first: a snapshot that is there is complete."""
        folder = self.page_folder(snapshot.page.id)
        if screenshot is not None:
            write_whole(folder / "screenshot.jpg", screenshot)
        write_whole(folder / "snapshot.json.gz", gzip.compress(self._hide(msgspec.json.encode(snapshot)), compresslevel=3, mtime=0))

    def save_crawl(self, crawled: Crawled) -> None:
        write_whole(self.folder / "crawl.json", self._hide(_pretty(CrawlInfo(**msgspec.structs.asdict(crawled)))))

    def save_pages(self, text: str) -> None:
        """Keep the sample as a file that ``--pages`` reads."""
        write_whole(self.folder / "pages.txt", self._hide(text.encode("utf-8")))

    def drop(self, page_id: str) -> None:
        """Forget a page that turned out to be another one again."""
        shutil.rmtree(self.page_folder(page_id), ignore_errors=True)

    def save_outcomes(self, page_id: str, outcomes: list[Outcome]) -> None:
        write_whole(self.page_folder(page_id) / "outcomes.json", self._hide(_pretty(outcomes)))

    def save_reviews(self, given: Sequence[Review]) -> None:
        """Keep a person's answers, so that every later replay applies them."""
        write_whole(self.reviews_path, reviews.encode(given))

    def save_result(self, result: Result) -> None:
        write_whole(self.result_path, self._hide(_pretty(result)))

    # -- reading -------------------------------------------------------------------------------------------------------
    def info(self) -> RunInfo:
        """Raises RunError where this is no run folder, or one of a version we do not read."""
        path = self.folder / "run.json"
        if not path.is_file():
            raise RunError(
                Text(
                    f"{self.folder}: đây không phải thư mục kết quả kiểm tra (không có run.json).",
                    f"{self.folder}: not a run folder (there is no run.json).",
                )
            )
        data = path.read_bytes()
        _version(path, data, RUN_VERSION)
        return _decode(path, data, RunInfo)

    def crawl(self) -> Crawled:
        """Empty where the crawl has not come to its end."""
        path = self.folder / "crawl.json"
        if not path.is_file():
            return Crawled()
        kept = msgspec.structs.asdict(_decode(path, path.read_bytes(), CrawlInfo))
        del kept["version"]
        return Crawled(**kept)

    def reviews(self) -> tuple[Review, ...]:
        """Raises ReviewsError where the file that is there is not one of reviews."""
        return reviews.read(self.reviews_path) if self.reviews_path.is_file() else ()

    def has_snapshot(self, page_id: str) -> bool:
        return (self.page_folder(page_id) / "snapshot.json.gz").is_file()

    def snapshot(self, page_id: str) -> Snapshot:
        path = self.page_folder(page_id) / "snapshot.json.gz"
        try:
            unpacked = zlib.decompressobj(wbits=31)
            data = unpacked.decompress(path.read_bytes(), _MAX_SNAPSHOT)
        except (OSError, zlib.error) as error:
            raise RunError(Text(f"{path}: không đọc được ({error}).", f"{path}: cannot be read ({error}).")) from error
        _version(path, data, SNAPSHOT_VERSION)
        return _decode(path, data, Snapshot)

    def page_ids(self) -> list[str]:
        """Ids of all pages with a snapshot, in no particular order."""
        return sorted(path.parent.name for path in self.folder.glob("pages/*/snapshot.json.gz"))

    def result(self) -> Result:
        if not self.result_path.is_file():
            self.info()
            raise RunError(
                Text(
                    f"{self.folder}: chưa có result.json; hãy chạy “wcag-audit replay {self.folder}”.",
                    f"{self.folder}: there is no result.json; run “wcag-audit replay {self.folder}”.",
                )
            )
        data = self.result_path.read_bytes()
        _version(self.result_path, data, RESULT_VERSION)
        return _decode(self.result_path, data, Result)

    @contextmanager
    def copied(self) -> Iterator[Run]:
        """A copy of what a replay reads, for as long as the block runs: a replay there leaves this run as it is."""
        with tempfile.TemporaryDirectory(prefix="wcag-audit-") as place:
            left_out = shutil.ignore_patterns("screenshot.*", "report*", "outcomes.json", "frontier.sqlite*", "result.json")
            yield Run(Path(shutil.copytree(self.folder, Path(place) / self.folder.name, ignore=left_out)))

    def screenshot_path(self, page_id: str) -> Path | None:
        path = self.page_folder(page_id) / "screenshot.jpg"
        return path if path.is_file() else None


class _Versioned(msgspec.Struct):
    version: int


def _version(path: Path, data: bytes, supported: int) -> None:
    found = _decode(path, data, _Versioned).version
    if found != supported:
        raise RunError(
            Text(
                f"{path}: định dạng phiên bản {found}, bản này chỉ đọc được phiên bản {supported}; hãy kiểm tra lại hoặc dùng bản phù hợp.",
                f"{path}: format version {found}, this release reads version {supported}; audit again or use a matching release.",
            )
        )


def _decode(path: Path, data: bytes, kind: type[T]) -> T:
    try:
        return decode(data, kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RunError(Text(f"{path}: nội dung không hợp lệ ({error}).", f"{path}: not valid ({error}).")) from error
