"""How a sign-in ends: in words, with nothing typed lost; where one is signed in; ending sign-ins."""

import hashlib
from datetime import timedelta

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.test import Client
from django.utils import timezone

from goldenthread.audits.sheets import sheet_of
from goldenthread.ledger.models import Event
from goldenthread.people.models import Session
from goldenthread.people.operations.sessions import end_own_session, end_sessions
from goldenthread.people.operations.signing_in import close_account, set_password
from goldenthread.people.session_store import SessionStore
from goldenthread.rules.refusal import Refused
from goldenthread.web.people.sessions import browser_in_words
from tests.make import make_audit, make_council, make_person, moment, publish_pack

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605 Version/17.5 Safari/604.1"
EDGE = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML) Chrome/126.0 Safari/537.36 Edg/126.0"
QUESTION = "details current"


@pytest.fixture
def ada(client):
    person = make_person("Ada Auditor")
    client.force_login(person)
    client.get("/tasks/")
    return person


@pytest.fixture
def elsewhere(ada):
    """A second browser of Ada's."""
    other = Client(headers={"user-agent": SAFARI})
    other.force_login(ada)
    other.get("/tasks/")
    return other


def lapse(client, *, seen=2 * 3600):
    """Let the sign-in have been unused for so many seconds."""
    session = client.session
    session["seen_at"] = timezone.now().timestamp() - seen
    session.save()


def said(page):
    """What the page says in its banners."""
    return [str(message) for message in page.context["messages"]]


def test_the_table_knows_a_sign_in_by_a_digest_and_holds_no_key(client, ada):
    key = client.session.session_key
    row = Session.objects.get(person=ada)

    assert row.session_key == hashlib.sha256(key.encode()).hexdigest()
    assert key not in str(Session.objects.values())


def test_a_digest_from_the_table_opens_nothing(client, ada, settings):
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = Session.objects.get().session_key

    assert thief.get("/tasks/").status_code == 302


def test_a_new_sign_in_has_a_new_key(client, ada):
    lapse(client)
    client.get("/tasks/", follow=True)
    before = client.session.session_key

    client.force_login(ada)

    assert client.session.session_key not in (before, None)
    assert Session.objects.count() == 1


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (SAFARI, "Safari on an iPhone"),
        (EDGE, "Edge on Windows"),
        ("curl/8.0", "A browser"),
        ("", "A browser"),
    ],
)
def test_a_browser_is_named_in_plain_words(agent, words):
    assert browser_in_words(agent) == words


def test_my_sign_ins_are_listed_with_this_one_marked(client, ada, elsewhere):
    page = client.get("/sign-ins/")

    assert page.text.count("This one") == 1
    assert "Safari on an iPhone" in page.text
    assert "End all others" in page.text


def test_nobody_sees_or_ends_the_sign_ins_of_somebody_else(client, ada):
    stranger, sam = Client(), make_person("Sam Stranger")
    stranger.force_login(sam)
    mine = Session.objects.get(person=ada)

    assert stranger.post(f"/sign-ins/{mine.public_id}/end/").status_code == 404
    assert "This one" in stranger.get("/sign-ins/").text
    with pytest.raises(Refused, match="ended already"):
        end_own_session(person=sam, public_id=mine.public_id, at=timezone.now())
    assert client.get("/tasks/").status_code == 200


def test_a_sign_in_is_ended_from_another_one_and_says_so(client, ada, elsewhere):
    other = Session.objects.get(person=ada, browser="Safari on an iPhone")

    client.post(f"/sign-ins/{other.public_id}/end/")
    page = elsewhere.get("/tasks/", follow=True)

    assert said(page) == [Session.Ended.BY_SELF.label]
    assert client.get("/tasks/").status_code == 200
    assert Event.objects.filter(what="person.end_sign_ins").count() == 1


def test_all_others_are_ended_and_this_one_stays(client, ada, elsewhere):
    client.post("/sign-ins/others/end/")

    assert elsewhere.get("/tasks/").status_code == 302
    assert client.get("/tasks/").status_code == 200


def test_a_new_password_ends_every_sign_in(client, ada):
    set_password(person=ada, password="three random words", at=timezone.now())

    assert said(client.get("/tasks/", follow=True)) == [Session.Ended.PASSWORD.label]


def test_a_password_changed_behind_our_back_ends_them_too(client, ada):
    ada.set_password("three random words")
    ada.save()

    assert said(client.get("/tasks/", follow=True)) == [Session.Ended.PASSWORD.label]


@pytest.mark.parametrize(("left", "status"), [(30, 200), (-1, 302)])
def test_a_sign_in_ends_after_a_working_day_however_much_it_is_used(client, ada, settings, left, status):
    session = client.session
    session["began_at"] = timezone.now().timestamp() - settings.SESSION_COOKIE_AGE + left
    session.save()

    assert client.get("/tasks/").status_code == status


def test_a_closed_account_is_told_at_the_next_request(client, ada):
    close_account(person=ada, by=None, at=timezone.now())

    page = client.get("/tasks/")

    assert page.status_code == 401
    assert Session.Ended.CLOSED.label in page.text
    ada.refresh_from_db()
    assert ada.left_on is None


def test_an_administrator_ends_all_sign_ins_of_somebody(client, ada, elsewhere):
    alex = Client()
    alex.force_login(make_person("Alex Admin", is_administrator=True))

    assert "End their sign-ins" in alex.get(f"/people/{ada.public_id}/").text
    page = alex.post(f"/people/{ada.public_id}/end-sign-ins/", follow=True)

    assert "Sign-ins of Ada Auditor ended: 2" in page.text
    assert said(client.get("/tasks/", follow=True)) == [Session.Ended.BY_ADMINISTRATOR.label]


