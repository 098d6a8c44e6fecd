// The hall: somebody is dragged to a seat, or clicked and set down by a second click, or taken up and set down by keys.
// What changed comes back as seats alone; the whole drawing is fetched again only where others changed it.
import { make, newId } from "./base.js";
import { send } from "./send.js";
import { toast } from "./toasts.js";

const FAR = 6; // pixels that a pointer moves before a press is a drag
const ZOOMS = [100, 150, 220, 320, 460, 660];
const page = () => document.querySelector("[data-seats]");
const sheet = () => document.getElementById("hall-sheet");
const picked = () => document.getElementById("picked");
const may = () => page() && "mayGive" in page().dataset;
let held = null; // { guest, nth, name }
let cursor = null; // the id of the place that keys are at
let drag = null; // { who, x, y, ghost }
let justDragged = false;

const placeOf = (element) => element?.closest?.("[data-place]");
const seatAt = (place) => sheet()?.querySelector(`[data-place="${CSS.escape(place)}"]`);
const titleOf = (seat) => seat.querySelector("title")?.textContent ?? "";

function whoAt(element) {
  const one = element?.closest?.("[data-guest]");
  if (!one) return null;
  const title = titleOf(one);
  return { guest: one.dataset.guest, nth: one.dataset.nth ?? "0", name: one.dataset.name ?? (title.split(": ").slice(1).join(": ") || title) };
}

// ---- taking up and setting down

function hold(who) {
  held = who;
  const place = picked();
  if (place) place.textContent = who ? place.dataset.holding.replace("{name}", who.name) : place.dataset.empty;
  for (const one of document.querySelectorAll("[data-guest].held")) one.classList.remove("held");
  if (who) for (const one of document.querySelectorAll(`[data-guest="${CSS.escape(who.guest)}"]`)) if ((one.dataset.nth ?? "0") === who.nth) one.classList.add("held");
  page()?.classList.toggle("holding", Boolean(who));
}

async function change(values) {
  const { seats, hall } = page().dataset;
  const body = new URLSearchParams({ hall, request_id: newId(), ...values });
  hold(null);
  try {
    const answer = await send(`${seats}/put`, { method: "POST", body, headers: { "HX-Request": "true", "HX-Request-Type": "partial" } });
    const text = await answer.text();
    takeIn(text);
    await htmx.swap({ text, sourceElement: page(), target: page(), swap: "none" });
  } catch (error) {
    toast("bad", error.message);
  }
}

/** The seats of an answer in the place of those that stand. */
function takeIn(text) {
  const found = new DOMParser().parseFromString(text, "text/html").querySelector("template[data-changed-seats]");
  const plan = document.getElementById("hall-plan");
  if (!found || !plan) return;
  for (const seat of found.content.querySelectorAll("[data-place]")) seatAt(seat.dataset.place)?.replaceWith(document.adoptNode(seat));
  plan.dataset.version = found.dataset.version;
  mark();
}

const put = (who, place) => change({ do: "put", guest: who.guest, nth: who.nth, place });
const clear = (who) => change({ do: "clear", guest: who.guest, nth: who.nth });

function choose(element) {
  const place = placeOf(element)?.dataset.place;
  if (held && place) return put(held, place);
  const who = whoAt(element);
  return hold(who && held?.guest === who.guest && held.nth === who.nth ? null : who);
}

// ---- by a pointer: pressed and moved it is a drag, pressed and let go a choice

document.addEventListener("pointerdown", (event) => {
  const who = may() && event.button === 0 && event.pointerType !== "touch" && event.target.closest?.("[data-seats]") ? whoAt(event.target) : null;
  if (who && !event.target.closest(".icon-button")) drag = { who, x: event.clientX, y: event.clientY, ghost: null };
});

document.addEventListener("pointermove", (event) => {
  if (!drag) return;
  if (!drag.ghost && Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < FAR) return;
  if (!drag.ghost) {
    drag.ghost = make("div", { class: "drag-ghost", "aria-hidden": "true" }, drag.who.name);
    document.body.append(drag.ghost);
    document.body.classList.add("dragging");
    hold(drag.who);
  }
  event.preventDefault();
  drag.ghost.style.translate = `${event.clientX + 12}px ${event.clientY + 10}px`;
  over(document.elementFromPoint(event.clientX, event.clientY));
});

function over(element) {
  for (const one of document.querySelectorAll(".drop-here")) one.classList.remove("drop-here");
  (placeOf(element) ?? element?.closest?.("#seats-side"))?.classList.add("drop-here");
}

