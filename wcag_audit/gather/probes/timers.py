"""``timers``: the page's clock moved on, up to 20 hours, without waiting; the last probe on its page, whose time is spoilt afterwards.

Every request is held back meanwhile: hours of polling would otherwise reach the server within seconds.

``start``: ``{"again": limits in ms to be tried again, "look": …, "sounds": what timers had started until then, each as "page time in ms,
1 where it repeats, seconds if known, address", "flickers": what large thing had begun to change fast and back, as "page time in ms,
name"}``, and ``"scripts": false`` where nothing could run. What comes later is in ``held``.
Steps, by action:

``advance`` (args ``to``: page time in ms)
    ``{"complete": the time was reached, "left": [{"url", "method"}], "asked": [{"url", "method", "type"}], "took": ms, "look": …}``;
    beyond a minute of a first try timers of less than a second come once a minute, as in a tab that has long been in the background:
    an hour of a ticker's steps takes many seconds otherwise. A limit that is counted in such steps, rather than in seconds or in time,
    is met later than it would be, or not at all; a second try runs them all.
``wait`` (args ``to``)
    the same, in real time.

A look is ``{"now": page time in ms, "url", "leaves": times at which the page began to leave, "dialogs": [element with "text" and
"buttons"], "fresh": texts that came into view since the start, "controls": buttons that did, and links in a layer that stays in view,
each with the text around it}``; dialogs, fresh texts and controls only where the page left and in a second try. Page time is counted
from the start of the page's loading.

Sources: success criterion 2.2.1; techniques G133, G198, F40, F41, F58.
"""

from __future__ import annotations

import time
from typing import Any

from wcag_audit.gather.probe import Action, Context, Done, Probe, Recording, Tab
from wcag_audit.model import JSON

_SECOND, _MINUTE, _HOUR = 1_000, 60_000, 3_600_000
#: Page times that are gone to one after the other.
STAGES: tuple[int, ...] = (
    5 * _SECOND,
    30 * _SECOND,
    _MINUTE,
    5 * _MINUTE,
    15 * _MINUTE,
    30 * _MINUTE,
    _HOUR,
    2 * _HOUR,
    20 * _HOUR,
)
#: Milliseconds of real time that each stage may take: those up to an hour, without which nothing can be said, and the later ones.
BOX, LATER = 10_000, 600
#: Page time beyond which quick timers are slowed down in a first try.
SLOWED = _MINUTE
#: Limits up to which a second try waits in real time.
REAL = _MINUTE
#: What a second try looks at: parts of the limit, and times before its end.
_PARTS = (0.5, 0.8, 0.9)
_BEFORE = (5 * _MINUTE, 2 * _MINUTE, _MINUTE, 20 * _SECOND, 5 * _SECOND)
#: How often a second try looks while it waits in real time.
_PACE = 4 * _SECOND

_SETUP = """(() => {
  if (globalThis.__time) return 0;
  const leaves = [];
  addEventListener("beforeunload", () => { if (leaves.length < 20) leaves.push(Math.round(performance.now())); });
  const cut = (text, limit) => { const t = text.replace(/\\s+/g, " ").trim(); return t.length > limit ? t.slice(0, limit - 1) + "…" : t; };
  const DIALOGS = "dialog[open], [role=dialog], [role=alertdialog], [role=alert], [role=status], [aria-modal=true], [aria-live=assertive]";
  const BLOCKS = "p, li, h1, h2, h3, h4, h5, h6, button, a, td, div, span, label";
  const shown = (el) => el.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && __probe.seen(el);
  const words = () => {
    const found = new Set();
    for (const el of document.querySelectorAll(BLOCKS)) {
      if (found.size > 3000) break;
      if (![...el.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || !shown(el)) continue;
      found.add(cut(el.innerText, 200));
    }
    return found;
  };
  // A ticker brings new links into view all the time: only a link in a layer that stays in view may be part of a warning.
  const layered = (el) => !!el && (getComputedStyle(el).position === "fixed" || layered(el.parentElement));
  const pressable = () => {
    const found = new Map();
    for (const el of document.querySelectorAll("button, a[href], input[type=button], input[type=submit], [role=button]")) {
      if (found.size > 1000) break;
      const name = cut(el.innerText || el.value || el.getAttribute("aria-label") || "", 60).replace(/\\d+/g, "");
      const stays = el.localName !== "a" || /^(#|javascript:|$)/i.test(el.getAttribute("href"));
      if (name && shown(el) && (stays || layered(el))) found.set(name, el);
    }
    return found;
  };
  let before = null, had = null;
  const look = (closely) => {
    const told = { now: Math.round(performance.now()), url: location.href.slice(0, 500), leaves: leaves.slice() };
    if (!closely) return told;
    const dialogs = [...document.querySelectorAll(DIALOGS)].filter((el) => shown(el) && el.innerText.trim()).slice(0, 8);
    told.dialogs = dialogs.map((el) => ({ ...__probe.describe(el), frame: [], text: cut(el.innerText, 300),
      buttons: [...el.querySelectorAll("button, a[href], input[type=button], input[type=submit], [role=button]")].slice(0, 6)
        .map((b) => cut(b.innerText || b.value || b.getAttribute("aria-label") || "", 60)) }));
    const now = words();
    told.fresh = before ? [...now].filter((text) => !before.has(text)).slice(0, 30) : [];
    before = before || now;
    const controls = pressable();
    const come = had ? [...controls].filter(([name]) => !had.has(name)).slice(0, 8) : [];
    told.controls = come.map(([name, el]) => cut((el.parentElement || el).innerText || name, 200));
    had = had || controls;
    return told;
  };
  globalThis.__time = { look };
  return 1;
})()"""


