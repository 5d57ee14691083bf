// Starts the GOV.UK components and gives htmx what our pages need. Everything works without this file.
import { initAll } from "./vendor/govuk-frontend.min.js";

initAll();

const token = document.querySelector('meta[name="csrf-token"]');

document.addEventListener("htmx:configRequest", (event) => {
  if (token) event.detail.headers["X-CSRFToken"] = token.content;
});

// What htmx brought in may hold components of its own.
document.addEventListener("htmx:afterSettle", (event) => initAll({ scope: event.detail.elt }));

// A form goes to the page's own address; with the skip link's "#main-content" in it the browser would take the
// focus there when the page comes back, away from what is wrong.
document.addEventListener("submit", () => {
  if (location.hash) history.replaceState(history.state, "", location.pathname + location.search);
}, true);

// Wide tables take the focus only where there is something to scroll to.
const regions = document.querySelectorAll(".gt-scroll");
const watcher = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
regions.forEach((region) => watcher.observe(region));
