// What the probes of forms ask of one document, in its isolated world: which fields and forms there are, what stands beside a
// field, and what a change or a submit brought. Nothing here decides anything. Needs probe.js.
(() => {
  "use strict";
  if (globalThis.__forms) return;
  const P = globalThis.__probe;
  const TYPED = new Set(["text", "search", "tel", "url", "email", "password", "number"]);
  const BUTTONS = "button, input[type=submit], input[type=button], input[type=image], [role=button], a[onclick], a[href^='javascript:']";
  const WIDE = "h1, main, nav, header, footer, [role=main], [role=navigation], [role=banner]";
  const cut = (text, limit) => { text = (text || "").replace(/\s+/g, " ").trim(); return text.length > limit ? text.slice(0, limit - 1) + "…" : text; };
  const all = (root, selector, found = []) => {
    for (const el of root.querySelectorAll("*")) {
      if (el.matches(selector)) found.push(el);
      if (el.shadowRoot) all(el.shadowRoot, selector, found);
    }
    return found;
  };
  const up = (el) => el.parentElement || (el.getRootNode() instanceof ShadowRoot ? el.getRootNode().host : null);
  const usable = (el) => !el.disabled && !el.readOnly && el.type !== "hidden" && !el.closest("[inert], [aria-hidden=true]");
  const isEntry = (el) => el.localName !== "input" || TYPED.has(el.type) || ["date", "month", "time", "week", "datetime-local"].includes(el.type);
  const wordsOf = (ids, root) => ids.split(/\s+/).map((id) => id && root.getElementById(id)).filter(Boolean);
  const labelsOf = (el) => [...(el.labels || []), ...wordsOf(el.getAttribute("aria-labelledby") || "", el.getRootNode())];
  const nameOf = (el) => cut(labelsOf(el).map((l) => l.innerText).join(" ") || el.getAttribute("aria-label") || el.title || el.placeholder || el.name, 120);
  const buttonWords = (el) => cut([el.innerText || el.value, el.getAttribute("aria-label"), el.title, el.alt].filter(Boolean).join(" "), 100);
  // Asked of the same ancestors again and again: remembered while one list is made.
  let asked = new WeakMap();
  const has = (node, selector) => {
    if (!asked.has(node)) asked.set(node, {});
    return (asked.get(node)[selector] ??= node.querySelector(selector) !== null);
  };
  const wide = (node) => node === document.body || has(node, WIDE);

  // The form as people see it: the form element, or, where that holds the whole page, the nearest part that has a button.
  const homeOf = (el) => {
    const form = el.form || el.closest("form, [role=search], [role=form]");
    if (form && !wide(form)) return form;
    let node = up(el);
    for (let steps = 0; node && node !== form && node !== document.body && steps < 7; steps += 1, node = up(node)) {
      if (wide(node)) return null;
      if (has(node, BUTTONS)) return node;
    }
    return null;
  };
  const aboutHome = (home) => {
    const named = [home, ...home.querySelectorAll("legend, h2, h3, h4, caption")].slice(0, 8);
    return {
      el: P.describe(home),
      buttons: [...home.querySelectorAll(BUTTONS)].filter(P.seen).slice(0, 10).map(buttonWords),
      about: cut(named.map((n) => (n === home ? home.getAttribute("aria-label") || "" : n.innerText)).join(" "), 300),
      marks: cut([home.id, home.className, home.getAttribute("action"), home.getAttribute("role")].filter((x) => typeof x === "string").join(" "), 200),
      secret: home.querySelector("input[type=password], input[type=file]") !== null,
    };
  };

  const kindOf = (el) => {
    if (el.localName === "select") return [...el.options].filter((o) => !o.disabled).length > 1 ? "select" : "";
    if (el.localName === "textarea") return "text";
    if (el.type === "radio" || el.type === "checkbox") return el.type;
    return TYPED.has(el.type) && el.type !== "password" ? "text" : "";
  };
  const group = (el) => (el.form || document).querySelectorAll(`input[type=radio][name="${CSS.escape(el.name)}"]`);
  // Elements by the number that a list gave them: places shift when a form shows its errors.
  let changed = [], hinted = [], sendable = [];
  const controls = () => {
    asked = new WeakMap();
    const homes = [], found = [], groups = new Set();
    changed = [];
    for (const el of all(document, "select, textarea, input")) {
      const kind = usable(el) && P.seen(el) ? kindOf(el) : "";
      if (!kind) continue;
      const key = kind === "radio" && el.name ? el.name + "\n" + (el.form ? P.pathOf(el.form) : "") : "";
      if (key && groups.has(key)) continue;
      groups.add(key);
      const home = homeOf(el);
      if (home && !homes.includes(home)) homes.push(home);
      const like = [kind, home ? homes.indexOf(home) : -1, el.className, el.getAttribute("onchange") || ""].join("|");
      changed.push(el);
      found.push({ at: changed.length - 1, el: P.describe(el), kind, name: nameOf(el), form: home ? homes.indexOf(home) : null, like: cut(like, 120) });
      if (found.length >= 400) break;
    }
    return { url: location.href.slice(0, 500), controls: found, forms: homes.map(aboutHome) };
  };

  // -- one field changed -----------------------------------------------------------------------------------------------
  let moved = [];
  let acting = null;
  let listening = false;
  const listen = () => {
    if (listening) return;
    listening = true;
    if (globalThis.navigation) navigation.addEventListener("navigate", (e) => {
      if (e.hashChange || !e.cancelable || e.navigationType === "traverse" || new URL(e.destination.url).protocol === "javascript:") return;
      if (e.destination.sameDocument) return;
      if (moved.length < 50) moved.push({ kind: "navigate", url: e.destination.url.slice(0, 500), post: e.formData ? 1 : 0 });
      // What is held back here needs no answer from the network, and the next attempt cannot push it aside.
      e.preventDefault();
    });
    window.addEventListener("focusin", (e) => {
      const el = e.composedPath()[0];
      if (acting && el.nodeType === 1 && el !== acting && !(el.type === "radio" && el.name === acting.name)) {
        if (moved.length < 50) moved.push({ kind: "focus", el: P.describe(el) });
      }
    }, true);
  };
  // Texts that come with the focus or a key: known only where the tree was touched since the last look at all of them.
  let known = null, fresh = [], touched = true, watching = null;
  const watch = () => {
    watching ||= new MutationObserver(() => { touched = true; });
    watching.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  };
  const hold = (at) => {
    if (!changed[at] || !changed[at].isConnected) return null;
    if (!watching) watch();
    if (touched || watching.takeRecords().length) { known = texts(); touched = false; }
    return focusOn(changed[at]);
  };
  const came = async () => {
    await task();
    fresh = [];
    if (!touched) return 0;
    const now = texts();
    fresh = [...now].filter(([node, data]) => known.get(node) !== data).slice(0, 20).map(([node, data]) => ({ node, data, told: {
      text: cut(data, 200), box: boxOfText(node), live: node.parentElement.closest("[role=alert], [role=status], [role=log], [aria-live], output") ? 1 : 0 } }));
    return fresh.length;
  };
  // Of these, what is not seen any more although the focus stands where it stood.
  const went = (at) => {
    const now = texts();
    const still = new Set([...now.values()].map((data) => data.trim()));
    return P.deepActive() !== changed[at] ? [] : fresh.filter(({ node, data }) => now.get(node) !== data && !still.has(data.trim())).map(({ told }) => told);
  };
  const focusOn = (el) => {
    listen();
    acting = null;
    if (P.deepActive() && P.deepActive() !== document.body) P.deepActive().blur();
    el.scrollIntoView({ block: "center", behavior: "instant" });
    el.focus({ preventScroll: true });
    moved = [];
    acting = el;
    const radios = el.type === "radio" ? [...group(el)].filter((r) => !r.disabled) : [];
    return {
      focused: P.deepActive() === el,
      last: el.localName === "select" && ![...el.options].slice(el.selectedIndex + 1).some((o) => !o.disabled),
      checked: el.checked ? 1 : 0, of: radios.length, any: radios.some((r) => r.checked) ? 1 : 0, type: el.type || "",
      room: el.maxLength > 0 ? el.maxLength - el.value.length : 0,
      was: el.localName === "select" ? el.selectedIndex : el.type === "checkbox" ? el.checked : el.type === "radio" ? radios.findIndex((r) => r.checked) : el.value,
    };
  };
  const task = () => new Promise((done) => setTimeout(done, 0));
  const letGo = async (at, was) => {
    const el = changed[at];
    await task();
    const now = el.localName === "select" ? el.selectedIndex : el.type === "checkbox" ? el.checked : el.value;
    const differs = el.type === "radio" || now !== was;
    const active = P.deepActive();
    acting = null;
    if (active && active !== document.body) active.blur();
    await task();
    if (el.localName === "select") el.selectedIndex = was;
    else if (el.type === "checkbox") el.checked = was;
    else if (el.type === "radio") { const radios = [...group(el)].filter((r) => !r.disabled); radios.forEach((r, i) => { r.checked = i === was; }); }
    else el.value = was;
    return { changed: differs ? 1 : 0, heard: moved.splice(0) };
  };
  const heard = () => moved.splice(0);

  // -- texts that are seen ---------------------------------------------------------------------------------------------
  const texts = () => {
    const found = new Map();
    const walk = (root) => {
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        if (node.nodeType === 1) { if (node.shadowRoot) walk(node.shadowRoot); continue; }
        const holder = node.parentElement;
        if (found.size > 4000 || !holder || !/[\p{L}\p{N}]/u.test(node.data) || holder.closest("script, style, option, textarea, noscript")) continue;
        if (holder.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && P.seen(holder)) found.set(node, node.data);
      }
    };
    walk(document.body);
    return found;
  };
  const boxOfText = (node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    const r = range.getBoundingClientRect();
    return [r.left + scrollX, r.top + scrollY, r.width, r.height].map((n) => Math.round(n * 10) / 10);
  };
  const around = (el) => {
    const r = el.getBoundingClientRect(), near = [], range = document.createRange();
    const root = el.getRootNode(), walker = document.createTreeWalker(root.body || root, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node && near.length < 12; node = walker.nextNode()) {
      if (!/[\p{L}\p{N}]/u.test(node.data)) continue;
      range.selectNodeContents(node);
      const o = range.getBoundingClientRect();
      const left = r.left - o.right, right = o.left - r.right, above = r.top - o.bottom, below = o.top - r.bottom;
      const line = above < 0 && below < 0;
      if (!(line ? left <= 400 && right <= 250 : above <= 60 && below <= 40 && Math.max(left, right) <= 30)) continue;
      const holder = node.parentElement;
      if (holder.closest("button, a, nav, script, style, option, textarea, noscript") || !P.seen(holder)) continue;
      near.push(cut(node.data, 100));
    }
    return near;
  };

  // -- labels that vanish ----------------------------------------------------------------------------------------------
  const overlaps = (a, b) => {
    const x = a.getBoundingClientRect(), y = b.getBoundingClientRect();
    return Math.min(x.right, y.right) - Math.max(x.left, y.left) > 0 && Math.min(x.bottom, y.bottom) - Math.max(x.top, y.top) > y.height / 2;
  };
  const hints = (limit) => {
    const found = [];
    hinted = [];
    for (const el of all(document, "textarea, input")) {
      if (found.length >= limit) break;
      if (!(el.localName === "textarea" || TYPED.has(el.type)) || !usable(el) || !P.seen(el) || el.value) continue;
      const shown = labelsOf(el).filter(P.seen);
      const inside = shown.filter((label) => !label.contains(el) && overlaps(el, label));
      if (shown.length > inside.length || (!el.placeholder.trim() && !inside.length)) continue;
      hinted.push(el);
      found.push({ at: hinted.length - 1, el: P.describe(el), placeholder: cut(el.placeholder, 100), type: el.type, inside: cut(inside.map((l) => l.innerText).join(" "), 100) });
    }
    return found;
  };
  const settle = () => document.getAnimations().forEach((a) => { if (a instanceof CSSTransition) a.finish(); });
  const beforeTyping = (at) => {
    const el = hinted[at];
    if (!el || !el.isConnected) return null;
    const near = around(el);
    focusOn(el);
    return { near, focused: P.deepActive() === el };
  };
  const afterTyping = async (at) => {
    const el = hinted[at];
    await task();
    settle();
    return { typed: el.value ? 1 : 0, hint: el.matches(":placeholder-shown") ? 1 : 0, near: around(el) };
  };

  // -- forms sent ------------------------------------------------------------------------------------------------------
  const required = (el) => el.required || el.getAttribute("aria-required") === "true" || labelsOf(el).some((l) => /\*|bắt buộc|required/i.test(l.innerText));
  const tellField = (el) => ({
    el: P.describe(el), name: nameOf(el), type: el.localName === "input" ? el.type : el.localName, required: required(el) ? 1 : 0,
    hint: cut(wordsOf(el.getAttribute("aria-describedby") || "", el.getRootNode()).map((n) => n.innerText).join(" ") || el.placeholder, 160),
    words: cut([el.id, el.name, el.getAttribute("inputmode"), el.getAttribute("pattern"), el.dataset.rule].filter(Boolean).join(" "), 160),
  });
  const fieldsIn = (home) => [...home.querySelectorAll("select, textarea, input")].filter((el) => usable(el) && isEntry(el) && P.seen(el));
  const homes = () => {
    const found = [];
    sendable = [];
    asked = new WeakMap();
    for (const button of all(document, BUTTONS)) {
      if (!usable(button) || !P.seen(button)) continue;
      let home = homeOf(button);
      if (!home || !fieldsIn(home).length) home = nearestWithFields(button);
      const fields = home ? fieldsIn(home) : [];
      if (!fields.length || fields.length > 30) continue;
      const told = { el: P.describe(button), words: buttonWords(button) };
      const place = sendable.findIndex((one) => one.home === home);
      if (place >= 0) {
        sendable[place].buttons.push(button);
        found[place].buttons.push(told);
      } else if (found.length < 20) {
        sendable.push({ home, buttons: [button], fields });
        found.push({ at: found.length, buttons: [told], fields: fields.map(tellField), form: aboutHome(home) });
      }
    }
    return found.map((told) => ({ ...told, buttons: told.buttons.slice(0, 8) }));
  };
  const nearestWithFields = (button) => {
    let node = up(button);
    for (let steps = 0; node && node !== document.body && steps < 7; steps += 1, node = up(node)) {
      if (wide(node)) return null;
      if (fieldsIn(node).length) return node;
    }
    return null;
  };
  const aroundField = (el) => {
    let node = el;
    for (let steps = 0; steps < 2; steps += 1) {
      const parent = node.parentElement;
      if (!parent || parent.querySelectorAll("input:not([type=hidden]), select, textarea").length > 1 || parent.localName === "form") break;
      node = parent;
    }
    return node === el ? null : node;
  };
  const SIDES = ["Top", "Right", "Bottom", "Left"];
  const look = (el, colours, shape, key) => {
    const cs = getComputedStyle(el);
    for (const side of SIDES) {
      const width = parseFloat(cs[`border${side}Width`]);
      if (width > 0 && cs[`border${side}Style`] !== "none") colours[`${key} border ${side}`] = cs[`border${side}Color`];
      shape[`${key} border ${side}`] = width + cs[`border${side}Style`];
    }
    colours[`${key} background`] = cs.backgroundColor;
    colours[`${key} text`] = cs.color;
    const outlined = cs.outlineStyle !== "none" && parseFloat(cs.outlineWidth) > 0;
    if (outlined) colours[`${key} outline`] = cs.outlineColor;
    shape[`${key} outline`] = outlined ? cs.outlineWidth + cs.outlineStyle : "";
    shape[`${key} shadow`] = cs.boxShadow.replace(/(rgba?|color)\([^)]*\)/g, "").trim();
    if (cs.boxShadow !== "none") colours[`${key} shadow`] = (/(rgba?|color)\([^)]*\)/.exec(cs.boxShadow) || [""])[0];
    shape[`${key} picture`] = cs.backgroundImage.slice(0, 80);
    shape[`${key} weight`] = cs.fontWeight + cs.fontStyle + cs.textDecorationLine;
    for (const pseudo of ["::before", "::after"]) shape[`${key} ${pseudo}`] = getComputedStyle(el, pseudo).content.slice(0, 60);
  };
  const signs = (box) => (box ? [...box.querySelectorAll("*")].filter((n) => P.seen(n) && !/[\p{L}\p{N}]/u.test(n.textContent) && !n.matches("input, select, textarea, option, br")).length : 0);
  const state = (el) => {
    const colours = {}, shape = {}, box = aroundField(el);
    look(el, colours, shape, "field");
    if (box) look(box, colours, shape, "around");
    const label = labelsOf(el)[0];
    if (label) look(label, colours, shape, "label");
    shape.signs = String(signs(box));
    return {
      colours, shape, box: P.boxOf(el), invalid: el.getAttribute("aria-invalid") || "", class: cut(el.className + " " + (box ? box.className : ""), 200),
      message: cut(el.validationMessage, 200), off: el.disabled || el.readOnly ? 1 : 0,
      told: cut(["aria-describedby", "aria-errormessage"].flatMap((a) => wordsOf(el.getAttribute(a) || "", el.getRootNode())).filter(P.seen).map((n) => n.innerText).join(" "), 300),
    };
  };
  const pairs = (a, b) => {
    const changes = {};
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) if (a[key] !== b[key]) changes[key] = [a[key] ?? "", b[key] ?? ""];
    return changes;
  };
  const difference = (a, b) => ({
    colours: pairs(a.colours, b.colours), shape: pairs(a.shape, b.shape), box: b.box, size: [a.box.slice(2), b.box.slice(2)], invalid: b.invalid,
    class: [a.class, b.class], message: b.message, off: b.off, told: [a.told, b.told],
  });
  const firsts = new Map();
  const bubbles = [];
  const setValue = (el, value) => {
    if (el.localName === "select") { const empty = [...el.options].findIndex((o) => !o.value); el.selectedIndex = value ? Math.min(1, el.options.length - 1) : Math.max(0, empty); } else el.value = value;
    el.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
    el.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const prepare = (home, press, values) => {
    const { buttons, fields } = sendable[home], button = buttons[press];
    if (!button.isConnected || fields.some((el) => !el.isConnected)) return null;
    listen();
    if (!firsts.size) {
      window.addEventListener("invalid", (e) => { const el = e.composedPath()[0]; setTimeout(() => bubbles.push({ el, shown: !e.defaultPrevented }), 0); }, true);
    }
    if (!firsts.has(home)) {
      if (P.deepActive() && P.deepActive() !== document.body) P.deepActive().blur();
      settle();
      firsts.set(home, { texts: texts(), fields: fields.map(state) });
    }
    values.forEach((value, i) => { if (value !== null) setValue(fields[i], value); });
    bubbles.length = 0;
    moved = [];
    acting = null;
    button.scrollIntoView({ block: "center", behavior: "instant" });
    button.focus({ preventScroll: true });
    return P.deepActive() === button;
  };
  const click = (home, press) => sendable[home].buttons[press].click();
  const outcome = async (home, press) => {
    await task();
    const { buttons, fields } = sendable[home], button = buttons[press], before = firsts.get(home), active = P.deepActive();
    if (active && active !== document.body) active.blur();
    await task();
    settle();
    const news = [];
    for (const [node, data] of texts()) {
      if (before.texts.get(node) === data || news.length >= 40) continue;
      news.push({ text: cut(data, 200), box: boxOfText(node), live: node.parentElement.closest("[role=alert], [role=status], [role=alertdialog], [role=dialog], dialog, [aria-live]") ? 1 : 0 });
    }
    const first = bubbles.find((b) => b.shown);
    return {
      news, moved: moved.splice(0), focus: fields.indexOf(active), away: active === button || !active || active === document.body ? 0 : 1,
      bubble: first ? { field: fields.indexOf(first.el), text: cut(first.el.validationMessage, 200) } : null,
      native: bubbles.filter((b) => b.shown).map((b) => fields.indexOf(b.el)),
      fields: fields.map((el, i) => (el.isConnected ? difference(before.fields[i], state(el)) : null)),
    };
  };

  globalThis.__forms = { controls, hold, came, went, letGo, heard, hints, beforeTyping, afterTyping, homes, prepare, click, outcome };
})()
