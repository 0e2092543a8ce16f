"""A video has a text alternative or audio description

What it checks
    Native videos (no moving backgrounds): whether a text long enough to tell what is seen and heard stands in the video's own part of
    the page, is linked under a word such as "bản lời", "nội dung phim", "transcript", or an audio description comes as a track or as a
    recording beside it. It fails where there is none, the sound (decoded) is nothing but tones, at least three different pictures hold
    lines of text, and the page has no other running text that could tell it. Else a person has to see whether the sound says all that
    matters; a video without any sound belongs to 1.2.1. A link to a video file with
    no such text on the page is asked of a person for captions too.

Why it matters
    Blind people get nothing of what a video only shows: the form that is filled in, the way to the counter, the words on the screen.

Fails
    A video with music and words on the screen that stand nowhere else:
    ``<video controls src="gioi-thieu.webm"></video>``

Mended
    The same video, and below it "Nội dung phim" with those words:
    ``<video controls src="gioi-thieu.webm"></video> <h3>Nội dung phim</h3> <p>…</p>``

References
    WCAG 2.0 success criterion 1.2.3; techniques G69, G78, H96; ACT rule c5a4ea. Captions of native videos (1.2.2) are axe's video-caption.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from wcag_audit.dom import Node
from wcag_audit.model import Text
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.perceivable import _media as media
from wcag_audit.rules.perceivable import _sound as sound

#: Different pictures with text from which what a video tells is told in writing.
_SCREENS = 3


def videos(evidence: Evidence) -> Iterator[Node]:
    """Visible native videos that are not moving backgrounds, and links to video files that no player on the page plays."""
    yield from media.videos(evidence)
    yield from media.linked_files(evidence, media.is_video_file)


def video_is_told(video: Node, evidence: Evidence) -> Finding | None:
    """A text or an audio description tells what is seen."""
    if any(track.get("kind") == "descriptions" and track.get("src") for track in video.elements("track")):
        return PASSED
    if media.own_transcript(video, evidence) or media.other_transcript(evidence) or media.has_description(video):
        return PASSED
    called = media.label(video, evidence) if video.tag == "video" else video.name or video.text
    values = {"name": called, "source": media.source(video)}
    if video.tag == "a":
        return cant_tell("linked", values, criteria=("1.2.2", "1.2.3"))
    artifact = evidence.artifact("sound")
    row = sound.recorded_medium(video, evidence) if artifact is not None and artifact.error is None else None
    if row is not None and sound.is_silent(row):
        return PASSED
    if row is not None and _only_shows_words(video, row, evidence):
        return failed("words_in_pictures", values, criteria=("1.2.3",))
    return cant_tell("no_text", values, criteria=("1.2.3",))


def _only_shows_words(video: Node, row: dict[str, Any], evidence: Evidence) -> bool:
    """Whether the video says nothing, shows text after text, and the page has no text in which those words could stand."""
    untold = media.running_text(evidence) < media.enough_words(video) and sound.words_in_captions(row, evidence) < media.enough_words(video)
    return sound.only_tones(row) and sound.screens_of_text(row) >= _SCREENS and untold


RULE = Rule(
    name=Text("Video có bản chữ hoặc mô tả bằng âm thanh", "A video has a text alternative or audio description"),
    why=Text(
        "Người mù không biết những gì video chỉ cho thấy bằng hình, ví dụ cách điền biểu mẫu, đường tới nơi tiếp nhận hồ sơ, chữ trên màn "
        "hình.",
        "Blind people do not learn what a video only shows: how the form is filled in, the way to the counter, the words on the screen.",
    ),
    criteria=("1.2.3", "1.2.2"),
    needs=("dom",),
    uses=("sound",),
    applicability=videos,
    expectation=video_is_told,
    act=("c5a4ea",),
    techniques=("G69", "G78", "H96"),
    messages={
        "no_text": message(
            vi="Không thấy bản chữ hay mô tả bằng âm thanh của video “{name}” ({source}). Chỉ nghe tiếng có đủ hiểu nội dung không?",
            en="No text alternative or audio description of the video “{name}” ({source}) was found. Does its sound alone tell everything?",
            mend_vi="Nếu không, viết nội dung lời và hình của video ngay sau trình phát, hoặc thêm bản có mô tả bằng âm thanh.",
            mend_en="If not, write what is said and seen after the player, or add a version with audio description.",
        ),
        "words_in_pictures": message(
            vi="Video “{name}” ({source}) không có lời nói, nội dung là chữ trong hình, mà trang không có bản chữ hay mô tả bằng âm thanh.",
            en="The video “{name}” ({source}) holds no speech and tells by text in its pictures; the page has neither that text "
            "nor a description.",
            mend_vi="Viết nội dung chữ trong hình ngay sau trình phát, hoặc thêm bản có lời đọc.",
            mend_en="Write the text of the pictures after the player, or add a version in which it is read aloud.",
        ),
        "linked": message(
            vi="Liên kết “{name}” mở video ({source}) mà trang không có bản chữ. Video có phụ đề, lời có nói hết nội dung hình không?",
            en="The link “{name}” opens a video ({source}), and the page has no text of it. Has it captions, and does its sound tell all?",
            mend_vi="Nếu không, thêm phụ đề và đặt cạnh liên kết bản chữ nói cả lời và hình.",
            mend_en="If not, add captions, and beside the link a text of what is said and seen.",
        ),
    },
)
