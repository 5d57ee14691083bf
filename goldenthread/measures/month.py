"""The figures of a report, each with its definition in a slice that leads down to its audits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.db.models import Q

from goldenthread.audits.models import Audit, AuditQuerySet
from goldenthread.findings.models import Finding
from goldenthread.frameworks.models import Version
from goldenthread.frameworks.queries import pack_of
from goldenthread.ledger.compiled import Compiled
from goldenthread.measures.breakdowns import Broken, broken_down
from goldenthread.measures.comparisons import outcomes
from goldenthread.measures.figures import Figure, GradeRow, MoveRow, grade_rows
from goldenthread.measures.found import PARTS, FoundRow, findings_in, found_by
from goldenthread.measures.given import Given, given_in
from goldenthread.measures.scores import ScoreFigures, figures, reckon
from goldenthread.measures.slices import (
    DOWN,
    SAME,
    UP,
    Slice,
    counted_once,
    cut,
    direction_of,
    progress,
    tallied,
    tally,
)
from goldenthread.people.models import Person
from goldenthread.programmes.queries.periods import Period
from goldenthread.rules.calendars import in_words
from goldenthread.rules.comparison import OUTCOMES
from goldenthread.rules.equivalence import equivalence
from goldenthread.rules.flow import DONE
from goldenthread.rules.framework import Framework
from goldenthread.rules.grading import OVERALL, labels_of
from goldenthread.rules.scales import Scale

PROGRESS = ("on time", "late", "in hand", "missing", "not accepted")
SHOWN_EXAMPLES = 20
KIND_AND_VERSION = ("audit_type", "version__number")
LATENESS = ("number", "finished_at", "cycle_closes_on", "extended_to")


@dataclass(frozen=True)
class TypeFigures:
    """Everything about one audit type; kinds of audit are never mixed."""

    key: str
    title: str
    pack: Framework
    scale: Scale
    sent: Figure
    progress: dict[str, Figure]
    overall: GradeRow | None
    parts: list[GradeRow] = field(default_factory=list)
    stages: list[GradeRow] = field(default_factory=list)
    teams: list[GradeRow] = field(default_factory=list)
    moves: list[MoveRow] = field(default_factory=list)
    again: dict[str, Figure] = field(default_factory=dict)
    """Of audits that look again, how many came to what; empty if none was compared."""
    broken: list[Broken] = field(default_factory=list)
    """The breakdowns, where the report has them as a part."""


@dataclass(frozen=True)
class Month:
    """The figures of a month, or of a longer period, as one reader may see them on one day."""

    period: Period
    pack: Framework
    types: list[TypeFigures]
    found: dict[str, list[FoundRow]]
    """By themes, sources, likely causes and severities, for each of these that is a part of the report."""
    examples: list[Finding]
    unfinished: list[Audit]
    scores: list[ScoreFigures] = field(default_factory=list)
    """Empty unless the framework's report has them as a part."""


def month_of(period: Period, *, reader: Person, today: date) -> Month:
    """Every figure of a report for a reader; a few statements for each kind of audit, however many
    audits there are, and a few more for each finished one where the report holds scores."""
    pack = period.pack
    audits = counted_once(period, reader=reader, on=today)
    alike, sent = _alike(period, audits), _sent(audits, today)
    types = [
        _type_figures(one, counts, one.of(audits), reader, today)
        for one in alike
        if (counts := one.counted(sent))["sent"]
    ]
    return Month(
        period=period,
        pack=pack,
        types=types,
        found={part: found_by(part, period, audits) for part in PARTS if part in pack.report.parts},
        examples=_examples(audits=audits),
        unfinished=_unfinished(audits=audits, today=today),
        scores=_scores(alike, audits) if "scores" in pack.report.parts else [],
    )


