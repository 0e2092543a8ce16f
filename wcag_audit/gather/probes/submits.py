"""``submits``: forms that search or look something up, sent empty and then with wrong values, while nothing leaves the browser.

Only forms with a button that searches, without password or file, and with more than one field or a required one.

``start``: ``{"forms": [{"el", "at": its number in its frame, "press": which button, "button": {"el", "words"},
"fields": [{"el", "name", "type", "required", "hint", "words"}]}]}``.
Steps, by action:

``submit`` (args ``form``: index, ``frame``, ``at``, ``press``, ``values``: one for each field, null where it stays)
    ``{"news": [{"text", "box", "live": told to assistive technology}] texts that were not seen when the page came, "fields": [look],
    "focus": index of the field that has the focus, -1 for none, "away": something else than the button has it,
    "bubble": {"field", "text"} of the browser's own message, or null, "native": fields that the browser itself found wrong,
    "moved": navigations tried, "held": requests and dialogs, "pressed": by which key, "complete"}``, or null where the form was not
    there any more. A look is what is different from the page as it came: ``{"colours": {part: [before, after]}, "shape": {part:
    [before, after]} widths, styles, pictures, signs, "size": [before, after], "class": [before, after], "told": [before, after]
    visible text tied to the field, "box", "invalid": aria-invalid, "message": validationMessage, "off": disabled}``, or null.

Sources: success criteria 3.3.1 and 1.4.1; techniques G83, G85, SCR18, SCR32, ARIA21.
"""

from __future__ import annotations

import re
from typing import Any

from wcag_audit.dom import Dom, Node
from wcag_audit.gather.probe import Action, Context, Done, Probe, Recording, Tab
from wcag_audit.gather.probes import _forms
from wcag_audit.model import JSON, bare
from wcag_audit.phrases import phrases

#: Forms tried on one page.
MOST = 4
_EXAMPLE = re.compile(r"(?:ví dụ|vd\.?|e\.g\.|example)[:\s]*([^\s,;()]+)", re.IGNORECASE)
#: What a field asks for, by words of its name, id or hint (without diacritics), and a value that is certainly none.
_WRONG = (
    (re.compile(r"e-?mail|thu dien tu"), "khong-phai-thu"),
    (re.compile(r"\bngay\b|\bdate\b|ngay/thang|dd/mm|tungay|denngay"), "45/13/2026"),
    (re.compile(r"dien thoai|phone|\bsdt\b|can cuoc|cccd|cmnd|so dinh danh|\bnumeric\b|\bcao\b|\bma so thue\b"), "abc"),
)


class Submits(Probe):
    name = "submits"
    time_box = 20.0
    needs_real_time = False
    silent = True

    def idle(self, context: Context) -> JSON | None:
        if context.tree is None:
            return None
        return None if _may_have_a_form(context.tree) else {"forms": []}

    def acts_on(self, context: Context) -> list[Node] | None:
        return _forms.nodes_of(context)

    async def begin(self, tab: Tab, context: Context) -> JSON:
        forms: list[dict[str, Any]] = []
        for frame in await _forms.load(tab):
            for told in await tab.ask("__forms.homes()", frame):
                press = next((place for place, b in enumerate(told["buttons"]) if _searches(b["words"])), -1)
                fields = told["fields"]
                if press < 0 or told["form"]["secret"] or not (len(fields) > 1 or any(field["required"] for field in fields)):
                    continue
                button = told["buttons"][press]
                _forms.in_frame(tab, frame, [button["el"], told["form"]["el"], *(field["el"] for field in fields)])
                forms.append({"el": told["form"]["el"], "at": told["at"], "press": press, "button": button, "fields": fields})
        return {"forms": forms[:MOST]}

    def next(self, recording: Recording) -> Action | Done:
        forms = recording.start["forms"]
        for index, form in enumerate(forms):
            own = [step for step in recording.steps if step["args"]["form"] == index]
            if not own:
                return _submit(index, form, "sent_empty", ["" if field["type"] != "select" else None for field in form["fields"]])
            wrong = [wrong_value(field) for field in form["fields"]]
            if len(own) == 1 and own[0]["changed"] is not None and any(wrong):
                values = [value or right_value(field) for value, field in zip(wrong, form["fields"], strict=True)]
                return _submit(index, form, "sent_wrong", values)
        return Done(reason="all_sent" if forms else "nothing_to_send")

    async def perform(self, tab: Tab, action: Action) -> JSON:
        frame, which = action.args["frame"], (action.args["at"], action.args["press"])
        ready = await _forms.call(tab, frame, "prepare", *which, action.args["values"])
        if ready is None:
            return None
        since = len(tab.page.held)
        if ready:
            await tab.page.press("Enter")
        else:
            await _forms.call(tab, frame, "click", *which)
        complete = await _forms.follow(tab)
        told = await _forms.call(tab, frame, "outcome", *which)
        held = [{"kind": note["kind"], "detail": note["detail"]} for note in tab.page.held[since:] if note["kind"] != "within-document"]
        return {**told, "held": held[:20], "pressed": "Enter" if ready else "", "complete": complete}


def _submit(index: int, form: JSON, reason: str, values: list[str | None]) -> Action:
    which = {"frame": form["el"]["frame"], "at": form["at"], "press": form["press"]}
    return Action(action="submit", reason=reason, args={"form": index, **which, "values": values})


def _asks_for(field: JSON) -> str:
    return bare(" ".join((field["name"], field["words"], field["hint"])))


def wrong_value(field: JSON) -> str | None:
    """A value that is certainly wrong for what the field asks; None where it asks for nothing of a known form."""
    if field["type"] == "email":
        return "khong-phai-thu"
    if field["type"] not in ("text", "tel", "search"):
        return None
    return next((value for pattern, value in _WRONG if pattern.search(_asks_for(field))), None)


def right_value(field: JSON) -> str | None:
    """A value as the page itself gives it for an example; else a word."""
    if field["type"] not in ("text", "tel", "search", "textarea"):
        return "1" if field["type"] in ("select", "number") else None
    example = _EXAMPLE.search(field["hint"])
    return example[1].rstrip(".") if example else "thu"


def _searches(words: str) -> bool:
    return _forms.may_be_pressed(words) and bool(phrases("search_words").found_in(words))


def _may_have_a_form(dom: Dom) -> bool:
    """Whether a button that searches stands near more than one field, or a required one."""
    return any(
        _near_enough(node) for node in dom.elements if _is_button(node) and _searches(" ".join((node.name, node.get("value"))).strip())
    )


def _is_button(node: Node) -> bool:
    if not node.visible:
        return False
    if node.tag == "input":
        return node.state.get("type") in ("submit", "button", "image")
    return (
        node.tag == "button"
        or node.role == "button"
        or (node.tag == "a" and (node.has("onclick") or node.get("href").startswith("javascript:")))
    )


def _near_enough(button: Node) -> bool:
    near: list[Node] = []
    for steps, node in enumerate(button.ancestors()):
        if node.tag in ("body", "html") or steps > 7 or next(node.elements("main", "nav", "h1", "header", "footer"), None) is not None:
            break
        near = [field for field in node.elements("input", "select", "textarea") if _is_field(field)]
        if node.tag == "form":
            break
    return len(near) > 1 or any(field.has("required") or field.get("aria-required") == "true" or "*" in field.name for field in near)


def _is_field(node: Node) -> bool:
    kinds = ("hidden", "submit", "button", "image", "reset", "file", "checkbox", "radio")
    return node.visible and node.state.get("type") not in kinds and not node.state.get("disabled")
