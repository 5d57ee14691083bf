"""Signing in with a code after the password, and everything that changes how one signs in."""

import re

import pytest
from allauth.mfa.models import Authenticator
from axes.utils import reset
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from goldenthread.ledger.models import Event, EventValues
from goldenthread.people.operations.factors import reset_factors
from goldenthread.people.operations.signing_in import create_administrator
from goldenthread.rules.refusal import Refused
from tests.factors import PASSWORD, SECRET, code_of, give_app, give_password
from tests.make import make_council, make_person, moment, publish_pack

pytestmark = pytest.mark.django_db
WRONG = "000000"


@pytest.fixture(autouse=True)
def _one_code_either_way(settings):
    """A test that runs while one code gives way to the next still passes; nobody's tries are left over."""
    settings.MFA_TOTP_TOLERANCE = 1
    cache.clear()
    reset()


@pytest.fixture
def ada():
    return give_password(make_person("Ada Auditor"))


def by_password(client, person, **more):
    return client.post("/sign-in/", {"username": person.email, "password": PASSWORD, **more})


def by_code(client, code):
    return client.post("/sign-in/code/", {"code": code})


def is_signed_in(client):
    return "_auth_user_id" in client.session


def events(what):
    """The values of the events of a name, oldest first."""
    found = Event.objects.filter(what=what).order_by("position")
    return [EventValues.objects.get(event=event).values for event in found]


# ---- Setting up ----


def test_setting_an_app_up_asks_for_the_password_shows_the_secret_and_gives_recovery_codes(client, ada):
    by_password(client, ada)
    asked = client.get("/my-sign-in/app/")
    assert asked["Location"].startswith("/my-sign-in/password/")

    page = client.post(asked["Location"], {"password": PASSWORD}, follow=True)
    secret = re.search(r'<code id="secret"[^>]*>([A-Z2-7 ]+)<', page.text)[1].replace(" ", "")
    assert 'src="data:image/svg+xml;base64,' in page.text
    assert "<svg" not in page.text
    page = client.post("/my-sign-in/app/", {"code": code_of(secret)}, follow=True)

    codes = re.findall(r"<li><code>(\d{8})</code>", page.text)
    assert len(codes) == 10
    assert all(code in re.search(r'href="(data:text/plain[^"]+)" download', page.text)[1] for code in codes)
    assert events("person.add_factor") == ['{"factor":"authenticator app"}']
    assert not re.findall(r"\d{8}", client.get("/my-sign-in/recovery-codes/").text), "codes are shown once"
    assert by_code_after_sign_out(client, ada, code_of(secret)) is False, "the code of the set-up is spent"


def by_code_after_sign_out(client, person, code):
    client.post("/sign-out/")
    by_password(client, person)
    by_code(client, code)
    return is_signed_in(client)


def test_a_wrong_code_sets_nothing_up(client, ada):
    by_password(client, ada)
    client.post("/my-sign-in/password/", {"password": PASSWORD})
    client.get("/my-sign-in/app/")

    page = client.post("/my-sign-in/app/", {"code": WRONG})

    assert "The code is wrong" in page.text
    assert not Authenticator.objects.exists()


def test_a_wrong_password_opens_no_change(client, ada):
    by_password(client, ada)

    page = client.post("/my-sign-in/password/?next=/my-sign-in/app/", {"password": "not it"})

    assert "The password is wrong" in page.text
    assert client.get("/my-sign-in/app/").status_code == 302
    assert events("person.fail_sign_in") == ['{"how":"a wrong answer before a change"}']


def test_the_database_alone_tells_neither_secret_nor_recovery_codes(ada):
    give_app(ada)

    for kept in Authenticator.objects.all():
        assert SECRET not in str(kept.data)
        assert str(kept.data.get("secret") or kept.data.get("seed")).startswith("gAAAA")


# ---- Signing in ----


def test_without_a_second_factor_the_password_signs_in_and_it_is_written_down(client, ada):
    answer = by_password(client, ada, next="/audits/")

    assert answer["Location"] == "/audits/"
    assert is_signed_in(client)
    assert events("person.sign_in") == ['{"how":"password"}']


def test_with_an_app_the_password_alone_opens_nothing_and_the_code_leads_on(client, ada):
    give_app(ada)

    answer = by_password(client, ada, next="/audits/")
    assert answer["Location"] == "/sign-in/code/"
    assert not is_signed_in(client)
    assert client.get("/tasks/").status_code == 302
    answer = by_code(client, code_of())

    assert answer["Location"] == "/audits/"
    assert is_signed_in(client)
    assert events("person.sign_in") == ['{"how":"password and code"}']


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/x", "javascript:alert(1)"])
def test_no_sign_in_leads_to_another_host(client, ada, elsewhere):
    give_app(ada)
    by_password(client, ada, next=elsewhere)

    assert by_code(client, code_of())["Location"] == reverse("my_tasks")


