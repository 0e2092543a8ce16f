"""A file that W3C's WCAG-EM Report Tool opens (JSON-LD), so that a person goes on where the machine stopped.

Pages carry only what failed or is open: everything else the tool shows as not yet tested. No criterion is passed unless a person passed it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import msgspec

from wcag_audit.model import PageState, Verdict
from wcag_audit.reports.earl import outcome
from wcag_audit.reports.facts import facts
from wcag_audit.reports.tables import NOT_TESTED, criterion_state, found_on
from wcag_audit.reports.texts import clean, line, portal_name, text
from wcag_audit.wcag import CRITERIA

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wcag_audit.model import CriterionResult, PageResult, Result
    from wcag_audit.reports.facts import Facts

SITE = "urn:wcag-audit:portal"
_TOOL = {"id": "urn:wcag-audit:tool", "type": ["Assertor"], "title": "wcag-audit"}
_CLASSES = {
    Verdict.PASSED: "Pass", Verdict.FAILED: "Fail", Verdict.CANT_TELL: "CannotTell", Verdict.INAPPLICABLE: "NotApplicable",
    Verdict.UNTESTED: "NotTested",
}  # fmt: skip

#: The terms of the tool's own files, by the meaning that it gives them.
_CONTEXT: dict[str, Any] = {
    "wcagem": "http://www.w3.org/TR/WCAG-EM/#",
    "WCAG21": "http://www.w3.org/TR/WCAG21/#",
    "WAI": "http://www.w3.org/WAI/",
    "earl": "http://www.w3.org/ns/earl#",
    "dcterms": "http://purl.org/dc/terms/",
    "Evaluation": "wcagem:procedure",
    "defineScope": "wcagem:step1",
    "scope": "wcagem:step1a",
    "conformanceTarget": "wcagem:step1b",
    "accessibilitySupportBaseline": "wcagem:step1c",
    "additionalEvaluationRequirements": "wcagem:step1d",
    "exploreTarget": "wcagem:step2",
    "selectSample": "wcagem:step3",
    "structuredSample": "wcagem:step3a",
    "randomSample": "wcagem:step3b",
    "auditSample": "wcagem:step4",
    "reportFindings": "wcagem:step5",
    "evaluationSpecifics": "wcagem:step5b",
    "evaluator": "wcagem:evaluator",
    "Website": "wcagem:website",
    "Webpage": "wcagem:webpage",
    "wcagVersion": "WAI:standards-guidelines/wcag/#versions",
    **{
        name: f"earl:{name}"
        for name in ("Assertion", "Assertor", "TestSubject", "TestCriterion", "TestRequirement", "TestResult", "OutcomeValue")
    },
    **{name: f"earl:{name}" for name in _CLASSES.values()},
    **{name: f"earl:{name}" for name in ("assertedBy", "mode", "result", "subject", "test", "outcome")},
    **{name: f"dcterms:{name}" for name in ("title", "description", "summary")},
    "date": {"@id": "dcterms:date", "@type": "W3CDTF"},
    "W3CDTF": "http://www.w3.org/TR/NOTE-datetime",
    "id": "@id",
    "type": "@type",
}


def render(result: Result, lang: str) -> bytes:
    """The whole file, its texts in one language."""
    name = portal_name(result)
    site = {"id": SITE, "type": ["TestSubject", "Website"], "title": name, "description": line(result.portal.url)}
    sample = {
        one.page.id: {
            "id": f"urn:wcag-audit:page:{place}",
            "type": ["TestSubject", "Webpage"],
            "title": _title(one),
            "description": _address(one),
        }
        for place, one in enumerate(result.pages, 1)
        if one.page.state is PageState.AUDITED
    }
    drawn = {one.page.id for one in result.pages if any(why.id == "random" for why in one.page.reasons)}
    evaluation = {
        "@context": _CONTEXT,
        "id": "urn:wcag-audit:evaluation",
        "type": "Evaluation",
        "defineScope": {
            "id": "urn:wcag-audit:scope",
            "scope": site,
            "wcagVersion": "2.0",
            "conformanceTarget": "A",
            "accessibilitySupportBaseline": line(result.environment.browser, 100),
            "additionalEvaluationRequirements": "",
        },
        "exploreTarget": {"id": "urn:wcag-audit:explored"},
        "selectSample": {
            "id": "urn:wcag-audit:sample",
            "structuredSample": [page for id, page in sample.items() if id not in drawn],
            "randomSample": [page for id, page in sample.items() if id in drawn],
        },
        "auditSample": list(_assertions(result, sample, lang)),
        "reportFindings": {
            "title": text("page", "title", portal=name)[lang],
            "date": result.finished[:10],
            "evaluator": f"wcag-audit {line(result.environment.tool, 40)}",
            "summary": result.statements[0][lang],
            "evaluationSpecifics": "\n".join(text("method", key)[lang] for key in ("how", *NOT_TESTED)),
        },
    }
    return msgspec.json.format(msgspec.json.encode(evaluation), indent=1) + b"\n"


def _title(one: PageResult) -> str:
    return line(one.page.title, 160) or _address(one)


def _address(one: PageResult) -> str:
    return line(one.page.name or one.page.loaded or one.page.requested, 2000)


def _assertions(result: Result, sample: dict[str, dict[str, Any]], lang: str) -> Iterator[dict[str, Any]]:
    found = facts(result)
    for one in result.criteria:
        about = [fact for fact in found if one.id in fact.defect.criteria]
        yield _assertion(one.id, SITE, outcome(one), _told(one, about, lang), result)
    for page in result.pages:
        for id, verdict in page.criteria.items():
            if verdict in (Verdict.FAILED, Verdict.CANT_TELL):
                yield _assertion(id, sample[page.page.id]["id"], verdict, "", result)


def _told(one: CriterionResult, about: list[Facts], lang: str) -> str:
    lines = [criterion_state(one)[lang]]
    lines += [f"{fact.number}. {clean(fact.defect.what[lang], 300)} ({found_on(fact)[lang]})" for fact in about]
    return "\n".join(lines)


def _assertion(criterion: str, subject: str, verdict: Verdict, told: str, result: Result) -> dict[str, Any]:
    return {
        "type": "Assertion",
        "assertedBy": _TOOL,
        "mode": {"id": "earl:automatic"},
        "subject": {"id": subject, "type": ["TestSubject", "Website" if subject == SITE else "Webpage"]},
        "test": {"id": f"WCAG21:{slug(criterion)}", "type": ["TestCriterion", "TestRequirement"], "title": CRITERIA[criterion].name.en},
        "result": {
            "type": "TestResult",
            "date": result.finished[:10],
            "description": told,
            "outcome": {"id": f"earl:{verdict}", "type": ["OutcomeValue", _CLASSES[verdict]]},
        },
    }


def slug(criterion: str) -> str:
    """The criterion's anchor in WCAG 2.1, by which the tool knows it: its English name."""
    return re.sub(r"[^a-z]+", "-", CRITERIA[criterion].name.en.casefold()).strip("-")
