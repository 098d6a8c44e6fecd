// Ctrl+K: ceremonies, people, items, documents from the server (GET /palette), and what this page can do.
import { fold, icon, make, say } from "./base.js";
import { act, actions } from "./keys.js";
import { send } from "./send.js";

const dialog = document.getElementById("palette");
const input = document.getElementById("palette-input");
const list = document.getElementById("palette-list");
const WAIT = 90; // ms of quiet before the server is asked
let asking;
let waiting;

const options = () => [...list.querySelectorAll('[role="option"]')];

export function open(query = "") {
  if (dialog.open) return input.select();
  if (document.querySelector("dialog:modal")) return;
  input.value = query;
  dialog.showModal();
  ask();
}

function ask() {
  clearTimeout(waiting);
  showActions();
  waiting = setTimeout(askServer, WAIT);
}

async function askServer() {
  asking?.abort();
  asking = new AbortController();
  const query = new URLSearchParams({ q: input.value, ceremony: document.body.dataset.ceremony ?? "" });
  try {
    const answer = await send(`/palette?${query}`, { method: "GET", headers: { "HX-Request": "true" }, signal: asking.signal });
    if (answer.ok) show(await answer.text());
    else none(say("unanswered"));
  } catch (error) {
    if (error.name !== "AbortError") none(say("unanswered"));
  }
}

function show(html) {
  const found = make("div", { id: "palette-found", role: "presentation" });
  found.setHTMLUnsafe ? found.setHTMLUnsafe(html) : (found.innerHTML = html);
  list.querySelector("#palette-found")?.remove();
  list.prepend(found);
  if (!options().length) none(say("nothing"));
  choose(0);
}

function none(words) {
  list.querySelector("#palette-found")?.remove();
  list.prepend(make("p", { id: "palette-found", class: "palette-none" }, words));
}

function showActions() {
  const wanted = fold(input.value.trim());
  const found = actions().filter((one) => wanted.split(" ").every((word) => fold(one.dataset.action).includes(word)));
  list.querySelector("#palette-actions")?.remove();
  if (found.length) {
    const title = make("p", { class: "palette-group", "aria-hidden": "true" }, say("actions"));
    list.append(make("div", { id: "palette-actions", role: "group", "aria-label": say("actions") }, title, ...found.slice(0, wanted ? 8 : 12).map(asOption)));
  }
  choose(0);
}

function asOption(element) {
  const made = make("div", { role: "option", tabindex: "-1" }, icon("right"), make("span", { class: "palette-text" }, element.dataset.action));
  if (element.dataset.key) made.append(make("span", { class: "palette-detail" }, make("kbd", {}, element.dataset.key.toUpperCase())));
  made.addEventListener("click", () => {
    shut();
    act(element);
  });
  return made;
}

/** What is typed next is meant for the page, not for the search that is gone: the browser itself takes a moment. */
function shut() {
  dialog.close();
  input.blur();
}

function choose(at) {
  const all = options();
  all.forEach((one, i) => {
    one.id = `palette-option-${i}`;
    one.setAttribute("aria-selected", String(i === at));
  });
  const chosen = all[at];
  if (chosen) input.setAttribute("aria-activedescendant", chosen.id);
  else input.removeAttribute("aria-activedescendant");
  chosen?.scrollIntoView({ block: "nearest" });
}

function move(by) {
  const all = options();
  const at = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
  if (all.length) choose((at + by + all.length) % all.length);
}

const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
input?.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key in steps) {
    event.preventDefault();
    move(steps[event.key]);
  } else if (event.key === "Escape") { // a search field would only empty itself
    event.preventDefault();
    shut();
  } else if (event.key === "Enter") {
    event.preventDefault();
    list.querySelector('[aria-selected="true"]')?.click();
  }
});
input?.addEventListener("input", ask);
list?.addEventListener("pointermove", (event) => {
  const over = event.target.closest('[role="option"]');
  if (over && over.getAttribute("aria-selected") !== "true") choose(options().indexOf(over));
});
dialog?.addEventListener("click", (event) => {
  if (event.target === dialog) shut();
});
dialog?.addEventListener("close", () => asking?.abort());
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    open();
  }
});
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-palette]");
  if (button) open(button.dataset.palette);
});
