"""Small HTTP servers on 127.0.0.1: folders of files (for ``check``) and fixture portals (for ``demo`` and the tests).

Neither is meant for the public network. Both log every request, so that a test can prove what an audit asked for.
"""

from __future__ import annotations

import mimetypes
import sys
import threading
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

if TYPE_CHECKING:
    from jinja2 import Environment

HOST = "127.0.0.1"

#: Types that Python's table lacks or that differ between machines; a page's type must not depend on /etc/mime.types.
_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".htm": "text/html; charset=utf-8",
    ".xhtml": "application/xhtml+xml",
    ".xht": "application/xhtml+xml",
    ".xml": "application/xml",
    ".svg": "image/svg+xml",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".vtt": "text/vtt; charset=utf-8",
    ".webm": "video/webm",
    ".mp4": "video/mp4",
    ".mp3": "audio/mpeg",
    ".oga": "audio/ogg",
    ".ogg": "audio/ogg",
    ".wav": "audio/wav",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True)
class Request:
    """One request as the server saw it."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Response:
    """What a site answers; ``headers`` are added to the usual ones."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


NOT_FOUND = Response(404, b"<!doctype html><html lang=en><title>Not found</title><p>Not found", "text/html; charset=utf-8")


def content_type(path: str | Path) -> str:
    """The media type of a file by its name, the same on every machine."""
    suffix = Path(path).suffix.lower()
    return _TYPES.get(suffix) or mimetypes.guess_type(str(path))[0] or "application/octet-stream"


def _inside(root: Path, path: str) -> Path | None:
    """The file below ``root`` that an URL path names, or None where it leads outside or to nothing."""
    target = (root / unquote(path).lstrip("/")).resolve()
    if not target.is_relative_to(root.resolve()):
        return None
    if target.is_dir():
        target = target / "index.html"
    return target if target.is_file() else None


