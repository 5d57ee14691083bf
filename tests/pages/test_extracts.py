"""From the upload of an extract to its undoing, as the quality team does it on screen."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.module_loading import import_string
from django_q.models import OrmQ

from goldenthread.caseload.models import Episode, Extract, RememberedMapping, StagedRow, Subject
from goldenthread.caseload.operations.files import files_of
from goldenthread.ledger.models import Event, Read
from tests.make import make_person
from tests.workbooks import (
    CASES,
    EVENTS,
    LIST_6,
    LOOKED_AFTER,
    case,
    census_child,
    child,
    event,
    load_cases,
    load_children,
    make_census,
    make_csv,
    make_return,
    make_workbook,
    referral,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def commits(django_capture_on_commit_callbacks):
    """Run what waits for a commit, such as the deletion of a file, where a test asks for it."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def quinn(client):
    person = make_person("Quinn", is_administrator=True)
    client.force_login(person)
    return person


def upload(client, *paths, preset, **data):
    files = [SimpleUploadedFile(path.name, path.read_bytes()) for path in paths]
    return client.post("/caseload/extracts/upload/", {"preset": preset, "file": files, **data}, follow=True)


def the_worker_runs():
    """Do what waits, as the worker does, once."""
    for waiting in list(OrmQ.objects.order_by("pk")):
        task = waiting.task
        import_string(task["func"])(*task["args"])
        waiting.delete()


def test_an_annex_a_workbook_is_uploaded_previewed_confirmed_and_undone(client, quinn, commits, tmp_path):
    rows = [LIST_6, child(1), child(2, **{"Allocated Worker": "#N/A"}), child(None)]
    page = upload(client, make_workbook(tmp_path / "annex.xlsx", {"List 6": rows}), preset="annex_a")
    extract = Extract.objects.get()
    assert "The file waits to be read" in page.text
    assert files_of(extract)[0].path.exists()

    the_worker_runs()
    address = f"/caseload/extracts/{extract.public_id}/"
    page = client.get(address)
    assert "Confirm and load" in page.text
    assert "New cases (2)" in page.text
    assert "Rejected rows (1)" in page.text
    assert "List 6" in client.get(f"{address}rows/rejected/").text
    assert "Anna Smith" in client.get(f"{address}rows/new/").text
    assert not Subject.objects.exists()

    with commits():
        page = client.post(f"{address}confirm/", follow=True)
    assert "being loaded" in page.text.lower()
    assert not files_of(extract)[0].path.exists()
    the_worker_runs()
    the_worker_runs()
    page = client.get(address)
    assert "Undo this extract" in page.text
    assert Subject.objects.count() == 2
    assert not StagedRow.objects.exists()
    assert Event.objects.filter(what="caseload.import").count() == 1

    page = client.post(f"{address}undo/", follow=True)
    assert "everything is as it was" in page.text
    assert not Subject.objects.exists()


def test_columns_not_seen_before_are_asked_about_and_remembered(client, quinn, tmp_path):
    rows = [["Ident", "Who", "Client name", "Tier"], ["C1", "Anna", "Zebedee", "2"]]
    path = make_csv(tmp_path / "a.csv", rows)
    upload(client, path, preset="open_cases")
    the_worker_runs()
    extract = Extract.objects.get()
    address = f"/caseload/extracts/{extract.public_id}/"
    assert "Say what the columns are" in client.get(address).text

    form = client.get(f"{address}columns/").text
    assert "fact: tier" in form and "day: tier" in form
    assert "fact: client name" not in form and "day: client name" not in form
    nothing = client.post(f"{address}columns/", {f"column_{place}": "drop" for place in range(4)})
    assert "Say which column holds the case reference" in nothing.text
    twice = {"column_0": "case reference", "column_1": "worker", "column_2": "drop", "column_3": "worker"}
    assert "not several" in client.post(f"{address}columns/", twice).text
    client.post(f"{address}columns/", twice | {"column_3": "fact: tier"})
    the_worker_runs()
    assert "New cases (1)" in client.get(address).text
    client.post(f"{address}confirm/")
    the_worker_runs()

    assert Subject.objects.get().facts.get().name == "tier"
    assert RememberedMapping.objects.count() == 1
    upload(client, path, preset="open_cases")
    the_worker_runs()
    again = Extract.objects.order_by("-pk")[0]
    assert (again.state, again.counts["cases"]["unchanged"]) == ("previewed", 1)


