"""The probe ``sound``: when it listens, decodes and presses, what it measures, and what its rules make of hand-made recordings."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from tests.browsing import Browsing
from wcag_audit.browser.port import BrowserError
from wcag_audit.gather.hearing import RATE, measure
from wcag_audit.gather.probe import Action, Context, Done, Recording, replays
from wcag_audit.gather.probes import sound as listening
from wcag_audit.gather.probes.sound import Sound, read_webvtt, sounding, stopped
from wcag_audit.rules.perceivable._sound import is_silent, only_tones, pictures_have_text, screens_of_text, speech_is_proven
from wcag_audit.rules.perceivable.sound_can_be_stopped import RULE
from wcag_audit.serve import FolderSite, serving

FIXTURES = Path(__file__).parent.parent / "fixtures" / "rules" / "sound-can-be-stopped"


def state(**given: Any) -> dict[str, Any]:
    plain = {"paused": False, "ended": False, "muted": False, "volume": 1, "loop": True, "duration": 8.0, "at": 1.0, "played": 1.0}
    return {"kind": "element", "frame": [], "path": [1, 0], "src": "http://x/nhac.mp3", **plain, **given}


def medium(**given: Any) -> dict[str, Any]:
    return {**state(), "tag": "audio", "id": "", "html": "<audio>", "box": [0, 0, 0, 0], "seen": False, "text": "", "controls": False} | {
        "autoplay": True,
        "tracks": [],
        **given,
    }


CONTROL = {"frame": [], "path": [1, 1], "tag": "button", "id": "", "html": "<button>", "box": [0, 0, 9, 9], "seen": True, "text": ""} | {
    "name": "Tắt nhạc",
    "role": "button",
}


def recording(media: list[Any], controls: list[Any] | None = None, last: list[Any] | None = None) -> Recording:
    start = {"media": media, "others": [], "controls": controls or []}
    if last is None:
        return Recording(start)
    changed = {"samples": [{"at": 0, "sounds": media}, {"at": 3300, "sounds": last}], "sources": {}, "tracks": {}}
    return Recording(start, [{"action": "hear", "reason": "media", "args": {}, "at": 0, "changed": changed}])


def chosen(recording: Recording) -> Action:
    action = Sound().next(recording)
    assert isinstance(action, Action)
    return action


def test_nothing_is_done_on_a_page_without_media() -> None:
    assert Sound().next(recording([])) == Done(reason="no_media")
    nothing = Sound().idle(Context({"dom": {"nodes": [{"t": "html"}, {"t": "p"}]}}))
    assert nothing is not None
    assert Sound().next(Recording(nothing)) == Done(reason="no_media")
    assert Sound().idle(Context({"dom": {"nodes": [{"t": "script"}]}})) is None


@pytest.mark.parametrize(
    ("given", "listens"),
    [
        ({}, True),
        ({"muted": True}, False),
        ({"paused": True, "autoplay": False}, False),
        ({"duration": 1.5, "loop": False}, False),
        ({"played": 3.4}, False),
    ],
)
def test_it_listens_only_where_it_is_not_known_for_how_long_it_sounds(given: dict[str, Any], listens: bool) -> None:
    action = chosen(recording([medium(**given)]))
    assert action.args == {"media": [0], "files": [], "listen": listens}


def test_one_file_is_decoded_once_and_a_stream_not_at_all() -> None:
    rows = [medium(), medium(path=[1, 5]), medium(path=[1, 6], src="blob:http://x/1")]
    assert chosen(recording(rows)).args["media"] == [0]


def test_controls_are_pressed_until_one_works() -> None:
    tried = recording([medium()], [CONTROL, {**CONTROL, "name": "Âm lượng", "role": "slider"}], [state()])
    keys = []
    while isinstance(action := Sound().next(tried), Action):
        keys.append(action.args["key"])
        after = [state(volume=0.9)] if action.args["key"] == "Home" else [state()]
        changed = {"before": [state()], "after": after}
        tried.steps.append({"action": action.action, "reason": action.reason, "args": action.args, "at": 0, "changed": changed})
    assert keys == ["Enter", " ", "click", "Home"]
    assert action == Done(reason="stopped")


@pytest.mark.parametrize(("answers_after", "heard"), [(0.0, True), (0.6, True), (9.0, False)], ids=["at once", "late", "never"])
def test_a_page_too_busy_to_answer_is_asked_until_the_sound_is_known_to_be_long(
    answers_after: float, heard: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("LONG", 0.25), ("LISTEN", 0.3), ("_PACE", 0.04), ("_PATIENCE", 1.0)):
        monkeypatch.setattr(listening, name, value)
    playing = [state(played=0.1)]
    began = time.perf_counter()

    async def states(tab: Any) -> list[Any]:
        if time.perf_counter() - began < answers_after:
            raise BrowserError("busy")
        return playing

    monkeypatch.setattr(listening, "_states", states)
    samples = asyncio.run(listening._listen(cast(Any, None), playing, True))
    assert (samples[-1]["at"] > 250) is heard


def test_native_controls_need_no_search() -> None:
    assert Sound().next(recording([medium(controls=True, seen=True)], [CONTROL], [state()])) == Done(reason="heard")


def test_the_end_of_a_sound_is_no_control() -> None:
    assert stopped([state()], [state(paused=True)])
    assert stopped([state()], [state(muted=True)])
    assert not stopped([state()], [state(paused=True, ended=True)])
    assert not stopped([state(paused=True)], [state(paused=True)])
    assert sounding({"kind": "web-audio", "running": True, "peak": 0.2})
    assert not sounding({"kind": "web-audio", "running": True, "peak": 0.0})


def decoded(sound: dict[str, Any] | None, **pictures: Any) -> dict[str, Any]:
    return {"decoded": {"sound": sound, "complete": True, "pictures": pictures or None}}


def tone(seconds: float, pitch: float = 440.0) -> Any:
    at = np.arange(int(seconds * RATE)) / RATE
    return (0.4 * np.sin(2 * np.pi * pitch * at)).astype(np.float32)


def test_tones_are_heard_as_tones_and_never_as_speech() -> None:
    melody = np.concatenate([tone(1.0, pitch) for pitch in (392, 523, 440, 587, 349)])
    row = decoded(measure(melody))
    assert only_tones(row)
    assert not speech_is_proven(row, "")
    assert is_silent(row) is False


def test_noise_clicks_and_sirens_are_no_speech() -> None:
    random = np.random.default_rng(7)
    noise = (0.2 * random.standard_normal(6 * RATE)).astype(np.float32)
    at = np.arange(6 * RATE) / RATE
    siren = (0.4 * np.sin(2 * np.pi * (600 * at - 300 * np.cos(at)))).astype(np.float32)
    drums = noise * (np.exp(-12 * (at % 0.5))).astype(np.float32)
    for sound in (noise, siren, drums, drums + 0.3 * siren):
        assert not speech_is_proven(decoded(measure(sound.astype(np.float32))), "")


def test_silence_is_told_by_its_samples_or_by_the_lack_of_a_track() -> None:
    assert is_silent(decoded(measure(np.zeros(5 * RATE, dtype=np.float32)))) is True
    assert is_silent(decoded(None, audio=0)) is True
    assert is_silent(decoded(None, audio=1)) is None
    assert is_silent({"decoded": None}) is None


def test_text_in_pictures_is_known_only_from_enough_of_them() -> None:
    bare, written, other = {"at": 1, "lines": []}, {"at": 2, "lines": [[60, 66, 40]]}, {"at": 3, "lines": [[60, 66, 52]]}
    assert pictures_have_text(decoded(None, frames=[bare] * 6)) is False
    assert pictures_have_text(decoded(None, frames=[bare] * 5 + [written])) is True
    assert pictures_have_text(decoded(None, frames=[bare])) is None
    assert screens_of_text(decoded(None, frames=[written, written, other, bare])) == 2


def test_a_caption_file_is_read() -> None:
    good = "WEBVTT\n\n1\n00:00:00.000 --> 00:00:02.000\n<v Lan>Chào mừng bạn\n\n00:02.000 --> 00:04.000\n[Nhạc]\n"
    assert read_webvtt(good) == {"cues": 2, "words": 3}
    assert read_webvtt("WEBVTT\n\n") == {"cues": 0, "words": 0}
    assert "error" in read_webvtt("<html>404</html>")


def test_a_recording_of_a_real_page_replays(browsing: Browsing) -> None:
    with serving(FolderSite(FIXTURES)) as site:
        found, _ = browsing.judge(site.url + "passed_button-that-mutes.html", [RULE])
    data = found.snapshot.artifacts["sound"].data
    assert data["done"] == "stopped"
    assert replays(Sound(), data)
