"""The quick scan of a page's source: what it finds, that hostile text neither stops nor slows it, and that it never calls wrong right."""

from __future__ import annotations

import random
import re
import time
from pathlib import Path

import pytest

from wcag_audit.rules.robust import _source

CHECKOUT = Path(__file__).parent.parent
PAGES = sorted((CHECKOUT / "fixtures" / "rules").glob("*/*.html"))


def kinds(text: str) -> list[tuple[str, str]]:
    return [(slip.kind, slip.tag) for slip in _source.slips(_source.read(text))]


def test_tags_attributes_and_places() -> None:
    source = _source.read("<p>\n  <a HREF=x class='a b' hidden>\n</a></p>")
    (paragraph, link) = source.tags
    assert (paragraph.name, link.name) == ("p", "a")
    assert link.attributes == [("href", "x"), ("class", "a b"), ("hidden", "")]
    assert source.place(link.start) == (2, 3)


def test_the_nearest_id_round_a_place_is_known() -> None:
    source = _source.read('<main id="m"><div id="d"><b>x</b></div><i>y</i></main>')
    assert [tag.within for tag in source.tags] == ["", "m", "d", "m"]


@pytest.mark.parametrize(
    "text",
    [
        "<!-- <b> --><p>a",
        "<!--><p>a</p>",
        "<script>if (a < b) document.write('<div>')</script>",
        "<textarea></div></textarea>",
        "<title></b></title>",
        "<table><tr><td>a<td>b</table>",
        "<ul><li>a<ul><li>b</ul></ul>",
        "<svg><g><path/></g></svg>",
        "<template><tr><td></template>",
        "<p title='a > b'>a</p>",
        "<br></br><img></img>",
    ],
)
def test_sound_source_has_no_slip(text: str) -> None:
    assert kinds(f"<!DOCTYPE html><html><head></head><body>{text}</body></html>") == []


@pytest.mark.parametrize(
    ("text", "slip"),
    [
        ("<div><span>a</div>", ("unclosed", "span")),
        ("<div>a</div></div>", ("unopened", "div")),
        ("<b><i>a</b></i>", ("crossed", "b")),
        ("<table><tbody><td>a</td></tbody></table>", ("misplaced", "td")),
        ("<ul><ul></ul></ul>", ("misplaced", "ul")),
        ('<input title="a type="text">', ("garbled", "input")),
    ],
)
def test_each_kind_of_slip_is_told(text: str, slip: tuple[str, str]) -> None:
    assert slip in kinds(f"<!DOCTYPE html><html><head></head><body>{text}</body></html>")


@pytest.mark.parametrize("path", PAGES, ids=[f"{path.parent.name}/{path.stem}" for path in PAGES])
def test_what_the_scan_calls_sound_the_parser_calls_sound(path: Path) -> None:
    source = _source.read(path.read_text("utf-8"))
    if not source.doubtful:
        source.doubtful = True
        assert [slip for slip in _source.slips(source) if slip not in source.misplaced] == []


_SIGNS = ["<", ">", '"', "'", "=", "/", " ", "\n", "\xa0", "\x0b", "`", "a", "!", "</p>", "<b x='y'z=1>", "<svg/>", "<template>"]


def test_well_written_tags_are_taken_in_as_the_careful_way_does(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(4)
    texts = [path.read_text("utf-8") for path in PAGES[::3]]
    for text in tuple(texts):
        spoilt = list(text[:3000])
        for _ in range(4):
            spoilt[chance.randrange(len(spoilt))] = chance.choice(_SIGNS)
        texts.append("".join(spoilt))
    quick = [_source.read(text) for text in texts]
    monkeypatch.setattr(_source, "_SOUND", re.compile(r"(?!)"))
    monkeypatch.setattr(_source, "_is_plain", lambda parent, tag: False)
    for text, one in zip(texts, quick, strict=True):
        assert one == _source.read(text)


@pytest.mark.parametrize(
    "text",
    [
        "<" * 200_000,
        "<a " * 60_000,
        "<a b=" * 60_000,
        "<a b='" * 60_000,
        "<!--" * 60_000,
        "<script>" * 30_000,
        "</" * 100_000,
        "<a " + "x " * 100_000,
        "<div>" * 30_000,
        "<template>" * 30_000,
        "<a\x00b=\ud800>",
        "",
    ],
    ids=["brackets", "tags", "values", "quotes", "comments", "scripts", "ends", "attributes", "depth", "templates", "odd signs", "empty"],
)
def test_hostile_source_is_scanned_in_time(text: str) -> None:
    started = time.process_time()
    _source.read(text)
    assert time.process_time() - started < 5


def test_a_value_of_several_words_without_quotes() -> None:
    def found(text: str) -> list[str]:
        return [slip.tag for slip in _source.unquoted(_source.read(text))]

    assert found("<img src=a.png alt=Sơ đồ trụ sở>") == ["img"]
    assert found("<input required placeholder=Nhap họ ten>") == ["input"]
    assert found("<a href=/tin title=Tin hay lắm class=x>a</a>") == ["a"]
    assert found("<img alt=Sơ src=a.png hidden><img alt='Sơ đồ trụ sở' hidden>") == []
    assert found("<img alt='Sơ' đồ>") == []
    assert found("<input value=x matInput required>") == []
