// Starts the GOV.UK components and gives htmx what our pages need. Everything works without this file.
import { initAll } from "./vendor/govuk-frontend.min.js";

initAll();

const token = document.querySelector('meta[name="csrf-token"]');

document.addEventListener("htmx:configRequest", (event) => {
  if (token) event.detail.headers["X-CSRFToken"] = token.content;
});

// What htmx brought in may hold components of its own.
document.addEventListener("htmx:afterSettle", (event) => initAll({ scope: event.detail.elt }));

// Wide tables take the focus only where there is something to scroll to.
const regions = document.querySelectorAll(".gt-scroll");
const watcher = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
regions.forEach((region) => watcher.observe(region));
