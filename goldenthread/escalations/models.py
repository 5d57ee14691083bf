"""Safety alerts: somebody reading a file is worried, and somebody is told at once."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from goldenthread.audits.models import Audit
from goldenthread.caseload.models import Subject
from goldenthread.frameworks.models import Version
from goldenthread.ledger.ids import new_id
from goldenthread.people.models import Person, Unit


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

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None, outcome="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(outcome="")),
                name="an_answered_alert_says_who_when_and_what",
            )
        ]
        indexes = [models.Index(fields=["unit", "raised_at"], name="alerts_of_a_unit")]
