"""Forms that were sent with mistakes, as the ``submits`` recording has them: which fields were marked, and which texts tell it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from wcag_audit.model import JSON, Box, Step, Text, bare
from wcag_audit.recorded import node_of, target_of
from wcag_audit.rule import Evidence, Finding
from wcag_audit.rules.perceivable._colours import hue, rgb

#: How far from its field a message may stand, in CSS pixels: below or above it, and beside it.
_UPRIGHT, _BESIDE = 90.0, 280.0
_ALARMING = frozenset(("red", "orange", "pink"))
_ERROR_CLASS = re.compile(r"(?<![a-z])(?:error|err|invalid|danger|loi|fail(?:ed)?|wrong|warning)(?![a-z])|invalid|error", re.IGNORECASE)
_MEANINGLESS = re.compile(r"[\s*:()]+")


class Sent(NamedTuple):
    """One form, sent once: as it was (``form``), how it was sent (``step``), and what came of it (``came``)."""

    form: dict[str, Any]
    step: dict[str, Any]
    came: dict[str, Any]

    @property
    def fields(self) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Each field with what is different about it; those that vanished or were switched off meanwhile are left out."""
        pairs = zip(self.form["fields"], self.came["fields"], strict=True)
        return [(field, look) for field, look in pairs if look is not None and not look["off"]]

    @property
    def went_off(self) -> bool:
        """The page tried to send it: what was wrong is for the server to say."""
        return bool(self.came["moved"]) or any(
            note["kind"] in ("navigation", "request", "websocket", "popup") for note in self.came["held"]
        )

    @property
    def told(self) -> tuple[Step, ...]:
        """What a person does to see the same."""
        values = self.step["args"]["values"]
        filled = {field["name"]: value for field, value in zip(self.form["fields"], values, strict=True) if value}
        args = {"button": self.form["button"]["words"], "fields": filled}
        return (Step(action="submit", reason=self.step["reason"], args=args, at=self.step["at"]),)


def sent_forms(evidence: Evidence) -> list[list[Sent]]:
    """Per form of the recording, each time that it was sent."""
    data = evidence.data("submits")
    forms: list[list[Sent]] = []
    for index, form in enumerate(data["start"]["forms"]):
        own = [step for step in data["steps"] if step["args"]["form"] == index and step["changed"] is not None]
        forms.append([Sent(form, step, step["changed"]) for step in own])
    return forms


def cut_short(data: JSON) -> Text | None:
    """Why a recording ended before its time, or None."""
    if data["done"] == "time":
        return Text("hết thời gian thử trên trang này", "the time for trying this page ran out")
    if str(data["done"]).startswith("lost"):
        return Text(f"mất trang khi đang thử: {data['done']}", f"the page was lost while it was tried: {data['done']}")
    return None


def is_marked(look: dict[str, Any]) -> bool:
    """Whether people see that something is wrong with the field: it changed its look, and to an alarming one."""
    if not (look["colours"] or look["shape"]):
        return False
    newly_named = _ERROR_CLASS.search(look["class"][1]) is not None and _ERROR_CLASS.search(look["class"][0]) is None
    return newly_named or look["invalid"] == "true" or any(_alarms(before, after) for before, after in look["colours"].values())


def _alarms(before: str, after: str) -> bool:
    old, new = rgb(before), rgb(after)
    return new is not None and hue(new) in _ALARMING and (old is None or hue(old) not in _ALARMING)


def dialogs(came: dict[str, Any]) -> list[str]:
    """What alert boxes said."""
    return [note["detail"] for note in came["held"] if note["kind"] == "dialog"]


def said_of(field: dict[str, Any], finding: Finding, evidence: Evidence) -> Finding:
    """A finding, said of a recorded field."""
    node = node_of(evidence.dom, field["el"])
    return msgspec.structs.replace(finding, node=node, target=None if node is not None else target_of(evidence.dom, field["el"]))


class Telling(NamedTuple):
    """Of which fields (by ``place``) texts tell, the texts that tell of none, and those that do so only by standing near."""

    fields: frozenset[str]
    others: tuple[str, ...]
    beside: tuple[str, ...]


def telling(sent: Sent) -> Telling:
    """Which fields are told in text to be wrong: beside them, tied to them, by their names, or by the browser itself."""
    told = {place(field) for field, look in sent.fields if look["told"][1] != look["told"][0] and look["told"][1]}
    native = {sent.came["bubble"]["field"]} if sent.came["bubble"] else set()
    told |= {place(field) for index, field in enumerate(sent.form["fields"]) if index in native or index in sent.came["native"]}
    others: list[str] = []
    beside: list[str] = []
    for text, box in _texts(sent.came):
        named = {place(field) for field, _ in sent.fields if _names(text, field["name"])}
        near = _nearest(box, sent) if box is not None and not named else None
        if near is not None:
            named.add(near)
            beside.append(text)
        told |= named
        if not named:
            others.append(text)
    return Telling(frozenset(told), tuple(others), tuple(beside))


def place(field: dict[str, Any]) -> str:
    """What tells one field of a form from the others."""
    return repr(field["el"]["path"])


def _texts(came: dict[str, Any]) -> Iterator[tuple[str, Box | None]]:
    yield from ((new["text"], Box(*new["box"])) for new in came["news"])
    yield from ((text, None) for text in dialogs(came))


def _names(text: str, name: str) -> bool:
    own = _MEANINGLESS.sub(" ", bare(name)).strip()
    return len(own) >= 3 and own in bare(text)


def _nearest(text: Box, sent: Sent) -> str | None:
    """The field beside which a text stands."""
    distances = [(gap, place(field)) for field, look in sent.fields if (gap := _gap(text, Box(*look["box"]))) is not None]
    return min(distances)[1] if distances else None


def _gap(text: Box, field: Box) -> float | None:
    """How far a text stands from a field; None where it is too far. What stands above may be the message of the field before."""
    across = max(text.x - (field.x + field.width), field.x - (text.x + text.width))
    under, over = text.y - (field.y + field.height), field.y - (text.y + text.height)
    if under < 0 and over < 0:
        return max(0.0, across) if across <= _BESIDE else None
    if across > 30 or max(under, over) > _UPRIGHT:
        return None
    return under if under >= 0 else over + 20
