"""The audits of a kind told apart as a report says: how many of each value, and how they were graded."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from goldenthread.audits.models import Answer, AuditQuerySet
from goldenthread.measures.figures import Figure
from goldenthread.measures.found import findings_in, labels_in
from goldenthread.measures.given import Given
from goldenthread.measures.slices import Slice, answered, complying, with_fact, with_service
from goldenthread.people.models import Person, Unit
from goldenthread.people.queries import naming_somebody
from goldenthread.rules.breakdowns import FINDINGS, Breakdown
from goldenthread.rules.equivalence import best_answers
from goldenthread.rules.flow import DONE
from goldenthread.rules.framework import Framework
from goldenthread.rules.grading import OVERALL, labels_of
from goldenthread.rules.scales import Scale

Value = TypeVar("Value", int, str)
MOST_VALUES = 60
"""More values than this of a fact are not shown: it then says too much of each to tell audits apart."""
NOT_KNOWN = "Not known"
NOT_GRADED = "Not graded"


@dataclass(frozen=True)
class BrokenRow:
    """The audits of one value: those graded good or better, those graded below that, and those not graded.

    `graded` are both of the first together; a question has the best answers as good, and others below.
    """

    label: str
    audits: Figure
    graded: Figure
    good: Figure
    below: Figure
    ungraded: Figure


@dataclass(frozen=True)
class Broken:
    """One breakdown of one kind of audit; `left` is how many values of a fact are not shown.

    `has_names` is whether others of a fact are kept out, which name somebody in a report that names nobody.
    """

    rule: Breakdown
    rows: list[BrokenRow] = field(default_factory=list)
    left: int = 0
    has_names: bool = False


def broken_down(pack: Framework, key: str, audits: AuditQuerySet, given: Given, piece: Slice) -> list[Broken]:
    """Each breakdown of the report for one kind of audit; a statement or two for each."""
    return [_Kind(pack, key, audits, given, piece).told(rule) for rule in pack.report.breakdowns]


@dataclass(frozen=True)
class _Kind:
    """One kind of audit: its framework, its audits and their grades, and the slice that all are in."""

    pack: Framework
    key: str
    audits: AuditQuerySet
    given: Given
    piece: Slice

    @property
    def scale(self) -> Scale:
        return self.pack.scale_of(self.key)

    @cached_property
    def overall(self) -> dict[int, str]:
        """The overall grade of record of each finished audit that has one which counts."""
        counted = {value.key for value in self.scale.graded()}
        rows = (one for one in self.given.of_record if one.part == OVERALL and one.grade in counted)
        return {one.audit: one.grade for one in rows}

    def told(self, rule: Breakdown) -> Broken:
        ways: dict[str, Callable[[], list[BrokenRow]]] = {
            "team": lambda: self._by_column("unit", Unit.objects.values_list("pk", "public_id", "name")),
            "auditor": lambda: self._by_column(
                "auditor", Person.objects.values_list("pk", "public_id", "name")
            ),
            "service": self._by_service,
            "status": self._by_status,
            "grade": self._by_grade,
            "part": self._by_part,
            "question": self._by_question,
        }
        if rule.fact is not None:
            return self._by_fact(rule, rule.fact)
        return Broken(rule, self._by_finding(rule.by) if rule.by in FINDINGS else ways[rule.by]())

    def _row(self, label: str, audits: Iterable[int], piece: Slice) -> BrokenRow:
        """A row with the overall grades of some audits, which are all that the slice counts."""
        keys = set(audits)
        grades = Counter(self.overall[key] for key in keys if key in self.overall)
        good = sum(number for grade, number in grades.items() if self.scale.is_good(grade))
        graded = grades.total()

        def figure(count: int, word: str, total: int | None = None) -> Figure:
            return Figure(count, piece.narrowed(part=OVERALL, good=word), total)

        return BrokenRow(
            label,
            Figure(len(keys), piece),
            figure(graded, "graded"),
            figure(good, "yes", graded),
            figure(graded - good, "no"),
            figure(len(keys) - graded, "none"),
        )

    def _by_column(self, column: str, names: Iterable[tuple[int, str, str]]) -> list[BrokenRow]:
        """By the unit or the auditor that stands with each audit, by name."""
        return self._by_key(self.audits.order_by().values_list("pk", column), names, column)

    def _by_service(self) -> list[BrokenRow]:
        rows = with_service(self.audits).order_by().values_list("pk", "service_then")
        return self._by_key(rows, Unit.objects.values_list("pk", "public_id", "name"), "service")

    def _by_key(
        self, rows: Iterable[tuple[int, int]], names: Iterable[tuple[int, str, str]], said: str
    ) -> list[BrokenRow]:
        found = _grouped((value, audit) for audit, value in rows)
        known = {key: (name, public_id) for key, public_id, name in names if key in found}
        ordered = sorted(known, key=lambda key: (known[key][0].casefold(), key))
        return [
            self._row(known[key][0], found[key], self.piece.narrowed(**{said: known[key][1]}))
            for key in ordered
        ]

    def _by_status(self) -> list[BrokenRow]:
        """In the order of the flow; a state of an earlier version alone comes last, by its name."""
        found = _grouped((state, key) for key, state in self.audits.order_by().values_list("pk", "state"))
        states = self.pack.flow_of(self.key).states
        labels = {name: one.label for name, one in states.items()} | {
            name: name for name in sorted(found) if name not in states
        }
        return [
            self._row(label[:1].upper() + label[1:], found[name], self.piece.narrowed(state=name))
            for name, label in labels.items()
            if name in found
        ]

    def _by_fact(self, rule: Breakdown, fact: str) -> Broken:
        """The most frequent values first; those of which nothing was known last."""
        rows = with_fact(self.audits, fact).order_by().values_list("fact_then", "pk")
        every = _grouped(rows)
        named = naming_somebody(every) if self.pack.report.without_names else set()
        found = {value: keys for value, keys in every.items() if value not in named}
        ordered = sorted(found, key=lambda value: (not value, -len(found[value]), value.casefold()))
        shown = [value for value in ordered if value][:MOST_VALUES] + [value for value in found if not value]
        told = [
            self._row(value or NOT_KNOWN, found[value], self.piece.narrowed(fact=fact, value=value))
            for value in shown
        ]
        return Broken(rule, told, len(found) - len(shown), has_names=bool(named))

    def _by_finding(self, by: str) -> list[BrokenRow]:
        """Finished audits in which something that was found says so, in the framework's order."""
        keys = dict(self.audits.order_by().values_list("public_id", "pk"))
        said = findings_in(self.audits.order_by()).exclude(**{by: ""}).values_list(by, "about_id").order_by()
        found = _grouped((value, keys[audit]) for value, audit in said.distinct())
        labels = labels_in(self.pack, FINDINGS[by])
        labels |= {value: value for value in sorted(found) if value not in labels}
        piece = self.piece.narrowed(progress="done")
        return [
            self._row(label, found[value], piece.narrowed(**{by: value}))
            for value, label in labels.items()
            if value in found
        ]

    def _by_grade(self) -> list[BrokenRow]:
        """The overall grades of record, the best first, and the audits without one."""
        found = _grouped((grade, audit) for audit, grade in self.overall.items())
        rows = [
            self._row(value.label, found[value.key], self.piece.narrowed(part=OVERALL, grade=value.key))
            for value in self.scale.graded()
            if value.key in found
        ]
        total = self.audits.count()
        if without := total - len(self.overall):
            figure = Figure(without, self.piece.narrowed(part=OVERALL, good="none"), total)
            nothing = Figure(0, figure.piece)
            rows.append(BrokenRow(NOT_GRADED, figure, nothing, nothing, nothing, figure))
        return rows

    def _by_part(self) -> list[BrokenRow]:
        """Each part that was graded, with its own grades of record."""
        counted = {value.key for value in self.scale.graded()}
        rows = [(one.part, one.grade) for one in self.given.of_record if one.grade in counted]
        graded = Counter(part for part, _ in rows)
        good = Counter(part for part, grade in rows if self.scale.is_good(grade))
        labels = labels_of(self.pack.form_of(self.key), self.pack.grading_of(self.key))
        return [
            _two_ways(label, (graded[part], good[part]), self.piece.narrowed(part=part), ("good", "graded"))
            for part, label in labels.items()
            if graded[part]
        ]

    def _by_question(self) -> list[BrokenRow]:
        """Each question that has a best answer: finished audits that answer it, and those that do so best."""
        rows, done = [], self.audits.filter(phase__in=DONE).order_by()
        for question in self.pack.form_of(self.key).questions():
            if best := best_answers(question):
                of_it = Answer.objects.filter(audit__in=done, question=question.key)
                given = answered(of_it, question.leaves_score).order_by().values("audit").distinct()
                piece = self.piece.narrowed(question=question.key)
                if total := given.count():
                    counts = (total, given.filter(complying(best)).count())
                    rows.append(_two_ways(question.text[:200], counts, piece, ("complies", "")))
        return rows


def _two_ways(label: str, counts: tuple[int, int], piece: Slice, said: tuple[str, str]) -> BrokenRow:
    """A row of all and of those that are good, the rest being below; `said` is how a slice says the two."""
    (total, good), (word, whole) = counts, said
    everything = Figure(total, piece.narrowed(**{word: whole}))
    return BrokenRow(
        label,
        everything,
        everything,
        Figure(good, piece.narrowed(**{word: "yes"}), total),
        Figure(total - good, piece.narrowed(**{word: "no"})),
        Figure(0, piece),
    )


def _grouped(rows: Iterable[tuple[Value, int]]) -> Mapping[Value, set[int]]:
    """The keys of audits, by value."""
    found: dict[Value, set[int]] = defaultdict(set)
    for value, audit in rows:
        found[value].add(audit)
    return dict(found)
