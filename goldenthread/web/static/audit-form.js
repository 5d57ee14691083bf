// Saves each answer of an audit as it is given.
//
// Nothing is kept in the browser's storage: what is not saved yet stands in the open page alone. Each box
// sends one change at a time, with the version that was seen and a key of its own, so that a resend is
// never a second save and a save over somebody else's words is refused by the server (409).

const TYPING = 900; // ms after the last key
const WAITS = [2, 4, 8, 15, 30, 60]; // seconds between attempts while there is no connection
const KINDS = {
  answer: { names: "question", saves: "saveAnswer" },
  grade: { names: "part", saves: "saveJudgement" },
  name: { names: "row", saves: "saveRowName" },
}; // what a box holds: the field that says which one, and where it is saved
const form = document.querySelector("form[data-autosave]");
const banner = form.querySelector("[data-connection]");
const heard = status(); // reads out that something is saved or refused, and not each state on the way there

let token = form.querySelector('input[name="csrfmiddlewaretoken"]').value;
let trouble = ""; // "", "offline" or "signed out"
let attempts = 0;
let timer = 0;
let leaving = false;
let inserted = 0; // boxes that came after the page
const came = form.cloneNode(true); // the form as the server sent it: what was touched before this ran is a change
came.reset();
const boxes = [...form.querySelectorAll("[data-box]")].map((element) => new Box(element, came));

function Box(element, saved = form) {
  const box = this;
  box.element = element;
  box.version = Number(element.dataset.version);
  box.state = element.querySelector("[data-state]");
  box.clash = element.querySelector("[data-clash]");
  box.pending = null; // a change that was sent and not acknowledged
  box.sending = false;
  box.saved = fields(box, saved).toString();
  box.typing = 0;
  element.addEventListener("input", (event) => typed(box, event));
  element.addEventListener("change", () => save(box));
  element.addEventListener("focusout", () => save(box));
  for (const button of element.querySelectorAll("[data-keep]")) {
    button.addEventListener("click", () => keep(box, button.dataset.keep));
  }
  if (!box.clash.hidden) box.stopped = true; // the page came with a clash to settle
}

// What the box holds, as the server takes it.
function fields(box, source = form) {
  const all = new FormData(source);
  const own = new URLSearchParams();
  const names = new Set([...box.element.querySelectorAll("[name]")].map((field) => field.name));
  for (const [name, value] of all) if (typeof value === "string" && names.has(name) && !name.startsWith("version:")) own.append(name, value);
  return own;
}

function words(box) {
  return fields(box).toString();
}

function isChanged(box) {
  return words(box) !== box.saved;
}

// Files go with the page's own button; until then they are only chosen.
function isChosen(box) {
  return [...box.element.querySelectorAll("input[type=file]")].some((field) => field.files.length > 0);
}

function isUnsaved(box) {
  return box.pending !== null || isChanged(box);
}

function say(box, text, look = "") {
  box.state.textContent = text;
  box.state.dataset.look = look;
}

function typed(box, event) {
  clearTimeout(box.typing);
  if (event.target.matches("textarea, input[type=text]")) {
    if (isChanged(box)) say(box, "Not saved yet", "waiting");
    box.typing = setTimeout(() => save(box), TYPING);
  }
}

async function save(box) {
  clearTimeout(box.typing);
  if (box.sending || box.stopped) return;
  if (box.pending === null) {
    if (!isChanged(box)) {
      if (box.state.dataset.look === "waiting") say(box, "Saved");
      return;
    }
    box.pending = change(box);
  }
  await send(box);
}

// A change has its key for life, however often it must be sent.
function change(box) {
  const body = fields(box);
  const sent = body.toString();
  body.append(KINDS[box.element.dataset.box].names, box.element.dataset.key);
  body.append("version", box.version);
  body.append("key", mark());
  return { body, sent };
}

function mark() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// One exchange at a time: until the reply is read to its end, the box sends nothing else, so that no
// reply is ever taken for the answer to a later change.
async function send(box) {
  box.sending = true;
  say(box, "Saving…");
  const { status, told } = await exchange(box).catch(() => ({ status: 0 }));
  box.sending = false;
  if (status === 0 || status >= 500 || status === 429) return wait(box, "offline");
  if (status === 401 || status === 403) return wait(box, "signed out", told.ended ? told.sentence : "");
  if (status < 300) return done(box, told);
  box.pending = null;
  recovered(box);
  if (status === 409) return clashed(box, told.theirs);
  refused(box, told.sentence || "This could not be saved. Copy what you wrote and load the page again.");
}

// What the server said. A save that was cut off in the middle of its reply is sent again, under its key.
async function exchange(box) {
  const reply = await post(box);
  const told = await reply.json().catch((fault) => {
    if (reply.ok) throw fault;
    return { sentence: "This can no longer be opened. Copy what you wrote." };
  });
  return { status: reply.status, told };
}

