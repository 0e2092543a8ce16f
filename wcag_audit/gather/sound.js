// What the probe `sound` asks of one document, in its isolated world: the media that stand in it, and what a file holds when it is
// decoded: samples of its sound, and how much of each picture looks like lines of text. Nothing here decides anything.
(() => {
  "use strict";
  if (globalThis.__sound) return;
  const RATE = 16000, SECONDS = 60, WIDTH = 480, FRAMES = 6, BOX = 6000;
  const finite = (n) => (Number.isFinite(n) ? n : null);
  const deep = (root) => [...root.querySelectorAll("audio, video"),
    ...[...root.querySelectorAll("*")].filter((el) => el.shadowRoot).flatMap((el) => deep(el.shadowRoot))];
  const source = (el) => {
    if (el.currentSrc || el.src) return el.currentSrc || el.src;
    const one = [...el.querySelectorAll("source[src]")].find((s) => !s.type || el.canPlayType(s.type));
    return one ? one.src : "";
  };
  const played = (el) => { let sum = 0; for (let i = 0; i < el.played.length; i += 1) sum += el.played.end(i) - el.played.start(i); return sum; };
  const state = (el) => ({ kind: "element", src: source(el).slice(0, 500), at: el.currentTime, played: played(el), paused: el.paused, ended: el.ended,
    muted: el.muted, volume: el.volume, loop: el.loop, duration: finite(el.duration) });
  const states = () => deep(document).slice(0, 20).map((el) => ({ path: __probe.pathOf(el), ...state(el) }));
  const media = () => deep(document).slice(0, 20).map((el) => ({ ...__probe.describe(el), controls: el.controls, autoplay: el.autoplay, ...state(el),
    tracks: [...el.querySelectorAll("track")].slice(0, 8).map((t) => ({ kind: t.kind, src: t.src.slice(0, 500), lang: t.srclang })) }));

  const told = (target, good, limit) => new Promise((resolve) => {
    const end = (value) => { clearTimeout(timer); resolve(value); };
    const timer = setTimeout(() => end("time"), limit);
    target.addEventListener(good, () => end("ok"), { once: true });
    target.addEventListener("error", () => end("error"), { once: true });
  });
  const samples = async (bytes) => {
    const buffer = await new OfflineAudioContext(1, RATE, RATE).decodeAudioData(bytes);
    const length = Math.min(buffer.length, RATE * SECONDS);
    const mixed = new Int16Array(length);
    const channels = Array.from({ length: buffer.numberOfChannels }, (_, i) => buffer.getChannelData(i));
    for (let i = 0; i < length; i += 1) {
      let sum = 0;
      for (const channel of channels) sum += channel[i];
      mixed[i] = Math.max(-1, Math.min(1, sum / channels.length)) * 32767;
    }
    const raw = new Uint8Array(mixed.buffer);
    let text = "";
    for (let i = 0; i < raw.length; i += 32768) text += String.fromCharCode(...raw.subarray(i, i + 32768));
    return { pcm: btoa(text), seconds: buffer.duration };
  };
  // Rows in which strong edges of changing sign follow each other closely, as the strokes of letters do; several such rows are a line.
  const lines = (gray, width, height) => {
    const rows = [];
    for (let y = 0; y < height; y += 1) {
      let chain = 0, most = 0, last = -99, sign = 0;
      for (let x = 1; x < width - 1; x += 1) {
        const d = gray[y * width + x + 1] - gray[y * width + x - 1];
        if (Math.abs(d) < 50 || Math.sign(d) === sign) continue;
        chain = x - last <= 18 ? chain + 1 : 1;
        last = x; sign = Math.sign(d);
        most = Math.max(most, chain);
      }
      rows.push(most);
    }
    const found = [];
    let start = -1, strokes = 0;
    for (let y = 0; y <= height; y += 1) {
      if (y < height && rows[y] >= 14) { if (start < 0) { start = y; strokes = 0; } strokes = Math.max(strokes, rows[y]); }
      else if (start >= 0) { if (y - start >= 4 && found.length < 20) found.push([Math.round((start / height) * 100), Math.round((y / height) * 100), strokes]); start = -1; }
    }
    return found;
  };
  const pictures = async (blob) => {
    const until = performance.now() + BOX;
    const video = document.createElement("video");
    video.muted = true; video.preload = "auto"; video.src = URL.createObjectURL(blob);
    try {
      if (await told(video, "loadeddata", BOX) !== "ok") return { error: "the pictures were not decoded" };
      const found = { width: video.videoWidth, height: video.videoHeight, seconds: finite(video.duration), audio: null, frames: [] };
      try { found.audio = video.captureStream().getAudioTracks().length; } catch { /* not told */ }
      if (!video.videoWidth || !found.seconds) return found;
      const height = Math.max(1, Math.round((WIDTH * video.videoHeight) / video.videoWidth));
      const canvas = new OffscreenCanvas(WIDTH, height).getContext("2d", { willReadFrequently: true });
      for (let i = 0; i < FRAMES; i += 1) {
        const at = ((i + 0.5) / FRAMES) * found.seconds;
        video.currentTime = at;
        if (await told(video, "seeked", Math.max(1, until - performance.now())) !== "ok") break;
        canvas.drawImage(video, 0, 0, WIDTH, height);
        const pixels = canvas.getImageData(0, 0, WIDTH, height).data;
        const gray = new Uint8Array(WIDTH * height);
        for (let p = 0; p < gray.length; p += 1) gray[p] = (pixels[p * 4] * 299 + pixels[p * 4 + 1] * 587 + pixels[p * 4 + 2] * 114) / 1000;
        found.frames.push({ at: Math.round(at * 10) / 10, lines: lines(gray, WIDTH, height) });
      }
      return found;
    } finally { URL.revokeObjectURL(video.src); video.removeAttribute("src"); }
  };
  const bytesOf = (text) => {
    if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
    const raw = atob(text);
    const bytes = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i += 1) bytes[i] = raw.charCodeAt(i);
    return bytes;
  };
  let last = null;
  // The bytes of an address that the page itself may read: their number, or null where it may not or they are too many.
  const read = async (address, most) => {
    last = null;
    const answer = await fetch(address, { credentials: "include" }).catch(() => null);
    if (!answer || !answer.ok || Number(answer.headers.get("content-length") || 0) > most) return null;
    const blob = await answer.blob().catch(() => null);
    if (!blob || blob.size > most) return null;
    last = blob;
    return blob.size;
  };
  // The same for bytes that were read for it.
  const take = (text, type) => { last = new Blob([bytesOf(text)], { type }); return last.size; };
  const decode = async () => samples(await last.arrayBuffer()).catch(() => null);
  // The pictures of the file that was read last.
  const look = () => pictures(last).catch((error) => ({ error: String(error).slice(0, 100) }));
  globalThis.__sound = { media, states, source, read, take, decode, look };
})()
