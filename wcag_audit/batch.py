"""A batch: every portal of a roster, each in a run folder of its own, resumable at any moment, and the national result of all.

::

    batch.json                  the roster as it was, and how its portals are audited
    portals/<id>/               a run folder for each portal; finished where result.json and report.html stand
    earlier/<id>/<finished>/    what --since replaced
    failures/<id>.json          portals at which the audit itself broke again and again
    locks/<id>                  which portal a worker is at
    national.json, national.*   the national result and its reports
    SHA256SUMS                  the seal of a batch that is closed
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

import msgspec

from wcag_audit import score, seal
from wcag_audit.depot import TOLD, Depot, Keeper, portal_url
from wcag_audit.executor import Executor
from wcag_audit.locale import word
from wcag_audit.model import BadInput, Result, Struct, Text, decode, fill
from wcag_audit.national import Audited, National, national
from wcag_audit.roster import Unit
from wcag_audit.store import Run, RunError, RunInfo, write_whole
from wcag_audit.worker import Event, How, Job

log = logging.getLogger(__name__)

T = TypeVar("T")

BATCH_VERSION = 1
_FORMAT = "wcag-audit batch"
#: Times that a portal's audit may end without having finished a page before it is given up.
TRIES = 4
#: Seconds between two looks at what can be started.
_TICK = 1.0


class BatchInfo(Struct):
    """``batch.json``: what was asked. ``day`` is the day on which units have to be in force."""

    name: str
    day: str
    how: How
    units: tuple[Unit, ...]
    format: str = _FORMAT
    version: int = BATCH_VERSION


class Failure(Struct):
    """``failures/<id>.json``: how often the audit of a portal broke, and how at last."""

    tries: int
    error: str


class Hopeless(BadInput):
    """No portal can be audited here: no browser starts."""

    def __init__(self, why: str) -> None:
        super().__init__(
            Text(
                f"trình duyệt không khởi động được: {why}; hãy chạy “wcag-audit doctor”.",
                f"the browser does not start: {why}; run “wcag-audit doctor”.",
            )
        )


class Watch(Protocol):
    """Who looks on while a batch runs."""

    def begun(self, units: Sequence[Unit], finished: int) -> None:
        """These units are to be audited; so many others stand finished already."""
        ...

    def started(self, unit: Unit) -> None: ...

    def page(self, unit: Unit, state: str) -> None: ...

    def finished(self, unit: Unit, result: Result | None) -> None:
        """A portal is finished, or given up (None)."""
        ...

    def lost(self, unit: Unit, detail: str) -> None:
        """A worker died at this portal; it will be gone on with."""
        ...

    def tick(self) -> None:
        """Time has passed."""
        ...


class Batch:
    """One batch folder; with a ``store``, its address, what is finished is kept there too, and brought from there."""

    def __init__(self, folder: Path, store: str = "") -> None:
        self.folder = folder
        self.store = store
        self._depot = Depot(store) if store else None

    @property
    def _info_path(self) -> Path:
        return self.folder / "batch.json"

    @property
    def seal_path(self) -> Path:
        return self.folder / seal.NAME

    @property
    def national_path(self) -> Path:
        return self.folder / "national.json"

    @property
    def exists(self) -> bool:
        return self._info_path.is_file()

    def run(self, unit_id: str) -> Run:
        return Run(self.folder / "portals" / unit_id)

    def lock(self, unit_id: str) -> Path:
        return self.folder / "locks" / unit_id

    def _failure_path(self, unit_id: str) -> Path:
        return self.folder / "failures" / f"{unit_id}.json"

    # -- the plan --------------------------------------------------------------------------------------------------------
    def create(self, name: str, day: date, how: How, units: Sequence[Unit]) -> BatchInfo:
        """Start a batch here, or go on with the one that is here: units that are new to it are added.

        Raises RunError where other files stand here, where the batch is sealed, or where it was started with other options.
        """
        if self._depot is not None and not self.exists:
            self._depot.bring(self._info_path.name, self._info_path)
        if not self.exists:
            if self.folder.exists() and (not self.folder.is_dir() or any(self.folder.iterdir())):
                raise RunError(
                    Text(
                        f"{self.folder}: đã có tệp khác ở đây, không phải một đợt kiểm tra; hãy chọn thư mục khác bằng --out.",
                        f"{self.folder}: other files stand here, not a batch; choose another folder with --out.",
                    )
                )
            info = BatchInfo(name=name or self.folder.name, day=day.isoformat(), how=how, units=tuple(units))
            return self._save(info)
        if self.seal_path.exists():
            raise RunError(
                Text(
                    f"{self.folder}: đợt này đã niêm phong; hãy chọn thư mục khác bằng --out.",
                    f"{self.folder}: this batch is sealed; choose another folder with --out.",
                )
            )
        there = self.info()
        if there.how != how:
            differs = ", ".join(key for key in How.__struct_fields__ if getattr(there.how, key) != getattr(how, key))
            raise RunError(
                Text(
                    f"{self.folder}: đợt này bắt đầu với lựa chọn khác ({differs}); hãy dùng lại lựa chọn cũ hoặc --out khác.",
                    f"{self.folder}: this batch was started with other options ({differs}); use those, or another --out.",
                )
            )
        given = {unit.id: unit for unit in units}
        merged = tuple(given.pop(unit.id, unit) for unit in there.units) + tuple(given.values())
        return there if merged == there.units else self._save(msgspec.structs.replace(there, units=merged))

    def _save(self, info: BatchInfo) -> BatchInfo:
        write_whole(self._info_path, _pretty(info))
        self.keep(self._info_path)
        return info

    # -- the store -------------------------------------------------------------------------------------------------------
    def keep(self, path: Path) -> None:
        """Keep a file of the batch in its store, where it has one."""
        if self._depot is not None:
            self._depot.put(path, path.relative_to(self.folder).as_posix())

    def fetch(self) -> None:
        """Bring what is finished in the store and not here, and keep there what is finished here only: after that, both tell the same."""
        if self._depot is None:
            return
        kept = set(self._depot.names())
        for name in sorted(kept):
            if (name.startswith("failures/") or name == seal.NAME) and not (self.folder / name).is_file():
                self._depot.bring(name, self.folder / name)
        for unit in self.info().units:
            if f"portals/{unit.id}/result.json" in kept:
                self.fetch_finished(unit)
            elif self.run(unit.id).result_path.is_file():
                Keeper(portal_url(self.store, unit.id), self.run(unit.id)).finish()

    def fetch_all(self) -> None:
        """Bring every file that is in the store and not here."""
        if self._depot is not None:
            for name in self._depot.names():
                if not (self.folder / name).is_file():
                    self._depot.bring(name, self.folder / name)

    def fetch_finished(self, unit: Unit) -> None:
        """Bring what a finished portal tells, where it is not here."""
        if self._depot is not None and not self.run(unit.id).result_path.is_file():
            for name in TOLD:
                self._depot.bring(f"portals/{unit.id}/{name}", self.run(unit.id).folder / name)

    def info(self) -> BatchInfo:
        """Raises RunError where this is no batch folder, or one of a version we do not read."""
        if not self.exists:
            raise RunError(
                Text(
                    f"{self.folder}: đây không phải thư mục của một đợt kiểm tra (không có batch.json).",
                    f"{self.folder}: not a batch folder (there is no batch.json).",
                )
            )
        return _read(self._info_path, BatchInfo, BATCH_VERSION)

    # -- what is there ---------------------------------------------------------------------------------------------------
    def result(self, unit: Unit) -> Result | None:
        """The result of a finished portal, None where there is none."""
        run = self.run(unit.id)
        return run.result() if run.result_path.is_file() else None

    def to_do(self, units: Sequence[Unit], since: str = "") -> list[Unit]:
        """The units in force that have no result, one without its report, or one that is older than ``since`` (ISO 8601), which is
        moved to ``earlier``."""
        day = date.fromisoformat(self.info().day)
        waiting = []
        for unit in units:
            if not unit.in_force(day):
                continue
            result = self.result(unit)
            if result is not None and since and result.finished < since:
                self._set_aside(unit, result.finished)
                result = None
            # A worker may have died between the two: the next one writes the report only.
            if result is None or not self.run(unit.id).report_path.is_file():
                self._forget_failure(unit)
                waiting.append(unit)
        return waiting

    def _set_aside(self, unit: Unit, finished: str) -> None:
        place = self.folder / "earlier" / unit.id / finished.replace(":", "")
        if self._depot is not None:
            self._depot.move(f"portals/{unit.id}", place.relative_to(self.folder).as_posix())
        place.parent.mkdir(parents=True, exist_ok=True)
        self.run(unit.id).folder.rename(place)

    def failed(self, unit: Unit, failure: Failure) -> None:
        path = self._failure_path(unit.id)
        write_whole(path, _pretty(failure))
        self.keep(path)

    def _forget_failure(self, unit: Unit) -> None:
        path = self._failure_path(unit.id)
        if path.is_file():
            path.unlink()
            if self._depot is not None:
                self._depot.drop(path.relative_to(self.folder).as_posix())

    def _failure(self, unit: Unit) -> Text | None:
        path = self._failure_path(unit.id)
        if not path.is_file():
            return None
        failure = decode(path.read_bytes(), Failure)
        return fill(word("unit_states", "crashed"), {"tries": str(failure.tries), "error": failure.error})

    # -- the national result ---------------------------------------------------------------------------------------------
    def audited(self) -> Iterator[Audited]:
        """Every unit with what came of it, in the order of the roster."""
        info = self.info()
        day = date.fromisoformat(info.day)
        for unit in info.units:
            result = self.result(unit)
            yield Audited(
                unit=unit,
                result=result,
                plan=_plan(self.run(unit.id).info()) if result is not None else {},
                folder=f"portals/{unit.id}",
                ended=not unit.in_force(day),
                failure=self._failure(unit),
            )

    def conclude(self) -> National:
        """The national result of what is there, saved as ``national.json``."""
        info = self.info()
        made = national(info.name, self.audited(), score.schemes(score.load_profile(info.how.profile)))
        write_whole(self.national_path, _pretty(made))
        self.keep(self.national_path)
        return made

    def national(self) -> National:
        """The saved national result. Raises RunError where there is none, or one that cannot be read."""
        if not self.national_path.is_file():
            self.info()
            raise RunError(
                Text(
                    f"{self.folder}: chưa có national.json; hãy chạy tiếp “wcag-audit batch --out {self.folder}”.",
                    f"{self.folder}: there is no national.json; go on with “wcag-audit batch --out {self.folder}”.",
                )
            )
        return _read(self.national_path, National, BATCH_VERSION)


def batches(folder: Path) -> list[Path]:
    """A batch folder itself, or all those directly in a folder. Raises RunError where there is none."""
    found = [folder] if Batch(folder).exists else sorted(path.parent for path in folder.glob("*/batch.json"))
    if not found:
        Batch(folder).info()
    return found


def _plan(info: RunInfo) -> dict[str, str]:
    """What has to be the same for all portals of a ranking."""
    keys = ("depth", "max_pages", "max_crawl", "seed", "rules")
    return {key: str(getattr(info, key)) for key in keys}


def _pretty(value: object) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value, order="deterministic"), indent=1) + b"\n"


def _read(path: Path, kind: type[T], supported: int) -> T:
    """Raises RunError where the file is not what it should be."""
    try:
        data = path.read_bytes()
        version = decode(data, dict[str, object]).get("version")
        if version != supported:
            raise RunError(
                Text(
                    f"{path}: định dạng phiên bản {version}, bản này chỉ đọc được phiên bản {supported}.",
                    f"{path}: format version {version}, this release reads version {supported}.",
                )
            )
        return decode(data, kind)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RunError(Text(f"{path}: nội dung không hợp lệ ({error}).", f"{path}: not valid ({error}).")) from error


# -- the coordinator -----------------------------------------------------------------------------------------------------------
def run(batch: Batch, units: Sequence[Unit], executor: Executor, watch: Watch, lang: str = "vi") -> None:
    """Audit units until each has its result, and its report in ``lang``, or was given up. Portals of one host are never audited at the
    same time.

    Raises Hopeless where no browser starts.
    """
    _Coordinator(batch, units, executor, watch, lang).work()


class _Coordinator:
    """A batch while it runs. All that lasts is on disk: killed at any moment, the same command goes on."""

    def __init__(self, batch: Batch, units: Sequence[Unit], executor: Executor, watch: Watch, lang: str) -> None:
        self._batch = batch
        self._how = batch.info().how
        self._waiting = list(units)
        self._running: dict[str, Unit] = {}
        self._tries: Counter[str] = Counter()
        self._executor = executor
        self._watch = watch
        self._lang = lang

    def work(self) -> None:
        try:
            while self._waiting or self._running:
                self._start()
                for event in self._executor.wait(_TICK):
                    self._take(event)
                self._watch.tick()
        finally:
            self._executor.close()

    def _start(self) -> None:
        hosts = {_host(unit) for unit in self._running.values()}
        for unit in list(self._waiting):
            if not self._executor.free:
                return
            if (host := _host(unit)) in hosts:
                continue
            hosts.add(host)
            self._waiting.remove(unit)
            self._running[unit.id] = unit
            self._watch.started(unit)
            self._executor.submit(self._job(unit))

    def _job(self, unit: Unit) -> Job:
        run = self._batch.run(unit.id)
        lock = str(self._batch.lock(unit.id).resolve())
        return Job(
            portal=unit.portal,
            folder=str(run.folder.resolve()),
            lock=lock,
            how=self._how,
            rate=unit.rate or 0.0,
            auth=unit.auth,
            pages=unit.pages,
            store=portal_url(self._batch.store, unit.id),
            lang=self._lang,
        )

    def _take(self, event: Event) -> None:
        unit = self._running.get(event.portal)
        if unit is None:
            return
        if event.kind == "page":
            self._tries[unit.id] = 0
            self._watch.page(unit, event.detail)
            return
        del self._running[unit.id]
        if event.kind == "hopeless":
            raise Hopeless(event.detail)
        if event.kind == "done":
            self._batch.fetch_finished(unit)
        if event.kind == "done" and (result := self._batch.result(unit)) is not None:
            self._watch.finished(unit, result)
        else:
            self._again(unit, event)

    def _again(self, unit: Unit, event: Event) -> None:
        """Go on with a portal whose worker died or broke, or give it up where it gets no further. Waiting for another worker is no try."""
        self._tries[unit.id] += event.kind != "busy"
        if self._tries[unit.id] >= TRIES:
            self._batch.failed(unit, Failure(tries=TRIES, error=f"{event.kind}: {event.detail}".rstrip(": ")))
            self._watch.finished(unit, None)
            return
        log.info("%s: %s %s, going on", unit.id, event.kind, event.detail)
        self._watch.lost(unit, event.detail or event.kind)
        self._waiting.append(unit)


def _host(unit: Unit) -> str:
    parts = urlsplit(unit.url)
    return f"{parts.hostname}:{parts.port or parts.scheme}"
