"""Every text that people read is there in Vietnamese and in English, and each is really in its language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import pytest

from wcag_audit.engine import rule_infos
from wcag_audit.locale import WORDS
from wcag_audit.model import RuleInfo, Text
from wcag_audit.reports import facts, texts
from wcag_audit.rules import catalogue
from wcag_audit.wcag import CRITERIA, GUIDELINES, PRINCIPLES

INFOS = rule_infos(catalogue())
#: What is the same in both languages: names of things, and texts that are nothing but their values.
SAME = {"axe-core", "GIF", "axe"}
#: Words that an automatic result must not say.
FORBIDDEN = ("tuân thủ", "đạt chuẩn", "chứng nhận")
#: Words that mean more people than those spoken of: “người mù”, “người nhìn kém”, “người điếc”, “người nghe kém” are told apart.
VAGUE = ("khiếm thị", "khiếm thính")

_VALUES = re.compile(r"\{[\w.]+\}|<[^>]*>|“[^”]*”")
_VIETNAMESE = re.compile("[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]")


def fixed() -> Iterator[tuple[str, Text]]:
    """Every text of the locale, the standard and the rules, by where it stands."""
    for name, tables in (("words", WORDS), ("report", texts.texts())):
        for table, entries in tables.items():
            yield from ((f"{name}.{table}.{key}", text) for key, text in entries.items())
    for id, proof in facts.proofs().items():
        yield from ((f"proof.{id}.keyboard", proof.keyboard), (f"proof.{id}.reader", proof.reader))
    for kind in (PRINCIPLES, GUIDELINES, CRITERIA):
        yield from ((f"wcag.{id}", entry.name) for id, entry in kind.items())
    for id, criterion in CRITERIA.items():
        yield from ((f"wcag.{id}.summary", criterion.summary), (f"wcag.{id}.ask", criterion.ask))
    for id, info in INFOS.items():
        yield f"{id}.name", info.name
        if info.why:
            yield f"{id}.why", info.why
        for name, message in info.messages.items():
            yield f"{id}.{name}.what", message.what
            if message.mend.vi or message.mend.en:
                yield f"{id}.{name}.mend", message.mend


def problem(text: Text) -> str:
    """What is wrong with a text, or nothing."""
    if not text.vi.strip() or not text.en.strip():
        return "missing in one language"
    if not all(unicodedata.is_normalized("NFC", one) for one in (text.vi, text.en)):
        return "not in NFC"
    vi, en = (_VALUES.sub("", one).strip() for one in (text.vi, text.en))
    if vi == en and re.search(r"[^\W\d_]{2}", vi) and vi not in SAME:
        return "the same in both languages"
    if len(vi) > 60 and not _VIETNAMESE.search(vi.casefold()):
        return "not Vietnamese"
    if len(set(_VIETNAMESE.findall(en.casefold()))) > 6:
        return "not English"
    if any(word in vi.casefold() for word in VAGUE):
        return "does not tell blind people from people with low vision, deaf people from the hard of hearing"
    return "says more than was proven" if any(word in vi.casefold() for word in FORBIDDEN) else ""


def test_every_text_is_there_in_both_languages() -> None:
    found = list(fixed())
    assert len(found) > 1500
    assert [f"{where}: {problem(text)}: {text.vi[:60]} | {text.en[:60]}" for where, text in found if problem(text)] == []


@pytest.mark.parametrize(
    "text",
    [Text("", "a"), Text("Đóng", ""), Text("Close", "Close"), Text("Thêm bản ghi {n}", "Thêm bản ghi {n}"), Text("Đo\u0301ng", "Close"),
     Text("Cổng này tuân thủ WCAG", "This portal conforms"), Text("Người khiếm thị không nghe được.", "Blind people cannot hear it.")],
)  # fmt: skip
def test_the_check_sees_what_is_wrong(text: Text) -> None:
    assert problem(text)


@pytest.mark.parametrize("info", INFOS.values(), ids=INFOS)
def test_every_rule_tells_title_whom_it_hurts_and_how_to_mend_with_code(info: RuleInfo) -> None:
    assert info.name.vi and info.why is not None and len(info.why.vi) > 30 and len(info.why.en) > 30
    mends = [message.mend for name, message in info.messages.items() if name != "untested"]
    assert mends and all(mend.vi and mend.en for mend in mends)
    assert info.example is not None and info.example.before != info.example.after
    assert max(len(info.example.before), len(info.example.after)) < 600
