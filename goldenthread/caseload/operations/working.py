"""Who works with a subject: the rows of `Work` follow the open episodes, with their dates."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from goldenthread.caseload.models import Episode, Extract, Work
from goldenthread.caseload.operations.changes import Changes
from goldenthread.caseload.operations.inserting import Values, insert
from goldenthread.caseload.operations.touched import Touched

Pair = tuple[int | None, int | None]  # the worker's key and the team's
DAY = timedelta(days=1)


class Involvement(NamedTuple):
    """What an episode says of whose work the subject is."""

    subject_id: int
    list: str
    key: str
    closed_on: date | None
    worker_id: int | None
    team_id: int | None
    extract_id: int | None


def settle_work(extract: Extract, some: Touched, changes: Changes) -> None:
    """Start and end work of these subjects so that it is what their open episodes show."""
    episodes: dict[int, list[Involvement]] = defaultdict(list)
    stored = Episode.objects.filter(some.those("subject")).order_by("pk")
    for episode in map(Involvement._make, stored.values_list(*Involvement._fields)):
        episodes[episode.subject_id].append(episode)
    current: dict[int, list[Work]] = defaultdict(list)
    ended: set[tuple[int, int | None, date]] = set()
    for work in Work.objects.filter(some.those("subject")).order_by("starts_on", "pk"):
        if work.ends_on is None:
            current[work.subject_id].append(work)
        else:
            ended.add((work.subject_id, work.person_id, work.ends_on))
    new: list[Values] = []
    for subject, reference in some.subjects.items():
        rows = some.told.get(reference, ())
        allocated = {(row.list, row.key): row.allocated_on for row in rows if row.allocated_on}
        one = _Subject(extract, subject, episodes[subject], current[subject], allocated, ended)
        new.extend(one.settle(changes))
    insert(Work, new)


@dataclass
class _Subject:
    """One subject's open and closed episodes, beside the work that runs."""

    extract: Extract
    key: int
    episodes: list[Involvement]
    current: list[Work]
    allocated: dict[tuple[str, str], date]
    ended: set[tuple[int, int | None, date]]

    def settle(self, changes: Changes) -> list[Values]:
        """Correct and end the work that runs; the work that begins, or that was over before it was told."""
        wanted = self._wanted()
        held = {(work.person_id, work.unit_id): work for work in self.current}
        former = [work for pair, work in held.items() if pair not in wanted]
        new = [self._started(pair, told, former) for pair, told in wanted.items() if pair not in held]
        for pair, told in wanted.items():
            if pair in held and told and self._corrects(held[pair], told):
                changes.set("work", held[pair], starts_on=told, basis=Work.Basis.COLUMN)
        for work in former:
            self._end(work, new, changes)
        return new + self._finished()

    def _wanted(self) -> dict[Pair, date | None]:
        """Each worker and team of the open episodes, with the earliest day of allocation told, if any."""
        wanted: dict[Pair, date | None] = {}
        for episode in self.episodes:
            pair = (episode.worker_id, episode.team_id)
            if episode.closed_on is None and pair != (None, None):
                told = self.allocated.get((episode.list, episode.key))
                days = [day for day in (wanted.get(pair), told) if day]
                wanted[pair] = min(days) if days else None
        return wanted

    def _corrects(self, work: Work, told: date) -> bool:
        """A column stands over a day that was only first seen, and over an earlier value of itself.

        A worker who merely changed team keeps the day on which the new team's work began.
        """
        if work.basis == Work.Basis.FIRST_SEEN and told < work.starts_on:
            return (self.key, work.person_id, work.starts_on - DAY) not in self.ended
        return work.starts_on != told or work.basis != Work.Basis.COLUMN

    def _started(self, pair: Pair, told: date | None, former: list[Work]) -> Values:
        """New work, from the day of allocation or else from the extract that shows it first."""
        same_worker = [work for work in former if work.person_id == pair[0] and pair[0] is not None]
        if told and any(told <= work.starts_on for work in same_worker):
            told = None  # the worker was allocated earlier; only the team is new
        return {
            "subject_id": self.key,
            "person_id": pair[0],
            "unit_id": pair[1],
            "starts_on": told or self.extract.extracted_on,
            "ends_on": None,
            "basis": Work.Basis.COLUMN.value if told else Work.Basis.FIRST_SEEN.value,
            "extract_id": self.extract.pk,
        }

    def _end(self, work: Work, new: list[Values], changes: Changes) -> None:
        """End work on the day its episode closed, else on the day before what follows it began."""
        if closed_on := self._closed_on(work):
            changes.set("work", work, ends_on=closed_on)
            return
        last = min((one["starts_on"] for one in new), default=self.extract.extracted_on) - DAY
        if last < work.starts_on:
            last = self.extract.extracted_on - DAY
        if last < work.starts_on:
            changes.delete("work", work)  # it was first shown on this very day, by a file that erred
        else:
            changes.set("work", work, ends_on=last)

    def _closed_on(self, work: Work) -> date | None:
        """The day on which the work's episode closed or, with nothing left open, the case."""
        pair = (work.person_id, work.unit_id)
        since = [one for one in self.episodes if one.closed_on and one.closed_on >= work.starts_on]
        own = [one.closed_on for one in since if one.closed_on and (one.worker_id, one.team_id) == pair]
        if own:
            return max(own)
        if any(one.closed_on is None for one in self.episodes):
            return None
        return max([one.closed_on for one in since if one.closed_on], default=work.starts_on)

    def _finished(self) -> list[Values]:
        """Work that was over before the first extract that tells of it, where the file says when it began."""
        rows = []
        for episode in self.episodes:
            told = self.allocated.get((episode.list, episode.key))
            brought = episode.extract_id == self.extract.pk and (episode.worker_id or episode.team_id)
            if brought and told and episode.closed_on and told <= episode.closed_on:
                row = self._started((episode.worker_id, episode.team_id), told, [])
                row["ends_on"] = episode.closed_on
                rows.append(row)
        return rows
