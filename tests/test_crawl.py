"""Addresses, the frontier, robots and page states."""

from __future__ import annotations

from pathlib import Path

import pytest
from protego import Protego

from wcag_audit.browser.port import Loaded, LoadError, load_error
from wcag_audit.crawl import urls
from wcag_audit.crawl.frontier import Found, Frontier
from wcag_audit.crawl.robots import Robots, Web, read_robots, sitemap_urls
from wcag_audit.crawl.states import page_state
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


def test_frontier_keeps_order_and_survives_reopening(tmp_path: Path) -> None:
    frontier = Frontier(tmp_path / "frontier.sqlite")
    assert frontier.add([Found("k1", "u1", 0, "start")]) == 1
    assert frontier.add([Found("k3", "u3", 1, "link", "u1"), Found("k2", "u2", 1, "link", "u1"), Found("k1", "u1", 1, "link")]) == 2
    assert [known.key for known in frontier.waiting(10)] == ["k1"]
    frontier.mark("k1", "done", "p1")
    frontier.close()
    frontier = Frontier(tmp_path / "frontier.sqlite")
    assert [known.key for known in frontier.waiting(10)] == ["k3", "k2"]
    assert [known.key for known in frontier.waiting(1)] == ["k3"]
    assert [(known.key, known.page_id) for known in frontier.done()] == [("k1", "p1")]
    assert frontier.count() == 3
    assert frontier.count("waiting") == 2
    frontier.close()


def test_first_page_of_each_path_goes_before_variants(tmp_path: Path) -> None:
    frontier = Frontier(tmp_path / "frontier.sqlite")
    for depth, *keys in ((1, "http://x/list?a=1", "http://x/list?a=2", "http://x/help"), (2, "http://x/detail?id=1", "http://x/#/a", "http://x/#/b")):
        frontier.add(Found(key, key, depth, "link") for key in keys)
    taken = []
    while batch := frontier.waiting(10):
        taken.append([known.key.removeprefix("http://x/") for known in batch])
        for known in batch:
            frontier.mark(known.key, "done")
    assert taken == [["list?a=1", "help"], ["detail?id=1", "#/a", "#/b"], ["list?a=2"]]
    frontier.close()


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
]


@pytest.mark.parametrize(("loaded", "state"), STATES)
def test_page_state(loaded: Loaded, state: PageState) -> None:
    found, detail = page_state(loaded, lambda url: url == "u")
    assert found is state
    assert detail or state is PageState.AUDITED


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
