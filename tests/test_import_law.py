"""Who may import whom: a table, and the refusal of the rest."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

#: What every room may know besides itself.
COMMON = frozenset({"model", "wcag", "locale", "timings"})

#: Room → the other rooms that it may import. A room is a module or a package directly under ``wcag_audit``;
#: ``room.module`` allows that one module only, and a row of its own for ``room.module`` goes before the room's.
LAW: dict[str, frozenset[str]] = {
    # The nouns and the standard.
    "model": frozenset(),
    "timings": frozenset({"model"}),
    "wcag": COMMON,
    "locale": COMMON,
    "dom": COMMON | {"identity"},
    "identity": COMMON | {"dom"},
    "fingerprint": COMMON | {"identity"},
    "language": COMMON,
    "inline_script": frozenset(),
    "phrases": COMMON,
    "motion": frozenset({"model", "phrases"}),
    "flash": frozenset(),
    # What decides: pure functions of artifacts.
    "recorded": frozenset({"model", "dom"}),
    "operated": frozenset(),
    "another_way": frozenset({"dom"}),
    "components": frozenset({"model", "dom", "recorded"}),
    "rule": COMMON | {"dom"},
    "states": frozenset({"model", "dom", "recorded", "rule"}),
    "rules": COMMON | {"rule", "dom", "language", "phrases", "inline_script", "recorded", "motion", "operated", "another_way"},
    "axe": COMMON,
    "axe_facts": COMMON | {"rule", "dom"},
    "conclude": COMMON,
    "pictured": COMMON | {"conclude"},
    "agreement": COMMON,
    "score": COMMON | {"conclude"},
    "merge": COMMON,
    "coverage": COMMON,
    "templates": frozenset(),
    "engine": COMMON | {"rule", "rules", "axe", "axe_facts", "dom", "fingerprint", "merge", "states"},
    # What touches a browser.
    "browser": COMMON,
    "gather": COMMON
    | {"browser.port", "axe", "dom", "phrases", "crawl.states", "crawl.look", "motion", "flash", "recorded", "components", "another_way"},
    "crawl": COMMON | {"browser.port", "phrases"},
    # What writes and reads.
    "reviews": COMMON,
    "store": COMMON | {"reviews"},
    "reports": COMMON | {"ci", "conclude", "national", "phrases", "published", "roster", "score", "tally", "templates"},
    "sampling": COMMON,
    # Many portals.
    "roster": COMMON,
    "tally": COMMON,
    "published": COMMON | {"roster", "tally"},
    "national": COMMON | {"published", "roster", "score", "tally"},
    "seal": COMMON | {"store"},
    "history": COMMON | {"national", "store"},
    "schema": COMMON | {"national"},
    "ci": COMMON,
    "config": COMMON,
    "started": COMMON,
    "given": COMMON | {"serve"},
    # The ways from portal or pages to a result, end to end.
    "pages": COMMON | {"audit", "browser.port", "gather", "given", "rule", "engine", "conclude", "pictured", "store"},
    "audit": COMMON
    | {"agreement", "browser", "crawl", "gather", "dom", "rule", "engine", "conclude", "pictured", "sampling", "score", "store"},
    "testing": COMMON | {"browser", "gather", "rule", "rules", "engine", "conclude", "ci"},
    # What a person starts.
    "pytest_plugin": COMMON | {"testing", "ci", "store"},
    "depot": COMMON | {"store"},
    "worker": COMMON | {"audit", "browser", "crawl", "depot", "gather", "reports", "reviews", "rules", "score", "store"},
    "executor": COMMON | {"worker"},
    "cluster": COMMON | {"store", "worker"},
    "batch": COMMON | {"depot", "executor", "national", "roster", "score", "seal", "store", "worker"},
    "serve": COMMON | {"templates"},
    "demo": COMMON,
    "doctor": COMMON | {"browser", "gather.axe"},
    "__main__": frozenset({"cli"}),
}
#: Knows everything, and only ``__main__`` knows it.
FREE = "cli"
#: What the files of commands share. They know no other file of the command line.
SHARED_BY_COMMANDS = frozenset({"cli.common", "cli.settings", "cli.showing", "cli.starting"})

#: Libraries that drive a browser, and the rooms that may touch them.
BROWSER_LIBRARIES = frozenset({"playwright", "selenium", "axe_playwright_python", "axe_selenium_python"})
BROWSER_ROOMS = frozenset({"browser", "doctor"})

#: Folders of the checkout that an editable install also finds under these second names.
SECOND_NAMES = frozenset({"rules", "reports"})


def imported(tree: ast.AST, module: str, is_package: bool, modules: frozenset[str]) -> Iterator[str]:
    """Every module that the source of ``module`` imports, by its full name, wherever in the file it does."""
    package = module.split(".") if is_package else module.split(".")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            origin = ".".join([*base, *(node.module.split(".") if node.module else [])])
            for alias in node.names:
                name = f"{origin}.{alias.name}"
                yield name if name in modules else origin


def room_of(module: str) -> str:
    return module.removeprefix("wcag_audit").removeprefix(".")


def covers(row: str, room: str) -> bool:
    return room == row or room.startswith(f"{row}.")


def broken_by(module: str, source: str, modules: frozenset[str], is_package: bool = False) -> list[str]:
    """What ``module`` imports against the law, each as one line."""
    room = room_of(module)
    top = room.split(".")[0]
    row = next((name for name in (room, top) if name in LAW), None)
    lines = []
    for name in imported(ast.parse(source), module, is_package, modules):
        library = name.split(".")[0]
        if library in SECOND_NAMES:
            lines.append(f"{module} imports {name}: its only name is wcag_audit.{name}")
        if library in BROWSER_LIBRARIES and top not in BROWSER_ROOMS:
            lines.append(f"{module} imports {name}: only {', '.join(sorted(BROWSER_ROOMS))} may")
        if library != "wcag_audit" or name not in modules or room == "":
            continue
        other = room_of(name)
        if top == FREE:
            if covers(FREE, other) and room != FREE and other not in SHARED_BY_COMMANDS:
                lines.append(f"{module} imports {name}: of the command line it may know {', '.join(sorted(SHARED_BY_COMMANDS))}")
            continue
        allowed = LAW[row] if row else COMMON
        if other and not covers(top, other) and not any(covers(one, other) for one in allowed):
            lines.append(f"{module} imports {name}: {row or top} may know {', '.join(sorted(allowed)) or 'nothing of ours'}")
    return lines


def test_nobody_imports_against_the_law(project_modules: dict[str, Path]) -> None:
    names = frozenset(project_modules)
    broken = [
        line
        for module, path in project_modules.items()
        for line in broken_by(module, path.read_text("utf-8"), names, is_package=path.name == "__init__.py")
    ]
    assert not broken, "\n".join(broken)


def test_every_room_has_a_row(project_modules: dict[str, Path]) -> None:
    rooms = {room_of(module).split(".")[0] for module in project_modules} - {"", FREE}
    assert sorted(rooms - set(LAW)) == [], "write into LAW what these rooms may know"


MODULES = frozenset(
    f"wcag_audit.{name}"
    for name in ("model", "rule", "cli", "cli.check", "cli.common", "engine", "browser", "browser.port", "browser.playwright")
)


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("wcag_audit.model", "import wcag_audit.rule"),
        ("wcag_audit.rules.robust.name", "from wcag_audit.browser import port"),
        ("wcag_audit.rules.robust.name", "from wcag_audit.engine import evaluate"),
        ("wcag_audit.rules.robust.name", "from ... import engine"),
        ("wcag_audit.reports.pdf", "def late():\n    from playwright.sync_api import sync_playwright"),
        ("wcag_audit.reports.pdf", "from ..browser import playwright"),
        ("wcag_audit.gather.dom", "from wcag_audit.browser.playwright import launch"),
        ("wcag_audit.gather.dom", "import selenium.webdriver"),
        ("wcag_audit.axe", "from wcag_audit.rule import Rule"),
        ("wcag_audit.engine", "from rules.robust import name"),
        ("wcag_audit.engine", "from wcag_audit import cli"),
        ("wcag_audit.engine", "from wcag_audit.cli.common import Stop"),
        ("wcag_audit.cli.replay", "from wcag_audit.cli.check import check"),
        ("wcag_audit.cli.replay", "from wcag_audit.cli import main"),
        ("wcag_audit.unheard_of", "from wcag_audit import engine"),
    ],
)
def test_the_checker_sees_a_violation(module: str, source: str) -> None:
    assert len(broken_by(module, source, MODULES | {module})) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("wcag_audit.rules.robust.name", "from wcag_audit.rule import Rule\nfrom wcag_audit.model import Outcome"),
        ("wcag_audit.gather.dom", "from wcag_audit.browser.port import BrowserPage"),
        ("wcag_audit.browser.playwright", "import playwright.async_api\nfrom .port import BrowserPage"),
        ("wcag_audit.engine", "from wcag_audit import __version__\nimport json"),
        ("wcag_audit.cli", "from wcag_audit.cli import check"),
        ("wcag_audit.cli.check", "from wcag_audit import engine\nfrom wcag_audit.browser.playwright import launch"),
        ("wcag_audit.cli.check", "from wcag_audit.cli.common import Stop\nfrom wcag_audit.cli import common"),
    ],
)
def test_the_checker_lets_the_rest_pass(module: str, source: str) -> None:
    assert broken_by(module, source, MODULES | {module}) == []


def test_no_module_is_loaded_under_two_names(project_modules: dict[str, Path], checkout: Path) -> None:
    """With the checkout on sys.path, as in an editable install, ``rules`` could be imported beside ``wcag_audit.rules``."""
    code = f"""
import collections, importlib, sys
ours = {{*{sorted(map(str, project_modules.values()))!r}}}
sys.path.insert(0, {str(checkout)!r})
for name in {sorted(project_modules)!r}:
    importlib.import_module(name)
names = collections.defaultdict(list)
for name, module in list(sys.modules.items()):
    file = getattr(module, "__file__", None)
    if file in ours:
        names[file].append(name)
print([both for both in names.values() if len(both) > 1])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.returncode) == ("[]", 0), done.stderr
