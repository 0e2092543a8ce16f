"""A server of theirs for the time of a check: started, waited for, and stopped with everything that it started."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from wcag_audit.model import BadInput, Text, cut

#: Seconds that a server has to stop by itself, and between two looks whether it answers.
_GRACE, _BETWEEN = 8.0, 0.2


class StartError(BadInput):
    """The server ended or never answered; the line has the last that it wrote."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(Text(vi, en))


@contextmanager
def started(command: str, wait_on: str, timeout: float) -> Iterator[None]:
    """Run a shell command until the end of the block; it is entered once ``wait_on`` answers. Raises StartError."""
    with tempfile.TemporaryFile() as output:
        running = subprocess.Popen(
            command, shell=True, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            _wait(running, command, wait_on, timeout, output.fileno())
            yield
        finally:
            _stop(running)


def _wait(running: subprocess.Popen[bytes], command: str, url: str, timeout: float, output: int) -> None:
    until = time.monotonic() + timeout
    while not _answers(url):
        if running.poll() is not None:
            said = _last(output)
            raise StartError(
                f"--start “{command}”: đã dừng với mã {running.returncode} trước khi {url} trả lời; dòng cuối: {said}",
                f"--start “{command}”: ended with {running.returncode} before {url} answered; it said: {said}",
            )
        if time.monotonic() > until:
            said = _last(output)
            raise StartError(
                f"--wait-on {url}: không trả lời sau {timeout:g} giây; “{command}” viết: {said}",
                f"--wait-on {url}: no answer within {timeout:g} seconds; “{command}” said: {said}",
            )
        time.sleep(_BETWEEN)


def _answers(url: str) -> bool:
    """Whether anything below a server error answers. Never through a proxy: it is a server on this machine or nearby."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=5):
            return True
    except urllib.error.HTTPError as error:
        return error.code < 500
    except (OSError, ValueError):
        return False


def _last(output: int) -> str:
    size = os.fstat(output).st_size
    said = os.pread(output, 2000, max(0, size - 2000)).decode("utf-8", "replace").split("\n")
    return cut(" ".join(" ".join(said[-6:]).split()), 300) or "∅"


def _stop(running: subprocess.Popen[bytes]) -> None:
    """The whole group: ``npm run`` starts children of its own."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(running.pid, sign)
        except ProcessLookupError:
            break
        try:
            running.wait(_GRACE)
        except subprocess.TimeoutExpired:
            continue
        if not _group_lives(running.pid):
            break
    running.wait()


def _group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True
