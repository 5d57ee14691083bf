"""What people do on the pages of a month, in their words, and the files that they bring."""

import re
from datetime import date, timedelta

from django.utils.module_loading import import_string
from django_q.models import OrmQ
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import assert_accessible
from tests.make import PACK
from tests.workbooks import make_csv, make_workbook

SINCE = date(2020, 1, 1)
UNITS = (
    ("N", "Anytown Council", "organisation", ""),
    ("S1", "Community", "service", "N"),
    ("T1", "North team", "team", "S1"),
    ("S2", "Hospital", "service", "N"),
    ("T2", "Ward team", "team", "S2"),
)
STAFF = {
    "Quinn": ("quality officer", "N"),
    "Ada": ("accredited auditor", "T2"),
    "Theo": ("team manager", "T1"),
    "Hana": ("head of service", "S1"),
    "Priya": ("practitioner", "T1"),
    "Leon": ("practitioner", "T1"),
    "Sam": ("practitioner", "T2"),
}
TRAINED = ("Ada",)


def address_of(name: str) -> str:
    """Where a member of staff is written to."""
    return f"{name.lower()}@example.org"


def people_file(folder):
    """Who works where, as a workbook of four sheets."""
    numbers = {name: f"A{place:03}" for place, name in enumerate(STAFF)}
    return make_workbook(
        folder / "people.xlsx",
        {
            "Units": [("Reference", "Name", "Kind", "Under", "From"), *((*unit, SINCE) for unit in UNITS)],
            "Staff": [
                ("Staff number", "Name", "Email"),
                *((numbers[name], name, address_of(name)) for name in STAFF),
            ],
            "Posts": [
                ("Staff number", "Post", "Unit", "From"),
                *((numbers[name], post, unit, SINCE) for name, (post, unit) in STAFF.items()),
            ],
            "Training": [
                ("Staff number", "Course", "Completed"),
                *((numbers[name], "Case file auditing", SINCE) for name in TRAINED),
            ],
        },
    )


def caseload_file(folder):
    """The North team's open cases, under headers that nothing knows yet, and one row that is wrong."""
    head = ["Mosaic no", "Customer name", "Began", "Group", "Who has it", "Had it since", "Tier"]
    rows = [
        ["M-1001", "Zebedee Jones", "02/03/2024", "North team", "Priya", "09/03/2024", "2"],
        ["M-1002", "Ermintrude Smith", "05/06/2024", "North team", "Leon", "09/06/2024", "1"],
        ["M-1003", "Dougal Brown", "05/06/2024", "North team", "", "", "3"],
        ["", "Florence Green", "05/06/2024", "North team", "Leon", "09/06/2024", "1"],
    ]
    return make_csv(folder / "cases.csv", [head, *rows])


COLUMNS = {
    "Mosaic no": "case reference",
    "Began": "opened",
    "Group": "team",
    "Who has it": "worker",
    "Had it since": "worker allocated on",
    "Tier": "fact: tier",
}


def the_worker_runs() -> None:
    """Do what waits for the background worker, as it does, once."""
    for waiting in list(OrmQ.objects.order_by("pk")):
        task = waiting.task
        import_string(task["func"])(*task["args"])
        waiting.delete()


def press(page: Page, name: str) -> None:
    """Press a button and wait for the page that follows."""
    page.get_by_role("button", name=name, exact=True).first.click()
    page.wait_for_load_state()


def follow(page: Page, name: str | re.Pattern[str]) -> None:
    """Follow a link and wait for its page."""
    page.get_by_role("link", name=name).first.click()
    page.wait_for_load_state()


def signs_in_with_a_password(page: Page, person, password: str) -> None:
    """Sign in on the sign-in page."""
    page.goto("/")
    assert_accessible(page)
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password").fill(password)
    press(page, "Sign in")
    page.wait_for_url("**/tasks/")


def loads_people(page: Page, folder) -> None:
    """Load the people file and look at what it did."""
    follow(page, "People")
    assert_accessible(page)
    page.goto("/people/load/")
    page.get_by_label("People file").set_input_files(people_file(folder))
    press(page, "Load")
    expect(page.get_by_role("heading", name="Load another file")).to_be_visible()
    assert_accessible(page)


def publishes_the_framework(page: Page) -> None:
    """Check the framework that ships with the product, then publish it."""
    page.goto("/frameworks/publish/")
    page.get_by_label("Framework file (YAML)").set_input_files(PACK)
    press(page, "Check")
    expect(page.get_by_role("heading", name="No faults")).to_be_visible()
    page.get_by_label("From which day it holds").fill(f"{SINCE:%d/%m/%Y}")
    page.get_by_label("Why there is a new version").fill("Our first framework")
    assert_accessible(page)
    press(page, "Publish")


def loads_the_caseload(page: Page, folder) -> None:
    """Upload an extract, say what its columns are, look at what would change, and confirm."""
    page.goto("/caseload/extracts/")
    assert_accessible(page)
    page.goto("/caseload/extracts/upload/")
    page.get_by_role("radio", name="Open-cases list").check()
    page.get_by_label("File", exact=True).set_input_files(caseload_file(folder))
    assert_accessible(page)
    press(page, "Upload")
    assert_accessible(page)
    the_worker_runs()
    follow_when_ready(page, "Say what the columns are")
    for header, meaning in COLUMNS.items():
        page.get_by_label(header, exact=True).select_option(meaning)
    expect(page.get_by_label("Customer name", exact=True)).to_have_value("drop")
    assert_accessible(page)
    press(page, "Read the file")
    the_worker_runs()
    page.reload()
    expect(page.get_by_text("New cases (3)")).to_be_visible()
    expect(page.get_by_text("Rejected rows (1)")).to_be_visible()
    assert_accessible(page)
    press(page, "Confirm and load")
    the_worker_runs()
    page.reload()
    expect(page.get_by_role("heading", name="What changed")).to_be_visible()
    assert_accessible(page)


def follow_when_ready(page: Page, name: str) -> None:
    """Load the page until the worker's result stands on it, then follow its button."""
    page.reload()
    page.get_by_role("button", name=name).click()
    page.wait_for_load_state()


def answers_the_section(page: Page) -> None:
    """Answer every question of the open section, each saved by itself: yes, or what was seen, typed."""
    for box in page.locator("[data-box=answer]").all():
        yes = box.get_by_label("Yes", exact=True)
        if yes.count():
            yes.check()
        else:
            text = box.locator("textarea").first
            text.press_sequentially("Her words of 3 August open the plan.")
            text.blur()
        expect_saved(box)


def grades_the_section(page: Page, grade: str, why: str) -> None:
    """Choose a grade by its name and say why."""
    box = page.locator("[data-box=grade]")
    box.get_by_label(grade, exact=True).check()
    expect_saved(box)
    box.get_by_label("Reasons for the grade").fill(why)
    box.get_by_label("Reasons for the grade").blur()
    expect_saved(box)


def expect_saved(box: Locator) -> None:
    """The box says that what it holds is saved, and nothing of it waits."""
    expect(box.locator("[data-state]")).to_contain_text(re.compile(r"^Saved at \d\d:\d\d"))


def sections_of(page: Page) -> list[str]:
    """The titles of the form's sections, in order, with the overall grade."""
    return page.locator("#the-form + .govuk-task-list a.govuk-task-list__link").all_inner_texts()


def later(days: int) -> str:
    """A moment some days from now, as it is typed."""
    return f"{date.today() + timedelta(days=days):%d/%m/%Y} 14:30"  # noqa: DTZ011 - as somebody at a desk
