"""What became of a page: audited, or why not. Pure functions of what opening it and looking at it gave."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from wcag_audit.browser.port import Loaded, LoadError
from wcag_audit.crawl import urls
from wcag_audit.crawl.look import Look
from wcag_audit.model import PageState
from wcag_audit.phrases import phrases

_ERRORS = {
    LoadError.TIMEOUT: PageState.TIMEOUT,
    LoadError.CRASHED: PageState.CRASHED,
    LoadError.DOWNLOAD: PageState.NOT_HTML,
    LoadError.PRIVATE: PageState.OFF_SITE,
}
_HTML = ("text/html", "application/xhtml+xml")
#: Answers that may be a firewall's as well as the portal's own.
_REFUSALS = (403, 429)
#: A page with more visible characters, or more ways on, is a page of the portal: an article *about* maintenance is audited.
_BARE_CHARACTERS, _BARE_WAYS = 1_500, 8
_LOGIN_ADDRESS = re.compile(
    r"(log-?in|sign-?in|dang-?nhap|/sso\b|//sso\.|/cas\b|oauth|openid|/auth(orize)?\b|//xacthuc|saml)", re.IGNORECASE
)
#: Headers by which firewalls name their own answers.
_CHALLENGES = {"cf-mitigated": "challenge", "x-amzn-waf-action": "", "x-sucuri-block": ""}


def page_state(loaded: Loaded, in_scope: Callable[[str], bool]) -> tuple[PageState, str]:
    """The state of a page as far as its answer tells, and a detail for people (a status, an error, an address)."""
    if loaded.error is not None:
        return _ERRORS.get(loaded.error, PageState.HTTP_ERROR), f"{loaded.error}: {loaded.detail}"
    if not in_scope(loaded.url):
        return (PageState.LOGIN if _leads_to_login(loaded) else PageState.OFF_SITE), loaded.url
    if (challenge := _challenge(loaded)) is not None:
        return PageState.BLOCKED, challenge
    status = loaded.status
    if status is not None and status >= 400:
        if status in (401, 407):
            return PageState.LOGIN, str(status)
        if status == 503 and _speaks_of_maintenance(loaded):
            return PageState.MAINTENANCE, str(status)
        return (PageState.BLOCKED if status in _REFUSALS else PageState.HTTP_ERROR), str(status)
    kind = loaded.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind and kind not in _HTML:
        return PageState.NOT_HTML, kind
    if loaded.body is not None and not loaded.body.strip():
        return PageState.NOT_HTML, "empty"
    return PageState.AUDITED, ""


def sight_state(loaded: Loaded, look: Look) -> tuple[PageState, str]:
    """The state of a page that answered as if all were well, from what stands on it: a firewall's page, a notice of maintenance, a
    log-in where another page was asked for, or the words that there is no such page."""
    if _asks_to_log_in(loaded, look):
        return PageState.LOGIN, loaded.url
    if look.characters <= _BARE_CHARACTERS and len(look.ways) <= _BARE_WAYS:
        said = f"{look.title} {look.heading} {look.text}"
        if words := phrases("blocked_pages").found_in(said):
            return PageState.BLOCKED, words
        if words := phrases("maintenance").found_in(said):
            return PageState.MAINTENANCE, words
    missing = phrases("missing_pages")
    if missing.is_one(look.heading) or (missing.is_one(look.title) and look.characters <= _BARE_CHARACTERS):
        return PageState.HTTP_ERROR, f"200, {look.heading or look.title}"
    return PageState.AUDITED, ""


def _challenge(loaded: Loaded) -> str | None:
    headers = {name.lower(): value for name, value in loaded.headers.items()}
    return next((f"{name}: {headers[name]}" for name, value in _CHALLENGES.items() if name in headers and value in headers[name]), None)


def _speaks_of_maintenance(loaded: Loaded) -> bool:
    return bool(loaded.body and phrases("maintenance").found_in(loaded.body[:100_000].decode("utf-8", "replace")))


def _leads_to_login(loaded: Loaded) -> bool:
    return not _LOGIN_ADDRESS.search(loaded.requested) and bool(_LOGIN_ADDRESS.search(loaded.url))


def _asks_to_log_in(loaded: Loaded, look: Look) -> bool:
    """Whether another page was asked for, and a log-in came: the log-in page itself is a page like others."""
    elsewhere = urlsplit(urls.key(loaded.url)).path != urlsplit(urls.key(loaded.requested)).path
    return elsewhere and any(form.password for form in look.forms) and _leads_to_login(loaded)
