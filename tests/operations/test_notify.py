"""Notices through GOV.UK Notify: a server on this computer speaks its protocol, refusals included."""

import base64
import hashlib
import hmac
import json
import logging
import threading
import time
from collections import Counter
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from goldenthread.audits.operations import arrange_conversation
from goldenthread.tasks.models import Notice
from goldenthread.tasks.operations import PAUSES, write_notices
from goldenthread.web.tasks.delivery import deliver
from goldenthread.web.tasks.notify import token
from tests.make import make_audit, make_council, make_person

pytestmark = pytest.mark.django_db(transaction=True)

SERVICE, SECRET = "26785a09-ab16-4eb0-8407-a37497a57506", "3d844edf-8d35-48ac-975b-e847b4f122b0"
KEY = f"council-{SERVICE}-{SECRET}"


def opened(part):
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def is_signed(given):
    """Whether a token is one that Notify takes, checked without our code."""
    head, claims, signature = given.split(".")
    right = hmac.new(SECRET.encode(), f"{head}.{claims}".encode(), hashlib.sha256).digest()
    said = opened(claims)
    return (
        opened(head)["alg"] == "HS256"
        and said["iss"] == SERVICE
        and abs(time.time() - said["iat"]) < 30
        and base64.urlsafe_b64encode(right).rstrip(b"=").decode() == signature
    )


class Notify(ThreadingHTTPServer):
    """Takes mails as Notify does; `answers` gives the status of each try, else it is taken.

    Answer 0 takes the message and hangs up without a word. `finds` gives the status of each question for a
    reference.
    """

    def __init__(self, answers=lambda number, address: 201, finds=lambda number: 200):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers, self.taken, self.asked = answers, [], 0
        self.finds, self.looked_for = finds, []


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):  # noqa: N802 - the library's name
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked += 1
        status = self.server.answers(self.server.asked, asked["email_address"])
        if not is_signed(self.headers["Authorization"].removeprefix("Bearer ")):
            status = 403
        if self.path != "/v2/notifications/email":
            status = 404
        if status in (0, 201):
            self.server.taken.append(asked)
        if status == 0:
            self.close_connection = True
            return
        if status == 201:
            body = {"id": "740e5834", "reference": asked["reference"]}
        else:
            body = {"status_code": status, "errors": [{"error": "Some", "message": f"said {status}"}]}
        self.answer(status, body)

    def do_GET(self):  # noqa: N802 - the library's name
        path, _, query = self.path.partition("?")
        reference = parse_qs(query)["reference"][0]
        self.server.looked_for.append(reference)
        status = self.server.finds(len(self.server.looked_for))
        if not is_signed(self.headers["Authorization"].removeprefix("Bearer ")):
            status = 403
        if path != "/v2/notifications":
            status = 404
        found = [{"reference": each["reference"]} for each in self.server.taken]
        self.answer(status, {"notifications": [each for each in found if each["reference"] == reference]})

    def answer(self, status, body):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *args):
        pass


@pytest.fixture
def serving(settings):
    started = []

    def serve(**told):
        server = Notify(**told)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        started.append(server)
        settings.EMAIL_BACKEND = "goldenthread.web.tasks.notify.EmailBackend"
        settings.NOTIFY_KEY, settings.NOTIFY_TEMPLATE = KEY, "f33517ff-2a88-4f6e-b855-c550268ce08a"
        settings.NOTIFY_ADDRESS = f"http://127.0.0.1:{server.server_port}"
        return server

    yield serve
    for server in started:
        server.shutdown()
        server.server_close()


def write(number):
    write_notices(
        pack=None,
        notice=("{reference}: to check", "Ready: {link}"),
        about=("audit", "abc"),
        path="/audits/abc/",
        people=[make_person(f"Person {n}", email=f"p{n}@example.org") for n in range(number)],
        values={"reference": "2026-11/001"},
        at=timezone.now() - timedelta(seconds=1),
        key="test",
    )


def test_a_notice_is_one_signed_request_with_its_words_and_a_reference(serving):
    server = serving()
    write(1)

    assert deliver().sent == 1

    (mail,) = server.taken
    notice = Notice.objects.get()
    assert mail["email_address"] == "p0@example.org"
    assert mail["template_id"] == "f33517ff-2a88-4f6e-b855-c550268ce08a"
    assert mail["personalisation"]["subject"] == "2026-11/001: to check"
    assert mail["personalisation"]["body"].startswith("Ready: http://localhost:8000/audits/abc/")
    assert mail["reference"] == f"{notice.public_id}@localhost"
    assert notice.sent_at


def test_a_meeting_leads_to_the_page_that_has_the_file_for_the_calendar(serving):
    server = serving()
    council = make_council()
    audit = make_audit(council, "drafted")
    Notice.objects.all().delete()
    arrange_conversation(
        audit,
        arranged_for=timezone.now() + timedelta(days=2),
        place="Room 4",
        expected=0,
        by=council.ada,
        at=timezone.now() - timedelta(seconds=1),
    )

    assert deliver().sent == 2

    for mail in server.taken:
        body = mail["personalisation"]["body"]
        assert set(mail) == {"email_address", "template_id", "personalisation", "reference"}
        assert f"/audits/{audit.public_id}/conversation/" in body
        assert "“Add to my calendar” on that page" in body
        assert "BEGIN:" not in body


