"""Reports for spreadsheets and programs, each opened with a reader that is not ours: score, 25 criteria, every defect, hostile texts."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import rdflib
import yaml
from click import Choice
from openpyxl.worksheet.worksheet import Worksheet

from tests import results
from wcag_audit.cli import cli, main
from wcag_audit.model import Result, Verdict
from wcag_audit.reports import csv as csv_writer
from wcag_audit.reports import earl, facts, formats, markdown, openacr, tables, wcag_em, xlsx
from wcag_audit.reports.pictures import Album
from wcag_audit.reports.texts import line, number, text
from wcag_audit.store import Run, RunInfo
from wcag_audit.wcag import CRITERIA

RESULTS = {"typical": results.typical, "hostile": results.hostile, "not_assessed": results.not_assessed, "clean": results.clean}
EARL = rdflib.Namespace("http://www.w3.org/ns/earl#")
WCAGEM = rdflib.Namespace("http://www.w3.org/TR/WCAG-EM/#")
DCT = rdflib.Namespace("http://purl.org/dc/terms/")
both_languages = pytest.mark.parametrize("lang", ["vi", "en"])
every_result = pytest.mark.parametrize("name", RESULTS)


@pytest.fixture(scope="module")
def typical() -> Result:
    return results.typical()


def book(result: Result, lang: str = "vi") -> list[list[list[Any]]]:
    """The sheets of the workbook, as rows of values."""
    opened = openpyxl.load_workbook(io.BytesIO(xlsx.render(result, lang)))
    return [[[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in opened.worksheets]


def csv_files(result: Result, lang: str = "vi") -> dict[str, list[list[str]]]:
    files = dict(csv_writer.render(result, lang))
    assert all(content.startswith(b"\xef\xbb\xbf") for content in files.values())
    return {name: list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))) for name, content in files.items()}


def graph(content: bytes) -> rdflib.Graph:
    return rdflib.Graph().parse(data=content, format="json-ld")


# What every format tells


@both_languages
def test_spreadsheets_tell_the_score_the_criteria_and_every_defect(typical: Result, lang: str) -> None:
    score = typical.scores[0]
    for summary, criteria, defects, pages, method in (book(typical, lang), list(csv_files(typical, lang).values())):
        told = {row[0]: row[1] for row in summary}
        points = [float(told[text("score", key)[lang]]) for key in ("lower", "automatic", "upper")]
        assert points == [score.lower, score.automatic, score.upper]
        assert typical.statements[0][lang] in [row[1] for row in summary]
        assert [row[0] for row in criteria[1:]] == list(CRITERIA)
        assert [row[1] for row in criteria[1:]] == [one.name[lang] for one in CRITERIA.values()]
        assert {row[15] for row in defects[1:]} == {defect.fingerprint for defect in typical.defects}
        assert {row[3] for row in defects[1:]} == {defect.what[lang] for defect in typical.defects}
        assert len(pages) == len(typical.pages) + 1 and len(method) > 10


def test_the_workbook_is_filtered_frozen_and_has_no_merged_cells(typical: Result) -> None:
    opened = openpyxl.load_workbook(io.BytesIO(xlsx.render(typical, "vi")))
    assert opened.sheetnames == ["Tóm tắt", "Tiêu chí", "Vấn đề", "Trang", "Phương pháp"]
    assert opened.properties.language == "vi" and results.PORTAL.name in str(opened.properties.title)
    for sheet in opened.worksheets:
        assert isinstance(sheet, Worksheet) and not sheet.merged_cells.ranges
        assert sheet.freeze_panes == "B2" and sheet.auto_filter.ref == sheet.dimensions and sheet.print_title_rows == "$1:$1"
        assert all(sheet.column_dimensions[cell.column_letter].width >= 8 for cell in sheet[1])


@both_languages
def test_markdown_tells_the_score_the_criteria_and_every_defect(typical: Result, lang: str) -> None:
    told = markdown.render(typical, lang)
    for words in (*CRITERIA, *(defect.fingerprint for defect in typical.defects), typical.statements[0][lang][:60]):
        assert words in told
    score = typical.scores[0]
    lower, automatic, upper = (number(points or 0)[lang] for points in (score.lower, score.automatic, score.upper))
    wanted = (
        f"ít nhất {lower} – tự động {automatic} – nhiều nhất {upper}"
        if lang == "vi"
        else f"at least {lower} – automatic {automatic} – at most {upper}"
    )
    assert wanted in told
    assert told.count("- [ ]") == len(typical.questions)


def test_earl_is_valid_and_tells_the_criteria_and_every_defect(typical: Result) -> None:
    found = graph(earl.render(typical))
    assertions = set(found.subjects(rdflib.RDF.type, EARL.Assertion))
    audited = [one for one in typical.pages if one.criteria]
    assert len(assertions) == 25 + 25 * len(audited) + len(typical.defects)
    values = {EARL[one] for one in ("passed", "failed", "cantTell", "inapplicable", "untested")}
    for assertion in assertions:
        # What EARL 1.0 requires of an assertion and of a test result.
        for name in ("assertedBy", "subject", "test", "result", "mode"):
            assert len(list(found.objects(assertion, EARL[name]))) == 1
        (test_result,) = found.objects(assertion, EARL.result)
        assert set(found.objects(test_result, EARL.outcome)) <= values and len(list(found.objects(test_result, EARL.outcome))) == 1
        (subject,) = found.objects(assertion, EARL.subject)
        (assertor,) = found.objects(assertion, EARL.assertedBy)
        (test,) = found.objects(assertion, EARL.test)
        assert (subject, rdflib.RDF.type, EARL.TestSubject) in found and (assertor, rdflib.RDF.type, EARL.Assertor) in found
        assert {EARL.TestRequirement, EARL.TestCase} & set(found.objects(test, rdflib.RDF.type))
    told = {str(id) for id in found.objects(predicate=DCT.identifier)}
    assert told >= {*CRITERIA, *(defect.fingerprint for defect in typical.defects)}
    languages = {title.language for title in found.objects(predicate=DCT.description) if isinstance(title, rdflib.Literal)}
    assert languages == {"vi", "en"}


def test_only_a_person_passes_a_criterion(typical: Result) -> None:
    (reviewed,) = [one.id for one in typical.criteria if one.reviewed]
    found = graph(earl.render(typical))
    results_passed = list(found.subjects(EARL.outcome, EARL.passed))
    tests = [found.value(found.value(predicate=EARL.result, object=one), EARL.test) for one in results_passed]
    passed = {str(found.value(test, DCT.identifier)) for test in tests}
    assert passed == {reviewed}
    em = graph(wcag_em.render(typical, "vi"))
    assert len(list(em.subjects(EARL.outcome, EARL.passed))) == 1
    levels = {one["num"]: one["components"][0]["adherence"]["level"] for one in acr(typical)}
    assert [id for id, level in levels.items() if level == "supports"] == [reviewed]
    failed = {one.id for one in typical.criteria if one.verdict is Verdict.FAILED}
    assert {id for id, level in levels.items() if level in ("partially-supports", "does-not-support")} == failed
    assert levels["1.1.1"] == "does-not-support" and levels["2.4.2"] == "partially-supports"


def acr(result: Result, lang: str = "vi") -> list[dict[str, Any]]:
    report = yaml.safe_load(openacr.render(result, lang))
    assert all(isinstance(report[name], kind) for name, kind in (("title", str), ("product", dict), ("author", dict), ("version", int)))
    assert report["product"]["name"] and "email" in report["author"]
    criteria: list[dict[str, Any]] = report["chapters"]["success_criteria_level_a"]["criteria"]
    return criteria


@every_result
@both_languages
def test_openacr_has_the_25_criteria(name: str, lang: str) -> None:
    criteria = acr(RESULTS[name](), lang)
    assert [one["num"] for one in criteria] == list(CRITERIA)
    assert {one["components"][0]["name"] for one in criteria} == {"web"}
    levels = {"supports", "partially-supports", "does-not-support", "not-applicable", ""}
    assert {one["components"][0]["adherence"]["level"] for one in criteria} <= levels


@both_languages
def test_wcag_em_names_scope_sample_and_results(typical: Result, lang: str) -> None:
    content = wcag_em.render(typical, lang)
    found = graph(content)
    (evaluation,) = found.subjects(rdflib.RDF.type, WCAGEM.procedure)
    scope, sample, findings = (found.value(evaluation, WCAGEM[step]) for step in ("step1", "step3", "step5"))
    assert str(found.value(scope, WCAGEM.step1b)) == "A"
    assert len(list(found.objects(sample, WCAGEM.step3a))) == 12
    assert results.PORTAL.name in str(found.value(findings, DCT.title))
    told = json.loads(content)
    site = [one for one in told["auditSample"] if one["subject"]["id"] == wcag_em.SITE]
    assert [one["test"]["id"].split(":")[1] for one in site] == [wcag_em.slug(id) for id in CRITERIA]
    described = "\n".join(one["result"]["description"] for one in site)
    assert all(defect.what[lang] in described for defect in typical.defects)
    assert all(one["result"]["outcome"]["id"].startswith("earl:") for one in told["auditSample"])


@pytest.mark.parametrize(
    ("criterion", "slug"),
    [("1.1.1", "non-text-content"), ("1.2.3", "audio-description-or-media-alternative-prerecorded"),
     ("2.3.1", "three-flashes-or-below-threshold"), ("2.4.4", "link-purpose-in-context"), ("4.1.2", "name-role-value")],
)  # fmt: skip
def test_criteria_have_the_names_that_the_report_tool_knows(criterion: str, slug: str) -> None:
    assert wcag_em.slug(criterion) == slug


# Hostile texts


def test_no_cell_of_a_page_is_a_formula() -> None:
    attacks = (
        "=1+1",
        "=cmd|' /C calc'!A0",
        "+1",
        "-1+2",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        " =1",
        "＝1+1",
        "|calc",
        "'=1",
        '"=1',
        "#N/A",
        "%0A=1",
    )
    pages = [results.page(number, title=attack, requested=attack, loaded=attack, name=attack) for number, attack in enumerate(attacks, 1)]
    outcomes = [
        results.failure("axe/image-alt", "1.1.1", f"{n:016x}", one.id, target=results.target(attacks[n])) for n, one in enumerate(pages)
    ]
    hostile = results.result(pages, outcomes)
    for rows in csv_files(hostile).values():
        cells = [cell for row in rows for cell in row]
        assert [cell for cell in cells if re.match(r"^[\s\"]*[=+\-@＝|%]", cell) and not re.fullmatch(r"-?\d+(\.\d+)?", cell)] == []
    opened = openpyxl.load_workbook(io.BytesIO(xlsx.render(hostile, "vi")))
    kinds = {cell.data_type for sheet in opened.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert kinds <= {"s", "n"}
    assert [row[0] for row in book(hostile)[3][1:]] == [line(attack) for attack in attacks]


@both_languages
def test_hostile_texts_stay_texts(lang: str) -> None:
    hostile = results.hostile()
    written = [content for _, content in files_of(hostile, lang)]
    treacherous = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
    for content in written:
        if not content.startswith(b"PK"):
            assert not treacherous.search(content.decode("utf-8"))
    told = markdown.render(hostile, lang)
    assert not re.search(r"(?<!\\)<(?!https?:)", told) and not re.search(r"(?<!\\)\]\(", told)
    cells = [cell for rows in book(hostile, lang) for row in rows for cell in row]
    assert "<script>window.injected = 1</script>" in cells and max(len(str(cell)) for cell in cells) < 32_767
    assert acr(hostile, lang) and len(graph(earl.render(hostile))) > 1000


def files_of(result: Result, lang: str) -> list[formats.File]:
    names = ("xlsx", "csv", "markdown", "earl", "wcag-em", "openacr", "html")
    return list(formats.write(result, names, (lang,), formats.Materials(Album(lambda page: None), lambda html: b"")))


@every_result
def test_every_table_is_complete(name: str) -> None:
    for table in tables.tables(RESULTS[name]()):
        assert {len(row) for row in table.rows} <= {len(table.columns)}
        assert len({column.head.vi for column in table.columns}) == len(table.columns)


# What is told of a defect beyond the result's words


@pytest.mark.parametrize(
    ("address", "title", "task"),
    [
        ("/web/guest/tra-cuu-ho-so", "Cổng dịch vụ công", "look_up"),
        ("/nop-ho-so-truc-tuyen", "", "file"),
        ("/dang-nhap?return=%2Fnop-ho-so", "", "log_in"),
        ("/trang?id=4", "Tra cứu tình trạng hồ sơ", "look_up"),
        ("/thu-tuc-hanh-chinh", "Nộp hồ sơ trực tuyến", "inform"),
        ("/#/dossiers/eform", "", "file"),
        ("/hoi-dap", "", "ask"),
        ("/", "Cổng dịch vụ công tỉnh An Hải", "other"),
    ],
)
def test_a_page_serves_a_task_by_its_words(address: str, title: str, task: str) -> None:
    assert facts.task(results.page(1, requested=f"https://cong.vn{address}", loaded=f"https://cong.vn{address}", title=title)) == task


def test_what_stands_in_the_same_structure_is_one_pattern_on_however_many_pages() -> None:
    found = facts.facts(results.patterned())
    assert [(one.number, one.first, one.defect.fingerprint[-1]) for one in found] == [
        (1, 1, "1"), (2, 1, "2"), (3, 1, "3"), (4, 1, "4"), (5, 5, "5"), (6, 6, "6"), (7, 6, "7")
    ]  # fmt: skip
    [barred] = facts.by_task(found).values()
    assert [one.number for one in barred] == [1, 5, 2, 3, 4], "one of each pattern comes first"
    told = markdown.render(results.patterned(), "vi").splitlines()
    lines = [line for line in told if "Ảnh không có" in line]
    assert [line.startswith("  - ") for line in lines] == [False, True, True, True, False]
    assert [" → " in line for line in lines] == [True, False, False, False, True]


def test_the_owner_is_who_can_most_likely_mend_it() -> None:
    pages = [results.page(number) for number in range(1, 11)]
    pages.append(results.page(11, loaded="https://xacthuc.dichvucong.gov.vn/login"))
    in_a_list = results.target("a", path="main>ul>li>a")
    at = {
        "template": [results.failure("axe/image-alt", "1.1.1", "0" * 16, one.id, target=in_a_list) for one in pages[:5]],
        "menu": [results.failure("axe/image-alt", "1.1.1", "1" * 16, "p001", target=results.target("b", path="header.banner>nav>a"))],
        "text": [results.failure("axe/image-alt", "1.1.1", "2" * 16, "p001", target=results.target("c", path="main>p>img"))],
        "framed": [results.failure("axe/label", "1.3.1", "3" * 16, "p001", target=results.target("d", frames=("iframe",)))],
        "shared": [results.failure("axe/label", "1.3.1", "4" * 16, "p011", target=results.target("e"))],
    }  # fmt: skip
    result = results.result(pages, [one for group in at.values() for one in group])
    owners = {one.defect.fingerprint[0]: one.owner.en for one in facts.facts(result)}
    assert owners["0"] == owners["1"] == "The vendor of the portal's platform"
    assert owners["2"].startswith("The unit") and owners["3"].startswith("Whoever supplies") and "xacthuc.dichvucong.gov.vn" in owners["4"]
    parts = {one.defect.fingerprint[0]: one.part.en for one in facts.facts(result)}
    assert parts["1"] == "navigation (nav)" and parts["2"] == "main content (main)" and parts["3"] == "a frame inside the page"


def test_every_criterion_has_its_proof_in_both_languages() -> None:
    assert list(facts.proofs()) == list(CRITERIA)


# The command


def finished(folder: Path, result: Result) -> Path:
    run = Run(folder)
    run.create(RunInfo(portal=result.portal, profile=result.profile, started=result.started))
    run.save_result(result)
    return folder


def call(*words: str) -> int:
    try:
        main(list(words))
    except SystemExit as leave:
        return int(leave.code or 0)
    return 0


def test_several_runs_in_several_formats_and_both_languages(tmp_path: Path, typical: Result, capsys: pytest.CaptureFixture[str]) -> None:
    runs = [finished(tmp_path / name, typical) for name in ("a", "b")]
    wanted = ("html", "xlsx", "csv", "markdown", "earl", "wcag-em", "openacr")
    assert call("report", *map(str, runs), *(word for name in wanted for word in ("--format", name)), "--lang", "both") == 0
    told = capsys.readouterr().out.splitlines()
    for run in runs:
        here = [Path(one) for one in told if Path(one).parent == run]
        assert len(here) == len(set(here)) == 2 + 2 + 10 + 2 + 1 + 2 + 2 and all(one.stat().st_size > 500 for one in here)


def test_the_command_offers_every_format_that_there_is() -> None:
    offered = {one.name: set(one.type.choices) for one in cli.commands["report"].params if isinstance(one.type, Choice)}
    assert offered["formats"] == {*formats.NAMES, "all"} and offered["lang"] == {"vi", "en", "both"}


def test_a_wrong_folder_stops_before_anything_is_written(tmp_path: Path, typical: Result, capsys: pytest.CaptureFixture[str]) -> None:
    run = finished(tmp_path / "a", typical)
    assert call("report", str(run), str(tmp_path / "none"), "--format", "markdown") == 2
    assert not list(run.glob("report*")) and len(capsys.readouterr().err.splitlines()) == 1
