"""Where the demo portal is: inside the package in a wheel, under ``fixtures/`` in a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_PLACES = (_PACKAGE / "demo_portal", _PACKAGE.parent / "fixtures" / "portals" / "tinh-an-hai")


def demo_portal() -> Path:
    """The folder of the portal that ``wcag-audit demo`` serves. Raises FileNotFoundError where the installation lacks it."""
    for place in _PLACES:
        if (place / "portal.toml").is_file():
            return place
    raise FileNotFoundError(f"no portal.toml in {' or '.join(map(str, _PLACES))}")
