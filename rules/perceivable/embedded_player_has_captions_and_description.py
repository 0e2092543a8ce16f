"""Video in an embedded player has captions and a description

What it checks
    Frames that hold a video player of a known service (YouTube, Vimeo, Facebook and others). What the player plays cannot be judged from
    this page: a person is shown the clip's address. A text of what is said and seen, standing beside the clip under such a word,
    answers 1.2.3; an address that makes the player start with captions answers 1.2.2.

Why it matters
    Guides and broadcasts of portals are mostly embedded clips; without captions deaf people, without description blind people, get
    nothing of them.

Fails
    A guide on YouTube with neither captions nor a text of its steps:
    ``<iframe src="https://www.youtube.com/embed/hd1" title="Hướng dẫn"></iframe>``

Mended
    The same clip with captions made by people, and the steps as text below it:
    ``<iframe src="https://www.youtube.com/embed/hd1?cc_load_policy=1" title="Hướng dẫn"></iframe> <h3>Các bước</h3> <ol>…</ol>``

References
    WCAG 2.0 success criteria 1.2.2 and 1.2.3; techniques G69, G87, G93.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from wcag_audit.dom import Node
from wcag_audit.model import Text
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, message
from wcag_audit.rules.perceivable._media import speaks_of_transcript

_SERVICE = re.compile(
    r"(?:.*\.)?(?:youtube(?:-nocookie)?\.com|youtu\.be|vimeo\.com|dailymotion\.com|tiktok\.com|wistia\.(?:com|net)|brightcove\.net|"
    r"jwplatform\.com|jwplayer\.com|streamable\.com|vtvgo\.vn|vtv\.vn|mediacdn\.vn|zingmp3\.vn|kaltura\.com)",
    re.IGNORECASE,
)
#: How an address asks the player to start with the captions that a clip has.
_CAPTIONS_ON = re.compile(r"[?&#](?:cc_load_policy=1|texttrack=\w)")
_PATHS = re.compile(r"facebook\.com/plugins/video|drive\.google\.com/file/.*/preview", re.IGNORECASE)


def embedded_players(evidence: Evidence) -> Iterator[Node]:
    """Visible frames whose address is that of a service's player."""
    for frame in evidence.dom.all("iframe", "embed", "object"):
        address = _address(frame)
        if frame.visible and frame.exposed and (_SERVICE.fullmatch(urlsplit(address).hostname or "") or _PATHS.search(address)):
            yield frame


def _address(frame: Node) -> str:
    return frame.get("src") or frame.get("data") or frame.get("data-src")


def clip_has_captions_and_description(frame: Node, evidence: Evidence) -> Finding | None:
    """The address turns captions on, and a text of the clip stands beside it."""
    around = " ".join(part.text for part in list(frame.ancestors())[:3] if part.tag not in ("body", "html", "main"))
    told, captioned = speaks_of_transcript(around), _CAPTIONS_ON.search(_address(frame))
    values = {"name": frame.name or frame.get("title"), "source": _address(frame)}
    if told and captioned:
        return PASSED
    if not told and not captioned:
        return cant_tell("clip", values)
    return cant_tell("captions_only", values, criteria=("1.2.2",)) if told else cant_tell("description_only", values, criteria=("1.2.3",))


RULE = Rule(
    name=Text("Video trong trình phát nhúng có phụ đề và mô tả", "Video in an embedded player has captions and a description"),
    why=Text(
        "Không có phụ đề, người điếc và người nghe kém không biết video nói gì; không có mô tả, người mù không biết video cho thấy gì.",
        "Without captions deaf and hard of hearing people do not learn what the video says; without a description blind people do not "
        "learn what it shows.",
    ),
    criteria=("1.2.2", "1.2.3"),
    needs=("dom",),
    applicability=embedded_players,
    expectation=clip_has_captions_and_description,
    techniques=("G69", "G87", "G93"),
    messages={
        "clip": message(
            vi="Video nhúng “{name}” ({source}): video có phụ đề, và lời có nói hết nội dung hình không?",
            en="The embedded video “{name}” ({source}): has it captions, and does its sound tell all that is seen?",
            mend_vi="Nếu không, thêm phụ đề do người soạn và đặt bản chữ nói cả lời và hình cạnh video.",
            mend_en="If not, add captions made by people, and a text of what is said and seen beside the video.",
        ),
        "description_only": message(
            vi="Video nhúng “{name}” ({source}) mở kèm phụ đề. Chỉ nghe tiếng có đủ hiểu những gì video cho thấy không?",
            en="The embedded video “{name}” ({source}) starts with captions. Does its sound alone tell all that is seen?",
            mend_vi="Nếu không, đặt bản chữ nói cả lời và hình cạnh video.",
            mend_en="If not, put a text of what is said and seen beside the video.",
        ),
        "captions_only": message(
            vi="Video nhúng “{name}” ({source}) có bản chữ cạnh bên. Video có phụ đề không?",
            en="The embedded video “{name}” ({source}) has a text beside it. Has it captions?",
            mend_vi="Nếu không, thêm phụ đề do người soạn.",
            mend_en="If not, add captions made by people.",
        ),
    },
)
