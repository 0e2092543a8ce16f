"""Texts that say what was entered wrongly: how the markup calls them, which fields they are about, and whether they say more."""

from __future__ import annotations

import re
from collections.abc import Iterable

from wcag_audit.dom import Node
from wcag_audit.model import bare
from wcag_audit.phrases import in_one_name, phrases
from wcag_audit.rule import Evidence
from wcag_audit.rules.understandable._fields import entry_fields, label_of, takes_a_value

#: How the markup calls an error, as a word of a class or id, and how far up. ``danger`` is the name of a colour.
_CALLED = re.compile(r"(?<![a-z])(?:errors?|err|invalid|loi|bao-?loi)(?![a-z])", re.IGNORECASE)
_UP = 2
_IN_BRACKETS = re.compile(r"\([^()]*\)")
#: Letters of an English word that names a thing.
_NOUN = 4


def fields_of(form: Node, evidence: Evidence) -> list[Node]:
    return [field for field in entry_fields(evidence) if form.contains(field)]


def is_called_an_error(element: Node) -> bool:
    """Whether the markup says that the text is an error."""
    around = [element, *element.ancestors()][: _UP + 1]
    return any(_calls_itself_one(node) for node in around if node.tag not in ("form", "fieldset", "body", "main"))


def _calls_itself_one(node: Node) -> bool:
    announced = node.role == "alert" or node.get("aria-live") == "assertive"
    return announced or _CALLED.search(f"{node.get('class')} {node.get('id')}") is not None


def messages(evidence: Evidence) -> list[Node]:
    """Visible elements with words that the markup calls an error or announces, and that hold no field: summaries, toasts, messages."""
    return evidence.share("messages", lambda e: [
        node
        for node in e.dom.elements
        if (_calls_itself_one(node) or node.role == "status" or node.get("aria-live") == "polite")
        and any(c.isalpha() for c in node.visible_text)
        and not any(takes_a_value(other) for other in (node, *node.elements()))
    ])


def _label(field: Node, evidence: Evidence) -> str:
    """What a field is called, without marks and brackets, as ``in_one_name`` tells names."""
    return in_one_name(_IN_BRACKETS.sub("", label_of(field, evidence)))


def fields_named(text: str, fields: Iterable[Node], evidence: Evidence) -> list[Node]:
    """The fields whose label stands in the text; else the only one whose label shares two syllables with it, or one English noun."""
    said = in_one_name(text)
    labels = [(field, label) for field in fields if (label := _label(field, evidence))]
    named = [field for field, label in labels if f" {label} " in f" {said} "]
    if named:
        return named
    words = {word for word in _left_over(said) if not text.isascii() or len(word) >= _NOUN}
    near = [field for field, label in labels if len(words.intersection(label.split())) >= (1 if text.isascii() else 2)]
    return near if len(near) == 1 else []


def is_vague(text: str, labels: Iterable[str] = ()) -> bool:
    """Whether a text says that something was entered wrongly, and beyond the labels nothing but words that add nothing."""
    known = (in_one_name(label).split() for label in labels)
    return bool(phrases("entered_wrongly").found_in(text)) and not set(_left_over(in_one_name(text))).difference(*known)


def _left_over(said: str) -> list[str]:
    """The words of a text without those that say that it was wrong and those that add nothing."""
    left = f" {said} "
    for phrase in sorted(phrases("entered_wrongly").phrases, key=len, reverse=True):
        left = left.replace(f" {bare(phrase)} ", " ")
    fillers = {word for phrase in phrases("error_fillers").phrases for word in bare(phrase).split()}
    return [word for word in left.split() if word not in fillers]
