"""What an inline event handler does, as far as its own text tells: pure reading, nothing is run."""

from __future__ import annotations

import math
import re
from collections.abc import Container
from functools import cached_property
from typing import NamedTuple

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
    own = re.sub(r"\s+", "", re.sub(r"\breturn\b", "", plain)).replace('"', "'").replace(";", "")
    return re.sub(r"(?<=\()event(?:,|(?=\)))|,event(?=\))", "", own)


class Call(NamedTuple):
    """One call of a function of the page's own, as ``same_function`` writes it."""

    function: str
    arguments: str

    @property
    def is_fixed(self) -> bool:
        """Whether it is given texts and numbers alone, so that another call with other ones does something else."""
        return re.fullmatch(r"(?:'[^']*'|[-+\d.]+|,)+", self.arguments) is not None


_CALL = re.compile(
    r"(?<![\w$.])(?!(?:if|for|while|switch|catch|function|return|alert|confirm|open|void|window|document|location|history|console)\b)"
    r"([\w$.]+)\s*\(((?:[^()]|\([^()]*\))*)\)"
)


def calls(script: str) -> frozenset[Call]:
    """The page's own functions that a script calls."""
    return frozenset(Call(match[1], same_function(f"({match[2]})")[1:-1]) for match in _CALL.finditer(code(script)))


def only_call(script: str) -> Call | None:
    """The one call that is all of a script, if that is so."""
    match = _CALL.fullmatch(same_function(script))
    return Call(match[1], match[2]) if match else None


_LOCATION = r"(?:(?:window|self|top|parent|document)\.)*location"
_KINDS = {
    "navigates": re.compile(
        rf"(?<![\w$.]){_LOCATION}(?:\.href)?\s*=(?!=)|(?<![\w$.]){_LOCATION}\.(?:assign|replace|reload)\("
        r"|(?<![\w$])history\.(?:back|forward|go)\("
    ),
    "submits": re.compile(r"\.(?:submit|requestSubmit)\(|(?<![\w$.])submit\(|__doPostBack\(|WebForm_DoPostBackWithOptions\("),
    # Without ``window`` it is often a page's own function, unless it is given what looks like an address.
    "opens": re.compile(
        r"(?<![\w$.])window\.open\(|(?<![\w$.])open\(\s*(?:''|[^()]*(?:value|ur[il]|href|link|lien_?ket|src|address|dia_?chi))"
        r"|\bshowModalDialog\(|\.showModal\(",
        re.IGNORECASE,
    ),
}
#: Functions of the window and of forms that are called by their bare name.
_BARE_CALL = re.compile(r"(?<![\w$.])(open|submit)\(")
_OWN = re.compile(r"\bfunction\s+(open|submit)\s*\(|(?<![\w$.])(open|submit)\s*=(?![=>])")


def change_of_context(script: str, own: Container[str] = ()) -> str:
    """Which change of context a script's text asks for first (``navigates``, ``submits``, ``opens``); empty where none.

    ``script`` is code as ``without_strings`` gives it. ``own`` are names of functions of the page: calling those is none."""
    foreign = _BARE_CALL.sub(lambda call: "own(" if call[1] in own else call[0], script)
    return next((kind for kind, pattern in _KINDS.items() if pattern.search(foreign)), "")


_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|zip|rar|csv|mp[34]|exe|apk)$", re.IGNORECASE)
_TO_A_TEXT = re.compile(rf"(?<![\w$.]){_LOCATION}(?:(?:\.href)?\s*=(?!=)\s*|\.(?:assign|replace)\(\s*)(['\"`])([^'\"`]*)\1(?!\s*\+)")


def is_file(address: str) -> bool:
    """Whether an address is that of a file, which is downloaded while the page stays."""
    return _FILE.search(re.split(r"[?#]", address, maxsplit=1)[0]) is not None


def without_stays(script: str) -> str:
    """The script's code without what only goes to a place on the page, or downloads a file."""
    return _TO_A_TEXT.sub(lambda match: "" if match[2].startswith("#") or is_file(match[2]) else match[0], code(script))


