"""A slice of a month's audits: the one predicate that both counts a figure and lists what it rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    DateField,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, TruncDate
from django.db.models.lookups import LessThan, LessThanOrEqual

from goldenthread.audits.models import (
    SEE_AUDITS,
    Answer,
    Audit,
    AuditQuerySet,
    Judgement,
    JudgementQuerySet,
    by_post,
    may_be_open,
)
from goldenthread.audits.queries import may_read
from goldenthread.caseload.models import Fact
from goldenthread.findings.models import Finding
from goldenthread.frameworks.grants import Holding, holding
from goldenthread.ledger.compiled import Compiled
from goldenthread.people.models import Person, Reach, Unit
from goldenthread.programmes.models import Cycle
from goldenthread.programmes.queries.periods import Period
from goldenthread.programmes.queries.teams import SERVICE
from goldenthread.rules.flow import DONE, NOT_ACCEPTED, STOPPED
from goldenthread.rules.reports import AUDITOR
from goldenthread.rules.scales import Scale, ScaleValue

UP, SAME, DOWN = "up", "same", "down"
COUNTED = ~Q(phase=STOPPED) | Q(stopped_as=NOT_ACCEPTED)
"""What reports count: of audits that were stopped those that were not accepted."""
DONE_AND_ON_TIME = ("done", "on time")
SAID = ("theme", "source", "cause", "severity")
"""What a finding says besides its words, as a slice names it."""


@dataclass(frozen=True)
class Slice:
    """What a figure counts; every field left empty counts all.

    `unit` is a team's public id; `part` and `grade` are keys of the framework; `stage` is a grading stage,
    or empty for the grade of record; `good` counts the grades marked good or better; `moved` compares the
    grade of record with the first stage's; `complies` counts the best answers to `question`; `against`
    compares the whole with the audit that was looked at again. A `goal` stands alone, or with a
    `unit`: all that it counts, or what `came_to` it. `versions` are the numbers of the framework's
    versions, where only some are counted. `before` counts in the period before the one that is asked about.
    """

    audit_type: str = ""
    unit: str = ""
    service: str = ""
    auditor: str = ""
    state: str = ""
    fact: str = ""
    value: str = ""
    progress: str = ""
    part: str = ""
    stage: str = ""
    grade: str = ""
    good: str = ""
    moved: str = ""
    theme: str = ""
    source: str = ""
    cause: str = ""
    severity: str = ""
    finding: str = ""
    question: str = ""
    complies: str = ""
    against: str = ""
    goal: str = ""
    came_to: str = ""
    versions: str = ""
    before: str = ""

    def narrowed(self, **values: str) -> Slice:
        """The same slice with more said; for every cell of a report, so without `dataclasses.replace`."""
        return Slice(**{**vars(self), **values})

    def as_query(self) -> dict[str, str]:
        """The fields that say something, for a link."""
        return {name: value for name, value in vars(self).items() if value}

    @classmethod
    def from_query(cls, values: dict[str, str]) -> Slice:
        """Read a link back; fields that a slice does not have are ignored."""
        return cls(**{field.name: values[field.name] for field in fields(cls) if field.name in values})


def audits_of(period: Period, *, reader: Person, on: date) -> AuditQuerySet:
    """A report's audits whose figures the reader may see; of stopped ones those that were not accepted."""
    if period.about is None:
        seen = Audit.objects.reported_to(reader, on=on)
    else:
        seen = about_person(period, period.about, reader=reader, on=on)
    return in_cycles(seen, period.cycles).filter(COUNTED)


def counted_once(period: Period, *, reader: Person, on: date) -> AuditQuerySet:
    """The same audits, for a page that asks several statements: their condition is compiled already."""
    if period.about is not None:
        return audits_of(period, reader=reader, on=on).compiled_once()
    labels = [one.label for one in period.cycles]
    return _reported_in.chosen(held=holding(reader, on), key=period.last.framework_key, labels=labels)


