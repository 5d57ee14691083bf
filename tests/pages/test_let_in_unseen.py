"""Nobody is let in unseen: the others who manage people are told, and the ledger says what was given."""

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile

from goldenthread.ledger.models import Event
from goldenthread.ledger.queries import changes_of
from goldenthread.people.models import Person
from goldenthread.tasks.models import Notice
from goldenthread.web.tasks.delivery import deliver
from tests.make import make_council, make_person, make_post, publish_pack
from tests.workbooks import make_workbook

pytestmark = pytest.mark.django_db
OURS = "7a0ac1d0-54f4-4be1-a6a5-0f9ea4ef0abc"


@pytest.fixture
def council():
    """Somebody who manages people by a post, an administrator, and another who manages people."""
    publish_pack()
    council = make_council()
    council.other = make_person("Olga Other")
    make_post(council.other, "audit manager", council.organisation)
    return council


@pytest.fixture
def load(client, council, tmp_path):
    """The quality manager loads a people file."""

    def load(**sheets):
        client.force_login(council.quality_manager)
        file = make_workbook(tmp_path / "people.xlsx", sheets).read_bytes()
        page = client.post("/people/load/", {"file": SimpleUploadedFile("people.xlsx", file)})
        assert page.status_code == 200
        return page

    return load


def told():
    return {notice.to for notice in Notice.objects.filter(about_kind="people")}


def what_the_ledger_says():
    event = Event.objects.filter(what="people.load").latest("position")
    return {change.name: change.after for change in changes_of(event)}


def invented(council):
    staff = [["Staff number", "Name", "Email"], ["666", "Ivy Invented", "ivy@example.net"]]
    posts = [["Staff number", "Post", "Unit"], ["666", "director", council.organisation.name]]
    return {"Staff": staff, "Posts": posts}


def test_a_file_that_gives_a_post_is_told_to_the_others_and_stands_in_the_ledger(client, council, load):
    load(**invented(council))

    ivy = Person.objects.get(reference="666")
    assert what_the_ledger_says()[f"posts › {ivy.public_id}"] == f"director, {council.organisation.name}"
    assert told() == {council.administrator, council.other}
    client.force_login(council.other)
    notice = Notice.objects.get(about_kind="people", to=council.other)
    history = client.get(notice.path)
    position = Event.objects.filter(what="people.load").latest("position").position
    event = client.get(f"/ledger/{position}/")
    assert f"/ledger/{position}/" in history.text
    assert "Ivy Invented" in event.text
    assert council.quality_manager.name in event.text


def test_the_e_mail_of_it_names_nobody(council, load):
    load(**invented(council))

    deliver()

    said = [f"{one.subject} {one.body}" for one in mail.outbox]
    assert said
    names = [*Person.objects.values_list("name", flat=True), "ivy@example.net"]
    assert not [text for text in said for name in names if name in text]


def test_a_file_that_gives_nobody_anything_tells_nobody(council, load):
    load(Staff=[["Staff number", "Name"], ["667", "Nia New"]])
    load(Closures=[["Day", "Name"], ["24/12/2026", "Closed"]])

    assert not told()


def test_the_same_file_again_tells_nobody(council, load):
    load(**invented(council))
    before = Notice.objects.count()

    load(**invented(council))

    assert Notice.objects.count() == before


def test_a_unit_that_is_moved_under_another_is_told_as_a_post_is(council, load):
    team, other = council.team, council.other_team
    for unit, reference in ((team, "T1"), (other, "T2")):
        unit.reference = reference
        unit.save()
    load(Units=[["Reference", "Name", "Kind", "Under"], ["T2", other.name, other.kind, "T1"]])

    assert team.name in what_the_ledger_says()[f"units under › {other.name}"]
    assert told() == {council.administrator, council.other}


def test_another_account_of_the_directory_is_told_to_its_person_and_to_the_others(council, load):
    theo = council.theo
    theo.reference, theo.last_login = "42", "2026-11-01T09:00Z"
    theo.save()

    load(Staff=[["Staff number", "Name", "Directory id"], ["42", theo.name, OURS.upper()]])

    theo.refresh_from_db()
    assert theo.external_id == OURS
    assert what_the_ledger_says()["other accounts of the directory"] == theo.public_id
    assert told() == {council.administrator, council.other}
    assert "Another account of your organisation’s directory" in Notice.objects.get(to=theo).text
    assert Notice.objects.get(to=theo).urgent


def test_an_invitation_is_told_to_the_others_and_not_to_whoever_sent_it(client, council):
    client.force_login(council.quality_manager)
    sam = make_person("Sam Staff")

    client.post(f"/people/{sam.public_id}/invite/", {"email": "sam@example.net"})

    assert told() == {council.administrator, council.other}
    client.force_login(council.administrator)
    path = Notice.objects.get(about_kind="people", to=council.administrator).path
    assert council.quality_manager.name in client.get(path).text


def test_an_invitation_that_is_refused_is_told_to_nobody(client, council):
    client.force_login(council.quality_manager)

    client.post(f"/people/{council.administrator.public_id}/invite/", {"email": "mine@example.net"})

    assert not told()
