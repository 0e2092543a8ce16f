from __future__ import annotations

import unicodedata
from importlib import resources

import pytest

from wcag_audit import wcag
from wcag_audit.locale import WORDS, word
from wcag_audit.model import PageState, PrincipleState, Text, Verdict

LEVEL_A = [
    *("1.1.1", "1.2.1", "1.2.2", "1.2.3", "1.3.1", "1.3.2", "1.3.3", "1.4.1", "1.4.2"),
    *("2.1.1", "2.1.2", "2.2.1", "2.2.2", "2.3.1", "2.4.1", "2.4.2", "2.4.3", "2.4.4"),
    *("3.1.1", "3.2.1", "3.2.2", "3.3.1", "3.3.2"),
    *("4.1.1", "4.1.2"),
]


def source() -> str:
    return resources.files("wcag_audit").joinpath("criteria.toml").read_text("utf-8")


def texts() -> list[Text]:
    tables = (wcag.PRINCIPLES, wcag.GUIDELINES, wcag.CRITERIA)
    said = [text for criterion in wcag.CRITERIA.values() for text in (criterion.summary, criterion.ask)]
    names = [entry.name for table in tables for entry in table.values()]
    return [*names, *said, *(text for table in WORDS.values() for text in table.values())]


def test_the_criteria_of_level_a_in_order() -> None:
    assert list(wcag.CRITERIA) == LEVEL_A


def test_the_principles_and_guidelines_in_order() -> None:
    assert list(wcag.PRINCIPLES) == ["perceivable", "operable", "understandable", "robust"]
    assert list(wcag.GUIDELINES) == ["1.1", "1.2", "1.3", "1.4", "2.1", "2.2", "2.3", "2.4", "3.1", "3.2", "3.3", "4.1"]


def test_every_criterion_stands_under_its_guideline_and_principle() -> None:
    for criterion in wcag.CRITERIA.values():
        guideline = wcag.GUIDELINES[criterion.guideline]
        assert criterion.id.startswith(f"{guideline.id}.")
        assert criterion.principle == guideline.principle
        assert criterion.id[0] == wcag.PRINCIPLES[criterion.principle].number
        assert criterion.slug.startswith(f"{guideline.slug}-")


def test_the_links_lead_to_the_recommendation_and_its_explanation() -> None:
    criterion = wcag.CRITERIA["2.4.4"]
    assert criterion.url == "https://www.w3.org/TR/WCAG20/#navigation-mechanisms-refs"
    assert criterion.understanding == "https://www.w3.org/TR/UNDERSTANDING-WCAG20/navigation-mechanisms-refs.html"
    assert wcag.GUIDELINES["3.2"].understanding.endswith("/consistent-behavior.html")
    assert wcag.GUIDELINES["3.2"].url.endswith("#consistent-behavior")
    assert wcag.PRINCIPLES["robust"].url.endswith("#robust")


def test_the_vietnamese_names_tell_where_they_come_from() -> None:
    assert wcag.CRITERIA["1.1.1"].status is wcag.NameStatus.DRAFT
    assert wcag.CRITERIA["1.2.2"].status is wcag.NameStatus.DRAFT_ADAPTED
    assert wcag.CRITERIA["4.1.2"].status is wcag.NameStatus.PROPOSED
    assert {principle.status for principle in wcag.PRINCIPLES.values()} == {wcag.NameStatus.OFFICIAL}


def test_the_standard_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        wcag.CRITERIA["1.1.1"] = wcag.CRITERIA["1.2.1"]  # type: ignore[index]
    with pytest.raises(AttributeError):
        wcag.CRITERIA["1.1.1"].slug = ""  # type: ignore[misc]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('id = "1.2.1"', 'id = "1.1.1"', "25 different entries"),
        ('id = "1.2.1"', 'id = "1.4.9"', "25 different entries"),
        ('vi = "Bàn phím"', 'vi = " "', "2.1.1: every text"),
        ('vi = "Bàn phím"', f'vi = "{unicodedata.normalize("NFD", "Bàn phím")}"', "2.1.1: every text"),
        ('status = "draft-2011"', 'status = "guessed"', "Invalid enum value 'guessed'"),
    ],
)
def test_a_wrong_edit_fails_at_import(old: str, new: str, fault: str) -> None:
    assert old in source()
    with pytest.raises(ValueError, match=fault):
        wcag._read(source().replace(old, new, 1))


def test_every_text_is_in_nfc_and_in_two_languages() -> None:
    for text in texts():
        assert text.vi.strip()
        assert text.en.strip()
        assert unicodedata.is_normalized("NFC", text.vi + text.en)


def test_no_fixed_text_claims_what_a_machine_cannot() -> None:
    for text in texts():
        vietnamese = text.vi.lower().replace("chưa phát hiện lỗi không có nghĩa là không có lỗi", "")
        assert not [word for word in ("tuân thủ", "đạt chuẩn", "chứng nhận", "không có lỗi") if word in vietnamese]
        assert not [word for word in ("compliant", "certified", "conforms") if word in text.en.lower()]


@pytest.mark.parametrize(
    ("table", "keys"),
    [("principle_states", PrincipleState), ("verdicts", Verdict), ("page_states", PageState), ("name_statuses", wcag.NameStatus)],
)
def test_every_state_has_its_words(table: str, keys: type[PrincipleState | Verdict | PageState | wcag.NameStatus]) -> None:
    assert set(WORDS[table]) == {key.value for key in keys}


def test_the_ministry_s_words_for_states() -> None:
    assert [word("principle_states", state).vi for state in PrincipleState] == ["chưa đạt", "chưa kết luận", "chưa phát hiện lỗi", "đạt"]


def test_an_unknown_word_is_refused() -> None:
    with pytest.raises(KeyError):
        word("verdicts", "perfect")
