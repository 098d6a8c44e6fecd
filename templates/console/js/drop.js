// Files and folders dropped onto a zone go into its input, as if they had been chosen there.
import { make, say } from "./base.js";
import { toast } from "./toasts.js";

const MOST_MB = 25;

async function filesOf(entry) {
  if (entry.isFile) return [await new Promise((go, stop) => entry.file(go, stop))];
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((go, stop) => reader.readEntries(go, stop)); // gives a hundred at most
    if (!some.length) return (await Promise.all(found.map(filesOf))).flat();
    found.push(...some);
  }
}

async function dropped(transfer) {
  const entries = [...transfer.items].map((one) => one.webkitGetAsEntry?.()).filter(Boolean);
  return entries.length ? (await Promise.all(entries.map(filesOf))).flat() : [...transfer.files];
}

const size = (bytes) => {
  const lang = document.documentElement.lang;
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3).toLocaleString(lang)} kB` : `${(bytes / 1e6).toLocaleString(lang, { maximumFractionDigits: 1 })} MB`;
};

/** As it is now: a file that is saved anew meanwhile could not be sent, and choosing it again would go unnoticed. */
const copied = async (file) => new File([await file.arrayBuffer()], file.name, { type: file.type, lastModified: file.lastModified });

async function take(zone, files) {
  const input = zone.querySelector("input[type=file]:not([data-folder-for])");
  const wanted = files.filter((file) => !file.name.startsWith(".") && !file.name.startsWith("~$"));
  const bytes = wanted.reduce((sum, file) => sum + file.size, 0);
  if (bytes > MOST_MB * 1024 * 1024) return toast("bad", say("toolarge", { limit: MOST_MB }));
  const transfer = new DataTransfer();
  for (const file of input.multiple ? wanted : wanted.slice(0, 1)) transfer.items.add(await copied(file));
  input.files = transfer.files;
  list(zone, [...transfer.files], bytes);
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function list(zone, files, bytes) {
  const place = zone.querySelector(".drop-list");
  const sum = say(files.length === 1 ? "file" : "files", { count: files.length, size: size(bytes) });
  place.replaceChildren(...(files.length ? [make("li", { class: "drop-sum" }, sum)] : []), ...files.slice(0, 24).map((file) => make("li", {}, file.name)));
}

const zoneOf = (event) => event.target.closest?.("[data-drop]");

document.addEventListener("dragover", (event) => {
  if (!event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault(); // a file beside a zone must not replace the page
  const zone = zoneOf(event);
  event.dataTransfer.dropEffect = zone ? "copy" : "none";
  document.querySelectorAll("[data-drop].over").forEach((one) => one !== zone && one.classList.remove("over"));
  zone?.classList.add("over");
});
document.addEventListener("dragleave", (event) => {
  const zone = zoneOf(event);
  if (zone && !zone.contains(event.relatedTarget)) zone.classList.remove("over");
});
document.addEventListener("drop", async (event) => {
  if (!event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  const zone = zoneOf(event);
  if (!zone) return;
  zone.classList.remove("over");
  take(zone, await dropped(event.dataTransfer));
});
document.addEventListener("change", (event) => {
  const zone = event.target.type === "file" && event.isTrusted && zoneOf(event);
  if (!zone) return;
  event.stopPropagation(); // the form hears of them when they are copied
  take(zone, [...event.target.files]);
}, true);
