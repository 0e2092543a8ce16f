"""axe-core's raw results as outcomes: the only module that knows axe's JSON.

What each of axe's level A rules proves, and what is told of it, stands in ``axe_rules.toml``; the Vietnamese of its checks in
``axe_checks.toml``. Both are checked when this module is imported, so a wrong edit fails at once.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import resources
from itertools import islice
from types import MappingProxyType
from typing import Any

import msgspec

from wcag_audit.model import JSON, Artifact, Example, Message, Outcome, RuleInfo, Target, Text, Verdict, convert, cut, fill
from wcag_audit.wcag import CRITERIA

#: The version of the artifact that this module reads.
VERSION = 1
#: The version of axe-core whose rules and checks the tables describe.
AXE_VERSION = "4.12"
#: What every rule id of axe starts with in our results.
PREFIX = "axe/"

_HELP = "https://dequeuniversity.com/rules/axe/{version}/{rule}"
#: Characters kept of an element's html, and of each value of a proof; how many compared values are kept.
_HTML, _VALUE, _VALUES = 400, 300, 12
_NONE = Text("", "")
#: The check that axe reports in place of a rule's own when the rule broke.
_ERROR = "error-occurred"


class Doubt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which findings of a rule are no proof, or which questions need nobody, and why. Every condition given has to hold, over the
    whole text; ``fact`` names one that the caller tells of the element, and says why by itself; ``disproves``: failures are answered
    too."""

    because: Text = _NONE
    check: str = ""
    key: str = ""
    data: str = ""
    html: str = ""
    fact: str = ""
    disproves: bool = False


class AxeRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of ``axe_rules.toml``, whose head explains the fields."""

    criteria: tuple[str, ...]
    name: Text
    act: tuple[str, ...] = ()
    techniques: tuple[str, ...] = ()
    run: bool = True
    why_not: Text = _NONE
    review: bool = False
    proves: bool = False
    checks: dict[str, dict[str, Any]] = {}
    what: Text = _NONE
    mend: Text = _NONE
    why: Text = _NONE
    open: Text = _NONE
    example: Example | None = None
    doubt: tuple[Doubt, ...] = ()
    answered: tuple[Doubt, ...] = ()


class CheckTexts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of ``axe_checks.toml``: one text, or one per message key of axe."""

    fail: str | dict[str, str] = ""
    incomplete: str | dict[str, str] = ""


class _Check(msgspec.Struct, frozen=True):
    """A check that axe lists at an element: its message and the data behind it."""

    id: str
    message: str = ""
    data: JSON = None


class _Node(msgspec.Struct, frozen=True):
    """An element in axe's results; ``dom`` is its index in the dom artifact."""

    target: list[str | list[str]]
    html: str = ""
    impact: str | None = None
    any: list[_Check] = []
    all: list[_Check] = []
    none: list[_Check] = []
    dom: int | None = None

    @property
    def checks(self) -> list[_Check]:
        return [*self.any, *self.all, *self.none]


class _Result(msgspec.Struct, frozen=True):
    """One rule with its elements, under ``violations`` or ``incomplete``; ``error`` where axe itself broke."""

    id: str
    nodes: list[_Node]
    error: JSON = None


class _Passed(msgspec.Struct, frozen=True):
    """One rule under ``passes``: how many elements passed."""

    id: str
    count: int


class _Data(msgspec.Struct, frozen=True):
    """The artifact's data."""

    axe: str
    violations: list[_Result]
    incomplete: list[_Result]
    passes: list[_Passed]
    inapplicable: list[str]


def _table(file: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("wcag_audit").joinpath(file).read_text("utf-8"))


def read_rules(tables: dict[str, Any]) -> dict[str, AxeRule]:
    """The rules of a parsed ``axe_rules.toml``; ValueError names the table and what is wrong with it."""
    rules = {}
    for id, table in tables.items():
        try:
            rules[id] = convert(table, AxeRule)
            for doubt in (*rules[id].doubt, *rules[id].answered):
                for pattern in (doubt.check, doubt.key, doubt.data, doubt.html):
                    re.compile(pattern)
        except (msgspec.ValidationError, re.error) as error:
            raise ValueError(f"axe_rules.toml: [{id}]: {error}") from error
        _complete(id, rules[id])
    return rules


