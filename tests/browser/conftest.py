"""A real browser on a live server, and the accessibility check that every page must pass."""

import os
import re
from pathlib import Path

import pytest
from django.db import connections
from playwright.sync_api import Error, Page, sync_playwright

from tests.conftest import chromium

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
WIDTHS = (1280, 640, 320)
LOOKED_INTO = (1280, 320)  # what axe finds at 640 px it finds at one of these
HEIGHT = 900
TWO_FRAMES = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""Until the page has been laid out at its new width and those who watch for that were told."""
SCROLLING = """() => [...document.querySelectorAll(".gt-scroll")]
  .filter((one) => one.querySelector(".gt-table") && one.checkVisibility())
  .filter((one) => one.scrollWidth > one.clientWidth)
  .map((one) => one.getAttribute("aria-label"))"""
"""The tables that show a part of themselves at a time."""
NAMED = {"button", "checkbox", "combobox", "heading", "link", "radio", "tab", "textbox"}
"""What somebody who cannot see the page goes through by name."""
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
    "selectors": False,
}


@pytest.fixture(scope="session", autouse=True)
def _playwright_beside_the_database():
    """Playwright's loop makes Django think that it is called from async code; it is not."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    yield
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def browser():
    """One Chromium for the session.

    Playwright's loop gives the thread another set of database connections. One that was open before would
    stay so, out of reach of every test that closes its connections: to restore, or to fork a process.
    """
    connections.close_all()
    with sync_playwright() as playwright:
        instance = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield instance
        instance.close()


@pytest.fixture
def context(browser, live_server):
    """A fresh browser profile whose addresses start at the live server."""
    profile = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": HEIGHT})
    profile.set_default_timeout(15_000)
    yield profile
    profile.close()


@pytest.fixture
def page(context):
    """A page on which any fault of a script, or anything the content policy stopped, fails the test."""
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: _note_violation(message, faults))
    yield page
    assert not faults, faults


def _note_violation(message, faults) -> None:
    if "Content Security Policy" in message.text:
        faults.append(message.text)


@pytest.fixture
def sign_in(context, client, live_server, settings):
    """Sign a person in without the sign-in page."""

    def as_person(person) -> None:
        client.force_login(person)
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])

    return as_person


def assert_accessible(page: Page) -> None:
    """Axe finds nothing on a wide screen and at 320 px; nothing spills sideways there or on half a screen.

    Nor does a table scroll sideways at any of these widths, and every control has a name that reads well.
    """
    try:
        found = _faults(page)
    except Error:  # a page that waits for something renewed itself while it was looked at
        page.wait_for_load_state()
        found = _faults(page)
    page.set_viewport_size({"width": WIDTHS[0], "height": HEIGHT})
    assert not found, "\n".join(found)


def _faults(page: Page) -> list[str]:
    found = [f"{page.url}: the name of {name}" for name in badly_named(page)]
    _hand_over_axe(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        page.evaluate(TWO_FRAMES)
        spill = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if spill > 0:
            found.append(f"{page.url} at {width} px: {spill} px spill sideways")
        found += [f"{page.url} at {width} px: {table!r} scrolls" for table in page.evaluate(SCROLLING)]
        if width in LOOKED_INTO:
            found += [f"{page.url} at {width} px: {fault}" for fault in _axe_violations(page)]
    return found


def badly_named(page: Page) -> list[str]:
    """Controls and headings that a screen reader finds without a name, or with gaps in it."""
    devtools = page.context.new_cdp_session(page)
    nodes = devtools.send("Accessibility.getFullAXTree")["nodes"]
    devtools.detach()
    named = [(node["role"]["value"], node["name"]["value"]) for node in nodes if "name" in node]
    return [
        f"{role} {name!r}"
        for role, name in named
        if role in NAMED and (not name.strip() or re.search(r"\s\s", name))
    ]


def _hand_over_axe(page: Page) -> None:
    """Axe comes to the page beside the content policy, which stays in force."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8")})
    devtools.detach()


def _axe_violations(page: Page) -> list[str]:
    result = page.evaluate("rules => axe.run(rules)", RULES)
    return [
        f"{violation['id']}: {violation['help']}: {node['html'][:200]}"
        for violation in result["violations"]
        for node in violation["nodes"][:3]
    ]
