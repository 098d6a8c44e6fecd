// Small things that every other script stands on.

const words = JSON.parse(document.getElementById("words").textContent);

/** A sentence of parts/words.html with its {placeholders} filled. */
export const say = (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (hole, name) => values[name] ?? hole);

/** Who is signed in on this page: what is kept in the browser is kept for this account alone. */
export const user = document.querySelector('meta[name="user"]')?.content ?? "";

export const cookie = (name) =>
  document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";

/** An id for a command. crypto.randomUUID is missing on a LAN without https; random values are not. */
export const newId = () => {
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = (b[6] & 0x0f) | 0x40;
  b[8] = (b[8] & 0x3f) | 0x80;
  const hex = [...b].map((one) => one.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
};

/** Without accents and case, as the search on the server folds. */
export const fold = (text) =>
  text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();

export const pause = (ms) => new Promise((go) => setTimeout(go, ms));

export const icon = (name) => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${document.body.dataset.static}#${name}`);
  svg.append(use);
  return svg;
};

export const make = (tag, attributes = {}, ...inside) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...inside);
  return made;
};

/** Whether keys go into what somebody writes. */
export const isTyping = (element) =>
  element instanceof Element &&
  (element.matches("textarea, select, [contenteditable]") ||
    (element.matches("input") && !["checkbox", "radio", "button", "submit"].includes(element.type)));

export const storage = {
  get(key) {
    try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
  },
  set(key, value) {
    try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* full or forbidden: nothing can be kept */ }
  },
  remove(key) {
    try { localStorage.removeItem(key); } catch { /* forbidden */ }
  },
  keys(prefix) {
    try { return Object.keys(localStorage).filter((key) => key.startsWith(prefix)); } catch { return []; }
  },
};