_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script\s*>", re.DOTALL | re.IGNORECASE)
_LINE_COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'\\\w])//[^\n]*", re.DOTALL)
_DECLARED = re.compile(
    r"\bfunction\s+([\w$]+)\s*\(([^()]*)\)\s*\{|\b([\w$]+)\s*=\s*(?:function\s*\(([^()]*)\)|\(?([\w$\s,]*)\)?\s*=>)\s*\{"
)
_QUOTED = r"""\(\s*['"]([^'"]+)['"]\s*\)"""
#: ``name = document.getElementById("x")`` and its kin: the name, the method, what is looked for.
_VARIABLE = re.compile(
    r"\b([\w$]+)\s*=\s*(?:document\.(getElementById|querySelector(?:All)?|getElementsBy(?:Name|ClassName|TagName))|(?:\$|jQuery))"
    + _QUOTED + r"(?:\[\d+\])?\s*[;,\n]"
)
#: ``….forEach(name => …)`` over elements that are looked for on the spot.
_EACH = re.compile(
    r"document\.(getElementsBy\w+|querySelectorAll)" + _QUOTED
    + r"\s*\.forEach\(\s*(?:function\s*\(\s*([\w$]+)|\(?\s*([\w$]+)[^()=]*\)?\s*=>)"
)
_LOOKED_FOR = {"getElementById": "#{}", "getElementsByName": '[name="{}"]', "getElementsByClassName": ".{}", "getElementsByTagName": "{}"}
_ANONYMOUS = r"(?:function\s*\w*\s*\([^()]*\)|\(?[\w\s,]*\)?\s*=>)\s*\{"
_ATTACHED = re.compile(
    r"""(?:document\.(?P<method>getElementById|querySelector)\(\s*['"](?P<found>[^'"]+)['"]\s*\)
        |(?:\$|jQuery)\(\s*(?:['"](?P<jq>[^'"]+)['"]|document(?:\.body)?)\s*\)|(?<![\w$.])(?P<var>[\w$]+))\s*
        \.(?:on(?P<prop>[a-z]+)\s*=
           |(?:addEventListener|on|bind)\(\s*['"](?P<event>[a-z]+)['"]\s*,(?:\s*['"](?P<inside>[^'"]+)['"]\s*,)?
           |(?P<short>change|blur|click|focus)\()\s*
        (?:"""
    + _ANONYMOUS
    + r"""|(?P<named>[\w$]+)\s*[;)])""",
    re.VERBOSE,
)


_TIMER = re.compile(r"(?<![\w$])(?:window\.)?set(?:Timeout|Interval)\(\s*")
#: The name of what a timer is kept in, before the call.
_KEPT = re.compile(r"([\w$]+)\s*=\s*$")
_FUNCTION = re.compile(r"(?:function\s*\w*\s*\([^()]*\)|\([\w\s,]*\)\s*=>)\s*\{")
_ARROW = re.compile(r"\(\)\s*=>\s*([^,{}]+?)(?=\s*,)")
#: The time of a timer in milliseconds, also as a product (``20 * 60 * 1000``).
_AFTER = re.compile(r"\s*,\s*(\d{1,9}(?:\s*\*\s*\d{1,9})*)\s*\)")
_NAMED = re.compile(r"\bfunction\s+([\w$]+)\s*\([^()]*\)\s*$")
#: What stands before the block of a function that runs when the page has loaded.
_ON_LOAD = re.compile(
    r"(?:\bonload\s*=|addEventListener\(\s*['\"](?:load|DOMContentLoaded)['\"]\s*,|\$\(|jQuery\(|\.ready\(|\.load\(|\()\s*"
    r"(?:async\s+)?(?:function\s*\w*\s*\([^()]*\)|\(?[\w$\s]*\)?\s*=>)\s*$"
)


#: In place of a selector where a handler is set on the document or window.
_WHOLE_PAGE = ":root"


class Attached(NamedTuple):
    """A handler that an inline script hangs on elements: their selector, the event (``change``), and what runs."""

    selector: str
    event: str
    body: str


class Timer(NamedTuple):
    """A call of ``setTimeout`` or ``setInterval``: milliseconds, what runs then, where the call stands in the scripts, and whether some
    script clears what it is kept in."""

    after: int
    script: str
    place: int
    cleared: bool


