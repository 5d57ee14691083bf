"""Who works with a subject: the rows of `Work` follow the open episodes, with their dates."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from goldenthread.caseload.models import Episode, Extract, StagedRow, Work
from goldenthread.caseload.operations.changes import Changes
from goldenthread.caseload.operations.inserting import Values, insert

Pair = tuple[int | None, int | None]  # the worker's key and the team's
DAY = timedelta(days=1)


def settle_work(extract: Extract, references: dict[int, str], changes: Changes) -> None:
    """Start and end work of these subjects so that it is what their open episodes show."""
    episodes: dict[int, list[Episode]] = defaultdict(list)
    for episode in Episode.objects.filter(subject__in=references).order_by("pk"):
        episodes[episode.subject_id].append(episode)
    current: dict[int, list[Work]] = defaultdict(list)
    ended: set[tuple[int, int | None, date]] = set()
    for work in Work.objects.filter(subject__in=references).order_by("starts_on", "pk"):
        if work.ends_on is None:
            current[work.subject_id].append(work)
        else:
            ended.add((work.subject_id, work.person_id, work.ends_on))
    allocated = _allocated(extract, set(references.values()))
    new: list[Work] = []
    for subject in references:
        one = _Subject(extract, subject, episodes[subject], current[subject], allocated, ended)
        new.extend(one.settle(changes))
    insert(Work, [_row(work) for work in new])


def _row(work: Work) -> Values:
    return {
        "subject_id": work.subject_id,
        "person_id": work.person_id,
        "unit_id": work.unit_id,
        "starts_on": work.starts_on,
        "ends_on": work.ends_on,
        "basis": str(work.basis),
        "extract_id": work.extract_id,
    }


def _allocated(extract: Extract, references: set[str]) -> dict[tuple[str, str], date]:
    """The day of allocation that the file tells, by list and key."""
    rows = StagedRow.objects.filter(extract=extract, reference__in=references, allocated_on__isnull=False)
    return {(name, key): told for name, key, told in rows.values_list("list", "key", "allocated_on") if told}


@dataclass
class _Subject:
    """One subject's open and closed episodes, beside the work that runs."""

    extract: Extract
    key: int
    episodes: list[Episode]
    current: list[Work]
    allocated: dict[tuple[str, str], date]
    ended: set[tuple[int, int | None, date]]

    def settle(self, changes: Changes) -> list[Work]:
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

    def _started(self, pair: Pair, told: date | None, former: list[Work]) -> Work:
        """New work, from the day of allocation or else from the extract that shows it first."""
        same_worker = [work for work in former if work.person_id == pair[0] and pair[0] is not None]
        if told and any(told <= work.starts_on for work in same_worker):
            told = None  # the worker was allocated earlier; only the team is new
        return Work(
            subject_id=self.key,
            person_id=pair[0],
            unit_id=pair[1],
            starts_on=told or self.extract.extracted_on,
            basis=Work.Basis.COLUMN if told else Work.Basis.FIRST_SEEN,
            extract=self.extract,
        )

    def _end(self, work: Work, new: list[Work], changes: Changes) -> None:
        """End work on the day its episode closed, else on the day before what follows it began."""
        if closed_on := self._closed_on(work):
            changes.set("work", work, ends_on=closed_on)
            return
        last = min((one.starts_on for one in new), default=self.extract.extracted_on) - DAY
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

    def _finished(self) -> list[Work]:
        """Work that was over before the first extract that tells of it, where the file says when it began."""
        rows = []
        for episode in self.episodes:
            told = self.allocated.get((episode.list, episode.key))
            brought = episode.extract_id == self.extract.pk and (episode.worker_id or episode.team_id)
            if brought and told and episode.closed_on and told <= episode.closed_on:
                row = self._started((episode.worker_id, episode.team_id), told, [])
                row.ends_on = episode.closed_on
                rows.append(row)
        return rows
