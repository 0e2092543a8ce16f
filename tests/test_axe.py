from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browsing import Browsing
from tests.snapshots import snapshot
from wcag_audit import axe
from wcag_audit.browser.find import LAUNCH_ARGS, find_browser
from wcag_audit.engine import evaluate
from wcag_audit.gather.axe import axe_source
from wcag_audit.merge import MEANINGS
from wcag_audit.model import Artifact, Outcome, Target, Text, Verdict, say
from wcag_audit.serve import FolderSite, serving
from wcag_audit.wcag import CRITERIA

FAILED, PASSED, CANT_TELL = Verdict.FAILED, Verdict.PASSED, Verdict.CANT_TELL
UNTESTED, INAPPLICABLE = Verdict.UNTESTED, Verdict.INAPPLICABLE

HAS_ALT = {"id": "has-alt", "message": "Element does not have an alt attribute", "data": None}


def check(id: str, data: Any = None, message: str = "axe's words") -> dict[str, Any]:
    return {"id": id, "message": message, "data": data}


def node(*none: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"target": ["#it"], "html": "<p>", "impact": "serious", "any": [], "all": [], "none": list(none), "dom": None, **fields}


def result(rule: str, *nodes: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"id": rule, "nodes": list(nodes), **fields}


def artifact(**lists: Any) -> Artifact:
    return Artifact(data={"axe": "4.12.1", "violations": [], "incomplete": [], "passes": [], "inapplicable": [], **lists})


def locate(index: int) -> Target:
    return Target(selector=f"#n{index}", name=f"element {index}")


def told(recorded: Artifact, rule: str) -> list[Outcome]:
    """The outcomes of one rule."""
    return [outcome for outcome in axe.outcomes(recorded, locate, "p1") if outcome.rule == f"axe/{rule}"]


def violation(rule: str, found: dict[str, Any]) -> Outcome:
    [outcome] = told(artifact(violations=[result(rule, found)]), rule)
    return outcome


def question(rule: str, found: dict[str, Any]) -> Outcome:
    [outcome] = told(artifact(incomplete=[result(rule, found)]), rule)
    return outcome


# Outcomes


def test_a_violation_fails_with_its_proof_in_both_languages() -> None:
    outcome = violation("image-alt", node(any=[HAS_ALT, check("non-empty-title", {"messageKey": "noAttr"}, "No title.")], dom=7))
    assert (outcome.verdict, outcome.message, outcome.criteria, outcome.page) == (FAILED, "failed", ("1.1.1",), "p1")
    assert outcome.sources == ("axe",)
    assert outcome.target == locate(7)
    assert outcome.values["detail.vi"] == "Không có thuộc tính alt; Không có thuộc tính title"
    assert outcome.values["detail.en"] == "Element does not have an alt attribute; No title"
    assert outcome.values["impact"] == "serious"
    said = say(axe.rule_infos()["axe/image-alt"], outcome)
    assert said.what.vi == "Ảnh không có văn bản thay thế: Không có thuộc tính alt; Không có thuộc tính title."
    assert "alt=" in said.mend.en


def test_compared_data_are_kept_and_fill_the_vietnamese_text() -> None:
    data = {"messageKey": "hasRoleSingular", "role": "none", "prohibited": "aria-label"}
    outcome = violation("aria-prohibited-attr", node(any=[check("aria-prohibited-attr", data)]))
    assert outcome.values["aria-prohibited-attr.prohibited"] == "aria-label"
    assert "aria-prohibited-attr.messageKey" not in outcome.values
    assert outcome.values["detail.vi"] == 'Không được dùng aria-label với vai trò "none"'


def test_what_the_page_wrote_is_bounded() -> None:
    outcome = violation("duplicate-id", node(any=[check("duplicate-id", "x" * 5000)], html="<p>" * 5000))
    assert outcome.target is not None and len(outcome.target.html) == 400
    assert max(len(value) for value in outcome.values.values()) == 300


def test_incomplete_is_a_question_and_never_a_pass() -> None:
    outcome = question("td-headers-attr", node(all=[check("td-headers-attr")], none=[]))
    assert (outcome.verdict, outcome.message) == (CANT_TELL, "open")
    assert outcome.values["detail.vi"] == "Thuộc tính headers rỗng"


def test_what_axe_only_reviews_is_told_with_the_text_of_the_failure() -> None:
    outcome = question("bypass", node(any=[check("internal-link-present"), check("header-present"), check("landmark")]))
    assert outcome.verdict is CANT_TELL
    assert "Trang không có tiêu đề (h1–h6)" in outcome.values["detail.vi"]


def test_a_duplicate_id_that_axe_only_reviews_is_proof_for_parsing() -> None:
    outcome = question("duplicate-id-aria", node(any=[check("duplicate-id-aria", "ho-ten")]))
    assert (outcome.verdict, outcome.criteria) == (FAILED, ("4.1.1",))
    assert outcome.values["detail.vi"].endswith("trỏ tới: ho-ten")


def test_passes_and_inapplicable_are_one_outcome_for_the_rule() -> None:
    recorded = artifact(passes=[{"id": "image-alt", "count": 12}], inapplicable=["marquee"])
    [passed], [inapplicable] = told(recorded, "image-alt"), told(recorded, "marquee")
    assert (passed.verdict, passed.target, passed.values) == (PASSED, None, {"count": "12"})
    assert (inapplicable.verdict, inapplicable.target) == (INAPPLICABLE, None)


