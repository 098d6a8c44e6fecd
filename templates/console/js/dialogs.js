// Dialogs come as parts of answers (parts/dialog.html). A new one lies over the others, or takes the place of the one it
// answers; a form that was taken closes its dialog.

const place = document.getElementById("dialogs");

document.addEventListener("htmx:after:swap", (event) => {
  const asked = event.detail.ctx?.sourceElement?.closest?.("dialog");
  for (const dialog of place.querySelectorAll("dialog[data-open]")) {
    delete dialog.dataset.open;
    if (asked && asked !== dialog && place.contains(asked)) asked.remove();
    dialog.addEventListener("close", () => dialog.remove());
    dialog.showModal();
  }
});

document.addEventListener("htmx:finally:request", (event) => {
  const { ctx } = event.detail;
  const form = ctx.request?.form;
  const dialog = form?.closest("dialog");
  const sent = ctx.sourceElement === form && ctx.response?.raw.ok && !("stay" in form.dataset); // not a field asking for itself
  if (dialog?.open && place.contains(dialog) && sent) dialog.close();
});

document.addEventListener("click", (event) => {
  const close = event.target.closest?.("[data-close]");
  if (close) close.closest("dialog")?.close();
  // A click beside a dialog leaves it, unless something was typed there.
  if (event.target.matches?.("dialog:modal") && !event.target.querySelector("[data-dirty]") && beside(event)) event.target.close();
});

const beside = (event) => {
  const box = event.target.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
};

document.addEventListener("input", (event) => {
  event.target.closest?.("dialog form")?.setAttribute("data-dirty", "");
});

// An answer that says “not signed in any more” and similar errors is no content: what stands, stands.
document.addEventListener("htmx:before:swap", (event) => {
  const { ctx, tasks } = event.detail;
  if (ctx.response && ctx.response.status >= 500) {
    for (let i = tasks.length - 1; i >= 0; i -= 1) if (tasks[i].type === "main") tasks.splice(i, 1);
  }
});
