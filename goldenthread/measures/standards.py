"""What audits say of each standard, and so of each reader's expectations: one predicate counts and lists.

Kinds of audit are never mixed: every figure is of one kind, over the audits finished between two days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q

from goldenthread.audits.models import Answer, Audit, AuditQuerySet
from goldenthread.frameworks.models import Framework as Published
from goldenthread.frameworks.models import Version
from goldenthread.frameworks.queries import current, pack_of
from goldenthread.people.models import Person
from goldenthread.rules.flow import DONE
from goldenthread.rules.framework import Framework
from goldenthread.rules.standards import IN_PART, MET, MISSED, OUTCOMES, Standard, tellings

NO_EVIDENCE = "no evidence"
NOTHING = Q(pk__in=[])


@dataclass(frozen=True)
class Span:
    """One kind of audit of one framework, finished from one day to another, both included."""

    framework: Published
    audit_type: str
    first: date
    last: date


@dataclass(frozen=True)
class StandardRow:
    """One standard: how many audits met it, met it in part, missed it; and whether its words changed."""

    key: str
    standard: Standard
    met: int
    in_part: int
    missed: int
    changed: bool

    @property
    def judged(self) -> int:
        """The audits that say something of it."""
        return self.met + self.in_part + self.missed


def audits_in(span: Span, *, reader: Person, on: date) -> AuditQuerySet:
    """The finished audits of a span whose figures the reader may see."""
    return Audit.objects.reported_to(reader, on=on).filter(
        version__framework=span.framework,
        audit_type=span.audit_type,
        phase__in=DONE,
        finished_at__date__gte=span.first,
        finished_at__date__lte=span.last,
    )


def kinds_with_standards(pack: Framework) -> dict[str, str]:
    """The kinds of audit whose form asks about a standard, with their titles."""
    return {
        name: kind.title
        for name, kind in pack.audit_types.items()
        if any(question.standards for question in pack.form_of(name).questions())
    }


def standards_of(span: Span, *, reader: Person, on: date) -> list[StandardRow]:
    """Every standard of the newest version that this kind of audit asks about; a statement for each."""
    audits, pack = audits_in(span, reader=reader, on=on), pack_of(current(span.framework.key))
    versions = _versions(span)
    asked = {name for question in pack.form_of(span.audit_type).questions() for name in question.standards}
    return [
        _row(key, standard, audits, span, versions)
        for key, standard in pack.standards.items()
        if key in asked
    ]


def _versions(span: Span) -> dict[int, Framework]:
    """Every version of the framework that has audits of this kind, as its pack."""
    used = Audit.objects.filter(version=OuterRef("pk"), audit_type=span.audit_type)
    found = Version.objects.filter(Exists(used), framework=span.framework)
    packs = {version.pk: pack_of(version) for version in found}
    return {key: pack for key, pack in packs.items() if span.audit_type in pack.audit_types}


def _row(
    key: str, standard: Standard, audits: AuditQuerySet, span: Span, versions: dict[int, Framework]
) -> StandardRow:
    counts = audits.aggregate(
        **{
            outcome.replace(" ", "_"): Count("pk", filter=_said(key, outcome, span.audit_type, versions))
            for outcome in OUTCOMES
        }
    )
    worded = {pack.standards[key].means for pack in versions.values() if key in pack.standards}
    return StandardRow(
        key,
        standard,
        met=counts[MET],
        in_part=counts[IN_PART.replace(" ", "_")],
        missed=counts[MISSED],
        changed=bool(worded - {standard.means}),
    )


def that_say(audits: AuditQuerySet, standard: str, outcome: str, *, span: Span) -> AuditQuerySet:
    """The audits of a span that say so of a standard; none where the outcome is not one."""
    if outcome not in OUTCOMES:
        return audits.none()
    return audits.filter(_said(standard, outcome, span.audit_type, _versions(span)))


def _said(standard: str, outcome: str, audit_type: str, versions: dict[int, Framework]) -> Q:
    """Audits with such an answer and with no graver one, each by the words of its own version."""
    place = OUTCOMES.index(outcome)
    graver = [_answered(standard, one, audit_type, versions) for one in OUTCOMES[:place]]
    said = _answered(standard, outcome, audit_type, versions)
    answers = Answer.objects.standing().filter(audit=OuterRef("pk"))
    found = Q(Exists(answers.filter(said)))
    for one in graver:
        found &= ~Q(Exists(answers.filter(one)))
    return found


def _answered(standard: str, outcome: str, audit_type: str, versions: dict[int, Framework]) -> Q:
    """The answers that say so, by the version of their audit."""
    found = NOTHING
    for version, pack in versions.items():
        for one in tellings(pack.form_of(audit_type), standard):
            values = Q(instead=NO_EVIDENCE) if outcome == MISSED else NOTHING
            for value in sorted(one.values(outcome)):
                values |= Q(value=value, instead="")
            found |= Q(values, audit__version_id=version, question=one.question)
    return found
