// What moves in one document by itself, seen from its isolated world. Time is stepped from outside: the sampler waits with timers, and
// takes animations along by as much as the timers moved. Nothing here decides anything.
(() => {
  "use strict";
  if (globalThis.__motion) return;
  const probe = globalThis.__probe;
  const STEPS = [370, 290, 430];
  const MOST = 300;
  // How a change is seen, and the computed styles that show it.
  const LOOKS = {
    turn: ["transform", "translate", "rotate", "scale", "left", "top", "width", "height", "clipPath", "backgroundPosition", "strokeDashoffset"],
    fade: ["opacity", "visibility"], colour: ["color", "backgroundColor", "backgroundImage", "borderColor", "fill"], glow: ["boxShadow", "textShadow", "filter"],
  };
  const KINDS = ["box", "text", ...Object.keys(LOOKS)];
  const cut = (text, limit) => (text.length > limit ? text.slice(0, limit - 1) + "…" : text);
  const bare = (text) => text.toLowerCase().replaceAll("đ", "d").normalize("NFD").replace(/\p{M}/gu, "").replace(/\s+/g, " ").trim();

  let watched = new Map();   // element → what was seen of it last, and when that changed
  let started = 0;
  let ends = 0;
  let timer = 0;
  let observer = null;

  const looks = (el, pseudo) => { const cs = getComputedStyle(el, pseudo || null); return Object.values(LOOKS).map((names) => names.map((name) => cs[name]).join("|")); };
  const small = new OffscreenCanvas(24, 24).getContext("2d", { willReadFrequently: true });
  const drawn = (el) => {
    try {
      small.clearRect(0, 0, 24, 24);
      small.drawImage(el, 0, 0, 24, 24);
      return small.getImageData(0, 0, 24, 24).data.join();
    } catch { return ""; }   // drawn from another origin
  };
  const print = (el, row) => {
    // A box around nothing but floats has no height, and its parts are seen all the same.
    const whole = [el, ...[...el.children].slice(0, 20)];
    if (!el.isConnected || !whole.some(probe.seen)) return KINDS.map((kind) => (kind === "box" ? "hidden" : ""));
    const boxes = whole.map((one) => probe.boxOf(one).join(",")).join(";");
    const media = el.localName === "img" ? el.currentSrc : el.localName === "canvas" ? drawn(el) : "";
    const own = looks(el);
    const pseudo = row.pseudo ? looks(el, row.pseudo) : [];
    return [`${boxes};${el.scrollLeft},${el.scrollTop};${media}`, cut((el.innerText || "").trim(), 200), ...own.map((one, i) => one + (pseudo[i] || ""))];
  };
  const watch = (el, cause, pseudo, period) => {
    if (!el || el.nodeType !== 1 || watched.size >= MOST || el.closest("head,script,style,template,noscript")) return;
    if (el === document.documentElement || el === document.body) return;
    const known = watched.get(el);
    if (known) { known.pseudo ||= pseudo || ""; return; }
    watched.set(el, { cause, pseudo: pseudo || "", period: period || null, since: Math.round(performance.now() - started), last: null, changes: [], kinds: new Set(), texts: [] });
  };
  const takeAlong = (elapsed) => {
    for (const animation of document.getAnimations()) {
      const effect = animation.effect;
      if (!effect || !effect.target || animation.playState !== "running") continue;
      const { endTime, iterations, duration } = effect.getComputedTiming();
      watch(effect.target, "animation", effect.pseudoElement, Math.round(Number(duration)));
      const next = (Number(animation.currentTime) || 0) + elapsed * animation.playbackRate;
      if (iterations !== Infinity && (animation instanceof CSSTransition || next >= endTime)) animation.finish();
      else animation.currentTime = next;
    }
  };
  const sample = () => {
    const at = Math.round(performance.now() - started);
    for (const [el, row] of watched) {
      const now = print(el, row);
      if (row.last) {
        const kinds = KINDS.filter((_, i) => now[i] !== row.last[i]);
        if (kinds.length && row.changes.length < 200) {
          row.changes.push(at);
          for (const kind of now[0] === "hidden" || row.last[0] === "hidden" ? ["blink"] : kinds) row.kinds.add(kind);
          if (kinds.includes("text") && !row.texts.length) row.texts.push(cut(row.last[1], 80));
          if (kinds.includes("text") && row.texts.length < 5) row.texts.push(cut(now[1], 80));
        }
      }
      row.last = now;
    }
  };
  const start = (milliseconds) => {
    clearTimeout(timer);
    if (observer) observer.disconnect();
    watched = new Map();
    started = performance.now();
    ends = started + milliseconds;
    observer = new MutationObserver((records) => {
      for (const record of records) watch(record.type === "characterData" ? record.target.parentElement : record.target, "script");
    });
    const everything = { subtree: true, childList: true, characterData: true, attributes: true };
    observer.observe(document, everything);
    for (const el of document.querySelectorAll("*")) if (el.shadowRoot) observer.observe(el.shadowRoot, everything);
    for (const el of [...document.querySelectorAll("canvas")].slice(0, 8)) watch(el, "canvas");
    takeAlong(0);
    sample();
    let step = 0;
    let last = started;
    const tick = () => {
      const now = performance.now();
      takeAlong(now - last);
      last = now;
      sample();
      if (now < ends) timer = setTimeout(tick, STEPS[step++ % STEPS.length]);
    };
    timer = setTimeout(tick, STEPS[2]);
  };
  document.addEventListener("scroll", (event) => { if (event.target !== document) watch(event.target, "script"); }, true);

  const parents = (el) => { const list = []; for (let node = el; node; node = node.parentElement || (node.getRootNode() instanceof ShadowRoot ? node.getRootNode().host : null)) list.push(node); return list; };
  const tooLarge = (el) => el === document.body || el === document.documentElement || ["main", "form"].includes(el.localName);
  const sized = (el) => {   // what people take for the thing, where its own box has no size
    const { width, height } = el.getBoundingClientRect();
    if (width >= 1 && height >= 1) return el;
    return el.parentElement && !tooLarge(el.parentElement) ? el.parentElement : [...el.children].find(probe.seen) || el;
  };
  const shared = (one, other) => {   // the container of two that are parts of one thing, or null
    const mine = parents(one);
    const theirs = parents(other);
    const common = mine.find((node) => theirs.includes(node));
    if (!common || (common !== one && common !== other && tooLarge(common))) return null;
    return mine.indexOf(common) + theirs.indexOf(common) <= 4 || common === one || common === other ? common : null;
  };
  const groups = () => {
    const found = [];
    for (const [el, row] of watched) {
      // What a script touched late may change again after the watch.
      if (!el.isConnected || !(row.changes.length || (row.since > 5000 && probe.seen(el)))) continue;
      const mine = { root: el, parts: [[el, row]] };
      for (let i = found.length - 1; i >= 0; i--) {
        const common = shared(mine.root, found[i].root);
        if (common) { mine.root = common; mine.parts.push(...found[i].parts); found.splice(i, 1); }
      }
      found.push(mine);
    }
    return found.slice(0, 40).map(({ root, parts }) => {
      const changes = [...new Set(parts.flatMap(([, row]) => row.changes))].sort((a, b) => a - b).slice(0, 120);
      const first = parts[parts.length - 1];
      return { kind: parts.every(([, row]) => row.cause === parts[0][1].cause) ? parts[0][1].cause : "script", el: probe.describe(sized(root)), part: probe.describe(first[0]),
        changes, how: [...new Set(parts.flatMap(([, row]) => [...row.kinds]))].sort(), since: first[1].since, period: first[1].period, ...told(parts), ...nature(root) };
    });
  };
  // What blinks is hidden half of the time, and then has no innerText.
  const saidBy = (el) => el.innerText || (getComputedStyle(el).visibility === "hidden" ? el.textContent : "") || "";
  // The texts that parts of a thing went through, and whether a part that says or shows something changed in another way than its text.
  const told = (parts) => {
    const changed = parts.filter(([, row]) => row.changes.length);
    const shows = (el) => /\p{L}/u.test(saidBy(el)) || !!el.querySelector("img,picture,video,canvas") || ["img", "video", "canvas"].includes(el.localName);
    return { series: changed.map(([, row]) => row.texts).filter((texts) => texts.length).slice(0, 12), moves: changed.some(([el, row]) => !row.texts.length && shows(el)) };
  };
  // What tells a mere sign of work, a caret or a decoration from content.
  const nature = (el) => {
    const named = (one) => `${one.getAttribute("class") || ""} ${one.id} ${one.getAttribute("role") || ""}`;
    const words = [el, ...el.querySelectorAll("*")].slice(0, 30).map(named).join(" ");
    const around = el.parentElement && !tooLarge(el.parentElement) ? el.parentElement : null;
    const own = (saidBy(el) || el.alt || el.getAttribute("aria-label") || el.getAttribute("title") || "").trim();
    const busy = el.closest('[aria-busy="true"],[role=progressbar]');
    // A bare shape that turns is a sign of work where it is called so; with words or pictures in it, it may be content.
    const bare = !own && !el.querySelector("img,picture,video,canvas") && el.localName !== "img" && Math.max(...probe.boxOf(el).slice(2)) <= 80;
    return {
      work: /progress|spinner|loading|loader|preload|skeleton/i.test(words) || (!!busy && !tooLarge(busy))
        || (bare && /spin|busy/i.test(`${words} ${around ? named(around) : ""}`)),
      said: cut(own, 120), beside: around ? cut((around.innerText || "").trim(), 120) : "",
      notice: /toast|snackbar|cookie|consent|alert|notification/i.test(words),
      content: !!saidBy(el).trim() || !!el.querySelector("img,picture,video,svg,canvas,object") || ["img", "svg", "video", "canvas"].includes(el.localName),
    };
  };
  const textBox = (el) => { const range = document.createRange(); range.selectNodeContents(el); const r = range.getBoundingClientRect(); return `${r.left},${r.top}`; };
  // Marquees move in real time only; how they do is looked at once, before time is stepped.
  const marquees = new Map();
  const lookAtMarquees = () => {
    const all = [...document.querySelectorAll("marquee")];
    const before = all.map(textBox);
    if (!all.length) return false;
    return new Promise((done) => setTimeout(() => { all.forEach((el, i) => marquees.set(el, textBox(el) !== before[i])); done(true); }, 250));
  };
  const others = (animated) => {
    const rows = [];
    const add = (kind, el, moving, seconds, more) => { if (rows.length < 60 && probe.seen(el)) rows.push({ kind, el: probe.describe(el), part: null, moving, seconds, ...nature(el), ...more }); };
    [...document.querySelectorAll("marquee")].forEach((el, index) => {
      const way = el.scrollWidth + el.clientWidth;
      const seconds = el.loop > 0 ? (el.loop * way / Math.max(1, el.scrollAmount)) * Math.max(60, el.scrollDelay) / 1000 : null;
      add("marquee", el, !!marquees.get(el) && el.scrollAmount > 0, seconds, { index });
    });
    for (const el of document.querySelectorAll("video")) {
      const moving = !el.paused && !el.ended && el.readyState >= 2;
      add("video", el, moving, el.loop || !Number.isFinite(el.duration) ? null : el.duration, { controls: el.controls });
    }
    for (const el of document.querySelectorAll("animate,animateTransform,animateMotion,set")) {
      const svg = el.ownerSVGElement;
      if (!svg || el.getAttribute("repeatCount") !== "indefinite" || /click|mouse|focus|indefinite/.test(el.getAttribute("begin") || "")) continue;
      add("svg", svg, !svg.animationsPaused(), null);
    }
    if (animated.length) {
      for (const el of document.querySelectorAll("img,input[type=image]")) {
        const found = animated.find((one) => one.url === (el.currentSrc || el.src));
        if (found) add("picture", el, true, found.seconds, { url: cut(found.url, 300) });
      }
      for (const el of document.querySelectorAll("body *")) {
        const image = getComputedStyle(el).backgroundImage;
        const found = image.includes("url(") && animated.find((one) => image.includes(one.url));
        if (found) add("picture", el, true, found.seconds, { url: cut(found.url, 300) });
      }
    }
    return rows;
  };
  const reasons = () => ({
    scripts: document.scripts.length, animations: document.getAnimations().length,
    others: document.querySelectorAll("marquee,video,canvas,animate,animateTransform,animateMotion").length,
    listens: !!document.querySelector("[onload],[onfocus],[onmouseover]"),
  });

  // Controls that might stop something: named so (``words``), or standing in or around a moving box. What cannot be pressed here, being
  // hidden or leading to another address, is told apart where its name also says what it stops (``moving``).
  const controls = (words, dangerous, places, moving) => {
    const named = [], near = [], slower = [], elsewhere = [];
    const roots = places.map((place) => probe.find(place)).filter(Boolean);
    const around = roots.map((root) => (root.parentElement && !tooLarge(root.parentElement) ? root.parentElement : root));
    // A text with diacritics must have the right ones: "nội dung" is not "dừng".
    const inside = (text, word) => new RegExp(`(?<![\\p{L}\\p{N}])${word.replace(/[^\p{L}\p{N} ]/gu, "")}(?![\\p{L}\\p{N}])`, "u").test(text);
    const has = (text, list) => { const plain = bare(text) === text; return list.some((word) => inside(text, plain ? bare(word) : word)); };
    const inCode = words.filter((word) => bare(word) === word || word.includes(" "));
    for (const el of document.querySelectorAll("a,button,input,select,summary,[tabindex],[role]")) {
      if (el.disabled) continue;
      const labels = el.labels ? [...el.labels].map((label) => label.innerText).join(" ") : "";
      const shown = [el.innerText, el.getAttribute("aria-label"), el.title, labels, ["button", "submit", "reset"].includes(el.type) ? el.value : "", ...[...el.querySelectorAll("img")].map((i) => i.alt)].filter(Boolean).join(" ").toLowerCase().normalize("NFC").replace(/\s+/g, " ").trim();
      if (has(shown, dangerous)) continue;
      const hidden = !el.checkVisibility({ visibilityProperty: true });
      const leads = el.localName === "a" && el.href && !/^javascript:|^#/i.test(el.getAttribute("href"));
      if (hidden || leads) {
        const what = moving.find((word) => inside(shown, word) || inside(shown, bare(word)));
        // "Chuyển động trong ngày" is a name; what stops movement has a verb beside it, or is one phrase with it.
        const rest = what ? shown.replace(what, " ").replace(bare(what), " ").replace(/\s+/g, " ").trim() : "";
        if (what && shown.length <= 80 && (has(rest, words) || has(shown, words.filter((word) => word !== what && word.includes(what))))) elsewhere.push(el);
      }
      if (hidden || el.tabIndex < 0) continue;
      const own = bare(`${el.getAttribute("class") || ""} ${el.id} ${[...el.querySelectorAll("i,svg,use")].map((i) => i.getAttribute("class") || i.getAttribute("href") || "").join(" ")}`.replace(/[-_]/g, " "));
      if (has(shown, ["tần suất", "tốc độ", "frequency", "interval", "speed"])) slower.push(el);
      if (leads || ["text", "search", "password", "email", "date"].includes(el.type) || el.localName === "select") continue;
      if (has(shown, words) || has(own, inCode)) named.push(el);
      else if (around.some((root) => root.contains(el))) near.push(el);
    }
    const tell = (list, why, most) => list.slice(0, most).map((el) => ({ el: probe.describe(el), why, name: cut((el.getAttribute("aria-label") || el.innerText || el.textContent || el.value || el.title || "").trim(), 80),
      space: el.type === "checkbox" || el.type === "radio" }));
    return { controls: [...tell(named, "named", 8), ...tell(near, "near", 6)], slower: tell(slower, "slower", 2), elsewhere: tell(elsewhere, "elsewhere", 3) };
  };

  // One frame: animations are held and moved on by ``elapsed``; true where anything looks different now.
  const held = new Map();
  let shown = "";
  let touched = null;
  const frame = (elapsed) => {
    if (touched === null) {
      new MutationObserver(() => { touched = true; }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
    }
    for (const animation of document.getAnimations()) {
      if (!held.has(animation) && animation.playState !== "paused") { animation.pause(); held.set(animation, -elapsed); }
    }
    let now = "";
    for (const [animation, before] of held) {
      held.set(animation, before + elapsed);
      animation.currentTime = before + elapsed;
      const target = animation.effect && animation.effect.target;
      if (target) now += looks(target, animation.effect.pseudoElement).join() + probe.boxOf(target);
    }
    for (const el of [...document.querySelectorAll("canvas")].slice(0, 8)) now += drawn(el);
    const changed = now !== shown || touched;
    shown = now;
    touched = false;
    return changed;
  };
  const large = (el) => { const r = el.getBoundingClientRect(); return probe.seen(el) && r.width * r.height >= 20000; };
  // The frames of a video, drawn small: [time, bytes of red, green, blue and alpha as text]. It is played muted, as fast as every frame
  // is still shown, and frames that were skipped are sought afterwards.
  const video = async (el, milliseconds, width, height) => {
    const canvas = new OffscreenCanvas(width, height);
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    const deadline = performance.now() + milliseconds;
    const frames = [];
    const draw = (at) => {
      pen.drawImage(el, 0, 0, width, height);
      const bytes = pen.getImageData(0, 0, width, height).data;
      let text = "";
      for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
      frames.push([at, btoa(text)]);
    };
    const seek = (at) => new Promise((done) => { el.addEventListener("seeked", done, { once: true }); setTimeout(done, 1500); el.currentTime = at; });
    const gap = () => {
      const gaps = frames.slice(1).map((frame, i) => frame[0] - frames[i][0]).filter((one) => one > 0).sort((x, y) => x - y);
      return gaps.length ? gaps[Math.floor(gaps.length / 4)] : 1 / 30;
    };
    Object.assign(el, { muted: true, loop: false, playbackRate: 1 });
    el.pause();
    await seek(0);
    await new Promise((done) => {
      const onFrame = (_, frame) => {
        try { draw(frame.mediaTime); } catch { done(); return; }
        if (frames.length === 8) el.playbackRate = Math.min(4, Math.max(1, 25 * gap()));
        el.requestVideoFrameCallback(onFrame);
      };
      el.requestVideoFrameCallback(onFrame);
      el.addEventListener("ended", done, { once: true });
      setTimeout(done, milliseconds * 0.8);
      el.play().catch(done);
    });
    el.pause();
    const reached = el.ended ? el.duration : frames.length ? frames[frames.length - 1][0] : 0;
    const step = gap();
    const missing = [];
    frames.sort((x, y) => x[0] - y[0]);
    let last = 0;
    for (const [at] of frames) { for (let t = last + step; t < at - step / 2; t += step) missing.push(t); last = at; }
    while (missing.length && performance.now() < deadline) {
      const at = missing.shift();
      await seek(at + step / 2);
      draw(at);
    }
    const filled = !missing.some((at, i) => missing[i + 2] !== undefined && missing[i + 2] - at < 1);
    return { frames: frames.sort((x, y) => x[0] - y[0]), reached, whole: el.ended || reached >= el.duration - 0.1, filled };
  };
  const NO_LIGHT = ["offset", "computedOffset", "easing", "composite", "transform", "left", "top", "translate", "rotate", "scale", "width", "height"];
  const isFast = (animation) => {
    const { iterations, duration } = animation.effect.getComputedTiming();
    const frames = animation.effect.getKeyframes();
    const steps = Math.max(1, frames.length - 1);
    return iterations * steps >= 4 && Number(duration) / steps <= 260 && frames.some((frame) => Object.keys(frame).some((name) => !NO_LIGHT.includes(name)));
  };
  const nameOf = (el) => el.localName + (el.id ? "#" + CSS.escape(el.id) : "");
  // Canvases that look different at least three times within less than half a second.
  const redrawn = async () => {
    const all = [...document.querySelectorAll("canvas")].filter(large).slice(0, 4);
    const rows = all.map((el) => ({ last: drawn(el), changes: 0 }));
    for (let i = 0; all.length && i < 18; i += 1) {
      await new Promise((done) => setTimeout(done, 23));
      all.forEach((el, j) => { const now = drawn(el); rows[j].changes += now !== rows[j].last ? 1 : 0; rows[j].last = now; });
    }
    return all.filter((_, j) => rows[j].changes > 2);
  };
  // An animation that begins so many milliseconds after it came is measured from its beginning.
  const LATE = 1500;
  const fastNow = () => document.getAnimations().filter((one) => one.effect && one.effect.target && large(one.effect.target) && isFast(one));
  const delayOf = (animation) => Math.round(animation.effect.getComputedTiming().delay);
  const flashing = async (urls, names) => ({
    url: location.href,
    late: fastNow().filter((one) => delayOf(one) >= LATE).slice(0, 1).map((one) => ({ name: nameOf(one.effect.target), at: delayOf(one) })),
    large: [...names.filter((name) => [...document.querySelectorAll(name)].some(large)), ...(await redrawn()).map(nameOf)],
    fast: fastNow().filter((one) => delayOf(one) < LATE).slice(0, 10).map(({ effect: { target } }) => nameOf(target)),
    videos: [...document.querySelectorAll("video")].filter(large).slice(0, 4).map((el) => ({ el: probe.describe(el), seconds: Number.isFinite(el.duration) ? el.duration : null, ready: el.readyState })),
    pictures: [...document.querySelectorAll("img,input[type=image]")].filter((el) => urls.includes(el.currentSrc || el.src) && large(el)).slice(0, 10)
      .map((el) => ({ el: probe.describe(el), url: el.currentSrc || el.src })),
  });
  const isThere = (selector) => !!document.querySelector(selector);
  const goTo = (selector) => {
    const el = document.querySelector(selector);
    if (el) el.scrollIntoView({ block: "center", behavior: "instant" });
    return probe.describe(el);
  };

  globalThis.__motion = { frame, video, flashing, isThere, goTo, lookAtMarquees, start, groups, others, reasons, controls };
})()
