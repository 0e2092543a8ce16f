"""EARL 1.0 as JSON-LD, with its context inside: an assertion for each criterion on the portal and on each audited page, and one for each
defect with a pointer to the element. Both languages stand in the one file.

A criterion in which a machine found no failure is ``earl:cantTell``: only a person's answer makes it ``earl:passed``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from wcag_audit.model import PageState, Text, Verdict
from wcag_audit.reports.facts import Facts, facts
from wcag_audit.reports.tables import criterion_state
from wcag_audit.reports.texts import clean, line, portal_name, text
from wcag_audit.wcag import CRITERIA, RECOMMENDATION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wcag_audit.model import CriterionResult, PageResult, Result

PORTAL = "_:portal"
TOOL = "_:tool"

_CONTEXT: dict[str, Any] = {
    "earl": "http://www.w3.org/ns/earl#",
    "dct": "http://purl.org/dc/terms/",
    "doap": "http://usefulinc.com/ns/doap#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "ptr": "http://www.w3.org/2009/pointers#",
    "schema": "https://schema.org/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "wcag": RECOMMENDATION,
    "assertedBy": {"@id": "earl:assertedBy", "@type": "@id"},
    "subject": {"@id": "earl:subject", "@type": "@id"},
    "test": {"@id": "earl:test", "@type": "@id"},
    "mode": {"@id": "earl:mode", "@type": "@id"},
    "outcome": {"@id": "earl:outcome", "@type": "@id"},
    "isPartOf": {"@id": "dct:isPartOf", "@type": "@id"},
    "result": "earl:result",
    "pointer": "earl:pointer",
    "expression": "ptr:expression",
    "title": {"@id": "dct:title", "@container": "@language"},
    "description": {"@id": "dct:description", "@container": "@language"},
    "info": {"@id": "earl:info", "@container": "@language"},
    "name": "dct:title",
    "identifier": "dct:identifier",
    "version": "doap:revision",
    "date": {"@id": "dct:date", "@type": "xsd:dateTime"},
    "url": "schema:url",
}


def render(result: Result) -> bytes:
    """The whole file."""
    return msgspec.json.format(msgspec.json.encode({"@context": _CONTEXT, "@graph": list(_graph(result))}), indent=1) + b"\n"


def outcome(result: CriterionResult) -> Verdict:
    """What may be handed on of a criterion: a pass only where a person gave it."""
    if result.verdict is Verdict.PASSED and not result.reviewed:
        return Verdict.CANT_TELL
    return result.verdict


def _graph(result: Result) -> Iterator[dict[str, Any]]:
    found = facts(result)
    audited = [one for one in result.pages if one.page.state is PageState.AUDITED]
    yield _tool(result)
    yield {"@id": PORTAL, "@type": ["earl:TestSubject", "schema:WebSite"], "name": portal_name(result), "url": line(result.portal.url)}
    yield from (_page(one) for one in result.pages)
    yield from (_criterion(id) for id in CRITERIA)
    yield from (_on_portal(one, result) for one in result.criteria)
    for one in audited:
        yield from _on_page(one, result)
    yield from ({"@id": f"_:rule-{rule}", "@type": "earl:TestCase", "title": _both(name)} for rule, name in _rules(found).items())
    yield from (_defect(one, result) for one in found)


def _both(found: Text) -> dict[str, str]:
    """A text in both languages."""
    return {lang: words for lang, words in (("vi", clean(found.vi)), ("en", clean(found.en))) if words}


def _tool(result: Result) -> dict[str, Any]:
    return {"@id": TOOL, "@type": ["earl:Assertor", "earl:Software"], "name": "wcag-audit", "version": line(result.environment.tool, 40)}


def page_node(one: PageResult) -> str:
    """The name of a page's node, from its id."""
    return f"_:page-{''.join(c if c.isascii() and c.isalnum() else '-' for c in one.page.id)}"


def _page(one: PageResult) -> dict[str, Any]:
    page = one.page
    return {
        "@id": page_node(one),
        "@type": ["earl:TestSubject", "schema:WebPage"],
        "name": line(page.title, 160) or line(page.name or page.requested),
        "url": line(page.loaded or page.requested, 2000),
        "isPartOf": PORTAL,
    }


def _criterion(id: str) -> dict[str, Any]:
    one = CRITERIA[id]
    return {"@id": f"wcag:{one.slug}", "@type": "earl:TestRequirement", "identifier": id, "title": _both(one.name)}


def _assertion(subject: str, test: str, mode: str, told: dict[str, Any]) -> dict[str, Any]:
    result = {"@type": "earl:TestResult", **told}
    return {"@type": "earl:Assertion", "assertedBy": TOOL, "subject": subject, "test": test, "mode": f"earl:{mode}", "result": result}


def _on_portal(one: CriterionResult, result: Result) -> dict[str, Any]:
    told = {"outcome": f"earl:{outcome(one)}", "description": _both(criterion_state(one)), "date": moment(result)}
    return _assertion(PORTAL, f"wcag:{CRITERIA[one.id].slug}", "semiAuto" if one.reviewed else "automatic", told)


def _on_page(one: PageResult, result: Result) -> Iterator[dict[str, Any]]:
    for id, verdict in one.criteria.items():
        value = Verdict.CANT_TELL if verdict is Verdict.PASSED else verdict
        yield _assertion(page_node(one), f"wcag:{CRITERIA[id].slug}", "automatic", {"outcome": f"earl:{value}", "date": moment(result)})


def moment(result: Result) -> str:
    """When the audit ended, as XML Schema writes it: with a colon in the zone's offset."""
    when = result.finished or result.started
    return f"{when[:-2]}:{when[-2:]}" if len(when) > 5 and when[-5] in "+-" else when


def _rules(found: list[Facts]) -> dict[str, Text]:
    return {_slug(one.defect.rule): one.info.name for one in found}


def _slug(rule: str) -> str:
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in rule)


def _defect(one: Facts, result: Result) -> dict[str, Any]:
    defect, target = one.defect, one.defect.example.target
    subject = next((page_node(page) for page in result.pages if one.page is page.page), PORTAL)
    told: dict[str, Any] = {
        "outcome": f"earl:{defect.verdict}",
        "description": _both(defect.what),
        "info": _both(defect.mend),
        "date": moment(result),
    }
    if target is not None:
        told["pointer"] = {
            "@type": "ptr:CSSSelectorPointer",
            "expression": line(str(target)),
            "description": _both(text("defects", "selector")),
        }
    assertion = _assertion(subject, f"_:rule-{_slug(defect.rule)}", "semiAuto" if defect.review else "automatic", told)
    criteria = [f"wcag:{CRITERIA[id].slug}" for id in defect.criteria if id in CRITERIA]
    return {**assertion, "identifier": line(defect.fingerprint, 120), "isPartOf": criteria}
