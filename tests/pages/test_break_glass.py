"""An administrator in an emergency: never silent, shown on every page, and over in time."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from goldenthread.governance.break_glass import break_glass, end_break_glass, end_emergencies
from goldenthread.governance.models import BreakGlass
from goldenthread.ledger.models import Event, EventValues
from goldenthread.people.operations.leaving import record_leaver
from goldenthread.people.operations.signing_in import create_administrator
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.models import Notice
from tests.make import make_person

pytestmark = pytest.mark.django_db
REASON = "The administrators cannot be reached"


@pytest.fixture
def alex(db):
    return make_person("Alex Admin", is_administrator=True)


@pytest.fixture
def bea(alex):
    """Somebody who is made an administrator by the command."""
    person = make_person("Bea Breakglass")
    call_command("break_glass", person=person.email, reason=REASON, hours=2)
    person.refresh_from_db()
    return person


def signed_in(person):
    browser = Client()
    browser.force_login(person)
    return browser


def over(person, *, ago=1):
    """Let the time of the emergency access have passed."""
    until = timezone.now() - timedelta(minutes=ago)
    BreakGlass.objects.update(began_at=until - timedelta(hours=2), until=until)
    type(person).objects.filter(pk=person.pk).update(emergency_until=until)


def test_it_opens_what_an_administrator_opens_and_nothing_more(bea):
    browser = signed_in(bea)

    assert browser.get("/people/").status_code == 200
    assert browser.get("/retention/").status_code == 403


def test_it_is_never_silent(bea, alex):
    event = Event.objects.get(what="person.break_glass")

    assert REASON in EventValues.objects.get(event=event).values
    assert set(Notice.objects.filter(urgent=True).values_list("to", flat=True)) == {alex.pk, bea.pk}


def test_every_page_of_theirs_says_so_and_nobody_elses(bea, alex):
    assert REASON in signed_in(bea).get("/tasks/").text
    assert "Every administrator was told" in signed_in(bea).get("/sign-ins/").text
    assert REASON not in signed_in(alex).get("/tasks/").text


def test_it_ends_by_itself_at_the_very_next_request(bea):
    browser = signed_in(bea)
    over(bea)

    assert browser.get("/people/").status_code == 403
    bea.refresh_from_db()
    assert (bea.is_administrator, bea.emergency_until) == (False, None)


def test_the_sweep_ends_it_once(bea):
    over(bea)

    call_command("sweep")
    call_command("sweep")

    assert Event.objects.filter(what="person.end_break_glass").count() == 1
    assert not BreakGlass.objects.running().exists()


def test_it_is_over_at_the_very_moment_that_was_said(bea):
    row = BreakGlass.objects.get()

    assert end_emergencies(at=row.until - timedelta(seconds=1)) == 0
    assert end_emergencies(at=row.until) == 1


def test_who_has_it_ends_it_before_its_time(bea):
    browser = signed_in(bea)
    browser.post(f"/people/break-glass/{BreakGlass.objects.get().public_id}/end/")

    assert browser.get("/people/").status_code == 403


def test_administrators_see_all_of_it_and_end_it(bea, alex):
    browser = signed_in(alex)
    page = browser.get("/people/break-glass/")
    browser.post(f"/people/break-glass/{BreakGlass.objects.get().public_id}/end/")

    assert all(text in page.text for text in ("Bea Breakglass", REASON, "On the server", "Running"))
    assert "by Alex Admin" in browser.get("/people/break-glass/").text
    assert signed_in(bea).get("/people/").status_code == 403


def test_nobody_else_sees_or_ends_it(bea):
    sam = signed_in(make_person("Sam Stranger"))

    assert sam.get("/people/break-glass/").status_code == 403
    assert sam.post(f"/people/break-glass/{BreakGlass.objects.get().public_id}/end/").status_code == 404
    with pytest.raises(Refused, match="ended by an administrator"):
        end_break_glass(BreakGlass.objects.get(), by=make_person("Rae"), at=timezone.now())


def test_the_command_ends_it(bea):
    call_command("break_glass", person=bea.email, end=True)

    bea.refresh_from_db()
    assert not bea.is_administrator


@pytest.mark.parametrize(
    ("fields", "reason", "hours", "sentence"),
    [
        ({}, " ", 8, "Say why"),
        ({}, "x" * 301, 8, "Shorten the reason"),
        ({}, REASON, 0, "from 1 to 24"),
        ({}, REASON, 25, "from 1 to 24"),
        ({"is_administrator": True}, REASON, 8, "administrator already"),
        ({"is_active": False}, REASON, 8, "not a member of staff who can sign in"),
        ({"is_outside": True}, REASON, 8, "not a member of staff who can sign in"),
    ],
)
def test_what_is_refused_is_refused_in_a_sentence(db, fields, reason, hours, sentence):
    person = make_person("Bea Breakglass", **fields)

    with pytest.raises(Refused, match=sentence):
        break_glass(person=person, reason=reason, hours=hours, by=None, at=timezone.now())
    assert not BreakGlass.objects.exists()


def test_the_command_says_what_is_wrong(db):
    with pytest.raises(CommandError, match="Nobody has this"):
        call_command("break_glass", person="nobody@example.org", reason=REASON)


def test_who_becomes_an_administrator_for_good_stays_one(bea):
    create_administrator(email=bea.email, name=bea.name, by=None, at=timezone.now())
    over(type(bea)(pk=0))

    end_emergencies(at=timezone.now())

    bea.refresh_from_db()
    assert bea.is_administrator
    assert not BreakGlass.objects.running().exists()


def test_it_ends_with_the_access_of_who_leaves(bea):
    now = timezone.localtime()
    record_leaver(person=bea, left_on=now.date(), at_once=True, by=None, at=now)

    end_emergencies(at=now)

    bea.refresh_from_db()
    assert not bea.is_administrator
    assert not BreakGlass.objects.running().exists()
