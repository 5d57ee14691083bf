"""The demo council itself: its teams, its sixty staff and its open cases, all invented."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

ORGANISATION = ("N", "Northmere Council (demonstration)")
COURSE = "Case file auditing"
OPEN_CASES = 3000
CLOSED_MEANWHILE = 0.16
"""Of the first list, the share that closes before the second; as many cases begin."""

SERVICES = {
    "MASH": ("S1", {"T01": "MASH Duty Team"}),
    "Home First": ("S2", {"T02": "Community Active Recovery Team", "T03": "Hospital Active Recovery Team"}),
    "Care and Support": ("S3", {"T04": "Care Management North", "T05": "Care Management South"}),
    "Learning Disability and Transitions": (
        "S4",
        {"T06": "Community Learning Disability Team", "T07": "SEND Transitions Team"},
    ),
    "Review": ("S5", {"T08": "Review Team"}),
    "Lakeside NHS Partnership": (
        "S6",
        {"T09": "Older Adults Mental Health Team", "T10": "Community Recovery Team"},
    ),
    "Quality Assurance": ("S7", {}),
}
TEAMS = {reference: name for _, teams in SERVICES.values() for reference, name in teams.items()}
PILOT = ("S3",)
"""The service in which the audits began, before every service came in."""
TEAM_OUT_OF_LINE = "T05"
"""The team whose practice is graded well below the others'."""

LEADERS = (
    ("Diana Okonkwo-Hart", (("director", "N"),)),
    ("Alistair Penhallow", (("assistant director", "N"), ("senior manager", "S2"))),
    ("Philippa Saltmarsh", (("principal social worker", "N"), ("senior manager", "S7"))),
    ("Hana Brightwater", (("head of service", "S1"), ("head of service", "S2"), ("senior manager", "S2"))),
    ("Gwilym Ashdown", (("head of service", "S3"), ("head of service", "S5"), ("senior manager", "S3"))),
    ("Ifeoma Castellane", (("head of service", "S4"), ("head of service", "S6"), ("senior manager", "S3"))),
    ("Quinn Everwood", (("quality officer", "N"),)),
    ("Rosalind Tremayne", (("quality officer", "N"), ("QA manager", "S7"), ("senior manager", "S7"))),
    ("Marcus Fairweather", (("audit manager", "N"), ("QA manager", "S7"), ("senior manager", "S7"))),
)
TEAM_MANAGERS = (
    "Theo Lanyard",
    "Samira Goldfinch",
    "Bronwen Applegarth",
    "Kwabena Thistlewood",
    "Orla Merriweather",
    "Devika Stonebridge",
    "Callum Nightingale",
    "Yasmin Hollowell",
    "Edmund Larkspur",
    "Temperance Quayle",
)
SENIOR_TEAM_MANAGERS = ("Samira Goldfinch", "Bronwen Applegarth", "Orla Merriweather", "Kwabena Thistlewood")
"""Team managers of Home First and of Care and Support who re-audit besides the heads of service."""
PRACTITIONERS = (
    "Priya Dunmore", "Leon Whitcombe", "Aoife Marchbanks", "Tomasz Underhill", "Grace Fennimore",
    "Hassan Silverdale", "Eleri Pomfret", "Winston Galbraith", "Beatrix Holloway", "Nikhil Ravenscroft",
    "Maeve Thornbury", "Oluwaseun Birch", "Catrin Wetherby", "Jerome Applin", "Zainab Crossfield",
    "Rory Peverell", "Ines Haverstock", "Dominic Sedgewick", "Farah Linwood", "Gareth Moorcroft",
    "Lucinda Oyelaran", "Stefan Brackenbury", "Amina Wolverton", "Harriet Penrose", "Kofi Ellingham",
    "Niamh Stanhope", "Rajesh Cotterill", "Sofia Greenhalgh", "Euan Fotheringay", "Chidi Marlowe",
    "Tabitha Rushworth", "Imran Holbrook", "Delyth Summerfield", "Patrick Osei-Lane", "Mei-Ling Hargrave",
    "Barnaby Thwaite", "Shabnam Kingsley", "Fergus Dalrymple", "Abena Lockwood", "Joyce Wintringham",
    "Lionel Strickland",
)  # fmt: skip
ACCREDITED = (2, 7, 12, 18, 23, 28, 33, 38)
"""Practitioners, by place in the list, who also audit files of other teams."""

NEEDS = (
    "Physical support",
    "Memory and cognition",
    "Learning disability",
    "Mental health",
    "Sensory support",
)


@dataclass(frozen=True)
class Member:
    """One of the staff: number, name, and the posts held as (post, unit)."""

    number: str
    name: str
    posts: tuple[tuple[str, str], ...]

    @property
    def email(self) -> str:
        return self.name.lower().replace(" ", ".") + "@northmere.example"


