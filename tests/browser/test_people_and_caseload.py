"""Loading people and an extract in the browser, with the accessibility check on each page."""

import re

import pytest
from django.utils.module_loading import import_string
from django_q.models import OrmQ

from goldenthread.caseload.models import Extract
from goldenthread.people.models import Person
from goldenthread.people.operations.signing_in import create_administrator, invitation_of
from tests.browser.conftest import assert_accessible
from tests.make import make_person, make_post, make_unit, moment
from tests.workbooks import CASES, LOOKED_AFTER, case, load_cases, make_csv, make_return, make_workbook

pytestmark = pytest.mark.django_db(transaction=True)


def the_worker_runs():
    for waiting in list(OrmQ.objects.order_by("pk")):
        import_string(waiting.task["func"])(*waiting.task["args"])
        waiting.delete()


@pytest.fixture
def alex(sign_in):
    person = make_person("Alex Admin", is_administrator=True)
    sign_in(person)
    return person


def test_the_first_administrator_sets_a_password_and_signs_in(page):
    alex = create_administrator(email="alex@example.org", name="Alex Admin", by=None, at=moment())
    page.goto("/set-password/{}/{}/".format(*invitation_of(alex)))
    page.get_by_role("button", name="Set password").click()
    page.get_by_role("heading", name="There is a problem").wait_for()
    assert_accessible(page)

    page.get_by_label("Choose a password").fill("three random words")
    page.get_by_role("button", name="Set password").click()
    assert_accessible(page)
    page.get_by_label("E-mail address").fill("alex@example.org")
    page.get_by_label("Password").fill("three random words")
    page.get_by_role("button", name="Sign in").click()

    page.get_by_role("heading", name="My tasks").wait_for()


def test_an_extract_is_uploaded_mapped_previewed_loaded_and_undone(page, alex, tmp_path):
    load_cases(tmp_path, case("C1"), case("C9"), at="2026-11-01T09:00")
    rows = [[*CASES, "Tier"], [*case("C1", risk="high"), "2"], [*case("C2"), "1"], [*case(""), "1"]]
    path = make_csv(tmp_path / "cases.csv", rows)
    page.goto("/caseload/extracts/upload/")
    assert_accessible(page)
    page.get_by_label("Open-cases list").check()
    page.get_by_label("File", exact=True).set_input_files(str(path))
    page.get_by_role("button", name="Upload").click()
    page.get_by_text("The file waits to be read").wait_for()
    assert_accessible(page)

    the_worker_runs()
    page.get_by_role("link", name="Say what the columns are").or_(
        page.get_by_role("button", name="Say what the columns are")
    ).click()
    assert_accessible(page)
    page.get_by_label("Tier").select_option(label="Keep it as a fact, in its words")
    page.get_by_role("button", name="Read the file").click()
    the_worker_runs()
    page.get_by_role("link", name="New cases (1)").wait_for()
    assert_accessible(page)
    for kind in ("new", "changed", "missing", "rejected"):
        page.goto(f"/caseload/extracts/{Extract.objects.order_by('-pk')[0].public_id}/rows/{kind}/")
        assert_accessible(page)
    page.get_by_role("link", name="The extract").click()
    page.get_by_role("button", name="Confirm and load").click()
    the_worker_runs()
    page.get_by_role("button", name="Undo this extract").wait_for()
    assert_accessible(page)

    for address in ("/caseload/", "/caseload/extracts/", "/caseload/missing/"):
        page.goto(address)
        assert_accessible(page)
    page.get_by_role("link", name="C9").click()
    assert_accessible(page)
    page.goto("/caseload/")
    page.get_by_role("link", name="C1").click()
    page.get_by_role("heading", name="Case C1").wait_for()
    assert_accessible(page)
    page.goto("/caseload/extracts/")
    page.get_by_role("link", name=re.compile("2026")).first.click()
    page.get_by_role("button", name="Undo this extract").click()
    page.get_by_text("everything is as it was before it").wait_for()


def test_people_are_loaded_and_looked_at(page, alex, tmp_path):
    service = make_unit("Community", kind="service")
    team = make_unit("North team", under=service)
    theo = make_person("Theo Hart", reference="78")
    make_post(theo, "team manager", team)
    load_cases(tmp_path, case("C1", team="Unknown team"), at="2026-11-01T09:00")
    path = make_workbook(
        tmp_path / "people.xlsx", {"Staff": [["Staff number", "Name"], ["77", "Ada"], ["", "x"]]}
    )
    page.goto("/people/load/")
    assert_accessible(page)
    page.get_by_label("People file").set_input_files(str(path))
    page.get_by_role("button", name="Load").click()
    page.get_by_text("The file was loaded").wait_for()
    assert_accessible(page)

    worker = Person.objects.get(name="Anna Smith")
    for address in (
        "/people/",
        "/people/add/",
        f"/people/{theo.public_id}/",
        f"/people/{theo.public_id}/invite/",
        "/people/organisation/",
        f"/people/units/{team.public_id}/",
        "/people/unconfirmed/",
        f"/people/{worker.public_id}/settle/",
    ):
        page.goto(address)
        assert_accessible(page)
    page.get_by_label("Staff number or e-mail address of the person").fill("77")
    page.get_by_role("button", name="Continue").click()
    assert_accessible(page)
    page.get_by_role("button", name="Join them").click()
    page.get_by_text("Anna Smith settled").wait_for()
    page.get_by_role("link", name="Unknown team").click()
    assert_accessible(page)


def test_the_files_of_a_return_are_chosen_together_and_loaded(page, alex, tmp_path):
    page.goto("/caseload/extracts/upload/")
    page.get_by_label("Children looked after return (SSDA903)").check()
    page.get_by_label("File", exact=True).set_input_files(make_return(tmp_path, **LOOKED_AFTER))
    assert_accessible(page)
    page.get_by_role("button", name="Upload").click()
    page.get_by_text("header.csv and 3 more").wait_for()
    the_worker_runs()
    page.reload()
    page.get_by_text("5 people in these files").wait_for()
    assert_accessible(page)

    page.get_by_role("button", name="Confirm and load").click()
    the_worker_runs()
    page.goto(f"/caseload/extracts/{Extract.objects.get().public_id}/")

    page.get_by_role("button", name="Undo this extract").wait_for()
