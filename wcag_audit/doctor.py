"""What is installed, whether it works, and what to do where it does not: the substance of ``wcag-audit doctor``."""

from __future__ import annotations

import re
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from playwright.sync_api import sync_playwright

from wcag_audit.browser.find import (
    LAUNCH_ARGS,
    Browser,
    NoBrowser,
    find_browser,
    find_browsers,
    find_chromedriver,
    find_chromium_for_selenium,
    program_version,
)
from wcag_audit.gather.axe import axe_version
from wcag_audit.model import Text

MINIMUM_PYTHON = (3, 11)

#: Every letter of Vietnamese that is not in ASCII, and the sign of the đồng.
VIETNAMESE = (
    "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ"
    "ÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬĐÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ₫"
)

# A letter that no font has is drawn as the same box as a code point that stands for nothing at all.
_LETTERS_DRAWN_AS_BOXES = """letters => {
  const context = Object.assign(document.createElement("canvas"), {width: 40, height: 40}).getContext("2d", {willReadFrequently: true});
  const drawn = letter => {
    context.clearRect(0, 0, 40, 40);
    context.font = "24px sans-serif";
    context.fillText(letter, 4, 30);
    return context.getImageData(0, 0, 40, 40).data.join();
  };
  const box = drawn("\\u{10fffd}");
  return [...letters].filter(letter => drawn(letter) === box).join("");
}"""

_NO_TODO = Text("", "")
_DISTRIBUTION = "wcag-audit"
_REQUIREMENT = re.compile(r"[\w.-]+")


@dataclass(frozen=True)
class Check:
    """One thing examined. An audit cannot run while a required check is not ``ok``; ``todo`` is empty where nothing is to do."""

    name: Text
    ok: bool
    required: bool
    detail: Text
    todo: Text = _NO_TODO


@dataclass(frozen=True)
class Started:
    """A browser that really started: its version, and the Vietnamese letters that it draws as boxes."""

    version: str
    boxes: str


