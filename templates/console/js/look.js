// Theme and language of this browser: cookies, so the next page comes in them from its first paint.
import { make } from "./base.js";

const YEAR = 365 * 24 * 3600;

function choose(name, value) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `khaimac_${name}=${value || "system"}; Path=/; Max-Age=${YEAR}; SameSite=Lax${secure}`;
  if (name === "language") return location.reload();
  if (value) document.documentElement.dataset.theme = value;
  else delete document.documentElement.dataset.theme;
  document.querySelector('meta[name="color-scheme"]').content = value || "light dark";
}

document.addEventListener("change", (event) => {
  const { look } = event.target.dataset ?? {};
  if (look && event.target.type === "radio") choose(look, event.target.value);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button[data-look]");
  if (button) choose(button.dataset.look, button.value);
  const copy = event.target.closest?.("[data-copy]");
  if (copy) copyText(copy);
  if (event.target.closest?.("[data-print]")) print();
});

async function copyText(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch { // no https: the clipboard is closed to scripts, so a field is chosen and copied as with Ctrl+C
    const field = make("textarea", { class: "off", readonly: "" }, button.dataset.copy);
    button.after(field);
    field.select();
    document.execCommand("copy");
    field.remove();
    button.focus();
  }
  button.classList.add("done");
  setTimeout(() => button.classList.remove("done"), 1500);
}
