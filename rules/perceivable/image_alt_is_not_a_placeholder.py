"""An image's text alternative is not a placeholder

What it checks
    The name of every image that is told to assistive technology: whether it is a word that stands for any image ("image",
    "hình ảnh", "banner", "spacer", "untitled"), with or without a number, what a template or an editor left to be filled in
    ("{{ alt }}", "enter alt text"), or, of more than an icon, signs without a word; of an image button also "click", "button", "nút", of
    an image that is all the name of a link also "icon", "link".
    A picture that opens a gallery may be called "Hình ảnh". A number in a control, one that a caption explains, a picture that is all
    of a heading, and the key "Alt" in an instruction are asked of a person, and so are "logo" and "biểu đồ" alone, and "ảnh minh họa"
    where it is all the name that a link has.

Why it matters
    "Image" tells a blind person that something is there and keeps back what it is.

Fails
    ``<img src="quy-trinh.png" alt="hình ảnh 1">``

Mended
    ``<img src="quy-trinh.png" alt="Quy trình cấp phép gồm bốn bước, từ nộp hồ sơ đến nhận kết quả">``

References
    WCAG 2.0 success criterion 1.1.1; failures F30 and F39; ACT rule qt1vmo.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wcag_audit.dom import Node
from wcag_audit.model import Text, bare
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.perceivable._pictures import at_least, control_of, images, is_phrase, readable, visible_words

#: The format of the file, and no word of what it holds: "PNG image", "logo_file_png".
_FORMAT = re.compile(
    r"(?=.*(?:png|jpe?g|gif|bmp|svg|webp))(?=.*(?:file|image|img|pic|logo|icon|anh|hinh|tep))"
    r"(?:(?:png|jpe?g|gif|bmp|svg|webp|file|image|img|picture|pic|photo|logo|icon|tep|anh|hinh)[\s_-]*){2,}"
)
#: What a template leaves behind where its value was not filled in: "{{ item.alt }}", "${title}", "%ALT%", "<%= alt %>", "[object Object]".
_UNFILLED = re.compile(r"\{\{[^{}]*\}\}|[$#@]\{[^{}]*\}|%[A-Z_]{2,}%|<%.*%>|\[object \w+\]")
#: Punctuation, of which no picture larger than an icon is an image: "-->", "???", ".".
_SIGNS_ONLY = re.compile(r"[!-/:-@\[-`{-~…–—•·«»¿¡]+")
_NUMBERED = re.compile(r"(.*?\D)[\s_#.(-]*\d{1,3}\)?")
_GALLERY = re.compile(r"(?<![a-z])(hinh|anh|images?|photos?|pictures?|gallery|album|media|banners?|slides?|icons?)(?![a-z])")
#: A kind that tells neither what a link's picture shows nor where the link leads, as a logo may.
_ILLUSTRATION = re.compile(r"minh hoa|illustration")
#: Words beside the picture of a key.
_KEYS = re.compile(r"(?<!\w)(?:phím|nhấn|bấm|giữ|press|hold|keys?)(?!\w)", re.IGNORECASE)
#: Pictures up to this size (CSS pixels) are icons: "Image" may be the type of a file beside it.
_ICON = 48


def images_with_a_name(evidence: Evidence) -> Iterator[Node]:
    """Images that are told to assistive technology under a name."""
    yield from images(evidence)


def name_is_not_a_placeholder(image: Node, evidence: Evidence) -> Finding | None:
    """The name is not a word that would fit any image."""
    name = readable(image.name)
    values = {"name": name}
    control = control_of(image)
    whole = control.role if control is not None and readable(control.name) == name else None
    is_button = image.state.get("type") == "image" or whole == "button"
    if is_button and is_phrase("button_placeholders", name):
        return failed("button_placeholder", values)
    if whole == "link" and is_phrase("link_placeholders", name) and control is not None and not _is_of_a_gallery(control):
        return failed("placeholder", values)
    if is_phrase("image_placeholders", name):
        return _judge(image, control, values)
    if _UNFILLED.fullmatch(name) or (_SIGNS_ONLY.fullmatch(name) and control is None and at_least(image, 2 * _ICON, _ICON)):
        return failed("placeholder", values)
    if _FORMAT.fullmatch(bare(name)):
        return _judge(image, control, values)
    numbered = _NUMBERED.fullmatch(name)
    if numbered and is_phrase("image_placeholders", numbered[1]):
        doubtful = control is not None or bare(name) in visible_words(evidence)
        return cant_tell("numbered", values) if doubtful else failed("placeholder", values)
    bare_link = whole == "link" and _ILLUSTRATION.search(bare(name))
    if is_phrase("image_kinds", name) and at_least(image, 2 * _ICON, _ICON) and (control is None or bare_link):
        return cant_tell("kind_only", values)
    return PASSED


def _is_of_a_gallery(control: Node) -> bool:
    return _GALLERY.search(bare(re.sub(r"[-_/.]", " ", str(control.state.get("href", ""))))) is not None


def _judge(image: Node, control: Node | None, values: dict[str, str]) -> Finding | None:
    if control is not None and _is_of_a_gallery(control):
        return PASSED
    block = image.block
    beside = block.visible_text if block is not None else ""
    if re.search(rf"(?<!\w){re.escape(bare(values['name']))}(?!\w)", bare(beside)):
        return cant_tell("numbered", values)
    heading = image.closest_role("heading")
    if (heading is not None and not heading.visible_text) or (bare(values["name"]) == "alt" and _KEYS.search(beside)):
        return cant_tell("numbered", values)
    names_a_type = _GALLERY.search(bare(values["name"])) is not None and not at_least(image, _ICON + 1)
    return cant_tell("numbered", values) if names_a_type and (control is not None or bool(beside)) else failed("placeholder", values)


RULE = Rule(
    name=Text("Văn bản thay thế của ảnh không phải là chữ điền tạm", "An image's text alternative is not a placeholder"),
    why=Text(
        "Người mù dùng trình đọc màn hình nghe “hình ảnh”, biết là có hình mà không biết hình cho thấy gì.",
        "Blind people who use a screen reader hear “image”: they know that a picture is there and not what it shows.",
    ),
    criteria=("1.1.1",),
    needs=("dom",),
    applicability=images_with_a_name,
    expectation=name_is_not_a_placeholder,
    act=("qt1vmo",),
    techniques=("G94", "F30", "F39"),
    messages={
        "placeholder": message(
            vi="Văn bản thay thế của ảnh chỉ là chữ điền tạm: “{name}”.",
            en="The image's text alternative is only a placeholder: “{name}”.",
            mend_vi="Thay bằng lời nói ảnh cho thấy điều gì, hoặc liên kết chứa ảnh dẫn tới đâu; ảnh chỉ để trang trí thì dùng alt=\"\".",
            mend_en="Write what the image shows, or where the link that holds it leads; for pure decoration use alt=\"\".",
        ),
        "button_placeholder": message(
            vi="Văn bản thay thế của nút hình ảnh không nói nút dùng để làm gì: “{name}”.",
            en="The image button's text alternative does not tell what the button does: “{name}”.",
            mend_vi="Thay bằng chức năng của nút, ví dụ alt=\"Tìm kiếm\" hoặc alt=\"Nộp hồ sơ\".",
            mend_en="Write what the button does, such as alt=\"Search\" or alt=\"Send the application\".",
        ),
        "numbered": message(
            vi="Văn bản thay thế “{name}” có cho biết ảnh này là gì không?",
            en="Does the text alternative “{name}” tell what this image is?",
            mend_vi="Được, nếu chữ bên cạnh nói rõ “{name}” là gì hoặc đây là nút chuyển ảnh; nếu không thì viết lại alt.",
            mend_en="It does where text beside it explains “{name}” or this control turns to that picture; if not, write the alt anew.",
        ),
        "kind_only": message(
            vi="Văn bản thay thế “{name}” chỉ nói loại hình, không nói nội dung.",
            en="The text alternative “{name}” tells only the kind of picture, not its content.",
            mend_vi="Nếu chữ bên cạnh chưa nói đủ thì nêu trong alt, ví dụ tên cơ quan trên logo, số liệu chính của biểu đồ.",
            mend_en="If the text beside it does not tell the content, put it into the alt: whose logo it is, the main figures of a chart.",
        ),
    },
)
