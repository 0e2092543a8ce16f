"""A CAPTCHA picture tells its purpose and has a second mode

What it checks
    CAPTCHA pictures, found by the words on them ("mã xác nhận", "captcha"): whether the picture has a text alternative at all, and
    whether another mode (a sound, a question in text) stands in the same form. ``alt="Mã xác nhận"`` tells the purpose and is enough
    for the picture; its text is not to be given away. A second mode that is not found is asked of a person; it is missing where the
    page has nothing but fields and the button that sends them. A picture without words of its own beside a field "Mã xác nhận" is
    asked of a person too. Fields for a code that is sent (OTP, message, mail) and fields that ask a question have no CAPTCHA picture.

Why it matters
    Who cannot see the picture cannot send the form: the dossier look-up, the log-in and the complaint end there.

Fails
    ``<img src="/captcha?7" alt="">`` beside the field "Mã xác nhận"

Mended
    ``<img src="/captcha?7" alt="Hình mã xác nhận"> <button type="button">Nghe mã xác nhận</button>``

References
    WCAG 2.0 success criterion 1.1.1 (CAPTCHA); techniques G143, G144. A CAPTCHA with no ``alt`` is axe's image-alt; one called by a
    file name is our image-alt-is-not-a-file-name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wcag_audit.dom import Node
from wcag_audit.model import Text
from wcag_audit.phrases import phrases
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.perceivable._pictures import at_least, axe_fails, picture_kind, readable

#: How far up the part of the page reaches that holds the picture and its field.
_NEAR = 4
_SPOKEN = ("alt", "title", "aria-label", "placeholder")
_TYPED = ("text", "number", "tel", "search")
_TECHNICAL = ("src", "id", "class", "name")
#: How programs call a field for a code that is sent.
_SENT = re.compile(r"otp|sms|one-time-code|two-?factor|(?<![a-z])2fa", re.IGNORECASE)
#: A sum in figures: the label asks it, and no picture does.
_SUM = re.compile(r"\d\s*[+×*]\s*\d|\?")


def captchas(evidence: Evidence) -> Iterator[Node]:
    """CAPTCHA pictures, and where a form has none, the control that plays a CAPTCHA's sound."""
    dom = evidence.dom
    shown = [node for node in dom.all("img", "canvas", "svg") if _is_of_size(node) and _is_called_captcha(node)]
    for field in dom.all("input"):
        if not shown and field.visible and field.state.get("type") in _TYPED and _asks_for_a_picture(field):
            shown = _pictures_beside(field)
    yield from shown
    if not shown:
        yield from (node for node in dom.with_role("button") if node.visible and _tells(node.name) and _is_sound(node))


def _is_of_size(node: Node) -> bool:
    return picture_kind(node) != "" and at_least(node, 40, 15)


def _asks_for_a_picture(field: Node) -> bool:
    """Whether a field is called after a CAPTCHA, and neither waits for a code that is sent nor asks a question in its own words."""
    sent = any(_SENT.search(field.get(name)) for name in ("name", "id", "autocomplete"))
    asks = _SUM.search(field.name) or phrases("captcha_sound").found_in(field.name)
    return _is_called_captcha(field) and not sent and not asks


def _pictures_beside(field: Node) -> list[Node]:
    """The picture without a name beside a field that asks for its text, where there is just one field and one picture."""
    for part in list(field.ancestors())[:_NEAR]:
        pictures = [n for n in part.elements("img", "canvas") if _is_of_size(n) and n.closest_role("link", "button") is None]
        if pictures:
            fields = [other for other in part.elements("input") if other.visible and other.state.get("type") in _TYPED]
            alone = len(fields) == len(pictures) == 1 and not readable(pictures[0].name)
            return pictures if alone and not phrases("captcha_sent").found_in(part.visible_text) else []
    return []


def _tells(text: str) -> bool:
    return bool(text) and bool(phrases("captcha").found_in(text)) and not phrases("captcha_sent").found_in(text)


def _is_called_captcha(node: Node) -> bool:
    return _says_captcha(node) or _tells(node.name)


def _says_captcha(node: Node) -> bool:
    return any(_tells(node.get(name)) for name in _SPOKEN) or any(
        word in node.get(name).lower() for name in _TECHNICAL for word in ("captcha", "capcha")
    )


def _is_sound(node: Node) -> bool:
    return node.tag == "audio" or bool(phrases("captcha_sound").found_in(" ".join((node.name, node.text, node.get("title")))))


