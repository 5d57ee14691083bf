"""The ledger's pages: what happened, one event, one record's history, and who read what."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goldenthread.ledger import operations
from goldenthread.ledger.models import Event
from goldenthread.people.models import Person
from tests.ledger_support import START, append, tampered
from tests.make import make_audit, make_council, moment, publish_pack
from tests.return_packs import AGENCIES, fill_in, invite_hope, return_of, with_returns

pytestmark = pytest.mark.django_db


@pytest.fixture
def iris(db):
    """An administrator."""
    return Person.objects.create(name="Iris Admin", email="iris@example.org", is_administrator=True)


@pytest.fixture
def as_iris(client, iris):
    client.force_login(iris)
    return client


@pytest.fixture
def as_sam(client):
    """Somebody with an account and no post."""
    client.force_login(Person.objects.create(name="Sam Nothing", email="sam@example.org"))
    return client


def record(by, what="people.add_post", about=("person", "p1", "Ada Auditor"), **values):
    return operations.record(what, about=about, by=by, at=START, values=values)


def text(page):
    return page.content.decode()


@pytest.mark.parametrize("address", ["/ledger/", "/ledger/1/", "/ledger/about/person/p1/", "/ledger/reads/"])
def test_nobody_without_the_permission_sees_the_ledger(as_sam, address):
    record(None)

    assert as_sam.get(address).status_code == 403


def test_the_ledger_shows_who_did_what_to_what_newest_first(as_iris, iris):
    record(None, "framework.publish", ("framework", "f1", "Adult social care 1"))
    record(iris)

    page = text(as_iris.get("/ledger/"))

    assert "2 November 2026, 09:30:00" in page
    assert page.index("Ada Auditor") < page.index("Adult social care 1")
    assert "Iris Admin" in page
    assert "Framework published" in page


def test_the_ledger_can_be_narrowed_to_one_person_and_one_day(as_iris, iris):
    record(iris, what="people.first")
    append(2)

    page = text(as_iris.get("/ledger/", {"by": iris.public_id, "until": "02/11/2026"}))
    before = text(as_iris.get("/ledger/", {"until": "01/11/2026"}))
    wrong = as_iris.get("/ledger/", {"until": "yesterday"})

    assert "people: first" in page
    assert "audit: save answer" not in page
    assert "No events." in before
    assert "must be a real date" in text(wrong)


def test_the_ledger_is_paged_by_position_with_a_constant_number_of_queries(as_iris):
    append(3)
    with CaptureQueriesContext(connection) as few:
        as_iris.get("/ledger/")
    append(120)

    with CaptureQueriesContext(connection) as many:
        first = text(as_iris.get("/ledger/"))
    second = text(as_iris.get("/ledger/?before=74"))

    assert len(many) == len(few)
    assert ('href="/ledger/123/"' in first, 'href="/ledger/73/"' in first) == (True, False)
    assert 'href="?before=74"' in first
    assert ('href="/ledger/73/"' in second, 'href="/ledger/74/"' in second) == (True, False)


@pytest.mark.parametrize("before", ["x", "-1", "0", "9" * 40, ""])
def test_a_place_that_makes_no_sense_is_the_beginning(as_iris, before):
    append(2)

    page = as_iris.get("/ledger/", {"before": before})

    assert page.status_code == 200
    assert 'href="/ledger/2/"' in text(page)


def test_an_event_shows_what_it_changed_and_that_it_is_whole(as_iris, iris):
    record(iris, name={"before": "Ada", "after": "Ada Auditor"}, posts=["auditor", "team manager"])

    page = text(as_iris.get("/ledger/1/"))

    assert "are as they were written" in page
    for cell in ("Name", "Ada", "Ada Auditor", "Posts", "auditor, team manager"):
        assert cell in page


def test_what_an_event_holds_is_said_in_words_and_stands_as_it_was_sealed(as_iris, iris):
    record(iris, held_on="2026-11-03", told=[iris.public_id], lists={"cases": {"created": 5}}, odd_key="x")

    page = as_iris.get("/ledger/1/").content.decode()
    table, sealed = page.split("The values as they were written and sealed")

    for words in ("Held on", "Who was told", iris.name, "Lists › cases › new", "Odd key"):
        assert words in table
    assert "held_on" not in table and "odd_key" not in table
    assert f"&quot;told&quot;:[&quot;{iris.public_id}&quot;]" in sealed and "&quot;odd_key&quot;" in sealed


def test_an_altered_event_says_so_on_its_page(as_iris):
    record(None)

    with tampered(("UPDATE ledger_event SET what = 'people.other' WHERE position = 1",)):
        page = text(as_iris.get("/ledger/1/"))

    assert "Event 1 (people.other" in page
    assert "was altered" in page


def test_an_administrator_does_not_read_case_files_through_the_ledger(as_iris):
    append(1)
    record(None, "alert.raise", ("alert", "a1", "Alert 1"), reason="A secret concern")

    answer, alert = text(as_iris.get("/ledger/1/")), text(as_iris.get("/ledger/2/"))

    assert "Text 0" not in answer
    assert "shown only to those who may see Audit 2026-11/000" in answer
    assert "A secret concern" not in alert
    assert "as they were written and sealed" not in alert


@pytest.mark.parametrize(("who", "sees"), [("quality_manager", True), ("administrator", False)])
def test_what_an_audits_event_changed_is_shown_to_those_who_may_see_the_audit(client, who, sees):
    council = make_council()
    audit = make_audit(council, "final")
    record(None, "audit.note", ("audit", audit.public_id, str(audit)), points="The plan is missing")
    client.force_login(getattr(council, who))

    page = text(client.get(f"/ledger/{Event.objects.count()}/"))

    assert "Step taken: note" in page
    assert ("The plan is missing" in page) is sees


def test_what_was_given_in_a_part_of_an_audit_is_shown_to_those_to_whom_the_part_is_open(client):
    council = make_council()
    audit = make_audit(council, version=publish_pack(document=with_returns(AGENCIES)))
    council.ada.is_administrator = True  # so that she may open the ledger
    council.ada.save()
    hope = invite_hope(return_of(audit, "health"), council.ada, at=moment())
    fill_in(return_of(audit, "health"), hope, at=moment())
    fill_in(return_of(audit, "social care"), council.ada, at=moment())
    client.force_login(council.ada)

    answers = Event.objects.filter(what="audit.answer", about_id=audit.public_id)
    theirs = text(client.get(f"/ledger/{answers.filter(by=hope.public_id).latest('position').position}/"))
    own = text(client.get(f"/ledger/{answers.filter(by=council.ada.public_id).latest('position').position}/"))

    assert "social care" in own and "As social care saw it" in own
    assert "As health saw it" not in theirs


def test_an_event_that_does_not_exist_is_not_found(as_iris):
    assert as_iris.get("/ledger/1/").status_code == 404
    assert as_iris.get(f"/ledger/{10**30}/").status_code == 404
    assert as_iris.get("/ledger/about/person/p1/").status_code == 404


def test_the_history_of_a_record_holds_its_events_alone(as_iris):
    record(None, "people.first")
    append(2)
    record(None, "people.second")

    page = text(as_iris.get("/ledger/about/person/p1/"))

    assert "History of Ada Auditor" in page
    assert page.index("people: second") < page.index("people: first")
    assert "audit: save answer" not in page


def test_the_read_log_shows_who_opened_which_record(as_iris, iris):
    for number in range(60):
        operations.record_read(about=("audit", f"a{number:02}"), by=iris, at=START)

    page = text(as_iris.get("/ledger/reads/"))
    one = text(as_iris.get("/ledger/reads/", {"kind": "audit", "about": "a07"}))

    assert "Audit: a59" in page
    assert "Audit: a09" not in page
    assert "Iris Admin" in page
    assert ("Audit: a07" in one, "Audit: a08" in one) == (True, False)
