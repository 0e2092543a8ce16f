"""What the benches load: the heaviest page of each fixture portal, and portals all of whose pages are heavy."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from wcag_audit.serve import PortalSite, Request, Response

PORTALS = Path(__file__).resolve().parent.parent / "fixtures" / "portals"

#: Portal → the path of its page with the most elements.
HEAVY = {
    "bo-nong-thon-so": "thu-tuc",
    "mot-cua-song-bach": "can-bo",
    "so-van-hoa": "tin-tuc",
    "thanh-pho-binh-cang": "thutuc/Pages/danh-sach.aspx",
    "tinh-an-hai": "web/guest/thu-tuc-hanh-chinh",
}
#: A row of a table, also without its closing tag, or of a list; rows that hold rows are none.
_ROW = re.compile(r"<tr\b[^>]*>(?:(?!</?tr[\s>]|</t(?:body|able)>).)*(?:</tr>)?|<(li|article|option)\b[^>]*>(?:(?!<\1[\s>]).)*?</\1>", re.S)
_LISTS = {"tr": "table", "li": "ul", "option": "select", "article": "div"}


class HeavyPortal(PortalSite):
    """A fixture portal that puts the rows of its longest list at the end of every page, on each page in another order.

    So every page has about 2,000 elements, stays what it is (a form, a search, a procedure), and has a list that no other page has.
    """

    def __init__(self, name: str, pages: int) -> None:
        super().__init__(PORTALS / name)
        self._heaviest = "/" + HEAVY[name]
        rows: list[dict[str, Any]] = [row for row in self.config["page"] if not {"redirect", "status", "type"} & set(row)]
        #: Paths of the pages, the heaviest first; frames inside pages are none.
        self.paths = [self._heaviest, *(row["path"] for row in rows if row["path"] != self._heaviest and row["kind"] != "frame")][:pages]
        self._tag, self._rows = _longest_list(super().respond(Request("GET", self._heaviest)).body.decode())

    def respond(self, request: Request) -> Response:
        response = super().respond(request)
        if request.path not in self.paths or request.path == self._heaviest:
            return response
        first = 7 * self.paths.index(request.path) % len(self._rows)
        rows = "".join([*self._rows[first:], *self._rows[:first]])
        before, closing, after = response.body.decode().rpartition("</body>")
        return Response(response.status, f"{before}<{self._tag}>{rows}</{self._tag}>{closing}{after}".encode(), response.content_type)


def _longest_list(html: str) -> tuple[str, list[str]]:
    """The list's tag and the rows of the kind of which a page has the most, without ids, which may stand on a page only once."""
    found: dict[str, list[str]] = {}
    for match in _ROW.finditer(html):
        found.setdefault(match[1] or "tr", []).append(re.sub(r"""\s(id|for)=("[^"]*"|'[^']*')""", "", match[0]))
    row = max(found, key=lambda tag: len(found[tag]))
    return _LISTS[row], found[row]
