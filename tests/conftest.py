"""What tests of every room share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from tests.browsing import Browsing

CHECKOUT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The folder that holds pyproject.toml."""
    return CHECKOUT


@pytest.fixture(scope="session")
def browsing() -> Iterator[Browsing]:
    """One real browser for all tests of this process that visit pages; each page has cookies of its own."""
    browsing = Browsing()
    yield browsing
    browsing.close()


@pytest.fixture(scope="session")
def project_modules() -> dict[str, Path]:
    """Every module of the project by the one name under which it is imported."""
    modules = {}
    for folder, package in (("wcag_audit", "wcag_audit"), ("rules", "wcag_audit.rules"), ("reports", "wcag_audit.reports")):
        for path in sorted((CHECKOUT / folder).rglob("*.py")):
            parts = path.relative_to(CHECKOUT / folder).with_suffix("").parts
            modules[".".join((package, *(part for part in parts if part != "__init__")))] = path
    return modules


#: Files whose tests share something dear: each stays on one worker, so that it is made once.
TOGETHER = frozenset((
    "test_audit.py", "test_batch_run.py", "test_cluster.py", "test_driver_selenium.py", "test_drivers.py", "test_packaging.py",
    "test_report_documents.py",
))
#: Files with the longest tests begin first, so that none of them is still under way when all others are done.
FIRST = (
    "test_audit.py", "test_drivers.py", "test_audit_runs.py", "test_readme.py", "test_vendor_app.py", "test_hostile.py",
    "test_read_only.py", "test_going_out.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The same order on every worker, whatever the order on the command line."""
    items.sort(key=lambda item: FIRST.index(item.path.name) if item.path.name in FIRST else len(FIRST))


class Scheduling(LoadScopeScheduling):
    """Hands tests out one by one, but those of a file in ``TOGETHER`` at once."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return file if file.rsplit("/", 1)[-1] in TOGETHER else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    return Scheduling(config, log)
