// Rows inside a form that one adds and takes out: a fieldset with data-rows, its list data-rows-list, and a template whose
// names hold NEW where the row's own mark goes.
import { newId } from "./base.js";

const mark = () => newId().slice(-8);

function add(rows, own = mark()) {
  const made = rows.querySelector("template").content.cloneNode(true);
  for (const one of made.querySelectorAll("[name]")) one.name = one.name.replace(".NEW.", `.${own}.`);
  for (const one of made.querySelectorAll("[id]")) one.id = one.id.replace("NEW", own);
  for (const one of made.querySelectorAll("[for]")) one.htmlFor = one.htmlFor.replace("NEW", own);
  const row = made.firstElementChild;
  rows.querySelector("[data-rows-list]").append(row);
  return row;
}

const touched = (rows) => rows.querySelector("input").dispatchEvent(new Event("input", { bubbles: true }));

document.addEventListener("click", (event) => {
  const rows = event.target.closest?.("[data-rows]");
  if (!rows) return;
  if (event.target.closest("[data-rows-add]")) {
    const row = add(rows);
    (row.querySelector("input:not([hidden])") ?? row.querySelector("select, textarea")).focus();
    touched(rows);
  }
  const out = event.target.closest("[data-rows-remove]");
  if (!out) return;
  const row = out.closest("[data-rows-list] > *");
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  (next?.querySelector("[data-rows-remove]") ?? rows.querySelector("[data-rows-add]")).focus();
  touched(rows);
});

// What was typed and kept (keep.js) may have had more rows than the form that is offered it again.
document.addEventListener("km:restoring", (event) => {
  for (const rows of event.target.querySelectorAll("[data-rows]")) {
    const begins = rows.querySelector("template").content.querySelector("[name]").name.split(".NEW.")[0];
    const there = new Set([...rows.querySelectorAll("[data-rows-list] [name]")].map((one) => one.name.split(".")[1]));
    const kept = Object.keys(event.detail).filter((name) => name.startsWith(`${begins}.`)).map((name) => name.split(".")[1]);
    for (const own of new Set(kept)) if (!there.has(own)) add(rows, own);
  }
});