def test_a_rule_of_which_axe_is_silent_is_untested() -> None:
    found = axe.outcomes(artifact(passes=[{"id": "image-alt", "count": 1}]), locate, "p1")
    untested = {outcome.rule for outcome in found if outcome.verdict is UNTESTED}
    assert untested == {f"axe/{id}" for id in axe.run_options()["runOnly"]["values"]} - {"axe/image-alt"}


def test_an_artifact_that_failed_leaves_every_rule_untested_with_the_reason() -> None:
    found = axe.outcomes(Artifact(error="timeout after 30 s"), locate, "p1")
    assert {outcome.verdict for outcome in found} == {UNTESTED}
    assert {criterion for outcome in found for criterion in outcome.criteria} >= {"1.1.1", "2.4.4", "4.1.1", "4.1.2"}
    assert found[0].values["reason.vi"] == "axe không chạy được trên trang (timeout after 30 s)"
    assert "timeout after 30 s" in say(axe.rule_infos()[found[0].rule], found[0]).what.en


def test_a_rule_that_broke_inside_axe_is_untested() -> None:
    broken = {"message": "boom Skipping image-alt rule.", "name": "Error"}
    by_check = told(artifact(incomplete=[result("image-alt", node(check("error-occurred", broken)))]), "image-alt")
    by_rule = told(artifact(incomplete=[result("image-alt", node(), error=broken)]), "image-alt")
    assert by_check == by_rule
    assert [outcome.verdict for outcome in by_rule] == [UNTESTED]
    assert "boom" in by_rule[0].values["reason.en"]


def test_rules_that_were_not_asked_for_are_left_out() -> None:
    recorded = artifact(violations=[result("blink", node())], incomplete=[result("region", node())], inapplicable=["color-contrast"])
    assert {outcome.verdict for outcome in axe.outcomes(recorded, locate, "p1")} == {UNTESTED}


# Doubts


@pytest.mark.parametrize(
    ("rule", "found", "verdict"),
    [
        ("scrollable-region-focusable", node(any=[check("focusable-content")]), CANT_TELL),
        ("scrollable-region-focusable", node(any=[check("focusable-content")], html='<div tabindex="-1" class="cuon">…</div>'), FAILED),
        ("image-alt", node(check("alt-space-value")), CANT_TELL),
        ("image-alt", node(check("alt-space-value"), any=[HAS_ALT]), FAILED),
        ("nested-interactive", node(any=[check("no-focusable-content", {"messageKey": "notHidden"})]), CANT_TELL),
        ("nested-interactive", node(any=[check("no-focusable-content")]), FAILED),
        ("html-lang-valid", node(check("valid-lang", ['xml:lang="vn"'])), CANT_TELL),
        ("html-lang-valid", node(check("valid-lang", ['lang="vn"', 'xml:lang="vn"'])), FAILED),
        ("frame-title", node(any=[check("aria-label")], html='<iframe src="/x" width="0" height="0"></iframe>'), CANT_TELL),
        ("frame-title", node(any=[check("aria-label")], html='<iframe src="/x" style="width: 1px; height: 1px;"></iframe>'), CANT_TELL),
        ("frame-title", node(any=[check("aria-label")], html='<iframe src="/x" width="100%" height="180"></iframe>'), FAILED),
        ("frame-title", node(any=[check("aria-label")], html='<iframe src="/x" style="width: 100px; border-width: 0;"></iframe>'), FAILED),
        ("aria-hidden-focus", node(all=[check("focusable-not-tabbable")], html='<div tabindex="0" aria-hidden="true"></div>'), CANT_TELL),
        (
            "aria-hidden-focus",
            node(all=[check("focusable-not-tabbable")], html='<div aria-hidden="true"><a href="/">Xem</a></div>'),
            FAILED,
        ),
        ("list", node(check("only-listitems", {"values": "div"}), html='<ul class="menu">'), CANT_TELL),
        ("list", node(check("only-listitems", {"values": "div"}), html="<ul><div></div>\n<li>Hồ sơ</li></ul>"), CANT_TELL),
        ("list", node(check("only-listitems", {"values": "div"}), html="<ul>\n<div>Hồ sơ</div>\n</ul>"), FAILED),
        ("object-alt", node(any=[check("aria-label")], html='<object data="a.pdf"><a href="a.pdf">Tải biểu mẫu</a></object>'), CANT_TELL),
        ("object-alt", node(any=[check("aria-label")], html='<object data="a.swf" class="long">'), CANT_TELL),
        ("object-alt", node(any=[check("aria-label")], html='<object data="a.png">\n<param name="x">\n</object>'), FAILED),
        ("link-name", node(any=[check("has-visible-text")], html='<a href="/"><svg><text y="9">Xem</text></svg></a>'), CANT_TELL),
        ("link-name", node(any=[check("has-visible-text")], html='<a href="/"><svg aria-hidden="true"><text>Xem</text></svg></a>'), FAILED),
        ("td-headers-attr", node(all=[check("td-headers-attr", {"messageKey": "cell-header-not-th"})]), CANT_TELL),
        ("td-headers-attr", node(all=[check("td-headers-attr", {"messageKey": "cell-header-not-in-table"})]), FAILED),
    ],
)
def test_a_finding_that_is_no_proof_becomes_a_question(rule: str, found: dict[str, Any], verdict: Verdict) -> None:
    outcome = violation(rule, found)
    assert outcome.verdict is verdict
    said = say(axe.rule_infos()[outcome.rule], outcome)
    assert ("because.vi" in outcome.values) == (verdict is CANT_TELL)
    assert "{because}" not in said.what.vi + said.what.en


