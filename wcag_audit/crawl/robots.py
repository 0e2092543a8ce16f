"""robots.txt: what a portal asks of crawlers; and how this program itself asks the web."""

from __future__ import annotations

import logging
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from http.client import HTTPException, HTTPMessage
from typing import Any
from urllib.parse import urljoin

from protego import Protego

log = logging.getLogger(__name__)

AGENT = "wcag-audit"
_TIMEOUT = 10.0
_MAX_ROBOTS = 512_000
#: Seconds for one file, however slowly it comes.
_DEADLINE = 30.0
_CHUNK = 65_536


@cache
def _tls(ignore_errors: bool) -> ssl.SSLContext:
    """Made once: reading the system's certificates takes longer than most answers."""
    context = ssl.create_default_context()
    if ignore_errors:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


@dataclass(frozen=True)
class Web:
    """How this program itself (not the browser) asks the web. ``lets`` says which addresses may be asked, also after a redirect."""

    proxy: str | None = None
    ignore_tls_errors: bool = False
    agent: str = AGENT
    lets: Callable[[str], bool] = lambda _: True

    def get(self, url: str, limit: int) -> tuple[int, bytes, Mapping[str, str]]:
        """Status, at most ``limit`` bytes of the body, and the headers. Raises OSError where nothing answers or may be asked."""
        if not self.lets(url):
            raise OSError(f"{url}: an address inside a network")
        context = _tls(self.ignore_tls_errors)
        proxies = {"http": self.proxy, "https": self.proxy} if self.proxy else None
        handlers = (urllib.request.ProxyHandler(proxies), urllib.request.HTTPSHandler(context=context), _Redirects(self.lets))
        request = urllib.request.Request(url, headers={"User-Agent": self.agent})
        try:
            with urllib.request.build_opener(*handlers).open(request, timeout=_TIMEOUT) as answer:
                return answer.status, _read(answer, limit), dict(answer.headers)
        except urllib.error.HTTPError as error:
            return error.code, b"", dict(error.headers or {})
        except (HTTPException, ValueError) as error:
            raise OSError(str(error)) from error


def _read(answer: Any, limit: int) -> bytes:
    """At most ``limit`` bytes of a body, as far as they come in time."""
    until = time.monotonic() + _DEADLINE
    body = bytearray()
    while len(body) < limit and time.monotonic() < until and (part := answer.read1(min(_CHUNK, limit - len(body)))):
        body += part
    return bytes(body)


class _Redirects(urllib.request.HTTPRedirectHandler):
    def __init__(self, lets: Callable[[str], bool]) -> None:
        self._lets = lets

    def redirect_request(
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        if not self._lets(newurl):
            raise OSError(f"{newurl}: an address inside a network")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


@dataclass(frozen=True)
class Robots:
    """A portal's robots.txt; ``rules`` None where there is none, which allows everything."""

    rules: Protego | None = None
    sitemaps: tuple[str, ...] = field(default=())

    def allows(self, url: str) -> bool:
        return self.rules is None or bool(self.rules.can_fetch(url, AGENT))

    @property
    def crawl_delay(self) -> float:
        """Seconds that the portal asks for between two pages, 0 where it asks for none."""
        delay = self.rules.crawl_delay(AGENT) if self.rules is not None else None
        return float(delay or 0)


def read_robots(start: str, web: Web) -> Robots:
    """The robots.txt of the host of ``start``. What does not answer with one forbids nothing (RFC 9309, 2.3.1.3)."""
    try:
        status, body, _ = web.get(urljoin(start, "/robots.txt"), _MAX_ROBOTS)
    except OSError as error:
        log.info("no robots.txt: %s", error)
        return Robots()
    if status != HTTPStatus.OK:
        return Robots()
    rules = Protego.parse(body.decode("utf-8", "replace"))
    return Robots(rules, tuple(urljoin(start, url) for url in rules.sitemaps))
