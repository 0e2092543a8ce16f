"""Audits public-service portals against WCAG 2.0 level A and turns proven evidence into official points."""

from pathlib import Path

__version__ = "0.1.0"

# In a checkout and in an editable install rules/ and reports/ stand beside this package; in a wheel they are inside it.
_CHECKOUT = Path(__file__).resolve().parent.parent
if (_CHECKOUT / "pyproject.toml").is_file():
    __path__.append(str(_CHECKOUT))
