"""Who is measured: the floor, we, and the peers, each over the same pages in the same browser binary, as its makers mean it to be run.

Every tool is started as a user starts it: one process for all pages where it can take several, else one after the other. Where a tool can
work on several pages at once and loses none by it, it gets two, as we do.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from measure import ROOT, Done, browser_path, run

from wcag_audit.serve import FolderSite, serving

PEERS = ROOT / "bench" / "peers"
MODULES = PEERS / "node_modules"
#: Seconds that a tool may take for a page, with all that goes with it.
MOST = 120.0


class Absent(Exception):
    """A tool that cannot run here, and why."""


@dataclass(frozen=True)
class Task:
    """The pages, a folder for what a tool writes, and the browser."""

    urls: Sequence[str]
    folder: Path
    browser: str = field(default_factory=browser_path)


@dataclass(frozen=True)
class Measured:
    """What a tool needed for all pages of a task: seconds, processor seconds, peak bytes; pages it gave no answer for, and what it said."""

    seconds: float
    cpu: float
    peak: int
    lost: int
    said: str = ""


@dataclass(frozen=True)
class Tool:
    """``steps`` are the commands for a task, and ``answered`` counts the pages that they answered."""

    name: str
    what: str
    steps: Callable[[Task], list[list[str]]]
    answered: Callable[[Task, Sequence[Done]], int]
    env: Callable[[Task], Mapping[str, str]] = lambda task: {}
    package: str = ""

    @property
    def version(self) -> str:
        """The package's version; empty for what is not a peer. Raises Absent where it is not installed."""
        if not self.package:
            return ""
        try:
            return str(json.loads((MODULES / self.package / "package.json").read_text("utf-8"))["version"])
        except OSError as error:
            raise Absent(f"{self.package} is not installed: run make bench, which needs Node and npm") from error

    def measure(self, task: Task, *, memory: bool = False) -> Measured:
        """Run over all pages. Never raises for what the tool does: a page without an answer is lost."""
        task.folder.mkdir(parents=True, exist_ok=True)
        most = MOST * len(task.urls)
        done = [run(step, env=self.env(task), cwd=task.folder, most=most, memory=memory) for step in self.steps(task)]
        try:
            answered = self.answered(task, done)
        except (OSError, ValueError, KeyError, TypeError):
            answered = 0
        lost = len(task.urls) - answered
        words = "\n".join((one.err or one.out).strip()[-300:] for one in done if one.code != 0) if lost else ""
        return Measured(sum(one.seconds for one in done), sum(one.cpu for one in done), max(one.peaks.whole for one in done), lost, words)


def _written(task: Task, name: str) -> Any:
    return json.loads((task.folder / name).read_text("utf-8"))


# -- the floor and we ---------------------------------------------------------------------------------------------------
def _floor(what: str) -> Callable[[Task], list[list[str]]]:
    return lambda task: [[sys.executable, str(ROOT / "bench" / "floor.py"), what, task.browser, *task.urls]]


def _floor_answered(task: Task, done: Sequence[Done]) -> int:
    return int(json.loads(done[0].out)["pages"])


def _ours(depth: str, *words: str) -> Callable[[Task], list[list[str]]]:
    def steps(task: Task) -> list[list[str]]:
        pages, out = task.folder / "pages.txt", task.folder / "run"
        pages.write_text("".join(f"{url}\n" for url in task.urls), "utf-8")
        shutil.rmtree(out, ignore_errors=True)
        options = ["--depth", depth, "--pages", str(pages), "--max-pages", str(len(task.urls)), "--out", str(out), "--quiet", *words]
        return [[sys.executable, "-m", "wcag_audit", "audit", task.urls[0], "--browser", task.browser, *options]]

    return steps


def _ours_answered(task: Task, done: Sequence[Done]) -> int:
    return sum(page["page"]["state"] == "audited" for page in _written(task, "run/result.json")["pages"])


def _path(task: Task) -> Mapping[str, str]:
    return {"PYTHONPATH": str(ROOT)}


# -- the peers ----------------------------------------------------------------------------------------------------------
def _peer(name: str) -> str:
    return str(MODULES / ".bin" / name)


def _axe_cli(task: Task) -> list[list[str]]:
    driver = shutil.which("chromedriver")
    if driver is None:
        raise Absent("@axe-core/cli needs chromedriver: apt install chromium-driver")
    where = ["--chromedriver-path", driver, "--chrome-path", task.browser, "--chrome-options=no-sandbox"]
    return [[_peer("axe"), *task.urls, "--tags", "wcag2a", *where, "--save", "axe.json"]]


def _axe_cli_answered(task: Task, done: Sequence[Done]) -> int:
    return sum("violations" in page for page in _written(task, "axe.json"))


def _pa11y(task: Task) -> list[list[str]]:
    launch = {"executablePath": task.browser, "args": ["--no-sandbox"]}
    defaults = {"standard": "WCAG2A", "timeout": 60_000, "chromeLaunchConfig": launch}
    (task.folder / "pa11yci.json").write_text(json.dumps({"defaults": defaults, "urls": list(task.urls)}), "utf-8")
    return [[_peer("pa11y-ci"), "--config", "pa11yci.json", "--json"]]


