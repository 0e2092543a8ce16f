"""What an inline event handler does, as far as its own text tells: pure reading, nothing is run."""

from __future__ import annotations

import re

_COMMENT = re.compile(r"/\*.*?\*/|<!--.*?-->|(?<![:\"'\\])//[^\n]*", re.DOTALL)
_STRING = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|`(?:[^`\\]|\\.)*`")
_PREFIX = re.compile(r"^\s*(?:javascript\s*:\s*)+", re.IGNORECASE)
_STATEMENT = re.compile(r"[;\n]+")
_AROUND = re.compile(r"^(?:[\s{}]*(?:if\s*\([^()]*\)|else|try|catch\s*\(\w*\)))*[\s{}]*|(?<![:\w'}])[\s}]*$")
#: Statements after which a click has done nothing that a person came for: it was only counted, held back or passed on.
_NO_EFFECT = re.compile(
    r"""(?: return (?:\s+(?:true|false|void\s*\(?\s*0\s*\)?|null))?
      | void\s*\(?\s*0\s*\)? | true | false | null | undefined | \#
      | (?:window\.)?event\s*\.\s*(?:stopPropagation|stopImmediatePropagation|preventDefault)\(\)
      | (?:window\.)?event\s*\.\s*(?:returnValue|cancelBubble)\s*=\s*(?:true|false)
      | (?:window\.)?(?:ga|gtag|fbq|_paq\.push|_gaq\.push|dataLayer\.push|mixpanel\.track|clarity|ym|zaq|s\.tl|console\.\w+)\s*\(.*\)
      | (?:[\w$.]*\.)?(?:track|log|send|report|record)(?:Click|Event|Link|Page|Analytics|Ga|GA|Stat)\w*\s*\(.*\)
    )""",
    re.VERBOSE,
)


def code(handler: str) -> str:
    """The handler without comments, without ``javascript:`` and with white space folded."""
    return " ".join(_COMMENT.sub(" ", _PREFIX.sub("", handler)).split())


def without_strings(handler: str) -> str:
    """The handler's code with empty strings in place of its texts, so that words in texts are not read as calls."""
    return _STRING.sub("''", code(handler))


def does_nothing(handler: str) -> bool:
    """Whether every statement only counts, stops or passes on the event."""
    statements = (_AROUND.sub("", part) for part in _STATEMENT.split(without_strings(handler)))
    return all(not part or _NO_EFFECT.fullmatch(part) is not None for part in statements)


def same_function(handler: str) -> str:
    """A form in which two handlers that do the same are equal: white space, quotes, ``return`` and empty ends left out."""
    plain = re.sub(r"\breturn\s+(?:true|false)\s*;?", "", code(handler))
    return re.sub(r"\s+", "", re.sub(r"\breturn\b", "", plain)).replace('"', "'").replace(";", "")
