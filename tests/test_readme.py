"""Every command of both READMEs is run, and both READMEs show the same commands."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from wcag_audit.serve import PortalSite, Served, serving

CHECKOUT = Path(__file__).parent.parent
EXAMPLE = "https://portal.example.vn"
#: Commands whose proof is another test, because they would run the tests inside the tests or install over them.
ELSEWHERE = {"make test", "pip install ."}

#: Options added so that a command ends in time: a reader waits for thirty pages, their probes and the whole crawl, a test for less.
FEWER = {"demo": " --max-pages 1 --max-crawl 4 --depth static", "audit": " --max-pages 1 --max-crawl 4 --depth static"}


def commands(name: str) -> list[str]:
    text = (CHECKOUT / name).read_text("utf-8")
    return [line for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.strip().splitlines()]


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with serving(PortalSite(CHECKOUT / "fixtures" / "portals" / "so-van-hoa", ())) as server:
        yield server


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("readme")
    (folder / "page.html").write_text("<!doctype html><html lang=vi><title>Trang</title><h1>Trang", "utf-8")
    (folder / "pages.json").write_text('[{"file": "page.html"}]', "utf-8")
    return folder


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run as a reader would, with this checkout's ``wcag-audit``; make runs in the checkout with the set-up already done."""
    words = shlex.split(command)
    if words[0] == "wcag-audit":
        words = [sys.executable, "-m", "wcag_audit", *words[1:]]
    at = CHECKOUT if words[0] == "make" else folder
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT)}
    return subprocess.run(words, cwd=at, env=environment, capture_output=True, text=True, timeout=280, check=False)


def test_both_languages_show_the_same_commands() -> None:
    assert [c.replace("--lang en", "--lang vi") for c in commands("README.md")] == commands("README.vi.md")


def test_what_other_tests_prove_is_really_shown() -> None:
    assert set(commands("README.md")) >= ELSEWHERE


@pytest.mark.parametrize("readme", ["README.md"])
def test_commands_run(readme: str, served: Served, folder: Path) -> None:
    """In order, because later ones read what earlier ones wrote."""
    for command in commands(readme):
        if command in ELSEWHERE or command.startswith("make "):
            continue
        done = run(command.replace(EXAMPLE, served.url) + FEWER.get(command.split()[1], ""), folder)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
        assert done.stdout, command


@pytest.mark.parametrize("command", [c for c in commands("README.md") if c.startswith("make audit")])
def test_make_audit(command: str, served: Served, tmp_path: Path) -> None:
    out = tmp_path / "run"
    done = run(f"{command.replace(EXAMPLE, served.url)} ARGS='--out {out} --max-pages 1 --max-crawl 4 --depth static'", tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert str(out / "report.html") in done.stdout
    assert (out / "report.html").is_file()


def test_make_test_starts_the_linters_and_all_tests() -> None:
    """``make test`` itself is what runs this; here only that it would run everything."""
    done = subprocess.run(["make", "-n", "test"], cwd=CHECKOUT, capture_output=True, text=True, timeout=60, check=True)
    for word in ("ruff check", "hadolint Dockerfile", "typecheck.sh", "pytest"):
        assert word in done.stdout
    assert shutil.which("make")


def test_links_lead_somewhere() -> None:
    for name in ("README.md", "README.vi.md", *(str(p.relative_to(CHECKOUT)) for p in CHECKOUT.glob("docs/**/*.md")), "CONTRIBUTING.md"):
        text = (CHECKOUT / name).read_text("utf-8")
        for target in re.findall(r"\]\(([^)#\s]+)\)", text):
            if not target.startswith(("http:", "https:")):
                assert ((CHECKOUT / name).parent / target).exists(), f"{name}: {target}"
