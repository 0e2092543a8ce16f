"""``wcag-audit ci`` from its command line to its exit code, with a real browser; and what its documentation says of it."""

from __future__ import annotations

import json
import re
import shlex
import sys
from pathlib import Path

import pytest

from tests.test_cli import call
from wcag_audit.cli import cli
from wcag_audit.serve import FolderSite, serving

GOOD = '<!DOCTYPE html><html lang="vi"><title>Nộp hồ sơ</title><h1>Nộp hồ sơ</h1><p>Nộp hồ sơ trực tuyến mọi ngày trong tuần.</p></html>'
QUICK = ["--depth", "static", "--lang", "en", "--quiet"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a page, as the working folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "index.html").write_text(GOOD, "utf-8")
    return tmp_path


def test_a_folder_with_a_configuration_several_viewports_and_runs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = ('pages = ["dist"]', 'viewport = ["1280x800", "390x844"]', "runs = 2", 'format = ["junit", "github"]')
    (folder / "wcag-audit.toml").write_text("\n".join(lines), "utf-8")
    (folder / "dist" / "index.html").write_text(GOOD.replace("<p>", '<p><img src="a.png" width="9" height="9">'), "utf-8")
    assert call("ci", *QUICK) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[-1].startswith("BROKEN: no new defect") and any(line.startswith("::error file=dist/index.html") for line in said)
    report = folder / "wcag-audit-report"
    assert (report / "junit.xml").is_file() and (report / "step-summary.md").is_file() and not (report / "wcag-audit.sarif").exists()
    for size, width in (("1280x800", 1280), ("390x844", 390)):
        result = json.loads((report / size / "result.json").read_text("utf-8"))
        assert result["environment"]["viewport"][0] == width
        assert {tuple(one["agreement"]) for one in result["defects"]} == {(2, 2)}
    # A narrower gate on the command line goes before the configuration; the same folder serves the next check.
    assert call("ci", *QUICK, "--only", "operable", "--viewport", "800x600", "--runs", "1") == 0
    assert call("replay", str(report / "run"), "--quiet") == 0


def test_a_page_that_does_not_open_is_not_clean(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "other.html").write_text(GOOD, "utf-8")
    words = ("ci", "http://127.0.0.1:9/", "other.html", *QUICK, "--format", "text")
    assert call(*words) == 3
    assert capsys.readouterr().out.splitlines()[-1].startswith("NOT ASSESSED: http://127.0.0.1:9/")
    assert call(*words, "--allow-not-assessed") == 0
    assert (folder / "wcag-audit-report" / "wcag-audit.txt").is_file()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "no page given"),
        (["dist", "--viewport", "wide"], "1280x800"),
        (["dist", "--baseline", "none.json"], "--update-baseline"),
        (["dist", "--update-baseline"], "--baseline FILE"),
        (["dist", "--only", "1.4.3"], "1.4.3"),
        (["dist", "--min-points", "all"], "--min-points all"),
        (["dist", "--source", "x"], "PATTERN=FILE"),
        (["dist", "--config", "none.toml"], "init"),
        (["nothing"], "nothing"),
        (["dist", "--start", f"{sys.executable} -c 'raise SystemExit(\"no port\")'", "--wait-on", "http://127.0.0.1:9/"], "no port"),
        (["dist", "--start", "sleep 60", "--wait-on", "http://127.0.0.1:9/", "--start-timeout", "1"], "no answer within 1 seconds"),
    ],
)
def test_bad_input_is_one_line_and_code_2(folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str) -> None:
    assert call("ci", *words, *QUICK) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line


def test_init_writes_a_configuration_once(folder: Path) -> None:
    assert call("init", "--lang", "en") == 0
    assert "wcag-audit ci --help" in (folder / "wcag-audit.toml").read_text("utf-8")
    assert call("init") == 2


DOCS = Path(__file__).parent.parent / "docs" / "ci"


@pytest.mark.parametrize("path", sorted(DOCS.iterdir()), ids=lambda path: path.name)
def test_every_command_of_the_documentation_is_one(path: Path) -> None:
    text = re.sub(r"\n\s+(?=--|dist/|http)", " ", path.read_text("utf-8"))
    commands = re.findall(r"(?<![\w“`/-])wcag-audit (ci(?: [^\n`']*)?)(?=['\n`])", text)
    assert commands, "no example"
    for command in commands:
        words = [word for word in shlex.split(command.split("  #")[0])[1:] if word != "PAGE…"]
        cli.commands["ci"].make_context("ci", words, resilient_parsing=False).close()


def test_a_crawl_is_checked_from_its_first_page(folder: Path) -> None:
    (folder / "dist" / "index.html").write_text(GOOD.replace("<p>", '<p><a href="/phi.html">Lệ phí</a> '), "utf-8")
    (folder / "dist" / "phi.html").write_text(GOOD.replace("Nộp hồ sơ", "Lệ phí"), "utf-8")
    with serving(FolderSite(folder / "dist")) as served:
        assert call("ci", served.url, "--crawl", "--max-pages", "2", "--host", "127.0.0.1:9", *QUICK) == 0
    result = json.loads((folder / "wcag-audit-report" / "run" / "result.json").read_text("utf-8"))
    assert sorted(one["page"]["title"] for one in result["pages"]) == ["Lệ phí", "Nộp hồ sơ"]
