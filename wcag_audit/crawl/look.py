"""What one look at a page tells a crawl: where it leads, what it says, how it is built. Plain data; gather/look.py records it."""

from __future__ import annotations

from wcag_audit.model import PageState, Struct


class Way(Struct):
    """A way on: an address, the words that lead there, what it is (``link``, ``frame``, ``route``, ``redirect``, ``search``), and
    whether it stands in the main content."""

    url: str
    words: str = ""
    kind: str = "link"
    main: bool = False


class Form(Struct):
    """A form: its method, how many fields a person fills in, whether one is a password, and the words of its button."""

    method: str = "get"
    fields: int = 0
    password: bool = False
    words: str = ""


class Look(Struct):
    """One look at a page.

    ``text`` is the start of the main content, ``characters`` the length of the whole visible text. ``paths`` are hashes of the
    distinct places of elements in the main content: pages of one template share most of them. ``posts`` are the words of what only
    a POST reaches. ``cut`` names what was too much to keep.
    """

    title: str = ""
    heading: str = ""
    text: str = ""
    characters: int = 0
    elements: int = 0
    ways: tuple[Way, ...] = ()
    forms: tuple[Form, ...] = ()
    posts: tuple[str, ...] = ()
    paths: tuple[int, ...] = ()
    frames: int = 0
    cut: tuple[str, ...] = ()


class Looked(Struct):
    """What came of a look: the page's state, and the look itself where there is one to speak of. ``quick``: only the page's answer was
    looked at, and it is not sure yet that scripts make nothing else of it. ``pressed`` names what was clicked for its ways."""

    loaded: str
    state: PageState
    detail: str = ""
    look: Look | None = None
    quick: bool = False
    pressed: tuple[str, ...] = ()


class Seen(Struct):
    """What stays of a look once its ways are known: how it is built, and the page types that it may be, each with its weight."""

    title: str
    paths: tuple[int, ...]
    kinds: dict[str, int]
