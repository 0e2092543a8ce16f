"""Recorded sound has a transcript

What it checks
    Native audio players, and links to sound files, for a text that says the same: in the player's own part of the page, under a word
    such as "bản lời" or "transcript", or the article that is read out. It fails where the sound is there, is called speech (a
    bulletin, an interview, an address), is heard to be speech when it is decoded, or is called nothing at all, and no such text and
    no link to one stands anywhere on the page. The text may stand in a closed disclosure. Music, sounds that cannot be loaded, pages
    with other running text, and a link or control beside the player that may lead to the text, are asked of a person. A CAPTCHA
    that is read out is left alone. Whether a transcript is right nobody can tell from here.

Why it matters
    Deaf and hard of hearing people get nothing from a recording, however important its message.

Fails
    ``<h3>Bản tin truyền thanh tuần</h3> <audio controls src="ban-tin.mp3"></audio>``

Mended
    ``<h3>Bản tin truyền thanh tuần</h3> <audio controls src="ban-tin.mp3"></audio> <h4>Lời bản tin</h4> <p>…</p>``

References
    WCAG 2.0 success criterion 1.2.1; technique G158; ACT rule e7aa44.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wcag_audit.dom import Node
from wcag_audit.model import Text
from wcag_audit.phrases import phrases
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.perceivable import _media as media
from wcag_audit.rules.perceivable import _sound as recorded

#: Seconds up to which a sound is a signal and no content.
_SIGNAL = 3.0
#: Words of running text from which a link to a sound file stands in an article and not in a list of recordings.
_ARTICLE = 60


def recorded_sounds(evidence: Evidence) -> Iterator[Node]:
    """Audio players that can be operated, videos that play a sound file, and links to sound files that no player on the page plays."""
    players = [node for node in media.media(evidence) if node.tag == "audio" or _plays_sound_only(node)]
    for player in players:
        if _reads_a_captcha(player):
            continue
        if media.sources(player) and _is_operated(player) and (media.length(player) or _SIGNAL + 1) > _SIGNAL:
            yield player
    yield from (link for link in media.linked_files(evidence, media.is_sound_file) if not _reads_a_captcha(link))


def _reads_a_captcha(sound: Node) -> bool:
    """Whether it stands in a form that asks for a security code: it is the picture's other mode, and no text may give it away."""
    form, captcha = sound.closest("form"), phrases("captcha")
    return form is not None and any(
        captcha.found_in(" ".join((node.name, node.get("name"), node.get("id")))) for node in form.elements("input", "img")
    )


def _plays_sound_only(node: Node) -> bool:
    return node.tag == "video" and node.visible and not media.is_video(node)


def _is_operated(player: Node) -> bool:
    """Shown with controls, or with buttons of the page's own beside it; a hidden sound effect has neither."""
    if player.has("controls"):
        return player.visible and player.exposed
    return not player.has("autoplay") and player.parent is not None and any(
        node.role in ("button", "link") and node.visible for node in player.parent.elements()
    )


def sound_has_a_text(sound: Node, evidence: Evidence) -> Finding | None:
    """A text that says the same stands on the page or is linked."""
    if media.own_transcript(sound, evidence) or media.other_transcript(evidence):
        return PASSED
    called = media.label(sound, evidence) if sound.tag != "a" else sound.name or sound.text
    values = {"name": called, "seconds": _seconds(sound)}
    enough = media.enough_words(sound)
    if phrases("read_aloud").found_in(called) and media.running_text(evidence) >= enough:
        return PASSED
    if media.running_text(evidence) >= enough:
        return PASSED if sound.tag == "a" and media.running_text(evidence) >= _ARTICLE else cant_tell("perhaps_told", values)
    if media.own_words(sound, evidence) >= enough / 2:
        return cant_tell("perhaps_told", values)
    if link := media.leads_on(sound, evidence):
        return cant_tell("perhaps_linked", values | {"link": link})
    if _beside_video(sound):
        return cant_tell("beside_video", values)
    speech = bool(phrases("speech").found_in(called)) or _is_heard_to_be_speech(sound, called, evidence)
    if phrases("music").found_in(called + " " + media.text_of(media.region(sound, evidence)[1])):
        return cant_tell("music", values)
    if sound.tag == "a":
        return failed("link_without_text", values) if speech else cant_tell("perhaps_speech", values)
    if not media.is_loaded(sound):
        return cant_tell("not_loaded", values)
    return failed("no_text", values) if speech or _tells_nothing(called) else cant_tell("perhaps_speech", values)


def _beside_video(sound: Node) -> bool:
    """Whether the sound may be the description of a video in the same part of the page."""
    return sound.tag == "audio" and sound.parent is not None and any(video.visible for video in sound.parent.elements("video"))


def _is_heard_to_be_speech(sound: Node, called: str, evidence: Evidence) -> bool:
    """Whether the recording was decoded, and nothing but speech goes on like it."""
    artifact = evidence.artifact("sound")
    if artifact is None or artifact.error is not None:
        return False
    row = recorded.recorded_medium(sound, evidence)
    return row is not None and recorded.speech_is_proven(row, called)


