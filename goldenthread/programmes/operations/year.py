"""The year's cycles, their themes, and the targets of teams."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from goldenthread.frameworks.models import Framework
from goldenthread.frameworks.queries import current, pack_of, words_of
from goldenthread.ledger.operations import record
from goldenthread.people.models import Person, Unit
from goldenthread.people.queries import organisation_calendar
from goldenthread.programmes.models import Cycle, Draw, UnitTarget
from goldenthread.programmes.queries.targets import as_seen, number_as_seen, number_set, theme_as_seen
from goldenthread.rules.cycles import cycles_of
from goldenthread.rules.refusal import Refused

CHANGED = "Somebody else changed this while you had it open. Both stand below; choose."


class Overtaken(Refused):
    """A change to what somebody else changed since it was seen; `current` is how it would be seen now."""

    def __init__(self, current: str) -> None:
        super().__init__(CHANGED)
        self.current = current


def about(cycle: Cycle) -> tuple[str, str, str]:
    """How the ledger names a cycle."""
    return ("cycle", cycle.public_id, cycle.title)


def locked(cycle: Cycle) -> Cycle:
    """The cycle as it now is, held until the transaction ends: two people never take a step of it at once."""
    return (
        Cycle.objects.select_for_update(of=("self",))
        .select_related("version__framework", "theme_unit")
        .get(pk=cycle.pk)
    )


def not_sent(cycle: Cycle) -> None:
    """Refuse a change to a cycle whose audits have gone out, or go out one by one."""
    if pack_of(cycle.version).is_continuous(cycle.calendar):
        raise Refused(
            f"The {words_of(cycle.version)['audits']} of {cycle.title} go out one by one as things happen; "
            "nothing is drawn, allocated or sent for the whole. Look at what was asked for instead."
        )
    if cycle.sent_at:
        raise Refused(
            f"The {words_of(cycle.version)['audits']} of {cycle.title} have been sent, "
            "so this can no longer be changed."
        )


@transaction.atomic
def plan_year(framework_key: str, year: int, *, by: Person | None, at: datetime) -> list[Cycle]:
    """Make the cycles of a year that are not there yet, as each of the framework's calendars says.

    The framework is held meanwhile: who plans the same year at the same time waits and finds it planned.
    """
    version = current(framework_key)
    Framework.objects.select_for_update(no_key=True).get(pk=version.framework_id)
    pack = pack_of(version)
    working_days = organisation_calendar(on=date(year, 1, 1))
    there = set(Cycle.objects.filter(framework_key=framework_key).values_list("label", flat=True))
    made = [
        Cycle(
            version=version,
            framework_key=framework_key,
            calendar=name,
            year=dates.year,
            label=dates.label,
            title=dates.title,
            opens_on=dates.opens_on,
            closes_on=dates.closes_on,
            themed=dates.themed,
        )
        for name, rule in pack.every_calendar().items()
        for dates in cycles_of(year, rule, working_days)
        if dates.label not in there
    ]
    if made:
        Cycle.objects.bulk_create(made)
        framework = version.framework
        label = f"{framework.title}: the year {year}"
        values = {"year": year, "version": version.number, "cycles": [cycle.label for cycle in made]}
        record(
            "cycle.plan_year", about=("framework", framework.public_id, label), by=by, at=at, values=values
        )
    return made


@transaction.atomic
def set_theme(
    cycle: Cycle, *, theme: str, unit: Unit | None, by: Person | None, at: datetime, seen: str | None = None
) -> Cycle:
    """Give a themed cycle its topic, its service area or both; `seen` is what stood there when it was opened.

    Raises Overtaken where something else stands there by now.
    """
    cycle = locked(cycle)
    if not cycle.themed:
        word = words_of(cycle.version)["cycle"]
        raise Refused(f"{cycle.title} is not a themed {word} in the framework's calendar.")
    if Draw.objects.standing().filter(cycle=cycle).exists():
        word = words_of(cycle.version)["theme"]
        raise Refused(
            f"The frame of {cycle.title} is frozen. Abandon the draw first, then change the {word}."
        )
    not_sent(cycle)
    _must_be_seen(seen, theme_as_seen(cycle), wanted=as_seen(theme.strip(), unit.public_id if unit else ""))
    before = {"theme": cycle.theme, "service area": cycle.theme_unit.public_id if cycle.theme_unit else ""}
    cycle.theme, cycle.theme_unit = theme.strip(), unit
    cycle.save(update_fields=["theme", "theme_unit"])
    after = {"theme": cycle.theme, "service area": unit.public_id if unit else ""}
    record("cycle.set_theme", about=about(cycle), by=by, at=at, values={"before": before, "after": after})
    return cycle


@transaction.atomic
def set_target(
    framework_key: str,
    target: str,
    unit: Unit,
    *,
    number: int | None,
    starts_on: date,
    by: Person | None,
    at: datetime,
    seen: str | None = None,
) -> UnitTarget | None:
    """Give a unit a number of its own from a day on; None puts it back on the framework's number.

    `seen` is what stood there when it was opened; raises Overtaken where something else stands there by now.
    """
    pack = pack_of(current(framework_key))
    if target not in pack.targets:
        raise Refused(
            f"{pack.title} has no target “{target}”. Its targets: {', '.join(pack.targets) or 'none'}."
        )
    rule = pack.targets[target]
    if rule.number is None or rule.per not in ("team", "service"):
        raise Refused(f"{rule.title}: {rule.sentence()}. Only a team's or service's number can be its own.")
    Unit.objects.select_for_update().get(pk=unit.pk)  # two first numbers at once would both be current
    stands = number_set(framework_key, target, unit)
    wanted = as_seen(str(number), starts_on.isoformat()) if number is not None else ""
    _must_be_seen(seen, number_as_seen(stands), wanted=wanted)
    now = UnitTarget.objects.filter(framework_key=framework_key, target=target, unit=unit, ends_on=None)
    before = stands.number if stands else None
    now.filter(starts_on__gte=starts_on).delete()
    now.update(ends_on=starts_on - timedelta(days=1))
    made = None
    if number is not None:
        made = UnitTarget.objects.create(
            framework_key=framework_key,
            target=target,
            unit=unit,
            number=number,
            starts_on=starts_on,
            set_by=by,
        )
    values = {"target": target, "from": starts_on.isoformat(), "before": before, "after": number}
    record("target.set", about=("unit", unit.public_id, unit.name), by=by, at=at, values=values)
    return made


def _must_be_seen(seen: str | None, stands: str, *, wanted: str) -> None:
    """Refuse to write over what whoever writes has not seen, unless it is what they want anyway."""
    if seen is not None and stands not in (seen, wanted):
        raise Overtaken(stands)
