// One look at a document and its open shadow roots, in an isolated world: where it leads, what it says, how it is built.
// Returns a JSON string; crawl/look.py documents its shape. Changes nothing in the page. `given` is a document that was fetched from
// `address` and is not shown; without it, the page itself is looked at.
((options, given, address) => {
  "use strict";
  const { example, searchWords, maxWays, maxText, maxPaths, maxElements } = options;
  const cut = (text, limit) => (text.length > limit ? text.slice(0, limit - 1) + "…" : text);
  const fold = (text) => (text || "").replace(/\s+/g, " ").trim();
  const bare = (text) => fold(text).toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/g, "d");
  const doc = given || document;
  // A page may name its elements so that they stand in the place of document's own members (body, querySelector, title).
  const own = (object, name) => { for (let p = object; p; p = Object.getPrototypeOf(p)) { const d = Object.getOwnPropertyDescriptor(p, name); if (d) return d; } return {}; };
  const of = (name) => own(Document.prototype, name).get.call(doc);
  const find = (selector) => Document.prototype.querySelector.call(doc, selector);
  const attribute = (el, name) => Element.prototype.getAttribute.call(el, name);
  const member = (name) => { const { get } = own(Element.prototype, name); return (el) => get.call(el); };
  const [tagOf, classOf, shadowOf, firstOf, nextOf] = ["localName", "className", "shadowRoot", "firstElementChild", "nextElementSibling"].map(
    (name) => member(name));
  const matches = (el, selector) => Element.prototype.matches.call(el, selector);
  const here = address || of("URL");
  const base = given ? new URL(find("base[href]")?.getAttribute("href") || here, here).href : own(Node.prototype, "baseURI").get.call(document);
  const dropped = new Set();
  const ways = new Map(), posts = new Map(), forms = [], paths = new Set();
  const OUTSIDE = "header,nav,footer,aside,[role=banner],[role=navigation],[role=contentinfo],[role=search]";
  const INLINE = new Set("b i em strong u small sup sub br wbr font mark abbr time code svg path g use option script style noscript template link meta".split(" "));
  const STATE = /^(active|open|show|shown|hidden|hover|focus|selected|current|in|fade|first|last|odd|even|is-.*|ng-.*)$|\d{2,}/;

  const way = (url, words, kind, main = false) => {
    let target;
    try { target = new URL(url, base).href; } catch { return; }
    if (!/^https?:/.test(target) || target.length > 1500) return;
    if (ways.has(target)) { if (main) ways.get(target).main = true; return; }
    if (ways.size >= maxWays) { dropped.add("links"); return; }
    ways.set(target, { url: target, words: cut(words, 100), kind, main });
  };
  const post = (words) => { if (words && posts.size < 300) posts.set(cut(words, 100), 1); };
  const nameOf = (el) => fold(attribute(el, "aria-label") || el.textContent.slice(0, 400) || attribute(el, "title") || el.querySelector("img[alt]")?.getAttribute("alt") || el.value);
  const SCRIPTED = /(?:location(?:\.href)?\s*=|location\.(?:assign|replace)\(|window\.open\()\s*['"]([^'"]+)['"]/;

  const hash = (text) => {
    let h = 0x811c9dc5;
    for (let i = 0; i < text.length; i += 1) { h ^= text.charCodeAt(i); h = Math.imul(h, 0x01000193); }
    return h >>> 0;
  };
  const step = (el) => {
    const told = classOf(el);
    const classes = typeof told === "string" ? told.split(/\s+/).filter((c) => c && !STATE.test(c)).sort().slice(0, 2) : [];
    const kind = tagOf(el) === "input" ? "[" + el.type + "]" : "";
    const role = attribute(el, "role");
    return tagOf(el) + kind + (role ? "=" + role : "") + classes.map((c) => "." + c).join("");
  };

  const formOf = (el) => {
    const fields = [...el.elements].filter((f) => /^(input|select|textarea)$/.test(f.localName) && !/^(hidden|submit|button|reset|image)$/.test(f.type));
    const button = [...el.elements].find((f) => /^(submit|image)$/.test(f.type));
    const words = button ? nameOf(button) || fold(attribute(button, "alt")) : "";
    const method = (attribute(el, "method") || "get").toLowerCase();
    const row = { method, fields: fields.length, password: fields.some((f) => f.type === "password"), words: cut(words, 100) };
    if (forms.length < 30) forms.push(row);
    if (method === "post") { if (!row.password) post(words || fold(attribute(el, "aria-label")) || fold(attribute(el, "name"))); return; }
    const text = fields.find((f) => /^(text|search)$/.test(f.type));
    const told = bare([words, attribute(el, "role"), attribute(el, "aria-label"), el.id, el.className, text?.placeholder, text && attribute(text, "aria-label"), text?.name].join(" "));
    if (!text || row.password || !searchWords.some((word) => told.includes(word))) return;
    const data = new URLSearchParams();
    for (const f of el.elements) {
      if (!f.name || f.disabled || /^(submit|button|reset|image|file|password)$/.test(f.type) || (/^(checkbox|radio)$/.test(f.type) && !f.checked)) continue;
      data.append(f.name, f === text ? example : f.value);
    }
    let action;
    try { action = new URL(attribute(el, "action") || here, base); } catch { return; }
    action.search = data.toString();
    action.hash = "";
    way(action.href, words || "search", "search");
  };

  let elements = 0, frames = 0, depth = 0;
  const visit = (el, above, outside) => {
    elements += 1;
    if (elements > maxElements) { dropped.add("elements"); return; }
    const tag = tagOf(el);
    const beyond = outside || matches(el, OUTSIDE);
    const self = step(el);
    if (!beyond && !INLINE.has(tag) && paths.size < 5000) paths.add(hash(above.slice(-2).join(">") + ">" + self));
    // A form's fields may stand in the place of its members: what cannot be read of it is left out.
    try { read(el, tag, !beyond); } catch { dropped.add("members"); }
    const below = [...above.slice(-1), self];
    const shadow = shadowOf(el);
    if (shadow) for (const child of shadow.children) visit(child, below, beyond);
    // Deep nesting must not end the script: what lies deeper than a person's page ever does is left out.
    depth += 1;
    if (depth < 400) for (let child = firstOf(el); child; child = nextOf(child)) visit(child, below, beyond);
    else dropped.add("depth");
    depth -= 1;
  };
  const read = (el, tag, main) => {
    if (tag === "a" || tag === "area") {
      const href = attribute(el, "href");
      if (href !== null && /^\s*javascript:/i.test(href)) {
        const target = SCRIPTED.exec(href);
        if (target) way(target[1], nameOf(el), "route", main);
        else if (/__doPostBack|\.submit\(/.test(href)) post(nameOf(el));
      } else if (href !== null && href.trim() !== "#") way(href, nameOf(el), "link", main);
    } else if (tag === "iframe" || tag === "frame") {
      frames += 1;
      if (attribute(el, "src")) way(attribute(el, "src"), fold(el.title), "frame");
    }
    else if (tag === "meta" && /^refresh$/i.test(el.httpEquiv || "")) {
      const target = /url\s*=\s*['"]?([^'"]+)/i.exec(el.content || "");
      if (target) way(target[1], "", "redirect");
    } else if (tag === "form") formOf(el);
    const aside = attribute(el, "routerlink") || attribute(el, "data-href") || attribute(el, "data-url");
    if (aside && tag !== "a" && /^[#/.]|^https?:/.test(aside)) way(aside, nameOf(el), "route", main);
    const handler = attribute(el, "onclick");
    if (handler) {
      const target = SCRIPTED.exec(handler);
      if (target) way(target[1], nameOf(el), "route", main);
      else if (/__doPostBack|\.submit\(/.test(handler)) post(nameOf(el));
    }
  };
  visit(of("documentElement"), [], false);

  const body = of("body");
  const main = find("main,[role=main],#main,#content,#main-content,.main-content") || body;
  // A page of very many elements, or of a very long answer, is not laid out for its text.
  const long = elements > 20000 || (performance.getEntriesByType("navigation")[0]?.decodedBodySize ?? 0) > 3e6;
  const spoken = (el) => {
    const walker = doc.createTreeWalker(el, NodeFilter.SHOW_TEXT);
    let text = "";
    while (walker.nextNode() && text.length < maxText * 4) if (!/^(script|style|noscript|template)$/.test(walker.currentNode.parentElement?.localName || "")) text += walker.currentNode.data + " ";
    return text;
  };
  const textOf = (el) => (el === null ? "" : given || long ? spoken(el) : el.innerText || "");
  const whole = fold(textOf(body));
  const heading = find("h1") || find("main h2, [role=main] h2, h2");
  return JSON.stringify({
    title: cut(fold(of("title")), 300),
    heading: heading ? cut(fold(heading.textContent.slice(0, 1000)), 300) : "",
    text: cut(main && main !== body ? fold(textOf(main)) : whole, maxText),
    characters: whole.length,
    elements,
    ways: [...ways.values()],
    forms,
    posts: [...posts.keys()],
    paths: [...paths].sort((a, b) => a - b).slice(0, maxPaths),
    frames,
    cut: [...dropped],
  });
})
