"""Which browser to start, and how.

Finding only looks at files; a process is started only where a version is asked for.
The order is: the browser named by the user, Playwright's own, Chromium's headless shell, Chromium, Google Chrome, Edge.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

from wcag_audit.model import BadInput, Text

#: Names a browser as ``--browser`` does, which goes before it.
VARIABLE = "WCAG_AUDIT_BROWSER"

Kind = Literal["playwright-chromium", "chromium-headless-shell", "chromium", "chrome", "edge"]

#: Frames of other sites stay in their page's process.
ONE_PROCESS = "--disable-site-isolation-trials"
#: No traffic of the browser's own, and one process for all frames of a page, so that one DevTools session reads every frame.
#: No ``--disable-features`` here: Chromium obeys only the last one, and Playwright's own list would be lost.
_COMMON_ARGS = (
    # A page may not take the memory of the whole machine: scripts of one get a gigabyte, then it is a crashed page.
    "--js-flags=--max-old-space-size=1024",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    ONE_PROCESS,
    "--autoplay-policy=no-user-gesture-required",
)
#: For Playwright, which runs headless and without the sandbox by default.
LAUNCH_ARGS = (*_COMMON_ARGS, "--disable-quic")
#: For Selenium; chromedriver cannot start Chromium as root without ``--no-sandbox``.
SELENIUM_ARGS = (*_COMMON_ARGS, "--headless=new", "--no-sandbox")

#: Names on the PATH and places beside it, best first.
_PLACES: dict[Kind, tuple[str, ...]] = {
    "chromium-headless-shell": ("chromium-headless-shell",),
    "chromium": ("chromium", "chromium-browser"),
    "chrome": (
        "google-chrome",
        "google-chrome-stable",
        "/opt/google/chrome/chrome",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ),
    "edge": (
        "microsoft-edge",
        "microsoft-edge-stable",
        "/opt/microsoft/msedge/msedge",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    ),
}
#: chromedriver speaks with a whole browser, not with the headless shell.
_FOR_SELENIUM: tuple[Kind, ...] = ("chromium", "chrome")
_VERSION = re.compile(r"\d+(?:\.\d+)+")


class NoBrowser(BadInput):
    """No browser to start."""


@dataclass(frozen=True)
class Browser:
    """A browser to start; ``path`` is None for Playwright's own, which Playwright finds by itself."""

    path: Path | None
    kind: Kind

    @cached_property
    def version(self) -> str:
        """Its version ("156.0.8078.79"), "" where it does not tell. Starts the browser's program once, except for Playwright's own."""
        return _playwright_shell()[1] if self.path is None else program_version(self.path)

    def __str__(self) -> str:
        return f"{self.kind} ({self.path})" if self.path else self.kind


def find_browser(explicit: Path | None = None) -> Browser:
    """The browser that an audit starts. Raises NoBrowser where the named one cannot be started or none is installed."""
    named = explicit or (Path(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else None)
    if named is not None:
        return _named(named)
    return next(_installed(), None) or _refuse(_NOTHING)


def find_browsers() -> tuple[Browser, ...]:
    """Every browser that could be started, in the order in which ``find_browser`` prefers them."""
    return tuple(_installed())


def find_chromedriver() -> Path | None:
    """chromedriver on the PATH; None: Selenium Manager may fetch one."""
    return _first(("chromedriver",))


def find_chromium_for_selenium() -> Path | None:
    """A whole browser that chromedriver can drive; None: Selenium Manager may fetch one."""
    return next((path for kind in _FOR_SELENIUM if (path := _first(_PLACES[kind]))), None)


def program_version(path: Path) -> str:
    """What ``path --version`` says, cut down to its number; "" where it says nothing within 20 s."""
    try:
        done = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    found = _VERSION.search(done.stdout)
    return found[0] if found else ""


_NOTHING = Text(
    "Không tìm thấy trình duyệt: hãy chạy “playwright install --with-deps chromium” hoặc “apt-get install chromium-headless-shell”,"
    " hoặc chỉ đường dẫn bằng --browser.",
    "No browser found: run “playwright install --with-deps chromium” or “apt-get install chromium-headless-shell”,"
    " or give a path with --browser.",
)


def _refuse(text: Text) -> Browser:
    raise NoBrowser(text)


def _named(path: Path) -> Browser:
    found = shutil.which(path)
    if found is None:
        return _refuse(
            Text(
                f"Không chạy được trình duyệt {path}: tệp không tồn tại hoặc không có quyền thực thi; hãy sửa --browser hoặc {VARIABLE}.",
                f"Cannot start the browser {path}: no such file, or it is not executable; mend --browser or {VARIABLE}.",
            )
        )
    return Browser(Path(found), _kind_of(Path(found).name))


def _kind_of(name: str) -> Kind:
    words = name.casefold()
    if "headless" in words:
        return "chromium-headless-shell"
    if "edge" in words:
        return "edge"
    return "chrome" if "chrome" in words else "chromium"


def _installed() -> Iterator[Browser]:
    if _playwright_shell()[0]:
        yield Browser(None, "playwright-chromium")
    for kind, places in _PLACES.items():
        if path := _first(places):
            yield Browser(path, kind)


def _first(places: tuple[str, ...]) -> Path | None:
    return next((path for place in places if (path := _program(place))), None)


def _program(place: str) -> Path | None:
    """The program, unless it is (or only advertises) a snap: a snap cannot be driven from outside its confinement."""
    found = shutil.which(place)
    if found is None:
        return None
    real = Path(found).resolve()
    if real.name == "snap" or "snap" in real.parts[:2] or _speaks_of_snap(real):
        return None
    return Path(found)


def _speaks_of_snap(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            start = file.read(4096)
    except OSError:
        return False
    return start.startswith(b"#!") and b"/snap/" in start


def _playwright_shell() -> tuple[bool, str]:
    """Whether Playwright's own headless Chromium is downloaded in the build this Playwright wants, and that build's version."""
    package = _playwright_package()
    if package is None:
        return False, ""
    row = _shell_row(package)
    folder = _playwright_cache(package) / f"chromium_headless_shell-{row['revision']}"
    return (folder / "INSTALLATION_COMPLETE").is_file(), row["browserVersion"]


def _playwright_package() -> Path | None:
    """The folder of Playwright's driver, found without importing Playwright (0.2 s)."""
    spec = importlib.util.find_spec("playwright")
    return Path(spec.origin).parent / "driver" / "package" if spec and spec.origin else None


@cache
def _shell_row(package: Path) -> dict[str, str]:
    rows = json.loads((package / "browsers.json").read_text("utf-8"))["browsers"]
    found: dict[str, str] = next(row for row in rows if row["name"] == "chromium-headless-shell")
    return found


def _playwright_cache(package: Path) -> Path:
    """Where this machine's Playwright keeps its browsers: the rule of its own registry."""
    named = os.environ.get("PLAYWRIGHT_BROWSERS_PATH", "")
    if named == "0":
        return package / ".local-browsers"
    if named:
        return Path(named).resolve()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "ms-playwright"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ms-playwright"
