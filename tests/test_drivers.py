"""What both drivers must do alike: the same pages, opened, read and held back by Playwright and by Selenium."""

from __future__ import annotations

import asyncio
import contextlib
import io
import socketserver
import threading
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.browsing import Browsing
from wcag_audit.browser.cdp import as_sent
from wcag_audit.browser.port import BrowserError, BrowserPage, Capability, EvaluationTimeout, Loaded, LoadError
from wcag_audit.crawl.states import page_state
from wcag_audit.gather import axe, dom
from wcag_audit.model import PageState
from wcag_audit.serve import NOT_FOUND, Request, Response, Served, serving

DRIVERS = ("playwright", "selenium")

SIMPLE = """<!doctype html><html lang="vi"><head><title>Cổng dịch vụ công</title><link rel="stylesheet" href="/style.css">
<script src="/nothing.js"></script></head><body><header><h1>Thủ tục hành chính</h1></header>
<nav aria-label="Chính"><ul><li><a href="/a">Nộp hồ sơ</a><li><a href="/b">Tra cứu</a></ul></nav>
<main><p>Đăng ký <em>khai sinh</em> cho trẻ em.</p><img src="/no-such.png" alt="Quốc huy" width="40" height="40">
<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">
<form action="/sent" method="post"><label for="n">Họ và tên</label><input id="n" name="n" required><button id="go">Gửi</button></form>
<div role="button" tabindex="0" id="fake">Xem thêm</div></main>
<script>document.getElementById("fake").addEventListener("click", () => {});
document.addEventListener("keydown", () => {})</script></body></html>"""

POLLUTE = """Array.prototype.map = Array.prototype.push = () => { throw new Error("polluted") };
JSON.stringify = JSON.parse = () => "polluted"; Object.keys = () => []; Map.prototype.get = () => 7;
Document.prototype.querySelector = document.querySelector = document.getElementById = () => null; setTimeout = () => 0;
Element.prototype.getAttribute = () => "polluted"; Element.prototype.getBoundingClientRect = () => ({left: 1}); globalThis.axe = {};
Promise = class { constructor() { throw new Error("polluted") } }; performance.now = () => NaN; getComputedStyle = () => null;"""

#: Where content comes from in style sheets: by class, id, tag, attribute, list, group, nesting; ``data-say`` is what an element says.
PSEUDO = """<!doctype html><title>Pseudo</title><style>*, ::before, ::after { box-sizing: border-box } .clear::after { content: "" }
  .hoa::before { content: "1" } #so:hover::before, p#so:before { content: "2" } em::after { content: "3" }
  @media all { li.muc:first-child > b.dau::before { content: "4" } }
  @supports (color: red) { i:before, .x .y::before { content: "5" } }</style>
  <p class="hoa x" data-say="1">a</p><p id="so" data-say="2">b</p><em data-say="3">c</em>
  <ul><li class="muc"><b class="dau" data-say="4">d</b>
  <li><b class="dau">e</b></ul><i data-say="5">f</i><p class="x"><span class="y" data-say="5">g</span></p><q data-say="open-quote">h</q>
  <p class="clear">i</p>"""
#: Style sheets that are not read by selector: what they say is found all the same.
ODD_STYLES = {
    "nested": ".cha { &::before { content: \"7\" } }",
    "of any element with an attribute": "[data-icon]::before { content: \"7\" }",
    "by a list of classes": ":is(.cha, .me)::before { content: \"7\" }",
    "imported": "@import url(\"data:text/css,.cha::before{content:'7'}\");",
}

#: Busy for some seconds as soon as it has loaded, as pages are that draw hundreds of lists anew.
BUSY = """<!doctype html><title>Bận</title><p>Đang dựng trang</p><script>addEventListener("load", () => setTimeout(() => {
  const until = Date.now() + 2600; while (Date.now() < until) document.title = "Bận " + Date.now(); }))</script>"""

