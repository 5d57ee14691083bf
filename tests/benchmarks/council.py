"""A council made in bulk for the benchmarks alone: its people, teams, open cases and framework."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

from django.utils import timezone

from goldenthread.caseload.models import Episode, Fact, Subject, Work
from goldenthread.frameworks.operations import publish
from goldenthread.people.models import Person, Placement, Post, Training, Unit
from goldenthread.people.operations.organisation import rebuild_reach

PACK = Path(__file__).resolve().parents[2] / "goldenthread" / "packs" / "adult-social-care.yaml"
COURSE = "case file auditing"
LONG_AGO = date(2015, 1, 1)
BATCH = 2_000
SEED = 7


@dataclass(frozen=True)
class Shape:
    """How large a council is."""

    cases: int
    teams: int
    practitioners: int
    auditors: int
    each_team: int = 4
    capacity: int = 2

    @classmethod
    def of(cls, size: float) -> "Shape":
        """A council of 10,000 open cases and about 500 staff, so many times over."""
        return cls(
            cases=max(240, round(10_000 * size)),
            teams=max(2, round(40 * size)),
            practitioners=max(14, round(450 * size)),
            auditors=max(10, round(200 * size)),
        )


@dataclass(frozen=True)
class Council:
    """The people whom the benchmarks sign in as, and the teams with their practitioners."""

    version: object
    auditors: list[Person]
    quality: Person
    manager: Person
    practitioners: list[tuple[Person, Unit]]


def make_council(shape: Shape) -> Council:
    """The framework by its real operation; people, teams and cases in bulk."""
    document = PACK.read_text(encoding="utf-8")
    document = document.replace("each: cycle\n    number: 1", f"each: cycle\n    number: {shape.each_team}")
    document = document.replace("capacity: 2", f"capacity: {shape.capacity}")
    version = publish(
        document, by=None, at=timezone.localtime(), effective_on=LONG_AGO, reason="for a benchmark"
    )
    organisation, teams = _make_units(shape)
    council = _make_people(shape, version, organisation, teams)
    _make_cases(shape, council)
    return council


def _make_units(shape: Shape) -> tuple[Unit, list[Unit]]:
    """Services of five teams each, under one organisation."""
    organisation = Unit(name="Council", kind="organisation", nation="england-and-wales", starts_on=LONG_AGO)
    services = [
        Unit(name=f"Service {number:03}", kind="service", starts_on=LONG_AGO)
        for number in range(-(-shape.teams // 5))
    ]
    teams = [Unit(name=f"Team {number:04}", kind="team", starts_on=LONG_AGO) for number in range(shape.teams)]
    Unit.objects.bulk_create([organisation, *services, *teams], batch_size=BATCH)
    pairs = [(service, organisation) for service in services]
    pairs += [(team, services[number // 5]) for number, team in enumerate(teams)]
    Placement.objects.bulk_create(
        [Placement(unit=unit, parent=parent, starts_on=LONG_AGO) for unit, parent in pairs], batch_size=BATCH
    )
    rebuild_reach()
    return organisation, teams


def _make_people(shape: Shape, version, organisation: Unit, teams: list[Unit]) -> Council:
    """Practitioners of whom some audit, a manager for each team, and the quality team."""
    practitioners = _people("Practitioner", shape.practitioners)
    managers = _people("Team manager", len(teams))
    quality, manager = *_people("Quality officer", 1), *_people("Audit manager", 1)
    auditors = practitioners[: shape.auditors]
    placed = [(person, teams[number % len(teams)]) for number, person in enumerate(practitioners)]
    held = [(person, "practitioner", team) for person, team in placed]
    held += [(person, "accredited auditor", team) for person, team in placed[: shape.auditors]]
    held += [(person, "team manager", team) for person, team in zip(managers, teams, strict=True)]
    held += [(quality, "quality officer", organisation), (manager, "audit manager", organisation)]
    Post.objects.bulk_create(
        [Post(person=person, kind=kind, unit=unit, starts_on=LONG_AGO) for person, kind, unit in held],
        batch_size=BATCH,
    )
    Training.objects.bulk_create(
        [Training(person=person, course=COURSE, completed_on=LONG_AGO) for person in auditors + managers],
        batch_size=BATCH,
    )
    return Council(version, auditors, quality, manager, placed)


def _people(title: str, number: int) -> list[Person]:
    address = title.lower().replace(" ", ".")
    people = [
        Person(name=f"{title} {place:05}", email=f"{address}.{place}@example.org") for place in range(number)
    ]
    return Person.objects.bulk_create(people, batch_size=BATCH)


def _make_cases(shape: Shape, council: Council) -> None:
    """Open cases spread over the practitioners, each with an involvement, a worker and a fact."""
    random, today = Random(SEED), timezone.localdate()
    cases = Subject.objects.bulk_create(
        [Subject(reference=f"B-{number:07}") for number in range(shape.cases)], batch_size=BATCH
    )
    episodes, work, facts = [], [], []
    for number, subject in enumerate(cases):
        person, team = council.practitioners[number % len(council.practitioners)]
        opened = today - timedelta(days=random.randrange(200, 1_500))
        begun = max(opened, today - timedelta(days=random.randrange(20, 900)))
        where = {"preset": "open_cases", "list": "cases", "key": subject.reference}
        episodes.append(
            Episode(
                subject=subject, opened_on=opened, first_seen_on=opened, worker=person, team=team, **where
            )
        )
        work.append(Work(subject=subject, person=person, unit=team, starts_on=begun, basis=Work.Basis.COLUMN))
        facts.append(Fact(subject=subject, name="primary need", value="Physical support", starts_on=opened))
    Episode.objects.bulk_create(episodes, batch_size=BATCH)
    Work.objects.bulk_create(work, batch_size=BATCH)
    Fact.objects.bulk_create(facts, batch_size=BATCH)
