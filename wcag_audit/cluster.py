"""A batch on many machines: Celery carries the jobs, Redis says who is at which portal and host. Needs the extra ``cluster``.

Workers write into a folder that all of them share, or keep what they do in a store (``depot``). A job is acknowledged only when it is
done, so that a worker that dies gives it back; a lease that its holder renews keeps a portal on one worker and a host at one portal at a
time, whatever is delivered twice.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import socket
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import msgspec

from wcag_audit.model import Text, decode
from wcag_audit.store import RunError
from wcag_audit.worker import BUSY, Event, Job, work

try:
    import redis
    from celery import Celery
    from celery.worker.request import Request
except ImportError as _error:
    _MISSING: ImportError | None = _error
    Request = object
else:
    _MISSING = None

TASK = "wcag_audit.portal"
#: Seconds that a lease lasts without being renewed, and between two renewals.
LEASE = 30
_RENEW = 8
#: Jobs that are handed to the cluster at once.
WINDOW = 256
#: Seconds after which Redis gives a job to another worker, unless its worker died in a way that tells at once.
_VISIBLE = 6 * 3600
#: A lease is renewed and given back only by whoever holds it.
_IF_MINE = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call({call}) else return 0 end"
_EXTEND = _IF_MINE.format(call="'expire', KEYS[1], ARGV[2]")
_RELEASE = _IF_MINE.format(call="'del', KEYS[1]")
#: The same by a dead holder's parent, which knows how the holder's token begins.
_RELEASE_OF = "local at = redis.call('get', KEYS[1]); if at and at:find(ARGV[1], 1, true) == 1 then redis.call('del', KEYS[1]) end"


class Station(NamedTuple):
    """What a worker has of its own: a folder for what is kept in a store, and the address of its browser where that runs elsewhere."""

    scratch: Path = Path(tempfile.gettempdir()) / "wcag-audit"
    browser_url: str | None = None


def app(url: str, station: Station | None = None) -> Any:
    """The Celery application of a Redis address; a worker's has a station.

    Raises RunError where the extra is missing or Redis does not answer.
    """
    _reachable(url)
    made = Celery("wcag_audit", broker=url)
    made.conf.update(
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1,
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        broker_connection_retry_on_startup=True,
        broker_transport_options={"visibility_timeout": _VISIBLE},
        worker_hijack_root_logger=False,
    )

    @made.task(name=TASK, Request=_Delivered, bind=True)  # type: ignore[untyped-decorator]
    def portal(task: Any, job: str, channel: str) -> None:
        _do(url, decode(job, Job), channel, _holder(os.getppid(), task.request.id), station or Station())

    return made


class _Delivered(Request):  # type: ignore[misc]
    """A job at a worker. Where the process that did it dies, its leases go back with it, so that nobody waits for them to run out."""

    def on_failure(self, exc_info: Any, *args: Any, **kwargs: Any) -> Any:
        with suppress(redis.RedisError):  # then they run out
            client = redis.Redis.from_url(self.app.conf.broker_url)
            for name in _lease_names(decode(self.args[0], Job)):
                client.eval(_RELEASE_OF, 1, name, _holder(os.getpid(), self.id))
        return super().on_failure(exc_info, *args, **kwargs)


def _holder(worker: int, task: str) -> str:
    """How the tokens of a job begin: by its worker and its delivery."""
    return f"{socket.gethostname()}:{worker}:{task}:"


def _reachable(url: str) -> None:
    if _MISSING is not None:
        raise RunError(
            Text("--cluster cần: pip install 'wcag-audit[cluster]'.", "--cluster needs: pip install 'wcag-audit[cluster]'.")
        ) from _MISSING
    try:
        redis.Redis.from_url(url).ping()
    except (redis.RedisError, ValueError) as error:
        at = urlsplit(url).hostname or url
        raise RunError(Text(f"Redis tại {at} không trả lời: {error}.", f"Redis at {at} does not answer: {error}.")) from error


# -- at a worker -----------------------------------------------------------------------------------------------------------
def serve(url: str, workers: int, station: Station) -> None:
    """Work for a cluster until a signal ends it; a job that is under way is given back."""
    options = ("--concurrency", str(workers), "--loglevel", "WARNING", "--without-gossip", "--without-mingle")
    app(url, station).worker_main(["worker", *options])


def _do(url: str, job: Job, channel: str, holder: str, station: Station) -> None:
    """A job, under the leases of its portal and its host."""
    client = redis.Redis.from_url(url)

    def tell(event: Event) -> None:
        client.rpush(channel, msgspec.json.encode(event))
        client.expire(channel, _VISIBLE)

    with _leases(client, _lease_names(job), holder) as held:
        if not held:
            tell(Event("busy", job.portal.id))
            return
        tell(Event("begun", job.portal.id))
        if station.browser_url:
            job = msgspec.structs.replace(job, how=msgspec.structs.replace(job.how, browser_url=station.browser_url))
        if job.store:
            _work_in(station.scratch, job, tell)
        else:
            work(job, tell)


def _work_in(scratch: Path, job: Job, tell: Callable[[Event], None]) -> None:
    """A job in a folder of this machine's own: what lasts of it is in the store."""
    place = scratch / hashlib.sha256(job.store.encode("utf-8")).hexdigest()[:16]
    # What a killed worker left here may be older than what is kept.
    shutil.rmtree(place, ignore_errors=True)
    try:
        work(msgspec.structs.replace(job, folder=str(place / "run"), lock=str(place / "lock")), tell)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _lease(kind: str, name: str) -> str:
    return f"wcag-audit:{kind}:{name}"


