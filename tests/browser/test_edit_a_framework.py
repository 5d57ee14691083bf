"""Setting up a framework by screens alone, from the smallest one to a published version."""

import pytest
from playwright.sync_api import expect

from goldenthread.frameworks.models import Version
from goldenthread.frameworks.queries import pack_of
from tests.browser.conftest import assert_accessible
from tests.browser.steps import follow, press
from tests.make import make_council, publish_pack

pytestmark = pytest.mark.django_db(transaction=True)


def begins(page, name):
    """Begin a draft with one of what is offered."""
    page.goto("/frameworks/")
    assert_accessible(page)
    page.get_by_role("button", name="Begin a draft").click()
    assert_accessible(page)
    page.get_by_label(name).check()
    press(page, "Begin")


def saves(page):
    """Save the open page."""
    press(page, "Save")
    expect(page.get_by_text("is saved")).to_be_visible()


def test_a_small_framework_is_set_up_by_screens_alone_and_published(page, sign_in):
    publish_pack()
    sign_in(make_council().quality_manager)
    begins(page, "The smallest framework that makes sense")
    assert_accessible(page)

    follow(page, "Name and purpose")
    page.get_by_label("Key", exact=True).fill("children-in-need")
    page.get_by_label("Title", exact=True).fill("Children in need audits")
    assert_accessible(page)
    saves(page)

    follow(page, "Children in need audits")
    follow(page, "Scales")
    follow(page, "grades")
    follow(page, "Values")
    assert_accessible(page)
    page.get_by_label("Name of another").fill("at risk")
    press(page, "Add")
    page.get_by_label("Symbol").fill("R")
    page.get_by_label("Colour").select_option("red")
    assert_accessible(page)
    saves(page)

    follow(page, "Children in need audits")
    follow(page, "Notices")
    page.get_by_label("Name of another").fill("worry")
    press(page, "Add")
    page.get_by_label("On", exact=True).select_option("finish")
    page.get_by_label("Team manager", exact=True).or_(page.get_by_label("team manager", exact=True)).check()
    page.get_by_label("Subject").fill("{type} {reference} is finished")
    page.get_by_label("Text", exact=True).fill("Please look at it soon: {link}")
    saves(page)
    page.locator(".govuk-summary-list__row", has_text="When").get_by_role("link").click()
    assert_accessible(page)
    page.get_by_label("Add a line about").select_option("grade:overall")
    press(page, "Add the line")
    page.get_by_label("It", exact=True).select_option("is")
    page.get_by_label("at risk").check()
    assert_accessible(page)
    press(page, "Save")
    expect(page.get_by_text("It holds if the grade for “overall” is “at risk”.")).to_be_visible()

    follow(page, "Children in need audits")
    expect(page.get_by_text("Nothing is wrong with it")).to_be_visible()
    press(page, "Preview")
    assert_accessible(page)
    follow(page, "Audit form")
    assert_accessible(page)
    page.go_back()
    page.go_back()
    press(page, "Publish")
    page.get_by_label("Why there is a new version").fill("Our own framework")
    assert_accessible(page)
    press(page, "Publish")
    expect(page.get_by_text("Children in need audits, version 1 is the newest version")).to_be_visible()
    pack = pack_of(Version.objects.get(framework__key="children-in-need"))
    assert [value.key for value in pack.scales["grades"].values] == ["good", "needs work", "at risk"]
    assert pack.notices["worry"].to[-1] == "team manager"


def test_a_fault_leads_to_its_page_and_a_rename_takes_everything_along(page, sign_in):
    publish_pack()
    sign_in(make_council().quality_manager)
    begins(page, "A copy of Adult social care case audits, version 1")

    follow(page, "Clocks")
    assert_accessible(page)
    follow(page, "quality check")
    page.get_by_label("Length").fill("soon")
    saves(page)
    follow(page, "Adult social care case audits")
    press(page, "Check")
    expect(page.get_by_role("heading", name="1 thing to correct")).to_be_visible()
    assert_accessible(page)
    follow(page, "Clocks › Check the audit report › Length")
    page.get_by_label("Length").fill("2 working days")
    saves(page)
    follow(page, "Remove quality check")
    expect(page.get_by_text("These parts refer to it")).to_be_visible()
    assert_accessible(page)
    page.go_back()
    follow(page, "Rename quality check")
    page.get_by_label("Name", exact=True).fill("first look")
    assert_accessible(page)
    press(page, "Rename")
    expect(page.get_by_text("quality check is now first look, also in")).to_be_visible()

    follow(page, "Adult social care case audits")
    follow(page, "Compare with")
    expect(page.get_by_text("clocks › first look")).to_be_visible()
    assert_accessible(page)