PAGES: dict[str, str | Response] = {
    "/": SIMPLE,
    "/busy": BUSY,
    "/polluted": SIMPLE.replace("/nothing.js", "/pollute.js").replace("""document.getElementById("fake")""", "fake"),
    "/style.css": Response(body=b"body { font: 16px sans-serif } #fake { padding: 4px }", content_type="text/css"),
    "/nothing.js": Response(body=b"", content_type="text/javascript"),
    "/pollute.js": Response(body=POLLUTE.encode(), content_type="text/javascript"),
    "/app": """<!doctype html><title>App</title><div id="root"></div><script>
      setTimeout(() => fetch("/api").then(answer => answer.json()).then(data => {
        root.innerHTML = `<h1>${data.title}</h1>` }), 100)</script>""",
    "/api": Response(body='{"title": "Danh mục thủ tục"}'.encode(), content_type="application/json"),
    "/frames": """<!doctype html><title>Frames</title><p>outer</p><iframe src="/inner" title="same"></iframe>
      <iframe src="http://localhost:PORT/inner" title="other"></iframe>""",
    "/inner": """<!doctype html><html lang="vi"><title>Inner</title><div id="host"></div><script>
      host.attachShadow({mode: "open"}).innerHTML = "<p>in the shadow</p>" +
        "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw='>"</script>""",
    "/tables": """<!doctype html><title>Tables</title><table><tr><td>một</td></tr></table>
      <table><caption>Lệ phí</caption><tr><td>hai</td></tr></table><table aria-label="Thời hạn"><tr><td>ba</td></tr></table>""",
    "/pseudo": PSEUDO,
    "/pseudo-quirks": PSEUDO.removeprefix("<!doctype html>").replace(".hoa::", ".HOA::"),
    "/redirect": Response(302, headers={"Location": "/redirect2"}),
    "/redirect2": Response(301, headers={"Location": "/#end"}),
    "/loop": Response(302, headers={"Location": "/loop"}),
    "/pdf": Response(body=b"%PDF-1.4\n%%EOF", content_type="application/pdf"),
    "/zip": Response(body=b"PK", content_type="application/zip"),
    "/old": Response(
        body="<!doctype html><title>Cũ</title><p>đường".encode("cp1258", "replace"), content_type="text/html; charset=windows-1258"
    ),
    "/alert": """<!doctype html><title>Alert</title><script>alert("Xin chào")</script><p>after""",
    "/later": """<!doctype html><title>Later</title><script>setTimeout(() => confirm("Tiếp tục?"), 300)</script><p>after""",
    "/popup": """<!doctype html><title>Popup</title><script>window.open("/popped")</script><p>after""",
    "/maintained": Response(503, "<!doctype html><title>Thông báo</title><h1>Hệ thống đang bảo trì</h1>".encode()),
    "/worker": """<!doctype html><title>Worker</title><p id="said"></p><script>
      navigator.serviceWorker.register("/nothing.js").then(() => { said.textContent = "installed" })</script>""",
}


class Site:
    """The pages above; ``PORT`` in a page is the server's own."""

    port = 0

    def respond(self, request: Request) -> Response:
        found = PAGES.get(request.path, NOT_FOUND)
        if isinstance(found, Response):
            return found
        return Response(body=found.replace("PORT", str(self.port)).encode())


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    site = Site()
    with serving(site) as served:
        site.port = served.port
        yield served


class _Endless(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        self.request.recv(4096)
        self.request.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n<!doctype html><title>Half</title><p>half"
        )
        _EndlessServer.done.wait()


class _EndlessServer(socketserver.ThreadingTCPServer):
    daemon_threads = True
    done = threading.Event()


@pytest.fixture
def endless() -> Iterator[str]:
    """The address of a page that never comes to its end."""
    with _EndlessServer(("127.0.0.1", 0), _Endless) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.done.set()
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module", params=DRIVERS)
def browsing(request: pytest.FixtureRequest) -> Iterator[Browsing]:
    browsing = Browsing(request.param)
    yield browsing
    browsing.close()


