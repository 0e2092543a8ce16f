"""A vendor's project uses the check from its own pipeline script and from its own tests (fixtures/vendor-app)."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from playwright._impl._driver import compute_driver_executable

from wcag_audit.browser.find import find_browser

#: ``npm run``, as far as the app uses it, for machines without npm: the same scripts, by the node that Playwright brings.
NPM = """#!{python}
import json, os, sys
words = [word for word in sys.argv[2:] if not word.startswith("-")]
os.execvp("sh", ["sh", "-c", json.load(open("package.json"))["scripts"][words[0]]])
"""


@pytest.fixture
def app(tmp_path: Path, checkout: Path) -> Path:
    """The vendor's project, on a port of its own."""
    folder = tmp_path / "app"
    shutil.copytree(checkout / "fixtures" / "vendor-app", folder, ignore=shutil.ignore_patterns("dist", "wcag-audit-report", "__pycache__"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    for name in ("wcag-audit.toml", "preview.mjs", "tests/conftest.py"):
        path = folder / name
        path.write_text(path.read_text("utf-8").replace("4173", port), "utf-8")
    return folder


@pytest.fixture
def run(app: Path, tmp_path: Path, checkout: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs a command in the vendor's project, with wcag-audit, node and npm on its path."""
    tools = tmp_path / "bin"
    tools.mkdir()
    node = compute_driver_executable()[0]
    (tools / "node").symlink_to(node)
    (tools / "npm").write_text(NPM.format(python=sys.executable), "utf-8")
    (tools / "wcag-audit").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m wcag_audit "$@"\n', "utf-8")
    for tool in ("npm", "wcag-audit"):
        (tools / tool).chmod(0o755)
    paths = {"PATH": f"{tools}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(checkout), "WCAG_AUDIT_BROWSER": find_browser().path}

    def go(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(words, cwd=app, env={**os.environ, **paths}, capture_output=True, text=True, check=False, timeout=120)

    return go


PLUGIN = "wcag_audit.pytest_plugin"


def _change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_the_pipeline_is_red_green_tolerant_and_red_again(app: Path, run: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    known = ("--baseline", "baseline.json")
    _change(app / "pages/index.html", 'alt="Trụ sở trung tâm hành chính công" ', "")
    red = run("./pipeline.sh")
    assert red.returncode == 1, red.stdout + red.stderr
    assert "1.1.1" in red.stdout and red.stdout.splitlines()[-1].startswith("KHÔNG QUA: ")

    # The same defect is tolerated once it is in the baseline, in another build with other class names.
    accepted = run("./pipeline.sh", *known, "--update-baseline")
    assert accepted.returncode == 0, accepted.stdout + accepted.stderr
    (entry,) = json.loads((app / "baseline.json").read_text("utf-8"))["defects"]
    assert (entry["criteria"], entry["pages"]) == (["1.1.1"], ["/index.html"])

    # A new defect of the same rule on another page is red, and only that one.
    _change(app / "pages/lien-he.html", 'alt="Bản đồ: trung tâm nằm cạnh bưu điện thành phố" ', "")
    again = run("./pipeline.sh", *known)
    assert again.returncode == 1, again.stdout + again.stderr
    assert re.findall(r"^✕ \[\w+\] 1\.1\.1", again.stdout, re.M) and again.stdout.count("✕ [") == 1
    assert "/lien-he.html" in again.stdout and f"· [{entry['fingerprint']}]" in again.stdout
    log = json.loads((app / "wcag-audit-report" / "wcag-audit.sarif").read_text("utf-8"))
    new = [found for found in log["runs"][0]["results"] if found["baselineState"] == "new"]
    assert [place["physicalLocation"]["artifactLocation"]["uri"] for place in new[0]["locations"]] == ["pages/lien-he.html"]

    # Mended, everything is green, and what the baseline knew is told as mended.
    for page, name in (("index", "Trụ sở trung tâm hành chính công"), ("lien-he", "Bản đồ")):
        _change(app / f"pages/{page}.html", "<p><img ", f'<p><img alt="{name}" ')
    green = run("./pipeline.sh", *known)
    assert green.returncode == 0 and f"✓ [{entry['fingerprint']}]" in green.stdout, green.stdout + green.stderr
    assert not _listening(app), "their server is stopped"


def _listening(app: Path) -> bool:
    port = re.search(r"127\.0\.0\.1:(\d+)", (app / "wcag-audit.toml").read_text("utf-8"))
    assert port is not None
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", int(port[1]))) == 0


def test_their_own_tests_use_the_plugin(app: Path, run: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    pytest_words = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", "pytest.ini", "--rootdir", ".")
    # A checkout that is not installed has no entry point.
    installed = any(point.value == PLUGIN for point in entry_points(group="pytest11"))
    loaded = "" if installed else f" -p {PLUGIN}"
    (app / "pytest.ini").write_text(f"[pytest]\naddopts = --strict-markers{loaded}\nwcag_lang = en\n", "utf-8")
    _change(app / "pages/lien-he.html", 'alt="Bản đồ: trung tâm nằm cạnh bưu điện thành phố" ', "")
    assert run("npm", "run", "build").returncode == 0
    red = run(*pytest_words, "--wcag-baseline", "known.json", "tests")
    assert red.returncode == 1 and "1 failed, 4 passed" in red.stdout, red.stdout + red.stderr
    assert "1 level A failures (WCAG 2.0) on http://127.0.0.1" in red.stdout and "1.1.1" in red.stdout and "mend:" in red.stdout

    update = run(*pytest_words, "--wcag-baseline", "known.json", "--wcag-update-baseline", "tests")
    assert update.returncode == 0, update.stdout
    # wcag-audit ci reads the same file.
    both = run("wcag-audit", "ci", "--baseline", "known.json", "--start", "npm run preview", "--format", "text")
    assert both.returncode == 0, both.stdout + both.stderr
