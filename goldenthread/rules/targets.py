"""Targets: how many audits are owed, by whom, how often, and of which share of the open cases."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from goldenthread.rules.calendars import Calendar
from goldenthread.rules.cycles import YearCalendar
from goldenthread.rules.parts import Line, Name, Part
from goldenthread.rules.stated_days import Day, day_called, on_day


def share_of(cases: int, per_cent: float | None) -> int:
    """A share of so many cases, rounded up."""
    return math.ceil(Decimal(str(per_cent or 0)) * cases / 100)


Holder = Literal["team", "service", "practitioner", "auditor", "organisation"]


class Share(BaseModel):
    """Why a stratum has its size: so many in a hundred of its cases that were open on a stated day."""

    model_config = ConfigDict(frozen=True)

    per_cent: float = Field(gt=0, le=100)
    cases: int = Field(ge=0)
    open_on: date

    def size(self) -> int:
        """How many that is, rounded up."""
        return share_of(self.cases, self.per_cent)

    def sentence(self, case: str = "case", cases: str = "cases") -> str:
        """The share, of how many cases, open when; without a full stop."""
        of = f"{self.cases:,} {case if self.cases == 1 else cases}"
        return f"{self.per_cent:g}% of {of} open on {self.open_on:%-d %B %Y}"


class Target(Part):
    """How many audits are owed, by whom, how often: a number, a share of open cases, or every one."""

    title: Line
    """What people call the target."""
    counts: tuple[Name, ...] = Field(min_length=1)
    """The kinds of audit that count."""
    per: Holder
    """Who owes it: each team, service, practitioner or auditor, or the organisation as a whole."""
    each: Literal["cycle", "quarter", "year"]
    """How often: each cycle, quarter or year of the calendar of its audits."""
    number: int | None = Field(default=None, ge=0, le=1000)
    """How many, unless a team or service has its own number."""
    per_cent: float | None = Field(default=None, gt=0, le=100)
    """How many in a hundred of the cases open on the day of `caseload_on`, rounded up."""
    each_time: Name | None = None
    """The trigger under which each time that counts is owed one audit, such as each supervision."""
    everyone: bool = False
    """Whether each case open on the day of `caseload_on` is owed one audit; one audited twice counts once."""
    caseload_on: Day = "first day of the period"
    """The day on which open cases are counted, for a share or for every case; never later than today."""

    @model_validator(mode="after")
    def _says_how_many_in_one_way(self) -> Target:
        ways = (self.number, self.per_cent, self.each_time)
        if sum(way is not None for way in ways) + self.everyone != 1:
            raise ValueError("Say how many by exactly one of number, per_cent, everyone or each_time.")
        if not self.counts_cases and "caseload_on" in self.model_fields_set:
            raise ValueError("This counts no cases; leave “caseload_on” out.")
        if self.number is None and self.per == "auditor":
            raise ValueError("What each auditor owes is a number; an auditor has no open cases as such.")
        return self

    @property
    def counts_cases(self) -> bool:
        """Whether it is owed for open cases, all or a share of them."""
        return self.everyone or self.per_cent is not None

    def of_caseload(self, cases: int) -> int:
        """How many audits so many open cases are owed."""
        return cases if self.everyone else share_of(cases, self.per_cent)

    def day(self, *, period: date, rule: YearCalendar, today: date, working: Calendar) -> date:
        """The day on which open cases are counted for a period that begins on a day."""
        return day_called(self.caseload_on, period=period, rule=rule, today=today, working=working)

    def sentence(self) -> str:
        """How many are owed by whom, without a full stop."""
        each = f"each {self.each}" if self.each != "cycle" else "in each cycle"
        who = "the whole organisation" if self.per == "organisation" else f"each {self.per}"
        if self.number is not None:
            return f"{who} owes {self.number} {each}"
        if self.each_time is not None:
            return f"{who} owes {self.share()}, {each}"
        return f"{who} owes {self.share()}, {each}"

    def share(self) -> str:
        """Of how many cases, open when; or each time of which trigger."""
        if self.each_time is not None:
            return f"one audit each time of “{self.each_time}”"
        share = "one audit of every case" if self.everyone else f"audits of {self.per_cent:g}% of the cases"
        return f"{share} open {on_day(self.caseload_on)}"