def test_the_extract_that_has_to_be_settled_first_is_one_click_away(client, quinn, tmp_path):
    assert "before you load another" not in client.get("/caseload/extracts/upload/").text
    upload(client, make_csv(tmp_path / "a.csv", [CASES, case("C1")]), preset="open_cases")
    link = f'<a class="govuk-link" href="/caseload/extracts/{Extract.objects.get().public_id}/">'

    assert link in client.get("/caseload/extracts/upload/").text
    refused = upload(client, make_csv(tmp_path / "b.csv", [CASES, case("C2")]), preset="open_cases")
    assert "Another extract of this kind is waiting" in refused.text and link in refused.text

    client.post(f"/caseload/extracts/{Extract.objects.get().public_id}/abandon/")
    assert link not in client.get("/caseload/extracts/upload/").text


def test_columns_can_be_changed_after_the_preview(client, quinn, tmp_path):
    upload(client, make_csv(tmp_path / "a.csv", [CASES, case("C1")]), preset="open_cases")
    the_worker_runs()
    extract = Extract.objects.get()
    address = f"/caseload/extracts/{extract.public_id}/"
    suggested = dict(
        re.findall(
            r'name="(column_\d+)".*?<option value="([^"]*)" selected',
            client.get(f"{address}columns/").text,
            flags=re.S,
        )
    )
    client.post(f"{address}columns/", suggested)
    the_worker_runs()

    client.post(f"{address}columns/", suggested | {"column_7": "drop"})
    the_worker_runs()

    extract.refresh_from_db()
    assert extract.state == "previewed"
    assert "risk" not in StagedRow.objects.get().values["facts"]


def test_abandoning_deletes_the_file_and_keeps_its_digest(client, quinn, commits, tmp_path):
    upload(client, make_csv(tmp_path / "a.csv", [CASES, case("C1")]), preset="open_cases")
    the_worker_runs()
    extract = Extract.objects.get()

    with commits():
        client.post(f"/caseload/extracts/{extract.public_id}/abandon/")

    extract.refresh_from_db()
    assert (extract.state, len(extract.sha256)) == ("abandoned", 64)
    assert not files_of(extract)[0].path.exists()
    assert not StagedRow.objects.exists()


def test_only_one_extract_of_a_kind_waits(client, quinn, tmp_path):
    path = make_csv(tmp_path / "a.csv", [CASES, case("C1")])
    upload(client, path, preset="open_cases")

    page = upload(client, path, preset="open_cases")

    assert page.status_code == 422
    assert "Confirm or abandon that one first" in page.text
    assert Extract.objects.count() == 1


def test_a_file_that_is_no_workbook_is_refused_on_the_page(client, quinn, tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"rubbish")

    page = upload(client, path, preset="annex_a")

    assert page.status_code == 422
    assert "not an Excel workbook" in page.text
    assert not Extract.objects.exists()


def test_a_file_without_the_lists_is_refused_by_the_job_and_says_why(client, quinn, commits, tmp_path):
    upload(client, make_csv(tmp_path / "a.csv", [["Worker"], ["Anna"]]), preset="annex_a")
    with commits():
        the_worker_runs()
    extract = Extract.objects.get()

    assert extract.state == "refused"
    assert "None of the lists 6, 7, 8 and 9" in client.get(f"/caseload/extracts/{extract.public_id}/").text
    assert not files_of(extract)[0].path.exists()


def test_the_waiting_page_asks_for_itself_again_and_then_reloads(client, quinn, tmp_path):
    upload(client, make_csv(tmp_path / "a.csv", [CASES, case("C1")]), preset="open_cases")
    address = f"/caseload/extracts/{Extract.objects.get().public_id}/"

    waiting = client.get(address, headers={"HX-Request": "true"})
    the_worker_runs()
    done = client.get(address, headers={"HX-Request": "true"})

    assert "hx-get" in waiting.text
    assert "<html" not in waiting.text
    assert 'http-equiv="refresh"' not in client.get(address).text
    assert done.headers["HX-Refresh"] == "true"


def test_rows_of_a_preview_come_fifty_at_a_time(client, quinn, tmp_path, django_assert_max_num_queries):
    rows = [case(f"C{number:03}") for number in range(60)]
    upload(client, make_csv(tmp_path / "a.csv", [CASES, *rows]), preset="open_cases")
    the_worker_runs()
    extract = Extract.objects.get()
    client.post(f"/caseload/extracts/{extract.public_id}/columns/", mapping_of(client, extract))
    the_worker_runs()
    address = f"/caseload/extracts/{extract.public_id}/rows/new/"

    with django_assert_max_num_queries(10):
        first = client.get(address)
    further = re.search(r'href="(\?after=[^"]+)" rel="next"', first.text)[1]
    second = client.get(address + further)

    shown = [len(re.findall(r">\s*C\d{3}\b", page.text)) for page in (first, second)]
    assert shown == [50, 10]


