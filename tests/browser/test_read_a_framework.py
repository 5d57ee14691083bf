"""Reading a framework and publishing its next version, in a browser."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import assert_accessible
from tests.make import PACK, make_council, publish_pack

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_framework_is_read_drawn_and_published_anew(page, sign_in, tmp_path):
    publish_pack()
    sign_in(make_council().quality_manager)

    page.goto("/frameworks/")
    assert_accessible(page)

    page.get_by_role("link", name="Adult social care case audits").click()
    assert_accessible(page)
    page.get_by_role("link", name="Case audit tool").first.click()
    assert_accessible(page)
    page.go_back()
    page.get_by_role("link", name="Case audit", exact=True).first.click()
    expect(page.get_by_role("img", name="Steps: Case audit")).to_be_visible()
    assert_accessible(page)


def test_a_fault_is_shown_corrected_and_the_framework_published(page, sign_in, tmp_path):
    publish_pack()
    sign_in(make_council().quality_manager)
    changed = tmp_path / "pack.yaml"
    changed.write_text(PACK.read_text().replace("owed_by: quality team", "owed_by: quality tea", 1))
    page.goto("/frameworks/publish/")
    page.get_by_label("Framework file (YAML)").set_input_files(changed)
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("heading", name="1 fault")).to_be_visible()
    assert_accessible(page)

    changed.write_text(PACK.read_text().replace("length: 1 working day", "length: 2 working days"))
    page.get_by_label("Framework file (YAML)").set_input_files(changed)
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("clocks › quality check › length")).to_be_visible()
    page.get_by_label("Why there is a new version").fill("The check takes two days")
    assert_accessible(page)
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("version 2 is the newest version")).to_be_visible()