def staff() -> list[Member]:
    """All sixty: leaders, a manager for each team, and practitioners spread over the teams."""
    teams = list(TEAMS)
    managers = [(name, _manager_posts(name, team)) for name, team in zip(TEAM_MANAGERS, teams, strict=True)]
    workers = [(name, _worker_posts(place, teams)) for place, name in enumerate(PRACTITIONERS)]
    everybody = (*LEADERS, *managers, *workers)
    return [Member(f"N{1001 + place}", name, posts) for place, (name, posts) in enumerate(everybody)]


def _manager_posts(name: str, team: str) -> tuple[tuple[str, str], ...]:
    posts = (("team manager", team),)
    return (*posts, ("senior manager", team)) if name in SENIOR_TEAM_MANAGERS else posts


def _worker_posts(place: int, teams: list[str]) -> tuple[tuple[str, str], ...]:
    team = teams[place % len(teams)]
    posts = (("practitioner", team),)
    return (*posts, ("accredited auditor", team)) if place in ACCREDITED else posts


def write_people(folder: Path, *, since: date) -> list[Path]:
    """The people file as CSV sheets, in the order in which they are loaded."""
    members, day = staff(), since.strftime("%d/%m/%Y")
    units = [(ORGANISATION[0], ORGANISATION[1], "organisation", "", day)]
    for name, (reference, teams) in SERVICES.items():
        units.append((reference, name, "service", ORGANISATION[0], day))
        units += [(team, title, "team", reference, day) for team, title in teams.items()]
    auditors = [m for m in members if not {post for post, _ in m.posts} <= {"practitioner", "director"}]
    sheets: dict[str, tuple[tuple[str, ...], Sequence[tuple[str, ...]]]] = {
        "Units": (("Reference", "Name", "Kind", "Under", "From"), units),
        "Staff": (("Staff number", "Name", "Email"), [(m.number, m.name, m.email) for m in members]),
        "Posts": (
            ("Staff number", "Post", "Unit", "From"),
            [(m.number, post, unit, day) for m in members for post, unit in m.posts],
        ),
        "Training": (("Staff number", "Course", "Completed"), [(m.number, COURSE, day) for m in auditors]),
    }
    return [_write(folder / f"{name}.csv", head, rows) for name, (head, rows) in sheets.items()]


@dataclass(frozen=True)
class Case:
    """One case of the open-cases list; `closed` is the day on which it ended."""

    number: int
    person: int
    team: str
    worker: str
    opened: date
    allocated: date
    need: str
    closed: date | None = None

    def row(self) -> tuple[str, ...]:
        """The case as the case system reports it."""
        return (
            f"NM-{self.number}",
            f"P{self.person}",
            "Closed" if self.closed else "Open",
            f"{self.opened:%d/%m/%Y}",
            f"{self.closed:%d/%m/%Y}" if self.closed else "",
            TEAMS[self.team],
            self.worker,
            f"{self.allocated:%d/%m/%Y}" if self.worker else "",
            self.need,
        )


HEAD = (
    "Case reference",
    "Person reference",
    "Status",
    "Opened",
    "Closed",
    "Team",
    "Worker",
    "Worker allocated on",
    "Primary need",
)


def cases(random: Random, on: date) -> list[Case]:
    """Every open case of the council as it stood on that day."""
    workers = [member for member in staff() if ("practitioner" in dict(member.posts))]
    by_team = {team: [m.name for m in workers if dict(m.posts)["practitioner"] == team] for team in TEAMS}
    managers = dict(zip(TEAMS, TEAM_MANAGERS, strict=True))
    made = []
    for place in range(OPEN_CASES):
        team = list(TEAMS)[place % len(TEAMS)]
        opened = on - timedelta(days=random.randrange(20, 1500))
        allocated = max(opened, on - timedelta(days=random.randrange(5, 700)))
        worker = random.choice([*by_team[team], *by_team[team], managers[team]])
        unallocated = random.random() < 0.02
        person = 70000 + place - (place % 17 == 0)
        need = random.choice(NEEDS)
        made.append(Case(40000 + place, person, team, "" if unallocated else worker, opened, allocated, need))
    return made


def renewed(before: Sequence[Case], random: Random, *, since: date, on: date) -> list[Case]:
    """The list at a later day: some cases have closed, and as many have begun in the same hands."""
    after: list[Case] = []
    days = (on - since).days
    for case in before:
        if random.random() >= CLOSED_MEANWHILE:
            after.append(case)
            continue
        closed = since + timedelta(days=random.randrange(1, days))
        begun = since + timedelta(days=random.randrange(1, days))
        after.append(replace(case, closed=closed))
        after.append(
            replace(
                case,
                number=case.number + OPEN_CASES,
                person=case.person + OPEN_CASES,
                opened=begun,
                allocated=min(begun + timedelta(days=random.randrange(10)), on),
            )
        )
    return after


def write_caseload(path: Path, listed: Iterable[Case]) -> Path:
    """An open-cases list as a CSV file."""
    return _write(path, HEAD, (case.row() for case in listed))


def _write(path: Path, head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(rows)
    return path
