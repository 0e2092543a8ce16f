// One pass over one document and its open shadow roots, run in an isolated world after axe-core was loaded there.
// Returns a JSON string; gather/dom.py documents its shape. Changes nothing in the page.
((options) => {
  "use strict";
  const { maxNodes, maxText, maxValue, until, maxBlank } = options;
  // A form's fields may stand in the place of its own members (name="classList"), and named elements in the document's: both are asked
  // of what all nodes of their kind share.
  const unclobbered = (node) => new Proxy(node, { get: (target, name) => {
    const value = Reflect.get(Object.getPrototypeOf(target), name, target);
    return typeof value === "function" ? value.bind(target) : value;
  } });
  const member = (type, name) => { const { get } = Object.getOwnPropertyDescriptor(type.prototype, name); return (node) => get.call(node); };
  const [kindOf, nextOf, tagOf] = [member(Node, "nodeType"), member(Node, "nextSibling"), member(Element, "localName")];
  const page = unclobbered(document);
  const openDialog = [...page.querySelectorAll("dialog:modal")].pop() || null;
  const started = performance.now();
  const elements = new Map();   // element → index, kept for later questions (axe targets, frame owners, listeners)
  const byOrdinal = [];         // ordinal among all elements in document order → index
  const nodes = [];
  const styles = new Map();
  const styleList = [];
  let truncated = "";

  const NAMED_ROLES = new Set(("alertdialog application article banner button checkbox combobox complementary " +
    "contentinfo dialog form grid group heading img image link listbox main menu menubar menuitem menuitemcheckbox menuitemradio meter " +
    "navigation option progressbar radio radiogroup region scrollbar search searchbox slider spinbutton switch tab table " +
    "tablist tabpanel textbox toolbar tree treegrid treeitem figure").split(" "));
  const NAMED_TAGS = new Set("iframe frame object embed video audio canvas svg area summary input select textarea img a button".split(" "));
  const SILENT_TAGS = new Set("script style template noscript".split(" "));
  const DISABLED_TAGS = new Set("button input select textarea fieldset optgroup option".split(" "));
  // Elements whose name is their text alone, where nothing else names them.
  const TEXT_NAMED_TAGS = new Set("a h1 h2 h3 h4 h5 h6 option".split(" "));
  const NAMING_ATTRIBUTES = ["aria-label", "aria-labelledby", "title", "role", "alt", "label"];
  const TABLE_NAMES = ["aria-label", "aria-labelledby", "title", "summary"];
  const ROLELESS_TAGS = new Set("div span p b i em strong font br script style meta link head title body html label center small u".split(" "));

  const cut = (text, limit) => (text.length > limit ? text.slice(0, limit - 1) + "…" : text);
  // Of a picture that stands in its own address, its beginning and a number for all of it: icons of one kind begin alike.
  const brief = (text, limit) => {
    if (text.length <= limit || !text.includes("data:")) return cut(text, limit);
    let number = text.length;
    for (let i = 0, step = Math.ceil(text.length / 5000); i < text.length; i += step) number = (Math.imul(number, 31) + text.charCodeAt(i)) | 0;
    return cut(text, limit) + (number >>> 0).toString(36);
  };
  const round = (n) => Math.round(n * 10) / 10;
  const sx = window.scrollX, sy = window.scrollY;
  const boxOf = (r) => [round(r.left + sx), round(r.top + sy), round(r.width), round(r.height)];

  let tree = null;
  try { tree = axe.setup(page.documentElement) || true; } catch (error) { truncated = "names: " + error.message; }

  // Attributes whose values HTML compares without regard to case: all who read the tree may compare them as they are.
  const ANY_CASE = new Set(["role", "scope", "kind", "http-equiv"]);
  const attributesOf = (el) => {
    const out = {};
    const list = el.attributes;
    for (let i = 0; i < list.length; i += 1) {
      if (i >= 60) { truncated = truncated || "attributes"; break; }
      const { name, value } = list[i];
      // What a person typed or was given stays out of a snapshot: `value` is kept for buttons and choices only.
      if (name === "value" && el.localName === "input" && !/^(submit|button|reset|image|radio|checkbox)$/i.test(el.type)) continue;
      const told = ANY_CASE.has(name) ? value.toLowerCase() : value;
      out[name] = told.startsWith("data:") ? brief(told, 100) : cut(told, maxValue);
    }
    return out;
  };

  // Every property is read once and compared as text: most elements of a page look like another one that was seen before.
  const styleOf = (cs, overflow, hasText) => {
    const seen = [cs.color, cs.fontSize, cs.fontWeight, cs.display, cs.backgroundColor, cs.backgroundImage, cs.fontStyle,
      cs.textDecorationLine, cs.position, cs.cssFloat, cs.order, cs.flexDirection, cs.cursor, cs.letterSpacing, cs.whiteSpaceCollapse,
      overflow, cs.animationName, cs.direction, cs.opacity, cs.textTransform, cs.borderWidth, hasText ? cs.fontFamily : "",
      hasText ? cs.boxShadow : "none", cs.pointerEvents];
    const bordered = seen[20] !== "0px";
    const listed = seen[3] === "list-item";
    if (listed) seen.push(cs.listStyleType);
    if (bordered) seen.push(cs.borderBottomColor, cs.borderLeftColor);
    if (seen[17] !== "ltr") seen.push(cs.unicodeBidi);
    if (seen[16] !== "none") seen.push(cs.animationDuration, cs.animationIterationCount);
    const key = seen.join("|");
    let index = styles.get(key);
    if (index !== undefined) return index;
    const [color, size, weight, display, background, image, style, line, position, float, order, flex, cursor, spacing, space, , animation,
      direction, opacity, transform, , family, shadow, pointer] = seen;
    const s = { c: color, fs: parseFloat(size), fw: +weight || 400, d: display };
    if (background !== "rgba(0, 0, 0, 0)") s.bg = background;
    if (image !== "none") s.bi = brief(image, 200);
    if (style !== "normal") s.it = 1;
    if (line !== "none") s.td = line;
    if (position !== "static") s.pos = position;
    if (float !== "none") s.fl = float;
    if (order !== "0") s.ord = +order;
    if (flex !== "row") s.fd = flex;
    if (cursor === "pointer") s.cur = "pointer";
    if (pointer === "none") s.pe = "none";
    if (spacing !== "normal") s.ls = parseFloat(spacing);
    if (space && space !== "collapse") s.ws = space;
    if (overflow !== "visible") s.ov = cs.overflowX + " " + cs.overflowY;
    if (animation !== "none") s.an = cut(animation + " " + cs.animationDuration + " " + cs.animationIterationCount, 120);
    if (direction !== "ltr") s.dir = direction;
    if (direction !== "ltr" && cs.unicodeBidi.endsWith("override")) s.bidi = "override";
    if (opacity !== "1") s.op = +opacity;
    if (shadow !== "none") s.bs = cut(shadow, 200);
    if (transform !== "none") s.tt = transform;
    if (listed && cs.listStyleType !== "disc") s.lst = cs.listStyleType;
    if (bordered) {
      const border = [cs.borderTopWidth, cs.borderRightWidth, cs.borderBottomWidth, cs.borderLeftWidth].map(parseFloat);
      s.bd = border.join(" ") + " " + cs.borderBottomColor + " " + cs.borderLeftColor;
    }
    if (family) s.ft = cut(family.split(",")[0], 40);
    if (/icon|awesome|glyph|symbol|material/i.test(family)) s.ff = cut(family, 100);
    index = styleList.length;
    styles.set(key, index);
    styleList.push(s);
    return index;
  };

  const stateOf = (el, tag) => {
    const s = {};
    if (tag === "input" || tag === "select" || tag === "textarea") {
      if (tag === "input") s.type = el.type;
      if (el.value !== "" && !/^(submit|button|reset|image|radio|checkbox|hidden)$/.test(s.type || "")) s.filled = 1;
      if (el.checked) s.checked = 1;
      if (el.required) s.required = 1;
      if (el.readOnly) s.readonly = 1;
    }
    if (DISABLED_TAGS.has(tag) ? el.matches(":disabled") : el.disabled === true) s.disabled = 1;
    if (tag === "img") { s.natural = [el.naturalWidth, el.naturalHeight]; s.complete = el.complete ? 1 : 0; s.src = brief(el.currentSrc || "", 300); }
    if (tag === "audio" || tag === "video") {
      s.src = cut(el.currentSrc || "", 500);
      s.duration = Number.isFinite(el.duration) ? round(el.duration) : null;
      s.paused = el.paused ? 1 : 0; s.muted = el.muted ? 1 : 0; s.ready = el.readyState;
      s.error = el.error ? el.error.code : 0;
      // How far it has played, and the bytes of sound decoded for that: of other browsers than Chromium unknown.
      if (el.webkitAudioDecodedByteCount !== undefined) s.heard = [round(el.currentTime), el.webkitAudioDecodedByteCount];
      if (tag === "video") s.natural = [el.videoWidth, el.videoHeight];
    }
    if (tag === "dialog") s.open = el.open ? 1 : 0;
    if (tag === "a" || tag === "area") { try { s.href = cut(el.href && el.href.baseVal !== undefined ? el.href.baseVal : el.href, maxValue); } catch { /* a clobbered href */ } }
    return s;
  };

  // Whether nothing was ever drawn on a canvas, as far as it can be read back: pages use such to keep a place free. That of WebGL reads
  // as blank too. Few are asked, and none that is very large: each pixel counts.
  let blanksAsked = 0;
  const isBlank = (canvas) => {
    const { width, height } = canvas;
    if (!width || !height || width * height > 4e6 || (blanksAsked += 1) > maxBlank) return false;
    try {
      const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
      copy.drawImage(canvas, 0, 0);
      return new Uint32Array(copy.getImageData(0, 0, width, height).data.buffer).every((pixel) => pixel === 0);
    } catch { return false; }   // pictures of other sites are drawn on it
  };

  // What may carry ::before or ::after with content, by class, id or tag of the selector's last part; null where a style sheet cannot be
  // read or says it in a way that is not read here: then every element is asked, which costs as much as all other styles together.
  const PSEUDO = /::?(before|after)\b/i;
  const carriers = (() => {
    if (page.compatMode !== "CSS1Compat") return null;   // there, classes and ids match in any case
    const found = { classes: new Set(), ids: new Set(), tags: new Set(["q"]) };
    const last = /(?:^|[\s>+~])([^\s>+~()[\]:]*)(?:\[[^\]]*\]|:(?!:)[\w-]+)*::?(?:before|after)$/i;
    const add = (selector) => {
      const compound = last.exec(selector.trim());
      if (!compound || compound[1].includes("\\")) return false;
      const [, tag, rest] = /^([\w-]*)(.*)$/.exec(compound[1]);
      const name = /([.#])([^.#]+)/.exec(rest);
      if (name) (name[1] === "." ? found.classes : found.ids).add(name[2]);
      else if (tag && !rest) found.tags.add(tag.toLowerCase());
      else return false;
      return true;
    };
    const read = (rules) => {
      for (const rule of rules) {
        if (rule.styleSheet && !read(rule.styleSheet.cssRules)) return false;
        if (rule.selectorText !== undefined && PSEUDO.test(rule.selectorText)) {
          const content = rule.style.content;
          const silent = content === "" || content === "none" || content === "normal" || content === '""';
          if (!silent && !rule.selectorText.split(",").every((one) => !PSEUDO.test(one) || add(one))) return false;
        }
        if (rule.cssRules && rule.cssRules.length) {
          if (rule.selectorText !== undefined && PSEUDO.test(rule.cssText)) return false;   // nested rules
          if (!read(rule.cssRules)) return false;
        }
      }
      return true;
    };
    try {
      for (const sheet of [...page.styleSheets, ...page.adoptedStyleSheets]) if (!read(sheet.cssRules)) return null;
    } catch { return null; }
    return found;
  })();
  const mayCarry = (el, tag) => {
    if (carriers === null || carriers.tags.has(tag.toLowerCase()) || (el.id && carriers.ids.has(el.id))) return true;
    if (carriers.classes.size) for (const name of el.classList) if (carriers.classes.has(name)) return true;
    return false;
  };

  const pseudoOf = (element, el, tag, inShadow) => {
    if (!inShadow && !mayCarry(el, tag)) return null;
    const one = (which) => {
      const content = getComputedStyle(element, which).content;
      return content && content !== "none" && content !== "normal" && content !== '""' ? cut(content, 100) : "";
    };
    const before = one("::before"), after = one("::after");
    return before || after ? [before, after] : null;
  };

  // axe-core takes all the text of a table for its name where nothing names it: none by the standard, and dear where the table is long.
  const isUnnamedTable = (el, role) => role === "table" && !el.caption && TABLE_NAMES.every((name) => !el.hasAttribute(name));

  const hasText = (el) => {
    for (let child = el.firstChild; child; child = nextOf(child)) if (kindOf(child) === 3 && /\S/.test(child.data)) return true;
    return false;
  };

  // The name of an element that holds nothing but text and that nothing else names, as axe-core tells it; "" where that is not so sure.
  const textName = (el, tag) => {
    if (!TEXT_NAMED_TAGS.has(tag) || el.childElementCount > 0 || NAMING_ATTRIBUTES.some((name) => el.hasAttribute(name))) return "";
    return el.textContent.replace(/\u00A0/g, " ").replace(/\s{2,}/g, " ").trim();
  };

  // Of several roles, the first that is one: what browsers tell.
  const FIRST_VALID = { fallback: true };
  // Roles of rows and cells follow from their table and their parent, and axe-core looks that up anew for each of them.
  const rowRoles = new Map();
  const roleOf = (el, tag, vnode, parentRole, table) => {
    const plain = table !== null && (tag === "td" || tag === "tr") &&
      !el.getAttributeNames().some((name) => name === "role" || name === "tabindex" || name === "contenteditable" || name.startsWith("aria-"));
    if (!plain) return axe.commons.aria.getRole(vnode, FIRST_VALID);
    if (!rowRoles.has(table)) rowRoles.set(table, new Map());
    const known = rowRoles.get(table), key = tag + " " + parentRole;
    if (!known.has(key)) known.set(key, axe.commons.aria.getRole(vnode, FIRST_VALID));
    return known.get(key);
  };

  const RECT = /rect\(\s*(0|1)(px)?[, ]+(0|1)(px)?[, ]+(0|1)(px)?[, ]+(0|1)(px)?\s*\)/;
  const INSET = /inset\((50%|100%)/;
  const range = page.createRange();
  let ordinal = -1;

  // context: what an element inherits: hidden from assistive technology, invisible by opacity, clip rectangles
  const visit = (element, parent, shadow, context) => {
    ordinal += 1;
    if (truncated.startsWith("nodes") || truncated.startsWith("time")) return;
    if (nodes.length >= maxNodes) { truncated = `nodes: more than ${maxNodes}`; return; }
    if ((nodes.length & 255) === 0 && performance.now() - started > until) { truncated = `time: more than ${until} ms`; return; }
    const tag = tagOf(element);
    const el = tag === "form" ? unclobbered(element) : element;
    const index = nodes.length;
    const node = { p: parent, t: tag };
    nodes.push(node);
    elements.set(element, index);
    byOrdinal[ordinal] = index;
    node.o = ordinal;
    if (shadow) node.sh = 1;
    if (el.namespaceURI !== "http://www.w3.org/1999/xhtml") node.ns = el.namespaceURI === "http://www.w3.org/2000/svg" ? "svg" : "other";
    if (el.attributes.length) node.a = attributesOf(el);
    if (SILENT_TAGS.has(tag)) return;
    if (el.assignedSlot) { const slot = elements.get(el.assignedSlot); if (slot !== undefined) node.sl = slot; }

    // Below display: none there is nothing to see, and asking for styles there is what costs most.
    const cs = context.gone ? null : getComputedStyle(element);
    const display = cs ? cs.display : "none";
    const rendered = display === "contents" ? context.rendered : cs !== null && el.checkVisibility({ visibilityProperty: true });
    const hidden = context.hidden || el.getAttribute("aria-hidden") === "true" || el.inert === true;
    if (hidden || !rendered) node.h = 1;
    const gone = display === "none";
    const inert = el.inert === true || (context.inert && !(tag === "dialog" && el.matches(":modal")));
    const next = { table: tag === "table" ? el : context.table, hidden, gone, inert, rendered: !gone && rendered, faded: context.faded, clip: context.clip, clipAbsolute: context.clipAbsolute };
    if (rendered) {
      const r = el.getBoundingClientRect();
      node.b = boxOf(r);
      const { overflow, position } = cs;
      const pseudo = pseudoOf(element, el, tag, shadow);
      if (pseudo) node.pc = pseudo;
      node.s = styleOf(cs, overflow, pseudo !== null || hasText(el));
      next.faded = context.faded || styleList[node.s].op < 0.02;
      let clip = position === "fixed" ? null : position === "absolute" ? context.clipAbsolute : context.clip;
      const clips = overflow !== "visible" && /hidden|clip/.test(overflow);
      const clippedAway = clip && (r.right <= clip[0] || r.left >= clip[2] || r.bottom <= clip[1] || r.top >= clip[3]);
      const tiny = clips && r.width * r.height <= 4;
      const clipRule = (position !== "static" && RECT.test(cs.clip)) || INSET.test(cs.clipPath);
      const outside = r.right + sx <= 0 || r.bottom + sy <= 0;
      if (r.width > 0 && r.height > 0 && !next.faded && !clippedAway && !tiny && !clipRule && !outside) node.v = 1;
      if (tiny || clipRule) clip = [0, 0, 0, 0];
      else if (clips && tag !== "body" && tag !== "html") {
        const c = [r.left, r.top, r.right, r.bottom];
        clip = clip ? [Math.max(c[0], clip[0]), Math.max(c[1], clip[1]), Math.min(c[2], clip[2]), Math.min(c[3], clip[3])] : c;
      }
      next.clip = clip;
      if (clip !== context.clipAbsolute && (position !== "static" || cs.transform !== "none")) next.clipAbsolute = clip;
      if (overflow !== "visible" && (el.scrollWidth > el.clientWidth + 1 || el.scrollHeight > el.clientHeight + 1)) {
        node.scroll = [el.scrollWidth, el.scrollHeight, el.clientWidth, el.clientHeight];
      }
    }
    const state = stateOf(el, tag);
    if (tag === "canvas" && node.v && isBlank(el)) state.blank = 1;
    for (const _ in state) { node.st = state; break; }
    const tabindex = el.getAttribute("tabindex");
    const editable = el.isContentEditable && !(el.parentElement && el.parentElement.isContentEditable);
    if (rendered && !state.disabled && !inert) {
      // Browsers tell a tabIndex of 0 of players without controls too, and may tell none of editors: there the author's own decides.
      const own = tabindex !== null && /^\s*-?\d+/.test(tabindex), media = tag === "audio" || tag === "video";
      if (own || !(media || editable) ? el.tabIndex >= 0 : editable || el.controls) node.f = 1;
      else if (own) node.f = 2;
    }
    if (tree && (!ROLELESS_TAGS.has(tag) || el.hasAttribute("role") || el.hasAttribute("aria-label") || el.hasAttribute("aria-labelledby"))) {
      try {
        const vnode = axe.utils.getNodeFromTree(element);
        if (vnode) {
          const role = roleOf(el, tag, vnode, parent < 0 ? "" : nodes[parent].r || "", context.table);
          if (role) node.r = role;
          if ((NAMED_ROLES.has(role) || NAMED_TAGS.has(tag)) && !isUnnamedTable(el, role)) {
            // What lies behind an open dialog is told again when that is closed; axe-core gives it no name before.
            const behind = openDialog !== null && !openDialog.contains(element) && !hidden;
            const name = (rendered && !hidden && textName(el, tag)) || axe.commons.text.accessibleTextVirtual(vnode, { includeHidden: behind });
            if (name) node.n = cut(name.trim(), maxValue);
          }
        }
      } catch { /* a clobbered element (a form with a field named "attributes"): it stays without role and name */ }
    }

    const children = (list, inShadow) => {
      for (const child of list) {
        const kind = kindOf(child);
        if (kind === 1) visit(child, index, inShadow, next);
        else if (kind === 3 && /\S/.test(child.data)) {
          if (nodes.length >= maxNodes) { truncated = `nodes: more than ${maxNodes}`; return; }
          const text = { p: index, t: "#text", x: cut(child.data, maxText) };
          if (inShadow) text.sh = 1;
          if (next.hidden || !next.rendered) text.h = 1;
          if (next.rendered) {
            range.selectNodeContents(child);
            const r = range.getBoundingClientRect();
            text.b = boxOf(r);
            const clip = next.clip;
            const away = clip && (r.right <= clip[0] || r.left >= clip[2] || r.bottom <= clip[1] || r.top >= clip[3]);
            if (r.width > 0 && r.height > 0 && !next.faded && !away && r.right + sx > 0 && r.bottom + sy > 0) text.v = 1;
          }
          nodes.push(text);
        }
      }
    };
    if (el.shadowRoot) { node.host = 1; children(el.shadowRoot.childNodes, true); }
    children(el.childNodes, false);
  };

  const root = page.documentElement;
  if (root) visit(root, -1, false, { table: null, hidden: false, gone: false, rendered: true, faded: false, clip: null, clipAbsolute: null });
  if (tree) { try { axe.teardown(); } catch { /* nothing was set up */ } }
  globalThis.__wcagAudit = { elements, byOrdinal };

  return JSON.stringify({
    nodes,
    styles: styleList,
    elements: ordinal + 1,
    truncated,
    document: {
      url: cut(page.URL, 2000),
      title: cut(page.title, 2000),
      compat: page.compatMode,
      doctype: page.doctype ? cut(page.doctype.name + " " + page.doctype.publicId, 200) : "",
      contentType: page.contentType,
      viewport: [window.innerWidth, window.innerHeight],
      size: [root ? root.scrollWidth : 0, root ? root.scrollHeight : 0],
      active: elements.get(page.activeElement) ?? null,
      modal: elements.get(openDialog) ?? null,
    },
  });
})
