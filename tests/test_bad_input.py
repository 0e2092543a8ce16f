"""Bad input gives one clear line, the documented exit code, no traceback and no half-written file."""

from __future__ import annotations

import json
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from wcag_audit.browser.find import VARIABLE
from wcag_audit.cli import main
from wcag_audit.serve import Request, Response, serving

#: What no program can go to, though it begins like an address.
BROKEN = ["http://[::1/", "http://x.vn:99999/", "http://x.vn:cong/"]
QUICK = ["--max-pages", "1", "--depth", "static", "--timeout", "8"]


class Answer:
    """What one call printed and how it ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    def run(*words: str) -> Answer:
        code = 0
        try:
            main([str(word) for word in words])
        except SystemExit as leave:
            code = int(leave.code or 0)
        found = capsys.readouterr()
        assert "Traceback" not in found.out + found.err
        return Answer(code, found.out, found.err)

    return run


def assert_one_line(answer: Answer, code: int, *words: str) -> None:
    assert answer.code == code, answer.err
    assert answer.out == ""
    lines = answer.err.strip().splitlines()
    assert len(lines) == 1, answer.err
    assert lines[0].startswith("wcag-audit: ")
    for word in words:
        assert word in lines[0]


class Site:
    def __init__(self, response: Response) -> None:
        self.response = response

    def respond(self, request: Request) -> Response:
        return self.response if request.path != "/robots.txt" else Response(404)


def not_assessed(answer: Answer, folder: Path, state: str, detail: str) -> None:
    """The portal could not be assessed: exit code 3, the reason told, no points, a result that says so."""
    assert answer.code == 3, answer.err
    result = json.loads((folder / "result.json").read_text("utf-8"))
    assert [page["page"]["state"] for page in result["pages"]] == [state]
    assert detail in result["pages"][0]["page"]["detail"]
    for score in result["scores"]:
        assert score["assessed"] is False
        assert score["automatic"] is None
        assert detail in score["reason"]["vi"]
    assert re.search(r"[Cc]hưa đánh giá", answer.out)
    assert not list(folder.rglob("*.part"))


def test_unknown_host(call, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    answer = call("audit", "http://khong-co-that.invalid/", *QUICK, "--out", tmp_path / "run")
    not_assessed(answer, tmp_path / "run", "http_error", "ERR_NAME_NOT_RESOLVED")


def test_refused_connection(call, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        answer = call("audit", f"http://127.0.0.1:{held.getsockname()[1]}/", *QUICK, "--out", tmp_path / "run")
    not_assessed(answer, tmp_path / "run", "http_error", "ERR_CONNECTION_REFUSED")


@pytest.mark.parametrize(
    ("response", "state", "detail"),
    [
        (Response(404, b"<!doctype html><title>404</title>"), "http_error", "404"),
        (Response(503, b"<!doctype html><title>503</title>"), "http_error", "503"),
        (Response(403, b"<!doctype html><title>403</title>"), "blocked", "403"),
        (Response(200, b"{}", "application/json"), "not_html", "application/json"),
        (Response(200, b"%PDF-1.7", "application/pdf"), "not_html", ""),
        (Response(200, b""), "not_html", "empty"),
    ],
    ids=["404", "503", "403", "json", "pdf", "empty"],
)
def test_start_page_that_cannot_be_audited(call, tmp_path: Path, response: Response, state: str, detail: str) -> None:  # type: ignore[no-untyped-def]
    with serving(Site(response)) as served:
        answer = call("audit", served.url, *QUICK, "--out", tmp_path / "run")
    not_assessed(answer, tmp_path / "run", state, detail)


@pytest.fixture
def bad_certificate(tmp_path: Path) -> Iterator[str]:
    """An HTTPS server whose certificate nobody signed."""
    import subprocess

    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=x"],
        check=True,
        capture_output=True,
    )

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write("<!doctype html><html lang=vi><title>Trang chủ</title><h1>Xin chào</h1>".encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"https://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


def test_tls_error(call, tmp_path: Path, bad_certificate: str) -> None:  # type: ignore[no-untyped-def]
    answer = call("audit", bad_certificate, *QUICK, "--out", tmp_path / "run")
    not_assessed(answer, tmp_path / "run", "http_error", "ERR_CERT")
    answer = call("audit", bad_certificate, *QUICK, "--out", tmp_path / "again", "--ignore-tls-errors", "--quiet")
    assert answer.code == 0, answer.err


@pytest.mark.parametrize("url", ["dichvucong.example.vn", "ftp://x.vn/", "http://", "javascript:alert(1)", *BROKEN])
def test_no_address(call, tmp_path: Path, url: str) -> None:  # type: ignore[no-untyped-def]
    assert_one_line(call("audit", url, "--out", tmp_path / "run"), 2, "http://")
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("url", BROKEN)
def test_broken_address_wherever_one_is_asked_for(call, tmp_path: Path, url: str) -> None:  # type: ignore[no-untyped-def]
    pages = tmp_path / "pages.txt"
    pages.write_text(url, "utf-8")
    here = ("audit", "http://127.0.0.1:9/", *QUICK, "--out", tmp_path / "run")
    assert_one_line(call("check", url), 2, url)
    assert_one_line(call("ci", url, "--out", tmp_path / "run"), 2, url)
    assert_one_line(call("login", url, "--out", tmp_path / "auth.json"), 2, url)
    assert_one_line(call(*here, "--browser-url", url), 2, "--browser-url", url)
    assert_one_line(call(*here, "--pages", pages), 2, "--pages", url)
    assert_one_line(call(*here, "--host", url.split("/")[2]), 2, "--host")
    assert [path.name for path in tmp_path.iterdir()] == ["pages.txt"]


def test_what_is_wrong_is_told_in_the_language_asked_for(call, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    answer = call("audit", "http://127.0.0.1:9/", "--axe-path", tmp_path / "axe.js", "--lang", "en", "--out", tmp_path / "run")
    assert_one_line(answer, 2, "no such file")


def test_no_browser(call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv(VARIABLE, str(tmp_path / "nowhere"))
    answer = call("audit", "http://127.0.0.1:9/", *QUICK, "--out", tmp_path / "run")
    assert_one_line(answer, 2, "nowhere")
    assert_one_line(call("audit", "http://127.0.0.1:9/", *QUICK, "--out", tmp_path / "run", "--browser", "/bin/false"), 2, "doctor")


def test_unwritable_folder(call, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "file").write_text("x")
    # A file in the way refuses even root, whom no permission stops.
    assert_one_line(call("audit", "http://127.0.0.1:9/", *QUICK, "--out", tmp_path / "file" / "run"), 2, "--out")
    assert_one_line(call("audit", "http://127.0.0.1:9/", *QUICK, "--out", tmp_path / "file"), 2, "--out")


def test_folder_with_other_files(call, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "luan-van.docx").write_text("x")
    assert_one_line(call("audit", "http://127.0.0.1:9/", *QUICK, "--out", tmp_path), 2, "--out")
    assert [path.name for path in tmp_path.iterdir()] == ["luan-van.docx"]


def test_unknown_profile(call, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert_one_line(call("audit", "http://127.0.0.1:9/", "--profile", "mic-1999", "--out", tmp_path / "run"), 2, "mic-1999", "mic-2024")
    assert not (tmp_path / "run").exists()


def test_broken_profile_file(call, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "p.toml"
    path.write_text("id = 'x'\npoints = [")
    assert_one_line(call("audit", "http://127.0.0.1:9/", "--profile", path, "--out", tmp_path / "run"), 2, str(path))


@pytest.mark.parametrize("text", ["{", "{}", '[{"datei": "x"}]', '[{"file": 3}]', "[3]", "\xff"])
def test_broken_manifest(call, tmp_path: Path, text: str) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "manifest.json"
    path.write_bytes(text.encode("latin-1"))
    assert_one_line(call("check", "--manifest", path), 2, str(path))


def test_check_of_nothing(call, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert_one_line(call("check"), 2, "--manifest")
    assert_one_line(call("check", tmp_path / "nowhere.html"), 2, "nowhere.html")
    assert_one_line(call("check", tmp_path), 2, str(tmp_path))
    assert_one_line(call("check", "--manifest", tmp_path / "nowhere.json"), 2, "nowhere.json")


def test_manifest_that_names_missing_files_only(call, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "manifest.json"
    path.write_text('[{"file": "khong-co.html"}]')
    answer = call("check", "--manifest", path, "--depth", "static")
    assert answer.code == 3
    assert json.loads(answer.out)["state"] == "http_error"


def test_not_a_run_folder(call, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    for command in ("replay", "report"):
        assert_one_line(call(command, tmp_path), 2, "run.json")
        assert_one_line(call(command, tmp_path / "nowhere"), 2, "run.json")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "word"), [("{", "run.json"), ('{"version": 99}', "99"), ('{"version": 1}', "run.json"), ("[]", "run.json")]
)
def test_broken_or_newer_run(call, tmp_path: Path, text: str, word: str) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "run.json").write_text(text)
    assert_one_line(call("replay", tmp_path), 2, word)


def test_broken_snapshot(call, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "a.html").write_text("<!doctype html><html lang=vi><title>A</title>")
    assert call("check", tmp_path / "a.html", "--depth", "static", "--out", tmp_path / "run").code == 0
    snapshot = next((tmp_path / "run").rglob("snapshot.json.gz"))
    snapshot.write_bytes(snapshot.read_bytes()[:200])
    assert_one_line(call("replay", tmp_path / "run"), 2, "snapshot.json.gz")


def test_unknown_rule_and_folder(call, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert_one_line(call("rules", "khong-co"), 2, "khong-co")
    assert_one_line(call("rules", "--rules", tmp_path / "nowhere"), 2, "nowhere")
    (tmp_path / "mine.py").write_text("RULE = 3\n")
    assert_one_line(call("rules", "--rules", tmp_path), 2, "mine.py")
    (tmp_path / "mine.py").write_text("import (\n")
    assert_one_line(call("rules", "--rules", tmp_path), 2, "mine.py")


def test_english_lines(call, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    assert_one_line(call("audit", "x", "--lang", "en"), 2, "the address must start with")
    assert_one_line(call("replay", tmp_path, "--lang", "en"), 2, "not a run folder")
    assert_one_line(call("audit", "http://127.0.0.1:9/", "--profile", "mic-1999", "--lang=en"), 2, "mic-2024")
