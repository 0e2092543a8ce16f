"""Write docs/coverage.md from wcag_audit/coverage.toml: ``python scripts/coverage.py``."""

from __future__ import annotations

import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(CHECKOUT))

from wcag_audit.coverage import coverage, markdown  # noqa: E402

if __name__ == "__main__":
    (CHECKOUT / "docs" / "coverage.md").write_text(markdown(coverage()), "utf-8")
