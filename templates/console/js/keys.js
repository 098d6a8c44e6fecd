// Shortcuts: elements with data-key="n" (or "g h", one after the other) and data-action, which names them. `?` shows them.
import { isTyping, make, say, storage } from "./base.js";

const OFF = "km.keys.off"; // WCAG 2.1.4: single keys can be switched off
const SEQUENCE = 1200; // ms between two keys of one
let before = "";
let forgetting;

export const actions = () =>
  [...document.querySelectorAll("[data-action]")].filter((one) => !one.closest("dialog:not([open]), [hidden]") && !one.disabled);

/** What pressing its key or choosing it in the palette does. */
export function act(element) {
  if (element.matches("input, select, textarea")) element.focus();
  else element.click();
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.defaultPrevented || event.altKey) return;
  const held = event.ctrlKey || event.metaKey;
  if (held && event.key.toLowerCase() === "s") return save(event);
  if (held || isTyping(event.target) || document.querySelector("dialog:modal") || storage.get(OFF)) return;
  if (event.key === "?") return showAll(event);
  if (event.key.length !== 1) return;
  const typed = event.key.toLowerCase();
  const found = actions().find((one) => one.dataset.key === `${before} ${typed}`.trim()) ?? actions().find((one) => one.dataset.key === typed);
  const begins = !found && actions().some((one) => one.dataset.key?.startsWith(`${typed} `));
  clearTimeout(forgetting);
  before = begins ? typed : "";
  if (begins) forgetting = setTimeout(() => { before = ""; }, SEQUENCE);
  if (!found) return;
  event.preventDefault();
  act(found);
});

function save(event) {
  const form = document.activeElement?.closest?.("form") ?? document.querySelector("form[data-dirty]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit();
}

function showAll(event) {
  event?.preventDefault();
  const list = document.getElementById("shortcuts-list");
  const row = (words, keys) => make("div", {}, make("dt", {}, words), make("dd", {}, ...keys.map((key) => make("kbd", {}, key))));
  const group = (words, ...rows) => (rows.length ? [make("h3", {}, words), make("dl", {}, ...rows)] : []);
  const here = actions().filter((one) => one.dataset.key);
  const table = document.querySelector("[data-grid]") ? [row(say("move"), ["←", "↑", "→", "↓"]), row(say("edit"), ["Enter", "F2"]), row(say("cancel"), ["Esc"])] : [];
  list.replaceChildren(
    ...group(say("always"), row(say("search"), ["Ctrl", "K"]), row(say("keys"), ["?"]), row(say("save"), ["Ctrl", "S"])),
    ...group(say("table"), ...table),
    ...group(say("actions"), ...here.map((one) => row(one.dataset.action, one.dataset.key.toUpperCase().split(" ")))),
  );
  document.getElementById("shortcuts").showModal();
}

document.addEventListener("click", (event) => {
  if (!event.target.closest?.("[data-shortcuts]")) return;
  document.getElementById("account")?.hidePopover?.();
  showAll();
});
const on = document.getElementById("shortcuts-on");
if (on) {
  on.checked = !storage.get(OFF);
  on.addEventListener("change", () => (on.checked ? storage.remove(OFF) : storage.set(OFF, true)));
}
