"""JUnit XML: a suite per page, a test case per criterion. A known defect and an open question are skipped, with the reason."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from wcag_audit.ci import Checked, Seen, by_criterion
from wcag_audit.model import PageResult, PageState, Result, Verdict
from wcag_audit.reports.pipeline import criterion_name, known_by, newness, sentence, verdict_word
from wcag_audit.reports.texts import clean, line
from wcag_audit.wcag import CRITERIA


def render(checked: Checked, lang: str) -> bytes:
    """The file. Pages of several viewports are suites of their own."""
    root = etree.Element("testsuites", name="wcag-audit")
    found = by_criterion(checked)
    for result in checked.results:
        for page in result.pages:
            root.append(_suite(result, page, found, lang, len(checked.results) > 1))
    tests, failures, errors = (sum(int(suite.get(name, "0")) for suite in root) for name in ("tests", "failures", "errors"))
    root.attrib.update({"tests": str(tests), "failures": str(failures), "errors": str(errors)})
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True))


def _suite(result: Result, page: PageResult, found: Mapping[str, list[Seen]], lang: str, several: bool) -> etree._Element:
    address = line(page.page.name or page.page.requested)
    size = f" {result.environment.viewport[0]}x{result.environment.viewport[1]}" if several else ""
    suite = etree.Element("testsuite", name=address + size, timestamp=result.finished[:19])
    for id in CRITERIA:
        suite.append(_case(page, id, [one for one in found[id] if page.page.id in one.defect.pages], address + size, lang))
    count = {name: len(suite.findall(f"testcase/{name}")) for name in ("failure", "error", "skipped")}
    suite.attrib.update(
        {
            "tests": str(len(suite)),
            "failures": str(count["failure"]),
            "errors": str(count["error"]),
            "skipped": str(count["skipped"]),
            "time": "0",
        }
    )
    return suite


def _case(page: PageResult, id: str, here: list[Seen], suite: str, lang: str) -> etree._Element:
    case = etree.Element("testcase", name=criterion_name(id, lang), classname=suite, time="0")
    new = [one for one in here if one.newness is not None]
    verdict = page.criteria.get(id, Verdict.UNTESTED)
    if page.page.state is not PageState.AUDITED:
        etree.SubElement(case, "skipped", message=line(f"{page.page.state} {page.page.detail}"))
    elif new:
        failure = etree.SubElement(case, "failure", type=line(new[0].defect.rule), message=sentence(new[0], lang))
        failure.text = clean("\n\n".join(_described(one, lang) for one in new), 20_000)
    elif here:
        told = "; ".join(f"[{known_by(one)}] {sentence(one, lang)} ({newness(one, lang)})" for one in here)
        etree.SubElement(case, "skipped", message=line(told))
    elif verdict in (Verdict.CANT_TELL, Verdict.UNTESTED):
        etree.SubElement(case, "skipped", message=verdict_word(verdict, lang))
    return case


def _described(one: Seen, lang: str) -> str:
    target = one.defect.example.target
    parts = [
        f"[{known_by(one)}] {sentence(one, lang)} ({newness(one, lang)})",
        one.defect.mend[lang],
        *([str(target), target.html] if target is not None else []),
    ]
    return "\n".join(clean(part) for part in parts if part)