def test_what_recordings_settle_is_only_ever_a_question_here() -> None:
    settled = {id for meaning in MEANINGS.values() for id in meaning.settles}
    assert settled == {
        "aria-hidden-focus", "bypass", "frame-title-unique", "marquee", "no-autoplay-audio", "scrollable-region-focusable",
        "server-side-image-map", "video-caption",
    }
    assert {question(id, node()).verdict for id in settled} == {CANT_TELL}


# Questions that need nobody

GONE = {"messageKey": "noId", "needsReview": 'aria-describedby="goi-y"'}


@pytest.mark.parametrize(
    ("html", "idle", "left"),
    [
        ('<input aria-label="Tìm" aria-describedby="goi-y">', False, 0),
        ('<input aria-labelledby="nhan" aria-describedby="goi-y">', False, 1),
        ('<input aria-labelledby="nhan">', False, 1),
        ('<div class="collapse" aria-labelledby="nhan">Nộp hồ sơ</div>', True, 0),
        ('<div role="dialog" aria-labelledby="nhan">Nộp hồ sơ</div>', False, 1),
    ],
)
def test_a_reference_that_leads_nowhere_is_a_question_only_where_a_name_may_be_lost(html: str, idle: bool, left: int) -> None:
    recorded = artifact(incomplete=[result("aria-valid-attr-value", node(check("aria-valid-attr-value", GONE), html=html, dom=3))])
    all_ = axe.outcomes(recorded, locate, "p1", {"idle": lambda _: idle})
    found = [outcome for outcome in all_ if outcome.rule == "axe/aria-valid-attr-value"]
    assert [outcome.verdict for outcome in found] == ([CANT_TELL] if left else [PASSED])
    assert left or found[0].values == {"count": "1"}


OPENS = ['aria-expanded="false"']
ACTIVE = ['aria-activedescendant="ds-muc--1"']


@pytest.mark.parametrize(
    ("rule", "found", "left"),
    [
        ("aria-allowed-attr", node(all=[check("aria-allowed-attr", ['aria-level="1"'])]), 0),
        ("aria-allowed-attr", node(all=[check("aria-allowed-attr", ['aria-level="1"', 'aria-expanded="true"'])]), 1),
        ("aria-allowed-attr", node(all=[check("aria-allowed-attr", OPENS)], html='<input id="a" type="radio">'), 0),
        ("aria-allowed-attr", node(all=[check("aria-allowed-attr", OPENS)], html='<input type="radio" role="switch">'), 1),
        ("aria-allowed-attr", node(all=[check("aria-allowed-attr", OPENS)], html='<p type="radio">'), 1),
        ("aria-valid-attr-value", node(all=[check("aria-valid-attr-value", {"messageKey": "empty", "needsReview": "aria-sort"})]), 0),
        ("aria-valid-attr-value", node(all=[check("aria-valid-attr-value", {"messageKey": "empty", "needsReview": "aria-checked"})]), 1),
        ("aria-valid-attr-value", node(all=[check("aria-valid-attr-value", ACTIVE)], html='<input aria-expanded="false">'), 0),
        ("aria-valid-attr-value", node(all=[check("aria-valid-attr-value", ACTIVE)], html='<input aria-expanded="true">'), 1),
        ("aria-input-field-name", node(check("no-implicit-explicit-label", "slider"), html='<div role="slider" aria-label="Giờ">'), 0),
        ("aria-input-field-name", node(check("no-implicit-explicit-label", "slider"), html='<div role="slider" aria-label=" ">'), 1),
    ],
)
def test_an_attribute_by_which_no_name_role_or_state_is_lost_asks_nobody(rule: str, found: dict[str, Any], left: int) -> None:
    assert [outcome.verdict for outcome in told(artifact(incomplete=[result(rule, found)]), rule)] == [CANT_TELL if left else PASSED]


@pytest.mark.parametrize(("role", "verdicts"), [("heading", [PASSED]), ("checkbox", [CANT_TELL])])
def test_a_heading_without_a_level_is_told_as_one(role: str, verdicts: list[Verdict]) -> None:
    found = result("aria-required-attr", node(any=[check("aria-required-attr")], html=f'<p class="muc" role="{role}">Nội dung</p>'))
    assert [outcome.verdict for outcome in told(artifact(violations=[found]), "aria-required-attr")] == verdicts


TABLE = "<thead><tr><th>Tên</th><th>Thao tác</th></tr></thead><tr><td>Khai sinh</td></tr>"


@pytest.mark.parametrize(
    ("table", "verdict"),
    [
        (TABLE, PASSED),
        (f"{TABLE}<tfoot><tr><th>Tên</th><th>Thao tác</th></tr></tfoot>", PASSED),
        (f"{TABLE}<tr><th>Cư trú</th><td>Sửa</td></tr>", PASSED),
        (f"{TABLE}<tr><th>Cư trú</th><th>Sửa</th></tr>", CANT_TELL),
        (TABLE.replace("<td", '<td headers="ten"'), CANT_TELL),
        ("<thead><tr><th>Lệ phí</th><th>50.000 đồng</th></tr></thead>", CANT_TELL),
    ],
)
def test_a_header_over_nothing_asks_nobody_where_the_table_keeps_its_headers_apart(table: str, verdict: Verdict) -> None:
    nodes: list[dict[str, Any]] = [{"p": -1, "t": "html"}, {"p": 0, "t": "body"}, {"p": 1, "t": "table"}]
    open_ = [2]
    for close, tag, headers, text in re.findall(r'<(/?)(\w+)(?: headers="(\w+)")?>|([^<]+)', table):
        if close:
            open_.pop()
        elif tag:
            nodes.append({"p": open_[-1], "t": tag, "a": {"headers": headers} if headers else {}})
            open_.append(len(nodes) - 1)
        else:
            nodes.append({"p": open_[-1], "t": "#text", "x": text})
    page = snapshot(nodes, axe=artifact(incomplete=[result("th-has-data-cells", node(any=[check("th-has-data-cells")], dom=2))]))
    assert [one.verdict for one in evaluate(page, ()).outcomes if one.rule == "axe/th-has-data-cells"] == [verdict]


