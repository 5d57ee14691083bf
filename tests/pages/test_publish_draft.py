"""Beginning, offering and publishing a draft on screen."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from goldenthread.frameworks.models import Draft, Publishing, Version
from goldenthread.rules.reading import faults
from tests.make import PACK, make_council, publish_pack

pytestmark = pytest.mark.django_db
CHANGED = PACK.read_text().replace("number: 1\n\nthemes", "number: 2\n\nthemes")


@pytest.fixture
def council(client):
    publish_pack()
    council = make_council()
    client.force_login(council.quality_manager)
    return council


def begin(client, source, document=""):
    """Begin a draft with one of what is offered."""
    file = {"file": SimpleUploadedFile("pack.yaml", document.encode())} if document else {}
    return client.post("/frameworks/drafts/begin/", {"source": source, **file}, follow=True)


def send(client, page, **fields):
    """Press the button of a page about the one draft."""
    draft = Draft.objects.latest("pk")
    return client.post(
        f"/frameworks/drafts/{draft.public_id}/{page}/",
        {"revision_opened": draft.revision, **fields},
        follow=True,
    ).content.decode()


SAID = {"reason": "Two a team", "effective_on": "01/04/2027"}


@pytest.mark.parametrize("source", ["empty", "ships adult-social-care", "version"])
def test_a_draft_begins_with_something_that_has_no_faults(client, council, source):
    begin(client, Version.objects.get().public_id if source == "version" else source)

    draft = Draft.objects.get()
    assert faults(draft.document) == []
    assert (draft.based_on is not None) == (source == "version")


def test_what_ships_with_the_product_is_offered_by_its_title(client, council):
    page = client.get("/frameworks/drafts/begin/").content.decode()

    assert "Children&#x27;s services case audits, as it ships with Golden Thread" in page
    assert "Community mental health layered audit, as it ships with Golden Thread" in page


def test_a_faulty_file_becomes_a_draft(client, council):
    page = begin(client, "file", PACK.read_text().replace("phase: owed", "phase: owd")).content.decode()

    assert "1 thing to correct" in page


@pytest.mark.parametrize("document", ["a: [", "- a", "a: 1\na: 2"])
def test_a_file_of_which_something_would_be_lost_is_refused(client, council, document):
    page = begin(client, "file", document).content.decode()

    assert "cannot be kept as a draft" in page
    assert not Draft.objects.exists()


def test_one_person_publishes_and_says_why_and_from_when(client, council):
    begin(client, "file", CHANGED)

    page = send(client, "publish", **SAID)

    version = Version.objects.latest("number")
    assert "version 2 is the newest version" in page
    assert (version.reason, str(version.effective_on)) == ("Two a team", "2027-04-01")
    assert version.published_by == council.quality_manager


def test_what_would_change_is_shown_before_it_is_published(client, council):
    begin(client, "file", CHANGED)
    draft = Draft.objects.get()

    page = client.get(f"/frameworks/drafts/{draft.public_id}/publish/").content.decode()

    assert "targets › monthly audits › number" in page


def test_a_second_person_sees_what_would_change_and_publishes(client, council):
    client.post("/frameworks/publishing/", {"do": "two"})
    assert Publishing.objects.get().two_people
    begin(client, "file", CHANGED)
    send(client, "publish", **SAID)
    assert "somebody else publishes it" in send(client, "confirm")
    assert Version.objects.count() == 1

    client.force_login(council.administrator)
    draft = Draft.objects.get()
    page = client.get(f"/frameworks/drafts/{draft.public_id}/publish/").content.decode()
    assert "targets › monthly audits › number" in page and "Two a team" in page
    send(client, "confirm")

    assert Version.objects.latest("number").published_by == council.administrator


def test_an_upload_does_not_go_round_the_second_person(client, council):
    client.post("/frameworks/publishing/", {"do": "two"})

    page = client.post(
        "/frameworks/publish/", {"document": CHANGED, "effective_on": "01/12/2026", "publish": "1"}
    ).content.decode()

    assert "Two people publish a framework here" in page
    assert Version.objects.count() == 1


def test_a_second_person_sends_it_back(client, council):
    client.post("/frameworks/publishing/", {"do": "two"})
    begin(client, "file", CHANGED)
    send(client, "publish", **SAID)
    client.force_login(council.administrator)

    page = send(client, "send-back")

    assert "being written again" in page
    assert Draft.objects.get().state == "written"


@pytest.mark.parametrize("who", ["quinn", "theo", "sam", "ada"])
def test_only_those_who_manage_frameworks_see_drafts(client, council, who):
    begin(client, "empty")
    client.force_login(getattr(council, who))

    assert "Drafts" not in client.get("/frameworks/").content.decode()
    assert begin(client, "empty").status_code == 403


def test_one_manager_asks_and_another_lets_one_publish(client, council):
    client.post("/frameworks/publishing/", {"do": "two"})

    alone = client.post("/frameworks/publishing/", {"do": "ask", "because": "I am alone"}, follow=True).text
    assert "Until then two people publish" in alone
    own = client.post("/frameworks/publishing/", {"do": "agree"}).text
    assert "somebody else agrees to it" in own
    assert Publishing.objects.get().two_people
    assert 'value="agree"' not in client.get("/frameworks/publishing/").text

    client.force_login(council.administrator)
    assert "somebody asks that one person may publish alone" in client.get("/frameworks/").text
    page = client.get("/frameworks/publishing/").text
    assert "I am alone" in page and 'value="agree"' in page
    client.post("/frameworks/publishing/", {"do": "agree"})
    assert not Publishing.objects.get().two_people


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Choose one of the buttons"),
        ({"do": "off"}, "Choose one of the buttons"),
        ({"two_people": ""}, "Choose one of the buttons"),
        ({"do": "ask"}, "Enter why one person is to publish alone"),
        ({"do": "agree"}, "Nobody asks any more"),
        ({"do": "keep"}, "Nobody asks any more"),
    ],
)
def test_no_post_of_one_manager_switches_it_off(client, council, sent, said):
    client.post("/frameworks/publishing/", {"do": "two"})

    page = client.post("/frameworks/publishing/", sent, follow=True)

    assert said in page.text
    assert Publishing.objects.get().two_people
