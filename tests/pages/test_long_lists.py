"""A list of thirty rows asks the database no more than one of three, and reads no framework's document."""

import copy
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from goldenthread.audits.models import Audit, Moderation, ModerationDraw
from goldenthread.caseload.models import Subject
from goldenthread.escalations.models import LateStage, LateWork
from goldenthread.governance.models import LegalHold
from goldenthread.ledger.ids import new_id
from goldenthread.programmes.models import Commission, Slot
from goldenthread.tasks.models import Notice, Task
from tests.make import (
    make_audit,
    make_council,
    make_cycle,
    make_person,
    make_post,
    make_subject,
    make_unit,
    moment,
    publish_pack,
)
from tests.operations.test_late_work import LATE, with_ladders
from tests.operations.test_moderation import World
from tests.operations.test_retention import filed, keeping

pytestmark = pytest.mark.django_db
FEW, MANY = 3, 30


@pytest.fixture
def takes_no_more(client, django_assert_max_num_queries):
    """Looks at a page with few rows and with many: it shows more, and asks no more."""

    def look(person, name, grow):
        client.force_login(person)
        grow(FEW)
        client.get(reverse(name))  # what is read once is read
        with django_assert_max_num_queries(60) as few:
            short = client.get(reverse(name)).text
        grow(MANY - FEW)
        with django_assert_max_num_queries(len(few)):
            long = client.get(reverse(name)).text
        assert len(long) > len(short) + (MANY - FEW) * 100
        assert not [one["sql"] for one in few.captured_queries if '_version"."document"' in one["sql"]]

    return look


def another(audit, number):
    """The audit once more, of another case and by another auditor, without its history."""
    found = copy.copy(audit)
    found.pk, found.public_id, found._state.adding = None, new_id(), True
    found.number, found.auditor = f"2026-11/{number}", make_person(f"Auditor {number}")
    found.subject = Subject.objects.create(reference=f"MORE-{number}")
    found.save()
    return found


def counted(start=100):
    """Numbers that never come twice."""
    while True:
        start += 1
        yield start


def test_the_list_of_commissions(takes_no_more):
    council, numbers = make_council(), counted()
    version = publish_pack()
    cycle, audit = make_cycle("2026-11"), make_audit(council)

    def grow(rows):
        for number in (next(numbers) for _ in range(rows)):
            worker = make_person(f"Worker {number}")
            asked = Commission.objects.create(
                framework_key=cycle.framework_key,
                version=version,
                trigger="supervision",
                event=f"supervision:{number}",
                happened_on=date(2026, 11, 2),
                worker=worker,
                unit=make_unit(f"Team {number}", under=council.service),
                audit_type="audit",
                because="A supervision was held",
                not_before=date(2026, 11, 2),
                due_at=moment(),
                due_reason="3 weeks",
                cycle=cycle,
                placed_at=moment(),
            )
            done = another(audit, number)
            about = {"audit": done, "subject": done.subject, "auditor": done.auditor}
            about |= {"unit": council.team, "audit_type": "audit"}
            Slot.objects.create(cycle=cycle, commission=asked, because="for a test", **about)

    takes_no_more(council.quinn, "list_commissions", grow)


def test_the_list_of_subjects(takes_no_more):
    council, numbers = make_council(), counted()
    publish_pack()

    def grow(rows):
        for number in (next(numbers) for _ in range(rows)):
            worker = make_person(f"Worker {number}")
            make_post(worker, "practitioner", council.team)
            make_subject(f"CASE-{number}", unit=council.team, practitioner=worker)

    takes_no_more(council.quinn, "list_subjects", grow)


def test_the_page_of_retention(takes_no_more):
    council, numbers = make_council(), counted()
    publish_pack(document=keeping("1 day"), at=moment("2020-11-02T09:00"))
    audit = filed(council)
    Audit.objects.update(finished_at=moment("2020-11-02T09:00"))
    audit.refresh_from_db()

    def grow(rows):
        for number in (next(numbers) for _ in range(rows)):
            another(audit, number)
            kept = another(audit, number * 1000)
            LegalHold.objects.create(
                audit=kept, why="An inquiry.", placed_by=make_person(f"Placed {number}"), placed_at=moment()
            )

    takes_no_more(council.quality_manager, "show_retention", grow)


def test_the_list_of_moderation(takes_no_more):
    world, numbers = World(), counted()

    def grow(rows):
        for number in (next(numbers) for _ in range(rows)):
            drawn = ModerationDraw.objects.create(
                version=world.version,
                framework="adult-social-care",
                rule="senior moderation",
                cycle=f"{number}",
                cycle_title="October 2026",
                method="x",
                frame=b"x",
                frame_sha256="0" * 64,
                size=1,
                seed="1",
                drawn_by=world.council.quinn,
                drawn_at=moment(),
            )
            audit = another(world.audits[0], number)
            Moderation.objects.create(
                draw=drawn, audit=audit, position=1, moderator=world.asha, allocated_at=moment()
            )

    takes_no_more(world.asha, "list_moderation", grow)


def test_the_list_of_late_work(takes_no_more):
    council, numbers = make_council(), counted()
    version = publish_pack(document=with_ladders())

    def grow(rows):
        for number in (next(numbers) for _ in range(rows)):
            owed = {
                "title": "Check the audit",
                "about_kind": "audit",
                "about_label": f"Audit {number}",
                "started_at": moment(),
                "due_at": moment(),
                "reason": "for a test",
                "version": version,
                "unit": council.team,
            }
            task = Task.objects.create(
                kind="quality check", about_id=f"a{number}", person=make_person(f"Late {number}"), **owed
            )
            late = LateWork.objects.create(version=version, ladder="late checks", task=task, began_at=LATE)
            asked = Task.objects.create(kind="reply", about_id=f"b{number}", person=council.theo, **owed)
            LateStage.objects.create(late=late, number=1, role="team manager", task=asked, started_at=LATE)
            Notice.objects.create(
                key=f"{number}",
                to=council.theo,
                about_kind="late work",
                about_id=late.public_id,
                subject="x",
                path="/",
                created_at=timezone.now(),
            )

    takes_no_more(council.theo, "list_late_work", grow)
