"""Somebody who has a keyboard and no mouse, at 400% zoom, and what every page owes them.

Each press of Tab is looked at: where the focus went, what a screen reader calls it, and whether it can be
seen. A page is walked from its first control to its last the first time that it is met.
"""

import re
from dataclasses import dataclass

from playwright.sync_api import Page, expect

ZOOMED = {"width": 320, "height": 256}
"""In CSS px: what is left of a screen of 1280 by 1024 at 400%, which WCAG 2.2 asks for in 1.4.10."""
WHOLE = {"width": 1280, "height": 1024}
COLUMNS = ".gt-columns, .gt-task--two, .gt-parts__item, .gt-rows__row"
"""What stands side by side on the whole screen, where the order of reading is another matter."""
MOST = 250
"""More controls than any page has: whoever presses Tab so often is caught."""
NUMBERS = re.compile(r"[0-9a-f-]{30,}|\d+")

LOOK = """() => {
  const here = document.activeElement;
  if (!here || here === document.body || here === document.documentElement) return null;
  const style = getComputedStyle(here), yellow = "rgb(255, 221, 0)";
  const label = here.matches("input[type=radio], input[type=checkbox]") && here.labels[0];
  const looks = [style.boxShadow, style.backgroundColor, style.borderTopColor,
    label ? getComputedStyle(label, "::before").boxShadow : ""];
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1
    && style.outlineColor !== "rgba(0, 0, 0, 0)" && Number(style.opacity) > 0;
  const box = [...here.getClientRects()].find((one) => one.width && one.height)
    ?? here.getBoundingClientRect();
  const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
  const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
  const on = right > left && bottom > top
    ? document.elementFromPoint((left + right) / 2, (top + bottom) / 2) : null;
  here.dataset.stop ??= String(window.stops = (window.stops ?? 0) + 1);
  const before = document.querySelector(`[data-stop="${window.before ?? ""}"]`);
  const follows = !before || Boolean(before.compareDocumentPosition(here) & Node.DOCUMENT_POSITION_FOLLOWING);
  window.before = here.dataset.stop;
  let [across, down] = [0, 0];
  for (let one = here.parentElement; one; one = one.parentElement) {
    across += one.scrollLeft;
    down += one.scrollTop;
  }
  return {
    mark: here.dataset.stop,
    html: here.outerHTML.slice(0, 160),
    is_marked: outlined || looks.some((look) => look.includes(yellow)),
    is_in_sight: on !== null && here.contains(on),
    covered_by: on ? on.outerHTML.slice(0, 120) : `nothing: off the screen, at ${box.top} to ${box.bottom}`,
    follows,
    place: [box.left + across, box.top + down, box.right + across, box.bottom + down],
    is_fixed: Boolean(here.closest("dialog, .gt-connection, .gt-decide")),
    in_main: Boolean(here.closest("main")),
  };
}"""

CHOICES = """() => [...(document.activeElement.type === "radio" ? document.activeElement.form.elements : [])]
  .filter((one) => one.type === "radio" && one.name === document.activeElement.name)
  .map((one) => one.labels[0].innerText.trim())"""


@dataclass(frozen=True)
class Stop:
    """Where the focus stands: what it is called, and what can be seen of it."""

    role: str
    name: str
    description: str
    mark: str
    html: str
    is_marked: bool
    is_in_sight: bool
    covered_by: str
    follows: bool
    place: tuple[float, float, float, float]
    is_fixed: bool
    in_main: bool