class FolderSite:
    """Serves the files of one folder as they are."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def respond(self, request: Request) -> Response:
        target = _inside(self.root, request.path)
        if target is None:
            return NOT_FOUND
        return Response(200, target.read_bytes(), content_type(target))


@dataclass(frozen=True)
class Defect:
    """One planted defect of a fixture portal, as its truth file tells it.

    ``pages`` are paths of ``portal.toml``; ``evidence`` says what can show it: ``axe``, ``snapshot`` (our own rules on one
    snapshot, or several) or ``recording`` (a probe). ``axe`` names the axe rule where ``evidence`` is ``axe``. ``route`` is the hash
    route of the start page that alone shows it: an audit takes that for a page of its own.
    """

    id: str
    criteria: tuple[str, ...]
    pages: tuple[str, ...]
    evidence: str
    what_vi: str
    what_en: str
    target: str = ""
    axe: str = ""
    route: str = ""


#: The site that renders now: templates are compiled once for all variants of a portal, and ask it about its defects.
_rendering: ContextVar[PortalSite] = ContextVar("_rendering")


@cache
def _templates(root: Path) -> Environment:
    import jinja2  # a folder of files is served without it

    from wcag_audit.templates import bytecode

    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader([root / "templates", root / "assets"]),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=bytecode(),
    )
    env.globals["bad"] = lambda defect: _rendering.get()._bad(defect)
    return env


class PortalSite:
    """A fixture portal: Jinja templates in which each defect can be switched on.

    A folder holds ``portal.toml`` (its pages), ``truth.toml`` (its defects), ``templates/`` and ``assets/``. With
    ``active=None`` every defect is in, with an empty set the clean twin is served.

    Raises ValueError where a template asks for a defect that ``truth.toml`` does not list.
    """

    def __init__(self, root: Path, active: Iterable[str] | None = None) -> None:
        self.root = root
        self.config: dict[str, Any] = tomllib.loads((root / "portal.toml").read_text("utf-8"))
        self.defects = read_truth(root)
        known = {defect.id for defect in self.defects}
        self.active = known if active is None else set(active)
        if unknown := self.active - known:
            raise ValueError(f"{root / 'truth.toml'}: no such defect: {', '.join(sorted(unknown))}")
        self.pages: dict[str, dict[str, Any]] = {page["path"]: page for page in self.config["page"]}
        self._known = known

    def _bad(self, defect: str) -> bool:
        if defect not in self._known:
            raise ValueError(f"{self.root.name}: a template asks for defect {defect!r}, which truth.toml does not list")
        return defect in self.active

    def render(self, template: str, request: Request, **values: Any) -> str:
        token = _rendering.set(self)
        try:
            return _templates(self.root).get_template(template).render(request=request, **values)
        finally:
            _rendering.reset(token)

    def respond(self, request: Request) -> Response:
        page = self.pages.get(request.path)
        if page is not None:
            if "redirect" in page:
                return Response(302, headers={"Location": page["redirect"]})
            body = self.render(page["template"], request, page=page, **page.get("values", {}))
            return Response(page.get("status", 200), body.encode("utf-8"), page.get("type", "text/html; charset=utf-8"))
        if request.path.startswith("/assets/"):
            name = request.path.removeprefix("/assets/")
            if (template := _inside(self.root / "assets", name + ".j2")) is not None:
                text = self.render(template.relative_to((self.root / "assets").resolve()).as_posix(), request)
                return Response(200, text.encode("utf-8"), content_type(name))
            if (target := _inside(self.root / "assets", name)) is not None:
                return Response(200, target.read_bytes(), content_type(target))
        if (template_name := self.config.get("not_found")) is not None:
            body = self.render(template_name, request, page={"path": request.path, "template": template_name})
            return Response(404, body.encode("utf-8"))
        return NOT_FOUND


def read_truth(root: Path) -> tuple[Defect, ...]:
    """The planted defects of a fixture portal; a page ``"*"`` in the file stands for every HTML page of the portal."""
    config = tomllib.loads((root / "portal.toml").read_text("utf-8"))
    every = tuple(page["path"] for page in config["page"] if "redirect" not in page and "type" not in page)
    rows = tomllib.loads((root / "truth.toml").read_text("utf-8")).get("defect", [])
    return tuple(
        Defect(**{**row, "criteria": tuple(row["criteria"]), "pages": every if row["pages"] == ["*"] else tuple(row["pages"])})
        for row in rows
    )


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, site: Any, port: int) -> None:
        super().__init__((HOST, port), _Handler)
        self.site = site
        self.log: list[Request] = []

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that closes a connection early is no error of ours."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def _answer(self) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        sent = self.rfile.read(length).decode("utf-8", "replace") if length else ""
        request = Request(
            self.command,
            parts.path,
            dict(parse_qsl(parts.query, keep_blank_values=True)),
            dict(parse_qsl(sent, keep_blank_values=True)),
            dict(self.headers.items()),
        )
        self.server.log.append(request)
        response: Response = self.server.site.respond(request)
        body, status = response.body, response.status
        span = self.headers.get("Range", "")
        extra = dict(response.headers)
        if status == 200 and span.startswith("bytes=") and "," not in span:
            # Media elements seek by range; without it a browser may refuse to play.
            first, _, last = span.removeprefix("bytes=").partition("-")
            start = int(first) if first else max(0, len(body) - int(last or 0))
            end = min(int(last), len(body) - 1) if first and last else len(body) - 1
            if start <= end:
                extra["Content-Range"] = f"bytes {start}-{end}/{len(body)}"
                body, status = body[start : end + 1], 206
        self.send_response(status)
        self.send_header("Content-Type", response.content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Accept-Ranges", "bytes")
        for name, value in extra.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_OPTIONS = _answer

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are kept in ``server.log``; stderr stays quiet."""


@dataclass(frozen=True)
class Served:
    """A running server: where it is and what it was asked."""

    url: str
    port: int
    log: list[Request]


@contextmanager
def serving(site: Any, port: int = 0) -> Iterator[Served]:
    """Serve ``site`` (anything with ``respond(Request) -> Response``) on 127.0.0.1 until the block ends.

    ``port`` 0 takes a free one. Raises OSError where the port is taken.
    """
    server = _Server(site, port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        number = server.server_address[1]
        yield Served(f"http://{HOST}:{number}/", number, server.log)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def main(argv: list[str] | None = None) -> None:
    """``python -m wcag_audit.serve portal FOLDER [--clean] [--port N]`` or ``folder FOLDER``: serve until Ctrl-C."""
    import argparse
    import time

    parser = argparse.ArgumentParser(prog="python -m wcag_audit.serve", description=main.__doc__)
    parser.add_argument("kind", choices=["portal", "folder"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--clean", action="store_true", help="the clean twin: no defect")
    parser.add_argument("--port", type=int, default=0)
    args = parser.parse_args(argv)
    site = FolderSite(args.folder) if args.kind == "folder" else PortalSite(args.folder, () if args.clean else None)
    with serving(site, args.port) as served:
        sys.stdout.write(f"{served.url}\n")
        sys.stdout.flush()
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
