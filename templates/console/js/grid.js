// Tables that are edited in place, by keys first: <table data-grid>, rows with an id, data-save (address) and
// data-version, cells with data-field. A saved cell posts field, value, base (the value when editing began), version and
// request_id; the answer is the row, taken in by a morph, or 409 with a dialog that shows both versions.
import { make, newId, say, storage, user } from "./base.js";
import { send } from "./send.js";
import { toast } from "./toasts.js";

const UNKNOWN = "—";
const KEPT = `km.keep.${user}.cell.`;
const queues = new Map(); // by row: its saves go one after the other
let editing = null; // { cell, editor (or null: the cell itself is typed in), base, before }

const cellOf = (target) => target?.closest?.("[data-grid] td[data-field]");
const cellsOf = (row) => [...row.querySelectorAll("td[data-field]")];
const headOf = (cell) => cell.closest("table").querySelector(`th[data-field="${cell.dataset.field}"]`);
const kindOf = (cell) => cell.dataset.kind ?? headOf(cell)?.dataset.kind ?? "text";
const choicesOf = (cell) => JSON.parse(headOf(cell)?.dataset.options ?? "[]");
const raw = (cell) => cell.dataset.value ?? (cell.textContent.trim() === UNKNOWN ? "" : cell.textContent.trim());
const keyOf = (row, field) => `${KEPT}${row.dataset.save} ${field}`;
// These are typed straight into the cell: it is editable as soon as it has the focus, so that an input method that
// composes letters (Telex, VNI) has them from the very first key.
const isPlain = (cell) => !["select", "area", "date"].includes(kindOf(cell)) && !headOf(cell)?.dataset.list;

// ---- going about

function focus(cell) {
  if (!cell) return false;
  cell.tabIndex = 0;
  cell.focus();
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  return true;
}

/** The cell waits for what is typed: all of it is chosen, so whatever comes takes its place. */
function arm(cell) {
  for (const one of cell.closest("table").querySelectorAll('td[data-field][tabindex="0"]')) one.tabIndex = -1;
  cell.tabIndex = 0;
  if (!isPlain(cell)) return;
  cell.contentEditable = "plaintext-only";
  cell.spellcheck = false;
  cell.classList.add("ready");
  getSelection().selectAllChildren(cell);
}

function disarm(cell) {
  cell.removeAttribute("contenteditable");
  cell.removeAttribute("spellcheck");
  cell.classList.remove("ready", "editing");
}

function beside(cell, columns, rows) {
  if (columns) {
    const all = cellsOf(cell.parentElement);
    return all[all.indexOf(cell) + columns];
  }
  const way = rows > 0 ? "nextElementSibling" : "previousElementSibling";
  for (let row = cell.parentElement[way]; row; row = row[way]) {
    const found = row.querySelector(`td[data-field="${cell.dataset.field}"]`);
    if (found) return found;
  }
  return null;
}

function after(cell, by) {
  const all = [...cell.closest("table").querySelectorAll("td[data-field]")];
  return all[all.indexOf(cell) + by];
}

// ---- editing

function editorFor(cell) {
  const kind = kindOf(cell);
  const head = headOf(cell);
  const label = [head?.textContent.trim(), cell.parentElement.querySelector("th")?.textContent.trim()].filter(Boolean).join(", ");
  const common = { class: "editor", "aria-label": label || cell.dataset.field, autocomplete: "off" };
  if (kind === "select") return make("select", common, ...choicesOf(cell).map(([value, words]) => make("option", { value }, words)));
  if (kind === "area") return make("textarea", { ...common, rows: "3" });
  const special = kind === "date" ? { type: "date" } : { type: "text", spellcheck: "false", list: head.dataset.list };
  return make("input", { ...common, ...special });
}

/** From here on what the cell holds is being typed. */
function begin(cell) {
  if (editing) commit();
  const before = [...cell.childNodes].map((node) => node.cloneNode(true));
  editing = { cell, editor: null, base: cell.dataset.base ?? raw(cell), before };
  cell.classList.remove("ready");
  cell.classList.add("editing");
  cell.setAttribute("hx-morph-skip", "");
}

function edit(cell) {
  begin(cell);
  if (!isPlain(cell)) return openEditor(cell);
  cell.textContent = raw(cell);
  getSelection().selectAllChildren(cell);
  if (cell.textContent) getSelection().collapseToEnd();
}

function openEditor(cell) {
  const editor = editorFor(cell);
  editor.value = raw(cell);
  editing.editor = editor;
  cell.replaceChildren(editor);
  editor.focus();
  editor.select?.();
  if (editor.matches("select")) editor.addEventListener("change", () => commit(true));
}

const typed = () => (editing.editor ? editing.editor.value : editing.cell.textContent.replace(/\s+/g, " ").trim());

function leave() {
  const { cell, before } = editing;
  editing = null; // first: taking away what has the focus says so
  cell.classList.remove("editing");
  if (!cell.dataset.state) cell.removeAttribute("hx-morph-skip");
  cell.replaceChildren(...before);
  if (document.activeElement === cell) arm(cell);
  return cell;
}

