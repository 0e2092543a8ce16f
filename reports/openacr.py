"""OpenACR: the beginning of an accessibility conformance report as YAML, for the one who signs it.

A proven failure or a person's answer gives a level. Everything else is left open (an empty level) with what is known: a machine cannot
say that a product supports a criterion.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from wcag_audit.locale import word
from wcag_audit.model import PageState, Verdict
from wcag_audit.reports.facts import facts
from wcag_audit.reports.tables import criterion_state, found_on
from wcag_audit.reports.texts import clean, line, portal_name, text
from wcag_audit.wcag import CRITERIA

if TYPE_CHECKING:
    from wcag_audit.model import CriterionResult, Result
    from wcag_audit.reports.facts import Facts

#: The catalogue whose level A chapter this report fills, and its chapters that it does not.
CATALOG = "2.4-edition-wcag-2.0-508-en"
_OTHERS = (
    "success_criteria_level_aa", "success_criteria_level_aaa", "functional_performance_criteria", "hardware", "software",
    "support_documentation_and_services",
)  # fmt: skip
#: A person's answers as levels.
_ANSWERS = {Verdict.PASSED: "supports", Verdict.INAPPLICABLE: "not-applicable"}


def render(result: Result, lang: str) -> str:
    """The whole file, its texts in one language."""
    name = portal_name(result)
    found = facts(result)
    day = result.finished[:10]
    report: dict[str, Any] = {
        "title": text("page", "title", portal=name)[lang],
        "product": {"name": name, "description": line(result.portal.url)},
        "author": {"name": f"wcag-audit {line(result.environment.tool, 40)}", "email": ""},
        "vendor": {"company_name": line(result.portal.vendor, 200), "email": ""},
        "report_date": day,
        "last_modified_date": day,
        "version": 1,
        "catalog": CATALOG,
        "notes": result.statements[0][lang],
        "evaluation_methods_used": text("method", "how")[lang],
        "legal_disclaimer": word("statement", "limits")[lang],
        "chapters": {
            "success_criteria_level_a": {
                "notes": text("criteria", "legend")[lang],
                "criteria": [_criterion(one, found, result, lang) for one in result.criteria],
            },
            **{chapter: {"disabled": True} for chapter in _OTHERS},
        },
    }
    return yaml.safe_dump(report, allow_unicode=True, sort_keys=False, width=120)


def _criterion(one: CriterionResult, found: list[Facts], result: Result, lang: str) -> dict[str, Any]:
    lines = [f"{CRITERIA[one.id].name[lang]}: {criterion_state(one)[lang]}."]
    about = [fact for fact in found if one.id in fact.defect.criteria]
    lines += [f"{fact.number}. {clean(fact.defect.what[lang], 300)} ({found_on(fact)[lang]})" for fact in about]
    return {"num": one.id, "components": [{"name": "web", "adherence": {"level": level(one, result), "notes": "\n".join(lines)}}]}


def level(one: CriterionResult, result: Result) -> str:
    """``does-not-support`` where most pages fail, ``partially-supports`` where some do, a person's answer, or nothing yet."""
    audited = sum(1 for page in result.pages if page.page.state is PageState.AUDITED)
    if one.verdict is Verdict.FAILED:
        return "does-not-support" if 2 * one.pages.get(Verdict.FAILED, 0) > audited else "partially-supports"
    return _ANSWERS.get(one.verdict, "") if one.reviewed else ""
