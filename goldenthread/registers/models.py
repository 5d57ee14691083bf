"""Agreements between those who answer for records and those who check them, and the checks they lead to."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from goldenthread.frameworks.grants import granted
from goldenthread.frameworks.models import Framework, Version
from goldenthread.ledger.ids import new_id
from goldenthread.people.models import Person, Unit

KIND = "agreement"
ITEM = "agreement item"
KEEP = "keep agreements"
SEE_REPORTS = "see reports"


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def visible_to(self, person: Person, *, on: date) -> AgreementQuerySet:
        """Agreements of units for which a post of this person keeps agreements or sees reports."""
        return self.filter(granted(KEEP, person, on) | granted(SEE_REPORTS, person, on))

    def kept_by(self, person: Person, *, on: date) -> AgreementQuerySet:
        """Those that this person may change, sign or check by."""
        return self.filter(granted(KEEP, person, on))

    def in_force(self) -> AgreementQuerySet:
        return self.exclude(signed_at=None).filter(ended_at=None)

    def being_agreed(self) -> AgreementQuerySet:
        return self.filter(signed_at=None, ended_at=None)

    def standing(self) -> AgreementQuerySet:
        return self.filter(ended_at=None)


class Agreement(models.Model):
    """What one team agreed to check; once all have signed it is in force, until another takes its place.

    `kind` is its name in the framework. One that is `being_agreed` has no `signed_at` yet; one that was
    discarded or gave way to another has `ended_at`.
    """

    public_id = models.CharField(max_length=20, unique=True, default=new_id, editable=False)
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=80)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    revision = models.PositiveIntegerField(default=1)
    begun_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True, blank=True, help_text="when the last signature was given")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "kind", "unit"],
                condition=Q(signed_at__isnull=False, ended_at=None),
                name="a_unit_has_one_agreement_of_a_kind_in_force",
            ),
            models.UniqueConstraint(
                fields=["framework", "kind", "unit"],
                condition=Q(signed_at=None, ended_at=None),
                name="a_unit_agrees_on_one_of_a_kind_at_a_time",
            ),
        ]


class Item(models.Model):
    """One thing that is checked; `key` is its name on the standard list, empty for a team's own."""

    public_id = models.CharField(max_length=20, unique=True, default=new_id, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=80, blank=True)
    label = models.CharField(max_length=150)
    method = models.CharField(max_length=150)
    every = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "label"], name="an_item_is_agreed_once"),
        ]


class Signature(models.Model):
    """Somebody's signature under an agreement, in a role; two roles are two people."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="signatures")
    role = models.CharField(max_length=80)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "role"], name="an_agreement_is_signed_once_in_a_role"
            ),
            models.UniqueConstraint(
                fields=["agreement", "person"], name="an_agreement_is_signed_once_by_a_person"
            ),
        ]


class Check(models.Model):
    """One check of an item: how many cases were looked at, how many were wrong, how many put right."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="checks")
    checked_on = models.DateField()
    cases = models.PositiveIntegerField()
    wrong = models.PositiveIntegerField()
    put_right = models.PositiveIntegerField()
    note = models.TextField(blank=True)
    checked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(wrong__lte=F("cases")), name="no_more_are_wrong_than_were_checked"
            ),
            models.CheckConstraint(
                condition=Q(put_right__lte=F("wrong")), name="no_more_are_put_right_than_were_wrong"
            ),
        ]
        indexes = [models.Index(fields=["item", "-checked_on"], name="checks_of_an_item")]
