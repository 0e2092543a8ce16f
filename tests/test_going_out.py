"""What leaves the machine during an audit, and what does not: private addresses, log-ins, third parties, patience with a portal."""

from __future__ import annotations

import asyncio
import base64
import gzip
import json
import os
import stat
from pathlib import Path

import pytest

from wcag_audit import audit as work
from wcag_audit.browser.auth import AuthError, read_auth, save_login, secrets, with_basic
from wcag_audit.browser.port import Auth, Options
from wcag_audit.cli import main
from wcag_audit.crawl.private import Fence
from wcag_audit.crawl.urls import same_owner
from wcag_audit.model import PageState, Portal, Result
from wcag_audit.rules import catalogue
from wcag_audit.score import load_profile
from wcag_audit.serve import Request, Response, serving
from wcag_audit.store import Run

TOKEN, COOKIE, PASSWORD = "bearer-7f3a9c2e", "phien-51d0c7aa", "mat-khau-93kd"


def html(body: str, title: str = "Trang") -> Response:
    page = f'<!doctype html><html lang="vi"><title>{title}</title><body><main><h1>{title}</h1>{body}</main></body></html>'
    return Response(200, page.encode())


def audit(url: str, folder: Path, options: Options | None = None, hidden: tuple[str, ...] = (), **given: object) -> Result:
    given = {"max_pages": 10, "depth": "static", "backoff": 0.01, **given}
    settings = work.Settings(profile=load_profile("mic-2024"), browser=options or Options(), **given)  # type: ignore[arg-type]
    return asyncio.run(work.audit(Portal(id="t", name="t", url=url), Run(folder, hidden), settings, catalogue()))


def states(result: Result) -> dict[str, PageState]:
    return {one.page.requested.rpartition("/")[2]: one.page.state for one in result.pages}


class _Inside:
    """What nobody outside should be able to have asked."""

    def respond(self, request: Request) -> Response:
        return html("<p>nội bộ</p>")


class _Outside:
    def __init__(self, inside: str) -> None:
        self.inside = inside

    def respond(self, request: Request) -> Response:
        pages = {
            "/": html(f'<a href="/chuyen">a</a> <a href="/khung">b</a> <a href="/tu-chuyen">c</a> <a href="{self.inside}">d</a>'),
            "/chuyen": Response(302, headers={"Location": self.inside + "bi-mat"}),
            "/khung": html(f'<iframe title="k" src="{self.inside}khung"></iframe>'),
            "/tu-chuyen": html(f"<p>Nội dung.</p><script>onload = () => {{ location = '{self.inside}sau' }}</script>"),
        }
        return pages.get(request.path, Response(404, b""))


def test_links_redirects_and_frames_do_not_lead_to_private_addresses(tmp_path: Path) -> None:
    with serving(_Inside()) as inside, serving(_Outside(inside.url)) as portal:
        result = audit(portal.url, tmp_path / "run", Options(lets=Fence([portal.url]).lets))
        assert inside.log == []
        assert [(one.state, one.example) for one in result.sampling.crawled.unseen] == [(PageState.OFF_SITE, portal.url + "chuyen")]
        assert states(result)["khung"] is states(result)["tu-chuyen"] is PageState.AUDITED
        audit(portal.url, tmp_path / "open", Options(lets=Fence([portal.url], allow_private=True).lets))
        assert {request.path for request in inside.log} >= {"/bi-mat", "/khung"}


class _Members:
    """Pages for those who are logged in; what lets them in is shown on the page, as no portal should."""

    def respond(self, request: Request) -> Response:
        cookie, token = request.headers.get("Cookie", ""), request.headers.get("X-Token", "")
        basic = base64.b64encode(f"can-bo:{PASSWORD}".encode()).decode()
        if request.path == "/basic":
            known = request.headers.get("Authorization") == f"Basic {basic}"
            return html("<p>vào được</p>", "basic") if known else Response(401, b"", headers={"WWW-Authenticate": "Basic realm=x"})
        if COOKIE not in cookie or TOKEN not in token:
            return Response(403, b"")
        return html(f'<p>Xin chào {cookie} {token}</p><img src="/a.png" alt="{token}"><a href="/basic">b</a> <a href="/hai">h</a>')


