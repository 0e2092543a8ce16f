"""Addresses, the frontier, robots and page states."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from protego import Protego

from wcag_audit.browser.port import Loaded, LoadError, load_error
from wcag_audit.crawl import urls
from wcag_audit.crawl.frontier import Found, Frontier, FrontierError, Known, Taken
from wcag_audit.crawl.look import Form, Look, Seen, Way
from wcag_audit.crawl.private import Fence, is_private
from wcag_audit.crawl.robots import Robots, Web, read_robots
from wcag_audit.crawl.sitemap import sitemap_urls
from wcag_audit.crawl.states import page_state, sight_state
from wcag_audit.model import PageState
from wcag_audit.serve import Request, Response, serving

SAME = [
    ("http://dvc.example.vn", "http://dvc.example.vn/"),
    ("http://dvc.example.vn/a#noi-dung", "http://dvc.example.vn/a"),
    ("http://dvc.example.vn/a;jsessionid=ABC.node1", "http://dvc.example.vn/a"),
    ("http://dvc.example.vn/a?utm_source=zalo&b=1", "http://dvc.example.vn/a?b=1"),
    ("http://dvc.example.vn/a?b=2&a=1", "http://dvc.example.vn/a?a=1&b=2"),
    ("http://dvc.example.vn/w?p_p_id=x&p_p_lifecycle=0&p_p_state=normal&_x_id=5", "http://dvc.example.vn/w?p_p_id=x&_x_id=5"),
    ("http://dvc.example.vn/#/tra-cuu/", "http://dvc.example.vn/#/tra-cuu"),
    ("http://dvc.example.vn/(S(lit3py55t21z5v55vlm25s55))/tra-cuu.aspx", "http://dvc.example.vn/tra-cuu.aspx"),
    ("http://dvc.example.vn/a?ReturnUrl=%2fb&x=1", "http://dvc.example.vn/a?x=1"),
]
DIFFERENT = [
    ("http://dvc.example.vn/#/tra-cuu", "http://dvc.example.vn/#/thong-ke"),
    ("http://dvc.example.vn/#!/tra-cuu", "http://dvc.example.vn/"),
    ("http://dvc.example.vn/w?p_p_id=x&_x_id=5", "http://dvc.example.vn/w?p_p_id=x&_x_id=6"),
    ("http://dvc.example.vn/A", "http://dvc.example.vn/a"),
    ("http://dvc.example.vn/a", "http://dvc.example.vn/a/"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_same_page_same_key(one: str, other: str) -> None:
    assert urls.key(one) == urls.key(other)
    assert urls.page_id(one) == urls.page_id(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_pages_different_keys(one: str, other: str) -> None:
    assert urls.key(one) != urls.key(other)


def test_scope_is_host_and_port() -> None:
    start = "https://dvc.example.vn/"
    assert urls.same_site("http://www.dvc.example.vn/a", start)
    assert not urls.same_site("https://sso.example.vn/login", start)
    assert not urls.same_site("https://dvc.example.vn:8443/", start)
    assert not urls.same_site("javascript:void(0)", start)
    assert not urls.same_site("https://dvc.example.vn@evil.example/", start)


@pytest.mark.parametrize("url", ["http://x.vn/a.pdf", "http://x.vn/logo.PNG", "mailto:a@x.vn", "http://x.vn/dang-xuat", "http://x.vn/c/portal/logout?a=1"])
def test_not_crawlable(url: str) -> None:
    assert not urls.crawlable(url)


def found(*names: str, depth: int = 1) -> list[Found]:
    return [Found(f"http://x/{name}", depth, "link") for name in names]


def names(pages: Iterable[Known]) -> list[str]:
    return [known.key.removeprefix("http://x/") for known in pages]


def looked_at(known: Known, *links: Found, loaded: str = "") -> Taken:
    return Taken(known.key, loaded or known.url, "audited", "", Seen(title=known.key, paths=(), kinds={}), links)


def test_a_batch_stays_leased_until_it_is_taken_in(tmp_path: Path) -> None:
    frontier = Frontier(tmp_path / "frontier.sqlite")
    frontier.add(found("a", "b", "c"))
    first = frontier.lease(2)
    assert names(first) == ["a", "b"]
    frontier.keep(first[0].key, b"{}")
    frontier.close()
    frontier = Frontier(tmp_path / "frontier.sqlite")
    again = frontier.lease(2)
    assert names(again) == ["a", "b"], "a killed run goes on with the batch that it had"
    assert frontier.kept() == {first[0].key: b"{}"}
    assert [known.tries for known in again] == [1, 2], "what was seen is not tried again"
    frontier.take_in([looked_at(first[0], *found("d", "a", depth=2)), looked_at(first[1])])
    assert names(frontier.lease(2)) == ["c", "d"]
    assert frontier.kept() == {}
    assert names(known for known, _ in frontier.looked()) == ["a", "b"]
    frontier.close()


def test_one_process_at_a_time(tmp_path: Path) -> None:
    frontier = Frontier(tmp_path / "frontier.sqlite")
    with pytest.raises(FrontierError, match="another command"):
        Frontier(tmp_path / "frontier.sqlite")
    frontier.close()
    Frontier(tmp_path / "frontier.sqlite").close()


def test_a_frontier_of_another_version_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "frontier.sqlite") as db:
        db.execute("PRAGMA user_version = 1")
    with pytest.raises(FrontierError, match="version 1"):
        Frontier(tmp_path / "frontier.sqlite")


def test_pages_alike_wait_for_the_rest_of_the_portal(tmp_path: Path) -> None:
    frontier = Frontier(tmp_path / "frontier.sqlite")
    frontier.add(found("list?a=1", "list?a=2", "lich/2025/01", "lich/2025/02", "help"))
    frontier.add(found("detail?id=1", "#/a", "#/b", depth=2))
    taken = []
    while batch := frontier.lease(3):
        taken += names(batch)
        frontier.take_in(looked_at(known) for known in batch)
    assert taken == ["list?a=1", "lich/2025/01", "help", "detail?id=1", "#/a", "#/b", "list?a=2", "lich/2025/02"]
    frontier.close()


def test_a_page_that_is_another_one_is_looked_at_once(tmp_path: Path) -> None:
    frontier = Frontier(tmp_path / "frontier.sqlite")
    frontier.add(found("", "default.aspx", "start"))
    home, default, start = frontier.lease(3)
    frontier.take_in([looked_at(home, loaded="http://x/default.aspx"), looked_at(default), looked_at(start, loaded="http://x/default.aspx")])
    assert names(known for known, _ in frontier.looked()) == [""]
    frontier.add(found("default.aspx"))
    assert frontier.lease(3) == []
    frontier.close()


def test_a_frontier_is_bounded(tmp_path: Path) -> None:
    frontier = Frontier(tmp_path / "frontier.sqlite", most=4)
    frontier.add(found(*"abcdef"))
    assert frontier.count() == 4
    frontier.close()


def test_one_example_query_for_each_form(tmp_path: Path) -> None:
    frontier = Frontier(tmp_path / "frontier.sqlite")
    frontier.add(Found(f"http://x/tim?q=a&loai={number}", 1, "search") for number in range(3))
    assert frontier.count() == 1
    frontier.close()


SCOPE = urls.Scope("https://dvc.example.vn/", ("hoidap.example.vn",), "/web", ("/web/*",), ("*/in-an*", "*?xem=pdf"))


@pytest.mark.parametrize(
    ("url", "holds"),
    [
        ("https://dvc.example.vn/", True),
        ("https://dvc.example.vn/web/thu-tuc", True),
        ("https://hoidap.example.vn/web/1", True),
        ("https://khac.example.vn/web/1", False),
        ("https://dvc.example.vn/admin", False),
        ("https://dvc.example.vn/web/in-an/5", False),
        ("https://dvc.example.vn/web/a?xem=pdf", False),
    ],
)
def test_scope_rules(url: str, holds: bool) -> None:
    assert SCOPE.holds(url) is holds


class _RobotsSite:
    robots = b"User-agent: *\nDisallow: /quan-tri\nCrawl-delay: 2\nSitemap: /so-do.xml\n"
    sitemap = b"""<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
    <url><loc>http://127.0.0.1/a</loc></url><url><loc>http://127.0.0.1/b</loc></url><url><loc>http://127.0.0.1/a</loc></url></urlset>"""

    def respond(self, request: Request) -> Response:
        bodies = {"/robots.txt": (self.robots, "text/plain"), "/so-do.xml": (self.sitemap, "application/xml")}
        if request.path in bodies:
            body, kind = bodies[request.path]
            return Response(200, body, kind)
        return Response(404, b"")


