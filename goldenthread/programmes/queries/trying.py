"""A framework tried on past cycles: frames, picks, allocation, targets, dates, grades, with nothing stored.

Each cycle is tried by itself, on the cases, people and audits as they stood when it opened; only a number of
re-audits counts what earlier cycles of its period took. It uses the queries and rules of the real thing, on
records that are never saved.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from functools import partial
from typing import Any

from django.utils import timezone

from goldenthread.caseload.models import Subject
from goldenthread.caseload.queries import facts_of
from goldenthread.frameworks.models import Framework, Version
from goldenthread.frameworks.queries import pack_of
from goldenthread.people.models import Person, Unit
from goldenthread.people.queries import organisation_calendar
from goldenthread.programmes.models import Cycle, Slot
from goldenthread.programmes.queries.auditors import Bench, as_rules, bench, nobody, repeats_of
from goldenthread.programmes.queries.frame import Draft, draft_frame
from goldenthread.programmes.queries.lots import Taken, lots_of
from goldenthread.programmes.queries.reaudits import DueReaudit, due_reaudits
from goldenthread.programmes.queries.trying_targets import targets_reached
from goldenthread.programmes.queries.year import makes_way
from goldenthread.rules import draws
from goldenthread.rules.assignment import Plan, Solve, plan
from goldenthread.rules.calendars import Calendar
from goldenthread.rules.clocks import add_months
from goldenthread.rules.cycles import CycleDates, YearCalendar, cycles_of, quarter_of, year_of
from goldenthread.rules.filling import Filled, try_rules
from goldenthread.rules.framework import Framework as Pack
from goldenthread.rules.reaudits import NOT_CHOSEN, choose
from goldenthread.rules.typical import typical

SEED = "20260101000000000000"
"""The seed of every dry run unless another is given: shown, and always the same."""
MOST_REASONS = 30
LAST = 3
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Course:
    """What the cycles of one dry run share: its seed, what was known of picked cases, what re-audits took."""

    seed: str
    facts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    taken: list[Taken] = field(default_factory=list)


@dataclass(frozen=True)
class Tried:
    """A kind of audit in a cycle: its frame and picks, or the re-audits that were due, as unsaved slots."""

    said: dict[str, Any]
    slots: list[Slot]


def nothing(_: str) -> None:
    """Tell nobody how far it is."""


def try_out(
    pack: Pack, version: Version, *, on: date, solve: Solve, seed: str = SEED, tell: Tell = nothing
) -> dict[str, Any]:
    """What the framework would have done in the quarter before a day, as plain values."""
    cycles = past_cycles(pack, version, on=on)
    tried, course = [], Course(seed)
    for place, cycle in enumerate(cycles, start=1):
        tell(f"Cycle {place} of {len(cycles)}: {cycle.title}")
        tried.append(_cycle(pack, cycle, solve, course))
    tell("Grading forms filled in at random")
    return {
        "title": pack.title,
        "key": pack.key,
        "on": on.isoformat(),
        "seed": seed,
        "cycles": tried,
        "targets": targets_reached(pack, cycles, tried),
        "dates": _dates(pack, cycles),
        "forms": _forms(pack, course.facts, seed=seed, on=on),
    }


def tried_version(pack: Pack, document: str, sha256: str, *, on: date) -> Version:
    """A version that is never saved, for a framework that is only tried."""
    framework = Framework.objects.filter(key=pack.key).first() or Framework(key=pack.key, title=pack.title)
    return Version(framework=framework, number=0, document=document, sha256=sha256, effective_on=on)


def past_cycles(pack: Pack, version: Version, *, on: date) -> list[Cycle]:
    """The cycles of the quarter before a day, of each calendar; where it had none, the last three before."""
    days = organisation_calendar(on=on)
    found = [
        _unsaved(pack, version, name, dates)
        for name, rule in pack.every_calendar().items()
        if pack.types_in(name)
        for dates in _before(rule, days, on)
    ]
    return sorted(found, key=lambda cycle: (cycle.opens_on, cycle.calendar))


def _before(rule: YearCalendar, days: Calendar, on: date) -> list[CycleDates]:
    this_quarter = quarter_of(on, rule)
    year = year_of(on, rule)
    past = [
        dates
        for one in range(year - LAST - 1, year + 1)
        for dates in cycles_of(one, rule, days)
        if dates.opens_on < this_quarter
    ]
    last_quarter = add_months(this_quarter, -3)
    return [dates for dates in past if dates.opens_on >= last_quarter] or past[-LAST:]


def _unsaved(pack: Pack, version: Version, calendar: str, dates: CycleDates) -> Cycle:
    """A cycle that is never saved, with the theme that the real one had, if there was one."""
    real = (
        Cycle.objects.filter(framework_key=pack.key, label=dates.label).select_related("theme_unit").first()
    )
    return Cycle(
        version=version,
        framework_key=pack.key,
        calendar=calendar,
        year=dates.year,
        label=dates.label,
        title=dates.title,
        opens_on=dates.opens_on,
        closes_on=dates.closes_on,
        themed=dates.themed,
        theme=real.theme if real and dates.themed else "",
        theme_unit=real.theme_unit if real and dates.themed else None,
    )


def _cycle(pack: Pack, cycle: Cycle, solve: Solve, course: Course) -> dict[str, Any]:
    kinds = [_kind(pack, cycle, name, course) for name in pack.types_in(cycle.calendar)]
    slots = [slot for kind in kinds for slot in kind.slots]
    for place, slot in enumerate(slots, start=1):
        slot.pk = place
    known = facts_of([slot.subject_id for slot in slots], cycle.opens_on)
    for slot in slots:
        course.facts.setdefault(slot.audit_type, []).append(known[slot.subject_id])
    table = bench(cycle, slots, on=cycle.opens_on, held=Counter())
    given = plan(*as_rules(table), solve, repeats_of(cycle), seed=f"{course.seed},{cycle.label}")
    for kind in kinds:
        _allocated(kind, table, given)
    return {
        "label": cycle.label,
        "calendar": cycle.calendar,
        "title": cycle.title,
        "opens_on": cycle.opens_on.isoformat(),
        "closes_on": cycle.closes_on.isoformat(),
        "themed": cycle.themed,
        "theme": cycle.theme or str(cycle.theme_unit or ""),
        "kinds": [kind.said for kind in kinds],
        "loads": _loads(table, given),
    }


def _loads(table: Bench, given: Plan) -> list[list[Any]]:
    """Everybody of a pool with how many they would get, the most first; by their public ids."""
    now = Counter(given.given.values())
    people = [person.public_id for person in table.people.values()]
    return sorted(([key, now[key]] for key in people), key=lambda row: (-row[1], row[0]))


def _kind(pack: Pack, cycle: Cycle, name: str, course: Course) -> Tried:
    said: dict[str, Any] = {"key": name, "title": pack.audit_types[name].title}
    if instead := makes_way(cycle, name):
        return Tried(said | {"instead": instead, "picked": 0}, [])
    if pack.audit_types[name].selection:
        return _drawn(cycle, name, said, course.seed)
    return _again(cycle, name, said, course)


def _drawn(cycle: Cycle, name: str, said: dict[str, Any], seed: str) -> Tried:
    """The frame of the day and what the seed picks from it."""
    frame = draft_frame(cycle, name, on=cycle.opens_on)
    cases = [draws.Case(**vars(row)) for row in frame.rows]
    strata = [(stratum.name, stratum.size) for stratum in frame.strata]
    done = draws.draw(cases, seed, strata, frame.method)
    picks = [key for stratum in done.strata for key in stratum.picks]
    said |= {
        "cases": len(cases),
        "eligible": sum(case.eligible for case in cases),
        "wanted": sum(stratum.size for stratum in done.strata),
        "picked": len(picks),
        "excluded": _counted(case.reason for case in cases if not case.eligible),
        "strata": _strata(frame, done),
        "picks": picks,
        "frame_sha256": done.frame_sha256,
    }
    pack = pack_of(cycle.version)
    if pack.kind_audited(name) in pack.subjects:
        words = pack.words_of_kind(pack.kind_audited(name))
        said |= {
            "words": {key: words[key] for key in ("case", "cases", "Cases")},
            "none_yet": _none_yet(pack, name),
        }
    return Tried(said, _slots(cycle, name, frame, picks))


def _none_yet(pack: Pack, name: str) -> str:
    """Why there is nothing to try: subjects that are no cases are there only once they were brought in."""
    kind = pack.subjects[pack.kind_audited(name)]
    if Subject.objects.of_kind(pack.kind_audited(name)).exists():
        return ""
    if kind.come_from == "a list":
        return f"No {kind.many} are kept here yet: publish, then load their list or enter them by hand."
    return f"No {kind.many} are known here yet: they are brought in when the first draw is made from them."


def _strata(frame: Draft, done: draws.Draw) -> list[dict[str, Any]]:
    people = {stratum.name for stratum in frame.strata if stratum.practitioner}
    shares = {one.name: {"share": one.share.model_dump(mode="json")} for one in frame.strata if one.share}
    return [
        {
            "name": stratum.name,
            "is_person": stratum.name in people,
            "wanted": stratum.size,
            "picked": len(stratum.picks),
        }
        | shares.get(stratum.name, {})
        for stratum in done.strata
    ]


def _slots(cycle: Cycle, name: str, frame: Draft, picks: Sequence[str]) -> list[Slot]:
    """What was picked, as slots that are never saved."""
    cases = [frame.cases[key] for key in picks]
    units = Unit.objects.in_bulk({case.unit for case in cases if case.unit})
    people = Person.objects.in_bulk({case.person for case in cases if case.person})
    return [
        Slot(
            public_id=case.key,
            cycle=cycle,
            audit_type=name,
            subject_id=case.subject,
            unit=units[case.unit],
            practitioner=people.get(case.person or 0),
        )
        for case in cases
        if case.unit
    ]


def _again(cycle: Cycle, name: str, said: dict[str, Any], course: Course) -> Tried:
    """The audits that the rules would have looked at again, those not chosen and those not to be placed.

    What its lots take is noted, for the numbers of later cycles.
    """
    due = [one for one in due_reaudits(cycle, on=cycle.opens_on) if one.audit_type == name]
    for lot in lots_of(cycle, due, tried=course.taken):
        course.taken.append(Taken(cycle.opens_on, (lot.rule.type, lot.rule.because), lot.size))
        chosen = choose(draws.read_frame(lot.frame), lot.size, course.seed).standing()
        left = [one for one in lot.due if one.previous.number not in chosen]
        due = [replace(one, not_placed=NOT_CHOSEN) if one in left else one for one in due]
    placed = [one for one in due if not one.not_placed and one.unit]
    said |= {
        "due": len(due),
        "picked": len(placed),
        "excluded": _counted(one.not_placed for one in due if one.not_placed),
        "picks": [one.previous.subject.public_id for one in placed],
    }
    return Tried(said, [_slot_again(cycle, name, one) for one in placed])


def _slot_again(cycle: Cycle, name: str, due: DueReaudit) -> Slot:
    return Slot(
        public_id=due.previous.public_id,
        cycle=cycle,
        audit_type=name,
        subject=due.previous.subject,
        unit=due.unit,
        practitioner=due.practitioner,
        previous=due.previous,
    )


def _allocated(kind: Tried, table: Bench, given: Plan) -> None:
    """Count what would have an auditor, and of the rest which rules kept how many people from it."""
    unfilled = {one.slot: one.reasons for one in given.unfilled}
    left = [slot for slot in kind.slots if slot.public_id not in given.given]
    kind.said["given"] = len(kind.slots) - len(left)
    kind.said["unfilled"] = len(left)
    reasons = (
        reason
        for slot in left
        for reason in set(unfilled.get(slot.public_id, {}).values() or [nobody(table, slot)])
    )
    kind.said["unfilled_because"] = _counted(reasons)


def _counted(reasons: Iterable[str]) -> list[list[Any]]:
    """Reasons with how often each was given, the most frequent first."""
    counted = Counter(reasons)
    rows = sorted(counted.items(), key=lambda row: (-row[1], row[0]))
    return [[reason, number] for reason, number in rows[:MOST_REASONS]]


def _dates(pack: Pack, cycles: Sequence[Cycle]) -> list[dict[str, Any]]:
    """What a typical audit of each kind makes somebody owe, sent when its last cycle opened."""
    found = []
    for name, kind in pack.audit_types.items():
        mine = [cycle for cycle in cycles if cycle.calendar == (kind.calendar or "")]
        if not mine:
            continue
        cycle = mine[-1]
        sent_at = timezone.make_aware(datetime.combine(cycle.opens_on, time(9)))
        ours = organisation_calendar(on=cycle.opens_on)
        owed = typical(
            pack,
            name,
            sent_at=sent_at,
            closes_on=cycle.closes_on,
            calendar_of=partial(_calendar, ours),
        )
        rows = [
            [one.title, pack.roles[one.role].title, one.after, one.due.at.isoformat(), one.due.reason]
            for one in owed
        ]
        found.append({"title": kind.title, "sent_on": cycle.opens_on.isoformat(), "rows": rows})
    return found


def _calendar(ours: Calendar, nation: str | None) -> Calendar:
    """The working days of a nation, with the days on which the organisation is closed."""
    return Calendar(nation, ours.closures) if nation else ours


def _forms(
    pack: Pack, facts: dict[str, list[dict[str, Any]]], *, seed: str, on: date
) -> list[dict[str, Any]]:
    return [
        _form(kind.title, try_rules(pack, name, seed=seed, on=on, facts=facts.get(name, [])))
        for name, kind in pack.audit_types.items()
    ]


def _form(title: str, filled: Filled) -> dict[str, Any]:
    return {
        "title": title,
        "forms": filled.forms,
        "outcomes": [[one.part, one.grade, one.sentence, one.computed, one.forms] for one in filled.outcomes],
        "silent": [[one.place, one.kind, one.part, one.because] for one in filled.silent],
    }
