"""Follows docs/tutorial/one-month.md in a running demonstration, and takes the pictures on the way.

./run, then in another window: .venv/bin/python docs/screenshots.py [http://localhost:8000]
It draws the next month, so it is run once on a fresh demonstration.
"""

import re
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

PICTURES = Path(__file__).resolve().parent / "pictures"
ADDRESS = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8000"
WIDE = {"width": 1100, "height": 760}
HALF = {"width": 640, "height": 820}
SEED = "31415926"
MONTHS_BACK = 1
"""The tutorial reads a month that is over; the one before it in the list is under way."""


def main() -> None:
    """The tutorial's steps, one after the other, each as the person who takes it."""
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport=WIDE, base_url=ADDRESS)
        page.set_default_timeout(60_000)
        look_around(page)
        check_a_report(page)
        draw(page)
        allocate(page)
        audit(page)
        read_the_report(page)
        browser.close()


def look_around(page: Page) -> None:
    """The sign-in page, and the year."""
    page.goto("/sign-in/")
    save(page, "sign-in")
    sign_in(page, "Quality officer")
    save(page, "my-tasks")
    page.get_by_role("link", name="Programme").first.click()
    save(page, "programme")


def check_a_report(page: Page) -> None:
    """The first report that waits for its check is accepted."""
    page.goto("/tasks/")
    page.get_by_role("link", name="Check the audit report").first.click()
    page.get_by_role("button", name="Accept").click()
    page.get_by_role("heading", name="Your decision").wait_for()
    save(page, "quality-check")
    page.get_by_role("radio", name="Accept", exact=True).check()
    page.get_by_role("button", name="Send the decision").click()
    page.get_by_text("Final, to be filed").first.wait_for()


def draw(page: Page) -> None:
    """The next month that nobody has begun: re-audits, frame, seed, draw."""
    open_next_month(page)
    save(page, "month")
    page.get_by_role("link", name="Place the re-audits that are due").click()
    page.get_by_role("button", name=re.compile("Place the re-audits|Go on without further")).click()
    page.get_by_role("link", name="Freeze the frame").click()
    page.get_by_role("button", name="Freeze the frame").click()
    page.get_by_role("button", name="Enter or take the seed").click()
    page.get_by_role("radio", name="Enter one").check()
    page.get_by_label("Seed, if you enter one").fill(SEED)
    page.get_by_role("button", name="Draw", exact=True).click()
    page.get_by_role("heading", name="The draw").wait_for()
    save(page, "draw")


def open_next_month(page: Page) -> None:
    """The first month of the programme with its re-audits still to be placed."""
    page.goto("/programme/")
    if not page.get_by_role("row").filter(has_text="Not begun").count():
        page.get_by_role("navigation", name="Years").get_by_role("link").first.click()
        if page.get_by_role("button", name="Plan the year").count():
            page.get_by_role("button", name="Plan the year").click()
    page.get_by_role("row").filter(has_text="Not begun").first.get_by_role("link").first.click()
    page.get_by_role("heading", name="The steps of").wait_for()


def allocate(page: Page) -> None:
    """Every audit gets an auditor, or is left out with a reason; the month is not sent before its time."""
    page.locator(".govuk-back-link").click()
    page.get_by_role("link", name="Allocate the audits").click()
    page.get_by_role("button", name="Allocate", exact=True).click()
    page.get_by_text(re.compile("Allocated on")).wait_for(timeout=120_000)
    save(page, "allocation")
    leave_out = page.get_by_role("link", name=re.compile("^Leave out (all|the)"))
    if leave_out.count():
        leave_out.click()
        page.get_by_label("Reason").fill("everybody who may do them has as much as they can take")
        page.get_by_role("button", name="Leave them out").click()
    page.get_by_role("button", name="Check and send").click()
    page.get_by_role("heading", name="Check and send").wait_for()
    save(page, "send")


def audit(page: Page) -> None:
    """An auditor grades a section, with half of the screen."""
    sign_in(page, "Accredited auditor")
    page.set_viewport_size(HALF)
    save(page, "my-tasks-of-an-auditor")
    page.get_by_role("link", name=re.compile("Complete the audit")).first.click()
    page.get_by_role("link", name="The person at the centre").click()
    page.locator("[data-box=answer] textarea").first.fill("Her own words open the plan of 3 August.")
    page.locator("[data-box=answer] textarea").first.blur()
    page.get_by_text(re.compile("Saved at")).first.wait_for()
    save(page, "section")
    page.get_by_role("heading", name=re.compile("^Grade")).scroll_into_view_if_needed()
    page.get_by_label("Good", exact=True).check()
    page.get_by_label("Reasons for the grade").fill("Her wishes lead; the carer's view is missing.")
    page.get_by_label("Reasons for the grade").blur()
    page.get_by_text(re.compile("Saved at")).last.wait_for()
    save(page, "grade")
    page.set_viewport_size(WIDE)


def read_the_report(page: Page) -> None:
    """The latest month that has finished, and the audits behind one figure."""
    sign_in(page, "Head of service")
    page.get_by_role("link", name="Reports").first.click()
    page.get_by_role("link", name=re.compile(r"^\w+ 20\d\d$")).nth(MONTHS_BACK).click()
    save(page, "highlight-report")
    page.locator("#grades").scroll_into_view_if_needed()
    save(page, "grades")
    page.locator("table a").first.click()
    save(page, "behind-a-figure")


def sign_in(page: Page, kind: str) -> None:
    """Become the first person of a kind."""
    page.context.clear_cookies()
    page.goto("/sign-in/")
    page.get_by_role("button", name=f"sign in as {kind}").first.click()
    page.wait_for_url("**/tasks/")


def save(page: Page, name: str) -> None:
    """What the window shows, as a picture."""
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / f"{name}.png")


if __name__ == "__main__":
    main()
