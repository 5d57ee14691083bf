"""The pages of people and of signing in, as an administrator and as an invited person."""

import re
from datetime import date

import pytest
from axes.utils import reset
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile

from goldenthread.people.models import Leave, Person, Training, Unit
from tests.make import make_person, make_post, make_unit
from tests.workbooks import case, load_cases, make_workbook

pytestmark = pytest.mark.django_db
PASSWORD = "three random words"


@pytest.fixture
def alex(client):
    person = make_person("Alex Admin", is_administrator=True)
    client.force_login(person)
    return person


def link_sent_to(address):
    """The link in the mail to an address; that to the one before holds none."""
    sent = next(one for one in mail.outbox if one.to == [address])
    return re.search(r"http://localhost:8000(/set-password/\S+)", sent.body)[1]


def test_an_invited_person_chooses_a_password_and_signs_in(client, alex, settings):
    ada = make_person("Ada Auditor")
    page = client.post(f"/people/{ada.public_id}/invite/", {"email": "ada@example.org"}, follow=True)
    assert "Invitation sent to ada@example.org" in page.text
    link = link_sent_to("ada@example.org")
    client.post("/sign-out/")

    assert "Choose a password" in client.get(link).text
    assert "too short" in client.post(link, {"password": "short"}).text
    page = client.post(link, {"password": PASSWORD}, follow=True)
    assert "Sign in" in page.text
    assert client.get(link).status_code == 410
    page = client.post("/sign-in/", {"username": "ADA@example.org", "password": PASSWORD})

    assert page.status_code == 302
    assert client.session["_auth_user_id"] == str(ada.pk)


def test_an_invitation_that_was_tampered_with_or_is_old_opens_nothing(client, alex, settings):
    ada = make_person("Ada Auditor")
    client.post(f"/people/{ada.public_id}/invite/", {"email": "ada@example.org"})
    link = link_sent_to("ada@example.org")

    assert client.get(link[:-2] + "x/").status_code == 410
    assert client.get("/set-password/%FF/abc/").status_code == 410
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert client.get(link).status_code == 410


@pytest.mark.parametrize(
    "since", [{"left_on": date(2020, 1, 1)}, {"is_active": False}, {"email": "eve@example.org"}]
)
def test_an_invitation_ends_with_the_access_and_with_the_address_that_it_went_to(client, alex, since):
    ada = make_person("Ada Auditor")
    client.post(f"/people/{ada.public_id}/invite/", {"email": "ada@example.org"})
    link = link_sent_to("ada@example.org")
    Person.objects.filter(pk=ada.pk).update(**since)

    assert client.get(link).status_code == 410
    assert client.post(link, {"password": PASSWORD}).status_code == 410
    ada.refresh_from_db()
    assert not ada.has_usable_password()


def test_guessing_a_password_is_stopped(client):
    ada = make_person("Ada Auditor")
    ada.set_password(PASSWORD)
    ada.save()
    reset()
    spellings = [ada.email, ada.email.upper(), ada.email.title()] * 2

    answers = [
        client.post("/sign-in/", {"username": spelling, "password": "not it"}).status_code
        for spelling in spellings
    ]

    assert answers[0] == 200
    assert answers[-1] == 429
    assert client.post("/sign-in/", {"username": ada.email, "password": PASSWORD}).status_code == 429
    reset()


def test_a_wrong_password_and_an_unknown_address_look_alike(client):
    ada = make_person("Ada Auditor")
    told = [
        client.post("/sign-in/", {"username": address, "password": "wrong"}).text
        for address in (ada.email, "nobody@example.org")
    ]

    assert all("The e-mail address or the password is wrong" in text for text in told)
    reset()


