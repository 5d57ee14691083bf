"""The pages that anybody can open."""

import pytest

from tests.browser.conftest import assert_accessible

pytestmark = pytest.mark.django_db(transaction=True)


def test_anybody_reads_the_accessibility_statement_at_every_width(page):
    page.goto("/accessibility/")

    page.get_by_role("heading", name="Accessibility statement").wait_for()
    assert_accessible(page)


def test_a_keyboard_reaches_the_content_in_two_strokes(page):
    page.goto("/accessibility/")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main-content"


def test_a_wrong_address_is_answered_in_plain_words(page):
    page.goto("/no-such-page/")

    page.get_by_role("heading", name="Page not found").wait_for()
    assert_accessible(page)
