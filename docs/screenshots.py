"""Takes the pictures of the documentation from a running demonstration.

./run, then in another window: .venv/bin/python docs/screenshots.py [http://localhost:8000]
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

PICTURES = Path(__file__).resolve().parent / "pictures"
ADDRESS = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8000"
SIZE = {"width": 1100, "height": 760}


def main() -> None:
    """Every picture, one after the other, each as somebody who would see that page."""
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"), args=["--no-sandbox"]
        )
        page = browser.new_page(viewport=SIZE, base_url=ADDRESS)
        take(page, "sign-in", "/sign-in/")
        sign_in(page, "Accredited auditor")
        take(page, "my-tasks", "/tasks/")
        sign_in(page, "Audit manager")
        take(page, "programme", "/programme/")
        take(page, "reports", "/reports/")
        follow_first(page, "main a[href^='/reports/']")
        save(page, "highlight-report")
        browser.close()


def sign_in(page: Page, kind: str) -> None:
    """Become the first person of a kind."""
    page.context.clear_cookies()
    page.goto("/sign-in/")
    page.get_by_role("button", name=f"sign in as {kind}").first.click()
    page.wait_for_url("**/tasks/")


def take(page: Page, name: str, path: str) -> None:
    """A picture of the page at a path."""
    page.goto(path)
    save(page, name)


def follow_first(page: Page, selector: str) -> None:
    """Go where the first such link leads."""
    page.locator(selector).first.click()
    page.wait_for_load_state()


def save(page: Page, name: str) -> None:
    """The top of the page as a picture."""
    page.screenshot(path=PICTURES / f"{name}.png")


if __name__ == "__main__":
    main()
