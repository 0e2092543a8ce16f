// What the probe of states asks of one document: what is seen, what a control tells of its state, and what came and went meanwhile.
// Runs in the isolated world beside probe.js; changes nothing but the focus.
(() => {
  "use strict";
  if (globalThis.__states) return;
  const { pathOf, find, describe, deepActive, onTop, onTopAll } = globalThis.__probe;
  const TOLD = ["aria-expanded", "aria-checked", "aria-selected", "aria-pressed", "aria-current", "aria-activedescendant", "aria-hidden", "open"];
  const LOOKS = ["color", "backgroundColor", "backgroundImage", "backgroundPosition", "borderTopColor", "borderBottomColor", "borderTopWidth",
    "borderBottomWidth", "textDecorationLine", "fontWeight", "transform", "opacity", "visibility", "display", "width", "left"];
  const CONTENT = "a[href], button, input:not([type=hidden]), select, textarea, img, svg, video, audio, iframe, object, embed, canvas, table, [role=button], [role=img], [tabindex='0']";
  const FOCUSABLE = "a[href], area[href], button, input:not([type=hidden]), select, textarea, iframe, summary, [tabindex], [contenteditable=true]";
  const DIALOG = "dialog, [role=dialog], [role=alertdialog], [aria-modal=true]";
  const LIVE = "[role=alert], [role=status], [role=log], [aria-live=polite], [aria-live=assertive], output";
  const cut = (text, limit) => (text.length > limit ? text.slice(0, limit - 1) + "…" : text);
  const words = (el) => cut((el.innerText || "").replace(/\s+/g, " ").trim(), 200);

  // Everything that sighted people see, by one walk down: rendered, of some size, not clipped away.
  const visible = () => {
    const seen = new Set();
    const visit = (el, clip) => {
      if (!el.checkVisibility) return;
      const cs = getComputedStyle(el);
      if (cs.display === "none") return;
      const r = el.getBoundingClientRect();
      const free = cs.position === "fixed" ? null : clip;
      const away = free && (r.right <= free[0] || r.left >= free[2] || r.bottom <= free[1] || r.top >= free[3]);
      const faded = +cs.opacity < 0.02;
      const sized = r.width > 1 && r.height > 1 && r.right + scrollX > 0 && r.bottom + scrollY > 0;
      // What stands in closed details may have a size all the same.
      if (!away && !faded && cs.visibility === "visible" && sized && el.checkVisibility()) seen.add(el);
      if (faded) return;
      let next = free;
      if (/hidden|clip/.test(cs.overflowX + cs.overflowY) && el !== document.body && el !== document.documentElement) {
        const own = [r.left, r.top, r.right, r.bottom];
        next = free ? [Math.max(own[0], free[0]), Math.max(own[1], free[1]), Math.min(own[2], free[2]), Math.min(own[3], free[3])] : own;
      }
      if (el.shadowRoot) {
        observer.observe(el.shadowRoot, WATCHED);
        for (const child of el.shadowRoot.children) visit(child, next);
      }
      for (const child of el.children) visit(child, next);
    };
    if (document.body) visit(document.body, null);
    return seen;
  };
  // Transitions and animations with an end are brought to it: nothing is waited for. Whether there were any.
  const finish = () => {
    let any = false;
    for (const animation of document.getAnimations()) {
      try {
        if (animation.effect && animation.effect.getComputedTiming().endTime !== Infinity) { animation.finish(); any = true; }
      } catch { /* it cannot be finished */ }
    }
    return any;
  };

  const lookOf = (el) => {
    const parts = [];
    for (const one of [el, ...[...el.querySelectorAll("*")].filter((one) => !/ripple|wave/i.test(one.getAttribute("class") || "")).slice(0, 12)]) {
      const cs = getComputedStyle(one);
      parts.push(LOOKS.map((name) => cs[name]).join("|"), one.checked ? "checked" : "", one.localName === "img" ? one.currentSrc : "");
      for (const which of ["::before", "::after"]) {
        const pseudo = getComputedStyle(one, which);
        if (pseudo.content && pseudo.content !== "none") parts.push(pseudo.content, LOOKS.map((name) => pseudo[name]).join("|"));
      }
    }
    // Changes of the letters themselves are its name's.
    const text = parts.join("¦");
    let hash = 0;
    for (let i = 0; i < text.length; i += 1) hash = (hash * 31 + text.charCodeAt(i)) | 0;
    return hash;
  };
  // Its words as assistive technology is told them, roughly: labels, text that is not hidden from it, alternatives.
  const nameOf = (el) => {
    const out = [];
    const visit = (node) => {
      if (node.nodeType === 3) { out.push(node.data); return; }
      if (node.nodeType !== 1 || node.getAttribute("aria-hidden") === "true" || getComputedStyle(node).display === "none") return;
      out.push(node.getAttribute("aria-label") || "", node.getAttribute("alt") || "", node.getAttribute("title") || "");
      for (const child of node.childNodes) visit(child);
    };
    visit(el);
    for (const id of ((el.getAttribute("aria-labelledby") || "") + " " + (el.getAttribute("aria-describedby") || "")).split(/\s+/)) {
      const other = id && document.getElementById(id);
      if (other) out.push(other.textContent);
    }
    return cut(out.join(" ").replace(/\s+/g, " ").trim(), 200);
  };
  // A name that stands in the place of the words that are seen; null where those are the name.
  const labelOf = (el) => {
    const ids = (el.getAttribute("aria-labelledby") || "").split(/\s+/).filter(Boolean);
    const named = ids.map((id) => document.getElementById(id)).filter(Boolean);
    if (named.some((other) => other === el || el.contains(other))) return null;
    const label = (named.map((other) => other.textContent).join(" ") || el.getAttribute("aria-label") || "").replace(/\s+/g, " ").trim();
    return label ? cut(label, 200) : null;
  };
  // States told near it: on itself, on what stands around and inside it, and on what speaks of the same thing.
  const toldNear = (el) => {
    const near = new Set([el, ...[...el.querySelectorAll("*")].slice(0, 20)]);
    let node = el.parentElement;
    for (let up = 0; node && up < 3 && node !== document.body; up += 1, node = node.parentElement) near.add(node);
    if (el.id && /^[\w-]+$/.test(el.id)) for (const other of document.querySelectorAll(`[aria-controls~="${el.id}"], label[for="${el.id}"]`)) near.add(other);
    const out = [];
    for (const one of near) {
      for (const name of TOLD) if (name !== "aria-hidden" && one.hasAttribute(name)) out.push(name + "=" + one.getAttribute(name));
      if (one.localName === "input") out.push("checked=" + one.checked);
    }
    return cut(out.join(" "), 600);
  };
  const tell = (el) => {
    const state = {};
    for (const name of TOLD) if (el.hasAttribute(name)) state[name] = cut(el.getAttribute(name), 40);
    return { state, near: toldNear(el), name: nameOf(el), label: labelOf(el), words: words(el), look: lookOf(el) };
  };

  let last = null;      // what was seen at the last look
  let opener = null;
  let shown = [];       // elements that the last press showed, the outermost ones
  let veil = [];        // layers without words that it laid over the page with them
  let moved = true;     // the tree changed since then
  const observer = new MutationObserver(() => { moved = true; });
  // What is in a shadow root is watched from the first look on.
  const WATCHED = { subtree: true, childList: true, attributes: true, characterData: true };
  observer.observe(document, WATCHED);

  // Focus the control and remember what is seen before it is pressed. Null where it takes no focus.
  const hold = (path) => {
    const el = find(path);
    if (!el || !el.isConnected || !el.checkVisibility({ visibilityProperty: true })) return null;
    el.focus({ preventScroll: false });
    if (deepActive() !== el) return null;
    opener = el;
    finish();
    last = visible();
    const told = tell(el);
    moved = false; observer.takeRecords();
    return { ...told, url: location.href.slice(0, 500) };
  };
  const outermost = (set) => [...set].filter((el) => {
    for (let up = el.parentElement || (el.getRootNode() instanceof ShadowRoot ? el.getRootNode().host : null); up; up = up.parentElement) if (set.has(up)) return false;
    return true;
  });
  const layer = (el) => {
    const inside = el.matches(DIALOG) ? el : el.querySelector(DIALOG);
    if (inside && inside.checkVisibility()) return inside;
    return null;
  };
  const boxed = (el) => {
    const cs = getComputedStyle(el);
    return cs.position === "fixed" || (cs.position === "absolute" && (parseInt(cs.zIndex, 10) || 0) > 0);
  };
  // A box that floats over the middle of the window, as against a bar, a corner or a list below its control.
  const floats = (el) => {
    const r = el.getBoundingClientRect();
    const middle = Math.abs((r.left + r.right) / 2 - innerWidth / 2) < innerWidth * 0.1 && r.top > innerHeight * 0.08 && r.bottom < innerHeight * 0.97;
    return getComputedStyle(el).position === "fixed" && r.width >= 200 && (middle || r.width * r.height > innerWidth * innerHeight * 0.8);
  };
  // Whether what was shown lies over nearly all of the window: nothing behind it can be pressed with a mouse.
  const veils = () => onTopAll().filter((el) => !el || !over(el)).length <= 1;
  // Whether an element outside what was shown is wholly behind it.
  const covered = (el) => {
    const r = el.getBoundingClientRect();
    if (within(el) >= 0 || r.width < 2 || r.height < 2) return false;
    const points = [0.1, 0.5, 0.9].map((part) => [r.left + r.width * part, r.top + r.height / 2]).filter(([x, y]) => x >= 0 && y >= 0 && x < innerWidth && y < innerHeight);
    return points.length > 0 && points.every(([x, y]) => { const top = onTop(x, y); return top && !el.contains(top) && over(top); });
  };
  const order = () => [...document.querySelectorAll(FOCUSABLE)].filter((one) => one.tabIndex >= 0 && !one.disabled && one.checkVisibility({ visibilityProperty: true }) && !one.closest("[inert]"));
  // Trees cannot be compared across shadow roots: the outermost host stands for what is inside.
  const outer = (el) => { let root = el.getRootNode(); while (root instanceof ShadowRoot) { el = root.host; root = el.getRootNode(); } return el; };
  // Tab stops between the opener and an element: 0 next to it, negative where it stands before it.
  const distance = (of) => {
    if (!opener || !of) return 0;
    const from = outer(opener);
    const el = outer(of);
    if (el === from) return 0;
    const after = from.compareDocumentPosition(el) & Node.DOCUMENT_POSITION_FOLLOWING;
    let between = 0;
    for (const one of order()) {
      if (one === el || one === from || el.contains(one) || shown.some((root) => outer(root).contains(one))) continue;
      const follows = from.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING;
      const beforeEl = one.compareDocumentPosition(el) & Node.DOCUMENT_POSITION_FOLLOWING;
      if (after ? follows && beforeEl : !follows && !beforeEl) between += 1;
    }
    return after ? between : -1 - between;
  };
  // Menus of plain text links hold little that could be wrong.
  const counts = (el) => el.matches(CONTENT) && !(el.localName === "a" && el.textContent.trim() && el.closest("nav, header, [role=navigation], [role=menu], [role=menubar]"));
  const tellRoot = (el) => {
    const dialog = layer(el);
    const named = dialog || el;
    const content = [el, ...el.querySelectorAll(CONTENT)].filter(counts).length;
    const controls = opener ? (opener.getAttribute("aria-controls") || "").split(/\s+/).filter(Boolean) : [];
    const first = [...el.querySelectorAll(FOCUSABLE)].find((one) => one.tabIndex >= 0 && one.checkVisibility({ visibilityProperty: true }));
    return {
      el: { ...describe(el), frame: null }, text: words(el), content, dialog: dialog ? 1 : 0, role: named.getAttribute("role") || named.localName,
      modal: dialog && (dialog.getAttribute("aria-modal") === "true" || (dialog.localName === "dialog" && dialog.matches(":modal"))) ? 1 : 0,
      fixed: boxed(el) ? 1 : 0, floats: floats(el) ? 1 : 0, live: el.closest(LIVE) || el.querySelector(LIVE) ? 1 : 0, focusable: first ? 1 : 0,
      buttons: [...el.querySelectorAll("button, a[href], [role=button], input[type=button]")].slice(0, 12).map((one) => nameOf(one) || cut(one.value || "", 60)),
      hands: handsIn(el).map(nameOf), controlled: controls.some((id) => { const other = document.getElementById(id); return other && (el === other || el.contains(other) || other.contains(el)); }) ? 1 : 0,
      distance: first ? distance(first) : 0,
    };
  };
  // What shows the hand and takes no focus: only a mouse can press it.
  const handsIn = (root) => [...root.querySelectorAll("*")].slice(0, 300).filter((el) => {
    if (getComputedStyle(el).cursor !== "pointer" || !el.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false;
    if (el.parentElement && getComputedStyle(el.parentElement).cursor === "pointer") return false;
    const stop = el.closest(FOCUSABLE + ", label");
    return !(stop && root.contains(stop)) && !el.querySelector(FOCUSABLE);
  }).slice(0, 6);
  const hands = () => shown.flatMap(handsIn).map((el) => {
    const r = el.getBoundingClientRect();
    return { words: nameOf(el), x: r.left + r.width / 2, y: r.top + r.height / 2 };
  });
  // Tab stops that follow the opener.
  const rest = () => order().filter((one) => opener && opener !== one && opener.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING).length;
  const sorted = (roots) => roots.filter((el) => words(el) || el.querySelector(CONTENT) || el.matches(CONTENT));
  const within = (el) => shown.findIndex((root) => root.contains(el) || (root.shadowRoot && root.shadowRoot.contains(el)));
  const over = (el) => within(el) >= 0 || veil.some((root) => root.contains(el));
  const focusNow = () => {
    const active = deepActive();
    const none = !active || active === document.body || active === document.documentElement;
    return none ? null : { el: { ...describe(active), frame: null }, inside: within(active), opener: active === opener ? 1 : 0, distance: distance(active), covered: covered(active) ? 1 : 0 };
  };

  // What came and went since `hold`.
  const look = (path) => {
    const el = find(path);
    finish();
    if (!moved && !observer.takeRecords().length && deepActive() === opener) {
      return { ...tell(el), quiet: 1, there: 1, shown: [], hidden: [], active: focusNow(), url: location.href.slice(0, 500) };
    }
    const now = visible();
    const fresh = new Set([...now].filter((one) => !last.has(one)));
    const gone = [...last].filter((one) => !now.has(one));
    const goneSet = new Set(gone);
    // The control itself and what is in it changes its look, which is told apart.
    const roots = outermost(fresh).filter((one) => !opener.contains(one));
    shown = sorted(roots);
    veil = roots.filter((one) => !shown.includes(one) && boxed(one));
    const there = el && el === opener && el.isConnected && now.has(el) ? 1 : 0;
    const active = deepActive();
    const told = there ? tell(el) : null;
    let look = told && told.look;
    if (there && active !== el && within(active) < 0 && active && active !== document.body) look = null;
    const hidden = outermost(goneSet).filter((one) => !opener.contains(one) && (one.isConnected ? words({ innerText: one.textContent }) || one.querySelector(CONTENT) : one.textContent.trim()));
    return {
      ...(told || {}), look, quiet: 0, there, shown: shown.slice(0, 6).map(tellRoot), shownMore: Math.max(0, shown.length - 6), hidden: hidden.slice(0, 6).map((one) => ({
        path: one.isConnected ? pathOf(one) : null, tag: one.localName, id: cut(one.id || "", 100), text: cut(one.textContent.replace(/\s+/g, " ").trim(), 80) })),
      veils: shown.length && veils() ? 1 : 0, active: focusNow(), url: location.href.slice(0, 500),
    };
  };
  // Whether what the last press showed is still seen.
  const stands = () => shown.some((root) => root.isConnected && root.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && root.getBoundingClientRect().height > 1);
  const closers = () => {
    const found = [];
    for (const root of shown) for (const el of root.querySelectorAll("button, a[href], [role=button], input[type=button]")) {
      if (found.length < 12 && el.checkVisibility({ visibilityProperty: true })) found.push({ path: pathOf(el), words: nameOf(el) || cut(el.value || "", 60) });
    }
    return found;
  };
  // The focus into what was shown, where people are when they close it; whether it could be put there.
  const back = () => {
    if (within(deepActive()) >= 0) return true;
    for (const root of shown) for (const el of root.querySelectorAll(FOCUSABLE)) {
      if (el.tabIndex >= 0 && el.checkVisibility({ visibilityProperty: true })) { el.focus(); return within(deepActive()) >= 0; }
    }
    return false;
  };
  const press = (path) => { const el = find(path); if (!el) return false; el.focus(); return deepActive() === el; };
  const roots = () => shown.filter((root) => root.isConnected);

  globalThis.__states = { hold, finish, look, stands, closers, back, press, roots, focusNow, rest, hands };
})()
