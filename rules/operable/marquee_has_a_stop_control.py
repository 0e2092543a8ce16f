"""A marquee has a control that stops it

What it checks
    Visible ``<marquee>`` elements beside other text: somewhere on the page stands a control that stops them. One that may do so, or
    a run that comes to an end, is a question. Where movement was recorded, moving-content-can-be-stopped judges.

Why it matters
    People with cognitive disabilities and people who read slowly lose the line again and again; movement that cannot be stopped keeps
    others from reading anything beside it.

Fails
    ``<marquee>Thông báo lịch nghỉ lễ</marquee>`` on a page without a button that stops it

Mended
    ``<p>Thông báo lịch nghỉ lễ</p>``, or a button “Tạm dừng” that calls ``stop()``

References
    WCAG 2.0 success criterion 2.2.2; failure F16; technique G4. Stopping on hover alone is no mechanism: it works for a mouse only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wcag_audit.dom import Node
from wcag_audit.model import Text, bare, cut
from wcag_audit.phrases import phrases
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.operable._handlers import handlers, scripts_of

#: Characters of visible text elsewhere on the page that make it "beside other content".
_BESIDE = 10
_STOP = re.compile(r"\.\s*stop\s*\(\)")
_SPEAKS = re.compile(r"\.\s*(?:stop|start)\s*\(|\bscrollAmount\b|\bmarquee\b", re.IGNORECASE)
#: What a name says that speaks of moving text or of everything that moves, without diacritics.
_WHAT_MOVES = frozenset((
    "chu", "tin", "chay", "cuon", "thong", "bao", "tat", "ca", "moi", "chuyen", "dong", "hieu", "ung", "trang", "text", "news", "ticker",
    "scroll", "scrolling", "marquee", "all", "everything", "animation", "animations", "motion", "movement", "moving", "page", "it",
))
_CONTROLS = ("button", "input", "a", "summary")
_CONTROL_ROLES = frozenset(("button", "switch", "checkbox", "link", "menuitem"))


def marquees_beside_text(evidence: Evidence) -> Iterator[Node]:
    """Visible marquees that move something beside other text; none where movement was recorded."""
    watched = evidence.artifact("motion")
    if watched is not None and watched.error is None:
        return
    root = evidence.dom.root
    for node in evidence.dom.all("marquee"):
        moves = node.get("behavior").lower() != "slide" and node.get("scrollamount").strip() != "0"
        if root is None or not (node.visible and moves and (words_of(node) or any(node.elements("img")))):
            continue
        beside = sum(len(text.raw["x"].strip()) for text in root.texts if text.visible and text.closest("marquee") is None)
        if beside >= _BESIDE:
            yield node


def words_of(marquee: Node) -> str:
    """What it shows in the course of time: at the moment of the snapshot it may all be out of sight."""
    return " ".join(str(text.raw["x"]).strip() for text in marquee.texts if text.box is not None).strip()


def can_be_stopped(node: Node, evidence: Evidence) -> Finding | None:
    """A control whose script stops it is there; a control or script that may do so, and a run that ends, are for a person."""
    values = {"text": cut(words_of(node) or node.html, 120)}
    controls = [each for each in evidence.dom.elements if is_control(each)]
    if any(_STOP.search(script) for each in controls for script in handlers(each, "click", evidence)):
        return PASSED
    ends = node.get("loop").strip().isdigit() and node.get("loop").strip() != "0"
    perhaps = ends or any(may_stop(each) for each in controls) or scripts_may_stop(evidence)
    return cant_tell("perhaps", values) if perhaps else failed("not_stopped", values)


def is_control(node: Node) -> bool:
    """Whether it is a visible button, field or scripted link; a link to another page stops nothing."""
    if not (node.tag in _CONTROLS or node.role in _CONTROL_ROLES) or not node.tabbable or not node.visible:
        return False
    href = node.get("href").strip().lower()
    return not href or href.startswith(("#", "javascript:"))


def may_stop(control: Node) -> bool:
    """Whether a control is named like one that stops what moves, and not some other thing, or could be an icon for it."""
    if not any(c.isalnum() for c in control.name):
        return True
    told = bare(" ".join((control.name, control.get("title"))))
    word = phrases("pause").found_in(told)
    rest = set(re.findall(r"\w+", told.replace(word, " "))) if word else set()
    return bool(word) and (not rest or bool(rest & _WHAT_MOVES))


def scripts_may_stop(evidence: Evidence) -> bool:
    """Whether an inline script speaks of marquees; what stops one on hover only stands in an attribute."""
    scripts = scripts_of(evidence)
    return any(_SPEAKS.search(body) for body in (*scripts.functions.values(), *(one.body for one in scripts.attached)))


RULE = Rule(
    name=Text("Chữ chạy (marquee) có cách dừng lại", "A marquee has a control that stops it"),
    why=Text(
        "Người khuyết tật trí tuệ và người đọc chậm không kịp đọc dòng chữ đang chạy; chuyển động không dừng được còn làm khó đọc mọi nội "
        "dung bên cạnh.",
        "People with cognitive disabilities and slow readers cannot keep up with the running line, and movement that never stops makes "
        "everything beside it hard to read.",
    ),
    criteria=("2.2.2",),
    needs=("dom",),
    applicability=marquees_beside_text,
    expectation=can_be_stopped,
    techniques=("F16", "G4"),
    messages={
        "not_stopped": message(
            vi="Chữ chạy “{text}” (marquee) lặp mãi và trên trang không có nút nào để tạm dừng, dừng hay ẩn.",
            en="The marquee “{text}” runs without end, and nothing on the page pauses, stops or hides it.",
            mend_vi="Hiện chữ đứng yên; nếu cần chuyển động thì thêm nút “Tạm dừng” dùng được bằng bàn phím.",
            mend_en="Show the text at rest; where it has to move, add a button “Pause” that works by keyboard.",
        ),
        "perhaps": message(
            vi="Không rõ chữ chạy “{text}” (marquee) chạy bao lâu và thành phần nào trên trang dừng được nó.",
            en="How long the marquee “{text}” runs and whether something on the page stops it is open.",
            mend_vi="Dùng bàn phím thử dừng chữ chạy; nếu không có cách nào thì thêm nút “Tạm dừng” hoặc cho chữ đứng yên.",
            mend_en="Try to stop it with the keyboard; where nothing does, add a button “Pause” or let the text stand still.",
        ),
    },
)
