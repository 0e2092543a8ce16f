"""What a rule is: a pure function of artifacts, in two named halves.

*Applicability* says which targets a rule speaks of, *expectation* what must hold of each. A rule file declares one ``RULE``; its
module's docstring is its published page. docs/writing-a-rule.md shows how to write one.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any, Literal, TypeVar

import msgspec

from wcag_audit.dom import Dom, Node
from wcag_audit.locale import WORDS
from wcag_audit.model import JSON, Artifact, Example, Message, Page, RuleInfo, Snapshot, Step, Target, Text, Verdict, cut

T = TypeVar("T")


class Missing(Exception):
    """An artifact that a rule needs is not there, or failed; ``text`` says which and why. A browser's own words stay as they are."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


def _missing(artifact: str, vi: str, en: str) -> Missing:
    name = WORDS["artifacts"].get(artifact) or Text(artifact, artifact)
    return Missing(Text(f"{name.vi}: {vi}", f"{name.en}: {en}"))


class ProbeRequest(msgspec.Struct, frozen=True):
    """A rule wants a probe tried again on something, in a fresh page, before it may fail. The answer is the artifact
    ``<probe>_again``; what is asked for stands in its context as it is here."""

    probe: str
    what: JSON


class Evidence:
    """A snapshot as rules read it. Parsed forms are made once and shared by all rules."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.shared: dict[str, Any] = {}
        """Results that several rules need, by name: see ``share``."""
        self.requests: list[ProbeRequest] = []
        """What rules want tried again; collected by the engine."""

    @property
    def page(self) -> Page:
        return self.snapshot.page

    def artifact(self, name: str) -> Artifact | None:
        return self.snapshot.artifacts.get(name)

    def data(self, name: str) -> JSON:
        """An artifact's data. Raises Missing where it was not gathered or failed."""
        artifact = self.snapshot.artifacts.get(name)
        if artifact is None:
            depth = self.snapshot.environment.depth
            raise _missing(name, f"không thu thập ở mức kiểm tra {depth}", f"not gathered at depth {depth}")
        if artifact.error is not None:
            raise _missing(name, artifact.error, artifact.error)
        return artifact.data

    def left_out(self, name: str) -> Text | None:
        """Why an artifact does not hold the whole page; None where it does, or is not there at all."""
        artifact = self.artifact(name)
        if artifact is None or artifact.error is not None:
            return None
        if name == "source":
            return WORDS["left_out"]["source"] if artifact.data.get("truncated") else None
        if name != "dom" or not self.dom.left_out:
            return None
        why = self.dom.left_out
        said = WORDS["left_out"].get(why.partition(":")[0], Text("", ""))
        return Text(f"{said.vi} ({why})", f"{said.en} ({why})")

    def second_try(self, probe: str) -> JSON | None:
        """The data of ``<probe>_again``; None where it was not tried a second time yet: then answer ``ask_again``.

        Raises Missing where the second try failed.
        """
        return None if self.artifact(f"{probe}_again") is None else self.data(f"{probe}_again")

    @cached_property
    def dom(self) -> Dom:
        return Dom(self.data("dom"))

    def share(self, name: str, make: Callable[[Evidence], T]) -> T:
        """``make(self)``, computed once per page for all rules that ask under this name."""
        if name not in self.shared:
            self.shared[name] = make(self)
        return self.shared[name]  # type: ignore[no-any-return]


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What an expectation says of one target. ``node`` (or, in a portal rule, ``target``) names the element to report, where it is
    not the rule's target itself; ``pages`` are the ids of the pages that a portal rule speaks of."""

    verdict: Verdict
    message: str = ""
    values: dict[str, str] = {}
    steps: tuple[Step, ...] = ()
    node: Node | None = None
    target: Target | None = None
    criteria: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    again: ProbeRequest | None = None


def failed(
    message: str,
    values: Mapping[str, str] | None = None,
    *,
    node: Node | None = None,
    target: Target | None = None,
    criteria: tuple[str, ...] = (),
    pages: tuple[str, ...] = (),
    steps: tuple[Step, ...] = (),
) -> Finding:
    """A proven failure. ``values`` fill the message and are the proof (a value that differs by language under ``x.vi`` and ``x.en``);
    ``criteria`` narrows the rule's own."""
    return Finding(
        verdict=Verdict.FAILED,
        message=message,
        values=_bounded(values),
        node=node,
        target=target,
        criteria=criteria,
        pages=pages,
        steps=steps,
    )


def cant_tell(
    message: str,
    values: Mapping[str, str] | None = None,
    *,
    node: Node | None = None,
    target: Target | None = None,
    criteria: tuple[str, ...] = (),
    pages: tuple[str, ...] = (),
    steps: tuple[Step, ...] = (),
) -> Finding:
    """A question that only a person can decide; arguments as for ``failed``."""
    return Finding(
        verdict=Verdict.CANT_TELL,
        message=message,
        values=_bounded(values),
        node=node,
        target=target,
        criteria=criteria,
        pages=pages,
        steps=steps,
    )