def test_the_page_of_the_code_opens_to_nobody_without_the_password(client, ada):
    give_app(ada)

    assert client.get("/sign-in/code/")["Location"] == "/sign-in/"
    assert by_code(client, code_of())["Location"] == "/sign-in/"
    assert not is_signed_in(client)


def test_a_code_signs_in_once(client, ada):
    give_app(ada)
    used = code_of()
    by_password(client, ada)
    by_code(client, used)

    assert by_code_after_sign_out(client, ada, used) is False


def test_guessing_codes_is_stopped_and_written_down(client, ada):
    give_app(ada)
    by_password(client, ada)

    for _ in range(5):
        assert "The code is wrong" in by_code(client, WRONG).text
    page = by_code(client, code_of())

    assert "paused for 15 minutes" in page.text
    assert not is_signed_in(client)
    assert events("person.fail_sign_in") == ['{"how":"a wrong code"}'] * 6


def test_a_recovery_code_signs_in_once(client, ada):
    recovery = give_app(ada)[0]
    by_password(client, ada)
    by_code(client, recovery)
    assert is_signed_in(client)

    assert events("person.sign_in") == ['{"how":"password and recovery code"}']
    assert by_code_after_sign_out(client, ada, recovery) is False


def test_a_wrong_password_of_somebody_known_is_written_down_and_an_unknown_address_is_not(client, ada):
    for address in (ada.email.upper(), "nobody@example.org"):
        client.post("/sign-in/", {"username": address, "password": "not it"})

    assert events("person.fail_sign_in") == ['{"how":"a wrong password"}']
    assert Event.objects.get(what="person.fail_sign_in").about_id == ada.public_id


def test_an_account_closed_between_password_and_code_stays_out(client, ada):
    give_app(ada)
    by_password(client, ada)
    ada.is_active = False
    ada.save()

    by_code(client, code_of())

    assert client.get("/tasks/").status_code == 302
    assert events("person.fail_sign_in") == ['{"how":"a closed account"}']
    assert not Event.objects.filter(what="person.sign_in").exists()


def test_an_invitation_changes_the_password_and_leaves_the_second_factor(client, ada):
    give_app(ada)
    client.force_login(make_person("Alex Admin", is_administrator=True))
    client.post(f"/people/{ada.public_id}/invite/", {"email": ada.email})
    client.post("/sign-out/")
    link = re.search(r"http://localhost:8000(/set-password/\S+)", mail.outbox[0].body)[1]
    client.post(link, {"password": PASSWORD})

    assert by_password(client, ada)["Location"] == "/sign-in/code/"


# ---- Changing ----


@pytest.fixture
def signed_in(client, ada):
    """Ada, who signed in with her app a while ago."""
    give_app(ada)
    by_password(client, ada)
    by_code(client, code_of())
    return client


@pytest.mark.parametrize("path", ["app/remove/", "recovery-codes/", "recovery-codes/new/"])
def test_nothing_is_changed_or_shown_before_the_person_confirms_that_it_is_them(signed_in, path):
    sends = (signed_in.get,) if path == "recovery-codes/" else (signed_in.get, signed_in.post)
    for send in sends:
        assert send(f"/my-sign-in/{path}")["Location"].startswith("/my-sign-in/password/")

    assert Authenticator.objects.count() == 2


def test_the_app_is_removed_after_the_password_and_its_recovery_codes_with_it(signed_in, ada):
    signed_in.post("/my-sign-in/password/", {"password": PASSWORD})
    assert "Remove the authenticator app" in signed_in.get("/my-sign-in/app/remove/").text

    page = signed_in.post("/my-sign-in/app/remove/", follow=True)

    assert "Authenticator app removed" in page.text
    assert not Authenticator.objects.exists()
    assert events("person.remove_factor") == ['{"factor":"authenticator app"}']


def test_a_code_confirms_as_well_as_the_password(signed_in):
    cache.clear()

    signed_in.post("/my-sign-in/code/", {"code": code_of()})

    assert signed_in.get("/my-sign-in/app/remove/").status_code == 200


def test_new_recovery_codes_end_the_old(client, ada):
    old = give_app(ada)
    by_password(client, ada)
    by_code(client, code_of())
    client.post("/my-sign-in/password/", {"password": PASSWORD})

    page = client.post("/my-sign-in/recovery-codes/new/", follow=True)

    new = re.findall(r"<li><code>(\d{8})</code>", page.text)
    assert len(new) == 10
    assert not set(new) & set(old)
    assert events("person.renew_recovery_codes") == ["{}"]
    assert by_code_after_sign_out(client, ada, old[3]) is False