class Timers(Probe):
    name = "timers"
    version = 5
    time_box = 90.0
    needs_real_time = False
    spoils_page = True

    def idle(self, context: Context) -> JSON | None:
        data = context.artifacts.get("dom")
        if data is None or any(row["t"] == "script" or any(name.startswith("on") for name in row.get("a", ())) for row in data["nodes"]):
            return None
        return {"again": [], "scripts": False, "look": {"now": 0, "url": "", "leaves": []}, "sounds": [], "flickers": []}

    async def begin(self, tab: Tab, context: Context) -> JSON:
        await tab.ask(_SETUP)
        told = {kind: [note["detail"] for note in tab.page.held if note["kind"] == kind] for kind in ("timed-sound", "flicker")}
        again = [what["limit"] for what in context.again][:1]
        return {"again": again, "look": await tab.ask("__time.look(true)"), "sounds": told["timed-sound"], "flickers": told["flicker"]}

    def next(self, recording: Recording) -> Action | Done:
        steps = recording.steps
        if not recording.start.get("scripts", True):
            return Done(reason="no_scripts")
        if steps and steps[-1]["changed"]["left"]:
            return Done(reason="left")
        if recording.start["again"]:
            return self._again(recording)
        if steps and not steps[-1]["changed"]["complete"]:
            return Done(reason="slow")
        if len(steps) == len(STAGES):
            return Done(reason="end")
        return Action(action="advance", reason="time_passes", args={"to": STAGES[len(steps)], "closely": False})

    def _again(self, recording: Recording) -> Action | Done:
        """Look ever more closely before the limit, then go past it."""
        limit = int(recording.start["again"][0])
        now = int((recording.steps[-1]["changed"] if recording.steps else recording.start)["look"]["now"])
        last = limit + max(4 * _SECOND, limit // 20)
        if now >= last or (recording.steps and not recording.steps[-1]["changed"]["complete"]):
            return Done(reason="stayed")
        if limit <= REAL:
            return Action(action="wait", reason="real_time", args={"to": min(now + _PACE, last), "closely": True})
        points = sorted({*(int(limit * part) for part in _PARTS), *(limit - before for before in _BEFORE)})
        to = next((point for point in points if point > now + _SECOND), last)
        return Action(action="advance", reason="before_the_limit", args={"to": to, "closely": True})

    async def perform(self, tab: Tab, action: Action) -> JSON:
        started = time.perf_counter()
        to, closely = int(action.args["to"]), bool(action.args["closely"])
        now = int(await tab.ask("Math.round(performance.now())"))
        if to > SLOWED and not closely:
            await tab.page.slow_timers()
        box = (LATER if to > _HOUR and not closely else BOX) / 1000
        told: dict[str, Any] = await tab.page.leap(max(1, to - now), box, real=action.action == "wait")
        # A close look, wherever the page has left: the warning may still be in sight.
        look = await tab.ask(f"__time.look({'true' if closely or told['left'] else 'false'})")
        if look["leaves"] and not told["left"]:
            # It has begun to leave, and its request is still on the way.
            told.update(await tab.page.leap(_SECOND, 1.0, real=True))
        return {**told, "took": int((time.perf_counter() - started) * 1000), "look": look}