class Keys:
    """One person's keyboard on one page."""

    def __init__(self, page: Page):
        self.page = page
        self.devtools = page.context.new_cdp_session(page)
        self.walked: set[str] = set()
        page.set_viewport_size(ZOOMED)

    # ---- one key ----

    def stop(self) -> Stop | None:
        """Where the focus stands now, looked at; nothing where it is on no control."""
        seen = self.page.evaluate(LOOK)
        if seen and not seen["is_in_sight"]:  # still being scrolled to
            self.page.wait_for_timeout(300)
            seen = {**self.page.evaluate(LOOK), "follows": seen["follows"]}
        if seen is None:
            return None
        found = self.devtools.send("Runtime.evaluate", {"expression": "document.activeElement"})
        tree = self.devtools.send(
            "Accessibility.getPartialAXTree",
            {"objectId": found["result"]["objectId"], "fetchRelatives": False},
        )
        node = tree["nodes"][0]
        told = {key: node.get(key, {}).get("value", "") for key in ("role", "name", "description")}
        told = {key: " ".join(words.split()) for key, words in told.items()}
        stop = Stop(**told, **seen)
        self.assert_sound(stop)
        return stop

    def assert_sound(self, stop: Stop) -> None:
        """The control has a name, the focus on it shows, and nothing hides it."""
        where = f"{self.page.url}: {stop.html}"
        assert stop.name.strip(), f"no name: {where}"
        assert stop.is_marked, f"the focus does not show: {where}"
        assert stop.is_in_sight, f"hidden behind {stop.covered_by}: {where}"

    def tab(self, key: str = "Tab") -> Stop | None:
        """Go to the next control, or with Shift+Tab to the one before."""
        self.page.keyboard.press(key)
        return self.stop()

    # ---- a page ----

    def meets(self, heading: str | re.Pattern[str]) -> None:
        """The page of that heading has come; it is walked if no page like it was before."""
        expect(self.page.get_by_role("heading", name=heading).first).to_be_attached()
        self.page.wait_for_load_state()
        self.assert_errors_are_told()
        spill = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert spill <= 0, f"{self.page.url}: {spill} px spill sideways"
        kind = f"{NUMBERS.sub('', self.page.url)} {self.page.title().startswith('Error:')}"
        if kind not in self.walked:
            self.walked.add(kind)
            self.walk()
            if self.page.locator(COLUMNS).count():
                self.page.set_viewport_size(WHOLE)
                self.walk()
                self.page.set_viewport_size(ZOOMED)

    def walk(self) -> list[Stop]:
        """Every control of the page in turn, once around: in the order of reading, and never caught."""
        self.page.evaluate("window.before = undefined")
        stops: list[Stop] = []
        wraps = 0
        for _ in range(MOST):
            stop = self.tab()
            if stop is None:
                wraps += 1
                assert wraps <= 2, f"{self.page.url}: the focus is lost"
                continue
            if any(stop.mark == earlier.mark for earlier in stops):
                assert stop.mark == stops[0].mark, f"{self.page.url}: caught at {stop.html}"
                break
            stops.append(stop)
        else:
            raise AssertionError(f"{self.page.url}: no end after {MOST} controls")
        self.assert_in_order(stops)
        self.skips()
        return stops

    def assert_in_order(self, stops: list[Stop]) -> None:
        """Read from the top left: no control stands above, or left on the line of, the one before it."""
        first = next(at for at, stop in enumerate(stops) if stop.name == "Skip to main content")
        stops = stops[first:] + stops[:first]
        for before, after in zip(stops[1:], stops[2:], strict=False):
            where = f"{self.page.url}: {before.html} comes before {after.html}"
            assert after.follows, f"not in the order of the page: {where}"
            if before.is_fixed or after.is_fixed:
                continue
            (left, top, right, bottom), (to_left, to_top, to_right, to_bottom) = before.place, after.place
            assert not (to_bottom <= top + 1 and to_left < right), f"the focus goes up: {where}"
            level = min(bottom, to_bottom) - max(top, to_top) > min(bottom - top, to_bottom - to_top) / 2
            assert not (level and to_right <= left + 1), f"the focus goes back: {where}"

    def skips(self) -> None:
        """The skip link, which the walk has come back to or comes to first, leads past the menu."""
        self.reaches("Skip to main content", role="link")
        self.page.keyboard.press("Enter")
        assert self.page.evaluate("document.activeElement.id") == "main-content"
        stop = self.tab()
        assert stop is None or not stop.html.startswith('<a class="govuk-service-navigation'), stop

    def assert_errors_are_told(self) -> None:
        """A page with a fault says so in its title, and the focus stands on the list of faults."""
        summary = self.page.locator(".govuk-error-summary").first
        has_faults = summary.count() > 0
        assert self.page.title().startswith("Error:") == has_faults, f"{self.page.url}: {self.page.title()}"
        if has_faults:
            expect(summary).to_be_focused()
            assert summary.get_by_role("alert").count() == 1

    # ---- what somebody does ----

    def reaches(self, name: str | re.Pattern[str], *, role: str = "", key: str = "Tab") -> Stop:
        """Press Tab until a control whose name begins so has the focus."""
        begins = re.compile(rf"{re.escape(name)}(\s|$)") if isinstance(name, str) else name
        stop, met = self.stop(), []
        for _ in range(MOST):
            if stop and begins.match(stop.name) and role in ("", stop.role):
                return stop
            met.append(stop.name if stop else "-")
            stop = self.tab(key)
        raise AssertionError(f"{self.page.url}: Tab never reaches {name!r}: {list(dict.fromkeys(met))}")

    def presses(self, name: str | re.Pattern[str], key: str = "Enter", **where: str) -> None:
        """Reach a button or a link and use it."""
        self.reaches(name, **where)
        self.page.keyboard.press(key)

    def goes(self, name: str | re.Pattern[str], to: str | re.Pattern[str], **where: str) -> None:
        """Use a button or a link and look at the page to which it leads."""
        self.reaches(name, **where)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.meets(to)

    def types(self, name: str | re.Pattern[str], words: str) -> Stop:
        """Reach a field and type into it, over what stands there."""
        stop = self.reaches(name)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(words)
        return stop

    def chooses(self, name: str) -> None:
        """Reach a group of radios with Tab and the one whose name begins so with the arrows."""
        for _ in range(MOST):
            stop = self.tab()
            if not any(choice.startswith(name) for choice in self.page.evaluate(CHOICES)):
                continue
            while stop and not stop.name.startswith(name):
                stop = self.tab("ArrowDown")
            self.page.keyboard.press("Space")
            return
        raise AssertionError(f"{self.page.url}: no radio is called {name}")
