"""A video with speech has captions

What it checks
    Native videos whose file was decoded. It fails where the sound is proven to be speech (pauses, a pitch that glides, hisses between
    voiced runs), no captions or subtitles track with words belongs to it (or its file is missing, empty or no WebVTT), none of six
    pictures taken over the whole length holds anything like a line of text, and nothing labels the video as another form of the page's
    text. A silent video needs no captions. Everything between is asked of a person.

Why it matters
    Deaf and hard of hearing people see lips move, or a voice they cannot hear explains how to file an application.

Fails
    ``<video controls src="huong-dan-nop-ho-so.webm"></video>`` in which a voice reads out the steps.

Mended
    ``<video controls src="huong-dan-nop-ho-so.webm"><track kind="captions" srclang="vi" src="huong-dan.vtt" default></video>``

References
    WCAG 2.0 success criterion 1.2.2; techniques G87, G93, H95, F8; ACT rules eac66b, f51b46.
"""

from __future__ import annotations

from collections.abc import Iterator

from wcag_audit.dom import Node
from wcag_audit.model import Text
from wcag_audit.phrases import phrases
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.perceivable import _media as media
from wcag_audit.rules.perceivable import _sound as sound


def videos(evidence: Evidence) -> Iterator[Node]:
    """Visible native videos that are no moving backgrounds."""
    yield from media.videos(evidence)


def speech_is_captioned(video: Node, evidence: Evidence) -> Finding | None:
    """What is said can be read: in a track, or in the pictures."""
    row = sound.recorded_medium(video, evidence)
    called = media.label(video, evidence)
    values = {"name": called, "source": media.source(video)}
    if row is None or row["decoded"] is None:
        return PASSED if row is not None and sound.captions(row, evidence) == "good" else cant_tell("not_decoded", values)
    state = sound.captions(row, evidence)
    if state == "good" or sound.is_silent(row):
        return PASSED
    values["pictures"] = str(len((row["decoded"]["pictures"] or {}).get("frames", ())))
    proven = sound.speech_is_proven(row, called) and sound.pictures_have_text(row) is False
    if proven and not _stands_for_text(video, evidence):
        return failed("broken_track" if state == "broken" else "no_captions", values)
    return cant_tell("perhaps", values)


def _stands_for_text(video: Node, evidence: Evidence) -> bool:
    """Whether the page labels the video as another form of its own text."""
    around = [part.visible_text for part in video.ancestors() if part.tag not in ("body", "html", "main")][:2]
    near = media.text_of(media.region(video, evidence)[1])
    return any(phrases("media_alternatives").found_in(text) for text in (near, media.label(video, evidence), *around))


RULE = Rule(
    name=Text("Video có lời nói có phụ đề", "A video with speech has captions"),
    why=Text(
        "Người điếc và người nghe kém không biết video nói gì khi lời nói không có phụ đề.",
        "Deaf and hard of hearing people do not get what a video says where its speech has no captions.",
    ),
    criteria=("1.2.2",),
    needs=("dom",),
    uses=("sound",),
    applicability=videos,
    expectation=speech_is_captioned,
    act=("eac66b", "f51b46"),
    techniques=("G87", "G93", "H95", "F8"),
    messages={
        "no_captions": message(
            vi="Video “{name}” ({source}) có lời nói mà không có phụ đề; {pictures} hình lấy trong suốt video cũng không có chữ nào.",
            en="The video “{name}” ({source}) has speech and no captions; {pictures} pictures taken over its length hold no text either.",
            mend_vi="Thêm thẻ track kind=\"captions\" với tệp WebVTT ghi đủ lời và âm thanh quan trọng.",
            mend_en="Add a track kind=\"captions\" with a WebVTT file of all that is said and of sounds that matter.",
        ),
        "broken_track": message(
            vi="Video “{name}” ({source}) có lời nói, nhưng tệp phụ đề thiếu, rỗng hay sai định dạng; {pictures} hình lấy ra không có chữ.",
            en="The video “{name}” ({source}) has speech, but its captions file is missing, empty or broken; {pictures} pictures "
            "hold no text.",
            mend_vi="Sửa địa chỉ hay nội dung tệp WebVTT, rồi mở video và bật phụ đề để xem lại.",
            mend_en="Mend the address or the content of the WebVTT file, then play the video with captions on.",
        ),
        "perhaps": message(
            vi="Video “{name}” ({source}) có tiếng mà không có phụ đề (đã xem {pictures} hình). Video có lời nói không, và có "
            "chữ phụ đề trong hình không?",
            en="The video “{name}” ({source}) has sound and no captions (pictures looked at: {pictures}). Does it hold speech, "
            "or captions in its pictures?",
            mend_vi="Nếu có lời mà không có phụ đề, thêm thẻ track kind=\"captions\" với tệp WebVTT.",
            mend_en="Where there is speech without captions, add a track kind=\"captions\" with a WebVTT file.",
        ),
        "not_decoded": message(
            vi="Không giải mã được video “{name}” ({source}). Video có tiếng mà không có phụ đề không?",
            en="The video “{name}” ({source}) could not be decoded. Has it sound and no captions?",
            mend_vi="Mở video; nếu có tiếng mà không có phụ đề, thêm thẻ track kind=\"captions\" với tệp WebVTT.",
            mend_en="Play it; where it has sound and no captions, add a track kind=\"captions\" with a WebVTT file.",
        ),
    },
)
