"""``make store-proof``: a batch on a cluster whose workers share no folder, kept by a server that speaks S3, with a worker killed.

The national result has to equal that of an undisturbed batch in a folder, and a coordinator on another machine, which has nothing but
the store, has to come to it too without starting a portal.
"""

from __future__ import annotations

import argparse
import logging
import os
import shutil
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path

from bench.batch_demo import command, descendants, environment
from bench.batch_resume import differences, kill, undisturbed
from bench.cluster import redis_server, worker
from bench.farm import farm, plan
from wcag_audit.batch import Batch
from wcag_audit.depot import Depot
from wcag_audit.national import timeless

STORE = "s3://proof/2026-1"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--portals", type=int, default=4)
    parser.add_argument("--pages", type=int, default=3)
    parser.add_argument("--out", type=Path, default=Path("runs/store-proof"))
    args = parser.parse_args()
    shutil.rmtree(args.out, ignore_errors=True)
    args.out.mkdir(parents=True)
    options = ("--max-pages", str(args.pages), "--max-crawl", "20", "--depth", "static", "--name", "proof")
    with ExitStack() as around:
        serve_s3()
        roster = around.enter_context(farm(plan(args.portals), args.out))
        plain = undisturbed(command(roster, args.out / "plain", *options), args.out / "plain")
        url = around.enter_context(redis_server(args.out))
        workers = [around.enter_context(worker(url, "--scratch", str(args.out / f"machine-{number}"))).pid for number in (1, 2)]
        kept = (*options, "--store", STORE)
        killed = 0
        with subprocess.Popen(command(roster, args.out / "kept", *kept, "--cluster", url), env=environment()) as batch:
            while batch.poll() is None and not killed:
                at_work = [child for child in descendants(workers[0])[1:] if len(descendants(child)) > 1]
                kill(killed := at_work[0]) if at_work else time.sleep(0.05)
        if batch.returncode not in (0, 4) or not killed:
            raise SystemExit(f"the batch ended with {batch.returncode}; killed: {killed}")
        elsewhere = subprocess.run(
            command(roster, args.out / "elsewhere", *kept), env=environment(), capture_output=True, text=True, check=False
        )
    wrong = []
    for folder in ("kept", "elsewhere"):
        made = Batch(args.out / folder).national()
        wrong += differences(plain, made) if timeless(made) != timeless(plain) else []
    wrong += ["a finished portal was started again"] if "portal_started" in elsewhere.stderr else []
    names = Depot(STORE).names()
    wrong += [f"{unit.id} is not kept" for unit in plain.units if f"portals/{unit.id}/report.html" not in names]
    for one in wrong:
        print(one)
    print(f"a worker killed, {len(names)} objects kept: {'equal' if not wrong else 'DIFFERENT'}")
    raise SystemExit(1 if wrong else 0)


def serve_s3() -> None:
    """moto's S3 on a free port of this machine, with an empty bucket; processes that are started find it by their environment."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    os.environ.update(
        {
            "AWS_ACCESS_KEY_ID": "proof",
            "AWS_SECRET_ACCESS_KEY": "proof",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ENDPOINT_URL_S3": f"http://{host}:{port}",
        }
    )
    import s3fs

    s3fs.S3FileSystem().mkdir("proof")


if __name__ == "__main__":
    main()
