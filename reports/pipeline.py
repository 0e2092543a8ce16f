"""What the formats for pipelines share: how a defect is told in a line, and where it stands.

The formats take a ``ci.Checked``; each module has one function ``render``. Texts from pages are made harmless for the format.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

from wcag_audit.ci import Checked, Newness, Seen
from wcag_audit.locale import word
from wcag_audit.model import PageState, Result, Text
from wcag_audit.reports.texts import line, text
from wcag_audit.wcag import CRITERIA

#: Characters of an address, of a sentence, and pages named of one defect.
_ADDRESS, _SENTENCE, _PAGES = 200, 300, 5


def sentence(one: Seen, lang: str) -> str:
    """A defect in one line: criteria, what is wrong."""
    return line(f"{', '.join(one.defect.criteria)} {one.defect.what[lang]}", _SENTENCE)


def known_by(one: Seen) -> str:
    """The fingerprint, or what stands in its place."""
    return line(one.defect.fingerprint, _ADDRESS)


def newness(one: Seen, lang: str) -> str:
    """Why a defect counts as new; of a known one, why it is tolerated."""
    if one.newness is None:
        reason = one.known.reason if one.known and one.known.reason else ""
        return text("pipeline", "known_because", reason=line(reason))[lang] if reason else text("pipeline", "known")[lang]
    values: dict[str, str | int] = {}
    if one.known is not None and one.newness is Newness.MORE:
        values = {"before": one.known.count, "now": one.defect.most}
    if one.known is not None and one.newness is Newness.EXPIRED:
        values = {"day": one.known.expires}
    return text("pipeline", one.newness.value, **values)[lang]


def pages_of(one: Seen, checked: Checked) -> list[str]:
    """The addresses on which a defect stands, in the order of the results."""
    return list(
        dict.fromkeys(
            page.page.requested for result in checked.results for page in result.pages if page.page.id in one.defect.pages
        )
    ) or list(one.places)


def file_of(address: str, name: str, sources: Mapping[str, str]) -> str:
    """The file behind a page, as a path in the repository: the template named for it (``--source``), or the file that was given;
    empty where neither is known."""
    found = next((file for pattern, file in sources.items() if fnmatchcase(address, pattern)), "")
    if found or "://" in name:
        return found
    path = PurePosixPath(name)
    return "" if path.is_absolute() or ".." in path.parts else line(str(path), _SENTENCE) if name else ""


def names(checked: Checked) -> dict[str, str]:
    """What each page was given as, by its address."""
    return {one.page.requested: one.page.name for result in checked.results for one in result.pages}


def summary(checked: Checked, lang: str) -> Iterator[str]:
    """The check as plain text: new defects, mended ones, known ones in number, what was not assessed, and the gates."""
    yield text("pipeline", "pages", pages=sum(map(_audited, checked.results)), viewports=len(checked.results))[lang]
    for one in checked.new:
        yield from _told(one, checked, lang, "✕")
    known = [one for one in checked.seen if one.newness is None]
    if known:
        yield text("pipeline", "known_count", n=len(known))[lang]
        for one in known:
            yield f"  · [{known_by(one)}] {sentence(one, lang)} ({newness(one, lang)})"
    for mended in checked.mended:
        yield f"✓ [{line(mended.fingerprint)}] {text('pipeline', 'mended', what=line(mended.what, _SENTENCE))[lang]}"
    if checked.mended:
        yield text("pipeline", "fall_out")[lang]
    if checked.unseen:
        yield text("pipeline", "unseen", n=len(checked.unseen))[lang]
    for reason in checked.missing:
        yield f"? {text('pipeline', 'missing')[lang]}: {line(reason[lang], _SENTENCE)}"
    for gate in checked.gates:
        yield f"{'✓' if gate.held else '✕'} {gate.name[lang]}: {gate.detail[lang]}"


def _audited(result: Result) -> int:
    return sum(1 for one in result.pages if one.page.state is PageState.AUDITED)


def _told(one: Seen, checked: Checked, lang: str, sign: str) -> Iterator[str]:
    yield f"{sign} [{known_by(one)}] {sentence(one, lang)} ({newness(one, lang)})"
    if mend := line(one.defect.mend[lang], _SENTENCE):
        yield f"    → {mend}"
    if one.defect.example.target is not None:
        yield f"    {line(one.defect.example.target.html, _ADDRESS)}"
    pages = pages_of(one, checked)
    yield from (f"    {line(page, _ADDRESS)}" for page in pages[:_PAGES])
    if len(pages) > _PAGES:
        yield f"    … +{len(pages) - _PAGES}"


def last_line(checked: Checked, lang: str) -> str:
    """What failed and what to do, in one line."""
    broken = [gate for gate in checked.gates if not gate.held]
    if broken:
        said = "; ".join(f"{gate.name[lang]}: {gate.detail[lang]}" for gate in broken)
        todo = "; ".join(dict.fromkeys(gate.todo[lang] for gate in broken))
        return text("pipeline", "broken", said=said, todo=todo)[lang]
    if checked.missing:
        return text("pipeline", "not_assessed", reason=line(checked.missing[0][lang], _SENTENCE))[lang]
    return text("pipeline", "held")[lang]


def criterion_name(id: str, lang: str) -> str:
    """``1.1.1 Non-text Content``."""
    name: Text = CRITERIA[id].name
    return f"{id} {name[lang]}"


def verdict_word(verdict: str, lang: str) -> str:
    return word("verdicts", verdict)[lang]
