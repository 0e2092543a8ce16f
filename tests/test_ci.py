"""Gates, baselines and the formats for pipelines, without a browser."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from lxml import etree

from tests import results
from wcag_audit import ci
from wcag_audit.config import TEMPLATE, ConfigError, read_config
from wcag_audit.model import PageState, Result
from wcag_audit.reports import codequality, github, junit, pipeline, sarif

TODAY = date(2026, 3, 1)
SCHEMAS = Path(__file__).parent / "schemas"


def result(defects: dict[str, Sequence[int]], pages: int = 3, twins: int = 1) -> Result:
    """A result with these fingerprints failed on these pages, ``twins`` of each on every page."""
    sample = [results.page(number) for number in range(1, pages + 1)]
    outcomes = results.passing(sample)
    for name, numbers in defects.items():
        place = results.target(name)
        outcomes += [results.failure("axe/image-alt", "1.1.1", name, f"p{n:03d}", target=place) for n in numbers for _ in range(twins)]
    return results.result(sample, outcomes)


def baseline_of(found: Result) -> ci.Baseline:
    return ci.updated(ci.check([found], ci.Gates(), None, TODAY), None, TODAY)


def news(found: Result, baseline: ci.Baseline | None, **gates: Any) -> dict[str, str]:
    return {one.defect.fingerprint: one.newness.value for one in ci.check([found], ci.Gates(**gates), baseline, TODAY).new if one.newness}


def test_without_a_baseline_everything_is_new() -> None:
    checked = ci.check([result({"a": [1], "b": [2]})], ci.Gates(), None, TODAY)
    assert not checked.held and len(checked.new) == 2


def test_what_is_in_the_baseline_is_known_and_the_same_rule_elsewhere_is_new() -> None:
    baseline = baseline_of(result({"a": [1]}))
    assert news(result({"a": [1]}), baseline) == {}
    assert news(result({"a": [1], "b": [2]}), baseline) == {"b": "new"}


def test_more_twins_on_one_page_are_new_and_fewer_are_not() -> None:
    baseline = baseline_of(result({"a": [1]}, twins=2))
    assert news(result({"a": [1]}, twins=3), baseline) == {"a": "more"}
    assert news(result({"a": [1]}), baseline) == {}


def test_a_known_defect_on_a_page_that_was_clean_is_new() -> None:
    baseline = baseline_of(result({"a": [1]}))
    assert news(result({"a": [1, 2]}), baseline) == {"a": "spread"}
    assert news(result({"a": [2]}), baseline) == {}, "a component that moved to another page"
    assert news(result({"a": [1, 4]}, pages=4), baseline) == {}, "a page that nobody has looked at before"


def test_mended_defects_are_told_and_fall_out_and_come_back_as_new() -> None:
    baseline = baseline_of(result({"a": [1], "b": [1]}))
    checked = ci.check([result({"b": [1]})], ci.Gates(), baseline, TODAY)
    assert checked.held and [one.fingerprint for one in checked.mended] == ["a"]
    after = ci.updated(checked, baseline, TODAY)
    assert [one.fingerprint for one in after.defects] == ["b"]
    assert news(result({"a": [1], "b": [1]}), after) == {"a": "new"}


def test_what_was_not_looked_at_is_not_mended() -> None:
    baseline = baseline_of(result({"a": [3]}))
    checked = ci.check([result({}, pages=2)], ci.Gates(), baseline, TODAY)
    assert checked.mended == () and [one.fingerprint for one in checked.unseen] == ["a"]
    assert [one.fingerprint for one in ci.updated(checked, baseline, TODAY).defects] == ["a"]
    shallow = msgspec.structs.replace(result({}), environment=msgspec.structs.replace(results.ENVIRONMENT, depth="static"))
    assert ci.check([shallow], ci.Gates(), baseline, TODAY).mended == (), "the baseline was made at full depth"


def test_an_entry_is_tolerated_until_its_day_and_keeps_its_reason() -> None:
    (known,) = (made := baseline_of(result({"a": [1]}))).defects
    dated = msgspec.structs.replace(known, expires="2026-03-01", reason="chờ bản vá của thư viện")
    baseline = msgspec.structs.replace(made, defects=(dated,))
    found = result({"a": [1]})
    assert ci.check([found], ci.Gates(), baseline, TODAY).held
    later = ci.check([found], ci.Gates(), baseline, date(2026, 3, 2))
    assert [one.newness for one in later.new] == [ci.Newness.EXPIRED] and not later.held
    kept = ci.updated(ci.check([found], ci.Gates(), baseline, TODAY), baseline, TODAY).defects[0]
    assert (kept.reason, kept.expires) == (dated.reason, dated.expires)


def test_viewports_are_one_check() -> None:
    checked = ci.check([result({"a": [1]}), result({"a": [2], "b": [1]})], ci.Gates(), None, TODAY)
    assert {one.defect.fingerprint: len(one.places) for one in checked.seen} == {"a": 2, "b": 1}


@pytest.mark.parametrize(
    ("gates", "held"),
    [
        (ci.Gates(), False),
        (ci.Gates(criteria=ci.criteria_of(["operable"])), True),
        (ci.Gates(criteria=ci.criteria_of(["1.1.1"])), False),
        (ci.Gates(criteria=("2.1.1",), max_defects=0), True),
        (ci.Gates(criteria=("2.1.1",), min_points={"mic-2024": 5}), False),
        (ci.Gates(criteria=("2.1.1",), min_points={"mic-2024": 3.75}), True),
        (ci.Gates(criteria=("2.1.1",), min_points={"mic-2023": 7}), True),
        (ci.Gates(fail_on="any", criteria=("2.1.1",)), True),
    ],
)
def test_gates(gates: ci.Gates, held: bool) -> None:
    assert ci.check([result({"a": [1]})], gates, None, TODAY).held is held


def test_known_defects_break_the_gates_that_count_all() -> None:
    found = result({"a": [1]})
    baseline = baseline_of(found)
    assert not ci.check([found], ci.Gates(fail_on="any"), baseline, TODAY).held
    assert not ci.check([found], ci.Gates(max_defects=0), baseline, TODAY).held
    assert ci.check([found], ci.Gates(max_defects=1), baseline, TODAY).held


def test_pages_that_could_not_be_audited_are_told() -> None:
    sample = [results.page(1), results.page(2, state=PageState.HTTP_ERROR, detail="503")]
    checked = ci.check([results.result(sample, results.passing(sample[:1]))], ci.Gates(), None, TODAY)
    assert checked.held and "503" in checked.missing[0].en
    assert pipeline.last_line(checked, "en").startswith("NOT ASSESSED")
    assert pipeline.last_line(ci.without_missing(checked), "en").startswith("HELD")


@pytest.mark.parametrize("wrong", ["9.9.9", "understandible", "1.4.3"])
def test_unknown_criteria_are_refused(wrong: str) -> None:
    with pytest.raises(ci.CheckError, match=wrong):
        ci.criteria_of([wrong])


def test_points_are_by_profile() -> None:
    assert ci.points_of(["5", "mic-2023=9,5"], "mic-2024") == {"mic-2024": 5, "mic-2023": 9.5}
    with pytest.raises(ci.CheckError, match="five"):
        ci.points_of(["five"], "mic-2024")
    with pytest.raises(ci.CheckError, match="mic-1999"):
        ci.check([result({})], ci.Gates(min_points={"mic-1999": 1}), None, TODAY)


def test_a_baseline_is_read_back_and_a_broken_one_is_refused(tmp_path: Path) -> None:
    baseline, path = baseline_of(result({"a": [1]})), tmp_path / "b.json"
    path.write_bytes(ci.encode_baseline(baseline))
    assert ci.read_baseline(path) == baseline
    assert str(ci.places(result({}))["p001"]) in path.read_text("utf-8") and "dichvucong" not in path.read_text("utf-8"), "no host"
    for wrong in (b"{", b"[]", b'{"format": "other"}', path.read_bytes().replace(b'"expires": ""', b'"expires": "mai"')):
        path.write_bytes(wrong)
        with pytest.raises(ci.CheckError):
            ci.read_baseline(path)
    with pytest.raises(ci.CheckError, match="update-baseline"):
        ci.read_baseline(tmp_path / "none.json")


# -- formats -----------------------------------------------------------------------------------------------------------------


def checked_of(found: Result) -> ci.Checked:
    baseline = ci.updated(ci.check([found], ci.Gates(), None, TODAY), None, TODAY)
    # Every other defect is known.
    half = msgspec.structs.replace(baseline, defects=baseline.defects[::2])
    return ci.check([found], ci.Gates(min_points={"mic-2024": 5}), half, TODAY)


CASES = {"typical": results.typical, "hostile": results.hostile, "clean": results.clean, "not assessed": results.not_assessed}


@pytest.fixture(params=CASES, scope="module")
def checked(request: pytest.FixtureRequest) -> ci.Checked:
    return checked_of(CASES[request.param]())


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_junit_is_what_its_schema_asks_for(checked: ci.Checked, lang: str) -> None:
    schema = etree.XMLSchema(etree.parse(SCHEMAS / "junit-10.xsd"))
    document = etree.fromstring(junit.render(checked, lang))
    schema.assertValid(document)
    pages = checked.results[0].pages
    assert len(document.findall("testsuite")) == len(pages)
    assert all(len(suite.findall("testcase")) == 25 for suite in document)
    new = {(page, id) for one in checked.new for page in one.defect.pages for id in one.defect.criteria}
    assert len(document.findall(".//failure")) == len(new) == int(document.get("failures", ""))


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_sarif_is_what_its_schema_asks_for(checked: ci.Checked, lang: str) -> None:
    schema = json.loads((SCHEMAS / "sarif-2.1.0.json").read_text("utf-8"))
    log = json.loads(sarif.render(checked, lang, {"*/trang-1": "templates/trang.html"}))
    jsonschema.validators.validator_for(schema)(schema, format_checker=jsonschema.FormatChecker()).validate(log)
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(run["results"]) == len(checked.seen)
    for found, one in zip(run["results"], checked.seen, strict=True):
        assert rules[found["ruleIndex"]] == found["ruleId"] == one.defect.rule
        assert found["partialFingerprints"]["wcagAuditDefect/v1"] == pipeline.known_by(one)
        assert ("suppressions" in found) == (one.newness is None)
    uris = {place["physicalLocation"]["artifactLocation"]["uri"] for found in run["results"] for place in found["locations"]}
    assert all(uri.isascii() and " " not in uri and "<" not in uri for uri in uris)


def test_sarif_names_templates_and_helps_in_both_languages() -> None:
    log = json.loads(sarif.render(checked_of(results.typical()), "vi", {"*/trang-1": "templates/trang.html"}))
    run = log["runs"][0]
    uris = [place["physicalLocation"]["artifactLocation"]["uri"] for found in run["results"] for place in found["locations"]]
    assert "templates/trang.html" in uris and any(uri.startswith("https://") for uri in uris)
    (own,) = (rule for rule in run["tool"]["driver"]["rules"] if rule["id"] == results.OWN.id)
    mends = [message.mend for message in results.OWN.messages.values()]
    assert all(mend.vi.split(".")[0] in own["help"]["text"] and mend.en.split(".")[0] in own["help"]["text"] for mend in mends)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_code_quality_is_what_gitlab_asks_for(checked: ci.Checked, lang: str) -> None:
    entries = json.loads(codequality.render(checked, lang))
    jsonschema.validate(entries, json.loads((SCHEMAS / "gitlab-code-quality.json").read_text("utf-8")))
    assert [one["severity"] == "major" for one in entries] == [one.newness is not None for one in checked.seen]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_github_gets_one_command_a_line_and_a_table_without_markup(checked: ci.Checked, lang: str) -> None:
    commands = list(github.commands(checked, lang, {"*/trang-*": "templates/trang.html"}))
    assert len(commands) == min(10, len(checked.new))
    assert all(command.startswith("::error ") and "\n" not in command and "\r" not in command for command in commands)
    summary = github.summary(checked, lang)
    assert "<script" not in summary and "<img" not in summary
    rows = [line for line in summary.splitlines() if line.startswith(("| ❌", "| ·"))]
    assert len(rows) == len(checked.seen) and all(line.replace("\\|", "").count("|") == 5 for line in rows)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_plain_text_tells_every_defect_and_ends_with_what_to_do(checked: ci.Checked, lang: str) -> None:
    told = list(pipeline.summary(checked, lang))
    assert all(any(pipeline.known_by(one) in line for line in told) for one in checked.seen)
    assert not any("\x1b" in line or "\u202e" in line for line in told)
    last = pipeline.last_line(checked, lang)
    assert "\n" not in last
    if checked.new:
        assert last.startswith({"vi": "KHÔNG QUA", "en": "BROKEN"}[lang]) and "--update-baseline" in last


# -- configuration -----------------------------------------------------------------------------------------------------------


def test_a_configuration_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    for text, said in (("a = ", "TOML"), ("pagse = []", "pagse"), ("[depth]\nx = 1", "depth")):
        path.write_text(text, "utf-8")
        with pytest.raises(ConfigError, match=said):
            read_config(path, {"pages", "depth"})
    with pytest.raises(ConfigError, match="init"):
        read_config(tmp_path / "none.toml", set())


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_template_names_options_that_are_there(lang: str, tmp_path: Path) -> None:
    from wcag_audit.cli.ci import ci as command

    options = {"pages"} | {name.removeprefix("--") for one in command.params for name in one.opts}
    plain, path = TEMPLATE[lang], tmp_path / "c.toml"
    path.write_text(plain, "utf-8")
    assert read_config(path, options)["baseline"] == "wcag-baseline.json"
    # What is commented out would do as well.
    uncommented = "\n".join(line[2:] if line.startswith("# ") and " = " in line else line for line in plain.splitlines())
    path.write_text(uncommented, "utf-8")
    assert {"start", "crawl", "source", "only"} <= read_config(path, options).keys()