def _keys_reported(held: Holding, key: str, labels: list[str]) -> QuerySet[Audit, Any]:
    seen = Audit.objects.reported_to(held.reader, on=held.on)
    return _in_cycles(seen, key, labels).filter(COUNTED).order_by().values("pk")


_reported_in = Compiled(_keys_reported, held=Holding, key=str, labels=[str])


def about_person(period: Period, person: Person, *, reader: Person, on: date) -> AuditQuerySet:
    """The audits of one person that the reader may know of: their own, or by a post that may see audits.

    Of finished ones only those that the reader may read; a few statements for each.
    """
    rows = _known_in_reports_about_people(period, reader, on).filter(**{_whose(period): person})
    done = rows.done().with_framework("unit", "auditor", "practitioner", "subject")
    closed = [one.pk for one in done if not may_read(one, reader, on=on)]
    return rows.exclude(pk__in=closed)


def people_reported(period: Period, *, reader: Person, on: date) -> QuerySet[Person]:
    """The people about whom the reader may read a report: themselves, and those whose audits a post shows."""
    rows = _known_in_reports_about_people(period, reader, on).order_by()
    return Person.objects.filter(pk__in=rows.values(_whose(period)))


def _whose(period: Period) -> str:
    """Which of an audit's people a report is about."""
    return "auditor" if period.rule and period.rule.about == AUDITOR else "practitioner"


def _known_in_reports_about_people(period: Period, reader: Person, on: date) -> AuditQuerySet:
    """The period's audits that count and are the reader's own, or that a post lets them see."""
    rows = in_cycles(Audit.objects.filter(may_be_open(reader)), period.cycles).filter(COUNTED)
    own = Audit.objects.with_part_for(reader, on=on).filter(**{_whose(period): reader})
    return rows.filter(Q(pk__in=own.order_by().values("pk")) | by_post(SEE_AUDITS, reader, on))


def in_cycles(audits: AuditQuerySet, cycles: Sequence[Cycle]) -> AuditQuerySet:
    """Those of some cycles of one framework."""
    return _in_cycles(audits, cycles[-1].framework_key, [one.label for one in cycles])


def _in_cycles(audits: AuditQuerySet, key: str, labels: list[str]) -> AuditQuerySet:
    return audits.filter(version__framework__key=key, cycle__in=labels)


def judgements_of_record() -> JudgementQuerySet:
    """Current judgements that no later stage of the same part has overtaken."""
    later = Judgement.objects.current().filter(
        audit=OuterRef("audit"), part=OuterRef("part"), stage_order__gt=OuterRef("stage_order")
    )
    return Judgement.objects.current().filter(~Exists(later.exclude(grade="")))


def first_judgements() -> JudgementQuerySet:
    """Current judgements that no earlier stage of the same part has."""
    earlier = Judgement.objects.current().filter(
        audit=OuterRef("audit"), part=OuterRef("part"), stage_order__lt=OuterRef("stage_order")
    )
    return Judgement.objects.current().filter(~Exists(earlier.exclude(grade="")))


def answered(answers: QuerySet[Answer], leaves: Collection[str]) -> QuerySet[Answer]:
    """Those that count: not blank, and none of the ways of not answering that leave the figure."""
    return answers.exclude(instead__in=leaves).exclude(Q(instead="") & Q(value=""))


