"""Consents that gates ask for, and what is kept closed until they are there."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from goldenthread.audits.models.audit import Audit
from goldenthread.people.models import Person


class ConsentQuerySet(models.QuerySet["Consent"]):
    def standing(self) -> ConsentQuerySet:
        """Those that count: not withdrawn, and given for what still waits."""
        return self.filter(ended_at=None)

    def at(self, gate: str, kind: str, public_id: str) -> ConsentQuerySet:
        """Those given at one gate about one record."""
        return self.filter(gate=gate, about_kind=kind, about_id=public_id)


class Consent(models.Model):
    """That somebody consented at a gate: in which role, when, and what they said besides.

    It is about the audit, or about an action after it. It ends when it is withdrawn, when what waited for it
    was done or opened, and when that waits no more.
    """

    class Ended(models.TextChoices):
        WITHDRAWN = "withdrawn", "withdrawn"
        PASSED = "passed", "what waited for it was done"
        LAPSED = "lapsed", "nothing waits for it any more"

    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="consents")
    about_kind = models.CharField(max_length=40)
    about_id = models.CharField(max_length=20)
    gate = models.CharField(max_length=80)
    clock = models.CharField(max_length=80, help_text="what was asked, by its clock's name in the framework")
    role = models.CharField(max_length=80)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    said = models.TextField(blank=True)
    given_at = models.DateTimeField()
    ended_as = models.CharField(max_length=10, choices=Ended.choices, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["about_kind", "about_id", "gate", "person"],
                condition=Q(ended_at=None),
                name="a_person_consents_once_at_a_gate",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_as="") | (Q(ended_at__isnull=False) & ~Q(ended_as="")),
                name="a_consent_that_ended_says_how",
            ),
        ]


class Closure(models.Model):
    """Something of an audit that nobody opens until the consents of a gate are there.

    It is closed from the day on which the audit is sent, and opened once.
    """

    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="closures", db_index=False)
    gate = models.CharField(max_length=80)
    what = models.CharField(max_length=20, help_text="the audit, attached files, parts from outside")
    opened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["audit", "gate", "what"], name="a_gate_closes_a_thing_once")
        ]
