"""Addresses: one canonical key per page, and which addresses belong to the portal."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import parse_qsl, urlsplit

from w3lib.url import canonicalize_url, url_query_cleaner

from wcag_audit.dom import Dom

#: Query parameters that name a session, a campaign or a passing state, never another page.
_VOLATILE = re.compile(
    r"^(jsessionid|phpsessid|aspsessionid\w*|sessionid|sid|_ga|_gl|fbclid|gclid|zarsrc|utm_\w+|_t|_ts|timestamp|nocache|rnd|random"
    r"|p_p_lifecycle|p_p_state|p_p_mode|p_p_cacheability|p_p_col_\w+|p_p_auth|p_auth|p_l_back_url|redirect|returnurl|backurl"
    r"|_\w+_redirect|_\w+_backurl|_\w+_returntofullpageurl|__viewstate\w*|__eventvalidation|__eventtarget|__eventargument)$",
    re.IGNORECASE,
)
_SESSION_PATH = re.compile(r";(jsessionid|sid)=[^/?#]*", re.IGNORECASE)
#: Fragments that are routes of a single-page application, not places in a page.
_ROUTE = re.compile(r"^!?/")
_DOCUMENT = re.compile(
    r"\.(pdf|docx?|xlsx?|pptx?|odt|ods|rtf|zip|rar|7z|jpe?g|png|gif|webp|svg|ico|mp3|mp4|webm|wav|ogg|avi|css|js|json|xml|txt|csv|exe|apk)$",
    re.IGNORECASE,
)
_DOCUMENT_PAGE = re.compile(r"\.(pdf|docx?|xlsx?|pptx?|odt|ods|rtf)$", re.IGNORECASE)
_LOGOUT = re.compile(r"(log-?out|sign-?out|dang-?xuat|/thoat\b)", re.IGNORECASE)


def key(url: str) -> str:
    """The canonical key of a page: scheme, host, path and lasting query, sorted; hash routes kept, other fragments dropped."""
    url = _SESSION_PATH.sub("", url)
    parts = urlsplit(url)
    volatile = [name for name, _ in parse_qsl(parts.query, keep_blank_values=True) if _VOLATILE.match(name)]
    route = _ROUTE.match(parts.fragment)
    if volatile:
        url = url_query_cleaner(url, volatile, remove=True, keep_fragments=True)
    canonical = canonicalize_url(url, keep_fragments=bool(route))
    return canonical[:-1] if route and canonical.endswith("/") else canonical


def page_id(url: str) -> str:
    """12 hexadecimal digits that name a page's folder."""
    return hashlib.sha256(key(url).encode()).hexdigest()[:12]


def host(url: str) -> str:
    """Host and port, without www."""
    parts = urlsplit(url)
    return parts.netloc.rpartition("@")[2].lower().removeprefix("www.")


def same_site(url: str, start: str) -> bool:
    """Whether an address belongs to the portal that starts at ``start``: the same host and port over http or https."""
    return urlsplit(url).scheme in ("http", "https") and host(url) == host(start)


def is_document(url: str) -> bool:
    """An office document or PDF: listed, not audited."""
    return bool(_DOCUMENT_PAGE.search(urlsplit(url).path))


def crawlable(url: str) -> bool:
    """Whether an address may be a page that a GET request shows, and following it changes nothing."""
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and not _DOCUMENT.search(parts.path) and not _LOGOUT.search(f"{parts.path}?{parts.query}")


def links(dom: Dom) -> list[str]:
    """The addresses that a page links to, in document order, each once: links, areas and same-site frames."""
    found: dict[str, None] = {}
    for node in dom.elements:
        if node.tag in ("a", "area"):
            url = str(node.state.get("href", ""))
        elif node.tag in ("iframe", "frame"):
            url = next((frame.url for frame in dom.frames if frame.owner is node), "")
        else:
            continue
        if url.startswith(("http:", "https:")):
            found.setdefault(url)
    return list(found)
