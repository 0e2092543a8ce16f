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
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (data) {
    if (held) { tell("websocket", this.url); return undefined; }
    return send.call(this, data);
  };
  // Sound that a page makes without a media element in the document.
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function (...given) {
    if (!this.isConnected) tell("play-detached", this.currentSrc || this.src);
    return play.apply(this, given);
  };
})
