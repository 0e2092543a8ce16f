// What probes ask of one document, in its isolated world: name elements by their place, find them again, and keep a list of what
// happened (keys, focus, changes of state). Nothing here decides anything.
(() => {
  "use strict";
  if (globalThis.__probe) return;
  const cut = (text, limit) => (text.length > limit ? text.slice(0, limit - 1) + "…" : text);
  const round = (n) => Math.round(n * 10) / 10;
  const clock = () => Math.round((performance.timeOrigin + performance.now()) * 10) / 10;

  // A form's fields may stand in the place of its own members (name="id", name="children"): those are asked of what all elements share.
  const member = (type, name) => { const { get } = Object.getOwnPropertyDescriptor(type.prototype, name); return (node) => get.call(node); };
  const [parentOf, elementAbove] = ["parentNode", "parentElement"].map((name) => member(Node, name));
  const [before, childrenOf, shadowOf, idOf] = ["previousElementSibling", "children", "shadowRoot", "id"].map((name) => member(Element, name));

  // Place of an element: indices among element children from the document element down; "s" enters an open shadow root.
  const pathOf = (el) => {
    const path = [];
    let node = el;
    while (node && node !== document.documentElement) {
      const parent = parentOf(node);
      if (!parent) return null;
      let index = 0;
      for (let other = before(node); other; other = before(other)) index += 1;
      path.unshift(index);
      if (parent instanceof ShadowRoot) { path.unshift("s"); node = parent.host; } else node = parent;
    }
    return node ? path : null;
  };
  const find = (path) => {
    let node = document.documentElement;
    for (const step of path) {
      if (!node) return null;
      node = step === "s" ? shadowOf(node) : (node instanceof ShadowRoot ? node.children : childrenOf(node))[step];
    }
    return node;
  };
  const boxOf = (el) => {
    const r = el.getBoundingClientRect();
    return [round(r.left + scrollX), round(r.top + scrollY), round(r.width), round(r.height)];
  };
  // A part of a picture is seen where the picture is: some browsers tell no place of it, nor that it is drawn.
  const pictureOf = (el) => {
    const map = el.localName === "area" && el.closest("map");
    return map ? [...el.getRootNode().querySelectorAll("img[usemap]")].find((img) => img.useMap === "#" + map.name) || el : el;
  };
  const seen = (part) => {
    const el = pictureOf(part), r = el.getBoundingClientRect();
    if (!el.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || r.width <= 1 || r.height <= 1) return false;
    if (r.right + scrollX <= 0 || r.bottom + scrollY <= 0) return false;
    for (let node = el; node instanceof Element; node = elementAbove(node)) {
      const cs = getComputedStyle(node);
      if (/inset\((50%|100%)/.test(cs.clipPath) || (cs.clip !== "auto" && /rect\(\s*(0|1)px/.test(cs.clip))) return false;
    }
    return true;
  };
  const startTag = (el) => { const html = el.cloneNode(false).outerHTML; return cut(html.replace(/<\/[^>]*>$/, ""), 300); };
  // What a person typed or was given stays out of a recording.
  const textOf = (el) => cut((el.innerText || (/^(button|submit|reset)$/.test(el.type || "") ? el.value : "") || "").trim(), 80);
  const describe = (el) => {
    if (!el || el.nodeType !== 1) return null;
    return { path: pathOf(el), tag: el.localName, id: cut(idOf(el), 100), html: startTag(el), box: boxOf(el), seen: seen(el), text: textOf(el) };
  };
  const deepActive = () => {
    let el = document.activeElement;
    while (el && el.shadowRoot && el.shadowRoot.activeElement) el = el.shadowRoot.activeElement;
    return el;
  };
  const nothing = (el) => !el || /^(body|html)$/.test(el.localName);
  // The text of a whole page takes long to tell, and it is no stop.
  const stop = () => { const el = deepActive(); return nothing(el) ? null : describe(el); };

  let events = null;
  let ended = false;   // the focus has left the page: further Tabs of the same batch are kept from going round
  // The focus is in a frame below; it has left the page from there: of that the page itself hears nothing but the next key.
  let below = false, away = false;
  const push = (kind, more) => { if (events && events.length < 5000) events.push({ kind, at: clock(), ...more }); };
  // Drawing the ring around each stop costs more than half of a key on a long page; nothing that a walk records rests on it.
  let ringless = null;
  const ring = (shown) => {
    if (!ringless) { ringless = new CSSStyleSheet(); ringless.replaceSync(":focus { outline: none !important }"); }
    const others = [...document.adoptedStyleSheets].filter((sheet) => sheet !== ringless);
    document.adoptedStyleSheets = shown ? others : [...others, ringless];
  };
  const record = () => {
    if (events) { events = []; return; }
    events = [];
    const on = (target, type, listener) => target.addEventListener(type, listener, { capture: true });
    on(window, "keydown", (e) => {
      if (e.key === "Tab" && window === window.top && !ended && below && nothing(deepActive())) {
        away = !away;
        if (away) { push("leave", { active: "body" }); ended = true; }
      }
      if (ended && e.key === "Tab") { e.preventDefault(); e.stopImmediatePropagation(); return; }
      push("key", { key: e.key, shift: e.shiftKey ? 1 : 0 });
    });
    on(window, "keyup", () => {
      const el = deepActive();
      if (el && el !== last && el.getRootNode() !== document) focused(el);
      push("keyup", { el: null });
    });
    // "focus" comes before the handlers of the page, "focusin" after them; moves inside one shadow tree show in neither.
    let last = null;
    const focused = (el) => { last = el; push("focus", { el: el && el.nodeType === 1 ? describe(el) : null }); };
    on(window, "focus", (e) => { const el = e.composedPath()[0]; if (el !== window && el.nodeType === 1) focused(el); });
    on(window, "blur", (e) => {
      if (e.target !== window) return;
      const active = document.activeElement ? document.activeElement.localName : "";
      push("leave", { active });
      below = /^i?frame$/.test(deepActive()?.localName);
      if (window === window.top && (active === "body" || active === "html" || active === "")) ended = true;
    });
    on(window, "focus", (e) => { if (e.target === window) { below = away = false; push("enter", {}); } });
    on(window, "submit", (e) => push("submit", { el: describe(e.target) }));
    on(window, "change", (e) => push("change", { el: describe(e.composedPath()[0]) }));
    on(window, "hashchange", () => push("hash", { url: location.href.slice(0, 500) }));
    on(window, "focusout", (e) => { if (!e.relatedTarget && document.hasFocus()) push("lost", { path: pathOf(e.composedPath()[0]) }); });
    // A script that writes the part of the page now in sight into the address tells of no change of hash; "#/" is a route.
    const isPart = ({ url, sameDocument }) => sameDocument && url.split("#")[0] === location.href.split("#")[0] && !/#!?\//.test(url);
    if (window.navigation) on(window.navigation, "navigate", (e) => {
      push("navigate", { url: e.destination.url.slice(0, 500), hash: e.hashChange || isPart(e.destination) ? 1 : 0 });
    });
  };
  const take = () => { const taken = events || []; if (events) events = []; ended = false; return taken; };

  // The page in one number per part: its structure, texts and what its fields hold. Digits are left out.
  const looks = () => {
    const active = deepActive();
    if (active && active !== document.body && active !== document.documentElement) active.blur();
    scrollTo({ left: 0, top: 0, behavior: "instant" });
    let hash = 0, count = 0;
    const mix = (text) => {
      for (let i = 0; i < text.length; i += 1) {
        const code = text.charCodeAt(i);
        if (code < 48 || code > 57) hash = (Math.imul(hash, 31) + code) | 0;
      }
    };
    const walk = (root) => {
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (node.nodeType === 3) { mix(node.data); continue; }
        count += 1;
        mix("<" + node.localName);
        for (const { name, value } of node.attributes) mix(" " + name + "=" + value);
        if ("checked" in node || "value" in node || "selectedIndex" in node) mix(`${node.checked ? "x" : ""}${node.indeterminate ? "y" : ""}|${typeof node.value === "string" ? node.value : ""}`);
        if (node.shadowRoot) walk(node.shadowRoot);
      }
    };
    walk(document);
    const size = window === window.top ? innerWidth + "×" + innerHeight : "";
    // A place on the page is no other page; an application's route is.
    const address = location.href.replace(/#(?!!?\/).*$/, "").replace(/\d+/g, "");
    return [hash, count, address, document.title.replace(/\d+/g, ""), size].join(" ");
  };

  // What the mouse would meet at a point of the window, in open shadow roots too.
  const onTop = (x, y) => {
    let el = document.elementFromPoint(x, y);
    for (let inner = el; inner && inner.shadowRoot; ) {
      inner = inner.shadowRoot.elementFromPoint(x, y);
      if (!inner || inner === el) break;
      el = inner;
    }
    return el;
  };
  // At nine points of the window.
  const onTopAll = () => [0.04, 0.5, 0.96].flatMap((x) => [0.04, 0.5, 0.96].map((y) => onTop(x * innerWidth, y * innerHeight)));
  // The layer over the middle of the window where such layers lie over nearly all of it, and the stops of Tab wholly behind them.
  const STOPS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex], [contenteditable=true]";
  const layerOf = (el) => {
    let found = null;
    for (let node = el; node; node = parentOf(node)) {
      if (node instanceof ShadowRoot) node = node.host;
      if (node instanceof Element && (getComputedStyle(node).position === "fixed" || node.matches(":modal"))) found = node;
    }
    return found;
  };
  const covering = () => {
    const points = onTopAll().map(layerOf);
    const layer = points[4];
    if (!layer || points.filter(Boolean).length < 8) return null;
    const behind = [...document.querySelectorAll(STOPS)].filter((el) => {
      if (el.tabIndex < 0 || layerOf(el) || !seen(el)) return false;
      const r = el.getBoundingClientRect(), x = r.left + r.width / 2, y = r.top + r.height / 2;
      return x >= 0 && y >= 0 && x < innerWidth && y < innerHeight && layerOf(onTop(x, y)) !== null;
    });
    return { el: describe(layer), behind: behind.slice(0, 10).map(pathOf) };
  };

  globalThis.__probe = { looks, onTop, onTopAll, covering, pathOf, find, describe, deepActive, stop, record, take, ring, clock, seen, boxOf };
})()
