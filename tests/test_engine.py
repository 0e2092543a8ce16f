"""The engine: needs, roll-up of a rule's findings, bugs in rules, digests, and the tree that rules read."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from tests.snapshots import dom_data, snapshot
from wcag_audit.dom import Dom, Node, css_identifier, stable_classes
from wcag_audit.engine import evaluate, evaluate_portal
from wcag_audit.model import Artifact, Outcome, Page, Snapshot, Text, Verdict, bare, cut, fill
from wcag_audit.rule import PASSED, Evidence, Finding, PageDigest, Rule, cant_tell, failed, message

TEXT = Text("a", "b")
MESSAGES = {"wrong": message(vi="sai {x}", en="wrong {x}", mend_vi="sửa", mend_en="mend")}


def links(evidence: Evidence) -> Iterator[Node]:
    yield from evidence.dom.all("a")


def has_href(node: Node, evidence: Evidence) -> Finding | None:
    return PASSED if node.has("href") else failed("wrong", {"x": node.text})


def make(applicability=links, expectation=has_href, needs=("dom",), rule_id="links-lead-somewhere", **more):  # type: ignore[no-untyped-def]
    rule = Rule(
        name=TEXT,
        why=TEXT,
        criteria=("2.4.4",),
        needs=needs,
        applicability=applicability,
        expectation=expectation,
        messages=MESSAGES,
        **more,
    )
    rule.id = rule_id
    return rule


def outcomes(rule: Rule, nodes: list[dict[str, object]] | None, **artifacts: Artifact) -> list[Outcome]:
    return [outcome for outcome in evaluate(snapshot(nodes, **artifacts), [rule]).outcomes if outcome.rule == rule.id]


def page(*bodies: dict[str, object]) -> list[dict[str, object]]:
    return [{"p": -1, "t": "html"}, {"p": 0, "t": "body"}, *bodies]


def test_findings_become_outcomes_with_target_proof_and_fingerprint() -> None:
    nodes = page(
        {"p": 1, "t": "a", "a": {"id": "x1", "class": "menu-item active"}},
        {"p": 2, "t": "#text", "x": "Trang  chủ"},
        {"p": 1, "t": "a", "a": {"href": "/"}},
    )
    (found,) = outcomes(make(), nodes)
    assert found.verdict is Verdict.FAILED
    assert found.target is not None
    assert found.target.selector == "#x1"
    assert found.target.path == "html>body>a.menu-item"
    assert found.values == {"x": "Trang chủ"}
    assert len(found.fingerprint) == 16


def test_passed_and_inapplicable() -> None:
    (found,) = outcomes(make(), page({"p": 1, "t": "a", "a": {"href": "/"}}))
    assert (found.verdict, found.values) == (Verdict.PASSED, {"count": "1"})
    (found,) = outcomes(make(), page())
    assert found.verdict is Verdict.INAPPLICABLE


@pytest.mark.parametrize("artifacts", [{}, {"motion": Artifact(error="timed out")}], ids=["missing", "failed"])
def test_a_missing_or_failed_artifact_is_untested_with_the_reason(artifacts: dict[str, Artifact]) -> None:
    (found,) = outcomes(make(needs=("dom", "motion")), page({"p": 1, "t": "a", "a": {"href": "/"}}), **artifacts)
    assert found.verdict is Verdict.UNTESTED
    assert "motion" in found.values["reason.en"]


def test_a_bug_in_a_rule_is_untested_and_loses_nothing_else() -> None:
    def broken(node: Node, evidence: Evidence) -> Finding | None:
        raise ZeroDivisionError

    nodes = page({"p": 1, "t": "a"})
    found = evaluate(snapshot(nodes), [make(expectation=broken), make(rule_id="other")]).outcomes
    assert {o.rule: o.verdict for o in found if not o.rule.startswith("axe/")} == {
        "links-lead-somewhere": Verdict.UNTESTED,
        "other": Verdict.FAILED,
    }


def test_a_message_outside_the_closed_list_is_a_bug() -> None:
    (found,) = outcomes(make(expectation=lambda node, evidence: cant_tell("unheard-of")), page({"p": 1, "t": "a"}))
    assert found.verdict is Verdict.UNTESTED
    assert "unheard-of" in found.values["reason.en"]


def test_portal_rules_see_digests_of_pages_that_have_what_they_need() -> None:
    def pairs(pages: list[PageDigest]) -> Iterator[PageDigest]:
        yield from pages[1:]

    def differs(one: PageDigest, pages: list[PageDigest]) -> Finding | None:
        return PASSED if one.digest != pages[0].digest else failed("wrong", {"x": one.digest}, pages=(pages[0].page.id, one.page.id))

    rule = make(applicability=pairs, expectation=differs, digest=lambda evidence: evidence.dom.page.title)
    judged = [(Page(id=name, requested=name), evaluate(snapshot(page()), [rule]).digests) for name in ("p1", "p2")]
    (found,) = evaluate_portal(judged, [rule])
    assert (found.verdict, found.pages, found.page) == (Verdict.FAILED, ("p1", "p2"), "")
    missing = evaluate(snapshot(None), [rule])
    assert [o.verdict for o in missing.outcomes if o.rule == rule.id] == [Verdict.UNTESTED]
    assert evaluate_portal([(Page(id="p", requested="p"), missing.digests)], [rule]) == []


def test_values_are_bounded_and_never_interpreted() -> None:
    finding = failed("wrong", {"x": "y" * 1000})
    assert len(finding.values["x"]) == 300
    text = fill(Text("a {x} {unknown}", "b {x}"), {"x": "{x.__class__} %s"})
    assert text == Text("a {x.__class__} %s {unknown}", "b {x.__class__} %s")
    assert fill(Text("{n}", "{n}"), {"n.vi": "một", "n.en": "one"}) == Text("một", "one")
    assert cut("\ud800abc", 10) == "?abc"


def test_bare_takes_diacritics_off() -> None:
    assert bare("Đường  dây nóng ỞĐÂY") == "duong day nong oday"
    assert bare("Xem thêm") == bare("Xem thêm")


def test_the_tables_of_a_tree_tell_what_walking_it_tells() -> None:
    chance = random.Random(7)
    rows: list[dict[str, object]] = [{"p": -1, "t": "html"}]
    path = [0]
    for index in range(1, 400):
        del path[chance.randrange(max(1, len(path) - 3), len(path) + 1) :]
        text = len(path) > 1 and chance.random() < 0.3
        tag, attribute, role = (chance.choice(choices) for choices in (["div", "p", "a"], ["id", "href"], ["link", "list"]))
        rows.append({"p": path[-1], **({"t": "#text", "x": f"x{index}"} if text else {"t": tag, "a": {attribute: "x"}, "r": role})})
        if not text:
            path.append(index)
    dom = Dom(dom_data(rows))

    def below(node: Node) -> list[Node]:
        return [each for child in node.children for each in (child, *below(child))]

    in_div = dom.nearest(lambda node: node.tag == "div")
    for node in dom.nodes:
        assert list(node.descendants()) == below(node)
        assert list(node.elements()) == [each for each in below(node) if not each.is_text]
        assert list(node.elements("p", "a")) == [each for each in below(node) if each.tag in ("p", "a")]
        assert list(node.texts) == ([node] if node.is_text else [each for each in below(node) if each.is_text])
        assert [each for each in dom.nodes if node.contains(each)] == below(node)
        assert in_div[node.index] is node.closest("div")
    assert dom.with_attribute("id", "href") == [node for node in dom.nodes if node.attrs]
    assert dom.with_role("link") == [node for node in dom.nodes if node.role == "link"]


def test_classes_of_builds_and_states_are_not_stable() -> None:
    assert stable_classes("menu-item active css-1x2y3z sc-bdVaJa _ngcontent-abc ng-star nav__link Menu_item__x7Fk2 portlet-column") == (
        "menu-item",
        "nav__link",
        "portlet-column",
    )


@pytest.mark.parametrize(
    ("value", "escaped"),
    [
        ("a", "a"),
        ("1a", "\\31 a"),
        ("-1", "-\\31 "),
        ("a.b:c", "a\\.b\\:c"),
        ("tiếng", "tiếng"),
        ("a b", "a\\ b"),
        ("-", "\\-"),
        ('"', '\\"'),
    ],
)
def test_css_identifier(value: str, escaped: str) -> None:
    assert css_identifier(value) == escaped


def test_tree_texts_labels_and_references() -> None:
    nodes = page(
        {"p": 1, "t": "p", "s": 0},
        {"p": 2, "t": "#text", "x": "Một "},
        {"p": 2, "t": "#text", "x": "ẩn", "v": 0, "h": 1},
        {"p": 1, "t": "label", "a": {"for": "f"}, "s": 0},
        {"p": 5, "t": "#text", "x": "Họ tên"},
        {"p": 1, "t": "input", "a": {"id": "f", "aria-describedby": "g nowhere"}, "f": 1},
        {"p": 1, "t": "span", "a": {"id": "g"}},
    )
    dom = Dom(dom_data(nodes))
    paragraph, field = dom.all("p")[0], dom.all("input")[0]
    assert paragraph.text == "Một ẩn"
    assert paragraph.visible_text == "Một"
    assert [label.text for label in dom.labels[field.index]] == ["Họ tên"]
    assert [node.tag for node in dom.referred(field, "aria-describedby")] == ["span"]
    assert field.tabbable
    assert dom.root is not None
    assert dom.root.contains(field)
    assert dom.all("span")[0].closest("body") is dom.all("body")[0]
    assert dom.target(paragraph).selector == "body > p"


def cut_page(*bodies: dict[str, object], why: str = "nodes: more than 25000") -> Snapshot:
    whole = snapshot(page(*bodies))
    whole.artifacts["dom"].data["frames"][0]["truncated"] = why
    return whole


@pytest.mark.parametrize("href", [{"href": "/"}, {}], ids=["passed", "cut"])
def test_what_was_not_read_to_its_end_does_not_pass_nor_does_an_element_fail_in_which_the_tree_ends(href: dict[str, str]) -> None:
    (found,) = evaluate(cut_page({"p": 1, "t": "a", "a": href}), [make()]).outcomes[-1:]
    assert found.verdict is Verdict.UNTESTED
    assert "only a part of it was read (nodes: more than 25000)" in found.values["reason.en"]
    assert "chỉ đọc được một phần" in found.values["reason.vi"]


def test_what_fails_in_the_part_that_was_read_fails() -> None:
    judged = evaluate(cut_page({"p": 1, "t": "a"}, {"p": 1, "t": "p"}), [make()])
    assert [one.verdict for one in judged.outcomes if one.rule == make().id] == [Verdict.FAILED]


def test_a_page_that_is_whole_but_for_an_attribute_passes() -> None:
    (found,) = evaluate(cut_page({"p": 1, "t": "a", "a": {"href": "/"}}, why="attributes"), [make()]).outcomes[-1:]
    assert found.verdict is Verdict.PASSED


def test_a_page_that_was_not_read_to_its_end_is_not_compared_with_others() -> None:
    judged = evaluate(cut_page({"p": 1, "t": "a"}), [make(digest=lambda evidence: 1)])
    assert judged.digests == {}
    assert judged.outcomes[-1].verdict is Verdict.UNTESTED


def test_the_end_of_a_long_source_is_not_passed() -> None:
    source = Artifact(data={"text": "", "truncated": True})
    (found,) = outcomes(make(needs=("source", "dom")), page({"p": 1, "t": "a", "a": {"href": "/"}}), source=source)
    assert found.verdict is Verdict.UNTESTED
    assert "only its beginning" in found.values["reason.en"]
