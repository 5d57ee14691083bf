"""What the checklist of security asks for and no other test shows: headers, passwords, methods, the log."""

import logging

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client, override_settings

from goldenthread.config import settings as configured
from tests.make import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(client):
    person = make_person("Ada Auditor")
    client.force_login(person)
    return person


@pytest.mark.parametrize(
    "directive", ["object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'"]
)
def test_the_content_policy_closes_each_way_in(client, directive):
    assert directive in client.get("/accessibility/").headers["Content-Security-Policy"]


@override_settings(SECURE_HSTS_SECONDS=31_536_000, SECURE_HSTS_INCLUDE_SUBDOMAINS=True)
def test_a_browser_is_told_to_use_nothing_but_tls_for_a_year(client):
    header = client.get("/accessibility/", secure=True).headers["Strict-Transport-Security"]

    assert header == "max-age=31536000; includeSubDomains"


def test_types_are_not_guessed_and_windows_are_apart(client):
    answer = client.get("/accessibility/")

    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("address", ["/tasks/", "/people/", "/accessibility/", "/sign-in/", "/healthz"])
def test_the_method_trace_is_answered_nowhere(client, ada, address):
    assert client.trace(address).status_code in (302, 403, 405)


@pytest.mark.parametrize("address", ["/static/", "/static/vendor/", "/.git/config", "/data/", "/media/"])
def test_no_folder_is_listed_and_nothing_beside_the_pages_is_served(client, ada, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "password",
    ["Goldenthread2026", "golden-thread-1", "audit-audit-audit", "Council Audit 1!", "casefileauditor"],
)
def test_words_of_this_place_are_no_password(password):
    with pytest.raises(ValidationError, match="words that are used here"):
        validate_password(password)


@pytest.mark.parametrize(
    "password", ["three random words", "x" * 3 + "ÄÖ😀 horse battery", "correct golden horse pegs", "q7" * 32]
)
def test_any_composition_and_any_length_are_a_password(password):
    validate_password(password)


def test_a_password_is_kept_exactly_as_it_was_typed():
    person = make_person("Ada Auditor")
    typed = "  Three random WORDS " + "and more " * 10
    person.set_password(typed)

    assert person.check_password(typed)
    assert not any(person.check_password(other) for other in (typed.strip(), typed.lower(), typed[:72]))


def test_passwords_are_stored_by_a_function_that_is_slow_on_purpose():
    assert not hasattr(
        configured, "PASSWORD_HASHERS"
    )  # Django's own: PBKDF2 with SHA-256, raised each release


def test_what_is_refused_is_logged_with_who_and_where_on_one_line(client, ada, caplog):
    with caplog.at_level(logging.INFO, "goldenthread.security"):
        client.get("/people/")
        client.get("/people/x%0AForged: line/leaves/")

    told = [record.getMessage() for record in caplog.records if record.msg.startswith("Refused")]
    assert f"Refused: {ada.public_id} tried GET '/people/'" in told
    assert not any("\n" in line for line in told)


def test_a_form_without_the_token_of_its_page_is_logged_with_who_and_where(ada, caplog):
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(ada)

    with caplog.at_level(logging.INFO, "goldenthread.security"):
        careful.post("/tasks/my-notices/", {})

    assert f"Refused: {ada.public_id} sent '/tasks/my-notices/' without the token of its page" in caplog.text


def test_a_sign_in_is_logged_with_who_and_from_where(client, ada, caplog):
    with caplog.at_level(logging.INFO, "goldenthread.security"):
        client.get("/tasks/")

    assert f"Signed in: {ada.public_id} with A browser from '127.0.0.1'" in caplog.text


def test_the_log_says_the_zone_of_its_time():
    assert "%z" in configured.LOGGING["formatters"]["plain"]["datefmt"]


def test_nothing_of_a_fault_is_shown(client, ada):
    assert configured.DEBUG is False
