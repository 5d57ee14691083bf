"""Subjects that are no cases: brought up to date, brought in by a list, added by hand, ended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Model

from goldenthread.caseload.models import Episode, Fact, Link, Subject, Work
from goldenthread.caseload.wanted import GATHERED, KEPT, Wanted, wanted
from goldenthread.ledger.operations import record
from goldenthread.people.models import Person
from goldenthread.rules.refusal import Refused
from goldenthread.rules.subjects import A_LIST, COMPLETED_AUDITS, SubjectKind

DAY = timedelta(days=1)


@dataclass
class Settled:
    """What came of bringing subjects up to date: the public ids of those new, changed and ended."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.new or self.changed or self.ended)

    def values(self) -> dict[str, object]:
        return {"new": self.new, "changed": self.changed, "ended": self.ended}


def about(subject: Subject) -> tuple[str, str, str]:
    """How the ledger names a subject: by its reference, which names nobody."""
    return ("subject", subject.public_id, f"{subject.kind} {subject.reference}"[:200])


@transaction.atomic
def bring_up_to_date(
    name: str,
    kind: SubjectKind,
    *,
    on: date,
    by: Person | None,
    at: datetime,
    found: Iterable[Wanted] = (),
    facts: Collection[str] = (),
) -> Settled:
    """Make the subjects of a kind what the organisation and its extracts say; repeatable.

    `found` are those that another app registers: completed audits. `facts` are those of a case that its
    involvements are known by too. What is no longer there has ended.
    """
    if kind.come_from == A_LIST:
        return Settled()
    rows = list(found) if kind.come_from == COMPLETED_AUDITS else wanted(kind, on, facts)
    settled = settle(name, kind, rows, on=on, preset=GATHERED, end=True)
    if not settled.is_empty:
        about = ("subjects", "", kind.many)
        record("subjects.bring_up_to_date", about=about, by=by, at=at, values=settled.values())
    return settled


def settle(
    name: str, kind: SubjectKind, rows: Sequence[Wanted], *, on: date, preset: str = KEPT, end: bool = False
) -> Settled:
    """Write these subjects of a kind as they should stand from a day on; `end` ends all others."""
    table, settled = Standing(name, kind, on, preset), Settled()
    for row in rows:
        if row.source not in table.subjects:
            table.add(row)
            settled.new.append(table.subjects[row.source].public_id)
        elif table.change(row):
            settled.changed.append(table.subjects[row.source].public_id)
    table.write()
    if end:
        named = {row.source for row in rows}
        gone = [one for source, one in table.subjects.items() if source not in named]
        settled.ended += [one.public_id for one in gone if _end(one, table.episodes.get(one.pk), on)]
    return settled


class Standing:
    """The subjects of a kind as they stand, with all that hangs on them, read in whole sets."""

    def __init__(self, name: str, kind: SubjectKind, on: date, preset: str) -> None:
        self.name, self.kind, self.on, self.preset = name, kind, on, preset
        known = Subject.objects.of_kind(name)
        self.subjects = {one.source: one for one in known.exclude(source="").order_by("pk")}
        self.episodes = {one.subject_id: one for one in Episode.objects.filter(subject__in=known)}
        self.works: dict[int, list[Work]] = defaultdict(list)
        for work in Work.objects.filter(subject__in=known, ends_on=None).order_by("pk"):
            self.works[work.subject_id].append(work)
        self.facts: dict[int, dict[str, Fact]] = defaultdict(dict)
        for fact in Fact.objects.filter(subject__in=known, ends_on=None):
            self.facts[fact.subject_id][fact.name] = fact
        self.links: dict[int, dict[int, Link]] = defaultdict(dict)
        for link in Link.objects.filter(whole__in=known, ends_on=None):
            self.links[link.whole_id][link.part_id] = link
        self.new: list[tuple[Subject, Wanted]] = []

    def add(self, row: Wanted) -> None:
        """A subject that was not there yet; all that are new are written together."""
        subject = Subject(
            kind=self.name,
            reference=row.reference,
            label=row.label,
            source=row.source,
            about_staff=self.kind.is_about_staff,
        )
        self.subjects[row.source] = subject
        self.new.append((subject, row))

    def write(self) -> None:
        """Write the new subjects with what hangs on them."""
        Subject.objects.bulk_create([subject for subject, _ in self.new], batch_size=500)
        made: list[Model] = []
        for subject, row in self.new:
            begun = min(row.opened_on or self.on, self.on)
            made.append(self._episode(subject, row))
            made += [self._work(subject, pair, begun, row.closed_on) for pair in row.works]
            made += [
                self._fact(subject, name, value, row.since.get(name, begun))
                for name, value in row.facts.items()
                if value
            ]
            made += [self._link(subject, part, begun) for part in row.parts or ()]
        for model in (Episode, Work, Fact, Link):
            rows = [one for one in made if isinstance(one, model)]
            model._default_manager.bulk_create(rows, batch_size=500)  # type: ignore[arg-type]

    def change(self, row: Wanted) -> bool:
        """Bring what stands in line with what is told; whether anything changed."""
        subject = self.subjects[row.source]
        changed = _set(
            subject, reference=row.reference, label=row.label, about_staff=self.kind.is_about_staff
        )
        changed |= self._dates(subject, row)
        if row.closed_on is None or row.closed_on > self.on:
            changed |= self._settle_works(subject, row)
        changed |= self._settle_facts(subject, row)
        return self._settle_parts(subject, row) or changed

    def _dates(self, subject: Subject, row: Wanted) -> bool:
        episode = self.episodes.get(subject.pk)
        if episode is None:
            self._episode(subject, row).save()
            return True
        opened = row.opened_on or episode.opened_on
        if row.closed_on and (episode.closed_on is None or episode.closed_on != row.closed_on):
            for work in self.works.pop(subject.pk, []):
                _set(work, ends_on=max(row.closed_on, work.starts_on))
        return _set(episode, opened_on=opened, closed_on=row.closed_on)

    def _settle_works(self, subject: Subject, row: Wanted) -> bool:
        """Who works with it now; a change ends what was the day before and begins anew, in the order told."""
        running = self.works.get(subject.pk, [])
        if [(work.person_id, work.unit_id) for work in running] == list(row.works):
            return False
        for work in running:
            _set(work, ends_on=max(work.starts_on, self.on - DAY))
        for pair in row.works:
            self._work(subject, pair, self.on).save()
        return True

    def _settle_facts(self, subject: Subject, row: Wanted) -> bool:
        changed = False
        for name, value in row.facts.items():
            fact = self.facts[subject.pk].get(name)
            if (fact.value if fact else "") == value:
                continue
            changed = True
            if fact and fact.starts_on >= self.on:
                _set(fact, value=value)
                continue
            if fact:
                _set(fact, ends_on=self.on - DAY)
            if value:
                self._fact(subject, name, value, self.on).save()
        return changed

    def _settle_parts(self, subject: Subject, row: Wanted) -> bool:
        if row.parts is None:
            return False
        running = self.links[subject.pk]
        gone, new = set(running) - set(row.parts), set(row.parts) - set(running)
        for part in gone:
            _set(running[part], ends_on=max(running[part].starts_on, self.on - DAY))
        for part in sorted(new):
            self._link(subject, part, self.on).save()
        return bool(gone or new)

    def _episode(self, subject: Subject, row: Wanted) -> Episode:
        person, unit = row.works[-1] if row.works else (None, None)
        return Episode(
            subject=subject,
            preset=self.preset,
            list=self.name[:40],
            key=f"{self.name}: {row.source}",
            opened_on=row.opened_on,
            closed_on=row.closed_on,
            first_seen_on=self.on,
            worker_id=person,
            team_id=unit,
        )

    def _work(
        self, subject: Subject, pair: tuple[int | None, int | None], begun: date, ended: date | None = None
    ) -> Work:
        person, unit = pair
        basis, ends_on = Work.Basis.ENTERED, max(ended, begun) if ended else None
        return Work(
            subject=subject, person_id=person, unit_id=unit, starts_on=begun, ends_on=ends_on, basis=basis
        )

    def _fact(self, subject: Subject, name: str, value: str, begun: date) -> Fact:
        return Fact(subject=subject, name=name, value=value, starts_on=begun)

    def _link(self, subject: Subject, part: int, begun: date) -> Link:
        return Link(whole=subject, part_id=part, starts_on=begun)


