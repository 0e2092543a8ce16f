"""The benches measure what they say; their figures are for a quiet machine and not tested."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import pytest

from tests.snapshots import snapshot
from wcag_audit.model import Artifact
from wcag_audit.rules import catalogue

BENCH = Path(__file__).parent.parent / "bench"


@pytest.fixture
def rules_cost(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(BENCH)
    import rules_cost

    return rules_cost


def test_every_rule_is_timed_and_the_parser_by_itself(rules_cost: ModuleType) -> None:
    text = "<!DOCTYPE html><html><body>" + "<p><b>a</p>" * 500
    source = Artifact(data={"url": "http://x/", "headers": {"content-type": "text/html"}, "text": text})
    nodes = [{"p": -1, "t": "html"}, {"p": 0, "t": "body"}, {"p": 1, "t": "a", "a": {"href": "/"}, "r": "link"}]
    rules_cost.judge(snapshot(nodes, source=source), catalogue())
    judged = rules_cost.judge(snapshot(nodes, source=source), catalogue())
    assert judged.parts[rules_cost.PARSER] > judged.parts["tags-are-complete-and-nested"] > 0
    assert {rule.id for rule in catalogue() if rule.needs == ("dom",)} <= set(judged.parts)
    assert 0 < sum(judged.parts.values()) - judged.parts[rules_cost.PARSER] <= judged.whole


def test_every_fixture_portal_has_its_heavy_page(rules_cost: ModuleType) -> None:
    assert set(rules_cost.HEAVY) == {path.parent.name for path in rules_cost.PORTALS.glob("*/portal.toml")}
