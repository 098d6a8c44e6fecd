// Words on what happened: they come with answers of the server or from scripts, and outlive a change of pages.
import { icon, make } from "./base.js";

const STAY = 7000; // ms; those with an undo stay longer, bad news until they are closed
const STAY_UNDO = 20000;
const KEPT = "km.toasts";
const place = document.getElementById("toasts");
const PASSING = ".good, .info";
const SIGNS = { good: "check", info: "info", warn: "alert", bad: "stop" };

/** kind: good, info, warn or bad. */
export function toast(kind, text) {
  const same = [...place.querySelectorAll(".toast > p")].find((one) => one.textContent === text);
  same?.parentElement.remove();
  const close = make("button", { type: "button", class: "icon-button", "data-dismiss": "", "aria-label": place.dataset.close }, icon("close"));
  const made = make("div", { class: `toast ${kind}` }, icon(SIGNS[kind]), make("p", {}, text), close);
  if (kind === "bad") made.setAttribute("role", "alert");
  place.append(made);
}

function leaveLater(one) {
  if (one.matches(".bad, .warn")) return;
  let left = one.querySelector("[data-undo]") ? STAY_UNDO : STAY;
  const tick = setInterval(() => {
    if (!one.isConnected) clearInterval(tick);
    else if (one.matches(":hover, :focus-within") || document.hidden) return;
    else if ((left -= 500) <= 0) one.remove();
  }, 500);
}

/** One good word at a time: the last one has the undo that counts. Those of one answer come together. */
function arrived(fresh) {
  if (fresh.some((one) => one.matches(PASSING))) {
    for (const other of place.querySelectorAll(`.toast:is(${PASSING})`)) if (!fresh.includes(other)) other.remove();
  }
  fresh.forEach(leaveLater);
}

// Over a modal dialog everything else is out of reach, toasts too: they go where one can press their buttons.
function follow() {
  const open = [...document.querySelectorAll("dialog:modal")].at(-1) ?? document.body;
  if (place.parentElement !== open) open.append(place);
}

if (place) {
  place.querySelectorAll(".toast").forEach(leaveLater);
  new MutationObserver((records) => {
    follow();
    arrived(records.flatMap((record) => [...record.addedNodes]).filter((one) => one.matches?.(".toast")));
  }).observe(place, { childList: true });
  new MutationObserver(follow).observe(document.body, { subtree: true, attributeFilter: ["open"] });
}

document.addEventListener("click", (event) => {
  event.target.closest?.("[data-dismiss]")?.closest(".toast")?.remove();
});

// An undo that the server took: the toast has done its work.
document.addEventListener("htmx:finally:request", (event) => { // after its answer was taken in, not before
  const { ctx } = event.detail;
  if (ctx.sourceElement?.matches("[data-undo]") && ctx.response?.raw.ok) ctx.sourceElement.closest(".toast")?.remove();
});
document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = event.detail;
  if (ctx.hx?.redirect) sessionStorage.setItem(KEPT, ctx.text);
});

const kept = sessionStorage.getItem(KEPT);
if (kept) {
  sessionStorage.removeItem(KEPT);
  htmx.swap({ text: kept, sourceElement: document.body, target: document.body, swap: "none" });
}