@pytest.mark.parametrize("status", [500, 503, 408])
def test_what_fails_on_their_side_is_tried_again_and_nobody_gets_it_twice(serving, status):
    server = serving(answers=lambda number, address: status if number % 3 == 0 else 201)
    write(7)

    for _ in range(4):
        deliver()
        Notice.objects.waiting().update(not_before=None)

    assert Counter(mail["email_address"] for mail in server.taken) == {
        f"p{n}@example.org": 1 for n in range(7)
    }


def test_a_limit_ends_the_run_and_costs_no_attempt(serving):
    server = serving(answers=lambda number, address: 429 if number == 3 else 201)
    write(4)

    with pytest.raises(CommandError, match="limit is reached"):
        call_command("deliver_notices")

    assert (server.asked, len(server.taken)) == (3, 2)
    assert set(Notice.objects.waiting().values_list("attempts", flat=True)) == {0}
    assert "limit is reached" in Notice.objects.undelivered().get().last_error
    assert deliver().sent == 2


@pytest.mark.parametrize("status", [400, 404, 413])
def test_what_is_refused_is_given_up_at_once_with_what_notify_said(serving, status):
    server = serving(answers=lambda number, address: status if address.startswith("p1") else 201)
    write(3)

    run = deliver()
    deliver()

    assert (run.sent, run.given_up, server.asked) == (2, 1, 3)
    assert f"({status}): said {status}" in Notice.objects.undelivered().get().last_error


def test_a_wrong_key_is_said_in_words_and_loses_nothing(serving, settings):
    server = serving()
    settings.NOTIFY_KEY = KEY[:-1] + "f"
    write(2)

    assert "refuses the API key" in deliver().unreachable
    settings.NOTIFY_KEY = KEY
    deliver()

    assert len(server.taken) == 2
    assert not Notice.objects.undelivered().exists()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"NOTIFY_KEY": "short"}, "not a whole API key"),
        ({"NOTIFY_TEMPLATE": ""}, "TEMPLATE is not set"),
        ({"NOTIFY_ADDRESS": "http://elsewhere.example"}, "must begin with https"),
        ({"NOTIFY_ADDRESS": "http://127.0.0.1:1"}, "refused"),
    ],
)
def test_settings_with_which_nothing_can_be_sent_say_so_and_cost_no_attempt(
    serving, settings, changed, sentence
):
    serving()
    write(1)
    for name, value in changed.items():
        setattr(settings, name, value)

    assert sentence in deliver().unreachable
    assert Notice.objects.get().attempts == 0


def test_a_fault_that_does_not_end_is_given_up_in_the_end(serving):
    serving(answers=lambda number, address: 500)
    write(1)

    for _ in range(len(PAUSES) + 2):
        deliver()
        Notice.objects.waiting().update(not_before=None)

    assert Notice.objects.get().given_up_at


def test_the_key_is_neither_logged_nor_kept(serving, caplog, capsys):
    caplog.set_level(logging.DEBUG)
    serving(answers=lambda number, address: {1: 400, 2: 500, 3: 403}.get(number, 201))
    write(4)

    deliver()
    deliver()

    said = caplog.text + "".join(capsys.readouterr()) + str(list(Notice.objects.values_list("last_error")))
    assert SECRET not in said
    assert SECRET not in token(KEY, now=1)


def again():
    """A later run, in which each notice's turn has come."""
    Notice.objects.waiting().update(not_before=None)
    return deliver()


def test_a_message_whose_answer_was_lost_is_asked_for_first_and_not_sent_twice(serving):
    server = serving(answers=lambda number, address: 0 if number == 1 else 201)
    write(3)

    assert deliver().failed == 1
    assert again().sent == 1

    assert Counter(mail["email_address"] for mail in server.taken) == {
        f"p{n}@example.org": 1 for n in range(3)
    }
    assert not Notice.objects.waiting().exists()
    assert len(server.looked_for) == 1, "what is tried for the first time is not asked for"


def test_a_run_killed_after_the_message_was_taken_sends_it_once(serving):
    server = serving()
    write(1)
    deliver()
    Notice.objects.update(sent_at=None, attempts=1, not_before=timezone.now() - timedelta(seconds=1))

    assert deliver().sent == 1

    assert len(server.taken) == 1


def test_what_notify_does_not_have_is_sent_at_the_next_try(serving):
    server = serving(answers=lambda number, address: 500 if number == 1 else 201)
    write(1)
    deliver()

    assert again().sent == 1

    assert (len(server.looked_for), len(server.taken)) == (1, 1)


@pytest.mark.parametrize(("status", "said"), [(500, "does not say whether"), (404, "does not say whether")])
def test_while_notify_does_not_say_whether_it_has_a_message_none_is_sent(serving, status, said):
    server = serving(
        answers=lambda number, address: 0 if number == 1 else 201,
        finds=lambda number: status if number == 1 else 200,
    )
    write(1)
    deliver()

    assert again().failed == 1
    assert said in Notice.objects.get().last_error
    assert again().sent == 1

    assert len(server.taken) == 1


def test_a_limit_met_while_asking_costs_no_attempt(serving):
    server = serving(answers=lambda number, address: 0, finds=lambda number: 429)
    write(1)
    deliver()
    before = Notice.objects.get().attempts

    assert "limit is reached" in again().unreachable

    assert (Notice.objects.get().attempts, len(server.taken)) == (before, 1)