def test_robots_and_sitemap_over_http() -> None:
    with serving(_RobotsSite()) as served:
        robots = read_robots(served.url, Web())
        assert not robots.allows(served.url + "quan-tri/a")
        assert robots.allows(served.url + "thu-tuc")
        assert robots.crawl_delay == 2
        assert sitemap_urls(served.url, robots, Web(), 10) == ["http://127.0.0.1/a", "http://127.0.0.1/b"]
        assert sitemap_urls(served.url, robots, Web(), 1) == ["http://127.0.0.1/a"]


class _SitemapIndex:
    """An index of two sitemaps, one compressed; a third does not exist."""

    def respond(self, request: Request) -> Response:
        row = '<sitemap><loc>http://{host}{path}</loc></sitemap>'
        if request.path == "/sitemap.xml":
            rows = "".join(row.format(host=request.headers["Host"], path=path) for path in ("/a.xml.gz", "/khong-co.xml", "/b.xml"))
            index = f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</sitemapindex>'
            return Response(200, index.encode(), "text/xml")
        urlset = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>http://x.vn{}</loc></url></urlset>'
        if request.path == "/a.xml.gz":
            return Response(200, gzip.compress(urlset.format("/a").encode()), "application/gzip")
        return Response(200, urlset.format("/b").encode(), "text/xml") if request.path == "/b.xml" else Response(404, b"")


