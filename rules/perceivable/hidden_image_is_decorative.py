"""An image hidden from assistive technology is decorative

What it checks
    Visible images outside controls that assistive technology is not told of: an empty ``alt``, ``role="presentation"``,
    ``aria-hidden="true"`` on the image itself, SVG drawings without a name. Such an image carries content where a text introduces it
    and no text of the same section follows ("Sơ đồ chỉ đường:"), and where its own ``alt`` names a logo or chart that the page names
    nowhere else: failures. Asked of a person: a large image with a caption or title, an ``alt`` of several words that is hidden or
    in another language than the page, a large drawing that is not marked as decoration.

Why it matters
    What only the picture tells does not exist for blind people, and nothing tells them that it is missing.

Fails
    ``<p>Sơ đồ đường đến trụ sở:</p> <img src="so-do.png" alt="">``

Mended
    ``<p>Sơ đồ đường đến trụ sở:</p> <img src="so-do.png" alt="Từ bến xe đi thẳng 200 m, rẽ phải vào đường Lê Lợi, trụ sở ở số 12">``

References
    WCAG 2.0 success criterion 1.1.1; failure F38 tells how decoration is marked; techniques H67, C9; ACT rule e88epe.
"""

from __future__ import annotations

from collections.abc import Iterator

from wcag_audit.dom import Node
from wcag_audit.model import Text, bare, nfc
from wcag_audit.phrases import phrases
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.perceivable._pictures import WORD, at_least, axe_fails, control_of, page_words, picture_kind, readable

#: CSS pixels on each side from which a picture is more than an icon, and from which it takes a place of its own.
_ICON, _LARGE = 40, 100
_CONTENT = ("img", "svg", "canvas", "video", "iframe", "table", "object", "input", "select", "button")
#: Share of a name's words that stand on any page by chance ("công", "tỉnh").
_CHANCE = 0.25


def hidden_images(evidence: Evidence) -> Iterator[Node]:
    """Visible images and drawings without a name, outside controls, that no failure of axe's covers."""
    for node in evidence.dom.all("img", "svg"):
        if picture_kind(node) and not (node.exposed and readable(node.name)) and not axe_fails(node) and _stands_alone(node):
            yield node


def _stands_alone(node: Node) -> bool:
    """Neither the content of a control nor part of a picture that is named as a whole or of a closed part of the page, nor a file of its
    own that is judged as what is embedded."""
    owner = node.frame.owner
    if node.parent is None and owner is not None and (owner.tag in ("object", "embed") or readable(owner.name)):
        return False
    if control_of(node) is not None or any(a.role in ("img", "image") or a.tag in ("svg", "td", "th", "label") for a in node.ancestors()):
        return False
    parts_named = any(part.role not in (None, "none", "presentation") for part in node.elements())
    return not parts_named and not any(ancestor.get("aria-hidden") == "true" for ancestor in node.ancestors())


def image_is_decorative(image: Node, evidence: Evidence) -> Finding | None:
    """Nothing on the page shows that the image carries content."""
    introduction = _introduction(image)
    if introduction:
        return failed("introduced", {"introduction": introduction})
    own = readable(image.get("alt") or image.get("aria-label"))
    if own:
        return _judge_own_name(image, own, evidence)
    caption = _caption(image)
    if caption and at_least(image, _LARGE):
        return cant_tell("captioned", {"caption": caption})
    marked = image.get("aria-hidden") == "true" or image.get("role") in ("none", "presentation") or image.tag == "img"
    if not marked and at_least(image, _LARGE) and not any(part.is_text for part in image.descendants()):
        return cant_tell("unmarked_drawing", {})
    return PASSED


def _introduction(image: Node) -> str:
    """The text ending in a colon that stands directly before the image, with no text after it that it could introduce."""
    if not at_least(image, _ICON):
        return ""
    block, around = image.parent, list[Node]()
    while block is not None and block.tag != "html":
        around = [text for text in block.texts if text.visible and text not in image.texts and readable(text.raw["x"])]
        if around:
            break
        block = block.parent
    before = [text for text in around if text.index < image.index]
    after = [text for text in around if text.index > image.index]
    after = after or _next_text(image)
    if block is None or not before or (after and after[0].closest_role("heading") is None):
        return ""
    last = before[-1].block
    text = (last.visible_text if last is not None and last is not block else readable(before[-1].raw["x"])).rstrip()
    between = [n for n in block.elements(*_CONTENT) if n.visible]
    alone = not any(n.index > before[-1].index and n is not image and not image.contains(n) for n in between)
    above = before[-1].box is not None and image.box is not None and image.box.y + 5 >= before[-1].box.y
    return text if text.endswith(":") and alone and above else ""


