"""The command line around the work: proxies, logs, languages, quiet."""

from __future__ import annotations

import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.request import urlopen

import pytest

from wcag_audit.cli import cli, main
from wcag_audit.serve import PortalSite, serving

PORTAL = Path(__file__).parent.parent / "fixtures" / "portals" / "so-van-hoa"
QUICK = ["--max-pages", "1", "--depth", "static"]


def call(*words: str) -> int:
    try:
        main(list(words))
    except SystemExit as leave:
        return int(leave.code or 0)
    return 0


def test_proxy_is_asked_for_everything(tmp_path: Path) -> None:
    asked: list[str] = []

    class Proxy(BaseHTTPRequestHandler):
        """Answers for a host that does not exist, so that only a proxied request can succeed."""

        def do_GET(self) -> None:
            asked.append(self.path)
            with urlopen(self.path.replace("http://cong.invalid/", served.url)) as answer:
                body, kind = answer.read(), answer.headers["Content-Type"]
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with serving(PortalSite(PORTAL, ())) as served:
            proxy = f"http://127.0.0.1:{server.server_address[1]}"
            assert call("audit", "http://cong.invalid/", *QUICK, "--proxy", proxy, "--out", str(tmp_path / "run"), "--quiet") == 0
    finally:
        server.shutdown()
        server.server_close()
    assert "http://cong.invalid/robots.txt" in asked
    assert "http://cong.invalid/" in asked


def test_log_level_says_more_and_quiet_says_less(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(PortalSite(PORTAL, ())) as served:
        assert call("audit", served.url, *QUICK, "--out", str(tmp_path / "a"), "--quiet") == 0
        quiet = capsys.readouterr()
        assert call("audit", served.url, *QUICK, "--out", str(tmp_path / "b"), "--lang", "en") == 0
        loud = capsys.readouterr()
    assert quiet.err == ""
    assert quiet.out.splitlines() == [str(tmp_path / "a" / "result.json"), str(tmp_path / "a" / "report.html")]
    assert served.url in loud.err
    assert "Perceivable" in loud.out


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    from wcag_audit import __version__

    assert call("--version") == 0
    assert __version__ in capsys.readouterr().out
    for command in ("audit", "demo", "check", "replay", "report", "rules", "doctor"):
        assert call(command, "--help") == 0
        assert "Usage: wcag-audit" in capsys.readouterr().out
    assert call("no-such-command") == 2


def loaded_by(*words: str) -> set[str]:
    """Every module that a process has loaded once the command line has answered."""
    code = "import sys, wcag_audit.cli as c\ntry:\n c.main(sys.argv[1:])\nfinally:\n print(*sys.modules, sep='\\n', file=sys.stderr)"
    return set(subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True).stderr.split())


def test_a_command_loads_its_own_file_and_help_nothing_heavy() -> None:
    heavy = {"asyncio", "jinja2", "lxml", "numpy", "PIL", "playwright", "rich", "selenium", "w3lib"}
    everything = loaded_by("--help")
    one = loaded_by("audit", "--help")
    assert "wcag_audit.cli.audit" in one and not heavy & everything
    assert {name for name in everything - one if name.startswith("wcag_audit.")} >= {"wcag_audit.cli.batch", "wcag_audit.cli.check"}


def test_a_browser_that_starts_in_vain_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = []

    class Started:
        async def close(self) -> None:
            closed.append(self)

    async def start(driver: str, options: object) -> Started:
        return Started()

    monkeypatch.setattr("wcag_audit.browser.start.start_browser", start)
    assert call("check", "http://127.0.0.1:9/", "--profile", "mic-1999") == 2
    assert len(closed) == 1


def test_every_command_is_named_and_described() -> None:
    assert all(command.name == name and command.help for name, command in cli.commands.items())


def test_own_rules_speak_in_the_result(tmp_path: Path) -> None:
    rule = """\
\"\"\"A rule of a user's own.\"\"\"
from wcag_audit.model import Text
from wcag_audit.rule import Rule, failed, message

def pages(evidence):
    yield evidence.dom.root

def never(root, evidence):
    return failed("seen", {"title": evidence.dom.page.title})

RULE = Rule(
    name=Text("Luôn báo lỗi", "Always fails"), why=Text("thử", "a try"), criteria=("2.4.2",), needs=("dom",),
    applicability=pages, expectation=never,
    messages={"seen": message(vi="thấy {title}", en="saw {title}", mend_vi="sửa", mend_en="mend")},
)
"""
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "always_fails.py").write_text(rule, "utf-8")
    with serving(PortalSite(PORTAL, ())) as served:
        words = ["audit", served.url, *QUICK, "--out", str(tmp_path / "run"), "--quiet", "--rules", str(folder)]
        assert call(*words) == 0
    result = (tmp_path / "run" / "result.json").read_text("utf-8")
    assert '"always-fails"' in result
    before = result
    assert call("replay", str(tmp_path / "run"), "--quiet") == 0, "a replay finds the rules of its run again"
    assert (tmp_path / "run" / "result.json").read_text("utf-8") == before
