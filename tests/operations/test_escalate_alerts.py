"""A safety alert moves up by itself until somebody resolves it, whatever stands still meanwhile (WF-20)."""

import contextlib
from datetime import timedelta

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given
from hypothesis import settings as trials
from hypothesis import strategies as st

from goldenthread.escalations.models import Alert
from goldenthread.escalations.operations import TO_READ, answer_alert, escalate_alerts, raise_alert
from goldenthread.ledger.models import Event
from goldenthread.people.models import Leave, Post
from goldenthread.rules.documents import read_document, write_document
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.models import Notice, Task
from tests.make import PACK, make_council, make_person, make_post, make_subject, moment, publish_pack

AT = moment("2026-11-02T10:00")
DUE = moment("2026-11-09T23:59:59")
LATE = moment("2026-11-10T00:01")
LATER = timedelta(days=8)
STAGES = ("team manager", "head of service", "assistant director", "director")

pytestmark = pytest.mark.django_db


@pytest.fixture
def council():
    council = make_council()
    publish_pack()
    council.subject = make_subject("C-1", unit=council.team, practitioner=council.priya)
    council.asha = make_person("Asha")
    make_post(council.asha, "assistant director", council.organisation)
    council.dan = make_person("Dan")
    make_post(council.dan, "director", council.organisation)
    return council


@pytest.fixture
def alert(council):
    return raise_alert(subject=council.subject, concern="Bruises", by=council.priya, at=AT)


def stages(alert):
    return [(stage.role, stage.outcome) for stage in alert.stages.order_by("number")]


def owing(person, at=AT):
    return Task.objects.open().owed_by(person, on=at.date())


def leave(person, first, last):
    Leave.objects.create(person=person, starts_on=first, ends_on=last)


def test_an_answer_that_does_not_resolve_it_begins_the_next_stage(council, alert):
    answer_alert(alert, said="We disagree about the risk.", resolved=False, by=council.theo, at=AT)

    assert stages(alert) == [("team manager", "not resolved"), ("head of service", "")]
    assert owing(council.hana).get().due_at == DUE
    assert not owing(council.theo).exists()
    assert Notice.objects.filter(to=council.hana, urgent=True).exists()
    assert Notice.objects.filter(to=council.priya, subject__contains="goes on").count() == 1
    assert Alert.objects.waiting().filter(pk=alert.pk).exists()


def test_silence_moves_it_up_once_the_time_has_run_out_and_not_before(council, alert):
    assert escalate_alerts(at=DUE) == 0

    assert escalate_alerts(at=LATE) == 1

    assert stages(alert) == [("team manager", "no answer"), ("head of service", "")]
    assert owing(council.hana).get().due_at == moment("2026-11-17T23:59:59")
    assert Event.objects.get(what="alert.escalate").about_id == alert.public_id
    assert Notice.objects.filter(to=council.priya, subject__contains="no answer in time").count() == 1


def test_who_is_to_read_it_keeps_the_same_task_when_it_moves_up(council, alert):
    before = owing(council.quinn).get()

    escalate_alerts(at=LATE)

    assert owing(council.quinn, LATE).get() == before


def test_moving_up_twice_moves_it_once(council, alert):
    assert [escalate_alerts(at=LATE), escalate_alerts(at=LATE)] == [1, 0]

    assert Event.objects.filter(what="alert.escalate").count() == 1
    assert Notice.objects.filter(to=council.hana).count() == 1


def test_after_the_system_stood_still_each_stage_still_has_its_full_time(council, alert):
    back = AT + 10 * LATER

    assert [escalate_alerts(at=back), escalate_alerts(at=back)] == [1, 0]

    assert owing(council.hana, back).get().due_at > back + timedelta(days=4)


def test_silence_all_the_way_ends_with_the_director_and_the_administrators(council, alert):
    at = AT
    for _ in range(6):
        at += LATER
        escalate_alerts(at=at)

    assert [role for role, _ in stages(alert)] == list(STAGES)
    assert stages(alert)[-1] == ("director", "")
    assert alert.stages.get(number=4).silent_at
    assert owing(council.administrator).exists()
    assert Event.objects.filter(what="alert.escalate").count() == 4
    assert escalate_alerts(at=at + LATER) == 0


def test_the_last_answer_is_final(council, alert):
    for by in (council.theo, council.hana, council.asha):
        answer_alert(alert, said="Not agreed.", resolved=False, by=by, at=AT)

    with pytest.raises(Refused, match="final"):
        answer_alert(alert, said="Not agreed.", resolved=False, by=council.dan, at=AT)
    answer_alert(alert, said="The placement ends today.", resolved=True, by=council.dan, at=AT)

    alert.refresh_from_db()
    assert (alert.resolved_by, alert.outcome) == (council.dan, "The placement ends today.")
    assert not Task.objects.open().exists()


@pytest.mark.parametrize("silent", range(4))
def test_it_can_be_resolved_at_any_stage_and_stays_resolved(council, alert, silent):
    at = AT
    for _ in range(silent):
        at += LATER
        escalate_alerts(at=at)

    answer_alert(alert, said="Seen; safe.", resolved=True, by=council.theo, at=at)

    assert stages(alert)[-1] == (STAGES[silent], "resolved")
    assert not Task.objects.open().exists()
    assert escalate_alerts(at=at + 9 * LATER) == 0


def test_a_manager_who_is_away_until_it_is_due_is_stepped_in_for_at_once(council):
    leave(council.theo, AT.date(), DUE.date())

    raise_alert(subject=council.subject, concern="Bruises", by=council.priya, at=AT)

    assert owing(council.hana).count() == 1
    assert owing(council.theo).count() == 1
    assert Notice.objects.filter(to=council.hana, urgent=True).exists()


