"""Checking and publishing a framework on screen."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from goldenthread.frameworks.models import Version
from goldenthread.ledger.models import Event
from tests.make import PACK, make_council, publish_pack

pytestmark = pytest.mark.django_db
CHANGED = PACK.read_text().replace("number: 1\n\nthemes", "number: 2\n\nthemes")


@pytest.fixture
def as_mara(client):
    """The quality manager, who manages the frameworks."""
    publish_pack()
    council = make_council()
    client.force_login(council.quality_manager)
    return client


def send(client, document, button="check", **fields):
    """Upload a file and press a button."""
    file = SimpleUploadedFile("pack.yaml", document.encode() if isinstance(document, str) else document)
    return client.post(
        "/frameworks/publish/",
        {"file": file, "effective_on": "01/12/2026", button: "1", **fields},
        follow=True,
    )


def test_each_fault_is_shown_with_its_place_its_line_and_what_to_do(as_mara):
    page = send(
        as_mara, PACK.read_text().replace("phase: owed", "phase: owd").replace("to: checking", "to: check")
    )

    said = page.content.decode()
    assert "<strong>flows › audit › states › allocated › phase</strong>" in said
    assert "did you mean “owed”?" in said
    assert "There is no state “check”; did you mean “checking”?" in said
    assert 'name="publish"' not in said
    assert Version.objects.count() == 1


def test_a_faulty_pack_is_not_published_even_if_asked(as_mara):
    send(as_mara, PACK.read_text().replace("phase: owed", "phase: owd"), "publish")

    assert Version.objects.count() == 1


def test_what_was_uploaded_stays_in_the_box_to_be_corrected(as_mara):
    page = send(as_mara, PACK.read_text().replace("phase: owed", "phase: owd"))

    assert "phase: owd" in page.content.decode()


def test_a_check_without_faults_shows_what_would_change_and_changes_nothing(as_mara):
    page = send(as_mara, CHANGED)

    said = page.content.decode()
    assert "targets › monthly audits › number" in said
    assert 'name="publish"' in said
    assert Version.objects.count() == 1


def test_the_quality_manager_publishes_a_new_version_with_a_reason(as_mara):
    page = send(as_mara, CHANGED, "publish", reason="Two a team from December")

    version = Version.objects.latest("number")
    assert (version.number, version.reason, str(version.effective_on)) == (
        2,
        "Two a team from December",
        "2026-12-01",
    )
    assert version.published_by.name == "Mara"
    assert Event.objects.filter(what="framework.publish").count() == 2
    assert "version 2 is the newest version" in page.content.decode()


def test_the_box_alone_can_be_checked_and_published(as_mara):
    as_mara.post(
        "/frameworks/publish/",
        {"document": CHANGED.replace("\n", "\r\n"), "effective_on": "01/12/2026", "publish": "1"},
    )

    assert Version.objects.count() == 2


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (b"", "empty"),
        (b"key: caf\xe9", "The file must be text, saved as UTF-8"),
        (b"x" * 600_000, "The file must be smaller than 500 kB"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_by_its_field(as_mara, document, sentence):
    page = send(as_mara, document)

    assert sentence in page.content.decode()
    assert Version.objects.count() == 1


def test_nothing_at_all_is_refused(as_mara):
    page = as_mara.post("/frameworks/publish/", {"effective_on": "01/12/2026", "check": "1"})

    assert "Choose a file, or paste the framework into the box" in page.content.decode()


def test_publishing_needs_the_permission(client):
    publish_pack()
    council = make_council()
    client.force_login(council.quinn)

    assert send(client, CHANGED, "publish").status_code == 403
    assert Version.objects.count() == 1


def test_an_administrator_publishes_the_first_framework(client):
    client.force_login(make_council().administrator)

    page = send(client, PACK.read_text(), "publish")

    assert page.status_code == 200
    assert Version.objects.get().number == 1


@pytest.mark.parametrize("address", ["/frameworks/publish/", "/frameworks/drafts/begin/"])
def test_a_box_that_would_clear_a_file_is_none_of_ours(as_mara, address):
    page = as_mara.post(address, {"file-clear": "on", "source": "empty", "check": "1"})

    assert page.status_code < 500
    assert 'name="file-clear"' not in page.content.decode()
