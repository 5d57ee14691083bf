"""goldenthread due: when something is due, and why then."""

import json
from datetime import datetime

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from goldenthread.frameworks.queries import current, pack_of
from goldenthread.people.queries import organisation_calendar
from goldenthread.rules.calendars import ENGLAND_AND_WALES, NATIONS, Calendar
from goldenthread.rules.clocks import LONDON, ClockRule, Due, ahead_of, due
from goldenthread.rules.cycles import YearCalendar, cycle_on
from goldenthread.rules.framework import Framework
from goldenthread.rules.refusal import Refused


class Command(BaseCommand):
    help = "Say when something is due, and why then."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument("--length", help='how long, for example "5 working days"')
        parser.add_argument("--framework", metavar="KEY", help="read the length from a published framework")
        parser.add_argument("--clock", metavar="NAME", help="the clock in that framework")
        parser.add_argument(
            "--from",
            dest="start",
            required=True,
            metavar="WHEN",
            help="the event, for example 2026-12-23T10:00",
        )
        parser.add_argument("--nation", choices=NATIONS, help="whose bank holidays count")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args, length, framework, clock, start, nation, **options):
        try:
            answer = _answer(length, framework, clock, _moment(start), nation)
        except Refused as refusal:
            raise CommandError(str(refusal), returncode=2) from None
        told = {"due": answer.at.isoformat(), "reason": answer.reason}
        lines = "\n".join(f"{name}: {value}" for name, value in told.items())
        self.stdout.write(json.dumps(told, ensure_ascii=False) if options["json"] else lines)


def _moment(text: str) -> datetime:
    """Read a moment; one without an offset is London's time, a day alone its first minute."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Refused(f"{text!r} is not a date and time. Write it as 2026-12-23T10:00.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=LONDON)


def _answer(
    length: str | None, framework: str | None, clock: str | None, start: datetime, nation: str | None
) -> Due:
    """Count a length given in words, or the clock of a published framework."""
    if length and not framework and not clock:
        return due(length, start, Calendar(nation or ENGLAND_AND_WALES))
    if framework and clock and not length:
        try:
            pack, own = pack_of(current(framework)), organisation_calendar(on=start.date())
        except DatabaseError:
            raise Refused("The database is not ready. Run goldenthread init_db first.") from None
        return _by_clock(pack, clock, start, own, nation)
    raise Refused("Give either --length, or --framework and --clock together.")


def _by_clock(pack: Framework, name: str, start: datetime, own: Calendar, nation: str | None) -> Due:
    """Count by a framework's clock: in the calendar asked for, or the clock's, or the organisation's."""
    rule = pack.clocks.get(name)
    if rule is None:
        raise Refused(f"{pack.key} has no clock {name!r}. Its clocks: {', '.join(pack.clocks) or 'none'}.")
    if isinstance(rule, ClockRule):
        named = nation or (rule.calendar if rule.calendar != "organisation" else None)
        return due(rule.length, start, Calendar(named) if named else own, rule.starts)
    on = start.astimezone(LONDON).date()
    calendar = Calendar(nation) if nation else own
    cycle = cycle_on(on, _calendar_of(pack, name), calendar)
    if cycle is None:
        raise Refused(f"{on:%-d %B %Y} is in no cycle of {pack.key}. Choose a day in another cycle.")
    return ahead_of(rule.before, cycle.closes_on, f"the cycle of {cycle.title} closes", calendar)


def _calendar_of(pack: Framework, clock: str) -> YearCalendar:
    """The calendar of the audits that start a clock, if they share one."""
    starting = {
        kind.calendar or ""
        for kind in pack.audit_types.values()
        if clock in kind.on_sending_starts
        or any(clock in step.starts for step in pack.flows[kind.flow].steps.values())
    }
    if len(starting) > 1:
        raise Refused(
            f"Audits of several calendars start the clock {clock!r} in {pack.key}, so its end depends on the "
            "audit. Look at the audit's own page."
        )
    return pack.every_calendar()[starting.pop() if starting else ""]
