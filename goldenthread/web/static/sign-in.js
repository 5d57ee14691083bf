// Warns before a sign-in ends, and says so when it has ended. Without this file the footer says how long.

const dialog = document.querySelector("[data-sign-in-ends]");
const text = dialog?.querySelector("[data-text]");
const stayButton = dialog?.querySelector("[data-stay-button]");
const warn = Number(dialog?.dataset.warn);
const EVERY = 15; // seconds between two looks while the warning stands

let ends = 0; // when, by this computer's clock
let timer = 0;
let reached = false; // staying longer is not possible: the working day is over

function lasts(left) {
  ends = Date.now() + 1000 * left;
  clearTimeout(timer);
  timer = setTimeout(look, 1000 * Math.max(left - warn, 1));
}

// Another tab may have been used meanwhile, so the server is asked before anybody is warned.
async function look() {
  const { status, told } = await ask("GET", dialog.dataset.ask).catch(() => ({ status: 0 }));
  if (status === 401) return over(told.sentence);
  if (status === 200 && told.left > warn) return settle(told.left);
  if (status === 200) ends = Date.now() + 1000 * told.left;
  if (Date.now() >= ends) return status === 0 ? retry() : over("You are signed out.");
  show();
  timer = setTimeout(look, 1000 * Math.min(EVERY, Math.max((ends - Date.now()) / 1000 + 1, 1)));
}

function retry() {
  timer = setTimeout(look, 1000 * EVERY);
}

function settle(left) {
  if (dialog.open) dialog.close();
  lasts(left);
}

function show() {
  const minutes = Math.ceil((ends - Date.now()) / 60000);
  const when = minutes > 1 ? `${minutes} minutes` : "less than a minute";
  const why = reached ? "Your sign-in has reached its longest time. Save what you have typed." : "Nothing was done here for a while.";
  say(`You will be signed out in ${when}. ${why}`);
  if (!dialog.open) dialog.showModal();
}

function over(sentence) {
  clearTimeout(timer);
  dialog.querySelector("h2").textContent = "You are signed out";
  say(`${sentence} What you typed is still in this page. Sign in in a new tab, then come back here and go on.`);
  stayButton.hidden = true;
  dialog.querySelector("[data-again]").hidden = false;
  if (!dialog.open) dialog.showModal();
}

function say(sentence) {
  if (text.textContent !== sentence) text.textContent = sentence;
}

async function stay() {
  const { status, told } = await ask("POST", dialog.dataset.stay).catch(() => ({ status: 0 }));
  if (status === 401) return over(told.sentence);
  if (status !== 200) return say("This could not be sent. Check your connection and try again.");
  reached = told.left <= warn;
  if (reached) return show();
  settle(told.left);
}

async function ask(method, url) {
  const token = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
  const headers = { Accept: "application/json", "X-CSRFToken": token };
  const reply = await fetch(url, { method, headers, credentials: "same-origin" });
  const told = await reply.json().catch(() => ({}));
  return { status: reply.status, told: { sentence: "You are signed out.", ...told } };
}

if (dialog) {
  lasts(Number(dialog.dataset.left));
  stayButton.addEventListener("click", stay);
  dialog.querySelector("[data-close-button]").addEventListener("click", () => dialog.close());
  // A computer that slept, and a tab that comes back from a new sign-in, ask at once.
  document.addEventListener("visibilitychange", () => document.hidden || look());
  // A part of the page that could not be renewed, because the sign-in was ended.
  document.addEventListener("htmx:responseError", ({ detail }) => {
    if (detail.xhr.status === 401) over(detail.xhr.responseText);
  });
}
