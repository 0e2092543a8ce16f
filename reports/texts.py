"""What all writers share: the fixed texts of ``locale/report.toml``, numbers and dates as each language writes them, and texts
from pages made harmless."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from wcag_audit.model import Defect, Result, Text, Verdict, convert, fill

LANGUAGES = ("vi", "en")
#: What a person reads at most of one text of a page.
LONGEST = 600

# Control characters and those that turn the direction of the text after them; line breaks and tabs are white space.
_TREACHEROUS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")
_BREAKS = re.compile("\r\n?|[\u0085\u2028\u2029]")


@cache
def texts() -> Mapping[str, Mapping[str, Text]]:
    """Table → key → text, from ``report.toml`` and ``national.toml``."""
    found: dict[str, dict[str, Text]] = {}
    for name in ("report.toml", "national.toml"):
        data = tomllib.loads(resources.files("wcag_audit.locale").joinpath(name).read_text("utf-8"))
        found |= convert(data, dict[str, dict[str, Text]])
    return found


def text(table: str, key: str, **values: str | int | Text) -> Text:
    """A fixed text, filled. Raises KeyError where ``report.toml`` has no such entry."""
    found = texts()[table][key]
    filling: dict[str, str] = {}
    for name, value in values.items():
        if isinstance(value, Text):
            filling |= {f"{name}.vi": value.vi, f"{name}.en": value.en}
        else:
            filling[name] = str(value)
    return fill(found, filling) if filling else found


def counted(what: str, n: int) -> Text:
    """A number of things: a key of the table ``counts`` without its ending."""
    return text("counts", f"{what}_{'one' if n == 1 else 'many'}", n=n)


def clean(value: str, limit: int = LONGEST) -> str:
    """A text from a page, bounded, with U+FFFD in place of every character that a reader could not see or that misleads."""
    bounded = value if len(value) <= limit else f"{value[: limit - 1]}…"
    return _TREACHEROUS.sub("\ufffd", _BREAKS.sub("\n", bounded))


def line(value: str, limit: int = LONGEST) -> str:
    """The same on one line."""
    return " ".join(clean(value, limit).split())


def number(value: float) -> Text:
    """A number with at most four places, with the decimal sign of each language."""
    plain = f"{value:.4f}".rstrip("0").rstrip(".")
    return Text(plain.replace(".", ","), plain)


def signed(value: float) -> Text:
    """A change: a number with its sign, the minus as it is written."""
    told = number(abs(value))
    sign = "+" if value > 0 else "−" if value < 0 else "±"
    return Text(f"{sign}{told.vi}", f"{sign}{told.en}")


_TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d:\d\d))?")


def date(when: str) -> Text:
    """The day of an ISO 8601 time; what is none stays as it is."""
    found = _TIME.match(when)
    return Text(f"{found[3]}/{found[2]}/{found[1]}", f"{found[1]}-{found[2]}-{found[3]}") if found else Text(when, when)


def moment(when: str) -> Text:
    """Day and minute of an ISO 8601 time."""
    found, day = _TIME.match(when), date(when)
    return Text(f"{found[4]} {day.vi}", f"{day.en} {found[4]}") if found and found[4] else day


def failed_defects(result: Result) -> list[Defect]:
    """The proven defects, in the order of the result: those on most pages first."""
    return [defect for defect in result.defects if defect.verdict is Verdict.FAILED]


def portal_name(result: Result) -> str:
    return line(result.portal.name, 200) or line(result.portal.url, 200)
