"""Safety alerts: somebody reading a file is worried, somebody is told at once, and silence moves it up."""

from __future__ import annotations

from datetime import date, datetime

from django.db import models
from django.db.models import Exists, ExpressionWrapper, OuterRef, Q

from goldenthread.audits.models import SEE_AUDITS, Audit, by_post
from goldenthread.caseload.models import Subject
from goldenthread.frameworks.models import Version
from goldenthread.ledger.ids import new_id
from goldenthread.people.models import Person, Unit
from goldenthread.tasks.models import Task

KIND = "alert"


class AlertQuerySet(models.QuerySet["Alert"]):
    def visible_to(self, person: Person, *, on: date) -> AlertQuerySet:
        """Alerts that concern this person: who raised it, was asked to see to it, or looks after the unit."""
        return self.filter(Q(raised_by=person) | self._asked(person, on) | by_post(SEE_AUDITS, person, on))

    def answerable_by(self, person: Person, *, on: date) -> AlertQuerySet:
        """Unresolved alerts that this person may answer: all concerned but whoever merely raised it."""
        return self.waiting().filter(self._asked(person, on) | by_post(SEE_AUDITS, person, on))

    def waiting(self) -> AlertQuerySet:
        return self.filter(resolved_at=None)

    def waiting_first(self, *, below: Alert | None = None) -> AlertQuerySet:
        """Unresolved ones first, then newest first; or what stands below one of them."""
        found = self
        if below is not None:
            earlier = Q(raised_at__lt=below.raised_at) | Q(raised_at=below.raised_at, pk__lt=below.pk)
            waits = Q(resolved_at=None)
            found = self.filter(~waits & earlier if below.resolved_at else ~waits | earlier)
        resolved = ExpressionWrapper(Q(resolved_at__isnull=False), output_field=models.BooleanField())
        return found.order_by(resolved, "-raised_at", "-pk")

    @staticmethod
    def _asked(person: Person, on: date) -> Q:
        tasks = Task.objects.filter(about_kind=KIND, about_id=OuterRef("public_id"))
        return Q(Exists(tasks.owed_by(person, on=on)))


class Alert(models.Model):
    """A concern about somebody's safety: what was seen, at which stage it stands, and what came of it."""

    public_id = models.CharField(max_length=20, unique=True, default=new_id, editable=False)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    audit = models.ForeignKey(Audit, null=True, blank=True, on_delete=models.PROTECT, related_name="alerts")
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="alerts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    concern = models.TextField()
    raised_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField()
    outcome = models.TextField(blank=True)
    resolved_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    resolved_at = models.DateTimeField(null=True, blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(resolved_at=None, resolved_by=None, outcome="")
                | (Q(resolved_at__isnull=False, resolved_by__isnull=False) & ~Q(outcome="")),
                name="a_resolved_alert_says_who_when_and_what",
            )
        ]
        indexes = [models.Index(fields=["unit", "raised_at"], name="alerts_of_a_unit")]


class StageQuerySet(models.QuerySet["Stage"]):
    def running(self) -> StageQuerySet:
        return self.filter(ended_at=None)

    def silent(self, at: datetime) -> StageQuerySet:
        """Stages whose answer was due before that moment, of unresolved alerts that nobody moved up yet."""
        late = self.running().filter(silent_at=None, alert__resolved_at=None, task__due_at__lt=at)
        return late.order_by("task__due_at", "pk")


class Stage(models.Model):
    """One stage of an alert's ladder: who had to answer, what was said, and how it ended.

    When the answer is due is the task's. `silent_at` is when the time ran out without an answer; the
    last stage then goes on, since nobody stands above it.
    """

    class Outcome(models.TextChoices):
        RESOLVED = "resolved", "resolved"
        NOT_RESOLVED = "not resolved", "not resolved"
        NO_ANSWER = "no answer", "no answer in time"

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="stages")
    number = models.PositiveSmallIntegerField(help_text="from 1")
    role = models.CharField(max_length=80, help_text="the role asked, by its name in the framework")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    silent_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=20, choices=Outcome.choices, blank=True)
    said = models.TextField(blank=True, help_text="the discussion and what came of it")

    objects = StageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["alert", "number"], name="a_stage_is_reached_once"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None, outcome="", said="")
                | Q(ended_at__isnull=False, ended_by=None, outcome="no answer", said="")
                | (
                    Q(ended_at__isnull=False, ended_by__isnull=False)
                    & Q(outcome__in=["resolved", "not resolved"])
                    & ~Q(said="")
                ),
                name="a_stage_ends_with_an_answer_or_in_silence",
            ),
        ]
        indexes = [models.Index(fields=["alert"], condition=Q(ended_at=None), name="running_stages")]
