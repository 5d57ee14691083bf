"""Bringing in a form with a browser."""

import pytest

from goldenthread.rules.documents import read_document
from tests.browser.conftest import assert_accessible
from tests.make import make_council, publish_pack
from tests.workbooks import make_workbook

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Featherstonehaugh-Cholmondeley-Montgomery-Wolstenholme_" * 3


def test_a_form_is_read_compared_and_downloaded(page, sign_in, tmp_path):
    publish_pack()
    sign_in(make_council().quality_manager)
    rows = [
        ["type", "name", "label", "hint", "required"],
        ["note", "hello", "Read the file first", None, None],
        ["select_one yn", "seen", "Was the child seen?", "Look at visits", "yes"],
        ["geopoint", LONG, f"Where was it? {LONG}", None, None],
    ]
    choices = [["list_name", "name", "label"], ["yn", "yes", "Yes"], ["yn", "no", "No"]]
    path = make_workbook(tmp_path / "visits.xlsx", {"survey": rows, "choices": choices})

    page.goto("/frameworks/")
    page.get_by_role("link", name="Bring in a form").click()
    assert_accessible(page)
    page.get_by_label("File").set_input_files(path)
    page.get_by_role("button", name="Read the form").click()

    page.get_by_role("heading", name="1 thing not applied").wait_for()
    page.get_by_text("Was the child seen?").wait_for()
    assert_accessible(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the form (YAML)").click()
    form = read_document(download.value.path().read_text()).data["forms"]["visits"]
    assert [question["type"] for question in form["sections"][0]["questions"]] == [
        "note",
        "yes or no",
        "text",
    ]

    page.get_by_label("A new draft").check()
    page.get_by_label("Name of the form in the draft").fill("child visits")
    page.get_by_role("button", name="Put it into the draft").click()
    page.get_by_text("The form is in the draft “New framework” as “child visits”.").wait_for()
    assert_accessible(page)
    page.goto(page.url.partition("part/")[0])
    page.get_by_text("1 thing of its file not applied").click()
    page.get_by_text("A place on the map is asked as a line of text.").wait_for()
    assert_accessible(page)
