// What others change and who else is here (GET /live, server-sent events). Parts of a page listen with
// hx-trigger="km:guests from:body" and fetch themselves anew by a morph, which leaves focus and typing alone.
import { make, say, user } from "./base.js";
import { signIn, tell } from "./send.js";

const OWNERS = ["scheduling", "guests", "awards", "program", "dispatch", "accounts", "readiness"];
const TOGETHER = 400; // ms: the first of many changes is shown at once, the rest in one refresh
const AWAY = 4000; // ms without a connection until the page says so
const ASIDE = 20000; // ms that a hidden page stays connected: browsers allow six connections to one server
const SLOWEST = 15000;

let source = null;
let last = "";
let failed = 0;
let lost;
let aside;
const waiting = new Map(); // by owner: the detail of what changed since its last refresh, or null

/** Tell the parts of this page that something of this owner changed. */
export function changed(owner, detail = {}) {
  if (waiting.has(owner)) return waiting.set(owner, detail);
  document.body.dispatchEvent(new CustomEvent(`km:${owner}`, { detail, bubbles: true }));
  waiting.set(owner, null);
  setTimeout(() => {
    const more = waiting.get(owner);
    waiting.delete(owner);
    if (more) changed(owner, more);
  }, TOGETHER);
  return null;
}

function connect() {
  clearTimeout(aside);
  if (source || !user || document.hidden) return;
  const { ceremony = "", here = "" } = document.body.dataset;
  const query = new URLSearchParams({ where: here });
  if (ceremony) query.set("ceremony", ceremony);
  if (last) query.set("last", last);
  source = new EventSource(`/live?${query}`);
  source.addEventListener("open", opened);
  source.addEventListener("error", broken);
  source.addEventListener("changed", heard);
  source.addEventListener("presence", (event) => showPresence(JSON.parse(event.data)));
  source.addEventListener("ended", () => {
    disconnect();
    signIn().then(connect, () => {});
  });
}

function opened() {
  clearTimeout(lost);
  if (failed) {
    document.documentElement.classList.remove("is-offline");
    tell("");
    OWNERS.forEach((owner) => changed(owner)); // what happened meanwhile was not heard
  }
  failed = 0;
}

function broken() {
  failed += 1;
  if (failed === 1) lost = setTimeout(showLost, AWAY);
  if (source.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
  disconnect();
  setTimeout(connect, Math.min(SLOWEST, 1000 * 2 ** Math.min(failed, 4)));
}

function showLost() {
  document.documentElement.classList.add("is-offline");
  tell("offline");
}

function disconnect() {
  source?.close();
  source = null;
}

function heard(event) {
  last = event.lastEventId || last;
  const what = JSON.parse(event.data);
  if (what.owner) changed(what.owner, what);
  else OWNERS.forEach((owner) => changed(owner));
}

// The first and the last word, as the server writes them.
const initials = (name) => {
  const parts = name.trim().split(/\s+/);
  return ((parts[0]?.[0] ?? "?") + (parts.length > 1 ? parts.at(-1)[0] : "")).toUpperCase();
};

function showPresence(all) {
  const place = document.getElementById("presence");
  const others = all.filter((one) => one.id !== user);
  place?.replaceChildren(...others.slice(0, 5).map((one) => {
    const avatar = make("span", { class: "avatar", title: one.name }, make("span", { "aria-hidden": "true" }, initials(one.name)), make("span", { class: "off" }, one.name));
    return make("li", one.where === document.body.dataset.here ? { class: "same" } : {}, avatar);
  }));
  if (others.length > 5) place.append(make("li", {}, make("span", { class: "avatar", title: others.slice(5).map((one) => one.name).join(", ") }, `+${others.length - 5}`)));
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) {
    if (!source && user) {
      connect();
      OWNERS.forEach((owner) => changed(owner));
    }
    clearTimeout(aside);
  } else {
    aside = setTimeout(disconnect, ASIDE);
  }
});
addEventListener("pagehide", disconnect);
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
addEventListener("offline", () => tell("offline"));
addEventListener("online", () => tell("online"));
connect();
