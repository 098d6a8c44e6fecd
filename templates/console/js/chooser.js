// A guest by name (parts/chooser.html): found while one types, taken by keys or mouse. Typing on makes it somebody off
// the list again, unless only words were meant.
import { make, newId } from "./base.js";
import { send } from "./send.js";

const WAIT = 120; // ms of quiet before the server is asked
let open = null; // { chooser, input, list }
let asking;
let waiting;

const part = (chooser, name) => chooser.querySelector(`[name$=".${name}"]`);

function close() {
  if (!open) return;
  open.list.remove();
  open.input.setAttribute("aria-expanded", "false");
  open.input.removeAttribute("aria-activedescendant");
  open.input.removeAttribute("aria-controls");
  open = null;
}

async function ask(chooser, input) {
  asking?.abort();
  asking = new AbortController();
  if (!input.value.trim()) return close();
  try {
    const query = new URLSearchParams({ q: input.value });
    const answer = await send(`${chooser.dataset.chooser}?${query}`, { method: "GET", headers: { "HX-Request": "true" }, signal: asking.signal });
    if (answer.ok && document.activeElement === input) show(chooser, input, await answer.text());
  } catch (error) {
    if (error.name !== "AbortError") close();
  }
}

function show(chooser, input, html) {
  close();
  const list = make("div", { id: `chooser-${newId()}`, class: "choices", role: "listbox", popover: "manual", "aria-label": input.getAttribute("aria-label") });
  list.setHTMLUnsafe ? list.setHTMLUnsafe(html) : (list.innerHTML = html);
  if (!list.querySelector('[role="option"]')) return;
  input.after(list);
  list.showPopover();
  open = { chooser, input, list };
  place();
  input.setAttribute("aria-expanded", "true");
  input.setAttribute("aria-controls", list.id);
  mark(-1);
}

function place() {
  const box = open.input.getBoundingClientRect();
  const { style } = open.list;
  style.left = `${Math.max(8, Math.min(box.left, innerWidth - open.list.offsetWidth - 8))}px`;
  const below = box.bottom + open.list.offsetHeight < innerHeight;
  style.top = `${below ? box.bottom + 2 : Math.max(8, box.top - open.list.offsetHeight - 2)}px`;
}

const options = () => [...open.list.querySelectorAll('[role="option"]')];
const marked = () => options().findIndex((one) => one.getAttribute("aria-selected") === "true");

function mark(at) {
  options().forEach((one, i) => {
    one.id = `${open.list.id}-${i}`;
    one.setAttribute("aria-selected", String(i === at));
  });
  const chosen = options()[at];
  if (chosen) open.input.setAttribute("aria-activedescendant", chosen.id);
  else open.input.removeAttribute("aria-activedescendant");
  chosen?.scrollIntoView({ block: "nearest" });
}

function take(option) {
  const { chooser, input } = open;
  close();
  input.value = option.dataset.text;
  part(chooser, "guest").value = option.dataset.guest;
  part(chooser, "kind").value = "guest";
  input.focus();
  input.form?.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("input", (event) => {
  const chooser = event.target.closest?.("[data-chooser]");
  if (!chooser || event.target !== part(chooser, "text")) return;
  part(chooser, "guest").value = "";
  if (part(chooser, "kind").value === "guest") part(chooser, "kind").value = "off_list";
  clearTimeout(waiting);
  waiting = setTimeout(ask, WAIT, chooser, event.target);
});

document.addEventListener("keydown", (event) => {
  if (!open || event.target !== open.input || event.isComposing) return;
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  const count = options().length;
  if (event.key in steps) mark((marked() + steps[event.key] + (marked() < 0 && event.key === "ArrowUp" ? 1 : 0) + count) % count);
  else if (event.key === "Enter" && marked() >= 0) take(options()[marked()]);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopPropagation();
}, true);

document.addEventListener("pointerdown", (event) => {
  const option = open && event.target.closest?.('[role="option"]');
  if (!option || !open.list.contains(option)) return;
  event.preventDefault(); // the field keeps the focus
  take(option);
});
document.addEventListener("focusout", (event) => {
  if (event.target === open?.input) close();
});

// Whoever was quicker than this script has typed already.
document.activeElement?.closest("[data-chooser]") && document.activeElement.value && document.activeElement.dispatchEvent(new Event("input", { bubbles: true }));