def with_page(browsing: Browsing, work: Callable[[BrowserPage], Awaitable[Any]], **how: bool) -> Any:
    """The result of some work on a fresh page."""
    browser = browsing.browser

    async def run() -> Any:
        page = await browser.new_page(**how)
        try:
            return await work(page)
        finally:
            await page.close()

    return browsing.run(run())


def opened(browsing: Browsing, url: str, timeout: float = 20) -> Loaded:
    return with_page(browsing, lambda page: page.open(url, timeout))


async def read(page: BrowserPage, url: str) -> dict[str, Any]:
    """The dom artifact of a page that has settled."""
    loaded = await page.open(url, 20)
    assert loaded.error is None, loaded
    await page.settle(10)
    return await dom.record(page)


def texts(tree: dict[str, Any]) -> list[str]:
    return [" ".join(node["x"].split()) for node in tree["nodes"] if "x" in node]


def test_a_page_comes_with_its_answer_as_sent(browsing: Browsing, served: Served) -> None:
    loaded = opened(browsing, served.url)
    assert (loaded.error, loaded.status, loaded.url, loaded.complete) == (None, 200, served.url, True)
    assert loaded.headers["content-type"] == "text/html; charset=utf-8"
    assert loaded.body == SIMPLE.encode()


def test_a_page_gives_back_the_memory_that_it_does_not_need(browsing: Browsing, served: Served) -> None:
    async def left(page: BrowserPage) -> list[bool]:
        await page.open(served.url, 20)
        await page.evaluate("void (globalThis.left = new WeakRef(document.createElement('p')))")
        kept = await page.evaluate("left.deref() !== undefined")
        await page.free_memory()
        return [kept, await page.evaluate("left.deref() !== undefined")]

    assert with_page(browsing, left) == [True, False]


def test_an_old_encoding_stays_as_sent(browsing: Browsing, served: Served) -> None:
    page = PAGES["/old"]
    assert isinstance(page, Response)
    assert opened(browsing, served.url + "old").body == page.body


def test_redirects_are_told_in_order(browsing: Browsing, served: Served) -> None:
    loaded = opened(browsing, served.url + "redirect")
    assert loaded.redirects == ((served.url + "redirect", 302), (served.url + "redirect2", 301))
    assert (loaded.url, loaded.status) == (served.url + "#end", 200)


def test_a_page_that_is_busy_when_it_has_loaded_still_has_its_source(browsing: Browsing, served: Served) -> None:
    assert opened(browsing, served.url + "busy").body == BUSY.encode()


def test_an_error_page_is_a_page(browsing: Browsing, served: Served) -> None:
    loaded = opened(browsing, served.url + "no-such")
    assert (loaded.error, loaded.status, loaded.body) == (None, 404, NOT_FOUND.body)


@pytest.mark.parametrize(
    ("path", "error"), [("pdf", LoadError.DOWNLOAD), ("zip", LoadError.DOWNLOAD), ("loop", LoadError.REDIRECTS)], ids=["pdf", "zip", "loop"]
)
def test_what_is_no_page_says_so(browsing: Browsing, served: Served, path: str, error: LoadError) -> None:
    loaded = opened(browsing, served.url + path)
    assert loaded.error is error
    assert page_state(loaded, lambda _: True)[0] in (PageState.NOT_HTML, PageState.HTTP_ERROR)


