"""A picture that is the whole content of a link or button has a text alternative

What it checks
    Links, buttons and other controls with no name a voice can read, no words from a style sheet and no visible text, whose content is a
    picture: an image with an empty ``alt``, an SVG drawing, a CSS background image, a character of an icon font. An image or drawing
    that a ``role`` itself makes a control, and a link around shapes of a drawing, are such pictures too. A link beside another link to
    the same address that has a name is passed over here: its picture repeats that text. The logo above a menu is not beside its links.

Why it matters
    The picture alone tells what the control does. Blind people hear "link" or "button", and people who speak their commands have no
    word to say.

Fails
    ``<a href="/gio-hang"><img src="gio.svg" alt=""></a>``

Mended
    ``<a href="/gio-hang"><img src="gio.svg" alt="Giỏ hồ sơ của tôi"></a>``

References
    WCAG 2.0 success criterion 1.1.1; failure F89; techniques H30, H24, C30. The missing name itself (4.1.2, 2.4.4) is axe's link-name
    and button-name; a name of icon font characters alone, which axe takes for a name, is reported here under 4.1.2 too, and so are
    controls whose name axe does not look for: items of a tree, ``<img>``, ``<svg>`` and ``<figure>`` with a control's role, and links
    of a drawing by ``xlink:href``. Images with no ``alt`` at all are axe's image-alt.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from wcag_audit.dom import Node
from wcag_audit.model import Text
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, failed, message
from wcag_audit.rules.perceivable._pictures import KINDS, axe_fails, is_private_use, is_readable, picture_kind, pictures_in

_ROLES = frozenset(("link", "button", "menuitem", "tab", "treeitem"))
#: Pictures, which are controls where a role makes them one: of these or a choice.
_PICTURES = ("img", "svg", "canvas")
_CHOICES = frozenset(("checkbox", "switch", "radio", "option", "menuitemcheckbox", "menuitemradio"))
#: How far up another link to the same address may stand: it has to be in the same card, cell or list item, and in the same part of the
#: page: the logo beside a menu does not tell what a picture in the menu is for.
_NEAR = 5
_LANDMARKS = frozenset(("banner", "complementary", "contentinfo", "main", "navigation", "search"))


def controls_shown_by_a_picture(evidence: Evidence) -> Iterator[Node]:
    """Controls without visible text that hold a picture."""
    for node in evidence.dom.elements:
        if node.visible and node.exposed and _is_control(node) and not _has_text(node) and next(_pictures(node), None):
            yield node


def _pictures(control: Node) -> Iterator[tuple[Node, str]]:
    """The pictures of a control; of a part of a drawing, its shapes."""
    yield from pictures_in(control)
    if _is_in_drawing(control):
        yield control, "svg"


def _is_in_drawing(node: Node) -> bool:
    return node.raw.get("ns") == "svg" and node.tag != "svg"


def _is_control(node: Node) -> bool:
    if node.tag in _PICTURES:
        return node.has("role") and node.role in _ROLES | _CHOICES
    if node.tag in ("input", "select", "textarea", "area", "iframe", "object", "embed", "video", "audio"):
        return False
    if _is_in_drawing(node) and node.tag == "a":
        return node.has("href") or node.has("xlink:href")
    if node.role in _ROLES:
        return node.role != "link" or node.tag != "a" or node.has("href")
    # A focusable element of no role counts where the picture is its own: a focusable region holds pictures that are not its label.
    return node.tabbable and node.role is None and picture_kind(node) != "" and not any(not child.is_text for child in node.children)


def _has_text(node: Node) -> bool:
    return any(text.visible and is_readable(text.raw["x"]) for text in node.texts)


def control_has_a_name(control: Node, evidence: Evidence) -> Finding | None:
    """The control has a name that a voice can read, from its picture or from elsewhere."""
    names = (control.name, control.get("title"), *(part.name for part in control.elements() if part.exposed))
    titles = (part.text for part in control.elements("title"))
    written = (part.words_of_style for part in (control, *control.elements()) if part.exposed)
    if any(is_readable(name) for name in (*names, *titles, *written)):
        return PASSED
    pictures = list(_pictures(control))
    alternative = () if any(axe_fails(picture) for picture, _ in pictures) or _has_twin(control, evidence) else ("1.1.1",)
    criteria = (*alternative, *(("4.1.2",) if _axe_passes_over(control) else ()))
    if not criteria:
        return PASSED
    picture, kind = pictures[0]
    values = {"kind.vi": KINDS[kind].vi, "kind.en": KINDS[kind].en, "picture": picture.html}
    return failed("no_name", values, criteria=criteria)


def _axe_passes_over(control: Node) -> bool:
    """Whether axe looks for no name of it: where it expects one of the element, or takes a character of an icon font for one."""
    by_another_rule = control.tag in (*_PICTURES, "figure") or (_is_in_drawing(control) and control.tag == "a" and not control.has("href"))
    return by_another_rule or control.role == "treeitem" or is_private_use(control.name)


def _has_twin(control: Node, evidence: Evidence) -> bool:
    """Whether a named link to the same address stands in the same small part of the page."""
    href = control.state.get("href")
    if control.role != "link" or not href or href.startswith("javascript:") or href.endswith("#"):
        return False
    return not _near(control).isdisjoint(evidence.share("places of named links by address", _named_links).get(href, ()))


def _near(node: Node) -> set[int]:
    """The elements close around a control, by index, as far as its landmark."""
    near = set()
    for ancestor in islice(node.ancestors(), _NEAR):
        near.add(ancestor.index)
        if ancestor.role in _LANDMARKS:
            break
    return near


def _named_links(evidence: Evidence) -> dict[str, set[int]]:
    table: dict[str, set[int]] = {}
    for link in evidence.dom.with_role("link"):
        if link.exposed and is_readable(link.name) and (href := link.state.get("href")):
            table.setdefault(href, set()).update(_near(link))
    return table


RULE = Rule(
    name=Text(
        "Hình là toàn bộ nội dung của liên kết hoặc nút có văn bản thay thế",
        "A picture that is the whole content of a link or button has a text alternative",
    ),
    why=Text(
        "Người mù dùng trình đọc màn hình chỉ nghe “liên kết” hoặc “nút”, không biết để làm gì; người điều khiển bằng giọng nói không có "
        "tên để gọi.",
        "Blind people who use a screen reader hear only “link” or “button” and not what it does, and people who speak their commands have "
        "no name to say.",
    ),
    criteria=("1.1.1", "4.1.2"),
    needs=("dom",),
    applicability=controls_shown_by_a_picture,
    expectation=control_has_a_name,
    techniques=("H30", "F89"),
    messages={
        "no_name": message(
            vi="Liên kết hoặc nút chỉ có hình ({kind}), hình không có văn bản thay thế: {picture}",
            en="The link or button holds only a picture ({kind}) that has no text alternative: {picture}",
            mend_vi="Viết alt nói chức năng, ví dụ alt=\"Tìm kiếm\"; với SVG, ảnh nền, phông biểu tượng thì đặt aria-label cho nút.",
            mend_en="Write an alt that tells the purpose, such as alt=\"Search\"; for SVG, backgrounds, icon fonts set an aria-label.",
        ),
    },
)
