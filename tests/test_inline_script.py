"""What inline handlers do, as far as their text tells."""

from __future__ import annotations

import pytest

from wcag_audit.inline_script import code, does_nothing, same_function, without_strings


@pytest.mark.parametrize(
    "handler",
    [
        "",
        ";",
        "return false;",
        "void(0)",
        "javascript:void(0);",
        "event.stopPropagation(); return false",
        "gtag('event', 'click'); return true;",
        "/* chỉ đếm */ trackEvent('menu', 1)",
        "dataLayer.push({event: 'x'})",
        "if (window.ga) { ga('send', 'event'); }",
    ],
)
def test_handlers_without_effect(handler: str) -> None:
    assert does_nothing(handler)


@pytest.mark.parametrize(
    "handler", ["moBang()", "location.href='/nop'", "gtag('event'); moBang()", "javascript:moBang()", "if (mo) { moBang() }"]
)
def test_handlers_with_effect(handler: str) -> None:
    assert not does_nothing(handler)


def test_texts_are_not_read_as_calls() -> None:
    assert without_strings("hien('this.blur()'); x(\"location.href\")") == "hien(''); x('')"


def test_addresses_in_texts_are_no_comments() -> None:
    assert code("window.open('https://example.vn/a')") == "window.open('https://example.vn/a')"


def test_same_function_in_other_words() -> None:
    assert same_function("return moBang('1');") == same_function('javascript: moBang("1"); return false;')
    assert same_function("moBang(1)") != same_function("moBang(2)")
