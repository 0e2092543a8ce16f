"""Page types: what a page may be, told from its address, its words and its forms. Pure."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping
from functools import cache
from importlib import resources
from urllib.parse import unquote, urlsplit

from wcag_audit.crawl import urls
from wcag_audit.crawl.look import Look
from wcag_audit.model import Struct, bare, convert
from wcag_audit.phrases import Phrases

#: Weight from which on a page counts as one of a type.
ENOUGH = 3
#: Links of one sort from which on a page is a list, and what that speaks against its being one of the things listed.
_MANY = 6
_LISTED = 2
#: What the words of its content say for a type.
_TOLD = 4


class _Text(Struct):
    words: list[str]
    number: int


class _Form(Struct):
    password: bool = False
    fields: int = 1


class _Kind(Struct):
    words: list[str]
    text: _Text | None = None
    form: _Form | None = None
    also: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


class _Matcher:
    def __init__(self, kind: _Kind) -> None:
        self.words = Phrases(kind.words, [])
        self.also = Phrases(list(kind.also), [])
        self.never = Phrases(list(kind.never), [])
        self.text = [Phrases([word], []) for word in kind.text.words] if kind.text else []
        self.number = kind.text.number if kind.text else 0
        self.form = kind.form


@cache
def _matchers() -> Mapping[str, _Matcher]:
    data = tomllib.loads(resources.files(__package__).joinpath("kinds.toml").read_text("utf-8"))
    return {name: _Matcher(kind) for name, kind in convert(data, dict[str, _Kind]).items()}


def kind_names() -> tuple[str, ...]:
    """All page types, in the order in which a sample looks for them."""
    return tuple(_matchers())


def kinds(look: Look, url: str, words: str, reason: str) -> dict[str, int]:
    """The page types that a page may be, each with a weight of at least ``ENOUGH``. ``words`` are those of the link that leads there,
    ``reason`` why it is known."""
    found = {name: _weight(matcher, look, url, words) for name, matcher in _matchers().items()}
    if _is_list(look):
        found["procedure-detail"] -= _LISTED
    elif found["procedure-list"]:
        found["procedure-list"] -= 1
    found["home"] = 100 if reason == "start" else 0
    if reason == "search":
        found["search"] += ENOUGH
    return {name: weight for name, weight in found.items() if weight >= ENOUGH}


def _is_list(look: Look) -> bool:
    """Whether the main content leads to many pages of one sort."""
    shapes = Counter(f"{urls.folder(way.url)} {urls.shape(way.url).partition('?')[2]}" for way in look.ways if way.main)
    return max(shapes.values(), default=0) >= _MANY


def _weight(matcher: _Matcher, look: Look, url: str, words: str) -> int:
    heading = look.heading or look.title
    if matcher.never.found_in(f"{words} | {heading}"):
        return 0
    weight = 0
    for text, full, part in ((words, 3, 1), (look.heading, 4, 2), (look.title, 2, 1), (_spoken(url), 2, 2)):
        if matcher.words.is_one(text):
            weight += full
        elif matcher.words.found_in(text) or matcher.also.is_one(text):
            weight += part
    if matcher.text:
        told = sum(1 for word in matcher.text if word.found_in(look.text))
        weight = weight + _TOLD if told >= matcher.number else 0
    if matcher.form is not None and weight:
        fits = any(form.fields >= matcher.form.fields and form.password == matcher.form.password for form in look.forms)
        weight = weight + 3 if fits else weight - 2
    return weight


def _spoken(url: str) -> str:
    """The last steps of an address as words: ``/nophoso/Pages/to-khai.aspx`` → ``to khai``."""
    parts = urlsplit(url)
    steps = [step for step in f"{unquote(parts.path)}/{parts.fragment}".split("/") if step not in ("", "Pages", "web", "guest")]
    return bare(" ".join(steps[-1:]).rpartition(".")[0] or " ".join(steps[-1:])).replace("-", " ").replace("_", " ")