@pytest.mark.parametrize(("kept", "warns"), [(9, True), (10, False)])
def test_a_file_that_lacks_most_of_the_open_cases_warns_before_it_is_confirmed(
    client, quinn, tmp_path, kept, warns
):
    before = [case(f"C{number:03}") for number in range(20)]
    load_cases(tmp_path, *before, at="2026-11-01T09:00")
    upload(client, make_csv(tmp_path / "b.csv", [CASES, *before[:kept]]), preset="open_cases")
    the_worker_runs()
    extract = Extract.objects.get(state__in=["mapping", "previewed"])
    if extract.state == "mapping":
        client.post(f"/caseload/extracts/{extract.public_id}/columns/", mapping_of(client, extract))
        the_worker_runs()

    page = client.get(f"/caseload/extracts/{extract.public_id}/").text

    assert "Confirm and load" in page
    assert (f"{20 - kept} of the 20 that were open are not in this file" in page) == warns


def mapping_of(client, extract):
    """What the form of the columns suggests."""
    form = client.get(f"/caseload/extracts/{extract.public_id}/columns/").text
    return dict(re.findall(r'name="(column_\d+)".*?<option value="([^"]*)" selected', form, flags=re.S))


def test_missing_cases_are_listed_and_answered(client, quinn, tmp_path):
    load_cases(tmp_path, case("C1"), case("C2"), at="2026-11-01T09:00")
    load_cases(tmp_path, case("C1"), at="2026-11-02T09:00")
    subject = Subject.objects.get(reference="C2")
    address = f"/caseload/cases/{subject.public_id}/missing/cases/"

    assert "C2" in client.get("/caseload/missing/").text
    assert "Enter the day" in client.post(address, {"answer": "closed"}).text
    page = client.post(address, {"answer": "closed", "closed_on": "15/10/2026"}, follow=True)

    assert "Case C2 settled" in page.text
    assert Episode.objects.get(subject=subject).closed_on == date(2026, 10, 15)
    assert "has been answered" in client.get(address, follow=True).text


def test_a_case_shows_who_worked_with_it_and_the_reading_is_noted(client, quinn, tmp_path):
    load_cases(tmp_path, case("C1"), at="2026-11-01T09:00")
    load_cases(tmp_path, case("C1", worker="Ben", risk="high"), at="2026-11-02T09:00")
    subject = Subject.objects.get()

    page = client.get(f"/caseload/cases/{subject.public_id}/")

    assert "Anna Smith" in page.text
    assert "Ben" in page.text
    assert "from the first extract that showed it" in page.text or "from a column of the extract" in page.text
    read = Read.objects.get()
    assert (read.about_kind, read.about_id, read.by) == ("subject", subject.public_id, quinn.public_id)


def test_the_caseload_is_paged_and_searched_without_a_reference_in_the_address(
    client, quinn, tmp_path, django_assert_max_num_queries
):
    load_cases(tmp_path, *(case(f"C{number:03}") for number in range(60)), at="2026-11-01T09:00")

    with django_assert_max_num_queries(15):
        first = client.get("/caseload/")
    further = re.search(r'href="(\?after=[^"]+)" rel="next"', first.text)[1]
    found = client.post("/caseload/", {"reference": "C05"})

    assert "C050" not in first.text
    assert "C050" in client.get(f"/caseload/{further}").text
    assert "C050" in found.text
    assert "C001" not in found.text


def test_the_history_of_extracts_says_what_became_of_each(client, quinn, tmp_path):
    load_cases(tmp_path, case("C1"), at="2026-11-01T09:00")

    page = client.get("/caseload/extracts/")

    assert "Open-cases list" in page.text
    assert "Loaded" in page.text
    assert "Command line" in page.text


def test_the_preview_says_what_a_changed_row_changes(client, quinn, tmp_path):
    load_cases(tmp_path, case("C1"), case("C2"), at="2026-11-01T09:00")
    path = make_csv(
        tmp_path / "b.csv", [CASES, case("C1", worker="Ben", risk="high"), case("C2", closed="05/11/2026")]
    )
    upload(client, path, preset="open_cases")
    the_worker_runs()
    extract = Extract.objects.order_by("-pk")[0]
    client.post(f"/caseload/extracts/{extract.public_id}/columns/", mapping_of(client, extract))
    the_worker_runs()

    page = client.get(f"/caseload/extracts/{extract.public_id}/rows/changed/").text

    assert "worker: Anna Smith → Ben; risk: low → high" in page
    assert "closed: nothing → 2026-11-05" in page


def test_an_extract_overtaken_by_a_later_one_is_not_loaded(client, quinn, tmp_path):
    upload(
        client,
        make_workbook(tmp_path / "a.xlsx", {"List 6": [LIST_6, child(1)]}),
        preset="annex_a",
        extracted_on="01/11/2026",
    )
    the_worker_runs()
    extract = Extract.objects.get()
    load_children(tmp_path, child(2), name="b.xlsx", at="2026-11-05T09:00")

    page = client.post(f"/caseload/extracts/{extract.public_id}/confirm/", follow=True)

    assert "which is later than this one" in page.text
    assert not Extract.objects.get(pk=extract.pk).is_confirmed


