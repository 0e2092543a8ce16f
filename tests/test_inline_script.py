"""What inline handlers do, as far as their text tells."""

from __future__ import annotations

import pytest

from wcag_audit.inline_script import Call, Scripts, calls, change_of_context, code, does_nothing, only_call, same_function, without_strings


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


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        ("window.location.href = x", "navigates"),
        ("location.assign(x)", "navigates"),
        ("this.form.submit()", "submits"),
        ("__doPostBack('', '')", "submits"),
        ("window.open(x)", "opens"),
        ("open('')", "opens"),
        ("open(this.value)", "opens"),
        ("open()", ""),
        ("open(this)", ""),
        ("mylocation = x; reopen(x)", ""),
        ("if (location.href == x) hien()", ""),
    ],
)
def test_changes_of_context(script: str, kind: str) -> None:
    assert change_of_context(script) == kind


def test_functions_of_a_page_that_are_called_open_or_submit() -> None:
    declared = "const open = (lich) => { lich.hidden = false }; function submit() { ghi(); } function gui() { submit(); }"
    scripts = Scripts(f"<script>{declared}</script>")
    assert scripts.own == {"open", "submit"}
    assert change_of_context(scripts.unfolded("open(this.value)"), scripts.own) == ""
    assert change_of_context(scripts.unfolded("gui()"), scripts.own) == ""
    assert change_of_context(scripts.unfolded("gui()")) == "submits"
    sends = Scripts("<script>function submit() { phieu.submit(); } function gui() { submit(); }</script>")
    assert change_of_context(sends.unfolded("gui()"), sends.own) == "submits"


SOURCE = """<script src="/a.js">function ngoai() { bo(); }</script>
<script>
// function ghiChu() {}
function mo(o) { if (o) { window.open("/}" + o.value); } }
var gui = function () { form.submit(); };
var muc = document.getElementById("muc");
muc.addEventListener("change", function () { mo(this); });
document.getElementById('tinh').onchange = gui;
$("#xa").on("change", () => { location.href = "/x"; });
jQuery('#huyen').change(function () { tai(); });
</script>"""


def test_functions_of_inline_scripts() -> None:
    scripts = Scripts(SOURCE)
    assert set(scripts.functions) == {"mo", "gui"}
    assert scripts.functions["mo"].strip() == 'if (o) { window.open("/}" + o.value); }'
    assert change_of_context(without_strings(scripts.unfolded("mo(this)"))) == "opens"
    assert scripts.unfolded("tai()") == "tai()"


def test_handlers_attached_by_inline_scripts() -> None:
    attached = [(one.selector, one.event, one.body.strip()) for one in Scripts(SOURCE).attached]
    assert attached == [
        ("#muc", "change", "mo(this);"),
        ("#tinh", "change", "form.submit();"),
        ("#xa", "change", 'location.href = "/x";'),
        ("#huyen", "change", "tai();"),
    ]


@pytest.mark.parametrize(
    ("script", "selector"),
    [
        ("document.querySelector('select.tinh').addEventListener('change', function () { di(); })", "select.tinh"),
        ("document.querySelectorAll('select').forEach(o => { o.onchange = () => { di(); } })", "select"),
        ("document.querySelectorAll('.o').forEach(function (o) { o.addEventListener('change', function () { di(); }) })", ".o"),
        ("var o = document.getElementsByClassName('o')[0]; o.onchange = function () { di(); }", ".o"),
        ("$('.o').on('change', function () { di(); })", ".o"),
        ("$(document).on('change', '#o', function () { di(); })", "#o"),
    ],
)
def test_the_ways_in_which_scripts_name_elements(script: str, selector: str) -> None:
    assert [(one.selector, one.event) for one in Scripts(f"<script>{script}</script>").attached] == [(selector, "change")]


@pytest.mark.parametrize(
    ("script", "timers"),
    [
        ("setTimeout(\"location.href='/x'\", 20000)", [(20000, "location.href='/x'", True)]),
        ("window.setTimeout(function () { di(); }, 2 * 1000);", [(2000, " di(); ", True)]),
        ("setInterval(() => location.reload(), 60000)", [(60000, "location.reload()", True)]),
        ("function di() { location = '/x'; } window.onload = function () { setTimeout(di, 9000); }", [(9000, " location = '/x'; ", True)]),
        ("function bat() { setTimeout(function () { di(); }, 5000); }", [(5000, " di(); ", False)]),
        ("o.onclick = function () { setTimeout(di, 5000); }", [(5000, "", False)]),
        ("setTimeout(di, cho)", []),
    ],
)
def test_timers(script: str, timers: list[tuple[int, str, bool]]) -> None:
    scripts = Scripts(f"<script>{script}</script>")
    assert [(timer.after, timer.script, scripts.starts(timer)) for timer in scripts.timers] == timers


def test_a_timer_in_a_function_that_the_body_calls_on_load_starts() -> None:
    scripts = Scripts("<script>function di() { setTimeout('location = 1', 9000); }</script>")
    assert [scripts.starts(timer, on_load) for timer in scripts.timers for on_load in ("di()", "khac()")] == [True, False]


def test_a_variable_that_stands_for_two_things_stands_for_none() -> None:
    twice = "var o = document.getElementById('a'); o = document.getElementById('b'); o.onchange = function () { di(); }"
    assert Scripts(f"<script>{twice}</script>").attached == ()


def test_a_block_that_does_not_end_is_read_to_its_end() -> None:
    assert Scripts("<script>function mo() { window.open('/x')</script>").functions["mo"].strip() == "window.open('/x')"


def test_calls_of_the_pages_own_functions() -> None:
    assert calls("if (event.key === 'Enter') { tim(\"a\"); window.open('x') }") == {Call("tim", "'a'")}
    assert calls("xep(document.getElementById('s').value)") == {Call("xep", "document.getElementById('s').value")}
    assert only_call("return mo(event);") == only_call("javascript: mo()") == Call("mo", "")
    assert only_call("mo(); dong()") is None
    assert [call.is_fixed for call in (Call("mo", "'a',2"), Call("mo", "this.value"), Call("mo", ""))] == [True, False, False]


def test_handlers_of_the_whole_page() -> None:
    source = "<script>document.addEventListener('keydown', (e) => { dong(); }); $(document).on('keyup', function () { mo(); });</script>"
    assert [(one.event, one.body.strip()) for one in Scripts(source).of_the_page] == [("keydown", "dong();"), ("keyup", "mo();")]
