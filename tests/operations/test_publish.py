"""Publishing a framework: versions, their event, their grants, and that nothing changes them afterwards."""

import hashlib

import pytest
from django.db import DatabaseError, connection, transaction

from goldenthread.frameworks.models import Framework, Grant, Version
from goldenthread.frameworks.operations import publish
from goldenthread.frameworks.queries import current, pack_of
from goldenthread.ledger.models import Event
from goldenthread.rules.reading import read_pack
from goldenthread.rules.refusal import Refused
from tests.make import LONG_AGO, PACK, make_person, moment, publish_pack

pytestmark = pytest.mark.django_db


def changed(before, after):
    document = PACK.read_text()
    assert before in document
    return document.replace(before, after, 1)


def test_a_pack_is_published_as_the_first_version_with_one_event():
    quinn = make_person("Quinn")

    version = publish(
        PACK.read_text(), by=quinn, at=moment(), effective_on=LONG_AGO, reason="The year's framework"
    )

    event = Event.objects.get()
    assert (version.number, version.published_by, version.reason) == (1, quinn, "The year's framework")
    assert (event.what, event.about_kind, event.about_id) == (
        "framework.publish",
        "framework",
        version.framework.public_id,
    )
    assert pack_of(version) == read_pack(PACK.read_text())
    assert version.sha256 == hashlib.sha256(version.document.encode()).hexdigest()


def test_a_document_that_says_the_same_returns_the_newest_version_and_writes_nothing():
    first = publish_pack()

    again = publish_pack(document="# another comment\n" + PACK.read_text())

    assert again == first
    assert (Version.objects.count(), Event.objects.count()) == (1, 1)


def test_a_changed_document_is_the_next_version_and_the_framework_takes_its_title():
    publish_pack()

    second = publish_pack(document=changed("title: Adult social care case audits", "title: Case audits 2027"))

    assert second.number == 2
    assert Framework.objects.get().title == "Case audits 2027"
    assert current("adult-social-care") == second


def test_an_earlier_document_can_be_published_again_as_a_new_version():
    first = publish_pack()
    publish_pack(document=changed("number: 1\n\nthemes", "number: 2\n\nthemes"))

    third = publish_pack()

    assert (third.number, third.sha256) == (3, first.sha256)


def test_the_version_in_force_on_a_day_is_the_newest_that_had_begun():
    first = publish_pack()
    later = publish(
        changed("number: 1\n\nthemes", "number: 2\n\nthemes"),
        by=None,
        at=moment(),
        effective_on=moment("2027-01-04").date(),
    )

    assert current("adult-social-care", on=moment("2027-01-03").date()) == first
    assert current("adult-social-care", on=moment("2027-01-04").date()) == later


def test_a_pack_with_faults_is_refused_with_every_fault_and_writes_nothing():
    document = changed("to: drafted", "to: draughted").replace("phase: owed", "phase: owd")

    with pytest.raises(Refused) as refusal:
        publish_pack(document=document)

    assert "flows › audit › steps › finish draft › to: There is no state “draughted”" in str(refusal.value)
    assert "flows › audit › states › allocated › phase: “owd” is not known here" in str(refusal.value)
    assert (Framework.objects.count(), Event.objects.count()) == (0, 0)


def test_nothing_is_published_if_the_event_fails(monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("the ledger is out")

    monkeypatch.setattr("goldenthread.frameworks.operations.record", fail)

    with pytest.raises(RuntimeError):
        publish_pack()

    assert (Framework.objects.count(), Version.objects.count(), Grant.objects.count()) == (0, 0, 0)


def test_each_permission_of_each_role_held_by_a_post_is_a_grant():
    version = publish_pack()

    grants = set(version.grants.values_list("role", "post", "scope", "permission"))

    assert ("team manager", "team manager", "unit", "replace an auditor") in grants
    assert ("quality manager", "audit manager", "anywhere", "manage frameworks") in grants
    assert len(grants) == sum(len(role.may) for role in pack_of(version).roles.values() if role.post)
    assert not [grant for grant in grants if grant[0] == "auditor"]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE frameworks_version SET document = 'key: another'",
        "UPDATE frameworks_version SET sha256 = 'x'",
        "UPDATE frameworks_version SET effective_on = '2030-01-01'",
        "DELETE FROM frameworks_version",
        "UPDATE frameworks_grant SET permission = 'manage people'",
        "DELETE FROM frameworks_grant",
    ],
)
def test_the_database_refuses_to_change_a_published_version(change):
    publish_pack()

    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        connection.cursor().execute(change)

    assert pack_of(Version.objects.get()) == read_pack(PACK.read_text())
    assert Grant.objects.filter(permission="manage people").count() == 1


def test_a_framework_that_is_not_there_is_refused_with_those_that_are():
    publish_pack()

    with pytest.raises(Refused, match="Those published: adult-social-care"):
        current("another")