def login_file(folder: Path, url: str) -> Path:
    path = folder / "auth.json"
    basic = {"username": "can-bo", "password": PASSWORD}
    state = {"cookies": [{"name": "phien", "value": COOKIE}], "headers": {"X-Token": TOKEN}, "basic": basic}
    path.write_text(json.dumps(state), "utf-8")
    return path


def everything_written(folder: Path) -> bytes:
    parts = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".jpg":
            data = path.read_bytes()
            parts.append(gzip.decompress(data) if path.suffix == ".gz" else data)
    return b"\n".join(parts)


def test_a_log_in_opens_pages_and_its_secrets_are_written_nowhere(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with serving(_Members()) as served:
        path = login_file(tmp_path, served.url)
        words = ["--auth", str(path), "--depth", "static", "--max-pages", "5", "--log-level", "debug", "--out", str(tmp_path / "run")]
        main(["audit", served.url, *words])
    result = Run(tmp_path / "run").result()
    assert {one.page.state for one in result.pages} == {PageState.AUDITED}
    assert any(one.page.requested.endswith("/basic") for one in result.pages)
    written = everything_written(tmp_path / "run") + "".join(capfd.readouterr()).encode()
    assert b"Xin ch" in written, "the page itself is kept"
    for secret in (TOKEN, COOKIE, PASSWORD):
        assert secret.encode() not in written


def test_headers_of_a_log_in_stay_with_the_portal(tmp_path: Path) -> None:
    class Elsewhere:
        def respond(self, request: Request) -> Response:
            return Response(200, b"", "image/png")

    with serving(Elsewhere()) as other:

        class Page:
            def respond(self, request: Request) -> Response:
                return html(f'<img src="{other.url}x.png" alt="x">')

        with serving(Page()) as served:
            auth = Auth(served.url.rstrip("/"), {"cookies": [], "origins": []}, {"X-Token": TOKEN})
            audit(served.url, tmp_path / "run", Options(auth=auth), max_pages=1)
            assert any(request.headers.get("X-Token") == TOKEN for request in served.log)
        assert other.log
        assert not any("X-Token" in request.headers for request in other.log)


def test_a_name_and_password_are_tried_once_and_on_the_portal_only(tmp_path: Path) -> None:
    class Asks:
        def respond(self, request: Request) -> Response:
            return Response(401, b"", headers={"WWW-Authenticate": "Basic realm=x"})

    with serving(Asks()) as other:

        class Portal:
            def respond(self, request: Request) -> Response:
                body = f'<iframe title="k" src="{other.url}"></iframe><a href="/kin">kín</a>'
                return html(body) if request.path == "/" else Asks().respond(request)

        with serving(Portal()) as served:
            auth = Auth(served.url.rstrip("/"), None, {}, ("can-bo", "mat-khau-sai"))
            result = audit(served.url, tmp_path / "run", Options(auth=auth))
            asked = [request for request in served.log if request.path == "/kin"]
            tried = [request for request in asked if "Authorization" in request.headers]
        assert [(one.state, one.example) for one in result.sampling.crawled.unseen] == [(PageState.LOGIN, served.url + "kin")]
        assert 1 <= len(tried) <= len(asked) // 2
        assert other.log
        assert not any("Authorization" in request.headers for request in other.log)


def test_a_password_in_the_address_is_for_the_log_in_only() -> None:
    auth = with_basic(None, "https://can-bo:mat-khau-93kd@dvc.gov.vn/a")
    assert auth is not None
    assert auth.basic == ("can-bo", PASSWORD)
    assert secrets(auth) == (PASSWORD,)
    assert PASSWORD not in repr(auth)


NO_LOGINS = (
    "",
    "{",
    "[1]",
    '{"x": 1}',
    '{"headers": {"A B": "c"}}',
    '{"headers": {"A": "c\\nB: d"}}',
    '{"basic": {"username": "a"}}',
)


@pytest.mark.parametrize("text", NO_LOGINS)
def test_a_log_in_file_that_is_none_is_refused_in_one_line(text: str, tmp_path: Path) -> None:
    path = tmp_path / "auth.json"
    path.write_text(text, "utf-8")
    with pytest.raises(AuthError) as error:
        read_auth(path, "https://dvc.gov.vn/")
    assert "\n" not in error.value.text.vi + error.value.text.en


def test_login_saves_what_a_browser_then_knows(tmp_path: Path) -> None:
    class SetsCookie:
        def respond(self, request: Request) -> Response:
            return Response(200, b"<p>x", headers={"Set-Cookie": f"phien={COOKIE}; Path=/"})

    async def done() -> None:
        await asyncio.sleep(0)

    path = tmp_path / "auth.json"
    with serving(SetsCookie()) as served:
        asyncio.run(save_login(served.url, path, Options(), done, headless=True))
        auth = read_auth(path, served.url)
    assert secrets(auth) == (COOKIE,)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 or os.name == "nt"


def test_third_parties_are_left_out_where_asked() -> None:
    start = "https://dvc.angiang.gov.vn/"
    assert same_owner("https://cdn.angiang.gov.vn/a.js", start)
    assert same_owner("data:image/png;base64,x", start)
    assert not same_owner("https://dvc.binhcang.gov.vn/a.js", start)
    assert not same_owner("https://www.google-analytics.com/ga.js", start)
    assert same_owner("http://127.0.0.1:1/", "http://127.0.0.1:2/")


class _Tired:
    """Answers 503 after ten pages."""

    def __init__(self) -> None:
        self.pages = 0

    def respond(self, request: Request) -> Response:
        if request.path in ("/robots.txt", "/sitemap.xml", "/favicon.ico"):
            return Response(404, b"")
        self.pages += 1
        if self.pages > 10:
            return Response(503, b"", headers={"Retry-After": "1"})
        ways = "".join(f'<p><a href="/{name}">{name}</a></p>' for name in ("dang-nhap", "tra-cuu", "lien-he", "a", "b", "c", "d", "e"))
        title = {"/lien-he": "Liên hệ", "/tra-cuu": "Tra cứu hồ sơ"}.get(request.path, "Trang chủ")
        return html(ways, title)


def test_a_portal_that_answers_503_is_given_time_and_what_was_not_seen_is_told(tmp_path: Path) -> None:
    with serving(_Tired()) as served:
        result = audit(served.url, tmp_path / "run")
        asked = [request for request in served.log if request.path != "/favicon.ico"]
    crawled = result.sampling.crawled
    assert crawled.refused >= 3
    assert crawled.waited >= 3
    assert crawled.ended == "refused"
    assert len(asked) < 60
    assert any(one.page.state is PageState.AUDITED for one in result.pages)
    assert any(one.state in (PageState.HTTP_ERROR, PageState.BLOCKED) for one in crawled.unseen)
    said = " ".join(text.vi for text in result.sampling.statements)
    assert "503" in said and "Không xem được" in said


def test_a_portal_of_which_too_little_could_be_seen_is_not_assessed(tmp_path: Path) -> None:
    class Blocks:
        def respond(self, request: Request) -> Response:
            if request.path == "/":
                return html("".join(f'<a href="/{name}">{name}</a>' for name in "abcdef"))
            return Response(403, b"")

    with serving(Blocks()) as served:
        result = audit(served.url, tmp_path / "run")
    assert not result.scores[0].assessed
    assert result.scores[0].lower is None
    reason = result.scores[0].reason
    assert reason is not None and "403" in reason.en and "403" in reason.vi


def test_the_user_agent_names_the_tool_and_a_contact(tmp_path: Path) -> None:
    with serving(_Inside()) as served:
        words = ["--contact", "a@b.vn", "--max-pages", "1", "--depth", "static", "--quiet", "--out", str(tmp_path / "run")]
        main(["audit", served.url, *words])
        agents = {request.headers["User-Agent"] for request in served.log}
    assert all("wcag-audit/" in agent and "(+a@b.vn)" in agent for agent in agents)
    assert any("Mozilla/" in agent for agent in agents)
