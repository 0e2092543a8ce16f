"""The page's title is written for the page

What it checks
    The title that the browser shows: not a file name, not an address, not a template's variable, not "Untitled" or another text that
    an editor, a framework or a server puts in when nobody wrote a title. It is a question where the page's main heading says the same,
    and where such a text stands before the portal's name ("undefined – Sở Tư pháp"). Of two different ``title`` elements browsers
    show the first: it fails where no word of it stands on the page and the second tells its content, and else is a question.

Why it matters
    The title is the first thing that a screen reader says of a page, and all that browser tabs, history and bookmarks show. With
    "Untitled Page" in four tabs, nobody finds the dossier form again.

Fails
    ``<title>eform_v2.html</title>``

Mended
    ``<title>Nộp hồ sơ đăng ký khai sinh – Cổng dịch vụ công tỉnh An Hải</title>``

References
    WCAG 2.0 success criterion 2.4.2; techniques G88, H25; failure F25; ACT rule c4a8a4. A missing or empty title is axe's document-title.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wcag_audit.dom import Node
from wcag_audit.model import Text, bare
from wcag_audit.phrases import plain
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, cant_tell, failed, message
from wcag_audit.rules.operable._titles import is_placeholder, placeholder_topic, title_parts

_WORD = re.compile(r"\w+")
#: Letters of a word that counts, and those of its beginning that are compared; words that a title needs to be compared; the share that
#: shows a title to be the page's own.
_LONG_ENOUGH, _STEM, _ENOUGH, _MOST = 3, 5, 3, 0.6
_PAGE_KINDS = r"x?html?|shtml|php\d?|aspx?|ascx|master|jspx?|jsf|do|cfm|ftl|vm|dwt|vue|tpl"
_PAGE_FILE = re.compile(rf"(?:[\w\-.()%]+[/\\])*[\w\-.()%]+\.(?:{_PAGE_KINDS})", re.IGNORECASE)
_DOCUMENT_KINDS = r"docx?|xlsx?|pptx?|pdf|rtf|odt|txt|indd|psd|png|jpe?g"
_DOCUMENT_FILE = re.compile(rf"(?:Microsoft (?:Word|Excel|PowerPoint) - )?[\w\-.()% ]+\.(?:{_DOCUMENT_KINDS})", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?:)?//\S+|(?:www\.)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/\S+|file:\S+", re.IGNORECASE)
_VARIABLE = re.compile(r"\{\{.*\}\}|[$#]\{.*\}|<%.*%>|\{%.*%\}|%[A-Z_]{3,}%|@ViewBag\.\w+|\[object Object\]|__[A-Z_]+__|\$[A-Z_]{3,}\$")


def title_element(evidence: Evidence) -> Iterator[Node]:
    """The page's title element, where the page has a title."""
    if evidence.dom.page.title.strip():
        titles = [node for node in evidence.dom.all("title") if node.is_html and node.frame.index == 0 and node.host is None]
        yield from titles[:1]


def title_is_written_for_the_page(node: Node, evidence: Evidence) -> Finding | None:
    """The title is a text that somebody wrote for people."""
    title = " ".join(evidence.dom.page.title.split())
    values = {"title": title}
    if _VARIABLE.search(title) or not any(c.isalnum() for c in title):
        return failed("placeholder", values)
    if is_placeholder(title) or _ADDRESS.fullmatch(title):
        if plain(title) in headings_of(evidence):
            return cant_tell("perhaps_placeholder", values)
        return failed("address" if _ADDRESS.fullmatch(title) else "placeholder", values)
    if (topic := placeholder_topic(title)) and plain(topic) not in headings_of(evidence):
        return cant_tell("perhaps_placeholder", values)
    if _PAGE_FILE.fullmatch(title) or _DOCUMENT_FILE.fullmatch(title):
        # A page may be about a file of that name.
        return cant_tell("perhaps_file_name", values) if is_the_topic(title, evidence) else failed("file_name", values)
    if _PAGE_FILE.fullmatch(title_parts(title)[0] if title_parts(title) else title):
        return cant_tell("perhaps_file_name", values)
    others = [other for other in evidence.dom.all("title") if other.is_html and other.parent is node.parent and other is not node]
    different = next((text for other in others if (text := text_of_title(other)) and bare(text) != bare(title)), "")
    if not different:
        return PASSED
    misses = share_found(title, evidence) == 0 and share_found(different, evidence) >= _MOST
    return (failed if misses else cant_tell)("title_of_another_page" if misses else "two_titles", values | {"other": different})


