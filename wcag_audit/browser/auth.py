"""Log-ins: read from a file for an audit, and saved once by a person in a browser that is theirs to use."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright import async_api as pw

from wcag_audit.browser.find import find_browser
from wcag_audit.browser.port import Auth, BrowserError, Options
from wcag_audit.model import BadInput, Text

#: Shorter values are words that a page may well hold by itself; replacing them would say more than it hides.
_SECRET_LENGTH = 6
#: A header's name as RFC 9110 allows it.
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


class AuthError(BadInput):
    """A log-in file that cannot be used. The line never says what stands in it."""


def read_auth(path: Path, url: str) -> Auth:
    """A log-in for the origin of ``url``: a storage state of Playwright (``cookies``, ``origins``), or a list of cookies; beside it,
    or alone, ``headers`` and ``basic`` (``username``, ``password``). Raises AuthError."""
    try:
        data = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise _bad(path, f"không đọc được ({error.strerror})", f"cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise _bad(path, "không phải JSON", "not JSON") from error
    data = {"cookies": data} if isinstance(data, list) else data
    known = {"cookies", "origins", "headers", "basic"}
    if not isinstance(data, dict) or not data or not set(data) <= known:
        names = ", ".join(sorted(known))
        raise _bad(path, f"phải là đối tượng JSON có {names}", f"must be a JSON object with any of {names}")
    headers, basic = data.get("headers", {}), data.get("basic")
    if not isinstance(headers, dict) or not all(_HEADER.fullmatch(name) and _line(value) for name, value in headers.items()):
        raise _bad(path, "“headers” phải gồm tên và giá trị hợp lệ", "“headers” must be names with values that a header may have")
    if basic is not None and not (isinstance(basic, dict) and all(isinstance(basic.get(name), str) for name in ("username", "password"))):
        raise _bad(path, "“basic” phải có “username” và “password”", "“basic” needs “username” and “password”")
    storage = {"cookies": _cookies(path, data, url), "origins": data.get("origins", [])}
    return Auth(_origin(url), storage, headers, (basic["username"], basic["password"]) if basic else None)


def with_basic(auth: Auth | None, url: str) -> Auth | None:
    """A log-in with the name and password that stand in an address, if any do."""
    parts = urlsplit(url)
    if parts.username is None:
        return auth
    basic = (parts.username, parts.password or "")
    return Auth(_origin(url), auth.storage if auth else None, auth.headers if auth else {}, basic)


def secrets(auth: Auth | None) -> tuple[str, ...]:
    """What must never be written down: values of cookies, storage and headers, and the password."""
    if auth is None:
        return ()
    found = [str(value) for value in auth.headers.values()]
    found += [part for value in found for part in value.split()[1:]]
    found += [auth.basic[1]] if auth.basic else []
    storage: Any = auth.storage or {}
    found += [str(cookie.get("value", "")) for cookie in storage.get("cookies", ())]
    found += [str(row.get("value", "")) for origin in storage.get("origins", ()) for row in origin.get("localStorage", ())]
    return tuple(sorted({value for value in found if len(value) >= _SECRET_LENGTH}, key=len, reverse=True))


async def save_login(url: str, path: Path, options: Options, done: Callable[[], Awaitable[object]], *, headless: bool = False) -> None:
    """Open a browser at an address, wait until a person is ``done`` logging in (or closes the window), and save the storage.

    The file is readable by its owner only. Raises NoBrowser, and BrowserError where the browser does not start.
    """
    found = find_browser(Path(options.browser) if options.browser else None)
    async with pw.async_playwright() as runtime:
        try:
            browser = await runtime.chromium.launch(executable_path=found.path, headless=headless)
        except pw.Error as error:
            raise BrowserError(str(error).splitlines()[0]) from error
        context = await browser.new_context(locale=options.locale, ignore_https_errors=options.ignore_tls_errors)
        page = await context.new_page()
        await page.goto(url)
        await done()
        state = await context.storage_state()
        await browser.close()
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(json.dumps(state, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _cookies(path: Path, data: dict[str, Any], url: str) -> list[dict[str, Any]]:
    cookies = data.get("cookies", [])
    named = isinstance(cookies, list) and all(isinstance(one, dict) and _line(one.get("name")) for one in cookies)
    if not named or not all(_line(one.get("value")) for one in cookies):
        raise _bad(path, "“cookies” phải là danh sách có “name” và “value”", "“cookies” must be a list with “name” and “value”")
    host = urlsplit(url).hostname or ""
    usual: dict[str, Any] = {"domain": host, "path": "/", "expires": -1, "httpOnly": False, "secure": False, "sameSite": "Lax"}
    return [{**usual, **{name: value for name, value in one.items() if name in (*usual, "name", "value")}} for one in cookies]


def _line(value: object) -> bool:
    return isinstance(value, str) and value.isprintable()


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _bad(path: Path, vi: str, en: str) -> AuthError:
    return AuthError(Text(f"--auth {path}: {vi}.", f"--auth {path}: {en}."))

