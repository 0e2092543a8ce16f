"""Addresses inside somebody's network: a public portal must not lead an audit there."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Sequence
from functools import lru_cache
from urllib.parse import urlsplit

#: Ways of a browser's request that never leave the machine.
_LOCAL_SCHEMES = ("data", "blob", "about", "javascript")
_NUMERIC = re.compile(r"(0x[0-9a-f]*|\d+)(\.(0x[0-9a-f]*|\d+)){0,3}", re.IGNORECASE)
_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}


def resolve(host: str) -> tuple[str, ...]:
    """The addresses of a name; none where it has none."""
    try:
        return tuple(sorted({str(row[4][0]) for row in socket.getaddrinfo(host, None, proto=socket.IPPROTO_TCP)}))
    except (OSError, UnicodeError):
        return ()


class Fence:
    """Which addresses an audit may be led to: public ones, and the hosts (with port) that the user named."""

    def __init__(self, named: Sequence[str], *, allow_private: bool = False, resolve: Callable[[str], tuple[str, ...]] = resolve) -> None:
        self._named = {_place(url) for url in named}
        self._allow_private = allow_private
        self._resolve = lru_cache(maxsize=4_000)(resolve)

    def lets(self, url: str) -> bool:
        """Whether a request for this address may leave. May ask the name service."""
        scheme = urlsplit(url).scheme
        if scheme in _LOCAL_SCHEMES or self._allow_private:
            return True
        if scheme not in _PORTS:
            return False
        if _place(url) in self._named:
            return True
        host = (urlsplit(url).hostname or "").rstrip(".")
        return not any(is_private(address) for address in (self._resolve(host) or (host,)))


def is_private(address: str) -> bool:
    """Whether an address is private, loopback, link-local or otherwise not of the public network. A name that is no address is not."""
    try:
        parsed = ipaddress.ip_address(_plain(address.partition("%")[0].strip("[]")))
    except ValueError:
        return address in ("", "localhost") or address.endswith((".localhost", ".local", ".internal"))
    if isinstance(parsed, ipaddress.IPv6Address):
        parsed = parsed.ipv4_mapped or parsed.sixtofour or parsed
    return not parsed.is_global or parsed.is_multicast


def _plain(address: str) -> str:
    """An address in its usual form: browsers also take ``2130706433`` and ``0x7f.1`` for 127.0.0.1."""
    if not _NUMERIC.fullmatch(address):
        return address
    try:
        return socket.inet_ntoa(socket.inet_aton(address))
    except OSError:
        return address


def _place(url: str) -> tuple[str, int]:
    """Host and port of an address."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = None
    return (parts.hostname or "").rstrip(".").removeprefix("www."), port or _PORTS.get(parts.scheme, 0)
