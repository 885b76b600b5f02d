// What the page knows, what the browser keeps of it, and where things are.

const state = {
  records: [], id: null, filters: { publishers: [] }, ticket: null, turn: 0, partial: null,
  replace: null, place: null, at: null, opener: null, maxChars: 4000,
  frames: 0, stopped: -1000,
};
let root, trigger, server;
const $ = (selector) => root.querySelector(selector);
const wide = () => matchMedia("(min-width: 900px)").matches;

const storage = {
  get(name, fallback) {
    try { return JSON.parse(localStorage.getItem("on-record:" + name)) ?? fallback; }
    catch { return fallback; }
  },
  set(name, value) {
    try { localStorage.setItem("on-record:" + name, JSON.stringify(value)); return true; }
    catch { return false; }
  },
  remove(name) { try { localStorage.removeItem("on-record:" + name); } catch { /* none */ } },
};
const session = {
  get(name) { try { return JSON.parse(sessionStorage.getItem("on-record:" + name)); } catch { return null; } },
  set(name, value) { try { sessionStorage.setItem("on-record:" + name, JSON.stringify(value)); } catch { /* none */ } },
};
