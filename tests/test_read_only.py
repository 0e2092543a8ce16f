"""Probes change nothing: what a server sees while a page that sends whatever it can is probed, and while a portal is."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bench.agreement import differences, faults, outcomes_of, run
from tests.browsing import Browsing
from wcag_audit.audit import Settings, audit
from wcag_audit.gather.probe import replays
from wcag_audit.gather.probes import PROBES
from wcag_audit.gather.probes.states import States
from wcag_audit.gather.visit import Limits
from wcag_audit.model import Portal, Verdict
from wcag_audit.rules import catalogue
from wcag_audit.score import load_profile
from wcag_audit.serve import FolderSite, Request, Response, serving
from wcag_audit.store import Run

PAGE = """<!doctype html><html lang=vi><title>Cổng gửi đi</title><h1>Cổng gửi đi</h1>
<nav><a href="/khac">Trang khác</a> <a href="#" id=mo>Mở thêm</a></nav>
<main><form action="/tim" method=post><label>Từ khoá <input name=q required></label><label>Năm <input name=nam></label>
<label>Loại <select name=loai><option>A<option>B</select></label><label><input type=checkbox name=x> Chỉ mới</label>
<button>Tìm kiếm</button></form>
<button type=button aria-expanded=false id=them>Xem thêm</button><div id=nut style="cursor:pointer">Bấm chuột</div></main>
<script>
const socket = new WebSocket("ws://127.0.0.1:PORT/");
const send = (what) => {
  socket.readyState === 1 && socket.send(what);
  navigator.sendBeacon("/gui-beacon", what);
  fetch("/gui-fetch", { method: "POST", body: what }).catch(() => {});
  const asked = new XMLHttpRequest(); asked.open("PUT", "/gui-xhr"); asked.send(what);
  new Image().src = "/anh.png?" + what;
};
for (const kind of ["focusin", "keydown", "click", "input", "change", "submit"]) addEventListener(kind, () => send(kind));
for (const id of ["them", "nut", "mo"]) document.getElementById(id).addEventListener("click", () => { open("/cua-so"); });
document.querySelector("select").addEventListener("change", () => { location.href = "/di-noi-khac"; });
setTimeout(() => send("sau-mot-phut"), 60000);
navigator.serviceWorker.register("/sw.js").catch(() => {});
</script></html>"""
GREETING = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class _Socket(socketserver.StreamRequestHandler):
    """Shakes hands as a WebSocket server does, and keeps the messages that come."""

    def handle(self) -> None:
        key = ""
        while line := self.rfile.readline().decode("latin-1").strip():
            name, _, value = line.partition(":")
            key = value.strip() if name.lower() == "sec-websocket-key" else key
        accept = base64.b64encode(hashlib.sha1((key + GREETING).encode()).digest()).decode()
        head = f"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"
        self.wfile.write(head.encode())
        self.server.shaken += 1  # type: ignore[attr-defined]
        while len(frame := self.rfile.read(2)) == 2:
            length = frame[1] & 0x7F
            if length > 125:
                length = int.from_bytes(self.rfile.read(2 if length == 126 else 8), "big")
            sent = self.rfile.read(length + 4)  # with its mask
            if frame[0] & 0x0F in (1, 2):  # a text or a binary frame; 8 is the end
                self.server.texts.append(bytes(byte ^ sent[at % 4] for at, byte in enumerate(sent[4:])))  # type: ignore[attr-defined]


@contextmanager
def listening() -> Iterator[socketserver.ThreadingTCPServer]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Socket) as server:
        server.daemon_threads = True
        server.shaken = 0  # type: ignore[attr-defined]
        server.texts = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


class Site:
    def __init__(self, port: int) -> None:
        self.page = PAGE.replace("PORT", str(port)).encode()

    def respond(self, request: Request) -> Response:
        return Response(200, self.page) if request.path == "/" else Response(404, b"")


def test_nothing_that_a_page_sends_reaches_its_server_during_probes(browsing: Browsing) -> None:
    with listening() as sockets, serving(Site(sockets.server_address[1])) as served:
        found = browsing.judge(served.url, catalogue(), static=("source", "dom"))[0]
        kinds = {note["kind"] for artifact in found.snapshot.artifacts.values() if artifact.data for note in artifact.data.get("held", ())}
        assert {"websocket", "request", "popup"} <= kinds, "the page did not even try"
        assert {request.method for request in served.log} <= {"GET", "HEAD"}
        asked = {request.path for request in served.log}
        assert asked <= {"/", "/favicon.ico", "/anh.png"}, "a page, a window or a worker was loaded"
        assert sockets.shaken > 0  # type: ignore[attr-defined]
        assert sockets.texts == []  # type: ignore[attr-defined]


#: Says good-bye to its server in every way that outlives a page.
LEAVING = """<!doctype html><html lang=vi><title>Cổng chào tạm biệt</title><h1>Cổng chào tạm biệt</h1><a href="/">Trang chủ</a>
<button type=button onclick="document.title += '!'">Bấm</button><button type=button aria-expanded=false>Xem thêm</button>
<script>
setTimeout(() => fetch("/da-mo"), 0);
for (const kind of ["pagehide", "unload", "beforeunload", "visibilitychange", "freeze"]) addEventListener(kind, () => {
  navigator.sendBeacon("/tam-biet-beacon", kind);
  fetch("/tam-biet-fetch", { method: "POST", body: kind, keepalive: true }).catch(() => {});
  const asked = new XMLHttpRequest(); asked.open("POST", "/tam-biet-xhr", false); try { asked.send(kind); } catch {}
});
</script></html>"""


class LeavingSite:
    def respond(self, request: Request) -> Response:
        return Response(200, LEAVING.encode()) if request.path == "/" else Response(404, b"")


@pytest.mark.parametrize(("driver", "depth"), [("playwright", "static"), ("playwright", "full"), ("selenium", "static")])
def test_nothing_is_sent_by_a_page_that_is_left(driver: str, depth: str) -> None:
    rules = catalogue() if depth == "full" else ()
    browsing = Browsing(driver)
    with serving(LeavingSite()) as served:
        try:
            for isolated in (True, False):
                browsing.judge(served.url, rules, static=("source", "dom"), isolated=isolated)
            # The last tab goes to another site, in another process.
            browsing.visit(served.url.replace("127.0.0.1", "localhost"), static=("source", "dom"), isolated=False)
        finally:
            browsing.close()
        time.sleep(0.3)  # what was on its way arrives
        assert [request.path for request in served.log].count("/da-mo") >= 3
        assert [(request.method, request.path) for request in served.log if request.method != "GET"] == []


def test_nothing_is_sent_by_a_page_that_is_opened_again(browsing: Browsing) -> None:
    browser = browsing.browser

    async def opened_twice(url: str) -> None:
        page = await browser.new_probing_page(isolated=True)
        try:
            await page.open(url, 30)
            await page.settle(5)
            await page.hold_back()
            await page.reopen(url, 30)
            await page.settle(5)
        finally:
            await page.close()

    with serving(LeavingSite()) as served:
        browsing.run(opened_twice(served.url))
        time.sleep(0.3)  # what was on its way arrives
        assert [request.path for request in served.log].count("/da-mo") == 2
        assert [(request.method, request.path) for request in served.log if request.method != "GET"] == []


def test_two_audits_of_a_clean_portal_agree_and_only_read(tmp_path: Path) -> None:
    """``make agreement`` does this with every portal, ten times."""
    seen = []
    for name in ("one", "two"):
        result, requests, address = run("thanh-pho-binh-cang", tmp_path / name, 1)
        assert faults(result, requests, address) == []
        seen.append(outcomes_of(result, tmp_path / name, address))
    assert differences(*seen) == []


HEADER = """<!doctype html><html lang=vi><title>{0} - Cổng dịch vụ</title><header><nav aria-label="Chính"><a href="/a.html">Thủ tục</a>
<a href="/b.html">Tin tức</a></nav><button type=button aria-expanded=false onclick="const m = document.getElementById('muc');
m.hidden = !m.hidden; this.{1}">Danh mục</button><ul id=muc hidden><li>Hộ tịch<li>Đất đai</ul></header><main><h1>{0}</h1><p>{0}.</main>"""