def cut(
    audits: AuditQuerySet,
    piece: Slice,
    *,
    today: date,
    scale: Scale | None = None,
    best: Sequence[str] = (),
    leaves: Collection[str] = (),
) -> AuditQuerySet:
    """The audits that a slice counts; `good` and `moved` need the framework's scale, `complies` the answers
    that do, and `question` the ways of not answering that leave the question out of figures."""
    if piece.audit_type:
        audits = audits.filter(audit_type=piece.audit_type)
    if piece.versions:
        numbers = [int(one) for one in piece.versions.split("-") if one.isdecimal() and len(one) < 6]
        audits = audits.filter(version__number__in=numbers)
    if piece.unit:
        audits = audits.filter(unit__public_id=piece.unit)
    if piece.service or piece.auditor or piece.state or piece.fact:
        audits = _cut_by_breakdown(audits, piece)
    if piece.progress:
        audits = audits.filter(progress(piece.progress, today=today))
    if piece.part:
        audits = _cut_by_grade(audits, piece, scale)
    if piece.finding or any(getattr(piece, name) for name in SAID):
        audits = audits.filter(Exists(_findings(piece)))
    if piece.question:
        audits = audits.filter(_answers(piece, best, leaves), phase__in=DONE)
    return audits


def _cut_by_breakdown(audits: AuditQuerySet, piece: Slice) -> AuditQuerySet:
    if piece.service:
        service = Unit.objects.filter(public_id=piece.service).values("pk")[:1]
        of_it = with_service(Audit.objects.all()).filter(service_then=Subquery(service))
        audits = audits.filter(pk__in=of_it.values("pk"))
    if piece.auditor:
        audits = audits.filter(auditor__public_id=piece.auditor)
    if piece.state:
        audits = audits.filter(state=piece.state)
    if piece.fact:
        said_so = with_fact(Audit.objects.all(), piece.fact).filter(fact_then=piece.value)
        audits = audits.filter(pk__in=said_so.values("pk"))
    return audits


def with_service(audits: AuditQuerySet) -> QuerySet[Any]:
    """Audits with the service of each, as `service_then`: that of `teams.Place`, on the day it was sent."""
    audits = audits.alias(sent_on=TruncDate("sent_at"))
    above = Reach.objects.filter(_on_that_day(), unit=OuterRef("unit"))
    named = above.filter(above__kind__iexact=SERVICE).order_by("depth").values("above")[:1]
    next_up = above.filter(depth=1).values("above")[:1]
    below_top = Case(When(Exists(above.filter(depth__gte=2)), then=Subquery(next_up)))
    return audits.annotate(
        service_then=Coalesce(Subquery(named), below_top, "unit_id", output_field=BigIntegerField())
    )


def with_fact(audits: AuditQuerySet, fact: str) -> QuerySet[Any]:
    """Audits with a fact of their subjects as `fact_then`, on the day each was sent; empty if not known."""
    audits = audits.alias(sent_on=TruncDate("sent_at"))
    known = Fact.objects.filter(_on_that_day(), subject=OuterRef("subject"), name=fact)
    value = known.order_by("-starts_on", "-pk").values("value")[:1]
    return audits.annotate(fact_then=Coalesce(Subquery(value), Value("")))


def _on_that_day() -> Q:
    """Rows whose dates cover the day on which the audit was sent."""
    began = Q(starts_on__lte=OuterRef("sent_on"))
    return began & (Q(ends_on__isnull=True) | Q(ends_on__gte=OuterRef("sent_on")))


def _answers(piece: Slice, best: Sequence[str], leaves: Collection[str]) -> Q:
    """Audits with answers to the slice's question, or with one that complies, or with none that does."""
    given = answered(Answer.objects.filter(audit=OuterRef("pk"), question=piece.question), leaves)
    if not piece.complies:
        return Q(Exists(given))
    comply = Exists(given.filter(complying(best)))
    return Q(Exists(given)) & ~Q(comply) if piece.complies == "no" else Q(comply)


def complying(best: Sequence[str]) -> Q:
    """The answers that are among the best."""
    return reduce(or_, (Q(value=one) for one in best), Q(pk=None)) & Q(instead="")


