"""The example in docs/writing-a-rule.md works as it stands: loaded, listed, and right about a page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.snapshots import snapshot
from wcag_audit.cli import cli
from wcag_audit.engine import evaluate
from wcag_audit.model import Verdict
from wcag_audit.rule import Rule
from wcag_audit.rules import load_folder

PAGE = (Path(__file__).parent.parent / "docs" / "writing-a-rule.md").read_text("utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the example, under the file name that the page gives it."""
    (source,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    (name,) = set(re.findall(r"`my-rules/(\w+\.py)`", PAGE))
    (tmp_path / name).write_text(source, "utf-8")
    return tmp_path


@pytest.fixture
def rule(folder: Path) -> Rule:
    (rule,) = load_folder(folder)
    return rule


@pytest.mark.parametrize(
    ("name", "verdict"),
    [("IFRAME", Verdict.FAILED), ("Bản đồ trụ sở", Verdict.PASSED), ("", Verdict.INAPPLICABLE)],
)
def test_it_judges_a_frame(rule: Rule, name: str, verdict: Verdict) -> None:
    page = snapshot([{"p": -1, "t": "html"}, {"p": 0, "t": "body"}, {"p": 1, "t": "iframe", "n": name, "a": {"title": name}}])
    (found,) = [outcome for outcome in evaluate(page, [rule]).outcomes if outcome.rule == rule.id]
    assert found.verdict is verdict
    assert found.verdict is not Verdict.FAILED or found.values == {"name": name}


def test_the_catalogue_lists_it_with_the_rules_that_ship(folder: Path, rule: Rule) -> None:
    told = CliRunner().invoke(cli, ["rules", "--rules", str(folder), "--lang", "en"])
    assert told.exit_code == 0
    assert rule.id in told.output and "page-language" in told.output and "axe/frame-title" in told.output


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_catalogue_prints_its_page(folder: Path, rule: Rule, lang: str) -> None:
    told = CliRunner().invoke(cli, ["rules", rule.id, "--rules", str(folder), "--lang", lang])
    assert told.exit_code == 0
    assert rule.name[lang] in told.output and "What it checks" in told.output and "H64" in told.output


def test_the_five_headings_are_those_of_the_example(rule: Rule) -> None:
    assert re.findall(r"^([A-Z][\w ]+)$", rule.doc, re.MULTILINE) == [
        "What it checks",
        "Why it matters",
        "Fails",
        "Mended",
        "References",
    ]
