"""The wheel, the sdist, the editable install and the locks: what a user installs is what the checkout holds."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.specifiers import SpecifierSet

from wcag_audit import __version__

LOCKS = ("requirements.lock", "requirements-dev.lock")
DEBIAN_12_PYTHON = "3.11.2"
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE)


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """A command outside the checkout, without the paths that pytest or a person may have set."""
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=280)


def build(kind: str, source: Path, out: Path) -> Path:
    done = run(sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", out, cwd=source)
    assert done.returncode == 0, done.stderr
    (built,) = out.iterdir()
    return built


def wheel_files(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


class Venv:
    """A fresh virtual environment that borrows only third-party packages from the one that runs the tests."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.python = folder / "bin" / "python"
        assert run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=folder.parent).returncode == 0
        site = next(folder.glob("lib/python*/site-packages"))
        (site / "borrowed.pth").write_text("\n".join({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}), "utf-8")

    def install(self, *what: str | Path) -> None:
        flags = ("--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--disable-pip-version-check")
        done = run(sys.executable, "-m", "pip", "--python", self.python, "install", *flags, *what, cwd=self.folder)
        assert done.returncode == 0, done.stderr

    def call(self, *arguments: str) -> str:
        """The output of the installed ``wcag-audit``, started from outside the checkout."""
        done = run(self.folder / "bin" / "wcag-audit", *arguments, cwd=self.folder)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def files_of(self, modules: list[str]) -> dict[str, str]:
        """Imports the modules; the file from which each came."""
        code = f"import importlib, json; print(json.dumps({{m: importlib.import_module(m).__file__ for m in {modules!r}}}))"
        done = run(self.python, "-c", code, cwd=self.folder)
        assert done.returncode == 0, done.stderr
        files: dict[str, str] = json.loads(done.stdout)
        return files


@pytest.fixture(scope="module")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("wheel", checkout, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Venv:
    venv = Venv(tmp_path_factory.mktemp("installed") / "venv")
    venv.install(wheel)
    return venv


@pytest.fixture(scope="module")
def project(checkout: Path) -> dict[str, Any]:
    table: dict[str, Any] = tomllib.loads((checkout / "pyproject.toml").read_text("utf-8"))["project"]
    return table


def shipped(checkout: Path) -> dict[str, str]:
    """File of the checkout → its place in the wheel."""
    places = {"wcag_audit": "wcag_audit", "rules": "wcag_audit/rules", "reports": "wcag_audit/reports"}
    places["fixtures/portals/tinh-an-hai"] = "wcag_audit/demo_portal"
    return {
        str(path.relative_to(checkout)): f"{place}/{path.relative_to(checkout / folder).as_posix()}"
        for folder, place in places.items()
        for path in (checkout / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_every_module_and_data_file_once(wheel: Path, checkout: Path) -> None:
    files = {name for name in wheel_files(wheel) if ".dist-info/" not in name}
    assert files == set(shipped(checkout).values())
    assert {"wcag_audit/py.typed", "wcag_audit/rules/__init__.py", "wcag_audit/reports/__init__.py"} <= files
    assert "wcag_audit/demo_portal/portal.toml" in files


def test_the_wheel_carries_licence_and_command(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        info = f"wcag_audit-{__version__}.dist-info"
        assert "wcag-audit = wcag_audit.cli:main" in archive.read(f"{info}/entry_points.txt").decode()
        assert "License-Expression: Apache-2.0" in archive.read(f"{info}/METADATA").decode()
        assert b"Apache License" in archive.read(f"{info}/licenses/LICENSE")


def test_the_sdist_builds_the_same_wheel(wheel: Path, checkout: Path, tmp_path: Path) -> None:
    sdist = build("sdist", checkout, tmp_path / "sdist")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path / "source", filter="data")
    (source,) = (tmp_path / "source").iterdir()
    assert (source / "tests" / Path(__file__).name).is_file()
    assert wheel_files(build("wheel", source, tmp_path / "wheel")) == wheel_files(wheel)


def test_the_installed_command_runs_outside_the_checkout(installed: Venv) -> None:
    assert __version__ in installed.call("--version")


def test_the_installed_command_prints_the_whole_catalogue(installed: Venv, checkout: Path) -> None:
    printed = installed.call("rules")
    ids = [path.stem.replace("_", "-") for path in (checkout / "rules").glob("*/*.py") if not path.stem.startswith("_")]
    assert ids
    assert [name for name in ids if name not in printed] == []


def test_every_module_of_the_wheel_imports_from_the_wheel(installed: Venv, project_modules: dict[str, Path]) -> None:
    files = installed.files_of(list(project_modules))
    assert [name for name, file in files.items() if not file.startswith(str(installed.folder))] == []


def test_the_demo_portal_is_found_in_the_wheel(installed: Venv) -> None:
    done = run(installed.python, "-c", "from wcag_audit.demo import demo_portal; print(demo_portal())", cwd=installed.folder)
    assert Path(done.stdout.strip(), "portal.toml").is_relative_to(installed.folder), done.stderr


def test_an_editable_install_reads_the_checkout(checkout: Path, project_modules: dict[str, Path], tmp_path: Path) -> None:
    venv = Venv(tmp_path / "venv")
    venv.install("--editable", checkout)
    assert venv.files_of(list(project_modules)) == {name: str(path) for name, path in project_modules.items()}
    assert __version__ in venv.call("--version")


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_everything_with_hashes_and_names_no_host(checkout: Path, lock: str) -> None:
    text = (checkout / lock).read_text("utf-8")
    assert len(PIN.findall(text)) == text.count("==") > 0
    assert not re.search(r"https?:|file:|--(extra-)?index-url|--find-links|--trusted-host", text)


def test_both_locks_agree_and_cover_pyproject(checkout: Path, project: dict[str, Any]) -> None:
    users, developers = (
        {name: version for name, version, _ in PIN.findall((checkout / lock).read_text("utf-8"))} for lock in LOCKS
    )
    assert users.items() <= developers.items()
    assert names(project["dependencies"]) <= users.keys()
    assert names(project["optional-dependencies"]["dev"]) <= developers.keys()
    assert names(tomllib.loads((checkout / "pyproject.toml").read_text("utf-8"))["build-system"]["requires"]) <= developers.keys()


def test_the_lock_installs_on_the_python_of_debian_12(checkout: Path) -> None:
    """Judged by the metadata of what is installed here, so only where that is the locked version."""
    installed = {distribution.name.lower(): distribution for distribution in metadata.distributions()}
    judged, refused = 0, []
    for name, version, _ in PIN.findall((checkout / LOCKS[1]).read_text("utf-8")):
        if name in installed and installed[name].version == version:
            judged += 1
            if not SpecifierSet(installed[name].metadata.get("Requires-Python") or "").contains(DEBIAN_12_PYTHON):
                refused.append(f"{name} {version}")
    assert judged
    assert refused == [], "hold it back in scripts/lock-constraints.txt"


def test_every_dependency_has_its_reason(checkout: Path, project: dict[str, Any]) -> None:
    record = (checkout / "docs" / "decisions" / "0001-dependencies.md").read_text("utf-8")
    wanted = names([*project["dependencies"], *project["optional-dependencies"]["dev"]])
    assert {name for name in wanted if f"`{name}`" not in record} == set()


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[^\w.-]", requirement)[0] for requirement in requirements}
