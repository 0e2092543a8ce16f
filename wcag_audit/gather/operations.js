// What the probe of operations asks of one document: what is shown and what state it tells, before and after an action. Decides nothing.
(() => {
  "use strict";
  if (globalThis.__operations) return;
  const STATES = ["checked", "open", "disabled"];
  const MAX = 8000;
  const noisy = new WeakSet();   // what changes by itself: tickers, clocks, carousels
  let last = null;

  const all = function* (root) {
    for (const el of root.querySelectorAll("*")) {
      yield el;
      if (el.shadowRoot) yield* all(el.shadowRoot);
    }
  };
  const signature = (el) => {
    if (!el.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return "";
    const r = el.getBoundingClientRect();
    let told = r.width > 1 && r.height > 1 && r.right + scrollX > 0 && r.bottom + scrollY > 0 ? "+" : "-";
    for (const node of el.childNodes) if (node.nodeType === 3) told += node.data;
    for (const name of STATES) if (el[name] === true) told += "|" + name;
    if (el.localName === "input") told += "|" + el.type;   // a password is shown
    for (const { name, value } of el.attributes) if (name.startsWith("aria-")) told += "|" + name + value;
    return told + (el.localName === "img" ? el.src : "");
  };
  const shape = () => {
    const found = new Map();
    for (const el of all(document)) { if (found.size >= MAX) break; found.set(el, signature(el)); }
    return found;
  };
  const differences = (before, after) => {
    const found = [];
    for (const [el, told] of after) if ((before.get(el) ?? "") !== told) found.push(el);
    for (const [el, told] of before) if (told && !after.has(el)) found.push(el);
    return found;
  };
  // From now on: what changed since the last time did so by itself.
  const before = () => {
    const now = shape();
    if (last) for (const el of differences(last, now)) noisy.add(el);
    last = now;
  };
  const after = () => {
    const now = shape();
    const changed = differences(last, now).filter((el) => !noisy.has(el) && !/^(script|style|link|meta)$/.test(el.localName));
    last = now;
    return changed.filter((el) => !changed.some((other) => other !== el && other.contains(el))).slice(0, 5)
      .map((el) => ({ path: __probe.pathOf(el), tag: el.localName, id: (el.id || "").slice(0, 100), text: (el.textContent || "").replace(/\s+/g, " ").trim().slice(0, 80), shown: now.get(el) ? 1 : 0 }));
  };
  const point = (el) => {
    el.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
    const r = el.getClientRects()[0] || el.getBoundingClientRect();
    return hits(el, r.left + r.width / 2, r.top + r.height / 2);
  };
  // A point of a frame's document as one of the document that holds the frame.
  const pointIn = (frame, x, y) => {
    const r = frame.getBoundingClientRect(), style = getComputedStyle(frame);
    return hits(frame, x + r.left + frame.clientLeft + parseFloat(style.paddingLeft), y + r.top + frame.clientTop + parseFloat(style.paddingTop));
  };
  const hits = (el, x, y) => {
    const hit = __probe.onTop(x, y);
    let node = hit;
    while (node && node !== el) node = node.parentNode instanceof ShadowRoot ? node.parentNode.host : node.parentNode;
    return { x, y, hit: node === el || (hit !== null && el.contains(hit)) };
  };
  const anySeen = (paths) => {
    for (const animation of document.getAnimations()) { try { animation.finish(); } catch { /* without end */ } }
    return paths.some((path) => { const el = __probe.find(path); return el !== null && el !== undefined && __probe.seen(el); });
  };
  const leave = () => {
    if (document.activeElement) document.activeElement.blur();
    for (const kind of ["pointerdown", "mousedown", "pointerup", "mouseup", "click"]) document.body?.dispatchEvent(new MouseEvent(kind, { bubbles: true }));
  };
  const scrolled = (el) => [el.scrollLeft, el.scrollTop];
  globalThis.__operations = { before, after, point, pointIn, scrolled, anySeen, leave };
})()