def _complete(id: str, rule: AxeRule) -> None:
    """ValueError where a rule lacks a text that it needs, or names a criterion that is not one of level A."""
    texts = {"what": rule.what, "mend": rule.mend, "why": rule.why, "open": rule.open} if rule.run else {"why_not": rule.why_not}
    doubts = [("because", doubt.because) for doubt in (*rule.doubt, *(answered for answered in rule.answered if not answered.fact))]
    for field, text in (("name", rule.name), *texts.items(), *doubts):
        if not (text.vi and text.en):
            raise ValueError(f"axe_rules.toml: [{id}]: {field} is missing")
    unknown = [criterion for criterion in rule.criteria if criterion not in CRITERIA]
    if unknown or not rule.criteria:
        raise ValueError(f"axe_rules.toml: [{id}]: criteria {list(rule.criteria)} are not all of WCAG 2.0 level A")


def read_checks(tables: dict[str, Any]) -> dict[str, CheckTexts]:
    """The checks of a parsed ``axe_checks.toml``; ValueError names the table and what is wrong with it."""
    checks = {}
    for id, table in tables.items():
        try:
            checks[id] = convert(table, CheckTexts)
        except msgspec.ValidationError as error:
            raise ValueError(f"axe_checks.toml: [{id}]: {error}") from error
    return checks


#: All level A rules of axe, by axe's id; those with ``run`` false are never asked for.
RULES = MappingProxyType(read_rules(_table("axe_rules.toml")))
#: The Vietnamese of the checks of the rules that run, by axe's id.
CHECKS = MappingProxyType(read_checks(_table("axe_checks.toml")))


def run_options() -> dict[str, Any]:
    """What is handed to ``axe.run``: the rules to run, and elements only for what failed or is open.

    Only media are preloaded: fetching style sheets of other hosts again would serve rules that do not run.
    """
    return {
        "runOnly": {"type": "rule", "values": [id for id, rule in RULES.items() if rule.run]},
        "resultTypes": ["violations", "incomplete"],
        "reporter": "v2",
        "preload": {"assets": ["media"], "timeout": 2000},
        "checks": {check: {"options": options} for rule in RULES.values() for check, options in rule.checks.items()},
    }


_UNTESTED = Message(
    what=Text("Chưa kiểm tra được: {reason}.", "Not tested: {reason}."),
    mend=Text("Kiểm tra lại trang, hoặc xem xét bằng tay.", "Audit the page again, or check it by hand."),
)


def rule_infos(version: str = AXE_VERSION) -> dict[str, RuleInfo]:
    """What readers of results need of the rules that run, by our id; help pages are those of axe's ``version`` (major.minor)."""
    short = ".".join(version.split(".")[:2])
    return {PREFIX + id: _info(id, rule, short) for id, rule in RULES.items() if rule.run}


def _info(id: str, rule: AxeRule, version: str) -> RuleInfo:
    doubtful = Text(f"{rule.open.vi} {{because}}", f"{rule.open.en} {{because}}")
    return RuleInfo(
        id=PREFIX + id,
        name=rule.name,
        criteria=rule.criteria,
        why=rule.why,
        act=rule.act,
        techniques=rule.techniques,
        source="axe",
        help_url=_HELP.format(version=version, rule=id),
        messages={
            "failed": Message(what=rule.what, mend=rule.mend),
            "open": Message(what=rule.open, mend=rule.mend),
            **({"doubtful": Message(what=doubtful, mend=rule.mend)} if rule.doubt else {}),
            "untested": _UNTESTED,
        },
        example=rule.example,
    )


#: What the caller can tell of the element with an index in the dom artifact, by the names that ``axe_rules.toml`` uses.
Facts = Mapping[str, Callable[[int], bool]]
_NO_FACTS: Facts = MappingProxyType({})


