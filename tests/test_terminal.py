"""The verdict on one screen, the line of a page, and the catalogue."""

from __future__ import annotations

import io
import unicodedata

import pytest
from rich.cells import cell_len
from rich.console import Console

from tests import results
from wcag_audit import axe
from wcag_audit.model import Outcome, PageState, Result, RuleInfo, Verdict
from wcag_audit.reports import terminal
from wcag_audit.wcag import CRITERIA, PRINCIPLES

RESULTS = {"typical": results.typical, "hostile": results.hostile, "not_assessed": results.not_assessed, "clean": results.clean}
RESULTS["large"] = results.large


def shown(result: Result, lang: str = "vi", width: int = 80, *, colour: bool = False) -> str:
    file = io.StringIO()
    system = "truecolor" if colour else None
    console = Console(file=file, width=width, highlight=False, force_terminal=colour, color_system=system)  # type: ignore[arg-type]
    console.print(terminal.verdict(result, lang))
    return file.getvalue()


@pytest.fixture(scope="module")
def typical() -> Result:
    return results.typical()


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("name", RESULTS)
def test_no_line_is_wider_than_the_window(name: str, width: int, lang: str) -> None:
    lines = shown(RESULTS[name](), lang, width).splitlines()
    assert max(map(cell_len, lines)) <= width
    assert len(lines) <= (24 if width >= 80 else 30)


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize(("lang", "points"), [("vi", ("1,25", "2,5", "thang 5")), ("en", ("1.25", "2.5", "scale 5"))])
def test_points_states_and_limits_are_told_at_every_width(typical: Result, lang: str, points: tuple[str, ...], width: int) -> None:
    text = " ".join(shown(typical, lang, width).split())
    assert [part for part in points if part not in text] == []
    assert [one.id for one in PRINCIPLES.values() if one.name[lang] not in text] == []
    assert {"vi": "không phải tuyên bố phù hợp WCAG 2.0", "en": "not a WCAG 2.0 conformance claim"}[lang] in text
    score = typical.scores[0]
    assert score.principles and all(state in text for state in {"vi": ("chưa đạt", "chưa kết luận"), "en": ("not met", "open")}[lang])


def test_failed_criteria_have_their_numbers_and_common_defects_a_line_each(typical: Result) -> None:
    text = shown(typical)
    assert "1.1.1 Nội dung phi văn bản: 1 lỗi, 12 trang" in text
    assert "✕ 4 trang  1.3.1  Trường nhập liệu" in text
    assert "22 việc cần người xem xét; 1 tiêu chí chưa kiểm tra được; 1 trang không kiểm tra được" in " ".join(text.split())


def test_elements_of_one_structure_have_one_line() -> None:
    text = shown(results.patterned())
    assert "✕ 2 trang, 4 lỗi  1.1.1  Ảnh không có văn bản thay thế" in text and text.count("  ✕ ") == 2


def test_where_all_criteria_fail_the_rest_is_counted() -> None:
    text = shown(results.large())
    assert "Tiêu chí chưa đạt: 25" in text
    told = sum(f"  {id} (" in text for id in CRITERIA)
    assert 0 < told < 25 and f"và {25 - told} tiêu chí khác" in text


def test_a_portal_that_is_not_assessed_has_no_points() -> None:
    text = shown(results.not_assessed())
    assert "Chưa đánh giá, không có điểm: không kiểm tra được trang nào" in text
    assert "Điểm" not in text and "1,25" not in text and "phát hiện lỗi nào" not in text


def test_colour_only_adds_to_what_is_written(typical: Result) -> None:
    plain, coloured = shown(typical), shown(typical, colour=True)
    assert "\x1b[" in coloured and "\x1b" not in plain
    for sign in "✕○?":
        assert sign in plain


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_texts_of_pages_can_neither_steer_the_terminal_nor_be_markup(lang: str) -> None:
    result = results.hostile()
    texts = [shown(result, lang)]
    for one in result.pages:
        told = terminal.page_line(one.page, [], lang)
        file = io.StringIO()
        Console(file=file, width=100, highlight=False).print(told, soft_wrap=True)
        assert file.getvalue().count("\n") == 1
        texts.append(file.getvalue())
    everything = "".join(texts)
    assert {c for c in everything if unicodedata.category(c) in ("Cc", "Cs")} == {"\n"}
    assert not any(c in everything for c in "\u202e\u2066\u2069")
    assert "[bold red]markup[/]" in everything


def test_a_page_line_tells_what_was_found_or_why_not(typical: Result) -> None:
    page = typical.pages[0].page
    failed = Outcome(rule="r", criteria=("1.1.1",), verdict=Verdict.FAILED)
    unsure = Outcome(rule="r", criteria=("1.1.1",), verdict=Verdict.CANT_TELL)
    assert str(terminal.page_line(page, [failed, failed, unsure], "vi")) == f"✕ 2 phần tử chưa đạt, 1 cần xem xét  {page.loaded}"
    assert str(terminal.page_line(page, [unsure], "en")).startswith("? 0 failed, 1 to review")
    assert str(terminal.page_line(page, [], "vi")).startswith("○ 0 ")
    blocked = results.page(1, state=PageState.BLOCKED, detail="403")
    assert str(terminal.page_line(blocked, [], "en")).startswith("– blocked by a firewall or a bot challenge (403)")


class OwnRule:
    """A rule as the catalogue sees it."""

    id = results.OWN.id
    doc = "Submenus open with the keyboard.\n\nWhy it matters: …"
    info: RuleInfo = results.OWN


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_catalogue_has_every_criterion_and_every_rule_below_its_criteria(lang: str) -> None:
    infos = {**axe.rule_infos(), OwnRule.id: OwnRule.info}
    lines = terminal.catalogue_lines([OwnRule()], infos, lang)
    below: dict[str, list[str]] = {}
    for line in lines:
        if line and not line.startswith(" "):
            heading = below.setdefault(line.split()[0], [])
        elif line:
            heading.append(line)
    assert list(below) == list(CRITERIA)
    for info in infos.values():
        for criterion in info.criteria:
            assert [line for line in below[criterion] if info.id in line.split() and info.name[lang] in line]
    own = next(line for line in lines if OwnRule.id in line)
    assert all(part in own for part in ("2.1.1", "F54", "G202", "ACT 0ssw9k"))


def test_a_rules_page_tells_everything_of_it() -> None:
    page = terminal.rule_page(OwnRule.id, [OwnRule()], {}, "vi")
    assert page is not None
    message, why = OwnRule.info.messages["mouse-only"], OwnRule.info.why
    assert why is not None
    for part in ("2.1.1 Bàn phím", "F54, G202", "0ssw9k", why.vi, OwnRule.doc, message.what.vi, message.mend.vi):
        assert part in page


@pytest.mark.parametrize("id", ["axe/image-alt", "image-alt"])
def test_a_rule_of_axe_is_found_with_and_without_its_prefix(id: str) -> None:
    page = terminal.rule_page(id, [OwnRule()], axe.rule_infos(), "en")
    assert page is not None
    assert page.startswith("axe/image-alt: Images have alternative text") and "https://dequeuniversity.com/rules/axe/" in page


def test_an_unknown_rule_has_no_page() -> None:
    assert terminal.rule_page("no-such-rule", [OwnRule()], axe.rule_infos(), "vi") is None