@pytest.mark.parametrize(("title", "verdict"), [("Tháng trước", PASSED), ("", FAILED)])
def test_a_picture_in_a_button_with_a_name_of_its_own_is_no_failure(title: str, verdict: Verdict) -> None:
    button = {"p": 1, "t": "button", "a": {"title": title}, "f": 1, "r": "button", "n": title}
    nodes = [{"p": -1, "t": "html"}, {"p": 0, "t": "body"}, button, {"p": 2, "t": "span", "a": {"role": "img"}, "r": "img"}]
    page = snapshot(nodes, axe=artifact(violations=[result("role-img-alt", node(any=[check("aria-label")], dom=3))]))
    assert [one.verdict for one in evaluate(page, ()).outcomes if one.rule == "axe/role-img-alt"] == [verdict]


@pytest.mark.parametrize(("name", "verdict"), [("Tỉnh: Đồng Nai", PASSED), ("", FAILED)])
def test_what_a_named_combobox_shows_of_its_value_needs_no_name(name: str, verdict: Verdict) -> None:
    combobox = {"p": 1, "t": "span", "a": {"role": "combobox"}, "f": 1, "r": "combobox", "n": name}
    nodes = [{"p": -1, "t": "html"}, {"p": 0, "t": "body"}, combobox, {"p": 2, "t": "span", "a": {"role": "textbox"}, "r": "textbox"}]
    page = snapshot(nodes, axe=artifact(violations=[result("aria-input-field-name", node(any=[check("aria-label")], dom=3))]))
    assert [one.verdict for one in evaluate(page, ()).outcomes if one.rule == "axe/aria-input-field-name"] == [verdict]


@pytest.mark.parametrize(("inner", "verdict"), [("Chép đường dẫn", PASSED), ("Chép", CANT_TELL)])
def test_a_label_that_is_read_inside_all_the_same_asks_nobody(inner: str, verdict: Verdict) -> None:
    box = {"p": 1, "t": "div", "a": {"aria-label": "Chép đường dẫn"}, "r": "generic"}
    nodes = [{"p": -1, "t": "html"}, {"p": 0, "t": "body"}, box, {"p": 2, "t": "button", "f": 1, "r": "button", "n": inner}]
    found = result("aria-prohibited-attr", node(check("aria-prohibited-attr"), dom=2))
    page = snapshot(nodes, axe=artifact(incomplete=[found]))
    assert [one.verdict for one in evaluate(page, ()).outcomes if one.rule == "axe/aria-prohibited-attr"] == [verdict]


def test_a_question_without_an_element_is_no_answer() -> None:
    [outcome] = told(artifact(incomplete=[result("bypass")]), "bypass")
    assert outcome.verdict is UNTESTED


def test_where_the_tree_was_cut_a_name_that_is_not_found_may_be_there() -> None:
    whole = [{"p": -1, "t": "html"}, {"p": 0, "t": "body"}, {"p": 1, "t": "div", "a": {"aria-labelledby": "nhan"}}]
    gone = check("aria-valid-attr-value", {"messageKey": "noId", "needsReview": 'aria-labelledby="nhan"'})
    asked = result("aria-valid-attr-value", node(gone, html='<div aria-labelledby="nhan">', dom=2))
    page = snapshot(whole, axe=artifact(incomplete=[asked]))
    verdicts = []
    for why in ("", "nodes: more than 25000"):
        page.artifacts["dom"].data["frames"][0]["truncated"] = why
        verdicts += [one.verdict for one in evaluate(page, ()).outcomes if one.rule == "axe/aria-valid-attr-value"]
    assert verdicts == [PASSED, CANT_TELL]


NAMED = """<!DOCTYPE html><html lang="vi"><head><title>Trang</title></head><body><main><h1 id="dau">Thủ tục</h1>
<div id="khung" aria-labelledby="dau">Nội dung</div><div id="khong" aria-labelledby="mat">Nội dung</div>
<div id="nhan" aria-label="Năm sao">★★★★★</div><p hidden id="an">Bốn sao</p><div id="giau" aria-labelledby="an">★★★★</div>
<div id="bam" tabindex="0" aria-labelledby="dau">Mở</div></main></body></html>"""


def test_a_name_on_what_is_no_component_is_a_question_only_where_its_words_are_lost(tmp_path: Path, browsing: Browsing) -> None:
    (tmp_path / "index.html").write_text(NAMED, "utf-8")
    with serving(FolderSite(tmp_path)) as served:
        _, judged = browsing.judge(served.url, ())
    asked = {str(outcome.target) for outcome in judged.outcomes if outcome.rule.startswith("axe/aria-") and outcome.verdict is CANT_TELL}
    assert asked == {"#nhan", "#giau", "#bam"}