def test_an_invitation_that_the_mail_server_refuses_is_said(client, alex, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    ada = make_person("Ada Auditor")

    page = client.post(f"/people/{ada.public_id}/invite/", {"email": "ada@example.org"}, follow=True)

    assert "did not take the invitation" in page.text


def test_without_a_mail_server_the_link_is_shown_to_whoever_invites(client, alex, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    ada = make_person("Ada Auditor")

    page = client.post(f"/people/{ada.public_id}/invite/", {"email": "ada@example.org"}, follow=True)

    link = re.search(
        r"Give Ada Auditor this link, which works once: http://localhost:8000(/[^\s<]+/)", page.text
    )[1]
    client.post("/sign-out/")
    assert "Choose a password" in client.get(link).text


def test_staff_are_paged_and_found_without_a_name_in_the_address(client, alex, django_assert_max_num_queries):
    for number in range(55):
        make_person(f"Worker {number:03}")

    with django_assert_max_num_queries(10):
        first = client.get("/people/")
    further = re.search(r'href="(\?after=[^"]+)" rel="next"', first.text)[1]
    found = client.post("/people/", {"words": "worker 054"})

    assert "Worker 010" in first.text
    assert "Worker 054" not in first.text
    assert "Worker 054" in client.get(f"/people/{further}").text
    assert "Worker 054" in found.text
    assert "Worker 010" not in found.text


def test_a_person_is_added_shown_and_their_account_closed(client, alex):
    page = client.post("/people/add/", {"name": "Ada", "reference": "77", "email": ""}, follow=True)
    ada = Person.objects.get(reference="77")
    make_post(ada, "practitioner", make_unit("North team"))
    Training.objects.create(person=ada, course="audit", completed_on=date(2026, 1, 1))
    Leave.objects.create(person=ada, starts_on=date(2026, 8, 3), ends_on=date(2026, 8, 14))

    assert "Ada added" in page.text
    page = client.get(f"/people/{ada.public_id}/")
    assert all(
        text in page.text for text in ("North team", "1 January 2026", "14 August 2026", "Not invited")
    )
    again = client.post("/people/add/", {"name": "Eve", "reference": "77", "email": ""})
    assert "this staff number already" in again.text
    closed = client.post(f"/people/{ada.public_id}/close-account/", follow=True)
    assert "can no longer sign in" in closed.text
    own = client.post(f"/people/{alex.public_id}/close-account/", follow=True)
    assert "your own account" in own.text


def test_the_organisation_is_shown_as_it_stood_on_a_day(client, alex):
    service = make_unit("Community", kind="service")
    team = make_unit("North team", under=service, since=date(2026, 1, 1))
    make_post(make_person("Theo Hart"), "team manager", team, since=date(2026, 5, 1))

    assert "North team" in client.get("/people/organisation/").text
    assert "North team" not in client.get("/people/organisation/?on=31/12/2025").text
    assert "must be a real date" in client.get("/people/organisation/?on=rubbish").text
    assert "Theo Hart" in client.get(f"/people/units/{team.public_id}/").text
    assert "Nobody held a post" in client.get(f"/people/units/{team.public_id}/?on=30/04/2026").text


def test_a_people_file_is_loaded_on_screen(client, alex, tmp_path):
    rows = [["Staff number", "Name"], ["77", "Ada"], ["", "Nobody"]]
    file = make_workbook(tmp_path / "people.xlsx", {"Staff": rows}).read_bytes()

    page = client.post("/people/load/", {"file": SimpleUploadedFile("people.xlsx", file)})
    wrong = client.post("/people/load/", {"file": SimpleUploadedFile("people.pdf", b"%PDF")})

    assert "The file was loaded" in page.text
    assert "“Staff number” is empty." in page.text
    assert Person.objects.filter(reference="77").exists()
    assert wrong.status_code == 422


def test_each_template_can_be_filled_in_and_loaded(client, alex):
    for name in ("units", "staff", "posts", "training", "leave", "closures"):
        template = client.get(f"/people/load/{name}.csv")
        page = client.post("/people/load/", {"file": SimpleUploadedFile(f"{name}.csv", template.content)})

        assert page.status_code == 200, name
        assert "The file was loaded" in page.text
    assert client.get("/people/load/other.csv").status_code == 404


def test_names_that_an_extract_brought_are_confirmed_or_joined(client, alex, tmp_path):
    load_cases(tmp_path, case("C1", worker="Anna Smyth"), case("C2", worker="Ben"), at="2026-11-01T09:00")
    anna = make_person("Anna Smith", reference="77")
    smyth, ben = Person.objects.get(name="Anna Smyth"), Person.objects.get(name="Ben")
    team = Unit.objects.get(name="North team")

    assert "Anna Smyth" in client.get("/people/unconfirmed/").text
    nobody = client.post(f"/people/{smyth.public_id}/settle/", {"join": "yes", "into": "99"})
    assert "Nobody has this staff number" in nobody.text
    sure = {"join": "yes", "into": "77", "sure": anna.public_id}
    client.post(f"/people/{smyth.public_id}/settle/", sure)
    client.post(f"/people/{ben.public_id}/settle/", {"confirm": "yes"})
    client.post(f"/people/units/{team.public_id}/settle/", {"confirm": "yes"})

    smyth.refresh_from_db()
    assert smyth.joined_into == anna
    assert "No worker waits" in client.get("/people/unconfirmed/").text
    assert "was joined into" in client.get(f"/people/{smyth.public_id}/").text
    assert client.get(f"/people/{smyth.public_id}/settle/").status_code == 404


@pytest.mark.parametrize("sure", [{}, {"sure": "somebodyelse"}])
def test_nothing_is_joined_before_it_was_shown_what_it_would_be_joined_into(client, alex, tmp_path, sure):
    load_cases(tmp_path, case("C1", worker="Anna Smyth"), at="2026-11-01T09:00")
    anna, known = make_person("Anna Smith", reference="77"), make_unit("Community north")
    smyth, team = Person.objects.get(name="Anna Smyth"), Unit.objects.get(name="North team")

    person = client.post(f"/people/{smyth.public_id}/settle/", {"join": "yes", "into": "77"} | sure)
    unit = {"join": "yes", "into": known.public_id} | sure
    unit = client.post(f"/people/units/{team.public_id}/settle/", unit)

    for page, into in ((person, anna), (unit, known)):
        assert f"into {into.name}?" in page.text and f'name="sure" value="{into.public_id}"' in page.text
        assert "1 case moves over" in page.text and "This cannot be undone" in page.text
    assert not Person.objects.exclude(joined_into=None).exists()
    assert not Unit.objects.exclude(joined_into=None).exists()


def test_a_team_of_an_extract_is_joined_into_a_known_one(client, alex, tmp_path):
    load_cases(tmp_path, case("C1"), at="2026-11-01T09:00")
    known = make_unit("Community north")
    team = Unit.objects.get(name="North team")

    joined = {"join": "yes", "into": known.public_id, "sure": known.public_id}
    client.post(f"/people/units/{team.public_id}/settle/", joined)

    team.refresh_from_db()
    assert team.joined_into == known


def test_whoever_may_not_manage_people_sees_none_of_it(client):
    client.force_login(make_person("Sam"))

    for address in (
        "/people/",
        "/people/add/",
        "/people/load/",
        "/people/organisation/",
        "/people/unconfirmed/",
    ):
        assert client.get(address).status_code == 403
