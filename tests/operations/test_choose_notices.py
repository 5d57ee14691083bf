"""What people chose about their notices: held and then sent once each; what is urgent never waits."""

from collections import Counter
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goldenthread.ledger.models import Event
from goldenthread.people.models import Leave
from goldenthread.rules.notices import GROUPS
from goldenthread.rules.refusal import Refused
from goldenthread.tasks.models import Notice, NoticeChoices
from goldenthread.tasks.operations import (
    Habits,
    choose_notices,
    note_failure,
    note_sent,
    take_notices,
    write_notices,
)
from goldenthread.web.tasks.delivery import message_of
from tests.make import make_person

pytestmark = pytest.mark.django_db
HABITS = Habits(time(9))
NIGHT = (time(19), time(7))


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/London"))


def write(person, now, *, kind="audit", key="one", urgent=False):
    write_notices(
        pack=None,
        notice=(f"Notice {key}", "See {link}"),
        about=(kind, "abc"),
        path="/x/",
        people=[person],
        values={},
        at=now,
        key=key,
        urgent=urgent,
    )


def run(now, habits=HABITS, refuses=lambda: False):
    """What one run would mail, as bundles of keys."""
    mails = []
    while Notice.objects.to_try(now).exists():
        if taken := take_notices(waiting_since=now, at=now, habits=habits):
            if refuses():
                for notice in taken:
                    note_failure(notice, "451 later", at=now + timedelta(seconds=1))
            else:
                note_sent(taken, at=now)
                mails.append([notice.key.split(":")[0] for notice in taken])
    return mails


@pytest.fixture
def moss():
    return make_person("Moss", email="moss@example.org")


def choose(person, digest=(), quiet=None, now="2026-11-05T08:00"):
    return choose_notices(person, digest=digest, quiet=quiet, by=person, at=at(now))


def test_quiet_hours_hold_a_notice_and_say_so_until_they_end(moss):
    choose(moss, quiet=NIGHT)
    write(moss, at("2026-11-05T22:00"))

    assert run(at("2026-11-05T22:00")) == []
    held = Notice.objects.get()
    assert (held.held, held.attempts, held.not_before) == ("quiet hours", 0, at("2026-11-06T07:00"))
    assert run(at("2026-11-06T06:59")) == []
    assert run(at("2026-11-06T07:00")) == [["one"]]
    assert run(at("2026-11-06T07:01")) == []


def test_a_digest_is_one_mail_with_all_that_was_chosen_for_it(moss):
    choose(moss, digest=["audits", "disputes"])
    for key, kind in (("one", "audit"), ("two", "dispute"), ("three", "action")):
        write(moss, at("2026-11-05T10:00"), key=key, kind=kind)

    assert run(at("2026-11-05T10:00")) == [["three"]]
    assert run(at("2026-11-06T09:00")) == [["one", "two"]]


def test_the_mail_of_a_digest_holds_each_notice_with_its_link(moss):
    for key in ("one", "two"):
        write(moss, at("2026-11-05T10:00"), key=key)

    mail = message_of(list(Notice.objects.order_by("pk")))

    assert mail.subject == "Golden Thread: 2 notices of today"
    assert mail.body.count("http://localhost:8000/x/") == 2
    assert "Notice one" in mail.body
    assert "Notice two" in mail.body


def test_leave_holds_until_the_person_is_back(moss):
    Leave.objects.create(person=moss, starts_on=date(2026, 11, 5), ends_on=date(2026, 11, 6))
    write(moss, at("2026-11-05T10:00"))

    assert [run(at(f"2026-11-0{day}T00:00")) for day in (5, 6, 7)] == [[], [], [["one"]]]


def test_an_urgent_notice_waits_for_nothing(moss):
    choose(moss, digest=list(GROUPS), quiet=NIGHT)
    Leave.objects.create(person=moss, starts_on=date(2026, 11, 5), ends_on=date(2026, 11, 6))
    write(moss, at("2026-11-05T23:00"), key="usual")
    write(moss, at("2026-11-05T23:00"), key="alert", kind="alert", urgent=True)

    assert run(at("2026-11-05T23:00")) == [["alert"]]


