"""Two results of one portal beside each other: what is mended, new or remaining, and how the points changed.

A defect is *mended* only where the later audit looked again: at one of its pages, no less deep, and with everything recorded there that
was recorded before. Otherwise nobody knows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from wcag_audit.model import PageState, Verdict, nfc
from wcag_audit.reports.html import environment, own_code
from wcag_audit.reports.texts import line, portal_name

if TYPE_CHECKING:
    from wcag_audit.model import CriterionResult, Defect, Page, Result, Score

#: Lists of the comparison, in the order in which they are told; ``unknown`` was not tested again.
KINDS = ("new", "remaining", "mended", "unknown")
#: Defects that the HTML file lists of each kind.
MAX_LISTED = 500


class Change(NamedTuple):
    """A defect in both results, or in one of them."""

    before: Defect | None
    after: Defect | None

    @property
    def defect(self) -> Defect:
        found = self.after or self.before
        assert found is not None
        return found


class Comparison(NamedTuple):
    """``kinds`` holds every failure of either result once. ``scores`` are None where the schemes differ."""

    before: Result
    after: Result
    kinds: dict[str, list[Change]]
    scores: tuple[Score, Score] | None
    criteria: list[tuple[CriterionResult, CriterionResult]]


def compare(before: Result, after: Result) -> Comparison:
    """What changed from one result to a later one."""
    now = {defect.fingerprint: defect for defect in after.defects}
    then = {defect.fingerprint: defect for defect in before.defects}
    # A failure that is an open question now has another fingerprint: it is known by its rule and its element.
    asked = {_element(defect): defect for defect in after.defects if defect.verdict is not Verdict.FAILED}
    missing = _missing(after)
    kinds: dict[str, list[Change]] = {kind: [] for kind in KINDS}
    for defect in before.defects:
        if defect.verdict is not Verdict.FAILED:
            continue
        still = now.get(defect.fingerprint) or asked.get(_element(defect))
        kind = "remaining" if still else "mended" if _tested_again(defect, before, after, missing) else "unknown"
        kinds[kind].append(Change(defect, still))
    kinds["new"] = [Change(None, one) for one in after.defects if one.verdict is Verdict.FAILED and one.fingerprint not in then]
    other = {(score.profile, score.criteria_set): score for score in after.scores}
    first = before.scores[0]
    same = other.get((first.profile, first.criteria_set))
    changed = [pair for pair in zip(before.criteria, after.criteria, strict=True) if pair[0].verdict is not pair[1].verdict]
    return Comparison(before, after, kinds, (first, same) if same else None, changed)


def _element(defect: Defect) -> tuple[str, str, str]:
    target = defect.example.target
    return (defect.rule, target.path, nfc(target.name)) if target else (defect.rule, "", "")


def _place(page: Page, result: Result) -> str:
    """A page's address inside its portal, so that a portal on another host or port can be compared."""
    address, own = urlsplit(page.loaded or page.requested), urlsplit(result.portal.url)
    inside = address._replace(scheme="", netloc="") if address.netloc == own.netloc else address
    return page.name or inside.geturl()


def _missing(result: Result) -> dict[str, set[str]]:
    """Address → artifacts that could not be recorded there; audited pages only."""
    return {_place(one.page, result): set(one.errors) for one in result.pages if one.page.state is PageState.AUDITED}


def _tested_again(defect: Defect, before: Result, after: Result, missing: dict[str, set[str]]) -> bool:
    if before.environment.depth == "full" != after.environment.depth and "axe" not in defect.sources:
        return False
    pages = {one.page.id: one for one in before.pages if one.page.id in defect.pages}
    return any(missing[place] <= set(one.errors) for one in pages.values() if (place := _place(one.page, before)) in missing)


def render(found: Comparison, lang: str) -> str:
    """The comparison as one self-contained HTML file in both languages."""
    return (
        environment()
        .get_template("compare.html.j2")
        .render(
            lang="en" if lang == "en" else "vi",
            found=found,
            name=portal_name(found.after),
            kinds=KINDS,
            most=MAX_LISTED,
            same_portal=line(found.before.portal.url) == line(found.after.portal.url),
            **own_code(),
        )
    )
