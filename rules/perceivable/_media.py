"""Audio and video on the page and the text that could stand for them: shared by the rules of 1.2.

A medium's *region* is what stands between it and the next medium or the next heading of the same rank as the one above it; a
transcript is looked for there first and then anywhere. What a closed disclosure of the region holds is part of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from wcag_audit.dom import Node
from wcag_audit.model import bare, nfc
from wcag_audit.phrases import phrases
from wcag_audit.rule import Evidence

_WORD = re.compile(r"[^\W\d_]+")
_SOUND, _VIDEO = r"\.(?:mp3|ogg|oga|wav|m4a|aac|wma|flac|opus|amr)", r"\.(?:mp4|m4v|webm|ogv|mov|avi|wmv|flv|mkv|mpe?g|3gp)"
_SOUND_FILE = re.compile(rf".*{_SOUND}", re.IGNORECASE)
_VIDEO_FILE = re.compile(rf".*{_VIDEO}", re.IGNORECASE)
#: What an address of either must hold somewhere.
_FILE = re.compile(rf"{_SOUND}|{_VIDEO}", re.IGNORECASE)
#: The slowest a text is read aloud, in words a second (Vietnamese words are syllables); pauses and music included.
_SLOWEST = 0.8
#: Words that a text needs to be a transcript, where the length of the medium is not known, and at least.
_UNKNOWN, _LEAST = 25, 8
_DENIED = re.compile(r"(?<!\w)(?:no|without|missing|lacks?|not have|khong co|chua co|thieu)(?:\s+\w+){0,2}\s*$", re.IGNORECASE)


def is_sound_file(address: str) -> bool:
    return _SOUND_FILE.fullmatch(urlsplit(address).path) is not None


def is_video_file(address: str) -> bool:
    return _VIDEO_FILE.fullmatch(urlsplit(address).path) is not None


def sources(medium: Node) -> list[str]:
    """The addresses that a medium names."""
    own = [medium.get("src"), *(source.get("src") for source in medium.elements("source"))]
    return [address for address in own if address]


def is_loaded(medium: Node) -> bool:
    """Whether the browser knows the medium's length, so that it is there and can be played."""
    return medium.state.get("ready", 0) >= 1 and not medium.state.get("error") and bool(medium.state.get("duration"))


def length(medium: Node) -> float | None:
    """Seconds, where known."""
    duration = medium.state.get("duration")
    return float(duration) if duration else None


def is_video(medium: Node) -> bool:
    """A video element that shows pictures; one that plays a sound file shows none."""
    if medium.tag != "video":
        return False
    natural = medium.state.get("natural", (0, 0))
    return natural[0] > 0 or not (sources(medium) and all(is_sound_file(address) for address in sources(medium)))


def is_decorative_loop(video: Node) -> bool:
    """A muted video that starts by itself without controls: a moving background."""
    return video.has("autoplay") and video.has("muted") and not video.has("controls")


def media(evidence: Evidence) -> list[Node]:
    """Every native audio and video element, in document order."""
    return evidence.dom.all("audio", "video")


def videos(evidence: Evidence) -> list[Node]:
    """The visible native videos that have something to play and are no moving backgrounds."""
    shown = [node for node in media(evidence) if is_video(node) and node.visible and not is_decorative_loop(node)]
    return [video for video in shown if sources(video) or is_loaded(video)]


def linked_files(evidence: Evidence, is_kind: Callable[[str], bool]) -> Iterator[Node]:
    """The visible links to files of a kind that no player on the page plays."""
    played = {_file(address) for medium in media(evidence) for address in sources(medium)}
    for link in evidence.dom.all("a"):
        address = str(link.state.get("href", ""))
        if link.visible and link.exposed and _FILE.search(address) and is_kind(address) and _file(address) not in played:
            yield link


def _file(address: str) -> str:
    return urlsplit(address).path.rsplit("/", 1)[-1]


def source(medium: Node) -> str:
    """The address of a medium or of the file that a link opens."""
    return next(iter(sources(medium)), str(medium.state.get("href") or medium.state.get("src", "")))


def words(text: str) -> int:
    return len(_WORD.findall(nfc(text)))


def enough_words(medium: Node) -> int:
    """How many words a transcript of the medium has at least."""
    seconds = length(medium)
    return _UNKNOWN if seconds is None else max(_LEAST, int(seconds * _SLOWEST))


def heading_above(medium: Node, evidence: Evidence) -> Node | None:
    """The nearest heading before a medium in its document."""
    found = None
    for node in _headings(evidence):
        if node.index > medium.index:
            break
        if node.frame is medium.frame:
            found = node
    return found


def _headings(evidence: Evidence) -> list[Node]:
    return evidence.share("headings", lambda e: [node for node in e.dom.with_role("heading") if node.exposed and node.text])


def rank(heading: Node) -> int:
    level = heading.get("aria-level")
    return int(level) if level.isdigit() else int(heading.tag[1]) if re.fullmatch(r"h[1-6]", heading.tag) else 2


def region(medium: Node, evidence: Evidence) -> tuple[Node, list[Node]]:
    """The part of the page that is the medium's own: the smallest container with text besides it, and its texts there."""
    heading = heading_above(medium, evidence)
    end = _end(medium, heading, evidence)
    container = next((a for a in medium.ancestors() if heading is None or a.contains(heading)), medium)
    before = [other.index for other in media(evidence) if other.index < medium.index]
    start = max([heading.index if heading is not None else 0, *before])
    texts = [
        text
        for text in container.texts
        if start < text.index < end
        and (text.exposed or _is_folded(text, evidence))
        and not medium.contains(text)
        and (heading is None or not heading.contains(text))
    ]
    return container, texts


