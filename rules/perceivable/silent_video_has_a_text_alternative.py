"""A video without sound has a text or sound alternative

What it checks
    Native videos without a captions track: whether a text long enough to tell what is seen stands in the video's own part of the page,
    is linked, or a recording beside it describes the pictures. Where there is none and the file, decoded, has no sound that can be
    heard, it fails; likewise where the page itself says that the video is silent. A link or control beside it that may lead to a text
    is asked of a person. A video with sound belongs to 1.2.2 and 1.2.3.

Why it matters
    A silent guide to the counter, or to a form, gives blind people nothing at all.

Fails
    ``<h3>Đường vào bãi gửi xe (video không có tiếng)</h3> <video controls src="duong-vao.webm"></video>``

Mended
    The same video, and below it: "Từ đường Bờ Sông rẽ vào ngõ 12; bãi gửi xe ở sau nhà hát, bên phải."
    ``<video controls src="duong-vao.webm"></video> <p>Từ đường Bờ Sông rẽ vào ngõ 12; bãi gửi xe ở sau nhà hát.</p>``

References
    WCAG 2.0 success criterion 1.2.1; techniques G159, G166; ACT rules c3232f, ee13b5.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wcag_audit.dom import Node
from wcag_audit.model import Text, bare
from wcag_audit.phrases import phrases
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message, untested
from wcag_audit.rules.perceivable import _media as media
from wcag_audit.rules.perceivable import _sound as sound

#: Seconds up to which pictures move without telling a story.
_SHORT = 3.0
#: "Không có tiếng Việt" speaks of a language, not of sound.
_LANGUAGE = re.compile(r"co tieng (?:viet|anh|phap|nga|trung|han|nhat|dan toc)|khong tieng (?:viet|anh)")
_UNKNOWN = Text("chưa đo được video có tiếng hay không", "whether the video has sound was not measured")


def videos_that_may_be_silent(evidence: Evidence) -> Iterator[Node]:
    """Visible native videos that are no moving backgrounds and have no captions, which only a video with sound needs."""
    for video in media.videos(evidence):
        captioned = any(track.get("kind") in ("captions", "subtitles", "") and track.get("src") for track in video.elements("track"))
        if not captioned and (media.length(video) or _SHORT + 1) > _SHORT:
            yield video


def silent_video_is_told(video: Node, evidence: Evidence) -> Finding | None:
    """A text or a recording tells what is seen."""
    if media.own_transcript(video, evidence) or media.other_transcript(evidence) or media.has_description(video):
        return PASSED
    called = media.label(video, evidence)
    silent = _is_silent(video, called, evidence)
    if silent is not True:
        return untested(_UNKNOWN) if silent is None else PASSED
    values = {"name": called, "source": media.source(video)}
    if link := media.leads_on(video, evidence):
        return cant_tell("perhaps_linked", values | {"link": link})
    told_elsewhere = media.running_text(evidence) >= media.enough_words(video)
    return failed("no_text", values) if media.is_loaded(video) and not told_elsewhere else cant_tell("perhaps_told", values)


def _is_silent(video: Node, called: str, evidence: Evidence) -> bool | None:
    """Whether the video is silent, by what was decoded or else by what the page says; None where neither tells."""
    artifact = evidence.artifact("sound")
    if artifact is not None and artifact.error is None:
        row = sound.recorded_medium(video, evidence)
        silent = sound.is_silent(row) if row is not None else None
        if silent is not None:
            return silent
    return True if phrases("silent_video").found_in(_LANGUAGE.sub("", bare(called))) else None


RULE = Rule(
    name=Text("Video không có tiếng có bản chữ hoặc lời mô tả", "A video without sound has a text or sound alternative"),
    why=Text(
        "Người mù không nhận được gì từ một video không có tiếng nếu không có bản chữ hoặc lời mô tả, ví dụ video hướng dẫn điền biểu mẫu.",
        "Without a text or a spoken description, blind people get nothing from a silent video, such as a guide to filling in a form.",
    ),
    criteria=("1.2.1",),
    needs=("dom",),
    uses=("sound",),
    applicability=videos_that_may_be_silent,
    expectation=silent_video_is_told,
    act=("c3232f", "ee13b5"),
    techniques=("G159", "G166"),
    messages={
        "no_text": message(
            vi="Video không có tiếng “{name}” ({source}) không có bản chữ hay lời mô tả ở bất kỳ đâu trên trang.",
            en="The silent video “{name}” ({source}) has no text and no sound alternative anywhere on the page.",
            mend_vi="Viết ngay sau video những gì video cho thấy, theo đúng thứ tự.",
            mend_en="Write after the video what it shows, in the same order.",
        ),
        "perhaps_linked": message(
            vi="Không thấy bản chữ của video không có tiếng “{name}” ({source}). “{link}” có dẫn tới bản chữ không?",
            en="No text of the silent video “{name}” ({source}) was found. Does “{link}” lead to one?",
            mend_vi="Nếu không, viết ngay sau video những gì video cho thấy.",
            mend_en="If not, write after the video what it shows.",
        ),
        "perhaps_told": message(
            vi="Không thấy bản chữ của video không có tiếng “{name}” ({source}). Chữ trên trang có nói hết những gì video cho thấy không?",
            en="No text of the silent video “{name}” ({source}) was found. Does the text of the page tell all that it shows?",
            mend_vi="Nếu không, viết ngay sau video những gì video cho thấy.",
            mend_en="If not, write after the video what it shows.",
        ),
    },
)