function cancel() {
  storage.remove(keyOf(editing.cell.parentElement, editing.cell.dataset.field));
  focus(leave());
}

function commit(stay = false) {
  const { base } = editing;
  const value = typed();
  const cell = leave();
  if (value !== base) set(cell, value, base);
  else if (cell.dataset.state === "failed") revert(cell);
  else storage.remove(keyOf(cell.parentElement, cell.dataset.field));
  if (stay) focus(cell);
  return cell;
}

function shown(cell, value) {
  if (kindOf(cell) === "select") return choicesOf(cell).find(([one]) => one === value)?.[1] ?? value;
  return value;
}

function set(cell, value, base) {
  cell.textContent = shown(cell, value) || UNKNOWN;
  cell.dataset.value = value;
  cell.dataset.base = base;
  save(cell, value, base);
}

function revert(cell) {
  const base = cell.dataset.base ?? "";
  storage.remove(keyOf(cell.parentElement, cell.dataset.field));
  cell.textContent = shown(cell, base) || UNKNOWN;
  cell.dataset.value = base;
  settle(cell);
}

function settle(cell, state = "") {
  if (state) cell.dataset.state = state;
  else delete cell.dataset.state;
  cell.setAttribute("aria-busy", String(state === "pending"));
  if (state === "failed") cell.setAttribute("aria-invalid", "true");
  else cell.removeAttribute("aria-invalid");
  if (state === "pending" || state === "failed") return cell.setAttribute("hx-morph-skip", "");
  delete cell.dataset.base;
  return cell.removeAttribute("hx-morph-skip");
}

// ---- saving

function save(cell, value, base) {
  const row = cell.parentElement;
  const change = { id: row.id, field: cell.dataset.field, value, base };
  storage.set(keyOf(row, change.field), { at: Date.now(), value, base });
  settle(cell, "pending");
  const done = (queues.get(row.id) ?? Promise.resolve()).then(() => post(change));
  queues.set(row.id, done);
}

const find = (change) => document.getElementById(change.id)?.querySelector(`td[data-field="${change.field}"]`);

async function post(change) {
  const row = document.getElementById(change.id);
  if (!row) return;
  let ok = false;
  const sent = async (address, request) => {
    const answer = await send(address, request);
    ok = answer.ok;
    taken(change, row, ok);
    return answer;
  };
  const { field, value, base } = change;
  const values = { field, value, base, version: row.dataset.version ?? "", request_id: newId() };
  await htmx.ajax("POST", row.dataset.save, { source: row, target: row, swap: "outerMorph", values, fetch: sent });
  const cell = find(change);
  if (!cell || cell.dataset.state === "pending" && cell.dataset.value !== value) return; // changed again meanwhile
  if (!ok) settle(cell, "failed");
  else flash(cell);
}

/** The server answered: before the row is taken in, its cell is let go. */
function taken(change, row, ok) {
  const cell = find(change);
  if (!ok || cell?.dataset.value !== change.value) return;
  storage.remove(keyOf(row, change.field));
  if (cell !== editing?.cell) settle(cell);
}

function flash(cell) {
  if (cell.dataset.state) return;
  cell.dataset.state = "saved";
  setTimeout(() => { if (cell.dataset.state === "saved") delete cell.dataset.state; }, 2500);
}

// A collision was settled in its dialog: what the row shows now is the server's again.
document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = event.detail;
  if (!ctx.target?.matches?.("[data-grid] tr") || !ctx.response.raw.ok || ctx.sourceElement === ctx.target) return;
  for (const cell of ctx.target.querySelectorAll('td[data-state="failed"]')) {
    storage.remove(keyOf(ctx.target, cell.dataset.field));
    settle(cell);
  }
});

// ---- keys, mouse, clipboard

const ways = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const isEditing = (target) => editing && (editing.editor ?? editing.cell) === target;

function inEditor(event) {
  const { cell, editor } = editing;
  const newLine = editor?.matches("textarea") && (event.shiftKey || event.altKey);
  if (event.key === "Escape") cancel();
  else if (event.key === "Enter" && !newLine) focus(beside(commit(), 0, event.shiftKey ? -1 : 1) ?? cell);
  else if (event.key === "Tab") focus(after(commit(), event.shiftKey ? -1 : 1) ?? cell);
  else if (!editor && ["ArrowUp", "ArrowDown"].includes(event.key)) focus(beside(commit(), ...ways[event.key]) ?? cell);
  else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") commit(true);
  else return event.stopPropagation();
  event.preventDefault();
  event.stopPropagation();
}

function inCell(event, cell) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const all = cellsOf(cell.parentElement);
  const opens = !isPlain(cell) && (event.key.length === 1 || event.key === "Delete");
  if (event.key in ways) focus(beside(cell, ...ways[event.key]));
  else if (event.key === "Home") focus(all[0]);
  else if (event.key === "End") focus(all.at(-1));
  else if (event.key === "Enter" || event.key === "F2" || opens) edit(cell);
  else if (event.key === "Escape" && cell.dataset.state === "failed") revert(cell);
  else if (event.key.length === 1) return event.stopPropagation(); // it is typed into the cell, and is no shortcut
  else return;
  event.preventDefault();
  event.stopPropagation();
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229) return;
  if (isEditing(event.target)) inEditor(event);
  else if (cellOf(event.target) === event.target) inCell(event, event.target);
}, true);