def test_a_fault_while_loading_leads_back_to_the_preview(client, quinn, tmp_path):
    upload(client, make_workbook(tmp_path / "a.xlsx", {"List 6": [LIST_6, child(1)]}), preset="annex_a")
    the_worker_runs()
    extract = Extract.objects.get()
    client.post(f"/caseload/extracts/{extract.public_id}/confirm/")
    StagedRow.objects.update(values={"opened": "rubbish"})

    the_worker_runs()

    page = client.get(f"/caseload/extracts/{extract.public_id}/")
    assert "Something went wrong on our side" in page.text
    assert "Confirm and load" in page.text
    assert not Subject.objects.exists()


def test_what_can_be_uploaded_is_named_in_words(client, quinn):
    page = client.get("/caseload/extracts/upload/").content.decode()

    assert "their reviews, their social workers" in page
    assert "sw_episodes" not in page


def test_the_files_of_a_return_are_uploaded_together_loaded_and_undone_whole(
    client, quinn, commits, tmp_path
):
    page = upload(client, *make_return(tmp_path, **LOOKED_AFTER), preset="ssda903")
    extract = Extract.objects.get()
    kept = [file.path for file in files_of(extract)]
    assert "header.csv and 3 more" in page.text
    assert len([path for path in kept if path.exists()]) == 4

    the_worker_runs()
    address = f"/caseload/extracts/{extract.public_id}/"
    page = client.get(address)
    assert "Episodes of care" in page.text
    assert "5 people in these files" in page.text
    assert "sw_episodes.csv" in page.text
    with commits():
        client.post(f"{address}confirm/")
    assert not any(path.exists() for path in kept)
    the_worker_runs()
    assert Episode.objects.filter(closed_on=None).count() == 3

    client.post(f"{address}undo/")
    assert not Subject.objects.exists()


def test_a_census_is_uploaded_and_previewed(client, quinn, tmp_path):
    upload(client, make_census(tmp_path / "a.xml", census_child("K1", referral())), preset="cin_census")
    the_worker_runs()
    extract = Extract.objects.get()

    page = client.get(f"/caseload/extracts/{extract.public_id}/")

    assert "1 person in this file" in page.text
    assert "New cases (1)" in page.text


def test_a_census_that_is_broken_is_refused_by_the_job_with_the_line(client, quinn, tmp_path):
    path = make_census(tmp_path / "a.xml", census_child("K1", referral()))
    path.write_bytes(path.read_bytes()[:-30])
    upload(client, path, preset="cin_census")
    the_worker_runs()

    page = client.get(f"/caseload/extracts/{Extract.objects.get().public_id}/")

    assert "The XML is broken at line 1" in page.text


def test_several_files_where_the_preset_is_one_are_refused_on_the_page(client, quinn, tmp_path):
    page = upload(client, *make_return(tmp_path, **LOOKED_AFTER), preset="annex_a")

    assert page.status_code == 422
    assert "is one file" in page.text
    assert not Extract.objects.exists()


def test_no_file_at_all_is_asked_for(client, quinn):
    page = client.post("/caseload/extracts/upload/", {"preset": "ssda903"})

    assert page.status_code == 422
    assert "govuk-error-summary" in page.text


def test_the_columns_that_a_council_adds_are_asked_about_and_remembered(client, quinn, tmp_path):
    headers = ["Locality" if one == "Team" else "Held by" if one == "Worker" else one for one in EVENTS]
    path = make_csv(tmp_path / "cld.csv", [headers, event("A1")])
    upload(client, path, preset="cld")
    the_worker_runs()
    extract = Extract.objects.get()
    form = client.get(f"/caseload/extracts/{extract.public_id}/columns/").text
    assert "fact: unit cost" not in form
    assert "fact: nhs number" not in form
    chosen = mapping_of(client, extract)
    assert (chosen["column_12"], chosen["column_13"]) == ("drop", "drop")

    client.post(
        f"/caseload/extracts/{extract.public_id}/columns/",
        chosen | {"column_12": "team", "column_13": "worker"},
    )
    the_worker_runs()
    client.post(f"/caseload/extracts/{extract.public_id}/confirm/")
    the_worker_runs()

    assert Episode.objects.get().worker.name == "Anna Smith"
    upload(client, path, preset="cld")
    the_worker_runs()
    again = Extract.objects.order_by("-pk")[0]
    assert (again.state, again.counts["events"]["unchanged"]) == ("previewed", 1)