class Scripts:
    """What the inline scripts of a page's source declare; external scripts stay unknown."""

    def __init__(self, source: str) -> None:
        texts = [text for attributes, text in _SCRIPT.findall(source) if not re.search(r"\bsrc\s*=", attributes, re.IGNORECASE)]
        self._text = _LINE_COMMENT.sub(" ", "\n".join(texts))
        self.functions: dict[str, str] = {}
        self.parameters: dict[str, tuple[str, ...]] = {}
        for match in _DECLARED.finditer(self._text):
            name = match[1] or match[3]
            if name not in self.functions:
                self.functions[name] = _block(self._text, match.end())
                self.parameters[name] = tuple((match[2] or match[4] or match[5] or "").replace(" ", "").split(","))

    @cached_property
    def attached(self) -> tuple[Attached, ...]:
        """The handlers set on elements: ``onchange =``, ``addEventListener``, and jQuery's ways."""
        return tuple(one for one in self._hung if one.selector != _WHOLE_PAGE)

    @property
    def of_the_page(self) -> tuple[Attached, ...]:
        """The handlers set on the document or window, for whatever happens anywhere."""
        return tuple(one for one in self._hung if one.selector == _WHOLE_PAGE)

    @cached_property
    def _hung(self) -> tuple[Attached, ...]:
        variables = self.variables | dict.fromkeys(("document", "window"), _WHOLE_PAGE)
        found = []
        for match in _ATTACHED.finditer(self._text):
            own = _LOOKED_FOR.get(match["method"] or "", "{}").format(match["found"]) if match["found"] else match["jq"]
            selector = match["inside"] or own or variables.get(match["var"] or "document", "")
            body = self.functions.get(match["named"], "") if match["named"] else _block(self._text, match.end())
            if selector and body:
                found.append(Attached(selector, match["prop"] or match["event"] or match["short"], body))
        return tuple(found)

    @cached_property
    def variables(self) -> dict[str, str]:
        """What the scripts' variables stand for, as selectors; one that stands for several things is left out."""
        found: dict[str, set[str]] = {}
        for match in _VARIABLE.finditer(self._text):
            found.setdefault(match[1], set()).add(_LOOKED_FOR.get(match[2] or "", "{}").format(match[3]))
        for match in _EACH.finditer(self._text):
            found.setdefault(match[3] or match[4], set()).add(_LOOKED_FOR.get(match[1], "{}").format(match[2]))
        return {name: next(iter(selectors)) for name, selectors in found.items() if len(selectors) == 1}

    @cached_property
    def timers(self) -> tuple[Timer, ...]:
        """The timers of a given time, in the order of the source."""
        found = []
        for match in _TIMER.finditer(self._text):
            script, end = self._argument(match.end())
            after = _AFTER.match(self._text, end)
            if after is not None:
                product = math.prod(int(number) for number in re.findall(r"\d+", after[1]))
                kept = _KEPT.search(self._text, max(0, match.start() - 80), match.start())
                found.append(Timer(product, script, match.start(), kept is not None and self._clears(kept[1])))
        return tuple(found)

    def _clears(self, name: str) -> bool:
        """Whether any script clears the timer that is kept under a name."""
        return re.search(rf"\bclear(?:Timeout|Interval)\(\s*(?:\w+\.)*{re.escape(name)}\s*\)", self._text) is not None

    def _argument(self, start: int) -> tuple[str, int]:
        """What a timer runs, given from ``start`` on: a string's text, a function's body or a named one's; and where it ends."""
        if string := _STRING.match(self._text, start):
            return string[0][1:-1], string.end()
        if function := _FUNCTION.match(self._text, start):
            body = _block(self._text, function.end())
            return body, function.end() + len(body) + 1
        if arrow := _ARROW.match(self._text, start):
            return arrow[1], arrow.end()
        named = re.compile(r"[\w$]+").match(self._text, start)
        return (self.functions.get(named[0], ""), named.end()) if named else ("", start)

    def starts(self, timer: Timer, on_load: str = "") -> bool:
        """Whether a timer starts when the page loads: its call stands in no function, or in one that runs then. ``on_load`` is the
        script of the body's own ``onload``."""
        opened = _open_blocks(self._text, timer.place)
        if len(opened) != 1:
            return not opened
        before = self._text[: opened[0]]
        named = _NAMED.search(before)
        called = named is not None and re.search(rf"\bonload\s*=\s*{re.escape(named[1])}\s*[;\n]", self._text) is not None
        return called or _ON_LOAD.search(before) is not None or (named is not None and f"{named[1]}(" in without_strings(on_load))

    def mention(self, words: re.Pattern[str]) -> bool:
        """Whether any inline script of the page says one of the words, in a text or outside."""
        return words.search(self._text) is not None

    def unfolded(self, handler: str) -> str:
        """The handler with the bodies of the inline functions that it calls behind it, one level deep; of a page's own ``open`` and
        ``submit``, two."""
        called = [name for name in re.findall(r"(?<![\w$.])([\w$]+)\(", without_strings(handler)) if name in self.functions]
        bodies = [self.functions[name] for name in dict.fromkeys(called)]
        # What these do under a name that says otherwise has to be known as well.
        further = [name for body in bodies for name in _BARE_CALL.findall(without_strings(body)) if name in self.functions]
        return "; ".join((handler, *bodies, *(self.functions[name] for name in dict.fromkeys(further) if name not in called)))

    @cached_property
    def own(self) -> frozenset[str]:
        """Which of ``open`` and ``submit`` the page's own scripts declare."""
        return frozenset(match[1] or match[2] for match in _OWN.finditer(without_strings(self._text)))


def _open_blocks(text: str, end: int) -> list[int]:
    """Where the braces begin that are open at ``end``; strings are passed over."""
    opened: list[int] = []
    place = 0
    while place < end:
        string = _STRING.match(text, place) if text[place] in "'\"`" else None
        if string is not None:
            place = string.end()
            continue
        if text[place] == "{":
            opened.append(place)
        elif text[place] == "}" and opened:
            opened.pop()
        place += 1
    return opened


def _block(text: str, start: int) -> str:
    """What stands between an opening brace that ends at ``start`` and its closing one; strings are passed over."""
    depth, place = 1, start
    while place < len(text):
        string = _STRING.match(text, place) if text[place] in "'\"`" else None
        if string is not None:
            place = string.end()
            continue
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if depth == 0:
            return text[start:place]
        place += 1
    return text[start:]