def outcomes(artifact: Artifact, locate: Callable[[int], Target], page: str, facts: Facts = _NO_FACTS) -> list[Outcome]:
    """What axe's recording says of a page. ``locate`` gives the target of an index in the dom artifact.

    Every rule that was asked for has at least one outcome: untested where axe failed, broke inside the rule or did not report on
    it. Rules that were not asked for are left out. ValueError where the artifact is not what this version reads.
    """
    if artifact.error is not None:
        reason = Text(f"axe không chạy được trên trang ({artifact.error})", f"axe could not run on the page ({artifact.error})")
        return [_untested(id, reason, page) for id in _asked()]
    data = _read(artifact)
    found = [
        *(outcome for result in data.violations for outcome in _findings(result, False, locate, page, facts)),
        *(outcome for result in data.incomplete for outcome in _findings(result, True, locate, page, facts)),
        *(_whole(item.id, Verdict.PASSED, page, {"count": str(item.count)}) for item in data.passes if _runs(item.id)),
        *(_whole(id, Verdict.INAPPLICABLE, page, {}) for id in data.inapplicable if _runs(id)),
    ]
    silent = Text("axe không báo cáo kết quả của quy tắc này", "axe did not report on this rule")
    reported = {outcome.rule for outcome in found}
    for result in (*data.violations, *data.incomplete):
        if _runs(result.id) and result.nodes and PREFIX + result.id not in reported:  # all that it found was answered
            reported.add(PREFIX + result.id)
            found.append(_whole(result.id, Verdict.PASSED, page, {"count": str(len(result.nodes))}))
    return found + [_untested(id, silent, page) for id in _asked() if PREFIX + id not in reported]


def _runs(id: str) -> bool:
    return id in RULES and RULES[id].run


def _asked() -> Iterator[str]:
    return (id for id in RULES if _runs(id))


def _read(artifact: Artifact) -> _Data:
    if artifact.version != VERSION:
        raise ValueError(f"axe artifact: version {artifact.version} is not known, this program reads version {VERSION}")
    try:
        return convert(artifact.data, _Data)
    except msgspec.ValidationError as error:
        raise ValueError(f"axe artifact: {error}") from error


def _findings(result: _Result, incomplete: bool, locate: Callable[[int], Target], page: str, facts: Facts) -> Iterator[Outcome]:
    """The elements of one rule, without questions that need nobody and failures that are disproved.

    A rule that broke inside axe judged nothing (axe drops what it had found so far): untested.
    """
    if not _runs(result.id):
        return
    broken = _breakage(result)
    if broken:
        reason = Text(f"axe gặp lỗi khi chạy quy tắc này ({broken})", f"axe broke while running this rule ({broken})")
        yield _untested(result.id, reason, page)
        return
    rule = RULES[result.id]
    for node in result.nodes:
        asks = incomplete or any(_applies(doubt, node, _NO_FACTS) for doubt in rule.doubt)
        if not any((asks or answer.disproves) and _applies(answer, node, facts) for answer in rule.answered):
            yield _finding(result.id, node, incomplete, locate, page)


def _breakage(result: _Result) -> str:
    """What broke inside axe while it ran the rule, or ""."""
    errors = [result.error, *(check.data for node in result.nodes for check in node.none if check.id == _ERROR)]
    return next((cut(str(error.get("message", error)) if isinstance(error, dict) else str(error), _VALUE) for error in errors if error), "")


def _finding(id: str, node: _Node, incomplete: bool, locate: Callable[[int], Target], page: str) -> Outcome:
    rule = RULES[id]
    fails = not incomplete or rule.review
    values = _values(node, fails)
    verdict, message = Verdict.FAILED, "failed"
    if incomplete and not rule.proves:
        verdict, message = Verdict.CANT_TELL, "open"
    doubt = next((doubt for doubt in rule.doubt if _applies(doubt, node, _NO_FACTS)), None) if fails else None
    if doubt is not None:
        verdict, message = Verdict.CANT_TELL, "doubtful"
        values |= {"because.vi": doubt.because.vi, "because.en": doubt.because.en}
    return Outcome(
        rule=PREFIX + id,
        criteria=rule.criteria,
        verdict=verdict,
        page=page,
        target=_target(node) if node.dom is None else locate(node.dom),
        message=message,
        values=values,
        sources=("axe",),
    )


