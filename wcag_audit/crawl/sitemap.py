"""Sitemaps: the pages that a portal names itself, in index files, compressed or plain."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urljoin

from usp.fetch_parse import SitemapFetcher
from usp.web_client.abstract_client import (
    AbstractWebClient,
    AbstractWebClientResponse,
    AbstractWebClientSuccessResponse,
    WebClientErrorResponse,
)

from wcag_audit.crawl.robots import Robots, Web

log = logging.getLogger(__name__)

#: Bytes of one sitemap file; the protocol allows 50 MB unpacked.
_MAX_SITEMAP = 60_000_000
#: Sitemap files read at the most.
_MAX_FILES = 200


def sitemap_urls(start: str, robots: Robots, web: Web, limit: int) -> list[str]:
    """At most ``limit`` addresses that the portal's sitemaps name, in their order, each once."""
    client = _SitemapClient(web)
    found: dict[str, None] = {}
    logging.getLogger("usp").setLevel(logging.CRITICAL)
    for address in robots.sitemaps or (urljoin(start, "/sitemap.xml"),):
        try:
            for page in SitemapFetcher(address, 0, client, quiet_404=True).sitemap().all_pages():
                if len(found) >= limit:
                    return list(found)
                found.setdefault(page.url)
        except Exception as error:  # usp raises its own kinds, and a broken sitemap must not end an audit
            log.info("sitemap %s cannot be read: %r", address, error)
    return list(found)


class _SitemapAnswer(AbstractWebClientSuccessResponse):
    def __init__(self, url: str, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self._url, self._status, self._body = url, status, body
        self._headers = {name.lower(): value for name, value in headers.items()}

    def status_code(self) -> int:
        return self._status

    def status_message(self) -> str:
        return HTTPStatus(self._status).phrase

    def header(self, case_insensitive_name: str) -> str | None:
        return self._headers.get(case_insensitive_name.lower())

    def raw_data(self) -> bytes:
        return self._body

    def url(self) -> str:
        return self._url


class _SitemapClient(AbstractWebClient):
    """What reads sitemaps for usp: with our limits, our name, and no way to private addresses."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._files = 0

    def set_max_response_data_length(self, max_response_data_length: int | None) -> None:
        """usp's own limit is larger than ours."""

    def get(self, url: str) -> AbstractWebClientResponse:
        self._files += 1
        if self._files > _MAX_FILES:
            return WebClientErrorResponse(f"more than {_MAX_FILES} sitemap files", retryable=False)
        try:
            status, body, headers = self._web.get(url, _MAX_SITEMAP)
        except OSError as error:
            return WebClientErrorResponse(str(error), retryable=False)
        if status != HTTPStatus.OK:
            return WebClientErrorResponse(str(status), retryable=False)
        return _SitemapAnswer(url, status, body, headers)
