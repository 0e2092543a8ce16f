"""``typing``: one character typed into fields whose only label is inside them, and what still stands beside them then.

``start``: ``{"fields": [{"at": its number in its frame, "el", "placeholder", "inside": a label that lies over the field, "type"}]}``.
Steps, by action:

``type`` (args ``frame``, ``at``, ``key``)
    ``{"before": [texts near it], "after": [texts near it], "typed": the character stands in it, "hint": the placeholder is still
    shown}``, or null where the field was not there any more or took no focus. The character is taken out again.

Sources: success criterion 3.3.2; techniques G131, H44.
"""

from __future__ import annotations

from typing import Any

from wcag_audit.dom import Node
from wcag_audit.gather.probe import Action, Context, Done, Probe, Recording, Tab
from wcag_audit.gather.probes import _forms
from wcag_audit.model import JSON

#: Fields tried on one page.
MOST = 12


class TypingInFields(Probe):
    name = "typing"
    time_box = 12.0

    def idle(self, context: Context) -> JSON | None:
        if "dom" not in context.artifacts or any(node["t"] != "select" for node in _forms.fields_of(context)):
            return None
        return {"fields": []}

    def acts_on(self, context: Context) -> list[Node] | None:
        return _forms.nodes_of(context)

    async def begin(self, tab: Tab, context: Context) -> JSON:
        fields: list[dict[str, Any]] = []
        for frame in await _forms.load(tab):
            told = await tab.ask(f"__forms.hints({MOST - len(fields)})", frame)
            _forms.in_frame(tab, frame, [field["el"] for field in told])
            fields += told
        return {"fields": fields}

    def next(self, recording: Recording) -> Action | Done:
        fields, done = recording.start["fields"], len(recording.steps)
        if done == len(fields):
            return Done(reason="all_typed" if fields else "nothing_to_type")
        field = fields[done]
        key = "1" if field["type"] in ("number", "tel") else "a"
        return Action(action="type", reason="does_a_label_stay", args={"frame": field["el"]["frame"], "at": field["at"], "key": key})

    async def perform(self, tab: Tab, action: Action) -> JSON:
        frame, at = action.args["frame"], action.args["at"]
        before = await _forms.call(tab, frame, "beforeTyping", at)
        if not before or not before["focused"]:
            return None
        await tab.page.press(action.args["key"])
        after = await _forms.call(tab, frame, "afterTyping", at)
        await tab.page.press("Backspace")
        return {"before": before["near"], "after": after["near"], "typed": bool(after["typed"]), "hint": bool(after["hint"])}