def test_sitemap_index_and_compressed_sitemaps() -> None:
    with serving(_SitemapIndex()) as served:
        assert sitemap_urls(served.url, Robots(), Web(), 10) == ["http://x.vn/a", "http://x.vn/b"]


class _Redirecting:
    def __init__(self, target: str) -> None:
        self.target = target

    def respond(self, request: Request) -> Response:
        return Response(302, headers={"Location": self.target})


def test_our_own_requests_do_not_follow_redirects_to_private_addresses() -> None:
    with serving(_RobotsSite()) as inside, serving(_Redirecting(inside.url + "robots.txt")) as portal:
        fence = Fence([portal.url])
        assert read_robots(portal.url, Web(lets=fence.lets)).allows(portal.url + "quan-tri")
        assert inside.log == []
        assert not read_robots(portal.url, Web()).allows(portal.url + "quan-tri")


@pytest.mark.parametrize(
    ("address", "private"),
    [
        ("127.0.0.1", True), ("10.1.2.3", True), ("192.168.1.1", True), ("172.20.0.1", True), ("169.254.169.254", True), ("0.0.0.0", True),
        ("100.64.0.1", True), ("::1", True), ("fe80::1%eth0", True), ("fd00::1", True), ("::ffff:10.0.0.1", True), ("2002:a00:1::", True),
        ("localhost", True), ("printer.local", True), ("8.8.8.8", False), ("203.113.131.1", False), ("2606:4700::1111", False),
        ("dvc.gov.vn", False),
    ],
)  # fmt: skip
def test_private_addresses(address: str, private: bool) -> None:
    assert is_private(address) is private


def test_a_public_portal_leads_to_no_private_address() -> None:
    names = {"dvc.gov.vn": ("203.113.131.1",), "noi-bo.gov.vn": ("203.113.131.2", "10.0.0.5")}
    fence = Fence(["https://dvc.gov.vn/"], resolve=lambda host: names.get(host, ()))
    assert fence.lets("https://dvc.gov.vn/a")
    assert fence.lets("https://khong-co.gov.vn/"), "the browser says that there is no such host"
    assert fence.lets("data:text/html,x")
    for url in ("http://noi-bo.gov.vn/", "http://127.0.0.1/", "http://2130706433/", "http://[::1]:80/", "http://localhost:8080/", "file:///etc/passwd"):
        assert not fence.lets(url), url
    assert Fence(["https://dvc.gov.vn/"], allow_private=True).lets("http://10.0.0.5/")


def test_a_loopback_start_allows_its_own_host_and_port_only() -> None:
    fence = Fence(["http://127.0.0.1:8000/"])
    assert fence.lets("http://127.0.0.1:8000/a")
    assert not fence.lets("http://127.0.0.1:8001/")


def test_no_robots_forbids_nothing() -> None:
    class Empty:
        def respond(self, request: Request) -> Response:
            return Response(404, b"")

    with serving(Empty()) as served:
        assert read_robots(served.url, Web()).allows(served.url + "anything")
        url = served.url
    assert read_robots(url, Web()).allows(url)
    assert Robots(Protego.parse("User-agent: *\nDisallow: /\n")).allows("http://x.vn/") is False


