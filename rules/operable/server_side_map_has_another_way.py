"""What a server-side image map offers stands in links too

What it checks
    Visible ``ismap`` images inside a link. Keys cannot choose a point of the picture, so each place on it needs a way of its own: links
    to the same address with a query, or a list or field to choose from in the same part of the page.

Why it matters
    Pressed by keyboard, such a map sends the point 0,0. Whoever cannot use a mouse gets at one place of the map or at none.

Fails
    ``<a href="/ban-do"><img src="quan.png" ismap alt="Bản đồ bốn quận"></a>`` and no other way to the four districts

Mended
    ``<img src="quan.png" usemap="#quan" alt="Bản đồ bốn quận">`` with an ``<area href alt>`` for each district, or four links beside it

References
    WCAG 2.0 success criterion 2.1.1; technique H24; failure F54.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from wcag_audit.dom import Node
from wcag_audit.model import Text, bare
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message

#: Links beside a map from which they may be the places on it.
_LIST = 2
#: How many elements before and after the map's own block are close to it; letters of a name that tells a place.
_NEAR, _NAME = 2, 4


def server_side_maps(evidence: Evidence) -> Iterator[Node]:
    """Visible images whose point is sent to the server, inside a link."""
    for image in evidence.dom.all("img"):
        link = image.closest("a")
        if image.has("ismap") and not image.has("usemap") and image.visible and link is not None and link.get("href"):
            yield image


def places_have_another_way(image: Node, evidence: Evidence) -> Finding | None:
    """Other links lead to the map's address with a query; where something to choose from stands by, a person compares."""
    link = image.closest("a")
    assert link is not None
    own = path_of(link)
    others = [other for other in evidence.dom.all("a", "area") if other is not link and other.tabbable and other.visible]
    if sum(path_of(other) == own and bool(urlsplit(other.get("href")).query) for other in others) >= _LIST:
        return PASSED
    values = {"name": image.name or image.html, "address": link.get("href")}
    return cant_tell("perhaps", values) if something_to_choose_from(link, evidence) else failed("mouse_only", values)


def path_of(link: Node) -> str:
    return urlsplit(str(link.state.get("href") or link.get("href"))).path


def something_to_choose_from(link: Node, evidence: Evidence) -> bool:
    """Whether links or a field stand close before or after the map, or links whose names the map's own name tells."""
    block = link.block or link
    siblings = [each for each in (block.parent.children if block.parent else ()) if not each.is_text]
    place = siblings.index(block) if block in siblings else 0
    near = (each for part in siblings[max(0, place - _NEAR) : place + _NEAR + 1] for each in (part, *part.elements()))
    stops = [each for each in near if each.tabbable and each.visible and each is not link]
    if len(stops) >= _LIST or any(each.tag in ("select", "input") for each in stops):
        return True
    name = bare(link.name)
    return any(len(bare(other.name)) >= _NAME and bare(other.name) in name for other in evidence.dom.all("a", "area") if other is not link)


RULE = Rule(
    name=Text("Bản đồ ảnh xử lý ở máy chủ có cách khác để chọn", "What a server-side image map offers stands in links too"),
    why=Text(
        "Người chỉ dùng bàn phím không chọn được điểm trên ảnh, nên không tới được các nơi mà bản đồ này dẫn tới.",
        "People who use only a keyboard cannot choose a point of the picture, so they do not get to the places that the map leads to.",
    ),
    criteria=("2.1.1",),
    needs=("dom",),
    applicability=server_side_maps,
    expectation=places_have_another_way,
    techniques=("H24", "F54"),
    messages={
        "mouse_only": message(
            vi="Ảnh “{name}” gửi tọa độ chuột về máy chủ ({address}); bàn phím không chọn được điểm và không có liên kết thay thế.",
            en="The image “{name}” sends the mouse's point to the server ({address}); keys cannot choose one, and no links replace it.",
            mend_vi="Thay bằng bản đồ ảnh phía trình duyệt (<map>, <area href alt>) hoặc bằng các liên kết riêng.",
            mend_en="Use a client-side image map (<map>, <area href alt>) or separate links instead.",
        ),
        "perhaps": message(
            vi="Ảnh “{name}” gửi tọa độ chuột về máy chủ ({address}); bàn phím không chọn được điểm.",
            en="The image “{name}” sends the mouse's point to the server ({address}); keys cannot choose one.",
            mend_vi="Xem các liên kết, ô chọn bên cạnh có dẫn tới đủ các nơi trên bản đồ không; thiếu thì thêm.",
            mend_en="Decide whether the links or fields beside it lead to every place on the map; where one is missing, add it.",
        ),
    },
)