function ended(event, done) {
  if (!drag) return;
  const { who, ghost } = drag;
  drag = null;
  if (!ghost) return;
  ghost.remove();
  over(null);
  document.body.classList.remove("dragging");
  justDragged = true;
  setTimeout(() => { justDragged = false; }, 0);
  hold(null);
  const target = done && document.elementFromPoint(event.clientX, event.clientY);
  const place = placeOf(target)?.dataset.place;
  if (place) put(who, place);
  else if (target?.closest?.("#seats-side") && seatOf(who)) clear(who);
}

const seatOf = (who) => sheet()?.querySelector(`[data-guest="${CSS.escape(who.guest)}"][data-nth="${CSS.escape(who.nth)}"]`);
document.addEventListener("pointerup", (event) => ended(event, true));
document.addEventListener("pointercancel", (event) => ended(event, false));

document.addEventListener("click", (event) => {
  if (justDragged || !page()) return;
  const zoom = event.target.closest?.("[data-zoom]");
  if (zoom) return magnify(Number(zoom.dataset.zoom));
  const place = placeOf(event.target);
  if (place && page().contains(place)) setCursor(place.dataset.place);
  if (!may() || event.target.closest?.(".icon-button, a")) return;
  if (place || event.target.closest?.("[data-pick]")) choose(event.target);
});

// ---- by keys: a cursor goes from seat to seat

const middle = (seat) => {
  const box = (seat.querySelector("use, rect") ?? seat).getBoundingClientRect();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
};

function setCursor(place) {
  cursor = place;
  mark();
  const seat = place && seatAt(place);
  if (!seat) return;
  if (!held) picked().textContent = titleOf(seat);
  seat.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function mark() {
  for (const one of sheet()?.querySelectorAll(".at-cursor") ?? []) one.classList.remove("at-cursor");
  if (cursor) seatAt(cursor)?.classList.add("at-cursor");
}

/** The nearest place in that direction; what is aside counts double. */
function go(dx, dy) {
  const all = [...sheet().querySelectorAll("[data-place]")];
  const here = cursor && seatAt(cursor);
  if (!here) return setCursor(all[0]?.dataset.place);
  const at = middle(here);
  let best = null;
  for (const one of all) {
    const to = middle(one);
    const along = (to.x - at.x) * dx + (to.y - at.y) * dy;
    const aside = Math.abs((to.x - at.x) * dy) + Math.abs((to.y - at.y) * dx);
    if (along > 1 && (!best || along + 2 * aside < best.far)) best = { one, far: along + 2 * aside };
  }
  return best && setCursor(best.one.dataset.place);
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

document.addEventListener("keydown", (event) => {
  if (!page() || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && held) return hold(null);
  if (event.target !== sheet()) return;
  const seat = cursor && seatAt(cursor);
  const who = seat && whoAt(seat);
  const does = {
    Enter: () => seat && may() && choose(seat), " ": () => seat && may() && choose(seat),
    Delete: () => who && may() && clear(who), f: () => who && may() && change({ do: seat.classList.contains("fixed") ? "release" : "fix", guest: who.guest, nth: who.nth }),
    e: () => who && may() && htmx.ajax("GET", `${page().dataset.seats}/guest/${encodeURIComponent(who.guest)}?nth=${who.nth}`, { source: sheet(), swap: "none" }),
  }[event.key];
  if (!does && !ARROWS[event.key]) return;
  event.preventDefault();
  event.stopPropagation();
  if (does) does();
  else go(...ARROWS[event.key]);
}, true);

// ---- larger and smaller

let zoom = 0;

function magnify(step) {
  const frame = sheet();
  const at = (frame.scrollLeft + frame.clientWidth / 2) / frame.scrollWidth;
  const down = (frame.scrollTop + frame.clientHeight / 2) / frame.scrollHeight;
  zoom = Math.max(0, Math.min(ZOOMS.length - 1, zoom + step));
  document.getElementById("hall-plan").style.width = `${ZOOMS[zoom]}%`;
  frame.scrollTo(at * frame.scrollWidth - frame.clientWidth / 2, down * frame.scrollHeight - frame.clientHeight / 2);
}

// ---- others changed something: what stands beside the hall says so by its version

document.addEventListener("htmx:after:swap", () => {
  const plan = document.getElementById("hall-plan");
  const told = document.getElementById("seats-version")?.dataset.version;
  if (!plan || !told || plan.dataset.version === told) return;
  const { seats, hall } = page().dataset;
  plan.dataset.version = told;
  send(`${seats}/plan?hall=${encodeURIComponent(hall)}`, { method: "GET", headers: { "HX-Request": "true" } })
    .then((answer) => (answer.ok ? answer.text() : ""))
    .then((text) => {
      const found = new DOMParser().parseFromString(text, "text/html").getElementById("hall-plan");
      if (!found) return;
      plan.replaceChildren(...[...found.childNodes].map((one) => document.adoptNode(one)));
      plan.dataset.version = found.dataset.version;
      mark();
    });
});

hold(null);
