"""What a recording of motion says of one moving thing: pure functions that the probe and the rules share.

A *thing* is a row of the ``motion`` artifact: ``kind`` (script, animation, marquee, video, svg, picture, canvas), ``el``, and either
``changes`` (milliseconds of the watch at which it looked different) or ``moving`` and ``seconds`` (how long in all; null: for ever).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from wcag_audit.model import JSON, nfc
from wcag_audit.phrases import phrases

#: Seconds that anything may move by itself.
ALLOWED = 5.0
#: Changes that make a movement, where it goes on to the end of the watch, and where it ended before.
_GOING_ON, _ENDED = 3, 5
#: Characters of a text that says hardly more than that work is under way.
_SHORT = 60
#: What a text is seen to do where its words stay in their place.
_IN_PLACE = frozenset(("fade", "colour", "glow", "blink"))
_LETTER = re.compile(r"[^\W\d_]")
_NUMBERS = re.compile(r"[\d\W_]+")
#: What a press itself changes is over by then, in milliseconds.
_AFTERMATH = 1_500


def seconds(thing: JSON) -> float | None:
    """How long a thing moves by itself, as far as was watched; None for ever."""
    if "changes" not in thing:
        return float(thing["seconds"]) if thing["seconds"] is not None else None
    changes = thing["changes"]
    return (changes[-1] - changes[0]) / 1000 if changes else 0.0


def widest_gap(thing: JSON) -> int:
    """Milliseconds between two changes of a thing, at the most."""
    return max(_gaps(thing), default=0)


def _gaps(thing: JSON) -> list[int]:
    return [after - before for before, after in pairwise(thing.get("changes", ()))]


def lasts(thing: JSON, watched: int) -> bool:
    """Whether a thing moves for more than five seconds; ``watched`` are the milliseconds of the watch."""
    lasted = seconds(thing)
    if "changes" not in thing:
        return bool(thing["moving"]) and (lasted is None or lasted > ALLOWED)
    changes = thing["changes"]
    gaps = _gaps(thing)
    # A few changes are one movement only where they come in an even beat that has not ended.
    goes_on = bool(gaps) and watched - changes[-1] <= max(1_000, 1.1 * max(gaps)) and max(gaps) <= 3 * min(gaps)
    return lasted is not None and lasted > ALLOWED and len(changes) >= (_GOING_ON if goes_on else _ENDED)


def undecided(thing: JSON, watched: int) -> bool:
    """Whether a slow thing has to be watched for longer to know."""
    if "changes" not in thing or lasts(thing, watched):
        return False
    return (thing["changes"][-1] if thing["changes"] else thing["since"]) > ALLOWED * 1000  # type: ignore[no-any-return]


def signals_work(thing: JSON) -> bool:
    """Whether a thing is a mere sign that work is under way: marked so, or its words, or those beside a mark without words, say so and
    hardly more, and do not move along."""
    if thing["work"] or thing["kind"] in ("marquee", "video"):
        return bool(thing["work"])
    said = nfc(thing.get("said", ""))
    texts = [nfc(text) for row in thing.get("series", ()) for text in row]
    worded = [text for text in (said, *texts) if _LETTER.search(text)]
    if not worded:
        return _tells_work(nfc(thing.get("beside", "")))
    stays = not thing.get("moves") or _IN_PLACE.issuperset(thing.get("how", ()))
    return stays and all(map(_tells_work, worded)) and only_numbers_change(thing)


def _tells_work(text: str) -> bool:
    return len(text) <= _SHORT and phrases("work_under_way").begins(text)


def series_of(thing: JSON) -> list[list[str]]:
    """The texts that each part of a thing went through; recordings before version 3 tell those of one part."""
    rows = thing.get("series") or [thing.get("texts", ())]
    return [[nfc(text) for text in row] for row in rows if row]


def only_numbers_change(thing: JSON) -> bool:
    """Whether each part of a thing keeps its words, and only figures and marks in it change."""
    return all(len({_NUMBERS.sub(" ", text).strip() for i, text in enumerate(row) if text or i}) <= 1 for row in series_of(thing))


def same(one: JSON, other: JSON) -> bool:
    """Whether two rows speak of the same thing, or one of a part of the other."""
    first, second = one["el"], other["el"]
    if first["frame"] != second["frame"] or first["path"] is None or second["path"] is None:
        return False
    length = min(len(first["path"]), len(second["path"]))
    return bool(first["path"][:length] == second["path"][:length])


def moves_on(thing: JSON, look: JSON) -> bool:
    """Whether a thing still moves in a later look."""
    return any(_moves(row) for row in look["things"] if same(thing, row) and (row["kind"] == thing["kind"] or "changes" in row))


def stopped(thing: JSON, look: JSON) -> bool:
    """Whether a later look proves that a thing moves no more: one that came to its end."""
    return bool(look["reached"]) and not moves_on(thing, look)


def _moves(row: JSON) -> bool:
    return any(at > _AFTERMATH for at in row["changes"]) if "changes" in row else bool(row["moving"])


def lasting(look: JSON) -> list[Any]:
    """The things of a look that move for more than five seconds and are no sign of work."""
    return [thing for thing in look["things"] if lasts(thing, look["ms"]) and not signals_work(thing) and not thing.get("controls")]


def decisive(steps: list[Any]) -> JSON | None:
    """The last look before anything was pressed; None where there was none."""
    looks = [step["changed"] for step in steps if step["action"] == "watch"]
    return looks[-1] if looks else None


def may_move(path: Sequence[int | str], frame: JSON, look: JSON) -> bool:
    """Whether an element at a place is, or lies in, a thing that moves by itself in a look."""
    return any(thing["el"]["frame"] == frame and path[: len(thing["el"]["path"])] == thing["el"]["path"] for thing in look["things"])
