"""Conditions that are compiled once for a page: the same audits for everybody, and asked anew each time."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from goldenthread.audits.models import Audit
from goldenthread.people.models import Person, Post
from tests.make import make_audit, make_council, moment, publish_pack

pytestmark = pytest.mark.django_db
TODAY = moment("2026-11-20T10:00").date()


@pytest.fixture
def council():
    publish_pack(at=moment())
    council = make_council()
    for state in ("allocated", "drafted"):
        make_audit(council, state)
    return council


def test_everybody_sees_the_same_audits_in_reports_and_who_holds_no_post_sees_none(council):
    seen = {}
    for person in Person.objects.all():
        audits = Audit.objects.reported_to(person, on=TODAY)
        seen[person.name] = set(audits.values_list("pk", flat=True))

        assert set(audits.compiled_once().values_list("pk", flat=True)) == seen[person.name]
        assert audits.compiled_once().in_phase("owed").count() == audits.in_phase("owed").count()

    without = Person.objects.create(name="Nobody", email="nobody@example.org")
    assert not Audit.objects.reported_to(without, on=TODAY).compiled_once().exists()
    assert {len(keys) for keys in seen.values()} == {0, 2}


def test_the_condition_is_asked_anew_by_each_statement_and_lists_no_rows(council):
    audits = Audit.objects.reported_to(council.quinn, on=TODAY).filter(state="drafted").compiled_once()
    first = audits.count()
    Audit.objects.filter(state="drafted").update(state="allocated", phase="owed")

    with CaptureQueriesContext(connection) as asked:
        second = audits.count()

    assert (first, second) == (1, 0)
    assert asked.captured_queries[0]["sql"].count("SELECT") > 1


def test_a_post_that_ended_shows_nothing_to_the_next_page(council):
    assert Audit.objects.reported_to(council.quinn, on=TODAY).compiled_once().count() == 2

    Post.objects.filter(person=council.quinn).delete()

    assert Audit.objects.reported_to(council.quinn, on=TODAY).compiled_once().count() == 0
