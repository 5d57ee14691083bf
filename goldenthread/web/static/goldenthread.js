// Starts the GOV.UK components and gives htmx what our pages need. Everything works without this file.
import { initAll } from "./vendor/govuk-frontend.min.js";

initAll();

// The menu folds up after a list of faults, or what was done, got the focus; on a narrow screen that moves it away.
if (document.activeElement !== document.body) document.activeElement?.scrollIntoView({ block: "nearest" });

const token = document.querySelector('meta[name="csrf-token"]');

document.addEventListener("htmx:configRequest", (event) => {
  if (token) event.detail.headers["X-CSRFToken"] = token.content;
});

// What htmx brought in may hold components of its own, and wide tables.
document.addEventListener("htmx:afterSettle", (event) => {
  initAll({ scope: event.detail.elt });
  watchTables();
});

// htmx keeps the focus on what has the same id before and after. Where that is gone, the focus goes to
// the heading of what came.
let hadFocus = false;
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  hadFocus = detail.target.contains(document.activeElement) && document.activeElement !== document.body;
});
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (!hadFocus || document.activeElement !== document.body) return;
  const place = detail.elt.querySelector("h1") ?? detail.elt;
  place.tabIndex = -1;
  place.focus();
});

// A form goes to the page's own address; with the skip link's "#main-content" in it the browser would take the
// focus there when the page comes back, away from what is wrong.
document.addEventListener("submit", () => {
  if (location.hash) history.replaceState(history.state, "", location.pathname + location.search);
}, true);

// A table that is wider than its place becomes a list of cards; one that cannot takes the focus, since there is
// something to scroll to.
const CARDS = "gt-table--cards";
const watcher = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const table = target.querySelector(":scope > .gt-table");
    table?.classList.remove(CARDS);
    if (table && target.scrollWidth > target.clientWidth) asCards(table);
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});

// In a card each cell says what its column is. The roles keep it a table for screen readers.
function asCards(table) {
  const heads = table.tHead?.rows.length === 1 ? [...table.tHead.rows[0].cells] : [];
  if (!heads.length || table.querySelector("[colspan], [rowspan]")) return;
  table.classList.add(CARDS);
  if (table.hasAttribute("role")) return;
  table.setAttribute("role", "table");
  for (const part of [table.tHead, ...table.tBodies]) part.setAttribute("role", "rowgroup");
  for (const row of table.rows) row.setAttribute("role", "row");
  for (const head of heads) head.setAttribute("role", "columnheader");
  for (const row of [...table.tBodies].flatMap((body) => [...body.rows])) {
    for (const cell of row.cells) {
      cell.setAttribute("role", cell.tagName === "TH" ? "rowheader" : "cell");
      cell.dataset.column = heads[cell.cellIndex]?.textContent.trim() ?? "";
    }
  }
}
function watchTables() {
  document.querySelectorAll(".gt-scroll").forEach((region) => watcher.observe(region));
}
watchTables();

// A browser takes a link of which a few pixels show for being in sight; what has the focus is shown whole.
document.addEventListener("focusin", ({ target }) => {
  if (target.parentElement?.closest(".gt-scroll")) target.scrollIntoView({ block: "nearest", inline: "nearest" });
});
