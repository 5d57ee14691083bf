"""A figure over cycles and versions: joined only where versions measure the same; one kind at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from goldenthread.audits.models import Answer, Audit, AuditQuerySet
from goldenthread.frameworks.models import Version
from goldenthread.frameworks.queries import pack_of
from goldenthread.measures.figures import Figure
from goldenthread.measures.slices import Slice, answered, judgements_of_record
from goldenthread.people.models import Person
from goldenthread.programmes.models import Cycle
from goldenthread.rules.equivalence import Match, best_answers, equivalence
from goldenthread.rules.flow import DONE
from goldenthread.rules.framework import Framework as Pack
from goldenthread.rules.grading import OVERALL

MOST_CYCLES = 24
PART, QUESTION, SCORE = "part", "question", "score"


@dataclass(frozen=True)
class Asked:
    """What a trend is of: a kind of audit, a graded part, a question or a score, and perhaps one team."""

    audit_type: str
    what: str = PART
    key: str = OVERALL
    unit: str = ""


@dataclass(frozen=True)
class Point:
    """One cycle: how many of how many; points of one `stretch` measure the same."""

    cycle: Cycle
    good: Figure
    stretch: int

    @property
    def total(self) -> int:
        """How many it is a part of."""
        return self.good.total or 0


@dataclass(frozen=True)
class Change:
    """Where the version changed between two cycles: a break, or a trend that goes on at the author's word."""

    before: Cycle
    after: Cycle
    said: str
    is_break: bool


@dataclass(frozen=True)
class Trend:
    """Points from the earliest to the latest, and what happened between them."""

    points: list[Point]
    changes: list[Change]
    is_random: bool


def cycles_for(framework_key: str, pack: Pack, audit_type: str) -> list[Cycle]:
    """The latest cycles that were sent, in their order, of the calendar of a kind of audit."""
    kind = pack.audit_types.get(audit_type)
    sent = Cycle.objects.filter(framework_key=framework_key).exclude(sent_at=None)
    if kind is not None:
        sent = sent.filter(calendar=kind.calendar or "")
    found = (
        sent.select_related("version__framework")
        .defer("version__document")
        .order_by("-opens_on", "-pk")[:MOST_CYCLES]
    )
    return list(found)[::-1]


def audits_over(
    framework_key: str, cycles: Sequence[Cycle], audit_type: str, *, reader: Person, on: date
) -> AuditQuerySet:
    """The finished audits of one kind whose figures the reader may see; kinds are never mixed."""
    return Audit.objects.reported_to(reader, on=on).filter(
        version__framework__key=framework_key,
        cycle__in=[cycle.label for cycle in cycles],
        audit_type=audit_type,
        phase__in=DONE,
    )


def teams_of(audits: AuditQuerySet) -> list[tuple[str, str]]:
    """The teams with such audits, by name."""
    rows = audits.order_by("unit__name").values_list("unit__public_id", "unit__name")
    return list(rows.distinct())


def trend(cycles: Sequence[Cycle], audits: AuditQuerySet, asked: Asked) -> Trend:
    """The trend of a part or of a question; a handful of statements for any number of cycles."""
    if asked.unit:
        audits = audits.filter(unit__public_id=asked.unit)
    packs = packs_over(cycles)
    placed, changes = stretches(cycles, packs, asked)
    keys = sorted({key for _, key, _ in placed})
    counted = (_answers if asked.what == QUESTION else _grades)(audits, keys)
    points = [
        Point(cycle, _figure(packs[cycle.version.number], cycle, asked, key, counted), stretch)
        for cycle, key, stretch in placed
    ]
    return Trend(points, changes, _is_random(packs, cycles, asked))


def stretches(
    cycles: Sequence[Cycle], packs: Mapping[int, Pack], asked: Asked
) -> tuple[list[tuple[Cycle, str, int]], list[Change]]:
    """Each cycle that has what is asked, under its key then, with its stretch; and what changed between."""
    placed: list[tuple[Cycle, str, int]] = []
    changes: list[Change] = []
    key, stretch = asked.key, 0
    for place in range(len(cycles) - 1, -1, -1):
        cycle = cycles[place]
        if place + 1 < len(cycles) and cycle.version_id != cycles[place + 1].version_id:
            match = _across(packs, cycle.version.number, cycles[place + 1].version.number, asked, key)
            if match.said:
                changes.append(Change(cycle, cycles[place + 1], match.said, not match.goes_on))
            stretch += not match.goes_on
            key = match.before or key
        if not _has(packs[cycle.version.number], asked, key):
            break
        placed.append((cycle, key, stretch))
    return placed[::-1], changes[::-1]