async function post(box) {
  const url = form.dataset[KINDS[box.element.dataset.box].saves];
  const reply = await attempt(url, box.pending.body);
  if (reply.status !== 403) return reply;
  await freshToken(); // signing in again elsewhere changes it
  return attempt(url, box.pending.body);
}

function attempt(url, body) {
  return fetch(url, {
    method: "POST",
    body,
    credentials: "same-origin",
    redirect: "error",
    signal: AbortSignal.timeout(20000),
    headers: { "X-CSRFToken": token, Accept: "application/json" },
  });
}

// This page as the server would show it now; nothing where there is no connection or no sign-in.
async function freshPage() {
  const reply = await fetch(location.href, { credentials: "same-origin", headers: { Accept: "application/json" } });
  return reply.ok ? new DOMParser().parseFromString(await reply.text(), "text/html") : null;
}

async function freshToken() {
  const fresh = (await freshPage())?.querySelector('form[data-autosave] input[name="csrfmiddlewaretoken"]');
  if (!fresh) return;
  token = fresh.value;
  for (const field of document.querySelectorAll('input[name="csrfmiddlewaretoken"]')) field.value = token;
}

function done(box, told) {
  box.version = told.version;
  box.saved = box.pending.sent;
  box.pending = null;
  if (told.shown !== undefined) signed(box, told.shown);
  box.element.querySelector("[data-seen]").value = told.version;
  box.element.classList.remove("gt-box--error");
  tellError(box, "");
  say(box, told.saved);
  heard.textContent = told.saved;
  if (told.advice) advise(told.advice);
  if (told.asked) follow(told.asked);
  recovered(box);
  if (isChanged(box)) save(box);
}

// What the framework's rules say of the grade now that something was saved.
function advise(lines) {
  const place = form.querySelector("[data-advice]");
  if (!place) return;
  place.replaceChildren(...lines.map(paragraph));
  place.hidden = lines.length === 0;
}

// ---- questions that hang on an answer ----

// Where the server asks for other questions than the page shows, those that are new are put in their places.
// What is no longer asked is hidden with what stands in it; what is being written stays.
async function follow(asked) {
  const answers = boxes.filter((one) => one.element.dataset.box === "answer");
  for (const one of answers) {
    const stays = asked.includes(one.element.dataset.key) || isUnsaved(one) || one.element.contains(document.activeElement);
    one.element.hidden = !stays;
  }
  const shown = new Set(answers.map((one) => one.element.dataset.key));
  if (asked.every((key) => shown.has(key))) return;
  const page = await freshPage().catch(() => null);
  const number = page ? insert(page) : 0; // none where another save has put them there meanwhile
  if (number) heard.textContent = more(number);
}

// Puts the boxes that the page lacks after those that stand before them; how many those were.
function insert(page) {
  let before = null;
  let number = 0;
  for (const fresh of page.querySelectorAll('form[data-autosave] [data-box="answer"]')) {
    const known = boxes.find((one) => one.element.dataset.key === fresh.dataset.key && one.element.dataset.box === "answer");
    const element = known ? known.element : apart(document.importNode(fresh, true));
    if (!known) {
      if (before) before.after(element);
      else form.querySelector("[data-box]").before(element);
      boxes.push(new Box(element));
      number += 1;
    }
    before = element;
  }
  return number;
}

// A box whose ids are no other box's: the server numbers those of a page, and this one is of a later page.
function apart(box) {
  inserted += 1;
  for (const element of [box, ...box.querySelectorAll("*")]) {
    for (const name of ["id", "for", "aria-describedby", "data-error"]) {
      const value = element.getAttribute(name);
      if (value) element.setAttribute(name, value.replace(/\bq\d+/g, (id) => `${id}-more-${inserted}`));
    }
  }
  return box;
}

function more(number) {
  return number === 1 ? "Because of this answer, one more question is asked." : `Because of this answer, ${number} more questions are asked.`;
}

// What the server wrote of a signature. Somebody else's, if there was one, is no longer what is kept.
function signed(box, words) {
  box.element.querySelector("[data-shown]").textContent = words;
  for (const kept of box.element.querySelectorAll('input[type=hidden][name^="sign:"]')) kept.remove();
}

function refused(box, sentence) {
  box.element.classList.add("gt-box--error");
  tellError(box, sentence);
  say(box, "Not saved", "waiting");
  announce(sentence);
}

// The error describes its field for as long as it stands there.
function tellError(box, sentence) {
  const place = box.element.querySelector("[data-error]");
  place.querySelector("[data-error-text]").textContent = sentence;
  place.hidden = sentence === "";
  if (sentence) place.id = place.dataset.error;
  else place.removeAttribute("id");
}

// ---- the grade of the earlier stage, kept as it was ----

