"""What the probe ``sound`` recorded, as the rules of 1.2 and 1.4.2 read it. See ``wcag_audit/gather/probes/sound.py``."""

from __future__ import annotations

from typing import Any

from wcag_audit.dom import Node
from wcag_audit.model import JSON
from wcag_audit.phrases import phrases
from wcag_audit.recorded import node_of
from wcag_audit.rule import Evidence

#: Seconds of audible sound below which a medium is silent.
_AUDIBLE = 0.3
#: Seconds of sound below which nothing is said of its kind.
_SHORT = 3.0


def heard(data: JSON) -> dict[str, Any] | None:
    """What listening and decoding gave; None where there was nothing to hear."""
    return data["steps"][0]["changed"] if data["steps"] else None


def recorded_medium(medium: Node, evidence: Evidence) -> dict[str, Any] | None:
    """What was recorded of a medium: its row, with ``decoded`` (None where its file was not opened). Raises Missing."""
    data = evidence.data("sound")
    row = next((row for row in data["start"]["media"] if node_of(evidence.dom, row) is medium), None)
    if row is None:
        return None
    told = heard(data)
    decoded = told["sources"].get(row["src"]) if told is not None else None
    return {**row, "decoded": decoded if decoded is not None and "error" not in decoded else None}


def is_silent(row: JSON) -> bool | None:
    """Whether a medium's file has no sound that can be heard; None where that is not known."""
    decoded = row["decoded"]
    if decoded is None:
        return None
    if decoded["sound"] is not None:
        return bool(decoded["sound"]["loud"] < _AUDIBLE) if decoded["complete"] else None
    pictures = decoded["pictures"]
    return True if pictures is not None and pictures.get("audio") == 0 else None


def speech_is_proven(row: JSON, called: str) -> bool:
    """Whether the sound goes on as only speech does: pauses, a gliding pitch, hisses between voiced runs; and nothing calls it music."""
    sound = row["decoded"]["sound"] if row["decoded"] is not None else None
    if sound is None or "glide" not in sound or sound["loud"] < _SHORT:
        return False
    if phrases("music").found_in(called) and not phrases("speech").found_in(called):
        return False
    return bool(
        sound["lulls"] >= 0.12
        and 0.35 <= sound["voiced"] <= 0.92
        and sound["glide"] >= 0.55
        and 0.03 <= sound["hiss"] <= 0.30
        and sound["spread"] >= 0.08
        and 1.5 <= sound["runs"] <= 8
    )


def only_tones(row: JSON) -> bool:
    """Whether the sound holds no speech: tones that keep their pitch and leave neither pauses nor hisses."""
    sound = row["decoded"]["sound"] if row["decoded"] is not None else None
    return sound is not None and "glide" in sound and bool(sound["glide"] < 0.15 and sound["hiss"] < 0.01 and sound["spread"] < 0.04)


def pictures_have_text(row: JSON) -> bool | None:
    """Whether any picture looked at holds what looks like a line of text; None where too few could be looked at."""
    frames = _frames(row)
    return any(frame["lines"] for frame in frames) if len(frames) >= 4 else None


def screens_of_text(row: JSON) -> int:
    """How many different pictures with lines of text there are, at least."""
    return len({tuple(map(tuple, frame["lines"])) for frame in _frames(row) if frame["lines"]})


def _frames(row: JSON) -> list[Any]:
    pictures = row["decoded"]["pictures"] if row["decoded"] is not None else None
    return list(pictures.get("frames", ())) if pictures is not None else []


def captions(row: JSON, evidence: Evidence) -> str:
    """The state of a video's captions: ``good``, ``broken`` (a track whose file is missing, empty or no WebVTT), ``none``."""
    told = heard(evidence.data("sound"))
    files = told["tracks"] if told is not None else {}
    tracks = [track for track in row["tracks"] if track["kind"] in ("captions", "subtitles")]
    if not tracks:
        return "none"
    return "good" if any(files.get(track["src"], {"cues": 1}).get("cues", 0) for track in tracks) else "broken"


def words_in_captions(row: JSON, evidence: Evidence) -> int:
    told = heard(evidence.data("sound"))
    return max((told["tracks"].get(track["src"], {}).get("words", 0) for track in row["tracks"]), default=0) if told is not None else 0