SETTLED = """<!DOCTYPE html><html lang="vi"><head><title>Trang</title></head><body><main><h1>Thủ tục</h1>
<button id="ten" aria-labelledby="mat">Tìm kiếm</button><div id="hop" role="dialog" aria-labelledby="mat"><p>Hướng dẫn</p></div>
<div id="ben" role="sidebar"><p>Tin liên quan</p><a href="/tin">Xem</a></div>
<div id="nut" role="nut" tabindex="0">Mở</div><ul id="the" role="cac-the"><li tabindex="0">Một</li></ul>
<p><label for="hai">Số căn cước</label> <label for="hai">(12 chữ số)</label> <input id="hai"></p>
<label for="ngay">Ngày cấp</label> <p><label for="ngay">Ngày</label> <input id="ngay"> <label>Tháng <input></label></p>
<label for="khac">Họ tên</label> <label for="khac">(chữ in hoa)</label> <input id="khac" aria-label="Họ tên">
</main></body></html>"""


def test_what_the_tree_settles_is_no_question(tmp_path: Path, browsing: Browsing) -> None:
    (tmp_path / "index.html").write_text(SETTLED, "utf-8")
    with serving(FolderSite(tmp_path)) as served:
        _, judged = browsing.judge(served.url, ())
    asked = {(outcome.rule[4:], str(outcome.target)) for outcome in judged.outcomes if outcome.verdict is CANT_TELL}
    kept = {
        ("aria-valid-attr-value", "#hop"), ("aria-roles", "#nut"), ("aria-roles", "#the"),
        ("form-field-multiple-labels", "#ngay"), ("form-field-multiple-labels", "#khac"),
    }
    assert {one for one in asked if one[0] in {rule for rule, _ in kept}} == kept


LISTED = """<!DOCTYPE html><html lang="vi"><head><title>Trang</title></head><body><main><h1>Thủ tục</h1>
<ul><div><div><li>Tờ khai</li></div><div><li>Bản sao</li></div></div></ul>
<dl><div><div><dt>Lệ phí</dt><dd>Không</dd></div></div></dl>
<ul id="la"><div>Giấy tờ</div><div><li>Tờ khai</li></div></ul>
<ul id="bang"><table><tr><td><li id="o">Tờ khai</li></td></tr></table></ul>
<div><li id="le">Tờ khai</li></div><div><dt id="dt">Lệ phí</dt></div>
</main></body></html>"""


def test_items_are_told_within_their_list_through_elements_without_a_role(tmp_path: Path, browsing: Browsing) -> None:
    (tmp_path / "index.html").write_text(LISTED, "utf-8")
    with serving(FolderSite(tmp_path)) as served:
        _, judged = browsing.judge(served.url, ())
    rules = {"axe/list", "axe/listitem", "axe/definition-list", "axe/dlitem"}
    told = {(one.rule[4:], str(one.target), one.verdict) for one in judged.outcomes if one.rule in rules and one.target is not None}
    assert told == {
        ("list", "#la", CANT_TELL), ("list", "#bang", CANT_TELL), ("listitem", "#o", FAILED), ("listitem", "#le", FAILED),
        ("dlitem", "#dt", FAILED),
    }


OWNED = """<!DOCTYPE html><html lang="vi"><head><title>Trang</title></head><body><main><h1>Thủ tục</h1>
<ul role="tablist" aria-label="Mục"><li><a href="#a" role="tab" aria-selected="true">Hồ sơ</a></li>
<li><a href="#b" role="tab" aria-selected="false">Kết quả</a></li></ul>
<div role="tablist"><ul role="presentation"><li><a href="#g" role="tab" aria-selected="true">Biểu mẫu</a></li></ul></div>
<ul role="menu" aria-label="Tệp" id="lan"><li><a href="#c" role="menuitem">Mở</a></li><li id="le"><a href="#d">Lưu</a></li>
<li class="vach"></li></ul>
<ul><li><a href="#e" id="ngoai" role="tab" aria-selected="true">Lệ phí</a></li></ul>
</main></body></html>"""


def test_items_are_told_within_what_owns_them_through_an_li_that_is_none(tmp_path: Path, browsing: Browsing) -> None:
    (tmp_path / "index.html").write_text(OWNED, "utf-8")
    with serving(FolderSite(tmp_path)) as served:
        _, judged = browsing.judge(served.url, ())
    rules = {"axe/aria-required-parent", "axe/aria-required-children", "axe/listitem"}
    told = {(one.rule[4:], str(one.target), one.verdict) for one in judged.outcomes if one.rule in rules and one.target is not None}
    assert told == {
        ("aria-required-parent", "#ngoai", FAILED), ("aria-required-children", "#lan", CANT_TELL), ("listitem", "#le", CANT_TELL)
    }


WORDED = """<!DOCTYPE html><html lang="vi"><head><title>Trang</title><style>.gui::before { content: "Gửi hồ sơ" }
.sao::before { content: "★" / "Đánh dấu" } .thay::after { content: attr(data-chu) } .cam::before { content: "Gửi" / "" }
.tranh::before { content: url("tim-kiem.png") } .hinh::before { content: "\\f002" } .chu::before { content: "e" }</style></head><body>
<main><h1>Thủ tục</h1><button class="gui"></button><button><i class="sao"></i></button><a href="/xoa" class="thay" data-chu="Xóa"></a>
<button id="cam" class="cam"></button><button id="tranh" class="tranh"></button><button id="hinh" class="hinh"></button>
<button id="chu" class="chu"></button><button id="an"><i class="gui" aria-hidden="true"></i></button>
<form><label class="gui" for="so"></label><input id="so"><label class="hinh" for="ma"></label><input id="ma">
<label class="gui" for="chon"></label><select id="chon"><option>A</select></form></main></body></html>"""


