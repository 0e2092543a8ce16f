"""``wcag_audit.check`` on pages that somebody else opened: Playwright and Selenium, frames, criteria, and what cannot be asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

import wcag_audit
from wcag_audit.browser.borrowed import sender
from wcag_audit.browser.find import LAUNCH_ARGS, find_browser
from wcag_audit.browser.port import BrowserError
from wcag_audit.ci import CheckError, encode_baseline, read_baseline
from wcag_audit.serve import FolderSite, serving

BAD = """<!DOCTYPE html><html lang="vi"><title>Nộp hồ sơ</title><h1>Nộp hồ sơ</h1><p><img src="/a.png" width="9" height="9"></p>
<iframe src="/khung.html" title="Lịch"></iframe></html>"""
FRAME = """<!DOCTYPE html><html lang="vi"><title>Lịch</title><p>Lịch <input type="text" name="ngay"></p></html>"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser().path, args=list(LAUNCH_ARGS))
        yield browser
        browser.close()


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "index.html").write_text(BAD, "utf-8")
    (tmp_path / "khung.html").write_text(FRAME, "utf-8")
    with serving(FolderSite(tmp_path)) as served:
        yield served.url


def test_a_page_of_playwright_is_checked_as_it_stands(browser: Browser, url: str, tmp_path: Path) -> None:
    page = browser.new_page()
    page.goto(url)
    with pytest.raises(AssertionError) as told:
        wcag_audit.check(page, lang="en")
    assert "1.1.1" in str(told.value) and '<img src="/a.png"' in str(told.value)
    assert "iframe" in str(told.value) and "ngay" in str(told.value), "frames are looked into"
    wcag_audit.check(page, "2.4.2")
    with pytest.raises(CheckError):
        wcag_audit.check(page, "9.9.9")

    checker = wcag_audit.Checker(tmp_path / "known.json")
    checker.accept = True
    checker.check(page)
    (tmp_path / "known.json").write_bytes(encode_baseline(checker.known_now()))
    wcag_audit.check(page, baseline=tmp_path / "known.json")
    page.evaluate("document.querySelector('h1').insertAdjacentHTML('afterend', '<p><a href=\"/moi\"></a></p>')")
    with pytest.raises(AssertionError, match=r"^1 "):
        wcag_audit.check(page, baseline=tmp_path / "known.json")
    assert len(read_baseline(tmp_path / "known.json").defects) >= 2
    page.close()


def test_a_webdriver_is_checked_as_it_stands(url: str) -> None:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    from wcag_audit.browser.find import SELENIUM_ARGS, find_chromedriver, find_chromium_for_selenium

    options = webdriver.ChromeOptions()
    options.binary_location = str(find_chromium_for_selenium())
    for argument in SELENIUM_ARGS:
        options.add_argument(argument)
    driver = webdriver.Chrome(options, Service(str(find_chromedriver())))
    try:
        driver.get(url)
        with pytest.raises(AssertionError, match=r"1\.1\.1"):
            wcag_audit.check(driver)
    finally:
        driver.quit()


def test_what_cannot_be_asked_is_refused() -> None:
    with pytest.raises(BrowserError, match="neither"):
        sender(object())
