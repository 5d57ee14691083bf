"""Months of made-up audits in the order in which they would have happened, each by its real operation."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from random import Random

from goldenthread.audits.models import Audit
from goldenthread.people.models import Person
from goldenthread.people.queries import organisation_calendar
from goldenthread.programmes.models import Cycle
from goldenthread.programmes.operations.allocation import allocate, drop_slot
from goldenthread.programmes.operations.draws import draw, freeze_frame
from goldenthread.programmes.operations.reaudits import place_reaudits
from goldenthread.programmes.operations.sending import send_cycle
from goldenthread.programmes.operations.year import set_theme
from goldenthread.programmes.queries.year import slots_of
from goldenthread.rules.calendars import Calendar
from goldenthread.rules.solver import fill
from goldenthread.web.demo import alerting, auditing, following
from goldenthread.web.demo.auditing import Plan
from goldenthread.web.demo.calibration import BEST_FIRST, Setting, overall_grades
from goldenthread.web.demo.council import ACCREDITED, PRACTITIONERS
from goldenthread.web.demo.following import moment

THEMES = ("Mental capacity and best interests", "Carers", "Moves between services", "Safeguarding enquiries")
ROUTINE, REAUDIT = "audit", "re-audit"
MISSING, RETURNED, LATE = 0.09, 0.15, 0.07


@dataclass
class History:
    """A queue of what happens when; what is due after `until` stays undone.

    `together` saves the answers and grades of a sitting at once; without it each is an operation.
    """

    random: Random
    until: datetime
    team_out_of_line: str
    harsher: str
    quality_officer: Person
    months: int
    together: bool = True
    _queue: list[tuple[datetime, int, Callable[[datetime], None]]] = field(default_factory=list)
    _order: count = field(default_factory=count)
    _sweeps: set[datetime] = field(default_factory=set)

    def at(self, moment: datetime, happen: Callable[[datetime], None]) -> None:
        """Let something happen at a moment."""
        heapq.heappush(self._queue, (moment, next(self._order), happen))

    def sweep_at(self, moment: datetime) -> None:
        """Let the clock move at a moment what it moves by itself, once however many wait for it."""
        if moment not in self._sweeps:
            self._sweeps.add(moment)
            self.at(moment, following.sweep)

    def run(self) -> None:
        """Everything up to now, in order."""
        while self._queue and self._queue[0][0] <= self.until:
            moment, _, happen = heapq.heappop(self._queue)
            happen(moment)


def plan_month(history: History, cycle: Cycle, place: int) -> None:
    """Let a cycle begin on its first day; `place` counts the months of the history from 0."""
    history.at(moment(cycle.opens_on, 9), lambda at: _begin(history, cycle, place, at))


def _begin(history: History, cycle: Cycle, place: int, at: datetime) -> None:
    by = history.quality_officer
    if cycle.themed:
        set_theme(cycle, theme=THEMES[place % len(THEMES)], unit=None, by=by, at=at)
    place_reaudits(cycle, by=by, at=at)
    frozen = freeze_frame(cycle, ROUTINE, by=by, at=at + timedelta(minutes=4))
    draw(frozen, seed=f"{history.random.randrange(10**20):020}", by=by, at=at + timedelta(minutes=6))
    allocate(cycle, solve=fill, by=by, at=at + timedelta(minutes=9))
    for slot in slots_of(cycle).filter(auditor=None):
        drop_slot(slot, because="No auditor is free this month.", by=by, at=at + timedelta(minutes=12))
    audits = send_cycle(cycle, by=by, at=at + timedelta(minutes=15))
    _let_happen(history, cycle, audits, place)


def _let_happen(history: History, cycle: Cycle, audits: list[Audit], place: int) -> None:
    routine = [audit for audit in audits if audit.audit_type == ROUTINE]
    last = place == history.months - 1
    done = [audit for audit in routine if not (last and history.random.random() < MISSING)]
    just_over = last and cycle.closes_on < history.until.date()
    left = _left_undone(done) if just_over else None
    done = [audit for audit in done if audit != left]
    again = {audit: audit.previous for audit in audits if audit.previous is not None}
    waiting = next(iter([*again, *done]), None) if just_over else None
    settings = [
        Setting(audit.unit.name == history.team_out_of_line, audit.auditor.name == history.harsher)
        for audit in done
    ]
    for audit, grade in zip(
        done, overall_grades(settings, place, history.months, history.random), strict=True
    ):
        plan = Plan(grade, history.random, history.together)
        _schedule(history, cycle, audit, plan, waits=audit == waiting)
    for audit, previous in again.items():
        plan = Plan(_after(previous, history.random), history.random, history.together)
        _schedule(history, cycle, audit, plan, waits=audit == waiting)


def _left_undone(audits: list[Audit]) -> Audit | None:
    """The audit that an accredited auditor still owes, so that one can be done on whatever day it is."""
    accredited = {PRACTITIONERS[place] for place in ACCREDITED}
    return next((audit for audit in audits if audit.auditor.name in accredited), None)


def _after(previous: Audit, random: Random) -> str:
    """A re-audit's grade: most are a step better than the audit before, few are worse."""
    before = previous.judgements.get(part="overall", is_current=True, stage_order=2).grade
    turn, at = random.random(), BEST_FIRST.index(before)
    step = -1 if turn < 0.68 else 1 if turn > 0.96 else 0
    return BEST_FIRST[min(max(at + step, 0), 3)]


