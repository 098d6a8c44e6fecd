// Rows of a table that are ticked to be treated together: counted, a stretch of them with Shift, all at once, none.
const bar = () => document.querySelector("[data-chosen]");
const boxes = () => [...document.querySelectorAll('input[form="chosen"][name="guest"]')];
let last = null; // the box that was ticked before, by its value

function count() {
  const form = bar();
  if (!form) return;
  const all = form.querySelector("[data-choose-filter]");
  const ticked = boxes().filter((one) => one.checked);
  form.hidden = !ticked.length && !all.checked;
  form.querySelector("[data-chosen-count]").textContent = all.checked ? document.querySelector("[data-total]")?.dataset.total ?? "" : ticked.length;
  for (const one of boxes()) one.closest("tr").classList.toggle("chosen", one.checked);
  const head = document.querySelector("[data-choose-all]");
  if (!head) return;
  head.checked = ticked.length > 0 && ticked.length === boxes().length;
  head.indeterminate = ticked.length > 0 && !head.checked;
}

function none() {
  for (const one of boxes()) one.checked = false;
  const all = bar()?.querySelector("[data-choose-filter]");
  if (all) all.checked = false;
  last = null;
  count();
}

document.addEventListener("click", (event) => {
  const box = event.target.closest?.('input[form="chosen"][name="guest"]');
  if (!box) return;
  const all = boxes();
  const from = all.findIndex((one) => one.value === last);
  if (event.shiftKey && from >= 0) {
    const [low, high] = [from, all.indexOf(box)].sort((a, b) => a - b);
    for (const one of all.slice(low, high + 1)) one.checked = box.checked;
  }
  last = box.value;
});

document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-choose-all]")) for (const one of boxes()) one.checked = event.target.checked;
  if (event.target.matches?.('[data-choose-all], [data-choose-filter], input[form="chosen"]')) count();
});
document.addEventListener("reset", (event) => {
  if (event.target.matches("[data-chosen]")) setTimeout(none);
});
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-chosen]")) event.preventDefault();
});
document.addEventListener("km:chosen-done", none);
document.addEventListener("htmx:after:swap", count);
count();
