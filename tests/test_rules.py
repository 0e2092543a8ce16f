"""Every rule against its fixtures, and every rule complete: documented, in both languages, with fixtures for each verdict."""

from __future__ import annotations

import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browsing import Browsing
from wcag_audit.engine import Evaluated, evaluate_portal
from wcag_audit.gather.probes import PROBES
from wcag_audit.gather.visit import STATIC
from wcag_audit.model import PageState, Verdict, roll_up
from wcag_audit.rule import Rule
from wcag_audit.rules import catalogue
from wcag_audit.serve import FolderSite, Served, serving
from wcag_audit.wcag import CRITERIA

FIXTURES = Path(__file__).parent.parent / "fixtures" / "rules"
RULES = {rule.id: rule for rule in catalogue()}
VERDICTS = {verdict.value for verdict in Verdict}
SENTENCE_END = re.compile(r"[.?!](?= |$)")


def cases(everything: bool = True) -> Iterator[tuple[str, str]]:
    """Rule id and case: a page ``<verdict>_<why>.html``, or for a portal rule a folder ``<verdict>_<why>/`` of pages.

    A rule that judges recordings takes seconds a page: unless ``everything`` is asked for (``make fixtures``), one of each verdict
    stands for the others.
    """
    for folder in sorted(FIXTURES.iterdir()):
        shown: Counter[str] = Counter()
        recorded = folder.name in RULES and {*RULES[folder.name].needs, *RULES[folder.name].uses} & {probe.name for probe in PROBES}
        for entry in sorted(folder.iterdir()):
            verdict = entry.name.split("_")[0]
            if verdict in VERDICTS and (entry.is_dir() or entry.suffix in (".html", ".xhtml")):
                shown[verdict] += 1
                if everything or not recorded or shown[verdict] <= 1:
                    yield folder.name, entry.name


RUN = list(cases(everything=bool(os.environ.get("ALL_FIXTURES"))))


@pytest.fixture(scope="module")
def site() -> Iterator[Served]:
    with serving(FolderSite(FIXTURES)) as served:
        yield served


@pytest.mark.parametrize(("rule_id", "case"), RUN, ids=[f"{rule}-{case}" for rule, case in RUN])
def test_fixture(rule_id: str, case: str, browsing: Browsing, site: Served) -> None:
    rule = RULES[rule_id]
    place = FIXTURES / rule_id / case
    files = sorted(place.glob("*.html")) if place.is_dir() else [place]
    judged: list[tuple[object, Evaluated]] = []
    for order, file in enumerate(files):
        url = site.url + file.relative_to(FIXTURES).as_posix()
        found, verdicts = browsing.judge(url, [rule], page_id=f"{order:02d}", order=order, static=gathered(rule))
        assert found.snapshot.page.state is PageState.AUDITED, found.snapshot.page.detail
        judged.append((found.snapshot.page, verdicts))
    own = [outcome for _, found in judged for outcome in found.outcomes if outcome.rule == rule_id]
    wide = evaluate_portal([(page, found.digests) for page, found in judged], [rule])  # type: ignore[misc]
    outcomes = [*own, *wide]
    told = [(o.verdict.value, o.message, str(o.target), o.values) for o in outcomes]
    assert roll_up(outcome.verdict for outcome in outcomes).value == case.split("_")[0], told
    for outcome in outcomes:
        if outcome.verdict in (Verdict.FAILED, Verdict.CANT_TELL):
            message = rule.messages[outcome.message]
            wanted = set(re.findall(r"\{(\w+)\}", " ".join((*message_texts(message),))))
            given = {name.split(".")[0] for name in outcome.values}
            assert wanted <= given, f"{outcome.message} lacks values for {wanted - given}"


@pytest.mark.parametrize(
    ("case", "criteria"), [("failed_two-columns-of-sentences", ("1.3.1", "1.3.2")), ("failed_indented-table", ("1.3.1",))]
)
def test_spaces_break_the_sequence_only_where_a_column_runs_on(
    case: str, criteria: tuple[str, ...], browsing: Browsing, site: Served
) -> None:
    rule = RULES["text-is-not-laid-out-with-spaces"]
    _, judged = browsing.judge(f"{site.url}{rule.id}/{case}.html", [rule], static=gathered(rule))
    assert [outcome.criteria for outcome in judged.outcomes if outcome.rule == rule.id] == [criteria]


def gathered(rule: Rule) -> tuple[str, ...]:
    """The static artifacts that a rule reads, and those on which probes build: a fixture needs no others."""
    needs = {*rule.needs, *rule.uses}
    return tuple(name for name in STATIC if name in needs or name in ("source", "dom") or (name == "axe" and "states" in needs))


def message_texts(message: object) -> list[str]:
    return [text[lang] for text in (message.what, message.mend) for lang in ("vi", "en")]  # type: ignore[attr-defined]


@pytest.mark.parametrize("rule", catalogue(), ids=lambda rule: rule.id)
def test_rule_is_complete(rule: Rule) -> None:
    verdicts = {case.split("_")[0] for rule_id, case in cases() if rule_id == rule.id}
    assert {"passed", "inapplicable"} <= verdicts, f"{rule.id}: fixtures for passed and inapplicable are needed, found {sorted(verdicts)}"
    assert verdicts & {"failed", "cantTell"}, f"{rule.id}: a fixture for failed is needed"
    assert "failed" in verdicts or not any_failure(rule), f"{rule.id}: can fail, so a failed fixture is needed"
    for heading in ("What it checks", "Why it matters", "Fails", "Mended", "References"):
        assert heading in rule.doc, f"{rule.id}: its docstring lacks “{heading}”"
    assert rule.criteria and set(rule.criteria) <= set(CRITERIA)
    assert rule.name.vi and rule.name.en and rule.name.vi != rule.name.en
    assert rule.why.vi and rule.why.en and rule.why.vi != rule.why.en, f"{rule.id}: why it matters lacks a language"
    assert rule.info.why == rule.why
    for lang in ("vi", "en"):
        assert rule.why[lang].endswith(".") and len(SENTENCE_END.findall(rule.why[lang])) <= 2, f"{rule.id}: one or two sentences, {lang}"
    assert unicodedata.is_normalized("NFC", rule.why.vi) and not rule.why.vi.isascii()
    assert rule.messages
    for name, message in rule.messages.items():
        assert all(message_texts(message)), f"{rule.id}: message {name} lacks a language"
        vi, en = (set(re.findall(r"\{(\w+)\}", message.what[lang] + message.mend[lang])) for lang in ("vi", "en"))
        assert vi == en, f"{rule.id}: message {name} fills different values in its languages"
    assert callable(rule.applicability) and callable(rule.expectation)
    assert rule.applicability.__name__ != "<lambda>" and rule.expectation.__name__ != "<lambda>"


def any_failure(rule: Rule) -> bool:
    """Whether the rule's own source can return a failure."""
    import inspect

    return "failed(" in inspect.getsource(inspect.getmodule(rule.expectation))  # type: ignore[arg-type]


def test_every_fixture_folder_has_its_rule() -> None:
    assert {folder.name for folder in FIXTURES.iterdir()} <= set(RULES)
