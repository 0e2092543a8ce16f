"""The pytest plugin: the fixture ``wcag``, marks for criteria, and one baseline for a whole suite.

::

    def test_search(page, wcag):
        page.goto("/search")
        wcag.check(page)

    @pytest.mark.wcag("1.1.1", "operable")
    def test_menu(page, wcag): ...
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

# A suite that checks no page does not pay for loading the rest.
if TYPE_CHECKING:
    from wcag_audit.testing import Checker

_SUITE: pytest.StashKey[Checker] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("wcag-audit")
    group.addoption("--wcag-baseline", metavar="FILE", help="file of known defects, the same as for wcag-audit ci")
    group.addoption("--wcag-update-baseline", action="store_true", help="write the baseline anew from what the tests saw")
    group.addoption("--wcag-lang", choices=("vi", "en"), help="language of assertion messages (vi)")
    parser.addini("wcag_baseline", "file of known defects, relative to the configuration file", default="")
    parser.addini("wcag_lang", "language of assertion messages: vi or en", default="vi")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "wcag(*criteria): what a check fails for: numbers (1.1.1) or principles (operable)")


def _suite(config: pytest.Config) -> Checker:
    """The checker of the whole run, made at its first use."""
    from wcag_audit.ci import CheckError
    from wcag_audit.testing import Checker

    if _SUITE not in config.stash:
        given = config.getoption("--wcag-baseline")
        ini = str(config.getini("wcag_baseline"))
        path = Path(given) if given else config.rootpath / ini if ini else None
        if path is None and config.getoption("--wcag-update-baseline"):
            raise pytest.UsageError("--wcag-update-baseline needs --wcag-baseline FILE or the ini option wcag_baseline")
        try:
            config.stash[_SUITE] = Checker(path, (), config.getoption("--wcag-lang") or str(config.getini("wcag_lang")))
        except CheckError as error:
            raise pytest.UsageError(error.text.en) from error
        # What is to be known from now on breaks no test.
        config.stash[_SUITE].accept = bool(config.getoption("--wcag-update-baseline"))
    return config.stash[_SUITE]


@pytest.fixture
def wcag(request: pytest.FixtureRequest) -> Checker:
    """Checks pages of Playwright or Selenium: ``wcag.check(page)``. The mark ``wcag`` says for which criteria a test fails."""
    from wcag_audit.ci import CheckError

    criteria = [str(name) for mark in request.node.iter_markers("wcag") for name in mark.args]
    try:
        return _suite(request.config).only(criteria)
    except CheckError as error:
        raise pytest.UsageError(error.text.en) from error


def pytest_sessionfinish(session: pytest.Session) -> None:
    from wcag_audit.ci import encode_baseline
    from wcag_audit.store import write_whole

    config = session.config
    if _SUITE in config.stash and config.getoption("--wcag-update-baseline"):
        suite = config.stash[_SUITE]
        if suite.path is not None and suite.pages:
            write_whole(suite.path, encode_baseline(suite.known_now()))
