"""An image's text alternative is not a file name or an address

What it checks
    The name of every image that is told to assistive technology (``alt``, ``aria-label``, ``title``): whether it is the name of an
    image file, the address of one, or a camera's or system's number for it. A file name made of whole words, a short number that
    the file is called by too ("404", "ISO9001"), a file that the page itself speaks of, and an address that may be what the picture
    shows (a QR code) are asked of a person.

Why it matters
    Blind people hear "D S C underscore zero four one two dot J P G" in place of what the picture shows.

Fails
    ``<img src="so-do.png" alt="so-do_final2.png">``

Mended
    ``<img src="so-do.png" alt="Sơ đồ các bước cấp giấy khai sinh">``

References
    WCAG 2.0 success criterion 1.1.1; failure F30; ACT rules 9eb3f6 and qt1vmo.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wcag_audit.dom import Node
from wcag_audit.model import Text, bare
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.perceivable._pictures import base_name, images, readable, source_of, visible_words

_EXTENSION = r"(?:png|jpe?g|gif|bmp|svgz?|webp|avif|ico|tiff?|jfif|heic|psd|eps|wmf|emf)"
#: A whole name that ends as image files do, or that is an address of a program that draws them.
_FILE = re.compile(rf"\S(?:.{{0,160}}[\w)\]\-])?\.{_EXTENSION}(?:[?#]\S*)?", re.IGNORECASE)
_PROGRAM = re.compile(r"[\w./\\:~%-]+\.(?:axd|ashx|aspx|php|jsp|cgi)(?:[?#]\S*)?", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?:|ftp:|file:)?//[^\s/]+/\S+|(?:\.{0,2}/)(?:[\w%.~-]+/)+[\w%.~-]+|[a-z]:\\\S+", re.IGNORECASE)
_DATA = re.compile(r"data:[\w/+.-]+[;,]\S*", re.IGNORECASE)
#: A camera's, a scanner's or a system's own number for a picture.
_NUMBER = re.compile(r"(?:img|dscn?|dscf|pxl|screenshot|screen shot|fb_img|image|photo|pic|picture|scan)[-_ ]?\d{4,}[\w-]*", re.IGNORECASE)
#: What some editors write behind a file's name: its size.
_SIZE = re.compile(r"[\s,;(]+\d+(?:[.,]\d+)?\s*(?:bytes?|[kmg]i?b)\)?$", re.IGNORECASE)
_HASH = re.compile(r"(?=[0-9a-f-]*\d)(?=[0-9a-f-]*[a-f])[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3,}[0-9a-f]*", re.IGNORECASE)
#: What nobody shows in a picture: words tied together, or a number that is longer than a year and none of a telephone.
_OPAQUE = re.compile(r"(?!(?:0|1[89]00)\d{4,9}$)(?=\S*[\d_])(?=\S*(?:_|\d{6}))\S+")
_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)+|\S*\d\S*", re.IGNORECASE)
#: What content management systems write behind the name of a file that they resized.
_RESIZED = re.compile(r"-(?:\d+x\d+|scaled)$")


def images_with_a_name(evidence: Evidence) -> Iterator[Node]:
    """Images that are told to assistive technology under a name."""
    yield from images(evidence)


def name_is_not_a_file_name(image: Node, evidence: Evidence) -> Finding | None:
    """The name is neither a file name nor an address."""
    name = readable(image.name)
    values = {"name": name, "source": source_of(image)}
    file = _SIZE.sub("", name)
    if _FILE.fullmatch(file):
        return _judge_file(file, values, evidence)
    if _PROGRAM.fullmatch(name) or _DATA.fullmatch(name):
        return failed("address", values)
    if _ADDRESS.fullmatch(name):
        # An address in the query is what a program draws: the picture shows it.
        own = bare(name).strip("./") in bare(source_of(image).partition("?")[0])
        return failed("address", values) if own else cant_tell("perhaps_shown_address", values)
    if _NUMBER.fullmatch(name) or _HASH.fullmatch(name):
        return failed("number", values)
    stem = base_name(source_of(image)).rsplit(".", 1)[0]
    if stem and bare(name) in (bare(stem), _RESIZED.sub("", bare(stem))):
        if _OPAQUE.fullmatch(name):
            return failed("number", values)
        if _SLUG.fullmatch(name):
            return cant_tell("perhaps_file_name", values)
    return PASSED


def _judge_file(name: str, values: dict[str, str], evidence: Evidence) -> Finding:
    words = [word for word in re.split(r"[\s_-]+", name.rsplit(".", 1)[0]) if len(word) > 1 and word.isalpha()]
    spoken_of = bare(name) in visible_words(evidence)
    if spoken_of or (" " in name and len(words) >= 3):
        return cant_tell("perhaps_file_name", values)
    return failed("file_name", values)


RULE = Rule(
    name=Text("Văn bản thay thế của ảnh không phải là tên tệp hay địa chỉ", "An image's text alternative is not a file name or an address"),
    why=Text(
        "Người mù dùng trình đọc màn hình phải nghe đọc từng ký tự của tên tệp hoặc địa chỉ mà vẫn không biết hình cho thấy gì.",
        "Blind people who use a screen reader have to listen to a file name or address, sign by sign, and still do not know what the "
        "picture shows.",
    ),
    criteria=("1.1.1",),
    needs=("dom",),
    applicability=images_with_a_name,
    expectation=name_is_not_a_file_name,
    act=("9eb3f6", "qt1vmo"),
    techniques=("G94", "F30"),
    messages={
        "file_name": message(
            vi="Văn bản thay thế của ảnh là tên tệp: “{name}” (tệp ảnh: {source}).",
            en="The image's text alternative is a file name: “{name}” (image file: {source}).",
            mend_vi="Thay bằng lời nói ảnh cho thấy điều gì hoặc nút chứa ảnh dùng để làm gì; ảnh trang trí thì dùng alt=\"\".",
            mend_en="Write what the image shows, or what the link or button that holds it does; for pure decoration use alt=\"\".",
        ),
        "address": message(
            vi="Văn bản thay thế của ảnh là địa chỉ: “{name}” (tệp ảnh: {source}).",
            en="The image's text alternative is an address: “{name}” (image file: {source}).",
            mend_vi="Thay địa chỉ bằng lời nói ảnh cho thấy điều gì; với biểu đồ, nêu nội dung chính của số liệu.",
            mend_en="Replace the address by what the image shows; for a chart, tell the main point of its figures.",
        ),
        "number": message(
            vi="Văn bản thay thế của ảnh là mã số do máy đặt: “{name}” (tệp ảnh: {source}).",
            en="The image's text alternative is a machine's own number for it: “{name}” (image file: {source}).",
            mend_vi="Thay bằng lời nói ảnh cho thấy điều gì; ảnh chỉ để trang trí thì dùng alt=\"\".",
            mend_en="Write what the image shows; for pure decoration use alt=\"\".",
        ),
        "perhaps_file_name": message(
            vi="Văn bản thay thế của ảnh giống một tên tệp: “{name}” (tệp ảnh: {source}).",
            en="The image's text alternative looks like a file name: “{name}” (image file: {source}).",
            mend_vi="Xem “{name}” có nói được ảnh cho thấy điều gì không; nếu không thì viết lại alt.",
            mend_en="Decide whether “{name}” tells what the image shows; if not, write the alt anew.",
        ),
        "perhaps_shown_address": message(
            vi="Văn bản thay thế của ảnh là một địa chỉ: “{name}”. Ảnh có đúng là cho thấy địa chỉ này (ví dụ mã QR) không?",
            en="The image's text alternative is an address: “{name}”. Does the image show just that address (a QR code)?",
            mend_vi="Nếu ảnh không phải để cho biết địa chỉ này thì viết lại alt theo nội dung của ảnh.",
            mend_en="If the image is not there to give this address, write the alt after what it shows.",
        ),
    },
)