def share_found(title: str, evidence: Evidence) -> float:
    """Which share of a title's words stands in what the page says, case and diacritics left out; half where it has too few words."""
    root = evidence.dom.root
    names = " ".join(node.name for node in evidence.dom.all("img", "a", "button", "iframe"))
    said = {word[:_STEM] for word in _WORD.findall(bare(f"{root.visible_text if root else ''} {names}"))}
    words = {word[:_STEM] for word in _WORD.findall(bare(title)) if len(word) >= _LONG_ENOUGH}
    return len(words & said) / len(words) if len(words) >= _ENOUGH else 0.5


def text_of_title(node: Node) -> str:
    return " ".join(node.text.split())


def headings_of(evidence: Evidence) -> set[str]:
    """What the page's main headings say."""
    return {plain(node.text) for node in evidence.dom.all("h1", "h2")}


def is_the_topic(title: str, evidence: Evidence) -> bool:
    return any(bare(title) in bare(node.text) for node in evidence.dom.all("h1", "h2"))


RULE = Rule(
    name=Text("Tiêu đề trang được viết cho trang", "The page's title is written for the page"),
    why=Text(
        "Người mù dùng trình đọc màn hình nghe tiêu đề trước tiên khi mở trang; người mở nhiều thẻ trình duyệt tìm trang theo tiêu đề. "
        "Tiêu đề điền tạm không cho họ biết đang ở trang nào.",
        "The title is the first thing that a screen reader says of a page, and what everybody looks for among browser tabs. A placeholder "
        "does not tell people which page they are on.",
    ),
    criteria=("2.4.2",),
    needs=("dom",),
    applicability=title_element,
    expectation=title_is_written_for_the_page,
    act=("c4a8a4",),
    techniques=("G88", "H25", "F25"),
    messages={
        "placeholder": message(
            vi="Tiêu đề trang “{title}” là chữ mặc định, không nói nội dung của trang.",
            en="The page's title “{title}” is a placeholder and does not tell what the page is about.",
            mend_vi="Viết tiêu đề nêu nội dung trang và tên cổng, ví dụ <title>Tra cứu hồ sơ – Cổng Dịch vụ công</title>.",
            mend_en="Write a title with the page's topic and the portal's name, such as <title>Find a dossier – Service Portal</title>.",
        ),
        "file_name": message(
            vi="Tiêu đề trang “{title}” là tên tệp, không nói nội dung của trang.",
            en="The page's title “{title}” is a file name and does not tell what the page is about.",
            mend_vi="Viết tiêu đề nêu nội dung trang và tên cổng thay cho tên tệp.",
            mend_en="Write a title with the page's topic and the portal's name in place of the file name.",
        ),
        "address": message(
            vi="Tiêu đề trang “{title}” là một địa chỉ, không nói nội dung của trang.",
            en="The page's title “{title}” is an address and does not tell what the page is about.",
            mend_vi="Viết tiêu đề nêu nội dung trang và tên cổng thay cho địa chỉ.",
            mend_en="Write a title with the page's topic and the portal's name in place of the address.",
        ),
        "perhaps_placeholder": message(
            vi="Tiêu đề trang “{title}” có vẻ còn chữ mặc định.",
            en="The page's title “{title}” looks as if a placeholder was left in it.",
            mend_vi="Nếu đó không phải nội dung trang thì thay bằng tiêu đề nêu nội dung trang và tên cổng.",
            mend_en="Unless that is what the page is about, write a title with the page's topic and the portal's name.",
        ),
        "perhaps_file_name": message(
            vi="Tiêu đề trang “{title}” có vẻ là tên tệp.",
            en="The page's title “{title}” looks like a file name.",
            mend_vi="Nếu trang không viết về chính tệp đó thì thay bằng tiêu đề nêu nội dung trang.",
            mend_en="Unless the page is about that very file, write a title with the page's topic.",
        ),
        "title_of_another_page": message(
            vi="Trình duyệt hiện tiêu đề “{title}”, không từ nào có trong nội dung; thẻ title thứ hai, “{other}”, mới nói đúng trang.",
            en="Browsers show the title “{title}”, no word of which stands on the page; the second one, “{other}”, is the page's.",
            mend_vi="Bỏ thẻ title đầu tiên, chỉ giữ lại thẻ nói đúng nội dung trang.",
            mend_en="Take the first title element out and keep the one that tells what the page is about.",
        ),
        "two_titles": message(
            vi="Trang có hai thẻ title khác nhau: trình duyệt hiện “{title}”, bỏ qua “{other}”.",
            en="The page has two different title elements: browsers show “{title}” and ignore “{other}”.",
            mend_vi="Xem “{title}” có nói đúng nội dung trang không; chỉ giữ lại một thẻ title.",
            mend_en="Decide whether “{title}” tells what the page is about, and keep one title element only.",
        ),
    },
)
