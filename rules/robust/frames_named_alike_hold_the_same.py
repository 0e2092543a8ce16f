"""Frames of one name hold the same

What it checks
    Visible frames with the same accessible name: they lead to the same address or hold the same text, or their name says that they are
    advertisements. Where two hold different things, or cannot be read, a person decides whether one name serves both.

Why it matters
    A screen reader lists frames by their names. Of two that are both called “Bản đồ” nobody knows which is the one to enter.

Fails
    ``<iframe title="Thông tin" src="lich.html"></iframe> <iframe title="Thông tin" src="lien-he.html"></iframe>``

Mended
    ``<iframe title="Lịch làm việc" src="lich.html"></iframe> <iframe title="Liên hệ" src="lien-he.html"></iframe>``

References
    WCAG 2.0 success criterion 4.1.2; technique H64; ACT rule 4b1c6c. The criterion asks for a name, not for a different one, so this is
    a question and never a failure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import urldefrag, urljoin

from wcag_audit.dom import Frame, Node
from wcag_audit.model import Text, bare
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, message

_ADVERTISEMENT = re.compile(r"\b(?:quang cao|advert(?:s|ising|isement|isements)?|ads?|banner)\b")
_WORD = re.compile(r"\w+")
#: Share of common words from which two documents of one title are the same.
_ALIKE = 0.5


def frames_of_one_name(evidence: Evidence) -> Iterator[tuple[Node, ...]]:
    """Visible frames that share their name with another, by name."""
    table: dict[str, list[Node]] = {}
    for frame in evidence.dom.all("iframe", "frame"):
        if frame.visible and frame.exposed and (name := bare(frame.name)):
            table.setdefault(name, []).append(frame)
    return (tuple(frames) for frames in table.values() if len(frames) > 1)


def they_hold_the_same(frames: tuple[Node, ...], evidence: Evidence) -> Finding | None:
    """Each leads where the one before it leads, or holds the same; or all are advertisements."""
    if _ADVERTISEMENT.search(bare(frames[0].name)):
        return PASSED
    documents = {frame.owner.index: frame for frame in evidence.dom.frames if frame.owner is not None}
    for one, other in pairwise(frames):
        if address_of(one) != address_of(other) and not same_document(documents.get(one.index), documents.get(other.index)):
            return cant_tell("different", {"name": one.name, "first": address_of(one), "second": address_of(other)}, node=other)
    return PASSED


def address_of(frame: Node) -> str:
    """Where a frame leads, absolute and without fragment and last slash; of a frame written in place, its content."""
    return frame.get("srcdoc") or urldefrag(urljoin(frame.frame.url, frame.get("src").strip())).url.rstrip("/")


def same_document(one: Frame | None, other: Frame | None) -> bool:
    """Whether two documents that could be read say the same: in full, or under one title for the most part."""
    if one is None or other is None or one.root is None or other.root is None:
        return False
    words, others = (set(_WORD.findall(bare(root.text))) for root in (one.root, other.root))
    if words == others:
        return bool(words)
    return bool(one.title) and one.title == other.title and len(words & others) >= _ALIKE * len(words | others)


RULE = Rule(
    name=Text("Các khung cùng tên có cùng nội dung", "Frames of one name hold the same"),
    why=Text(
        "Người mù dùng trình đọc màn hình chọn khung theo tên; các khung khác nhau mà cùng tên thì không biết nên vào khung nào.",
        "Blind people who use a screen reader choose frames by name; where different frames share one, they cannot tell which to enter.",
    ),
    criteria=("4.1.2",),
    needs=("dom",),
    applicability=frames_of_one_name,
    expectation=they_hold_the_same,
    act=("4b1c6c",),
    techniques=("H64",),
    messages={
        "different": message(
            vi="Hai khung cùng tên “{name}” dẫn tới hai nơi: {first} và {second}",
            en="Two frames of the name “{name}” lead to two places: {first} and {second}",
            mend_vi="Nếu nội dung hai khung khác nhau thì đặt title riêng cho từng khung, nói khung chứa gì.",
            mend_en="Where they hold different content, give each a title of its own that tells what it holds.",
        ),
    },
)
