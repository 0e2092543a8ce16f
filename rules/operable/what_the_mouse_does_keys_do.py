"""What the mouse does, keys do as well

What it checks
    Parts of the page that react to the mouse, tried one by one. What takes no focus and what the Tab key reached nowhere in the whole
    walk is clicked: where something happens (something appears or changes, a page is called, a window or dialog opens), it is an
    operation that keys do not reach. What is made a control by script and takes the focus gets Enter and Space: where they do nothing
    and a click does something, keys do not work it. Both are proved twice, and before the second click keys are tried that may do
    the same: arrow keys that lead to it from another item of its tab list or menu, and a press there; focus and arrow keys in the field
    that it is a part of; Enter in the field right before it; a press of a control inside it, or of the link or button beside a sign
    without words; Esc and the arrows where the page hears keys. Where one does the same, only a role is missing, and none where it
    works the field itself or a link, button or ``select`` beside it did the same. What moves by itself is clicked three times in a row:
    it may have moved of its own. A click that only shows parts in which Tab stops anyway is left out: the focus opens them. Where a
    link, button or field of the same name can be reached, that is enough, and signs in a tree or menu are left to its arrow keys. What
    could not be clicked, in a fresh page neither, is untested. A question remains where the pointer alone shows a text over words or a
    picture that take no focus, where a canvas is clicked, where numbers or dots stand beside buttons, where a key may do the same, and
    where only the second click could be made.

Why it matters
    People who cannot use a mouse, and blind people, cannot do this at all: open the answer, see the state of their dossier, choose
    the field.

Fails
    ``<tr class="bam">…</tr>`` with ``hang.addEventListener("click", moChiTiet)``

Mended
    ``<td><button type="button" class="mo">Xem quá trình xử lý hồ sơ 000.21.H25</button></td>``

References
    WCAG 2.0 success criteria 2.1.1 and 4.1.2; techniques G90, G202, SCR20, SCR35, H91; failures F54, F59. Inline ``onclick`` is
    judged from the markup alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from wcag_audit.another_way import CONTROL_ROLES, Way, nested
from wcag_audit.dom import Node
from wcag_audit.model import JSON, Step, Text, Verdict, bare, cut
from wcag_audit.motion import decisive, may_move
from wcag_audit.recorded import node_of, target_of
from wcag_audit.rule import PASSED, Evidence, Finding, Rule, ask_again, cant_tell, failed, message, untested
from wcag_audit.rules.operable._same_by_keys import may_have_another_way
from wcag_audit.rules.operable._walk import complete, reached
from wcag_audit.rules.operable.scripted_control_works_by_keyboard import keyboard_works_it, scripted_controls

_NUMBER = re.compile(r"\W*\d{1,2}\W*")
#: How many ancestors up the buttons of the same part stand, and what is no part.
_NEAR, _WIDE = 3, ("body", "main", "form", "html")
#: Letters of a text that the pointer shows, from which on it is one to read.
_TO_READ = 15
#: Clicks of which something has to come where what they change moves by itself.
_TIMES = 3


def tried_operations(evidence: Evidence) -> Iterator[JSON]:
    """What was tried with the mouse and with keys, but for what the markup alone has proved."""
    proved = evidence.share("proved-by-markup", proved_by_markup)
    for step in evidence.data("operations")["steps"]:
        if step["action"] in ("hover", "keys", "mouse") and step["changed"]["found"]:
            node = node_of(evidence.dom, step["args"]["el"])
            if node is None or node.index not in proved:
                yield step


def proved_by_markup(evidence: Evidence) -> frozenset[int]:
    """Elements that the rule on markup fails already, and what lies in them."""
    nodes = [
        node
        for node in scripted_controls(evidence)
        if (found := keyboard_works_it(node, evidence)) is not None and found.verdict is Verdict.FAILED
    ]
    return frozenset(each.index for node in nodes for each in (node, *node.descendants()))


def keys_do_it_too(step: JSON, evidence: Evidence) -> Finding | None:
    """The pointer does nothing that keys do not do."""
    node = node_of(evidence.dom, step["args"]["el"])
    if step["action"] == "hover":
        return nothing_shows_under_the_pointer(step, evidence)
    if step["action"] == "mouse" and step["changed"]["click"] is None and not (node is not None and is_reached(node, evidence)):
        return tried_in_a_fresh_page(step, evidence)
    if not acts(step):
        return PASSED
    if step["action"] == "mouse":
        if node is not None and is_reached(node, evidence):
            return PASSED
        if not complete(evidence.data("focus_walk")):
            return untested(Text("lượt đi bằng phím Tab chưa tới cuối trang", "the walk with Tab did not come to the end of the page"))
    by_itself = may_have_moved(step, evidence)
    if evidence.second_try("operations") is None:
        action = "ways" if step["args"].get("ways") else step["action"]
        args = {**step["args"], **({"times": _TIMES} if by_itself else {})}
        return ask_again("operations", {"action": action, "reason": step["reason"], "args": args})
    values = {"name": name_of(step), "effect.vi": effect_of(step, "vi"), "effect.en": effect_of(step, "en")}
    second = again_tried(step, evidence)
    target = target_of(evidence.dom, step["args"]["el"])
    steps = (Step(action=step["action"], reason=step["reason"], at=step["at"], changed=step["changed"]["click"]),)
    if second is not None and second["changed"]["found"] and keys_work(second):
        return PASSED  # the first time it was busy with what had been done before
    if shows_what_tab_reaches(step, evidence):
        return PASSED
    known = node is not None and node.role in CONTROL_ROLES
    by_key = same_by_key(step, second)
    if by_key is Way.SURE:
        inside = node is not None and any(node.index < each.index < node.end for each in ways_of(second, evidence))
        role = known or inside or works_its_field(step) or is_a_twin(step, second, evidence)
        return PASSED if role else failed("no_role", values, target=target, criteria=("4.1.2",), steps=steps)
    if second is None or not second["changed"]["found"] or not acts(second) or (by_itself and second["changed"].get("clicks", 0) < _TIMES):
        # What neither is nor looks like a control did nothing: the page had moved on by itself.
        looks = (node is None or known or node.style.get("cur") == "pointer") and not (by_itself and step["action"] == "keys")
        return cant_tell("not_again", values, target=target, steps=steps) if looks else PASSED
    if by_key is Way.PERHAPS or (node is not None and is_open(node, evidence)):
        return cant_tell("perhaps", values, target=target, steps=steps)
    if step["action"] == "keys":
        return failed("keys_do_nothing", values, target=target, criteria=("2.1.1",), steps=steps)
    if node is not None and (other := steps_there(node, evidence)) is not None:
        return cant_tell("step_by_step", {**values, "other": cut(other.name or other.text, 60)}, target=target, steps=steps)
    return failed("not_reached", values, target=target, criteria=("2.1.1",) if known else ("2.1.1", "4.1.2"), steps=steps)


def tried_in_a_fresh_page(step: JSON, evidence: Evidence) -> Finding | None:
    """What earlier tries had hidden or covered does nothing there, or something, though not proved twice."""
    if evidence.second_try("operations") is None:
        return ask_again("operations", {"action": step["action"], "reason": step["reason"], "args": step["args"]})
    fresh = again_tried(step, evidence)
    if fresh is None or not fresh["changed"]["found"] or fresh["changed"]["click"] is None:
        return untested(Text("có phần khác che nên không bấm chuột vào được", "something lies over it, so that it could not be clicked"))
    if not acts(fresh):
        return PASSED
    values = {"name": name_of(step), "effect.vi": effect_of(fresh, "vi"), "effect.en": effect_of(fresh, "en")}
    return cant_tell("perhaps", values, target=target_of(evidence.dom, step["args"]["el"]))


def again_tried(step: JSON, evidence: Evidence) -> JSON | None:
    """The same in a fresh page; None where it has not been tried again."""
    again = evidence.second_try("operations")
    return next((other for other in again["steps"] if other["args"]["el"] == step["args"]["el"]), None) if again is not None else None


def may_have_moved(step: JSON, evidence: Evidence) -> bool:
    """Whether all that the click seemed to change moves by itself, as a carousel does."""
    watched, click = evidence.artifact("motion"), step["changed"]["click"]
    look = decisive(watched.data["steps"]) if watched is not None and watched.error is None else None
    frame = step["args"]["el"]["frame"]
    if look is None or click["held"] or not click["changed"]:
        return False
    return all(may_move(one["path"], frame, look) for one in click["changed"])


def acts(step: JSON) -> bool:
    """Whether the click did something and no key did."""
    changed = step["changed"]
    if step["action"] == "keys" and (not changed["took"] or keys_work(step)):
        return False
    return changed["click"] is not None and bool(changed["click"]["changed"] or changed["click"]["held"])


def keys_work(step: JSON) -> bool:
    """Whether a key did something."""
    return step["action"] == "keys" and any(any(effect.values()) for effect in step["changed"]["keys"].values())


def nothing_shows_under_the_pointer(step: JSON, evidence: Evidence) -> Finding | None:
    """No text to read appears where the pointer is that stands nowhere else."""
    root = evidence.dom.root
    shown = bare(root.visible_text) if root is not None else ""
    texts = (one["text"] for one in step["changed"]["shown"] or ())
    help_text = next((text for text in texts if sum(map(str.isalpha, text)) >= _TO_READ and bare(text) not in shown), "")
    if not help_text:
        return PASSED
    values = {"name": name_of(step), "text": help_text}
    return cant_tell("shown_on_hover", values, target=target_of(evidence.dom, step["args"]["el"]), criteria=("2.1.1",))


def same_by_key(step: JSON, second: JSON | None) -> Way:
    """Whether one of the keys that were tried in a fresh page did what the click had done."""
    return max((sure for sure, _ in done_by_keys(step, second)), default=Way.NONE)


def done_by_keys(step: JSON, second: JSON | None) -> Iterator[tuple[Way, JSON]]:
    """Each way by keys that was tried in a fresh page, and how sure it did what the click had done."""
    if second is None or second["action"] != "ways" or not second["changed"]["found"]:
        return
    for way, effect in zip(second["args"]["ways"], second["changed"]["keys"], strict=True):
        sure, item = alike(step["changed"]["click"], effect), way.get("to")
        # Pressed by keys itself, it did what it does; what it tells about its place among the items may differ. Which item was open
        # before may do so too: that its own state changed is enough.
        itself = item is not None and (sure is not Way.NONE or any(one["path"] == item["path"] for one in effect["changed"]))
        yield (Way.SURE if itself else sure), way


def is_a_twin(step: JSON, second: JSON | None, evidence: Evidence) -> bool:
    """Whether a link, button or list to choose from beside it did the same, and tells what it is for."""
    sure = (way["el"] for found, way in done_by_keys(step, second) if found is Way.SURE and way["el"] is not None)
    nodes = (node for el in sure if (node := node_of(evidence.dom, el)) is not None)
    return any(node.role in ("button", "link") or node.tag == "select" for node in nodes)


def works_its_field(step: JSON) -> bool:
    """Whether it is a part of a field, as the arrow of a list to choose from is: the click changes what the field tells."""
    changed = [one["path"] for one in step["changed"]["click"]["changed"]]
    fields = [way["el"]["path"] for way in step["args"]["ways"] if way["key"] == "focus"]
    return any(field[: len(path)] == path and len(path) >= len(field) - _NEAR for field in fields for path in changed)


def alike(click: JSON, key: JSON) -> Way:
    """Whether a key changed all that the click changed, to the same. Where a page was called, it may have been another one."""
    places = [one["path"] for one in key["changed"]]
    within = (any(one["path"][: len(around)] == around for around in places) for one in click["changed"])
    if not set(click["held"]) <= set(key["held"]) or not all(within):
        return Way.NONE
    same = all(any(as_told(one, other) for other in key["changed"]) for one in click["changed"])
    return Way.SURE if same and not click["held"] else Way.PERHAPS


def as_told(one: JSON, other: JSON) -> bool:
    """Whether the same place shows the same after a click and after a key, which may open a list and choose in it as well."""
    texts = one["text"] == other["text"] or (one["text"] != "" and one["text"] in other["text"])
    return bool(one["path"] == other["path"] and one["shown"] == other["shown"] and texts)


def ways_of(second: JSON | None, evidence: Evidence) -> Iterator[Node]:
    """The elements in which keys were tried."""
    for way in second["args"]["ways"] if second is not None else ():
        for el in (way["el"], way.get("to")):
            node = node_of(evidence.dom, el) if el is not None else None
            if node is not None:
                yield node


def shows_what_tab_reaches(step: JSON, evidence: Evidence) -> bool:
    """Whether all that the click shows are parts in which the walk stopped anyway, as in a menu that the focus opens."""
    click = step["changed"]["click"]
    stops = evidence.share("reached-by-tab", reached)
    parts = [node_of(evidence.dom, {"id": "", **one, "frame": step["args"]["el"]["frame"]}) for one in click["changed"]]
    return bool(parts) and not click["held"] and all(
        part is not None and not part.visible and any(each.index in stops for each in part.elements()) for part in parts
    )


def is_open(node: Node, evidence: Evidence) -> bool:
    """Whether what it is, or what stands by it, leaves open that keys do the same."""
    return not node.exposed or node.tag == "canvas" or may_have_another_way(node, evidence)


def is_reached(node: Node, evidence: Evidence) -> bool:
    """Whether the walk stopped at it, or at something around it or in it that does the same."""
    stops = evidence.share("reached-by-tab", reached)
    return node.index in stops or nested(node, evidence.dom, lambda each: each.index in stops) is Way.SURE


def steps_there(node: Node, evidence: Evidence) -> Node | None:
    """A button near a bare number or one of several dots that Tab reaches: the way step by step to what it goes to at once, as in a
    carousel."""
    dot = not node.text.strip() and node.parent is not None and sum(each.path == node.path for each in node.parent.children) > 1
    if not dot and not _NUMBER.fullmatch(node.text):
        return None
    stops = evidence.share("reached-by-tab", reached)
    for around in islice(node.ancestors(), _NEAR):
        if around.tag in _WIDE:
            return None
        found = next((other for other in around.elements() if other.index in stops and other.role == "button"), None)
        if found is not None:
            return found
    return None


def name_of(step: JSON) -> str:
    element = step["args"]["el"]
    return cut(element["text"] or element["html"], 80)


def effect_of(step: JSON, lang: str) -> str:
    """What the click did, in words."""
    click = step["changed"]["click"]
    shown = next((one for one in click["changed"] if one["text"]), None)
    if shown is not None:
        text = cut(shown["text"], 60)
        return f"“{text}” hiện ra hoặc thay đổi" if lang == "vi" else f"“{text}” appears or changes"
    if click["changed"]:
        return "nội dung trang thay đổi" if lang == "vi" else "the page changes"
    words = {"navigation": ("mở trang khác", "another page opens"), "popup": ("mở cửa sổ mới", "a new window opens")}
    vi, en = words.get(click["held"][0], ("trang phản hồi", "the page reacts"))
    return vi if lang == "vi" else en


_MEND_VI = "Dùng <button type=\"button\"> hoặc <a href=\"…\"> cho thao tác này, đặt tên rõ ràng."
_MEND_EN = "Use <button type=\"button\"> or <a href=\"…\"> for this operation, with a clear name."

RULE = Rule(
    name=Text("Việc làm được bằng chuột thì làm được bằng bàn phím", "What the mouse does, keys do as well"),
    why=Text(
        "Người không dùng được chuột và người mù không thực hiện được việc này.",
        "People who cannot use a mouse, and blind people, cannot do this at all.",
    ),
    criteria=("2.1.1", "4.1.2"),
    needs=("dom", "operations", "focus_walk"),
    uses=("motion",),
    applicability=tried_operations,
    expectation=keys_do_it_too,
    techniques=("G90", "G202", "SCR20", "SCR35", "H91", "F54", "F59"),
    messages={
        "not_reached": message(
            vi="Bấm chuột vào “{name}” thì {effect}, nhưng phím Tab đi hết trang không tới được nó; thử hai lần đều như vậy.",
            en="A click on “{name}” does this: {effect}; but Tab, gone through the whole page, does not reach it. So it was twice.",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "keys_do_nothing": message(
            vi="“{name}” nhận tiêu điểm nhưng phím Enter và phím cách không có tác dụng; bấm chuột thì {effect}. Thử hai lần đều như vậy.",
            en="“{name}” takes the focus, but Enter and Space do nothing; a click does this: {effect}. So it was twice.",
            mend_vi="Dùng <button type=\"button\"> thay cho thẻ này, hoặc xử lý cả phím Enter và phím cách.",
            mend_en="Use <button type=\"button\"> in place of this element, or handle Enter and Space as well.",
        ),
        "no_role": message(
            vi="Bấm chuột vào “{name}” thì {effect}; một phím làm được việc ấy, nhưng phần này không có vai trò nút hay liên kết.",
            en="A click on “{name}” does this: {effect}; a key does the same, but this element has no role of a button or link.",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "shown_on_hover": message(
            vi="Rê chuột lên “{name}” thì hiện “{text}”; phím Tab không tới được chỗ này. Có cách nào khác để đọc nội dung ấy không?",
            en="The pointer over “{name}” shows “{text}”; Tab does not come there. Is there another way to read it?",
            mend_vi="Cho phần này nhận tiêu điểm (dùng <button>) và hiện nội dung cả khi có tiêu điểm, hoặc hiện luôn trên trang.",
            mend_en="Let it take the focus (use <button>) and show the text on focus as well, or show it on the page at all times.",
        ),
        "step_by_step": message(
            vi="Bấm chuột vào “{name}” thì {effect}; bàn phím chỉ tới được “{other}” ở gần. Nút ấy có đưa tới cùng chỗ không?",
            en="A click on “{name}” does this: {effect}; keys reach only “{other}” nearby. Does that lead to the same place?",
            mend_vi=_MEND_VI,
            mend_en=_MEND_EN,
        ),
        "perhaps": message(
            vi="Bấm chuột vào “{name}” thì {effect}; không thấy cách nào làm việc này bằng bàn phím.",
            en="A click on “{name}” does this: {effect}; no way to do it by keyboard was found.",
            mend_vi="Thử chỉ dùng bàn phím: nếu không làm được việc này bằng cách nào khác thì thay bằng nút hoặc liên kết thật.",
            mend_en="Try the keyboard alone: where the same cannot be done in any other way, use a real button or link.",
        ),
        "not_again": message(
            vi="Lần đầu bấm chuột vào “{name}” thì {effect} mà bàn phím không làm được; lần thứ hai kết quả khác.",
            en="The first time a click on “{name}” did this: {effect}; keys did not. The second time it was otherwise.",
            mend_vi="Thử chỉ dùng bàn phím: nếu không làm được việc này bằng cách nào khác thì thay bằng nút hoặc liên kết thật.",
            mend_en="Try the keyboard alone: where the same cannot be done in any other way, use a real button or link.",
        ),
    },
)
