"""Audits public-service portals against WCAG 2.0 level A and turns proven evidence into official points."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wcag_audit.testing import Checker as Checker
    from wcag_audit.testing import check as check

__version__ = "0.1.0"

# In a checkout and in an editable install rules/ and reports/ stand beside this package; in a wheel they are inside it.
_CHECKOUT = Path(__file__).resolve().parent.parent
if (_CHECKOUT / "pyproject.toml").is_file():
    __path__.append(str(_CHECKOUT))


def __getattr__(name: str) -> Any:
    """``check`` and ``Checker``, for test suites; loaded only where they are asked for."""
    if name in ("check", "Checker"):
        from wcag_audit import testing

        return getattr(testing, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
