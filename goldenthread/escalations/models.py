"""Safety alerts: somebody reading a file is worried, and somebody is told at once."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Exists, ExpressionWrapper, OuterRef, Q

from goldenthread.audits.models import SEE_AUDITS, Audit
from goldenthread.caseload.models import Subject
from goldenthread.frameworks.models import Version, granted
from goldenthread.ledger.ids import new_id
from goldenthread.people.models import Person, Unit
from goldenthread.tasks.models import Task

KIND = "alert"


class AlertQuerySet(models.QuerySet["Alert"]):
    def visible_to(self, person: Person, *, on: date) -> AlertQuerySet:
        """Alerts that concern this person: who raised it, was asked to see to it, or looks after the unit."""
        return self.filter(Q(raised_by=person) | self._asked(person, on) | granted(SEE_AUDITS, person, on))

    def answerable_by(self, person: Person, *, on: date) -> AlertQuerySet:
        """Open alerts that this person may answer: everybody concerned but whoever merely raised it."""
        return self.waiting().filter(self._asked(person, on) | granted(SEE_AUDITS, person, on))

    def waiting(self) -> AlertQuerySet:
        return self.filter(answered_at=None)

    def waiting_first(self, *, below: Alert | None = None) -> AlertQuerySet:
        """Those without an answer first, then newest first; or what stands below one of them."""
        found = self
        if below is not None:
            earlier = Q(raised_at__lt=below.raised_at) | Q(raised_at=below.raised_at, pk__lt=below.pk)
            waits = Q(answered_at=None)
            found = self.filter(~waits & earlier if below.answered_at else ~waits | earlier)
        answered = ExpressionWrapper(Q(answered_at__isnull=False), output_field=models.BooleanField())
        return found.order_by(answered, "-raised_at", "-pk")

    @staticmethod
    def _asked(person: Person, on: date) -> Q:
        tasks = Task.objects.filter(about_kind=KIND, about_id=OuterRef("public_id"))
        return Q(Exists(tasks.owed_by(person, on=on)))


class Alert(models.Model):
    """A concern about somebody's safety: what was seen, who must answer, and what came of it."""

    public_id = models.CharField(max_length=20, unique=True, default=new_id, editable=False)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    audit = models.ForeignKey(Audit, null=True, blank=True, on_delete=models.PROTECT, related_name="alerts")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="alerts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    concern = models.TextField()
    raised_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    outcome = models.TextField(blank=True)
    answered_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, outcome="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(outcome="")),
                name="an_answered_alert_says_who_when_and_what",
            )
        ]
        indexes = [models.Index(fields=["unit", "raised_at"], name="alerts_of_a_unit")]