def _bounded(values: Mapping[str, str] | None) -> dict[str, str]:
    return {name: cut(value, 300) for name, value in (values or {}).items()}


def untested(reason: Text) -> Finding:
    """What normally runs did not run for this target; the reason is told."""
    return Finding(verdict=Verdict.UNTESTED, message="untested", values={"reason.vi": reason.vi, "reason.en": reason.en})


def ask_again(probe: str, what: JSON) -> Finding:
    """Proof is needed twice: untested until the artifact ``<probe>_again`` is there, which the engine has gathered next."""
    reason = Text("cần thử lại lần thứ hai nhưng chưa thử được", "a second try was needed and could not be made")
    values = {"reason.vi": reason.vi, "reason.en": reason.en}
    return Finding(verdict=Verdict.UNTESTED, message="untested", values=values, again=ProbeRequest(probe, what))


#: The expectation holds.
PASSED = None

Applicability = Callable[[Any], Iterable[Any]]
Expectation = Callable[[Any, Any], Finding | None]


class PageDigest(msgspec.Struct, frozen=True):
    """What a portal rule keeps of one page: plain data from its ``digest``."""

    page: Page
    digest: JSON


class Rule:
    """One rule.

    A *page* rule's functions get an Evidence: ``applicability(evidence)`` yields targets (usually Nodes) and
    ``expectation(target, evidence)`` answers ``PASSED`` or a Finding.

    A *portal* rule declares ``digest(evidence)``, which boils a page down to a little plain data, so that hundreds of pages can be
    compared; its two functions get the list of PageDigest of all audited pages instead of an Evidence.

    ``why`` says in one or two plain sentences whom the defect hurts and how; officials read it beside each defect of the report.
    ``needs`` are artifact names; where one is missing, the rule's criteria are untested on that page, never passed.
    ``uses`` are those that it reads only where there is a target for them: a page without one is inapplicable at any depth.
    ``one_by`` are values of its findings that make them one defect wherever they stand, where one line of a style sheet does the same
    to many elements; without it each element is a defect of its own.
    """

    def __init__(
        self,
        *,
        name: Text,
        why: Text,
        criteria: tuple[str, ...],
        needs: tuple[str, ...],
        applicability: Applicability,
        expectation: Expectation,
        messages: Mapping[str, Message],
        act: tuple[str, ...] = (),
        techniques: tuple[str, ...] = (),
        digest: Callable[[Evidence], JSON] | None = None,
        uses: tuple[str, ...] = (),
        one_by: tuple[str, ...] = (),
    ) -> None:
        self.name = name
        self.why = why
        self.criteria = criteria
        self.needs = needs
        self.uses = uses
        self.applicability = applicability
        self.expectation = expectation
        self.messages = dict(messages)
        self.act = act
        self.techniques = techniques
        self.digest = digest
        self.one_by = one_by
        #: Set by the catalogue from the file's name, folder and docstring.
        self.id = ""
        self.principle = ""
        self.doc = ""

    def __repr__(self) -> str:
        return f"<Rule {self.id}>"

    @property
    def scope(self) -> Literal["page", "portal"]:
        return "page" if self.digest is None else "portal"

    @property
    def info(self) -> RuleInfo:
        return RuleInfo(
            id=self.id,
            name=self.name,
            criteria=self.criteria,
            why=self.why,
            act=self.act,
            techniques=self.techniques,
            messages=self.messages,
            example=example(self.doc),
        )


_SECTION = re.compile(r"^(Fails|Mended)\n((?:[ \t]+.*\n|\n)+)", re.MULTILINE)
#: A literal that is code and not an attribute or a value that the prose names.
_TELLING = re.compile(r"[<{(=]|: ")
_LITERAL = re.compile(r"``(.+?)``", re.DOTALL)


def example(doc: str) -> Example | None:
    """The code of a rule page's sections “Fails” and “Mended”; None where one of them holds no code."""
    code = {name: "\n".join(_code(body)) for name, body in _SECTION.findall(f"{doc}\n")}
    return Example(before=code["Fails"], after=code["Mended"]) if code.get("Fails") and code.get("Mended") else None


def _code(section: str) -> list[str]:
    """Literal blocks (after ``::``) as they stand, and the literals in between on a line each, without single words."""
    text, _, block = section.partition("::\n")
    found = [" ".join(literal.split()) for literal in _LITERAL.findall(text)]
    telling = [literal for literal in found if _TELLING.search(literal)]
    return [*telling, textwrap.dedent(block).strip("\n")] if block.strip() else telling


def message(*, vi: str, en: str, mend_vi: str, mend_en: str) -> Message:
    """A message: what is wrong (or open), and how to mend (or decide) it, in both languages."""
    return Message(what=Text(vi, en), mend=Text(mend_vi, mend_en))
