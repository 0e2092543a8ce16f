"""What doctor says of a machine, and which browser an audit takes."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from wcag_audit import doctor
from wcag_audit.browser import find
from wcag_audit.browser.find import Browser, NoBrowser, find_browser, find_browsers

#: Not even root may write here.
NOBODY_WRITES_HERE = Path("/proc")


def program(path: Path, text: str = "#!/bin/sh\necho 'Chromium 131.0.6778.85 built on Debian'\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    path.chmod(0o755)
    return path


@pytest.fixture
def bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine on which no browser is installed; returns the only folder on its PATH."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "playwright"))
    monkeypatch.delenv(find.VARIABLE, raising=False)
    monkeypatch.setattr(find, "_PLACES", {kind: tuple(p for p in places if "/" not in p) for kind, places in find._PLACES.items()})
    return tmp_path / "bin"


def playwright_build(cache: Path, revision: str) -> None:
    folder = cache / f"chromium_headless_shell-{revision}"
    folder.mkdir(parents=True)
    (folder / "INSTALLATION_COMPLETE").touch()


def wanted_revision() -> str:
    package = find._playwright_package()
    assert package is not None
    return find._shell_row(package)["revision"]


class TestFindBrowser:
    def test_playwright_s_own_goes_before_all_installed(self, bare_machine: Path) -> None:
        for name in ("microsoft-edge", "google-chrome", "chromium", "chromium-headless-shell"):
            program(bare_machine / name)
        playwright_build(bare_machine.parent / "playwright", wanted_revision())
        kinds = [browser.kind for browser in find_browsers()]
        assert kinds == ["playwright-chromium", "chromium-headless-shell", "chromium", "chrome", "edge"]
        assert find_browser() == Browser(None, "playwright-chromium")

    def test_playwright_s_build_for_another_version_does_not_count(self, bare_machine: Path) -> None:
        playwright_build(bare_machine.parent / "playwright", "1")
        with pytest.raises(NoBrowser):
            find_browser()

    def test_the_named_browser_goes_before_all(self, bare_machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        program(bare_machine / "chromium")
        named, other = program(bare_machine.parent / "opt" / "google-chrome-beta"), program(bare_machine.parent / "opt" / "msedge")
        monkeypatch.setenv(find.VARIABLE, str(other))
        assert find_browser(named) == Browser(named, "chrome")
        assert find_browser() == Browser(other, "edge")

    @pytest.mark.parametrize("name", ["absent", "not-executable"])
    def test_a_named_browser_that_cannot_start_is_refused_not_replaced(self, bare_machine: Path, name: str) -> None:
        program(bare_machine / "chromium")
        program(bare_machine / "not-executable").chmod(0o644)
        named = bare_machine / name
        with pytest.raises(NoBrowser) as refused:
            find_browser(named)
        assert str(named) in refused.value.text.vi
        assert str(named) in refused.value.text.en

    def test_without_any_browser_one_line_says_what_to_do(self, bare_machine: Path) -> None:
        with pytest.raises(NoBrowser) as refused:
            find_browser()
        for text in (refused.value.text.vi, refused.value.text.en):
            assert "\n" not in text
            assert "apt-get install chromium-headless-shell" in text

    def test_a_launcher_of_a_snap_is_no_browser(self, bare_machine: Path) -> None:
        program(bare_machine / "chromium-browser", '#!/bin/sh\nexec /snap/bin/chromium "$@"\n')
        assert find_browsers() == ()

    def test_the_version_is_the_program_s_own(self, bare_machine: Path, tmp_path: Path) -> None:
        assert Browser(program(bare_machine / "chromium"), "chromium").version == "131.0.6778.85"
        assert Browser(tmp_path / "absent", "chromium").version == ""

    def test_selenium_takes_no_headless_shell(self, bare_machine: Path) -> None:
        program(bare_machine / "chromium-headless-shell")
        assert find.find_chromium_for_selenium() is None
        chrome = program(bare_machine / "google-chrome")
        assert find.find_chromium_for_selenium() == chrome


def check(checks: list[doctor.Check], name: str) -> doctor.Check:
    return next(one for one in checks if one.name.en == name)


class TestExamine:
    def test_this_machine_can_audit(self, tmp_path: Path) -> None:
        checks = doctor.examine(tmp_path)
        assert [one.name.en for one in checks if one.required and not one.ok] == []
        assert check(checks, "Fonts for Vietnamese").ok
        assert check(checks, "Browser").detail.en.startswith(str(find_browser()))
        assert "playwright 1." in check(checks, "Python packages").detail.en
        assert list(tmp_path.iterdir()) == []

    def test_what_is_in_order_asks_for_nothing_and_what_is_not_says_what_to_do(self, bare_machine: Path, tmp_path: Path) -> None:
        checks = doctor.examine(tmp_path)
        assert not check(checks, "Browser").ok
        assert not check(checks, "Second driver (Selenium)").ok
        for one in checks:
            assert not (one.ok and one.todo.en), one
            assert one.ok or one.todo.en or "no browser" in one.detail.en, one
            assert bool(one.todo.vi) == bool(one.todo.en), one

    def test_a_browser_that_dies_at_once_is_named_with_what_to_do(self, bare_machine: Path, tmp_path: Path) -> None:
        broken = program(bare_machine / "chromium", "#!/bin/sh\necho 'error while loading shared libraries: libnss3.so' >&2\nexit 127\n")
        browser = check(doctor.examine(tmp_path), "Browser")
        assert not browser.ok
        assert str(broken) in browser.detail.en
        assert "install-deps" in browser.todo.en

    def test_an_output_folder_that_cannot_be_written_is_found_out(self, bare_machine: Path) -> None:
        output = check(doctor.examine(NOBODY_WRITES_HERE / "audits"), "Output folder")
        assert not output.ok
        assert "--out" in output.todo.vi

    def test_an_axe_core_that_cannot_be_read_is_found_out(
        self, bare_machine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert check(doctor.examine(tmp_path), "axe-core").detail.en.startswith("4.")

        def unreadable() -> str:
            raise FileNotFoundError(2, "No such file or directory", "axe.min.js")

        monkeypatch.setattr(doctor, "axe_version", unreadable)
        axe = check(doctor.examine(tmp_path), "axe-core")
        assert not axe.ok
        assert "axe.min.js" in axe.detail.vi

    def test_a_chromedriver_of_another_major_version_is_found_out(self, bare_machine: Path, tmp_path: Path) -> None:
        program(bare_machine / "chromium")
        program(bare_machine / "chromedriver", "#!/bin/sh\necho 'ChromeDriver 130.0.1 (abc)'\n")
        selenium = check(doctor.examine(tmp_path), "Second driver (Selenium)")
        assert not selenium.ok
        assert "130.0.1" in selenium.detail.en


def test_the_letters_are_all_of_vietnamese_in_nfc() -> None:
    assert unicodedata.normalize("NFC", doctor.VIETNAMESE) == doctor.VIETNAMESE
    assert len(set(doctor.VIETNAMESE)) == len(doctor.VIETNAMESE) == 2 * 67 + 1
