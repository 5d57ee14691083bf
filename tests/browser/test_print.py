"""What a page is on paper: what was found, whole, and nothing that only a screen can do."""

import re

import pytest
from playwright.sync_api import expect

from tests.make import make_audit, make_council, publish_pack

pytestmark = pytest.mark.django_db(transaction=True)
SHEET = {"width": 718, "height": 1000}
"""A4 without its margins, in px."""
COLUMNS = 11


@pytest.fixture
def council(transactional_db):
    publish_pack()
    return make_council()


@pytest.mark.parametrize("path", ["", "report/"])
def test_an_audit_on_paper_has_no_ways_to_other_pages(page, sign_in, council, path):
    audit = make_audit(council, state="filed")
    sign_in(council.quinn)
    page.goto(f"/audits/{audit.public_id}/{path}")
    expect(page.get_by_text("Raise a safety alert").first).to_be_visible()

    page.emulate_media(media="print")

    for gone in (".gt-alert-bar", ".gt-back", ".gt-header", ".gt-footer", ".gt-onward", ".govuk-button"):
        assert not any(one.is_visible() for one in page.locator(gone).all()), gone
    links = page.locator("main .govuk-link:visible")
    assert set(links.evaluate_all("all => all.map(one => getComputedStyle(one).textDecorationLine)")) <= {
        "none"
    }
    around = "all => all.filter(one => getComputedStyle(one).fontSize !== getComputedStyle(one.parentElement)"
    assert not links.evaluate_all(f"{around}.fontSize).map(one => one.outerHTML)")
    assert page.locator("main table").first.is_visible()


def test_a_table_of_many_columns_stands_whole_on_a_sheet(page, sign_in, council):
    sign_in(council.quality_manager)
    page.goto("/people/organisation/")
    page.locator("main").evaluate(
        """(main, columns) => {
          const cells = (name, word) => Array.from({length: columns}, () => `<${name}
            class="govuk-table__${name === "th" ? "header" : "cell"}">${word}</${name}>`).join("");
          main.innerHTML = `<div class="gt-scroll"><table class="govuk-table gt-table"><thead>
            <tr>${cells("th", "Accepted")}</tr></thead><tbody>
            <tr>${cells("td", "Extended")}</tr></tbody></table>`;
        }""",
        COLUMNS,
    )
    page.set_viewport_size(SHEET)
    table = page.locator(".gt-table")
    assert table.evaluate("table => table.offsetWidth") > SHEET["width"]

    page.emulate_media(media="print")

    assert table.evaluate("table => table.getBoundingClientRect().right") <= SHEET["width"]


def test_what_are_cards_on_half_a_screen_are_rows_of_a_table_on_paper(page, sign_in, council):
    sign_in(council.quality_manager)
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto("/people/")
    table = page.locator(".gt-table").first
    expect(table).to_have_class(re.compile("gt-table--cards"))
    assert table.locator("tbody tr").first.evaluate("row => getComputedStyle(row).display") == "block"

    page.emulate_media(media="print")

    assert table.locator("tbody tr").first.evaluate("row => getComputedStyle(row).display") == "table-row"
    assert table.locator("tbody td").last.evaluate("it => getComputedStyle(it, '::before').content") == "none"
