"""The HTML report: what it tells, that hostile texts in it are inert, and that it is itself accessible."""

from __future__ import annotations

import base64
import gzip
import io
import json
import re
import shutil
import time
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import html5lib
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests import results
from wcag_audit.model import Box, Result, Verdict
from wcag_audit.reports import html, pictures
from wcag_audit.reports.pictures import Album
from wcag_audit.wcag import CRITERIA

# The machine may be busy: what is waited for comes all the same.
expect.set_options(timeout=30_000)

RESULTS = {
    "typical": results.typical, "hostile": results.hostile, "not_assessed": results.not_assessed, "clean": results.clean,
    "patterned": results.patterned,
}  # fmt: skip
FORBIDDEN = ("tuân thủ", "đạt chuẩn", "chứng nhận", "không có lỗi", "5/5")
XHTML = "{http://www.w3.org/1999/xhtml}"


def album(path: Path | None = None) -> Album:
    """Pictures cut from one screenshot, the same for every page; none without a path."""
    return Album(lambda page: path)


def parsed(text: str) -> Any:
    """The tree as a browser sees it; html5lib raises at the first parse error."""
    return html5lib.HTMLParser(strict=True).parse(text)


class Elements(HTMLParser):
    """Start tags with their attributes, and the words between them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self._own = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self._own = tag in ("style", "script")

    def handle_endtag(self, tag: str) -> None:
        self._own = False

    def handle_data(self, data: str) -> None:
        if not self._own:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())

    def all(self, tag: str, name: str) -> list[str]:
        return [attributes[name] for found, attributes in self.tags if found == tag and name in attributes]


@pytest.fixture(scope="module")
def typical() -> Result:
    return results.typical()


@pytest.fixture(scope="module")
def picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pictures") / "screenshot.webp"
    Image.new("RGB", (1280, 800), "#dde6ee").save(path, "WEBP")
    return path


@pytest.fixture(scope="module")
def report(typical: Result, picture: Path) -> Elements:
    return Elements(html.render(typical, "vi", album(picture)))


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("name", RESULTS)
def test_every_report_is_valid_html(name: str, lang: str) -> None:
    tree = parsed(html.render(RESULTS[name](), lang, album()))
    assert tree.get("lang") == lang
    assert len(list(tree.iter(f"{XHTML}h1"))) == len(list(tree.iter(f"{XHTML}main"))) == 1
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", RESULTS)
def test_every_reference_inside_the_report_has_its_end(name: str) -> None:
    found = Elements(html.render(RESULTS[name](), "vi", album()))
    ids = {attributes["id"] for _, attributes in found.tags if "id" in attributes}
    wanted = {href[1:] for tag in ("a", "use") for href in found.all(tag, "href") if href.startswith("#")}
    for _, attributes in found.tags:
        wanted |= {id for name in ("aria-labelledby", "aria-describedby", "for") for id in attributes.get(name, "").split()}
    assert wanted - ids == set()


@pytest.mark.parametrize("name", RESULTS)
def test_headings_never_skip_a_level(name: str) -> None:
    levels = [int(tag[1]) for tag, _ in Elements(html.render(RESULTS[name](), "vi", album())).tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert [(before, after) for before, after in pairwise(levels) if after > before + 1] == []


def test_every_criterion_has_a_row_with_both_names_and_its_explanation(report: Elements) -> None:
    links = report.all("a", "href")
    for id, criterion in CRITERIA.items():
        assert f"c-{id.replace('.', '-')}" in report.all("tr", "id")
        assert f"{id} {criterion.name.vi}" in report.text and criterion.name.en in report.text
        assert criterion.understanding in links


def test_every_defect_and_question_has_an_article_with_its_proof(typical: Result, report: Elements) -> None:
    anchors = report.all("article", "id")
    for defect in typical.defects:
        assert f"d-{defect.fingerprint}" in anchors
        assert defect.what.vi in report.text and defect.what.en in report.text and " ".join(defect.mend.vi.split()) in report.text
        why = typical.rules[defect.rule].why
        assert why is not None and why.vi in report.text and why.en in report.text
        assert defect.fingerprint in report.text
    assert [question.what.en for question in typical.questions if question.what.en not in report.text] == []
    for part in ("wcag-audit check https://dichvucong.anhai.gov.vn/thu-tuc/trang-2", "press Enter", "iframe#eform", "dvc-search", "0ssw9k"):
        assert part in report.text
    assert "https://www.w3.org/TR/WCAG20-TECHS/H37.html" in report.all("a", "href")


def test_statements_states_and_both_languages_are_there(typical: Result, report: Elements) -> None:
    for statement in typical.statements:
        assert statement.vi in report.text and statement.en in report.text
    for word in ("chưa đạt", "chưa kết luận", "chưa phát hiện lỗi", "no failure found", "bị tường lửa", "Trần Thị Lan", "412"):
        assert word in report.text
    assert "WCAG 2.0 nguyên bản: chưa kết luận" in report.text


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("name", ["typical", "not_assessed", "clean"])
def test_no_word_claims_more_than_was_proven(name: str, lang: str) -> None:
    result = RESULTS[name]()
    text = Elements(html.render(result, lang, album())).text
    text = text.replace("Chưa phát hiện lỗi không có nghĩa là không có lỗi", "").replace("mã xác nhận", "")
    assert [word for word in FORBIDDEN if word in text.lower()] == []
    assert not re.search(r"\b5 ?/ ?5\b", text)


def test_a_portal_that_is_not_assessed_has_a_reason_and_no_points() -> None:
    text = Elements(html.render(results.not_assessed(), "vi", album())).text
    assert "Chưa đánh giá" in text and "Lý do: không kiểm tra được trang nào" in text
    assert "1,25" not in text and "trên tối đa" not in text and "chưa phát hiện lỗi nào" not in text


def test_hostile_texts_stay_texts() -> None:
    written = html.render(results.hostile(), "vi", album())
    ours, theirs = Elements(html.render(results.typical(), "vi", album())), Elements(written)
    assert {tag for tag, _ in theirs.tags} <= {tag for tag, _ in ours.tags}
    assert len(theirs.all("script", "src")) == 0 and sum(tag == "script" for tag, _ in theirs.tags) == 1
    assert [name for _, attributes in theirs.tags for name in attributes if name.startswith("on")] == []
    links = [*theirs.all("a", "href"), *theirs.all("use", "href"), *theirs.all("image", "href")]
    assert [href for href in links if not href.startswith(("#", "https://"))] == []
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", written)
    assert "{{ 7 * 7 }}" in theirs.text and "49" not in theirs.text
    assert max(map(len, theirs.text.split())) <= html.MAX_LINK + 10


def test_the_report_needs_nothing_from_outside(report: Elements, typical: Result) -> None:
    for tag, attributes in report.tags:
        assert tag not in ("link", "img", "iframe", "object", "embed", "video", "audio", "source")
        assert "src" not in attributes and "style" not in attributes
    (policy,) = [attributes["content"] for tag, attributes in report.tags if attributes.get("http-equiv") == "Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert "url(http" not in html.render(typical, "vi", album())


def test_the_element_is_shown_where_it_is_in_the_screenshot(report: Elements, typical: Result) -> None:
    shown = report.all("image", "href")
    with_box = [defect for defect in typical.defects if (target := defect.example.target) and target.box and not target.frames]
    used = [href for href in report.all("use", "href") if href.startswith("#picture-")]
    assert len(used) == len(with_box) == 4 and len(shown) == len(set(used))
    for data in shown:
        with Image.open(io.BytesIO(base64.b64decode(data.removeprefix("data:image/webp;base64,")))) as image:
            reds = sum(1 for r, g, b in image.convert("RGB").get_flattened_data() if r > 150 and g < 90 and b < 90)
            assert image.size == (760, 380) and reds > 300, "the element is outlined in red"
    assert all(defect.example.target and defect.example.target.name in report.text for defect in with_box)


@pytest.mark.parametrize("box", [Box(10, 900, 50, 50), Box(-5, 10, 50, 50), Box(1270, 10, 50, 50), Box(10, 10, 0, 50)])
def test_an_element_outside_the_picture_has_none(box: Box, picture: Path) -> None:
    outcome = results.failure("axe/image-alt", "1.1.1", "00aa11bb22cc33d9", "p001", target=results.target("anh", box=box))
    found = Elements(html.render(results.result([results.page(1)], [outcome]), "vi", album(picture)))
    assert found.all("image", "href") == [] and not any(tag == "figure" for tag, _ in found.tags)


def test_pictures_are_bounded_in_number_and_size(tmp_path: Path, picture: Path) -> None:
    pages = [results.page(number) for number in range(1, 81)]
    outcomes = [
        results.failure("axe/image-alt", "1.1.1", f"{number:016x}", page.id, target=results.target("a", box=Box(number, number, 9, 9)))
        for number, page in enumerate(pages)
    ]
    result = results.result(pages, outcomes)
    assert len(Elements(html.render(result, "vi", album(picture))).all("image", "href")) == pictures.MAX_PICTURES
    large, other = tmp_path / "large.webp", tmp_path / "text.webp"
    shutil.copy(picture, large)
    with large.open("ab") as file:
        file.write(b"\0" * pictures.MAX_SCREENSHOT)
    other.write_text("<svg onload=alert(1)>")
    for path in (large, other, tmp_path / "missing.webp"):
        assert Elements(html.render(result, "vi", album(path))).all("image", "href") == []


def test_the_same_picture_of_two_defects_is_embedded_once(picture: Path) -> None:
    outcomes = [results.failure(rule, "4.1.2", f"{number:016x}", "p001") for number, rule in enumerate(("axe/label", "axe/link-name"))]
    found = Elements(html.render(results.result([results.page(1)], outcomes), "vi", album(picture)))
    assert len(found.all("image", "href")) == 1 and found.all("use", "href").count("#picture-1") == 2


def test_many_addresses_fold_and_are_bounded() -> None:
    pages = [results.page(number) for number in range(1, html.MAX_ADDRESSES + 11)]
    outcomes = [results.failure("axe/image-alt", "1.1.1", "00aa11bb22cc33d9", page.id, target=None) for page in pages]
    found = Elements(html.render(results.result(pages, outcomes), "vi", album()))
    assert "(210)" in found.text and "và 10 mục khác" in found.text


def test_an_address_of_a_file_is_told_and_not_linked() -> None:
    page = results.page(1, name="thu muc/trang'1.html", requested="http://127.0.0.1:41777/trang1.html")
    outcome = results.failure("axe/image-alt", "1.1.1", "00aa11bb22cc33d9", "p001")
    found = Elements(html.render(results.result([page], [outcome]), "vi", album()))
    assert """wcag-audit check 'thu muc/trang'"'"'1.html'""" in found.text
    assert not any("127.0.0.1" in href for href in found.all("a", "href"))


def test_a_large_result_is_rendered_in_time() -> None:
    large = results.large(30, 100)
    assert sum(defect.verdict is Verdict.FAILED for defect in large.defects) == 100
    html.render(large, "vi", album())
    started = time.process_time()
    html.render(large, "vi", album())
    assert time.process_time() - started < 1


# In a browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path)
        yield chromium
        chromium.close()


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    pages: list[Page] = []

    def show(result: Result, lang: str = "vi", pictures: Album | None = None, **options: Any) -> Page:
        file = tmp_path / f"{len(pages)}.html"
        file.write_text(html.render(result, lang, pictures or album()), encoding="utf-8")
        page = browser.new_page(**options)
        pages.append(page)
        page.on("request", lambda request: requests.append(request.url))
        page.goto(file.as_uri())
        return page

    requests: list[str] = []
    yield show
    for page in pages:
        page.close()
    assert [url for url in requests if not url.startswith(("file:", "data:"))] == []


@pytest.mark.parametrize(
    ("name", "width", "scheme"),
    [
        ("typical", 1280, "light"), ("typical", 375, "dark"), ("patterned", 375, "light"), ("hostile", 375, "dark"),
        ("not_assessed", 375, "light"),
    ],
)
def test_the_report_itself_is_accessible(opened: Callable[..., Page], picture: Path, name: str, width: int, scheme: str) -> None:
    page = opened(RESULTS[name](), pictures=album(picture), viewport={"width": width, "height": 800}, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    rules = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
    found = Axe().run(page, options={"resultTypes": ["violations"], "runOnly": rules})
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found.response["violations"]] == []
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    assert page.evaluate("window.injected") is None


def test_the_language_is_switched_in_the_page(opened: Callable[..., Page], typical: Result) -> None:
    page = opened(typical)
    assert page.locator("#verdict").inner_text() == "Kết quả"
    page.get_by_role("button", name="English").click()
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.locator("#verdict").inner_text() == "Verdict" and page.title().startswith("Automatic accessibility check")
    assert "Kết quả" not in page.locator("main").inner_text()


def test_without_scripts_the_language_asked_for_is_shown(opened: Callable[..., Page], typical: Result) -> None:
    page = opened(typical, lang="en", java_script_enabled=False)
    assert page.locator("#verdict").inner_text() == "Verdict" and page.title().startswith("Automatic")
    assert not page.locator("#find").is_visible() and not page.get_by_role("button", name="English").is_visible()


def test_defects_are_found_with_and_without_diacritics(opened: Callable[..., Page], typical: Result) -> None:
    page = opened(typical)
    articles = page.locator("#defect-list > article")
    field = page.get_by_role("searchbox", name="Tìm trong các vấn đề")
    for words in ("trình đơn con", "TRINH DON", "2.1.1 trang-2"):
        field.fill(words)
        expect(articles.filter(visible=True)).to_have_id("d-00aa11bb22cc33d3")
        expect(page.locator("#shown")).to_have_text("1")
    field.fill("")
    page.get_by_role("radio", name="Có thể nhận biết được").check()
    expect(articles.filter(visible=True)).to_have_count(2)
    page.evaluate("location.hash = '#d-00aa11bb22cc33d3'")
    expect(page.locator("#d-00aa11bb22cc33d3")).to_be_visible()


@pytest.fixture(scope="module")
def many() -> Result:
    """More defects than stand in the page itself."""
    return results.scaled(pages=30, shared=5, own=5)


def test_of_many_defects_only_the_first_stand_in_the_page(many: Result) -> None:
    text = html.render(many, "vi", album())
    parsed(text)
    assert len(Elements(text).all("article", "data-words")) == html.MAX_ARTICLES
    index, *pieces = (unpacked(packed) for packed in re.findall(r'gzip-base64" data-\w+="failed">([^<]*)<', text))
    assert len(index) == len(many.defects) - html.MAX_ARTICLES == sum(map(len, pieces))
    kept = [article for piece in pieces for article in piece]
    failed = [defect for defect in many.defects if defect.verdict is Verdict.FAILED]
    for (anchor, *_), article, defect in zip(index, kept, failed[html.MAX_ARTICLES :], strict=True):
        assert anchor == f"d-{defect.fingerprint}" and f'id="{anchor}"' in article and html5lib.parseFragment(article) is not None


def unpacked(packed: str) -> Any:
    return json.loads(gzip.decompress(base64.b64decode(packed)))


def test_of_many_defects_all_are_found_shown_and_linked(opened: Callable[..., Page], many: Result) -> None:
    page = opened(many)
    shown = page.locator("#defect-list > article").filter(visible=True)
    failed = [f"d-{defect.fingerprint}" for defect in many.defects if defect.verdict is Verdict.FAILED]
    ids = "all => all.map((one) => one.id)"
    assert shown.evaluate_all(ids) == failed[: html.MAX_ARTICLES]
    page.get_by_role("button", name="Hiện thêm").click()
    expect(page.locator("article:focus")).to_be_visible()
    assert shown.evaluate_all(ids) == failed[: html.MAX_ARTICLES + html.CHUNK]
    last = many.defects[-1].fingerprint
    page.get_by_role("searchbox", name="Tìm trong các vấn đề").fill(last)
    expect(page.locator("#shown")).to_have_text("1")
    assert shown.evaluate_all(ids) == [f"d-{last}"]
    page.evaluate(f"location.hash = '#{failed[120]}'")
    expect(page.locator(f"#{failed[120]}")).to_be_visible()


def test_a_deep_link_to_a_kept_defect_opens_it(opened: Callable[..., Page], many: Result, tmp_path: Path) -> None:
    page = opened(many)
    page.goto(f"{page.url}#d-{many.defects[-1].fingerprint}")
    page.reload()
    expect(page.locator(f"#d-{many.defects[-1].fingerprint}")).to_be_visible()


def test_elements_of_one_structure_stand_in_one_article(opened: Callable[..., Page]) -> None:
    page = opened(results.patterned())
    ids = "all => all.map((one) => one.id)"
    first, second, third, last = (f"d-{number:016x}" for number in range(1, 5))
    listed = page.locator("#defect-list > article")
    assert listed.evaluate_all(ids) == [first, f"d-{5:016x}"]
    assert page.locator(f"#{first} article").evaluate_all(ids) == [second, third, last]
    assert page.locator("article.defect.open").evaluate_all(ids) == [f"d-{6:016x}", f"d-{7:016x}"]
    expect(page.locator(f"#{second}")).to_be_hidden()
    page.get_by_role("searchbox", name="Tìm trong các vấn đề").fill("tin-4")
    expect(page.locator("#shown")).to_have_text("4")
    page.get_by_role("searchbox", name="Tìm trong các vấn đề").fill("bia")
    expect(page.locator(f"#{first}")).to_be_hidden()
    page.evaluate(f"location.hash = '#{third}'")
    expect(page.locator(f"#{third}")).to_be_visible()


def test_a_deep_link_to_a_folded_defect_that_is_kept_opens_it(opened: Callable[..., Page]) -> None:
    pages = [results.page(number) for number in range(1, 4)]
    shared = [results.failure("axe/image-alt", "1.1.1", f"{1000 + n:016x}", one.id, target=results.target(f"anh-{n}")) for n in range(80)
              for one in pages]  # fmt: skip
    page = opened(results.patterned(pages, shared))
    assert page.locator(f"#d-{3:016x}").count() == 0
    page.goto(f"{page.url}#d-{3:016x}")
    page.reload()
    expect(page.locator(f"#d-{1:016x} #d-{3:016x}")).to_be_visible()


def test_print_shows_what_is_folded(opened: Callable[..., Page], typical: Result) -> None:
    page = opened(typical)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details[open]").count() == 0
