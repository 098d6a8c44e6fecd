// Nothing typed is lost: a form with data-keep="key" is kept in this browser while somebody types, until the server took
// it. After a reload, a crash, an ended session or a restart of the server it is offered again.
import { make, say, storage, user } from "./base.js";

const PREFIX = `km.keep.${user}.`;
const FORGET = 14 * 24 * 3600 * 1000; // ms
const SECRET = new Set(["password", "file", "hidden", "submit", "button"]);
const named = (form) => [...form.elements].filter((one) => one.name && !SECRET.has(one.type));
const keyOf = (form) => PREFIX + form.dataset.keep;

const isTicked = (one) => one.type === "checkbox" || one.type === "radio";
const read = (one) => (isTicked(one) ? one.checked : one.value);
const id = (one) => (isTicked(one) ? `${one.name}=${one.value}` : one.name);
const values = (form) => Object.fromEntries(named(form).map((one) => [id(one), read(one)]));

/** As the server wrote it: after a reload some browsers put back what was typed, all by themselves. */
function given(one) {
  if (isTicked(one)) return one.defaultChecked;
  if (one.options) return ([...one.options].find((option) => option.defaultSelected) ?? one.options[0])?.value ?? "";
  return one.defaultValue;
}

function keep(form) {
  form.setAttribute("data-dirty", "");
  form.setAttribute("hx-morph-skip", ""); // a refresh of the page leaves alone what somebody is typing
  storage.set(keyOf(form), { at: Date.now(), values: values(form) });
}

export function forget(form) {
  form.removeAttribute("data-dirty");
  form.removeAttribute("hx-morph-skip");
  form.querySelector(":scope > .kept")?.remove();
  storage.remove(keyOf(form));
}

function put(form, kept) {
  for (const one of named(form)) {
    const value = kept[id(one)];
    if (value === undefined || read(one) === value) continue;
    if (isTicked(one)) one.checked = value;
    else one.value = value;
    one.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function offer(form) {
  if (form.kmOffered) return;
  form.kmOffered = true;
  const kept = storage.get(keyOf(form));
  if (!kept) return;
  const differs = named(form).some((one) => id(one) in kept.values && kept.values[id(one)] !== given(one));
  if (!differs || Date.now() - kept.at > FORGET) return storage.remove(keyOf(form));
  const when = new Date(kept.at).toLocaleString(document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang, { dateStyle: "short", timeStyle: "short" });
  const restore = make("button", { type: "button", class: "button small" }, say("restore"));
  const discard = make("button", { type: "button", class: "button quiet small" }, say("discard"));
  const bar = make("div", { class: "kept", role: "status" }, make("p", {}, say("kept", { when })), restore, discard);
  restore.addEventListener("click", () => {
    form.dispatchEvent(new CustomEvent("km:restoring", { detail: kept.values, bubbles: true }));
    put(form, kept.values);
    keep(form);
    bar.replaceChildren(make("p", {}, say("restored")));
    (named(form).find((one) => !one.disabled) ?? form).focus();
  });
  discard.addEventListener("click", () => form.reset());
  form.prepend(bar);
}

const offerAll = () => document.querySelectorAll("form[data-keep]").forEach(offer);

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.dataset.keep !== undefined && !SECRET.has(event.target.type)) keep(form);
});
document.addEventListener("change", (event) => {
  const form = event.target.form;
  if (event.isTrusted && form?.dataset.keep !== undefined && !SECRET.has(event.target.type)) keep(form);
});
document.addEventListener("reset", (event) => {
  if (event.target.dataset.keep !== undefined) forget(event.target);
});

// Its own answer may replace the form: taken and forgotten, or refused and shown again with what was typed.
document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = event.detail;
  const form = ctx.request?.form;
  if (!form || form.dataset.keep === undefined || ctx.request.method === "GET") return;
  if (ctx.response.raw.ok) forget(form);
  else form.removeAttribute("hx-morph-skip");
});
document.addEventListener("htmx:after:swap", offerAll);

// Signed out on purpose: nothing stays behind for whoever sits down next.
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-sign-out]")) storage.keys("km.keep.").forEach(storage.remove);
}, true);

offerAll();
