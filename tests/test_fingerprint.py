"""What makes two findings one defect: identity, twins, components."""

from __future__ import annotations

import random

import pytest
from bs4 import BeautifulSoup, NavigableString, Tag

from bench import mutation
from tests.snapshots import dom_data
from wcag_audit.dom import Dom
from wcag_audit.fingerprint import fingerprint, with_fingerprints
from wcag_audit.identity import address, class_names, field_name, normalised
from wcag_audit.model import Outcome, Target, Verdict


def outcome(target: Target | None, **more: object) -> Outcome:
    return Outcome(rule="r", criteria=("1.1.1",), verdict=Verdict.FAILED, target=target, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tin mới (12)", "Tin  mới (1.234)"),
        ("Cập nhật 01/02/2026", "cập nhật 2026-11-30"),
        ("5 phút trước", "2 ngày trước"),
        ("Thứ hai, ngày 3", "Chủ nhật, ngày 21"),
        ("Đúng hạn 97%", "Đúng hạn 8,5 %"),
    ],
)
def test_counters_dates_and_times_are_one_sign(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


def test_words_are_told_apart() -> None:
    assert normalised("Nộp hồ sơ") != normalised("Tra cứu hồ sơ")
    assert normalised("thứ hai") == "thứ hai", "an ordinal without a date is a word"


def test_class_names_keep_what_people_wrote() -> None:
    given = "menu-item active css-1x2y3z sc-bdVaJa kXyzAb _ngcontent-abc ng-star nav__link Menu_item__x7Fk2 portlet-column svelte-1abcd2"
    assert class_names(given) == ("Menu_item", "menu-item", "nav__link", "portlet-column")


@pytest.mark.parametrize(
    ("one", "other", "kept"),
    [
        ("_item_x7f3k_1", "_item_qmwpa_12", ("item",)),
        ("MuiButton-root-7", "MuiButton-root-212", ("MuiButton-root",)),
        ("makeStyles-thanh-3", "makeStyles-thanh-41", ("makeStyles-thanh",)),
        ("jss7", "jss45", ()),
    ],
)
def test_class_names_of_one_source_stay_alike_whatever_line_or_number_a_build_gives_them(
    one: str, other: str, kept: tuple[str, ...]
) -> None:
    assert class_names(one) == class_names(other) == kept
    assert class_names("tab-1") != class_names("tab-2"), "a number that a person wrote tells apart"


def test_names_of_fields_lose_what_server_frameworks_make_up() -> None:
    assert field_name("ctl00$ContentPlaceHolder1$ctl12$txtTen") == field_name("ctl00$cphMain$txtTen") == "txtten"
    assert field_name("_101_INSTANCE_aB3d_email") == field_name("_com_liferay_SearchPortlet_INSTANCE_zz9_email") == "email"
    assert field_name("j_idt44:form:email") == "email"
    assert field_name("ctl00") == ""


def test_addresses_lose_host_query_session_and_hashes() -> None:
    assert address("https://a.vn/img/logo.3f9a1c2b.png?v=3") == address("/img/logo.77aa01ff.png") != address("/img/quoc-huy.png")
    assert address("/tin/chi-tiet;jsessionid=AB12") == address("http://x/tin/chi-tiet")
    assert address("/anh-1.png") != address("/anh-2.png")
    assert address("#top") == address("javascript:void(0)") == ""


def _dom() -> Dom:
    """Two components with the same nameless button, one of them twice."""
    button = {"t": "button", "a": {"type": "button"}, "r": "button"}
    return Dom(
        dom_data(
            [
                {"p": -1, "t": "html"},
                {"p": 0, "t": "body"},
                {"p": 1, "t": "div", "a": {"class": "lich css-9a8b7c"}},
                {"p": 2, **button},
                {"p": 2, **button},
                {"p": 1, "t": "div", "a": {"class": "so-lieu"}},
                {"p": 5, **button},
                {"p": 5, "t": "a", "a": {"href": "/nop"}, "n": "Nộp (3)", "r": "link"},
                {"p": 2, "t": "a", "a": {"href": "/nop"}, "n": "Nộp (12)", "r": "link"},
            ]
        )
    )


def test_twins_share_a_fingerprint_and_other_components_do_not() -> None:
    tree = _dom()
    first, twin, elsewhere, link, copied = (
        one.fingerprint for one in with_fingerprints(outcome(tree.target(index)) for index in (3, 4, 6, 7, 8))
    )
    assert first == twin != elsewhere
    assert link != copied, "the same words in another component are another defect"
    assert len({first, elsewhere, link, copied}) == 4


def test_what_one_style_does_to_many_elements_is_one_defect() -> None:
    tree = _dom()
    found = [outcome(tree.target(7), values={"colour": "#335"}), outcome(tree.target(3), values={"colour": "#335"}),
             outcome(tree.target(4), values={"colour": "#444"})]  # fmt: skip
    first, same, other = (one.fingerprint for one in with_fingerprints(found, {"r": ("colour",)}))
    assert first == same != other


def _known_by(body: str) -> str:
    """The identity of the element that has the attribute ``here``."""
    (target,) = _targets(body).values()
    return target.identity


def _targets(body: str) -> dict[str, Target]:
    """Elements by their attribute ``here``, in a page of this body; names are not computed."""
    nodes: list[dict[str, object]] = []
    index: dict[int, int] = {}
    for one in BeautifulSoup(body, "html5lib").descendants:
        parent = index.get(id(one.parent), -1)
        if isinstance(one, Tag):
            index[id(one)] = len(nodes)
            attributes = {name: " ".join(value) if isinstance(value, list) else value for name, value in one.attrs.items()}
            nodes.append({"p": parent, "t": one.name, "a": attributes})
        elif isinstance(one, NavigableString) and one.strip():
            nodes.append({"p": parent, "t": "#text", "x": str(one)})
    tree = Dom(dom_data(nodes))
    return {node.get("here"): tree.target(node) for node in tree.with_attribute("here")}


def test_a_part_is_known_by_its_own_heading_wherever_it_stands() -> None:
    part = "<section><h2>Hồ sơ từng tháng</h2><canvas here></canvas></section>"
    known = _known_by(f"<main>{part}</main>")
    assert known == _known_by(f'<div class="khung-portlet">{part}</div>') == _known_by(f'<div class="cot-phai"><div>{part}</div></div>')
    assert known == _known_by('<section><div class="row"><h2>Hồ sơ từng tháng</h2><i></i></div><div><canvas here></canvas></div></section>')
    assert known == _known_by("<section><div><h2>Hồ sơ từng tháng</h2></div><div><canvas here></canvas></div></section>")
    assert known != _known_by("<section><h2>Hồ sơ quá hạn</h2><canvas here></canvas></section>")


def test_a_division_headed_in_the_page_is_a_part_whatever_stands_beside_it() -> None:
    parts = "<{0}><h2>Tin tức</h2><canvas></canvas></{0}><{0}><h2>Thống kê</h2><canvas here></canvas></{0}>"
    assert _known_by(parts.format("div")) == _known_by(parts.format("section"))
    assert _known_by(parts.format("div")) != _known_by("<div><h2>Tin tức</h2><canvas here></canvas></div>")


def test_a_division_of_a_row_is_not_known_by_its_own_heading() -> None:
    """One defect of a template, however many rows it makes."""
    row = '<div><h3>{}</h3><button{}><i class="xem"></i></button></div>'
    there = row.format("Cấp giấy phép", " here") + row.format("Gia hạn", "")
    assert _known_by(f"<div>{there}</div>") == _known_by(f"<div>{row.format('Đăng ký', '')}{row.format('Thu hồi', ' here')}</div>")


@pytest.mark.parametrize("item", ["<li><h3>{}</h3></li>", "<li><div><h3>{}</h3><p>Mới</p></div></li>"])
def test_what_stands_in_a_list_today_is_no_heading_of_what_stands_beside_it(item: str) -> None:
    part = '<section class="tin"><ul>{}<li><a href="#" here></a></li></ul></section>'
    assert _known_by(part.format(item.format("Lịch tiếp dân"))) == _known_by(part.format(item.format("Kết quả bốc thăm")))


def test_an_element_that_takes_clicks_is_known_by_its_words_as_a_button_is() -> None:
    card = '<div class="the" onclick="mo()" here><i class="{0}"></i> <span>{0}</span></div>'
    known = _known_by(f'<div class="o-linh-vuc">{card.format("Đất đai")}</div>')
    assert known == _known_by(f'<div class="noi-khac">{card.format("Đất đai")}</div>') != _known_by(card.format("Hộ tịch"))
    long = "<div onclick='mo()' here>{}</div>"
    article = f"<p>{'Nội dung dài. ' * 20}</p>"
    assert _known_by(long.format(article)) == _known_by(long.format(f"<p>Mới.</p>{article}")), "a handler on all of the content"


def test_a_list_stays_itself_whatever_stands_in_it_today() -> None:
    part = '<section class="tin"><h2>Tin</h2><ul class="asset-list" here>{}</ul></section>'
    item = '<li><h3>{0}</h3><span class="ngay">{1}</span><img src="/{1}.png"></li>'
    one, more = item.format("Lịch tiếp dân", 3), item.format("Kết quả", 41) + item.format("Thông báo", 7)
    assert _known_by(part.format(one)) == _known_by(part.format(more + one))
    assert _known_by(part.format(one)) != _known_by(part.format(one).replace("asset-list", "thu-tuc"))
    bare = "<section><ul here><li><h3>{}</h3></li></ul></section>"
    assert _known_by(bare.format("Lịch tiếp dân")) == _known_by(bare.format("Kết quả"))


def test_buttons_are_told_apart_by_how_many_icons_they_show() -> None:
    star = '<i class="sao"></i>'
    assert _known_by(f"<button here>{star}</button>") != _known_by(f"<button here>{star}{star}</button>")


def test_fields_of_a_group_are_told_apart_by_small_numbers_and_not_by_made_up_ones() -> None:
    one, other, key, new_key = (_known_by(f'<input type="radio" name="c3" value="{value}" here>') for value in (1, 2, 482013, 511094))
    assert one != other
    assert key == new_key, "the key of a row in a database"


def test_the_same_element_has_the_same_set_of_fingerprints_in_any_order() -> None:
    tree = _dom()
    forth = {one.fingerprint for one in with_fingerprints(outcome(tree.target(index)) for index in (7, 8))}
    back = {one.fingerprint for one in with_fingerprints(outcome(tree.target(index)) for index in (8, 7))}
    assert forth == back
    alone = with_fingerprints([outcome(tree.target(8))])[0].fingerprint
    assert alone in forth and alone == fingerprint(outcome(tree.target(8)))


def _fingerprints(body: str) -> list[str]:
    """Of each element with the attribute ``here``, in the order of its value."""
    found = with_fingerprints(outcome(target) for _, target in sorted(_targets(body).items()))
    return [one.fingerprint for one in found]


def test_elements_in_two_components_keep_their_fingerprints_when_one_of_them_moves() -> None:
    search = '<form class="tim-nhanh"><input name="q" here="1"></form>'
    form = '<form class="bieu-mau"><div class="hang"><input name="q" here="2"></div></form>'
    before = _fingerprints(f"<header>{search}</header><main>{form}</main>")
    assert len(set(before)) == 2
    assert before == _fingerprints(f'<footer><div class="a"><div>{form}</div></div></footer><main>{search}</main>')
    assert before == _fingerprints(f'<div class="z">{search}</div><div class="a">{form}</div>')


def test_one_more_twin_leaves_other_components_their_fingerprints() -> None:
    row, aside = '<tr><td class="cot"><img src="/cham.gif" here="{}"></td></tr>', '<aside><img src="/cham.gif" here="9"></aside>'
    before = _fingerprints(f"<table>{row.format(1)}</table>{aside}{aside.replace('9', '8')}")
    after = _fingerprints(f"<table>{''.join(row.format(number) for number in (1, 2, 3))}</table>{aside}{aside.replace('9', '8')}")
    assert len(set(before)) == 2 and before[1] == before[2]
    assert after == [before[0]] * 3 + before[1:]


def test_header_and_footer_are_components_of_their_own() -> None:
    link = '<a href="#" here="{}"><i></i></a>'
    assert len(set(_fingerprints(f"<header>{link.format(1)}</header><footer>{link.format(2)}</footer>"))) == 2


def test_twins_stay_twins_when_a_build_writes_other_tags_around_some_of_them() -> None:
    item = '<li><{0} class="tin"><img src="/muc.svg" here="{1}"></{0}></li>'
    first, second = _fingerprints(f"<ul>{item.format('article', 1)}{item.format('article', 2)}</ul>")
    assert first == second
    assert [first, second] == _fingerprints(f"<ul>{item.format('div', 1)}{item.format('section', 2)}</ul>")


def test_page_source_and_verdict_count_as_they_should() -> None:
    target = Target(selector="a", html='<a href="/x">', name="Văn bản")
    assert fingerprint(outcome(target, page="p1")) == fingerprint(outcome(target, page="p2", sources=("axe",)))
    assert fingerprint(outcome(target)) != fingerprint(outcome(target, message="other"))
    assert fingerprint(outcome(None)) != fingerprint(outcome(target))
    left, right = (Target(selector="x", html=f'<img src="http://h/a/{name}.png?v=3">') for name in ("logo", "quoc-huy"))
    assert fingerprint(outcome(left)) != fingerprint(outcome(right))


PAGE = """<!DOCTYPE html><html lang="vi"><head><title>Nộp hồ sơ</title></head><body><header class="dau-trang"><h1>Cổng</h1>
<form class="tim" action="/tim"><button type="submit" id="tim"><svg width="9" height="9"><path d="M1 2h3"></path></svg></button></form>
</header><main><section class="tin"><h2>Tin mới (3)</h2><p><img src="/a/tru-so.png" width="40" height="40"></p>
<p><a href="/tin/doc"><i></i></a></p></section>
<section class="phi"><h2>Lệ phí</h2><p><iframe src="/lich.html"></iframe></p><form class="gui"><p><input type="text" name="email"></p>
<p><select name="phuong"><option>Một</option></select></p></form></section></main><footer class="chan">
<p><a href="/lien-he"><i class="thu"></i></a></p></footer></body></html>"""


def test_fingerprints_survive_builds_and_never_collide() -> None:
    """One page of what ``make mutation`` does over all portals."""
    soup = BeautifulSoup(PAGE, "html5lib")
    for number, one in enumerate(soup.find_all(True)):
        one.attrs = {mutation.MARK: str(number), **one.attrs}
    first = mutation.prepared(str(soup))
    tallies, count = {name: mutation.Tally() for name in mutation.SURVIVAL}, mutation.Collisions()
    with mutation.gatherer() as (loop, gather), mutation.serving(site := mutation.Pages()) as served:
        site.pages["/"] = first
        before = loop.run_until_complete(gather.findings(served.url))
        # All at once: each kind by itself is for make mutation.
        changed = BeautifulSoup(first, "html5lib")
        tally = mutation.Tally()
        for number, mutate in enumerate(mutation.SURVIVAL.values()):
            tally.changes += mutate(changed, random.Random(number))
        site.pages["/"] = str(changed)
        mutation.compare(tally, "/", before, loop.run_until_complete(gather.findings(served.url)))
        planted_on = BeautifulSoup(first, "html5lib")
        planted = mutation.plant(planted_on, random.Random(5), [mutation.mark_of(one) for one in before])
        site.pages["/"] = str(planted_on)
        mutation.collide(count, "/", before, loop.run_until_complete(gather.findings(served.url)), planted)
    assert tally.changes > 40 and tally.compared >= 6, tallies
    assert tally.survived == tally.compared, tally.lost
    assert count.planted >= 10 and count.twins >= 1 and count.wrong == []


def test_the_comparison_sees_a_lost_fingerprint_and_a_collision() -> None:
    one, other = (outcome(Target(selector="a", html=f'<a data-mark="{mark}">'), fingerprint="f") for mark in ("7", "own-1"))
    tally, count = mutation.Tally(), mutation.Collisions()
    mutation.compare(tally, "/", [one], [outcome(one.target, fingerprint="g")])
    assert (tally.compared, tally.survived, len(tally.lost)) == (1, 0, 1)
    mutation.collide(count, "/", [one], [one, other], mutation.Planted(own={"own-1"}))
    assert count.planted == 1 and len(count.wrong) == 1