def test_a_manager_who_is_back_before_it_is_due_is_not_stepped_in_for(council):
    leave(council.theo, AT.date(), AT.date() + timedelta(days=2))

    raise_alert(subject=council.subject, concern="Bruises", by=council.priya, at=AT)

    assert not owing(council.hana).exists()


def test_where_one_of_two_managers_is_there_nobody_steps_in(council):
    make_post(make_person("Tess"), "team manager", council.team)
    leave(council.theo, AT.date(), DUE.date())

    raise_alert(subject=council.subject, concern="Bruises", by=council.priya, at=AT)

    assert not owing(council.hana).exists()


@pytest.mark.parametrize("why", ["away", "vacant"])
def test_who_stepped_in_at_one_stage_has_the_full_time_of_their_own(council, why):
    if why == "away":
        leave(council.theo, AT.date(), DUE.date())
    else:
        Post.objects.filter(person=council.theo).delete()
    alert = raise_alert(subject=council.subject, concern="Bruises", by=council.priya, at=AT)

    moved = [escalate_alerts(at=LATE), escalate_alerts(at=LATE + timedelta(minutes=1))]

    assert moved == [1, 0]
    assert stages(alert) == [("team manager", "no answer"), ("head of service", "")]
    assert owing(council.hana, LATE).get().due_at == moment("2026-11-17T23:59:59")
    assert alert.stages.get(number=1).task.due_at == DUE


def test_who_only_had_to_read_it_is_asked_to_answer_at_their_own_stage(council):
    data = read_document(PACK.read_text()).data
    data["concern"]["rungs"][0]["tells"] = ["head of service"]
    publish_pack(document=write_document(data))
    raise_alert(subject=council.subject, concern="Bruises", by=council.priya, at=AT)

    escalate_alerts(at=LATE)

    asked = owing(council.hana, LATE).get()
    assert asked.title != TO_READ
    assert asked.due_at == moment("2026-11-17T23:59:59")


def test_an_alert_that_reaches_nobody_keeps_no_other_from_moving_up(council, alert):
    data = read_document(PACK.read_text()).data
    data["roles"]["nobody"] = {"title": "Nobody", "people": ["none"]}
    data["concern"]["rungs"][1] = {"role": "nobody", "clock": "answer an alert"}
    publish_pack(document=write_document(data))
    lost = raise_alert(subject=council.subject, concern="A fall", by=council.priya, at=AT)
    Alert.objects.filter(pk=alert.pk).update(version=lost.version)
    Alert.objects.filter(pk=lost.pk).update(version=alert.version)
    type(council.administrator).objects.update(is_administrator=False)

    assert escalate_alerts(at=LATE) == 1

    assert stages(alert) == [("team manager", "")]
    assert stages(lost) == [("team manager", "no answer"), ("head of service", "")]


def test_where_the_next_post_is_vacant_whoever_steps_in_is_asked(council, alert):
    Post.objects.filter(person=council.hana).delete()

    escalate_alerts(at=LATE)

    assert owing(council.asha, LATE).count() == 1


def test_nothing_is_written_if_the_event_fails(council, alert, monkeypatch):
    def fail(*given, **named):
        raise SystemExit

    monkeypatch.setattr("goldenthread.escalations.operations.alerts.record", fail)

    with pytest.raises(SystemExit):
        escalate_alerts(at=LATE)

    assert stages(alert) == [("team manager", "")]
    assert not owing(council.hana).exists()


def test_the_sweep_does_it_and_says_how_many(council, capsys, settings):
    settings.REMIND_FROM = 24
    raise_alert(subject=council.subject, concern="Bruises", by=council.priya, at=moment("2026-01-05T10:00"))

    call_command("sweep")
    call_command("sweep")

    assert capsys.readouterr().out.splitlines() == [
        "0 leavers whose access ended, 0 emergency accesses ended, 0 tasks passed on, 0 clocks paused, "
        "1 alerts moved up, 0 disputes moved on, "
        "0 audits asked for by what happened, 0 of those sent, 0 responses begun, 0 copies owed, "
        "0 discussions missed, 0 stages of late work begun, 0 people reminded",
        "0 leavers whose access ended, 0 emergency accesses ended, 0 tasks passed on, 0 clocks paused, "
        "0 alerts moved up, 0 disputes moved on, "
        "0 audits asked for by what happened, 0 of those sent, 0 responses begun, 0 copies owed, "
        "0 discussions missed, 0 stages of late work begun, 0 people reminded",
    ]


@trials(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(happened=st.lists(st.sampled_from(["silence", "not resolved", "resolved", "sweep"]), max_size=9))
def test_whatever_happens_one_stage_runs_until_an_answer_resolves_it(council, happened):
    alert = raise_alert(subject=council.subject, concern="Bruises", by=council.priya, at=AT)
    at = AT

    for what in happened:
        at += LATER if what == "silence" else timedelta(minutes=1)
        with contextlib.suppress(Refused):
            if what in ("silence", "sweep"):
                escalate_alerts(at=at)
            else:
                answer_alert(alert, said="So.", resolved=what == "resolved", by=council.theo, at=at)

    alert.refresh_from_db()
    numbers = list(alert.stages.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert alert.stages.running().count() == (0 if alert.resolved_at else 1)
    assert alert.stages.filter(outcome="resolved").count() == (1 if alert.resolved_at else 0)
    assert Task.objects.open().about("alert", alert.public_id).exists() is (alert.resolved_at is None)