def _set(row: Model, **told: object) -> bool:
    """Set the fields that differ and save them; whether any did."""
    changed = [name for name, value in told.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, told[name])
    if changed:
        row.save(update_fields=changed)
    return bool(changed)


def _end(subject: Subject, episode: Episode | None, on: date) -> bool:
    """End a subject with what hangs on it; whether it had not ended yet."""
    if episode is None or episode.closed_on is not None:
        return False
    _set(episode, closed_on=max(on, episode.opened_on or on))
    rows: list[Work | Link] = [*Work.objects.filter(subject=subject, ends_on=None)]
    rows += Link.objects.filter(whole=subject, ends_on=None)
    for row in rows:
        _set(row, ends_on=max(row.starts_on, on - DAY))
    return True


@transaction.atomic
def keep(name: str, kind: SubjectKind, row: Wanted, *, on: date, by: Person | None, at: datetime) -> Subject:
    """Add one subject of a list by hand, or change the one that has this reference."""
    _must_be_kept(kind)
    settled = settle(name, kind, [row], on=on)
    subject = Subject.objects.get(kind=name, source=row.source)
    if not settled.is_empty:
        values = {"about": name, "new": bool(settled.new)}
        record("subject.keep", about=about(subject), by=by, at=at, values=values)
    return subject


@transaction.atomic
def end(subject: Subject, kind: SubjectKind, *, ended_on: date, by: Person | None, at: datetime) -> None:
    """Say on which day a subject of a list ended; nothing of it is drawn from then on."""
    _must_be_kept(kind)
    subject = Subject.objects.select_for_update().get(pk=subject.pk)
    episode = Episode.objects.filter(subject=subject).first()
    if episode is None or episode.closed_on is not None:
        raise Refused(f"{subject.shown} has ended already.")
    if ended_on > at.date() or (episode.opened_on and ended_on < episode.opened_on):
        raise Refused("The day of the end must lie between the day it began and today.")
    _end(subject, episode, ended_on)
    values = {"ended_on": ended_on.isoformat()}
    record("subject.end", about=about(subject), by=by, at=at, values=values)


def _must_be_kept(kind: SubjectKind) -> None:
    if kind.come_from != A_LIST:
        raise Refused(
            f"{kind.many} are not kept by hand: they come from {kind.come_from}. Change those instead, "
            "and bring them up to date."
        )


@transaction.atomic
def load_list(
    name: str,
    kind: SubjectKind,
    rows: Sequence[Wanted],
    *,
    sha256: str,
    on: date,
    by: Person | None,
    at: datetime,
    dry_run: bool = False,
) -> Settled:
    """Bring in a list file's subjects; what it does not name stays as it is. A dry run changes nothing."""
    _must_be_kept(kind)
    settled = settle(name, kind, rows, on=on)
    if dry_run:
        transaction.set_rollback(True)
    elif not settled.is_empty:
        values = {"sha256": sha256, **settled.values()}
        record("subjects.load", about=("subjects", "", kind.many), by=by, at=at, values=values)
    return settled
