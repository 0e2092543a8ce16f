"""A batch on a cluster: real Redis, two workers that share a folder, one of them killed at its portal. A reduced form of
``make batch-resume-proof ARGS=--cluster``."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import redis

from bench.batch_demo import command, descendants, environment
from bench.cluster import redis_server, worker
from bench.farm import differences, farm, plan, truth
from wcag_audit import cluster
from wcag_audit.batch import Batch
from wcag_audit.model import Portal
from wcag_audit.store import RunError
from wcag_audit.worker import Event, How, Job


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with redis_server(tmp_path_factory.mktemp("redis")) as url:
        yield url


def test_no_redis_is_told_in_one_line() -> None:
    with pytest.raises(RunError, match=r"127\.0\.0\.1 does not answer"):
        cluster.ClusterPool("redis://127.0.0.1:1/0")


def test_one_portal_and_one_host_at_a_time(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "BUSY", 0.0)
    client = redis.Redis.from_url(url)
    with cluster._leases(client, ("portal:a", "host:h")) as first:
        assert first
        with cluster._leases(client, ("portal:b", "host:h")) as second:
            assert not second
        assert client.get("portal:b") is None, "what was taken is given back where the rest is not to be had"
        with cluster._leases(client, ("portal:b", "host:i")) as third:
            assert third
    with cluster._leases(client, ("portal:a", "host:h")) as again:
        assert again


def test_a_lease_that_runs_out_is_told_as_lost(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pool = cluster.ClusterPool(url)
    try:
        job = Job(portal=Portal(id="a", name="", url="http://127.0.0.1:1/"), folder="/nowhere", lock="", how=How())
        pool._jobs["a"] = job
        redis.Redis.from_url(url).rpush(pool._channel, json.dumps(["begun", "a", ""]))
        assert pool.wait(1) == []
        monkeypatch.setattr(cluster, "LEASE", 0)
        assert pool.wait(1) == [Event("lost", "a", "lease")] and pool.free == cluster.WINDOW
    finally:
        pool.close()


def test_a_batch_with_a_killed_worker(url: str, tmp_path: Path) -> None:
    planted = plan(2, evidence=("axe", "snapshot"))
    out = tmp_path / "out"
    with ExitStack() as stack:
        roster = stack.enter_context(farm(planted, tmp_path))
        first, _ = (stack.enter_context(worker(url)) for _ in range(2))
        run = command(roster, out, "--cluster", url, "--max-pages", "1", "--max-crawl", "3", "--depth", "static")
        with subprocess.Popen(run, env=environment(), stderr=subprocess.PIPE, text=True) as batch:
            _kill_at_its_portal(first.pid)
            _, errors = batch.communicate(timeout=240)
        assert batch.returncode == 0, errors
    told = [json.loads(line) for line in errors.splitlines() if line.startswith("{")]
    assert sorted(event["portal"] for event in told if event["event"] == "portal_finished") == sorted(one.unit.id for one in planted)
    assert not any(event["event"] == "worker_lost" for event in told), "its leases went back at once, and the job to another process"
    assert differences(truth(planted), Batch(out).national(), automatic=False) == []


def _kill_at_its_portal(pid: int) -> None:
    """Kill the process of a worker that does the jobs, as soon as it has started a browser."""
    for _ in range(600):
        for child in descendants(pid)[1:]:
            if len(descendants(child)) > 1:
                os.kill(child, signal.SIGKILL)
                return
        time.sleep(0.05)
    raise AssertionError("the worker never took a portal")