def _lease_names(job: Job) -> tuple[str, str]:
    return _lease("portal", job.place), _lease("host", urlsplit(job.portal.url).netloc)


@contextmanager
def _leases(client: Any, names: Sequence[str], holder: str = "") -> Iterator[bool]:
    """All leases or none; False where others keep one longer than ``BUSY``. Lost leases end this process, so that no two go on."""
    token = holder + uuid.uuid4().hex
    until = time.monotonic() + BUSY
    while not _take(client, names, token):
        if time.monotonic() > until:
            yield False
            return
        time.sleep(1)
    over = threading.Event()

    def renew() -> None:
        while not over.wait(_RENEW):
            if not all(client.eval(_EXTEND, 1, name, token, LEASE) for name in names):
                os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=renew, daemon=True).start()
    try:
        yield True
    finally:
        over.set()
        for name in names:
            client.eval(_RELEASE, 1, name, token)


def _take(client: Any, names: Sequence[str], token: str) -> bool:
    taken: list[str] = []
    for name in names:
        if not client.set(name, token, nx=True, ex=LEASE):
            for one in taken:
                client.eval(_RELEASE, 1, one, token)
            return False
        taken.append(name)
    return True


# -- at the coordinator ------------------------------------------------------------------------------------------------------
class ClusterPool:
    """Jobs handed to a cluster. What workers tell comes back over a channel of this coordinator's own."""

    def __init__(self, url: str) -> None:
        self._app = app(url)
        self._client = redis.Redis.from_url(url)
        self._channel = f"wcag-audit:events:{uuid.uuid4().hex}"
        self._jobs: dict[str, Job] = {}
        self._begun: dict[str, float] = {}

    @property
    def free(self) -> int:
        return WINDOW - len(self._jobs)

    def submit(self, job: Job) -> None:
        self._jobs[job.portal.id] = job
        self._app.send_task(TASK, args=(msgspec.json.encode(job).decode("utf-8"), self._channel))

    def wait(self, timeout: float) -> Sequence[Event]:
        events = []
        first = self._client.blpop([self._channel], timeout)
        told = [first[1], *(self._client.lpop(self._channel, WINDOW) or [])] if first else []
        for event in (decode(one, Event) for one in told):
            if event.portal not in self._jobs:
                continue
            if event.kind == "begun":
                self._begun[event.portal] = time.monotonic()
                continue
            if event.kind != "page":
                self._forget(event.portal)
            events.append(event)
        return [*events, *self._lost()]

    def _lost(self) -> list[Event]:
        """Jobs whose worker let its lease run out."""
        since = time.monotonic() - LEASE
        overdue = [id for id, begun in self._begun.items() if begun < since]
        lost = [id for id in overdue if not self._client.exists(_lease("portal", self._jobs[id].place))]
        for id in lost:
            self._forget(id)
        return [Event("lost", id, "lease") for id in lost]

    def _forget(self, id: str) -> None:
        self._jobs.pop(id, None)
        self._begun.pop(id, None)

    def close(self) -> None:
        """Jobs that nobody has begun stay with the cluster: they are done, or found done, all the same."""
        self._client.delete(self._channel)
        self._client.close()
        self._app.close()