def _next_text(image: Node) -> list[Node]:
    """The next text that is seen after an image in the section that it stands in."""
    section = image.closest("section", "article", "main", "aside", "li", "td", "form", "header", "footer", "nav", "body")
    texts = section.texts if section is not None else ()
    following = (text for text in texts if text.index >= image.end and text.visible and readable(text.raw["x"]))
    return [text for text in following if text.closest("footer", "nav", "aside") in (None, section)][:1]


def _judge_own_name(image: Node, own: str, evidence: Evidence) -> Finding | None:
    """An author who wrote a name took the image for content, unless the page says the same elsewhere."""
    told = page_words(evidence)
    kind = phrases("content_images").found_in(own)
    own_words = [word for word in WORD.findall(nfc(own).casefold()) if bare(word) not in kind.split() and len(word) > 1]
    known = sum(1 for word in own_words if word in told.words)
    if bare(own) in told.line or known == len(own_words):
        return PASSED
    # "Emblem of the People's Committee" and "Quốc huy Ủy ban nhân dân" say the same.
    root = evidence.dom.root
    foreign = own.isascii() and root is not None and not root.text.isascii()
    if kind and known <= len(own_words) * _CHANCE and not foreign:
        return failed("named_and_hidden", {"name": own})
    return cant_tell("perhaps_content", {"name": own}) if at_least(image, _ICON) and len(own_words) >= 2 else PASSED


def _caption(image: Node) -> str:
    """What the page says of the image: its title, or the caption of its figure."""
    figure = image.closest("figure")
    caption = next(figure.elements("figcaption"), None) if figure is not None else None
    return readable(image.get("title")) or (caption.visible_text if caption is not None else "")


RULE = Rule(
    name=Text("Ảnh ẩn khỏi công nghệ hỗ trợ chỉ để trang trí", "An image hidden from assistive technology is decorative"),
    why=Text(
        "Người mù dùng trình đọc màn hình không nhận được nội dung chỉ có trong hình, và cũng không biết là mình đã bỏ lỡ nội dung đó.",
        "What only the picture tells does not reach blind people who use a screen reader, and nothing tells them that they missed it.",
    ),
    criteria=("1.1.1",),
    needs=("dom",),
    applicability=hidden_images,
    expectation=image_is_decorative,
    act=("e88epe",),
    techniques=("H67", "G94"),
    messages={
        "introduced": message(
            vi="Trang giới thiệu hình bằng “{introduction}” nhưng hình ấy không có văn bản thay thế.",
            en="The page introduces the picture with “{introduction}”, but it has no text alternative.",
            mend_vi="Viết vào alt (với SVG: aria-label và role=\"img\") điều mà người đọc cần biết từ hình này.",
            mend_en="Write into the alt (of an SVG: aria-label and role=\"img\") what readers are to learn from this picture.",
        ),
        "named_and_hidden": message(
            vi="Hình có tên “{name}” nhưng bị ẩn khỏi công nghệ hỗ trợ, và nội dung ấy không có ở nơi nào khác trên trang.",
            en="The picture is called “{name}” but hidden from assistive technology, and the page tells that nowhere else.",
            mend_vi="Bỏ aria-hidden hoặc role=\"presentation\" để tên của hình được đọc lên.",
            mend_en="Take aria-hidden or role=\"presentation\" away, so that the picture's name is read.",
        ),
        "perhaps_content": message(
            vi="Hình có văn bản thay thế “{name}” nhưng bị ẩn khỏi công nghệ hỗ trợ. Hình có nội dung hay chỉ để trang trí?",
            en="The picture has the text alternative “{name}” but is hidden from assistive technology. Is it content or decoration?",
            mend_vi="Có nội dung thì bỏ aria-hidden hoặc role=\"presentation\"; chỉ để trang trí thì để alt=\"\".",
            mend_en="For content take aria-hidden or role=\"presentation\" away; for decoration write alt=\"\".",
        ),
        "captioned": message(
            vi="Ảnh lớn có chú thích “{caption}” nhưng không có văn bản thay thế. Chú thích đã nói hết nội dung ảnh chưa?",
            en="A large image with the caption “{caption}” has no text alternative. Does the caption tell all that it shows?",
            mend_vi="Nếu chưa, viết vào alt điều mà ảnh cho thấy và chú thích không nói.",
            mend_en="If not, write into the alt what the image shows and the caption does not tell.",
        ),
        "unmarked_drawing": message(
            vi="Hình vẽ SVG lớn không có tên và không được đánh dấu là trang trí. Hình có nội dung không?",
            en="A large SVG drawing has no name and is not marked as decoration. Does it carry content?",
            mend_vi="Có nội dung thì thêm role=\"img\" và aria-label; chỉ để trang trí thì thêm aria-hidden=\"true\".",
            mend_en="For content add role=\"img\" and an aria-label; for decoration add aria-hidden=\"true\".",
        ),
    },
)
