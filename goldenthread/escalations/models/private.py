"""Private concerns about competence or conduct: seen by whoever raised one and whom its ladder asks."""

from __future__ import annotations

from datetime import date, datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q

from goldenthread.audits.models import Audit
from goldenthread.frameworks.models import Version
from goldenthread.ledger.ids import new_id
from goldenthread.people.models import Person, Unit
from goldenthread.tasks.models import Task

PRIVATE = "private concern"


class PrivateConcernQuerySet(models.QuerySet["PrivateConcern"]):
    def visible_to(self, person: Person, *, on: date) -> PrivateConcernQuerySet:
        """Concerns that this person raised or was asked about; never one about themselves.

        No permission of a framework opens one, so no post sees it that the ladder does not name.
        """
        mine = Q(raised_by=person) | self._asked(person, on)
        return self.filter(mine).exclude(concerns=person)

    def answerable_by(self, person: Person, *, on: date) -> PrivateConcernQuerySet:
        """Those that wait for this person's answer."""
        return self.filter(self._asked(person, on, only_open=True), ended_at=None).exclude(concerns=person)

    @staticmethod
    def _asked(person: Person, on: date, *, only_open: bool = False) -> Q:
        tasks = Task.objects.filter(about_kind=PRIVATE, about_id=OuterRef("public_id"))
        tasks = tasks.open() if only_open else tasks
        return Q(Exists(tasks.owed_by(person, on=on)))


class PrivateConcern(models.Model):
    """What somebody is worried about in another's work; an audit may be where it was noticed."""

    public_id = models.CharField(max_length=20, unique=True, default=new_id, editable=False)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    concerns = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    concern = models.TextField()
    raised_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = PrivateConcernQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(raised_by=models.F("concerns")), name="a_private_concern_is_about_somebody_else"
            )
        ]


class PrivateStageQuerySet(models.QuerySet["PrivateStage"]):
    def running(self) -> PrivateStageQuerySet:
        return self.filter(ended_at=None)

    def silent(self, at: datetime) -> PrivateStageQuerySet:
        """Stages whose answer was due before that moment, not noted as silent yet."""
        return self.running().filter(silent_at=None, due_at__lt=at).order_by("due_at", "pk")


class PrivateStage(models.Model):
    """One stage of a private concern's own ladder."""

    concern = models.ForeignKey(PrivateConcern, on_delete=models.PROTECT, related_name="stages")
    number = models.PositiveSmallIntegerField(help_text="from 1, as in the framework")
    role = models.CharField(max_length=80)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    silent_at = models.DateTimeField(null=True, blank=True)
    said = models.TextField(blank=True)
    settled = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = PrivateStageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["concern", "number"], name="a_stage_of_a_private_concern_is_reached_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_by=None, said="", settled=False)
                | (Q(ended_by__isnull=False, ended_at__isnull=False) & ~Q(said="")),
                name="a_stage_of_a_private_concern_is_answered_or_silent",
            ),
        ]
