"""SARIF 2.1.0: the rules with help in both languages, the defects with their fingerprints, and where they stand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from wcag_audit.ci import Checked, Seen
from wcag_audit.model import Message, RuleInfo
from wcag_audit.reports.pipeline import file_of, known_by, names, newness, pages_of, sentence
from wcag_audit.reports.texts import clean, line

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
#: Places of one defect; what lies beyond says nothing new.
_LOCATIONS = 50


def render(checked: Checked, lang: str, sources: Mapping[str, str] | None = None) -> bytes:
    """The file. ``sources`` gives the template behind addresses, by a pattern of the address."""
    infos = {rule: info for result in checked.results for rule, info in result.rules.items()}
    spoken = sorted({one.defect.rule for one in checked.seen})
    tool = checked.results[0].environment
    driver = {
        "name": "wcag-audit",
        "semanticVersion": tool.tool,
        "language": lang,
        "rules": [_rule(infos[rule], lang) if rule in infos else {"id": rule} for rule in spoken],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "utf16CodeUnits",
        "language": lang,
        "results": [_result(one, spoken.index(one.defect.rule), checked, lang, sources or {}) for one in checked.seen],
        "properties": {"browser": tool.browser, "axe": tool.axe, "depth": tool.depth},
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1).encode() + b"\n"


def _rule(info: RuleInfo, lang: str) -> dict[str, Any]:
    """A rule; its help has both languages, the one asked for first."""
    languages = (lang, "vi" if lang == "en" else "en")
    mends = [(one, message) for one in languages for message in info.messages.values()]
    plain = "\n".join(dict.fromkeys(_help(message, one) for one, message in mends if message.mend[one])) or info.name[lang]
    return {
        "id": info.id,
        "name": "".join(part.capitalize() for part in info.id.replace("/", "-").split("-")),
        "shortDescription": {"text": info.name[lang]},
        "fullDescription": {"text": info.why[lang] if info.why else info.name[lang]},
        "help": {"text": plain, "markdown": plain.replace("\n", "\n\n")},
        **({"helpUri": info.help_url} if info.help_url else {}),
        "defaultConfiguration": {"level": "error"},
        "properties": {
            "tags": ["accessibility", *(f"WCAG2.0-A-{criterion}" for criterion in info.criteria)],
            "name.vi": info.name.vi,
            "name.en": info.name.en,
        },
    }


def _help(message: Message, lang: str) -> str:
    return line(message.mend[lang])


def _result(one: Seen, index: int, checked: Checked, lang: str, sources: Mapping[str, str]) -> dict[str, Any]:
    given = names(checked)
    target = one.defect.example.target
    pages = pages_of(one, checked)[:_LOCATIONS]
    selector, html = (str(target), target.html) if target is not None else ("", "")
    return {
        "ruleId": one.defect.rule,
        "ruleIndex": index,
        "level": "error",
        "message": {"text": f"{sentence(one, lang)} {line(one.defect.mend[lang])} ({newness(one, lang)})"},
        "locations": [_location(file_of(page, given.get(page, ""), sources) or page, selector, html) for page in pages],
        "partialFingerprints": {"wcagAuditDefect/v1": known_by(one)},
        "occurrenceCount": max(1, one.defect.count),
        "baselineState": "new" if one.newness is not None else "unchanged",
        "properties": {"criteria": list(one.defect.criteria), "pages": [line(page) for page in pages]},
        **({"suppressions": [_suppression(one)]} if one.newness is None else {}),
    }


def _suppression(one: Seen) -> dict[str, Any]:
    reason = one.known.reason if one.known else ""
    return {"kind": "external", "status": "accepted", **({"justification": line(reason)} if reason else {})}


def _location(address: str, selector: str, html: str) -> dict[str, Any]:
    region = {"startLine": 1, **({"snippet": {"text": clean(html)}} if html else {})}
    logical = {"logicalLocations": [{"fullyQualifiedName": line(selector), "kind": "element"}]} if selector else {}
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(address)}, "region": region}, **logical}


def _uri(address: str) -> str:
    """An address without what a URI may not hold; browsers keep some of it unescaped."""
    return quote(address, safe="%/:?#[]@!$&'()*+,;=~-._", errors="replace")