def _is_folded(text: Node, evidence: Evidence) -> bool:
    """Whether a text that is not told now stands in a closed disclosure: people open it where they want the text."""
    details = text.closest("details")
    if details is not None and details.exposed and not details.has("open"):
        return True
    opened = evidence.share("opened by controls", _opened_by_controls)
    return any(ancestor.index in opened for ancestor in text.ancestors())


def _opened_by_controls(evidence: Evidence) -> frozenset[int]:
    """What the buttons and tabs of the page say that they open."""
    dom = evidence.dom
    controls = (node for node in dom.with_attribute("aria-controls") if node.visible and node.exposed)
    return frozenset(target.index for control in controls for target in dom.referred(control, "aria-controls"))


def leads_on(medium: Node, evidence: Evidence) -> str:
    """The name of a link or control beside a medium that may lead to its text; empty where there is none.

    Beside a player is its region; beside a link to a file, the block that the link stands in.
    """
    texts = region(medium, evidence)[1] if medium.tag != "a" else medium.block.texts if medium.block is not None else ()
    for text in texts:
        control = text.closest_role("link", "button", "tab") or text.closest("summary")
        if control is not None and control is not medium and control.exposed and _may_lead_to_text(control):
            return nfc(control.name or control.text)
    return ""


def _may_lead_to_text(control: Node) -> bool:
    """Neither a part of the page's frame, nor a control of a player, nor a link to a file that is played, a person or the home page."""
    if control.closest_role("navigation", "contentinfo", "banner", "complementary", "search") is not None:
        return False
    name = control.name or control.text
    if control.role == "button" and words(name) <= 3 and phrases("sound_controls").found_in(name):
        return False
    address = str(control.state.get("href", ""))
    aside = address.startswith(("mailto:", "tel:")) or (address != "" and urlsplit(address).path in ("", "/") and "#" not in address)
    return bool(name) and not aside and not is_sound_file(address) and not is_video_file(address)


def _end(medium: Node, heading: Node | None, evidence: Evidence) -> float:
    """Index of the first node after a medium's region."""
    stops = [other.index for other in media(evidence) if other.index > medium.index]
    if heading is not None:
        stops += [other.index for other in _headings(evidence) if other.index > medium.index and rank(other) <= rank(heading)]
    stops += [node.index for node in evidence.dom.with_role("contentinfo") if node.index > medium.index]
    return min(stops, default=float("inf"))


def text_of(texts: list[Node]) -> str:
    return nfc(" ".join(str(text.raw["x"]) for text in texts))


def label(medium: Node, evidence: Evidence) -> str:
    """What the page calls a medium: its name, the heading above, and the text of its region where that is short."""
    heading = heading_above(medium, evidence)
    _, texts = region(medium, evidence)
    around = text_of(texts)
    parts = (medium.name, medium.get("title"), heading.text if heading else "", around if words(around) <= 30 else "")
    return nfc(" ".join(part for part in parts if part))


def speaks_of_transcript(text: str) -> bool:
    """Whether a text names a transcript that is there: "Bản lời" does, "chưa có bản lời" does not."""
    text = bare(text)
    found = phrases("transcripts").found_in(text)
    return bool(found) and not _DENIED.search(text[: text.index(found)])


def own_words(medium: Node, evidence: Evidence) -> int:
    """Words of prose that stand in a medium's region or describe it."""
    _, texts = region(medium, evidence)
    prose = [text for text in texts if text.closest_role("button", "link") is None and text.closest("figcaption") is None]
    described = evidence.dom.referred(medium, "aria-describedby") + evidence.dom.referred(medium, "aria-details")
    return max(words(text_of(prose)), sum(words(node.text) for node in described))


def own_transcript(medium: Node, evidence: Evidence) -> bool:
    """Whether the medium's region has a text long enough to be its transcript, or names or links one."""
    _, texts = region(medium, evidence)
    return _has_transcript(texts) or own_words(medium, evidence) >= enough_words(medium)


def _has_transcript(texts: list[Node]) -> bool:
    """Whether a region speaks of a transcript and has some words, or a control that leads to them: the word alone is none."""
    if not speaks_of_transcript(text_of(texts)):
        return False
    leads = any(text.closest_role("link", "button", "tab") is not None or text.closest("a", "summary") is not None for text in texts)
    return leads or words(text_of(texts)) >= _LEAST


def other_transcript(evidence: Evidence) -> str:
    """A text or link on the page, in no medium's region, that speaks of a transcript; empty where there is none."""
    taken = {text.index for medium in media(evidence) for text in region(medium, evidence)[1]}
    for node in evidence.dom.texts:
        if node.exposed and node.index not in taken and speaks_of_transcript(node.raw["x"]):
            return nfc(node.raw["x"])
    return ""


def has_description(video: Node) -> bool:
    """Whether a recording in the same part of the page, or a link to another version, may be the video's audio description."""
    place = video.parent
    if place is None:
        return False
    described = any(phrases("audio_description").found_in(link.name) for link in place.elements("a", "button"))
    return described or any(audio.visible for audio in place.elements("audio"))


def running_text(evidence: Evidence) -> int:
    """Words of running text on the page, outside media regions, navigation, header and footer."""

    def count(evidence: Evidence) -> int:
        taken = {text.index for medium in media(evidence) for text in region(medium, evidence)[1]}
        main = evidence.dom.main
        total = 0
        for text in main.texts if main is not None else ():
            if text.index not in taken and text.exposed and _is_running(text):
                total += words(text.raw["x"])
        return total

    return evidence.share("words of running text", count)


def _is_running(text: Node) -> bool:
    if text.closest("nav", "footer", "header", "form", "button", "select", "h1", "h2", "h3", "h4", "h5", "h6", "a") is not None:
        return False
    return text.closest_role("navigation", "banner", "contentinfo", "search") is None and words(text.raw["x"]) >= 5
