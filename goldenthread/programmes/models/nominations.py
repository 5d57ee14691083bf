"""Cases that people nominate for a draw, with the reason, and who agreed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from goldenthread.caseload.models import Subject
from goldenthread.ledger.ids import new_id
from goldenthread.people.models import Person, Unit
from goldenthread.programmes.models.cycles import Cycle, FrameEntry


class NominationQuerySet(models.QuerySet["Nomination"]):
    def waiting(self) -> NominationQuerySet:
        return self.filter(state=Nomination.State.WAITING)

    def agreed(self) -> NominationQuerySet:
        return self.filter(state=Nomination.State.AGREED)


class Nomination(models.Model):
    """A case that somebody wants audited in a cycle, why, and whether it was agreed; `entry` once frozen."""

    class State(models.TextChoices):
        WAITING = "waiting", "waiting to be agreed"
        AGREED = "agreed", "agreed"
        DECLINED = "declined", "declined"
        WITHDRAWN = "withdrawn", "taken back"
        LAPSED = "lapsed", "not agreed in time"

    public_id = models.CharField(max_length=20, unique=True, default=new_id, editable=False)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="nominations")
    audit_type = models.CharField(max_length=80)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    practitioner = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    because = models.CharField(max_length=300)
    nominated_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    nominated_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    settled_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_because = models.CharField(max_length=300, blank=True)
    entry = models.ForeignKey(
        FrameEntry, null=True, blank=True, on_delete=models.PROTECT, related_name="nominations"
    )

    objects = NominationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "audit_type", "subject"],
                condition=Q(state__in=["waiting", "agreed"]),
                name="a_case_is_nominated_once_at_a_time",
            ),
            models.CheckConstraint(condition=~Q(because=""), name="a_nomination_says_why"),
            models.CheckConstraint(
                condition=Q(state="waiting", settled_at=None)
                | Q(~Q(state="waiting"), settled_at__isnull=False),
                name="a_nomination_that_was_settled_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(settled_because=""), name="a_nomination_declined_says_why"
            ),
        ]
