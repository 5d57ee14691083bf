"""Signing in through the organisation's directory, against a provider that really answers."""

import time
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount

from goldenthread.ledger.models import Event, EventValues
from goldenthread.people.models import Person
from tests.directory import OID, SECRET, back_from, come, is_signed_in, new_key
from tests.factors import give_app
from tests.make import make_person

pytestmark = pytest.mark.django_db
CASES = {
    "another tenant": {"tid": "7a0ac1d0-54f4-4be1-a6a5-0f9ea4ef9999"},
    "no tenant": {"tid": None},
    "no oid": {"oid": None},
    "another audience": {"aud": "another client"},
    "no audience": {"aud": None},
    "another issuer": {"iss": "https://login.example.org/v2.0"},
    "expired": {"exp": int(time.time()) - 3600},
    "no end": {"exp": None},
    "not yet": {"nbf": int(time.time()) + 3600},
    "another question": {"nonce": "guessed"},
    "no nonce": {"nonce": None},
}


def events(what):
    found = Event.objects.filter(what=what).order_by("position")
    return [EventValues.objects.get(event=event).values for event in found]


def test_somebody_known_by_their_directory_id_signs_in_and_it_is_written_down(client, known, directory):
    assert "Sign in with your organisation" in client.get("/sign-in/").text

    answer = come(client, next="/audits/")

    assert answer["Location"] == "/audits/"
    assert client.session["_auth_user_id"] == str(known.pk)
    assert events("person.sign_in") == ['{"how":"directory"}']


def test_the_question_carries_state_nonce_and_a_challenge_and_no_secret(client, directory):
    there = client.get("/sign-in/directory/", {"auth_params": "prompt=none", "scope": "Mail.Read"})[
        "Location"
    ]

    asked = parse_qs(urlsplit(there).query)
    assert len(asked["state"][0]) >= 16
    assert len(asked["nonce"][0]) >= 32
    assert asked["code_challenge_method"] == ["S256"]
    assert set(asked["scope"][0].split()) == {"openid", "profile"}
    assert "prompt" not in asked
    assert SECRET not in there


def test_nothing_of_the_directorys_answer_is_kept(client, known, directory):
    come(client)

    assert not SocialAccount.objects.exists()
    assert Person.objects.count() == 1


@pytest.mark.parametrize("case", CASES)
def test_a_token_that_does_not_hold_signs_nobody_in(client, known, directory, case):
    directory.claims = CASES[case]

    page = come(client)

    assert page.status_code == 403
    assert "could not use the answer" in page.text
    assert not is_signed_in(client)


def test_a_token_that_another_key_signed_signs_nobody_in(client, known, directory):
    directory.signs_with = new_key()

    assert come(client).status_code == 403
    assert not is_signed_in(client)


def test_a_discovery_document_of_another_issuer_is_not_believed(client, known, directory):
    directory.says_issuer = "https://login.example.org/v2.0"

    page = client.get("/sign-in/directory/")

    assert page.status_code == 403
    assert "could not use the answer" in page.text


def test_the_same_address_with_another_id_is_nobody_and_nothing_is_linked(client, directory):
    ada = make_person("Ada Auditor", email="ada.auditor@example.org")

    page = come(client)

    assert page.status_code == 403
    assert OID in page.text
    assert "Ask your quality team" in page.text
    assert not is_signed_in(client)
    ada.refresh_from_db()
    assert ada.external_id is None
    assert Person.objects.count() == 1
    assert events("directory.refuse") == [f'{{"oid":"{OID}"}}']


@pytest.mark.parametrize("change", ["none", "another", "once more"])
def test_an_answer_that_was_not_asked_for_by_this_browser_signs_nobody_in(client, known, directory, change):
    back = back_from(client)
    if change == "none":
        back = back.partition("&state=")[0]
    if change == "another":
        back = back.partition("&state=")[0] + "&state=guessed"
    if change == "once more":
        client.get(back)
        client.post("/sign-out/")

    assert client.get(back).status_code == 403
    assert not is_signed_in(client)


def test_a_code_is_worth_nothing_in_another_browser(client, known, directory, django_user_model):
    back = back_from(client)
    other = type(client)()

    assert other.get(back).status_code == 403
    assert "_auth_user_id" not in other.session


def test_whoever_turns_back_at_the_directory_is_told(client, known, directory):
    state = back_from(client).partition("state=")[2]

    page = client.get("/sign-in/directory/back/", {"error": "access_denied", "state": state})

    assert page.status_code == 403
    assert "Nothing was changed" in page.text


def test_where_a_role_is_asked_for_only_whoever_has_it_comes_in(client, known, directory, settings):
    settings.DIRECTORY_ROLE = "Auditors"
    directory.claims = {"roles": ["Other"]}
    page = come(client)
    assert page.status_code == 403
    assert "the role “Auditors”" in page.text
    assert events("person.fail_sign_in") == ['{"how":"no role in the directory"}']
    directory.claims = {"roles": None}
    assert come(client).status_code == 403

    directory.claims = {}
    come(client)

    assert is_signed_in(client)


def test_whoever_has_left_is_refused(client, known, directory):
    known.is_active = False
    known.save()

    page = come(client)

    assert "Your account here is closed" in page.text
    assert not is_signed_in(client)
    assert events("person.fail_sign_in") == ['{"how":"a closed account"}']


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/x", "javascript:alert(1)"])
def test_no_sign_in_leads_to_another_host(client, known, directory, elsewhere):
    assert come(client, next=elsewhere)["Location"] == "/tasks/"


def test_no_second_factor_is_asked_of_whoever_came_through_the_directory(client, known, directory, settings):
    settings.SECOND_FACTOR = "required"
    come(client)
    assert client.get("/tasks/").status_code == 200

    client.post("/sign-out/")
    give_app(known)
    come(client)

    assert client.get("/tasks/").status_code == 200


def test_without_a_directory_its_addresses_are_not_there(client):
    assert client.get("/sign-in/directory/").status_code == 404
    assert client.get("/sign-in/directory/back/?code=x&state=y").status_code == 404
    assert "/sign-in/directory/" not in client.get("/sign-in/").text


def test_a_directory_that_does_not_answer_is_said(client, directory, settings):
    settings.DIRECTORY_ISSUER = "http://localhost:9/v2.0"

    assert "could not use the answer" in client.get("/sign-in/directory/").text
