"""The sections and the tables in windows between a telephone and a whole screen."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from goldenthread.people.models import Leave
from goldenthread.rules.charts import Bar, Piece, narrow_stacked_bars, stacked_bars
from goldenthread.rules.trend_charts import DRAWINGS, Dot
from tests.make import make_council, publish_pack

pytestmark = pytest.mark.django_db(transaction=True)
ONE_ROW = 75
"""More px than one row of sections is high, and less than two."""
ONE_BELOW_THE_OTHER = 20
"""Px by which the place of what stands in one column may differ."""


@pytest.fixture
def council(transactional_db):
    publish_pack()
    return make_council()


@pytest.mark.parametrize(
    ("who", "wide", "narrow"),
    [("quality_manager", 1080, 1060), ("administrator", 800, 740), ("sam", 660, 600)],
)
def test_the_sections_stand_in_one_row_or_behind_the_button(page, sign_in, council, who, wide, narrow):
    sign_in(getattr(council, who))
    page.goto("/tasks/")
    menu, sections = page.get_by_role("button", name="Menu"), page.locator("#navigation")

    page.set_viewport_size({"width": wide, "height": 700})
    expect(menu).to_be_hidden()
    assert sections.evaluate("list => list.getBoundingClientRect().height") < ONE_ROW

    page.set_viewport_size({"width": narrow, "height": 700})
    expect(menu).to_be_visible()
    expect(sections).to_be_hidden()

    menu.click()
    places = sections.locator("a").evaluate_all("all => all.map(one => one.getBoundingClientRect().left)")
    assert max(places) - min(places) < ONE_BELOW_THE_OTHER


def test_the_heading_of_a_table_stays_where_the_table_scrolls(page, sign_in, council):
    sign_in(council.quality_manager)
    page.goto("/people/organisation/")
    page.set_viewport_size({"width": 600, "height": 700})
    region = page.locator(".gt-scroll").first
    region.evaluate(
        """region => {
          const caption = region.querySelector("caption");
          caption.className = "govuk-table__caption govuk-table__caption--m";
          caption.textContent = "The units of the organisation, and what is known of each of them";
          const cells = [...region.querySelectorAll("td")];
          cells.forEach((cell) => { cell.style.minWidth = "300px"; });
          cells[0].rowSpan = 2;  // so that it cannot become cards
          region.scrollLeft = 200;
        }"""
    )

    box = region.locator("caption").bounding_box()
    frame = region.bounding_box()

    assert region.evaluate("region => region.scrollLeft") == 200
    assert box["x"] == pytest.approx(frame["x"], abs=1)
    assert box["x"] + box["width"] <= frame["x"] + frame["width"] + 1


def test_a_table_too_wide_for_a_narrow_screen_becomes_cards_that_name_their_columns(page, sign_in, council):
    sign_in(council.quality_manager)
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto("/people/")
    table = page.locator(".gt-table").first
    heads = table.locator("thead th").all_text_contents()

    expect(table).to_have_class(re.compile("gt-table--cards"))
    first = page.get_by_role("row").nth(1).locator("td")
    assert [one.get_attribute("data-column") for one in first.all()] == heads
    said = first.last.evaluate("cell => getComputedStyle(cell, '::before').content")
    assert heads[-1] in said
    assert page.get_by_role("row").nth(1).get_by_role("cell").count()  # still a table for screen readers
    region = page.locator(".gt-scroll").first
    assert region.evaluate("region => region.scrollWidth <= region.clientWidth")
    assert region.get_attribute("tabindex") is None

    page.set_viewport_size({"width": 1280, "height": 700})
    expect(table).not_to_have_class(re.compile("gt-table--cards"))
    assert page.get_by_role("columnheader").first.is_visible()


def test_a_table_too_wide_for_half_a_screen_becomes_cards_of_two_columns(page, sign_in, council):
    sign_in(council.quality_manager)
    page.set_viewport_size({"width": 640, "height": 700})
    page.goto("/people/organisation/")
    table, region = page.locator(".gt-table").first, page.locator(".gt-scroll").first
    expect(table).not_to_have_class(re.compile("gt-table--cards"))

    table.evaluate(
        """table => table.querySelectorAll("td").forEach((cell) => {
          cell.textContent ||= "None";
          cell.style.minWidth = "200px";
        })"""
    )
    page.set_viewport_size({"width": 650, "height": 700})

    expect(table).to_have_class(re.compile("gt-table--cards"))
    assert region.evaluate("region => region.scrollWidth <= region.clientWidth")
    cells = table.locator("tbody tr").first.locator("td, th")
    places = [cell.bounding_box() for cell in cells.all()][1:3]
    assert places[0]["y"] == places[1]["y"] and places[0]["x"] < places[1]["x"]


def test_what_has_the_focus_in_a_table_that_scrolls_is_shown_whole(page, sign_in, council):
    sign_in(council.quality_manager)
    page.goto("/people/organisation/")
    region = page.locator(".gt-scroll").first
    region.evaluate(
        """region => {
          const cell = region.querySelector("tbody td:last-child");
          cell.innerHTML = '<a class="govuk-link" href="/tasks/" id="last">42</a>';
          const table = region.querySelector("table");
          table.style.width = `${table.offsetWidth}px`;
          const link = cell.firstChild.getBoundingClientRect();
          region.style.width = `${link.left + 6 - region.getBoundingClientRect().left}px`;
        }"""
    )
    assert region.evaluate("region => region.scrollWidth > region.clientWidth")

    page.locator("#last").focus()

    link, frame = page.locator("#last").bounding_box(), region.bounding_box()
    assert link["x"] + link["width"] <= frame["x"] + frame["width"] + 0.5


def test_days_of_a_table_keep_day_and_month_together(page, sign_in, council):
    today = timezone.localdate()
    Leave.objects.create(person=council.theo, starts_on=today, ends_on=today + timedelta(days=400))
    sign_in(council.administrator)
    page.goto(f"/people/{council.theo.public_id}/")
    page.set_viewport_size({"width": 320, "height": 700})

    days = page.locator(".gt-day")

    assert days.count()
    assert all(width >= 120 for width in days.evaluate_all("all => all.map(one => one.offsetWidth)"))


SMALLEST = 10.5
"""Px; letters of a chart smaller than this are hard to read."""
BARS = [Bar("Planning and support", (Piece("Good", 6, "green"), Piece("Inadequate", 2, "red")))]


def charts():
    """Bars, and trends of few, of some and of many cycles, each with both of its drawings."""
    yield [draw(BARS, title="Grades", name="bars") for draw in (stacked_bars, narrow_stacked_bars)]
    for number in (4, 8, 12, 21):
        dots = [Dot(f"{place} 2026", 7, 12) for place in range(number)]
        yield [draw(dots, title="Good", name=f"trend{number}") for draw in DRAWINGS]


@pytest.mark.parametrize("wide", [320, 480, 640, 900, 1280])
def test_a_chart_fits_its_page_and_can_be_read_at_every_width(page, sign_in, council, wide):
    sign_in(council.quality_manager)
    page.set_viewport_size({"width": wide, "height": 700})
    page.goto("/tasks/")
    figures = "".join(f'<figure class="gt-figure">{"".join(drawings)}</figure>' for drawings in charts())
    page.locator("main").evaluate("(main, figures) => { main.innerHTML = figures; }", figures)

    for figure in page.locator("figure").all():
        shown = [one for one in figure.locator("svg").all() if one.is_visible()]
        assert len(shown) == 1
        box, around = shown[0].bounding_box(), figure.bounding_box()
        assert box["x"] >= around["x"] and box["width"] <= around["width"]
        assert 14 * box["width"] / float(shown[0].get_attribute("width")) >= SMALLEST
