"""Who opened what: searched by person, record, kind and day, and as a text file that holds no formula."""

import csv
from datetime import timedelta

import pytest
from django.test import Client

from goldenthread.ledger.models import Read
from goldenthread.ledger.operations import record_read
from goldenthread.web.ledger.reads import plain
from tests.make import make_audit, make_council, make_person, moment

pytestmark = pytest.mark.django_db
DAY = moment("2026-11-02T09:00")


@pytest.fixture
def council():
    council = make_council()
    council.audit = make_audit(council, number="2026-11/001")
    return council


@pytest.fixture
def alex(council):
    browser = Client()
    browser.force_login(council.administrator)
    return browser


@pytest.fixture
def reads(council):
    """Ada opened the audit and its case, Quinn an alert two days later."""
    subject = council.audit.subject
    record_read(about=("audit", council.audit.public_id), by=council.ada, at=DAY)
    record_read(about=("subject", subject.public_id), by=council.ada, at=DAY + timedelta(days=1))
    record_read(about=("alert", "al1"), by=council.quinn, at=DAY + timedelta(days=2), how="report")
    record_read(about=("private concern", "pc1"), by=council.quinn, at=DAY)


def found(page):
    """The records in the list, newest first."""
    return [row[3]["text"] for row in page.context["rows"]]


def search(browser, **asked):
    return browser.post("/ledger/reads/", asked, follow=True)


@pytest.mark.parametrize(
    ("asked", "kinds"),
    [
        ({}, ["Safety alert", "Case", "Audit"]),
        ({"person": "Quinn"}, ["Safety alert"]),
        ({"person": "ada@example.org"}, ["Case", "Audit"]),
        ({"kind": "subject"}, ["Case"]),
        ({"reference": "2026-11/001"}, ["Audit"]),
        ({"reference": "C-2026-11/001"}, ["Case", "Audit"]),
        ({"since": "03/11/2026"}, ["Safety alert", "Case"]),
        ({"until": "03/11/2026"}, ["Case", "Audit"]),
        ({"since": "03/11/2026", "until": "03/11/2026"}, ["Case"]),
        ({"person": "ada@example.org", "kind": "alert"}, []),
    ],
)
def test_the_log_is_searched(alex, reads, asked, kinds):
    assert [text.split(":")[0] for text in found(search(alex, **asked))] == kinds


def test_no_name_and_no_reference_stands_in_an_address(alex, reads):
    page = search(alex, person="Quinn", reference="2026-11/001")

    assert "Quinn" not in page.request["QUERY_STRING"]
    assert "2026-11" not in page.request["QUERY_STRING"]
    assert 'value="Quinn"' in page.text


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"person": "Nobody at all"}, "Nobody has this name"),
        ({"reference": "X-1"}, "No audit has this number"),
        ({"since": "yesterday"}, "must be a real date"),
    ],
)
def test_a_search_that_means_nothing_says_so(alex, reads, asked, sentence):
    assert sentence in search(alex, **asked).text


def test_people_of_one_name_are_offered(alex, reads):
    make_person("Quinn Other")

    page = search(alex, person="Quinn")

    assert "Whom do you mean?" in page.text
    assert "quinn.other@example.org" in page.text


def test_an_address_that_makes_no_sense_finds_nothing(alex, reads):
    assert found(alex.get("/ledger/reads/?since=rubbish")) == []


def test_who_does_not_see_the_log_neither_searches_nor_takes_it(council, reads):
    ada = Client()
    ada.force_login(council.ada)

    assert ada.get("/ledger/reads/").status_code == 403
    assert ada.post("/ledger/reads/", {"person": "Quinn"}).status_code == 403
    assert ada.get("/ledger/reads/reads.csv").status_code == 403


def test_the_list_is_paged_with_few_queries_and_keeps_what_was_asked(
    council, alex, django_assert_max_num_queries
):
    for number in range(60):
        about = ("audit", council.audit.public_id)
        record_read(about=about, by=council.ada, at=DAY + timedelta(minutes=number))
    alex.get("/ledger/reads/")

    with django_assert_max_num_queries(12):
        page = alex.get(f"/ledger/reads/?by={council.ada.public_id}&kind=audit")

    assert len(found(page)) == 50
    assert f"by={council.ada.public_id}" in page.context["page"].next_url
    assert len(found(alex.get("/ledger/reads/" + page.context["page"].next_url))) == 10


def test_the_file_holds_what_was_found_and_that_it_was_taken_is_logged(council, alex, reads):
    answer = alex.get(f"/ledger/reads/reads.csv?by={council.ada.public_id}")
    rows = list(csv.reader(answer.content.decode("utf-8-sig").splitlines()))

    assert rows[0] == ["When", "Who", "How", "Kind", "Record", "Id"]
    assert [row[1:5] for row in rows[1:]] == [
        ["Ada", "page", "subject", "C-2026-11/001"],
        ["Ada", "page", "audit", "2026-11/001"],
    ]
    assert Read.objects.filter(about_kind="read log", by=council.administrator.public_id).count() == 1


def test_a_private_concern_is_neither_in_the_list_nor_in_the_file(alex, reads):
    assert "pc1" not in alex.get("/ledger/reads/").text
    assert "pc1" not in alex.get("/ledger/reads/reads.csv").content.decode()


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_of_the_file_is_a_formula(council, alex, cell):
    type(council.ada).objects.filter(pk=council.ada.pk).update(name=cell)
    record_read(about=("audit", council.audit.public_id), by=council.ada, at=DAY)

    text = alex.get("/ledger/reads/reads.csv").content.decode()

    assert plain(cell) == f"'{cell}"
    assert f"'{cell}".strip() in text


def test_plain_words_stay_as_they_are():
    assert plain("Ada") == "Ada"
