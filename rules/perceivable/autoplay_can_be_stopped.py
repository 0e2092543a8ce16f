"""A player that starts by itself can be stopped

What it checks
    Audio and video elements that play as the page is opened, not muted, for more than three seconds, without ``controls``, and of
    which the browser has decoded sound. On a page that has no button, no field and no script that hears clicks or keys nothing can
    stop them, and a person is asked whether they are heard. Where the page was listened to and recorded, sound-can-be-stopped decides.

Why it matters
    Sound drowns the screen reader: blind people cannot hear the page, and so cannot find out how to stop it.

Fails
    ``<video src="gioi-thieu.mp4" autoplay></video>`` on a page of text and links

Mended
    ``<video src="gioi-thieu.mp4" controls></video>``, which plays when somebody asks for it.

References
    WCAG 2.0 success criterion 1.4.2; techniques G60, G170, G171, F93; ACT rule 80f0bf. How many bytes were decoded is no proof of sound: an
    encoder of a constant rate fills silence too. Only listening proves it.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from wcag_audit.dom import Node
from wcag_audit.model import Text
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, message
from wcag_audit.rules.perceivable._media import is_loaded, media

_LONG = 3.0
#: Bytes of sound a second from which a track is not silent, and the seconds that a browser decodes ahead.
_RATE, _AHEAD = 1500, 1.0
_CONSTANT = (".mp3", ".wav", ".aiff", ".au")
_HEARS = frozenset(("click", "mousedown", "pointerdown", "keydown", "keypress", "keyup", "touchstart"))


def players_that_start(evidence: Evidence) -> Iterator[Node]:
    """Media that play by themselves, not muted, for more than three seconds; none where the page was listened to."""
    sound = evidence.artifact("sound")
    if sound is None or sound.error is not None:
        yield from (node for node in media(evidence) if node.has("autoplay") and is_loaded(node) and _is_on(node) and _goes_on(node))


def _is_on(node: Node) -> bool:
    constant = urlsplit(str(node.state.get("src", ""))).path.lower().endswith(_CONSTANT)
    return not node.state.get("muted") and not constant


def _is_heard(node: Node) -> bool:
    """Whether it plays and enough bytes of sound were decoded for what it has played."""
    at, decoded = node.state.get("heard", (0, 0))
    return not node.state.get("paused") and decoded / (at + _AHEAD) >= _RATE


def _goes_on(node: Node) -> bool:
    """Whether it plays for more than three seconds: it is that long or starts again, and its address names no part of it."""
    part = urlsplit(str(node.state.get("src", ""))).fragment
    return (node.has("loop") or float(node.state.get("duration") or 0) > _LONG) and "t=" not in part


def something_may_stop_it(node: Node, evidence: Evidence) -> Finding | None:
    """It has controls of its own, the page has anything that could be one, or no sound was decoded."""
    dom = evidence.dom
    if not _is_heard(node) or node.has("controls") or dom.listeners_error is not None or dom.all("iframe", "frame", "object", "embed"):
        return PASSED
    hears = any(_HEARS & set(kinds) for kinds in dom.listeners.values())
    controls = any(other.tabbable and other.visible and not _only_leads_on(other) for other in dom.elements)
    if hears or controls or dom.with_attribute("onclick"):
        return PASSED
    return cant_tell("nothing_stops_it", {"source": str(node.state.get("src", "")), "seconds": f"{node.state.get('duration') or 0:g}"})


def _only_leads_on(node: Node) -> bool:
    """A plain link to somewhere, or the medium itself."""
    leads = node.tag in ("a", "area") and node.has("href") and not node.get("href").strip().lower().startswith(("javascript:", "#"))
    return leads or node.tag in ("audio", "video")


RULE = Rule(
    name=Text("Trình phát tự chạy có thể dừng được", "A player that starts by itself can be stopped"),
    why=Text(
        "Âm thanh át tiếng trình đọc màn hình: người mù không nghe được trang, nên cũng không tìm ra cách tắt.",
        "Sound drowns the screen reader: blind people cannot hear the page, and so cannot find out how to stop it.",
    ),
    criteria=("1.4.2",),
    needs=("dom",),
    applicability=players_that_start,
    expectation=something_may_stop_it,
    act=("80f0bf",),
    techniques=("F93", "G60", "G170", "G171"),
    messages={
        "nothing_stops_it": message(
            vi="{source} ({seconds} giây) tự phát khi mở trang, và trang không có nút nào để dừng hay tắt tiếng. Có nghe thấy tiếng không?",
            en="{source} ({seconds} s) starts by itself, and the page has nothing to pause, stop or mute it. Is it heard?",
            mend_vi="Bỏ autoplay, hoặc thêm controls để người dùng tự phát và dừng.",
            mend_en="Take autoplay away, or add controls so that people start and stop it themselves.",
        ),
    },
)