@dataclass(frozen=True)
class _Alike:
    """A kind of audit with the versions that measure it alike, and the newest of them as it reads."""

    key: str
    title: str
    pack: Framework
    piece: Slice

    def of(self, audits: AuditQuerySet) -> AuditQuerySet:
        """The audits among some that this counts."""
        return cut(audits, self.piece, today=date.max)

    def counted(self, sent: Mapping[tuple[str, int], Counter[str]]) -> Counter[str]:
        """What these audits came to, of the counts of each kind and version."""
        numbers = self.piece.versions.split("-") if self.piece.versions else None
        total: Counter[str] = Counter()
        for (key, number), counts in sent.items():
            if key == self.key and (numbers is None or str(number) in numbers):
                total.update(counts)
        return total


def _sent(audits: AuditQuerySet, today: date) -> dict[tuple[str, int], Counter[str]]:
    """How many audits of each kind and version were sent and came to what, in one statement."""
    return tallied(_counts(audits=audits, today=today), KIND_AND_VERSION, _words(today))


def _words(today: date) -> dict[str, Q | None]:
    words = {word: progress(word, today=today) for word in PROGRESS if word not in ("on time", "late")}
    return {"sent": None, "again": Q(phase__in=DONE, previous__isnull=False), **words}


_counts = Compiled(
    lambda audits, today: tally(audits, KIND_AND_VERSION, _words(today), today=today),
    audits=Audit,
    today=date,
)
_unfinished = Compiled(
    lambda audits, today: (
        audits.filter(progress("missing", today=today) | progress("late", today=today))
        .select_related("auditor", "unit")
        .only(*LATENESS, "auditor__name", "unit__name")
        .order_by("cycle_closes_on", "number")[:SHOWN_EXAMPLES]
    ),
    audits=Audit,
    today=date,
)
_examples = Compiled(
    lambda audits: (
        findings_in(audits)
        .good()
        .select_related("found_by")
        .only("text", "about_label", "about_id", "found_by__name")
        .order_by("-found_at", "-pk")[:SHOWN_EXAMPLES]
    ),
    audits=Audit,
)


def _alike(period: Period, audits: AuditQuerySet) -> list[_Alike]:
    """Each kind of audit, apart for versions that measure it otherwise, the newest first."""
    packs = {period.version.number: period.pack}
    if len(period.cycles) > 1:
        used = audits.order_by().values_list("version", flat=True).distinct()
        packs |= {one.number: pack_of(one) for one in Version.objects.filter(pk__in=list(used))}
    found = []
    for key in dict.fromkeys(
        key for number in sorted(packs, reverse=True) for key in packs[number].audit_types
    ):
        runs = runs_alike(packs, key)
        for run in runs:
            title = packs[run[0]].audit_types[key].title
            piece = Slice(audit_type=key)
            if len(runs) > 1:
                title = f"{title}, {_versions(run)}"
                piece = piece.narrowed(versions="-".join(map(str, run)))
            found.append(_Alike(key, title, packs[run[0]], piece))
    return found


def _versions(run: Sequence[int]) -> str:
    said = in_words([str(one) for one in sorted(run)])
    return f"version {said}" if len(run) == 1 else f"versions {said}"


def runs_alike(packs: Mapping[int, Framework], audit_type: str) -> list[list[int]]:
    """The numbers of versions with a kind of audit, those together that measure it alike, newest first.

    All that is graded or scored must go on from one to the next under its own key.
    """
    runs: list[list[int]] = []
    for number in sorted(packs, reverse=True):
        if audit_type not in packs[number].audit_types:
            continue
        if runs and goes_on(packs[number], packs[runs[-1][-1]], audit_type):
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs


def goes_on(before: Framework, after: Framework, audit_type: str) -> bool:
    """Whether all that is graded or scored of a kind means the same in a later version, under its own key."""
    if audit_type not in before.audit_types:
        return False
    scales = [pack.scale_of(audit_type).graded() for pack in (before, after)]
    if [value.key for value in scales[0]] != [value.key for value in scales[1]]:
        return False
    found = equivalence(before, after, audit_type)
    earlier = {*_part_labels(before, audit_type), *before.grading_of(audit_type).scores}
    later = {**found.parts, **found.scores}
    return earlier == {*later} and all(one.before == key and not one.merges for key, one in later.items())