def test_words_that_a_style_sheet_writes_are_a_name(tmp_path: Path, browsing: Browsing) -> None:
    (tmp_path / "index.html").write_text(WORDED, "utf-8")
    with serving(FolderSite(tmp_path)) as served:
        _, judged = browsing.judge(served.url, ())
    naming = ("axe/button-name", "axe/link-name", "axe/label", "axe/select-name")
    unnamed = {str(one.target) for one in judged.outcomes if one.rule in naming and one.verdict is FAILED}
    assert unnamed == {"#cam", "#tranh", "#hinh", "#chu", "#an", "#ma"}


WRITTEN_LARGE = """<!DOCTYPE html><HTML LANG="vi"><HEAD><META HTTP-EQUIV="Refresh" CONTENT="300"><TITLE>Trang</TITLE></HEAD><BODY>
<FORM ACTION="/tim"><INPUT TYPE="IMAGE" SRC="/tim.gif" ID="hinh"><INPUT TYPE="Button" VALUE="" ID="nut"></FORM>
<DIV ROLE="IMG" ID="sao">★★</DIV><DIV ROLE="Button" TABINDEX="0" ID="vai"></DIV></BODY></HTML>"""


def test_values_that_html_compares_without_case_are_found_as_they_are_written(tmp_path: Path, browsing: Browsing) -> None:
    (tmp_path / "index.html").write_text(WRITTEN_LARGE, "utf-8")
    with serving(FolderSite(tmp_path)) as served:
        _, judged = browsing.judge(served.url, ())
    found = {outcome.rule: str(outcome.target) for outcome in judged.outcomes if outcome.verdict is FAILED}
    named = {"axe/input-image-alt": "#hinh", "axe/input-button-name": "#nut", "axe/role-img-alt": "#sao", "axe/aria-command-name": "#vai"}
    assert named.items() <= found.items()
    assert "axe/meta-refresh" in found


@pytest.mark.parametrize(("first", "fails"), [("0; url=/moi.html", False), ("30; url=/moi.html", True), ("không; url=/moi.html", True)])
def test_a_refresh_to_which_the_page_never_comes_is_none(first: str, fails: bool, tmp_path: Path, browsing: Browsing) -> None:
    metas = f'<meta http-equiv="refresh" content="{first}"><meta http-equiv="refresh" content="60; url=/khac.html">'
    (tmp_path / "index.html").write_text(f'<!DOCTYPE html><html lang="vi"><head>{metas}<title>Trang cũ</title></head><body></body></html>')
    with serving(FolderSite(tmp_path)) as served:
        _, judged = browsing.judge(served.url, ())
    assert fails is any(one.rule == "axe/meta-refresh" and one.verdict is FAILED for one in judged.outcomes)


# Texts of checks


@pytest.mark.parametrize(
    ("id", "data", "fails", "text"),
    [
        ("aria-valid-attr", ["aria-labeledby", "aria-x"], True, "Tên thuộc tính ARIA không hợp lệ: aria-labeledby, aria-x"),
        (
            "aria-valid-attr-value",
            {"messageKey": "empty", "needsReview": "aria-label"},
            False,
            "Thuộc tính ARIA để rỗng nên bị bỏ qua: aria-label",
        ),
        ("listitem", None, True, "Phần tử li không có phần tử cha là ul hoặc ol"),
        ("has-lang", {"messageKey": "noLang"}, True, "Phần tử html không có thuộc tính lang"),
        ("a-check-of-another-axe", None, True, "axe's words"),
    ],
)
def test_a_check_s_message_in_vietnamese(id: str, data: Any, fails: bool, text: str) -> None:
    found = node(check(id, data))
    outcome = violation("html-has-lang", found) if fails else question("html-has-lang", found)
    assert outcome.values["detail.vi"] == text


# Targets


@pytest.mark.parametrize(
    ("target", "frames", "hosts", "selector"),
    [
        (["#a"], (), (), "#a"),
        (["#frame", "#a"], ("#frame",), (), "#a"),
        ([["#host", "#inner", "a"]], (), ("#host", "#inner"), "a"),
        ([["#host", "iframe"], ["#other", "a"]], ("#host", "iframe"), ("#other",), "a"),
    ],
)
def test_an_element_outside_the_dom_artifact_keeps_axe_s_own_target(
    target: list[Any], frames: tuple[str, ...], hosts: tuple[str, ...], selector: str
) -> None:
    outcome = violation("image-alt", node(any=[HAS_ALT], target=target, html="<img src=x>"))
    assert outcome.target == Target(selector=selector, frames=frames, hosts=hosts, html="<img src=x>")


# Bad data


@pytest.mark.parametrize(
    ("recorded", "words"),
    [
        (Artifact(version=2, data={}), "version 2 is not known"),
        (Artifact(data=None), "Expected `object`"),
        (Artifact(data={"axe": "4.12.1", "violations": [], "passes": [], "inapplicable": []}), "`incomplete`"),
        (artifact(violations=[{"nodes": []}]), "`id` - at `$.violations[0]`"),
        (artifact(violations=[result("image-alt", {"html": "<img>"})]), "`target` - at `$.violations[0].nodes[0]`"),
    ],
)
def test_an_artifact_of_another_shape_is_refused_by_name(recorded: Artifact, words: str) -> None:
    with pytest.raises(ValueError, match=f"^axe artifact: .*{re.escape(words)}"):
        axe.outcomes(recorded, locate, "p1")


