"""``wcag_audit.check(page)``: the check inside test suites that people already have, for Playwright (sync) and Selenium.

The page is looked at as it stands, at static depth: what the response held before scripts ran is not known, so criteria that only
it can decide stay untested.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from wcag_audit import __version__, ci, conclude
from wcag_audit.browser.borrowed import sender, with_page
from wcag_audit.engine import evaluate, evaluate_portal, rule_infos
from wcag_audit.gather.axe import axe_version
from wcag_audit.gather.visit import as_it_stands
from wcag_audit.model import Environment, Outcome, Page, Verdict, cut
from wcag_audit.rule import Rule
from wcag_audit.rules import catalogue

#: Defects told in an assertion; the rest are counted.
_TOLD = 20
_WORDS = {
    "vi": ("lỗi cấp độ A (WCAG 2.0) trên", "cách sửa", "và {n} lỗi khác", "đã có trong baseline"),
    "en": ("level A failures (WCAG 2.0) on", "mend", "and {n} more", "in the baseline"),
}


@cache
def _rules() -> tuple[Rule, ...]:
    return catalogue()


def outcomes_of(page: Any) -> tuple[str, list[Outcome]]:
    """The address of a page and all that the rules say of it now. Raises BrowserError where the page cannot be asked."""
    send = sender(page)
    url = str(page.current_url if hasattr(page, "current_url") else page.url)
    environment = Environment(
        tool=__version__, driver=type(page).__module__.split(".")[0], browser="borrowed", axe=axe_version(), depth="static"
    )
    snapshot = with_page(send, lambda tab: as_it_stands(tab, Page(id="page", requested=url, loaded=url), environment))
    rules = _rules()
    judged = evaluate(snapshot, rules)
    if (tree := snapshot.artifacts["dom"]).error is not None:
        raise AssertionError(f"{url}: {tree.error}")
    return url, [*judged.outcomes, *evaluate_portal([(snapshot.page, judged.digests)], rules)]


class Checker:
    """Checks pages against one baseline, and remembers what it saw so that the baseline can be written anew.

    ``criteria`` (numbers or principles) are what a check fails for; empty means all 25.
    """

    def __init__(self, baseline: Path | None = None, criteria: Iterable[str] = (), lang: str = "vi") -> None:
        self.path = baseline
        self.baseline = ci.read_baseline(baseline) if baseline is not None and baseline.is_file() else None
        self.criteria = ci.criteria_of(criteria)
        self.lang = lang
        #: Whether what is found is only remembered, for a new baseline.
        self.accept = False
        self.seen: dict[str, ci.Seen] = {}
        self.pages: set[str] = set()

    def only(self, criteria: Iterable[str]) -> Checker:
        """The same checker, failing for these criteria; what it sees counts for both."""
        other = Checker(None, criteria, self.lang)
        other.path, other.baseline, other.accept = self.path, self.baseline, self.accept
        other.seen, other.pages = self.seen, self.pages
        return other

    def check(self, page: Any, *criteria: str) -> None:
        """Raise AssertionError for every failure on the page as it stands that the baseline does not know."""
        __tracebackhide__ = True
        url, outcomes = outcomes_of(page)
        place = ci.place(url)
        wanted = ci.criteria_of(criteria) or self.criteria
        found = [
            ci.Seen(defect=defect, places=(place,))
            for defect in conclude.defects(outcomes, rule_infos(_rules()))
            if defect.verdict is Verdict.FAILED
        ]
        compared = ci.compare(found, self.baseline, {place}, date.today())
        self._remember(place, compared)
        new = [one for one in compared if one.newness is not None and (not wanted or set(wanted) & set(one.defect.criteria))]
        if new and not self.accept:
            raise AssertionError(message(url, new, len(compared) - len(new), self.lang))

    def _remember(self, place: str, found: Sequence[ci.Seen]) -> None:
        self.pages.add(place)
        for one in found:
            earlier = self.seen.get(one.defect.fingerprint)
            if earlier is not None:
                most = max(earlier.defect.most, one.defect.most)
                places = tuple(sorted({*earlier.places, place}))
                one = msgspec.structs.replace(one, places=places, defect=msgspec.structs.replace(one.defect, most=most))
            self.seen[one.defect.fingerprint] = one

    def known_now(self) -> ci.Baseline:
        """The baseline of what was seen; entries of pages that were not looked at stay."""
        before = self.baseline
        unseen = [one for one in before.defects if not self.pages & set(one.pages)] if before else []
        unseen = [one for one in unseen if one.fingerprint not in self.seen]
        pages = self.pages | (set(before.pages) if before else set())
        depth = before.depth if before else "static"
        return ci.known_now(self.seen.values(), unseen, pages, depth, before, date.today())


def message(url: str, new: Sequence[ci.Seen], known: int, lang: str) -> str:
    """What an assertion says: each defect with its criterion, element and mend."""
    head, mend, more, in_baseline = _WORDS[lang]
    lines = [f"{len(new)} {head} {url}" + (f" ({known} {in_baseline})" if known else "")]
    for one in new[:_TOLD]:
        defect, target = one.defect, one.defect.example.target
        count = f" ×{defect.most}" if defect.most > 1 else ""
        lines.append(f"\n  {', '.join(defect.criteria)} {defect.what[lang]}{count}")
        if target is not None:
            lines += [f"    {target}", f"    {cut(target.html, 160)}"]
        if defect.mend[lang]:
            lines.append(f"    {mend}: {defect.mend[lang]}")
        lines.append(f"    {defect.rule} [{defect.fingerprint}]")
    if len(new) > _TOLD:
        lines.append("\n  " + more.format(n=len(new) - _TOLD))
    return "\n".join(lines)


def check(page: Any, *criteria: str, baseline: str | Path | None = None, lang: str = "vi") -> None:
    """Raise AssertionError where the page, as it stands now, has failures of level A.

    ``page`` is a page of Playwright's sync API or a WebDriver of Chromium. ``criteria`` (numbers or principles) narrow what it fails
    for; ``baseline`` is a file of ``wcag-audit ci`` whose defects are known.
    """
    __tracebackhide__ = True
    Checker(Path(baseline) if baseline is not None else None, criteria, lang).check(page)