def _scores(alike: Sequence[_Alike], audits: AuditQuerySet) -> list[ScoreFigures]:
    """Each kind's scores, apart where versions reckon otherwise."""
    found = []
    for one in alike:
        if names := list(one.pack.grading_of(one.key).scores):
            known = {one.key: reckon(one.of(audits), names)}
            found += [replace(each, kind=one.title) for each in figures(one.pack, known, one.piece)]
    return found


def _type_figures(
    alike: _Alike, counts: Counter[str], of_type: AuditQuerySet, reader: Person, today: date
) -> TypeFigures:
    """The figures of a kind of which some were sent."""
    pack, key, piece = alike.pack, alike.key, alike.piece
    scale, done = pack.scale_of(key), of_type.filter(phase__in=DONE)
    labels, given = _part_labels(pack, key), given_in(done)
    parts = grade_rows(
        ((one.part, one.grade) for one in given.of_record),
        labels,
        scale=scale,
        piece=piece,
        said=lambda part: {"part": part},
    )
    whole = [row for row in parts if row.graded.piece.part == OVERALL]
    return TypeFigures(
        key=key,
        title=alike.title,
        pack=pack,
        scale=scale,
        sent=Figure(counts["sent"], piece),
        progress={
            word: Figure(counts[word], piece.narrowed(progress=word), counts["sent"]) for word in PROGRESS
        },
        overall=whole[0] if whole else None,
        parts=[row for row in parts if row.graded.piece.part != OVERALL],
        stages=grade_rows(
            ((one.stage, one.grade) for one in given.all if one.part == OVERALL),
            {stage.key: stage.label for stage in pack.grading_of(key).stages},
            scale=scale,
            piece=piece,
            said=lambda stage: {"part": OVERALL, "stage": stage},
        ),
        teams=grade_rows(
            ((one.unit, one.grade) for one in given.of_record if one.part == OVERALL),
            given.teams,
            scale=scale,
            piece=piece,
            said=lambda unit: {"part": OVERALL, "unit": unit},
        ),
        moves=_move_rows(given, labels, scale, piece),
        again=_again(of_type, piece, reader, today) if counts["again"] else {},
        broken=broken_down(pack, key, of_type, given, piece) if "breakdowns" in pack.report.parts else [],
    )


def _again(of_type: AuditQuerySet, piece: Slice, reader: Person, today: date) -> dict[str, Figure]:
    """How those that look again came out; one whose earlier audit the reader does not see is left out."""
    came_to = Counter(outcomes(of_type, reader=reader, on=today).values())
    total = sum(came_to.values())
    return {one: Figure(came_to[one], piece.narrowed(against=one), total) for one in OUTCOMES if total}


def _part_labels(pack: Framework, audit_type: str) -> dict[str, str]:
    return labels_of(pack.form_of(audit_type), pack.grading_of(audit_type))


def _move_rows(given: Given, labels: dict[str, str], scale: Scale, piece: Slice) -> list[MoveRow]:
    counts = {direction: Counter[str]() for direction in (UP, SAME, DOWN)}
    best_first = [value.key for value in scale.graded()]
    for first, last in given.first_and_last():
        if direction := direction_of(first.grade, last.grade, best_first):
            counts[direction][last.part] += 1
    rows = []
    for part, label in labels.items():
        total = sum(counts[direction][part] for direction in counts)
        if total:
            figures = [
                Figure(counts[direction][part], piece.narrowed(part=part, moved=direction), total)
                for direction in (UP, SAME, DOWN)
            ]
            rows.append(MoveRow(label, *figures))
    return rows
