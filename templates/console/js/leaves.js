// Leafing through the pages of a document: the dialog scrolls by itself, keys and buttons turn whole pages.

const dialogOf = (element) => element.closest("dialog");
const leavesOf = (element) => dialogOf(element)?.querySelector("[data-leaves]");
const pages = (leaves) => [...leaves.querySelectorAll(".page-leaf")];

/** The page at the top, or the one that most of the place belongs to. */
function present(leaves) {
  const middle = leaves.getBoundingClientRect().top + leaves.clientHeight / 2;
  const found = pages(leaves).findIndex((page) => page.getBoundingClientRect().bottom > middle);
  return found < 0 ? pages(leaves).length - 1 : found;
}

function turn(leaves, to) {
  const all = pages(leaves);
  const page = all[Math.max(0, Math.min(all.length - 1, to))];
  leaves.scrollTo({ top: page.offsetTop - 12 });
}

function tell(leaves) {
  const place = dialogOf(leaves).querySelector("[data-leaf-place]");
  if (place) place.textContent = `${present(leaves) + 1}/${pages(leaves).length}`;
}

document.addEventListener("keydown", (event) => {
  const leaves = event.target.closest?.("dialog") && leavesOf(event.target);
  if (!leaves || event.ctrlKey || event.metaKey || event.altKey) return;
  const here = present(leaves);
  const to = { ArrowRight: here + 1, PageDown: here + 1, ArrowLeft: here - 1, PageUp: here - 1, Home: 0, End: Infinity }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  turn(leaves, to);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-leaf]");
  if (button) turn(leavesOf(button), present(leavesOf(button)) + Number(button.dataset.leaf));
});

document.addEventListener("scroll", (event) => {
  if (event.target.matches?.("[data-leaves]")) tell(event.target);
}, true);
