"""Changing one's own password, and the e-mail that tells of each change to how one signs in."""

import re
from datetime import time

import pytest
from allauth.mfa.models import Authenticator
from axes.utils import reset
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from goldenthread.ledger.models import Event, EventValues
from goldenthread.people.models import Session
from goldenthread.people.operations.signing_in import change_password, invitation_of, invite
from goldenthread.people.session_store import digest_of
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.models import Notice
from goldenthread.tasks.operations import choose_notices
from goldenthread.web.tasks.delivery import deliver
from tests.factors import PASSWORD, code_of, give_app, give_password
from tests.make import make_council, make_person, publish_pack

pytestmark = pytest.mark.django_db
NEW = "seven green kettles sing"
ADDRESS = "/my-sign-in/password/change/"


@pytest.fixture(autouse=True)
def _nobodys_tries_are_left_over(settings):
    settings.MFA_TOTP_TOLERANCE = 1
    cache.clear()
    reset()


@pytest.fixture
def ada():
    return give_password(make_person("Ada Auditor"))


def signed_in(person, code=""):
    browser = Client()
    browser.post("/sign-in/", {"username": person.email, "password": PASSWORD})
    if code:
        browser.post("/sign-in/code/", {"code": code})
    browser.get("/my-sign-in/")
    return browser


def change(browser, old=PASSWORD, new=NEW):
    return browser.post(ADDRESS, {"old_password": old, "password": new}, follow=True)


def is_in(browser):
    return browser.get("/my-sign-in/").status_code == 200


def told(person):
    """What the notices to somebody say first, oldest first."""
    found = Notice.objects.filter(to=person).order_by("pk")
    return [notice.text.split(" on ")[0] for notice in found]


# ---- Changing it ----


def test_a_changed_password_ends_every_other_sign_in_and_keeps_this_one_under_a_new_key(ada):
    here, elsewhere = signed_in(ada), signed_in(ada)
    key = here.session.session_key

    page = change(here)

    assert "Password changed" in page.text
    assert is_in(here)
    assert here.session.session_key != key
    assert not is_in(elsewhere)
    assert Session.objects.filter(person=ada, ended="").count() == 1
    ada.refresh_from_db()
    assert ada.check_password(NEW)
    event = Event.objects.get(what="person.change_password")
    assert EventValues.objects.get(event=event).values == '{"sign-ins ended":1}'
    assert told(ada) == ["Your password was changed"]


def test_the_new_password_signs_in_and_the_old_one_does_not(ada):
    change(signed_in(ada))

    assert not is_in(signed_in(ada)), "the old one"
    browser = Client()
    browser.post("/sign-in/", {"username": ada.email, "password": NEW})
    assert is_in(browser)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("not my password", NEW, "The password is wrong. Check it and try again."),
        ("", NEW, "Enter your password now"),
        (PASSWORD, "", "Enter a password"),
        (PASSWORD, PASSWORD, "This is the password that you have. Choose another."),
        (PASSWORD, "too short", "at least 12 characters"),
        (PASSWORD, "ada@example.org", "too similar"),
        (PASSWORD, "golden thread audit", "besides words that are used here"),
        (PASSWORD, "1q2w3e4r5t6y", "too common"),
    ],
)
def test_a_change_is_refused_in_a_sentence_and_nothing_ends(ada, old, new, said):
    here, elsewhere = signed_in(ada), signed_in(ada)

    page = change(here, old, new)

    assert said.casefold() in page.text.casefold()
    ada.refresh_from_db()
    assert ada.check_password(PASSWORD)
    assert is_in(elsewhere)
    assert not Event.objects.filter(what="person.change_password").exists()
    assert told(ada) == []


def test_a_wrong_password_is_written_down_and_guessing_is_stopped(ada):
    here = signed_in(ada)

    pages = [change(here, f"guess number {number}") for number in range(11)]
    right = change(here)

    assert Event.objects.filter(what="person.fail_sign_in").count() == 10
    assert "paused for 15 minutes" in pages[-1].text
    assert "paused for 15 minutes" in right.text
    ada.refresh_from_db()
    assert ada.check_password(PASSWORD)


def test_neither_password_is_recorded_or_shown_again(ada):
    here = signed_in(ada)
    refused = change(here, "not my password", NEW)
    change(here)

    assert NEW not in refused.text
    assert "not my password" not in refused.text
    kept = " ".join(str(each) for each in EventValues.objects.values_list("values", flat=True))
    kept += " ".join(Notice.objects.values_list("text", flat=True))
    assert not any(each in kept for each in (NEW, PASSWORD))


def test_whoever_comes_through_the_directory_alone_is_told_where_their_password_is(client, ada, settings):
    settings.DIRECTORY_CLIENT = "an-id"
    ada.set_unusable_password()
    ada.save()
    client.force_login(ada)

    asked, sent = client.get(ADDRESS), client.post(ADDRESS, {"old_password": "x", "password": NEW})

    assert "Your organisation’s directory signs you in: change your password there." in asked.text
    assert "<input" not in asked.text.split("<main")[1].split("</main")[0]
    assert "no password here" in sent.text
    assert ADDRESS not in client.get("/my-sign-in/").text
    ada.refresh_from_db()
    assert not ada.has_usable_password()


