"""Administrators, invitations that work once, passwords, and the end of an account."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from goldenthread.ledger.models import Event, EventValues
from goldenthread.people.models import Person
from goldenthread.people.operations import signing_in
from goldenthread.rules.refusal import Refused
from tests.make import make_person, moment

pytestmark = pytest.mark.django_db
PASSWORD = "three random words"


def test_the_first_administrator_gets_a_link_and_no_password():
    out = StringIO()
    call_command("create_administrator", "--email", "Alex@Example.org", "--name", "Alex Admin", stdout=out)

    alex = Person.objects.get()
    assert (alex.email, alex.is_administrator, alex.has_usable_password()) == (
        "alex@example.org",
        True,
        False,
    )
    assert re.search(r"http://localhost:8000/set-password/\w+/[\w-]+/", out.getvalue())
    assert Event.objects.get().what == "person.make_administrator"


def test_an_address_that_is_none_is_refused():
    with pytest.raises(CommandError, match="not an e-mail address"):
        call_command("create_administrator", "--email", "alex", "--name", "Alex")


def test_somebody_known_becomes_an_administrator_without_being_doubled():
    make_person("Alex", email="alex@example.org")

    call_command("create_administrator", "--email", "ALEX@example.org", "--name", "Alex", stdout=StringIO())

    assert Person.objects.get().is_administrator


def test_an_invitation_works_once():
    person = signing_in.invite(person=make_person("Ada"), email="ada@example.org", by=None, at=moment())
    _, token = signing_in.invitation_of(person)

    signing_in.set_password(person=person, password=PASSWORD, at=moment())

    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    assert not signing_in.invitation_tokens.check_token(person, token)


def test_a_newer_invitation_spends_the_older():
    person = signing_in.invite(person=make_person("Ada"), email="ada@example.org", by=None, at=moment())
    _, older = signing_in.invitation_of(person)

    person = signing_in.invite(person=person, email="ada@example.org", by=None, at=moment("2026-11-03T09:00"))

    assert not signing_in.invitation_tokens.check_token(person, older)
    assert signing_in.invitation_tokens.check_token(person, signing_in.invitation_of(person)[1])


def test_no_password_is_ever_recorded():
    person = signing_in.invite(person=make_person("Ada"), email="ada@example.org", by=None, at=moment())
    signing_in.set_password(person=person, password=PASSWORD, at=moment())

    assert not EventValues.objects.filter(values__icontains="random").exists()


@pytest.mark.parametrize("password", ["short", "password1234", "ada.auditor@example.org"])
def test_a_weak_password_is_refused(password):
    person = make_person("Ada Auditor")

    with pytest.raises(Refused, match="password"):
        signing_in.set_password(person=person, password=password, at=moment())


def test_two_people_never_share_an_address():
    make_person("Quinn", email="quinn@example.org")

    with pytest.raises(Refused, match="Somebody else"):
        signing_in.invite(person=make_person("Ada"), email="QUINN@example.org", by=None, at=moment())
    with pytest.raises(Refused, match="address already"):
        signing_in.add_person(name="Q", email="quinn@example.org", reference="", by=None, at=moment())


def test_a_worker_nobody_has_confirmed_is_not_invited():
    with pytest.raises(Refused, match="Confirm"):
        signing_in.invite(
            person=make_person("Ada", confirmed=False), email="ada@example.org", by=None, at=moment()
        )


def test_a_closed_account_signs_in_no_more_and_nobody_closes_their_own():
    alex, ada = make_person("Alex", is_administrator=True), make_person("Ada")
    ada.set_password(PASSWORD)
    ada.save()

    signing_in.close_account(person=ada, by=alex, at=moment())

    ada.refresh_from_db()
    assert (ada.is_active, ada.has_usable_password()) == (False, False)
    with pytest.raises(Refused, match="your own account"):
        signing_in.close_account(person=alex, by=alex, at=moment())


def test_nobody_becomes_an_administrator_by_inviting_one_to_another_address():
    alex, mara = make_person("Alex", is_administrator=True), make_person("Mara")

    for attempt in (
        lambda: signing_in.invite(person=alex, email="mara2@example.org", by=mara, at=moment()),
        lambda: signing_in.close_account(person=alex, by=mara, at=moment()),
    ):
        with pytest.raises(Refused, match="Only another administrator"):
            attempt()