@pytest.mark.parametrize("browsing", ["playwright"], indirect=True)
def test_a_refusal_whose_text_a_busy_browser_keeps_is_told_from_what_stands(
    browsing: Browsing, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(*_: object) -> None:
        return None

    monkeypatch.setattr("wcag_audit.browser.playwright.PlaywrightPage._body", nothing)
    found = browsing.visit(served.url + "maintained")
    assert (found.snapshot.page.state, found.snapshot.page.detail) == (PageState.MAINTENANCE, "503")
    assert browsing.visit(served.url + "no-such").snapshot.page.state is PageState.HTTP_ERROR


def test_a_host_that_is_not_there_says_so(browsing: Browsing, served: Served) -> None:
    with socketserver.TCPServer(("127.0.0.1", 0), _Endless) as free:
        port = free.server_address[1]
    assert opened(browsing, f"http://127.0.0.1:{port}/").error is LoadError.REFUSED
    assert opened(browsing, "http://dvc.invalid/").error is LoadError.DNS
    assert opened(browsing, served.url.replace("http:", "https:")).error is LoadError.TLS


def test_an_endless_answer_ends_in_a_timeout(browsing: Browsing, served: Served, endless: str) -> None:
    assert opened(browsing, endless, 1.5).error is LoadError.TIMEOUT
    assert opened(browsing, served.url).status == 200


def test_a_crashed_page_says_so_and_takes_no_other_with_it(browsing: Browsing, served: Served) -> None:
    async def work(page: Any) -> None:
        await page.open(served.url, 20)
        for method in ("Page.crash", "Page.getFrameTree"):
            with pytest.raises(BrowserError, match="crashed"):
                await asyncio.wait_for(page.cdp(method), 20)

    with_page(browsing, work)
    assert opened(browsing, served.url).status == 200


@pytest.mark.parametrize(("path", "told"), [("alert", ("alert", "Xin chào")), ("later", ("confirm", "Tiếp tục?"))])
def test_dialogs_are_dismissed_and_told(browsing: Browsing, served: Served, path: str, told: tuple[str, str]) -> None:
    async def work(page: BrowserPage) -> None:
        loaded = await page.open(served.url + path, 20)
        assert (loaded.error, loaded.complete) == (None, True)
        assert await page.evaluate("new Promise(resolve => setTimeout(() => resolve(document.body.innerText.trim()), 600))") == "after"
        assert [(dialog["type"], dialog["message"]) for dialog in page.dialogs] == [told]

    with_page(browsing, work)


def test_a_window_that_a_page_opens_is_not_kept(browsing: Browsing, served: Served) -> None:
    tree = with_page(browsing, lambda page: read(page, served.url + "popup"))
    assert texts(tree)[-1] == "after"


def test_no_service_worker_is_installed(browsing: Browsing, served: Served) -> None:
    async def work(page: BrowserPage) -> Any:
        await page.open(served.url + "worker", 20)
        return await page.evaluate(
            "new Promise(resolve => setTimeout(async () => resolve((await navigator.serviceWorker.getRegistrations()).length), 300))"
        )

    assert with_page(browsing, work) == 0


def test_a_page_looks_as_the_options_say(browsing: Browsing, served: Served) -> None:
    asked = """[innerWidth, innerHeight, document.documentElement.clientWidth, devicePixelRatio,
      navigator.language, String(navigator.languages),
      Intl.DateTimeFormat().resolvedOptions().timeZone.replace("Saigon", "Ho_Chi_Minh"), (1234.5).toLocaleString()]"""

    async def work(page: BrowserPage) -> Any:
        await page.open(served.url, 20)
        return await page.evaluate(asked)

    before = len(served.log)
    assert with_page(browsing, work) == [1280, 800, 1280, 1, "vi-VN", "vi-VN", "Asia/Ho_Chi_Minh", "1.234,5"]
    assert {request.headers["Accept-Language"] for request in served.log[before:]} == {"vi-VN"}


WEBGL = "window.g = c.getContext('webgl') || Object.create(WebGLRenderingContext.prototype); if (g.canvas) g.clear(16384)"


def canvas(script: str) -> str:
    return f"<canvas width=80 height=60></canvas><script>{{const c = document.currentScript.previousSibling; {script}}}</script>"


@pytest.mark.parametrize(
    ("scripts", "blank"),
    [
        (["", "c.getContext('2d').fillRect(9, 9, 1, 1)", "c.getContext('2d')"], [True, False, True]),
        (["", WEBGL], [False, False]),
    ],
    ids=["read back", "by WebGL"],
)
def test_a_canvas_on_which_nothing_was_drawn_is_told_where_all_can_be_read_back(
    browsing: Browsing, tmp_path: Path, scripts: list[str], blank: list[bool]
) -> None:
    frame = "<iframe srcdoc='<canvas width=80 height=60></canvas>'></iframe>"
    page = "<!doctype html><html lang=vi><title>Hình</title>" + "".join(canvas(script) for script in scripts) + frame
    (tmp_path / "page.html").write_text(page, "utf-8")
    tree = with_page(browsing, lambda page: read(page, (tmp_path / "page.html").as_uri()))
    told = [node.get("st", {}).get("blank") == 1 for node in tree["nodes"] if node["t"] == "canvas"]
    assert told == [*blank, False], "of a canvas in a frame nothing is known"


@pytest.mark.parametrize(("reach", "scrolled"), [(700, 0), (1600, 0), (1600, 400)])
def test_a_picture_shows_the_page_from_its_top_and_leaves_the_window_as_it_was(
    browsing: Browsing, tmp_path: Path, reach: int, scrolled: int
) -> None:
    boxes = "".join(f"<p style='position: absolute; top: {top}px; width: 90px; height: 60px; background: #00f'>" for top in (20, 1500))
    script = f"scrollTo(0, {scrolled})"
    page = f"<!doctype html><html lang=vi><title>Ảnh</title><body style='height: 3000px; background: #fff'>{boxes}<script>{script}</script>"
    (tmp_path / "page.html").write_text(page, "utf-8")

    async def work(page: BrowserPage) -> Any:
        await page.open((tmp_path / "page.html").as_uri(), 20)
        await page.settle(5)
        picture, kind = await page.screenshot(reach)
        return picture, kind, await page.evaluate("[innerWidth, innerHeight, scrollY]")

    picture, kind, window = with_page(browsing, work)
    assert (kind, window) == ("image/jpeg", [1280, 800, scrolled])
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    assert image.size == (1280, reach)
    for y, blue in ((50, True), (300, False), (1530, True)):
        if y < reach:
            assert (image.getpixel((50, y))[0] < 60) is blue, y  # type: ignore[index]


def test_an_application_is_read_once_it_is_there(browsing: Browsing, served: Served) -> None:
    assert "Danh mục thủ tục" in texts(with_page(browsing, lambda page: read(page, served.url + "app")))


def test_frames_and_shadow_trees_are_read(browsing: Browsing, served: Served) -> None:
    async def work(page: BrowserPage) -> tuple[dict[str, Any], dict[str, Any]]:
        tree = await read(page, served.url + "frames")
        return tree, await axe.record(page, tree)

    tree, found = with_page(browsing, work)
    assert [frame["error"] for frame in tree["frames"]] == [None, None, None]
    assert [tree["nodes"][frame["owner"]]["a"]["title"] for frame in tree["frames"][1:]] == ["same", "other"]
    assert texts(tree).count("in the shadow") == 2
    missing = next(rule for rule in found["violations"] if rule["id"] == "image-alt")
    assert [tree["nodes"][node["dom"]]["t"] for node in missing["nodes"]] == ["img", "img"]


def test_what_a_table_holds_is_not_its_name(browsing: Browsing, served: Served) -> None:
    tree = with_page(browsing, lambda page: read(page, served.url + "tables"))
    assert [node.get("n") for node in tree["nodes"] if node["t"] == "table"] == [None, "Lệ phí", "Thời hạn"]


@pytest.mark.parametrize("path", ["/pseudo", "/pseudo-quirks"])
def test_what_styles_add_to_elements_is_told(browsing: Browsing, served: Served, path: str) -> None:
    nodes = with_page(browsing, lambda page: read(page, served.url + path[1:]))["nodes"]
    told = {index: next(one for one in node["pc"] if one) for index, node in enumerate(nodes) if "pc" in node}
    said = {index: node["a"]["data-say"] for index, node in enumerate(nodes) if "data-say" in node.get("a", {})}
    assert {index: words.strip('"').replace(" ", "") for index, words in told.items()} == said


@pytest.mark.parametrize("style", ODD_STYLES.values(), ids=ODD_STYLES)
def test_what_odd_styles_add_is_told_too(browsing: Browsing, tmp_path: Path, style: str) -> None:
    page = tmp_path / "page.html"
    page.write_text(f"<!doctype html><title>x</title><style>{style}</style><p class=cha data-icon=x>a<p>b", "utf-8")
    nodes = with_page(browsing, lambda tab: read(tab, page.as_uri()))["nodes"]
    assert [node["pc"][0] for node in nodes if "pc" in node] == ['"7"']


def test_what_stands_in_an_inert_part_takes_no_focus(browsing: Browsing, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        "<!doctype html><title>x</title><a href=/1>một</a><div inert><p><a href=/2>hai</a> <b tabindex=-1>ba</b></p>"
        "<dialog id=d><button>bốn</button></dialog></div><script>d.showModal()</script>",
        "utf-8",
    )
    nodes = with_page(browsing, lambda tab: read(tab, page.as_uri()))["nodes"]
    assert [(node["t"], node["f"]) for node in nodes if node["t"] in ("a", "b", "button") and "f" in node] == [("a", 1), ("button", 1)]


def test_players_and_editors_take_the_focus_as_browsers_have_it(browsing: Browsing, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        "<!doctype html><title>x</title><video id=a></video><video id=b controls></video><video id=c tabindex=0></video>"
        "<p id=d contenteditable>a</p><p id=e contenteditable tabindex=-1>b</p><p id=g contenteditable tabindex=0>c</p><p id=h>d</p>",
        "utf-8",
    )
    nodes = with_page(browsing, lambda tab: read(tab, page.as_uri()))["nodes"]
    assert {node["a"]["id"]: node.get("f") for node in nodes if "a" in node} == {
        "a": None, "b": 1, "c": 1, "d": 1, "e": 2, "g": 1, "h": None
    }


#: Members the collector reads, which a form's fields may stand in the place of.
CLOBBERED = """classList getAttribute attributes getAttributeNames childNodes firstChild nextSibling nodeType localName namespaceURI
  shadowRoot assignedSlot checkVisibility getBoundingClientRect isContentEditable parentElement hasAttribute scrollWidth
  tabIndex inert disabled matches id"""


def test_fields_named_like_members_of_their_form_change_nothing(browsing: Browsing, tmp_path: Path) -> None:
    def told(names: list[str]) -> list[dict[str, Any]]:
        fields = "".join(f"<label>ô <input name={name}></label>" for name in names)
        page = tmp_path / f"{names[0]}.html"
        page.write_text(
            "<!doctype html><title>x</title><style>form.cha::before { content: '7' }</style><p>a "
            f"<form class=cha aria-label='Nộp hồ sơ'>chữ {fields}</form><form name={names[1]}></form><p>cuối",
            "utf-8",
        )
        nodes = with_page(browsing, lambda tab: read(tab, page.as_uri()))["nodes"]
        # axe-core, which tells roles and names, loses such a form and what is in it.
        left_out = ("a", "r", "n")
        return [{key: value for key, value in node.items() if key not in left_out} for node in nodes]

    names = CLOBBERED.split()
    clobbered = told(names)
    assert clobbered == told([f"truong{number}" for number in range(len(names))])
    assert [node.get("pc") for node in clobbered if node["t"] == "form"] == [['"7"', ""], None]


def test_elements_named_like_members_of_the_document_change_nothing(browsing: Browsing, tmp_path: Path) -> None:
    names = ("documentElement", "styleSheets", "compatMode", "createRange", "URL", "title", "doctype", "activeElement", "contentType")
    page = tmp_path / "page.html"
    page.write_text("<!doctype html><title>Cổng</title><p>đầu" + "".join(f"<form name={name}></form>" for name in names), "utf-8")
    tree = with_page(browsing, lambda tab: read(tab, page.as_uri()))
    said = {key: tree["frames"][0]["document"][key] for key in ("title", "compat", "doctype", "contentType", "url")}
    assert said == {"title": "Cổng", "compat": "CSS1Compat", "doctype": "html ", "contentType": "text/html", "url": page.as_uri()}
    assert (texts(tree), [node["t"] for node in tree["nodes"]].count("form")) == (["Cổng", "đầu"], len(names))


def test_a_page_cannot_change_what_is_read(browsing: Browsing, served: Served) -> None:
    async def work(page: BrowserPage) -> tuple[dict[str, Any], list[str]]:
        tree = await read(page, served.url + path)
        return tree, [rule["id"] for rule in (await axe.record(page, tree))["violations"]]

    path = ""
    clean, violations = with_page(browsing, work)
    path = "polluted"
    polluted, found = with_page(browsing, work)
    assert [shape(node) for node in polluted["nodes"] if node["t"] != "script"] == [
        shape(node) for node in clean["nodes"] if node["t"] != "script"
    ]
    assert (found, "image-alt" in found) == (violations, True)


@pytest.mark.parametrize("isolated", [False, True], ids=["shared", "isolated"])
@pytest.mark.parametrize("scheme", ["http", "file"])
def test_a_page_in_a_tab_that_was_left_cannot_tell(served: Served, isolated: bool, scheme: str, tmp_path: Path) -> None:
    """Nor can its log: it is the same as that of a page in a tab of its own."""
    browsing = Browsing()
    for name in ("first", "second"):
        (tmp_path / f"{name}.html").write_text(SIMPLE, "utf-8")
    first, second = (served.url + "alert", served.url + "redirect") if scheme == "http" else (tmp_path.as_uri() + "/first.html",) * 2
    marks = """(async () => { window.name = "trước"; history.pushState(1, "", "#sau"); document.cookie = "trước=1";
      for (const kept of [sessionStorage, localStorage]) kept.setItem("trước", 1);
      await new Promise(done => { indexedDB.open("trước").onsuccess = (event) => { event.target.result.close(); done(); }; }); })()"""
    tells = """(async () => [window.name, sessionStorage.length, history.length, document.referrer, localStorage.length, document.cookie,
      (await indexedDB.databases()).length, performance.now() < 60000])()"""
    browser, told, logs = browsing.browser, [], []

    async def work(leave: bool) -> None:
        page = await browser.new_page(isolated=isolated)
        await page.open(first, 20)
        await page.hold_back()
        await page.evaluate(marks)
        await (page.leave() if leave else page.close())
        other = await browser.new_page(isolated=isolated)
        assert (other is page) == leave
        await other.open(second, 20)
        await other.settle(10)
        told.append(await other.evaluate(tells))
        logs.append(([{**row} for row in other.requests], other.dialogs))
        if scheme == "http":
            assert await other.evaluate("fetch('/api', {method: 'POST'}).then(answer => answer.status)") == 200
        await other.close()

    try:
        browsing.run(work(False))
        browsing.run(work(True))
    finally:
        browsing.close()
    assert told[0] == told[1]
    assert logs[0] == logs[1]
    assert told[0][:2] == ["", 0]
    assert not isolated or told[0][4:7] == [0, "", 0]


def shape(node: dict[str, Any]) -> dict[str, Any]:
    """A node without its boxes and style."""
    return {key: value for key, value in node.items() if key not in ("b", "s")}


def test_a_script_that_never_answers_ends_in_time(browsing: Browsing, served: Served) -> None:
    async def work(page: BrowserPage) -> None:
        await page.open(served.url, 20)
        for script in ("new Promise(() => {})", "for (;;) {}"):
            with pytest.raises(EvaluationTimeout):
                await page.evaluate(script, timeout=0.5)
        with pytest.raises(BrowserError, match="of the page"):
            await page.evaluate("Promise.reject(new Error('of the page'))")
        assert await page.evaluate("({title: document.title})") == {"title": "Cổng dịch vụ công"}

    with_page(browsing, work)


def test_nothing_is_sent_and_nowhere_gone_once_held_back(browsing: Browsing, served: Served) -> None:
    async def work(page: BrowserPage) -> str:
        await page.open(served.url, 20)
        await page.settle(5)
        await page.hold_back()
        for script in (
            "fetch('/sent?fetch', {method: 'POST', body: 'x'}).catch(() => 0), 0",
            "fetch('/sent?put', {method: 'PUT', keepalive: true, body: 'x'}).catch(() => 0), 0",
            "navigator.sendBeacon('/sent?beacon', 'x'), 0",
            "document.forms[0].submit(), 0",
            "location.assign('/sent?gone'), 0",
        ):
            await page.evaluate(script)
            await asyncio.sleep(0.15)
        return str(await page.evaluate("location.href + document.forms.length"))

    before = len(served.log)
    assert with_page(browsing, work) == f"{served.url}1"
    assert [request for request in served.log[before:] if request.path == "/sent"] == []


def test_isolated_pages_share_no_cookies_and_work_at_once(browsing: Browsing, served: Served) -> None:
    browser = browsing.browser

    async def one(name: str, both: asyncio.Barrier) -> str:
        page = await browser.new_page(isolated=True)
        try:
            await page.open(served.url, 20)
            await page.evaluate(f"document.cookie = '{name}=1', localStorage.setItem('{name}', '1'), 0")
            await both.wait()
            return str(await page.evaluate("document.cookie + Object.keys(localStorage)"))
        finally:
            await page.close()

    async def two() -> list[str]:
        both = asyncio.Barrier(2)
        return await asyncio.gather(one("a", both), one("b", both))

    assert browsing.run(two()) == ["a=1a", "b=1b"]


def test_pages_of_one_audit_share_cookies(browsing: Browsing, served: Served) -> None:
    async def give(page: BrowserPage) -> None:
        await page.open(served.url, 20)
        await page.evaluate("document.cookie = 'dvc=1', 0")

    async def take(page: BrowserPage) -> str:
        await page.open(served.url, 20)
        return str(await page.evaluate("document.cookie"))

    with_page(browsing, give)
    assert with_page(browsing, take) == "dvc=1"


def test_both_drivers_record_the_same(served: Served) -> None:
    """The same nodes, roles, names, listeners and requests; boxes within two pixels."""

    async def work(page: BrowserPage) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        tree = await read(page, served.url)
        assert {Capability.SOURCE, Capability.NETWORK, Capability.LISTENERS} <= page.capabilities
        return tree, page.requests

    found = []
    for driver in DRIVERS:
        with contextlib.closing(Browsing(driver)) as browsing:
            found.append(with_page(browsing, work))
    (one, requests), (other, others) = found
    assert [shape(node) for node in one["nodes"]] == [shape(node) for node in other["nodes"]]
    assert (one["listeners"], one["listeners_error"]) == (other["listeners"], other["listeners_error"])
    assert len(one["listeners"]) == 2 and one["listeners_error"] is None
    boxes = [(a["b"], b["b"]) for a, b in zip(one["nodes"], other["nodes"], strict=True) if "b" in a]
    assert len(boxes) > 20
    assert [pair for pair in boxes if any(abs(x - y) > 2 for x, y in zip(*pair, strict=True))] == []
    assert sorted(requests, key=lambda request: request["url"]) == sorted(others, key=lambda request: request["url"])
    assert {(request["type"], request.get("status")) for request in requests} == {
        ("document", 200),
        ("stylesheet", 200),
        ("script", 200),
        ("image", 404),
    }


@pytest.mark.parametrize(
    ("body", "kind", "sent"),
    [
        ("tiếng Việt".encode(), "text/html", "tiếng Việt".encode()),
        ("é".encode(), "text/html; charset=iso-8859-1", b"\xe9"),
        ("<meta charset=windows-1258>đ".encode(), "text/html", b"<meta charset=windows-1258>\xf0"),
        (b"\xf0", "text/html; charset=windows-1258", b"\xf0"),
    ],
)
def test_a_decoded_body_becomes_what_was_sent(body: bytes, kind: str, sent: bytes) -> None:
    assert as_sent(body, kind) == sent