def test_the_operation_refuses_whoever_has_no_password(ada):
    ada.set_unusable_password()
    ada.save()

    with pytest.raises(Refused, match="no password here"):
        change_password(person=ada, old="", new=NEW, but=digest_of("x"), at=timezone.localtime())


def test_how_one_signs_in_leads_to_the_change(ada):
    assert ADDRESS in signed_in(ada).get("/my-sign-in/").text


# ---- The e-mail ----


def give_again(browser):
    browser.post("/my-sign-in/password/", {"password": PASSWORD})


def test_each_change_of_a_factor_is_told_to_whose_it_is(ada):
    browser = signed_in(ada)
    give_again(browser)
    page = browser.get("/my-sign-in/app/")
    secret = re.search(r'<code id="secret"[^>]*>([A-Z2-7 ]+)<', page.text)[1].replace(" ", "")

    browser.post("/my-sign-in/app/", {"code": code_of(secret)})
    browser.post("/my-sign-in/recovery-codes/new/")
    browser.post("/my-sign-in/app/remove/")

    assert told(ada) == [
        "An authenticator app was set up for your account",
        "Your recovery codes were replaced",
        "Your authenticator app was removed",
    ]


def test_a_passkey_that_is_removed_is_told(ada):
    passkey = Authenticator.objects.create(user=ada, type=Authenticator.Type.WEBAUTHN, data={"name": "x"})
    browser = Client()
    browser.force_login(ada)
    give_again(browser)

    browser.post(f"/my-sign-in/passkeys/{passkey.pk}/remove/")

    assert told(ada) == ["A passkey of yours was removed"]


def test_a_recovery_code_that_signs_in_is_told_and_a_code_of_the_app_is_not(ada):
    codes = give_app(ada)

    assert is_in(signed_in(ada, code_of()))
    assert told(ada) == []
    assert is_in(signed_in(ada, codes[0]))
    assert told(ada) == ["A recovery code of yours was used"]


def test_a_recovery_code_before_a_change_is_told(ada):
    codes = give_app(ada)
    browser = signed_in(ada, code_of())

    browser.post("/my-sign-in/code/", {"code": codes[1]})

    assert told(ada) == ["A recovery code of yours was used"]


def test_a_reset_by_an_administrator_is_told_to_whose_factor_it_was(client):
    publish_pack()
    council = make_council()
    give_app(council.ada)
    client.force_login(council.administrator)

    client.post(f"/people/{council.ada.public_id}/reset-factors/", {"reason": "New telephone; I rang them."})

    assert told(council.ada) == ["An administrator removed your second factor"]
    assert "telephone" not in Notice.objects.get().text
    assert told(council.administrator) == []


def test_a_reset_that_is_refused_tells_nobody(client):
    publish_pack()
    council = make_council()
    client.force_login(council.administrator)

    client.post(f"/people/{council.ada.public_id}/reset-factors/", {"reason": "Lost"})

    assert not Notice.objects.exists()


def test_a_password_from_an_invitation_is_told(client, ada):
    invited = invite(person=ada, email=str(ada.email), by=None, at=timezone.localtime())
    person_part, token = invitation_of(invited)

    client.post(f"/set-password/{person_part}/{token}/", {"password": NEW})

    assert told(ada) == ["A password was set for your account"]


def test_the_command_that_lets_an_administrator_back_in_tells_them_and_nobody_new(ada):
    call_command("create_administrator", email=ada.email.upper(), name="Ada Auditor")
    call_command("create_administrator", email="new@example.org", name="New")

    assert told(ada) == ["Your password was ended, and any second factor removed, at the server"]
    assert Notice.objects.count() == 1


def test_an_invitation_to_another_address_is_told_to_the_former_one(client):
    publish_pack()
    council = make_council()
    former = give_password(council.ada).email
    client.force_login(council.administrator)

    client.post(f"/people/{council.ada.public_id}/invite/", {"email": former})
    assert [message.to for message in mail.outbox] == [[former]], "the same address: the invitation alone"
    give_password(council.ada)
    client.post(f"/people/{council.ada.public_id}/invite/", {"email": "elsewhere@example.org"})

    to_former = [message for message in mail.outbox if message.to == [former]][1]
    assert "another e-mail address than this one" in to_former.body
    assert "elsewhere@example.org" not in to_former.body
    assert "/set-password/" not in to_former.body


def test_the_e_mail_says_what_and_when_and_nothing_else_and_does_not_wait_for_quiet_hours(ada):
    choose_notices(ada, digest=["other"], quiet=(time(0, 0), time(23, 59)), by=ada, at=timezone.localtime())
    change(signed_in(ada))

    run = deliver()

    assert run.sent == 1
    body = mail.outbox[-1].body
    assert "Your password was changed on" in body
    assert "tell your quality team at once" in body
    assert re.findall(r"https?://\S+", body) == ["http://localhost:8000/my-sign-in/"]
    assert not any(each in body for each in ("Ada", ada.email, "127.0.0.1", "Firefox", ada.public_id))


def test_the_notice_stands_under_sent_to_me_and_leads_to_how_one_signs_in(ada):
    here = signed_in(ada)
    change(here)

    page = here.get("/tasks/notices/")

    assert "How you sign in to Golden Thread" in page.text
    assert 'href="/my-sign-in/"' in page.text
