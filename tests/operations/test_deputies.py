"""Leave and who stands in: notices and tasks reach the deputy too, if they may see what these are about."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from goldenthread.audits.models import Audit
from goldenthread.escalations.models import PrivateConcern
from goldenthread.escalations.operations import raise_alert, raise_private_concern
from goldenthread.ledger.models import Event
from goldenthread.people.models import Leave, Person
from goldenthread.people.operations.leave import name_deputy
from goldenthread.rules.notices import GROUPS
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.models import Notice, Task
from goldenthread.tasks.operations import choose_notices, write_notices
from goldenthread.tasks.queries import stand_ins
from goldenthread.web.tasks.delivery import deliver
from goldenthread.web.tasks.deputies import owed_by_people_away, tell_deputies
from tests.make import make_audit, make_council, make_person, make_post, moment

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def council():
    return make_council()


@pytest.fixture
def audit(council):
    audit = make_audit(council)
    Notice.objects.all().delete()
    return audit


def away(person, deputy=None, days=3):
    return Leave.objects.create(
        person=person, starts_on=TODAY, ends_on=TODAY + timedelta(days=days), deputy=deputy
    )


def write(person, audit, *, kind="audit", urgent=False, key="one"):
    write_notices(
        pack=None,
        notice=("To do", "See {link}"),
        about=(kind, audit.public_id),
        path=f"/audits/{audit.public_id}/",
        people=[person],
        values={},
        at=timezone.now() - timedelta(seconds=1),
        key=key,
        urgent=urgent,
    )


def mailed():
    return Counter(address for message in mail.outbox for address in message.to)


def test_a_notice_in_leave_goes_to_the_deputy_at_once_and_to_the_person_when_back(council, audit):
    away(council.ada, council.theo)
    write(council.ada, audit)

    deliver()
    deliver()

    assert mailed() == {council.theo.email: 1}
    assert "you stand in for somebody who is on leave" in mail.outbox[0].body
    assert f"/audits/{audit.public_id}/" in mail.outbox[0].body
    assert council.ada.name not in mail.outbox[0].body + mail.outbox[0].subject
    assert Notice.objects.get(to=council.ada).held == "leave"
    Leave.objects.all().delete()
    Notice.objects.update(not_before=None, held="")
    deliver()
    assert mailed() == {council.theo.email: 1, council.ada.email: 1}


def test_a_deputy_who_may_not_see_the_thing_gets_nothing_and_sees_no_more(council, audit):
    away(council.ada, council.sam)
    write(council.ada, audit)

    deliver()

    assert not mailed()
    assert not Notice.objects.filter(to=council.sam).exists()
    assert not Audit.objects.visible_to(council.sam, on=TODAY).exists()
    assert owed_by_people_away(council.sam, on=TODAY) == []


def test_permission_is_asked_when_it_is_delivered(council, audit):
    away(council.ada, council.sam)
    write(council.ada, audit)
    deliver()
    make_post(council.sam, "team manager", council.team)

    deliver()

    assert mailed() == {council.sam.email: 1}


def test_an_alert_reaches_the_person_on_leave_and_the_deputy_whatever_both_chose(council, audit):
    all_day = (time(0), time(23, 59))
    for person in (council.theo, council.hana):
        choose_notices(person, digest=list(GROUPS), quiet=all_day, by=person, at=timezone.now())
    away(council.theo, council.hana)
    raise_alert(audit=audit, concern="Bruises", by=council.ada, at=timezone.now() - timedelta(seconds=1))

    deliver()

    assert mailed()[council.theo.email] == 1
    assert mailed()[council.hana.email] >= 1
    copy = Notice.objects.get(instead_of__to=council.theo)
    assert (copy.to, copy.urgent, copy.held) == (council.hana, True, "")


def test_a_private_concern_is_no_deputys_business(council):
    audit = make_audit(council, "final")
    raise_private_concern(audit, concerns=council.priya, concern="Copied", by=council.ada, at=timezone.now())
    concern = PrivateConcern.objects.get()
    reader = Person.objects.filter(notices__about_id=concern.public_id).first()
    away(reader, council.quality_manager)

    tell_deputies(at=timezone.now())

    assert not Notice.objects.filter(to=council.quality_manager, about_id=concern.public_id).exists()


@pytest.mark.parametrize("kind", ["late work", "private concern", "tasks", "return", "nonsense"])
def test_what_is_meant_for_one_alone_is_not_copied(council, audit, kind):
    away(council.ada, council.theo)
    write(council.ada, audit, kind=kind)

    assert tell_deputies(at=timezone.now()) == 0


def test_whoever_is_not_on_leave_has_no_deputy(council, audit):
    Leave.objects.create(
        person=council.ada,
        starts_on=TODAY + timedelta(days=1),
        ends_on=TODAY + timedelta(days=2),
        deputy=council.theo,
    )
    write(council.ada, audit)

    deliver()

    assert mailed() == {council.ada.email: 1}
    assert owed_by_people_away(council.theo, on=TODAY) == []


def test_a_deputy_on_leave_has_it_when_back_and_nobody_hears_in_their_stead(council, audit):
    away(council.ada, council.theo)
    away(council.theo, council.hana)
    write(council.ada, audit)

    deliver()
    deliver()

    assert not mailed()
    assert Notice.objects.get(to=council.theo).held == "leave"
    assert not Notice.objects.filter(to=council.hana).exists()


@pytest.mark.parametrize("has_left", [False, True])
def test_where_nobody_who_is_here_is_named_the_framework_says_who_steps_in(council, has_left):
    """The head of service steps in for a team manager, also where the deputy that they named has left."""
    deputy = make_person("Gone", is_active=False) if has_left else None
    audit = make_audit(council)
    Notice.objects.all().delete()
    raise_alert(audit=audit, concern="Bruises", by=council.ada, at=timezone.now() - timedelta(seconds=1))
    Notice.objects.filter(to=council.hana).delete()
    away(council.theo, deputy)
    task = Task.objects.open().get(about_kind="alert", role="team manager")

    deliver()

    assert stand_ins(council.theo, [task], on=TODAY) == [council.hana]
    assert mailed()[council.theo.email] == mailed()[council.hana.email] == 1


def test_the_deputy_sees_what_falls_within_the_leave_and_the_person_still_owes_it(council, audit):
    task = Task.objects.open().get(person=council.ada)
    away(council.ada, council.theo)
    for due, is_shown in ((3, True), (-5, True), (4, False)):
        Task.objects.update(
            due_at=datetime.combine(TODAY + timedelta(days=due), time(12), ZoneInfo("Europe/London"))
        )
        assert (owed_by_people_away(council.theo, on=TODAY) == [task]) is is_shown

    task.refresh_from_db()
    assert task.person == council.ada
    assert not Task.objects.open().owed_by(council.theo, on=TODAY).filter(pk=task.pk).exists()


def test_naming_is_one_event_and_the_same_again_is_none(council):
    leave, before = away(council.ada), Event.objects.count()

    name_deputy(leave, council.theo, by=council.ada, at=timezone.now())
    name_deputy(leave, council.theo, by=council.ada, at=timezone.now())
    name_deputy(leave, None, by=council.ada, at=timezone.now())

    assert Event.objects.filter(what="person.name_deputy").count() == Event.objects.count() - before == 2
    leave.refresh_from_db()
    assert leave.deputy is None


@pytest.mark.parametrize(
    ("by", "deputy", "sentence"),
    [
        ("theo", "hana", "Only you name"),
        ("ada", "ada", "stand in for yourself"),
        ("ada", "gone", "no longer here"),
        ("ada", "outside", "no longer here"),
    ],
)
def test_a_deputy_who_cannot_be_is_refused(council, by, deputy, sentence):
    council.gone = make_person("Gone", is_active=False)
    council.outside = make_person("Outside", is_outside=True)
    leave = away(council.ada)

    with pytest.raises(Refused, match=sentence):
        name_deputy(leave, getattr(council, deputy), by=getattr(council, by), at=timezone.now())
    leave.refresh_from_db()
    assert leave.deputy is None


def test_leave_that_is_over_has_no_deputy_to_name(council):
    leave = Leave.objects.create(person=council.ada, starts_on=date(2020, 1, 1), ends_on=date(2020, 1, 2))

    with pytest.raises(Refused, match="over"):
        name_deputy(leave, council.theo, by=council.ada, at=moment())


def test_the_database_knows_that_nobody_stands_in_for_themselves(council):
    with pytest.raises(IntegrityError), transaction.atomic():
        away(council.ada, council.ada)
