"""What every answer carries, how a sign-in ends, and what is said when something is wrong."""

import errno

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, OperationalError
from django.http import HttpResponseRedirect
from django.test import RequestFactory
from django.utils import timezone

from goldenthread.people.models import Person
from goldenthread.people.session_store import SessionStore
from goldenthread.web import middleware, views

HOUR = 3600

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return Person.objects.create(email="ada@example.org", name="Ada Audley")


def began(client, *, ago: int, seen: int) -> None:
    """Let the sign-in have begun and been used so many seconds ago."""
    now = timezone.now().timestamp()
    session = client.session
    session["began_at"], session["seen_at"] = now - ago, now - seen
    session.save()


def test_no_answer_may_be_kept_by_a_browser_or_shown_in_a_frame(client):
    answer = client.get("/accessibility/")

    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "camera=()" in answer.headers["Permissions-Policy"]


def test_nothing_inline_and_nothing_from_elsewhere_may_run(client):
    policy = client.get("/accessibility/").headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy + ";"
    assert "unsafe" not in policy


def test_the_base_page_has_no_inline_script_or_style(client):
    page = client.get("/accessibility/").content.decode()

    assert "<script>" not in page
    assert "<style" not in page
    assert " style=" not in page


def test_the_front_door_asks_a_stranger_to_sign_in(client, settings):
    answer = client.get("/")

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(settings.SIGN_IN_PATH)


@pytest.mark.parametrize(
    ("ago", "seen", "stays"),
    [
        (2 * HOUR, 59 * 60, True),
        (2 * HOUR, 61 * 60, False),
        (12 * HOUR - 60, 60, True),
        (12 * HOUR + 60, 60, False),
    ],
)
def test_a_sign_in_ends_after_an_hour_unused_or_twelve_in_all(client, ada, ago, seen, stays):
    client.force_login(ada)
    began(client, ago=ago, seen=seen)

    client.get("/accessibility/")

    assert ("_auth_user_id" in client.session) is stays


def test_signing_out_clears_what_the_browser_stored(client, ada):
    client.force_login(ada)

    answer = client.post("/sign-out/")

    assert answer.headers["Clear-Site-Data"] == '"storage"'


def test_a_sign_in_that_has_lapsed_clears_what_the_browser_stored(client, ada):
    client.force_login(ada)
    began(client, ago=13 * HOUR, seen=60)

    assert client.get("/accessibility/").headers["Clear-Site-Data"] == '"storage"'


@pytest.mark.parametrize(("header", "status"), [({"HX-Request": "true"}, 401), ({}, 302)])
def test_a_part_of_a_page_is_told_of_a_sign_out_instead_of_being_given_the_sign_in_page(
    settings, header, status
):
    request = RequestFactory().post("/save/", headers=header)
    request.user, request.session = AnonymousUser(), SessionStore()
    to_sign_in = HttpResponseRedirect(f"{settings.SIGN_IN_PATH}?next=/save/")

    assert middleware.no_page_inside_a_page(lambda request: to_sign_in)(request).status_code == status


def test_a_monitor_learns_that_it_serves(client):
    answer = client.get("/healthz")

    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_a_wrong_address_is_answered_in_plain_words(client):
    answer = client.get("/nowhere/")

    assert answer.status_code == 404
    assert "Page not found" in answer.content.decode()


def test_a_stale_form_is_refused_with_what_to_do(ada):
    request = RequestFactory().post("/")
    request.user, request.session = ada, SessionStore()

    answer = views.csrf_failure(request)

    assert answer.status_code == 403
    assert "reload the page" in answer.content.decode()


def test_a_fault_of_ours_is_admitted_without_the_database(django_db_blocker):
    with django_db_blocker.block():
        answer = views.server_error(RequestFactory().get("/"))

    assert answer.status_code == 500
    assert "What you saved before is safe" in answer.content.decode()


@pytest.mark.parametrize(
    "fault, status",
    [
        (OperationalError("server closed the connection"), 503),
        (OperationalError("database or disk is full"), 503),
        (OSError(errno.ENOSPC, "No space left on device"), 503),
        (OSError(errno.EACCES, "Permission denied"), 500),
        (IntegrityError("not unique"), 500),
        (ValueError("ours"), 500),
    ],
)
def test_what_passes_by_itself_is_told_apart_from_a_fault_of_ours(fault, status):
    try:
        raise fault
    except Exception:  # noqa: BLE001 - Django asks for the page while it holds the fault
        answer = views.server_error(RequestFactory().get("/"))

    told = answer.content.decode()
    assert answer.status_code == status
    assert "What you saved before is safe" in told
    assert ("Send it again" in told) == (status == 503)


def test_a_lock_out_says_how_long_it_lasts(ada):
    request = RequestFactory().post("/sign-in/")
    request.user, request.session = AnonymousUser(), SessionStore()

    answer = views.locked_out(request)

    assert answer.status_code == 429
    assert "15 minutes" in answer.content.decode()


@pytest.mark.parametrize("address", ["/alerts/?after=%00", "/alerts/%00/", "/frameworks/%00/"])
def test_an_address_with_what_no_text_holds_is_refused(client, ada, address):
    client.force_login(ada)

    answer = client.get(address)

    assert answer.status_code == 400
    assert "reload the page and try again" in answer.content.decode()
