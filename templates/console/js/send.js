// How requests go out: with the token against forged ones, again and again while nobody answers, after a sign-in where
// the session has ended. A repeated request bears the same request_id, so nothing is done twice.
import { cookie, newId, pause, say, user } from "./base.js";
import { toast } from "./toasts.js";

const AWAY = new Set([502, 503, 504]);
const PATIENCE = 30000; // ms for one try
const FEW = 3; // times that a question is asked; a change is tried for as long as the page is open
const LONGEST = 8000; // ms between two tries

let underWay = 0;
let clearing;
let leaving = false;

/** What the bar says: saving, saved, waiting, offline, or nothing. */
export function tell(state) {
  const place = document.getElementById("saved");
  if (!place) return;
  clearTimeout(clearing);
  place.dataset.state = state;
  place.textContent = state ? say(state) : "";
  if (state === "saved") clearing = setTimeout(() => tell(""), 4000);
}

/** Like fetch. `request.body` must be a text, URLSearchParams or FormData, which can be sent twice. */
export async function send(address, request) {
  const changes = !["GET", "HEAD"].includes(request.method ?? "GET");
  if (!changes) return sendOn(address, request, FEW);
  underWay += 1;
  tell("saving");
  try {
    const response = await sendOn(address, request, Infinity);
    if (underWay === 1) tell(response.ok ? "saved" : "");
    return response;
  } catch (error) {
    if (underWay === 1) tell("");
    throw error;
  } finally {
    underWay -= 1;
  }
}

async function sendOn(address, request, most) {
  for (let tried = 1; ; tried += 1) {
    const response = await once(address, request);
    if (response?.status === 401 && !address.startsWith("/sign-in")) await signIn();
    else if (response && !AWAY.has(response.status)) return response;
    else if (tried >= most) return response ?? Promise.reject(new TypeError(say("failed")));
    else await wait(tried, request, most);
  }
}

async function once(address, request) {
  const headers = new Headers(request.headers);
  const token = cookie("khaimac_csrf");
  if (token) headers.set("X-Khaimac-CSRF", token);
  const signals = [AbortSignal.timeout(PATIENCE)];
  if (request.signal) signals.push(request.signal);
  try {
    return await fetch(address, { ...request, headers, signal: AbortSignal.any(signals) });
  } catch (error) {
    if (request.signal?.aborted) throw error;
    return null;
  }
}

async function wait(tried, request, most) {
  if (most === Infinity) tell(navigator.onLine ? "waiting" : "offline");
  const again = new Promise((go) => addEventListener("online", go, { once: true }));
  await Promise.race([pause(Math.min(LONGEST, 400 * 2 ** tried)), again]);
  if (request.signal?.aborted) throw new DOMException("", "AbortError");
}

// ---- the session has ended: the form to sign in lies over the page, and the request waits for it

let signingIn = null;

export function signIn() {
  signingIn ??= openSignIn().finally(() => { signingIn = null; });
  return signingIn;
}

async function openSignIn() {
  const next = encodeURIComponent(location.pathname + location.search);
  const answer = await fetch(`/sign-in?next=${next}`, { headers: { "HX-Request": "true", "HX-Request-Type": "partial" } });
  await htmx.swap({ text: await answer.text(), sourceElement: document.body, target: document.body, swap: "none" });
  const dialog = document.querySelector("dialog:has([data-sign-in])");
  if (!dialog) throw new TypeError(say("failed"));
  await new Promise((go, stop) => {
    document.addEventListener("km:signed-in", (event) => {
      // Somebody else signed in: what waits is not his to send. It is kept for whoever typed it.
      leaving = Boolean(event.detail?.user && user && event.detail.user !== user);
      if (leaving) location.reload();
      else go();
    }, { once: true });
    dialog.addEventListener("close", () => setTimeout(() => leaving || stop(new TypeError(say("signin"))), 0), { once: true });
  });
  if (dialog.open) dialog.close();
}

// ---- htmx sends by it too

document.addEventListener("htmx:config:request", (event) => {
  const { ctx } = event.detail;
  ctx.fetch ??= send;
  if (ctx.request.method !== "GET" && ctx.request.body && !ctx.request.body.has("request_id")) {
    ctx.request.body.set("request_id", newId());
  }
});

// Whatever the server answered, the next time is another request.
document.addEventListener("htmx:finally:request", (event) => {
  const { ctx } = event.detail;
  const field = ctx.request?.form?.querySelector('input[name="request_id"]');
  if (field && ctx.response) field.value = newId();
});

document.addEventListener("htmx:error", (event) => {
  if (event.detail.error?.name !== "AbortError") toast("bad", say("failed"));
});

addEventListener("beforeunload", (event) => {
  if (underWay > 0 && !leaving) event.preventDefault();
});
