"""``wcag-audit check``: a line per page, from files, folders and addresses, kept and replayed."""


from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.audits import PORTALS, main_code
from wcag_audit.serve import PortalSite, serving


def test_check_prints_a_line_per_page_in_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pages = {"b.html": "<html lang=vi><title>B</title><img src=x.png>", "a.html": "<html lang=vi><title>A</title><p>xin chào", "c.html": ""}
    for name, text in pages.items():
        (tmp_path / name).write_text("<!doctype html>" + text if text else "", "utf-8")
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps([{"file": name} for name in [*pages, "b.html"]]), "utf-8")
    main_code(["check", "--manifest", str(manifest), "--depth", "static", "--jobs", "2"], 0)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["page"], line["state"]) for line in lines] == [("b.html", "audited"), ("a.html", "audited"), ("c.html", "not_html")]
    assert all(len(line["criteria"]) == 25 for line in lines)
    assert lines[0]["criteria"]["1.1.1"] == "failed"
    assert lines[1]["criteria"]["1.1.1"] != "failed"
    assert set(lines[2]["criteria"].values()) == {"untested"}
    assert lines[2]["outcomes"] == []


def test_check_takes_files_folders_and_urls(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "trang"
    (folder / "sub").mkdir(parents=True)
    for name in ("x.html", "sub/y.html"):
        (folder / name).write_text("<!doctype html><html lang=vi><title>Trang</title><p>Nội dung", "utf-8")
    with serving(PortalSite(PORTALS / "so-van-hoa", ())) as served:
        url = served.url + "lien-he"
        main_code(["check", str(folder), str(folder / "x.html"), url, "--depth", "static"], 0)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["page"] for line in lines] == [str(folder / "sub/y.html"), str(folder / "x.html"), str(folder / "x.html"), url]
    assert {line["state"] for line in lines} == {"audited"}


def test_check_keeps_snapshots_and_replays_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.html").write_text("<!doctype html><html><title>A</title><img src=x.png>", "utf-8")
    main_code(["check", str(tmp_path / "a.html"), "--depth", "static", "--out", str(tmp_path / "run")], 0)
    first = capsys.readouterr().out
    main_code(["replay", str(tmp_path / "run")], 0)
    assert capsys.readouterr().out == first