def test_an_urgent_notice_is_a_mail_of_its_own_also_when_the_digest_goes(moss):
    choose(moss, digest=list(GROUPS))
    write(moss, at("2026-11-05T10:00"), key="usual", kind="person")
    run(at("2026-11-05T10:00"))
    write(moss, at("2026-11-06T09:00"), key="alert", kind="alert", urgent=True)

    assert run(at("2026-11-06T09:00")) == [["alert"], ["usual"]]


def test_choosing_again_frees_what_waits(moss):
    choose(moss, digest=["audits"])
    write(moss, at("2026-11-05T10:00"))
    assert run(at("2026-11-05T10:00")) == []

    choose(moss, now="2026-11-05T11:00")

    assert run(at("2026-11-05T11:00")) == [["one"]]


def test_whoever_chose_nothing_has_the_quiet_hours_of_the_organisation(moss):
    write(moss, at("2026-11-05T22:00"))

    assert run(at("2026-11-05T22:00"), Habits(time(9), NIGHT)) == []
    choose(moss)
    assert run(at("2026-11-05T22:01"), Habits(time(9), NIGHT)) == [["one"]]


def test_choosing_is_one_event_and_the_same_again_is_none(moss):
    before = Event.objects.count()

    choose(moss, digest=["audits", "no such group"], quiet=NIGHT)
    choose(moss, digest=["audits"], quiet=NIGHT)

    assert Event.objects.count() == before + 1
    assert NoticeChoices.objects.get().digest == ["audits"]


def test_nobody_chooses_for_somebody_else(moss):
    with pytest.raises(Refused, match="Only you choose"):
        choose_notices(moss, digest=[], quiet=None, by=make_person("Nell"), at=at("2026-11-05T10:00"))


def test_quiet_hours_do_not_last_the_whole_day(moss):
    with pytest.raises(Refused, match="whole day"):
        choose(moss, quiet=(time(7), time(7)))


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.integers(1, 40)),
        st.tuples(
            st.just("choose"),
            st.tuples(
                st.frozensets(st.sampled_from(list(GROUPS))),
                st.sampled_from([None, NIGHT, (time(9), time(17))]),
            ),
        ),
        st.tuples(st.just("write"), st.tuples(st.sampled_from(["audit", "dispute", "alert"]), st.booleans())),
        st.tuples(st.just("leave"), st.integers(0, 3)),
        st.tuples(st.just("refuse"), st.just(0)),
    ),
    max_size=14,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_whatever_people_choose_and_clocks_do_each_notice_goes_out_exactly_once(moss, steps):
    """Any sequence of clock moves, choices, leave and refusals; alerts go at once."""
    now, sent, written, refusing = at("2026-11-05T08:00"), Counter(), 0, [False]
    for model in (Notice, NoticeChoices, Leave):
        model.objects.all().delete()
    for step, what in steps:
        if step == "wait":
            now += timedelta(hours=what)
        elif step == "choose":
            choose_notices(moss, digest=what[0], quiet=what[1], by=moss, at=now)
        elif step == "leave":
            day = now.date()
            Leave.objects.get_or_create(
                person=moss, starts_on=day, defaults={"ends_on": day + timedelta(days=what)}
            )
        elif step == "refuse":
            refusing = [True]
        else:
            kind, urgent = what
            write(moss, now, kind=kind, key=f"n{written}", urgent=urgent or kind == "alert")
            written += 1
        mails = run(now, refuses=lambda refusing=refusing: refusing.pop() if refusing else False)
        sent.update(key for mail in mails for key in mail)
        refusing = refusing or []
        assert not Notice.objects.waiting().filter(urgent=True, attempts=0).exists()
    for _ in range(30):
        now += timedelta(hours=12, minutes=7)
        sent.update(key for mail in run(now) for key in mail)

    assert sent == {f"n{number}": 1 for number in range(written)}
    assert not Notice.objects.waiting().exists()
