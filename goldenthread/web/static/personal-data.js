// Asks, while words are typed, whether they look like they say who somebody is, and says so under the field.
//
// It warns and never hinders: the words are saved as they stand. The server looks at them and keeps nothing.

const TYPING = 700; // ms after the last key
const FIELDS = "main textarea:not([readonly]), main input[data-free-text]";
const token = document.querySelector('meta[name="csrf-token"]');
const timers = new WeakMap();
const asked = new WeakMap();
let number = 0;

document.addEventListener("input", ({ target }) => {
  if (!token || !target.matches(FIELDS)) return;
  clearTimeout(timers.get(target));
  timers.set(target, setTimeout(() => ask(target), TYPING));
});
document.addEventListener("change", ({ target }) => {
  if (token && target.matches(FIELDS)) ask(target);
});

async function ask(field) {
  clearTimeout(timers.get(field));
  const words = field.value;
  if (asked.get(field) === words) return;
  asked.set(field, words);
  const reply = await fetch("/words/", {
    method: "POST",
    body: new URLSearchParams({ words }),
    credentials: "same-origin",
    redirect: "error",
    headers: { "X-CSRFToken": token.content, Accept: "application/json" },
  }).catch(() => null);
  if (!reply?.ok || field.value !== words) return; // no connection, or more was typed since
  const { sentences } = await reply.json();
  tell(field, sentences);
}

function tell(field, sentences) {
  const place = placeOf(field, sentences.length > 0);
  if (place) place.replaceChildren(...sentences.map(paragraph));
}

// Where the warning of a field stands; it is made when it is first needed, and read out when it changes.
function placeOf(field, needed) {
  const next = field.nextElementSibling;
  if (next?.matches("[data-personal]") || !needed) return next?.matches("[data-personal]") ? next : null;
  const place = document.createElement("div");
  place.className = "gt-personal";
  place.dataset.personal = "";
  place.id = `personal-${(number += 1)}`;
  place.setAttribute("role", "status");
  field.after(place);
  const described = field.getAttribute("aria-describedby");
  field.setAttribute("aria-describedby", described ? `${described} ${place.id}` : place.id);
  return place;
}

function paragraph(sentence) {
  const line = document.createElement("p");
  line.className = "govuk-body-s gt-personal__line";
  line.textContent = sentence;
  return line;
}