GOOD_RULE = {
    "criteria": ["1.1.1"],
    **{field: {"vi": "có", "en": "yes"} for field in ("name", "what", "mend", "why", "open")},
}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"criteria": ["1.4.3"]}, "level A"),
        ({"criteria": []}, "level A"),
        ({"what": {"vi": "có", "en": ""}}, "what is missing"),
        ({"run": False}, "why_not is missing"),
        ({"wat": 1}, "unknown field `wat`"),
        ({"doubt": [{"html": "a"}]}, "because is missing"),
        ({"answered": [{"html": "a"}]}, "because is missing"),
        ({"doubt": [{"because": {"vi": "a", "en": "a"}, "html": "("}]}, "unterminated subpattern"),
    ],
)
def test_a_wrong_edit_of_the_rules_is_refused_by_name(change: dict[str, Any], words: str) -> None:
    assert axe.read_rules({"x": GOOD_RULE})["x"].criteria == ("1.1.1",)
    with pytest.raises(ValueError, match=rf"axe_rules.toml: \[x\]: .*{words}"):
        axe.read_rules({"x": GOOD_RULE | change})


def test_a_wrong_edit_of_the_checks_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"axe_checks.toml: \[x\]: .*`failed`"):
        axe.read_checks({"x": {"failed": "…"}})


# Texts of rules


def texts() -> Iterator[tuple[str, str]]:
    """Every text of the tables, with where it stands."""
    for id, rule in axe.RULES.items():
        for field in msgspec.structs.fields(rule):
            value = getattr(rule, field.name)
            for text in [doubt.because for doubt in value] if field.name == "doubt" else [value]:
                if isinstance(text, Text):
                    yield f"{id}.{field.name}.vi", text.vi
                    yield f"{id}.{field.name}.en", text.en
    for id, check_texts in axe.CHECKS.items():
        for part in (check_texts.fail, check_texts.incomplete):
            yield from ((id, text) for text in ([part] if isinstance(part, str) else part.values()))


def test_texts_are_nfc_and_never_speak_of_conformance() -> None:
    for where, text in texts():
        assert unicodedata.is_normalized("NFC", text), where
        assert not re.search(r"tuân thủ|đạt chuẩn|chứng nhận|không có lỗi\b", text, re.IGNORECASE), where


def test_rule_texts_ask_only_for_what_every_finding_has() -> None:
    for where, text in texts():
        if "." in where:
            assert set(re.findall(r"\{(\w+)\}", text)) <= {"detail"}, where


def test_every_question_is_a_question() -> None:
    for id, rule in axe.RULES.items():
        assert not rule.run or ("?" in rule.open.vi and "?" in rule.open.en), id


def test_help_pages_are_those_of_the_axe_that_ran() -> None:
    assert axe.rule_infos()["axe/image-alt"].help_url == "https://dequeuniversity.com/rules/axe/4.12/image-alt"
    assert axe.rule_infos("4.13.2")["axe/image-alt"].help_url == "https://dequeuniversity.com/rules/axe/4.13/image-alt"


def test_rules_that_do_not_run_are_neither_asked_for_nor_told_of() -> None:
    asked = set(axe.run_options()["runOnly"]["values"])
    assert {f"axe/{id}" for id in asked} == set(axe.rule_infos())
    assert asked.isdisjoint({"blink", "audio-caption", "p-as-heading", "html-xml-lang-mismatch"})
    assert {"duplicate-id", "duplicate-id-active"} <= asked


# The axe-core that ships


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=find_browser().path, args=list(LAUNCH_ARGS))
        yield started
        started.close()


@pytest.fixture(scope="module")
def blank(browser: Browser) -> Page:
    """An empty page with axe-core in it."""
    return with_axe(browser, "<!DOCTYPE html><title>axe</title>")


def with_axe(browser: Browser, html: str) -> Page:
    page = browser.new_page()
    page.set_content(html)
    page.evaluate(axe_source())
    return page


@pytest.fixture(scope="module")
def shipped(blank: Page) -> dict[str, dict[str, Any]]:
    """axe's own rules of level A, by id."""
    rules = blank.evaluate(
        "() => axe._audit.rules.map(r => ({id: r.id, tags: r.tags, review: r.reviewOnFail, act: r.actIds || [],"
        " checks: [...r.any, ...r.all, ...r.none].map(c => c.id || c)}))"
    )
    return {rule["id"]: rule for rule in rules if {"wcag2a", "wcag2a-obsolete"} & set(rule["tags"])}


def test_the_tables_are_for_the_axe_that_ships(blank: Page) -> None:
    assert blank.evaluate("() => axe.version").startswith(f"{axe.AXE_VERSION}.")


def test_every_level_a_rule_of_axe_has_its_table(shipped: dict[str, dict[str, Any]]) -> None:
    assert set(axe.RULES) == set(shipped)
    for id, rule in axe.RULES.items():
        assert rule.review == shipped[id]["review"], id
        assert list(rule.act) == shipped[id]["act"], id


def test_criteria_follow_axe_s_tags_save_where_the_criterion_is_another(shipped: dict[str, dict[str, Any]]) -> None:
    others = {}
    for id, rule in axe.RULES.items():
        tagged = {".".join((tag[4], tag[5], tag[6:])) for tag in shipped[id]["tags"] if re.fullmatch(r"wcag\d{3,4}", tag)}
        if set(rule.criteria) != tagged & set(CRITERIA):
            others[id] = rule.criteria
    assert others == {"area-alt": ("1.1.1", "2.4.4", "4.1.2"), "duplicate-id-aria": ("4.1.1",)}


