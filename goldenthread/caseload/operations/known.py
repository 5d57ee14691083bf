"""Rows that say what they said in an earlier extract, which are neither read nor staged again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from django.db import connection
from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery

from goldenthread.caseload.models import CASE, Episode, Extract, KnownRow, StagedRow, Subject
from goldenthread.caseload.operations.changes import chunks

AHEAD = 100_000  # known rows that are held at a time: rows may have moved so far since they first came
FETCHED = 20_000

Kind = tuple[bool, bool]  # whether the row tells of an open case, and whether it names a worker


class Known:
    """The known rows of an extract's preset, and which of them its file shows.

    A row that is not found here is read like any other, so whatever is missing costs time and nothing else.
    Where a person looks at a preview nothing is known: what it says must still hold when it is loaded.
    """

    def __init__(self, extract: Extract, *, asked: bool = True) -> None:
        self.extract = extract
        self.asked = asked and KnownRow.objects.filter(episode__preset=extract.preset).exists()
        last = Episode.objects.aggregate(last=Max("pk"))["last"] if self.asked else None
        self.shown = bytearray((last or 0) + 1)  # by the key of the involvement: a million are a megabyte
        self.kinds: dict[str, Counter[Kind]] = defaultdict(Counter)

    def of_list(self, name: str) -> KnownOfList:
        return KnownOfList(self, name)

    def rows(self) -> int:
        return sum(sum(kinds.values()) for kinds in self.kinds.values())

    def counts(self, name: str) -> dict[str, int]:
        """What the known rows of a list add to what was counted of the rows that were read."""
        kinds = self.kinds.get(name, Counter[Kind]())
        rows, left = sum(kinds.values()), kinds[True, False]
        return {"read": rows, "unchanged": rows, "open": left + kinds[True, True], "unallocated": left}

    def forget(self) -> None:
        """Know nothing from here on: all rows are read."""
        self.asked, self.shown = False, bytearray(1)
        self.kinds.clear()

    def is_shown(self, episode: int) -> bool:
        return episode < len(self.shown) and bool(self.shown[episode])

    def is_shaken(self) -> bool:
        """Whether a row that was read changes what known rows say, so that all must be read.

        A second row about a known case and start does, and an id that takes another's place.
        """
        if not self.rows():
            return False
        staged = _usable(self.extract)
        former = Subject.objects.filter(kind=CASE, reference=OuterRef("replaces"), replaced_by=None)
        replacing = staged.exclude(replaces="").exclude(replaces=F("reference"))
        if replacing.alias(former=Subquery(former.values("pk")[:1])).exclude(former=None).exists():
            return True
        return any(episode and self.is_shown(episode) for episode in _episodes_of(self.extract, staged))

    def take_back(self) -> dict[str, set[str]]:
        """The marks, by list, of known rows about subjects of rows that were read; these are read as well.

        What becomes of a subject rests on all its rows together.
        """
        wanted: dict[str, set[str]] = defaultdict(set)
        if not self.rows():
            return wanted
        references = _usable(self.extract).order_by().values_list("reference", "pk")
        for some in chunks(dict(references).values()):
            staged = StagedRow.objects.filter(pk__in=some)
            subjects = Subject.objects.filter(kind=CASE, reference__in=staged.values("reference"))
            rows = KnownRow.objects.filter(episode__subject__in=subjects, episode__preset=self.extract.preset)
            for name, mark, episode, *kind in rows.values_list("episode__list", *KEPT):
                if self.is_shown(episode):
                    self.shown[episode] = 0
                    self.kinds[name][kind[0], kind[1]] -= 1
                    wanted[name].add(mark)
        return wanted


KEPT = ("mark", "episode_id", "is_open", "is_allocated")


class KnownOfList:
    """The known rows of one list, a hundred thousand at a time, in the order in which they first came."""

    def __init__(self, known: Known, name: str) -> None:
        self.known, self.name = known, name
        self.kinds = known.kinds[name]
        self.ahead: dict[str, tuple[str, int, bool, bool]] = {}
        self.last: int | None = 0 if known.asked else None

    def shows(self, mark: str) -> bool:
        """Whether the row with this mark is known; it is noted that the file shows it."""
        if self.last is not None and len(self.ahead) <= AHEAD - FETCHED:
            self._fetch()
        row = self.ahead.pop(mark, None)
        if row is None:
            return False
        _, episode, is_open, is_allocated = row
        self.known.shown[episode] = 1
        self.kinds[is_open, is_allocated] += 1
        return True

    def _fetch(self) -> None:
        """Hold the rows that come next."""
        rows = _holding(self.known.extract, self.name).order_by("pk").values_list(*KEPT)
        while self.last is not None and len(self.ahead) <= AHEAD - FETCHED:
            fetched = list(rows.filter(pk__gt=self.last)[:FETCHED])
            self.ahead.update((row[0], row) for row in fetched)
            self.last = fetched[-1][1] if len(fetched) == FETCHED else None


def _holding(extract: Extract, name: str) -> QuerySet[KnownRow]:
    """Known rows of a list that would be read into what is stored, on the day of the extract."""
    on = extract.extracted_on
    told = KnownRow.objects.filter(episode__preset=extract.preset, episode__list=name)
    same = told.filter(digest=F("episode__row_digest"), key=F("episode__key"), episode__missing_since=None)
    return same.filter(Q(anew_on=None) | Q(anew_on__gt=on), read_on__lte=on)


def _usable(extract: Extract) -> QuerySet[StagedRow]:
    return StagedRow.objects.filter(extract=extract).exclude(action=StagedRow.Action.REJECTED)


def _episodes_of(extract: Extract, staged: QuerySet[StagedRow]) -> Iterator[int | None]:
    """The key of the involvement that each row tells of, where there is one."""
    stored = Episode.objects.filter(preset=extract.preset, list=OuterRef("list"), key=OuterRef("key"))
    rows = staged.annotate(episode=Subquery(stored.values("pk")[:1])).order_by()
    yield from rows.values_list("episode", flat=True).iterator()


def remember(extract: Extract) -> None:
    """Keep the marks of the rows that were read and may be known again. Before the rows are deleted."""
    quote = connection.ops.quote_name
    known, staged, episode = (quote(model._meta.db_table) for model in (KnownRow, StagedRow, Episode))
    told = ("mark", "key", "digest", "read_on", "anew_on", "is_open", "is_allocated")
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {known} (episode_id, {', '.join(map(quote, told))}) "  # noqa: S608 - our own names
            f"SELECT e.id, s.mark, s.{quote('key')}, s.digest, %s, s.anew_on, s.is_open, "
            f"(s.worker <> '' OR s.worker_reference <> '') FROM {staged} s JOIN {episode} e "
            f"ON e.preset = %s AND e.list = s.list AND e.{quote('key')} = s.{quote('key')} "
            "WHERE s.extract_id = %s AND s.mark <> '' AND s.action <> %s "
            f"ON CONFLICT (episode_id) DO UPDATE SET "
            f"{', '.join(f'{quote(name)} = excluded.{quote(name)}' for name in told)}",
            [extract.extracted_on.isoformat(), extract.preset, extract.pk, StagedRow.Action.REJECTED.value],
        )
