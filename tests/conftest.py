"""What tests of every room share."""

from __future__ import annotations

from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The folder that holds pyproject.toml."""
    return CHECKOUT


@pytest.fixture(scope="session")
def project_modules() -> dict[str, Path]:
    """Every module of the project by the one name under which it is imported."""
    modules = {}
    for folder, package in (("wcag_audit", "wcag_audit"), ("rules", "wcag_audit.rules"), ("reports", "wcag_audit.reports")):
        for path in sorted((CHECKOUT / folder).rglob("*.py")):
            parts = path.relative_to(CHECKOUT / folder).with_suffix("").parts
            modules[".".join((package, *(part for part in parts if part != "__init__")))] = path
    return modules
