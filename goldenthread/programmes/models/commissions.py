"""What happened that leads to audits, and the audits that were asked for because of it."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from goldenthread.caseload.models import SEE_STAFF_FILES, Subject
from goldenthread.frameworks.grants import granted, holding
from goldenthread.frameworks.models import Version
from goldenthread.ledger.ids import new_id
from goldenthread.people.models import Person, Unit

RECORD_EVENTS = "record events"
DRAW = "draw and allocate"


class OccurrenceQuerySet(models.QuerySet["Occurrence"]):
    def standing(self) -> OccurrenceQuerySet:
        """Those that were not taken back."""
        return self.filter(withdrawn_at=None)

    def visible_to(self, person: Person, *, on: date) -> OccurrenceQuerySet:
        """What they recorded, what is about them, and what was recorded where they may record it or draw."""
        seen = holding(person, on).rows_now(RECORD_EVENTS, DRAW)
        return self.filter(Q(recorded_by=person) | Q(worker=person) | seen)


class Occurrence(models.Model):
    """Something that happened on a day, as somebody recorded it: a worker's supervision, or an incident.

    An incident says its kind, one of those that a framework lists, and nothing else: no names, no story.
    """

    class Kind(models.TextChoices):
        SUPERVISION = "supervision", "a supervision"
        INCIDENT = "incident", "an incident"

    public_id = models.CharField(max_length=20, unique=True, default=new_id, editable=False)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    what = models.CharField(max_length=150, blank=True, help_text="the kind of incident")
    happened_on = models.DateField()
    worker = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey(Subject, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.CharField(max_length=300, blank=True)

    objects = OccurrenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="supervision", worker__isnull=False, subject=None, what="")
                | Q(Q(kind="incident", worker=None, subject__isnull=False), ~Q(what="")),
                name="a_supervision_is_of_a_worker_and_an_incident_of_a_subject",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False), ~Q(withdrawn_because="")),
                name="what_is_taken_back_says_when_by_whom_and_why",
            ),
            models.UniqueConstraint(
                fields=["worker", "happened_on"],
                condition=Q(kind="supervision", withdrawn_at=None),
                name="a_worker_has_one_supervision_a_day",
            ),
            models.UniqueConstraint(
                fields=["subject", "happened_on", "what"],
                condition=Q(kind="incident", withdrawn_at=None),
                name="an_incident_is_recorded_once",
            ),
        ]
        indexes = [models.Index(fields=["kind", "happened_on"], name="what_happened_by_day")]

    def __str__(self) -> str:
        about = f"of {self.worker}" if self.worker else f"of {self.subject}: {self.what}"
        return f"{self.get_kind_display().capitalize()} {about}"


class CommissionQuerySet(models.QuerySet["Commission"]):
    def visible_to(self, person: Person, *, on: date) -> CommissionQuerySet:
        """Those of units for which a post of theirs draws and allocates, or whose reports it sees.

        What is about a member of staff asks of the post to see staff files too.
        """
        of_cases = Q(subject=None) | Q(subject__about_staff=False)
        staff = of_cases | granted(SEE_STAFF_FILES, person, on)
        return self.filter(granted(DRAW, person, on) | granted("see reports", person, on), staff)

    def drawn_by(self, person: Person, *, on: date) -> CommissionQuerySet:
        """Those that this person may send or drop: by a post that draws under their own framework."""
        return self.visible_to(person, on=on).filter(granted(DRAW, person, on))

    def waiting(self) -> CommissionQuerySet:
        return self.filter(state=Commission.State.WAITING)

    def owed(self) -> CommissionQuerySet:
        """Those that count as owed: without what a trigger passes over because it counts too often."""
        return self.exclude(state=Commission.State.PASSED_OVER)


class Commission(models.Model):
    """An audit that something asked for: by which trigger, why, of what, from when, and what came of it.

    `event` names what happened, and stands once under a trigger, so that nothing is asked for twice.
    `considered` says of each case of a worker where it stood, or why it could not be chosen.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        SENT = "sent", "sent"
        DROPPED = "dropped", "dropped"
        PASSED_OVER = "passed over", "not owed"

    public_id = models.CharField(max_length=20, unique=True, default=new_id, editable=False)
    framework_key = models.CharField(max_length=60)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    trigger = models.CharField(max_length=80)
    event = models.CharField(max_length=200)
    happened_on = models.DateField()
    occurrence = models.ForeignKey(
        Occurrence, null=True, blank=True, on_delete=models.PROTECT, related_name="commissions"
    )
    audit_type = models.CharField(max_length=80)
    worker = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey(Subject, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    because = models.CharField(max_length=300)
    not_before = models.DateField(help_text="the day from which the audit may be sent")
    due_at = models.DateTimeField()
    due_reason = models.CharField(max_length=500)
    cycle = models.ForeignKey("programmes.Cycle", on_delete=models.PROTECT, related_name="commissions")
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    told = models.CharField(max_length=500, blank=True, help_text="why it waits, was dropped or is not owed")
    tried_on = models.DateField(null=True, blank=True)
    considered = models.JSONField(default=list, blank=True)
    placed_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = CommissionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["framework_key", "trigger", "event"], name="what_happened_asks_once_under_a_trigger"
            ),
            models.CheckConstraint(
                condition=Q(worker__isnull=False) | Q(subject__isnull=False),
                name="a_commission_is_about_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "sent"]) | ~Q(told=""), name="a_commission_dropped_says_why"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", ended_at=None) | Q(~Q(state="waiting"), ended_at__isnull=False),
                name="a_commission_that_ended_says_when",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "not_before"], name="commissions_to_send"),
            models.Index(fields=["framework_key", "-happened_on"], name="commissions_by_day"),
        ]
