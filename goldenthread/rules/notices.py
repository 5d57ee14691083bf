"""When a notice may go out: at once, with the day's digest, after somebody's quiet hours or their leave.

What is urgent, such as a safety alert, never waits for any of these.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from goldenthread.rules.clocks import LONDON

GROUPS: dict[str, tuple[str, ...]] = {
    "reminders": ("tasks",),
    "audits": ("audit", "return", "cycle", "nomination", "commission", "subject"),
    "follow-up": ("response", "action"),
    "disputes": ("dispute",),
    "agreements": ("agreement", "agreement item"),
    "other": (),
}
"""What people choose for, and the kinds of record whose notices belong there; all else is `other`."""

DIGEST = "the daily digest"
LEAVE = "leave"
QUIET = "quiet hours"

Quiet = tuple[time, time]
"""From when until when nothing is sent, by the clock on the wall; past midnight where it ends earlier."""


@dataclass(frozen=True)
class Choices:
    """What somebody chose: the groups that wait for the daily digest, and their quiet hours."""

    digest: frozenset[str] = frozenset()
    quiet: Quiet | None = None


@dataclass(frozen=True)
class Turn:
    """When to look at a notice again; `because` is why it waits, empty where it may go now."""

    at: datetime
    because: str = ""


def group_of(kind: str) -> str:
    """What somebody chooses for it under."""
    return next((name for name, kinds in GROUPS.items() if kind in kinds), "other")


def turn_of(
    written_at: datetime,
    now: datetime,
    *,
    choices: Choices,
    group: str,
    digest_at: time,
    away_on: date | None = None,
    urgent: bool = False,
) -> Turn:
    """Whether a notice may go now, and if not, when to look again, which is always later than now.

    `away_on` is today where the person is on leave. Leave is looked at afresh each midnight, so that
    somebody whose leave was cut short hears the next morning.
    """
    if urgent:
        return Turn(now)
    local = now.astimezone(LONDON)
    if group in choices.digest:
        digest = _next(digest_at, written_at)
        if digest > now:
            return Turn(digest, DIGEST)
    if away_on == local.date():
        return Turn(_moment(local.date() + timedelta(days=1), time.min), LEAVE)
    if choices.quiet and is_quiet(local.time(), choices.quiet):
        return Turn(_next(choices.quiet[1], now), QUIET)
    return Turn(now)


def is_quiet(clock: time, quiet: Quiet) -> bool:
    """Whether the quiet hours hold at that time of day."""
    first, last = quiet
    return first <= clock < last if first < last else clock >= first or clock < last


def quiet_hours(text: str) -> Quiet | None:
    """Quiet hours as a setting says them, such as “19:00-07:30”; nothing is none.

    Raises ValueError, with what to write, where they cannot be read.
    """
    if not text.strip():
        return None
    try:
        first, last = (time.fromisoformat(part.strip().zfill(5)) for part in text.split("-"))
    except ValueError:
        raise ValueError(f"Quiet hours are written as 19:00-07:00, not as “{text}”.") from None
    if first == last:
        raise ValueError("Quiet hours cannot last the whole day.")
    return first, last


def _next(clock: time, after: datetime) -> datetime:
    """The first moment after that one at which the clock shows this time."""
    local = after.astimezone(LONDON)
    for days in (0, 1):
        for fold in (0, 1):
            moment = _moment(local.date() + timedelta(days=days), clock, fold)
            if moment > after.astimezone(UTC):
                return moment
    return _moment(local.date() + timedelta(days=2), clock)


def _moment(day: date, clock: time, fold: int = 0) -> datetime:
    return datetime.combine(day, clock.replace(fold=fold), tzinfo=LONDON).astimezone(UTC)