def captcha_tells_its_purpose(captcha: Node, evidence: Evidence) -> Finding | None:
    """The picture has a name, and its form offers another mode."""
    if captcha.tag not in ("img", "canvas", "svg"):
        return _one_mode(captcha, evidence)
    if not (captcha.exposed and readable(captcha.name)):
        values = {"source": captcha.get("src")}
        if axe_fails(captcha):
            return PASSED
        return failed("no_alternative", values) if _is_called_captcha(captcha) else cant_tell("perhaps_captcha", values)
    form = captcha.closest("form") or next(iter(list(captcha.ancestors())[_NEAR - 1 : _NEAR]), None)
    other = phrases("captcha_sound").found_in(captcha.name) or (form is not None and any(
        _is_sound(node) for node in form.elements("audio", "a", "button", "input", "label") if node.visible or node.tag == "audio"
    ))
    return PASSED if other else _one_mode(captcha, evidence)


def _one_mode(captcha: Node, evidence: Evidence) -> Finding:
    """A failure where the whole page has nothing that could be another mode, else a question."""
    values = {"name": readable(captcha.name)}
    return failed("only_mode", values) if _nothing_else(captcha, evidence) else cant_tell("no_second_mode", values)


def _nothing_else(captcha: Node, evidence: Evidence) -> bool:
    """Whether the page has no control but the CAPTCHA's own, fields and one button that sends them: no link, frame, player or picture."""
    others = [node for node in evidence.dom.tabbable if node.visible and node is not captcha and node.tag not in ("textarea", "select")]
    buttons = [node for node in others if node.tag != "input" or node.state.get("type") in ("submit", "image", "button")]
    embedded = evidence.dom.all("iframe", "frame", "object", "embed", "audio", "video")
    if embedded or any(map(_is_sound, buttons)) or any("?" in node.name for node in others):
        return False
    pictures = [node for node in evidence.dom.all("img", "canvas") if node.visible and node is not captcha and at_least(node, 40, 15)]
    return len(buttons) <= 1 and all(node.tag in ("button", "input") and node.name for node in buttons) and not pictures


RULE = Rule(
    name=Text("Hình mã xác nhận nói rõ mục đích và có cách thứ hai", "A CAPTCHA picture tells its purpose and has a second mode"),
    why=Text(
        "Người mù, người nhìn kém không đọc được hình mã xác nhận. Không biết hình để làm gì và không có cách khác để xác nhận thì họ "
        "không đăng nhập, tra cứu hồ sơ hoặc gửi phản ánh được.",
        "Blind people and people with low vision cannot read the picture. Not told what it is for and given no other way, they cannot log "
        "in, look up a dossier or send a complaint.",
    ),
    criteria=("1.1.1",),
    needs=("dom",),
    applicability=captchas,
    expectation=captcha_tells_its_purpose,
    techniques=("G143", "G144"),
    messages={
        "no_alternative": message(
            vi="Hình mã xác nhận không có văn bản thay thế (tệp ảnh: {source}).",
            en="The CAPTCHA picture has no text alternative (image file: {source}).",
            mend_vi="Thêm alt=\"Hình mã xác nhận\" (không ghi mã) và một cách khác, ví dụ nút “Nghe mã xác nhận”.",
            mend_en="Add alt=\"CAPTCHA picture\" (not the code itself) and another mode, such as a button that reads the code aloud.",
        ),
        "perhaps_captcha": message(
            vi="Hình cạnh ô nhập mã không có văn bản thay thế (tệp ảnh: {source}). Đó có phải hình mã xác nhận không?",
            en="The picture beside the field for a code has no text alternative (image file: {source}). Is it a CAPTCHA?",
            mend_vi="Nếu phải, thêm alt=\"Hình mã xác nhận\" (không ghi mã) và một cách khác; hình trang trí thì để alt=\"\".",
            mend_en="If so, add alt=\"CAPTCHA picture\" (not the code itself) and another mode; for decoration leave alt=\"\".",
        ),
        "only_mode": message(
            vi="Trang chỉ có một dạng mã xác nhận: “{name}”, không có cách nào khác cho người không nhìn được hoặc không nghe được.",
            en="The page has one mode of CAPTCHA only: “{name}”, and no other way for people who cannot see, or cannot hear, it.",
            mend_vi="Thêm mã đọc bằng âm thanh, câu hỏi bằng chữ hoặc cách xác nhận khác cạnh mã.",
            mend_en="Add a code read aloud, a question in text or another way beside it.",
        ),
        "no_second_mode": message(
            vi="Chỉ thấy một dạng mã xác nhận: “{name}”. Người không nhìn được hoặc không nghe được có cách nào khác để xác nhận không?",
            en="Only one mode of CAPTCHA was found: “{name}”. Is there another for people who cannot see, or cannot hear, it?",
            mend_vi="Nếu không có, thêm mã đọc bằng âm thanh, câu hỏi bằng chữ hoặc cách xác nhận khác cạnh hình.",
            mend_en="If there is none, add a code read aloud, a question in text or another way beside the picture.",
        ),
    },
)