def _tells_nothing(called: str) -> bool:
    """Whether what the page calls the sound says only that it is one."""
    generic = phrases("sound_words")
    return all(generic.is_one(word) for word in re.findall(r"[^\W\d_]+", called))


def _seconds(sound: Node) -> str:
    seconds = media.length(sound)
    return "?" if seconds is None else f"{seconds:.0f}"


RULE = Rule(
    name=Text("Bản ghi âm có bản chữ", "Recorded sound has a transcript"),
    why=Text(
        "Người điếc, người nghe kém không tiếp nhận được gì từ bản ghi âm nếu không có bản chữ, dù nội dung quan trọng đến đâu.",
        "Without a transcript, deaf and hard of hearing people get nothing from a recording, however important its message.",
    ),
    criteria=("1.2.1",),
    needs=("dom",),
    uses=("sound",),
    applicability=recorded_sounds,
    expectation=sound_has_a_text,
    act=("e7aa44",),
    techniques=("G158",),
    messages={
        "no_text": message(
            vi="Bản ghi âm “{name}” ({seconds} giây) không có bản chữ, không có liên kết tới bản chữ ở bất kỳ đâu trên trang.",
            en="The recording “{name}” ({seconds} seconds) has no transcript and no link to one anywhere on the page.",
            mend_vi="Viết toàn bộ lời (và âm thanh quan trọng) ngay sau trình phát, hoặc đặt liên kết “Bản lời” tới trang có nội dung ấy.",
            mend_en="Write all that is said (and sounds that matter) after the player, or link to a page that has it: “Transcript”.",
        ),
        "link_without_text": message(
            vi="Liên kết “{name}” mở tệp âm thanh có lời ({seconds} giây) nhưng trang không có bản chữ và không có liên kết tới bản chữ.",
            en="The link “{name}” opens a recording of speech ({seconds} seconds), but the page has no transcript and no link to one.",
            mend_vi="Đặt liên kết “Bản lời” cạnh liên kết này, tới trang có toàn bộ lời của bản ghi.",
            mend_en="Put a link “Transcript” beside it, to a page with all that is said.",
        ),
        "perhaps_told": message(
            vi="Không thấy bản chữ của bản ghi âm “{name}” ({seconds} giây). Nội dung chữ trên trang có nói hết những gì nghe được không?",
            en="No transcript of the recording “{name}” ({seconds} seconds) was found. Does the text of the page say all that is heard?",
            mend_vi="Nếu không, viết toàn bộ lời sau trình phát hoặc đặt liên kết tới bản chữ.",
            mend_en="If not, write all that is said after the player, or link to a transcript.",
        ),
        "perhaps_linked": message(
            vi="Không thấy bản chữ của bản ghi âm “{name}” ({seconds} giây). “{link}” có dẫn tới bản chữ không?",
            en="No transcript of the recording “{name}” ({seconds} seconds) was found. Does “{link}” lead to one?",
            mend_vi="Nếu không, viết toàn bộ lời sau trình phát hoặc đặt liên kết tới bản chữ.",
            mend_en="If not, write all that is said after the player, or link to a transcript.",
        ),
        "perhaps_speech": message(
            vi="Bản ghi âm “{name}” ({seconds} giây) không có bản chữ. Trong đó có lời nói hay thông tin không?",
            en="The recording “{name}” ({seconds} seconds) has no transcript. Does it hold speech or information?",
            mend_vi="Nếu có, viết toàn bộ lời sau trình phát hoặc đặt liên kết tới bản chữ.",
            mend_en="If so, write all that is said after the player, or link to a transcript.",
        ),
        "music": message(
            vi="Bản nhạc “{name}” ({seconds} giây) không có bản chữ. Nhạc có lời không, và tên gọi đã nói đủ chưa?",
            en="The music “{name}” ({seconds} seconds) has no transcript. Is it sung, and does its name tell enough?",
            mend_vi="Nhạc có lời thì đăng lời; nhạc không lời thì ghi tên và mô tả ngắn.",
            mend_en="Publish the words of a song; of music without words give the title and a short description.",
        ),
        "beside_video": message(
            vi="Bản ghi âm “{name}” ({seconds} giây) đứng cạnh video và không có bản chữ. Đó có phải lời mô tả của video không?",
            en="The recording “{name}” ({seconds} seconds) stands beside a video and has no transcript. Is it the video's description?",
            mend_vi="Nếu không, viết toàn bộ lời sau trình phát hoặc đặt liên kết tới bản chữ.",
            mend_en="If not, write all that is said after the player, or link to a transcript.",
        ),
        "not_loaded": message(
            vi="Không tải được bản ghi âm “{name}” ({seconds} giây), và trang không có bản chữ của nó.",
            en="The recording “{name}” ({seconds} seconds) could not be loaded, and the page has no transcript of it.",
            mend_vi="Nghe thử; nếu có lời hay thông tin thì đăng bản chữ cạnh trình phát.",
            mend_en="Listen to it; where it holds speech or information, publish a transcript beside the player.",
        ),
    },
)