def test_every_check_of_a_rule_that_runs_is_told_in_vietnamese(blank: Page, shipped: dict[str, dict[str, Any]]) -> None:
    english = blank.evaluate("() => Object.fromEntries(Object.entries(axe._audit.data.checks).map(([id, c]) => [id, c.messages]))")
    used = {check for id, rule in axe.RULES.items() if rule.run for check in shipped[id]["checks"]}
    lacking = []
    for id in sorted(used):
        for kind in ("fail", "incomplete"):
            keys = message_keys(english[id].get(kind))
            text = getattr(axe.CHECKS.get(id, axe.CheckTexts()), kind)
            ours = {"default"} if isinstance(text, str) and text else set(text)
            if keys != ours and not (keys <= {"default"} == ours):
                lacking.append((id, kind, sorted(keys ^ ours)))
    assert lacking == []
    assert set(axe.CHECKS) == used


def message_keys(messages: Any) -> set[str]:
    """The message keys of a check's texts; Vietnamese knows no plural."""
    if not isinstance(messages, dict):
        return {"default"} if messages else set()
    return {"default" if key in ("singular", "plural") else key for key in messages}


DEFECTS = """<!DOCTYPE html><html lang="vn"><head><title>Tra cứu</title><meta http-equiv="refresh" content="900"></head><body><main>
<h1>Tra cứu hồ sơ</h1><img id="logo" src="data:,"><a id="icon" href="/tai"></a><input id="so"><iframe id="khung" srcdoc="<p>a"></iframe>
<p id="hai">một</p><p id="hai">hai</p><marquee id="chay">Thông báo</marquee><div id="sai" role="buton">Gửi</div>
<img src="data:," alt="Sơ đồ"><div id="shadow"></div>
<script>document.getElementById("shadow").attachShadow({mode: "open"}).innerHTML = '<button id="nut"></button>'</script>
</main></body></html>"""


def test_axe_in_a_real_browser(browser: Browser) -> None:
    page = with_axe(browser, DEFECTS)
    raw = page.evaluate("options => axe.run(options)", axe.run_options())
    lists = {
        kind: [{**item, "nodes": [{**each, "dom": None} for each in item["nodes"]]} for item in raw[kind]]
        for kind in ("violations", "incomplete")
    }
    passes = [{"id": item["id"], "count": len(item["nodes"])} for item in raw["passes"]]
    found = axe.outcomes(artifact(**lists, passes=passes, inapplicable=[item["id"] for item in raw["inapplicable"]]), locate, "p1")

    assert [outcome.rule for outcome in found if outcome.verdict is UNTESTED] == []
    verdicts = {(outcome.rule, str(outcome.target)): outcome.verdict for outcome in found if outcome.target is not None}
    assert verdicts == {
        ("axe/html-lang-valid", "html"): FAILED,
        ("axe/meta-refresh", "meta"): FAILED,
        ("axe/image-alt", "#logo"): FAILED,
        ("axe/link-name", "#icon"): FAILED,
        ("axe/label", "#so"): FAILED,
        ("axe/frame-title", "#khung"): FAILED,
        ("axe/duplicate-id", "p:nth-child(6)"): FAILED,
        ("axe/marquee", "#chay"): CANT_TELL,
        ("axe/aria-roles", "#sai"): CANT_TELL,
        ("axe/button-name", "#shadow ⟫ #nut"): FAILED,
    }
    assert (PASSED, None) in {(outcome.verdict, outcome.target) for outcome in found if outcome.rule == "axe/image-alt"}
    for outcome in found:
        said = say(axe.rule_infos()[outcome.rule], outcome)
        assert outcome.target is None or not re.search(r"\{\w+\}", said.what.vi + said.what.en + outcome.values["detail.vi"]), outcome
    assert all(outcome.values["detail.vi"] != outcome.values["detail.en"] for outcome in found if outcome.target is not None)


DRAWN = """<!DOCTYPE html><html lang="vi"><head><title>Trang</title></head><body><main><h1>Hồ sơ</h1>
<table><thead><tr><th>Mã</th><th>Lĩnh vực</th></tr></thead><tbody><tr><td>H01</td><td>Đất đai</td></tr></tbody>
<tfoot><tr><th>Mã</th><th>Lĩnh vực</th></tr></tfoot></table>
<label>Đã đọc <span class="o" aria-checked="false"><input type="checkbox" name="doc" style="opacity: 0"></span></label>
<span id="rong" aria-checked="false">Đồng ý</span>
<label><span>Nhận tin nhắn</span> <span><label><input type="checkbox" name="tin"></label></span></label>
<ul role="tablist"><li role="tab" tabindex="0" aria-selected="true" aria-labelledby="t1">
<a href="#p1" id="t1" tabindex="-1" role="presentation">Mới</a></li>
<li role="tab" tabindex="-1" aria-selected="false" id="xoa">Cũ <a href="#p2" tabindex="-1">Xóa</a></li></ul>
<div role="tablist"><h2 role="tab" tabindex="0" aria-expanded="true" aria-controls="p3" id="t3">Thành phần</h2>
<div role="tabpanel" id="p3" aria-labelledby="t3">Tờ khai</div></div>
</main></body></html>"""


def test_what_scripts_draw_round_what_is_told_anyway_asks_nobody(tmp_path: Path, browsing: Browsing) -> None:
    (tmp_path / "index.html").write_text(DRAWN, "utf-8")
    with serving(FolderSite(tmp_path)) as served:
        _, judged = browsing.judge(served.url, ())
    asked = {(one.rule, one.target.selector) for one in judged.outcomes if one.verdict is CANT_TELL and one.target is not None}
    assert asked == {("axe/aria-allowed-attr", "#rong"), ("axe/nested-interactive", "#xoa")}
    assert not any(one.rule == "axe/label" and one.verdict is FAILED for one in judged.outcomes)
