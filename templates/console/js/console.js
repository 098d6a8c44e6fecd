// Everything the console does in the browser, in order of need. htmx.js is there before (deferred scripts keep order).
import "./send.js";
import "./dialogs.js";
import "./toasts.js";
import "./keep.js";
import "./keys.js";
import "./palette.js";
import "./look.js";
import "./live.js";

// What only some pages want is fetched when such a page, or such a part of it, is there.
const wanted = { "[data-grid]": "./grid.js", "[data-drop]": "./drop.js", "[data-sort]": "./sort.js", "[data-rows]": "./rows.js", "[data-chooser]": "./chooser.js", "[data-leaves]": "./leaves.js", "[data-chosen]": "./chosen.js", "[data-seats]": "./seats.js" };
const isThere = (selector) => document.querySelector(selector) || [...document.querySelectorAll("template")].some((one) => one.content.querySelector(selector));
const fetchWanted = () => {
  for (const [selector, name] of Object.entries(wanted)) if (isThere(selector)) import(name);
};
fetchWanted();
document.addEventListener("htmx:after:swap", fetchWanted);
