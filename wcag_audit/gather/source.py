"""The ``source`` artifact: the page's answer as it was sent, before any script ran.

Shape (version 1): ``{"url", "status", "headers": {...}, "redirects": [[url, status]], "encoding", "text", "truncated"}``.
Cookies and log-in headers are left out.
"""

from __future__ import annotations

from typing import Any

from w3lib.encoding import html_to_unicode

from wcag_audit.browser.port import BrowserError, Loaded

VERSION = 1
#: Characters kept; a page whose source is longer is cut there, and says so.
MAX_TEXT = 3_000_000

_SECRET = frozenset(("set-cookie", "cookie", "authorization", "proxy-authorization", "www-authenticate"))


def record(loaded: Loaded) -> dict[str, Any]:
    """The artifact from what opening the page gave; the encoding as a browser takes it: byte order mark, header, meta.

    Raises BrowserError where the driver could not get the body."""
    if loaded.body is None:
        raise BrowserError("the browser no longer had the response body")
    encoding, text = html_to_unicode(loaded.headers.get("content-type"), loaded.body, default_encoding="utf-8")
    return {
        "url": loaded.url,
        "status": loaded.status,
        "headers": {name: value[:500] for name, value in loaded.headers.items() if name.lower() not in _SECRET},
        "redirects": [list(hop) for hop in loaded.redirects],
        "encoding": encoding,
        "text": text[:MAX_TEXT],
        "truncated": len(text) > MAX_TEXT,
    }