@pytest.mark.parametrize(("tells", "verdict"), [("ariaExpanded = !m.hidden", Verdict.PASSED), ("dataset.mo = m.hidden", Verdict.FAILED)])
def test_what_stands_on_every_page_is_probed_once_and_judged_on_every_page(tells: str, verdict: Verdict, tmp_path: Path) -> None:
    for page, title in (("index", "Trang chủ"), ("a", "Danh sách thủ tục"), ("b", "Tin tức trong tuần")):
        (tmp_path / f"{page}.html").write_text(HEADER.format(title, tells), "utf-8")
    folder = tmp_path / "run"
    probes = [probe for probe in PROBES if probe.name in ("states", "operations", "timers")]
    settings = Settings(profile=load_profile("mic-2024"), probes=probes, limits=Limits(patience=4))
    with serving(FolderSite(tmp_path)) as served:
        result = asyncio.run(audit(Portal(id="x", name="x", url=served.url), Run(folder), settings, catalogue()))
    first, *others = (Run(folder).snapshot(page.page.id).artifacts["states"].data for page in result.pages)
    assert len(others) == 2
    assert "carried" not in first
    assert [other["carried"] for other in others] == [{"page": result.pages[0].page.id}] * 2
    assert all(len(other["steps"]) == len(first["steps"]) > 0 for other in others)
    assert all(replays(States(), data) for data in (first, *others))
    for page in result.pages:
        rows = json.loads((folder / "pages" / page.page.id / "outcomes.json").read_text("utf-8"))
        told = [row for row in rows if row["rule"] == "state-follows-what-is-seen"]
        assert [row["verdict"] for row in told] == [verdict]
        assert ("carried" in [step["action"] for step in told[0]["steps"]]) == (page is not result.pages[0])
        if verdict is Verdict.FAILED:
            assert "<button" in told[0]["target"]["html"]