def _applies(doubt: Doubt, node: _Node, facts: Facts) -> bool:
    """Whether every condition of a doubt holds; conditions on checks must hold for all of them, or another check proves it."""
    if doubt.fact and (node.dom is None or doubt.fact not in facts or not facts[doubt.fact](node.dom)):
        return False
    if doubt.html and not re.fullmatch(doubt.html, node.html, re.DOTALL | re.IGNORECASE):
        return False
    for check in node.checks:
        key = str(check.data.get("messageKey", "")) if isinstance(check.data, dict) else ""
        data = check.data if isinstance(check.data, list) else [check.data]
        if doubt.check and not re.fullmatch(doubt.check, check.id):
            return False
        if doubt.key and not re.fullmatch(doubt.key, key):
            return False
        if doubt.data and not all(re.fullmatch(doubt.data, str(item)) for item in data):
            return False
    return True


def _values(node: _Node, fails: bool) -> dict[str, str]:
    """The proof: what the checks say in both languages, axe's impact, and the data compared (``check.name``)."""
    told = ((check.id, name, value) for check in node.checks for name, value in _flat(check.data).items() if name != "messageKey")
    return {
        "detail.vi": _joined(_vietnamese(check, fails) for check in node.checks) or "axe không nêu chi tiết",
        "detail.en": _joined(check.message for check in node.checks) or "axe gives no details",
        **({"impact": node.impact} if node.impact else {}),
        **{f"{check}.{name}": cut(value, _VALUE) for check, name, value in islice(told, _VALUES)},
    }


def _joined(texts: Iterable[str]) -> str:
    """Sentences as one text, each once, without the full stop that the message ends with anyway."""
    return cut("; ".join(dict.fromkeys(text.strip().rstrip(".") for text in texts if text.strip())), _VALUE)


def _vietnamese(check: _Check, fails: bool) -> str:
    """What a check says, in Vietnamese; axe's own words where an axe of another version says what the table does not have."""
    texts = CHECKS.get(check.id, CheckTexts())
    text = (texts.fail or texts.incomplete) if fails else (texts.incomplete or texts.fail)
    template = text if isinstance(text, str) else text.get(_key(check.data, text), text.get("default", ""))
    if not template:
        return check.message
    return fill(Text(template, ""), _flat(check.data)).vi if "{" in template else template


def _key(data: JSON, texts: dict[str, str]) -> str:
    """Which of a check's texts axe chose: the data itself or its ``messageKey``; a list takes the default."""
    if isinstance(data, str) and data in texts:
        return data
    if not isinstance(data, dict):
        return "default"
    return str(data.get("messageKey") or "default")


def _flat(data: JSON) -> dict[str, str]:
    """A check's data as texts by name; what has no name is ``values``."""
    named = data if isinstance(data, dict) else {} if data is None else {"values": data}
    return {name: _text(value) for name, value in named.items() if value is not None and value != ""}


def _text(value: JSON) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return ", ".join(_text(item) for item in value)
    return msgspec.json.encode(value).decode()


def _target(node: _Node) -> Target:
    """The target as axe describes it: frames from the outside in, then shadow hosts, then the element."""
    paths = [[part] if isinstance(part, str) else part for part in node.target]
    last = paths[-1] if paths and paths[-1] else [""]
    frames = tuple(selector for path in paths[:-1] for selector in path)
    return Target(selector=last[-1], frames=frames, hosts=tuple(last[:-1]), html=cut(node.html, _HTML))


def _whole(id: str, verdict: Verdict, page: str, values: dict[str, str]) -> Outcome:
    """What a rule says of the page as a whole."""
    return Outcome(rule=PREFIX + id, criteria=RULES[id].criteria, verdict=verdict, page=page, values=values, sources=("axe",))


def _untested(id: str, reason: Text, page: str) -> Outcome:
    values = {"reason.vi": cut(reason.vi, _VALUE), "reason.en": cut(reason.en, _VALUE)}
    return Outcome(
        rule=PREFIX + id,
        criteria=RULES[id].criteria,
        verdict=Verdict.UNTESTED,
        page=page,
        message="untested",
        values=values,
        sources=("axe",),
    )
