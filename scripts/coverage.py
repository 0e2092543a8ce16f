"""Write docs/coverage.md from wcag_audit/coverage.toml, and name the rules that have no row yet: ``python scripts/coverage.py``."""

from __future__ import annotations

import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(CHECKOUT))

from wcag_audit.coverage import coverage, markdown  # noqa: E402
from wcag_audit.engine import rule_infos  # noqa: E402
from wcag_audit.rules import catalogue  # noqa: E402


def main() -> int:
    """0, or 1 where a rule judges a criterion under which no row names it."""
    table = coverage()
    (CHECKOUT / "docs" / "coverage.md").write_text(markdown(table), "utf-8")
    named = {(criterion, rule) for criterion, checks in table.items() for check in checks for rule in check.rules}
    judging = {(criterion, id) for id, info in rule_infos(catalogue()).items() for criterion in info.criteria}
    for criterion, rule in sorted(judging - named):
        print(f"{criterion}: {rule} has no row")
    for criterion, rule in sorted(named - judging):
        print(f"{criterion}: {rule} does not judge it")
    return int(judging != named)


if __name__ == "__main__":
    sys.exit(main())
