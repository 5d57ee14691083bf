"""Late work that climbs a ladder of the framework, and the stages at which somebody was asked about it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from goldenthread.frameworks.models import Version
from goldenthread.ledger.ids import new_id
from goldenthread.people.models import Person
from goldenthread.tasks.models import Notice, Task

LATE = "late work"


class LateWorkQuerySet(models.QuerySet["LateWork"]):
    def visible_to(self, person: Person, *, on: date) -> LateWorkQuerySet:
        """What this person was asked about, or told of; it shows no more of the record than its name."""
        told = Notice.objects.filter(to=person, about_kind=LATE, about_id=OuterRef("public_id"))
        return self.filter(self._asked(person, on) | Q(Exists(told)))

    def asked_of(self, person: Person, *, on: date) -> LateWorkQuerySet:
        """What waits for this person's reply, or for them to see that it is done."""
        return self.running().filter(self._asked(person, on, only_open=True))

    def running(self) -> LateWorkQuerySet:
        return self.filter(ended_at=None)

    def over(self, at: datetime) -> LateWorkQuerySet:
        """What still climbs although its task is done, owed no more, or due later now."""
        done = Q(task__finished_at__isnull=False) | Q(task__cancelled_at__isnull=False)
        return self.running().filter(repeated=False).filter(done | Q(task__due_at__gte=at))

    def newest_first(self, *, below: LateWork | None = None) -> LateWorkQuerySet:
        found = self if below is None else self.filter(pk__lt=below.pk)
        return found.order_by("-pk")

    @staticmethod
    def _asked(person: Person, on: date, *, only_open: bool = False) -> Q:
        tasks = Task.objects.filter(about_kind=LATE, about_id=OuterRef("public_id"))
        tasks = tasks.open() if only_open else tasks
        return Q(Exists(tasks.owed_by(person, on=on)))


class LateWork(models.Model):
    """A task that began a ladder: late until it ends, or `repeated`, the last of several, until a reply."""

    public_id = models.CharField(max_length=20, unique=True, default=new_id, editable=False)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    ladder = models.CharField(max_length=80, help_text="by its name in the framework")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="+", help_text="what is late")
    repeated = models.BooleanField(default=False, help_text="it keeps coming back, and need not be late")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = LateWorkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task", "ladder"],
                condition=Q(ended_at=None) | Q(repeated=True),
                name="late_work_climbs_a_ladder_once_at_a_time",
            )
        ]


class LateStageQuerySet(models.QuerySet["LateStage"]):
    def running(self) -> LateStageQuerySet:
        return self.filter(ended_at=None)

    def silent(self, at: datetime) -> LateStageQuerySet:
        """Stages whose time ran out while the work is still late, not noted as silent yet."""
        late = self.running().filter(silent_at=None, late__ended_at=None, task__due_at__lt=at)
        return late.order_by(F("task__due_at"), "pk")


class LateStage(models.Model):
    """One stage: who was asked, what they replied, when its time ran out; its task says when it is due."""

    late = models.ForeignKey(LateWork, on_delete=models.PROTECT, related_name="stages")
    number = models.PositiveSmallIntegerField(help_text="from 1, as in the framework")
    role = models.CharField(max_length=80)
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    said = models.TextField(blank=True)
    replied_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    replied_at = models.DateTimeField(null=True, blank=True)
    silent_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = LateStageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["late", "number"], name="a_stage_of_late_work_is_reached_once"),
            models.UniqueConstraint(
                fields=["late"], condition=Q(ended_at=None), name="late_work_stands_at_one_stage"
            ),
            models.CheckConstraint(
                condition=Q(replied_at=None, replied_by=None, said="")
                | (Q(replied_at__isnull=False, replied_by__isnull=False) & ~Q(said="")),
                name="a_reply_about_late_work_says_who_when_and_what",
            ),
        ]
