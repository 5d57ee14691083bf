"""Making the demo council in an empty installation: people, framework, caseload, and months of history."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from django.db import transaction

from goldenthread.caseload.operations.extracts import import_caseload
from goldenthread.caseload.operations.files import File
from goldenthread.frameworks.models import Version
from goldenthread.frameworks.operations import publish, set_remit
from goldenthread.people.models import Person, Unit
from goldenthread.people.operations.loading import load_people
from goldenthread.people.queries import organisation_calendar
from goldenthread.programmes.models import Cycle
from goldenthread.programmes.operations.year import plan_year, set_target
from goldenthread.rules.refusal import Refused
from goldenthread.rules.spans import parse_span, span_before
from goldenthread.tasks.operations import count_as_sent
from goldenthread.web.demo import council
from goldenthread.web.demo.alerting import one_stands_open
from goldenthread.web.demo.council import Case
from goldenthread.web.demo.following import moment
from goldenthread.web.demo.history import History, plan_month

SEED = 20261120
FRAMEWORK = "adult-social-care"
TARGETS = {"T04": 3, "T06": 3, "T10": 3}
"""Teams that give three audits a month; the others give two."""
USUAL_TARGET = 2
AT_FIRST = {"T04": 2, "T05": 2}
"""What the teams of the service that begins give while the audits are still growing."""
LEAST_TARGET = 1
FULL = 4
"""Of the finished cycles the last so many are of every service."""
GROWN = 2
"""Of those, the last so many have as many audits as the teams give in the end."""
RENEWED = 3
"""Before the last so many finished cycles the caseload is loaded once more."""


def make_demo(
    *, at: datetime, months: int, say: Callable[[str], object] = print, together: bool = True
) -> None:
    """Fill an empty installation: `months` finished cycles, and the cycle of `at` under way.

    The audits begin in one service; in the last `FULL` finished cycles every service takes part, and in
    the last `GROWN` with its whole number.
    `together` saves the answers and grades of a sitting at once; what is made is the same without it.
    """
    if Person.objects.exists():
        raise Refused("The demo council is made only in an empty installation, and this one holds people.")
    random, today = Random(SEED), at.date()  # noqa: S311 (made-up data, not a secret)
    began = span_before(parse_span("3 years"), today)
    with transaction.atomic():
        say("The council, its teams and its sixty staff …")
        _load_people(began, at)
        published = publish(
            _pack(),
            by=None,
            at=at,
            effective_on=date(began.year, 1, 1),
            reason="The demo council's framework",
        )
        cycles = _cycles(today, months, at)
        first = cycles[0].opens_on
        say("Three thousand open cases …")
        listed = council.cases(random, first)
        small = months > FULL
        _load_caseload(_of_the_pilot(listed) if small else listed, first, moment(first, 7))
        _set_targets(first, at, *((AT_FIRST, LEAST_TARGET) if small else (TARGETS, USUAL_TARGET)))
        say(f"{months} months of audits, and the month under way …")
        history = _history(random, at, months, cycles, together)
        if small:
            _begin_small(published, first)
            _let_everybody_in(history, published, listed, on=cycles[months - FULL].opens_on)
            _grow(history, on=cycles[months - min(GROWN, FULL)].opens_on)
        if months > RENEWED:
            _renew(history, listed, since=first, on=cycles[months - RENEWED].opens_on)
        history.at(moment(organisation_calendar(on=today).add_working_days(today, -1), 15), one_stands_open)
        history.run()
        count_as_sent()


def _pack() -> str:
    return (files("goldenthread") / "packs" / f"{FRAMEWORK}.yaml").read_text(encoding="utf-8")


def _load_people(since: date, at: datetime) -> None:
    with TemporaryDirectory() as folder:
        for path in council.write_people(Path(folder), since=since):
            loaded = load_people(path=path, file_name=path.name, by=None, at=at)
            if loaded.rejections:
                raise Refused(f"The demo's people do not load: {loaded.rejections[0].reason}")


def _load_caseload(listed: Iterable[Case], on: date, at: datetime) -> None:
    with TemporaryDirectory() as folder:
        path = council.write_caseload(Path(folder) / "open-cases.csv", listed)
        files = [File(path, path.name)]
        import_caseload(files=files, preset="open_cases", extracted_on=on, mapping=None, by=None, at=at)


def _of_the_pilot(listed: Iterable[Case]) -> list[Case]:
    """The cases of the service in which the audits begin."""
    teams = {
        team for reference, held in council.SERVICES.values() if reference in council.PILOT for team in held
    }
    return [case for case in listed if case.team in teams]


def _begin_small(version: Version, first: date) -> None:
    """The audits begin in one service."""
    few = list(Unit.objects.filter(reference__in=council.PILOT))
    reason = "We begin in one service and learn from it."
    set_remit(version.framework, few, starts_on=first, reason=reason, by=None, at=moment(first, 7))


def _let_everybody_in(history: History, version: Version, listed: Sequence[Case], *, on: date) -> None:
    """Every service comes in on a day that is on record, with its open cases."""

    def come_in(at: datetime) -> None:
        _load_caseload(listed, on, at)
        reason = "Every service takes part from now on."
        set_remit(version.framework, [], starts_on=on, reason=reason, by=None, at=at)

    history.at(moment(on, 7), come_in)


def _grow(history: History, *, on: date) -> None:
    """From that day on every team gives its whole number of audits."""
    history.at(moment(on, 8), lambda at: _set_targets(on, at, TARGETS, USUAL_TARGET))


def _renew(history: History, listed: Sequence[Case], *, since: date, on: date) -> None:
    """A later list of open cases: some have closed, and others have begun."""
    later = council.renewed(listed, Random(SEED), since=since, on=on)  # noqa: S311 (made-up data, not a secret)
    history.at(moment(on, 7), lambda at: _load_caseload(later, on, at))


def _cycles(today: date, months: int, at: datetime) -> list[Cycle]:
    """The last `months` cycles that have closed, and the one under way if there is one."""
    closed: list[Cycle] = []
    year = today.year
    while len(closed) < months:
        plan_year(FRAMEWORK, year, by=None, at=at)
        begun = Cycle.objects.filter(framework_key=FRAMEWORK, opens_on__lte=today).order_by("opens_on")
        closed = list(begun.filter(closes_on__lt=today))[-months:]
        year -= 1
    return closed + list(begun.filter(closes_on__gte=today))


def _set_targets(on: date, at: datetime, numbers: Mapping[str, int], usual: int) -> None:
    for unit in Unit.objects.filter(kind="team").order_by("reference"):
        number = numbers.get(unit.reference, usual)
        set_target(FRAMEWORK, "monthly audits", unit, number=number, starts_on=on, by=None, at=at)


def _history(random: Random, at: datetime, months: int, cycles: Iterable[Cycle], together: bool) -> History:
    history = History(
        random=random,
        until=at,
        team_out_of_line=council.TEAMS[council.TEAM_OUT_OF_LINE],
        harsher=council.TEAM_MANAGERS[3],
        quality_officer=Person.objects.get(name="Quinn Everwood"),
        months=months,
        together=together,
    )
    for place, cycle in enumerate(cycles):
        plan_month(history, cycle, min(place, months - 1))
    return history