def test_who_does_not_manage_people_ends_nobodys(client, ada):
    other = make_person("Sam Stranger")

    assert client.post(f"/people/{other.public_id}/end-sign-ins/").status_code == 403


def test_who_looks_after_people_ends_no_sign_in_of_an_administrator(client):
    council = make_council()
    publish_pack()
    browser = Client()
    browser.force_login(council.administrator)
    client.force_login(council.quality_manager)

    page = client.post(f"/people/{council.administrator.public_id}/end-sign-ins/", follow=True)

    assert "Only another administrator can do this" in page.text
    assert browser.get("/tasks/").status_code == 200


def test_a_request_that_was_under_way_does_not_bring_an_ended_sign_in_back(client, ada):
    under_way = SessionStore(client.session.session_key)
    under_way["something"] = 1
    end_sessions(ada, Session.Ended.CLOSED)

    with pytest.raises(UpdateError):
        under_way.save()
    assert client.get("/tasks/").status_code == 401


def test_a_script_is_told_in_a_sentence(client, ada):
    lapse(client)

    answer = client.get("/tasks/", headers={"accept": "application/json"})

    assert answer.status_code == 401
    assert "signed out to keep records safe" in answer.json()["sentence"]


def test_a_part_of_a_page_is_told_in_a_sentence(client, ada):
    lapse(client)

    answer = client.get("/tasks/", headers={"hx-request": "true"})

    assert (answer.status_code, "Sign in to go on" in answer.text) == (401, True)


@pytest.fixture
def section(client):
    """A section of an audit, open before its auditor; its address."""
    council = make_council()
    audit = make_audit(council)
    client.force_login(council.ada)
    client.get("/tasks/")
    part = sheet_of(audit).form.sections[0].key
    return council.ada, f"/audits/{audit.public_id}/sections/{part}/"


def send_when_lapsed(client, address):
    lapse(client)
    typed = {f"evidence:{QUESTION}": "Words that took an hour.", "csrfmiddlewaretoken": "x", "password": "y"}
    return client.post(address, typed)


def test_what_was_typed_when_a_sign_in_ended_is_there_again_after_signing_in(client, section):
    ada, address = section
    answer = send_when_lapsed(client, address)
    told = said(client.get(answer.headers["Location"]))

    client.force_login(ada)
    page = client.get(address)

    assert answer.headers["Location"].startswith("/sign-in/?next=%2Faudits%2F")
    assert told[1].startswith("What you had typed is kept")
    assert "Words that took an hour." in page.text
    assert 'name="password"' not in page.text
    client.post(address, {f"evidence:{QUESTION}": "Words that took an hour."})
    assert "when you were signed out" not in client.get(address).text


def test_a_page_that_asks_how_long_is_left_leaves_what_is_sent_from_it_to_be_kept(client, section):
    ada, address = section
    lapse(client)
    asked = client.get("/sign-ins/left/", headers={"accept": "application/json"})
    assert (asked.status_code, asked.json()["sentence"][:19]) == (401, "You were signed out")
    client.post(address, {f"evidence:{QUESTION}": "Words that took an hour."})

    client.force_login(ada)

    assert "Words that took an hour." in client.get(address).text


def test_kept_words_can_be_thrown_away(client, section):
    ada, address = section
    send_when_lapsed(client, address)
    client.force_login(ada)

    page = client.post("/sign-ins/words/discard/", follow=True)

    assert page.request["PATH_INFO"] == address
    assert "Words that took an hour." not in page.text


def test_nobody_else_is_shown_what_was_typed(client, section):
    _, address = section
    send_when_lapsed(client, address)

    client.force_login(make_person("Sam Stranger", is_administrator=True))

    assert "Words that took an hour." not in client.get(address).text
    assert "kept_words" not in client.session


def test_words_of_a_forged_form_are_not_kept(section, client):
    ada, address = section
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ada)
    strict.get("/tasks/")
    lapse(strict)

    answer = strict.post(address, {"evidence": "Forged words of somebody else."})

    assert answer.status_code == 403
    assert "kept_words" not in strict.session


def test_what_is_too_long_to_keep_is_said(client, section):
    _, address = section
    lapse(client)

    answer = client.post(address, {"evidence": "x" * 200_001})

    assert "too long to keep" in said(client.get(answer.headers["Location"]))[1]


def test_to_ask_how_long_a_sign_in_lasts_does_not_make_it_last_longer(client, ada, settings):
    lapse(client, seen=3000)

    first = client.get("/sign-ins/left/").json()["left"]
    again = client.get("/sign-ins/left/").json()["left"]
    stayed = client.post("/sign-ins/stay/").json()["left"]

    assert settings.IDLE_SECONDS - 3005 < again <= first <= settings.IDLE_SECONDS - 3000
    assert stayed > settings.IDLE_SECONDS - 5


def test_a_page_says_without_a_script_how_long_a_sign_in_lasts(client, ada):
    page = client.get("/tasks/")

    assert "Your sign-in ends after 60 minutes without use, and in any case at" in page.text
    assert 'role="alertdialog"' in page.text


def test_a_sign_in_costs_a_page_no_more_queries_than_before(client, ada, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        client.get("/sign-ins/left/")


def test_sessions_that_lapsed_are_forgotten(client, ada):
    Session.objects.update(expire_date=timezone.now() - timedelta(minutes=1))

    SessionStore.clear_expired()

    assert not Session.objects.exists()


def test_moments_are_recorded(client, ada):
    row = Session.objects.get(person=ada)

    assert row.began_at == row.seen_at
    assert row.began_at > moment("2020-01-01T00:00")
