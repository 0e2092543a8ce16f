"""The recording of the walk with Tab, as rules read it: what was reached, suspected traps with the attempts to leave them, and what
happened when an element got the focus.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from wcag_audit.dom import Node
from wcag_audit.model import JSON, Step, cut
from wcag_audit.recorded import node_of
from wcag_audit.rule import Evidence

#: Milliseconds after the focus within which something may have been caused by it; candidates for one event.
CAUSED, CANDIDATES = 600, 4
_LABEL = re.compile(r'(?:aria-label|title|alt|placeholder)="([^"]+)"')


class Trap(NamedTuple):
    """A suspected trap: the elements that the focus did not leave, what was tried, and the buttons inside that were not pressed."""

    inside: list[JSON]
    attempts: list[JSON]
    stays: bool
    untried: list[JSON]

    @property
    def held(self) -> bool:
        """Whether no attempt led out."""
        return not any(got_out(attempt, self.inside) for attempt in self.attempts)


class Event(NamedTuple):
    """Something that happened while the focus moved, and the elements that may have caused it, the likeliest first. ``certain``: it
    happened between one key and the next, so that only one element can have caused it."""

    kind: str
    detail: str
    candidates: list[JSON]
    certain: bool


def place(element: JSON) -> str:
    """Where an element stands, as text to compare."""
    return json.dumps([element["frame"], element["path"]])


def name_of(element: JSON, evidence: Evidence) -> str:
    """What an element is called: its accessible name or text, or its start tag."""
    node = node_of(evidence.dom, element)
    label = _LABEL.search(element["html"])
    own = node.name or node.text if node is not None else ""
    return cut(own or element["text"] or (label[1] if label else "") or element["html"], 80)


def got_out(attempt: JSON, inside: list[JSON]) -> bool:
    """Whether an attempt to leave ended outside."""
    changed = attempt["changed"]
    if changed["left"]:
        return True
    return bool(changed["stops"]) and place(changed["stops"][-1]["el"]) not in {place(element) for element in inside}


def traps(walk: JSON) -> list[Trap]:
    """The suspected traps of a walk, in order; where no element had taken the focus yet, nothing is known that holds it."""
    found: list[Trap] = []
    attempts: list[JSON] = []
    for step in walk["steps"]:
        if step["action"] == "leave":
            attempts.append(step)
        elif step["action"] == "resume" and attempts:
            inside, untried = step["args"]["inside"], step["args"].get("untried", [])
            if inside:
                found.append(Trap(inside, attempts, attempts[0]["reason"] == "focus_stays", untried))
            attempts = []
    return found


def stops(walk: JSON) -> list[JSON]:
    """The elements at which the way forward stopped, in order, each once."""
    steps = [step for step in walk["steps"] if step["action"] == "tab" and not step["args"]["shift"]]
    found = {place(stop["el"]): stop["el"] for step in reversed(steps) for stop in reversed(step["changed"]["stops"])}
    return list(reversed(found.values()))


def complete(walk: JSON) -> bool:
    """Whether the walk came to the end of the page."""
    return walk["done"] in ("end", "wraps")


def reached(evidence: Evidence) -> frozenset[int]:
    """Indices of the snapshot's elements at which the walk stopped, either way or behind a trap."""
    walk = evidence.data("focus_walk")
    elements = [stop["el"] for step in walk["steps"] if step["action"] == "tab" for stop in step["changed"]["stops"]]
    elements += [step["changed"]["el"] for step in walk["steps"] if step["action"] == "resume" and step["changed"]["el"] is not None]
    unique = {place(element): element for element in elements}
    return frozenset(node.index for element in unique.values() if (node := node_of(evidence.dom, element)) is not None)


def events(walk: JSON) -> Iterator[Event]:
    """What happened on the way forward, with the elements that had just got the focus."""
    for step in walk["steps"]:
        if step["action"] != "tab" or step["args"]["shift"]:
            continue
        row = step["changed"]["stops"]
        for one in step["changed"]["happened"]:
            if one["kind"] == "moved":
                yield Event("moved", one["detail"], [one["origin"]], certain=False)
                continue
            last = one["after"]
            near = [row[i] for i in range(last, max(-1, last - CANDIDATES), -1) if one["at"] - row[i]["at"] <= CAUSED]
            certain = bool(near) and (last + 1 >= len(row) or one["at"] <= row[last + 1]["at"]) and one["at"] - near[0]["at"] < 20
            yield Event(one["kind"], one["detail"], [stop["el"] for stop in near], certain)


def steps_of(trap: Trap) -> tuple[Step, ...]:
    """What a person repeats to see a trap."""
    return tuple(
        Step(
            action="leave",
            reason=attempt["reason"],
            args={"keys": [*attempt["args"]["keys"], "Shift+Tab" if attempt["args"]["shift"] else "Tab"]},
            at=attempt["at"],
            changed={"left": got_out(attempt, trap.inside)},
        )
        for attempt in trap.attempts
    )


def keys_of(trap: Trap) -> str:
    """The keys that did not lead out, as a list to read."""
    tried = dict.fromkeys(" ".join(part["args"]["keys"]) or ("Shift+Tab" if part["args"]["shift"] else "Enter") for part in trap.attempts)
    return ", ".join(["Tab", *tried])


def hidden_sentinel(node: Node | None, element: JSON) -> bool:
    """An element that only catches the focus to hand it on: nothing to read, nothing to see."""
    if node is not None and (node.name or node.text or node.tag in ("input", "select", "textarea")):
        return not node.exposed
    return not element["text"] and element["tag"] not in ("input", "select", "textarea", "iframe")
