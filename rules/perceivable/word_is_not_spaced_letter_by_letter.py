"""A word is not spaced out letter by letter

What it checks
    Words whose letters are set apart with spaces, no-break spaces or line breaks: "T H Ô N G   B Á O", "東　京"; and at least five
    letters that stand one under the other, each in a block or a table row of its own. Rows of letters that
    are no word (an index from A to Z, answers A C B D, Roman numbers) are left out.

Why it matters
    A screen reader spells such a word letter by letter, and a search on the page does not find it. The heading of a notice becomes
    a row of letters that tells nobody what the notice is about.

Fails
    ``<h2>T H Ô N G &nbsp; B Á O</h2>``

Mended
    ``<h2 style="letter-spacing: .3em">THÔNG BÁO</h2>``

References
    WCAG 2.0 success criterion 1.3.2; technique C8; failure F32.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from wcag_audit.dom import Node
from wcag_audit.model import Text, bare, nfc
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, failed, message

_SPACE = r"[ \t\u00a0\u2000-\u200a\u202f\u3000]"
_SPACED = re.compile(rf"(?<![\w'’.-])[^\W\d_](?:{_SPACE}{{1,6}}[^\W\d_]){{3,}}(?![\w'’-])")
_CJK = re.compile(rf"^\s*[\u3040-\u30ff\u3400-\u9fff](?:{_SPACE}+[\u3040-\u30ff\u3400-\u9fff]){{1,5}}\s*$")
#: What a text must hold to be looked at: two letters apart, or nothing but one letter (perhaps with a mark of its own).
_HINT = re.compile(rf"(?:^|{_SPACE})\S{{1,3}}{_SPACE}+\S{{1,3}}(?:{_SPACE}|$)|^\s*\S{{1,3}}\s*$")
_ALONE = re.compile(r"\s[^\W\d_]\s")
_CJK_LETTER = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
#: Blocks that may hold one letter each of a word set downwards, and how many at least; items of a list are things of their own.
_BLOCKS, _TOWER = ("div", "p", "span", "td"), 5
_KEYBOARD = ("qwerty", "asdf", "wasd", "zxcv")


def _may_hold_a_row(text: str) -> bool:
    """Most texts hold no letter alone, and that is soon told."""
    composed = unicodedata.normalize("NFC", text)
    if _ALONE.search(composed) is None and len(text.strip()) > 2 and (text.isascii() or _CJK_LETTER.search(composed) is None):
        return False
    return _HINT.search(text) is not None


def _stacked(block: Node) -> str:
    """The letters of a block that holds nothing but single letters, each on its own line by ``br``; empty otherwise."""
    parts = [child for child in block.children if not (child.is_text and not str(child.raw["x"]).strip())]
    letters = [str(child.raw["x"]).strip() for child in parts if child.is_text]
    breaks = sum(1 for child in parts if child.tag == "br")
    good = len(letters) >= 3 and breaks >= len(letters) - 1 and len(letters) + breaks == len(parts)
    return " ".join(letters) if good and all(len(nfc(letter)) == 1 and letter.isalpha() for letter in letters) else ""


def _letter(node: Node) -> str:
    text = nfc(node.text)
    return text if len(text) == 1 and text.isalpha() else ""


def _below(block: Node) -> Node | None:
    """The block, or the only cell of the row, that follows this one."""
    own = block.parent if block.tag == "td" else block
    siblings = [node for node in own.parent.children if not node.is_text] if own is not None and own.parent is not None else []
    after = next((b for a, b in pairwise(siblings) if a is own), None)
    if after is None or block.tag != "td":
        return after
    cells = [child for child in after.children if not child.is_text]
    return cells[0] if len(cells) == 1 else None


def _tower(block: Node) -> list[Node]:
    """Blocks of one letter each from this one on, every one right under the one before."""
    found = [block]
    while (after := _below(found[-1])) is not None and after.tag == block.tag and _letter(after):
        a, b = found[-1].box, after.box
        if a is None or b is None or abs(a.x - b.x) > 1 or not 0 <= b.y - a.y <= 3 * a.height:
            break
        found.append(after)
    return found


def _runs(text: Node) -> Iterator[str]:
    raw = _as_shown(str(text.raw["x"]))
    for match in _SPACED.finditer(raw):
        yield match[0]
    if _CJK.match(raw) and text.block is not None and nfc(text.block.text) == nfc(raw):
        yield raw.strip()


def _as_shown(text: str) -> str:
    """NFC with white space as it is, runs in a line folded to what HTML shows."""
    return unicodedata.normalize("NFC", re.sub(r"[ \t\r\n\f]+", " ", text))


def row_of_letters(evidence: Evidence) -> Iterator[tuple[Node, str]]:
    """Visible rows of single letters with spaces or line breaks between."""
    blocks: set[int] = set()
    towers: set[int] = set()
    for text in evidence.dom.visible_texts:
        if not _may_hold_a_row(str(text.raw["x"])) or not text.exposed:
            continue
        if text.closest("pre", "code", "kbd", "script", "style") is not None:
            continue
        for run in _runs(text):
            yield text, run
        if len(str(text.raw["x"]).strip()) <= 2 and text.parent is not None and text.parent.index not in blocks:
            blocks.add(text.parent.index)
            if run := _stacked(text.parent):
                yield text, run
            block = text.block
            if block is not None and block.tag in _BLOCKS and block.index not in towers and _letter(block):
                tower = _tower(block)
                towers.update(node.index for node in tower)
                if len(tower) >= _TOWER:
                    yield text, " ".join(map(_letter, tower))


def _is_word(run: str, whole: str) -> bool:
    """Whether the letters make a word: written alike, with a vowel and a consonant, and no usual row of letters."""
    letters = [c for c in run if c.isalpha()]
    plain = bare("".join(letters))
    if not plain.isascii():
        return True
    alphabetical = plain == "".join(sorted(plain))
    alike = all(c.isupper() for c in letters) or all(c.islower() for c in letters[1:])
    usual = set(plain) <= set("abcdef") or set(plain) <= set("ivxlcdm") or plain in _KEYBOARD or len(set(plain)) < 3
    vowels = sum(1 for c in plain if c in "aeiouy")
    enough = len(letters) >= 5 or nfc(whole) == nfc(run)
    return alike and enough and not alphabetical and not usual and 0 < vowels < len(plain)


def makes_no_word(target: tuple[Node, str], evidence: Evidence) -> Finding | None:
    """The letters make no word."""
    text, run = target
    if any(node.get("aria-label").strip() for node in text.ancestors()) or not _is_word(run, text.block.text if text.block else run):
        return PASSED
    word = " ".join("".join(part.split()) for part in re.split(rf"{_SPACE}{{2,}}", run))
    return failed("spaced", {"spaced": nfc(run), "word": nfc(word)}, node=text.parent)


RULE = Rule(
    name=Text("Từ không bị tách rời từng chữ cái", "A word is not spaced out letter by letter"),
    why=Text(
        "Người mù dùng trình đọc màn hình nghe đánh vần từng chữ cái thay vì nghe từ; chức năng tìm kiếm trên trang cũng không tìm thấy "
        "từ đó.",
        "Blind people who use a screen reader hear single letters instead of the word, and a search on the page does not find it.",
    ),
    criteria=("1.3.2",),
    needs=("dom",),
    applicability=row_of_letters,
    expectation=makes_no_word,
    techniques=("C8", "F32"),
    messages={
        "spaced": message(
            vi="Từ bị tách rời từng chữ cái: “{spaced}” (đúng ra là “{word}”)",
            en="A word is spaced out letter by letter: “{spaced}” (it should read “{word}”)",
            mend_vi="Viết liền từ và giãn chữ bằng CSS letter-spacing.",
            mend_en="Write the word in one piece and space its letters with CSS letter-spacing.",
        ),
    },
)