# ---- Required ----


def test_where_it_is_required_nothing_else_opens_before_a_factor_is_set_up(client, ada, settings):
    settings.SECOND_FACTOR = "required"
    by_password(client, ada)

    for path in ("/", "/tasks/", "/audits/", "/notices/"):
        assert client.get(path)["Location"] == "/my-sign-in/"
    assert "asks for a second factor" in client.get("/my-sign-in/").text
    give_app(ada)

    assert client.get("/tasks/").status_code == 200


def test_where_it_is_required_the_last_factor_cannot_be_removed(signed_in, settings):
    settings.SECOND_FACTOR = "required"
    signed_in.post("/my-sign-in/password/", {"password": PASSWORD})

    page = signed_in.post("/my-sign-in/app/remove/")

    assert "Set up another first" in page.text
    assert Authenticator.objects.count() == 2


def test_where_it_is_required_somebody_from_outside_sets_one_up_too(client, settings):
    settings.SECOND_FACTOR = "required"
    hope = give_password(make_person("Hope Health", is_outside=True))

    by_password(client, hope)

    assert client.get("/returns/")["Location"] == "/my-sign-in/"
    assert client.get("/my-sign-in/").status_code == 200


# ---- Resetting ----


def test_an_administrator_resets_the_factors_of_somebody_who_lost_theirs(client, ada):
    give_app(ada)
    alex = make_person("Alex Admin", is_administrator=True)
    client.force_login(alex)
    assert "Reset the second factor" in client.get(f"/people/{ada.public_id}/").text
    found = Client()
    found.force_login(ada)
    address = f"/people/{ada.public_id}/reset-factors/"
    client.post(address, {"reason": " "})
    assert Authenticator.objects.count() == 2, "a reason is needed"

    client.post(address, {"reason": "New telephone; I rang them."})

    assert not Authenticator.objects.exists()
    assert "New telephone; I rang them." in events("person.reset_factors")[0]
    assert Event.objects.get(what="person.reset_factors").by == alex.public_id
    assert found.get("/tasks/").status_code == 302, "whoever found the telephone is out"


def test_who_manages_people_without_being_an_administrator_resets_nothing(client, ada):
    council = make_council()
    publish_pack()
    give_app(ada)
    client.force_login(council.quality_manager)

    assert "Reset the second factor" not in client.get(f"/people/{ada.public_id}/").text
    answer = client.post(f"/people/{ada.public_id}/reset-factors/", {"reason": "New telephone"})

    assert answer.status_code == 403
    assert Authenticator.objects.count() == 2


@pytest.mark.parametrize(
    ("who", "reason", "said"),
    [
        ("quinn", "Lost", "Only an administrator"),
        ("administrator", "Lost", "cannot reset your own"),
        ("alex", "  ", "Say why"),
        ("alex", "Lost", "set up neither"),
    ],
)
def test_a_reset_that_must_not_be_is_refused(who, reason, said):
    council = make_council()
    council.alex = make_person("Alex Other", is_administrator=True)

    with pytest.raises(Refused, match=said):
        reset_factors(person=council.administrator, reason=reason, by=getattr(council, who), at=moment())


def test_an_administrator_made_again_on_the_server_has_no_second_factor(ada):
    give_app(ada)

    create_administrator(email=ada.email, name="", by=None, at=moment())

    assert not Authenticator.objects.exists()
    assert '"factors_removed":2' in events("person.make_administrator")[0]


def test_factors_kept_under_a_lost_key_let_nobody_in_and_say_what_to_do(client, ada, settings):
    give_app(ada)
    settings.SECRET_KEY = "another" * 8
    by_password(client, ada)

    page = by_code(client, code_of())

    assert "Ask an administrator to reset it" in page.text
    assert not is_signed_in(client)
    client.force_login(ada)
    assert "can no longer be used" in client.get("/my-sign-in/").text


# ---- What is not there ----


@pytest.mark.parametrize(
    "path",
    [
        "accounts/login/",
        "accounts/signup/",
        "accounts/email/",
        "accounts/password/reset/",
        "accounts/password/change/",
        "accounts/inactive/",
        "accounts/2fa/",
        "accounts/3rdparty/",
        "sign-up/",
        "my-sign-in/email/",
        "my-sign-in/recovery-codes/download/",
        "my-sign-in/connections/",
        "sign-in/passkey/sign-up/",
    ],
)
def test_no_other_page_of_allauth_has_an_address(client, ada, path):
    client.force_login(ada)

    assert client.get(f"/{path}").status_code == 404
