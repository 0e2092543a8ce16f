"""``inputs``: each select, group of radio buttons, checkbox and text field changed by keys, left again, and put back.

Fields of forms that log in, pay or file are left alone. Of many alike only some are tried.

``start``: ``{"url", "controls": [{"el", "kind": select | radio | checkbox | text, "name", "at": its number in its frame}], "again": a
second try of what a rule asked for, "left_out": alike fields beyond the bound, "untouched": fields of forms that log in, pay or file}``.
Steps, by action:

``change`` (args ``controls``: ``[{"index", "kind", "frame", "at"}]``)
    ``{"controls": [{"index", "keys": pressed, "changed": 1 where they changed its value, "heard": […], "fleeting": [{"text", "box",
    "live": told to assistive technology}] texts that came with the focus or the keys and went by themselves within 500 ms of page
    time, while nothing was asked of the server}], "late": […], "complete": the page time after it passed}``; what was heard is
    ``{"kind": navigate, "url", "post"}``, ``{"kind": popup | dialog | download | print, "url"}`` or ``{"kind": focus, "el"}``. ``late``
    came up to 500 ms of page time later; where several fields were changed, they are then changed one by one. ``changed`` is null where
    the field was not there any more or took no focus.

Sources: success criterion 3.2.2; failures F36, F37; technique H84.
"""

from __future__ import annotations

from typing import Any

from wcag_audit.browser.port import BrowserError
from wcag_audit.dom import Node
from wcag_audit.gather.probe import Action, Context, Done, Probe, Recording, Tab
from wcag_audit.gather.probes import _forms
from wcag_audit.model import JSON

#: Fields changed between two waits.
BATCH = 10
#: Fields of each kind that are tried on one page.
MOST = {"select": 16, "radio": 8, "checkbox": 8, "text": 8}
#: Characters up to which a field of a fixed length is filled: those of an identity card's number.
FULL = 12


def kept(controls: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The fields to try: at most ``MOST`` of a kind, those that differ from the others before their likes, in document order."""
    alike: dict[str, int] = {}
    ranked = []
    for place, control in enumerate(controls):
        alike[control["like"]] = alike.get(control["like"], 0) + 1
        ranked.append((alike[control["like"]], place))
    chosen: list[int] = []
    for kind, most in MOST.items():
        own = [(rank, place) for rank, place in ranked if controls[place]["kind"] == kind]
        chosen += [place for _, place in sorted(own)[:most]]
    return [controls[place] for place in sorted(chosen)]


class Inputs(Probe):
    name = "inputs"
    version = 3
    time_box = 20.0
    needs_real_time = False

    def idle(self, context: Context) -> JSON | None:
        if "dom" not in context.artifacts or next(_forms.fields_of(context), None) is not None:
            return None
        return {"url": "", "controls": [], "again": False, "left_out": 0, "untouched": 0}

    def acts_on(self, context: Context) -> list[Node] | None:
        return _forms.nodes_of(context)

    async def begin(self, tab: Tab, context: Context) -> JSON:
        found: list[dict[str, Any]] = []
        url, untouched = "", 0
        for frame in await _forms.load(tab):
            told = await tab.ask("__forms.controls()", frame)
            url = url or told["url"]
            closed = {index for index, form in enumerate(told["forms"]) if _forms.may_not_be_touched(form)}
            _forms.in_frame(tab, frame, [control["el"] for control in told["controls"]])
            touchable = [control for control in told["controls"] if control["form"] not in closed]
            untouched += len(told["controls"]) - len(touchable)
            found += [{**control, "like": f"{tab.place(frame)} {control['like']}"} for control in touchable]
        # What the probe before it set off comes to its end first.
        await _forms.follow(tab)
        if context.again:
            chosen = [control for control in found if {key: control["el"][key] for key in ("frame", "path")} in context.again]
        else:
            chosen = kept(found)
        return {
            "url": url,
            "controls": [{key: control[key] for key in ("el", "kind", "name", "at")} for control in chosen],
            "again": bool(context.again),
            "left_out": len(found) - len(chosen),
            "untouched": untouched,
        }

    def next(self, recording: Recording) -> Action | Done:
        count = len(recording.start["controls"])
        tried = [[control["index"] for control in step["args"]["controls"]] for step in recording.steps]
        alone = {batch[0] for batch in tried if len(batch) == 1}
        for batch, step in zip(tried, recording.steps, strict=True):
            doubtful = [index for index in batch if index not in alone] if len(batch) > 1 and step["changed"]["late"] else []
            if doubtful:
                return self._change(recording, doubtful[:1], "which_one_was_it")
        reached = max((index + 1 for batch in tried for index in batch), default=0)
        if reached >= count:
            return Done(reason="all_changed" if count else "nothing_to_change")
        size = 1 if recording.start["again"] else BATCH
        return self._change(recording, list(range(reached, min(reached + size, count))), "change_by_keys")

    def _change(self, recording: Recording, indices: list[int], reason: str) -> Action:
        controls = recording.start["controls"]
        rows = [{"index": i, "kind": controls[i]["kind"], "frame": controls[i]["el"]["frame"], "at": controls[i]["at"]} for i in indices]
        return Action(action="change", reason=reason, args={"controls": rows})

    async def perform(self, tab: Tab, action: Action) -> JSON:
        controls = [await self._one(tab, control) for control in action.args["controls"]]
        since = len(tab.page.held)
        complete = await _forms.follow(tab)
        late = _forms.noted(tab, since)
        for frame in tab.frames:
            late += await tab.ask("globalThis.__forms ? __forms.heard() : []", frame)
        return {"controls": controls, "late": late[:20], "complete": complete}

    async def _one(self, tab: Tab, control: dict[str, Any]) -> dict[str, Any]:
        """Change one field by keys, leave it, and put it back."""
        untried = {"index": control["index"], "keys": [], "changed": None, "heard": [], "fleeting": []}
        try:
            held = await _forms.call(tab, control["frame"], "hold", control["at"])
        except BrowserError:
            return untried
        if not held or not held["focused"]:
            return untried
        keys = keys_for(control["kind"], held)
        since = len(tab.page.held)
        await tab.page.press(*keys)
        fleeting = await _fleeting(tab, control)
        told = await _forms.call(tab, control["frame"], "letGo", control["at"], held["was"])
        for one in told["heard"]:
            if "el" in one:
                one["el"]["frame"] = control["frame"]
        heard = [*told["heard"], *_forms.noted(tab, since)]
        return {"index": control["index"], "keys": keys, "changed": told["changed"], "heard": heard[:10], "fleeting": fleeting}


async def _fleeting(tab: Tab, control: dict[str, Any]) -> list[Any]:
    """Texts that came just now and go by themselves while the focus stays."""
    asked = len(tab.page.requests)
    if not await _forms.call(tab, control["frame"], "came") or not await _forms.follow(tab):
        return []
    gone: list[Any] = await _forms.call(tab, control["frame"], "went", control["at"])
    return gone if len(tab.page.requests) == asked else []


def keys_for(kind: str, held: dict[str, Any]) -> list[str]:
    """The keys by which people change such a field from where it stands; a group of radio buttons is gone through once, and a short
    field of a fixed length is filled, for then it may send its form or let the focus go on."""
    if kind == "select":
        return ["ArrowUp" if held["last"] else "ArrowDown"]
    if kind == "radio":
        return [*([] if held["any"] else [" "]), *["ArrowDown"] * min(6, max(0, held["of"] - 1))]
    if kind == "checkbox":
        return [" "]
    if 1 < held["room"] <= FULL:
        return ["1"] * held["room"]
    return ["1" if held["type"] in ("number", "tel") else "a"]
