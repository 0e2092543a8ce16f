// Runs in the page's own world before any of its scripts, in pages opened for probes only. Holds back what requests alone cannot
// show (windows, printing, sound of sockets) and tells it over a binding. `NAMES` is filled in by the driver.
((binding, holdEvent) => {
  "use strict";
  const say = window[binding];
  if (typeof say !== "function") return;
  const stringify = JSON.stringify;
  const now = performance.now.bind(performance);
  const origin = performance.timeOrigin;
  let held = false;
  const tell = (kind, detail) => {
    try { say(stringify({ kind, detail: ("" + (detail ?? "")).slice(0, 500), at: origin + now(), url: location.href.slice(0, 500) })); } catch { /* the page is going away */ }
  };
  window.addEventListener(holdEvent, (event) => { held = true; event.stopImmediatePropagation(); }, true);
  window.open = function open(url) { tell("popup", url); return null; };
  window.print = function print() { tell("print", ""); };
  for (const kind of ["alert", "confirm", "prompt"]) {
    const real = window[kind];
    window[kind] = function (...given) { tell("ask", given[0]); return real.apply(window, given); };
  }
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (data) {
    if (held) { tell("websocket", this.url); return undefined; }
    return send.call(this, data);
  };
  // Frames that timers drive, from when a probe moves time on by itself: real frames do not follow.
  const realFrame = window.requestAnimationFrame.bind(window);
  const later = window.setTimeout.bind(window);
  const waiting = new Map();
  let stepped = false;
  let frames = 0;
  const onFrame = (id) => {
    const callback = waiting.get(id);
    waiting.delete(id);
    if (callback) callback(now());
  };
  window.requestAnimationFrame = function requestAnimationFrame(callback) {
    const id = (frames += 1);
    waiting.set(id, callback);
    if (stepped) later(() => onFrame(id), 16); else realFrame(() => onFrame(id));
    return id;
  };
  window.cancelAnimationFrame = function cancelAnimationFrame(id) { waiting.delete(id); };
  window.addEventListener(holdEvent + "-frames", (event) => {
    event.stopImmediatePropagation();
    stepped = true;
    for (const id of waiting.keys()) later(() => onFrame(id), 16);
  }, true);
  // A marquee does not tell whether a script has stopped it.
  if (window.HTMLMarqueeElement) {
    for (const name of ["start", "stop"]) {
      const method = HTMLMarqueeElement.prototype[name];
      HTMLMarqueeElement.prototype[name] = function () {
        tell("marquee", [...document.querySelectorAll("marquee")].indexOf(this) + " " + name);
        return method.call(this);
      };
    }
  }
  // What asks for reduced motion, and what changes fast while the page loads.
  const matchMedia = window.matchMedia.bind(window);
  window.matchMedia = function (query) {
    if (("" + query).includes("prefers-reduced-motion")) tell("reduced-motion", query);
    return matchMedia(query);
  };
  const NO_LIGHT = ["offset", "computedOffset", "easing", "composite", "transform", "left", "top", "translate", "rotate", "scale", "width", "height"];
  const FAST = 4, WITHIN = 1200, LOOKS = 24, MOST = 20;
  const recent = new WeakMap();
  const looked = (el) => { const cs = getComputedStyle(el); return [cs.backgroundColor, cs.color, cs.opacity, cs.visibility, cs.display, cs.filter, el.src].join(); };
  let fast = 0;
  const isFast = (el) => {
    if (fast < MOST) tell("fast-change", (el.localName || "") + (el.id ? "#" + el.id : ""));
    fast += 1;
  };
  new MutationObserver((records) => {
    const at = now();
    for (const { target } of new Map(records.map((record) => [record.target, record])).values()) {
      const row = recent.get(target) || { times: [], look: "", looks: 0, changes: 0 };
      recent.set(target, row);
      if (fast >= MOST || row.looks >= LOOKS) continue;
      row.times = [...row.times.slice(1 - FAST), at];
      if (row.times.length < FAST || at - row.times[0] > WITHIN) continue;
      const look = looked(target);
      row.looks += 1;
      if (row.look && look !== row.look) row.changes += 1;
      row.look = look;
      if (row.changes === FAST) { isFast(target); row.looks = LOOKS; }
    }
  }).observe(document, { subtree: true, attributes: true, attributeFilter: ["style", "class", "src", "hidden", "bgcolor"] });
  window.addEventListener("animationstart", (event) => {
    for (const animation of event.target.getAnimations ? event.target.getAnimations() : []) {
      const timing = animation.effect.getComputedTiming();
      const frames = animation.effect.getKeyframes().length;
      const changes = animation.effect.getKeyframes().some((frame) => Object.keys(frame).some((name) => !NO_LIGHT.includes(name)));
      if (changes && timing.iterations * (frames - 1) >= 4 && timing.duration / Math.max(1, frames - 1) <= 260) isFast(event.target);
    }
  }, true);
  // Sound that a page makes without a media element in the document.
  const play = HTMLMediaElement.prototype.play;
  const detached = new Set();
  HTMLMediaElement.prototype.play = function (...given) {
    if (!this.isConnected) { tell("play-detached", this.currentSrc || this.src); if (detached.size < 20) detached.add(this); }
    return play.apply(this, given);
  };
  window.Audio = new Proxy(window.Audio, {
    construct(target, given, made) { const el = Reflect.construct(target, given, made); if (detached.size < 20) detached.add(el); return el; },
  });
  const taps = new Map();
  if (window.AudioNode) {
    const connect = AudioNode.prototype.connect;
    AudioNode.prototype.connect = function (...given) {
      const result = connect.apply(this, given);
      const to = given[0];
      if (to instanceof AudioDestinationNode && !(to.context instanceof OfflineAudioContext)) {
        if (!taps.has(to.context) && taps.size < 5) taps.set(to.context, new AnalyserNode(to.context, { fftSize: 4096 }));
        if (taps.has(to.context)) connect.call(this, taps.get(to.context));
      }
      return result;
    };
  }
  const rangesOf = (el) => { let sum = 0; for (let i = 0; i < el.played.length; i += 1) sum += el.played.end(i) - el.played.start(i); return sum; };
  const finite = (n) => (Number.isFinite(n) ? n : null);
  window.addEventListener(holdEvent + "-sound", (event) => {
    event.stopImmediatePropagation();
    const found = [];
    for (const el of detached) {
      if (el.isConnected || !(el.currentSrc || el.src)) continue;
      found.push({ kind: "detached", src: (el.currentSrc || el.src).slice(0, 500), at: el.currentTime, played: rangesOf(el), paused: el.paused,
        ended: el.ended, muted: el.muted, volume: el.volume, loop: el.loop, duration: finite(el.duration) });
    }
    for (const [context, tap] of taps) {
      const wave = new Float32Array(tap.fftSize);
      tap.getFloatTimeDomainData(wave);
      found.push({ kind: "web-audio", running: context.state === "running", at: context.currentTime, peak: wave.reduce((most, v) => Math.max(most, Math.abs(v)), 0) });
    }
    try { say(stringify({ kind: "sounds", detail: found, at: origin + now(), url: "" })); } catch { /* the page is going away */ }
  }, true);
})
