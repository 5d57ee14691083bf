"""Legal holds: while one stands, nothing of its audit or subject is removed."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from goldenthread.audits.models import Audit, AuditQuerySet, by_post
from goldenthread.caseload.models import Subject
from goldenthread.ledger.ids import new_id
from goldenthread.people.models import Person

KEEPS = "keep and remove records"


def kept_by(person: Person, *, on: date) -> AuditQuerySet:
    """The audits that this person may hold and remove; of what is about staff, with staff files only."""
    return Audit.objects.filter(by_post(KEEPS, person, on))


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    def standing(self) -> LegalHoldQuerySet:
        return self.filter(lifted_at=None)

    def over(self, audit: Audit) -> LegalHoldQuerySet:
        """Those on an audit, or on what it looks at."""
        return self.filter(Q(audit=audit) | Q(subject=audit.subject_id))

    def visible_to(self, person: Person, *, on: date) -> LegalHoldQuerySet:
        """Those over an audit that the person may hold and remove."""
        kept = kept_by(person, on=on)
        return self.filter(Q(audit__in=kept) | Q(subject__in=kept.values("subject")))


class LegalHold(models.Model):
    """That something is kept whatever its retention says: an audit, or all audits of a subject, and why."""

    public_id = models.CharField(max_length=20, unique=True, default=new_id, editable=False)
    audit = models.ForeignKey(Audit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey(Subject, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=300)
    placed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    lifted_because = models.CharField(max_length=300, blank=True)
    lifted_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(audit=None, subject__isnull=False) | Q(audit__isnull=False, subject=None),
                name="a_legal_hold_is_on_an_audit_or_a_subject",
            ),
            models.CheckConstraint(condition=~Q(why=""), name="a_legal_hold_says_why"),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None, lifted_because="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_because="")),
                name="a_lifted_legal_hold_says_who_when_and_why",
            ),
            models.UniqueConstraint(
                fields=["audit"],
                condition=Q(lifted_at=None, audit__isnull=False),
                name="one_legal_hold_stands_on_an_audit",
            ),
            models.UniqueConstraint(
                fields=["subject"],
                condition=Q(lifted_at=None, subject__isnull=False),
                name="one_legal_hold_stands_on_a_subject",
            ),
        ]


class BreakGlassQuerySet(models.QuerySet["BreakGlass"]):
    def running(self) -> BreakGlassQuerySet:
        return self.filter(ended_at=None)

    def newest_first(self, *, below: BreakGlass | None = None) -> BreakGlassQuerySet:
        found = self if below is None else self.filter(pk__lt=below.pk)
        return found.order_by("-pk")


class BreakGlass(models.Model):
    """That somebody was an administrator in an emergency: why, from when, until when, and how it ended.

    `begun_by` is empty where it was done on the server itself, `ended_by` where its time was over.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    began_at = models.DateTimeField()
    begun_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = BreakGlassQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="emergency_access_says_why"),
            models.CheckConstraint(condition=Q(until__gt=F("began_at")), name="emergency_access_ends"),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(ended_at=None),
                name="a_person_has_emergency_access_once_at_a_time",
            ),
        ]
