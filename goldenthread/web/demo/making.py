"""Making the demo council in an empty installation: people, framework, caseload, and months of history."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from django.db import transaction

from goldenthread.caseload.operations.extracts import import_caseload
from goldenthread.caseload.operations.files import File
from goldenthread.frameworks.operations import publish
from goldenthread.people.models import Person, Unit
from goldenthread.people.operations.loading import load_people
from goldenthread.programmes.models import Cycle
from goldenthread.programmes.operations.year import plan_year, set_target
from goldenthread.rules.refusal import Refused
from goldenthread.rules.spans import parse_span, span_before
from goldenthread.tasks.operations import count_as_sent
from goldenthread.web.demo import council
from goldenthread.web.demo.history import History, moment, plan_month

SEED = 20261120
FRAMEWORK = "adult-social-care"
TARGETS = {"T04": 3, "T06": 3, "T10": 3}
"""Teams that give three audits a month; the others give two."""
USUAL_TARGET = 2


def make_demo(
    *, at: datetime, months: int, say: Callable[[str], object] = print, together: bool = True
) -> None:
    """Fill an empty installation: `months` finished cycles, and the cycle of `at` under way.

    `together` saves the answers and grades of a sitting at once; what is made is the same without it.
    """
    if Person.objects.exists():
        raise Refused("The demo council is made only in an empty installation, and this one holds people.")
    random, today = Random(SEED), at.date()  # noqa: S311 (made-up data, not a secret)
    began = span_before(parse_span("1 year"), today)
    with transaction.atomic():
        say("The council, its teams and its sixty staff …")
        _load_people(began, at)
        publish(
            _pack(),
            by=None,
            at=at,
            effective_on=date(began.year, 1, 1),
            reason="The demo council's framework",
        )
        cycles = _cycles(today, months, at)
        first = cycles[0].opens_on
        say("Three thousand open cases …")
        _load_caseload(random, first, moment(first, 7))
        _set_targets(first, at)
        say(f"{months} months of audits, and the month under way …")
        _history(random, at, months, cycles, together).run()
        count_as_sent()


def _pack() -> str:
    return (files("goldenthread") / "packs" / f"{FRAMEWORK}.yaml").read_text(encoding="utf-8")


def _load_people(since: date, at: datetime) -> None:
    with TemporaryDirectory() as folder:
        for path in council.write_people(Path(folder), since=since.replace(year=since.year - 2)):
            loaded = load_people(path=path, file_name=path.name, by=None, at=at)
            if loaded.rejections:
                raise Refused(f"The demo's people do not load: {loaded.rejections[0].reason}")


def _load_caseload(random: Random, on: date, at: datetime) -> None:
    with TemporaryDirectory() as folder:
        path = council.write_caseload(Path(folder) / "open-cases.csv", random=random, on=on)
        files = [File(path, path.name)]
        import_caseload(files=files, preset="open_cases", extracted_on=on, mapping=None, by=None, at=at)


def _cycles(today: date, months: int, at: datetime) -> list[Cycle]:
    """The last `months` cycles that have closed, and the one under way if there is one."""
    for year in (today.year - 1, today.year):
        plan_year(FRAMEWORK, year, by=None, at=at)
    begun = Cycle.objects.filter(framework_key=FRAMEWORK, opens_on__lte=today).order_by("opens_on")
    closed = list(begun.filter(closes_on__lt=today))[-months:]
    return closed + list(begun.filter(closes_on__gte=today))


def _set_targets(on: date, at: datetime) -> None:
    for unit in Unit.objects.filter(kind="team").order_by("reference"):
        number = TARGETS.get(unit.reference, USUAL_TARGET)
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
