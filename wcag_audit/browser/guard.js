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
  // Timers run as the page set them, until a probe lets hours pass: from then on quick ones, which move things, come once a minute, as
  // browsers do it to tabs that have long been in the background. Those that count seconds are left alone.
  const QUICK = 1000, SLOW = 60000;
  let slowed = false;
  let inTimer = false;
  const [realTimeout, realInterval, realClear] = [window.setTimeout, window.setInterval, window.clearInterval].map((set) => set.bind(window));
  const running = new Map();   // intervals by the id that the page knows
  const paced = (delay) => (slowed && !(Number(delay) >= QUICK) ? SLOW : delay);
  // What comes so seldom is not seen in a first look at what moves.
  const SELDOM = [12000, 25000];
  let seldom = false;
  const noticed = (delay) => {
    if (!seldom && Number(delay) >= SELDOM[0] && Number(delay) <= SELDOM[1]) { seldom = true; tell("slow-timer", delay); }
  };
  const inside = (callback) => (typeof callback !== "function" ? callback : function (...given) {
    const before = inTimer;
    inTimer = true;
    try { callback.apply(this, given); } finally { inTimer = before; }
  });
  window.setInterval = function setInterval(callback, delay, ...given) {
    noticed(delay);
    const run = inside(callback);
    const id = realInterval(run, paced(delay), ...given);
    running.set(id, { run, delay, given, id });
    return id;
  };
  window.setTimeout = function setTimeout(callback, delay, ...given) {
    noticed(delay);
    return realTimeout(inside(callback), inTimer ? paced(delay) : delay, ...given);
  };
  const clear = (id) => {
    realClear(running.has(id) ? running.get(id).id : id);
    running.delete(id);
  };
  window.clearInterval = function clearInterval(id) { clear(id); };
  window.clearTimeout = function clearTimeout(id) { clear(id); };
  window.addEventListener(holdEvent + "-slow", (event) => {
    event.stopImmediatePropagation();
    slowed = true;
    for (const row of running.values()) {
      if (Number(row.delay) >= QUICK) continue;
      realClear(row.id);
      row.id = realInterval(row.run, SLOW, ...row.given);
    }
  }, true);
  // Frames that timers drive, from when a probe moves time on by itself: real frames do not follow.
  const realFrame = window.requestAnimationFrame.bind(window);
  const later = realTimeout;
  const waiting = new Map();
  let stepped = false;
  let frames = 0;
  let clock = null;   // the time of scripts, where it stands still and is moved on frame by frame
  const onFrame = (id) => {
    const callback = waiting.get(id);
    waiting.delete(id);
    if (callback) callback(clock === null ? now() : clock);
  };
  window.requestAnimationFrame = function requestAnimationFrame(callback) {
    const id = (frames += 1);
    waiting.set(id, callback);
    if (clock !== null) return id;
    if (stepped) later(() => onFrame(id), 16); else realFrame(() => onFrame(id));
    return id;
  };
  window.cancelAnimationFrame = function cancelAnimationFrame(id) { waiting.delete(id); };
  window.addEventListener(holdEvent + "-frames", (event) => {
    event.stopImmediatePropagation();
    stepped = true;
    for (const id of waiting.keys()) later(() => onFrame(id), 16);
  }, true);
  window.addEventListener(holdEvent + "-waits", (event) => {
    event.stopImmediatePropagation();
    if (waiting.size) event.preventDefault();
  }, true);
  // All that scripts time, exactly: nothing runs by itself, and each frame lasts a sixtieth of a second.
  window.addEventListener(holdEvent + "-clock", (first) => {
    first.stopImmediatePropagation();
    clock = now();
    const RealDate = Date;
    const epoch = RealDate.now() - clock;
    const today = () => Math.round(epoch + clock);
    const due = new Map();
    let last = 2 ** 30;
    const timer = (repeats) => function (callback, delay, ...given) {
      const wait = Math.max(repeats ? 1 : 0, Number(delay) || 0);
      const run = typeof callback === "function" ? () => callback.apply(window, given) : () => (0, eval)("" + callback);
      due.set((last += 1), { run, time: clock + wait, wait: repeats ? wait : 0 });
      return last;
    };
    window.setTimeout = timer(false);
    window.setInterval = timer(true);
    for (const name of ["clearTimeout", "clearInterval"]) {
      const real = window[name].bind(window);
      window[name] = (id) => { if (!due.delete(id)) real(id); };
    }
    performance.now = () => clock;
    window.Date = new Proxy(RealDate, {
      construct: (target, given, made) => Reflect.construct(target, given.length ? given : [today()], made),
      apply: () => new RealDate(today()).toString(),
      get: (target, key) => (key === "now" ? today : target[key]),
    });
    const safely = (work) => { try { work(); } catch (error) { reportError(error); } };
    window.addEventListener(holdEvent + "-tick", (event) => {
      event.stopImmediatePropagation();
      const until = clock + 1000 / 60;
      for (let rounds = 0; rounds < 500; rounds += 1) {
        let id = 0;
        for (const [other, row] of due) if (row.time <= until && (!id || row.time < due.get(id).time)) id = other;
        if (!id) break;
        const row = due.get(id);
        clock = Math.max(clock, row.time);
        if (row.wait) row.time += row.wait; else due.delete(id);
        safely(row.run);
      }
      clock = until;
      for (const id of [...waiting.keys()]) safely(() => onFrame(id));
    }, true);
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
  const FAST = 4, WITHIN = 1200, LOOKS = 24, MOST = 20, CHANGES = 2;
  const recent = new WeakMap();
  const look = (el) => { const cs = getComputedStyle(el); return [cs.backgroundColor, cs.color, cs.opacity, cs.visibility, cs.display, cs.filter, el.src].join(); };
  // A class on what holds it changes a part as well.
  const looked = (el) => [el, ...Array.from(el.querySelectorAll("*")).slice(0, 12)].map(look).join();
  let fast = 0;
  // A quarter of the 341 by 256 pixels of the definition of flashes: what is smaller and begins late is not worth opening the page again.
  const LARGE = 21824;
  const isFast = (el, returns) => {
    const name = (el.localName || "") + (el.id ? "#" + el.id : "");
    if (fast < MOST) {
      tell("fast-change", name);
      const box = el.getBoundingClientRect();
      if (returns && box.width * box.height >= LARGE) tell("flicker", Math.round(now()) + " " + name);
    }
    fast += 1;
  };
  // Something goes back to what it was: it may be flashing, too slowly yet to say so.
  let restless = false;
  const comesBack = (row, record) => {
    const before = record.attributeName + record.oldValue;
    const back = row.before.has(record.attributeName + record.target.getAttribute(record.attributeName));
    if (row.before.size < 8) row.before.add(before);
    row.returns ||= back;
    if (back && !restless) { restless = true; tell("restless", record.target.localName); }
  };
  const differs = (record) => record.oldValue !== record.target.getAttribute(record.attributeName);
  new MutationObserver((records) => {
    const at = now();
    for (const [target, record] of new Map(records.filter(differs).map((record) => [record.target, record]))) {
      const row = recent.get(target) || { times: [], look: "", looks: 0, changes: 0, returns: false, before: new Set() };
      recent.set(target, row);
      comesBack(row, record);
      if (fast >= MOST || row.looks >= LOOKS) continue;
      row.times = [...row.times.slice(1 - FAST), at];
      if (row.times.length < FAST || at - row.times[0] > WITHIN) continue;
      const now = looked(target);
      row.looks += 1;
      if (row.look && now !== row.look) row.changes += 1;
      row.look = now;
      if (row.changes === CHANGES) { isFast(target, row.returns); row.looks = LOOKS; }
    }
  }).observe(document, { subtree: true, attributes: true, attributeOldValue: true, attributeFilter: ["style", "class", "src", "hidden", "bgcolor"] });
  window.addEventListener("animationstart", (event) => {
    for (const animation of event.target.getAnimations ? event.target.getAnimations() : []) {
      const timing = animation.effect.getComputedTiming();
      const frames = animation.effect.getKeyframes().length;
      const changes = animation.effect.getKeyframes().some((frame) => Object.keys(frame).some((name) => !NO_LIGHT.includes(name)));
      if (changes && timing.iterations * (frames - 1) >= 4 && timing.duration / Math.max(1, frames - 1) <= 260) isFast(event.target, true);
    }
  }, true);
  // Sound that a page makes without a media element in the document.
  const play = HTMLMediaElement.prototype.play;
  const detached = new Set();
  // What a timer starts, untouched by anybody, may come long after anybody has listened.
  let timed = 0;
  const startsByTimer = (address, loops, seconds) => {
    if (!inTimer || navigator.userActivation.hasBeenActive) return;
    timed += 1;
    if (timed <= MOST) tell("timed-sound", [Math.round(now()), loops ? 1 : 0, Number.isFinite(seconds) ? seconds : "", address.slice(0, 400)].join(" "));
  };
  HTMLMediaElement.prototype.play = function (...given) {
    if (!this.muted && this.volume > 0) startsByTimer(this.currentSrc || this.src, this.loop, this.duration);
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
    for (const kind of [AudioBufferSourceNode, OscillatorNode, ConstantSourceNode]) {
      const start = kind.prototype.start;
      kind.prototype.start = function (...given) {
        if (!(this.context instanceof OfflineAudioContext)) startsByTimer("", this.loop || !this.buffer, this.buffer ? this.buffer.duration : NaN);
        return start.apply(this, given);
      };
    }
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