STATES = [
    (Loaded("u", "u", 200, {"content-type": "text/html; charset=utf-8"}, body=b"<p>x"), PageState.AUDITED),
    (Loaded("u", "u", 200, {"content-type": "application/xhtml+xml"}, body=b"<p>x"), PageState.AUDITED),
    (Loaded("u", "u", 200, {}, body=b"<p>x"), PageState.AUDITED),
    (Loaded("u", "u", 200, {"content-type": "application/pdf"}, body=b"%PDF"), PageState.NOT_HTML),
    (Loaded("u", "u", 200, {"content-type": "text/html"}, body=b" \n"), PageState.NOT_HTML),
    (Loaded("u", "u", 404, {}, body=b"x"), PageState.HTTP_ERROR),
    (Loaded("u", "u", 500, {}, body=b"x"), PageState.HTTP_ERROR),
    (Loaded("u", "u", 403, {}, body=b"x"), PageState.BLOCKED),
    (Loaded("u", "u", 429, {}, body=b"x"), PageState.BLOCKED),
    (Loaded("u", "u", 401, {}, body=b"x"), PageState.LOGIN),
    (Loaded("u", "elsewhere", 200, {}, body=b"x"), PageState.OFF_SITE),
    (Loaded("u", "u", error=LoadError.TIMEOUT), PageState.TIMEOUT),
    (Loaded("u", "u", error=LoadError.CRASHED), PageState.CRASHED),
    (Loaded("u", "u", error=LoadError.DOWNLOAD), PageState.NOT_HTML),
    (Loaded("u", "u", error=LoadError.DNS), PageState.HTTP_ERROR),
    (Loaded("u", "u", error=LoadError.PRIVATE), PageState.OFF_SITE),
    (Loaded("u", "u", 503, {}, body="Hệ thống đang bảo trì".encode()), PageState.MAINTENANCE),
    (Loaded("u", "u", 503, {}, body=b"x"), PageState.HTTP_ERROR),
    (Loaded("u", "u", 200, {"CF-Mitigated": "challenge"}, body=b"x"), PageState.BLOCKED),
    (Loaded("u", "https://sso.vn/oauth2/authorize", 200, {}, body=b"x"), PageState.LOGIN),
]


@pytest.mark.parametrize(("loaded", "state"), STATES)
def test_page_state(loaded: Loaded, state: PageState) -> None:
    found, detail = page_state(loaded, lambda url: url == "u")
    assert found is state
    assert detail or state is PageState.AUDITED


def page(heading: str = "", title: str = "", text: str = "", characters: int = 200, ways: int = 2, **more: Any) -> Look:
    links = tuple(Way(url=f"http://x/{number}") for number in range(ways))
    return Look(heading=heading, title=title, text=text, characters=characters, ways=links, **more)


AT = Loaded("http://x/ho-so", "http://x/ho-so", 200)
LOGIN = Loaded("http://x/ho-so", "http://x/dang-nhap?ReturnUrl=%2fho-so", 200)
PASSWORD = (Form(method="post", fields=2, password=True),)
SIGHTS = [
    (AT, page("Thủ tục", text="Danh mục thủ tục"), PageState.AUDITED),
    (AT, page("Request Rejected", text="The requested URL was rejected. Please consult with your administrator."), PageState.BLOCKED),
    (AT, page(title="Just a moment...", text="Checking your browser before accessing"), PageState.BLOCKED),
    (AT, page(text="Vui lòng xác minh bạn không phải là robot"), PageState.BLOCKED),
    (AT, page("Thông báo", text="Hệ thống đang bảo trì, vui lòng quay lại sau"), PageState.MAINTENANCE),
    (AT, page("Bảo trì hệ thống tháng 6", text="Hệ thống đang bảo trì", characters=4000, ways=40), PageState.AUDITED),
    (AT, page("Bảo trì hệ thống tháng 6", text="Hệ thống đang bảo trì", characters=900, ways=40), PageState.AUDITED),
    (AT, page("Không tìm thấy trang", characters=4000, ways=40), PageState.HTTP_ERROR),
    (AT, page("", title="404 - Not Found"), PageState.HTTP_ERROR),
    (AT, page("Không tìm thấy hồ sơ nào", characters=4000, ways=40), PageState.AUDITED),
    (LOGIN, page("Đăng nhập", forms=PASSWORD), PageState.LOGIN),
    (Loaded("http://x/dang-nhap", "http://x/dang-nhap", 200), page("Đăng nhập", forms=PASSWORD), PageState.AUDITED),
    (Loaded("http://x/", "http://x/trang-chu", 200), page("Trang chủ", forms=PASSWORD), PageState.AUDITED),
]


@pytest.mark.parametrize(("loaded", "look", "state"), SIGHTS)
def test_sight_state(loaded: Loaded, look: Look, state: PageState) -> None:
    assert sight_state(loaded, look)[0] is state


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("net::ERR_NAME_NOT_RESOLVED at http://x", LoadError.DNS),
        ("net::ERR_CONNECTION_REFUSED at http://x", LoadError.REFUSED),
        ("net::ERR_CERT_AUTHORITY_INVALID at https://x", LoadError.TLS),
        ("net::ERR_SSL_PROTOCOL_ERROR", LoadError.TLS),
        ("net::ERR_TOO_MANY_REDIRECTS", LoadError.REDIRECTS),
        ("net::ERR_EMPTY_RESPONSE", LoadError.NETWORK),
    ],
)
def test_load_error(text: str, kind: LoadError) -> None:
    assert load_error(text) is kind