def packs_over(cycles: Sequence[Cycle]) -> dict[int, Pack]:
    """Every version from the first to the last of these cycles, by number."""
    if not cycles:
        return {}
    numbers = [cycle.version.number for cycle in cycles]
    versions = Version.objects.filter(
        framework=cycles[0].version.framework_id, number__gte=min(numbers), number__lte=max(numbers)
    )
    return {version.number: pack_of(version) for version in versions.order_by("number")}


def _across(packs: Mapping[int, Pack], before: int, after: int, asked: Asked, key: str) -> Match:
    """How a key of a later version stands to an earlier one, over every version between them."""
    if before > after:
        return Match(key, said="An earlier version of the framework was used again.")
    said: list[str] = []
    found = key
    for number in range(after, before, -1):
        if number not in packs or number - 1 not in packs:
            return Match(key, said="A version between them cannot be read.")
        match = equivalence(packs[number - 1], packs[number], asked.audit_type).match(asked.what, found)
        if not match.goes_on:
            return match
        said += [match.said] if match.said else []
        found = match.before
    return Match(key, found, " ".join(said), bool(said))


def _has(pack: Pack, asked: Asked, key: str) -> bool:
    """Whether a version has the part or the question at all."""
    if asked.audit_type not in pack.audit_types:
        return False
    form = pack.form_of(asked.audit_type)
    if asked.what == SCORE:
        return key in pack.grading_of(asked.audit_type).scores
    if asked.what == QUESTION:
        return form.question(key) is not None
    if key == OVERALL:
        return pack.grading_of(asked.audit_type).overall
    section = form.section(key)
    return section is not None and section.graded


Counts = Mapping[tuple[str, str], Counter[tuple[str, str]]]
"""How often each grade or answer was given, by the cycle's label and the key of the part or question.

Beside each answer stands how it was not answered, which is empty where it was.
"""


def _grades(audits: AuditQuerySet, parts: Sequence[str]) -> dict[tuple[str, str], Counter[tuple[str, str]]]:
    record = judgements_of_record().filter(part__in=parts, audit__in=audits.order_by().values("pk"))
    record = record.exclude(grade="")
    found: dict[tuple[str, str], Counter[tuple[str, str]]] = {}
    rows = record.order_by().values_list("audit__cycle", "part", "grade").annotate(n=Count("pk"))
    for cycle, part, grade, number in rows:
        found.setdefault((cycle, part), Counter())[grade, ""] += number
    return found


def _answers(
    audits: AuditQuerySet, questions: Sequence[str]
) -> dict[tuple[str, str], Counter[tuple[str, str]]]:
    asked = Answer.objects.filter(question__in=questions, audit__in=audits.order_by().values("pk"))
    given = answered(asked, ())
    found: dict[tuple[str, str], Counter[tuple[str, str]]] = {}
    rows = given.order_by().values_list("audit__cycle", "question", "value", "instead")
    for cycle, question, value, instead, number in rows.annotate(n=Count("pk")):
        said = value if isinstance(value, str) else ""
        found.setdefault((cycle, question), Counter())[said, instead] += number
    return found


def _figure(pack: Pack, cycle: Cycle, asked: Asked, key: str, counted: Counts) -> Figure:
    """How many of the cycle are good or better, or comply, each figure with the slice behind it."""
    counts = counted.get((cycle.label, key), Counter())
    piece = Slice(audit_type=asked.audit_type, unit=asked.unit)
    if asked.what == QUESTION:
        question = pack.form_of(asked.audit_type).question(key)
        best = best_answers(question) if question else []
        leaves = question.leaves_score if question else ()
        total = sum(number for (_, instead), number in counts.items() if instead not in leaves)
        good = sum(counts[one, ""] for one in best)
        return Figure(good, piece.narrowed(question=key, complies="yes"), total)
    scale = pack.scale_of(asked.audit_type)
    graded = [value.key for value in scale.graded()]
    total = sum(counts[one, ""] for one in graded)
    good = sum(counts[one, ""] for one in graded if scale.is_good(one))
    return Figure(good, piece.narrowed(part=key, good="yes"), total)


def _is_random(packs: Mapping[int, Pack], cycles: Sequence[Cycle], asked: Asked) -> bool:
    """Whether the audits were drawn at random in every version, so that an interval says something."""
    for number in {cycle.version.number for cycle in cycles}:
        kind = packs[number].audit_types.get(asked.audit_type)
        rule = packs[number].selection.get(kind.selection or "") if kind else None
        if kind is not None and (kind.layer != "routine" or rule is None or rule.order != "random"):
            return False
    return True


def complied_questions(pack: Pack, audit_type: str) -> list[tuple[str, str]]:
    """The questions of which one answer complies, by key and text; those asked for each row are none of them,
    since a figure counts audits."""
    return [
        (one.key, one.text)
        for section in pack.form_of(audit_type).sections
        if section.repeats is None
        for one in section.questions
        if one.type != "several of" and best_answers(one)
    ]
