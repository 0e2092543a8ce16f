"""robots.txt and sitemaps: what a portal asks of crawlers, and the pages that it names itself."""

from __future__ import annotations

import logging
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from functools import cache
from http.client import HTTPException
from urllib.parse import urljoin

from protego import Protego

log = logging.getLogger(__name__)

AGENT = "wcag-audit"
_TIMEOUT = 10.0
_MAX_ROBOTS = 512_000


@cache
def _tls(ignore_errors: bool) -> ssl.SSLContext:
    """Made once: reading the system's certificates takes longer than most answers."""
    context = ssl.create_default_context()
    if ignore_errors:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


@dataclass(frozen=True)
class Web:
    """How this program itself (not the browser) asks the web."""

    proxy: str | None = None
    ignore_tls_errors: bool = False

    def get(self, url: str, limit: int) -> tuple[int, bytes]:
        """Status and at most ``limit`` bytes of the body. Raises OSError where nothing answers."""
        context = _tls(self.ignore_tls_errors)
        proxies = {"http": self.proxy, "https": self.proxy} if self.proxy else None
        opener = urllib.request.build_opener(urllib.request.ProxyHandler(proxies), urllib.request.HTTPSHandler(context=context))
        request = urllib.request.Request(url, headers={"User-Agent": AGENT})
        try:
            with opener.open(request, timeout=_TIMEOUT) as answer:
                return answer.status, answer.read(limit)
        except urllib.error.HTTPError as error:
            return error.code, b""
        except HTTPException as error:
            raise OSError(str(error)) from error


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
        status, body = web.get(urljoin(start, "/robots.txt"), _MAX_ROBOTS)
    except (OSError, ValueError) as error:
        log.info("no robots.txt: %s", error)
        return Robots()
    if status != 200:
        return Robots()
    rules = Protego.parse(body.decode("utf-8", "replace"))
    return Robots(rules, tuple(urljoin(start, url) for url in rules.sitemaps))


def sitemap_urls(start: str, robots: Robots, web: Web, limit: int) -> list[str]:
    """At most ``limit`` addresses that the portal's sitemaps name, in their order, each once."""
    from usp.fetch_parse import SitemapFetcher
    from usp.web_client.requests_client import RequestsWebClient

    client = RequestsWebClient(verify=not web.ignore_tls_errors)
    client.set_timeout(_TIMEOUT)
    if web.proxy:
        client.set_proxies({"http": web.proxy, "https": web.proxy})
    found: dict[str, None] = {}
    logging.getLogger("usp").setLevel(logging.CRITICAL)
    for address in robots.sitemaps or (urljoin(start, "/sitemap.xml"),):
        try:
            for page in SitemapFetcher(address, 0, client, quiet_404=True).sitemap().all_pages():
                found.setdefault(page.url)
                if len(found) >= limit:
                    return list(found)
        except Exception as error:  # usp raises its own kinds, and a broken sitemap must not end an audit
            log.info("sitemap %s cannot be read: %r", address, error)
    return list(found)
