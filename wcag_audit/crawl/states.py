"""What became of a page: audited, or why not. Pure functions of what opening it gave."""

from __future__ import annotations

from collections.abc import Callable

from wcag_audit.browser.port import Loaded, LoadError
from wcag_audit.model import PageState

_ERRORS = {
    LoadError.TIMEOUT: PageState.TIMEOUT,
    LoadError.CRASHED: PageState.CRASHED,
    LoadError.DOWNLOAD: PageState.NOT_HTML,
}
_HTML = ("text/html", "application/xhtml+xml")


def page_state(loaded: Loaded, in_scope: Callable[[str], bool]) -> tuple[PageState, str]:
    """The state of a page as far as its answer tells, and a detail for people (a status, an error, an address)."""
    if loaded.error is not None:
        return _ERRORS.get(loaded.error, PageState.HTTP_ERROR), f"{loaded.error}: {loaded.detail}"
    if not in_scope(loaded.url):
        return PageState.OFF_SITE, loaded.url
    status = loaded.status
    if status is not None and status >= 400:
        if status in (401, 407):
            return PageState.LOGIN, str(status)
        return (PageState.BLOCKED if status in (403, 429) else PageState.HTTP_ERROR), str(status)
    kind = loaded.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind and kind not in _HTML:
        return PageState.NOT_HTML, kind
    if loaded.body is not None and not loaded.body.strip():
        return PageState.NOT_HTML, "empty"
    return PageState.AUDITED, ""
