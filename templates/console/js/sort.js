// Rows that are moved: by their grip, or by Alt and an arrow. An element with data-sort="address" posts which row
// (data-sort-key) went before which (empty: to the end), and takes the answer in by a morph. A last row that is none of
// them says with data-sort-next who comes after those that stand there.
import { newId } from "./base.js";

const rows = (list) => [...list.querySelectorAll(":scope > [data-sort-key]")];

function post(list, row) {
  const next = row.nextElementSibling?.dataset;
  const values = { moved: row.dataset.sortKey, before: next?.sortKey ?? next?.sortNext ?? "", version: list.dataset.version ?? "", request_id: newId() };
  htmx.ajax("POST", list.dataset.sort, { source: list, target: list, swap: "outerMorph", values });
}

// Dragging weighs more than the rest of a page's scripts: it is fetched when a hand comes near.
const near = (event) => {
  const list = event.target.closest?.("[data-sort]");
  if (list) prepare(list);
};
document.addEventListener("pointerover", near);
document.addEventListener("touchstart", near, { passive: true });

async function prepare(list) {
  if (list.kmSort) return;
  list.kmSort = true;
  await import("./sortable.js");
  list.kmSort = window.Sortable.create(list, {
    handle: ".grip", draggable: "[data-sort-key]", animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
    ghostClass: "dragged", delay: 120, delayOnTouchOnly: true,
    onEnd: (event) => { if (event.oldIndex !== event.newIndex) post(list, event.item); },
  });
}

document.addEventListener("keydown", (event) => {
  if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  const list = event.target.closest?.("[data-sort]");
  const row = list && rows(list).find((one) => one.contains(event.target));
  if (!row || event.target.matches("input, textarea")) return;
  event.preventDefault();
  const at = rows(list).indexOf(row) + (event.key === "ArrowUp" ? -1 : 1);
  const other = rows(list)[at];
  if (!other) return;
  const focused = document.activeElement;
  if (event.key === "ArrowUp") other.before(row);
  else other.after(row);
  focused?.focus();
  post(list, row);
});