def _schedule(history: History, cycle: Cycle, audit: Audit, plan: Plan, *, waits: bool = False) -> None:
    """When this audit's steps are taken: over the month, most before it closes, a few late.

    One that `waits` is sent at the last moment and not checked yet, so that there is always one to check.
    """
    calendar, random = organisation_calendar(on=cycle.opens_on), history.random
    length = max(calendar.working_days_between(cycle.opens_on, cycle.closes_on), 8)
    late = random.randrange(6, 14) if random.random() < LATE else 0
    drafted = _working_day(calendar, cycle, random.randrange(2, max(length - 9, 3)))
    meeting = calendar.add_working_days(drafted, random.randrange(2, 5))
    sent = calendar.add_working_days(meeting, 1 + late)
    history.at(moment(drafted, 10, random.randrange(59)), lambda at: auditing.draft(audit, plan, at))
    history.at(
        moment(drafted, 15, random.randrange(59)),
        lambda at: auditing.arrange(audit, moment(meeting, 11), at),
    )
    history.at(moment(meeting, 12), lambda at: auditing.talk(audit, plan, at))
    alerting.may_worry(history, audit, plan.overall, drafted, calendar)
    if waits:
        yesterday = calendar.add_working_days(history.until.date(), -1)
        history.at(moment(max(yesterday, meeting), 13), lambda at: auditing.submit(audit, at))
        return
    history.at(moment(sent, 10, random.randrange(59)), lambda at: auditing.submit(audit, at))
    checked = calendar.add_working_days(sent, 1)
    officer = history.quality_officer
    if random.random() < RETURNED:
        amended = calendar.add_working_days(checked, 1)
        history.at(moment(checked, 9), lambda at: auditing.give_back(audit, plan, officer, at))
        history.at(moment(amended, 14), lambda at: auditing.amend(audit, at))
        checked = calendar.add_working_days(amended, 1)
    history.at(moment(checked, 11, random.randrange(59)), lambda at: auditing.accept(audit, officer, at))
    history.at(moment(checked, 16, random.randrange(59)), lambda at: auditing.file(audit, at))
    history.sweep_at(moment(checked, 17))
    following.follow(history.at, audit, checked, officer, calendar)


def _working_day(calendar: Calendar, cycle: Cycle, number: int) -> date:
    return calendar.add_working_days(cycle.opens_on, number)