for (const same of form.querySelectorAll("[data-same]")) {
  same.addEventListener("click", (event) => {
    const box = boxes.find((one) => one.element.contains(same));
    event.preventDefault();
    for (const radio of box.element.querySelectorAll("input[type=radio]")) radio.checked = radio.value === same.dataset.same;
    box.element.querySelector('textarea[name^="why:"]').value = same.parentElement.querySelector("[data-same-why]").textContent;
    save(box);
  });
}

// ---- two people on one answer ----

function clashed(box, theirs) {
  box.stopped = true;
  box.theirs = theirs;
  box.element.classList.add("gt-box--error");
  box.clash.querySelector("[data-by]").textContent = theirs.by || "somebody";
  box.clash.querySelector("[data-at]").textContent = theirs.at;
  box.clash.querySelector("[data-theirs]").textContent = theirs.words;
  box.clash.hidden = false;
  say(box, "Not saved: choose which to keep", "waiting");
  announce("Somebody else saved this while you were writing. Nothing was overwritten. Choose which to keep.");
}

function keep(box, whose) {
  if (whose === "theirs" && box.element.hasAttribute("data-reloads")) return location.reload();
  if (!box.theirs) return whose === "mine" ? form.requestSubmit(form.querySelector("[name=stay]")) : location.reload();
  box.version = box.theirs.version;
  box.element.querySelector("[data-seen]").value = box.version;
  if (whose === "theirs") fill(box, box.theirs.fields);
  box.saved = whose === "theirs" ? words(box) : "";
  box.stopped = false;
  box.theirs = null;
  box.clash.hidden = true;
  box.element.classList.remove("gt-box--error");
  say(box, whose === "theirs" ? "Theirs is kept" : "");
  focus(box);
  save(box);
}

function focus(box) {
  box.element.querySelector("textarea, select, input:not([type=hidden])").focus();
}

function fill(box, given) {
  for (const [name, value] of Object.entries(given)) {
    for (const field of box.element.querySelectorAll("[name]")) {
      if (field.name !== name) continue;
      if (field.type === "radio" || field.type === "checkbox") field.checked = [].concat(value).includes(field.value);
      else field.value = value;
    }
  }
}

// ---- no connection, or signed out ----

function wait(box, why, because = "") {
  say(box, "Not saved yet. What you wrote is still here.", "waiting");
  if (trouble !== why) explain(why, because);
  clearTimeout(timer);
  if (why === "offline") timer = setTimeout(again, 1000 * WAITS[Math.min(attempts++, WAITS.length - 1)]);
}

// `because` is what the server says of the end of a sign-in, such as that the person is recorded as having left.
function explain(why, because) {
  trouble = why;
  const offline = "There is no connection. What you write stays in this page, and is sent when the connection is back. Do not close the page.";
  const out = "You are signed out, or may no longer change this audit. What you wrote is still in this page, not saved. Sign in again in another tab, then come back here and choose “Send again”.";
  banner.replaceChildren(paragraph(why === "offline" ? offline : out));
  if (because) banner.prepend(paragraph(because));
  if (why === "signed out") banner.append(signIn(), button("Send again", again));
  if (form.contains(document.activeElement)) document.activeElement.scrollIntoView({ block: "nearest" });
}

function status() {
  const element = document.createElement("p");
  element.className = "govuk-visually-hidden";
  element.setAttribute("role", "status");
  form.append(element);
  return element;
}

// What is wrong stands at its box; it is read out from here, and moves nothing on the page.
function announce(sentence) {
  heard.textContent = sentence;
}

function paragraph(text) {
  const element = document.createElement("p");
  element.className = "govuk-body";
  element.textContent = text;
  return element;
}

function signIn() {
  const link = document.createElement("a");
  link.className = "govuk-link";
  link.href = "/sign-in/";
  link.target = "_blank";
  link.rel = "noopener";
  link.textContent = "Sign in (opens in a new tab)";
  const place = paragraph("");
  place.append(link);
  return place;
}

function button(text, act) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "govuk-button govuk-button--secondary";
  element.textContent = text;
  element.addEventListener("click", act);
  return element;
}

function again() {
  clearTimeout(timer);
  for (const box of boxes) if (isUnsaved(box)) save(box);
}

function recovered(box) {
  attempts = 0;
  if (!trouble) return;
  trouble = "";
  if (banner.contains(document.activeElement)) focus(box); // "Send again" goes, the focus stays in the form
  banner.replaceChildren(paragraph("The connection is back. What was waiting is being saved."));
  setTimeout(() => trouble || banner.replaceChildren(), 6000);
  again();
}

window.addEventListener("online", again);
window.addEventListener("focus", () => trouble && again());
window.addEventListener("pagehide", () => clearTimeout(timer));
window.addEventListener("beforeunload", (event) => {
  if (!leaving && boxes.some((box) => isUnsaved(box) || isChosen(box))) event.preventDefault();
});

// The page's own button saves the whole section, which needs no warning.
form.addEventListener("submit", (event) => {
  if (trouble) {
    event.preventDefault();
    again();
    banner.scrollIntoView();
    return;
  }
  leaving = true;
});

again();
