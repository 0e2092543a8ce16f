"""Where a batch is kept beside its folder: an object store, or whatever else fsspec reaches. Needs the extra ``store``.

What is put twice stands once, and a portal's ``result.json`` is put last: where it stands, all of the portal stands. Credentials and
endpoints are fsspec's and the store's own affair (for S3 ``AWS_…`` and ``FSSPEC_S3_ENDPOINT_URL``); an address never holds them.
"""

from __future__ import annotations

import contextlib
import importlib
import sqlite3
import tempfile
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from wcag_audit.model import Text
from wcag_audit.store import Run, RunError, write_whole

#: What of a finished portal its coordinator needs, ``result.json`` last.
TOLD = ("run.json", "report.html", "result.json")

#: The stamp of what somebody else has kept.
_UNKNOWN = (0, 0)


class Depot:
    """A folder of a store, by its address (``s3://bucket/2026-1``). Every method raises RunError where the store refuses."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        try:
            core = importlib.import_module("fsspec.core")
        except ImportError as error:
            raise RunError(
                Text("--store cần: pip install 'wcag-audit[store]'.", "--store needs: pip install 'wcag-audit[store]'.")
            ) from error
        with self._told():
            self._files, self._root = core.url_to_fs(self.url, skip_instance_cache=True)

    def put(self, path: Path, name: str) -> None:
        """Keep a file under a name, whole or not at all."""
        with self._told():
            data = path.read_bytes()
            place = f"{self._root}/{name}"
            self._files.makedirs(place.rpartition("/")[0], exist_ok=True)
            # On a disk a file is moved into its place; a store shows an object when all of it is there.
            with self._files.transaction if getattr(self._files, "local_file", False) else contextlib.nullcontext():
                self._files.pipe_file(place, data)

    def bring(self, name: str, path: Path) -> bool:
        """Write what is kept under a name to a file; False where there is nothing."""
        with self._told():
            try:
                data: bytes = self._files.cat_file(f"{self._root}/{name}")
            except FileNotFoundError:
                return False
        write_whole(path, data)
        return True

    def names(self, under: str = "") -> list[str]:
        """All names, or those in a folder, in a fixed order."""
        with self._told():
            # Another machine may have put something since this one looked.
            self._files.invalidate_cache()
            found = self._files.find(f"{self._root}/{under}".rstrip("/"))
            return sorted(str(one)[len(self._root) :].lstrip("/") for one in found)

    def drop(self, name: str) -> None:
        """Keep a file no longer."""
        with self._told(), contextlib.suppress(FileNotFoundError):
            self._files.rm_file(f"{self._root}/{name}")

    def move(self, folder: str, to: str) -> None:
        """Keep everything in a folder under another one, ``result.json`` going first: what is half moved is not finished."""
        with self._told():
            for name in sorted(self.names(folder), key=lambda name: not name.endswith("/result.json")):
                place = f"{self._root}/{to}/{name.removeprefix(f'{folder}/')}"
                self._files.makedirs(place.rpartition("/")[0], exist_ok=True)
                self._files.mv(f"{self._root}/{name}", place)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except RunError:
            raise
        except Exception as error:  # every store has errors of its own
            why = str(error).splitlines()[0][:300] if str(error) else repr(error)
            raise RunError(Text(f"--store {self.url}: {why}.", f"--store {self.url}: {why}.")) from error


class Keeper:
    """Keeps a run in a depot while it is made: each page when it is done, so that another machine can go on. Uploads wait for nobody."""

    def __init__(self, url: str, run: Run) -> None:
        self._depot = Depot(url)
        self._run = run
        self._thread = ThreadPoolExecutor(1, "depot")
        self._asked: list[Future[None]] = []
        #: What is kept, by name, as it was then.
        self._kept: dict[str, tuple[int, int]] = {}

    def fetch(self) -> None:
        """Bring what is kept of the run, where nothing of it is here. Of one that goes on here, learn what is kept: who kept it before may
        have been stopped before it dropped what is not here any more."""
        if (self._run.folder / "run.json").is_file():
            # Of a finished run, perhaps only the result was brought here.
            if not self._run.result_path.is_file():
                self._kept = dict.fromkeys(self._depot.names(), _UNKNOWN)
            return
        # run.json comes last: without it, nothing is here.
        for name in sorted(self._depot.names(), key=lambda name: name == "run.json"):
            path = self._run.folder / name
            self._depot.bring(name, path)
            self._kept[name] = _stamp(path)

    def page_done(self) -> None:
        """Keep what there is, soon."""
        self._asked.append(self._thread.submit(self._keep))

    def finish(self) -> None:
        """Keep all of a finished run, its result last."""
        self._thread.shutdown(wait=True)
        for asked in self._asked:
            asked.result()
        self._keep()
        self._depot.put(self._run.result_path, self._run.result_path.name)

    def give_up(self) -> None:
        """Keep no more than is under way."""
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _keep(self) -> None:
        """Put what is new, and the frontier as it was before that was gathered: the pages that it tells of are there with it."""
        with tempfile.TemporaryDirectory(prefix="wcag-audit-") as place:
            frontier = Path(place) / self._run.frontier_path.name
            if self._run.frontier_path.is_file():
                _copy(self._run.frontier_path, frontier)
            here = self._here()
            for name, stamp in here.items():
                if self._kept.get(name) != stamp:
                    self._depot.put(self._run.folder / name, name)
                    self._kept[name] = stamp
            # A page that turned out to be another one again is dropped here.
            for name in [name for name in self._kept if _lasts(name) and name not in here]:
                self._depot.drop(name)
                del self._kept[name]
            if frontier.is_file():
                self._depot.put(frontier, frontier.name)

    def _here(self) -> dict[str, tuple[int, int]]:
        found = {}
        for path in sorted(self._run.folder.rglob("*")):
            name = path.relative_to(self._run.folder).as_posix()
            with contextlib.suppress(FileNotFoundError):  # it was dropped just now
                if path.is_file() and _lasts(name):
                    found[name] = _stamp(path)
        return found


def _stamp(path: Path) -> tuple[int, int]:
    """Changes where a file does."""
    stat = path.stat()
    return stat.st_mtime_ns, stat.st_size


def _lasts(name: str) -> bool:
    """Whether a file of a run is kept as it stands: not what is half written, nor what is kept in a way of its own."""
    own = name.rpartition("/")[2]
    return not own.startswith((".", "frontier.sqlite")) and name != "result.json"


def _copy(database: Path, to: Path) -> None:
    """A consistent copy of a database that others write to."""
    with contextlib.closing(sqlite3.connect(database)) as source, contextlib.closing(sqlite3.connect(to)) as target:
        source.backup(target)


def portal_url(url: str, unit_id: str) -> str:
    """Where a portal's run is kept in the store of its batch; nowhere where the batch has none."""
    return f"{url.rstrip('/')}/portals/{unit_id}" if url else ""