def progress(word: str, *, today: date) -> Q:
    """How far an audit is against the day by which it is to be done; missing means not done by it."""
    done = Q(phase__in=DONE)
    closes = Coalesce("extended_to", "cycle_closes_on")
    on_time = LessThanOrEqual(TruncDate("finished_at"), closes)
    closed = LessThan(closes, Value(today, output_field=DateField()))
    match word:
        case "on time":
            return done & Q(on_time)
        case "late":
            return done & ~Q(on_time)
        case "missing":
            return ~done & ~Q(phase=STOPPED) & Q(closed)
        case "in hand":
            return ~done & ~Q(phase=STOPPED) & ~Q(closed)
        case "not accepted":
            return Q(stopped_as=NOT_ACCEPTED)
        case _:
            return done


def tally(
    audits: QuerySet[Audit], by: Sequence[str], words: Mapping[str, Q | None], *, today: date
) -> QuerySet[Audit, Any]:
    """By the values of some columns, of how many audits each condition holds: one statement for `tallied`.

    Those that were done on time and late are counted too: late is what was done and not on time, so that the
    day on which each was finished is worked out once.
    """
    asked = {**words, **{word: progress(word, today=today) for word in DONE_AND_ON_TIME}}
    columns = {f"n_{place}": Count("pk", filter=condition) for place, condition in enumerate(asked.values())}
    return audits.order_by().values_list(*by).annotate(**columns)


def tallied(
    rows: Iterable[tuple[Any, ...]], by: Sequence[str], words: Iterable[str]
) -> dict[tuple[Any, ...], Counter[str]]:
    """What a `tally` gave, by the values of the columns and then by the name of each condition."""
    found, names = {}, (*words, *DONE_AND_ON_TIME)
    for row in rows:
        counts = Counter(dict(zip(names, row[len(by) :], strict=True)))
        counts["late"] = counts["done"] - counts["on time"]
        found[row[: len(by)]] = counts
    return found


def _cut_by_grade(audits: AuditQuerySet, piece: Slice, scale: Scale | None) -> AuditQuerySet:
    chosen = Judgement.objects.current().filter(stage=piece.stage) if piece.stage else judgements_of_record()
    chosen = chosen.filter(audit=OuterRef("pk"), part=piece.part).exclude(grade="")
    if piece.grade:
        chosen = chosen.filter(grade=piece.grade)
    if piece.good and scale:
        chosen = chosen.filter(grade__in=[one.key for one in scale.graded() if _is_so(one, piece.good)])
    if piece.good == "none":
        return audits.exclude(Q(Exists(chosen), phase__in=DONE))
    if piece.moved and scale:
        chosen = chosen.filter(moved(piece.moved, scale))
    return audits.filter(phase__in=DONE).filter(Exists(chosen))


def _is_so(value: ScaleValue, word: str) -> bool:
    """Whether a grade is meant by what a slice says of good ones."""
    return value.good == (word == "yes") if word in ("yes", "no") else True


def moved(direction: str, scale: Scale) -> Q:
    """Whether a judgement of record lies above, level with or below the first stage's grade of its part."""
    first = first_judgements().filter(audit=OuterRef("audit"), part=OuterRef("part")).exclude(grade="")
    best_first = [value.key for value in scale.graded()]
    ways = Q(pk__in=[])
    for place, grade in enumerate(best_first):
        ranges = {UP: best_first[place + 1 :], SAME: [grade], DOWN: best_first[:place]}
        before = ranges.get(direction, [])
        ways |= Q(Exists(first.filter(grade__in=before)), grade=grade)
    return ways


def direction_of(before: str, after: str, best_first: Sequence[str]) -> str:
    """Which way a grade moved, as `moved` asks of rows; empty where one of the two is none of these."""
    if before not in best_first or after not in best_first:
        return ""
    steps = best_first.index(before) - best_first.index(after)
    return UP if steps > 0 else DOWN if steps < 0 else SAME


def _findings(piece: Slice) -> QuerySet[Finding]:
    found = Finding.objects.standing().filter(about_kind="audit", about_id=OuterRef("public_id"))
    found = found.filter(**{name: value for name in SAID if (value := getattr(piece, name))})
    if piece.finding:
        found = found.filter(kind=piece.finding)
    return found