document.addEventListener("beforeinput", (event) => {
  const cell = cellOf(event.target);
  if (cell !== event.target || isEditing(cell)) return;
  if (event.inputType.startsWith("history")) event.preventDefault();
  else begin(cell);
});
document.addEventListener("compositionstart", (event) => {
  const cell = cellOf(event.target);
  if (cell === event.target && !isEditing(cell)) begin(cell);
});
document.addEventListener("input", (event) => {
  if (!isEditing(event.target)) return;
  const { cell, base } = editing;
  storage.set(keyOf(cell.parentElement, cell.dataset.field), { at: Date.now(), value: typed(), base });
});
document.addEventListener("focusin", (event) => {
  const cell = cellOf(event.target);
  if (cell === event.target && !isEditing(cell)) arm(cell);
});
document.addEventListener("focusout", (event) => {
  const cell = cellOf(event.target);
  if (!cell || !document.hasFocus()) return; // another window came before this one: what is typed stays open
  if (isEditing(event.target)) setTimeout(() => { if (isEditing(event.target) && document.activeElement !== event.target) disarm(commit()); });
  else if (cell === event.target) disarm(cell);
});
let pressed = null; // what had the focus before the pointer came
document.addEventListener("pointerdown", () => { pressed = document.activeElement; }, true);
document.addEventListener("click", (event) => {
  const cell = cellOf(event.target);
  if (!cell || cell === editing?.cell) return;
  if (event.pointerType === "touch" || cell === pressed) edit(cell);
  else if (document.activeElement === cell) arm(cell);
});

document.addEventListener("copy", (event) => {
  const cell = cellOf(document.activeElement);
  if (!cell || editing) return;
  event.clipboardData.setData("text/plain", raw(cell));
  event.preventDefault();
});

// A block from a spreadsheet goes into the cells from here to the right and downwards.
document.addEventListener("paste", (event) => {
  const cell = cellOf(document.activeElement);
  if (!cell || editing) return;
  event.preventDefault();
  const lines = event.clipboardData.getData("text/plain").replace(/\r?\n$/, "").split(/\r?\n/).map((line) => line.split("\t"));
  let count = 0;
  for (let row = cell, i = 0; row && i < lines.length; row = beside(row, 0, 1), i += 1) {
    lines[i].forEach((value, j) => {
      const into = j ? beside(row, j, 0) : row;
      if (!into || raw(into) === value.trim()) return;
      set(into, value.trim(), raw(into));
      count += 1;
    });
  }
  if (count > 1) toast("good", say("pasted", { count }));
});

// ---- what was typed and never saved, after a reload or a crash

function offer(table) {
  if (table.kmOffered) return;
  table.kmOffered = true;
  const found = storage.keys(KEPT).map((key) => ({ key, kept: storage.get(key), ...placeOf(table, key) })).filter((one) => one.cell && one.kept);
  const open = found.filter(({ key, kept, cell }) => raw(cell) !== kept.value || storage.remove(key));
  if (!open.length) return;
  const lang = document.documentElement.lang;
  const when = new Date(Math.max(...open.map((one) => one.kept.at))).toLocaleString(lang === "en" ? "en-GB" : lang, { dateStyle: "short", timeStyle: "short" });
  const restore = make("button", { type: "button", class: "button small" }, say("restore"));
  const discard = make("button", { type: "button", class: "button quiet small" }, say("discard"));
  const words = `${say("kept", { when })} ${open.map((one) => `“${one.kept.value}”`).join(", ")}`;
  const bar = make("div", { class: "kept", role: "status" }, make("p", {}, words), restore, discard);
  restore.addEventListener("click", () => {
    bar.remove();
    open.forEach(({ cell, kept }) => set(cell, kept.value, kept.base));
    focus(open[0].cell);
  });
  discard.addEventListener("click", () => {
    bar.remove();
    open.forEach(({ key }) => storage.remove(key));
  });
  table.before(bar);
}

function placeOf(table, key) {
  const [address, field] = key.slice(KEPT.length).split(" ");
  const row = table.querySelector(`tr[data-save="${CSS.escape(address)}"]`);
  return { cell: row?.querySelector(`td[data-field="${CSS.escape(field)}"]`) };
}

function prepare(table) {
  table.setAttribute("role", "grid");
  if (!table.querySelector('td[data-field][tabindex="0"]')) table.querySelector("td[data-field]")?.setAttribute("tabindex", "0");
  offer(table);
}

function prepareAll() {
  if (editing && !editing.cell.isConnected) {
    toast("warn", say("gone", { text: typed() }));
    editing = null;
  }
  document.querySelectorAll("[data-grid]").forEach(prepare);
  const here = cellOf(document.activeElement);
  if (here === document.activeElement && here && !isEditing(here)) arm(here);
}
document.addEventListener("htmx:after:swap", prepareAll);
prepareAll();
