"""What posts grant as conditions: the same rows as by the long way, which asks every grant of every row."""

from datetime import date, timedelta
from random import Random

import pytest
from django.db.models import Exists, OuterRef, Q

from goldenthread.audits.models import Audit
from goldenthread.caseload.models import Subject, Work
from goldenthread.frameworks.grants import granted, holding
from goldenthread.frameworks.models import Framework, Grant, Version
from goldenthread.people.models import Placement, Post, Reach, Unit, on_date
from goldenthread.people.operations.organisation import rebuild_reach
from goldenthread.tasks.models import Task
from tests.make import make_audit, make_council, make_person, moment, publish_pack

ON = date(2026, 11, 2)
KINDS = ("team manager", "quality officer", "head of service", "practitioner")
PERMISSIONS = ("see audits", "see staff files", "see reports")

pytestmark = pytest.mark.django_db


def by_the_long_way(permission, person, on):
    """The permission's rule, word by word: the row's own version grants it to a post held where it counts."""
    held = Post.objects.filter(person=person, kind=OuterRef("post")).on(on)
    over = Reach.objects.filter(above=OuterRef("unit"), unit=OuterRef(OuterRef(OuterRef("unit"))))
    here = held.filter(Exists(over.filter(on_date(on))))
    grants = Grant.objects.filter(version=OuterRef("version"), permission=permission)
    return Exists(grants.filter(Q(Exists(held), scope="anywhere") | Q(Exists(here), scope="unit")))


def by_the_newest(permission, person, on):
    """The same of a worker's team, by what the newest version of each framework grants."""
    later = Version.objects.filter(
        framework=OuterRef("version__framework"), number__gt=OuterRef("version__number")
    )
    now = Grant.objects.filter(~Exists(later), permission=permission, post=OuterRef("kind"))
    held = Post.objects.filter(person=person).on(on)
    over = Reach.objects.filter(above=OuterRef("unit"), unit=OuterRef(OuterRef("unit"))).filter(on_date(on))
    return Q(Exists(held.filter(Exists(now.filter(scope="anywhere"))))) | Q(
        Exists(held.filter(Exists(now.filter(scope="unit")), Exists(over)))
    )


def owed_the_long_way(person, on):
    """What a person owes, word by word: by name, or by a post held over the task's unit, or anywhere."""
    held = Post.objects.filter(person=person, kind=OuterRef("post")).on(on)
    over = Reach.objects.filter(above=OuterRef("unit"), unit=OuterRef(OuterRef("unit"))).filter(on_date(on))
    anywhere, here = Q(Exists(held), unit=None), Q(Exists(held.filter(Exists(over))), unit__isnull=False)
    return Q(person=person) | Q(person=None) & (anywhere | here)


def _dates(random):
    """From when to when something holds, around the day."""
    begun = ON + timedelta(days=random.choice([-400, -30, -1, 0, 1]))
    return {"starts_on": begun, "ends_on": random.choice([None, begun, begun + timedelta(days=30)])}


def _make_units(random):
    units = [
        Unit.objects.create(name=f"U{number}", kind="team", starts_on=date(2020, 1, 1)) for number in range(8)
    ]
    for number in range(1, 8):
        Placement.objects.create(unit=units[number], parent=units[random.randrange(number)], **_dates(random))
    rebuild_reach()
    return units


def _make_versions(random):
    frameworks = [Framework.objects.create(key=key, title=key) for key in ("one", "two")]
    versions = [
        Version.objects.create(
            framework=framework,
            number=number,
            document="",
            sha256=f"{framework.key}{number}",
            effective_on=ON,
            published_at=moment(),
        )
        for framework in frameworks
        for number in (1, 2)
    ]
    Grant.objects.bulk_create(
        Grant(
            version=version, role=kind, post=kind, scope=random.choice(["unit", "anywhere"]), permission=may
        )
        for version in versions
        for kind in KINDS
        for may in PERMISSIONS
        if random.random() < 0.4
    )
    return versions


def _make_rows(random, audit, units, versions):
    """Audits and work in the units, made from one real audit."""
    for number in range(30):
        audit.pk, audit.public_id, audit.number, audit.cycle = None, f"a{number}", f"a{number}", f"c{number}"
        audit.unit, audit.version = random.choice(units), random.choice(versions)
        audit.save(force_insert=True)
        subject = Subject.objects.create(reference=f"S{number}", about_staff=random.random() < 0.3)
        Work.objects.create(subject=subject, unit=random.choice(units), basis="column", **_dates(random))
        Task.objects.create(
            kind="check",
            about_id=f"t{number}",
            post=random.choice(KINDS),
            unit=random.choice([None, *units]),
            person=random.choice([None, None, audit.auditor]),
            started_at=moment(),
            due_at=moment(),
        )


@pytest.mark.parametrize("seed", range(3))
def test_a_condition_lets_each_person_see_the_rows_that_the_rule_says_and_no_others(seed):
    random, audit = Random(seed), make_audit(make_council())
    units, versions = _make_units(random), _make_versions(random)
    _make_rows(random, audit, units, versions)
    seen = set()

    for number in range(8):
        person = make_person(f"P{number}")
        for _ in range(random.randrange(4)):
            begun, until = ON - timedelta(days=random.randrange(2, 400)), random.choice([None, -1, 10])
            Post.objects.get_or_create(
                person=person,
                kind=random.choice(KINDS),
                unit=random.choice(units),
                starts_on=begun,
                ends_on=ON + timedelta(days=until) if until else None,
            )
        for on in (ON, ON + timedelta(days=20)):
            owed = set(Task.objects.owed_by(person, on=on).values_list("pk", flat=True))
            long = Task.objects.filter(owed_the_long_way(person, on))
            assert owed == set(long.values_list("pk", flat=True))
            seen.add((Task, bool(owed), False))
        for may, on in ((may, on) for may in PERMISSIONS for on in (ON, ON + timedelta(days=20))):
            for rows, short, long in (
                (Audit, granted(may, person, on), by_the_long_way(may, person, on)),
                (Work, holding(person, on).rows_now(may), by_the_newest(may, person, on)),
            ):
                found = set(rows.objects.filter(short).values_list("pk", flat=True))
                assert found == set(rows.objects.filter(long).values_list("pk", flat=True))
                seen.add((rows, bool(found), len(found) == rows.objects.count()))

    assert {(rows, some, False) for rows in (Audit, Work, Task) for some in (True, False)} <= seen


def test_what_posts_grant_is_asked_once_in_a_request_and_anew_everywhere_else(django_assert_num_queries):
    publish_pack()
    council = make_council()

    with django_assert_num_queries(2):
        assert holding(council.theo, ON) == holding(council.theo, ON)

    council.theo.worked_out = {}
    with django_assert_num_queries(1):
        assert holding(council.theo, ON) is holding(council.theo, ON)


def test_a_post_that_has_ended_grants_nothing_to_the_next_request(client):
    publish_pack()
    council = make_council()
    client.force_login(council.quinn)
    assert client.get("/reports/").status_code == 200

    Post.objects.filter(person=council.quinn).update(ends_on=date(2020, 1, 2))

    assert client.get("/reports/").status_code == 403