def _pa11y_answered(task: Task, done: Sequence[Done]) -> int:
    """A page that pa11y-ci lost has one entry that names no rule."""
    results = json.loads(done[0].out)["results"].values()
    return sum(all("code" in one for one in found) for found in results)


def _lighthouse(task: Task) -> list[list[str]]:
    words = ["--only-categories=accessibility", "--output=json", "--quiet", "--chrome-flags=--headless --no-sandbox"]
    return [[_peer("lighthouse"), url, *words, f"--output-path={task.folder / f'{n}.json'}"] for n, url in enumerate(task.urls)]


def _lighthouse_answered(task: Task, done: Sequence[Done]) -> int:
    written = [task.folder / f"{number}.json" for number in range(len(task.urls))]
    return sum(path.is_file() and "runtimeError" not in json.loads(path.read_text("utf-8")) for path in written)


def _ibm(task: Task) -> list[list[str]]:
    """Its engine comes from a server of IBM's or a CDN: here from the package of the same version, served on this machine."""
    shutil.rmtree(task.folder / "results", ignore_errors=True)
    (task.folder / "pages.txt").write_text("".join(f"{url}\n" for url in task.urls), "utf-8")
    return [[_peer("achecker"), "pages.txt"]]


def _ibm_answered(task: Task, done: Sequence[Done]) -> int:
    return sum("results" in json.loads(path.read_text("utf-8")) for path in (task.folder / "results").glob("*/**/*.json"))


def _ibm_measure(tool: Tool, task: Task, memory: bool) -> Measured:
    with serving(FolderSite(MODULES / "accessibility-checker-engine")) as engine:
        where = engine.url.rstrip("/")
        config = {"ruleServer": where, "rulePack": where, "policies": ["WCAG_2_0"], "puppeteerArgs": ["--no-sandbox"]}
        config |= {"cacheFolder": str(task.folder / "cache"), "reportLevels": ["violation", "potentialviolation"]}
        task.folder.mkdir(parents=True, exist_ok=True)
        (task.folder / "aceconfig.js").write_text(f"module.exports = {json.dumps(config)};\n", "utf-8")
        return Tool.measure(tool, task, memory=memory)


@dataclass(frozen=True)
class _Ibm(Tool):
    def measure(self, task: Task, *, memory: bool = False) -> Measured:
        return _ibm_measure(self, task, memory)


def _qualweb(task: Task) -> list[list[str]]:
    return [["node", str(PEERS / "qualweb.cjs"), task.browser, "2", "qualweb.json", *task.urls]]


def _qualweb_answered(task: Task, done: Sequence[Done]) -> int:
    return sum(all("assertions" in module for module in modules.values()) for modules in _written(task, "qualweb.json").values())


LOAD = Tool("load", "pages loaded and nothing else", _floor("load"), _floor_answered, _path)
FLOOR = Tool("floor", "load and axe.run, level A", _floor("axe"), _floor_answered, _path)
STATIC = Tool("static", "wcag-audit audit --depth static", _ours("static"), _ours_answered, _path)
FULL = Tool("full", "wcag-audit audit", _ours("full"), _ours_answered, _path)
OURS = (LOAD, FLOOR, STATIC, FULL)
RIVALS = (
    Tool("axe-cli", "@axe-core/cli, tag wcag2a", _axe_cli, _axe_cli_answered, package="@axe-core/cli"),
    Tool("pa11y-ci", "pa11y-ci, WCAG2A, HTML_CodeSniffer", _pa11y, _pa11y_answered, package="pa11y-ci"),
    Tool("qualweb", "QualWeb core, ACT rules and techniques of level A", _qualweb, _qualweb_answered, package="@qualweb/core"),
    _Ibm(
        "ibm", "accessibility-checker, WCAG 2.0", _ibm, _ibm_answered, lambda task: {"PUPPETEER_EXECUTABLE_PATH": task.browser},
        "accessibility-checker",
    ),
    Tool(
        "lighthouse", "Lighthouse, accessibility only", _lighthouse, _lighthouse_answered,
        lambda task: {"CHROME_PATH": task.browser}, "lighthouse",
    ),
)  # fmt: skip
TOOLS = {tool.name: tool for tool in (*OURS, *RIVALS)}


def install_peers() -> None:
    """Install the peers in the versions that the lock names, where they are not there yet. No script of theirs runs: none downloads a
    browser or counts us.

    Raises Absent where that does not work.
    """
    there = MODULES / ".package-lock.json"
    if there.is_file() and there.stat().st_mtime >= (PEERS / "package-lock.json").stat().st_mtime:
        return
    if shutil.which("npm") is None:
        raise Absent("the peers need Node and npm")
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=PEERS, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Absent(f"npm ci failed in bench/peers: {done.stderr.strip()[-300:]}")
