"""Addresses: one canonical key per page, and which addresses belong to the portal."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit

from w3lib.url import canonicalize_url, url_query_cleaner

#: Query parameters that name a session, a campaign or a passing state, never another page.
_VOLATILE = re.compile(
    r"^(jsessionid|phpsessid|aspsessionid\w*|session_?id|sid|cfid|cftoken|_ga|_gl|_gid|fbclid|gclid|dclid|msclkid|yclid|igshid|zarsrc"
    r"|mc_[ce]id|utm_\w+|_t|_ts|_|timestamp|nocache|rnd|random|__cf_chl_\w+"
    r"|p_p_lifecycle|p_p_state(_rcv)?|p_p_mode|p_p_cacheability|p_p_col_\w+|p_p_auth|p_auth|p_l_back_url|p_r_p_\w*backurl"
    r"|redirect|returnurl|backurl|source|_\w+_redirect|_\w+_backurl|_\w+_returntofullpageurl"
    r"|__viewstate\w*|__eventvalidation|__eventtarget|__eventargument|__requestverificationtoken|aspxautodetectcookiesupport)$",
    re.IGNORECASE,
)
#: A session in the path: ``;jsessionid=…`` (Java), ``/(S(…))`` (ASP.NET without cookies).
_SESSION_PATH = re.compile(r";(jsessionid|sid)=[^/?#]*|/\((?:[SAFX]\([^()/]*\))+\)(?=/)", re.IGNORECASE)
#: Fragments that are routes of a single-page application, not places in a page.
_ROUTE = re.compile(r"^!?/")
_DOCUMENT = re.compile(
    r"\.(pdf|docx?|xlsx?|pptx?|odt|ods|rtf|zip|rar|7z|jpe?g|png|gif|webp|svg|ico|mp3|mp4|webm|wav|ogg|avi|css|js|json|xml|txt|csv|exe|apk)$",
    re.IGNORECASE,
)
_DOCUMENT_PAGE = re.compile(r"\.(pdf|docx?|xlsx?|pptx?|odt|ods|rtf)$", re.IGNORECASE)
_LOGOUT = re.compile(r"(log-?out|sign-?out|dang-?xuat|/thoat\b)", re.IGNORECASE)
#: Second labels below which a country registers names.
_REGISTRIES = frozenset(("ac", "biz", "co", "com", "edu", "gov", "health", "info", "int", "io", "name", "net", "org", "pro"))
_DIGITS = re.compile(r"\d+")


@lru_cache(maxsize=20_000)
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


def shape(url: str) -> str:
    """What pages of one kind have in common in their addresses: the path with numbers left out, and the names in the query."""
    parts = urlsplit(key(url))
    names = sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)})
    return f"{_DIGITS.sub('#', parts.path)}?{'&'.join(names)}#{_DIGITS.sub('#', parts.fragment)}"


def folder(url: str) -> str:
    """The part of an address above its last step: what pages of one list have in common."""
    parts = urlsplit(key(url))
    return f"{parts.path.rpartition('/')[0]}#{parts.fragment.rpartition('/')[0]}"


def page_id(url: str) -> str:
    """12 hexadecimal digits that name a page's folder."""
    return hashlib.sha256(key(url).encode()).hexdigest()[:12]


def host(url: str) -> str:
    """Host and port, without www."""
    return urlsplit(url).netloc.rpartition("@")[2].lower().removeprefix("www.")


def same_site(url: str, start: str) -> bool:
    """Whether an address belongs to the portal that starts at ``start``: the same host and port over http or https."""
    return urlsplit(url).scheme in ("http", "https") and host(url) == host(start)


def same_owner(url: str, start: str) -> bool:
    """Whether what stands at an address comes from the organisation of the portal: the same registered domain, or no host at all."""
    return urlsplit(url).scheme not in ("http", "https", "ws", "wss") or _domain(url) == _domain(start)


def _domain(url: str) -> str:
    """The registered domain: two labels, or three below what a country's registry keeps for itself (``gov.vn``)."""
    name = urlsplit(url).hostname or ""
    labels = name.split(".")
    if labels[-1].isdigit() or ":" in name:
        return name
    own = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _REGISTRIES else 2
    return ".".join(labels[-own:])


@dataclass(frozen=True)
class Scope:
    """Which addresses belong to an audit.

    ``hosts`` count as the portal's beside that of ``start``. ``path`` is where the portal's paths begin. ``include`` and ``exclude``
    are patterns of path and query with ``*`` and ``?``; with ``include``, only what matches one of them belongs.
    """

    start: str
    hosts: tuple[str, ...] = ()
    path: str = "/"
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def site(self, url: str) -> bool:
        """Whether an address lies on the portal's hosts."""
        return same_site(url, self.start) or (urlsplit(url).scheme in ("http", "https") and host(url) in self.hosts)

    def holds(self, url: str) -> bool:
        """Whether a page is to be audited where it is linked. The start page always is."""
        if key(url) == key(self.start):
            return True
        parts = urlsplit(url)
        asked = parts.path + (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if _ROUTE.match(parts.fragment) else "")
        if not self.site(url) or not (parts.path or "/").startswith(self.path) or _any(asked, self.exclude):
            return False
        return not self.include or _any(asked, self.include)


def _any(text: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(text, pattern) for pattern in patterns)


def is_document(url: str) -> bool:
    """An office document or PDF: listed, not audited."""
    return bool(_DOCUMENT_PAGE.search(urlsplit(url).path))


def crawlable(url: str) -> bool:
    """Whether an address may be a page that a GET request shows, and following it changes nothing."""
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and not _DOCUMENT.search(parts.path) and not _LOGOUT.search(f"{parts.path}?{parts.query}")