def start(browser: Browser) -> Started:
    """Starts the browser as an audit does, draws the Vietnamese letters and ends it. Raises whatever Playwright raises where that fails."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=browser.path, args=list(LAUNCH_ARGS))
        try:
            boxes: str = running.new_page().evaluate(_LETTERS_DRAWN_AS_BOXES, VIETNAMESE)
            return Started(running.version, boxes)
        finally:
            running.close()


def examine(out: Path | None = None, browser: Path | None = None) -> list[Check]:
    """All checks. ``out`` is the output folder (None: the current one), ``browser`` a path as ``--browser`` gives it."""
    return [
        _python(),
        _packages(),
        *_browser_and_fonts(browser),
        _selenium(),
        _axe(),
        _output(out or Path.cwd()),
    ]


def _same(text: str) -> Text:
    return Text(text, text)


def _python() -> Check:
    new_enough = sys.version_info[:2] >= MINIMUM_PYTHON
    wanted = ".".join(map(str, MINIMUM_PYTHON))
    return Check(
        name=_same("Python"),
        ok=new_enough,
        required=True,
        detail=_same(f"{sys.version.split()[0]} ({sys.executable})"),
        todo=_NO_TODO if new_enough else Text(f"Cài Python {wanted} trở lên.", f"Install Python {wanted} or newer."),
    )


def _packages() -> Check:
    names = _requirements()
    versions = {name: _version(name) for name in names}
    missing = [name for name, version in versions.items() if not version]
    listed = ", ".join(f"{name} {version or '?'}" for name, version in versions.items())
    return Check(
        name=Text("Thư viện Python", "Python packages"),
        ok=not missing,
        required=True,
        detail=_same(listed),
        todo=Text(f"Cài các thư viện còn thiếu: {', '.join(missing)}.", f"Install what is missing: {', '.join(missing)}.")
        if missing
        else _NO_TODO,
    )


def _requirements() -> list[str]:
    """Names of the packages that wcag-audit needs: from its metadata, or from pyproject.toml in a checkout that is not installed."""
    try:
        lines = [line for line in metadata.requires(_DISTRIBUTION) or [] if "extra ==" not in line]
    except metadata.PackageNotFoundError:
        with (Path(__file__).resolve().parent.parent / "pyproject.toml").open("rb") as file:
            lines = tomllib.load(file)["project"]["dependencies"]
    return [found[0] for line in lines if (found := _REQUIREMENT.match(line))]


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _browser_and_fonts(explicit: Path | None) -> list[Check]:
    """Starts one browser for both checks: what fonts are worth only a drawn letter tells."""
    try:
        browser = find_browser(explicit)
    except NoBrowser as error:
        return [_browser(False, error.text, error.text), _fonts(None)]
    try:
        started = start(browser)
    except Exception as error:  # a bare Exception is what Playwright raises where its own driver does not start
        reason = f"{browser}: {str(error).strip().splitlines()[0]}"
        todo = Text(
            "Cài các thư viện hệ thống còn thiếu bằng “playwright install-deps chromium” (hoặc “apt-get install libatomic1”"
            " nếu chính Playwright không chạy), hoặc chọn trình duyệt khác bằng --browser.",
            "Install the missing system libraries with “playwright install-deps chromium” (or “apt-get install libatomic1”"
            " where Playwright itself does not run), or choose another browser with --browser.",
        )
        return [_browser(False, _same(reason), todo), _fonts(None)]
    others = ", ".join(str(other) for other in find_browsers() if other != browser)
    detail = Text(
        f"{browser}, phiên bản {started.version}, khởi động được" + (f"; ngoài ra còn có {others}" if others else ""),
        f"{browser}, version {started.version}, starts" + (f"; also there: {others}" if others else ""),
    )
    return [_browser(True, detail, _NO_TODO), _fonts(started)]


def _browser(ok: bool, detail: Text, todo: Text) -> Check:
    return Check(Text("Trình duyệt", "Browser"), ok, required=True, detail=detail, todo=todo)


def _fonts(started: Started | None) -> Check:
    name = Text("Phông chữ tiếng Việt", "Fonts for Vietnamese")
    todo = Text("Cài phông chữ, ví dụ “apt-get install fonts-noto-core”.", "Install fonts, for example “apt-get install fonts-noto-core”.")
    if started is None:
        detail = Text("Chưa kiểm tra được vì không khởi động được trình duyệt.", "Not examined, because no browser starts.")
        return Check(name, ok=False, required=False, detail=detail)
    if started.boxes:
        detail = Text(f"Hiển thị thành ô vuông: {started.boxes}", f"Drawn as boxes: {started.boxes}")
        return Check(name, ok=False, required=False, detail=detail, todo=todo)
    detail = Text(f"Hiển thị đúng cả {len(VIETNAMESE)} chữ cái có dấu.", f"All {len(VIETNAMESE)} letters with diacritics are drawn.")
    return Check(name, ok=True, required=False, detail=detail)


def _selenium() -> Check:
    """chromedriver drives only a browser of its own major version."""
    name = Text("Trình điều khiển thứ hai (Selenium)", "Second driver (Selenium)")
    driver, chromium = find_chromedriver(), find_chromium_for_selenium()
    if driver is None or chromium is None:
        detail = Text("Chưa có chromium cùng chromedriver.", "No chromium with chromedriver.")
        todo = Text(
            "Chỉ cần khi dùng --driver selenium: “apt-get install chromium chromium-driver”.",
            "Needed for --driver selenium only: “apt-get install chromium chromium-driver”.",
        )
        return Check(name, ok=False, required=False, detail=detail, todo=todo)
    versions = program_version(driver), program_version(chromium)
    same = versions[0].split(".")[0] == versions[1].split(".")[0] != ""
    todo = Text("Cài chromedriver cùng phiên bản chính với trình duyệt.", "Install a chromedriver of the browser's major version.")
    detail = _same(f"chromedriver {versions[0] or '?'} ({driver}), {chromium.name} {versions[1] or '?'} ({chromium})")
    return Check(name, ok=same, required=False, detail=detail, todo=_NO_TODO if same else todo)


def _axe() -> Check:
    try:
        version = axe_version()
    except OSError as error:
        detail = Text(f"Không đọc được mã nguồn của axe-core: {error}", f"axe-core's script cannot be read: {error}")
        todo = Text("Cài lại axe-playwright-python.", "Install axe-playwright-python again.")
        return Check(_same("axe-core"), ok=False, required=True, detail=detail, todo=todo)
    return Check(_same("axe-core"), ok=True, required=True, detail=_same(version))


def _output(out: Path) -> Check:
    """Writes and removes a file in the output folder, or in the folder in which it would be made."""
    place = next(folder for folder in (out.absolute(), *out.absolute().parents) if folder.exists())
    try:
        with tempfile.TemporaryFile(dir=place):
            ok, reason = True, ""
    except OSError as error:
        ok, reason = False, f": {error.strerror}"
    return Check(
        name=Text("Thư mục kết quả", "Output folder"),
        ok=ok,
        required=True,
        detail=_same(f"{out.absolute()}{reason}"),
        todo=_NO_TODO if ok else Text("Chọn thư mục khác bằng --out.", "Choose another folder with --out."),
    )
