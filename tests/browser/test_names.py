"""The names by which somebody who cannot see a page finds its controls."""

from tests.browser.conftest import badly_named

HIDDEN = '<span class="govuk-visually-hidden">'


def test_what_is_said_to_screen_readers_alone_follows_after_one_space(page, live_server, db):
    page.goto("/accessibility/")

    page.locator("main").evaluate(
        "(main, inside) => { main.innerHTML = inside; }", f'<a href="/">Rename{HIDDEN} My laptop</span></a>'
    )

    assert page.get_by_role("link", name="Rename My laptop", exact=True).count()
    assert badly_named(page) == []


def test_a_name_with_a_gap_or_without_words_is_found(page, live_server, db):
    page.goto("/accessibility/")

    page.locator("main").evaluate(
        "main => { main.innerHTML = '<a href=\"/\">Two&nbsp; gaps</a><button>\\u00a0</button><h1></h1>'; }"
    )

    assert [one.split()[0] for one in badly_named(page)] == ["link", "button", "heading"]
