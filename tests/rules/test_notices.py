"""When a notice may go out: quiet hours, digest, leave; and what is urgent, which never waits."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenthread.rules.notices import GROUPS, Choices, group_of, is_quiet, quiet_hours, turn_of

LONDON = ZoneInfo("Europe/London")


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


NIGHT = Choices(quiet=(time(19), time(7)))
DAILY = Choices(digest=frozenset({"audits"}))


@pytest.mark.parametrize(
    ("now", "choices", "away", "turn", "because"),
    [
        ("2026-11-05T10:00", Choices(), False, "2026-11-05T10:00", ""),
        ("2026-11-05T20:00", NIGHT, False, "2026-11-06T07:00", "quiet hours"),
        ("2026-11-06T06:59", NIGHT, False, "2026-11-06T07:00", "quiet hours"),
        ("2026-11-06T07:00", NIGHT, False, "2026-11-06T07:00", ""),
        ("2026-11-05T18:59", NIGHT, False, "2026-11-05T18:59", ""),
        ("2026-11-05T10:30", DAILY, False, "2026-11-06T09:00", "the daily digest"),
        ("2026-11-06T09:00", DAILY, False, "2026-11-06T09:00", ""),
        ("2026-11-05T12:00", Choices(), True, "2026-11-06T00:00", "leave"),
        # the clocks go back, and forward
        ("2026-10-24T23:00", NIGHT, False, "2026-10-25T07:00", "quiet hours"),
        ("2027-03-27T23:00", NIGHT, False, "2027-03-28T07:00", "quiet hours"),
        ("2027-03-27T12:00", Choices(), True, "2027-03-28T00:00", "leave"),
    ],
)
def test_when_a_notice_may_go(now, choices, away, turn, because):
    found = turn_of(
        at("2026-11-05T10:00"),
        at(now),
        choices=choices,
        group="audits",
        digest_at=time(9),
        away_on=at(now).date() if away else None,
    )

    assert (found.at.astimezone(UTC), found.because) == (at(turn).astimezone(UTC), because)


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))
CLOCKS = st.times().map(lambda clock: clock.replace(microsecond=0))
QUIETS = st.none() | st.tuples(CLOCKS, CLOCKS).filter(lambda pair: pair[0] != pair[1])
CHOICES = st.builds(Choices, st.frozensets(st.sampled_from(list(GROUPS))), QUIETS)


@given(MOMENTS, CHOICES, st.sampled_from(list(GROUPS)), CLOCKS, st.booleans())
def test_what_waits_goes_within_two_days_and_looks_again_later_each_time(
    written, choices, group, digest_at, urgent
):
    """However somebody chooses, a notice goes within days, and an urgent one at once."""
    now, looks = written, 0
    while True:
        turn = turn_of(written, now, choices=choices, group=group, digest_at=digest_at, urgent=urgent)
        if not turn.because:
            break
        assert turn.at > now
        now, looks = turn.at, looks + 1
        assert looks < 5
    assert turn.at == now
    assert now - written < timedelta(days=2, hours=2)
    assert not urgent or now == written


@given(MOMENTS, CHOICES, CLOCKS)
def test_leave_and_quiet_hours_hold_nothing_urgent(now, choices, digest_at):
    away = now.astimezone(LONDON).date()
    urgent = turn_of(now, now, choices=choices, group="other", digest_at=digest_at, away_on=away, urgent=True)
    usual = turn_of(now, now, choices=choices, group="other", digest_at=digest_at, away_on=away)

    assert not urgent.because
    assert usual.because


@given(MOMENTS, QUIETS.filter(bool))
def test_nothing_usual_goes_out_in_quiet_hours(now, quiet):
    turn = turn_of(now, now, choices=Choices(quiet=quiet), group="other", digest_at=time(9))

    assert bool(turn.because) == is_quiet(now.astimezone(LONDON).time(), quiet)


@pytest.mark.parametrize(
    ("text", "quiet"),
    [("", None), ("19:00-07:30", (time(19), time(7, 30))), (" 9:00 - 17:00", (time(9), time(17)))],
)
def test_quiet_hours_of_a_setting(text, quiet):
    assert quiet_hours(text) == quiet


@pytest.mark.parametrize("text", ["19", "19:00", "25:00-07:00", "07:00-07:00", "night"])
def test_quiet_hours_that_cannot_be_are_refused_in_words(text):
    with pytest.raises(ValueError, match="Quiet hours"):
        quiet_hours(text)


def test_every_kind_belongs_to_one_group():
    kinds = [kind for group in GROUPS.values() for kind in group]

    assert len(kinds) == len(set(kinds))
    assert group_of("dispute") == "disputes"
    assert group_of("something new") == "other"
